"""Bytes for the frame tests: sane, broken and random, and what a scanner makes of them."""

from collections.abc import Sequence
from dataclasses import astuple
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.deflate import DeflateParameters, Deflater
from wsinspector.protocol.frames import encode_frame
from wsinspector.protocol.scanner import Agreed, Attention, Rfc6455Scanner
from wsinspector.protocol.spans import Direction, Role

DEFLATE = Agreed(DeflateParameters())

Columns = list[list[int]]


def new_scanner(sender: Role = Role.SERVER, **options: Any) -> Rfc6455Scanner:
    return Rfc6455Scanner(Direction.IN, sender, **options)


def cut(wire: bytes, at: Sequence[int]) -> list[bytes]:
    """``wire`` in pieces, cut at the given offsets (any, in any order)."""
    edges = [0, *sorted(one for one in at if 0 < one < len(wire)), len(wire)]
    return [wire[start:stop] for start, stop in pairwise(edges)]


def scan_pieces(
    pieces: Sequence[bytes], sender: Role, *, end: bool = True, **options: Any
) -> tuple[Columns, list[Attention]]:
    """Columns and complete attentions of the pieces, all read at time 0."""
    scanner = new_scanner(sender, **options)
    for piece in pieces:
        scanner.feed(piece, 0)
        pending = scanner.pending
        assert pending is None or len(pending.header) + pending.have <= scanner.position
    if end:
        scanner.end(0)
    columns = [list(column) for column in astuple(scanner.take())]
    return columns, [one for one in scanner.drain() if one.complete]


def anomalies_of(wire: bytes, sender: Role = Role.SERVER, **options: Any) -> list[FrameAnomaly]:
    columns, _ = scan_pieces([wire], sender, end=False, **options)
    return [FrameAnomaly(value) for value in columns[7]]


def _compressed(payload: bytes) -> bytes:
    return Deflater(takeover=False).deflate(payload)


def payloads() -> st.SearchStrategy[bytes]:
    return st.one_of(
        st.binary(max_size=8),
        st.text(max_size=12).map(lambda text: text.encode()),
        st.text(max_size=12).map(lambda text: text.encode()[:-1]),
        st.binary(max_size=12).map(_compressed),
        st.sampled_from([b"", b"a" * 125, b"b" * 126, b"\xe2\x82\xac" * 42, bytes(300)]),
        st.sampled_from([b"\x03\xe8", b"\x03", b"\x03\xedx", b"\x03\xe8\xff", b"\x0f\xa0ok"]),
    )


def crafted_frames() -> st.SearchStrategy[bytes]:
    """Frames of every kind, mostly near to conforming ones."""
    return st.builds(
        encode_frame,
        st.sampled_from([0, 0, 1, 1, 1, 2, 2, 3, 8, 9, 10, 11]),
        payloads(),
        fin=st.sampled_from([True, True, False]),
        rsv=st.sampled_from([0, 0, 0, 0, 4, 4, 2, 1, 7]),
        key=st.sampled_from([None, None, b"\x00\x00\x00\x00", b"7\xfa!=", b"\xff\x01\x80\x7f"]),
        length_form=st.sampled_from([None, None, None, 64]),
    )


def wires() -> st.SearchStrategy[bytes]:
    """Whole streams: crafted frames, then perhaps bytes of any kind."""
    frames = st.lists(crafted_frames(), max_size=12).map(b"".join)
    sane = st.lists(
        st.builds(
            encode_frame,
            st.sampled_from([1, 1, 2]),
            st.text(max_size=20).map(lambda text: text.encode()),
            key=st.none() | st.binary(min_size=4, max_size=4),
        ),
        max_size=20,
    ).map(b"".join)
    return st.builds(lambda *parts: b"".join(parts), sane, frames, st.binary(max_size=20))
