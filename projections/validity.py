"""What acts after adoption do to the rows of agreements, and how agreements relate to one another."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.acts.validity import (
    AgreementAnnulled,
    AgreementErrataIssued,
    AgreementModified,
    AgreementReinstated,
    AgreementRevoked,
    AgreementSuspended,
)
from ledger.ids import legal_day
from projections.base import Table, recorded_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.acts.followup import AgreementCited
    from ledger.acts.veto import VetoExercised
    from ledger.domain.validity import ValidityAct
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

RELATIONS = Table(
    "agreement_relations",
    ("entry_index", "relation", "source", "target", "detail", "resolutions", "effective_on", "recorded"),
    ("entry_index",),
    json=frozenset({"resolutions"}),
    fixed=frozenset({"source", "target"}),
    born="entry_index",
    by_effect=True,
    since="effective_on",
)


def applied(page: Page, row: Row, signed: Signed, act: ValidityAct) -> None:
    """Change an agreement's row as an act on its validity does, and note the relation."""
    own, today = act.stream(), legal_day(signed.statement.occurred_at)
    match act:
        case AgreementModified():
            detail, on = f"{act.by}#{act.by_resolution}", date.fromisoformat(act.effective_on)
            _relate(page, signed, ("modifies", act.by, own, detail), on, act.resolutions)
        case AgreementRevoked():
            on = date.fromisoformat(act.effective_on)
            row.update(validity=act.effect, ended_on=on)
            relation = "revokes" if act.effect == "revoked" else "supersedes"
            _relate(page, signed, (relation, act.by, own, f"{act.by}#{act.by_resolution}"), on)
        case AgreementErrataIssued():
            named = () if act.resolution is None else (act.resolution,)
            _relate(page, signed, ("corrects", act.vote, own, act.corrects), today, named)
        case AgreementSuspended():
            _suspend(row, act.case, act.cause, today)
            _relate(page, signed, ("suspends", act.case, own, act.cause), today)
        case AgreementReinstated():
            row["cases"] = [case for case in row["cases"] if case != act.case]
            if not row["cases"]:
                last = {**row["suspensions"][-1], "to": today.isoformat()}
                row.update(validity="in-force", suspensions=[*row["suspensions"][:-1], last])
            _relate(page, signed, ("reinstates", act.case, own, "decided"), today)
        case AgreementAnnulled():
            row.update(validity="annulled", ended_on=today)
            _relate(page, signed, ("annuls", act.case, own, "decided"), today)


def vetoed(row: Row, signed: Signed, act: VetoExercised) -> None:
    """Suspend an agreement from the exercise of the veto on; its own stream registers it afterwards (Y2)."""
    _suspend(row, act.stream(), "veto", legal_day(signed.statement.occurred_at))


def _suspend(row: Row, case: str, cause: str, today: date) -> None:
    if case in row["cases"]:
        return
    if not row["cases"]:
        row["suspensions"] = [*row["suspensions"], {"from": today.isoformat(), "cause": cause}]
    row.update(validity="suspended", cases=[*row["cases"], case])


def cited(page: Page, signed: Signed, act: AgreementCited) -> None:
    """Note a citation; a target that the ledger does not have stays empty."""
    source = f"agreement/{act.body}/{act.year}/{act.number}"
    today = legal_day(signed.statement.occurred_at)
    _relate(page, signed, ("cites", source, act.target, act.identifier), today)


def _relate(
    page: Page, signed: Signed, what: tuple[str, str, str | None, str], on: date, resolutions: Iterable[int] = ()
) -> None:
    relation, source, target, detail = what
    page.put(
        RELATIONS,
        {
            "entry_index": signed.index,
            "relation": relation,
            "source": source,
            "target": target,
            "detail": detail,
            "resolutions": list(resolutions),
            "effective_on": on,
            "recorded": recorded_text(signed.recorded_at),
        },
    )
