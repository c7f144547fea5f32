"""Reading a kept sweep for the window: told how far it is, and given up when nobody wants it any more."""

import threading
from pathlib import Path

from wsinspector.conversation.sweep_reopen import reopened
from wsinspector.conversation.sweep_results import SweepResults
from wsinspector.present.sweep_table import SweepTable, table_of


class ReadingStoppedError(Exception):
    """Somebody gave it up."""


class SweepReading:
    """``done`` of ``total`` steps, 0 while it is not known; may be read and stopped from any thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.done = self.total = 0
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Give it up at the next answer."""
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def __call__(self) -> tuple[SweepResults, SweepTable]:
        """The sweep and its table. Raises ReadingStoppedError, CaptureError or OSError."""
        results = reopened(self.path, lambda done, total: self._step(done, 2 * total))
        read = results.done
        for server in results.servers:
            for probe in server.probes:
                if probe is not None:
                    self._step(read, 2 * results.done)
                    _ = probe.verdict, probe.expectation  # what takes long is worked out once and kept
                    read += 1
        return results, table_of(results, fold=False)

    def _step(self, done: int, total: int) -> None:
        if self.stopped:
            raise ReadingStoppedError
        self.done, self.total = done, total
