"""Signed notes, their keys and checkpoints (format §7; c2sp.org/signed-note, -checkpoint, -cosignature).

A note is a text that ends in a newline, a blank line, and lines ``— name base64(keyID[4] ‖ signature)``.
A key is known by the pair (name, key ID). Signatures of unknown pairs are ignored, so that new ones may be
added; a known pair whose signature fails rejects the whole note. Whatever is parsed here is written again and
must give the same bytes.

Signature types: 0x01, Ed25519 over the text, for logs; 0x04, a witness' timestamped cosignature.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.crypto.b64 import decode_base64, encode_base64
from ledger.crypto.merkle import EMPTY_ROOT, HASH_SIZE, MAX_TREE_SIZE
from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ED25519 = 0x01
"""Signature type of logs: Ed25519 over the note text."""
COSIGNATURE = 0x04
"""Signature type of witnesses: ``u64be time ‖ Ed25519`` over ``cosignature/v1\\ntime <n>\\n`` ‖ note text."""

MAX_NOTE_BYTES = 512 * 1024
MAX_SIGNATURES = 100
MAX_NAME_BYTES = 255
MAX_VKEY_BYTES = 4096
MAX_TIME = 2**63 - 1
"""Largest time of a cosignature, seconds since 1970; 0 says that the witness vouches for no time."""
_DASH = "\N{EM DASH} "
_ASCII_NAME = re.compile(rf"[\x21-\x2a\x2c-\x7f]{{1,{MAX_NAME_BYTES}}}")
"""What `is_name` says of ASCII, at once: two notes are read for each receipt, by the server and by the client."""
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


def is_name(text: str) -> bool:
    """Say whether a text may name a key: not empty, no space of any kind, no ``+``, no control characters."""
    if text.isascii():
        return _ASCII_NAME.fullmatch(text) is not None
    return (
        0 < len(text.encode("utf-8", "surrogatepass")) <= MAX_NAME_BYTES
        and "+" not in text
        and not any(c.isspace() or ord(c) < 0x20 or 0xD800 <= ord(c) <= 0xDFFF for c in text)
    )


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """Return the four-byte key ID: SHA-256(name ‖ 0x0A ‖ type ‖ public key)[:4]."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def _cosigned(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: ``— name base64(key ID ‖ value)``.

    Attributes:
        name: The key's name.
        id: Its key ID, 4 bytes.
        value: What follows the key ID; its form depends on the key's type.
    """

    name: str
    id: bytes
    value: bytes

    def line(self) -> str:
        """Write the line with its newline."""
        return f"{_DASH}{self.name} {encode_base64(self.id + self.value)}\n"

    @classmethod
    def parse(cls, line: str) -> Signature:
        """Read a line without its newline.

        Raises:
            UntrustedInputError: ``note-malformed`` or ``base64-malformed``.
        """
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or not is_name(name):
            raise UntrustedInputError("note-malformed", "a signature line is not «— name base64»")
        raw = decode_base64(encoded)
        if len(raw) < 5:
            raise UntrustedInputError("note-malformed", "a signature is too short to have a key ID")
        return cls(name, raw[:4], raw[4:])


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key that may sign notes, written ``name+hex8(key ID)+base64(type ‖ key)``.

    Attributes:
        name: Name of the log or witness.
        kind: Signature type, ``ED25519`` or ``COSIGNATURE``.
        public: Raw Ed25519 public key, 32 bytes.
    """

    name: str
    kind: int
    public: bytes

    def __post_init__(self) -> None:
        """Refuse what no vkey can say.

        Raises:
            UntrustedInputError: ``vkey-malformed``, or ``vkey-unknown-type`` for a type not implemented.
        """
        if not is_name(self.name) or not self.public:
            raise UntrustedInputError("vkey-malformed", "a name without spaces or +, and a key")
        if self.kind not in (ED25519, COSIGNATURE):
            raise UntrustedInputError("vkey-unknown-type", f"signature type {self.kind:#04x}")
        if len(self.public) != 32:
            raise UntrustedInputError("vkey-malformed", "an Ed25519 key has 32 bytes")

    @property
    def id(self) -> bytes:
        """The four-byte key ID."""
        return key_id(self.name, self.kind, self.public)

    @property
    def vkey(self) -> str:
        """The key as a line of a policy."""
        return f"{self.name}+{self.id.hex()}+{encode_base64(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, vkey: str) -> Verifier:
        """Read a vkey, split at the first two ``+`` since base64 may hold more.

        Raises:
            UntrustedInputError: ``vkey-malformed``, ``vkey-unknown-type`` or ``base64-malformed``.
        """
        name, hex_id, encoded = (*vkey.split("+", 2), "", "")[:3]
        if len(vkey) > MAX_VKEY_BYTES or not encoded:
            raise UntrustedInputError("vkey-malformed", "not «name+id+key»")
        raw = decode_base64(encoded)
        verifier = cls(name, raw[0], raw[1:])
        if verifier.id.hex() != hex_id:
            raise UntrustedInputError("vkey-malformed", f"the key ID is {verifier.id.hex()}, not {hex_id[:8]}")
        return verifier

    def check(self, text: str, signature: bytes) -> int | None:
        """Verify a signature over a note's text.

        Args:
            text: The note's text with its final newline.
            signature: What the line holds after the key ID: 64 bytes for a log, 72 for a witness.

        Returns:
            The time of a cosignature in seconds since 1970, ``None`` for a log's signature.

        Raises:
            UntrustedInputError: ``note-signature-invalid``.
        """
        message, time = text.encode(), None
        if self.kind == COSIGNATURE:
            time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = _cosigned(text, time)
        if time is not None and time > MAX_TIME:
            raise UntrustedInputError("note-signature-invalid", "a time beyond 63 bits")
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature as error:
            raise UntrustedInputError("note-signature-invalid", f"{self.name}+{self.id.hex()}") from error
        return time


class Signer:
    """A private key that signs notes; in a file ``PRIVATE+KEY+name+hex8(key ID)+base64(type ‖ seed)``."""

    __slots__ = ("_key", "_seed", "verifier")

    def __init__(self, name: str, seed: bytes, kind: int = ED25519) -> None:
        if len(seed) != 32:
            raise UntrustedInputError("skey-malformed", "an Ed25519 seed has 32 bytes")
        self._seed = seed
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = Verifier(name, kind, self._key.public_key().public_bytes_raw())

    @classmethod
    def generate(cls, name: str, kind: int = ED25519) -> Signer:
        """Make a new key."""
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw(), kind)

    @classmethod
    def parse(cls, skey: str) -> Signer:
        """Read the file form, without a newline.

        Raises:
            UntrustedInputError: ``skey-malformed`` or ``vkey-…``; the message never holds key material.
        """
        parts = skey.split("+", 4)
        if len(skey) > MAX_VKEY_BYTES or len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:
            raise UntrustedInputError("skey-malformed", "not «PRIVATE+KEY+name+id+key»")
        raw = decode_base64(parts[4], 33)
        signer = cls(parts[2], raw[1:], raw[0])
        if signer.verifier.id.hex() != parts[3]:
            raise UntrustedInputError("skey-malformed", "the key ID does not fit")
        return signer

    @property
    def skey(self) -> str:
        """The file form. Secret: to be written with mode 0600 and nowhere else."""
        v = self.verifier
        return f"PRIVATE+KEY+{v.name}+{v.id.hex()}+{encode_base64(bytes([v.kind]) + self._seed)}"

    def sign(self, text: str, time: int = 0) -> Signature:
        """Sign a note's text.

        Args:
            text: The text with its final newline.
            time: Seconds since 1970, for a cosignature only.
        """
        if self.verifier.kind == COSIGNATURE:
            value = time.to_bytes(8, "big") + self._key.sign(_cosigned(text, time))
        else:
            value = self._key.sign(text.encode())
        return Signature(self.verifier.name, self.verifier.id, value)


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures under it, parsed but not yet verified.

    Attributes:
        text: The signed text with its final newline.
        signatures: At least one, at most ``MAX_SIGNATURES``.
    """

    text: str
    signatures: tuple[Signature, ...]

    def format(self) -> str:
        """Write the note."""
        return f"{self.text}\n{''.join(s.line() for s in self.signatures)}"

    @classmethod
    def parse(cls, raw: bytes | str) -> Note:
        """Read a note strictly.

        Raises:
            UntrustedInputError: ``note-malformed`` or ``base64-malformed``.
        """
        if len(raw) > MAX_NOTE_BYTES:
            raise UntrustedInputError("note-malformed", f"longer than {MAX_NOTE_BYTES} bytes")
        try:
            whole = raw if isinstance(raw, str) else raw.decode("utf-8")
            whole.encode("utf-8")
        except UnicodeError as error:
            raise UntrustedInputError("note-malformed", "not UTF-8") from error
        if _CONTROL.search(whole):
            raise UntrustedInputError("note-malformed", "a control character")
        body, blank, tail = whole.rpartition("\n\n")
        if not blank or not tail.endswith("\n"):
            raise UntrustedInputError("note-malformed", "no blank line with signatures after it")
        lines = tail[:-1].split("\n", MAX_SIGNATURES)
        if len(lines) > MAX_SIGNATURES:
            raise UntrustedInputError("note-malformed", f"more than {MAX_SIGNATURES} signatures")
        note = cls(body + "\n", tuple(Signature.parse(line) for line in lines))
        if note.format() != whole:  # pragma: no cover  each part was read strictly; this is the second lock
            raise UntrustedInputError("note-malformed", "not in the form in which it would be written")
        return note

    def verify(self, verifiers: Iterable[Verifier]) -> dict[Verifier, int | None]:
        """Check every signature of a known key and say who signed.

        Returns:
            Each verifier that signed, with the earliest time of its cosignatures (``None`` for a log). It may
            be empty: whether it is enough is for the caller's policy.

        Raises:
            UntrustedInputError: ``note-signature-invalid`` if one of a known key fails.
        """
        known = {(v.name, v.id): v for v in verifiers}
        signed: dict[Verifier, int | None] = {}
        for signature in self.signatures:
            verifier = known.get((signature.name, signature.id))
            if verifier is None:
                continue
            time = verifier.check(self.text, signature.value)
            before = signed.get(verifier)
            signed[verifier] = time if time is None or before is None else min(before, time)
        return signed


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log's tree of ``size`` leaves has as its root: three lines, origin, size, base64(root).

    Attributes:
        origin: The log's name.
        size: Leaves, at most ``MAX_TREE_SIZE``.
        root: 32 bytes.
    """

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text to be signed."""
        return f"{self.origin}\n{self.size}\n{encode_base64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read a checkpoint's text: three lines, none more.

        Raises:
            UntrustedInputError: ``checkpoint-malformed`` or ``base64-malformed``.
        """
        lines = text.split("\n", 4)
        if len(lines) != 4 or lines[3] or not is_name(lines[0]):
            raise UntrustedInputError("checkpoint-malformed", "not the three lines of origin, size and root")
        checkpoint = cls(lines[0], parse_size(lines[1]), decode_base64(lines[2], HASH_SIZE))
        if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
            raise UntrustedInputError("checkpoint-malformed", "the empty tree has another root")
        return checkpoint

    def sign(self, *signers: Signer) -> str:
        """Write the checkpoint as a note signed by these keys."""
        return Note(self.text, tuple(s.sign(self.text) for s in signers)).format()


def parse_size(text: str) -> int:
    """Read a size or index: decimal digits without leading zeros, at most ``MAX_TREE_SIZE``.

    Raises:
        UntrustedInputError: ``number-malformed``.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 16) or str(int(text)) != text:
        raise UntrustedInputError("number-malformed", text[:20])
    if int(text) > MAX_TREE_SIZE:
        raise UntrustedInputError("number-malformed", "larger than any tree")
    return int(text)


def open_checkpoint(
    raw: bytes | str, logs: Iterable[Verifier], witnesses: Iterable[Verifier] = ()
) -> tuple[Checkpoint, Mapping[Verifier, int | None]]:
    """Verify a signed checkpoint: at least one of the logs' keys has signed it, and its name is the origin.

    Args:
        raw: The note.
        logs: Keys of logs that are trusted; each key's name is that log's origin.
        witnesses: Keys whose cosignatures are checked and reported; how many are enough is for a policy.

    Returns:
        The checkpoint, and who signed it as in :meth:`Note.verify`.

    Raises:
        UntrustedInputError: ``checkpoint-not-signed`` where no trusted log signed, or what parsing raises.
    """
    note, trusted = Note.parse(raw), list(logs)
    checkpoint = Checkpoint.parse(note.text)
    signed = note.verify([*trusted, *witnesses])
    if not any(v in signed and v.name == checkpoint.origin for v in trusted):
        raise UntrustedInputError("checkpoint-not-signed", f"no trusted key of {checkpoint.origin} signed it")
    return checkpoint, signed
