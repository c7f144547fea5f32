"""Echo servers on greenlets as users of each library write them.

Prints the port, ends with its standard input. Run with the library's name: eventlet or gevent-websocket.
"""

import sys
from importlib import import_module
from typing import Any


def announce(port: int) -> None:
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


def with_eventlet() -> None:
    eventlet: Any = import_module("eventlet")
    wsgi: Any = import_module("eventlet.wsgi")
    websocket: Any = import_module("eventlet.websocket")

    def echo(connection: Any) -> None:
        while (message := connection.wait()) is not None:
            connection.send(message)

    listener = eventlet.listen(("127.0.0.1", 0))
    announce(listener.getsockname()[1])
    eventlet.spawn_n(wsgi.server, listener, websocket.WebSocketWSGI(echo), log_output=False)
    import_module("eventlet.tpool").execute(sys.stdin.read)


def with_gevent_websocket() -> None:
    resource: Any = import_module("geventwebsocket.resource")

    class Echo(resource.WebSocketApplication):  # type: ignore[misc]
        def on_message(self, message: str | bytes | None) -> None:
            if message is not None:
                self.ws.send(message, binary=not isinstance(message, str))

    serving: Any = import_module("geventwebsocket.server")
    server = serving.WebSocketServer(("127.0.0.1", 0), resource.Resource([("^/.*", Echo)]), log=None)
    server.start()
    announce(server.server_port)
    import_module("gevent").get_hub().threadpool.apply(sys.stdin.read)
    server.stop()


SERVERS = {"eventlet": with_eventlet, "gevent-websocket": with_gevent_websocket}

if __name__ == "__main__":
    SERVERS[sys.argv[1]]()
