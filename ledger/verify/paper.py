"""A signed PDF checked on its own: its form, who signed it, and the evidence that it carries (docs/documents.md).

What is behind the printed page can be a field or a signature and nothing else (`ledger.pdf.signing`), so every byte of
the file is either covered by the last signature or is that signature. Whether the page says what the acts say is for
whoever prints the acts again: the same acts give the same bytes.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import orjson

from ledger.errors import UntrustedInputError
from ledger.ids import kind_of
from ledger.pdf.objects import Base
from ledger.pdf.signing import parse
from ledger.verdicts import Facts, conclude
from ledger.verify.authority_of import FOLDED
from ledger.verify.bundle import Bundle
from ledger.verify.checks import verify
from ledger.verify.enclosed import enclosed
from ledger.verify.report import FINDINGS, UNUSABLE, VERIFIED, as_text, exit_code, failed_object, trusted_facts
from ledger.verify.signers import signer_of
from ledger.verify.texts import Language, say
from ledger.verify.verdict_of import as_lines, as_object, authority_object, facts_of_paper, facts_of_unread
from ledger.verify.version import told, withheld_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.verify.authority_of import Judged
    from ledger.verify.outcome import Outcome
    from ledger.verify.public import PublicVersion
    from ledger.verify.signers import Signer
    from ledger.verify.trust import Trust

_HEAD = b"%PDF-"
MAX_PDF_BYTES = 64 * 1024 * 1024
_EVIDENCE = b"PK\x03\x04"


@dataclass(slots=True)
class Paper:
    """What was found of a PDF.

    printed: SHA-256 of the PDF as it was printed, before any field and signature. evidence: reports on what it carries.
    versions: public versions that the evidence holds whole; every open part is of what was sealed.
    """

    printed: str
    fields: int
    signers: list[Signer] = field(default_factory=list)
    evidence: list[Outcome] = field(default_factory=list)
    versions: list[PublicVersion] = field(default_factory=list)

    @property
    def bound(self) -> bool:
        """Whether each signature is of a key with which somebody made, in his office, an act that the paper tells.

        Acts that only say who may sign come along with those, and are of others.
        """
        told = (each.statement for each in self._lawful if kind_of(each.statement.stream) not in FOLDED)
        officers = {statement.signer for statement in told if kind_of(statement.office) == "designation"}
        return bool(self.signers) and all(signer.keyid in officers for signer in self.signers)

    @property
    def _lawful(self) -> list[Judged]:
        return [each for outcome in self.evidence for each in outcome.judged if each.authorised]

    @property
    def not_checked(self) -> tuple[str, ...]:
        """Return the names of the sentences that say what was not looked at."""
        names = ["paper-text"] if self.bound else ["paper-text", "paper-signatory"]
        if not all(signer.unrevoked for signer in self.signers):
            names.insert(0, "paper-revocation")
        if not all(signer.time == "proved" for signer in self.signers):
            names.append("paper-time")
        if any(signer.time == "proved" for signer in self.signers):
            names.append("paper-tsa-revocation")
        return tuple(names)

    def facts(self, *, self_contained: bool) -> Facts:
        """Return what a verdict follows from: of the signatures, and of the acts that it was handed over for.

        A revocation that the paper carries is older than a signature over it: that key could not sign any more.
        """
        carried = [trusted_facts(outcome, self_contained=self_contained) for outcome in self.evidence]
        facts = facts_of_paper(self.signers, carried)
        ended = {e.statement.data.get("keyid") for e in self._lawful if e.statement.type == "KeyRevoked/1"}
        return replace(facts, authorised=False) if any(signer.keyid in ended for signer in self.signers) else facts

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
        trust: Its roots are of authorities, its TSA roots of time-stamp authorities; policy and founding are for the
            evidence.

    Raises:
        UntrustedInputError: "pdf-malformed", "pdf-appended"; "cms-malformed", "bad-signature", "bad-certificate";
            "stamp-malformed", "stamp-of-another", "stamp-signature", "stamp-certificate"; of a public version those of
            `enclosed`.
    """
    parsed = parse(raw)
    paper = Paper(sha256(parsed.base).hexdigest(), len(parsed.boxes))
    paper.signers = [signer_of(signature, trust) for signature in parsed.signatures]
    for attached in Base(parsed.base).attachments():
        if attached.startswith(_EVIDENCE):
            outcome, versions = _evidence(attached, trust)
            paper.evidence.append(outcome)
            paper.versions += versions
    return paper


def _evidence(attached: bytes, trust: Trust) -> tuple[Outcome, list[PublicVersion]]:
    with tempfile.TemporaryDirectory(prefix="acervo-") as folder:
        path = Path(folder) / "adjunto.evidencia.zip"
        path.write_bytes(attached)
        with Bundle.open(path) as bundle:
            outcome = verify(bundle, trust, jobs=0)
            sound = exit_code(outcome, self_contained=True) == VERIFIED
            return outcome, enclosed(bundle, trust) if sound else []


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
        code, facts = FINDINGS, facts_of_unread(error.code)
        lines = [f"{say(lang, 'codes', error.code)} ({error.code}: {error.detail})"]
        said: dict[str, Any] = {"code": error.code, "detail": error.detail}
    else:
        code, facts = paper.exit_code(self_contained=self_contained), paper.facts(self_contained=self_contained)
        lines, said = list(_lines(paper, lang, self_contained=self_contained)), _object(paper)
    conclusion = conclude(facts)
    if as_json:
        verdict = as_object(conclusion, facts.as_of, "paper")
        out.write(orjson.dumps(said | {"exit": code, "verdict": verdict, "verified": code == VERIFIED}).decode() + "\n")
    else:
        verdict_lines = as_lines(conclusion, facts.as_of, "paper", lang)
        title = say(lang, "paper", "title")
        out.write("\n".join([title, *lines, "", *verdict_lines, "", say(lang, "report", f"verdict_{code}")]) + "\n")
    return code


def _object(paper: Paper) -> dict[str, Any]:
    return {
        "code": "",
        "printed_sha256": paper.printed,
        "fields": paper.fields,
        "signers": [asdict(signer) for signer in paper.signers],
        "bound": paper.bound,
        "evidence": len(paper.evidence),
        "failed": dict(sum((Counter(failed_object(outcome)) for outcome in paper.evidence), Counter[str]())),
        "authority": [each for outcome in paper.evidence for each in authority_object(outcome.judged)],
        "public_versions": [
            {"object": each.object, "version": each.version, "open": len(each.open), "withheld": withheld_of(each)}
            for each in paper.versions
        ],
        "not_checked": list(paper.not_checked),
    }


def _lines(paper: Paper, lang: Language, *, self_contained: bool) -> Iterator[str]:
    yield say(lang, "paper", "printed", sha256=paper.printed)
    yield say(lang, "paper", "signatures", count=len(paper.signers), fields=paper.fields)
    for signer in paper.signers:
        yield from _about(signer, lang)
    for outcome in paper.evidence:
        yield say(lang, "paper", "evidence")
        yield from (f"  {line}" for line in as_text(outcome, lang, self_contained=self_contained).splitlines())
    for version in paper.versions:
        yield from told(version, lang)
    yield say(lang, "report", "unchecked")
    yield from (f"  {say(lang, 'paper', name)}" for name in paper.not_checked)


def _about(signer: Signer, lang: Language) -> Iterator[str]:
    yield f"  {say(lang, 'paper', 'signer', name=signer.name, serial=signer.serial, at=signer.at)}"
    status = {True: "chained", False: "unchained", None: "no-root"}[signer.chained]
    detail = f" ({signer.detail})" if signer.detail else ""
    reason = f": {say(lang, 'codes', signer.code)}{detail}" if signer.code else ""
    yield f"    {say(lang, 'paper', status)}{reason}"
    yield f"    {say(lang, 'paper', signer.time, tsa=signer.tsa, at=signer.stamped_at)}"
    for each in signer.standings:
        key = "revocation-unknown" if each.good_at is None else "revocation-good"
        yield f"    {say(lang, 'paper', key, name=each.name, serial=each.serial, at=each.good_at)}"
