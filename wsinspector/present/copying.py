"""Frames for the clipboard: as text, as JSON lines like the command line's, as hex."""

import base64
import json
from array import array
from typing import Any

from wsinspector.present.frames import FrameReading
from wsinspector.present.hexlines import dump
from wsinspector.present.inflation import Inflation
from wsinspector.present.payload import COPY_LIMIT, read_payload
from wsinspector.present.plain import decoded
from wsinspector.present.rowlabels import anomaly_labels
from wsinspector.protocol.columns import FLAG_MASKED

MOST_ROWS = 10_000


def as_text(reading: FrameReading, inflation: Inflation, rows: "list[array[int]]") -> str:
    """A line a row: the payload, joined and inflated; what is no UTF-8 stands as ``\\xNN``."""
    lines = []
    for numbers in rows[:MOST_ROWS]:
        payload = read_payload(reading, inflation, numbers, COPY_LIMIT)
        if payload is not None:
            lines.append(decoded(payload.data))
    return "\n".join(lines)


def as_hex(reading: FrameReading, inflation: Inflation, rows: "list[array[int]]") -> str:
    """A dump a row of the payload, an empty line between two."""
    parts = []
    for numbers in rows[:MOST_ROWS]:
        payload = read_payload(reading, inflation, numbers, COPY_LIMIT)
        if payload is not None:
            parts.append(dump(payload.data))
    return "\n\n".join(parts)


def as_json(reading: FrameReading, rows: "list[array[int]]", start_ns: int) -> str:
    """A JSON object a frame with the fields of ``wsinspector connect --json``."""
    lines = []
    for numbers in rows[:MOST_ROWS]:
        for number in numbers:
            found = frame_fields(reading, number, start_ns)
            if found is not None:
                lines.append(json.dumps(found, ensure_ascii=False))
    return "\n".join(lines)


def frame_fields(reading: FrameReading, number: int, start_ns: int) -> dict[str, Any] | None:
    """The fields of one frame; ``at`` in seconds since ``start_ns``. None where it is not there.

    What an import does not tell is None.
    """
    facts = reading.facts(number)
    if facts is None:
        return None
    key = reading.key(facts)
    dialect = reading.agreed.dialect
    payload = reading.payload(facts, 0, COPY_LIMIT)
    if reading.composed:
        return {
            "no": number,
            "dir": "out" if facts.out else "in",
            "at": round((facts.time - start_ns) / 1e9, 6),
            **dict.fromkeys(("fin", "rsv")),
            "opcode": facts.opcode,
            **dict.fromkeys(("masked", "key")),
            "length": facts.length,
            "payload": base64.b64encode(payload).decode("ascii"),
            "findings": None,
        }
    return {
        "no": number,
        "dir": "out" if facts.out else "in",
        "at": round((facts.time - start_ns) / 1e9, 6),
        "fin": facts.fin,
        "rsv": facts.first >> 4 & 7,
        "opcode": facts.opcode,
        "masked": bool(facts.flags & FLAG_MASKED),
        "key": key.hex() if key else None,
        "length": facts.length,
        "payload": base64.b64encode(payload).decode("ascii"),
        "findings": [label.text for label in anomaly_labels(facts.anomalies, dialect)],
    }
