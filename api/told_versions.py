"""What a check tells of a public version: which parts are open, each of what was sealed, and which are not, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.problems import ApiError
from api.public_versions import version_file
from ledger.errors import NotSealedError, UntrustedInputError
from ledger.verify.public import check_version
from ledger.verify.version import withheld_of

if TYPE_CHECKING:
    from api.system import System
    from ledger.statement import Entry


def told_version(system: System, entry: Entry) -> dict[str, Any]:
    """Check the public version that an act is about, as anybody checks its file.

    Returns:
        `public_version`: object, index and version, how many parts are open, each proved to be of what was sealed, and
        what is withheld with its ground; or `proved` false with the code of what stands against it.
    """
    _, index, number = entry.act.statement.stream.split("/")
    try:
        found = check_version(version_file(system, int(index), int(number)), system.keys)
    except (ApiError, NotSealedError, UntrustedInputError) as error:
        return {"public_version": {"proved": False, "code": error.code}}
    said = {"object": found.object, "index": found.index, "version": found.version, "open": len(found.open)}
    return {"public_version": {"proved": True, **said, "withheld": withheld_of(found)}}
