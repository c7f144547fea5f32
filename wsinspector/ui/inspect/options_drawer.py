"""The drawer below the address bar: network, TLS, handshake and behaviour of one conversation."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from wsinspector.conversation.address_table import AddressTable
from wsinspector.conversation.options import Options
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.address_results import AddressResults
from wsinspector.ui.inspect.columns_layout import ColumnsLayout
from wsinspector.ui.inspect.option_answers import AnswersGroup
from wsinspector.ui.inspect.option_behaviour import BehaviourGroup
from wsinspector.ui.inspect.option_connection import NetworkGroup, TlsGroup
from wsinspector.ui.inspect.option_dialect import DialectGroup
from wsinspector.ui.inspect.option_handshake import HandshakeGroup
from wsinspector.ui.inspect.option_limits import LimitsGroup
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.tab import TabState

COLUMN = 296  # px at zoom 1
SHARE = 0.4  # of the window's height
AT_ONCE = (
    "policy", "answer_pings", "pong_after", "pong_payload", "answer_close", "auto_answers", "variables",
    "ping_every", "reconnect_every", "keep",
)  # fmt: skip
LEAST = 160  # px, however low the window


class OptionsDrawer(QFrame):
    """``said(text)``: worth the status bar. ``close_asked``: Escape was pressed in it."""

    said = Signal(str)
    close_asked = Signal()

    def __init__(self, tab: TabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tab = tab
        self._table: AddressTable | None = None
        self._settled = False
        self._window: QWidget | None = None
        self.setAccessibleName(translate("Options", "Options"))
        self.network = NetworkGroup(tab)
        self.tls = TlsGroup(tab)
        self.handshake = HandshakeGroup(tab)
        self.behaviour = BehaviourGroup(tab)
        self.dialect = DialectGroup(tab)
        self.limits = LimitsGroup(tab)
        self.answers = AnswersGroup(tab)
        self.results = AddressResults()
        held = translate(
            "Options", "A connection is open. Policy and pings hold at once, the rest from the next one on."
        )
        self.later = RoleLabel(held, "note", size=0.95)
        self.later.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, 0)
        self.later.hide()
        self._content = QWidget()
        groups = QWidget()
        self._columns = ColumnsLayout(
            groups, column=COLUMN, gap=2 * theme.MARGIN, most=4, spacing=theme.MARGIN
        )
        self._columns.setContentsMargins(0, 0, 0, 0)
        for group in self._groups():
            self._columns.addWidget(group)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.MARGIN)
        column.setSpacing(theme.GAP)
        column.addWidget(groups)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self._content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 1, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.later)
        whole.addWidget(self.area)
        self._below = QFrame()
        self._below.hide()
        below = QVBoxLayout(self._below)
        below.setContentsMargins(theme.SPACE, 0, theme.SPACE, theme.SPACE)
        below.addWidget(self.results)
        whole.addWidget(self._below)
        self._fitting = QTimer(self)
        self._fitting.setSingleShot(True)
        self._fitting.setInterval(0)
        self._fitting.timeout.connect(self._fit)
        self._content.installEventFilter(self)
        self.network.every_asked.connect(self.send_to_every_address)
        self.network.put_away.clicked.connect(self._put_away)
        self.results.asked.connect(tab.pick)
        self.answers.auto.edit.left.connect(self.close_asked)
        for signal in (tab.options_changed, tab.draft_changed, tab.address_changed):
            signal.connect(self.look)
        tab.attempts_changed.connect(self._look_at_attempts)
        tab.ticked.connect(self._fill)
        theme.watcher().changed.connect(self._zoomed)
        self._zoomed()
        self.look()

    def focus_first(self) -> None:
        """Put the focus into the first field."""
        self.network.dialled.edit.setFocus(Qt.FocusReason.TabFocusReason)
        self.area.verticalScrollBar().setValue(0)

    def _groups(
        self,
    ) -> tuple[
        NetworkGroup | TlsGroup | HandshakeGroup | BehaviourGroup | DialectGroup | LimitsGroup | AnswersGroup,
        ...,
    ]:
        """In the order in which they are read."""
        return (
            self.network,
            self.tls,
            self.handshake,
            self.dialect,
            self.behaviour,
            self.limits,
            self.answers,
        )

    def look(self) -> None:
        """Show options, draft and address as they are."""
        for group in self._groups():
            group.look()
        self._look_at_attempts()

    def _look_at_attempts(self) -> None:
        current = self._tab.dialled
        held = (
            current is not None
            and current.snapshot.open
            and _unheld(current.options) != _unheld(self._tab.conversation.options)
        )
        if self.later.isHidden() == held:
            self.later.setVisible(held)
            self._fitting.start()

    # -- every address

    def send_to_every_address(self) -> None:
        """Send the draft to each address of the name; the table fills as they answer."""
        table = self._tab.conversation.every_address()
        if table is None:
            self.said.emit(translate("Options", "There is no address to look up yet."))
            return
        self._table, self._settled = table, False
        self.results.show_rows(())
        self._below.show()
        self.network.progress.set_role("muted")
        self.network.progress.set_text(translate("Options", "Looking up the name."))
        self.network.every.setEnabled(False)
        self.network.put_away.show()
        self._fit()
        self._tab.attempts_changed.emit()
        self._tab.draft_changed.emit()

    def _fill(self) -> None:
        table = self._table
        if table is None or self._settled:
            return
        done = table.done
        rows = table.rows
        if len(rows) != len(self.results.rows()):
            self._fitting.start()
        self.results.show_rows(rows)
        answered = sum(row.outcome is not None for row in rows)
        if table.trouble:
            self._put_away()
            self.network.progress.set_role("fault")
            self.network.progress.set_text(table.trouble)
        elif rows:
            addresses = translate("Options", "%n (address|addresses)", "", len(rows))
            self.network.progress.set_text(
                addresses if done else translate("Options", "{0} of {1}").format(answered, addresses)
            )
        if done:
            self._settled = True
            self.network.look()
            self._tab.draft_changed.emit()  # each attempt has drawn a new key

    def _put_away(self) -> None:
        self._below.hide()
        self.network.put_away.hide()
        self.network.progress.set_text("")
        self._fitting.start()

    # -- size

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (watched is self._content and event.type() == QEvent.Type.LayoutRequest) or (
            watched is self._window and event.type() == QEvent.Type.Resize
        ):
            self._fitting.start()
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._window is not self.window():
            self._window = self.window()
            if self._window is not self:
                self._window.installEventFilter(self)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fitting.start()

    def _zoomed(self) -> None:
        self._columns.set_column(round(COLUMN * theme.zoom()))
        width = max(self.network.label_width(), self.tls.label_width())
        self.network.set_label_width(width)  # they stand one above the other where it is narrow
        self.tls.set_label_width(width)
        self._fitting.start()

    def _fit(self) -> None:
        """As high as the content, at most its share of the window."""
        layout = self._content.layout()
        if layout is None or not self.isVisible():
            return
        width = self.area.viewport().width()
        wanted = layout.heightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height()
        room = max(round(self.window().height() * SHARE), LEAST)
        page = self.parentWidget()
        around = page.layout() if page is not None else None
        if page is not None and around is not None and around.indexOf(self) >= 0:
            # What stands below must not be pushed over its own least height, else rows lie on each other.
            others = around.totalMinimumSize().height() - self.minimumHeight()
            room = min(room, max(page.height() - others, LEAST // 2))
        below = sum(part.sizeHint().height() for part in (self.later, self._below) if not part.isHidden())
        # The note and the table stay in sight; the groups between them scroll.
        height = max(min(wanted + 2, room - below), LEAST // 2) + below
        if self.height() != height or self.minimumHeight() != height:
            self.setFixedHeight(height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_asked.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, theme.color("line"))


def _unheld(options: Options) -> Options:
    """The options without those that hold at once."""
    for name in AT_ONCE:
        options = options.without(name)
    return options
