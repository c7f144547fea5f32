"""Small files of the window's own, read with doubt and written whole or not at all."""

import contextlib
import json
import os
from pathlib import Path
from typing import Any

MOST_BYTES = 1 << 20


def read_json(path: Path) -> tuple[Any, str]:
    """What ``path`` holds, None for nothing; and why it cannot be read. "?": it is no JSON, or too large."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return None, ""
    except OSError as error:
        return None, error.strerror or type(error).__name__
    if len(data) > MOST_BYTES:
        return None, "?"
    try:
        return json.loads(data), ""
    except (ValueError, RecursionError):
        return None, "?"


def put_aside(path: Path) -> Path:
    """Keep a broken file under another name; a second one takes its place."""
    aside = path.with_name(path.name + ".broken")
    with contextlib.suppress(OSError):
        os.replace(path, aside)
    return aside


def write_json(path: Path, held: Any) -> str:
    """Write ``held`` for this user only; returns what went wrong, empty for nothing."""
    half = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        half.unlink(missing_ok=True)
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.write(json.dumps(held, indent=1) + "\n")
            out.flush()
            os.fsync(out.fileno())
        os.replace(half, path)
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""
