"""What one step does, read out of its members: a table of names, each with the one way it is written."""

import base64
import binascii
import json
import math
from collections.abc import Callable, Mapping

from wsinspector.conversation.sequences.filling import (
    GENERATED,
    Filler,
    UnknownVariableError,
    in_filter,
    in_json,
)
from wsinspector.conversation.sequences.members import MOST_SECONDS, Members
from wsinspector.conversation.sequences.model import (
    KINDS,
    Action,
    Close,
    Connect,
    Craft,
    Expect,
    ExpectClose,
    ExpectHandshake,
    ExpectNot,
    HalfClose,
    Pause,
    Payload,
    Reset,
    Send,
    Wait,
    usual_opcode,
)
from wsinspector.conversation.sequences.outside import outside_text, points_outside
from wsinspector.filter import mistakes_in
from wsinspector.protocol.opcodes import BINARY, MAX_CONTROL_PAYLOAD, PING, PONG, TEXT
from wsinspector.translate import translate

_AS = {"text": TEXT, "binary": BINARY}

ACTIONS = (
    "send", "ping", "pong", "close", "craft", "wait", "expect", "expect_not", "expect_close",
    "expect_handshake", "pause", "repeat", "half_close", "reset", "connect",
)  # fmt: skip
"""The names of which a step has one."""


def action_of(name: str, table: Members, known: Mapping[str, str]) -> Action | None:
    """The action ``name`` of the step ``table``; None where it cannot be understood, which is then told."""
    return _READERS[name](name, table, known)


def check_filter(text: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """What is wrong with a filter, whatever its variables may hold: they are taken to be there.

    With the values they will have it is looked at again before anything runs.
    """
    if not text.strip():
        return (translate("Sequence", "The filter is empty."),)
    told: tuple[str, ...] = ()
    for value in _ANY_VALUE:
        filler = Filler(dict.fromkeys((*GENERATED, *known), value), now=lambda: 0.0)
        try:
            told = filter_faults(filler.fill(text, in_filter))
        except UnknownVariableError:
            return ()  # told by whoever looked for it
        if not told:
            return ()
    return told


_ANY_VALUE = ("0", "text", "1s", '"0"')
"""One of these is right wherever a value may stand in a filter."""


def filter_faults(text: str) -> tuple[str, ...]:
    """What is wrong with a filter without variables, and where in it."""
    told = translate("Sequence", "The filter “{0}”, at character {1} (“{2}”): {3}")
    at_end = translate("Sequence", "The filter “{0}”, at its end: {1}")
    shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    found = []
    for each in mistakes_in(text):
        marked = text[each.start : each.stop].strip()
        marked = marked if len(marked) <= _SHOWN else marked[: _SHOWN - 1] + "…"
        found.append(
            told.format(shown, each.start + 1, marked, each.text)
            if marked
            else at_end.format(shown, each.text)
        )
    return tuple(found)


_SHOWN = 120
"""Characters of a filter in a sentence about it."""


def _dummies(known: Mapping[str, str]) -> Filler:
    """Variables that are all there, a number each: that is right in JSON within quotes and outside."""
    return Filler(dict.fromkeys(known, "0"), now=lambda: 0.0, unique=lambda: "0")


# -- payloads


def payload_of(
    name: str, table: Members, known: Mapping[str, str], fixed: int | None = None
) -> Payload | None:
    """The payload that the member ``name`` describes. ``fixed``: the opcode, where the name has one."""
    value = table.take(name)
    if isinstance(value, str):
        return Payload("text", value, TEXT if fixed is None else fixed)
    if not isinstance(value, dict):
        text = translate("Sequence", "{0} must be a text, or a table with one of {1}.")
        table.fault(text.format(name, ", ".join(KINDS)), name)
        return None
    inner = Members(value, (*table.path, name), table.lines, table.faults)
    kinds = [kind for kind in KINDS if inner.has(kind)]
    if len(kinds) != 1:
        text = translate("Sequence", "{0} needs exactly one of {1}.")
        inner.fault(text.format(name, ", ".join(KINDS)))
        return None
    kind = kinds[0]
    opcode = usual_opcode(kind) if fixed is None else fixed
    if fixed is None and inner.has("as"):
        asked = inner.text("as")
        if asked not in _AS:
            inner.fault(translate("Sequence", "as is “text” or “binary”."), "as")
        opcode = _AS.get(asked, opcode)
    source = _json_of(inner) if kind == "json" else inner.text(kind)
    inner.done()
    why = wrong_source(kind, source, known)
    if why:
        inner.fault(why, kind)
    elif kind == "file" and points_outside(source):
        inner.remark(outside_text(source), kind)
    return Payload(kind, source, opcode)


def wrong_source(kind: str, source: str, known: Mapping[str, str]) -> str:
    """Why ``source`` is not what its kind says; empty where it is. Variables are taken to be there."""
    if kind in ("text", "file"):
        return "" if source or kind == "text" else translate("Sequence", "The file has no name.")
    try:
        filled = _dummies(known).fill(source, in_json if kind == "json" else None)
    except UnknownVariableError:
        return ""
    if kind == "json":
        try:
            json.loads(filled, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            return translate("Sequence", "This is no JSON: {0}.").format(error)
        return ""
    try:
        as_bytes(kind, filled)
    except ValueError as error:
        return str(error)
    return ""


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no value of JSON")


def as_bytes(kind: str, text: str) -> bytes:
    """The bytes that ``text`` writes in ``kind``, which is no file. Raises ValueError, in words."""
    if kind == "hex":
        try:
            return bytes.fromhex(text)
        except ValueError:
            raise ValueError(
                translate("Sequence", "This is no hex: two digits a byte, blanks between.")
            ) from None
    if kind == "base64":
        try:
            return base64.b64decode("".join(text.split()), validate=True)
        except (binascii.Error, ValueError):
            raise ValueError(translate("Sequence", "This is no base64.")) from None
    return text.encode("utf-8", "surrogatepass")


def _json_of(inner: Members) -> str:
    value = inner.take("json")
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError):
        inner.fault(translate("Sequence", "JSON has no dates, no infinity and no nan."), "json")
        return "null"


def _send(name: str, table: Members, known: Mapping[str, str]) -> Action | None:
    payload = payload_of(name, table, known, {"ping": PING, "pong": PONG}.get(name))
    if payload is not None and name != "send" and payload.kind not in ("file",):
        plain = payload.source.encode("utf-8", "surrogatepass")
        if payload.kind == "text" and "{{" not in payload.source and len(plain) > 125:
            text = translate("Sequence", "A control frame holds at most 125 bytes; craft sends more.")
            table.fault(text, name)
    return None if payload is None else Send(payload)


def _craft(name: str, table: Members, known: Mapping[str, str]) -> Action | None:
    del known
    value = table.take(name)
    if isinstance(value, dict):
        return Craft(value)
    table.fault(translate("Sequence", "craft must be a table."), name)
    return None


MOST_REASON = MAX_CONTROL_PAYLOAD - 2


def long_reason(size: int) -> str:
    """What is said of a Close frame's reason of more than 123 bytes; it leaves all the same."""
    text = translate(
        "Sequence",
        "The reason is {0} bytes of UTF-8: a Close frame has room for {1} beside its code (RFC 6455 §5.5). "
        "It leaves whole; a strict peer answers 1002.",
    )
    return text.format(size, MOST_REASON)


def _close(name: str, table: Members, known: Mapping[str, str]) -> Action | None:
    del known
    value = table.take(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = {"code": value}
    if not isinstance(value, dict):
        table.fault(translate("Sequence", "close is a code, or a table with code and reason."), name)
        return None
    inner = Members(value, (*table.path, name), table.lines, table.faults)
    code = inner.whole("code", 0, 0, 65_535) if inner.has("code") else None
    reason = inner.text("reason")
    inner.done()
    size = len(reason.encode("utf-8", "surrogatepass"))
    if size > MOST_REASON and "{{" not in reason:
        inner.remark(long_reason(size), "reason")
    if code is None and reason:
        inner.fault(translate("Sequence", "A reason needs a code before it (RFC 6455 §5.5.1)."), "reason")
    return Close(code, reason)


# -- what is awaited


def _filtering(make: Callable[[str], Action]) -> Callable[[str, Members, Mapping[str, str]], Action | None]:
    def read(name: str, table: Members, known: Mapping[str, str]) -> Action | None:
        del known
        value = table.take(name)
        if isinstance(value, str):
            return make(value)
        table.fault(translate("Sequence", "{0} must be a filter, as a text.").format(name), name)
        return None

    return read


def _expect_close(name: str, table: Members, known: Mapping[str, str]) -> Action | None:
    del known
    value = table.take(name)
    if value is True:
        return ExpectClose()
    codes = [value] if not isinstance(value, list) else value
    good = all(isinstance(each, int) and not isinstance(each, bool) and 0 <= each <= 65_535 for each in codes)
    if not good or not codes:
        text = translate("Sequence", "expect_close is a code, a list of codes, or true for any.")
        table.fault(text, name)
        return None
    return ExpectClose(tuple(codes))


def _expect_handshake(name: str, table: Members, known: Mapping[str, str]) -> Action | None:
    del known
    value = table.take(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = {"status": value}
    if not isinstance(value, dict):
        text = translate("Sequence", "expect_handshake is a status, or a table with status and headers.")
        table.fault(text, name)
        return None
    inner = Members(value, (*table.path, name), table.lines, table.faults)
    statuses = inner.take("status")
    listed = [] if statuses is None else statuses if isinstance(statuses, list) else [statuses]
    if not all(isinstance(each, int) and not isinstance(each, bool) and 0 < each < 1000 for each in listed):
        inner.fault(translate("Sequence", "status is a number of three digits, or a list of them."), "status")
        listed = []
    headers: list[tuple[str, str | None]] = []
    given = inner.table("headers")
    for header in given.left if given is not None else ():
        assert given is not None
        wanted = given.take(header)
        if isinstance(wanted, str):
            headers.append((header, wanted))
        elif wanted is False:
            headers.append((header, None))
        else:
            text = translate(
                "Sequence", "A header is expected by its value, or false where it must not be there."
            )
            given.fault(text, header)
    subprotocol = inner.text("subprotocol") if inner.has("subprotocol") else None
    inner.done()
    return ExpectHandshake(tuple(listed), tuple(headers), subprotocol)


# -- the rest


def _pause(name: str, table: Members, known: Mapping[str, str]) -> Action | None:
    del known
    value = table.take(name)
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if number and 0 <= value <= MOST_SECONDS:
        return Pause(float(value))
    text = translate("Sequence", "pause is a number of seconds from 0 to {0}.").format(MOST_SECONDS)
    table.fault(text, name)
    return None


def _bare(make: Callable[[], Action]) -> Callable[[str, Members, Mapping[str, str]], Action | None]:
    def read(name: str, table: Members, known: Mapping[str, str]) -> Action | None:
        del known
        if table.take(name) is True:
            return make()
        table.fault(translate("Sequence", "{0} is written {0} = true.").format(name), name)
        return None

    return read


def _connect(name: str, table: Members, known: Mapping[str, str]) -> Action | None:
    del known
    value = table.take(name)
    if value is True:
        return Connect()
    if isinstance(value, str) and value:
        return Connect(value)
    table.fault(translate("Sequence", "connect is true, or an address."), name)
    return None


_READERS: dict[str, Callable[[str, Members, Mapping[str, str]], Action | None]] = {
    "send": _send,
    "ping": _send,
    "pong": _send,
    "close": _close,
    "craft": _craft,
    "wait": _filtering(Wait),
    "expect": _filtering(Expect),
    "expect_not": _filtering(ExpectNot),
    "expect_close": _expect_close,
    "expect_handshake": _expect_handshake,
    "pause": _pause,
    "half_close": _bare(HalfClose),
    "reset": _bare(Reset),
    "connect": _connect,
}
