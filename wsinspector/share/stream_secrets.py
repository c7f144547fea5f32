"""Where secrets lie in the bytes of an attempt, and what to put there so that nothing else moves."""

import heapq
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wsinspector.capture import CaptureReader
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.frames import FrameFacts, FrameReading, facts_of, framing_of
from wsinspector.present.secrets import SHORTEST
from wsinspector.protocol.columns import FLAG_COMPRESSED, FLAG_MASKED, FLAG_OUT
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.spans import Direction, Role
from wsinspector.share.compressed_secrets import Veil, Veils
from wsinspector.share.left_out import LeftOut, Secret, Secrets, spans_of
from wsinspector.share.reading_ahead import ReadingAhead
from wsinspector.share.split_secrets import FRAMES_AT_ONCE as FRAMES_AT_ONCE
from wsinspector.share.split_secrets import SplitPart, split_parts
from wsinspector.share.travelled import WINDOW
from wsinspector.translate import translate


@dataclass(frozen=True, slots=True)
class Patch:
    """``delta`` is to be XORed to the bytes from ``start`` on.

    ``secret`` stood there from its byte ``into`` on, ``where`` in words; None where something else is
    left out.
    """

    start: int
    delta: bytes
    secret: Secret | None
    where: str
    into: int = 0
    veil: Veil | None = None  # it is of a message that is left out whole

    @property
    def end(self) -> int:
        return self.start + len(self.delta)


def fillers(secrets: Secrets) -> dict[bytes, bytes]:
    """What to put in the place of each known value where all lengths stay; none where all is kept.

    Stars; of values of one length all but the first end in a number, so that two that differed still
    differ, and no rule finds one twice.
    """
    found: dict[bytes, bytes] = {}
    seen: dict[int, int] = {}
    for secret in () if secrets.keep else sorted(secrets.known, key=lambda each: each.form):
        size = len(secret)
        seen[size] = seen.get(size, 0) + 1
        number = b"%d" % seen[size] if seen[size] > 1 else b""
        found[secret.value] = (
            secret.fill[: size - len(number)] + number if len(number) < size else secret.fill
        )
    return found


class StreamSecrets:
    """The secrets in both streams of one attempt; ``secrets`` has learned all there is.

    Found in the heads by their place, in bodies and frames by their value, under a mask too.
    ``veils`` tells of payloads that travelled compressed: of those that hold one every byte is zero then.
    """

    def __init__(
        self,
        reader: CaptureReader,
        snapshot: AttemptSnapshot,
        secrets: Secrets,
        veils: Callable[[], Veils] = Veils,
    ) -> None:
        self._veils = veils
        self._reader = reader
        self._snapshot = snapshot
        self._secrets = secrets
        self._fillers = fillers(secrets)
        self._by_value = {each.value: each for each in secrets.known if each.value in self._fillers}
        long = sorted((each for each in self._by_value if len(each) >= SHORTEST), key=len, reverse=True)
        self._longest = len(long[0]) if long else 0
        self._shortest = len(long[-1]) if long else 0
        self._pattern = re.compile(b"|".join(map(re.escape, long))) if long else None
        self._parts: list[SplitPart] | None = None

    def patches(self, direction: Direction) -> Iterator[Patch]:
        """Rising and apart, found as they are asked for; each is noted as left out."""
        behind = 0
        found = heapq.merge(
            self._in_heads(direction),
            self._in_plain(direction),
            self._in_masked(direction),
            self._in_parts(direction),
            self._in_compressed(direction),
            key=lambda each: each.start,
        )
        for patch in found:
            if patch.end > behind:
                assert patch.secret is not None
                if patch.veil is not None:
                    self._secrets.told_whole(patch.veil.names, patch.where, patch.veil.size)
                else:
                    self._secrets.told(patch.secret.value, patch.where)
                kept = _behind(patch, behind)  # two values may share bytes
                behind = kept.end
                yield kept

    def told_of_heads(self) -> tuple[str, ...]:
        """What is left out of the heads, in words, before anything is written."""
        found: dict[str, None] = {}
        for direction in (Direction.OUT, Direction.IN):
            for patch in self._in_heads(direction):
                if patch.secret is not None:
                    found[LeftOut(patch.secret.name, patch.where, len(patch.delta)).text] = None
        return tuple(found)

    def _patch(self, start: int, secret: Secret, where: str) -> Patch:
        return Patch(start, _xor(secret.value, self._fillers[secret.value]), secret, where)

    def _in_heads(self, direction: Direction) -> Iterator[Patch]:
        if not self._by_value:
            return
        snapshot = self._snapshot
        asked = Direction.OUT if snapshot.role is Role.CLIENT else Direction.IN
        if direction is asked:
            heads = [(parse_request(snapshot.request), translate("LeftOut", "the request"))]
        else:
            answers = [*snapshot.interim, *([snapshot.response] if snapshot.response is not None else [])]
            heads = [(each.head, translate("LeftOut", "the response")) for each in answers]
        for head, side in heads:
            for at, label, span in spans_of(head):
                start, stop = span.start + at, span.end + at
                value = self._reader.stream(self._snapshot.attempt_id, direction, start, stop)
                secret = self._by_value.get(value)
                if secret is not None:
                    yield self._patch(start, secret, f"{label} {translate('LeftOut', 'of')} {side}")

    def _in_plain(self, direction: Direction) -> Iterator[Patch]:
        """Wherever a value stands as it is: in bodies, and in frames without a mask."""
        if self._pattern is None:
            return
        attempt = self._snapshot.attempt_id
        length = self._reader.stream_length(attempt, direction)
        where = (
            translate("LeftOut", "what was sent")
            if direction is Direction.OUT
            else translate("LeftOut", "what was received")
        )
        behind = 0
        for start in range(0, length, WINDOW):
            data = self._reader.stream(attempt, direction, start, start + WINDOW + self._longest - 1)
            for match in self._pattern.finditer(data, max(behind - start, 0)):
                if match.start() >= WINDOW:
                    break
                behind = start + match.end()
                secret = self._by_value[match.group()]
                yield self._patch(start + match.start(), secret, where)

    def _in_masked(self, direction: Direction) -> Iterator[Patch]:
        if self._pattern is None:
            return
        attempt = self._snapshot.attempt_id
        wanted = FLAG_MASKED | (FLAG_OUT if direction is Direction.OUT else 0)
        view = StreamView(self._reader, attempt, direction)
        frames = self._reader.frame_count(attempt)
        for first in range(1, frames + 1, FRAMES_AT_ONCE):
            columns = self._reader.columns(attempt, first, FRAMES_AT_ONCE)
            for at, flags in enumerate(columns.flags):
                mine = flags & (FLAG_MASKED | FLAG_OUT | FLAG_COMPRESSED) == wanted
                if mine and columns.length[at] >= self._shortest:
                    yield from self._in_frame(facts_of(columns, at, first + at), view)

    def _in_parts(self, direction: Direction) -> Iterator[Patch]:
        """What lies in several frames of one message, under masks or not."""
        if self._pattern is None:
            return
        if self._parts is None:
            snapshot, source = self._snapshot, ReadingAhead(self._reader, self._snapshot.attempt_id)
            reading = FrameReading(source, snapshot.agreed, snapshot.role)
            frames = self._reader.frame_count(snapshot.attempt_id)
            self._parts = sorted(split_parts(reading, frames, self._secrets), key=lambda each: each.start)
        out = direction is Direction.OUT
        for part in self._parts:
            if part.out is out and part.secret.value in self._fillers:
                filler = self._fillers[part.secret.value][part.into : part.into + part.size]
                where = translate("LeftOut", "frame {0}, a part").format(part.number)
                yield Patch(part.start, _xor(part.value, filler), part.secret, where, part.into)

    def _in_compressed(self, direction: Direction) -> Iterator[Patch]:
        """All of the frames of a message of which not a byte can be told from a secret."""
        snapshot, attempt = self._snapshot, self._snapshot.attempt_id
        reading = FrameReading(ReadingAhead(self._reader, attempt), snapshot.agreed, snapshot.role)
        length = self._reader.stream_length(attempt, direction)
        for number, veil in self._veils().frames(direction):
            facts = reading.facts(number) if veil.names else None  # else it is not in the file to begin with
            if facts is None:
                continue
            name = f"PAYLOAD_{number}"
            for start in range(facts.payload_start, min(facts.payload_end, length), WINDOW):
                at = start - facts.payload_start
                data = reading.payload(facts, at, WINDOW)
                if data:
                    secret = Secret(f"{name}_FROM_{at}" if at else name, data)
                    yield Patch(start, data, secret, veil.where, veil=veil)

    def _in_frame(self, facts: FrameFacts, view: "StreamView") -> Iterator[Patch]:
        assert self._pattern is not None
        snapshot = self._snapshot
        framing = framing_of(snapshot.agreed)
        sender = sender_of(snapshot, facts)
        header = view.bytes(facts.offset, facts.payload_start)
        if len(header) != facts.header:
            return
        behind = facts.payload_start
        for start in range(facts.payload_start, min(facts.payload_end, view.length), WINDOW):
            raw = view.bytes(start, min(start + WINDOW + self._longest - 1, facts.payload_end))
            into = start - facts.payload_start
            data = framing.unmask(header, raw, into, sender=sender, agreed=snapshot.agreed)
            for match in self._pattern.finditer(data, max(behind - start, 0)):
                if match.start() >= WINDOW:
                    break
                behind = start + match.end()
                secret = self._by_value[match.group()]
                where = translate("LeftOut", "frame {0}").format(facts.number)
                yield self._patch(start + match.start(), secret, where)


def _behind(patch: Patch, at: int) -> Patch:
    cut = at - patch.start
    if cut <= 0:
        return patch
    return Patch(at, patch.delta[cut:], patch.secret, patch.where, patch.into + cut, patch.veil)


def sender_of(snapshot: AttemptSnapshot, facts: FrameFacts) -> Role:
    """Which endpoint sent the frame."""
    if facts.out:
        return snapshot.role
    return Role.SERVER if snapshot.role is Role.CLIENT else Role.CLIENT


class Patcher:
    """Puts the patches of one direction into its bytes, which are given in rising order."""

    def __init__(self, patches: Iterator[Patch]) -> None:
        self._patches = patches
        self._next = next(patches, None)
        self.put: list[Patch] = []
        """Those that began in what was last given."""

    def patched(self, offset: int, data: bytes) -> bytes:
        """``data``, which lies at ``offset``, without secrets."""
        end = offset + len(data)
        made: bytearray | None = None
        self.put = []
        while self._next is not None and self._next.start < end:
            patch = self._next
            if patch.start >= offset:
                self.put.append(patch)
            start, stop = max(patch.start, offset), min(patch.end, end)
            if start < stop:
                made = made if made is not None else bytearray(data)
                part = patch.delta[start - patch.start : stop - patch.start]
                made[start - offset : stop - offset] = _xor(bytes(made[start - offset : stop - offset]), part)
            if patch.end > end:
                break  # goes on in what comes next
            self._next = next(self._patches, None)
        return data if made is None else bytes(made)


class StreamView:
    """A direction's bytes through a window, so that short frames are not read one by one."""

    def __init__(self, reader: CaptureReader, attempt_id: int, direction: Direction) -> None:
        self._reader = reader
        self._attempt_id = attempt_id
        self._direction = direction
        self.length = reader.stream_length(attempt_id, direction)
        self._start = 0
        self._data = b""

    def bytes(self, start: int, stop: int) -> bytes:
        if not self._start <= start <= stop <= self._start + len(self._data):
            self._start = start
            end = max(stop, start + WINDOW)
            self._data = self._reader.stream(self._attempt_id, self._direction, start, end)
        return self._data[start - self._start : stop - self._start]


def _xor(data: bytes, other: bytes) -> bytes:
    size = len(data)
    return (int.from_bytes(data, "big") ^ int.from_bytes(other, "big")).to_bytes(size, "big")
