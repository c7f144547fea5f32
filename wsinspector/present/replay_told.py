"""What is said of a replay: how far it is, and each answer then and now, by sign and word."""

from dataclasses import dataclass

from wsinspector.conversation.replaying import Replayed
from wsinspector.present.numbers import count, size
from wsinspector.present.plain import decoded, visible
from wsinspector.present.replay_comparing import Comparison, Difference, Mark, Pair
from wsinspector.present.replaying import SHOWN, Heard, Planned
from wsinspector.protocol.opcodes import OPCODES, PONG, TEXT
from wsinspector.translate import translate

SIGNS = {
    Mark.EQUAL: "=",
    Mark.DIFFERS: "≠",
    Mark.MISSING: "−",
    Mark.ADDITIONAL: "+",
    Mark.MOVED: "~",
    Mark.WORDING: "≈",
}
ROLES = {
    Mark.EQUAL: "muted",
    Mark.DIFFERS: "note",
    Mark.MISSING: "fault",
    Mark.ADDITIONAL: "link",
    Mark.MOVED: "note",
    Mark.WORDING: "muted",
}


def mark_word(mark: Mark) -> str:
    """What became of an answer."""
    return {
        Mark.EQUAL: translate("Replay", "equal"),
        Mark.DIFFERS: translate("Replay", "differs"),
        Mark.MISSING: translate("Replay", "missing"),
        Mark.ADDITIONAL: translate("Replay", "additional"),
        Mark.MOVED: translate("Replay", "in another order"),
        Mark.WORDING: translate("Replay", "differs in wording alone"),
    }[mark]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the result. ``what``: handshake line, type of the answer, or end; ``first`` and ``again``:
    each side as text, empty where there is none. ``pair``: of an answer, else None. ``where``: first places
    that differ. ``when``: how long after the opening each side came."""

    mark: Mark
    what: str
    first: str
    again: str
    pair: Pair | None = None
    where: str = ""
    when: str = ""

    @property
    def sign(self) -> str:
        return SIGNS[self.mark]

    def spoken(self) -> str:
        """The row in words."""
        none = translate("Replay", "nothing")
        text = translate("Replay", "{what} {is_}. First: {first}. Now: {again}.")
        told = text.format(
            what=self.what, is_=mark_word(self.mark), first=self.first or none, again=self.again or none
        )
        return " ".join(part for part in (told, self.where, self.when) if part)


def lines_of(found: Comparison) -> list[Line]:
    """The rows of a result: what differs of the handshake, every answer, what differs of the end."""
    handshake = translate("Replay", "handshake: {0}")
    made = [_line(each, handshake.format(visible(each.what))) for each in found.handshake]
    made += [_answer(pair) for pair in found.pairs]
    return made + [_line(each, visible(each.what)) for each in found.end]


def _line(each: Difference, what: str) -> Line:
    mark = Mark.WORDING if each.wording else Mark.DIFFERS
    return Line(mark, what, visible(each.first), visible(each.again))


def _answer(pair: Pair) -> Line:
    where = ""
    if pair.where:
        where = translate("Replay", "Differs at {0}.").format(visible(pair.where))
    elif pair.byte is not None:
        where = translate("Replay", "Differs from byte {0} on.").format(count(pair.byte))
    times = [f"{each.at:.3f} s" if each is not None else "–" for each in (pair.first, pair.again)]
    when = translate("Replay", "Came {0} after the opening the first time, {1} now.").format(*times)
    what = visible(pair.opcode)
    return Line(pair.mark, what, heard_text(pair.first), heard_text(pair.again), pair, where, when)


def heard_text(heard: Heard | None) -> str:
    """Frame and beginning of an answer; empty for none."""
    if heard is None:
        return ""
    if not heard.size:
        shown = translate("Replay", "empty")
    elif heard.opcode in (TEXT, PONG):
        shown = visible(decoded(heard.begins)) + ("…" if heard.size > SHOWN else "")
    else:
        shown = heard.begins[:24].hex(" ") + (" …" if heard.size > 24 else "")
        shown = f"{size(heard.size)}  {shown}"
    return f"#{count(heard.numbers[0])}  {shown}"


def heard_title(heard: Heard) -> str:
    """An answer in a few words."""
    text = translate("Replay", "{type} #{number}, {size}")
    return text.format(
        type=visible(OPCODES[heard.opcode].name), number=count(heard.numbers[0]), size=size(heard.size)
    )


def foreseen_text(planned: Planned) -> str:
    """What would leave, before it does."""
    frames = translate("Replay", "Sends %n frame(s).", count=len(planned.plan.frames))
    if not planned.plan.frames:
        frames = translate("Replay", "Only the request leaves: we sent no frame the first time.")
    answers = translate("Replay", "The first time %n answer(s) came.", count=planned.plan.answers)
    return f"{frames} {answers}"


def progress_text(planned: Planned, sent: int, came: int, *, opened: bool) -> str:
    """How far a replay is."""
    if not opened:
        return translate("Replay", "Connecting…")
    text = translate("Replay", "{sent} of {total} sent, {came} of {answers} answers came")
    return text.format(
        sent=count(sent),
        total=count(len(planned.plan.frames)),
        came=count(came),
        answers=count(planned.plan.answers),
    )


def done_early(planned: Planned, done: Replayed) -> bool:
    """Whether the end came before all had left; where the server ended it the first time, that may be so."""
    return done.early and not planned.plan.peer_ends


def summary_role(planned: Planned, done: Replayed, found: Comparison | None) -> str:
    """``ok`` where all is as it was, ``fault`` where it did not come to its end, else ``note``."""
    if found is None or done.trouble:
        return "fault"
    same = found.same and not done_early(planned, done) and not done.stopped
    return "ok" if same else "note"


def summary_text(planned: Planned, done: Replayed, found: Comparison | None) -> str:
    """All of it in a sentence or two."""
    total = len(planned.plan.frames)
    said = []
    if done.stopped:
        text = translate("Replay", "Stopped after {0} of {1}.")
        said.append(text.format(count(done.sent), count(total)))
    elif not done.opened:
        said.append(translate("Replay", "The connection did not open; no frame was sent."))
    elif done.sent < total:
        text = translate("Replay", "Sent {0} of {1}: the connection ended before.")
        said.append(text.format(count(done.sent), count(total)))
    else:
        said.append(translate("Replay", "Sent {0}.").format(count(total)))
    if done.trouble:
        said.append(visible(done.trouble))
    if found is None:
        return " ".join(said)
    told = [f"{count(number)} {mark_word(mark)}" for mark in Mark if (number := found.count(mark))]
    if told:
        said.append(translate("Replay", "Answers: {0}.").format(", ".join(told)))
    else:
        said.append(translate("Replay", "No answers either time."))
    said.append(around_text(found))
    return " ".join(said)


def around_text(found: Comparison) -> str:
    """What is said of handshake and end together: whether they differ, and whether in wording alone."""
    handshake, end = (any(not one.wording for one in each) for each in (found.handshake, found.end))
    if handshake and end:
        text = translate("Replay", "Handshake and end differ.")
    elif handshake:
        text = translate("Replay", "The handshake differs.")
    elif end:
        text = translate("Replay", "The end differs.")
    elif not found.wording:
        return translate("Replay", "Handshake and end are equal.")
    else:
        only = translate("Replay", "Handshake and end differ only in wording: {0}.")
        return only.format(", ".join(map(visible, found.wording)))
    if found.wording:
        more = translate("Replay", "In wording alone: {0}.")
        text = f"{text} {more.format(', '.join(map(visible, found.wording)))}"
    return text
