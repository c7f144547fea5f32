"""A server that sends frames to whoever connects, as the path asks; prints its port first.

``/`` sends binary frames of 125 bytes flat out. Of ``?frames=N&rate=R&size=S&mixed=1`` each may be left
out: N frames flat out, then R a second (0: none, the connection stays), of S bytes each; mixed: words,
pings and binary frames by turns. It makes its bytes once and hands the kernel a mebibyte at a time, so
that the receiver is what is measured.
"""

import contextlib
import random
import re
import socket
import sys
import threading
import time
from urllib.parse import parse_qs, urlsplit

from wsinspector.protocol.accept import accept_for
from wsinspector.protocol.frames import encode_frame
from wsinspector.protocol.opcodes import BINARY, PING, TEXT

PAYLOAD_BYTES = 125
BLOCK_FRAMES = 8192
TICK_SECONDS = 0.005
PINGS_EVERY, PING_BYTES = 100, 8
WORDS = b'{"event":"price","symbol":"ABC","bid":101.25,"ask":101.27,"volume":%d,"note":"%s"}'


def mixed_frame(number: int, noise: random.Random) -> bytes:
    """Of a hundred frames one is a ping, twenty are binary, the others JSON; one in 4096 says "needle"."""
    if number % PINGS_EVERY == PINGS_EVERY // 2:
        return encode_frame(PING, b"%0*d" % (PING_BYTES, number))
    if number % 5 == 4:
        return encode_frame(BINARY, noise.randbytes(PAYLOAD_BYTES))
    note = b"needle" if number % 4096 == 7 else b"steady"
    text = WORDS % (number, note)
    return encode_frame(TEXT, text + b" " * (PAYLOAD_BYTES - len(text)))


def block_of(size: int, *, mixed: bool) -> list[bytes]:
    """BLOCK_FRAMES frames, or as many as a mebibyte holds."""
    noise = random.Random(1)
    if mixed:
        return [mixed_frame(number, noise) for number in range(BLOCK_FRAMES)]
    count = min(BLOCK_FRAMES, max(1, (1 << 20) // size))
    return [encode_frame(BINARY, noise.randbytes(size)) for _ in range(count)]


def _asked(target: str) -> tuple[int | None, int, int, bool]:
    asked = {name: int(values[0]) for name, values in parse_qs(urlsplit(target).query).items()}
    frames = asked.get("frames")
    return frames, asked.get("rate", 0), asked.get("size", PAYLOAD_BYTES), bool(asked.get("mixed"))


def _drain(connection: socket.socket) -> None:
    """Read what comes back, pongs for the pings, until the other side goes away."""
    with contextlib.suppress(OSError):
        while connection.recv(65536):
            pass


def _send(connection: socket.socket, frames: int | None, rate: int, block: list[bytes]) -> None:
    drain = threading.Thread(target=_drain, args=(connection,), daemon=True)
    drain.start()
    joined = b"".join(block)
    left = frames
    while left is None or left >= len(block):
        connection.sendall(joined)
        left = None if left is None else left - len(block)
    connection.sendall(b"".join(block[:left]))
    if not rate:
        drain.join()
        return
    began, sent = time.perf_counter(), 0
    waiting = threading.Event()
    while True:
        due = int((time.perf_counter() - began) * rate) - sent
        at = sent % len(block)
        piece = block[at : at + min(due, len(block))]
        connection.sendall(b"".join(piece))
        sent += len(piece)
        waiting.wait(TICK_SECONDS)


def serve(connection: socket.socket) -> None:
    """Answer the handshake, then send until the other side goes away."""
    with connection:
        request = b""
        while b"\r\n\r\n" not in request:
            got = connection.recv(65536)
            if not got:
                return
            request += got
        key = re.search(rb"(?im)^sec-websocket-key:[ \t]*(\S+)", request)
        connection.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept_for(key.group(1) if key else b"") + b"\r\n\r\n"
        )
        frames, rate, size, mixed = _asked(request.split(b" ")[1].decode("ascii"))
        try:
            _send(connection, frames, rate, block_of(size, mixed=mixed))
        except OSError:
            return


def main() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        sys.stdout.write(f"{server.getsockname()[1]}\n")
        sys.stdout.flush()
        while True:
            connection, _ = server.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    main()
