"""Payloads joined, inflated and laid out; nothing rounded, nothing hidden, everything left out said."""

import json
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.present.recording import BINARY, CLOSE, IN, TEXT, Recording
from wsinspector.present import inflation as inflation_module
from wsinspector.present import jsontext
from wsinspector.present.copying import as_hex, as_json, as_text
from wsinspector.present.frames import FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.payload import Payload, View, content_of, first_view, read_payload
from wsinspector.present.plain import preview, visible

THIN = "\u2009"


def read(recording: Recording, *numbers: int, at_most: int = 1 << 20) -> Payload:
    reading = FrameReading(recording.source())
    payload = read_payload(reading, Inflation(reading), array("Q", numbers), at_most)
    assert payload is not None
    return payload


def whole(data: bytes, opcode: int = TEXT) -> Payload:
    return Payload(data, len(data), len(data), 1, opcode)


def test_a_masked_payload_is_unmasked_from_any_byte(recording: Recording) -> None:
    recording.sent(TEXT, b"hello, world")
    reading = FrameReading(recording.source())
    facts = reading.facts(1)
    assert facts is not None
    for start in range(12):
        assert reading.payload(facts, start, 100) == b"hello, world"[start:]
    assert reading.payload(facts, 3, 2) == b"lo"


def test_fragments_are_joined_only_as_far_as_needed(recording: Recording) -> None:
    recording.received(TEXT, b"x" * 50, fin=False)
    recording.received(0, b"y" * 50)
    payload = read(recording, 1, 2, at_most=60)
    assert payload.data == b"x" * 50 + b"y" * 10
    assert (payload.total, payload.left_out, payload.frames) == (100, 40, 2)
    assert content_of(payload, View.TEXT).note == "100 bytes, joined from 2 frames, the first 60 bytes shown"


def test_compressed_messages_are_inflated_with_what_came_before(deflated: Recording) -> None:
    texts = [f"the same words again, number {number}" for number in range(40)]
    for text in texts:
        deflated.compressed(text)
    assert read(deflated, 40).data.decode() == texts[-1]
    reading = FrameReading(deflated.source())
    inflation = Inflation(reading)
    for number in (30, 5, 31, 40, 1):
        payload = read_payload(reading, inflation, array("Q", [number]), 1 << 20)
        assert payload is not None
        assert payload.data.decode() == texts[number - 1]
        assert payload.compressed
    seen = inflation.seen(40)
    assert seen is not None
    assert seen.beginning.decode() == texts[-1]


def test_a_stored_window_saves_the_walk(deflated: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inflation_module, "FAR", 5)
    for number in range(60):
        deflated.compressed(f"the same words again, number {number}")
        if number == 49:
            window = deflated.scanners[IN].checkpoint()
            assert window is not None
            deflated.attempt.checkpoint(IN, 50, window)
    reading = FrameReading(deflated.source())
    inflation = Inflation(reading)
    payload = read_payload(reading, inflation, array("Q", [58]), 1 << 20)
    assert payload is not None
    assert payload.data == b"the same words again, number 57"
    assert inflation.seen(49) is None
    assert inflation.seen(51) is not None


def test_a_compressed_message_in_fragments(deflated: Recording) -> None:
    data = deflated.deflater.deflate(b"one two three one two three")
    deflated.received(TEXT, data[:5], fin=False, rsv=4)
    deflated.received(0, data[5:])
    payload = read(deflated, 1, 2)
    assert payload.data == b"one two three one two three"
    assert "inflated from" in content_of(payload, View.TEXT).note


def test_what_does_not_inflate_says_so(deflated: Recording) -> None:
    deflated.received(TEXT, b"\xff\xff\xff\xff", rsv=4)
    payload = read(deflated, 1)
    assert payload.fault is not None
    assert "does not inflate" in content_of(payload, View.TEXT).note


def test_a_cut_frame_says_what_is_missing(recording: Recording) -> None:
    recording.wire(IN, b"\x81\x05hel")
    recording.end()
    payload = read(recording, 1)
    assert payload.data == b"hel"
    assert payload.missing == 2
    assert "2 bytes announced never came" in content_of(payload, View.TEXT).note


def test_json_is_offered_where_it_looks_like_it() -> None:
    assert first_view(whole(b' {"a": 1}')) is View.JSON
    assert first_view(whole(b"plain")) is View.TEXT
    assert first_view(whole(b"\x89PNG", BINARY)) is View.HEX


def test_json_keeps_every_literal_as_it_came() -> None:
    text = '{"n":18.40,"big":12345678901234567890123,"e":1E+2,"k":1,"k":2,"s":"\\u00e9\\n"}'
    content = content_of(whole(text.encode()), View.JSON)
    for literal in ("18.40", "12345678901234567890123", "1E+2", '"\\u00e9\\n"'):
        assert literal in content.text
    assert content.text.count('"k"') == 2


def test_small_values_stay_on_one_line() -> None:
    text = '{"event":"price","items":[{"sku":"A-113","eur":18.40},{"sku":"A-114","eur":21.00}],"seq":9114}'
    assert content_of(whole(text.encode()), View.JSON).text == (
        '{\n  "event": "price",\n  "items": [\n    { "sku": "A-113", "eur": 18.40 },\n'
        '    { "sku": "A-114", "eur": 21.00 }\n  ],\n  "seq": 9114\n}'
    )


def test_what_is_no_json_is_shown_as_text_with_the_reason() -> None:
    content = content_of(whole(b'{"a": }'), View.JSON)
    assert content.view is View.TEXT
    assert content.text == '{"a": }'
    assert content.fault.startswith("No JSON: Expecting value (line 1, column 7)")
    assert content_of(whole(b"[NaN]"), View.JSON).fault == "No JSON: NaN is no JSON."


def test_json_above_the_limit_is_said_and_shown_as_text() -> None:
    data = b'["' + b"a" * jsontext.LIMIT + b'"]'
    content = content_of(whole(data), View.JSON)
    assert content.view is View.TEXT
    assert content.fault == "Over 1 MiB: not parsed as JSON, shown as text."
    assert "the first 262" in content.note


@pytest.mark.parametrize("deep", [2000, 100_000])
def test_json_nested_too_deeply_is_not_called_no_json(deep: int) -> None:
    content = content_of(whole(b"[" * deep + b"]" * deep), View.JSON)
    assert content.fault == "Nested too deeply to be checked as JSON, shown as text."
    assert content.deep
    assert content.view is View.TEXT
    assert content.text == "[" * deep + "]" * deep


@given(st.integers(1, 1500))
@settings(max_examples=30, deadline=None)
def test_whatever_its_depth_json_is_laid_out_or_said_to_be_deep(deep: int) -> None:
    data = b'{"a":[' * deep + b"1" + b"]}" * deep
    content = content_of(whole(data), View.JSON)
    assert content.deep or (content.fault == "" and content.text.count("{") == deep)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(values)
def test_the_layout_is_the_same_json(value: object) -> None:
    laid_out = "".join(piece.text for piece in jsontext.pretty(json.dumps(value)))
    assert json.loads(laid_out) == value


def test_close_is_told_by_the_registry() -> None:
    content = content_of(whole(b"\x03\xeagone", CLOSE), View.TEXT)
    assert content.text == "1002 protocol error\nThe other side broke the protocol.\ngone"


def test_bad_utf8_names_its_byte() -> None:
    content = content_of(whole(b"ab\xffcd"), View.TEXT)
    assert content.text == "ab\\xffcd"
    assert content.fault.startswith("Not UTF-8 from byte 2 on")


@given(st.text())
def test_nothing_shown_is_invisible(text: str) -> None:
    shown = visible(text)
    assert not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in shown)
    assert not any(c in shown for c in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200b\u200d\ufeff\u2028")
    assert visible(shown) == shown


@given(st.binary(max_size=60), st.integers(1, 20))
def test_a_preview_never_fails(data: bytes, at_most: int) -> None:
    assert len(preview(data, at_most)) <= at_most + 1


def test_a_preview_does_not_cut_a_character() -> None:
    assert preview("ääää".encode(), 5) == "ää…"


@pytest.fixture
def copied(recording: Recording) -> tuple[FrameReading, list["array[int]"]]:
    recording.received(TEXT, b"one ", fin=False)
    recording.received(0, b"two")
    recording.sent(BINARY, b"\x00\xff")
    return FrameReading(recording.source()), [array("Q", (1, 2)), array("Q", (3,))]


def test_copying(copied: tuple[FrameReading, list["array[int]"]]) -> None:
    reading, rows = copied
    inflation = Inflation(reading)
    assert as_text(reading, inflation, rows) == "one two\n\x00\\xff"
    assert as_hex(reading, inflation, rows).splitlines()[-1].startswith("0000  00 ff")
    lines = [json.loads(line) for line in as_json(reading, rows, 0).splitlines()]
    assert [line["no"] for line in lines] == [1, 2, 3]
    assert lines[0] == {
        "no": 1,
        "dir": "in",
        "at": 1.001,
        "fin": False,
        "rsv": 0,
        "opcode": 1,
        "masked": False,
        "key": None,
        "length": 4,
        "payload": "b25lIA==",
        "findings": [],
    }
    assert lines[2]["payload"] == "AP8="
    assert lines[2]["key"] == "37fa213e"
