"""What awaits an officer's signature: actas that are drafted, and papers in which he has a place and has not signed.

A paper has a place for whoever signed the act that it tells, so papers are found by their acts and by nothing else.
Where several acts could be it (a convocation that was put right, an oficio that was sent again), it is of the last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, LiteralString

from psycopg import sql

from ledger.acts.acta import ActaSigned
from ledger.acts.agreement import AgreementAdopted, AgreementImported
from ledger.acts.certification import CertificationIssued
from ledger.acts.convocation import ConvocationRectified
from ledger.acts.designation import (
    DesignationAppointed,
    DesignationApproved,
    DesignationImported,
    DesignationRegistered,
)
from ledger.acts.disclosure import PublicVersionApproved
from ledger.acts.followup import AgreementCommunicated
from ledger.acts.report import PeriodicReportAuthorized, PeriodicReportPrepared
from ledger.acts.session import SessionConvened
from projections.actas import ACTAS
from projections.queries.base import Listing, rows_where
from projections.queries.facets import MAX_COUNTED, counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.acts.base import Act
    from projections.queries.base import Object, Reader, Window

MAX_INDEX = 2**63 - 1
DRAFT = "draft"
"""The kind of what is signed by an act, not on paper: an acta as it is drafted."""
SIGNED_IN: Mapping[str, tuple[type[Act], ...]] = {
    "acta": (ActaSigned,),
    "acuerdo": (AgreementAdopted, AgreementImported),
    "certificacion": (CertificationIssued,),
    "constancia": (DesignationRegistered, DesignationImported, DesignationApproved, DesignationAppointed),
    "convocatoria": (SessionConvened, ConvocationRectified),
    "informe": (PeriodicReportPrepared, PeriodicReportAuthorized),
    "oficio": (AgreementCommunicated,),
    "version-publica": (PublicVersionApproved,),
}
"""Kind of paper → the acts whose signer has a place in it; `acta` is a minuta too, as it was drafted."""

# said      the officer's acts of those types, in all his designations to the seat, each with the path of its stream
# papers    the papers that these are, one row for each act; a certificate that holds no more awaits nobody
# drafts    actas as they stand, of sessions where his seat was present (of imported ones nobody knows: any seat), or of
#           the secretary's, that it has not signed as they stand (ledger.domain.acta.is_signatory)
_AWAITING: LiteralString = """
WITH said AS (
  SELECT told.entry_index, told.occurred_at, signed.kind, split_part(told.stream, '/', 1) AS of,
    substr(told.stream, strpos(told.stream, '/') + 1) AS path
  FROM registry.designations AS held
  JOIN registry.told_acts AS told ON told.office = 'designation/' || held.id
  JOIN unnest(%(types)s::text[], %(kinds)s::text[]) AS signed (type, kind) ON signed.type = told.type
  WHERE held.body = %(body)s AND held.seat = %(seat)s AND held.person = %(person)s
), papers AS (
  SELECT said.entry_index, said.occurred_at, said.kind, said.path AS key FROM said
  WHERE said.kind IN ('acuerdo', 'constancia', 'informe', 'version-publica')
  UNION ALL
  SELECT said.entry_index, said.occurred_at, said.kind, issued.id FROM said
  JOIN registry.certifications AS issued ON issued.id = said.path AND issued.phase = 'issued'
  WHERE said.kind = 'certificacion'
  UNION ALL
  SELECT said.entry_index, said.occurred_at, said.kind, convened.session FROM said
  JOIN registry.convocations AS convened
    ON convened.session = said.path AND convened.created_index = said.entry_index AND convened.superseded_by IS NULL
  WHERE said.kind = 'convocatoria'
  UNION ALL
  SELECT said.entry_index, said.occurred_at, said.kind, sent.id || '/' || (letter ->> 'unit') FROM said
  JOIN registry.communications AS sent ON sent.id = said.path
  CROSS JOIN jsonb_array_elements(sent.letters) AS letter
  WHERE said.kind = 'oficio' AND (letter ->> 'index')::bigint = said.entry_index AND NOT EXISTS (
    SELECT FROM jsonb_array_elements(sent.letters) AS later
    WHERE later ->> 'unit' = letter ->> 'unit' AND (later ->> 'index')::bigint > said.entry_index)
  UNION ALL
  SELECT said.entry_index, said.occurred_at, acta.instrument, acta.id FROM said
  JOIN registry.acta_signatures AS word ON word.id = said.path AND word.outcome = 'signed'
  JOIN registry.actas AS acta ON acta.id = word.acta AND acta.phase = 'sealed' AND acta.root = word.root
  WHERE said.kind = 'acta' AND word.seat = %(seat)s
), drafts AS (
  SELECT acta.draft_index, drafted.occurred_at, acta.id, coalesce(word.outcome = 'refused', false) AS refused
  FROM registry.actas AS acta
  JOIN registry.told_acts AS drafted ON drafted.entry_index = acta.draft_index
  LEFT JOIN registry.acta_signatures AS word
    ON word.id = acta.id || '/' || %(seat)s AND word.acta_statement = acta.draft_statement
  WHERE acta.body = %(body)s AND acta.phase = 'drafted' AND word.outcome IS DISTINCT FROM 'signed' AND (
    %(secretary)s OR acta.provenance = 'imported' OR EXISTS (
      SELECT FROM registry.sessions AS held
      JOIN registry.attendance AS came ON came.session = held.id AND came.call = held.call
      WHERE held.id = acta.id AND came.seat = %(seat)s))
), awaiting AS (
  SELECT max(entry_index) AS entry_index, max(occurred_at) AS occurred_at, kind, key, false AS refused FROM papers
  WHERE NOT EXISTS (
    SELECT FROM desk.papers AS kept
    WHERE kept.kind = papers.kind AND kept.key = papers.key AND %(field)s = ANY (kept.fields))
  GROUP BY kind, key
  UNION ALL
  SELECT draft_index, occurred_at, %(draft)s, id, refused FROM drafts
)
"""
_KINDS = sql.SQL("{} SELECT kind FROM awaiting LIMIT {}").format(sql.SQL(_AWAITING), MAX_COUNTED + 1)
_PART = sql.SQL("""{} SELECT entry_index, occurred_at, kind, key, refused FROM awaiting
WHERE entry_index < %(before)s AND (%(kind)s::text IS NULL OR kind = %(kind)s)
ORDER BY entry_index DESC LIMIT %(limit)s""").format(sql.SQL(_AWAITING))


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who is to sign.

    Attributes:
        body, seat: Of his office.
        person: Who holds it; what an earlier holder has to sign is not his.
        field: The place in papers of that seat.
        secretary: Whether the seat is the secretary's, who signs every acta.
    """

    body: str
    seat: str
    person: str
    field: str
    secretary: bool


def awaiting(cursor: Reader, who: Signatory, window: Window, kind: str | None = None) -> Listing:
    """Return a part of what awaits a signature, the newest first; with the first one how much there is of each kind.

    Args:
        cursor: On the present.
        who: Is to sign.
        window: Which part; its place is the index of the act that the last one shown tells.
        kind: Of document, or `DRAFT`; all where it is None.
    """
    signed = [(act.type_name, kind) for kind, acts in SIGNED_IN.items() for act in acts]
    asked: dict[str, Any] = {
        "types": [each for each, _ in signed],
        "kinds": [each for _, each in signed],
        "body": who.body,
        "seat": who.seat,
        "person": who.person,
        "field": who.field,
        "secretary": who.secretary,
        "draft": DRAFT,
    }
    about = counted(cursor, ("kind",), _KINDS, asked) if window.after is None else {}
    before = MAX_INDEX if window.after is None else window.after[0]
    rows = cursor.execute(_PART, asked | {"before": before, "kind": kind, "limit": window.limit + 1}).fetchall()
    shown = rows[: window.limit]
    drafted = [key for _, _, of, key, _ in shown if of == DRAFT]
    actas = {acta["id"]: acta for acta in rows_where(cursor, ACTAS, "id", drafted)} if drafted else {}
    found: list[Object] = []
    for index, at, of, key, refused in shown:
        one: Object = {"type": "paper", "kind": of, "key": key, "index": index, "occurred_at": at}
        found.append(one if of != DRAFT else one | {"type": DRAFT, "refused": refused, **_draft(actas[key])})
    return Listing(found, (shown[-1][0], "") if len(rows) > window.limit else None, about=about)


def _draft(acta: Mapping[str, Any]) -> Object:
    """Return what is said of an acta to whoever is to sign it."""
    said = {name: acta[name] for name in ("instrument", "draft", "blocks", "root")}
    place = {name: acta[name] for name in ("body", "year", "series", "session")}
    return said | {"statement": acta["draft_statement"], "place": place}
