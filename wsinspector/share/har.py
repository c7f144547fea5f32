"""An attempt as HAR 1.2, with messages as Chrome writes them; what HAR has no place for is underscored.

``_webSocketMessages`` holds text and binary messages. Frames of other types, which Chrome's readers do
not expect there, stand in ``_webSocketControlFrames``.
"""

import base64
import codecs
import datetime
import ipaddress
import itertools
import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO
from urllib.parse import unquote_plus

from wsinspector import __version__
from wsinspector.present.heads import head_bytes
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http import Head
from wsinspector.protocol.http_reader import request_parts
from wsinspector.protocol.messages import Utf8Checker
from wsinspector.protocol.opcodes import BINARY, TEXT
from wsinspector.protocol.spans import Direction
from wsinspector.share.conversation_texts import attempt_row
from wsinspector.share.har_gaps import (
    GAPS,
    LEFT_BEFORE,
    LEFT_OUT,
    NOT_KEPT,
    gaps_told,
    left_out_read,
    left_out_told,
)
from wsinspector.share.joining import content_of, messages_of
from wsinspector.share.leaving import Leaving
from wsinspector.share.leaving_values import Hole, LeavingMessage
from wsinspector.share.left_out import LeftOut, marked
from wsinspector.translate import translate

_DATA = (TEXT, BINARY)


def write_har(stream: BinaryIO, leaving: Leaving) -> None:
    """See :data:`~wsinspector.share.formats.Write`."""
    for text in _texts(leaving):
        stream.write(text.encode("ascii"))


def _texts(leaving: Leaving) -> Iterator[str]:
    creator = _json({"name": "wsinspector", "version": __version__})
    yield f'{{"log":{{"version":"1.2","creator":{creator},"pages":[],"entries":[\n'
    yield _json(_entry(leaving))[:-1]
    holes: list[Hole] = []
    told: list[tuple[Direction, int, int]] = []
    yield ',\n"_webSocketMessages":['
    others: list[int] = []
    yield from _list(leaving, holes, others, told, data=True)
    yield '],\n"_webSocketControlFrames":['
    if others:
        yield from _list(leaving, [], [], told, data=False)
    yield "]"
    gaps = _gaps(leaving, holes)
    if gaps:
        yield f',\n"comment":{_json(" ".join(gaps))}'
    if listed := gaps_told(holes, leaving.gaps, told):
        yield f',\n"{GAPS}":{_json(listed)}'
    yield "}\n]"
    left_out = [*leaving.left_out, *_left_before(leaving)]
    if left_out:
        text = translate("Har", "Left out as secret: {0}.").format("; ".join(each.text for each in left_out))
        yield f',"comment":{_json(text)},"{LEFT_OUT}":{_json(left_out_told(left_out))}'
    yield "}}\n"


def _left_before(leaving: Leaving) -> list[LeftOut]:
    """What had been left out of the file that the attempt was imported from."""
    row = attempt_row(leaving) if leaving.snapshot.imported else None
    return left_out_read(row.facts.get(LEFT_BEFORE)) if row is not None else []


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


# -- the handshake


def _entry(leaving: Leaving) -> dict[str, Any]:
    snapshot = leaving.snapshot
    request = parse_request(marked(leaving.request()))
    asked = request_parts(request)
    timings = _timings(leaving)
    entry: dict[str, Any] = {
        "_resourceType": "websocket",
        "startedDateTime": _date(snapshot.wall_ns),
        "time": round(sum(value for name, value in timings.items() if value > 0 and name != "ssl"), 3),
        "request": {
            "method": asked.method.decode("latin-1") or "GET",
            "url": leaving.url,
            "httpVersion": asked.version.decode("latin-1") or "unknown",
            "cookies": [],
            "headers": _headers(request),
            "queryString": _query(leaving.url),
            # -1, where an import did not tell it.
            "headersSize": -1 if leaving.composed else len(snapshot.request),
            "bodySize": -1 if leaving.composed else 0,
        },
        "response": _response(leaving),
        "cache": {},
        "timings": timings,
        "_dialect": snapshot.agreed.dialect,
        "_answer": leaving.answer,
        "_verdict": leaving.findings(),
    }
    address, port = _address(snapshot.dialled)
    if address:
        entry["serverIPAddress"] = address
    if port:
        entry["connection"] = port
    if snapshot.end is not None and snapshot.end.kept:
        entry["_closeCode"] = snapshot.end.code
        entry["_clean"] = snapshot.end.clean
    return entry


def _headers(head: Head) -> list[dict[str, str]]:
    return [
        {"name": line.name.decode("latin-1"), "value": line.trimmed.decode("latin-1")} for line in head.lines
    ]


def _query(url: str) -> list[dict[str, str]]:
    query = url.partition("?")[2].partition("#")[0]
    pairs = (part.partition("=") for part in query.split("&") if part)
    return [{"name": unquote_plus(name), "value": unquote_plus(value)} for name, _, value in pairs]


def _response(leaving: Leaving) -> dict[str, Any]:
    response = leaving.snapshot.response
    if response is None:
        # As Chrome writes it where no answer came.
        return {
            "status": 0,
            "statusText": "",
            "httpVersion": "",
            "cookies": [],
            "headers": [],
            "content": {"size": 0, "mimeType": "x-unknown"},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
            "_error": leaving.secrets.sentence(
                leaving.snapshot.network_error, translate("Har", "the answer")
            ),
        }
    pieces = leaving.secrets.head(head_bytes(response.head), translate("Har", "the answer"))
    head = parse_request(marked(pieces))
    where = head.values(b"Location")
    types = head.values(b"Content-Type")
    body = b"".join(leaving.secrets.stream([response.body], translate("Har", "the body of the answer")))
    content: dict[str, Any] = {"size": len(body), "mimeType": _text(types) or "x-unknown"}
    if body and response.status != 101:
        content |= _body(body)
    return {
        "status": response.status or 0,
        "statusText": response.reason.decode("latin-1"),
        "httpVersion": response.http_version.decode("latin-1") or "unknown",
        "cookies": [],
        "headers": _headers(head),
        "content": content,
        "redirectURL": _text(where),
        "headersSize": -1 if leaving.composed else len(response.head.span),
        "bodySize": -1 if leaving.composed else len(response.body_span),
    }


def _text(values: tuple[bytes, ...]) -> str:
    return values[0].decode("latin-1") if values else ""


def _body(body: bytes) -> dict[str, str]:
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(body).decode("ascii"), "encoding": "base64"}


def _timings(leaving: Leaving) -> dict[str, float]:
    """Milliseconds, -1 for what did not happen; ``connect`` includes TLS."""
    snapshot, times = leaving.snapshot, leaving.snapshot.timings
    secure = times.tls is not None
    connect = -1.0 if times.tcp is None else times.tcp + (times.tls or 0.0)
    last = snapshot.end.at if snapshot.end is not None else snapshot.last_byte_at
    begun = snapshot.response_at
    receive = max(0.0, (last - begun) / 1e6) if last is not None and begun is not None else 0.0
    values = {
        "blocked": -1.0,
        "dns": -1.0 if times.lookup is None else times.lookup,
        "connect": connect,
        "ssl": times.tls if secure and times.tls is not None else -1.0,
        "send": 0.0,
        "wait": times.first_byte or 0.0,
        "receive": receive,
    }
    return {name: round(value, 3) for name, value in values.items()}


def _date(wall_ns: int) -> str:
    seconds, rest = divmod(wall_ns, 1_000_000_000)
    when = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return f"{when:%Y-%m-%dT%H:%M:%S}.{rest // 1_000_000:03}Z"


def _address(dialled: str) -> tuple[str, str]:
    host, _, port = dialled.rpartition(":")
    try:
        return str(ipaddress.ip_address(host.strip("[]").partition("%")[0])), port
    except ValueError:
        return "", ""


# -- messages


def _list(
    leaving: Leaving,
    holes: list[Hole],
    others: list[int],
    told: list[tuple[Direction, int, int]],
    *,
    data: bool,
) -> Iterator[str]:
    """The messages, or what is none, as the members of a list.

    Frames that were not kept go to ``holes``, the number of the first of the other kind to ``others``, and
    the stretches of payloads that were not kept to ``told``.
    """
    mark = "\n"
    for each in messages_of(leaving):
        if isinstance(each, Hole):
            holes.append(each)
        elif (each.opcode in _DATA) is data:
            yield mark
            yield from _message(leaving, each, told)
            mark = ",\n"
        elif not others:
            others.append(each.first.number)


def _message(
    leaving: Leaving, message: LeavingMessage, told: list[tuple[Direction, int, int]]
) -> Iterator[str]:
    seconds, rest = divmod(message.wall_ns, 1_000_000_000)
    way = "send" if message.out else "receive"
    # More digits than a float has: whoever reads exactly gets the nanoseconds back.
    yield f'{{"type":"{way}","time":{seconds}.{rest:09},"opcode":{message.opcode},'
    content = content_of(leaving, message, listed=False)
    pieces = iter(content.pieces)
    begin = list(itertools.islice(pieces, 2))
    again = len(begin) > 1 or (bool(leaving.secrets.known) and not leaving.secrets.keep)
    readable = message.opcode == TEXT and _is_text(itertools.chain(begin, pieces))
    data = content_of(leaving, message).pieces if again else begin
    yield '"data":"'
    yield from _as_text(data) if readable else _as_base64(data)
    yield '"'
    extra: dict[str, Any] = {"_frame": message.first.number}
    if len(message.numbers) > 1:
        extra |= {"_frames": len(message.numbers), "_lastFrame": message.last.number}
    if message.opcode == TEXT and not readable:
        extra["_encoding"] = "base64"
    if not message.whole:
        extra["_whole"] = False
    if content.fault is not None:
        extra["_inflated"] = content.fault.value  # "limit", "failed" or "left-out"
    missing = _missing(leaving, message)
    if missing:
        extra["comment"] = missing
    if stretches := _not_kept(leaving, message, told):
        extra[NOT_KEPT] = stretches
    yield f",{_json(extra)[1:]}"


def _is_text(pieces: Iterator[bytes]) -> bool:
    checker = Utf8Checker()
    return all(checker.feed(piece) is None for piece in pieces) and checker.end() is None


def _as_text(pieces: Iterable[bytes]) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")()  # a character may lie across two pieces
    for piece in pieces:
        yield json.dumps(decoder.decode(piece))[1:-1]


def _as_base64(pieces: Iterable[bytes]) -> Iterator[str]:
    held = b""
    for piece in pieces:
        held += piece
        cut = len(held) - len(held) % 3
        yield base64.b64encode(held[:cut]).decode("ascii")
        held = held[cut:]
    yield base64.b64encode(held).decode("ascii")


def _missing(leaving: Leaving, message: LeavingMessage) -> str:
    """What of the message was not kept or never came."""
    if not leaving.gaps and not any(each.anomalies for each in (message.first, message.last)):
        return ""
    lost = never = 0
    for number in message.numbers:
        frame = leaving.frame(number)
        if frame is not None:
            lost += sum(stop - start for start, stop, _ in frame.missing)
            never += frame.payload - frame.have
    said = []
    if lost:
        size = translate("Har", "%n byte(s)", "", lost)
        said.append(translate("Har", "{0} were not kept and stand as zeros.").format(size))
    if never:
        said.append(
            translate("Har", "{0} were announced and never came.").format(
                translate("Har", "%n byte(s)", "", never)
            )
        )
    return " ".join(said)


def _not_kept(
    leaving: Leaving, message: LeavingMessage, told: list[tuple[Direction, int, int]]
) -> list[dict[str, Any]]:
    """The stretches of its data that were not kept; of a compressed message nobody knows where they are."""
    if not leaving.gaps or message.compressed:
        return []
    found: list[dict[str, Any]] = []
    at = 0
    for number in message.numbers:
        frame = leaving.frame(number)
        if frame is None:
            continue
        body = frame.facts.payload_start
        for start, stop, why in frame.missing:
            found.append({"at": at + start, "length": stop - start, "reason": why})
            told.append((frame.direction, body + start, body + stop))
        at += frame.have
    return found


def _gaps(leaving: Leaving, holes: list[Hole]) -> list[str]:
    said = [
        translate("Har", "Frames {0} to {1} were not kept: {2}").format(hole.first, hole.last, hole.reason)
        for hole in holes
    ]
    for gap in leaving.gaps:
        if gap.kind == "bytes" and gap.direction is not None:
            size = translate("Har", "%n byte(s)", "", gap.stop - gap.start)
            way = translate("Har", "received") if gap.direction.name == "IN" else translate("Har", "sent")
            said.append(translate("Har", "{0} {1} were not kept: {2}").format(size, way, gap.reason))
    if not leaving.all_frames:
        count = translate("Har", "%n frame(s)", "", len(leaving.numbers))
        said.append(translate("Har", "{0} of {1} were chosen.").format(count, leaving.frames_there))
    return said
