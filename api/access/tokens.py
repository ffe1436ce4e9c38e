"""Access tokens: a short statement, signed by a key of the ledger, that its holder asks to read.

    base64url(payload) "." base64url(signature)

The payload is canonical JSON of eight members. The signature is over its DSSE PAE under a payload type of its own
(format.md §4), so that no token can pass for an act, nor an act for a token. Times are of the machines' clocks, also
where the ledger goes by a simulated one: they say how old the token is, not what stands in the ledger.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ledger.clock import MEXICO_CITY, utc_now
from ledger.crypto import canonical
from ledger.crypto.disclosure import decode_base64url, encode_base64url
from ledger.crypto.dsse import MAX_SIGNATURE_BYTES, pae_of
from ledger.errors import UntrustedInputError
from ledger.ids import SHA256_HEX, parse_written, write_instant

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.compose import Officer
    from ledger.crypto.keys import PublicKey

PAYLOAD_TYPE = "application/vnd.acervo.access.v1+json"
MAX_LIFE = timedelta(minutes=5)
MAX_AHEAD = timedelta(minutes=1)
MAX_TOKEN_CHARS = 3_000
MAX_PAYLOAD_BYTES = 1_500
_JTI = re.compile(r"[A-Za-z0-9_-]{16,128}")
_SCOPE = re.compile(r"/[A-Za-z0-9._~/-]{1,300}")
_OFFICE = re.compile(r"ledger|(?:key|designation)(?:/[a-z0-9][a-z0-9._-]*){1,3}")


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says, before anybody has looked whether it is true.

    Attributes:
        audience: Origin of the ledger that it is for.
        expires_at, issued_at: Not more than five minutes apart.
        jti: Never used before; of a token that opens a session, the server's challenge.
        office: In which its holder asks, as statements name it (format.md §5).
        scope: The path, or the beginning of the paths, that it is good for.
        signer: Key id, lower-case hex.
        payload, signature: What is signed, and by which signature.
    """

    audience: str
    expires_at: datetime
    issued_at: datetime
    jti: str
    office: str
    scope: str
    signer: str
    payload: bytes
    signature: bytes

    def covers(self, path: str) -> bool:
        """Tell whether a path is the scope or lies below it."""
        return path == self.scope or path.startswith(self.scope.rstrip("/") + "/")

    def timely(self, now: datetime) -> bool:
        """Tell whether it is of the present: not expired, not of the future, not made to last."""
        short = timedelta(0) < self.expires_at - self.issued_at <= MAX_LIFE
        return short and self.issued_at - MAX_AHEAD <= now < self.expires_at

    def signed_by(self, key: PublicKey) -> bool:
        """Tell whether the signature is that key's."""
        return key.verify(self.signature, pae_of(PAYLOAD_TYPE, self.payload))


def compose(officer: Officer, audience: str, scope: str, *, jti: str | None = None, life: timedelta = MAX_LIFE) -> str:
    """Return a token that an officer signs now.

    Args:
        officer: Key and office.
        audience: The ledger's origin.
        scope: Path, e.g. `/api/v1/acts/57/disclosures`.
        jti: The challenge, of a token that is to open a session; random where absent.
        life: At most five minutes.
    """
    now = utc_now().astimezone(MEXICO_CITY).replace(microsecond=0)
    payload = canonical.dumps(
        {
            "audience": audience,
            "expires_at": write_instant(now + life),
            "issued_at": write_instant(now),
            "jti": jti or secrets.token_urlsafe(18),
            "office": officer.office,
            "scope": scope,
            "signer": officer.key.public.keyid,
            "use": "read",
        }
    )
    signature = officer.key.sign(pae_of(PAYLOAD_TYPE, payload))
    return f"{encode_base64url(payload)}.{encode_base64url(signature)}"


def parse(text: str) -> Token:
    """Read a token strictly; nothing of it is believed yet.

    Raises:
        UntrustedInputError: "bad-token", or what canonical JSON, base64url and instants refuse.
    """
    head, dot, tail = text.partition(".")
    if len(text) > MAX_TOKEN_CHARS or not dot:
        raise UntrustedInputError("bad-token")
    payload, signature = decode_base64url(head), decode_base64url(tail)
    value = canonical.loads(payload, MAX_PAYLOAD_BYTES)
    if not 1 <= len(signature) <= MAX_SIGNATURE_BYTES or not _well_formed(value):
        raise UntrustedInputError("bad-token")
    return Token(
        audience=value["audience"],
        expires_at=parse_written(value["expires_at"]),
        issued_at=parse_written(value["issued_at"]),
        jti=value["jti"],
        office=value["office"],
        scope=value["scope"],
        signer=value["signer"],
        payload=payload,
        signature=signature,
    )


_FORMS = {"jti": _JTI, "office": _OFFICE, "scope": _SCOPE, "signer": SHA256_HEX, "use": re.compile("read")}
_MEMBERS = {"audience", "expires_at", "issued_at", *_FORMS}


def _well_formed(value: Any) -> bool:
    if not isinstance(value, dict) or value.keys() != _MEMBERS or not all(isinstance(v, str) for v in value.values()):
        return False
    return all(form.fullmatch(value[name]) for name, form in _FORMS.items())
