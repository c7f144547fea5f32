"""Carry out a request on the engine for as long as a command needs it, and clean up whatever happens."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wsinspector.cli.request import Request, WrongArgumentError
from wsinspector.cli.telling import say
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.protocol.spans import Direction

WRITTEN_WITHIN = 5.0
"""Seconds the capture has to show what was received; it needs milliseconds."""


@contextmanager
def conversation_for(request: Request, capture: Path | None = None) -> Iterator[Conversation]:
    """A conversation whose draft is ``request``; ended and written when the block is left."""
    engine = Engine().start()
    conversation = Conversation(engine, capture)
    try:
        conversation.set_address(request.address.url)
        conversation.set_options(request.options)
        conversation.set_draft(request.draft)
        yield conversation
    finally:
        conversation.close()
        engine.stop()
        for name, error in engine.failures:
            say(f"internal error in {name}: {error!r}")


def connected(conversation: Conversation, *, handshake_only: bool = False) -> Attempt:
    """Begin the attempt. Raises WrongArgumentError where the address is not understood."""
    attempt = conversation.connect(handshake_only=handshake_only)
    if attempt is None:
        raise WrongArgumentError(f"the address is not understood: {conversation.address.error}")
    return attempt


def received(conversation: Conversation, snapshot: AttemptSnapshot, size: int) -> bytes:
    """The first ``size`` bytes that came, out of the capture."""
    reader = conversation.reader()
    if reader is None or not size:
        return b""
    until = time.monotonic() + WRITTEN_WITHIN
    while time.monotonic() < until:
        if reader.stream_length(snapshot.attempt_id, Direction.IN) >= size:
            break
        time.sleep(0.002)
        reader.refresh()
    return reader.stream(snapshot.attempt_id, Direction.IN, 0, size)
