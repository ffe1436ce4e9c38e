"""Atom feeds (RFC 4287): a document out of entries, the same octets for the same entries."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from api.xml_text import clean

MEDIA_TYPE = "application/atom+xml"
NAMESPACE = "http://www.w3.org/2005/Atom"
GENERATOR = "Acervo"
ET.register_namespace("", NAMESPACE)


@dataclass(frozen=True, slots=True)
class Link:
    """A link (§4.2.7): relation, address, and the media type that is found there."""

    rel: str
    href: str
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry (§4.1.2).

    Attributes:
        id: An IRI that is its own for ever (§4.2.6).
        title, summary: Plain text; `content` as well, where the entry brings what it speaks of.
        published, updated: RFC 3339 instants.
        links: One of them `alternate`.
        categories: Terms.
    """

    id: str
    title: str
    updated: str
    links: tuple[Link, ...]
    published: str | None = None
    summary: str | None = None
    content: str | None = None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed (§4.1.1), or a page of one (RFC 5005 §3).

    Attributes:
        id: The same for all of its pages.
        author: Who speaks in its entries.
        updated: As the entries', for a feed without any.
        links: `self` and, on a page behind which others are, `next`.
    """

    id: str
    title: str
    author: str
    updated: str
    links: tuple[Link, ...]
    entries: tuple[Entry, ...]
    subtitle: str | None = None


def write(feed: Feed) -> bytes:
    """Return the document, UTF-8."""
    root = ET.Element(_named("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": "es-MX"})
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    if feed.subtitle is not None:
        _text(root, "subtitle", feed.subtitle)
    _text(root, "updated", max([entry.updated for entry in feed.entries], default=feed.updated))
    _text(ET.SubElement(root, _named("author")), "name", feed.author)
    _text(root, "generator", GENERATOR)
    _link(root, feed.links)
    for entry in feed.entries:
        _entry(root, entry)
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body


def _entry(root: ET.Element, entry: Entry) -> None:
    found = ET.SubElement(root, _named("entry"))
    _text(found, "id", entry.id)
    _text(found, "title", entry.title)
    _text(found, "updated", entry.updated)
    if entry.published is not None:
        _text(found, "published", entry.published)
    _link(found, entry.links)
    for term in entry.categories:
        ET.SubElement(found, _named("category"), {"term": clean(term)})
    if entry.summary is not None:
        _text(found, "summary", entry.summary)
    if entry.content is not None:
        _text(found, "content", entry.content)


def _link(parent: ET.Element, links: tuple[Link, ...]) -> None:
    for link in links:
        attributes = {"rel": link.rel, "href": clean(link.href)}
        if link.media_type is not None:
            attributes["type"] = link.media_type
        ET.SubElement(parent, _named("link"), attributes)


def _text(parent: ET.Element, name: str, value: str) -> None:
    ET.SubElement(parent, _named(name)).text = clean(value)


def _named(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
