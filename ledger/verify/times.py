"""V12: anchors in time, as far as this edition checks them (format.md §10)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ledger.errors import UntrustedInputError
from ledger.ids import SIGNED_AFTER_RECORDED, parse_recorded
from ledger.verify.outcome import Remark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.verify.bundle import Bundle
    from ledger.verify.outcome import Outcome

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MAX_ANCHOR_S = 250_000_000_000  # the year 9892: what a datetime can hold


def check_anchors(
    bundle: Bundle,
    outcome: Outcome,
    anchors: Iterable[tuple[int, int]],
    recorded: Mapping[int, str],
    *,
    simulated: bool,
) -> None:
    """V12: a witness' time t at size s bounds every later entry from below; time stamp tokens are not read yet.

    Args:
        bundle: May hold tokens.
        outcome: Gets counts and remarks.
        anchors: (size, seconds since 1970) of verified cosignatures.
        recorded: index → `recorded_at` of the entries that stand right after an anchor.
        simulated: The ledger's clock is a table.
    """
    step = outcome.steps[12]
    if simulated:
        step.not_checked("clock-simulated")
        return
    if bundle.files["timestamp"]:
        step.not_checked("tokens-not-read", str(len(bundle.files["timestamp"])))
    else:
        step.not_checked("no-tokens")
    for size, seconds in anchors:
        step.checked("witness-times")
        if size not in recorded or seconds > MAX_ANCHOR_S:
            continue  # nothing was recorded after it
        try:
            stamped = parse_recorded(recorded[size])
        except UntrustedInputError:
            continue
        # recorded_at never decreases (V6), so the first entry after the anchor speaks for all later ones.
        if stamped < _EPOCH + timedelta(seconds=seconds) - SIGNED_AFTER_RECORDED:
            outcome.remark(Remark("recorded-before-witness", size, recorded[size]))
