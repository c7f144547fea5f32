"""Carries out single steps on a connection: each comes back with what happened, and none raises."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.caught import Caught
from wsinspector.conversation.connection import Connection
from wsinspector.conversation.crafting import SendingState, sending_craft
from wsinspector.conversation.sequences.actions import MOST_REASON, long_reason
from wsinspector.conversation.sequences.crafting import filled_craft
from wsinspector.conversation.sequences.filling import Filler, UnknownVariableError, in_filter, veiled
from wsinspector.conversation.sequences.inbox import SECOND, FrameInbox
from wsinspector.conversation.sequences.messages import Files, UnsendableError, message_bytes
from wsinspector.conversation.sequences.model import (
    WITHIN,
    Action,
    Close,
    Craft,
    Expect,
    ExpectClose,
    ExpectHandshake,
    ExpectNot,
    HalfClose,
    Pause,
    Payload,
    Reset,
    Send,
    Step,
    Wait,
)
from wsinspector.conversation.sequences.results import Lacking, StepState
from wsinspector.conversation.snapshot import AttemptSnapshot, Phase
from wsinspector.conversation.talking import NO_HALF_CLOSE
from wsinspector.conversation.watching import Hit, Wanted
from wsinspector.filter import format_condition, parse
from wsinspector.translate import translate


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a step; ``frame`` 0 and ``at`` (ns) None where no frame is the evidence.

    ``lacking``: of a filter that no frame fitted, what was looked for and what came instead.
    """

    state: StepState
    text: str
    frame: int = 0
    at: int | None = None
    lacking: Lacking | None = None


def ok(text: str, frame: int = 0, at: int | None = None) -> Outcome:
    return Outcome(StepState.OK, text, frame, at)


def failed(text: str, frame: int = 0, at: int | None = None) -> Outcome:
    return Outcome(StepState.FAILED, text, frame, at)


@dataclass(slots=True)
class Bench:
    """What steps work on: one connection, and all that lasts as long as the run."""

    filler: Filler
    files: Files
    inbox: FrameInbox
    clock: Callable[[], int]
    hidden: frozenset[str] = frozenset()
    """Variables whose values are not shown."""
    attempt: Attempt | None = None
    connection: Connection | Caught | None = None

    @property
    def snapshot(self) -> AttemptSnapshot | None:
        return None if self.attempt is None else self.attempt.snapshot


async def carry_out(step: Step, bench: Bench) -> Outcome:
    """Do one step that is no repetition and no connecting."""
    began = bench.clock()
    try:
        match step.action:
            case Send() | Craft() | Close() | HalfClose() | Reset() as action:
                return await _act(action, bench)
            case Pause(seconds):
                await asyncio.sleep(seconds)
                return ok(translate("Sequence", "Waited {0:g} s.").format(seconds))
            case Wait() | Expect() | ExpectNot():
                return await _look(step, bench, began)
            case ExpectClose():
                return await _closing(step, bench, began)
            case ExpectHandshake() as expected:
                return await _handshake(expected, step, bench, began)
    except (UnsendableError, UnknownVariableError) as error:
        return failed(str(error))
    raise TypeError(f"no single step: {step.action!r}")


# -- what is sent


async def _act(action: Action, bench: Bench) -> Outcome:
    connection, snapshot = bench.connection, bench.snapshot
    if connection is None or snapshot is None or connection.exchange.traffic is None or not snapshot.live:
        return failed(translate("Sequence", "Nothing was done: the connection is not open."))
    before = connection.exchange.numbering.frames
    match action:
        case Send(payload):
            return await _sent(bench, connection, before, _send(payload, bench, connection))
        case Craft():
            return await _crafted(action, bench, connection)
        case Close(code, reason):
            filled = bench.filler.fill(reason)
            connection.close(code, filled)
            return await _sent(bench, connection, before, _closed_text(code, filled))
        case HalfClose():
            if snapshot.tls is not None:
                return failed(translate("Sequence", NO_HALF_CLOSE))
            connection.end_tcp()
            return ok(translate("Sequence", "Our side of the connection was ended."))
    connection.abort()
    return ok(translate("Sequence", "The connection was reset."))


def _closed_text(code: int | None, reason: str) -> str:
    if code is None:
        return translate("Sequence", "Sent a Close frame without a code.")
    said = translate("Sequence", "Sent a Close frame, {0}.").format(code)
    size = len(reason.encode("utf-8", "surrogatepass"))
    return f"{said} {long_reason(size)}" if size > MOST_REASON else said


def _send(payload: Payload, bench: Bench, connection: Connection | Caught) -> str:
    data = message_bytes(payload, bench.filler, bench.files)
    connection.send_frame(payload.opcode, data)
    return (
        translate("Sequence", "Sent %n byte(s).", "", len(data))
        if len(data) != 1
        else translate("Sequence", "Sent 1 byte.")
    )


async def _sent(bench: Bench, connection: Connection | Caught, before: int, said: str) -> Outcome:
    """What to say once something was asked to leave: by its frame's number it is known to have left."""
    stepping = connection.stepping
    if stepping.holds_ours:
        await stepping.left()
        if stepping.lost:
            return failed(translate("Sequence", "It was held for a step and never left."))
        return ok(said, 0, bench.clock())
    number = connection.exchange.numbering.frames
    if number > before:
        return ok(said, number, bench.clock())
    why = bench.snapshot.trouble if bench.snapshot is not None else ""
    return failed(why or translate("Sequence", "Nothing was sent."))


async def _crafted(action: Craft, bench: Bench, connection: Connection | Caught) -> Outcome:
    over = asyncio.Event()
    craft = filled_craft(action.table, bench.filler)
    sending = sending_craft(craft, bench.files, on_end=lambda _: over.set())
    connection.send_crafted(sending)
    try:
        await over.wait()
    except asyncio.CancelledError:
        sending.cancel()
        raise
    progress = sending.progress
    if progress.state is not SendingState.SENT:
        return failed(progress.trouble or translate("Sequence", "Nothing was sent."))
    number = connection.exchange.numbering.frames
    return ok(translate("Sequence", "Sent %n crafted byte(s).", "", progress.sent), number, bench.clock())


# -- what is awaited


def _wanted(filter: str) -> Wanted:
    """``filter``: with its variables filled in."""
    parsed = parse(filter)
    if parsed.condition is None:
        raise UnsendableError(
            translate("Sequence", "The filter cannot be read with its variables filled in.")
        )
    return Wanted(parsed.condition)


async def _look(step: Step, bench: Bench, began: int) -> Outcome:
    action = step.action
    assert isinstance(action, Wait | Expect | ExpectNot)
    if bench.connection is None:
        return failed(translate("Sequence", "There is no connection."))
    wanted = _wanted(bench.filler.fill_again(action.filter, in_filter))
    within = WITHIN if step.within is None else step.within
    until = began + int(within * SECOND)
    after = bench.connection.exchange.numbering.frames if step.fresh else None
    hit = await bench.inbox.first(wanted, until, after=after, use=not isinstance(action, ExpectNot))
    if isinstance(action, ExpectNot):
        outcome = _not_expected(hit, wanted, within, bench)
    elif hit is not None:
        return ok(_when(hit, began, within), hit.number, hit.at)
    else:
        outcome = _missing(wanted, within, bench)
    if outcome.state is StepState.OK:
        return outcome
    shown = bench.filler.told(action.filter, bench.hidden, in_filter)
    return replace(outcome, lacking=_lacking(shown, hit, wanted, bench))


def _lacking(filled: str, hit: Hit | None, wanted: Wanted, bench: Bench) -> Lacking:
    """``filled``: the filter as it is shown."""
    if hit is not None:
        return Lacking(filled, last=(hit.number,))
    nearest = wanted.near.number if wanted.near is not None else 0
    if wanted.seen or not bench.inbox.used:
        return Lacking(filled, nearest, tuple(wanted.last))
    return Lacking(filled, last=(bench.inbox.used,), before=True)


def _when(hit: Hit, began: int, within: float) -> str:
    after = (hit.at - began) / SECOND
    if after < 0:
        return translate("Sequence", "Frame {0} fits; it had come {1:.3f} s before.").format(
            hit.number, -after
        )
    return translate("Sequence", "Frame {0} fits, after {1:.3f} of {2:g} s.").format(
        hit.number, after, within
    )


def _not_expected(hit: Hit | None, wanted: Wanted, within: float, bench: Bench) -> Outcome:
    if hit is not None:
        return failed(
            translate("Sequence", "Frame {0} fits, which none was to do.").format(hit.number),
            hit.number,
            hit.at,
        )
    if wanted.undecided:
        return _undecided(wanted)
    if bench.inbox.over:
        return ok(
            translate("Sequence", "No frame fitted until the connection ended: {0} looked at.").format(
                wanted.seen
            )
        )
    return ok(
        translate("Sequence", "No frame fitted for {0:g} s: {1} looked at.").format(within, wanted.seen)
    )


def _missing(wanted: Wanted, within: float, bench: Bench) -> Outcome:
    """Why an expectation is not met, and how near it came."""
    if wanted.undecided:
        return _undecided(wanted)
    if bench.inbox.passed:
        text = translate("Sequence", "No frame fitted, but {0} came too fast to be held against it.")
        return Outcome(StepState.UNDECIDED, text.format(bench.inbox.passed))
    ended = ended_text(bench.snapshot) if bench.inbox.over else ""
    if ended:
        text = translate("Sequence", "No frame fitted before the connection ended: {0}").format(ended)
    else:
        text = translate("Sequence", "No frame fitted within {0:g} s.").format(within)
    near = wanted.near
    if not wanted.seen:
        return failed(f"{text} {translate('Sequence', 'None came.')}")
    counted = (
        translate("Sequence", "1 frame was looked at.")
        if wanted.seen == 1
        else translate("Sequence", "{0} frames were looked at.")
    )
    text = f"{text} {counted.format(wanted.seen)}"
    if near is not None:
        told = translate("Sequence", "Nearest: frame {0} meets {1} of {2}, but not {3}.")
        lacks = veiled(format_condition(near.lacks), bench.filler.values, bench.hidden)
        return failed(f"{text} {told.format(near.number, near.fits, near.of, lacks)}", near.number)
    return failed(text)


def _undecided(wanted: Wanted) -> Outcome:
    number = wanted.undecided[0]
    text = translate(
        "Sequence", "Of frame {0} it cannot be told: its payload is not known, or a pattern took too long."
    )
    return Outcome(StepState.UNDECIDED, text.format(number), number)


def ended_text(snapshot: AttemptSnapshot | None) -> str:
    """How the connection ended, in a few words; empty where it has not."""
    if snapshot is None or snapshot.end is None:
        return ""
    end = snapshot.end
    if end.code is None:
        return end.text or snapshot.network_error or translate("Sequence", "it never opened.")
    said = (
        translate("Sequence", "{0}, by us.")
        if end.by.value == "us"
        else translate("Sequence", "{0}, by the peer.")
    )
    return said.format(end.code)


# -- how it closes, how it opened


async def _closing(step: Step, bench: Bench, began: int) -> Outcome:
    action = step.action
    assert isinstance(action, ExpectClose)
    connection = bench.connection
    if connection is None:
        return failed(translate("Sequence", "There is no connection."))
    policy = connection.exchange.policy
    within = WITHIN if step.within is None else step.within
    until = began + int(within * SECOND)
    await bench.inbox.happens(lambda: policy.received_close is not None or bench.inbox.over, until)
    wanted = ", ".join(map(str, action.codes)) or translate("Sequence", "a close")
    if policy.received_close is not None:
        code = 1005 if policy.received_close.code is None else policy.received_close.code
        frames = _wanted("type == close")
        hit = await bench.inbox.first(frames, bench.clock() + SECOND, after=0, use=False)
        number, at = (hit.number, hit.at) if hit is not None else (0, None)
        if not action.codes or code in action.codes:
            return ok(translate("Sequence", "Closed by the peer with {0}.").format(code), number, at)
        return failed(
            translate("Sequence", "Closed with {0}, expected {1}.").format(code, wanted), number, at
        )
    snapshot = bench.snapshot
    end = snapshot.end if snapshot is not None else None
    if end is None:
        return failed(
            translate("Sequence", "Not closed within {0:g} s, expected {1}.").format(within, wanted)
        )
    if end.code is not None and (not action.codes or end.code in action.codes):
        return ok(
            translate("Sequence", "Ended without a Close frame of the peer: {0}.").format(end.code), 0, end.at
        )
    shown = end.code if end.code is not None else translate("Sequence", "without having been open")
    return failed(translate("Sequence", "Ended {0}, expected {1}.").format(shown, wanted), 0, end.at)


async def _handshake(expected: ExpectHandshake, step: Step, bench: Bench, began: int) -> Outcome:
    within = 15.0 if step.within is None else step.within
    until = began + int(within * SECOND)

    def answered() -> bool:
        snapshot = bench.snapshot
        return snapshot is not None and not snapshot.undecided

    await bench.inbox.happens(answered, until)
    snapshot = bench.snapshot
    response = snapshot.response if snapshot is not None else None
    if snapshot is None or response is None:
        why = ended_text(snapshot)
        return failed(translate("Sequence", "There is no answer. {0}").format(why).rstrip())
    status = response.status
    if expected.statuses and status not in expected.statuses:
        wanted = ", ".join(map(str, expected.statuses))
        return failed(translate("Sequence", "Answered with {0}, expected {1}.").format(status, wanted))
    for name, value in expected.headers:
        given = [
            each.decode("latin-1").strip() for each in response.head.values(name.encode("latin-1", "replace"))
        ]
        if value is None and given:
            return failed(
                translate("Sequence", "{0} is there ({1}) and was not to be.").format(name, ", ".join(given))
            )
        if value is not None and bench.filler.fill_again(value) not in given:
            shown = ", ".join(given) or translate("Sequence", "none")
            return failed(translate("Sequence", "{0} is {1}, expected {2}.").format(name, shown, value))
    if expected.subprotocol is not None and (snapshot.subprotocol or "") != expected.subprotocol:
        shown = snapshot.subprotocol or translate("Sequence", "none")
        return failed(
            translate("Sequence", "The subprotocol is {0}, expected {1}.").format(
                shown, expected.subprotocol or translate("Sequence", "none")
            )
        )
    return ok(translate("Sequence", "Answered with {0}.").format(status))


def opened(snapshot: AttemptSnapshot) -> Outcome:
    """What a connecting that is over comes to, where it was to open."""
    if snapshot.open or snapshot.opened_at is not None:
        text = translate("Sequence", "Opened with 101.")
        if snapshot.verdict is not None and snapshot.verdict.breaks:
            text = f"{text} {translate('Sequence', 'The answer breaks a rule of the handshake.')}"
        return ok(text)
    if snapshot.network_error:
        return failed(snapshot.network_error)
    if snapshot.response is not None:
        return failed(
            translate("Sequence", "Not opened: answered with {0}.").format(snapshot.response.status)
        )
    if snapshot.phase is Phase.ENDED and snapshot.end is not None and snapshot.end.text:
        return failed(snapshot.end.text)
    return failed(translate("Sequence", "Not opened: there was no answer."))
