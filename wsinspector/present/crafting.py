"""Crafted frames before they leave: their bytes as figures, the verdict, and frames of the log as a start."""

from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from wsinspector.present.bitmap import Picture, picture_of
from wsinspector.present.frames import FrameFacts, FrameReading, facts_of
from wsinspector.present.numbers import count
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed, PendingFrame
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.crafting import (
    FRESH,
    Craft,
    CraftedBytes,
    CraftedFrame,
    Cut,
    Judgement,
    Mask,
    Must,
    Payload,
    Plan,
    Source,
    Standing,
    judge,
    plan_of,
)
from wsinspector.protocol.frame_facts import frame_facts
from wsinspector.protocol.lengths import minimal_form
from wsinspector.protocol.messages import first_bad_utf8
from wsinspector.protocol.opcodes import OPCODES, TEXT
from wsinspector.protocol.spans import Direction, Role
from wsinspector.translate import translate

MOST_TAKEN = 64 << 10
"""Payload bytes of a frame in the log that are taken over into a craft."""

MOST_PICTURED = 1000
"""Frames of a plan that can be looked at one by one."""

SHORT = 24


class PlanSource:
    """A plan as a capture of one direction, so that its frames are drawn like any other."""

    def __init__(self, plan: Plan, columns: FrameColumns) -> None:
        self._plan = plan
        self._columns = columns

    def columns(self, first_no: int, count: int) -> FrameColumns:
        found = FrameColumns()
        for name in FrameColumns.__slots__:
            values = getattr(self._columns, name)
            setattr(found, name, values[first_no - 1 : first_no - 1 + count])
        return found

    def stream(self, direction: Direction, start: int, end: int) -> bytes:
        return self._plan.read(start, end) if direction is Direction.IN else b""

    def stream_length(self, direction: Direction) -> int:
        return self._plan.size if direction is Direction.IN else 0

    def times(self, _direction: Direction, _start: int, _end: int) -> "array[int]":
        return array("q")

    def window_before(self, _direction: Direction, _message: int) -> tuple[int, bytes] | None:
        return None

    def left_out(self, _direction: Direction) -> list[tuple[int, int]]:
        return []


@dataclass(frozen=True, slots=True)
class Preview:
    """A craft as it would leave now. ``problem``: why it cannot; then there are no bytes."""

    craft: Craft
    plan: Plan
    judgement: Judgement
    problem: str = ""

    @property
    def frames(self) -> int:
        """Frames that a receiver makes of it, one that stays incomplete counted."""
        whole = min(len(self.judgement.columns), MOST_PICTURED)
        return whole + (self.judgement.pending is not None and whole < MOST_PICTURED)

    @property
    def must(self) -> Must:
        """What it comes to for a receiver: fail, wait for more, or go on."""
        lines = self.judgement.lines
        if self.judgement.failing is not None:
            return Must.FAIL
        return Must.WAIT if lines and lines[-1].must is Must.WAIT else Must.DELIVER

    @property
    def verdict(self) -> str:
        return self.problem or self.judgement.sentence

    @property
    def size_text(self) -> str:
        """``82 bytes, 3 frames, 2 writes``."""
        if self.problem:
            return ""
        frames, writes = self.frames, self._writes()
        text = translate("Craft", "{bytes}, {frames}, {writes}")
        return text.format(
            bytes=translate("Craft", "%n byte(s)", "", self.plan.size),
            frames=translate("Craft", "%n frame(s)", "", frames),
            writes=translate("Craft", "%n write(s)", "", writes),
        )

    def _writes(self) -> int:
        plan, writes = self.plan, self.craft.writes
        match writes.cut:
            case Cut.EACH:
                return sum(1 for part in plan.parts if part.size)
            case Cut.SIZE:
                return -(-plan.size // max(1, writes.size))
            case Cut.CHUNKS:
                left, made = plan.size, 0
                for size in writes.chunks:
                    if min(size, left) > 0:
                        made, left = made + 1, left - min(size, left)
                return made + (left > 0)
            case _:
                return 1 if plan.size else 0

    def facts(self, index: int) -> FrameFacts | None:
        """Frame ``index`` from 0; the last may be incomplete, and has the number 0."""
        columns, pending = self.judgement.columns, self.judgement.pending
        if index < len(columns):
            return facts_of(columns, index, index + 1)
        if pending is not None and index == len(columns):
            return _of_pending(pending, self.plan.size)
        return None

    def picture(self, index: int) -> Picture | None:
        """Frame ``index`` drawn as a receiver reads it; None where there is none."""
        facts = self.facts(index)
        if facts is None or not facts.header:
            return None
        receiver = Role.SERVER if self.plan.sender is Role.CLIENT else Role.CLIENT
        source = PlanSource(self.plan, self.judgement.columns)
        picture = picture_of(FrameReading(source, self.plan.agreed, receiver), facts)
        title = translate("Craft", "Frame {number} of {count}").format(
            number=count(index + 1), count=count(self.frames)
        )
        return replace(picture, title=title)


def _of_pending(pending: PendingFrame, size: int) -> FrameFacts | None:
    offset = max(0, pending.offset)
    if not pending.header_len or offset + pending.header_len > size:
        return None
    return FrameFacts(
        0,
        offset,
        pending.header_len,
        pending.length,
        pending.first,
        pending.flags,
        0,
        pending.message,
        int(pending.anomalies),
    )


def preview(
    craft: Craft,
    *,
    sender: Role = Role.CLIENT,
    agreed: Agreed = NOTHING_AGREED,
    standing: Standing = FRESH,
    keys: Callable[[], bytes],
    files: Mapping[str, bytes],
) -> Preview:
    """Plan and judge ``craft``; takes as long as its compression does."""
    plan = plan_of(craft, sender=sender, agreed=agreed, keys=keys, files=files, window=standing.window)
    return Preview(craft, plan, judge(plan, standing), plan.problem)


def craft_of(reading: FrameReading, facts: FrameFacts) -> tuple[CraftedFrame, bool]:
    """A frame of the log with its bits as they travelled, and whether all its payload came along.

    A compressed payload comes as it travelled, with RSV1 set. A frame of the peer's is masked as our
    role has it.
    """
    payload = reading.payload(facts, 0, MOST_TAKEN)
    key = reading.key(facts)
    first, rfc = facts.first, reading.framing.name == "rfc6455"
    wide = rfc and len(payload) == facts.length
    header = facts.header - (4 if key else 0)
    form = {2: 7, 4: 16, 10: 64}.get(header) if rfc else None
    mask = Mask.KEY if facts.out and key else Mask.OFF if facts.out and rfc else Mask.ROLE
    frame = CraftedFrame(
        opcode=facts.opcode,
        payload=_payload(payload, facts),
        fin=facts.fin,
        rsv1=bool(first & 0x40),
        rsv2=bool(first & 0x20),
        rsv3=bool(first & 0x10),
        mask=mask,
        key=key if mask is Mask.KEY else b"",
        length=None if wide or not rfc else facts.length,
        form=form if form is not None and form != minimal_form(facts.length) else None,
    )
    return frame, len(payload) == facts.length


def _payload(payload: bytes, facts: FrameFacts) -> Payload:
    plain = facts.opcode == TEXT and not facts.first & 0x40
    if plain and first_bad_utf8(payload) is None:
        return Payload(Source.TEXT, payload.decode())
    return Payload(Source.HEX, payload.hex(" ")) if payload else Payload()


def summary(craft: Craft) -> str:
    """A craft in a line, as lists of them show it: ``text “Hello”, RSV1 · ping``."""
    told = [one_line(one) for one in craft.frames[:3]]
    if len(craft.frames) > 3:
        told.append("…")
    return " · ".join(told) or translate("Craft", "nothing")


def one_line(one: CraftedFrame | CraftedBytes) -> str:
    """One frame in a few words."""
    if isinstance(one, CraftedBytes):
        return translate("Craft", "bytes {payload}").format(payload=_shown(one.payload)).rstrip()
    parts = [f"{opcode_text(one.opcode)} {_shown(one.payload)}".rstrip()]
    if not one.fin:
        parts.append("FIN 0")
    parts += [f"RSV{number}" for number in (1, 2, 3, 4) if getattr(one, f"rsv{number}")]
    if one.mask is not Mask.ROLE:
        parts.append(translate("Craft", "mask {how}").format(how=one.key.hex() or one.mask.value))
    if one.length is not None:
        parts.append(translate("Craft", "says {length}").format(length=one.length))
    if one.form is not None:
        parts.append(translate("Craft", "{form} bits").format(form=one.form))
    if one.compression.value != "no":
        parts.append(one.compression.value)
    if one.fragments or one.every or one.split_sequence:
        parts.append(translate("Craft", "fragments"))
    return ", ".join(parts)


def opcode_text(opcode: int) -> str:
    """``text``, ``0x3``."""
    found = OPCODES[opcode & 0x0F]
    return found.name if found.defined else f"0x{found.number:X}"


def _shown(payload: Payload) -> str:
    value = "".join(sign if sign.isprintable() else "·" for sign in payload.value[: SHORT + 1])
    value = value if len(value) <= SHORT else value[:SHORT] + "…"
    match payload.source:
        case Source.TEXT:
            return f"“{value}”" if value else ""
        case Source.CLOSE:
            return f"{payload.size} {value}".rstrip()
        case Source.RANDOM:
            return translate("Craft", "{size} random").format(size=count(payload.size))
        case Source.PATTERN:
            return f"{count(payload.size)} × “{value}”"
        case _:
            return value


def lacking(agreed: Agreed) -> str:
    """What the layout of the dialect cannot say, in sentences; empty where it can say everything."""
    name, framing = agreed.dialect, frame_facts(agreed.dialect).framing
    if framing == "sentinel":
        text = translate(
            "Craft",
            "{dialect} has no FIN, no reserved bits, no mask and no control frames; a text has no length. "
            "Anything else can be sent as bytes.",
        )
        return text.format(dialect=name)
    if framing == "more":
        return translate("Craft", "{dialect} masks nothing.").format(dialect=name)
    return ""
