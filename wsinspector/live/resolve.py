"""Name look-up that can be cancelled, with literal addresses answered at once."""

import socket
from dataclasses import dataclass

from wsinspector.live.threads import in_daemon_thread


@dataclass(frozen=True, slots=True)
class ResolvedAddress:
    """One address to dial; ``sockaddr`` is what the socket of ``family`` takes."""

    family: socket.AddressFamily
    sockaddr: tuple[str, int] | tuple[str, int, int, int]

    @property
    def host(self) -> str:
        return self.sockaddr[0]

    @property
    def port(self) -> int:
        return self.sockaddr[1]

    def __str__(self) -> str:
        if self.family == socket.AF_INET6:
            return f"[{self.host}]:{self.port}"
        return f"{self.host}:{self.port}"


def _look_up(host: str, port: int, flags: int = 0) -> tuple[ResolvedAddress, ...]:
    found: dict[ResolvedAddress, None] = {}
    for family, _kind, _protocol, _name, sockaddr in socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=flags
    ):
        if family in (socket.AF_INET, socket.AF_INET6):
            found[ResolvedAddress(family, sockaddr)] = None  # type: ignore[arg-type]
    return tuple(found)


async def resolve(host: str, port: int) -> tuple[ResolvedAddress, ...]:
    """Every address of ``host``, in the system's order of preference, each once.

    Raises OSError (``socket.gaierror``) where the name has none, ValueError where it is no name
    at all.
    """
    literal = _literal(host, port)
    if literal is not None:
        return literal
    return await in_daemon_thread(lambda: _look_up(host, port), f"look-up {host}")


def _literal(host: str, port: int) -> tuple[ResolvedAddress, ...] | None:
    """The address that ``host`` already is; asks nobody."""
    try:
        return _look_up(host, port, socket.AI_NUMERICHOST)
    except (socket.gaierror, ValueError):
        return None


def is_literal(host: str) -> bool:
    """Whether ``host`` is an address already, so that nothing is looked up."""
    return bool(_literal(host, 0))
