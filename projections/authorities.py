"""Authorities whose certificates are accepted for officers' keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts.ca import CertificateAuthorityDistrusted, CertificateAuthorityTrusted
from projections.base import Registry, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.page import Page

AUTHORITIES = object_table(
    "certificate_authorities",
    "certificate",
    "issuer",
    "phase",
    "distrusted_index",
    "reason",
    fixed=("certificate", "issuer"),
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act that trusts or distrusts an authority."""
    match signed.act:
        case CertificateAuthorityTrusted() as act:
            row = {"id": act.sha256, **heading(signed), "certificate": act.certificate, "issuer": act.issuer_sha256}
            page.put(AUTHORITIES, row | {"phase": "trusted", "distrusted_index": None, "reason": None})
        case CertificateAuthorityDistrusted() as act:
            row = touch(page.edit(AUTHORITIES, act.sha256), signed)
            row.update(phase="distrusted", distrusted_index=signed.index, reason=act.reason)
        case _:
            pass


REGISTRY = Registry("certificate_authorities", (AUTHORITIES,), {"ca": AUTHORITIES}, handle)
