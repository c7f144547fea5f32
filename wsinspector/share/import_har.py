"""HAR made into a capture: its WebSocket entries, with what HAR cannot tell left unknown.

Read twice, a message at a time: a browser writes an entry's messages before its request.
"""

import base64
import binascii
import datetime
from collections import deque
from collections.abc import Callable, Iterator
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
from wsinspector.share.har_entries import (
    MESSAGES,
    HarEntry,
    entry_places,
    is_before,
    survey,
    time_of,
)
from wsinspector.share.har_gaps import (
    GAPS,
    LEFT_BEFORE,
    NOT_KEPT,
    Stretch,
    gaps_read,
    gaps_text,
    left_out_text,
    left_out_told,
    stretches_read,
)
from wsinspector.share.har_heads import (
    as_websocket,
    composed_lines,
    composed_request,
    dictionary_of,
    has_port,
    headers_of,
)
from wsinspector.share.importing import MARK, Target, WrongFile
from wsinspector.share.json_pull import JsonPull, WrongJson
from wsinspector.share.left_out import LeftOut

UNKNOWN = (
    "where frames began and ended",
    "masking keys",
    "RSV bits and compression on the wire",
    "the exact bytes of request and answer",
    "the times of reads and writes",
    "how the connection ended",
)
"""What a HAR does not tell, as it stands in the capture."""

_FRAMES_HELD = 4096
_BILLION = 1_000_000_000


def read_har(stream: BinaryIO, name: str, target: Target, look: Callable[[int], None]) -> Iterator[str]:
    """Fill ``target``; notes on what the file could not tell. Raises WrongFile, and what ``look`` raises."""
    try:
        pull = JsonPull(stream)
        creator, entries, left_out = survey(pull, look)
        wanted = [entry for entry in entries if entry.is_websocket]
        if not wanted:
            raise WrongFile(
                f"{name}: none of its {len(entries)} entries is a WebSocket."
                " Browsers keep them only where the log was open while the connection was made."
            )
        stream.seek(0)
        pull = JsonPull(stream)
        for at in entry_places(pull):
            if not entries[at].is_websocket:
                pull.skip()
                continue
            attempt = _Attempt(entries[at], name, creator, target, pull.wrong, left_out)
            _walk(pull, attempt, entries[at].control, target)
            attempt.end()
            look(pull.read)
            yield from attempt.notes
    except WrongJson as error:
        raise WrongFile(f"{name}, {error}.") from None
    if left_out:
        yield f"{name}: {left_out_text(left_out)}"
    others = len(entries) - len(wanted)
    if others:
        yield f"{name}: {others} other entries were left aside."


def _walk(pull: JsonPull, attempt: "_Attempt", control: list[dict[str, Any]], target: Target) -> None:
    """Hand the messages over, and those of ``control`` at their times between them."""
    waiting = deque(control)
    for member in pull.members():
        if member != MESSAGES:
            pull.skip()
            continue
        for _ in pull.items():
            told = pull.value()
            while waiting and is_before(waiting[0], told):
                attempt.message(waiting.popleft())
            attempt.message(told)
            target.breathe()
    for told in waiting:
        attempt.message(told)


NO_ANSWER = "No answer is in the HAR."


class _Attempt:
    """One entry as an attempt: heads composed of their headers, a whole frame for each message."""

    def __init__(
        self,
        told: HarEntry,
        name: str,
        creator: str,
        target: Target,
        wrong: Callable[[str], WrongJson],
        left_out: list[LeftOut],
    ) -> None:
        self._wrong = wrong
        self.notes: list[str] = []
        self._name = name
        entry = told.data
        request = self._object(entry, "request")
        response = dictionary_of(entry.get("response"))
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
        timings, self._at = self._timings(dictionary_of(entry.get("timings")), wall)
        if told.earliest is not None:
            self._at = min(self._at, told.earliest)  # the times of the steps are rounded, and may overlap
        open_ = response.get("status") == 101
        address = entry.get("serverIPAddress")
        dialled = f"[{address}]" if isinstance(address, str) and ":" in address else str(address or "")
        port = urlsplit(url).port if has_port(url) else (443 if url.startswith("wss") else 80)
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
        if left_out:
            facts[LEFT_BEFORE] = left_out_told(left_out)
        self._holes, self._gone = gaps_read(entry.get(GAPS), wrong)
        self._missing_frames = sum(hole.last + 1 - hole.first for hole in self._holes)
        self._missing_bytes = sum(each.count for each in self._gone)
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
            for name, value in headers_of(response)
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
        at = time_of(told)
        if at is None:
            raise self._wrong("a message's “time” should be seconds since 1970")
        side = Direction.OUT if way == "send" else Direction.IN
        payload = self._payload(told, opcode)
        number = told.get("_frame")
        while self._holes and isinstance(number, int) and number > self._holes[0].last:
            self._skip()
        lost = stretches_read(told.get(NOT_KEPT), len(payload), self._wrong)
        self._missing_bytes += sum(length for _, length, _ in lost)
        self._frame(side, opcode, payload, at, lost, whole=told.get("_whole") is not False)

    def _skip(self) -> None:
        """Note the next frames that were not kept, and with the first of them the bytes that were not."""
        hole = self._holes.pop(0)
        self._hand_over()
        self._skip_bytes()
        self._recorder.gap(hole.last + 1 - hole.first, hole.reason)

    def _skip_bytes(self) -> None:
        for each in self._gone:
            self._recorder.gap(each.count, each.reason, each.side)
            self._position[each.side] += each.count
        self._gone = []

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

    def _frame(
        self, side: Direction, opcode: int, payload: bytes, at: int, lost: list[Stretch], *, whole: bool
    ) -> None:
        self._at = max(self._at, at)  # no clock of the capture goes back
        # What a client sends is masked, or no server would take it: with zeros, which change nothing.
        key = bytes(4) if side is Direction.OUT else None
        columns, control = self._columns, bool(opcode & 8)
        data = encode_frame(opcode, payload, key=key, fin=whole or control)
        flags = FLAG_OUT | FLAG_MASKED if side is Direction.OUT else 0
        if not control:
            self._messages += 1
            flags |= FLAG_STARTS_MESSAGE | (FLAG_ENDS_MESSAGE if whole else 0)
        columns.offset.append(self._position[side])
        columns.header.append(len(data) - len(payload))
        columns.length.append(len(payload))
        columns.first.append(data[0])
        columns.flags.append(flags)
        columns.time.append(self._at)
        columns.message.append(0 if control else self._messages)
        columns.anomalies.append(0)
        done, body = 0, len(data) - len(payload)
        for start, length, reason in lost:
            self._bytes(side, data[done : body + start], self._at)
            self._recorder.gap(length, reason, side)
            self._position[side] += length
            done = body + start + length
        self._bytes(side, data[done:], self._at)
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
        while self._holes:
            self._skip()
        self._hand_over()
        self._skip_bytes()
        if self._missing_frames or self._missing_bytes:
            self.notes.append(f"{self._name}: {gaps_text(self._missing_frames, self._missing_bytes)}")
        self._recorder.update({"last_byte_at": self._at})
        self._recorder.finish()
