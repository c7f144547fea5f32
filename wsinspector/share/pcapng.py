"""An attempt as Wireshark would have caught it: HTTP and frames in TCP, in a pcapng file.

What was recorded are bytes, cut where they were read and written, with their times, and how the
connection ended. The rest is written around them so that it can be read: IP and TCP headers, the
handshake of TCP, acknowledgements. A comment in the file says so.
"""

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from wsinspector import __version__
from wsinspector.conversation.snapshot import AttemptSnapshot, EndedBy, EndKind
from wsinspector.present.plain import visible
from wsinspector.protocol.spans import Direction, Role
from wsinspector.share.leaving import Leaving
from wsinspector.share.left_out import LeftOut
from wsinspector.share.made_up import made_up
from wsinspector.share.packets import (
    ACK,
    FIN,
    MOST_PAYLOAD,
    PSH,
    RST,
    SYN,
    SYN_OPTIONS,
    Endpoint,
    segment,
)
from wsinspector.share.pcapng_blocks import INBOUND, OUTBOUND, interface, packet, section
from wsinspector.share.stream_secrets import Patch, Patcher, StreamSecrets
from wsinspector.share.travelled import Piece, ranges_of, strays_of, travelled
from wsinspector.share.unsearched import tell_unsearched
from wsinspector.translate import translate

PLAIN_PORT = 80
"""Stands for the port of a server behind TLS: what is written is decrypted, and HTTP is looked for there."""

ACK_EVERY = 1 << 18
"""Bytes after which the other side is written to acknowledge them."""

_UNKNOWN_CLIENT = (ipaddress.IPv4Address("192.0.2.1"), ipaddress.IPv6Address("2001:db8::1"))
_UNKNOWN_SERVER = (ipaddress.IPv4Address("192.0.2.2"), ipaddress.IPv6Address("2001:db8::2"))
_FIRST_PORT = 49152  # the first of those that nobody registers (RFC 6335 §6)
_PORTS = 16384

HOW_MADE = (
    "IP and TCP headers, the TCP handshake, acknowledgements and the second FIN were not recorded; they are"
    " written around what was: the bytes, cut where they were read or written and behind the heads, with"
    " the times of these reads and writes, and how the connection ended. Sequence numbers begin at 0, so"
    " that the relative number of a byte is its place in the capture plus 1."
)


def write_pcapng(stream: BinaryIO, leaving: Leaving) -> None:
    """One attempt as a pcapng file; of nothing but its first blocks where TCP did not come to be."""
    write_several(stream, [leaving])


def write_several(stream: BinaryIO, attempts: Iterable[Leaving]) -> None:
    """Attempts one behind the other in one file, each a connection of its own."""
    attempts = list(attempts)
    left_out: list[str] = []
    for leaving in attempts:
        left_out += StreamSecrets(leaving.reader, leaving.snapshot, leaving.secrets).told_of_heads()
    composed = made_up(leaving.snapshot for leaving in attempts)
    stream.write(head_of_file(dict.fromkeys(left_out), composed))
    for leaving in attempts:
        for block in packets_of(leaving):
            stream.write(block)


def head_of_file(left_out: Iterable[str] = (), composed: str = "") -> bytes:
    """The blocks that come before the packets. ``left_out``: the secrets of the heads, in words.

    ``composed``: what is said of frames that were made up, see :func:`made_up`.
    """
    listed = "; ".join(left_out)
    said = [translate("Pcapng", HOW_MADE), *([composed] if composed else [])]
    if listed:
        text = translate(
            "Pcapng", "Left out as secret, as many asterisks in its place, also where it stands again: {0}."
        )
        said.append(text.format(listed))
    begun = section(f"wsinspector {__version__}", said)
    return begun + interface("wsinspector", translate("Pcapng", "streams as an endpoint of TCP sees them"))


def packets_of(leaving: Leaving) -> Iterator[bytes]:
    """The packet blocks of one attempt, in order of time; none where TCP did not come to be.

    Of an attempt of which only some frames leave, these follow the handshake without a gap. Memory stays
    bounded whatever the attempt's size. Raises CaptureError where the file is damaged.
    """
    return _Wire(leaving).blocks()


@dataclass(frozen=True, slots=True)
class Ends:
    """Both ends of a connection, ours first, and what had to be made up of them."""

    ours: Endpoint
    theirs: Endpoint
    notes: tuple[str, ...]


def ends_of(snapshot: AttemptSnapshot) -> Ends:
    """The addresses of an attempt; stand-ins from the ranges for documentation where they are not known.

    Stand-ins: 192.0.2.1 or 2001:db8::1 (RFC 5737, RFC 3849) for a client, with a port counted from 49152
    by the attempt's number, and the same ending in 2 for a server.
    """
    serving = snapshot.role is Role.SERVER
    client = _endpoint(snapshot.client) if serving else None
    server = _endpoint(snapshot.dialled)
    known = client or server
    six = known is not None and known.address.version == 6
    notes = []
    if client is not None and server is not None and client.address.version != server.address.version:
        client = None
    if client is None:
        client = Endpoint(_UNKNOWN_CLIENT[six], _FIRST_PORT + snapshot.attempt_id % _PORTS)
        notes.append(
            translate(
                "Pcapng", "The client's address and port were not recorded; {0} stands for them."
            ).format(client)
        )
    if server is None:
        server = Endpoint(_UNKNOWN_SERVER[six], PLAIN_PORT)
        notes.append(
            translate("Pcapng", "The server's address and port are not known; {0} stands for them.").format(
                server
            )
        )
    if snapshot.tls is not None or snapshot.url.lower().startswith(("wss:", "https:")):
        note = translate("Pcapng", "TLS is taken off; port {0} is written as {1}, where HTTP is looked for.")
        notes.append(note.format(server.port, PLAIN_PORT))
        server = Endpoint(server.address, PLAIN_PORT)
    return Ends(server, client, tuple(notes)) if serving else Ends(client, server, tuple(notes))


def _endpoint(text: str) -> Endpoint | None:
    """``127.0.0.1:80`` or ``[::1]:80``, a zone left out; None for anything else."""
    host, colon, port = text.rpartition(":")
    try:
        address = ipaddress.ip_address(host.strip("[]").partition("%")[0])
        number = int(port)
    except ValueError:
        return None
    return Endpoint(address, number) if colon and 0 < number < 65536 else None


class _Wire:
    def __init__(self, leaving: Leaving) -> None:
        self._leaving = leaving
        self._reader = leaving.reader
        self._snapshot = leaving.snapshot
        self._ends = ends_of(leaving.snapshot)
        self._opener = leaving.asking
        self._next = {Direction.IN: 0, Direction.OUT: 0}  # sequence numbers, not wrapped
        self._acked = {Direction.IN: 0, Direction.OUT: 0}
        self._notes: dict[Direction, list[str]] = {Direction.IN: [], Direction.OUT: []}
        self._cuts = self._behind_heads()
        self._now = 0
        events = self._reader.events(leaving.snapshot.attempt_id)
        self._fin_at = next((event.at_ns for event in events if event.kind == "fin-sent"), None)
        self._fin_done = False

    def blocks(self) -> Iterator[bytes]:
        snapshot, attempt = self._snapshot, self._snapshot.attempt_id
        total = sum(self._reader.stream_length(attempt, direction) for direction in Direction)
        if not total and snapshot.timings.tcp is None and snapshot.role is Role.CLIENT:
            return  # TCP never came to be
        hidden = StreamSecrets(self._reader, snapshot, self._leaving.secrets, self._leaving.veils)
        patchers = {direction: Patcher(hidden.patches(direction)) for direction in Direction}
        begun = False
        done = 0
        for piece in travelled(self._reader, attempt, ranges_of(self._leaving), strays_of(self._leaving)):
            self._leaving.look()
            self._leaving.progress(done, total)
            done += piece.lost + len(piece.data)
            if not begun:
                begun = True
                yield from self._opening(piece.at)
            if self._fin_at is not None and piece.at > self._fin_at:
                yield from self._fin(Direction.OUT, self._fin_at)
            yield from self._piece(piece, patchers[piece.direction])
        if not begun:
            yield from self._opening(snapshot.mono_ns)
        yield from self._closing()
        tell_unsearched(self._leaving)
        self._leaving.progress(total, total)

    # -- the parts of a connection

    def _opening(self, first: int) -> Iterator[bytes]:
        """The handshake of TCP, before ``first``: when the first byte travelled."""
        timings, mono = self._snapshot.timings, self._snapshot.mono_ns
        began = ended = first
        if timings.tcp is not None and self._snapshot.role is Role.CLIENT:
            began = min(mono + int((timings.lookup or 0) * 1e6), first)
            ended = min(began + int(timings.tcp * 1e6), first)
        opener, other = self._opener, _other(self._opener)
        self._notes[opener] += [*self._about(), *self._ends.notes]
        yield self._packet(opener, SYN, began, options=SYN_OPTIONS)
        self._next[opener] = 1
        yield self._packet(other, SYN | ACK, ended, options=SYN_OPTIONS)
        self._next[other] = 1
        yield self._packet(opener, ACK, ended)

    def _about(self) -> Iterator[str]:
        snapshot = self._snapshot
        text = translate("Pcapng", "Attempt {0}: {1}").format(snapshot.number, visible(self._leaving.url))
        if snapshot.tls is not None:
            text += f", {snapshot.tls.version or 'TLS'}"
        yield text
        if composed := made_up((snapshot,)):
            yield composed
        if not self._leaving.all_frames:
            yield translate(
                "Pcapng", "Only the handshake and some of the frames are written here, one behind the other."
            )

    def _piece(self, piece: Piece, patcher: Patcher) -> Iterator[bytes]:
        direction = piece.direction
        if piece.lost:
            note = translate("Pcapng", "%n byte(s) before this (was|were) not kept: {0}", "", piece.lost)
            if piece.stray:
                note = translate(
                    "Pcapng",
                    "%n byte(s) before this (is|are) left aside, being of frames that were not kept: {0}",
                    "",
                    piece.lost,
                )
            self._notes[direction].append(note.format(visible(piece.why)))
            self._next[direction] += piece.lost
            return
        data = patcher.patched(piece.offset, piece.data)
        for patch in patcher.put:
            if patch.secret is not None:
                left = LeftOut(patch.secret.name, patch.where, len(patch.delta))
                self._notes[direction].append(self._left_out(direction, patch).format(left.text))
        at = 0
        for end in self._ends_within(direction, piece.offset, len(data)):
            # The last segment of what was written or read together carries the push flag.
            flags = ACK | PSH if end == len(data) else ACK
            yield self._packet(direction, flags, piece.at, data[at:end])
            self._next[direction] += end - at
            at = end
            if self._next[direction] - self._acked[direction] >= ACK_EVERY:
                yield self._packet(_other(direction), ACK, piece.at)

    def _left_out(self, direction: Direction, patch: Patch) -> str:
        if patch.veil is None:
            return translate("Pcapng", "Left out here: {0}")
        if not self._leaving.inflation.takeover[direction]:
            return translate("Pcapng", "Left out here, with zeros in its place: {0}")
        return translate(
            "Pcapng",
            "Left out here, with zeros in its place, so that this and later messages of this side may not"
            " inflate, which is no fault of the sender: {0}",
        )

    def _ends_within(self, direction: Direction, offset: int, size: int) -> Iterator[int]:
        """Where the segments of a piece end."""
        at = 0
        cuts = [cut - offset for cut in self._cuts[direction] if offset < cut < offset + size]
        for stop in (*cuts, size):
            while at < stop:
                at = min(at + MOST_PAYLOAD, stop)
                yield at

    def _behind_heads(self) -> dict[Direction, list[int]]:
        """The offsets behind each head: what reads the packets looks for frames from a packet's start."""
        snapshot = self._snapshot
        answers = [*snapshot.interim, *([snapshot.response] if snapshot.response is not None else [])]
        found = {self._opener: [len(snapshot.request)], _other(self._opener): []}
        for each in answers:
            found[_other(self._opener)] += [each.head.span.end, each.body_span.end]
        return {direction: sorted(set(cuts)) for direction, cuts in found.items()}

    def _closing(self) -> Iterator[bytes]:
        for direction in Direction:
            if self._next[direction] > self._acked[direction] or self._notes[_other(direction)]:
                yield self._packet(_other(direction), ACK, self._now)
        end, by_peer = self._snapshot.end, self._snapshot.closed_by_peer
        if end is None or not end.kept:
            return
        at = max(end.at, self._now)
        given_up = end.kind is EndKind.CANCELLED and end.sent_code is None
        if end.kind is EndKind.RST or given_up:
            side = Direction.IN if end.by is EndedBy.PEER and not given_up else Direction.OUT
            if side is Direction.IN and self._fin_at is not None:
                yield from self._fin(Direction.OUT, self._fin_at)
            yield self._packet(side, RST | ACK, at)
            return
        if by_peer and self._fin_at is None:
            yield from self._fin(Direction.IN, at)
        if by_peer or end.by is not EndedBy.NETWORK:  # else nothing came that would have ended it
            yield from self._fin(Direction.OUT, self._fin_at if self._fin_at is not None else at)
        if by_peer and self._fin_at is not None:
            yield from self._fin(Direction.IN, at)

    def _fin(self, direction: Direction, at: int) -> Iterator[bytes]:
        if direction is Direction.OUT:
            if self._fin_done:
                return
            self._fin_done = True
        yield self._packet(direction, FIN | ACK, at)
        self._next[direction] += 1
        yield self._packet(_other(direction), ACK, self._now)

    # -- packets

    def _packet(
        self, direction: Direction, flags: int, at: int, payload: bytes = b"", options: bytes = b""
    ) -> bytes:
        ours, theirs = self._ends.ours, self._ends.theirs
        source, target = (ours, theirs) if direction is Direction.OUT else (theirs, ours)
        other = _other(direction)
        ack = self._next[other] if flags & ACK else 0
        if flags & ACK:
            self._acked[other] = ack
        self._now = max(self._now, at)
        data = segment(
            source,
            target,
            flags=flags,
            seq=self._next[direction],
            ack=ack,
            payload=payload,
            options=options,
        )
        comments = self._notes[direction]
        if comments:
            self._notes[direction] = []
        wall = self._snapshot.wall_ns + self._now - self._snapshot.mono_ns
        return packet(data, wall, OUTBOUND if direction is Direction.OUT else INBOUND, comments)


def _other(direction: Direction) -> Direction:
    return Direction.IN if direction is Direction.OUT else Direction.OUT
