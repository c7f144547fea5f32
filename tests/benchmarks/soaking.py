"""An hour of a firehose into a capture of limited size: what is resident and what waits must not grow.

``python -m tests.benchmarks.soaking`` runs half of SOAK_SECONDS (3600) without a window, then half with
it, and prints a line every ten seconds. It fails where the resident memory grew by more than MOST_GROWTH
between the first and the last fifth of a run, where more waited than a hand-over takes, or where the
file grew beyond its limit.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.capturing import sender
from tests.benchmarks.measuring import ROOT, fresh_home
from tests.benchmarks.resident import resident
from wsinspector.capture.writer import HANDOVER_BYTES
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.conversation import Conversation

KEPT_BYTES = 512 << 20
MOST_GROWTH = 64 << 20
MOST_WAITING = 2 * HANDOVER_BYTES
EVERY_SECONDS = 10.0
MEGABYTE = 1e6


class Soak:
    """Watches one attempt; :meth:`look` every now and then, :meth:`verdict` in the end."""

    def __init__(self, conversation: Conversation, attempt: Attempt, seconds: float) -> None:
        self._conversation = conversation
        self._attempt = attempt
        self._began = time.monotonic()
        self._seconds = seconds
        self._said = 0.0
        self._waited = 0
        self._largest = 0
        self._sizes: list[int] = []  # resident, since the limit began to hold

    @property
    def over(self) -> bool:
        """Whether it went on for as long as was asked for, or the connection is gone."""
        return time.monotonic() - self._began >= self._seconds or not self._attempt.live

    def look(self) -> None:
        """Measure, and say it every ten seconds."""
        snapshot, now = self._attempt.snapshot, time.monotonic() - self._began
        writer, path = self._conversation._store.open_writer, self._conversation.capture_path
        waiting = writer.backlog if writer is not None else 0
        there = [path, path.with_name(path.name + "-wal")] if path is not None else []
        size = sum(part.stat().st_size for part in there if part.exists())
        self._waited, self._largest = max(self._waited, waiting), max(self._largest, size)
        memory = resident()
        if snapshot.dropped_to:
            self._sizes.append(memory)
        if now - self._said >= EVERY_SECONDS:
            self._said = now
            sys.stdout.write(
                f"{now:6.0f} s  resident {memory / MEGABYTE:6.1f} MB  backlog {waiting / MEGABYTE:5.1f} MB"
                f"  file {size / MEGABYTE:6.1f} MB  frames {snapshot.frames:,}"
                f"  dropped {snapshot.dropped_to:,}\n"
            )
            sys.stdout.flush()

    def verdict(self) -> list[str]:
        """What was not as it should be."""
        fifth = len(self._sizes) // 5
        if not fifth:
            return ["The file never reached its limit: give it more time."]
        growth = max(self._sizes[-fifth:]) - max(self._sizes[:fifth])
        sys.stdout.write(
            f"grew by {growth / MEGABYTE:.1f} MB (at most {MOST_GROWTH / MEGABYTE:.0f}), backlog at most"
            f" {self._waited / MEGABYTE:.1f} MB, file at most {self._largest / MEGABYTE:.1f} MB\n"
        )
        snapshot = self._attempt.snapshot
        found = {
            "The resident memory grew.": growth > MOST_GROWTH,
            "More waited than a hand-over takes.": self._waited > MOST_WAITING,
            "The file grew beyond its limit.": self._largest > KEPT_BYTES * 5 // 4,
            "The connection ended.": not self._attempt.live,
            f"Not everything was kept: {snapshot.dropped}.": bool(snapshot.dropped),
        }
        return [text for text, wrong in found.items() if wrong]


def run(module: str, seconds: float, folder: Path, url: str) -> int:
    """Run one of the two in a process of its own; its exit code."""
    sys.stdout.write(f"{module}, {seconds:.0f} s\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", url, str(seconds), str(folder)]
    return subprocess.run(command, cwd=ROOT, env=fresh_home(folder), check=False).returncode


def main() -> int:
    seconds = float(os.environ.get("SOAK_SECONDS", "3600")) / 2
    failed = 0
    with sender() as url:
        for module in ("soaking_unseen", "soaking_shown"):
            with tempfile.TemporaryDirectory() as folder:
                failed |= run(module, seconds, Path(folder), f"{url}?mixed=1")
    return failed


if __name__ == "__main__":
    sys.exit(main())
