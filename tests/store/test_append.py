"""The append function, outcome by outcome (format.md §6)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest

from ledger.crypto.merkle import leaf_hash, root_of
from ledger.errors import StoreError
from ledger.ids import parse_recorded
from ledger.statement import Entry
from ledger.store.append import MAX_CALL_ACTS
from ledger.store.store import LedgerStore
from tests.store.hand import KEYID, ZEROS, Writer, act, founding, jcs, sealed, sha256, statement, submission

if TYPE_CHECKING:
    from typing import Any

    from tests.kit.postgres import Database


def results(store: LedgerStore, *submissions: Any) -> list[tuple[str, str, str]]:
    """Append together and give what became of each."""
    return [(o.result, o.about, o.detail) for o in store.append(submissions)]


def test_an_entry_is_composed_as_the_format_says(store: LedgerStore, writer: Writer) -> None:
    """The database writes the very bytes that the format's own composer writes, for statements of all lengths."""
    for length in (0, 1, 2, 3, 57, 58, 700, 5_000, 40_000):
        raw = writer.next(f"thing/{length}", data={"text": "ñ" * (length // 2)})
        outcome = store.append([submission(raw)])[0]
        placed = outcome.placed[0]
        assert placed.entry == Entry.compose(act(raw), placed.index, placed.recorded_at).raw
        assert store.entry(placed.index) == placed.entry


def test_the_tree_is_the_recursive_one(store: LedgerStore, writer: Writer) -> None:
    """Root from the stored nodes equals the recursive definition over the stored entries, batch by batch."""
    sizes = (1, 2, 3, 5, 8, 13, 64, 7)
    for number, size in enumerate(sizes):
        store.append([submission(*(writer.next(f"thing/{number}/{i}") for i in range(size)))])
        leaves = [leaf_hash(entry) for entry in store.entries()]
        assert len(leaves) == store.size() == 1 + sum(sizes[: number + 1])
        for level in range(len(leaves).bit_length()):
            count = len(leaves) >> level
            spans = [leaves[i << level : (i + 1) << level] for i in range(count)]
            assert store.nodes([(level, i) for i in range(count)]) == [root_of(span) for span in spans]


def test_columns_repeat_what_the_entry_says(store: LedgerStore, writer: Writer, database: Database) -> None:
    """Stream, version, type and place beside an entry are those that stand in it, and so is the stream's head."""
    for _ in range(3):
        store.append([submission(writer.next("session/a"), writer.next("vote/a/1"))])
    with psycopg.connect(database.app_url) as connection:
        rows = connection.execute("SELECT * FROM ledger.entries ORDER BY notification_id").fetchall()
    for stream, version, topic, state, notification_id in rows:
        entry = Entry.parse(bytes(state))
        said = entry.act.statement
        assert (stream, version, topic, notification_id) == (said.stream, said.version, said.type, entry.index + 1)
        last = Entry.parse(store.stream(stream)[-1])
        assert store.stream_head(stream) == (last.act.statement.version, last.act.statement.sha256, last.index)


def test_time_never_goes_back(store: LedgerStore, writer: Writer) -> None:
    """recorded_at never decreases, and all acts of a call have one stamp."""
    for _ in range(20):
        store.append([submission(writer.next("a/a")), submission(writer.next("b/b"))])
    stamps = [parse_recorded(Entry.parse(raw).recorded_at) for raw in store.entries()]
    assert stamps == sorted(stamps)
    assert stamps[1] == stamps[2]
    assert store.head().recorded_at == Entry.parse(list(store.entries())[-1]).recorded_at


@pytest.mark.parametrize(
    "changes",
    [{"stream": "session/a"}, {"version": 2}, {"prev": "1" * 64}, {"type": "ThingNoted/1"}],
    ids=lambda changes: next(iter(changes)),
)
def test_nothing_comes_before_the_founding(store: LedgerStore, changes: dict[str, Any]) -> None:
    """Entry 0 is LedgerFounded in stream ledger with a prev of zeros; anything else is refused and leaves nothing."""
    outcome = store.append([submission(founding(**changes))])[0]
    assert outcome.result in {"malformed", "prev", "gap"}
    assert store.size() == 0
    assert store.founding() is None
    assert store.append([submission(founding())])[0].result == "appended"


def test_a_failed_founding_does_not_spoil_the_next_of_the_call(store: LedgerStore) -> None:
    """A founding whose batch is refused is undone, and another in the same call founds the ledger."""
    bad = submission(founding(), statement("session/a", 7, ZEROS))
    good = founding(data={"institution": "b"})
    assert [o.result for o in store.append([bad, submission(good)])] == ["gap", "appended"]
    founded = store.founding()
    assert founded is not None
    assert founded.sha256 == sha256(good)


def test_the_same_statement_again_is_success(store: LedgerStore, writer: Writer) -> None:
    """A statement that stands is a duplicate with its old place, also where guards have moved since."""
    raw = writer.next("session/a")
    first = store.append([submission(raw)])[0]
    store.append([submission(writer.next("session/a"))])
    again = store.append([submission(raw, guards={"session/a": 9})])[0]
    assert again.result == "duplicate"
    assert again.placed == first.placed


def test_a_batch_is_a_duplicate_only_as_a_whole(store: LedgerStore, writer: Writer) -> None:
    """A batch of which only a part stands is refused: it is not the batch that was recorded."""
    first, second = writer.next("a/a"), writer.next("b/b")
    store.append([submission(first, second)])
    assert store.append([submission(first, second)])[0].result == "duplicate"
    assert results(store, submission(first, writer.next("c/c"))) == [("taken", "c/c", "")]
    writer.heads.pop("c/c")
    assert results(store, submission(writer.next("c/c"), second)) == [("taken", "b/b", "")]
    assert store.size() == 3


def test_another_statement_at_the_version_is_taken(store: LedgerStore, writer: Writer) -> None:
    """A different statement at a version that stands is refused with the stream's name."""
    store.append([submission(writer.next("a/a"))])
    other = statement("a/a", 1, writer.founded, data={"other": 1})
    assert results(store, submission(other)) == [("taken", "a/a", "")]


def test_a_gap_and_a_wrong_prev_are_refused(store: LedgerStore, writer: Writer) -> None:
    """Version is the last + 1, prev the last statement's hash, at version 1 the founding's."""
    store.append([submission(writer.next("a/a"))])
    assert results(
        store,
        submission(statement("a/a", 3, "1" * 64)),
        submission(statement("a/a", 2, "1" * 64)),
        submission(statement("a/a", 2, writer.founded)),
        submission(statement("b/b", 1, ZEROS)),
        submission(statement("b/b", 2, writer.founded)),
    ) == [
        ("gap", "a/a", ""),
        ("prev", "a/a", ""),
        ("prev", "a/a", ""),
        ("prev", "b/b", ""),
        ("gap", "b/b", ""),
    ]


def test_basis_must_be_the_last_statement(store: LedgerStore, writer: Writer) -> None:
    """Every stream in basis has that very statement as its last, at this index, the batch's own acts included."""
    vote = writer.next("vote/a")
    store.append([submission(vote)])
    ballot = writer.next("ballot/a", basis={"vote/a": sha256(vote)})
    later = writer.next("vote/a")
    assert results(store, submission(later, ballot)) == [("basis", "vote/a", "")]
    assert results(store, submission(ballot, later)) == [("appended", "", "")]
    assert results(store, submission(writer.next("ballot/b", basis={"vote/zz": "1" * 64}))) == [
        ("basis", "vote/zz", "")
    ]
    fresh = writer.next("vote/b")
    both = submission(fresh, writer.next("ballot/c", basis={"vote/b": sha256(fresh), "vote/a": sha256(later)}))
    assert results(store, both) == [("appended", "", "")]


def test_guards_must_be_exact(store: LedgerStore, writer: Writer) -> None:
    """A guarded stream has exactly the version that the check read; 0 says that it was absent."""
    store.append([submission(writer.next("key/a"))])
    for version, expected in ((0, "guard"), (2, "guard"), (1, "appended")):
        raw = statement("b/b", 1, writer.founded)
        assert store.append([submission(raw, guards={"key/a": version})])[0].result == expected
    raw = statement("c/c", 1, writer.founded)
    assert results(store, submission(raw, guards={"key/absent": 0, "b/b": 0})) == [("guard", "b/b", "")]


def test_the_stamp_lies_in_the_window(store: LedgerStore, writer: Writer) -> None:
    """The window is half open; outside of it nothing is recorded."""
    now, second = store.now(), timedelta(seconds=60)
    raw = writer.next("a/a")
    assert results(store, submission(raw, not_before=now + second)) == [("window", "a/a", "")]
    assert results(store, submission(raw, not_after=now)) == [("window", "a/a", "")]
    assert results(store, submission(raw, not_before=now, not_after=now + second)) == [("appended", "", "")]


def test_what_is_no_statement_is_malformed(store: LedgerStore, writer: Writer, database: Database) -> None:
    """Bytes that cannot be read, or are not of this ledger or signer, are refused, each by itself."""
    good = statement("a/a", 1, writer.founded)
    cases = {
        b"": KEYID,
        b"\xff": KEYID,
        b"[]": KEYID,
        b"null": KEYID,
        b'{"a":"\\u0000"}': KEYID,
        b"[" * 40_000: KEYID,
        jcs({"version": 1}): KEYID,
        good[:-1] + b',"x":1}': KEYID,
        good.replace(b'"version":1', b'"version":1.5'): KEYID,
        good.replace(b'"version":1', b'"version":"1"'): KEYID,
        good.replace(b'"version":1', b'"version":99999999999999999999'): KEYID,
        statement("A/a", 1, writer.founded): KEYID,
        statement("a/" + "a" * 200, 1, writer.founded): KEYID,
        statement("a/a", 0, writer.founded): KEYID,
        statement("a/a", 1, writer.founded, ledger="other.example"): KEYID,
        statement("a/a", 1, writer.founded, signer=None): KEYID,
        statement("a/a", 1, writer.founded, type='X/1"'): KEYID,
        statement("a/a", 1, writer.founded, data={"t": "x" * 46_000}): KEYID,
        good: "0" * 64,
    }
    empty: list[object] = []
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT outcome, detail FROM ledger.append(%s, %s, %s::text[], %s::int[], %s, %s, %s, %s, %s, %s, %s, %s,"
            " %s, %s::timestamptz[], %s::timestamptz[])",
            [
                list(cases),
                [b"s"] * len(cases),
                list(cases.values()),
                list(range(len(cases))),
                *[empty] * 9,
                [None] * len(cases),
                [None] * len(cases),
            ],
        ).fetchall()
    assert {row[0] for row in rows} == {"malformed"}
    assert all(row[1] for row in rows)
    assert store.size() == 1


def test_a_signature_has_a_size(store: LedgerStore, writer: Writer) -> None:
    """An empty signature and one longer than RSA-4096 are refused."""
    raw = writer.next("a/a")
    for signature in (b"", b"s" * 513):
        wrong = replace(submission(raw), acts=(replace(act(raw), signature=signature),))
        assert results(store, wrong) == [("malformed", "a/a", "signature-size")]


def test_disclosures_come_with_their_act(store: LedgerStore, writer: Writer) -> None:
    """All sealed values are stored in the same transaction; missing, foreign and repeated ones are refused."""
    one, two = sealed("title", "uno"), sealed("text", "dos")
    raw = writer.next("a/a", sealed={"title": one.digest, "text": two.digest})

    def with_rows(*rows: Any) -> Any:
        return submission(raw, sealed=(rows,))

    assert results(store, with_rows(one)) == [("malformed", "a/a", "disclosure-missing")]
    assert results(store, submission(raw)) == [("malformed", "a/a", "disclosure-missing")]
    foreign = [("malformed", "a/a", "disclosure-does-not-belong")]
    assert results(store, with_rows(one, two, sealed("other", "tres"))) == foreign
    assert results(store, with_rows(one, replace(two, digest=one.digest))) == foreign
    assert results(store, with_rows(one, two, sealed("block/1", "cuatro"))) == [("appended", "", "")]
    assert [(row.name, row.ciphertext) for row in store.sealed_of(1)] == [
        ("block/1", b"ortauc"),
        ("text", b"sod"),
        ("title", b"onu"),
    ]
    again = submission(writer.next("b/b", sealed={"title": one.digest}), sealed=((one,),))
    assert results(store, again) == [("malformed", "b/b", "digest-stands-already")]


def test_one_submission_never_fails_another(store: LedgerStore, writer: Writer) -> None:
    """In one call the refused leave no trace, and the others stand densely, with the tree of just those."""
    fine = [submission(writer.next(f"a/{i}")) for i in range(4)]
    half = submission(writer.next("b/b"), statement("b/b", 9, writer.founded))
    blocked = submission(statement("c/c", 1, writer.founded), guards={"ledger": 5})
    lost = sealed("t", "x")
    third = submission(
        statement("d/d", 1, writer.founded, sealed={"t": lost.digest, "u": sealed("u", "y").digest}), sealed=((lost,),)
    )
    outcomes = store.append([fine[0], half, fine[1], blocked, fine[2], third, fine[3]])
    assert [o.result for o in outcomes] == [
        "appended", "gap", "appended", "guard", "appended", "malformed", "appended",
    ]  # fmt: skip
    assert [p.index for o in outcomes for p in o.placed] == [1, 2, 3, 4]
    assert store.stream_head("b/b") is None
    assert store.sealed_by_digest(lost.digest) is None
    leaves = [leaf_hash(raw) for raw in store.entries()]
    assert store.nodes([(2, 0)]) == [root_of(leaves[:4])]


def test_writers_at_once_leave_dense_indexes(store: LedgerStore, writer: Writer, database: Database) -> None:
    """Eight writers on streams of their own and a shared one: indexes dense, one winner a version."""

    def work(number: int) -> int:
        own = Writer(writer.founded)
        won = 0
        with LedgerStore(database.app_url, pool_size=1) as mine:
            for i in range(15):
                assert mine.append([submission(own.next(f"own/{number}"))])[0].result == "appended"
                head = mine.stream_head("shared/a")
                version, prev = (head.version, head.sha256) if head else (0, writer.founded)
                raw = statement("shared/a", version + 1, prev, data={"who": number, "n": i})
                won += mine.append([submission(raw)])[0].result == "appended"
        return won

    with ThreadPoolExecutor(8) as pool:
        won = sum(pool.map(work, range(8)))
    entries = [Entry.parse(raw) for raw in store.entries()]
    assert [entry.index for entry in entries] == list(range(1 + 8 * 15 + won))
    versions = [e.act.statement.version for e in entries if e.act.statement.stream == "shared/a"]
    assert versions == list(range(1, won + 1))
    assert store.size() == len(entries)


def test_a_lost_commit_is_refused(database: Database) -> None:
    """Without synchronous_commit, or at another isolation level, the function writes nothing."""
    for setting in (
        "synchronous_commit=off",
        "synchronous_commit=local",
        "default_transaction_isolation=serializable",
    ):
        with (
            LedgerStore(f"{database.app_url}&options=-c%20{setting.replace(chr(61), '%3D')}") as store,
            pytest.raises(StoreError, match="AC101"),
        ):
            store.append([submission(founding())])


def test_arrays_that_do_not_belong_together_are_refused(database: Database) -> None:
    """A caller's mistake in the arrays is an error of the call, not a silent loss of guards."""
    base: list[Any] = [[founding()], [b"s"], [KEYID], [0], [], [], [], [], [], [], [], [], [], [None], [None]]
    query = (
        "SELECT * FROM ledger.append(%s, %s, %s::text[], %s::int[], %s::text[], %s::bigint[], %s::int[], %s::int[],"
        " %s, %s, %s, %s, %s, %s::timestamptz[], %s::timestamptz[])"
    )
    changes: list[dict[int, Any]] = [
        {1: []},
        {3: [1]},
        {3: [None]},
        {0: None},
        {13: [None, None], 14: [None, None]},
        {4: ["a/a"]},
        {4: ["a/a"], 5: [1], 6: [3]},
        {4: ["a/a", "b/b"], 5: [0, 1], 6: [0, None]},
        {7: [0]},
        {14: []},
    ]
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        for change in changes:
            arguments = [change.get(place, value) for place, value in enumerate(base)]
            with pytest.raises(psycopg.Error) as caught:
                connection.execute(query, arguments)
            assert caught.value.sqlstate == "AC102", change
        assert connection.execute("SELECT size FROM ledger.head").fetchone() == (0,)


def test_a_call_has_a_size(store: LedgerStore, writer: Writer) -> None:
    """More acts than the named limit in one call are refused before anything is sent."""
    wanted = replace(submission(writer.next("a/a")), acts=(act(founding()),) * (MAX_CALL_ACTS + 1))
    with pytest.raises(StoreError, match="call-too-large"):
        store.append([wanted])
