"""What the fields ask for together: the servers, what is ticked, how; and what stands against a start."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from wsinspector.conversation.provoking_results import ProvokePlan, ProvokeResults
from wsinspector.present.plain import visible
from wsinspector.translate import translate
from wsinspector.ui.provoke.model import ProvokeModel
from wsinspector.ui.provoke.own_lines import OwnLines, names_of
from wsinspector.ui.sweep.choices import HowRow
from wsinspector.ui.sweep.servers import PLAIN, ServersRead, hosts_elsewhere, read_servers, text_of
from wsinspector.ui.sweep.servers_field import ServersField
from wsinspector.ui.workspace import Workspace

Refuse = Callable[[str, QWidget], None]
"""Says what is wrong, and puts the focus where it is mended."""


class Asked:
    """Reads and fills the fields; sends nothing. ``agreed``: hosts that a person may test."""

    def __init__(
        self, workspace: Workspace, servers: ServersField, model: ProvokeModel, how: HowRow, lines: OwnLines
    ) -> None:
        self._workspace = workspace
        self._servers, self._model, self._how, self._lines = servers, model, how, lines
        self.agreed: set[str] = set()

    def read(self) -> ServersRead:
        """The servers that are typed, the lab's where it listens now."""
        return read_servers(self._servers.text(), self._lab_url, variables=self._workspace.variables())

    def _lab_url(self, path: str, entrance: str = PLAIN) -> str:
        lab = self._workspace.lab
        return lab.url_of(path, entrance) if lab is not None and lab.running else ""

    def plan(self, read: ServersRead) -> ProvokePlan:
        """What Run would do to the servers in ``read``."""
        return ProvokePlan(
            read.servers,
            self._model.chosen(),
            self._how.at_once.value(),
            self._how.pace.value(),
            self._how.timeout.value(),
            verify=not self._how.any_certificate.isChecked(),
            lines=self._lines.read()[0],
        )

    def fill_in(self, results: ProvokeResults) -> None:
        """Show what was asked then, so that it can be asked again."""
        found = (text_of(each.url, each.lab, self._lab_url) for each in results.servers if each.url)
        self._servers.set_text(", ".join(found))
        self._how.take(results.at_once, results.pace, results.timeout)
        self._model.choose_alone([each.id for each in results.provocations])

    def ready(self, table: QWidget, refuse: Refuse) -> ProvokePlan | None:
        """The plan, where nothing stands against it."""
        read = self.read()
        plan = self.plan(read)
        unfilled = self._lines.read()[1]
        if read.faults:
            refuse(" ".join(f"✕ {fault}" for fault in read.faults), self._servers.field)
        elif unfilled:
            refuse(f"✕ {visible(unfilled)}", self._lines)
        elif not plan.servers:
            text = translate("Provoke", "✕ No server is named. Type an address, or try the lab.")
            refuse(text, self._servers.field)
        elif not plan.provocations:
            refuse(translate("Provoke", "✕ Nothing is ticked."), table)
        else:
            return plan
        return None

    def questions(self, plan: ProvokePlan) -> list[str]:
        """What is asked before anything leaves to a host nobody has agreed to; none where it may leave."""
        number = len(plan.provocations)
        hosts = [host for host in hosts_elsewhere(plan.servers) if host not in self.agreed]
        asked = [_question(host, number) for host in hosts]
        if asked and plan.lines:
            beside = translate("Provoke", "With every handshake go: {0}.")
            asked.append(beside.format(names_of(plan.lines, len(plan.lines))))
        return asked

    def agree(self, plan: ProvokePlan) -> None:
        """A person may test every server of ``plan``."""
        self.agreed.update(hosts_elsewhere(plan.servers))


def _question(host: str, number: int) -> str:
    times = translate("Provoke", "%n provocation(s)", "", number)
    text = translate("Provoke", "This sends {0} to {1}, which is not this computer. May you test it?")
    return text.format(times, host)
