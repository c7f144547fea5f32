"""Provocations of compression, time and size."""

import zlib

from wsinspector.protocol.crafting.plain_form import Plain
from wsinspector.protocol.deflate import TAIL
from wsinspector.protocol.provocations.provocation import (
    DEFLATE,
    LIMITS,
    Demand,
    Kind,
    Provocation,
    Then,
    row,
)
from wsinspector.translate import translate as t

_P = "Provocations"
_FAIL, _MAY, _ON = Demand.FAIL, Demand.MAY_FAIL, Demand.GO_ON
_BAD = (1007, 1002)
_PMD = "RFC 7692 "
BOMB = 16 << 20
LARGEST = 16 << 20

_SAID = b"Said before, and said again."
_FAR = "".join(f"{number:03d} " for number in range(500))  # 2000 bytes without a repetition of its own


def deflated(payload: bytes, known: bytes = b"", bits: int = 15) -> str:
    """A message as permessage-deflate sends it, in hex; ``known``: what the receiver's window holds."""
    made = (
        zlib.compressobj(9, zlib.DEFLATED, -bits, 9, zlib.Z_DEFAULT_STRATEGY, known)
        if known
        else zlib.compressobj(9, zlib.DEFLATED, -bits)
    )
    return (made.compress(payload) + made.flush(zlib.Z_SYNC_FLUSH)).removesuffix(TAIL).hex()


def _sent(data: str, **more: object) -> Plain:
    return {"opcode": "text", "rsv1": True, "hex": data, **more}


COMPRESSION = (
    row(
        "deflate-valid", Kind.COMPRESSION, t(_P, "A compressed message"),
        t(_P, "A text that is compressed as it should be."), _ON, _PMD + "§6",
        {"text": "Hello, Hello, Hello", "compression": "yes"}, offers=DEFLATE,
    ),
    row(
        "deflate-not-used", Kind.COMPRESSION, t(_P, "Agreed, and not used"),
        t(_P, "A text that is not compressed, RSV1 clear, which is allowed."), _ON, _PMD + "§6",
        {"text": "Hello"}, offers=DEFLATE,
    ),
    row(
        "deflate-fragments", Kind.COMPRESSION, t(_P, "A compressed message in fragments"),
        t(_P, "Fragments of three bytes, RSV1 on the first."), _ON, _PMD + "§6.1",
        {"text": "Hello, Hello, Hello", "compression": "yes", "fragments": 3}, offers=DEFLATE,
    ),
    row(
        "deflate-final-block", Kind.COMPRESSION, t(_P, "A block with BFINAL"),
        t(_P, "A message that ends with a final block, which is allowed."), _ON, _PMD + "§7.2.3.4",
        {"text": "Hello, Hello, Hello", "compression": "final-block"}, offers=DEFLATE,
    ),
    row(
        "deflate-corrupt", Kind.COMPRESSION, t(_P, "Compressed data that is damaged"),
        t(_P, "A block of a type that does not exist."), _MAY, _PMD + "§7.2.2",
        {"text": "Hello, Hello", "compression": "corrupt"}, offers=DEFLATE, codes=_BAD,
        must=t(_P, "It cannot be inflated; no clause says what a receiver must do. Usual is 1007 or 1002."),
    ),
    row(
        "deflate-missing-context", Kind.COMPRESSION, t(_P, "Refers to what was never sent"),
        t(_P, "The first message refers back to bytes before it."), _MAY, _PMD + "§7.2.2",
        {"text": "Hello, Hello, Hello", "compression": "missing-context"}, offers=DEFLATE, codes=_BAD,
        must=t(_P, "It cannot be inflated; no clause says what a receiver must do. Usual is 1007 or 1002."),
    ),
    row(
        "deflate-context-kept", Kind.COMPRESSION, t(_P, "Context kept though none was agreed"),
        t(_P, "With client_no_context_takeover the second message refers to the first."),
        Demand.FREE, _PMD + "§7.1.1.2",
        [_sent(deflated(_SAID)), _sent(deflated(_SAID, _SAID))],
        offers=DEFLATE + b"; client_no_context_takeover", agrees="client_no_context_takeover", codes=_BAD,
        must=t(_P, "May fail, or inflate it where it kept the window all the same."),
    ),
    row(
        "deflate-window", Kind.COMPRESSION, t(_P, "Window larger than agreed"),
        t(_P, "With client_max_window_bits=9 a message refers back 2000 bytes."),
        Demand.FREE, _PMD + "§7.1.2.2", _sent(deflated((_FAR + _FAR).encode())),
        offers=DEFLATE + b"; client_max_window_bits=9", agrees="client_max_window_bits", codes=_BAD,
        must=t(_P, "May fail, or inflate it where its window is larger."),
    ),
    row(
        "deflate-rsv1-continuation", Kind.COMPRESSION, t(_P, "RSV1 on a second fragment"),
        t(_P, "Both fragments of a compressed message have RSV1."), _FAIL, _PMD + "§6",
        [_sent(deflated(_SAID), fin=False), {"opcode": "continuation", "hex": "00", "rsv1": True}],
        offers=DEFLATE, codes=(1002,),
    ),
    row(
        "deflate-rsv1-ping", Kind.COMPRESSION, t(_P, "RSV1 on a Ping, compression agreed"),
        t(_P, "A Ping with RSV1, which control frames never have."), _FAIL, _PMD + "§6",
        {"opcode": "ping", "text": "rsv1", "rsv1": True}, offers=DEFLATE, codes=(1002,),
    ),
    row(
        "deflate-rsv2", Kind.COMPRESSION, t(_P, "RSV2, compression agreed"),
        t(_P, "A text with RSV2, which permessage-deflate gives no meaning."), _FAIL, "§5.2",
        {"text": "Hello", "rsv2": True}, offers=DEFLATE, codes=(1002,),
    ),
    row(
        "deflate-no-utf8", Kind.COMPRESSION, t(_P, "Inflates to what is no UTF-8"),
        t(_P, "A compressed text that holds ff."), _FAIL, "§8.1",
        _sent(deflated(b"Hello \xff")), offers=DEFLATE, codes=(1007,),
    ),
    row(
        "deflate-bomb", Kind.COMPRESSION, t(_P, "16 MiB in 16 KiB"),
        t(_P, "A binary message that inflates to a thousand times its size."), _ON, "§10.4",
        {"opcode": "binary", "pattern": "\0", "size": BOMB, "compression": "yes"}, offers=DEFLATE,
        codes=LIMITS, must=t(_P, "Must take it, or close; 1009 says that it is too large."),
    ),
)  # fmt: skip

TIMING = (
    row(
        "two-in-one-write", Kind.TIMING, t(_P, "Two frames in one write"),
        t(_P, "Two texts leave together."), _ON, "§5.2", [{"text": "first"}, {"text": "second"}],
    ),
    row(
        "dribble", Kind.TIMING, t(_P, "A byte at a time"), t(_P, "A text and a Ping, a byte a write."),
        _ON, "§5.2",
        {
            "frames": [{"text": "drop by drop"}, {"opcode": "ping", "text": "drop"}],
            "write": {"size": 1, "delay": 0.005},
        },
        pong=b"drop",
    ),
    row(
        "pause-in-header", Kind.TIMING, t(_P, "A pause within a header"),
        t(_P, "Half a second passes behind a frame's first byte, and again within its key."), _ON, "§5.2",
        {"text": "Hello", "write": {"chunks": [1, 3], "delay": 0.5}},
    ),
    row(
        "early-data", Kind.TIMING, t(_P, "A frame before the answer"),
        t(_P, "A text leaves with the request; a client must wait for the answer."), Demand.FREE, "§4.1",
        {"text": "early"}, early=True,
        must=t(_P, "The rule binds the client: may take it, drop it or refuse."),
    ),
)  # fmt: skip

SIZE = (
    row(
        "text-empty", Kind.SIZE, t(_P, "Empty text"), t(_P, "A text without a byte."),
        _ON, "§5.6", {"text": ""},
    ),
    row(
        "texts-empty-1000", Kind.SIZE, t(_P, "1000 empty texts"), t(_P, "1000 messages without a byte."),
        _ON, "§5.6", [{"text": ""} for _ in range(1000)], codes=LIMITS,
    ),
    *(
        row(
            f"binary-{name}", Kind.SIZE, t(_P, "Binary of {0}").format(said),
            t(_P, "A binary message of {0} in one frame.").format(said), _ON, "§10.4",
            {"opcode": "binary", "pattern": "0123456789abcdef", "size": size}, codes=LIMITS,
            must=t(_P, "Must take it, or close; 1009 says that it is too large."),
        )
        for name, said, size in (
            ("64k", "64 KiB", 1 << 16), ("1m", "1 MiB", 1 << 20), ("16m", "16 MiB", LARGEST),
        )
    ),
    row(
        "fragments-1m", Kind.SIZE, t(_P, "1 MiB in fragments"),
        t(_P, "A binary message of 1 MiB in fragments of 1 KiB."), _ON, "§10.4",
        {"opcode": "binary", "pattern": "0123456789abcdef", "size": 1 << 20, "fragments": 1024},
        codes=LIMITS, must=t(_P, "Must take it, or close; 1009 says that it is too large."),
    ),
    row(
        "declared-1g", Kind.SIZE, t(_P, "1 GiB announced"),
        t(_P, "The header of a binary frame of 1 GiB, 5 bytes of it, then nothing."), Demand.FREE, "§10.4",
        {"opcode": "binary", "text": "Hello", "length": 1 << 30}, codes=(1009,), then=Then.WAIT,
        must=t(_P, "May wait, or close with 1009 or in any other way."),
    ),
)  # fmt: skip

LOADING: tuple[Provocation, ...] = (*COMPRESSION, *TIMING, *SIZE)
