"""The pieces of a page that needs nothing else: no script, nothing from elsewhere, light and dark."""

from collections.abc import Iterable, Sequence
from html import escape

from wsinspector.present.plain import visible

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

STYLE = """
:root { color-scheme: light dark; --text: #1c2024; --muted: #5d6670; --line: #d8dde3; --ground: #ffffff;
  --raised: #f4f6f8; --fault: #b3261e; --note: #8a5a00; --ok: #1b7f4b; --in: #0b5cad; --out: #7a3ea8; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e8ee; --muted: #98a2b0; --line: #343b45;
  --ground: #1b1e24; --raised: #23272f; --fault: #ff7b72; --note: #f0b429; --ok: #4cc38a;
  --in: #79b8ff; --out: #d2a8ff; } }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground);
  margin: 0 auto; padding: 1.5rem; max-width: 84rem; }
h1 { font-size: 1.3rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; } h3 { font-size: .95rem; margin: 1.2rem 0 .3rem; }
p { margin: .3rem 0; max-width: 60rem; overflow-wrap: anywhere; }
ul, ol { margin: .3rem 0; padding-left: 1.4rem; } li { max-width: 60rem; overflow-wrap: anywhere; }
.muted { color: var(--muted); } .fault { color: var(--fault); } .note { color: var(--note); }
.ok { color: var(--ok); } .in { color: var(--in); } .out { color: var(--out); }
.mark { font-weight: 600; } a { color: inherit; }
.gone { color: var(--muted); font-style: italic; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--muted); padding: 0 0 .3rem; }
th, td { text-align: left; vertical-align: top; padding: .15rem 1rem .15rem 0;
  border-bottom: 1px solid var(--line); }
thead th { color: var(--muted); font-weight: 400; } tbody th { font-weight: 400; }
.wire th, .wire td { font: 13px/1.5 ui-monospace, monospace; }
.wire .text { white-space: pre-wrap; overflow-wrap: anywhere; width: 100%; padding-right: 0; }
.number { text-align: right; white-space: nowrap; } .tight { white-space: nowrap; }
.facts { width: auto; } .facts th { color: var(--muted); white-space: nowrap; }
.facts td { overflow-wrap: anywhere; }
pre { font: 13px/1.5 ui-monospace, monospace; background: var(--raised); padding: .6rem; margin: .3rem 0;
  white-space: pre-wrap; overflow-wrap: anywhere; }
tr:target, li:target { background: var(--raised); }
@media print { body { padding: 0; } }
"""


def text(shown: str, *, lines: bool = False) -> str:
    """Any text as HTML: what could be markup escaped, what cannot be seen made visible."""
    return escape(visible(shown, lines=lines))


def beginning(title: str) -> str:
    """All before the content. ``title``: as text."""
    return "\n".join(
        (
            "<!DOCTYPE html>",
            f'<html lang="en"><head><meta charset="utf-8"><title>{text(title)}</title>',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<style>{STYLE}</style></head><body><main>",
        )
    )


END = "</main></body></html>"


def facts_table(label: str, rows: Iterable[tuple[str, str]]) -> str:
    """A table of (name, value), both as text."""
    body = "\n".join(
        f'<tr><th scope="row">{text(name)}</th><td>{text(value)}</td></tr>' for name, value in rows
    )
    return f'<table class="facts" aria-label="{text(label)}"><tbody>\n{body}\n</tbody></table>'


def columns(names: Sequence[tuple[str, str]]) -> str:
    """The head of a table; each column's name as text and its class."""
    cells = "".join(f'<th scope="col" class="{kind}">{text(name)}</th>' for name, kind in names)
    return f"<thead><tr>{cells}</tr></thead>"
