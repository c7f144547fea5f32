"""Run the program as a person does: as a process, against the lab as another process."""

import base64
import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

PROGRAM = (sys.executable, "-m", "wsinspector")


@dataclass(frozen=True)
class Done:
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


def run(*arguments: str, given: bytes = b"") -> Done:
    done = subprocess.run([*PROGRAM, *arguments], input=given, capture_output=True, timeout=50, check=False)
    err = done.stderr.decode()
    assert "Traceback" not in err, err
    assert "internal error" not in err, err
    return Done(done.returncode, done.stdout.decode(), err)


def handshake(url: str, *arguments: str, given: bytes = b"") -> Done:
    return run("handshake", url, "--json", *arguments, given=given)


def decoded(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
