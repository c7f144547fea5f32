"""The command that repeats a handshake without a window, secrets replaced by a word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from wsinspector.conversation.options import Options
from wsinspector.present.secrets import secret_spans, secret_spans_of_head
from wsinspector.protocol.address import understand
from wsinspector.protocol.draft import KEY, VERSION, Draft, DraftLine
from wsinspector.protocol.escapes import escape_value
from wsinspector.protocol.opcodes import BINARY, OPCODES, PING, TEXT
from wsinspector.protocol.request_lines import HOST
from wsinspector.protocol.spans import Span
from wsinspector.share.dialect_words import address_with, composed_by, speaking

SECRET = b"<secret>"
"""Stands in a command where a secret was."""

LONGEST = 4000  # characters; a longer command is of no use in a ticket

_KEY = re.compile(rb"[A-Za-z0-9+/]{21}[AQgw]==\Z")
_BARE = re.compile(r"[A-Za-z0-9_@%+=:,./-]+\Z")
_PLAIN = b": "


@dataclass(frozen=True, slots=True)
class Repeating:
    """``command`` is empty where it would be too long; ``without``: settings it has no word for."""

    command: str
    without: tuple[str, ...] = ()


def hidden(request: bytes) -> bytes:
    """The request with :data:`SECRET` in place of each secret."""
    return _hidden(request, secret_spans_of_head(request))


def _hidden(data: bytes, spans: Sequence[Span]) -> bytes:
    made, at = bytearray(), 0
    for span in spans:
        if span.start >= at:
            made += data[at : span.start] + SECRET
            at = span.end
    return bytes(made + data[at:])


def repeating(url: str, request: bytes, options: Options) -> Repeating:
    """The ``wsinspector handshake`` command that sends ``request`` to ``url`` again.

    A key as a client draws it is drawn anew. Bytes that the arguments cannot say are piped in.
    """
    return _repeating("handshake", url, request, options, [])


def sending(
    url: str, request: bytes, options: Options, messages: Sequence[tuple[int, bytes]], frames: int
) -> Repeating:
    """The ``wsinspector connect`` command that opens as ``request`` did and sends ``messages`` in order.

    ``messages``: (opcode, payload) of texts, binaries and pings; others are named in ``without``.
    ``frames`` is how many the command waits for in both directions before it closes.
    """
    words: list[str] = []
    left_out: list[str] = []
    for opcode, payload in messages:
        text = payload.decode("utf-8", "replace")
        if opcode == PING:
            words.append("--ping")
        elif opcode == TEXT and text.isprintable() and text.encode() == payload:
            words += ["--send", text] if not text.startswith("-") else [f"--send={text}"]
        elif opcode == BINARY:
            words += ["--send-hex", payload.hex()]
        else:
            left_out.append(f"a {OPCODES[opcode].name} frame of {len(payload)} bytes")
    words += ["--frames", str(frames)]
    made = _repeating("connect", url, request, options, words)
    return Repeating(made.command, (*made.without, *left_out))


def _repeating(verb: str, url: str, request: bytes, options: Options, more: list[str]) -> Repeating:
    safe = hidden(request)
    words = _words(url, safe, options.speak)
    settings, without = _settings(url, options)
    if words is not None:
        command = " ".join(map(quoted, ["wsinspector", verb, *words, *settings, *more]))
    else:
        data = url.encode("utf-8", "replace")
        shown = _hidden(data, secret_spans(b"", data)).decode("utf-8", "replace")
        speak = speaking(safe, options.speak)
        rest = " ".join(map(quoted, ["wsinspector", verb, shown, "--raw", "-", *speak, *settings, *more]))
        command = f"printf {printf_format(safe)} | {rest}"
    return Repeating(command if len(command) <= LONGEST else "", without)


def quoted(word: str) -> str:
    """``word`` as one word of a POSIX shell."""
    if _BARE.match(word):
        return word
    return "'" + word.replace("'", "'\\''") + "'"


def printf_format(data: bytes) -> str:
    """A quoted format from which a POSIX printf makes exactly ``data``."""
    named = {0x0D: "\\r", 0x0A: "\\n", 0x09: "\\t", 0x5C: "\\\\", 0x25: "%%"}
    parts = []
    for at, byte in enumerate(data):
        if byte in named:
            parts.append(named[byte])
        elif not 0x20 <= byte < 0x7F or byte == 0x27 or (at == 0 and byte == 0x2D):
            parts.append(f"\\{byte:03o}")
        else:
            parts.append(chr(byte))
    return f"'{''.join(parts)}'"


def _settings(url: str, options: Options) -> tuple[list[str], tuple[str, ...]]:
    default = Options()
    address = understand(url)
    words: list[str] = []
    if options.connect_to:
        to = options.connect_to.strip()
        if to.count(":") > 1 and not to.startswith("["):
            to = f"[{to}]"
        if to.endswith("]") or ":" not in to:
            to = f"{to}:{address.port}"
        words += ["--connect-to", to]
    if options.timeout != default.timeout:
        words += ["--timeout", f"{options.timeout:g}"]
    without = []
    if options.body_idle != default.body_idle:
        without.append(f"body idle {options.body_idle:g} s")
    if address.secure:
        if options.ca_file:
            words += ["--ca-file", options.ca_file]
        if not options.verify:
            words.append("--insecure")
        if options.sni:
            without.append(f"SNI {options.sni}")
        if options.alpn != default.alpn:
            without.append(f"ALPN {', '.join(options.alpn) or 'none'}")
    return words, tuple(without)


def _words(url: str, request: bytes, speak: str) -> list[str] | None:
    """The URL and the arguments that compose ``request``; None where only its bytes say it."""
    draft = Draft.from_bytes(request)
    found = address_with(url, draft.target)
    if (
        found is None
        or not draft.is_head
        or draft.request_line != b"GET " + draft.target + b" HTTP/1.1"
        or not draft.request_ending == draft.terminator == b"\r\n"
        or any(line.ending != b"\r\n" for line in draft.lines)
    ):
        return None
    address_text, address = found
    composed = composed_by(draft, address, speak)
    if composed is not None:
        dialect, behind = composed
        said = speaking(request, speak, dialect)
        return [address_text, *said, *_said([("--header", _typed(line)) for line in behind])]
    if draft.tail:
        return None
    without, rest = _composed(draft.lines, address.host_header)
    versions: list[bytes] = []
    key: bytes | None = None
    if KEY not in without:
        key = draft.lines[draft.named(KEY)[0]].value
    while rest and rest[0].name == VERSION and rest[0].between == _PLAIN:
        versions.append(rest[0].value)
        rest = rest[1:]
    values: list[tuple[str, bytes]] = [("--version", value) for value in versions]
    if versions == [b"13"]:
        values = []
    if key is not None and not _KEY.match(key):
        values.append(("--key", key))
    values += [("--header", _typed(line)) for line in rest]
    words = [address_text, *speaking(request, speak)]
    for name in without:
        words += ["--without", name.decode()]
    if not versions:
        words.append("--no-version")
    return words + _said(values)


def _typed(line: DraftLine) -> bytes:
    return line.name + line.between + line.value


def _said(values: list[tuple[str, bytes]]) -> list[str]:
    """Options with their values, as arguments; with escapes where a value cannot be typed as it is."""
    words = []
    texts = [value.decode("utf-8", "surrogateescape") for _, value in values]
    if not all(text.isprintable() for text in texts):
        texts = [escape_value(value) for _, value in values]
        words.append("--escapes")
    for (option, _), text in zip(values, texts, strict=True):
        # A value that begins with a dash would be taken for another option.
        words += [f"{option}={text}"] if text.startswith("-") else [option, text]
    return words


def _composed(lines: tuple[DraftLine, ...], host: bytes) -> tuple[list[bytes], tuple[DraftLine, ...]]:
    """What the command writes unasked and must leave out, and the lines behind what it writes."""
    without, at = [], 0
    for name, value in ((HOST, host), (b"Upgrade", b"websocket"), (b"Connection", b"Upgrade"), (KEY, None)):
        line = lines[at] if at < len(lines) else None
        if (
            line is not None
            and line.name == name
            and line.between == _PLAIN
            and (value is None or line.value == value)
        ):
            at += 1
        else:
            without.append(name)
    return without, lines[at:]
