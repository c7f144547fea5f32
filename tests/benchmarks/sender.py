"""A server that sends 125-byte frames flat out to whoever connects; prints its port first.

It makes its bytes once and hands the kernel a mebibyte at a time, so that the receiver is what is
measured.
"""

import random
import re
import socket
import sys
import threading

from wsinspector.protocol.accept import accept_for
from wsinspector.protocol.frames import encode_frame
from wsinspector.protocol.opcodes import BINARY

PAYLOAD_BYTES = 125


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
        noise = random.Random(1)
        frames = b"".join(encode_frame(BINARY, noise.randbytes(PAYLOAD_BYTES)) for _ in range(8192))
        try:
            while True:
                connection.sendall(frames)
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
