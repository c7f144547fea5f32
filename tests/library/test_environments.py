"""Sets of variables: which one is in use, its file, and names that cannot be."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.library.environments import (
    Environments,
    EnvironmentStore,
    Variable,
    VariableSet,
    environments_text,
    read_environments,
)

LOCAL = VariableSet("Local", (Variable("host", "127.0.0.1"), Variable("token", "abc", secret=True)))
LIVE = VariableSet("Live", (Variable("host", "a.test"),))
BOTH = Environments((LOCAL, LIVE), "Local")


def test_the_set_in_use_gives_the_values() -> None:
    assert dict(BOTH.values) == {"host": "127.0.0.1", "token": "abc"}
    assert BOTH.secrets == {"token"}
    assert dict(BOTH.using("Live").values) == {"host": "a.test"}
    assert dict(BOTH.using("").values) == {}


def test_a_set_in_use_stays_so_under_another_name_and_not_when_it_goes() -> None:
    assert BOTH.with_set(0, VariableSet("Mine")).active == "Mine"
    assert BOTH.with_set(1, VariableSet("Mine")).active == "Local"
    assert BOTH.removed(0).active == ""
    assert BOTH.removed(1).active == "Local"
    assert Environments().added(LIVE).active == "Live"


@given(st.text(st.characters(exclude_categories=["Cs"])), st.booleans())
def test_what_is_written_is_read_again(value: str, secret: bool) -> None:
    made = Environments((VariableSet("one", (Variable("a", value, secret),)),), "one")
    assert read_environments(environments_text(made)) == (made, ())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[[set]]\nname='a'\n[[set.variable]]\nname='1x'", 4),
        ("[[set]]\nname='a'\n[[set.variable]]\nname='uuid'", 4),
        ("[[set]]\nname='a'\n[[set]]\nname='a'", 4),
        ("active='nobody'", 1),
        ("active=", 1),
    ],
)
def test_a_fault_has_its_line(text: str, line: int) -> None:
    assert [fault.line for fault in read_environments(text)[1]] == [line]


def test_a_file_with_a_fault_is_used_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "variables.toml"
    path.write_text(environments_text(BOTH) + "\n[[set]]\n")
    store = EnvironmentStore(path)
    assert dict(store.load().values) == dict(BOTH.values)
    assert store.trouble
    assert not store.save(BOTH)


def test_it_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    store = EnvironmentStore(tmp_path / "variables.toml")
    store.load()
    assert store.save(BOTH)
    assert os.stat(store.path).st_mode & 0o777 == 0o600
    assert EnvironmentStore(store.path).load() == BOTH
