"""Feeds in RSS 2.0 (https://www.rssboard.org/rss-specification), with what Atom, Dublin Core and OpenSearch 1.1 add to it."""

from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from index.messages import gettext as _
from index.messages import language
from web.atom import ATOM, add_counts, document_text
from web.stories import STATUS_SCHEME, Feed, Story, printable

RSS_TYPE = "application/rss+xml"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"

ET.register_namespace("atom", ATOM)
ET.register_namespace("dc", DUBLIN_CORE)


def rss_text(feed: Feed) -> bytes:
    """Return a feed as an RSS document."""
    root = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", f"{feed.title} – {feed.site}")
    _add(channel, "link", feed.page_address)
    _add(channel, "description", _("Articles in %(site)s: %(title)s", site=feed.site, title=feed.title))
    _add(channel, "language", language())
    _add(channel, "generator", "Telisik")
    if feed.stories:
        _add(channel, "lastBuildDate", _rfc822(feed.updated))
    for relation, address in {"self": feed.address, **feed.links}.items():
        attributes = {"rel": relation, "href": printable(address), "type": RSS_TYPE}
        ET.SubElement(channel, f"{{{ATOM}}}link", attributes)
    add_counts(channel, feed)
    for story in feed.stories:
        _add_item(channel, story)
    return document_text(root)


def _add_item(channel: ET.Element, story: Story) -> None:
    item = ET.SubElement(channel, "item")
    _add(item, "title", story.title)
    _add(item, "link", story.address)
    _add(item, "guid", story.id).set("isPermaLink", "false")
    if story.published is not None:
        _add(item, "pubDate", _rfc822(story.published))
    _add(item, f"{{{ATOM}}}updated", story.updated.isoformat())
    for author in story.authors:
        _add(item, f"{{{DUBLIN_CORE}}}creator", author)
    if story.badge:
        _add(item, "category", story.status.value).set("domain", STATUS_SCHEME)
    for term in story.terms:
        _add(item, "category", term)
    if story.summary:
        _add(item, "description", story.summary)


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = printable(text)
    return child


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment)
