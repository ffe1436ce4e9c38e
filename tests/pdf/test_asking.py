"""Asking authorities whether certificates are revoked: who answers, who is silent, what has room beside a signature."""

from __future__ import annotations

import time
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from cryptography import x509

from api.stamping import Heard, ask_authorities, room_beside
from ledger.crypto import stamp
from ledger.crypto.crl import MAX_LIST_BYTES
from ledger.crypto.revocation import Stapled
from ledger.crypto.x509 import Certificate
from ledger.errors import UntrustedInputError
from ledger.pdf.signing import RESERVED
from ledger.verify.paper import check_pdf
from ledger.verify.trust import Trust
from tests.kit.paper import BOXES, NOW, authority, prepared
from tests.kit.pki import intermediate, root
from tests.kit.tsa import a_tsa, answering

if TYPE_CHECKING:
    from pathlib import Path

ISSUING = authority()
ABOVE, BELOW = ISSUING.root, ISSUING.issuer
ISSUER = Certificate.parse(BELOW.der)
EARLIER = NOW - timedelta(minutes=30)
ROOM = 12_000


def test_authorities_are_asked() -> None:
    """OCSP first; where that is silent, the list; who answers neither is named; revoked ends it."""
    serial, state = 30001000000500000003, {"ocsp": True, "crl": True, "revoked": False}
    held: list[bytes] = []

    def answer(path: str, _body: bytes) -> bytes | None:
        if not state[path[1:]]:
            return None
        if path == "/ocsp":
            return BELOW.answer(held[0], EARLIER, revoked=state["revoked"])
        return BELOW.list_revoked([], EARLIER)

    with answering(answer) as url:
        held.append(ISSUING.issue("MARÍA", "p256", serial=serial, asked_at=url).certificate)
        chain = [Certificate.parse(held[0]), ISSUER]
        [heard] = ask_authorities(chain, NOW, room=ROOM)
        assert (len(heard.stapled.answers), len(heard.stapled.lists), heard.silent) == (1, 0, ())
        assert heard.stapled.good_at(chain[0], ISSUER, NOW) == heard.good_at == EARLIER
        state["ocsp"] = False
        [heard] = ask_authorities(chain, NOW, room=ROOM)
        assert (len(heard.stapled.answers), len(heard.stapled.lists), heard.silent) == (0, 1, ())
        state["crl"] = False
        assert ask_authorities(chain, NOW, room=ROOM) == [Heard(chain[0], silent=(f"{url}/ocsp", f"{url}/crl"))]
        state |= {"ocsp": True, "revoked": True}
        with pytest.raises(UntrustedInputError, match="certificate-revoked"):
            ask_authorities(chain, NOW, room=ROOM)
    unnamed = Certificate.parse(intermediate(root()).der)
    assert ask_authorities([unnamed, Certificate.parse(ABOVE.der)], NOW, room=ROOM) == [Heard(unnamed)]


def test_who_is_slow_is_not_waited_for_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that did not answer in time is silent for a minute without being asked, and asked again afterwards."""
    asked: list[str] = []
    monkeypatch.setattr("api.stamping._SLOW", slow := dict[str, float]())

    def late(path: str, _body: bytes) -> None:
        asked.append(path)
        time.sleep(0.5)

    with answering(late) as url:
        chain = [Certificate.parse(ISSUING.issue("MARÍA", "p256", asked_at=url).certificate), ISSUER]
        for _ in range(3):
            [heard] = ask_authorities(chain, NOW, room=ROOM, timeout_s=0.1)
            assert heard.silent == (f"{url}/ocsp", f"{url}/crl")
        assert asked == ["/ocsp", "/crl"]
        slow[f"{url}/ocsp"] -= 61
        ask_authorities(chain, NOW, room=ROOM, timeout_s=0.1)
        assert asked == ["/ocsp", "/crl", "/ocsp"]


def test_a_list_without_room_is_looked_at() -> None:
    """A list of 20 KiB is not stapled, nor a short one where the room is taken; whom either names is refused."""
    revoked = list(range(1_000, 2_000))
    with answering(lambda _, body: None if body else BELOW.list_revoked(revoked, EARLIER)) as url:
        who = ISSUING.issue("MARÍA", "p256", asked_at=url).certificate
        chain = [Certificate.parse(who), ISSUER]
        [heard] = ask_authorities(chain, NOW, room=RESERVED)
        assert (heard.stapled, heard.good_at, heard.silent) == (Stapled(), EARLIER, ())
        assert heard.too_long > MAX_LIST_BYTES
        del revoked[5:]
        [heard] = ask_authorities(chain, NOW, room=100)
        assert (bool(heard.stapled), 100 < heard.too_long < 1_000) == (False, True)
        revoked.append(chain[0].number)
        with pytest.raises(UntrustedInputError, match="certificate-revoked"):
            ask_authorities(chain, NOW, room=RESERVED)


def test_what_is_stapled_leaves_room(tmp_path: Path) -> None:
    """Filled with answers to the last byte, with RSA and a chain: the signature fits, with a stamp and without."""
    who, tsa = ISSUING.issue("MARÍA NÚÑEZ"), a_tsa(NOW, protects=True)
    for stamped in (False, True):
        room = room_beside([who.certificate, BELOW.der], stamped=stamped)
        unused = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), bytes(MAX_LIST_BYTES))
        spare = len(BELOW.list_revoked([], EARLIER, (unused, False))) - MAX_LIST_BYTES + 4
        filled = x509.UnrecognizedExtension(unused.oid, bytes(min(room, MAX_LIST_BYTES) - spare))
        stapled = Stapled((), (BELOW.list_revoked([], EARLIER, (filled, False)),))
        assert min(room, MAX_LIST_BYTES) - 8 <= stapled.size <= min(room, MAX_LIST_BYTES)

        def stamping(signature: bytes, wanted: bool = stamped) -> bytes | None:
            imprint = sha256(signature).digest()
            return stamp.accept(tsa.reply(stamp.request(imprint, 7)), imprint, 7) if wanted else None

        pdf = ISSUING.sign(prepared(tmp_path), BOXES[0].field, who, stapled=stapled, stamp=stamping)
        [signer] = check_pdf(pdf, Trust(roots=(Certificate.parse(ABOVE.der),))).signers
        assert (signer.code, signer.standings[0].good_at) == ("", EARLIER.isoformat())


def test_answers_about_somebody_else_are_not_taken() -> None:
    """Whoever gives answers to be signed along gives none about strangers."""
    who, other = ISSUING.issue("MARÍA", "p256"), ISSUING.issue("JOSÉ PEÑA", "p256", serial=30001000000500000002)
    chain = [Certificate.parse(who.certificate), ISSUER, Certificate.parse(ABOVE.der)]
    own, strange = (BELOW.answer(each.certificate, EARLIER) for each in (who, other))
    Stapled((own,), (ABOVE.list_revoked([], EARLIER), BELOW.list_revoked([], EARLIER))).check(chain, NOW)
    for stapled, code in (
        (Stapled((own, strange)), "ocsp-of-another"),
        (Stapled((own,), (root("OTRA").list_revoked([], EARLIER),)), "crl-of-another"),
    ):
        with pytest.raises(UntrustedInputError, match=code):
            stapled.check(chain, NOW)
