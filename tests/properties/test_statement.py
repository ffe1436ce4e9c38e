"""Statements, envelopes and entries: what is accepted is what would be written; nothing else escapes a parser."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.crypto.keys import PrivateKey, PublicKey
from ledger.errors import UntrustedInputError
from ledger.ids import MAX_INTEGER
from ledger.statement import KEYS, Entry, SignedAct, Statement, sign
from tests.kit.jcs import reference
from tests.kit.signed import RECORDED, a_key, fields, statements, tampered

if TYPE_CHECKING:
    from ledger.crypto.keys import Algorithm

ALGORITHMS: tuple[Algorithm, ...] = ("ed25519", "p256", "rsa")
WHEN = "2026-01-28T16:00:02.000003Z"
STATEMENT = Statement.compose(**fields())
ACT = sign(STATEMENT, a_key())
ENTRY = Entry.compose(ACT, 7, WHEN)


def _written(statement: Statement) -> bytes:
    """Write a statement's fields with the second writer."""
    names = [name for name in Statement._fields if name not in {"raw", "sha256"}]
    return reference({name: getattr(statement, name) for name in names})


@cache
def _signature(algorithm: Algorithm) -> bytes:
    """One signature an algorithm: those of P-256 differ each time, and the length with them."""
    return a_key(algorithm).sign(STATEMENT.raw)


@given(statements())
def test_statements_come_back(statement: Statement) -> None:
    """Any statement that can be composed is JCS of its twelve fields and is read back the same."""
    assert Statement.parse(statement.raw) == statement
    assert _written(statement) == statement.raw


@given(statements(), st.integers(0, MAX_INTEGER), RECORDED)
def test_entries_come_back(statement: Statement, index: int, recorded_at: str) -> None:
    """Any signed statement makes an entry that is JCS and is read back the same."""
    act = SignedAct(statement, b"\1" * 64)
    entry = Entry.compose(act, index, recorded_at)
    assert Entry.parse(entry.raw) == entry
    assert (entry.index, entry.recorded_at, entry.act) == (index, recorded_at, act)
    assert reference(json.loads(entry.raw)) == entry.raw
    assert SignedAct.parse(act.envelope()) == SignedAct.parse(json.loads(entry.raw)["act"]) == act


@given(st.data())
def test_a_statement_read_would_be_written(data: st.DataObject) -> None:
    """A tampered statement is refused or is exactly what its fields are written as."""
    raw = data.draw(tampered(data.draw(statements()).raw))
    try:
        statement = Statement.parse(raw)
    except UntrustedInputError:
        return
    assert _written(statement) == raw


@given(tampered(ACT.envelope()))
def test_an_envelope_read_would_be_written(raw: bytes) -> None:
    """A tampered envelope is refused or is written again as it came; its signature then decides."""
    try:
        act = SignedAct.parse(raw)
    except UntrustedInputError:
        return
    assert act.envelope() == raw
    assert act.verify(a_key().public) == (raw == ACT.envelope())


@given(tampered(ENTRY.raw))
def test_an_entry_read_would_be_written(raw: bytes) -> None:
    """A tampered entry is refused or is written again as it came."""
    try:
        entry = Entry.parse(raw)
    except UntrustedInputError:
        return
    assert Entry.compose(entry.act, entry.index, entry.recorded_at).raw == raw


@given(st.binary(max_size=300))
def test_any_bytes_give_one_family_of_errors(raw: bytes) -> None:
    """Random bytes are refused by every parser as untrusted input, never with another exception."""
    for parse in (Statement.parse, SignedAct.parse, Entry.parse, PublicKey.from_spki, PrivateKey.from_pem):
        with pytest.raises(UntrustedInputError):
            parse(raw)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=5,
    )
)
def test_any_json_gives_one_family_of_errors(value: object) -> None:
    """A parsed JSON document in the place of an envelope is refused as untrusted input, whatever it is."""
    for document in (value, {"payload": value, "payloadType": value, "signatures": [value]}):
        if isinstance(document, dict):
            with pytest.raises(UntrustedInputError):
                SignedAct.parse(document)


@given(st.sampled_from(ALGORITHMS), st.data())
def test_mutated_signatures_never_verify(algorithm: Algorithm, data: st.DataObject) -> None:
    """No change of signature or message leaves a signature valid, whatever the algorithm."""
    public, signature = a_key(algorithm).public, _signature(algorithm)
    assert public.verify(signature, STATEMENT.raw)
    changed = data.draw(tampered(signature))
    assert public.verify(changed, STATEMENT.raw) == (changed == signature)
    other = data.draw(tampered(STATEMENT.raw))
    assert public.verify(signature, other) == (other == STATEMENT.raw)


@given(st.sampled_from(ALGORITHMS), st.data())
def test_an_spki_has_one_encoding(algorithm: Algorithm, data: st.DataObject) -> None:
    """A tampered SPKI is refused, or is another key whose bytes stand as they came."""
    valid = a_key(algorithm).public
    raw = data.draw(tampered(valid.spki))
    try:
        key = PublicKey.from_spki(raw)
    except UntrustedInputError:
        return
    assert key.spki == raw
    assert (key == valid) == (raw == valid.spki)
    assert len(raw) == len(valid.spki)


@given(st.sampled_from(ALGORITHMS), st.data())
def test_a_private_key_file_gives_one_family_of_errors(algorithm: Algorithm, data: st.DataObject) -> None:
    """A tampered key file is refused as untrusted input or read as some key, and never fails otherwise."""
    try:
        PrivateKey.from_pem(data.draw(tampered(a_key(algorithm).to_pem())))
    except UntrustedInputError as error:
        assert error.code == "bad-private-key"  # noqa: PT017  reading some key is right as well


def test_the_fields_stand_in_the_order_of_jcs() -> None:
    """What was read strictly is taken over in its order, without asking for names."""
    assert list(Statement._fields) == ["raw", *sorted(KEYS), "sha256"]
