"""How a sweep asks: which set, how many at once, how fast, how patiently."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QHBoxLayout, QSpinBox, QWidget

from wsinspector.conversation.sweep_plan import AT_ONCE, TIMEOUT
from wsinspector.protocol.sweep_requests import OddRequest
from wsinspector.protocol.sweep_sets import SWEEP_SETS
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.flow_row import FlowRow
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.widgets.check import Check
from wsinspector.ui.widgets.segmented import Segmented

PLAIN = "QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; height: 0; border: none }"
"""No little buttons: they are too small to hit and cut at their corners; Up, Down and the wheel do it."""

OWN_NAME = "own"
OWN = len(SWEEP_SETS)
"""The place of one's own set among the choices."""


def titles() -> dict[str, str]:
    """What the program's sets are called here."""
    return {
        "common": translate("SweepSets", "Common"),
        "registry": translate("SweepSets", "0–255"),
        "malformed": translate("SweepSets", "Malformed"),
        "handshake": translate("SweepSets", "Handshake"),
        "all": translate("SweepSets", "All"),
    }


class SetPicker(Segmented):
    """One of the program's sets, or one's own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        named = titles()
        super().__init__(
            [*(named.get(each.name, each.name) for each in SWEEP_SETS), translate("SweepSets", "Own…")],
            parent=parent,
        )
        self.setAccessibleName(translate("SweepSets", "What is sent"))
        for at, each in enumerate(SWEEP_SETS):
            told = translate("SweepSets", "{0} %n request(s) to each server.", "", len(each.requests))
            self.set_tip(at, told.format(each.about))
        self.set_tip(OWN, translate("SweepSets", "Values of your own, one a line, saved by a name."))

    def chosen(self) -> tuple[str, tuple[OddRequest, ...]] | None:
        """The name and the requests of a set of the program; None for one's own."""
        at = self.current()
        return (SWEEP_SETS[at].name, SWEEP_SETS[at].requests) if 0 <= at < OWN else None

    def name(self) -> str:
        """What :meth:`choose` takes to come back to this choice."""
        at = self.current()
        return SWEEP_SETS[at].name if 0 <= at < OWN else OWN_NAME

    def choose(self, name: str) -> None:
        """Pick the set called ``name``, without a signal; any other name is one's own."""
        names = [each.name for each in SWEEP_SETS]
        self.set_current(names.index(name) if name in names else OWN)


class HowRow(FlowRow):
    """At once, pace, time-out, certificates, on as many lines as they need. ``changed``: one is another."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margin=theme.MARGIN, spacing=theme.GAP + theme.SPACE, parent=parent)

        def t(text: str) -> str:
            return translate("SweepHow", text)

        self.at_once = QSpinBox()
        self.at_once.setRange(1, 64)
        self.at_once.setValue(AT_ONCE)
        self.at_once.setStyleSheet(PLAIN)
        self.pace = _seconds(0.0, 0.0, 60.0, 0.1)
        self.timeout = _seconds(TIMEOUT, 0.1, 300.0, 1.0)
        self.any_certificate = Check(t("Any certificate"))
        self.any_certificate.setToolTip(t("Accept every certificate of a wss server"))
        told: tuple[tuple[str, QWidget, str], ...] = (
            (t("At once"), self.at_once, t("Requests under way at each server (Up and Down change it)")),
            (
                t("Pace"),
                self.pace,
                t("Seconds between the starts of two requests to one server; 0: no pause"),
            ),
            (t("Time-out"), self.timeout, t("Seconds for each request, from the dial to the answer's head")),
        )
        self.stops: list[QWidget] = []
        for name, widget, tip in told:
            widget.setAccessibleName(f"{name}. {tip}")
            widget.setToolTip(tip)
            self.add(_Pair(name, widget))
            self.stops.append(widget)
        self.add(self.any_certificate)
        self.stops.append(self.any_certificate)
        for signal in (self.at_once.valueChanged, self.pace.valueChanged, self.timeout.valueChanged):
            signal.connect(lambda *_: self.changed.emit())
        self.any_certificate.toggled.connect(lambda *_: self.changed.emit())
        theme.watcher().changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        for widget in self.stops:
            widget.setFont(theme.ui_font())
            if isinstance(widget, QAbstractSpinBox):
                widget.lineEdit().setTextMargins(theme.SPACE, 0, 0, 0)

    def take(self, at_once: int, pace: float, timeout: float) -> None:
        """Show what an earlier sweep was asked with; 0 leaves what is there."""
        sets: tuple[tuple[Callable[..., object], float], ...] = (
            (self.at_once.setValue, at_once),
            (self.timeout.setValue, timeout),
        )
        for take, value in sets:
            if value:
                take(value)
        self.pace.setValue(pace)


class _Pair(QWidget):
    """A field with its name before it."""

    def __init__(self, name: str, field: QWidget) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE)
        row.addWidget(RoleLabel(name, "muted", size=0.95))
        row.addWidget(field)


def _seconds(value: float, least: float, most: float, step: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setDecimals(1)
    box.setRange(least, most)
    box.setSingleStep(step)
    box.setValue(value)
    box.setSuffix(" s")
    box.setStyleSheet(PLAIN)
    return box
