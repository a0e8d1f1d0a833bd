"""Feeds in Atom and RSS: of a search, and of a person or a topic."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from index.messages import gettext as _
from search.archive import Archive
from search.query import MAX_PAGE, FilterField
from search.results import SearchPage
from web.api import archive_in_use
from web.arguments import args_from_query
from web.atom import ATOM_TYPE, atom_text
from web.entries import entry_asked, newest_stories
from web.rss import RSS_TYPE, rss_text
from web.stories import Feed, counts_of, id_of, stories_on
from web.urls import ENTRY_ATOM, ENTRY_RSS, SEARCH_ATOM, SEARCH_RSS, entry_link, query_from_args, search_link
from web.wording import query_title

WRITERS: Mapping[str, Callable[[Feed], bytes]] = {ATOM_TYPE: atom_text, RSS_TYPE: rss_text}

feeds = Blueprint("feeds", __name__)


@feeds.get("/search.atom")
def search_atom() -> Response:
    """Answer a search as a feed in Atom: the same hits in the same order as the page."""
    return _search_response(SEARCH_ATOM, ATOM_TYPE)


@feeds.get("/search.rss")
def search_rss() -> Response:
    """Answer a search as a feed in RSS."""
    return _search_response(SEARCH_RSS, RSS_TYPE)


@feeds.get("/<entry_field:field>/<name>.atom")
def entry_atom(field: FilterField, name: str) -> AnyResponse:
    """Answer the newest stories of a person or a topic as a feed in Atom."""
    return _entry_response(field, name, ENTRY_ATOM, ATOM_TYPE)


@feeds.get("/<entry_field:field>/<name>.rss")
def entry_rss(field: FilterField, name: str) -> AnyResponse:
    """Answer the newest stories of a person or a topic as a feed in RSS."""
    return _entry_response(field, name, ENTRY_RSS, RSS_TYPE)


def search_feed(archive: Archive, page: SearchPage, endpoint: str) -> Feed:
    """Return the feed of a search at an endpoint, with the addresses of the pages before and after."""
    query = page.query
    numbers = {"first": 1, "previous": query.page - 1, "next": query.page + 1, "last": page.pages}
    most = min(page.pages, MAX_PAGE)
    return Feed(
        id=id_of(archive, "search", urlencode(args_from_query(query), doseq=True)),
        site=archive.settings.title,
        title=query_title(query, page.label) or _("All articles"),
        address=search_link(query, endpoint, absolute=True),
        page_address=search_link(query, absolute=True),
        links={
            relation: search_link(replace(query, page=number), endpoint, absolute=True)
            for relation, number in numbers.items()
            if 1 <= number <= most
        },
        counts=counts_of(page),
        stories=stories_on(archive, page),
    )


def _search_response(endpoint: str, kind: str) -> Response:
    archive = archive_in_use()
    page = archive.search(query_from_args(request.args))
    return _feed_response(search_feed(archive, page, endpoint), kind)


def _entry_response(field: FilterField, name: str, endpoint: str, kind: str) -> AnyResponse:
    archive = archive_in_use()
    entry = entry_asked(archive, field, name, endpoint)
    if isinstance(entry, AnyResponse):
        return entry
    page = newest_stories(archive, entry)
    feed = Feed(
        id=id_of(archive, field.value, entry.slug),
        site=archive.settings.title,
        title=entry.label,
        address=entry_link(field, entry.slug, endpoint, absolute=True),
        page_address=entry_link(field, entry.slug, absolute=True),
        links={},
        counts=counts_of(page),
        stories=stories_on(archive, page),
    )
    return _feed_response(feed, kind)


def _feed_response(feed: Feed, kind: str) -> Response:
    return Response(WRITERS[kind](feed), content_type=f"{kind}; charset=utf-8")
