"""The left pane of a conversation: draft and attempts, verdict, request, response, two side by side."""

import itertools
from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.attributing import goes_with
from wsinspector.present.comparing import compare_rows, mirror_rows
from wsinspector.present.draft_verdict import asked_lines
from wsinspector.present.handshake_texts import (
    attempt_label,
    attempt_tone,
    draft_state,
    proof_of,
    request_when,
    response_facts,
    response_when,
    tls_rows,
    tls_summary,
    tls_trust,
)
from wsinspector.present.heads import (
    head_bytes,
    rows_of_draft,
    rows_of_request,
    rows_of_response,
    with_left_out,
)
from wsinspector.present.mirror import mirror_view
from wsinspector.present.verdict_rows import VerdictLines, VerdictRow, lit_spans, verdict_lines
from wsinspector.protocol.compare import compare_heads, differing
from wsinspector.protocol.draft import Draft
from wsinspector.protocol.spans import Direction, Role, Span
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import bind
from wsinspector.ui.inspect.attempts_strip import AttemptsStrip, Entry
from wsinspector.ui.inspect.compare_view import CompareView
from wsinspector.ui.inspect.copy_as_menu import CopyAsMenu
from wsinspector.ui.inspect.fold_section import FoldSection
from wsinspector.ui.inspect.head_section import HeadSection
from wsinspector.ui.inspect.hex_view import HeldBytes
from wsinspector.ui.inspect.rule import Rule
from wsinspector.ui.inspect.stream_bytes import AnswerBytes, answer_bytes
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.inspect.verdict_view import VerdictView
from wsinspector.ui.inspect.verdict_work import VerdictWork
from wsinspector.ui.presenting.state import presenting
from wsinspector.verdicts.finding import Subject

LEAST_WIDTH = 340


class HandshakePane(QWidget):
    """Shows the draft or the attempt that ``tab_state`` picked; edits always go to the draft."""

    compare_changed = Signal(bool)
    about_asked = Signal(str)  # a dialect: what it is
    rule_asked = Signal(str)  # a rule: what it asks for
    presets_asked = Signal(object)  # the widget to open the menu of recorded clients under

    def __init__(self, tab_state: TabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tab = tab_state
        self._revealed: frozenset[bytes] = frozenset()
        self._put_by: frozenset[bytes] = frozenset()  # what was revealed before presenting
        presenting().changed.connect(self._presenting)
        self._shown: tuple[object, ...] = ()
        self._awaits_capture = False
        self._comparing = False
        self.setMinimumWidth(LEAST_WIDTH)
        self.setAccessibleName(translate("HandshakePane", "Handshake"))
        self.strip = AttemptsStrip(self)
        self.area = QScrollArea(self)
        inner = self._inner = QWidget(self.area.viewport())
        self.verdict = VerdictView(inner)
        self.work = VerdictWork(self)
        self.request = HeadSection(translate("HandshakePane", "Request"), inner)
        self.response = HeadSection(translate("HandshakePane", "Response"), inner)
        accept = translate("HandshakePane", "Sec-WebSocket-Accept")
        self.accept = FoldSection(accept, strong=False, parent=inner)
        self.tls = FoldSection("TLS", parent=inner)
        self._compare: CompareView | None = None
        self._build()
        self._connect()
        self.refresh()
        self.order_tab_keys()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(Rule())
        inside = self._inside = QVBoxLayout(self._inner)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        self._rules: list[tuple[Rule, QWidget]] = []
        for part in (self.verdict, self.request, self.response, self.accept, self.tls):
            inside.addWidget(part)
            if part is not self.response:
                rule = Rule()
                inside.addWidget(rule)
                self._rules.append((rule, part))
        inside.addStretch(1)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self._inner)
        column.addWidget(self.area, 1)

    @property
    def compare(self) -> CompareView:
        """Two attempts side by side, made when they first stand so."""
        if self._compare is None:
            self._compare = CompareView()
            self._inside.insertWidget(self._inside.count() - 1, self._compare)  # above what stretches
            self.order_tab_keys()
        return self._compare

    def order_tab_keys(self) -> None:
        """Let Tab follow the eye also after parts were made anew."""
        stops: list[QWidget] = [*self.strip.stops(), *self.verdict.stops()]
        for section in (self.request, self.response):
            stops += section.stops()
        stops += [self.accept.arrow, self.tls.arrow, self.tls.offer]
        if self._compare is not None:
            stops += [self._compare.requests, self._compare.responses]
        for before, after in itertools.pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _connect(self) -> None:
        tab = self._tab
        tab.draft_changed.connect(self._draft_changed)
        tab.address_changed.connect(self._draft_changed)
        tab.picked_changed.connect(self._picked_changed)
        tab.attempts_changed.connect(self._attempts_changed)
        tab.snapshot_changed.connect(self._snapshot_changed)
        tab.ticked.connect(self._look_for_capture)
        tab.subject_lit.connect(self._subject_lit)
        self.strip.picked.connect(tab.pick)
        self.strip.compared.connect(tab.compare)
        self.strip.use_asked.connect(tab.use_as_draft)
        self.strip.compare_left.connect(lambda: tab.pick(max(tab.picked, tab.compared or 0)))
        self.verdict.picked.connect(self._verdict_picked)
        self.verdict.rebuilt.connect(self.order_tab_keys)
        self.verdict.about_asked.connect(self.rule_asked)
        self.work.draft_judged.connect(self._draft_judged)
        self.work.opinion_came.connect(self._opinion_came)
        self.strip.rebuilt.connect(self.order_tab_keys)
        for section in (self.request, self.response):
            section.reveal_asked.connect(self._reveal)
            section.hide_asked.connect(self._hide)
            section.about_asked.connect(self._ask_about)
        self.request.edited.connect(self._edited)
        self.request.presets_asked.connect(self.presets_asked)
        self.request.offer_copying()
        self.request.copying_asked.connect(self._copy_as)
        self.request.undo_asked.connect(tab.undo)
        self.request.redo_asked.connect(tab.redo)
        self.tls.offer.setText(translate("HandshakePane", "Read certificates"))
        self.tls.offer.setToolTip(
            translate("HandshakePane", "By a second TLS handshake that checks nothing and sends nothing")
        )
        self.tls.offer.clicked.connect(self._read_chain)
        self._add_keys()

    def _add_keys(self) -> None:
        """Undo within this pane; the rest wherever the focus is while the pane is in sight."""
        tab = self._tab
        inside, window = Qt.ShortcutContext.WidgetWithChildrenShortcut, Qt.ShortcutContext.WindowShortcut
        for name, context, act in (
            ("headers.undo", inside, tab.undo),
            ("headers.redo", inside, tab.redo),
            ("request.draft", window, self.to_draft),
            ("request.accept", window, self.to_accept),
            ("request.attempt-before", window, lambda: self.step(-1)),
            ("request.attempt-after", window, lambda: self.step(1)),
            ("request.presets", window, self.request.ask_presets),
            ("request.side-by-side", window, self.strip.toggle_compare),
            ("request.use", window, lambda: tab.use_as_draft(tab.picked)),
            ("request.rule", window, self.verdict.ask_about),
            ("request.view", window, self.request.next_view),
            ("request.answer-view", window, self.response.next_view),
        ):
            bind(name, self, act, context)
        self.request.name_keys("[key:request.view]")
        self.response.name_keys("[key:request.answer-view]")

    def to_draft(self) -> None:
        """Show the draft, the cursor in its lines."""
        self._tab.pick(0)
        views = (self.request.table, self.request.raw, self.request.hex)
        views[self.request.view].setFocus()

    def to_accept(self) -> None:
        """Open how the accept value comes about, or close it."""
        if not self.accept.isHidden():
            self.accept.arrow.toggle()
            self.accept.arrow.setFocus()
            QTimer.singleShot(0, self, lambda: self.area.ensureWidgetVisible(self.accept))

    def step(self, by: int) -> None:
        """Pick the place of the strip that stands ``by`` further, the draft being the first."""
        last = len(self._tab.conversation.attempts)
        self._tab.pick(min(max(self._tab.picked + by, 0), last))

    # -- what changed

    def refresh(self) -> None:
        """Show everything anew."""
        self._attempts_changed()
        self._show_picked()

    def _draft_changed(self) -> None:
        self._show_state()
        if self._tab.picked == 0:
            self._show_picked()
            # The bytes that were lit are others now.
            self.verdict.close_lines()
            self._light((), ())

    def _draft_judged(self, lines: VerdictLines) -> None:
        if self._tab.picked == 0 and self._tab.compared is None and not self._tab.conversation.unset:
            self.verdict.show_lines(lines)

    def _opinion_came(self, number: int) -> None:
        snapshot = self._tab.snapshot
        if number == self._tab.picked and self._tab.compared is None and snapshot is not None:
            self._show_attempt(snapshot)

    def _attempts_changed(self) -> None:
        entries = [Entry(0, "")]
        for snapshot in self._snapshots():
            entries.append(Entry(snapshot.number, attempt_label(snapshot), attempt_tone(snapshot)))
        second = None if self._tab.beside_mirror else self._tab.compared
        self.strip.show_entries(tuple(entries), self._tab.picked, second)
        self._show_state()

    def _snapshot_changed(self, snapshot: AttemptSnapshot) -> None:
        """Frames change a snapshot thirty times a second and nothing that is shown here."""
        if _of_handshake(snapshot) != self._shown:
            self._show_picked()

    def _look_for_capture(self) -> None:
        """The capture is written a moment later than the answer is read."""
        snapshot = self._tab.snapshot
        if self._awaits_capture and snapshot is not None and self._tab.compared is None:
            self._show_attempt(snapshot)

    def _picked_changed(self) -> None:
        self._tab.subject_lit.emit(None)
        self.area.verticalScrollBar().setValue(0)
        self._attempts_changed()
        if self._tab.picked == 0:
            self.work.judge_now(self._tab.draft.to_bytes())
        self._show_picked()

    def _snapshots(self) -> list[AttemptSnapshot]:
        return [attempt.snapshot for attempt in self._tab.conversation.attempts]

    def _show_state(self) -> None:
        snapshots = self._snapshots()
        last = snapshots[-1] if snapshots else None
        count = differing(compare_heads(last.request, self._tab.draft.to_bytes())) if last is not None else 0
        text = draft_state(last, count)
        self.strip.set_state(text, draft_state(last, count, short=True))

    # -- what is shown

    def _show_picked(self) -> None:
        comparing = self._tab.compared is not None
        if comparing != self._comparing:
            self._comparing = comparing
            self.compare_changed.emit(comparing)
        for single in (self.verdict, self.request, self.response):
            single.setVisible(not comparing)
        if comparing or self._compare is not None:
            self.compare.setVisible(comparing)
        if comparing:
            self.accept.hide()
            self.tls.hide()
            self._show_compared()
        elif self._tab.picked == 0:
            self._show_draft()
        else:
            snapshot = self._tab.snapshot
            if snapshot is not None:
                self._show_attempt(snapshot)
        for rule, part in self._rules:
            rule.setVisible(not part.isHidden())

    def _show_draft(self) -> None:
        draft = self._tab.draft
        data = draft.to_bytes()
        if self._tab.conversation.unset:
            text = translate(
                "HandshakePane", "Judged once its variables have values: it does not leave as it stands."
            )
            self.verdict.show_lines(VerdictLines(empty=text))
        elif self.verdict.shown.empty:
            self.work.judge_now(data)
        else:
            self.work.judge_soon(data)
        self.request.show_head(
            rows_of_draft(draft, self._revealed),
            HeldBytes(data),
            draft=draft,
            when=translate("HandshakePane", "the draft, %n byte(s)", "", len(data)),
        )
        for part in (self.response, self.accept, self.tls):
            part.hide()

    def _asked(self) -> tuple[str, bytes, Options]:
        """Address, bytes and options of the request in sight."""
        conversation, snapshot = self._tab.conversation, self._tab.snapshot
        if snapshot is None:
            address = conversation.address  # as it leaves: with its variables filled in
            url = conversation.address_text if address.error is not None else address.url
            return url, conversation.filled().draft.to_bytes(), conversation.options
        return snapshot.url, snapshot.request, conversation.options

    def copy_menu(self) -> CopyAsMenu:
        """The menu that copies the request in sight for other tools."""
        return CopyAsMenu(self, self._asked, self.request.tell_copied)

    def _copy_as(self, under: QWidget) -> None:
        menu = self.copy_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(under.mapToGlobal(QPoint(0, under.height())))

    def _show_attempt(self, snapshot: AttemptSnapshot) -> None:
        self._shown = _of_handshake(snapshot)
        # What we answered a client says nothing of the servers that are dialled.
        earlier = [
            one for one in self._snapshots() if one.number < snapshot.number and one.role is snapshot.role
        ]
        answer = self._answer_bytes(snapshot)
        opinion = self.work.opinion_of(snapshot, answer.data) if answer.exact else None
        if snapshot.role is Role.SERVER:
            self.verdict.show_lines(asked_lines(snapshot))
        else:
            self.verdict.show_lines(verdict_lines(snapshot, earlier, opinion))
        generated = [name.encode("latin-1") for name in snapshot.generated]
        asking = Direction.IN if snapshot.role is Role.SERVER else Direction.OUT
        self.request.show_head(
            with_left_out(
                rows_of_request(snapshot.request, self._revealed, generated), _gone(snapshot, asking)
            ),
            HeldBytes(snapshot.request),
            when=request_when(snapshot),
        )
        response = snapshot.response
        rows = rows_of_response(response, snapshot.request, self._revealed) if response is not None else ()
        self.response.show_head(
            with_left_out(rows, _gone(snapshot, Direction(1 - asking))),
            answer.data,
            when=response_when(snapshot),
            facts=response_facts(snapshot),
        )
        proof = proof_of(snapshot)
        self.accept.setVisible(proof is not None)
        if proof is not None:
            about = translate("HandshakePane", "how it comes about")
            self.accept.set_title(proof.title)
            self.accept.show_facts(about, proof.rows, proof.trust, proof.tone, notes=proof.notes)
        self._show_tls(snapshot)

    def _show_tls(self, snapshot: AttemptSnapshot) -> None:
        """TLS as it was agreed; where verification failed, the certificates on request."""
        tls = snapshot.tls
        self.tls.setVisible(tls is not None or snapshot.unverified)
        self.tls.offer.setVisible(snapshot.unverified and (tls is None or not tls.chain))
        if tls is not None:
            trust = tls_trust(tls)
            self.tls.show_facts(tls_summary(tls), tls_rows(tls), trust.text, trust.tone)
        elif snapshot.unverified:
            text = translate("HandshakePane", "the certificate could not be verified")
            self.tls.show_facts(text, ())

    def _read_chain(self) -> None:
        attempt = self._tab.conversation.attempt(self._tab.picked)
        if attempt is not None:
            self.tls.offer.hide()
            attempt.read_chain()
            self.tls.arrow.setChecked(True)

    def _answer_bytes(self, snapshot: AttemptSnapshot) -> AnswerBytes:
        answer = answer_bytes(self._tab.conversation.reader(), snapshot)
        self._awaits_capture = answer.waits
        return answer

    def stop(self) -> None:
        """Let go of the thread before the conversation is closed."""
        self.work.stop()

    def _show_compared(self) -> None:
        first, second = self._tab.picked, self._tab.compared
        if second is None:
            return
        if self._tab.beside_mirror:
            self._show_mirrored()
            return
        names = tuple(
            translate("HandshakePane", "Draft") if number == 0 else f"#{number}" for number in (first, second)
        )
        requests = compare_rows(self._request_of(first), self._request_of(second))
        answers = (self._answer_head(first), self._answer_head(second))
        responses = compare_rows(*answers) if any(answers) else ()
        both = [self._tab.snapshot_of(number) for number in (first, second)]
        told = goes_with(both[0], both[1]) if both[0] is not None and both[1] is not None else ""
        self.compare.show_both(requests, responses, (names[0], names[1]), told)

    def _show_mirrored(self) -> None:
        snapshot = self._tab.snapshot
        view = mirror_view(snapshot) if snapshot is not None else None
        if view is not None:
            notes = view.notes or (view.text,)
            self.compare.show_mirrored(mirror_rows(view.sent, view.mirrored.received), notes)

    def _request_of(self, number: int) -> bytes:
        snapshot = self._tab.snapshot_of(number)
        return snapshot.request if snapshot is not None else self._tab.draft.to_bytes()

    def _answer_head(self, number: int) -> bytes:
        snapshot = self._tab.snapshot_of(number)
        if snapshot is None or snapshot.response is None:
            return b""
        return head_bytes(snapshot.response.head)

    # -- acts

    def _edited(self, draft: Draft, run: str) -> None:
        self._tab.edit(draft, run=run)

    def _ask_about(self) -> None:
        snapshot = self._tab.snapshot
        self.about_asked.emit(self._tab.spoken if snapshot is None else snapshot.dialect)

    def show_section(self, name: str) -> None:
        """Bring the head of "request" or "response" into sight, from its top."""
        section = self.request if name == "request" else self.response
        bar = self.area.verticalScrollBar()
        QTimer.singleShot(0, self, lambda: bar.setValue(section.mapTo(self._inner, QPoint(0, 0)).y()))

    def _presenting(self, on: bool) -> None:
        """What a click has shown is hidden while others look on, and comes back after it."""
        if on:
            self._put_by, self._revealed = self._revealed, frozenset()
        else:
            self._revealed = self._put_by
        self._show_picked()

    def _reveal(self, key: bytes) -> None:
        if presenting().on:
            return
        self._revealed |= {key}
        self._show_picked()

    def _hide(self, _key: bytes) -> None:
        self._revealed = frozenset()
        self._show_picked()

    def _verdict_picked(self, row: VerdictRow | None) -> None:
        subjects = row.subjects if row is not None else ()
        if not subjects:
            self._tab.subject_lit.emit(None)
            self._light((), ())
            return
        self._tab.subject_lit.emit(subjects[0])
        self._light(lit_spans(subjects, "request"), lit_spans(subjects, "response"))

    def _subject_lit(self, subject: object) -> None:
        subjects = (subject,) if isinstance(subject, Subject) else ()
        self._light(lit_spans(subjects, "request"), lit_spans(subjects, "response"))

    def _light(self, request: Sequence[Span], response: Sequence[Span]) -> None:
        self.request.set_lit(request)
        self.response.set_lit(response)
        for section in (self.request, self.response):
            top = section.lit_top()
            if top is not None:
                place = section.mapTo(self._inner, QPoint(0, top))
                self.area.ensureVisible(0, place.y() + theme.row_height() // 2, 0, theme.row_height() * 2)
                break


def _of_handshake(snapshot: AttemptSnapshot) -> tuple[object, ...]:
    """What of a snapshot this pane shows; two that agree in it look the same here."""
    return (
        snapshot.number,
        snapshot.phase if snapshot.request_at is None else snapshot.live,
        snapshot.request,
        snapshot.request_at,
        snapshot.response,
        snapshot.verdict,
        snapshot.response_at,
        len(snapshot.interim),
        snapshot.tls,
        snapshot.end,
        snapshot.network_error,
        snapshot.by_hand,
    )


def _gone(snapshot: AttemptSnapshot, direction: Direction) -> list[Span]:
    """What a copy made to share does not hold of one stream."""
    return [Span(start, stop) for side, start, stop in snapshot.left_out if side is direction]
