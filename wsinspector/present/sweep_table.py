"""A sweep as a table: a row a request, a column a server, equal rows folded; and what stands out, first."""

from collections.abc import Sequence
from dataclasses import dataclass

from wsinspector.conversation.sweep_results import SweepResults, SweptServer
from wsinspector.present.plain import visible
from wsinspector.present.secrets import masked_address, without_secrets
from wsinspector.protocol.address import understand
from wsinspector.protocol.sweep_requests import Odd
from wsinspector.verdicts.sweep_cells import NOT_REACHED, Cell, Probe, Tone
from wsinspector.verdicts.sweep_changes import Change, changes
from wsinspector.verdicts.sweep_findings import StandOut, cells_of, stand_outs
from wsinspector.verdicts.sweep_words import ranges

MARKS = {Tone.FINDING: "✕", Tone.REMARK: "!", Tone.OPENED: "", Tone.QUIET: "", Tone.UNKNOWN: ""}
MOST = 60  # characters of a cell; a list of versions may be longer than any table


@dataclass(frozen=True, slots=True)
class SweepRow:
    """``places``: of its requests in the sweep, from 0. ``cells``: one a server, None where none came yet."""

    label: str
    what: str
    places: tuple[int, ...]
    cells: tuple[Cell | None, ...]

    @property
    def folded(self) -> bool:
        return len(self.places) > 1


@dataclass(frozen=True, slots=True)
class ServerSays:
    """What stands out of one server; ``index`` as in the sweep."""

    index: int
    said: StandOut


@dataclass(frozen=True, slots=True)
class SweepTable:
    """``columns``: the names of the servers, as text that is safe to show."""

    columns: tuple[str, ...]
    rows: tuple[SweepRow, ...]
    outs: tuple[ServerSays, ...]


_ORDER = {tone: place for place, tone in enumerate(Tone)}


def table_of(results: SweepResults, *, fold: bool = True, outs: bool = True) -> SweepTable:
    """The table of what has come. Its texts hold no secret and no control character.

    ``outs`` False leaves out what stands out, which is worth saying once the sweep is over.
    """
    cells = [_safe_cells(server) for server in results.servers]
    rows = rows_of(results.odds, cells, fold=fold)
    said = []
    if outs:
        for index, server in enumerate(results.servers):
            found = stand_outs(server.name, server.probes, trouble=server.trouble)
            said += [ServerSays(index, _safe(each, server)) for each in found]
        said.sort(key=lambda each: (each.said.guess, _ORDER[each.said.tone]))
    return SweepTable(tuple(visible(server.name) for server in results.servers), tuple(rows), tuple(said))


def rows_of(
    odds: Sequence[Odd], cells: Sequence[Sequence[Cell | None]], *, fold: bool = True
) -> list[SweepRow]:
    """A row a request; neighbours of one group whose cells are equal become one row where ``fold``."""
    rows: list[SweepRow] = []
    at = 0
    while at < len(odds):
        stop = at + 1
        here = tuple(column[at] for column in cells)
        key = [_looks(cell) for cell in here]
        while (
            fold
            and stop < len(odds)
            and odds[stop].group == odds[at].group
            and odds[at].group
            and [_looks(column[stop]) for column in cells] == key
        ):
            stop += 1
        places = tuple(range(at, stop))
        rows.append(SweepRow(_label(odds[at:stop]), _what(odds[at:stop]), places, here))
        at = stop
    return rows


def _looks(cell: Cell | None) -> tuple[str, Tone] | None:
    return (cell.short, cell.tone) if cell is not None else None


def _label(odds: Sequence[Odd]) -> str:
    numbers = [odd.number for odd in odds]
    known = [number for number in numbers if number is not None]
    if len(known) == len(odds):
        return ", ".join(part.replace("–", " – ") for part in ranges(sorted(known)))
    separator = "; " if any("," in odd.label for odd in odds) else ", "
    return visible(separator.join(odd.label for odd in odds))


def _what(odds: Sequence[Odd]) -> str:
    return visible(odds[0].what if len(odds) == 1 else " ".join(odd.what for odd in odds[:3]))


def cell_text(cell: Cell | None) -> str:
    """The cell with its mark: ``✕ 101``, ``! 400, no list``, ``426 → 13``; empty where none came yet."""
    if cell is None:
        return ""
    return f"{MARKS[cell.tone]} {cell.short}".strip()


def _heads(probe: Probe) -> list[bytes]:
    heads = [probe.request]
    if probe.response is not None:
        response = probe.response
        lines = b"".join(line.name + line.between + line.value + line.ending for line in response.head.lines)
        heads.append(response.head.start_line + response.head.start_ending + lines + response.head.terminator)
    return heads


def _safe_cells(server: SweptServer) -> list[Cell | None]:
    unasked = _unasked(server)
    found: list[Cell | None] = []
    for probe, cell in zip(server.probes, cells_of(server.probes), strict=True):
        if probe is None or cell is None:
            found.append(unasked)
            continue
        short = visible(cell.short)
        short = short if len(short) <= MOST else short[: MOST - 1] + "…"
        text = without_secrets(visible(cell.text), _heads(probe))
        found.append(Cell(cell.tone, short, text, cell.clause))
    return found


def _unasked(server: SweptServer) -> Cell | None:
    """What stands for the requests that were not sent, as the server was not there; None where they may
    still be."""
    if not server.trouble or not server.over:
        return None
    if server.reached:
        return Cell(Tone.UNKNOWN, "not asked", f"Not asked. {visible(server.trouble)}")
    return Cell(Tone.UNKNOWN, NOT_REACHED, f"Not reached. {visible(server.trouble)}")


def _safe(out: StandOut, server: SweptServer) -> StandOut:
    wanted = set(out.ids)
    heads = [
        head
        for probe in server.probes
        if probe is not None and probe.odd.id in wanted
        for head in _heads(probe)
    ]
    text = without_secrets(visible(out.text), heads[:64])
    return StandOut(out.tone, text, out.clause, out.ids, out.guess)


def address_of(server: SweptServer) -> str:
    """The address without what is a secret in it."""
    return visible(masked_address(server.url))


# -- an earlier sweep beside it


@dataclass(frozen=True, slots=True)
class ServerChanged:
    """A change at one server; ``index`` as in the later sweep."""

    index: int
    change: Change


def compared(before: SweepResults, after: SweepResults) -> tuple[ServerChanged, ...]:
    """What differs at the servers that both sweeps have; one server each is the same server.

    They are the same by address, the lab's by what stands behind the port.

    What the earlier sweep did not ask is told too: where nothing can be compared, nothing is the same.
    """
    alone = len(before.servers) == len(after.servers) == 1
    earlier = {_identity(server): server for server in before.servers}
    found: list[ServerChanged] = []
    for index, server in enumerate(after.servers):
        old = before.servers[0] if alone else earlier.get(_identity(server))
        told = changes(old.probes, server.probes) if old is not None else ()
        if old is None:
            told = (Change("it was not asked then.", ()),)
        elif not _asked(old) & _asked(server):
            told = (Change("nothing that it answered was asked then.", ()),)
        name = visible(server.name)
        found += [ServerChanged(index, Change(f"{name}: {visible(each.text)}", each.ids)) for each in told]
    return tuple(found)


def any_compared(before: SweepResults, after: SweepResults) -> bool:
    """Whether the two have a server to be compared at all."""
    alone = len(before.servers) == len(after.servers) == 1
    both = {_identity(each) for each in before.servers} & {_identity(each) for each in after.servers}
    return alone or bool(both)


def _identity(server: SweptServer) -> tuple[str, str]:
    return (server.lab, understand(server.url).target.decode("ascii")) if server.lab else ("", server.url)


def _asked(server: SweptServer) -> set[str]:
    """The ids of the requests that came to an end there."""
    return {probe.odd.id for probe in server.probes if probe is not None and probe.outcome is not None}


def since(before_ns: int, now_ns: int) -> str:
    """``since yesterday``: how long ago a sweep began, in days of 24 hours where it is long."""
    seconds = max(0, now_ns - before_ns) // 10**9
    for size, one, many in ((86400, "day", "days"), (3600, "hour", "hours"), (60, "minute", "minutes")):
        count = seconds // size
        if size == 86400 and count == 1:
            return "since yesterday"
        if count:
            return f"since {count} {one if count == 1 else many} ago"
    return "since a moment ago"
