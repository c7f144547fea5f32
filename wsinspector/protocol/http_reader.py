"""Reads whatever a server answers to a handshake, as it comes, and says when it is done."""

import enum
import re
from dataclasses import dataclass

from wsinspector.protocol.body_reader import BodyReader
from wsinspector.protocol.head_anomalies import HUGE_HEADER, head_anomalies, status_parts
from wsinspector.protocol.head_reader import (
    HeadScanner,
    RequestLine,
    parse_head,
    parse_request,
    read_line,
    request_parts,
)
from wsinspector.protocol.http import (
    OWS,
    BodyFraming,
    Head,
    HttpAnomaly,
    Response,
    SeenAnomaly,
    split_list,
)
from wsinspector.protocol.spans import Span

__all__ = [
    "HUGE_HEADER",
    "ReadLimits",
    "ReadPhase",
    "RequestLine",
    "ResponseReader",
    "head_anomalies",
    "parse_head",
    "parse_request",
    "read_line",
    "read_response",
    "request_parts",
    "status_parts",
]

_PIECE = 4096  # so that forty thousand interim answers in one read are not copied as many times


class ReadPhase(enum.Enum):
    """What the reader waits for.

    BODY: also the bytes behind a 101 that belong to it. UPGRADED: a 101 came, all later bytes are frames.
    """

    HEAD = "head"
    BODY = "body"
    DONE = "done"
    UPGRADED = "upgraded"


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Most bytes kept. ``head`` counts all heads of one answer, interim ones included."""

    head: int = 1 << 20
    body: int = 1 << 20


class _Stop(enum.Enum):
    NOT_YET = enum.auto()
    IDLE = enum.auto()
    EOF = enum.auto()


class ResponseReader:
    """One answer from its first byte. Time is linear in the bytes, however they are cut.

    Give it every byte the server sent with :meth:`feed`, the end of the stream with
    :meth:`eof`, and :meth:`idle` when nothing came for the stated time: what is there then
    counts as all there is, until another byte comes. Offsets count from the first byte.
    ``method`` is the request's; the answer to a HEAD has no body (RFC 9112 §6.3).
    ``answer_tail``: so many bytes behind a 101's blank line belong to it, 16 in hixie-76 to hybi-03.
    They are the response's body, which is not complete where the stream fell idle or ended before
    all of them; what comes then is frames.
    """

    def __init__(
        self, limits: ReadLimits | None = None, *, method: bytes = b"GET", answer_tail: int = 0
    ) -> None:
        self._limits = limits or ReadLimits()
        self._tail_wanted = answer_tail
        self._tail: bytearray | None = None  # from a 101's blank line on
        self._method = method
        self._received = 0
        self._head_bytes = 0  # of the interim heads before this one
        self._scanner = HeadScanner()
        self._body: BodyReader | None = None
        self._head: Head | None = None
        self._fixed: tuple[SeenAnomaly, ...] = ()
        self._announced: int | None = None
        self._interim: list[Response] = []
        self._frames_start: int | None = None
        self._not_http = False
        self._over_limit = False
        self._stop = _Stop.NOT_YET
        self._cached: tuple[tuple[int, _Stop], Response | None] | None = None

    @property
    def received(self) -> int:
        """Bytes given so far."""
        return self._received

    @property
    def phase(self) -> ReadPhase:
        if self._frames_start is not None:
            return ReadPhase.UPGRADED
        if self._over_limit or self._stop is not _Stop.NOT_YET:
            return ReadPhase.DONE
        if self._tail is not None:
            return ReadPhase.BODY
        if self._body is None:
            return ReadPhase.HEAD
        return ReadPhase.DONE if self._body.done else ReadPhase.BODY

    @property
    def interim(self) -> tuple[Response, ...]:
        """The 1xx answers other than 101 that came before the final one."""
        return tuple(self._interim)

    @property
    def frames_start(self) -> int | None:
        """Offset of the first byte after a 101 and what belongs to it; None without a whole one."""
        return self._frames_start

    def feed(self, data: bytes) -> None:
        """Take the next bytes; all are accepted, also after the answer is done."""
        if not data:
            return
        if self._stop is _Stop.IDLE:
            self._stop = _Stop.NOT_YET
        self._received += len(data)
        at = 0
        while at < len(data) and self._head is None and self._body is None and not self._over_limit:
            at += self._feed_head(data[at : at + _PIECE])
        if self._tail is not None and self._frames_start is None:
            self._feed_tail(data[at:])
        if self._body is not None and at < len(data):
            self._body.feed(data[at:] if at else data)

    def eof(self) -> None:
        """The server ended its side, or the connection is lost."""
        self._stop = _Stop.EOF
        if self._body is not None:
            self._body.eof()
        self._end_tail()

    def idle(self) -> None:
        """The stated idle time has passed without a byte."""
        if self._stop is _Stop.NOT_YET and self.phase in (ReadPhase.HEAD, ReadPhase.BODY):
            self._stop = _Stop.IDLE
            self._end_tail()

    @property
    def response(self) -> Response | None:
        """The final answer as far as it has come; None before its first byte.

        Worked out when asked for, and kept until more bytes come.
        """
        key = (self._received, self._stop)
        if self._cached is None or self._cached[0] != key:
            self._cached = key, self._response()
        return self._cached[1]

    def _feed_head(self, data: bytes) -> int:
        room = self._limits.head - self._head_bytes - self._scanner.size
        taken = self._scanner.feed(data[:room])
        if self._scanner.complete:
            self._head_came()
            return taken
        if not _may_be_http(self._scanner.first_bytes(5)):
            self._take_as_no_http()
        elif len(data) > room:
            self._over_limit = True
            return len(data)
        return taken

    def _head_came(self) -> None:
        scanner, head = self._scanner, self._scanner.head()
        if not _may_be_http(head.start_line[:5]) or len(head.start_line) < 5:
            self._take_as_no_http()
            return
        anomalies = [*_leading(scanner), *head_anomalies(head)]
        version, status, reason = status_parts(head.start_line)
        end = head.span.end
        if status is not None and 100 <= status < 200 and status != 101:
            self._interim.append(
                Response(
                    head, version, status, reason, BodyFraming.NONE, b"", Span(end, end), None, True,
                    tuple(anomalies),
                )
            )  # fmt: skip
            self._head_bytes += scanner.size
            self._scanner = HeadScanner(end)
            return
        framing, announced, framing_anomalies = body_framing(head, status, self._method)
        self._fixed = (*anomalies, *framing_anomalies)
        self._head, self._announced = head, announced
        if framing is BodyFraming.UPGRADED:
            self._tail = bytearray()
            self._feed_tail(b"")
            return
        self._body = BodyReader(framing, end, announced, self._limits.body)

    def _feed_tail(self, data: bytes) -> None:
        if self._tail is not None:
            self._tail += data[: self._tail_wanted - len(self._tail)]
            if len(self._tail) == self._tail_wanted:
                self._end_tail()

    def _end_tail(self) -> None:
        """What came behind a 101 is all that belongs to it: nobody waits for a digest for ever."""
        if self._tail is not None and self._head is not None and self._frames_start is None:
            self._frames_start = self._head.span.end + len(self._tail)

    def _take_as_no_http(self) -> None:
        """What has come is no HTTP: all of it, from here on too, is shown as the body."""
        self._not_http = True
        start = self._scanner.start
        self._body = BodyReader(BodyFraming.UNTIL_CLOSE, start, None, self._limits.body)
        self._body.feed(self._scanner.data)

    def _response(self) -> Response | None:
        if self._not_http and self._body is not None:
            return self._no_http(self._body)
        if self._head is None:
            return self._half_a_head()
        version, status, reason = status_parts(self._head.start_line)
        end = self._head.span.end
        body = self._body
        if body is None:
            tail = bytes(self._tail or b"")
            return Response(
                self._head, version, status, reason, BodyFraming.UPGRADED, tail, Span(end, end + len(tail)),
                self._announced, len(tail) == self._tail_wanted, self._fixed,
            )  # fmt: skip
        anomalies = [*self._fixed, *body.anomalies, *self._body_end(body)]
        return Response(
            self._head, version, status, reason, body.framing, bytes(body.data), Span(end, body.end),
            self._announced, body.whole, tuple(anomalies),
        )  # fmt: skip

    def _body_end(self, body: BodyReader) -> list[SeenAnomaly]:
        found: list[SeenAnomaly] = []
        if body.whole and self._received > body.end:
            found.append(SeenAnomaly(HttpAnomaly.BYTES_AFTER_BODY, Span(body.end, self._received)))
        if not body.done and self._stop is not _Stop.NOT_YET:
            here = Span(body.end, body.end)
            if self._stop is _Stop.IDLE:
                # The reading stopped, not the server: what is missing may only be slow.
                if body.framing is BodyFraming.LENGTH:
                    found.append(SeenAnomaly(HttpAnomaly.LENGTH_AWAITED, here))
                elif body.framing is BodyFraming.CHUNKED and not body.broken:
                    found.append(SeenAnomaly(HttpAnomaly.CHUNKS_AWAITED, here))
                return found
            if body.framing is BodyFraming.LENGTH:
                lines = self._head.named(b"Content-Length") if self._head else ()
                found.append(SeenAnomaly(HttpAnomaly.LENGTH_LIES, lines[0].value_span if lines else here))
            # A body whose chunks cannot be read has no end that could be missing.
            chunks_cut = body.framing is BodyFraming.CHUNKED and not body.broken
            if chunks_cut or (body.framing is BodyFraming.LENGTH and len(body.data) > 0):
                found.append(SeenAnomaly(HttpAnomaly.BODY_CUT, here))
        return found

    def _no_http(self, body: BodyReader) -> Response:
        at = body.start
        nothing = Head(b"", b"", (), b"", Span(at, at), False)
        anomalies = (SeenAnomaly(HttpAnomaly.NOT_HTTP, Span(at, min(at + 16, body.end))), *body.anomalies)
        return Response(
            nothing, b"", None, b"", BodyFraming.UNTIL_CLOSE, bytes(body.data), Span(at, body.end), None,
            body.whole, anomalies,
        )  # fmt: skip

    def _half_a_head(self) -> Response | None:
        scanner = self._scanner
        if scanner.size == 0:
            return None
        head = scanner.head()
        stopped = self._over_limit or self._stop is not _Stop.NOT_YET
        version, status, reason = b"", None, b""
        if stopped or head.start_ending:
            version, status, reason = status_parts(head.start_line)
        anomalies = [*_leading(scanner), *head_anomalies(head)]
        end = head.span.end
        if self._over_limit:
            anomalies.append(SeenAnomaly(HttpAnomaly.HEAD_LIMIT, Span(end, end)))
        elif stopped:
            anomalies.append(SeenAnomaly(HttpAnomaly.HALF_A_HEAD, Span(end, end)))
        return Response(
            head, version, status, reason, BodyFraming.NONE, b"", Span(end, end), None, False,
            tuple(anomalies),
        )  # fmt: skip


def read_response(
    data: bytes, *, limits: ReadLimits | None = None, method: bytes = b"GET", answer_tail: int = 0
) -> Response | None:
    """The answer in ``data``, taken as the whole stream."""
    reader = ResponseReader(limits, method=method, answer_tail=answer_tail)
    reader.feed(data)
    reader.eof()
    return reader.response


def _may_be_http(first: bytes) -> bool:
    """Whether bytes can begin a status line; letter case is remarked on, not refused.

    A lone CR may become a blank line in front.
    """
    return first == b"\r" or b"HTTP/".startswith(first[:5].upper())


def _leading(scanner: HeadScanner) -> list[SeenAnomaly]:
    blank = scanner.leading_blank
    return [SeenAnomaly(HttpAnomaly.LEADING_BLANK_LINES, blank)] if len(blank) else []


def body_framing(
    head: Head, status: int | None, method: bytes = b"GET"
) -> tuple[BodyFraming, int | None, list[SeenAnomaly]]:
    """How the body after ``head`` ends (RFC 9112 §6.3), and the readable Content-Length.

    A 101 has frames after it. A length that cannot be read counts as none given.
    """
    found: list[SeenAnomaly] = []
    lengths = head.named(b"Content-Length")
    codings = head.members(b"Transfer-Encoding")
    announced = _announced_length(head)
    if lengths and announced is None:
        found.append(SeenAnomaly(HttpAnomaly.LENGTH_UNREADABLE, lengths[0].value_span))
    if lengths and codings:
        found.append(SeenAnomaly(HttpAnomaly.LENGTH_AND_CHUNKED, lengths[0].span))
    if status == 101:
        return BodyFraming.UPGRADED, announced, found
    if status in (204, 304) or method == b"HEAD":
        return BodyFraming.NONE, announced, found
    if codings:
        last = codings[-1].split(b";", 1)[0].strip(OWS).lower()
        return (BodyFraming.CHUNKED if last == b"chunked" else BodyFraming.UNTIL_CLOSE), announced, found
    if announced is not None:
        return BodyFraming.LENGTH, announced, found
    return BodyFraming.UNTIL_CLOSE, None, found


def _announced_length(head: Head) -> int | None:
    """The one length that all Content-Length lines and list members agree on, else None."""
    members = {part for value in head.values(b"Content-Length") for part in split_list(value)}
    if len(members) != 1:
        return None
    text = members.pop()
    return int(text) if re.fullmatch(rb"[0-9]{1,18}", text) else None
