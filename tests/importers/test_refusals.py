"""Exactly what contradicts a rule, or cannot be read, is refused, by file, line and rule; nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from api.importers.plain import MAX_LINE_CHARS
from tests.importers.kit import BODY, REAL_MISPRINT, Folder, council, refused, taken_by

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.kit.settled import Settled


def test_one_mark_flipped(settled: Settled, tmp_path: Path) -> None:
    """A mark that contradicts the published figures takes its vote down, and the agreement that rests on it."""
    folder = council()
    folder.change("marks", 4, mark="favor")
    report = taken_by(settled, folder.write(tmp_path / "f"))
    assert refused(report) == [
        ("agreements.csv", 2, "vote-unknown"),
        ("votes.csv", 2, "published-tally-differs"),
    ]
    assert report.refusals[1].detail == "favor: 4 published, 5 marks"
    assert report.remarks == {"number-gap": 2}  # of the vote and of the agreement after it
    assert (report.taken["votes"], report.taken["marks"], report.taken["agreements"]) == (3, 15, 2)


def test_one_mandate_shortened(settled: Settled, tmp_path: Path) -> None:
    """Every vote in which somebody is marked after his mandate is refused, naming the seat and the mark's line."""
    folder = council()
    line = folder.find("designations", seat="regiduria-2")
    folder.change("designations", line, ends_on="2016-02-01")
    del folder.rows["agreements"], folder.rows["attendance"]
    report = taken_by(settled, folder.write(tmp_path / "f"))
    assert refused(report) == [("votes.csv", 4, "no-mandate"), ("votes.csv", 5, "no-mandate")]
    marks = [folder.find("marks", session=session, seat="regiduria-2") + 2 for session in (2, 3)]
    for refusal, mark, day in zip(report.refusals, marks, ("2016-02-12", "2016-03-11"), strict=True):
        assert refusal.detail == f"day={day}, designation=1, seat=regiduria-2, marks.csv:{mark}"
    assert report.taken["votes"] == 2


def test_one_published_tally_raised(settled: Settled, tmp_path: Path) -> None:
    """A published figure that the marks do not give refuses its vote and no other."""
    folder = council()
    folder.change("votes", 1, contra=4)
    report = taken_by(settled, folder.write(tmp_path / "f"))
    assert refused(report) == [("votes.csv", 3, "published-tally-differs")]
    assert report.taken["votes"] == 3


def _twice(folder: Folder) -> None:
    folder.rows["marks"].insert(1, dict(folder.rows["marks"][0]))
    folder.change("votes", 0, favor=5)
    del folder.rows["agreements"]


def _on_leave(folder: Folder) -> None:
    folder.change("marks", folder.find("marks", session=3, seat="regiduria-1"), designation=1)
    del folder.rows["agreements"]


def _stranger(folder: Folder) -> None:
    folder.change("marks", 2, designation=9)
    del folder.rows["agreements"]


def _voteless(folder: Folder) -> None:
    folder.rows["seats"][4] |= {"voting": "no"}
    for name in ("votes", "marks"):
        folder.rows[name] = [row for row in folder.rows[name] if row["session"] == 2]
    del folder.rows["agreements"]


def _absent(folder: Folder) -> None:
    folder.change("attendance", 7, designation=1)
    for name in ("votes", "marks"):
        folder.rows[name] = [row for row in folder.rows[name] if row["session"] != 3]
    del folder.rows["agreements"]


def at(name: str, line: int, code: str) -> list[tuple[str, int, str]]:
    """Return one refusal."""
    return [(f"{name}.csv", line, code)]


def _majority(folder: Folder) -> None:
    for row in folder.rows["votes"]:
        row["majority"] = ""
    folder.change("votes", 1, majority="dos-tercios")


def _two_at_once(folder: Folder) -> None:
    folder.rows["designations"].append(folder.rows["designations"][0] | {"number": 2, "person": "p-suplencia"})


def _again(name: str, place: int, row: int = 0) -> Callable[[Folder], None]:
    return lambda folder: folder.rows[name].insert(place, folder.rows[name][row])


def _changed(name: str, row: int, **cells: Any) -> Callable[[Folder], object]:
    return lambda folder: folder.change(name, row, **cells)


ALTERED: list[tuple[str, Callable[[Folder], object], list[tuple[str, int, str]]]] = [
    ("a holder marked twice", _twice, at("votes", 2, "seat-twice")),
    ("a holder on leave", _on_leave, at("votes", 5, "no-mandate")),
    ("a mandate that nobody has", _stranger, at("votes", 2, "designation-unknown")),
    ("a seat without a vote", _voteless, at("votes", 2, "no-vote")),
    ("present without a mandate", _absent, at("sessions", 4, "no-mandate")),
    ("an unknown majority", _majority, at("votes", 3, "majority-unknown")),
    ("an item not on the agenda", _changed("votes", 1, item=7), at("votes", 3, "item-unknown")),
    ("an unknown person", lambda f: f.rows["persons"].pop(2), at("designations", 4, "person-unknown")),
    ("a person twice", _again("persons", 6), at("persons", 8, "person-already-registered")),
    ("a seat twice", _again("seats", 2), at("seats", 4, "seat-used")),
    ("a vote twice", _again("votes", 1), at("votes", 3, "no-marks")),
    ("a day to come", _changed("sessions", 1, held_on="2999-01-01"), at("sessions", 3, "held-in-future")),
    ("an unknown profile", _changed("bodies", 0, profile="NINGUNO"), at("bodies", 2, "profile-unknown")),
    ("another number", _changed("agreements", 1, identifier="9/2016"), at("agreements", 3, "identifier-mismatch")),
    ("a lost vote", _changed("agreements", 0, vote=2), at("agreements", 2, "vote-not-approved")),
    ("another year", _changed("agreements", 1, adopted_on="2017-02-12"), at("agreements", 3, "agreement-year")),
    ("a leave too long", _changed("leaves", 0, ends_on="2019-01-01"), at("leaves", 2, "outside-term")),
    ("two propietarios at once", _two_at_once, at("designations", 8, "seat-occupied")),
]
DEPENDING = {"an unknown profile", "an unknown person", "a day to come", "a leave too long"}


@pytest.mark.parametrize(("what", "alter", "expected"), ALTERED, ids=[what for what, _, _ in ALTERED])
def test_a_rule_names_its_row(
    settled: Settled, tmp_path: Path, what: str, alter: Callable[[Folder], object], expected: list[tuple[str, int, str]]
) -> None:
    """Each contradiction is refused by its rule at its row; where nothing rests on the row, nothing else is."""
    folder = council()
    alter(folder)
    report = taken_by(settled, folder.write(tmp_path / "f"), dry_run=True)
    found = refused(report)
    if what in DEPENDING:
        assert set(expected) <= set(found)
    else:
        assert found == expected


def test_a_tie_is_what_the_body_says_of_ties(settled: Settled, tmp_path: Path) -> None:
    """A tie is rejected where the rules say REJECT; where a chair may break it, no mark says how he did."""
    folder = council()
    for mark, choice in enumerate(("favor", "contra", "favor", "contra", "ausente")):
        folder.change("marks", 10 + mark, mark=choice)
    folder.change("votes", 2, favor=2, contra=2, abstencion="", presente="", ausente="")
    assert refused(taken_by(settled, folder.write(tmp_path / "f"))) == []
    state = settled.ledger.state(f"vote/{BODY}/2016/ord/2/1")
    assert getattr(state, "result", None) == "rejected"
    folder.change("bodies", 0, body="junta", profile="LFEP_BOARD")
    for name in ("seats", "designations", "leaves", "sessions", "items", "votes", "marks"):
        for row in folder.rows[name]:
            row["body"] = "junta"
    del folder.rows["attendance"], folder.rows["agreements"]
    assert refused(taken_by(settled, folder.write(tmp_path / "g"))) == []
    state = settled.ledger.state("vote/junta/2016/ord/2/1")
    assert getattr(state, "result", None) == "tied"


# -- what cannot be read ---------------------------------------------------------------------------------------


def broken(folder: Folder, tmp_path: Path, name: str, change: Callable[[list[str]], None]) -> Path:
    """Write a folder and change the lines of one of its files."""
    path = folder.write(tmp_path / "f")
    file = path / f"{name}.csv"
    lines = file.read_text().split("\n")
    change(lines)
    file.write_text("\n".join(lines), newline="")
    return path


class Unreadable(NamedTuple):
    """A row made unreadable: what, in which file and line, what is replaced by what, and the code of the refusal."""

    what: str
    name: str
    line: int
    old: str
    new: str
    code: str = "plain-bad-row"


UNREADABLE = [
    Unreadable("a cell too few", "persons", 3, "p-sindicatura,Persona 2", "p-sindicatura"),
    Unreadable("an impossible day", "sessions", 3, "2016-02-12", "2016-02-31"),
    Unreadable("a day in words", "sessions", 3, "2016-02-12", "12/02/2016"),
    Unreadable("a cell too many", "agreements", 3, "2/2016", "2/2016,"),
    Unreadable("a number in words", "agreements", 3, ",2,2/2016", ",dos,2/2016"),
    Unreadable("half a vote", "agreements", 3, ",,,", ",ord,,"),
    Unreadable("a stray quote", "agreements", 3, "2/2016", '"2"/2016'),
    Unreadable("a control character", "persons", 3, "Persona 2", "Persona\x012", "forbidden-character"),
    Unreadable("a row of a megabyte", "persons", 3, "Persona 2", "x" * 1_000_000, "plain-row-too-long"),
    Unreadable("a name that is too long", "persons", 3, "Persona 2", "x" * 301),
    Unreadable("an empty name", "persons", 3, "Persona 2", ""),
]


@pytest.mark.parametrize("row", UNREADABLE, ids=lambda row: row.what)
def test_a_row_that_cannot_be_read(settled: Settled, tmp_path: Path, row: Unreadable) -> None:
    """One bad row is refused at its line; all rows that do not rest on it are taken."""
    folder = council()
    if row.name == "persons":
        del folder.rows["agreements"], folder.rows["votes"], folder.rows["marks"], folder.rows["attendance"]

    def change(lines: list[str]) -> None:
        assert row.old in lines[row.line - 1]
        lines[row.line - 1] = lines[row.line - 1].replace(row.old, row.new)

    report = taken_by(settled, broken(folder, tmp_path, row.name, change), dry_run=True)
    file = f"{row.name}.csv"
    assert [each for each in refused(report) if each[0] == file] == [(file, row.line, row.code)]
    resting = {"persons": {"designations.csv"}, "sessions": {"votes.csv", "agreements.csv"}}
    assert {each.file for each in report.refusals} <= {file} | resting.get(row.name, set())


class Part(NamedTuple):
    """A row that is a part of another: its file and line, a cell of it, and the file and line of the whole."""

    name: str
    line: int
    cell: str
    whole: tuple[str, int]


PARTS = [
    Part("marks", 8, "contra", ("votes.csv", 3)),
    Part("attendance", 4, "1", ("sessions.csv", 2)),
    Part("items", 3, "decision", ("sessions.csv", 3)),
]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_what_would_be_incomplete_is_not_recorded(settled: Settled, tmp_path: Path, part: Part) -> None:
    """A vote with an unreadable mark, a session with an unreadable presence or item: refused with it, both named."""
    folder = council()
    for vote in folder.rows["votes"]:
        vote |= {"favor": "", "contra": "", "abstencion": "", "presente": "", "ausente": ""}
    del folder.rows["agreements"]

    def change(lines: list[str]) -> None:
        assert part.cell in lines[part.line - 1]
        lines[part.line - 1] = "?".join(lines[part.line - 1].rsplit(part.cell, 1))

    report = taken_by(settled, broken(folder, tmp_path, part.name, change))
    assert (f"{part.name}.csv", part.line, "plain-bad-row") in refused(report)
    refusal = next(each for each in report.refusals if each.code == "plain-part-unreadable")
    assert (refusal.file, refusal.line, refusal.detail) == (*part.whole, f"{part.name}.csv:{part.line}")
    others = {each.code for each in report.refusals} - {"plain-bad-row", "plain-part-unreadable"}
    assert others <= {"session-unknown"}  # the votes of a session that was refused


def test_what_is_too_much_for_one_act_is_refused(settled: Settled, tmp_path: Path) -> None:
    """A session with more presences than an act may hold is refused at its row, by the act's own schema."""
    folder = council()
    del folder.rows["votes"], folder.rows["marks"], folder.rows["agreements"]
    folder.rows["attendance"] += [folder.rows["attendance"][0] | {"seat": f"a-{n}"} for n in range(600)]
    report = taken_by(settled, folder.write(tmp_path / "f"), dry_run=True)
    assert refused(report) == [("sessions.csv", 2, "bad-data")]
    assert report.worked == sum(len(rows) for rows in folder.rows.values())


def test_a_row_of_which_nothing_can_be_read_takes_nothing_with_it(settled: Settled, tmp_path: Path) -> None:
    """Where the vote that a mark belongs to cannot be told, the mark is refused, and its vote's figures notice."""
    folder = council()
    del folder.rows["agreements"]
    folder.change("marks", 6, body="¿?")
    report = taken_by(settled, folder.write(tmp_path / "f"), dry_run=True)
    assert refused(report) == [("marks.csv", 8, "plain-bad-row"), ("votes.csv", 3, "published-tally-differs")]


def test_a_body_has_its_own_code_in_its_identifiers(settled: Settled, tmp_path: Path) -> None:
    """Where the profile's agreements carry a body's code, the folder says it, and another body's is refused."""
    folder = council()
    folder.rows = {name: folder.rows[name] for name in ("bodies", "agreements")}
    folder.change("bodies", 0, profile="IMSS_HCT", code="CAB")
    for row, code in ((1, "CAB"), (2, "HCT")):
        day = folder.rows["agreements"][row]["adopted_on"]
        printed = f"ACDO.AS2.{code}.{day[8:]}{day[5:7]}{day[2:4]}/{row + 1}.P.DIR"
        folder.change("agreements", row, identifier=printed, series="", session="", vote="")
    del folder.rows["agreements"][0]
    report = taken_by(settled, folder.write(tmp_path / "f"))
    assert refused(report) == [("agreements.csv", 3, "identifier-mismatch")]


def test_rows_that_belong_to_nothing_are_told(settled: Settled, tmp_path: Path) -> None:
    """Marks of a vote, items and presences of a session that the folder does not list are refused, not passed over."""
    folder = council()
    del folder.rows["votes"][3], folder.rows["sessions"][1], folder.rows["agreements"]
    folder.rows["attendance"] += [folder.rows["attendance"][0] | {"session": 8}]
    folder.rows["votes"] = [row for row in folder.rows["votes"] if row["session"] != 2]
    report = taken_by(settled, folder.write(tmp_path / "f"))
    assert refused(report) == [
        ("attendance.csv", 12, "plain-orphan"),
        ("items.csv", 3, "plain-orphan"),
        ("marks.csv", 12, "plain-orphan"),
        ("marks.csv", 17, "plain-orphan"),
    ]
    assert report.refusals[3].detail == f"{BODY}/2016/ord/3/1: 5"


def test_wrong_identifiers_are_quarantined_once(settled: Settled, tmp_path: Path) -> None:
    """What no grammar admits is refused, and kept as printed under the next number; again it is only refused."""
    folder = council()
    folder.change("agreements", 0, identifier=REAL_MISPRINT)
    folder.change("agreements", 2, identifier="=1+1")
    path = folder.write(tmp_path / "f")
    expected = [
        ("agreements.csv", 2, "identifier-quarantined"),
        ("agreements.csv", 4, "identifier-quarantined"),
    ]
    report = taken_by(settled, path)
    assert refused(report) == expected
    assert report.refusals[0].detail == f"{REAL_MISPRINT}: date-digits"
    assert report.taken["agreements"] == 1
    streams = [f"quarantine/{BODY}/1", f"quarantine/{BODY}/2"]
    assert settled.store.streams_below(f"quarantine/{BODY}/") == streams
    size = settled.store.size()
    assert refused(taken_by(settled, path)) == expected
    assert settled.store.size() == size
    folder.change("agreements", 2, identifier="otra cosa")
    taken_by(settled, folder.write(tmp_path / "f"))
    assert settled.store.streams_below(f"quarantine/{BODY}/") == [*streams, f"quarantine/{BODY}/3"]


def test_many_refusals_are_found_among_many_rows(settled: Settled, tmp_path: Path) -> None:
    """Halving a refused chunk finds every bad row of it and takes all others, in few submissions."""
    folder = council()
    extra = [{"person": f"p-{n}", "name": f"Persona {n}"} for n in range(400)]
    bad = [0, 7, 8, 199, 399]
    for n in bad:
        extra[n]["name"] = "dos\x7fveces"
    folder.rows = {"persons": extra}
    submitted = 0
    ledger_submit = settled.ledger.submit

    def counting(acts: Any) -> Any:
        nonlocal submitted
        submitted += 1
        return ledger_submit(acts)

    settled.ledger.submit = counting  # type: ignore[method-assign]
    report = taken_by(settled, folder.write(tmp_path / "f"), publish=False)
    assert [each.line for each in report.refusals] == [n + 2 for n in bad]
    assert report.taken["persons"] == 395
    assert submitted < 60


def test_a_long_line_costs_no_memory(settled: Settled, tmp_path: Path) -> None:
    """A line beyond the limit is passed over to its end without being held, inside of quotes too."""
    folder = council()
    folder.rows = {"persons": [{"person": "p-1", "name": "Uno"}, {"person": "p-3", "name": "Tres"}]}
    path = folder.write(tmp_path / "f")
    file = path / "persons.csv"
    long = "x" * (3 * MAX_LINE_CHARS)
    file.write_text(f'person,name\np-1,Uno\np-2,"{long}"\np-3,Tres\n"p-4\n{long}",Cuatro\np-5,Cinco\n')
    report = taken_by(settled, path)
    assert ("persons.csv", 3, "plain-row-too-long") in refused(report)
    assert report.taken["persons"] >= 2
