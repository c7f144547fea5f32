"""Beside a message: the frames that carried it, the share of each, and their bytes as they travelled."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QVBoxLayout, QWidget

from wsinspector.present.numbers import count
from wsinspector.present.opened import Opened, fault_text
from wsinspector.present.shares import Share, percent, share_of, told
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.hex_view import HexView
from wsinspector.ui.inspect.payload_pane import WireBytes
from wsinspector.ui.inspect.role_label import RoleLabel

Index = QModelIndex | QPersistentModelIndex
FEW = 3
"""Frames that are seen at once; more are scrolled."""


class ShareModel(QAbstractTableModel):
    """A row a frame of the message, worked out when it is in sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opened: Opened | None = None

    def show(self, opened: Opened | None) -> None:
        self.beginResetModel()
        self._opened = opened
        self.endResetModel()

    def share(self, row: int) -> Share | None:
        if self._opened is None or not 0 <= row < self.rowCount():
            return None
        return share_of(self._opened, row)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self._opened is None else len(self._opened.parts.numbers)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 4

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._opened is None:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        share = self.share(index.row())
        if share is None:
            return "–"
        cells = (
            f"#{count(share.number)}",
            f"{share.header} + {count(share.payload)}",
            count(share.gives),
            percent(share.gives, self._opened.payload.total),
        )
        return cells[index.column()]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (
                translate("Shares", "Frame"),
                translate("Shares", "On the wire"),
                translate("Shares", "Gives"),
                translate("Shares", "Share"),
            )[section]
        return None


class WireBeside(QWidget):
    """What travelled for the message that is shown; picking a frame lights its share in the message."""

    share_picked = Signal(int, int)  # first byte of the message, one past the last

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opened: Opened | None = None
        self.title = RoleLabel(translate("Shares", "Wire"), "text", bold=True)
        self.told = RoleLabel("", "muted", wraps=True)
        self.fault = RoleLabel("", "note", wraps=True)
        self.model = ShareModel(self)
        self.frames = QTableView()
        self.frames.setModel(self.model)
        self.frames.setFrameShape(QFrame.Shape.NoFrame)
        self.frames.setShowGrid(False)
        self.frames.setWordWrap(False)
        self.frames.setTabKeyNavigation(False)
        self.frames.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.frames.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.frames.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.frames.setAccessibleName(translate("Shares", "Frames of the message"))
        self.frames.setToolTip(translate("Shares", "Up and Down pick a frame, which lights its share"))
        rows = self.frames.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(1)
        self.frames.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.frames.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.frames.horizontalHeader().setResizeContentsPrecision(50)  # rows looked at, of a million
        self.frames.horizontalHeader().setHighlightSections(False)
        self.hex = HexView()
        self.hex.setAccessibleName(translate("Shares", "The frame as it travelled"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        layout.setSpacing(theme.SPACE)
        for part in (self.title, self.told, self.fault, self.frames):
            layout.addWidget(part)
        layout.addWidget(self.hex, 1)
        self.frames.selectionModel().currentRowChanged.connect(lambda index, _: self._picked(index.row()))
        theme.watcher().changed.connect(self._fit)
        self.hide()

    def show_opened(self, opened: Opened) -> None:
        """Show what carried ``opened``; the frame that does not inflate is picked, else the first."""
        if self._opened is opened:
            return
        self._opened = None
        self.told.set_text(told(opened))
        fault = fault_text(opened)
        self.fault.set_text(fault)
        self.fault.setVisible(bool(fault))
        self._fit()
        self._opened = opened
        self.model.show(opened)
        self._fit()
        place = opened.fault_place
        row = opened.parts.numbers.index(place.number) if place is not None else 0
        self.frames.setCurrentIndex(self.model.index(row, 0))

    def _fit(self) -> None:
        height = theme.row_height()
        header = self.frames.verticalHeader()
        if header.defaultSectionSize() != height:
            # Qt tells of every row by itself: not while there are a million.
            self.model.show(None)
            header.setDefaultSectionSize(height)
            self.model.show(self._opened)
        rows = self.model.rowCount()
        self.frames.setVisible(rows > 1)
        head = round(QFontMetricsF(theme.ui_font()).height()) + 2 * theme.SPACE
        self.frames.setFixedHeight(head + height * min(rows, FEW) + 2)

    def _picked(self, row: int) -> None:
        opened = self._opened
        share = self.model.share(row)
        facts = opened.reading.facts(share.number) if opened is not None and share is not None else None
        if opened is None or share is None or facts is None:
            return
        self.hex.set_data(WireBytes(opened.reading, facts))
        self.hex.set_tones(((0, facts.header, "opcode"),))
        place = opened.fault_place
        if place is not None and place.number == share.number:
            at = facts.header + place.at
            self.hex.set_lit(((at, at + 1),))
        else:
            self.hex.set_lit(())
        self.title.set_text(translate("Shares", "Wire, frame {number}").format(number=count(share.number)))
        if self.model.rowCount() > 1:
            self.share_picked.emit(share.start, share.end)
