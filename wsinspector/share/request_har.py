"""Saved requests made of the WebSocket entries of a HAR, with what could not be carried over said."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from wsinspector.library.requests import RequestFolder, SavedRequest, free_name
from wsinspector.present.plain import visible
from wsinspector.protocol.address import understand
from wsinspector.protocol.draft import Draft, DraftLine, Generated
from wsinspector.share.har_entries import survey
from wsinspector.share.har_heads import as_websocket, composed_request
from wsinspector.share.importing import WrongFile
from wsinspector.share.json_pull import JsonPull, WrongJson
from wsinspector.translate import translate

_KEY = b"AAAAAAAAAAAAAAAAAAAAAA=="  # another is drawn for each connection


def requests_of_har(
    stream: BinaryIO, name: str, look: Callable[[int], None] = lambda _: None
) -> tuple[RequestFolder, tuple[str, ...]]:
    """A folder called as the file, and notes on what stayed behind. Raises WrongFile, and what ``look`` does.

    The key is drawn anew for each connection, as a key must be (RFC 6455 §4.1).
    """
    notes: list[str] = []
    folder = RequestFolder(Path(name).stem)
    messages = others = 0
    try:
        pull = JsonPull(stream)
        _, entries, _ = survey(pull, look)
        for entry in entries:
            if not entry.is_websocket:
                others += 1
                continue
            messages += entry.messages
            told = entry.data.get("request")
            url = told.get("url") if isinstance(told, dict) else None
            if not isinstance(told, dict) or not isinstance(url, str) or not url.strip():
                said = translate("Requests", "An entry without a URL was left aside.")
                notes.append(f"{name}: {said}")
                continue
            url = as_websocket(url)
            address = understand(url)
            if address.error is not None:
                said = translate(
                    "Requests", "An address came in as it is, though it cannot be dialled: {0} {1}"
                )
                notes.append(f"{name}: {said.format(visible(url), address.error)}")
            draft = Draft.from_bytes(composed_request(told, url, name, pull.wrong, notes))
            if _of_http_2(told):
                draft = _as_opening(draft, url, name, notes)
            _note_body(told, name, notes)
            node = _saved(url, draft, free_name(folder, url.split("?")[0]))
            if not any(isinstance(each, SavedRequest) and _same(each, node) for each in folder.nodes):
                folder = folder.inserted((len(folder.nodes),), node)
    except WrongJson as error:
        raise WrongFile(f"{name}, {error}.") from None
    if not folder.nodes:
        raise WrongFile(translate("Requests", "{0}: none of its entries is a WebSocket.").format(name))
    if messages:
        said = translate("Requests", "%n message(s) stayed behind: a request holds none.", "", messages)
        notes.append(f"{name}: {said}")
    if others:
        notes.append(
            f"{name}: {translate('Requests', '%n other entr(y|ies) (was|were) left aside.', '', others)}"
        )
    said = translate("Requests", "The exact bytes are not in a HAR: lines are composed of names and values.")
    notes.append(f"{name}: {said}")
    return folder, tuple(dict.fromkeys(notes))


def _of_http_2(request: dict[str, object]) -> bool:
    """Whether it travelled over HTTP/2 or later, which some writers tell by pseudo headers only."""
    version = str(request.get("httpVersion") or "HTTP/1.1").upper()
    headers = request.get("headers")
    named = (
        [str(each.get("name", "")) for each in headers if isinstance(each, dict)]
        if isinstance(headers, list)
        else []
    )
    return not version.startswith("HTTP/1") or any(each.startswith(":") for each in named)


def _as_opening(draft: Draft, url: str, name: str, notes: list[str]) -> Draft:
    """``draft`` with what opens a WebSocket over HTTP/1.1, which a request over HTTP/2 has no lines for.

    Over HTTP/2 it is a CONNECT with ``:protocol`` (RFC 8441 §4), which is not sent here.
    """
    address = understand(url)
    host = address.host_header if address.error is None else b""
    wanted = {
        b"Host": host, b"Upgrade": b"websocket", b"Connection": b"Upgrade",
        b"Sec-WebSocket-Key": _KEY, b"Sec-WebSocket-Version": b"13",
    }  # fmt: skip
    there = {line.name.strip().lower() for line in draft.lines}
    added = [DraftLine(line, value) for line, value in wanted.items() if value and line.lower() not in there]
    if added:
        names = ", ".join(line.name.decode() for line in added)
        said = translate("Requests", "Of HTTP/2 it became a handshake of HTTP/1.1; added: {0}.").format(names)
        notes.append(f"{name}: {said}")
    return dataclasses.replace(draft, lines=(*added, *draft.lines))


def _note_body(request: dict[str, object], name: str, notes: list[str]) -> None:
    body = request.get("postData")
    if isinstance(body, dict) and (body.get("text") or body.get("params")):
        said = translate("Requests", "The body of a request stayed behind: a handshake has none.")
        notes.append(f"{name}: {said}")


def _saved(url: str, draft: Draft, name: str) -> SavedRequest:
    address = understand(url)
    for at, line in enumerate(draft.lines):
        field = line.name.strip().lower()
        if field == b"sec-websocket-key":
            draft = draft.with_line(at, dataclasses.replace(line, generated=Generated.KEY))
        elif field == b"host" and address.error is None and line.value == address.host_header:
            draft = draft.with_line(at, dataclasses.replace(line, generated=Generated.HOST))
    follows = address.error is None and draft.target == address.target
    return SavedRequest(name, url, draft, follows=follows)


def _same(one: SavedRequest, other: SavedRequest) -> bool:
    """Whether they differ by the key alone, as the attempts of a client that tries again do."""
    bare = {Generated.KEY: b""}
    return one.address == other.address and one.draft.with_values(bare) == other.draft.with_values(bare)
