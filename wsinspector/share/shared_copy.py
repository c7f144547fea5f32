"""Save a copy to share: a whole capture in a file of its own, without its secrets."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from wsinspector.share.export import written
from wsinspector.share.left_out import LeftOut
from wsinspector.share.shared_capture import Copying


@dataclass(frozen=True, slots=True)
class SharedCopy:
    """What became of it. ``left_out``: the secrets; ``payloads`` is False where those were left out too."""

    path: Path
    size: int
    left_out: tuple[LeftOut, ...]
    payloads: bool


def save_copy(
    source: Path,
    target: Path,
    *,
    with_secrets: bool = False,
    payloads: bool = True,
    conversations: Collection[int] | None = None,
    overwrite: bool = False,
    progress: Callable[[int, int], None] = lambda *_: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> SharedCopy:
    """Write the capture ``source``, which may be live, to ``target``, whole or not at all.

    Not for the UI thread. Every length, offset and number stays: a secret is replaced by as many stars, a
    payload by as many zeros. Each place is a gap row of kind ``left-out``, and all of them together stand
    in the file's meta. ``conversations``: the ids of those that are copied; None for all.
    ``progress(done, total)``: bytes of the file. Raises FileExistsError, InUseError, another OSError,
    CaptureError, sqlite3.Error or Cancelled.
    """
    made = Copying(with_secrets, payloads, conversations, None, progress, cancelled)
    size = written(
        target,
        lambda stream: made.into(stream, source, target.parent),
        overwrite=overwrite,
        sources=[source],
    )
    return SharedCopy(target, size, made.secrets.left_out, payloads)
