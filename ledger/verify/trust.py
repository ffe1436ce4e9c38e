"""What a verifier trusts: from outside where given, the bundle's own where not, and then it says so (format.md §9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ledger.crypto.note import MAX_NOTE_BYTES
from ledger.crypto.x509 import MAX_CERTIFICATE_BYTES, Certificate
from ledger.errors import UntrustedInputError
from ledger.ids import SHA256_HEX
from ledger.log.policy import MAX_POLICY_BYTES, Policy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Trust:
    """Trust inputs from outside the evidence.

    policy: whose signatures count on checkpoints, and how many witnesses.
    founding: SHA-256 in hex of the founding statement.
    older: older signed checkpoints that somebody kept, by a name to speak of them.
    roots: Root authorities that are trusted (V13, signed PDF); None takes the ledger's own.
    tsa_roots: Root authorities of time stamps in a signed PDF; None leaves its times the signatory's word.
    max_age_s: how old the checkpoint may be at `now_s` (seconds since 1970) by a witness' time; None asks nothing.
    """

    policy: Policy | None = None
    founding: str | None = None
    older: Sequence[tuple[str, bytes]] = field(default=())
    max_age_s: int | None = None
    now_s: int = 0
    roots: tuple[Certificate, ...] | None = None
    tsa_roots: tuple[Certificate, ...] | None = None


def load_trust(
    policy: Path | None,
    founding: str | None,
    older: Sequence[Path],
    max_age_s: int | None = None,
    now_s: int = 0,
    *,
    roots: Sequence[Path] = (),
    tsa_roots: Sequence[Path] = (),
) -> Trust:
    """Read the trust inputs that a person names.

    Raises:
        UntrustedInputError: "trust-unreadable", "founding-malformed", or what a policy or a certificate raises.
    """
    if founding is not None and not SHA256_HEX.fullmatch(founding):
        raise UntrustedInputError("founding-malformed", founding[:70])
    return Trust(
        policy=None if policy is None else Policy.parse(_read(policy, MAX_POLICY_BYTES)),
        founding=founding,
        older=tuple((path.name, _read(path, MAX_NOTE_BYTES)) for path in older),
        max_age_s=max_age_s,
        now_s=now_s,
        roots=_certificates(roots),
        tsa_roots=_certificates(tsa_roots),
    )


def _certificates(paths: Sequence[Path]) -> tuple[Certificate, ...] | None:
    return tuple(Certificate.parse(_read(path, MAX_CERTIFICATE_BYTES)) for path in paths) or None


def _read(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(limit + 1)
    except OSError as error:
        raise UntrustedInputError("trust-unreadable", f"{path.name}: {error.strerror}") from error
    if len(raw) > limit:
        raise UntrustedInputError("trust-unreadable", f"{path.name}: more than {limit} bytes")
    return raw
