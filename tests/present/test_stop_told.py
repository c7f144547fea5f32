"""What the line means at which a conforming endpoint stops: frame, rule, close code, what then."""

from dataclasses import replace

from tests.present.recording import TEXT, Recording
from tests.present.test_rowtext import snapshot_of
from wsinspector.conversation.snapshot import Stop
from wsinspector.present.stop_told import StopTold, stop_told
from wsinspector.protocol.spans import Role

RESERVED = Stop(2, 1002, "reserved opcode", 0)


def text_of(told: StopTold | None) -> str:
    assert told is not None
    return "".join(piece.text for piece in told.pieces)


def test_frame_rule_and_code_are_told(recording: Recording) -> None:
    recording.received(TEXT, b"a")
    recording.received(0xB, b"")
    reading, snapshot = recording.reading(), snapshot_of(recording)
    assert stop_told(snapshot, reading) is None
    told = stop_told(replace(snapshot, would_stop=RESERVED), reading)
    assert told is not None
    assert (told.title, told.note) == ("A conforming client stops here", "at frame 2")
    assert [(field.clause, field.rule, field.end) for field in told.broken] == [
        ("RFC 6455 §5.2", "reserved-opcode", 0)
    ]
    assert text_of(told).startswith("1002 protocol error\n")
    assert text_of(told).endswith("This one is set to go on (tolerant).")
    server = stop_told(replace(snapshot, would_stop=RESERVED, role=Role.SERVER), reading)
    assert server is not None
    assert server.title == "A conforming server stops here"


def test_a_connection_that_was_failed_and_one_without_codes(recording: Recording) -> None:
    recording.received(TEXT, b"a")
    reading, snapshot = recording.reading(), snapshot_of(recording)
    failed = stop_told(replace(snapshot, stopped=RESERVED), reading)
    assert failed is not None
    assert failed.title == "The connection was failed here"
    assert "a Close frame with this code was due" in text_of(failed)
    uncoded = Stop(0, None, "reserved opcode", 0)
    told = stop_told(replace(snapshot, would_stop=uncoded), reading)
    assert told is not None
    assert told.note == "at the frame that is arriving"
    assert [field.meaning for field in told.broken] == ["reserved opcode"]
    assert text_of(told).startswith("It ends the connection without a close code")
