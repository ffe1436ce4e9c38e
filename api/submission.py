"""Reading the body of a submission, as it comes over HTTP or in a file.

`{"envelope": {…}, "disclosures": {name: text}}` is one act, `{"acts": [such, …]}` a batch.
"""

from __future__ import annotations

from typing import Any

import orjson

from ledger.errors import UntrustedInputError
from ledger.ids import MAX_BATCH_ACTS, MAX_SEALED
from ledger.statement import SignedAct

MAX_BLOCKS_OPENED = 5_000
_ENVELOPE_KEYS = {"payload", "payloadType", "signatures"}


def parse_submission(raw: bytes) -> list[SignedAct]:
    """Read the body of a submission.

    Raises:
        UntrustedInputError: what is wrong with it.
    """
    try:
        value = orjson.loads(raw)
    except (orjson.JSONDecodeError, RecursionError) as error:
        raise UntrustedInputError("bad-json", str(error)[:200]) from error
    if not isinstance(value, dict):
        raise UntrustedInputError("bad-submission", "an object is wanted")
    if "acts" not in value:
        return [_act(value)]
    acts = value["acts"]
    if value.keys() != {"acts"} or not isinstance(acts, list):
        raise UntrustedInputError("bad-submission", "`acts` is a list and stands alone")
    if not 1 <= len(acts) <= MAX_BATCH_ACTS:
        raise UntrustedInputError("batch-size", f"{len(acts)} acts, at most {MAX_BATCH_ACTS}")
    return [_act(item) for item in acts]


def _act(value: Any) -> SignedAct:
    if not isinstance(value, dict) or not {"envelope"} <= value.keys() <= {"envelope", "disclosures"}:
        raise UntrustedInputError("bad-submission", "an act is `envelope` and `disclosures`")
    envelope, disclosures = value["envelope"], value.get("disclosures", {})
    if not isinstance(envelope, dict) or envelope.keys() != _ENVELOPE_KEYS:
        raise UntrustedInputError("bad-envelope", "payload, payloadType and signatures are wanted")
    if not isinstance(disclosures, dict) or len(disclosures) > MAX_SEALED + MAX_BLOCKS_OPENED:
        raise UntrustedInputError("bad-submission", "disclosures map names to texts")
    if not all(isinstance(item, str) for item in disclosures.values()):
        raise UntrustedInputError("bad-submission", "disclosures map names to texts")
    # White space and order of the outer JSON are nobody's business; what was signed is inside `payload`.
    return SignedAct.parse(orjson.dumps(envelope, option=orjson.OPT_SORT_KEYS), disclosures)
