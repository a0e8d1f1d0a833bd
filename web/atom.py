"""Feeds in Atom (RFC 4287), with the counts of OpenSearch 1.1."""

from xml.etree import ElementTree as ET

from index.messages import language
from web.stories import STATUS_SCHEME, Feed, Story, printable

ATOM_TYPE = "application/atom+xml"
ATOM, OPENSEARCH = "http://www.w3.org/2005/Atom", "http://a9.com/-/spec/opensearch/1.1/"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

ET.register_namespace("opensearch", OPENSEARCH)


def atom_text(feed: Feed) -> bytes:
    """Return a feed as an Atom document."""
    root = ET.Element("feed", {"xmlns": ATOM, XML_LANG: language()})
    _add(root, "id", feed.id)
    _add(root, "title", f"{feed.title} – {feed.site}")
    _add(root, "updated", feed.updated.isoformat())
    _add(_add(root, "author"), "name", feed.site)
    _add(root, "generator", "Telisik")
    _link(root, "self", feed.address, ATOM_TYPE)
    _link(root, "alternate", feed.page_address, "text/html")
    for relation, address in feed.links.items():
        _link(root, relation, address, ATOM_TYPE)
    add_counts(root, feed)
    for story in feed.stories:
        _add_entry(root, story)
    return document_text(root)


def document_text(root: ET.Element) -> bytes:
    """Return an XML document as it is sent."""
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def add_counts(parent: ET.Element, feed: Feed) -> None:
    """Tell where the page of a feed stands in its whole result."""
    for name, count in feed.counts.items():
        ET.SubElement(parent, f"{{{OPENSEARCH}}}{name}").text = str(count)


def _add_entry(root: ET.Element, story: Story) -> None:
    entry = _add(root, "entry")
    _add(entry, "id", story.id)
    _add(entry, "title", story.title)
    _link(entry, "alternate", story.address, "text/html")
    if story.published is not None:
        _add(entry, "published", story.published.isoformat())
    _add(entry, "updated", story.updated.isoformat())
    for author in story.authors:
        _add(_add(entry, "author"), "name", author)
    if story.badge:
        ET.SubElement(
            entry, "category", {"term": story.status.value, "scheme": STATUS_SCHEME, "label": printable(story.badge)}
        )
    for term in story.terms:
        ET.SubElement(entry, "category", {"term": printable(term)})
    if story.summary:
        _add(entry, "summary", story.summary)


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, name)
    if text is not None:
        child.text = printable(text)
    return child


def _link(parent: ET.Element, relation: str, address: str, kind: str) -> None:
    ET.SubElement(parent, "link", {"rel": relation, "href": printable(address), "type": kind})
