"""Reads the command lines of curl, wscat and websocat into what a handshake needs of them."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field

from wsinspector.translate import translate


@dataclass(frozen=True, slots=True)
class PastedOptions:
    """Settings beside the request; None where the paste says nothing.

    ``connect_to`` is the host or address and the port to dial; times are in seconds.
    """

    insecure: bool = False
    connect_to: tuple[str, int] | None = None
    ca_file: str | None = None
    connect_timeout: float | None = None
    ping_every: float | None = None


@dataclass(slots=True)
class Command:
    """What a command line says, before it is made a draft. ``headers`` are raw lines."""

    urls: list[str] = field(default_factory=list)
    headers: list[tuple[str, str]] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    method: str | None = None
    http_version: str = "HTTP/1.1"
    versions: tuple[str, ...] | None = None
    messages: list[str] = field(default_factory=list)
    insecure: bool = False
    connect_to: tuple[str, int] | None = None
    connect_rules: list[tuple[str, str, str, int]] = field(default_factory=list)
    ca_file: str | None = None
    connect_timeout: float | None = None
    ping_every: float | None = None
    not_carried: list[str] = field(default_factory=list)

    def leave(self, option: str) -> None:
        text = translate("Paste", "{0} was not carried over.").format(option)
        if text not in self.not_carried:
            self.not_carried.append(text)

    def add_header(self, text: str) -> None:
        """A header as curl takes it: ``Name: value``, ``Name;`` is empty, ``Name:`` takes one away."""
        name, colon, value = text.partition(":")
        if not colon and text.endswith(";"):
            self.headers.append((text[:-1], ""))
        elif not colon:
            self.leave(translate("Paste", "The header {0}").format(text))
        elif not value.strip():
            self.without.append(name.strip())
        else:
            self.headers.append((name, value.strip()))

    def basic(self, credentials: str) -> None:
        user, _, password = credentials.partition(":")
        token = base64.b64encode(f"{user}:{password}".encode("utf-8", "surrogatepass")).decode("ascii")
        self.headers.append(("Authorization", f"Basic {token}"))


# What an option does: takes the command and the option's value ("" where it has none).
_Act = Callable[[Command, str], None]


def _seconds(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 < value < 86400 * 365 else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text[:6]) <= 65535 else None


def _header(command: Command, value: str) -> None:
    if value.startswith("@"):
        command.leave(translate("Paste", "The header file {0}").format(value[1:]))
    else:
        command.add_header(value)


def _field(name: str) -> _Act:
    def act(command: Command, value: str) -> None:
        command.headers.append((name, value))

    return act


def _cookie(command: Command, value: str) -> None:
    if "=" in value:
        command.headers.append(("Cookie", value))
    else:
        command.leave(translate("Paste", "The cookie file {0}").format(value))


def _referer(command: Command, value: str) -> None:
    command.headers.append(("Referer", value.removesuffix(";auto")))


def _insecure(command: Command, _value: str) -> None:
    command.insecure = True


def _ca_file(command: Command, value: str) -> None:
    command.ca_file = value


def _timeout(command: Command, value: str) -> None:
    command.connect_timeout = _seconds(value)


def _ping(command: Command, value: str) -> None:
    command.ping_every = _seconds(value)


def _method(command: Command, value: str) -> None:
    command.method = value


def _url(command: Command, value: str) -> None:
    command.urls.append(value)


def _connect_to(command: Command, value: str) -> None:
    parts = _split_address_list(value)
    port = _number(parts[3]) if len(parts) == 4 and parts[3] else 0
    if len(parts) != 4 or port is None:
        command.leave(f"--connect-to {value}")
    else:
        command.connect_rules.append((parts[0], parts[1], parts[2], port))


def _resolve(command: Command, value: str) -> None:
    parts = _split_address_list(value.lstrip("+"))
    if len(parts) != 3 or _number(parts[1]) is None:
        command.leave(f"--resolve {value}")
    else:
        command.connect_rules.append((parts[0], parts[1], parts[2].split(",")[0], 0))


def _split_address_list(text: str) -> list[str]:
    """Split at colons outside the brackets of IPv6 addresses; the brackets go."""
    parts = [""]
    inside = False
    for character in text:
        if character in "[]":
            inside = character == "["
        elif character == ":" and not inside:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _http_1_0(command: Command, _value: str) -> None:
    command.http_version = "HTTP/1.0"


def _head_method(command: Command, _value: str) -> None:
    command.method = command.method or "HEAD"


def _version(command: Command, value: str) -> None:
    command.versions = (value,)


def _message(command: Command, value: str) -> None:
    command.messages.append(value)


def _basic(command: Command, value: str) -> None:
    command.basic(value)


def _bearer(command: Command, value: str) -> None:
    command.headers.append(("Authorization", f"Bearer {value}"))


def _nothing(_command: Command, _value: str) -> None:
    """For options that change nothing on the wire."""


@dataclass(frozen=True, slots=True)
class _Program:
    """Options with a value, options without, and options that are left out by name."""

    taking: dict[str, _Act]
    plain: dict[str, _Act]
    left_taking: frozenset[str]
    left_plain: frozenset[str]
    grouped: bool  # whether -sSk is -s -S -k


_CURL = _Program(
    taking={
        "-H": _header, "--header": _header, "-A": _field("User-Agent"), "--user-agent": _field("User-Agent"),
        "-e": _referer, "--referer": _referer, "-b": _cookie, "--cookie": _cookie, "-u": _basic,
        "--user": _basic, "--oauth2-bearer": _bearer, "--cacert": _ca_file, "--connect-to": _connect_to,
        "--resolve": _resolve, "-X": _method, "--request": _method, "--url": _url,
        "--connect-timeout": _timeout, "-o": _nothing, "--output": _nothing,
        "-w": _nothing, "--write-out": _nothing, "-D": _nothing, "--dump-header": _nothing,
        "-c": _nothing, "--cookie-jar": _nothing, "--trace": _nothing, "--trace-ascii": _nothing,
        "--stderr": _nothing,
    },
    plain={
        "-k": _insecure, "--insecure": _insecure, "-0": _http_1_0, "--http1.0": _http_1_0, "-I": _head_method,
        "--head": _head_method, "--http1.1": _nothing, "-i": _nothing, "--include": _nothing, "-v": _nothing,
        "--verbose": _nothing, "-s": _nothing, "--silent": _nothing, "-S": _nothing,
        "--show-error": _nothing, "-N": _nothing, "--no-buffer": _nothing, "-f": _nothing,
        "--fail": _nothing, "-O": _nothing, "--remote-name": _nothing, "-#": _nothing, "-g": _nothing,
        "--globoff": _nothing, "--path-as-is": _nothing, "-q": _nothing, "--no-progress-meter": _nothing,
    },
    left_taking=frozenset({
        "-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--data-urlencode", "--json",
        "-F", "--form", "-T", "--upload-file", "-x", "--proxy", "-U", "--proxy-user",
        "--proxy-header", "--socks5", "--socks5-hostname", "--socks4", "--preproxy", "--noproxy",
        "-E", "--cert", "--cert-type", "--key", "--key-type", "--pass", "--capath",
        "--pinnedpubkey", "--ciphers", "--tls13-ciphers", "--tls-max", "--curves", "--crlfile",
        "-m", "--max-time", "-K", "--config", "--interface", "--local-port", "--unix-socket",
        "--abstract-unix-socket",
        "--doh-url", "--dns-servers", "-r", "--range", "-z", "--time-cond", "-Q", "--retry",
        "--retry-delay", "--retry-max-time", "--limit-rate", "-y", "-Y", "-C", "--max-redirs",
        "--request-target", "--aws-sigv4", "--proto", "--keepalive-time", "-t", "--telnet-option",
    }),
    left_plain=frozenset({
        "--compressed", "-L", "--location", "--location-trusted", "-4", "--ipv4", "-6", "--ipv6",
        "--http2", "--http2-prior-knowledge", "--http3", "--http3-only", "-G", "--get", "--digest",
        "--ntlm", "--negotiate", "--anyauth", "-p", "--proxytunnel", "--tlsv1", "--tlsv1.0",
        "--tlsv1.1", "--tlsv1.2", "--tlsv1.3", "-n", "--netrc", "--tcp-nodelay", "--tcp-fastopen",
        "--no-alpn", "--no-keepalive", "--raw", "--ssl-reqd",
    }),
    grouped=True,
)  # fmt: skip

_WSCAT = _Program(
    taking={
        "-c": _url, "--connect": _url, "-H": _header, "--header": _header, "-o": _field("Origin"),
        "--origin": _field("Origin"), "-s": _field("Sec-WebSocket-Protocol"),
        "--subprotocol": _field("Sec-WebSocket-Protocol"), "--auth": _basic, "--host": _field("Host"),
        "-p": _version, "--protocol": _version, "--ca": _ca_file, "-x": _message, "--execute": _message,
    },
    plain={
        "-n": _insecure, "--no-check": _insecure, "-P": _nothing, "--show-ping-pong": _nothing,
        "--no-color": _nothing, "--slash": _nothing,
    },
    left_taking=frozenset({
        "-l", "--listen", "--cert", "--key", "--passphrase", "--proxy", "--max-redirects",
        "-w", "--wait",
    }),
    left_plain=frozenset({
        "-L", "--location",
    }),
    grouped=False,
)  # fmt: skip

_WEBSOCAT = _Program(
    taking={
        "-H": _header, "--header": _header, "--origin": _field("Origin"),
        "--protocol": _field("Sec-WebSocket-Protocol"), "--basic-auth": _basic, "--ping-interval": _ping,
        "--ws-c-uri": _url, "-B": _nothing, "--buffer-size": _nothing, "--ua": _field("User-Agent"),
    },
    plain={
        "-k": _insecure, "--insecure": _insecure, "-t": _nothing, "--text": _nothing, "-b": _nothing,
        "--binary": _nothing, "-n": _nothing, "--no-close": _nothing, "-1": _nothing,
        "--one-message": _nothing, "-v": _nothing, "-q": _nothing, "-E": _nothing, "--exit-on-eof": _nothing,
        "-u": _nothing, "-U": _nothing, "--unidirectional": _nothing, "--no-line": _nothing,
    },
    left_taking=frozenset({
        "--client-pkcs12-der", "--client-pkcs12-passwd", "--tls-domain", "--socks5",
        "--socks5-destination", "--ping-timeout", "--restrict-uri", "--server-header",
        "--close-reason", "--close-status-code", "--basic-auth-file", "--header-to-env",
        "--max-messages",
    }),
    left_plain=frozenset({
        "-s", "--server-mode", "--oneshot", "--jsonrpc", "-0", "--null-terminated",
    }),
    grouped=True,
)  # fmt: skip

PROGRAMS = {"curl": _CURL, "wscat": _WSCAT, "websocat": _WEBSOCAT}


def read_command(program: str, words: list[str]) -> Command:
    """Read the words behind the program's name; nothing is run and no file is opened."""
    table = PROGRAMS[program]
    command = Command()
    rest = list(words)
    only_arguments = False
    while rest:
        word = rest.pop(0)
        if only_arguments or not word.startswith("-") or word == "-":
            _argument(program, command, word)
        elif word == "--":
            only_arguments = True
        elif word.startswith("--"):
            name, equals, value = word.partition("=")
            _option(table, command, name, value if equals else None, rest)
        else:
            _short(table, command, word, rest)
    return command


def _short(table: _Program, command: Command, word: str, rest: list[str]) -> None:
    """``-H value``, ``-Hvalue``, and ``-sSk`` where the program groups."""
    name, glued = word[:2], word[2:]
    if name in table.taking or name in table.left_taking:
        # clap, which reads websocat's words, takes -H=value for -H value.
        glued = glued.removeprefix("=") if table is _WEBSOCAT else glued
        _option(table, command, name, glued or None, rest)
    elif not table.grouped or not glued:
        _option(table, command, word, None, rest)
    else:
        _option(table, command, name, None, rest)
        _short(table, command, "-" + glued, rest)


def _option(table: _Program, command: Command, name: str, value: str | None, rest: list[str]) -> None:
    if name in table.taking or name in table.left_taking:
        if value is None:
            if not rest:
                command.leave(name)
                return
            value = rest.pop(0)
        if name in table.taking:
            table.taking[name](command, value)
        else:
            command.leave(name)
    elif name in table.plain:
        table.plain[name](command, value or "")
    else:
        command.leave(name)


def _argument(program: str, command: Command, word: str) -> None:
    if program == "websocat" and "://" not in word:
        overlay, _, inner = word.partition(":")
        host_port = inner.removeprefix("tcp:")
        host, _, port = host_port.rpartition(":")
        if overlay in ("ws-c", "ws-connect") and inner != host_port and _number(port) is not None:
            command.connect_to = (host.strip("[]"), int(port))
        elif word != "-":
            command.leave(word)
        return
    command.urls.append(word)
