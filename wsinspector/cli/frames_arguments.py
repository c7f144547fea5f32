"""What ``wsinspector frames`` understands, the filter language explained with it."""

import argparse
import textwrap

from wsinspector.filter import Entry, reference

_ABOUT = """\
Print the frames of a capture file: all of them, or those that fit a filter. The file is not changed,
and may still be written by another process.
"""

_AFTER = """\
Frames are printed as lines of text on a terminal. With --json, and wherever the output is no terminal,
each is one JSON object a line, as connect prints it, with the members conversation and attempt before.
With --messages a row is a message: joined, inflated, with the numbers of its frames. The last line of
an attempt says how it ended; with a filter, where the end fits it: close.code == 1006.

the filter:
{language}
Payloads are searched unmasked, joined from their fragments and inflated. What speaks of something that a
frame has not does not fit, also with !=. What is not known fits neither a condition nor its not: of an
import from HAR the bits, masks, compression, lengths on the wire and findings are not. How many frames
could not be decided is said at the end.

examples:
  wsinspector frames feed.wsi
  wsinspector frames feed.wsi --filter 'type == text and size > 1k' --json
  wsinspector frames feed.wsi --filter 'json.event == "price"' --messages --limit 10
  wsinspector frames feed.wsi --filter 'has finding or close.code == 1006'
  wsinspector frames feed.wsi --compare 12 15 --messages

exit codes:
  0  printed
  1  the file cannot be read to its end
  2  wrong arguments, a filter that cannot be read, or no capture: none there, a folder, empty
"""

_WIDE = 100


def frames_parser(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Fill in ``parser``."""
    parser.description = _ABOUT
    parser.epilog = _AFTER.format(language="\n".join(_lines(reference())))
    parser.add_argument("file", metavar="FILE", help="a capture (.wsi)")
    parser.add_argument("--filter", metavar="EXPR", help="only what fits; a plain word searches payloads")
    parser.add_argument(
        "--conversation", type=_number, metavar="N", help="only the conversation with this number in the file"
    )
    parser.add_argument("--attempt", type=_number, metavar="N", help="only the attempt with this number")
    parser.add_argument("--messages", action="store_true", help="a row a message instead of a frame")
    parser.add_argument("--limit", type=_number, metavar="N", help="stop after N rows")
    parser.add_argument(
        "--compare",
        nargs=2,
        type=_number,
        metavar=("A", "B"),
        help="what the payloads of two frames differ in; with --messages those of their messages",
    )
    parser.add_argument("--json", action="store_true", help="print JSON lines, also on a terminal")
    return parser


def _lines(entries: tuple[Entry, ...]) -> list[str]:
    wide = max(len(entry.name) for entry in entries)
    lines: list[str] = []
    for entry in entries:
        names = ", ".join(value.name for value in entry.values)
        listed = f" One of {names}." if names and entry.name != "finding" and entry.kind[:1] != "0" else ""
        text = f"{entry.meaning}{listed} For instance: {entry.example}"
        folded = textwrap.wrap(text, _WIDE - wide - 4, break_on_hyphens=False)
        lines.append(f"  {entry.name:{wide}}  {folded[0]}")
        lines += [" " * (wide + 4) + line for line in folded[1:]]
    wireshark = sorted({name for entry in entries for name in entry.also if "." in name})
    text = "Names of Wireshark are understood too: " + ", ".join(wireshark) + "."
    return [*lines, *textwrap.wrap(text, _WIDE, initial_indent="  ", subsequent_indent="  ")]


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1 << 62):
        raise argparse.ArgumentTypeError(f"{text!r} is no number, 1 or more")
    return int(text)
