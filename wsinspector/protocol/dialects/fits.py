"""Notices frames of another dialect than the handshake agreed on, and says which one fits and why.

Servers exist that take the drafts 01 to 03 in the handshake and then speak hixie-76's frames. An offer
that is wrong is worse than none, so it takes many bits of evidence, all of it in the bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.columns import FLAG_ENDS_MESSAGE, FLAG_SENTINEL, FrameColumns
from wsinspector.protocol.dialects.table import dialect_called
from wsinspector.protocol.opcodes import CLOSE, CONTROL_BIT, FIN_BIT, TEXT
from wsinspector.protocol.spans import Direction, Role
from wsinspector.translate import translate

LOOKED_AT = 4096
"""Bytes of a direction that are enough to tell."""

_MOST_FRAMES = 64
_ENOUGH = 16
_ENOUGH_BETWEEN_LIKE = 24
"""Bits of evidence. More where both dialects cut the bytes at the same places and differ in numbers only:
there, a frame of the other dialect is also what a peer at fault could send."""

_HEADER_BITS = 4  # three reserved bits, and six opcodes of sixteen
_SENTINEL_BITS = 11  # the type 00, and FF where the text ends
_NEVER = FrameAnomaly.TRUNCATED | FrameAnomaly.TOO_BIG | FrameAnomaly.INFLATE_LIMIT
_KEYS = FrameAnomaly.ZERO_MASKING_KEY | FrameAnomaly.REPEATED_MASKING_KEY
_TELLING = ~int(_NEVER | _KEYS)
_LONGEST = 1 << 24
"""Bytes; a longer frame than this is rather no frame at all."""

_TEXT_BEGINS = {"sentinel": "00", "more": "04", "whole": "84", "rfc6455": "81"}
"""First byte of a whole text message, as a server sends it, by framing."""

_TURNED = frozenset({"more", "whole"})
"""Framings with the same opcodes, where the first bit says "more follows" in one and "the last" in the
other: whole messages of one begin messages in the other, and never end them."""

_LINES = frozenset(b"\t\n\r")


@dataclass(frozen=True, slots=True)
class Look:
    """What a direction's first bytes look like in a dialect.

    ``frames``: whole ones. ``faults``: frames with something that the dialect does not have, one that is
    still arriving among them. ``bits``: of evidence that it is this dialect; 0 with any fault.
    ``first``: the first frame's header as its sender had it, at most two bytes. ``clean_data``: some data
    frame is without fault; ``clean_end``: one such ends its message. ``spoken``: some payload speaks for
    it too, not headers and lengths alone.
    """

    frames: int
    faults: int
    bits: int
    first: bytes
    texts: int
    clean_data: bool
    clean_end: bool
    spoken: bool


def look(data: bytes, agreed: Agreed, sender: Role) -> Look:
    """Read the first :data:`LOOKED_AT` bytes that ``sender`` sent after the handshake as ``agreed`` says."""
    data = data[:LOOKED_AT]
    framing = dialect_called(agreed.dialect).framing
    scanner = framing.scanner(Direction.IN, sender, agreed=agreed)
    scanner.feed(data, 0)
    columns = scanner.take()
    pending = scanner.pending
    faults = sum(1 for found in columns.anomalies if found & _TELLING)
    # No clause forbids a second Close, but no peer known sends one: texts of another framing look like it.
    faults += max(0, sum(kind & 0x0F == CLOSE for kind in columns.first) - 1)
    bits = texts = 0
    likely, spoken = True, False
    if pending is not None:
        faults += bool(pending.anomalies & _TELLING)
        likely = not pending.endless and pending.length <= _LONGEST
    elif len(data) < LOOKED_AT:
        bits += 8  # the bytes end where a frame does
    for at in range(min(len(columns), _MOST_FRAMES)):
        header_end = columns.offset[at] + columns.header[at]
        header = data[columns.offset[at] : header_end]
        payload = framing.unmask(
            header, data[header_end : header_end + columns.length[at]], 0, sender=sender, agreed=agreed
        )
        texts += columns.first[at] & 0x0F == TEXT
        more = _evidence(columns, at, payload)
        likely = likely and more is not None
        bits += more or 0
        spoken = spoken or (bool(payload) and (more or 0) > _HEADER_BITS + 2)
    first = b""
    if len(columns):
        header = data[columns.offset[0] : columns.offset[0] + columns.header[0]]
        plain = framing.plain_header(header, sender=sender, agreed=agreed)
        # What stands before a header that is masked too is its key.
        first = plain[4:6] if _masked_whole(agreed.dialect, sender) else plain[:2]
    clean = [
        kind
        for found, kind in zip(columns.anomalies, columns.first, strict=True)
        if not found & _TELLING and not kind & CONTROL_BIT
    ]
    believed = likely and not faults and len(columns) > 0
    ends = any(kind & FIN_BIT for kind in clean)
    return Look(len(columns), faults, bits if believed else 0, first, texts, bool(clean), ends, spoken)


def _evidence(columns: FrameColumns, at: int, payload: bytes) -> int | None:
    """Bits that one whole frame speaks for the dialect; None where it speaks against it."""
    opcode = columns.first[at] & 0x0F
    compressed = bool(columns.first[at] & 0x40)
    sentinel = bool(columns.flags[at] & FLAG_SENTINEL)
    bits = _SENTINEL_BITS if sentinel else _HEADER_BITS
    if opcode == TEXT and payload and not compressed:
        if all(byte >= 0x20 or byte in _LINES for byte in payload):
            bits += min(len(payload), 16)
        elif sentinel:
            return None  # nothing but the text itself tells that this is a frame
        if columns.flags[at] & FLAG_ENDS_MESSAGE:
            bits += 2
    elif opcode == CLOSE or not payload:
        bits += 8  # the code is one that may be sent, or the length is exactly 0
    return bits


def better_fit(
    inward: bytes, outward: bytes, agreed: Agreed, role: Role = Role.CLIENT
) -> tuple[str, str] | None:
    """``(dialect, reason)`` where the peer's first frames are another dialect's; None in all doubt.

    ``inward``, ``outward``: the first bytes of each direction after the handshake, :data:`LOOKED_AT` of
    which are looked at. ``role``: ours. What we sent ourselves was meant to be ``agreed``, so it decides
    only between two that fit alike.
    """
    peer = Role.SERVER if role is Role.CLIENT else Role.CLIENT
    as_agreed = look(inward, agreed, peer)
    if not as_agreed.faults or as_agreed.clean_end:
        return None
    own = dialect_called(agreed.dialect).framing_name
    found: list[tuple[int, str, Look]] = []
    for names in _candidates(agreed, peer):
        if as_agreed.clean_data and {own, dialect_called(names[0]).framing_name} != _TURNED:
            continue
        tried = [_tried(name, agreed, inward, outward, role) for name in names]
        bits, name, seen = max(tried, key=lambda each: each[0])
        alike = peer is Role.SERVER and "sentinel" not in (own, dialect_called(name).framing_name)
        if alike and not seen.spoken:
            continue  # empty frames lie the same in all of these
        if seen.bits >= (_ENOUGH_BETWEEN_LIKE if alike else _ENOUGH):
            found.append((bits, name, seen))
    found.sort(key=lambda each: each[0], reverse=True)
    if not found or (len(found) > 1 and found[0][0] - found[1][0] < 2):
        return None
    _, name, seen = found[0]
    if name == "rfc6455" and own == "whole":
        name = "hybi-07"  # the next draft after those with the other numbers
    return name, _reason(name, agreed.dialect, seen, peer)


def _tried(name: str, agreed: Agreed, inward: bytes, outward: bytes, role: Role) -> tuple[int, str, Look]:
    compressed = name == "rfc6455"  # the only one of those tried that had a use for RSV1
    taken = Agreed(
        agreed.deflate if compressed else None,
        name,
        agreed.per_frame and compressed,
        agreed.connection_key,
    )
    seen = look(inward, taken, Role.SERVER if role is Role.CLIENT else Role.CLIENT)
    ours = look(outward, taken, role)
    return seen.bits + (1 if ours.frames and not ours.faults else 0), name, seen


def _candidates(agreed: Agreed, peer: Role) -> Iterator[tuple[str, ...]]:
    """Dialects for each way in which frames can lie on the wire, but not for the one agreed on.

    Those that differ in what closes stand together, the likelier first.
    """
    own = dialect_called(agreed.dialect).framing_name
    if own != "sentinel":
        yield ("hixie-76",)
    if own != "more":
        yield ("hybi-03",)
    if own != "whole":
        yield ("hybi-06", "hybi-05")
    elif peer is Role.CLIENT:
        # The same frames, but masked with a key that is made in another way.
        if agreed.dialect == "hybi-04":
            yield ("hybi-06", "hybi-05")
        elif agreed.connection_key:
            yield ("hybi-04",)
    if own != "rfc6455":
        yield ("rfc6455",)


def _masked_whole(dialect: str, sender: Role) -> bool:
    return sender is Role.CLIENT and dialect_called(dialect).framing_name == "whole"


def _reason(name: str, agreed: str, seen: Look, peer: Role) -> str:
    framing = dialect_called(name).framing_name
    first = seen.first.hex(" ").upper()
    expected = _TEXT_BEGINS[dialect_called(agreed).framing_name]
    if _masked_whole(name, peer):
        text = translate(
            "Fit",
            "Unmasked as a whole with the four bytes before it, the first frame begins with {first}, as "
            "{name}'s do; read as {agreed} it has no meaning.",
        )
    elif framing == "sentinel" and seen.texts:
        first = "00"
        text = translate(
            "Fit",
            "The frames begin with {first} and end with FF, as {name}'s do; {agreed}'s would begin with "
            "{expected}.",
        )
    elif framing == "sentinel":
        text = translate(
            "Fit", "The first frame is {first}, with which {name} closes; {agreed}'s do not begin so."
        )
    elif _masked_whole(agreed, peer):
        text = translate(
            "Fit",
            "The first frame begins with {first}, as {name}'s do; {agreed} would mask these bytes too.",
        )
    else:
        text = translate(
            "Fit",
            "The first frame begins with {first}, as {name}'s do; {agreed}'s texts begin with {expected}.",
        )
    said = text.format(first=first, name=name, agreed=agreed, expected=expected)
    ignoring = peer is Role.SERVER and dialect_called(agreed).framing_name == "more"
    if framing == "sentinel" and ignoring:
        said += " " + translate(
            "Fit", "Probably the server ignores Sec-WebSocket-Draft, as eventlet and netty do."
        )
    return said
