"""The engine: one thread with a plain asyncio loop, where every connection lives."""

import asyncio
import concurrent.futures
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from wsinspector.live.tasks import TaskKeeper

T = TypeVar("T")
Failure = Callable[[str, BaseException], None]

STOP_SECONDS = 5.0


class Engine:
    """Runs coroutines for other threads; keeps its tasks and says which of them died.

    ``on_failure(name, error)`` is called on the engine's thread. Without one, :attr:`failures`
    still holds what happened.
    """

    def __init__(self, on_failure: Failure | None = None) -> None:
        self.on_failure = on_failure
        self.failures: list[tuple[str, BaseException]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._keeper = TaskKeeper(self._failed)
        self._leave: asyncio.Event | None = None
        self._thread: threading.Thread | None = None
        self._running = threading.Event()
        self._lock = threading.Lock()

    @property
    def running(self) -> bool:
        return self._running.is_set()

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The engine's loop; RuntimeError before :meth:`start`."""
        if self._loop is None:
            raise RuntimeError("the engine has not been started")
        return self._loop

    def start(self) -> "Engine":
        """Start the thread and wait until its loop runs; a second call does nothing."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._body, name="engine", daemon=True)
                self._thread.start()
        self._running.wait()
        return self

    def run(
        self, coroutine: Coroutine[Any, Any, T], name: str = "asked for"
    ) -> "concurrent.futures.Future[T]":
        """Run ``coroutine`` on the engine; its result or error is the future's alone.

        Where the engine has stopped, the future is cancelled already.
        """
        future: concurrent.futures.Future[T] = concurrent.futures.Future()

        async def body() -> None:
            if not future.set_running_or_notify_cancel():
                coroutine.close()
                return
            try:
                result = await coroutine
            except asyncio.CancelledError:
                future.set_exception(concurrent.futures.CancelledError())
                raise
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

        if not self.call(lambda: self.spawn(body(), name)):
            coroutine.close()
            future.cancel()
        return future

    def call(self, function: Callable[..., Any], *arguments: Any) -> bool:
        """Call on the engine's thread, soon; False where the engine does not run."""
        with self._lock:
            if self._loop is None or not self._running.is_set():
                return False
            self._loop.call_soon_threadsafe(function, *arguments)
            return True

    def spawn(self, coroutine: Coroutine[Any, Any, Any], name: str) -> "asyncio.Task[Any]":
        """Keep ``coroutine`` as a task; only on the engine's thread."""
        return self._keeper.spawn(coroutine, name)

    def stop(self) -> None:
        """Cancel every task, wait for each, end the thread; safe to call twice, from another thread."""
        with self._lock:
            thread = self._thread
            running = self._running.is_set()
            self._running.clear()
            if running and self._loop is not None and self._leave is not None:
                self._loop.call_soon_threadsafe(self._leave.set)
        if thread is not None and thread is not threading.current_thread():
            thread.join(STOP_SECONDS)

    def _body(self) -> None:
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            self._loop.set_exception_handler(self._callback_failed)
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._leave = asyncio.Event()
        self._running.set()
        await self._leave.wait()
        await self._keeper.close()
        for _ in range(3):
            await asyncio.sleep(0)  # transports give their sockets back one turn after being aborted

    def _failed(self, name: str, error: BaseException) -> None:
        self.failures.append((name, error))
        if self.on_failure is not None:
            self.on_failure(name, error)

    def _callback_failed(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not isinstance(error, BaseException):
            error = RuntimeError(str(context))
        self._failed(str(context.get("message", "")), error)
