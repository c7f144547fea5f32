"""What is said of a message beside its wire bytes: shares, ratio, masking, and what the window held."""

from pathlib import Path

from tests.present.recording import TEXT, Recording
from tests.present.test_opened import opened
from wsinspector.present.shares import percent, share_of, told
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.deflate import DeflateParameters, Deflater


def test_fragments_have_shares_and_a_masked_message_says_so(tmp_path: Path) -> None:
    made = Recording(tmp_path / "a.wsi")
    made.sent(TEXT, b"one ", fin=False)
    made.sent(0, b"and two")
    found = opened(made, 1, 2)
    assert told(found) == (
        "2 frames: 12 bytes of headers and 11 bytes of payload. Each frame is masked with its own key."
    )
    second = share_of(found, 1)
    assert second is not None
    assert (second.number, second.header, second.payload, second.start, second.end) == (2, 6, 7, 4, 11)
    assert percent(second.gives, 11) == "64 %"
    made.close()


def test_the_ratio_and_the_window_that_goes_on(tmp_path: Path) -> None:
    made = Recording(tmp_path / "a.wsi", deflate=True)
    made.compressed("first " * 50)
    made.compressed("first " * 50)
    text = told(opened(made, 1))
    assert "which inflate to 300 bytes" in text
    assert text.endswith(
        "Its window, 32\u2009768 bytes (15 bits), goes on between messages and was empty before this one."
    )
    assert told(opened(made, 2)).endswith("goes on between messages, with 300 bytes before this one.")
    made.received(TEXT, b"plain")
    assert told(opened(made, 3)).endswith("Compression was agreed on; this message travelled without.")
    made.close()


def test_a_window_that_begins_empty_names_the_parameter(tmp_path: Path) -> None:
    agreed = Agreed(DeflateParameters(server_no_context_takeover=True, server_max_window_bits=10))
    made = Recording(tmp_path / "a.wsi", agreed=agreed)
    made.received(TEXT, Deflater(takeover=False).deflate(b"x"), rsv=4)
    assert told(opened(made, 1)).endswith(
        "Its window, 1\u2009024 bytes (10 bits), is empty before each message (server_no_context_takeover)."
    )
    made.close()


def test_percents_are_short() -> None:
    assert [percent(1, 3), percent(1, 1000), percent(0, 5), percent(3, 0)] == ["33 %", "0.1 %", "0 %", ""]
