"""Run the program as a person does, against the lab as another process.

A process of its own, :data:`PROGRAM`, is for tests that look at one: its start, its pipes, its signals,
its memory. Everything else is run within: to start Python takes longer than most commands.
"""

import base64
import contextlib
import json
import sys
import tempfile
from dataclasses import dataclass
from io import TextIOWrapper
from typing import Any

import pytest

from wsinspector.__main__ import main

PROGRAM = (sys.executable, "-m", "wsinspector")


@dataclass(frozen=True)
class Done:
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


def run(*arguments: str, given: bytes = b"") -> Done:
    """What the program does with ``arguments``, ``given`` as its input, on three files of its own."""
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
        files[0].write(given)
        files[0].seek(0)
        streams = [stack.enter_context(TextIOWrapper(file, encoding="utf-8")) for file in files]
        with pytest.MonkeyPatch.context() as patch:
            for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
                patch.setattr(sys, name, stream)
            try:
                code = main(list(arguments))
            except SystemExit as left:
                code = int(left.code or 0)
        left_there = []
        for stream in streams[1:]:
            stream.flush()
            stream.buffer.seek(0)
            left_there.append(stream.buffer.read())
    out, err = (each.decode() for each in left_there)
    assert "Traceback" not in err, err
    assert "internal error" not in err, err
    return Done(code, out, err)


def handshake(url: str, *arguments: str, given: bytes = b"") -> Done:
    return run("handshake", url, "--json", *arguments, given=given)


def decoded(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
