"""A bounded map of what was used lately: two generations, the older dropped whole."""

from __future__ import annotations

from typing import Generic, TypeVar

V = TypeVar("V")


class Recent(Generic[V]):
    """Keeps between `size` and `2 * size` of the entries used last; forgetting costs nothing a use.

    Attributes:
        young: what was put or used since the last forgetting; to be read directly where every call counts.
    """

    __slots__ = ("_old", "_size", "young")

    def __init__(self, size: int) -> None:
        self._size = size
        self.young: dict[str, V] = {}
        self._old: dict[str, V] = {}

    def get(self, key: str) -> V | None:
        """Return the value, None where it was never put or is forgotten."""
        value = self.young.get(key)
        if value is None:
            value = self._old.get(key)
            if value is not None:
                self.put(key, value)
        return value

    def put(self, key: str, value: V) -> None:
        """Keep a value as the one used last."""
        self.young[key] = value
        if len(self.young) > self._size:
            self._old, self.young = self.young, {}

    def drop(self, key: str) -> None:
        """Forget a value."""
        self.young.pop(key, None)
        self._old.pop(key, None)
