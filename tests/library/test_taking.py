"""A draft kept and put back: as it was, for whatever its variables stand for then."""

from tests.conversation.conftest import Tabs, engine, tabs
from wsinspector.library.taking import put_into, saved_from

__all__ = ["engine", "tabs"]


def test_a_target_follows_an_address_that_was_not_understood_when_it_was_kept(tabs: Tabs) -> None:
    first = tabs.new("ws://{{host}}/{{room}}")
    kept = saved_from(first, "one")
    assert kept.follows
    other = tabs.new()
    other.use_environment(lambda: {"host": "a.test", "room": "7"})
    put_into(other, kept)
    assert (other.draft.target, other.draft.lines[0].value) == (b"/7", b"a.test")


def test_a_target_that_was_typed_stays_and_a_key_is_drawn(tabs: Tabs) -> None:
    first = tabs.new("ws://a.test/chat")
    first.set_draft(first.draft.with_target(b"*"))
    kept = saved_from(first, "one")
    other = tabs.new("ws://b.test/other")
    put_into(other, kept)
    assert other.draft.target == b"*"
    assert other.address_text == "ws://a.test/chat"
    assert other.draft.key() != first.draft.key()


def test_what_a_client_sent_comes_back_byte_for_byte(tabs: Tabs) -> None:
    request = b"GET /x HTTP/1.1\r\nHost: {{host}}\r\nSec-WebSocket-Key: odd\r\n\r\n"
    first = tabs.new("ws://a.test/chat")
    first.use_exactly(request)
    other = tabs.new()
    other.use_environment(dict)
    put_into(other, saved_from(first, "one"))
    assert other.filled().draft.to_bytes() == request
