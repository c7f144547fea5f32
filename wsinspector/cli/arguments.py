"""What the command line understands, and the help that says so."""

import argparse
import math
from collections.abc import Sequence
from typing import Any

from wsinspector import __version__

COMMANDS = ("handshake", "connect", "sweep", "lab", "dialects", "rules")

EXIT_CODES = """\
exit codes:
  0  the connection opened
  1  it did not open: refused, failed, not-http, no-answer or closed
  2  wrong arguments
  3  network-error: name look-up, TCP or TLS
  4  system libraries of the window are missing
"""

_MAIN = """\
An inspector for WebSocket opening handshakes and frames.

Without a command the window opens. With a URL its draft is filled in, with a capture file
that conversation is opened.
"""

_MAIN_AFTER = """\
commands without a window:
  handshake URL   send one opening handshake and say what came back
  connect URL     open, send and print frames, say how it ended
  sweep URL...    send many odd handshakes and say what stands out
  lab             run the built-in server alone
  dialects        list the versions of the protocol and what is known of them
  rules           list the rules that bytes are judged by, each with its examples
Each has its own --help. A file with the name of a command is opened as ./NAME.

examples:
  wsinspector
  wsinspector wss://example.com/chat --connect
  wsinspector handshake ws://127.0.0.1:8080/ --version 8
  wsinspector connect ws://127.0.0.1:8080/echo --send hello --frames 2

exit codes:
  0  ended in order
  1  there is no display
  2  wrong arguments
  4  system libraries of the window are missing
"""

_HANDSHAKE = """\
Send one opening handshake and say what came back, without a window. After a 101 the
connection is ended; no frame is sent.
"""

_HANDSHAKE_AFTER = f"""\
The request is Host, Upgrade, Connection, Sec-WebSocket-Key and Sec-WebSocket-Version, in this
order, or what --dialect demands. First --without takes lines out, then --version and --key change
theirs, then --header adds lines at the end, exactly as typed. Nothing is corrected or added.

outcomes:
  open           a 101 without a finding that breaks the handshake
  failed         a 101 that a client must fail
  refused        any other final status
  not-http       bytes that are no HTTP answer
  no-answer      silence or half a head until the time-out
  closed         FIN or RST before a complete head
  network-error  name look-up, TCP or TLS

In the times, first byte counts from the request, total from the look-up to the blank line. In
JSON, dialect is the version of the protocol whose handshake the request is, and speaks the one
whose frames would follow a 101; --speak alone makes them differ.

examples:
  wsinspector handshake ws://127.0.0.1:8080/ --version 13 --version 8
  wsinspector handshake ws://127.0.0.1:8080/ --escapes --version '1\\x33\\t'
  wsinspector handshake wss://example.com/ --connect-to 10.0.3.7:443 --json
  wsinspector handshake ws://127.0.0.1:8080/ --without Origin --header 'Origin: https://a.example'
  wsinspector handshake ws://127.0.0.1:8080/ --raw request.bin
  wsinspector handshake ws://127.0.0.1:8080/ --dialect hixie-76

{EXIT_CODES}"""

_CONNECT = """\
Open a connection, send what is asked, print every frame of both directions, and say in the
last line how it ended.
"""

_CONNECT_AFTER = f"""\
Frames are printed as lines of text on a terminal. With --json, and wherever the output is no
terminal, each is one JSON object a line: no, dir (in, out), at (seconds since connecting
began), fin, rsv (0 to 7, RSV1 is 4), opcode, name, masked, key (8 hex digits or null), length,
payload (base64, unmasked), wire (the header as it travelled, in hex), findings. The opcode is
numbered as in RFC 6455, whatever the dialect writes. The last line is an object with the member
ended. In it, dialect is the version of the protocol whose handshake the request is; speaks the
one as which frames were written and read, another only with --speak; fits is null, or, where the
peer's first frames look like another version's, that dialect and the reason.

--send, --send-hex and --ping leave in the order given. On a terminal without any of them it
is interactive: a line sends a text, Ctrl-D closes. Without --frames and --for the connection
stays until the peer ends it or Ctrl-C closes it; a second Ctrl-C gives up.

The outcome does not depend on the policy: a 101 with a wrong Sec-WebSocket-Accept is failed
also where the tolerant policy went on to frames.

examples:
  wsinspector connect ws://127.0.0.1:8080/echo --send hello --ping --frames 4
  wsinspector connect wss://example.com/feed --for 30 --capture feed.wsi --json
  wsinspector connect ws://127.0.0.1:8080/ --policy conforming --send-hex 00ff
  wsinspector connect ws://127.0.0.1:8080/echo --dialect hybi-05 --send hello --frames 2

{EXIT_CODES}"""

_LAB = """\
Run the built-in server on 127.0.0.1 until it is stopped with Ctrl-C, and print its URLs. The
path of a URL chooses what it does; / is the conforming echo. It answers every version of the
protocol by what the client sends.
"""

_LAB_AFTER = """\
The same paths answer over TLS behind a good certificate of the lab's own authority, a
self-signed one, an expired one and one for another host. They are made at start, in memory.
A second server, made with the websockets library, echoes on every path.

--versions takes values of Sec-WebSocket-Version, and names of dialects (hixie-76) for those that
had none; without it every version that there was is taken. In --refuse the code is followed by how the versions are listed:
{manners}

The same can be asked of one connection: /echo?versions=13,8&refuse=400-list on any path, or
/versions/13,8/400-list for an echo.

examples:
  wsinspector lab --versions 13,8,7 --refuse 400-list
  wsinspector lab --versions hixie-76,13 --refuse hixie-when-absent
  wsinspector lab --host 0.0.0.0 --beyond-loopback --port 9000

exit codes:
  0  stopped
  2  wrong arguments
  3  the port cannot be had
"""


_DIALECTS = """\
List every version of the protocol that was ever deployed, oldest first, and what each did
otherwise than the one before. With NAME, tell all of one.
"""

_DIALECTS_AFTER = """\
What is only recalled, and not confirmed against a draft's text, says so. With --json each fact
has its source: read (in the specification or registry), implemented (in the source or bytes of
implementations), recalled or inferred (a guess); and since, the dialect that first did it so.

examples:
  wsinspector dialects
  wsinspector dialects hybi-07
  wsinspector dialects --json

exit codes:
  0  printed
  2  wrong arguments
"""


_RULES = """\
List the rules that requests, answers and frames are judged by, each with its clause. With ID,
tell one whole: why it is there, bytes that meet it and bytes that break it.
"""

_RULES_AFTER = """\
severities:
  breaks    no conforming peer goes on: a server refuses, a client fails the connection
  violates  a clause is not met, and peers may go on
  unusual   allowed, or too small to matter, and worth a look
  note      a fact that accuses nobody

A line that begins with > is the client's, one with < the server's; frames are in hexadecimal.
In JSON the examples' bytes are base64.

examples:
  wsinspector rules
  wsinspector rules accept
  wsinspector rules --json

exit codes:
  0  printed
  2  wrong arguments
"""


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Read ``argv``; ``command`` is "window" or one of COMMANDS. Exits with 2 on wrong arguments."""
    if argv and argv[0] in COMMANDS:
        command = argv[0]
        parser = {
            "handshake": _handshake,
            "connect": _connect,
            "sweep": _sweep,
            "lab": _lab,
            "dialects": _dialects,
            "rules": _rules,
        }[command]()
        arguments = parser.parse_args(argv[1:])
        arguments.command = command
        return arguments
    parser = _window()
    arguments = parser.parse_args(argv)
    arguments.command = "window"
    return arguments


def _parser(name: str, about: str, after: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog=f"wsinspector {name}".rstrip(),
        description=about,
        epilog=after,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _window() -> argparse.ArgumentParser:
    parser = _parser("", _MAIN, _MAIN_AFTER)
    parser.add_argument("--version", action="version", version=f"wsinspector {__version__}")
    parser.add_argument("target", nargs="?", metavar="URL|FILE", help="an address, or a capture (.wsi)")
    parser.add_argument("--connect", action="store_true", help="connect to the URL at once")
    return parser


def _handshake() -> argparse.ArgumentParser:
    parser = _parser("handshake", _HANDSHAKE, _HANDSHAKE_AFTER)
    _request_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _connect() -> argparse.ArgumentParser:
    parser = _parser("connect", _CONNECT, _CONNECT_AFTER)
    _request_arguments(parser)
    behaviour = parser.add_argument_group("behaviour")
    behaviour.add_argument(
        "--policy",
        choices=("conforming", "tolerant", "watch"),
        default="tolerant",
        help="conforming fails as RFC 6455 demands, tolerant answers like it but goes on, "
        "watch answers nothing (default: tolerant)",
    )
    behaviour.add_argument("--echo", action="store_true", help="send every message back as it came")
    behaviour.add_argument("--offer-deflate", action="store_true", help="offer permessage-deflate")
    sending = parser.add_argument_group("sending, in the order given")
    sending.add_argument("--send", action=_Send, kind="text", metavar="TEXT", help="send a text message")
    sending.add_argument(
        "--send-hex", action=_Send, kind="binary", type=_hex, metavar="HEX", help="send a binary message"
    )
    sending.add_argument("--ping", action=_Send, kind="ping", nargs=0, help="send a ping")
    until = parser.add_argument_group("ending")
    until.add_argument(
        "--frames",
        type=_count,
        metavar="N",
        help="close after N frames, both directions counted; the closing handshake is printed too",
    )
    until.add_argument(
        "--for", dest="seconds", type=_seconds, metavar="S", help="close S seconds after connecting began"
    )
    parser.add_argument("--capture", metavar="FILE", help="keep the conversation in a capture file (.wsi)")
    parser.add_argument("--json", action="store_true", help="print JSON lines, also on a terminal")
    return parser


def _sweep() -> argparse.ArgumentParser:
    # Here, as the window's start passes this module, and the sets draw in the rules on versions.
    from wsinspector.cli.sweep_arguments import sweep_parser

    return sweep_parser(_parser("sweep", "", ""))


def _lab() -> argparse.ArgumentParser:
    # Here, as the window's start passes this module; and it draws in nothing but texts.
    from wsinspector.lab.manners import MANNERS, USUAL, describe

    wide = max(map(len, MANNERS))
    manners = "\n".join(f"  {manner:{wide}}  {describe(manner)}" for manner in MANNERS)
    parser = _parser("lab", _LAB, _LAB_AFTER.format(manners=manners))
    parser.add_argument(
        "--port", type=_port, default=0, metavar="P", help="port without TLS (default: a free one)"
    )
    parser.add_argument(
        "--versions", metavar="LIST", help="take these versions only, such as 13,8,7 (default: every one)"
    )
    parser.add_argument(
        "--refuse",
        choices=MANNERS,
        metavar="MANNER",
        help=f"how other versions are refused, see below (default: {USUAL})",
    )
    parser.add_argument(
        "--host", metavar="ADDRESS", default="127.0.0.1", help="IP address to listen on (default: 127.0.0.1)"
    )
    parser.add_argument(
        "--beyond-loopback",
        action="store_true",
        help="allow a --host that is not of loopback: other machines can then reach the lab",
    )
    parser.add_argument("--save-authority", metavar="FILE", help="write the authority's certificate (PEM)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _dialects() -> argparse.ArgumentParser:
    from wsinspector.protocol.dialects import DIALECTS

    parser = _parser("dialects", _DIALECTS, _DIALECTS_AFTER)
    names = tuple(dialect.name for dialect in DIALECTS)
    parser.add_argument(
        "dialect",
        nargs="?",
        type=_dialect_name,
        choices=names,
        metavar="NAME",
        help=f"tell all of one: {', '.join(names)}; or a draft that one of them holds, such as hybi-09",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    return parser


def _rules() -> argparse.ArgumentParser:
    parser = _parser("rules", _RULES, _RULES_AFTER)
    parser.add_argument("rule", nargs="?", metavar="ID", help="tell this rule whole")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    return parser


def _request_arguments(parser: argparse.ArgumentParser) -> None:
    # Here, as the window's start passes this module, and the table draws in every framing.
    from wsinspector.protocol.dialects import DIALECTS

    parser.add_argument("url", metavar="URL", help="ws://, wss://, http(s)://, or a bare host:port")
    request = parser.add_argument_group("request")
    names = tuple(dialect.name for dialect in DIALECTS)
    request.add_argument(
        "--dialect",
        type=_dialect_name,
        choices=names,
        metavar="D",
        help="compose the request as this version of the protocol demands it, and speak it afterwards: "
        + ", ".join(names)
        + "; a draft's name stands for the one that holds it: hybi-00 for hixie-76, hybi-09 and 10 for "
        "hybi-08, hybi-12 for hybi-11, hybi-13 to 17 for rfc6455",
    )
    request.add_argument(
        "--speak",
        type=_dialect_name,
        choices=names,
        metavar="D",
        help="speak the frames of D after a 101, whatever the request proposes; "
        "--version 8 --speak rfc6455 says 8 and speaks 13",
    )
    request.add_argument(
        "--version",
        action="append",
        metavar="V",
        help="value of Sec-WebSocket-Version, any text; repeated, it sends a line each (default: 13)",
    )
    request.add_argument("--no-version", action="store_true", help="send no Sec-WebSocket-Version line")
    request.add_argument(
        "--escapes",
        action="store_true",
        help=r"read \\ \r \n \t \xNN in --version, --header and --key; "
        "U+0080 to U+00FF is then one byte, above it UTF-8",
    )
    request.add_argument(
        "--header", action="append", default=[], metavar="'NAME: VALUE'", help="add a line, as typed"
    )
    request.add_argument(
        "--without", action="append", default=[], metavar="NAME", help="leave out the lines of this name"
    )
    request.add_argument("--key", metavar="K", help="value of Sec-WebSocket-Key (default: a fresh one)")
    request.add_argument(
        "--raw", metavar="FILE", help="send exactly the bytes of FILE (- for standard input) and nothing else"
    )
    network = parser.add_argument_group("network")
    network.add_argument(
        "--connect-to", metavar="IP:PORT", help="dial this address; URL, Host and SNI stay as they are"
    )
    network.add_argument(
        "--timeout",
        type=_seconds,
        default=10.0,
        metavar="S",
        help="seconds from look-up to the blank line of the answer (default: 10); "
        "a body is waited for as long as 3 s of silence",
    )
    network.add_argument("--ca-file", metavar="FILE", help="trust the authorities in FILE (PEM) instead")
    network.add_argument("--insecure", action="store_true", help="accept any certificate")


class _Send(argparse.Action):
    """Collects what is to be sent, of every kind, in the order of the command line."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "dest": "sends", "default": None})
        self._kind = kind

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        del parser, option_string
        value = b"" if self._kind == "ping" else values
        namespace.sends = [*(namespace.sends or ()), (self._kind, value)]


def _dialect_name(text: str) -> str:
    """The name of the dialect that ``text`` stands for; ``text`` itself where there is none."""
    from wsinspector.protocol.dialects import dialect_of

    found = dialect_of(text)
    return text if found is None else found.name


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text.replace(":", " "))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not hexadecimal, two digits a byte") from None


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return value


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no count of frames, 1 or more")
    return int(text)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is no port, 0 to 65535")
    return int(text)
