"""Provocations of a frame's header: mask, opcode, reserved bits, length."""

from wsinspector.protocol.provocations.provocation import Demand, Kind, Provocation, Then, row
from wsinspector.translate import translate as t

_P = "Provocations"
_FAIL, _MAY, _ON = Demand.FAIL, Demand.MAY_FAIL, Demand.GO_ON
_ERROR = (1002,)
_UNMASKED = t(_P, "Must close the connection; it may say 1002.")

MASKING = (
    row(
        "unmasked-text", Kind.MASKING, t(_P, "Text without a mask"),
        t(_P, "A text frame that is not masked."),
        _FAIL, "§5.1", {"text": "Hello", "mask": "off"}, must=_UNMASKED,
    ),
    row(
        "unmasked-ping", Kind.MASKING, t(_P, "Ping without a mask"), t(_P, "A Ping that is not masked."),
        _FAIL, "§5.1", {"opcode": "ping", "text": "unmasked", "mask": "off"}, must=_UNMASKED,
    ),
    row(
        "unmasked-close", Kind.MASKING, t(_P, "Close without a mask"), t(_P, "A Close that is not masked."),
        _FAIL, "§5.1", {"opcode": "close", "code": 1000, "mask": "off"}, must=_UNMASKED, then=Then.WAIT,
    ),
    row(
        "unmasked-continuation", Kind.MASKING, t(_P, "Mask lost within a message"),
        t(_P, "The first fragment is masked, the second is not."), _FAIL, "§5.1",
        [
            {"text": "Hel", "fin": False},
            {"opcode": "continuation", "text": "lo", "mask": "off"},
        ], must=_UNMASKED,
    ),
    row(
        "zero-key", Kind.MASKING, t(_P, "Masking key of zeros"),
        t(_P, "A text frame masked with 00 00 00 00, so that it travels in clear."),
        _ON, "§5.3", {"text": "Hello", "mask": "zero"},
    ),
    row(
        "same-key", Kind.MASKING, t(_P, "The same masking key twice"), t(_P, "Two frames with one key."),
        _ON, "§5.3", [{"text": "Hello", "mask": "37fa213d"}, {"text": "again", "mask": "37fa213d"}],
        must=t(_P, "The key should be unpredictable, which no receiver can tell: must take both frames."),
    ),
)  # fmt: skip

OPCODES = tuple(
    row(
        f"opcode-{number:x}", Kind.OPCODES, t(_P, "Opcode {0}").format(f"0x{number:X}"),
        (
            t(_P, "A control frame with the reserved opcode {0}.")
            if number & 8
            else t(_P, "A data frame with the reserved opcode {0}.")
        ).format(f"0x{number:X}"),
        _FAIL, "§5.2", {"opcode": number, "text": "Hello"}, codes=_ERROR,
    )
    for number in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
)  # fmt: skip

RESERVED = (
    *(
        row(
            f"rsv{bit}", Kind.RSV, t(_P, "RSV{0} set").format(bit),
            t(_P, "A text frame with RSV{0}, though no extension was agreed.").format(bit),
            _FAIL, "§5.2", {"text": "Hello", f"rsv{bit}": True}, codes=_ERROR,
        )
        for bit in (1, 2, 3)
    ),
    row(
        "rsv-all", Kind.RSV, t(_P, "All three reserved bits"),
        t(_P, "A text frame with RSV1, RSV2 and RSV3."),
        _FAIL, "§5.2", {"text": "Hello", "rsv1": True, "rsv2": True, "rsv3": True}, codes=_ERROR,
    ),
    row(
        "rsv1-ping", Kind.RSV, t(_P, "RSV1 on a Ping"), t(_P, "A Ping with RSV1; no extension was agreed."),
        _FAIL, "§5.2", {"opcode": "ping", "text": "rsv1", "rsv1": True}, codes=_ERROR,
    ),
    row(
        "rsv2-continuation", Kind.RSV, t(_P, "RSV2 on a second fragment"),
        t(_P, "The continuation of a message has RSV2."), _FAIL, "§5.2",
        [{"text": "Hel", "fin": False}, {"opcode": "continuation", "text": "lo", "rsv2": True}],
        codes=_ERROR,
    ),
)  # fmt: skip

LENGTH = (
    row(
        "control-126", Kind.LENGTH, t(_P, "Ping of 126 bytes"),
        t(_P, "A Ping with one byte more than a control frame may have."), _MAY, "§5.5",
        {"opcode": "ping", "pattern": "x", "size": 126}, codes=_ERROR,
    ),
    row(
        "control-65536", Kind.LENGTH, t(_P, "Ping of 65536 bytes"),
        t(_P, "A Ping whose length needs 64 bits."), _MAY, "§5.5",
        {"opcode": "ping", "pattern": "x", "size": 65536}, codes=_ERROR,
    ),
    row(
        "length-16-for-5", Kind.LENGTH, t(_P, "5 bytes, length in 16 bits"),
        t(_P, "A text of 5 bytes whose length is written in 16 bits."), _MAY, "§5.2",
        {"text": "Hello", "form": 16}, codes=_ERROR,
    ),
    row(
        "length-64-for-5", Kind.LENGTH, t(_P, "5 bytes, length in 64 bits"),
        t(_P, "A text of 5 bytes whose length is written in 64 bits."), _MAY, "§5.2",
        {"text": "Hello", "form": 64}, codes=_ERROR,
    ),
    row(
        "length-64-for-300", Kind.LENGTH, t(_P, "300 bytes, length in 64 bits"),
        t(_P, "A text of 300 bytes whose length is written in 64 bits."), _MAY, "§5.2",
        {"pattern": "x", "size": 300, "form": 64}, codes=_ERROR,
    ),
    row(
        "length-top-bit", Kind.LENGTH, t(_P, "Length with its top bit"),
        t(_P, "A length of 2^63 + 5, of which the first bit must be 0; 5 bytes follow."), _MAY, "§5.2",
        {"text": "Hello", "length": "0x8000000000000005", "form": 64}, codes=_ERROR, then=Then.WAIT,
    ),
    row(
        "length-2-62", Kind.LENGTH, t(_P, "Length of 2^62"),
        t(_P, "A length that is allowed and that nobody can hold; 5 bytes follow, then nothing."),
        Demand.FREE, "§10.4", {"text": "Hello", "length": 1 << 62, "form": 64}, codes=(1009,), then=Then.WAIT,
        must=t(_P, "May wait, or close with 1009 or in any other way."),
    ),
    row(
        "longer-than-sent", Kind.LENGTH, t(_P, "Declared longer than sent"),
        t(_P, "100 bytes are declared, 5 follow, then nothing."), Demand.FREE, "§5.2",
        {"text": "Hello", "length": 100}, then=Then.WAIT, must=t(_P, "May wait for the rest, or give up."),
    ),
    row(
        "half-header", Kind.LENGTH, t(_P, "Half a header"), t(_P, "The first byte of a frame, then nothing."),
        Demand.FREE, "§5.2", {"raw": "81"}, then=Then.WAIT, must=t(_P, "May wait for the rest, or give up."),
    ),
)  # fmt: skip

FRAMING: tuple[Provocation, ...] = (*MASKING, *OPCODES, *RESERVED, *LENGTH)
