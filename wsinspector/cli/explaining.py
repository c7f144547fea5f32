"""The command ``explain``: every byte of a conversation told, out of a capture or of one just opened."""

import argparse
import contextlib
import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wsinspector.capture import CaptureReader
from wsinspector.capture.keeping import SUFFIX
from wsinspector.cli.captures import one_attempt, opened
from wsinspector.cli.explain_glossary import tell_term
from wsinspector.cli.interrupts import counted_interrupts
from wsinspector.cli.request import WrongArgumentError, build
from wsinspector.cli.results import ReaderGoneError, put
from wsinspector.cli.running import connected, conversation_for
from wsinspector.cli.telling import say
from wsinspector.conversation.checked import look_and_mend
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.learn.pieces import Piece
from wsinspector.present.explaining.part import Kind, Part
from wsinspector.present.explaining.parts import Parts
from wsinspector.present.explaining.shown import (
    arrow,
    hidden_in,
    printed_bits,
    shown,
    sign,
    steps_of,
    summary,
    title,
)
from wsinspector.present.frame_index import FrameIndex
from wsinspector.present.frames import FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.numbers import count
from wsinspector.present.plain import visible
from wsinspector.present.source import AttemptSource
from wsinspector.protocol.columns import FLAG_COMPRESSED
from wsinspector.protocol.opcodes import TEXT
from wsinspector.protocol.spans import Direction, Span

WIDTH = 100
FIRST = 20
"""Frames that are told as text unless all, or one, are asked for."""

_KINDS = {
    "opening": (Kind.OPENING,),
    "request": (Kind.REQUEST,),
    "answer": (Kind.INTERIM, Kind.ANSWER),
    "frames": (Kind.GONE, Kind.MESSAGE, Kind.FRAME, Kind.WHOLE, Kind.ARRIVING, Kind.REST),
    "end": (Kind.END,),
}

LOOK_AGAIN = 0.1
GIVE_UP = 3.0


def run(arguments: argparse.Namespace) -> int:
    """Print the explanation; return the exit code. Raises WrongArgumentError."""
    if arguments.glossary is not None:
        return tell_term(str(arguments.glossary), as_json=arguments.json)
    if arguments.url is None:
        raise WrongArgumentError("name a capture or an address, or ask with --glossary TERM.")
    if _is_file(arguments.url):
        with opened(arguments.url) as reader:
            look_and_mend(reader, reader.attempt_ids())
            _, attempt, others = one_attempt(reader, arguments.conversation, arguments.attempt)
            if others:
                say(f"attempt {attempt.snapshot.number} is told; --attempt names another of {others + 1}.")
            _tell(reader, attempt.snapshot, arguments)
        return 0
    return _live(arguments)


def _is_file(name: str) -> bool:
    return "://" not in name and (name.endswith(SUFFIX) or Path(name).is_file())


def _live(arguments: argparse.Namespace) -> int:
    """Open, close, and tell what travelled. 0 where a WebSocket opened, 1 where not."""
    request = build(arguments)
    for note in request.notes:
        say(note)
    with counted_interrupts() as interrupts, conversation_for(request) as conversation:
        attempt = connected(conversation)
        closing = False
        while (snapshot := attempt.wait_ended(LOOK_AGAIN)) is None:
            if attempt.snapshot.open and not closing:
                closing = True
                for text in arguments.send:
                    attempt.say(TEXT, text.encode("utf-8", "surrogateescape"))
                attempt.close()
            if interrupts.count:
                attempt.cancel()
                snapshot = attempt.wait_ended(GIVE_UP) or attempt.snapshot
                break
        conversation.flush(GIVE_UP)
        # What is written is published a moment later.
        snapshot = attempt.wait_for(_all_kept, GIVE_UP) or attempt.snapshot
        reader = conversation.reader()
        if reader is None:
            raise WrongArgumentError(conversation.store_trouble or "nothing was kept of the conversation.")
        with contextlib.suppress(ReaderGoneError):
            _tell(reader, snapshot, arguments)
    if snapshot.network_error:
        say(snapshot.network_error)
    return 0 if snapshot.opened_at is not None else 1


def _all_kept(snapshot: AttemptSnapshot) -> bool:
    return snapshot.frames >= snapshot.frames_in + snapshot.frames_out


def _tell(reader: CaptureReader, snapshot: AttemptSnapshot, arguments: argparse.Namespace) -> None:
    reading = FrameReading(AttemptSource(reader, snapshot.attempt_id), snapshot.agreed, snapshot.role)
    inflation = Inflation(reading)
    index = FrameIndex(reading.source)
    while index.grow(snapshot.frames):
        pass
    parts = Parts(snapshot, reading, inflation, index)
    places = _places(parts, arguments)
    teller = _Teller(parts, inflation, to_bytes=arguments.bytes, alone=arguments.frame is not None)
    put(teller.as_json(places) if arguments.json else teller.as_text(places))


def _places(parts: Parts, arguments: argparse.Namespace) -> Iterator[int]:
    """The parts that are asked for, in order. Raises WrongArgumentError."""
    if arguments.frame is not None:
        place = parts.place_of_frame(arguments.frame)
        if place is None:
            raise WrongArgumentError(f"there is no frame {arguments.frame}; there are {parts.frame_count}.")
        return iter((place,))
    kinds = [kind for name in arguments.part or _KINDS for kind in _KINDS[name]]
    most = None if arguments.all or arguments.json else FIRST

    def found() -> Iterator[int]:
        told = 0
        for place in range(len(parts)):
            kind = parts.part(place).kind
            if kind not in kinds:
                continue
            if kind is Kind.FRAME:
                told += 1
                if most is not None and told > most:
                    continue
            elif most is not None and (
                (kind is Kind.MESSAGE and told >= most) or (kind is Kind.WHOLE and told > most)
            ):
                continue
            yield place
        if most is not None and told > most:
            say(f"{count(told - most)} more frames are not told; --all tells them, --frame N one of them.")

    return found()


class _Teller:
    """Parts as text or as JSON. ``to_bytes``: down to the single byte, and not only to the field.

    ``alone``: a frame that is told for itself, and not below its message.
    """

    def __init__(self, parts: Parts, inflation: Inflation, *, to_bytes: bool, alone: bool) -> None:
        self._parts = parts
        self._inflation = inflation
        self._to_bytes = to_bytes
        self._alone = alone
        self._told: set[str] = set()

    def _prepared(self, place: int) -> tuple[Part, tuple[Piece, ...], tuple[Span, ...]]:
        part = self._parts.located(self._parts.part(place))
        if part.kind is Kind.FRAME:
            facts = self._parts.facts(part.number)
            if facts is not None and facts.flags & FLAG_COMPRESSED:
                self._inflation.reach(facts.direction, part.number, part.number)
        elif part.kind is Kind.WHOLE:
            message = self._parts.message(part)
            if message is not None and message.compressed:
                self._inflation.reach(message.direction, message.numbers[-1], message.numbers[0])
        return part, self._parts.pieces(part), hidden_in(self._parts, part)

    def _inside(self, piece: Piece) -> tuple[Piece, ...]:
        inner = piece.inside()
        if not self._to_bytes and any(each.role == "bytes" for each in inner):
            return ()
        return inner

    # -- as text

    def as_text(self, places: Iterator[int]) -> Iterator[str]:
        for number, place in enumerate(places):
            part, pieces, hidden = self._prepared(place)
            if number:
                yield ""
            head = f"{arrow(self._parts, part)} {title(self._parts, part)}".strip()
            told = summary(self._parts, part)
            level = 0 if self._alone else part.level
            indent = "  " * level
            yield f"{indent}{head}: {told}" if told else f"{indent}{head}"
            for piece in pieces:
                yield from self._piece_text(part, piece, hidden, 1 + level, above=level)

    def _piece_text(
        self, part: Part, piece: Piece, hidden: tuple[Span, ...], depth: int, *, above: int
    ) -> Iterator[str]:
        seen = shown(self._parts, part, piece, hidden)
        indent = "  " * depth
        inner = self._inside(piece)
        said = f"{seen.name}: {seen.value}" if seen.value else seen.name
        where = seen.bits or seen.hex
        if seen.bits:
            where = f"{seen.bits} ({printed_bits(piece)})"
        elif seen.hex and not inner:
            where = f"{seen.hex}{'…' if seen.left_out else ''}  {seen.text}"
        elif inner:
            where = seen.size
        yield f"{indent}{said}" + (f"  [{where}]" if where else "")
        if seen.hidden and not inner:
            yield f"{indent}    hidden, as it is a secret"
        lines = [piece.said.what, piece.said.why, piece.said.otherwise]
        text = " ".join(line for line in lines if line)
        clause = f" ({piece.said.clause})" if piece.said.clause else ""
        # What every line has is told once: its second colon is like its first.
        if text and text not in self._told:
            self._told.add(text)
            yield from _wrapped(f"{text}{clause}", f"{indent}    ")
        for step in steps_of(piece, hidden):
            note = f"  {step.note}" if step.note else ""
            yield f"{indent}    {step.name}: {step.value}{note}".rstrip()
        if not inner or depth == 1 + above:
            for each in piece.wrong:
                where = f" ({each.clause})" if each.clause else ""
                yield from _wrapped(f"{sign(each)}: {visible(each.text)}{where}", f"{indent}  ")
        for one in inner:
            yield from self._piece_text(part, one, hidden, depth + 1, above=above)

    # -- as JSON

    def as_json(self, places: Iterator[int]) -> Iterator[str]:
        for place in places:
            part, pieces, hidden = self._prepared(place)
            told: dict[str, Any] = {
                "part": part.key,
                "title": title(self._parts, part),
                "summary": summary(self._parts, part),
                "direction": None if part.direction is None else _WAYS[part.direction],
                "start": part.span.start if part.span is not None else None,
                "end": part.span.end if part.span is not None else None,
                "sent": part.sent,
                "message": self._parts.above(part),
                "pieces": [self._piece_json(part, piece, hidden) for piece in pieces],
            }
            yield json.dumps(told, ensure_ascii=False)

    def _piece_json(self, part: Part, piece: Piece, hidden: tuple[Span, ...]) -> dict[str, Any]:
        seen = shown(self._parts, part, piece, hidden)
        told: dict[str, Any] = {"name": seen.name, "value": seen.value}
        if len(piece.bits):
            told |= {"start": piece.span.start, "end": piece.span.end}
            if not piece.whole_bytes:
                told |= {"first_bit": piece.bits.start % 8, "bits": seen.bits}
            told |= {"hex": seen.hex, "hidden": seen.hidden}
            if seen.left_out:
                told["left_out"] = seen.left_out
        said = piece.said
        told |= {"what": said.what, "why": said.why, "otherwise": said.otherwise, "clause": said.clause}
        told["terms"] = list(said.terms)
        if steps := steps_of(piece, hidden):
            told["steps"] = [{"name": one.name, "value": one.value, "note": one.note} for one in steps]
        if piece.wrong:
            told["wrong"] = [
                {"text": one.text, "clause": one.clause, "rule": one.rule, "broken": one.broken}
                for one in piece.wrong
            ]
        inner = self._inside(piece)
        if inner:
            told["pieces"] = [self._piece_json(part, one, hidden) for one in inner]
        return told


_WAYS = {Direction.IN: "in", Direction.OUT: "out"}


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
