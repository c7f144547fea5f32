"""What a screen reader takes our own widgets for, where they are of none of Qt's kinds."""

from typing import Any

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QScrollArea, QWidget

Role = QAccessible.Role

_installed = False


def begin() -> None:
    """Answer for widgets whose class names its role as ``ACCESSIBLE_ROLE``; once a process."""
    global _installed
    if not _installed:
        _installed = True
        QAccessible.installFactory(_interface)


def _interface(_kind: str, of: Any) -> QAccessibleInterface | None:
    role = getattr(type(of), "ACCESSIBLE_ROLE", Role.Pane if type(of) is QScrollArea else None)
    if role is None or not isinstance(of, QWidget):
        return None
    return QAccessibleWidget(of, role, of.accessibleName())
