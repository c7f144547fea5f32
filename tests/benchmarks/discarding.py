"""The peer of row 1: a bare websockets asyncio client that throws every message away.

``python -m tests.benchmarks.discarding URL WARM_UP SECONDS`` prints what it received as JSON.
"""

import asyncio
import json
import sys
import time

from websockets.asyncio.client import connect


async def receive(url: str, warm_up: float, seconds: float) -> dict[str, float]:
    """Frames, CPU and wall seconds between the end of ``warm_up`` and ``seconds`` later."""
    count = first = 0
    cpu = wall = 0.0
    async with asyncio.timeout(60):
        socket = await connect(url, compression=None, max_size=None, ping_interval=None, proxy=None)
        began = time.perf_counter()
        async for _ in socket:
            count += 1
            if count % 256:
                continue
            now = time.perf_counter()
            if not first:
                if now - began >= warm_up:
                    first, cpu, wall = count, time.process_time(), now
            elif now - wall >= seconds:
                break
        result = {"amount": count - first, "cpu": time.process_time() - cpu, "wall": now - wall}
        # A closing handshake would wait behind all that is still on its way.
        socket.transport.abort()
    return result


if __name__ == "__main__":
    print(json.dumps(asyncio.run(receive(sys.argv[1], float(sys.argv[2]), float(sys.argv[3])))))
