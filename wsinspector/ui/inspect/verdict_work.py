"""Judges drafts when typing pauses, and asks for second opinions on answers, never on the window's thread."""

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.draft_verdict import draft_lines
from wsinspector.protocol.dialects import RFC6455
from wsinspector.protocol.spans import Role
from wsinspector.ui.inspect.background import Background, Done, Work
from wsinspector.ui.inspect.hex_view import HexData
from wsinspector.verdicts.second_opinion import SecondOpinion, second_opinion

PAUSE_MS = 120
SMALL = 8 * 1024
"""Bytes of a request that are judged in well under a millisecond."""
MOST_ANSWER = 2 << 20
"""Bytes of an answer that another client is given; it gives up on longer ones itself."""


class VerdictWork(QObject):
    """What the verdict needs and costs time.

    ``draft_judged(lines)``: the VerdictLines of the draft last asked for. ``opinion_came(number)``:
    that of an attempt.
    """

    draft_judged = Signal(object)
    opinion_came = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work: Background | None = None
        self._stopped = False
        self._request = b""
        self._judged: bytes | None = None
        self._opinions: dict[tuple[int, int, bool], SecondOpinion | None] = {}
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._judge)

    def judge_soon(self, request: bytes) -> None:
        """Judge ``request`` when no other follows it for a moment."""
        self._request = request
        self._pause.start()

    def judge_now(self, request: bytes) -> None:
        """Judge ``request`` at once, a large one as soon as it is done."""
        self._request, self._judged = request, None
        self._judge()

    def _judge(self) -> None:
        self._pause.stop()
        request = self._request
        if request == self._judged:
            return
        if len(request) <= SMALL:
            self._take_lines(request, draft_lines(request))
        else:
            self._ask("draft", partial(draft_lines, request), partial(self._take_lines, request))

    def _take_lines(self, request: bytes, lines: object) -> None:
        if isinstance(lines, Exception):
            raise lines  # our own fault
        if request == self._request:
            self._judged = request
            self.draft_judged.emit(lines)

    def opinion_of(self, snapshot: AttemptSnapshot, answer: HexData) -> SecondOpinion | None:
        """What another client makes of ``answer``; None where it is not asked, or not yet done.

        ``answer``: as it travelled, from the first byte that came.
        """
        length = min(answer.length(), MOST_ANSWER)
        settled = snapshot.opened_at is not None or not snapshot.live
        if snapshot.role is not Role.CLIENT or snapshot.response is None or not settled or not length:
            return None
        key = (snapshot.number, length, snapshot.closed_by_peer)
        if key not in self._opinions:
            self._opinions[key] = None
            spoken = snapshot.agreed.dialect
            work = partial(
                second_opinion,
                snapshot.request,
                answer.read(0, length),
                ended=snapshot.closed_by_peer,
                dialect="" if spoken == RFC6455 else spoken,
            )
            self._ask(f"opinion {snapshot.number}", work, partial(self._take_opinion, key))
        return self._opinions[key]

    def _take_opinion(self, key: tuple[int, int, bool], opinion: object) -> None:
        if isinstance(opinion, Exception):
            raise opinion  # our own fault
        if isinstance(opinion, SecondOpinion):
            self._opinions[key] = opinion
            self.opinion_came.emit(key[0])

    def _ask(self, name: str, work: Work, done: Done) -> None:
        if self._stopped:
            return
        if self._work is None:
            self._work = Background("wsinspector-verdict", self)
        self._work.ask(name, work, done)

    @property
    def idle(self) -> bool:
        """Whether nothing is asked for any more."""
        return not self._pause.isActive() and (self._work is None or self._work.idle)

    def stop(self) -> None:
        """Let go of the thread."""
        self._stopped = True
        self._pause.stop()
        if self._work is not None:
            self._work.stop()
