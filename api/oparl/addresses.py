"""Addresses of OParl objects: whole ones, for the standard's ids are the addresses at which objects are."""

from __future__ import annotations

from dataclasses import dataclass

SCHEMA = "https://schema.oparl.org/1.1/"
ROOT = "/oparl/v1"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses below the one by which the service is reached."""

    base: str

    def of(self, path: str, key: object = None) -> str:
        """Return the address of a collection of OParl, or of what has a key in it."""
        return f"{self.base}{ROOT}/{path}" if key is None else f"{self.base}{ROOT}/{path}/{key}"

    def native(self, path: str) -> str:
        """Return the address of the same thing in the native interface."""
        return f"{self.base}/api/v1/{path}"
