"""What the history keeps of an attempt: a line of words, without secrets."""

from collections.abc import Callable, Container, Iterator
from pathlib import Path

from wsinspector.capture import CaptureError, CaptureReader
from wsinspector.conversation.restore import restored_attempts
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.library.history import Entry
from wsinspector.present.numbers import clock
from wsinspector.present.plain import visible
from wsinspector.present.secrets import masked_address
from wsinspector.protocol.draft import Draft
from wsinspector.protocol.spans import Role
from wsinspector.translate import marked, translate
from wsinspector.verdicts.outcome import Outcome

_WORDS = {
    Outcome.OPEN: marked("History", "opened"),
    Outcome.FAILED: marked("History", "must fail"),
    Outcome.REFUSED: marked("History", "refused"),
    Outcome.NOT_HTTP: marked("History", "not HTTP"),
    Outcome.NO_ANSWER: marked("History", "no answer"),
    Outcome.CLOSED: marked("History", "closed without an answer"),
    Outcome.NETWORK_ERROR: marked("History", "not reached"),
}
LONGEST = 300  # characters of an address, and of the versions


def entry_of(snapshot: AttemptSnapshot, path: Path, conversation_id: int) -> Entry:
    """The entry of an attempt that is kept in ``path``."""
    versions = Draft.from_bytes(snapshot.request).version_values()
    told = ", ".join(visible(value.decode("latin-1")) for value in versions)
    return Entry(
        str(path),
        conversation_id,
        snapshot.number,
        snapshot.wall_ns,
        clock(snapshot.wall_ns, date=True)[:19],
        visible(masked_address(snapshot.url))[:LONGEST],
        told[:LONGEST],
        snapshot.dialect,
        _outcome(snapshot),
        "server" if snapshot.role is Role.SERVER else "client",
        snapshot.frames_in + snapshot.frames_out,
        snapshot.bytes_in + snapshot.bytes_out,
    )


def entries_in(path: Path) -> list[Entry]:
    """The entries of all attempts that a capture holds; none where it cannot be read."""
    try:
        with CaptureReader(path) as reader:
            return [
                entry_of(attempt.snapshot, path, row.id)
                for row in reader.conversations(None)
                for attempt in restored_attempts(reader, row.id)
            ]
    except (CaptureError, OSError):
        return []


def rebuilt(
    folder: Path, going_on: Callable[[], bool], in_use: Container[Path] = ()
) -> Iterator[list[Entry]]:
    """The entries of each capture in ``folder`` but those ``in_use``, one after the other; for a thread."""
    for path in sorted(folder.glob("*.wsi")):
        if not going_on():
            return
        if path not in in_use:
            yield entries_in(path)


def _outcome(snapshot: AttemptSnapshot) -> str:
    if snapshot.outcome is None:
        return translate("History", "under way") if snapshot.live else translate("History", "not decided")
    words = [translate("History", _WORDS[snapshot.outcome])]
    response = snapshot.response
    if response is not None and response.status and snapshot.outcome is not Outcome.OPEN:
        words.insert(0, str(response.status))
    told = " ".join(words)
    if snapshot.opened_at is not None and snapshot.end is not None and snapshot.end.code is not None:
        return f"{told}, {snapshot.end.code}"
    return told
