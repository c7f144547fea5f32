"""The lab as a process, conversations with it, and a shell to paste commands into."""

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
    return Shell.in_(tmp_path / "bin")
