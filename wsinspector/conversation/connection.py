"""The engine's side of an attempt: dial, send, read, answer, and end in every way there is."""

import asyncio
import base64
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wsinspector.conversation.answering import Answering
from wsinspector.conversation.chain import ChainReading
from wsinspector.conversation.crafting import CraftSending
from wsinspector.conversation.dialling import DialWatch
from wsinspector.conversation.ending import ending
from wsinspector.conversation.exchange import Exchange
from wsinspector.conversation.holding import Holding
from wsinspector.conversation.options import Options
from wsinspector.conversation.outgoing import CLOSING, GONE, Outgoing
from wsinspector.conversation.progress import Progress
from wsinspector.conversation.snapshot import End, EndedBy, EndKind, Phase
from wsinspector.conversation.stepping import Stepping
from wsinspector.conversation.stepping_values import Unit
from wsinspector.conversation.talking import PATIENCE, Talk
from wsinspector.conversation.telling import Telling
from wsinspector.conversation.timers import Timers
from wsinspector.conversation.watching import FrameWatch
from wsinspector.live.dial import DialError, Target, dial, network_reason
from wsinspector.live.tls_failure import why_tls_failed
from wsinspector.live.transport import Link, LinkEnd
from wsinspector.protocol.crafting import FRESH, Standing
from wsinspector.protocol.policy import TcpEnd
from wsinspector.protocol.spans import Direction

if TYPE_CHECKING:
    from wsinspector.capture import AttemptWriter, CaptureWriter
    from wsinspector.conversation.attempt import Attempt
    from wsinspector.conversation.engine import Engine

LINGER = 2.0
"""Seconds for what was written to leave after the end."""


class Connection:
    """One connection from look-up to end; every method on the engine's thread."""

    def __init__(
        self,
        engine: "Engine",
        attempt: "Attempt",
        target: Target,
        exchange: Exchange,
        writer: "CaptureWriter",
        recorder: "AttemptWriter",
        *,
        handshake_only: bool = False,
    ) -> None:
        self.engine = engine
        self._attempt = attempt
        self._options = attempt.options
        self._target = target
        self._exchange = exchange
        exchange.watch.start = attempt.snapshot.mono_ns
        self._recorder = recorder
        self._writer = writer
        self._handshake_only = handshake_only
        self._progress = Progress(attempt, exchange, writer, recorder)
        self._timers = Timers()
        self._tell = Telling(exchange, self._progress, writer, recorder, self._timers)
        self._link: Link | None = None
        self._talk: Talk | None = None
        self._holding: Holding | None = None
        self._task: asyncio.Task[None] | None = None
        self._answered = asyncio.Event()
        self._over = asyncio.Event()
        self._cancelled = False
        self.released = threading.Event()
        """Set once nothing of this connection is held any more."""
        self._chain = ChainReading(engine, target, self._progress, attempt.options.timeout, self._tell.save)
        self._request_left = asyncio.Event()
        self.stepping = self._progress.stepping = Stepping(
            recorder,
            self._timers,
            on=self._options.step,
            now=self._now,
            sent=lambda: self._progress.bytes_out,
            changed=self._tell.publish_soon,
            note=self._tell.save,
            closed=lambda: exchange.policy.received_close is not None,
        )
        self._answering = Answering(
            exchange,
            self._progress,
            self._timers,
            self._options.body_idle,
            headed=self._answered.set,
            opened=self._opened,
            done=self._answer_done,
        )

    # -- the course of a connection

    async def run(self) -> None:
        """Everything from look-up to the end; releases all it took, whatever happens."""
        self._task = asyncio.current_task()
        try:
            if self._cancelled:  # before there was a task to cancel
                raise asyncio.CancelledError
            await self._connect()
            await self._over.wait()
        except asyncio.CancelledError:
            self._leave()
            if not self._cancelled or self._task is None:
                raise
            self._task.uncancel()
        except Exception as error:  # a fault of ours: the attempt must not seem live for ever
            self._finish(EndKind.FAILED, EndedBy.US, text=f"This program failed: {error}")
            raise
        finally:
            self._timers.stop_all()
            try:
                await self._let_go()
            finally:
                self._tell.save()
                self._recorder.finish()
                # An ended attempt stays in the list; its read buffer need not.
                self._link = self._talk = self._holding = None
                self.released.set()
                self._tell.publish_soon()

    async def _connect(self) -> None:
        options, progress = self._options, self._progress
        watch = DialWatch(progress, self._target.dialled[0], secure=self._target.tls is not None)
        try:
            async with asyncio.timeout(options.timeout) as limit:
                self._link = await dial(self._target, watch, within=options.timeout + 1)
                self._send_request(self._link)
                await self._until_left(limit)
                if watch.stream is not None:
                    self._chain.describe(watch.stream)
                await self._answered.wait()
        except DialError as error:
            progress.network_error = str(error)
            progress.unverified = error.unverified
            if error.plain_answer:
                answer = base64.b64encode(error.plain_answer).decode("ascii")
                self._recorder.event("plain-answer", time.monotonic_ns(), {"base64": answer})
            self._finish(EndKind.FAILED, EndedBy.NETWORK, text=str(error))
        except TimeoutError:
            if self._link is not None:
                self._exchange.reader.idle()
                progress.timed_out = True
                progress.answer_ended = "idle"
                self._finish(EndKind.TIMEOUT, EndedBy.US)
                return
            progress.network_error = watch.too_late(options.timeout)
            self._finish(EndKind.TIMEOUT, EndedBy.NETWORK, text=progress.network_error)

    def _send_request(self, link: Link) -> None:
        progress = self._progress
        outgoing = Outgoing(link, self._attempt, self._exchange, progress, self._recorder, self.stepping)
        request = self._exchange.request

        def leave() -> None:
            outgoing.send_request(request)
            self._request_left.set()
            if progress.phase in (Phase.LOOKUP, Phase.TCP, Phase.TLS):
                progress.phase = Phase.SENT
            self._tell.save()
            progress.publish()

        self._talk = Talk(
            self._attempt,
            self._exchange,
            progress,
            self._recorder,
            outgoing,
            self._timers,
            end_tcp=self.end_tcp,
            reset=self.abort,
            save=self._tell.save,
            soon=self._tell.publish_soon,
        )
        self._holding = Holding(self.engine, link, progress, self._writer, self._recorder)
        if self.stepping.holds:
            self.stepping.ours(Unit.REQUEST, request, leave)
        else:
            leave()
        link.start(self)

    async def _until_left(self, limit: asyncio.Timeout) -> None:
        """Wait until the request has left; the time in which it is held is not counted."""
        until = limit.when()
        if self._request_left.is_set() or until is None:
            return
        loop = asyncio.get_running_loop()
        remaining = until - loop.time()
        limit.reschedule(None)
        await self._request_left.wait()
        limit.reschedule(loop.time() + remaining)

    def _now(self) -> int:
        return self._link.now() if self._link is not None else time.monotonic_ns()

    async def _let_go(self) -> None:
        link = self._link
        if link is not None and not link.closed:
            link.close()
            try:
                async with asyncio.timeout(LINGER):
                    await link.gone()
            except TimeoutError:
                link.abort()
            except asyncio.CancelledError:
                link.abort()
                raise
        await self._chain.described(LINGER)

    # -- bytes

    def received(self, data: bytes, at: int) -> None:
        if self._over.is_set():
            return  # the socket is being given back
        exchange, recorder = self._exchange, self._recorder
        recorder.bytes(Direction.IN, data, at)
        self._progress.came(len(data), at)
        upgraded = exchange.upgraded
        if not upgraded and not exchange.reader.received:
            self.stepping.answer_came()
        commands = exchange.received(data, at)
        columns = exchange.take()
        if len(columns):
            self._progress.frames_came(columns)
            recorder.frames(columns)
        checkpoint = exchange.take_checkpoint()
        if checkpoint is not None:
            recorder.checkpoint(*checkpoint)
        if not upgraded:
            self._answering.came(at)
        if self._talk is not None and self._holding is not None:
            self._talk.react(exchange.drain(), commands)
            self._holding.look()
        self._tell.publish_soon()

    def ended(self, how: LinkEnd, at: int) -> None:
        progress, exchange = self._progress, self._exchange
        if self._over.is_set():
            return
        progress.closed_by_peer = True
        self._drop_held()
        upgraded = exchange.upgraded
        if not self._answering.waits_for_end:
            exchange.peer_ended(TcpEnd.FIN, at)
        self._tell.hand_over_frames()
        cut = "FIN without close_notify." if how is LinkEnd.TRUNCATED else ""
        if upgraded:
            self._finish(EndKind.FIN, EndedBy.PEER, at, cut)
        elif self._answering.waits_for_end:
            self._finish(EndKind.RESPONSE_DONE, EndedBy.PEER, at, cut)
        else:
            progress.answer_ended = "eof"
            kind = EndKind.RESPONSE_DONE if self._answering.head_came else EndKind.FIN
            self._finish(kind, EndedBy.PEER, at, cut)

    def lost(self, error: Exception | None, at: int) -> None:
        if self._over.is_set():
            return
        self._drop_held()
        reset = isinstance(error, ConnectionResetError | BrokenPipeError)
        if error is None:
            kind, by = EndKind.FIN, EndedBy.US
        elif reset:
            kind, by = EndKind.RST, EndedBy.PEER
            self._progress.closed_by_peer = True
        else:
            kind, by = EndKind.FAILED, EndedBy.NETWORK
        if self._exchange.upgraded:
            if by is EndedBy.US:
                self._exchange.policy.we_ended()
                self._exchange.finish_frames(at)
            else:
                self._exchange.peer_ended(TcpEnd.RST, at)
            self._tell.hand_over_frames()
        elif self._answering.waits_for_end:
            kind = EndKind.RESPONSE_DONE  # whatever ends it now keeps what the answer promised
        else:
            self._exchange.reader.eof()
            self._progress.answer_ended = "eof"
        text = ""
        if isinstance(error, ssl.SSLError):
            text = why_tls_failed(error, "", established=True)
            if not self._exchange.upgraded:
                self._progress.network_error = text
        elif error is not None:
            text = network_reason(error)
        self._finish(kind, by, at, text)

    # -- the answer

    def _opened(self, at: int) -> None:
        progress = self._progress
        if self._exchange.policy.stopped:
            progress.phase = Phase.CLOSING
        else:
            progress.phase = Phase.OPEN
            progress.opened_at = at
            self._recorder.event("opened", at, {})
        self._tell.save()
        if self._handshake_only:
            self._finish(EndKind.RESPONSE_DONE, EndedBy.US, at)
        elif self._talk is not None:
            self._talk.keep_alive()

    # -- steps

    def step(self) -> None:
        """Show the next unit of the peer, or let the next of ours leave."""
        self.stepping.step()

    def let_all_go(self) -> None:
        """Show and send all that waits."""
        self.stepping.let_all_go()

    def _drop_held(self) -> None:
        """Nothing that is held leaves any more."""
        if self.stepping.never_leaves():
            self._exchange.policy.close_never_left()

    def _answer_done(self, at: int | None) -> None:
        self._finish(EndKind.RESPONSE_DONE, EndedBy.US, at)

    # -- what can be asked

    def send_frame(self, opcode: int, payload: bytes, **how: Any) -> None:
        """Send one frame; keywords as of :meth:`Attempt.send_frame`."""
        if self._talk is None:
            self._attempt.complain(GONE)
        else:
            self._talk.send_frame(opcode, payload, **how)

    def close(self, code: int | None, reason: str) -> None:
        """Close as the dialect does; see :meth:`Attempt.close`."""
        if self._talk is None:
            self._attempt.complain(GONE)
        else:
            self._talk.close(code, reason)

    def say(self, opcode: int, payload: bytes) -> None:
        """Send one frame unless the closing handshake has begun (§5.5.1)."""
        if self._progress.phase is Phase.CLOSING:
            self._attempt.complain(CLOSING)
        else:
            self.send_frame(opcode, payload)

    def send_bytes(self, data: bytes) -> None:
        """Send bytes as they are."""
        if self._talk is None:
            self._attempt.complain(GONE)
        else:
            self._talk.send_bytes(data)

    def send_crafted(self, sending: CraftSending) -> None:
        """Send crafted frames, one craft after the other."""
        if self._talk is None:
            sending.failed(GONE)
        else:
            self.engine.spawn(sending.leave(self._talk, self.engine), "crafted frames")

    def standing(self) -> Standing:
        """What the next bytes of ours follow."""
        traffic = self._exchange.traffic
        return FRESH if traffic is None else traffic.standing

    def behave(self, options: Options) -> None:
        """Take over what of ``options`` can change while connected."""
        if self._talk is None or self._over.is_set():
            self._attempt.options = replace(self._attempt.options, step=options.step)
            self.stepping.switch(options.step)
        if self._talk is not None and not self._over.is_set():
            self._talk.behave(options)

    def read_chain(self) -> None:
        """Read the certificates anew without verifying; see :meth:`Attempt.read_chain`."""
        self._chain.read_unverified()

    # -- ending

    @property
    def watch(self) -> FrameWatch:
        """The peer's frames for whoever waits for one."""
        return self._exchange.watch

    @property
    def end(self) -> End | None:
        """How it ended, whether that is shown already or not."""
        return self._progress.end

    @property
    def exchange(self) -> Exchange:
        """What is known of both directions."""
        return self._exchange

    async def drained(self) -> None:
        """Wait until what is written waits for the peer no more than a little."""
        link = self._link
        if link is not None and not link.closed:
            await link.drained()

    def end_tcp(self) -> None:
        """End our side; the peer then has a stated time to end its own."""
        link = self._link
        if link is None or link.closed:
            self.cancel()
            return
        if self._progress.fin_sent:
            self.abort()
            return
        if self._talk is not None:
            self._talk.flush()
        self._drop_held()
        self._progress.fin_sent = True
        self._recorder.event("fin-sent", link.now(), {})
        self._exchange.policy.we_ended()
        link.end()
        if not self._over.is_set():
            self._timers.set("patience", PATIENCE, self.abort)
        self._tell.publish_soon()

    def abort(self) -> None:
        """End with RST."""
        link = self._link
        if link is None or self._over.is_set():
            self.cancel()
            return
        if self._talk is not None:
            self._talk.flush()
        self._drop_held()
        at = link.now()
        fin_sent = self._progress.fin_sent
        if self._exchange.upgraded:
            self._exchange.finish_frames(at)
            self._tell.hand_over_frames()
            self._exchange.policy.we_ended(TcpEnd.FIN if fin_sent else TcpEnd.RST)
        link.abort()
        self._finish(EndKind.FIN if fin_sent else EndKind.RST, EndedBy.US, at)

    def never_began(self) -> None:
        """The engine does not run: there will be no connection."""
        self._finish(EndKind.CANCELLED, EndedBy.US, text="The program is ending.")
        self._recorder.finish()
        self.released.set()

    def settle(self) -> None:
        """Publish what is committed at last; after :attr:`released`, from any thread."""
        self.stepping.reveal()
        self._progress.publish()

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Call in ``seconds``, after the end too; stopped by closing the conversation."""
        self._timers.set("later", seconds, call)

    def _leave(self) -> None:
        """Give up now: say so by a Close frame (1001, §7.4.1) where that costs no waiting, else reset."""
        link, policy = self._link, self._exchange.policy
        self._drop_held()
        self.stepping.on = False
        if self._answering.waits_for_end:
            self._finish(EndKind.RESPONSE_DONE, EndedBy.US)
            return
        polite = (
            link is not None
            and self._talk is not None
            and self._exchange.upgraded
            and policy.settings.close
            and not policy.stopped
            and not self._progress.fin_sent
            and link.waiting_bytes == 0
        )
        if polite and self._talk is not None and policy.sent_close is None:
            self._talk.take_leave()
        self._finish(EndKind.CANCELLED, EndedBy.US)
        if link is not None and not polite:
            link.abort()

    def cancel(self) -> None:
        """Give up, whatever is going on."""
        if self._over.is_set():
            self.stepping.switch(False)
        else:
            self._cancelled = True
            if self._task is not None:
                self._task.cancel()

    def _finish(self, kind: EndKind, by: EndedBy, at: int | None = None, text: str = "") -> None:
        """The attempt is over; the first call counts."""
        if self._over.is_set():
            return
        self._over.set()
        self._answered.set()
        self._request_left.set()
        self._drop_held()
        progress, exchange = self._progress, self._exchange
        now = at or (self._link.now() if self._link is not None else time.monotonic_ns())
        if exchange.upgraded:
            exchange.finish_frames(now)
            self._tell.hand_over_frames()
        elif self._answering.head_came or (progress.request_at is not None and kind is not EndKind.CANCELLED):
            exchange.judge()
        progress.over(ending(exchange, progress, kind, by, now, text))
        self.stepping.over(now, by_peer=by is not EndedBy.US and kind is not EndKind.RESPONSE_DONE)
        self._recorder.event("ended", now, {"kind": kind.value, "by": by.value})
        self._timers.stop_all()
        self._tell.save()
        progress.publish()
