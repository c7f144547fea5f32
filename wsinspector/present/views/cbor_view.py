"""CBOR (RFC 8949) as a tree with tags and indefinite lengths as they came, as far as it can be read."""

from wsinspector.present.views.binary_reader import BREAK, BinaryReader, hex_of, text_of
from wsinspector.present.views.contents import Budget, Node, Sample, Shown, Source, Tree
from wsinspector.translate import translate

_SIMPLE = {20: "false", 21: "true", 22: "null", 23: "undefined"}


class Cbor:
    """All major types; §3.4's common tags are named."""

    id = "cbor"
    reaches_all = False

    @property
    def name(self) -> str:
        return translate("Views", "CBOR")

    def fits(self, sample: Sample) -> int:
        if "cbor" in sample.subprotocol.casefold():
            return 90
        first = sample.data[0] if sample.data else 0
        if sample.data[:3] == b"\xd9\xd9\xf7":
            return 95
        if sample.text or first >> 5 not in (4, 5, 6):
            return 0
        return min(75, BinaryReader(sample.data).sureness(_value, sample.total))

    def show(self, source: Source, budget: Budget) -> Shown | None:
        reader = BinaryReader(source.data[: budget.size], source.total)
        nodes = reader.all_of(_value)
        return Tree(nodes, reader.why) if nodes else None


def _value(reader: BinaryReader, depth: int) -> Node:
    first = reader.number(1)
    major, short = first >> 5, first & 0x1F
    if 28 <= short <= 30 or (short == 31 and major in (0, 1, 6)):
        reader.wrong(translate("Views", "byte {at} is reserved (RFC 8949 §3)").format(at=reader.at - 1))
    if major == 7:
        return _simple(reader, short)
    size = None if short == 31 else short if short < 24 else reader.number(1 << (short - 24))
    if major in (4, 5):
        form = "map" if major == 5 else "array"
        if size is None:
            form = translate("Views", "{form}, indefinite").format(form=form)
        return reader.nested(_value, size, depth, form, is_map=major == 5)
    if size is None:
        form = translate("Views", "{form}, in chunks").format(form="text" if major == 3 else "bytes")
        return reader.nested(_value, None, depth, form, is_map=False)
    if major == 0:
        return Node("", str(size), "unsigned", "number")
    if major == 1:
        return Node("", str(-1 - size), "negative", "number")
    if major == 2:
        return Node("", hex_of(reader.take(size)), "bytes", "string")
    if major == 3:
        return Node("", text_of(reader.take(size)), "text", "string")
    return reader.nested(_value, 1, depth, _tag(size), is_map=False)


def _simple(reader: BinaryReader, short: int) -> Node:
    if short in (25, 26, 27):
        size = 1 << (short - 24)
        return Node("", repr(reader.real(size)), f"float {size * 8}", "number")
    if short == 31:
        return Node("", "", BREAK, BREAK)
    code = reader.number(1) if short == 24 else short
    return Node("", _SIMPLE.get(code, f"simple({code})"), "", "literal")


def _tag(number: int) -> str:
    names = {
        0: translate("Views", "date and time text"),
        1: translate("Views", "seconds since 1970"),
        2: translate("Views", "unsigned bignum"),
        3: translate("Views", "negative bignum"),
        4: translate("Views", "decimal fraction"),
        5: translate("Views", "bigfloat"),
        24: translate("Views", "encoded CBOR"),
        32: translate("Views", "URI"),
        37: translate("Views", "UUID"),
        55799: translate("Views", "marks CBOR"),
    }
    said = names.get(number, "")
    return translate("Views", "tag {number}").format(number=number) + (f", {said}" if said else "")
