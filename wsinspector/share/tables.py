"""Frames as CSV, for a spreadsheet: a line a frame, what was not kept and what was left out at their places.

RFC 4180, UTF-8. A cell that a spreadsheet would take for a formula begins with an apostrophe; control
characters are shown, not written.
"""

import csv
import datetime
import io
from collections.abc import Iterator
from typing import BinaryIO

from wsinspector.present.plain import decoded, visible
from wsinspector.protocol.deflate import InflateFault
from wsinspector.protocol.messages import first_bad_utf8
from wsinspector.share.joining import beginning_of
from wsinspector.share.leaving import Leaving
from wsinspector.share.leaving_values import Hole, LeavingFrame
from wsinspector.translate import translate

COLUMNS = (
    "number", "direction", "time", "seconds", "type", "opcode", "fin", "rsv", "masked", "key", "header_bytes",
    "payload_bytes", "wire_bytes", "message", "compressed", "content_bytes", "anomalies", "not_kept_bytes",
    "encoding", "content",
)  # fmt: skip

MOST = 16_000
"""Bytes of content in a cell: spreadsheets cut one off at 32 767 characters."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_csv(stream: BinaryIO, leaving: Leaving) -> None:
    """See :data:`~wsinspector.share.formats.Write`."""
    for row in rows_of(leaving):
        line = io.StringIO()
        csv.writer(line, lineterminator="\r\n").writerow(row)
        stream.write(line.getvalue().encode("utf-8", "backslashreplace"))


def rows_of(leaving: Leaving) -> Iterator[list[str]]:
    """The cells of each line, the names of the columns first."""
    yield list(COLUMNS)
    for each in leaving.frames():
        if isinstance(each, Hole):
            numbers = str(each.first) if each.first == each.last else f"{each.first}–{each.last}"
            yield _row({"number": numbers, "type": translate("Tables", "not kept"), "content": each.reason})
        else:
            yield _row(_frame(leaving, each))
    for gap in leaving.gaps:
        if gap.kind == "bytes" and gap.direction is not None:
            cells = {
                "direction": "out" if gap.direction else "in",
                "type": translate("Tables", "not kept"),
                "not_kept_bytes": str(gap.stop - gap.start),
                "content": gap.reason,
            }
            yield _row(cells)
    for left in leaving.left_out:
        yield _row({"type": translate("Tables", "left out as secret"), "content": left.text})


def _row(cells: dict[str, str]) -> list[str]:
    return [inert(cells.get(name, "")) if name == "content" else cells.get(name, "") for name in COLUMNS]


def inert(text: str) -> str:
    """``text`` so that no spreadsheet reckons with it."""
    return "'" + text if text.startswith(_FORMULA) else text


_FRAMING = ("fin", "rsv", "masked", "key", "header_bytes", "wire_bytes", "compressed")


def _frame(leaving: Leaving, frame: LeavingFrame) -> dict[str, str]:
    """The cells; what was not seen of frames that were composed from messages stays empty."""
    cells = _cells(leaving, frame)
    return cells | dict.fromkeys(_FRAMING, "") if leaving.snapshot.imported else cells


def _cells(leaving: Leaving, frame: LeavingFrame) -> dict[str, str]:
    data, size = beginning_of(leaving, frame, MOST)
    # Of a fragment or of what is longer the last character may be cut.
    bad = first_bad_utf8(data)
    text = frame.opcode in (0, 1, 9, 10) and (bad is None or (len(data) < size and bad > len(data) - 4))
    content = visible(decoded(data[:bad])) if text else data.hex(" ")
    if size > len(data):
        content += f" … {size - len(data)} {translate('Tables', 'more bytes')}"
    seen = leaving.inflation.seen(frame.number) if frame.compressed else None
    gone = seen is not None and seen.fault is InflateFault.LEFT_OUT
    return {
        "number": str(frame.number),
        "direction": "out" if frame.out else "in",
        "time": stamp(frame.wall_ns),
        "seconds": f"{(frame.mono_ns - leaving.snapshot.mono_ns) / 1e9:.9f}",
        "type": frame.name,
        "opcode": str(frame.opcode),
        "fin": str(int(frame.fin)),
        "rsv": str(frame.rsv),
        "masked": str(int(frame.masked)),
        "key": frame.key.hex(),
        "header_bytes": str(frame.facts.header),
        "payload_bytes": str(frame.payload),
        "wire_bytes": str(frame.wire),
        "message": str(frame.message) if frame.message else "",
        "compressed": str(int(frame.compressed)),
        "content_bytes": "" if gone else str(size),
        "anomalies": " ".join(frame.anomalies),
        "not_kept_bytes": str(sum(stop - start for start, stop, _ in frame.missing) or ""),
        "encoding": "left out" if gone else "text" if text else "hex",
        "content": content,
    }


def stamp(wall_ns: int) -> str:
    """UTC as ISO 8601 with every nanosecond."""
    seconds, rest = divmod(wall_ns, 1_000_000_000)
    when = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    return f"{when:%Y-%m-%dT%H:%M:%S}.{rest:09}Z"
