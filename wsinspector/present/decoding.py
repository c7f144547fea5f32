"""Reading an attempt under another dialect: which there are, how each would look, and what is read now."""

from dataclasses import dataclass

from wsinspector.capture.reader import CaptureReader
from wsinspector.conversation.decoded import Decoding, agreed_as, frame_starts
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.extension_chips import unreadable
from wsinspector.present.numbers import count
from wsinspector.present.plain import visible
from wsinspector.protocol.dialects import DIALECTS
from wsinspector.protocol.dialects.fits import look
from wsinspector.protocol.spans import Direction
from wsinspector.translate import translate

FIRST = 1024
"""Bytes of a direction that are read in every dialect."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One dialect to read under. ``frames``, ``faults``: in the first KiB of both directions.

    ``agreed``: what the handshake settled. ``fits``: what the frames look like instead; ``reason`` says
    why. ``text``: how it would look, in a few words. ``note``: what the handshake did not tell.
    """

    dialect: str
    decoding: Decoding
    frames: int
    faults: int
    agreed: bool
    fits: bool
    text: str
    reason: str = ""

    @property
    def note(self) -> str:
        return self.decoding.note


def offers(reader: CaptureReader, snapshot: AttemptSnapshot) -> tuple[Offer, ...]:
    """Every dialect, oldest first; none at all where no frames can have travelled (a refusal).

    Takes some milliseconds, so that a menu may wait for it. Raises CaptureError.
    """
    starts = frame_starts(reader, snapshot)
    if starts is None:
        return ()
    first = {
        side: reader.stream(snapshot.attempt_id, side, start, start + FIRST) for side, start in starts.items()
    }
    found = []
    for dialect in DIALECTS:
        agreed, note = agreed_as(snapshot, dialect.name)
        decoding = Decoding(agreed, snapshot.role, starts, note)
        looks = [look(first[side], agreed, decoding.sender(side)) for side in Direction]
        frames, faults = sum(each.frames for each in looks), sum(each.faults for each in looks)
        fit = snapshot.fit if snapshot.fit is not None and snapshot.fit.dialect == dialect.name else None
        found.append(
            Offer(
                dialect.name,
                decoding,
                frames,
                faults,
                dialect.name == snapshot.agreed.dialect,
                fit is not None,
                _text(frames, faults, any(first.values())),
                fit.reason if fit is not None else "",
            )
        )
    return tuple(found)


def _text(frames: int, faults: int, anything: bool) -> str:
    if not anything:
        return translate("Decoding", "no bytes of frames yet")
    if frames == 1:
        said = translate("Decoding", "1 frame")
    elif frames:
        said = translate("Decoding", "{n} frames").format(n=count(frames))
    else:
        said = translate("Decoding", "no whole frame")
    if not faults:
        return f"{said}, " + translate("Decoding", "none at fault")
    return f"{said}, " + translate("Decoding", "{n} at fault").format(n=count(faults))


def header(read_as: str, agreed: str) -> str:
    """The sentence over frames that are read under another dialect; empty under the one agreed on."""
    if read_as == agreed:
        return ""
    text = translate("Decoding", "Read as {read_as}; agreed was {agreed}. The bytes are the same.")
    return text.format(read_as=read_as, agreed=agreed)


def no_frames(snapshot: AttemptSnapshot) -> str:
    """What keeps the bytes behind a 101 from being frames one can read; empty where nothing does."""
    if snapshot.opened_at is None:
        return ""
    opaque = unreadable(snapshot.request, snapshot.response) if snapshot.extensions else ""
    hint = visible(snapshot.hint)
    return " ".join(part for part in (opaque, hint and f"{hint.rstrip('.')}.") if part)
