"""A frame's header as the figure of RFC 6455 §5.2 draws it: 32 bits a row, a cell a field or a byte."""

from dataclasses import dataclass

from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.numbers import count
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.explain import FieldDetail, explain_frame
from wsinspector.protocol.frames import MAX_HEADER
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate

ROW_BITS = 32
ROW_BYTES = ROW_BITS // 8
LEAST_ROWS = 3
PAYLOAD = "payload"


@dataclass(frozen=True, slots=True)
class Field:
    """A line under the figure. ``bits``: half-open range in the frame; ``role``: the colour's name."""

    name: str
    value: str
    meaning: str
    clause: str
    role: str
    start: int
    end: int

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


def draw(fields: tuple[Field, ...], wire: bytes, total: int) -> BitMap:
    """Lay ``fields`` out over the frame's first bytes ``wire``; ``total`` bytes belong to the frame.

    The first two bytes are drawn as bits, later ones as a byte each, down to the end of the row in
    which the header ends and at least three rows.
    """
    header_bits = max((field.end for field in fields if field.role != PAYLOAD), default=0)
    rows = max(LEAST_ROWS, -(-header_bits // ROW_BITS))
    rows = min(rows, max(1, -(-len(wire) * 8 // ROW_BITS)))
    shown = min(len(wire), rows * ROW_BITS // 8)
    cells: list[Cell] = []
    for index, field in enumerate(fields):
        start = field.start
        while start < min(field.end, shown * 8):
            if start < 16:
                # The three reserved bits are three boxes, also where one line speaks of them.
                end = start + 1 if field.role == "rsv" else min(field.end, 16, shown * 8)
                text = _bits(wire, start, end)
            else:
                end = min(start // 8 * 8 + 8, field.end)
                text = f"{wire[start // 8]:02x}"
            cells.append(
                Cell(start // ROW_BITS, start % ROW_BITS, end - start, text, field.role, index, start // 8)
            )
            start = end
    return BitMap(fields, tuple(cells), rows, max(0, total - shown))


def _bits(wire: bytes, start: int, end: int) -> str:
    return "".join(str(wire[bit // 8] >> (7 - bit % 8) & 1) for bit in range(start, end))


@dataclass(frozen=True, slots=True)
class Picture:
    """All that the detail pane shows of one frame. ``faults`` are what is wrong, a line each."""

    title: str
    note: str
    figure: BitMap
    faults: tuple[Field, ...]


def picture_of(
    reading: FrameReading, facts: FrameFacts, *, we_are: Role = Role.CLIENT, inflated: int | None = None
) -> Picture:
    """Explain one frame of the capture. ``inflated``: bytes its payload inflates to, where known."""
    wire = reading.wire(facts, -(-MAX_HEADER // ROW_BYTES) * ROW_BYTES)
    header = wire[: facts.header]
    other = Role.SERVER if we_are is Role.CLIENT else Role.CLIENT
    detail = explain_frame(
        header,
        sender=we_are if facts.out else other,
        anomalies=FrameAnomaly(facts.anomalies),
        payload_available=None,
        compressed=facts.compressed,
    )
    fields = tuple(_merged(detail.fields, inflated))
    faults = tuple(
        Field("✕", "", anomaly.text, anomaly.clause, "fault", 8 * anomaly.span.start, 8 * anomaly.span.end)
        for anomaly in detail.anomalies
    )
    total = facts.header + facts.length
    note = translate("Bits", "{header} + {payload} bytes on the wire")
    size = count(facts.length)
    return Picture(
        _title(facts),
        note.format(header=facts.header, payload=size),
        draw(fields, wire, total),
        faults,
    )


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
            text = translate("Bits", "inflates to {count} bytes")
            meaning = text.format(count=count(inflated))
        before = made[-1] if made else None
        if (
            before is not None
            and one.role_key == before.role == "rsv"
            and one.value == before.value == "0"
            and before.clause == one.clause
        ):
            name = f"{before.name.split('–')[0]}–{one.name[-1]}"
            made[-1] = Field(name, "0", meaning, one.clause, "rsv", before.start, end)
            continue
        made.append(Field(one.name, one.value, meaning, one.clause, one.role_key, start, end))
    return made
