"""Putting an act into the bytes that an officer signs (format.md §3): for clients, importers, demo and tests.

Nothing here is trusted by the server or by a verifier: both read the bytes.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from ledger.crypto import disclosure
from ledger.statement import SignedAct, Statement, sign

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ledger.acts.base import Act
    from ledger.crypto.keys import Secret

SALT_BYTES = 16


class Heads(Protocol):
    """Where a client learns what stands: the service itself, or a copy of the ledger."""

    @property
    def origin(self) -> str:
        """The ledger's origin."""

    def stream_head(self, stream: str) -> tuple[int, str]:
        """Return (last version, its statement's SHA-256); 0 and the founding's hash for an absent stream."""


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who signs: his key and the office in virtue of which he acts."""

    key: Secret
    office: str


@dataclass(slots=True)
class Desk:
    """Composes and signs acts one after the other, keeping heads of what it composed but did not submit yet.

    heads: where the last versions come from.
    now: gives the instant as written, `YYYY-MM-DDThh:mm:ss±hh:mm`.
    salt: gives 16 random bytes for each sealed value.
    """

    heads: Heads
    now: Callable[[], str]
    salt: Callable[[], bytes] = lambda: secrets.token_bytes(SALT_BYTES)

    def sign(
        self,
        act: Act,
        officer: Officer,
        *,
        sealed: Mapping[str, Any] | None = None,
        basis: Iterable[str] = (),
        occurred_at: str | None = None,
        after: Mapping[str, tuple[int, str]] | None = None,
        blocks: Mapping[str, str] | None = None,
        prepared: Mapping[str, str] | None = None,
    ) -> SignedAct:
        """Return the act signed by the officer, with its disclosures.

        Args:
            act: What is done.
            officer: Who does it.
            sealed: Sealed values by name; each gets a fresh salt.
            basis: Streams whose last statements the signer relies on.
            occurred_at: When it happened; now where absent.
            after: Heads that are newer than the service's: those of acts of the same batch.
            blocks: Of an acta's draft, its blocks as disclosures by name.
            prepared: Disclosures by name that were made before, of resolutivos as they were put to the vote.
        """
        known = after or {}
        stream = act.stream()
        version, prev = known.get(stream) or self.heads.stream_head(stream)
        disclosures = {name: disclosure.make(name, value, self.salt()) for name, value in (sealed or {}).items()}
        disclosures |= dict(prepared or {})
        signed_at = self.now()
        statement = Statement.compose(
            basis={name: (known.get(name) or self.heads.stream_head(name))[1] for name in basis},
            data=act.model_dump(mode="json", exclude_none=True),
            ledger=self.heads.origin,
            occurred_at=occurred_at or signed_at,
            office=officer.office,
            prev=prev,
            sealed={name: disclosure.digest(text) for name, text in disclosures.items()},
            signed_at=signed_at,
            signer=officer.key.public.keyid,
            stream=stream,
            type=act.type_name,
            version=version + 1,
        )
        return sign(statement, officer.key, disclosures | dict(blocks or {}))


class Batch:
    """Acts composed one on the other, to be submitted together, all or nothing."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.acts: list[SignedAct] = []
        self._heads: dict[str, tuple[int, str]] = {}

    def sign(
        self,
        act: Act,
        officer: Officer,
        *,
        sealed: Mapping[str, Any] | None = None,
        basis: Iterable[str] = (),
        occurred_at: str | None = None,
    ) -> SignedAct:
        """Sign the next act of the batch; see `Desk.sign`."""
        signed = self.desk.sign(act, officer, sealed=sealed, basis=basis, occurred_at=occurred_at, after=self._heads)
        self.acts.append(signed)
        self._heads[signed.statement.stream] = (signed.statement.version, signed.statement.sha256)
        return signed
