"""Crafted frames as tables of numbers, texts and lists, as JSON and TOML files hold them.

A craft is a table with ``frames`` (a list of frame tables) and ``write``; a table without ``frames`` is
one frame, and may hold ``write`` too. Everything has a default, so ``{"text": "Hello"}`` is a frame.

A frame's members:

``opcode``      0 to 15, or ``continuation``, ``text``, ``binary``, ``close``, ``ping``, ``pong``
``fin`` ``rsv1`` ``rsv2`` ``rsv3`` ``rsv4``   true or false; ``fin`` is true where it is not given
``mask``        ``role``, ``off``, ``zero``, ``fresh``, or the key as eight hex digits
``length``      declared: a number, or its text (``"0x8000000000000005"``) where TOML cannot hold it
``form``        7, 16 or 64; the shortest where it is not given
payload         one of ``text``, ``hex``, ``base64``, ``file`` (a path), ``pattern`` (a text that is
                repeated) with ``size``, ``random`` (a seed) with ``size``, ``invalid`` (a kind of invalid
                UTF-8) with or without ``size``, ``code`` (of a Close) with or without ``reason``
``compression`` ``no``, ``yes``, ``rsv1-alone``, ``no-rsv1``, ``tail-kept``, ``final-block``, ``corrupt``,
                ``window``, ``missing-context``
``fragments``   a list of sizes, one size for all, or ``split-sequence``
``between``     a list of frame tables, each with ``after``: the number of a fragment, from 1

A table with ``raw`` is bytes as they are: ``raw`` is hex, or a table with a payload's members.

``write`` is ``together`` (which it is where it is not given), ``each`` (a write a frame), or a table of
``size`` (bytes a write) or ``chunks`` (a list of sizes), with ``delay`` (seconds before each but the
first) and ``delays`` (seconds before each).
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from wsinspector.protocol.crafting.crafted import (
    Between,
    Compression,
    Craft,
    CraftedBytes,
    CraftedFrame,
    Cut,
    Mask,
    Writes,
)
from wsinspector.protocol.crafting.payloads import CraftError, Payload, Source, read_hex
from wsinspector.protocol.opcodes import OPCODES, TEXT
from wsinspector.translate import translate

Plain = dict[str, Any]
_Word = TypeVar("_Word", Compression, Cut)

_OPCODES = {opcode.name: opcode.number for opcode in OPCODES if opcode.defined}
_NAMES = {number: name for name, number in _OPCODES.items()}
_FLAGS = ("fin", "rsv1", "rsv2", "rsv3", "rsv4")
_SOURCES = {source.value: source for source in Source}
_PAYLOAD = {*_SOURCES, "size", "reason"}
_FRAME = {*_FLAGS, *_PAYLOAD, "opcode", "mask", "length", "form", "compression", "fragments", "between"}
_TOML_MOST = (1 << 63) - 1
SPLIT = "split-sequence"


def craft_to_plain(craft: Craft) -> Plain:
    """The table of ``craft``; what has its default is left out."""
    frames = [frame_to_plain(one) for one in craft.frames]
    plain: Plain = frames[0] if len(frames) == 1 else {"frames": frames}
    if craft.writes != Writes():
        plain = {**plain, "write": _writes_to_plain(craft.writes)}
    return plain


def craft_from_plain(plain: object) -> Craft:
    """The craft that a table (or a list of frame tables) says. Raises CraftError, naming the member."""
    if isinstance(plain, list | tuple):
        plain = {"frames": plain}
    table = _table(plain, "craft")
    writes = _writes_from_plain(table.get("write", Cut.TOGETHER.value))
    rest = {name: value for name, value in table.items() if name != "write"}
    if "frames" not in rest:
        return Craft((frame_from_plain(rest),), writes)
    _known(rest, {"frames"})
    return Craft(tuple(frame_from_plain(one) for one in _list(rest["frames"], "frames")), writes)


def frame_to_plain(one: CraftedFrame | CraftedBytes) -> Plain:
    """The table of one frame, or of bytes as they are."""
    if isinstance(one, CraftedBytes):
        if one.payload.source is Source.HEX:
            return {"raw": one.payload.value}
        return {"raw": _payload_to_plain(one.payload)}
    default = CraftedFrame()
    plain: Plain = {"opcode": _NAMES.get(one.opcode, one.opcode)}
    for flag in _FLAGS:
        if getattr(one, flag) != getattr(default, flag):
            plain[flag] = getattr(one, flag)
    if one.mask is Mask.KEY:
        plain["mask"] = one.key.hex()
    elif one.mask is not Mask.ROLE:
        plain["mask"] = one.mask.value
    if one.length is not None:
        plain["length"] = one.length if one.length <= _TOML_MOST else f"0x{one.length:x}"
    if one.form is not None:
        plain["form"] = one.form
    plain |= _payload_to_plain(one.payload)
    if one.compression is not Compression.NO:
        plain["compression"] = one.compression.value
    if one.split_sequence:
        plain["fragments"] = SPLIT
    elif one.every:
        plain["fragments"] = one.every
    elif one.fragments:
        plain["fragments"] = list(one.fragments)
    if one.between:
        plain["between"] = [{"after": other.after, **frame_to_plain(other.frame)} for other in one.between]
    return plain


def frame_from_plain(plain: object, *, inner: bool = False) -> CraftedFrame | CraftedBytes:
    """What one frame table says. Raises CraftError. ``inner``: it lies between fragments."""
    table = _table(plain, "frame")
    if "raw" in table and not inner:
        _known(table, {"raw"})
        raw = table["raw"]
        if isinstance(raw, str):
            return CraftedBytes(Payload(Source.HEX, raw))
        inside = _table(raw, "raw")
        _known(inside, _PAYLOAD)
        return CraftedBytes(_payload_from_plain(inside))
    _known(table, _FRAME - {"between", "fragments"} if inner else _FRAME)
    flags = {flag: _flag(table[flag], flag) for flag in _FLAGS if flag in table}
    mask, key = _mask_from_plain(table.get("mask", Mask.ROLE.value))
    form = table.get("form")
    if form not in (None, 7, 16, 64) or isinstance(form, bool | float):
        raise CraftError(translate("Craft", "form: 7, 16 or 64."))
    sizes, every, split = _fragments_from_plain(table.get("fragments", ()))
    return CraftedFrame(
        opcode=_opcode(table.get("opcode", TEXT)),
        payload=_payload_from_plain(table),
        mask=mask,
        key=key,
        length=_length(table.get("length")),
        form=form,
        compression=_word(Compression, table.get("compression", Compression.NO.value), "compression"),
        fragments=sizes,
        every=every,
        split_sequence=split,
        between=tuple(_between(one) for one in _list(table.get("between", ()), "between")),
        **flags,
    )


def _between(plain: object) -> Between:
    table = _table(plain, "between")
    after = _number(table.get("after", 1), "after")
    frame = frame_from_plain({name: value for name, value in table.items() if name != "after"}, inner=True)
    assert isinstance(frame, CraftedFrame)  # raw is no member of an inner one
    return Between(after, frame)


def _payload_to_plain(payload: Payload) -> Plain:
    name = payload.source.value
    match payload.source:
        case Source.RANDOM:
            return {name: payload.seed, "size": payload.size}
        case Source.PATTERN:
            return {name: payload.value, "size": payload.size}
        case Source.INVALID:
            return {name: payload.value} | ({"size": payload.size} if payload.size else {})
        case Source.CLOSE:
            return {name: payload.size} | ({"reason": payload.value} if payload.value else {})
        case _:
            return {name: payload.value} if payload != Payload() else {}


def _payload_from_plain(table: Mapping[str, Any]) -> Payload:
    given = [name for name in _SOURCES if name in table]
    if len(given) > 1:
        text = translate("Craft", "A payload comes from one source, not from {names}.")
        raise CraftError(text.format(names=", ".join(given)))
    source = _SOURCES[given[0]] if given else Source.TEXT
    sized = source in (Source.PATTERN, Source.RANDOM, Source.INVALID)
    for name, fits in (("size", sized), ("reason", source is Source.CLOSE)):
        if name in table and not fits:
            raise CraftError(translate("Craft", "{name}: nothing here has one.").format(name=name))
    size = _number(table.get("size", 0), "size") if sized else 0
    if not given:
        return Payload()
    value = table[given[0]]
    match source:
        case Source.RANDOM:
            return Payload(source, "", size, _number(value, given[0], least=None))
        case Source.CLOSE:
            return Payload(source, _text(table.get("reason", ""), "reason"), _number(value, given[0]))
        case _:
            return Payload(source, _text(value, given[0]), size)


def _fragments_from_plain(value: object) -> tuple[tuple[int, ...], int, bool]:
    if value == SPLIT:
        return (), 0, True
    if isinstance(value, int) and not isinstance(value, bool):
        return (), _number(value, "fragments", least=1), False
    return tuple(_number(one, "fragments") for one in _list(value, "fragments")), 0, False


def _mask_from_plain(value: object) -> tuple[Mask, bytes]:
    text = _text(value, "mask")
    if text in {mask.value for mask in Mask if mask is not Mask.KEY}:
        return Mask(text), b""
    try:
        key = read_hex(text)
    except CraftError:
        key = b""
    if len(key) != 4:
        raise CraftError(translate("Craft", "mask: role, off, zero, fresh, or a key of eight hex digits."))
    return Mask.KEY, key


def _writes_to_plain(writes: Writes) -> str | Plain:
    timed: Plain = {"delay": writes.delay} if writes.delay else {}
    if writes.delays:
        timed["delays"] = list(writes.delays)
    match writes.cut:
        case Cut.SIZE:
            return {"size": writes.size, **timed}
        case Cut.CHUNKS:
            return {"chunks": list(writes.chunks), **timed}
        case _:
            return {"cut": writes.cut.value, **timed} if timed else writes.cut.value


def _writes_from_plain(plain: object) -> Writes:
    if isinstance(plain, str):
        plain = {"cut": plain}
    table = _table(plain, "write")
    _known(table, {"cut", "size", "chunks", "delay", "delays"})
    delay = _seconds(table.get("delay", 0.0), "delay")
    delays = tuple(_seconds(one, "delays") for one in _list(table.get("delays", ()), "delays"))
    if "chunks" in table:
        chunks = tuple(_number(one, "chunks") for one in _list(table["chunks"], "chunks"))
        return Writes(Cut.CHUNKS, chunks=chunks, delay=delay, delays=delays)
    if "size" in table:
        return Writes(Cut.SIZE, _number(table["size"], "size", least=1), delay=delay, delays=delays)
    cut = _word(Cut, table.get("cut", Cut.TOGETHER.value), "write")
    if cut not in (Cut.TOGETHER, Cut.EACH):
        raise CraftError(translate("Craft", "write: together, each, or a table with size or chunks."))
    return Writes(cut, delay=delay, delays=delays)


def _opcode(value: object) -> int:
    if isinstance(value, str) and value in _OPCODES:
        return _OPCODES[value]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 15:
        text = translate("Craft", "opcode: 0 to 15, or one of {names}.")
        raise CraftError(text.format(names=", ".join(_OPCODES)))
    return value


def _length(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = int(value, 0)
        except ValueError:
            value = -1
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 64:
        raise CraftError(translate("Craft", "length: 0 to 2^64 - 1."))
    return value


def _word(words: type[_Word], value: object, name: str) -> _Word:
    for word in words:
        if word.value == value:
            return word
    text = translate("Craft", "{name}: one of {words}.")
    raise CraftError(text.format(name=name, words=", ".join(word.value for word in words)))


def _number(value: object, name: str, *, least: int | None = 0) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or (least is not None and value < least):
        text = translate("Craft", "{name}: a whole number, {least} or more.")
        raise CraftError(text.format(name=name, least=0 if least is None else least))
    return int(value)


def _seconds(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise CraftError(translate("Craft", "{name}: seconds, 0 or more.").format(name=name))
    return float(value)


def _flag(value: object, name: str) -> bool:
    if not isinstance(value, bool):
        raise CraftError(translate("Craft", "{name}: true or false.").format(name=name))
    return bool(value)


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise CraftError(translate("Craft", "{name}: a text.").format(name=name))
    return str(value)


def _table(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise CraftError(translate("Craft", "{name}: a table.").format(name=name))
    return value


def _list(value: object, name: str) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise CraftError(translate("Craft", "{name}: a list.").format(name=name))
    return value


def _known(table: Mapping[str, Any], names: set[str]) -> None:
    for name in table:
        if name not in names:
            text = translate("Craft", "{name}: no such member. There are {names}.")
            raise CraftError(text.format(name=name, names=", ".join(sorted(names))))
