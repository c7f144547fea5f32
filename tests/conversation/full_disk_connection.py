"""A connection whose capture finds no room for a while; ``full_disk_connection CAPTURE`` says how it went."""

import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path

from tests.conversation.conftest import Peers
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link

FRAME = b"\x82\x7f" + (1 << 16).to_bytes(8, "big") + bytes(1 << 16)
FRAMES = 900
WAIT = 40.0


async def flood(link: Link, inbox: Inbox, request: bytes) -> None:
    del inbox, request
    for _ in range(FRAMES):
        link.write(FRAME)
        await link.drained()
    link.end()


def main() -> None:
    peers, engine = Peers(), Engine().start()
    path = Path(sys.argv[1])
    conversation = Conversation(engine, path)
    conversation.set_address(f"ws://127.0.0.1:{peers.upgraded(flood)}/")
    largest = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, largest))
    attempt = conversation.connect()
    assert attempt is not None
    held = attempt.wait_for(lambda snapshot: snapshot.held and bool(snapshot.trouble), WAIT)
    assert held is not None
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    assert attempt.wait_for(lambda snapshot: not snapshot.held, WAIT) is not None
    ended = attempt.wait_for(lambda snapshot: not snapshot.live and snapshot.frames == FRAMES, WAIT)
    conversation.close()
    engine.stop()
    peers.close()
    json.dump(
        {
            "trouble": held.trouble,
            "waiting": held.bytes_in,
            "dropped": dict(held.dropped),
            "frames": ended.frames if ended is not None else 0,
            "losses": [asdict(loss) for loss in ended.losses] if ended is not None else None,
            "after": ended.trouble if ended is not None else "",
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
