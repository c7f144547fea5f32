"""A craft before it leaves: its frames as bits, its bytes, and what a receiver must do about them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from wsinspector.present.crafting import Preview
from wsinspector.protocol.crafting import Must
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.inspect.frame_detail import FrameDetail
from wsinspector.ui.inspect.hex_view import HeldBytes, HexView
from wsinspector.ui.inspect.role_label import RoleLabel

HEX_LINES = 9


class PlanBytes:
    """The bytes of a plan for the hex view, made as they are looked at."""

    def __init__(self, preview: Preview) -> None:
        self._plan = preview.plan

    def length(self) -> int:
        return self._plan.size

    def read(self, start: int, end: int) -> bytes:
        return self._plan.read(start, end)


class CraftView(QWidget):
    """Shows a :class:`Preview`; which of its frames is drawn is chosen here."""

    about_asked = Signal(str)  # the id of a rule

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preview: Preview | None = None
        self.at = 0
        self.told = RoleLabel("", "muted")
        self.before = self._arrow("‹", translate("Craft", "The frame before ([key:craft.before])"))
        self.after = self._arrow("›", translate("Craft", "The next frame ([key:craft.after])"))
        self.detail = FrameDetail()
        self.hex = HexView()
        self.hex.setAccessibleName(translate("Craft", "The bytes that leave"))
        self.who = RoleLabel("", "muted")
        self.verdict = RoleLabel("", "text", wraps=True)
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.told, 1)
        head.addWidget(self.before)
        head.addWidget(self.after)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addLayout(head)
        self._dress_detail()
        column.addWidget(self.detail, 1)
        column.addWidget(self.hex)
        column.addWidget(self.who)
        column.addWidget(self.verdict)
        self.before.clicked.connect(lambda: self.step(-1))
        self.after.clicked.connect(lambda: self.step(1))
        self.detail.bytes_lit.connect(self._light)
        self.detail.about_asked.connect(self.about_asked)
        self.hex.pointed_at.connect(self._pointed)
        theme.watcher().changed.connect(self._fit)
        self._fit()

    def _dress_detail(self) -> None:
        """It lies on a sheet, not on a pane."""
        layout = self.detail.layout()
        if layout is not None:
            layout.setContentsMargins(0, 0, 0, theme.SPACE)
        for scroll in self.detail.findChildren(QScrollArea):
            scroll.setStyleSheet("QScrollArea { background: transparent }")
            scroll.viewport().setAutoFillBackground(False)
            inner = scroll.widget()
            if inner is not None:
                inner.setAutoFillBackground(False)

    @staticmethod
    def _arrow(text: str, name: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setAccessibleName(name)
        tell(button, name)
        return button

    def _fit(self) -> None:
        self.hex.fit_to_lines(HEX_LINES)
        for button in (self.before, self.after):
            button.setFixedHeight(theme.control_height())

    def show_preview(self, found: Preview) -> None:
        """Show ``found``; the frame that was drawn stays, as far as there is one."""
        self._preview = found
        self.told.set_text(found.size_text)
        self.hex.set_data(PlanBytes(found) if not found.problem else HeldBytes())
        self.hex.setVisible(not found.problem)
        self.at = min(self.at, max(0, found.frames - 1))
        self._draw()
        server = found.plan.sender is Role.CLIENT
        self.who.set_text(
            ""
            if found.problem
            else translate("Craft", "A conforming server:")
            if server
            else translate("Craft", "A conforming client:")
        )
        self.who.setVisible(not found.problem)
        role = {Must.FAIL: "fault", Must.WAIT: "note"}.get(found.must, "ok")
        self.verdict.set_role("note" if found.problem else role)
        self.verdict.set_text(found.verdict)

    def show_problem(self, text: str) -> None:
        """Nothing can be made of what the controls say."""
        self._preview = None
        self.told.set_text("")
        self.hex.set_data(HeldBytes())
        self.hex.hide()
        self.detail.show_frame("", "", None)
        self._arrows()
        self.who.hide()
        self.verdict.set_role("note")
        self.verdict.set_text(text)

    def step(self, by: int) -> None:
        """Draw the next frame (1) or the one before (-1)."""
        found = self._preview
        if found is not None:
            self.at = min(max(self.at + by, 0), max(0, found.frames - 1))
            self._draw()

    def _draw(self) -> None:
        found = self._preview
        self.hex.set_lit(())
        picture = found.picture(self.at) if found is not None else None
        if picture is None:
            note = translate("Craft", "No frame: fewer bytes than a header.")
            self.detail.show_frame(note if found is not None and not found.problem else "", "", None)
        else:
            self.detail.show_frame(
                picture.title, picture.note, picture.figure, picture.faults, picture.unmasked
            )
            facts = found.facts(self.at) if found is not None else None
            if facts is not None:
                self.hex.show_byte(facts.offset)
        self._arrows()

    def _arrows(self) -> None:
        frames = self._preview.frames if self._preview is not None else 0
        for button, able in ((self.before, self.at > 0), (self.after, self.at + 1 < frames)):
            button.setVisible(frames > 1)
            button.setEnabled(able)

    def _offset(self) -> int:
        found = self._preview
        facts = found.facts(self.at) if found is not None else None
        return 0 if facts is None else facts.offset

    def _light(self, start: int, end: int) -> None:
        offset = self._offset()
        self.hex.set_lit(() if start < 0 else ((start + offset, end + offset),))

    def _pointed(self, byte: int) -> None:
        self.detail.point_at_byte(byte - self._offset() if byte >= 0 else -1)
