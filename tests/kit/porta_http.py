"""The porta-firmas from afar: what a page asks and sends, with the key beside it."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from api.access.doorkeeper import COOKIE, SESSION_PATH
from api.access.tokens import compose
from ledger.clock import written_now
from ledger.crypto import cms
from ledger.crypto.revocation import Stapled
from ledger.ids import parse_written
from ledger.pdf.signing import open_signature

if TYPE_CHECKING:
    import httpx

    from api.system import System
    from tests.kit.efirma import Holder

ROUTES = ("waiting", "revocation", "openings", "signatures")
WAITING, REVOCATION, OPENINGS, SIGNATURES = (f"/api/v1/signing/{name}" for name in ROUTES)


class Browser:
    """What a page does, with the key beside it: a session, and signatures over what it was shown."""

    def __init__(self, http: httpx.Client, system: System, holder: Holder) -> None:
        self.http, self.holder = http, holder
        challenge = http.post("/api/v1/access/challenges").json()["challenge"]
        token = compose(holder.officer, system.ledger.origin, SESSION_PATH, jti=challenge)
        answer = http.post(SESSION_PATH, content=token)
        assert answer.status_code == 201, answer.text
        self.cookie = {"Cookie": f"{COOKIE}={answer.cookies[COOKIE]}"}
        self.csrf = {"Acervo-CSRF": answer.json()["csrf"]}
        http.cookies.clear()

    def get(self, path: str) -> httpx.Response:
        """Ask for something."""
        return self.http.get(path, headers=self.cookie)

    def paper(self, kind: str, key: str) -> bytes:
        """Return a paper's bytes as they are shown."""
        answer = self.get(f"/api/v1/signing/papers/{kind}/{key}.pdf")
        assert answer.status_code == 200, answer.text
        return answer.content

    def wish(self, kind: str, key: str, shown: bytes, at: str, **changes: str) -> dict[str, str]:
        """Return what is sent to have a paper opened."""
        certificate = base64.b64encode(self.holder.cer).decode()
        said = {"kind": kind, "key": key, "shown": sha256(shown).hexdigest(), "certificate": certificate, "at": at}
        return said | changes

    def revocation(self, der: bytes | None = None) -> httpx.Response:
        """Ask what authorities say of one's own certificate, or of another."""
        wish = {"certificate": base64.b64encode(der or self.holder.cer).decode()}
        return self.http.post(REVOCATION, json=wish, headers=self.cookie | self.csrf)

    def open(self, wish: dict[str, str]) -> httpx.Response:
        """Ask what is to be signed."""
        return self.http.post(OPENINGS, json=wish, headers=self.cookie | self.csrf)

    def close(self, wish: dict[str, Any], signature: bytes, **headers: str) -> httpx.Response:
        """Send a signature."""
        body = wish | {"signature": base64.b64encode(signature).decode()}
        return self.http.post(SIGNATURES, json=body, headers=self.cookie | (headers or self.csrf))

    def sign(self, kind: str, key: str) -> bytes:
        """Sign a paper; return the PDF."""
        return self.signed(kind, key).content

    def signed(self, kind: str, key: str) -> httpx.Response:
        """Sign a paper over the bytes that were shown, with the answers that came; the server must say the same."""
        shown, at = self.paper(kind, key), written_now()
        wish = self.wish(kind, key, shown, at)
        opened = self.open(wish)
        assert opened.status_code == 200, opened.text
        field = opened.json()["field"]
        digest = open_signature(shown, field, parse_written(at)).digest
        answers, lists = (tuple(map(base64.b64decode, opened.json()["stapled"][each])) for each in ("answers", "lists"))
        attributes = cms.attributes_of(digest, self.holder.cer, Stapled(answers, lists))
        assert base64.b64decode(opened.json()["attributes"]) == attributes
        stapled = {"stapled": opened.json()["stapled"]}
        answer = self.close(wish | stapled, self.holder.efirma.key.sign(attributes))
        assert answer.status_code == 201, answer.text
        return answer


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """Return status and code of a problem."""
    return answer.status_code, answer.json()["code"]
