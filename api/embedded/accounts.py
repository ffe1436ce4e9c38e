"""Who PostgreSQL runs as, and whether that account can reach a path.

PostgreSQL refuses to run as root. As root we start only its own processes under another account: the owner
of the data directory, or `nobody` where that is root too. We never create accounts and never open other
people's directories.
"""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.embedded.errors import EmbeddedPostgresError

if TYPE_CHECKING:
    from pathlib import Path

FALLBACK_ACCOUNT = "nobody"


@dataclass(frozen=True, slots=True)
class Account:
    """A user and a group by number; `drops` says that we must change to it before we start a program."""

    uid: int
    gid: int
    drops: bool

    @classmethod
    def for_directory(cls, directory: Path) -> Account:
        """Return the account that may own a cluster in `directory`, which exists.

        Raises:
            EmbeddedPostgresError: "postgres-no-account" when we are root and `nobody` is unknown.
        """
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), drops=False)
        owner = directory.stat().st_uid
        try:
            entry = pwd.getpwuid(owner) if owner else pwd.getpwnam(FALLBACK_ACCOUNT)
        except KeyError as error:
            raise EmbeddedPostgresError("postgres-no-account", str(owner or FALLBACK_ACCOUNT)) from error
        return cls(entry.pw_uid, entry.pw_gid, drops=True)

    def popen_arguments(self) -> dict[str, Any]:
        """Return the keyword arguments with which `subprocess` starts a program as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.drops else {}

    def give(self, path: Path) -> None:
        """Make this account the owner of `path`, where we have to."""
        if self.drops:
            os.chown(path, self.uid, self.gid)

    def may_enter(self, directory: Path) -> bool:
        """Say whether this account may pass through `directory` and everything above it (mode bits only)."""
        return all(self._may_pass(level) for level in (directory, *directory.parents))

    def _may_pass(self, directory: Path) -> bool:
        status = directory.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)
