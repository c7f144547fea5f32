"""Row 3: the scanner alone against the sans-I/O protocol of websockets, on the same bytes."""

import random
import time
from collections.abc import Callable, Iterator

from websockets.client import ClientProtocol
from websockets.protocol import State
from websockets.server import ServerProtocol
from websockets.uri import parse_uri

from tests.benchmarks.measuring import Comparison, Once, alternate
from wsinspector.protocol.frames import encode_frame
from wsinspector.protocol.opcodes import BINARY
from wsinspector.protocol.scanner import Rfc6455Scanner
from wsinspector.protocol.spans import Direction, Role

SIZES = {16: 40_000, 125: 40_000, 1024: 15_000, 65_536: 600}
READ_BYTES = 1 << 18  # as much as asyncio gives either of them at once
GOALS = {16: 5.0, 125: 5.0, 1024: 5.0, 65_536: 2.0}


def traffic(size: int, count: int, masked: bool) -> list[bytes]:
    """``count`` binary frames cut into reads; masking keys all different, as clients make them."""
    noise = random.Random(size)
    payload = noise.randbytes(size)
    data = b"".join(
        encode_frame(BINARY, payload, key=noise.randbytes(4) if masked else None) for _ in range(count)
    )
    return [data[at : at + READ_BYTES] for at in range(0, len(data), READ_BYTES)]


def timed(count: int, run: Callable[[], int]) -> Once:
    cpu, wall = time.process_time(), time.perf_counter()
    found = run()
    once = Once(count, time.process_time() - cpu, time.perf_counter() - wall)
    assert found == count, f"{found} frames of {count}"
    return once


def scan(reads: list[bytes], sender: Role) -> int:
    """Frames our scanner finds."""
    scanner = Rfc6455Scanner(Direction.IN, sender)
    found = 0
    for at, data in enumerate(reads):
        scanner.feed(data, at)
        found += len(scanner.take())
        scanner.attention.clear()
    return found


def parse(reads: list[bytes], sender: Role) -> int:
    """Frames websockets finds."""
    if sender is Role.SERVER:
        uri = parse_uri("ws://127.0.0.1/")
        protocol: ClientProtocol | ServerProtocol = ClientProtocol(uri, state=State.OPEN, max_size=None)
    else:
        protocol = ServerProtocol(state=State.OPEN, max_size=None)
    found = 0
    for data in reads:
        protocol.receive_data(data)
        found += len(protocol.events_received())
    return found


def compare(repetitions: int) -> Iterator[Comparison]:
    for size, count in SIZES.items():
        for masked in (False, True):
            reads = traffic(size, count, masked)
            sender = Role.CLIENT if masked else Role.SERVER

            def ours(reads: list[bytes] = reads, sender: Role = sender, count: int = count) -> Once:
                return timed(count, lambda: scan(reads, sender))

            def peer(reads: list[bytes] = reads, sender: Role = sender, count: int = count) -> Once:
                return timed(count, lambda: parse(reads, sender))

            yield Comparison(
                row=3,
                what="scanner alone",
                case=f"{size if size < 1024 else f'{size // 1024} Ki'} B {'masked' if masked else 'plain'}",
                peer="the sans-I/O protocol of websockets",
                unit="frames",
                decides="cpu",
                goal=GOALS[size],
                **alternate(repetitions, ours, peer),
            )
