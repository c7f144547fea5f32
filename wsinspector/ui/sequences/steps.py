"""The steps of a sequence as a list: state, what it does, what came of it; each leads to its frame."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.sequences.results import RunResults, StepResult, StepState
from wsinspector.present.numbers import count
from wsinspector.present.plain import visible
from wsinspector.present.step_evidence import CameFrames, evidence_lines, frames_came, wanted_frames
from wsinspector.present.step_texts import MARKS, about_text, kind_text, state_text, step_title
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.widgets.told_list import Index, ToldDelegate, ToldList, draw_mark, height_of, lay_out

ROLES = {
    StepState.TO_COME: "muted",
    StepState.RUNNING: "link",
    StepState.OK: "ok",
    StepState.FAILED: "fault",
    StepState.UNDECIDED: "note",
    StepState.NOT_RUN: "muted",
}
MARK_ROOM = 18  # px at zoom 1
INDENT = 16
MOST_LINES = 10  # of what is said of a step


def title_of(result: StepResult) -> str:
    """A step as its row says it: its name, else what it does."""
    return step_title(result.step)


def told_of(result: StepResult, frames: CameFrames) -> str:
    """What is said below it: what it does where it has a name, then what came of it, on lines of its own
    what was looked for and which of ``frames`` came instead."""
    parts = []
    if result.step.name:
        parts.append(f"{kind_text(result.step.action)} {about_text(result.step.action)}".strip())
    if result.text:
        parts.append(visible(result.text))
    if result.failures and result.rounds > 1:
        text = translate("Steps", "{0} of {1} rounds failed.")
        parts.append(text.format(count(result.failures), count(result.rounds)))
    elif result.rounds > 1 and result.depth:
        parts.append(translate("Steps", "Round {0}.").format(count(result.rounds)))
    return "\n".join((" · ".join(parts), *evidence_lines(result, frames)))


class StepsModel(QAbstractListModel):
    """The results given to :meth:`show`; a change of some of them tells of those alone."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.steps: tuple[StepResult, ...] = ()
        self.current = -1
        self.frames: CameFrames = {}

    def show_frames(self, frames: CameFrames) -> None:
        """Frames that failed steps speak of were read."""
        self.frames = frames
        if self.steps:
            self.dataChanged.emit(self.index(0), self.index(len(self.steps) - 1))

    def told(self, step: StepResult) -> str:
        """What is said below a step."""
        return told_of(step, self.frames)

    def show(self, steps: tuple[StepResult, ...], current: int = -1) -> None:
        before, self.current = self.current, current
        if len(steps) != len(self.steps):
            self.beginResetModel()
            self.steps = steps
            self.endResetModel()
            return
        changed = [at for at, step in enumerate(steps) if step is not self.steps[at]]
        self.steps = steps
        for row in {*changed, before, current}:
            if 0 <= row < len(steps):
                self.dataChanged.emit(self.index(row), self.index(row))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.steps)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.steps):
            return None
        step = self.steps[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return title_of(step)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = (f"{index.row() + 1}", title_of(step), state_text(step.state), self.told(step))
            return ", ".join(part for part in said if part)
        if role == Qt.ItemDataRole.ToolTipRole and step.frame:
            text = translate("Steps", "Enter, or a click, shows frame {0}.")
            return text.format(count(step.frame))
        return None


class StepsDelegate(ToldDelegate):
    """A mark, the step in one line, and below it what came of it on as many lines as that needs."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        width = self.width(option)
        step = _step(index)
        if step is None:
            return QSize(width, theme.row_height())
        high = QFontMetricsF(theme.ui_font()).lineSpacing() + theme.SPACE
        told = _told(index)
        if told:
            high += height_of(_laid(told, _room(width, step)))
        return QSize(width, round(max(high, theme.row_height())) + theme.SPACE)

    def draw(self, painter: QPainter, box: QRectF, index: Index) -> None:
        step = _step(index)
        if step is None:
            return
        metrics = QFontMetricsF(theme.ui_font())
        top = box.top() + theme.SPACE
        left = box.left() + theme.MARGIN + INDENT * theme.zoom() * step.depth
        draw_mark(painter, MARKS[step.state], ROLES[step.state], QPointF(left, top + metrics.ascent()))
        left += MARK_ROOM * theme.zoom()
        room = box.right() - theme.MARGIN - left
        number = translate("Steps", "frame {0}").format(count(step.frame)) if step.frame else ""
        small = QFontMetricsF(theme.ui_font(0.92))
        beside = small.horizontalAdvance(number) + theme.GAP if number else 0.0
        muted = step.state in (StepState.NOT_RUN, StepState.TO_COME)
        painter.setFont(theme.ui_font())
        painter.setPen(theme.color("muted" if muted else "text"))
        title = metrics.elidedText(title_of(step), Qt.TextElideMode.ElideRight, room - beside)
        painter.drawText(QPointF(left, top + metrics.ascent()), title)
        if number:
            painter.setFont(theme.ui_font(0.92))
            painter.setPen(theme.color("link"))
            at = box.right() - theme.MARGIN - small.horizontalAdvance(number)
            painter.drawText(QPointF(at, top + metrics.ascent()), number)
        told = _told(index)
        if told:
            painter.setPen(theme.color("fault" if step.state is StepState.FAILED else "muted"))
            below = QPointF(left, top + metrics.lineSpacing())
            _laid(told, _room(box.width(), step)).draw(painter, below)


def _step(index: Index) -> StepResult | None:
    model = index.model()
    return model.steps[index.row()] if isinstance(model, StepsModel) else None


def _told(index: Index) -> str:
    model = index.model()
    return model.told(model.steps[index.row()]) if isinstance(model, StepsModel) else ""


def _room(width: float, step: StepResult) -> float:
    taken = 2 * theme.MARGIN + (MARK_ROOM + INDENT * step.depth) * theme.zoom()
    return max(width - taken, 80.0)


def _laid(text: str, width: float) -> QTextLayout:
    layout = QTextLayout(text.replace("\n", "\u2028"), theme.ui_font(0.92))
    wrapping = QTextOption()
    wrapping.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(wrapping)
    return lay_out(layout, width, MOST_LINES)


class StepsList(ToldList):
    """``picked(StepResult)``: by a click or Enter. ``left``: Escape was pressed."""

    leaves = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(translate("Steps", "Steps of the sequence"), StepsDelegate(), parent)
        self.steps = StepsModel(self)
        self.setModel(self.steps)
        self.setToolTip(translate("Steps", "Enter shows the frame of a step, Ctrl+C copies them all"))
        self._told: list[int] = []

    def value_at(self, row: int) -> StepResult:
        return self.steps.steps[row]

    def copied(self) -> str:
        lines = []
        for each in self.steps.steps:
            first, *below = self.steps.told(each).split("\n")
            lines.append(f"{MARKS[each.state]} {title_of(each)}  {first}".rstrip())
            lines += [f"    {line}" for line in below]
        return "\n".join(lines)

    def show_steps(self, steps: tuple[StepResult, ...], current: int = -1) -> None:
        """Show how far they are; the one under way is kept in sight."""
        moved = current != self.steps.current
        self.steps.show(steps, current)
        self._measure()
        if moved and current >= 0:
            self.scrollTo(self.steps.index(current))

    def show_frames(self, frames: CameFrames) -> None:
        """Show what came where something else was expected."""
        self.steps.show_frames(frames)
        self._measure()

    def read_frames(self, background: Background, conversation: Conversation, results: RunResults) -> None:
        """Read what came where something else was expected, and show it; off the window's thread."""
        if not wanted_frames(results.steps):
            return

        def done(found: Any) -> None:
            if self.steps.steps is results.steps and isinstance(found, dict):
                self.show_frames(found)

        background.ask(
            "frames of failed steps",
            lambda: frames_came(conversation, results.steps, lambda: background.stopping),
            done,
        )

    def _measure(self) -> None:
        """Lay the rows out anew where what is said below one is longer or shorter than it was."""
        told = [len(self.steps.told(step)) for step in self.steps.steps]
        if told != self._told:
            self._told = told
            self.scheduleDelayedItemsLayout()
