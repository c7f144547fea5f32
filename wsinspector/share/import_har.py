"""HAR made into a capture: its WebSocket entries, with what HAR cannot tell left unknown.

Read twice, a message at a time: a browser writes an entry's messages before its request.
"""

import base64
import binascii
import datetime
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from wsinspector.conversation.options import Options
from wsinspector.protocol.columns import (
    FLAG_ENDS_MESSAGE,
    FLAG_MASKED,
    FLAG_OUT,
    FLAG_STARTS_MESSAGE,
    FrameColumns,
)
from wsinspector.protocol.dialects import RFC6455
from wsinspector.protocol.frames import encode_frame
from wsinspector.protocol.opcodes import TEXT
from wsinspector.protocol.spans import Direction
from wsinspector.share.importing import MARK, Target, WrongFile
from wsinspector.share.json_pull import JsonPull, WrongJson

UNKNOWN = (
    "where frames began and ended",
    "masking keys",
    "RSV bits and compression on the wire",
    "the exact bytes of request and answer",
    "the times of reads and writes",
    "how the connection ended",
)
"""What a HAR does not tell, as it stands in the capture."""

MESSAGES = "_webSocketMessages"
CONTROL = "_webSocketControlFrames"
_FRAMES_HELD = 4096
_BILLION = 1_000_000_000


@dataclass(slots=True)
class _Entry:
    """An entry without its messages; ``control``: frames that are none, ``earliest``: ns of the first."""

    data: dict[str, Any] = field(default_factory=dict)
    messages: int = 0
    control: list[dict[str, Any]] = field(default_factory=list)
    earliest: int | None = None
    error: str = ""

    def see(self, told: Any, wrong: Callable[[str], WrongJson]) -> None:
        if not isinstance(told, dict):
            raise wrong("a message should be an object")
        self.messages += 1
        if told.get("type") == "error":
            self.error = self.error or str(told.get("data", ""))  # why there is no answer, in Chrome's words
        at = _time_of(told)
        if at is not None and (self.earliest is None or at < self.earliest):
            self.earliest = at

    @property
    def is_websocket(self) -> bool:
        request = self.data.get("request")
        url = str(request.get("url", "")) if isinstance(request, dict) else ""
        return (
            self.messages > 0
            or MESSAGES in self.data
            or self.data.get("_resourceType") == "websocket"
            or url.lower().startswith(("ws://", "wss://"))
            or _asks_for_websocket(request)
        )


def read_har(stream: BinaryIO, name: str, target: Target, look: Callable[[int], None]) -> Iterator[str]:
    """Fill ``target``; notes on what the file could not tell. Raises WrongFile, and what ``look`` raises."""
    try:
        pull = JsonPull(stream)
        creator, entries = survey(pull, look)
        wanted = [entry for entry in entries if entry.is_websocket]
        if not wanted:
            raise WrongFile(
                f"{name}: none of its {len(entries)} entries is a WebSocket."
                " Browsers keep them only where the log was open while the connection was made."
            )
        stream.seek(0)
        pull = JsonPull(stream)
        for at in _entries(pull):
            if not entries[at].is_websocket:
                pull.skip()
                continue
            attempt = _Attempt(entries[at], name, creator, target, pull.wrong)
            _walk(pull, attempt, entries[at].control, target)
            attempt.end()
            look(pull.read)
            yield from attempt.notes
    except WrongJson as error:
        raise WrongFile(f"{name}, {error}.") from None
    others = len(entries) - len(wanted)
    if others:
        yield f"{name}: {others} other entries were left aside."


def survey(pull: JsonPull, look: Callable[[int], None]) -> tuple[str, list[_Entry]]:
    """The creator and every entry without its messages."""
    creator, entries, seen = "", [], False
    for member in pull.members():
        if member != "log":
            pull.skip()
            continue
        seen = True
        for part in pull.members():
            if part == "creator":
                told = pull.value()
                if isinstance(told, dict):
                    creator = f"{told.get('name', '')} {told.get('version', '')}".strip()
            elif part == "entries":
                for _ in pull.items():
                    entries.append(_one(pull))
                    look(0)
            else:
                pull.skip()
    if not seen:
        raise pull.wrong("this is no export of wsinspector, and no HAR: it has no “log”")
    pull.end()
    return creator, entries


def _one(pull: JsonPull) -> _Entry:
    entry = _Entry()
    for member in pull.members():
        if member in (MESSAGES, CONTROL):
            if pull.opens() != "[":
                raise pull.wrong(f"“{member}” should be a list")
            entry.data[member] = None
            for _ in pull.items():
                told = pull.value()
                entry.see(told, pull.wrong)
                if member == CONTROL:
                    entry.control.append(told)
        else:
            entry.data[member] = pull.value()
    return entry


def _entries(pull: JsonPull) -> Iterator[int]:
    for member in pull.members():
        if member != "log":
            pull.skip()
            continue
        for part in pull.members():
            if part == "entries":
                yield from pull.items()
            else:
                pull.skip()


def _walk(pull: JsonPull, attempt: "_Attempt", control: list[dict[str, Any]], target: Target) -> None:
    """Hand the messages over, and those of ``control`` at their times between them."""
    waiting = deque(control)
    for member in pull.members():
        if member != MESSAGES:
            pull.skip()
            continue
        for _ in pull.items():
            told = pull.value()
            while waiting and _is_before(waiting[0], told):
                attempt.message(waiting.popleft())
            attempt.message(told)
            target.breathe()
    for told in waiting:
        attempt.message(told)


def _is_before(control: dict[str, Any], message: dict[str, Any]) -> bool:
    """Whether ``control`` travelled before the end of ``message``; of one moment, by the frames' numbers."""
    at, moment = _time_of(message), _time_of(control) or 0
    if at is None or moment != at:
        return at is not None and moment < at
    own, other = control.get("_frame"), message.get("_lastFrame", message.get("_frame"))
    return own < other if isinstance(own, int) and isinstance(other, int) else True


def _time_of(told: dict[str, Any]) -> int | None:
    """Ns since 1970; None where it is no time."""
    when = told.get("time")
    if not isinstance(when, int | Decimal) or isinstance(when, bool) or not 0 <= when < 1 << 33:
        return None
    return int(when * _BILLION)


NO_ANSWER = "No answer is in the HAR."


class _Attempt:
    """One entry as an attempt: heads composed of their headers, a whole frame for each message."""

    def __init__(
        self,
        told: _Entry,
        name: str,
        creator: str,
        target: Target,
        wrong: Callable[[str], WrongJson],
    ) -> None:
        self._wrong = wrong
        self.notes: list[str] = []
        self._name = name
        entry = told.data
        request = self._object(entry, "request")
        response = _dictionary(entry.get("response"))
        url = request.get("url")
        if not isinstance(url, str):
            raise wrong("the request has no “url”")
        url = as_websocket(url)
        wall = self._date(entry.get("startedDateTime"))
        if told.earliest is not None and told.earliest < wall:
            # Nothing travels before its request: of the two times one is wrong, and the messages agree.
            early = f"{(wall - told.earliest) / _BILLION:.3f}".rstrip("0").rstrip(".")
            self.notes.append(
                f"{name}: a message is {early} s older than its connection, which is shown to begin with it."
            )
            wall = told.earliest
        asked = composed_request(request, url, name, wrong, self.notes)
        answered = self._response(response)
        timings, self._at = self._timings(_dictionary(entry.get("timings")), wall)
        if told.earliest is not None:
            self._at = min(self._at, told.earliest)  # the times of the steps are rounded, and may overlap
        open_ = response.get("status") == 101
        address = entry.get("serverIPAddress")
        dialled = f"[{address}]" if isinstance(address, str) and ":" in address else str(address or "")
        port = urlsplit(url).port if _has_port(url) else (443 if url.startswith("wss") else 80)
        facts = {
            "url": url,
            "dialect": RFC6455,  # no other has ever been in a HAR, and nothing else can be composed
            "options": Options(speak=RFC6455).to_json(),
            "request_length": len(asked),
            "request_at": wall,
            "response_at": self._at if answered else None,
            "opened_at": self._at if open_ else None,
            "answer_ended": "" if open_ else "eof",
            "timings": timings,
            "dialled": f"{dialled}:{port}" if dialled else "",
            "addresses": [str(address)] if address else [],
            "network_error": "" if answered else str(response.get("_error") or told.error or NO_ANSWER),
            MARK: {"from": "har", "creator": creator, "file": name, "unknown": list(UNKNOWN)},
        }
        conversation = target.conversation(url, 0, {"address": url}, asked)
        self._refused = not answered
        self._recorder = target.attempt(conversation, wall_ns=wall, mono_ns=wall, facts=facts)
        self._position = [0, 0]
        self._columns = FrameColumns()
        self._messages = 0
        self._bytes(Direction.OUT, asked, wall)
        self._bytes(Direction.IN, answered, self._at)

    # -- heads

    def _response(self, response: dict[str, Any]) -> bytes:
        status = response.get("status")
        if not isinstance(status, int) or status <= 0:
            return b""
        version = str(response.get("httpVersion") or "HTTP/1.1").upper()
        if not version.startswith("HTTP/1"):
            version = "HTTP/1.1"
        first = f"{version} {status} {response.get('statusText') or ''}\r\n"
        head = first.encode("latin-1", "replace") + composed_lines(response, self._wrong)
        if status == 101:
            return head
        body = self._body(response)
        coded = any(
            name.lower() == "transfer-encoding" and value.lower().split(",")[-1].strip() == "chunked"
            for name, value in _headers(response)
        )
        # A body is told without its coding, which the head still names.
        return head + (b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if coded and body else body)

    def _body(self, response: dict[str, Any]) -> bytes:
        content = response.get("content")
        text = content.get("text") if isinstance(content, dict) else None
        if not isinstance(text, str) or not isinstance(content, dict):
            return b""
        if content.get("encoding") != "base64":
            return text.encode("utf-8", "replace")
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise self._wrong("the body is said to be base64 and is not") from None

    def _timings(self, told: dict[str, Any], wall: int) -> tuple[dict[str, float | None], int]:
        def of(name: str) -> float | None:
            value = told.get(name)
            good = isinstance(value, int | Decimal) and not isinstance(value, bool) and value >= 0
            return float(value) if good and value is not None and value < 1e9 else None

        secure, connect = of("ssl"), of("connect")
        found = {
            "lookup": of("dns"),
            "tcp": connect if connect is None or secure is None else max(0.0, connect - secure),
            "tls": secure,
            "first_byte": of("wait"),
        }
        before = sum(of(name) or 0.0 for name in ("blocked", "dns", "connect", "send", "wait"))
        return found, wall + int(before * 1e6)

    def _date(self, text: Any) -> int:
        try:
            when = datetime.datetime.fromisoformat(str(text))
        except ValueError:
            raise self._wrong("“startedDateTime” is no date") from None
        if when.tzinfo is None:
            when = when.replace(tzinfo=datetime.UTC)
        since = when - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
        return (since.days * 86_400 + since.seconds) * _BILLION + since.microseconds * 1000

    def _object(self, data: dict[str, Any], name: str) -> dict[str, Any]:
        found = data.get(name)
        if not isinstance(found, dict):
            raise self._wrong(f"an entry has no “{name}”")
        return found

    # -- messages

    def message(self, told: dict[str, Any]) -> None:
        """One message, as Chrome, mitmproxy and this program write them."""
        way, opcode = told.get("type"), told.get("opcode")
        if way == "error" and self._refused:
            return  # told as why there is no answer
        if way not in ("send", "receive"):
            note = f"{self._name}: messages of type “{way}” were left aside, being neither sent nor received."
            if note not in self.notes:
                self.notes.append(note)
            return
        if type(opcode) is not int or not 0 <= opcode <= 15:
            raise self._wrong("a message's “opcode” should be a number from 0 to 15")
        at = _time_of(told)
        if at is None:
            raise self._wrong("a message's “time” should be seconds since 1970")
        side = Direction.OUT if way == "send" else Direction.IN
        payload = self._payload(told, opcode)
        self._frame(side, opcode, payload, at)

    def _payload(self, told: dict[str, Any], opcode: int) -> bytes:
        data = told.get("data", "")
        if not isinstance(data, str):
            raise self._wrong("a message's “data” should be a text")
        if opcode == TEXT and told.get("_encoding") != "base64":
            return data.encode("utf-8", "surrogatepass")
        try:
            return base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            raise self._wrong("a message's “data” should be base64") from None

    def _frame(self, side: Direction, opcode: int, payload: bytes, at: int) -> None:
        self._at = max(self._at, at)  # no clock of the capture goes back
        # What a client sends is masked, or no server would take it: with zeros, which change nothing.
        data = encode_frame(opcode, payload, key=bytes(4) if side is Direction.OUT else None)
        columns, control = self._columns, bool(opcode & 8)
        flags = FLAG_OUT | FLAG_MASKED if side is Direction.OUT else 0
        if not control:
            self._messages += 1
            flags |= FLAG_STARTS_MESSAGE | FLAG_ENDS_MESSAGE
        columns.offset.append(self._position[side])
        columns.header.append(len(data) - len(payload))
        columns.length.append(len(payload))
        columns.first.append(0x80 | opcode)
        columns.flags.append(flags)
        columns.time.append(self._at)
        columns.message.append(0 if control else self._messages)
        columns.anomalies.append(0)
        self._bytes(side, data, self._at)
        if len(columns) >= _FRAMES_HELD:
            self._hand_over()

    def _hand_over(self) -> None:
        if len(self._columns):
            self._recorder.frames(self._columns)
            self._columns = FrameColumns()

    def _bytes(self, side: Direction, data: bytes, at: int) -> None:
        self._recorder.bytes(side, data, at)
        self._position[side] += len(data)

    def end(self) -> None:
        self._hand_over()
        self._recorder.update({"last_byte_at": self._at})
        self._recorder.finish()


def composed_request(
    request: dict[str, Any], url: str, name: str, wrong: Callable[[str], WrongJson], notes: list[str]
) -> bytes:
    """The head that ``request`` tells of; ``notes`` get what was made otherwise. Raises WrongJson."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    method = str(request.get("method") or "GET")
    version = str(request.get("httpVersion") or "HTTP/1.1")
    if not version.upper().startswith("HTTP/1"):
        notes.append(f"{name}: a request over {version} is shown as HTTP/1.1 would have it.")
        method, version = "GET", "HTTP/1.1"
    first = f"{method} {target} {version.upper()}\r\n".encode("utf-8", "replace")
    return first + composed_lines(request, wrong)


def composed_lines(side: dict[str, Any], wrong: Callable[[str], WrongJson]) -> bytes:
    """The header lines of a request or an answer, and the blank line."""
    headers = side.get("headers")
    if not isinstance(headers, list):
        raise wrong("“headers” should be a list")
    made = bytearray()
    for each in headers:
        if not isinstance(each, dict):
            raise wrong("a header should be an object")
        name, value = str(each.get("name", "")), str(each.get("value", ""))
        if name.startswith(":"):
            continue  # of HTTP/2; no line of the head
        # What Chrome joins with line feeds travelled as several lines.
        for part in value.split("\n"):
            made += f"{name}: {part}\r\n".encode("utf-8" if not _is_latin(name + part) else "latin-1")
    return bytes(made + b"\r\n")


def as_websocket(url: str) -> str:
    """mitmproxy writes http where a browser writes ws."""
    for scheme, other in (("http://", "ws://"), ("https://", "wss://")):
        if url.lower().startswith(scheme):
            return other + url[len(scheme) :]
    return url


def _asks_for_websocket(request: Any) -> bool:
    """mitmproxy marks what opened, and leaves a refused request as any other."""
    headers = request.get("headers") if isinstance(request, dict) else None
    return isinstance(headers, list) and any(
        isinstance(each, dict)
        and str(each.get("name", "")).lower() == "upgrade"
        and "websocket" in str(each.get("value", "")).lower()
        for each in headers
    )


def _headers(side: dict[str, Any]) -> Iterator[tuple[str, str]]:
    listed = side.get("headers")
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict):
            yield str(each.get("name", "")), str(each.get("value", ""))


def _dictionary(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _has_port(url: str) -> bool:
    try:
        return urlsplit(url).port is not None
    except ValueError:
        return False


def _is_latin(text: str) -> bool:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True
