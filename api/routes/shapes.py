"""Shapes of what the registries and the porta-firmas answer, for the OpenAPI document, and what they are made of."""

from __future__ import annotations

from typing import Any

INDEX: dict[str, Any] = {"type": "integer", "minimum": 0}
SHA256: dict[str, Any] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
TEXT: dict[str, Any] = {"type": "string"}
COUNT: dict[str, Any] = {
    "type": "object",
    "required": ["count", "more_than"],
    "properties": {"count": {"type": "integer"}, "more_than": {"type": "boolean"}},
}
MOMENT: dict[str, Any] = {
    "type": "object",
    "required": ["as_of_position", "tree_head"],
    "properties": {
        "as_of_position": INDEX,
        "tree_head": {"type": "object", "properties": {"size": INDEX, "root": TEXT}},
        "lag": {**INDEX, "description": "Asientos que faltan aquí. / Entries that are not shown here yet."},
        "as_of": {"type": "string", "format": "date"},
        "known_on": {"type": "string", "format": "date"},
    },
}
LINKS: dict[str, Any] = {
    "type": "object",
    "additionalProperties": {"oneOf": [TEXT, {"type": "array", "items": TEXT}]},
}
PAGE: dict[str, Any] = {
    "type": "object",
    "required": ["data", "pagination", "links"],
    "properties": {
        "data": {"type": "array", "items": {"type": "object"}},
        "pagination": {
            "type": "object",
            "required": ["limit", "count", "more"],
            "properties": {
                "limit": {"type": "integer"},
                "count": {"type": "integer"},
                "more": {"type": "boolean", "description": "Si la lista sigue. / Whether the list goes on."},
                "next_cursor": TEXT,
            },
        },
        "links": {"type": "object", "additionalProperties": TEXT},
        "moment": MOMENT,
        "total": COUNT,
        "facets": {"type": "object", "additionalProperties": {"type": "array", "items": COUNT}},
        "included": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Object"}},
    },
}
OBJECT: dict[str, Any] = {
    "type": "object",
    "description": "Un objeto de los registros. / An object of the registries.",
    "required": ["id", "type"],
    "properties": {
        "id": {**TEXT, "description": "Su dirección permanente. / Its permanent address."},
        "type": TEXT,
        "created": TEXT,
        "modified": TEXT,
        "version": {"type": "integer", "minimum": 0},
        "provenance": {"enum": ["signed", "imported"]},
        "voice": {
            "description": "own: la propia persona; attested: la secretaría; officer: quien ejerce el cargo; imported.",
            "oneOf": [TEXT, {"type": "object"}],
        },
        "log": {
            "type": "object",
            "properties": {
                "index": INDEX,
                "leaf_hash": SHA256,
                "last_index": INDEX,
                "acts": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["index", "leaf_hash"],
                        "properties": {"index": INDEX, "leaf_hash": SHA256},
                    },
                },
            },
        },
        "texts": {"type": "object"},
        "withheld": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["names", "reason"],
                "properties": {
                    "names": {"type": "array", "items": TEXT},
                    "reason": {"enum": ["classified", "erased", "not-opened"]},
                },
            },
        },
        "moment": MOMENT,
        "links": LINKS,
    },
}
_DER: dict[str, Any] = {"type": "array", "items": {"type": "string", "format": "byte"}}
ANSWERS: dict[str, Any] = {
    "type": "object",
    "description": "OCSPResponse (RFC 6960), CertificateList (RFC 5280); base64 DER.",
    "properties": {"answers": _DER, "lists": _DER},
    "additionalProperties": False,
}
_HEARD: dict[str, Any] = {
    "type": "object",
    "required": ["name", "serial", "good_at", "stapled", "too_long", "silent"],
    "properties": {
        "name": TEXT,
        "serial": TEXT,
        "good_at": {"type": ["string", "null"], "format": "date-time"},
        "stapled": {"type": "boolean"},
        "too_long": {"type": "integer", "minimum": 0},
        "silent": {"type": "array", "items": TEXT},
    },
}
REVOCATION: dict[str, Any] = {
    "type": "object",
    "required": ["revocation", "stapled", "authorities"],
    "properties": {
        "revocation": {"type": "array", "items": _HEARD},
        "stapled": ANSWERS,
        "authorities": _DER,
    },
}
OPENING: dict[str, Any] = {
    "type": "object",
    "required": ["field", "digest", "attributes", "certificate", *REVOCATION["required"]],
    "properties": {
        **REVOCATION["properties"],
        "field": TEXT,
        "digest": SHA256,
        "attributes": {"type": "string", "format": "byte", "description": "DER, RFC 5652 §5.4."},
        "certificate": {"type": "object", "properties": {"serial": TEXT, "sha256": SHA256}},
    },
}
