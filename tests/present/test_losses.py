"""What was dropped is said in one line."""

from wsinspector.capture.rows import Loss
from wsinspector.capture.trimming import AGE, FRAMES, SIZE
from wsinspector.present.losses import limits_text, losses_text


def test_what_was_dropped_is_said_with_its_reason() -> None:
    assert losses_text([Loss(SIZE, frames=1200, bytes=9)]) == "dropped 1\u2009200 frames: size limit"
    assert losses_text([Loss(FRAMES, frames=1), Loss(AGE, bytes=4100)]) == (
        "dropped 1 frame: frame limit, dropped 4.1 kB: age limit"
    )
    full = Loss("There is no room left to write the capture.", events=3)
    assert losses_text([full]) == "dropped 3 events: There is no room left to write the capture."
    assert losses_text([]) == ""


def test_a_limit_of_frames_says_that_more_may_be_kept() -> None:
    assert limits_text([Loss(SIZE, frames=3)]) == ""
    text = limits_text([Loss(SIZE), Loss(FRAMES, frames=1)])
    assert "some 4\u2009000 more than the limit may still be kept" in text
