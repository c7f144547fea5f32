"""The cells of a row of the log, whatever they are made of."""

import enum
from dataclasses import dataclass

from wsinspector.present.numbers import count, duration, size
from wsinspector.present.rowlabels import Label
from wsinspector.translate import translate


class TimeStyle(enum.Enum):
    """How the time column reads."""

    ABSOLUTE = "absolute"
    RELATIVE = "relative"
    DELTA = "delta"
    MARK = "mark"


class RowKind(enum.Enum):
    """What a row is; markers run across all columns."""

    FRAME = "frame"
    RUN = "run"
    PENDING = "pending"
    END = "end"
    STOP = "stop"
    SILENCE = "silence"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class RowCells:
    """The texts of one row. ``tone`` is the role of the type, ``out`` None where no side sent it.

    ``settled``: nothing later can change it, so it may be kept. ``calm``: control traffic, muted.
    """

    kind: RowKind
    number: str = ""
    time: str = ""
    out: bool | None = None
    type: str = ""
    tone: str = "text"
    size: str = ""
    labels: tuple[Label, ...] = ()
    payload: str = ""
    remark: str = ""
    opens: bool = False
    opened: bool = False
    child: bool = False
    below_stop: bool = False
    settled: bool = True
    mark: str | None = None  # the name of the mark, which may be empty; None without one

    @property
    def direction(self) -> str:
        return "" if self.out is None else "↑ out" if self.out else "↓ in"

    @property
    def spoken(self) -> str:
        """The whole row as a screen reader says it."""
        side = (
            "" if self.out is None else translate("Log", "sent") if self.out else translate("Log", "received")
        )
        size = translate("Log", "{size} bytes").format(size=self.size) if self.size else ""
        number = translate("Log", "frame {number}").format(number=self.number) if self.number else ""
        labels = ", ".join(label.text for label in self.labels)
        mark = ""
        if self.mark is not None:
            mark = translate("Log", "marked {name}").format(name=self.mark).strip()
        parts = (number, mark, self.time, side, self.type, size, labels, self.payload[:200], self.remark)
        return ", ".join(part for part in parts if part)


def size_column(length: int) -> str:
    """Bytes in at most nine characters: exact below ten million, then with a unit."""
    if length >= 1 << 63:
        return "≥ 2⁶³"
    return count(length) if length < 10_000_000 else size(length)


def short_seconds(ns: int) -> str:
    """A span of time in ns, in the unit that fits."""
    return duration(ns / 1e9)
