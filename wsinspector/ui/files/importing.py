"""Files of other programs as captures of one's own, beside those that were kept."""

from pathlib import Path

from wsinspector.translate import translate
from wsinspector.ui.files.task import Task
from wsinspector.ui.workspace import Workspace

SUFFIXES = (".har", ".json", ".jsonl", ".ndjson")


def importable(path: Path) -> bool:
    """Whether the name is that of a file that can be imported."""
    return path.suffix.lower() in SUFFIXES


def imported(path: Path, workspace: Workspace, task: Task) -> tuple[Path, str, list[str]]:
    """The capture made of ``path``, a sentence on it, and what the file could not tell.

    Raises WrongFile, Cancelled or OSError.
    """
    from wsinspector.share.importing import import_files
    from wsinspector.share.overwriting import InUseError

    while True:
        target = workspace.free_path(path.stem)
        try:
            found = import_files([path], target, progress=task.progress, cancelled=lambda: not task.wanted())
            break
        except (FileExistsError, InUseError):  # another took the name meanwhile, or reads what has it
            if not target.exists():
                raise
    lead = translate("Importing", "Imported from {0}; what the file did not tell is unknown here.")
    return target, lead.format(path.name), list(found.notes)
