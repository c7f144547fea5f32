"""Two frames pinned together: how much time lies between them, and how many frames."""

from dataclasses import dataclass

from wsinspector.present.frames import FrameFacts
from wsinspector.present.numbers import count, duration
from wsinspector.translate import translate

MOST_PAIRS = 20


@dataclass(frozen=True, slots=True)
class Pair:
    """Two frames, the earlier number first, and their times (ns)."""

    first: int
    second: int
    first_ns: int
    second_ns: int

    @classmethod
    def of(cls, one: FrameFacts, other: FrameFacts) -> "Pair":
        early, late = sorted((one, other), key=lambda facts: facts.number)
        return cls(early.number, late.number, early.time, late.time)

    @property
    def between(self) -> int:
        """Frames between the two, neither counted."""
        return self.second - self.first - 1

    def text(self) -> str:
        """``#12 → #57: 1.203 s, 44 frames between``."""
        frames = (
            translate("Pairs", "no frame between")
            if not self.between
            else translate("Pairs", "1 frame between")
            if self.between == 1
            else translate("Pairs", "{n} frames between").format(n=count(self.between))
        )
        return translate("Pairs", "#{first} → #{second}: {time}, {frames}").format(
            first=count(self.first),
            second=count(self.second),
            # Frames that came with one read have one time: nothing was measured between them.
            time=exact_time(self.second_ns - self.first_ns)
            if self.second_ns != self.first_ns
            else translate("Pairs", "same read"),
            frames=frames,
        )


def exact_time(ns: int) -> str:
    """A span to the microsecond below a second, to the millisecond below a minute."""
    if ns < 10**9:
        return f"{ns / 1e6:.3f} ms"
    if ns < 60 * 10**9:
        return f"{ns / 1e9:.3f} s"
    return duration(ns / 1e9)


class Pins:
    """The pairs of one attempt, and the frame that waits for its second."""

    def __init__(self) -> None:
        self.pairs: list[Pair] = []
        self.waiting: FrameFacts | None = None

    def pin(self, facts: FrameFacts) -> Pair | None:
        """Pin a frame: the first one waits, the second makes a pair, the same again lets go."""
        waiting, self.waiting = self.waiting, None
        if waiting is None:
            self.waiting = facts
        elif waiting.number != facts.number:
            return self.add(waiting, facts)
        return None

    def add(self, one: FrameFacts, other: FrameFacts) -> Pair:
        """Pin two at once; the oldest pair goes where there are too many."""
        pair = Pair.of(one, other)
        if pair not in self.pairs:
            self.pairs.append(pair)
            del self.pairs[:-MOST_PAIRS]
        return pair

    def remove(self, pair: Pair) -> None:
        if pair in self.pairs:
            self.pairs.remove(pair)

    def labels(self, number: int) -> tuple[str, ...]:
        """What is said in the row of frame ``number``."""
        said = [
            translate("Pairs", "pair {n}").format(n=at)
            for at, pair in enumerate(self.pairs, 1)
            if number in (pair.first, pair.second)
        ]
        if self.waiting is not None and self.waiting.number == number:
            said.append(translate("Pairs", "pinned"))
        return tuple(said)
