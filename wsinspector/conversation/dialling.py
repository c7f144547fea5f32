"""Steps of dialling, timed and published as they happen."""

import time

from wsinspector.conversation.progress import Progress
from wsinspector.conversation.snapshot import Phase
from wsinspector.live.resolve import ResolvedAddress, is_literal
from wsinspector.live.tls import TlsStream


class DialWatch:
    """The :class:`~wsinspector.live.dial.DialObserver` of an attempt, on the engine's thread."""

    def __init__(self, progress: Progress, host: str, *, secure: bool) -> None:
        self._progress = progress
        self._named = not is_literal(host)
        self._secure = secure
        self._step_at = time.monotonic_ns()
        self.stream: TlsStream | None = None

    def looked_up(self, addresses: tuple[ResolvedAddress, ...], at: int) -> None:
        progress = self._progress
        took = self._took(at)
        if self._named:
            progress.timings["lookup"] = took
        progress.addresses = tuple(str(address) for address in addresses)
        progress.phase = Phase.TCP
        progress.publish()

    def connecting(self, address: ResolvedAddress, at: int) -> None:
        if not self._progress.dialled:
            self._step_at = at  # what TLS had to read before is not TCP's time
        self._progress.dialled = str(address)

    def connected(self, _address: ResolvedAddress, at: int) -> None:
        self._progress.timings["tcp"] = self._took(at)
        if self._secure:
            self._progress.phase = Phase.TLS
        self._progress.publish()

    def secured(self, stream: TlsStream, at: int) -> None:
        self.stream = stream
        self._progress.timings["tls"] = self._took(at)
        self._progress.secured(stream)
        self._progress.publish()

    def too_late(self, seconds: float) -> str:
        """What to say where the time was over at the step reached."""
        progress = self._progress
        step = {Phase.LOOKUP: "look-up", Phase.TLS: "TLS"}.get(progress.phase, "TCP")
        where = f" from {progress.dialled}" if progress.dialled else ""
        return f"No answer{where} within {seconds:g} s ({step})."

    def _took(self, at: int) -> float:
        took = (at - self._step_at) / 1e6
        self._step_at = at
        return took
