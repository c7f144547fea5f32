"""What a frame is called: by its opcode, or by the byte that travelled where its dialect names none."""

from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.framings.draft_numbers import DRAFT_OF_RFC

TYPES = {0x0: "Cont.", 0x1: "Text", 0x2: "Binary", 0x8: "Close", 0x9: "Ping", 0xA: "Pong"}

_RESERVED = int(FrameAnomaly.RESERVED_OPCODE)


def number_on_wire(opcode: int, framing: str) -> int:
    """The opcode's number as the layout has it; before hybi-07 they were others."""
    return DRAFT_OF_RFC[opcode] if framing in ("more", "whole") else opcode


def type_name(reading: FrameReading, facts: FrameFacts) -> str:
    """``Text``; ``0x3`` for a reserved opcode; ``0x05`` for a type that hixie-76 did not define."""
    if reading.framing.name == "sentinel" and facts.anomalies & _RESERVED:
        first = reading.source.stream(facts.direction, facts.offset, facts.offset + 1)
        return f"0x{first[0]:02X}" if first else "?"
    known = TYPES.get(facts.opcode)
    return known if known is not None else f"0x{number_on_wire(facts.opcode, reading.framing.name):X}"
