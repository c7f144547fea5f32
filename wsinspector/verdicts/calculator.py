"""Works out, step by step, what a right answer to a request holds, and which mistake gives a wrong one."""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wsinspector.protocol.accept import GUID, accept_for, key_bytes
from wsinspector.protocol.dialects import Challenge, dialect_called, spoken_for
from wsinspector.protocol.dialects import fields as names
from wsinspector.protocol.dialects.challenges import (
    CONNECTION_GUID,
    KEY3_BYTES,
    connection_key,
    digest_for,
    digest_input,
    digest_mistake,
    read_numbered_key,
)
from wsinspector.protocol.escapes import escape_value
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http import Head, Response
from wsinspector.translate import translate
from wsinspector.verdicts.rule import counted

_KEY = b"Sec-WebSocket-Key"
_NONCED = "hybi-04"
"""The only dialect whose answer has a nonce that serves for something."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the calculation. ``value``: as it is, odd bytes escaped. ``note``: what was done."""

    name: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Calculation:
    """All steps from the request to the answer's proof.

    ``expected``: the header's value, or the 16 bytes of the digest; None where the request allows none.
    ``came``: what the answer has, None where there is none. ``keyed``: the last steps make the connection
    key. ``mistake``: which usual mistake gives it,
    a clause without a full stop, empty where none does or it is right.
    """

    steps: tuple[Step, ...]
    expected: bytes | None
    came: bytes | None
    mistake: str
    keyed: bool = False

    @property
    def right(self) -> bool | None:
        """None where there is nothing to compare."""
        return None if self.expected is None or self.came is None else self.came == self.expected


def calculate(request: bytes, response: Response | None = None, *, dialect: str = "") -> Calculation | None:
    """The calculation for the bytes ``request`` and, where it came, the answer to them.

    ``dialect``: what the handshake speaks, empty takes what the bytes propose. None where there is no
    challenge (hixie-75), or none in the request.
    """
    head = parse_request(request)
    challenge = dialect_called(dialect or spoken_for(request)).challenge
    if challenge is Challenge.NONE:
        return None
    switched = response is not None and response.status == 101 and response.head.complete
    if challenge is Challenge.KEYS:
        came = response.body if switched and response is not None else None
        return _digest(head, request[head.span.end :][:KEY3_BYTES], came)
    keys = head.values(_KEY)
    if not keys:
        return None
    values = response.head.values(names.ACCEPT) if switched and response is not None else ()
    came = values[0] if values else None
    expected = accept_for(keys[0])
    mistake = "" if came is None or came == expected else accept_mistake(keys, came)
    steps = (*accept_steps(keys[0]), *_came(came, expected))
    nonces = response.head.values(names.NONCE) if switched and response is not None else ()
    keyed = bool(nonces) and (dialect or spoken_for(request)) == _NONCED
    if keyed:
        steps = (*steps, *connection_key_steps(keys[0], nonces[0]))
    return Calculation(steps, expected, came, mistake, keyed)


def accept_steps(key: bytes) -> tuple[Step, ...]:
    """From a key, as it stands in the header, to its Sec-WebSocket-Accept (RFC 6455 §4.2.2)."""
    decoded = key_bytes(key)
    stands_for = decoded.hex(" ") if decoded is not None else translate("Calculator", "not base64")
    size = "" if decoded is None else counted(len(decoded), "byte")
    joined = key + GUID
    digest = hashlib.sha1(joined, usedforsecurity=False).digest()
    return (
        Step(
            translate("Calculator", "key"),
            escape_value(key),
            translate("Calculator", "as it stands in the request; its text counts, not what it stands for"),
        ),
        Step(translate("Calculator", "stands for"), stands_for, size),
        Step(
            translate("Calculator", "GUID"),
            GUID.decode("ascii"),
            translate("Calculator", "the same for every connection"),
        ),
        Step(
            translate("Calculator", "joined"),
            escape_value(joined),
            translate("Calculator", "the key, then the GUID"),
        ),
        Step(translate("Calculator", "SHA-1"), digest.hex(), translate("Calculator", "20 bytes")),
        Step(
            translate("Calculator", "base64"),
            base64.b64encode(digest).decode("ascii"),
            translate("Calculator", "the expected Sec-WebSocket-Accept"),
        ),
    )


def connection_key_steps(key: bytes, nonce: bytes) -> tuple[Step, ...]:
    """From both sides' header values, as they stand, to the key that hybi-04 masks frames with."""
    joined = key + nonce + CONNECTION_GUID
    return (
        Step(
            translate("Calculator", "nonce"),
            escape_value(nonce),
            translate("Calculator", "as it stands in the answer; its text counts, not what it stands for"),
        ),
        Step(
            translate("Calculator", "second GUID"),
            CONNECTION_GUID.decode("ascii"),
            translate("Calculator", "of the connection key, the same for every connection"),
        ),
        Step(
            translate("Calculator", "all joined"),
            escape_value(joined),
            translate("Calculator", "the key, the nonce, then the second GUID"),
        ),
        Step(
            translate("Calculator", "connection key"),
            connection_key(key, nonce).hex(),
            translate("Calculator", "SHA-1, 20 bytes; with it the client masks every frame"),
        ),
    )


def _came(came: bytes | None, expected: bytes) -> tuple[Step, ...]:
    if came is None:
        return ()
    note = translate("Calculator", "equal") if came == expected else translate("Calculator", "not equal")
    return (Step(translate("Calculator", "came"), escape_value(came), note),)


def accept_mistake(keys: Sequence[bytes], came: bytes) -> str:
    """Which usual mistake makes ``came`` of a request's keys; empty where none is known that does.

    ``keys``: every Sec-WebSocket-Key of the request, trimmed, in order, at least one.
    """
    if not came:
        return ""
    for value, text in _mistakes(keys):
        if value == came:
            return text
    return ""


def _mistakes(keys: Sequence[bytes]) -> Iterator[tuple[bytes, str]]:
    if len(keys) > 1:
        for comma in (b", ", b","):
            yield accept_for(comma.join(keys)), "it is computed from both keys joined by a comma"
        yield accept_for(b"".join(keys)), "it is computed from both keys joined"
        for key in keys[1:]:
            yield accept_for(key), "it is computed from a later one of the keys"
    yield accept_for(b""), "it is computed from an empty key"
    for key in dict.fromkeys(keys):
        yield from _mistakes_with(key)


def _mistakes_with(key: bytes) -> Iterator[tuple[bytes, str]]:
    right = accept_for(key)
    digest = _sha1(key + GUID)
    for blank, text in (
        (b" ", "a blank"),
        (b"\r", "a carriage return"),
        (b"\n", "a line feed"),
        (b"\r\n", "the line ending"),
        (b"\0", "a NUL"),
    ):
        yield accept_for(key + blank), f"it is computed from the key with {text} behind it"
    yield accept_for(b" " + key), "it is computed from the key with a blank in front of it"
    yield accept_for(b'"' + key + b'"'), "it is computed from the key in quotation marks"
    decoded = key_bytes(key)
    if decoded is not None:
        yield accept_for(decoded), "the key was decoded first, though its text counts"
    yield accept_for(key.rstrip(b"=")), "it is computed from the key without the padding at its end"
    yield accept_for(key.lower()), "it is computed from the key in lower case"
    yield _base64(_sha1(key)), "it is computed without the GUID"
    yield _base64(_sha1(key + GUID.lower())), "it is computed with the GUID in lower case"
    yield _base64(_sha1(GUID + key)), "it is computed with the GUID in front of the key"
    yield _base64(_sha1(key + b" " + GUID)), "it is computed with a blank between key and GUID"
    yield _base64(digest.hex().encode()), "the digest was written in hexadecimal before base64"
    yield _base64(digest.hex().upper().encode()), "the digest was written in hexadecimal before base64"
    yield digest.hex().encode(), "it is the digest in hexadecimal, expected base64"
    yield digest.hex().upper().encode(), "it is the digest in hexadecimal, expected base64"
    yield right.rstrip(b"="), "the padding at its end is missing"
    yield base64.urlsafe_b64encode(digest), "it is written in the base64 of URLs"
    yield base64.urlsafe_b64encode(digest).rstrip(b"="), "it is written in the base64 of URLs"
    yield _base64(digest.decode("latin-1").encode()), "the digest was taken for text and written in UTF-8"
    yield right.lower(), "its letters were made small"
    yield right.upper(), "its letters were made capital"
    yield b'"' + right + b'"', "it stands in quotation marks"
    yield key, "it is the key itself, given back"
    yield _base64(hashlib.md5(key + GUID, usedforsecurity=False).digest()), "it is computed with MD5"
    yield _base64(hashlib.sha256(key + GUID).digest()), "it is computed with SHA-256"


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).digest()


def _base64(data: bytes) -> bytes:
    return base64.b64encode(data)


def _digest(head: Head, key3: bytes, came: bytes | None) -> Calculation:
    """The steps of hixie-76 to hybi-03, as implementations have them."""
    keys = [names.first(head, name) for name in (names.KEY1, names.KEY2)]
    steps: list[Step] = []
    for place, key in enumerate(keys, 1):
        steps += _numbered(place, key)
    size = counted(len(key3), "byte")
    third = translate("Calculator", "the eight bytes behind the request's head")
    if len(key3) < KEY3_BYTES:
        third = translate("Calculator", "{size} of the eight behind the request's head").format(size=size)
    steps.append(Step(translate("Calculator", "third key"), key3.hex(" "), third))
    data = digest_input(keys[0], keys[1], key3)
    expected = digest_for(keys[0], keys[1], key3)
    if data is not None and expected is not None:
        joined = translate("Calculator", "both numbers as four bytes each, then the third key")
        steps.append(Step(translate("Calculator", "joined"), data.hex(" "), joined))
        as_text = translate("Calculator", "as text: {text}").format(text=escape_value(expected))
        steps.append(Step(translate("Calculator", "MD5"), expected.hex(), as_text))
        if came is not None:
            equal = came == expected
            note = translate("Calculator", "equal") if equal else translate("Calculator", "not equal")
            steps.append(Step(translate("Calculator", "came"), came.hex(), note))
    mistake = "" if came is None else digest_mistake(keys[0], keys[1], key3, came)
    return Calculation(tuple(steps), expected, came, f"it is {mistake}" if mistake else "")


def _numbered(place: int, key: bytes) -> Iterator[Step]:
    read = read_numbered_key(key)
    name = translate("Calculator", "key {n}").format(n=place)
    yield Step(name, escape_value(key), translate("Calculator", "as it stands in the request"))
    digits = translate("Calculator", "all digits of key {n}, joined").format(n=place)
    yield Step(translate("Calculator", "digits"), read.digits.decode("ascii"), digits)
    yield Step(
        translate("Calculator", "spaces"),
        str(read.spaces),
        translate("Calculator", "the number is divided by them"),
    )
    value = "" if read.number is None else str(read.number)
    yield Step(translate("Calculator", "number {n}").format(n=place), value, read.fault)
