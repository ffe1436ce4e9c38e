"""HTML of a document: semantic, readable without styles or scripts, with JSON-LD (schema.org) for machines."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, assert_never

from api.documents.model import Facts, Heading, Items, Paragraph, Passage, Table
from api.documents.pdf import qr_svg

if TYPE_CHECKING:
    from api.documents.layout import Layout
    from api.documents.model import Block, Document, Inline, Mark, Signatory


def to_html(document: Document, layout: Layout) -> bytes:
    """Return the document as one page of UTF-8 that loads nothing."""
    say = layout.say
    described = json.dumps(document.json_ld, ensure_ascii=False).replace("<", "\\u003c")
    title = f"<h1>{_safe(document.title)}</h1>" + (f"<p>{_safe(document.subtitle)}</p>" if document.subtitle else "")
    parts = [
        "<!doctype html>",
        f'<html lang="es-MX"><head><meta charset="utf-8"><title>{_safe(document.title)}</title>',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<link rel="canonical" href="{_safe(document.seal.address)}">',
        f"<style>:root{{--accent:{layout.design['accent']};--rule:{layout.design['rule']}}}\n{layout.style}</style>",
        f'<script type="application/ld+json">{described}</script></head>',
        f'<body><article data-kind="{_safe(document.kind)}">',
        _head(document, layout),
        "" if document.titled else title,
        *(_block(block, layout, "h1" if document.titled else "h3") for block in document.blocks),
        f"<p>{_safe(document.closing)}</p>" if document.closing else "",
        _signatures(document.signatories),
        f"<footer><h2>{_safe(say('verification'))}</h2><figure>{qr_svg(document.seal.address)}",
        f"<figcaption>{_safe(say('code'))} <strong>{_safe(document.seal.code)}</strong></figcaption></figure>",
        f'<p><a href="{_safe(document.seal.address)}">{_safe(document.seal.address)}</a></p>',
        f"<p>{_safe(say('what_verifies'))}</p>",
        f"<p>{_safe(say('statement'))}: <code>{_safe(document.seal.statement)}</code></p></footer>",
        "</article></body></html>",
    ]
    return "\n".join(part for part in parts if part).encode()


def _safe(text: str) -> str:
    return html.escape(text)


def _head(document: Document, layout: Layout) -> str:
    warnings = [name for name, on in (("fictitious", document.fictitious), ("draft", document.draft)) if on]
    lines = [_safe(each) for each in (document.institution, document.body, document.folio) if each]
    lines += [f'<span class="warning">{_safe(layout.say(each))}</span>' for each in warnings]
    return f"<header><p>{'<br>'.join(lines)}</p></header>"


def _inline(text: Inline, layout: Layout) -> str:
    return "".join(_safe(each) if isinstance(each, str) else _mark(each, layout) for each in text)


def _mark(mark: Mark, layout: Layout) -> str:
    until = f" ({_safe(mark.until)})" if mark.until else ""
    reason = f" {_safe(mark.reason)}" if mark.reason else ""
    return f"<mark>{_safe(layout.say('withheld'))}</mark> <em>{_safe(mark.ground)}{reason}{until}</em>"


def _block(block: Block, layout: Layout, sealed_head: str) -> str:
    match block:
        case Heading():
            return f"<h{block.level}>{_safe(block.text)}</h{block.level}>"
        case Paragraph():
            tag = "blockquote" if block.role == "quote" else "p"
            named = f' class="{block.role}"' if block.role in {"lead", "legal"} else ""
            return f"<{tag}{named}>{_inline(block.text, layout)}</{tag}>"
        case Passage():
            return _passage(block, layout, sealed_head)
        case Items():
            heads = (f"<strong>{_safe(head)}.</strong> " if head else "" for head, _ in block.items)
            rows = "".join(
                f"<li>{h}{_inline(text, layout)}</li>" for h, (_, text) in zip(heads, block.items, strict=True)
            )
            return f'<ul style="list-style:none">{rows}</ul>'
        case Facts():
            rows = "".join(f"<dt>{_safe(name)}</dt><dd>{_inline(value, layout)}</dd>" for name, value in block.rows)
            return f"<dl>{rows}</dl>"
        case Table():
            return _table(block, layout)
        case _:
            assert_never(block)


def _passage(block: Passage, layout: Layout, head: str) -> str:
    lines = [_inline(line, layout) for line in block.lines]
    place = f' id="block-{block.number}" data-role="{_safe(block.role)}"'
    if block.role == "heading":
        return (
            f"<div{place}>" + "".join(f"<p>{line}</p>" for line in lines[:-1]) + f"<{head}>{lines[-1]}</{head}></div>"
        )
    if block.role == "item":
        return f"<h2{place}>{'<br>'.join(lines)}</h2>"
    named = ' class="agreement"' if block.role == "agreement" else ""
    texts = "".join(f"<p>{line}</p>" for line in lines if not line.startswith("— "))
    names = "".join(f"<li>{line.removeprefix('— ')}</li>" for line in lines if line.startswith("— "))
    return f"<section{place}{named}>{texts}{f'<ul>{names}</ul>' if names else ''}</section>"


def _table(block: Table, layout: Layout) -> str:
    caption = f"<caption>{_safe(block.caption)}</caption>" if block.caption else ""
    head = "".join(f'<th scope="col">{_safe(name)}</th>' for name in block.columns)
    rows = "".join(f"<tr>{''.join(f'<td>{_inline(cell, layout)}</td>' for cell in row)}</tr>" for row in block.rows)
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _signatures(signatories: tuple[Signatory, ...]) -> str:
    if not signatories:
        return ""
    places = "".join(
        f"<div><strong>{_safe(each.name)}</strong><br>{_safe(each.role)}<br>"
        f'<span class="note">{_safe(each.note)}</span></div>'
        for each in signatories
    )
    return f'<section class="signatures">{places}</section>'
