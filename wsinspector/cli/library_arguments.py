"""What the command ``library`` understands."""

import argparse

ABOUT = "Find attempts in the history; list, show, send, share and import saved requests."

AFTER = """\
NAME is the name of a saved request, or its folders and its name with slashes between: Shop/Orders.
WORDS are searched in the history: words, and version:8 (or
version:none), outcome:refused, date:2026-11 (or 11-23, today, yesterday), address:host.

examples:
  wsinspector library history outcome:426 --json
  wsinspector library list
  wsinspector library run Shop/Orders --set host=127.0.0.1:9001
  wsinspector library export Shop --output shop.toml
  wsinspector library import from-browser.har

exit codes:
  0  done; of history: something was found; of run: a WebSocket opened
  1  nothing found, no WebSocket opened, or a file that cannot be written
  2  wrong arguments, an unknown name or variable, or a file that cannot be read
  3  of run: network-error, that is name look-up, TCP or TLS
"""


def library_parser(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Fill ``parser``."""
    parser.description = ABOUT
    parser.epilog = AFTER
    made = parser.add_subparsers(dest="deed", required=True, metavar="WHAT")

    def add(name: str, about: str) -> argparse.ArgumentParser:
        return made.add_parser(name, help=about, description=about, allow_abbrev=False)

    history = add("history", "find attempts that were kept, the newest first")
    history.add_argument("words", nargs="*", metavar="WORDS", help="what must stand in an attempt")
    history.add_argument("--limit", type=_count, default=50, metavar="N", help="N at most (default: 50)")
    history.add_argument("--json", action="store_true", help="print a JSON object a line")
    listing = add("list", "list saved requests and folders")
    showing = add("show", "print a saved request, its secrets hidden")
    running = add("run", "send a saved request and tell the answer")
    sharing = add("export", "write a request or a folder as a file, without its secrets")
    bringing = add("import", "add the requests of a file of this program or of a HAR")
    for each in (showing, running):
        each.add_argument("name", metavar="NAME", help="of the request")
    for each in (listing, showing, running):
        each.add_argument("--json", action="store_true", help="print one JSON value")
    running.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a variable; may be repeated"
    )
    running.add_argument("--variables", metavar="SET", help="the set of variables to use; '' for none")
    sharing.add_argument("name", metavar="NAME", help="of the request or the folder; '' for all")
    sharing.add_argument("--output", required=True, metavar="FILE", help="a file that is not there yet")
    sharing.add_argument("--with-secrets", action="store_true", help="leave the secrets in")
    bringing.add_argument("file", metavar="FILE", help="a .toml or a .har")
    for each in (listing, showing, running, sharing, bringing):
        each.add_argument("--requests", metavar="FILE", help="instead of the window's own requests.toml")
    return parser


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 1_000_000):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 1000000")
    return int(text)
