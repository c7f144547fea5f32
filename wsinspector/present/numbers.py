"""Numbers as people read them: thin spaces for thousands, units, times."""

import datetime
from functools import lru_cache

THIN = "\u2009"


def count(number: int) -> str:
    """``1024`` as ``1 024`` with a thin space."""
    return f"{number:,}".replace(",", THIN)


def size(number: int) -> str:
    """Bytes: ``240 B``, ``41 kB``, ``1.2 MB`` (decimal units)."""
    if number < 1000:
        return f"{number} B"
    value = float(number)
    for unit in ("kB", "MB", "GB", "TB"):
        value /= 1000
        if value < 999.5 or unit == "TB":
            return f"{value:.1f} {unit}" if value < 9.95 else f"{value:.0f} {unit}"
    raise AssertionError


def duration(seconds: float) -> str:
    """``0.8 ms``, ``44 ms``, ``60.0 s``, ``1 min 12 s``, ``2 h 5 min``."""
    if seconds < 0.01:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 100:
        return f"{seconds:.1f} s"
    return age(seconds)


def age(seconds: float) -> str:
    """Whole seconds: ``5 s``, ``1 min 12 s``, ``2 h 5 min``, ``3 d 4 h``."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    if whole < 86400:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 86400} d {whole % 86400 // 3600} h"


def milliseconds(value: float) -> str:
    """A time in ms: ``0.8 ms``, ``18.2 ms``, ``1.3 s``."""
    return f"{value:.1f} ms" if value < 1000 else f"{value / 1000:.1f} s"


def clock(wall_ns: int, *, date: bool = False) -> str:
    """Local time ``11:02:14.031``; with ``date`` also the day before it."""
    day, second = _local(wall_ns // 1_000_000_000)
    text = f"{second}.{wall_ns // 1_000_000 % 1000:03d}"
    return f"{day} {text}" if date else text


@lru_cache(4096)  # rows in sight lie within seconds of each other, and a format costs more than they
def _local(second: int) -> tuple[str, str]:
    moment = datetime.datetime.fromtimestamp(second)
    return f"{moment:%Y-%m-%d}", f"{moment:%H:%M:%S}"
