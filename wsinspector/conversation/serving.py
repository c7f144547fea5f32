"""The server's half of a handshake, and what follows it, kept up with as the bytes come, without any I/O."""

from wsinspector.conversation.exchange import Exchange, reader_for
from wsinspector.conversation.snapshot import EndedBy
from wsinspector.conversation.spoken import agreement, spoken_with
from wsinspector.conversation.traffic import Traffic
from wsinspector.protocol.arriving import Attention
from wsinspector.protocol.http import Response
from wsinspector.protocol.http_reader import ReadPhase
from wsinspector.protocol.policy import Command, Policy, PolicySettings, TcpEnd
from wsinspector.protocol.request_reader import RequestReader, is_http
from wsinspector.protocol.spans import Role
from wsinspector.verdicts.outcome import Outcome, outcome_of
from wsinspector.verdicts.request_rules import judge_request

MOST_EARLY = 1 << 20
"""Bytes remembered that a client sends behind its request before it is answered."""


class Serving(Exchange):
    """One connection as the server: as :class:`Exchange`, the directions changed over.

    What is received is the request until it is whole, then what the client said before it had an
    answer, and after a 101 frames; what is sent is the answer, and after a 101 frames. ``verdict``
    is a server's on the request. The commands for what had come before the 101 are told by
    :meth:`take_late`.
    """

    role = Role.SERVER

    def __init__(self, settings: PolicySettings) -> None:
        super().__init__(b"", settings)
        self.policy = Policy(Role.SERVER, settings)
        self.asked = RequestReader()
        self._came = 0
        self._early: list[tuple[bytes, int]] = []
        self._early_size = 0
        self._late: list[Command] = []

    @property
    def asked_whole(self) -> bool:
        """Whether the request is whole."""
        return self.asked.complete

    def catch_up(self) -> None:
        """Let ``request`` be all that came of a request that is not whole yet; it is copied for that."""
        if not self.asked.complete and self._traffic is None and len(self.request) != self.asked.size:
            self.request = self.asked.data

    def judge(self) -> None:
        """Make the verdict on what has come of the request."""
        self.verdict = judge_request(self.request)

    def received(self, data: bytes, at: int) -> list[Command]:
        """Bytes of the client; what the policy wants done about them."""
        if self._traffic is not None:
            return self._traffic.received(data, at)
        self._came += len(data)
        taken = 0 if self.asked.complete else self._asking(data)
        if early := data[taken : taken + MOST_EARLY - self._early_size]:
            self._early.append((early, at))
            self._early_size += len(early)
        return []

    def _asking(self, data: bytes) -> int:
        taken = self.asked.feed(data)
        if self.asked.complete:
            self.request = self.asked.data
            self.spoken = spoken_with(self.request)
            if not self.reader.received:
                self.reader = reader_for(self.request, self.spoken)
            self.judge()
        return taken

    def sent(self, data: bytes, at: int) -> list[Attention]:
        """Bytes of ours; those frames of them that are worth a look."""
        if self._traffic is not None:
            return self._traffic.sent(data, at)
        before = self.reader.received
        self.reader.feed(data)
        if self.reader.phase is not ReadPhase.UPGRADED:
            return []
        start = self.reader.frames_start
        response = self.reader.response
        assert start is not None
        assert response is not None
        traffic = self._open_with(response, start)
        # What came first is read first, each read with its own time.
        for early, came_at in self._early:
            self._late += traffic.received(early, came_at)
        self._early.clear()
        rest = data[start - before :]
        return traffic.sent(rest, at) if rest else []

    def take_late(self) -> list[Command]:
        """What the policy wants done about frames that came before the answer; told once."""
        late, self._late = self._late, []
        return late

    def peer_ended(self, how: TcpEnd, at: int) -> list[Command]:
        """The client's stream is over; it may still be answered."""
        return self._traffic.peer_ended(how, at) if self._traffic is not None else []

    def _open_with(self, response: Response, start: int) -> Traffic:
        self.catch_up()
        self.agreement = agreement(
            self.spoken, self.request, response, inflate_limit=self.policy.settings.inflate_limit
        )
        # Where the client said more than is remembered, reading begins behind all of it.
        lost = self._came - len(self.request) - self._early_size
        if lost:
            self._early.clear()
        self._traffic = Traffic(
            Role.SERVER,
            self.policy.settings,
            self.agreement.agreed,
            start_in=self._came if lost else len(self.request),
            start_out=start,
            policy=self.policy,
            numbering=self.numbering,
            watch=self.watch,
        )
        return self._traffic


def outcome_served(request: bytes, response: Response | None, ended_by: EndedBy | None) -> Outcome | None:
    """How serving a client turned out; ``ended_by`` is None while it is connected.

    What the client sent counts first, then how it was answered: a 101 that should not have been
    given has opened the connection all the same.
    """
    http = is_http(request)
    if http is False or (http is None and ended_by is not None):
        return Outcome.NOT_HTTP
    if response is not None and response.status == 101 and response.head.complete and not response.complete:
        # What belongs behind it, a digest, has not left.
        return Outcome.FAILED if ended_by is not None else None
    closed = ended_by in (EndedBy.PEER, EndedBy.NETWORK)
    ours = ended_by is EndedBy.US
    return outcome_of(None, response, network_error=False, closed=closed, timed_out=ours)
