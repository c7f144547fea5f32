"""What is typed as the servers of a sweep, read: addresses, and short names for set-ups of the lab."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import parse_qs

from wsinspector.conversation.filling_in import Values
from wsinspector.conversation.sweep_plan import SweepServer, server_at
from wsinspector.lab.manners import MANNERS, describe
from wsinspector.present.plain import visible
from wsinspector.protocol.address import understand
from wsinspector.protocol.loopback import is_loopback_host
from wsinspector.translate import translate

LAB = "lab/"
LIMIT = 40
"""Servers side by side: more columns than that nobody reads."""

_BETWEEN = re.compile(r"[\s;]+|,(?=\s|$)|,(?=(?:[A-Za-z][A-Za-z0-9+.\-]*://|lab/))")

_NO_VALUES = Values()

LabUrl = Callable[[str], str]
"""The address of a path of the lab; empty while it does not listen."""

EntranceAt = Callable[[str, int], str]
"""Which entrance of the lab listens at a host and port; empty where none does."""

PLAIN = "plain"
"""The entrance of the lab that short names stand for."""


def no_entrance(_host: str, _port: int) -> str:
    """There is no lab."""
    return ""


@dataclass(frozen=True, slots=True)
class SetUp:
    """A set-up of the lab: ``lab/NAME`` stands for ``path``; ``about`` is one line."""

    name: str
    path: str
    title: str
    about: str


def set_ups() -> tuple[SetUp, ...]:
    """Those with a short name, in the order of the menu."""

    def t(text: str) -> str:
        return translate("SweepServers", text)

    return (
        SetUp("strict", "/echo?versions=13&refuse=426-list", "strict", t("Takes 13; 426 and a list.")),
        SetUp(
            "lists",
            "/echo?versions=13,8,7&refuse=400-list",
            "lists 13, 8, 7",
            t("Takes 13, 8 and 7; 400 and a list."),
        ),
        SetUp("no-list", "/echo?versions=13&refuse=400-no-list", "no list", t("Takes 13; 400 and no list.")),
        SetUp("lies", "/echo?versions=13&refuse=426-list-lies", "lies", t("Lists versions that it refuses.")),
        SetUp("any", "/echo?versions=13&refuse=any", "any version", t("Answers 101 whatever is asked.")),
        SetUp("silent", "/echo?versions=13&refuse=silence", "silent", t("Never answers but to 13.")),
    )


TRIAL = ("strict", "lists", "any")
"""The set-ups that show on the first try what a sweep finds."""


@dataclass(frozen=True, slots=True)
class Manner:
    """A way of refusing that the lab knows, as text for the field; ``about`` is one line."""

    text: str
    name: str
    about: str


def manners() -> tuple[Manner, ...]:
    """Every manner of the lab for a server that takes 13 alone."""
    return tuple(Manner(f"{LAB}echo?versions=13&refuse={name}", name, describe(name)) for name in MANNERS)


@dataclass(frozen=True, slots=True)
class ServersRead:
    """``servers``: none twice, each with a name of its own. ``faults``: a sentence each for the rest."""

    servers: tuple[SweepServer, ...]
    faults: tuple[str, ...]


def split(text: str) -> list[str]:
    """The single servers of a text: between them stand blanks, commas or line ends.

    A comma within ``?versions=13,8`` is none of those: behind it comes neither blank nor address.
    """
    return [part for piece in _BETWEEN.split(text) if (part := piece.strip().rstrip(","))]


def read_servers(
    text: str, lab_url: LabUrl, entrance_at: EntranceAt = no_entrance, variables: Values = _NO_VALUES
) -> ServersRead:
    """Understand every server of ``text``, with its ``variables`` filled in."""
    found: dict[str, SweepServer] = {}
    faults: list[str] = []
    for typed in split(text):
        part = typed
        if "{{" in typed:
            try:
                part = variables.filled(typed)
            except ValueError as error:
                faults.append(f"{visible(typed)}: {error}")
                continue
        server = _server(part, lab_url)
        if server is None:
            faults.append(translate("SweepServers", "{0}: the lab is not listening.").format(visible(part)))
        elif server.address.error is not None:
            faults.append(f"{visible(part)}: {server.address.error}")
        else:
            lab = server.lab or (
                entrance_at(server.address.host, server.address.port) if is_loopback(server) else ""
            )
            found.setdefault(server.url, replace(server, lab=lab))
    servers = list(found.values())
    if len(servers) > LIMIT:
        told = translate(
            "SweepServers", "{0} servers are more than a table can show; the first {1} are asked."
        )
        faults.append(told.format(len(servers), LIMIT))
        del servers[LIMIT:]
    names = [server.name for server in servers]
    named = (
        server if names.count(server.name) == 1 else replace(server, name=server.url) for server in servers
    )
    return ServersRead(tuple(named), tuple(faults))


def _server(part: str, lab_url: LabUrl) -> SweepServer | None:
    if not part.startswith(LAB):
        return server_at(part)
    rest = part.removeprefix(LAB)
    known = next((each for each in set_ups() if each.name == rest), None)
    url = lab_url(known.path if known is not None else f"/{rest}")
    name = f"lab: {known.title if known is not None else _lab_name(rest)}"
    return server_at(url, name, PLAIN) if url else None


def text_of(url: str, lab: str, url_of: Callable[[str, str], str]) -> str:
    """A server of an earlier sweep as it would be typed now; the lab's is asked where that listens by now.

    ``url_of``: the address of a path at an entrance of the lab, empty where that does not listen.
    """
    if not lab:
        return url
    path = understand(url).target.decode("ascii")
    if lab != PLAIN:
        return url_of(path, lab) or url
    known = next((each.name for each in set_ups() if each.path == path), None)
    return LAB + (known or path.removeprefix("/"))


def _lab_name(rest: str) -> str:
    """``13, 8, 400-list`` for a path that only says which versions are taken and how others are refused."""
    path, _, query = rest.partition("?")
    said = parse_qs(query)
    if path == "echo" and set(said) <= {"versions", "refuse"} and said:
        versions = ", ".join(said.get("versions", [""])[0].split(","))
        return ", ".join(part for part in (versions, *said.get("refuse", [])) if part)
    return path


def is_loopback(server: SweepServer) -> bool:
    """Whether the address can only be this computer; a name that may lead elsewhere is not."""
    return is_loopback_host(server.address.host)


def hosts_elsewhere(servers: tuple[SweepServer, ...]) -> tuple[str, ...]:
    """The hosts that are not this computer, each once."""
    hosts = (visible(server.address.host) for server in servers if not is_loopback(server))
    return tuple(dict.fromkeys(hosts))
