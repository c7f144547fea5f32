"""The page stands alone: no script, nothing from elsewhere, and nothing of the network is markup in it."""

import io
import tempfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.present.recording import BINARY, CLOSE, TEXT
from tests.share.crafted import Handshaken
from wsinspector.present.plain import visible
from wsinspector.protocol.accept import accept_for
from wsinspector.share import html_frames
from wsinspector.share.html_report import write_html
from wsinspector.share.leaving import Leaving

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
TAGS = {
    "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "strong", "table",
    "caption", "thead", "tbody", "tr", "th", "td", "ol", "ul", "li", "details", "summary", "span", "br", "a",
    "div", "bdi", "pre",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "scope", "colspan",
    "aria-label",
}  # fmt: skip
VOID = {"meta", "br"}


def request(more: bytes = b"") -> bytes:
    return (
        b"GET /chat HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: " + KEY + b"\r\nSec-WebSocket-Version: 13\r\n" + more + b"\r\n"
    )


def answer(more: bytes = b"") -> bytes:
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept_for(KEY) + b"\r\n" + more + b"\r\n"
    )


class Page(HTMLParser):
    """What a browser would make of it, with every tag and attribute looked at."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.cells: list[str] = []
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.scopes: list[str] = []
        self.feed(source)
        self.close()
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in ATTRIBUTES, name
            if name == "id" and value:
                assert value not in self.ids
                self.ids.add(value)
            if name == "href":
                assert value is not None
                assert value.startswith("#")
                self.links.add(value[1:])
            if name == "scope" and value:
                self.scopes.append(value)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "td":
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.text.append(data)
        if "td" in self.open:
            self.cells[-1] += data

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def written(recording: Handshaken, *, with_secrets: bool = False) -> tuple[str, Page]:
    reader, row, attempt = recording.restored()
    with reader:
        stream = io.BytesIO()
        write_html(
            stream,
            Leaving(reader, attempt.snapshot, attempt.options, conversation=row, with_secrets=with_secrets),
        )
    source = stream.getvalue().decode()
    return source, Page(source)


NASTY = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            ["<script>", "</td>", "<!--", "]]>", "&lt;", "&#x3c;", '"', "'", ">", "<img src=x onerror=1>",
             "\u202e", "\x00", "\x1b[31m", "\r\n", "</style>", "javascript:", "\ufeff", "a"]
        ),
        max_size=8,
    ).map("".join),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(NASTY, NASTY, NASTY, NASTY)
def test_nothing_of_the_network_is_markup(sent: str, came: str, value: str, reason: str) -> None:
    line = b"X-Odd: " + value.encode().replace(b"\r", b"").replace(b"\n", b"") + b"\r\n"
    with tempfile.TemporaryDirectory() as folder:
        recording = Handshaken(Path(folder) / "a.wsi", request(line), answer(line), {})
        recording.sent(TEXT, sent.encode())
        recording.received(TEXT, came.encode())
        recording.received(BINARY, came.encode())
        recording.received(CLOSE, b"\x03\xe8" + reason.encode()[:120])
        source, page = written(recording)
    for unseen in "\u202e\x00\x1b\ufeff\u200b":
        assert unseen not in source
    assert "�" not in source or "�" in sent + came + value + reason
    for payload in (sent, came):
        if len(payload.encode()) <= html_frames.PAYLOAD:
            assert visible(payload) in page.cells
    assert page.links <= page.ids


def test_the_page_has_language_headers_policy_and_no_outside(tmp_path: Path) -> None:
    recording = Handshaken(tmp_path / "a.wsi", request(), answer(b"Sec-WebSocket-Accept: x\r\n"), {})
    recording.sent(TEXT, b"hello")
    source, page = written(recording)
    assert source.startswith('<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">')
    assert "default-src 'none'; style-src 'unsafe-inline'" in source
    assert "prefers-color-scheme: dark" in source
    for outside in ("<script", "<link", "<img", "url(", "@import", "http://", "https://", "src="):
        assert outside not in source
    assert page.scopes.count("col") >= 12
    assert page.scopes.count("row") >= 10
    assert "finding-1" in page.links, "a line of the head leads to what is found in it"
    assert "frame-1" in page.ids


def test_secrets_are_marked_with_their_length_and_listed(tmp_path: Path) -> None:
    more = b"Authorization: Bearer abcdef0123456789\r\n"
    recording = Handshaken(tmp_path / "a.wsi", request(more), answer(b"X-You: abcdef0123456789\r\n"), {})
    recording.sent(TEXT, b"I am abcdef0123456789")
    source, page = written(recording)
    assert "abcdef0123456789" not in source
    assert "Authorization: Bearer ‹16 bytes left out›" in page.cells
    assert "X-You: ‹16 bytes left out›" in page.cells
    assert "I am ****************" in page.cells
    said = "".join(page.text)
    assert "Authorization of the request: 16 bytes (SECRET_1)" in said
    assert "the payload of frame 1: 16 bytes (SECRET_1)" in said
    kept, _ = written(Handshaken(tmp_path / "b.wsi", request(more), answer(), {}), with_secrets=True)
    assert "Bearer abcdef0123456789" in kept
    assert "This page was written with its secrets." in kept


def test_of_many_frames_the_first_and_the_last_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html_frames, "FIRST_FRAMES", 5)
    monkeypatch.setattr(html_frames, "LAST_FRAMES", 3)
    recording = Handshaken(tmp_path / "a.wsi", request(), answer(), {})
    for number in range(1, 21):
        recording.received(TEXT, b"number %d" % number)
    _, page = written(recording)
    shown = [number for number in range(1, 21) if f"frame-{number}" in page.ids]
    assert shown == [1, 2, 3, 4, 5, 18, 19, 20]
    said = "".join(page.text)
    assert "12 frames between these are left out." in page.cells
    assert "20 frames; the first 5 and the last 3 are here" in said


def test_a_compressed_message_is_shown_inflated(tmp_path: Path) -> None:
    more = b"Sec-WebSocket-Extensions: permessage-deflate\r\n"
    recording = Handshaken(tmp_path / "a.wsi", request(more), answer(more), {}, deflate=True)
    recording.compressed("the first")
    recording.compressed("the first and the second")
    _, page = written(recording)
    assert {"the first", "the first and the second"} <= set(page.cells)


def test_a_refusal_is_shown_whole(tmp_path: Path) -> None:
    body = b"<html><script>alert(1)</script></html>"
    refusal = b"HTTP/1.1 400 Bad Request\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    recording = Handshaken(tmp_path / "a.wsi", request(), refusal, {"opened_at": None})
    source, page = written(recording)
    assert "<script>" not in source
    assert body.decode() in "".join(page.text)
    assert "The connection never opened." in page.text
