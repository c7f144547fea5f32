"""Whether a request is one that a dialect composes, so that a command can name the dialect."""

from collections.abc import Iterator

from wsinspector.protocol.accept import key_bytes
from wsinspector.protocol.address import Address, understand
from wsinspector.protocol.dialects import DIALECTS, RFC6455, Asking, dialect_called, spoken_for
from wsinspector.protocol.dialects.challenges import KEY3_BYTES, read_numbered_key
from wsinspector.protocol.draft import Draft, DraftLine, Generated
from wsinspector.protocol.request_lines import origin_of

_KEY_BYTES = 16


def address_with(url: str, target: bytes) -> tuple[str, Address] | None:
    """``url`` with ``target`` in place of its own; None where no address has such a target."""
    start = url.find("/", url.find("://") + 3)
    try:
        text = (url if start < 0 else url[:start]) + target.decode("ascii")
    except UnicodeDecodeError:
        return None
    known, address = understand(url), understand(text)
    if address.error or known.error or address.target != target or address.host != known.host:
        return None
    return text, address


def speaking(request: bytes, speak: str, dialect: str = "") -> list[str]:
    """``--dialect`` and ``--speak``, as far as ``request`` and the option ``speak`` need them.

    ``dialect``: the one that the command composes, "" where it is told the lines or the bytes.
    """
    proposed, speak = spoken_for(request), _known(speak)
    words = ["--dialect", dialect] if dialect else []
    if (speak or proposed) != (dialect or proposed):
        words += ["--speak", speak or proposed]
    return words


def composed_by(draft: Draft, address: Address, speak: str) -> tuple[str, tuple[DraftLine, ...]] | None:
    """The dialect before RFC 6455 whose request ``draft`` is, and the lines that stand behind it.

    What is drawn anew for every attempt may differ. None where no dialect composes it.
    """
    for name in dict.fromkeys((_known(speak), spoken_for(draft.to_bytes()))):
        if name in ("", RFC6455):
            continue
        row = dialect_called(name)
        asking = Asking(address.target, address.host_header, origin_of(address))
        model = row.handshake.compose(row, asking, bytes)
        if model.request_line != draft.request_line or model.request_ending != draft.request_ending:
            continue
        if model.terminator != draft.terminator or not _same_tail(model, draft):
            continue
        count = len(model.lines)
        if len(draft.lines) >= count and all(_same_lines(model, draft)):
            return name, draft.lines[count:]
    return None


def _known(name: str) -> str:
    """``name``, or "" where it is no dialect's: an option may come from another version's file."""
    return name if any(dialect.name == name for dialect in DIALECTS) else ""


def _same_tail(model: Draft, draft: Draft) -> bool:
    if model.tail_generated:
        return len(draft.tail) == KEY3_BYTES
    return model.tail == draft.tail


def _same_lines(model: Draft, draft: Draft) -> Iterator[bool]:
    for ours, theirs in zip(model.lines, draft.lines, strict=False):
        same = (ours.name, ours.between, ours.ending) == (theirs.name, theirs.between, theirs.ending)
        yield same and (ours.value == theirs.value or _drawn(ours.generated, theirs.value))


def _drawn(mark: Generated | None, value: bytes) -> bool:
    """Whether ``value`` is one that could have been drawn for ``mark``."""
    match mark:
        case Generated.KEY:
            decoded = key_bytes(value)
            return decoded is not None and len(decoded) == _KEY_BYTES
        case Generated.KEY1 | Generated.KEY2:
            return not read_numbered_key(value).fault
    return False
