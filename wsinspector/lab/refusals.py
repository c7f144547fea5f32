"""Behaviours of the lab that never open: refusals, silence, and answers that are no answer."""

from wsinspector.lab.answers import PROXY_PAGE, SERVER, answer, refusal
from wsinspector.lab.conversations import echo_for
from wsinspector.lab.exchange import Exchange
from wsinspector.lab.manners import USUAL
from wsinspector.lab.versions import VersionRule, read_versions

VERSIONS_PATH = "/versions/"
OLD_VERSIONS = ("8", "7")


async def list_426(exchange: Exchange) -> None:
    await echo_for(exchange, exchange.asked_rule(VersionRule(OLD_VERSIONS, "426-list")))


async def two_lines_400(exchange: Exchange) -> None:
    await echo_for(exchange, exchange.asked_rule(VersionRule(OLD_VERSIONS, "400-two-lines")))


async def by_path(exchange: Exchange) -> None:
    """``/versions/LIST`` or ``/versions/LIST/MANNER``, as the two are written on the command line."""
    parts = exchange.path.removeprefix(VERSIONS_PATH).split("/")
    try:
        if len(parts) > 2:
            raise ValueError("the path is /versions/LIST/MANNER")
        rule = VersionRule(read_versions(parts[0]), parts[1] if len(parts) == 2 else USUAL)
    except ValueError as error:
        await exchange.write(refusal(b"404 Not Found", (), f"{error}.".encode()))
        return
    await echo_for(exchange, rule)


async def no_list_426(exchange: Exchange) -> None:
    await exchange.write(
        refusal(b"426 Upgrade Required", ((b"Upgrade", b"websocket"),), b"Another version is needed.")
    )


async def html_400(exchange: Exchange) -> None:
    await exchange.write(refusal(b"400 Bad Request", (), PROXY_PAGE, b"text/html"))


async def redirect(exchange: Exchange) -> None:
    await exchange.write(refusal(b"302 Found", ((b"Location", b"/echo"),), b"See /echo."))


async def silence(exchange: Exchange) -> None:
    await exchange.until_peer_ends()


async def close_without_a_byte(exchange: Exchange) -> None:
    del exchange  # returning ends the connection


async def reset_without_a_byte(exchange: Exchange) -> None:
    exchange.reset()


async def half_head(exchange: Exchange) -> None:
    await exchange.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConn")
    await exchange.until_peer_ends()


async def length_lies(exchange: Exchange) -> None:
    lines = ((b"Connection", b"close"), (b"Content-Length", b"33"), SERVER)
    await exchange.write(answer(b"HTTP/1.1 400 Bad Request", lines))
    await exchange.until_peer_ends()


async def keeps_open(exchange: Exchange) -> None:
    await exchange.write(refusal(b"400 Bad Request", (), b"Refused, and the connection stays open."))
    await exchange.until_peer_ends()


async def http_1_0(exchange: Exchange) -> None:
    lines = ((b"Content-Type", b"text/plain"), SERVER)
    await exchange.write(answer(b"HTTP/1.0 200 OK", lines, b"This server has never heard of WebSocket.\n"))


async def garbage(exchange: Exchange) -> None:
    await exchange.write(b"220 lab.invalid ESMTP ready\r\n" + bytes(range(256)))


async def tls_record(exchange: Exchange) -> None:
    """A fatal alert, unexpected_message (RFC 8446 §6.2)."""
    await exchange.write(bytes.fromhex("1503010002020a"))
