"""What an attempt is called: by what was composed, also where two dialects send the same request."""

import pytest

from tests.conversation.conftest import Peers, Tabs, ended, until
from tests.conversation.dialect_peer import DialectPeer
from wsinspector.conversation.snapshot import Phase
from wsinspector.conversation.spoken import spoken_with
from wsinspector.protocol.dialects import DIALECTS, Asking, dialect_called, spoken_for

NAMES = [dialect.name for dialect in DIALECTS]


@pytest.mark.parametrize("name", NAMES)
def test_what_was_composed_is_named_before_and_after(name: str, peers: Peers, tabs: Tabs) -> None:
    conversation = tabs.new(f"ws://127.0.0.1:{peers.listen(DialectPeer(name).handle)}/")
    conversation.set_dialect(name)
    attempt = conversation.connect()
    assert attempt is not None
    assert (attempt.snapshot.dialect, attempt.snapshot.agreed.dialect) == (name, name)
    snapshot = until(attempt, lambda now: now.phase is Phase.OPEN)
    assert (snapshot.dialect, snapshot.agreed.dialect) == (name, name)
    attempt.close()
    assert ended(attempt).dialect == name


@pytest.mark.parametrize(
    ("asked", "speak", "named"),
    [
        ("hixie-76", "hybi-01", "hybi-01"),
        ("hixie-76", "hixie-76", "hixie-76"),
        ("hixie-76", "hybi-03", "hixie-76"),
        ("hixie-76", "hixie-75", "hixie-76"),
        ("hybi-02", "hybi-03", "hybi-03"),
        ("hybi-02", "hixie-76", "hybi-02"),
        ("hybi-02", "", "hybi-02"),
        ("hybi-08", "hybi-11", "hybi-08"),
        ("hybi-11", "rfc6455", "hybi-11"),
    ],
)
def test_speaking_names_the_request_only_where_it_could_be_either(asked: str, speak: str, named: str) -> None:
    row = dialect_called(asked)
    request = row.handshake.compose(row, Asking(b"/", b"a.test", b"http://a.test"), bytes).to_bytes()
    assert spoken_for(request) == asked
    spoken = spoken_with(request, speak)
    assert (spoken.proposed.name, spoken.frames.name) == (named, speak or asked)
    assert spoken_with(request, speak, proposed=spoken.proposed.name) == spoken
