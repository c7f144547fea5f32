"""The figures of an attempt as rows of a table: what is counted, each way, with its unit."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from wsinspector.present.numbers import THIN, count, duration, size
from wsinspector.present.statistics import OPCODE, SENT, Figures, Pair
from wsinspector.present.statistics_compression import Compression
from wsinspector.present.statistics_numbers import Spread
from wsinspector.present.statistics_series import Counts
from wsinspector.present.typenames import TYPES
from wsinspector.protocol.opcodes import is_control
from wsinspector.translate import translate

NS = 1_000_000_000
Number = int | float | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: ``cells`` are received, sent and together as shown, ``numbers`` as they are.

    A cell is empty, and its number None, where there is nothing to say; where it is not known the cell says
    so. ``unit``: of the numbers.
    """

    group: str
    name: str
    unit: str
    cells: tuple[str, str, str]
    numbers: tuple[Number, Number, Number]


def octets(number: float) -> str:
    """Bytes in one unit up to 10 kB: ``1 204 B``; beyond as ``size`` has them."""
    return f"{count(round(number))} B" if number < 10_000 else size(round(number))


def span(ns: float) -> str:
    """``85 µs``, ``1.2 ms``, ``60.0 s``."""
    if ns < 1_000_000:
        return f"{count(round(ns / 1000))} µs"
    return f"{ns / 1e6:.1f} ms" if ns < 100_000_000 else duration(ns / NS)


def a_second(number: float) -> str:
    """A rate without its unit: two digits matter below ten."""
    return f"{number:.2g}" if 0 < number < 10 else count(round(number))


def percent(part: float, whole: float) -> str:
    """``12 %``; below one percent with a decimal, never 0 or 100 where it is not."""
    if not whole or not part:
        return f"0{THIN}%"
    share = 100 * part / whole
    if part == whole:
        return f"100{THIN}%"
    if share < 0.1:
        return f"<{THIN}0.1{THIN}%"
    return f"{min(share, 99.9):.1f}{THIN}%" if share < 1 or share > 99 else f"{share:.0f}{THIN}%"


def kind_name(opcode: int) -> str:
    """``Text``; ``0x3`` for a reserved opcode."""
    return TYPES.get(opcode, f"0x{opcode:X}")


# -- the table


def rows(figures: Figures, compression: Compression | None = None) -> tuple[Row, ...]:
    """Every number there is, in groups."""
    return tuple(
        row
        for part in (
            _traffic(figures),
            _types(figures),
            _sizes(figures),
            _trips(figures),
            _compression(figures, compression),
            _other(figures),
        )
        for row in part
    )


def _sum(pair: Pair) -> tuple[int, int, int]:
    return pair[0], pair[1], pair[0] + pair[1]


def _row(
    group: str, name: str, unit: str, numbers: Iterable[Number], shown: Callable[[float], str] | None = None
) -> Row:
    said: Callable[[float], str] = shown if shown is not None else (lambda number: count(round(number)))
    found = tuple(numbers)
    cells = tuple("" if number is None else said(number) for number in found)
    return Row(group, name, unit, (cells[0], cells[1], cells[2]), (found[0], found[1], found[2]))


def _unknown(group: str, name: str, unit: str) -> Row:
    """What an import does not tell."""
    cell = translate("Statistics", "unknown")
    return Row(group, name, unit, (cell, cell, cell), (None, None, None))


def _frames(figures: Figures) -> tuple[int, int, int]:
    return tuple(each.number for each in figures.both)  # type: ignore[return-value]


def _traffic(figures: Figures) -> Iterator[Row]:
    group = translate("Statistics", "Traffic")
    frames = _frames(figures)
    yield _row(group, translate("Statistics", "Frames"), translate("Statistics", "frames"), frames)
    yield _row(
        group,
        translate("Statistics", "Messages"),
        translate("Statistics", "messages"),
        _sum(figures.messages),
    )
    name = translate("Statistics", "On the wire")
    if figures.composed:
        yield _unknown(group, name, "B")
    else:
        yield _row(group, name, "B", _sum(figures.wire), octets)
    yield _row(group, translate("Statistics", "Payload"), "B", (each.total for each in figures.both), octets)
    seconds = seconds_of(figures)
    if not seconds:
        return
    counts = figures.counts.read_over()

    def frames_a_second(number: float) -> str:
        return f"{a_second(number)} /s"

    def octets_a_second(number: float) -> str:
        return f"{octets(number)}/s"

    yield _row(
        group,
        translate("Statistics", "Frames, mean"),
        translate("Statistics", "frames/s"),
        (number / seconds for number in frames),
        frames_a_second,
    )
    yield _row(
        group,
        translate("Statistics", "Frames, most"),
        translate("Statistics", "frames/s"),
        most_of(counts.frames_in, counts.frames_out, counts),
        frames_a_second,
    )
    mean, most = translate("Statistics", "Bytes, mean"), translate("Statistics", "Bytes, most")
    if figures.composed:
        mean, most = translate("Statistics", "Payload, mean"), translate("Statistics", "Payload, most")
    yield _row(
        group,
        mean,
        "B/s",
        (number / seconds for number in _sum(figures.wire)),
        octets_a_second,
    )
    yield _row(
        group,
        most,
        "B/s",
        most_of(counts.bytes_in, counts.bytes_out, counts),
        octets_a_second,
    )


def seconds_of(figures: Figures) -> float:
    """From the start of what is looked at to its last frame."""
    if figures.last_at is None:
        return 0.0
    return max(figures.last_at - figures.counts.start, 0) / NS


def most_of(received: Iterable[int], sent: Iterable[int], counts: Counts) -> tuple[float, float, float]:
    a, b = list(received), list(sent)
    a_step = counts.width / NS
    both = max((x + y for x, y in zip(a, b, strict=True)), default=0)
    return max(a, default=0) / a_step, max(b, default=0) / a_step, both / a_step


def opcodes_of(figures: Figures) -> tuple[int, ...]:
    """The opcodes that came, data before control, continuations last of the data."""
    found = {kind & OPCODE for kind in figures.sizes}
    return tuple(sorted(found, key=lambda opcode: (is_control(opcode), opcode == 0, opcode)))


def _types(figures: Figures) -> Iterator[Row]:
    group = translate("Statistics", "Types")
    for opcode in opcodes_of(figures):
        both = (figures.sizes.get(opcode), figures.sizes.get(opcode | SENT))
        name = kind_name(opcode)
        numbers = (both[0].number if both[0] else 0, both[1].number if both[1] else 0)
        yield _row(group, name, translate("Statistics", "frames"), _sum(numbers))
        totals = (both[0].total if both[0] else 0, both[1].total if both[1] else 0)
        yield _row(
            group, translate("Statistics", "{type}, payload").format(type=name), "B", _sum(totals), octets
        )


def _sizes(figures: Figures) -> Iterator[Row]:
    group = translate("Statistics", "Payload sizes")
    measures: tuple[tuple[str, Callable[[Spread], float]], ...] = (
        (translate("Statistics", "Smallest"), lambda each: each.smallest),
        (translate("Statistics", "Median"), lambda each: each.median),
        (translate("Statistics", "95 % are at most"), lambda each: each.p95),
        (translate("Statistics", "Largest"), lambda each: each.largest),
        (translate("Statistics", "Mean"), lambda each: each.mean),
    )
    for name, of in measures:
        yield _row(group, name, "B", (of(each) if each.number else None for each in figures.both), octets)


def _trips(figures: Figures) -> Iterator[Row]:
    group = translate("Statistics", "Pings")
    trips = figures.trips
    if not any(each.pings for each in trips):
        return
    yield _row(
        group,
        translate("Statistics", "Pings"),
        translate("Statistics", "pings"),
        _sum((trips[0].pings, trips[1].pings)),
    )
    yield _row(
        group,
        translate("Statistics", "Unanswered"),
        translate("Statistics", "pings"),
        _sum((trips[0].unanswered, trips[1].unanswered)),
    )
    measures: tuple[tuple[str, Callable[[Spread], float]], ...] = (
        (translate("Statistics", "Answer, quickest"), lambda each: each.smallest),
        (translate("Statistics", "Answer, median"), lambda each: each.median),
        (translate("Statistics", "Answer, 95 % within"), lambda each: each.p95),
        (translate("Statistics", "Answer, slowest"), lambda each: each.largest),
    )
    for name, of in measures:
        both = (of(each.spread) if each.answered else None for each in trips)
        yield _row(group, name, "ns", (*both, None), span)


def _compression(figures: Figures, found: Compression | None) -> Iterator[Row]:
    group = translate("Statistics", "Compression")
    if figures.composed:
        name = translate("Statistics", "Compressed frames")
        yield _unknown(group, name, translate("Statistics", "frames"))
        return
    if not any(figures.compressed):
        return
    yield _row(
        group,
        translate("Statistics", "Compressed frames"),
        translate("Statistics", "frames"),
        _sum(figures.compressed),
    )
    yield _row(
        group, translate("Statistics", "Compressed payload"), "B", _sum(figures.compressed_bytes), octets
    )
    if found is None or found.ratio() is None:
        return
    yield _row(
        group,
        translate("Statistics", "Inflated again"),
        translate("Statistics", "frames"),
        _sum(found.frames),
    )
    yield _row(group, translate("Statistics", "Their bytes, inflated"), "B", _sum(found.inflated), octets)
    ratios = (found.ratio(0), found.ratio(1), found.ratio())
    yield _row(
        group, translate("Statistics", "Inflated to compressed"), "", ratios, lambda ratio: f"{ratio:.2f} : 1"
    )
    if any(found.failed):
        yield _row(
            group,
            translate("Statistics", "Could not be inflated"),
            translate("Statistics", "frames"),
            _sum(found.failed),
        )


def _other(figures: Figures) -> Iterator[Row]:
    group = translate("Statistics", "Frames in particular")
    frames = _frames(figures)
    unit = translate("Statistics", "frames")

    def shared(name: str, pair: Pair) -> Row:
        numbers = _sum(pair)
        cells = [
            f"{count(n)}  {percent(n, all_)}" if all_ else "" for n, all_ in zip(numbers, frames, strict=True)
        ]
        return Row(group, name, unit, (cells[0], cells[1], cells[2]), numbers)

    masked, fragments = translate("Statistics", "Masked"), translate("Statistics", "Fragments")
    faulty = translate("Statistics", "With a finding")
    if figures.composed:
        for name in (masked, fragments, faulty):
            yield _unknown(group, name, unit)
    else:
        yield shared(masked, figures.masked)
        yield shared(fragments, figures.fragments)
        yield _row(group, faulty, unit, _sum(figures.faulty))
        for name, pair in figures.findings:
            yield _row(group, name.lower().replace("_", "-"), unit, _sum(pair))
    for close in figures.closes:
        code = translate("Statistics", "no code") if close.code is None else str(close.code)
        number = None if close.code is None else close.code
        cells = ("", code, "") if close.sent else (code, "", "")
        numbers = (None, number, None) if close.sent else (number, None, None)
        name = translate("Statistics", "Close in frame {number}").format(number=count(close.number))
        yield Row(group, name, translate("Statistics", "code"), cells, numbers)
    if figures.missing:
        yield _row(group, translate("Statistics", "Not kept"), unit, (None, None, figures.missing))
