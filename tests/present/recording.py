"""A connection recorded through the capture's own writer, as the engine would."""

from pathlib import Path

from wsinspector.capture import CaptureReader, CaptureWriter
from wsinspector.present.frame_index import FrameIndex
from wsinspector.present.frames import FrameReading, framing_of
from wsinspector.present.rows import Insertion, LogRows, Mode, Shown
from wsinspector.present.source import AttemptSource
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed, Numbering
from wsinspector.protocol.deflate import DeflateParameters, Deflater
from wsinspector.protocol.spans import Direction, Role

IN, OUT = Direction.IN, Direction.OUT
MS = 1_000_000
SECOND = 1_000_000_000

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Recording:
    """Frames go in, a capture file and its reader come out. Times begin at 1 s and go on by 1 ms."""

    def __init__(
        self,
        path: Path,
        *,
        deflate: bool = False,
        agreed: Agreed = NOTHING_AGREED,
        role: Role = Role.CLIENT,
    ) -> None:
        self.path = path
        self.writer = CaptureWriter.create(path)
        conversation = self.writer.new_conversation("ws://127.0.0.1", {})
        self.attempt = self.writer.new_attempt(
            conversation, 1, wall_ns=1_700_000_000 * SECOND, mono_ns=SECOND, facts={}
        )
        numbering = Numbering()
        self.agreed = Agreed(DeflateParameters()) if deflate else agreed
        self.role = role
        self.framing = framing_of(self.agreed)
        self.senders = {IN: Role.SERVER if role is Role.CLIENT else Role.CLIENT, OUT: role}
        self.scanners = {
            side: self.framing.scanner(side, sender, agreed=self.agreed, numbering=numbering)
            for side, sender in self.senders.items()
        }
        self.deflater = Deflater()
        self.now = SECOND
        self.frames = 0
        self._keys = 0x37FA213D
        self._reader: CaptureReader | None = None

    def wire(self, direction: Direction, data: bytes, *, after: int = 1_000_000) -> None:
        """``data`` came ``after`` ns later."""
        self.now += after
        self.attempt.bytes(direction, data, self.now)
        scanner = self.scanners[direction]
        scanner.feed(data, self.now)
        columns = scanner.take()
        self.frames += len(columns)
        self.attempt.frames(columns)

    def received(
        self, opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0, after: int = 1_000_000
    ) -> None:
        self.wire(IN, self.encoded(IN, opcode, payload, fin=fin, rsv=rsv), after=after)

    def sent(
        self, opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0, after: int = 1_000_000
    ) -> None:
        self.wire(OUT, self.encoded(OUT, opcode, payload, fin=fin, rsv=rsv), after=after)

    def encoded(
        self, side: Direction, opcode: int, payload: bytes, *, fin: bool = True, rsv: int = 0
    ) -> bytes:
        """A frame as a conforming sender would mask it."""
        sender = self.senders[side]
        masked = sender is Role.CLIENT and self.framing.abilities(self.agreed).masked
        key = self._key() if masked else None
        return self.framing.encode(
            opcode, payload, sender=sender, agreed=self.agreed, key=key, fin=fin, rsv=rsv
        )

    def reading(self, *, composed: bool = False) -> FrameReading:
        return FrameReading(self.source(), self.agreed, self.role, composed=composed)

    def _key(self) -> bytes:
        self._keys += 1
        return self._keys.to_bytes(4, "big")

    def compressed(self, text: str) -> None:
        """A compressed text message from the server."""
        self.received(TEXT, self.deflater.deflate(text.encode()), rsv=4)

    def end(self) -> None:
        for scanner in self.scanners.values():
            scanner.end(self.now)
            columns = scanner.take()
            self.frames += len(columns)
            self.attempt.frames(columns)

    def source(self) -> AttemptSource:
        assert self.writer.flush(10)
        if self._reader is None:
            self._reader = CaptureReader(self.path)
        return AttemptSource(self._reader, self.attempt.attempt_id)

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self.writer.close()


def grown(rows: LogRows, frames: int) -> LogRows:
    """``rows`` after all ``frames`` were read and put into place."""
    while rows.index.grow(frames):
        pass
    while True:
        before = rows.collected
        for insertion in rows.prepare():
            rows.apply(insertion)
        if rows.collected == before:
            return rows


def rows_of(recording: Recording, mode: Mode, shown: Shown | None = None) -> LogRows:
    return grown(LogRows(FrameIndex(recording.source()), mode, shown), recording.frames)


def put(rows: LogRows, insertion: Insertion | None) -> None:
    assert insertion is not None
    rows.apply(insertion)
