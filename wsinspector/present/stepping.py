"""What Step says: which unit waits, whose it is, how long it was held, and the bytes about to leave."""

from dataclasses import dataclass

from wsinspector.conversation.snapshot import AttemptSnapshot, EndedBy, EndKind
from wsinspector.conversation.stepping_values import HeldBytes, StepView, Unit
from wsinspector.present.numbers import duration
from wsinspector.protocol.opcodes import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate

MOST_WIRE = 24
"""Bytes that are shown of what is about to leave."""


@dataclass(frozen=True, slots=True)
class StepWords:
    """``lead``: one word. ``text``: what waits. ``behind``: what waits after it, empty for nothing.

    ``act``: what the next step does, empty where it does nothing. ``wire``: the first bytes that leave with
    it, in hex.
    """

    lead: str
    text: str
    behind: str = ""
    act: str = ""
    wire: str = ""

    @property
    def spoken(self) -> str:
        """All of it in one sentence for a screen reader."""
        return " ".join(part for part in (self.lead, self.text, self.behind) if part)


def step_words(snapshot: AttemptSnapshot) -> StepWords:
    """What is said of the steps of ``snapshot``."""
    step = snapshot.step
    match step.next:
        case None:
            return _nothing_waits(snapshot)
        case Unit.RESPONSE:
            return _came(step, translate("Step", "The answer is here and is not shown yet."))
        case Unit.FRAME if step.unseen:
            return _came(step, translate("Step", "The next frame is here and is not shown yet."))
        case Unit.END:
            return StepWords(
                translate("Step", "Over."),
                translate("Step", "The connection has ended."),
                _lost(step),
                translate("Step", "Show how it ended"),
            )
    held = step.held[0]
    return StepWords(
        translate("Step", "Held."),
        held_text(held),
        translate("Step", "%n more wait(s|) behind it.", count=step.held_count - 1)
        if step.held_count > 1
        else "",
        translate("Step", "Let it go"),
        # A head stands beneath, its secrets hidden; here they would be plain to whoever reads hex.
        _hex(held.data) if held.unit in (Unit.FRAME, Unit.BYTES) else "",
    )


def told_while_stepping(step: StepView) -> tuple[str, str]:
    """Lead and sentence of the answer line while the handshake waits for a step."""
    if step.next is Unit.REQUEST:
        return (
            translate("Step", "Connected."),
            translate("Step", "The request is held: not a byte has left."),
        )
    if step.next is Unit.END:
        return translate("Step", "Over."), translate("Step", "How it ended is not shown yet.")
    return (
        translate("Step", "Answered."),
        translate("Step", "The answer is here; the next step shows it."),
    )


PATIENCE_SUSPECTED = 1_000_000_000
"""ns of holding right before an end without a word from which the peer's patience is likely its reason."""


def held_sentence(snapshot: AttemptSnapshot) -> str:
    """What is said of an ended attempt that was held; empty where it was not."""
    end = snapshot.end
    if end is None or end.held <= 0:
        return ""
    held = duration(end.held)
    if snapshot.role is Role.CLIENT and snapshot.request_at is None:
        return translate("Step", "The request was held for {0} and never left.").format(held)
    text = translate("Step", "Held for {0}, which is not counted.").format(held)
    last = snapshot.last_byte_at or snapshot.mono_ns
    waited = snapshot.held_steps.between(last, end.at)
    unsaid = end.by is EndedBy.PEER and end.kind in (EndKind.FIN, EndKind.RST) and end.received_code is None
    if unsaid and waited >= PATIENCE_SUSPECTED:
        text += " " + translate("Step", "Probably the peer did not wait so long.")
    return text


def counted_age(snapshot: AttemptSnapshot, since: int, now: int) -> int:
    """ns from ``since`` to ``now``, without what was held by then."""
    waiting = snapshot.step.since
    running = 0 if waiting is None else max(0, now - max(since, waiting))
    return max(0, now - since - snapshot.held_steps.between(since, now) - running)


def waited(since: int, now: int) -> str:
    """``held 12.3 s``; both in ns."""
    return translate("Step", "held {0}").format(_time(now - since))


def held_label(ns: int) -> str:
    """What stands beside a frame, or a head, that was held before it left; empty where it was not."""
    return translate("Step", "held {0}").format(_time(ns)) if ns else ""


def held_text(held: HeldBytes) -> str:
    """``Our Text frame, 11 bytes, has not left.``"""
    size = translate("Step", "%n byte(s)", count=len(held.data))
    match held.unit:
        case Unit.REQUEST:
            return translate("Step", "Our request, {0}: not a byte has left.").format(size)
        case Unit.ANSWER:
            return translate("Step", "Our answer, {0}, has not left.").format(size)
        case Unit.FIN:
            return translate("Step", "The end of our side of the connection.")
        case Unit.FRAME:
            return translate("Step", "Our {0} frame, {1}, has not left.").format(_name(held.opcode), size)
    return translate("Step", "{0} of ours have not left.").format(size)


def _name(opcode: int | None) -> str:
    names = {
        TEXT: translate("Step", "Text"),
        BINARY: translate("Step", "Binary"),
        CONTINUATION: translate("Step", "Continuation"),
        CLOSE: translate("Step", "Close"),
        PING: translate("Step", "Ping"),
        PONG: translate("Step", "Pong"),
    }
    return names.get(opcode or 0, f"0x{opcode or 0:X}")


def _came(step: StepView, text: str) -> StepWords:
    behind = []
    if step.unseen > 1:
        behind.append(translate("Step", "%n more came behind it.", count=step.unseen - 1))
    if step.held_count:
        behind.append(translate("Step", "%n of ours wait(s|) behind it.", count=step.held_count))
    if step.ended:
        behind.append(translate("Step", "The connection is over already."))
        behind.append(_lost(step))
    return StepWords(
        translate("Step", "Came."),
        text,
        " ".join(part for part in behind if part),
        translate("Step", "Show it"),
    )


def _nothing_waits(snapshot: AttemptSnapshot) -> StepWords:
    if not snapshot.live:
        return StepWords(
            translate("Step", "Over."), translate("Step", "Everything is shown."), _lost(snapshot.step)
        )
    return StepWords(
        translate("Step", "Steps."),
        translate("Step", "Nothing waits. What leaves next is held; what comes next is shown by a step."),
    )


def _lost(step: StepView) -> str:
    if not step.never_left:
        return ""
    if len(step.never_left) == 1 and step.never_left[0].unit is Unit.REQUEST:
        return translate("Step", "Our request never left.")
    return translate("Step", "%n of ours never left.", count=len(step.never_left))


def _time(ns: int) -> str:
    return duration(max(0, ns) / 1e9)


def _hex(data: bytes) -> str:
    shown = data[:MOST_WIRE].hex(" ")
    return f"{shown} …" if len(data) > MOST_WIRE else shown
