"""An attempt as JSON lines, one object a line: every field of every frame, and every byte that was kept.

The first line describes the attempt. "bytes" lines hold what travelled outside of frames, the
handshake first; a "frame" line holds a frame, and "payload" lines go on with a long one. No line holds
more than a piece, so that a file can be read in little memory. The last line lists what was left out.

Of an attempt that was imported from a file which tells messages and not frames, "composed" is true in the
first line. What nobody saw of its frames is null; "composed_header" is the header that stands in the capture
in place of theirs, and "offset" counts in a stream of such frames.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from wsinspector import __version__
from wsinspector.conversation.facts import end_to_json
from wsinspector.protocol.columns import FLAG_SENTINEL
from wsinspector.protocol.http import Head
from wsinspector.protocol.messages import first_bad_utf8
from wsinspector.protocol.spans import Direction
from wsinspector.share.conversation_texts import attempt_row, event_without, facts_leaving, state_leaving
from wsinspector.share.leaving import Leaving
from wsinspector.share.leaving_values import Hole, LeavingFrame
from wsinspector.share.left_out import filled
from wsinspector.share.unsearched import tell_unsearched
from wsinspector.translate import translate

FORMAT = "wsinspector-json-lines"
VERSION = 1

PIECE = 1 << 18
"""Bytes of a stream in one line."""

READS = 4096
"""Reads of which one line tells."""


_DIR = {Direction.IN: "in", Direction.OUT: "out"}


def write_json_lines(stream: BinaryIO, leaving: Leaving) -> None:
    """See :data:`~wsinspector.share.formats.Write`."""
    for line in lines_of(leaving):
        # Escapes keep what no terminal and no UTF-8 can hold, lone surrogates too.
        stream.write(json.dumps(line, separators=(",", ":")).encode("ascii") + b"\n")


def lines_of(leaving: Leaving) -> Iterator[dict[str, Any]]:
    """The objects, in order."""
    starts = leaving.frame_starts()
    yield _attempt(leaving)
    for event in leaving.reader.events(leaving.snapshot.attempt_id):
        data = event_without(leaving.secrets, event.data)
        yield {"kind": "event", "no": event.no, "time_ns": event.at_ns, "event": event.kind, "data": data}
    for direction in (leaving.asking, leaving.answering):
        yield from _stretch(leaving, direction, 0, starts[direction])
    at = dict(starts)
    frames = 0
    for each in leaving.frames():
        if isinstance(each, Hole):
            yield {"kind": "hole", "first": each.first, "last": each.last, "reason": each.reason}
            continue
        if leaving.all_frames:
            yield from _stretch(leaving, each.direction, at[each.direction], each.offset)
        at[each.direction] = max(at[each.direction], min(each.offset + each.wire, 1 << 63))
        yield from _frame(leaving, each)
        frames += 1
    if leaving.all_frames:
        for direction in Direction:
            end = leaving.reader.stream_length(leaving.snapshot.attempt_id, direction)
            yield from _stretch(leaving, direction, at[direction], end)
    tell_unsearched(leaving)
    where = translate("JsonLines", "a mark")
    for mark in leaving.reader.marks(leaving.snapshot.attempt_id):
        name, note = leaving.plain(mark.name, where), leaving.plain(mark.note, where)
        yield {"kind": "mark", "frame": mark.frame, "name": name, "note": note, "made_ns": mark.made_ns}
    yield {
        "kind": "end",
        "frames": frames,
        "left_out": [
            {
                "name": each.name,
                "where": each.where,
                "length": each.length,
                "times": each.times,
                "removed": each.removed,
            }
            for each in leaving.left_out
        ],
    }


def _attempt(leaving: Leaving) -> dict[str, Any]:
    snapshot, conversation = leaving.snapshot, leaving.conversation
    agreed = snapshot.agreed
    row = attempt_row(leaving)
    end = snapshot.end
    told: dict[str, Any] = {
        "kind": "attempt",
        "format": FORMAT,
        "version": VERSION,
        "program": __version__,
        "number": snapshot.number,
        "wall_ns": snapshot.wall_ns,
        "mono_ns": snapshot.mono_ns,
        "role": snapshot.role.value,
        "url": leaving.url,
        "addresses": list(snapshot.addresses),
        "dialled": snapshot.dialled,
        "client": snapshot.client,
        "dialect": snapshot.dialect,
        "speaks": agreed.dialect,
        "masked_with": agreed.connection_key.hex(),
        "subprotocol": leaving.plain(snapshot.subprotocol, translate("JsonLines", "the subprotocol")),
        "extensions": list(snapshot.extensions),
        "request": head_json(filled(leaving.request())),
        "responses": [_response(leaving, head) for head in leaving.responses],
        "answer": leaving.answer,
        "composed": leaving.composed,
        "outcome": snapshot.outcome.value if snapshot.outcome is not None else None,
        "verdict": leaving.findings(),
        "end": leaving.plain(
            end_to_json(end) if end is not None and end.kept else None, translate("JsonLines", "the end")
        ),
        "frames": leaving.frames_there,
        "exported": None if leaving.all_frames else _ranges(leaving.numbers),
        "bytes": {_DIR[side]: leaving.reader.stream_length(snapshot.attempt_id, side) for side in Direction},
        "gaps": [
            {
                "kind": gap.kind,
                "dir": None if gap.direction is None else _DIR[gap.direction],
                "start": gap.start,
                "stop": gap.stop,
                "reason": gap.reason,
            }
            for gap in leaving.gaps
        ],
        "finished": row.finished if row is not None else not snapshot.live,
        "facts": facts_leaving(leaving, row),
    }
    if conversation is not None:
        draft = filled(leaving.secrets.head(conversation.draft, translate("JsonLines", "the draft")))
        told["conversation"] = {
            "title": leaving.title,
            "created_ns": conversation.created_ns,
            "draft": _base64(draft),
            "state": state_leaving(leaving.secrets, conversation.state),
        }
    return told


def head_json(data: bytes) -> dict[str, str]:
    """Bytes of a head as base64 and, a byte a character, as text."""
    return {"base64": _base64(data), "text": data.decode("latin-1")}


def _response(leaving: Leaving, head: Head) -> dict[str, str]:
    place = translate("JsonLines", "the answer")
    return head_json(b"".join(leaving.stream(leaving.answering, head.span.start, head.span.end, place)))


def _ranges(numbers: Iterable[int]) -> list[list[int]]:
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


UNSEEN = (
    "fin", "rsv", "masked", "key", "compressed", "sentinel", "anomalies", "header_length", "wire", "header",
)  # fmt: skip
"""Members of a frame's line that are null where the frame was made up around a message."""


def _frame(leaving: Leaving, frame: LeavingFrame) -> Iterator[dict[str, Any]]:
    facts = frame.facts
    line: dict[str, Any] = {
        "kind": "frame",
        "no": frame.number,
        "dir": _DIR[frame.direction],
        "time_ns": frame.mono_ns,
        "wall_ns": frame.wall_ns,
        "fin": frame.fin,
        "rsv": frame.rsv,
        "opcode": frame.opcode,
        "name": frame.name,
        "masked": frame.masked,
        "key": frame.key.hex() if frame.key else None,
        "compressed": frame.compressed,
        "message": frame.message,
        "starts": frame.starts,
        "ends": frame.ends,
        "sentinel": facts.sentinel,
        "anomalies": list(frame.anomalies),
        "offset": frame.offset,
        "header_length": facts.header,
        "length": frame.payload,
        "have": frame.have,
        "wire": frame.wire,
        "missing": [list(each) for each in frame.missing],
    }
    veil = leaving.veil(frame)
    if veil is not None:
        # Zeros stand there, and no peer sent them; behind them an inflater goes on with this window.
        line["left_out"] = [[0, frame.have]]
        window = leaving.veils().windows.get((frame.direction, frame.message)) if frame.ends else None
        if window is not None:
            line["window"] = _base64(window)
    start, body = frame.offset, facts.payload_start
    stop = body + frame.have
    header_kept = len(frame.header) == facts.header and not leaving.lost(frame.direction, start, body)
    line["header"] = frame.header.hex() if header_kept else None
    line["reads"] = _reads(leaving, frame.direction, start, body)
    if leaving.composed:
        line |= dict.fromkeys(UNSEEN) | {"composed_header": line["header"]}
    first = True
    for begin, data, reads in _payload(leaving, frame, body, stop):
        if first and begin == body:
            line["reads"] += reads
            yield line | _content(frame, data, whole=begin + len(data) == stop)
            first = False
            continue
        if first:
            yield line | {"base64": ""}
            first = False
        yield _more(frame, begin, data, reads)
    if first:
        yield line | {"base64": ""}
    if facts.flags & FLAG_SENTINEL:
        yield from _stretch(leaving, frame.direction, stop, stop + 1)


def _content(frame: LeavingFrame, data: bytes, *, whole: bool) -> dict[str, str]:
    """Text where the bytes can be had back from it, else base64."""
    if whole and not frame.compressed and frame.opcode != 2 and first_bad_utf8(data) is None:
        return {"text": data.decode()}
    return {"base64": _base64(data)}


def _more(frame: LeavingFrame, begin: int, data: bytes, reads: list[list[int]]) -> dict[str, Any]:
    return {
        "kind": "payload",
        "no": frame.number,
        "dir": _DIR[frame.direction],
        "offset": begin,
        "reads": reads,
        "base64": _base64(data),
    }


def _payload(
    leaving: Leaving, frame: LeavingFrame, start: int, stop: int
) -> Iterator[tuple[int, bytes, list[list[int]]]]:
    """(stream offset, unmasked bytes, reads) of a payload, a line's worth each; what was lost is left out."""
    kept = _kept(leaving, frame.direction, start, stop)
    yield from _cut(leaving, frame.direction, leaving.payload(frame), start, kept)


def _stretch(leaving: Leaving, direction: Direction, start: int, stop: int) -> Iterator[dict[str, Any]]:
    """Bytes outside of frames."""
    if start >= stop:
        return
    kept = _kept(leaving, direction, start, stop)
    for begin, data, reads in _cut(leaving, direction, leaving.stream(direction, start, stop), start, kept):
        yield {
            "kind": "bytes",
            "dir": _DIR[direction],
            "offset": begin,
            "reads": reads,
            "base64": _base64(data),
        }


def _kept(leaving: Leaving, direction: Direction, start: int, stop: int) -> list[tuple[int, int]]:
    found, at = [], start
    for begin, end, _ in leaving.lost(direction, start, stop):
        if begin > at:
            found.append((at, begin))
        at = end
    if at < stop:
        found.append((at, stop))
    return found


def _cut(
    leaving: Leaving,
    direction: Direction,
    pieces: Iterable[bytes],
    start: int,
    kept: list[tuple[int, int]],
) -> Iterator[tuple[int, bytes, list[list[int]]]]:
    at = start
    for piece in gathered(pieces, PIECE):
        end = at + len(piece)
        for low, high in kept:
            begin, stop = max(low, at), min(high, end)
            while begin < stop:
                past = min(stop, begin + PIECE)
                reads = _reads(leaving, direction, begin, past)
                if len(reads) > READS:
                    past = reads[READS][0]
                    reads = reads[:READS]
                yield begin, piece[begin - at : past - at], reads
                begin = past
        at = end


def gathered(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in pieces of ``size``, the last shorter: how they were cut before is not seen."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= size:
            yield bytes(held[:size])
            del held[:size]
    if held:
        yield bytes(held)


def _reads(leaving: Leaving, direction: Direction, start: int, stop: int) -> list[list[int]]:
    """[offset, time] of the reads that begin within the stretch.

    Of a choice of frames the read that brought the first byte too: what stands before does not leave.
    """
    if start >= stop:
        return []
    offsets, times = leaving.reads(direction, start, stop)
    pairs = [[at, time] for at, time in zip(offsets, times, strict=True) if at < stop]
    before = [pair for pair in pairs if pair[0] < start]
    found = pairs[len(before) :]
    if before and not leaving.all_frames and (not found or found[0][0] > start):
        found.insert(0, [start, before[-1][1]])
    return found


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
