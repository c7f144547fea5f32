"""Provocations of control frames: pings, pongs, closes, what follows a Close, and the end of TCP."""

from wsinspector.protocol.provocations.provocation import LIMITS, Demand, Kind, Provocation, Then, row
from wsinspector.translate import translate as t

_P = "Provocations"
_ON, _CLOSE, _BROKEN = Demand.GO_ON, Demand.CLOSE, Demand.MAY_CLOSE
_ERROR = (1002,)
FLOOD = 1000

CONTROL = (
    row(
        "ping-empty", Kind.CONTROL, t(_P, "Empty Ping"), t(_P, "A Ping without a payload."), _ON, "§5.5.3",
        {"opcode": "ping"}, pong=b"", must=t(_P, "Must answer with an empty Pong."),
    ),
    row(
        "ping-125", Kind.CONTROL, t(_P, "Ping of 125 bytes"), t(_P, "The longest Ping that is allowed."),
        _ON, "§5.5.3", {"opcode": "ping", "pattern": "0123456789", "size": 125},
        pong=(b"0123456789" * 13)[:125], must=t(_P, "Must answer with the same 125 bytes."),
    ),
    row(
        "ping-flood", Kind.CONTROL, t(_P, "{0} Pings at once").format(FLOOD),
        t(_P, "{0} Pings in one go, none waited for.").format(FLOOD), _ON, "§5.5.3",
        [{"opcode": "ping", "text": f"flood {number}"} for number in range(FLOOD)], codes=LIMITS,
        must=t(_P, "Must answer the last; it may leave out those before."),
    ),
    row(
        "pong-unasked", Kind.CONTROL, t(_P, "Pong nobody asked for"), t(_P, "A Pong without a Ping."),
        _ON, "§5.5.3", {"opcode": "pong", "text": "unasked"},
        must=t(_P, "A heartbeat: must take it, and go on."),
    ),
    row(
        "pong-flood", Kind.CONTROL, t(_P, "{0} Pongs at once").format(FLOOD),
        t(_P, "{0} Pongs nobody asked for.").format(FLOOD), _ON, "§5.5.3",
        [{"opcode": "pong", "text": f"flood {number}"} for number in range(FLOOD)], codes=LIMITS,
    ),
)  # fmt: skip


def _code(code: int, why: str) -> Provocation:
    return row(
        f"close-{code}", Kind.CLOSE, t(_P, "Close with {0}").format(code),
        t(_P, "A Close with the code {0}: {1}.").format(code, why), _BROKEN, "§7.4",
        {"opcode": "close", "code": code}, codes=_ERROR,
    )  # fmt: skip


_UNUSED = t(_P, "0 to 999 are not used")
_RESERVED = t(_P, "reserved for the protocol, without a meaning")
_NEVER = t(_P, "it must not travel in a frame")

CLOSES = (
    row(
        "close-empty", Kind.CLOSE, t(_P, "Close without a code"), t(_P, "A Close with an empty body."),
        _CLOSE, "§5.5.1", {"opcode": "close"},
    ),
    *(
        row(
            f"close-{code}", Kind.CLOSE, t(_P, "Close with {0}").format(code),
            t(_P, "A Close with the code {0}, which is allowed.").format(code), _CLOSE, "§5.5.1",
            {"opcode": "close", "code": code, "reason": "bye"},
        )
        for code in (1000, 3000, 4999)
    ),
    row(
        "close-long-reason", Kind.CLOSE, t(_P, "Close with 123 bytes of reason"),
        t(_P, "The longest reason that is allowed."), _CLOSE, "§5.5.1",
        {"opcode": "close", "code": 1000, "reason": "r" * 123},
    ),
    row(
        "close-one-byte", Kind.CLOSE, t(_P, "Close with one byte"),
        t(_P, "A Close with half a code."), _BROKEN, "§5.5.1", {"opcode": "close", "hex": "03"}, codes=_ERROR,
    ),
    _code(0, _UNUSED),
    _code(999, _UNUSED),
    _code(1004, _RESERVED),
    _code(1005, _NEVER),
    _code(1006, _NEVER),
    _code(1015, _NEVER),
    _code(1016, _RESERVED),
    _code(2999, _RESERVED),
    _code(5000, t(_P, "beyond all ranges")),
    _code(65535, t(_P, "beyond all ranges")),
    row(
        "close-reason-no-utf8", Kind.CLOSE, t(_P, "Close with a reason that is no UTF-8"),
        t(_P, "A Close with 1000 and the bytes c3 28."), _BROKEN, "§5.5.1",
        {"opcode": "close", "hex": "03e8c328"}, codes=(1007, 1002),
    ),
    row(
        "close-reason-124", Kind.CLOSE, t(_P, "Close with 124 bytes of reason"),
        t(_P, "A Close of 126 bytes, one more than a control frame may have."), _BROKEN, "§5.5",
        {"opcode": "close", "code": 1000, "reason": "r" * 124}, codes=_ERROR,
    ),
    row(
        "close-twice", Kind.CLOSE, t(_P, "Close twice"), t(_P, "Two Close frames in one write."),
        _CLOSE, "§5.5.1", [{"opcode": "close", "code": 1000}, {"opcode": "close", "code": 1001}],
    ),
    row(
        "text-after-close", Kind.CLOSE, t(_P, "Text after Close"),
        t(_P, "A Close, and a text behind it, which no client may send."), _CLOSE, "§5.5.1",
        [{"opcode": "close", "code": 1000}, {"text": "after"}],
        must=t(_P, "Must answer the Close; what follows is discarded (§1.4)."),
    ),
    row(
        "ping-after-close", Kind.CLOSE, t(_P, "Ping after Close"), t(_P, "A Close, and a Ping behind it."),
        _CLOSE, "§5.5.1", [{"opcode": "close", "code": 1000}, {"opcode": "ping", "text": "after"}],
        must=t(_P, "Must answer the Close; the Ping needs no answer (§5.5.2)."),
    ),
    row(
        "close-within-message", Kind.CLOSE, t(_P, "Close within a message"),
        t(_P, "A first fragment, then a Close."), _CLOSE, "§5.4",
        [{"text": "Hel", "fin": False}, {"opcode": "close", "code": 1000}],
    ),
)  # fmt: skip

_LEAVES = t(_P, "May end as it likes, but must live on for others.")

ENDING = (
    row(
        "half-close", Kind.ENDING, t(_P, "FIN without Close"),
        t(_P, "A text, then our side of TCP ends without a Close frame."), Demand.FREE, "§7.1.1",
        {"text": "Hello"}, then=Then.HALF_CLOSE, must=_LEAVES,
    ),
    row(
        "half-close-within-frame", Kind.ENDING, t(_P, "FIN within a frame"),
        t(_P, "100 bytes are declared, 5 follow, then our side of TCP ends."), Demand.FREE, "§7.1.1",
        {"text": "Hello", "length": 100}, then=Then.HALF_CLOSE, must=_LEAVES,
    ),
    row(
        "reset", Kind.ENDING, t(_P, "RST without Close"), t(_P, "A text, then RST."), Demand.FREE, "§7.1.1",
        {"text": "Hello"}, then=Then.RESET, must=_LEAVES,
    ),
    row(
        "reset-within-message", Kind.ENDING, t(_P, "RST within a message"),
        t(_P, "A first fragment, then RST."), Demand.FREE, "§7.1.1",
        {"text": "Hel", "fin": False}, then=Then.RESET, must=_LEAVES,
    ),
)  # fmt: skip

CONTROLLING: tuple[Provocation, ...] = (*CONTROL, *CLOSES, *ENDING)
