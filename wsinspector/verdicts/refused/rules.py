"""The table of what a refusal can be: each kind with the bytes that are it, and bytes that nearly are."""

from collections.abc import Callable

from wsinspector.translate import translate
from wsinspector.verdicts.examples import refused, request_bytes, switched
from wsinspector.verdicts.finding import Fault, Severity
from wsinspector.verdicts.refused import opened, reasons
from wsinspector.verdicts.refused.boxes import BOXES, Box, on_box, who_answered
from wsinspector.verdicts.refused.evidence import RefusedCase
from wsinspector.verdicts.refused.telling import Kind
from wsinspector.verdicts.refused.tls_meant import tls_meant
from wsinspector.verdicts.rule import About, Applies, Bad, Example, Result, Rule

_B, _F = b"400 Bad Request", b"403 Forbidden"
_TEXT = b"text/plain"
_NO_VERSION = request_bytes({b"Sec-WebSocket-Version": None})
_NO_UPGRADE = request_bytes({b"Upgrade": None})
_NGINX_PAGE = b"<html><body><center><h1>403 Forbidden</h1></center><hr><center>nginx</center></body></html>"


def _kind(
    kind: Kind,
    clause: str,
    what: str,
    why: str,
    check: Callable[[RefusedCase], Result],
    failing: Example,
    passing: Example | None = None,
) -> Rule[RefusedCase]:
    return Rule(
        kind.value,
        clause,
        Applies.ALWAYS,
        why,
        check,
        what=what,
        passing=passing or switched(),
        failing=failing,
        severity=Severity.NOTE,
        fault=Fault.NOBODY,
        about=About.REFUSAL,
    )


def _to(answer: bytes, request: bytes = b"", *, before: tuple[Example, ...] = ()) -> Example:
    return Example(answer, request or request_bytes(), before=before)


_OFFERS_13 = refused(_B, {b"Sec-WebSocket-Version": b"13"}, version=b"14")
_TOOK_8 = switched(request={b"Sec-WebSocket-Version": b"8"})

KIND_RULES: tuple[Rule[RefusedCase], ...] = (
    _kind(Kind.NOTHING, "RFC 6455 §4.1", "A request is answered by at least a byte.",
          "Without a byte there is no evidence of a reason. Whoever reads a request as broken may hang up.",
          reasons.nothing, Example(b"", request_bytes())),
    _kind(Kind.HTTP_2, "RFC 9113 §3.4", "The answer is not in HTTP/2.",
          "A server that speaks HTTP/2 alone begins with its settings. The handshake of RFC 6455 needs "
          "HTTP/1.1.",
          reasons.http_2, _to(bytes.fromhex("000012040000000000000300000064")), _to(b"SSH-2.0-OpenSSH\r\n")),
    _kind(Kind.TLS_MEANT, "RFC 6455 §3", "The port takes what ws:// sends: HTTP without TLS.",
          "A port that speaks TLS cannot read a request without it. Some say so in a page, some in an alert.",
          tls_meant,
          refused(_B, {b"Server": b"nginx", b"Content-Type": b"text/html"}, version=b"13",
                  body=b"<title>400 The plain HTTP request was sent to HTTPS port</title>"),
          refused(_B, version=b"13")),
    _kind(Kind.NOT_HTTP, "RFC 9112 §2.1", "The answer is HTTP.",
          "A handshake is answered in HTTP. Another protocol speaks at this port, or TLS was meant.",
          reasons.not_http, _to(b"SSH-2.0-OpenSSH_9.2\r\n")),
    _kind(Kind.HALF, "RFC 9112 §2.1", "The answer's head is whole.",
          "A head ends with a blank line. What stands before the end of it may be anything.",
          reasons.half, _to(b"HTTP/1.1 400 Bad Requ")),
    _kind(Kind.OLD_ANSWER, "hixie-76 §5.2", "The answer is of the kind that was asked for.",
          "Servers that know the drafts take a request without a version for one of them. Its answer "
          "has other "
          "fields.",
          opened.old_answer,
          _to(b"HTTP/1.1 101 Web Socket Protocol Handshake\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
              b"WebSocket-Origin: \r\nWebSocket-Location: ws://server.example/chat\r\n\r\n", _NO_VERSION)),
    _kind(Kind.LIST_LIES, "RFC 6455 §4.4", "What is taken agrees with what an earlier answer listed.",
          "A refusal lists the versions a server takes. Some lists are written once and never compared.",
          opened.list_lies, _to(_TOOK_8.data, _TOOK_8.request, before=(_OFFERS_13,)),
          _to(_TOOK_8.data, _TOOK_8.request,
              before=(refused(_B, {b"Sec-WebSocket-Version": b"13, 8"}, version=b"14"),))),
    _kind(Kind.UNDEFINED_TAKEN, "RFC 6455 §4.2.1", "A 101 answers a version that a document defines.",
          "Only 4 to 8 and 13 were ever sent by something that a document defines. A server that takes "
          "anything "
          "else has not compared.",
          opened.undefined_taken, switched(request={b"Sec-WebSocket-Version": b"14"})),
    _kind(Kind.VERSION_IN_101, "RFC 6455 §11.3.5", "A 101 carries no version.",
          "The field in an answer belongs to a refused version. In a 101 it neither agrees on nor "
          "offers any.",
          opened.version_in_101, switched({b"Sec-WebSocket-Version": b"13"})),
    _kind(Kind.REDIRECT, "RFC 9110 §15.4", "The answer does not point elsewhere.",
          "A client may follow a redirect, and need not. A handshake that is sent elsewhere starts anew "
          "there.",
          reasons.redirect, refused(b"301 Moved Permanently", {b"Location": b"https://server.example/chat"})),
    _kind(Kind.DOWNGRADED, "RFC 9110 §6.2", "No complaint about an HTTP version that was not sent.",
          "A proxy states its own HTTP version to the server behind it. Where it states 1.0 there can be no "
          "upgrade.",
          reasons.downgraded,
          refused(b"505 HTTP Version Not Supported", {b"Server": b"nginx/1.22.1"}, version=b"13",
                  body=b"unsupported HTTP version: HTTP/1.0.")),
    _kind(Kind.UPGRADE_LOST, "RFC 9110 §7.6.1", "No complaint about an Upgrade or Connection that was sent.",
          "Both fields end at each hop, and a proxy passes them on only when told to. The server behind "
          "then sees "
          "an ordinary request.",
          reasons.upgrade_lost,
          refused(_B, {b"Server": b"nginx/1.22.1", b"Content-Type": _TEXT, b"Sec-WebSocket-Version": b"13"},
                  version=b"13",
                  body=b"Bad Request: 'upgrade' token not found in the 'Connection' header field\n"),
          _to(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 22\r\n\r\nmissing Upgrade header", _NO_UPGRADE)),
    _kind(Kind.NOT_ASKED, "RFC 6455 §4.2.1", "The request asks for WebSocket.",
          "Without Upgrade and Connection a request is an ordinary one. A 426 then says so, and speaks of no "
          "version.",
          reasons.not_asked, _to(b"HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\n"
                                 b"Content-Length: 0\r\n\r\n", _NO_UPGRADE)),
    _kind(Kind.OTHER_PROTOCOL, "RFC 9110 §15.5.22", "A 426 asks for WebSocket.",
          "A 426 names the protocols to go on in. TLS or HTTP/2 among them is no word on WebSocket.",
          reasons.other_protocol, refused(b"426 Upgrade Required", {b"Upgrade": b"TLS/1.2, HTTP/1.1"})),
    _kind(Kind.LISTED, "RFC 6455 §11.3.5", "The version that was sent is not in the list of the refusal.",
          "The list says what the server takes. A refusal of what is in it has another reason.",
          reasons.listed, refused(_B, {b"Sec-WebSocket-Version": b"13"}, version=b"13"), _OFFERS_13),
    _kind(Kind.OTHER_REASON, "RFC 6455 §4.2.2", "The answer complains of the version alone.",
          "Some servers send their list of versions with every refusal. What the answer says in words "
          "weighs more.",
          reasons.other_reason,
          refused(_B, {b"Sec-WebSocket-Version": b"13, 8"}, version=b"7",
                  body=b"Missing or invalid Sec-WebSocket-Key header")),
    _kind(Kind.CREDENTIALS, "RFC 9110 §11", "The answer asks for no credentials.",
          "Who asks for credentials has not judged the handshake, or does not say. Authorization may be "
          "sent with "
          "it.",
          reasons.credentials, refused(b"401 Unauthorized", {b"WWW-Authenticate": b'Basic realm="x"'})),
    _kind(Kind.FORBIDDEN, "RFC 6455 §4.2.2", "The request is not forbidden.",
          "A server that does not trust the Origin answers 403. So does one that forbids anything else.",
          reasons.forbidden,
          Example(refused(_F).data, request_bytes({b"Origin": b"https://app.example"}))),
    _kind(Kind.NOT_FOUND, "RFC 6455 §4.2.1", "Something is found at the path.",
          "A server that does not know the resource answers 404. It may do so before it looks at the "
          "version.",
          reasons.not_found, refused(b"404 Not Found")),
    _kind(Kind.METHOD, "RFC 9110 §15.5.6", "The method is taken.",
          "A handshake is a GET. A server names the methods it takes in Allow.",
          reasons.method, refused(b"405 Method Not Allowed", {b"Allow": b"POST"})),
    _kind(Kind.VERSION_LISTED, "RFC 6455 §4.2.2", "The version is not refused with a list.",
          "A server that does not take a version lists those it takes. The status may be 426, 400 or "
          "another.",
          reasons.version_listed, _OFFERS_13, refused(_B, {b"Sec-WebSocket-Version": b"14"}, version=b"14")),
    _kind(Kind.VERSION_UNLISTED, "RFC 6455 §4.2.2", "The version is not refused without a list.",
          "The answer's words speak of the version. It should list those it takes, and does not.",
          reasons.version_unlisted,
          refused(_B, version=b"8", body=b"invalid Sec-WebSocket-Version header: 8."), _OFFERS_13),
    _kind(Kind.GATEWAY, "RFC 9110 §15.6.3", "No gateway answers for the server behind it.",
          "These statuses are those of whoever stands in front. The server behind may never have seen "
          "the request.",
          reasons.gateway, refused(b"502 Bad Gateway", {b"Server": b"nginx"}), refused(b"500 Oops")),
    _kind(Kind.HEALTH_PAGE, "RFC 9110 §7.8", "The answer is no health check's page.",
          "Load balancers ask for a page of a word or two. Who gets it was routed to the check, or to a "
          "service "
          "without WebSocket.",
          reasons.health, refused(b"200 OK", {b"Content-Type": _TEXT}, body=b"OK\n"),
          refused(b"200 OK", body=b"<h1>OK, this is a shop</h1>")),
    _kind(Kind.PLAIN_PAGE, "RFC 9110 §7.8", "The answer is no ordinary page.",
          "A server may ignore Upgrade and answer as to any request. So does every HTTP server that knows no "
          "WebSocket.",
          reasons.plain_page, refused(b"200 OK", body=b"<h1>Welcome</h1>")),
    _kind(Kind.OWN_PAGE, "RFC 9110 §15", "The page is none that a box makes itself.",
          "Proxies and servers have pages of their own. One of these says who answered, whatever stands "
          "behind.",
          reasons.built_in_page, refused(b"400 Bad Request", body=_NGINX_PAGE)),
    _kind(Kind.VERSION_LIKELY, "RFC 6455 §4.2.2", "A bare 400 or 426 has another reason than the version.",
          "Nothing but the version gives a reason to refuse. The answer does not say that it is the one.",
          reasons.version_likely, refused(_B, version=b"14"), refused(_B, version=b"13")),
    _kind(Kind.REQUEST_FAULT, "RFC 6455 §4.2.1", "Nothing in the request obliges a server to refuse it.",
          "A server that finds a fault stops and answers with an error. Which fault it found is not said.",
          reasons.request_fault,
          _to(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
              request_bytes({b"Sec-WebSocket-Key": None}))),
    _kind(Kind.BROWSER_PAGE, "RFC 9110 §15", "The answer is no page for a browser titled with its status.",
          "Web servers and proxies have such pages for every status. What refuses a handshake itself "
          "seldom writes "
          "one.",
          reasons.page_for_browsers,
          refused(_B, {b"Content-Type": b"text/html"}, version=b"13",
                  body=b"<html><title>400 Bad Request</title><h1>Bad Request</h1></html>"),
          refused(_B, version=b"13", body=b"<html><title>Chat</title></html>")),
    _kind(Kind.NOT_SUPPORTED, "RFC 9110 §15.6.2, §15.6.6", "The server supports what the request asks for.",
          "A 501 says that a server has not what the request needs, a 505 that it does not take the HTTP "
          "version. Neither is a failure of the server.",
          reasons.not_supported, refused(b"501 Not Implemented")),
    _kind(Kind.FAILED_INSIDE, "RFC 9110 §15.6", "The server does not fail over the request.",
          "A 5xx is the server's own trouble. A request that a program did not expect can be enough.",
          reasons.failed_inside, refused(b"500 Internal Server Error")),
    _kind(Kind.UNSAID, "RFC 6455 §4.2.2", "The answer says why.",
          "An answer need not say why. What it does not say cannot be told from its bytes.",
          reasons.unsaid, refused(b"418 I'm a teapot", version=b"13")),
)  # fmt: skip
"""In the order in which they are asked: the first that speaks is what the answer is."""


def _box_check(key: str) -> Callable[[RefusedCase], Result]:
    def check(case: RefusedCase) -> Result:
        for spoke in who_answered(case.response, case.certificates):
            if spoke.box == key:
                seen = spoke.quote.text if spoke.quote is not None else spoke.certificate
                yield Bad(
                    translate("Rules", "{0} signed the answer: {1}.").format(spoke.name, seen), on_box(spoke)
                )

    return check


def _box_rule(box: Box) -> Rule[RefusedCase]:
    name, _, value = box.shows.partition(b": ")
    return Rule(
        f"box-{box.key}",
        box.clause,
        Applies.ALWAYS,
        "The line {line} with such a value is what it signs with, though anybody may write it. {told}",
        _box_check(box.key),
        what="{name} did not sign the answer.",
        fill=(("name", box.name), ("line", name.decode("ascii")), ("told", box.told)),
        passing=refused(_B, {b"Sec-WebSocket-Version": b"13"}),
        failing=refused(_B, {name: value, b"Sec-WebSocket-Version": b"13"}),
        severity=Severity.NOTE,
        fault=Fault.NOBODY,
        about=About.REFUSAL,
    )


BOX_RULES: tuple[Rule[RefusedCase], ...] = tuple(_box_rule(box) for box in BOXES)

REFUSED_RULES: tuple[Rule[RefusedCase], ...] = (*KIND_RULES, *BOX_RULES)
