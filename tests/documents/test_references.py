"""Documents look as they looked when somebody looked at them: pictures are kept and compared."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from tests.documents.references import KEPT, difference, kept, pictures

ENOUGH = 0.02
"""Share of blocks that may differ: hashes and codes change with the story, the page does not."""


@pytest.mark.parametrize("name", KEPT)
def test_pages_look_as_they_did(name: str) -> None:
    """Each of the first pages of every document is like its reference picture, in size and block by block."""
    now, before = pictures(name), kept(name)
    assert len(now) == len(before)
    for page, reference in zip(now, before, strict=True):
        assert difference(page, reference) <= ENOUGH


def test_the_comparison_notices_what_a_person_would() -> None:
    """A moved block, a heading that is gone and another page are told apart from the reference."""
    [page, *_] = kept("certificacion")
    moved = Image.new("L", page.size, 255)
    moved.paste(page, (0, 12))
    blank = page.copy()
    ImageDraw.Draw(blank).rectangle((0, 40, page.width, 120), fill=255)
    [other, *_] = kept("informe")
    assert min(difference(page, each) for each in (moved, blank, other)) > ENOUGH
    assert difference(page, page) == 0
    assert difference(page, page.resize((10, 10))) == 1
