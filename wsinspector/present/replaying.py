"""What of a capture is sent again, and what was answered to it the first time."""

import hashlib
from array import array
from collections import deque
from collections.abc import Container
from dataclasses import dataclass, field, replace

from wsinspector.capture.reader import CaptureReader
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.replaying import ReplayFrame, ReplayPlan, draft_again, options_again
from wsinspector.conversation.snapshot import AttemptSnapshot, EndedBy, EndKind
from wsinspector.present.crafting import craft_of
from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.opened import Opened, open_message
from wsinspector.present.pages import Stopping
from wsinspector.present.secrets import secret_spans
from wsinspector.present.source import AttemptSource
from wsinspector.present.withheld import of_frame
from wsinspector.protocol.address import Address, understand
from wsinspector.protocol.columns import FLAG_ENDS_MESSAGE, FLAG_STARTS_MESSAGE
from wsinspector.protocol.crafting import Between, Compression, CraftedFrame, Mask, Payload, Source
from wsinspector.protocol.draft import Draft
from wsinspector.protocol.opcodes import CLOSE, CONTROL_BIT, PING, PONG
from wsinspector.protocol.spans import Direction, Role
from wsinspector.translate import translate

LARGEST = 16 << 20
"""Bytes of a frame or message that is sent again."""

MOST = 100_000
"""Frames that are looked at."""

PIECE = 1 << 20

SHOWN = 160
"""Bytes of an answer that its line shows."""


class NoReplayError(ValueError):
    """Why there is nothing to replay, as a sentence."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message or Pong that came. ``at``: seconds since the opening; ``digest``: of all its payload.

    ``begins``: the first :data:`SHOWN` bytes of its payload.
    """

    numbers: "array[int]"
    opcode: int
    digest: bytes
    size: int
    at: float
    begins: bytes = b""


@dataclass(frozen=True, slots=True)
class Closing:
    """How a connection ended: by a Close of the peer's, before or after ours, or without one."""

    came: bool = False
    code: int | None = None
    reason: str = ""
    peer_first: bool = False
    peer_ended: bool = False
    sent: bool = False


@dataclass(slots=True)
class Recorded:
    """One attempt, read to be replayed or compared."""

    snapshot: AttemptSnapshot
    reading: FrameReading
    inflation: Inflation
    heard: list[Heard] = field(default_factory=list)
    closing: Closing = field(default_factory=Closing)

    def opened(self, numbers: "array[int]", at_most: int = PIECE) -> Opened | None:
        return open_message(self.reading, self.inflation, numbers, at_most)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person chose: frame ``numbers`` (None for our whole side), another ``url`` (empty for the same).

    ``credentials``: send secrets of the request to another server too. ``fresh_masks``: else as recorded.
    ``draft``: a request to open with in place of the recorded one.
    """

    numbers: Container[int] | None = None
    url: str = ""
    credentials: bool = False
    fresh_masks: bool = True
    draft: Draft | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """``first``: what was answered the first time; ``whole``: all that we sent is sent again."""

    plan: ReplayPlan
    first: Recorded
    notes: tuple[str, ...]
    whole: bool


def recorded(
    reader: CaptureReader, attempt: Attempt, behind: int = 0, stopping: Stopping = lambda: False
) -> Recorded:
    """What came on an attempt behind frame ``behind``, and how it ended. Raises NoReplayError."""
    return _Walk(reader, attempt, Asked(), stopping, behind).walked()


def replay_plan(
    reader: CaptureReader, attempt: Attempt, asked: Asked, stopping: Stopping = lambda: False
) -> Planned:
    """What is sent again. Raises NoReplayError where that is nothing, or where we were the server."""
    snapshot = attempt.snapshot
    if snapshot.role is not Role.CLIENT:
        raise NoReplayError(
            translate(
                "Replay",
                "In this attempt we were the server. Only what a client sent can be replayed: "
                "playing the server's side towards a client is not possible here.",
            )
        )
    if not snapshot.request:
        raise NoReplayError(translate("Replay", "The request of this attempt is not in the file."))
    address = understand(asked.url or snapshot.url)
    if address.error is not None:
        raise NoReplayError(address.error)
    walk = _Walk(reader, attempt, asked, stopping)
    first = walk.walked()
    elsewhere = _place(address) != _place(understand(snapshot.url))
    walk.look_at_request()
    draft = draft_again(snapshot.request, snapshot.generated) if asked.draft is None else asked.draft
    if asked.url and asked.draft is None:
        draft, left_out = _for_address(draft, address, secrets=asked.credentials or not elsewhere)
        if left_out:
            walk.note(
                translate("Replay", "Left out, as the server is another one: {0}.").format(
                    ", ".join(left_out)
                )
            )
    if not walk.frames and asked.numbers is not None:
        raise NoReplayError(translate("Replay", "None of these frames is one that we sent and can repeat."))
    if snapshot.opened_at is None:
        walk.note(translate("Replay", "The connection did not open the first time."))
    return Planned(
        ReplayPlan(
            address.url,
            draft,
            options_again(attempt.options, elsewhere=elsewhere),
            tuple(walk.frames),
            len(first.heard),
            peer_ends=(first.closing.peer_first or first.closing.peer_ended) and asked.numbers is None,
            lead=walk.frames[0].at if walk.frames and asked.numbers is not None else 0.0,
        ),
        first,
        tuple(walk.notes),
        asked.numbers is None,
    )


def _place(address: Address) -> tuple[str, str, int]:
    return address.scheme, address.host.lower(), address.port


def _for_address(draft: Draft, address: Address, *, secrets: bool) -> tuple[Draft, list[str]]:
    """The request for another address, and the names of the lines left out of it."""
    draft = draft.with_target(address.target)
    for at in draft.named(b"host"):
        draft = draft.with_edited_value(at, address.host_header)
    left_out: list[str] = []
    for at in reversed(range(len(draft.lines))):
        line = draft.lines[at]
        name = line.name.strip().lower()
        if not secrets and not name.startswith(b"sec-websocket-key") and secret_spans(name, line.value):
            left_out.append(line.name.decode("latin-1"))
            draft = draft.remove(at)
    return draft, left_out[::-1]


def _lines_within(request: bytes, gone: list[tuple[int, int]]) -> list[str]:
    """Names of the header lines, or the first line, in which one of the stretches ``gone`` begins."""
    names = []
    at = 0
    for place, line in enumerate(request.split(b"\n")):
        end = at + len(line) + 1
        if line.strip() and any(first < end and at < past for first, past in gone):
            name = line.split(b":", 1)[0].strip().decode("latin-1")
            names.append(name if place else translate("Replay", "the path"))
        at = end
    return names


class _Walk:
    """Every frame of an attempt, once, in order."""

    def __init__(
        self, reader: CaptureReader, attempt: Attempt, asked: Asked, stopping: Stopping, behind: int = 0
    ) -> None:
        snapshot = attempt.snapshot
        self._stopping = stopping
        self._behind = behind
        reading = FrameReading(AttemptSource(reader, snapshot.attempt_id), snapshot.agreed, snapshot.role)
        self._made = Recorded(snapshot, reading, Inflation(reading))
        self._asked = asked
        self._opened_at = snapshot.opened_at or snapshot.mono_ns
        watches = attempt.options.policy == "watch"
        self._pongs = (
            attempt.options.answer_pings if attempt.options.answer_pings is not None else not watches
        )
        self._closes = (
            attempt.options.answer_close if attempt.options.answer_close is not None else not watches
        )
        self._pings: deque[bytes] = deque(maxlen=1000)
        self._open: dict[bool, tuple[array[int], bool]] = {}
        self._between: list[FrameFacts] = []
        self._counting = True
        self._out_began = 0
        self.frames: list[ReplayFrame] = []
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def walked(self) -> Recorded:
        made = self._made
        if made.snapshot.frames > MOST:
            raise NoReplayError(
                translate("Replay", "An attempt of more than 100,000 frames is not replayed.")
            )
        for number in range(self._behind + 1, made.snapshot.frames + 1):
            if self._stopping():
                raise NoReplayError(translate("Replay", "Given up."))
            facts = made.reading.facts(number)
            if facts is None:
                self.note(translate("Replay", "Frames that are not in the file were left out."))
            elif facts.out:
                self._sent(facts)
            else:
                self._came(facts)
        end = made.snapshot.end
        if end is not None and not made.closing.came and end.by is EndedBy.PEER:
            ended = end.kind in (EndKind.FIN, EndKind.RST)
            made.closing = replace(made.closing, peer_ended=ended)
        return made

    def look_at_request(self) -> None:
        """Say which values of the request, and how many payloads of ours, a shared copy lacks."""
        snapshot = self._made.snapshot
        gone = [(first, past) for way, first, past in snapshot.left_out if way is Direction.OUT]
        names = _lines_within(snapshot.request, gone) if self._asked.draft is None else []
        if names:
            text = translate(
                "Replay",
                "This copy was made without values of the request ({0}): what stands in their place leaves, "
                "and the server will probably not take it.",
            )
            self.note(text.format(", ".join(names)))
        lacking = (
            [
                number
                for each in self.frames
                for number in each.numbers
                if (facts := self._made.reading.facts(number)) is not None
                and of_frame(self._made.reading, snapshot.left_out, facts)
            ]
            if gone
            else []
        )
        if lacking:
            text = translate(
                "Replay",
                "This copy was made without bytes of what we sent (first in frame {0}): what stands in their "
                "place leaves.",
            )
            self.note(text.format(lacking[0]))

    # -- what came

    def _came(self, facts: FrameFacts) -> None:
        reading, made = self._made.reading, self._made
        numbers = self._asked.numbers
        counted = self._counting or (numbers is not None and facts.number in numbers)
        if facts.first & CONTROL_BIT:
            if facts.opcode == PING:
                self._pings.append(reading.payload(facts, 0, 4096))
            elif facts.opcode == CLOSE and not made.closing.came:
                body = reading.payload(facts, 0, 4096)
                code = reading.framing.close_code(body, agreed=reading.agreed)
                reason = body[2:].decode("utf-8", "replace") if code is not None else ""
                made.closing = Closing(
                    True, code, reason, peer_first=not made.closing.sent, sent=made.closing.sent
                )
            elif facts.opcode == PONG and counted:
                self._heard(array("Q", (facts.number,)), facts)
            return
        members = self._message(facts, counted)
        if members is not None and members[1]:
            self._heard(members[0], facts)

    def _heard(self, numbers: "array[int]", last: FrameFacts) -> None:
        opened = self._made.opened(numbers, PIECE)
        digest = hashlib.sha256()
        size = 0
        if opened is not None:
            size = opened.pages.length()
            for start in range(0, size, PIECE):
                digest.update(opened.pages.read(start, min(size, start + PIECE)))
        facts = self._made.reading.facts(numbers[0]) or last
        at = (last.time - self._opened_at) / 1e9
        begins = opened.pages.read(0, min(size, SHOWN)) if opened is not None else b""
        self._made.heard.append(Heard(numbers, facts.opcode, digest.digest(), size, at, begins))

    def _message(self, facts: FrameFacts, counted: bool) -> "tuple[array[int], bool] | None":
        """The frames of the message that ``facts`` ends; None where it goes on."""
        if facts.flags & FLAG_STARTS_MESSAGE or facts.out not in self._open:
            self._open[facts.out] = (array("Q"), counted)
        members = self._open[facts.out][0]
        members.append(facts.number)
        return self._open.pop(facts.out) if facts.flags & FLAG_ENDS_MESSAGE else None

    # -- what was sent

    def _sent(self, facts: FrameFacts) -> None:
        made, numbers = self._made, self._asked.numbers
        chosen = numbers is None or facts.number in numbers
        if facts.first & CONTROL_BIT:
            payload = made.reading.payload(facts, 0, 4096)
            if facts.opcode == PONG and self._pongs and payload in self._pings:
                self._pings.remove(payload)
                return  # the engine answers Pings itself
            if facts.opcode == CLOSE:
                answers = made.closing.came
                made.closing = replace(made.closing, sent=True)
                if answers and self._closes:
                    return
            self._counting = chosen
            if chosen and True in self._open and self._compressed(self._open[True][0][0]):
                self._between.append(facts)
            elif chosen:
                self._plain(facts)
            return
        ended = self._message(facts, chosen)
        members, wanted = ended or self._open[True]
        compressed = self._compressed(members[0])
        self._counting = wanted if compressed else chosen
        if not compressed:
            if chosen:
                self._plain(facts)
            return
        if len(members) == 1:
            self._out_began = len(made.heard)
        if ended is not None:
            between, self._between = self._between, []
            if wanted:
                self._deflated(members, between)

    def _compressed(self, number: int) -> bool:
        facts = self._made.reading.facts(number)
        return facts is not None and facts.compressed

    def _at(self, facts: FrameFacts) -> float:
        return max(0.0, (facts.time - self._opened_at) / 1e9)

    def _crafted(self, facts: FrameFacts) -> CraftedFrame | None:
        """The frame with the bits that it had; None where its payload is not there."""
        reading = self._made.reading
        frame, whole = craft_of(reading, facts)
        if not whole:
            data = reading.payload(facts, 0, LARGEST + 1)
            if len(data) != facts.length:
                text = translate(
                    "Replay", "Frame {0} is too large or not whole in the file and was left out."
                )
                self.note(text.format(facts.number))
                return None
            frame = replace(frame, payload=Payload(Source.HEX, data.hex()), length=None)
        if self._made.snapshot.imported:
            # Its frames were composed: how they were masked and their lengths written nobody knows.
            frame = replace(frame, mask=Mask.ROLE, key=b"", form=None)
            self.note(translate("Replay", "An imported file does not tell how frames were masked: as usual."))
        if self._asked.fresh_masks and frame.mask is Mask.KEY and any(frame.key):
            frame = replace(frame, mask=Mask.FRESH, key=b"")
        return frame

    def _plain(self, facts: FrameFacts) -> None:
        frame = self._crafted(facts)
        if frame is not None:
            self.frames.append(ReplayFrame((facts.number,), frame, self._at(facts), len(self._made.heard)))

    def _deflated(self, members: "array[int]", between: list[FrameFacts]) -> None:
        """A compressed message: inflated here, and deflated again by what is agreed then."""
        made = self._made
        known = [facts for number in members if (facts := made.reading.facts(number)) is not None]
        opened = made.opened(members, LARGEST + 1)
        sound = opened is not None and not opened.payload.fault and opened.payload.missing == 0
        size = opened.pages.length() if opened is not None else 0
        frame = self._crafted(known[0])
        if opened is None or frame is None or not sound or size > LARGEST or len(known) != len(members):
            text = translate("Replay", "Frame {0} does not inflate whole, and leaves as it travelled.")
            self.note(text.format(members[0]))
            for facts in known:
                self._plain(facts)
            return
        shares = tuple(opened.ends[at] - opened.begins(at) for at in range(len(members) - 1))
        wire = tuple(facts.length for facts in known[:-1])
        others = []
        for facts in between:
            inner = self._crafted(facts)
            if inner is not None:
                after = sum(each.number < facts.number for each in known)
                others.append(Between(max(1, after), inner))
        message = replace(
            frame,
            payload=Payload(Source.HEX, opened.pages.read(0, size).hex()),
            fin=known[-1].fin,
            rsv1=False,
            length=None,
            form=frame.form if len(known) == 1 else None,
            compression=Compression.YES,
            fragments=shares if made.reading.agreed.per_frame else wire,
            between=tuple(others),
        )
        numbers = tuple(members)
        self.frames.append(ReplayFrame(numbers, message, self._at(known[0]), self._out_began, shares))
