"""Print frames as they are committed to the capture: JSON lines, or text for a person."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wsinspector.capture.reader import CaptureReader
from wsinspector.cli.frame_findings import frame_findings
from wsinspector.conversation.snapshot import AttemptSnapshot, End, EndedBy
from wsinspector.present.closing import forbidden_text
from wsinspector.present.plain import preview, visible
from wsinspector.present.typenames import number_on_wire
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.closecodes import close_code
from wsinspector.protocol.columns import FLAG_MASKED, FLAG_OUT
from wsinspector.protocol.dialects import dialect_called
from wsinspector.protocol.frame_facts import reported_code
from wsinspector.protocol.framings import Abilities, Framing
from wsinspector.protocol.framings.whole import WholeFraming
from wsinspector.protocol.opcodes import CLOSE, FIN_BIT, TEXT, opcode_of
from wsinspector.protocol.spans import Role

AT_ONCE = 256
"""Frames read from the capture in one go."""

PREVIEW = 200


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame as printed; ``at`` in seconds since connecting began, ``payload`` unmasked.

    ``first``: FIN, RSV and opcode in RFC 6455's numbering. ``header``: as it travelled. ``key``: four
    bytes of a masking key, or of hybi-04's frame nonce; None where the frame is not masked. ``imported``:
    the kind of file it was composed from, which does not tell how it was framed.
    """

    no: int
    outgoing: bool
    at: float
    first: int
    header: bytes
    key: bytes | None
    length: int
    payload: bytes
    anomalies: int
    agreed: Agreed
    sender: Role
    imported: str = ""

    @property
    def name(self) -> str:
        """As the opcode is called; a reserved one by the number that travelled."""
        opcode = opcode_of(self.first)
        if opcode.defined:
            return opcode.name
        layout = dialect_called(self.agreed.dialect).framing_name
        return f"reserved 0x{number_on_wire(opcode.number, layout):X}"

    @property
    def findings(self) -> list[dict[str, str]]:
        return frame_findings(
            self.header, self.sender, self.anomalies, agreed=self.agreed, length=self.length
        )


def read_frames(
    reader: CaptureReader, snapshot: AttemptSnapshot, first_no: int, last_no: int
) -> Iterator[Frame]:
    """Frames ``first_no`` to ``last_no``, all of them committed."""
    no = first_no
    agreed = snapshot.agreed
    framing = dialect_called(agreed.dialect).framing
    others = Role.SERVER if snapshot.role is Role.CLIENT else Role.CLIENT
    while no <= last_no:
        columns = reader.columns(snapshot.attempt_id, no, min(AT_ONCE, last_no - no + 1))
        if not len(columns):
            return
        for place in range(len(columns)):
            flags = columns.flags[place]
            body_at = columns.header[place]
            data = reader.frame_bytes(snapshot.attempt_id, no)
            header, payload = data[:body_at], data[body_at : body_at + columns.length[place]]
            sender = snapshot.role if flags & FLAG_OUT else others
            yield Frame(
                no=no,
                outgoing=bool(flags & FLAG_OUT),
                at=(columns.time[place] - snapshot.mono_ns) / 1e9,
                first=columns.first[place],
                header=header,
                key=_key(framing, header) if flags & FLAG_MASKED else None,
                length=columns.length[place],
                payload=framing.unmask(header, payload, 0, sender=sender, agreed=agreed),
                anomalies=columns.anomalies[place],
                agreed=agreed,
                sender=sender,
                imported=snapshot.imported,
            )
            no += 1


def _key(framing: Framing, header: bytes) -> bytes:
    """Where the header itself is masked, the key stands before it; else behind it."""
    return header[:4] if framing.name == WholeFraming.name else header[-4:]


def frame_json(frame: Frame) -> str:
    """One line; what is not known of an imported frame is null."""
    told = _frame_object(frame)
    if frame.imported:
        told |= {"imported": frame.imported} | dict.fromkeys(_FRAMING)
    return _line(told)


_FRAMING = ("fin", "rsv", "masked", "key", "wire")


def _frame_object(frame: Frame) -> dict[str, Any]:
    return {
        "no": frame.no,
        "dir": "out" if frame.outgoing else "in",
        "at": round(frame.at, 6),
        "fin": bool(frame.first & FIN_BIT),
        "rsv": frame.first >> 4 & 7,
        "opcode": frame.first & 0x0F,
        "name": frame.name,
        "masked": frame.key is not None,
        "key": frame.key.hex() if frame.key is not None else None,
        "length": frame.length,
        "payload": base64.b64encode(frame.payload).decode("ascii"),
        "wire": frame.header.hex(),
        "findings": frame.findings,
    }


def frame_text(frame: Frame) -> str:
    """One line; text is shown as text, other payloads as hex, both shortened."""
    bits = [] if frame.first & FIN_BIT else ["not final"]
    bits += [f"RSV{bit}" for bit in (1, 2, 3) if frame.first >> (7 - bit) & 1]
    bits += [each["rule"] for each in frame.findings]
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

    None where the version of the protocol that is spoken has no such code.
    """
    end = snapshot.end
    response = snapshot.response
    stop = snapshot.stopped or snapshot.would_stop
    fit = snapshot.fit
    return _line(
        {
            "ended": end_text(snapshot),
            "dialect": snapshot.dialect,
            "speaks": snapshot.agreed.dialect,
            "fits": {"dialect": fit.dialect, "reason": fit.reason} if fit is not None else None,
            "hint": snapshot.hint or None,
            "outcome": outcome,
            "status": response.status if response else None,
            "how": end.kind.value if end else None,
            "by": end.by.value if end else None,
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
