"""Run a command as a person would paste it, with the program on the path."""

import base64
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Shell:
    folder: Path

    def run(self, command: str) -> dict[str, Any]:
        """What the command printed as one JSON object."""
        found: dict[str, Any] = json.loads(self.printed(command))
        return found

    def printed(self, command: str) -> bytes:
        """What the command printed; it is given --json besides."""
        path = f"{self.folder}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            timeout=40,
            check=False,
        )
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        assert done.stdout, done.stderr.decode()
        return done.stdout

    def request(self, command: str) -> bytes:
        """The request the command sent."""
        return base64.b64decode(self.run(command)["request"], validate=True)
