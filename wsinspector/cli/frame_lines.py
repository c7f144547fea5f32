"""Print frames as they are committed to the capture: JSON lines, or text for a person."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wsinspector.capture.reader import CaptureReader
from wsinspector.cli.frame_findings import frame_findings
from wsinspector.conversation.snapshot import AttemptSnapshot, EndedBy
from wsinspector.present.plain import preview, visible
from wsinspector.protocol.closecodes import close_code
from wsinspector.protocol.columns import FLAG_MASKED, FLAG_OUT
from wsinspector.protocol.frames import apply_mask
from wsinspector.protocol.opcodes import CLOSE, FIN_BIT, TEXT, opcode_of
from wsinspector.protocol.spans import Role

AT_ONCE = 256
"""Frames read from the capture in one go."""

PREVIEW = 200


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame as printed; ``at`` in seconds since connecting began, ``payload`` unmasked."""

    no: int
    outgoing: bool
    at: float
    first: int
    header: bytes
    key: bytes | None
    length: int
    payload: bytes
    anomalies: int

    @property
    def findings(self) -> list[dict[str, str]]:
        sender = Role.CLIENT if self.outgoing else Role.SERVER
        return frame_findings(self.header, sender, self.anomalies)


def read_frames(
    reader: CaptureReader, snapshot: AttemptSnapshot, first_no: int, last_no: int
) -> Iterator[Frame]:
    """Frames ``first_no`` to ``last_no``, all of them committed."""
    no = first_no
    while no <= last_no:
        columns = reader.columns(snapshot.attempt_id, no, min(AT_ONCE, last_no - no + 1))
        if not len(columns):
            return
        for place in range(len(columns)):
            flags = columns.flags[place]
            data = reader.frame_bytes(snapshot.attempt_id, no)
            header, payload = data[: columns.header[place]], data[columns.header[place] :]
            key = header[-4:] if flags & FLAG_MASKED else None
            yield Frame(
                no=no,
                outgoing=bool(flags & FLAG_OUT),
                at=(columns.time[place] - snapshot.mono_ns) / 1e9,
                first=columns.first[place],
                header=header,
                key=key,
                length=columns.length[place],
                payload=apply_mask(payload, key) if key else payload,
                anomalies=columns.anomalies[place],
            )
            no += 1


def frame_json(frame: Frame) -> str:
    return _line(
        {
            "no": frame.no,
            "dir": "out" if frame.outgoing else "in",
            "at": round(frame.at, 6),
            "fin": bool(frame.first & FIN_BIT),
            "rsv": frame.first >> 4 & 7,
            "opcode": frame.first & 0x0F,
            "masked": frame.key is not None,
            "key": frame.key.hex() if frame.key is not None else None,
            "length": frame.length,
            "payload": base64.b64encode(frame.payload).decode("ascii"),
            "findings": frame.findings,
        }
    )


def frame_text(frame: Frame) -> str:
    """One line; text is shown as text, other payloads as hex, both shortened."""
    opcode = opcode_of(frame.first)
    bits = [] if frame.first & FIN_BIT else ["not final"]
    bits += [f"RSV{bit}" for bit in (1, 2, 3) if frame.first >> (7 - bit) & 1]
    bits += [each["rule"] for each in frame.findings]
    marks = f" [{', '.join(bits)}]" if bits else ""
    arrow = "↑" if frame.outgoing else "↓"
    return (
        f"{frame.no:>5} {frame.at:10.3f} {arrow} {opcode.name:<12} {frame.length:>6}{marks} {_shown(frame)}"
    ).rstrip()


def _shown(frame: Frame) -> str:
    opcode = frame.first & 0x0F
    payload = frame.payload
    if opcode == CLOSE and len(payload) >= 2:
        code = int.from_bytes(payload[:2], "big")
        return f"{code} {preview(payload[2:], PREVIEW)}".rstrip()
    if (opcode in (TEXT, 9, 10)) and not frame.first & 0x40:
        return preview(payload, PREVIEW)
    cut = "…" if len(payload) > 32 else ""
    return payload[:32].hex(" ") + cut


def end_json(snapshot: AttemptSnapshot, outcome: str) -> str:
    """How it ended, as the last line; ``code`` may be 1005 or 1006, which never travel."""
    end = snapshot.end
    response = snapshot.response
    stop = snapshot.stopped or snapshot.would_stop
    return _line(
        {
            "ended": end_text(snapshot),
            "outcome": outcome,
            "status": response.status if response else None,
            "how": end.kind.value if end else None,
            "by": end.by.value if end else None,
            "clean": end.clean if end else False,
            "code": end.code if end else None,
            "reason": end.reason if end else "",
            "sent_code": end.sent_code if end else None,
            "received_code": end.received_code if end else None,
            "age": round(end.age, 6) if end else None,
            "silence": round(end.silence, 6) if end else None,
            "frames_in": snapshot.frames_in,
            "frames_out": snapshot.frames_out,
            "conforming_stops": {"no": stop.number or None, "code": stop.code, "text": stop.text}
            if stop
            else None,
            "network_error": snapshot.network_error or None,
        }
    )


_WHO = {EndedBy.PEER: "by the peer", EndedBy.US: "by us", EndedBy.NETWORK: "by the network"}


def end_text(snapshot: AttemptSnapshot) -> str:
    """How an open connection ended, in one line."""
    end = snapshot.end
    if end is None:
        return "Not ended yet."
    if end.code is None:
        return "It did not open."
    who = _WHO[end.by]
    age, silence = f"after {end.age:.1f} s", f"{end.silence:.1f} s of silence before"
    if snapshot.stopped is not None:
        return f"Failed {who} with {snapshot.stopped.code}, {age}: {visible(snapshot.stopped.text)}."
    if end.received_code is None and end.sent_code is None and end.code == 1006:
        return f"Ended {who} without a Close frame (1006), {age}, {silence}."
    if end.received_code in (1005, 1006, 1015):
        meaning = "a code that must never be sent, and travelled"
    else:
        meaning = close_code(end.code).name
    reason = f", reason {visible(end.reason)}" if end.reason else ""
    clean = "cleanly" if end.clean else "not cleanly"
    return f"Closed {who} {clean} with {end.code} ({meaning}){reason}, {age}, {silence}."


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"))
