"""Say how a server proved, or did not, that it read the request: what each dialect asked for."""

from collections.abc import Iterator
from typing import Any

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.plain import visible
from wsinspector.protocol.dialects import Challenge, dialect_called
from wsinspector.protocol.dialects import fields as names
from wsinspector.protocol.dialects.challenges import read_numbered_key
from wsinspector.protocol.head_reader import parse_request
from wsinspector.verdicts.calculator import Calculation, calculate


def proves_by_accept(snapshot: AttemptSnapshot) -> bool:
    """Whether the answer's proof is Sec-WebSocket-Accept."""
    return dialect_called(snapshot.dialect).challenge is Challenge.ACCEPT


def third_key(snapshot: AttemptSnapshot) -> bytes:
    """The bytes behind the request's head that belong to it; empty where the dialect has none."""
    size = dialect_called(snapshot.dialect).handshake.request_tail
    if not size:
        return b""
    head = parse_request(snapshot.request)
    return snapshot.request[head.span.end : head.span.end + size]


def challenge_json(snapshot: AttemptSnapshot) -> dict[str, Any]:
    """``expected``: the right answer, None where the request has none; ``found``: None where none came.

    Keys and Accept are text, the third key and digests hex.
    """
    challenge = dialect_called(snapshot.dialect).challenge
    if challenge is Challenge.NONE:
        return {"kind": challenge.value}
    made = _calculated(snapshot)
    expected = made.expected if made is not None else None
    if challenge is Challenge.ACCEPT:
        keys = parse_request(snapshot.request).values(names.KEY)
        accepts = snapshot.response.head.values(names.ACCEPT) if snapshot.response is not None else ()
        return {
            "kind": challenge.value,
            "key": keys[0].decode("latin-1") if keys else None,
            "expected": expected.decode("ascii") if expected is not None else None,
            "found": accepts[0].decode("latin-1") if accepts else None,
        }
    first, second, third = _keys(snapshot)
    came = made.came if made is not None else None
    return {
        "kind": challenge.value,
        "keys": [_key_json(value) for value in (first, second)],
        "third_key": third.hex(),
        "expected": expected.hex() if expected is not None else None,
        "found": came.hex() if came else None,
    }


def challenge_text(snapshot: AttemptSnapshot) -> Iterator[str]:
    """The two keys taken apart, and the digest; nothing for the other challenges."""
    if dialect_called(snapshot.dialect).challenge is not Challenge.KEYS:
        return
    first, second, _ = _keys(snapshot)
    for name, value in ((names.KEY1, first), (names.KEY2, second)):
        read = read_numbered_key(value)
        digits = visible(read.digits.decode("ascii"))
        made = f"{digits} / {read.spaces} = {read.number}" if read.number is not None else read.fault
        yield f"{name.decode('ascii')}: {made}"
    found = _calculated(snapshot)
    if found is not None and found.expected is not None:
        yield f"MD5 expected: {found.expected.hex(' ')}"
    if found is not None and found.came:
        yield f"MD5 received: {found.came.hex(' ')}"


def _calculated(snapshot: AttemptSnapshot) -> Calculation | None:
    return calculate(snapshot.request, snapshot.response, dialect=snapshot.dialect)


def _keys(snapshot: AttemptSnapshot) -> tuple[bytes, bytes, bytes]:
    head = parse_request(snapshot.request)
    return names.first(head, names.KEY1), names.first(head, names.KEY2), third_key(snapshot)


def _key_json(value: bytes) -> dict[str, Any]:
    read = read_numbered_key(value)
    return {
        "value": value.decode("latin-1"),
        "digits": read.digits.decode("ascii"),
        "spaces": read.spaces,
        "number": read.number,
        "fault": read.fault or None,
    }
