"""What is said on an open connection: what the policy wants, what a person asks, pings by the clock."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wsinspector.conversation.facts import Facts
from wsinspector.conversation.options import Options, policy_settings
from wsinspector.conversation.outgoing import GONE, Outgoing
from wsinspector.conversation.progress import Progress
from wsinspector.conversation.snapshot import Phase
from wsinspector.conversation.stepping_values import Unit
from wsinspector.conversation.timers import Timers
from wsinspector.conversation.traffic import Carrying, Traffic
from wsinspector.protocol.arriving import Attention
from wsinspector.protocol.opcodes import BINARY, CLOSE, PING, PONG, TEXT
from wsinspector.protocol.policy import (
    NORMAL,
    Command,
    EndTcp,
    Fail,
    SendClose,
    SendPong,
    WouldStop,
    write_close_body,
)
from wsinspector.translate import marked

if TYPE_CHECKING:
    from wsinspector.capture import AttemptWriter
    from wsinspector.conversation.attempt import Attempt
    from wsinspector.conversation.auto_answering import AutoAnswering

PATIENCE = 5.0
"""Seconds the peer has to end TCP after both Close frames, or after our FIN."""

AWAY = 1001

NO_CLOSE = "{0} has no closing frame: our side of the connection was ended."
NO_CODES = "The closing frame of {0} holds no code and no reason: it was sent without."
NO_HALF_CLOSE = marked(
    "Sequence", "TLS has no half-close here: ending our side would end the connection. Nothing was ended."
)
TOO_MANY_LATE = "Pings came faster than they are answered: one was left without its pong."

MOST_LATE = 64
"""Pongs that wait at once."""

NO_PING = "{0} has no ping: none is sent."


class Talk:
    """Sends on one connection; on the engine's thread.

    ``end_tcp()`` ends our side, ``reset()`` both with RST, ``save()`` keeps the facts, ``soon()`` publishes
    with the next tick.
    """

    def __init__(
        self,
        attempt: "Attempt",
        exchange: Carrying,
        progress: Progress,
        recorder: "AttemptWriter",
        outgoing: Outgoing,
        timers: Timers,
        *,
        end_tcp: Callable[[], None],
        reset: Callable[[], None],
        save: Callable[[], None],
        soon: Callable[[], None],
    ) -> None:
        self._attempt = attempt
        self._exchange = exchange
        self._progress = progress
        self._recorder = recorder
        self._outgoing = outgoing
        self.crafting = asyncio.Lock()
        """Held while crafted frames leave."""
        self._timers = timers
        self._end_tcp = end_tcp
        self._save = save
        self._soon = soon
        self._reset = reset
        self._auto: AutoAnswering | None = None
        self.answer_by_itself()

    def react(self, attention: list[Attention], commands: list[Command]) -> None:
        """Do what one read asks for; frames that answer it leave together."""
        if attention or commands:
            self._outgoing.gather()
            for seen in attention:
                self._look_at(seen)
            self._carry_out(commands)
            self._outgoing.flush()
        self._see_closing()
        self._exchange.watch.tell()

    def flush(self) -> None:
        """Write what is still gathered, or waits for crafted frames."""
        self._outgoing.flush()
        self._outgoing.release()

    def send_frame(self, opcode: int, payload: bytes, **how: Any) -> None:
        """Send one frame; keywords as of :meth:`Attempt.send_frame`."""

        def left(at: int) -> None:
            if opcode == CLOSE:
                self._close_left(payload, at)
            self._soon()

        plain = not how.keys() & {"fin", "rsv", "length_form", "declared"} or (
            how.get("fin", True)
            and not how.get("rsv")
            and how.get("length_form") is None
            and how.get("declared") is None
        )
        if plain and opcode in (TEXT, BINARY):
            how["compress"] = self._attempt.options.compress
        self._outgoing.send_frame(opcode, payload, left=left, **how)

    def _close_left(self, payload: bytes, at: int) -> None:
        self._outgoing.stepping.close_left()
        self._recorder.event("close-sent", at, {})
        self._carry_out(self._exchange.framed(CLOSE, payload, at))
        if self._exchange.policy.settings.close and "patience" not in self._timers:
            self._timers.set("patience", PATIENCE, self._end_tcp)
        self._see_closing()

    # -- crafted frames

    @property
    def traffic(self) -> Traffic | None:
        """What is known of the frames; None until the handshake is over."""
        return self._exchange.traffic

    @property
    def outgoing(self) -> Outgoing:
        return self._outgoing

    def complain(self, text: str) -> None:
        """Say to the person what cannot be."""
        self._attempt.complain(text)

    def left(self, seen: Sequence[Attention], at: int) -> None:
        """Frames of ours left that were made elsewhere, bit by bit; what follows from them does."""
        for frame in seen:
            if frame.complete and frame.opcode == PING:
                self._outgoing.ping_left(frame.payload, at)
            elif frame.complete and frame.opcode == CLOSE:
                self._close_left(frame.payload, at)
        self._soon()

    def close(self, code: int | None, reason: str) -> None:
        """Close as the dialect does; where it has no closing frame, end TCP. ``reason`` leaves whole."""
        traffic = self._exchange.traffic
        if traffic is None:
            self._attempt.complain(GONE)
            return
        name, able = traffic.agreed.dialect, traffic.abilities
        if self._outgoing.stepping.holds_end:
            self._end_tcp()  # asked a second time: what is held is not waited for any more
            return
        # More than that it is over; a dialect that cannot say it leaves something out.
        said = code not in (None, NORMAL) or bool(reason)
        if not able.close:
            self._end_in_turn()
            if said:
                self._attempt.complain(NO_CLOSE.format(name))
            return
        if code is not None and able.close_codes:
            # Whole, where the framing's own would cut it: who asks for too long a reason wants to see it.
            body = code.to_bytes(2, "big") + reason.encode("utf-8", "surrogatepass")
        else:
            body = traffic.close_body(code, reason)
        self.send_frame(CLOSE, body)
        if said and not able.close_codes:
            self._attempt.complain(NO_CODES.format(name))

    def take_leave(self) -> None:
        """Say that we go away (§7.4.1), where the dialect has a closing frame."""
        traffic = self._exchange.traffic
        if traffic is not None and traffic.abilities.close:
            self.send_frame(CLOSE, traffic.close_body(AWAY))

    def send_bytes(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._outgoing.send_bytes(data, lambda at: self._soon())

    def _end_in_turn(self) -> None:
        """End our side of TCP behind all that is held."""
        stepping = self._outgoing.stepping
        if stepping.holds:
            stepping.ours(Unit.FIN, b"", self._end_tcp)
        else:
            self._end_tcp()

    def keep_alive(self) -> None:
        """Ping by the clock where that was asked for."""
        traffic = self._exchange.traffic
        if self._attempt.options.ping_every <= 0:
            self._timers.stop("ping")
        elif traffic is not None and not traffic.abilities.ping:
            self._timers.stop("ping")
            self._attempt.complain(NO_PING.format(traffic.agreed.dialect))
        elif "ping" not in self._timers:
            self._timers.set("ping", self._attempt.options.ping_every, self._ping)

    def behave(self, options: Options) -> None:
        """Take over what of ``options`` can change while connected: policy and pings."""
        before = self._attempt.options
        now = replace(
            before,
            policy=options.policy,
            answer_pings=options.answer_pings,
            pong_after=options.pong_after,
            pong_payload=options.pong_payload,
            answer_close=options.answer_close,
            auto_answers=options.auto_answers,
            variables=options.variables,
            ping_every=options.ping_every,
            step=options.step,
            compress=options.compress,
        )
        if now == before:
            return
        self._attempt.options = now
        self._outgoing.stepping.switch(now.step)
        self._exchange.policy.settings = policy_settings(now)
        if now.ping_every != before.ping_every:
            self._timers.stop("ping")
            if self._progress.phase is Phase.OPEN:
                self.keep_alive()
        if (now.auto_answers, now.variables) != (before.auto_answers, before.variables):
            self.answer_by_itself()
        at = time.monotonic_ns()
        self._recorder.event("behaviour", at, {"policy": now.policy, "ping_every": now.ping_every})
        self._save()
        self._progress.publish()

    def _look_at(self, seen: Attention) -> None:
        if seen.opcode == PONG and seen.complete:
            self._outgoing.pong_came(seen)
        # By the phase, as the policy already knows of a Close that came behind this message.
        if seen.message_end and self._attempt.options.echo and self._progress.phase is Phase.OPEN:
            self.send_frame(seen.message_opcode, seen.message_payload)

    def _carry_out(self, commands: list[Command]) -> None:
        for command in commands:
            match command:
                case SendPong(payload, after):
                    if after > 0:
                        self._pong_later(payload, after)
                    else:
                        self.send_frame(PONG, payload)
                case SendClose(code, reason, body):
                    self.send_frame(CLOSE, write_close_body(code, reason) if body is None else body)
                case EndTcp(patient):
                    if patient:
                        self._timers.set("patience", PATIENCE, self._end_tcp)
                    else:
                        self._end_in_turn()
                case Fail() | WouldStop():
                    name = "stopped" if isinstance(command, Fail) else "would-stop"
                    data: Facts = {"code": command.code, "number": command.number, "text": command.text}
                    self._recorder.event(name, time.monotonic_ns(), data)
                    self._save()
                    self._progress.publish()

    def _pong_later(self, payload: bytes, after: float) -> None:
        """Answer a ping late; of very many that wait, the newest goes without an answer."""
        waiting = sum(f"pong {number}" in self._timers for number in range(MOST_LATE))
        if waiting == MOST_LATE:
            self._attempt.complain(TOO_MANY_LATE)
            return
        free = next(number for number in range(MOST_LATE) if f"pong {number}" not in self._timers)

        def send() -> None:
            if self._progress.phase is Phase.OPEN:
                self.send_frame(PONG, payload)

        self._timers.set(f"pong {free}", after, send)

    def answer_by_itself(self) -> None:
        """Take over the auto-answers of the options; what they answered so far is forgotten."""
        if self._auto is not None:
            self._auto.stop()
            self._auto = None
        options = self._attempt.options
        if options.auto_answers:
            known = {**self._attempt.environment, **dict(options.variables)}
            options = replace(options, variables=tuple(known.items()))
            # Here, as reading a file's tables draws in a parser that few connections need.
            from wsinspector.conversation.auto_answering import AutoAnswering

            self._auto = AutoAnswering(self, self._attempt, self._exchange.watch, self._recorder, options)

    def half_close(self) -> str:
        """End our side of TCP alone; why that cannot be, empty where it can."""
        if self._progress.tls is not None:
            return NO_HALF_CLOSE
        self._end_tcp()
        return ""

    def reset(self) -> None:
        """End the connection with RST."""
        self._reset()

    def _see_closing(self) -> None:
        policy = self._exchange.policy
        closing = policy.sent_close is not None or policy.received_close is not None
        if closing and self._progress.phase is Phase.OPEN:
            self._progress.phase = Phase.CLOSING
            self._progress.publish()

    def _ping(self) -> None:
        self._outgoing.send_counted_ping()
        self.keep_alive()
        self._soon()
