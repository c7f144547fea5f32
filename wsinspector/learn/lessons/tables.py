"""Reads the tables within a lesson: what a step sets up, points at, asks and waits for."""

from collections.abc import Sequence
from typing import Any

from wsinspector.actions.naming import PLACE
from wsinspector.conversation.options import POLICIES
from wsinspector.conversation.sequences.crafting import wrong_craft
from wsinspector.conversation.sequences.members import Members
from wsinspector.filter import parse
from wsinspector.lab.manners import MANNERS, USUAL
from wsinspector.lab.refusals import VERSIONS_PATH
from wsinspector.lab.scenarios import scenario_at
from wsinspector.lab.versions import VersionRule, read_versions
from wsinspector.learn.lessons.answers import FACTS, FACTS_OF_FRAMES, one_of, readable
from wsinspector.learn.lessons.model import (
    CONTROLS,
    Act,
    Ask,
    Do,
    Expect,
    Fact,
    Kind,
    Point,
    Sending,
    WrongAnswer,
    WrongDeed,
)
from wsinspector.protocol.dialects import DIALECTS
from wsinspector.protocol.policy import PONG_PAYLOADS
from wsinspector.translate import translate
from wsinspector.verdicts.catalogue import rule_called

SENDINGS = ("text", "hex", "ping", "pong", "close", "craft")
ENDS = ("us", "peer", "network")


# -- what is done


def read_act(table: Members) -> Act:
    """What a setup, a ``show`` or a ``by`` does."""
    path = table.text("path")
    versions, refuses = table.texts("lab_versions"), table.text("lab_refuses")
    if versions or refuses:
        path = _versions_path(table, path, versions, refuses)
    if path:
        _check_path(table, path)
    version = _lines(table, "version")
    dialect = _word(table, "dialect", [each.name for each in DIALECTS])
    headers = table.texts("headers")
    for line in headers:
        if ":" not in line or "\n" in line or "\r" in line:
            table.fault(
                translate("Lesson", "A header is one line “Name: value”, not {0!r}.").format(line), "headers"
            )
    made = Act(
        path=path,
        secure=table.flag("tls"),
        dialect=dialect,
        version=version,
        headers=headers,
        without=table.texts("without"),
        options=_options(table),
        connect=table.flag("connect"),
        send=_sendings(table),
        disconnect=table.flag("disconnect"),
    )
    table.done()
    return made


def _versions_path(table: Members, path: str, versions: tuple[str, ...], refuses: str) -> str:
    if path:
        text = translate(
            "Lesson", "A path chooses what the lab does: lab_versions and lab_refuses cannot stand too."
        )
        table.fault(text, "path")
    try:
        taken = read_versions(",".join(versions))
        VersionRule(taken, refuses or USUAL)
    except ValueError as error:
        wrong = "lab_refuses" if refuses and refuses not in MANNERS else "lab_versions"
        table.fault(f"{error}.", wrong)
        return ""
    return f"{VERSIONS_PATH}{','.join(taken)}/{refuses or USUAL}"


def _check_path(table: Members, path: str) -> None:
    if not path.startswith("/") or not path.isascii() or not path.isprintable() or " " in path:
        table.fault(
            translate("Lesson", "A path of the lab begins with a slash, not {0!r}.").format(path), "path"
        )
    elif scenario_at(path.split("?")[0]) is None:
        table.fault(translate("Lesson", "The lab has nothing at {0}.").format(path), "path")


def _lines(table: Members, name: str) -> tuple[str, ...] | None:
    if table.has(name):
        return table.texts(name)
    table.knows(name)
    return None


def _word(table: Members, name: str, words: Sequence[str]) -> str:
    word = table.text(name)
    if word and word not in words:
        table.fault(
            translate("Lesson", "{0} is one of {1}, not {2}.").format(name, ", ".join(words), word), name
        )
        return ""
    return word


def _options(table: Members) -> tuple[tuple[str, Any], ...]:
    inner = table.table("options")
    if inner is None:
        return ()
    found: list[tuple[str, Any]] = []
    for name, words in (("policy", POLICIES), ("pong_payload", PONG_PAYLOADS)):
        if inner.has(name):
            found.append((name, _word(inner, name, words) or words[0]))
    for name in ("answer_pings", "answer_close", "echo", "step"):
        if inner.has(name):
            found.append((name, inner.flag(name)))
    for name in ("ping_every", "pong_after"):
        if inner.has(name):
            found.append((name, inner.seconds(name)))
    inner.done()
    return tuple(found)


def _sendings(table: Members) -> tuple[Sending, ...]:
    found = []
    for each in table.tables("send"):
        kinds = [kind for kind in SENDINGS if each.has(kind)]
        if len(kinds) != 1:
            each.fault(translate("Lesson", "What is sent is one of {0}.").format(", ".join(SENDINGS)))
            for kind in kinds:
                each.take(kind)
            each.take("reason")
        else:
            found.append(_sending(each, kinds[0]))
        each.done()
    return tuple(found)


def _sending(table: Members, kind: str) -> Sending:
    if kind == "craft":
        inner = table.take(kind)
        why = wrong_craft(inner) if isinstance(inner, dict) else translate("Lesson", "craft is a table.")
        if why:
            table.fault(why, kind)
            return Sending(kind)
        return Sending(kind, craft=tuple(inner.items()))
    if kind == "close":
        reason = table.text("reason")
        value = table.take(kind)
        if value == "none":
            return Sending(kind, reason)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 65535:
            table.fault(translate("Lesson", "close is a code from 0 to 65535, or “none”."), kind)
            return Sending(kind)
        return Sending(kind, reason, value)
    text = table.text(kind)
    if kind == "hex" and text and not readable(Kind.HEX, text):
        table.fault(translate("Lesson", "{0!r} is no hex.").format(text), kind)
    return Sending(kind, text)


# -- what is pointed at


def read_point(table: Members) -> Point:
    """What a step lights."""
    made = Point(
        request=table.text("request"),
        response=table.text("response"),
        rule=_rules(table, "rule")[0] if table.has("rule") else "",
        frame=_filter(table, "frame"),
        first=table.flag("first"),
        field=table.text("field"),
        byte=table.whole("byte", -1, 0, 1 << 16),
        control=_word(table, "control", CONTROLS),
    )
    targets = [each for each in (made.request, made.response, made.rule, made.frame, made.control) if each]
    if len(targets) != 1 and not table.faults:
        table.fault(
            translate("Lesson", "One thing is pointed at: request, response, rule, frame or control.")
        )
    if not made.frame and (made.field or made.byte >= 0):
        table.fault(translate("Lesson", "A field or a byte is one of a frame, which is not named."))
    table.done()
    return made


# -- what is asked


def read_ask(table: Members) -> Ask:
    """A question and its answers."""
    question = _needed(table, "question")
    kind = Kind(_word(table, "kind", [each.value for each in Kind]) or Kind.TEXT.value)
    choices = table.texts("choices")
    answers, fact = _answers(table), _fact(table)
    exact = table.flag("exact")
    wrong = []
    for each in table.tables("wrong"):
        hint = _needed(each, "hint")
        wrong.append(WrongAnswer(hint, _answers(each), _fact(each)))
        for answer in wrong[-1].answers:
            _check_answer(each, kind, choices, answer)
            if one_of(kind, answer, answers, exact=exact):
                each.fault(translate("Lesson", "{0!r} is right and wrong at once.").format(answer), "answer")
        if not wrong[-1].answers and wrong[-1].fact is None:
            each.fault(translate("Lesson", "A wrong answer needs “answer”, or “fact”."))
        each.done()
    made = Ask(
        question, kind, answers, fact, exact, choices, tuple(wrong), table.texts("hints"), table.text("why")
    )
    _check_ask(table, made)
    table.done()
    return made


def _check_ask(table: Members, made: Ask) -> None:
    if bool(made.answers) == (made.fact is not None):
        table.fault(translate("Lesson", "A question needs either “answer” or “fact”."))
    if (made.kind is Kind.CHOICE) != bool(made.choices):
        table.fault(translate("Lesson", "“choices” stands where the kind is choice, and only there."))
    if len(set(made.choices)) != len(made.choices):
        table.fault(translate("Lesson", "A choice stands there twice."), "choices")
    if any(PLACE in each for each in made.choices):
        table.fault(no_key(), "choices")
    for answer in made.answers:
        _check_answer(table, made.kind, made.choices, answer)


def no_key() -> str:
    """Why a key stands where none is filled in."""
    return translate("Lesson", "A key stands in texts, questions, tasks, hints and reasons only.")


def _check_answer(table: Members, kind: Kind, choices: tuple[str, ...], answer: str) -> None:
    if kind is Kind.CHOICE and answer not in choices:
        text = translate("Lesson", "The answer {0!r} is none of the choices.").format(answer)
        table.fault(text, "answer")
    elif not readable(kind, answer):
        text = translate("Lesson", "{0!r} is no answer of the kind {1}.")
        table.fault(text.format(answer, kind.value), "answer")


def _answers(table: Members) -> tuple[str, ...]:
    value = table.take("answer")
    found = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(each, str | int) and not isinstance(each, bool) for each in found):
        table.fault(translate("Lesson", "An answer is a text, a whole number, or a list of these."), "answer")
        return ()
    return tuple(str(each) for each in found)


def _fact(table: Members) -> Fact | None:
    if not table.has("fact"):
        table.knows("fact")
        return None
    name = _word(table, "fact", FACTS)
    frame, first = _filter(table, "frame"), table.flag("first")
    if name in FACTS_OF_FRAMES and not frame:
        table.fault(translate("Lesson", "{0} is of a frame: “frame” says which.").format(name), "fact")
    return Fact(name, frame, first) if name else None


# -- what is to be done


def read_do(table: Members) -> Do:
    """A task and how it is known to be done."""
    task = _needed(table, "task")
    expected, shown = table.table("expect"), table.table("show")
    if expected is None:
        table.fault(translate("Lesson", "A task needs [expect]: how it is known to be done."))
    if shown is None:
        table.fault(translate("Lesson", "A task needs [show]: how it is done."))
    expect = Expect() if expected is None else read_expect(expected)
    show = Act() if shown is None else read_act(shown)
    wrong = []
    for each in table.tables("wrong"):
        hint = _needed(each, "hint")
        inner, by = each.table("expect"), each.table("by")
        if inner is None:
            each.fault(translate("Lesson", "A wrong deed needs “expect”: how it is known."))
        wrong.append(
            WrongDeed(
                hint,
                Expect() if inner is None else read_expect(inner),
                None if by is None else read_act(by),
            )
        )
        each.done()
    made = Do(task, expect, show, tuple(wrong), table.texts("hints"), table.text("why"))
    table.done()
    return made


def read_expect(table: Members) -> Expect:
    """What must be true of an attempt."""
    before = len(table.faults)
    made = Expect(
        path=table.text("path"),
        status=_statuses(table),
        opened=_perhaps(table, "opened"),
        ended=_perhaps(table, "ended"),
        version=_lines(table, "version"),
        offers=_lines(table, "offers"),
        dialect=_word(table, "dialect", [each.name for each in DIALECTS]),
        request_has=table.texts("request_has"),
        request_lacks=table.texts("request_lacks"),
        response_has=table.texts("response_has"),
        response_lacks=table.texts("response_lacks"),
        arrived=table.texts("arrived"),
        lost=table.texts("lost"),
        failed=_rules(table, "failed"),
        passed=_rules(table, "passed"),
        frames=_filter(table, "frames"),
        at_least=table.whole("at_least", 1, 1, 1000),
        no_frames=_filter(table, "no_frames"),
        close_code=_code(table, "close_code"),
        sent_code=_code(table, "sent_code"),
        received_code=_code(table, "received_code"),
        clean=_perhaps(table, "clean"),
        ended_by=_word(table, "ended_by", ENDS),
        attempts=table.whole("attempts", 1, 1, 100),
    )
    if made == Expect() and len(table.faults) == before and not table.left:
        table.fault(translate("Lesson", "Nothing is expected here, so everything would do."))
    table.done()
    return made


def _statuses(table: Members) -> tuple[int, ...]:
    value = table.take("status")
    found = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(each, int) and not isinstance(each, bool) and 100 <= each <= 999 for each in found):
        table.fault(translate("Lesson", "status is a number from 100 to 999, or a list of these."), "status")
        return ()
    return tuple(found)


def _code(table: Members, name: str) -> int | None:
    if table.has(name):
        return table.whole(name, 1000, 0, 65535)
    table.knows(name)
    return None


def _perhaps(table: Members, name: str) -> bool | None:
    if table.has(name):
        return table.flag(name)
    table.knows(name)
    return None


def _rules(table: Members, name: str) -> tuple[str, ...]:
    found = table.texts(name)
    for rule in found:
        if rule_called(rule) is None:
            table.fault(translate("Lesson", "There is no rule {0!r}.").format(rule), name)
    return found or ("",) * (name == "rule")


def _filter(table: Members, name: str) -> str:
    text = table.text(name)
    parsed = parse(text)
    if not parsed.ok:
        table.fault(f"{name}: {parsed.mistakes[0].text}", name)
        return ""
    if parsed.word:
        why = translate("Lesson", "{0} must be a condition such as type == text, not the bare word {1!r}.")
        table.fault(why.format(name, text), name)
        return ""
    return text


def _needed(table: Members, name: str) -> str:
    text = table.text(name)
    if not text.strip():
        table.fault(translate("Lesson", "“{0}” is missing.").format(name))
    return text
