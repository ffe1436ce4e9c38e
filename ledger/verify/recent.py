"""A bounded map of what was used lately: two generations, the older dropped whole."""

from __future__ import annotations

from typing import Generic, TypeVar

V = TypeVar("V")


class Recent(Generic[V]):
    """Keeps between `size` and `2 * size` of the entries used last; forgetting costs nothing a use."""

    __slots__ = ("_old", "_size", "_young")

    def __init__(self, size: int) -> None:
        self._size = size
        self._young: dict[str, V] = {}
        self._old: dict[str, V] = {}

    def get(self, key: str) -> V | None:
        """Return the value, None where it was never put or is forgotten."""
        value = self._young.get(key)
        if value is None:
            value = self._old.get(key)
            if value is not None:
                self.put(key, value)
        return value

    def put(self, key: str, value: V) -> None:
        """Keep a value as the one used last."""
        self._young[key] = value
        if len(self._young) > self._size:
            self._old, self._young = self._young, {}

    def drop(self, key: str) -> None:
        """Forget a value."""
        self._young.pop(key, None)
        self._old.pop(key, None)
