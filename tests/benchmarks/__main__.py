"""``python -m tests.benchmarks``: the measured promises, as one table and as JSON. It never fails a run."""

import argparse
import json
import sys
import traceback
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from tests.benchmarks.measuring import Measured, machine, table

ROWS = {
    1: "capturing",
    3: "scanning",
    4: "following",
    7: "filtering",
    10: "holding",
    11: "starting",
    12: "killing",
    13: "streaming",
    14: "sweeping",
}
WITHIN = {2: 1, 5: 10, 6: 10, 8: 7, 9: 10}
"""Rows that are measured together with another."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all figures into FILE")
    parser.add_argument(
        "--rows",
        type=lambda text: [int(row) for row in text.split(",")],
        default=sorted(ROWS),
        metavar="1,3,11",
        help="only these rows",
    )
    parser.add_argument("--repetitions", type=int, default=5, metavar="N", help="of each figure (5)")
    return parser.parse_args()


def main() -> int:
    """Run the rows asked for; what cannot run here is named below the table."""
    options = _arguments()
    found: list[Measured] = []
    missing: list[str] = []
    for row in sorted({WITHIN.get(row, row) for row in options.rows}):
        if row not in ROWS:
            missing.append(f"row {row}: not measured by this command")
            continue
        try:
            compare: Callable[[int], Iterator[Measured]] = import_module(
                f"tests.benchmarks.{ROWS[row]}"
            ).compare
            for one in compare(options.repetitions):
                found.append(one)
                print(f"row {row}: {one.what}, {one.case}", file=sys.stderr)
        except Exception as error:  # one row that cannot run must not hide the others
            traceback.print_exc()
            missing.append(f"row {row}: {type(error).__name__}: {error}")
    print(table(found) if found else "nothing measured")
    for line in missing:
        print(line)
    if options.json is not None:
        result = {
            "machine": machine(),
            "measured": [one.as_json() for one in found],
            "missing": missing,
        }
        options.json.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
