"""What kind of picture bytes are and how large, told by their head alone: nothing is decoded here."""

from dataclasses import dataclass

PNG, JPEG, GIF, WEBP, BMP = "png", "jpeg", "gif", "webp", "bmp"
NAMES = {PNG: "PNG", JPEG: "JPEG", GIF: "GIF", WEBP: "WebP", BMP: "BMP"}

# SOF0 to SOF15 but for DHT, JPG and DAC: the segments that carry the measures (ITU T.81 B.2.2).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = frozenset((0x01, *range(0xD0, 0xD9)))  # markers without a length


@dataclass(frozen=True, slots=True)
class Measures:
    """``kind``: one of :data:`NAMES`; 0 for measures that do not stand in the bytes that were looked at."""

    kind: str
    width: int = 0
    height: int = 0


def measured(data: bytes) -> Measures | None:
    """The picture that ``data`` begins, None where it begins none."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        head = data[16:24] if data[12:16] == b"IHDR" else b""
        return Measures(PNG, *_pair(head, 4, "big"))
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return Measures(GIF, *_pair(data[6:10], 2, "little"))
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    if data[:2] == b"BM" and data[14:18] in (b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0"):
        width = int.from_bytes(data[18:22], "little", signed=True)
        # A negative height says that the rows go from top to bottom.
        height = int.from_bytes(data[22:26], "little", signed=True)
        return Measures(BMP, abs(width), abs(height))
    return None


def _pair(data: bytes, size: int, order: str) -> tuple[int, int]:
    if len(data) < 2 * size:
        return 0, 0
    little = order == "little"
    width, height = data[:size], data[size : 2 * size]
    return (
        int.from_bytes(width, "little" if little else "big"),
        int.from_bytes(height, "little" if little else "big"),
    )


def _jpeg(data: bytes) -> Measures:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _BARE:
            at += 2
        elif marker in _FRAMES:
            height, width = _pair(data[at + 5 : at + 9], 2, "big")
            return Measures(JPEG, width, height)
        else:
            at += 2 + max(int.from_bytes(data[at + 2 : at + 4], "big"), 2)
    return Measures(JPEG)


def _webp(data: bytes) -> Measures:
    form = data[12:16]
    if form == b"VP8X" and len(data) >= 30:
        width, height = data[24:27], data[27:30]
        return Measures(WEBP, int.from_bytes(width, "little") + 1, int.from_bytes(height, "little") + 1)
    if form == b"VP8L" and len(data) >= 25 and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return Measures(WEBP, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if form == b"VP8 " and data[23:26] == b"\x9d\x01\x2a" and len(data) >= 30:
        wide, high = _pair(data[26:30], 2, "little")
        return Measures(WEBP, wide & 0x3FFF, high & 0x3FFF)
    return Measures(WEBP)
