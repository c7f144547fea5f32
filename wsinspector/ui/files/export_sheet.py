"""The sheet that exports: as what, what of it, with or without secrets, and where to."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QListWidget, QPushButton, QVBoxLayout

from wsinspector.conversation.typed_path import typed_path
from wsinspector.share.formats import Format, formats
from wsinspector.share.made_up import made_up
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.files.export_words import left_out_text, unsearched_text, whole_amount, written_text
from wsinspector.ui.files.export_work import (
    Asked,
    Part,
    Written,
    foreseen,
    picked_frames,
    shown_frames,
    write,
)
from wsinspector.ui.files.opening import reason
from wsinspector.ui.files.task import Task
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.keys import Sheet
from wsinspector.ui.widgets.check import Check
from wsinspector.ui.widgets.segmented import Segmented

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk

WIDTH = 720  # px at zoom 1
LOOK_MS = 150
ATTEMPT, SHOWN, PICKED, WHOLE = range(4)
SHARE = "share"


class ExportSheet(Sheet):
    """What comes of an export is said in the strip below the tabs, with the file's path."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk.window)
        self._desk = desk
        self._page: InspectPage | None = None
        self._forms: tuple[Format, ...] = formats()
        self._looking: Task | None = None
        self._suggested = ""
        self._overwrite = False
        self.setAccessibleName(translate("Export", "Export"))
        self.title = RoleLabel(translate("Export", "Export"), "text", bold=True, size=1.2)
        self.list = QListWidget()
        self.list.setAccessibleName(translate("Export", "Format"))
        self.list.setToolTip(translate("Export", "What the file is to be (Up, Down)"))
        for form in self._forms:
            self.list.addItem(f"{form.title} ({form.suffix})")
        self.about = RoleLabel("", "muted", wraps=True)
        self.what = Segmented(
            [
                translate("Export", "This attempt"),
                translate("Export", "What is filtered"),
                translate("Export", "Selected frames"),
                translate("Export", "Whole conversation"),
            ]
        )
        self.what.setAccessibleName(translate("Export", "What of it"))
        for at, tip in enumerate(
            (
                translate("Export", "The handshake and every frame of the attempt that is shown"),
                translate("Export", "The handshake and the frames that the log shows now"),
                translate("Export", "The handshake and the frames of the selected rows"),
                translate("Export", "Every attempt; a capture has the draft too"),
            )
        ):
            self.what.set_tip(at, tip)
        self.amount = RoleLabel("", "muted", wraps=True, size=0.95)
        self.secrets = Check(translate("Export", "With secrets"))
        self.secrets.setToolTip(
            translate(
                "Export",
                "Write cookies, passwords and tokens as they travelled; else a mark says how long each was",
            )
        )
        self.bare = Check(translate("Export", "Without payloads"))
        self.bare.setToolTip(
            translate("Export", "Keep what every frame was, and write zeros in place of what it carried")
        )
        self.left_out = RoleLabel("", "muted", wraps=True, size=0.95)
        self.unsearched = RoleLabel("", "note", wraps=True, size=0.95)
        self.unsearched.hide()
        self.path = QLineEdit()
        self.path.setAccessibleName(translate("Export", "File"))
        self.path.setToolTip(translate("Export", "Where the file goes"))
        self.choose = QPushButton(translate("Export", "Choose…"))
        self.choose.setToolTip(translate("Export", "Pick a folder and a name"))
        self.wrong = RoleLabel("", "fault", wraps=True)
        self.wrong.hide()
        self.go = QPushButton(translate("Export", "Export"))
        self.go.setProperty("kind", "primary")
        self.go.setToolTip(translate("Export", "Write the file (Return)"))
        self.done = QPushButton(translate("Export", "Cancel"))
        self.done.setToolTip(translate("Export", "Put this away (Escape); nothing is written"))
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 18)
        column.setSpacing(theme.GAP)
        column.addWidget(self.title)
        column.addWidget(self.list)
        column.addWidget(self.about)
        column.addSpacing(theme.SPACE)
        row = QHBoxLayout()
        row.addWidget(self.what)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.amount)
        column.addSpacing(theme.SPACE)
        column.addWidget(self.secrets)
        column.addWidget(self.bare)
        column.addWidget(self.left_out)
        column.addWidget(self.unsearched)
        column.addSpacing(theme.SPACE)
        place = QHBoxLayout()
        place.setSpacing(theme.GAP)
        place.addWidget(self.path, 1)
        place.addWidget(self.choose)
        column.addLayout(place)
        column.addWidget(self.wrong)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self.done)
        last.addWidget(self.go)
        column.addLayout(last)

    def _wire(self) -> None:
        self._look_soon = QTimer(self)
        self._look_soon.setSingleShot(True)
        self._look_soon.setInterval(LOOK_MS)
        self._look_soon.timeout.connect(self._foresee)
        self.list.currentRowChanged.connect(lambda _: self._chosen())
        self.what.picked.connect(self._pick_what)
        self.secrets.toggled.connect(lambda _: self._look_soon.start())
        self.bare.toggled.connect(lambda _: self._look_soon.start())
        self.path.textEdited.connect(lambda _: self._say(""))
        self.path.returnPressed.connect(self.export)
        self.choose.clicked.connect(self._ask_path)
        self.go.clicked.connect(self.export)
        self.done.clicked.connect(self.leave)
        theme.watcher().changed.connect(self._fit_list)
        self._fit_list()

    def sizeHint(self) -> QSize:
        return QSize(round(WIDTH * theme.zoom()), super().sizeHint().height())

    def _fit_list(self) -> None:
        height = theme.row_height() + 2
        for row in range(self.list.count()):
            self.list.item(row).setSizeHint(QSize(0, height))
        self.list.setFixedHeight(max(self.list.count(), 1) * height + 4)

    # -- showing

    def show_page(self, page: InspectPage, what: str = "") -> None:
        """Offer what ``page`` has; ``what``: share, for the format that is made to be handed on."""
        self._page = page
        self._say("")
        self.secrets.setChecked(False)
        self.bare.setChecked(False)
        attempts = page.tab.conversation.attempts
        there = bool(attempts) and bool(self._forms)
        model, picked = page.frames.model, page.frames.view.table.selected_rows()
        for at, on in (
            (ATTEMPT, there and page.tab.picked > 0),
            (SHOWN, there and model is not None and page.tab.picked > 0),
            (PICKED, there and model is not None and bool(picked) and page.tab.picked > 0),
            (WHOLE, there),
        ):
            self.what.segments[at].setEnabled(on)
        start = PICKED if len(picked) > 1 else ATTEMPT if page.tab.picked else WHOLE
        self.what.set_current(start)
        self.go.setEnabled(there)
        if not attempts:
            self._say(translate("Export", "Nothing was sent yet: there is nothing to export."))
        elif not self._forms:
            self._say(translate("Export", "There is no format to export to."))
        wanted = next(
            (at for at, form in enumerate(self._forms) if what == SHARE and form.suffix == ".wsi"), None
        )
        if wanted is not None or self.list.currentRow() < 0:
            self.list.setCurrentRow(wanted or 0)
        self._chosen()
        self.appear()
        self.list.setFocus()

    @property
    def form(self) -> Format | None:
        """The format that is picked."""
        row = self.list.currentRow()
        return self._forms[row] if 0 <= row < len(self._forms) else None

    def _chosen(self) -> None:
        form, page = self.form, self._page
        if form is None or page is None:
            return
        self.bare.setVisible(form.bare)
        if not self.path.text() or self.path.text() == self._suggested:
            capture = page.tab.conversation.capture_path
            stem = capture.stem if capture is not None else "conversation"
            number = f"-{page.tab.picked}" if page.tab.picked else ""
            self._suggested = str(Path.home() / f"{stem}{number}{form.suffix}")
            self.path.setText(self._suggested)
        else:
            path = Path(self.path.text())
            if path.suffix in {each.suffix for each in self._forms}:
                self.path.setText(str(path.with_suffix(form.suffix)))
        self._say("")
        self._look()

    def _pick_what(self, at: int) -> None:
        self.what.set_current(at)
        self._look()

    def _look(self) -> None:
        page = self._page
        if page is None:
            return
        if form := self.form:
            about = f"{form.about[:1].upper()}{form.about[1:]}."
            self.about.set_text(f"{about} {self._made_up(page, form)}".rstrip())
        self.amount.set_text(self._amount(page))
        self.go.setEnabled(bool(self._parts(page)))
        self._look_soon.start()
        if self.isVisible():
            self.place()

    def _made_up(self, page: InspectPage, form: Format) -> str:
        """What is said where frames would leave as bytes that nobody saw."""
        if self.what.current() == WHOLE:
            shown = [attempt.snapshot for attempt in page.tab.conversation.attempts]
        else:
            shown = [page.tab.snapshot] if page.tab.snapshot is not None else []
        return made_up(shown) if form.wire else ""

    def _amount(self, page: InspectPage) -> str:
        at = self.what.current()
        if at == WHOLE:
            asked = self._asked(page)
            return whole_amount(asked) if asked is not None else ""
        snapshot = page.tab.snapshot
        if snapshot is None:
            return ""
        frames = translate("Export", "%n frame(s)", "", snapshot.frames)
        if at == PICKED:
            rows = len(page.frames.view.table.selected_rows())
            return translate("Export", "%n selected row(s)", "", rows)
        if at == SHOWN and page.frames.model is not None:
            rows = page.frames.model.rowCount()
            text = translate("Export", "{0} in the log, of {1}")
            there = translate("Export", "%n row(s)", "", rows)
            return text.format(there, frames)
        return translate("Export", "Attempt {0}, {1}").format(snapshot.number, frames)

    # -- what would be left out

    def _parts(self, page: InspectPage) -> tuple[Part, ...]:
        conversation = page.tab.conversation
        at = self.what.current()
        if at == WHOLE:
            return tuple(Part(attempt) for attempt in conversation.attempts)
        attempt = conversation.attempt(page.tab.picked)
        model = page.frames.model
        if attempt is None:
            return ()
        if at == SHOWN and model is not None:
            return (Part(attempt, shown_frames(model)),)
        if at == PICKED and model is not None:
            return (Part(attempt, picked_frames(model, page.frames.view.table.selected_rows())),)
        return (Part(attempt),)

    def _asked(self, page: InspectPage) -> Asked | None:
        """What is to be written; None where nothing is there."""
        form, parts = self.form, self._parts(page)
        if form is None or not parts:
            return None
        whole = self.what.current() == WHOLE
        bare = form.bare and self.bare.isChecked()
        return Asked(form, parts, whole, secrets=self.secrets.isChecked(), payloads=not bare)

    def _foresee(self) -> None:
        page = self._page
        self._stop_looking()
        if page is None or not self.isVisible():
            return
        asked = self._asked(page)
        if asked is None:
            self._list_left_out("")
            return
        if asked.secrets:
            self.left_out.set_role("note")
            self._list_left_out(
                translate("Export", "No secret is left out: whoever has the file has the secrets.")
            )
            return
        conversation = page.tab.conversation
        self.left_out.set_role("muted")
        self._list_left_out(translate("Export", "Looking for secrets…"))
        self._looking = Task("foreseeing", lambda task: foreseen(conversation, asked, task), self)
        self._looking.ended.connect(self._foreseen)
        self._looking.start()

    def _foreseen(self, task: Task) -> None:
        if task is self._looking:
            self._looking = None
            if isinstance(task.result, tuple):
                found, whole = task.result
                self._list_left_out(left_out_text(found, whole=whole), unsearched_text(found))
            elif not task.cancelled:
                # What cannot be read cannot be written either; another choice is looked at anew.
                self.go.setEnabled(False)
                self.left_out.set_role("fault")
                text = translate("Export", "This cannot be exported, as it cannot be read: {0}")
                self._list_left_out(text.format(reason(task.error)))
        task.deleteLater()

    def _list_left_out(self, text: str, unsearched: str = "") -> None:
        self.left_out.set_text(text)
        self.left_out.setVisible(bool(text))
        self.unsearched.set_text(unsearched)
        self.unsearched.setVisible(bool(unsearched))
        if self.isVisible():
            self.place()

    def _stop_looking(self) -> None:
        self._look_soon.stop()
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None

    def stop(self) -> None:
        """Give up looking; before the window goes."""
        task = self._looking
        self._stop_looking()
        if task is not None:
            task.wait()

    def leave(self) -> None:
        self._stop_looking()
        super().leave()

    # -- writing

    def _ask_path(self) -> None:
        form = self.form
        if form is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self, translate("Export", "Export to"), self.path.text(), f"{form.title} (*{form.suffix})"
        )
        if name:
            self.path.setText(name)
            self._say("")
            self._overwrite = Path(name).exists()  # the dialog has asked

    def _say(self, text: str) -> None:
        self.wrong.set_text(text)
        self.wrong.setVisible(bool(text))
        if not text:
            self._overwrite = False
            self.go.setText(translate("Export", "Export"))
        if self.isVisible():
            self.place()

    def export(self) -> None:
        """Write, after a question in place where a file would be replaced."""
        page = self._page
        text = self.path.text().strip()
        asked = self._asked(page) if page is not None else None
        if asked is None or page is None or not self.go.isEnabled():
            return
        if not text:
            self._say(translate("Export", "Name a file."))
            self.path.setFocus()
            return
        if "\0" in text:
            self._say(translate("Export", "No file's name holds a null character."))
            self.path.setFocus()
            return
        target = typed_path(text).absolute()
        there = [path for path in asked.targets(target) if os.path.exists(path)]
        if there and not self._overwrite:
            names = ", ".join(path.name for path in there[:3])
            self._say(translate("Export", "{0} is there already. Replace it?").format(names))
            self._overwrite = True
            self.go.setText(translate("Export", "Replace"))
            self.go.setFocus()
            return
        if not os.path.isdir(target.parent):
            self._say(translate("Export", "There is no folder {0}.").format(target.parent))
            self.path.setFocus()
            return
        conversation, overwrite = page.tab.conversation, self._overwrite
        title = translate("Export", "Exporting {0}.").format(target.name)

        def work(task: Task) -> Written:
            return write(conversation, asked, target, task, overwrite=overwrite)

        task = Task(title, work, self._desk.files)
        task.ended.connect(lambda task: self._ended(task, target))
        self.leave()
        self._desk.files.strip.follow(task).start()

    def _ended(self, task: Task, target: Path) -> None:
        strip = self._desk.files.strip
        if isinstance(task.result, Written):
            text, role = written_text(task.result, target)
            strip.tell(text, role, task.result.paths[0])
        elif task.cancelled:
            strip.tell(translate("Export", "Nothing was exported: cancelled."), "muted")
        else:
            text = translate("Export", "{0} was not written: {1}")
            strip.tell(text.format(target.name, reason(task.error)), "fault")
        task.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.hasFocus():
            self.export()
            return
        super().keyPressEvent(event)


__all__ = ["SHARE", "ExportSheet"]
