"""A server that refuses every handshake with 400 and a list, one at a time; prints its port first."""

import socket
import sys

ANSWER = (
    b"HTTP/1.1 400 Bad Request\r\nSec-WebSocket-Version: 13, 8\r\n"
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)


def main() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as server:
        sys.stdout.write(f"{server.getsockname()[1]}\n")
        sys.stdout.flush()
        while True:
            connection, _ = server.accept()
            with connection:
                request = b""
                while b"\r\n\r\n" not in request and (got := connection.recv(65536)):
                    request += got
                connection.sendall(ANSWER)


if __name__ == "__main__":
    main()
