"""The engine's side of an attempt: dial, send, read, answer, and end in every way there is."""

import asyncio
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wsinspector.conversation.answering import Answering
from wsinspector.conversation.chain import ChainReading
from wsinspector.conversation.dialling import DialWatch
from wsinspector.conversation.ending import ending
from wsinspector.conversation.exchange import Exchange
from wsinspector.conversation.facts import Facts
from wsinspector.conversation.holding import Holding
from wsinspector.conversation.options import Options, policy_settings
from wsinspector.conversation.outgoing import Outgoing
from wsinspector.conversation.progress import Progress
from wsinspector.conversation.snapshot import EndedBy, EndKind, Phase
from wsinspector.conversation.timers import Timers
from wsinspector.live.dial import DialError, Target, dial, network_reason
from wsinspector.live.tls_failure import why_tls_failed
from wsinspector.live.transport import Link, LinkEnd
from wsinspector.protocol.arriving import Attention
from wsinspector.protocol.opcodes import CLOSE, PONG
from wsinspector.protocol.policy import (
    Command,
    EndTcp,
    Fail,
    SendClose,
    SendPong,
    TcpEnd,
    WouldStop,
    write_close_body,
)
from wsinspector.protocol.spans import Direction

if TYPE_CHECKING:
    from wsinspector.capture import AttemptWriter, CaptureWriter
    from wsinspector.conversation.attempt import Attempt
    from wsinspector.conversation.engine import Engine

GONE = "Nothing was sent: the connection is not open."

PATIENCE = 5.0
"""Seconds the peer has to end TCP after both Close frames, or after our FIN."""

LINGER = 2.0
"""Seconds for what was written to leave after the end."""

PUBLISH_EVERY = 1 / 30


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
        self._recorder = recorder
        self._writer = writer
        self._handshake_only = handshake_only
        self._progress = Progress(attempt, exchange, writer, recorder)
        self._link: Link | None = None
        self._outgoing: Outgoing | None = None
        self._holding: Holding | None = None
        self._task: asyncio.Task[None] | None = None
        self._answered = asyncio.Event()
        self._over = asyncio.Event()
        self._cancelled = False
        self._timers = Timers()
        self.released = threading.Event()
        """Set once nothing of this connection is held any more."""
        self._chain = ChainReading(engine, target, self._progress, attempt.options.timeout, self._save)
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
            self._finish(EndKind.CANCELLED, EndedBy.US)
            if self._link is not None:
                self._link.abort()
            if not self._cancelled or self._task is None:
                raise
            self._task.uncancel()
        finally:
            self._timers.stop_all()
            try:
                await self._let_go()
            finally:
                self._save()
                self._recorder.finish()
                self.released.set()
                self._publish_soon()

    async def _connect(self) -> None:
        options, progress = self._options, self._progress
        watch = DialWatch(progress, secure=self._target.tls is not None)
        try:
            async with asyncio.timeout(options.timeout):
                self._link = await dial(self._target, watch, within=options.timeout + 1)
                self._send_request(self._link)
                if watch.stream is not None:
                    self._chain.describe(watch.stream)
                await self._answered.wait()
        except DialError as error:
            progress.network_error = str(error)
            progress.unverified = error.unverified
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
        self._outgoing = Outgoing(link, self._attempt, self._exchange, progress, self._recorder)
        self._outgoing.send_request(self._exchange.request)
        progress.phase = Phase.SENT
        self._holding = Holding(self.engine, link, progress, self._writer, self._recorder)
        link.start(self)
        self._save()
        progress.publish()

    def read_chain(self) -> None:
        """Read the certificates anew without verifying; see :meth:`Attempt.read_chain`."""
        self._chain.read_unverified()

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
        commands = exchange.received(data, at)
        columns = exchange.take()
        if len(columns):
            recorder.frames(columns)
        if exchange.checkpoint is not None:
            recorder.checkpoint(*exchange.checkpoint)
            exchange.checkpoint = None
        if not upgraded:
            self._answering.came(at)
        if exchange.attention or commands:
            self._react(exchange.drain(), commands)
        self._see_closing()
        if self._holding is not None:
            self._holding.look()
        self._publish_soon()

    def ended(self, how: LinkEnd, at: int) -> None:
        progress, exchange = self._progress, self._exchange
        if self._over.is_set():
            return
        progress.closed_by_peer = True
        upgraded = exchange.upgraded
        exchange.peer_ended(TcpEnd.FIN, at)
        self._record_frames()
        cut = "FIN without close_notify." if how is LinkEnd.TRUNCATED else ""
        if upgraded:
            self._finish(EndKind.FIN, EndedBy.PEER, at, cut)
        else:
            progress.answer_ended = "eof"
            kind = EndKind.RESPONSE_DONE if self._answering.head_came else EndKind.FIN
            self._finish(kind, EndedBy.PEER, at, cut)

    def lost(self, error: Exception | None, at: int) -> None:
        if self._over.is_set():
            return
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
            self._record_frames()
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
        self._save()
        if self._handshake_only:
            self._finish(EndKind.RESPONSE_DONE, EndedBy.US, at)
        elif self._options.ping_every > 0:
            self._timers.set("ping", self._options.ping_every, self._ping_again)

    def _answer_done(self, at: int | None) -> None:
        self._finish(EndKind.RESPONSE_DONE, EndedBy.US, at)

    # -- frames

    def behave(self, options: Options) -> None:
        """Take over what of ``options`` can change while connected: policy and pings."""
        if self._over.is_set():
            return
        now = replace(
            self._options,
            policy=options.policy,
            answer_pings=options.answer_pings,
            answer_close=options.answer_close,
            ping_every=options.ping_every,
        )
        if now == self._options:
            return
        self._options = self._attempt.options = now
        limit = self._exchange.policy.settings.max_message
        self._exchange.policy.settings = replace(policy_settings(now), max_message=limit)
        if now.ping_every <= 0:
            self._timers.stop("ping")
        elif self._progress.phase is Phase.OPEN and "ping" not in self._timers:
            self._timers.set("ping", now.ping_every, self._ping_again)
        at = time.monotonic_ns()
        self._recorder.event("behaviour", at, {"policy": now.policy, "ping_every": now.ping_every})
        self._save()
        self._progress.publish()

    def _react(self, attention: list[Attention], commands: list[Command]) -> None:
        """Do what one read asks for; frames that answer it leave together."""
        if self._outgoing is not None:
            self._outgoing.gather()
        for seen in attention:
            self._look_at(seen)
        self._carry_out(commands)
        self._flush()

    def _flush(self) -> None:
        if self._outgoing is not None:
            self._outgoing.flush()

    def _look_at(self, seen: Attention) -> None:
        if seen.opcode == PONG and seen.complete and self._outgoing is not None:
            self._outgoing.pong_came(seen)
        if seen.message_end and self._options.echo and not self._exchange.policy.stopped:
            self.send_frame(seen.message_opcode, seen.message_payload)

    def _carry_out(self, commands: list[Command]) -> None:
        for command in commands:
            match command:
                case SendPong(payload):
                    self.send_frame(PONG, payload)
                case SendClose(code, reason):
                    self.send_frame(CLOSE, write_close_body(code, reason))
                case EndTcp(patient):
                    if patient:
                        self._timers.set("patience", PATIENCE, self.end_tcp)
                    else:
                        self.end_tcp()
                case Fail() | WouldStop():
                    name = "stopped" if isinstance(command, Fail) else "would-stop"
                    data: Facts = {"code": command.code, "number": command.number, "text": command.text}
                    self._recorder.event(name, time.monotonic_ns(), data)
                    self._save()
                    self._progress.publish()

    def _see_closing(self) -> None:
        if self._progress.phase is Phase.OPEN and self._closing:
            self._progress.phase = Phase.CLOSING
            self._progress.publish()

    @property
    def _closing(self) -> bool:
        policy = self._exchange.policy
        return policy.sent_close is not None or policy.received_close is not None

    def send_frame(self, opcode: int, payload: bytes, **how: Any) -> None:
        """Send one frame; keywords as of :meth:`Attempt.send_frame`."""
        if self._outgoing is None:
            self._attempt.complain(GONE)
            return
        at = self._outgoing.send_frame(opcode, payload, **how)
        if at is None:
            return
        if opcode == CLOSE:
            self._recorder.event("close-sent", at, {})
            self._carry_out(self._exchange.framed(opcode, payload, at))
            if self._exchange.policy.settings.close and "patience" not in self._timers:
                self._timers.set("patience", PATIENCE, self.end_tcp)
            self._see_closing()
        self._publish_soon()

    def send_bytes(self, data: bytes) -> None:
        """Send bytes as they are."""
        if self._outgoing is None:
            self._attempt.complain(GONE)
        elif self._outgoing.send_bytes(data) is not None:
            self._publish_soon()

    def _ping_again(self) -> None:
        if self._outgoing is not None:
            self._outgoing.send_counted_ping()
        self._timers.set("ping", self._options.ping_every, self._ping_again)
        self._publish_soon()

    def _record_frames(self) -> None:
        if self._outgoing is not None:
            self._outgoing.record_frames()

    # -- ending

    def end_tcp(self) -> None:
        """End our side; the peer then has a stated time to end its own."""
        link = self._link
        if link is None or link.closed:
            self.cancel()
            return
        if self._progress.fin_sent:
            self.abort()
            return
        self._flush()
        self._progress.fin_sent = True
        self._recorder.event("fin-sent", link.now(), {})
        self._exchange.policy.we_ended()
        link.end()
        if not self._over.is_set():
            self._timers.set("patience", PATIENCE, self.abort)
        self._publish_soon()

    def abort(self) -> None:
        """End with RST."""
        link = self._link
        if link is None or self._over.is_set():
            self.cancel()
            return
        self._flush()
        at = link.now()
        fin_sent = self._progress.fin_sent
        if self._exchange.upgraded:
            self._exchange.finish_frames(at)
            self._record_frames()
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
        self._progress.publish()

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Call in ``seconds``, after the end too; stopped by closing the conversation."""
        self._timers.set("later", seconds, call)

    def cancel(self) -> None:
        """Give up, whatever is going on."""
        if not self._over.is_set():
            self._cancelled = True
            if self._task is not None:
                self._task.cancel()

    def _finish(self, kind: EndKind, by: EndedBy, at: int | None = None, text: str = "") -> None:
        """The attempt is over; the first call counts."""
        if self._over.is_set():
            return
        self._over.set()
        self._answered.set()
        progress, exchange = self._progress, self._exchange
        now = at or (self._link.now() if self._link is not None else time.monotonic_ns())
        if exchange.upgraded:
            exchange.finish_frames(now)
            self._record_frames()
        elif self._link is not None and kind is not EndKind.CANCELLED:
            exchange.judge()
        progress.over(ending(exchange, progress, kind, by, now, text))
        self._recorder.event("ended", now, {"kind": kind.value, "by": by.value})
        self._timers.stop_all()
        self._save()
        progress.publish()

    # -- telling

    def _publish_soon(self) -> None:
        if "publish" not in self._timers:
            self._timers.set("publish", PUBLISH_EVERY, self._publish)

    def _publish(self) -> None:
        self._progress.publish()
        if not self._progress.all_committed and self._writer.backlog:
            self._publish_soon()

    def _save(self) -> None:
        self._recorder.update(self._progress.facts())
