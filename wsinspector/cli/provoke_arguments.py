"""What ``wsinspector provoke`` understands."""

import argparse

from wsinspector.cli.sweep_arguments import many, pause, positive
from wsinspector.cli.variables import name_and_value
from wsinspector.protocol.provocations import KINDS, of_kind

_ABOUT = """\
Misbehave towards a server as a client must not, and look what it does: one connection a provocation. For
servers you may test: without --yes-i-may nothing but this computer is provoked.
"""

_AFTER = """\
kinds:
{kinds}
verdicts:
  ✓ as required      what a clause demands, or the usual code
  · allowed          left open: another code, TCP ended without a Close (RFC 6455 §7.1.7), a limit of its own
  ✕ not as required  a clause demands something else; it is named
  ✕ crashed          no new connection opened afterwards
  ? undecided        nothing came within --timeout, or it cannot be told
  – does not apply   what it needs was not agreed

examples:
  wsinspector provoke ws://127.0.0.1:8080/
  wsinspector provoke ws://127.0.0.1:8080/ --kind close --kind utf-8 --save today.wsi
  wsinspector provoke ws://127.0.0.1:8080/ --only rsv1 --json
  wsinspector provoke wss://test.example.com/ --yes-i-may test.example.com --at-once 1 --pace 0.5
  wsinspector provoke ws://127.0.0.1:8080/ --origin https://example.com --header "Cookie: id=7"
  wsinspector provoke ws://127.0.0.1:8080/ --header "Authorization: Bearer {{{{token}}}}" --set token=abc
  wsinspector provoke --open today.wsi --csv
  wsinspector provoke --list

exit codes:
  0  nothing stands against the server, or Ctrl-C ended the run before something did
  1  something was not as required, crashed, or could not be decided
  2  wrong arguments, a host that was not confirmed, or a file of --open that holds no run; nothing was sent
  3  no server could be reached
  5  the capture of --save could not be written whole
"""


def provoke_parser(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Fill in ``parser``."""
    wide = max(len(kind.value) for kind in KINDS)
    kinds = "".join(f"  {kind.value:{wide}}  {len(of_kind(kind))} provocations\n" for kind in KINDS)
    parser.description = _ABOUT
    parser.epilog = _AFTER.format(kinds=kinds)
    parser.add_argument("urls", nargs="*", metavar="URL", help="ws://, wss://, http(s)://, or host:port")
    what = parser.add_argument_group("what is sent")
    what.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="ID",
        help="this provocation; repeated, several (default: all; see --list)",
    )
    what.add_argument(
        "--kind",
        dest="kinds",
        action="append",
        default=[],
        choices=[kind.value for kind in KINDS],
        metavar="K",
        help="all of a kind, see below",
    )
    what.add_argument(
        "--open",
        metavar="FILE",
        help="print the results of a run that was kept, and send nothing",
    )
    what.add_argument("--list", action="store_true", help="print the catalogue and send nothing")
    what.add_argument(
        "--yes-i-may",
        dest="may",
        action="append",
        default=[],
        metavar="HOST",
        help="HOST is not this computer, and you may test it; needed once a host",
    )
    what.add_argument(
        "--header",
        action="append",
        default=[],
        metavar="'NAME: VALUE'",
        help="add a line to every handshake, in place of one of that name; repeated, several",
    )
    what.add_argument("--origin", metavar="ORIGIN", help="short for --header 'Origin: ORIGIN'")
    what.add_argument(
        "--subprotocol",
        action="append",
        default=[],
        metavar="NAME",
        help="offer this subprotocol (Sec-WebSocket-Protocol); repeated, several",
    )
    what.add_argument(
        "--set",
        dest="values",
        action="append",
        default=[],
        type=name_and_value,
        metavar="NAME=VALUE",
        help="what {{NAME}} stands for in these lines",
    )
    what.add_argument(
        "--variables", metavar="SET", help="fill {{NAME}} in from this set of the Library (default: none)"
    )
    how = parser.add_argument_group("how")
    how.add_argument(
        "--at-once", type=many, default=4, metavar="N", help="connections to each server (default: 4)"
    )
    how.add_argument(
        "--pace",
        type=pause,
        default=0.0,
        metavar="S",
        help="seconds between two connections to a server (default: 0)",
    )
    how.add_argument(
        "--timeout",
        type=positive,
        default=5.0,
        metavar="S",
        help="seconds for each handshake, and for what the server does (default: 5)",
    )
    how.add_argument("--ca-file", metavar="FILE", help="trust the authorities in FILE (PEM) instead")
    how.add_argument("--insecure", action="store_true", help="accept any certificate")
    out = parser.add_argument_group("results")
    printed = out.add_mutually_exclusive_group()
    printed.add_argument("--json", action="store_true", help="print one JSON object")
    printed.add_argument("--csv", action="store_true", help="print a line a provocation, as CSV")
    out.add_argument("--junit", metavar="FILE", help="write a JUnit file for a CI")
    out.add_argument(
        "--save", metavar="FILE", help="keep every byte in a new capture file (.wsi), a conversation each"
    )
    return parser
