"""Counts kept with an attempt are those of its index, and are not believed where they do not fit."""

import dataclasses

from tests.conversation.conftest import SECONDS, Peers, Tabs, ended
from wsinspector.capture import CaptureReader
from wsinspector.conversation.counting import COUNTED, count_frames, counts_of
from wsinspector.conversation.traffic import notable
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link

# A text, an unknown opcode, which is a fault, and a ping that we answer.
SENT = bytes.fromhex("8101 61 8300 8900".replace(" ", ""))


def test_kept_counts_are_those_of_the_index_and_believed_where_they_fit(peers: Peers, tabs: Tabs) -> None:
    async def talk(link: Link, inbox: Inbox, _request: bytes) -> None:
        link.write(SENT)
        await inbox.read()

    conversation = tabs.new(f"ws://127.0.0.1:{peers.upgraded(talk)}/", policy="tolerant")
    attempt = conversation.connect()
    assert attempt is not None
    assert attempt.wait_for(lambda snapshot: snapshot.frames >= 4, SECONDS) is not None
    attempt.abort()
    snapshot = ended(attempt)
    reader = conversation.reader()
    assert isinstance(reader, CaptureReader)
    faulty = notable(snapshot.agreed)
    (row,) = reader.attempts()
    expected = {"in": 3, "out": 1, "faults": 1}
    assert count_frames(reader, row.id, faulty) == expected
    assert row.facts[COUNTED] == {**expected, "of": int(faulty)}

    def with_kept(kept: object) -> dict[str, int]:
        return counts_of(reader, dataclasses.replace(row, facts={COUNTED: kept}), faulty)

    # Another faults count that adds up shows whether what is kept was taken.
    assert with_kept({"in": 3, "out": 1, "faults": 0, "of": int(faulty)})["faults"] == 0
    odd_facts: tuple[object, ...] = (
        None,
        [],
        {"in": 3, "out": 1},
        {"in": 3, "out": 9, "faults": 0, "of": int(faulty)},
        {"in": 3, "out": 1, "faults": 0, "of": 0},
        {"in": 5, "out": -1, "faults": 0, "of": int(faulty)},
        {"in": "3", "out": 1, "faults": 0, "of": int(faulty)},
    )
    for odd in odd_facts:
        assert with_kept(odd) == expected
