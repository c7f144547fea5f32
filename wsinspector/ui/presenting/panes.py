"""One pane of a conversation at a time, for a projector, and everything as it was afterwards."""

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QWidget

if TYPE_CHECKING:
    from wsinspector.ui.explain.pane import ExplainPane
    from wsinspector.ui.inspect.page import InspectPage

EXPLAINED_SHARE = 0.34
"""Of the height, for what is told of whatever is picked."""

FRAMES_MODE = 1
"""The second of Messages and Frames."""


class Pane(enum.Enum):
    """The panes, in the order of their keys."""

    HANDSHAKE = "handshake"
    FRAMES = "frames"
    BITS = "bits"
    PAYLOAD = "payload"
    EXPLAINED = "explained"


@dataclass(frozen=True, slots=True)
class _Before:
    """How the page stood: its splitters, which of its parts were hidden, and Messages or Frames."""

    splitters: tuple[tuple[QSplitter, QByteArray], ...]
    hidden: tuple[tuple[QWidget, bool], ...]
    mode: int
    row: int


class Panes(QObject):
    """The panes of one page while it is presented. ``changed``: another one is shown."""

    changed = Signal(object)  # Pane

    def __init__(self, page: "InspectPage") -> None:
        super().__init__(page)
        self._page = page
        self.shown = Pane.HANDSHAKE
        frames = page.frames
        self._before = _Before(
            tuple((each, each.saveState()) for each in (page.splitter, frames.split, frames.detail.split)),
            tuple((each, each.isHidden()) for each in self._parts()),
            frames.tools.modes.current(),
            frames.view.table.currentIndex().row(),
        )
        page.address.hide()
        page.switch.hide()
        frames.opening.forbidden = True
        frames.tools.modes.hide()  # every frame is a row here
        self._set_mode(FRAMES_MODE)
        page.stepping.shown.connect(self._step_shown)
        snapshot = page.tab.snapshot
        opened = snapshot is not None and snapshot.opened_at is not None
        self.show(Pane.FRAMES if opened else Pane.HANDSHAKE)

    @property
    def available(self) -> tuple[Pane, ...]:
        """Those that this page has: explanations only where there are some."""
        return tuple(pane for pane in Pane if pane is not Pane.EXPLAINED or self._explained() is not None)

    def show(self, pane: Pane) -> None:
        """Show ``pane`` alone."""
        page, frames = self._page, self._page.frames
        if pane not in self.available:
            return
        self.shown = pane
        inside = pane in (Pane.BITS, Pane.PAYLOAD)
        page.workbench.left.setVisible(pane is Pane.HANDSHAKE)
        page.right.setVisible(pane in (Pane.FRAMES, Pane.BITS, Pane.PAYLOAD))
        page.splitter.setVisible(pane is not Pane.EXPLAINED)
        for each in (frames.places.area, frames.tools, frames.send_bar):
            each.setVisible(not inside)
        frames.detail.setVisible(inside)
        if inside:
            self._need_row()
            frames.detail.bits.setVisible(pane is Pane.BITS)
            frames.detail.payload.setVisible(pane is Pane.PAYLOAD)
            frames.detail.beside.hide()
        self._explain(pane)
        self._focus(pane)
        self.changed.emit(pane)

    def leave(self) -> None:
        """Put everything back."""
        page, frames = self._page, self._page.frames
        page.stepping.shown.disconnect(self._step_shown)
        frames.opening.forbidden = False
        page.splitter.show()
        for part, hidden in self._before.hidden:
            part.setHidden(hidden)
        explained = self._explained()
        if explained is not None:
            explained.show_list(True)
            page.outer.insertWidget(0, explained)
        page.outer.setOrientation(Qt.Orientation.Horizontal)
        self._set_mode(self._before.mode)
        page.lay_out_again()
        for splitter, state in self._before.splitters:
            splitter.restoreState(state)

    def leave_row(self) -> None:
        """Pick no row where none was; after the focus is back, as a log with the focus picks one."""
        table = self._page.frames.view.table
        if self._before.row < 0:
            table.setCurrentIndex(QModelIndex())
            table.clearSelection()

    # -- inside

    def _parts(self) -> list[QWidget]:
        page, frames = self._page, self._page.frames
        parts: list[QWidget] = [page.address, page.switch, page.workbench.left, page.right, page.splitter]
        parts += [frames.places.area, frames.tools, frames.tools.modes, frames.send_bar, frames.detail]
        parts += [frames.detail.bits, frames.detail.payload, frames.detail.beside]
        explained = self._explained()
        return [*parts, explained] if explained is not None else parts

    def _explained(self) -> "ExplainPane | None":
        """The explanations of the page, where it has them."""
        return getattr(self._page, "explain", None)

    def _explain(self, pane: Pane) -> None:
        """What is picked is told below every pane; the list of all there is has a pane to itself."""
        explained, outer = self._explained(), self._page.outer
        if explained is None:
            return
        alone = pane is Pane.EXPLAINED
        explained.show_list(alone)
        if outer.orientation() is not Qt.Orientation.Vertical:
            outer.setOrientation(Qt.Orientation.Vertical)
            outer.insertWidget(1, explained)
        explained.show()
        if not alone:
            high = max(outer.height(), 1)
            outer.setSizes([high - round(high * EXPLAINED_SHARE), round(high * EXPLAINED_SHARE)])
        number = self._page.frames.places.number()
        if pane in (Pane.BITS, Pane.PAYLOAD, Pane.FRAMES) and number:
            explained.go_to_frame(number)

    def _set_mode(self, mode: int) -> None:
        tools = self._page.frames.tools
        if tools.modes.current() != mode:
            tools.modes.set_current(mode)
            tools.rows_asked.emit()

    def _need_row(self) -> None:
        """Bits and payload are of a row: the last where none is picked."""
        view = self._page.frames.view
        model = self._page.frames.model
        if model is not None and view.table.currentIndex().row() < 0 and len(model.rows.keys):
            view.show_row(len(model.rows.keys) - 1)
        self._page.frames.opening.row_changed()
        self._page.frames.detail.show()

    def _focus(self, pane: Pane) -> None:
        frames = self._page.frames
        wanted: QWidget | None = None
        if pane is Pane.FRAMES:
            wanted = frames.view.table
        elif pane is Pane.BITS:
            wanted = frames.detail.bits.figure
        elif pane is Pane.HANDSHAKE:
            wanted = self._page.handshake
        if wanted is not None:
            QTimer.singleShot(0, wanted, wanted.setFocus)

    def _step_shown(self, unit: str, _number: int) -> None:
        """A step brought something: go where it is seen, but stay where frames are seen already."""
        if self.shown is Pane.EXPLAINED:
            return
        if unit in ("request", "response"):
            self.show(Pane.HANDSHAKE)
            explained = self._explained()
            if explained is not None:
                explained.go_to_part("request" if unit == "request" else "answer")
        elif unit == "frame" and self.shown is Pane.HANDSHAKE:
            self.show(Pane.BITS)
        elif unit == "end":
            self.show(Pane.FRAMES)
