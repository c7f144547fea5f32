"""What was used last in the palette, kept from start to start."""

from pathlib import Path

from wsinspector.translate import translate
from wsinspector.ui.actions.small_file import put_aside, read_json, write_json

MOST = 30
FORMAT = 1


class Used:
    """Ids, the last used first; ``trouble`` says what is wrong with the file."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.trouble = ""
        self.ids: list[str] = []
        if path is not None:
            self._read(path)

    def _read(self, path: Path) -> None:
        held, trouble = read_json(path)
        if held is None and not trouble:
            return
        ids = held.get("used") if isinstance(held, dict) and held.get("format") == FORMAT else None
        if isinstance(ids, list) and all(isinstance(each, str) for each in ids):
            self.ids = ids[:MOST]
        elif trouble in ("", "?"):
            text = translate("Palette", "{0} is broken, put aside as {1}: what was used last begins anew.")
            self.trouble = text.format(path.name, put_aside(path).name)
        else:
            self.trouble = translate("Palette", "{0} cannot be read: {1}.").format(path.name, trouble)

    def use(self, name: str) -> None:
        """Put ``name`` first."""
        self.ids = [name, *(each for each in self.ids if each != name)][:MOST]
        if self._path is not None:
            trouble = write_json(self._path, {"format": FORMAT, "used": self.ids})
            told = translate("Palette", "What was used last cannot be kept: {0}.")
            self.trouble = told.format(trouble) if trouble else ""
