"""What the log's key signs besides checkpoints: that files of a hash were exported from this log.

A signed note (C2SP) of three lines: `acervo/export/v1`, the origin, the SHA-256 in lower-case hex of SHA256SUMS. The
third line of a checkpoint is base64 of 32 bytes, which no such hash is, so neither can be taken for the other. The
signer writes the text itself; whoever asks gives a hash and nothing else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ledger.crypto.note import Note
from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.crypto.note import Verifier

HEADING = "acervo/export/v1"
_DIGEST = re.compile(r"[0-9a-f]{64}")


def attestation_text(origin: str, digest: str) -> str:
    """Return the text that is signed.

    Raises:
        UntrustedInputError: "attestation-malformed" for what is no SHA-256 in hex.
    """
    if not _DIGEST.fullmatch(digest):
        raise UntrustedInputError("attestation-malformed", digest[:70])
    return f"{HEADING}\n{origin}\n{digest}\n"


def check_attestation(raw: bytes | str, keys: Sequence[Verifier], digest: str) -> Verifier:
    """Return the log's key that attests files of this hash.

    Args:
        raw: The note.
        keys: Of logs that are trusted; each key's name is that log's origin.
        digest: The hash of the file SHA256SUMS, computed by whoever asks.

    Raises:
        UntrustedInputError: "note-malformed", "note-signature-invalid", "attestation-differs" where it speaks of other
            files, or no trusted key signed it.
    """
    note = Note.parse(raw)
    for key in note.verify(keys):
        if note.text == attestation_text(key.name, digest):
            return key
    raise UntrustedInputError("attestation-differs", digest)
