"""Every error that the ledger raises, as one tree.

AcervoError
├── UntrustedInputError   bytes from outside are not of the format (format.md §2–§9); the only family a parser raises
├── RuleViolation         a well-formed act that the rules refuse; its code is stable
├── ConflictError         somebody else took the place in the stream, or a basis moved (HTTP 409)
├── GuardMovedError       another stream that a check read has moved; the caller loads and checks again
├── StoreError            the store refused or is not in a state to serve
└── NotSealedError        no checkpoint covers the act yet (HTTP 202, NOT_YET_SEALED)
    └── PendingWitnessError   one does, but too few witnesses have cosigned it yet
"""

from __future__ import annotations

from typing import Any


class AcervoError(Exception):
    """Base of all errors; `code` is stable kebab-case, `params` fill its sentence in the catalogues."""

    def __init__(self, code: str, detail: str = "", **params: Any) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.params = params


class UntrustedInputError(AcervoError):
    """Bytes from outside are not of the format."""


class RuleViolation(AcervoError):  # noqa: N818  the domain's own word (house.md §1)
    """A rule refuses the act; nothing was recorded."""

    def __init__(self, code: str, detail: str = "", **params: Any) -> None:
        if not detail and params:
            detail = ", ".join(f"{key}={value}" for key, value in sorted(params.items()))
        super().__init__(code, detail, **params)


class ConflictError(AcervoError):
    """The place in the stream is taken (`taken`) or a named basis is no longer the last (`basis`)."""

    def __init__(self, reason: str, stream: str) -> None:
        super().__init__(f"conflict-{reason}", stream, stream=stream)
        self.stream = stream


class GuardMovedError(AcervoError):
    """A stream that the check read has moved since."""

    def __init__(self, stream: str) -> None:
        super().__init__("guard-moved", stream, stream=stream)
        self.stream = stream


class StoreError(AcervoError):
    """The store refused, or is not in a state to serve."""


class NotSealedError(AcervoError):
    """The act is recorded, but no checkpoint covers it yet."""

    def __init__(self, index: int, why: str = "") -> None:
        super().__init__("not-yet-sealed", f"index {index}" + (f" ({why})" if why else ""), index=index)
        self.index = index


class PendingWitnessError(NotSealedError):
    """A checkpoint covers the act, but the quorum of witnesses that the policy asks for has not cosigned one yet."""

    def __init__(self, index: int) -> None:
        super().__init__(index)
        self.code = "pending-witness"
