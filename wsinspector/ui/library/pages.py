"""The Library: history, saved requests and variables on one page, and what they do with conversations."""

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMessageBox, QStackedWidget, QVBoxLayout, QWidget

from wsinspector.library.requests import Node, SavedRequest, slashed
from wsinspector.library.taking import draft_for, put_into
from wsinspector.library.whole_file import write_fresh
from wsinspector.share.request_files import read_request_file
from wsinspector.share.shared_requests import shared_requests
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import bind_inside
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.library.keeping import held_request
from wsinspector.ui.library.page import LibraryPage
from wsinspector.ui.library.requests_view import RequestsView
from wsinspector.ui.library.variables_view import VariablesView
from wsinspector.ui.widgets.segmented import Segmented

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk

HISTORY, REQUESTS, VARIABLES = range(3)
LISTED = 12  # things left out that are named; the others are counted


class LibraryPages(QWidget):
    """``history``, ``requests`` and ``variables``: one of them in sight."""

    said = Signal(str)

    def __init__(self, desk: "Desk") -> None:
        super().__init__()
        self._desk = desk
        self._shelf = desk.shelf
        self._background = Background("files of requests", self)
        self.setAccessibleName(translate("Library", "Library"))
        self.history = LibraryPage(desk.history)
        self.requests = RequestsView(desk.shelf, partial(held_request, desk))
        self.variables = VariablesView(desk.shelf)
        self.switch = Segmented(
            (
                translate("Library", "History"),
                translate("Library", "Requests"),
                translate("Library", "Variables"),
            )
        )
        self.switch.setAccessibleName(translate("Library", "What of the library is shown"))
        self.stack = QStackedWidget()
        for at, (view, key) in enumerate(
            (
                (self.history, "library.history"),
                (self.requests, "library.requests"),
                (self.variables, "library.variables"),
            )
        ):
            self.stack.addWidget(view)
            bind_inside(key, self, partial(self.show_part, at))
        self.switch.set_current(HISTORY)
        self.switch.picked.connect(self.stack.setCurrentIndex)
        self.switch.set_tip(
            HISTORY, translate("Library", "Every attempt that was kept ([key:library.history])")
        )
        self.switch.set_tip(REQUESTS, translate("Library", "Requests to use again ([key:library.requests])"))
        self.switch.set_tip(
            VARIABLES, translate("Library", "What {{host}} stands for ([key:library.variables])")
        )
        top = QHBoxLayout()
        top.addWidget(self.switch)
        top.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        column.setSpacing(theme.GAP)
        column.addLayout(top)
        column.addWidget(self.stack, 1)
        self.requests.open_asked.connect(self.open_request)
        self.requests.into_asked.connect(self.take_request)
        self.requests.share_asked.connect(self._ask_share)
        self.requests.import_asked.connect(self._ask_import)
        for said in (self.requests.said, self.variables.said):
            said.connect(self.said)
        self.said.connect(desk.status.say)

    def show_part(self, part: int) -> None:
        """Bring one of the three to the front, the cursor in it."""
        self.switch.set_current(part)
        self.stack.setCurrentIndex(part)
        (self.history, self.requests, self.variables)[part].focus_first()

    # -- requests and conversations

    def open_request(self, request: SavedRequest) -> None:
        """Show ``request`` as the draft of a tab of its own."""
        page = self._desk.new_tab()
        put_into(page.tab.conversation, request)
        for signal in (page.tab.options_changed, page.tab.address_changed, page.tab.draft_changed):
            signal.emit()
        page.address.button.setFocus()

    def take_request(self, request: SavedRequest) -> None:
        """Make ``request`` the draft of the conversation in front; the draft before can be had back."""
        page = self._desk.page
        if page is None or page.tab.conversation.read_only:
            self.open_request(request)
            return
        tab = page.tab
        self._desk.show_page(0)
        tab.set_options(request.options)
        tab.set_address(request.address)
        tab.edit(draft_for(request, tab.conversation.address))
        if request.exact:
            tab.conversation.use_exactly(request.draft.to_bytes())
        tab.pick(0)
        page.address.button.setFocus()

    # -- files

    def _ask_share(self, node: Node) -> None:
        shared = shared_requests(node)
        with_secrets = False
        if shared.left_out:
            question = QMessageBox(self)
            question.setIcon(QMessageBox.Icon.Question)
            question.setText(translate("Library", "Secrets stay behind; {{secret}} stands in their place."))
            question.setTextFormat(Qt.TextFormat.PlainText)
            question.setInformativeText(_listed(shared.left_out))
            without = question.addButton(
                translate("Library", "Without them"), QMessageBox.ButtonRole.AcceptRole
            )
            whole = question.addButton(translate("Library", "With them"), QMessageBox.ButtonRole.ActionRole)
            question.addButton(QMessageBox.StandardButton.Cancel)
            question.setDefaultButton(without)
            question.exec()
            if question.clickedButton() not in (without, whole):
                return
            with_secrets = question.clickedButton() is whole
        stem = "".join(sign if sign.isalnum() or sign in "-_. " else "-" for sign in node.name).strip(" .")
        name, _ = QFileDialog.getSaveFileName(
            self,
            translate("Library", "Share saved requests"),
            os.path.join(str(Path.home()), f"{stem or 'requests'}.toml"),
            translate("Library", "Requests (*.toml)"),
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if name:
            self.share(node, Path(name), secrets=with_secrets)

    def share(self, node: Node, path: Path, *, secrets: bool = False) -> None:
        """Write ``node`` to ``path``, which must not be there yet."""
        shared = shared_requests(node, secrets=secrets)

        def done(trouble: Any) -> None:
            said = translate("Library", "Wrote {0}.").format(path.name)
            self.said.emit(str(trouble) or said)

        self._background.ask("share", lambda: write_fresh(path, shared.text), done)

    def _ask_import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            translate("Library", "Import requests"),
            str(Path.home()),
            translate("Library", "Requests (*.toml *.har);;All files (*)"),
        )
        if name:
            self.bring(Path(name))

    def bring(self, path: Path) -> None:
        """Add what ``path`` holds as a folder; a file with a fault adds nothing, and the fault is said."""
        self._background.ask(
            "import", lambda: read_request_file(path, lambda: self._background.stopping), self._brought
        )

    def _brought(self, found: Any) -> None:
        arrived = self.requests.arrived
        if not isinstance(found, tuple):
            arrived.show_notice(str(found), role="fault")
            self.said.emit(str(found))
            return
        folder, notes = found
        self.requests.add(folder)
        number = sum(1 for _ in folder.requests())
        said = translate("Library", "%n request(s) came in.", "", number)
        path = self.requests.path
        if path and path != (0,) and self.requests.node() is not None:
            said = translate("Library", "%n request(s) came in, as {0}.", "", number).format(
                slashed(self._shelf.whole.names(path))
            )
        arrived.show_notice(said, notes)
        arrived.more.setChecked(bool(notes))
        self.said.emit(said)

    def stop(self) -> None:
        """Keep what was typed last, and end the thread."""
        self.requests.keep_notes()
        self._background.stop()


def _listed(left_out: tuple[str, ...]) -> str:
    shown = "\n".join(left_out[:LISTED])
    more = len(left_out) - LISTED
    return shown if more <= 0 else shown + "\n" + translate("Library", "and %n more", "", more)
