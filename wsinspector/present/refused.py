"""What an answer other than a conversation is, in the words of the window: sentence, evidence, next."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.heads import head_bytes
from wsinspector.present.plain import visible
from wsinspector.present.secrets import without_secrets
from wsinspector.protocol.http import Response
from wsinspector.protocol.mirroring import mirrored
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate
from wsinspector.verdicts.refused import Before, Kind, Refusal, understand_refusal

_PLAIN_ENOUGH = frozenset({Kind.VERSION_LISTED, Kind.LISTED, Kind.VERSION_UNLISTED, Kind.OTHER_REASON})
"""Kinds whose sentence holds all that the reason phrase would add."""
LONGEST_REASON = 120
_RENAMED = {
    413: "content too large",
    414: "uri too long",
    416: "range not satisfiable",
    422: "unprocessable content",
}
"""Phrases as RFC 9110 has them, which the standard library may not know yet."""


@dataclass(frozen=True, slots=True)
class LostText:
    """The box "Where it was lost". ``look``: what stands above ``lines``, each a line of a configuration."""

    sentence: str
    rests_on: str
    why: str
    look: str = ""
    lines: tuple[str, ...] = ()

    def spoken(self) -> str:
        parts = (self.sentence, self.rests_on, self.why, self.look, " ".join(self.lines))
        return " ".join(part for part in parts if part)


def understood(snapshot: AttemptSnapshot, earlier: Sequence[AttemptSnapshot] = ()) -> Refusal | None:
    """The attempt's answer told for what it is; None where none of ours waits, or a mirror answered."""
    if snapshot.role is not Role.CLIENT or snapshot.request_at is None:
        return None
    if mirrored(snapshot.response) is not None:
        return None  # its words are the request's own
    before = tuple(
        Before(each.number, each.request, each.response)
        for each in earlier
        if each.number < snapshot.number and (each.url, each.dialled) == (snapshot.url, snapshot.dialled)
    )
    chain = snapshot.tls.chain if snapshot.tls is not None else ()
    certificates = tuple(f"{each.subject} / {each.issuer}" for each in chain)
    return understand_refusal(
        snapshot.request, snapshot.response, snapshot.verdict, before, certificates=certificates
    )


def told_in_line(refusal: Refusal, response: Response) -> str:
    """The refusal as the answer line has it: facts first, a guess last."""
    parts = [refusal.remark, refusal.sentence] if refusal.guess else [refusal.sentence, refusal.remark]
    said = _own_words(response) if refusal.kind not in _PLAIN_ENOUGH else ""
    if said and said not in refusal.sentence:
        parts.append(translate("Refused", "It says “{words}”.").format(words=said))
    return visible(" ".join(part for part in parts if part))


def _own_words(response: Response) -> str:
    """The reason phrase where it is not the one that belongs to the status."""
    said = response.reason.strip()
    if not said or response.status is None:
        return ""
    try:
        usual = {HTTPStatus(response.status).phrase.lower()}
    except ValueError:
        usual = set()
    usual.add(_RENAMED.get(response.status, ""))
    text = said.decode("latin-1")
    return "" if text.lower() in usual else text[:LONGEST_REASON]


def where_lost(snapshot: AttemptSnapshot, earlier: Sequence[AttemptSnapshot] = ()) -> LostText | None:
    """The box for an attempt that did not open; None where the evidence does not tell."""
    refusal = understood(snapshot, earlier)
    if refusal is None or refusal.lost is None:
        return None
    lost = refusal.lost
    heads = [snapshot.request, *([head_bytes(snapshot.response.head)] if snapshot.response else [])]
    look, lines = "", []
    if len(lost.settings) == 1:
        text = translate("Lost", "In {box}, look for:")
        if lost.settings[0].recalled:
            text = translate("Lost", "In {box}, look for (as documented, not recorded here):")
        look = text.format(box=lost.settings[0].name)
        lines = list(lost.settings[0].lines)
    elif lost.settings:
        look = translate("Lost", "Look for:")
        for setting in lost.settings:
            doubt = translate("Lost", " (as documented, not recorded here)") if setting.recalled else ""
            lines += [f"# {setting.name}{doubt}", *setting.lines]
    return LostText(
        lost.sentence,
        visible(without_secrets(lost.rests_on, heads)),
        lost.why,
        look,
        tuple(lines),
    )


def who_spoke(refusal: Refusal) -> str:
    """Who signed the answer, in a few words; empty where nobody did."""
    return ", ".join(spoke.name for spoke in refusal.spoke)
