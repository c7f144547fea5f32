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
from wsinspector.verdicts.http_header_rules import promises_end

END_WAIT = 1.0
"""Most seconds in which a server that said Connection: close is to end its side (RFC 9112 §9.6)."""


class Answering:
    """Follows the answer of one attempt; ``opened(at)`` and ``done(at)`` are called once each at most.

    ``headed()`` is called as soon as the head is whole, or what comes is known to be no HTTP. An answer
    that promises the end of the connection is not done before that end, or the wait for it, is over:
    meanwhile :attr:`waits_for_end` is true and everything of the answer is published.
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
        self._end_wait = min(body_idle, END_WAIT)
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
                held = progress.held_between(progress.mono_ns, at)
                progress.timings["total"] = (at - progress.mono_ns - held) / 1e6
                self._recognise()
                self._headed()
            if phase is ReadPhase.UPGRADED:
                self._opened(at)
            elif phase is ReadPhase.DONE:
                self._whole(at)
            elif before is not Phase.BODY:
                self._exchange.judge()
                progress.phase = Phase.BODY
                self._timers.set("body", self._body_idle, self._idle)
        if progress.phase is not before:
            progress.publish()

    @property
    def waits_for_end(self) -> bool:
        """Whether the answer is whole and the end that it promises is still to come."""
        return self._progress.answered

    def _whole(self, at: int) -> None:
        """The answer is whole; where it says that the connection ends now, see whether it does."""
        progress, exchange = self._progress, self._exchange
        if progress.answered:
            return  # what comes behind a whole answer shortens no wait
        progress.answer_ended = "done"
        response = exchange.response
        if response is None or not promises_end(response):
            self._done(at)
            return
        self._timers.stop("body")
        progress.answered = True
        progress.phase = Phase.BODY
        exchange.judge()
        self._timers.set("end", self._end_wait, self._wait_over)
        progress.publish()

    def _wait_over(self) -> None:
        if self._progress.held:  # nothing is read now, so an end could not be seen
            self._timers.set("end", self._end_wait, self._wait_over)
            return
        self._exchange.kept_open = True
        self._done(None)

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
