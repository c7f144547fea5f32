"""What a refusal is, in the order in which evidence outweighs: the first rule that speaks is the answer."""

from wsinspector.protocol.http import HttpAnomaly
from wsinspector.protocol.version import Standing
from wsinspector.translate import translate
from wsinspector.verdicts.finding import Subject
from wsinspector.verdicts.refused.boxes import who_answered
from wsinspector.verdicts.refused.complaints import SAY_THEIR_OWN, Aspect, Complaint
from wsinspector.verdicts.refused.evidence import (
    RefusedCase,
    on_body,
    on_header,
    on_status,
    on_version_offered,
    on_version_sent,
)
from wsinspector.verdicts.refused.own_reason import own_reason, own_words
from wsinspector.verdicts.refused.pages import health_page, own_page, page_title
from wsinspector.verdicts.rule import Bad, Result, on_start_line, shown

_HTTP_2 = {0x04: "SETTINGS", 0x07: "GOAWAY"}
"""Types of HTTP/2 frames by the fourth byte, of those that a server begins with; both on stream 0."""


def at(complaint: Complaint) -> tuple[Subject, ...]:
    return (Subject("response", complaint.span),)


def _whole(case: RefusedCase) -> bool:
    """Whether there is a whole head with a status other than 101."""
    return case.status not in (0, 101)


def nothing(case: RefusedCase) -> Result:
    if case.response is None:
        yield Bad(
            translate(
                "Refused", "No byte came back, so nothing says what was refused, or whether anything was."
            )
        )


def http_2(case: RefusedCase) -> Result:
    response = case.response
    if response is None or not any(seen.code is HttpAnomaly.NOT_HTTP for seen in response.anomalies):
        return
    start = response.head.start_line or response.body
    if len(start) >= 9 and start[3] in _HTTP_2 and start[:2] == b"\x00\x00" and not any(start[5:9]):
        text = translate(
            "Refused",
            "What came begins with an HTTP/2 {frame} frame: this port speaks HTTP/2 from the first byte.",
        )
        yield Bad(text.format(frame=_HTTP_2[start[3]]), _start(case))


def not_http(case: RefusedCase) -> Result:
    response = case.response
    if response is not None and any(seen.code is HttpAnomaly.NOT_HTTP for seen in response.anomalies):
        start = shown((response.head.start_line or response.body)[:24])
        yield Bad(
            translate("Refused", "What came begins with “{start}”, which is no HTTP.").format(start=start),
            _start(case),
        )


def _start(case: RefusedCase) -> tuple[Subject, ...]:
    response = case.answer
    return on_start_line("response", response.head) if response.head.start_line else on_body(case)


def half(case: RefusedCase) -> Result:
    if case.response is None or case.status != 0:
        return
    text = translate("Refused", "The answer's head is not whole, so what it would have said is not known.")
    if case.response.head.complete:
        text = translate(
            "Refused", "The answer's first line has no status that can be read, so what it says is not known."
        )
    yield Bad(text, _start(case))


def redirect(case: RefusedCase) -> Result:
    where = case.answer.head.values(b"Location") if _whole(case) else ()
    if 300 <= case.status < 400 and where:
        text = translate(
            "Refused", "The answer points to another address; the version was not looked at, or not judged."
        )
        yield Bad(text, (*on_status(case), *on_header(case, b"Location")))


def downgraded(case: RefusedCase) -> Result:
    told = case.complaint(Aspect.HTTP_VERSION)
    if not _whole(case) or case.line.version != b"HTTP/1.1" or (told is None and case.status != 505):
        return
    if told is not None and "1.0" in told.text:
        text = translate(
            "Refused",
            "Probably something in between asked on in HTTP/1.0: the answer complains of it, "
            "and HTTP/1.1 was sent.",
        )
        yield Bad(text, (*at(told), *on_start_line("request", case.request)))
    elif told is not None and "1.1" in told.text:
        text = translate(
            "Refused",
            "Probably something in between asked on in an older HTTP version: the answer wants HTTP/1.1, "
            "which was sent.",
        )
        yield Bad(text, (*at(told), *on_start_line("request", case.request)))
    else:
        text = translate("Refused", "The answer does not take the HTTP version, and HTTP/1.1 was sent.")
        where = at(told) if told is not None else ()
        yield Bad(text, (*on_status(case), *where, *on_start_line("request", case.request)))


def upgrade_lost(case: RefusedCase) -> Result:
    told = case.complaint(Aspect.UPGRADE, Aspect.CONNECTION)
    if not _whole(case) or not case.asks_upgrade or case.other_reasons:
        return
    if told is not None:
        text = translate(
            "Refused",
            "Probably something in between dropped the hop-by-hop headers Upgrade and Connection: "
            "both were sent, and the answer misses {field}.",
        )
        where = (*at(told), *on_header(case, told.aspect.value.encode(), "request"))
        yield Bad(text.format(field=told.aspect.value), where)
    elif case.complaint(Aspect.VERSION):
        return
    elif case.status == 426 and not case.listed and case.said == (b"13",) and not _others(case):
        text = translate(
            "Refused",
            "Probably something in between dropped Upgrade: a 426 asks for it, and it was sent, "
            "with version 13.",
        )
        yield Bad(text, (*on_status(case), *on_header(case, b"Upgrade", "request")))


def not_asked(case: RefusedCase) -> Result:
    if not _whole(case) or case.asks_upgrade or case.complaint(Aspect.VERSION, Aspect.KEY, Aspect.METHOD):
        return
    if not (200 <= case.status < 300 or case.status in (400, 404, 426)) or case.listed:
        return
    missing = [each for each in case.reasons if each.rule in ("request-upgrade", "request-connection")]
    if not missing:
        return
    text = translate("Refused", "{fault} That has nothing to do with the version.")
    told = case.complaint(Aspect.UPGRADE, Aspect.CONNECTION)
    if told is None and case.status != 426:
        text = translate(
            "Refused", "{fault} It asks for no WebSocket then; whoever answers treats it as ordinary HTTP."
        )
        if case.status == 400:
            text = translate(
                "Refused", "{fault} That alone is to be refused; the answer does not speak of the version."
            )
    where = at(told) if told is not None else on_status(case)
    yield Bad(text.format(fault=missing[0].text), (*where, *missing[0].subjects))


def _others(case: RefusedCase) -> tuple[bytes, ...]:
    """The protocols a 426 asks for, where WebSocket is none of them."""
    wanted = case.answer.head.members(b"Upgrade")
    return () if b"websocket" in [each.lower() for each in wanted] else wanted


def other_protocol(case: RefusedCase) -> Result:
    if case.status == 426 and not case.listed and (wanted := _others(case)):
        text = translate(
            "Refused", "The answer asks for another protocol, {protocol}, and not for another version."
        )
        yield Bad(text.format(protocol=shown(b", ".join(wanted))), on_header(case, b"Upgrade"))


def listed(case: RefusedCase) -> Result:
    if not _whole(case) or not case.one_listed or _says_its_own(case):
        return
    value = shown(case.said[0])
    text = translate(
        "Refused", "The version is not the reason: {value} was sent and {value} is offered."
    ).format(value=value)
    where = (*on_version_sent(case), *on_version_offered(case))
    other = _not_of_version(case)
    if other is not None:
        text += " " + translate("Refused", "The answer complains of {what}.").format(what=other.aspect.value)
        where = (*where, *at(other))
    elif case.other_reasons:
        text += " " + case.other_reasons[0].text
        where = (*where, *case.other_reasons[0].subjects)
    yield Bad(text, where)


def _says_its_own(case: RefusedCase) -> bool:
    """Whether the status has a meaning of its own, which comes before that of a list beside it."""
    own = case.status in SAY_THEIR_OWN or (case.status >= 500 and case.status not in (501, 505))
    return own and case.complaint(Aspect.VERSION) is None


def _speaks_otherwise(case: RefusedCase) -> str:
    """The answer's own words, where it lists versions and its words give another reason; or nothing.

    A 426 with a list refuses a version, whatever its words (RFC 6455 §4.2.2).
    """
    if not case.listed or case.complaints or case.status == 426 or case.one_listed:
        return ""
    words = own_words(case.answer)
    return "" if "version" in words.lower() or "websocket" in words.lower() else words


def _not_of_version(case: RefusedCase) -> Complaint | None:
    return next((each for each in case.complaints if each.aspect is not Aspect.VERSION), None)


def other_reason(case: RefusedCase) -> Result:
    """A complaint about something else than the version; the method has its own rule."""
    other = _not_of_version(case)
    if _whole(case) and not _says_its_own(case) and (words := _speaks_otherwise(case)):
        text = translate("Refused", "The answer says “{words}”, and nothing of the version.").format(
            words=words
        )
        yield Bad(text, (*on_status(case), *on_body(case)))
        return
    if not _whole(case) or other is None or other.aspect is Aspect.METHOD:
        return
    of_form = other.aspect is Aspect.FORM and case.other_reasons
    if case.complaint(Aspect.VERSION) and not of_form:
        return
    if other.aspect is Aspect.ORIGIN and case.status == 403:
        return
    text = translate("Refused", "The answer complains of the {what}, not of the version.").format(
        what=other.aspect.value
    )
    where = at(other)
    if other.aspect is Aspect.HTTP_VERSION:
        text = translate("Refused", "The answer complains of the HTTP version.")
    if other.aspect is Aspect.FORM:
        text = translate("Refused", "The answer complains of the form of the request.")
    if case.other_reasons:
        text += " " + case.other_reasons[0].text
        where = (*where, *case.other_reasons[0].subjects)
    yield Bad(text, where)


def credentials(case: RefusedCase) -> Result:
    if case.status not in (401, 407):
        return
    field = b"Proxy-Authenticate" if case.status == 407 else b"WWW-Authenticate"
    schemes = [value.split()[0] for value in case.answer.head.values(field) if value.split()]
    who = translate("Refused", "A proxy") if case.status == 407 else translate("Refused", "The server")
    sent = b"Proxy-Authorization" if case.status == 407 else b"Authorization"
    text = translate("Refused", "{who} asks for credentials").format(who=who)
    if schemes:
        text += translate("Refused", " ({schemes})").format(schemes=shown(b", ".join(schemes[:3])))
    had = (
        translate("Refused", "the ones sent were not taken")
        if case.request.named(sent)
        else translate("Refused", "none were sent")
    )
    text += translate("Refused", "; {had}. It says nothing of the version.").format(had=had)
    yield Bad(text, (*on_status(case), *on_header(case, field)))


def forbidden(case: RefusedCase) -> Result:
    if case.status != 403 or case.complaint(Aspect.VERSION):
        return
    told = case.complaint(Aspect.ORIGIN)
    origins = case.request.values(b"Origin") or case.request.values(b"Sec-WebSocket-Origin")
    fields = (*on_header(case, b"Origin", "request"), *on_header(case, b"Sec-WebSocket-Origin", "request"))
    if told is not None:
        sent = (
            translate("Refused", "{origin} was sent").format(origin=shown(origins[0]))
            if origins
            else translate("Refused", "none was sent")
        )
        yield Bad(
            translate("Refused", "The answer complains of the Origin; {sent}.").format(sent=sent),
            (*at(told), *fields),
        )
    elif origins:
        text = translate(
            "Refused",
            "Forbidden, and the answer does not say why. An Origin that is not trusted is answered so; "
            "{origin} was sent.",
        )
        yield Bad(text.format(origin=shown(origins[0])), (*on_status(case), *fields))
    else:
        text = translate(
            "Refused",
            "Forbidden, and the answer does not say why. No Origin was sent, which some servers want.",
        )
        if words := own_words(case.answer):
            text = translate("Refused", "Forbidden: the answer says “{words}”.").format(words=words)
            yield Bad(text, (*on_status(case), *on_body(case)))
        else:
            yield Bad(text, on_status(case))


def not_found(case: RefusedCase) -> Result:
    if case.status in (404, 410) and not case.complaint(Aspect.VERSION):
        text = translate(
            "Refused",
            "Nothing is found at {path}; the answer does not tell whether the version would be taken.",
        )
        target = shown(case.line.target.partition(b"?")[0]) or "/"
        yield Bad(text.format(path=target), (*on_status(case), *on_start_line("request", case.request)))


def gateway(case: RefusedCase) -> Result:
    said = {
        502: translate(
            "Refused", "A gateway answered in place of the server behind it, which gave it no usable answer."
        ),
        503: translate(
            "Refused",
            "Whoever answered cannot serve now: overloaded, in maintenance, or with no server behind it.",
        ),
        504: translate(
            "Refused", "A gateway answered in place of the server behind it, which did not answer it in time."
        ),
    }.get(case.status)
    if said is not None:
        yield Bad(said, on_status(case))
    elif case.status in _CLOUDFLARE and any(
        spoke.box == "cloudflare" for spoke in who_answered(case.response)
    ):
        text = translate(
            "Refused",
            "Cloudflare answered in place of the server behind it, with a status of its own, {status}.",
        )
        yield Bad(text.format(status=case.status), on_status(case), clause="RFC 9110 §15")


_CLOUDFLARE = (520, 521, 522, 523, 524, 525, 526, 527, 530)


def version_listed(case: RefusedCase) -> Result:
    if not _whole(case) or not case.listed or case.one_listed or _says_its_own(case):
        return
    text = translate("Refused", "{sent}; the answer offers {listed}.").format(
        sent=_sent(case), listed=case.listed_text()
    )
    yield Bad(text, (*on_version_sent(case), *on_version_offered(case)))


def _sent(case: RefusedCase) -> str:
    if not case.said:
        return translate("Refused", "You sent no version")
    if len(case.said) > 1:
        return translate("Refused", "You sent {count} versions, {values}").format(
            count=len(case.said), values=case.sent_text()
        )
    if not case.said[0]:
        return translate("Refused", "You sent an empty version")
    if not case.judged.judgements[0].ok:
        return translate("Refused", "You sent {value}, which is no version").format(value=case.sent_text())
    return translate("Refused", "You sent version {value}").format(value=case.sent_text())


def version_unlisted(case: RefusedCase) -> Result:
    told = case.complaint(Aspect.VERSION)
    if not _whole(case) or told is None or case.listed:
        return
    text = translate(
        "Refused", "{sent}; the answer complains of the version, and lists none it takes."
    ).format(sent=_sent(case))
    if case.said == (b"13",):
        text = translate(
            "Refused", "The answer complains of the version, though 13 was sent; it lists none it takes."
        )
    if case.other_reasons:
        text += " " + case.other_reasons[0].text
    yield Bad(text, (*at(told), *on_version_sent(case)))


def method(case: RefusedCase) -> Result:
    told = case.complaint(Aspect.METHOD)
    if not _whole(case) or (case.status != 405 and told is None):
        return
    name = shown(case.line.method) or "–"
    text = translate("Refused", "The method {method} is not taken here.").format(method=name)
    if case.line.method == b"GET":
        text += " " + translate("Refused", "A handshake needs GET, so nothing here takes one.")
    where = at(told) if told is not None else on_status(case)
    yield Bad(text, (*where, *on_header(case, b"Allow"), *on_start_line("request", case.request)))


def health(case: RefusedCase) -> Result:
    if 200 <= case.status < 300 and health_page(case.answer.body):
        text = translate(
            "Refused", "Probably a health check's page: a few words with {status}, and Upgrade was ignored."
        )
        yield Bad(text.format(status=case.status), (*on_status(case), *on_body(case)))


_SUCCESSES = {
    201: "Ordinary HTTP, which says that something was created (201)",
    202: "Ordinary HTTP, which says that the request was taken and is not done yet (202)",
    204: "Ordinary HTTP, a success without a page (204)",
    205: "Ordinary HTTP, a success without a page, after which a form is to be emptied (205)",
    206: "Ordinary HTTP with a part of something (206), which was not asked for",
}
"""What a success other than 200 says; RFC 9110 §15.3."""


def plain_page(case: RefusedCase) -> Result:
    accepts = on_header(case, b"Sec-WebSocket-Accept") if 200 <= case.status < 300 else ()
    if accepts:
        text = translate(
            "Refused",
            "The answer has Sec-WebSocket-Accept, as something that speaks WebSocket sends it, and status "
            "{status}; only a 101 opens.",
        )
        yield Bad(text.format(status=case.status), (*on_status(case), *accepts))
    elif 200 <= case.status < 300:
        told = translate("Refused", _SUCCESSES.get(case.status, "An ordinary HTTP answer"))
        text = translate(
            "Refused", "{told}: Upgrade was ignored, as whoever knows no WebSocket here may do."
        ).format(told=told)
        where = (*on_status(case), *on_header(case, b"Content-Type"))
        if case.other_reasons:
            text = (
                translate("Refused", "{told}: Upgrade was ignored.").format(told=told)
                + " "
                + case.other_reasons[0].text
            )
            where = (*where, *case.other_reasons[0].subjects)
        yield Bad(text, where)


def built_in_page(case: RefusedCase) -> Result:
    if not _whole(case):
        return
    found = own_page(case.answer.body)
    if found is None or (case.version_reasons and not case.other_reasons and case.status == 426):
        return
    text = translate(
        "Refused", "The page is {box}'s own, so {box} answered, and probably nothing behind it was asked."
    )
    if case.other_reasons:
        text = translate("Refused", "The page is {box}'s own.") + " " + case.other_reasons[0].text
    yield Bad(text.format(box=found), (*on_status(case), *on_body(case)))


def version_likely(case: RefusedCase) -> Result:
    """A bare 400 or 426 to a request in which nothing but the version is out of order."""
    if case.status not in (400, 426) or case.other_reasons or case.complaints:
        return
    if case.version_reasons or case.said not in ((), (b"13",)):
        why, where = _was_sent(case), on_version_sent(case) or on_start_line("request", case.request)
    elif case.old_dialect:
        why = translate("Refused", "the request is one of {dialect}").format(dialect=case.old_dialect)
        where = on_start_line("request", case.request)
    else:
        return
    text = translate(
        "Refused",
        "Probably the version: {why}, and nothing else in the request is out of order. "
        "The answer lists none it takes.",
    )
    yield Bad(text.format(why=why), (*on_status(case), *where))


def _was_sent(case: RefusedCase) -> str:
    if not case.said:
        return translate("Refused", "none was sent")
    if len(case.said) > 1:
        return translate("Refused", "{values} were sent").format(values=case.sent_text())
    if not case.said[0]:
        return translate("Refused", "an empty one was sent")
    if not case.judged.judgements[0].ok:
        return translate("Refused", "{value} was sent, which is none").format(value=case.sent_text())
    return translate("Refused", "{value} was sent").format(value=case.sent_text())


def page_for_browsers(case: RefusedCase) -> Result:
    """A page of nobody known: who speaks WebSocket seldom writes one, who stands in front does."""
    title = page_title(case.answer.body) if _whole(case) else b""
    if str(case.status).encode() in title:
        text = translate(
            "Refused",
            "Probably the own page of a proxy or web server: HTML for a browser, titled “{title}”. "
            "It does not speak of the version.",
        )
        yield Bad(text.format(title=shown(title)), (*on_status(case), *on_body(case)))


def request_fault(case: RefusedCase) -> Result:
    if not 400 <= case.status < 500 or not case.other_reasons:
        return
    text = translate(
        "Refused", "The request itself gives a reason, and the answer does not say which it had. {fault}"
    )
    yield Bad(
        text.format(fault=case.other_reasons[0].text), (*on_status(case), *case.other_reasons[0].subjects)
    )


def not_supported(case: RefusedCase) -> Result:
    """501 and 505 say what the server does not support; neither is a failure."""
    if case.status == 501:
        text = translate(
            "Refused",
            "The server says that it does not support what was asked (501). That is no failure, and no word "
            "on the version.",
        )
        if case.line.method not in (b"", b"GET"):
            text += " " + translate("Refused", "The method was {method}.").format(
                method=shown(case.line.method)
            )
    elif case.status == 505:
        version = shown(case.line.version) or translate("Refused", "none")
        text = translate(
            "Refused", "The server does not take the HTTP version that was sent, {version}."
        ).format(version=version)
    else:
        return
    yield Bad(text, (*on_status(case), *on_start_line("request", case.request)))


_TOLD_ELSEWHERE = (501, 505, 511)
"""Statuses from 500 on that are no failure of a server; 511 is told with what statuses say."""


def failed_inside(case: RefusedCase) -> Result:
    if case.status == 500:
        text = translate(
            "Refused",
            "The server failed over this request; a {status} is its own trouble, "
            "and no refusal of a version.",
        )
        yield Bad(text.format(status=case.status), on_status(case))
    elif 500 < case.status < 600 and case.status not in _TOLD_ELSEWHERE:
        text = translate(
            "Refused", "A {status} speaks of trouble on the server's side; it is no refusal of a version."
        )
        yield Bad(text.format(status=case.status), on_status(case))


def unsaid(case: RefusedCase) -> Result:
    """The last rule: what no other rule knows, in the answer's own words where it has some."""
    if not _whole(case):
        return
    text, where = own_reason(case)
    if 400 <= case.status < 600 and not case.version_reasons and not case.other_reasons:
        text += translate("Refused", ", and nothing in the request obliges a server to refuse it")
    yield Bad(f"{text}.", (*on_status(case), *where))


def standing_text(standing: Standing | None) -> str:
    """What the registry says of a version that a 101 took, as a relative clause."""
    return {
        Standing.RESERVED: translate("Refused", "which is reserved and was never spoken"),
        Standing.UNASSIGNED: translate("Refused", "which is unassigned"),
        None: translate("Refused", "which is no version"),
    }.get(standing, translate("Refused", "which the draft it stands for never sent"))
