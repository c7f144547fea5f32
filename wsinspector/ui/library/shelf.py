"""Saved requests and variables of the window: read and written on a thread, every change to be taken back."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from wsinspector.library.environments import Environments, EnvironmentStore
from wsinspector.library.request_store import NAME, RequestStore
from wsinspector.library.requests import RequestFolder
from wsinspector.ui.inspect.background import Background

MOST_UNDONE = 50


class Shelf(QObject):
    """``whole``: saved requests; ``environments``: sets of variables. Only these methods change them."""

    requests_changed = Signal()
    environments_changed = Signal()
    said = Signal(str)
    troubled = Signal(str)  # a file is broken: once, as it is first read

    def __init__(self, requests: Path, variables: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._requests = RequestStore(requests)
        self._environments = EnvironmentStore(variables)
        self.whole = RequestFolder()
        self.environments = Environments()
        self.loaded = False
        self.requests_trouble = ""
        self.variables_trouble = ""
        self._undo: list[RequestFolder] = []
        self._background = Background("saved requests", self)

    @classmethod
    def beside(cls, requests: Path, parent: QObject | None = None) -> "Shelf":
        """Both files in the folder of ``requests``."""
        return cls(requests, requests.with_name("variables.toml"), parent)

    def begin(self, others: Callable[[], list[str]] = list) -> None:
        """Read both files, soon; then ``others`` tells, on that thread, what is wrong with further ones."""
        self._background.ask("load", self._load, self._loaded)
        self._background.ask("others", others, self._told)

    def _told(self, faults: Any) -> None:
        for fault in faults if isinstance(faults, list) else [str(faults)]:
            self.troubled.emit(fault)

    def _load(self) -> tuple[RequestFolder, Environments]:
        return self._requests.load(), self._environments.load()

    def _loaded(self, found: Any) -> None:
        if isinstance(found, tuple):
            self.whole, self.environments = found
            self.loaded = True
        self.requests_trouble = self._requests.trouble
        self.variables_trouble = self._environments.trouble
        self.requests_changed.emit()
        self.environments_changed.emit()
        self._told([each for each in (self.requests_trouble, self.variables_trouble) if each])

    # -- requests

    @property
    def writable(self) -> bool:
        """Whether the requests were read and may be changed."""
        return self.loaded and self._requests.writable

    @property
    def can_undo(self) -> bool:
        return bool(self._undo)

    def change(self, whole: RequestFolder) -> bool:
        """Keep ``whole`` in place of what is kept; False where the file may not be written."""
        if not self.writable:
            self.said.emit(self.requests_trouble)
            return False
        if whole != self.whole:
            self._undo = [*self._undo[-MOST_UNDONE + 1 :], self.whole]
            self._keep(whole)
        return True

    def undo(self) -> bool:
        """Take the last change back; False where there is none."""
        if not self._undo or not self.writable:
            return False
        self._keep(self._undo.pop())
        return True

    def _keep(self, whole: RequestFolder) -> None:
        self.whole = whole
        self._background.ask("save", partial(self._requests.save, whole), self._saved)
        self.requests_changed.emit()

    def _saved(self, done: Any) -> None:
        self.requests_trouble = self._requests.trouble
        if done is not True:
            self.said.emit(self.requests_trouble or str(done))
        self.requests_changed.emit()

    # -- variables

    @property
    def variables_writable(self) -> bool:
        return self.loaded and self._environments.writable

    def values(self) -> Mapping[str, str]:
        """What variables stand for now; from any thread."""
        return self.environments.values

    def hidden(self) -> frozenset[str]:
        """Names of variables whose values are not shown; from any thread."""
        return self.environments.secrets

    def change_environments(self, environments: Environments) -> bool:
        """Keep ``environments``, and fill in with them at once."""
        if not self.variables_writable:
            self.said.emit(self.variables_trouble)
            return False
        if environments != self.environments:
            self.environments = environments
            work = partial(self._environments.save, environments)
            self._background.ask("save variables", work, self._variables_saved)
            self.environments_changed.emit()
        return True

    def _variables_saved(self, done: Any) -> None:
        self.variables_trouble = self._environments.trouble
        if done is not True:
            self.said.emit(self.variables_trouble or str(done))

    def settle(self) -> None:
        """Write what waits to be written, then end the thread."""
        whole, environments = self.whole, self.environments
        self._background.stop()
        if self.loaded and self._requests.whole != whole:
            self._requests.save(whole)
        if self.loaded and self._environments.environments != environments:
            self._environments.save(environments)


def shelf_for(folder: Path, parent: QObject | None = None) -> Shelf:
    """The shelf whose files stand in ``folder``."""
    return Shelf.beside(folder / NAME, parent)
