"""Copy report: an attempt as a few lines of Markdown for a ticket, secrets left out."""

from collections.abc import Sequence

from wsinspector.capture import CaptureReader
from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import AttemptSnapshot


def report_of(
    snapshot: AttemptSnapshot, options: Options, numbers: Sequence[int], reader: CaptureReader | None
) -> str:
    """At most 40 lines; ``numbers`` are the frames to show, ``reader`` has their bytes."""
    return f"# {snapshot.url}\n"
