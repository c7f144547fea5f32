"""What the commands on captures understand: export, import, judge."""

import argparse

EXPORT = "Write one attempt of a capture as a file for others. Secrets are left out unless asked for."

EXPORT_AFTER = """\
formats:
{formats}

Without --out the export goes to standard output. What it leaves out is listed on standard error
with its place and length: the values of Authorization, Proxy-Authorization, Cookie and Set-Cookie,
of headers whose names end in token, key, secret, password and the like (X-Api-Key; the keys of the
handshake stay), token-like parts of queries and of Sec-WebSocket-Protocol, user and password in an
address, and these values wherever else they stand, also in hexadecimal. Payloads are searched for
these values, and for no other; one that was cut over frames is left out of each, and listed as a part.
Where a payload travelled compressed, HAR, CSV, HTML and the transcript leave them out of what was
inflated. JSON lines, pcapng, the Python script and wsi hold bytes as they travelled: there the whole
payload of a compressed message that holds a secret is left out, and of one that cannot be inflated
without the bytes of a secret. It is zeros (the script asks for it), and all lengths stay. In JSON
lines and wsi the messages behind it can still be inflated; in pcapng, with context takeover, they
cannot. A message that does not inflate cannot be searched, nor the beginning of a frame that is not
whole: they stay, and the list says so.

The format wsi is a copy to share: without --attempt the whole capture, or the --conversation, in one
file, which opens as any capture does. What was left out is marked in it. A Python script asks for
each secret by an environment variable of the name that the list gives.

In JSON lines, pcapng and wsi every length stays: a secret is as many asterisks. In pcapng and wsi
further secrets of the same length end in a number (*******2), so that two that differed still differ.
In heads, HAR and the transcript have a mark such as left-out-20-bytes, which tells the length. In
CSV, a cell that begins with = + - or @ has an apostrophe before it, so that no spreadsheet takes it
for a formula.

Of an import from HAR nobody saw a frame: what is not known is empty in CSV and null in JSON lines; in
pcapng and the Python script the headers of frames are made up, as plain as the standard has them,
and the file says so. Frames that were not kept are in no format, nor in pcapng and the script what
stayed of their bytes. HAR tells gaps in _gaps and _notKept, secrets in _leftOut, with their lengths.

examples:
  wsinspector export feed.wsi --format har --out feed.har
  wsinspector export feed.wsi --format jsonl --frames 3-17,20 | jq .text
  wsinspector export feed.wsi --format pcapng --conversation 2 --attempt 1 --out feed.pcapng

exit codes:
  0  written
  1  it could not be written
  2  wrong arguments, or a capture that cannot be read: none there, a folder, empty, of another kind
"""

IMPORT = "Make a capture out of files of others: HAR, and the JSON lines that export writes."

IMPORT_AFTER = """\
Of a HAR the WebSocket entries are read; files of Chromium's developer tools, of mitmproxy and of
this program are tested, those of other writers are not. A HAR tells messages and headers: where
frames began, masking keys, RSV bits, compression, exact bytes and how the connection ended are
unknown afterwards, and shown so; a condition of a filter on them fits no frame. Gaps, and secrets
that were left out, come back from a HAR of this program with their lengths, and are told. JSON
lines give back every byte, time and frame, and what was unknown stays so.

examples:
  wsinspector import network.har --out network.wsi
  wsinspector import monday.jsonl tuesday.jsonl --out both.wsi

exit codes:
  0  imported
  1  the capture could not be written
  2  wrong arguments, or a file that cannot be read: none there, a folder, empty, of another kind
"""

JUDGE = "Hold what a capture recorded against today's rules: every handshake, every frame."

JUDGE_AFTER = """\
Nothing is sent, and the capture is not changed. Frames are scanned again from the recorded bytes,
both sides alike. Of an import from HAR the headers of the handshake are judged, and neither its
bytes nor frames. With --json each attempt is one JSON object a line.

examples:
  wsinspector judge feed.wsi
  wsinspector judge feed.wsi --conversation 2 --json

exit codes:
  0  nothing breaks or violates a rule
  1  something does
  2  wrong arguments, or a capture that cannot be read: none there, a folder, empty, of another kind
"""


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1 << 31):
        raise argparse.ArgumentTypeError(f"{text!r} is no number, 1 or more")
    return int(text)


def _places(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--conversation", type=_count, metavar="N", help="the N-th conversation of the capture, from 1"
    )


def export_parser(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    # Here, as the window's start passes the arguments, and the formats draw in all there is.
    from wsinspector.share.formats import formats

    rows = formats()
    wide = max(len(row.name) for row in rows)
    listed = "\n".join(f"  {row.name:{wide}}  {row.title}: {row.about}" for row in rows)
    parser.description = EXPORT
    parser.epilog = EXPORT_AFTER.format(formats=listed)
    parser.add_argument("file", metavar="FILE", help="a capture (.wsi)")
    parser.add_argument(
        "--format", required=True, choices=[row.name for row in rows], metavar="NAME", help="see below"
    )
    parser.add_argument("--out", metavar="PATH", help="write there (default: standard output)")
    parser.add_argument("--force", action="store_true", help="overwrite PATH")
    _places(parser)
    parser.add_argument("--attempt", type=_count, metavar="N", help="attempt N (default: the last)")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--frames", metavar="LIST", help="these frames only, such as 3-17,20 or 100-")
    chosen.add_argument(
        "--filter", metavar="EXPR", help="frames that fit only, such as 'type == text and size > 20'"
    )
    chosen.add_argument(
        "--without-payloads", action="store_true", help="with --format wsi: zeros in place of every payload"
    )
    parser.add_argument("--with-secrets", action="store_true", help="leave nothing out")
    return parser


def import_parser(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.description = IMPORT
    parser.epilog = IMPORT_AFTER
    parser.add_argument("files", nargs="+", metavar="FILE", help="a HAR or JSON lines")
    parser.add_argument("--out", required=True, metavar="FILE.wsi", help="the capture to make")
    parser.add_argument("--force", action="store_true", help="overwrite it")
    return parser


def judge_parser(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.description = JUDGE
    parser.epilog = JUDGE_AFTER
    parser.add_argument("file", metavar="FILE", help="a capture (.wsi)")
    _places(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object an attempt")
    return parser
