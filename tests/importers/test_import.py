"""A small past enters the ledger: dry runs, repetition, publication, provenance."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from api.importers.command import import_folder
from api.importers.report import MAX_SHOWN, Report
from ledger.compose import Officer
from ledger.crypto import disclosure
from ledger.crypto.keys import PrivateKey
from ledger.domain.agreement import AgreementState
from ledger.domain.replay import signed_of
from ledger.domain.states import SessionState, VoteState
from ledger.errors import RuleViolation, StoreError
from ledger.statement import Entry
from tests.importers.kit import BODY, council, host_of, refused, taken_by

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ledger.application import Recorded
    from ledger.statement import SignedAct
    from tests.kit.settled import Settled

ROWS = {
    "agreements": 3,
    "attendance": 10,
    "bodies": 1,
    "designations": 6,
    "items": 3,
    "leaves": 1,
    "marks": 20,
    "persons": 6,
    "seats": 5,
    "sessions": 3,
    "votes": 4,
}


def test_a_small_past_enters(settled: Settled, tmp_path: Path) -> None:
    """Every row is taken; results come from the marks by the body's rules, and each state says that it is imported."""
    report = taken_by(settled, council().write(tmp_path / "f"))
    assert refused(report) == []
    assert report.as_json()["taken"] == ROWS
    votes = [settled.ledger.state(f"vote/{BODY}/2016/ord/{path}") for path in ("1/1", "1/2", "2/1", "3/1")]
    results = [(vote.favor, vote.contra, vote.abstencion, vote.result) for vote in votes if isinstance(vote, VoteState)]
    assert results == [
        (4, 1, 0, "approved"),
        (2, 3, 0, "rejected"),
        (2, 0, 1, "rejected"),  # two of the four who were present: not more than half
        (5, 0, 0, "approved"),
    ]
    first, second = (settled.ledger.state(f"session/{BODY}/2016/ord/{number}") for number in (1, 2))
    assert isinstance(first, SessionState)
    assert isinstance(second, SessionState)
    assert (first.imported, first.source_has_attendance, len(first.present)) == (True, True, 5)
    assert (second.source_has_attendance, len(second.present)) == (False, 0)
    agreement = settled.ledger.state(f"agreement/{BODY}/2016/1")
    assert isinstance(agreement, AgreementState)
    assert (agreement.imported, agreement.vote) == (True, f"vote/{BODY}/2016/ord/1/1")


def test_imported_acts_say_where_they_come_from(settled: Settled, tmp_path: Path) -> None:
    """Sessions, votes, mandates and agreements name the file's SHA-256 and the row; their types say Imported."""
    folder = council().write(tmp_path / "f")
    taken_by(settled, folder)
    acts = [signed_of(Entry.parse(raw)).act for raw in settled.store.entries()]
    imported = [act for act in acts if act.type_name.endswith("Imported/1")]
    assert len(imported) == 3 + 4 + 6 + 3
    for act in imported:
        data = act.model_dump()
        assert len(data["source_sha256"]) == 64
        assert data["row"] >= 2


def test_a_dry_run_says_the_same_and_records_nothing(settled: Settled, tmp_path: Path) -> None:
    """The report of a rehearsal is the report of the import, refusals and remarks included; the ledger stays."""
    folder = council()
    folder.change("votes", 1, contra=4)
    folder.rows["agreements"][1]["identifier"] = "sin número"
    folder.rows["persons"].append({"person": "p-presidencia", "name": "Persona 1"})
    path = folder.write(tmp_path / "f")
    size = settled.store.size()
    keys = len(list(settled.vault.keys.directory.rglob("*.key")))
    rehearsed = taken_by(settled, path, dry_run=True)
    assert settled.store.size() == size
    assert len(list(settled.vault.keys.directory.rglob("*.key"))) == keys
    done = taken_by(settled, path)
    assert rehearsed.as_json() | {"dry_run": False} == done.as_json()
    assert not done.clean


def test_the_same_again_changes_nothing(settled: Settled, tmp_path: Path) -> None:
    """Every row stands already, word for word: it is reported so, and the ledger does not grow; dry or not."""
    path = council().write(tmp_path / "f")
    taken_by(settled, path)
    size = settled.store.size()
    for dry_run in (True, False):
        again = taken_by(settled, path, dry_run=dry_run)
        assert (again.as_json()["standing"], again.as_json()["taken"], refused(again)) == (ROWS, {}, [])
    assert settled.store.size() == size


def test_a_folder_that_has_grown_brings_only_what_is_new(settled: Settled, tmp_path: Path) -> None:
    """New rows enter beside those that stand, though the files' hashes and some lines are others."""
    folder = council()
    folder.rows["leaves"][0]["ends_on"] = ""
    folder.rows["seats"].pop()
    grown = council()
    for name in ("persons", "designations"):
        folder.rows[name].pop()
    for name in ("attendance", "votes", "marks", "agreements"):
        del folder.rows[name]
    assert refused(taken_by(settled, folder.write(tmp_path / "before"))) == []
    grown.rows["sessions"].reverse()
    del grown.rows["attendance"]
    report = taken_by(settled, grown.write(tmp_path / "after"))
    assert refused(report) == []
    assert report.as_json()["standing"] == {
        "bodies": 1,
        "designations": 5,
        "items": 3,
        "persons": 5,
        "seats": 4,
        "sessions": 3,
    }
    # The leave stood without its end: only the end is recorded, and the row counts as taken.
    assert report.as_json()["taken"] == {
        "agreements": 3,
        "designations": 1,
        "leaves": 1,
        "marks": 20,
        "persons": 1,
        "seats": 1,
        "votes": 4,
    }


def test_what_stands_otherwise_is_refused_and_stays(settled: Settled, tmp_path: Path) -> None:
    """A changed row of a past that was imported is refused by the rule that protects it."""
    folder = council()
    taken_by(settled, folder.write(tmp_path / "f"))
    size = settled.store.size()
    folder.change("persons", 0, name="Otra Persona")
    folder.change("seats", 1, sector="otro")
    folder.change("designations", 1, ends_on="2017-01-01")
    folder.change("votes", 0, motion="Otra cosa")
    folder.change("agreements", 0, title="Otro acuerdo")
    report = taken_by(settled, folder.write(tmp_path / "f"))
    assert refused(report) == [
        ("agreements.csv", 2, "already-adopted"),
        ("designations.csv", 3, "designation-already-made"),
        ("persons.csv", 2, "person-already-registered"),
        ("seats.csv", 3, "seat-used"),
        ("votes.csv", 2, "vote-already-opened"),
    ]
    assert settled.store.size() == size


def test_texts_are_published_or_stay_sealed(settled: Settled, tmp_path: Path) -> None:
    """Published, each sealed text has its act of publication; otherwise none has, and a later import opens them."""
    path = council().write(tmp_path / "f")
    taken_by(settled, path, publish=False)
    assert settled.store.streams_below("publication/") == []
    sealed = [Entry.parse(raw).index for raw in settled.store.entries() if Entry.parse(raw).act.statement.sealed]
    before = settled.store.size()
    again = taken_by(settled, path)
    opened = {int(stream.partition("/")[2]) for stream in settled.store.streams_below("publication/")}
    texts = {index for index in sealed if _stream(settled, index).partition("/")[2].startswith((BODY, "p-"))}
    assert opened == {index for index in texts if index not in _of_the_town(settled, sealed)}
    assert again.as_json()["standing"] == ROWS
    assert settled.store.size() == before + len(opened)


def _stream(settled: Settled, index: int) -> str:
    raw = settled.store.entry(index)
    assert raw is not None
    return Entry.parse(raw).act.statement.stream


def _of_the_town(settled: Settled, sealed: Sequence[int]) -> set[int]:
    """Return what was sealed before the import began: the founding and the demo town's own texts."""
    first = next(index for index in sealed if _stream(settled, index) == f"body/{BODY}")
    return {index for index in sealed if index < first}


def test_an_interrupted_import_is_finished_by_doing_it_again(settled: Settled, tmp_path: Path) -> None:
    """The store failing between record and publication loses nothing: the second run records and opens the rest."""
    path = council().write(tmp_path / "f")
    calls = 0

    def failing(acts: Sequence[SignedAct]) -> list[Recorded]:
        nonlocal calls
        calls += 1
        if calls == 6:
            raise StoreError("append-failed")
        return settled.ledger.submit(acts)

    host = host_of(settled)
    broken = type(host)(host.store, host.vault, host.ledger, failing)
    with pytest.raises(StoreError):
        import_folder(broken, path, settled.town.founder)
    report = taken_by(settled, path)
    assert refused(report) == []
    assert report.standing
    together = report.taken + report.standing
    assert {name: count for name, count in sorted(together.items()) if count} == ROWS
    published = len(settled.store.streams_below("publication/"))
    assert published == 1 + 6 + 3 + 4 + 3


def test_text_is_kept_as_it_is_written(settled: Settled, tmp_path: Path) -> None:
    """A formula is text like any other; line breaks and accents are brought to the one form that is signed."""
    folder = council()
    formula = '=HYPERLINK("https://ejemplo.example","aquí")'
    folder.change("votes", 0, motion=formula)
    folder.change("votes", 1, motion="Primera línea\r\nsegunda, con e\u0301nfasis; y «comillas»")
    folder.change("votes", 2, motion="@SUM(1+1)*cmd|' /C calc'!A0")
    assert refused(taken_by(settled, folder.write(tmp_path / "f"))) == []
    motions = [_motion(settled, f"vote/{BODY}/2016/ord/{path}") for path in ("1/1", "1/2", "2/1")]
    assert motions == [
        formula,
        "Primera línea\nsegunda, con énfasis; y «comillas»",
        "@SUM(1+1)*cmd|' /C calc'!A0",
    ]


def _motion(settled: Settled, stream: str) -> str:
    index = Entry.parse(settled.store.stream(stream)[0]).index
    return str(disclosure.parse(settled.vault.disclosures(index)["motion"]).value)


def test_bom_crlf_gzip_and_other_orders_of_columns(settled: Settled, tmp_path: Path) -> None:
    """What spreadsheets and archives do to a file does not change what it says."""
    folder = council()
    folder.rows["persons"] = [dict(reversed(row.items())) for row in folder.rows["persons"]]
    path = folder.write(tmp_path / "f")
    for file in path.iterdir():
        raw = file.read_bytes().replace(b"\n", b"\r\n")
        file.write_bytes(b"\xef\xbb\xbf" + raw)
    marks = path / "marks.csv"
    with gzip.open(path / "marks.csv.gz", "wb") as packed:
        packed.write(marks.read_bytes())
    marks.unlink()
    (path / "LEEME.txt").write_text("no es parte")
    report = taken_by(settled, path)
    assert (refused(report), report.as_json()["taken"]) == ([], ROWS)


def test_marks_may_stand_in_any_order(settled: Settled, tmp_path: Path) -> None:
    """The rolls of the votes may be mixed: a mark finds its vote by its key."""
    folder = council()
    folder.rows["marks"].sort(key=lambda row: (row["seat"], -row["session"], row["vote"]))
    report = taken_by(settled, folder.write(tmp_path / "f"))
    assert (refused(report), report.as_json()["taken"]) == ([], ROWS)


def test_an_importer_without_the_office_is_refused_at_once(settled: Settled, tmp_path: Path) -> None:
    """Neither a stranger's key, nor an office that is not the signer's, nor one that grants no import gets a row in."""
    path = council().write(tmp_path / "f")
    size = settled.store.size()
    stranger = Officer(PrivateKey.generate(), "ledger")
    secretary = settled.town.secretary
    pretender = Officer(secretary.key, "ledger")
    for officer, code in ((stranger, "key-unknown"), (pretender, "not-in-office"), (secretary, "not-authorised")):
        for dry_run in (True, False):
            with pytest.raises(RuleViolation) as error:
                import_folder(host_of(settled), path, officer, dry_run=dry_run)
            assert error.value.code == code
    assert settled.store.size() == size


def test_a_registrar_imports(settled: Settled, tmp_path: Path) -> None:
    """The registrar of another body may take a body's past over, as a founding officer may."""
    registrar = settled.town.officer("registrador")
    report = import_folder(host_of(settled), council().write(tmp_path / "f"), registrar)
    assert (refused(report), report.as_json()["taken"]) == ([], ROWS)


def test_progress_rises_to_the_end(settled: Settled, tmp_path: Path) -> None:
    """Progress never falls, never passes the whole, and ends with it."""
    told: list[tuple[int, int]] = []
    taken_by(settled, council().write(tmp_path / "f"), progress=lambda done, of: told.append((done, of)))
    done = [each for each, _ in told]
    assert done == sorted(done)
    assert told[-1] == (sum(ROWS.values()), sum(ROWS.values()))
    assert {of for _, of in told} == {sum(ROWS.values())}


def test_a_report_says_nothing_to_a_terminal() -> None:
    """Control and bidi characters of a folder's cells are shown, not sent."""
    report = Report(dry_run=True)
    report.refuse("agreements.csv", 2, "identifier-quarantined", "a\x1b[2Jb\u202ec")
    assert report.refusals[0].detail == "a\\u001b[2Jb\\u202ec"


def test_a_report_shows_at_most_so_many_refusals() -> None:
    """A folder that is wrong throughout gives a report of bounded size that still counts everything."""
    report = Report(dry_run=True)
    for line in range(MAX_SHOWN + 5):
        report.refuse("votes.csv", line, "no-marks")
    said = report.as_json()
    assert (said["refused"], len(said["refusals"]), report.clean) == (MAX_SHOWN + 5, MAX_SHOWN, False)
