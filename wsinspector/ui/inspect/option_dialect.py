"""Dialect: what the request is written in, and what the frames are read and written as."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from wsinspector.protocol.dialects import DIALECTS, spoken_for
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.dialect_menu import fill_dialect_menu
from wsinspector.ui.inspect.option_connection import change
from wsinspector.ui.inspect.option_group import OptionGroup
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.tab import TabState


class DialectGroup(OptionGroup):
    """``about_asked(dialect)``: what that version is."""

    about_asked = Signal(str)

    def __init__(self, tab: TabState, parent: QWidget | None = None) -> None:
        super().__init__(translate("Options", "Dialect"), parent)
        self._tab = tab
        self.write = QPushButton(translate("Options", "Write the request in …"))
        self.write.setStyleSheet("padding: 2px 10px")
        self.write.setToolTip(
            translate("Options", "Rewrites the whole request as a version of the protocol demands it")
        )
        self.write.clicked.connect(self._open_menu)
        self.about = QPushButton(translate("Options", "What it is"))
        self.about.setProperty("kind", "flat")
        self.about.setStyleSheet("font-weight: normal")
        self.about.setToolTip(translate("Options", "The card of the version that would be spoken"))
        self.about.clicked.connect(lambda: self.about_asked.emit(tab.spoken))
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.GAP)
        line.addWidget(self.write)
        line.addWidget(self.about)
        line.addStretch(1)
        self.frames = QPushButton()
        self.frames.setStyleSheet("padding: 2px 10px")
        self.frames.setAccessibleName(translate("Options", "Frames as"))
        self.frames.setToolTip(
            translate("Options", "What is spoken after the 101; the request stays as it is, byte for byte")
        )
        self.sentence = RoleLabel("", "muted", wraps=True, size=0.95)
        self.add_wide(row)
        self.add(translate("Options", "Frames as"), self.frames)
        self.add_wide(self.sentence)
        self.frames.clicked.connect(self._open_frames_menu)

    def _open_menu(self) -> None:
        menu = QMenu(self)
        fill_dialect_menu(menu, self._tab)
        _pop_up(menu, self.write)

    def frames_menu(self) -> QMenu:
        """The dialects that the frames can be of, the one that the request tells first."""
        menu = QMenu(self)
        speak = self._tab.conversation.options.speak
        said = spoken_for(self._tab.draft.to_bytes())
        names = {"": translate("Options", "As the request says: {0}").format(said)}
        names |= {dialect.name: dialect.name for dialect in reversed(DIALECTS)}
        for name, text in names.items():
            action = menu.addAction(text, partial(change, self._tab, speak=name))
            action.setCheckable(True)
            action.setChecked(name == speak)
        return menu

    def _open_frames_menu(self) -> None:
        _pop_up(self.frames_menu(), self.frames)

    def look(self) -> None:
        """Show the options and the draft as they are."""
        said = spoken_for(self._tab.draft.to_bytes())
        speak = self._tab.conversation.options.speak
        self.frames.setText(f"{speak or said} ▾")
        self.frames.setAccessibleDescription(speak or said)
        if speak in ("", said):
            text = translate("Options", "The request speaks {0}, and so will the frames.").format(said)
        else:
            text = translate("Options", "The request speaks {0}; the frames will be {1}'s.")
            text = text.format(said, speak)
        self.sentence.set_text(text)


def _pop_up(menu: QMenu, under: QWidget) -> None:
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(under.mapToGlobal(under.rect().bottomLeft()))
