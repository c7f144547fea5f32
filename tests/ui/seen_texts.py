"""What a person reads or hears of a widget tree: every text, with where it stands."""

from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QToolButton,
    QWidget,
)

from wsinspector.ui.inspect.role_label import RoleLabel

MOST_ROWS = 60


def texts_of(root: QWidget) -> Iterator[tuple[str, str, QWidget]]:
    """(where, text, widget) of ``root`` and all visible widgets within."""
    for widget in [root, *root.findChildren(QWidget)]:
        if not widget.isVisible() and widget is not root:
            continue
        for kind, text in _own(widget):
            if text:
                yield f"{type(widget).__name__} {kind}", text, widget


def _own(widget: QWidget) -> Iterator[tuple[str, str]]:
    yield "tooltip", widget.toolTip()
    yield "accessible name", widget.accessibleName()
    yield "accessible description", widget.accessibleDescription()
    match widget:
        case RoleLabel():
            yield "text", widget.full_text()
        case QLabel():
            yield "text", widget.text()
        case QAbstractButton():
            yield "text", widget.text()
            if isinstance(widget, QToolButton) and widget.menu() is not None:
                yield from _of_menu(widget.menu())
        case QLineEdit() | QPlainTextEdit():
            yield "placeholder", widget.placeholderText()
        case QComboBox():
            yield from (("item", widget.itemText(at)) for at in range(widget.count()))
        case QTabBar():
            for at in range(widget.count()):
                yield "tab", widget.tabText(at)
                yield "tab tooltip", widget.tabToolTip(at)
        case QAbstractItemView():
            yield from _of_model(widget)
    for action in widget.actions():
        yield "action", action.text()


def _of_model(view: QAbstractItemView) -> Iterator[tuple[str, str]]:
    model: QAbstractItemModel | None = view.model()
    if model is None:
        return
    roles = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole
    top = QModelIndex()
    for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(top)):
        for role in roles:
            yield "header", str(model.headerData(column, Qt.Orientation.Horizontal, role) or "")
        for row in range(min(model.rowCount(top), MOST_ROWS)):
            for role in roles:
                said = model.index(row, column, top).data(role)
                if isinstance(said, str):
                    yield "cell", said


def _of_menu(menu: QMenu | None) -> Iterator[tuple[str, str]]:
    for action in menu.actions() if menu is not None else ():
        yield "menu", action.text()
        yield "menu tooltip", action.toolTip()
        yield from _of_menu(action.menu())  # type: ignore[arg-type]
