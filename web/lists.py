"""A reader's list: searches and articles that the address of a page holds, so that a list needs no account and can be sent.

The list that was opened last stands in a cookie, too: what is added next goes there. A list whose place another one takes stays in
a second cookie, one step away.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from index.article import JSON, Article
from index.dates import iso
from index.messages import gettext as _
from search.archive import Archive
from search.query import FilterField, Query, Sort
from web.api import archive_in_use, csv_response, json_response, table_text
from web.citing import CITING, reference_endpoint, references_text
from web.pages import SearchForm
from web.readinglist import LONGEST, LONGEST_TITLE, ReadingList, as_kept, value_of
from web.site import render, url_for
from web.urls import PATHS, SEARCH_ATOM, SEARCH_JSON, permalink, search_link
from web.wording import query_title

NEW = "new"  # the argument of the address of an empty list
LIST_PAGE, LIST_JSON, LIST_CSV, LIST_OPML = (f"lists.list_{form}" for form in ("page", "json", "csv", "opml"))
LAST, BEFORE = "telisik_list", "telisik_list_before"
COOKIE_SECONDS = 400 * 86_400  # the most that browsers keep one
CSV_COLUMNS = ("id", "title", "date", "section", "source", "authors", "url", "link", "status")
FILE_NAME = "telisik-daftar"
FORMS = (
    ("CSV", LIST_CSV),
    ("JSON", LIST_JSON),
    *((form.label, f"lists.{reference_endpoint('list', suffix)}") for suffix, form in CITING.items()),
)

lists = Blueprint("lists", __name__)


@dataclass(frozen=True, slots=True)
class KeptSearch:
    """A search of a list: its title, how many articles it finds, the newest of them, and the list without it."""

    query: Query
    title: str
    total: int
    is_relaxed: bool
    newest: Article | None
    without: str

    @property
    def newest_first(self) -> Query:
        """The search in the order in which a feed is read."""
        return replace(self.query, sort=Sort.NEWEST)


@dataclass(frozen=True, slots=True)
class KeptArticle:
    """An article of a list, None where readers may not see it any more, or not yet; and the list without it."""

    article_id: str
    article: Article | None
    without: str


@lists.get("/list")
def list_page() -> AnyResponse:
    """Show a list; where the address holds none, the one that was opened last."""
    kept, last = ReadingList.from_args(request.args), _remembered(LAST)
    if kept == ReadingList() and NEW not in request.args and kept != last:
        return redirect(list_link(last), HTTPStatus.FOUND)
    return _page(kept, is_opened=True)


@lists.get("/list/add")
def add() -> AnyResponse:
    """Add a search or an article to the list that was opened last, and open it."""
    grown, is_full = _grown()
    if is_full:
        return _page(_remembered(LAST), is_full=True)
    return _with_list(redirect(list_link(grown), HTTPStatus.SEE_OTHER), grown)


@lists.get("/list/add.json")
def add_json() -> Response:
    """Do the same for a page that stays: answer the address of the list and how much is in it."""
    grown, is_full = _grown()
    if is_full:
        error = {"code": "list_full", "message": full_text(), "parameter": None}
        return json_response({"error": error}, HTTPStatus.CONFLICT)
    answer: dict[str, JSON] = {
        "link": list_link(grown),
        "searches": len(grown.searches),
        "articles": len(grown.articles),
    }
    return _with_list(json_response(answer), grown)


@lists.get("/list.json")
def list_json() -> Response:
    """Answer a list as JSON: its searches with what they find, and its articles without their text."""
    kept, archive = ReadingList.from_args(request.args), archive_in_use()
    articles = _articles(archive, kept)
    searches: list[JSON] = [_search_record(found) for found in _searches(archive, kept)]
    records: list[JSON] = [_article_record(one.article) for one in articles if one.article is not None]
    missing: list[JSON] = [one.article_id for one in articles if one.article is None]
    return json_response(
        {
            "title": kept.title or None,
            "link": list_link(kept, absolute=True),
            "searches": searches,
            "articles": records,
            "missing": missing,
        }
    )


@lists.get("/list.csv")
def list_csv() -> Response:
    """Answer the articles of a list as a table."""
    return csv_response(table_text(CSV_COLUMNS, map(_cells, _found_articles())), f"{FILE_NAME}.csv")


def list_references(suffix: str) -> Response:
    """Answer references to the articles of a list, for whoever cites them."""
    form, archive = CITING[suffix], archive_in_use()
    text = references_text(archive, suffix, _found_articles())
    return _download(text, f"{form.media_type}; charset=utf-8", suffix)


for _suffix in CITING:
    lists.add_url_rule(f"/list{_suffix}", reference_endpoint("list", _suffix), partial(list_references, _suffix))


@lists.get("/list.opml")
def list_opml() -> Response:
    """Answer the feeds of a list's searches as OPML 2.0, which feed readers import (http://opml.org/spec2.opml)."""
    kept = ReadingList.from_args(request.args)
    archive = archive_in_use()
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = f"{title_of(kept)} – {archive.settings.title}"
    body = ET.SubElement(root, "body")
    for found in _searches(archive, kept):
        title = f"{found.title} – {archive.settings.title}"
        address = search_link(found.newest_first, SEARCH_ATOM, absolute=True)
        page = search_link(found.query, absolute=True)
        ET.SubElement(body, "outline", type="rss", text=title, title=title, xmlUrl=address, htmlUrl=page)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode", xml_declaration=False)
    return _download(f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n', "text/x-opml; charset=utf-8", ".opml")


def list_link(kept: ReadingList, endpoint: str = LIST_PAGE, *, absolute: bool = False) -> str:
    """Return the address of a list, or of another form of it."""
    text = kept.text() or (f"{NEW}=1" if endpoint == LIST_PAGE else "")
    address = url_for(endpoint, _external=absolute)
    return f"{address}?{text}" if text else address


def keep_search_link(query: Query) -> str:
    """Return the address that adds a search to the reader's list."""
    return url_for("lists.add", q=value_of(as_kept(query)))


def title_of(kept: ReadingList) -> str:
    """Return what a list is called, its own title or what all lists are called."""
    return kept.title or _("My list")


def full_text() -> str:
    """Return why nothing more can be added to a list."""
    return _(
        "The list is full: an address has no room for more. Keep its address, and begin a new list; "
        "or remove something first."
    )


def _page(kept: ReadingList, *, is_opened: bool = False, is_full: bool = False) -> Response:
    archive = archive_in_use()
    last, before = _remembered(LAST), _remembered(BEFORE)
    if is_opened and not kept.follows(last):
        before = last
    page = render(
        "list.html",
        kept=kept,
        heading=title_of(kept),
        searches=_searches(archive, kept),
        articles=_articles(archive, kept),
        problem=full_text() if is_full else None,
        pairs=kept.pairs(),
        before=None if before.things <= kept.things else before,
        before_heading=title_of(before),
        before_link=list_link(before),
        new_link=list_link(ReadingList()),
        forms=[(name, list_link(kept, endpoint)) for name, endpoint in FORMS],
        opml_link=list_link(kept, LIST_OPML),
        form=SearchForm(""),
        most_title=LONGEST_TITLE,
    )
    response = Response(page, HTTPStatus.CONFLICT if is_full else HTTPStatus.OK)
    return _with_list(response, kept) if is_opened else response


def _grown() -> tuple[ReadingList, bool]:
    """Return the reader's list with what is to be added, and whether there is no room for it; 404 for an unknown article."""
    more = ReadingList.from_args(request.args)
    archive = archive_in_use()
    if any(archive.article(article_id) is None for article_id in more.articles):
        abort(HTTPStatus.NOT_FOUND)
    last = _remembered(LAST)
    return last.with_all(more), not last.is_room_for(more)


def _remembered(cookie: str) -> ReadingList:
    return ReadingList.from_text(request.cookies.get(cookie, ""))


def _with_list(response: Response | AnyResponse, kept: ReadingList) -> Response:
    """Return the response with the list in the cookie, and the one whose place it takes in the other; nothing shared keeps it.

    A browser that fetches a page before anybody has asked for it opens nothing, and has to ask again to open it.
    """
    response.headers["Cache-Control"] = "private, no-cache"
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        response.headers["Cache-Control"] = "private, no-store"
        return response  # type: ignore[return-value]  # what Flask's redirect returns is its own Response
    last = _remembered(LAST)
    if kept != last and len(kept.text()) <= LONGEST:
        if not kept.follows(last):
            _set_cookie(response, BEFORE, last.text())
        _set_cookie(response, LAST, kept.text())
    return response  # type: ignore[return-value]  # what Flask's redirect returns is its own Response


def _set_cookie(response: AnyResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=COOKIE_SECONDS,
        path=url_for(LIST_PAGE),
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def _searches(archive: Archive, kept: ReadingList) -> list[KeptSearch]:
    """Return the searches of a list with what they find now."""
    return [_found(archive, query, list_link(kept.without(query))) for query in kept.searches]


def _found(archive: Archive, query: Query, without: str) -> KeptSearch:
    def label(field: FilterField, value: str) -> str:
        entry = archive.entry(field, value) if field in PATHS else None
        return entry.label if entry else value

    found = archive.ranking(replace(query, sort=Sort.NEWEST), 1)  # a seventh of what a page of results takes
    newest = archive.article(found.article_ids[0]) if found.article_ids else None
    return KeptSearch(
        query, query_title(query, label) or _("All articles"), found.total, found.relaxed, newest, without
    )


def _articles(archive: Archive, kept: ReadingList) -> list[KeptArticle]:
    return [
        KeptArticle(article_id, archive.article(article_id), list_link(kept.without(article_id)))
        for article_id in kept.articles
    ]


def _found_articles() -> Iterator[Article]:
    """Return the articles of the list that is asked for, one after the other."""
    kept, archive = ReadingList.from_args(request.args), archive_in_use()
    return (one.article for one in _articles(archive, kept) if one.article is not None)


def _download(text: str, content_type: str, suffix: str) -> Response:
    response = Response(text, content_type=content_type)
    response.headers.set("Content-Disposition", "attachment", filename=FILE_NAME + suffix)
    return response


def _search_record(found: KeptSearch) -> Mapping[str, JSON]:
    newest = found.newest
    return {
        "title": found.title,
        "total": found.total,
        "relaxed": found.is_relaxed,
        "newest": None
        if newest is None
        else {
            "id": newest.id,
            "title": newest.title,
            "date": None if newest.date is None else iso(newest.date),
            "link": permalink(newest.id),
        },
        "link": search_link(found.query, absolute=True),
        "json": search_link(found.query, SEARCH_JSON, absolute=True),
        "feed": search_link(found.newest_first, SEARCH_ATOM, absolute=True),
    }


def _cells(article: Article) -> list[str]:
    record = _article_record(article) | {"authors": "; ".join(article.authors)}
    return [str(record[column] or "") for column in CSV_COLUMNS]


def _article_record(article: Article) -> dict[str, JSON]:
    return {
        "id": article.id,
        "title": article.title,
        "date": None if article.date is None else iso(article.date),
        "section": article.section,
        "source": article.source,
        "authors": list(article.authors),
        "url": article.url,
        "link": permalink(article.id),
        "status": article.status.value,
    }
