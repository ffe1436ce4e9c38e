"""A signed PDF checked on its own: its form, who signed it, and the evidence that it carries (docs/documents.md).

What is behind the printed page can be a field or a signature and nothing else (`ledger.pdf.signing`), so every byte of
the file is either covered by the last signature or is that signature. Whether the page says what the acts say is for
whoever prints the acts again: the same acts give the same bytes.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import orjson

from ledger.crypto import cms
from ledger.domain.ca import MAX_CHAIN, check_chain
from ledger.errors import UntrustedInputError
from ledger.pdf.objects import Base
from ledger.pdf.signing import parse
from ledger.verify.bundle import Bundle
from ledger.verify.checks import verify
from ledger.verify.report import FINDINGS, UNUSABLE, VERIFIED, as_text, exit_code
from ledger.verify.texts import Language, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.crypto.x509 import Certificate
    from ledger.pdf.signing import Signature
    from ledger.verify.outcome import Outcome
    from ledger.verify.trust import Trust

_HEAD = b"%PDF-"
MAX_PDF_BYTES = 64 * 1024 * 1024
_EVIDENCE = b"PK\x03\x04"
NOT_CHECKED = ("paper-revocation", "paper-text", "paper-time")


@dataclass(frozen=True, slots=True)
class Signer:
    """One signature: whose, when he says he signed, and the code of what is wrong with his certificate, "" if nothing.

    chained: Whether the chain ends at a root that was given; None where none was given.
    """

    field: str
    name: str
    serial: str
    at: str
    chained: bool | None
    code: str = ""


@dataclass(slots=True)
class Paper:
    """What was found of a PDF.

    printed: SHA-256 of the PDF as it was printed, before any field and signature. evidence: reports on what it carries.
    """

    printed: str
    fields: int
    signers: list[Signer] = field(default_factory=list)
    evidence: list[Outcome] = field(default_factory=list)

    def exit_code(self, *, self_contained: bool) -> int:
        """Return 0 verified, 1 findings, 2 not checkable."""
        codes = [exit_code(outcome, self_contained=self_contained) for outcome in self.evidence]
        if any(signer.code for signer in self.signers) or FINDINGS in codes:
            return FINDINGS
        if not self.signers or any(signer.chained is None for signer in self.signers):
            return UNUSABLE
        return max(codes, default=UNUSABLE)


def read_pdf(path: Path) -> bytes | None:
    """Return what a file holds that begins like a PDF; None of anything else.

    Raises:
        UntrustedInputError: "pdf-malformed" where it is too long.
    """
    if not path.is_file():
        return None
    with path.open("rb") as file:
        head = file.read(len(_HEAD))
        if head != _HEAD:
            return None
        raw = head + file.read(MAX_PDF_BYTES)
    if len(raw) > MAX_PDF_BYTES:
        raise UntrustedInputError("pdf-malformed", f"more than {MAX_PDF_BYTES} bytes")
    return raw


def check_pdf(raw: bytes, trust: Trust) -> Paper:
    """Check a PDF.

    Args:
        raw: The file.
        trust: Its roots are of authorities; its policy and founding are for the evidence.

    Raises:
        UntrustedInputError: "pdf-malformed", "pdf-appended"; "cms-malformed", "bad-signature", "bad-certificate".
    """
    parsed = parse(raw)
    paper = Paper(sha256(parsed.base).hexdigest(), len(parsed.boxes))
    paper.signers = [_signer(signature, trust) for signature in parsed.signatures]
    for attached in Base(parsed.base).attachments():
        if attached.startswith(_EVIDENCE):
            paper.evidence.append(_evidence(attached, trust))
    return paper


def _signer(signature: Signature, trust: Trust) -> Signer:
    found = cms.read(signature.cms, signature.digest)
    certificate, chained, code = found.certificate, None, ""
    if trust.roots is not None:
        try:
            check_chain(certificate, _chain(certificate, found.chain, trust.roots), signature.at)
            chained = True
        except UntrustedInputError as error:
            chained, code = False, error.code
        if not certificate.signs or certificate.authority:
            chained, code = False, "certificate-use"
    return Signer(signature.field, certificate.name, certificate.serial, signature.at.isoformat(), chained, code)


def _chain(certificate: Certificate, along: Sequence[Certificate], roots: Sequence[Certificate]) -> list[Certificate]:
    """Return the authorities above a certificate up to a trusted root; those that came along only lead there."""
    chain: list[Certificate] = []
    below = certificate
    while len(chain) < MAX_CHAIN:
        anchor = next((root for root in roots if below.is_issued_by(root)), None)
        if anchor is not None:
            return [*chain, anchor]
        above = next((each for each in along if each not in chain and below.is_issued_by(each)), None)
        if above is None:
            break
        chain.append(above)
        below = above
    raise UntrustedInputError("certificate-root", certificate.serial)


def _evidence(attached: bytes, trust: Trust) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="acervo-") as folder:
        path = Path(folder) / "adjunto.evidencia.zip"
        path.write_bytes(attached)
        with Bundle.open(path) as bundle:
            return verify(bundle, trust, jobs=0)


def run_pdf(
    raw: bytes, trust: Trust, lang: Language, out: TextIO, *, self_contained: bool = False, as_json: bool = False
) -> int:
    """Check a PDF and write the report.

    Returns:
        0 verified, 1 it does not hold, 2 not checkable: no signature, no root, or no policy.
    """
    try:
        paper = check_pdf(raw, trust)
    except UntrustedInputError as error:
        code, lines = FINDINGS, [f"{say(lang, 'codes', error.code)} ({error.code}: {error.detail})"]
        said: dict[str, Any] = {"code": error.code, "detail": error.detail}
    else:
        code = paper.exit_code(self_contained=self_contained)
        lines, said = list(_lines(paper, lang, self_contained=self_contained)), _object(paper)
    if as_json:
        out.write(orjson.dumps(said | {"exit": code, "verified": code == VERIFIED}).decode() + "\n")
    else:
        title = say(lang, "paper", "title")
        out.write("\n".join([title, *lines, say(lang, "report", f"verdict_{code}")]) + "\n")
    return code


def _object(paper: Paper) -> dict[str, Any]:
    signers = [
        {"field": s.field, "name": s.name, "serial": s.serial, "at": s.at, "chained": s.chained, "code": s.code}
        for s in paper.signers
    ]
    return {
        "code": "",
        "printed_sha256": paper.printed,
        "fields": paper.fields,
        "signers": signers,
        "evidence": len(paper.evidence),
        "not_checked": list(NOT_CHECKED),
    }


def _lines(paper: Paper, lang: Language, *, self_contained: bool) -> Iterator[str]:
    def sentence(key: str, **values: Any) -> str:
        return say(lang, "paper", key, **values)

    yield sentence("printed", sha256=paper.printed)
    yield sentence("signatures", count=len(paper.signers), fields=paper.fields)
    for signer in paper.signers:
        yield f"  {sentence('signer', name=signer.name, serial=signer.serial, at=signer.at)}"
        status = {True: "chained", False: "unchained", None: "no-root"}[signer.chained]
        reason = f": {say(lang, 'codes', signer.code)}" if signer.code else ""
        yield f"    {sentence(status)}{reason}"
    for outcome in paper.evidence:
        yield sentence("evidence")
        yield from (f"  {line}" for line in as_text(outcome, lang, self_contained=self_contained).splitlines())
    yield say(lang, "report", "unchecked")
    yield from (f"  {sentence(name)}" for name in NOT_CHECKED)
