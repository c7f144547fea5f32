"""One thing that the palette can lead to, and who provides such."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk


def _nothing() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Row:
    """``id`` stays the same from start to start; ``kind`` is a word for what it is.

    ``where`` says where it works or stands, ``why_not`` why it cannot be done now, empty where it can.
    """

    id: str
    kind: str
    text: str
    run: Callable[[], object] = _nothing
    key: str = ""
    where: str = ""
    why_not: str = ""


class Provider(Protocol):
    """Gives rows each time the palette opens. It reads no file: what is slow comes from :class:`Late`."""

    def __call__(self, desk: "Desk", /) -> Sequence[Row]: ...


class Late(Protocol):
    """Reads on another thread what a palette should hold: called there, without the window.

    ``folder`` holds what a person keeps beside captures. What it returns makes the rows, back on the window's
    own thread.
    """

    def __call__(self, folder: Path, /) -> Callable[["Desk"], Sequence[Row]]: ...
