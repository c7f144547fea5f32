"""Files of others made into captures: what every importer shares, and which one a file is for."""

import itertools
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wsinspector.capture import AttemptWriter, CaptureError, CaptureReader, CaptureWriter
from wsinspector.conversation.restore import restored_attempts
from wsinspector.protocol.spans import Direction

MARK = "imported"
"""The member of an attempt's facts that says where it came from and what that could not tell."""

FLUSH_BYTES = 16 << 20
LARGEST = 1 << 62


class WrongFile(Exception):  # noqa: N818
    """A file that cannot be imported; the text says where and why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many attempts came, and what the files could not tell, in sentences."""

    attempts: int
    notes: tuple[str, ...]


Progress = Callable[[int, int], None]
"""Bytes read of a file, and how many it has."""


class Target:
    """The capture that an import fills: attempts of equal title follow each other in one conversation."""

    def __init__(self, path: Path) -> None:
        self.writer = CaptureWriter.create(path)
        self.attempts = 0
        self._conversations: dict[tuple[str, int], int] = {}
        self._numbers: dict[int, itertools.count[int]] = {}

    def conversation(
        self, title: str, key: int, state: dict[str, Any], draft: bytes, created_ns: int | None = None
    ) -> int:
        """The conversation called ``title``; ``key`` tells those of one title apart."""
        found = self._conversations.get((title, key))
        if found is None:
            found = self.writer.new_conversation(title, state, draft, created_ns=created_ns)
            self._conversations[title, key] = found
            self._numbers[found] = itertools.count(1)
        return found

    def attempt(
        self, conversation: int, *, wall_ns: int, mono_ns: int, facts: dict[str, Any]
    ) -> AttemptWriter:
        self.attempts += 1
        number = next(self._numbers[conversation])
        return self.writer.new_attempt(conversation, number, wall_ns=wall_ns, mono_ns=mono_ns, facts=facts)

    def breathe(self) -> None:
        """Wait where more is handed over than written. Raises WrongFile where writing fails."""
        if self.writer.backlog > FLUSH_BYTES:
            self.writer.flush(60)
        if self.writer.trouble:
            raise WrongFile(self.writer.trouble)


class ReadsBack:
    """Bytes of both directions handed to a capture, cut into the reads in which they once came."""

    def __init__(self, recorder: AttemptWriter) -> None:
        self._recorder = recorder
        self._held: tuple[bytearray, bytearray] = (bytearray(), bytearray())
        self._times = [0, 0]
        self.position = [0, 0]
        """Bytes taken of each direction, gaps included."""

    def handed(self, direction: Direction) -> int:
        """Bytes that the capture has been given."""
        return self.position[direction] - len(self._held[direction])

    def take(self, direction: Direction, data: bytes, reads: Sequence[tuple[int, int]]) -> None:
        """``data`` stands at the position; ``reads``: (stream offset, time) of those that begin in it."""
        begin = self.position[direction]
        at = 0
        for offset, time in reads:
            self._hold(direction, data[at : offset - begin])
            at = offset - begin
            self.flush(direction)
            self._times[direction] = time
        self._hold(direction, data[at:])

    def _hold(self, direction: Direction, data: bytes) -> None:
        self._held[direction].extend(data)
        self.position[direction] += len(data)
        if len(self._held[direction]) >= 1 << 20:
            self.flush(direction)

    def flush(self, direction: Direction) -> None:
        held = self._held[direction]
        if held:
            self._recorder.bytes(direction, bytes(held), self._times[direction])
            held.clear()

    def gap(self, direction: Direction, count: int, reason: str) -> None:
        self.flush(direction)
        self._recorder.gap(count, reason, direction)
        self.position[direction] += count


def import_files(
    paths: Sequence[Path],
    target: Path,
    *,
    overwrite: bool = False,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Imported:
    """Make the capture ``target`` out of ``paths``, whole or not at all. Not for the UI thread.

    ``progress(bytes read, bytes there are)``. Raises WrongFile, FileExistsError, InUseError or another
    OSError, and Cancelled where ``cancelled()`` is true.
    """
    from wsinspector.share.import_har import read_har
    from wsinspector.share.import_json_lines import read_json_lines
    from wsinspector.share.leaving_values import Cancelled
    from wsinspector.share.overwriting import refuse_in_use

    refuse_in_use(target, paths)
    if not overwrite and os.path.lexists(target):
        raise FileExistsError(f"{target} is there already.")
    total = sum(path.stat().st_size for path in paths)
    done = 0
    notes: list[str] = []

    def look(here: int) -> None:
        if cancelled():
            raise Cancelled
        progress(done + here, total)

    with tempfile.TemporaryDirectory(prefix=f".{target.name[:40]}.", dir=target.parent) as folder:
        made = Path(folder) / "import.wsi"
        filling = Target(made)
        try:
            for path in paths:
                with path.open("rb") as stream:
                    read = read_json_lines if _is_lines(path) else read_har
                    notes += [note for note in read(stream, path.name, filling, look) if note not in notes]
                done += path.stat().st_size
        finally:
            closed = filling.writer.close()
        if closed.trouble:
            raise WrongFile(closed.trouble)
        _read_back(made)
        if overwrite:
            refuse_in_use(target, paths)  # reading took its time
            os.replace(made, target)
        else:
            _link(made, target)
    return Imported(filling.attempts, tuple(notes))


def _is_lines(path: Path) -> bool:
    """Whether the first object of a file is a line of ours; HAR has ``log`` there."""
    with path.open("rb") as stream:
        begin = stream.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not begin:
        raise WrongFile(f"{path.name}: it is empty.")
    return begin.replace(b" ", b"").startswith(b'{"kind":')


def _link(made: Path, target: Path) -> None:
    try:
        os.link(made, target)
    except FileExistsError:
        raise FileExistsError(f"{target} is there already.") from None
    except OSError:  # a file system without links
        os.replace(made, target)


def _read_back(path: Path) -> None:
    """What was written must be readable as any capture is: a file may say anything of an attempt."""
    try:
        with CaptureReader(path) as reader:
            for row in reader.conversations():
                restored_attempts(reader, row.id)
            senseless = [each.text for each in reader.findings.listed() if each.kind == "text"]
    except (CaptureError, ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise WrongFile(f"What the file says of an attempt cannot be read: {error}.") from error
    if senseless:
        raise WrongFile(f"What the file says of an attempt cannot be read: {senseless[0]}")
