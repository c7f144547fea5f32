"""The command ``library`` as a process: saved requests sent to the lab, shared, imported; the history."""

import json
from pathlib import Path

import pytest

from tests.cli.command import run
from tests.cli.lab_process import LabProcess
from wsinspector.library.history import Entry, History
from wsinspector.library.request_file import requests_text
from wsinspector.library.requests import RequestFolder, SavedRequest
from wsinspector.protocol.draft import DraftLine, standard_draft

DRAFT = standard_draft(b"/", b"", b"dGhlIHNhbXBsZSBub25jZQ==")
DRAFT = DRAFT.insert(1, DraftLine(b"Authorization", b"Bearer {{token}}"))


@pytest.fixture
def requests(tmp_path: Path) -> str:
    made = SavedRequest("Echo", "ws://{{host}}/echo", DRAFT, notes="Of the lab")
    path = tmp_path / "requests.toml"
    path.write_text(requests_text(RequestFolder("", (RequestFolder("Lab", (made,)),))))
    return str(path)


def test_a_saved_request_is_listed_and_shown(requests: str) -> None:
    listed = run("library", "list", "--json", "--requests", requests)
    (told,) = json.loads(listed.out)
    assert (told["name"], told["address"]) == ("Lab/Echo", "ws://{{host}}/echo")
    assert (told["notes"], told["variables"]) == ("Of the lab", ["host", "token"])
    shown = run("library", "show", "Echo", "--requests", requests)
    assert shown.code == 0
    assert "Authorization: Bearer {{token}}" in shown.out
    assert "variables: host, token" in shown.out
    missing = run("library", "show", "Nobody", "--requests", requests)
    assert missing.code == 2
    assert "no saved request 'Nobody'" in missing.err


def test_it_is_sent_with_its_variables(requests: str, lab: LabProcess) -> None:
    host = lab.address
    told = run("library", "run", "Lab/Echo", "--set", f"host={host}", "--requests", requests)
    assert told.code == 2
    assert "There is no variable {{token}}. It stands in the value of Authorization" in told.err
    values = ("--set", f"host={host}", "--set", "token=x1")
    done = run("library", "run", "Echo", *values, "--json", "--requests", requests)
    assert done.code == 0, done.err
    assert json.loads(done.out)["outcome"] == "open"
    wrong = run("library", "run", "Echo", "--set", "1x=2", "--requests", requests)
    assert wrong.code == 2


def test_what_is_shared_comes_in_again_and_nothing_is_written_over(requests: str, tmp_path: Path) -> None:
    shared = tmp_path / "shared.toml"
    assert run("library", "export", "Lab", "--output", str(shared), "--requests", requests).code == 0
    again = run("library", "export", "Lab", "--output", str(shared), "--requests", requests)
    assert again.code == 1
    assert "there already" in again.err
    done = run("library", "import", str(shared), "--requests", requests)
    assert done.out == "Lab 2/Echo\n"
    broken = tmp_path / "broken.toml"
    broken.write_text("[[request]]\nname = 3\nlines = ['GET']\n")
    before = Path(requests).read_bytes()
    refused = run("library", "import", str(broken), "--requests", requests)
    assert refused.code == 2
    assert "broken.toml, line 2: " in refused.err
    assert Path(requests).read_bytes() == before


def test_the_history_is_found_by_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert run("library", "history").code == 1
    history = History(tmp_path / "wsinspector" / "history.db")
    for number, outcome in ((1, "426 refused"), (2, "opened, 1000")):
        date = "2026-11-20 10:00:00"
        entry = Entry("/gone.wsi", 1, number, number, date, "ws://a.test/", "13", "rfc6455", outcome)
        assert history.note([entry])
    history.close()
    found = run("library", "history", "outcome:426", "--json")
    told = json.loads(found.out)
    assert (told["number"], told["there"]) == (1, False)
    assert "(gone)" in run("library", "history", "a.test").out
    assert run("library", "history", "b.test").code == 1
