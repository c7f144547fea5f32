"""permessage-deflate (RFC 7692): what was agreed, and the two directions of the codec."""

import enum
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wsinspector.protocol.http import OWS, split_list, split_unquoted
from wsinspector.protocol.spans import Role

NAME = b"permessage-deflate"
TAIL = b"\x00\x00\xff\xff"
"""What a sender drops and a receiver appends (§7.2.1, §7.2.2)."""

LIMIT = 64 << 20
"""Bytes one message may inflate to before inflating stops."""

WINDOW = 32 << 10
"""Bytes of output that any later back-reference can reach."""

_PIECE = 1 << 16
_BITS = re.compile(rb"(?:[89]|1[0-5])\Z")


@dataclass(frozen=True, slots=True)
class DeflateParameters:
    """The four parameters of §7.1, as agreed. Window bits: 8 to 15."""

    server_no_context_takeover: bool = False
    client_no_context_takeover: bool = False
    server_max_window_bits: int = 15
    client_max_window_bits: int = 15

    def takeover(self, sender: Role) -> bool:
        """Whether ``sender`` may refer back into messages before this one."""
        if sender is Role.SERVER:
            return not self.server_no_context_takeover
        return not self.client_no_context_takeover

    def window_bits(self, sender: Role) -> int:
        return self.server_max_window_bits if sender is Role.SERVER else self.client_max_window_bits


@dataclass(frozen=True, slots=True)
class ExtensionItem:
    """One member of Sec-WebSocket-Extensions: a name and its parameters in order (§9.1)."""

    name: bytes
    parameters: tuple[tuple[bytes, bytes | None], ...]


def read_extensions(values: Sequence[bytes]) -> tuple[ExtensionItem, ...]:
    """The members of all header lines; quoted values unquoted, nothing judged."""
    items: list[ExtensionItem] = []
    for value in values:
        for member in split_list(value):
            if not member:
                continue
            name, *rest = (part.strip(OWS) for part in split_unquoted(member, 0x3B))
            parameters = []
            for part in rest:
                key, equals, text = part.partition(b"=")
                text = text.strip(OWS)
                if len(text) >= 2 and text[:1] == text[-1:] == b'"':
                    text = text[1:-1].replace(b"\\", b"")
                parameters.append((key.strip(OWS).lower(), text if equals else None))
            items.append(ExtensionItem(name.lower(), tuple(parameters)))
    return tuple(items)


def _read_parameters(item: ExtensionItem, *, answer: bool) -> dict[bytes, int | None] | None:
    """The parameters as a table, or None for what §7.1 makes a client or server reject."""
    found: dict[bytes, int | None] = {}
    for name, value in item.parameters:
        if name in found:
            return None
        if name in (b"server_no_context_takeover", b"client_no_context_takeover"):
            if value is not None:
                return None
            found[name] = None
        elif name in (b"server_max_window_bits", b"client_max_window_bits"):
            if value is None:
                if answer or name == b"server_max_window_bits":
                    return None
                found[name] = None
            elif _BITS.match(value) is None:
                return None
            else:
                found[name] = int(value)
        else:
            return None
    return found


def offer(
    *,
    server_no_context_takeover: bool = False,
    client_no_context_takeover: bool = False,
    server_max_window_bits: int | None = None,
    client_max_window_bits: int | bool = True,
) -> bytes:
    """One offer for Sec-WebSocket-Extensions; ``True`` writes the parameter without a value."""
    parts = [NAME]
    if server_no_context_takeover:
        parts.append(b"server_no_context_takeover")
    if client_no_context_takeover:
        parts.append(b"client_no_context_takeover")
    if server_max_window_bits is not None:
        parts.append(b"server_max_window_bits=%d" % server_max_window_bits)
    if client_max_window_bits is True:
        parts.append(b"client_max_window_bits")
    elif client_max_window_bits is not False:
        parts.append(b"client_max_window_bits=%d" % client_max_window_bits)
    return b"; ".join(parts)


def answer(request_values: Sequence[bytes]) -> tuple[bytes, DeflateParameters] | None:
    """What a server answers to the first offer it can take, and what is agreed then (§5.1).

    Unknown, repeated or ill-valued parameters decline that offer. None where none is left.
    """
    for item in read_extensions(request_values):
        asked = _read_parameters(item, answer=False) if item.name == NAME else None
        if asked is None:
            continue
        parts = [NAME]
        for flag in (b"server_no_context_takeover", b"client_no_context_takeover"):
            if flag in asked:
                parts.append(flag)
        server_bits = asked.get(b"server_max_window_bits") or 15
        client_bits = asked.get(b"client_max_window_bits") or 15
        if server_bits < 15:
            parts.append(b"server_max_window_bits=%d" % server_bits)
        if client_bits < 15:
            parts.append(b"client_max_window_bits=%d" % client_bits)
        agreed = DeflateParameters(
            b"server_no_context_takeover" in asked,
            b"client_no_context_takeover" in asked,
            server_bits,
            client_bits,
        )
        return b"; ".join(parts), agreed
    return None


def agreed_from(
    request_values: Sequence[bytes], response_values: Sequence[bytes]
) -> DeflateParameters | None:
    """What both header fields together agree on, or None where compression is not in force.

    An answer that is not valid for what was offered (§7.1) agrees on nothing.
    """
    offers = [item for item in read_extensions(request_values) if item.name == NAME]
    answers = [item for item in read_extensions(response_values) if item.name == NAME]
    if not offers or len(answers) != 1:
        return None
    taken = _read_parameters(answers[0], answer=True)
    if taken is None or not any(_answers(taken, one) for one in offers):
        return None
    return DeflateParameters(
        b"server_no_context_takeover" in taken,
        b"client_no_context_takeover" in taken,
        taken.get(b"server_max_window_bits") or 15,
        taken.get(b"client_max_window_bits") or 15,
    )


def _answers(taken: dict[bytes, int | None], item: ExtensionItem) -> bool:
    """Whether ``taken`` is a valid answer to this one offer (§7.1.1 to §7.1.2)."""
    asked = _read_parameters(item, answer=False)
    if asked is None:
        return False
    if b"server_no_context_takeover" in asked and b"server_no_context_takeover" not in taken:
        return False
    server_limit = asked.get(b"server_max_window_bits")
    if server_limit is not None and (taken.get(b"server_max_window_bits") or 15) > server_limit:
        return False
    # A client's own bits are a hint; a server may only name them where the parameter was offered.
    return b"client_max_window_bits" not in taken or b"client_max_window_bits" in asked


class InflateFault(enum.Enum):
    """Why an inflater gave up. LEFT_OUT: what it would need is not in this file, and no peer's fault."""

    FAILED = "failed"
    LIMIT = "limit"
    LEFT_OUT = "left-out"


class Inflater:
    """Inflates the messages of one direction, a bounded piece at a time.

    Always with a window of 15 bits: a smaller one would fail or not depending on how the
    bytes were cut. After a fault, :attr:`fault` stays set; :attr:`lost` says that later
    messages cannot be inflated either, because their window is gone.
    """

    __slots__ = ("_kept", "_kept_size", "_size", "_takeover", "_zlib", "fault", "limit", "lost", "why")

    def __init__(self, *, takeover: bool = True, limit: int = LIMIT, restore: bytes = b"") -> None:
        self._takeover = takeover
        self.limit = limit
        self.fault: InflateFault | None = None
        self.lost = False
        self.why = ""  # what zlib says of the bytes that failed
        self._size = 0
        self._kept: list[bytes] = [restore] if restore else []
        self._kept_size = len(restore)
        self._zlib = self._fresh(restore)

    @staticmethod
    def _fresh(window: bytes) -> "zlib._Decompress":
        return zlib.decompressobj(-15, zdict=window) if window else zlib.decompressobj(-15)

    @property
    def size(self) -> int:
        """Bytes the current message has given so far."""
        return self._size

    def pieces(self, data: bytes, *, final: bool) -> Iterator[bytes]:
        """What ``data`` gives, at most 64 KiB a piece; ``final`` ends the message.

        Run it to its end. Stops early, without raising, once :attr:`fault` is set.
        """
        if final:
            data += TAIL
        while True:
            try:
                out = self._zlib.decompress(data, _PIECE)
            except zlib.error as error:
                self.why = str(error).rpartition(": ")[2]
                self._give_up(InflateFault.FAILED)
                return
            if out:
                self._size += len(out)
                if self._size > self.limit:
                    self._give_up(InflateFault.LIMIT)
                    return
                self._keep(out)
                yield out
            if self._zlib.eof:
                # A block with BFINAL set ended the stream (§7.2.3.4); the window goes on.
                data = self._zlib.unused_data
                self._zlib = self._fresh(self.checkpoint())
                if not data:
                    return
                continue
            data = self._zlib.unconsumed_tail
            if not data and len(out) < _PIECE:
                return

    def _give_up(self, fault: InflateFault) -> None:
        self.fault = fault
        self.lost = self.lost or self._takeover

    def _keep(self, out: bytes) -> None:
        self._kept.append(out)
        self._kept_size += len(out)
        if self._kept_size > 4 * WINDOW:
            self._kept = [b"".join(self._kept)[-WINDOW:]]
            self._kept_size = len(self._kept[0])

    def copy(self) -> "Inflater":
        """Another that goes on from here by itself; not while :meth:`pieces` runs."""
        made = Inflater(takeover=self._takeover, limit=self.limit)
        made.fault, made.lost, made.why, made._size = self.fault, self.lost, self.why, self._size
        window = self.checkpoint()
        made._kept, made._kept_size = [window] if window else [], len(window)
        made._zlib = self._zlib.copy()
        return made

    def end_message(self) -> None:
        """Make ready for the next message; without context takeover its window is empty."""
        self._size = 0
        if not self._takeover:
            self.fault = None
            self._kept = []
            self._kept_size = 0
            self._zlib = zlib.decompressobj(-15)

    def leave_out(self) -> None:
        """The bytes of this message were left out on purpose; with takeover the window is lost."""
        self._give_up(InflateFault.LEFT_OUT)

    def abandon(self) -> None:
        """Forget a message that was left unfinished; with takeover the window is lost."""
        self.lost = self.lost or self._takeover
        self.end_message()

    def checkpoint(self) -> bytes:
        """The last 32 KiB of output: with ``restore`` it stands in for all that came before.

        Exact at a message boundary only.
        """
        kept = b"".join(self._kept)[-WINDOW:]
        self._kept = [kept] if kept else []
        self._kept_size = len(kept)
        return kept


def _compressor(bits: int) -> "zlib._Compress":
    """zlib writes no raw stream for a window of 256 bytes; without references back any window does."""
    if bits < 9:
        return zlib.compressobj(wbits=-9, strategy=zlib.Z_HUFFMAN_ONLY)
    return zlib.compressobj(wbits=-bits)


class Deflater:
    """Compresses the messages of one direction."""

    __slots__ = ("_bits", "_takeover", "_zlib")

    def __init__(self, *, takeover: bool = True, window_bits: int = 15) -> None:
        self._bits = window_bits
        self._takeover = takeover
        self._zlib = _compressor(window_bits)

    def deflate(self, payload: bytes) -> bytes:
        """One message's payload as it travels, the tail dropped (§7.2.1)."""
        data = self._zlib.compress(payload) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
        if not self._takeover:
            self._zlib = _compressor(self._bits)
        return data.removesuffix(TAIL) or b"\x00"
