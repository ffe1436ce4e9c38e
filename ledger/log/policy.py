"""Trust policies: which log keys count, which witnesses, and how many of them (c2sp.org/tlog-policy; format §7).

::

    log <vkey> [<url>]
    witness <name> <vkey> [<url>]
    group <name> all|any|<k> <member>...
    quorum <name>|none
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.crypto.note import COSIGNATURE, ED25519, Checkpoint, Verifier, open_checkpoint
from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_POLICY_BYTES = 64 * 1024
MAX_POLICY_LINES = 512
NONE = "none"


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness that the policy knows: its name in the policy, its key and where it is asked."""

    name: str
    key: Verifier
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Members (witnesses or groups), of whom ``need`` must have witnessed."""

    name: str
    need: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy; made by :meth:`parse` or by :meth:`of` for a log without witnesses.

    Attributes:
        logs: Key and URL of each log; a checkpoint signed by any one of them counts.
        witnesses: In the file's order.
        groups: Each names only what stands before it.
        quorum: Name of a witness or group, or ``none``.
    """

    logs: tuple[tuple[Verifier, str], ...]
    witnesses: tuple[Witness, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: str = NONE

    @classmethod
    def of(cls, *logs: Verifier) -> Policy:
        """Make the policy that trusts these log keys and asks for no witness."""
        return cls(tuple((key, "") for key in logs))

    @property
    def log_keys(self) -> list[Verifier]:
        """Keys of the logs."""
        return [key for key, _ in self.logs]

    @property
    def witness_keys(self) -> list[Verifier]:
        """Keys of the witnesses."""
        return [w.key for w in self.witnesses]

    def format(self) -> str:
        """Write the policy."""
        lines = [f"log {key.vkey} {url}".rstrip() for key, url in self.logs]
        lines += [f"witness {w.name} {w.key.vkey} {w.url}".rstrip() for w in self.witnesses]
        lines += [f"group {g.name} {g.need} {' '.join(g.members)}" for g in self.groups]
        return "".join(f"{line}\n" for line in (*lines, f"quorum {self.quorum}"))

    @classmethod
    def parse(cls, raw: bytes | str) -> Policy:
        """Read a policy file.

        Raises:
            UntrustedInputError: ``policy-malformed`` with the line, or what vkeys raise.
        """
        text = raw if isinstance(raw, str) else _decode(raw)
        lines = text.split("\n")
        if len(text) > MAX_POLICY_BYTES or len(lines) > MAX_POLICY_LINES:
            raise UntrustedInputError("policy-malformed", "too long")
        if lines.pop() or any((c < " " and c not in "\n\t") or c == "\x7f" for c in text):
            raise UntrustedInputError("policy-malformed", "no final newline, or a control character")
        reader = _PolicyReader()
        for number, line in enumerate(lines, start=1):
            words = line.replace("\t", " ").split(" ")
            words = [w for w in words if w]
            if words and not words[0].startswith("#"):
                reader.read(number, words)
        return reader.policy()

    def satisfied(self, signed: Iterable[Verifier]) -> bool:
        """Say whether the quorum holds for a checkpoint that these keys have signed."""
        signers = set(signed)
        met = {w.name for w in self.witnesses if w.key in signers}
        for group in self.groups:
            if sum(member in met for member in group.members) >= group.need:
                met.add(group.name)
        return self.quorum == NONE or self.quorum in met

    def open(self, note: bytes | str) -> tuple[Checkpoint, dict[Verifier, int | None]]:
        """Verify a signed checkpoint: a log of the policy signed it; whether the quorum holds is asked apart.

        Raises:
            UntrustedInputError: as :func:`open_checkpoint`.
        """
        checkpoint, signed = open_checkpoint(note, self.log_keys, self.witness_keys)
        return checkpoint, dict(signed)


class _PolicyReader:
    """Collects a policy line by line; names may be used only after the line that defines them."""

    def __init__(self) -> None:
        self.logs: list[tuple[Verifier, str]] = []
        self.witnesses: list[Witness] = []
        self.groups: list[Group] = []
        self.quorum: str | None = None
        self.names = {NONE}
        self.members: set[str] = set()

    def read(self, number: int, words: list[str]) -> None:
        """Read one line, given as its words."""
        match words:
            case ["log", vkey, *url] if len(url) <= 1:
                self._log(number, Verifier.parse(vkey), "".join(url))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self._witness(number, name, Verifier.parse(vkey), "".join(url))
            case ["group", name, need, first, *others]:
                self._group(number, name, need, (first, *others))
            case ["quorum", name] if self.quorum is None and name in self.names:
                self.quorum = name
            case _:
                self._refuse(number, "not a log, witness, group or (one) quorum line")

    def policy(self) -> Policy:
        """Return what was read."""
        if self.quorum is None:
            raise UntrustedInputError("policy-malformed", "no quorum line")
        return Policy(tuple(self.logs), tuple(self.witnesses), tuple(self.groups), self.quorum)

    def _log(self, number: int, key: Verifier, url: str) -> None:
        if key.kind != ED25519 or any(key.public == k.public for k, _ in self.logs):
            self._refuse(number, "not a log's kind of key, or listed twice")
        self.logs.append((key, url))

    def _witness(self, number: int, name: str, key: Verifier, url: str) -> None:
        if key.kind != COSIGNATURE or any(key.public == w.key.public for w in self.witnesses):
            self._refuse(number, "not a witness' kind of key, or listed twice")
        self._define(number, name)
        self.witnesses.append(Witness(name, key, url))

    def _group(self, number: int, name: str, need: str, members: tuple[str, ...]) -> None:
        count = {"all": len(members), "any": 1}.get(need, int(need) if need.isascii() and need.isdigit() else 0)
        if not 1 <= count <= len(members) or need.startswith("0"):
            self._refuse(number, f"{need[:20]} of {len(members)}")
        for member in members:
            # Once in one group only: each witness contributes to the quorum in one way.
            if member not in self.names - {NONE} or member in self.members:
                self._refuse(number, "a member that is not defined before, or is a member already")
            self.members.add(member)
        self._define(number, name)
        self.groups.append(Group(name, count, members))

    def _define(self, number: int, name: str) -> None:
        if name in self.names:
            self._refuse(number, "a name that is taken")
        self.names.add(name)

    def _refuse(self, number: int, why: str) -> None:
        raise UntrustedInputError("policy-malformed", f"line {number}: {why}")


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UntrustedInputError("policy-malformed", "not UTF-8") from error
