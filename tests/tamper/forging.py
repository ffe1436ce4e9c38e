"""Forgeries that agree with themselves: an entry is re-signed with another key, and the whole database follows it.

The forger is a superuser with somebody's key. He lets the ledger's own function build entries, nodes, streams, head
and founding anew from the bytes that he wants, moves the sealed values along, and throws away the checkpoints that
his history no longer fits. Against him stand the signatures of others, the `prev` chains, the rules, and what the
signer remembers outside of the database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson

from ledger.crypto import disclosure
from ledger.crypto.dsse import pae
from ledger.crypto.keys import PrivateKey, Secret
from ledger.crypto.note import Checkpoint, Note
from ledger.ids import parse_recorded, write_recorded
from ledger.statement import Entry
from tests.kit.books import entry_of
from tests.tamper.mutations import Case, Named, changed, rows_of
from tests.tamper.world import LOG_KEY, OTHER_LOG_KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psycopg

    from tests.tamper.world import World

STRANGER = PrivateKey.from_seed(b"\x66" * 32)
SALT = b"\x55" * 16


@dataclass
class Forger:
    """The entries as the forger wants them.

    Attributes:
        world: What he attacks.
        raws: The entries.
        at: The first one that he has changed.
        closed: Index, name, disclosure and data key of sealed values that he puts in place of the true ones.
    """

    world: World
    raws: list[bytes]
    at: int = 0
    closed: list[tuple[int, str, str, str]] = field(default_factory=list)

    @property
    def target(self) -> int:
        """The adoption of an agreement: signed by the secretary, with a sealed title."""
        return next(i for i, raw in enumerate(self.raws) if _said(raw)["type"] == "AgreementAdopted/1")

    @property
    def other(self) -> Secret:
        """A true key of the ledger, which had no business here."""
        return self.world.settled.town.chair.key

    def resign(self, index: int, key: Secret, recorded_at: str = "", **fields: Any) -> None:
        """Put another statement in an entry's place, signed with `key` as its signer."""
        raw = self.raws[index] if index < len(self.raws) else self.raws[-1]
        entry = Entry.parse(raw)
        statement = _said(raw) | {"signer": key.public.keyid} | fields
        payload = orjson.dumps(statement, option=orjson.OPT_SORT_KEYS)
        stamp = recorded_at or entry.recorded_at
        signed = entry_of(payload, statement["signer"], key.sign(pae(payload)), index, stamp)
        if index < len(self.raws):
            self.raws[index] = signed
            self.at = index
        else:
            self.raws.append(signed)
            self.at = len(self.raws) - 1

    def add(self, key: Secret = STRANGER, **fields: Any) -> None:
        """Put one more entry at the end, a microsecond later."""
        stamp = write_recorded(parse_recorded(Entry.parse(self.raws[-1]).recorded_at))
        stamp = stamp[:-7] + f"{(int(stamp[-7:-1]) + 1) % 1_000_000:06d}Z"
        new = fields or {"stream": "person/p-forjada", "version": 1, "data": {"person": "p-forjada"}}
        self.resign(len(self.raws), key, max(stamp, Entry.parse(self.raws[-1]).recorded_at), **new)

    def reseal(self, index: int, name: str, value: str, data_key: str, called: str = "") -> dict[str, str]:
        """Write another text for a sealed value; return what `sealed` is to say."""
        text = disclosure.make(called or name, value, SALT)
        self.closed.append((index, name, text, data_key))
        sealed = dict(_said(self.raws[index])["sealed"])
        del sealed[name]
        return sealed | {called or name: disclosure.digest(text)}

    def renumber(self) -> None:
        """Let every entry say the place where it stands."""
        for index, raw in enumerate(self.raws):
            entry = orjson.loads(raw)
            if entry["index"] != index:
                self.raws[index] = orjson.dumps(entry | {"index": index})

    def rebuild(self, connection: psycopg.Connection[Any]) -> Named:
        """Make the database agree with the forged entries."""
        for table in ("entries", "nodes", "streams", "founding", "simulated_clock"):
            connection.execute(f"DELETE FROM ledger.{table}".encode())
        connection.execute("UPDATE ledger.head SET size = 0, recorded_at = '-infinity'")
        connection.execute("SELECT ledger.recover(%s)", (self.raws,))
        connection.execute("DELETE FROM ledger.checkpoints WHERE size > %s", (self.at,))
        vault = self.world.settled.vault
        for index, name, text, data_key in self.closed:
            row = vault._close(data_key, disclosure.parse(text).name, disclosure.digest(text), text)
            connection.execute(
                "UPDATE ledger.disclosures SET digest = %s, name = %s, data_key = %s, nonce = %s, ciphertext = %s"
                " WHERE entry_index = %s AND name = %s",
                (row.digest, row.name, row.data_key, row.nonce, row.ciphertext, index, name),
            )
        return Named(frozenset([self.at]))


def _said(raw: bytes) -> dict[str, Any]:
    statement: dict[str, Any] = orjson.loads(Entry.parse(raw).act.statement.raw)
    return statement


# -- re-sign, column by column -----------------------------------------------------------------------------------


def forgeries(world: World, table: str, column: str) -> Iterator[Case]:
    """Give the cases of a column in which something is signed with another key."""
    for label, forge in FORGERIES[table, column].items():
        yield Case("re-sign", label, _applied(world, forge, table, column))


def _applied(world: World, forge: Any, table: str, column: str) -> Callable[[psycopg.Connection[Any]], Named]:
    def apply(connection: psycopg.Connection[Any]) -> Named:
        if table == "checkpoints":
            return _forge_checkpoint(connection, forge)
        forger = Forger(world, [row["state"] for row in rows_of(connection, "entries", "notification_id")])
        forge(forger)
        named = forger.rebuild(connection)
        if column == "one":
            connection.execute(f"ALTER TABLE ledger.{table} DROP CONSTRAINT IF EXISTS {table}_one_check".encode())
            connection.execute(f"UPDATE ledger.{table} SET one = false".encode())
        return named

    return apply


def _by_other(forger: Forger) -> None:
    forger.resign(forger.target, forger.other)


def _by_stranger(forger: Forger) -> None:
    forger.resign(forger.target, STRANGER)


def _signature_only(forger: Forger) -> None:
    index = forger.target
    signer = _said(forger.raws[index])["signer"]
    forger.resign(index, forger.other, signer=signer)


def _moved_stream(forger: Forger) -> None:
    forger.resign(forger.target, forger.other, stream="agreement/hcd/2099/1")


def _raised_version(forger: Forger) -> None:
    forger.resign(forger.target, forger.other, version=2)


def _other_type(forger: Forger) -> None:
    forger.resign(forger.target, forger.other, type="AgreementAnnulled/1")


def _exchanged(forger: Forger) -> None:
    index = forger.target
    forger.resign(index, forger.other)
    forger.raws[index], forger.raws[index + 1] = forger.raws[index + 1], forger.raws[index]
    forger.renumber()


def _added(forger: Forger) -> None:
    forger.add()


def _added_by_other(forger: Forger) -> None:
    forger.add(forger.other)


def _continued(forger: Forger) -> None:
    index = forger.target
    said, raw = _said(forger.raws[index]), Entry.parse(forger.raws[index]).act.statement.raw
    forger.add(STRANGER, stream=said["stream"], version=2, prev=sha256(raw).hexdigest())


def _founding(**fields: Any) -> Any:
    def forge(forger: Forger) -> None:
        data = _said(forger.raws[0])["data"] | fields.pop("data", {})
        forger.resign(0, forger.world.settled.town.keys("founder-2"), data=data, **fields)

    return forge


def _earlier_founding(forger: Forger) -> None:
    signed_at = _said(forger.raws[0])["signed_at"]
    forger.resign(0, STRANGER, occurred_at=f"2020{signed_at[4:]}", signed_at=f"2020{signed_at[4:]}")


def _other_text(forger: Forger) -> None:
    index, row = forger.target, _row(forger)
    forger.resign(index, forger.other, sealed=forger.reseal(index, "title", "Otro título", row))


def _other_name(forger: Forger) -> None:
    index, row = forger.target, _row(forger)
    forger.resign(index, forger.other, sealed=forger.reseal(index, "title", "Otro título", row, "heading"))


def _other_data_key(forger: Forger) -> None:
    index = forger.target
    other = forger.world.settled.vault.keys.current("person/p-hcd.estado-2")
    forger.resign(index, forger.other, sealed=forger.reseal(index, "title", "Otro título", other))


def _carried_on(forger: Forger) -> None:
    said = _said(forger.raws[forger.target])
    forger.add(STRANGER, stream="person/p-forjada", version=1, data={"person": "p-forjada"}, sealed=said["sealed"])


def _row(forger: Forger) -> str:
    rows = forger.world.settled.store.sealed_of(forger.target)
    return next(row.data_key for row in rows if row.name == "title")


# Checkpoints: another log key, under its own name or under the true one's.


def _forge_checkpoint(connection: psycopg.Connection[Any], how: str) -> Named:
    row = rows_of(connection, "checkpoints", "id")[-1]
    checkpoint = Checkpoint.parse(Note.parse(row["note"]).text)
    if how == "of another size":
        checkpoint = Checkpoint(checkpoint.origin, checkpoint.size - 1, checkpoint.root)
    signature = OTHER_LOG_KEY.sign(checkpoint.text)
    if how == "under the true key's name":
        signature = type(signature)(LOG_KEY.verifier.name, LOG_KEY.verifier.id, signature.value)
    note = Note(checkpoint.text, (signature,)).format().encode()
    if how == "one more":
        connection.execute(
            "INSERT INTO ledger.checkpoints (id, size, note) VALUES (%s, %s, %s)", (row["id"] + 1, row["size"], note)
        )
        return Named(frozenset(), (f"ledger.checkpoints {row['id'] + 1}",))
    connection.execute(
        "UPDATE ledger.checkpoints SET size = %s, note = %s WHERE id = %s", (checkpoint.size, note, row["id"])
    )
    return Named(frozenset(), (f"ledger.checkpoints {row['id']}",))


_TEXTS = {"another text, signed by another officer": _other_text}
FORGERIES: dict[tuple[str, str], dict[str, Any]] = {
    ("checkpoints", "id"): {"one more": "one more"},
    ("checkpoints", "size"): {"of another size": "of another size"},
    ("checkpoints", "note"): {
        "by another key": "by another key",
        "under the true key's name": "under the true key's name",
    },
    ("disclosures", "digest"): _TEXTS,
    ("disclosures", "entry_index"): {"the same value in a new act": _carried_on},
    ("disclosures", "name"): {"under another name": _other_name},
    ("disclosures", "data_key"): {"under another person's data key": _other_data_key},
    ("disclosures", "nonce"): _TEXTS,
    ("disclosures", "ciphertext"): _TEXTS,
    ("entries", "originator_id"): {"in another stream": _moved_stream},
    ("entries", "originator_version"): {"as another version": _raised_version},
    ("entries", "topic"): {"as another type": _other_type},
    ("entries", "state"): {
        "by another officer": _by_other,
        "by a stranger": _by_stranger,
        "another's signature under the signer's name": _signature_only,
    },
    ("entries", "notification_id"): {"two acts exchanged": _exchanged},
    ("founding", "one"): {"by the other founder": _founding()},
    ("founding", "origin"): {"of another ledger": _founding(ledger="otro.example/acervo")},
    ("founding", "statement_sha256"): {"by the other founder": _founding()},
    ("founding", "simulated"): {"as simulated": _founding(data={"clock": "simulated"})},
    ("head", "one"): {"one act more by a stranger": _added},
    ("head", "size"): {"one act more by a stranger": _added, "by another officer": _added_by_other},
    ("head", "recorded_at"): {"one act more by a stranger": _added},
    ("nodes", "level"): {"one act more by a stranger": _added},
    ("nodes", "idx"): {"one act more by a stranger": _added},
    ("nodes", "hash"): {"by another officer": _by_other},
    ("simulated_clock", "one"): {"by another key, years earlier": _earlier_founding},
    ("simulated_clock", "instant"): {"by another key, years earlier": _earlier_founding},
    ("streams", "stream"): {"in another stream": _moved_stream},
    ("streams", "version"): {"as another version": _raised_version},
    ("streams", "statement_sha256"): {"by another officer": _by_other},
    ("streams", "last_index"): {"one act more in the stream by a stranger": _continued},
}


# -- the other mutations of an entry, covered up -----------------------------------------------------------------


def covered(world: World) -> Iterator[Case]:
    """Give changes, exchanges, deletions and insertions of entries after which the database agrees with itself."""
    count = world.size

    def at(kind: str, label: str, forge: Callable[[Forger], None]) -> Case:
        return Case(kind, f"covered up: {label}", _applied(world, forge, "entries", "state"))

    for index in (0, count // 2, count - 1):
        for word, _ in changed(b"\0\0\0\0"):
            yield at("change", f"{word} of {index}", partial(_byte, index, word))
    for one, other in ((1, 2), (count // 2, count // 2 + 7), (count - 2, count - 1)):
        yield at("swap", f"{one} {other}", partial(_exchange, one, other))
    for kind, index in (("delete-middle", count // 2), ("delete-tail", count - 1)):
        yield at(kind, str(index), partial(_drop, index))
    for index in (1, count // 2, count):
        yield at("insert", f"a copy at {index}", partial(_copy, index))


def _byte(index: int, word: str, forger: Forger) -> None:
    forger.raws[index] = dict(changed(forger.raws[index]))[word]
    forger.at = index


def _exchange(one: int, other: int, forger: Forger) -> None:
    forger.raws[one], forger.raws[other] = forger.raws[other], forger.raws[one]
    forger.renumber()
    forger.at = one


def _drop(index: int, forger: Forger) -> None:
    del forger.raws[index]
    forger.renumber()
    forger.at = index


def _copy(index: int, forger: Forger) -> None:
    forger.raws.insert(index, forger.raws[index - 1])
    forger.renumber()
    forger.at = index
