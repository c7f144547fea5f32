"""TCP segments in IP packets, as bytes with right lengths and checksums."""

import ipaddress
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MOST_PAYLOAD = 65535 - 20 - 20
"""Bytes of TCP payload that fit into one IPv4 packet; one of IPv6 has room for 20 more."""

FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10

# Maximum segment size and window scale (RFC 9293 §3.2, RFC 7323 §2.2), padded to four bytes. The
# window is then a gibibyte: how much was really offered was not seen, and none of it was exceeded.
SYN_OPTIONS = bytes((2, 4)) + MOST_PAYLOAD.to_bytes(2, "big") + bytes((3, 3, 14, 1))

_WINDOW = 0xFFFF
_TCP = 6
_HOPS = 64
_DONT_FRAGMENT = 0x4000
_WRAP = 1 << 32


@dataclass(frozen=True, slots=True)
class Endpoint:
    address: Address
    port: int

    def __str__(self) -> str:
        host = f"[{self.address}]" if self.address.version == 6 else str(self.address)
        return f"{host}:{self.port}"


def checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071) of ``data``, which counts as padded with a zero.

    The one's complement sum of 16-bit words is the number the bytes make, modulo 65535: one division
    of a long number instead of a loop over its words.
    """
    number = int.from_bytes(data, "big")
    if len(data) & 1:
        number <<= 8
    return -number % 0xFFFF


def segment(
    source: Endpoint,
    target: Endpoint,
    *,
    flags: int,
    seq: int,
    ack: int,
    payload: bytes = b"",
    options: bytes = b"",
) -> bytes:
    """The packet, from its IP header on. ``seq`` and ``ack`` wrap at 2^32; both addresses of one version.

    ``payload``: at most MOST_PAYLOAD bytes. ``options``: of the TCP header, a multiple of four bytes.
    """
    words = 5 + len(options) // 4
    head = b"".join(
        (
            source.port.to_bytes(2, "big"),
            target.port.to_bytes(2, "big"),
            (seq % _WRAP).to_bytes(4, "big"),
            (ack % _WRAP).to_bytes(4, "big"),
            bytes((words << 4, flags)),
            _WINDOW.to_bytes(2, "big"),
        )
    )
    size = 4 * words + len(payload)
    pseudo = source.address.packed + target.address.packed + size.to_bytes(4, "big") + _TCP.to_bytes(4, "big")
    total = checksum(b"".join((pseudo, head, bytes(4), options, payload)))
    tcp = b"".join((head, total.to_bytes(2, "big"), bytes(2), options, payload))
    return (_ipv4 if source.address.version == 4 else _ipv6)(source, target, size) + tcp


def _ipv4(source: Endpoint, target: Endpoint, size: int) -> bytes:
    """RFC 791 §3.1."""
    before = bytes((0x45, 0)) + (20 + size).to_bytes(2, "big") + bytes(2)
    before += _DONT_FRAGMENT.to_bytes(2, "big") + bytes((_HOPS, _TCP))
    after = source.address.packed + target.address.packed
    return before + checksum(before + bytes(2) + after).to_bytes(2, "big") + after


def _ipv6(source: Endpoint, target: Endpoint, size: int) -> bytes:
    """RFC 8200 §3."""
    before = bytes((0x60, 0, 0, 0)) + size.to_bytes(2, "big") + bytes((_TCP, _HOPS))
    return before + source.address.packed + target.address.packed
