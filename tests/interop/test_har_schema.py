"""Exports as HAR held against npm's har-schema, and against it being able to say no."""

import io
import json
import subprocess
from pathlib import Path

import pytest

from tests.interop.running import PEERS
from tests.share.making import DEFLATE_LINE, DEFLATED, IN, OUT, Making, answer_of, leaving_of, request_of
from wsinspector.capture import CaptureReader
from wsinspector.share.har import write_har

pytestmark = pytest.mark.interop


def faults(har: str) -> list[str]:
    """What har-schema says against it."""
    command = ["node", str(PEERS / "har_validate.js")]
    done = subprocess.run(command, input=har, capture_output=True, text=True, timeout=40, check=False)
    assert done.stderr == ""
    return done.stdout.splitlines()


def exported(path: Path, *, with_secrets: bool) -> str:
    with CaptureReader(path) as reader:
        stream = io.BytesIO()
        write_har(stream, leaving_of(reader, with_secrets=with_secrets))
    return stream.getvalue().decode()


def opened(path: Path) -> Path:
    making = Making(path, request_of(DEFLATE_LINE), answer_of(DEFLATE_LINE), agreed=DEFLATED)
    making.frame(OUT, 1, b"text")
    making.compressed(b"inflated")
    making.frame(IN, 2, b"\x00\xff")
    making.frame(IN, 9, b"ping")
    making.attempt.gap(5, "The disk was full.")
    return making.close()


def refused(path: Path) -> Path:
    answer = b"HTTP/1.1 302 Found\r\nLocation: http://h/?token=abcdefgh\r\nContent-Length: 2\r\n\r\nno"
    return Making(path, answer=answer).close()


def unanswered(path: Path) -> Path:
    return Making(path, answer=b"").close()


@pytest.mark.parametrize("make", [opened, refused, unanswered])
@pytest.mark.parametrize("with_secrets", [False, True])
def test_what_is_exported_fits_the_schema(make: object, with_secrets: bool, tmp_path: Path) -> None:
    assert callable(make)
    har = exported(make(tmp_path / "a.wsi"), with_secrets=with_secrets)
    assert faults(har) == []
    broken = json.loads(har)
    del broken["log"]["entries"][0]["timings"]
    broken["log"]["entries"][0]["startedDateTime"] = "yesterday"
    said = faults(json.dumps(broken))
    assert ".log.entries[0] should have required property 'timings'" in said
    assert [each for each in said if each.startswith(".log.entries[0].startedDateTime should match")]
