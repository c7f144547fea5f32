"""What a client of the oldest dialects looks at in a 101, one check each."""

from collections.abc import Callable

from wsinspector.protocol.accept import key_bytes
from wsinspector.protocol.dialects import Challenge, dialect_called, opaque_extension
from wsinspector.protocol.dialects import fields as names
from wsinspector.protocol.dialects.challenges import (
    DIGEST_BYTES,
    KEY3_BYTES,
    digest_for,
    digest_mistake,
    read_numbered_key,
)
from wsinspector.protocol.dialects.hixie75 import FIRST_LINES
from wsinspector.protocol.draft import EXTENSIONS, PROTOCOL
from wsinspector.protocol.head_reader import request_parts
from wsinspector.protocol.http import HeadLine
from wsinspector.translate import translate
from wsinspector.verdicts.finding import Fault, Severity, Subject
from wsinspector.verdicts.rule import (
    Bad,
    Case,
    Good,
    Result,
    on_lines,
    on_status_line,
    shown,
)

_OLD = frozenset({Challenge.NONE, Challenge.KEYS})


def _challenge(case: Case) -> Challenge:
    return dialect_called(case.dialect).challenge


def _where(case: Case, lines: tuple[HeadLine, ...]) -> tuple[Subject, ...]:
    return on_lines("response", lines) or on_status_line(case.response)


def _of(*challenges: Challenge) -> Callable[[Callable[[Case], Result]], Callable[[Case], Result]]:
    """The rule speaks only where the dialect has one of these challenges."""

    def limited(check: Callable[[Case], Result]) -> Callable[[Case], Result]:
        def run(case: Case) -> Result:
            if _challenge(case) in challenges:
                yield from check(case)

        return run

    return limited


@_of(Challenge.NONE)
def first_lines(case: Case) -> Result:
    head = case.response.head
    came = (head.start_line, *(line.name + line.between + line.value for line in head.lines[:2]))
    endings = (head.start_ending, *(line.ending for line in head.lines[:2]))
    for place, wanted in enumerate(FIRST_LINES):
        line = came[place] if place < len(came) else b""
        if line != wanted or endings[place] != b"\r\n":
            where = (
                on_lines("response", head.lines[place - 1 : place])
                if place
                else on_status_line(case.response)
            )
            text = translate("Rules", "Line {0} of the answer is {1}, expected {2}.").format(
                place + 1, shown(line) or "missing", shown(wanted)
            )
            if line == wanted:
                text = translate("Rules", "Line {0} of the answer does not end with CRLF.").format(place + 1)
            yield Bad(text, where or on_status_line(case.response))
            return
    yield Good(translate("Rules", "The first three lines are those of hixie-75, byte for byte."))


@_of(Challenge.KEYS)
def upgrade(case: Case) -> Result:
    lines = case.response.head.named(b"Upgrade")
    values = case.response.head.values(b"Upgrade")
    if not any(value.lower() == b"websocket" for value in values):
        said = shown(b", ".join(values)) or "missing"
        yield Bad(translate("Rules", "Upgrade is {0}, expected WebSocket.").format(said), _where(case, lines))
    elif names.OLD_UPGRADE not in values:
        text = translate(
            "Rules", "Upgrade is {0}; clients of the time expected WebSocket in just these letters."
        ).format(shown(values[0]))
        yield Bad(text, _where(case, lines), Severity.UNUSUAL)
    else:
        yield Good(translate("Rules", "Upgrade is WebSocket."))


@_of(Challenge.KEYS)
def connection(case: Case) -> Result:
    lines = case.response.head.named(b"Connection")
    members = [member.lower() for member in case.response.head.members(b"Connection")]
    if b"upgrade" not in members:
        said = shown(b", ".join(case.response.head.values(b"Connection"))) or "missing"
        yield Bad(
            translate("Rules", "Connection is {0}, expected Upgrade.").format(said), _where(case, lines)
        )
    elif case.response.head.values(b"Connection") != (b"Upgrade",):
        said = shown(b", ".join(case.response.head.values(b"Connection")))
        text = translate(
            "Rules", "Connection is {0}, and clients of the time expected Upgrade alone."
        ).format(said)
        yield Bad(text, _where(case, lines), Severity.UNUSUAL)
    else:
        yield Good(translate("Rules", "Connection is Upgrade."))


def _fields(case: Case) -> tuple[bytes, bytes, bytes]:
    """The names for origin, location and subprotocol in an answer of this dialect."""
    if _challenge(case) is Challenge.NONE:
        return names.OLD_ORIGIN, names.OLD_LOCATION, names.OLD_PROTOCOL
    return names.SEC_ORIGIN, names.SEC_LOCATION, PROTOCOL


@_of(*_OLD)
def origin(case: Case) -> Result:
    name = _fields(case)[0]
    field = name.decode("ascii")
    lines = case.response.head.named(name)
    asked = names.first(case.request, dialect_called(case.dialect).origin_field)
    if not lines:
        yield Bad(
            translate("Rules", "No {0} header, expected {1}.").format(field, shown(asked) or "one"),
            _where(case, lines),
            Severity.VIOLATES,
        )
    elif lines[0].trimmed.lower() != asked.lower():
        wanted = shown(asked) or "none, as the request has no Origin"
        text = translate("Rules", "{0} is {1}, expected {2}.").format(
            field, shown(lines[0].trimmed) or "empty", wanted
        )
        yield Bad(text, _where(case, lines))
    else:
        yield Good(translate("Rules", "{0} is the origin of the request.").format(field))


@_of(*_OLD)
def location(case: Case) -> Result:
    name = _fields(case)[1]
    field = name.decode("ascii")
    lines = case.response.head.named(name)
    asked = names.first(case.request, b"Host") + request_parts(case.request).target
    if not lines:
        text = translate("Rules", "No {0} header, expected the URL {1}.").format(
            field, shown(b"ws://" + asked)
        )
        yield Bad(text, _where(case, lines), Severity.VIOLATES)
        return
    said = lines[0].trimmed
    if not request_parts(case.request).target.startswith(b"/"):
        return  # nobody asked for a path, so that there is no URL to compare
    if _same_url(said, asked):
        yield Good(translate("Rules", "{0} is the URL of the request.").format(field))
    else:
        text = translate("Rules", "{0} is {1}, expected {2} or the same with wss.").format(
            field, shown(said) or "empty", shown(b"ws://" + asked)
        )
        yield Bad(text, _where(case, lines))


def _same_url(said: bytes, asked: bytes) -> bool:
    """Whether ``said`` is ``asked`` with a scheme in front; a scheme's own port may be left out."""
    scheme, mark, rest = said.partition(b"://")
    port = {b"ws": b":80", b"wss": b":443"}.get(scheme.lower())
    if not mark or port is None:
        return False

    def plain(url: bytes) -> bytes:
        host, slash, path = url.partition(b"/")
        return host.lower().removesuffix(port) + (slash or b"/") + path

    return plain(rest) == plain(asked)


@_of(*_OLD)
def subprotocol(case: Case) -> Result:
    name = _fields(case)[2]
    field = name.decode("ascii")
    lines = case.response.head.named(name)
    handshake = dialect_called(case.dialect).handshake
    offered = handshake.subprotocols(case.request)
    said = lines[0].trimmed if lines else b""
    if not lines and offered:
        yield Bad(
            translate("Rules", "No {0} header, expected {1}.").format(field, shown(b" ".join(offered))),
            on_status_line(case.response),
        )
    elif not lines:
        yield Good(translate("Rules", "No subprotocol was offered and none chosen."))
    elif said in offered or (offered and tuple(said.split()) == offered):
        yield Good(translate("Rules", "Subprotocol {0} was offered.").format(shown(said)))
    else:
        wanted = shown(b" ".join(offered)) if offered else "no such header, as none was offered"
        yield Bad(
            translate("Rules", "{0} is {1}, expected {2}.").format(field, shown(said) or "empty", wanted),
            _where(case, lines),
        )


@_of(*_OLD)
def once(case: Case) -> Result:
    repeated = False
    for name in (b"Upgrade", b"Connection", *_fields(case)):
        lines = case.response.head.named(name)
        if len(lines) > 1:
            repeated = True
            text = translate("Rules", "{0} stands {1} times, expected once.").format(
                name.decode("ascii"), len(lines)
            )
            yield Bad(text, _where(case, lines))
    if not repeated:
        yield Good(translate("Rules", "Each header of the handshake stands once."))


def _keys(case: Case) -> tuple[bytes, bytes, bytes]:
    """Both numbered keys and the eight bytes behind the request's head, as far as they are there."""
    one, two = (names.first(case.request, name) for name in (names.KEY1, names.KEY2))
    return one, two, case.request_bytes[case.request.span.end :][:KEY3_BYTES]


def right_digest(case: Case) -> bytes | None:
    """The digest that answers the request; None where the dialect has none or none can be made."""
    return digest_for(*_keys(case)) if _challenge(case) is Challenge.KEYS else None


def _looks_like_text(came: bytes) -> bool:
    """Whether bytes in the digest's place are rather a text frame of hixie-76: 00, UTF-8, FF."""
    text, end, _ = came[1:].partition(b"\xff")
    return came[:1] == b"\x00" and bool(end) and text.isascii()


@_of(Challenge.KEYS)
def digest(case: Case) -> Result:
    response = case.response
    where = (Subject("response", response.body_span),)
    *keys, key3 = _keys(case)
    right = right_digest(case)
    came = response.body
    if right is None:
        fault = next((read.fault for read in map(read_numbered_key, keys) if read.fault), "")
        reason = f"a key is not right ({fault})" if fault else "eight bytes must follow the request's head"
        yield Bad(
            translate("Rules", "No digest is right for this request: {0}.").format(reason),
            where,
            Severity.NOTE,
            Fault.CLIENT,
            why="The digest is made of both keys and eight bytes behind the head. A server must not "
            "answer 101 where it cannot be made.",
        )
    elif not came:
        text = translate("Rules", "No digest follows the answer's head, expected {0} bytes, {1}.").format(
            DIGEST_BYTES, right.hex()
        )
        yield Bad(text, where)
    elif came == right:
        yield Good(
            translate(
                "Rules", "The digest is the MD5 of both keys' numbers and the eight bytes, {0}."
            ).format(right.hex())
        )
    elif _looks_like_text(came):
        guess = "Probably none was sent, and these bytes begin a text frame"
        yield Bad(
            translate("Rules", "The digest is {0}, expected {1}: {2}.").format(
                came.hex(), right.hex(), guess
            ),
            where,
        )
    elif len(came) < DIGEST_BYTES:
        text = translate("Rules", "{0} of the digest's {1} bytes came, {2}, expected {3}.").format(
            len(came), DIGEST_BYTES, came.hex(), right.hex()
        )
        yield Bad(text, where)
    else:
        mistake = digest_mistake(keys[0], keys[1], key3, came)
        text = translate("Rules", "The digest is {0}, expected {1}.").format(came.hex(), right.hex())
        yield Bad(text[:-1] + f": {mistake}." if mistake else text, where)


def nonce(case: Case) -> Result:
    if case.dialect != "hybi-04":
        return
    lines = case.response.head.named(names.NONCE)
    if not lines:
        yield Bad(
            translate("Rules", "No Sec-WebSocket-Nonce header, expected 16 bytes in base64."),
            _where(case, lines),
        )
        return
    value = lines[0].trimmed
    decoded = key_bytes(value)
    if decoded is None or len(decoded) != 16:
        text = translate("Rules", "Sec-WebSocket-Nonce is {0}, expected 16 bytes in base64.").format(
            shown(value) or "empty"
        )
        yield Bad(text, _where(case, lines), Severity.VIOLATES)
    else:
        yield Good(translate("Rules", "Sec-WebSocket-Nonce is 16 bytes in base64."))


def only_upgrade(case: Case) -> Result:
    if case.dialect not in ("hybi-04", "hybi-05"):
        return
    lines = case.response.head.named(b"Connection")
    said = b", ".join(case.response.head.values(b"Connection"))
    if lines and said.lower() != b"upgrade":
        yield Bad(
            translate("Rules", "Connection is {0}, expected Upgrade alone.").format(shown(said) or "empty"),
            _where(case, lines),
        )
    elif lines:
        yield Good(translate("Rules", "Connection is Upgrade and nothing else."))


_HIXIE_FIELDS = (names.OLD_ORIGIN, names.OLD_LOCATION, names.SEC_ORIGIN, names.SEC_LOCATION)


@_of(Challenge.ACCEPT)
def hixie_answer(case: Case) -> Result:
    head = case.response.head
    lines = tuple(line for name in _HIXIE_FIELDS for line in head.named(name))
    reason = case.response.reason.strip().lower()
    old_75 = reason == b"web socket protocol handshake" or bool(
        head.named(names.OLD_ORIGIN) or head.named(names.OLD_LOCATION)
    )
    if not lines and not old_75 and reason != b"websocket protocol handshake":
        return
    if not lines and head.named(names.ACCEPT):
        return  # only the reason is old, and no client reads it
    form = "hixie-75" if old_75 else "hixie-76"
    yield Bad(
        translate("Rules", "The answer has the form of {0}, though the request speaks {1}.").format(
            form, case.dialect
        ),
        _where(case, lines),
    )


def opaque(case: Case) -> Result:
    lines = case.response.head.named(EXTENSIONS)
    note = opaque_extension(case.request.values(EXTENSIONS), case.response.head.values(EXTENSIONS))
    if note is not None:
        text = translate("Rules", "Extension {0} is agreed: its frames cannot be read as they are.").format(
            shown(note.name)
        )
        yield Bad(text, _where(case, lines))
