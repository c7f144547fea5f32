"""What is without end at the other side stays bounded here, and loses nothing that was said to be kept."""

import contextlib
import json
import sqlite3
import subprocess
import sys
import zlib
from array import array
from pathlib import Path
from random import Random

import pytest

from tests.conversation.conftest import Peers, Tabs
from tests.conversation.recorded import Recording, new_conversation
from wsinspector.capture import CaptureReader, CaptureWriter
from wsinspector.capture.listing import BATCH, listed_conversations
from wsinspector.conversation.checked import check_file
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import INFLATE_LIMIT, Options
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link
from wsinspector.present.frames import FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.payload import note_of, read_payload
from wsinspector.present.source import AttemptSource
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.deflate import Deflater, InflateFault
from wsinspector.protocol.opcodes import BINARY, TEXT
from wsinspector.protocol.spans import Direction, Role

ROOT = Path(__file__).parents[2]
DECLARED = 4 << 30
SENT = 3 << 20
WAIT = 20.0


def test_a_frame_of_4_gib_is_seen_while_it_arrives(peers: Peers, tabs: Tabs) -> None:
    async def slowly(link: Link, inbox: Inbox, request: bytes) -> None:
        del request
        link.write(b"\x82\x7f" + DECLARED.to_bytes(8, "big"))
        for _ in range(SENT >> 16):
            link.write(bytes(1 << 16))
            await link.drained()
        while await inbox.read():
            pass

    conversation = tabs.new(f"ws://127.0.0.1:{peers.upgraded(slowly)}/")
    attempt = conversation.connect()
    assert attempt is not None
    seen = attempt.wait_for(
        lambda now: bool(now.pending) and now.pending[0].have == SENT and now.bytes_in > SENT, WAIT
    )
    assert seen is not None
    assert (seen.pending[0].length, seen.frames) == (DECLARED, 0)
    attempt.abort()
    ended = attempt.wait_for(lambda now: not now.live and now.frames == 1, WAIT)
    assert ended is not None
    reader = conversation.reader()
    assert reader is not None
    columns = reader.columns(attempt.attempt_id, 1, 1)
    assert columns.length[0] == DECLARED
    assert columns.anomalies[0] & FrameAnomaly.TRUNCATED
    assert len(reader.frame_bytes(attempt.attempt_id, 1)) == SENT + 10


def test_a_full_disk_stops_reading_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.wsi"
    command = [sys.executable, "-m", "tests.conversation.full_disk_connection", str(path)]
    told = json.loads(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)
    assert told["trouble"]
    assert told["waiting"] < 40 << 20  # the hand-over, and what was under way
    assert (told["dropped"], told["losses"], told["after"]) == ({}, [], "")
    assert told["frames"] == 900
    report = check_file(path)
    assert report.findings == ()
    assert report.counts["compared"] == 900


@pytest.fixture
def compressed(tmp_path: Path) -> tuple[Path, list[bytes]]:
    """A stream with takeover whose later messages cannot be inflated without what came before."""
    path = tmp_path / "a.wsi"
    chosen = Random(7692)
    writer = CaptureWriter.create(path)
    recording = Recording(writer, new_conversation(writer), 1, deflate=True)
    deflater = Deflater()
    words = [chosen.randbytes(3000) for _ in range(8)]
    texts = []
    for _ in range(1200):
        text = chosen.choice(words) + chosen.randbytes(5000)
        texts.append(text)
        recording.came(recording.frame(Role.SERVER, BINARY, deflater.deflate(text), rsv=4))
    recording.end()
    writer.close()
    return path, texts


def test_any_message_of_a_long_compressed_stream_opens_quickly_after_reopening(
    compressed: tuple[Path, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, texts = compressed
    fed = 0
    original = zlib.decompressobj

    class Counting:
        def __init__(self, *arguments: object, **named: object) -> None:
            self._inner = original(*arguments, **named)  # type: ignore[arg-type]

        def decompress(self, data: bytes, size: int) -> bytes:
            nonlocal fed
            fed += len(data) - len(self._inner.unconsumed_tail)
            return self._inner.decompress(data, size)

        def __getattr__(self, name: str) -> object:
            return getattr(self._inner, name)

    monkeypatch.setattr("wsinspector.protocol.deflate.zlib.decompressobj", Counting)
    with CaptureReader(path) as reader:
        assert reader.checkpoint_before(1, Direction.IN, 1 << 30) is not None
        engine = Engine()
        snapshot = Conversation.open(engine, path).attempts[0].snapshot
        for number in (1200, 400, 1199, 900, 2):
            fed = 0
            inflation = Inflation(FrameReading(AttemptSource(reader, 1), snapshot.agreed))
            found = inflation.message(Direction.IN, number, number, 1 << 20)
            assert b"".join(found.parts) == texts[number - 1]
            assert fed < 5 << 20, number


def test_a_bomb_inflates_to_the_limit_and_says_so(tmp_path: Path) -> None:
    bomb = Deflater().deflate(bytes(8 << 20))
    assert len(bomb) * 900 < 8 << 20
    for limit in (1 << 20, 0):
        path = tmp_path / f"{limit}.wsi"
        writer = CaptureWriter.create(path)
        options = Options(max_inflated=limit)
        conversation = new_conversation(writer, options)
        recording = Recording(writer, conversation, 1, deflate=True, options=options)
        recording.came(recording.frame(Role.SERVER, TEXT, bomb, rsv=4))
        recording.end()
        writer.close()
        assert check_file(path).findings == ()
        snapshot = Conversation.open(Engine(), path).attempts[0].snapshot
        assert snapshot.agreed.inflate_limit == (limit or INFLATE_LIMIT)
        with CaptureReader(path) as reader:
            stopped = bool(reader.columns(1, 1, 1).anomalies[0] & FrameAnomaly.INFLATE_LIMIT)
            assert stopped == bool(limit)
            reading = FrameReading(AttemptSource(reader, 1), snapshot.agreed)
            payload = read_payload(reading, Inflation(reading), array("Q", (1,)), 1 << 30)
        assert payload is not None
        assert (payload.fault is InflateFault.LIMIT) == bool(limit)
        if limit:
            assert payload.total <= limit
            assert "stopped at the limit of 1\u2009048\u2009576 bytes" in note_of(payload, 10)


def of_many_conversations(path: Path, count: int) -> None:
    """A capture of ``count`` conversations of one frame each."""
    writer = CaptureWriter.create(path)
    for number in range(count):
        recording = Recording(writer, new_conversation(writer), 1)
        recording.came(b"\x81\x02hi")
        recording.end()
        recording.recorder.finish(soon=False)
        if not number % 1000:
            assert writer.flush(60)
    assert writer.close().one_file
    assert len(writer._attempts) == 0


def look_at_many(path: Path, count: int) -> None:
    with CaptureReader(path) as reader:
        assert reader.conversation_count() == count
        last = reader.conversation_ids()[-1]
    batches = listed_conversations(path)
    assert len(next(batches)) == BATCH  # rows show before all are read
    assert BATCH + sum(map(len, batches)) == count
    opened = Conversation.open(Engine(), path, last)
    assert opened.attempts[0].snapshot.frames_in == 1
    opened.close()


def test_conversations_of_one_frame_are_listed_and_opened(tmp_path: Path) -> None:
    path, count = tmp_path / "a.wsi", 3 * BATCH + 1
    of_many_conversations(path, count)
    look_at_many(path, count)


# The columns that differ from copy to copy, and the table whose highest id they are apart.
COPIED = {
    "conversation": {"id": "conversation"},
    "attempt": {"id": "attempt", "conversation": "conversation"},
    "segment": {"id": "segment", "attempt": "attempt"},
    "block": {"id": "block", "attempt": "attempt"},
    "event": {"attempt": "attempt"},
}


@pytest.mark.slow
def test_a_hundred_thousand_conversations_of_one_frame(tmp_path: Path) -> None:
    """A thousand as they are written, and copies of their rows: all of them would take minutes."""
    path, written, times = tmp_path / "a.wsi", 1000, 100
    of_many_conversations(path, written)
    with contextlib.closing(sqlite3.connect(path)) as file, file:
        file.execute("DELETE FROM seal")  # which hold for the rows that were written
        file.execute("CREATE TEMP TABLE copy (number)")
        file.executemany("INSERT INTO copy VALUES (?)", [(number,) for number in range(1, times)])
        apart = {
            table: file.execute(f"SELECT max(id) FROM {table}").fetchone()[0]
            for table in ("conversation", "attempt", "segment", "block")
        }
        for table, differing in COPIED.items():
            names = [row[1] for row in file.execute(f"PRAGMA table_info({table})")]
            values = [
                f"{table}.{name} + copy.number * {apart[differing[name]]}"
                if name in differing
                else f"{table}.{name}"
                for name in names
            ]
            file.execute(f"INSERT INTO {table} SELECT {', '.join(values)} FROM copy, {table}")
    look_at_many(path, written * times)
