"""What ``wsinspector sweep`` understands; apart from the other commands, since it is the longest of all."""

import argparse
import math

from wsinspector.protocol.sweep_sets import SWEEP_SETS

_ABOUT = """\
Send many odd opening handshakes to one server or several, and say what stands out of the answers. Each
request differs in one thing from one that is in order; no frame is sent.
"""

_AFTER = """\
sets:
{sets}
NAME is one of these, a set of your own by its name, or a file: one value a line, with escapes; (absent) for
no header, (empty) for an empty value, 13⏎8 for two lines. Several sets and values are sent one after another.

What stands out comes first, then a table: ✕ a clause is not met, ! worth a look. A 426 or 400 that lists
versions is in order, and so is a 101 to a version that there is. Equal rows are folded on paper, never on the
wire.

--expect holds the answers against a file (TOML); --write-expect makes one of what was answered:
  ["14"]
  outcome = "refused"
  status = [400, 426]
  list = ["13", "8"]
Without --expect, a case in the JUnit file fails where its cell has a ✕.

examples:
  wsinspector sweep ws://127.0.0.1:8080/
  wsinspector sweep ws://127.0.0.1:9011/ ws://127.0.0.1:9012/ --set registry --at-once 8
  wsinspector sweep ws://127.0.0.1:8080/ --escapes --value '13\\x09' --value 13⏎14
  wsinspector sweep wss://example.com/ --set all --pace 0.2 --save today.wsi --html today.html
  wsinspector sweep ws://127.0.0.1:8080/ --write-expect expected.toml
  wsinspector sweep ws://127.0.0.1:8080/ --expect expected.toml --junit result.xml

exit codes:
  0  the sweep ran, or Ctrl-C ended it, and every expectation was met
  1  an expectation was not met
  2  wrong arguments
  3  no server could be reached
"""


def sweep_parser(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Fill in ``parser``."""
    wide = max(len(each.name) for each in SWEEP_SETS)
    sets = "".join(
        f"  {each.name:{wide}}  {each.about} ({len(each.requests)} requests)\n" for each in SWEEP_SETS
    )
    parser.description = _ABOUT
    parser.epilog = _AFTER.format(sets=sets)
    parser.add_argument("urls", nargs="+", metavar="URL", help="ws://, wss://, http(s)://, or host:port")
    what = parser.add_argument_group("what is sent")
    what.add_argument(
        "--set", dest="sets", action="append", metavar="NAME", help="a set, see below (default: common)"
    )
    what.add_argument(
        "--value",
        dest="values",
        action="append",
        default=[],
        metavar="V",
        help="a value of Sec-WebSocket-Version, any text",
    )
    what.add_argument(
        "--escapes",
        action="store_true",
        help=r"read \\ \r \n \t \xNN, (absent), (empty) and ⏎ in --value, as in a set of one's own",
    )
    how = parser.add_argument_group("how")
    how.add_argument(
        "--at-once",
        type=many,
        default=4,
        metavar="N",
        help="handshakes under way at each server (default: 4)",
    )
    how.add_argument(
        "--pace",
        type=pause,
        default=0.0,
        metavar="S",
        help="seconds between two handshakes to a server (default: 0)",
    )
    how.add_argument(
        "--timeout",
        type=positive,
        default=5.0,
        metavar="S",
        help="seconds that each answer may take (default: 5)",
    )
    how.add_argument("--ca-file", metavar="FILE", help="trust the authorities in FILE (PEM) instead")
    how.add_argument("--insecure", action="store_true", help="accept any certificate")
    out = parser.add_argument_group("results")
    printed = out.add_mutually_exclusive_group()
    printed.add_argument("--json", action="store_true", help="print one JSON object")
    printed.add_argument("--csv", action="store_true", help="print a line an answer, as CSV")
    out.add_argument("--html", metavar="FILE", help="write a page that needs nothing else")
    out.add_argument("--junit", metavar="FILE", help="write a JUnit file for a CI")
    out.add_argument("--expect", metavar="FILE", help="hold the answers against this file of expectations")
    out.add_argument("--write-expect", metavar="FILE", help="write the answers as a file of expectations")
    out.add_argument("--save", metavar="FILE", help="keep every byte in a new capture file (.wsi)")
    out.add_argument("--since", metavar="FILE", help="say what has changed since a sweep that was saved")
    return parser


def many(text: str) -> int:
    """A count of connections at once."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 256):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 256")
    return int(text)


def pause(text: str) -> float:
    """Seconds, 0 or more."""
    value = _number(text)
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds, 0 or more")
    return value


def positive(text: str) -> float:
    """Seconds above 0."""
    value = _number(text)
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return value


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return -1.0
