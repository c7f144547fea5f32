"""Sets of odd requests that a person typed, kept as text files under their names."""

import re
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from wsinspector.protocol.sweep_sets import SWEEP_SETS
from wsinspector.protocol.sweep_texts import OwnSet, read_own_set

SUFFIX = ".txt"
_NAME = re.compile(r"[^\W_][\w .+-]{0,59}\Z")


class WrongNameError(ValueError):
    """A set cannot be kept under this name; the text says why."""


def usual_folder() -> Path:
    """Where the sets are kept unless another place is named; it need not exist."""
    return Path(platformdirs.user_config_dir("wsinspector", appauthor=False)) / "sweep-sets"


@dataclass(frozen=True, slots=True)
class OwnSets:
    """The sets in one folder, a file each. Every method but :meth:`names` raises OSError."""

    folder: Path

    def names(self) -> tuple[str, ...]:
        """In alphabetical order; none where there is no such folder."""
        try:
            return tuple(sorted(path.stem for path in self.folder.glob(f"*{SUFFIX}") if path.is_file()))
        except OSError:
            return ()

    def text(self, name: str) -> str:
        """As it was saved; bytes that are no UTF-8 come as replacement characters."""
        return self._path(name).read_text(encoding="utf-8", errors="replace")

    def read(self, name: str) -> OwnSet:
        return read_own_set(self.text(name))

    def save(self, name: str, text: str) -> Path:
        """Keep ``text``, also where it has faults: it is the person's. Raises WrongNameError."""
        path = self._path(name)
        self.folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="surrogateescape")
        return path

    def remove(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if not _NAME.match(name) or name != name.strip():
            raise WrongNameError(f"{name!r} is no name for a set; letters, digits, blanks and . + - are.")
        if any(name.lower() == each.name for each in SWEEP_SETS):
            raise WrongNameError(f"{name} is the name of one of the program's own sets.")
        return self.folder / f"{name}{SUFFIX}"
