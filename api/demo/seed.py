"""The demo ledger: founded with demo keys, with a council whose officers can act at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.demo.town import Town
from api.demo_keys import DemoKeys
from ledger.errors import StoreError

if TYPE_CHECKING:
    from api.system import System


def town_of(system: System) -> Town:
    """Return the demo's people, who sign with the demo keys of this data directory.

    Raises:
        StoreError: "production-demo-keys".
    """
    if system.settings.production:
        raise StoreError("production-demo-keys")
    keys = DemoKeys(system.settings.data_dir.absolute())
    return Town(system.ledger, system.submit, system.written_now, keys, keys.person_id)


def is_demo(system: System) -> bool:
    """Tell whether a ledger is a demo: it goes by a simulated clock, and its officers' keys lie here as demo keys."""
    return system.fictitious and DemoKeys(system.settings.data_dir.absolute()).exist()


def found_demo(system: System) -> Town:
    """Found an empty ledger with demo keys and settle its council; go on where a kill interrupted it."""
    town = town_of(system)
    if system.size() == 0:
        town.found()
    if system.ledger.stream_head("body/hcd")[0] == 0 and system.size() == 1:
        town.settle()
    return town


def found_only(system: System) -> Town:
    """Found an empty ledger with demo keys, without any body; for imports."""
    town = town_of(system)
    if system.size() == 0:
        town.found()
    return town
