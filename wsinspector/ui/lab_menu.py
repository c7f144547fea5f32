"""The lab's list as a menu: every scenario with what is seen there, at each of its entrances."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from wsinspector.lab.manners import MANNERS
from wsinspector.lab.refusals import VERSIONS_PATH
from wsinspector.lab.scenarios import SCENARIOS
from wsinspector.lab.server import Lab, ListedScenario
from wsinspector.present.lab_words import CHOICES, manner_line, rule_text, taken_text
from wsinspector.translate import translate
from wsinspector.ui.actions.binding import add_entry
from wsinspector.ui.lab_control import LabControl

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
    secure: QMenu | None = None
    for entrance in lab.entrances[1:]:
        if entrance.kind == "peer":
            action = menu.addAction(
                translate("LabMenu", "Echo by the websockets library"), partial(take, entrance.url + "/")
            )
            action.setToolTip(f"{entrance.description}\n{entrance.url}")
            continue
        if secure is None:
            secure = menu.addMenu(translate("LabMenu", "The same over TLS"))
        inner = secure.addMenu(translate("LabMenu", "wss: {0}").format(entrance.description))
        inner.setToolTipsVisible(True)
        _add_scenarios(inner, lab.scenarios_at(entrance.kind), take)
    if lab.trouble:
        menu.addAction(lab.trouble).setEnabled(False)
    if lab.authority_pem:
        menu.addSeparator()
        menu.addAction(translate("LabMenu", "Save the lab's authority for other clients…"), save_authority)


def add_settings(menu: QMenu, control: LabControl, settings: Callable[[str], object]) -> None:
    """What is in force, and the switches; ``settings(part)`` opens the sheet."""
    menu.setToolTipsVisible(True)
    at = control.addresses
    told = translate("LabMenu", "{0} {1}").format(at[0] if at else "", rule_text(control.rule)).strip()
    menu.addAction(told).setEnabled(False)
    _add_versions(menu.addMenu(translate("LabMenu", "Versions the lab takes")), control, settings)
    manners = menu.addMenu(translate("LabMenu", "How it refuses the others"))
    group = QActionGroup(manners)
    for name in MANNERS:
        action = _checked(group, manner_line(name), name == control.rule.manner)
        action.triggered.connect(lambda _=False, name=name: control.take(control.rule.taken, name))
        manners.addAction(action)
    clients = menu.addMenu(translate("LabMenu", "Outside clients"))
    clients.setToolTipsVisible(True)
    for text, tip, on, act in (
        (
            translate("LabMenu", "Catch outside clients"),
            translate("LabMenu", "Each client from elsewhere opens as a tab"),
            control.catches,
            control.set_catches,
        ),
        (
            translate("LabMenu", "Answer them by hand"),
            translate("LabMenu", "Whatever they ask for, they wait until you send an answer"),
            control.by_hand,
            control.set_by_hand,
        ),
    ):
        action = clients.addAction(text)
        action.setToolTip(tip)
        action.setCheckable(True)
        action.setChecked(on)
        action.toggled.connect(act)
    clients.addSeparator()
    # To the sheet, not a switch here: what becomes reachable is to be read first.
    beyond = clients.addAction(translate("LabMenu", "Listen beyond loopback…"), partial(settings, "beyond"))
    beyond.setCheckable(True)
    beyond.setChecked(control.beyond_loopback)
    add_entry(
        menu, translate("LabMenu", "All settings of the lab…"), "request.lab-sheet", partial(settings, "")
    )
    menu.addSeparator()


def _add_versions(menu: QMenu, control: LabControl, settings: Callable[[str], object]) -> None:
    group = QActionGroup(menu)
    now = control.rule.taken
    for taken in CHOICES:
        text = taken_text(taken)
        action = _checked(group, text[:1].upper() + text[1:], taken == now)
        action.triggered.connect(lambda _=False, taken=taken: control.take(taken, control.rule.manner))
        menu.addAction(action)
    if now not in CHOICES:
        menu.addAction(_checked(group, taken_text(now), on=True))
    menu.addSeparator()
    menu.addAction(translate("LabMenu", "Own set…"), partial(settings, "own"))


def _checked(group: QActionGroup, text: str, on: bool) -> QAction:
    action = QAction(text.replace("&", "&&"), group)
    action.setCheckable(True)
    action.setChecked(on)
    return action


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
