"""The lab's list as a menu: every scenario with what is seen there, at each of its entrances."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu

from wsinspector.lab.server import Lab
from wsinspector.translate import translate


def fill_lab_menu(
    menu: QMenu, lab: Lab | None, take: Callable[[str], object], save_authority: Callable[[], object]
) -> None:
    """Add the scenarios of ``lab`` to ``menu``; ``take(url)`` is called for a picked one."""
    menu.setToolTipsVisible(True)
    if lab is None or not lab.running:
        text = (
            lab.trouble
            if lab is not None and lab.trouble
            else translate("LabMenu", "The lab is not listening")
        )
        menu.addAction(text).setEnabled(False)
        return
    for scenario in lab.scenarios:
        action = menu.addAction(f"{scenario.name}\t{scenario.path}", partial(take, scenario.url))
        action.setToolTip(scenario.description)
        action.setStatusTip(scenario.description)
    menu.addSeparator()
    for entrance in lab.entrances[1:]:
        if entrance.kind == "peer":
            action = menu.addAction(entrance.description, partial(take, entrance.url + "/"))
            action.setToolTip(entrance.url)
            continue
        inner = menu.addMenu(entrance.description)
        inner.setToolTipsVisible(True)
        for scenario in lab.scenarios_at(entrance.kind):
            action = inner.addAction(f"{scenario.name}\t{scenario.path}", partial(take, scenario.url))
            action.setToolTip(scenario.description)
    if lab.trouble:
        menu.addAction(lab.trouble).setEnabled(False)
    if lab.authority_pem:
        menu.addSeparator()
        menu.addAction(translate("LabMenu", "Save the lab's authority for other clients…"), save_authority)
