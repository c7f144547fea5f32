"""Which payload view a person picked for messages of one kind; the same in every tab."""

from wsinspector.ui.settings import Settings

MOST_KINDS = 100


class ViewMemory:
    """Kept in ``settings``; without them only as long as this object lives."""

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings
        self._picked: dict[str, str] = {}

    @property
    def views(self) -> dict[str, str]:
        """The ids of views by kind of message, the last picked at the end."""
        return dict(self._settings.payload_views) if self._settings is not None else dict(self._picked)

    def keep(self, kind: str, view: str) -> None:
        """Show messages of ``kind`` by ``view`` from now on; "" to go by their content again."""
        picked = self.views
        picked.pop(kind, None)
        if view:
            picked[kind] = view
        self._picked = dict(list(picked.items())[-MOST_KINDS:])
        if self._settings is not None:
            self._settings.payload_views = list(self._picked.items())
