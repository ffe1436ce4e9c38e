"""Reference pictures of the demo year's documents: small, grey, compared block by block.

`python -m tests.documents.references` writes them anew; look at them before they are kept.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from api.documents.pdf import to_png
from tests.kit.longest import long_press
from tests.kit.printed import WITH_TITLES, YEAR, year_document, year_press

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent / "references"
PPI = 32
PAGES = 2
"""How many pages of each document are kept, from the first on."""
LONG = "largo-"
KEPT = (*YEAR, *(f"{LONG}{name}" for name in WITH_TITLES))
"""The documents of which pictures are kept: each of the year, and with the longest real titles those that have any."""
BLOCK = 8
GREYS = 16


def pictures(name: str) -> list[Image.Image]:
    """Return the first pages of a document of the year, with the longest titles or its own, as they are compared."""
    plain = name.removeprefix(LONG)
    press = year_press() if name == plain else long_press()
    pages = to_png(year_document(plain, press), press.layout, PPI)[:PAGES]
    return [_reduced(Image.open(io.BytesIO(page))) for page in pages]


def kept(name: str) -> list[Image.Image]:
    """Return the reference pictures of a document."""
    return [Image.open(io.BytesIO(path.read_bytes())) for path in sorted(FOLDER.glob(f"{name}-[0-9].png"))]


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return the share of blocks of eight by eight that are plainly lighter or darker; 1 for other sizes."""
    if one.size != other.size:
        return 1.0
    mine, theirs = list(_blocks(one)), list(_blocks(other))
    return sum(abs(a - b) > 255 // GREYS for a, b in zip(mine, theirs, strict=True)) / len(mine)


def _blocks(picture: Image.Image) -> Iterator[int]:
    small = picture.convert("L").resize((picture.width // BLOCK, picture.height // BLOCK), Image.Resampling.BOX)
    yield from small.tobytes()


def _reduced(picture: Image.Image) -> Image.Image:
    grey = picture.convert("RGB").convert("L")
    return grey.point(lambda value: value // (256 // GREYS) * (255 // (GREYS - 1)))


def write() -> None:
    """Write all reference pictures anew."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    for name in KEPT:
        for number, picture in enumerate(pictures(name), 1):
            picture.save(FOLDER / f"{name}-{number}.png", optimize=True, bits=4)


if __name__ == "__main__":
    write()
