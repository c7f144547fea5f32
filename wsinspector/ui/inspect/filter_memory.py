"""Filters that were used, and those that were given a name; the same in every tab."""

from wsinspector.ui.settings import Settings

MOST_RECENT = 50
MOST_NAME = 60
LONGEST = 20_000


class FilterMemory:
    """Kept in ``settings``; without them only as long as this object lives."""

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings
        self._recent: list[str] = []
        self._saved: list[tuple[str, str]] = []

    @property
    def recent(self) -> list[str]:
        """The last one first, at most fifty."""
        return self._settings.recent_filters if self._settings is not None else list(self._recent)

    def used(self, text: str) -> None:
        """Remember ``text`` as the last used."""
        text = one_line(text)
        if text and len(text) <= LONGEST:
            self._keep_recent([text, *(each for each in self.recent if each != text)][:MOST_RECENT])

    def forget_recent(self) -> None:
        """Forget what was used; what has a name stays."""
        self._keep_recent([])

    def _keep_recent(self, lines: list[str]) -> None:
        self._recent = lines
        if self._settings is not None:
            self._settings.recent_filters = lines

    @property
    def saved(self) -> list[tuple[str, str]]:
        """(name, filter), by name."""
        found = self._settings.saved_filters if self._settings is not None else list(self._saved)
        return sorted(found, key=lambda each: each[0].casefold())

    def text_of(self, name: str) -> str | None:
        """The filter called ``name``."""
        return next((text for each, text in self.saved if each == name), None)

    def name_of(self, text: str) -> str | None:
        """The name that the filter ``text`` has."""
        return next((name for name, each in self.saved if each == one_line(text)), None)

    def save(self, name: str, text: str) -> None:
        """Give ``text`` a name; what had that name before is replaced."""
        name, text = one_line(name)[:MOST_NAME], one_line(text)
        if name and text:
            self._keep_saved([*(each for each in self.saved if each[0] != name), (name, text)])

    def rename(self, old: str, new: str) -> None:
        """Call what is called ``old`` otherwise; what was called ``new`` is replaced."""
        text = self.text_of(old)
        if text is not None and one_line(new):
            self.delete(old)
            self.save(new, text)

    def delete(self, name: str) -> None:
        """Forget the filter called ``name``."""
        self._keep_saved([each for each in self.saved if each[0] != name])

    def _keep_saved(self, saved: list[tuple[str, str]]) -> None:
        self._saved = saved
        if self._settings is not None:
            self._settings.saved_filters = saved


def one_line(text: str) -> str:
    """``text`` without what keeps it from standing on a line of its own."""
    return text.replace("\t", " ").replace("\n", " ").replace("\r", " ").strip()
