"""Every dialect's frames for the tests: written, scanned in any pieces, and seen as columns."""

from collections.abc import Sequence
from dataclasses import astuple
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from wsinspector.protocol.arriving import Agreed, Attention
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.frame_facts import FRAME_FACTS
from wsinspector.protocol.framings import Framing, framing_called
from wsinspector.protocol.spans import Direction, Role

CONNECTION_KEY = bytes.fromhex("41e14f78311e4c34283e6d8b363b8848d58591a7")
KEY = bytes.fromhex("37fa213d")
DIALECTS = list(FRAME_FACTS)


def agreed_in(dialect: str, **more: Any) -> Agreed:
    return Agreed(dialect=dialect, connection_key=CONNECTION_KEY if dialect == "hybi-04" else b"", **more)


def framing_of(dialect: str) -> Framing:
    return framing_called(FRAME_FACTS[dialect].framing)


def write(dialect: str, opcode: int, payload: bytes, sender: Role, **parts: Any) -> bytes:
    """One frame as ``sender`` conformingly sends it: a client with a key, unless told otherwise."""
    if sender is Role.CLIENT:
        parts.setdefault("key", KEY)
    return framing_of(dialect).encode(opcode, payload, sender=sender, agreed=agreed_in(dialect), **parts)


def scan(
    pieces: Sequence[bytes], dialect: str, sender: Role, *, agreed: Agreed | None = None, **options: Any
) -> tuple[FrameColumns, list[Attention]]:
    """Columns and complete attentions of the pieces, all read at time 0, the stream ended."""
    settled = agreed_in(dialect) if agreed is None else agreed
    scanner = framing_of(dialect).scanner(Direction.IN, sender, agreed=settled, **options)
    for piece in pieces:
        scanner.feed(piece, 0)
        pending = scanner.pending
        if pending is not None:
            assert len(pending.header) + pending.have <= scanner.position - pending.offset
            assert not pending.anomalies & ~FRAME_FACTS[dialect].said
    scanner.end(0)
    assert scanner.pending is None
    return scanner.take(), [one for one in scanner.drain() if one.complete]


def cut(wire: bytes, at: Sequence[int]) -> list[bytes]:
    edges = [0, *sorted(one for one in at if 0 < one < len(wire)), len(wire)]
    return [wire[start:stop] for start, stop in pairwise(edges)]


def rows(columns: FrameColumns) -> list[tuple[int, ...]]:
    return list(zip(*astuple(columns), strict=True))


def payloads(wire: bytes, columns: FrameColumns, dialect: str, sender: Role) -> list[bytes]:
    """Each frame's payload as its sender had it, read back from ``wire``."""
    framing = framing_of(dialect)
    found = []
    for offset, header, length in zip(columns.offset, columns.header, columns.length, strict=True):
        start = offset + header
        stop = min(start + length, len(wire))
        head = wire[offset:start]
        raw = wire[start:stop]
        plain = framing.unmask(head, raw, 0, sender=sender, agreed=agreed_in(dialect))
        middle = len(raw) // 3
        later = framing.unmask(head, raw[middle:], middle, sender=sender, agreed=agreed_in(dialect))
        assert plain[middle:] == later
        found.append(plain)
    return found


def dialects() -> st.SearchStrategy[str]:
    return st.sampled_from(DIALECTS)


def roles() -> st.SearchStrategy[Role]:
    return st.sampled_from(Role)
