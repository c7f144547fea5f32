"""A clause as it stands at the end of a line: the standard's bare, a draft by its short name."""

_PREFIXES = (
    ("draft-ietf-hybi-thewebsocketprotocol-", "hybi-"),
    ("draft-hixie-thewebsocketprotocol-", "hixie-"),
    ("draft-tyoshino-hybi-websocket-perframe-deflate", "perframe-deflate"),
    ("RFC 6455 ", ""),
)


def short_clause(clause: str) -> str:
    """``§5.2`` for ``RFC 6455 §5.2``, ``hybi-05`` for that draft's whole name; others as they are."""
    for long, short in _PREFIXES:
        if clause.startswith(long):
            return short + clause.removeprefix(long)
    return clause
