"""RSS 0.9x, 1.0 and 2.0, and Atom 1.0 (RFC 4287)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, tostring

from index.article import Article, Reject, article_from_fields
from index.dates import parse_published
from index.errors import FileRefused
from index.importers import Record, SourceFile
from index.importers.fields import split_names
from index.importers.html import html_or_text, paragraphs_from_html
from index.importers.reasons import reason_for
from index.importers.xml import feed_elements, local_name, namespace, text_of
from index.messages import gettext as _

_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_NAMESPACES = frozenset(  # names of other vocabularies, such as media:title, are not about the article
    {
        "",
        "http://www.w3.org/2005/Atom",
        "http://purl.org/atom/ns#",
        "http://purl.org/rss/1.0/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://backend.userland.com/rss2",
        "http://purl.org/dc/elements/1.1/",
        "http://purl.org/dc/terms/",
    }
)
_XML = "{http://www.w3.org/XML/1998/namespace}"
_BASE, _LANGUAGE = f"{_XML}base", f"{_XML}lang"
_DATES = ("pubDate", "published", "issued", "date", "created", "updated", "modified")
_TEXT_TYPES = ("", "text", "html", "xhtml")


@dataclass(slots=True)
class _Feed:
    """What a feed says of itself before its items."""

    title: str | None = None
    language: str | None = None
    link: str = ""

    def take(self, name: str, element: Element) -> None:
        if name == "title":
            self.title = html_or_text(text_of(element))
        elif name == "language":
            self.language = text_of(element)
        elif name == "link" and element.get("rel", "alternate") == "alternate":
            self.link = element.get("href") or text_of(element)


class _Item:
    """The parts of an item by name, and what the item inherits from its feed."""

    def __init__(self, element: Element, holder: Element, feed: _Feed) -> None:
        self._parts: dict[str, list[Element]] = {}
        for part in element:
            self._parts.setdefault(_name_of(part), []).append(part)
        self.feed_title = feed.title
        self.language = element.get(_LANGUAGE) or holder.get(_LANGUAGE) or feed.language
        self.base = urljoin(urljoin(feed.link, holder.get(_BASE, "")), element.get(_BASE, ""))

    def all(self, *names: str) -> list[Element]:
        return [part for name in names for part in self._parts.get(name, [])]

    def first(self, *names: str) -> str:
        return next((text for part in self.all(*names) if (text := text_of(part))), "")


def read_feed(source: SourceFile) -> Iterator[Record]:
    """Yield the article of each item; raise FileRefused for XML that is no feed."""
    feed = _Feed()
    number = seen = 0
    for holder, element in feed_elements(source.path):
        seen += 1
        name = _name_of(element)
        if name in ("item", "entry"):
            number += 1
            yield _record_of(_Item(element, holder, feed), source, _("item %(number)d", number=number))
        else:
            feed.take(name, element)
    if not seen:
        raise FileRefused(source.path, _("no RSS or Atom feed: it has no channel and no feed element"))


def _name_of(element: Element) -> str:
    space, name = namespace(element.tag), local_name(element.tag)
    if space == _CONTENT:
        return f"content:{name}"
    return name if space in _NAMESPACES else element.tag


def _record_of(item: _Item, source: SourceFile, place: str) -> Record:
    try:
        return _article_of(item, source.zone)
    except ValueError as error:
        return Reject(source.path, place, reason_for(item.first("title", "link"), error))


def _article_of(item: _Item, zone: tzinfo) -> Article:
    link = _link_of(item)
    body = _markup(item, "content:encoded") or _markup(item, "content")
    summary = _markup(item, "description") or _markup(item, "summary")
    labels = [part.get("label") or part.get("term") or text_of(part) for part in item.all("category", "subject")]
    sections = [label for label in map(html_or_text, labels) if label]
    return article_from_fields(
        id=None if link else item.first("guid", "id"),
        title=_markup(item, "title"),
        body=body or summary,
        summary=summary if body else None,
        date=_date_of(item, zone),
        section=sections[0] if sections else None,
        source=_source_of(item),
        authors=_authors_of(item),
        url=link,
        tags=sections[1:],
        language=item.language,
    )


def _link_of(item: _Item) -> str:
    """Return the address of an item's page, resolved against its base; empty where it has none."""
    for link in item.all("link"):
        address = link.get("href") or text_of(link)
        if address and link.get("rel", "alternate") == "alternate":
            return urljoin(urljoin(item.base, link.get(_BASE, "")), address)
    for guid in item.all("guid"):
        if guid.get("isPermaLink", "true") == "true" and text_of(guid).startswith(("http://", "https://")):
            return text_of(guid)
    return ""


def _source_of(item: _Item) -> str | None:
    """Return the feed that an item was taken from, else the feed that it is in."""
    for origin in item.all("source"):
        titles = [text_of(part) for part in origin if local_name(part.tag) == "title"]
        name = titles[0] if titles else (origin.text or "").strip()
        if name:
            return name
    return item.feed_title


def _authors_of(item: _Item) -> list[str]:
    """Return the names of authors; where RSS gives "address (name)" the name alone, never an e-mail address."""
    names: list[str] = []
    for part in item.all("creator", "author"):
        name = next((text_of(child) for child in part if local_name(child.tag) == "name"), None)
        text = name if name is not None else "" if len(part) else text_of(part)
        before, bracket, within = text.partition("(")
        if "@" in before:
            text = within.removesuffix(")") if bracket else ""
        if "@" not in text:
            names.extend(split_names(text, authors=True))
    return names


def _date_of(item: _Item, zone: tzinfo) -> date | datetime | None:
    text = item.first(*_DATES)
    return parse_published(text, zone) if text else None


def _markup(item: _Item, name: str) -> str:
    """Return the text of a part that may hold HTML: as escaped text, as XHTML elements, or none."""
    for part in item.all(name):
        kind = part.get("type", "").removeprefix("text/").replace("plain", "text")
        if kind == "text":
            return text_of(part)
        if kind in _TEXT_TYPES or len(part):
            return paragraphs_from_html(_inner_html(part)) if len(part) else html_or_text(text_of(part))
    return ""


def _inner_html(part: Element) -> str:
    """Return the elements in a part as HTML, their namespaces taken off."""
    for element in part.iter():
        element.tag = local_name(element.tag)
    return (part.text or "") + "".join(tostring(child, encoding="unicode", method="html") for child in part)
