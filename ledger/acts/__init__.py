"""What officers sign: the closed registry of act types. Importing this package fills it."""

from ledger.acts import (
    acta,
    agreement,
    body,
    book,
    certification,
    circulation,
    designation,
    followup,
    received,
    session,
    transparency,
    trust,
    unit,
    validity,
    vote,
)
from ledger.acts.base import Act, Grant, SealedField, act_types, parse_act

__all__ = [
    "Act",
    "Grant",
    "SealedField",
    "act_types",
    "acta",
    "agreement",
    "body",
    "book",
    "certification",
    "circulation",
    "designation",
    "followup",
    "parse_act",
    "received",
    "session",
    "transparency",
    "trust",
    "unit",
    "validity",
    "vote",
]
