"""Tooltips that show markup where Qt would obey it, and F1, which asks for one by keyboard."""

import html

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTabBar, QToolTip, QWidget

from wsinspector.translate import translate
from wsinspector.ui.actions.binding import fill

SHOWN_MS = 30_000


def plain_tip(text: str) -> str:
    """``text`` for a tooltip: markup in it is shown, not obeyed."""
    if "<" not in text and "&lt;" not in text:
        return text  # Qt looks for these two
    return f"<qt>{html.escape(text)}</qt>".replace("\n", "<br>")


def explanation(widget: QWidget) -> str:
    """What there is to say of ``widget``, or of its current row or tab; empty where nothing is."""
    name, tip = widget.accessibleName(), widget.toolTip()
    if isinstance(widget, QAbstractItemView) and widget.currentIndex().isValid():
        index = widget.currentIndex()
        spoken = index.data(Qt.ItemDataRole.AccessibleTextRole) or index.data(Qt.ItemDataRole.DisplayRole)
        name = plain_tip(str(spoken)) if spoken else name
        tip = str(index.data(Qt.ItemDataRole.ToolTipRole) or tip)
    elif isinstance(widget, QTabBar):
        name, tip = name or widget.accessibleName(), widget.tabToolTip(widget.currentIndex()) or tip
    text = widget.property("text")
    name = name or (str(text).replace("&", "") if text else "")
    parent = widget.parentWidget()
    if not tip and parent is not None and not parent.isWindow():
        tip = parent.toolTip()
    parts = [part if part.startswith("<qt>") else html.escape(part) for part in (name, tip) if part]
    if len(parts) == 2 and parts[0].lower() == parts[1].lower():
        del parts[1]
    return "<br>".join(part.removeprefix("<qt>").removesuffix("</qt>") for part in parts).replace(
        "\n", "<br>"
    )


def explain_focus() -> None:
    """Show, at what has the focus, what it is and which keys it takes."""
    widget = QApplication.focusWidget()
    if widget is None:
        return
    said = explanation(widget)
    if not said:
        said = html.escape(
            fill(
                translate("Tips", "Nothing is known of what has the focus. [key:window.keys] shows all keys.")
            )
        )
    at = widget.rect()
    if isinstance(widget, QAbstractItemView) and widget.currentIndex().isValid():
        row = widget.visualRect(widget.currentIndex())
        at = QRect(widget.viewport().mapTo(widget, row.topLeft()), row.size())
    place = widget.mapToGlobal(QPoint(max(at.left(), 0) + 12, min(at.bottom(), widget.height())))
    QToolTip.showText(place, f"<qt>{said}</qt>", widget, QRect(), SHOWN_MS)
