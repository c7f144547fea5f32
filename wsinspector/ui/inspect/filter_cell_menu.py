"""The part of a row's menu that filters by its cells, or leaves them out."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QMenu

from wsinspector.present.filter_cells import CellCondition
from wsinspector.translate import translate
from wsinspector.ui.inspect.log_columns import Column

_CELLS = {
    Column.NUMBER: ("message",),
    Column.TIME: ("message",),
    Column.DIRECTION: ("direction",),
    Column.TYPE: ("type",),
    Column.SIZE: ("size",),
    Column.PAYLOAD: ("close", "payload"),
}
MOST_AT_ONCE = 2
"""Conditions of the cell itself that need no second menu."""

Ask = Callable[[str, bool], object]


def add_conditions(menu: QMenu, conditions: Sequence[CellCondition], column: Column, ask: Ask) -> None:
    """Put into ``menu`` what the cell in ``column`` can be filtered by, and all that the row can."""
    if not conditions:
        return
    mine = [each for each in conditions if each.cell in _CELLS[column]]
    if not mine or len(mine) > MOST_AT_ONCE:
        mine = [each for each in conditions if each.cell == "type"]
    for each in mine[:1]:
        _add(menu, translate("Filter", "Only {what}"), each, ask, without=False)
    for each in mine:
        _add(menu, translate("Filter", "Without {what}"), each, ask, without=True)
    only = menu.addMenu(translate("Filter", "Only"))
    without = menu.addMenu(translate("Filter", "Without"))
    for each in conditions:
        _add(only, "{what}", each, ask, without=False)
        _add(without, "{what}", each, ask, without=True)
    menu.addSeparator()


def _add(menu: QMenu, text: str, each: CellCondition, ask: Ask, *, without: bool) -> None:
    action = menu.addAction(text.format(what=each.name).replace("&", "&&"))
    action.setToolTip(each.condition)
    action.triggered.connect(lambda _checked=False: ask(each.condition, without))
