"""Say how a server proved, or did not, that it read the request: what each dialect asked for."""

from collections.abc import Iterator
from typing import Any

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.plain import visible
from wsinspector.protocol.accept import accept_for
from wsinspector.protocol.dialects import Challenge, dialect_called
from wsinspector.protocol.dialects import fields as names
from wsinspector.protocol.dialects.challenges import digest_for, read_numbered_key
from wsinspector.protocol.head_reader import parse_request


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
    request = parse_request(snapshot.request)
    if challenge is Challenge.ACCEPT:
        keys = request.values(names.KEY)
        expected = accept_for(keys[0]).decode("ascii") if keys else None
        accepts = snapshot.response.head.values(names.ACCEPT) if snapshot.response is not None else ()
        found = accepts[0].decode("latin-1") if accepts else None
        return {
            "kind": challenge.value,
            "key": keys[0].decode("latin-1") if keys else None,
            "expected": expected,
            "found": found,
        }
    first, second, third = _keys(snapshot)
    right = digest_for(first, second, third)
    came = _digest(snapshot)
    return {
        "kind": challenge.value,
        "keys": [_key_json(value) for value in (first, second)],
        "third_key": third.hex(),
        "expected": right.hex() if right is not None else None,
        "found": came.hex() if came else None,
    }


def challenge_text(snapshot: AttemptSnapshot) -> Iterator[str]:
    """The two keys taken apart, and the digest; nothing for the other challenges."""
    if dialect_called(snapshot.dialect).challenge is not Challenge.KEYS:
        return
    first, second, third = _keys(snapshot)
    for name, value in ((names.KEY1, first), (names.KEY2, second)):
        read = read_numbered_key(value)
        digits = visible(read.digits.decode("ascii"))
        made = f"{digits} / {read.spaces} = {read.number}" if read.number is not None else read.fault
        yield f"{name.decode('ascii')}: {made}"
    right = digest_for(first, second, third)
    if right is not None:
        yield f"MD5 expected: {right.hex(' ')}"
    came = _digest(snapshot)
    if came:
        yield f"MD5 received: {came.hex(' ')}"


def _keys(snapshot: AttemptSnapshot) -> tuple[bytes, bytes, bytes]:
    head = parse_request(snapshot.request)
    return names.first(head, names.KEY1), names.first(head, names.KEY2), third_key(snapshot)


def _digest(snapshot: AttemptSnapshot) -> bytes:
    response = snapshot.response
    return response.body if response is not None and response.status == 101 else b""


def _key_json(value: bytes) -> dict[str, Any]:
    read = read_numbered_key(value)
    return {
        "value": value.decode("latin-1"),
        "digits": read.digits.decode("ascii"),
        "spaces": read.spaces,
        "number": read.number,
        "fault": read.fault or None,
    }
