"""When the detail below the log opens, what it shows then, and when it closes."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QSplitter

from wsinspector.present.rows import Mode
from wsinspector.present.rowtext import RowKind
from wsinspector.present.stop_told import StopTold, stop_told
from wsinspector.ui import theme
from wsinspector.ui.inspect.detail_pane import DetailPane
from wsinspector.ui.inspect.log_model import LogModel
from wsinspector.ui.inspect.log_view import LogView

LOW_WINDOW = 760
"""Below this height (before zoom) the detail is closed until a row is opened."""


class DetailOpening(QObject):
    """``split`` holds ``view`` above ``detail``; ``model()`` is what the log shows."""

    def __init__(
        self, view: LogView, detail: DetailPane, split: QSplitter, model: Callable[[], LogModel | None]
    ) -> None:
        super().__init__(split)
        self._view = view
        self._detail = detail
        self._split = split
        self._model = model
        self._opened = False
        self._kept_closed = False  # for want of room, not by hand
        self.forbidden = False
        """Whether nothing here opens or closes the detail: panes are shown one at a time."""

    def resized(self) -> None:
        """What a low window kept closed opens once there is room again."""
        if self._kept_closed and not self._low():
            self.row_changed()

    def row_changed(self) -> None:
        """Show the current row, where it is one of frames; nothing where there is none."""
        model = self._model()
        row = self._view.table.currentIndex().row()
        if model is None or row < 0:
            self._detail.show_nothing()
            self._detail.setVisible(self.forbidden and self._detail.isVisibleTo(self._split))
            return
        key = model.key_at(row)
        numbers = model.rows.frames_of(key)
        if not numbers:
            self.show_tail(model, row)
            return
        self._detail.show_frames(model, numbers, whole=model.rows.mode is Mode.MESSAGES)
        self._show_where_room()

    def show_tail(self, model: LogModel, row: int) -> None:
        """Show a marker, or a frame that is not whole yet."""
        pending = model.pending_at(row)
        if pending is None:
            told = self._stop_at(model, row)
            if told is None:
                self._detail.show_marker(model.cells(row))
                return
            self._detail.show_stop(told)
            self._show_where_room()
            return
        self._detail.show_pending(model, *pending)
        self._show_where_room()

    @staticmethod
    def _stop_at(model: LogModel, row: int) -> StopTold | None:
        """What the line means at which a conforming endpoint stops; None for any other row."""
        snapshot = model.snapshot
        if snapshot is None or model.cells(row).kind is not RowKind.STOP:
            return None
        arriving = (model.pending_at(at) for at in range(max(row - 2, 0), row))
        broken = (found[0] for found in arriving if found is not None and found[0].anomalies)
        return stop_told(snapshot, model.reading, next(broken, None))

    def released(self) -> None:
        """The button that held the rows in their places is up."""
        if self._detail.isVisibleTo(self._split) or self._view.table.currentIndex().row() < 0:
            return
        self.row_changed()

    def open(self) -> None:
        """A person opened the row, in a low window too."""
        row = self._view.table.currentIndex().row()
        model = self._model()
        if model is not None and row >= 0:
            self._opened = True
            stops = model.cells(row).kind is RowKind.STOP
            if stops or model.rows.frames_of(model.key_at(row)) or model.pending_at(row) is not None:
                self._show()

    def close(self) -> None:
        """Leave the log alone in sight."""
        if self.forbidden:
            return
        self._opened = False
        self._kept_closed = False
        self._detail.hide()
        self._view.table.setFocus()

    def _show_where_room(self) -> None:
        self._kept_closed = self._low() and not self._opened
        if not self._kept_closed:
            self._show()

    def _low(self) -> bool:
        return self._split.window().height() < LOW_WINDOW * theme.zoom()

    def _show(self) -> None:
        if self.forbidden or self._detail.isVisibleTo(self._split) or self._view.table.button_down:
            # While the button is down the rows stay where they are; its release asks again.
            return
        self._detail.show()
        if self._split.sizes()[1] < 40:
            height = self._split.height()
            share = max(height * (45 if self._low() else 36) // 100, 150)
            self._split.setSizes([height - share, share])
        index = self._view.table.currentIndex()
        QTimer.singleShot(0, self, lambda: self._view.keep_in_sight(index.row()))
