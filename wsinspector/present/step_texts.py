"""A step of a sequence in a line: what it does, and a mark for what came of it."""

import json

from wsinspector.conversation.sequences.model import (
    Action,
    Close,
    Connect,
    Craft,
    Expect,
    ExpectClose,
    ExpectHandshake,
    ExpectNot,
    HalfClose,
    Pause,
    Payload,
    Repeat,
    Reset,
    Send,
    Step,
    Wait,
)
from wsinspector.conversation.sequences.results import RunPhase, RunResults, StepState
from wsinspector.present.plain import visible
from wsinspector.protocol.opcodes import PING, PONG
from wsinspector.translate import translate

LONGEST = 80

MARKS = {
    StepState.TO_COME: "·",
    StepState.RUNNING: "▸",
    StepState.OK: "✓",
    StepState.FAILED: "✕",
    StepState.UNDECIDED: "?",
    StepState.NOT_RUN: "–",
}


def state_text(state: StepState) -> str:
    """The word for a state."""
    return {
        StepState.TO_COME: translate("Steps", "to come"),
        StepState.RUNNING: translate("Steps", "running"),
        StepState.OK: translate("Steps", "ok"),
        StepState.FAILED: translate("Steps", "failed"),
        StepState.UNDECIDED: translate("Steps", "undecided"),
        StepState.NOT_RUN: translate("Steps", "not run"),
    }[state]


def kind_text(action: Action) -> str:
    """The word that the action has in a file."""
    match action:
        case Send(payload):
            return {PING: "ping", PONG: "pong"}.get(payload.opcode, "send")
        case Craft():
            return "craft"
        case Close():
            return "close"
        case HalfClose():
            return "half_close"
        case Reset():
            return "reset"
        case Connect():
            return "connect"
        case Pause():
            return "pause"
        case Wait():
            return "wait"
        case Expect():
            return "expect"
        case ExpectNot():
            return "expect_not"
        case ExpectClose():
            return "expect_close"
        case ExpectHandshake():
            return "expect_handshake"
        case Repeat():
            return "repeat"


def about_text(action: Action) -> str:
    """What stands behind that word, in short."""
    match action:
        case Send(payload):
            return _shortened(payload)
        case Craft(table):
            return _cut(visible(", ".join(f"{name} = {_written(each)}" for name, each in table.items())))
        case Close(code, reason):
            return " ".join(each for each in (str(code) if code is not None else "", visible(reason)) if each)
        case Connect(url):
            return visible(url)
        case Pause(seconds):
            return f"{seconds:g} s"
        case Wait(filter) | Expect(filter) | ExpectNot(filter):
            return visible(filter)
        case ExpectClose(codes):
            return ", ".join(map(str, codes)) or translate("Steps", "any")
        case ExpectHandshake():
            return _handshake(action)
        case Repeat():
            return _rounds(action)
    return ""


def _written(value: object) -> str:
    """A value as it stands in the file."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_written(each)}" for name, each in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False, default=str)


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _shortened(payload: Payload) -> str:
    text = _cut(visible(payload.source))
    return text if payload.kind == "text" else f"{payload.kind}: {text}"


def _handshake(action: ExpectHandshake) -> str:
    said = [", ".join(map(str, action.statuses))] if action.statuses else []
    said += [
        translate("Steps", "no {0}").format(visible(name))
        if value is None
        else f"{visible(name)}: {visible(value)}"
        for name, value in action.headers
    ]
    if action.subprotocol is not None:
        said.append(
            translate("Steps", "subprotocol {0}").format(
                visible(action.subprotocol) or translate("Steps", "none")
            )
        )
    return "; ".join(said)


def _rounds(action: Repeat) -> str:
    said = []
    if action.times:
        said.append(translate("Steps", "{0} times").format(action.times))
    if action.every:
        said.append(translate("Steps", "every {0:g} s").format(action.every))
    if action.during:
        said.append(translate("Steps", "for {0:g} s").format(action.during))
    return ", ".join(said)


def step_title(step: Step) -> str:
    """The step in a line: its own name where it has one."""
    if step.name:
        return visible(step.name)
    about = about_text(step.action)
    return f"{kind_text(step.action)} {about}".rstrip()


def phase_text(results: RunResults) -> str:
    """How a run stands, in a sentence."""
    failed, undecided = results.counted(StepState.FAILED), results.counted(StepState.UNDECIDED)
    total = len(results.steps)
    match results.phase:
        case RunPhase.RUNNING:
            return translate("Steps", "Running: {0} of {1} steps.").format(results.done, total)
        case RunPhase.PASSED:
            text = (
                translate("Steps", "Passed: {0} steps, {1}.")
                if total != 1
                else translate("Steps", "Passed: 1 step, {1}.")
            )
            return text.format(total, _seconds(results.seconds))
        case RunPhase.FAILED:
            if not failed:
                return translate("Steps", "Failed. {0}").format(results.text)
            text = translate("Steps", "Failed: {0} of {1} steps, {2}.")
            return text.format(failed, total, _seconds(results.seconds))
        case RunPhase.UNDECIDED:
            return translate("Steps", "Undecided: {0} of {1} steps, {2}.").format(
                undecided, total, _seconds(results.seconds)
            )
        case RunPhase.STOPPED:
            said = "" if results.text == translate("Sequence", "Stopped.") else results.text
            return (
                translate("Steps", "Stopped after {0}. {1}").format(_seconds(results.seconds), said).strip()
            )
