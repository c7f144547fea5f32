"""Explain mode of one page: where its list stands, and how it and the other panes light each other."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from wsinspector.present.heads import HeadRow
from wsinspector.translate import translate
from wsinspector.ui.presenting.state import presenting
from wsinspector.verdicts.finding import Subject

# The window's start passes here: what explains is drawn in when it is first asked for.
if TYPE_CHECKING:
    from wsinspector.present.explaining.rows import Row
    from wsinspector.ui.explain.pane import ExplainPane
    from wsinspector.ui.inspect.page import InspectPage

HANDSHAKE, FRAMES, EXPLAINED = range(3)
"""Places of the switch of a narrow page."""

_HEADS = {"request": "request", "answer": "response", "interim": "response"}
"""Kinds of parts that are a head, and the section of the handshake in which it stands."""


class ExplainMode(QObject):
    """Shows the list beside the pane that holds what is picked; both point at the same bytes."""

    changed = Signal(bool)

    def __init__(self, page: "InspectPage") -> None:
        super().__init__(page)
        self._page = page
        self._pane: ExplainPane | None = None
        self.on = False
        self._beside = HANDSHAKE
        self._lighting = False

    @property
    def pane(self) -> "ExplainPane":
        """The list and its text, made when they are first asked for."""
        if self._pane is None:
            from wsinspector.ui.explain.pane import ExplainPane

            page = self._page
            made = self._pane = ExplainPane(page.tab, page.frames, page.outer)
            made.hide()
            page.outer.insertWidget(0, made)
            page.outer.setStretchFactor(0, 1)
            page.outer.setStretchFactor(1, 1)
            made.piece_picked.connect(self._picked)
            made.left.connect(self._left)
            made.term_asked.connect(page.term_asked)
            made.rule_asked.connect(page.rule_asked)
            page.frames.view.current_changed.connect(self._frame_picked)
            page.frames.detail.bits.field_picked.connect(self._field_picked)
            page.tab.subject_lit.connect(self._subject_lit)
            for request, section in ((True, page.handshake.request), (False, page.handshake.response)):
                for signal in (section.row_clicked, section.table.row_reached):
                    signal.connect(lambda row, request=request: self._head_row(row, request=request))
        return self._pane

    def toggle(self) -> None:
        """Begin, or end; while presenting, show it alone or the frames again."""
        if presenting().on:
            presenting().pane_asked.emit("frames" if self.pane.isVisible() else "explained")
        else:
            self.show(not self.on)

    def show(self, on: bool) -> None:
        """Begin or end explaining."""
        if on == self.on:
            return
        page = self._page
        self.on = on
        if on:
            if page.workbench.shown:
                page.workbench.leave()
            snapshot = page.tab.snapshot
            opened = snapshot is not None and snapshot.opened_at is not None
            self._beside = FRAMES if opened and page.frames.view.table.hasFocus() else HANDSHAKE
            page.switch.addTab(translate("InspectPage", "Explained"))
            page.switch.setCurrentIndex(EXPLAINED)
            self.lay_out(narrow=page.narrow)
            self.pane.take_focus()
        else:
            self.pane.hide()
            page.tab.subject_lit.emit(None)
            page.switch.setCurrentIndex(self._beside)
            page.switch.removeTab(EXPLAINED)
            page.splitter.show()
            page.lay_out_again()
        self.changed.emit(on)

    def _left(self) -> None:
        if presenting().on:
            return
        self.show(False)
        page = self._page
        (page.frames.view.table if self._beside == FRAMES else page.handshake).setFocus()

    # -- placing

    def lay_out(self, *, narrow: bool) -> None:
        """The list beside one pane, or alone where the page is narrow."""
        page = self._page
        page.switch.setVisible(narrow)
        if narrow:
            self.show_one(page.switch.currentIndex())
            return
        self.pane.show()
        page.splitter.show()
        page.workbench.left.setVisible(self._beside == HANDSHAKE)
        page.right.setVisible(self._beside == FRAMES)
        if not self._sized(page.outer.width()):
            half = max(page.outer.width() // 2, 1)
            page.outer.setSizes([half, half])

    def _sized(self, width: int) -> bool:
        """Whether both sides have room enough already."""
        sizes = self._page.outer.sizes()
        return len(sizes) > 1 and min(sizes) > width // 4

    def show_one(self, index: int) -> None:
        """Of a narrow page: the list alone, or one of the panes."""
        if not self.on or index < 0:
            return
        page = self._page
        self.pane.setVisible(index == EXPLAINED)
        page.splitter.setVisible(index != EXPLAINED)
        if index != EXPLAINED:
            self._beside = index
            page.workbench.left.setVisible(index == HANDSHAKE)
            page.right.setVisible(index == FRAMES)

    def _stand_beside(self, which: int) -> None:
        if which == self._beside or not self.on or presenting().on:
            return
        self._beside = which
        page = self._page
        if not page.narrow:
            page.workbench.left.setVisible(which == HANDSHAKE)
            page.right.setVisible(which == FRAMES)

    # -- what is picked here lights elsewhere

    def _picked(self, row: "Row") -> None:
        page = self._page
        self._lighting = True
        try:
            kind = str(row.part.kind.value)
            if kind in _HEADS:
                self._stand_beside(HANDSHAKE)
                if row.piece is None:
                    page.handshake.show_section(_HEADS[kind])
                    page.tab.subject_lit.emit(None)
                else:
                    page.tab.subject_lit.emit(Subject(_HEADS[kind], row.piece.span))
                return
            page.tab.subject_lit.emit(None)
            if kind != "opening":
                self._stand_beside(FRAMES)
            if kind in ("message", "whole"):
                page.frames.places.go_to(row.part.number)
            if kind == "frame":
                self._light_frame(row)
        finally:
            self._lighting = False

    def _light_frame(self, row: "Row") -> None:
        frames = self._page.frames
        if frames.places.number() != row.part.number:
            frames.places.go_to(row.part.number)
        frames.opening.open()
        located = self.pane.model.parts.located(row.part) if self.pane.model is not None else row.part
        if row.piece is None or located.span is None:
            frames.detail.bits.light_bits(-1, -1)
            return
        base = 8 * located.span.start
        frames.detail.bits.light_bits(row.piece.bits.start - base, row.piece.bits.end - base)

    # -- what is picked elsewhere is told here

    @property
    def _listens(self) -> bool:
        return not self._lighting and self._pane is not None and self._pane.isVisible()

    def _frame_picked(self) -> None:
        number = self._page.frames.places.number()
        if self._listens and number:
            self.pane.go_to_frame(number)

    def _field_picked(self, bit: int) -> None:
        number = self._page.frames.places.number()
        if self._listens and number:
            self.pane.go_to_frame(number, bit)

    def _head_row(self, row: HeadRow, *, request: bool) -> None:
        if self._listens and row.span is not None:
            self.pane.go_to_byte(request, row.span.start, line=True)

    def _subject_lit(self, subject: object) -> None:
        if self._listens and isinstance(subject, Subject) and subject.side in ("request", "response"):
            self.pane.go_to_byte(subject.side == "request", subject.span.start)
