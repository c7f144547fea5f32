"""Echo servers as users of each library write them; prints the port, ends with its standard input.

Run with the library's name: websockets, aiohttp, tornado or uvicorn.
"""

import asyncio
import socket
import sys


def announce(sock: socket.socket) -> None:
    sys.stdout.write(f"{sock.getsockname()[1]}\n")
    sys.stdout.flush()


async def until_stdin_ends() -> None:
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, sys.stdin.read)


async def websockets_server(sock: socket.socket) -> None:
    from websockets.asyncio.server import ServerConnection, serve

    async def echo(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(message)

    async with serve(echo, sock=sock):
        announce(sock)
        await until_stdin_ends()


async def aiohttp_server(sock: socket.socket) -> None:
    from aiohttp import WSMsgType, web

    async def echo(request: web.Request) -> web.WebSocketResponse:
        response = web.WebSocketResponse()
        await response.prepare(request)
        async for message in response:
            if message.type is WSMsgType.TEXT:
                await response.send_str(message.data)
            elif message.type is WSMsgType.BINARY:
                await response.send_bytes(message.data)
        return response

    app = web.Application()
    app.router.add_get("/", echo)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.SockSite(runner, sock).start()
    announce(sock)
    await until_stdin_ends()
    await runner.cleanup()


async def tornado_server(sock: socket.socket) -> None:
    from tornado import web, websocket
    from tornado.httpserver import HTTPServer

    class Echo(websocket.WebSocketHandler):
        def on_message(self, message: str | bytes) -> None:
            self.write_message(message, binary=isinstance(message, bytes))

    server = HTTPServer(web.Application([("/", Echo)]))
    sock.setblocking(False)
    server.add_sockets([sock])
    announce(sock)
    await until_stdin_ends()
    server.stop()


async def uvicorn_server(sock: socket.socket) -> None:
    import uvicorn

    async def echo(scope: object, receive: object, send: object) -> None:
        assert isinstance(scope, dict)
        assert callable(receive)
        assert callable(send)
        if scope["type"] != "websocket":
            return
        await receive()
        await send({"type": "websocket.accept"})
        while True:
            event = await receive()
            if event["type"] != "websocket.receive":
                return
            await send(
                {
                    "type": "websocket.send",
                    **{name: event[name] for name in ("text", "bytes") if event.get(name) is not None},
                }
            )

    config = uvicorn.Config(echo, ws="wsproto", lifespan="off", log_level="error")
    server = uvicorn.Server(config)
    serving = asyncio.get_running_loop().create_task(server.serve(sockets=[sock]))
    announce(sock)
    await until_stdin_ends()
    server.should_exit = True
    await serving


SERVERS = {
    "websockets": websockets_server,
    "aiohttp": aiohttp_server,
    "tornado": tornado_server,
    "uvicorn": uvicorn_server,
}

if __name__ == "__main__":
    asyncio.run(SERVERS[sys.argv[1]](socket.create_server(("127.0.0.1", 0))))
