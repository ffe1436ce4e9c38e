"""A document as Akoma Ntoso 1.0 (OASIS LegalDocML): actas are debates, agreements are statements, the rest are docs.

The words are those of the other forms, line by line. Blocks of an acta keep the number under which they were sealed
(`acervo:block`); votes and quorums stand in the analysis, too, out of the data that were sealed with the text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, assert_never
from xml.etree import ElementTree as ET

from api.documents.model import Facts, Heading, Items, Paragraph, Passage, Table, flat
from api.xml_text import clean
from ledger.acts.vote import SENSES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.documents.layout import Layout
    from api.documents.model import Block, Document, Inline, Mark

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
OWN = "urn:acervo:akn:1"
MEDIA_TYPE = "application/akn+xml"
ELEMENTS = {"acta": "debate", "minuta": "debate", "acuerdo": "statement"}
"""Which document of the standard a kind is; what is not named here is a `doc`."""
_LANGUAGE = "spa"
_HOLDERS = {
    "attendance": "rollCall",
    "quorum": "rollCall",
    "agreement": "resolutions",
    "vote": "debateSection",
    "marks": "debateSection",
    "closing": "adjournment",
}
"""Blocks of an acta that are a part of their own; any other is a narrative."""


def to_akn(document: Document, layout: Layout) -> bytes:
    """Return the document as XML, UTF-8: the same document, the same octets."""
    return _Writer(document, layout).write()


@dataclass
class _Writer:
    """Writes one document; `concepts` are the senses and results that its analysis names."""

    document: Document
    layout: Layout
    concepts: dict[str, str] = field(default_factory=dict)
    lists: int = 0

    def write(self) -> bytes:
        document = self.document
        element = ELEMENTS.get(document.kind, "doc")
        root = ET.Element("akomaNtoso", {"xmlns": NAMESPACE, "xmlns:acervo": OWN})
        whole = self.under(root, element, name=document.kind)
        self.meta(self.under(whole, "meta"), element)
        self.preface(whole)
        if element == "debate":
            self.debate(self.under(whole, "debateBody"))
        else:
            body = self.under(whole, "mainBody")
            for block in document.blocks:
                self.block(body, block)
        self.conclusions(whole)
        raw: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        return raw

    def under(self, parent: ET.Element, name: str, text: str = "", /, **attributes: str) -> ET.Element:
        """Append an element."""
        made = ET.SubElement(parent, name, {key: clean(value) for key, value in attributes.items()})
        if text:
            made.text = clean(text)
        return made

    # -- what it is ------------------------------------------------------------------------------------------------

    @property
    def day(self) -> str:
        """The day of the session or of the adoption; of any other document, of its act."""
        heads = (each.data.get("day") for each in self.document.blocks if isinstance(each, Passage))
        found = next((each for each in heads if each), self.document.json_ld.get("legislationDate"))
        return str(found or self.document.at[:10])

    def meta(self, meta: ET.Element, element: str) -> None:
        document = self.document
        work = f"/akn/{self.layout.country}/{element}/{document.kind}/{self.day}/{self.number}"
        expression = f"{work}/{_LANGUAGE}@{document.at[:10]}"
        identification = self.under(meta, "identification", source="#acervo")
        first = self.level(identification, "FRBRWork", work, self.day, "#organo")
        self.under(first, "FRBRcountry", value=self.layout.country)
        self.under(first, "FRBRsubtype", value=document.kind)
        self.under(first, "FRBRnumber", value=self.number)
        self.under(first, "FRBRname", value=document.title)
        second = self.level(identification, "FRBRExpression", expression, document.at[:10], "#organo")
        self.under(second, "FRBRlanguage", language=_LANGUAGE)
        third = self.level(identification, "FRBRManifestation", f"{expression}.xml", document.at[:10], "#acervo")
        self.under(third, "FRBRformat", value=MEDIA_TYPE)
        self.analysis(meta)
        self.references(meta)
        self.proprietary(meta)

    @property
    def number(self) -> str:
        """What tells this document from others of its kind and day: its act's stream."""
        return self.document.seal.stream.partition("/")[2].replace("/", "-") or self.document.seal.stream

    def level(self, parent: ET.Element, name: str, address: str, day: str, author: str) -> ET.Element:
        """Append one of the three levels at which the standard names a document."""
        made = self.under(parent, name)
        this = address.removesuffix(".xml")
        self.under(made, "FRBRthis", value=f"{this}/!main" + ".xml" * (this != address))
        self.under(made, "FRBRuri", value=address)
        if name == "FRBRWork":
            self.under(made, "FRBRalias", value=self.document.json_ld["@id"], name="acervo")
        self.under(made, "FRBRdate", date=day, name="fecha")
        self.under(made, "FRBRauthor", href=author)
        return made

    def analysis(self, meta: ET.Element) -> None:
        """Votes and quorums, out of what was sealed with the blocks."""
        told = [each for each in self.document.blocks if isinstance(each, Passage) and each.role in {"vote", "quorum"}]
        counted = [each for each in told if "present" in each.data or "favor" in each.data]
        if not counted:
            return
        held = self.under(self.under(meta, "analysis", source="#acervo"), "parliamentary")
        for each in counted:
            place = f"analysis_{each.number}"
            if each.role == "quorum":
                made = self.under(held, "quorumVerification", eId=place, href=f"#block_{each.number}")
                self.under(made, "quorum", eId=f"{place}__required", value=str(each.data["required"]))
                self.under(made, "count", eId=f"{place}__present", value=str(each.data["present"]))
                continue
            outcome = self.concept("results", each.data["result"])
            made = self.under(held, "voting", eId=place, outcome=outcome, href=f"#block_{each.number}")
            for sense in SENSES:
                if sense in each.data:
                    where, refers = f"{place}__{sense}", self.concept("senses", sense)
                    self.under(made, "count", eId=where, value=str(each.data[sense]), refersTo=refers)

    def concept(self, group: str, code: str) -> str:
        """Return the reference to a sense or result, which will stand among the references."""
        self.concepts[code] = self.layout.words.name(group, code)
        return f"#{code}"

    def references(self, meta: ET.Element) -> None:
        document = self.document
        base = document.json_ld["@id"].partition(document.seal.stream)[0]
        held = self.under(meta, "references", source="#acervo")
        body = document.seal.stream.split("/")[1] if document.body else ""
        owner = f"{base}bodies/{body}" if body else base
        self.under(held, "TLCOrganization", eId="acervo", href=base, showAs="Acervo")
        self.under(held, "TLCOrganization", eId="organo", href=owner, showAs=document.body or document.institution)
        for code, named in sorted(self.concepts.items()):
            self.under(held, "TLCConcept", eId=code, href=f"{base}vocab#{code}", showAs=named)

    def proprietary(self, meta: ET.Element) -> None:
        """Where the ledger has it, and what is to be said of it before anything else."""
        document, seal = self.document, self.document.seal
        held = self.under(meta, "proprietary", source="#acervo")
        told = {"index": str(seal.index), "stream": seal.stream, "statement": seal.statement, "code": seal.code}
        ET.SubElement(held, "acervo:act", {**told, "address": seal.address})
        for name, on in (("fictitious", document.fictitious), ("draft", document.draft)):
            if on:
                ET.SubElement(held, "acervo:notice").text = self.layout.say(name)

    # -- what it says ----------------------------------------------------------------------------------------------

    def preface(self, whole: ET.Element) -> None:
        document = self.document
        held = self.under(whole, "preface")
        for line in (document.institution, document.body):
            if line:
                self.under(held, "p", line)
        self.under(self.under(held, "p"), "docTitle", document.title)
        if document.subtitle:
            self.under(held, "p", document.subtitle)

    def debate(self, body: ET.Element) -> None:
        """Sections that begin with each item; before the first one stands the opening."""
        number, section = 1, self.section(body, 1, "apertura")
        for block in self.document.blocks:
            if not isinstance(block, Passage):
                continue
            if block.role == "item":
                number += 1
                section = self.section(body, number, "punto")
                heading = self.under(section, "heading", eId=f"block_{block.number}")
                heading.set("acervo:block", str(block.number))
                self.lines(heading, block.lines)
            else:
                self.passage(section, block)

    def section(self, parent: ET.Element, number: int, name: str) -> ET.Element:
        return self.under(parent, "debateSection", name=name, eId=f"dbsect_{number}")

    def passage(self, parent: ET.Element, block: Passage) -> None:
        """Append a block of an acta as it was sealed."""
        holder = _HOLDERS.get(block.role)
        named = {"name": block.role} if holder == "debateSection" else {}
        made = self.under(parent, holder or "narrative", eId=f"block_{block.number}", **named)
        made.set("acervo:block", str(block.number))
        made.set("acervo:kind", block.role)
        if holder is None:
            self.lines(made, block.lines)
            return
        for line in block.lines:
            self.inline(self.under(made, "p"), line)

    def block(self, body: ET.Element, block: Block) -> None:
        """Append a block of any other document."""
        match block:
            case Heading():
                self.under(self.under(body, "p"), "b", block.text)
            case Paragraph():
                self.inline(self.under(body, "p", **{"class": block.role}), block.text)
            case Passage():
                self.passage(self.under(body, "debateSection", name=block.role), block)
            case Items():
                self.items(body, block.items)
            case Facts():
                self.items(body, block.rows)
            case Table():
                self.table(body, block)
            case _:
                assert_never(block)

    def items(self, body: ET.Element, rows: Iterable[tuple[str, Inline]]) -> None:
        self.lists += 1
        held: ET.Element | None = None
        for number, (head, text) in enumerate(rows, 1):
            if held is None:
                held = self.under(body, "blockList", eId=f"list_{self.lists}")
            item = self.under(held, "item", eId=f"list_{self.lists}__item_{number}")
            if head:
                self.under(item, "num", head)
            self.inline(self.under(item, "p"), text)

    def table(self, body: ET.Element, block: Table) -> None:
        made = self.under(body, "table")
        if block.caption:
            self.under(made, "caption", block.caption)
        head = self.under(made, "tr")
        for column in block.columns:
            self.under(self.under(head, "th"), "p", column)
        for row in block.rows:
            line = self.under(made, "tr")
            for cell in row:
                self.inline(self.under(self.under(line, "td"), "p"), cell)

    def conclusions(self, whole: ET.Element) -> None:
        """What the paper says behind its blocks, and who signed."""
        document = self.document
        debate = ELEMENTS.get(document.kind) == "debate"
        said = [flat(each.text) for each in document.blocks if debate and isinstance(each, Paragraph)]
        said += [document.closing] if document.closing else []
        if not said and not document.signatories:
            return
        held = self.under(whole, "conclusions")
        for text in said:
            self.under(held, "p", text)
        for each in document.signatories:
            told = ", ".join(part for part in (each.name, each.role, each.note) if part)
            self.under(self.under(held, "p"), "signature", told)

    # -- text ------------------------------------------------------------------------------------------------------

    def lines(self, parent: ET.Element, lines: Iterable[Inline]) -> None:
        for number, line in enumerate(lines):
            if number:
                self.under(parent, "eol")
            self.inline(parent, line)

    def inline(self, parent: ET.Element, text: Inline) -> None:
        """Append text; what is withheld is an omission that says why."""
        for each in text:
            if isinstance(each, str):
                _append(parent, clean(each))
            else:
                self.under(parent, "omissis", self.withheld(each))

    def withheld(self, mark: Mark) -> str:
        until = f"({mark.until})" if mark.until else ""
        return " ".join(part for part in (self.layout.say("withheld"), mark.ground, mark.reason, until) if part)


def _append(parent: ET.Element, text: str) -> None:
    """Append text behind whatever the element holds already."""
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
