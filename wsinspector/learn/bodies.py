"""What follows a head that is not frames: a body, its chunks, the third key and the digest of old drafts."""

import re

from wsinspector.learn.byte_pieces import bytes_within, raw
from wsinspector.learn.covering import Covering
from wsinspector.learn.head_texts import line_end
from wsinspector.learn.key_steps import digest_works
from wsinspector.learn.pieces import Piece, Reads, Said, piece
from wsinspector.protocol.http import BodyFraming, Response
from wsinspector.translate import translate

_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(;[^\r\n]*)?(\r?\n)")
_END = re.compile(rb"\r?\n")
_LINE = re.compile(rb"[^\n]*?(\r?\n)")
_OLD = "draft-hixie-thewebsocketprotocol-76"


def third_key(reads: Reads, start: int, end: int, request: bytes) -> Piece:
    """The eight bytes behind a request of hixie-76 to hybi-03."""
    del request
    said = Said(
        translate("Explain", "Eight random bytes behind the blank line: the third key."),
        translate(
            "Explain",
            "They go into the digest. A proxy that does not know WebSocket holds them back, and the "
            "connection fails at once instead of in the middle.",
        ),
        translate("Explain", "Without them the server waits for them and does not answer."),
        _OLD,
        ("hixie", "key"),
    )
    return piece(
        translate("Explain", "third key"),
        start,
        end,
        said,
        role="key",
        opens=bytes_within(reads, start, end, raw),
    )


def digest(reads: Reads, response: Response, request: bytes) -> Piece:
    """The 16 bytes behind an answer of hixie-76 to hybi-03."""
    start, end = response.body_span.start, response.body_span.end
    said = Said(
        translate(
            "Explain", "The MD5 of both numbers and the third key: 16 bytes that prove the request was read."
        ),
        translate("Explain", "Only a server that knows the rule of the keys can compute them."),
        translate("Explain", "Where they are missing or others, the client ends the connection."),
        _OLD,
        ("hixie", "key"),
    )
    return piece(
        translate("Explain", "digest"), start, end, said, role="key",
        opens=bytes_within(reads, start, end, raw), works=digest_works(request, response),
    )  # fmt: skip


def body(reads: Reads, response: Response) -> Piece:
    """The body of an answer as it travelled."""
    start, end = response.body_span.start, response.body_span.end
    name = translate("Explain", "body")
    if response.framing is BodyFraming.CHUNKED:
        said = Said(
            translate("Explain", "The body, in chunks."),
            translate("Explain", "Each chunk has its size in front; one of size 0 ends the body."),
            translate("Explain", "Without the last chunk the client cannot tell that the body is whole."),
            "RFC 9112 §7.1",
            ("body",),
        )
        return piece(name, start, end, said, role="payload", opens=lambda: _chunks(reads, start, end))
    until = {
        BodyFraming.LENGTH: translate("Explain", "It ends after as many bytes as Content-Length says."),
        BodyFraming.UNTIL_CLOSE: translate(
            "Explain", "It ends when the connection does, as no length is given."
        ),
    }.get(response.framing, "")
    said = Said(
        translate(
            "Explain", "The body of the answer, for people or programs. It is never shown as a page here."
        ),
        until,
        translate("Explain", "A client of WebSocket does not need it."),
        "RFC 9112 §6.3",
        ("body", "refusal"),
    )
    return piece(name, start, end, said, role="payload", opens=bytes_within(reads, start, end))


def _chunks(reads: Reads, start: int, end: int) -> tuple[Piece, ...]:
    """Chunk after chunk; what cannot be read stays in one piece."""
    data = reads(start, end)
    cover = Covering(data, start, reads)
    at = 0
    while not cover.full and (found := _SIZE.match(data, at)) is not None:
        size = int(found[1], 16)
        cover.add(translate("Explain", "chunk size"), *found.span(1), _chunk_size(), str(size), role="length")
        if found[2]:
            said = Said(
                translate("Explain", "An extension of the chunk; receivers pass it over."),
                clause="RFC 9112 §7.1.1",
            )
            cover.add(translate("Explain", "chunk extension"), *found.span(2), said)
        _line_end(cover, found, 3)
        at = found.end()
        if not size:
            _trailer(cover, data, at)
            return cover.done()
        said = Said(translate("Explain", "The bytes of one chunk."), clause="RFC 9112 §7.1")
        cover.add(translate("Explain", "chunk"), at, at + size, said, role="payload",
                  opens=bytes_within(reads, start + at, start + min(at + size, len(data))))  # fmt: skip
        at += size
        ending = _END.match(data, at)
        if ending is None:
            break
        _line_end(cover, ending, 0)
        at = ending.end()
    return cover.done()


def _line_end(cover: Covering, found: "re.Match[bytes]", group: int) -> None:
    ending = found[group]
    cover.add("CR LF" if len(ending) > 1 else "LF", *found.span(group), line_end(ending))


def _trailer(cover: Covering, data: bytes, at: int) -> None:
    while not cover.full and (found := _LINE.match(data, at)) is not None:
        if found.start(1) > at:
            said = Said(
                translate("Explain", "A header behind the body."),
                translate("Explain", "It tells what was not known when the body began."),
                clause="RFC 9112 §7.1.2",
            )
            cover.add(translate("Explain", "trailer line"), at, found.start(1), said)
        _line_end(cover, found, 1)
        at = found.end()


def _chunk_size() -> Said:
    return Said(
        translate("Explain", "The size of the chunk that follows, in hexadecimal; 0 ends the body."),
        translate("Explain", "The receiver knows by it how far to read."),
        translate("Explain", "A wrong size, and what follows cannot be read."),
        "RFC 9112 §7.1",
        ("body",),
    )


def rest(reads: Reads, start: int, end: int, *, opened: bool, of_client: bool) -> Piece:
    """Bytes that belong to nothing told before."""
    if opened:
        said = Said(
            translate("Explain", "Bytes that were not read as frames: nobody reads on behind them."),
            translate("Explain", "The connection had failed or was closed, or they came as it ended."),
            translate("Explain", "An endpoint throws away what comes then."),
            "RFC 6455 §7.1.7, §1.4",
            ("close-code",),
        )
    elif of_client:
        said = Said(
            translate("Explain", "Bytes behind the request, though no WebSocket had opened."),
            translate("Explain", "The sender did not wait for the answer."),
            translate("Explain", "A server may take them for another request."),
            "RFC 6455 §4.1",
            ("handshake",),
        )
    else:
        said = Said(
            translate("Explain", "Bytes behind the answer that do not belong to it."),
            translate("Explain", "The server sent more than it had announced."),
            translate("Explain", "A client does not look at them."),
            "RFC 9112 §6.3",
            ("body",),
        )
    name = translate("Explain", "bytes that follow")
    return piece(name, start, end, said, opens=bytes_within(reads, start, end, raw))
