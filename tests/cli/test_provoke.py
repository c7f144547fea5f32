"""The command ``provoke``, against the lab as another process."""

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.command import Done, run
from tests.cli.lab_process import LabProcess
from tests.interop.running import peer
from wsinspector.capture import CaptureReader
from wsinspector.protocol.provocations import PROVOCATIONS, Kind, of_kind
from wsinspector.protocol.spans import Direction


def provoke(*arguments: str) -> Done:
    return run("provoke", *arguments)


def test_what_stands_against_the_server_comes_first_then_a_table(lab: LabProcess) -> None:
    done = provoke(lab.url(), "--only", "rsv1", "--only", "zero-key", "--only", "longer-than-sent")
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[:3] == ["What stands against the server", "  nothing", ""]
    assert lines[4:7] == [
        "zero-key          ✓ went on, as required",
        "rsv1              ✓ closed 1002, as required",
        "longer-than-sent  · waited, allowed",
    ]
    assert lines[-1].startswith("3 of 3 provocations in ")
    assert lines[-1].endswith(" s: 2 as required, 1 allowed.")
    assert done.err == ""


def test_other_programs_read_json_csv_and_junit(lab: LabProcess, tmp_path: Path) -> None:
    junit, saved = tmp_path / "a.xml", tmp_path / "a.wsi"
    done = provoke(lab.url(), "--kind", "rsv", "--json", "--junit", str(junit), "--save", str(saved))
    assert done.code == 0, done.err
    assert [each["id"] for each in done.json["rows"]] == [each.id for each in of_kind(Kind.RSV)]
    assert {each["verdict"] for each in done.json["rows"]} == {"as required"}
    assert {each["code"] for each in done.json["rows"]} == {1002}
    assert done.json["provocations"][0]["clause"] == "RFC 6455 §5.2"
    suite = ElementTree.parse(junit).getroot()[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("6", "0", "0")
    with CaptureReader(saved) as reader:
        titles = {row.id: row.title for row in reader.conversations()}
    first = done.json["rows"][0]
    assert titles[first["conversation"]] == "RSV1 set (rsv1)"
    rows = list(csv.DictReader(io.StringIO(provoke(lab.url(), "--only", "rsv2", "--csv").out)))
    assert [(row["id"], row["did"], row["verdict"], row["code"]) for row in rows] == [
        ("rsv2", "closed", "as required", "1002")
    ]
    again = provoke(lab.url(), "--only", "rsv2", "--save", str(saved))
    assert (again.code, again.err) == (2, f"wsinspector provoke: --save {saved}: the file exists already.\n")


def test_a_server_that_is_not_as_required_ends_with_1(tmp_path: Path) -> None:
    junit = tmp_path / "a.xml"
    with peer("aiohttp") as url:  # it reads frames that are not masked
        done = provoke(url, "--only", "unmasked-text", "--only", "zero-key", "--junit", str(junit))
    assert done.code == 1
    assert done.out.splitlines()[1] == (
        "  ✕ unmasked-text: Went on, and answered the Ping behind it. It had to fail the connection. "
        "(RFC 6455 §5.1)"
    )
    suite = ElementTree.parse(junit).getroot()[0]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")


@pytest.mark.parametrize("host", ["example.org", "10.1.2.3", "[2001:db8::1]"])
def test_no_other_host_is_provoked_unless_it_is_named(host: str) -> None:
    done = provoke(f"ws://{host}/", "--only", "rsv1")
    assert done.code == 2
    plain = host.strip("[]")
    assert done.err == (
        f"wsinspector provoke: {plain} is not this computer. Provocations are for servers you may test; "
        f"where you may, add --yes-i-may {plain}. Nothing was sent.\n"
    )
    other = provoke(f"ws://{host}/", "--only", "rsv1", "--yes-i-may", "example.com")
    assert (other.code, other.err) == (2, done.err)


def test_a_name_that_is_confirmed_is_asked(lab: LabProcess) -> None:
    """0.0.0.0 is this computer here, but not surely so."""
    port = lab.address.rpartition(":")[2]
    refused = provoke(f"ws://0.0.0.0:{port}/echo", "--only", "rsv1")
    assert refused.code == 2
    done = provoke(f"ws://0.0.0.0:{port}/echo", "--only", "rsv1", "--yes-i-may", "0.0.0.0")
    assert done.code == 0, done.err


def test_the_catalogue_is_listed_and_nothing_is_sent() -> None:
    done = provoke("--list")
    assert done.code == 0
    assert all(f"  {each.id} " in done.out for each in PROVOCATIONS)
    listed = json.loads(provoke("--list", "--kind", "close", "--json").out)
    assert [each["id"] for each in listed] == [each.id for each in of_kind(Kind.CLOSE)]
    assert all(each["must"] and each["clause"] and each["frames"] for each in listed)


def test_arguments_that_are_wrong_are_named() -> None:
    assert provoke().code == 2
    assert provoke("ws://127.0.0.1:99999/").code == 2
    typo = provoke("ws://127.0.0.1/", "--only", "rvs1")
    assert typo.code == 2
    assert "no such provocation. Near are rsv1" in typo.err
    assert len(typo.err) < 200
    assert "has a colon" in provoke("ws://127.0.0.1/", "--header", "Origin").err
    unknown = provoke("ws://127.0.0.1/", "--header", "Cookie: {{id}}")
    assert unknown.code == 2
    assert "There is no variable {{id}}." in unknown.err
    assert "no set 'none'" in provoke("ws://127.0.0.1/", "--variables", "none").err
    gone = provoke("ws://127.0.0.1:1/", "--only", "rsv1")
    assert gone.code == 3
    assert gone.out == ""
    assert "No TCP connection" in gone.err


def test_a_kept_run_is_printed_again_and_nothing_is_sent(lab: LabProcess, tmp_path: Path) -> None:
    saved = tmp_path / "a.wsi"
    url = lab.url()
    ids = ("--only", "rsv1", "--only", "zero-key")
    once = provoke(url, *ids, "--save", str(saved), "--csv")
    assert once.code == 0, once.err
    again = provoke("--open", str(saved), "--csv", "--junit", str(tmp_path / "a.xml"))
    assert (again.code, again.out) == (0, once.out)
    assert 'tests="2"' in (tmp_path / "a.xml").read_text(encoding="utf-8")
    assert "rsv1" in provoke("--open", str(saved)).out
    both = provoke("--open", str(saved), url)
    assert both.code == 2
    assert "leave out a URL" in both.err
    assert "--open: There is no file" in provoke("--open", str(tmp_path / "none.wsi")).err
    (tmp_path / "broken.wsi").write_bytes(b"none")
    broken = provoke("--open", str(tmp_path / "broken.wsi"))
    assert broken.code == 2
    assert broken.out == ""


def test_lines_that_a_server_demands_go_with_every_handshake(lab: LabProcess, tmp_path: Path) -> None:
    saved = tmp_path / "a.wsi"
    lines = ("--header", "Origin: https://one.example", "--header", "Host: other.example")
    done = provoke(lab.url(), "--only", "rsv1", *lines, "--save", str(saved))
    assert done.code == 0, done.err
    with CaptureReader(saved) as reader:
        requests = [bytes(reader.stream(each.id, Direction.OUT, 0, 400)) for each in reader.attempts()]
    assert len(requests) == 2
    for request in requests:
        head = request.split(b"\r\n\r\n")[0]
        assert b"\r\nOrigin: https://one.example\r\nHost: other.example" in head
        assert head.count(b"\r\nHost: ") == 1


def test_origin_subprotocols_and_values_of_variables_have_options_of_their_own(
    lab: LabProcess, tmp_path: Path
) -> None:
    saved = tmp_path / "a.wsi"
    lines = ("--origin", "https://{{place}}", "--subprotocol", "chat", "--subprotocol", "superchat")
    filled = ("--header", "Cookie: id={{id}}", "--set", "place=one.example", "--set", "id=7")
    done = provoke(lab.url(), "--only", "rsv1", *lines, *filled, "--save", str(saved))
    assert done.code == 0, done.err
    with CaptureReader(saved) as reader:
        requests = [bytes(reader.stream(each.id, Direction.OUT, 0, 500)) for each in reader.attempts()]
    assert len(requests) == 2
    for request in requests:
        assert (
            b"\r\nCookie: id=7\r\nOrigin: https://one.example\r\n"
            b"Sec-WebSocket-Protocol: chat, superchat\r\n\r\n"
        ) in request
