"""The command ``import``: files of others made into a capture."""

import argparse
from pathlib import Path

from wsinspector.cli.captures import no_file, no_place
from wsinspector.cli.request import WrongArgumentError
from wsinspector.cli.results import ResultsLostError
from wsinspector.cli.telling import say
from wsinspector.share.importing import WrongFile, import_files
from wsinspector.share.overwriting import InUseError

PATTERNS = ("*.har", "*.json", "*.jsonl", "*.ndjson")


def run(arguments: argparse.Namespace) -> int:
    """Make the capture; return the exit code. Raises WrongArgumentError, ResultsLostError."""
    paths = [Path(name) for name in arguments.files]
    for path in paths:
        if wrong := no_file(path, *PATTERNS):
            raise WrongArgumentError(wrong)
    out = Path(arguments.out)
    if wrong := no_place(out, "import.wsi"):
        raise WrongArgumentError(wrong)
    try:
        done = import_files(paths, out, overwrite=arguments.force)
    except WrongFile as error:
        raise WrongArgumentError(str(error)) from None
    except InUseError as error:
        raise WrongArgumentError(f"--out {out}: {error}") from None
    except FileExistsError:
        raise WrongArgumentError(f"{out} is there already; --force overwrites it.") from None
    except OSError as error:
        raise ResultsLostError(f"{error.filename or out}: {error.strerror or error}") from None
    for note in done.notes:
        say(note)
    count = "1 attempt" if done.attempts == 1 else f"{done.attempts} attempts"
    say(f"{count} imported into {out}.")
    return 0
