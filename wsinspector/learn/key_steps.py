"""The calculations of a handshake, one line a step: base64, the accept value, the digest of the old "
"drafts."""

import binascii
from collections.abc import Sequence

from wsinspector.learn.pieces import Step, Works
from wsinspector.protocol.dialects.challenges import read_numbered_key
from wsinspector.protocol.escapes import escape_value
from wsinspector.protocol.http import Response
from wsinspector.translate import translate
from wsinspector.verdicts.calculator import Calculation, accept_steps, calculate
from wsinspector.verdicts.calculator import Step as Counted

LONGEST = 128
"""Characters of base64 that are taken apart; a key has 24."""


def base64_works(text: bytes) -> Works:
    """Four characters a line, and the bytes they stand for (RFC 4648 §4)."""

    def works() -> tuple[Step, ...]:
        steps = []
        for at in range(0, min(len(text), LONGEST), 4):
            four = text[at : at + 4]
            steps.append(Step(escape_value(four), *_three(four), exact=True))
        size = _size(text)
        note = translate("Explain", "characters stand for six bits each")
        total = (
            translate("Explain", "no base64")
            if size is None
            else translate("Explain", "%n byte(s)", "", size)
        )
        return (*steps, Step(translate("Explain", "together"), total, note))

    return works


def _three(four: bytes) -> tuple[str, str]:
    try:
        data = binascii.a2b_base64(four, strict_mode=True)
    except (binascii.Error, ValueError):
        return "", translate("Explain", "not base64")
    return data.hex(" "), translate("Explain", "%n byte(s)", "", len(data))


def _size(text: bytes) -> int | None:
    try:
        return len(binascii.a2b_base64(text, strict_mode=True))
    except (binascii.Error, ValueError):
        return None


def _steps(found: Sequence[Counted]) -> tuple[Step, ...]:
    return tuple(Step(each.name, each.value, each.note) for each in found)


def accept_works(request: bytes, came: bytes) -> Works:
    """From the key of ``request`` to the value that should stand here, and the value that does."""

    def works() -> tuple[Step, ...]:
        found = calculate(request)
        if found is None or not found.steps:
            return (Step(translate("Explain", "key"), "", translate("Explain", "the request has none")),)
        steps = _steps(found.steps)
        equal = found.expected == came
        note = translate("Explain", "equal") if equal else translate("Explain", "not equal")
        return (*steps, Step(translate("Explain", "came"), escape_value(came), note))

    return works


def expected_works(key: bytes) -> Works:
    """From a key to the accept value that a server must answer."""
    return lambda: _steps(accept_steps(key))


def digest_works(request: bytes, response: Response) -> Works:
    """From the two keys and the eight bytes of ``request`` to the 16 bytes behind the answer."""

    def works() -> tuple[Step, ...]:
        found: Calculation | None = calculate(request, response)
        return _steps(found.steps) if found is not None else ()

    return works


def number_works(key: bytes) -> Works:
    """The number that a key of hixie-76 hides."""

    def works() -> tuple[Step, ...]:
        read = read_numbered_key(key)
        result = translate("Explain", "none") if read.number is None else str(read.number)
        return (
            Step(
                translate("Explain", "digits"),
                escape_value(read.digits),
                translate("Explain", "all of them, joined"),
            ),
            Step(translate("Explain", "spaces"), str(read.spaces), translate("Explain", "counted")),
            Step(
                translate("Explain", "number"),
                result,
                read.fault or translate("Explain", "the digits divided by the spaces"),
            ),
        )

    return works
