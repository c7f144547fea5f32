"""JSON lines back into a capture: the same bytes, times, frames and gaps."""

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from wsinspector.present.frames import framing_of
from wsinspector.present.plain import visible
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.columns import (
    FLAG_COMPRESSED,
    FLAG_ENDS_MESSAGE,
    FLAG_MASKED,
    FLAG_OUT,
    FLAG_SENTINEL,
    FLAG_STARTS_MESSAGE,
    FrameColumns,
)
from wsinspector.protocol.deflate import WINDOW
from wsinspector.protocol.dialects import DIALECTS, dialect_of
from wsinspector.protocol.spans import Direction, Role
from wsinspector.share.har_gaps import LEFT_BEFORE, left_out_read, left_out_text, left_out_told
from wsinspector.share.importing import LARGEST, MARK, ReadsBack, Target, WrongFile
from wsinspector.share.json_line import SIDES, Line, as_composed, gaps_of, reads_of
from wsinspector.share.json_lines import FORMAT, VERSION
from wsinspector.share.left_out import LeftOut
from wsinspector.translate import translate

LONGEST_LINE = 64 << 20
"""Bytes; what is longer was not written by this program, and would have to be held."""

FRAMES_HELD = 1 << 14
NOT_HERE = "It is not in the file this was imported from."
LEFT_OUT_BEFORE = "It was left out of the file this was imported from."

NOT_OURS = "this is no export of wsinspector"

_ANOMALIES = {(flag.name or "").lower().replace("_", "-"): int(flag) for flag in FrameAnomaly}
_FLAGS = (
    ("masked", FLAG_MASKED),
    ("compressed", FLAG_COMPRESSED),
    ("starts", FLAG_STARTS_MESSAGE),
    ("ends", FLAG_ENDS_MESSAGE),
    ("sentinel", FLAG_SENTINEL),
)


def read_json_lines(
    stream: BinaryIO, name: str, target: Target, look: Callable[[int], None]
) -> Iterator[str]:
    """Fill ``target``; notes on what the file could not tell. Raises WrongFile, and what ``look`` raises."""
    attempt: _Attempt | None = None
    for line in _lines(stream, name, look):
        kind = line.data.get("kind")
        if kind == "attempt":
            if attempt is not None:
                yield from attempt.end(name)
            attempt = _Attempt(line, target)
            continue
        if attempt is None:
            raise line.wrong(f"{NOT_OURS}: its first line should be an attempt, and is “{kind}”.")
        attempt.take(str(kind), line)
        target.breathe()
        if kind == "end" and (gone := left_out_read(line.list("left_out"))):
            attempt.left_out(gone)
            yield f"{name}: {left_out_text(gone)}"
    if attempt is None:
        raise WrongFile(f"{name}: it holds no attempt.")
    yield from attempt.end(name)


def _lines(stream: BinaryIO, name: str, look: Callable[[int], None]) -> Iterator[Line]:
    done, number = 0, 0
    while data := stream.readline(LONGEST_LINE + 1):
        number += 1
        done += len(data)
        place = f"{name}, line {number}"
        if len(data) > LONGEST_LINE:
            raise WrongFile(f"{place}: it is longer than {LONGEST_LINE >> 20} MiB.")
        if number == 1:
            data = data.removeprefix(b"\xef\xbb\xbf")
        if not data.strip():
            continue
        try:
            found = json.loads(data)
        except (ValueError, RecursionError) as error:
            column = f", column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
            cut = " The file seems to be cut off." if not data.endswith(b"\n") else ""
            raise WrongFile(f"{place}{column}: this is no JSON.{cut}") from None
        if not isinstance(found, dict):
            raise WrongFile(f"{place}: this is no JSON object.")
        look(done)
        yield Line(found, place)


class _Attempt:
    def __init__(self, line: Line, target: Target) -> None:
        if line.data.get("format") != FORMAT:
            raise line.wrong(f"{NOT_OURS}: “format” should be {FORMAT}.")
        if line.number("version", 1) > VERSION:
            raise line.wrong("a newer version of this program wrote it.")
        speaks = line.text("speaks")
        if speaks not in {dialect.name for dialect in DIALECTS}:  # a draft's name is not enough here
            raise line.wrong(f"“speaks” names “{visible(speaks)}”, which is no dialect that is known.")
        _check_dialect(line, "dialect", line.data.get("dialect", ""))
        try:
            self._role = Role(line.text("role"))
        except ValueError:
            raise line.wrong("“role” should be client or server.") from None
        self._agreed = Agreed(dialect=speaks, connection_key=line.hex("masked_with"))
        self._framing = framing_of(self._agreed)
        self._composed = line.data.get("composed") is True
        told = Line(line.data.get("conversation") or {}, line.place)
        title, key, state, draft = line.text("url"), 0, {}, b""
        if told.data:
            title, key = told.text("title"), told.number("created_ns")
            state, draft = told.object("state"), told.base64("draft")
        facts = dict(line.object("facts"))
        _check_dialect(line, "dialect", facts.get("dialect", ""))
        options = facts.get("options")
        if isinstance(options, dict):
            _check_dialect(line, "speak", options.get("speak", ""))
        before = facts.get(MARK)
        if not (isinstance(before, dict) and before.get("unknown")):  # else it is still not known
            facts[MARK] = {"from": "json-lines", "program": str(line.data.get("program", "")), "unknown": []}
        conversation = target.conversation(title, key, state, draft, key or None)
        wall, mono = line.number("wall_ns", -LARGEST), line.number("mono_ns", -LARGEST)
        self._recorder = target.attempt(conversation, wall_ns=wall, mono_ns=mono, facts=facts)
        self._target = target
        self._reads = ReadsBack(self._recorder)
        self._columns = FrameColumns()
        self._last_no = 0
        self._ends = [0, 0]
        self._frame: Line | None = None
        self._lost = gaps_of(line)
        self._frames = line.number("frames")
        self._wanted = _wanted(line, self._frames)
        self._taken = 0
        self._ended = False
        sizes = Line(line.object("bytes"), line.place)
        self._sizes = {side: sizes.number(name) for name, side in SIDES.items()}
        self._finished = line.truth("finished")
        self._events: set[int] = set()

    def take(self, kind: str, line: Line) -> None:
        match kind:
            case "event":
                number = line.number("no", 1)
                at = line.number("time_ns", -LARGEST)
                if self._recorder.event(line.text("event"), at, line.object("data")) != number:
                    raise line.wrong(f"event {number} does not follow the one before.")
            case "bytes":
                self._bytes(line, line.side(), line.number("offset"), line.base64("base64"))
            case "frame":
                self._begin(line)
            case "payload":
                self._more(line)
            case "hole":
                first, last = line.number("first", 1), line.number("last", 1)
                self._until(line, first)
                self._skip_frames(last + 1 - first, line.text("reason"))
            case "mark":
                frame, name, note = line.number("frame", 1), line.text("name"), line.text("note")
                self._target.writer.set_mark(self._recorder.attempt_id, frame, name, note)
            case "end":
                self._ended = True
                self._wanted = line.number("frames")
            case _:
                raise line.wrong(f"“kind” is {kind!r}, which is not known.")

    def left_out(self, found: list[LeftOut]) -> None:
        """Keep what the file says was left out of it as secret."""
        self._recorder.update({LEFT_BEFORE: left_out_told(found)})

    # -- bytes

    def _bytes(self, line: Line, side: Direction, offset: int, data: bytes) -> None:
        behind = offset - self._reads.position[side]
        if behind < 0:
            raise line.wrong(f"its bytes begin at {offset}, within those of an earlier line.")
        self._skip_bytes(side, offset)
        self._reads.take(side, data, reads_of(line, offset, offset + len(data)))

    def _skip_bytes(self, side: Direction, upto: int) -> None:
        """Note as gaps what stands before ``upto``, as the attempt was told to have them."""
        lost = self._lost[side]
        while (at := self._reads.position[side]) < upto:
            place = bisect_right(lost, (at, LARGEST * 2, "")) - 1
            if place >= 0 and at < lost[place][1]:
                stop, reason = min(upto, lost[place][1]), lost[place][2]
            else:
                stop = min(upto, lost[place + 1][0]) if place + 1 < len(lost) else upto
                reason = NOT_HERE
            self._reads.gap(side, stop - at, reason)

    # -- frames

    def _begin(self, line: Line) -> None:
        number, side = line.number("no", 1), line.side()
        self._until(line, number)
        if self._composed and line.data.get("header") is None:
            line = as_composed(line)
        offset, header = line.number("offset"), line.number("header_length", 0, 255)
        length = line.number("length", 0, (1 << 64) - 1)
        flags = FLAG_OUT if side is Direction.OUT else 0
        for name, flag in _FLAGS:
            flags |= flag if line.truth(name) else 0
        first = line.truth("fin") << 7 | line.number("rsv", 0, 7) << 4 | line.number("opcode", 0, 15)
        anomalies = 0
        for code in line.list("anomalies"):
            if not isinstance(code, str) or code not in _ANOMALIES:
                raise line.wrong(f"“anomalies” names {code!r}, which is not known.")
            anomalies |= _ANOMALIES[code]
        columns = self._columns
        columns.offset.append(offset)
        columns.header.append(header)
        columns.length.append(length)
        columns.first.append(first)
        columns.flags.append(flags)
        columns.time.append(line.number("time_ns", -LARGEST))
        columns.message.append(line.number("message", 0, (1 << 32) - 1))
        columns.anomalies.append(anomalies)
        self._last_no = number
        self._taken += 1
        self._frame = line
        body = b""
        if line.data.get("header") is not None:
            body = line.hex("header")
            if len(body) > header:
                raise line.wrong("“header” is longer than “header_length”.")
        payload = line.text("text").encode("utf-8", "surrogatepass") if "text" in line.data else None
        payload = line.base64("base64") if payload is None else payload
        data = body + self._travelled(line, payload, 0)
        if data:
            self._bytes(line, side, offset if body else offset + header, data)
        self._ends[side] = self._reads.position[side]
        self._take_left_out(line, side, offset + header)
        if len(columns) >= FRAMES_HELD:
            self._hand_over()

    def _take_left_out(self, line: Line, side: Direction, body: int) -> None:
        """What was left out of a payload, which begins at ``body``, and the window behind its message."""
        for each in line.list("left_out"):
            found = each if isinstance(each, list) else []
            if len(found) != 2 or not all(type(at) is int and 0 <= at <= LARGEST for at in found):
                raise line.wrong("“left_out” should hold pairs of first byte and the one behind the last.")
            if found[0] < found[1]:
                self._recorder.left_out(side, body + found[0], body + found[1], LEFT_OUT_BEFORE)
        if "window" in line.data:
            message = line.number("message", 0, (1 << 32) - 1)
            self._recorder.checkpoint(side, message, line.base64("window")[-WINDOW:])

    def _more(self, line: Line) -> None:
        frame = self._frame
        if frame is None or line.number("no", 1) != self._last_no or line.side() is not frame.side():
            raise line.wrong("it goes on with a frame that is not the one before.")
        offset = line.number("offset")
        start = offset - frame.number("offset") - frame.number("header_length")
        if start < 0:
            raise line.wrong("it begins before its frame's payload.")
        self._bytes(line, line.side(), offset, self._travelled(frame, line.base64("base64"), start))
        self._ends[line.side()] = self._reads.position[line.side()]

    def _travelled(self, frame: Line, payload: bytes, start: int) -> bytes:
        """The payload as it was masked on the wire."""
        if not payload or not frame.truth("masked") or frame.data.get("header") is None:
            return payload
        header = frame.hex("header")
        if len(header) != frame.number("header_length"):
            return payload
        ours = frame.side() is Direction.OUT
        other = Role.SERVER if self._role is Role.CLIENT else Role.CLIENT
        sender = self._role if ours else other
        return self._framing.unmask(header, payload, start, sender=sender, agreed=self._agreed)

    def _until(self, line: Line, number: int) -> None:
        if number <= self._last_no:
            raise line.wrong(f"frame {number} does not follow frame {self._last_no}.")
        if number > self._last_no + 1:
            self._skip_frames(number - self._last_no - 1, NOT_HERE)

    def _skip_frames(self, count: int, reason: str) -> None:
        self._hand_over()
        self._recorder.gap(count, reason)
        self._last_no += count
        self._frame = None

    def _hand_over(self) -> None:
        """Give the frames to the capture, whose bytes it must have by then."""
        for side in Direction:
            if self._reads.handed(side) < self._ends[side]:
                self._reads.flush(side)
        if len(self._columns):
            self._recorder.frames(self._columns)
            self._columns = FrameColumns()

    def end(self, name: str) -> Iterator[str]:
        """The attempt is over: what the file does not hold of it is noted, and told of the file ``name``."""
        for side in Direction:
            self._reads.flush(side)
            if self._sizes[side] > self._reads.position[side]:
                self._skip_bytes(side, self._sizes[side])
        self._hand_over()
        if self._frames > self._last_no:
            self._skip_frames(self._frames - self._last_no, NOT_HERE)
        if self._finished:
            self._recorder.finish()
        missing = self._wanted - self._taken
        if missing > 0:
            of_all = translate("ImportJsonLines", "%n frame(s)", "", self._wanted)
            text = (
                translate("ImportJsonLines", "{0}: %n of {1} (is|are) missing.", "", missing)
                if self._ended
                else translate(
                    "ImportJsonLines",
                    "{0}: %n of {1} (is|are) missing, and the end line: the file was cut off.",
                    "",
                    missing,
                )
            )
            yield text.format(name, of_all)
        elif not self._ended:
            yield f"{name}: its end line is missing; the file may have been cut off."


def _check_dialect(line: Line, member: str, name: Any) -> None:
    """``name``: of a dialect or a draft, or empty."""
    if name != "" and not (isinstance(name, str) and dialect_of(name) is not None):
        raise line.wrong(f"“{member}” names “{visible(str(name))}”, which is no dialect that is known.")


def _wanted(line: Line, frames: int) -> int:
    """How many frames the file should hold: those chosen, or all that had been kept."""
    chosen = line.data.get("exported")
    if not isinstance(chosen, list):
        lost = [each for each in line.list("gaps") if isinstance(each, dict) and each.get("kind") == "frames"]
        gaps = [Line(each, line.place) for each in lost]
        return frames - sum(max(0, gap.number("stop") - gap.number("start")) for gap in gaps)
    ranges = [each for each in chosen if isinstance(each, list) and len(each) == 2]
    if not all(type(number) is int for each in ranges for number in each):
        raise line.wrong("“exported” should hold pairs of frames.")
    return sum(last + 1 - first for first, last in ranges)
