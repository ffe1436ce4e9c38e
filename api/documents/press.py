"""The press: from a kind and a key to bytes (docs/documents.md)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from api.documents import akn, html, pdf
from api.documents.evidence import evidence
from api.documents.kinds import acta, agreement, certification, communication, convocation, designation, report, version
from api.documents.layout import layout_in
from api.documents.proving import proved_under
from api.documents.reading import Reading
from api.problems import ApiError
from api.witnesses import anchor
from ledger.loader import Loader, States
from projections.queries import reports
from projections.queries.base import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from api.actas import Texts
    from api.documents.evidence import Proved, Prover
    from api.documents.layout import Layout
    from api.documents.model import Document
    from api.documents.reading import Computed, Store
    from api.system import System
    from ledger.acts.report import PeriodicReportPrepared
    from ledger.domain.world import State
    from ledger.pdf.signing import Box

Format: TypeAlias = Literal["pdf", "html", "xml"]
FORMATS: tuple[Format, ...] = get_args(Format)
MEDIA_TYPES: Mapping[Format, str] = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "xml": "application/akn+xml; charset=utf-8",
}
KINDS: Mapping[str, Callable[[Reading, str], Document]] = {
    "acta": acta.compose,
    "minuta": acta.compose,
    "certificacion": certification.compose,
    "acuerdo": agreement.compose,
    "convocatoria": convocation.compose,
    "guion": convocation.guion,
    "oficio": communication.compose,
    "constancia": designation.compose,
    "credencial": designation.card,
    "version-publica": version.compose,
    "informe": report.compose,
}
"""What is printed; docs/documents.md says what the key of each names."""
GATED = frozenset({"certificacion"})
"""What waits for the witnesses' quorum where the policy asks for one (format.md §7)."""


@dataclass(frozen=True, slots=True)
class Press:
    """Prints the documents of one ledger.

    store, texts, state: the ledger. texts: the vault.
    origin, address: the ledger's name, and the address below which short codes are looked up.
    prove: proves that entries are in the log; None: nothing is attached.
    computed: computes periodic reports.
    """

    store: Store
    texts: Texts
    state: Callable[[str], State | None]
    origin: str
    address: str
    layout: Layout
    fictitious: bool = False
    prove: Prover | None = None
    computed: Computed | None = None

    def document(self, kind: str, key: str, *, public: bool = False) -> Document:
        """Return the document of a kind that a key names, its evidence with it.

        Args:
            kind: One of `KINDS`.
            key: What it is of: a stream without its kind, `hcd/2026/7`.
            public: Show what is open to everybody, and marks in the place of the rest.

        Raises:
            ApiError: "document-kind", "nothing-to-print", "document-not-public".
            NotSealedError: no checkpoint covers its acts yet; PendingWitnessError: none that the quorum has cosigned.
        """
        compose = KINDS.get(kind)
        if compose is None:
            raise ApiError(404, "document-kind", kind=kind, kinds=", ".join(KINDS))
        reading = Reading(
            self.store,
            self.texts,
            self.state,
            self.layout,
            self.origin,
            self.address,
            fictitious=self.fictitious,
            public=public,
            computed=self.computed,
        )
        document = compose(reading, key)
        if self.prove is None or document.evidence:
            return document
        proved = evidence(reading, document.name, self.prove, gated=kind in GATED)
        return replace(document, evidence=(proved,))

    def render(self, kind: str, key: str, form: Format = "pdf", *, public: bool = False) -> bytes:
        """Return a document as bytes: the same acts, the same bytes. Raises as `document`, and LayoutError."""
        return self.print(self.document(kind, key, public=public), form)

    def print(self, document: Document, form: Format = "pdf") -> bytes:
        """Return a document as bytes.

        Raises:
            LayoutError: "layout-unreadable".
        """
        match form:
            case "pdf":
                return pdf.to_pdf(document, self.layout)
            case "html":
                return html.to_html(document, self.layout)
            case "xml":
                return akn.to_akn(document, self.layout)

    def boxes(self, document: Document) -> list[Box]:
        """Return the empty boxes of the document's PDF where signatures belong."""
        return pdf.signature_boxes(document, self.layout)


def press_of(system: System) -> Press:
    """Return the press of a running system, with the layout that ACERVO_TEMPLATES names."""
    return Press(
        system.store,
        system.vault,
        Loader(States(system.store), system.ledger.origin).state,  # as stored now, whoever wrote it
        system.ledger.origin,
        system.settings.public_url or f"https://{system.ledger.origin}",
        layout_in(system.settings.templates),
        fictitious=system.fictitious,
        prove=lambda entries, gated: _prove(system, entries, gated=gated),
        computed=lambda act: _computed(system, act),
    )


def _computed(system: System, act: PeriodicReportPrepared) -> Mapping[str, Any]:
    """Compute what a report says out of the facts that the registries keep."""
    with reading(system.store.pool) as cursor:
        found = reports.computed(cursor, act.body, act.report_kind, act.period, act.as_of)
    said: Mapping[str, Any] = found["content"]
    return said


def _prove(system: System, entries: Mapping[int, bytes], *, gated: bool) -> Proved:
    """Prove entries under the first checkpoint that covers them, asking for one where there is none."""
    policy, note = anchor(system, max(entries) + 1, gated=gated)
    return proved_under(system, entries, policy, note)
