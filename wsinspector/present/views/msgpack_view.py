"""MessagePack as a tree with the form each value was written in, as far as it can be read."""

from wsinspector.present.views.binary_reader import BinaryReader, hex_of, text_of
from wsinspector.present.views.contents import Budget, Node, Sample, Shown, Source, Tree
from wsinspector.translate import translate

_SIZES = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4, 0xC7: 1, 0xC8: 2, 0xC9: 4}
_LISTS = {0xDC: 2, 0xDD: 4, 0xDE: 2, 0xDF: 4}
_WORDS = {0xC0: "nil", 0xC2: "false", 0xC3: "true"}


class MessagePack:
    """All forms of the MessagePack specification."""

    id = "msgpack"
    reaches_all = False

    @property
    def name(self) -> str:
        return translate("Views", "MessagePack")

    def fits(self, sample: Sample) -> int:
        if "msgpack" in sample.subprotocol.casefold():
            return 90
        first = sample.data[0] if sample.data else 0
        if sample.text or not (0x80 <= first <= 0x9F or 0xDC <= first <= 0xDF):
            return 0
        return BinaryReader(sample.data).sureness(_value, sample.total)

    def show(self, source: Source, budget: Budget) -> Shown | None:
        reader = BinaryReader(source.data[: budget.size], source.total)
        nodes = reader.all_of(_value)
        return Tree(nodes, reader.why) if nodes else None


def _value(reader: BinaryReader, depth: int) -> Node:
    form = reader.number(1)
    if form <= 0x7F or form >= 0xE0:
        return Node("", str(form if form <= 0x7F else form - 256), "fixint", "number")
    if form <= 0x9F:
        return _list(reader, form < 0x90, form & 0x0F, "fixmap" if form < 0x90 else "fixarray", depth)
    if form <= 0xBF:
        return Node("", text_of(reader.take(form & 0x1F)), "fixstr", "string")
    if form in _WORDS:
        return Node("", _WORDS[form], "", "literal")
    if form in _LISTS:
        size = _LISTS[form]
        kind = "map" if form >= 0xDE else "array"
        return _list(reader, form >= 0xDE, reader.number(size), f"{kind} {size * 8}", depth)
    if 0xCC <= form <= 0xD3:
        size = 1 << (form & 3)
        signed = form >= 0xD0
        meaning = f"{'int' if signed else 'uint'} {size * 8}"
        return Node("", str(reader.number(size, signed=signed)), meaning, "number")
    if form in (0xCA, 0xCB):
        size = 4 if form == 0xCA else 8
        return Node("", repr(reader.real(size)), f"float {size * 8}", "number")
    if 0xD4 <= form <= 0xD8 or 0xC7 <= form <= 0xC9:
        size = 1 << (form - 0xD4) if form >= 0xD4 else reader.number(_SIZES[form])
        return _extension(reader, reader.number(1, signed=True), size)
    if form in _SIZES:
        size = _SIZES[form]
        data = reader.take(reader.number(size))
        if form >= 0xD9:
            return Node("", text_of(data), f"str {size * 8}", "string")
        return Node("", hex_of(data), f"bin {size * 8}", "string")
    reader.wrong(translate("Views", "byte {at} (0xC1) is never used").format(at=reader.at - 1))
    return Node("", "", "")


def _list(reader: BinaryReader, is_map: bool, size: int, form: str, depth: int) -> Node:
    return reader.nested(_value, size, depth, form, is_map=is_map)


def _extension(reader: BinaryReader, kind: int, size: int) -> Node:
    data = reader.take(size)
    if kind == -1 and size in (4, 8, 12):
        if size == 12:
            nano, seconds = int.from_bytes(data[:4], "big"), int.from_bytes(data[4:], "big", signed=True)
        elif size == 8:
            both = int.from_bytes(data, "big")
            nano, seconds = both >> 34, both & ((1 << 34) - 1)
        else:
            nano, seconds = 0, int.from_bytes(data, "big")
        meaning = translate("Views", "time stamp, seconds since 1970")
        return Node("", f"{seconds}.{nano:09d}" if nano else str(seconds), meaning, "number")
    return Node("", hex_of(data), translate("Views", "ext, type {kind}").format(kind=kind), "string")
