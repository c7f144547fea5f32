"""A frame's payload taken apart: a close code, text by its characters, bytes unmasked one by one."""

from collections.abc import Callable
from dataclasses import dataclass

from wsinspector.learn.byte_pieces import Names, byte_name, bytes_within
from wsinspector.learn.frame_steps import byte_mask_works, code_works, deflate_works
from wsinspector.learn.frame_texts import Around, reason_of
from wsinspector.learn.pieces import Opens, Piece, Reads, Said, Step, Works, piece
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.closecodes import close_code, describe
from wsinspector.protocol.escapes import escape_value
from wsinspector.protocol.frame_detail import FieldDetail
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts
from wsinspector.protocol.opcodes import CLOSE, CONTINUATION, TEXT
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate

SHOWN = 60
"""Bytes of what was inflated that a line shows."""


@dataclass(frozen=True, slots=True)
class Payload:
    """What came of a payload: ``size`` bytes from ``start`` of the stream on. See ``FrameToTell``.

    ``key_size``: bytes after which the mask begins anew. ``style``: what a closing frame holds.
    """

    start: int
    size: int
    opcode: int
    masked: bool
    compressed: bool
    starts: bool
    fin: bool
    key_size: int
    style: CloseStyle
    agreed: Agreed
    sender: Role
    reads: Reads
    plain: Callable[[int, int], bytes]
    inflated: Callable[[], tuple[bytes, int] | None] | None


def first_bad_byte(data: bytes) -> int | None:
    """Index of the first byte at which ``data`` stops being UTF-8; None where it is, or only breaks off."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data"
        return None if cut else error.start
    return None


def payload_piece(payload: Payload, field: FieldDetail | None, around: Around) -> Piece:
    """The payload as far as it came, at least one byte."""
    document = frame_facts(payload.agreed.dialect).document
    if field is None:
        field = FieldDetail("payload", (0, 8), "", "", document, "payload")
    reason = reason_of(field, around)
    said = Said(
        field.meaning or translate("Explain", "The bytes that came of the payload."),
        reason.why,
        reason.otherwise,
        reason.clause or field.clause,
        reason.terms,
    )
    opens: Opens = lambda: _inside(payload)  # noqa: E731
    return piece(
        translate("Explain", "payload"),
        payload.start,
        payload.start + payload.size,
        said,
        field.value,
        role="payload",
        opens=opens,
        works=_deflated(payload) if payload.compressed else None,
    )


def _deflated(payload: Payload) -> Works:
    def works() -> tuple[Step, ...]:
        found = payload.inflated() if payload.inflated is not None else None
        shown = escape_value(found[0][:SHOWN]) if found is not None else ""
        return deflate_works(
            payload.plain(0, 32),
            payload.size,
            found[1] if found is not None else None,
            shown,
            starts=payload.starts,
            ends=payload.fin or payload.agreed.per_frame,
        )()

    return works


def _inside(payload: Payload) -> tuple[Piece, ...]:
    if payload.opcode == CLOSE and not payload.compressed:
        if payload.style is CloseStyle.CODES and payload.size >= 2:
            return _close(payload)
        if payload.style is CloseStyle.MARKER and payload.size:
            return _marker(payload)
    return bytes_within(payload.reads, payload.start, payload.start + payload.size, _names(payload))()


def _close(payload: Payload) -> tuple[Piece, ...]:
    body = payload.plain(0, 2)
    start, end = payload.start, payload.start + payload.size
    document = frame_facts(payload.agreed.dialect).document
    standard = payload.agreed.dialect == "rfc6455"
    number = int.from_bytes(body[:2], "big")
    entry = close_code(number)
    said = Said(
        translate("Explain", entry.meaning) if len(body) == 2 else translate("Explain", "The close code."),
        translate("Explain", "Programs act on the number: reconnect, give up, ask for a login."),
        translate("Explain", "Without a code the other side reports 1005."),
        f"{entry.reference}, RFC 6455 §5.5.1" if standard else document,
        ("close-code",),
    )
    value = describe(number) if len(body) == 2 else ""
    code = piece(
        translate("Explain", "close code"), start, start + 2, said, value, role="payload",
        opens=bytes_within(payload.reads, start, start + 2, _names(payload, text=False)),
        works=code_works(body),
    )  # fmt: skip
    if payload.size == 2:
        return (code,)
    reason = Said(
        translate("Explain", "The reason, as UTF-8, for people: 123 bytes at most."),
        translate("Explain", "It helps who reads a log. It need not be fit to show a user."),
        translate("Explain", "It may be left out."),
        "RFC 6455 §5.5.1" if standard else document,
        ("close-code",),
    )
    return (
        code,
        piece(
            translate("Explain", "reason"), start + 2, end, reason, role="payload",
            opens=bytes_within(payload.reads, start + 2, end, _names(payload, text=True)),
        ),
    )  # fmt: skip


def _marker(payload: Payload) -> tuple[Piece, ...]:
    document = frame_facts(payload.agreed.dialect).document
    said = Said(
        translate("Explain", "One byte that tells who closes: S of a server, C of a client."),
        translate("Explain", "Draft 05 tells a side's own Close from one that only comes back."),
        translate("Explain", "Some servers give back the byte that they got."),
        document,
        ("hybi", "control-frame"),
    )
    start = payload.start
    names = _names(payload, text=True)
    mark = piece(translate("Explain", "mark of the side"), start, start + 1, said, role="payload")
    if payload.size == 1:
        return (mark,)
    rest = bytes_within(payload.reads, start + 1, start + payload.size, names)
    more = Said(
        translate("Explain", "Bytes behind the mark, which the draft does not ask for."), clause=document
    )
    return (
        mark,
        piece(
            translate("Explain", "more"), start + 1, start + payload.size, more, role="payload", opens=rest
        ),
    )


def _names(payload: Payload, *, text: bool | None = None) -> Names:
    """Tells one byte of the payload: what travelled, what the key makes of it, what it is."""
    as_text = text if text is not None else payload.opcode in (TEXT, CONTINUATION) and not payload.compressed

    def made(at: int, byte: bytes) -> Piece:
        place = at - payload.start
        plain = payload.plain(place, place + 1)
        meant = plain[0] if plain else byte[0]
        works = byte_mask_works(byte[0], meant, place, payload.key_size) if payload.masked and plain else None
        name = byte_name(meant) if as_text else f"{meant:02x}"
        value = f"{byte[0]:02x} → {meant:02x}" if payload.masked and plain else f"{byte[0]:02x}"
        return piece(
            name, at, at + 1, _said_of(meant, payload, as_text=as_text), value, role="bytes", works=works
        )

    return made


def _said_of(byte: int, payload: Payload, *, as_text: bool) -> Said:
    if payload.compressed:
        return Said(
            translate("Explain", "A byte of compressed data; its bits run over into its neighbours."),
            clause="RFC 1951 §3.1.1",
            terms=("permessage-deflate",),
        )
    if not as_text:
        return Said(translate("Explain", "One byte of what the sender put in."), clause="RFC 6455 §5.2")
    if byte < 0x80:
        return Said(translate("Explain", "One character, a byte of UTF-8."), clause="RFC 3629 §3")
    if byte < 0xC0:
        return Said(translate("Explain", "A further byte of a character of UTF-8."), clause="RFC 3629 §3")
    if 0xC2 <= byte <= 0xF4:
        size = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
        text = translate("Explain", "The first of the %n bytes of a character of UTF-8.", "", size)
        return Said(text, clause="RFC 3629 §3")
    return Said(translate("Explain", "A byte that UTF-8 never has."), clause="RFC 3629 §3")
