"""Every rule as it is shown: in groups, found by words, and one whole with its examples as bytes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from wsinspector.present.clauses import short_clause
from wsinspector.present.plain import visible
from wsinspector.present.verdict_rows import FAILED, NOTED, PASSED
from wsinspector.protocol.dialects import RFC6455
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate
from wsinspector.verdicts.asking_http_rules import ASKING_HTTP_RULES, DRAFT_REFUSAL
from wsinspector.verdicts.asking_rules import ASKING_RULES
from wsinspector.verdicts.catalogue import ALL_RULES, AnyRule, judge_example, rule_called
from wsinspector.verdicts.challenge_rules import CHALLENGE_RULES
from wsinspector.verdicts.extension_rules import EXTENSION_RULES
from wsinspector.verdicts.finding import Fault, Finding, Severity
from wsinspector.verdicts.frame_rules import FRAME_RULES
from wsinspector.verdicts.http_header_rules import HTTP_HEADER_RULES
from wsinspector.verdicts.http_rules import HTTP_RULES
from wsinspector.verdicts.offer_rules import OFFER_RULES
from wsinspector.verdicts.refusal_rules import REFUSAL_RULES
from wsinspector.verdicts.response_rules import NO_ANSWER
from wsinspector.verdicts.rule import About, Example

_GROUPS = (
    "request",
    "request-http",
    "response",
    "refusal",
    "told",
    "box",
    "http",
    "extensions",
    "frames",
    "close",
    "drafts",
)


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """One rule in the list. ``words`` is what a search looks in."""

    name: str
    mark: str
    what: str
    details: str
    words: str

    @property
    def spoken(self) -> str:
        return f"{self.what} {self.details}"


@dataclass(frozen=True, slots=True)
class RuleGroup:
    title: str
    entries: tuple[RuleEntry, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of an example: who sent them, and the stretches that the finding speaks of.

    ``text`` False: they are frames, which are no text.
    """

    title: str
    data: bytes
    lit: tuple[tuple[int, int], ...]
    text: bool = True


@dataclass(frozen=True, slots=True)
class Shown:
    """An example: its bytes in the order they travelled, and the sentences judging it gives.

    ``told``: mark, role of the theme, sentence.
    """

    title: str
    pieces: tuple[Piece, ...]
    told: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class RulePage:
    """``chips``: text and role. ``request``: the failing request, None where the rule is not of one."""

    name: str
    what: str
    why: str
    clause: str
    about: str
    chips: tuple[tuple[str, str], ...]
    failing: Shown
    passing: Shown
    request: bytes | None


# -- the list


def rule_groups(words: str = "") -> tuple[RuleGroup, ...]:
    """The rules in which every one of ``words`` stands, letter case aside, in groups that are not empty."""
    wanted = words.lower().split()
    found: list[RuleGroup] = []
    for title, entries in _all_groups():
        kept = tuple(entry for entry in entries if all(word in entry.words for word in wanted))
        if kept:
            found.append(RuleGroup(title, kept))
    return tuple(found)


def count_text(groups: Sequence[RuleGroup]) -> str:
    """``129 rules``, or how many of them are left."""
    count = sum(len(group.entries) for group in groups)
    if count == len(ALL_RULES):
        return translate("Rules", "%n rule(s)", "", count)
    return translate("Rules", "{0} of %n rule(s)", "", len(ALL_RULES)).format(count)


@lru_cache(maxsize=1)
def _all_groups() -> tuple[tuple[str, tuple[RuleEntry, ...]], ...]:
    held: dict[str, list[RuleEntry]] = {name: [] for name in _GROUPS}
    kinds = _kinds()
    for rule in ALL_RULES:
        kind = kinds.get(rule.name) or _kind_of_rest(rule)
        held[kind].append(_entry(rule, _title(kind)))
    return tuple((_title(name), tuple(entries)) for name, entries in held.items() if entries)


def _kinds() -> dict[str, str]:
    """The group of every rule that is not where its bytes alone would put it."""
    kinds: dict[str, str] = {}
    groups: tuple[tuple[str, tuple[AnyRule, ...]], ...] = (
        ("request", ASKING_RULES),
        ("extensions", (*OFFER_RULES, *EXTENSION_RULES)),
        ("drafts", (DRAFT_REFUSAL, *CHALLENGE_RULES)),
        ("request-http", ASKING_HTTP_RULES),
        ("refusal", (NO_ANSWER, *REFUSAL_RULES)),
        ("http", (*HTTP_HEADER_RULES, *HTTP_RULES)),
    )
    for kind, rules in groups:
        kinds.update((rule.name, kind) for rule in rules)
    kinds.update((rule.name, "close") for rule in FRAME_RULES if "close" in rule.name.split("-"))
    kinds.update((name, "extensions") for name in ("inflate-failed", "inflate-limit"))
    kinds["request-subprotocols"] = kinds["request-subprotocols-unique"] = "request"
    return kinds


def _kind_of_rest(rule: AnyRule) -> str:
    if rule.about is About.REFUSAL:
        return "box" if rule.name.startswith("box-") else "told"
    return str(rule.about.value)


def _title(kind: str) -> str:
    return {
        "request": translate("Rules", "Request"),
        "request-http": translate("Rules", "Request, as HTTP"),
        "response": translate("Rules", "Answer that opens"),
        "refusal": translate("Rules", "Refusal, or no answer"),
        "told": translate("Rules", "What a refusal is for"),
        "box": translate("Rules", "Who answered"),
        "http": translate("Rules", "Answer, as HTTP"),
        "extensions": translate("Rules", "Extensions and compression"),
        "frames": translate("Rules", "Frames"),
        "close": translate("Rules", "Close frames and their codes"),
        "drafts": translate("Rules", "Older drafts"),
    }[kind]


def _entry(rule: AnyRule, group: str) -> RuleEntry:
    severity, fault = severity_text(rule.severity), fault_text(rule.fault)
    parts = [rule.name, short_clause(rule.clause), _severity_word(rule.severity)]
    if rule.fault is not Fault.NOBODY:
        parts.append(_side_word(rule.fault))
    details = " · ".join(parts)
    what, why = rule.told_what, rule.told_why
    words = " ".join((details, rule.clause, what, why, severity, fault, group)).lower()
    mark, _ = _mark(rule.severity, rule.fault)
    return RuleEntry(rule.name, mark, what, details, words)


def _mark(severity: Severity, fault: Fault) -> tuple[str, str]:
    """Mark and role, as in a verdict: red where a rule puts a fault on a side."""
    if severity in (Severity.BREAKS, Severity.VIOLATES):
        return FAILED, "note" if fault is Fault.NOBODY else "fault"
    return NOTED, "note"


def _severity_word(severity: Severity) -> str:
    return {
        Severity.BREAKS: translate("Rules", "breaks"),
        Severity.VIOLATES: translate("Rules", "violates"),
        Severity.UNUSUAL: translate("Rules", "unusual"),
        Severity.NOTE: translate("Rules", "note"),
    }[severity]


def _side_word(fault: Fault) -> str:
    return {
        Fault.CLIENT: translate("Rules", "client"),
        Fault.SERVER: translate("Rules", "server"),
        Fault.EITHER: translate("Rules", "either side"),
        Fault.NOBODY: translate("Rules", "nobody"),
    }[fault]


def severity_text(severity: Severity) -> str:
    return {
        Severity.BREAKS: translate("Rules", "ends the connection"),
        Severity.VIOLATES: translate("Rules", "violation"),
        Severity.UNUSUAL: translate("Rules", "unusual"),
        Severity.NOTE: translate("Rules", "note"),
    }[severity]


def fault_text(fault: Fault) -> str:
    return {
        Fault.CLIENT: translate("Rules", "client's fault"),
        Fault.SERVER: translate("Rules", "server's fault"),
        Fault.EITHER: translate("Rules", "either side's fault"),
        Fault.NOBODY: translate("Rules", "nobody's fault"),
    }[fault]


# -- one rule whole


def rule_page(name: str) -> RulePage | None:
    """All there is to say of the rule with this id; None where there is none."""
    rule = rule_called(name)
    if rule is None:
        return None
    _, tone = _mark(rule.severity, rule.fault)
    return RulePage(
        rule.name,
        rule.told_what,
        rule.told_why,
        rule.clause,
        _about_text(rule.about),
        ((severity_text(rule.severity), tone), (fault_text(rule.fault), "muted")),
        _shown(rule, rule.failing, failing=True),
        _shown(rule, rule.passing, failing=False),
        rule.failing.data if rule.about is About.REQUEST else None,
    )


def _about_text(about: About) -> str:
    return {
        About.REQUEST: translate("Rules", "a server's check on the request"),
        About.RESPONSE: translate("Rules", "a client's check on the answer"),
        About.FRAMES: translate("Rules", "either side's check on frames"),
        About.REFUSAL: translate("Rules", "what an answer lets conclude"),
    }[about]


def _shown(rule: AnyRule, example: Example, *, failing: bool) -> Shown:
    """The example judged by all the rules, and what this one says of it."""
    verdict = judge_example(rule.about, example)
    found = [each for each in verdict.findings if each.rule == rule.name]
    told = [(*_mark(each.severity, each.fault), visible(each.text)) for each in found]
    if not found:
        passed = [each.text for each in verdict.passed if each.rule == rule.name]
        nothing = translate("Rules", "Nothing to find.")
        told = [(PASSED, "ok", visible(text)) for text in passed or [nothing]]
    title = translate("Rules", "Breaks it") if failing else translate("Rules", "Meets it")
    if rule.severity in (Severity.UNUSUAL, Severity.NOTE):
        title = translate("Rules", "Is noted") if failing else translate("Rules", "Is not noted")
    return Shown(title, tuple(_pieces(rule.about, example, found)), tuple(told))


def _pieces(about: About, example: Example, found: Sequence[Finding]) -> Iterator[Piece]:
    def lit(side: str) -> tuple[tuple[int, int], ...]:
        spans = (s.span for each in found for s in each.subjects if s.side == side)
        return tuple(dict.fromkeys((span.start, span.end) for span in spans))

    if about is About.FRAMES:
        yield Piece(_frames_title(example), example.data, lit("frames"), text=False)
    elif about is About.REQUEST:
        yield Piece(translate("Rules", "The client sends"), example.data, lit("request"))
    else:
        for each in example.before:
            yield Piece(translate("Rules", "Earlier, the client sent"), each.request, ())
            yield Piece(translate("Rules", "and the server answered"), each.data, ())
        yield Piece(translate("Rules", "The client sends"), example.request, lit("request"))
        yield Piece(_answer_title(example), example.data, lit("response"))


def _answer_title(example: Example) -> str:
    if not example.data:
        title = translate("Rules", "The server sends nothing")
    else:
        title = translate("Rules", "The server answers")
    if not example.ended:
        title += translate("Rules", ", and the connection stays open")
    if example.certificate:
        text = translate("Rules", ", its certificate made out to {subject}")
        title += text.format(subject=visible(example.certificate))
    return title + _read_up_to(example)


def _frames_title(example: Example) -> str:
    client = example.sender is Role.CLIENT
    title = translate("Rules", "The client sends") if client else translate("Rules", "The server sends")
    agreed = example.agreed
    if agreed.dialect != RFC6455:
        title += translate("Rules", ", in {dialect}").format(dialect=agreed.dialect)
    if agreed.deflate is not None:
        title += translate("Rules", ", permessage-deflate agreed")
        flags = ("server_no_context_takeover", "client_no_context_takeover")
        names = [name for name in flags if getattr(agreed.deflate, name)]
        if names:
            title += translate("Rules", " with {names}").format(names=", ".join(names))
    return title + _read_up_to(example)


def _read_up_to(example: Example) -> str:
    if not example.limit:
        return ""
    return translate("Rules", ", of which %n byte(s) (is|are) read", "", example.limit)
