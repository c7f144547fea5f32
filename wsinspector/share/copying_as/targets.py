"""What clients make of a target before they send it: most take an address apart and write it anew.

Source: the URL standard of WHATWG for browsers, Node and what is built on Rust's url crate.
"""

import re

_DOT = r"(?:\.|%2e)"
_ONE, _TWO = re.compile(rf"{_DOT}\Z", re.IGNORECASE), re.compile(rf"{_DOT}{{2}}\Z", re.IGNORECASE)
_PATH_CODED = frozenset(b' "<>`{}')
_QUERY_CODED = frozenset(b" \"<>'")


def as_url_standard(target: bytes) -> bytes:
    """As a client of the URL standard writes ``target``: ``..`` resolved, backslashes turned, signs coded."""
    kept = re.sub(rb"[\t\r\n]", b"", target)
    path, asks, query = kept.partition(b"#")[0].partition(b"?")
    names: list[bytes] = []
    parts = path.replace(b"\\", b"/").split(b"/")[1:]
    for at, part in enumerate(parts):
        text, last = part.decode("latin-1"), at == len(parts) - 1
        if _TWO.match(text):
            names[-1:] = []
        elif not _ONE.match(text):
            names.append(part)
            continue
        if last:
            names.append(b"")
    return b"/" + _coded(b"/".join(names), _PATH_CODED) + asks + _coded(query, _QUERY_CODED)


def as_node(target: bytes) -> bytes:
    """As ``ws`` for Node does: by the URL standard, and no ``?`` with nothing behind.

    Empty where there is a ``#``: it refuses the address (RFC 6455 §3).
    """
    return b"" if b"#" in target else as_url_standard(target).removesuffix(b"?")


def as_websockets(target: bytes) -> bytes:
    """As Python's ``websockets`` does: no byte beyond ASCII, no ``?`` with nothing behind.

    Empty where there is a ``#``: it refuses the address (RFC 6455 §3).
    """
    return b"" if b"#" in target else _coded(target, frozenset()).removesuffix(b"?") or b"/"


def _coded(text: bytes, signs: frozenset[int]) -> bytes:
    return b"".join(
        b"%%%02X" % byte if byte in signs or not 0x20 <= byte < 0x7F else bytes((byte,)) for byte in text
    )


__all__ = ["as_node", "as_url_standard", "as_websockets"]
