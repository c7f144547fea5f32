"""The command ``frames``: print what a capture holds, as far as it fits a filter."""

import argparse
import base64
import json
import re
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from wsinspector.capture import AttemptRow, CaptureError, CaptureReader
from wsinspector.cli.answer_report import outcome_name
from wsinspector.cli.captures import unread
from wsinspector.cli.frame_comparing import compared, lines
from wsinspector.cli.frame_lines import end_json, end_text, frame_json, frame_text
from wsinspector.cli.frame_reading import read_frames
from wsinspector.cli.request import WrongArgumentError
from wsinspector.cli.results import put
from wsinspector.cli.telling import say
from wsinspector.conversation.checked import look_and_mend, opened
from wsinspector.conversation.restore import restored_attempt
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.filter import Condition, Parsed, doubt_of, parse
from wsinspector.present.filtering import FilterRun, end_fits
from wsinspector.present.frame_index import KIND, PING, PONG, FrameIndex
from wsinspector.present.frames import FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.payload import COPY_LIMIT, read_payload
from wsinspector.present.plain import preview, visible
from wsinspector.present.rows import Mode
from wsinspector.present.secrets import masked_address
from wsinspector.present.source import AttemptSource
from wsinspector.present.undecided import undecided_text
from wsinspector.protocol.deflate import InflateFault
from wsinspector.protocol.opcodes import CLOSE, TEXT
from wsinspector.protocol.opcodes import PING as PING_OPCODE
from wsinspector.protocol.opcodes import PONG as PONG_OPCODE

PREVIEW = 200
_SET = re.compile(b"\x01")


def run(arguments: argparse.Namespace) -> int:
    """Print the rows; return the exit code. Raises WrongArgumentError."""
    parsed = parse(arguments.filter or "")
    if not parsed.ok:
        raise WrongArgumentError(_told(parsed))
    as_lines = arguments.json or sys.stdout is None or not sys.stdout.isatty()
    try:
        reader = CaptureReader(arguments.file)
    except (CaptureError, OSError) as error:
        raise WrongArgumentError(unread(Path(arguments.file), error)) from None
    if doubt := doubt_of(parsed.text):
        say(visible(doubt))
    with reader:
        try:
            attempts = _picked(reader, arguments)
            look_and_mend(reader, [row.id for row in attempts])
            if arguments.compare:
                two = (arguments.compare[0], arguments.compare[1])
                found = compared(reader, attempts, two, messages=arguments.messages)
                put(lines(found, as_lines=as_lines))
                return 0 if opened(reader).fine else 1
            asked = _Asked(parsed.condition, arguments.messages, arguments.limit, as_lines, len(attempts) > 1)
            put(_lines(reader, attempts, asked))
        except CaptureError as error:
            say(str(error))
            return 1
        for finding in (report := opened(reader)).findings:
            say(visible(finding.text))
        if asked.undecided:
            say(undecided_text(asked.undecided, asked.too_large, asked.untold))
    return 0 if report.fine else 1


def _told(parsed: Parsed) -> str:
    """The mistakes, each below the line with carets under it."""
    text = parsed.text
    lines = ["the filter cannot be read"]
    for mistake in parsed.mistakes:
        before, marked = visible(text[: mistake.start]), visible(text[mistake.start : mistake.stop])
        carets = " " * len(before) + "^" * max(1, len(marked))
        lines += [f"  {visible(text)}", f"  {carets}", f"  {mistake.text}"]
    return "\n".join(lines)


@dataclass(slots=True)
class _Asked:
    """What is to be printed, and how much of it came."""

    condition: Condition | None
    messages: bool
    left: int | None
    as_lines: bool
    several: bool
    undecided: int = 0
    too_large: int = 0
    untold: int = 0


def _picked(reader: CaptureReader, arguments: argparse.Namespace) -> list[AttemptRow]:
    conversations = [row.id for row in reader.conversations()]
    if arguments.conversation is not None:
        if arguments.conversation > len(conversations):
            raise WrongArgumentError(
                f"--conversation {arguments.conversation}: the file has {len(conversations)}."
            )
        conversations = [conversations[arguments.conversation - 1]]
    found = [row for conversation in conversations for row in reader.attempts(conversation)]
    if arguments.attempt is not None:
        found = [row for row in found if row.number == arguments.attempt]
        if not found:
            raise WrongArgumentError(f"--attempt {arguments.attempt}: there is no such attempt.")
    return found


def _lines(reader: CaptureReader, attempts: list[AttemptRow], asked: _Asked) -> Iterator[str]:
    places = {row.id: place for place, row in enumerate(reader.conversations(), 1)}
    for row in attempts:
        if asked.left == 0:
            return
        if not row.finished:
            say(f"Attempt {row.number} has no end in this file: it is still written, or was cut short.")
        snapshot = restored_attempt(reader, row).snapshot
        place = places[row.conversation]
        if asked.several and not asked.as_lines:
            yield f"conversation {place}, attempt {row.number}: {visible(masked_address(snapshot.url))}"
        for line in _rows(reader, snapshot, asked):
            yield _placed(line, place, row.number) if asked.as_lines else line


def _placed(line: str, conversation: int, attempt: int) -> str:
    """A JSON object with its place in the file before the other members."""
    return f'{{"conversation":{conversation},"attempt":{attempt},{line[1:]}'


def _rows(reader: CaptureReader, snapshot: AttemptSnapshot, asked: _Asked) -> Iterator[str]:
    source = AttemptSource(reader, snapshot.attempt_id)
    reading = FrameReading(source, snapshot.agreed, snapshot.role, composed=bool(snapshot.imported))
    inflation = Inflation(reading)
    index = FrameIndex(reading.source)
    marks = [mark.frame for mark in reader.marks(snapshot.attempt_id)]
    numbers = _numbers(reading, index, inflation, snapshot, marks, asked)
    numbers = islice(_heads(numbers, index) if asked.messages else numbers, asked.left)
    rows: Iterator[str]
    if asked.messages:
        rows = (
            _message(reader, reading, inflation, snapshot, index.members_of(number), asked)
            for number in numbers
        )
    else:
        rows = map(frame_json if asked.as_lines else frame_text, read_frames(reader, snapshot, numbers))
    if asked.left is None:
        yield from rows
    else:
        for row in rows:
            asked.left -= 1
            yield row
    end = snapshot.end
    if asked.left == 0 or end is None:
        return
    if end_fits(asked.condition, at_ns=end.at - snapshot.mono_ns, code=end.code, reason=end.reason):
        yield end_json(snapshot, outcome_name(snapshot)) if asked.as_lines else end_text(snapshot)


def _numbers(
    reading: FrameReading,
    index: FrameIndex,
    inflation: Inflation,
    snapshot: AttemptSnapshot,
    marks: list[int],
    asked: _Asked,
) -> Iterator[int]:
    """The frames that fit, in order, while the capture is read on."""
    mode = Mode.MESSAGES if asked.messages else Mode.FRAMES
    condition = asked.condition
    if condition is None:
        after = 0
        while index.grow(snapshot.frames):
            yield from (no for no in range(after + 1, len(index) + 1) if index.missing.run_at(no) is None)
            after = len(index)
        return
    start = snapshot.mono_ns
    run = FilterRun(condition, reading, index, inflation, mode=mode, start_ns=start, marks=marks)
    before = large = untold = 0
    while index.grow(snapshot.frames):
        while part := run.work(len(index)):
            asked.undecided += run.undecided - before
            asked.too_large += run.too_large - large
            asked.untold += run.untold - untold
            before, large, untold = run.undecided, run.too_large, run.untold
            after = run.done - len(part)
            yield from (after + match.start() + 1 for match in _SET.finditer(part))


def _heads(numbers: Iterator[int], index: FrameIndex) -> list[int]:
    """The first frames of the messages that the frames ``numbers`` belong to, in order.

    Which frames those are is known only at the end; a ping or pong is a row of its own.
    """
    found = set()
    for number in list(numbers):
        head = index.head_of(number)
        alone = index.frames[number - 1] & KIND in (PING, PONG)
        found.add(number if alone else head)
    return sorted(found)


def _message(
    reader: CaptureReader,
    reading: FrameReading,
    inflation: Inflation,
    snapshot: AttemptSnapshot,
    members: "array[int]",
    asked: _Asked,
) -> str:
    if len(members) > 1 and reading.facts(members[0]) is not None:
        first = reading.facts(members[0])
        # Pings that the log folds are rows of their own here.
        members = members[:1] if first is not None and first.opcode in (PING_OPCODE, PONG_OPCODE) else members
    frame = next(read_frames(reader, snapshot, members[:1]))
    payload = read_payload(reading, inflation, members, COPY_LIMIT)
    data = payload.data if payload is not None else b""
    size = reading.sizes(members)
    if asked.as_lines:
        made = {
            "no": frame.no,
            "frames": list(members),
            "dir": "out" if frame.outgoing else "in",
            "at": round(frame.at, 6),
            "name": frame.name,
            "size": size,
            "compressed": None if snapshot.imported else payload is not None and payload.compressed,
            "payload": base64.b64encode(data).decode("ascii"),
            "left_out": payload.left_out if payload is not None else 0,
        }
        if snapshot.imported:
            made["imported"] = snapshot.imported
        if payload is not None and payload.fault is not None:
            made["inflated"] = payload.fault.value
        return json.dumps(made, separators=(",", ":"))
    if payload is not None and payload.fault is InflateFault.LEFT_OUT:
        shown = "(not inflated: bytes were left out when this file was made to be shared)"
    elif frame.first & 0x0F in (TEXT, PING_OPCODE, PONG_OPCODE):
        shown = preview(data, PREVIEW)
    elif frame.first & 0x0F == CLOSE:
        return frame_text(frame)
    else:
        shown = data[:32].hex(" ") + "…" * (len(data) > 32)
    several = f" [{len(members)} frames]" if len(members) > 1 else ""
    arrow = "↑" if frame.outgoing else "↓"
    return f"{frame.no:>5} {frame.at:10.3f} {arrow} {frame.name:<12} {size:>6}{several} {shown}".rstrip()
