"""What ``wsinspector replay`` understands, and the help that says so."""

import argparse
import math

_ABOUT = """\
Send again what a capture holds of our side, to the same or another server, and compare the answers
with those of the first time.
"""

_AFTER = """\
The request leaves as recorded, with a fresh key. Every frame has the bits, opcode, form of length and
fragments that it had; masking keys are drawn anew unless --masks recorded. What was compressed is inflated
and compressed again by what is agreed this time, or left plain where nothing is. Pongs to the server's Pings
and answers to its Close are made anew. To another server Authorization, cookies and whatever else looks like
a secret is left out of the request, and said; payloads leave as they are. Our Close waits for the answers
that came before it, whatever the pace.

Messages and Pongs are compared in order: equal, differs, missing, additional, or in another order. The
handshake is compared without Date, Age, Sec-WebSocket-Accept and Sec-WebSocket-Nonce, the end by who closed
and with which code. Pings of the server are not compared. Where frames are chosen, what came before the
first of ours and behind the chosen ones is what is compared.

Another server words things otherwise: headers that name its software, the request or how long it took
(Server, Via, X-Powered-By, X-Request-Id …), Upgrade and Connection in other letters, and another reason of a
Close with the same code are told with the sign ≈, and by themselves are no difference. --exact counts them.

examples:
  wsinspector replay monday.wsi
  wsinspector replay monday.wsi --frames 3-9,12 --url ws://127.0.0.1:8080/chat --save again.wsi
  wsinspector replay monday.wsi --conversation 2 --pace recorded --json
  wsinspector replay monday.wsi --speed 10
  wsinspector replay monday.wsi --as-fast-as-possible

exit codes:
  0  all answers are equal; handshake and end too, or they differ in wording alone (and not --exact)
  1  something else differs
  2  wrong arguments, or nothing that can be replayed
  3  the server could not be reached, or the replay did not come to its end
  5  the capture of --save could not be written whole
"""


def replay_parser(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Fill in ``parser``."""
    parser.description = _ABOUT
    parser.epilog = _AFTER
    parser.add_argument("file", metavar="FILE", help="a capture (.wsi)")
    parser.add_argument("--conversation", type=_count, metavar="N", help="which one (default: the only one)")
    parser.add_argument("--attempt", type=_count, metavar="N", help="which one (default: the last)")
    parser.add_argument("--frames", metavar="LIST", help="only these of ours, such as 3-9,12 (default: all)")
    parser.add_argument(
        "--side", choices=("ours", "theirs"), default="ours", help="whose frames (only ours can be replayed)"
    )
    parser.add_argument("--url", metavar="URL", default="", help="connect here instead")
    parser.add_argument(
        "--credentials", action="store_true", help="send the request's secrets to another server too"
    )
    parser.add_argument(
        "--pace",
        type=_pace,
        metavar="PACE",
        help="recorded, answers (when as many answers came as the first time), or seconds between frames "
        "(default: answers)",
    )
    parser.add_argument(
        "--speed",
        type=_speed,
        metavar="N",
        help="as recorded, N times as fast: 2 takes half the time, 0.5 twice as long",
    )
    parser.add_argument(
        "--as-fast-as-possible",
        dest="pace",
        action="store_const",
        const=0.0,
        help="let one frame leave behind the other and wait for nothing; the same as --pace 0",
    )
    parser.add_argument(
        "--masks", choices=("fresh", "recorded"), default="fresh", help="masking keys (default: fresh)"
    )
    parser.add_argument(
        "--timeout",
        type=_seconds,
        default=10.0,
        metavar="S",
        help="seconds to wait for an answer (default: 10)",
    )
    parser.add_argument("--ca-file", metavar="FILE", help="trust the authorities in FILE (PEM) instead")
    parser.add_argument("--insecure", action="store_true", help="accept any certificate")
    parser.add_argument("--save", metavar="CAPTURE", help="keep every byte in a new capture file (.wsi)")
    parser.add_argument(
        "--exact", action="store_true", help="take a difference in wording alone for one, too (exit code 1)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:10]) < 1_000_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1")
    return int(text)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return value


def _speed(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0.001 <= value <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0.001 to 1000000")
    return value


def _pace(text: str) -> str | float:
    if text in ("recorded", "answers"):
        return text
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is neither recorded, answers nor a number of seconds")
    return value
