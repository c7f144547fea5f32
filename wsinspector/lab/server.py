"""The built-in server: every scenario on a plain port, and again behind each certificate."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from wsinspector.lab.admission import asks_upgrade
from wsinspector.lab.answers import refusal
from wsinspector.lab.certificates import Certificate, make_certificates, server_context
from wsinspector.lab.exchange import Exchange, read_request
from wsinspector.lab.guests import BY_HAND, NOBODY, Guest, Guests
from wsinspector.lab.manners import USUAL
from wsinspector.lab.peer import ConformingPeer
from wsinspector.lab.scenarios import SCENARIOS, scenario_at
from wsinspector.lab.versions import EVERY_VERSION, VersionRule
from wsinspector.live.inbox import Inbox
from wsinspector.live.listen import Listener, listen
from wsinspector.live.tasks import Report, TaskKeeper
from wsinspector.live.tls import recognise_record
from wsinspector.live.transport import Link

CERTIFICATE_TEXTS = {
    Certificate.GOOD: "a good certificate of the lab's authority",
    Certificate.SELF_SIGNED: "a self-signed certificate",
    Certificate.EXPIRED: "a certificate that has expired",
    Certificate.WRONG_HOST: "a certificate for another host",
}


@dataclass(frozen=True, slots=True)
class ListedScenario:
    """A scenario as the program lists it; ``url`` is ready to connect to."""

    name: str
    path: str
    description: str
    url: str


@dataclass(frozen=True, slots=True)
class Entrance:
    """One listening port. ``kind``: "plain", a :class:`Certificate` value, or "peer" for the
    conforming peer, which echoes on every path and has no scenarios. ``url`` has no path."""

    kind: str
    description: str
    url: str
    port: int


class Lab:
    """Runs on whatever loop calls :meth:`start`; listens on loopback unless told otherwise.

    The plain port is there when :meth:`start` returns. The wss ports and the peer follow when
    their certificates are made, since importing ``cryptography`` must not hold up a window;
    :meth:`ready` waits for them. Lists and URLs may be read from any thread.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        beyond_loopback: bool = False,
        rule: VersionRule = EVERY_VERSION,
        report: Report | None = None,
    ) -> None:
        """``rule``: which versions are taken. Raises ValueError as :func:`checked_host` does."""
        self.host = checked_host(host, beyond_loopback=beyond_loopback)
        """The address that is listened on; 0.0.0.0 and :: are every address there is."""
        self.rule = rule
        """Which versions are taken where a path or a query does not say so; may be read from any thread."""
        self._wanted_port = port
        self._report = report or _tell_loop
        self._keeper: TaskKeeper | None = None
        self._getting_ready: asyncio.Task[None] | None = None
        self._listeners: list[Listener] = []
        self._peer: ConformingPeer | None = None
        self._stopping = False
        self.guests: Guests | None = None
        """Who looks on at the clients, on the loop the lab runs on; for those that connect from now on."""
        self.entrances: tuple[Entrance, ...] = ()
        """Every port that listens now, the plain one first."""
        self.authority_pem = ""
        """The authority's certificate once the wss ports listen; no other program trusts it."""
        self.trouble = ""
        """Why the wss ports or the peer could not be had; empty where all is well."""

    @property
    def running(self) -> bool:
        return bool(self.entrances)

    @property
    def port(self) -> int:
        """The plain port, 0 while the lab does not run."""
        return self.entrances[0].port if self.entrances else 0

    @property
    def url(self) -> str:
        """``ws://`` and address of the plain port, without a path; empty while not running."""
        return self.entrances[0].url if self.entrances else ""

    @property
    def scenarios(self) -> tuple[ListedScenario, ...]:
        """Every scenario with its URL on the plain port."""
        return self.scenarios_at("plain")

    def scenarios_at(self, kind: str) -> tuple[ListedScenario, ...]:
        """Every scenario at one entrance; empty where that does not listen (yet)."""
        url = self.entrance_url(kind)
        if not url or kind == "peer":
            return ()
        return tuple(ListedScenario(s.name, s.path, s.description, url + s.path) for s in SCENARIOS)

    def entrance_url(self, kind: str) -> str:
        """URL of the entrance ``kind`` without a path; empty where it does not listen (yet)."""
        return next((entrance.url for entrance in self.entrances if entrance.kind == kind), "")

    def url_of(self, path: str, kind: str = "plain") -> str:
        """URL of ``path`` at an entrance; empty where that does not listen (yet)."""
        url = self.entrance_url(kind)
        return url + path if url else ""

    def authority_for(self, host: str, port: int) -> str | None:
        """The authority (PEM) to trust for ``host`` and ``port``: None unless they are the lab's own.

        So a certificate of the lab is worth nothing anywhere else. The ports with a bad
        certificate are included, so that each fails for its own reason.
        """
        kinds = {kind.value for kind in Certificate}
        own = any(entrance.port == port and entrance.kind in kinds for entrance in self.entrances)
        if own and self.authority_pem and host.strip("[]").lower() in (*self._addresses, "localhost"):
            return self.authority_pem
        return None

    def save_authority(self, path: Path) -> None:
        """Write the authority's certificate for other clients; raises OSError, or ValueError before ready."""
        if not self.authority_pem:
            raise ValueError("the lab's authority is not made yet")
        path.write_text(self.authority_pem, encoding="ascii")

    def set_versions(self, versions: tuple[str, ...] | None, manner: str = USUAL) -> None:
        """Take only ``versions`` from the next request on, None every one; from any thread.

        Arguments and ValueError as of :class:`~wsinspector.lab.versions.VersionRule`.
        """
        self.rule = VersionRule(versions, manner)

    async def listen_on(self, host: str, *, beyond_loopback: bool = False) -> None:
        """Listen on ``host`` from now on, on the same plain port; every connection is ended.

        Raises ValueError as :func:`checked_host`, and OSError where the port cannot be had there; the lab
        then listens where it did before.
        """
        host = checked_host(host, beyond_loopback=beyond_loopback)
        running, before = self.running, (self.host, self._wanted_port)
        port = self.port or self._wanted_port
        await self.stop()
        self.host, self._wanted_port = host, port
        if not running:
            return
        try:
            await self.start()
        except OSError:
            self.host = before[0]
            await self.start()
            raise
        finally:
            self._wanted_port = before[1]

    async def start(self) -> None:
        """Listen on the plain port and begin to make the rest ready.

        Raises OSError where the port cannot be had.
        """
        if self.running:
            return
        self.trouble = ""
        self._stopping = False
        self._keeper = TaskKeeper(self._report)
        plain = await listen(
            self._receive,
            self.host,
            self._wanted_port,
            report=self._report,
            turned_away=self._turned_away,
        )
        self._listeners.append(plain)
        self.entrances = (self._entrance("plain", "no TLS", "ws", plain.port),)
        self._getting_ready = self._keeper.spawn(self._get_ready(), "lab gets ready")

    async def ready(self) -> None:
        """Wait until every entrance listens or has failed; see :attr:`trouble`."""
        if self._getting_ready is not None:
            await asyncio.wait([self._getting_ready])

    async def stop(self) -> None:
        """End every connection and give the ports back; may be started again."""
        self._stopping = True
        # Not cancelled: a port that is just being opened would be lost track of.
        await self.ready()
        self.entrances = ()
        self.authority_pem = ""
        if self._keeper is not None:
            await self._keeper.close()
        self._keeper = self._getting_ready = None
        while self._listeners:
            await self._listeners.pop().close()
        if self._peer is not None:
            await self._peer.stop()
            self._peer = None

    async def _receive(self, link: Link) -> None:
        guest = self.guests.arrived(link) if self.guests is not None else None
        await _serve(link, guest, self.rule)

    def _turned_away(self, link: Link, error: Exception) -> None:
        if self.guests is not None:
            self.guests.turned_away(link, error)

    def _entrance(self, kind: str, description: str, scheme: str, port: int) -> Entrance:
        return Entrance(kind, description, f"{scheme}://{host_to_dial(self.host)}:{port}", port)

    @property
    def _addresses(self) -> tuple[str, ...]:
        """What the certificates are made out to besides localhost."""
        every = ip_address(self.host).is_unspecified
        return tuple(dict.fromkeys(("127.0.0.1", "::1", *(() if every else (self.host,)))))

    async def _get_ready(self) -> None:
        troubles = []
        for step in (self._secure, self._invite_peer):
            try:
                if not self._stopping:
                    await step()
            except (OSError, ImportError) as error:
                troubles.append(str(error))
        self.trouble = "; ".join(troubles)

    async def _secure(self) -> None:
        made = await asyncio.to_thread(make_certificates, datetime.now(UTC), self._addresses)
        entrances = []
        for kind, keyed in made.servers.items():
            if self._stopping:
                return
            listener = await listen(
                self._receive,
                self.host,
                0,
                server_context(keyed),
                report=self._report,
                turned_away=self._turned_away,
            )
            self._listeners.append(listener)
            entrances.append(self._entrance(kind.value, CERTIFICATE_TEXTS[kind], "wss", listener.port))
        # The authority first: whoever sees a wss entrance can also verify it.
        self.authority_pem = made.authority_pem.decode("ascii")
        self.entrances = (*self.entrances, *entrances)

    async def _invite_peer(self) -> None:
        self._peer = ConformingPeer()
        await self._peer.start(self.host)
        text = "a conforming echo made with the websockets library, on every path"
        self.entrances = (*self.entrances, self._entrance("peer", text, "ws", self._peer.port))


def _tell_loop(name: str, error: BaseException) -> None:
    asyncio.get_running_loop().call_exception_handler({"message": name, "exception": error})


def checked_host(host: str, *, beyond_loopback: bool) -> str:
    """``host`` where the lab may listen on it.

    Raises ValueError, in words, where it is no IP address, and where it is none of loopback's and
    ``beyond_loopback`` was not asked for: then others could reach the lab.
    """
    try:
        address = ip_address(host)
    except ValueError:
        raise ValueError(f"{host!r} is no IP address") from None
    if not (beyond_loopback or address.is_loopback):
        raise ValueError(f"the lab listens on loopback only, not on {host}")
    return str(address)


def host_to_dial(host: str) -> str:
    """``host`` as it stands in a URL; for the addresses that stand for all, loopback, one of them."""
    dialled = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"[{dialled}]" if ":" in dialled else dialled


async def _serve(link: Link, guest: Guest | None, rule: VersionRule) -> None:
    inbox = Inbox(link)
    first = await inbox.read()
    if guest is not None and first and guest.by_hand and await guest.wait_for_hand(inbox):
        return
    if recognise_record(first):
        # Most servers answer so; a client that waits for a ServerHello would wait for ever.
        link.write(refusal(b"400 Bad Request", (), b"This port does not speak TLS."))
        return
    request = await read_request(inbox, first)
    if request is None:
        return
    exchange = Exchange(link, inbox, *request, rule)
    if exchange.path == BY_HAND:
        if guest is None or not await guest.wait_for_hand(inbox):
            await exchange.write(NOBODY)
            await exchange.end()
        return
    scenario = scenario_at(exchange.path)
    if guest is not None and scenario is not None:
        guest.served_by(scenario.name)
    if scenario is None:
        await exchange.write(refusal(b"404 Not Found", (), _listing()))
    elif exchange.path == "/" and not asks_upgrade(exchange.head):
        await exchange.write(refusal(b"200 OK", (), _listing()))
    else:
        try:
            exchange.rule = exchange.asked_rule(rule)
        except ValueError as error:
            await exchange.write(refusal(b"400 Bad Request", (), f"{error}.".encode()))
        else:
            await scenario.behaviour(exchange)
    await exchange.end()


def _listing() -> bytes:
    wide = max(len(scenario.path) for scenario in SCENARIOS)
    lines = [f"{scenario.path:{wide}}  {scenario.description}" for scenario in SCENARIOS]
    chosen = "?versions=13,8&refuse=400-list on any path, or /versions/13,8/400-list, takes those alone."
    return "\n".join(["This is a WebSocket test server. Its paths:", *lines, "", chosen, ""]).encode()
