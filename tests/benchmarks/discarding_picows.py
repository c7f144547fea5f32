"""The peer of row 2: picows, a client with its frame loop in C, that throws every frame away.

``python -m tests.benchmarks.discarding_picows URL WARM_UP SECONDS`` prints what it received as JSON.
"""

import asyncio
import json
import sys
import time

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect


class Discarding(WSListener):  # type: ignore[misc]
    """Counts; looks at the clock every 256 frames."""

    def __init__(self, warm_up: float, seconds: float) -> None:
        super().__init__()
        self.warm_up, self.seconds = warm_up, seconds
        self.count = self.first = 0
        self.cpu = self.wall = self.began = 0.0
        self.done: asyncio.Future[dict[str, float]] = asyncio.get_running_loop().create_future()

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.began = time.perf_counter()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.PING:
            return
        self.count += 1
        if self.count % 256:
            return
        now = time.perf_counter()
        if not self.first:
            if now - self.began >= self.warm_up:
                self.first, self.cpu, self.wall = self.count, time.process_time(), now
        elif now - self.wall >= self.seconds and not self.done.done():
            amount = float(self.count - self.first)
            self.done.set_result(
                {"amount": amount, "cpu": time.process_time() - self.cpu, "wall": now - self.wall}
            )
            transport.disconnect(False)


async def receive(url: str, warm_up: float, seconds: float) -> dict[str, float]:
    """Frames, CPU and wall seconds between the end of ``warm_up`` and ``seconds`` later."""
    async with asyncio.timeout(60):
        _, listener = await ws_connect(lambda: Discarding(warm_up, seconds), url)
        found: dict[str, float] = await listener.done
        return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(receive(sys.argv[1], float(sys.argv[2]), float(sys.argv[3])))))
