"""What a binary payload is, told by its first bytes."""

_PLAIN: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "JPEG image"),
    (b"\x1f\x8b", "gzip data"),
    (b"PK\x03\x04", "ZIP archive"),
    (b"%PDF-", "PDF document"),
    (b"\x28\xb5\x2f\xfd", "Zstandard data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"OggS", "Ogg stream"),
    (b"\x1aE\xdf\xa3", "Matroska or WebM"),
    (b"\x00asm", "WebAssembly module"),
    (b"SQLite format 3\x00", "SQLite file"),
)


def named(data: bytes) -> str:
    """A short name with the measures where the first bytes carry them; empty where nothing is known."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        if len(data) >= 24 and data[12:16] == b"IHDR":
            width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
            return f"PNG image, {width} × {height}"
        return "PNG image"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        if len(data) >= 10:
            width, height = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
            return f"GIF image, {width} × {height}"
        return "GIF image"
    if data[:4] == b"RIFF" and len(data) >= 12:
        return {b"WEBP": "WebP image", b"WAVE": "WAVE sound"}.get(data[8:12], "RIFF file")
    for start, name in _PLAIN:
        if data.startswith(start):
            return name
    return ""
