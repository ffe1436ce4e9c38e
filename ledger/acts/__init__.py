"""What officers sign: the closed registry of act types. Importing this package fills it."""

from ledger.acts import (
    acta,
    agreement,
    body,
    certification,
    designation,
    session,
    transparency,
    trust,
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
    "certification",
    "designation",
    "parse_act",
    "session",
    "transparency",
    "trust",
    "vote",
]
