"""A pcapng export read back by tshark: the same handshake, the same frames, every checksum right."""

import subprocess
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.present.recording import BINARY, CLOSE, IN, OUT, PING, PONG, TEXT
from tests.share.crafted import Handshaken
from wsinspector.capture import CaptureReader
from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.source import AttemptSource
from wsinspector.protocol.accept import accept_for
from wsinspector.protocol.columns import FLAG_MASKED
from wsinspector.protocol.deflate import Deflater
from wsinspector.protocol.spans import Direction, Role
from wsinspector.share.leaving import Leaving
from wsinspector.share.pcapng import write_pcapng

pytestmark = pytest.mark.interop

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
DEFLATE = b"Sec-WebSocket-Extensions: permessage-deflate\r\n"


def request(more: bytes = b"") -> bytes:
    return (
        b"GET /chat HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: " + KEY + b"\r\nSec-WebSocket-Version: 13\r\n" + more + b"\r\n"
    )


def answer(more: bytes = b"") -> bytes:
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept_for(KEY) + b"\r\n" + more + b"\r\n"
    )


HEAD_TELLS = ("http.request.uri", "http.sec_websocket_version", "http.response.code")


@dataclass(frozen=True)
class Seen:
    """A frame as tshark tells of it, with the whole message where the frame ends one."""

    sent: bool
    fin: bool
    opcode: int
    masked: bool
    length: int
    message: bytes | None


def tshark(path: Path) -> list[ElementTree.Element]:
    """The packets of a file, as tshark takes them apart."""
    checks = ["-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE"]
    done = subprocess.run(
        ["tshark", "-r", str(path), "-n", *checks, "-T", "pdml"], capture_output=True, check=True, timeout=50
    )
    return list(ElementTree.fromstring(done.stdout).iter("packet"))


def told(element: ElementTree.Element, name: str, what: str = "show") -> str | None:
    return next((each.get(what) for each in element.iter("field") if each.get("name") == name), None)


def number(element: ElementTree.Element, *names: str) -> int:
    """The first of ``names`` that is told."""
    return int(next(text for name in names if (text := told(element, name)) is not None), 0)


def frames_of(packets: list[ElementTree.Element], port: int) -> list[Seen]:
    """The frames in every packet; ``port``: ours."""
    seen = []
    for packet in packets:
        protos = list(packet.findall("proto"))
        for at, proto in enumerate(protos):
            if proto.get("name") != "websocket":
                continue
            lengths = ("websocket.payload_length_ext_64", "websocket.payload_length_ext_16")
            behind = protos[at + 1] if at + 1 < len(protos) else None
            seen.append(
                Seen(
                    sent=number(packet, "tcp.srcport") == port,
                    fin=number(proto, "websocket.fin") == 1,
                    opcode=number(proto, "websocket.opcode"),
                    masked=number(proto, "websocket.mask") == 1,
                    length=number(proto, *lengths, "websocket.payload_length"),
                    message=_payload(proto, behind),
                )
            )
    return seen


def _payload(proto: ElementTree.Element, behind: ElementTree.Element | None) -> bytes | None:
    close = [told(proto, f"websocket.payload.close.{part}", "value") for part in ("status_code", "reason")]
    if any(close):
        return bytes.fromhex("".join(part or "" for part in close))
    for kind in ("text", "ping", "pong", "unknown"):
        shown = told(proto, f"websocket.payload.{kind}", "value")
        if shown is not None:
            return bytes.fromhex(shown)
    shown = told(behind, "data.data", "value") if behind is not None else None
    return bytes.fromhex(shown) if shown is not None else None


def clean(packets: list[ElementTree.Element]) -> None:
    """Every checksum is right, and tshark has nothing to say against the TCP."""
    assert packets
    for packet in packets:
        assert told(packet, "tcp.checksum.status") == "1"
        assert told(packet, "ip.checksum.status") in ("1", None)  # IPv6 has none
        assert not [each for each in packet.iter("field") if (each.get("name") or "").startswith(BAD)]


BAD = ("tcp.analysis.lost", "tcp.analysis.ack_lost", "tcp.analysis.out_of_order", "tcp.analysis.retrans",
       "tcp.analysis.window_full", "_ws.malformed")  # fmt: skip


def exported(recording: Handshaken) -> tuple[Path, list[FrameFacts], FrameReading, CaptureReader]:
    reader, row, attempt = recording.restored()
    path = recording.path.with_suffix(".pcapng")
    with path.open("wb") as stream:
        write_pcapng(stream, Leaving(reader, attempt.snapshot, attempt.options, conversation=row))
    reading = FrameReading(
        AttemptSource(reader, attempt.snapshot.attempt_id), attempt.snapshot.agreed, attempt.snapshot.role
    )
    numbers = range(1, reader.frame_count(attempt.snapshot.attempt_id) + 1)
    return path, [facts for each in numbers if (facts := reading.facts(each))], reading, reader


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("deflate", [False, True])
@pytest.mark.parametrize("address", ["203.0.113.9:8080", "[2001:db8::9]:8080"])
def test_the_same_frames_are_read_back(tmp_path: Path, role: Role, deflate: bool, address: str) -> None:
    more = DEFLATE if deflate else b""
    facts = {"dialled": address, "client": address.replace("8080", "55555")}
    recording = Handshaken(tmp_path / "a.wsi", request(more), answer(more), facts, deflate=deflate, role=role)
    said: list[bytes | None] = []

    def say(side: Direction, opcode: int, payload: bytes, *, fin: bool = True, whole: bytes = b"") -> None:
        (recording.sent if side is OUT else recording.received)(opcode, payload, fin=fin)
        said.append((whole or payload) if fin else None)

    for side in (OUT, IN):
        say(side, TEXT, "héllo".encode())
        say(side, BINARY, b"\x00\xff\x10")
        say(side, TEXT, b"frag", fin=False)
        say(side, PING, b"in between")
        say(side, 0, b"", fin=False)
        say(side, 0, b"ments", whole=b"fragments")
        say(side, PONG, b"unasked")
        say(side, BINARY, bytes(range(256)))
        say(side, BINARY, b"\xa7" * 70_000)
        if deflate:
            # The second refers to the first, which only an inflater that kept it can read.
            deflater = Deflater()
            for _ in range(2):
                compressed = deflater.deflate(b"compressed text")
                (recording.sent if side is OUT else recording.received)(TEXT, compressed, rsv=4)
                said.append(b"compressed text")
        say(side, CLOSE, b"\x03\xe8bye")
    path, frames, _, reader = exported(recording)
    reader.close()
    packets = tshark(path)
    clean(packets)
    port = 8080 if role is Role.SERVER else 49153
    assert frames_of(packets, port) == [
        Seen(each.out, each.fin, each.opcode, bool(each.flags & FLAG_MASKED), each.length, message)
        for each, message in zip(frames, said, strict=True)
    ]
    heads = [value for packet in packets for name in HEAD_TELLS if (value := told(packet, name)) is not None]
    assert heads == ["/chat", "13", "101"]


def test_frames_behind_a_101_in_one_read_and_cut_anywhere(tmp_path: Path) -> None:
    recording = Handshaken(tmp_path / "a.wsi", request(), answer(), {})
    wire = b"".join(recording.encoded(IN, TEXT, b"word %d" % number) for number in range(40))
    recording.wire(IN, wire[:7], after=0)  # came with the head
    for start in range(7, len(wire), 11):
        recording.wire(IN, wire[start : start + 11])
    path, frames, _, reader = exported(recording)
    reader.close()
    packets = tshark(path)
    clean(packets)
    seen = frames_of(packets, 49153)
    assert [each.message for each in seen] == [b"word %d" % number for number in range(40)]
    assert len(frames) == 40


def test_a_wss_conversation_is_read_as_plain_http(tmp_path: Path) -> None:
    tls = {"version": "TLSv1.3", "cipher": "", "alpn": None, "sni": "", "verified": True}
    facts = {"url": "wss://a.example/", "dialled": "203.0.113.9:443", "tls": tls}
    recording = Handshaken(tmp_path / "a.wsi", request(), answer(), facts)
    recording.sent(TEXT, b"hello")
    path, _, _, reader = exported(recording)
    reader.close()
    packets = tshark(path)
    assert [each.message for each in frames_of(packets, 49153)] == [b"hello"]
    assert "TLS is taken off; port 443 is written as 80" in ElementTree.tostring(packets[0]).decode()


def test_left_out_secrets_change_no_frame(tmp_path: Path) -> None:
    more = b"Authorization: Bearer abcdef0123456789\r\n"
    recording = Handshaken(tmp_path / "a.wsi", request(more), answer(), {})
    recording.sent(TEXT, b"again abcdef0123456789")
    recording.received(TEXT, b"you are abcdef0123456789")
    path, _, _, reader = exported(recording)
    reader.close()
    packets = tshark(path)
    clean(packets)
    assert [each.message for each in frames_of(packets, 49153)] == [
        b"again " + b"*" * 16,
        b"you are " + b"*" * 16,
    ]
    assert told(next(each for each in packets if told(each, "http.authorization")), "http.authorization") == (
        "Bearer " + "*" * 16
    )


def test_the_drafts_from_2009_are_written_as_they_are(tmp_path: Path) -> None:
    """No dissector reads the frames of hixie-75: the bytes are there, as TCP."""
    facts = {"options": {"speak": "hixie-75"}, "dialect": "hixie-75"}
    recording = Handshaken(tmp_path / "a.wsi", request(), answer(), facts)
    recording.attempt.bytes(IN, b"\x00hello\xff", recording.now)
    path, _, _, reader = exported(recording)
    reader.close()
    packets = tshark(path)
    clean(packets)
    carried = "".join(told(each, "tcp.payload", "value") or "" for each in packets)
    assert b"\x00hello\xff" in bytes.fromhex(carried)
