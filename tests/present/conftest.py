"""A recorded connection for the tests of what is shown."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.present.recording import Recording


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[Recording]:
    made = Recording(tmp_path / "one.wsi")
    yield made
    made.close()


@pytest.fixture
def deflated(tmp_path: Path) -> Iterator[Recording]:
    made = Recording(tmp_path / "deflated.wsi", deflate=True)
    yield made
    made.close()
