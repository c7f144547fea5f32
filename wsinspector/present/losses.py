"""What was dropped and why, in words for the status bar and the log."""

from collections.abc import Iterable

from wsinspector.capture.attempt_writer import TOO_MANY_EVENTS
from wsinspector.capture.rows import DAMAGED, Loss
from wsinspector.capture.trimming import AGE, FRAMES, SIZE
from wsinspector.present.numbers import count, size
from wsinspector.translate import translate


def reason_text(reason: str) -> str:
    """Why something is not in the file: a limit by its name, anything else as it was noted."""
    return {
        SIZE: translate("Losses", "size limit"),
        FRAMES: translate("Losses", "frame limit"),
        AGE: translate("Losses", "age limit"),
        TOO_MANY_EVENTS: translate("Losses", "event limit"),
        DAMAGED: translate("Losses", "the file was damaged"),
    }.get(reason, reason)


def loss_text(loss: Loss) -> str:
    """``dropped 1 200 frames: size limit``; bytes where no frame was counted. Of damage, ``lost``."""
    if loss.reason == DAMAGED:
        return _damage_text(loss)
    if loss.frames == 1:
        what = translate("Losses", "1 frame")
    elif loss.frames:
        what = translate("Losses", "{0} frames").format(count(loss.frames))
    elif loss.bytes:
        what = size(loss.bytes)
    else:
        what = translate("Losses", "{0} events").format(count(loss.events))
    return translate("Losses", "dropped {0}: {1}").format(what, reason_text(loss.reason))


def _damage_text(loss: Loss) -> str:
    parts = []
    if loss.frames or loss.bytes:
        frames = translate("Losses", "1 frame") if loss.frames == 1 else ""
        frames = frames or translate("Losses", "{0} frames").format(count(loss.frames))
        both = [*([frames] if loss.frames else []), *([size(loss.bytes)] if loss.bytes else [])]
        parts.append(translate("Losses", "lost {0}").format(translate("Losses", " and ").join(both)))
    if loss.changed:
        parts.append(translate("Losses", "{0} not as they were written").format(size(loss.changed)))
    return f"{', '.join(parts)}: {reason_text(loss.reason)}"


def missing_text(frames: int, reasons: Iterable[str]) -> str:
    """``1 200 frames dropped: size limit``, for the row that stands in their place."""
    why = ", ".join(map(reason_text, reasons))
    if not why:
        if frames == 1:
            return translate("Losses", "1 frame is not in the capture")
        return translate("Losses", "{0} frames are not in the capture").format(count(frames))
    if frames == 1:
        return translate("Losses", "1 frame dropped: {0}").format(why)
    return translate("Losses", "{0} frames dropped: {1}").format(count(frames), why)


def losses_text(losses: Iterable[Loss]) -> str:
    """All of them in one line, empty where there are none."""
    return ", ".join(loss_text(loss) for loss in losses)


def limits_text(losses: Iterable[Loss]) -> str:
    """Why more is kept than a limit of frames says, where one dropped something; else empty."""
    if all(loss.reason != FRAMES for loss in losses):
        return ""
    return translate(
        "Losses",
        "The oldest frames go in whole blocks: some {0} more than the limit may still be kept, "
        "in a flood as many as come in 40 ms, and of a large limit an eighth.",
    ).format(count(4000))
