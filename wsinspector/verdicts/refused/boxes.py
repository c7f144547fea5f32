"""The marks that proxies, balancers and servers leave in an answer, and what each needs for WebSocket."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from wsinspector.protocol.http import Response
from wsinspector.verdicts.finding import Subject
from wsinspector.verdicts.refused.evidence import line_quote
from wsinspector.verdicts.refused.telling import Quote, Setting, Spoke
from wsinspector.verdicts.rule import shown

SERVER_CLAUSE = "RFC 9110 §10.2.4"
VIA_CLAUSE = "RFC 9110 §7.6.3"
OWN_CLAUSE = "RFC 9110 §5.1, a field of its maker's"

RECALLED = "(as documented, not recorded here)"

MOST_LINES = 200
"""Lines of a head looked at; a mebibyte has room for a hundred thousand."""

Sign = tuple[bytes, str]
"""A header's name and a pattern its value matches, letter case ignored."""


@dataclass(frozen=True, slots=True)
class Box:
    """``signs``: any of them is enough. ``shows``: a header line that is its example.

    ``says``: what it does with an upgrade, one sentence. ``settings``: where to look in it; empty where
    it needs nothing or nothing is known for sure. ``idle``: seconds of silence after which it ends an
    upgraded connection unless told otherwise, and the setting's name. ``certificate``: of its own making.
    ``passes_on``: it stands between, or can; False for what only serves. ``recalled``: its marks and
    needs are as its documentation has them; no answer of it was recorded for this table.
    """

    key: str
    name: str
    signs: tuple[Sign, ...]
    shows: bytes
    says: str
    settings: tuple[str, ...] = ()
    idle: tuple[float, str] | None = None
    certificate: str = ""
    passes_on: bool = True
    recalled: bool = False

    @property
    def clause(self) -> str:
        name = self.shows.partition(b":")[0]
        return {b"Server": SERVER_CLAUSE, b"Via": VIA_CLAUSE}.get(name, OWN_CLAUSE)

    @property
    def setting(self) -> Setting | None:
        return Setting(self.name, self.settings, self.recalled) if self.settings else None

    @property
    def told(self) -> str:
        """``says``, with where that is from where it was never seen."""
        return f"{self.says[:-1]} {RECALLED}." if self.recalled else self.says


_S, _VIA, _CACHE = b"Server", b"Via", b"X-Cache"
_NGINX = (
    "proxy_http_version 1.1;",
    "proxy_set_header Upgrade $http_upgrade;",
    'proxy_set_header Connection "upgrade";',
)
_APACHE = (
    'ProxyPass "/path" "http://backend/path" upgrade=websocket   # 2.4.47 and later',
    'ProxyPass "/path" "ws://backend/path"                       # mod_proxy_wstunnel, before',
)

BOXES: tuple[Box, ...] = (
    Box("cloudflare", "Cloudflare", ((_S, r"cloudflare\b"), (b"CF-RAY", r".")), b"CF-RAY: 8f2a1b-FRA",
        "It passes WebSocket on where its Network setting WebSockets is on.",
        ("Network > WebSockets: on",), recalled=True),
    Box("cloudfront", "Amazon CloudFront",
        ((_S, r"CloudFront\b"), (_VIA, r".*\(CloudFront\)"), (b"X-Amz-Cf-Id", r"."),
         (_CACHE, r".* from cloudfront")),
        b"Via: 1.1 abc.cloudfront.net (CloudFront)",
        "It passes WebSocket on where its origin request policy forwards the handshake's headers.",
        ("Origin request policy: AllViewer, or one with Sec-WebSocket-Key and Sec-WebSocket-Version",),
        recalled=True),
    Box("fastly", "Fastly", ((b"X-Served-By", r"cache-"), (b"Fastly-[A-Za-z-]+", r".")),
        b"X-Served-By: cache-fra-1234-FRA",
        "It passes WebSocket on where the service is enabled for it and its VCL says so.",
        ('if (req.http.Upgrade) { return(upgrade); }',), recalled=True),
    Box("akamai", "Akamai", ((_S, r"AkamaiGHost\b"),), b"Server: AkamaiGHost",
        "It passes WebSocket on where the property is set up for it.",
        ("Property: behaviour WebSockets on",), recalled=True),
    Box("aws-elb", "AWS Elastic Load Balancing", ((_S, r"awselb/"),), b"Server: awselb/2.0",
        "An Application Load Balancer passes WebSocket on by itself; a Classic one over HTTP does not.",
        ("Target group: protocol version HTTP1",), idle=(60.0, "idle_timeout.timeout_seconds"),
        recalled=True),
    Box("aws-api-gateway", "AWS API Gateway",
        ((b"X-Amz-Apigw-Id", r"."), (b"Apigw-Requestid", r".")),
        b"X-Amz-Apigw-Id: abcd=",
        "Only an API of the kind WebSocket takes handshakes, and its stage belongs into the path.",
        ("API of protocol type WEBSOCKET, wss://ID.execute-api.REGION.amazonaws.com/STAGE",),
        idle=(600.0, "Idle Connection Timeout"), recalled=True),
    Box("google-lb", "Google load balancer", ((_VIA, r"1\.1 google\b"),), b"Via: 1.1 google",
        "It passes WebSocket on without a setting; its backend timeout ends connections, used or not.",
        ("Backend service: timeoutSec",), recalled=True),
    Box("azure-gateway", "Azure Application Gateway", ((_S, r"Microsoft-Azure-Application-Gateway/"),),
        b"Server: Microsoft-Azure-Application-Gateway/v2", "It passes WebSocket on without a setting.",
        recalled=True),
    Box("azure-front-door", "Azure Front Door", ((b"X-Azure-Ref", r"."),), b"X-Azure-Ref: 0abc",
        "Whether it passes WebSocket on depends on its tier.", recalled=True),
    Box("heroku", "Heroku's router", ((_VIA, r"1\.1 (?:vegur|heroku-router)\b"),), b"Via: 1.1 vegur",
        "It passes WebSocket on without a setting.", idle=(55.0, "the router's limit, which cannot be set"),
        recalled=True),
    Box("fly", "Fly.io's proxy", ((_S, r"Fly/"), (_VIA, r".*\bfly\.io")), b"Via: 1.1 fly.io",
        "It passes WebSocket on without a setting.", recalled=True),
    Box("varnish", "Varnish", ((b"X-Varnish", r"."), (_VIA, r".*\bvarnish\b")), b"X-Varnish: 32770",
        "It answers a handshake as any request unless its VCL pipes it.",
        ('sub vcl_recv { if (req.http.Upgrade ~ "(?i)websocket") { return (pipe); } }',
         "sub vcl_pipe { set bereq.http.Upgrade = req.http.Upgrade; "
         "set bereq.http.Connection = req.http.Connection; }")),
    Box("squid", "Squid", ((_S, r"squid\b"), (_VIA, r".*\(squid\b"), (b"X-Squid-Error", r".")),
        b"Server: squid/5.7", "From version 5 on it passes an upgrade on where its configuration allows it.",
        ("http_upgrade_request_protocols websocket allow all",)),
    Box("envoy", "Envoy", ((_S, r"(?:istio-)?envoy\b"), (b"X-Envoy-[A-Za-z-]+", r".")), b"Server: envoy",
        "It refuses upgrades that its configuration does not name.",
        ("upgrade_configs:", "- upgrade_type: websocket"), idle=(300.0, "stream_idle_timeout")),
    Box("openresty", "OpenResty (nginx)", ((_S, r"openresty\b"),), b"Server: openresty",
        "Like nginx it passes Upgrade and Connection on only where told to.", _NGINX,
        idle=(60.0, "proxy_read_timeout")),
    Box("nginx", "nginx", ((_S, r"nginx\b"),), b"Server: nginx/1.22.1",
        "It passes Upgrade and Connection on only where told to.", _NGINX,
        idle=(60.0, "proxy_read_timeout"), certificate=r"Kubernetes Ingress Controller Fake Certificate"),
    Box("apache", "Apache", ((_S, r"Apache(?:/|\b(?!-))"), (_VIA, r".*\(Apache/")),
        b"Server: Apache/2.4.62 (Debian)",
        "It passes an upgrade on only where the ProxyPass line says so.", _APACHE,
        idle=(60.0, "ProxyTimeout or Timeout")),
    Box("haproxy", "HAProxy", ((_S, r"HAProxy\b"), (_VIA, r".*\bhaproxy\b")), b"Via: 1.1 haproxy",
        "In HTTP mode it passes Upgrade on by itself, unless a rule deletes it.",
        ("mode http", "timeout tunnel 1h", "# and no: http-request del-header Upgrade")),
    Box("iis", "IIS", ((_S, r"Microsoft-IIS/"),), b"Server: Microsoft-IIS/10.0",
        "It needs the feature WebSocket Protocol, also to pass WebSocket on.",
        ("Windows feature: Web-WebSockets", '<webSocket enabled="true" />'), recalled=True),
    Box("http-sys", "HTTP.sys (Windows)", ((_S, r"Microsoft-HTTPAPI/"),), b"Server: Microsoft-HTTPAPI/2.0",
        "What it answers by itself never reached a program.", recalled=True),
    Box("caddy", "Caddy", ((_S, r"Caddy\b"), (_VIA, r".*\bCaddy\b")), b"Server: Caddy",
        "Its reverse_proxy passes WebSocket on without a setting.", certificate=r"Caddy Local Authority"),
    Box("traefik", "Traefik", ((_VIA, r".*\btraefik\b"),), b"Via: 1.1 traefik",
        "It passes WebSocket on without a setting; it signs no answer unless told to.",
        certificate=r"TRAEFIK DEFAULT CERT"),
    Box("litespeed", "LiteSpeed", ((_S, r"LiteSpeed\b"),), b"Server: LiteSpeed",
        "It passes WebSocket on where a WebSocket proxy is set up for the path.",
        ("Virtual host > WebSocket Proxy: URI and address",), recalled=True),
    Box("kestrel", "Kestrel (ASP.NET Core)", ((_S, r"Kestrel\b"),), b"Server: Kestrel",
        "It takes handshakes where the program calls UseWebSockets.", ("app.UseWebSockets();",),
        passes_on=False),
    Box("websockets", "Python websockets", ((_S, r".*\bwebsockets/"),),
        b"Server: Python/3.11 websockets/17.4",
        "It speaks WebSocket itself.", passes_on=False),
    Box("aiohttp", "aiohttp", ((_S, r".*\baiohttp/"),), b"Server: Python/3.11 aiohttp/3.14.5",
        "It serves HTTP and WebSocket.", passes_on=False),
    Box("tornado", "Tornado", ((_S, r"TornadoServer/"),), b"Server: TornadoServer/6.6.1",
        "It serves HTTP and WebSocket.", passes_on=False),
    Box("uvicorn", "Uvicorn", ((_S, r"uvicorn\b"),), b"Server: uvicorn",
        "It serves WebSocket where a library for it is installed.",
        ("uvicorn --ws websockets",), passes_on=False),
    Box("hypercorn", "Hypercorn", ((_S, r"hypercorn\b"),), b"Server: hypercorn-h11",
        "It serves HTTP and WebSocket.", passes_on=False),
    Box("gunicorn", "Gunicorn", ((_S, r"gunicorn\b"),), b"Server: gunicorn",
        "Its default workers know no WebSocket; a worker class that does must be chosen.",
        ("gunicorn --worker-class ...",), passes_on=False),
    Box("autobahn", "Autobahn|Python", ((_S, r"AutobahnPython/"),), b"Server: AutobahnPython/26.10.2",
        "It speaks WebSocket itself.", passes_on=False),
    Box("jetty", "Jetty", ((_S, r"Jetty\("),), b"Server: Jetty(12.0.8)", "It serves HTTP and WebSocket.",
        passes_on=False),
    Box("cowboy", "Cowboy", ((_S, r"Cowboy\b"),), b"Server: Cowboy", "It serves HTTP and WebSocket.",
        passes_on=False),
)  # fmt: skip
"""The nearest to the client first where several sign: what is told first is the likeliest to have spoken."""

_BY_KEY = {box.key: box for box in BOXES}


@functools.cache
def _signs() -> tuple[tuple[Box, re.Pattern[bytes], re.Pattern[bytes]], ...]:
    """Compiled when the first answer is looked at: the window opens without them."""
    return tuple(
        (box, re.compile(name, re.IGNORECASE), re.compile(pattern.encode(), re.IGNORECASE))
        for box in BOXES
        for name, pattern in box.signs
    )


def box_called(key: str) -> Box:
    """The row with this id; KeyError for one that is none."""
    return _BY_KEY[key]


def who_answered(response: Response | None, certificates: Sequence[str] = ()) -> tuple[Spoke, ...]:
    """Every box that signed, each once: by a header, else by the name on its own certificate."""
    found: dict[str, Spoke] = {}
    if response is not None and response.head.complete:
        for line in response.head.lines[:MOST_LINES]:
            name, value = line.name.strip(), line.trimmed[:400]
            for box, header, pattern in _signs():
                if header.fullmatch(name) and pattern.match(value) and box.key not in found:
                    found[box.key] = Spoke(box.key, box.name, line_quote(line))
    for box in BOXES:
        shows = next(
            (each for each in certificates if box.certificate and re.search(box.certificate, each)), ""
        )
        if shows and box.key not in found:
            found[box.key] = Spoke(box.key, box.name, None, shown(shows.encode(), 100))
    if "fastly" in found and "varnish" in found:
        del found["varnish"]  # Fastly's Via says varnish
    order = {box.key: at for at, box in enumerate(BOXES)}
    return tuple(sorted(found.values(), key=lambda each: order[each.box]))


def server_named(response: Response | None) -> Quote | None:
    """The Server line, whoever it names; None where there is none."""
    lines = response.head.named(_S) if response is not None and response.head.complete else ()
    return line_quote(lines[0]) if lines else None


def on_box(spoke: Spoke) -> tuple[Subject, ...]:
    return (spoke.quote.subject,) if spoke.quote is not None else ()
