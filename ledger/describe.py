"""The act types as data: for the API and for FORMAT.md's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from ledger.acts import act_types
from ledger.domain.registry import AGGREGATES

if TYPE_CHECKING:
    from ledger.acts.base import Act, Grant


def describe(act_type: type[Act]) -> dict[str, Any]:
    """Return what a client needs to prepare an act of the type: schema, stream, signers, sealed values, basis."""
    return {
        "type": act_type.type_name,
        "kind": act_type.kind,
        "description": (act_type.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " "),
        "may_sign": [_grant(grant) for grant in act_type.may_sign],
        "basis_kinds": list(act_type.basis_kinds),
        "sealed": [
            {
                "name": field.name,
                "required": field.required,
                "subject": field.subject,
                "schema": TypeAdapter(field.schema).json_schema(),
            }
            for field in act_type.sealed_fields
        ],
        "schema": act_type.model_json_schema(),
    }


def _grant(grant: Grant) -> dict[str, Any]:
    described: dict[str, Any] = {"way": grant.way}
    if grant.roles:
        described["roles"] = sorted(grant.roles)
    if grant.anywhere:
        described["anywhere"] = True
    return described


def tables() -> str:
    """Return FORMAT.md's tables of kinds and types, in Markdown."""
    lines = ["| kind | segments after it |", "|---|---|"]
    lines += [f"| `{kind}` | {aggregate.segments} |" for kind, aggregate in sorted(AGGREGATES.items())]
    lines += ["", "| type | kind | who may sign | basis | sealed (? = optional) |", "|---|---|---|---|---|"]
    for name, act_type in act_types().items():
        who = "; ".join(_say(grant) for grant in act_type.may_sign)
        sealed = ", ".join(f"`{f.name}`{'' if f.required else '?'}" for f in act_type.sealed_fields) or "–"
        lines.append(f"| `{name}` | `{act_type.kind}` | {who} | {', '.join(act_type.basis_kinds) or '–'} | {sealed} |")
    return "\n".join(lines) + "\n"


def _say(grant: Grant) -> str:
    match grant.way:
        case "founder":
            return "founding officer"
        case "own-key":
            return "the key itself"
        case "seat":
            return "holder of the seat named"
        case "role":
            where = "of any body" if grant.anywhere else "of the body"
            return f"{' or '.join(sorted(grant.roles))} {where}"


if __name__ == "__main__":
    print(tables(), end="")  # noqa: T201  this is the command that writes the tables
