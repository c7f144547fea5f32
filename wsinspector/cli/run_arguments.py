"""What ``wsinspector run`` understands, and the reference of the file that it runs."""

import argparse
import math

from wsinspector.cli.variables import name_and_value
from wsinspector.present.sequence_reference import reference_text

_ABOUT = """\
Carry out sequences: send, wait, expect, each file in a conversation of its own, and say what came of every
step. A file that is not in order is told of by line, and nothing of it is done. A sequence that sends
files from outside its own folder is refused unless --allow-outside: it may be somebody else's.
"""

_AFTER = """\
{reference}
examples:
  wsinspector run login.toml --url ws://127.0.0.1:8080/chat
  wsinspector run --check login.toml
  wsinspector run login.toml --variables staging --set password=secret
  wsinspector run checks/*.toml --set user=ada --junit result.xml --save today.wsi

exit codes:
  0  every step went as it should
  1  an expectation was not met, or a step could not be done or decided
  2  a file or an argument is not in order, or a file outside the folder was not allowed; nothing was run
  3  the server could not be reached
  5  the capture of --save could not be written whole
"""


def run_parser(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Fill in ``parser``."""
    parser.description = _ABOUT
    parser.epilog = _AFTER.format(reference=reference_text())
    parser.add_argument("files", nargs="+", metavar="FILE", help="sequences (TOML), run one after the other")
    parser.add_argument("--url", metavar="URL", default="", help="connect here, whatever the files say")
    parser.add_argument(
        "--set",
        dest="values",
        action="append",
        default=[],
        type=name_and_value,
        metavar="NAME=VALUE",
        help="a variable, in place of the file's",
    )
    parser.add_argument(
        "--variables",
        metavar="SET",
        help="use this set of variables of the Library, below those of the file (default: none)",
    )
    parser.add_argument(
        "--timeout",
        type=_seconds,
        metavar="S",
        help="seconds for each whole file (default: what it says, else 300)",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="read the files and all they name, tell what is wrong, run nothing",
    )
    parser.add_argument(
        "--allow-outside",
        action="store_true",
        help="let the sequences send files that lie outside their folders",
    )
    parser.add_argument("--ca-file", metavar="FILE", help="trust the authorities in FILE (PEM) instead")
    parser.add_argument("--insecure", action="store_true", help="accept any certificate")
    parser.add_argument("--save", metavar="CAPTURE", help="keep every byte in a new capture file (.wsi)")
    parser.add_argument("--junit", metavar="FILE", help="write a JUnit file for a CI")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return value
