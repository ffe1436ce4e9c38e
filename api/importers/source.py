"""What an importer of somebody else's data set does with a folder that is not that data set."""

from __future__ import annotations

import csv
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def data_set() -> Iterator[None]:
    """Read a data set: files that are missing, torn, or have other columns or values are not it.

    Raises:
        UntrustedInputError: "source-unknown".
    """
    try:
        yield
    except (OSError, EOFError, KeyError, ValueError, TypeError, StopIteration, csv.Error, zlib.error) as error:
        raise UntrustedInputError("source-unknown", f"{type(error).__name__}: {error}") from error
