"""Real servers provoked: each is to do what its table in ``expected/provoked`` says, and to be told for it.

A table has a line a provocation: what was done, with the code of a Close, and the verdict; several where it
is a matter of who is faster. A person has held each that is not as required against the server's source.
``python -m tests.interop.test_provocations NAME`` writes the table of a server anew.
"""

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.interop.running import peer, wsinspector
from wsinspector.protocol.provocations import PROVOCATIONS

pytestmark = pytest.mark.interop

EXPECTED = Path(__file__).parent / "expected" / "provoked"
PEERS = ("websockets", "aiohttp", "tornado", "uvicorn", "ws")
SECONDS = "10"

AGAINST: dict[str, set[str]] = {
    "websockets": set(),
    # It reads frames without a mask, and says in its source that it passes over RSV1 on control frames.
    "aiohttp": {"unmasked-text", "unmasked-ping", "unmasked-continuation", "deflate-rsv1-ping"},
    # It reads frames without a mask, and sends back whatever code came.
    "tornado": {
        *("unmasked-text", "unmasked-ping", "unmasked-continuation"),
        *("close-1005", "close-1006", "close-1015"),
    },
    "uvicorn": set(),
    "ws": set(),
}
LARGE = ("control-65536", "binary-16m", "deflate-bomb", "binary-1m", "fragments-1m")
"""More is on its way when the server closes: whether its Close is still read is a matter of luck."""


def done(name: str) -> dict[str, dict[str, Any]]:
    """What a server did, by the ids of the provocations."""
    with peer(name) as url:
        told = wsinspector("provoke", url, "--json", "--timeout", SECONDS, timeout=200)
    assert told.returncode in (0, 1), told.stderr
    return {row["id"]: row for row in json.loads(told.stdout)["rows"]}


def said(row: dict[str, Any]) -> str:
    """A row of the table. FIN and RST are one: the kernel resets where bytes were not read yet."""
    did = "dropped" if row["did"] == "reset" else row["did"]
    code = "" if row["code"] is None else f" {row['code']}"
    return f"{did}{code}, {row['verdict']}"


@pytest.mark.parametrize("name", PEERS)
def test_a_server_does_what_its_table_says(name: str) -> None:
    expected = tomllib.loads((EXPECTED / f"{name}.toml").read_text(encoding="utf-8"))
    assert list(expected) == [each.id for each in PROVOCATIONS]
    rows = done(name)
    wrong = {}
    for id, wanted in expected.items():
        choice = wanted if isinstance(wanted, list) else [wanted]
        if said(rows[id]) not in choice:
            wrong[id] = said(rows[id])
    assert wrong == {}
    against = {id for id, row in rows.items() if row["verdict"] == "not what the RFC requires"}
    assert against == AGAINST[name]


def test_no_table_accuses_of_more_than_was_looked_up() -> None:
    assert {path.stem for path in EXPECTED.glob("*.toml")} == set(PEERS)
    for name in PEERS:
        table = tomllib.loads((EXPECTED / f"{name}.toml").read_text(encoding="utf-8"))
        against = {id for id, wanted in table.items() if "not what the RFC requires" in str(wanted)}
        assert against == AGAINST[name]
        assert not any("undecided" in str(wanted) or "crashed" in str(wanted) for wanted in table.values())


def _write(name: str) -> None:
    lines = []
    for id, row in done(name).items():
        wanted = said(row)
        luck = id in LARGE and row["did"] in ("closed", "dropped", "reset")
        choice = [wanted, "dropped, allowed"] if luck and not wanted.startswith("dropped") else [wanted]
        if luck and wanted.startswith("dropped") and id != "control-65536":
            choice = ["closed 1009, allowed", wanted]
        value = json.dumps(choice if len(choice) > 1 else choice[0])
        lines.append(f"{id} = {value}")
    (EXPECTED / f"{name}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for each in sys.argv[1:]:
        _write(each)
