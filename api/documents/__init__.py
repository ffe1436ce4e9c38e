"""Documents on paper and screen, out of acts alone: one model, HTML and PDF of it (docs/documents.md).

`press_of(system).render(kind, key)` is the whole interface: a kind, an identifier, bytes. The same acts give the same
bytes; whoever signs a PDF signs what it returns, in the empty boxes that `Press.boxes` tells of.
"""

from api.documents.press import KINDS, Format, Press, press_of

__all__ = ["KINDS", "Format", "Press", "press_of"]
