"""A pcapng file holds the very bytes, cut where they were read, in TCP that adds up."""

import io
import ipaddress
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.present.recording import CLOSE, IN, OUT, PING, TEXT
from tests.share import pcapng_reading as pcap
from tests.share.crafted import MONO, WALL, Arrival, Handshaken, craft
from wsinspector import __version__
from wsinspector.capture import CaptureReader
from wsinspector.conversation.restore import restored_attempts
from wsinspector.protocol.spans import Direction
from wsinspector.share.leaving import Leaving
from wsinspector.share.packets import Endpoint, checksum, segment
from wsinspector.share.pcapng import ACK_EVERY, ends_of, head_of_file, packets_of, write_pcapng
from wsinspector.translate import THIN_SPACE

HEAD = (
    b"GET /chat?token=abcdefgh0123 HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nCookie: sid=deadbeefcafe\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Version: 13\r\n\r\n"
)
ANSWER = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)
END = {
    "kind": "fin", "by": "peer", "clean": False, "code": 1006, "reason": "", "sent_code": None,
    "received_code": None, "silence": 0.0, "age": 1.0, "at": MONO + 10**9, "text": "",
}  # fmt: skip


def facts(**more: Any) -> dict[str, Any]:
    return {
        "url": "ws://a.example/chat?token=abcdefgh0123",
        "request_length": len(HEAD),
        "request_at": MONO,
        "dialled": "203.0.113.9:8080",
        "timings": {"tcp": 0.5},
        **more,
    }


def written(path: Path, *, with_secrets: bool = False, numbers: list[int] | None = None) -> pcap.File:
    with CaptureReader(path) as reader:
        row = reader.conversations()[0]
        attempt = restored_attempts(reader, row.id)[0]
        leaving = Leaving(
            reader,
            attempt.snapshot,
            attempt.options,
            conversation=row,
            numbers=numbers,
            with_secrets=with_secrets,
        )
        return pcap.read(head_of_file() + b"".join(packets_of(leaving)))


def test_the_file_says_what_it_is_and_what_was_not_recorded(tmp_path: Path) -> None:
    found = written(craft(tmp_path / "a.wsi", [(OUT, HEAD, 0)], facts()))
    assert found.program == f"wsinspector {__version__}"
    assert (found.link, found.resolution) == (101, 9)
    assert "were not recorded" in found.comments[0]
    first = found.packets[0].comments
    assert first[0] == "Attempt 1: ws://a.example/chat?token=left-out-12-bytes"
    assert first[1].startswith("The client's address and port were not recorded; 192.0.2.1:49153")


CUT = st.one_of(st.binary(min_size=1, max_size=40), st.integers(1, 200_000).map(lambda n: b"\xa5" * n))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(Direction), st.one_of(CUT, st.integers(1, 5000)), st.integers(0, 50_000)),
        min_size=1,
        max_size=12,
    ),
    st.integers(1, 4),
    st.sampled_from(["203.0.113.9:8080", "[2001:db8::9]:8080", "not an address"]),
    st.sampled_from(["fin", "rst", "cancelled", "response-done"]),
    st.sampled_from(["peer", "us"]),
)
def test_streams_are_put_together_again(
    arrivals: list[tuple[Direction, bytes | int, int]], together: int, dialled: str, kind: str, by: str
) -> None:
    at, timed = 0, list[Arrival]()
    for direction, what, after in arrivals:
        at += after
        timed.append((direction, what, at))
    end = {**END, "kind": kind, "by": by}
    with tempfile.TemporaryDirectory() as folder:
        path = craft(
            Path(folder) / "a.wsi",
            timed,
            {"dialled": dialled, "request_at": MONO, "end": end, "closed_by_peer": by == "peer"},
            reads_a_segment=together,
        )
        found = written(path)
    segments = pcap.segments(found)
    received, sent = pcap.flows(segments)
    walls = [each.wall_ns for each in segments]
    assert walls == sorted(walls)
    for direction, flow in ((Direction.IN, received), (Direction.OUT, sent)):
        raw = b"".join(
            bytes(what) if isinstance(what, int) else what for way, what, _ in timed if way is direction
        )
        lost = [what for way, what, _ in timed if way is direction and isinstance(what, int)]
        # A hole at the very end shows where the direction's end is told, or in a comment.
        assert bytes(flow.data) == raw or (raw.startswith(flow.data) and not any(raw[len(flow.data) :]))
        whens = {WALL + when for way, what, when in timed if way is direction and isinstance(what, bytes)}
        carrying = [each for each in segments if each.payload and each.outbound is bool(direction)]
        assert {each.wall_ns for each in carrying} == whens
        said = [text for each in segments for text in each.comments if each.outbound is bool(direction)]
        assert sum(
            int(text.partition(" byte")[0].replace(THIN_SPACE, "")) for text in said if "not kept" in text
        ) == sum(lost)
        for begin, stop in flow.holes:
            assert not any(raw[begin:stop])
    if kind == "rst":
        assert (received.reset, sent.reset) == (by == "peer", by == "us")
    elif kind == "cancelled":
        assert sent.reset
    else:
        assert (received.fin, sent.fin) == (by == "peer", True)


def test_reads_and_heads_are_where_packets_end(tmp_path: Path) -> None:
    frame = b"\x81\x03abc"
    path = craft(
        tmp_path / "a.wsi",
        [(OUT, HEAD[:30], 10), (OUT, HEAD[30:], 20), (IN, ANSWER + frame, 30), (IN, frame * 2, 40)],
        facts(end=END, closed_by_peer=True),
    )
    segments = pcap.segments(written(path, with_secrets=True))
    assert [each.payload for each in segments if each.payload] == [
        HEAD[:30],
        HEAD[30:],
        ANSWER,
        frame,
        frame * 2,
    ]
    flags = [each.flags for each in segments]
    assert flags[:3] == [pcap.SYN, pcap.SYN | pcap.ACK, pcap.ACK]
    pushed = [bool(each.flags & pcap.PSH) for each in segments if each.payload]
    assert pushed == [True, True, False, True, True], "one push for what came in one read"


def test_a_secret_is_filled_in_place_also_across_packets_and_under_a_mask(tmp_path: Path) -> None:
    at = HEAD.index(b"deadbeef") + 4
    recording = Handshaken(tmp_path / "a.wsi", HEAD, ANSWER, facts(), cuts=[at])
    recording.sent(TEXT, b"my cookie is deadbeefcafe, really")
    recording.received(TEXT, b"abcdefgh0123 was your token")
    recording.sent(CLOSE, b"\x03\xe8")
    reader, row, attempt = recording.restored()
    with reader:
        leaving = Leaving(reader, attempt.snapshot, attempt.options, conversation=row)
        stream = io.BytesIO()
        write_pcapng(stream, leaving)
        data = stream.getvalue()
        found = pcap.read(data)
        received, sent = pcap.flows(pcap.segments(found))
        raw = reader.stream(attempt.snapshot.attempt_id, OUT, 0, 1 << 20)
        masked = reader.columns(attempt.snapshot.attempt_id, 1, 1)
    assert b"deadbeef" not in data
    assert b"abcdefgh0123" not in data
    assert len(sent.data) == len(raw)
    assert bytes(sent.data[: len(HEAD)]) == HEAD.replace(b"abcdefgh0123", b"*" * 12).replace(
        b"sid=deadbeefcafe", b"*" * 16
    )
    start = masked.offset[0] + masked.header[0]
    key = raw[start - 4 : start]
    shown = bytes(
        byte ^ key[index % 4] for index, byte in enumerate(sent.data[start : start + masked.length[0]])
    )
    assert shown == b"my cookie is ***********2, really"
    assert b"************ was your token" in received.data
    told = {(each.where, each.length) for each in leaving.left_out}
    assert ("Cookie of the request", 16) in told
    assert ("frame 1", 12) in told
    assert "Cookie of the request: 16 bytes (SECRET_2)" in found.comments[1]
    commented = [
        each.payload for each in pcap.segments(found) if any("frame 1" in say for say in each.comments)
    ]
    assert [len(each) for each in commented] == [masked.header[0] + masked.length[0]]


def test_acknowledgements_are_written_before_a_window_is_full(tmp_path: Path) -> None:
    path = craft(
        tmp_path / "a.wsi",
        [(OUT, HEAD, 0), *((IN, bytes(60_000), at) for at in range(1, 40))],
        facts(end=END, closed_by_peer=True),
    )
    behind = 0
    for each in pcap.segments(written(path)):
        behind = behind + len(each.payload) if not each.outbound else 0 if each.flags & pcap.ACK else behind
        assert behind < ACK_EVERY + 65_536


def test_an_attempt_without_tcp_has_no_packets(tmp_path: Path) -> None:
    path = craft(
        tmp_path / "a.wsi", [], {"url": "ws://a.example/", "network_error": "refused", "unsent": "GET /"}
    )
    assert written(path).packets == []


@pytest.mark.parametrize(
    ("role", "more", "ours", "theirs"),
    [
        ("client", {"dialled": "203.0.113.9:8080"}, "192.0.2.1:49153", "203.0.113.9:8080"),
        ("client", {"dialled": "[fe80::1%eth0]:80"}, "[2001:db8::1]:49153", "[fe80::1]:80"),
        ("client", {"dialled": ""}, "192.0.2.1:49153", "192.0.2.2:80"),
        ("client", {"dialled": "203.0.113.9:443", "url": "wss://a/"}, "192.0.2.1:49153", "203.0.113.9:80"),
        (
            "server",
            {"dialled": "127.0.0.1:8080", "client": "127.0.0.1:55555"},
            "127.0.0.1:8080",
            "127.0.0.1:55555",
        ),
        ("server", {"dialled": "127.0.0.1:8080", "client": ""}, "127.0.0.1:8080", "192.0.2.1:49153"),
    ],
)
def test_who_talks_to_whom(tmp_path: Path, role: str, more: dict[str, Any], ours: str, theirs: str) -> None:
    path = craft(tmp_path / "a.wsi", [], {"role": role, "url": "ws://a/", **more})
    with CaptureReader(path) as reader:
        ends = ends_of(restored_attempts(reader, 1)[0].snapshot)
    assert (str(ends.ours), str(ends.theirs)) == (ours, theirs)
    if more.get("url") == "wss://a/":
        assert any("port 443 is written as 80" in note for note in ends.notes)


def test_a_packet_of_known_bytes() -> None:
    here = Endpoint(ipaddress.IPv4Address("192.0.2.1"), 49153)
    there = Endpoint(ipaddress.IPv4Address("203.0.113.9"), 80)
    made = segment(here, there, flags=pcap.PSH | pcap.ACK, seq=1, ack=1, payload=b"GET")
    # These bytes were looked at with tshark, which finds both checksums right.
    assert made.hex() == (
        "4500002b0000400040063cc2c0000201cb007109c001005000000001000000015018ffff56250000474554"
    )


def test_checksum_as_the_standard_works_it_out() -> None:
    assert checksum(bytes.fromhex("0001f203f4f5f6f7")) == 0x220D  # RFC 1071 §3
    assert checksum(b"\xff\xff") == 0
    assert checksum(b"\x01") == 0xFEFF


def test_only_the_selected_frames_follow_the_handshake(tmp_path: Path) -> None:
    recording = Handshaken(tmp_path / "a.wsi", HEAD, ANSWER, facts())
    for word in (b"one", b"two", b"three", b"four"):
        recording.received(TEXT, word)
    recording.sent(PING, b"")
    recording.close()
    received, sent = pcap.flows(pcap.segments(written(recording.path, numbers=[2, 4])))
    assert bytes(received.data) == ANSWER + b"\x81\x03two\x81\x04four"
    assert len(sent.data) == len(HEAD)
