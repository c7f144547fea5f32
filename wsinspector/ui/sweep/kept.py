"""Where sweeps are kept: a capture each beside the others, found again by its name."""

import re
from pathlib import Path

from wsinspector.capture import CaptureError, CaptureReader
from wsinspector.capture.keeping import KeptFile, survey
from wsinspector.conversation.sweep import Sweep
from wsinspector.conversation.sweep_plan import SweepPlan
from wsinspector.conversation.sweep_reopen import holds_sweep
from wsinspector.ui.workspace import Workspace

SWEEPS = re.compile(r"sweep-[0-9]+")
"""The names of their captures, without the ending."""


def new_sweep(workspace: Workspace, plan: SweepPlan) -> Sweep:
    """A sweep in a capture of its own, not yet started; whoever is done with it takes its path out of
    ``open_paths``. Raises OSError, ValueError, sqlite3.Error or CaptureError."""

    def authority(host: str, port: int) -> str | None:
        return workspace.lab.authority_for(host, port) if workspace.lab is not None else None

    number = 1
    while True:
        path = workspace.folder / f"sweep-{number}.wsi"
        number += 1
        if path.exists() or path in workspace.open_paths:
            continue
        try:
            made = Sweep(workspace.engine, plan, path, lab_authority=authority)
        except FileExistsError:  # another program took the name since
            continue
        workspace.open_paths.add(path)
        return made


def kept_captures(workspace: Workspace, named: re.Pattern[str], most: int = 12) -> list[KeptFile]:
    """Kept captures that are ``named`` so and not open here, the newest first."""
    found = [
        kept
        for kept in survey(workspace.folder, workspace.open_paths)
        if named.fullmatch(kept.path.stem) and kept.path not in workspace.open_paths
    ]
    return sorted(found, key=lambda kept: kept.changed_ns, reverse=True)[:most]


def cell_path(workspace: Workspace, source: Path, conversation_id: int, attempt: int) -> Path:
    """Where an answer of the sweep in ``source`` is kept once it was opened as a conversation."""
    return workspace.folder / f"{source.stem}-{conversation_id}-{attempt}.wsi"


def is_sweep(path: Path) -> bool:
    """Whether the file is the capture of a sweep; False also for one that cannot be read."""
    try:
        with CaptureReader(path) as reader:
            return holds_sweep(reader)
    except (CaptureError, OSError):
        return False
