"""Papers as they were issued: the very file that was signed is handed out, not pages printed anew (decision 0019).

A paper that is signed in the browser is kept as it is signed. One that was signed elsewhere (`acervo document sign`)
is given back here, and taken only if it is the paper of these acts, signed by who is to sign it.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from api.desk.papers import held_by, keep
from api.desk.signing import chain_above
from api.documents import press_of
from api.problems import ApiError
from api.signatures import fresh
from api.signing import check_use
from ledger.crypto import cms
from ledger.crypto.keys import PublicKey
from ledger.domain.trust import KeyState
from ledger.domain.world import read
from ledger.ids import stream_name
from ledger.pdf.signing import parse, prepare

if TYPE_CHECKING:
    from api.documents.model import Document
    from api.system import System
    from ledger.pdf.signing import Parsed, Signature
    from ledger.store.papers import Kept


def issued(system: System, kind: str, key: str) -> bytes | None:
    """Return the PDF of a document as its officers signed it; None where no signed one was kept.

    Raises:
        StoreError: "document-unknown", "document-damaged", "data-key-destroyed".
    """
    kept = system.papers.issued(kind, key)
    return None if kept is None else b"".join(system.documents.get(kept.sha256, sealed=True))


def take_back(system: System, kind: str, key: str, pdf: bytes) -> Kept:
    """Keep a paper that was signed elsewhere.

    Raises:
        ApiError: 422 "paper-unsigned", "paper-of-other-acts"; 403 "certificate-of-another"; 409 "paper-moved".
        UntrustedInputError: it is not of our form, or a signature or a certificate does not hold.
        RuleViolation: "ca-unknown", "ca-distrusted".
    """
    parsed, named = parse(pdf), f"{kind}/{key}"
    if not parsed.signatures:
        raise ApiError(422, "paper-unsigned", document=named)
    press = press_of(system)
    document, states = press.document(kind, key), system.papers.states(kind, key)
    base = sha256(parsed.base).hexdigest()  # of a print that somebody signed here, or of the whole one
    own = base in states or parsed.base == press.print(document)
    if not own or list(parsed.boxes) != press.boxes(document):
        raise ApiError(422, "paper-of-other-acts", document=named)
    for signature in parsed.signatures:
        _check_signature(system, document, signature)
    fields, after = [each.field for each in parsed.signatures], _before_last(parsed, pdf)
    return keep(system, kind, key, pdf, base=base, after=after, fields=fields, seen=states)


def _before_last(parsed: Parsed, pdf: bytes) -> str:
    """Return the SHA-256 of the paper as its last signatory got it."""
    earlier = parsed.signatures[:-1]
    before = pdf[: earlier[-1].covers] if earlier else prepare(parsed.base, parsed.boxes)
    return sha256(before).hexdigest()


def _check_signature(system: System, document: Document, signature: Signature) -> None:
    """Check a signature, that its certificate is of an authority trusted here, and that it is of who is to sign."""
    certificate = cms.read(signature.cms, signature.digest).certificate
    check_use(certificate, signature.at)
    chain_above(system, certificate, signature.at)
    world = fresh(system.ledger)
    place = next(each for each in document.signatories if each.field == signature.field)
    held = read(world, KeyState, stream_name("key", PublicKey.from_spki(certificate.spki).keyid))
    holder = held_by(world, place)
    person = None if holder is None else holder.person
    if held is None or held.revoked_index is not None or held.person != person:
        raise ApiError(403, "certificate-of-another", certificate.serial)
