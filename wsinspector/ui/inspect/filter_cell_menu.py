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
MOST_AT_ONCE = 3
"""Conditions of the cell itself that need no second menu."""

ONE_MEMBER = 2
"""Conditions of a payload that has a single member: that, and the whole."""

Ask = Callable[[str, bool], object]


def condition_at(conditions: Sequence[CellCondition], column: Column, *, without: bool) -> str:
    """What one click on the cell in ``column`` asks for; empty where the row has nothing of it.

    Of a cell with several conditions it is the one that leads; pings and pongs are left out together. A
    payload of several members is meant as a whole.
    """
    mine = [each for each in conditions if each.cell in _CELLS[column]]
    if column is Column.PAYLOAD and len(mine) > ONE_MEMBER:
        mine = mine[-1:]
    if not mine:
        return ""
    return (mine[-1] if without and column is not Column.PAYLOAD else mine[0]).condition


def add_conditions(menu: QMenu, conditions: Sequence[CellCondition], column: Column, ask: Ask) -> None:
    """Put into ``menu`` what the cell in ``column`` can be filtered by, and all that the row can."""
    if not conditions:
        return
    mine = [each for each in conditions if each.cell in _CELLS[column]]
    if not mine or len(mine) > MOST_AT_ONCE:
        mine = [each for each in conditions if each.cell == "type"]
    clicked = {without: condition_at(conditions, column, without=without) for without in (False, True)}
    for each in mine[:1]:
        click = translate("Filter", "Alt+click") if each.condition == clicked[False] else ""
        _add(menu, translate("Filter", "Only {what}"), each, ask, without=False, click=click)
    for each in mine:
        click = translate("Filter", "Alt+Shift+click") if each.condition == clicked[True] else ""
        _add(menu, translate("Filter", "Without {what}"), each, ask, without=True, click=click)
    only = menu.addMenu(translate("Filter", "Only"))
    without = menu.addMenu(translate("Filter", "Without"))
    for each in conditions:
        _add(only, "{what}", each, ask, without=False)
        _add(without, "{what}", each, ask, without=True)
    menu.addSeparator()


def _add(menu: QMenu, text: str, each: CellCondition, ask: Ask, *, without: bool, click: str = "") -> None:
    action = menu.addAction(text.format(what=each.name.replace("\t", " ")).replace("&", "&&"))
    if click:
        action.setText(f"{action.text()}\t{click}")  # where a key would stand
    action.setToolTip(each.condition)
    action.triggered.connect(lambda _checked=False: ask(each.condition, without))
