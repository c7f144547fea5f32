"""The addresses of this computer, for telling where a server that listens everywhere can be reached."""

import fcntl
import ipaddress
import socket
import struct
from pathlib import Path

_SIOCGIFADDR = 0x8915  # linux/sockios.h
_INET6 = Path("/proc/net/if_inet6")
_LINK_LOCAL = 0x20  # the scope in that file; such an address needs an interface's name to be dialled


def own_addresses(version: int) -> tuple[str, ...]:
    """The addresses of IP ``version`` (4 or 6) that others can dial, loopback last; none where unknown."""
    found = _inet() if version == 4 else _inet6()
    return tuple(sorted(dict.fromkeys(found), key=lambda each: ipaddress.ip_address(each).is_loopback))


def _inet() -> list[str]:
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for _, name in socket.if_nameindex():
            asked = struct.pack("256s", name.encode()[:15])
            try:
                answer = fcntl.ioctl(sock.fileno(), _SIOCGIFADDR, asked)
            except OSError:
                continue  # an interface without an address
            found.append(socket.inet_ntoa(answer[20:24]))
    return found


def _inet6() -> list[str]:
    try:
        lines = _INET6.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeError):
        return []
    found = []
    for line in lines:
        parts = line.split()
        if len(parts) >= 4 and int(parts[3], 16) != _LINK_LOCAL:
            found.append(str(ipaddress.IPv6Address(bytes.fromhex(parts[0]))))
    return found
