"""The opcodes of RFC 6455 §5.2 and §11.8 as one table, so that no one spells numbers."""

import enum
from dataclasses import dataclass

CONTINUATION = 0x0
TEXT = 0x1
BINARY = 0x2
CLOSE = 0x8
PING = 0x9
PONG = 0xA

FIN_BIT = 0x80
RSV1_BIT = 0x40
RSV2_BIT = 0x20
RSV3_BIT = 0x10
MASK_BIT = 0x80
CONTROL_BIT = 0x08
"""The most significant bit of the opcode: set means control frame (§5.5)."""

MAX_CONTROL_PAYLOAD = 125
"""Bytes (§5.5)."""


class Kind(enum.Enum):
    """What an opcode does to the state of a direction."""

    CONTINUATION = "continuation"
    DATA = "data"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Opcode:
    """One of the sixteen opcodes. ``defined`` is False for those reserved for later use."""

    number: int
    name: str
    kind: Kind
    defined: bool
    clause: str


OPCODES: tuple[Opcode, ...] = (
    Opcode(0x0, "continuation", Kind.CONTINUATION, True, "RFC 6455 §5.4"),
    Opcode(0x1, "text", Kind.DATA, True, "RFC 6455 §5.6"),
    Opcode(0x2, "binary", Kind.DATA, True, "RFC 6455 §5.6"),
    *(Opcode(number, f"reserved 0x{number:X}", Kind.DATA, False, "RFC 6455 §5.2") for number in range(3, 8)),
    Opcode(0x8, "close", Kind.CONTROL, True, "RFC 6455 §5.5.1"),
    Opcode(0x9, "ping", Kind.CONTROL, True, "RFC 6455 §5.5.2"),
    Opcode(0xA, "pong", Kind.CONTROL, True, "RFC 6455 §5.5.3"),
    *(
        Opcode(number, f"reserved 0x{number:X}", Kind.CONTROL, False, "RFC 6455 §5.2")
        for number in range(0xB, 0x10)
    ),
)
"""Indexed by the opcode's number."""


def opcode_of(first: int) -> Opcode:
    """The table's entry for a frame's first byte (or a bare opcode)."""
    return OPCODES[first & 0x0F]


def is_control(opcode: int) -> bool:
    return bool(opcode & CONTROL_BIT)
