"""Lines of TOML members, held against texts that a person writes and against what the parser finds."""

from typing import Any

import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.conversation.sequences.places import Lines, Path

TEXT = '''\
# a comment = "not a key"
name = "a" # = [[step]]
"odd \\" name" = 1
a.b.c = 2

[handshake]
headers = { X = "{ } [ ]", Y = 'q"' }
list = [
  "one", # first
  """
  two
  """,
  [3]
]

[[step]]
send = """
[[step]]
"""
within = 1

[[step]]
repeat = 2
  [[step.step]]
  send = \'\'\'
  within = 5\'\'\'
  [[step.step]]
  ping = ""

[[auto]]
when = "x"
'''


def test_each_member_has_its_line() -> None:
    lines = Lines(TEXT)
    wanted: dict[Path, int] = {
        ("name",): 2,
        ('odd " name',): 3,
        ("a", "b", "c"): 4,
        ("handshake",): 6,
        ("handshake", "headers", "Y"): 7,
        ("handshake", "list"): 8,
        ("handshake", "list", 0): 9,
        ("handshake", "list", 1): 10,
        ("handshake", "list", 2): 13,
        ("step", 0): 16,
        ("step", 0, "send"): 17,
        ("step", 0, "within"): 20,
        ("step", 1, "repeat"): 23,
        ("step", 1, "step", 0): 24,
        ("step", 1, "step", 0, "send"): 25,
        ("step", 1, "step", 1): 27,
        ("step", 1, "step", 1, "ping"): 28,
        ("auto", 0, "when"): 31,
    }
    assert {path: lines.of(path) for path in wanted} == wanted


def test_what_has_no_line_has_that_of_what_is_around_it() -> None:
    lines = Lines(TEXT)
    assert lines.of(("step", 0, "nothing", "there")) == 16
    assert lines.of(("nothing",)) == 1


VALUES = st.one_of(
    st.text(max_size=12),
    st.integers(-5, 5),
    st.booleans(),
    st.lists(st.text(max_size=4), max_size=3),
    st.dictionaries(st.text(max_size=6), st.text(max_size=6), max_size=3),
)
KEYS = st.text(max_size=8)


@given(
    st.dictionaries(KEYS, VALUES, max_size=4),
    st.lists(st.dictionaries(KEYS, VALUES, max_size=3), max_size=4),
)
def test_the_line_of_each_key_that_is_written_begins_with_that_key(
    head: dict[str, Any], tables: list[dict[str, Any]]
) -> None:
    document = tomlkit.document()
    for name, value in head.items():
        document[name] = _inline(value)
    array = tomlkit.aot()
    for each in tables:
        table = tomlkit.table()
        for name, value in each.items():
            table[name] = _inline(value)
        array.append(table)
    if tables and "zz" not in head:
        document["zz"] = array
    text = tomlkit.dumps(document)
    lines, shown = Lines(text), text.split("\n")
    for name in head:
        assert _begins(shown[lines.of((name,)) - 1], name)
    if "zz" in head:
        return
    for at, each in enumerate(tables):
        assert shown[lines.of(("zz", at)) - 1] == "[[zz]]"
        for name in each:
            assert lines.of(("zz", at, name)) > lines.of(("zz", at))
            assert _begins(shown[lines.of(("zz", at, name)) - 1], name)


def _inline(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    made = tomlkit.inline_table()
    for name, each in value.items():
        made[name] = each
    return made


def _begins(line: str, name: str) -> bool:
    (found,) = tomlkit.parse(line.partition("=")[0] + "= 1").unwrap() if "=" not in name else (name,)
    return bool(found == name)


@given(st.text("[]{}\"'=.,#a\n\\ ", max_size=60))
def test_no_text_is_too_odd_to_be_walked_through(text: str) -> None:
    assert 1 <= Lines(text).of(("a", 0)) <= text.count("\n") + 1
