"""An attempt as plain text to be read: handshake, verdict, messages, what is missing; nothing invisible."""

from collections.abc import Iterator
from typing import BinaryIO

from wsinspector import __version__
from wsinspector.present.closing import close_text
from wsinspector.present.heads import head_bytes
from wsinspector.present.numbers import clock, size
from wsinspector.present.plain import decoded, visible
from wsinspector.protocol.deflate import InflateFault
from wsinspector.protocol.messages import first_bad_utf8
from wsinspector.protocol.opcodes import CLOSE
from wsinspector.share.joining import content_of, messages_of
from wsinspector.share.leaving import Leaving
from wsinspector.share.leaving_values import Hole, LeavingMessage
from wsinspector.share.left_out import marked
from wsinspector.share.tables import stamp
from wsinspector.translate import translate

TEXT_SHOWN = 64 << 10  # bytes of a text message
BYTES_SHOWN = 256  # bytes of any other
_A_LINE = 16


def write_transcript(stream: BinaryIO, leaving: Leaving) -> None:
    """See :data:`~wsinspector.share.formats.Write`."""
    for line in lines_of(leaving):
        stream.write(line.encode("utf-8", "backslashreplace") + b"\n")


def lines_of(leaving: Leaving) -> Iterator[str]:
    """Lines without their ends."""
    snapshot = leaving.snapshot
    yield f"{visible(leaving.url)} · {translate('Transcript', 'attempt')} {snapshot.number}"
    yield f"{stamp(snapshot.wall_ns)} · wsinspector {__version__}"
    yield leaving.answer
    yield ""
    yield from _head(marked(leaving.request()), ">")
    for head in leaving.responses:
        yield ""
        yield from _head(
            marked(leaving.secrets.head(head_bytes(head), translate("Transcript", "the answer"))), "<"
        )
    yield from _body(leaving)
    findings = leaving.findings()
    if findings:
        yield ""
        for each in findings:
            yield f"{each['severity']}: {visible(each['text'])} ({each['clause']})"
    yield ""
    for message in messages_of(leaving):
        if isinstance(message, Hole):
            count = translate("Transcript", "%n frame(s)", "", message.last - message.first + 1)
            reason = visible(message.reason)
            yield translate("Transcript", "[{0} from number {1} on were not kept: {2}]").format(
                count, message.first, reason
            )
        else:
            yield from _message(leaving, message)
    if snapshot.end is not None and snapshot.end.text:
        yield visible(leaving.secrets.sentence(snapshot.end.text, translate("Transcript", "the end")))
    yield from _missing(leaving)


def _missing(leaving: Leaving) -> Iterator[str]:
    said = []
    for gap in leaving.gaps:
        if gap.kind == "bytes" and gap.direction is not None:
            way = translate("Transcript", "sent") if gap.direction else translate("Transcript", "received")
            count = translate("Transcript", "%n byte(s)", "", gap.stop - gap.start)
            said.append(
                translate("Transcript", "Not kept: {0} {1} ({2})").format(count, way, visible(gap.reason))
            )
    if not leaving.all_frames:
        count = translate("Transcript", "%n frame(s)", "", len(leaving.numbers))
        said.append(translate("Transcript", "Chosen: {0} of {1}").format(count, leaving.frames_there))
    for each in leaving.left_out:
        said.append(translate("Transcript", "Left out as secret: {0}").format(visible(each.text)))
    if said:
        yield ""
        yield from said


def _head(data: bytes, mark: str) -> Iterator[str]:
    """A line a line; CRLF is the ordinary end of one, any other is shown."""
    *lines, rest = data.split(b"\n")
    for line in lines:
        ending = "" if line.endswith(b"\r") else "␊"
        text = visible(line.removesuffix(b"\r").decode("latin-1"))
        yield f"{mark} {text}{ending}".rstrip()
    if rest:
        yield f"{mark} {visible(rest.decode('latin-1'))}"


def _body(leaving: Leaving) -> Iterator[str]:
    response = leaving.snapshot.response
    if response is None or not response.body or response.status == 101:
        return
    body = b"".join(
        leaving.secrets.stream([response.body], translate("Transcript", "the body of the answer"))
    )
    yield ""
    yield from _content(body[:TEXT_SHOWN], len(body), text=first_bad_utf8(body[:TEXT_SHOWN]) is None)


def _message(leaving: Leaving, message: LeavingMessage) -> Iterator[str]:
    first = message.first
    notes = (
        []
        if len(message.numbers) == 1
        else [translate("Transcript", "{0} frames").format(len(message.numbers))]
    )
    content = content_of(leaving, message)
    if message.compressed and content.fault is not InflateFault.LEFT_OUT:
        notes.append(translate("Transcript", "inflated"))
    if not message.whole:
        notes.append(translate("Transcript", "no end"))
    for number in message.numbers:
        frame = leaving.frame(number)
        if frame is not None:
            notes += [each for each in leaving.labels(frame) if each not in notes]
            for start, stop, _ in frame.missing:
                notes.append(
                    translate("Transcript", "bytes {0} to {1} of frame {2} not kept").format(
                        start, stop - 1, number
                    )
                )
            if frame.have < frame.payload:
                notes.append(translate("Transcript", "%n byte(s) never came", "", frame.payload - frame.have))
    if content.fault is InflateFault.LEFT_OUT:
        notes.append(translate("Transcript", "not inflated: bytes were left out when it was shared"))
    elif content.fault is not None:
        notes.append(translate("Transcript", "does not inflate further"))
    data, total = b"", 0
    for piece in content.pieces:
        if len(data) < TEXT_SHOWN:
            data += piece[: TEXT_SHOWN - len(data)]
        total += len(piece)
    arrow = "↑" if message.out else "↓"
    marks = f" [{', '.join(notes)}]" if notes else ""
    yield f"{clock(message.wall_ns)} {arrow} {first.number} {first.name} {size(total)}{marks}"
    agreed = leaving.snapshot.agreed
    if first.opcode == CLOSE and (said := " ".join(close_text(data, agreed)).strip()):
        yield f"    {said}"
        return
    bad = first_bad_utf8(data)
    text = first.opcode != 2 and (bad is None or (total > len(data) and bad > len(data) - 4))
    yield from _content(data[:bad] if text else data, total, text=text)


def _content(data: bytes, total: int, *, text: bool) -> Iterator[str]:
    if text:
        for line in visible(decoded(data), lines=True).split("\n") if data else ():
            yield f"    {line}".rstrip()
    else:
        data = data[:BYTES_SHOWN]
        for at in range(0, len(data), _A_LINE):
            part = data[at : at + _A_LINE]
            shown = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in part)
            yield f"    {at:04x}  {part.hex(' '):47}  {shown}"
    if total > len(data):
        yield f"    … {translate('Transcript', '{0} more bytes').format(total - len(data))}"
