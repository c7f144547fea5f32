"""A message of several frames as it is told: what it is, its frames, and what they say together."""

from array import array
from dataclasses import dataclass

from wsinspector.learn.pieces import Piece, Said, Step
from wsinspector.present.frame_index import DROPPED, KIND, OUT, FrameIndex
from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.numbers import count
from wsinspector.present.plain import visible
from wsinspector.present.typenames import type_name
from wsinspector.protocol.columns import FLAG_COMPRESSED
from wsinspector.protocol.frame_facts import frame_facts
from wsinspector.protocol.opcodes import TEXT
from wsinspector.protocol.spans import Direction, Span
from wsinspector.translate import translate

FAR = 1 << 14
"""Frames from the first to the last of a message whose sizes are added up to be shown."""

LISTED = 12
BEGINNING = 48
"""Bytes of what a message says that one line shows."""

SUMMED = 16
NOWHERE = Span(0, 0)
Left = tuple[tuple[Direction, int, int], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """``numbers``: of its frames so far, rising. ``finished``: whether the last of them has come.

    ``size``: payload bytes together, None where that is far to look up. ``begins``: whether its first frame
    is in the file.
    """

    numbers: "array[int]"
    head: FrameFacts
    finished: bool
    begins: bool
    size: int | None

    @property
    def direction(self) -> Direction:
        return self.head.direction

    @property
    def compressed(self) -> bool:
        return bool(self.head.flags & FLAG_COMPRESSED)


class Messages:
    """The messages of several frames of one attempt, by the number of any of their frames.

    ``index``: knows the frames; it grows as whoever shows them lets it. ``inflation``: what was inflated
    already is told, nothing is inflated here.
    """

    def __init__(self, index: FrameIndex, reading: FrameReading, inflation: Inflation | None) -> None:
        self.index = index
        self.reading = reading
        self.inflation = inflation
        self._kept: dict[int, Message] = {}

    def place_of(self, number: int) -> tuple[int, int] | None:
        """Which frame of its message a frame is, from 0, and of how many; None for one that is whole."""
        index = self.index
        if not 0 < number <= len(index) or not (index.begun or index.ended):
            return None
        found = index.place_of(number, 1 if index.frames[number - 1] & OUT else 0)
        return None if found is None else found[:2]

    def of(self, number: int) -> Message | None:
        """The message that frame ``number`` is a part of."""
        place = self.place_of(number)
        if place is None:
            return None
        at, many = place
        kept = self._kept.get(number)
        if kept is not None and len(kept.numbers) == many and kept.numbers[at] == number:
            return kept
        found = self.index.part_of(number)
        head = None if found is None else self.reading.facts(found[1][0])
        if found is None or head is None:
            return None
        numbers = found[1]
        finished = self.index.ends(numbers[-1])
        size = self.reading.sizes(numbers) if numbers[-1] - numbers[0] < FAR else None
        made = Message(numbers, head, finished, self.index.begins(numbers[0]), size)
        if len(self._kept) >= FAR:
            self._kept.clear()
        self._kept[number] = made
        return made

    # -- in words

    def title(self, message: Message) -> str:
        return translate("Explain", "Message of %n frame(s)", "", len(message.numbers))

    def summary(self, message: Message) -> str:
        """``Text, 20 bytes, frames 5 to 9``."""
        parts = [self.kind(message), _size(message.size) if message.size is not None else ""]
        first, last = message.numbers[0], message.numbers[-1]
        parts.append(translate("Explain", "frames {0} to {1}").format(count(first), count(last)))
        if not message.finished:
            parts.append(translate("Explain", "not finished"))
        return ", ".join(part for part in parts if part)

    def kind(self, message: Message) -> str:
        if not message.begins:
            return translate("Explain", "its beginning is not in the file")
        return type_name(self.reading, message.head)

    def says(self, message: Message, left_out: Left) -> str:
        """The beginning of what it says; why not, where that cannot be told."""
        if self._left_out(message, left_out):
            return translate("Explain", "left out of this copy")
        data = self._content(message, BEGINNING + 1)
        if data is None:
            return translate("Explain", "compressed, not inflated yet")
        return _told(data, text=message.head.opcode == TEXT and message.begins)

    def _left_out(self, message: Message, left_out: Left) -> bool:
        if not left_out or message.size is None:
            return bool(left_out)
        facts = (self.reading.facts(number) for number in message.numbers)
        spans = [(each.payload_start, each.payload_end) for each in facts if each is not None]
        return any(
            direction is message.direction and start < stop and begin < end
            for direction, start, end in left_out
            for begin, stop in spans
        )

    def _content(self, message: Message, at_most: int) -> bytes | None:
        """The first bytes of it, unmasked and inflated; None where they are not inflated yet."""
        if not message.compressed:
            return self.reading.joined(message.numbers, at_most)
        made = b""
        for number in message.numbers:
            seen = self.inflation.seen(number) if self.inflation is not None else None
            if seen is None or seen.fault is not None:
                return made or None
            made += seen.beginning
            if len(made) >= at_most or len(seen.beginning) < seen.size:
                break
        return made[:at_most]

    # -- as pieces

    def head_pieces(self, message: Message) -> tuple[Piece, ...]:
        """What is told at the row above its frames."""
        made = [
            _piece(
                translate("Explain", "kind"),
                self.kind(message),
                translate("Explain", "The opcode of the first frame tells what kind of message it is."),
                translate("Explain", "The frames behind it have opcode 0, continuation."),
                clause=self._clause("§5.4"),
                terms=("opcode", "fragmentation"),
            ),
            _piece(
                translate("Explain", "frames"),
                _listed(message.numbers),
                translate("Explain", "The frames that carry it, in the order in which they travelled."),
                translate("Explain", "So a sender can begin before it knows how long the message will be."),
                translate("Explain", "In one frame, its whole length has to be known before the first byte."),
                self._clause("§5.4"),
                ("fragmentation", "message"),
            ),
        ]
        between = self._between(message)
        if between:
            made.append(
                _piece(
                    translate("Explain", "in between"),
                    between,
                    translate("Explain", "Frames of the same side that belong to no part of this message."),
                    translate("Explain", "A control frame need not wait until a long message is through."),
                    clause=self._clause("§5.4, §5.5"),
                    terms=("control-frame", "fragmentation"),
                )
            )
        if message.size is not None:
            made.append(
                _piece(
                    translate("Explain", "length"),
                    _size(message.size),
                    translate("Explain", "All payloads together, as they travelled."),
                    translate("Explain", "No header tells it: each frame tells only its own."),
                    clause=self._clause("§5.2, §5.4"),
                    terms=("payload", "message"),
                )
            )
        if message.compressed and not self.reading.agreed.per_frame:
            made.append(
                _piece(
                    translate("Explain", "compressed"),
                    "",
                    translate("Explain", "The whole message was compressed, and then cut into frames."),
                    translate("Explain", "So RSV1 is set in its first frame alone."),
                    clause="RFC 7692 §6.1",
                    terms=("permessage-deflate", "rsv"),
                )
            )
        made.append(self._end_piece(message))
        return tuple(made)

    def _end_piece(self, message: Message) -> Piece:
        last = message.numbers[-1]
        value = (
            translate("Explain", "with frame {0}").format(count(last))
            if message.finished
            else translate("Explain", "not there")
        )
        return _piece(
            translate("Explain", "end"),
            value,
            translate("Explain", "A bit in the header of its last frame says that the message ends there."),
            "",
            ""
            if message.finished
            else translate("Explain", "Without it the receiver waits for more and delivers nothing whole."),
            self._clause("§5.2, §5.4"),
            ("fin", "fragmentation"),
        )

    def whole_pieces(self, message: Message, left_out: Left) -> tuple[Piece, ...]:
        """What is told at the row below its frames."""
        masked = bool(self.reading.key(message.head))
        how = (
            translate(
                "Explain", "The payloads of its frames, each unmasked with its own key, joined in order."
            )
            if masked
            else translate("Explain", "The payloads of its frames, joined in order.")
        )
        if message.compressed:
            how += " " + translate("Explain", "Together they are one compressed stream.")
        hidden = self._left_out(message, left_out)

        def works() -> tuple[Step, ...]:
            return () if hidden else self._steps(message)

        return (
            Piece(
                translate("Explain", "put together"),
                NOWHERE,
                Said(
                    how,
                    translate(
                        "Explain",
                        "This is what an application is given; where a frame began means nothing to it.",
                    ),
                    translate("Explain", "A frame by itself may hold half a character, or half a number."),
                    self._clause("§5.4, §5.6"),
                    ("message", "fragmentation", "payload"),
                ),
                self.says(message, left_out),
                works=works,
            ),
        )

    def _steps(self, message: Message) -> tuple[Step, ...]:
        steps = []
        for number in message.numbers[:SUMMED]:
            facts = self.reading.facts(number)
            if facts is None:
                continue
            name = translate("Explain", "frame {0}").format(count(number))
            if message.compressed:
                seen = self.inflation.seen(number) if self.inflation is not None else None
                wire = self.reading.payload(facts, 0, SUMMED).hex(" ")
                gave = "" if seen is None else _told(seen.beginning, text=message.head.opcode == TEXT)
                steps.append(Step(name, wire, gave))
            else:
                data = self.reading.payload(facts, 0, BEGINNING + 1)
                steps.append(Step(name, _told(data, text=message.head.opcode == TEXT), _size(facts.length)))
        if len(message.numbers) > SUMMED:
            steps.append(Step("…", "", translate("Explain", "and so on, to the last frame")))
        return tuple(steps)

    def _between(self, message: Message) -> str:
        """The frames of the same side that stand between those of a message."""
        first, last = message.numbers[0], message.numbers[-1]
        if message.size is None:
            return ""
        mine = set(message.numbers)
        side = OUT if message.direction is Direction.OUT else 0
        classes = self.index.frames.piece(first - 1, last)
        found = [
            number
            for number, of in enumerate(classes, first)
            if number not in mine and of & OUT == side and of & KIND != DROPPED
        ]
        told = []
        for number in found[:LISTED]:
            facts = self.reading.facts(number)
            if facts is not None:
                told.append(f"{count(number)} {type_name(self.reading, facts)}")
        return ", ".join(told) + ("…" if len(found) > LISTED else "")

    def _clause(self, of_standard: str) -> str:
        document = frame_facts(self.reading.agreed.dialect).document
        return f"RFC 6455 {of_standard}" if document == "RFC 6455" else document


def _piece(
    name: str,
    value: str,
    what: str,
    why: str = "",
    otherwise: str = "",
    clause: str = "",
    terms: tuple[str, ...] = (),
) -> Piece:
    return Piece(name, NOWHERE, Said(what, why, otherwise, clause, terms), value)


def _listed(numbers: "array[int]") -> str:
    more = "…" if len(numbers) > LISTED else ""
    return ", ".join(count(number) for number in numbers[:LISTED]) + more


def _size(size: int) -> str:
    return translate("Explain", "%n byte(s)", "", size) if size < 1 << 31 else count(size)


def _told(data: bytes, *, text: bool) -> str:
    """The beginning of ``data`` as a line: text with odd bytes escaped, else hex."""
    more = "…" if len(data) > BEGINNING else ""
    data = data[:BEGINNING]
    return (visible(data.decode("utf-8", "backslashreplace")) if text else data.hex(" ")) + more
