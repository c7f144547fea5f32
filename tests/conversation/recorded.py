"""Captures made of real scanners' work, without sockets: any dialect, both directions, cut anywhere."""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

from wsinspector.capture import AttemptWriter, CaptureWriter
from wsinspector.capture.sealing import seal_rows
from wsinspector.conversation.exchange import Exchange
from wsinspector.conversation.facts import end_to_json
from wsinspector.conversation.hand import accepting
from wsinspector.conversation.options import Options, policy_settings
from wsinspector.conversation.snapshot import End, EndedBy, EndKind
from wsinspector.conversation.state import state_to_json
from wsinspector.conversation.traffic import READ_AS
from wsinspector.protocol.accept import key_from
from wsinspector.protocol.deflate import Deflater
from wsinspector.protocol.dialects import dialect_called, with_dialect
from wsinspector.protocol.draft import DraftLine, standard_draft
from wsinspector.protocol.opcodes import BINARY, CLOSE, PING, PONG, TEXT
from wsinspector.protocol.spans import Direction, Role

DEFLATE = "permessage-deflate"


class Recording:
    """One attempt being recorded as a connection records it; times go up by a microsecond."""

    def __init__(
        self,
        writer: CaptureWriter,
        conversation: int,
        number: int,
        dialect: str = "rfc6455",
        *,
        deflate: bool = False,
        options: Options | None = None,
    ) -> None:
        options = options if options is not None else Options()
        draft = with_dialect(
            standard_draft(b"/chat", b"example.test", key_from(os.urandom(16))),
            dialect_called(dialect),
            os.urandom,
        )
        if deflate:
            line = DraftLine(name=b"Sec-WebSocket-Extensions", value=DEFLATE.encode())
            draft = draft.insert(len(draft.lines), line)
        request = draft.to_bytes()
        self.now = 10**9 * number
        self.exchange = Exchange(request, policy_settings(options), speak=options.speak)
        self.facts = {
            "url": "ws://example.test/chat",
            "options": options.to_json(),
            "dialect": self.exchange.spoken.proposed.name,
            "request_length": len(request),
            "request_at": self.now,
        }
        self.recorder: AttemptWriter = writer.new_attempt(
            conversation, number, wall_ns=10**18, mono_ns=self.now, facts=self.facts
        )
        self.recorder.bytes(Direction.OUT, request, self.tick())
        answer = accepting(
            request,
            secure=False,
            local="127.0.0.1:1",
            random=os.urandom,
            extensions=(DEFLATE,) if deflate else (),
        )
        self.came(answer)
        traffic = self.exchange.traffic
        assert traffic is not None
        self.traffic = traffic
        self.recorder.update({READ_AS: traffic.read_as})

    def tick(self) -> int:
        self.now += 1000
        return self.now

    def came(self, data: bytes) -> None:
        at = self.tick()
        self.recorder.bytes(Direction.IN, data, at)
        self.exchange.received(data, at)
        self.exchange.drain()
        self._hand_over()

    def went(self, data: bytes) -> None:
        at = self.tick()
        self.recorder.bytes(Direction.OUT, data, at)
        self.exchange.sent(data, at)
        self._hand_over()

    def _hand_over(self) -> None:
        self.recorder.frames(self.exchange.take())
        checkpoint = self.exchange.take_checkpoint()
        if checkpoint is not None:
            self.recorder.checkpoint(*checkpoint)

    def frame(self, sender: Role, opcode: int, payload: bytes, *, fin: bool = True, rsv: int = 0) -> bytes:
        """A frame of the dialect; empty where it has none of the kind."""
        able = self.traffic.abilities
        key = bytes((1, 2, 3, 4)) if sender is Role.CLIENT and able.masked else None
        try:
            return self.traffic.framing.encode(
                opcode, payload, sender=sender, agreed=self.traffic.agreed, key=key, fin=fin, rsv=rsv
            )
        except ValueError:
            return b""

    def end(self) -> None:
        at = self.tick()
        self.exchange.finish_frames(at)
        self._hand_over()
        end = End(EndKind.FIN, EndedBy.PEER, False, 1006, "", None, None, 0.0, 1.0, at)
        self.recorder.update({"end": end_to_json(end)})

    def chatter(self, chosen: Random, frames: int, *, garbage: bool = True) -> None:
        """Some ``frames`` of every kind in both directions, in pieces that begin and end anywhere."""
        streams = {Direction.IN: bytearray(), Direction.OUT: bytearray()}
        deflaters = {Role.CLIENT: Deflater(), Role.SERVER: Deflater()}
        deflate = self.traffic.agreed.deflate is not None
        for number in range(frames):
            direction = chosen.choice((Direction.IN, Direction.OUT))
            sender = Role.SERVER if direction is Direction.IN else Role.CLIENT
            opcode = chosen.choice((TEXT, TEXT, BINARY, PING, PONG, 0, 3, 11))
            payload = (
                chosen.randbytes(chosen.choice((0, 1, 5, 125, 126, 300)))
                if opcode != TEXT or chosen.random() < 0.2
                else f'{{"price": {number}}}'.encode() * chosen.choice((1, 20))
            )
            rsv = 0
            if opcode in (PING, PONG):
                payload = payload[:125]
            elif deflate and opcode in (TEXT, BINARY) and chosen.random() < 0.7:
                payload, rsv = deflaters[sender].deflate(payload), 4
            streams[direction] += self.frame(
                sender, opcode, payload, fin=chosen.random() < 0.85, rsv=rsv or int(chosen.random() < 0.05)
            )
            if garbage and chosen.random() < 0.01:
                streams[direction] += chosen.randbytes(3)
            self._pour(streams, chosen, keep=40)
        streams[Direction.IN] += self.frame(Role.SERVER, CLOSE, b"\x03\xe8bye")
        streams[Direction.OUT] += self.frame(Role.CLIENT, TEXT, b"after")[:-2]
        self._pour(streams, chosen, keep=0)

    def _pour(self, streams: dict[Direction, bytearray], chosen: Random, *, keep: int) -> None:
        while any(len(stream) > keep for stream in streams.values()):
            direction = chosen.choice((Direction.IN, Direction.OUT))
            data = bytes(streams[direction][: chosen.randint(1, 900)])
            del streams[direction][: len(data)]
            if data:
                (self.came if direction is Direction.IN else self.went)(data)


def new_conversation(writer: CaptureWriter, options: Options | None = None) -> int:
    draft = standard_draft(b"/chat", b"example.test", key_from(bytes(16)))
    state = state_to_json("ws://example.test/chat", draft, options if options is not None else Options())
    return writer.new_conversation("ws://example.test/chat", state, draft.to_bytes())


def recorded(
    path: Path,
    dialects: Sequence[str] = ("rfc6455",),
    *,
    frames: int = 200,
    seed: int = 6455,
    deflate: bool = False,
    cuts: int = 4,
    ended: bool = True,
) -> None:
    """A capture with a conversation of two attempts a dialect, in as many segments and blocks as cuts."""
    chosen = Random(seed)
    live = path.with_suffix(".live")
    writer = CaptureWriter.create(live)
    for name in dialects:
        options = replace(Options(), speak=name)
        conversation = new_conversation(writer, options)
        for number in (1, 2):
            recording = Recording(writer, conversation, number, name, deflate=deflate, options=options)
            recording.recorder.event("opened", recording.now, {"text": "é"})
            for _ in range(cuts):
                recording.chatter(chosen, frames // cuts)
                assert writer.flush(30)
            if ended:
                recording.end()
    assert writer.flush(30)
    # Taken before the small parts are merged, as a killed program leaves them.
    with closing(sqlite3.connect(live)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
        if ended:
            target.execute("UPDATE attempt SET finished = 1")
            seal_rows(
                target, "attempt", [row for (row,) in target.execute("SELECT id FROM attempt").fetchall()]
            )
            target.commit()
        target.execute("PRAGMA journal_mode = DELETE")
    writer.close()
    live.unlink()
