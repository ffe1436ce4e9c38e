"""What is checked of a submitted act before any rule: its bytes, data and disclosures, and its signature."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from ledger.acts import parse_act
from ledger.acts.acta import ActaDrafted
from ledger.blocks import check_blocks
from ledger.crypto import disclosure
from ledger.domain.rules.authority import verification_key
from ledger.domain.trust import public_key
from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.acts.base import Act
    from ledger.crypto.keys import PublicKey
    from ledger.domain.world import World
    from ledger.statement import SignedAct

_CHECKERS = os.cpu_count() or 1
_SPREAD_FROM = 16  # acts: below, handing work to another thread costs more than it saves


def parse_submitted(act: SignedAct) -> Act:
    """Return the act's data by its type's schema, after checking its stream and its disclosures.

    Raises:
        UntrustedInputError: What is wrong with it.
    """
    statement = act.statement
    parsed = parse_act(statement.type, statement.data)
    if parsed.stream() != statement.stream:
        raise UntrustedInputError("bad-stream", f"{statement.stream} is not {parsed.stream()}")
    parsed.check_sealed_names(statement.sealed)
    act.check_disclosures(blocks=isinstance(parsed, ActaDrafted))
    if isinstance(parsed, ActaDrafted):
        blocks = {name: text for name, text in act.disclosures.items() if name not in statement.sealed}
        check_blocks(blocks, parsed.root, parsed.blocks)
    for name in statement.sealed:
        parsed.check_sealed_value(name, disclosure.parse(act.disclosures[name]).value)
    return parsed


class Signatures:
    """Checks signatures, remembering keys: a keyid names its key for ever, usable or not is the rules' business."""

    def __init__(self) -> None:
        self._keys: dict[str, PublicKey] = {}
        self._checkers = ThreadPoolExecutor(_CHECKERS, "signatures")

    def check_known(self, acts: Sequence[SignedAct]) -> list[bool]:
        """Check with the keys that were seen before, outside of any lock.

        A long batch is spread over the cores: the check itself runs without Python's lock.

        Returns:
            For each act whether its signature was checked; an unknown key's is, once the rules have found the key.

        Raises:
            UntrustedInputError: "bad-signature".
        """
        if len(acts) < _SPREAD_FROM:
            return self._check_part(acts)
        size = -(-len(acts) // _CHECKERS)
        parts = [acts[start : start + size] for start in range(0, len(acts), size)]
        spread = [self._checkers.submit(self._check_part, part) for part in parts[1:]]
        own = self._check_part(parts[0])
        return own + [verified for future in spread for verified in future.result()]

    def check(self, act: SignedAct, data: Act, world: World) -> None:
        """Check each act's own signature, also where another act of its signer made the key known meanwhile.

        Raises:
            UntrustedInputError: "bad-signature".
            RuleViolation: "key-unknown", "founding-signer".
        """
        signer = act.statement.signer
        key = self._keys.get(signer) or public_key(verification_key(signer, data, world))
        if not act.verify(key):
            raise UntrustedInputError("bad-signature", act.statement.stream)
        self._keys[signer] = key

    def _check_part(self, acts: Sequence[SignedAct]) -> list[bool]:
        return [self._check_known(act) for act in acts]

    def _check_known(self, act: SignedAct) -> bool:
        key = self._keys.get(act.statement.signer)
        if key is not None and not act.verify(key):
            raise UntrustedInputError("bad-signature", act.statement.stream)
        return key is not None
