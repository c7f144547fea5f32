"""Which difference between two requests goes with which difference between their answers, in a sentence."""

from wsinspector.conversation.snapshot import AttemptSnapshot, EndKind
from wsinspector.present.answer import sent_versions
from wsinspector.present.heads import head_bytes
from wsinspector.present.plain import visible
from wsinspector.protocol.compare import LineDiff, compare_heads
from wsinspector.protocol.draft import VERSION
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http import OWS
from wsinspector.translate import translate

MOST_NAMED = 4
_FLEETING = frozenset(
    {
        b"date",
        b"age",
        b"cf-ray",
        b"x-request-id",
        b"x-amz-cf-id",
        b"x-amzn-requestid",
        b"x-varnish",
        b"x-timer",
    }
)
"""Fields that differ in every answer and go with nothing."""


def goes_with(first: AttemptSnapshot, second: AttemptSnapshot) -> str:
    """What differs in the requests, and what came of it; empty while one of them is under way.

    No value but a version's is named: others may be secrets, and stand masked below.
    """
    if first.undecided or second.undecided:
        return ""
    causes = _causes(first, second)
    effects = _effects(first, second)
    if not causes:
        if not effects:
            return translate(
                "Attributing", "The same request and the same answer, but for what is new each time."
            )
        return translate(
            "Attributing",
            "The same request came to another answer: {effects}. The difference is not in its bytes.",
        ).format(effects=effects)
    if len(causes) == 1:
        cause = causes[0][:1].upper() + causes[0][1:]
        if effects:
            return translate("Attributing", "{cause} goes with {effects}.").format(
                cause=cause, effects=effects
            )
        return translate(
            "Attributing", "{cause} makes no difference to the answer: {came} both times."
        ).format(cause=cause, came=_came(first))
    named = ", ".join(causes[:MOST_NAMED])
    if len(causes) > MOST_NAMED:
        named += " " + translate("Attributing", "and {count} more").format(count=len(causes) - MOST_NAMED)
    text = translate("Attributing", "More than one thing differs: {causes}.").format(causes=named)
    if not effects:
        return (
            text
            + " "
            + translate("Attributing", "None makes a difference to the answer: {came} both times.").format(
                came=_came(first)
            )
        )
    return (
        text
        + " "
        + translate(
            "Attributing", "Which of them {effects} goes with, these two attempts do not tell."
        ).format(effects=effects)
    )


def _causes(first: AttemptSnapshot, second: AttemptSnapshot) -> list[str]:
    causes = []
    if first.url != second.url:
        causes.append(translate("Attributing", "the address"))
    elif first.dialled and second.dialled and first.dialled != second.dialled:
        causes.append(translate("Attributing", "the address dialled"))
    left, right = parse_request(first.request), parse_request(second.request)
    if left.values(VERSION) != right.values(VERSION):
        none = translate("Attributing", "none")
        values = (sent_versions(each.request) or none for each in (first, second))
        causes.append(translate("Attributing", "version {0} → {1}").format(*values))
    rows = [row for row in compare_heads(first.request, second.request) if row.differs]
    told = left.values(VERSION) != right.values(VERSION)
    changes = (_change(row) for row in rows if not (told and _name(row) == VERSION.lower()))
    causes += dict.fromkeys(changes)
    return causes


def _change(row: LineDiff) -> str:
    line = row.right or row.left
    if "start-line" in row.what or line is None:
        return translate("Attributing", "the request line")
    if "tail" in row.what:
        return translate("Attributing", "the bytes behind the head")
    name = visible(_shown_name(row)) or translate("Attributing", "a blank line")
    if row.kind == "only-left":
        return translate("Attributing", "{name} left out").format(name=name)
    if row.kind == "only-right":
        return translate("Attributing", "{name} added").format(name=name)
    if row.what == ("case",):
        return translate("Attributing", "letter case of {name}").format(name=name)
    if row.kind == "moved":
        return translate("Attributing", "place of {name}").format(name=name)
    if row.what and set(row.what) <= {"blanks", "ending", "fold"}:
        return translate("Attributing", "white space of {name}").format(name=name)
    return translate("Attributing", "{name} changed").format(name=name)


def _name(row: LineDiff) -> bytes:
    line = row.right or row.left
    return line.name.strip(OWS).lower() if line is not None and line.between else b""


def _shown_name(row: LineDiff) -> str:
    line = row.right or row.left
    return line.name.strip(OWS)[:40].decode("latin-1") if line is not None else ""


def _effects(first: AttemptSnapshot, second: AttemptSnapshot) -> str:
    """The change of the answer: of its status or of how it failed, else of the fields that matter."""
    before, after = _came(first), _came(second)
    if before != after:
        return f"{before} → {after}"
    if first.response is None or second.response is None:
        return ""
    rows = compare_heads(head_bytes(first.response.head), head_bytes(second.response.head))
    changed = [row for row in rows if row.differs and _name(row) and _name(row) not in _FLEETING]
    names = list(dict.fromkeys(_change(row) for row in changed if row.kind != "moved"))
    if not names:
        return ""
    return translate("Attributing", "a change in the answer ({names})").format(
        names=", ".join(names[:MOST_NAMED])
    )


def _came(snapshot: AttemptSnapshot) -> str:
    response = snapshot.response
    if response is not None and response.head.complete and response.status is not None:
        return str(response.status)
    if response is not None:
        return translate("Attributing", "no whole answer")
    if snapshot.request_at is None:
        return translate("Attributing", "no connection")
    if snapshot.end is not None and snapshot.end.kind is EndKind.RST:
        return translate("Attributing", "a reset")
    if snapshot.end is not None and snapshot.end.kind is EndKind.FIN:
        return translate("Attributing", "an end without an answer")
    return translate("Attributing", "no answer")
