"""What stands out in a server's answers to a sweep, each sentence with its evidence and its clause.

Facts come first; what is inferred from several answers begins with "Probably" (``sweep_guesses``).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from wsinspector.protocol.sweep_requests import Odd
from wsinspector.translate import translate
from wsinspector.verdicts.finding import Severity
from wsinspector.verdicts.outcome import Outcome
from wsinspector.verdicts.sweep_cells import (
    MAY_REFUSE,
    Cell,
    Probe,
    Tone,
    looks_hixie,
    lost_on_the_way,
    may_open,
    may_refuse,
)
from wsinspector.verdicts.sweep_guesses import guesses
from wsinspector.verdicts.sweep_words import counted, listed, named, quoted

_ORDER = {tone: place for place, tone in enumerate(Tone)}


MOST_NAMED = 8
"""Requests named where a rule finds the same in many answers; the ids hold all."""


MOST_TEXTS = 3
"""Sentences that one rule is told in; of more, the first stands for all."""


@dataclass(frozen=True, slots=True)
class StandOut:
    """A sentence on one server. ``ids``: the requests whose answers it speaks of.

    ``tone``: FINDING, REMARK, QUIET (a fact that accuses nobody) or UNKNOWN (not reached).
    """

    tone: Tone
    text: str
    clause: str
    ids: tuple[str, ...]
    guess: bool = False


@dataclass(frozen=True, slots=True)
class _Answers:
    """``cells``: one a probe. ``versions``: all that the server lists anywhere."""

    name: str
    probes: tuple[Probe, ...]
    cells: tuple[Cell, ...]
    by_id: dict[str, Cell]
    versions: tuple[str, ...]

    def where(self, wanted: Callable[[Probe, Cell], bool]) -> list[Probe]:
        return [probe for probe, cell in zip(self.probes, self.cells, strict=True) if wanted(probe, cell)]

    def said(self, tone: Tone, text: str, clause: str, about: Iterable[Probe]) -> StandOut:
        return StandOut(tone, f"{self.name} {text}", clause, tuple(probe.odd.id for probe in about))


def versions_listed(probes: Iterable[Probe | None]) -> tuple[str, ...]:
    """Every version that a server lists in any of its refusals, the greatest first."""
    found = {version for probe in probes if probe is not None for version in probe.listed or ()}
    return tuple(sorted(found, key=lambda text: (-int(text) if _is_number(text) else 1, text)))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def cells_of(probes: Sequence[Probe | None]) -> tuple[Cell | None, ...]:
    """A cell for each answer of one server, judged with what it lists elsewhere."""
    versions = versions_listed(probes)
    control = next((probe.status for probe in probes if probe is not None and probe.is_control), None)
    return tuple(None if probe is None else probe.cell(versions, control) for probe in probes)


def stand_outs(
    name: str, probes: Sequence[Probe | None], *, trouble: str = "", cells: Sequence[Cell | None] = ()
) -> tuple[StandOut, ...]:
    """All that stands out of one server's answers, the weightiest first.

    ``trouble``: why it was given up. ``cells``: of :func:`cells_of`, where they are made already.
    """
    made = tuple(cells) or cells_of(probes)
    pairs = [(probe, cell) for probe, cell in zip(probes, made, strict=True) if probe and cell]
    answers = _Answers(
        name,
        tuple(probe for probe, _ in pairs),
        tuple(cell for _, cell in pairs),
        {probe.odd.id: cell for probe, cell in pairs},
        versions_listed(probes),
    )
    found: list[StandOut] = []
    if trouble or not any(probe.reached for probe in answers.probes):
        found += _not_reached(answers, trouble)
    if not any(probe.reached for probe in answers.probes):
        return tuple(found)
    for look in (_opens_for_values, _opens_absent, _opens_repeated, _opens_handshakes, _must_be_failed):
        found += look(answers)
    for look in (_silent, _names_no_version, _lists, _fails, _refuses_in_order, _otherwise, _by_rules):
        found += look(answers)
    found.sort(key=lambda each: _ORDER[each.tone])
    for text, ids in guesses(answers.probes):
        found.append(StandOut(Tone.QUIET, f"{name}: {text}", "", ids, guess=True))
    return tuple(found)


def _odds(probes: Iterable[Probe]) -> list[Odd]:
    return [probe.odd for probe in probes]


def _not_reached(answers: _Answers, trouble: str) -> Iterable[StandOut]:
    unreached = answers.where(lambda probe, _: not probe.reached)
    reason = trouble or (
        unreached[0].network_error if unreached else translate("SweepFindings", "nothing was asked")
    )
    if any(probe.reached for probe in answers.probes):
        first = (
            translate("SweepFindings", " from {0} on").format(named(_odds(unreached[:1])))
            if unreached
            else ""
        )
        text = translate("SweepFindings", "was left alone{0}. {1}").format(first, reason)
        yield answers.said(Tone.REMARK, text.strip(), "", unreached)
    else:
        yield answers.said(
            Tone.UNKNOWN, translate("SweepFindings", "was not reached. {0}").format(reason), "", unreached
        )


# -- 101 where there should be none


def _opens_for_values(answers: _Answers) -> Iterable[StandOut]:
    def wrong(probe: Probe, cell: Cell) -> bool:
        single = probe.about_version and len(probe.said) == 1
        return probe.opened and single and cell.tone is Tone.FINDING and not _only_breaks(probe, answers)

    wanted = answers.where(wrong)
    numbers = [probe for probe in wanted if probe.number_said is not None]
    others = [probe for probe in wanted if probe.number_said is None]
    odd = [probe for probe in answers.probes if probe.about_version and not probe.is_control]
    never = answers.where(
        lambda probe, cell: probe.opened and cell.tone is Tone.REMARK and _never_sent(probe)
    )
    if wanted and len(odd) > 2 and all(probe.opened for probe in odd):
        # Among all that it opens for there may be drafts, whose cells accuse nobody: they are not named.
        text = translate(
            "SweepFindings", "opens whatever version is sent, though it must refuse {0}."
        ).format(named(_odds(wanted)))
        yield answers.said(Tone.FINDING, text, "RFC 6455 §4.2.2", wanted)
    elif numbers:
        unlisted = answers.versions and all(
            str(probe.number_said) not in answers.versions for probe in numbers
        )
        text = translate("SweepFindings", "opens for {0}, ").format(named(_odds(numbers)))
        text += (
            translate("SweepFindings", "and lists {0} alone").format(listed(answers.versions))
            if unlisted
            else translate("SweepFindings", "which nobody ever defined")
        )
        text += (
            translate("SweepFindings", "; it opens for {0} too, no version at all").format(
                named(_odds(others))
            )
            if others
            else ""
        )
        yield answers.said(Tone.FINDING, f"{text}.", "RFC 6455 §4.2.2", [*numbers, *others])
    elif others:
        text = translate("SweepFindings", "opens for {0}, which {1} no version.").format(
            named(_odds(others)), "is" if len(others) == 1 else "are"
        )
        yield answers.said(Tone.FINDING, text, "RFC 6455 §4.2.1", others)
    if never:
        text = translate(
            "SweepFindings", "opens for {0}, registered for drafts that sent no such header."
        ).format(named(_odds(never)))
        yield answers.said(Tone.REMARK, text, "RFC 6455 §11.6", never)


def _never_sent(probe: Probe) -> bool:
    return probe.about_version and probe.number_said is not None and probe.number_said <= 3


def _only_breaks(probe: Probe, answers: _Answers) -> bool:
    """Whether a 101 may be, and only its lines are wrong."""
    unlisted = bool(answers.versions) and str(probe.number_said) not in answers.versions
    return may_open(probe) and not (unlisted and probe.number_said is not None)


def _opens_absent(answers: _Answers) -> Iterable[StandOut]:
    wanted = answers.where(lambda probe, _: probe.opened and probe.odd.values == ())
    for probe in wanted:
        if looks_hixie(probe):
            text = translate(
                "SweepFindings", "takes an absent version for hixie-75 and answers in the form of that draft."
            )
            yield answers.said(Tone.REMARK, text, "RFC 6455 §4.2.1", [probe])
        else:
            yield answers.said(
                Tone.FINDING,
                translate("SweepFindings", "opens where the header is absent."),
                "RFC 6455 §4.2.1",
                [probe],
            )


def _opens_repeated(answers: _Answers) -> Iterable[StandOut]:
    wanted = answers.where(lambda probe, _: probe.opened and probe.about_version and len(probe.said) > 1)
    if wanted:
        worst = min((_cell(answers, probe).tone for probe in wanted), key=_ORDER.__getitem__)
        text = translate("SweepFindings", "opens for {0}, where a request must have one line.").format(
            named(_odds(wanted))
        )
        yield answers.said(worst, text, "RFC 6455 §11.3.5", wanted)


def _cell(answers: _Answers, probe: Probe) -> Cell:
    return answers.by_id[probe.odd.id]


def _opens_handshakes(answers: _Answers) -> Iterable[StandOut]:
    wanted = answers.where(lambda probe, _: probe.opened and not probe.about_version and not may_open(probe))
    by_clause: dict[str, list[Probe]] = {}
    for probe in wanted:
        by_clause.setdefault(probe.expectation.reasons[0].clause, []).append(probe)
    for clause, probes in by_clause.items():
        text = translate("SweepFindings", "answers 101 where it must refuse: {0}.").format(
            named(_odds(probes))
        )
        yield answers.said(Tone.FINDING, text, clause, probes)


def _must_be_failed(answers: _Answers) -> Iterable[StandOut]:
    def broken(probe: Probe, cell: Cell) -> bool:
        return probe.opened and cell.tone is Tone.FINDING and _only_breaks(probe, answers)

    by_rule: dict[str, list[Probe]] = {}
    for probe in answers.where(broken):
        findings = probe.verdict.findings if probe.verdict is not None else ()
        if findings:
            by_rule.setdefault(findings[0].rule, []).append(probe)
    for probes in by_rule.values():
        verdict = probes[0].verdict
        assert verdict is not None
        first = verdict.findings[0]
        which = (
            translate("SweepFindings", "For {0}: ").format(quoted(probes[0].odd)) if len(probes) > 1 else ""
        )
        text = translate("SweepFindings", "answers {0} with a 101 that a client must fail. {1}{2}").format(
            named(_odds(probes)), which, first.text
        )
        yield answers.said(Tone.FINDING, text, first.clause, probes)


# -- no answer, and answers that do not help


def _silent(answers: _Answers) -> Iterable[StandOut]:
    kinds = {
        Outcome.NO_ANSWER: translate("SweepFindings", "never answers"),
        Outcome.CLOSED: translate("SweepFindings", "hangs up without an answer"),
        Outcome.NOT_HTTP: translate("SweepFindings", "answers with what is no HTTP"),
    }
    for outcome, words in kinds.items():
        wanted = answers.where(lambda probe, cell, o=outcome: probe.outcome is o)  # type: ignore[misc]
        wanted = [probe for probe in wanted if _cell(answers, probe).tone is Tone.FINDING]
        absent = [probe for probe in wanted if probe.odd.values == ()]
        others = [probe for probe in wanted if probe.odd.values != ()]
        parts = [translate("SweepFindings", "when the header is absent")] if absent else []
        parts += [translate("SweepFindings", "to {0}").format(named(_odds(others)))] if others else []
        if wanted and len(wanted) == len(answers.probes):
            parts = [translate("SweepFindings", "whatever is asked")]
        if wanted:
            clauses = {_cell(answers, probe).clause for probe in wanted}
            yield answers.said(Tone.FINDING, f"{words} {' and '.join(parts)}.", min(clauses), wanted)


def _names_no_version(answers: _Answers) -> Iterable[StandOut]:
    control = {probe.status for probe in answers.probes if probe.is_control and not probe.opened}

    def unnamed(probe: Probe, _: Cell) -> bool:
        found = probe.findings("version-list")
        # What 13 gets as well says nothing of the versions, unless its words do.
        own = probe.status not in control or any(each.severity is Severity.VIOLATES for each in found)
        return probe.about_version and bool(found) and own

    wanted = answers.where(unnamed)
    if not wanted:
        return
    worst = min((_cell(answers, probe).tone for probe in wanted), key=_ORDER.__getitem__)
    statuses = listed(sorted({str(probe.status) for probe in wanted}))
    text = translate("SweepFindings", "refuses {0} with {1} without naming a version it takes").format(
        named(_odds(wanted)), statuses
    )
    if answers.versions:
        text += translate("SweepFindings", ", though it lists {0} elsewhere.").format(
            listed(answers.versions)
        )
    elif any(probe.opened for probe in answers.probes):
        text += translate("SweepFindings", ": a client cannot learn what to retry.")
    else:
        text += translate("SweepFindings", ", and the answers do not say that the version is the reason.")
    yield answers.said(worst, text, "RFC 6455 §4.2.2", wanted)


def _lists(answers: _Answers) -> Iterable[StandOut]:
    refused = answers.where(
        lambda probe, _: (
            probe.about_version and not probe.opened and str(probe.number_said) in (probe.listed or ())
        )
    )
    if refused:
        text = translate("SweepFindings", "lists {0} and refuses {1}.").format(
            named(_odds(refused)), "it" if len(refused) == 1 else "them"
        )
        yield answers.said(Tone.REMARK, text, "RFC 6455 §11.3.5", refused)
    beside = answers.where(
        lambda probe, _: not probe.opened and may_refuse(probe) and bool(probe.findings("version-listed"))
    )
    if beside:
        text = translate(
            "SweepFindings", "lists versions also where 13 was sent and something else is odd ({0}): "
        ).format(named(_odds(beside)))
        text += translate("SweepFindings", "a list alone does not say that the version is the reason.")
        yield answers.said(Tone.QUIET, text, "RFC 6455 §4.4", beside)
    unlikely = answers.where(lambda probe, _: bool(probe.findings("version-list-members")))
    if unlikely:
        finding = unlikely[0].findings("version-list-members")[0]
        text = translate("SweepFindings", "lists what is no version. {0}").format(finding.text)
        yield answers.said(Tone.REMARK, text, finding.clause, unlikely)
    by_list: dict[frozenset[str], list[Probe]] = {}
    for probe in answers.probes:
        if probe.listed:
            by_list.setdefault(frozenset(probe.listed), []).append(probe)
    if len(by_list) > 1:
        groups = sorted(by_list.values(), key=len, reverse=True)
        parts = [
            translate("SweepFindings", "{0} to {1}").format(
                ", ".join(group[0].listed or ()), named(_odds(group))
            )
            for group in groups
        ]
        text = translate("SweepFindings", "does not always list the same versions: {0}.").format(
            "; ".join(parts)
        )
        yield answers.said(Tone.REMARK, text, "RFC 6455 §4.4", [probe for group in groups for probe in group])


def _fails(answers: _Answers) -> Iterable[StandOut]:
    wanted = answers.where(lambda probe, _: (probe.status or 0) >= 500 and probe.status not in MAY_REFUSE)
    if wanted:
        statuses = listed(sorted({str(probe.status) for probe in wanted}))
        text = translate("SweepFindings", "fails with {0} over {1}, in place of refusing.").format(
            statuses, named(_odds(wanted))
        )
        yield answers.said(Tone.REMARK, text, "RFC 9110 §15.6", wanted)


def _refuses_in_order(answers: _Answers) -> Iterable[StandOut]:
    control = answers.where(
        lambda probe, _: probe.is_control and probe.status is not None and not probe.opened
    )
    for probe in control:
        text = translate("SweepFindings", "refuses 13, in which nothing is odd, with {0}.").format(
            probe.status
        )
        if lost := lost_on_the_way(probe):
            text += f" {lost}"
        text += translate("SweepFindings", " Its other refusals may have the same reason.")
        yield answers.said(Tone.REMARK, text, "RFC 6455 §4.2.2", control)
    if control:
        return
    opens = any(probe.is_control for probe in answers.probes if probe.opened)
    wanted = answers.where(
        lambda probe, cell: (
            (cell.tone is Tone.REMARK or (opens and probe.status != _TOO_MANY))
            and not probe.opened
            and (probe.status or 0) in range(400, 500)
            and probe.said == (b"13",)
            and not (probe.odd.free or probe.expectation.must_refuse)
        )
    )
    if wanted:
        parts = [f"{probe.odd.label} ({probe.status})" for probe in wanted]
        text = translate("SweepFindings", "refuses requests that are in order: {0}.").format(listed(parts))
        absolute = all(probe.odd.id == "(absolute form)" for probe in wanted)
        yield answers.said(Tone.REMARK, text, "RFC 9112 §3.2.2" if absolute else "RFC 6455 §4.2.1", wanted)


_TOO_MANY = 429  # says something of the sweep and nothing of the request


def _otherwise(answers: _Answers) -> Iterable[StandOut]:
    wanted = answers.where(lambda probe, cell: cell.tone is Tone.REMARK and 200 <= (probe.status or 0) < 300)
    if wanted:
        statuses = listed(sorted({str(probe.status) for probe in wanted}))
        text = translate("SweepFindings", "answers {0} to {1}, as to an ordinary request.").format(
            statuses, named(_odds(wanted))
        )
        yield answers.said(Tone.REMARK, text, "RFC 6455 §4.2.1", wanted)
    valid = answers.where(
        lambda probe, _: (
            probe.about_version
            and probe.number_said not in (None, 13)
            and (probe.status or 0) in range(400, 500)
        )
    )
    by_status: dict[int, list[Probe]] = {}
    for probe in valid:
        by_status.setdefault(probe.status or 0, []).append(probe)
    if len(by_status) > 1:
        parts = [
            translate("SweepFindings", "{0} to {1}").format(status, named(_odds(probes)))
            for status, probes in by_status.items()
        ]
        text = translate("SweepFindings", "refuses numbers with more than one status: {0}.").format(
            "; ".join(parts)
        )
        yield answers.said(Tone.QUIET, text, "RFC 6455 §4.2.2", valid)


_TOLD = {
    "status",
    "version-list",
    "version-listed",
    "version-list-members",
    "no-answer",
    "accept",
    "request-version",
}


def _by_rules(answers: _Answers) -> Iterable[StandOut]:
    """What the rules find in the answers besides, each thing once."""
    found: dict[str, dict[str, list[Probe]]] = {}
    weights: dict[str, tuple[Severity, str]] = {}
    for probe in answers.probes:
        for finding in probe.verdict.findings if probe.verdict is not None else ():
            if finding.rule in _TOLD or finding.severity not in (Severity.VIOLATES, Severity.UNUSUAL):
                continue
            found.setdefault(finding.rule, {}).setdefault(finding.text, []).append(probe)
            weights.setdefault(finding.rule, (finding.severity, finding.clause))
    for rule, by_text in found.items():
        severity, clause = weights[rule]
        # Hardly any server sends Upgrade with a 426: worth knowing, and no mark. A body that is promised
        # and does not come holds up every client, whoever stopped first.
        heavy = (severity is Severity.VIOLATES and rule != "upgrade-in-426") or rule == "length-awaited"
        if len(by_text) > MOST_TEXTS:  # numbers that differ from answer to answer
            text, (first, *_) = next(iter(by_text.items()))
            everyone = {probe.odd.id: probe for probes in by_text.values() for probe in probes}
            by_text = {
                translate("SweepFindings", ", as in that to {0}: {1}").format(quoted(first.odd), text): list(
                    everyone.values()
                )
            }
        else:
            by_text = {f": {text}": probes for text, probes in by_text.items()}
        for text, probes in by_text.items():
            count = counted(len(probes), "answer", "answers")
            which = f" ({named(_odds(probes))})" if len(probes) <= MOST_NAMED else ""
            yield answers.said(
                Tone.REMARK if heavy else Tone.QUIET,
                translate("SweepFindings", "in {0}{1}{2}").format(count, which, text),
                clause,
                probes,
            )
