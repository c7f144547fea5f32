"""The ground itself: import contracts, the guard against dying tasks, one version."""

import asyncio
import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest

import wsinspector

TOP = Path(__file__).parent.parent
pytest_plugins = ["pytester"]


def test_the_layers_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=TOP,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_a_task_that_dies_unseen_fails_its_test(pytester: pytest.Pytester) -> None:
    pytester.makeconftest((TOP / "tests" / "conftest.py").read_text())
    pytester.makepyfile(
        """
        import asyncio, gc

        async def test_dies_unseen():
            async def die():
                raise ValueError("unseen")
            task = asyncio.get_running_loop().create_task(die())
            await asyncio.sleep(0)
            del task
            gc.collect()

        async def test_lives():
            await asyncio.sleep(0)
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*Task exception was never retrieved*"])


def test_the_version_stands_in_one_place() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", wsinspector.__version__)
    assert "version =" not in (TOP / "pyproject.toml").read_text().split("[tool.hatch")[0].replace(
        "python_version =", ""
    )
    changelog = (TOP / "CHANGELOG.md").read_text()
    assert f"## [{wsinspector.__version__}]" in changelog


async def test_coroutine_tests_really_run() -> None:
    loop = asyncio.get_running_loop()
    assert loop.is_running()
    assert logging.getLogger("asyncio").handlers


def test_nothing_speaks_of_a_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=False, timeout=20
    )
    if listed.returncode:
        pytest.skip("not a checkout")
    # Written in pieces, so that this file does not name them either.
    forbidden = re.compile("|".join(["/" + "root/", "/" + "work/", "/" + "home/[a-z]+/", "bash_" + "jobs"]))
    for name in listed.stdout.split():
        path = TOP / name
        if (
            path.suffix in {".py", ".md", ".toml", ".txt", ".json", ".sh", ".desktop", ".xml"}
            and path.exists()
        ):
            found = forbidden.search(path.read_text(errors="replace"))
            assert found is None, f"{name}: {found}"
