"""What a statement, an envelope and an entry must look like, field by field (format.md §2, §3, §4, §6)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from ledger.crypto import disclosure
from ledger.crypto.dsse import PAYLOAD_TYPE, pae
from ledger.errors import UntrustedInputError
from ledger.ids import MAX_BASIS, MAX_ENTRY_BYTES, MAX_INTEGER, MAX_SEALED, MAX_STATEMENT_BYTES
from ledger.statement import Entry, SignedAct, Statement, sign
from tests.kit.signed import a_key, fields

WHEN = "2026-01-28T16:00:02.000003Z"
SALT = bytes(16)


def _refused(raw: bytes) -> str:
    with pytest.raises(UntrustedInputError) as refusal:
        Statement.parse(raw)
    return refusal.value.code


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _act(**changed: Any) -> SignedAct:
    return sign(Statement.compose(**fields(**changed)), a_key())


def test_a_statement_says_what_it_says() -> None:
    """A composed statement is the JCS of its fields, keeps its bytes, and knows their hash."""
    statement = Statement.compose(**fields())
    assert statement.raw == _json(fields())
    assert statement.sha256 == hashlib.sha256(statement.raw).hexdigest()
    assert {name: getattr(statement, name) for name in fields()} == fields()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("basis", []),
        ("basis", {"Vote": "b" * 64}),
        ("basis", {"vote/": "b" * 64}),
        ("basis", {"vote/" + "x" * 196: "b" * 64}),
        ("basis", {"vote/x": "B" * 64}),
        ("basis", {"vote/x": "b" * 63}),
        ("basis", {"vote/x": 1}),
        ("basis", {f"vote/{number}": "b" * 64 for number in range(MAX_BASIS + 1)}),
        ("ledger", "https://actas.idss.example"),
        ("ledger", "actas.example/a+b"),
        ("ledger", "actas.example/a b"),
        ("ledger", "a" * 121),
        ("ledger", ""),
        ("ledger", 1),
        ("office", "Designation/hcd"),
        ("office", "designation/hcd/" + "x" * 185),
        ("office", "designation//4"),
        ("office", "designation/hcd\nledger"),
        ("office", ["ledger"]),
        ("prev", "A" * 64),
        ("prev", "a" * 65),
        ("prev", {}),
        ("sealed", "x"),
        ("sealed", {"Reason": "A" * 43}),
        ("sealed", {"reason": "A" * 42}),
        ("sealed", {"reason": "A" * 42 + "B"}),
        ("sealed", {"reason": "A" * 43 + "="}),
        ("sealed", {"reason": True}),
        ("sealed", {"seat": "A" * 43}),
        ("sealed", {f"text/{number}": "A" * 43 for number in range(MAX_SEALED + 1)}),
        ("signer", "a" * 63),
        ("stream", "ballot/"),
        ("stream", "ballot/ñ"),
        ("stream", None),
        ("type", "ballotCast/1"),
        ("type", "BallotCast"),
        ("type", "BallotCast/0"),
        ("type", "BallotCast/01"),
        ("version", 0),
        ("version", -1),
        ("version", True),
        ("version", "1"),
        ("version", 1.5),
        ("version", MAX_INTEGER + 1),
        ("occurred_at", 1),
        ("signed_at", None),
    ],
    ids=lambda value: str(value)[:40],
)
def test_each_field_is_strict(name: str, value: Any) -> None:
    """A field of another form is refused by its own name, also when the rest is in order."""
    with pytest.raises(UntrustedInputError) as refusal:
        Statement.parse(_json(fields(**{name: value})))
    assert refusal.value.code == "bad-statement"
    assert name in refusal.value.detail


@pytest.mark.parametrize(
    "instant",
    [
        "2026-01-28T10:00:00Z",
        "2026-01-28T10:00:00.5-06:00",
        "2026-01-28 10:00:00-06:00",
        "2026-02-30T10:00:00-06:00",
        "0000-01-28T10:00:00-06:00",
        "2026-01-28T24:00:00-06:00",
        "2026-01-28T10:00:60-06:00",
        "2026-01-28T10:00:00-0600",
        "2026-01-28T10:00:00",
        "٢٠٢٦-01-28T10:00:00-06:00",
    ],
)
def test_instants_have_one_form(instant: str) -> None:
    """Instants are local time with offset, to the second, and exist in the calendar."""
    assert _refused(_json(fields(occurred_at=instant))) == "bad-instant"
    assert _refused(_json(fields(signed_at=instant))) == "bad-instant"


@pytest.mark.parametrize("data", [[], "x", {"Key": 1}, {"a": None}, {"a": 1.5}, {"a": 2**53}, {"a": {"b-c": 1}}])
def test_data_is_of_the_value_model(data: Any) -> None:
    """What the value model lacks is refused wherever it stands in `data`."""
    assert _refused(_json(fields(data=data))) == "not-canonical"


def test_data_may_be_as_deep_as_the_format_says() -> None:
    """Seven levels within the statement are admitted, eight are not."""
    data: dict[str, Any] = {}
    for _ in range(6):
        data = {"a": data}
    assert Statement.compose(**fields(data=data)).data == data
    assert _refused(_json(fields(data={"a": data}))) == "not-canonical"


def test_exactly_twelve_keys() -> None:
    """A key more or a key less, or no object at all, is no statement."""
    assert _refused(_json(fields(extra=1))) == "bad-statement"
    for name in fields():
        assert _refused(_json({key: value for key, value in fields().items() if key != name})) == "bad-statement"
    assert _refused(b"[]") == "bad-statement"
    assert _refused(b"1") == "bad-statement"


def test_free_text_cannot_hide_controls() -> None:
    """A forbidden character anywhere in a statement is refused."""
    assert _refused(_json(fields(data={"a": "\u202e"}))) == "forbidden-character"
    assert _refused(_json(fields(data={"a": "x"})).replace(b'"x"', b'"\\t"')) == "forbidden-character"


def test_the_largest_statement_fits_an_entry() -> None:
    """A statement of 44 KiB, signed as long as can be, makes an entry below the limit; one byte more does not."""
    room = MAX_STATEMENT_BYTES - len(Statement.compose(**fields(data={"a": ""})).raw)
    statement = Statement.compose(**fields(data={"a": "x" * room}))
    assert len(statement.raw) == MAX_STATEMENT_BYTES
    entry = Entry.compose(SignedAct(statement, bytes(512)), MAX_INTEGER, WHEN)
    assert len(entry.raw) <= MAX_ENTRY_BYTES
    assert _refused(_json(fields(data={"a": "x" * (room + 1)}))) == "too-large"


def test_composing_writes_nfc_and_only_what_can_be_read() -> None:
    """Composing puts strings into NFC and refuses what a parser would refuse, or cannot be JSON at all."""
    assert Statement.compose(**fields(data={"a": "n\u0303"})).data == {"a": "ñ"}
    for changed in ({"data": {"a": b"bytes"}}, {"version": 0}, {"data": {"a": "\ud800"}}, {"data": {"a": 1.5}}):
        with pytest.raises(UntrustedInputError):
            Statement.compose(**fields(**changed))


def test_the_signature_is_over_the_pae() -> None:
    """What is signed is DSSE's encoding of type and statement, by the statement's signer and nobody else."""
    act = _act()
    raw = act.statement.raw
    assert pae(raw) == f"DSSEv1 {len(PAYLOAD_TYPE)} {PAYLOAD_TYPE} {len(raw)} ".encode() + raw
    assert a_key().public.verify(act.signature, pae(raw))
    assert act.verify(a_key().public)
    assert not act.verify(a_key("p256").public)
    assert not SignedAct(act.statement, bytes(64)).verify(a_key().public)


def test_an_envelope_is_read_as_bytes_or_as_parsed() -> None:
    """An envelope is accepted as its JCS, or as what a surrounding document says, in any order of keys."""
    act = _act()
    parsed = json.loads(act.envelope())
    assert SignedAct.parse(act.envelope()) == SignedAct.parse(parsed) == act
    assert SignedAct.parse(dict(reversed(parsed.items())), {"reason": "x"}).disclosures == {"reason": "x"}


def test_an_envelope_has_one_signature_of_its_signer() -> None:
    """No, two, foreign, oversized or otherwise written signatures are refused, and so are other types and keys."""
    envelope = json.loads(_act().envelope())
    signature = envelope["signatures"][0]
    changes: tuple[dict[Any, Any], ...] = (
        {"signatures": []},
        {"signatures": [signature, signature]},
        {"signatures": [signature | {"keyid": "0" * 64}]},
        {"signatures": [signature | {"sig": ""}]},
        {"signatures": [signature | {"sig": "A" * 684 + "AA=="}]},
        {"signatures": [signature | {"sig": signature["sig"].rstrip("=")}]},
        {"signatures": [signature | {"x": 1}]},
        {"payloadType": "application/json"},
        {"payload": envelope["payload"] + "\n"},
        {"payload": ""},
        {"payload": None},
        {"more": 1},
        {1: 2},
    )
    for changed in changes:
        with pytest.raises(UntrustedInputError):
            SignedAct.parse(envelope | changed)
    with pytest.raises(UntrustedInputError):
        SignedAct.parse(_act().envelope() + b"\n")
    with pytest.raises(UntrustedInputError) as refusal:
        SignedAct.parse(b" " * (MAX_ENTRY_BYTES + 1))
    assert refusal.value.code == "too-large"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"index":7', b'"index":07'),
        (b'"index":7', b'"index":-7'),
        (b'"index":7', b'"index":7.0'),
        (b'"index":7', b'"index":9007199254740992'),
        (b'"index":7', b'"index":"7"'),
        (b'"index":7,', b""),
        (b"000003Z", b"00003Z"),
        (b"000003Z", b"000003+00:00"),
        (b"01-28T16:00:02", b"02-30T16:00:02"),
        (b'{"act"', b'{"Act"'),
        (b'{"act"', b'{"act" '),
        (b'"}', b'"} '),
        (b'"act"', b'"\xffct"'),
        (b'"recorded_at"', "\u00f1".encode()),
    ],
)
def test_an_entry_has_one_form(old: bytes, new: bytes) -> None:
    """Another spelling of index or instant, another order, a space: nothing but the database's own form is read."""
    raw = Entry.compose(_act(), 7, WHEN).raw
    assert old in raw
    with pytest.raises(UntrustedInputError):
        Entry.parse(raw.replace(old, new))


def test_an_entry_is_composed_as_it_is_read() -> None:
    """An index or instant that cannot be read is not composed."""
    for index, when in ((-1, WHEN), (MAX_INTEGER + 1, WHEN), (0, "now"), (0, "2026-01-28T16:00:02Z")):
        with pytest.raises(UntrustedInputError):
            Entry.compose(_act(), index, when)


def _disclosed(texts: dict[str, str], given: dict[Any, Any]) -> SignedAct:
    """Return an act that seals `texts` and comes with `given`."""
    act = _act(sealed={name: disclosure.digest(text) for name, text in texts.items()})
    return SignedAct(act.statement, act.signature, given)


def test_disclosures_are_all_there_and_nothing_else() -> None:
    """Each sealed name comes with the disclosure that it commits to; missing, foreign and swapped ones are refused."""
    reason, title = (disclosure.make(name, name, SALT) for name in ("reason", "title"))
    block = disclosure.make("block/1", "x", SALT)
    sealed = {"reason": reason, "title": title}
    _disclosed(sealed, sealed).check_disclosures()
    _disclosed({}, {}).check_disclosures()
    _disclosed(sealed, sealed | {"block/1": block}).check_disclosures(blocks=True)
    cases: list[tuple[str, dict[str, str], dict[Any, Any], bool]] = [
        ("disclosure-missing", sealed, {"reason": reason}, False),
        ("disclosure-unknown", sealed, sealed | {"other": reason}, False),
        ("disclosure-unknown", sealed, sealed | {"block/1": block}, False),
        ("disclosure-unknown", sealed, sealed | {"block/01": block}, True),
        ("disclosure-name", sealed, sealed | {"block/2": block}, True),
        ("disclosure-digest", sealed, {"reason": title, "title": reason}, False),
        ("disclosure-name", {"reason": title}, {"reason": title}, False),
        ("bad-disclosure", sealed, sealed | {"reason": "ñ"}, False),
        ("bad-disclosure", sealed, sealed | {"reason": 1}, False),
        ("bad-disclosure", sealed, sealed | {1: reason}, False),
        ("bad-base64url", {"reason": "+"}, {"reason": "+"}, False),
    ]
    for code, committed, given, blocks in cases:
        with pytest.raises(UntrustedInputError) as refusal:
            _disclosed(committed, given).check_disclosures(blocks=blocks)
        assert refusal.value.code == code
