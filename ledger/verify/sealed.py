"""V11: disclosures and documents against the digests that were signed; digests stand once (format.md §3, §8)."""

from __future__ import annotations

import re
import secrets
from array import array
from collections import Counter
from hashlib import blake2b
from typing import TYPE_CHECKING

from ledger.acts import parse_act
from ledger.acts.acta import ActaDrafted
from ledger.crypto import disclosure
from ledger.crypto.merkle import leaf_hash, root_of
from ledger.errors import UntrustedInputError
from ledger.verify.outcome import Finding, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from ledger.acts.base import Act
    from ledger.statement import Statement
    from ledger.verify.bundle import Bundle, Opened

MAX_FINGERPRINTS_SORTED = 500_000
_BLOCK = re.compile(r"block/([1-9][0-9]{0,3})")


class Digests:
    """Whether a digest stands once in the whole ledger: 8 bytes a digest, the rare doubles looked up again."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(16)
        self._seen = array("Q")

    def __len__(self) -> int:
        return len(self._seen)

    def add(self, sealed: Mapping[str, str]) -> None:
        """Note the digests of a statement."""
        for digest in sealed.values():
            self._seen.append(self._print(digest))

    def _print(self, digest: str) -> int:
        return int.from_bytes(blake2b(digest.encode(), digest_size=8, key=self._salt).digest(), "big")

    def repeated(self, statements: Callable[[], Iterable[tuple[int, Statement]]]) -> list[tuple[int, str]]:
        """Return index and name of every later occurrence of a digest.

        Args:
            statements: gives all statements again, in order; called only where fingerprints repeat.
        """
        suspects = self._suspects()
        if not suspects:
            return []
        found, first = [], set()
        for index, statement in statements():
            for name, digest in sorted(statement.sealed.items()):
                if self._print(digest) in suspects:
                    if digest in first:
                        found.append((index, name))
                    first.add(digest)
        return found

    def _suspects(self) -> set[int]:
        suspects: set[int] = set()
        buckets = 1 + len(self._seen) // MAX_FINGERPRINTS_SORTED
        for bucket in range(buckets):
            before = -1
            for value in sorted(v for v in self._seen if v % buckets == bucket):
                if value == before:
                    suspects.add(value)
                before = value
        return suspects


def check_disclosures(
    bundle: Bundle,
    outcome: Outcome,
    statement: Callable[[int], Statement | None],
    files: Collection[int] | None = None,
) -> Counter[str]:
    """Check the bundle's disclosures; return how many sealed values and blocks were opened.

    Args:
        bundle: Where they lie.
        outcome: Gets counts and findings.
        statement: Gives an act's, None where the bundle does not have it; raises what its entry is refused for.
        files: Numbers of the files to check; None for all.
    """
    opened: Counter[str] = Counter()
    acta: _Acta | None = None
    current: tuple[int, Act, Statement] | None = None
    for name, line in bundle.disclosures(files):
        if isinstance(line, UntrustedInputError):
            outcome.find(Finding(11, line.code, file=name, detail=line.detail))
            continue
        try:
            if current is None or current[0] != line.index:
                current = line.index, *_act_at(statement(line.index), line.index)
                _finish(acta, outcome)
                acta = _Acta(current[0], current[1]) if isinstance(current[1], ActaDrafted) else None
            if line.leaves or _BLOCK.fullmatch(line.name):
                if acta is None:
                    raise UntrustedInputError("disclosure-unknown", "blocks of an act that has none")  # noqa: TRY301
                opened["blocks"] += acta.take(line)
            else:
                _check_value(line, current[1], current[2])
                opened["values"] += 1
        except UntrustedInputError as error:
            outcome.find(Finding(11, error.code, line.index, name, error.detail))
    _finish(acta, outcome)
    for word, count in opened.items():
        outcome.steps[11].checked(word, count)
    return opened


def _act_at(statement: Statement | None, index: int) -> tuple[Act, Statement]:
    if statement is None:
        raise UntrustedInputError("disclosure-unknown", f"no entry {index}")
    return parse_act(statement.type, statement.data), statement


def _check_value(line: Opened, act: Act, statement: Statement) -> None:
    digest = statement.sealed.get(line.name)
    if digest is None:
        raise UntrustedInputError("disclosure-unknown", line.name[:64])
    if not line.text.isascii() or disclosure.digest(line.text) != digest:
        raise UntrustedInputError("disclosure-digest", line.name)
    parsed = disclosure.parse(line.text)
    if parsed.name != line.name:
        raise UntrustedInputError("disclosure-name", line.name)
    act.check_sealed_value(line.name, parsed.value)


class _Acta:
    """The opened blocks of one draft, against the root that was signed."""

    def __init__(self, index: int, act: ActaDrafted) -> None:
        self.index = index
        self._act = act
        self._leaves: list[bytes] = []
        self._given: dict[int, bytes] = {}

    def take(self, line: Opened) -> int:
        """Take a line; return how many blocks it opens."""
        if line.leaves:
            self._leaves = [bytes.fromhex(leaf) for leaf in line.leaves]
            return 0
        match = _BLOCK.fullmatch(line.name)
        parsed = disclosure.parse(line.text)
        if match is None or parsed.name != line.name or int(match[1]) > self._act.blocks:
            raise UntrustedInputError("disclosure-name", line.name[:64])
        self._given[int(match[1])] = leaf_hash(line.text.encode("ascii"))
        return 1

    def check(self) -> str:
        """Return the code of what is wrong; "blocks-unproved" where the list of leaves is missing; else ""."""
        leaves = self._leaves
        if not leaves:
            if len(self._given) != self._act.blocks:
                return "blocks-unproved"
            leaves = [self._given[n] for n in sorted(self._given)]
        if len(leaves) != self._act.blocks or root_of(leaves).hex() != self._act.root:
            return "blocks-root"
        for number, leaf in self._given.items():
            if leaves[number - 1] != leaf:
                return "block-differs"
        return ""


def _finish(acta: _Acta | None, outcome: Outcome) -> None:
    if acta is None:
        return
    code = acta.check()
    if code == "blocks-unproved":
        outcome.steps[11].not_checked(code, str(acta.index))
    elif code:
        outcome.find(Finding(11, code, acta.index))


def check_documents(bundle: Bundle, outcome: Outcome) -> None:
    """Check that each document is what its name says."""
    for digest, name in bundle.files["document"].items():
        outcome.steps[11].checked("documents")
        if bundle.archive.digest(name) != digest:
            outcome.find(Finding(11, "document-differs", file=name))
