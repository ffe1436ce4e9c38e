"""GET /api/v1/docs: the OpenAPI document for people, without scripts and without anybody else's server."""

from __future__ import annotations

from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.etags import cached

router = APIRouter(prefix="/api/v1/docs", tags=["servicio"])
_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "code{font-size:.95em}h2{margin-top:2.5rem;border-bottom:1px solid}h3{margin-bottom:.2rem}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#eee}a{color:#9cf}}"
)


@router.get("", summary="Esta página / This page", response_class=Response)
def get_docs(request: Request) -> Response:
    """Every operation: what it does, its parameters and what it answers."""
    headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
    body = page(request.app.openapi()).encode()
    return cached(request, body, "text/html; charset=utf-8", headers=headers)


def page(document: dict[str, Any]) -> str:
    """Return an OpenAPI document as HTML."""
    by_tag: dict[str, list[str]] = {}
    for path, item in sorted(document["paths"].items()):
        for method, operation in item.items():
            by_tag.setdefault(operation.get("tags", ["–"])[0], []).append(_operation(method, path, operation))
    info = document["info"]
    parts = [
        f'<!doctype html><html lang="es-MX"><head><meta charset="utf-8"><title>{escape(info["title"])}: API</title>',
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><main>',
        f"<h1>{escape(info['title'])}</h1><p>{escape(info['summary'])}</p>",
        (
            '<p><a href="/api/v1/openapi.json">OpenAPI 3.1</a> · <a href="/api/v1/act-types">tipos de acto</a>'
            ' · <a href="/api/v1/problems">códigos de problema</a></p>'
        ),
    ]
    for tag, operations in by_tag.items():
        parts += [f"<h2>{escape(tag)}</h2>", *operations]
    return "\n".join((*parts, "</main></body></html>\n"))


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    rows = "".join(_parameter(each) for each in operation.get("parameters", []))
    parameters = f"<ul>{rows}</ul>" if rows else ""
    text = escape(operation.get("description", "")).replace("\n\n", "</p><p>")
    answers = ", ".join(sorted(code for code in operation["responses"] if code != "default"))
    return (
        f"<section><h3><code>{escape(method.upper())} {escape(path)}</code></h3>"
        f"<p><strong>{escape(operation['summary'])}</strong> ({answers})</p><p>{text}</p>{parameters}</section>"
    )


def _parameter(parameter: dict[str, Any]) -> str:
    needed = "" if parameter.get("required") else " <em>(opcional)</em>"
    said = escape(parameter.get("description", ""))
    examples = parameter.get("schema", {}).get("examples") or []
    example = f", p. ej. <code>{escape(str(examples[0]))}</code>" if examples else ""
    return f"<li><code>{escape(parameter['name'])}</code>{needed}{example} {said}</li>"
