"""The head of a sequence: how the request differs from the usual one, and the options of the connection."""

from collections.abc import Callable
from typing import Any

from wsinspector.conversation.options import POLICIES, Options
from wsinspector.conversation.sequences.members import Members
from wsinspector.conversation.sequences.model import Handshake
from wsinspector.protocol.dialects import dialect_of
from wsinspector.protocol.policy import PONG_PAYLOADS
from wsinspector.translate import translate

OPTIONS = (
    "connect_to", "sni", "timeout", "verify", "ca_file", "policy", "answer_pings", "pong_after",
    "pong_payload", "answer_close", "ping_every", "max_message", "max_inflated", "speak", "echo",
)  # fmt: skip
"""The options that a file may set, by the names they have in a conversation."""

_CHOICES = {"policy": POLICIES, "pong_payload": PONG_PAYLOADS}


def handshake_of(table: Members | None, check_text: Callable[[Members, str, str], None]) -> Handshake:
    """The table ``[handshake]``."""
    if table is None:
        return Handshake()
    versions = table.texts("version") if table.has("version") else None
    subprotocols, extensions = table.texts("subprotocols"), table.texts("extensions")
    headers = _headers(table, check_text)
    without = table.texts("without")
    dialect = table.text("dialect")
    if dialect and dialect_of(dialect) is None:
        text = translate("Sequence", "There is no dialect “{0}”; `wsinspector dialects` lists them.")
        table.fault(text.format(dialect), "dialect")
    table.done()
    for name, texts in (
        ("subprotocols", subprotocols),
        ("extensions", extensions),
        ("version", versions or ()),
    ):
        for text in texts:
            check_text(table, name, text)
    return Handshake(versions, subprotocols, extensions, headers, without, dialect)


def _headers(table: Members, check_text: Callable[[Members, str, str], None]) -> tuple[tuple[str, str], ...]:
    inner = table.table("headers")
    if inner is None:
        return ()
    found: list[tuple[str, str]] = []
    for name in inner.left:
        values = inner.texts(name)
        for value in values:
            if "\r" in value or "\n" in value:
                inner.fault(translate("Sequence", "A header's value has no line ends."), name)
            check_text(inner, name, value)
            found.append((name, value))
    return tuple(found)


def options_of(table: Members | None) -> tuple[tuple[str, Any], ...]:
    """The table ``[options]``, each value checked; in the order of the file."""
    if table is None:
        return ()
    found: list[tuple[str, Any]] = []
    names = table.left
    for name in (each for each in names if each in OPTIONS):
        value = _option(name, table)
        if value is not None:
            found.append((name, value))
    for name in OPTIONS:
        table.take(name)
    table.done()
    return tuple(found)


def _option(name: str, table: Members) -> Any:
    default = getattr(Options(), name)
    if name in ("answer_pings", "answer_close") or isinstance(default, bool):
        return table.flag(name)
    if isinstance(default, int):
        return table.whole(name, 0, 0, 1 << 62)
    if isinstance(default, float):
        return table.seconds(name, above=name == "timeout")
    choices = _CHOICES.get(name)
    if choices is not None:
        chosen = table.take(name)
        if chosen in choices:
            return chosen
        listed = ", ".join(f'"{each}"' for each in choices if each)
        table.fault(translate("Sequence", "{0} is one of {1}.").format(name, listed), name)
        return None
    text = table.text(name)
    if name == "speak" and text and dialect_of(text) is None:
        table.fault(translate("Sequence", "There is no dialect “{0}”.").format(text), name)
        return None
    return text
