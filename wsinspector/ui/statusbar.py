"""The bottom row: counts each way, rate, round trip, where it is kept, what was dropped."""

import time
from collections import deque
from pathlib import Path

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.losses import limits_text, loss_text, losses_text
from wsinspector.present.numbers import count, milliseconds, size
from wsinspector.present.rate import Rate, rate_text
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.announcing import announce
from wsinspector.ui.inspect.count_label import CountLabel
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.tips import plain_tip

SAMPLES = 60
SAID_S = 8.0
LOOK_S = 1.0


class Sparkline(QWidget):
    """The last half minute of a rate as a line; says its newest value in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: deque[float] = deque(maxlen=SAMPLES)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(110, 16)

    def add(self, value: float) -> None:
        self._values.append(value)
        self.update()

    def clear(self) -> None:
        self._values.clear()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if len(self._values) < 2:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("in"), 1.5))
        top = max(*self._values, 1.0)
        step = self.width() / (SAMPLES - 1)
        height = self.height() - 4
        line = [QPointF(at * step, 2 + height * (1 - v / top)) for at, v in enumerate(self._values)]
        painter.drawPolyline(QPolygonF(line))


class TippedLabel(RoleLabel):
    """A label with more to say than it shows: in its tooltip, and to a screen reader."""

    _tip = ""

    def set_tip(self, text: str) -> None:
        """What is said beside the text itself; empty for nothing."""
        if text != self._tip:
            self._tip = text
            self.setAccessibleDescription(text)
            self._cut()

    def _cut(self) -> None:
        super()._cut()
        if self._tip:
            self.setToolTip(plain_tip(f"{self.full_text()}\n{self._tip}"))


class StatusBar(QWidget):
    """Follows one tab at a time, see :meth:`follow`, or says what another page tells, see :meth:`tell`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tab: TabState | None = None
        self._sampled = Rate(0.0, 0)
        self._attempt = (0, 0)
        self._said = ("", 0.0)
        self._told: tuple[str, str] | None = None
        self._file: tuple[Path | None, bool, float] = (None, False, 0.0)  # path, gone, when it was looked for
        self.received = CountLabel("window")
        self.sent = CountLabel("window")
        self.sparkline = Sparkline()
        self.rate = CountLabel("window")
        self.round_trip = CountLabel("window")
        self.news = RoleLabel("", "note")
        self.kept = RoleLabel("", "muted")
        self.dropped = TippedLabel("", "muted")
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(theme.MARGIN, 3, theme.MARGIN, 3)
        row.setSpacing(2 * theme.GAP)
        for widget in (self.received, self.sent, self.sparkline, self.rate, self.round_trip):
            row.addWidget(widget)
        row.addWidget(self.news, 1)
        row.addStretch(0)
        row.addWidget(self.kept)
        row.addWidget(self.dropped)
        self.setAccessibleName(translate("StatusBar", "Status"))
        theme.watcher().changed.connect(self.update)
        self.look()

    def place_lab(self, lab: QWidget) -> None:
        """Give what must be seen of the lab its place; it is true of every tab."""
        self._row.insertWidget(self._row.indexOf(self.kept), lab)

    def follow(self, tab: TabState | None) -> None:
        """Show what is true of ``tab``."""
        if self._tab is not None:
            self._tab.ticked.disconnect(self.look)
        self._tab = tab
        if tab is not None:
            tab.ticked.connect(self.look)
        self.look()

    def tell(self, told: tuple[str, str] | None) -> None:
        """Show ``told``, what there is and where it is kept, in place of a tab; None shows the tab again."""
        self._told = told
        self.look()

    def say(self, text: str) -> None:
        """Say ``text`` for some seconds."""
        self._said = (text, time.monotonic() + SAID_S)
        self.news.set_text(text)
        announce(self.news, text)

    def look(self) -> None:
        """Work everything out again; called on each tick."""
        snapshot = self._shown()
        if self._said[0] and time.monotonic() > self._said[1]:
            self._said = ("", 0.0)
            self.news.set_text("")
        if self._told is not None:
            self._tell(*self._told)
            return
        self._counts(snapshot)
        self._rate(snapshot)
        self._keeping(self._newest() if snapshot is None else snapshot)

    def _tell(self, what: str, kept: str) -> None:
        self.sparkline.hide()
        for label, text in ((self.received, what), (self.kept, kept)):
            self._set(label, text)
        for label in (self.sent, self.rate, self.round_trip, self.dropped):
            self._set(label, "")

    def _shown(self) -> AttemptSnapshot | None:
        if self._tab is None:
            return None
        attempt = self._tab.conversation.current
        if self._tab.picked:
            attempt = self._tab.conversation.attempt(self._tab.picked)
        # The draft has nothing to count: what is live goes on being told while it is edited.
        return self._tab.reading(attempt.snapshot) if attempt is not None else None

    def _newest(self) -> AttemptSnapshot | None:
        if self._tab is None:
            return None
        return self._tab.snapshot_of(len(self._tab.conversation.attempts))

    def _counts(self, snapshot: AttemptSnapshot | None) -> None:
        if snapshot is None:
            sent = self._newest() is not None
            self._set(self.received, "")
            self._set(self.sent, "" if sent else translate("StatusBar", "nothing sent yet"))
            return
        asked, answer = translate("StatusBar", "request"), translate("StatusBar", "response")
        came, left = (asked, answer) if snapshot.role is Role.SERVER else (answer, asked)
        for label, arrow, frames, octets, what in (
            (self.received, "↓", snapshot.frames_in, snapshot.bytes_in, came),
            (self.sent, "↑", snapshot.frames_out, snapshot.bytes_out, left),
        ):
            if snapshot.opened_at is None:
                there = f"1 {what}" if octets else translate("StatusBar", "no {0}").format(what)
            else:
                there = translate("StatusBar", "%n frame(s)", "", frames)
            # How many bytes travelled an import does not tell.
            self._set(label, f"{arrow} {there}" if snapshot.imported else f"{arrow} {there}, {size(octets)}")

    def _rate(self, snapshot: AttemptSnapshot | None) -> None:
        now = time.monotonic()
        live = snapshot is not None and snapshot.open
        self.sparkline.setVisible(live)
        if snapshot is None or not live:
            self._set(self.rate, "")
            self._attempt = (0, 0)
        else:
            total = snapshot.frames_in + snapshot.frames_out
            key = (id(self._tab), snapshot.number)
            if key != self._attempt:
                self._attempt = key
                self._sampled = Rate(now, total)
                self.sparkline.clear()
                self._set(self.rate, "")
            elif (newest := self._sampled.add(now, total)) is not None:
                self.sparkline.add(newest)
                self._set(self.rate, rate_text(self._sampled.averaged))
        trip = snapshot.round_trip_ms if snapshot is not None else None
        text = translate("StatusBar", "round trip {0}").format(milliseconds(trip)) if trip is not None else ""
        self._set(self.round_trip, text)

    def _keeping(self, snapshot: AttemptSnapshot | None) -> None:
        path = self._tab.conversation.capture_path if self._tab is not None else None
        if self._tab is not None and not self._tab.conversation.options.keep:
            kept = translate("StatusBar", "not kept")
        elif path is not None and snapshot is not None and self._gone(path):
            kept = translate("StatusBar", "the file is gone: {0}").format(path.name)
        elif self._tab is not None and self._tab.conversation.read_only and path is not None:
            kept = translate("StatusBar", "read only: {0}").format(path.name)
        elif snapshot is None or path is None:
            kept = ""
        elif snapshot.live:
            kept = translate("StatusBar", "saved as it happens: {0}").format(path.name)
        else:
            kept = translate("StatusBar", "saved: {0}").format(path.name)
        self._set(self.kept, kept)
        self._losses(snapshot)

    def _gone(self, path: Path) -> bool:
        """Whether the file was there and is there no more; looked for about once a second."""
        now = time.monotonic()
        if self._tab is not None and (path != self._file[0] or now - self._file[2] >= LOOK_S):
            self._file = (path, self._tab.conversation.gone, now)
        return self._file[1]

    def _losses(self, snapshot: AttemptSnapshot | None) -> None:
        """What was dropped is always said, also that nothing was; by reason, and whole in the tooltip."""
        lost, tip, trouble, held = "", "", "", False
        if snapshot is not None:
            # A snapshot tells of the writer somewhat later; the sentence above the panes waits for none.
            writing = self._tab.conversation.capture_trouble if self._tab is not None else ""
            held, trouble = snapshot.held, writing or snapshot.trouble
            lost = losses_text(snapshot.losses)
            told = [*(loss_text(loss) for loss in snapshot.losses), limits_text(snapshot.losses)]
            tip = "\n".join(filter(None, told))
            if not lost and any(number for _, number in snapshot.dropped):
                there = ", ".join(f"{count(number)} {kind}" for kind, number in snapshot.dropped if number)
                lost = translate("StatusBar", "dropped: {0}").format(there)
        waits = translate("StatusBar", "reading waits for the disk") if held else ""
        self.dropped.set_role("fault" if lost or trouble else "muted")
        said = lost or waits or translate("StatusBar", "nothing dropped")
        # The sentence stands above the panes too: where it is narrow, what it leads to is worth more.
        waiting = bool(trouble and waits and not lost)
        self._set(self.dropped, said if waiting else f"{trouble}  {said}".strip())
        self.dropped.set_tip("\n".join(part for part in (trouble if waiting else "", tip) if part))

    @staticmethod
    def _set(label: RoleLabel, text: str) -> None:
        if label.full_text() != text:
            label.set_text(text)
        if label.isHidden() == bool(text):
            label.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.color("window"))
