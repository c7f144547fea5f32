"""What F1 tells of a widget, or of the row, header, field or byte in it that is current."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)

from wsinspector.learn.glossary import TERMS, term_called
from wsinspector.learn.headers import told_of
from wsinspector.learn.pieces import Step
from wsinspector.present.explaining.part import Kind
from wsinspector.present.explaining.parts import Parts
from wsinspector.present.explaining.rows import Path, Row, Rows
from wsinspector.present.explaining.telling import Told, told_of_row
from wsinspector.protocol.columns import FLAG_STARTS_MESSAGE
from wsinspector.protocol.opcodes import CLOSE
from wsinspector.protocol.spans import Direction
from wsinspector.translate import translate
from wsinspector.ui.actions.binding import ACTION, TIP, Deeds
from wsinspector.ui.actions.registry import registry
from wsinspector.ui.explain.areas import AREAS, PARTS, Area
from wsinspector.ui.explain.reading import Readings
from wsinspector.ui.inspect.bit_map import BitFigure
from wsinspector.ui.inspect.frame_detail import FieldLine, FrameDetail
from wsinspector.ui.inspect.head_section import HeadSection
from wsinspector.ui.inspect.head_table import HeadTable
from wsinspector.ui.inspect.hex_view import HexView
from wsinspector.ui.inspect.log_table import LogTable
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.inspect.verdict_view import VerdictLine
from wsinspector.ui.learn.rules_model import RulesModel
from wsinspector.verdicts.catalogue import rule_called

_CLAUSE = re.compile(r"(?:RFC \d+ )?§[\d.]+(?:, §[\d.]+)*|RFC \d+")
_NAMED = re.compile(r"\[key:([a-z-]+\.[a-z0-9-]+)\]")
_MARKUP = re.compile(r"<[^>]+>")
MOST_TERMS = 4
MOST_KEYS = 8
_TOO_COMMON = {"text", "binary", "host", "window", "length", "client", "server", "policy", "port", "rule"}


@dataclass(frozen=True, slots=True)
class About:
    """``told``: what is shown. ``rule``: the id of a rule with a page. ``explain``: goes to the piece."""

    told: Told
    rule: str = ""
    explain: Callable[[], None] | None = None


def about(widget: QWidget) -> About:
    """What there is to say of ``widget``; always something of its own."""
    found = _of_piece(widget) or _of_rule(widget)
    own = _own(widget)
    if found is None:
        return About(own)
    keys = own.steps
    return replace(found, told=replace(found.told, steps=(*found.told.steps, *keys)))


# -- any widget


def _own(widget: QWidget) -> Told:
    """Its own name and tooltip, the part of the window it is in, its keys, clauses and words."""
    name, tip = _name(widget), _tip(widget)
    part = _lookup(widget, PARTS, parents=False)
    area = _lookup(widget, AREAS, parents=True)
    text = str(widget.property("text") or "").replace("&", "")
    if tip == name and any(each.isalpha() for each in text):
        name = text  # a button that is named by its tooltip
    what = tip if tip and tip != name else ""
    why = ""
    if part is not None:
        what = what or translate("Areas", part[0])
        why = translate("Areas", part[1])
    else:
        why = _use(widget)
    where = translate("Areas", area[0]) if area is not None else ""
    if not what:
        what, where = where, translate("Areas", area[1]) if area is not None else ""
    clause = ", ".join(dict.fromkeys(_CLAUSE.findall(f"{name} {tip}")))
    keys = [*(part[2] if part else ()), *_mentioned(f"{name} {tip}"), *(area[2] if area else ())]
    return Told(
        name or translate("Areas", "This part of the window"),
        _value(widget),
        "",
        (),
        what,
        why,
        where,
        clause,
        _keys(widget),
        (),
        _terms(keys),
    )


def _plain(text: str) -> str:
    if text.startswith("<qt>"):
        text = html.unescape(_MARKUP.sub("", text.replace("<br>", "\n")))
    return text.strip()


def _name(widget: QWidget) -> str:
    index = widget.currentIndex() if isinstance(widget, QAbstractItemView) else None
    if index is not None and index.isValid():
        spoken = index.data(Qt.ItemDataRole.AccessibleTextRole) or index.data(Qt.ItemDataRole.DisplayRole)
        if spoken:
            return str(spoken)
    if isinstance(widget, QTabBar) and widget.currentIndex() >= 0:
        return widget.tabText(widget.currentIndex()).replace("&", "") or widget.accessibleName()
    name = widget.accessibleName()
    parent = widget.parentWidget()
    if not name and isinstance(parent, QAbstractSpinBox):
        name = parent.accessibleName()
    text = widget.property("text")
    return name or (str(text).replace("&", "") if text else "")


def _tip(widget: QWidget) -> str:
    if isinstance(widget, QAbstractItemView) and widget.currentIndex().isValid():
        tip = widget.currentIndex().data(Qt.ItemDataRole.ToolTipRole)
        if tip:
            return _plain(str(tip))
    if isinstance(widget, QTabBar):
        tip = widget.tabToolTip(widget.currentIndex())
        if tip:
            return _plain(tip)
    parent = widget.parentWidget()
    tip = widget.toolTip() or widget.accessibleDescription()
    if not tip and parent is not None and not parent.isWindow():
        tip = parent.toolTip()
    return _plain(tip)


def _value(widget: QWidget) -> str:
    """What a button of two states says now."""
    if isinstance(widget, QAbstractButton) and widget.isCheckable():
        return translate("Areas", "on") if widget.isChecked() else translate("Areas", "off")
    return ""


def _lookup(widget: QWidget, table: dict[str, Area], *, parents: bool) -> Area | None:
    model = widget.model() if isinstance(widget, QAbstractItemView) and not parents else None
    if model is not None and type(model).__name__ in table:
        return table[type(model).__name__]
    here: QWidget | None = widget
    while here is not None:
        for kind in type(here).__mro__:
            if kind.__name__ in table:
                return table[kind.__name__]
        if not parents and not (here is widget and isinstance(here.parentWidget(), QAbstractSpinBox)):
            return None
        here = here.parentWidget()
    return None


def _use(widget: QWidget) -> str:
    """What to do with a widget of its kind."""
    if isinstance(widget, QAbstractButton):
        if widget.isCheckable():
            return translate("Areas", "Space turns it on and off.")
        return translate("Areas", "Space or Enter presses it.")
    if isinstance(widget, QLineEdit):
        return translate("Areas", "Type into it; Ctrl+Z takes a change back.")
    if isinstance(widget, QPlainTextEdit | QTextEdit):
        return translate("Areas", "Type into it; Tab leaves it where it does not write one.")
    if isinstance(widget, QAbstractItemView):
        return translate("Areas", "Up and Down go from row to row, Enter opens one.")
    if isinstance(widget, QTabBar):
        return translate("Areas", "Left and Right change it.")
    return translate("Areas", "Tab goes on to the next, Shift+Tab back.")


def _keys(widget: QWidget) -> tuple[Step, ...]:
    """The keys that work here, each with what it does."""
    names = _NAMED.findall(str(widget.property(TIP) or ""))
    if widget.property(ACTION):
        names.append(str(widget.property(ACTION)))
    for deeds in widget.findChildren(Deeds, options=Qt.FindChildOption.FindDirectChildrenOnly):
        names += [name for name in deeds.names() if deeds.can(name)]
    steps = []
    for name in dict.fromkeys(names):
        action = registry().actions.get(name)
        if action is not None and registry().shown(name):
            steps.append(Step(registry().shown(name), "", action.text))
    return tuple(steps[:MOST_KEYS])


def _mentioned(text: str) -> list[str]:
    """Keys of words that stand in ``text``, the longest first."""
    small = text.casefold()
    found = []
    for term in sorted(TERMS, key=lambda each: -len(each.key)):
        word = term.key.replace("-", " ")
        if term.key not in _TOO_COMMON and re.search(rf"\b{re.escape(word)}s?\b", small.replace("-", " ")):
            found.append(term.key)
    return found


def _terms(keys: list[str]) -> tuple[tuple[str, str], ...]:
    told = ((key, term_called(key)) for key in dict.fromkeys(keys))
    return tuple((key, term.name) for key, term in told if term is not None)[:MOST_TERMS]


# -- what is of the conversation


def _above(widget: QWidget, kind: type[QWidget]) -> QWidget | None:
    here: QWidget | None = widget
    while here is not None and not isinstance(here, kind):
        here = here.parentWidget()
    return here


def _page(widget: QWidget) -> InspectPage | None:
    found = _above(widget, InspectPage)
    return found if isinstance(found, InspectPage) else None


def _of_piece(widget: QWidget) -> About | None:
    page = _page(widget)
    if page is None:
        return None
    if isinstance(widget, HeadTable):
        return _of_header(widget, page)
    section = _above(widget, HeadSection)
    if isinstance(widget, HexView) and isinstance(section, HeadSection):
        return _of_byte(page, section, widget.selection()[0])
    number = page.frames.places.number()
    if isinstance(widget, HexView) and number:
        return _of_payload(page, widget, number)
    if isinstance(widget, FieldLine) and widget.index >= 0 and number:
        detail = _above(widget, FrameDetail)
        if isinstance(detail, FrameDetail):
            bit = detail.first_bit(widget.index)
            return _of_frame(page, number, bit) if bit is not None else None
    if isinstance(widget, BitFigure) and number:
        bit = page.frames.detail.bits.first_bit(widget.current_field())
        return _of_frame(page, number, bit)
    if isinstance(widget, LogTable) and number:
        return _of_frame(page, number, None)
    return None


def _of_payload(page: InspectPage, view: HexView, number: int) -> About | None:
    """A byte of the payload, where it can be told which of the frame's bytes it is."""
    payload, log = page.frames.detail.payload, page.frames.model
    facts = log.reading.facts(number) if log is not None else None
    if facts is None:
        return None
    at = view.selection()[0]
    if view is payload.wire:
        return _of_frame(page, number, 8 * at, to_byte=at >= facts.header)
    whole = facts.fin and bool(facts.flags & FLAG_STARTS_MESSAGE or facts.opcode >= CLOSE)
    if view is payload.hex and whole and not facts.compressed:
        return _of_frame(page, number, 8 * (facts.header + at), to_byte=True)
    return None


def _rows(page: InspectPage) -> Rows | None:
    snapshot = page.tab.snapshot
    if snapshot is None:
        return None
    readings = Readings(page.tab, page.frames)
    return Rows(Parts(page.tab.reading(snapshot), readings.of(snapshot), readings.inflation()))


def _told(rows: Rows, row: Row) -> Told:
    wrong = row.piece.wrong if row.piece is not None else rows.parts.wrong(row.part)
    return told_of_row(rows, row, wrong)


def _of_frame(page: InspectPage, number: int, bit: int | None, *, to_byte: bool = False) -> About | None:
    rows = _rows(page)
    place = rows.parts.place_of_frame(number) if rows is not None else None
    if rows is None or place is None:
        return None
    part = rows.parts.part(place)
    span = rows.parts.located(part).span
    # Of a row the opcode tells most: what kind of frame it is, and what that is for.
    wanted = 4 if bit is None else bit
    path: Path = ()
    if span is not None:
        path = rows.path_at(part, span.start + wanted // 8, wanted % 8, to_byte=to_byte)
    at = rows.reveal(part.key, path)
    if at is None:
        return None
    told = _told(rows, rows.row(at))
    if bit is None:
        arrow, name, summary = rows.title(part)
        told = replace(told, name=f"{arrow} {name}", value=summary)

    def explain() -> None:
        page.explaining.show(True)
        page.explain.go_to_frame(number, bit)

    return About(told, _rule_in(told), explain)


def _of_header(table: HeadTable, page: InspectPage) -> About | None:
    row = table.current_row()
    section = _above(table, HeadSection)
    if row is None or not isinstance(section, HeadSection):
        return None
    if page.tab.snapshot is not None and row.span is not None:
        return _of_byte(page, section, row.span.start, line=True)
    if not row.name:
        return None
    said = told_of(row.name)
    name = row.name.decode("latin-1").strip()
    keys = list(said.terms)
    return About(
        Told(name, "", "", (), said.what, said.why, said.otherwise, said.clause, (), (), _terms(keys))
    )


def _of_byte(page: InspectPage, section: HeadSection, byte: int, *, line: bool = False) -> About | None:
    rows = _rows(page)
    if rows is None:
        return None
    request = section is page.handshake.request
    direction: Direction = rows.parts.asking if request else rows.parts.answering
    part = rows.part_at(direction, byte)
    if part is None or part.kind not in (Kind.REQUEST, Kind.ANSWER, Kind.INTERIM):
        return None
    path = rows.path_at(part, byte)
    at = rows.reveal(part.key, path[:1] if line else path)
    if at is None:
        return None
    told = _told(rows, rows.row(at))

    def explain() -> None:
        page.explaining.show(True)
        page.explain.go_to_byte(request, byte, line=line)

    return About(told, _rule_in(told), explain)


def _rule_in(told: Told) -> str:
    return next((fault.rule for fault in told.faults if fault.rule), "")


# -- rules


def _of_rule(widget: QWidget) -> About | None:
    name, found, clause = "", "", ""
    if isinstance(widget, VerdictLine):
        name, found, clause = widget.row.rule, widget.row.text, widget.row.clause
    elif isinstance(widget, QAbstractItemView):
        model = widget.model()
        entry = model.entry(widget.currentIndex()) if isinstance(model, RulesModel) else None
        name = entry.name if entry is not None else ""
    rule = rule_called(name)
    if rule is None:
        return None
    told = Told(
        name,
        "",
        "",
        (),
        found or rule.what,
        rule.what if found else rule.why,
        rule.why if found else "",
        clause or rule.clause,
        (),
        (),
        _terms(["rule", "finding", "clause"]),
    )
    return About(told, name)
