"""Frames out of a capture for printing: columns by the page, bytes in large pieces."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wsinspector.capture.reader import CaptureReader
from wsinspector.cli.frame_findings import frame_findings
from wsinspector.conversation.remains import dropped_to
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.typenames import number_on_wire
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.columns import FLAG_MASKED, FLAG_OUT, FrameColumns
from wsinspector.protocol.dialects import dialect_called
from wsinspector.protocol.framings import Framing
from wsinspector.protocol.framings.whole import WholeFraming
from wsinspector.protocol.opcodes import opcode_of
from wsinspector.protocol.spans import Direction, Role

PAGE = 1024
"""Frames whose columns are read in one go."""

PIECE = 1 << 18
"""Bytes of a direction read in one go."""

_NEAR = 16
"""Wanted frames as near as this are read as one run."""


@dataclass(slots=True)
class Frame:
    """One frame as printed; ``at`` in seconds since connecting began, ``payload`` unmasked.

    ``first``: FIN, RSV and opcode in RFC 6455's numbering. ``header``: as it travelled. ``key``: four
    bytes of a masking key, or of hybi-04's frame nonce; None where the frame is not masked. ``imported``:
    the kind of file it was composed from, which does not tell how it was framed. ``not_kept``: bytes of it
    that are not in the file; ``payload`` then stops before the first of them.
    """

    no: int
    outgoing: bool
    at: float
    first: int
    header: bytes
    key: bytes | None
    length: int
    payload: bytes
    anomalies: int
    agreed: Agreed
    sender: Role
    imported: str = ""
    not_kept: int = 0

    @property
    def name(self) -> str:
        """As the opcode is called; a reserved one by the number that travelled."""
        opcode = opcode_of(self.first)
        if opcode.defined:
            return opcode.name
        layout = dialect_called(self.agreed.dialect).framing_name
        return f"reserved 0x{number_on_wire(opcode.number, layout):X}"

    @property
    def findings(self) -> list[dict[str, str]]:
        return frame_findings(
            self.header,
            self.sender,
            self.anomalies,
            agreed=self.agreed,
            length=self.length,
            payload=self.payload,
        )


@dataclass(frozen=True, slots=True)
class NotKept:
    """Frames ``first`` to ``last``, which are not in the file any more."""

    first: int
    last: int


def read_rows(
    reader: CaptureReader, snapshot: AttemptSnapshot, first_no: int, last_no: int, *, limited: bool = False
) -> Iterator[Frame | NotKept]:
    """Frames ``first_no`` to ``last_no``, all of them committed, and the runs that were not kept.

    ``limited``: what is read now may be dropped meanwhile, and is looked at again.
    """
    no = first_no
    while no <= last_no:
        columns = reader.columns(snapshot.attempt_id, no, min(PAGE, last_no - no + 1))
        count = len(columns)
        if not count:
            return
        yield from _Page(reader, snapshot, columns, no, limited=limited).rows()
        no += count


def read_frames(
    reader: CaptureReader, snapshot: AttemptSnapshot, numbers: Iterable[int], *, limited: bool = False
) -> Iterator[Frame]:
    """The frames ``numbers``, in rising order, as far as they are in the file."""
    wanted: list[int] = []
    for number in numbers:
        if wanted and (number - wanted[-1] > _NEAR or number - wanted[0] >= PAGE):
            yield from _chosen(reader, snapshot, wanted, limited=limited)
            wanted = []
        wanted.append(number)
    yield from _chosen(reader, snapshot, wanted, limited=limited)


def _chosen(
    reader: CaptureReader, snapshot: AttemptSnapshot, wanted: list[int], *, limited: bool
) -> Iterator[Frame]:
    if not wanted:
        return
    columns = reader.columns(snapshot.attempt_id, wanted[0], wanted[-1] - wanted[0] + 1)
    for row in _Page(reader, snapshot, columns, wanted[0], limited=limited).rows(wanted):
        if isinstance(row, Frame):
            yield row


class _Page:
    """Columns of frames from ``first_no`` on, and the bytes read of either direction."""

    def __init__(
        self,
        reader: CaptureReader,
        snapshot: AttemptSnapshot,
        columns: FrameColumns,
        first_no: int,
        *,
        limited: bool,
    ) -> None:
        self._reader = reader
        self._snapshot = snapshot
        self._columns = columns
        self._first_no = first_no
        self._limited = limited
        self._gone = 0
        self._held: list[tuple[int, bytes]] = [(0, b""), (0, b"")]
        self._ends = [0, 0]
        self._holes = [reader.holes(snapshot.attempt_id, side) for side in (Direction.IN, Direction.OUT)]
        for flags, offset, header, length in zip(
            columns.flags, columns.offset, columns.header, columns.length, strict=True
        ):
            side = flags & FLAG_OUT
            self._ends[side] = max(self._ends[side], min(offset + header + length, (1 << 63) - 1))

    def rows(self, wanted: Iterable[int] | None = None) -> Iterator[Frame | NotKept]:
        snapshot, columns = self._snapshot, self._columns
        agreed, role = snapshot.agreed, snapshot.role
        framing = dialect_called(agreed.dialect).framing
        others = Role.SERVER if role is Role.CLIENT else Role.CLIENT
        lost = 0
        past = self._first_no + len(columns)
        no = self._first_no - 1
        for no in range(self._first_no, past) if wanted is None else wanted:
            if no >= past:
                break
            place = no - self._first_no
            body_at = columns.header[place]
            flags = columns.flags[place]
            length = columns.length[place]
            data = self._bytes(flags & FLAG_OUT, columns.offset[place], body_at + length) if body_at else b""
            if not body_at or no <= self._gone:
                lost += 1
                continue
            if lost:
                yield NotKept(no - lost, no - 1)
                lost = 0
            outgoing = bool(flags & FLAG_OUT)
            header, payload = data[:body_at], data[body_at:]
            sender = role if outgoing else others
            masked = bool(flags & FLAG_MASKED)
            not_kept = 0
            if self._holes[outgoing]:
                not_kept = self._missing(outgoing, columns.offset[place], body_at + length)
            if not_kept:
                header, payload = self._there(outgoing, columns.offset[place], header, payload, masked=masked)
            if masked and header:
                payload = framing.unmask(header, payload, 0, sender=sender, agreed=agreed)
            yield Frame(
                no,
                outgoing,
                (columns.time[place] - snapshot.mono_ns) / 1e9,
                columns.first[place],
                header,
                _key(framing, header) if masked and header else None,
                length,
                payload,
                columns.anomalies[place] if header else 0,
                agreed,
                sender,
                snapshot.imported,
                not_kept,
            )
        if lost:
            yield NotKept(no - lost + 1, no)

    def _missing(self, side: int, begin: int, size: int) -> int:
        """How many of these bytes are not in the file."""
        end = begin + size
        return sum(max(0, min(stop, end) - max(start, begin)) for start, stop in self._holes[side])

    def _there(
        self, side: int, begin: int, header: bytes, payload: bytes, *, masked: bool
    ) -> tuple[bytes, bytes]:
        """What is known of a frame that is there in part: its header or none, its payload up to a hole."""
        body = begin + len(header)
        if self._missing(side, begin, len(header)):
            header = b""
        first = min((max(start, body) for start, stop in self._holes[side] if stop > body), default=body)
        return header, payload[: first - body] if header or not masked else b""

    def _bytes(self, side: int, begin: int, size: int) -> bytes:
        begun, data = self._held[side]
        at = begin - begun
        if at >= 0 and at + size <= len(data):
            return data[at : at + size]
        end = min(begin + size, (1 << 63) - 1)
        upto = max(end, min(begin + PIECE, self._ends[side]))
        data = self._reader.stream(self._snapshot.attempt_id, Direction(side), begin, upto)
        if self._limited:
            self._gone = max(self._gone, dropped_to(self._reader, self._snapshot.attempt_id))
        self._held[side] = (begin, data)
        return data[: end - begin]


def _key(framing: Framing, header: bytes) -> bytes:
    """Where the header itself is masked, the key stands before it; else behind it."""
    return header[:4] if framing.name == WholeFraming.name else header[-4:]
