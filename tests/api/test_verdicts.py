"""Each of the twelve verdicts of format.md §11, of a certificate, through the endpoint, by what really happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from api.demo.seed import town_of
from api.documents import press_of
from ledger.acts.certification import CertificationRevoked, CertificationSuperseded
from ledger.acts.designation import DesignationEnded
from ledger.acts.trust import KeyRevoked
from ledger.clock import written_now
from ledger.crypto.b64 import encode_base64
from ledger.errors import PendingWitnessError
from ledger.statement import Entry
from ledger.verdicts import Verdict
from tests.kit.judges import Verdict as Judged
from tests.kit.log import WITNESS_KEY
from tests.kit.pdfa import attachments
from tests.kit.situations import AWAY, Scene, witnessed_settings
from tests.kit.system import running
from tests.kit.witness import WitnessServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    import httpx

    from api.system import System
    from tests.kit.postgres import Database

    Situation: TypeAlias = Callable[[Scene, httpx.Client], dict[str, Any]]


@pytest.fixture(scope="module")
def witness() -> Iterator[WitnessServer]:
    """Give a witness on loopback."""
    with WitnessServer(WITNESS_KEY, []).serving() as server:
        yield server


@pytest.fixture(scope="module")
def system(
    make_database: Callable[[], AbstractContextManager[Database]],
    tmp_path_factory: pytest.TempPathFactory,
    witness: WitnessServer,
) -> Iterator[System]:
    """Give a settled system whose policy asks for the witness."""
    with (
        make_database() as database,
        running(witnessed_settings(database, tmp_path_factory.mktemp("data"), witness)) as made,
    ):
        yield made


@pytest.fixture(scope="module")
def scene(system: System, witness: WitnessServer) -> Scene:
    """Give the bodies and what they certify."""
    return Scene(system, town_of(system), witness)


# -- what happens to a certificate ---------------------------------------------------------------------------------


def valid(scene: Scene, http: httpx.Client) -> dict[str, Any]:
    """Nothing happens to it."""
    return scene.check(http, scene.certified())


def unknown(scene: Scene, http: httpx.Client) -> dict[str, Any]:
    """Somebody asks for a number that was never issued."""
    return scene.check(http, f"hcd/{scene.year}/999")


def not_yet_sealed(scene: Scene, http: httpx.Client) -> dict[str, Any]:
    """It was issued just now, and the witness is away."""
    scene.witness.override = AWAY
    try:
        said = scene.check(http, scene.certified(), waiting=False)
    finally:
        scene.witness.override = None
    assert said["pending"] == ["witness"]
    return said


def revoked(scene: Scene, http: httpx.Client) -> dict[str, Any]:
    """The secretary revokes it."""
    key = scene.certified()
    scene.town.do(CertificationRevoked(**place(key), reason="wrong-folio"))
    return scene.check(http, key)


def superseded(scene: Scene, http: httpx.Client) -> dict[str, Any]:
    """Another takes its place."""
    key, later = scene.certified(), place(scene.certified())
    scene.town.do(CertificationSuperseded(**place(key), by_year=later["year"], by_number=later["number"]))
    return scene.check(http, key)


def modified(scene: Scene, http: httpx.Client) -> dict[str, Any]:
    """It speaks of a mandate, which ends."""
    key = scene.certified("designation/hcd/obrero-4/1")
    ended = DesignationEnded(body="hcd", seat="obrero-4", number=1, ended_at=written_now(), cause="resigned")
    scene.town.do(ended, scene.town.founder)
    return scene.check(http, key)


def suspended(scene: Scene, http: httpx.Client) -> dict[str, Any]:
    """It speaks of an agreement, which is vetoed."""
    key = scene.certified(f"agreement/cc/{scene.year}/1", body="cc")
    scene.cases.exercise(1)
    return scene.check(http, key)


def compromised(scene: Scene, http: httpx.Client) -> dict[str, Any]:
    """Its signer's key was stolen before it was signed, and that comes out."""
    key = scene.certified(f"agreement/cc/{scene.year}/2", body="cc")
    keyid = scene.cases.clerk.key.public.keyid
    stolen = KeyRevoked(keyid=keyid, reason="compromised", compromised_from=scene.index_of(key))
    scene.town.do(stolen, scene.town.founder)
    return scene.check(http, key)


def unauthorised(scene: Scene, http: httpx.Client) -> dict[str, Any]:
    """Somebody who is no secretary signed it, and the database's owner put it in past the rules."""
    return scene.check(http, scene.unlawful(scene.town.officer("obrero-1")))


def forged(scene: Scene, http: httpx.Client) -> dict[str, Any]:
    """The database's owner put one in in the secretary's name, with a signature by another key."""
    return scene.check(http, scene.unlawful(scene.town.secretary, signed_by=scene.town.officer("obrero-1")))


def altered(scene: Scene, http: httpx.Client) -> dict[str, Any]:
    """The database's owner changes what it certifies: in the acta's last act, the order of who signed."""
    key = scene.certified()
    raws = scene.system.store.stream(scene.acta)
    scene.overwrite(Entry.parse(raws[-1]).index, *within_payload(raws[-1]))
    return scene.check(http, key)


def inconsistent(scene: Scene, http: httpx.Client) -> dict[str, Any]:
    """The database's owner changes the certificate itself."""
    key = scene.certified("designation/hcd/obrero-1/1")
    scene.check(http, key)
    raw = scene.system.store.stream(f"certification/{key}")[0]
    scene.overwrite(scene.index_of(key), *within_payload(raw))
    return scene.check(http, key)


SITUATIONS: dict[Verdict, Situation] = {
    Verdict.VALID: valid,
    Verdict.UNKNOWN_OBJECT: unknown,
    Verdict.NOT_YET_SEALED: not_yet_sealed,
    Verdict.REVOKED: revoked,
    Verdict.VALID_BUT_SUPERSEDED: superseded,
    Verdict.VALID_BUT_ACT_MODIFIED: modified,
    Verdict.VALID_BUT_SUSPENDED: suspended,
    Verdict.KEY_COMPROMISED_SINCE: compromised,
    Verdict.SIGNER_NOT_AUTHORISED_AT_DATE: unauthorised,
    Verdict.FORGED_SIGNATURE: forged,
    Verdict.ALTERED: altered,
    Verdict.LOG_INCONSISTENT: inconsistent,
}
"""What brings each verdict about; the last ones change the ledger for good."""


def place(key: str) -> dict[str, Any]:
    """Return the fields that name a certificate."""
    body, year, number = key.split("/")
    return {"body": body, "year": int(year), "number": int(number)}


def within_payload(raw: bytes) -> tuple[bytes, bytes]:
    """Return a piece of an entry's statement, in base64, and another of the same length: one character of a hash."""
    payload = Entry.parse(raw).act.statement.raw
    begin = payload.index(b'"prev":"') + len(b'"prev":"')
    aligned = begin // 3 * 3 + 3  # whole groups of base64, inside of the hash
    old = payload[aligned : aligned + 30]
    new = old[:1].translate(bytes.maketrans(b"0123456789abcdef", b"1032547698badcfe")) + old[1:]
    return encode_base64(old).encode(), encode_base64(new).encode()


def test_a_certificate_is_pending_until_the_witness_is_there(scene: Scene, http: httpx.Client, tmp_path: Path) -> None:
    """The act gets its receipt and its proof; the certificate is neither VALID nor printed before the quorum is met.

    Afterwards the paper's evidence meets the policy that asks for the witness, and its bytes stay the same.
    """
    scene.witness.override = AWAY
    key = scene.certified()
    said = scene.check(http, key, waiting=False)
    assert (said["headline"], said["pending"], said["aspects"]["inclusion"]["outcome"]) == (
        "NOT_YET_SEALED",
        ["witness"],
        "proved",
    )
    assert "testigos" in said["text"]
    assert http.get(f"/api/v1/acts/{scene.index_of(key)}/proof").status_code == 200
    with pytest.raises(PendingWitnessError):
        press_of(scene.system).render("certificacion", key)
    refused = http.get(f"/api/v1/documents-of/certificacion/{key}.pdf")
    assert (refused.status_code, refused.json()["code"]) == (503, "pending-witness")
    assert press_of(scene.system).render("convocatoria", scene.acta.partition("/")[2]).startswith(b"%PDF")
    scene.witness.override = None
    assert scene.check(http, scene.certified())["headline"] == "VALID"  # a new checkpoint; the witness is asked
    said = scene.check(http, key)
    assert (said["headline"], said["pending"]) == ("VALID", [])
    assert "witnesses" not in {each["aspect"] for each in said["not_checked"]}
    raw = press_of(scene.system).render("certificacion", key)
    [(name, content)] = attachments(raw).items()
    (tmp_path / name).write_bytes(content)
    verdict = Judged(tmp_path / name)
    assert (verdict.exit, verdict.hits) == (0, set())
    scene.certified()
    assert press_of(scene.system).render("certificacion", key) == raw


def test_every_verdict_has_its_situation() -> None:
    """The table below is complete: the twelve verdicts of format.md §11, each once."""
    assert SITUATIONS.keys() == set(Verdict)
    assert len(SITUATIONS) == 12


@pytest.mark.parametrize("verdict", SITUATIONS, ids=str)
def test_each_verdict_is_reached(verdict: Verdict, scene: Scene, http: httpx.Client) -> None:
    """What really happened to a certificate gives the verdict as headline, with its sentence and what to do next."""
    said = SITUATIONS[verdict](scene, http)
    assert said["headline"] == verdict
    assert said["verdicts"][0]["verdict"] == verdict
    assert said["text"]
    assert said["text_en"] != said["text"]
    assert said["next"]
