"""How large the private server is made: from the machine's memory and from the pools that will connect."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MIB = 1024 * 1024
RESERVED_CONNECTIONS = 8  # superuser_reserved_connections, listeners, an administrator
_SHARED_FRACTION = 8
_SHARED_MIN, _SHARED_MAX = 32 * MIB, 1024 * MIB
_CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def memory_bytes() -> int:
    """Return the memory that we may use: the machine's, or the container's limit where that is lower."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in _CGROUP_LIMITS:
        try:
            total = min(total, int(path.read_text()))
        except (OSError, ValueError):
            continue
    return total


def server_settings(connections: int, sockets: Path, extra: Mapping[str, str]) -> str:
    """Return the text of `acervo.conf`, written anew at every start.

    Args:
        connections: How many connections the pools of all our processes may open together.
        sockets: Directory of the Unix socket; the server listens nowhere else.
        extra: Further settings by name; they win.
    """
    memory = memory_bytes()
    shared = max(_SHARED_MIN, min(_SHARED_MAX, memory // _SHARED_FRACTION))
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "max_connections": str(connections + RESERVED_CONNECTIONS),
        "shared_buffers": f"{shared // MIB}MB",
        "effective_cache_size": f"{max(memory // 2, 2 * shared) // MIB}MB",
        "max_wal_size": "1GB" if memory < 8 * 1024 * MIB else "4GB",
        "wal_compression": "on",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "password_encryption": "scram-sha-256",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "jit": "off",  # short statements only: compiling them costs more than it saves
        "log_destination": "stderr",
        "log_min_messages": "warning",
        **extra,
    }
    quoted = (f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settings.items())
    return "\n".join(("# Written by Acervo at every start; changes here are lost.", *quoted, ""))
