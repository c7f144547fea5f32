"""A copy to share opens like any capture, and no byte of a secret is anywhere in its file."""

import json
import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.present.recording import CLOSE, IN, OUT, TEXT
from tests.share.crafted import Handshaken
from wsinspector.capture import AttemptRow, CaptureReader, CaptureWriter
from wsinspector.capture.rows import LEFT_OUT
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.options import Options
from wsinspector.conversation.restore import restored_attempt, restored_attempts
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.conversation.state import draft_from_json, state_to_json
from wsinspector.present.frames import FrameReading
from wsinspector.present.source import AttemptSource
from wsinspector.protocol.accept import accept_for
from wsinspector.protocol.draft import Draft
from wsinspector.protocol.spans import Role
from wsinspector.share.export import export
from wsinspector.share.formats import format_called
from wsinspector.share.leaving import Leaving
from wsinspector.share.leaving_values import Cancelled
from wsinspector.share.shared_capture import META, left_out_of
from wsinspector.share.shared_copy import save_copy

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
COOKIE = b"sid=deadbeefcafe"
TOKEN = b"abcdef0123456789"
QUERY = b"qqqqwwwweeee"
SWITCHED_OFF = b"off-off-off-off"
SET = b"set-by-the-server"
SECRETS = (COOKIE, b"deadbeefcafe", TOKEN, QUERY, SWITCHED_OFF, SET)
URL = f"ws://me:pass-w0rd@a.example/chat?token={QUERY.decode()}"

REQUEST = (
    b"GET /chat?token=" + QUERY + b" HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nCookie: " + COOKIE + b"\r\nAuthorization: Bearer " + TOKEN + b"\r\n"
    b"Sec-WebSocket-Protocol: chat, bearer-" + TOKEN + b", bearer-" + TOKEN[::-1] + b"\r\n"
    b"Sec-WebSocket-Key: " + KEY + b"\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
ANSWER = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: " + accept_for(KEY) + b"\r\nSet-Cookie: sid=" + SET + b"; Path=/\r\n"
    b"Sec-WebSocket-Protocol: chat\r\n\r\n"
)


def recorded(path: Path, *, end: bool = True) -> Handshaken:
    made = Handshaken(
        path,
        REQUEST,
        ANSWER,
        {"url": URL, "hint": "the peer quoted " + TOKEN.decode(), "end": None},
        cuts=[REQUEST.index(TOKEN) + 5],
    )
    draft = Draft.from_bytes(REQUEST)
    at = next(number for number, line in enumerate(draft.lines) if line.name == b"Authorization")
    draft = draft.with_edited_value(at, b"Bearer " + SWITCHED_OFF).switched(at, False)
    made.writer.update_conversation(
        1, title=f"{URL} by hand", state=state_to_json(URL, draft, Options()), draft=draft.to_bytes()
    )
    made.sent(TEXT, b"I am " + TOKEN)
    made.received(TEXT, b"hello " + TOKEN + b", your cookie is deadbeefcafe")
    made.attempt.event("note", made.now, {"text": "with " + COOKIE.decode(), "base64": "R0VUIC8="})
    made.attempt.checkpoint(IN, 1, b"inflated with " + TOKEN)
    made.attempt.checkpoint(IN, 2, b"inflated without")
    made.sent(CLOSE, b"\x03\xe8bye")
    if end:
        made.end()
        made.close()
    return made


def opened(path: Path) -> tuple[CaptureReader, AttemptSnapshot]:
    reader = CaptureReader(path)
    return reader, restored_attempts(reader, 1)[0].snapshot


def test_no_secret_is_anywhere_in_the_file(tmp_path: Path) -> None:
    source = recorded(tmp_path / "a.wsi").path
    marked = CaptureWriter.open(source)
    marked.set_mark(1, 1, "seen " + TOKEN.decode(), "a note on " + COOKIE.decode())
    marked.close()
    before = source.read_bytes()
    for secret in (*SECRETS, b"pass-w0rd"):
        assert secret in before, "or the test would prove nothing"
    folder = tmp_path / "to share"
    folder.mkdir()
    copy = save_copy(source, folder / "b.wsi")
    data = copy.path.read_bytes()
    for secret in (*SECRETS, b"pass-w0rd", TOKEN[::-1]):
        assert secret not in data
    assert os.listdir(folder) == ["b.wsi"], "neither a journal nor a file on the way"
    assert copy.path.stat().st_mode & 0o777 == 0o600
    assert copy.size == len(data)
    with closing(sqlite3.connect(copy.path)) as connection:
        assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    told = {(each.where, each.length) for each in copy.left_out}
    assert ("Cookie of the request", len(COOKIE)) in told
    assert ("frame 1", len(TOKEN)) in told
    assert source.read_bytes() == before


def test_the_copy_opens_as_the_capture_does_and_nothing_moved(tmp_path: Path) -> None:
    source = recorded(tmp_path / "a.wsi").path
    copy = save_copy(source, tmp_path / "b.wsi").path
    (first, was), (second, now) = opened(source), opened(copy)
    with first, second:
        for direction in (OUT, IN):
            length = first.stream_length(1, direction)
            assert second.stream_length(1, direction) == length
            assert second.reads(1, direction) == first.reads(1, direction)
            raw, shown = first.stream(1, direction, 0, length), second.stream(1, direction, 0, length)
            gaps = [gap for gap in left_out_of(second, 1) if gap.direction is direction]
            assert gaps
            for at in range(length):
                within = any(gap.start <= at < gap.stop for gap in gaps)
                assert within or raw[at] == shown[at]
        assert second.columns(1, 1, 9) == first.columns(1, 1, 9)
        assert (now.outcome, now.phase, now.agreed, now.frames) == (
            was.outcome,
            was.phase,
            was.agreed,
            was.frames,
        )
        assert was.verdict is not None
        assert now.verdict is not None
        assert [each.rule for each in now.verdict.findings] == [each.rule for each in was.verdict.findings]
        assert now.dropped == (), "what was left out was not lost"
        assert now.subprotocol == "chat"
        reading = FrameReading(AttemptSource(second, 1), now.agreed, Role.CLIENT)
        texts = [reading.payload(facts, 0, 99) for number in (1, 2) if (facts := reading.facts(number))]
        assert texts[0].startswith(b"I am *")
        assert len(texts[0]) == 5 + len(TOKEN)
        assert texts[1].startswith(b"hello *")
        row = second.conversations()[0]
        draft = draft_from_json(row.state["draft"])
        off = next(line for line in draft.lines if line.name == b"Authorization")
        assert (off.enabled, off.value) == (False, b"Bearer " + b"*" * len(SWITCHED_OFF))
        assert len(row.draft) == len(first.conversations()[0].draft)
        assert second.checkpoint_before(1, IN, 9) == (2, b"inflated without")
        assert second.checkpoint_before(1, IN, 2) is None, "it held a secret"
        told = json.loads(second.meta()[META])
        assert (told["secrets"], told["payloads"]) == (True, False)
        assert any(line.startswith("Cookie of the request: 16 bytes") for line in told["list"])
    writer = CaptureWriter.open(copy)  # it can be gone on with
    assert writer.new_conversation("more", {}) == 2
    assert writer.close().trouble is None


def test_two_secrets_that_differed_still_differ(tmp_path: Path) -> None:
    copy = save_copy(recorded(tmp_path / "a.wsi").path, tmp_path / "b.wsi").path
    reader, now = opened(copy)
    with reader:
        offered = next(
            line for line in now.request.split(b"\r\n") if line.startswith(b"Sec-WebSocket-Protocol")
        ).split(b", ")
    assert len(offered) == 3
    assert offered[1] != offered[2]


def test_without_payloads_every_header_stays(tmp_path: Path) -> None:
    source = recorded(tmp_path / "a.wsi").path
    made = save_copy(source, tmp_path / "b.wsi", payloads=False)
    assert not made.payloads
    data = made.path.read_bytes()
    for said in (b"hello", b"your cookie is", b"I am", b"bye", TOKEN):
        assert said not in data
    (first, was), (second, now) = opened(source), opened(made.path)
    with first, second:
        columns = second.columns(1, 1, 9)
        assert columns == first.columns(1, 1, 9)
        reading = FrameReading(AttemptSource(second, 1), now.agreed, Role.CLIENT)
        before = FrameReading(AttemptSource(first, 1), was.agreed, Role.CLIENT)
        for number in (1, 2, 3):
            facts = reading.facts(number)
            assert facts is not None
            assert reading.header(facts) == before.header(facts)
            payload = reading.payload(facts, 0, 99)
            assert payload == (b"\x03\xe8\0\0\0" if number == 3 else bytes(facts.length))
        assert any("zeros" in gap.reason for gap in left_out_of(second, 1))
        assert second.checkpoint_before(1, IN, 9) is None
        assert json.loads(second.meta()[META])["payloads"] is True


def test_with_secrets_it_is_the_same_capture(tmp_path: Path) -> None:
    source = recorded(tmp_path / "a.wsi").path
    copy = save_copy(source, tmp_path / "b.wsi", with_secrets=True)
    assert copy.left_out == ()
    queries = [
        "SELECT * FROM conversation", "SELECT * FROM attempt", "SELECT * FROM event",
        "SELECT * FROM checkpoint",
        "SELECT attempt, direction, start, length, reads, data FROM segment ORDER BY 1, 2, 3",
        "SELECT attempt, first_no, frames, in_end, out_end, columns FROM block ORDER BY 1, 2",
    ]  # fmt: skip
    with closing(sqlite3.connect(source)) as first, closing(sqlite3.connect(copy.path)) as second:
        for query in queries:
            assert second.execute(query).fetchall() == first.execute(query).fetchall()


def test_a_live_capture_is_copied_at_one_moment(tmp_path: Path) -> None:
    recording = recorded(tmp_path / "a.wsi", end=False)
    assert recording.writer.flush(10)
    folder = tmp_path / "to share"
    folder.mkdir()
    copy = save_copy(recording.path, folder / "b.wsi")
    recording.received(TEXT, b"later")
    recording.close()
    reader, now = opened(copy.path)
    with reader:
        assert now.frames == 3
    assert TOKEN not in copy.path.read_bytes()
    assert os.listdir(folder) == ["b.wsi"]


def test_only_what_was_chosen_is_in_the_copy(tmp_path: Path) -> None:
    source = recorded(tmp_path / "a.wsi").path
    writer = CaptureWriter.open(source)
    other = writer.new_conversation("another", {}, b"GET /another HTTP/1.1\r\n\r\n")
    writer.close()
    copy = save_copy(source, tmp_path / "b.wsi", conversations=[other])
    with CaptureReader(copy.path) as reader:
        assert [row.title for row in reader.conversations()] == ["another"]
        assert reader.attempts() == []
    assert copy.left_out == ()


def test_nothing_is_left_of_a_copy_that_was_given_up(tmp_path: Path) -> None:
    source = recorded(tmp_path / "a.wsi").path
    folder = tmp_path / "to share"
    folder.mkdir()
    asked = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 2

    with pytest.raises(Cancelled):
        save_copy(source, folder / "b.wsi", cancelled=cancelled)
    (folder / "there.wsi").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        save_copy(source, folder / "there.wsi")
    assert os.listdir(folder) == ["there.wsi"]
    assert (folder / "there.wsi").read_bytes() == b"mine"
    save_copy(source, folder / "there.wsi", overwrite=True)
    assert LEFT_OUT.encode() in (folder / "there.wsi").read_bytes()


def test_one_attempt_is_a_capture_of_its_own(tmp_path: Path) -> None:
    source = recorded(tmp_path / "a.wsi").path
    writer = CaptureWriter.open(source)
    writer.new_attempt(1, 2, wall_ns=1, mono_ns=1, facts={"url": "ws://another.example/"}).finish()
    writer.close()
    with CaptureReader(source) as reader:
        row = reader.conversations()[0]
        attempt = restored_attempts(reader, 1)[0]
        leaving = Leaving(reader, attempt.snapshot, attempt.options, conversation=row)
        made = export(tmp_path / "b.wsi", format_called("wsi"), leaving)
    assert TOKEN not in made.path.read_bytes()
    assert any(each.where == "Cookie of the request" for each in made.left_out)
    reader, now = opened(made.path)
    with reader:
        assert [row.number for row in reader.attempts()] == [1]
        assert now.frames == 3


def test_of_chosen_frames_only_these_keep_their_payloads(tmp_path: Path) -> None:
    recording = recorded(tmp_path / "a.wsi", end=False)
    recording.received(TEXT, b"more for everybody")
    recording.end()
    recording.close()
    with CaptureReader(recording.path) as reader:
        row = reader.conversations()[0]
        attempt = restored_attempts(reader, 1)[0]
        leaving = Leaving(reader, attempt.snapshot, attempt.options, conversation=row, numbers=[1, 4])
        made = export(tmp_path / "b.wsi", format_called("wsi"), leaving)
    reader, now = opened(made.path)
    with reader:
        reading = FrameReading(AttemptSource(reader, 1), now.agreed, Role.CLIENT)
        found = [reading.payload(facts, 0, 99) for number in range(1, 5) if (facts := reading.facts(number))]
        assert found[0] == b"I am " + b"*" * (len(TOKEN) - 1) + b"2", "the second of that length"
        assert not any(found[1])
        assert found[2:] == [b"\x03\xe8\0\0\0", b"more for everybody"]
        assert any("not chosen" in gap.reason for gap in left_out_of(reader, 1))


def test_a_message_with_a_secret_in_compressed_data_stays_whole_and_is_said(tmp_path: Path) -> None:
    more = b"Sec-WebSocket-Extensions: permessage-deflate\r\n"
    asked, answered = (each.replace(b"\r\n\r\n", b"\r\n" + more + b"\r\n") for each in (REQUEST, ANSWER))
    recording = Handshaken(tmp_path / "a.wsi", asked, answered, {}, deflate=True)
    recording.compressed("nothing to hide")
    recording.compressed("you are " + TOKEN.decode())
    recording.end()
    recording.close()
    copy = save_copy(recording.path, tmp_path / "b.wsi")
    assert all(each.removed for each in copy.left_out)
    (whole,) = [each for each in copy.left_out if "whole payload" in each.where]
    assert whole.where.startswith("the whole payload of message 2, frame 2")
    reader, _ = opened(copy.path)
    with reader:
        told = json.loads(reader.meta()[META])["list"]
        (place,) = [gap for gap in left_out_of(reader, 1) if "whole payload" in gap.reason]
        assert place.stop - place.start == whole.length
    assert whole.text in told


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.binary(max_size=300), st.booleans()), max_size=12),
    st.sampled_from(Role),
    st.binary(min_size=6, max_size=20).filter(lambda value: not set(value) & set(b'\r\n\x00 \t,;="%:/?&#@')),
)
def test_whatever_travelled_the_secret_does_not(
    said: list[tuple[bool, bytes, bool]], role: Role, secret: bytes
) -> None:
    request = (
        b"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + secret + b"\r\nUpgrade: websocket\r\n\r\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        recording = Handshaken(Path(folder) / "a.wsi", request, ANSWER, {}, role=role)
        for ours, payload, with_secret in said:
            (recording.sent if ours else recording.received)(2, payload + (secret + payload) * with_secret)
        recording.end()
        recording.close()
        copy = save_copy(recording.path, Path(folder) / "b.wsi")
        (first, was), (second, now) = opened(recording.path), opened(copy.path)
        with first, second:
            before = FrameReading(AttemptSource(first, 1), was.agreed, role)
            after = FrameReading(AttemptSource(second, 1), now.agreed, role)
            for number in range(1, len(said) + 1):
                raw, shown = before.facts(number), after.facts(number)
                assert raw == shown
                assert raw is not None
                clear, left = before.payload(raw, 0, 1 << 20), after.payload(raw, 0, 1 << 20)
                assert secret not in left
                assert left == clear.replace(secret, b"*" * len(secret))


def test_each_attempt_is_restored_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = recorded(tmp_path / "a.wsi").path
    seen: list[int] = []

    def counted(reader: CaptureReader, row: AttemptRow) -> Attempt:
        seen.append(row.id)
        return restored_attempt(reader, row)

    monkeypatch.setattr("wsinspector.share.shared_capture.restored_attempt", counted)
    save_copy(source, tmp_path / "b.wsi")
    assert seen == [1]


def test_values_of_variables_stay_behind(tmp_path: Path) -> None:
    made = recorded(tmp_path / "a.wsi", end=False)
    value = "value-of-a-variable"
    options = Options(variables=(("key", value),))
    made.writer.update_conversation(
        1, title="t", state=state_to_json(URL, Draft.from_bytes(REQUEST), options), draft=REQUEST
    )
    made.attempt.update({"url": URL, "options": options.to_json(), "end": None})
    made.end()
    made.close()
    assert value.encode() in made.path.read_bytes(), "or the test would prove nothing"
    copy = save_copy(made.path, tmp_path / "b.wsi")
    assert value.encode() not in copy.path.read_bytes()
