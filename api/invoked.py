"""How we are called: program, paths and address as people type them again."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path


def program() -> str:
    """Return what to type for `acervo`."""
    called = Path(sys.argv[0])
    return shown(called) if called.name == "acervo" else f"{shown(Path(sys.executable))} -m api.cli.main"


def shown(path: Path) -> str:
    """Return a path as seen from here, where it lies below."""
    with contextlib.suppress(ValueError):
        return str(path.absolute().relative_to(Path.cwd()))
    return str(path)


def address(host: str, port: int) -> str:
    """Return where a browser asks."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
