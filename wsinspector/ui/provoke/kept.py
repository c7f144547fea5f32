"""Where runs of provocations are kept: a capture each beside the others."""

import re

from wsinspector.conversation.provoking import Provoking
from wsinspector.conversation.provoking_results import ProvokePlan
from wsinspector.translate import translate
from wsinspector.ui.sweep.earlier import EarlierButton
from wsinspector.ui.workspace import Workspace

RUNS = re.compile(r"provocations-[0-9]+")
"""The names of their captures, without the ending."""


def earlier_runs(workspace: Workspace) -> EarlierButton:
    """The menu of runs that were kept."""
    made = EarlierButton(
        workspace,
        translate("Provoke", "Open earlier ▾"),
        translate("Provoke", "Look at a run that was kept"),
        named=RUNS,
    )
    made.setAccessibleName(translate("Provoke", "Open an earlier run"))
    made.none = translate("Provoke", "No other run is kept")
    made.title = translate("Provoke", "Provocations that were kept")
    return made


def new_provoking(workspace: Workspace, plan: ProvokePlan) -> Provoking:
    """A run in a capture of its own, not yet started; whoever is done with it gives its path
    back to ``workspace``. Raises OSError or ValueError."""

    def authority(host: str, port: int) -> str | None:
        return workspace.lab.authority_for(host, port) if workspace.lab is not None else None

    number = 1
    while True:
        path = workspace.folder / f"provocations-{number}.wsi"
        number += 1
        if path in workspace.open_paths:
            continue
        try:
            made = Provoking(workspace.engine, plan, path, lab_authority=authority)
        except FileExistsError:
            continue
        workspace.hold(path)
        return made
