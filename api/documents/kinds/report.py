"""The informe: what a periodic report says, computed again from the acts, and only if it is as signed (B5, E7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.documents.frame import framed, parts_of, signatory
from api.documents.model import Facts, Heading, Paragraph, Table, plain
from api.problems import ApiError
from ledger.acts.report import PeriodicReportAuthorized, PeriodicReportPrepared, ReportPresented
from ledger.reporting import sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from api.documents.model import Block, Document, Inline
    from api.documents.reading import Reading
    from ledger.domain.world import Signed

COUNTS = (6, 2)
LISTED = (158, 54, 42, 55, 52, 67, 65)
CENTAVOS = 100


def compose(reading: Reading, key: str) -> Document:
    """Return the report `hcd/follow-up/2026-c1/1`.

    Raises:
        ApiError: "nothing-to-print"; 409 "report-not-computed" where the acts do not give what was signed.
    """
    body, *_ = parts_of(key, 4)
    prepared = reading.one(f"report/{key}", PeriodicReportPrepared)
    act, layout = prepared.act, reading.layout
    if not isinstance(act, PeriodicReportPrepared):
        raise TypeError(type(act).__name__)
    said = reading.report(act)
    if sha256_of(dict(said)) != act.content_sha256:
        raise ApiError(409, "report-not-computed", stream=f"report/{key}")
    span = {name: layout.words.day(said[name.removesuffix("_on")]) for name in ("from_on", "to_on")}
    of = layout.say("report_of", what=layout.name("reports", act.report_kind), **span)
    title = layout.name("report_titles", act.report_kind)
    blocks: list[Block] = list(_signed(reading, prepared, act))
    for each in said["bodies"]:
        blocks += _section(reading, each)
    return framed(
        reading,
        "informe",
        prepared,
        body,
        blocks,
        title=title,
        subtitle=of,
        folio=layout.say("report_number", title=title, number=act.number, period=act.period),
        signatories=tuple(_signatories(reading, key, prepared)),
        json_ld={"@type": "Report", "temporalCoverage": f"{said['from']}/{said['to']}"},
    )


def _signed(reading: Reading, prepared: Signed, act: PeriodicReportPrepared) -> Iterator[Block]:
    """Say over which acts it is computed, who prepared, authorised and presented it."""
    layout = reading.layout
    if "analysis" in prepared.statement.sealed:
        yield Paragraph((f"{layout.say('analysis')}: ", *reading.text(prepared.index, "analysis")))
    rows: list[tuple[str, Inline]] = [
        (layout.say("act"), plain(layout.say("report_as_of", size=act.as_of + 1))),
        (layout.say("report_hash"), plain(act.content_sha256)),
    ]
    for each in reading.acts(prepared.statement.stream):
        if isinstance(each.act, ReportPresented):
            session = reading.session(each.act.session.partition("/")[2])
            rows.append(("", plain(layout.say("report_presented", session=session, item=each.act.item))))
    yield Facts(tuple(rows))


def _signatories(reading: Reading, key: str, prepared: Signed) -> Iterator[Any]:
    for each in reading.acts(f"report/{key}"):
        if not isinstance(each.act, PeriodicReportPrepared | PeriodicReportAuthorized):
            continue
        reading.rests.add(each.index)
        phrase = "report_prepared" if each.index == prepared.index else "report_authorized"
        note = reading.layout.say(phrase, **reading.when(each.statement.signed_at))
        yield signatory(reading, each, note)


def _section(reading: Reading, said: Mapping[str, Any]) -> Iterator[Block]:
    """Tell a body: its counts, and what it decided that is still followed."""
    layout = reading.layout
    yield Heading(reading.body(said["body"]))
    rows = []
    for name, value in said.items():
        if isinstance(value, dict):
            group = "statuses" if name == "resolutions_by_status" else "counts"
            rows += [(f"{layout.name('measures', name)}: {layout.name(group, k)}", str(v)) for k, v in value.items()]
        elif isinstance(value, int):
            rows.append((layout.name("measures", name), _money(value) if name.endswith("_amount") else str(value)))
    columns = (layout.say("report_measure"), layout.say("report_value"))
    yield Table(columns, tuple((plain(name), plain(value)) for name, value in rows), COUNTS)
    listed = said.get("resolutions")
    if listed:
        yield Heading(layout.say("resolutions"), 3)
        heads = tuple(layout.name("columns", each) for each in _COLUMNS)
        yield Table(heads, tuple(_row(reading, each) for each in listed), LISTED)


_COLUMNS = ("identifier", "resolution", "units", "status", "due_on", "authorized", "exercised")


def _row(reading: Reading, said: Mapping[str, Any]) -> tuple[Inline, ...]:
    layout = reading.layout
    late = layout.say("days_overdue", days=said["days_overdue"]) if "days_overdue" in said else ""
    number = said["resolution"].rpartition("/")[2]
    return tuple(
        plain(each)
        for each in (
            said["identifier"],
            layout.words.name("ordinals", number),
            ", ".join(unit.upper() for unit in said["units"]),
            f"{layout.name('statuses', said['status'].replace('-', '_'))}{late}",
            "/".join(reversed(said.get("due_on", "").split("-"))),
            _money(said["authorized_amount"]),
            _money(said["exercised_amount"]),
        )
    )


def _money(centavos: int) -> str:
    """Return an amount in pesos; none where there is none."""
    return f"${centavos // CENTAVOS:,}.{centavos % CENTAVOS:02}" if centavos else ""
