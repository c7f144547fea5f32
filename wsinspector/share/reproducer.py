"""An attempt as a Python script that sends the same bytes again, with nothing but Python's library."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from wsinspector import __version__
from wsinspector.protocol.address import understand
from wsinspector.protocol.head_reader import parse_request
from wsinspector.share.leaving import Leaving
from wsinspector.share.left_out import Secret
from wsinspector.share.made_up import made_up
from wsinspector.share.reproducer_script import BODY, LEAD
from wsinspector.share.stream_secrets import Patch, StreamSecrets
from wsinspector.share.travelled import Piece, ranges_of, strays_of, travelled
from wsinspector.share.unsearched import tell_unsearched
from wsinspector.translate import translate

MOST_BYTES = 16 << 20
"""Bytes that are written into a script; more would take long to be read by Python."""

A_LINE = 64  # bytes of a literal

Part = bytes | tuple[Secret, bytes, int]
"""Bytes as they travelled, or bytes of a secret from its byte at the last number on: the mask under which
they did is as long as they are."""


@dataclass(slots=True)
class Step:
    """One write: ``pause`` is seconds since the one before.

    ``in_head``: all of it is of the request's head; ``in_request``: also of what belongs behind it.
    """

    pause: float
    in_head: bool
    in_request: bool
    parts: list[Part] = field(default_factory=list)


@dataclass(slots=True)
class _Asked:
    """What the script asks for: ``fixed`` where another length would break what lies around it."""

    size: int
    fixed: bool
    where: str


def write_reproducer(stream: BinaryIO, leaving: Leaving) -> None:
    """The script. Of a client that was caught it sends what the client sent, to where it reached us.

    It plays the client also there. Bytes that were not kept cannot be sent: it ends before them.
    """
    for text in script(leaving):
        stream.write(text.encode("ascii"))


def script(leaving: Leaving) -> Iterator[str]:
    """The script's text in pieces, ASCII alone."""
    snapshot = leaving.snapshot
    steps, note = _steps(leaving)
    note = " ".join(each for each in (made_up((snapshot,)), note) if each)
    tell_unsearched(leaving, leaving.asking)
    address = understand(snapshot.url)
    host, _, port = snapshot.dialled.rpartition(":")
    host = host.strip("[]")
    dialled = (host, int(port)) if host and port.isdecimal() else (address.host, address.port)
    tls = snapshot.tls
    sni = (tls.sni if tls is not None else "") or leaving.options.sni or address.host
    status = snapshot.response.head.start_line if snapshot.response is not None else b""
    yield LEAD
    yield f"MADE_BY = {f'wsinspector {__version__}'!a}\n"
    yield f"URL = {leaving.url!a}\n"
    yield f"DIALLED = {dialled!a}\n"
    yield f"SECURE = {address.secure!a}\n"
    yield f"SNI = {sni!a}\n"
    yield f"ALPN = {list(leaving.options.alpn)!a}\n"
    hidden = b"".join(leaving.secrets.stream([status], translate("Reproducer", "the answer")))
    yield f"STATUS_LINE = {hidden!a}\n"
    yield f"NOTE = {note!a}\n\n"
    yield from _asked(steps)
    yield "# Seconds to wait since the step before, and the bytes that were written together.\n"
    yield f"REQUEST_STEPS = {sum(step.in_request for step in steps)}\n"
    yield "STEPS = [\n"
    for step in steps:
        yield f"    ({step.pause:.6f}, [\n"
        for part in step.parts:
            yield from _literal(part)
        yield "    ]),\n"
    yield "]\n"
    yield BODY


def _asked(steps: Iterable[Step]) -> Iterator[str]:
    asked: dict[str, _Asked] = {}
    for step in steps:
        for part in step.parts:
            if isinstance(part, tuple):
                secret = part[0]
                found = asked.setdefault(
                    secret.name, _Asked(len(secret), False, translate("Reproducer", "in the request's head"))
                )
                if not step.in_head:
                    found.fixed = True
                    found.where = translate("Reproducer", "in what was sent behind the request's head")
    yield "# Left out of what was sent: how long each is, whether no other length fits, where it is.\n"
    yield "SECRETS = {\n"
    for name, each in asked.items():
        yield f"    {name!a}: ({each.size}, {each.fixed}, {each.where!a}),\n"
    yield "}\n\n"


def _literal(part: Part) -> Iterator[str]:
    if isinstance(part, tuple):
        secret, mask, into = part
        shown = mask if any(mask) else b""
        cut = f", {into}, {into + len(mask)}" if len(mask) < len(secret) else ""
        yield f"        ({secret.name!a}, {shown!a}{cut}),\n"
        return
    lines = part.split(b"\n")
    for number, line in enumerate(lines):
        ended = line + b"\n" if number < len(lines) - 1 else line
        for at in range(0, len(ended), A_LINE):
            yield f"        {ended[at : at + A_LINE]!a},\n"


def _steps(leaving: Leaving) -> tuple[list[Step], str]:
    """The writes, and what cannot be sent again, as a sentence or nothing."""
    asking, snapshot = leaving.asking, leaving.snapshot
    wanted = ranges_of(leaving)
    pieces: Iterable[Piece] = (
        piece
        for piece in travelled(leaving.reader, snapshot.attempt_id, wanted, strays_of(leaving))
        if piece.direction is asking
    )
    hidden = StreamSecrets(leaving.reader, snapshot, leaving.secrets, leaving.veils)
    cutter = _Cutter(hidden.patches(asking))
    head = parse_request(snapshot.request).span.end
    whole = len(snapshot.request)
    steps: list[Step] = []
    taken, before = 0, None
    for piece in pieces:
        leaving.look()
        if piece.lost:
            return steps, translate(
                "Reproducer",
                "%n byte(s) (was|were) not kept here; what followed is not sent.",
                "",
                piece.lost,
            )
        if taken + len(piece.data) > MOST_BYTES:
            return steps, translate(
                "Reproducer",
                "Only the first %n byte(s) that (was|were) sent (is|are) in this script.",
                "",
                taken,
            )
        taken += len(piece.data)
        pause = (piece.at - before) / 1e9 if before is not None else 0.0
        before = piece.at
        for start, stop in _cuts(piece.offset, piece.end, (head, whole)):
            data = piece.data[start - piece.offset : stop - piece.offset]
            parts = list(cutter.parts(start, data))
            if parts:
                steps.append(Step(max(pause, 0.0), stop <= head, stop <= whole, parts))
                pause = 0.0
    if not steps and snapshot.request:
        return [Step(0.0, True, True, _unsent(leaving))], translate(
            "Reproducer", "This request never left when it was recorded."
        )
    return steps, ""


def _unsent(leaving: Leaving) -> list[Part]:
    return [
        (piece, bytes(len(piece)), 0) if isinstance(piece, Secret) else piece for piece in leaving.request()
    ]


def _cuts(start: int, stop: int, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    inner = sorted({place for place in places if start < place < stop})
    for end in (*inner, stop):
        yield start, end
        start = end


class _Cutter:
    """Cuts rising bytes where secrets lie in them."""

    def __init__(self, patches: Iterator[Patch]) -> None:
        self._patches = patches
        self._next = next(patches, None)
        self._begun = b""

    def parts(self, offset: int, data: bytes) -> Iterator[Part]:
        """A secret that goes on in the next bytes is wholly in that part where it ends."""
        at, end = offset, offset + len(data)
        while self._next is not None and self._next.start < end:
            patch = self._next
            if patch.start > at:
                yield data[at - offset : patch.start - offset]
            low, high = max(patch.start, offset), min(patch.end, end)
            self._begun += data[low - offset : high - offset]
            at = high
            if patch.end > end:
                break
            assert patch.secret is not None
            value = patch.secret.value[patch.into : patch.into + len(patch.delta)]
            mask = bytes(a ^ b for a, b in zip(self._begun, value, strict=True))
            yield patch.secret, mask, patch.into
            self._begun = b""
            self._next = next(self._patches, None)
        if at < end:
            yield data[at - offset :]
