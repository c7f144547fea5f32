"""The lab's list as a menu: every scenario with what is seen there, at each of its entrances."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QMenu

from wsinspector.lab.refusals import VERSIONS_PATH
from wsinspector.lab.scenarios import SCENARIOS
from wsinspector.lab.server import Lab, ListedScenario
from wsinspector.translate import translate

_WELL_BEHAVED = ("/echo", "/chat", "/binary", "/pings", "/fragments", "/mirror")
# A list of every scenario is higher than a small screen.
_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        translate("LabMenu", "Refusals"),
        ("/426-list", "/426-no-list", "/400-two-lines", "/400-html", "/redirect", "/keeps-open"),
    ),
    (
        translate("LabMenu", "Versions refused in every manner"),
        tuple(scenario.path for scenario in SCENARIOS if scenario.path.startswith(VERSIONS_PATH)),
    ),
    (
        translate("LabMenu", "Odd and wrong answers"),
        (
            *("/wrong-accept", "/no-accept", "/any-version", "/claims-13-takes-8", "/http-1.0"),
            *("/early-hints", "/slow-head", "/half-head", "/length-lies", "/garbage", "/tls-record"),
        ),
    ),
    (
        translate("LabMenu", "Silence and sudden ends"),
        ("/silence", "/close", "/reset", "/idle"),
    ),
    (
        translate("LabMenu", "Wrong frames"),
        ("/masked", "/reserved-opcode", "/bad-utf8", "/forbidden-close-code", "/frame-2-63"),
    ),
)

Take = Callable[[str], object]


def fill_lab_menu(menu: QMenu, lab: Lab | None, take: Take, save_authority: Callable[[], object]) -> None:
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
    _add_scenarios(menu, lab.scenarios, take)
    menu.addSeparator()
    for entrance in lab.entrances[1:]:
        if entrance.kind == "peer":
            action = menu.addAction(
                translate("LabMenu", "Echo by the websockets library"), partial(take, entrance.url + "/")
            )
            action.setToolTip(f"{entrance.description}\n{entrance.url}")
            continue
        inner = menu.addMenu(translate("LabMenu", "wss: {0}").format(entrance.description))
        inner.setToolTipsVisible(True)
        _add_scenarios(inner, lab.scenarios_at(entrance.kind), take)
    if lab.trouble:
        menu.addAction(lab.trouble).setEnabled(False)
    if lab.authority_pem:
        menu.addSeparator()
        menu.addAction(translate("LabMenu", "Save the lab's authority for other clients…"), save_authority)


def _add_scenarios(menu: QMenu, scenarios: Sequence[ListedScenario], take: Take) -> None:
    """The well-behaved at once, the others by what goes wrong; one of no group is not lost."""
    left = {each.path: each for each in scenarios}
    for path in _WELL_BEHAVED:
        if path in left:
            _add(menu, left.pop(path), take)
    for title, paths in _GROUPS:
        inner = menu.addMenu(title)
        inner.setToolTipsVisible(True)
        for path in paths:
            if path in left:
                _add(inner, left.pop(path), take)
    for scenario in left.values():
        _add(menu, scenario, take)


def _add(menu: QMenu, scenario: ListedScenario, take: Take) -> None:
    action = menu.addAction(f"{scenario.name}\t{scenario.path}", partial(take, scenario.url))
    action.setToolTip(scenario.description)
    action.setStatusTip(scenario.description)
