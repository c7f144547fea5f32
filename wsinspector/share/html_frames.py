"""The frames of an attempt as rows of a page: the first, the last, and how many lie between."""

from collections.abc import Iterable, Iterator, Sequence

from wsinspector.present.closing import close_text
from wsinspector.present.numbers import count, size
from wsinspector.present.plain import preview
from wsinspector.protocol.deflate import InflateFault
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts
from wsinspector.protocol.messages import first_bad_utf8
from wsinspector.share.html_page import columns, text
from wsinspector.share.joining import content_of, message_around
from wsinspector.share.leaving import Leaving
from wsinspector.share.leaving_values import Hole, LeavingFrame
from wsinspector.translate import translate

FIRST_FRAMES = 1500
LAST_FRAMES = 500
PAYLOAD = 240
"""Bytes of a payload that are shown."""

_HEX = 48
_MOST_TEXT = 16  # bytes that may follow a cut inside a character


def frames_section(leaving: Leaving) -> Iterator[str]:
    """Heading and table; what was left out between the first and the last is said in its place."""
    snapshot = leaving.snapshot
    yield f"<h2>{text(translate('HtmlReport', 'Frames'))}</h2>"
    numbers = leaving.numbers
    if not numbers:
        why = (
            translate("HtmlReport", "There are no frames.")
            if snapshot.opened_at is not None
            else translate("HtmlReport", "The connection never opened.")
        )
        yield f'<p class="muted">{text(why)}</p>'
        return
    yield f'<div class="scroll"><table class="wire"><caption>{text(_caption(leaving))}</caption>'
    yield columns(
        (
            (translate("HtmlReport", "No."), "number"),
            (translate("HtmlReport", "Time, s"), "number"),
            (translate("HtmlReport", "Direction"), "tight"),
            (translate("HtmlReport", "Type"), "tight"),
            (translate("HtmlReport", "Size"), "number"),
            (translate("HtmlReport", "Payload"), "text"),
        )
    )
    yield "<tbody>"
    if len(numbers) <= FIRST_FRAMES + LAST_FRAMES:
        yield from _rows(leaving, numbers)
    else:
        yield from _rows(leaving, numbers[:FIRST_FRAMES])
        between = len(numbers) - FIRST_FRAMES - LAST_FRAMES
        words = translate("HtmlReport", "%n frame(s) between these (is|are) left out.", "", between)
        yield f'<tr><td colspan="6" class="gone">{text(words)}</td></tr>'
        yield from _rows(leaving, numbers[-LAST_FRAMES:])
    yield "</tbody></table></div>"


def _caption(leaving: Leaving) -> str:
    there, chosen = leaving.frames_there, len(leaving.numbers)
    told = translate("HtmlReport", "%n frame(s)", "", there)
    if not leaving.all_frames:
        told = translate("HtmlReport", "{0} of {1}").format(count(chosen), told)
    if chosen > FIRST_FRAMES + LAST_FRAMES:
        shown = translate("HtmlReport", "the first {0} and the last {1} are here").format(
            count(FIRST_FRAMES), count(LAST_FRAMES)
        )
        told = f"{told}; {shown}"
    return translate("HtmlReport", "{0}. Times count from the beginning of the attempt.").format(told)


def _rows(leaving: Leaving, numbers: Sequence[int]) -> Iterator[str]:
    hole: Hole | None = None
    for done, number in enumerate(numbers):
        leaving.look()
        leaving.progress(done, len(leaving.numbers))
        if hole is not None and number <= hole.last:
            continue
        hole = leaving.hole(number)
        if hole is not None:
            words = translate("HtmlReport", "Frames {0} to {1} were not kept: {2}").format(
                hole.first, hole.last, hole.reason
            )
            yield f'<tr><td colspan="6" class="gone">{text(words)}</td></tr>'
            continue
        frame = leaving.frame(number)
        if frame is not None:
            yield _row(leaving, frame)


def _row(leaving: Leaving, frame: LeavingFrame) -> str:
    seconds = (frame.mono_ns - leaving.snapshot.mono_ns) / 1e9
    arrow, side, tone = (
        ("↑", translate("HtmlReport", "sent"), "out")
        if frame.out
        else ("↓", translate("HtmlReport", "received"), "in")
    )
    labels = [] if frame.fin else [translate("HtmlReport", "not final")]
    if frame.compressed:
        labels.append("deflate")
    faults = leaving.labels(frame)
    marks = "".join(f' <span class="fault">{text(label)}</span>' for label in faults)
    marks += "".join(f' <span class="muted">{text(label)}</span>' for label in labels)
    return (
        f'<tr id="frame-{frame.number}"><th scope="row" class="number">{frame.number}</th>'
        f'<td class="number">{seconds:.6f}</td><td class="tight {tone}">{arrow} {text(side)}</td>'
        f'<td class="tight">{text(frame.name)}{marks}</td><td class="number">{text(size(frame.payload))}</td>'
        f'<td class="text"><bdi>{text(_payload(leaving, frame))}</bdi></td></tr>'
    )


def _payload(leaving: Leaving, frame: LeavingFrame) -> str:
    if frame.missing:
        return translate("HtmlReport", "not kept: {0}").format(frame.missing[0][2])
    agreed = leaving.snapshot.agreed
    if frame.compressed:
        if not frame.starts:
            return translate("HtmlReport", "goes on with message {0}").format(frame.message)
        content = content_of(leaving, message_around(leaving, frame))
        data = _beginning(content.pieces)
        if content.fault is InflateFault.LEFT_OUT and not data:
            return translate("HtmlReport", "not inflated: bytes were left out when it was shared")
        if content.fault is not None and not data:
            return translate("HtmlReport", "cannot be inflated")
        return _shown(data, len(data))
    data = _beginning(leaving.payload(frame))
    if frame.opcode == 8 and frame_facts(agreed.dialect).close is CloseStyle.CODES and len(data) >= 2:
        return " ".join(close_text(data, agreed)).rstrip()
    if frame.opcode == 2 or ((bad := first_bad_utf8(data)) is not None and bad < len(data) - _MOST_TEXT):
        return data[:_HEX].hex(" ") + ("…" if frame.have > _HEX else "")
    return _shown(data, frame.have)


def _shown(data: bytes, have: int) -> str:
    bad = first_bad_utf8(data[:PAYLOAD])
    if bad is not None and bad < min(len(data), PAYLOAD) - 4:
        return data[:_HEX].hex(" ") + ("…" if have > _HEX else "")
    return preview(data, PAYLOAD)


def _beginning(pieces: Iterable[bytes]) -> bytes:
    """A little more than is shown, so that a cut is seen as one."""
    data = b""
    for piece in pieces:
        data += piece[: PAYLOAD + _MOST_TEXT]
        if len(data) > PAYLOAD:
            break
    return data
