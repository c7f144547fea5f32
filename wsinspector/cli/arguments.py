"""What the command line understands, and the help that says so."""

import argparse
import math
import sys
from collections.abc import Sequence
from typing import Any

from wsinspector import __version__
from wsinspector.cli import argument_texts as texts
from wsinspector.cli.results import put
from wsinspector.cli.telling import told

COMMANDS = (
    "handshake", "connect", "run", "replay", "frames", "sweep", "provoke", "lab", "dialects", "rules",
    "export", "import", "judge", "info", "check", "explain", "lessons", "library",
)  # fmt: skip

_THOUSANDS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Read ``argv``; ``command`` is "window" or one of COMMANDS. Exits with 2 on wrong arguments."""
    if argv and argv[0] in COMMANDS:
        command = argv[0]
        parser = {
            "handshake": _handshake,
            "connect": _connect,
            "run": _run,
            "replay": _replay,
            "frames": _frames,
            "sweep": _sweep,
            "provoke": _provoke,
            "lab": _lab,
            "dialects": _dialects,
            "rules": _rules,
            "export": _export,
            "import": _import,
            "judge": _judge,
            "info": _info,
            "check": _check,
            "explain": _explain,
            "lessons": _lessons,
            "library": _library,
        }[command]()
        arguments = parser.parse_args(argv[1:])
        arguments.command = command
        return arguments
    parser = _window()
    arguments = parser.parse_args(argv)
    first = arguments.targets[0] if arguments.targets else ""
    if len(arguments.targets) > 1 and not any(sign in first for sign in ":/."):
        parser.error(f"there is no command {first!r}, and it names no address or file")
    arguments.command = "window"
    return arguments


class _Parser(argparse.ArgumentParser):
    """What it prints may be heard by nobody, which before Python 3.11.5 is an error of its own here."""

    def _print_message(self, message: str, file: Any = None) -> None:
        if file is sys.stdout:
            put([message.removesuffix("\n")])
        else:
            told(message)


def _parser(name: str, about: str, after: str) -> argparse.ArgumentParser:
    return _Parser(
        prog=f"wsinspector {name}".rstrip(),
        description=about,
        epilog=after,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _window() -> argparse.ArgumentParser:
    parser = _parser("", texts.MAIN, texts.MAIN_AFTER)
    parser.add_argument("--version", action="version", version=f"wsinspector {__version__}")
    parser.add_argument(
        "targets",
        nargs="*",
        metavar="URL|FILE",
        help="addresses, captures (.wsi) and files to import (.har, .jsonl), a tab each",
    )
    parser.add_argument("--connect", action="store_true", help="connect to the URL at once")
    return parser


def _handshake() -> argparse.ArgumentParser:
    from wsinspector.cli.printing_as import add_arguments

    parser = _parser("handshake", texts.HANDSHAKE, texts.HANDSHAKE_AFTER)
    _request_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_arguments(parser)
    return parser


def _connect() -> argparse.ArgumentParser:
    parser = _parser("connect", texts.CONNECT, texts.CONNECT_AFTER)
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
    behaviour.add_argument(
        "--compress", action="store_true", help="compress what is sent, where the answer agreed to that"
    )
    behaviour.add_argument(
        "--step",
        action="store_true",
        help="hold what leaves and show what comes one by one; Return lets the next go",
    )
    behaviour.add_argument("--offer-deflate", action="store_true", help="offer permessage-deflate")
    sending = parser.add_argument_group("sending, in the order given")
    sending.add_argument("--send", action=_Send, kind="text", metavar="TEXT", help="send a text message")
    sending.add_argument(
        "--send-hex", action=_Send, kind="binary", type=_hex, metavar="HEX", help="send a binary message"
    )
    sending.add_argument("--ping", action=_Send, kind="ping", nargs=0, help="send a ping")
    sending.add_argument(
        "--craft",
        action=_Send,
        kind="craft",
        metavar="SPEC",
        help="send frames made bit by bit: opcode = 9, rsv1 = true, text = 'x'; or JSON",
    )
    sending.add_argument(
        "--craft-file", action=_Send, kind="craft-file", metavar="FILE", help="the same from TOML or JSON"
    )
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
    keeping = parser.add_argument_group(
        "keeping, the newest of it; what goes is counted and noted in the file"
    )
    keeping.add_argument(
        "--keep-bytes",
        type=_size,
        default=0,
        metavar="SIZE",
        help="of the file: 64 MiB, 2 GB (4 MiB or more); needs --capture",
    )
    keeping.add_argument(
        "--keep-frames",
        type=_count,
        default=0,
        metavar="N",
        help="of the attempt, at least: the oldest go in whole blocks, so some 4000 more may stay, in a "
        "flood as many as come in 40 ms, and of a large limit an eighth",
    )
    keeping.add_argument(
        "--keep-seconds", type=_seconds, default=0.0, metavar="S", help="since they were read or written"
    )
    keeping.add_argument(
        "--max-inflated",
        type=_size,
        default=0,
        metavar="SIZE",
        help="what a compressed message may inflate to before it is left as it is (default: 64 MiB)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON lines, also on a terminal")
    return parser


def _sweep() -> argparse.ArgumentParser:
    # Here, as the window's start passes this module, and the sets draw in the rules on versions.
    from wsinspector.cli.sweep_arguments import sweep_parser

    return sweep_parser(_parser("sweep", "", ""))


def _provoke() -> argparse.ArgumentParser:
    # Here, as the window's start passes this module, and the catalogue draws in the crafting of frames.
    from wsinspector.cli.provoke_arguments import provoke_parser

    return provoke_parser(_parser("provoke", "", ""))


def _run() -> argparse.ArgumentParser:
    # Here, as the window's start passes this module, and the reference draws in the steps.
    from wsinspector.cli.run_arguments import run_parser

    return run_parser(_parser("run", "", ""))


def _replay() -> argparse.ArgumentParser:
    from wsinspector.cli.replay_arguments import replay_parser

    return replay_parser(_parser("replay", "", ""))


def _frames() -> argparse.ArgumentParser:
    # Here, as the window's start passes this module, and the filter's names draw in the anomalies.
    from wsinspector.cli.frames_arguments import frames_parser

    return frames_parser(_parser("frames", "", ""))


def _lab() -> argparse.ArgumentParser:
    # Here, as the window's start passes this module; and it draws in nothing but texts.
    from wsinspector.lab.manners import MANNERS, USUAL, describe

    wide = max(map(len, MANNERS))
    manners = "\n".join(f"  {manner:{wide}}  {describe(manner)}" for manner in MANNERS)
    parser = _parser("lab", texts.LAB, texts.LAB_AFTER.format(manners=manners))
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


def _info() -> argparse.ArgumentParser:
    parser = _parser("info", texts.INFO, texts.INFO_AFTER)
    parser.add_argument("file", metavar="FILE", help="a capture (.wsi)")
    parser.add_argument("--statistics", action="store_true", help="add rates, sizes, pings, silences")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _check() -> argparse.ArgumentParser:
    parser = _parser("check", texts.CHECK, texts.CHECK_AFTER)
    parser.add_argument("file", metavar="FILE", help="a capture (.wsi)")
    parser.add_argument("--repair", action="store_true", help="write into the file what can be repaired")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _dialects() -> argparse.ArgumentParser:
    from wsinspector.protocol.dialects import DIALECTS

    parser = _parser("dialects", texts.DIALECTS, texts.DIALECTS_AFTER)
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
    parser = _parser("rules", texts.RULES, texts.RULES_AFTER)
    parser.add_argument("rule", nargs="?", metavar="ID", help="tell this rule whole")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    return parser


def _lessons() -> argparse.ArgumentParser:
    parser = _parser("lessons", texts.LESSONS, texts.LESSONS_AFTER)
    parser.add_argument(
        "--check",
        nargs="+",
        metavar="PATH",
        help="whether these files, or those of a folder, are lessons",
    )
    parser.add_argument(
        "--read", metavar="LESSON", help="print this lesson, by its id or its file, without what is right"
    )
    parser.add_argument("--how", action="store_true", help="print how to write a lesson, as Markdown")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    return parser


def _library() -> argparse.ArgumentParser:
    from wsinspector.cli.library_arguments import library_parser

    return library_parser(_parser("library", "", ""))


def _export() -> argparse.ArgumentParser:
    # Here, as the window's start passes this module.
    from wsinspector.cli.file_arguments import export_parser

    return export_parser(_parser("export", "", ""))


def _import() -> argparse.ArgumentParser:
    from wsinspector.cli.file_arguments import import_parser

    return import_parser(_parser("import", "", ""))


def _judge() -> argparse.ArgumentParser:
    from wsinspector.cli.file_arguments import judge_parser

    return judge_parser(_parser("judge", "", ""))


def _explain() -> argparse.ArgumentParser:
    from wsinspector.cli.explain_arguments import explain_parser

    return explain_parser(_parser("explain", "", ""), _request_or_file)


def _request_or_file(parser: argparse.ArgumentParser) -> None:
    _request_arguments(parser, file_too=True)


def _request_arguments(parser: argparse.ArgumentParser, *, file_too: bool = False) -> None:
    # Here, as the window's start passes this module, and the table draws in every framing.
    from wsinspector.protocol.dialects import DIALECTS

    url = "ws://, wss://, http(s)://, or a bare host:port"
    if file_too:
        parser.add_argument("url", nargs="?", metavar="FILE|URL", help=f"a capture (.wsi), or {url}")
    else:
        parser.add_argument("url", metavar="URL", help=url)
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


def _size(text: str) -> int:
    from wsinspector.conversation.option_texts import read_bytes

    read = read_bytes(text)
    if not read.value:
        raise argparse.ArgumentTypeError(f"{text!r} is no size: 65536, 64k, 64 KiB, 16 MiB")
    return read.value


def _count(text: str) -> int:
    number, unit = (text[:-1], text[-1].lower()) if text[-1:].isalpha() else (text, "")
    if not (
        number.isascii() and number.isdigit() and unit in _THOUSANDS and len(number) < 16 and int(number) > 0
    ):
        raise argparse.ArgumentTypeError(f"{text!r} is no count of frames, 1 or more: 500, 10k")
    return int(number) * _THOUSANDS[unit]


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is no port, 0 to 65535")
    return int(text)
