"""Provocations of messages: their fragments, and text that is no UTF-8."""

from wsinspector.protocol.crafting import INVALID_UTF8
from wsinspector.protocol.provocations.provocation import LIMITS, Demand, Kind, Provocation, row
from wsinspector.translate import translate as t

_P = "Provocations"
_FAIL, _MAY, _ON = Demand.FAIL, Demand.MAY_FAIL, Demand.GO_ON
_ERROR, _BAD = (1002,), (1007,)
EMPTY_FRAMES = 1000

FRAGMENTS = (
    row(
        "ping-between-fragments", Kind.FRAGMENTS, t(_P, "Ping between fragments"),
        t(_P, "A message in two fragments with a Ping between them, which is allowed."), _ON, "§5.4",
        {"text": "Hello", "fragments": [2], "between": [{"after": 1, "opcode": "ping", "text": "between"}]},
        pong=b"between", must=t(_P, "Must answer the Ping with the same payload, and take the message."),
    ),
    row(
        "fragments-one-byte", Kind.FRAGMENTS, t(_P, "Fragments of one byte"),
        t(_P, "A text in fragments of a byte each."), _ON, "§5.4",
        {"text": "Hello, fragments", "fragments": 1},
    ),
    row(
        "fragments-empty", Kind.FRAGMENTS, t(_P, "Many empty fragments"),
        t(_P, "A message of {0} fragments without a byte in them.").format(EMPTY_FRAMES), _ON, "§5.4",
        [
            {"text": "", "fin": False},
            *({"opcode": "continuation", "fin": False} for _ in range(EMPTY_FRAMES - 2)),
            {"opcode": "continuation"},
        ], codes=LIMITS,
    ),
    row(
        "fragment-unfinished", Kind.FRAGMENTS, t(_P, "A message that is not finished"),
        t(_P, "A first fragment, and no second: only a Ping follows."), _ON, "§5.4",
        {"text": "Hel", "fin": False},
        must=t(_P, "A Ping may stand between fragments: must answer it, and wait."),
    ),
    row(
        "ping-fragmented", Kind.FRAGMENTS, t(_P, "Ping in fragments"),
        t(_P, "A Ping without FIN, and a continuation."), _MAY, "§5.5",
        [{"opcode": "ping", "text": "fra", "fin": False}, {"opcode": "continuation", "text": "gment"}],
        codes=_ERROR,
    ),
    row(
        "close-fragmented", Kind.FRAGMENTS, t(_P, "Close without FIN"),
        t(_P, "A Close whose FIN is not set."),
        _MAY, "§5.5", {"opcode": "close", "code": 1000, "fin": False}, codes=_ERROR,
    ),
    row(
        "stray-continuation", Kind.FRAGMENTS, t(_P, "Continuation without a message"),
        t(_P, "A continuation with FIN where no message has begun."), _MAY, "§5.4",
        {"opcode": "continuation", "text": "Hello"}, codes=_ERROR,
    ),
    row(
        "stray-continuation-open", Kind.FRAGMENTS, t(_P, "Continuation without a message, unfinished"),
        t(_P, "A continuation without FIN where no message has begun."), _MAY, "§5.4",
        {"opcode": "continuation", "text": "Hello", "fin": False}, codes=_ERROR,
    ),
    row(
        "continuation-after-message", Kind.FRAGMENTS, t(_P, "Continuation after a whole message"),
        t(_P, "A whole text, then a continuation."), _MAY, "§5.4",
        [{"text": "whole"}, {"opcode": "continuation", "text": "more"}], codes=_ERROR,
    ),
    row(
        "text-within-message", Kind.FRAGMENTS, t(_P, "New text within a message"),
        t(_P, "A first fragment, then another text frame."), _MAY, "§5.4",
        [{"text": "Hel", "fin": False}, {"text": "other"}], codes=_ERROR,
    ),
    row(
        "binary-within-message", Kind.FRAGMENTS, t(_P, "New binary within a message"),
        t(_P, "A first fragment of a text, then a binary frame without FIN."), _MAY, "§5.4",
        [{"text": "Hel", "fin": False}, {"opcode": "binary", "hex": "00ff", "fin": False}], codes=_ERROR,
    ),
)  # fmt: skip

_NAMES = {
    "bad-byte": t(_P, "the byte ff, which is never UTF-8"),
    "lone-continuation": t(_P, "a continuation byte without a first"),
    "overlong-2": t(_P, "a slash in two bytes"),
    "overlong-3": t(_P, "a slash in three bytes"),
    "overlong-4": t(_P, "a slash in four bytes"),
    "high-surrogate": t(_P, "a lone high surrogate"),
    "low-surrogate": t(_P, "a lone low surrogate"),
    "surrogate-pair": t(_P, "two surrogates (CESU-8)"),
    "beyond-10ffff": t(_P, "a character beyond U+10FFFF"),
    "broken-sequence": t(_P, "a sequence that breaks off"),
    "incomplete": t(_P, "a sequence cut off by the end of the message"),
}

UTF8 = (
    *(
        row(
            f"utf8-{name}", Kind.UTF8, t(_P, "Text with {0}").format(_NAMES[name]),
            t(_P, "A text that ends in {0}: no UTF-8.").format(data.hex(" ")), _FAIL, "§8.1",
            {"invalid": name, "size": 16}, codes=_BAD,
        )
        for name, data in INVALID_UTF8.items()
    ),
    row(
        "utf8-bad-in-second", Kind.UTF8, t(_P, "No UTF-8 in the second fragment"),
        t(_P, "A text whose second fragment, the last, holds ff."), _FAIL, "§8.1",
        [{"text": "Hel", "fin": False}, {"opcode": "continuation", "hex": "6cff"}], codes=_BAD,
    ),
    row(
        "utf8-bad-across", Kind.UTF8, t(_P, "Broken across fragments"),
        t(_P, "e2 82 ends a fragment, and the next, the last, goes on with 28."), _FAIL, "§8.1",
        [{"hex": "e282", "fin": False}, {"opcode": "continuation", "hex": "28"}], codes=_BAD,
    ),
    row(
        "utf8-bad-unfinished", Kind.UTF8, t(_P, "No UTF-8, message not finished"),
        t(_P, "A first fragment that holds ff; the message does not end."), Demand.FREE, "§8.1",
        {"hex": "48ff", "fin": False}, codes=_BAD,
        must=t(_P, "May fail at once with 1007, or wait for the end of the message."),
    ),
    row(
        "utf8-valid-across", Kind.UTF8, t(_P, "A character across fragments"),
        t(_P, "€ is cut in the middle by a fragment's end, which is allowed."), _ON, "§5.6",
        {"text": "5 €", "fragments": "split-sequence"},
    ),
    row(
        "utf8-nul", Kind.UTF8, t(_P, "Text with U+0000 and U+FFFF"),
        t(_P, "Odd characters that are UTF-8 all the same."), _ON, "§5.6", {"hex": "00efbfbf00"},
    ),
    row(
        "binary-no-utf8", Kind.UTF8, t(_P, "Binary that is no UTF-8"), t(_P, "A binary frame with ff fe 80."),
        _ON, "§5.6", {"opcode": "binary", "hex": "fffe80"},
    ),
)  # fmt: skip

MESSAGES: tuple[Provocation, ...] = (*FRAGMENTS, *UTF8)
