"""The demo year in memory with a press: documents of every kind without a database."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from api.demo.year import script
from api.demo.year.chapters.certificates import issue
from api.documents import Press
from api.documents.evidence import Proved
from api.documents.layout import layout_in
from ledger.acts.report import PeriodicReportPrepared
from ledger.domain.certified import describe, sheets_of
from ledger.log.policy import Policy
from ledger.receipts import make_receipts
from ledger.reporting import content, sha256_of
from tests.kit.log import MemoryLog
from tests.kit.settled import ORIGIN
from tests.kit.year import YearInMemory

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from api.documents.model import Document
    from ledger.crypto.note import Signer

ADDRESS = "https://actas.idss.example"


@cache
def told_year() -> YearInMemory:
    """Return the demo year, told once a process, and nobody adds to it.

    At its end a report on what became of its agreements, and a certificate over a vote, folios and a designation.
    """
    year = YearInMemory()
    script.tell(year.teller)
    last = len(year.store.raws) - 1
    place: dict[str, Any] = {"body": "hcd", "report_kind": "follow-up", "period": "2026-c2", "number": 1}
    digest = sha256_of(content(year.teller.facts, "hcd", "follow-up", "2026-c2", last))
    year.teller.do(PeriodicReportPrepared(**place, as_of=last, content_sha256=digest), "hcd/registrador")
    teller = year.teller
    folios = describe(teller.world, "book/hcd/2026/1", teller.clock, (13, 16))
    others = ("vote/hcd/2026/ord/3/5", "designation/hcd/obrero-2/3")
    objects = (*(describe(teller.world, stream, teller.clock) for stream in others), folios)
    sheets = sum(count or 0 for count in sheets_of(objects, teller.world))
    issue(teller, 12, {"objects": objects, "sheets": sheets}, petitioner="external")
    return year


YEAR: Mapping[str, str] = {
    "acta": "hcd/2026/ord/3",
    "certificacion": "hcd/2026/11",
    "acuerdo": "hcd/2026/19",
    "constancia": "hcd/obrero-2/3",
    "credencial": "hcd/obrero-2/3/1",
    "convocatoria": "hcd/2026/ord/3",
    "guion": "hcd/2026/ord/3",
    "oficio": "hcd/2026/19/dir",
    "version-publica": "",
    "informe": "hcd/follow-up/2026-c2/1",
    "minuta": "gsp/2026/ord/1",
    "certificacion-negativa": "hcd/2026/10",
    "certificacion-votacion-folios": "hcd/2026/12",
}
"""A document of the year for each kind, and certificates of other things; the key of the public version is an index,
which moves with the story."""
WITH_TITLES = (
    "acta",
    "acuerdo",
    "certificacion",
    "certificacion-negativa",
    "convocatoria",
    "guion",
    "oficio",
    "version-publica",
)
"""Those that say titles of matters."""


def kind_of_paper(name: str) -> str:
    """Return the kind of one of the year's documents."""
    return "certificacion" if name.startswith("certificacion") else name


def year_key_of(name: str) -> str:
    """Return the key of one of the year's documents."""
    return YEAR[name] or version_key()


def year_document(name: str, press: Press | None = None) -> Document:
    """Return one of the year's documents."""
    return (press or year_press()).document(kind_of_paper(name), year_key_of(name))


def version_key() -> str:
    """Return the key of the year's one public version: index of the text, number."""
    [stream] = told_year().store.streams_below("version/")
    return str(stream).partition("/")[2]


def computed(act: PeriodicReportPrepared) -> Mapping[str, Any]:
    """Compute what a report says."""
    return content(told_year().teller.facts, act.body, act.report_kind, act.period, act.as_of)


@cache
def year_log() -> MemoryLog:
    """Return the tree over the year's entries."""
    return MemoryLog(told_year().store.raws, ORIGIN)


def year_key() -> Signer:
    """Return the key that signs the year's checkpoints."""
    from ledger.crypto.note import Signer

    return Signer(ORIGIN, b"\3" * 32)


def prove(entries: Mapping[int, bytes], _gated: bool) -> Proved:
    """Prove entries of the year under a checkpoint over just those that are needed."""
    note = year_log().checkpoint(max(entries) + 1, year_key())
    proofs = {each.index: each.format() for each in make_receipts(entries, note, year_log())}
    policy = Policy(((year_key().verifier, ""),))
    return Proved(policy.format().encode(), note, proofs)


def year_press(templates: Path | None = None) -> Press:
    """Return a press for the year."""
    year = told_year()
    return Press(
        year.store,
        year.vault,
        year.ledger.state,
        ORIGIN,
        ADDRESS,
        layout_in(templates),
        fictitious=True,
        prove=prove,
        computed=computed,
    )
