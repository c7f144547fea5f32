"""The Inspect page of one tab: places the panes and carries out what the answer line offers."""

import dataclasses
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from PySide6.QtCore import QByteArray, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QApplication, QSplitter, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from wsinspector.conversation.conversation import fresh_key
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.lab.versions import EVERY_VERSION, VersionRule
from wsinspector.present.answer import Action
from wsinspector.protocol.pasted import Pasted
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.explain.mode import ExplainMode
from wsinspector.ui.files.notices import Notices
from wsinspector.ui.inspect.address_bar import AddressBar, said_of
from wsinspector.ui.inspect.answer_view import AnswerView
from wsinspector.ui.inspect.by_hand import ByHand, can_answer
from wsinspector.ui.inspect.frame_pane import FramePane
from wsinspector.ui.inspect.handshake_pane import HandshakePane
from wsinspector.ui.inspect.retrying import retry_with
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.inspect.tab_order import follow_the_eye, place_behind
from wsinspector.ui.presenting.state import presenting
from wsinspector.ui.presenting.step_desk import StepDesk
from wsinspector.ui.sequences.beside import Beside
from wsinspector.ui.settings import Settings
from wsinspector.ui.statistics.beside import Statistics

if TYPE_CHECKING:
    from wsinspector.ui.explain.pane import ExplainPane
    from wsinspector.ui.inspect.options_drawer import OptionsDrawer
    from wsinspector.ui.inspect.refusal_pane import RefusalPane

SIDE_BY_SIDE = 1024  # px of width at zoom 1 from which both panes are seen
HANDSHAKE_SHARE = 0.38


class InspectPage(QWidget):
    """Everything below the tabs for one conversation."""

    said = Signal(str)
    lab_asked = Signal(object)  # the widget to open the menu under
    about_asked = Signal(str)  # a dialect's name
    rule_asked = Signal(str)  # a rule's id
    term_asked = Signal(str)  # a key of the glossary, "" for all of it
    sweep_asked = Signal(str)  # an address
    variables_asked = Signal()
    filter_help_asked = Signal()
    replay_asked = Signal(bool)  # whether of the selected rows
    remembered = Signal()  # draft, address or options have changed

    def __init__(self, tab: TabState, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tab = tab
        self._settings = settings
        self.rule: Callable[[], VersionRule] = lambda: EVERY_VERSION
        """Which versions the lab takes; asked each time a client is refused by hand."""
        self._answered = False  # by a button of the answer line, which is gone then
        self._moved_by_hand = False
        self._narrow: bool | None = None
        self.address = AddressBar(tab, settings, self)
        self._drawer: OptionsDrawer | None = None
        self.answer = AnswerView(tab, self)
        # What is made where it will stay is dressed once; what is moved there, again with all within it.
        self.outer = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self.outer)
        self.handshake = HandshakePane(tab, self.splitter)
        self.right = QStackedWidget(self.splitter)
        self.frames = FramePane(tab, self.right, settings)
        self.statistics = Statistics(self.frames, tab)
        self._refusal: RefusalPane | None = None
        self.workbench = Beside(tab, self.frames, self.splitter, self.handshake, settings)
        for each in (self.outer, self.splitter):
            each.setHandleWidth(1)
            each.setChildrenCollapsible(False)
        self.splitter.addWidget(self.handshake)
        self.right.addWidget(self.frames)
        self.by_hand: ByHand | None = None
        self.splitter.addWidget(self.right)
        self.splitter.setStretchFactor(0, 38)
        self.splitter.setStretchFactor(1, 62)
        self.switch = QTabBar(self)
        self.switch.addTab(translate("InspectPage", "Handshake"))
        self.switch.addTab(translate("InspectPage", "Frames"))
        self.switch.setDrawBase(False)
        self.switch.setAccessibleName(translate("InspectPage", "Which pane is shown"))
        self.switch.hide()
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.notices = Notices(self)
        self.reading_state = ""  # written: another program writes the file; only: it may not be changed
        self.file_gone = False  # the file was deleted beneath the tab, as it was told last
        self.writing_trouble = ""  # why the capture cannot be written, as it was told last
        for widget in (self.address, self.answer, self.notices, self.switch):
            column.addWidget(widget)
        column.addWidget(self.outer, 1)
        self.explaining = ExplainMode(self)
        self.stepping = StepDesk(self)
        self._wire()
        state = settings.splitter("inspect")
        if not state.isEmpty():
            self._moved_by_hand = self.splitter.restoreState(state)
        self._choose_right(tab.snapshot)

    def _wire(self) -> None:
        tab = self.tab
        self.address.options_asked.connect(self.toggle_options)
        self.address.lab_asked.connect(lambda: self.lab_asked.emit(self.address.lab))
        self.address.pasted.connect(self.take_paste)
        self.address.version.about_asked.connect(self.about_asked)
        self.handshake.about_asked.connect(self.about_asked)
        self.handshake.rule_asked.connect(self.rule_asked)
        self.frames.detail.bits.about_asked.connect(self.rule_asked)
        self.frames.filter_help_asked.connect(self.filter_help_asked)
        self.answer.acted.connect(self.act)
        self.answer.report_asked.connect(self.copy_report)
        self.handshake.compare_changed.connect(self._comparing)
        self.handshake.presets_asked.connect(self._open_presets)
        self.splitter.splitterMoved.connect(self._splitter_moved)
        self.switch.currentChanged.connect(self._show_one)
        for inner in self.frames.findChildren(QSplitter):
            if inner.objectName():
                inner.restoreState(self._settings.splitter(inner.objectName()))
                inner.splitterMoved.connect(partial(self._inner_moved, inner))
        self.workbench.said.connect(self.said)
        self.workbench.shown_changed.connect(self._left_changed)
        self.workbench.log_wanted.connect(self._show_log)
        self.workbench.replay_asked.connect(lambda: self.replay_asked.emit(False))
        self.frames.places.replay_asked.connect(lambda: self.replay_asked.emit(True))
        theme.watcher().changed.connect(self._lay_out)
        tab.snapshot_changed.connect(self._choose_right)
        tab.picked_changed.connect(lambda: self._choose_right(tab.snapshot))
        for signal in (tab.draft_changed, tab.address_changed, tab.options_changed):
            signal.connect(self.remembered)

    # -- parts that most tabs never show: each costs as much as everything that is seen of a head

    @property
    def drawer(self) -> "OptionsDrawer":
        """The options, made when they are first asked for."""
        if self._drawer is None:
            from wsinspector.ui.inspect.options_drawer import OptionsDrawer

            made = self._drawer = OptionsDrawer(self.tab, self)
            made.hide()
            made.dialect.about_asked.connect(self.about_asked)
            made.said.connect(self.said)
            made.close_asked.connect(self._close_options)
            self._column.insertWidget(1, made)
            place_behind(made, self.address)
        return self._drawer

    @property
    def narrow(self) -> bool:
        """Whether only one pane fits."""
        return bool(self._narrow)

    @property
    def explain(self) -> "ExplainPane":
        """Where every byte is told, made when it is first asked for; see :attr:`explaining`."""
        return self.explaining.pane

    @property
    def options_open(self) -> bool:
        """Whether the options are seen."""
        return self._drawer is not None and self._drawer.isVisible()

    @property
    def refusal(self) -> "RefusalPane":
        """What came in place of a connection, made with the first attempt that came to none."""
        if self._refusal is None:
            from wsinspector.ui.inspect.refusal_pane import RefusalPane

            made = self._refusal = RefusalPane(self.tab, self)
            made.about_asked.connect(self.about_asked)
            made.sweep_asked.connect(self.sweep_asked)
            made.options_asked.connect(self._ask_where_to_dial)
            made.lab_asked.connect(lambda: self.lab_asked.emit(self.address.lab))
            self.right.addWidget(made)
            place_behind(made, self.frames)
        return self._refusal

    # -- placing

    def _choose_right(self, snapshot: AttemptSnapshot | None) -> None:
        """Frames; the refusal's body where nothing opened; what to answer while a client waits for that."""
        unopened = snapshot is not None and snapshot.opened_at is None and not snapshot.undecided
        waits = snapshot is not None and can_answer(snapshot)
        shown: QWidget = self.refusal if unopened else self.frames
        if waits and snapshot is not None:
            shown = self._answering()
            self._answering().show_client(snapshot)
        if self.by_hand is not None and self.right.currentWidget() is self.by_hand and shown is self.frames:
            self._go_on_typing()
        self.right.setCurrentWidget(shown)
        name = translate("InspectPage", "Frames")
        if unopened or waits:
            name = translate("InspectPage", "Answer")
        if self.switch.tabText(1) != name:  # setting it lays the tabs out anew, and frames come often
            self.switch.setTabText(1, name)

    def _go_on_typing(self) -> None:
        """A client has its answer: the keys that wrote it, or pressed it, go on to the messages."""
        focus = QApplication.focusWidget()
        inside = focus is not None and (self.by_hand is not None and self.by_hand.isAncestorOf(focus))
        if inside or self._answered:
            self._answered = False
            QTimer.singleShot(0, self, self.frames.send_bar.edit.setFocus)

    def _answering(self) -> ByHand:
        """Made with the first client that waits: most conversations never have one."""
        if self.by_hand is None:
            self.by_hand = ByHand(self.tab, self)
            self.by_hand.rule = lambda: self.rule()
            self.right.addWidget(self.by_hand)
        return self.by_hand

    def _comparing(self, on: bool) -> None:
        """Two attempts stand side by side over the whole width."""
        if not self._narrow:
            self.right.setVisible(not on)
        elif on:
            self.switch.setCurrentIndex(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def focusNextPrevChild(self, forward: bool) -> bool:
        # Asked of each Tab: lines of a verdict and buttons of an answer are made whenever there is one.
        follow_the_eye(self)
        return super().focusNextPrevChild(forward)

    def lay_out_again(self) -> None:
        """Both panes side by side, or one of them, as the width has it."""
        self._narrow = None
        self._lay_out()

    def _lay_out(self) -> None:
        if presenting().on:
            self._narrow = None
            return  # one pane at a time, whatever the width
        width = self.width() / max(theme.zoom(), 0.1)
        narrow = width < SIDE_BY_SIDE - 24
        if self.explaining.on:
            self._narrow = narrow
            self.explaining.lay_out(narrow=narrow)
            return
        if narrow != self._narrow:
            self._narrow = narrow
            self.switch.setVisible(narrow)
            if narrow:
                self._show_one(self.switch.currentIndex())
            else:
                self.workbench.left.show()
                self.right.setVisible(self.tab.compared is None)
        if not narrow and not self._moved_by_hand:
            left = round(self.width() * HANDSHAKE_SHARE)
            self.splitter.setSizes([left, self.width() - left])

    def _show_one(self, index: int) -> None:
        if self._narrow and self.explaining.on:
            self.explaining.show_one(index)
        elif self._narrow:
            self.workbench.left.setVisible(index == 0)
            self.right.setVisible(index == 1)

    def _show_log(self) -> None:
        """A frame is to be seen: bring the log to the front where only one pane fits."""
        if self._narrow:
            self.switch.setCurrentIndex(1)
        self.right.show()

    def show_log(self) -> None:
        """Bring the log to the front."""
        self._show_log()

    def show_head(self, name: str) -> None:
        """Bring the request or the response into sight; ``name``: "request" or "response"."""
        if self._narrow:
            self.switch.setCurrentIndex(0)
        self.workbench.left.show()
        self.handshake.show_section(name)

    def place_below_answer(self, widget: QWidget) -> None:
        """Give ``widget`` its place beneath the answer line."""
        self._column.insertWidget(self._column.indexOf(self.answer) + 1, widget)
        place_behind(widget, self.answer)

    def show_frame(self, attempt: int, frame: int) -> None:
        """Bring ``frame`` of ``attempt`` into sight."""
        self.workbench.go_to(attempt, frame)
        self.frames.view.table.setFocus()

    def _left_changed(self) -> None:
        """Sequences came in the place of the handshake, or went."""
        shown = self.workbench.shown
        name = translate("InspectPage", "Sequences") if shown else translate("InspectPage", "Handshake")
        self.switch.setTabText(0, name)
        if self._narrow:
            self.switch.setCurrentIndex(0 if shown else 1)
            self._show_one(self.switch.currentIndex())
        elif shown:
            self.workbench.left.show()

    def _splitter_moved(self) -> None:
        self._moved_by_hand = True
        self._settings.set_splitter("inspect", self.splitter.saveState())

    def _inner_moved(self, inner: QSplitter, _place: int, _index: int) -> None:
        self._settings.set_splitter(inner.objectName(), inner.saveState())

    def even_out(self) -> None:
        """Put the splitter back where it was at first; while presenting, show the bits of a frame."""
        if presenting().on:
            presenting().pane_asked.emit("bits")
            return
        self._moved_by_hand = False
        self._settings.set_splitter("inspect", QByteArray())
        self._lay_out()

    def to_address(self) -> None:
        """Type an address; while presenting the bar is shown for that."""
        self.address.show()
        self.address.field.setFocus()

    def toggle_handshake(self) -> None:
        """Hide or show the left pane; while presenting, show it alone."""
        if presenting().on:
            presenting().pane_asked.emit("handshake")
        elif self._narrow:
            self.switch.setCurrentIndex(0)
        else:
            left = self.workbench.left
            left.setVisible(not left.isVisible() or not self.right.isVisible())
            self.right.show()

    def toggle_frames(self) -> None:
        """Hide or show the right pane; while presenting, show it alone."""
        if presenting().on:
            presenting().pane_asked.emit("frames")
        elif self._narrow:
            self.switch.setCurrentIndex(1)
        else:
            left = self.workbench.left
            self.right.setVisible(not self.right.isVisible() or not left.isVisible())
            left.show()

    def toggle_statistics(self) -> None:
        """Show the statistics in place of the log, or the log again."""
        hidden = not self.frames.isVisible()
        if self._narrow:
            self.switch.setCurrentIndex(1)
        self.right.show()
        self.statistics.show(hidden or not self.statistics.shown)

    def show_filter(self, text: str) -> None:
        """Filter the log by ``text``; the focus is in the filter."""
        if self._narrow:
            self.switch.setCurrentIndex(1)
        self.right.show()
        self.frames.tools.filter.take(text)
        self.frames.tools.filter.field.setFocus()

    def toggle_options(self) -> None:
        """Open or close the drawer."""
        on = not self.options_open
        self.drawer.setVisible(on)
        self.address.options.setChecked(on)
        if on:
            self.drawer.focus_first()

    def _ask_where_to_dial(self) -> None:
        """Open the options at the address dialled."""
        if not self.options_open:
            self.toggle_options()
        self.drawer.focus_first()

    def _open_presets(self, under: QWidget) -> None:
        place = under.mapToGlobal(QPoint(0, under.height()))
        self.drawer.handshake.build_menu().popup(place)

    def _close_options(self) -> None:
        if self.options_open:
            self.toggle_options()
            self.address.options.setFocus()

    # -- what is offered

    def act(self, action: Action) -> None:
        """Carry out what a button of the answer line offers."""
        tab = self.tab
        match action.key:
            case "retry":
                retry_with(tab, action.value)
            case "variables":
                self.variables_asked.emit()
            case "address":
                tab.set_address(action.value)
                tab.connect_now()
            case "trust":
                tab.set_options(dataclasses.replace(tab.conversation.options, verify=False))
                tab.connect_now()
            case "reconnect":
                tab.connect_now()
            case "speak":
                tab.set_options(dataclasses.replace(tab.conversation.options, speak=action.value))
                tab.connect_now()
            case "cancel" | "let-go":
                tab.end_live()
            case "accept":
                attempt = tab.conversation.attempt(tab.picked)
                if attempt is not None:
                    self._answered = True
                    attempt.accept()
            case "refuse":
                self._answering().refuse(action.value)
                self.address.button.setFocus()
            case "mirror" if tab.beside_mirror:
                tab.pick(tab.picked)
            case "mirror":
                tab.compare(tab.picked, tab.picked)
            case "follow":
                tab.set_address(resolved(tab.conversation.address.url, action.value))
                tab.pick(0)
                self.said.emit(translate("InspectPage", "The address is filled in. Connect when you like."))
            case "ping":
                tab.set_options(dataclasses.replace(tab.conversation.options, ping_every=float(action.value)))
                text = translate("InspectPage", "Pings every {0} s from the next connection on.")
                self.said.emit(text.format(action.value))

    def focus_answer(self) -> None:
        """To what is to be done next, else to the button that begins it."""
        if not self.answer.focus_action():
            self.address.button.setFocus()

    def take_paste(self, pasted: Pasted) -> None:
        """Fill the draft from a paste, and say what could not be carried over."""
        tab = self.tab
        if pasted.address is not None and pasted.address.error is not None:
            text = translate("InspectPage", "Nothing was filled in. The address of the {0}: {1}")
            self.said.emit(text.format(pasted.kind, pasted.address.error))
            return
        if pasted.address is not None:
            tab.set_address(pasted.address.url)
        host = tab.conversation.address.host_header if tab.conversation.address.error is None else None
        tab.edit(pasted.draft.with_generated(host=host, key=fresh_key()))
        found = pasted.options
        options = tab.conversation.options
        if found.insecure:
            options = dataclasses.replace(options, verify=False)
        if found.connect_to is not None:
            host_text, port = found.connect_to
            shown = f"[{host_text}]" if ":" in host_text else host_text
            options = dataclasses.replace(options, connect_to=f"{shown}:{port}")
        if found.ca_file:
            options = dataclasses.replace(options, ca_file=found.ca_file)
        if found.connect_timeout:
            options = dataclasses.replace(options, timeout=found.connect_timeout)
        if found.ping_every:
            options = dataclasses.replace(options, ping_every=found.ping_every)
        tab.set_options(options)
        said = said_of(pasted)
        if pasted.messages:
            self.frames.send_bar.edit.setPlainText(pasted.messages[0].decode(errors="replace"))
            said += " " + translate("InspectPage", "Its message is in the send bar.")
        if len(pasted.messages) > 1:
            said += " " + translate("InspectPage", "Further messages were not carried over.")
        tab.note = said
        tab.pick(0)

    def copy_report(self) -> None:
        """Put the report of the picked attempt on the clipboard."""
        from wsinspector.share.report import report_of

        snapshot = self.tab.snapshot
        if snapshot is None:
            self.said.emit(translate("InspectPage", "There is nothing to report before something was sent."))
            return
        conversation = self.tab.conversation
        numbers = self.frames.selected_numbers()
        attempt = conversation.attempt(snapshot.number)
        options = attempt.options if attempt is not None else conversation.options
        text = report_of(snapshot, options, numbers, conversation.reader())
        QGuiApplication.clipboard().setText(text)
        self.said.emit(translate("InspectPage", "The report is on the clipboard, secrets left out."))

    def look_at_reading(self) -> None:
        """Nothing can be sent into a connection of another program."""
        self.frames.send_bar.setVisible(not self.tab.conversation.read_only)

    def stop(self) -> None:
        """Let go of readers and threads before the conversation is closed."""
        self.workbench.stop()
        self.handshake.stop()
        self.frames.stop()


def resolved(base: str, reference: str) -> str:
    """A Location against the address that sent it."""
    known = base.replace("wss://", "https://", 1).replace("ws://", "http://", 1)
    return urljoin(known, reference)
