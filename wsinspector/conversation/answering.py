"""From the request to the end of the answer: how far it is, and when it counts as over."""

import time
from collections.abc import Callable

from wsinspector.conversation.exchange import Exchange
from wsinspector.conversation.progress import Progress
from wsinspector.conversation.snapshot import Phase
from wsinspector.conversation.timers import Timers
from wsinspector.live.tls import recognise_record
from wsinspector.protocol.http import HttpAnomaly
from wsinspector.protocol.http_reader import ReadPhase


class Answering:
    """Follows the answer of one attempt; ``opened(at)`` and ``done(at)`` are called once each at most.

    ``headed()`` is called as soon as the head is whole, or what comes is known to be no HTTP.
    """

    def __init__(
        self,
        exchange: Exchange,
        progress: Progress,
        timers: Timers,
        body_idle: float,
        *,
        headed: Callable[[], None],
        opened: Callable[[int], None],
        done: Callable[[int | None], None],
    ) -> None:
        self._exchange = exchange
        self._progress = progress
        self._timers = timers
        self._body_idle = body_idle
        self._headed = headed
        self._opened = opened
        self._done = done

    def came(self, at: int) -> None:
        """Bytes came before frames did."""
        progress = self._progress
        phase = self._exchange.reader.phase
        before = progress.phase
        if phase is ReadPhase.HEAD or self._exchange.waits_for_tail:
            # A digest is waited for as long as the head itself is.
            progress.phase = Phase.HEAD
        else:
            if progress.response_at is None:
                progress.response_at = at
                progress.timings["total"] = (at - progress.mono_ns) / 1e6
                self._recognise()
                self._headed()
            if phase is ReadPhase.UPGRADED:
                self._opened(at)
            elif phase is ReadPhase.DONE:
                progress.answer_ended = "done"
                self._done(at)
            elif before is not Phase.BODY:
                self._exchange.judge()
                progress.phase = Phase.BODY
                self._timers.set("body", self._body_idle, self._idle)
        if progress.phase is not before:
            progress.publish()

    @property
    def head_came(self) -> bool:
        """Whether the head came whole; the answer was then read to its end, however TCP ended."""
        response = self._exchange.response
        return response is not None and response.head.complete

    def _recognise(self) -> None:
        response = self._exchange.response
        if self._progress.tls is not None:
            return  # a record within TLS says nothing of the port
        if response is None or all(seen.code is not HttpAnomaly.NOT_HTTP for seen in response.anomalies):
            return
        record = recognise_record(response.body)
        if record is not None:
            self._progress.hint = f"The answer is a TLS record ({record}): this port speaks TLS. Try wss://."

    def _idle(self) -> None:
        """The idle time is over, unless bytes came meanwhile."""
        last = self._progress.last_byte_at or 0
        left = self._body_idle - (time.monotonic_ns() - last) / 1e9
        if left > 0:
            self._timers.set("body", left, self._idle)
            return
        self._exchange.reader.idle()
        self._progress.answer_ended = "idle"
        self._done(None)
