"""A conversation that another process is having: its attempts are followed through the file it writes."""

import dataclasses
import os
import threading
from pathlib import Path

from wsinspector.capture import AttemptRow, CaptureError, CaptureReader
from wsinspector.capture.locking import WriterWatch, key_of
from wsinspector.capture.opening import renew_readers
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.remains import dropped, dropped_to, last_byte, losses, unfinished
from wsinspector.conversation.restore import restored_attempt
from wsinspector.conversation.snapshot import AttemptSnapshot, Phase
from wsinspector.conversation.traffic import notable
from wsinspector.protocol.columns import FLAG_OUT
from wsinspector.protocol.spans import Direction

EVERY = 0.2  # s between two looks into the file
FRAMES_AT_ONCE = 1 << 16


class Following:
    """Looks into the capture of ``conversation``, which is read only, on a thread of its own.

    ``watch`` is closed with :meth:`stop`, to be called before the conversation is closed. Once nobody
    writes any more, the last state is taken, and the conversation may be added to where the file may.
    """

    def __init__(self, conversation: Conversation, path: Path, watch: WriterWatch) -> None:
        self.trouble = ""
        self._conversation = conversation
        self._path = path
        self._watch = watch
        self._rows: dict[int, AttemptRow] = {}
        self._stopping = threading.Event()
        self._written = True
        self._thread = threading.Thread(target=self._run, name="following a capture", daemon=True)

    @property
    def written(self) -> bool:
        """Whether another still writes the file."""
        return self._written

    def start(self) -> "Following":
        self._thread.start()
        return self

    def give_up(self) -> None:
        """Ask it to look no more, and do not wait."""
        self._stopping.set()

    def stop(self) -> None:
        """Look no more; waits for a look that is under way. The lock's watch stays open: see close."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def close(self) -> None:
        """Let go of the file, after everything else in this process did."""
        self.stop()
        self._watch.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            # Asked first: what was written before the writer let go is then read below.
            written = self._watch.written
            try:
                if not written:
                    # Where the writer took its journal away, what is read from now on is the file's own.
                    renew_readers(key_of(self._path))
                self.look(written=written)
                self.trouble = ""
            except (CaptureError, OSError, KeyError, ValueError, TypeError) as error:
                self.trouble = f"The file cannot be followed: {error}"
            if not written:
                if os.access(self._path, os.W_OK):
                    self._conversation.take_over()
                self._written = False
                return
            self._stopping.wait(EVERY)

    def look(self, *, written: bool) -> None:
        """Take what was committed since. Raises CaptureError or OSError."""
        reader = self._conversation.reader()
        number = self._conversation.conversation_id
        if reader is None or number is None:
            return
        known = {attempt.number: attempt for attempt in self._conversation.attempts}
        for row in reader.attempts(number):
            attempt, before = known.get(row.number), self._rows.get(row.number)
            over = row.finished or row.facts.get("end") is not None or not written
            if attempt is None:
                attempt = restored_attempt(reader, row)
                if not over:
                    attempt.publish(_live(attempt.snapshot))
                self._conversation.attempts.append(attempt)
            elif before is not None and before.finished:
                continue
            elif over:
                if before is not None or attempt.live:
                    attempt.publish(restored_attempt(reader, row).snapshot)
            else:
                self._go_on(reader, row, attempt, before)
            self._rows[row.number] = dataclasses.replace(row, finished=over)

    def _go_on(
        self, reader: CaptureReader, row: AttemptRow, attempt: Attempt, before: AttemptRow | None
    ) -> None:
        snapshot = attempt.snapshot
        if not snapshot.live or snapshot.frames == 0 or before is None or before.facts != row.facts:
            # The handshake goes on, or it is the first look: everything is worked out again.
            fresh = _live(restored_attempt(reader, row).snapshot)
        else:
            fresh = grown(reader, row, snapshot)
        if dataclasses.replace(fresh, serial=snapshot.serial) != snapshot:
            attempt.publish(fresh)


def _live(snapshot: AttemptSnapshot) -> AttemptSnapshot:
    """A restored snapshot as what it is: a connection that goes on, elsewhere."""
    if snapshot.opened_at is not None:
        phase = Phase.OPEN
    elif snapshot.response is not None:
        phase = Phase.BODY if snapshot.response.head.complete else Phase.HEAD
    elif snapshot.request_at is not None:
        phase = Phase.SENT
    else:
        phase = Phase.TCP
    outcome = snapshot.outcome if snapshot.response is not None else None
    # A person here cannot answer in the place of the process that has the connection.
    return dataclasses.replace(snapshot, phase=phase, end=None, outcome=outcome, by_hand=False)


def grown(reader: CaptureReader, row: AttemptRow, before: AttemptSnapshot) -> AttemptSnapshot:
    """``before`` with what was committed since; only the new frames are looked at."""
    frames_in, frames_out, faults = before.frames_in, before.frames_out, before.faults
    faults -= sum(1 for one in before.pending if _at_fault(before, one.outgoing, one.anomalies))
    total = reader.frame_count(row.id)
    first = before.frames + 1
    while first <= total:
        columns = reader.columns(row.id, first, FRAMES_AT_ONCE)
        for flags, anomalies in zip(columns.flags, columns.anomalies, strict=True):
            # A frame that was not kept has no flags: most come from the peer.
            outgoing = bool(flags & FLAG_OUT)
            frames_out += outgoing
            frames_in += not outgoing
            faults += _at_fault(before, outgoing, anomalies)
        first += max(len(columns), 1)
    pending = unfinished(reader, row.id, before.agreed, before.role, {})
    faults += sum(1 for one in pending if _at_fault(before, one.outgoing, one.anomalies))
    lengths = {way: reader.stream_length(row.id, way) for way in Direction}
    moved = lengths != {Direction.IN: before.bytes_in, Direction.OUT: before.bytes_out}
    return dataclasses.replace(
        before,
        frames=total,
        frames_in=frames_in,
        frames_out=frames_out,
        faults=faults,
        pending=pending,
        bytes_in=lengths[Direction.IN],
        bytes_out=lengths[Direction.OUT],
        last_byte_at=last_byte(reader, row.id) if moved else before.last_byte_at,
        dropped=dropped(reader, row.id),
        losses=losses(reader, row.id),
        dropped_to=dropped_to(reader, row.id),
    )


def _at_fault(snapshot: AttemptSnapshot, outgoing: bool, anomalies: int) -> bool:
    return not outgoing and bool(anomalies & int(notable(snapshot.agreed)))
