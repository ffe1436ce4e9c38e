"""V13: the certificates with which keys were enrolled, as far as the bundle discloses them (format.md §10)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ledger.crypto import disclosure
from ledger.crypto.b64 import decode_base64
from ledger.crypto.x509 import MAX_CERTIFICATE_BYTES
from ledger.domain.certificates import ANSWER, CERTIFICATE, Shown, check_certificate
from ledger.errors import RuleViolation, UntrustedInputError
from ledger.ids import parse_written
from ledger.log.tiles import TILE_WIDTH
from ledger.verify.history import quick_statement
from ledger.verify.outcome import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.acts.trust import KeyEnrolled
    from ledger.verify.bundle import Bundle
    from ledger.verify.outcome import Outcome
    from ledger.verify.replay import Replay
    from ledger.verify.trust import Trust


def check_certificates(bundle: Bundle, trust: Trust, replay: Replay, outcome: Outcome) -> None:
    """Check every disclosed certificate: what the act says of it, chain and validity at enrolment, its stapled answer.

    Args:
        bundle: Holds certificates as disclosures, or as files of their own.
        trust: Its roots are whom the chain must end at; without them the ledger's own acts say it.
        replay: Has seen all entries.
        outcome: Gets counts, findings and what was not checked.
    """
    step, missing = outcome.steps[13], Counter[str]()
    said = {act.certificate.sha256 for _, act in replay.enrolments if act.certificate is not None}
    stray = bundle.files["certificate"].keys() - said
    if stray:
        step.not_checked("certificates-unrelated", str(len(stray)))
    if not replay.enrolments:
        step.not_checked("no-certificates")
        return
    opened = _opened(bundle, {index for index, _ in replay.enrolments})
    for index, act in replay.enrolments:
        values = opened.get(index, {})
        der, answer = values.get(CERTIFICATE) or _file(bundle, act), values.get(ANSWER)
        if der is None:
            missing["certificates-absent"] += 1
            continue
        step.checked("certificates")
        try:
            _check(index, act, Shown(der, answer), trust, replay)
        except (UntrustedInputError, RuleViolation) as error:
            outcome.find(Finding(13, error.code, index, detail=error.detail[:200]))
        if answer is not None:
            step.checked("stapled-answers")
        else:
            missing["revocation-not-stapled"] += 1
    if step.ran and trust.roots is None:
        step.independent = False
    for code, count in sorted(missing.items()):
        step.not_checked(code, str(count))


def _check(index: int, act: KeyEnrolled, shown: Shown, trust: Trust, replay: Replay) -> None:
    statement, _ = quick_statement(replay.history.entry(index))
    at = parse_written(statement.occurred_at)
    chain = check_certificate(act, shown, at, index, replay.world)
    if trust.roots is not None and chain[-1].sha256 not in {root.sha256 for root in trust.roots}:
        raise UntrustedInputError("certificate-root", chain[-1].sha256)


def _file(bundle: Bundle, act: KeyEnrolled) -> bytes | None:
    name = None if act.certificate is None else bundle.files["certificate"].get(act.certificate.sha256)
    return None if name is None else bundle.archive.read(name, MAX_CERTIFICATE_BYTES)


def _opened(bundle: Bundle, wanted: set[int]) -> Mapping[int, dict[str, bytes]]:
    """Return index → name → bytes of the disclosed certificates and answers; what is malformed is a finding of V11."""
    found: dict[int, dict[str, bytes]] = {}
    for _, line in bundle.disclosures({index // TILE_WIDTH for index in wanted}):
        if isinstance(line, UntrustedInputError) or line.index not in wanted or line.name not in (CERTIFICATE, ANSWER):
            continue
        try:
            found.setdefault(line.index, {})[line.name] = decode_base64(disclosure.parse(line.text).value)
        except UntrustedInputError:
            continue
    return found
