"""A ledger with a witness whose policy asks for it, and certificates to which things happen, as they would happen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import psycopg

from api.actas import ActaDesk
from api.demo.record import STATEMENT, certify, looking, record
from api.demo.sitting import Sitting
from ledger.acts.certification import CertificationIssued
from ledger.clock import utc_now
from ledger.crypto.note import Signer
from ledger.domain.certified import describe
from ledger.ids import parse_written
from ledger.log.policy import Policy, Witness
from ledger.statement import Entry
from ledger.store.submission import Submission
from tests.kit.cases import Cases
from tests.kit.log import WITNESS_KEY
from tests.kit.system import settings_for
from tests.kit.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from api.demo.town import Town
    from api.settings import Settings
    from api.system import System
    from ledger.compose import Officer
    from ledger.statement import SignedAct
    from tests.kit.postgres import Database
    from tests.kit.witness import WitnessServer

AWAY = (503, "text/plain", "away")


def witnessed_settings(database: Database, data_dir: Path, server: WitnessServer) -> Settings:
    """Return settings of a ledger whose policy wants a witness' cosignature; the witness knows the log's key."""
    plain = settings_for(database, data_dir)
    key = Signer(plain.origin, b"\x2a" * 32)
    server.logs = [key.verifier]
    (data_dir / "log-key").touch(mode=0o600)
    (data_dir / "log-key").write_text(f"{key.skey}\n")
    witness = Witness("w1", WITNESS_KEY.verifier, server.url)
    (data_dir / "policy.txt").write_text(Policy(((key.verifier, ""),), (witness,), quorum="w1").format())
    return settings_for(database, data_dir, log_key=data_dir / "log-key", witness_policy=data_dir / "policy.txt")


@dataclass
class Scene:
    """A council with a sealed acta, a consejo consultivo with two agreements, and what their secretaries certify.

    numbers: how many certificates each body has issued.
    """

    system: System
    town: Town
    witness: WitnessServer
    acta: str = ""
    numbers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Hold the session, seal its acta, let the consejo agree."""
        self.year = parse_written(self.town.now()).year
        sitting = Sitting(self.town, self.year, 1)
        sitting.begin(["Asunto ficticio"], self.town.now())
        sitting.item(1)
        sitting.conclude(1, "noted")
        sitting.close()
        desk = ActaDesk(self.system.store, self.system.vault, self.system.ledger.state)
        record(self.town, desk, sitting.path, {"secretario": self.town.secretary, "estado-1": self.town.chair})
        self.acta = f"acta/{sitting.path}"
        self.cases = Cases(self.town, self.system.store)
        self.cases.settle()
        self.cases.agree()

    def next_of(self, body: str) -> int:
        """Take the next number of a body's certificates."""
        self.numbers[body] = self.numbers.get(body, 0) + 1
        return self.numbers[body]

    def certified(self, *objects: str, body: str = "hcd") -> str:
        """Certify objects, the acta where none is named; return the certificate's key `body/year/number`."""
        place = (body, self.year, self.next_of(body))
        certify(self.town, place, objects or (self.acta,), self.cases.clerk if body == "cc" else self.town.secretary)
        return "/".join(map(str, place))

    def index_of(self, key: str) -> int:
        """Return where a certificate was issued."""
        return Entry.parse(self.system.store.stream(f"certification/{key}")[0]).index

    def check(self, http: httpx.Client, key: str, *, waiting: bool = True) -> dict[str, Any]:
        """Check a certificate through the endpoint, once the witness has cosigned it unless told otherwise."""

        def checked() -> dict[str, Any] | None:
            answer = http.get(f"/api/v1/certifications/{key}/verification")
            assert answer.status_code == 200
            said: dict[str, Any] = answer.json()
            return None if waiting and said["pending"] else said

        return until(checked, 0.05)

    # -- past the rules, as whoever owns the database can ------------------------------------------------------------

    def unlawful(self, officer: Officer, *, signed_by: Officer | None = None) -> str:
        """Append a certificate of an officer straight into the store, signed by another where one is given."""
        number = self.next_of("hcd")
        objects = (describe(looking(self.town), self.acta, parse_written(self.town.now())),)
        act = CertificationIssued(body="hcd", year=self.year, number=number, objects=objects)
        signed = self.town.desk.sign(act, officer, sealed={"statement": STATEMENT})
        if signed_by is not None:
            other = replace(signed_by, office=officer.office)
            signed = replace(signed, signature=self.town.desk.sign(act, other).signature)
        self.append(signed)
        return f"hcd/{self.year}/{number}"

    def append(self, act: SignedAct) -> None:
        """Append a signed act with its sealed texts, without asking any rule."""
        now, subject = utc_now(), act.statement.stream
        self.system.vault.prepare([subject])
        sealed = act.statement.sealed
        rows = tuple(
            self.system.vault.seal(subject, name, sealed[name], text) for name, text in act.disclosures.items()
        )
        hour = timedelta(hours=1)
        outcome = self.system.store.append([Submission((act,), {}, now - hour, now + hour, (rows,))])[0]
        assert outcome.result == "appended", outcome

    def overwrite(self, index: int, old: bytes, new: bytes) -> None:
        """Change bytes of an entry as a superuser who disables the triggers."""
        assert self.system.settings.database_url is not None
        raw = self.system.store.entry(index)
        assert raw is not None
        assert old in raw
        with psycopg.connect(self.system.settings.database_url.get_secret_value(), autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(
                "UPDATE ledger.entries SET state = %s WHERE notification_id = %s",
                (raw.replace(old, new, 1), index + 1),
            )
