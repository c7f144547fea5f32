"""Reads the file of a sequence: TOML to values, and every fault with its line; nothing is half understood."""

import re
import tomllib
from dataclasses import dataclass

import tomlkit
from tomlkit.exceptions import ParseError, TOMLKitError

from wsinspector.conversation.sequences.actions import ACTIONS, action_of, check_filter
from wsinspector.conversation.sequences.crafting import craft_files, craft_texts, wrong_craft
from wsinspector.conversation.sequences.filling import GENERATED, NAME, unknown_in, unknown_text
from wsinspector.conversation.sequences.header import handshake_of, options_of
from wsinspector.conversation.sequences.members import MOST_SECONDS, Fault, Members, shown_value
from wsinspector.conversation.sequences.model import (
    MOST_TIMES,
    RUN_SECONDS,
    Action,
    Close,
    Craft,
    Expect,
    ExpectNot,
    HalfClose,
    Repeat,
    Reset,
    Rule,
    Send,
    Sequence,
    Step,
    Wait,
    every_step,
)
from wsinspector.conversation.sequences.outside import outside_text, points_outside
from wsinspector.conversation.sequences.places import Lines
from wsinspector.translate import translate

DEEPEST = 8
"""Repetitions within each other."""

MOST_STEPS = 10_000
LONGEST = 4 << 20
"""Characters of a file."""


@dataclass(frozen=True, slots=True)
class Read:
    """A text, read: ``sequence`` is None where there are faults. ``remarks``: what can be run even so."""

    sequence: Sequence | None
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Fault, ...] = ()


def read_sequence(text: str, known: tuple[str, ...] = ()) -> Read:
    """What ``text`` says. ``known``: names of variables that are given besides those in the file."""
    top = _top(text)
    if isinstance(top, Fault):
        return Read(None, (top,))
    sequence = _Reader(top, known).sequence()
    faults, remarks = _sorted(top.faults)
    return Read(None if faults else sequence, faults, remarks)


@dataclass(frozen=True, slots=True)
class RulesRead:
    """Auto-answers, read: none where there are faults."""

    rules: tuple[Rule, ...] = ()
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Fault, ...] = ()


def read_rules(text: str, known: tuple[str, ...] = ()) -> RulesRead:
    """The ``[[auto]]`` tables of ``text``, which holds nothing else. ``known``: names of variables."""
    top = _top(text)
    if isinstance(top, Fault):
        return RulesRead((), (top,))
    rules = _Reader(top, known).rules()
    top.done()
    faults, remarks = _sorted(top.faults)
    return RulesRead(() if faults else rules, faults, remarks)


def _sorted(found: list[Fault]) -> tuple[tuple[Fault, ...], tuple[Fault, ...]]:
    """Faults, and remarks, each in the order of the file."""
    found = sorted(found)
    return tuple(each for each in found if each.grave), tuple(each for each in found if not each.grave)


def _top(text: str) -> Members | Fault:
    """The outermost table; a fault where there is none."""
    if len(text) > LONGEST:
        return Fault(1, translate("Sequence", "The file is too long: 4 MiB are read."))
    try:
        data = tomlkit.parse(text).unwrap()
    except ParseError as error:
        return Fault(max(1, error.line), _not_toml(str(error)))
    except (TOMLKitError, ValueError, RecursionError) as error:
        return Fault(_line_of_fault(text), _not_toml(str(error)))
    return Members(data, (), Lines(text), [])


def _not_toml(said: str) -> str:
    said = said.rsplit(" at line ", 1)[0].rstrip(".")
    return translate("Sequence", "It is no TOML here: {0}.").format(said[:1].lower() + said[1:])


def _line_of_fault(text: str) -> int:
    """The line where the standard library's reader stops; 1 where it does not."""
    try:
        tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        return int(found[1]) if found else text.rstrip().count("\n") + 1
    return 1


class _Reader:
    def __init__(self, top: Members, known: tuple[str, ...]) -> None:
        self._top = top
        self._known = dict.fromkeys(known, "0")
        self._steps = 0

    def rules(self) -> tuple[Rule, ...]:
        return tuple(rule for table in self._top.tables("auto") if (rule := self._rule(table)) is not None)

    def sequence(self) -> Sequence:
        top = self._top
        name, url = top.text("name"), top.text("url")
        timeout = top.seconds("timeout", RUN_SECONDS, above=True)
        go_on = top.flag("go_on")
        variables = self._variables()
        handshake = handshake_of(top.table("handshake"), self._check_text)
        options = options_of(top.table("options"))
        rules = self.rules()
        steps = self._steps_of(top, 0)
        top.done()
        if url:
            self._check_text(top, "url", url)
        if not every_step(steps) and not any(each.grave for each in top.faults):
            text = translate("Sequence", "There is no step: each begins with [[step]].")
            top.fault(text)
        return Sequence(name, url, timeout, go_on, handshake, options, variables, rules, steps)

    def _variables(self) -> tuple[tuple[str, str], ...]:
        table = self._top.table("variables")
        if table is None:
            return ()
        found: list[tuple[str, str]] = []
        for name in table.left:
            if not NAME.match(name):
                text = translate("Sequence", "A variable's name has letters, digits, _ and -: not “{0}”.")
                table.fault(text.format(name), name)
                table.take(name)
                continue
            if name in GENERATED:
                table.fault(translate("Sequence", "{0} is made by itself already.").format(name), name)
            value = table.take(name)
            if isinstance(value, bool) or not isinstance(value, str | int | float):
                table.fault(translate("Sequence", "A variable is a text or a number."), name)
                continue
            text = str(value)
            self._check_text(table, name, text)
            found.append((name, text))
            self._known[name] = "0"
        return tuple(found)

    def _check_text(self, table: Members, name: str, text: str) -> None:
        for place in unknown_in(text, self._known):
            table.fault(unknown_text(place.name), name)

    def _steps_of(self, table: Members, depth: int) -> tuple[Step, ...]:
        tables = table.tables("step")
        self._steps += len(tables)
        if self._steps > MOST_STEPS:
            table.fault(translate("Sequence", "There are more than {0} steps.").format(MOST_STEPS), "step")
            return ()
        return tuple(step for each in tables if (step := self._step(each, depth)) is not None)

    def _step(self, table: Members, depth: int) -> Step | None:
        line = table.line
        name, after = table.text("name"), table.seconds("after")
        within = table.seconds("within", above=True) if table.has("within") else None
        fresh, go_on = table.flag("fresh"), table.flag("go_on")
        action = self._action(table, depth)
        table.knows("within")
        table.done()
        if action is None:
            return None
        if not hasattr(action, "filter"):
            limited = type(action).__name__ in ("ExpectClose", "ExpectHandshake", "Connect")
            if within is not None and not limited:
                table.fault(translate("Sequence", "Only what is waited for has a time limit."), "within")
            if fresh:
                table.fault(translate("Sequence", "Only a filter can be about fresh frames."), "fresh")
        return Step(action, name, after, within, fresh, go_on, line)

    def _action(self, table: Members, depth: int) -> Action | None:
        named = [name for name in ACTIONS if table.has(name)]
        if len(named) != 1:
            listed = ", ".join(ACTIONS)
            if named:
                text = translate("Sequence", "A step does one thing; this one has {0}.")
                table.fault(text.format(", ".join(named)), named[1])
            else:
                table.fault(translate("Sequence", "A step needs one of {0}.").format(listed))
            for name in (*named, *table.left):
                table.take(name)
            return None
        if named[0] == "repeat":
            return self._repeat(table, depth)
        action = action_of(named[0], table, self._known)
        self._check_answer(table, named[0], action)
        if isinstance(action, Wait | Expect | ExpectNot):
            self._check_filter(table, named[0], action.filter)
        return action

    def _check_answer(self, table: Members, name: str, action: Action | None) -> None:
        """What can be said of something that is sent before it is."""
        match action:
            case Send(payload) if payload.kind != "file":
                self._check_text(table, name, payload.source)
            case Close(reason=reason):
                self._check_text(table, name, reason)
            case Craft(values):
                for text in craft_texts(values):
                    self._check_text(table, name, text)
                why = wrong_craft(values)
                if why:
                    table.fault(why, name)
                for file in craft_files(values):
                    if points_outside(file):
                        table.remark(outside_text(file), name)

    def _check_filter(self, table: Members, name: str, text: str) -> None:
        self._check_text(table, name, text)
        for mistake in check_filter(text, self._known):
            table.fault(mistake, name)

    def _repeat(self, table: Members, depth: int) -> Repeat | None:
        said = table.take("repeat")
        times, every, during = 0, 0.0, 0.0
        if isinstance(said, dict):
            inner = Members(said, (*table.path, "repeat"), table.lines, table.faults)
            given = [name for name in ("times", "every", "during") if inner.has(name)]
            times = inner.whole("times", 0, 1, MOST_TIMES)
            every = inner.seconds("every", above=True)
            during = inner.seconds("during", above=True)
            inner.done()
            if not given:
                text = translate("Sequence", "repeat needs times, every or during.")
                table.fault(f"{text} {_rounds_text()}", "repeat")
        elif isinstance(said, int) and not isinstance(said, bool) and 1 <= said <= MOST_TIMES:
            times = said
        else:
            text = translate("Sequence", "repeat cannot be {0}.").format(shown_value(said))
            table.fault(f"{text} {_rounds_text()}", "repeat")
        if depth >= DEEPEST:
            text = translate("Sequence", "At most {0} repetitions stand within each other.")
            table.fault(text.format(DEEPEST), "repeat")
            table.take("step")
            return None
        given_steps = table.has("step")
        steps = self._steps_of(table, depth + 1)
        if not steps and not given_steps:
            table.fault(translate("Sequence", "repeat needs steps, each headed [[step.step]]."), "repeat")
        return Repeat(steps, times, every, during)

    def _rule(self, table: Members) -> Rule | None:
        line = table.line
        when = ""
        if table.has("when"):
            faults = len(table.faults)
            when = table.text("when")
            if len(table.faults) == faults:
                self._check_filter(table, "when", when)
        else:
            table.fault(translate("Sequence", "An auto-answer needs when, a filter."))
        a_second = table.whole("a_second", 20, 1, 10_000)
        in_all = table.whole("in_all", 1000, 1, 1_000_000)
        named = [name for name in ACTIONS if table.has(name)]
        answers: list[Action] = []
        for name in named:
            answer = action_of(name, table, self._known) if name != "repeat" else None
            if isinstance(answer, Send | Craft | Close | HalfClose | Reset):
                answers.append(answer)
                self._check_answer(table, name, answer)
            else:
                table.take(name)
                text = translate(
                    "Sequence", "An auto-answer sends, closes, half-closes or resets; {0} it does not."
                )
                table.fault(text.format(name), name)
        table.take("step")
        if not named:
            table.fault(translate("Sequence", "An auto-answer needs what to do: send, ping, close, reset …"))
        table.done()
        return Rule(when, tuple(answers), a_second, in_all, line) if answers else None


def _rounds_text() -> str:
    """What repeat may be."""
    text = translate(
        "Sequence",
        "It is a number of rounds from 1 to {0}, or a table with times (1 to {0}), every and during (seconds "
        "above 0, at most {1}).",
    )
    return text.format(MOST_TIMES, MOST_SECONDS)
