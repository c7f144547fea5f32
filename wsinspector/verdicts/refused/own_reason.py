"""Says what an answer gives as its reason where no rule knows it; who speaks is not called silent."""

import re

from wsinspector.protocol.http import Response
from wsinspector.translate import translate
from wsinspector.verdicts.finding import Subject
from wsinspector.verdicts.refused.evidence import RefusedCase, on_body
from wsinspector.verdicts.rule import shown

LONGEST = 120
"""Bytes of a body that are quoted whole; what is longer is a page."""

_LETTERS = re.compile(rb"[A-Za-z]{2,}")


def own_words(response: Response) -> str:
    """A short text body that says more than the status does, escaped; empty where it is none."""
    body = response.body.strip()
    if len(body) > LONGEST or body.startswith(b"<") or any(byte < 0x20 for byte in body):
        return ""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return "" if _repeats_status(response) else shown(body, LONGEST)


def _repeats_status(response: Response) -> bool:
    """Whether the body has no word that is not in the reason phrase; an empty one has none."""
    if len(response.body) > LONGEST:
        return False
    words = {word.lower() for word in _LETTERS.findall(response.body)}
    return words <= {word.lower() for word in _LETTERS.findall(response.reason)} | {b"error"} and (
        response.body.isascii()
    )


def own_reason(case: RefusedCase) -> tuple[str, tuple[Subject, ...]]:
    """A sentence without its full stop, and what it rests on beside the status."""
    if words := own_words(case.answer):
        return translate("Refused", "The answer says “{words}”").format(words=words), on_body(case)
    says = {
        300: translate("Refused", "there are several things to choose from"),
        301: translate("Refused", "what was asked for is elsewhere; no Location says where"),
        302: translate("Refused", "what was asked for is elsewhere for now; no Location says where"),
        303: translate("Refused", "another address is to be asked; no Location says which"),
        304: translate("Refused", "a copy that the client has is still good, which a handshake does not ask"),
        305: translate("Refused", "a proxy is to be asked, a use of it that was given up"),
        307: translate("Refused", "what was asked for is elsewhere for now; no Location says where"),
        308: translate("Refused", "what was asked for is elsewhere; no Location says where"),
        402: translate("Refused", "a payment is wanted"),
        406: translate("Refused", "nothing there fits the Accept lines"),
        408: translate("Refused", "the request did not come whole in time"),
        409: translate("Refused", "the request conflicts with what is there"),
        411: translate("Refused", "a Content-Length is wanted"),
        412: translate("Refused", "a condition in the request is not met"),
        413: translate("Refused", "the request is too large"),
        414: translate("Refused", "the target is too long"),
        415: translate("Refused", "the content of the request is of a kind not taken"),
        416: translate("Refused", "the range asked for is not there"),
        417: translate("Refused", "what the request's Expect line wants cannot be done"),
        421: translate("Refused", "this server does not answer for that host"),
        425: translate("Refused", "the request came in early data of TLS, which is not taken"),
        428: translate("Refused", "a condition is wanted in the request"),
        429: translate("Refused", "too many requests came"),
        431: translate("Refused", "the headers are too large"),
        451: translate("Refused", "it is withheld for legal reasons"),
        511: translate("Refused", "the network wants a sign-in first, so probably the server was not asked"),
    }.get(case.status)
    if says is not None:
        return translate("Refused", "The status {status} says that {what}").format(
            status=case.status, what=says
        ), ()
    if not 100 <= case.status < 600:
        return translate("Refused", "The status {status} is none of HTTP's").format(
            status=f"{case.status:03}"
        ), ()
    codings = [each for each in case.answer.head.members(b"Content-Encoding") if each.lower() != b"identity"]
    if codings and case.answer.body:
        text = translate(
            "Refused", "The answer's body is compressed ({coding}) and was not read for a reason"
        )
        return text.format(coding=shown(b", ".join(codings))), on_body(case)
    if not _repeats_status(case.answer):
        return translate("Refused", "No reason that is known here stands in the answer's body"), on_body(case)
    return translate("Refused", "The answer does not say why"), ()
