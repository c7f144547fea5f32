"""A program that is killed loses nothing that it had said to be kept."""

import signal
import subprocess
import sys
from pathlib import Path

from tests.conversation.conftest import SECONDS, Peers
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.restore import CUT_SHORT
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link
from wsinspector.protocol.frames import encode_frame
from wsinspector.protocol.opcodes import TEXT
from wsinspector.verdicts.outcome import Outcome

PROGRAM = """
import sys
from pathlib import Path
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine

conversation = Conversation(Engine().start(), Path(sys.argv[1]))
conversation.set_address(sys.argv[2])
attempt = conversation.connect()
attempt.wait_for(lambda snapshot: snapshot.frames >= 3)
print(attempt.snapshot.frames, flush=True)
attempt.wait_ended()
"""


def test_kill(peers: Peers, engine: Engine, tmp_path: Path) -> None:
    async def talk(link: Link, inbox: Inbox, _request: bytes) -> None:
        for number in range(3):
            link.write(encode_frame(TEXT, b"%d" % number))
        link.write(encode_frame(TEXT, b"cut")[:3])
        while await inbox.read():
            pass

    path = tmp_path / "killed.wsi"
    address = f"ws://127.0.0.1:{peers.upgraded(talk)}/"
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(path), address], stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        said = int(program.stdout.readline())
        program.send_signal(signal.SIGKILL)
        program.wait(SECONDS)
    again = Conversation.open(engine, path)
    snapshot = again.attempts[0].snapshot
    assert said >= 3
    assert snapshot.frames == snapshot.frames_in == said
    assert snapshot.outcome is Outcome.OPEN
    assert snapshot.end is not None
    assert snapshot.end.text == CUT_SHORT
    reader = again.reader()
    assert reader is not None
    assert reader.frame_bytes(snapshot.attempt_id, 3) == encode_frame(TEXT, b"2")
    again.close()
