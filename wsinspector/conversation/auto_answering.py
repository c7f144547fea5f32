"""Answers by rule: when a frame of the peer fits a filter, something is sent or ended; no loop is endless."""

import time
from collections import deque
from typing import TYPE_CHECKING

from wsinspector.conversation.sequences.crafting import filled_craft
from wsinspector.conversation.sequences.filling import Filler, UnknownVariableError, in_filter
from wsinspector.conversation.sequences.messages import Files, UnsendableError, message_bytes
from wsinspector.conversation.sequences.model import (
    Action,
    Close,
    Craft,
    HalfClose,
    Reset,
    Rule,
    Send,
)
from wsinspector.conversation.sequences.reading import read_rules
from wsinspector.conversation.watching import Came, FrameWatch, Wanted
from wsinspector.filter import parse
from wsinspector.translate import translate

if TYPE_CHECKING:
    from wsinspector.capture import AttemptWriter
    from wsinspector.conversation.attempt import Attempt
    from wsinspector.conversation.options import Options
    from wsinspector.conversation.talking import Talk

SECOND = 1_000_000_000


class Answers:
    """Which rules are due for frames that came; pure: the time is an argument.

    A rule that has answered as often as it may, in a second or in all, is silent; :attr:`silenced` names
    those that were so at least once, with the reason, and :attr:`missed` counts what they left unanswered.
    """

    def __init__(self, rules: tuple[Rule, ...], filler: Filler) -> None:
        self.rules = rules
        self.silenced: dict[int, str] = {}
        self.missed = 0
        self.given = [0] * len(rules)
        self._lately: list[deque[int]] = [deque() for _ in rules]
        self._wanted: list[Wanted | None] = []
        self.trouble = ""
        for rule in rules:
            try:
                condition = parse(filler.fill_again(rule.filter, in_filter)).condition
            except UnknownVariableError as error:
                condition, self.trouble = None, str(error)
            self._wanted.append(None if condition is None else Wanted(condition))

    @property
    def contents(self) -> bool:
        """Whether payloads are needed to decide."""
        return any(wanted is not None and wanted.contents for wanted in self._wanted)

    def due(self, came: Came) -> list[tuple[int, int]]:
        """(place of the rule, number of the frame it answers), in the order of the frames."""
        found: list[tuple[int, int]] = []
        for place, wanted in enumerate(self._wanted):
            if wanted is None:
                continue
            after = 0
            while (hit := wanted.first_in(came, after)) is not None:
                after = hit.number
                if self._may(place, hit.at):
                    found.append((place, hit.number))
                else:
                    self.missed += 1
        return sorted(found, key=lambda each: (each[1], each[0]))

    def _may(self, place: int, at: int) -> bool:
        rule, lately = self.rules[place], self._lately[place]
        if self.given[place] >= rule.in_all:
            text = translate("Auto", "An auto-answer has answered {0} times and is silent now: {1}")
            self.silenced[place] = text.format(rule.in_all, rule.filter)
            return False
        while lately and lately[0] <= at - SECOND:
            lately.popleft()
        if len(lately) >= rule.a_second:
            text = translate(
                "Auto", "An auto-answer is due more than {0} times a second and left some out: {1}"
            )
            self.silenced[place] = text.format(rule.a_second, rule.filter)
            return False
        lately.append(at)
        self.given[place] += 1
        return True


class AutoAnswering:
    """Carries rules out on one connection; on the engine's thread."""

    def __init__(
        self,
        talk: "Talk",
        attempt: "Attempt",
        watch: FrameWatch,
        recorder: "AttemptWriter",
        options: "Options",
        *,
        rules: tuple[Rule, ...] | None = None,
        filler: Filler | None = None,
        files: Files | None = None,
    ) -> None:
        self._talk = talk
        self._attempt = attempt
        self._watch = watch
        self._recorder = recorder
        self._files = files or {}
        self._filler = filler or Filler(dict(options.variables), now=time.time)
        if rules is None:
            rules = read_rules(options.auto_answers, tuple(self._filler.values)).rules
        self._answers = Answers(rules, self._filler)
        self._told: set[str] = set()
        if self._answers.trouble:
            self._complain(self._answers.trouble)
        watch.begin(self._came, contents=self._answers.contents)

    def stop(self) -> None:
        """Answer nothing any more."""
        self._watch.end(self._came)

    def _came(self, came: Came) -> None:
        due = self._answers.due(came)
        for place, _ in due:
            self._filler.begin()
            for answer in self._answers.rules[place].answers:
                trouble = self._do(answer)
                if trouble:
                    self._complain(trouble)
        for text in self._answers.silenced.values():
            self._complain(text)

    def _do(self, answer: Action) -> str:
        """Carry it out; why that cannot be, empty where it can."""
        match answer:
            case Send(payload):
                try:
                    data = message_bytes(payload, self._filler, self._files)
                except UnsendableError as error:
                    return str(error)
                self._talk.send_frame(payload.opcode, data)
            case Craft(table):
                try:
                    craft = filled_craft(table, self._filler)
                except UnsendableError as error:
                    return str(error)
                self._attempt.craft(craft, self._files)
            case Close(code, reason):
                self._talk.close(code, self._filler.fill(reason))
            case HalfClose():
                return self._talk.half_close()
            case Reset():
                self._talk.reset()
        return ""

    def _complain(self, text: str) -> None:
        """Say it once."""
        if text not in self._told:
            self._told.add(text)
            self._recorder.event("auto-answer", time.monotonic_ns(), {"text": text})
            self._attempt.complain(text)
