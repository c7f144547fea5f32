"""How far a client has come that reached us: the progress of an attempt in the server's role."""

from dataclasses import replace
from typing import TYPE_CHECKING

from wsinspector.conversation.facts import Facts
from wsinspector.conversation.progress import Progress
from wsinspector.conversation.serving import Serving, outcome_served
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.protocol.head_reader import parse_request, request_parts
from wsinspector.verdicts.outcome import Outcome

if TYPE_CHECKING:
    from wsinspector.capture import AttemptWriter, CaptureWriter
    from wsinspector.conversation.attempt import Attempt


class CaughtProgress(Progress):
    """As :class:`Progress`; ``first_byte`` among the timings is how long the client waited."""

    def __init__(
        self, attempt: "Attempt", serving: Serving, writer: "CaptureWriter", recorder: "AttemptWriter"
    ) -> None:
        super().__init__(attempt, serving, writer, recorder)
        self._serving = serving
        self.url = attempt.snapshot.url
        self.client = attempt.snapshot.client
        self.dialled = attempt.snapshot.dialled
        self.by_hand = attempt.snapshot.by_hand
        self.answered_by = ""

    def sent(self, size: int, at: int) -> None:
        if self.response_at is None:
            self.response_at = at
            if self.request_at is not None:
                held = self.held_between(self.request_at, at)
                self.timings["first_byte"] = (at - self.request_at - held) / 1e6
        super().sent(size, at)

    def facts(self) -> Facts:
        self._serving.catch_up()
        return super().facts() | {
            "url": self.url,
            "role": self._serving.role.value,
            "unsent": "",
            "client": self.client,
            "by_hand": self.by_hand,
            "answered_by": self.answered_by,
        }

    def _snapshot(self) -> AttemptSnapshot:
        serving = self._serving
        serving.catch_up()
        outcome = outcome_served(serving.request, serving.response, self.end.by if self.end else None)
        return replace(
            super()._snapshot(),
            url=self.url,
            client=self.client,
            by_hand=self.by_hand,
            answered_by=self.answered_by,
            outcome=Outcome.NETWORK_ERROR if self.network_error else outcome,
        )


def url_asked(request: bytes, *, secure: bool, local: str) -> str:
    """The URL that a client must have been given, by its Host line and target; ``local`` serves for Host."""
    head = parse_request(request)
    target = request_parts(head).target or b"/"
    if b"://" in target:
        return target.decode("latin-1")
    hosts = head.values(b"Host")
    host = hosts[0].decode("latin-1") if hosts else local
    return f"{'wss' if secure else 'ws'}://{host}{target.decode('latin-1')}"
