"""A replay of a copy that was made to share says what it lacks before anything leaves."""

from pathlib import Path

from tests.share.test_shared_copy import recorded
from wsinspector.capture import CaptureReader
from wsinspector.conversation.restore import restored_attempts
from wsinspector.present.replaying import Asked, replay_plan
from wsinspector.protocol.draft import Draft
from wsinspector.share.shared_copy import save_copy


def notes(path: Path, asked: Asked | None = None) -> str:
    with CaptureReader(path) as reader:
        attempt = restored_attempts(reader, 1)[0]
        return "\n".join(replay_plan(reader, attempt, asked or Asked()).notes)


def test_what_the_copy_lacks_is_named(tmp_path: Path) -> None:
    source = recorded(tmp_path / "a.wsi").path
    assert "made without" not in notes(source)
    copy = save_copy(source, tmp_path / "b.wsi").path
    told = notes(copy)
    assert "values of the request" in told
    assert "Cookie" in told
    assert "first in frame 1" in told


def test_another_request_needs_no_values_of_the_recorded_one(tmp_path: Path) -> None:
    copy = save_copy(recorded(tmp_path / "a.wsi").path, tmp_path / "b.wsi").path
    draft = Draft.from_bytes(b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
    told = notes(copy, Asked(draft=draft))
    assert "values of the request" not in told
    assert "first in frame 1" in told
