"""A plain word is found in every payload that holds it, and nowhere else."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.present.recording import BINARY, PING, TEXT, Recording, rows_of
from wsinspector.present.frames import FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.rows import Mode
from wsinspector.present.search import WordSearch


def found(recording: Recording, word: str) -> list[int]:
    rows = rows_of(recording, Mode.FRAMES)
    reading = FrameReading(recording.source())
    search = WordSearch(word, reading, rows.index, Inflation(reading))
    hits = b""
    while part := search.step(len(rows.index)):
        hits += part
    return [number for number, hit in enumerate(hits, 1) if hit]


def test_letters_match_in_either_case(recording: Recording) -> None:
    recording.received(TEXT, b"Hello")
    recording.sent(TEXT, b"say HELLO again")
    recording.received(PING, b"hell")
    recording.received(BINARY, b"\x00hello\xff")
    assert found(recording, "hello") == [1, 2, 4]


def test_no_syntax_is_wrong(recording: Recording) -> None:
    recording.received(TEXT, b"a (b[ c* \\")
    for word in ("(b[", "*", "\\", "a (", "[ c"):
        assert found(recording, word) == [1]


def test_headers_are_not_searched(recording: Recording) -> None:
    recording.received(TEXT, b"x" * 0x41)  # the length byte is an A
    recording.received(TEXT, b"aA")
    assert found(recording, "A") == [2]


def test_a_word_across_two_fragments(recording: Recording) -> None:
    recording.received(TEXT, b"wo", fin=False)
    recording.sent(TEXT, b"between")
    recording.received(0, b"rd")
    assert found(recording, "word") == [3]
    recording.sent(TEXT, b"se", fin=False)
    recording.sent(0, b"nt")
    assert found(recording, "sent") == [5]


def test_two_frames_are_not_one_text(recording: Recording) -> None:
    recording.received(TEXT, b"wo")
    recording.received(TEXT, b"rd")
    assert found(recording, "word") == []


def test_compressed_payloads_are_searched_inflated(deflated: Recording) -> None:
    for number in range(5):
        deflated.compressed(f"some words, some words, number {number}")
    assert found(deflated, "NUMBER 3") == [4]


@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.text("ab", max_size=6), min_size=1, max_size=8), st.text("ab", min_size=1, max_size=3))
def test_like_python_itself(tmp_path_factory: object, texts: list[str], word: str) -> None:
    path = tmp_path_factory.mktemp("search") / "one.wsi"  # type: ignore[attr-defined]
    recording = Recording(path)
    try:
        for number, text in enumerate(texts):
            (recording.received if number % 2 else recording.sent)(TEXT, text.encode())
        assert found(recording, word) == [at for at, text in enumerate(texts, 1) if word in text]
    finally:
        recording.close()
