"""What the fields ask for together: a plan now, the plan of a kept sweep, the one of the last start."""

from wsinspector.conversation.sweep_plan import SweepPlan
from wsinspector.conversation.sweep_results import SweepResults
from wsinspector.present.secrets import masked_address
from wsinspector.protocol.sweep_sets import joined
from wsinspector.translate import translate
from wsinspector.ui.sweep.choices import OWN, HowRow, SetPicker
from wsinspector.ui.sweep.expecting import Expecting
from wsinspector.ui.sweep.own_set import OwnSetEditor
from wsinspector.ui.sweep.servers import PLAIN, ServersRead, read_servers, split, text_of
from wsinspector.ui.sweep.servers_field import ServersField
from wsinspector.ui.workspace import Workspace


class Asked:
    """Reads and fills the fields; sends nothing."""

    def __init__(
        self,
        workspace: Workspace,
        servers: ServersField,
        sets: SetPicker,
        how: HowRow,
        own: OwnSetEditor,
        expecting: Expecting,
    ) -> None:
        self._workspace = workspace
        self._servers, self._sets, self._how, self._own = servers, sets, how, own
        self._expecting = expecting

    def read(self) -> ServersRead:
        """The servers that are typed, the lab's where it listens now."""
        return read_servers(
            self._servers.text(), self._lab_url, self._entrance_at, self._workspace.variables()
        )

    def _lab_url(self, path: str, entrance: str = PLAIN) -> str:
        lab = self._workspace.lab
        return lab.url_of(path, entrance) if lab is not None and lab.running else ""

    def _entrance_at(self, _host: str, port: int) -> str:
        entrances = self._workspace.lab.entrances if self._workspace.lab is not None else ()
        return next((each.kind for each in entrances if each.port == port), "")

    def plan(self, servers: ServersRead) -> SweepPlan:
        """What would be asked of ``servers`` now: the chosen set, and all that the expectations name."""
        chosen = self._sets.chosen()
        name, requests = chosen if chosen is not None else (self._own.title(), self._own.requests)
        return SweepPlan(
            servers.servers,
            joined((*requests, *self._expecting.requests())),
            (name,),
            self._how.at_once.value(),
            self._how.pace.value(),
            self._how.timeout.value(),
            verify=not self._how.any_certificate.isChecked(),
        )

    # -- a kept sweep

    def fill_in(self, results: SweepResults) -> None:
        """Show what was asked then, so that it can be asked again."""
        found = (text_of(each.url, each.lab, self._lab_url) for each in results.servers)
        self._servers.set_text(", ".join(found))
        self._how.take(results.at_once, results.pace, results.timeout)
        self._sets.choose(results.sets[0] if len(results.sets) == 1 else "")
        if self._sets.current() == OWN:
            self._own.set_ids(tuple(odd.id for odd in results.odds))

    def lab_moved(self, results: SweepResults) -> str:
        """Where the lab is asked next, as a sentence, if that is not where it was; else empty."""
        now, lab = {each.url for each in self.read().servers}, self._workspace.lab
        if lab is None or not any(each.lab and each.url not in now for each in results.servers):
            return ""
        text = translate("Asked", "The lab has another port by now. Run again asks it there: {0}")
        return text.format(lab.url)

    # -- between starts

    def remember(self) -> None:
        """Note what is asked, but no address with a secret in it."""
        parts = split(self._servers.text())
        plain = [part for part in parts if "://" not in part or masked_address(part) == part]
        own = self._own.edit.toPlainText() if self._sets.current() == OWN else ""
        self._workspace.settings.swept(", ".join(plain), self._sets.name(), own)

    def recall(self) -> None:
        """Fill in what was asked last."""
        settings = self._workspace.settings
        self._servers.set_text(settings.sweep_servers)
        if settings.sweep_set:
            self._sets.choose(settings.sweep_set)
        if settings.sweep_own:
            self._own.set_text(settings.sweep_own)
