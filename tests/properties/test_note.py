"""Notes, keys and checkpoints: what is accepted is exactly what would be written; nothing forged passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.crypto.b64 import decode_base64
from ledger.crypto.merkle import EMPTY_ROOT, MAX_TREE_SIZE
from ledger.crypto.note import (
    COSIGNATURE,
    MAX_NOTE_BYTES,
    MAX_SIGNATURES,
    Checkpoint,
    Note,
    Signature,
    Signer,
    Verifier,
    is_name,
    open_checkpoint,
    parse_size,
)
from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Callable

LOG = Signer("actas.example/acervo", b"\1" * 32)
WITNESS = Signer("witness.example/w1", b"\2" * 32, COSIGNATURE)
STRANGER = Signer("stranger.example", b"\3" * 32)
EMPTY = Checkpoint(LOG.verifier.name, 0, EMPTY_ROOT)
NAMES = st.text(min_size=1, max_size=20).filter(is_name)
LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30)
HASH = "A" * 43 + "="


@given(st.lists(LINES, min_size=1, max_size=5), st.lists(NAMES, min_size=1, max_size=4))
def test_notes_come_back(lines: list[str], names: list[str]) -> None:
    """What is written is read back the same, whatever the text, and each signature verifies."""
    text = "\n".join(lines) + "\n"
    signers = [Signer(name, bytes([i]) * 32) for i, name in enumerate(names)]
    raw = Note(text, tuple(s.sign(text) for s in signers)).format()
    note = Note.parse(raw.encode())
    assert (note.text, note.format()) == (text, raw)
    assert set(note.verify([s.verifier for s in signers])) == {s.verifier for s in signers}


@given(NAMES, st.binary(min_size=32, max_size=32), st.sampled_from([1, COSIGNATURE]))
def test_keys_come_back(name: str, seed: bytes, kind: int) -> None:
    """A vkey and an skey are read back the same."""
    signer = Signer(name, seed, kind)
    assert Verifier.parse(signer.verifier.vkey) == signer.verifier
    assert Signer.parse(signer.skey).skey == signer.skey
    assert Signer.parse(signer.skey).verifier == signer.verifier


def test_vkey_splits_at_the_first_two_plus_signs() -> None:
    """A key whose base64 holds + is read whole."""
    keys = (Signer("log.example", i.to_bytes(32, "big")).verifier for i in range(200))
    plus = [k for k in keys if k.vkey.count("+") > 2]
    assert plus
    assert all(Verifier.parse(k.vkey) == k for k in plus)


@given(st.integers(0, 10**9), st.binary(min_size=32, max_size=32), st.data())
def test_changed_checkpoint_never_verifies(size: int, root: bytes, data: st.DataObject) -> None:
    """One changed byte anywhere in a signed checkpoint: refused, never another checkpoint accepted."""
    raw = Checkpoint(LOG.verifier.name, size + 1, root).sign(LOG).encode()
    checkpoint, _ = open_checkpoint(raw, [LOG.verifier])
    assert checkpoint == Checkpoint(LOG.verifier.name, size + 1, root)
    at = data.draw(st.integers(0, len(raw) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b != raw[at]))
    with pytest.raises(UntrustedInputError):
        open_checkpoint(raw[:at] + bytes([byte]) + raw[at + 1 :], [LOG.verifier])


PARSERS = [Note.parse, Checkpoint.parse, Verifier.parse, Signer.parse, Signature.parse]


@given(st.one_of(st.text(max_size=200), st.binary(max_size=200).map(lambda b: b.decode("latin-1"))))
def test_noise_raises_one_family(text: str) -> None:
    """Whatever comes in, parsers raise UntrustedInputError and nothing else."""
    for parse in PARSERS:
        with pytest.raises(UntrustedInputError):
            parse(text)
    for lenient in (parse_size, decode_base64):
        try:
            assert str(lenient(text)) or text == ""
        except UntrustedInputError:
            continue
    with pytest.raises(UntrustedInputError):
        Note.parse(text.encode("utf-16"))


def test_unknown_signatures_are_ignored() -> None:
    """Signatures of unknown keys, also of a known name with another key, change nothing."""
    impostor = Signer(LOG.verifier.name, b"\7" * 32)
    _, signed = open_checkpoint(EMPTY.sign(STRANGER, impostor, LOG, WITNESS), [LOG.verifier])
    assert set(signed) == {LOG.verifier}


def test_known_signature_that_fails_rejects() -> None:
    """One bad signature of a known key rejects the note, though another known key's is good."""
    bad = Signature(WITNESS.verifier.name, WITNESS.verifier.id, b"\0" * 72)
    raw = Note(EMPTY.text, (LOG.sign(EMPTY.text), bad)).format()
    open_checkpoint(raw, [LOG.verifier])
    with pytest.raises(UntrustedInputError, match="note-signature-invalid"):
        open_checkpoint(raw, [LOG.verifier], [WITNESS.verifier])


@pytest.mark.parametrize(("signer", "trusted"), [(STRANGER, LOG), (STRANGER, STRANGER), (WITNESS, LOG), (LOG, WITNESS)])
def test_only_a_log_key_of_that_origin_counts(signer: Signer, trusted: Signer) -> None:
    """Neither a witness, a stranger, nor a trusted log of another name makes a checkpoint valid."""
    with pytest.raises(UntrustedInputError, match="checkpoint-not-signed"):
        open_checkpoint(EMPTY.sign(signer), [trusted.verifier], [WITNESS.verifier])


def test_cosignature_time() -> None:
    """A witness' time is under its signature; of several the earliest counts; 64-bit times are refused."""
    early, late = WITNESS.sign(EMPTY.text, 1_600_000_000), WITNESS.sign(EMPTY.text, 1_700_000_000)
    note = Note(EMPTY.text, (late, early))
    assert note.verify([WITNESS.verifier]) == {WITNESS.verifier: 1_600_000_000}
    moved = early.value[:8] + late.value[8:]
    for value in (moved, WITNESS.sign(EMPTY.text, 2**63).value, late.value[:-1], b"\0"):
        with pytest.raises(UntrustedInputError, match="note-signature-invalid"):
            WITNESS.verifier.check(EMPTY.text, value)


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw + "\n",
        lambda raw: raw[:-1],
        lambda raw: raw.replace("— ", "- "),
        lambda raw: raw.replace("\n\n", "\n"),
        lambda raw: raw.replace("\n", "\r\n"),
        lambda raw: raw.replace("=\n", "\n"),
        lambda raw: raw + "— a b\n",
        lambda raw: raw + "— a AAAA\n",
        lambda raw: raw + "—  AAAAAAAA\n",
        lambda raw: raw + "— a+b AAAAAAAA\n",
        lambda raw: raw.replace("\n\n", "\n\n\n"),
        lambda raw: raw + raw.rpartition("\n\n")[2] * MAX_SIGNATURES,
        lambda raw: "x" * MAX_NOTE_BYTES + raw,
        lambda raw: raw.replace("a", "\ud800"),
    ],
)
def test_other_forms_are_refused(change: Callable[[str], str]) -> None:
    """No other way of writing the same note is accepted."""
    raw = Checkpoint(LOG.verifier.name, 3, b"\6" * 32).sign(LOG)
    with pytest.raises(UntrustedInputError):
        open_checkpoint(change(raw), [LOG.verifier])


@pytest.mark.parametrize(
    "text",
    [
        f"o\n1\n{HASH}\nextension\n",
        f"o\n01\n{HASH}\n",
        f"o\n-1\n{HASH}\n",
        f"o\n+1\n{HASH}\n",
        f"o\n١\n{HASH}\n",
        f"o\n{MAX_TREE_SIZE + 1}\n{HASH}\n",
        f"o\n1\n{HASH[:-2]}B=\n",
        "o\n1\nAAAA\n",
        f"o\n1\n{HASH}",
        f"\n1\n{HASH}\n",
        f"o o\n1\n{HASH}\n",
        f"o\n0\n{HASH}\n",
    ],
)
def test_other_checkpoints_are_refused(text: str) -> None:
    """Extension lines, other numbers, a wrong hash, a missing newline and a false empty tree are refused."""
    with pytest.raises(UntrustedInputError):
        Checkpoint.parse(text)


@pytest.mark.parametrize(
    "vkey",
    [
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TV",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+AQ==",
        "PeterNeumann+c74f20a3",
        "",
    ],
)
def test_malformed_vkeys(vkey: str) -> None:
    """Keys of wrong length, unknown type, wrong ID or no name are refused (Go's own cases among them)."""
    with pytest.raises(UntrustedInputError):
        Verifier.parse(vkey)


def test_malformed_keys() -> None:
    """A seed or a key of wrong length and an skey with another key's ID are refused."""
    with pytest.raises(UntrustedInputError, match="skey-malformed"):
        Signer("log.example", b"short")
    with pytest.raises(UntrustedInputError, match="vkey-malformed"):
        Verifier("log.example", 1, b"short")
    with pytest.raises(UntrustedInputError, match="skey-malformed"):
        Signer.parse(LOG.skey.replace(LOG.verifier.id.hex(), "00000000"))
    assert Signer.generate("log.example").skey != Signer.generate("log.example").skey
