"""The lab as a process, conversations with it, and the program on a shell's path."""

import sys
from pathlib import Path

import pytest

from tests.cli.conftest import lab as lab
from tests.conversation.conftest import Tabs as Tabs
from tests.conversation.conftest import engine as engine
from tests.conversation.conftest import peers as peers
from tests.conversation.conftest import tabs as tabs
from tests.share.shell import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "wsinspector"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m wsinspector "$@" --json\n')
    program.chmod(0o755)
    return Shell(folder)
