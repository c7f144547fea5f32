"""Print frames as they are committed to the capture: JSON lines, or text for a person."""

import json
from binascii import b2a_base64
from collections.abc import Iterable
from typing import Any

from wsinspector.cli.frame_reading import Frame, NotKept
from wsinspector.conversation.snapshot import AttemptSnapshot, End, EndedBy
from wsinspector.present.closing import forbidden_text
from wsinspector.present.losses import missing_text, reason_text
from wsinspector.present.plain import preview, visible
from wsinspector.protocol.closecodes import close_code
from wsinspector.protocol.dialects import dialect_called
from wsinspector.protocol.frame_facts import reported_code
from wsinspector.protocol.framings import Abilities
from wsinspector.protocol.opcodes import CLOSE, FIN_BIT, TEXT
from wsinspector.translate import translate

PREVIEW = 200


def frame_json(frame: Frame) -> str:
    """One line; what is not known of an imported frame is null."""
    # Written out, as there are very many: no value but the findings holds what JSON would escape.
    first = frame.first
    if frame.imported:
        fin = rsv = masked = key = wire = findings = "null"
    else:
        fin, rsv = "true" if first & FIN_BIT else "false", str(first >> 4 & 7)
        masked = "false" if frame.key is None else "true"
        key = "null" if frame.key is None else f'"{frame.key.hex()}"'
        wire = f'"{frame.header.hex()}"'
        findings = json.dumps(frame.findings, separators=(",", ":")) if frame.anomalies else "[]"
    gone = f',"not_kept_bytes":{frame.not_kept}' if frame.not_kept else ""
    imported = f',"imported":{json.dumps(frame.imported)}' if frame.imported else ""
    return (
        f'{{"no":{frame.no},"dir":"{"out" if frame.outgoing else "in"}","at":{round(frame.at, 6)!r},'
        f'"fin":{fin},"rsv":{rsv},"opcode":{first & 0x0F},"name":"{frame.name}","masked":{masked},'
        f'"key":{key},"length":{frame.length},'
        f'"payload":"{b2a_base64(frame.payload, newline=False).decode("ascii")}",'
        f'"wire":{wire},"findings":{findings}{gone}{imported}}}'
    )


def not_kept_json(row: NotKept, reasons: Iterable[str]) -> str:
    """A run of frames that a limit dropped before they were printed."""
    why = ", ".join(map(reason_text, reasons)) or None
    return _line({"dropped": row.last - row.first + 1, "first": row.first, "last": row.last, "reason": why})


def not_kept_text(row: NotKept, reasons: Iterable[str]) -> str:
    return f"{row.first:>5} {'…':>10}   {missing_text(row.last - row.first + 1, reasons)}"


def frame_text(frame: Frame) -> str:
    """One line; text is shown as text, other payloads as hex, both shortened."""
    bits: list[str] = []
    if not frame.imported:  # of such a frame nobody saw these
        bits += [] if frame.first & FIN_BIT else ["not final"]
        bits += [f"RSV{bit}" for bit in (1, 2, 3) if frame.first >> (7 - bit) & 1]
        bits += [each["rule"] for each in frame.findings]
    bits += [translate("FrameLines", "%n byte(s) not kept", "", frame.not_kept)] if frame.not_kept else []
    marks = f" [{', '.join(bits)}]" if bits else ""
    arrow = "↑" if frame.outgoing else "↓"
    return (
        f"{frame.no:>5} {frame.at:10.3f} {arrow} {frame.name:<12} {frame.length:>6}{marks} {_shown(frame)}"
    ).rstrip()


def _shown(frame: Frame) -> str:
    opcode = frame.first & 0x0F
    payload = frame.payload
    if opcode == CLOSE:
        code = dialect_called(frame.agreed.dialect).framing.close_code(payload, agreed=frame.agreed)
        return (
            preview(payload, PREVIEW) if code is None else f"{code} {preview(payload[2:], PREVIEW)}".rstrip()
        )
    if (opcode in (TEXT, 9, 10)) and not frame.first & 0x40:
        return preview(payload, PREVIEW)
    cut = "…" if len(payload) > 32 else ""
    return payload[:32].hex(" ") + cut


def end_json(snapshot: AttemptSnapshot, outcome: str) -> str:
    """How it ended, as the last line; ``code`` may be 1005 or 1006, which never travel.

    None where the version of the protocol that is spoken has no such code. ``ended`` itself is None
    where no end was kept.
    """
    end = snapshot.end
    response = snapshot.response
    stop = snapshot.stopped or snapshot.would_stop
    fit = snapshot.fit
    return _line(
        {
            "ended": end_text(snapshot) if end is None or end.kept else None,
            "dialect": snapshot.dialect,
            "speaks": snapshot.agreed.dialect,
            "fits": {"dialect": fit.dialect, "reason": fit.reason} if fit is not None else None,
            "hint": snapshot.hint or None,
            "outcome": outcome,
            "status": response.status if response else None,
            "how": end.kind.value if end and end.kept else None,
            "by": end.by.value if end and end.kept else None,
            "clean": end.clean if end else False,
            "code": reported_code(snapshot.agreed.dialect, end.code) if end else None,
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
    if not end.kept:
        return "No end was kept."
    if end.code is None:
        return "It did not open."
    who = _WHO[end.by]
    age, silence = f"after {end.age:.1f} s", f"{end.silence:.1f} s of silence before"
    if snapshot.stopped is not None:
        code = f" with {snapshot.stopped.code}" if snapshot.stopped.code is not None else ""
        return f"Failed {who}{code}, {age}: {visible(snapshot.stopped.text)}."
    able = dialect_called(snapshot.agreed.dialect).framing.abilities(snapshot.agreed)
    if not able.close_codes:
        return _end_without_codes(snapshot, end, able, who, f"{age}, {silence}")
    if end.received_code is None and end.sent_code is None and end.code == 1006:
        reported = reported_code(snapshot.agreed.dialect, end.code)
        told = f" ({reported})" if reported is not None else ""
        return f"Ended {who} without a Close frame{told}, {age}, {silence}."
    reason = f", reason {visible(end.reason)}" if end.reason else ""
    clean = "cleanly" if end.clean else "not cleanly"
    if forbidden := forbidden_text(snapshot):
        clean = "" if end.clean else " not cleanly"
        return f"Closed {who}{clean} with {forbidden}{reason}, {age}, {silence}."
    return f"Closed {who} {clean} with {end.code} ({close_code(end.code).name}){reason}, {age}, {silence}."


def _end_without_codes(snapshot: AttemptSnapshot, end: End, able: Abilities, who: str, when: str) -> str:
    name = snapshot.agreed.dialect
    if not able.close:
        return f"Ended {who}, {when}: {name} has no closing frame, so that TCP alone ends."
    if end.code == 1006:
        return f"Ended {who}, no closing frame of the peer came, {when}."
    body = f", body {visible(end.reason)}" if end.reason else ""
    clean = "cleanly" if end.clean else "not cleanly"
    return f"Closed {who} {clean}{body}, {when}: {name} has no close codes."


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"))
