"""What differs between two sweeps of a server: "14 is accepted now"."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wsinspector.protocol.sweep_requests import Odd
from wsinspector.translate import translate
from wsinspector.verdicts.sweep_cells import Probe
from wsinspector.verdicts.sweep_words import named

Answer = tuple[str, int | None, tuple[str, ...] | None]
"""Outcome's word, status and the versions listed: what two answers are compared by."""


@dataclass(frozen=True, slots=True)
class Change:
    """``text``: of one change, for all the requests with these ``ids``."""

    text: str
    ids: tuple[str, ...]


def answer_of(probe: Probe) -> Answer:
    outcome = probe.outcome
    return outcome.value if outcome is not None else "", probe.status, probe.listed


def in_words(answer: Answer) -> str:
    """``accepted``, ``refused with 426, list 13``, ``not answered``."""
    outcome, status, versions = answer
    if status == 101:
        return (
            "accepted"
            if outcome == "open"
            else translate("SweepChanges", "answered with a 101 that a client must fail")
        )
    if status is not None:
        text = (
            translate("SweepChanges", "refused with {0}").format(status)
            if status >= 400
            else translate("SweepChanges", "answered with {0}").format(status)
        )
        return (
            translate("SweepChanges", "{0}, list {1}").format(text, ", ".join(versions)) if versions else text
        )
    return {
        "no-answer": translate("SweepChanges", "not answered"),
        "closed": translate("SweepChanges", "hung up on"),
        "not-http": translate("SweepChanges", "answered with what is no HTTP"),
        "network-error": translate("SweepChanges", "not reached"),
    }.get(outcome, translate("SweepChanges", "not asked"))


def changes(before: Sequence[Probe | None], after: Sequence[Probe | None]) -> tuple[Change, ...]:
    """What differs in the requests that both sweeps have, equal changes in one sentence.

    A request that was cancelled in either of them is not compared.
    """
    earlier = {probe.odd.id: probe for probe in before if probe is not None}
    grouped: dict[tuple[Answer, Answer], list[Odd]] = {}
    for probe in after:
        old = earlier.get(probe.odd.id) if probe is not None else None
        if probe is None or old is None or probe.outcome is None or old.outcome is None:
            continue
        was, now = answer_of(old), answer_of(probe)
        if was != now:
            grouped.setdefault((was, now), []).append(probe.odd)
    return tuple(_change(was, now, odds) for (was, now), odds in grouped.items())


def _change(was: Answer, now: Answer, odds: Iterable[Odd]) -> Change:
    odds = tuple(odds)
    be, had = ("is", "was") if len(odds) == 1 else ("are", "were")
    text = translate("SweepChanges", "{0} {1} {2} now; {3} {4} {5}.").format(
        named(odds), be, in_words(now), "it" if len(odds) == 1 else "they", had, in_words(was)
    )
    return Change(text, tuple(odd.id for odd in odds))
