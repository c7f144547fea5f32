"""Run coroutines of a test on a fresh loop that must be left clean."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def run() -> Run:
    """Run a coroutine to its end within seconds; a callback that died fails the test."""

    def body(coroutine: Coroutine[Any, Any, None]) -> None:
        trouble: list[dict[str, Any]] = []

        async def guarded() -> None:
            asyncio.get_running_loop().set_exception_handler(lambda _loop, context: trouble.append(context))
            async with asyncio.timeout(20):
                await coroutine

        asyncio.run(guarded())
        assert trouble == []

    return body
