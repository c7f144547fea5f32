"""What is odd about a 101 as an answer to the version that was sent, whatever its accept value."""

from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.version import FIELD, Standing, list_members
from wsinspector.translate import translate
from wsinspector.verdicts.refused.evidence import (
    RefusedCase,
    on_header,
    on_status,
    on_version_offered,
    on_version_sent,
)
from wsinspector.verdicts.refused.reasons import standing_text
from wsinspector.verdicts.refused.telling import Before
from wsinspector.verdicts.rule import Bad, Result, shown

_OLD_FIELDS = (
    b"WebSocket-Origin",
    b"WebSocket-Location",
    b"Sec-WebSocket-Origin",
    b"Sec-WebSocket-Location",
)


def old_answer(case: RefusedCase) -> Result:
    """A hixie answer to a request that has a key of RFC 6455."""
    if case.status != 101 or not case.request.named(b"Sec-WebSocket-Key"):
        return
    head = case.answer.head
    seen = [name for name in _OLD_FIELDS if head.named(name)]
    if not seen or head.named(b"Sec-WebSocket-Accept"):
        return
    draft = "hixie-76" if seen[0].startswith(b"Sec-") else "hixie-75"
    text = translate(
        "Refused", "The 101 is an answer of {draft}: it has {field} and no Sec-WebSocket-Accept."
    )
    text = text.format(field=seen[0].decode("ascii"), draft=draft)
    if not case.said:
        text += " " + translate("Refused", "No version was sent, which some servers take for these drafts.")
    elif any(each.rule == "request-blank-before-colon" for each in case.reasons):
        text += " " + translate(
            "Refused", "Probably the server did not read the version: a blank stands before its colon."
        )
    yield Bad(text, (*on_status(case), *on_header(case, seen[0]), *on_version_sent(case)))


def list_lies(case: RefusedCase) -> Result:
    """A 101 to a version that the list of an earlier answer does not name."""
    text = lie_told(case)
    if case.status == 101 and text:
        yield Bad(text, (*on_status(case), *on_version_sent(case)))


def lie_told(case: RefusedCase) -> str:
    """A list and what was taken on the same address, held against each other; empty where they agree."""
    told = (_lie_between(case, before) for before in case.earlier)
    return next((text for text in told if text), "")


def _lie_between(case: RefusedCase, before: Before) -> str:
    response = before.response
    if response is None or not response.head.complete or response.status is None:
        return ""
    said = parse_request(before.request).values(FIELD)
    if len(said) != 1 or len(case.said) != 1 or response.status == case.status == 101:
        return ""
    listed = list_members(response.head.values(FIELD)) if response.status != 101 else ()
    here, there = case.said[0], said[0]
    values = {"here": shown(here, 20), "there": shown(there, 20), "number": before.number}
    if case.status == 101 and listed and here not in listed:
        text = translate(
            "Refused", "The list of #{number} is not whole: it names {listed}, and {here} was taken here."
        )
        return text.format(listed=shown(b", ".join(listed), 60), **values)
    if response.status == 101 and case.listed and there not in case.listed:
        text = translate(
            "Refused", "The list is not whole: it names {listed}, and {there} was taken in #{number}."
        )
        return text.format(listed=case.listed_text(), **values)
    return ""


def undefined_taken(case: RefusedCase) -> Result:
    if case.status != 101:
        return
    if len(case.said) > 1:
        text = translate(
            "Refused",
            "A 101 to {count} version lines, {values}: nothing defines which of them is spoken now.",
        )
        if len(set(case.said)) == 1:
            text = translate(
                "Refused", "A 101 to {count} version lines, {values}; a request must not repeat the field."
            )
        text = text.format(count=len(case.said), values=case.sent_text())
    elif not case.said:
        if not case.request.named(b"Sec-WebSocket-Key"):
            return
        text = translate("Refused", "A 101 to a request without a version, which a server must refuse.")
    else:
        judged = case.judged.judgements[0]
        defined = judged.standing is Standing.STANDARD or (
            judged.standing is Standing.INTERIM and judged.number is not None and judged.number >= 4
        )
        if judged.ok and defined:
            return
        standing = standing_text(judged.standing if judged.ok else None)
        text = translate(
            "Refused", "A 101 to version {value}, {standing}: nothing defines what is spoken now."
        )
        if not judged.ok:
            text = translate("Refused", "A 101 to {value}, {standing}: nothing defines what is spoken now.")
        text = text.format(value=case.sent_text(), standing=standing)
    yield Bad(text, (*on_status(case), *on_version_sent(case)))


def version_in_101(case: RefusedCase) -> Result:
    if case.status == 101 and case.answer.head.named(FIELD):
        value = shown(b", ".join(case.answer.head.values(FIELD)))
        text = translate(
            "Refused", "The 101 carries Sec-WebSocket-Version: {value}, which has no meaning there."
        )
        yield Bad(text.format(value=value), on_version_offered(case))
