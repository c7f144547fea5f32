"""What a person answers a client with: the proper 101 of its dialect, and refusals, as bytes to look at."""

from collections.abc import Sequence
from http import HTTPStatus

from wsinspector.conversation.caught_progress import url_asked
from wsinspector.lab.answers import refusal
from wsinspector.protocol.dialects import Random, dialect_called, spoken_for
from wsinspector.protocol.draft import VERSION
from wsinspector.protocol.request_reader import read_request

FIRST_OFFERED = ""
"""In place of a subprotocol's name: the first that the client offers, none where it offers none."""


def hindrance(request: bytes) -> str:
    """Why a conforming server must not accept ``request``; empty where it may."""
    reader = read_request(request)
    if not reader.complete:
        return "the request is not whole"
    dialect = dialect_called(spoken_for(request))
    return dialect.handshake.refusal(dialect, reader.head, reader.tail)


def accepting(
    request: bytes,
    *,
    secure: bool,
    local: str,
    random: Random,
    subprotocol: str | None = FIRST_OFFERED,
    extensions: Sequence[str] = (),
) -> bytes:
    """The 101 that a server of the request's dialect answers, all that belongs to it included.

    ``local``: our address and port, for a request without Host. ``extensions``: as they are to stand
    in the answer; what is named here is only said, nothing of ours compresses by itself. What
    the client did wrong does not keep it from being accepted, as far as an answer can be made at
    all; raises ValueError where it cannot.
    """
    reader = read_request(request)
    if not reader.complete:
        raise ValueError("the request is not whole")
    dialect = dialect_called(spoken_for(request))
    chosen = subprotocol.encode("latin-1", "replace") if subprotocol is not None else None
    if subprotocol == FIRST_OFFERED:
        offered = dialect.handshake.subprotocols(reader.head)
        chosen = offered[0] if offered else None
    return dialect.handshake.answer(
        dialect,
        reader.head,
        reader.tail,
        location=url_asked(request, secure=secure, local=local).encode("latin-1", "replace"),
        subprotocol=chosen,
        extensions=tuple(each.encode("latin-1", "replace") for each in extensions),
        random=random,
    )


def refusing(status: int, versions: Sequence[str] = (), body: str = "") -> bytes:
    """A well-formed refusal that closes; one version line an entry of ``versions`` (RFC 6455 §4.4).

    "13, 8" is an entry of two versions on one line. Raises ValueError for a status that is none, or
    one that promises another answer (1xx).
    """
    if not 200 <= status <= 999:
        raise ValueError(f"{status} is no status of a refusal")
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    line = f"{status} {phrase}".encode("ascii")
    lines = tuple(entry.encode("latin-1", "replace") for entry in versions)
    if any(b"\r" in value or b"\n" in value for value in lines):
        raise ValueError("a version cannot hold a line break; send bytes of your own")
    said = body or ("This server speaks other versions." if versions else "Refused by hand.")
    upgrade = ((b"Upgrade", b"websocket"),) if status == HTTPStatus.UPGRADE_REQUIRED else ()
    return refusal(line, (*upgrade, *((VERSION, value) for value in lines)), said.encode())
