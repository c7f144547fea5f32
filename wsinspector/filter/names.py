"""The names that can stand in a filter, each with its values and meaning: for parser, completion, help."""

from dataclasses import dataclass
from enum import Enum

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.translate import translate


class Kind(Enum):
    """What a field is held against."""

    WORD = "word"  # one of its values
    NUMBER = "number"
    TIME = "time"
    YES_NO = "yes or no"
    BYTES = "bytes"
    TEXT = "text"
    JSON = "JSON value"


@dataclass(frozen=True, slots=True)
class Named:
    """One value of a field, or one thing that a row can have."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Field:
    """``values``: those that exist (Kind.WORD) or have a name besides their number (Kind.NUMBER).

    ``also``: other names that are understood, Wireshark's among them. ``largest``: of a number.
    """

    name: str
    kind: Kind
    meaning: str
    example: str
    values: tuple[Named, ...] = ()
    also: tuple[str, ...] = ()


TYPES = ("text", "binary", "ping", "pong", "close", "control", "data", "continuation", "reserved")
OPCODES = {"continuation": 0, "text": 1, "binary": 2, "close": 8, "ping": 9, "pong": 10}
YES = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
DIRECTIONS = {"in": "in", "received": "in", "out": "out", "sent": "out"}

FINDINGS: dict[str, FrameAnomaly] = {
    str(anomaly.name).lower().replace("_", "-"): anomaly for anomaly in FrameAnomaly if anomaly
}
"""Names of anomalies as they are written in a filter."""


def _types() -> tuple[Named, ...]:
    meanings = {
        "text": translate("filter", "Text, its continuations too."),
        "binary": translate("filter", "Binary, its continuations too."),
        "ping": translate("filter", "Ping."),
        "pong": translate("filter", "Pong."),
        "close": translate("filter", "Close."),
        "control": translate("filter", "Close, ping, pong and the reserved opcodes above them."),
        "data": translate("filter", "Everything that is no control frame."),
        "continuation": translate("filter", "A fragment that goes on with a message."),
        "reserved": translate("filter", "An opcode that has no meaning yet."),
    }
    return tuple(Named(name, meanings[name]) for name in TYPES)


def fields() -> tuple[Field, ...]:
    """Every field, in the order in which it is explained."""
    bits = (
        Named("1", translate("filter", "Set.")),
        Named("0", translate("filter", "Not set.")),
    )
    return (
        Field(
            "type",
            Kind.WORD,
            translate("filter", "What kind of frame it is."),
            "type == text",
            _types(),
        ),
        Field(
            "dir",
            Kind.WORD,
            translate("filter", "Which way it went."),
            "dir == in",
            (
                Named("in", translate("filter", "Received.")),
                Named("out", translate("filter", "Sent.")),
            ),
            ("direction",),
        ),
        Field(
            "size",
            Kind.NUMBER,
            translate("filter", "Payload bytes as they travelled; in Messages those of the whole message."),
            "size > 1k",
        ),
        Field(
            "length",
            Kind.NUMBER,
            translate("filter", "Payload bytes of the single frame, as its header declares."),
            "length >= 126",
            also=(
                "websocket.payload_length",
                "websocket.payload_length_ext_16",
                "websocket.payload_length_ext_64",
            ),
        ),
        Field(
            "time",
            Kind.TIME,
            translate("filter", "Since the attempt began, in seconds unless a unit is given."),
            "time > 12.5",
            also=("frame.time_relative",),
        ),
        Field(
            "delta",
            Kind.TIME,
            translate("filter", "Since the frame before, in seconds unless a unit is given."),
            "delta > 100ms",
            also=("frame.time_delta",),
        ),
        Field(
            "number",
            Kind.NUMBER,
            translate("filter", "The frame's number in the log."),
            "number in (10..20)",
            also=("no", "frame.number"),
        ),
        Field(
            "message",
            Kind.NUMBER,
            translate("filter", "The message's number; control frames have none."),
            "message == 17",
        ),
        Field(
            "opcode",
            Kind.NUMBER,
            translate("filter", "The frame's own opcode, numbered as in RFC 6455."),
            "opcode in (0xB, 0xC)",
            tuple(
                Named(name, translate("filter", "Opcode {number}.").format(number=f"0x{number:X}"))
                for name, number in OPCODES.items()
            ),
            ("websocket.opcode",),
        ),
        Field(
            "fin",
            Kind.YES_NO,
            translate("filter", "Whether it is the last frame of its message."),
            "fin == 0",
            bits,
            ("websocket.fin",),
        ),
        Field(
            "rsv",
            Kind.NUMBER,
            translate("filter", "The three reserved bits as a number; RSV1 is 4."),
            "rsv != 0",
            also=("websocket.rsv",),
        ),
        Field("rsv1", Kind.YES_NO, translate("filter", "The first reserved bit."), "rsv1 == 1", bits),
        Field("rsv2", Kind.YES_NO, translate("filter", "The second reserved bit."), "rsv2 == 1", bits),
        Field("rsv3", Kind.YES_NO, translate("filter", "The third reserved bit."), "rsv3 == 1", bits),
        Field(
            "masked",
            Kind.YES_NO,
            translate("filter", "Whether the payload is masked."),
            "masked == 0 and dir == out",
            bits,
            ("websocket.mask",),
        ),
        Field(
            "compressed",
            Kind.YES_NO,
            translate("filter", "Whether the message is compressed."),
            "compressed == 1",
            bits,
            ("websocket.pmc",),
        ),
        Field(
            "close.code",
            Kind.NUMBER,
            translate(
                "filter",
                "The code in a Close frame. The last row has the one that an application is told:"
                " 1006 without a Close frame.",
            ),
            "close.code == 1006",
            also=("websocket.payload.close.status_code", "websocket.close_status_code"),
        ),
        Field(
            "close.reason",
            Kind.TEXT,
            translate("filter", "The reason in a Close frame."),
            'close.reason contains "idle"',
            also=("websocket.payload.close.reason",),
        ),
        Field(
            "finding",
            Kind.WORD,
            translate("filter", "One thing that is wrong with the frame."),
            "finding == bad-utf8",
            tuple(Named(name, _meaning(name)) for name in FINDINGS),
        ),
        Field(
            "payload",
            Kind.BYTES,
            translate("filter", "The payload, unmasked, joined from its fragments and inflated."),
            'payload contains "abc"',
            also=(
                "websocket.payload",
                "websocket.payload.text",
                "websocket.payload.binary",
                "websocket.payload.ping",
                "websocket.payload.pong",
                "websocket.payload.unknown",
                "data-text-lines",
            ),
        ),
        Field(
            "json",
            Kind.JSON,
            translate("filter", "A value in a payload that is JSON: members by name, elements by [index]."),
            'json.event == "price"',
        ),
    )


def _meaning(finding: str) -> str:
    return finding.replace("-", " ").capitalize() + "."


def things() -> tuple[Named, ...]:
    """What can stand behind ``has``."""
    return (
        Named("finding", translate("filter", "Something is wrong with the frame.")),
        Named("deflate", translate("filter", "Its message is compressed.")),
        Named("mask", translate("filter", "It is masked.")),
        Named("fragments", translate("filter", "It is a part of a message of several frames.")),
        Named("mark", translate("filter", "It was marked.")),
        Named("json", translate("filter", "Its payload is JSON, or has a value at json.path.")),
    )


OF_FRAMING = frozenset(
    [
        "length",
        "fin",
        "rsv",
        "rsv1",
        "rsv2",
        "rsv3",
        "masked",
        "compressed",
        "finding",
        "deflate",
        "mask",
        "fragments",
    ]
)
"""Fields and things that speak of frames as they travelled, which a file that tells of messages does not."""

FIELDS = {each.name: each for each in fields()}
ALSO = {other: each.name for each in FIELDS.values() for other in each.also}
THINGS = {each.name for each in things()}
ALSO_THINGS = {
    "anomaly": "finding",
    "findings": "finding",
    "compressed": "deflate",
    "masked": "mask",
    "marked": "mark",
    "marks": "mark",
    "fragment": "fragments",
}

UNITS_OF_COUNT = {
    "": 1,
    "k": 1000,
    "m": 1000**2,
    "g": 1000**3,
    "ki": 1024,
    "mi": 1024**2,
    "gi": 1024**3,
}
UNITS_OF_TIME = {
    "": 10**9,
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "min": 60 * 10**9,
    "h": 3600 * 10**9,
}


def field_called(name: str) -> Field | None:
    """The field of that name, in any case, or of one of its other names."""
    lowered = name.lower()
    return FIELDS.get(ALSO.get(lowered, lowered))
