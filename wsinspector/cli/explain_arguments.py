"""What the command ``explain`` understands."""

import argparse
from collections.abc import Callable

ABOUT = "Tell every byte of a conversation: what it is, why it is there, what would happen without it."

AFTER = """\
FILE is a capture; of several conversations or attempts --conversation and --attempt choose one, else
the last attempt is told. URL is opened, closed again, and what travelled is told; --send sends a text
before. The parts are: opening (name, TCP, TLS), request, answer, frames, end. As text the first 20
frames are told. Secrets in the request and the answer are hidden.

examples:
  wsinspector explain feed.wsi --part request
  wsinspector explain feed.wsi --frame 17 --bytes
  wsinspector explain ws://127.0.0.1:9001/echo --send Hello
  wsinspector explain --glossary 'masking key'

exit codes:
  0  told; of a URL: a WebSocket opened
  1  no WebSocket opened; what travelled is told
  2  wrong arguments, or a capture that cannot be read
"""

PARTS = ("opening", "request", "answer", "frames", "end")


def explain_parser(
    parser: argparse.ArgumentParser, add_request: Callable[[argparse.ArgumentParser], None]
) -> argparse.ArgumentParser:
    """``add_request``: adds what a request can be given, the address among it."""
    parser.description = ABOUT
    parser.epilog = AFTER
    add_request(parser)
    telling = parser.add_argument_group("telling")
    telling.add_argument(
        "--part", action="append", choices=PARTS, help="tell this part only; may be repeated"
    )
    telling.add_argument("--frame", type=_number, metavar="N", help="tell frame N only")
    telling.add_argument("--bytes", action="store_true", help="go down to the single byte")
    telling.add_argument("--all", action="store_true", help="tell every frame, also as text")
    telling.add_argument("--glossary", metavar="TERM", help="tell a word instead; '' lists all words")
    telling.add_argument("--json", action="store_true", help="print a JSON object a line, one for each part")
    choosing = parser.add_argument_group("of a capture")
    choosing.add_argument(
        "--conversation", type=_number, metavar="N", help="the Nth conversation of the file"
    )
    choosing.add_argument("--attempt", type=_number, metavar="N", help="attempt N (default: the last)")
    parser.add_argument("--send", action="append", default=[], metavar="TEXT", help="of a URL: send a text")
    parser.add_argument("--offer-deflate", action="store_true", help="of a URL: offer permessage-deflate")
    return parser


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no number, 1 or more")
    return int(text)
