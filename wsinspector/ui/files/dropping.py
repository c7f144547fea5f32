"""Files dropped on the window are opened, also where the pointer is over a field that takes text."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget


def dropped_files(data: QMimeData) -> list[Path]:
    """The files of this computer among what is dragged."""
    if not data.hasUrls():
        return []
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


class _PassingOn(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent) and dropped_files(event.mimeData()):
            event.ignore()  # whoever holds the field is asked next
            return True
        return False


def pass_files_on(field: QWidget) -> None:
    """Let files that are dragged over ``field`` go to the window; words are the field's as before."""
    passing = _PassingOn(field)
    field.installEventFilter(passing)
    if isinstance(field, QAbstractScrollArea):
        field.viewport().installEventFilter(passing)
