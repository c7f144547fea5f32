"""Heads as a HAR tells them, a header at a time, put together as lines."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from wsinspector.share.json_pull import WrongJson


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


def asks_for_websocket(request: Any) -> bool:
    """mitmproxy marks what opened, and leaves a refused request as any other."""
    headers = request.get("headers") if isinstance(request, dict) else None
    return isinstance(headers, list) and any(
        isinstance(each, dict)
        and str(each.get("name", "")).lower() == "upgrade"
        and "websocket" in str(each.get("value", "")).lower()
        for each in headers
    )


def headers_of(side: dict[str, Any]) -> Iterator[tuple[str, str]]:
    listed = side.get("headers")
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict):
            yield str(each.get("name", "")), str(each.get("value", ""))


def dictionary_of(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def has_port(url: str) -> bool:
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
