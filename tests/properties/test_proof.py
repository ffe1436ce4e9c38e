"""Proofs, receipts, tiles and policies: strict to read, and nothing that was changed verifies."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.crypto.merkle import MAX_TREE_SIZE, leaf_hash
from ledger.crypto.note import COSIGNATURE, Note, Signer
from ledger.errors import UntrustedInputError
from ledger.log.errors import LogDamagedError
from ledger.log.policy import Group, Policy, Witness
from ledger.log.proof import Proof
from ledger.log.tiles import ENTRIES, TILE_WIDTH, Tile, build, pack_bundle, parse_bundle, tiles_of
from ledger.receipts import Receipt, make_receipts
from tests.kit.log import LOG_KEY, WITNESS_KEY, MemoryLog

LOG = MemoryLog(b"entry %d" % i for i in range(300))
NOTES = {size: LOG.checkpoint(size) for size in (1, 2, 255, 256, 257, 300)}
KEYS = [LOG_KEY.verifier]


@given(st.sampled_from(sorted(NOTES)), st.data())
def test_receipts_come_back_and_verify(size: int, data: st.DataObject) -> None:
    """Each entry's receipt is read back the same, verifies, and its proof verifies for nothing but its leaf."""
    indexes = data.draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=5, unique=True))
    receipts = make_receipts({i: LOG.rows[i] for i in indexes}, NOTES[size], LOG)
    assert [r.index for r in receipts] == indexes
    for receipt in receipts:
        text = receipt.format()
        assert Receipt.parse(text) == receipt
        checkpoint, signed = receipt.verify(KEYS)
        assert (checkpoint.size, signed) == (size, {LOG_KEY.verifier: None})
        with pytest.raises(UntrustedInputError):
            Proof.parse(text).verify(leaf_hash(receipt.entry + b"x"), KEYS)


@given(st.integers(0, 299), st.data())
@settings(max_examples=400)
def test_changed_receipt_never_verifies(index: int, data: st.DataObject) -> None:
    """A receipt with any one byte changed, left out or added is refused."""
    raw = make_receipts({index: LOG.rows[index]}, NOTES[300], LOG)[0].format().encode()
    at = data.draw(st.integers(0, len(raw) - 1))
    byte = bytes([data.draw(st.integers(0, 255).filter(lambda b: b != raw[at]))])
    for changed in (raw[:at] + byte + raw[at + 1 :], raw[:at] + raw[at + 1 :], raw[:at] + byte + raw[at:]):
        with pytest.raises(UntrustedInputError):
            _verify(changed)


def _verify(raw: bytes) -> None:
    Receipt.parse(raw.decode("utf-8", "replace")).verify(KEYS)


def test_receipt_of_a_tampered_log_never_leaves() -> None:
    """Where the stored nodes are not those that were signed, no receipt is made: also with a node missing."""
    for coord in ((0, 7), (3, 1), (8, 0)):
        log = LOG.copy()
        log.tree[coord] = b"\0" * 32
        with pytest.raises(LogDamagedError, match="root-differs"):
            make_receipts({6 if coord[0] < 8 else 299: LOG.rows[6 if coord[0] < 8 else 299]}, NOTES[300], log)
    log = LOG.copy()
    del log.tree[0, 7]
    with pytest.raises(LogDamagedError, match="node-missing"):
        make_receipts({6: LOG.rows[6]}, NOTES[300], log)
    with pytest.raises(LogDamagedError, match="root-differs"):
        make_receipts({6: b"another entry"}, NOTES[300], LOG)


def test_other_forms_of_proofs_are_refused() -> None:
    """No other way of writing a proof is accepted, nor a proof of an index beyond its checkpoint's tree."""
    good = make_receipts({3: LOG.rows[3]}, NOTES[300], LOG)[0].format()
    for bad in (
        good.replace("@v1", "@v2"),
        good.replace("index 3", "index 03"),
        good.replace("index 3", "index 300"),
        good.replace("index 3\n", ""),
        good.replace("index 3\n", "index 3\n" + "A" * 43 + "=\n" * 64),
        good.replace("index 3\n", "index 3\n" + ("A" * 43 + "=\n") * 64),
        good.replace("extra ", "extra  "),
        good.replace("\n\n", "\n", 1),
        good + "\n",
        "",
    ):
        with pytest.raises(UntrustedInputError):
            Proof.parse(bad)
    with pytest.raises(UntrustedInputError, match="receipt-without-entry"):
        Receipt.parse("\n".join(line for line in good.split("\n") if not line.startswith("extra")))
    large = Proof(0, (), NOTES[1], b"x" * 65_536).format()
    with pytest.raises(UntrustedInputError, match="proof-malformed"):
        Proof.parse(large)


@given(st.integers(-1, 6), st.integers(0, 2**45 - 1), st.integers(1, 256))
def test_tile_names_come_back(level: int, n: int, width: int) -> None:
    """A tile's name is read back the same, and refused where no tree is large enough."""
    tile = Tile(level, n, width)
    if tile.exists(MAX_TREE_SIZE):
        assert Tile.parse(tile.path) == tile
    else:
        with pytest.raises(UntrustedInputError):
            Tile.parse(tile.path)


def test_tile_names_of_the_specification() -> None:
    """The example of c2sp.org/tlog-tiles, and names that mean no tile."""
    assert Tile(ENTRIES, 1_234_067).path == "tile/entries/x001/x234/067"
    assert Tile(0, 0, 15).path == "tile/0/000.p/15"
    for bad in (
        "tile/0/x000/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/015",
        "tile/7/000",
        "tile/00/000",
        "tile/0/0",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/-1/000",
        "/tile/0/000",
        "tile/0/000/",
        "tile/entries/../000",
        "tile/0/٠٠٠",
        "tile/0/" + "x001/" * 20 + "001",
    ):
        with pytest.raises(UntrustedInputError, match="tile-path-malformed"):
            Tile.parse(bad)


@given(st.integers(0, 70_000), st.data())
def test_tiles_of_a_size_hold_the_whole_tree(size: int, data: st.DataObject) -> None:
    """The tiles of a size exist in it, cover every entry once, and are the old whole ones plus those since."""
    tiles = list(tiles_of(size))
    assert all(t.exists(size) and t.width > 0 for t in tiles)
    for level in range(-1, 3):
        widths = [t.width for t in tiles if t.level == level]
        assert sum(widths) == size >> (0 if level == ENTRIES else 8 * level)
        assert all(w == TILE_WIDTH for w in widths[:-1])
    old = data.draw(st.integers(0, size))
    whole = {t for t in tiles_of(old) if t.width == TILE_WIDTH}
    assert set(tiles) == set(tiles_of(size, since=old)) | whole
    assert not whole & set(tiles_of(size, since=old))


@given(st.lists(st.binary(max_size=80), max_size=256))
def test_bundles_come_back(entries: list[bytes]) -> None:
    """A bundle is read back the same, and refused with one byte more or less or another count."""
    raw = pack_bundle(entries)
    assert parse_bundle(raw, len(entries)) == entries
    for bad, width in ((raw + b"\0", len(entries)), (raw[:-1], len(entries)), (raw, len(entries) + 1)):
        if bad != raw or width > len(entries):
            with pytest.raises(UntrustedInputError, match="bundle-malformed"):
                parse_bundle(bad, width)


def test_what_cannot_be_built() -> None:
    """Too large bundles are the caller's error; a missing entry or node stops the building of its tile."""
    with pytest.raises(ValueError, match="at most 256"):
        pack_bundle([b""] * 257)
    with pytest.raises(ValueError, match="65535"):
        pack_bundle([b"x" * 65_536])
    log = LOG.copy()
    del log.tree[0, 4]
    with pytest.raises(LogDamagedError, match="node-missing"):
        build(Tile(0, 0), log)
    with pytest.raises(LogDamagedError, match="entry-missing"):
        build(Tile(ENTRIES, 1), log)


def _witnesses(count: int) -> list[Signer]:
    return [Signer(f"w{i}.example", bytes([50 + i]) * 32, COSIGNATURE) for i in range(count)]


def test_policy_of_the_specification() -> None:
    """The nested groups of c2sp.org/tlog-policy's example count as they should; the file is read back the same."""
    w = _witnesses(6)
    text = "# a policy\n\n" + f"\tlog  {LOG_KEY.verifier.vkey} https://log.example/\n"
    text += "".join(f"witness {'XY'[i // 3]}{i % 3} {s.verifier.vkey}\n" for i, s in enumerate(w))
    text += "group X 2 X0 X1 X2\ngroup Y any Y0 Y1 Y2\ngroup both all X Y\nquorum both\n"
    policy = Policy.parse(text.encode())
    assert Policy.parse(policy.format()) == policy
    assert policy.log_keys == KEYS
    for members, enough in (((0, 1, 3), True), ((0, 3, 4), False), ((0, 1, 2), False), ((0, 1, 2, 5), True)):
        note = LOG.checkpoint(300, LOG_KEY, *(w[i] for i in members))
        checkpoint, signed = policy.open(note)
        assert checkpoint.size == 300
        assert policy.satisfied(signed) is enough


def test_policy_without_witnesses() -> None:
    """A policy made for one log asks for no witness and is written in two lines."""
    policy = Policy.of(LOG_KEY.verifier)
    assert policy.format() == f"log {LOG_KEY.verifier.vkey}\nquorum none\n"
    assert Policy.parse(policy.format()) == policy
    assert policy.satisfied([])
    one = Policy((), (Witness("w", WITNESS_KEY.verifier),), (Group("g", 1, ("w",)),), "g")
    assert not one.satisfied(KEYS)
    assert one.satisfied(Note.parse(LOG.checkpoint(1, WITNESS_KEY)).verify(one.witness_keys))


L, W, V = LOG_KEY.verifier.vkey, WITNESS_KEY.verifier.vkey, _witnesses(1)[0].verifier.vkey


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"log {L}\n",
        f"log {L}\nquorum none",
        f"log {L}\nlog {L}\nquorum none\n",
        f"log {W}\nquorum none\n",
        f"witness w {L}\nquorum w\n",
        f"witness w {W}\nwitness v {W}\nquorum w\n",
        f"witness none {W}\nquorum none\n",
        f"witness w {W}\nwitness w {V}\nquorum w\n",
        f"witness w {W}\ngroup g 2 w\nquorum g\n",
        f"witness w {W}\ngroup g 0 w\nquorum g\n",
        f"witness w {W}\ngroup g 01 w\nquorum g\n",
        f"witness w {W}\ngroup g ² w\nquorum g\n",
        f"witness w {W}\ngroup g all w w\nquorum g\n",
        f"witness w {W}\ngroup g all none\nquorum g\n",
        f"witness w {W}\ngroup g all h\ngroup h all w\nquorum g\n",
        f"witness w {W}\ngroup g all w\ngroup h all w\nquorum g\n",
        f"group g all\nwitness w {W}\nquorum w\n",
        f"quorum w\nwitness w {W}\n",
        "quorum none\nquorum none\n",
        f"log {L} u v\nquorum none\n",
        "quorum none\r\n",
        "quorum\x7fnone\n",
        "watch me\nquorum none\n",
        "# " + "x" * 70_000 + "\nquorum none\n",
    ],
)
def test_other_policies_are_refused(text: str) -> None:
    """Doubled keys or names, members not yet defined, impossible thresholds, other kinds of keys are refused."""
    with pytest.raises(UntrustedInputError):
        Policy.parse(text)


def test_policy_is_text() -> None:
    """Bytes that are not UTF-8 are refused as everything else from outside."""
    with pytest.raises(UntrustedInputError, match="policy-malformed"):
        Policy.parse(b"# \xff\nquorum none\n")
