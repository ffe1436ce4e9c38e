"""DSSE v1: what a signature is over, and the envelope that carries it (format.md §4)."""

from __future__ import annotations

import re

from ledger.crypto.b64 import decode_base64, encode_base64
from ledger.errors import UntrustedInputError

__all__ = ["ENVELOPE", "MAX_SIGNATURE_BYTES", "PAYLOAD_TYPE", "pae", "pae_of", "read_envelope", "write_envelope"]

PAYLOAD_TYPE = "application/vnd.acervo.act.v1+json"
MAX_SIGNATURE_BYTES = 512
"""The longest: RSA with 4096 bits."""

# The envelope in JCS order. Between the quotes stands what `decode_base64` refuses unless it is canonical base64, so
# that what matches and is read would be written again as the same bytes.
ENVELOPE = (
    r'\{"payload":"(?P<payload>[^"]*)","payloadType":"'
    + re.escape(PAYLOAD_TYPE)
    + r'","signatures":\[\{"keyid":"(?P<keyid>[0-9a-f]{64})","sig":"(?P<sig>[^"]*)"\}\]\}'
)
_HEAD = b"DSSEv1 %d %s " % (len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode())


def pae(payload: bytes) -> bytes:
    """Return PAE(PAYLOAD_TYPE, payload)."""
    return b"%s%d %s" % (_HEAD, len(payload), payload)


def pae_of(payload_type: str, payload: bytes) -> bytes:
    """Return PAE(payload_type, payload), for what is signed and is no act: nobody can take the one for the other."""
    return b"DSSEv1 %d %s %d %s" % (len(payload_type), payload_type.encode(), len(payload), payload)


def write_envelope(payload: bytes, keyid: str, signature: bytes) -> str:
    """Write the envelope as JCS.

    Args:
        payload: The statement's bytes.
        keyid: The signer's, lower-case hex.
        signature: Over `pae(payload)`.
    """
    return (
        f'{{"payload":"{encode_base64(payload)}","payloadType":"{PAYLOAD_TYPE}",'
        f'"signatures":[{{"keyid":"{keyid}","sig":"{encode_base64(signature)}"}}]}}'
    )


def read_envelope(match: re.Match[str]) -> tuple[bytes, str, bytes]:
    """Return (payload, keyid, signature) of what matched `ENVELOPE`, alone or within an entry.

    Raises:
        UntrustedInputError: "base64-malformed", or "bad-envelope" for a signature of impossible length.
    """
    payload, keyid, signature = match["payload"], match["keyid"], decode_base64(match["sig"])
    if not 1 <= len(signature) <= MAX_SIGNATURE_BYTES:
        raise UntrustedInputError("bad-envelope", f"a signature of {len(signature)} bytes")
    return decode_base64(payload), keyid, signature
