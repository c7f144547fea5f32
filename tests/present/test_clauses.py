"""Clauses as short as a line has room for."""

import pytest

from wsinspector.present.clauses import short_clause


@pytest.mark.parametrize(
    ("clause", "short"),
    [
        ("RFC 6455 §5.2", "§5.2"),
        ("RFC 7692 §6.1", "RFC 7692 §6.1"),
        ("draft-ietf-hybi-thewebsocketprotocol-05", "hybi-05"),
        ("draft-hixie-thewebsocketprotocol-76", "hixie-76"),
        ("draft-tyoshino-hybi-websocket-perframe-deflate", "perframe-deflate"),
        ("", ""),
    ],
)
def test_the_standards_clauses_stand_bare_and_drafts_by_their_short_names(clause: str, short: str) -> None:
    assert short_clause(clause) == short
