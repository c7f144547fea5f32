"""The arithmetic of a frame shown on its own bytes: bits, lengths, masking, compression."""

from wsinspector.learn.byte_pieces import byte_name
from wsinspector.learn.pieces import Step, Works
from wsinspector.protocol.deflate import TAIL
from wsinspector.protocol.frame_detail import count
from wsinspector.translate import translate

SUMMED = 16
"""Bytes of a payload whose masking is written out."""


def length_works(head: bytes) -> Works:
    """How the length in a header of two bytes and more is read; ``head``: as its sender had it."""

    def works() -> tuple[Step, ...]:
        if len(head) < 2:
            return ()
        second = head[1]
        short = second & 0x7F
        low = translate("Explain", "{byte:#04x} is {bits:08b} in bits").format(byte=second, bits=second)
        first = Step(
            translate("Explain", "low seven bits"),
            f"{second:#04x} AND 0x7f = {short}",
            low,
        )
        if short < 126:
            note = translate("Explain", "0 to 125: this is the length itself")
            return first, Step(translate("Explain", "length"), str(short), note)
        size = 2 if short == 126 else 8
        digits = head[2 : 2 + size]
        note = (
            translate("Explain", "126: the next two bytes are the length, from 126 to 65535")
            if short == 126
            else translate("Explain", "127: the next eight bytes are the length, from 65536 on")
        )
        steps = [first, Step(str(short), digits.hex(" "), note)]
        if len(digits) == size:
            steps.append(_sum(digits))
        return tuple(steps)

    return works


def _sum(digits: bytes) -> Step:
    value = int.from_bytes(digits, "big")
    significant = digits.lstrip(b"\0") or b"\0"
    last = len(significant) - 1
    terms = [f"{byte} × {count(256 ** (last - at))}" for at, byte in enumerate(significant) if at < last]
    terms.append(str(significant[-1]))
    note = translate("Explain", "the first byte is the highest")
    return Step(translate("Explain", "length"), f"{' + '.join(terms)} = {count(value)}", note)


def seven_bit_works(digits: bytes) -> Works:
    """A length of hixie: seven bits of each byte, the highest first."""

    def works() -> tuple[Step, ...]:
        steps, value = [], 0
        for byte in digits:
            before, value = value, value * 128 + (byte & 0x7F)
            steps.append(
                Step(
                    f"{byte:02x}",
                    f"{count(before)} × 128 + {byte & 0x7F} = {count(value)}",
                    f"{byte:08b}",
                    exact=True,
                )
            )
        return tuple(steps)

    return works


def mask_works(wire: bytes, plain: bytes, *, note_text: bool) -> Works:
    """Each byte that travelled XOR its byte of the key gives a byte of what was meant."""

    def works() -> tuple[Step, ...]:
        steps = []
        for at, (one, other) in enumerate(zip(wire[:SUMMED], plain[:SUMMED], strict=False)):
            name = translate("Explain", "byte {at}").format(at=at)
            note = byte_name(other) if note_text and 0x20 <= other < 0x7F else ""
            steps.append(Step(name, f"{one:02x} XOR {one ^ other:02x} = {other:02x}", note))
        if len(wire) > SUMMED:
            more = translate("Explain", "and so on, the key again from its first byte")
            steps.append(Step("…", "", more))
        return tuple(steps)

    return works


def byte_mask_works(wire: int, plain: int, place: int, size: int) -> Works:
    """One byte of a masked payload. ``place``: its index there; ``size``: bytes of the key."""

    def works() -> tuple[Step, ...]:
        which = translate("Explain", "byte {at} modulo {size}").format(at=place, size=size)
        return (
            Step(translate("Explain", "travelled"), f"{wire:02x}", f"{wire:08b}"),
            Step(translate("Explain", "key byte {n}").format(n=place % size), f"{wire ^ plain:02x}", which),
            Step(translate("Explain", "XOR"), f"{plain:02x}", f"{plain:08b}"),
        )

    return works


def deflate_works(
    beginning: bytes, size: int, inflated: int | None, shown: str, *, starts: bool, ends: bool
) -> Works:
    """From compressed bytes to what they say. ``beginning``: of the compressed bytes, unmasked.

    ``inflated``: bytes they give, None where that is not known; ``shown``: the beginning of them.
    """

    def works() -> tuple[Step, ...]:
        steps = [
            Step(
                translate("Explain", "compressed"),
                translate("Explain", "%n byte(s)", "", size),
                beginning[:SUMMED].hex(" "),
            )
        ]
        if starts and beginning:
            steps.append(_block(beginning[0]))
        if ends:
            steps.append(
                Step(
                    translate("Explain", "appended"),
                    TAIL.hex(" "),
                    translate(
                        "Explain", "the end of every message, which the sender cuts off to save four bytes"
                    ),
                )
            )
        if inflated is not None:
            steps.append(
                Step(
                    translate("Explain", "inflated"), translate("Explain", "%n byte(s)", "", inflated), shown
                )
            )
        return tuple(steps)

    return works


def _block(byte: int) -> Step:
    kinds = (
        translate("Explain", "stored as it is"),
        translate("Explain", "compressed with the fixed codes"),
        translate("Explain", "compressed with codes of its own"),
        translate("Explain", "no kind of block"),
    )
    kind = byte >> 1 & 3
    name = translate("Explain", "first three bits")
    return Step(name, f"BFINAL {byte & 1}, BTYPE {kind:02b}", kinds[kind])


def code_works(body: bytes) -> Works:
    """A close code out of its two bytes."""

    def works() -> tuple[Step, ...]:
        if len(body) < 2:
            return ()
        value = int.from_bytes(body[:2], "big")
        note = translate("Explain", "the first byte is the highest")
        return (Step(body[:2].hex(" "), f"{body[0]} × 256 + {body[1]} = {value}", note, exact=True),)

    return works
