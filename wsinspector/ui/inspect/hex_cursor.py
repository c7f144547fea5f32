"""Where the cursor of a hex view stands and what is selected, apart from how it is drawn."""

from PySide6.QtCore import Qt


class HexCursor:
    """A byte position with an anchor, the half of the byte, and the part it is in.

    ``low``: the next digit typed goes to the lower half of the byte. ``in_text``: the cursor is
    in the text part. Selected is what lies between ``anchor`` and ``at``.
    """

    def __init__(self) -> None:
        self.at = 0
        self.anchor = 0
        self.low = False
        self.in_text = False
        self.inserting = False

    @property
    def stretch(self) -> tuple[int, int]:
        return min(self.at, self.anchor), max(self.at, self.anchor)

    def put(self, at: int, *, extend: bool = False, low: bool = False) -> None:
        self.at, self.low = max(0, at), low
        if not extend:
            self.anchor = self.at

    def clamp(self, length: int) -> None:
        """Stay within ``length`` bytes; the place behind the last one counts."""
        self.at, self.anchor = min(self.at, length), min(self.anchor, length)
        if self.at == length:
            self.low = False

    def move(self, key: int, *, width: int, page: int, length: int, whole: bool, extend: bool) -> bool:
        """Move by an arrow or page key in lines of ``width`` bytes; False where ``key`` is none.

        ``whole``: Home and End go to the ends of the data and not of the line.
        """
        column = self.at % width
        match key:
            case Qt.Key.Key_Left:
                target = self.at - 1
            case Qt.Key.Key_Right:
                target = self.at + 1
            case Qt.Key.Key_Up:
                target = self.at - width
            case Qt.Key.Key_Down:
                target = self.at + width
            case Qt.Key.Key_PageUp:
                target = max(self.at - page * width, column)
            case Qt.Key.Key_PageDown:
                target = self.at + page * width
            case Qt.Key.Key_Home:
                target = 0 if whole else self.at - column
            case Qt.Key.Key_End:
                target = length if whole else self.at - column + width - 1
            case _:
                return False
        if not 0 <= target <= length and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            target = self.at
        self.put(min(max(target, 0), length), extend=extend)
        return True
