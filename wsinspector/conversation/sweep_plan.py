"""What a sweep is to do: which servers are asked which odd requests, how many at once, and how patiently."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from wsinspector.protocol.address import Address, understand
from wsinspector.protocol.draft import Draft, DraftLine, standard_draft
from wsinspector.protocol.request_lines import AUTHORIZATION
from wsinspector.protocol.sweep_requests import OddRequest

AT_ONCE = 4
TIMEOUT = 5.0


@dataclass(frozen=True, slots=True)
class SweepServer:
    """A server by its address; ``name`` is what it is called in tables and sentences.

    ``lab``: which entrance of the built-in lab it is, whose port is another each time; empty for any other.
    """

    name: str
    address: Address
    lab: str = ""

    @property
    def url(self) -> str:
        return self.address.url

    def draft(self, key: bytes) -> Draft:
        """The request that is in order; credentials of the address travel in it."""
        address = self.address
        draft = standard_draft(address.target, address.host_header, key)
        if address.authorization is not None:
            # Before the version, so that a version line with an odd ending stays the last of the head.
            draft = draft.insert(1, DraftLine(AUTHORIZATION, address.authorization))
        return draft


def server_at(text: str, name: str = "", lab: str = "") -> SweepServer:
    """The server that an address names; ``address.error`` says what is wrong with the address.

    Without a ``name`` it is called by host and port, with the path where there is one.
    """
    address = understand(text)
    host = address.host_header.decode("ascii")
    path = address.target.partition(b"?")[0].decode("ascii")
    return SweepServer(name or (host + path.removesuffix("/")) or text.strip(), address, lab)


def servers_at(texts: Sequence[str]) -> tuple[SweepServer, ...]:
    """A server an address, none twice, each with a name of its own."""
    found: dict[str, SweepServer] = {}
    for text in texts:
        server = server_at(text)
        found.setdefault(server.url or text, server)
    names = [server.name for server in found.values()]
    return tuple(
        server if names.count(server.name) == 1 else replace(server, name=server.url)
        for server in found.values()
    )


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """``at_once``: requests under way at each server. ``pace``: seconds between the starts of two requests
    to one server. ``timeout``: seconds from the dial to the blank line of an answer, for each request.
    ``sets``: the names of what was chosen. ``ca_file``, ``verify``: as in the options of a conversation.
    """

    servers: tuple[SweepServer, ...]
    requests: tuple[OddRequest, ...]
    sets: tuple[str, ...] = ()
    at_once: int = AT_ONCE
    pace: float = 0.0
    timeout: float = TIMEOUT
    verify: bool = True
    ca_file: str = ""
    title: str = field(default="", kw_only=True)

    @property
    def total(self) -> int:
        return len(self.servers) * len(self.requests)
