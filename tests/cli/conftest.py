"""The lab as a process of its own, once for all tests of the command line."""

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import PROGRAM
from tests.cli.lab_process import LabProcess


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcess]:
    authority = tmp_path_factory.mktemp("lab") / "authority.pem"
    process = subprocess.Popen(
        [*PROGRAM, "lab", "--json", "--save-authority", str(authority)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    yield LabProcess(told, Path(authority))
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, b"", b"")
