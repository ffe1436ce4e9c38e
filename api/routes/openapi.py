"""What the OpenAPI document says beyond the signatures of the routes: bodies that are read raw, answers, problems."""

from __future__ import annotations

from typing import Any

from api.access.doorkeeper import COOKIE
from api.problems import PROBLEM_SCHEMA
from api.routes.shapes import ANSWERS, INDEX, LINKS, MOMENT, OBJECT, OPENING, PAGE, REVOCATION, SHA256, TEXT

_ENVELOPE: dict[str, Any] = {
    "type": "object",
    "description": "DSSE v1, exactly one signature (format.md §4).",
    "required": ["payload", "payloadType", "signatures"],
    "additionalProperties": False,
    "properties": {
        "payload": {"type": "string", "format": "byte"},
        "payloadType": {"const": "application/vnd.acervo.act.v1+json"},
        "signatures": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "type": "object",
                "required": ["keyid", "sig"],
                "additionalProperties": False,
                "properties": {"keyid": SHA256, "sig": {"type": "string", "format": "byte"}},
            },
        },
    },
}
_SUBMITTED: dict[str, Any] = {
    "type": "object",
    "required": ["envelope"],
    "additionalProperties": False,
    "properties": {
        "envelope": {"$ref": "#/components/schemas/Envelope"},
        "disclosures": {"type": "object", "additionalProperties": TEXT},
    },
}
_PLACE: dict[str, Any] = {
    "type": "object",
    "required": ["index", "recorded_at", "duplicate"],
    "properties": {
        "index": INDEX,
        "recorded_at": TEXT,
        "duplicate": {"type": "boolean"},
        "receipt": {"type": "string", "description": "c2sp.org/tlog-proof@v1, the entry as `extra`."},
        "remarks": {"type": "array", "items": {"type": "object"}},
    },
}
_ACT: dict[str, Any] = {
    "type": "object",
    "required": ["index", "leaf_hash", "entry", "links"],
    "properties": {
        "index": INDEX,
        "leaf_hash": SHA256,
        "entry": {"type": "string", "format": "byte"},
        "recorded_at": TEXT,
        "type": TEXT,
        "stream": TEXT,
        "version": {"type": "integer", "minimum": 1},
        "statement_sha256": SHA256,
        "statement": {"type": "object"},
        "signature": {"type": "string", "format": "byte"},
        "void": {"type": "string", "description": "Por qué no es legible. / Why it is not readable."},
        "links": {"type": "object", "additionalProperties": TEXT},
    },
}
_HEAD: dict[str, Any] = {
    "type": "object",
    "required": ["stream", "version", "statement", "ledger"],
    "properties": {
        "stream": TEXT,
        "version": {"type": "integer", "minimum": 0},
        "statement": {**SHA256, "description": "`prev` del siguiente acto. / `prev` of the next act."},
        "index": {"type": ["integer", "null"]},
        "ledger": TEXT,
    },
}
_ASPECT: dict[str, Any] = {
    "type": "object",
    "required": ["outcome", "text", "text_en"],
    "properties": {"outcome": {"enum": ["proved", "failed", "not-checked"]}, "text": TEXT, "text_en": TEXT},
}
_VERIFICATION: dict[str, Any] = {
    "type": "object",
    "required": ["headline", "verdicts", "aspects", "not_checked"],
    "properties": {
        "headline": {"type": ["string", "null"]},
        "verdicts": {"type": "array", "items": {"type": "object"}},
        "aspects": {"type": "object", "additionalProperties": _ASPECT},
        "not_checked": {"type": "array", "items": {"type": "object"}},
        "pending": {"type": "array", "items": {"const": "witness"}},
        "public_version": {
            "type": "object",
            "required": ["proved"],
            "properties": {"proved": {"type": "boolean"}, "code": TEXT, "open": {"type": "integer"}},
        },
        "as_of": {"type": ["integer", "null"]},
        "object": {"type": "object"},
    },
}
_CARD: dict[str, Any] = {
    "type": "object",
    "required": ["name", "origin", "format_version", "vkeys", "clock", "links"],
    "properties": {
        "name": TEXT,
        "origin": TEXT,
        "format_version": {"const": 1},
        "vkeys": {"type": "array", "items": TEXT},
        "clock": {"type": "object", "properties": {"simulated": {"type": "boolean"}}},
        "founding": {
            "type": "object",
            "required": ["index", "statement_sha256", "leaf_hash", "act"],
            "properties": {"index": {"const": 0}, "statement_sha256": SHA256, "leaf_hash": SHA256, "act": TEXT},
        },
        "links": {"type": "object", "additionalProperties": TEXT},
        "notice": TEXT,
    },
}
_CREDENTIAL: dict[str, Any] = {
    "type": "object",
    "required": ["credential", "on", "verdict", "valid", "reason", "text", "text_en", "record"],
    "properties": {
        "verdict": {"enum": ["VALID", "INVALID", "UNKNOWN"]},
        "valid": {"type": "boolean"},
        "reason": {"type": "string"},
        "since": {"type": "string", "description": "Desde cuándo no vale. / Since when it is not valid."},
        "token": {"type": "string", "description": "Lo que lleva el QR. / What the QR holds."},
        "proof": {"type": ["string", "null"], "description": "c2sp.org/tlog-proof@v1"},
        "record": {"$ref": "#/components/schemas/Verification"},
    },
}
_CHALLENGE: dict[str, Any] = {
    "type": "object",
    "required": ["challenge", "audience", "scope", "expires_at"],
    "properties": dict.fromkeys(("challenge", "audience", "scope", "expires_at"), TEXT),
}
_READER: dict[str, Any] = {
    "type": "object",
    "required": ["office", "role", "person", "keyid"],
    "properties": dict.fromkeys(("office", "role", "person", "keyid", "body", "seat", "expires_at", "csrf"), TEXT),
}
_DISCLOSURES: dict[str, Any] = {
    "type": "object",
    "required": ["index", "ground", "disclosures"],
    "properties": {
        "index": INDEX,
        "ground": {"enum": ["own-office", "own-case", "members", "consultation"]},
        "disclosures": {"type": "object", "additionalProperties": TEXT},
    },
}
_WAITING: dict[str, Any] = {
    **PAGE,
    "required": [*PAGE["required"], "now"],
    "properties": PAGE["properties"] | {"now": TEXT},
}
_READS: dict[str, Any] = {
    "type": "object",
    "required": ["data"],
    "properties": {"data": {"type": "array", "items": {"type": "object"}}},
}
SECURITY_SCHEMES: dict[str, Any] = {
    "token": {"type": "http", "scheme": "bearer", "description": "`acervo token …`; sirve una vez. / Good once."},
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "POST /api/v1/access/session"},
}
SCHEMAS: dict[str, dict[str, Any]] = {
    "Service": {
        "type": "object",
        "required": ["name", "ledger", "clock", "links"],
        "properties": {"links": LINKS, "notice": TEXT},
    },
    "Typed": {"type": "object", "required": ["type"], "properties": {"type": TEXT}},
    "Computed": {
        "type": "object",
        "description": "Lo que se calcula al preguntar. / What is computed when it is asked for.",
        "required": ["moment"],
        "properties": {"moment": MOMENT},
    },
    "Challenge": _CHALLENGE,
    "Reader": _READER,
    "Disclosures": _DISCLOSURES,
    "Reads": _READS,
    "Waiting": _WAITING,
    "Answers": ANSWERS,
    "Opening": OPENING,
    "Revocation": REVOCATION,
    "Card": _CARD,
    "CredentialVerification": _CREDENTIAL,
    "Problem": PROBLEM_SCHEMA,
    "Envelope": _ENVELOPE,
    "SubmittedAct": _SUBMITTED,
    "Place": _PLACE,
    "Receipts": {
        "type": "object",
        "required": ["acts"],
        "properties": {"acts": {"type": "array", "items": {"$ref": "#/components/schemas/Place"}}},
    },
    "Act": _ACT,
    "Page": PAGE,
    "Object": OBJECT,
    "Head": _HEAD,
    "Verification": _VERIFICATION,
}


def _content(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def json_answer(name: str, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """Return the description of an answer whose body is the named schema."""
    return {status: {"description": "Correcto. / Success.", "content": _content(name)}}


def bytes_answer(media_type: str, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """Return the description of an answer that is not JSON."""
    return {status: {"description": "Correcto. / Success.", "content": {media_type: {"schema": {"type": "string"}}}}}


SUBMIT_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "Ya estaban asentados. / They stood already.", "content": _content("Receipts")},
    201: {"description": "Asentados, con recibo. / Recorded, with receipts.", "content": _content("Receipts")},
    202: {"description": "Asentados, sin sello aún. / Recorded, not yet sealed.", "content": _content("Receipts")},
    409: {"description": "El lugar está tomado. / The place is taken."},
    422: {"description": "Una regla lo impide. / A rule refuses it."},
}
SUBMIT_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "oneOf": [
                        {"$ref": "#/components/schemas/SubmittedAct"},
                        {
                            "type": "object",
                            "required": ["acts"],
                            "additionalProperties": False,
                            "properties": {
                                "acts": {
                                    "type": "array",
                                    "minItems": 1,
                                    "items": {"$ref": "#/components/schemas/SubmittedAct"},
                                }
                            },
                        },
                    ]
                }
            }
        },
    }
}
VERIFY_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "minProperties": 1,
                    "maxProperties": 1,
                    "properties": {"proof": TEXT, "sha256": SHA256, "index": INDEX},
                }
            },
            "text/plain": {"schema": TEXT},
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
DOCUMENT_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
