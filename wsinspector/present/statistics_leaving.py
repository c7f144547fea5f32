"""The figures of an attempt to take along: as CSV, as text and as JSON."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from wsinspector.present.statistics import OPCODE, SENT, Figures, Pair
from wsinspector.present.statistics_compression import Compression
from wsinspector.present.statistics_numbers import Spread
from wsinspector.present.statistics_told import Row, seconds_of
from wsinspector.translate import translate


def as_csv(table: Iterable[Row]) -> str:
    """One line a row, numbers as they are, without thin spaces."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("group", "name", "unit", "received", "sent", "together"))
    for row in table:
        writer.writerow((row.group, row.name, row.unit, *("" if n is None else n for n in row.numbers)))
    return out.getvalue()


def as_text(table: Iterable[Row]) -> str:
    """Aligned columns, group after group."""
    found = list(table)
    heads = (
        "",
        translate("Statistics", "received"),
        translate("Statistics", "sent"),
        translate("Statistics", "together"),
    )
    widths = [max([len(heads[0]), *(len(row.name) + 2 for row in found)])]
    widths += [max([len(heads[at + 1]), *(len(row.cells[at]) for row in found)]) for at in range(3)]
    group = ""
    lines: list[str] = []
    for row in found:
        if row.group != group:
            group = row.group
            titles = "".join(f"  {head:>{wide}}" for head, wide in zip(heads[1:], widths[1:], strict=True))
            lines += ([""] if lines else []) + [f"{group:<{widths[0]}}{titles}"]
        cells = "".join(f"  {cell:>{wide}}" for cell, wide in zip(row.cells, widths[1:], strict=True))
        lines.append(f"  {row.name:<{widths[0] - 2}}{cells}".rstrip())
    return "\n".join(lines) + "\n" if lines else ""


def as_json(figures: Figures, compression: Compression | None = None, start: int = 0) -> dict[str, Any]:
    """Every figure, times in ns since ``start``; None for what an import does not tell."""

    def both(pair: Pair) -> dict[str, int]:
        return {"in": pair[0], "out": pair[1]}

    def travelled(pair: Pair) -> dict[str, int] | None:
        return None if figures.composed else both(pair)

    def spread(each: Spread) -> dict[str, Any]:
        return {
            "count": each.number,
            "total": each.total,
            "min": each.smallest,
            "median": each.median,
            "p95": each.p95,
            "max": each.largest,
            "mean": each.mean,
            "rounded": each.rounded,
        }

    counts = figures.counts
    found = compression
    return {
        "frames": both((figures.both[0].number, figures.both[1].number)),
        "messages": both(figures.messages),
        "composed": figures.composed,
        "wire_bytes": travelled(figures.wire),
        "not_kept": figures.missing,
        "seconds": seconds_of(figures),
        "payload_sizes": {
            name: spread(each) for name, each in zip(("in", "out", "all"), figures.both, strict=True)
        },
        "types": [
            {"opcode": kind & OPCODE, "dir": "out" if kind & SENT else "in", **spread(each)}
            for kind, each in figures.sizes.items()
        ],
        "masked": travelled(figures.masked),
        "fragments": travelled(figures.fragments),
        "findings": None
        if figures.composed
        else {name.lower().replace("_", "-"): both(pair) for name, pair in figures.findings},
        "faulty": travelled(figures.faulty),
        "compressed": {
            "frames": travelled(figures.compressed),
            "bytes": travelled(figures.compressed_bytes),
            "inflated_frames": both(found.frames) if found is not None else None,
            "inflated_from": both(found.wire) if found is not None else None,
            "inflated_to": both(found.inflated) if found is not None else None,
        },
        "pings": {
            name: {"count": trips.pings, "answered": trips.answered, "round_trip_ns": spread(trips.spread)}
            for name, trips in zip(("in", "out"), figures.trips, strict=True)
        },
        "closes": [
            {"frame": close.number, "dir": "out" if close.sent else "in", "code": close.code}
            for close in figures.closes
        ],
        "silences": [
            {"ns": each.length, "after_frame": each.number, "at_ns": each.at - start}
            for each in figures.silences
        ],
        "series": {
            "start_ns": counts.start - start,
            "step_ns": counts.width,
            "frames_in": list(counts.frames_in),
            "frames_out": list(counts.frames_out),
            "bytes_in": list(counts.bytes_in),
            "bytes_out": list(counts.bytes_out),
        },
    }
