"""Which certificates there are, how people name them, and files that are there whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ledger.acts.certification import CertificationIssued
from ledger.errors import AcervoError
from ledger.statement import Entry

if TYPE_CHECKING:
    from pathlib import Path

    from api.documents.press import Press

KIND = "certificacion"
_ISSUED = CertificationIssued.type_name


def issued(press: Press) -> list[str]:
    """Return the keys `body/year/number` of all certificates in the order in which they were issued."""
    found = []
    for stream in press.store.streams_below("certification/"):
        entries = [Entry.parse(raw) for raw in press.store.stream(stream)]
        found += [(each.index, stream) for each in entries if each.act.statement.type == _ISSUED]
    return [stream.partition("/")[2] for _, stream in sorted(found)]


def key_of(press: Press, number: str | None) -> str:
    """Return the key of a certificate as people name it: `hcd/2026/7`, `2026/7`, `7`; None is the last one issued.

    Raises:
        AcervoError: "cli-certificate-none", "cli-certificate-ambiguous".
    """
    keys = issued(press)
    ending = f"/{(number or '').strip('/')}"
    found = keys[-1:] if number is None else [key for key in keys if f"/{key}".endswith(ending)]
    if not found:
        raise AcervoError("cli-certificate-none", number or "")
    if len(found) > 1:
        raise AcervoError("cli-certificate-ambiguous", number=number or "", found=", ".join(found))
    return found[0]


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with scratch.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)
