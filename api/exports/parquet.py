"""A table of open data as Apache Parquet, where the extra `parquet` is installed.

Integers and booleans are of these types; everything else is the text that the other formats hold: dates and instants
as they were written, arrays and objects as JSON. What the columns mean stands in the file's own schema.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import IO, TYPE_CHECKING, Any

from api.exports.formats import plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from api.exports.catalogue import Dataset

GROUP_ROWS = 50_000
"""Rows of a row group, which is what a table holds in memory."""
_TYPED = {"integer": "int64", "boolean": "bool"}


def available() -> bool:
    """Tell whether the extra is installed."""
    return find_spec("pyarrow") is not None


class ParquetTable:
    """A file in row groups, compressed with zstd.

    Args:
        dataset: Whose columns.
        target: Where.
        about: What the file says of itself.

    Raises:
        ModuleNotFoundError: the extra is not installed; ask `available` first.
    """

    def __init__(self, dataset: Dataset, target: Path | IO[bytes], about: Sequence[tuple[str, str]] = ()) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._record = pa.RecordBatch
        self._typed = [each.type in _TYPED for each in dataset.fields]
        fields = [
            pa.field(
                each.name, pa.type_for_alias(_TYPED.get(each.type, "string")), metadata={"es": each.es, "en": each.en}
            )
            for each in dataset.fields
        ]
        self._schema = pa.schema(fields, metadata={"title": dataset.es, "title_en": dataset.en, **dict(about)})
        self._writer = pq.ParquetWriter(target, self._schema, compression="zstd")
        self._rows: list[Sequence[Any]] = []

    def add(self, row: Sequence[Any]) -> None:
        """Take a row."""
        self._rows.append(row)
        if len(self._rows) == GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        """Write the file."""
        if self._rows:
            self._flush()
        self._writer.close()

    def _flush(self) -> None:
        columns = [
            [value if value is None or typed else plain_text(value) for value in column]
            for typed, column in zip(self._typed, zip(*self._rows, strict=True), strict=True)
        ]
        named = dict(zip(self._schema.names, columns, strict=True))
        self._writer.write_batch(self._record.from_pydict(named, self._schema))
        self._rows.clear()
