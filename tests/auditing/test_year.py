"""Each sheet over the demo year against a naive recomputation from the entries' JSON."""

from __future__ import annotations

from collections import defaultdict

import pytest

from api.demo.year import script
from ledger.auditing import SHEETS, tell, write
from ledger.auditing.numbers import NUMBERED
from ledger.auditing.texts import column, question, title
from ledger.errors import UntrustedInputError
from ledger.texts import LANGUAGES
from tests.auditing import naive
from tests.auditing.told import head_of, pages_of, rows, told
from tests.kit.year import YearInMemory


@pytest.fixture(scope="module")
def raws() -> list[bytes]:
    """Give the entries of the demo year."""
    year = YearInMemory()
    script.tell(year.teller)
    return year.store.raws


def test_amounts_are_what_assignments_authorise_and_units_report(raws: list[bytes]) -> None:
    """Every resolutivo with money stands there once, with the sums of its acts; what was overspent is said."""
    found = rows(raws, "amounts")
    money = {f"{row['agreement']}/{row['resolution']}": row for row in found}
    wanted = naive.amounts(naive.plain(raws))
    assert {
        path: (int(row["authorized_centavos"]), int(row["exercised_centavos"])) for path, row in money.items()
    } == wanted
    assert len(found) == len(wanted) > 3
    assert {path for path, row in money.items() if row["observation"] == "exceeded"} == {
        path for path, (authorised, exercised) in wanted.items() if exercised > authorised
    }


def test_delays_are_distributions_over_every_act(raws: list[bytes]) -> None:
    """Counts, medians and longest delays of each body and type are those of the entries' own instants."""
    grouped: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows(raws, "delays"):
        grouped[row["body"], row["type"]].append(row)
    wanted = naive.delays(naive.plain(raws))
    assert grouped.keys() == wanted.keys()
    for key, values in wanted.items():
        assert sum(int(row["count"]) for row in grouped[key]) == len(values)
        assert max(int(row["longest_s"]) for row in grouped[key]) == values[-1]
        if len(grouped[key]) == 1:
            assert int(grouped[key][0]["median_s"]) == values[(len(values) - 1) // 2]


def test_series_have_the_numbers_that_their_streams_name(raws: list[bytes]) -> None:
    """All series are listed; present and missing numbers are those of the streams."""
    found = {row["series"]: row for row in rows(raws, "numbers")}
    wanted = naive.series(naive.plain(raws), NUMBERED)
    assert found.keys() == wanted.keys()
    for name, numbers in wanted.items():
        row = found[name]
        assert (int(row["present"]), int(row["last"])) == (len(numbers), max(numbers))
        first = int(row["first"])
        assert int(row["missing_count"]) == max(numbers) - first + 1 - len(numbers)
        assert (row["observation"] == "") == (not row["missing"] and not row["out_of_order"])
    assert {row["observation"] for row in found.values()} == {"", "gap-of-import"}


def test_folios_are_those_that_were_used(raws: list[bytes]) -> None:
    """Every book is listed, each folio used once and none passed over."""
    found = {row["book"]: row for row in rows(raws, "folios")}
    wanted = naive.folios(naive.plain(raws))
    assert found.keys() == wanted.keys()
    for path, used in wanted.items():
        row = found[path]
        assert set(used.values()) <= {1}
        assert (int(row["last_used"]), row["missing"], row["used_twice"]) == (max(used, default=0), "", "")
        assert int(row["assigned"]) + len(row["cancelled"].split()) == len(used)


def test_sectors_count_every_public_vote(raws: list[bytes]) -> None:
    """By vote and sector, the marks of ballots and roll calls; nobody is counted twice and none is missing."""
    wanted = naive.sectors(naive.plain(raws))
    named = {"ballot", "roll-call"}
    found = [row for row in rows(raws, "sectors") if row["method"] in named]
    choices = ("favor", "contra", "abstencion")
    counted = {(row["vote"], row["sector"], choice): int(row[choice]) for row in found for choice in choices}
    assert {key: count for key, count in counted.items() if count} == dict(wanted)
    for row in found:
        senses = sum(int(row[choice]) for choice in (*choices, "candidate", "silent", "secret"))
        assert senses == int(row["eligible"])


def test_nobody_in_the_lawful_year_voted_out_of_term(raws: list[bytes]) -> None:
    """The story refuses whoever is not in office, so the sheet is empty."""
    assert rows(raws, "terms") == []


def test_attendance_is_that_of_the_rolls(raws: list[bytes]) -> None:
    """Each seat's count is in how many opened sessions a roll names it."""
    found = {(row["body"], row["seat"]): row for row in rows(raws, "attendance")}
    wanted = naive.attendance(naive.plain(raws))
    assert {key: int(row["attended"]) for key, row in found.items() if int(row["attended"])} == dict(wanted)
    for row in found.values():
        assert int(row["attended"]) + int(row["absent"]) == int(row["sessions"])


def test_actas_are_timed_from_the_close(raws: list[bytes]) -> None:
    """Days from the close to the seal, from date to date; where none was sealed, days that it is pending."""
    found = {row["session"]: row for row in rows(raws, "actas")}
    wanted = naive.actas(naive.plain(raws))
    assert {path for path, row in found.items() if row["closed_at"]} == wanted.keys()
    for path, days in wanted.items():
        assert found[path]["days_to_seal"] == ("" if days is None else str(days))
        assert (found[path]["days_pending"] == "") == (days is not None)
    assert None in wanted.values()


def test_every_row_names_entries_of_the_tree(raws: list[bytes]) -> None:
    """The last cell of each row of each sheet is a rising list of indexes that exist."""
    for written in write(told(raws)):
        assert written.columns[-1] == "acts"
        for row in written.rows:
            indexes = [int(each) for each in str(row[-1]).split()]
            assert indexes == sorted(set(indexes))
            assert all(0 <= index < len(raws) for index in indexes)


def test_as_of_a_size_only_what_stood_then_is_told(raws: list[bytes]) -> None:
    """The sheets of the first thousand acts are those of a ledger that has no more, and rest on its root."""
    earlier, alone = told(raws, 1000), told(raws[:1000])
    assert earlier.root == alone.root == head_of(raws[:1000]).root
    assert [each.csv for each in write(earlier)] == [each.csv for each in write(alone)]
    assert [each.csv for each in write(earlier)] != [each.csv for each in write(told(raws))]


def test_entries_that_were_not_signed_are_told_to_nobody(raws: list[bytes]) -> None:
    """One octet changed, one entry missing, one more than there are: no sheet, and the reason."""
    changed = [*raws[:700], raws[700].replace(b'"index":700', b'"index":701'), *raws[701:]]
    for wrong, size, code in (
        (changed, 10, "root-differs"),
        (raws[:-1], None, "root-differs"),
        (raws, len(raws) + 1, "size-beyond-tree"),
    ):
        with pytest.raises(UntrustedInputError, match=code):
            tell(pages_of(wrong), head_of(raws), size)


@pytest.mark.parametrize("name", SHEETS)
def test_every_column_is_defined_in_both_languages(name: str) -> None:
    """Title, question and each column of a sheet have their sentences, Spanish and English."""
    for lang in LANGUAGES:
        assert title(name, lang)
        assert "?" in question(name, lang)
        assert all(column(name, each, lang) for each in SHEETS[name]().columns)
