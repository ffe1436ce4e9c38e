"""Identifiers of agreements: 27 real ones round-trip, wrong ones are quarantined (domain.md §4)."""

from __future__ import annotations

import csv
import re
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.acts.body import NumberingRule
from ledger.domain import agreement_ids as ids
from ledger.domain.agreement_ids import (
    Adopted,
    Cumulative,
    Modern,
    Parsed,
    Quarantine,
    Yearly,
    check_adopted,
    check_identifier,
)
from ledger.errors import RuleViolation
from tests.kit.shared import shared

# As published by public bodies (domain.md §4.1), in order of their dates.
REAL = [
    "ACDO.SA2.HCT.010611/155.P.DF",
    "ACDO.SA2.HCT.260912/241.P.DPES",
    "ACDO.SA2.HCT.280813/234.P.DIR",
    "ACDO.SA2.HCT.250913/293.P.DIR",
    "ACDO.SA2.HCT.111213/361.P.DAED",
    "ACDO.SA1.HCT.101214/281.P.DIR",
    "ACDO.AS1.HCT.220715/148.P.DPES",
    "ACDO.AS1.HCT.260815/178.P.DPM",
    "ACDO.SA3.HCT.281015/245.P.DIR",
    "ACDO.SA2.HCT.250117/23.P.DPES",
    "ACDO.SA2.HCT.280617/148.P.DIR",
    "ACDO.SA2.HCT.280617/149.P.DIR",
    "ACDO.AS2.HCT.291117/277.P.DPES",
    "ACDO.AS2.HCT.280218/42.P.DPES",
    "ACDO.AS1.HCT.280218/43.P.DPES",
    "ACDO.AS2.HCT.300119/53.P.DIR",
    "ACDO.AS3.HCT.270219/90.P.DF",
    "ACDO.AS2.HCT.270219/93.P.DIR",
    "ACDO.AS2.HCT.160719/222.P.DPES",
    "ACDO.AS3.HCT.301120/310.P.DF",
    "ACDO.AS2.HCT.280421/99.P.DA",
    "ACDO.AS2.HCT.300322/68.P.DIR",
    "ACDO.AS2.HCT.270422/107.P.DIR",
    "ACDO.SA2.HCT.310822/244.P.DA",
    "ACDO.AS2.HCT.280125/22.P.DIR",
    "ACDO.AS2.HCT.300925/288.P.DIR",
    "ACDO.AS2.HCT.290626/176.P.DIR",
]
ACDO = NumberingRule(scheme="ACDO", body_code="HCD")
YEARLY = NumberingRule(scheme="YEARLY")


def parsed(text: str) -> Parsed:
    """Return the identifier, which must be one."""
    found = ids.parse(text)
    assert isinstance(found, Parsed), found
    return found


@pytest.mark.parametrize("text", REAL)
def test_real_identifiers_round_trip(text: str) -> None:
    """Parsed and written again each of the 27 is the same, byte for byte."""
    found = parsed(text)
    assert found.form == "MODERN"
    assert ids.format(found) == found.canonical == found.as_printed == text


def test_real_numbers_grow_with_the_date_within_a_year() -> None:
    """One yearly series over all levels: what domain.md found on the 27 holds of what we parse."""
    assert len(REAL) == 27
    values = [parsed(text).value for text in REAL]
    for earlier, later in pairwise(values):
        assert isinstance(earlier, Modern)
        assert isinstance(later, Modern)
        if earlier.session_on.year == later.session_on.year:
            assert earlier.session_on <= later.session_on
            assert earlier.number < later.number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("177/2001", Yearly(177, 2001)),
        ("667/2001", Yearly(667, 2001)),
        ("'1/2005", Yearly(1, 2005)),
        ("\u20191/2005", Yearly(1, 2005)),
        ("Acuerdo 224/2004", Yearly(224, 2004)),
        ("Acuerdo número 224 / 2004", Yearly(224, 2004)),
        ("ACUERDO N.º 359/2004", Yearly(359, 2004)),
        ("Acuerdo 167 717", Cumulative(167717)),
        ("167 717", Cumulative(167717)),
        ("167.717", Cumulative(167717)),
        ("167717", Cumulative(167717)),
        ("\uff11\uff17\uff17/\uff12\uff10\uff10\uff11", Yearly(177, 2001)),
    ],
)
def test_older_forms(text: str, value: Yearly | Cumulative) -> None:
    """Number and year, and the count since 1943 with its groups; full-width digits are digits (NFKC)."""
    found = parsed(text)
    assert found.value == value
    assert found.as_printed == text
    assert parsed(found.canonical).value == value
    assert found.form == ("YEARLY" if isinstance(value, Yearly) else "CUMULATIVE")


@pytest.mark.parametrize(
    "text",
    [
        "acdo. as2. hct. 280421/99.P.DA",
        "Acuerdo: ACDO.AS2.HCT.280421/99.P.DA.",
        "ACDO.AS2.HCT.280421/99.P.(DA)",
        "ACUERDO.AS2.HCT.280421/99.P.DA",
        "Acuerdo ACDO.AS2.HCT.28\u00ad0421/99.P.DA",
        "  ACDO.AS2.HCT. 280421 / 99. P. DA . ",
    ],
)
def test_printers_variants_are_one_identifier(text: str) -> None:
    """Case, spaces, a trailing dot, parentheses and soft hyphens do not make another agreement."""
    found = parsed(text)
    assert found.canonical == "ACDO.AS2.HCT.280421/99.P.DA"
    assert found.as_printed == text


@pytest.mark.parametrize(
    ("text", "reason", "candidates"),
    [
        ("ACDO.AS2.HCT.3000419/150.P.DIR", "date-digits", ("ACDO.AS2.HCT.300419/150.P.DIR",)),
        ("ACDO.AS2.HCT.30419/150.P.DIR", "date-digits", ()),
        ("ACDO.SA3.HCT.280124", "missing-number", ()),
        ("ACDO.AS2.HCT.042821/99.P.DA", "impossible-date", ("ACDO.AS2.HCT.280421/99.P.DA",)),
        (
            "ACDO.AS2.HCT.310226/9.P.DF",
            "impossible-date",
            ("ACDO.AS2.HCT.130226/9.P.DF", "ACDO.AS2.HCT.301226/9.P.DF"),
        ),
        ("ACDO.AS2.HCT.280421/099.P.DA", "bad-number", ()),
        ("ACDO.AS2.HCT.280421/12345.P.DA", "bad-number", ()),
        ("ACDO.AS0.HCT.280421/99.P.DA", "unknown-form", ()),
        ("ACDO.AS2.HCT.280421/99.P.(DA", "unknown-form", ()),
        ("ACDO.\u0410S2.HCT.280421/99.P.DA", "foreign-characters", ()),
        ("ACDO.AS2.HCT.280421/99.P.D\u0131R", "foreign-characters", ()),
        ("\u0661\u0667\u0667/2001", "foreign-characters", ()),
        ("ACDO.AS2.HCT.2804\u200b21/99.P.DA", "foreign-characters", ()),
        ("0/2005", "bad-number", ()),
        ("12/1805", "bad-number", ()),
        ("012 345", "unknown-form", ()),
        ("34.1318.2009", "unknown-form", ()),
        ("2064-FFM-199-O", "unknown-form", ()),
        ("S/N", "unknown-form", ()),
        ("", "unknown-form", ()),
        ("9" * 201, "too-long", ()),
    ],
)
def test_wrong_identifiers_are_quarantined(text: str, reason: str, candidates: tuple[str, ...]) -> None:
    """Nothing is guessed: the reason, what one slip of the hand would explain, and the text as printed."""
    assert ids.parse(text) == Quarantine(text, reason, candidates)  # type: ignore[arg-type]


@given(st.text(max_size=220))
def test_any_text_is_an_answer_and_a_round_trip(text: str) -> None:
    """No text raises, and whatever is accepted has a canonical form that is accepted as itself."""
    found = ids.parse(text)
    if isinstance(found, Parsed):
        assert parsed(found.canonical) == Parsed(found.canonical, found.value)


@given(
    st.builds(
        Modern,
        series=st.from_regex(r"[A-Z]{2}", fullmatch=True),
        level=st.integers(1, 9),
        body=st.from_regex(r"[A-Z]{2,6}", fullmatch=True),
        session_on=st.dates(date(1950, 1, 1), date(2049, 12, 31)),
        number=st.integers(1, 9999),
        kind=st.from_regex(r"[A-Z]", fullmatch=True),
        unit=st.from_regex(r"[A-Z]{2,8}", fullmatch=True),
    )
)
def test_every_modern_identifier_is_read_as_written(value: Modern) -> None:
    """Whatever values the form has, they come back, the century too."""
    assert parsed(str(value)).value == value


@pytest.mark.parametrize(
    ("rule", "identifier"),
    [(ACDO, "ACDO.AS2.HCD.280126/12.P.DIR"), (ACDO, "ACDO.SA1.HCD.280126/12.P.DF"), (YEARLY, "12/2026")],
)
def test_an_identifier_that_says_what_the_act_says(rule: NumberingRule, identifier: str) -> None:
    """Body, date of session and number agree; the opaque parts are free."""
    assert str(check_identifier(rule, rule.body_code, date(2026, 1, 28), 12, identifier)) == identifier


@pytest.mark.parametrize(
    ("template", "identifier"),
    [
        ("{item}.{session}.{year}", "4.3.2026"),
        ("ODG/{code}-{number}/{dd}/{mm}/{yyyy}", "ODG/HCD-12/28/01/2026"),
        ("{code}.{series}.{session}/{mm}{yy}.{number}", "HCD.ORD.3/0126.12"),
    ],
)
def test_a_numbering_scheme_is_data(template: str, identifier: str) -> None:
    """Schemes seen elsewhere (ISSSTE, IVAI, CNPSS) are templates; another identifier than theirs is refused."""
    rule = NumberingRule(scheme="TEMPLATE", body_code="HCD", template=template)
    place = Adopted(date(2026, 1, 28), "ord", session=3, item=4, number=12)
    check_adopted(rule, place, identifier)
    with pytest.raises(RuleViolation, match="identifier-mismatch") as refusal:
        check_adopted(rule, place, "12/2026")
    assert refusal.value.params["expected"] == identifier
    check_adopted(YEARLY, place, "12/2026")


@pytest.mark.parametrize(
    ("rule", "identifier", "what"),
    [
        (ACDO, "ACDO.AS2.HCT.280126/12.P.DIR", "body"),
        (ACDO, "ACDO.AS2.HCD.290126/12.P.DIR", "date"),
        (ACDO, "ACDO.AS2.HCD.280126/13.P.DIR", "number"),
        (ACDO, "12/2026", "form"),
        (ACDO, "ACDO.AS2.HCD.2800126/12.P.DIR", "date-digits"),
        (ACDO, "ACDO.AS2.HCD.280126/12.P.DIR.", "canonical"),
        (YEARLY, "ACDO.AS2.HCD.280126/12.P.DIR", "form"),
        (YEARLY, "12/2025", "year"),
        (YEARLY, "11/2026", "number"),
        (YEARLY, "167717", "form"),
    ],
)
def test_an_identifier_that_contradicts_the_act(rule: NumberingRule, identifier: str, what: str) -> None:
    """The first thing that differs is named."""
    with pytest.raises(RuleViolation, match="identifier-mismatch") as refusal:
        check_identifier(rule, rule.body_code, date(2026, 1, 28), 12, identifier)
    assert refusal.value.params["what"] == what


@pytest.mark.realdata
def test_the_published_list_is_read_as_its_collector_read_it() -> None:
    """Each of the sixteen collected identifiers gives the number and unit noted beside it, or is quarantined."""
    path = shared("data/mx-acuerdos-fixtures/identificadores.csv")
    seen = {"MODERN": 0, "YEARLY": 0, "CUMULATIVE": 0, "QUARANTINE": 0}
    for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        found = ids.parse(row["identificador"])
        if isinstance(found, Quarantine):
            seen["QUARANTINE"] += 1
            continue
        seen[found.form] += 1
        assert str(found.value.number) == row["numero"]
        if isinstance(found.value, Modern):
            assert found.value.unit == row["unidad"]
            assert found.value.session_on.isoformat() == row["fecha_en_identificador"]
    assert seen == {"MODERN": 11, "YEARLY": 2, "CUMULATIVE": 1, "QUARANTINE": 2}


def test_no_identifier_contains_what_the_act_schema_refuses() -> None:
    """Canonical forms fit the schema of `AgreementAdopted/1`."""
    for text in [*REAL, "177/2001", "167717"]:
        assert re.fullmatch(r"[A-Z0-9][A-Z0-9./]{0,63}", parsed(text).canonical)
