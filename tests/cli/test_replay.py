"""``wsinspector replay``: what was sent is sent again with its bits, and what is answered else is told."""

import contextlib
import dataclasses
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from tests.cli.command import Done, run
from tests.cli.lab_process import LabProcess
from wsinspector.capture import CaptureReader
from wsinspector.conversation.restore import restored_attempts
from wsinspector.present.replaying import Asked, NoReplayError, replay_plan
from wsinspector.protocol.spans import Role

Answer = Callable[[ServerConnection, str | bytes], None]


@contextlib.contextmanager
def server(
    answer: Answer,
    name: str | None = None,
    *,
    greet: tuple[str, ...] = (),
    compression: str | None = "deflate",
) -> Iterator[tuple[str, list[Any]]]:
    """A server of the websockets library; its address, and the requests that came."""
    asked: list[Any] = []

    def handle(connection: ServerConnection) -> None:
        asked.append(connection.request)
        with contextlib.suppress(ConnectionClosed):
            for each in greet:
                connection.send(each)
            for message in connection:
                answer(connection, message)

    named: dict[str, Any] = {} if name is None else {"server_header": name}
    with serve(handle, "127.0.0.1", 0, compression=compression, **named) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        try:
            yield f"ws://127.0.0.1:{serving.socket.getsockname()[1]}/", asked
        finally:
            serving.shutdown()
            thread.join()


def echo(connection: ServerConnection, message: str | bytes) -> None:
    connection.send(message)


def capture(url: str, path: Path, *arguments: str, frames: int) -> str:
    done = run("connect", url, *arguments, "--frames", str(frames), "--capture", str(path), "--json")
    assert done.code == 0, done.err
    return str(path)


def sent(path: Path) -> list[dict[str, Any]]:
    return [each for each in run("frames", str(path)).lines if each.get("dir") == "out"]


def replay(file: str, *arguments: str, code: int) -> dict[str, Any]:
    done = run("replay", file, "--timeout", "5", "--json", *arguments)
    assert done.code == code, (done.out, done.err)
    return done.json


def marks(found: dict[str, Any]) -> list[str]:
    return [each["is"] for each in found["answers"]]


@pytest.fixture(scope="module")
def chat(lab: LabProcess, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("replay") / "chat.wsi"
    sends = ("--send", '{"a": {"b": 1}}', "--send", "two", "--send-hex", "00ff")
    return capture(lab.url("/echo"), path, *sends, frames=6)


@pytest.mark.parametrize(
    "pace",
    [
        ("--pace", "answers"),
        ("--pace", "recorded"),
        ("--pace", "0"),
        ("--pace", "0.01"),
        ("--speed", "20"),
        ("--as-fast-as-possible",),
    ],
    ids=lambda pace: " ".join(pace),
)
def test_all_equal_at_every_pace(chat: str, tmp_path: Path, pace: tuple[str, ...]) -> None:
    again = tmp_path / "again.wsi"
    found = replay(chat, *pace, "--save", str(again), code=0)
    assert (found["equal"], found["handshake"], found["end"]) == (True, [], [])
    assert marks(found) == ["equal"] * 3
    before, after = sent(Path(chat)), sent(again)
    assert [(each["name"], each["payload"]) for each in before] == [
        (each["name"], each["payload"]) for each in after
    ]
    assert not {each["key"] for each in before if each["key"]} & {each["key"] for each in after}


def test_masking_keys_as_recorded(chat: str, tmp_path: Path) -> None:
    again = tmp_path / "again.wsi"
    replay(chat, "--masks", "recorded", "--save", str(again), code=0)
    keys = [[each["key"] for each in sent(path)] for path in (Path(chat), again)]
    assert all(keys[0])
    assert keys[0] == keys[1]


def test_the_text_says_it(chat: str) -> None:
    done = run("replay", chat)
    assert (done.code, done.err) == (0, "")
    *lines, last = done.out.splitlines()
    assert [line[:12] for line in lines] == ["= text equal", "= text equal", "= binary equ"]
    assert last == "Sent 4. Answers: 3 equal. Handshake and end are equal."


def test_a_changed_answer_is_told_with_its_place(chat: str) -> None:
    def changed(connection: ServerConnection, message: str | bytes) -> None:
        connection.send(message.replace("1", "2") if isinstance(message, str) else message)

    with server(changed) as (url, _):
        found = replay(chat, "--url", url, code=1)
    assert marks(found) == ["differs", "equal", "equal"]
    assert (found["answers"][0]["where"], found["answers"][0]["byte"]) == ("$.a.b", 12)


def test_an_additional_answer(chat: str) -> None:
    with server(echo, greet=("welcome",)) as (url, _):
        found = replay(chat, "--url", url, code=1)
    assert marks(found)[:2] == ["additional", "equal"]
    assert "differs" not in marks(found)


def test_answers_in_another_order(chat: str) -> None:
    held: list[str | bytes] = []

    def odd(connection: ServerConnection, message: str | bytes) -> None:
        held.append(message)
        if len(held) == 3:
            for each in (held[0], held[2], held[1]):
                connection.send(each)

    with server(odd) as (url, _):
        found = replay(chat, "--url", url, "--pace", "0", code=1)
    assert sorted(marks(found)) == ["equal", "equal", "other-order"]


def test_a_missing_answer(chat: str) -> None:
    def silent(connection: ServerConnection, message: str | bytes) -> None:
        if message != "two":
            connection.send(message)

    with server(silent) as (url, _):
        found = replay(chat, "--url", url, "--timeout", "0.5", code=1)
        told = run("replay", chat, "--url", url, "--timeout", "0.5").out
    assert marks(found) == ["equal", "missing", "equal"]
    assert "- text missing (first #" in told


def test_another_close_code(chat: str, tmp_path: Path) -> None:
    def closing(code: int) -> Answer:
        def answer(connection: ServerConnection, message: str | bytes) -> None:
            connection.close(code, "enough")

        return answer

    path = tmp_path / "closed.wsi"
    with server(closing(4000)) as (url, _):
        done = run("connect", url, "--send", "x", "--capture", str(path), "--json")
        assert done.code in (0, 1), done.err
        assert replay(str(path), code=0)["end"] == []
    with server(closing(4001)) as (url, _):
        found = replay(str(path), "--url", url, code=1)
    assert found["end"] == [
        {
            "what": "end",
            "first": "the server closed with 4000 “enough”",
            "again": "the server closed with 4001 “enough”",
            "wording": False,
        }
    ]


def test_wording_alone_is_told_apart_and_is_no_difference(tmp_path: Path) -> None:
    def closing(reason: str, code: int = 4000) -> Answer:
        def answer(connection: ServerConnection, message: str | bytes) -> None:
            connection.close(code, reason)

        return answer

    path = tmp_path / "closed.wsi"
    with server(closing("enough")) as (url, _):
        done = run("connect", url, "--send", "x", "--capture", str(path), "--json")
        assert done.code in (0, 1), done.err
    with server(closing("that will do"), "Other/2") as (url, _):
        found = replay(str(path), "--url", url, code=0)
        assert (found["equal"], found["same"]) == (False, True)
        assert [(each["what"], each["wording"]) for each in found["handshake"]] == [("server", True)]
        assert [(each["what"], each["wording"]) for each in found["end"]] == [("end", True)]
        told = run("replay", str(path), "--url", url).out
        assert "≈ handshake: server: first" in told
        assert told.rstrip().endswith("Handshake and end differ only in wording: server, end.")
        replay(str(path), "--url", url, "--exact", code=1)
    with server(closing("that will do", 4001), "Other/2") as (url, _):
        again = run("replay", str(path), "--url", url)
        assert again.code == 1
        assert again.out.rstrip().endswith("The end differs. In wording alone: server.")


def test_fragments_travel_as_they_did(lab: LabProcess, tmp_path: Path) -> None:
    first, again = tmp_path / "first.wsi", tmp_path / "again.wsi"
    spec = 'text = "Hello there", fragments = [2, 0, 5]'
    capture(lab.url("/echo"), first, "--craft", spec, "--ping", frames=7)
    assert "equal" in marks(replay(str(first), "--save", str(again), code=0))
    names = ("name", "fin", "rsv", "length", "payload")
    made = [[tuple(each[name] for name in names) for each in sent(path)] for path in (first, again)]
    assert [each[1:4] for each in made[0][:4]] == [(False, 0, 2), (False, 0, 0), (False, 0, 5), (True, 0, 4)]
    assert made[0] == made[1]


@pytest.mark.parametrize("spec", ['text = "x", form = 64', 'text = "x", rsv3 = true', "opcode = 11"])
def test_odd_bits_travel_as_they_did_and_end_it_as_they_did(
    lab: LabProcess, tmp_path: Path, spec: str
) -> None:
    first, again = tmp_path / "first.wsi", tmp_path / "again.wsi"
    url = lab.url("/echo")
    run("connect", url, "--craft", spec, "--frames", "3", "--capture", str(first), "--json")
    assert replay(str(first), "--masks", "recorded", "--save", str(again), code=0)["end"] == []
    assert [sent(path)[0]["wire"] for path in (first, again)] == [sent(first)[0]["wire"]] * 2


def test_compressed_messages_are_compressed_anew(tmp_path: Path) -> None:
    first, again = tmp_path / "first.wsi", tmp_path / "again.wsi"
    spec = f'text = "{"many words " * 40}", compression = "yes", fragments = [5]'
    sends = ("--offer-deflate", "--craft", spec, "--craft", spec)
    with server(echo) as (url, _):
        capture(url, first, *sends, frames=6)
        found = replay(str(first), "--save", str(again), code=0)
        assert (marks(found), found["notes"]) == (["equal", "equal"], [])
    with server(echo, compression=None) as (url, _):
        plain = replay(str(first), "--url", url, code=1)
    names = ("name", "fin", "rsv", "length")
    made = [[tuple(each[name] for name in names) for each in sent(path)[:4]] for path in (first, again)]
    assert made[0] == made[1]
    assert [each[2] for each in made[0]] == [4, 0, 4, 0]
    assert marks(plain) == ["equal", "equal"]
    assert [each["what"] for each in plain["handshake"]] == ["sec-websocket-extensions"]
    assert plain["notes"] == ["Compression was not agreed this time: what was compressed left plain."]


def test_a_file_of_another_dialect(lab: LabProcess, tmp_path: Path) -> None:
    for name in ("hixie-76", "hybi-04"):
        path = tmp_path / f"{name}.wsi"
        capture(lab.url("/echo"), path, "--dialect", name, "--send", "Hello", frames=2)
        assert marks(replay(str(path), code=0)) == ["equal"]


def test_chosen_frames_and_the_answers_behind_them(tmp_path: Path) -> None:
    first, again = tmp_path / "first.wsi", tmp_path / "again.wsi"
    with server(echo, greet=("welcome",)) as (url, _):
        paced = tmp_path / "paced.toml"
        paced.write_text(
            "[[step]]\nexpect = 'payload == \"welcome\"'\n"
            + "".join(
                f"[[step]]\nsend = '{text}'\n[[step]]\nexpect = 'payload == \"{text}\"'\n"
                for text in ("one", "two", "three")
            ),
            encoding="utf-8",
        )
        assert run("run", str(paced), "--url", url, "--save", str(first)).code == 0
        number = next(each["no"] for each in sent(first) if each["payload"] == "dHdv")
        found = replay(str(first), "--frames", str(number), "--save", str(again), code=0)
    assert (found["frames"], found["sent"]) == (1, 1)
    assert [each["name"] for each in sent(again)] == ["text", "close"]
    assert marks(found) == ["equal", "equal"]


def test_secrets_stay_behind_where_the_server_is_another(tmp_path: Path) -> None:
    path = tmp_path / "secret.wsi"
    given = ("--header", "Authorization: Bearer abcdefghijklmnop", "--header", "X-Kind: chat", "--send", "x")
    with server(echo) as (url, asked), server(echo) as (other, elsewhere):
        capture(url, path, *given, frames=2)
        assert replay(str(path), code=0)["notes"] == []
        found = replay(str(path), "--url", other, code=0)
        replay(str(path), "--url", other, "--credentials", code=0)
    assert found["notes"] == ["Left out, as the server is another one: Authorization."]
    assert [request.headers.get("Authorization") for request in asked] == ["Bearer abcdefghijklmnop"] * 2
    assert [request.headers.get("Authorization") for request in elsewhere] == [
        None,
        "Bearer abcdefghijklmnop",
    ]
    assert [request.headers["X-Kind"] for request in elsewhere] == ["chat"] * 2
    assert asked[0].headers["Sec-WebSocket-Key"] != asked[1].headers["Sec-WebSocket-Key"]
    assert elsewhere[0].headers["Host"] == other.removeprefix("ws://").rstrip("/")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--side", "theirs"), "playing the server's side towards a client is not possible"),
        (("--frames", "900"), "There is no frame 900"),
        (("--attempt", "9"), "there is no attempt 9"),
        (("--url", "ftp://x/"), "ftp"),
        (("--pace", "soon"), "neither recorded, answers nor a number"),
    ],
)
def test_what_cannot_be_replayed_is_said(chat: str, arguments: tuple[str, ...], told: str) -> None:
    done: Done = run("replay", chat, *arguments)
    assert done.code == 2
    assert told in done.err


def test_a_server_that_is_not_there(chat: str) -> None:
    with server(echo) as (url, _):
        pass
    done = run("replay", chat, "--url", url, "--json")
    assert done.code == 3
    assert json.loads(done.out)["opened"] is False


def test_a_refusal_is_compared_too(lab: LabProcess, chat: str, tmp_path: Path) -> None:
    path = tmp_path / "refused.wsi"
    url = lab.url("/nothing-here")
    assert run("connect", url, "--capture", str(path), "--json").code == 1
    assert replay(str(path), code=0)["equal"] is True
    found = replay(chat, "--url", url, code=1)
    assert found["handshake"][0]["what"] == "status"
    assert marks(found) == ["missing"] * 3


def test_frames_of_an_imported_file_are_sent_too(chat: str, tmp_path: Path) -> None:
    har, made = tmp_path / "a.har", tmp_path / "b.wsi"
    assert run("export", chat, "--format", "har", "--out", str(har)).code == 0
    assert run("import", str(har), "--out", str(made)).code == 0
    assert marks(replay(str(made), code=0)) == ["equal"] * 3


def test_an_attempt_in_which_we_were_the_server(chat: str) -> None:
    with CaptureReader(Path(chat)) as reader:
        (attempt,) = restored_attempts(reader, reader.conversations()[0].id)
        attempt.publish(dataclasses.replace(attempt.snapshot, role=Role.SERVER))
        with pytest.raises(NoReplayError, match="we were the server"):
            replay_plan(reader, attempt, Asked())
