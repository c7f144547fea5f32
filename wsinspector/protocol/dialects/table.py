"""The table of dialects, oldest first; adding one means adding a row here."""

from wsinspector.protocol.dialects import fields
from wsinspector.protocol.dialects.accepting import Accepting
from wsinspector.protocol.dialects.dialect import Challenge, Dialect, Handshake
from wsinspector.protocol.dialects.hixie75 import Hixie75
from wsinspector.protocol.dialects.keys import Keys
from wsinspector.protocol.draft import VERSION
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http import Head

RFC6455 = "rfc6455"

_ORIGIN, _SEC_ORIGIN = fields.ORIGIN, fields.SEC_ORIGIN
_KEYS, _ACCEPTING = Keys(), Accepting()
_NONCED = Accepting(nonced=True, strict_connection=True)
_STRICT = Accepting(strict_connection=True)


def _with_keys(name: str, drafts: tuple[str, ...], dated: str, number: bytes | None, framing: str) -> Dialect:
    return Dialect(name, drafts, dated, None, number, _ORIGIN, Challenge.KEYS, _KEYS, framing)


def _with_accept(
    name: str,
    drafts: tuple[str, ...],
    dated: str,
    version: bytes,
    origin: bytes,
    framing: str,
    handshake: Handshake = _ACCEPTING,
) -> Dialect:
    return Dialect(name, drafts, dated, version, None, origin, Challenge.ACCEPT, handshake, framing)


def _hybi(first: int, last: int) -> tuple[str, ...]:
    return tuple(f"hybi-{number:02}" for number in range(first, last + 1))


DIALECTS: tuple[Dialect, ...] = (
    Dialect("hixie-75", ("hixie-75",), "2010-02", None, None, _ORIGIN, Challenge.NONE, Hixie75(), "sentinel"),
    _with_keys("hixie-76", ("hixie-76", "hybi-00"), "2010-05", None, "sentinel"),
    _with_keys("hybi-01", _hybi(1, 1), "2010-08-31", None, "more"),
    _with_keys("hybi-02", _hybi(2, 2), "2010-09-24", b"2", "more"),
    _with_keys("hybi-03", _hybi(3, 3), "2010-10-17", b"2", "more"),
    _with_accept("hybi-04", _hybi(4, 4), "2011-01-11", b"4", _SEC_ORIGIN, "whole", _NONCED),
    _with_accept("hybi-05", _hybi(5, 5), "2011-02-08", b"5", _SEC_ORIGIN, "whole", _STRICT),
    _with_accept("hybi-06", _hybi(6, 6), "2011-02-25", b"6", _SEC_ORIGIN, "whole"),
    _with_accept("hybi-07", _hybi(7, 7), "2011-04-22", b"7", _SEC_ORIGIN, RFC6455),
    _with_accept("hybi-08", _hybi(8, 10), "2011-06-07", b"8", _SEC_ORIGIN, RFC6455),
    _with_accept("hybi-11", _hybi(11, 12), "2011-08-23", b"8", _ORIGIN, RFC6455),
    _with_accept(RFC6455, (*_hybi(13, 17), "RFC 6455"), "2011-08-31", b"13", _ORIGIN, RFC6455),
)

_BY_NAME = {dialect.name: dialect for dialect in DIALECTS}
_BY_VERSION = {dialect.version: dialect.name for dialect in reversed(DIALECTS) if dialect.version is not None}
_BY_DRAFT_NUMBER = {b"1": "hybi-01", b"2": "hybi-02", b"3": "hybi-03"}
"""hybi-03 says 2; 3 is what some implementations of it send."""


def dialect_called(name: str) -> Dialect:
    """The dialect ``name``; KeyError for a name that is none."""
    return _BY_NAME[name]


def dialect_of(draft: str) -> Dialect | None:
    """The dialect that a name stands for: its own, or that of a draft which it holds, such as hybi-09."""
    wanted = draft.strip().lower()
    return next(
        (one for one in DIALECTS if wanted in (one.name, *(draft.lower() for draft in one.drafts))), None
    )


def recognise(head: Head) -> Dialect:
    """The dialect that a request's head speaks; what is odd or new is taken for RFC 6455."""
    versions = head.values(VERSION)
    if head.named(fields.KEY) and len(versions) == 1 and versions[0] in _BY_VERSION:
        name = _BY_VERSION[versions[0]]
        if name == "hybi-08" and not head.named(fields.SEC_ORIGIN):
            name = "hybi-11"
        return _BY_NAME[name]
    if head.named(fields.KEY1):
        numbers = head.values(fields.DRAFT_NUMBER)
        return _BY_NAME[_BY_DRAFT_NUMBER.get(numbers[0], "hixie-76") if numbers else "hixie-76"]
    if not head.named(fields.KEY) and not versions and fields.OLD_UPGRADE in head.values(b"Upgrade"):
        return _BY_NAME["hixie-75"]
    return _BY_NAME[RFC6455]


def spoken_for(request: bytes) -> str:
    """The name of the dialect that the bytes of a request propose."""
    return recognise(parse_request(request)).name
