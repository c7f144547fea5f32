"""A small reader of pcapng files and of the TCP in them, that shares nothing with what writes them."""

import ipaddress
import struct
from dataclasses import dataclass, field

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


@dataclass
class Packet:
    wall_ns: int
    data: bytes
    comments: list[str]
    outbound: bool


@dataclass
class File:
    program: str = ""
    comments: list[str] = field(default_factory=list)
    link: int = -1
    resolution: int = 0
    packets: list[Packet] = field(default_factory=list)


def read(data: bytes) -> File:
    found = File()
    at = 0
    while at < len(data):
        kind, size = struct.unpack_from("<II", data, at)
        assert size % 4 == 0
        assert size >= 12
        assert struct.unpack_from("<I", data, at + size - 4) == (size,), "both lengths of a block agree"
        body = data[at + 8 : at + size - 4]
        assert len(body) == size - 12
        if kind == 0x0A0D0D0A:
            magic, major, minor, length = struct.unpack_from("<IHHq", body)
            assert (magic, major, minor, length) == (0x1A2B3C4D, 1, 0, -1)
            options = _options(body[16:])
            found.comments = _texts(options, 1)
            found.program = _texts(options, 4)[0]
        elif kind == 1:
            found.link, _, _ = struct.unpack_from("<HHI", body)
            found.resolution = dict(_options(body[8:]))[9][0]
        elif kind == 6:
            interface, high, low, captured, original = struct.unpack_from("<IIIII", body)
            assert interface == 0
            assert captured == original
            packet = body[20 : 20 + captured]
            assert len(packet) == captured
            options = _options(body[20 + captured + -captured % 4 :])
            way = struct.unpack("<I", dict(options)[2])[0] & 3
            assert way in (1, 2)
            found.packets.append(Packet(high << 32 | low, packet, _texts(options, 1), way == 2))
        else:
            raise AssertionError(f"block {kind}")
        at += size
    return found


def _options(data: bytes) -> list[tuple[int, bytes]]:
    found = []
    at = 0
    while at < len(data):
        code, size = struct.unpack_from("<HH", data, at)
        if code == 0:
            assert size == 0
            assert at + 4 == len(data)
            break
        found.append((code, data[at + 4 : at + 4 + size]))
        at += 4 + size + -size % 4
    return found


def _texts(options: list[tuple[int, bytes]], wanted: int) -> list[str]:
    return [value.decode() for code, value in options if code == wanted]


@dataclass
class Segment:
    wall_ns: int
    source: tuple[str, int]
    target: tuple[str, int]
    flags: int
    seq: int
    ack: int
    payload: bytes
    comments: list[str]
    outbound: bool


def segments(found: File) -> list[Segment]:
    """The TCP segments, with every length and checksum looked at."""
    return [_segment(packet) for packet in found.packets]


def _sum(data: bytes) -> int:
    data += bytes(len(data) % 2)
    total: int = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def _segment(packet: Packet) -> Segment:
    data = packet.data
    if data[0] >> 4 == 4:
        assert data[0] & 15 == 5
        assert struct.unpack_from(">H", data, 2) == (len(data),)
        assert data[9] == 6
        assert _sum(data[:20]) == 0xFFFF
        addresses, tcp = (data[12:16], data[16:20]), data[20:]
    else:
        assert data[0] >> 4 == 6
        assert struct.unpack_from(">H", data, 4) == (len(data) - 40,)
        assert data[6] == 6
        addresses, tcp = (data[8:24], data[24:40]), data[40:]
    pseudo = addresses[0] + addresses[1] + struct.pack(">II", len(tcp), 6)
    assert _sum(pseudo + tcp) == 0xFFFF
    source, target, seq, ack, words, flags = struct.unpack_from(">HHIIBB", tcp)
    names = [str(ipaddress.ip_address(each)) for each in addresses]
    return Segment(
        packet.wall_ns,
        (names[0], source),
        (names[1], target),
        flags,
        seq,
        ack,
        tcp[(words >> 4) * 4 :],
        packet.comments,
        packet.outbound,
    )


@dataclass
class Flow:
    """One direction of a connection put together: bytes by stream offset, and holes as (start, stop)."""

    data: bytearray = field(default_factory=bytearray)
    holes: list[tuple[int, int]] = field(default_factory=list)
    fin: bool = False
    reset: bool = False


def flows(found: list[Segment]) -> tuple[Flow, Flow]:
    """What was (received, sent) on the one connection of ``found``; offsets count from the SYN."""
    ways = (Flow(), Flow())
    base: dict[bool, int] = {}
    ports = {frozenset((each.source, each.target)) for each in found}
    assert len(ports) <= 1, "one connection"
    for each in found:
        flow = ways[each.outbound]
        if each.flags & SYN:
            assert each.outbound not in base
            base[each.outbound] = each.seq + 1
            assert not each.payload
            continue
        offset = (each.seq - base[each.outbound]) % (1 << 32)
        if each.flags & ACK and each.outbound not in base:
            raise AssertionError("acknowledged before a SYN")
        if offset > len(flow.data) + flow.fin:
            flow.holes.append((len(flow.data), offset))
            flow.data += bytes(offset - len(flow.data))
        assert offset == len(flow.data) + flow.fin, "neither twice nor out of order"
        assert not (each.payload and flow.fin), "nothing behind a FIN"
        flow.data += each.payload
        flow.fin |= bool(each.flags & FIN)
        flow.reset |= bool(each.flags & RST)
        other = ways[not each.outbound]
        if each.flags & ACK:
            acked = (each.ack - base[not each.outbound]) % (1 << 32)
            assert acked == len(other.data) + other.fin or other.holes or acked > len(other.data)
    return ways
