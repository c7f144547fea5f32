"""A server of one dialect, made of the server's side of the table: handshake, scanner and encoder."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.traffic import notable
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.columns import FLAG_OUT, FLAG_SENTINEL
from wsinspector.protocol.dialects import Challenge, dialect_called
from wsinspector.protocol.dialects.challenges import connection_key
from wsinspector.protocol.http_reader import ResponseReader, parse_request
from wsinspector.protocol.opcodes import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT
from wsinspector.protocol.spans import Direction, Role

SECONDS = 40.0


@dataclass(frozen=True)
class Said:
    """A frame that the server sends; ``cut``: bytes left off at its end."""

    opcode: int
    payload: bytes | None = None
    fin: bool = True
    cut: int = 0


@dataclass(frozen=True)
class Heard:
    """A frame of the client: unmasked, and as it travelled."""

    opcode: int
    payload: bytes
    wire: bytes


class DialectPeer:
    """Answers one client at a time. Echoes data, answers pings and closing frames, then ends TCP.

    ``cut_answer``: bytes of the answer left off. ``spoil``: change the last byte of the answer.
    ``ends``: end TCP after what is scripted.
    """

    def __init__(
        self,
        name: str,
        said: Sequence[Said] = (),
        *,
        echo: bool = True,
        ends: bool = False,
        cut_answer: int = 0,
        spoil: bool = False,
        one_byte_writes: bool = False,
    ) -> None:
        self.dialect = dialect_called(name)
        self.agreed = Agreed(dialect=name)
        self.frames: list[Heard] = []
        self.faults = 0
        self._said = said
        self._echo = echo
        self._ends = ends
        self._cut_answer = cut_answer
        self._spoil = spoil
        self._one_byte_writes = one_byte_writes
        self._closed = False
        self._done = threading.Event()

    def heard(self, opcode: int) -> list[bytes]:
        """The payloads of the client's frames of one kind, of every connection."""
        return [frame.payload for frame in self.frames if frame.opcode == opcode]

    def wait_done(self) -> None:
        """Until a connection is over on this side too."""
        assert self._done.wait(SECONDS)

    async def handle(self, link: Link) -> None:
        try:
            await self._handle(link)
        finally:
            self._done.set()

    async def _handle(self, link: Link) -> None:
        inbox = Inbox(link)
        request = await inbox.read_until(b"\r\n\r\n")
        head = parse_request(request)
        kept = bytearray()
        tail_wanted = 8 if head.named(b"Sec-WebSocket-Key1") else 0
        while len(kept) < tail_wanted:
            kept += await inbox.read()
        answer = self.dialect.handshake.answer(
            self.dialect,
            head,
            bytes(kept[:tail_wanted]),
            location=b"ws://" + head.values(b"Host")[0] + b"/chat",
            subprotocol=None,
            extensions=(),
            random=bytes,
        )
        self.agreed = Agreed(
            dialect=self.dialect.name, connection_key=self._key(head.values(b"Sec-WebSocket-Key"), answer)
        )
        if self._spoil:
            answer = answer[:-1] + bytes((answer[-1] ^ 1,))
        self._closed = False
        scripted = b"".join(self._encoded(said) for said in self._said)
        self._write(link, answer[: len(answer) - self._cut_answer] + scripted)
        if self._ends:
            return
        scanner = self.dialect.framing.scanner(Direction.IN, Role.CLIENT, agreed=self.agreed, start=0)
        stream = bytearray(kept[tail_wanted:])
        scanner.feed(bytes(stream), 0)
        while True:
            columns = scanner.take()
            for place in range(len(columns)):
                begins, body_at = columns.offset[place], columns.header[place]
                ends = begins + body_at + columns.length[place]
                header, payload = (
                    bytes(stream[begins : begins + body_at]),
                    bytes(stream[begins + body_at : ends]),
                )
                plain = self.dialect.framing.unmask(
                    header, payload, 0, sender=Role.CLIENT, agreed=self.agreed
                )
                self.faults += bool(columns.anomalies[place] & notable(self.agreed))
                heard = Heard(columns.first[place] & 15, plain, bytes(stream[begins:ends]))
                self.frames.append(heard)
                self._react(link, heard, fin=bool(columns.first[place] & 0x80))
            if self._closed and CLOSE in [frame.opcode for frame in self.frames]:
                return
            piece = await inbox.read()
            if not piece:
                return
            stream += piece
            scanner.feed(piece, 0)

    def _react(self, link: Link, heard: Heard, *, fin: bool) -> None:
        match heard.opcode:
            case opcode if opcode in (TEXT, BINARY) and fin and self._echo:
                self._write(link, self._encoded(Said(opcode, heard.payload)))
            case opcode if opcode == CONTINUATION and fin and self._echo:
                before = self.frames[-2]
                self._write(link, self._encoded(Said(before.opcode, before.payload + heard.payload)))
            case opcode if opcode == PING:
                self._write(link, self._encoded(Said(PONG, heard.payload)))
            case opcode if opcode == CLOSE and not self._closed:
                marked = self.dialect.name == "hybi-05"
                self._write(link, self._encoded(Said(CLOSE, None if marked else heard.payload)))

    def _encoded(self, said: Said) -> bytes:
        framing = self.dialect.framing
        payload = said.payload
        if said.opcode == CLOSE:
            if not framing.abilities(self.agreed).close:
                return b""
            self._closed = True
            if payload is None:
                payload = framing.close_body(1000, "", sender=Role.SERVER, agreed=self.agreed)
        data = framing.encode(
            said.opcode, payload or b"", sender=Role.SERVER, agreed=self.agreed, fin=said.fin
        )
        return data[: len(data) - said.cut]

    def _write(self, link: Link, data: bytes) -> None:
        for piece in (data[at : at + 1] for at in range(len(data))) if self._one_byte_writes else (data,):
            link.write(piece)

    def _key(self, keys: Sequence[bytes], answer: bytes) -> bytes:
        if self.dialect.challenge is not Challenge.ACCEPT or not keys:
            return b""
        reader = ResponseReader()
        reader.feed(answer)
        assert reader.response is not None
        nonces = reader.response.head.values(b"Sec-WebSocket-Nonce")
        return connection_key(keys[0], nonces[0]) if nonces else b""


def payloads(conversation: Conversation, attempt: Attempt, opcode: int, *, outgoing: bool) -> list[bytes]:
    """Unmasked payloads out of the capture, once all is there: the frames of one kind in one direction."""
    assert attempt.wait_for(lambda now: now.frames >= now.frames_in + now.frames_out, SECONDS)
    reader = conversation.reader()
    assert reader is not None
    snapshot = attempt.snapshot
    framing = dialect_called(snapshot.agreed.dialect).framing
    sender = Role.CLIENT if outgoing else Role.SERVER
    columns = reader.columns(snapshot.attempt_id, 1, reader.frame_count(snapshot.attempt_id))
    found = []
    for place in range(len(columns)):
        if columns.first[place] & 15 != opcode or bool(columns.flags[place] & FLAG_OUT) is not outgoing:
            continue
        data = reader.frame_bytes(snapshot.attempt_id, place + 1)
        body_at = columns.header[place]
        payload = data[body_at : body_at + columns.length[place]]
        if columns.flags[place] & FLAG_SENTINEL:
            assert data[body_at + len(payload) :] in (b"", b"\xff")
        found.append(framing.unmask(data[:body_at], payload, 0, sender=sender, agreed=snapshot.agreed))
    return found
