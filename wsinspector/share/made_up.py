"""What is said where frames leave as bytes that nobody saw travel: an import tells messages alone."""

from collections.abc import Iterable

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.translate import translate


def made_up(snapshots: Iterable[AttemptSnapshot]) -> str:
    """Of attempts whose frames lie in a format as bytes: that they were composed; empty where none was."""
    if not any(snapshot.imported for snapshot in snapshots):
        return ""
    return translate(
        "MadeUp",
        "Imported: the file told messages, not frames. The headers of the frames here are made up, as plain"
        " as the standard has them: a frame a message, nothing compressed, a mask of zeros at most. Request"
        " and answer are put together from their headers.",
    )
