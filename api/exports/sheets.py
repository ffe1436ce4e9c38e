"""The auditor's sheets as pages: HTML that stands alone, prints, and runs nothing.

Each page shows the cells of its CSV file, its hash, the tree that it rests on and what every column means: semantic
tables (caption, scope), one language marked within the other, no script, nothing fetched.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ledger.auditing.texts import column, phrase, question, title
from ledger.auditing.written import head_of
from ledger.texts import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.auditing import Told, Written
    from ledger.auditing.base import Cell

_STYLE = """
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;margin:1rem auto;max-width:80rem;padding:0 1rem}
h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.2rem}
[lang=en]{font-style:italic}
table{border-collapse:collapse;font-size:.875rem}
caption{font-weight:bold;padding:.5rem 0;text-align:left}
th,td{border:1px solid #767676;padding:.25rem .5rem;text-align:left;vertical-align:top}
td.n{font-variant-numeric:tabular-nums;text-align:right}
dt{font-family:ui-monospace,monospace;font-weight:bold}dd{margin:0 0 .5rem 1rem}
code{overflow-wrap:anywhere}
.wide{overflow-x:auto}.wide:focus{outline:2px solid}
@media print{body{margin:0;max-width:none}.wide{overflow:visible}table{font-size:7pt}thead{display:table-header-group}
tr{break-inside:avoid}@page{size:landscape;margin:12mm}}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(told: Told, written: Written) -> bytes:
    """Return a sheet's page."""
    name = written.name
    body = [
        f'<p><a href="index.html">{_both("index")}</a></p>',
        f"<h1>{escape(title(name, 'es'))} <span lang=en>/ {escape(title(name, 'en'))}</span></h1>",
        f"<p>{escape(question(name, 'es'))}<br><span lang=en>{escape(question(name, 'en'))}</span></p>",
        *_table(written),
        f"<h2>{_both('columns')}</h2>",
        "<dl>",
        *(_definition(name, each) for each in written.columns),
        "</dl>",
        *_basis(told, [("sha256", f"<code>{written.sha256}</code>"), ("rows", str(len(written.rows)))]),
    ]
    return _document(told, title(name, "es"), body)


def index(told: Told, written: Sequence[Written]) -> bytes:
    """Return the page that lists the sheets."""
    rows = (
        f'<tr><th scope=row><a href="{each.name}.html">{escape(title(each.name, "es"))}</a><br>'
        f"<span lang=en>{escape(title(each.name, 'en'))}</span></th><td>{escape(question(each.name, 'es'))}<br>"
        f"<span lang=en>{escape(question(each.name, 'en'))}</span></td><td class=n>{len(each.rows)}</td>"
        f'<td><a href="{each.name}.csv">{each.name}.csv</a></td><td><code>{each.sha256}</code></td></tr>'
        for each in written
    )
    heads = "".join(f"<th scope=col>{_both(key)}</th>" for key in ("sheet", "question", "rows", "file", "sha256"))
    body = [
        f"<h1>{_both('index')}</h1>",
        f"<table><caption>{escape(told.origin)}</caption><thead><tr>{heads}</tr></thead><tbody>",
        *rows,
        "</tbody></table>",
        *_basis(told, []),
    ]
    return _document(told, phrase("index", "es"), body)


def _both(key: str) -> str:
    return f"{escape(phrase(key, 'es'))} <span lang=en>/ {escape(phrase(key, 'en'))}</span>"


def _table(written: Written) -> Iterator[str]:
    if not written.rows:
        yield f"<p>{_both('no_rows')}</p>"
        return
    label = escape(title(written.name, "es"))
    yield f'<div class=wide role=region aria-label="{label}" tabindex=0><table><caption>{label}</caption><thead><tr>'
    yield "".join(f"<th scope=col>{escape(each)}</th>" for each in written.columns)
    yield "</tr></thead><tbody>"
    for first, *rest in written.rows:
        yield f"<tr><th scope=row>{_cell(first)}</th>{''.join(map(_data, rest))}</tr>"
    yield "</tbody></table></div>"


def _data(cell: Cell) -> str:
    return f"<td class=n>{cell}</td>" if isinstance(cell, int) else f"<td>{_cell(cell)}</td>"


def _cell(cell: Cell) -> str:
    return "" if cell is None else escape(str(cell))


def _definition(name: str, each: str) -> str:
    spanish, english = (escape(column(name, each, lang)) for lang in ("es", "en"))
    return f"<dt>{escape(each)}</dt><dd>{spanish}<br><span lang=en>{english}</span></dd>"


def _basis(told: Told, more: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield what the tables rest on, and how whoever doubts computes them again."""
    said = head_of(told)
    parts = [
        phrase(key, "es", indexes=" ".join(map(str, said[key]))) for key in ("void", "unreadable") if said[key]
    ] or [phrase("nothing_left_out", "es")]
    terms = [
        ("origin", escape(told.origin)),
        ("size", str(told.size)),
        ("root", f"<code>{escape(said['root'])}</code>"),
        ("last_at", f"<time>{escape(told.last_at)}</time>"),
        ("left_out", escape("; ".join(parts))),
        *more,
    ]
    yield f"<h2>{_both('basis')}</h2><dl>"
    for key, value in terms:
        yield f"<dt>{_both(key)}</dt><dd>{value}</dd>"
    yield "</dl>"
    for key in ("notice", "again"):
        spanish, english = (escape(phrase(key, lang, size=told.size)) for lang in ("es", "en"))
        yield f"<p>{spanish}<br><span lang=en>{english}</span></p>"


def _document(told: Told, heading: str, body: Sequence[str]) -> bytes:
    notice = [f"<p><strong>{escape(text('demo-notice'))}</strong></p>"] if told.standing.simulated else []
    head = (
        '<!doctype html>\n<html lang=es><head><meta charset=utf-8><meta name=viewport content="width=device-width">'
        f'<meta http-equiv=Content-Security-Policy content="{_POLICY}">'
        f"<title>{escape(heading)}</title><style>{_STYLE}</style></head><body><main>"
    )
    return "\n".join([head, *notice, *body, "</main></body></html>\n"]).encode()
