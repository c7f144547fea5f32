"""The sets of odd requests that a sweep sends; ids and what they mean are told in ``sweep_requests``."""

from collections.abc import Sequence

from wsinspector.protocol.draft import KEY
from wsinspector.protocol.request_lines import ORIGIN, without
from wsinspector.protocol.sweep_requests import (
    Odd,
    OddRequest,
    SweepSet,
    absolute_form,
    adding,
    asking,
    elsewhere,
    named,
    repeating,
    saying,
    version_14_without_key,
    version_line,
    with_value,
)

_HEADER_FORM = "form of the header"
_KEY_GROUP, _UPGRADE, _CONNECTION = "key", "Upgrade", "Connection"

_CONTROL = saying(b"13")

COMMON = SweepSet(
    "common",
    "The values that tell servers apart, in 23 requests.",
    (
        saying(),
        saying(b""),
        *(saying(b"%d" % number) for number in (0, *range(4, 15), 25, 255)),
        *(saying(value) for value in (b"256", b"-1", b"013", b"13.0", b"abc", b"13, 8")),
        saying(b"13", b"8"),
    ),
)

REGISTRY = SweepSet(
    "registry",
    "Every number the registry has, 0 to 255.",
    tuple(saying(b"%d" % number) for number in range(256)),
)

MALFORMED = SweepSet(
    "malformed",
    "What is no version: other forms of 13, numbers too great, odd bytes, repeated lines, odd header lines.",
    (
        _CONTROL,
        saying(),
        saying(b""),
        saying(
            b"   ",
            id="(blanks)",
            label="blanks",
            what="The value is three blanks, so it is empty.",
            group="blanks",
        ),
        saying(b"\t", label="a tab", what="The value is a tab, so it is empty.", group="blanks"),
        saying(
            b"  13  ",
            id="(13 between blanks)",
            label="13 between blanks",
            what="Blanks stand around 13; they do not belong to the value.",
            group="edge blanks",
        ),
        saying(
            b"\t13",
            label="tab before 13",
            what="A tab stands before 13; it does not belong to the value.",
            group="edge blanks",
        ),
        *(saying(value) for value in (b"013", b"+13", b"-1", b"13.0", b"0xd", b"13abc", b"abc", b"13;")),
        *(saying(value) for value in (b"13,8", b"8, 13", b"13 13")),
        saying(b"256"),
        saying(b"269", what="269 is greater than 255; whoever keeps eight bits reads 13."),
        saying(b"65549", what="65549 is greater than 255; whoever keeps 16 bits reads 13."),
        saying(b"4294967309", what="4294967309 is greater than 255; whoever keeps 32 bits reads 13."),
        saying(
            b"9" * 12,
            id="(12 digits)",
            label="twelve digits",
            what="The value has twelve digits.",
            group="many digits",
        ),
        saying(
            b"1" * 400,
            id="(400 digits)",
            label="four hundred digits",
            what="The value has four hundred digits.",
            group="many digits",
        ),
        saying(b"13\r", label="13 and a CR", what="A carriage return follows 13.", group="CR"),
        saying(b"13\n", label="13 and an LF", what="A line feed of its own follows 13.", group="LF"),
        saying(b"13\0", label="13 and a NUL", what="A NUL byte follows 13.", group="NUL"),
        saying(
            b"13\xe9",
            label="13 and a non-ASCII byte",
            what="The byte E9 follows 13, an é in Latin-1.",
            group="non-ASCII",
        ),
        saying(b"13", b"13"),
        saying(b"13", b"8"),
        saying(b"8", b"13"),
        saying(b"13", b"14"),
        saying(b"14", b"13"),
        named(
            "odd case",
            "The header is written sEC-wEBsOCKET-vERSION; letter case does not count in names.",
            version_line(name=b"sEC-wEBsOCKET-vERSION"),
            group=_HEADER_FORM,
        ),
        named(
            "no blank after the colon",
            "No blank follows the colon; none is needed.",
            version_line(between=b":"),
            group=_HEADER_FORM,
        ),
        named(
            "two blanks after the colon",
            "Two blanks follow the colon; they do not count.",
            version_line(between=b":  "),
            group=_HEADER_FORM,
        ),
        named(
            "blank before the colon",
            "A blank stands before the colon, which a server must refuse with 400.",
            version_line(between=b" : "),
            group="blank before the colon",
        ),
    ),
)

HANDSHAKE = SweepSet(
    "handshake",
    "Version 13 with something else missing or odd in the handshake.",
    (
        _CONTROL,
        named(
            "key missing",
            "The request has no Sec-WebSocket-Key.",
            lambda draft: without(draft, KEY),
            group=_KEY_GROUP,
        ),
        named(
            "key short",
            "The key stands for 9 bytes in place of 16.",
            with_value(KEY, b"dG9vIHNob3J0"),
            group=_KEY_GROUP,
        ),
        named(
            "key doubled",
            "Two lines have a key each, and they differ.",
            repeating(KEY, b"AQIDBAUGBwgJCgsMDQ4PEA=="),
            group=_KEY_GROUP,
        ),
        named(
            "key not base64",
            "The key is no base64.",
            with_value(KEY, b"!!!! this is not base64!"),
            group=_KEY_GROUP,
        ),
        named(
            "Upgrade missing",
            "The request has no Upgrade.",
            lambda draft: without(draft, b"Upgrade"),
            group=_UPGRADE,
        ),
        named(
            "Upgrade h2c", "Upgrade names another protocol.", with_value(b"Upgrade", b"h2c"), group=_UPGRADE
        ),
        named(
            "Upgrade WebSocket",
            "Upgrade is WebSocket with capitals; letter case does not count.",
            with_value(b"Upgrade", b"WebSocket"),
            group="Upgrade in order",
        ),
        named(
            "Connection missing",
            "The request has no Connection.",
            lambda draft: without(draft, b"Connection"),
            group=_CONNECTION,
        ),
        named(
            "Connection keep-alive",
            "Connection does not hold Upgrade.",
            with_value(b"Connection", b"keep-alive"),
            group=_CONNECTION,
        ),
        named(
            "Connection keep-alive, Upgrade",
            "Connection holds Upgrade beside another token, as Firefox sends it.",
            with_value(b"Connection", b"keep-alive, Upgrade"),
            group="Connection in order",
        ),
        named("POST", "The method is POST.", asking(b"POST", b"HTTP/1.1"), group="method"),
        named("HTTP/1.0", "The request is HTTP/1.0.", asking(b"GET", b"HTTP/1.0"), group="HTTP version"),
        named(
            "absolute form",
            "The target is an absolute URL, which a server must accept.",
            absolute_form,
            group="target",
        ),
        named(
            "64 KiB header",
            "One header line has 64 KiB; a server may find that too large.",
            adding(b"X-Large", b"a" * 65536),
            group="large",
            free=True,
        ),
        named(
            "Origin null",
            "Origin is null, as from a sandboxed page; a server may refuse it.",
            adding(ORIGIN, b"null"),
            group="Origin",
            free=True,
        ),
        named(
            "unknown path",
            "The path is one that nobody has asked for before; a server may not know it.",
            elsewhere,
            group="path",
            free=True,
        ),
        OddRequest(
            Odd(
                "(version 14 with no key)",
                "version 14 with no key",
                "The version is 14 and there is no key: which of the two is looked at first?",
                "both",
            ),
            version_14_without_key,
        ),
    ),
)


def joined(requests: Sequence[OddRequest]) -> tuple[OddRequest, ...]:
    """Each id once, in the order of their first places."""
    return tuple({request.odd.id: request for request in requests}.values())


ALL = SweepSet(
    "all",
    "The four sets together, each request once.",
    joined((*COMMON.requests, *REGISTRY.requests, *MALFORMED.requests, *HANDSHAKE.requests)),
)

SWEEP_SETS: tuple[SweepSet, ...] = (COMMON, REGISTRY, MALFORMED, HANDSHAKE, ALL)
"""The sets of the program, in the order in which a choice shows them."""


def set_called(name: str) -> SweepSet | None:
    """The set of the program with this name."""
    return next((each for each in SWEEP_SETS if each.name == name), None)


_BY_ID = {each.odd.id: each for each in ALL.requests}


def request_called(id: str) -> OddRequest | None:
    """The request of the program's sets that has this id."""
    return _BY_ID.get(id)


def named_ids() -> tuple[str, ...]:
    """Every id that is a name in parentheses, in the order of the sets."""
    return tuple(id for id in _BY_ID if id.startswith("("))
