"""Two payloads compared byte by byte, what was put in or left out found where it is little."""

from wsinspector.present.comparing import CompareRow, SideText
from wsinspector.present.differing.compared import Compared, Kind, Limits, Meter, Side
from wsinspector.present.differing.edits import Edit, edits
from wsinspector.present.hexlines import character
from wsinspector.present.pages import Pages
from wsinspector.present.payload import size_text
from wsinspector.translate import translate

CHUNK = 64 << 10
WIDTH = 8
SHIFTED = 16 << 10
"""Bytes of each side within which what was put in is told from what was changed."""

Pair = tuple[int, int]


def compare_bytes(left: Side, right: Side, limits: Limits) -> Compared:
    """Rows of eight bytes that differ; between them how many are the same."""
    meter = Meter(limits)
    stretches = _stretches(left.pages, right.pages, meter)
    rows: list[CompareRow] = []
    sizes = ((each.left_end - each.left_start, each.right_end - each.right_start) for each in stretches)
    differing = sum(map(max, sizes))
    done = 0
    for edit in _near(stretches):
        if len(rows) < limits.rows:
            if edit.left_start > done:
                rows.append(_between(edit.left_start - done))
            rows += _rows(left.pages, right.pages, edit, limits.rows - len(rows))
        done = edit.left_end
    rest = left.pages.length() - done
    if stretches and rest > 0 and not meter.over:
        rows.append(_between(rest))
    return Compared(Kind.BYTES, tuple(rows), _told(left, right, differing, meter), bool(stretches))


def _told(left: Side, right: Side, differing: int, meter: Meter) -> str:
    sizes = left.pages.length(), right.pages.length()
    if not differing:
        told = translate("Differing", "no byte differs")
    else:
        told = translate("Differing", "{size} differ").format(size=size_text(differing))
        if differing == 1:
            told = translate("Differing", "1 byte differs")
    if sizes[0] != sizes[1]:
        lengths = translate("Differing", ", {left} against {right}")
        told += lengths.format(left=size_text(sizes[0]), right=size_text(sizes[1]))
    if meter.over:
        told += translate("Differing", "; stopped early, what is behind was not compared")
    return told


def _between(size: int) -> CompareRow:
    text = translate("Differing", "… {size} the same").format(size=size_text(size))
    return CompareRow("same", SideText(text), SideText(""))


def _stretches(left: Pages, right: Pages, meter: Meter) -> list[Edit]:
    """Where the two differ: shifted where what differs is little, else place by place."""
    sizes = left.length(), right.length()
    start = _first_difference(left, right, min(sizes), meter)
    if start is None:
        return (
            [] if sizes[0] == sizes[1] or meter.over else [Edit(min(sizes), sizes[0], min(sizes), sizes[1])]
        )
    end = _common_end(left, right, min(sizes) - start)
    a, b = (start, sizes[0] - end), (start, sizes[1] - end)
    if max(a[1] - a[0], b[1] - b[0]) <= SHIFTED:
        found = edits(left.read(*a), right.read(*b))
        return [Edit(*(start + at for at in edit)) for edit in found]
    if sizes[0] != sizes[1]:
        return [Edit(*a, *b)]
    return _place_by_place(left, right, a, meter)


def _first_difference(left: Pages, right: Pages, size: int, meter: Meter) -> int | None:
    for at in range(0, size, CHUNK):
        one, other = left.read(at, min(at + CHUNK, size)), right.read(at, min(at + CHUNK, size))
        if one != other:
            same = next((i for i, (x, y) in enumerate(zip(one, other, strict=False)) if x != y), 0)
            return at + same
        if not meter.spend(0):
            return None
    return None


def _common_end(left: Pages, right: Pages, most: int) -> int:
    """Bytes that are the same at the end, as far as one chunk."""
    most = min(most, CHUNK)
    sizes = left.length(), right.length()
    one, other = left.read(sizes[0] - most, sizes[0]), right.read(sizes[1] - most, sizes[1])
    found = 0
    while found < most and one[-1 - found] == other[-1 - found]:
        found += 1
    return found


def _place_by_place(left: Pages, right: Pages, span: Pair, meter: Meter) -> list[Edit]:
    found: list[Edit] = []
    for at in range(*span, CHUNK):
        stop = min(at + CHUNK, span[1])
        one, other = left.read(at, stop), right.read(at, stop)
        if one != other:
            for index, (x, y) in enumerate(zip(one, other, strict=False)):
                if x != y:
                    here = at + index
                    if found and found[-1].left_end == here:
                        found[-1] = Edit(found[-1].left_start, here + 1, found[-1].right_start, here + 1)
                    else:
                        found.append(Edit(here, here + 1, here, here + 1))
        if not meter.spend(len(found)):
            break
    return found


def _near(found: list[Edit]) -> list[Edit]:
    """Differences less than a row apart become one."""
    made: list[Edit] = []
    for edit in found:
        if (
            made
            and edit.left_start - made[-1].left_end < WIDTH
            and (edit.left_start - made[-1].left_end == edit.right_start - made[-1].right_end)
        ):
            made[-1] = Edit(made[-1].left_start, edit.left_end, made[-1].right_start, edit.right_end)
        else:
            made.append(edit)
    return made


def _rows(left: Pages, right: Pages, edit: Edit, most: int) -> list[CompareRow]:
    made = []
    size = max(edit.left_end - edit.left_start, edit.right_end - edit.right_start)
    for at in range(0, min(size, most * WIDTH), WIDTH):
        a = left.read(edit.left_start + at, min(edit.left_start + at + WIDTH, edit.left_end))
        b = right.read(edit.right_start + at, min(edit.right_start + at + WIDTH, edit.right_end))
        if at + edit.left_start >= edit.left_end:
            a = b""
        if at + edit.right_start >= edit.right_end:
            b = b""
        sides = (_side(a, edit.left_start + at, b), _side(b, edit.right_start + at, a))
        kind = "value" if a and b else "left" if a else "right"
        made.append(CompareRow(kind, sides[0] if a else None, sides[1] if b else None, _label(kind)))
    return made


def _label(kind: str) -> str:
    return {
        "left": translate("Differing", "only left"),
        "right": translate("Differing", "only right"),
    }.get(kind, "")


def _side(data: bytes, offset: int, other: bytes) -> SideText:
    head = f"{offset:06x}  "
    cells = data.hex(" ").ljust(3 * WIDTH)
    marks = []
    for at, byte in enumerate(data):
        if at >= len(other) or other[at] != byte:
            start = len(head) + 3 * at
            marks.append((start, start + 2))
    return SideText(head + cells + " " + "".join(map(character, data)), tuple(marks))
