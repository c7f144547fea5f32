"""A frame whose header is masked too: what travelled, the key, and the figure of what that gives."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from wsinspector.present.bitmap import PREFIX, Masking, Unmasked
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.bit_map import BitFigure
from wsinspector.ui.inspect.mask_sum import MaskSum
from wsinspector.ui.inspect.role_label import RoleLabel


class Unmasking(QWidget):
    """Hidden where the header travels as it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.note = RoleLabel("", "muted", wraps=True, size=0.95)
        self.sum = MaskSum()
        self.figure = BitFigure()
        self.figure.setAccessibleName(translate("Bits", "Bits of the header after unmasking"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        for part in (self.note, self.sum, self.figure):
            column.addWidget(part)
        self.hide()

    def show_unmasked(self, found: Unmasked | None) -> None:
        """Show how the frame is unmasked; None hides everything."""
        self.setVisible(found is not None)
        if found is not None:
            self.note.set_text(found.note)
            self.sum.show_sum(Masking(PREFIX, found.wire, found.key, found.plain))
        self.figure.set_map(found.figure if found is not None else None)
