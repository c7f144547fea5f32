"""Makes a draft of what was pasted into the address: a command, a raw request, a browser's headers."""

import re
from dataclasses import dataclass, field

from wsinspector.protocol.accept import key_from
from wsinspector.protocol.address import Address, understand
from wsinspector.protocol.draft import Draft, DraftLine, Generated, standard_draft
from wsinspector.protocol.pasted_commands import PROGRAMS, Command, PastedOptions, read_command
from wsinspector.protocol.shellwords import shell_words
from wsinspector.translate import translate

__all__ = ["PLACEHOLDER_KEY", "Pasted", "PastedOptions", "read_paste"]

PLACEHOLDER_KEY = key_from(bytes(16))
"""Stands where a key is to be generated; draw one with ``Draft.with_generated``."""

_LIMIT = 1 << 20  # characters; what is longer is no request somebody means to edit

_PROMPT = re.compile(r"\s*(?:[$%#>]\s+)?")
_PROGRAM = re.compile(r"(?:\S*/)?(curl|wscat|websocat)(?:\.exe)?(?=\s)", re.IGNORECASE)
_REQUEST = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+[ \t]+\S.*[ \t]HTTP/[0-9]", re.ASCII)
_HEADER = re.compile(r":?[!#$%&'*+\-.^_`|~0-9A-Za-z]+[ \t]*:", re.ASCII)
_ABSOLUTE = re.compile(r"(?:wss?|https?)://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a paste came to.

    ``kind``: curl, wscat, websocat, request or headers. ``address`` is None where the paste
    names no host. ``messages`` are to be sent once open. ``done`` and ``not_carried`` are short
    sentences: what was changed or added, and what could not be taken over.
    """

    kind: str
    address: Address | None
    draft: Draft
    messages: tuple[bytes, ...] = ()
    options: PastedOptions = field(default_factory=PastedOptions)
    done: tuple[str, ...] = ()
    not_carried: tuple[str, ...] = ()


def read_paste(text: str) -> Pasted | None:
    """Understand a paste; None where it is none of these, as a plain address.

    Nothing is run, opened or expanded.
    """
    if len(text) > _LIMIT:
        return None
    start = _PROMPT.match(text)
    body = text[start.end() :] if start else text
    program = _PROGRAM.match(body)
    if program:
        return _command(program[1].lower(), body)
    lines = body.replace("\r\n", "\n").split("\n")
    if _REQUEST.match(lines[0]):
        return _request(body)
    return _headers(lines)


def _encode(text: str) -> bytes:
    """Latin-1 where it fits, as header bytes are shown, else UTF-8."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _command(program: str, text: str) -> Pasted | None:
    split = shell_words(text)
    if split is None:
        return None
    words, rest = split
    command = read_command(program, words[1:])
    if rest:
        command.leave(translate("Paste", "What follows the command ({0})").format(rest[:20]))
    for url in command.urls[1:]:
        command.leave(url)
    if program not in PROGRAMS or not command.urls:
        return None
    address = understand(command.urls[0])
    if address.error is not None:
        return Pasted(program, address, Draft(), not_carried=tuple(command.not_carried))
    if address.authorization is not None:
        if any(name.lower() == "authorization" for name, _ in command.headers):
            command.leave(translate("Paste", "The address's userinfo (user and password)"))
        else:
            command.headers.append(("Authorization", address.authorization.decode("ascii")))
    done: list[str] = []
    draft = _command_draft(program, command, address, done)
    options = PastedOptions(
        command.insecure, command.connect_to or _dialled(command, address), command.ca_file,
        command.connect_timeout, command.ping_every,
    )  # fmt: skip
    messages = tuple(_utf8(message) for message in command.messages)
    return Pasted(program, address, draft, messages, options, tuple(done), tuple(command.not_carried))


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _dialled(command: Command, address: Address) -> tuple[str, int] | None:
    """The first of curl's --connect-to and --resolve that speaks of this address."""
    for host, port, to_host, to_port in command.connect_rules:
        if host.lower() in ("", "*", address.host.lower()) and port in ("", str(address.port)):
            return to_host or address.host, to_port or address.port
    return None


def _command_draft(program: str, command: Command, address: Address, done: list[str]) -> Draft:
    names = {name.strip().lower() for name, _ in command.headers}
    given = [(_encode(name), _encode(value)) for name, value in command.headers]
    if program == "curl" and "upgrade" in names:
        lines = [DraftLine(b"Host", address.host_header, generated=Generated.HOST)]
        draft = Draft(b"GET " + address.target + b" HTTP/1.1", lines=tuple(lines))
    else:
        versions = tuple(_encode(value) for value in command.versions or ("13",))
        draft = standard_draft(address.target, address.host_header, PLACEHOLDER_KEY, version=versions)
        if program == "curl" and not command.urls[0].lower().startswith("ws"):
            done.append(translate("Paste", "The header lines of a WebSocket handshake were added."))
    draft = _with_headers(draft, given)
    for name in command.without:
        rows = [at for at, line in enumerate(draft.lines) if line.is_named(_encode(name))]
        for at in reversed(rows):
            draft = draft.remove(at)
    method = _encode(command.method or "GET")
    draft = draft.with_request_line(
        method + b" " + address.target + b" " + command.http_version.encode("ascii")
    )
    if program == "curl" and not {"user-agent", "accept"} <= names:
        done.append(translate("Paste", "curl's own User-Agent and Accept were not added."))
    return draft


def _with_headers(draft: Draft, given: list[tuple[bytes, bytes]]) -> Draft:
    """Put pasted headers into the lines of the same name, the others behind in their order."""
    replaced: set[int] = set()
    for name, value in given:
        rows = [at for at in draft.named(name.strip()) if at not in replaced]
        # Only a line that stood there before can be meant; a header given twice stands twice.
        if rows and not any(draft.lines[at].is_named(name) for at in replaced):
            draft = draft.with_line(rows[0], DraftLine(name, value))
            replaced.add(rows[0])
        else:
            draft = draft.insert(len(draft.lines), DraftLine(name, value))
            replaced.add(len(draft.lines) - 1)
    return draft


def _request(text: str) -> Pasted:
    """A request as text: line feeds become CRLF where a copy has lost the CR."""
    done: list[str] = []
    if "\r\n" not in text and "\n" in text:
        text = text.replace("\n", "\r\n")
        done.append(translate("Paste", "Lines were ended with CRLF."))
    if "\r\n\r\n" not in text and "\n\n" not in text:
        text = text.rstrip("\r\n") + "\r\n\r\n"
        done.append(translate("Paste", "The blank line at the end was added."))
    draft = Draft.from_bytes(_encode(text))
    hosts = [draft.lines[at].value.strip() for at in draft.named(b"Host")]
    origins = [draft.lines[at].value.strip().lower() for at in draft.named(b"Origin")]
    target = draft.target.decode("latin-1")
    if _ABSOLUTE.match(target):
        address = understand(target)
        if target.lower().startswith("ws") and address.error is None:
            draft = draft.with_target(address.target)
            done.append(translate("Paste", "The address in the request line was cut to its path."))
        return Pasted("request", address, draft, done=tuple(done))
    if not hosts:
        return Pasted("request", None, draft, done=tuple(done))
    scheme = "wss" if any(origin.startswith(b"https:") for origin in origins) else "ws"
    done.append(translate("Paste", "{0}:// was assumed, as a request does not say it.").format(scheme))
    return Pasted("request", _address_of(scheme, hosts[0], draft.target), draft, done=tuple(done))


def _address_of(scheme: str, host: bytes, target: bytes) -> Address:
    path = target if target.startswith(b"/") else b"/"
    return understand(f"{scheme}://{host.decode('latin-1')}{path.decode('latin-1')}")


def _headers(lines: list[str]) -> Pasted | None:
    """Header lines without a request line, as browsers' tools copy them."""
    fields = _fields([line for line in lines if line.strip()])
    if fields is None or len(fields) < 2:
        return None
    pseudo = {name.lower(): value for name, value in fields if name.startswith(":")}
    given = [(_encode(name), _encode(value)) for name, value in fields if not name.startswith(":")]
    host = pseudo.get(":authority") or next(
        (value for name, value in fields if name.strip().lower() == "host"), None
    )
    if host is None:
        return None
    done = [translate("Paste", "The request line was made from the headers.")]
    origins = [value.lower() for name, value in given if name.strip().lower() == b"origin"]
    secure = pseudo.get(":scheme") in ("https", "wss") or any(each.startswith(b"https:") for each in origins)
    address = _address_of("wss" if secure else "ws", _encode(host), _encode(pseudo.get(":path", "/")))
    if not any(name.strip().lower() == b"host" for name, _ in given):
        given.insert(0, (b"Host", _encode(host)))
    rows = tuple(DraftLine(name, value) for name, value in given)
    method = _encode(pseudo.get(":method", "GET"))
    draft = Draft(method + b" " + address.target + b" HTTP/1.1", lines=rows)
    names = {name.strip().lower() for name, _ in given}
    if method.upper() == b"CONNECT" or b"upgrade" not in names:
        base = standard_draft(address.target, address.host_header, PLACEHOLDER_KEY)
        draft = _with_headers(base, given)
        done.append(translate("Paste", "The header lines of a WebSocket handshake were added."))
    return Pasted("headers", address, draft, done=tuple(done))


def _fields(lines: list[str]) -> list[tuple[str, str]] | None:
    """Name and value of each line, or of each pair of lines ``name:`` and value."""
    fields: list[tuple[str, str]] = []
    names = lines[::2]
    if len(lines) % 2 == 0 and all(name.endswith(":") and _HEADER.match(name) for name in names):
        # Every value stands on a line of its own, and may look like a header itself (host:port).
        return [(name[:-1].strip(), value.strip()) for name, value in zip(names, lines[1::2], strict=True)]
    for line in lines:
        match = _HEADER.match(line)
        if match is None:
            return None
        name = line[: match.end()].rstrip()[:-1].rstrip()
        fields.append((name, line[match.end() :].strip()))
    return fields
