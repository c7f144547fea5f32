"""The engine's side of a client that reached the lab: looked at, or answered by hand."""

import asyncio
import os
import ssl
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from wsinspector.conversation.caught_holding import CaughtHolding
from wsinspector.conversation.caught_progress import CaughtProgress, url_asked
from wsinspector.conversation.crafting import CraftSending
from wsinspector.conversation.ending import ending
from wsinspector.conversation.hand import FIRST_OFFERED, accepting, refusing
from wsinspector.conversation.options import Options, policy_settings
from wsinspector.conversation.outgoing import CLOSING, GONE, Outgoing
from wsinspector.conversation.serving import Serving
from wsinspector.conversation.snapshot import EndedBy, EndKind, Phase
from wsinspector.conversation.stepping import Stepping
from wsinspector.conversation.stepping_values import Unit
from wsinspector.conversation.talking import PATIENCE, Talk
from wsinspector.conversation.telling import Telling
from wsinspector.conversation.timers import Timers
from wsinspector.conversation.watching import FrameWatch
from wsinspector.live.dial import network_reason
from wsinspector.live.tls import recognise_record
from wsinspector.live.tls_failure import why_tls_failed
from wsinspector.live.transport import Link, LinkEnd
from wsinspector.protocol.crafting import FRESH, Standing
from wsinspector.protocol.opcodes import CLOSE, PING
from wsinspector.protocol.policy import TcpEnd
from wsinspector.protocol.spans import Direction

if TYPE_CHECKING:
    from wsinspector.capture import AttemptWriter, CaptureWriter
    from wsinspector.conversation.attempt import Attempt
    from wsinspector.conversation.engine import Engine

SCENARIO = "Nothing was sent: a scenario of the lab answers this client."
ANSWERED = "Nothing was sent: this client has its answer; from here on frames travel."

Make = Callable[[], bytes]


class Caught:
    """One client from its first byte to its end, told of by its link's tap; on the engine's thread.

    While ``by_hand`` is False a scenario has the word and this only records, but for what a person
    adds. ``over`` is set at the end: whoever holds the connection open by hand lets it go then.
    """

    def __init__(
        self,
        engine: "Engine",
        attempt: "Attempt",
        link: Link,
        writer: "CaptureWriter",
        recorder: "AttemptWriter",
        *,
        asked: Callable[[bytes], None],
    ) -> None:
        """``asked`` is called with the request once it is whole, or will not become so."""
        self.engine = engine
        self._asked = asked
        self.by_hand = attempt.snapshot.by_hand
        self.over = asyncio.Event()
        self.released = threading.Event()
        """Set once nothing of this connection is held any more."""
        self._attempt = attempt
        self._link: Link = link
        self._recorder = recorder
        self._timers = Timers()
        self._serving = Serving(policy_settings(attempt.options))
        self._serving.watch.start = attempt.snapshot.mono_ns
        self._progress = CaughtProgress(attempt, self._serving, writer, recorder)
        self._tell = Telling(self._serving, self._progress, writer, recorder, self._timers)
        if link.tls is not None and link.tls.established:
            self._progress.secured(link.tls)
        self.stepping = self._progress.stepping = Stepping(
            recorder,
            self._timers,
            on=self.by_hand and attempt.options.step,
            now=link.now,
            sent=lambda: self._progress.bytes_out,
            changed=self._tell.publish_soon,
            note=self._tell.save,
            closed=lambda: self._serving.policy.received_close is not None,
        )
        self._outgoing = Outgoing(link, attempt, self._serving, self._progress, recorder, self.stepping)
        self._talk = Talk(
            attempt,
            self._serving,
            self._progress,
            recorder,
            self._outgoing,
            self._timers,
            end_tcp=self.end_tcp,
            reset=self.abort,
            save=self._tell.save,
            soon=self._tell.publish_soon,
        )
        self._peer_ended: LinkEnd | None = None
        self._ours_first = False
        self._was_reset = False
        self._holding = CaughtHolding(
            engine, link, self._progress, writer, recorder, soon=self._tell.publish_soon
        )

    # -- who answers

    def take_by_hand(self, options: Options) -> None:
        """A person answers from now on, behaving as ``options`` say."""
        self.by_hand = self._progress.by_hand = True
        self._attempt.options = options
        self._serving.policy.settings = policy_settings(options)
        self._talk.answer_by_itself()
        self.stepping.switch(options.step)
        self._tell.save()
        self._progress.publish()

    def served_by(self, scenario: str) -> None:
        """The lab's ``scenario`` answers from now on."""
        self._progress.answered_by = scenario
        self._tell.save()
        self._progress.publish()

    # -- what the link tells

    def received(self, data: bytes, at: int) -> None:
        """Bytes of the client."""
        if self.over.is_set():
            return
        serving, progress = self._serving, self._progress
        self._recorder.bytes(Direction.IN, data, at)
        progress.came(len(data), at)
        asked, first = serving.asked_whole, not serving.asked.size
        commands = serving.received(data, at)
        if first:
            self._look_at_first(data)
        if serving.asked_whole and not asked:
            self._was_asked(at)
        self._tell.hand_over_frames()
        checkpoint = serving.take_checkpoint()
        if checkpoint is not None:
            self._recorder.checkpoint(*checkpoint)
        if serving.upgraded:
            self._talk.react(serving.drain(), commands)
        self._keep_up()
        self._tell.publish_soon()

    def wrote(self, data: bytes, at: int) -> None:
        """Bytes that we, or the scenario, have sent."""
        if self.over.is_set():
            return
        serving, progress = self._serving, self._progress
        self._recorder.bytes(Direction.OUT, data, at)
        progress.sent(len(data), at)
        upgraded = serving.upgraded
        for seen in serving.sent(data, at):
            if seen.opcode == PING and seen.complete:
                self._outgoing.ping_left(seen.payload, at)
            elif seen.opcode == CLOSE and seen.complete and not self.by_hand:
                self._recorder.event("close-sent", at, {})
                serving.framed(CLOSE, seen.payload, at)
            elif self._outgoing.crafting:
                self._talk.left((seen,), at)
        self._tell.hand_over_frames()
        if upgraded:
            if not self.by_hand:
                self._talk.react([], [])
        elif serving.upgraded:
            self._opened(at)
        else:
            self._answering()
        self._keep_up()
        self._tell.publish_soon()

    def ended(self, how: LinkEnd, at: int) -> None:
        """The client ended its side. A scenario may have more to say; by hand that is the end."""
        if self.over.is_set():
            return
        self._peer_ended = how
        if self.by_hand:
            self._drop_held()
        self._progress.closed_by_peer = True
        self._serving.peer_ended(TcpEnd.FIN, at)
        self._tell.hand_over_frames()
        if self.by_hand:
            self._finish_after_peer(at)
        else:
            self._tell.publish_soon()

    def we_ended(self, at: int, *, reset: bool) -> None:
        """Our side ended, or the scenario's did."""
        if self.over.is_set():
            return
        self._ours_first = self._ours_first or self._peer_ended is None
        fin_sent = self._progress.fin_sent
        if not reset:
            self._progress.fin_sent = True
            self._recorder.event("fin-sent", at, {})
            self._serving.policy.we_ended()
            self._tell.publish_soon()
            return
        self._serving.finish_frames(at)
        self._tell.hand_over_frames()
        self._serving.policy.we_ended(TcpEnd.FIN if fin_sent else TcpEnd.RST)
        # A reset behind the client's own end, or behind ours, changes nothing that it sees.
        if self._peer_ended is not None:
            self._finish_after_peer(at)
        else:
            self._finish(EndKind.FIN if fin_sent else EndKind.RST, EndedBy.US, at)

    def lost(self, error: Exception | None, at: int) -> None:
        """The connection is gone."""
        if self.over.is_set():
            return
        self._drop_held()
        if isinstance(error, ConnectionResetError | BrokenPipeError):
            self._progress.closed_by_peer = True
            self._serving.peer_ended(TcpEnd.RST, at)
            self._finish(EndKind.RST, EndedBy.PEER, at, network_reason(error))
        elif isinstance(error, ssl.SSLError):
            self._finish(EndKind.FAILED, EndedBy.NETWORK, at, why_tls_failed(error, "", established=True))
        elif error is not None:
            self._finish(EndKind.FAILED, EndedBy.NETWORK, at, network_reason(error))
        elif self._peer_ended is not None and not self._ours_first:
            self._finish_after_peer(at)
        else:
            self._finish(self._kind(EndKind.FIN), EndedBy.US, at)

    def turned_away(self, text: str, at: int) -> None:
        """The client's TLS handshake failed; what it sent in plain text was told before."""
        self._progress.network_error = text
        self._finish(EndKind.FAILED, EndedBy.NETWORK, at, text)

    # -- the handshake

    def _look_at_first(self, data: bytes) -> None:
        record = recognise_record(data)
        if record is not None and self._progress.tls is None:
            self._progress.hint = (
                f"The client began with a TLS record ({record}), and this port speaks plain text. "
                "Its address should begin with ws://, or name one of the lab's wss ports."
            )

    def _was_asked(self, at: int) -> None:
        progress = self._progress
        progress.request_at = at
        progress.phase = Phase.SENT
        progress.url = url_asked(
            self._serving.request, secure=progress.tls is not None, local=self._link.local
        )
        self._asked(self._serving.request)
        self._tell.save()
        progress.publish()

    def _answering(self) -> None:
        progress, before = self._progress, self._progress.phase
        response = self._serving.response
        progress.phase = Phase.BODY if response is not None and response.head.complete else Phase.HEAD
        if progress.phase is not before:
            self._tell.save()
            progress.publish()

    def _opened(self, at: int) -> None:
        self._progress.phase = Phase.OPEN
        self._progress.opened_at = at
        self._recorder.event("opened", at, {})
        self._tell.save()
        self._talk.react(self._serving.drain(), self._serving.take_late())
        if self.by_hand:
            self._talk.keep_alive()
        self._progress.publish()

    def answer(self, data: bytes, *, end: bool = False) -> None:
        """Answer with ``data`` as it stands; several calls may make one answer. ``end``: then FIN."""
        trouble = self._cannot_answer()
        self._attempt.complain(trouble)
        if trouble:
            return

        def leave() -> None:
            self._link.write(data)
            if end:
                self.end_tcp()

        if self.stepping.holds:
            self.stepping.ours(Unit.ANSWER, data, leave)
        else:
            leave()

    def accept(self, subprotocol: str | None = FIRST_OFFERED, extensions: Sequence[str] = ()) -> None:
        """Answer as a server of the client's dialect does; see :func:`hand.accepting`."""
        self._answer_made(
            lambda: accepting(
                self._serving.request,
                secure=self._progress.tls is not None,
                local=self._link.local,
                random=os.urandom,
                subprotocol=subprotocol,
                extensions=extensions,
            )
        )

    def refuse(self, status: int, versions: Sequence[str] = (), body: str = "") -> None:
        """Refuse and end our side; see :func:`hand.refusing`."""
        self._answer_made(lambda: refusing(status, versions, body), end=True)

    def _answer_made(self, make: Make, *, end: bool = False) -> None:
        self._serving.catch_up()
        try:
            data = make()
        except ValueError as error:
            self._attempt.complain(f"Nothing was sent: {error}.")
            return
        self.answer(data, end=end)

    def _cannot_answer(self) -> str:
        if self._link.closed or self.over.is_set() or self._progress.fin_sent:
            return GONE
        if not self.by_hand:
            return SCENARIO
        return ANSWERED if self._serving.upgraded else ""

    # -- steps

    def step(self) -> None:
        """Show the next unit of the client, or let the next of ours leave."""
        self.stepping.step()

    def let_all_go(self) -> None:
        """Show and send all that waits."""
        self.stepping.let_all_go()

    def _drop_held(self) -> None:
        """Nothing that is held leaves any more."""
        if self.stepping.never_leaves():
            self._serving.policy.close_never_left()

    # -- what can be asked, as of a connection of ours

    def send_frame(self, opcode: int, payload: bytes, **how: Any) -> None:
        """Send one frame; keywords as of :meth:`Attempt.send_frame`."""
        self._talk.send_frame(opcode, payload, **how)

    def close(self, code: int | None, reason: str) -> None:
        """Close as the dialect does; see :meth:`Attempt.close`."""
        self._talk.close(code, reason)

    def say(self, opcode: int, payload: bytes) -> None:
        """Send one frame unless the closing handshake has begun (§5.5.1)."""
        if self._progress.phase is Phase.CLOSING:
            self._attempt.complain(CLOSING)
        else:
            self.send_frame(opcode, payload)

    def send_bytes(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._talk.send_bytes(data)

    def send_crafted(self, sending: CraftSending) -> None:
        """Send crafted frames, one craft after the other."""
        if self.over.is_set():
            sending.failed(GONE)
        else:
            self.engine.spawn(sending.leave(self._talk, self.engine), "crafted frames")

    def standing(self) -> Standing:
        """What the next bytes of ours follow."""
        traffic = self._serving.traffic
        return FRESH if traffic is None else traffic.standing

    def behave(self, options: Options) -> None:
        """Take over policy and pings, where a person and no scenario answers."""
        if self.by_hand and not self.over.is_set():
            self._talk.behave(options)
        elif self.by_hand:
            self.stepping.switch(options.step)

    @property
    def watch(self) -> FrameWatch:
        """The client's frames for whoever waits for one."""
        return self._serving.watch

    @property
    def exchange(self) -> Serving:
        """What is known of both directions."""
        return self._serving

    async def drained(self) -> None:
        """Wait until what is written waits for the client no more than a little."""
        if not self._link.closed:
            await self._link.drained()

    def read_chain(self) -> None:
        """The client has shown no certificate; nothing can be read."""
        self._attempt.complain("A client has no certificates to show here.")

    def end_tcp(self) -> None:
        """End our side; by hand the client then has a stated time to end its own."""
        if self.over.is_set():
            return
        if self._progress.fin_sent:
            self.abort()
            return
        self._talk.flush()
        self._drop_held()
        self._link.end()
        if not self.over.is_set():
            self._timers.set("patience", PATIENCE, self.abort)

    def abort(self) -> None:
        """End with RST."""
        if not self.over.is_set():
            self._talk.flush()
            self._drop_held()
            self._link.abort()

    def cancel(self) -> None:
        """Give up looking. A client answered by hand is let go; a scenario goes on unseen."""
        if self.over.is_set():
            self.stepping.switch(False)
            return
        self._drop_held()
        self.stepping.on = False
        if not self.by_hand:
            self._link.tap = None
            self._finish(EndKind.CANCELLED, EndedBy.US, text="No longer looked at; the lab goes on.")
            return
        policy = self._serving.policy
        if self._serving.upgraded and policy.settings.close and policy.sent_close is None:
            self._talk.take_leave()
        self._finish(EndKind.CANCELLED, EndedBy.US)

    def settle(self) -> None:
        """Publish what is committed at last; after :attr:`released`, from any thread."""
        self.stepping.reveal()
        self._progress.publish()

    # -- the end

    def _kind(self, kind: EndKind) -> EndKind:
        response = self._serving.response
        done = not self._serving.upgraded and response is not None and response.head.complete
        return EndKind.RESPONSE_DONE if done else kind

    def _finish_after_peer(self, at: int) -> None:
        cut = "FIN without close_notify." if self._peer_ended is LinkEnd.TRUNCATED else ""
        by = EndedBy.US if self._ours_first else EndedBy.PEER
        self._finish(self._kind(EndKind.FIN), by, at, cut)

    def _finish(self, kind: EndKind, by: EndedBy, at: int | None = None, text: str = "") -> None:
        """The client is gone, or let go; the first call counts."""
        if self.over.is_set():
            return
        self.over.set()
        self._drop_held()
        serving, progress = self._serving, self._progress
        now = at or self._link.now()
        if serving.upgraded:
            serving.finish_frames(now)
            self._tell.hand_over_frames()
        else:
            serving.reader.eof()
        serving.catch_up()
        if not serving.asked_whole and serving.request:
            serving.judge()
            self._asked(serving.request)
        progress.held = False
        progress.over(ending(serving, progress, kind, by, now, text))
        self.stepping.over(now, by_peer=by is not EndedBy.US and kind is not EndKind.RESPONSE_DONE)
        self._recorder.event("ended", now, {"kind": kind.value, "by": by.value})
        self._timers.stop_all()
        self._link.release()
        self._tell.save()
        self._recorder.finish()
        self.released.set()
        progress.publish()
        self._tell.publish_soon()

    # -- telling

    def _keep_up(self) -> None:
        if not self.over.is_set():
            self._holding.look(answering=self.by_hand)
