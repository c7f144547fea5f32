"""What reading under each dialect would come to, and the sentence that says which is read."""

from dataclasses import replace
from pathlib import Path

from tests.conversation.test_decoded import ANSWER, REQUEST, snapshot_of
from tests.present.recording import IN, OUT, Recording
from wsinspector.conversation.snapshot import Fit
from wsinspector.present.decoding import header, offers
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.dialects import DIALECTS

NONE_AT_FAULT = "2 frames, none at fault"


def test_every_dialect_with_what_it_makes_of_the_first_bytes(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "one.wsi")
    try:
        recording.wire(OUT, REQUEST)
        recording.wire(IN, ANSWER + b"\x00Hello\xff\x00again\xff")
        snapshot = snapshot_of(recording, REQUEST, ANSWER, Agreed(dialect="hybi-02"))
        reader = recording.source().reader
        found = {offer.dialect: offer for offer in offers(reader, snapshot)}
        assert list(found) == [dialect.name for dialect in DIALECTS]
        assert [name for name, offer in found.items() if offer.agreed] == ["hybi-02"]
        assert (found["hixie-76"].text, found["hixie-76"].faults) == (NONE_AT_FAULT, 0)
        assert found["hybi-02"].text == "no whole frame, 1 at fault"
        assert "no Sec-WebSocket-Nonce" in found["hybi-04"].note
        assert not any(offer.fits for offer in found.values())
        doubted = offers(reader, replace(snapshot, fit=Fit("hixie-76", "why")))
        assert [(each.dialect, each.reason) for each in doubted if each.fits] == [("hixie-76", "why")]
    finally:
        recording.close()


def test_before_any_frame_there_is_nothing_to_tell(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "one.wsi")
    try:
        recording.wire(OUT, REQUEST)
        recording.wire(IN, ANSWER)
        snapshot = snapshot_of(recording, REQUEST, ANSWER, Agreed(dialect="hixie-76"))
        found = offers(recording.source().reader, snapshot)
        assert {offer.text for offer in found} == {"no bytes of frames yet"}
    finally:
        recording.close()


def test_a_refusal_is_not_offered(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "one.wsi")
    try:
        refused = b"HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n"
        recording.wire(OUT, REQUEST)
        recording.wire(IN, refused)
        snapshot = snapshot_of(recording, REQUEST, refused, Agreed(dialect="hixie-76"))
        assert offers(recording.source().reader, snapshot) == ()
    finally:
        recording.close()


def test_the_header_says_what_is_read() -> None:
    assert header("hixie-76", "hybi-02") == "Read as hixie-76; agreed was hybi-02. The bytes are the same."
    assert header("hixie-76", "hixie-76") == ""
