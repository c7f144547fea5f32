"""Run a command as a person would paste it: a shell makes of it what the program is given."""

import base64
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cli.command import run

ARGUMENTS, INPUT = "arguments", "input"
STAND_IN = f"""#!/bin/sh
printf '%s\\0' "$@" >'{{folder}}/{ARGUMENTS}'
cat >'{{folder}}/{INPUT}'
"""


@dataclass(frozen=True)
class Shell:
    folder: Path

    @classmethod
    def in_(cls, folder: Path) -> "Shell":
        """A shell that finds ``wsinspector`` in ``folder``, which is made."""
        folder.mkdir()
        program = folder / "wsinspector"
        program.write_text(STAND_IN.format(folder=folder))
        program.chmod(0o755)
        return cls(folder)

    def run(self, command: str) -> dict[str, Any]:
        """What the command printed as one JSON object."""
        found: dict[str, Any] = json.loads(self.printed(command))
        return found

    def printed(self, command: str) -> bytes:
        """What the command printed; it is given --json besides.

        The shell runs what stands for the program and notes what it was given; the program runs within.
        """
        path = f"{self.folder}{os.pathsep}{os.environ['PATH']}"
        shell = ["/bin/sh", "-c", command]
        noted = subprocess.run(shell, env={**os.environ, "PATH": path}, stdin=subprocess.DEVNULL, timeout=40)
        assert noted.returncode == 0
        arguments = (self.folder / ARGUMENTS).read_bytes().removesuffix(b"\0").split(b"\0")
        given = (self.folder / INPUT).read_bytes()
        done = run(*map(os.fsdecode, arguments), "--json", given=given)
        assert done.out, done.err
        return done.out.encode()

    def request(self, command: str) -> bytes:
        """The request the command sent."""
        return base64.b64decode(self.run(command)["request"], validate=True)
