"""The version box: a view of the draft's version lines that takes any bytes."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QToolButton, QWidget

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.client_name import spoken_by
from wsinspector.protocol.dialects import RFC6455, dialect_called
from wsinspector.protocol.escapes import escape_value, unescape_value
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.spans import Role
from wsinspector.protocol.version import FIELD, short_meaning
from wsinspector.protocol.version_presets import VERSION_PRESETS, PresetGroup
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.files.dropping import pass_files_on
from wsinspector.ui.inspect.dialect_menu import fill_dialect_menu
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.settings import Settings

NAMED_FROM = 200  # px of width at zoom 1; below, only value and meaning are shown
LINE = "⏎"  # begins another header line


def text_of(values: tuple[bytes, ...]) -> str:
    """The field's text for some lines."""
    return f" {LINE} ".join(escape_value(value) for value in values)


def values_of(text: str) -> tuple[tuple[bytes, ...], tuple[str, ...]]:
    """The lines a text stands for, and what should be said of it."""
    values: list[bytes] = []
    flags: list[str] = []
    for part in text.split(LINE):
        # The blanks around the sign are its own; others are part of the value.
        part = part.removeprefix(" ") if values else part
        read = unescape_value(part)
        values.append(read.data)
        flags += [flag.text for flag in read.flags]
    values = [
        value.removesuffix(b" ") if number < len(values) - 1 else value for number, value in enumerate(values)
    ]
    return tuple(values), tuple(flags)


class VersionBox(QWidget):
    """Shows and edits ``tab.draft.version_values()``.

    Nothing else of the draft is touched, but where another dialect is picked: that rewrites all of it.
    ``about_asked(dialect)``: what the version is.
    """

    about_asked = Signal(str)

    def __init__(self, tab: TabState, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tab = tab
        self._settings = settings
        self._flags: tuple[str, ...] = ()
        self.name = RoleLabel(translate("VersionBox", "Version"), "muted")
        self.edit = _Edit(self)
        pass_files_on(self.edit)
        self.edit.setFrame(False)
        self.edit.setStyleSheet("background: transparent; border: none; padding: 0; font-weight: 700")
        self.edit.setAccessibleName(translate("VersionBox", "Sec-WebSocket-Version"))
        tell(
            self.edit,
            translate(
                "VersionBox",
                "The value of Sec-WebSocket-Version ([key:request.version]). Escapes: \\\\ \\r \\n \\t "
                "\\xNN. "
                "Shift+Enter begins another line. Down opens the choices.",
            ),
        )
        self.meaning = RoleLabel("", "muted")
        self.meaning.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.drop = QToolButton(self)
        self.drop.setText("▾")
        self.drop.setProperty("kind", "flat")
        self.drop.setAccessibleName(translate("VersionBox", "Choose a version"))
        tell(self.drop, translate("VersionBox", "Choose a version (Alt+Down)"))
        self.drop.clicked.connect(self.open_menu)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(theme.MARGIN, 2, 2, 2)
        row.setSpacing(theme.SPACE + 2)
        row.addWidget(self.name)
        row.addWidget(self.edit)
        row.addWidget(self.meaning, 1)
        row.addWidget(self.drop)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.edit)
        self.edit.textEdited.connect(self._edited)
        self.edit.editingFinished.connect(self._remember)
        self.edit.menu_asked.connect(self.open_menu)
        tab.draft_changed.connect(self.look)
        tab.options_changed.connect(self.look)
        tab.picked_changed.connect(self.look)
        tab.snapshot_changed.connect(self._look_at_caught)
        theme.watcher().changed.connect(self.look)
        self.look()

    def sizeHint(self) -> QSize:
        return QSize(round(290 * theme.zoom()), theme.control_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(round(130 * theme.zoom()), theme.control_height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_name()

    def _place_name(self) -> None:
        """The word before the field gives way to what the value means."""
        row = self._row
        margins, gap = row.contentsMargins(), row.spacing()
        others = (self.name.sizeHint(), self.meaning.sizeHint(), self.drop.sizeHint())
        wanted = self.edit.width() + sum(one.width() + gap for one in others)
        room = self.width() - margins.left() - margins.right()
        self.name.setVisible(room >= wanted and self.width() >= round(NAMED_FROM * theme.zoom()))

    def look(self) -> None:
        """Show the draft's version lines; those of a client that is shown are only read."""
        caught = self._tab.caught
        self.drop.setVisible(caught is None)
        if caught is not None:
            self._look_at(caught)
            return
        tell(self, "")
        draft = self._tab.draft
        usable = draft.is_head
        self.edit.setReadOnly(not usable)
        self.drop.setEnabled(usable)
        if not usable:
            self.edit.setText("")
            self.edit.setPlaceholderText("")
            self._say(translate("VersionBox", "set by raw bytes"), "muted")
            self._fit()
            return
        values = draft.version_values()
        if values_of(self.edit.text())[0] != values or (not values or values == (b"",)):
            self._flags = ()
            self.edit.setText(text_of(values))
        placeholder = translate("VersionBox", "absent") if not values else translate("VersionBox", "empty")
        self.edit.setPlaceholderText(placeholder)
        if self._flags:
            self._say("; ".join(self._flags), "note")
        else:
            self._say(self._meant(values), "muted")
        self._fit()

    def _look_at_caught(self, snapshot: AttemptSnapshot) -> None:
        """Only while its request comes can it change."""
        if snapshot.role is Role.SERVER and not snapshot.open:
            self.look()

    def _look_at(self, caught: AttemptSnapshot) -> None:
        values = parse_request(caught.request).values(FIELD)
        self._flags = ()
        tell(self, "")
        self.edit.setReadOnly(True)
        self.edit.setText(text_of(values))
        spoken = spoken_by(caught)
        absent = translate("VersionBox", "absent") if spoken and not values else ""
        self.edit.setPlaceholderText(absent)
        meaning = short_meaning(values)
        if caught.dialect != RFC6455 and spoken:
            meaning = spoken
            self._tell_spoken(spoken)
        self._say("" if meaning in ("absent", "empty") else meaning, "muted")
        self._fit()

    def _meant(self, values: tuple[bytes, ...]) -> str:
        """What the values say, and what is spoken where that is something else."""
        meaning = short_meaning(values)
        shown = "" if meaning in ("absent", "empty") else meaning
        spoken = self._tab.spoken
        if spoken != RFC6455 and dialect_called(spoken).version not in values:
            self._tell_spoken(spoken)
            return spoken
        return shown or translate("VersionBox", "not sent") * (not values)

    def _tell_spoken(self, name: str) -> None:
        """Beside the field there is room for the bare name only."""
        tell(self, translate("VersionBox", "{0} is spoken").format(name))

    def _say(self, text: str, role: str) -> None:
        self.meaning.set_role(role)
        self.meaning.set_text(text)
        self.edit.setAccessibleDescription(self.toolTip() or text)

    def _fit(self) -> None:
        text = self.edit.text() or self.edit.placeholderText()
        # A line edit keeps 2 px and its cursor's width on each side of the text.
        wanted = self.edit.fontMetrics().horizontalAdvance(text) + 10
        self.edit.setFixedWidth(max(22, min(wanted, 150)))
        self._place_name()
        self.update()

    def _edited(self, text: str) -> None:
        values, self._flags = values_of(text)
        self._tab.edit(self._tab.draft.with_version_values(values))
        self.look()

    def choose(self, values: tuple[bytes, ...]) -> None:
        """Make ``values`` the draft's version lines."""
        self._flags = ()
        self.edit.setText(text_of(values))
        self._tab.edit(self._tab.draft.with_version_values(values))
        self.look()
        self._remember()

    def _remember(self) -> None:
        if self._tab.caught is not None:
            return
        values = self._tab.draft.version_values()
        if values and values not in [common for common, _ in _presets(PresetGroup.COMMON)]:
            self._settings.used_version(text_of(values))

    # -- the menu

    def open_menu(self) -> None:
        """Show the choices below the box, where there is something to choose."""
        if self._tab.caught is not None:
            return
        menu = self.build_menu()
        menu.setMinimumWidth(self.width())
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def build_menu(self) -> QMenu:
        """The choices, grouped: usual and recent ones, then Older, Malformed, Repeated."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill(menu, _presets(PresetGroup.COMMON))
        recent = [(values_of(text)[0], "") for text in self._settings.recent_versions]
        if recent:
            menu.addSeparator()
            self._fill(menu, recent)
        menu.addSeparator()
        for title, group in (
            (translate("VersionBox", "Older and other numbers"), PresetGroup.OLDER),
            (translate("VersionBox", "Malformed"), PresetGroup.MALFORMED),
            (translate("VersionBox", "Repeated"), PresetGroup.REPEATED),
        ):
            self._fill(menu.addMenu(title), _presets(group))
        menu.addSeparator()
        fill_dialect_menu(menu.addMenu(translate("VersionBox", "Speak another version")), self._tab)
        about = menu.addAction(translate("VersionBox", "What each version is…"))
        about.setToolTip(translate("VersionBox", "Every version side by side, and why each changed"))
        about.triggered.connect(lambda: self.about_asked.emit(self._tab.spoken))
        return menu

    def _fill(self, menu: QMenu, choices: Sequence[tuple[tuple[bytes, ...], str]]) -> None:
        menu.setToolTipsVisible(True)
        now = self._tab.draft.version_values()
        for values, lesson in choices:
            if not values:
                shown = translate("VersionBox", "Absent")
            elif values == (b"",):
                shown = translate("VersionBox", "Empty")
            else:
                shown = text_of(values)
            meaning = short_meaning(values)
            if meaning.lower() != shown.lower():
                shown += f"\t{meaning}"
            action = menu.addAction(shown.replace("&", "&&"))
            action.setToolTip(lesson)
            action.setCheckable(True)
            action.setChecked(values == now)
            action.triggered.connect(lambda _=False, values=values: self.choose(values))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = "focus" if self.edit.hasFocus() else "note" if self._flags else "line"
        painter.setPen(QPen(theme.color(role), 1))
        painter.setBrush(theme.color("field"))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, theme.RADIUS, theme.RADIUS)


def _presets(group: PresetGroup) -> list[tuple[tuple[bytes, ...], str]]:
    return [(preset.values, preset.lesson) for preset in VERSION_PRESETS if preset.group is group]


class _Edit(QLineEdit):
    """A field whose Shift+Enter begins another header line."""

    menu_asked = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and shift:
            self.insert(f" {LINE} ")
            self.textEdited.emit(self.text())
            return
        if event.key() == Qt.Key.Key_Down:
            self.menu_asked.emit()
            return
        super().keyPressEvent(event)
