"""Whether a credential is valid, and what its QR carries (domain.md §3.8 D5, row C6).

The verdict is plain: VALID; INVALID, with the reason and the instant since when; UNKNOWN. It rests on the check of the
act that issued it (format.md §11), which goes with it, and on the rules' own arithmetic of terms and revocations.

The QR holds an address and a token: `AC1.<index>.<base64url of the entry's leaf hash>`. The leaf hash names one act
and no other, under every checkpoint that covers it: who scans it can fetch the proof here or from any copy of the log,
and a service that showed another credential at the address would not match the card.
"""

from __future__ import annotations

import base64
import io
import re
from typing import TYPE_CHECKING, Any

import segno

from api.verification import Checked, check_act, report, unknown
from ledger.crypto.merkle import leaf_hash
from ledger.domain.credential import CredentialState, Standing, standing
from ledger.domain.designation import DesignationState
from ledger.errors import NotSealedError
from ledger.ids import stream_name, write_instant
from ledger.receipts import make_receipts
from ledger.texts import text
from ledger.verdicts import Verdict

if TYPE_CHECKING:
    from datetime import datetime

    from api.system import System

TOKEN = re.compile(r"AC1\.(0|[1-9][0-9]{0,15})\.[A-Za-z0-9_-]{43}")
MAX_TOKEN_CHARS = 66
_PROVED = {Verdict.VALID, Verdict.NOT_YET_SEALED}


def token_of(system: System, index: int) -> str:
    """Return the token of the credential that an act issued."""
    raw = system.store.entry(index)
    return f"AC1.{index}.{_base64url(leaf_hash(raw or b''))}"


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def states_of(system: System, key: str) -> tuple[CredentialState, DesignationState] | None:
    """Return a credential `body/seat/designation/n` and the designation that it accredits; None where there is none."""
    state = system.ledger.state(stream_name("credential", key))
    held = system.ledger.state(stream_name("designation", key.rpartition("/")[0]))
    if not isinstance(state, CredentialState) or not isinstance(held, DesignationState):
        return None
    return state, held


def check_credential(system: System, key: str, at: datetime, token: str | None = None) -> dict[str, Any]:
    """Return what is to be said of a credential at an instant.

    Args:
        system: The running system.
        key: `body/seat/designation/n`.
        at: The instant of the question.
        token: As scanned; compared with the credential's own where it is given.
    """
    found = states_of(system, key)
    if found is None:
        return _said("UNKNOWN", "unknown", key, at) | {"record": report(unknown())}
    state, held = found
    if state.issued_index is None:
        return _said("INVALID", "not-issued", key, at) | {"record": report(unknown())}
    checked = check_act(system, state.issued_index)
    own = token_of(system, state.issued_index)
    mismatch = token is not None and token != own
    verdict, reason, since = _verdict(standing(state, held, at), checked, mismatch=mismatch)
    return {
        **_said(verdict, reason, key, at, since),
        "holder": _holder(held),
        "issued_at": None if state.issued_at is None else write_instant(state.issued_at),
        "valid_to": None if state.valid_to is None else write_instant(state.valid_to),
        "token": own,
        "proof": _proof(system, state.issued_index),
        "record": report(checked),
    }


def _verdict(of: Standing, checked: Checked, *, mismatch: bool) -> tuple[str, str, datetime | None]:
    """What does not prove itself is not valid, whatever its dates say."""
    if mismatch:
        return "INVALID", "token", None
    if checked.conclusion.headline not in _PROVED:
        return "INVALID", "not-proved", None
    return ("VALID", "valid", None) if of.valid else ("INVALID", of.reason or "", of.since)


def _said(verdict: str, reason: str, key: str, at: datetime, since: datetime | None = None) -> dict[str, Any]:
    written = "" if since is None else write_instant(since)
    told: dict[str, Any] = {
        "credential": key,
        "on": write_instant(at),
        "verdict": verdict,
        "valid": verdict == "VALID",
        "reason": reason,
        "text": text(f"credential-{reason}", "es", since=written),
        "text_en": text(f"credential-{reason}", "en", since=written),
    }
    return told | ({} if since is None else {"since": written})


def _holder(held: DesignationState) -> dict[str, Any]:
    return {
        "body": held.body,
        "seat": held.seat,
        "capacity": held.capacity,
        "person": held.person,
        "provisional": held.provisional,
        "designation": f"/api/v1/designations/{held.stream.partition('/')[2]}",
    }


def _proof(system: System, index: int) -> str | None:
    """Return the `.tlog-proof` of the act that issued it; None while no checkpoint covers it."""
    raw = system.store.entry(index)
    if raw is None:
        return None
    try:
        return make_receipts({index: raw}, system.checkpoint(index + 1), system.log)[0].format()
    except NotSealedError:
        return None


def qr_of(address: str) -> bytes:
    """Return the QR of an address as SVG, for print: error correction Q, since cards get scratched."""
    out = io.BytesIO()
    segno.make_qr(address, error="q").save(out, kind="svg", scale=4, border=4, xmldecl=False, svgns=True)
    return out.getvalue()
