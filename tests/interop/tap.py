"""A wire between a client and a server that keeps what the client sends."""

import contextlib
import socket
import threading
from collections.abc import Iterator


class Tap:
    """``url``: to be called in place of the server's. ``sent``: the client's bytes so far."""

    def __init__(self, url: str) -> None:
        host, _, path = url.removeprefix("ws://").partition("/")
        name, _, port = host.partition(":")
        self._to = (name, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"ws://127.0.0.1:{self._listener.getsockname()[1]}/{path}"
        self.sent = bytearray()
        self._thread = threading.Thread(target=self._carry)
        self._thread.start()

    def _carry(self) -> None:
        try:
            client, _ = self._listener.accept()
        except OSError:
            return  # closed before anybody called
        with client, socket.create_connection(self._to) as server:
            back = threading.Thread(target=_copy, args=(server, client, None))
            back.start()
            _copy(client, server, self.sent)
            back.join()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


def _copy(source: socket.socket, target: socket.socket, kept: bytearray | None) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            if kept is not None:
                kept += piece
            target.sendall(piece)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def tap(url: str) -> Iterator[Tap]:
    made = Tap(url)
    try:
        yield made
    finally:
        made.close()
