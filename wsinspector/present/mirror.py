"""What happened to a request on its way, in words: one line in all, one for each change with its clause."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.plain import preview
from wsinspector.protocol.dialects import Challenge, recognise
from wsinspector.protocol.head_reader import parse_request, request_parts
from wsinspector.protocol.http import split_list
from wsinspector.protocol.mirroring import Change, Difference, Mirrored, differences, mirrored
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate

MOST_NAMED = 6
"""Changes named in the one line; all are told one by one below it."""
LONGEST_NAME = 40

_HOP_BY_HOP = frozenset(
    (b"connection", b"upgrade", b"keep-alive", b"proxy-connection", b"te", b"transfer-encoding")
)
_ROUTE = frozenset(
    {
        *(b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded-port"),
        *(b"x-forwarded-server", b"x-real-ip", b"x-request-id"),
    }
)
_ABSOLUTE = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://[^/?]*")
_BEFORE_COLON = re.compile(rb"[^:]*[ \t]:")
_ONCE = {
    b"sec-websocket-key": "RFC 6455 §11.3.1",
    b"sec-websocket-version": "RFC 6455 §11.3.5",
}


_BEGIN_AS_RECEIVED = frozenset(
    {Change.REMOVED, Change.ADDED, Change.JOINED, Change.SPLIT, Change.MOVED, Change.HTTP_VERSION}
)


@dataclass(frozen=True, slots=True)
class MirrorLine:
    """One change. ``what`` is short and without a full stop; ``why`` is whole sentences, or empty."""

    difference: Difference
    what: str
    why: str = ""
    clause: str = ""

    @property
    def spoken(self) -> str:
        clause = f" ({self.clause})" if self.clause else ""
        # A name or a version from the wire keeps its letters.
        keeps = self.difference.change in _BEGIN_AS_RECEIVED
        what = self.what if keeps else self.what[:1].upper() + self.what[1:]
        return f"{what}. {self.why}".strip() + clause


@dataclass(frozen=True, slots=True)
class MirrorView:
    """What a mirror told of an attempt; ``text`` is it in one line."""

    sent: bytes
    mirrored: Mirrored
    lines: tuple[MirrorLine, ...]
    text: str

    @property
    def same(self) -> bool:
        return not self.lines

    @property
    def notes(self) -> tuple[str, ...]:
        """Whole sentences, one for each change, and what the changes mean together."""
        return (*(line.spoken for line in self.lines), *_meaning(self.sent, self.mirrored.received))


def mirror_view(snapshot: AttemptSnapshot) -> MirrorView | None:
    """What the mirror that answered an attempt told; None where none did or it is our own."""
    found = mirrored(snapshot.response) if snapshot.role is Role.CLIENT else None
    return mirror_of(snapshot.request, found) if found is not None else None


def mirror_of(sent: bytes, found: Mirrored) -> MirrorView:
    """The request ``sent`` held against what a mirror says arrived."""
    lines = tuple(mirror_lines(sent, differences(sent, found.received)))
    return MirrorView(sent, found, lines, _summary(lines, found))


def _summary(lines: Sequence[MirrorLine], found: Mirrored) -> str:
    if not lines:
        back = "" if found.whole else " " + translate("Mirror", "The copy itself came back cut or changed.")
        return translate("Mirror", "The mirror received exactly what was sent.") + back
    named = _grouped(sorted(lines, key=_rank))
    shown = named[:MOST_NAMED] if len(named) > MOST_NAMED + 1 else named
    more = sum(count for _, count in named[len(shown) :])
    listed = ", ".join(text for text, _ in shown) + (
        translate("Mirror", ", and {0} more").format(more) if more else ""
    )
    if not found.whole:
        # The way back has changed something, so it may have changed this too.
        text = translate(
            "Mirror", "The copy came back cut or changed, so on which way this changed is not known: {0}."
        )
        return text.format(listed)
    made = translate("Mirror", "%n change(s)", "", len(lines))
    return translate("Mirror", "Something on the way made {0}: {1}.").format(made, listed)


def _rank(line: MirrorLine) -> int:
    """What is lost or altered before what was added, and that before what means nothing."""
    match line.difference.change:
        case Change.ADDED:
            return 1
        case Change.MOVED | Change.CASE | Change.BLANKS | Change.ENDING | Change.UNFOLDED | Change.LEADING:
            return 2
    return 0


def _grouped(lines: Sequence[MirrorLine]) -> list[tuple[str, int]]:
    """The short texts, each with how many changes it tells; what befell many lines alike is counted."""
    told: list[tuple[str, int]] = []
    done: set[Change] = set()
    for line in lines:
        change = line.difference.change
        alike = [one for one in lines if one.difference.change is change]
        if len(alike) < 3 or not _of_many(change, len(alike)):
            told.append((line.what, 1))
        elif change not in done:
            done.add(change)
            told.append((_of_many(change, len(alike)), len(alike)))
    return told


def _of_many(change: Change, number: int) -> str:
    """What befell ``number`` lines alike; empty where each is told of by itself."""
    match change:
        case Change.CASE:
            return translate("Mirror", "letter case of %n name(s) changed", "", number)
        case Change.MOVED:
            return translate("Mirror", "%n line(s) moved", "", number)
        case Change.ENDING:
            return translate("Mirror", "ending of %n line(s) changed", "", number)
        case Change.BLANKS:
            return translate("Mirror", "white space of %n line(s) changed", "", number)
        case _:
            return ""


def mirror_lines(sent: bytes, found: Iterable[Difference]) -> Iterable[MirrorLine]:
    """Each change in words."""
    head = parse_request(sent)
    listed = {name.lower() for name in head.members(b"Connection")}
    keys = recognise(head).challenge is Challenge.KEYS
    for one in found:
        what = _what(one, keys)
        again = len(head.named(one.name)) > 1
        why, clause = _why(one, listed, keys, again=again)
        yield MirrorLine(one, what, why, clause)


def _what(one: Difference, keys: bool) -> str:
    name = preview(one.name, LONGEST_NAME)
    match one.change:
        case Change.METHOD | Change.TARGET | Change.HTTP_VERSION:
            before, after = _parts(one)
            return {
                Change.METHOD: translate("Mirror", "method {0} became {1}"),
                Change.TARGET: translate("Mirror", "target {0} became {1}"),
                Change.HTTP_VERSION: translate("Mirror", "{0} became {1}"),
            }[one.change].format(before, after)
        case Change.START_LINE:
            return translate("Mirror", "white space of the request line changed")
        case Change.REMOVED:
            return translate("Mirror", "{0} removed").format(name)
        case Change.ADDED:
            return translate("Mirror", "{0} added").format(name)
        case Change.JOINED:
            return translate("Mirror", "{0} joined, {1} lines in one").format(name, len(one.sent))
        case Change.SPLIT:
            return translate("Mirror", "{0} split, one line into {1}").format(name, len(one.received))
        case Change.VALUE:
            return translate("Mirror", "value of {0} changed").format(name)
        case Change.CASE:
            return translate("Mirror", "letter case of {0} changed").format(name)
        case Change.UNFOLDED:
            return translate("Mirror", "folding of {0} changed").format(name)
        case Change.BLANKS:
            return translate("Mirror", "white space of {0} changed").format(name)
        case Change.ENDING:
            return translate("Mirror", "ending of {0} changed").format(
                name or translate("Mirror", "the request line or the blank line")
            )
        case Change.MOVED:
            return translate("Mirror", "{0} moved").format(name)
        case Change.LEADING:
            return translate("Mirror", "blank lines before the request line changed")
        case Change.TAIL_LOST if keys and one.sent and len(one.sent[0]) == one.count == 8:
            return translate("Mirror", "the third key lost, {0} behind the head").format(_bytes(one.count))
        case Change.TAIL_LOST:
            return translate("Mirror", "{0} behind the head lost").format(_bytes(one.count))
        case Change.TAIL_ADDED:
            return translate("Mirror", "{0} behind the head added").format(_bytes(one.count))
        case Change.TAIL_CHANGED:
            return translate("Mirror", "the bytes behind the head changed")
    return translate("Mirror", "bytes changed that are no part of a head")


def _bytes(count: int) -> str:
    return translate("Mirror", "%n byte(s)", "", count)


def _parts(one: Difference) -> tuple[str, str]:
    """The part of the request line that changed, before and after."""
    shown = []
    for line in (*one.sent, *one.received):
        parts = request_parts(parse_request(line + b"\r\n"))
        part = {
            Change.METHOD: parts.method,
            Change.TARGET: parts.target,
            Change.HTTP_VERSION: parts.version,
        }[one.change]
        shown.append(preview(part, LONGEST_NAME) or translate("Mirror", "nothing"))
    return shown[0], shown[1]


def _why(one: Difference, listed: set[bytes], keys: bool, *, again: bool) -> tuple[str, str]:
    """What the standards say of a change: sentences and clause, both empty where they say nothing.

    ``again``: the request has several lines of this name.
    """
    name = one.name.lower()
    match one.change:
        case Change.HTTP_VERSION:
            text = translate("Mirror", "An intermediary sends on its own HTTP version.")
            if request_parts(parse_request(one.received[0] + b"\r\n")).version != b"HTTP/1.0":
                return text, "RFC 9112 §2.3"
            text += " " + translate("Mirror", "A server ignores Upgrade in an HTTP/1.0 request.")
            return text, "RFC 9112 §2.3, RFC 9110 §7.8"
        case Change.TARGET:
            return _target(one)
        case Change.TAIL_LOST if keys:
            text = translate(
                "Mirror", "No Content-Length announces these bytes, so HTTP ends the request before them."
            )
            return text, "RFC 9112 §6.3"
        case Change.MOVED if again:
            return translate(
                "Mirror", "Lines of one name must keep their order; that of others means nothing."
            ), "RFC 9110 §5.3"
        case Change.MOVED:
            text = translate("Mirror", "The order of lines means nothing where their names differ.")
            return text, "RFC 9110 §5.3"
        case Change.JOINED | Change.SPLIT:
            return _joined(name)
        case Change.CASE:
            return translate("Mirror", "The case of a field's name means nothing."), "RFC 9110 §5.1"
        case Change.BLANKS if any(_BEFORE_COLON.match(line) for line in (*one.sent, *one.received)):
            text = translate(
                "Mirror", "No white space may stand before the colon; a server must refuse a request with it."
            )
            return text, "RFC 9112 §5.1"
        case Change.BLANKS:
            return translate("Mirror", "White space around a value is no part of it."), "RFC 9110 §5.5"
        case Change.UNFOLDED:
            text = translate("Mirror", "Who receives a fold replaces it with blanks, or refuses the request.")
            return text, "RFC 9112 §5.2"
        case Change.ENDING:
            return translate(
                "Mirror", "A line ends with CRLF; a lone LF may be read as one."
            ), "RFC 9112 §2.2"
        case Change.LEADING:
            return translate(
                "Mirror", "A server should ignore a blank line before the request line."
            ), "RFC 9112 §2.2"
        case Change.REMOVED | Change.ADDED | Change.VALUE:
            return _of_field(one.change, name, listed)
    return "", ""


def _target(one: Difference) -> tuple[str, str]:
    """Another form of the same target is one thing, another path or query is another."""
    sent, received = (
        _path(request_parts(parse_request(line + b"\r\n")).target) for line in (one.sent[0], one.received[0])
    )
    if sent == received:
        return translate("Mirror", "An intermediary may write the target in another form."), "RFC 9112 §3.2"
    text = translate(
        "Mirror",
        "A proxy must leave path and query alone; a gateway (reverse proxy) may ask for another place.",
    )
    return text, "RFC 9110 §7.7"


def _path(target: bytes) -> bytes:
    """Path and query, whether or not scheme and host stand before them."""
    found = _ABSOLUTE.match(target)
    rest = target[found.end() :] if found else target
    return rest if rest.startswith(b"/") else b"/" + rest


def _joined(name: bytes) -> tuple[str, str]:
    if name in _ONCE:
        text = translate(
            "Mirror", "Lines of one name may be joined only where the field is a list; this one stands once."
        )
        return text, f"RFC 9110 §5.3, {_ONCE[name]}"
    return translate("Mirror", "Lines of one name may be joined where the field is a list."), "RFC 9110 §5.3"


def _of_field(change: Change, name: bytes, listed: set[bytes]) -> tuple[str, str]:
    if name == b"upgrade":
        text = translate(
            "Mirror", "It holds for one hop; a proxy that is to let WebSocket through must write it anew."
        )
        return text, "RFC 9110 §7.6.1, §7.8"
    if name in _HOP_BY_HOP or (change is Change.REMOVED and name in listed):
        text = translate("Mirror", "It holds for one hop; an intermediary removes or replaces it.")
        return text, "RFC 9110 §7.6.1"
    if name == b"proxy-authorization":
        return translate(
            "Mirror", "It is for the first proxy that asks for it, which need not pass it on."
        ), "RFC 9110 §11.7.2"
    if name == b"via":
        return translate("Mirror", "A proxy names itself here."), "RFC 9110 §7.6.3"
    if name == b"host":
        return translate(
            "Mirror", "The host that is asked for; many proxies put their own server's name here."
        ), "RFC 9110 §7.2"
    if name == b"forwarded":
        return translate("Mirror", "A proxy says here for whom it asks."), "RFC 7239 §4"
    if name in _ROUTE:
        return translate("Mirror", "A proxy says here for whom it asks; no standard describes it."), ""
    if change is Change.REMOVED:
        text = translate("Mirror", "A proxy sends on what it does not know, unless it is set not to.")
        return text, "RFC 9110 §5.1"
    return "", ""


def _meaning(sent: bytes, received: bytes) -> Iterable[str]:
    """What a server behind it makes of the loss of what asks for the upgrade."""
    before, after = parse_request(sent), parse_request(received)
    lost = []
    if before.named(b"Upgrade") and not after.named(b"Upgrade"):
        lost.append("Upgrade")
    asked = [b"upgrade" in _lowered(head.values(b"Connection")) for head in (before, after)]
    if asked == [True, False]:
        lost.append("Connection: Upgrade")
    if lost:
        text = translate(
            "Mirror", "Without {0} a server behind it sees no opening handshake (RFC 6455 §4.2.1)."
        )
        yield text.format(f" {translate('Mirror', 'and')} ".join(lost))


def _lowered(values: Iterable[bytes]) -> set[bytes]:
    return {member.lower() for value in values for member in split_list(value)}
