"""A frame's header as the figure of RFC 6455 §5.2 draws it: 32 bits a row, a cell a field or a byte.

Every layout that ever travelled is drawn in the same way, as it is: also one that has no bits, only
bytes, and one whose header is masked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.hexlines import MASK
from wsinspector.present.numbers import count
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.explain import FieldDetail
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate
from wsinspector.verdicts.frame_rules import rule_name

ROW_BITS = 32
ROW_BYTES = ROW_BITS // 8
LEAST_ROWS = 3
MOST_ROWS = 16
PAYLOAD = "payload"


@dataclass(frozen=True, slots=True)
class Field:
    """A line under the figure. ``start`` to ``end``: bits of the frame; ``role``: the colour's name.

    ``rule``: the id of the rule that a fault breaks, empty where there is none.
    """

    name: str
    value: str
    meaning: str
    clause: str
    role: str
    start: int
    end: int
    rule: str = ""

    def holds_byte(self, byte: int) -> bool:
        """Whether any bit of ``byte`` belongs to the field."""
        return self.start < 8 * byte + 8 and 8 * byte < self.end


@dataclass(frozen=True, slots=True)
class Cell:
    """One box: ``row`` and ``column`` (0 to 31) of its first bit, its ``width`` in bits, its text.

    ``field`` is the index of its field, ``byte`` that of its (first) byte.
    """

    row: int
    column: int
    width: int
    text: str
    role: str
    field: int
    byte: int


@dataclass(frozen=True, slots=True)
class BitMap:
    """The cells, the fields, and how many bytes of the frame the figure leaves out."""

    fields: tuple[Field, ...]
    cells: tuple[Cell, ...]
    rows: int
    left_out: int

    def field_of_byte(self, byte: int) -> int | None:
        """The last field with a bit in ``byte``: of a byte with flags and a number, the number."""
        found = [index for index, field in enumerate(self.fields) if field.holds_byte(byte)]
        return found[-1] if found else None


def draw(
    fields: tuple[Field, ...],
    wire: bytes,
    total: int,
    *,
    header: int | None = None,
    begin: int = 0,
    opaque_from: int | None = None,
    last: bytes = b"",
) -> BitMap:
    """Lay ``fields`` out over the frame's first bytes ``wire``; ``total`` bytes belong to the frame.

    A byte that fields share is drawn as bits, any other as a byte, down to the end of the row in
    which the header (``header`` bytes) ends and at least three rows. ``begin``: index in the frame of
    the first byte drawn. ``opaque_from``: from this byte on the bits as they travelled mean nothing, so
    each byte is one cell. ``last``: the byte that ends the frame, drawn in a row of its own where the
    figure does not reach it.
    """
    if header is None:
        header = max((-(-field.end // 8) for field in fields if field.role != PAYLOAD), default=0)
    rows = min(max(LEAST_ROWS, -(-(header - begin) // ROW_BYTES)), MOST_ROWS)
    rows = min(rows, max(1, -(-(len(wire) - begin) // ROW_BYTES)))
    stop = min(len(wire), begin + rows * ROW_BYTES)
    cells: list[Cell] = []
    for byte in range(begin, stop):
        opaque = opaque_from is not None and byte >= opaque_from
        cells += _cells_of(fields, wire[byte], byte, byte - begin, opaque=opaque)
    left_out = max(0, total - stop)
    if last and left_out:
        left_out -= 1
        ending = next((at for at, field in enumerate(fields) if field.holds_byte(total - 1)), len(fields) - 1)
        if left_out:
            middle = next((at for at, field in enumerate(fields) if field.role == PAYLOAD), ending)
            wide = ROW_BITS - 8
            cells.append(Cell(rows, 0, wide, "…", PAYLOAD, middle, stop))
        role = fields[ending].role
        column = ROW_BITS - 8 if left_out else 0
        cells.append(Cell(rows, column, 8, last.hex(), role, ending, total - 1))
        rows += 1
    return BitMap(fields, tuple(cells), rows, left_out)


def _cells_of(fields: tuple[Field, ...], value: int, byte: int, place: int, *, opaque: bool) -> list[Cell]:
    """The cells of one byte of the frame, drawn as byte ``place`` of the figure."""
    row, column = divmod(8 * place, ROW_BITS)
    inside = [
        (index, max(field.start, 8 * byte), min(field.end, 8 * byte + 8))
        for index, field in enumerate(fields)
        if field.holds_byte(byte)
    ]
    if opaque and inside:
        index = inside[-1][0]
        return [Cell(row, column, 8, f"{value:02x}", fields[index].role, index, byte)]
    cells = []
    for index, start, end in inside:
        role = fields[index].role
        if end - start == 8:
            cells.append(Cell(row, column, 8, f"{value:02x}", role, index, byte))
            continue
        # The reserved bits are boxes of their own, also where one line speaks of them.
        step = 1 if role == "rsv" else end - start
        for bit in range(start, end, step):
            text = f"{value:08b}"[bit - 8 * byte : bit - 8 * byte + step]
            cells.append(Cell(row, column + bit - 8 * byte, step, text, role, index, byte))
    return cells


@dataclass(frozen=True, slots=True)
class Unmasked:
    """What a frame says whose header is masked too (hybi-04 to 06), byte by byte.

    ``wire``, ``key`` and ``plain`` have the same length, that of the bytes drawn, and begin after the
    four bytes ``prefix``: each of ``wire`` XOR that of ``key`` gives ``plain``. ``figure`` draws the plain
    bytes; its fields and byte numbers are those of the figure of what travelled.
    """

    prefix: bytes
    wire: bytes
    key: bytes
    plain: bytes
    figure: BitMap
    note: str


@dataclass(frozen=True, slots=True)
class Masking:
    """The beginning of a masked payload, byte by byte: each of ``wire`` XOR that of ``key`` gives ``plain``.

    ``first``: index in the frame of their first byte. ``left_out``: bytes that follow.
    ``gone``: (start, stop) of ``plain`` that the capture holds no bytes of.
    """

    first: int
    wire: bytes
    key: bytes
    plain: bytes
    left_out: int = 0
    gone: tuple[tuple[int, int], ...] = ()

    def is_gone(self, at: int) -> bool:
        """Whether the capture holds no bytes of column ``at``."""
        return any(start <= at < stop for start, stop in self.gone)


SUMMED = 64
"""Bytes of a payload whose masking is shown."""


@dataclass(frozen=True, slots=True)
class Picture:
    """All that the detail pane shows of one frame. ``faults`` are what is wrong, a line each.

    ``figure`` draws what travelled; ``unmasked`` what that says, where the header is masked too;
    ``masking`` how its payload is unmasked, where only that is masked.
    """

    title: str
    note: str
    figure: BitMap
    faults: tuple[Field, ...]
    unmasked: Unmasked | None = None
    masking: Masking | None = None


def picture_of(
    reading: FrameReading,
    facts: FrameFacts,
    *,
    inflated: int | None = None,
    gone: Sequence[tuple[int, int]] = (),
) -> Picture:
    """Explain one frame of the capture. ``inflated``: bytes its payload inflates to, where known.

    ``gone``: (start, stop) of its payload that a copy made to share holds no bytes of.
    """
    drawn = max(LEAST_ROWS + 1, min(-(-facts.header // ROW_BYTES), MOST_ROWS)) * ROW_BYTES
    wire = reading.wire(facts, drawn)
    header = wire[: facts.header] if facts.header <= drawn else reading.header(facts)
    sender = reading.sender(facts)
    detail = reading.framing.explain(
        header,
        sender=sender,
        agreed=reading.agreed,
        anomalies=FrameAnomaly(facts.anomalies),
        payload_available=_come(reading, facts),
        length=facts.length,
        compressed=facts.compressed,
    )
    fields = tuple(_merged(detail.fields, inflated))
    faults = tuple(
        Field(
            *("✕", "", anomaly.text, anomaly.clause, "fault"),
            start=8 * anomaly.span.start,
            end=8 * anomaly.span.end,
            rule=rule_name(anomaly.code),
        )
        for anomaly in detail.anomalies
    )
    total = facts.header + facts.length + facts.sentinel
    last = b""
    if facts.sentinel:
        last = reading.source.stream(facts.direction, facts.payload_end, facts.end)
    plain = reading.plain_header(facts)
    unmasked = None
    opaque = None
    if plain[PREFIX:] and _is_whole(reading, facts, header):
        opaque = PREFIX
        unmasked = _unmasked(reading, facts, wire, plain, fields, total)
    figure = draw(fields, wire, total, header=facts.header, opaque_from=opaque, last=last)
    figure = _without(figure, facts.header, gone)
    masking = _masking(reading, facts, gone) if unmasked is None else None
    return Picture(_title(facts), _note(facts), figure, faults, unmasked, masking)


def _without(figure: BitMap, header: int, gone: Sequence[tuple[int, int]]) -> BitMap:
    """``figure`` with dots for the payload's bytes that are ``gone``."""
    if not gone:
        return figure
    cells = tuple(
        replace(cell, text=MASK * 2)
        if any(start <= cell.byte - header < stop for start, stop in gone) and cell.text != "…"
        else cell
        for cell in figure.cells
    )
    return replace(figure, cells=cells)


def _masking(
    reading: FrameReading, facts: FrameFacts, gone: Sequence[tuple[int, int]] = ()
) -> Masking | None:
    if not reading.key(facts):
        return None
    wire = reading.wire(facts, facts.header + SUMMED)[facts.header :]
    plain = reading.payload(facts, 0, SUMMED)
    wire = wire[: len(plain)]
    if not plain or len(wire) < len(plain):
        return None
    key = bytes(one ^ other for one, other in zip(wire, plain, strict=True))
    return Masking(facts.header, wire, key, plain, facts.length - len(plain), tuple(gone))


def field_text(field: Field) -> str:
    """A field as it is copied: ``opcode 0x1 text: …  (RFC 6455 §5.2)``."""
    said = f"{field.name} {field.value}".strip()
    clause = f" ({field.clause})" if field.clause else ""
    return f"{said}: {field.meaning}{clause}"


def _come(reading: FrameReading, facts: FrameFacts) -> int | None:
    """Payload bytes of a frame that is still arriving and tells no length; None for any other."""
    unending = reading.framing.name == "sentinel" and not facts.number and not facts.sentinel
    return facts.length if unending else None


PREFIX = 4
"""Bytes before a frame that is masked as a whole: its key, or the nonce its key is made of."""


def _is_whole(reading: FrameReading, facts: FrameFacts, header: bytes) -> bool:
    """Whether the mask covers the header; decided by the layout, since a key of zeros changes nothing."""
    return (
        reading.framing.name == "whole"
        and reading.sender(facts) is Role.CLIENT
        and len(header) == facts.header > PREFIX
    )


def _unmasked(
    reading: FrameReading,
    facts: FrameFacts,
    wire: bytes,
    header: bytes,
    fields: tuple[Field, ...],
    total: int,
) -> Unmasked:
    payload = reading.payload(facts, 0, max(0, len(wire) - len(header)))
    plain = (header + payload)[: len(wire)]
    covered = wire[PREFIX : len(plain)]
    key = bytes(one ^ other for one, other in zip(covered, plain[PREFIX:], strict=True))
    figure = draw(fields, plain, total, header=facts.header, begin=PREFIX)
    return Unmasked(wire[:PREFIX], covered, key, plain[PREFIX:], figure, _mask_note(reading.agreed))


def _mask_note(agreed: Agreed) -> str:
    if agreed.dialect != "hybi-04":
        return translate(
            "Bits", "The first four bytes are the key. All that follows is XORed with it, the header too."
        )
    if not agreed.connection_key:
        return translate(
            "Bits",
            "The first four bytes are the frame's nonce. The connection's key is not known, since no nonce "
            "was read from the handshake: what follows cannot be unmasked.",
        )
    return translate(
        "Bits",
        "The first four bytes are the frame's nonce. SHA-1 of it and of the connection's key gives 20 "
        "bytes; all that follows is XORed with them, the header too.",
    )


def _note(facts: FrameFacts) -> str:
    parts = [str(facts.header), count(facts.length)]
    if facts.sentinel:
        parts.append("1")
    return translate("Bits", "{parts} bytes on the wire").format(parts=" + ".join(parts))


def _title(facts: FrameFacts) -> str:
    if not facts.number:
        return translate("Bits", "Frame still arriving")
    return translate("Bits", "Frame {number}").format(number=facts.number)


def _merged(details: tuple[FieldDetail, ...], inflated: int | None) -> list[Field]:
    """Fields as lines: reserved bits that are 0 and stand side by side share one."""
    made: list[Field] = []
    for one in details:
        start, end = one.bits
        meaning = one.meaning
        if one.role_key == "length" and inflated is not None:
            meaning = translate("Bits", "inflates to %n byte(s)", "", inflated)
        before = made[-1] if made else None
        if (
            before is not None
            and one.role_key == before.role == "rsv"
            and one.value == before.value == "0"
            and (before.clause, before.meaning) == (one.clause, meaning)
        ):
            name = f"{before.name.split('–')[0]}–{one.name[-1]}"
            made[-1] = Field(name, "0", meaning, one.clause, "rsv", before.start, end)
            continue
        made.append(Field(one.name, one.value, meaning, one.clause, one.role_key, start, end))
    return made
