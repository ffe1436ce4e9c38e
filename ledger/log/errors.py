"""Errors of the log.

AcervoError
├── LogDamagedError      the stored log does not hold what it must; nothing can be built or signed from it
│   └── SignerRefusedError  the signer stopped: its message says what it found and what to do
└── WitnessError         a witness did not cosign, and why
"""

from __future__ import annotations

from ledger.errors import AcervoError


class LogDamagedError(AcervoError):
    """The stored log does not hold what it must (``node-missing``, ``entry-missing``, ``root-differs`` …)."""


class SignerRefusedError(LogDamagedError):
    """The signer refuses to sign and stays refused until a person has acted.

    Codes: ``log-rolled-back``, ``log-tampered``, ``log-forked``, ``log-entries-missing``,
    ``log-stray-entries``, ``log-other-origin``, ``signer-state-lost``, ``signer-state-damaged``,
    ``signer-state-behind``, ``signer-state-exists``, ``signer-state-unwritable``, ``signer-already-running``,
    ``signer-key-unsafe``, ``signer-failed``.
    """


class WitnessError(AcervoError):
    """A witness did not cosign: ``witness-unreachable``, ``witness-refused-404`` and the like, ``witness-ahead``."""
