"""A sweep as one page that needs nothing else: no script, nothing from elsewhere, no secret."""

from collections.abc import Iterator, Sequence
from html import escape

from wsinspector import __version__
from wsinspector.conversation.sweep_results import SweepPhase, SweepResults
from wsinspector.present.plain import visible
from wsinspector.present.sweep_table import (
    MARKS,
    ServerChanged,
    SweepRow,
    address_of,
    cell_text,
    table_of,
)
from wsinspector.share.sweep_expect import Checked, failures
from wsinspector.share.sweep_tables import when

_STYLE = """
:root { color-scheme: light dark; --text: #1c2024; --muted: #5d6670; --line: #d8dde3; --ground: #ffffff;
  --finding: #b3261e; --remark: #8a5a00; --opened: #1b7f4b; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e8ee; --muted: #98a2b0; --line: #343b45;
  --ground: #1b1e24; --finding: #ff7b72; --remark: #f0b429; --opened: #4cc38a; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground); margin: 2rem; }
h1 { font-size: 1.3rem; } h2 { font-size: 1.05rem; margin-top: 2rem; }
p, li { max-width: 60rem; } ul { padding-left: 0; list-style: none; }
.muted, .clause { color: var(--muted); }
table { border-collapse: collapse; font: 13px/1.5 ui-monospace, monospace; }
th { text-align: left; font-weight: 600; vertical-align: top; }
th, td { padding: .15rem 1.2rem .15rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
thead th { color: var(--muted); font-weight: 400; }
.finding { color: var(--finding); font-weight: 600; } .remark { color: var(--remark); font-weight: 600; }
.opened { color: var(--opened); } .quiet, .unknown { color: var(--muted); }
.scroll { overflow-x: auto; }
"""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def html_text(
    results: SweepResults,
    checked: Sequence[Checked] = (),
    *,
    changed: Sequence[ServerChanged] = (),
    since: str = "",
) -> str:
    """The page. ``checked``: expectations held against the answers. ``changed``, ``since``: an earlier sweep
    beside it, as of ``present.sweep_table``."""
    return "\n".join(_page(results, checked, changed, since)) + "\n"


def summary(results: SweepResults) -> str:
    """``115 handshakes in 1.4 s, 4 at a time``."""
    done = results.done
    text = f"{done} handshake{'s' if done != 1 else ''} in {results.seconds:.1f} s"
    if results.at_once > 1:
        text += f", {results.at_once} at a time"
    if results.pace:
        text += f", {results.pace:g} s apart"
    if results.phase is SweepPhase.CANCELLED:
        text += f", cancelled with {results.total - done} to go"
    return text


def _page(
    results: SweepResults, checked: Sequence[Checked], changed: Sequence[ServerChanged], since: str
) -> Iterator[str]:
    table = table_of(results)
    title = f"Sweep of {len(table.columns)} server{'s' if len(table.columns) != 1 else ''}"
    yield "<!DOCTYPE html>"
    yield f'<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<style>{_STYLE}</style></head><body>"
    yield f"<h1>{escape(title)}</h1>"
    sets = f" Sets: {', '.join(results.sets)}." if results.sets else ""
    yield f'<p class="muted">{escape(when(results))}. {escape(summary(results))}.{escape(visible(sets))}</p>'
    yield "<h2>What stands out</h2>"
    if table.outs:
        yield "<ul>"
        for each in table.outs:
            tone = each.said.tone
            clause = f' <span class="clause">{escape(each.said.clause)}</span>' if each.said.clause else ""
            mark = f'<span class="{tone.value}">{MARKS[tone] or "·"}</span>'
            yield f"<li>{mark} {escape(each.said.text)}{clause}</li>"
        yield "</ul>"
    else:
        yield "<p>Nothing.</p>"
    yield from _expected(results, checked)
    yield from _changes(changed, since)
    yield '<h2>Answers</h2><div class="scroll"><table><thead><tr><th>Sent value</th>'
    for name, server in zip(table.columns, results.servers, strict=True):
        yield f'<th title="{escape(address_of(server))}">{escape(name)}</th>'
    yield "</tr></thead><tbody>"
    for row in table.rows:
        yield _row(row)
    yield "</tbody></table></div>"
    yield f'<p class="muted">Equal rows are folded. Made by wsinspector {__version__}.</p></body></html>'


def _row(row: SweepRow) -> str:
    cells = [f'<th title="{escape(row.what)}">{escape(row.label)}</th>']
    for cell in row.cells:
        if cell is None:
            cells.append("<td></td>")
            continue
        title = f"{cell.text} {cell.clause}".strip()
        cells.append(f'<td class="{cell.tone.value}" title="{escape(title)}">{escape(cell_text(cell))}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def _expected(results: SweepResults, checked: Sequence[Checked]) -> Iterator[str]:
    if not checked:
        return
    wrong = failures(checked)
    yield "<h2>Expectations</h2>"
    if not wrong:
        yield f"<p>All {len(checked)} were met.</p>"
        return
    yield f"<p>{len(wrong)} of {len(checked)} were not met.</p><ul>"
    for each in wrong:
        name = visible(results.servers[each.server].name)
        text = f"{name}, {visible(each.id)}: {each.text}"
        yield f'<li><span class="finding">✕</span> {escape(text)}</li>'
    yield "</ul>"


def _changes(changed: Sequence[ServerChanged], since: str) -> Iterator[str]:
    if not since:
        return
    yield f"<h2>{escape(since[:1].upper() + since[1:])}</h2>"
    if not changed:
        yield "<p>Nothing has changed.</p>"
        return
    yield "<ul>"
    for each in changed:
        yield f"<li>{escape(each.change.text)}</li>"
    yield "</ul>"
