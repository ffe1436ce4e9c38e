"""The vault: what is sealed opens, what is erased does not, also after restores and kills (format.md §8)."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import psycopg
import pytest

from ledger.crypto import disclosure
from ledger.errors import StoreError
from ledger.store import data_keys
from ledger.store.data_keys import DataKeys
from ledger.store.files import append_line, write_new
from ledger.store.submission import SealedRow
from ledger.store.vault import Vault
from tests.store.hand import submission

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.store.store import LedgerStore
    from tests.kit.postgres import Database
    from tests.store.hand import Writer

PERSON = "person/p-1"


@pytest.fixture
def vault(store: LedgerStore, tmp_path: Path) -> Vault:
    """Give a vault beside the store."""
    return Vault(store, tmp_path / "vault")


class Case:
    """Two sealed values of one person in act 1, one of the stream's own in act 2."""

    def __init__(self, store: LedgerStore, vault: Vault, writer: Writer) -> None:
        self.texts = {
            name: disclosure.make(name, f"valor de {name}", os.urandom(16)) for name in ("name", "note", "title")
        }
        self.digests = {name: disclosure.digest(text) for name, text in self.texts.items()}
        for stream, subject, names in (("a/a", PERSON, ("name", "note")), ("b/b", "b/b", ("title",))):
            rows = tuple(vault.seal(subject, name, self.digests[name], self.texts[name]) for name in names)
            raw = writer.next(stream, sealed={name: self.digests[name] for name in names})
            assert store.append([submission(raw, sealed=(rows,))])[0].result == "appended"

    def open(self, vault: Vault) -> set[str]:
        """Return the names that still open, each to its own text."""
        found = {**vault.disclosures(1), **vault.disclosures(2)}
        assert all(self.texts[name] == text for name, text in found.items())
        for name, digest in self.digests.items():
            assert (vault.disclosure(digest) is not None) == (name in found)
        return set(found)


@pytest.fixture
def case(store: LedgerStore, vault: Vault, writer: Writer) -> Case:
    """Give the ledger with three sealed values."""
    return Case(store, vault, writer)


def restored_rows(store: LedgerStore) -> list[list[tuple[str, str, bytes | None, bytes | None]]]:
    """Return the vault's rows, as a dump would hold them."""
    return [[(r.digest, r.data_key, r.nonce, r.ciphertext) for r in store.sealed_of(i)] for i in (1, 2)]


def put_back(database_url: str, dump: list[list[tuple[str, str, bytes | None, bytes | None]]]) -> None:
    """Restore the vault's rows as a superuser would, around the triggers."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for digest, data_key, nonce, ciphertext in (row for rows in dump for row in rows):
            connection.execute(
                "UPDATE ledger.disclosures SET data_key = %s, nonce = %s, ciphertext = %s WHERE digest = %s",
                (data_key, nonce, ciphertext, digest),
            )


def test_what_is_sealed_opens(case: Case, vault: Vault, store: LedgerStore, tmp_path: Path) -> None:
    """Values open to the very text, also for another process; neither text nor key is in the row."""
    assert case.open(vault) == {"name", "note", "title"}
    assert case.open(Vault(store, tmp_path / "vault")) == {"name", "note", "title"}
    for row in store.sealed_of(1):
        assert row.ciphertext is not None
        assert case.texts[row.name].encode() not in row.ciphertext
    assert len({row.data_key for row in store.sealed_of(1)}) == 1
    assert vault.disclosure("x" * 43) is None
    assert vault.irrecoverable_on(date(2026, 1, 1)) == date(2026, 1, 31)


def test_an_erased_subject_is_gone(case: Case, vault: Vault, store: LedgerStore) -> None:
    """Erasing a person destroys his keys and empties his rows, and touches nobody else."""
    of_person = [case.digests["name"], case.digests["note"]]
    assert sorted(vault.erase(of_person)) == sorted(of_person)
    assert case.open(vault) == {"title"}
    assert vault.keys.of_subject(PERSON) == []
    assert vault.erase(of_person) == []
    with pytest.raises(StoreError, match="disclosure-erased"):
        vault.open(store.sealed_of(1)[0])


def test_a_subject_can_be_sealed_again(case: Case, vault: Vault, store: LedgerStore, writer: Writer) -> None:
    """After an erasure the subject gets another data key."""
    vault.erase([case.digests["name"], case.digests["note"]])
    text = disclosure.make("name", "otra vez", os.urandom(16))
    row = vault.seal(PERSON, "name", disclosure.digest(text), text)
    raw = writer.next("c/c", sealed={"name": row.digest})
    assert store.append([submission(raw, sealed=((row,),))])[0].result == "appended"
    assert vault.disclosures(3) == {"name": text}
    assert case.open(vault) == {"title"}


def test_some_values_can_be_erased(case: Case, vault: Vault, store: LedgerStore) -> None:
    """Erasing one value of a person keeps the others, under a new key; the old key is destroyed."""
    before = store.sealed_of(1)[0].data_key
    assert vault.erase([case.digests["note"]]) == [case.digests["note"]]
    assert case.open(vault) == {"name", "title"}
    assert not vault.keys.exists(before)
    assert vault.erase([case.digests["note"]]) == []


@pytest.mark.parametrize("whole", [True, False], ids=["all of a person", "one value"])
def test_a_restored_database_is_erased_again(
    case: Case, vault: Vault, store: LedgerStore, database: Database, whole: bool
) -> None:
    """A dump from before brings ciphertexts back: they are emptied again, and what stays opens."""
    dump = restored_rows(store)
    erased = vault.erase([case.digests[name] for name in (("name", "note") if whole else ("note",))])
    stays = case.open(vault)
    put_back(database.admin_url, dump)
    assert sorted(vault.erase()) == sorted(erased)
    assert case.open(vault) == stays
    assert {r.name for r in store.sealed_of(1) if r.ciphertext is None} == ({"name", "note"} if whole else {"note"})
    assert vault.erase() == []


def test_a_restored_key_store_is_erased_again(
    case: Case, vault: Vault, store: LedgerStore, database: Database, tmp_path: Path
) -> None:
    """Database and key store both from before: the ledger's own acts say what has to go again."""
    dump = restored_rows(store)
    shutil.copytree(tmp_path / "vault", tmp_path / "copy")
    erased = vault.erase([case.digests["note"]])
    put_back(database.admin_url, dump)
    older = Vault(store, tmp_path / "copy")
    assert case.open(older) == {"name", "note", "title"}
    assert older.erase() == []
    assert older.erase(erased) == erased
    assert case.open(older) == {"name", "title"}
    assert older.erase(erased) == []


@pytest.mark.parametrize("step", ["erase_rows", "destroy"])
def test_an_interrupted_erasure_is_finished(  # noqa: PLR0917  fixtures
    case: Case, vault: Vault, store: LedgerStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Killed after the announcement or after the rows: at the next start it is done to the end."""
    target = store if step == "erase_rows" else vault.keys

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(target, step, die)
        with pytest.raises(KeyboardInterrupt):
            vault.erase([case.digests["note"]])
    again = Vault(store, tmp_path / "vault")
    again.erase()
    assert case.open(again) == {"name", "title"}
    assert [r.name for r in store.sealed_of(1) if r.ciphertext is None] == ["note"]
    assert all(not again.keys.exists(key_id) for key_id, _ in again.keys.announced())


def test_rows_are_bound_to_digest_and_key(case: Case, vault: Vault, store: LedgerStore) -> None:
    """Swapped ciphertexts, changed bytes and foreign keys do not open."""
    name, note = store.sealed_of(1)
    title = store.sealed_of(2)[0]
    assert name.ciphertext is not None
    assert case.texts
    wrong = [
        replace(name, ciphertext=note.ciphertext, nonce=note.nonce),
        replace(name, ciphertext=name.ciphertext[:-1] + bytes([name.ciphertext[-1] ^ 1])),
        replace(name, data_key=title.data_key),
        replace(name, nonce=b"short"),
    ]
    for row in wrong:
        with pytest.raises(StoreError, match="disclosure-unreadable"):
            vault.open(row)
    for reference in ("../../master", "x", "zz/../.."):
        with pytest.raises(StoreError, match="data-key-unreadable"):
            vault.open(replace(name, data_key=reference))


def test_key_files_are_closed_to_others(case: Case, vault: Vault, tmp_path: Path) -> None:
    """Directories are 0700 and files 0600; an open directory, a short or another master key are refused."""
    vault.erase([case.digests["name"], case.digests["note"]])
    root = tmp_path / "vault"
    for path in [root, *root.rglob("*")]:
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
    key_id = vault.keys.of_subject("b/b")[0]
    shutil.copytree(root, tmp_path / "other")
    (tmp_path / "other" / "master.key").write_bytes(b"m" * 32)
    with pytest.raises(StoreError, match="data-key-unreadable"):
        DataKeys(tmp_path / "other").open(key_id)
    (tmp_path / "other" / "master.key").write_bytes(b"short")
    with pytest.raises(StoreError, match="vault-master-key"):
        DataKeys(tmp_path / "other")
    root.chmod(0o750)
    with pytest.raises(StoreError, match="directory-open-to-others"):
        DataKeys(root)


def test_two_processes_share_a_key_store(store: LedgerStore, tmp_path: Path) -> None:
    """They agree on the master key, and a key destroyed by one is not used by the other any more."""
    one, two = DataKeys(tmp_path / "vault"), DataKeys(tmp_path / "vault")
    key_id = one.current("s")
    assert two.current("s") == key_id
    assert one.derive(b"x") == two.derive(b"x") != one.derive(b"y")
    two.destroy(key_id)
    with pytest.raises(StoreError, match="data-key-destroyed"):
        one.open(key_id)
    assert one.current("s") != key_id
    two.destroy(key_id)
    assert store.size() == 0


def test_keys_made_ready_together_are_the_ones_that_close(store: LedgerStore, tmp_path: Path) -> None:
    """Many subjects' keys are made at once, one each, durable and whole; one that has a key keeps it."""
    vault = Vault(store, tmp_path / "vault")
    kept = vault.keys.current("person/p-3")
    subjects = [f"person/p-{n}" for n in range(20)]
    vault.prepare([*subjects, *subjects])
    vault.prepare(iter(subjects))
    made = [vault.keys.of_subject(subject) for subject in subjects]
    assert [len(ids) for ids in made] == [1] * 20
    assert made[3] == [kept]
    again = DataKeys(tmp_path / "vault")
    assert [again.current(subject) for subject in subjects] == [ids[0] for ids in made]
    text = disclosure.make("name", "Una Persona", os.urandom(16))
    assert vault.seal(subjects[7], "name", disclosure.digest(text), text).data_key == made[7][0]


def test_few_keys_are_kept_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The caches of open keys are bounded, and what fell out is found again on disk."""
    monkeypatch.setattr(data_keys, "MAX_CACHED_KEYS", 2)
    keys = DataKeys(tmp_path / "vault")
    made = [keys.current(f"s/{i}") for i in range(5)]
    for key_id in made:
        keys.open(key_id)
    assert [keys.current(f"s/{i}") for i in range(5)] == made


def test_files_are_whole_or_absent(tmp_path: Path) -> None:
    """A name that is taken is not overwritten; a torn last line of the log was never announced."""
    assert write_new(tmp_path / "a", b"1")
    assert not write_new(tmp_path / "a", b"2")
    assert (tmp_path / "a").read_bytes() == b"1"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    keys = DataKeys(tmp_path / "vault")
    assert keys.announced() == []
    row = SealedRow("n", "d", "k2", b"123", b"456")
    keys.announce("k1", [row])
    with (tmp_path / "vault" / "erasures.log").open("ab") as file:
        file.write(b'{"data_key":"k')
    assert keys.announced() == [("k1", [row])]
    keys.announce("k2", [])
    assert keys.announced() == [("k1", [row]), ("k2", [])]
    append_line(tmp_path / "b", b"x")
    assert (tmp_path / "b").read_bytes() == b"x\n"
