"""Requests as real clients write them, for another address."""

import pytest

from wsinspector.conversation.presets import Preset, draft_as, presets
from wsinspector.protocol.address import understand
from wsinspector.protocol.draft import KEY, Draft, Generated

ADDRESS = understand("wss://a.example:8443/room?x=1")
NEW_KEY = b"AAAAAAAAAAAAAAAAAAAAAA=="


def test_every_recording_says_where_it_is_from() -> None:
    found = presets()
    names = {preset.name for preset in found}
    assert {
        "Chromium",
        "Firefox ESR",
        "Node ws",
        "Python websockets",
        "Go gorilla/websocket",
        "curl",
    } <= names
    for preset in found:
        assert preset.version
        assert len(preset.recorded) == len("2026-01-31")
        assert preset.request.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.name)
def test_only_target_host_key_and_origin_differ(preset: Preset) -> None:
    recorded = Draft.from_bytes(preset.request)
    draft = draft_as(preset, ADDRESS, key=NEW_KEY)
    assert draft.target == b"/room?x=1"
    assert draft.method == recorded.method
    marks = {line.generated: line.value for line in draft.lines if line.generated is not None}
    assert marks[Generated.HOST] == b"a.example:8443"
    assert marks[Generated.KEY] == NEW_KEY
    assert marks.get(Generated.ORIGIN, b"https://a.example:8443") == b"https://a.example:8443"
    assert draft.key() == NEW_KEY
    for before, after in zip(recorded.lines, draft.lines, strict=True):
        assert (before.name, before.between, before.ending) == (after.name, after.between, after.ending)
        assert before.value == after.value or after.generated is not None


def test_without_an_address_it_can_follow_one_later() -> None:
    preset = presets()[0]
    draft = draft_as(preset, understand(""), key=NEW_KEY)
    assert draft.target == b"/"
    assert draft.with_generated(host=b"b.example").named(KEY)
