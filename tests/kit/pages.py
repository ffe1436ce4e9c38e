"""What stands where on the pages of a PDF: text runs with place, width and colour, read from the content streams.

Enough of ISO 32000 for what typst writes: `cm`, `Tm`, `Tf`, `TJ`, fill colours, composite fonts with Identity-H codes,
their ToUnicode maps and widths. Text is what a reader would copy, so what is found here is what is really there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, TypeAlias

import pikepdf

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
Colour: TypeAlias = tuple[float, ...]
_UNIT: Matrix = (1, 0, 0, 1, 0, 0)
_HEX = re.compile(r"<([0-9A-Fa-f]+)>")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text: its page from 1, where it begins and how wide it is in points, its size and fill colour.

    artifact: of the head or foot of a page, not of the document's text.
    """

    page: int
    x: float
    y: float
    width: float
    size: float
    text: str
    colour: Colour
    artifact: bool

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.width


@dataclass
class _Font:
    """A font: code → text, code → width in thousandths."""

    text: dict[int, str] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    default: float = 1000


@dataclass
class _Reader:
    """Reads one page."""

    page: int
    fonts: dict[str, _Font]
    runs: list[Run] = field(default_factory=list)
    matrix: Matrix = _UNIT
    line: Matrix = _UNIT
    colour: Colour = (0,)
    font: _Font = field(default_factory=_Font)
    size: float = 0
    saved: list[tuple[Matrix, Colour]] = field(default_factory=list)
    marks: list[bool] = field(default_factory=list)

    def take(self, name: str, operands: list[Any]) -> None:
        match name:
            case "q":
                self.saved.append((self.matrix, self.colour))
            case "Q":
                self.matrix, self.colour = self.saved.pop()
            case "cm":
                self.matrix = _times(_matrix(operands), self.matrix)
            case "Tm":
                self.line = _matrix(operands)
            case "Tf":
                self.font, self.size = self.fonts[str(operands[0])], float(operands[1])
            case "BDC" | "BMC":
                self.marks.append(str(operands[0]) == "/Artifact")
            case "EMC":
                self.marks.pop()
            case "Tj":
                self.show([operands[0]])
            case "TJ":
                self.show(list(operands[0].as_list()))
            case "scn" | "sc" | "rg" | "g" | "k":
                self.colour = tuple(float(each) for each in operands)
            case _:
                pass

    def show(self, pieces: list[Any]) -> None:
        text, width = "", 0.0
        for piece in pieces:
            if not isinstance(piece, pikepdf.String):
                width -= float(piece)
                continue
            raw = bytes(piece)
            for code in (int.from_bytes(raw[n : n + 2], "big") for n in range(0, len(raw), 2)):
                text += self.font.text.get(code, "\ufffd")
                width += self.font.widths.get(code, self.font.default)
        place = _times(self.line, self.matrix)
        scaled = width / 1000 * self.size * abs(place[0])
        run = Run(self.page, place[4], place[5], scaled, self.size, text, self.colour, any(self.marks))
        self.runs.append(run)


def runs(raw: bytes) -> list[Run]:
    """Return all text of a PDF in the order in which it is drawn."""
    found = []
    with pikepdf.open(BytesIO(raw)) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            fonts = {name: _font(font) for name, font in page.resources.get("/Font", {}).items()}
            reader = _Reader(number, fonts)
            for each in pikepdf.parse_content_stream(page):
                if isinstance(each, pikepdf.ContentStreamInstruction):
                    reader.take(str(each.operator), list(each.operands))
            found += reader.runs
    return found


def text_of(raw: bytes) -> str:
    """Return all text, a line a run."""
    return "\n".join(run.text for run in runs(raw))


def glyphs(raw: bytes) -> set[str]:
    """Return every character that a font of the file can show."""
    found: set[str] = set()
    with pikepdf.open(BytesIO(raw)) as pdf:
        for page in pdf.pages:
            for font in page.resources.get("/Font", {}).values():
                found.update("".join(_font(font).text.values()))
    return found


def _font(font: Any) -> _Font:
    made = _Font()
    for block in re.findall(r"beginbf(char|range)(.*?)endbf", font.ToUnicode.read_bytes().decode("latin-1"), re.DOTALL):
        numbers = _HEX.findall(block[1])
        if block[0] == "char":
            pairs = zip(numbers[::2], numbers[1::2], strict=True)
            made.text |= {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}
            continue
        for first, last, text in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True):
            span = range(int(first, 16), int(last, 16) + 1)
            made.text |= {code: chr(int(text, 16) + code - int(first, 16)) for code in span}
    descendant = font.DescendantFonts[0]
    made.default = float(descendant.get("/DW", 1000))
    entries = list(descendant.get("/W", pikepdf.Array()).as_list())
    while entries:
        first, following = int(entries.pop(0)), entries.pop(0)
        if isinstance(following, pikepdf.Array):
            made.widths |= {first + n: float(width) for n, width in enumerate(following.as_list())}
        else:
            width = float(entries.pop(0))
            made.widths |= dict.fromkeys(range(first, int(following) + 1), width)
    return made


def _matrix(operands: list[Any]) -> Matrix:
    a, b, c, d, e, f = (float(each) for each in operands)
    return a, b, c, d, e, f


def _times(m: Matrix, n: Matrix) -> Matrix:
    """Return m × n as PDF multiplies (ISO 32000-1, 8.3.4)."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def contrast(first: Colour, second: Colour) -> float:
    """Return the contrast of two colours, grey or sRGB (WCAG 2.2, 1.4.6)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(each) for each in (colour * 3 if len(colour) == 1 else colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
