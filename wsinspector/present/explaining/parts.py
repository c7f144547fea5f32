"""The parts of an attempt in their order: opening, request, answers, every frame, what is left, the end."""

from dataclasses import dataclass, replace

from wsinspector.conversation.snapshot import AttemptSnapshot, PendingView
from wsinspector.learn.bodies import rest
from wsinspector.learn.ending import ending_pieces
from wsinspector.learn.frames import frame_pieces
from wsinspector.learn.handshake import answer_end, answer_pieces, request_pieces
from wsinspector.learn.opening import opening_pieces
from wsinspector.learn.pieces import Piece, Wrong, with_wrong
from wsinspector.present.explaining.faults import answer_faults, request_faults
from wsinspector.present.explaining.frames import arriving_frame, as_composed, frame_of, may_be_cut
from wsinspector.present.explaining.grouping import Middle, Stands
from wsinspector.present.explaining.messages import Message, Messages
from wsinspector.present.explaining.part import KINDS, STANDS, Kind, Part
from wsinspector.present.frame_index import FrameIndex
from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.imported import framing_note
from wsinspector.present.inflation import Inflation
from wsinspector.present.source import AttemptSource
from wsinspector.protocol.columns import (
    FLAG_OUT,
)
from wsinspector.protocol.spans import Direction, Role, Span

_PAGE = 1024
Told = tuple[tuple[Piece, ...], tuple[Wrong, ...]]
"""The pieces of a part, and what is wrong with it."""

_FARTHEST = 1 << 16
"""Frames that are looked at for the last one of a direction, where no index tells it."""


@dataclass(frozen=True, slots=True)
class State:
    """Which parts there are at one moment. ``middle``: the frames, and the messages that they make."""

    snapshot: AttemptSnapshot
    head: tuple[Part, ...]
    middle: Middle
    tail: tuple[Part, ...]
    pending: dict[str, PendingView]

    @property
    def keys(self) -> list[str]:
        """Of what stands behind the frames."""
        return [part.key for part in self.tail]


class Parts:
    """All parts of one attempt; costs nothing a frame until a frame is asked for.

    ``reading``: None where nothing is kept. ``inflation``: what was inflated already is told; nothing is
    inflated here. ``index``: which frames make a message together; frames that it does not know are no parts
    yet, and None makes each a part for itself. One thread asks.
    """

    def __init__(
        self,
        snapshot: AttemptSnapshot,
        reading: FrameReading | None = None,
        inflation: Inflation | None = None,
        index: FrameIndex | None = None,
        *,
        frames: int | None = None,
    ) -> None:
        self.snapshot = snapshot
        self.reading = reading
        self.inflation = inflation
        self.messages = Messages(index, reading, inflation) if index is not None and reading else None
        self._head: list[Part] = []
        self._tail: list[Part] = []
        self._middle = Middle(1, 0)
        self._pending: dict[str, PendingView] = {}
        self.grow(snapshot, frames)

    def grow(self, snapshot: AttemptSnapshot, frames: int | None = None) -> None:
        """Take what has happened since. ``frames``: how many are shown, by default all that are kept."""
        self.snapshot = snapshot
        last = snapshot.frames if frames is None else min(frames, snapshot.frames)
        if self.reading is None:
            last = 0
        index = self.messages.index if self.messages is not None else None
        if index is not None:
            last = min(last, len(index))
        first = min(snapshot.dropped_to, last) + 1
        self._middle = Middle(first, last) if index is None else Middle(first, last, index.begun, index.ended)
        self._head = self._before_frames()
        self._tail = self._after_frames()

    @property
    def state(self) -> State:
        """Which parts there are; set it to go back to what it was, or to take only some of what is new."""
        return State(self.snapshot, tuple(self._head), self._middle, tuple(self._tail), self._pending)

    @state.setter
    def state(self, state: State) -> None:
        self.snapshot = state.snapshot
        self._head, self._tail = list(state.head), list(state.tail)
        self._middle = state.middle
        self._pending = state.pending

    def __len__(self) -> int:
        return len(self._head) + len(self._middle) + len(self._tail)

    @property
    def frame_count(self) -> int:
        """Frames that are parts of their own."""
        return self._middle.last - self._middle.first + 1

    @property
    def behind(self) -> bool:
        """Whether frames are kept that are no parts yet."""
        return self.reading is not None and self._middle.last < self.snapshot.frames

    @property
    def frames_at(self) -> int:
        """The place of the first frame."""
        return len(self._head)

    def part(self, place: int) -> Part:
        """Part ``place`` from 0. Raises IndexError."""
        if place < 0:
            raise IndexError(place)
        if place < len(self._head):
            return self._head[place]
        place -= len(self._head)
        if place < len(self._middle):
            stands, number = self._middle.at(place)
            return self._of_middle(KINDS[stands], number)
        return self._tail[place - len(self._middle)]

    def _of_middle(self, kind: Kind, number: int) -> Part:
        messages = self.messages
        inside = kind is Kind.WHOLE
        if messages is not None and kind is Kind.FRAME:
            inside = messages.place_of(number) is not None
        return Part(kind, number, level=int(inside))

    def place_of_frame(self, number: int) -> int | None:
        """Where frame ``number`` stands; None where it is not among the parts."""
        return self._place(Stands.FRAME, number)

    def _place(self, stands: Stands, number: int) -> int | None:
        found = self._middle.place_of(stands, number)
        return None if found is None else len(self._head) + found

    def above(self, part: Part) -> str | None:
        """The key of the message below which a part stands; None for one that stands by itself."""
        message = self.message(part) if part.level else None
        return None if message is None else Part(Kind.MESSAGE, message.numbers[0]).key

    def message(self, part: Part) -> Message | None:
        """The message of several frames that a part is, or is of."""
        if self.messages is None or part.kind not in STANDS:
            return None
        return self.messages.of(part.number)

    def place_of(self, key: str) -> int | None:
        """Where the part of this :attr:`Part.key` stands."""
        name, _, number = key.partition("-")
        for kind, stands in STANDS.items():
            if name == kind.value and number.isdigit():
                return self._place(stands, int(number))
        for place, part in enumerate(self._head):
            if part.key == key:
                return place
        for place, part in enumerate(self._tail):
            if part.key == key:
                return len(self._head) + len(self._middle) + place
        return None

    def located(self, part: Part) -> Part:
        """``part`` with its direction and its bytes, which of a frame are looked up now."""
        if part.kind not in STANDS:
            return part
        facts = self.facts(part.number)
        if part.kind is not Kind.FRAME:
            return part if facts is None else replace(part, direction=facts.direction)
        if facts is None:
            return part
        end = min(facts.end, self._end_of(facts))
        return replace(part, direction=facts.direction, span=Span(facts.offset, max(end, facts.offset)))

    def facts(self, number: int) -> FrameFacts | None:
        return self.reading.facts(number) if self.reading is not None else None

    # -- which parts there are

    @property
    def asking(self) -> Direction:
        """The stream that begins with the request."""
        return Direction.OUT if self.snapshot.role is Role.CLIENT else Direction.IN

    @property
    def answering(self) -> Direction:
        return Direction.IN if self.snapshot.role is Role.CLIENT else Direction.OUT

    def _before_frames(self) -> list[Part]:
        snapshot = self.snapshot
        parts = [Part(Kind.OPENING)] if snapshot.number else []  # a draft has not been anywhere
        if snapshot.request:
            sent = self._length(self.asking) >= len(snapshot.request) or self.reading is None
            span = Span(0, len(snapshot.request))
            parts.append(Part(Kind.REQUEST, 0, self.asking, span, sent=sent))
        at = 0
        for number, interim in enumerate(snapshot.interim, 1):
            end = max(at, answer_end(interim))
            parts.append(Part(Kind.INTERIM, number, self.answering, Span(at, end)))
            at = end
        if snapshot.response is not None:
            span = Span(at, max(at, answer_end(snapshot.response)))
            if len(span):
                parts.append(Part(Kind.ANSWER, 0, self.answering, span))
        if self._middle.first > 1:
            parts.append(Part(Kind.GONE, self._middle.first - 1))
        return parts

    def _after_frames(self) -> list[Part]:
        snapshot = self.snapshot
        parts = []
        self._pending = {}
        ended: set[Direction] = set()
        for view in sorted(snapshot.pending, key=lambda each: each.began_at):
            direction = Direction.OUT if view.outgoing else Direction.IN
            span = Span(view.offset, max(view.offset, self._length(direction)))
            if not len(span):
                continue
            part = Part(Kind.ARRIVING, 0, direction, span)
            self._pending[part.key] = view
            ended.add(direction)
            parts.append(part)
        every = max(snapshot.frames, snapshot.frames_in + snapshot.frames_out)
        settled = not snapshot.live and self._middle.last >= every
        if settled and self.reading is not None:
            for direction in Direction:
                if direction in ended:
                    continue
                start, end = self.frames_end(direction), self._length(direction)
                if start < end:
                    parts.append(Part(Kind.REST, 0, direction, Span(start, end)))
        if snapshot.end is not None:
            parts.append(Part(Kind.END))
        return parts

    def handshake_end(self, direction: Direction) -> int:
        """Where what belongs to the handshake ends in a stream."""
        if direction is self.asking:
            return min(len(self.snapshot.request), self._length(direction))
        return max(
            (part.span.end for part in self._head if part.direction is direction and part.span), default=0
        )

    def frames_end(self, direction: Direction) -> int:
        """Where the last whole frame of a stream ends; the end of the handshake where there is none."""
        start = self.handshake_end(direction)
        length = self._length(direction)
        if self.reading is None or not self._middle.last or length <= start:
            return start
        source = self.reading.source
        if isinstance(source, AttemptSource) and self._middle.last == self.snapshot.frames:
            end = source.reader.indexed_to(source.attempt_id, direction)
            if end is not None:
                return max(start, min(end, length))
        out = FLAG_OUT if direction is Direction.OUT else 0
        high = self._middle.last
        while high > 0:
            if self._middle.last - high > _FARTHEST:
                return length  # so far back that nobody would see what lies behind it
            low = max(1, high - _PAGE + 1)
            columns = source.columns(low, high - low + 1)
            for at in range(len(columns) - 1, -1, -1):
                if columns.header[at] and columns.flags[at] & FLAG_OUT == out:
                    facts = self.facts(low + at)
                    return max(start, self._end_of(facts)) if facts is not None else start
            high = low - 1
        return start

    def _end_of(self, facts: FrameFacts) -> int:
        return min(facts.end, self._length(facts.direction)) if may_be_cut(facts) else facts.end

    def _length(self, direction: Direction) -> int:
        if self.reading is not None:
            return self.reading.source.stream_length(direction)
        return self.snapshot.bytes_out if direction is Direction.OUT else self.snapshot.bytes_in

    # -- what they consist of

    def reads(self, direction: Direction, start: int, end: int) -> bytes:
        """Bytes of a stream as they travelled, as far as they are kept."""
        if direction is self.asking and end <= len(self.snapshot.request):
            return self.snapshot.request[start:end]
        return self.reading.source.stream(direction, start, end) if self.reading is not None else b""

    def pieces(self, part: Part) -> tuple[Piece, ...]:
        """What a part consists of, in order, each piece with what is wrong with it."""
        part = self.located(part)
        made, wrong = self._made(part)
        return with_wrong(made, wrong)

    def wrong(self, part: Part) -> tuple[Wrong, ...]:
        """What is wrong with a part; of a frame without taking its payload apart."""
        if part.kind in (Kind.MESSAGE, Kind.WHOLE):
            return ()
        if part.kind is Kind.FRAME:
            facts = self.facts(part.number)
            if facts is None or not facts.anomalies:
                return ()
        return self._made(self.located(part))[1]

    def _made(self, part: Part) -> Told:
        snapshot = self.snapshot
        match part.kind:
            case Kind.OPENING:
                return opening_pieces(snapshot), ()
            case Kind.END:
                return ending_pieces(snapshot), ()
            case Kind.REQUEST:
                pieces = request_pieces(snapshot.request, snapshot.dialect)
                return pieces, request_faults(snapshot)
            case Kind.INTERIM | Kind.ANSWER:
                return self._answer(part)
            case Kind.FRAME:
                facts = self.facts(part.number)
                return self._frame(facts) if facts is not None else ((), ())
            case Kind.MESSAGE | Kind.WHOLE:
                return self._message(part), ()
            case Kind.ARRIVING:
                return self._arriving(part)
            case Kind.REST:
                return self._rest(part), ()
            case _:
                return (), ()

    def _answer(self, part: Part) -> Told:
        snapshot = self.snapshot
        interim = part.kind is Kind.INTERIM
        response = snapshot.interim[part.number - 1] if interim else snapshot.response
        if response is None or part.span is None:
            return (), ()
        direction = self.answering
        pieces = answer_pieces(
            response,
            part.span.start,
            lambda start, end: self.reads(direction, start, end),
            snapshot.request,
            snapshot.dialect,
        )
        return pieces, answer_faults(snapshot, response, interim=interim)

    def _rest(self, part: Part) -> tuple[Piece, ...]:
        if part.span is None or part.direction is None:
            return ()
        direction = part.direction
        return (
            rest(
                lambda start, end: self.reads(direction, start, end),
                part.span.start,
                part.span.end,
                opened=self.snapshot.opened_at is not None,
                of_client=direction is self.asking,
            ),
        )

    def _frame(self, facts: FrameFacts) -> Told:
        if self.reading is None:
            return (), ()
        frame = frame_of(self.reading, facts, self.inflation)
        if imported := self.snapshot.imported:
            pieces, _ = frame_pieces(replace(frame, masked=False))
            return as_composed(pieces, framing_note(imported)), ()
        return frame_pieces(frame)

    def _message(self, part: Part) -> tuple[Piece, ...]:
        message = self.message(part)
        if self.messages is None or message is None:
            return ()
        if part.kind is Kind.MESSAGE:
            return self.messages.head_pieces(message)
        return self.messages.whole_pieces(message, self.snapshot.left_out)

    def _arriving(self, part: Part) -> Told:
        if self.reading is None or part.span is None:
            return (), ()
        return frame_pieces(arriving_frame(self.reading, self._pending[part.key], len(part.span)))
