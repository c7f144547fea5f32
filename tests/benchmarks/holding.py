"""Rows 5, 6, 9 and 10: ten million frames in a file and in the window, for Messages and for Frames.

Each repetition makes the program open the same capture in a process of its own; the capture is made once.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.capturing import sender
from tests.benchmarks.measuring import Held, child, fresh_home
from tests.benchmarks.sender import BLOCK_FRAMES, PAYLOAD_BYTES, PING_BYTES, PINGS_EVERY

FRAMES = 10_000_000
PATIENCE = 900.0
BYTES_A_FRAME = 32
FILE_BYTES_A_FRAME = 40
FIFTY_MS = 2.0
SHOWN_MS = 300.0


def recorded(folder: Path, url: str, frames: int) -> tuple[Path, dict[str, float]]:
    """A capture of at least ``frames`` frames of several types, and what is known of it."""
    path = folder / "large.wsi"
    arguments = (f"{url}?frames={frames}&mixed=1", str(frames), str(path))
    found = child("recorded", *arguments, environment=fresh_home(folder), patience=PATIENCE)
    blocks = found["frames"] / BLOCK_FRAMES
    pings = blocks * len(range(PINGS_EVERY // 2, BLOCK_FRAMES, PINGS_EVERY))
    # A ping and the pong it was answered with; the pongs are frames as well.
    return path, {**found, "payload": (found["frames"] - 2 * pings) * PAYLOAD_BYTES + 2 * pings * PING_BYTES}


def opened(path: Path, folder: Path, mode: str) -> dict[str, float]:
    """What opening the capture in a fresh window cost."""
    with tempfile.TemporaryDirectory(dir=folder) as home:
        environment = fresh_home(Path(home))
        found: dict[str, Any] = child(
            "opened",
            str(path),
            str(Path(home) / "window.ini"),
            mode,
            environment=environment,
            patience=PATIENCE,
        )
        return found


def compare(repetitions: int) -> Iterator[Held]:
    with sender() as url, tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        path, made = recorded(folder, url, FRAMES)
        beyond = (made["file"] - made["payload"]) / made["frames"]
        yield Held(
            6, "file beyond the payload, a frame", "ten million", "bytes", FILE_BYTES_A_FRAME, (beyond,)
        )
        for mode in ("messages", "frames"):
            runs = [opened(path, folder, mode) for _ in range(repetitions)]

            def of(name: str, runs: list[dict[str, float]] = runs) -> tuple[float, ...]:
                return tuple(run[name] for run in runs)

            a_frame = tuple(run["resident"] / made["frames"] for run in runs)
            case = f"ten million, {mode}"
            yield Held(5, "memory a frame held", case, "bytes", BYTES_A_FRAME, a_frame)
            worst = (("worst of 400, ms", max(of("fifty_worst"))),)
            yield Held(9, "any 50 rows, CPU", case, "ms", FIFTY_MS, of("fifty_median"), worst)
            beside = (("CPU, ms", min(of("shown_cpu"))), ("all rows, ms", min(of("all_wall"))))
            yield Held(10, "open until rows show", case, "ms", SHOWN_MS, of("shown_wall"), beside)
