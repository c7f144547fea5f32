"""The top row: the pages, a tab a conversation with a dot for its state, and the menu that opens more."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QTabBar, QToolButton, QWidget

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.tips import plain_tip
from wsinspector.ui.widgets.segmented import Segmented

DOT = 8
LONGEST, TAIL = 28, 10
"""Characters of a title, and how many of its end are among them where it is longer."""

LEAST, MOST = 150, 280  # px of a tab's width at zoom 1
CROSS = 18  # px of the cross of a tab, times the zoom


def dot(role: str) -> QIcon:
    """A round icon in the colour of ``role``."""
    scale = 2
    pixmap = QPixmap(QSize(DOT + 4, DOT + 4) * scale)
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(role))
    painter.drawEllipse(QRect(2, 2, DOT, DOT))
    painter.end()
    return QIcon(pixmap)


class TabRow(QWidget):
    """``opened`` asks for an empty conversation, ``closed(index)`` for the end of one.

    ``page_asked(index)``: one of the pages; the tabs belong to the first.
    """

    opened = Signal()
    page_asked = Signal(int)
    closed = Signal(int)
    picked = Signal(int)
    moved = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.switch = Segmented([], parent=self)
        self.switch.setAccessibleName(translate("TabRow", "Pages"))
        self.switch.picked.connect(self.page_asked)
        self.bar = _Bar(self)
        self.bar.setMovable(True)
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setElideMode(Qt.TextElideMode.ElideMiddle)  # what tells tabs apart may stand at either end
        self.bar.setUsesScrollButtons(True)
        self.bar.setIconSize(QSize(DOT + 4, DOT + 4))
        self.bar.setAccessibleName(translate("TabRow", "Conversations"))
        self.bar.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.bar.currentChanged.connect(self.picked)
        self.bar.tabMoved.connect(self.moved)
        self.bar.middle_clicked.connect(self.closed)
        self.more = QToolButton(self)
        self.more.setText("+")
        self.more.setProperty("kind", "flat")
        self.more.setAccessibleName(translate("TabRow", "New conversation, open a capture"))
        tell(
            self.more,
            translate("TabRow", "New conversation ([key:window.new-tab]), open a capture ([key:files.open])"),
        )
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more_menu = QMenu(self.more)
        self.more.setMenu(self.more_menu)
        self.menu_button = QToolButton(self)
        self.menu_button.setText(translate("TabRow", "Menu"))
        self.menu_button.setProperty("kind", "flat")
        tell(self.menu_button, translate("TabRow", "Look, lab, captures, keys ([key:window.menu])"))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.menu_button)
        self.menu_button.setMenu(self.menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.MARGIN, theme.SPACE, theme.MARGIN, 0)
        row.setSpacing(theme.SPACE)
        row.addWidget(self.switch)
        row.addSpacing(theme.SPACE)
        row.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.more)
        row.addStretch(1)
        row.addWidget(self.menu_button)
        theme.watcher().changed.connect(self._resize_crosses)
        self.bar.dress()

    def name_pages(self, pages: Sequence[tuple[str, str]]) -> None:
        """Offer pages: what each is called, and its tooltip."""
        self.switch.set_texts([name for name, _ in pages])
        for index, (_, tip) in enumerate(pages):
            self.switch.set_tip(index, tip)
        self.show_page(0)

    def show_page(self, index: int) -> None:
        """Mark page ``index``; the tabs are in sight with the first alone."""
        self.switch.set_current(index)
        self.bar.setVisible(index == 0)
        self.more.setVisible(index == 0)

    def add(self, title: str) -> int:
        """Append a tab; its index."""
        index = self.bar.addTab(dot("muted"), title)
        self._close_button(index)
        return index

    def _close_button(self, index: int) -> None:
        button = QToolButton(self.bar)
        button.setText("×")
        button.setProperty("kind", "flat")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        side = round(CROSS * theme.zoom())
        button.setFixedSize(side, side)
        button.setStyleSheet("padding: 0")
        tell(
            button, translate("TabRow", "Close the conversation ([key:window.close-tab], or a middle click)")
        )
        button.setAccessibleName(translate("TabRow", "Close the conversation"))
        button.clicked.connect(lambda: self._close_of(button))
        self.bar.setTabButton(index, QTabBar.ButtonPosition.RightSide, button)

    def _resize_crosses(self) -> None:
        side = round(CROSS * theme.zoom())
        for index in range(self.bar.count()):
            cross = self.bar.tabButton(index, QTabBar.ButtonPosition.RightSide)
            if cross is not None and cross.width() != side:
                cross.setFixedSize(side, side)
                self.bar.setTabButton(index, QTabBar.ButtonPosition.RightSide, cross)  # it takes its size
                cross.show()  # as the one that was there before is hidden
        self.bar.dress()
        self.update()

    def _close_of(self, button: QToolButton) -> None:
        for index in range(self.bar.count()):
            if self.bar.tabButton(index, QTabBar.ButtonPosition.RightSide) is button:
                self.closed.emit(index)
                return

    def show_state(self, index: int, title: str, role: str, spoken: str) -> None:
        """Name tab ``index`` and colour its dot; ``spoken`` says the state in words."""
        shown = title if len(title) <= LONGEST else f"{title[: LONGEST - TAIL - 1]}…{title[-TAIL:]}"
        shown = shown.replace("&", "&&")
        if self.bar.tabText(index) != shown:
            self.bar.setTabText(index, shown)
            self.bar.updateGeometry()
        tip = plain_tip(f"{title}\n{spoken}")
        look = (role, theme.look())
        if self.bar.tabData(index) != look:
            self.bar.setTabIcon(index, dot(role))
            self.bar.setTabData(index, look)
        if self.bar.tabToolTip(index) != tip:
            self.bar.setTabToolTip(index, tip)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.color("window"))


class _Bar(QTabBar):
    middle_clicked = Signal(int)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            index = self.tabAt(event.position().toPoint())
            if index >= 0:
                self.middle_clicked.emit(index)
                return
        super().mouseReleaseEvent(event)

    def sizeHint(self) -> QSize:
        # Qt keeps the hint of the longest titles it has seen.
        width = sum(self.tabSizeHint(index).width() for index in range(self.count()))
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        # Qt keeps room for its scroll buttons even where one short tab needs less than they do.
        hint, wanted = super().minimumSizeHint(), self.sizeHint()
        return QSize(min(hint.width(), wanted.width()), hint.height())

    def tabSizeHint(self, index: int) -> QSize:
        hint = super().tabSizeHint(index)
        return QSize(min(hint.width(), MOST), hint.height())

    def minimumTabSizeHint(self, index: int) -> QSize:
        # Qt would cut every title to some letters before it begins to scroll.
        hint = self.tabSizeHint(index)
        least = round(LEAST * theme.zoom()) if self.count() > 1 else super().minimumTabSizeHint(index).width()
        return QSize(min(hint.width(), least), hint.height())

    def tabLayoutChange(self) -> None:
        self.dress()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.dress()

    def dress(self) -> None:
        """Arrows that are seen in every look, on the buttons that scroll."""
        tips = {
            "ScrollLeftButton": ("‹", translate("TabRow", "Tabs before")),
            "ScrollRightButton": ("›", translate("TabRow", "Tabs behind")),
        }
        for name, (sign, tip) in tips.items():
            button = self.findChild(QToolButton, name)
            if button is not None and button.arrowType() is not Qt.ArrowType.NoArrow:
                button.setArrowType(Qt.ArrowType.NoArrow)
                button.setText(sign)
                button.setStyleSheet("padding: 0; font-weight: bold")
                button.setAccessibleName(tip)
                button.setToolTip(tip)


def below(widget: QWidget) -> QPoint:
    """Where a menu of ``widget`` drops down."""
    return widget.mapToGlobal(QPoint(0, widget.height() + 2))
