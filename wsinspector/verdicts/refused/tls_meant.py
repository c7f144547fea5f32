"""Knows the answers of a port that speaks TLS to a request that came without: a page, or an alert."""

import re

from wsinspector.protocol.http import HttpAnomaly
from wsinspector.translate import translate
from wsinspector.verdicts.finding import Subject
from wsinspector.verdicts.refused.evidence import RefusedCase, on_body, on_status
from wsinspector.verdicts.rule import Bad, Result, on_start_line, shown

_READ = 4096
_PAGE = re.compile(
    rb"(?:the )?plain http request was sent to https port"
    rb"|speaking plain http to an (?:ssl|tls)-enabled server port"
    rb"|client sent an http request to an https server"
    rb"|this combination of host and port requires tls"
    rb"|plain http request (?:was )?(?:sent|received) (?:to|on) (?:an? )?(?:https|tls|ssl)",
    re.IGNORECASE,
)
"""As nginx, Apache, Go's net/http and Tomcat have it."""

_ALERTS = {
    0: "close_notify",
    10: "unexpected_message",
    22: "record_overflow",
    40: "handshake_failure",
    47: "illegal_parameter",
    50: "decode_error",
    70: "protocol_version",
    80: "internal_error",
}
"""RFC 8446 §6."""

_ALERT, _MAJOR = 0x15, 3


def tls_meant(case: RefusedCase) -> Result:
    """A record of TLS where HTTP was expected, or a page that says that TLS is."""
    response = case.response
    if response is None:
        return
    if any(seen.code is HttpAnomaly.NOT_HTTP for seen in response.anomalies):
        start = response.head.start_line or response.body
        if len(start) >= 3 and start[0] == _ALERT and start[1] == _MAJOR and start[2] <= 4:
            name = _ALERTS.get(start[6], "") if len(start) > 6 else ""
            what = (
                translate("Refused", "a TLS alert, {name}").format(name=name)
                if name
                else translate("Refused", "a TLS alert")
            )
            text = translate("Refused", "What came is {what}: this port speaks TLS.").format(what=what)
            where = on_start_line("response", response.head) if response.head.start_line else on_body(case)
            yield Bad(f"{text} {_next(case)}", where)
        return
    if not 400 <= case.status < 500:
        return
    body = response.body[:_READ]
    found = _PAGE.search(response.reason) or _PAGE.search(body)
    if found is not None:
        text = translate("Refused", "This port speaks TLS: the answer says “{words}”.").format(
            words=shown(found[0], 120)
        )
        yield Bad(f"{text} {_next(case)}", (*on_status(case), *_words(case)))


def _words(case: RefusedCase) -> tuple[Subject, ...]:
    return () if _PAGE.search(case.answer.reason) else on_body(case)


def _next(case: RefusedCase) -> str:
    """What to do; with a certificate shown, the first hop had its TLS already."""
    if case.certificates:
        return translate(
            "Refused", "TLS was used up to there, so probably something in between asked on without it."
        )
    hosts = case.request.values(b"Host")
    host = shown(hosts[0], 120) if len(hosts) == 1 and hosts[0] else ""
    if not host:
        return translate("Refused", "Use wss:// in place of ws://.")
    port = "" if re.search(r":\d+\Z", host) else ":80"
    return translate("Refused", "Use wss:// in place of ws://: wss://{host}.").format(host=host + port)
