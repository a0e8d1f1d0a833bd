"""Feeds in Atom (RFC 4287): of a search, with the counts of OpenSearch 1.1, and of a person or a topic."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from urllib.parse import quote, urlencode
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from index.article import Status
from index.dates import instant_of
from index.messages import gettext as _
from index.messages import language
from search.archive import Archive
from search.query import MAX_PAGE, FilterField, Query, Sort
from search.results import Hit, SearchPage
from web.api import archive_in_use
from web.arguments import args_from_query
from web.entries import moved, stories_of, unknown_record
from web.urls import ENTRY_ATOM, SEARCH_ATOM, entry_link, permalink, query_from_args, search_link
from web.wording import correction_label, query_title, status_label

FEED_TYPE = "application/atom+xml"
ATOM, OPENSEARCH = "http://www.w3.org/2005/Atom", "http://a9.com/-/spec/opensearch/1.1/"
ID_BEGINS = "urn:telisik"
STATUS_SCHEME = f"{ID_BEGINS}:status"
NEWEST = 50  # stories in the feed of a person or a topic
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)  # Atom wants a time of every entry; these have no `published`

_SAFE_IN_ID = "/!$&'()*+,;=@"  # RFC 8141, 2; not the colon, which stands between the parts
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # https://www.w3.org/TR/xml/#charsets

ET.register_namespace("", ATOM)
ET.register_namespace("opensearch", OPENSEARCH)

feeds = Blueprint("feeds", __name__)


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of results as a feed: its name, title and addresses; `links` are those of other pages by their relation.

    `name` says what the feed is of, the parts of its id.
    """

    name: tuple[str, ...]
    title: str
    address: str
    page_address: str
    links: Mapping[str, str]


@feeds.get("/search.atom")
def search_atom() -> Response:
    """Answer a search as a feed: the same hits in the same order as the page."""
    archive = archive_in_use()
    page = archive.search(query_from_args(request.args))
    query = page.query
    return feed_response(archive, page, search_feed(page), query)


@feeds.get("/<entry_field:field>/<name>.atom")
def entry_atom(field: FilterField, name: str) -> AnyResponse:
    """Answer the newest stories of a person or a topic as a feed."""
    archive = archive_in_use()
    entry = archive.entry(field, name)
    if entry is None:
        return unknown_record(archive, field, name)
    if entry.slug != name:
        return moved(entry_link(field, entry.slug, ENTRY_ATOM))
    page = archive.search(replace(stories_of(entry), sort=Sort.NEWEST, size=NEWEST))
    feed = Feed(
        name=(field.value, entry.slug),
        title=entry.label,
        address=entry_link(field, entry.slug, ENTRY_ATOM, absolute=True),
        page_address=entry_link(field, entry.slug, absolute=True),
        links={},
    )
    return feed_response(archive, page, feed)


def search_feed(page: SearchPage) -> Feed:
    """Return the feed of a search, with the addresses of the pages before and after."""
    query = page.query
    numbers = {"first": 1, "previous": query.page - 1, "next": query.page + 1, "last": page.pages}
    most = min(page.pages, MAX_PAGE)
    return Feed(
        name=("search", urlencode(args_from_query(query), doseq=True)),
        title=query_title(query, page.label) or _("All articles"),
        address=search_link(query, SEARCH_ATOM, absolute=True),
        page_address=search_link(query, absolute=True),
        links={
            relation: search_link(replace(query, page=number), SEARCH_ATOM, absolute=True)
            for relation, number in numbers.items()
            if 1 <= number <= most
        },
    )


def feed_response(archive: Archive, page: SearchPage, feed: Feed, query: Query | None = None) -> Response:
    """Return the feed of a page of results; with `query` its place in the whole result is told, too."""
    root = ET.Element(_atom("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": language()})
    site = archive.settings.title
    _add(root, "id", id_of(archive, *feed.name))
    _add(root, "title", f"{feed.title} – {site}")
    _add(root, "updated", max((_updated(archive, hit) for hit in page.hits), default=UNDATED).isoformat())
    _add(_add(root, "author"), "name", site)
    _add(root, "generator", "Telisik")
    _link(root, "self", feed.address, FEED_TYPE)
    _link(root, "alternate", feed.page_address, "text/html")
    for relation, address in feed.links.items():
        _link(root, relation, address, FEED_TYPE)
    if query is not None:
        counts = {"totalResults": page.total, "startIndex": query.offset + 1, "itemsPerPage": query.size}
        for name, count in counts.items():
            ET.SubElement(root, f"{{{OPENSEARCH}}}{name}").text = str(count)
    for hit in page.hits:
        _add_entry(root, archive, hit)
    ET.indent(root)
    text = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(text, content_type=f"{FEED_TYPE}; charset=utf-8")


def id_of(archive: Archive, *parts: str) -> str:
    """Return the id of a feed or a story of an archive: the same at whatever address the archive is asked.

    Feed readers know by it what they have read, so an archive that is given another title is new to them.
    """
    return ":".join([ID_BEGINS, *(quote(part, safe=_SAFE_IN_ID) for part in (archive.settings.title, *parts))])


def _add_entry(root: ET.Element, archive: Archive, hit: Hit) -> None:
    entry = _add(root, "entry")
    address = permalink(hit.article_id)
    badge = status_label(hit.status)
    _add(entry, "id", id_of(archive, "article", hit.article_id))
    _add(entry, "title", f"[{badge}] {hit.title.text}" if badge else hit.title.text)
    _link(entry, "alternate", address, "text/html")
    if hit.date is not None:
        _add(entry, "published", _moment(archive, hit.date).isoformat())
    _add(entry, "updated", _updated(archive, hit).isoformat())
    for author in hit.authors or ((hit.source,) if hit.source else ()):
        _add(_add(entry, "author"), "name", author)
    if badge:
        ET.SubElement(entry, _atom("category"), {"term": hit.status.value, "scheme": STATUS_SCHEME, "label": badge})
    for term in (*((hit.section,) if hit.section else ()), *(topic.label for topic in hit.topics)):
        ET.SubElement(entry, _atom("category"), {"term": _printable(term)})
    summary = _summary(hit)
    if summary:
        _add(entry, "summary", summary)


def _summary(hit: Hit) -> str:
    """Return what was corrected or why the story was withdrawn, then the sentences that show what matched."""
    notes = [f"{correction_label(correction)}: {correction.text}" for correction in hit.corrections]
    if hit.status is Status.WITHDRAWN:
        return "\n".join([_("This article has been withdrawn."), *notes])
    return "\n".join([*notes, " … ".join(snippet.text for snippet in hit.snippets)]).strip()


def _updated(archive: Archive, hit: Hit) -> datetime:
    """Return when a story last changed in a way that readers must learn of: its date, or that of its last correction."""
    now = datetime.now(archive.settings.zone)
    corrected = (_moment(archive, correction.date) for correction in hit.corrections if correction.date is not None)
    published = UNDATED if hit.date is None else _moment(archive, hit.date)
    return max([published, *(moment for moment in corrected if moment <= now)])


def _moment(archive: Archive, day: date | datetime) -> datetime:
    return instant_of(day, archive.settings.zone).astimezone(archive.settings.zone)


def _atom(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, _atom(name))
    if text is not None:
        child.text = _printable(text)
    return child


def _link(parent: ET.Element, relation: str, address: str, kind: str) -> None:
    ET.SubElement(parent, _atom("link"), {"rel": relation, "href": _printable(address), "type": kind})


def _printable(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _NO_XML.sub("", text)
