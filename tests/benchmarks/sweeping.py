"""Row 14: a sweep of 256 handshakes, against as many bare TCP connections with a request and an answer.

The peer is asyncio's own streams: connect, write the request, read to the blank line, close; as many at once
as the sweep. A sweep is timed from its start to its last answer, each of them kept, in a capture that is open
already; what its table says besides is a case of its own.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.measuring import ROOT, Comparison, Once, alternate
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.sweep import Sweep
from wsinspector.conversation.sweep_plan import AT_ONCE, SweepPlan, servers_at
from wsinspector.present.sweep_table import table_of
from wsinspector.protocol.sweep_sets import REGISTRY

GOAL = 1.5
KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
PATIENCE = 60.0


@contextmanager
def server() -> Iterator[int]:
    """The port of a server in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.refusing"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def swept(engine: Engine, port: int, folder: Path, *, told: bool) -> Once:
    """One sweep; ``told``: with its table and what stands out."""
    plan = SweepPlan(servers_at([f"127.0.0.1:{port}"]), REGISTRY.requests)
    path = folder / "sweep.wsi"
    path.unlink(missing_ok=True)
    sweep = Sweep(engine, plan, path)
    try:
        cpu, wall = time.process_time(), time.perf_counter()
        results = sweep.start().wait_ended(PATIENCE)
        if told and results is not None:
            table_of(results)
        once = Once(1, time.process_time() - cpu, time.perf_counter() - wall)
    finally:
        sweep.close()
    if results is None or any(probe is None or probe.status != 400 for probe in results.servers[0].probes):
        raise RuntimeError("not every handshake was answered")
    return once


async def _bare(port: int, requests: list[bytes]) -> None:
    async def one_after_another() -> None:
        while requests:
            request = requests.pop()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            await reader.readuntil(b"\r\n\r\n")
            writer.close()

    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))


def bare(port: int) -> Once:
    """As many exchanges with nothing kept."""
    (server_,) = servers_at([f"127.0.0.1:{port}"])
    requests = [request.build(server_.draft(KEY)).to_bytes() for request in REGISTRY.requests]
    with asyncio.Runner() as runner:
        runner.get_loop()
        cpu, wall = time.process_time(), time.perf_counter()
        runner.run(_bare(port, requests))
        return Once(1, time.process_time() - cpu, time.perf_counter() - wall)


def compare(repetitions: int) -> Iterator[Comparison]:
    engine = Engine().start()
    try:
        with server() as port, tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            swept(engine, port, place, told=True)  # what is imported and filled once is not measured
            cases: list[tuple[str, bool, float | None]] = [
                ("256 handshakes", False, GOAL),
                ("256 handshakes, judged and tabulated", True, None),
            ]
            for case, told, goal in cases:

                def ours(told: bool = told) -> Once:
                    return swept(engine, port, place, told=told)

                def peer() -> Once:
                    return bare(port)

                yield Comparison(
                    row=14,
                    what="sweep",
                    case=case,
                    peer="the same number of bare exchanges over asyncio streams, as many at once",
                    unit="start",
                    decides="wall",
                    goal=goal,
                    **alternate(repetitions, ours, peer),
                )
    finally:
        engine.stop()
