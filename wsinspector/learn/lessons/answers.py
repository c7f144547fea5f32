"""Whether an answer is right: written forms of the same value are equal, and nothing else is."""

from collections.abc import Iterable

from wsinspector.learn.lessons.model import Kind

FACTS = (
    "key", "key-bytes", "accept", "status", "version", "offers", "first-byte", "second-byte", "header",
    "mask-key", "masked", "payload", "payload-text", "length", "close-code",
)  # fmt: skip
"""What of the conversation itself can be asked for."""

FACTS_OF_FRAMES = (
    "first-byte", "second-byte", "header", "mask-key", "masked", "payload", "payload-text", "length",
    "close-code",
)  # fmt: skip


def read_hex(text: str) -> bytes | None:
    """The bytes that ``text`` names in hex, however they are set apart; None where it is no hex."""
    bare = text.strip().lower()
    for sign in (" ", "\t", ":", "-", ","):
        bare = bare.replace(sign, " ")
    digits = "".join(part.removeprefix("0x") for part in bare.split())
    try:
        return bytes.fromhex(digits) if digits else None
    except ValueError:
        return None


def read_number(text: str) -> int | None:
    """The whole number: decimal, 0x…, 0b… or 0o…; None where it is none."""
    bare = text.strip().lower().replace(" ", "").replace("\N{THIN SPACE}", "")
    if len(bare) > 80 or not bare.isascii():
        return None
    sign, digits = (-1, bare[1:]) if bare.startswith("-") else (1, bare)
    base = {"0x": 16, "0b": 2, "0o": 8}.get(digits[:2], 10)
    try:
        return sign * int(digits[2:] if base != 10 else digits, base)
    except ValueError:
        return None


def readable(kind: Kind, text: str) -> bool:
    """Whether ``text`` is an answer of this kind at all."""
    match kind:
        case Kind.HEX:
            return read_hex(text) is not None
        case Kind.NUMBER:
            return read_number(text) is not None
    return bool(text.strip())


def same(kind: Kind, given: str, wanted: str, *, exact: bool = False) -> bool:
    """Whether both say the same; a text by its words, unless it is ``exact``: then letter by letter."""
    match kind:
        case Kind.HEX:
            found = read_hex(given)
            return found is not None and found == read_hex(wanted)
        case Kind.NUMBER:
            number = read_number(given)
            return number is not None and number == read_number(wanted)
        case Kind.CHOICE:
            return given == wanted
    if exact:
        return given.strip() == wanted.strip()
    return given.split() != [] and _words(given) == _words(wanted)


def one_of(kind: Kind, given: str, wanted: Iterable[str], *, exact: bool = False) -> bool:
    """Whether one of ``wanted`` says the same."""
    return any(same(kind, given, each, exact=exact) for each in wanted)


def _words(text: str) -> str:
    return " ".join(text.split()).strip(" .“”\"'`").casefold()
