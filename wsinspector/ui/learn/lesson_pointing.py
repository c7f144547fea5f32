"""Lights what a step speaks of: a header, a rule's bytes, a frame and its bits, a part of the page."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from wsinspector.learn.lessons.model import Point
from wsinspector.protocol.head_reader import parse_request
from wsinspector.ui import theme
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.verdicts.finding import Subject

LOOKED_MS = 100
TRIES = 50


class Spot(QWidget):
    """A frame around ``target``, over everything, that lets every click through."""

    def __init__(self, target: QWidget, *, veiled: bool) -> None:
        super().__init__(target.window())
        self._target = target
        self._veiled = veiled
        self._window = target.window()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._timer = QTimer(self)  # what is pointed at moves with all that is laid out around it
        self._timer.setInterval(LOOKED_MS)
        self._timer.timeout.connect(self._follow)
        self._timer.start()
        target.destroyed.connect(self.deleteLater)
        target.installEventFilter(self)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Hide, QEvent.Type.Show):
            self._follow()
        return False

    def veil(self, on: bool) -> None:
        """Something lies over what is pointed at."""
        self._veiled = on
        self._follow()

    def _follow(self) -> None:
        target = self._target
        shown = target.isVisible() and not self._veiled
        self.setVisible(shown)
        if shown:
            corner = target.mapTo(self._window, target.rect().topLeft())
            place = target.rect().translated(corner).adjusted(-3, -3, 3, 3)
            if self.geometry() != place:
                self.setGeometry(place)
                self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("note"), 2.5))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), theme.RADIUS, theme.RADIUS)


class LessonPointing(QObject):
    """Points within ``page``. What waits for bytes is looked for again until it is there."""

    def __init__(self, page: InspectPage) -> None:
        super().__init__(page)
        self._page = page
        self._spot: Spot | None = None
        self._veiled = False
        self._wanted: Point | None = None
        self._within: Point | None = None
        self._tries = 0
        page.tab.snapshot_changed.connect(lambda _: self._look())
        page.tab.picked_changed.connect(self._look)

    def point(self, what: Point | None) -> None:
        """Light ``what``, and nothing else; None puts every light out."""
        self.forget()
        if what is None:
            return
        if what.control:
            self._spot = Spot(self._control(what.control), veiled=self._veiled)
            return
        self._wanted = what
        self._look()

    def veil(self, on: bool) -> None:
        """The panel lies over the page, or does no more."""
        self._veiled = on
        if self._spot is not None:
            self._spot.veil(on)

    def forget(self) -> None:
        """Put every light out."""
        self._wanted = self._within = None
        if self._spot is not None:
            self._spot.hide()
            self._spot.deleteLater()
            self._spot = None
        self._page.tab.subject_lit.emit(None)

    @property
    def wants_frame(self) -> tuple[str, bool]:
        """A filter whose frame is to be shown, and whether its first; empty for none."""
        wanted = self._wanted
        return ("", False) if wanted is None else (wanted.frame, wanted.first)

    def show_frame(self, number: int) -> None:
        """The frame was found: open it, and light the field or the byte that is meant."""
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            return
        page = self._page
        page.show_log()
        if not page.frames.places.go_to(number):
            return
        page.frames.opening.open()
        if wanted.byte >= 0 or wanted.field:
            self._within, self._tries = wanted, TRIES
            QTimer.singleShot(LOOKED_MS, self, self._light_within)

    def _light_within(self) -> None:
        """The bits of a frame are read on a thread: they are lit once they are drawn."""
        wanted, bits = self._within, self._page.frames.detail.bits
        self._tries -= 1
        if wanted is None or self._tries < 0:
            return
        if not bits.lines:
            QTimer.singleShot(LOOKED_MS, self, self._light_within)
        elif wanted.byte >= 0:
            bits.point_at_byte(wanted.byte)
        else:
            for line in bits.lines:
                if line.accessibleName().lower().startswith(f"{wanted.field.lower()} "):
                    line.pointed_at.emit(line.index)
                    break

    def _look(self) -> None:
        wanted = self._wanted
        if wanted is None or wanted.frame:
            return
        subject = self._subject(wanted)
        if subject is not None:
            self._wanted = None
            self._page.show_head(subject.side)
            # Picking an attempt puts the lights out; what was picked now is lit behind that.
            QTimer.singleShot(0, self, lambda: self._page.tab.subject_lit.emit(subject))

    def _subject(self, wanted: Point) -> Subject | None:
        tab = self._page.tab
        snapshot = tab.snapshot
        if wanted.request:
            data = tab.draft.to_bytes() if snapshot is None else snapshot.request
            for line in parse_request(data).named(wanted.request.encode()):
                return Subject("request", line.span, line.name)
        if snapshot is None:
            return None
        if wanted.response and snapshot.response is not None:
            for line in snapshot.response.head.named(wanted.response.encode()):
                return Subject("response", line.span, line.name)
        if wanted.rule and snapshot.verdict is not None:
            for finding in snapshot.verdict.findings:
                if finding.rule == wanted.rule and finding.subjects:
                    return finding.subjects[0]
        return None

    def _control(self, name: str) -> QWidget:
        page = self._page
        parts: dict[str, QWidget] = {
            "address": page.address.field,
            "version": page.address.version,
            "connect": page.address.button,
            "options": page.address.options,
            "answer": page.answer,
            "attempts": page.handshake.strip,
            "verdict": page.handshake.verdict,
            "request": page.handshake.request,
            "response": page.handshake.response,
            "log": page.frames.view,
            "filter": page.frames.tools,
            "send": page.frames.send_bar,
            "craft": page.frames.send_bar.craft,
        }
        return parts[name]
