"""The lab as a whole: its ports, its certificates, its peer, and other people's clients."""

import asyncio
import socket
import ssl
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from tests.lab.old_clients import HIXIE_75
from tests.lab.wire import Wire, request, with_lab
from wsinspector.lab.scenarios import SCENARIOS
from wsinspector.lab.server import Lab, host_to_dial


def trusting(pem: str) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=pem)


def test_it_lists_every_scenario_with_a_full_url() -> None:
    async def look(lab: Lab) -> None:
        assert [listed.url for listed in lab.scenarios] == [
            f"ws://127.0.0.1:{lab.port}{scenario.path}" for scenario in SCENARIOS
        ]
        assert len(lab.scenarios_at("good")) == len(SCENARIOS)
        assert lab.url_of("/echo", "good").startswith("wss://127.0.0.1:")
        assert [entrance.kind for entrance in lab.entrances] == [
            "plain", "good", "self-signed", "expired", "wrong-host", "peer",
        ]  # fmt: skip
        assert lab.trouble == ""

    with_lab(look, ready=True)


def test_the_plain_port_does_not_wait_for_the_certificates() -> None:
    async def look(lab: Lab) -> None:
        assert [entrance.kind for entrance in lab.entrances] == ["plain"]
        assert lab.authority_pem == ""
        assert lab.url_of("/echo", "good") == ""

    with_lab(look)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "10.0.0.1"])
def test_beyond_loopback_only_where_that_is_asked_for(host: str) -> None:
    with pytest.raises(ValueError, match="loopback only"):
        Lab(host)
    lab = Lab(host, beyond_loopback=True)
    assert lab.host == host
    assert not lab.running


@pytest.mark.parametrize("host", ["example.com", "localhost", "", "127.0.0.1:80"])
def test_a_host_is_an_ip_address(host: str) -> None:
    with pytest.raises(ValueError, match="no IP address"):
        Lab(host, beyond_loopback=True)


@pytest.mark.parametrize(
    ("host", "dialled"),
    [("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("::1", "[::1]"), ("192.0.2.1", "192.0.2.1")],
)
def test_a_url_names_an_address_that_can_be_dialled(host: str, dialled: str) -> None:
    assert host_to_dial(host) == dialled


def test_it_moves_to_another_address_while_it_runs() -> None:
    async def body() -> None:
        lab = Lab()
        await lab.start()
        await lab.ready()
        port = lab.port
        wire = await Wire.open(lab, "/echo")
        with pytest.raises(ValueError, match="loopback only"):
            await lab.listen_on("0.0.0.0")
        assert lab.running
        await lab.listen_on("127.0.0.2")
        with pytest.raises(ConnectionError):
            await wire.rest()
        await lab.ready()
        assert (lab.host, lab.port) == ("127.0.0.2", port)
        assert lab.url == f"ws://127.0.0.2:{port}"
        assert len(lab.entrances) == 6
        good = next(entrance for entrance in lab.entrances if entrance.kind == "good")
        assert lab.authority_for("127.0.0.2", good.port) == lab.authority_pem
        over_tls = await Wire.dial(lab, request("/echo"), trusting(lab.authority_pem), good.port)
        assert (await over_tls.head()).startswith(b"HTTP/1.1 101 ")
        await over_tls.hang_up()
        await lab.stop()

    asyncio.run(body())


def test_where_it_cannot_move_it_stays() -> None:
    async def body() -> None:
        lab = Lab()
        await lab.start()
        port = lab.port
        with socket.create_server(("127.0.0.2", port)), pytest.raises(OSError, match="in use"):
            await lab.listen_on("127.0.0.2")
        assert (lab.host, lab.port) == ("127.0.0.1", port)
        wire = await Wire.open(lab, "/echo")
        await wire.hang_up()
        await lab.stop()

    asyncio.run(body())


def test_a_lab_that_does_not_run_is_only_told_where_to_listen() -> None:
    async def body() -> None:
        lab = Lab()
        await lab.listen_on("127.0.0.2")
        assert not lab.running
        await lab.start()
        assert lab.url.startswith("ws://127.0.0.2:")
        await lab.stop()

    asyncio.run(body())


def test_a_port_in_use_is_an_error_of_the_start() -> None:
    async def body() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            lab = Lab(port=taken.getsockname()[1])
            with pytest.raises(OSError, match="in use"):
                await lab.start()
            assert not lab.running
            await lab.stop()

    asyncio.run(body())


def test_it_stops_with_connections_open_and_starts_again() -> None:
    async def body() -> None:
        lab = Lab()
        await lab.start()
        wire = await Wire.open(lab, "/chat?every=0")
        await lab.stop()
        assert not lab.running
        with pytest.raises(ConnectionError):
            await wire.rest()
        await lab.start()
        again = await Wire.open(lab, "/echo")
        await again.hang_up()
        await lab.stop()

    asyncio.run(body())


def test_the_good_entrance_is_trusted_through_its_authority() -> None:
    async def talk(lab: Lab) -> None:
        good = next(entrance for entrance in lab.entrances if entrance.kind == "good")
        pem = lab.authority_for(lab.host, good.port)
        assert pem is not None
        wire = await Wire.dial(lab, request("/echo"), trusting(pem), good.port)
        assert (await wire.head()).startswith(b"HTTP/1.1 101 ")
        wire.frame(1, b"over TLS")
        assert (await wire.read_frame())[1] == b"over TLS"
        await wire.hang_up()

    with_lab(talk, ready=True)


def test_over_tls_the_older_answers_name_a_wss_url() -> None:
    async def talk(lab: Lab) -> None:
        good = next(entrance for entrance in lab.entrances if entrance.kind == "good")
        wire = await Wire.dial(lab, HIXIE_75.request(b"/echo?a=b"), trusting(lab.authority_pem), good.port)
        assert b"\r\nWebSocket-Location: wss://127.0.0.1:39107/echo?a=b\r\n" in await wire.head()
        await wire.hang_up()

    with_lab(talk, ready=True)


@pytest.mark.parametrize("kind", ["self-signed", "expired", "wrong-host"])
def test_each_bad_entrance_fails_verification(kind: str) -> None:
    async def talk(lab: Lab) -> None:
        entrance = next(entrance for entrance in lab.entrances if entrance.kind == kind)
        with pytest.raises(ssl.SSLCertVerificationError):
            await Wire.dial(lab, b"", trusting(lab.authority_pem), entrance.port)

    with_lab(talk, ready=True)


def test_the_authority_is_for_the_labs_own_addresses_only(tmp_path: Path) -> None:
    async def look(lab: Lab) -> None:
        good = next(entrance for entrance in lab.entrances if entrance.kind == "good")
        assert lab.authority_for("127.0.0.1", good.port) == lab.authority_pem
        assert lab.authority_for("localhost", good.port) == lab.authority_pem
        assert lab.authority_for("127.0.0.1", lab.port) is None
        assert lab.authority_for("127.0.0.1", 443) is None
        assert lab.authority_for("example.com", good.port) is None
        lab.save_authority(tmp_path / "lab.pem")
        assert (tmp_path / "lab.pem").read_text().startswith("-----BEGIN CERTIFICATE-----")

    with_lab(look, ready=True)


def test_the_authority_cannot_be_saved_before_it_is_made(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not made yet"):
        Lab().save_authority(tmp_path / "lab.pem")


@pytest.mark.parametrize("kind", ["plain", "peer", "good"])
def test_the_websockets_client_converses_with_every_entrance(kind: str) -> None:
    async def talk(lab: Lab) -> None:
        context = trusting(lab.authority_pem) if kind == "good" else None
        url = lab.entrance_url(kind) + "/echo"
        async with connect(url, ssl=context, proxy=None, ping_interval=None, max_size=None) as client:
            for message in ("Hello", "Hello", "", b"\x00\xff", "x" * 70_000, b"y" * 70_000):
                await client.send(message)
                assert await client.recv() == message
            await client.send(["frag", "men", "ted"])
            assert await client.recv() == "fragmented"
            await asyncio.wait_for(await client.ping(b"are you there"), 10)
        assert client.close_code == 1000

    with_lab(talk, ready=True)


@pytest.mark.parametrize(
    ("path", "code"), [("/masked", 1002), ("/reserved-opcode", 1002), ("/bad-utf8", 1007)]
)
def test_the_websockets_client_fails_where_the_lab_misbehaves(path: str, code: int) -> None:
    from websockets.exceptions import ConnectionClosedError

    async def talk(lab: Lab) -> None:
        async with connect(lab.url + path, proxy=None, ping_interval=None) as client:
            with pytest.raises(ConnectionClosedError) as caught:
                await client.recv()
            assert caught.value.sent is not None
            assert caught.value.sent.code == code

    with_lab(talk)


def test_it_listens_on_ipv6_too_where_that_is_asked() -> None:
    async def body() -> None:
        lab = Lab("::1")
        try:
            await lab.start()
        except OSError:
            pytest.skip("no IPv6 loopback here")
        assert lab.url.startswith("ws://[::1]:")
        wire = await Wire.open(lab, "/echo")
        await wire.hang_up()
        await lab.stop()

    asyncio.run(body())
