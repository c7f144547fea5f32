"""How far a live connection has come, in one place to publish from and to keep."""

from typing import TYPE_CHECKING

from wsinspector.conversation.counting import COUNTED, counted
from wsinspector.conversation.exchange import Exchange
from wsinspector.conversation.facts import Facts, end_to_json, plain
from wsinspector.conversation.snapshot import (
    AttemptSnapshot,
    CertificateFacts,
    End,
    PendingView,
    Phase,
    Timings,
    TlsView,
)
from wsinspector.conversation.stepping_values import NOTHING_HELD
from wsinspector.conversation.traffic import READ_AS, notable
from wsinspector.live.tls import TlsStream
from wsinspector.protocol.arriving import PendingFrame
from wsinspector.protocol.columns import FrameColumns
from wsinspector.verdicts.outcome import outcome_of

if TYPE_CHECKING:
    from wsinspector.capture import AttemptWriter, CaptureWriter
    from wsinspector.conversation.attempt import Attempt
    from wsinspector.conversation.stepping import Stepping


STEPS = "steps"
"""The member of an attempt's facts that tells what was held."""


class Progress:
    """What the engine knows of an attempt besides its frames; makes snapshots and facts of it."""

    def __init__(
        self, attempt: "Attempt", exchange: Exchange, writer: "CaptureWriter", recorder: "AttemptWriter"
    ) -> None:
        first = attempt.snapshot
        self._attempt = attempt
        self._exchange = exchange
        self._writer = writer
        self._recorder = recorder
        self._bytes_in = 0
        self.bytes_out = 0
        self._not_kept = first.trouble
        self._writers_trouble = ""
        self.mono_ns = first.mono_ns
        self.phase = first.phase
        self.timings: dict[str, float] = {}
        self.addresses: tuple[str, ...] = ()
        self.dialled = ""
        self.tls: TlsView | None = None
        self.request_at: int | None = None
        self.response_at: int | None = None
        self.opened_at: int | None = None
        self.last_byte_at: int | None = None
        self.round_trip_ms: float | None = None
        self.network_error = ""
        self.unverified = False
        self.hint = ""
        self.answer_ended = ""
        self.answered = False
        self.timed_out = False
        self.closed_by_peer = False
        self.fin_sent = False
        self.held = False
        self.end: End | None = None
        self.stepping: Stepping | None = None
        """What veils the snapshots, where a person may step."""

    def sent(self, size: int, at: int) -> None:
        self.bytes_out += size
        self.last_byte_at = at

    def came(self, size: int, at: int) -> None:
        if not self._bytes_in and self.request_at is not None:
            self.timings["first_byte"] = (at - self.request_at) / 1e6
        self._bytes_in += size
        self.last_byte_at = at

    def secured(self, stream: TlsStream) -> None:
        made = stream.ssl_object
        cipher = made.cipher()
        self.tls = TlsView(
            version=made.version() or "",
            cipher=cipher[0] if cipher else "",
            alpn=made.selected_alpn_protocol(),
            sni=stream.sni,
            verified=stream.verified,
        )

    def certificates(self, chain: tuple[CertificateFacts, ...], trouble: str = "") -> None:
        view = self.tls or TlsView("", "", None, "", False)
        self.tls = TlsView(
            view.version, view.cipher, view.alpn, view.sni, view.verified, chain, trouble or view.trouble
        )

    def over(self, end: End) -> None:
        self.end = end
        self.answered = False
        self.phase = Phase.ENDED

    @property
    def all_committed(self) -> bool:
        """Whether every frame so far can be read from the capture."""
        return self._recorder.committed_frames >= self._exchange.numbering.frames

    def publish(self) -> None:
        """Make a snapshot of now and publish it."""
        made = self._snapshot()
        self._attempt.publish(made if self.stepping is None else self.stepping.veiled(made))

    def frames_came(self, columns: FrameColumns) -> None:
        """Frames became complete: those of the peer may have to wait for a step."""
        traffic = self._exchange.traffic
        if self.stepping is not None and self.stepping.holds and traffic is not None:
            last = self._exchange.numbering.frames
            self.stepping.frames_came(columns, last, int(notable(traffic.agreed)))

    def held_between(self, start: int, stop: int) -> int:
        """ns between two moments in which something waited for a step."""
        return 0 if self.stepping is None else self.stepping.held_between(start, stop)

    def facts(self) -> Facts:
        """What the bytes alone do not tell."""
        exchange = self._exchange
        return {
            "url": self._attempt.snapshot.url,
            "options": self._attempt.options.to_json(),
            "dialect": exchange.spoken.proposed.name,
            "request_length": len(exchange.request),
            # A request that never left has no bytes in the stream.
            "unsent": exchange.request.decode("latin-1") if self.request_at is None else "",
            "request_at": self.request_at,
            "response_at": self.response_at,
            "opened_at": self.opened_at,
            "last_byte_at": self.last_byte_at,
            "round_trip_ms": self.round_trip_ms,
            "network_error": self.network_error,
            "unverified": self.unverified,
            "hint": self._hint(),
            "answer_ended": self.answer_ended,
            "kept_open": exchange.kept_open,
            "timed_out": self.timed_out,
            STEPS: self._held_steps(),
            "closed_by_peer": self.closed_by_peer,
            "addresses": list(self.addresses),
            "dialled": self.dialled,
            "timings": plain(self._timings()),
            "tls": plain(self.tls),
            "would_stop": plain(exchange.would_stop),
            "stopped": plain(exchange.stopped),
            "end": end_to_json(self.end),
            COUNTED: self._counted(),
            READ_AS: exchange.traffic.read_as if exchange.traffic is not None else None,
        }

    def _counted(self) -> dict[str, int] | None:
        exchange = self._exchange
        if self.end is None or exchange.traffic is None:
            return None
        faulty = notable(exchange.traffic.agreed)
        return counted(exchange.frames_in, exchange.frames_out, exchange.faults, faulty)

    def _held_steps(self) -> Facts | None:
        held = NOTHING_HELD if self.stepping is None else self.stepping.held
        return held.to_json() if held != NOTHING_HELD else None

    def _hint(self) -> str:
        traffic = self._exchange.traffic
        return self.hint or (traffic.hint if traffic is not None else "")

    def _trouble(self, said: str) -> str:
        """The capture's trouble while it lasts; else what was ``said`` last of anything but the capture."""
        now = self._writer.trouble or ""
        before, self._writers_trouble = self._writers_trouble, now
        return now or (said if said != before else "") or self._not_kept

    def _timings(self) -> Timings:
        return Timings(**self.timings)

    def _snapshot(self) -> AttemptSnapshot:
        exchange, first = self._exchange, self._attempt.snapshot
        response = exchange.response
        agreement = exchange.agreement
        ended = self.end is not None
        return AttemptSnapshot(
            serial=0,
            number=first.number,
            attempt_id=first.attempt_id,
            phase=self.phase,
            url=first.url,
            wall_ns=first.wall_ns,
            mono_ns=first.mono_ns,
            request=exchange.request,
            request_at=self.request_at,
            response=response,
            response_at=self.response_at,
            interim=exchange.reader.interim,
            verdict=exchange.verdict,
            outcome=None
            if exchange.waits_for_tail
            else outcome_of(
                exchange.verdict,
                response,
                network_error=bool(self.network_error),
                closed=ended and self.answer_ended == "eof",
                timed_out=self.timed_out,
            ),
            network_error=self.network_error,
            end=self.end,
            timings=self._timings(),
            addresses=self.addresses,
            dialled=self.dialled,
            tls=self.tls,
            opened_at=self.opened_at,
            policy=self._attempt.options.policy,
            subprotocol=agreement.subprotocol if agreement is not None else None,
            extensions=agreement.extensions if agreement is not None else (),
            deflate=agreement is not None and agreement.agreed.deflate is not None,
            frames_in=exchange.frames_in,
            frames_out=exchange.frames_out,
            bytes_in=self._bytes_in,
            bytes_out=self.bytes_out,
            frames=self._recorder.committed_frames,
            faults=exchange.faults,
            pending=pending_views(exchange),
            would_stop=exchange.would_stop,
            stopped=exchange.stopped,
            round_trip_ms=self.round_trip_ms,
            last_byte_at=self.last_byte_at,
            closed_by_peer=self.closed_by_peer,
            answered=self.answered,
            dropped=tuple((name, count) for name, count in self._writer.dropped.items() if count),
            losses=tuple(self._recorder.losses.values()),
            dropped_to=self._recorder.dropped_to,
            held=self.held,
            trouble=self._trouble(first.trouble),
            hint=self._hint(),
            unverified=self.unverified,
            generated=first.generated,
            role=exchange.role,
            dialect=exchange.spoken.proposed.name,
            agreed=agreement.agreed if agreement is not None else exchange.spoken.before,
            fit=exchange.traffic.fit if exchange.traffic is not None else None,
        )


def pending_views(exchange: Exchange) -> tuple[PendingView, ...]:
    """The frames still arriving and still leaving, as the window shows them."""
    found = []
    for outgoing, frame in ((False, exchange.pending_in), (True, exchange.pending_out)):
        if frame is not None:
            found.append(view_of(frame, outgoing=outgoing))
    return tuple(found)


def view_of(frame: PendingFrame, *, outgoing: bool) -> PendingView:
    return PendingView(
        outgoing=outgoing,
        offset=frame.offset,
        header=frame.header_len,
        first=frame.first,
        length=frame.length,
        have=frame.have,
        anomalies=int(frame.anomalies),
        began_at=frame.began_at,
        flags=frame.flags,
    )
