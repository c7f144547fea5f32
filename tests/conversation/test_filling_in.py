"""Variables in a request: what leaves, what stays byte for byte, and what is said of an unknown one."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.conversation.conftest import Peers, Tabs, ended
from tests.conversation.test_answers import REFUSAL
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.filling_in import filled_address, filled_draft, named_in
from wsinspector.protocol.draft import Draft


def _draft(*lines: bytes, first: bytes = b"GET /chat HTTP/1.1") -> Draft:
    return Draft.from_bytes(b"\r\n".join((first, *lines)) + b"\r\n\r\n")


@given(st.binary(max_size=200).filter(lambda data: b"{{" not in data))
def test_bytes_without_a_variable_are_the_very_same_draft(data: bytes) -> None:
    draft = Draft.from_bytes(data)
    assert filled_draft(draft, {"host": "x"}).draft is draft


def test_a_value_stands_where_its_name_stood_and_other_bytes_stay() -> None:
    draft = _draft(b"Host: {{ host }}", b"X: \xff\x00{{token}}\xe9", first=b"GET /{{room}} HTTP/1.1")
    filled = filled_draft(draft, {"host": "a.test", "token": "é", "room": "7"})
    assert filled.draft.to_bytes() == (b"GET /7 HTTP/1.1\r\nHost: a.test\r\nX: \xff\x00\xe9\xe9\r\n\r\n")
    assert filled.names == ("room", "host", "token")
    assert filled.problem == ""


def test_a_value_beyond_latin_1_is_utf_8() -> None:
    assert filled_draft(_draft(b"X: {{a}}"), {"a": "→"}).draft.lines[0].value == "→".encode()


def test_braces_that_are_meant_leave_as_braces() -> None:
    draft = _draft(b"X: \\{{host}} {{}} {{1}} {{a b}} {{")
    filled = filled_draft(draft, {"host": "no"})
    assert filled.draft.lines[0].value == b"{{host}} {{}} {{1}} {{a b}} {{"
    assert filled.names == ()


def test_what_a_value_says_is_not_filled_in_again() -> None:
    filled = filled_draft(_draft(b"X: {{b}}"), {"a": "\\{{b}}", "b": "{{a}}"})
    assert filled.draft.lines[0].value == b"{{b}}"


def test_an_unknown_name_is_said_with_its_place() -> None:
    assert filled_draft(_draft(b"X: ab{{nobody}}"), {}).problem == (
        "There is no variable {{nobody}}. It stands in the value of X, at character 3."
    )
    assert "in the request line, at character 6" in filled_draft(_draft(first=b"GET /{{no}} X"), {}).problem


def test_a_line_that_is_off_names_nothing() -> None:
    draft = _draft(b"X: {{nobody}}").switched(0, False)
    assert filled_draft(draft, {}).problem == ""
    assert named_in("ws://{{host}}/", draft) == ("host",)


def test_an_address_is_understood_with_its_values() -> None:
    address = filled_address("{{scheme}}://{{host}}/r", {"scheme": "wss", "host": "a.test:81"})
    assert address.url == "wss://a.test:81/r"
    assert filled_address("ws://{{host}}", {}).error == "There is no variable {{host}}."


def test_the_values_leave_and_the_draft_keeps_the_names(peers: Peers, tabs: Tabs) -> None:
    conversation = tabs.new("ws://{{host}}/{{room}}")
    conversation.use_environment(dict)
    conversation.set_draft(conversation.draft.insert(1, _draft(b"Authorization: Bearer {{token}}").lines[0]))
    assert conversation.address.error == "There is no variable {{host}}."
    assert conversation.connect() is None
    values = {"host": f"127.0.0.1:{peers.answer(REFUSAL)}", "room": "one"}
    conversation.use_environment(lambda: values)
    assert conversation.address.url == f"ws://{values['host']}/one"
    assert "{{token}}" in conversation.filled().problem
    assert conversation.connect() is None, "nothing leaves while a variable has no value"
    values["token"] = "s3cret"
    attempt = conversation.connect()
    assert attempt is not None
    ended(attempt)
    request = Draft.from_bytes(attempt.snapshot.request)
    assert request.target == b"/one"
    assert request.lines[1].value == b"Bearer s3cret"
    assert conversation.draft.lines[1].value == b"Bearer {{token}}"
    assert conversation.address_text == "ws://{{host}}/{{room}}"


def test_another_set_moves_the_address_and_the_target(tabs: Tabs) -> None:
    conversation = tabs.new("ws://{{host}}/{{room}}")
    values = {"host": "a.test", "room": "one"}
    conversation.use_environment(lambda: values)
    assert (conversation.draft.target, conversation.draft.lines[0].value) == (b"/one", b"a.test")
    values.update(host="b.test", room="two")
    conversation.variables_changed()
    assert (conversation.draft.target, conversation.draft.lines[0].value) == (b"/two", b"b.test")


def test_where_nobody_fills_in_braces_are_bytes(peers: Peers, tabs: Tabs) -> None:
    conversation = tabs.new(f"ws://127.0.0.1:{peers.answer(REFUSAL)}/{{{{room}}}}")
    conversation.set_draft(conversation.draft.insert(1, _draft(b"X: {{nobody}}").lines[0]))
    attempt = conversation.connect()
    assert attempt is not None
    ended(attempt)
    assert attempt.snapshot.request.startswith(b"GET /{{room}} HTTP/1.1\r\n")
    assert b"X: {{nobody}}\r\n" in attempt.snapshot.request


def test_what_a_client_sent_is_not_filled_in(tabs: Tabs) -> None:
    conversation = tabs.new("ws://a.test/")
    conversation.use_environment(lambda: {"host": "other"})
    conversation.use_exactly(b"GET / HTTP/1.1\r\nX: {{host}} {{nobody}}\r\n\r\n")
    assert conversation.filled().draft.to_bytes() == b"GET / HTTP/1.1\r\nX: {{host}} {{nobody}}\r\n\r\n"


def test_values_of_the_environment_are_not_kept(peers: Peers, tabs: Tabs) -> None:
    conversation: Conversation = tabs.new(f"ws://127.0.0.1:{peers.answer(REFUSAL)}/")
    conversation.use_environment(lambda: {"unused": "very-secret-value"})
    attempt = conversation.connect()
    assert attempt is not None
    ended(attempt)
    assert attempt.environment == {"unused": "very-secret-value"}
    path = conversation.capture_path
    assert isinstance(path, Path)
    conversation.close()
    assert b"very-secret-value" not in path.read_bytes()
