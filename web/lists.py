"""A reader's list: searches and articles that the address of a page holds, so that a list needs no account and can be sent.

The list that was opened last stands in a cookie, too: what is added next goes there. A list whose place another one takes stays in
a second cookie, one step away.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from index.article import JSON, Article
from index.dates import iso
from index.messages import gettext as _
from index.sheets import guarded
from search.archive import Archive
from search.citations import bibtex_lines, ris_lines
from search.query import DEFAULT_SIZE, FilterField, Query, QueryError, Sort
from web.api import archive_in_use, json_response, readable
from web.arguments import TEXT, args_from_query
from web.pages import SearchForm
from web.site import render, url_for
from web.urls import PATHS, SEARCH_ATOM, SEARCH_JSON, mended_query, permalink, search_link
from web.wording import query_title

ARTICLE, TITLE, NEW = "id", "title", "new"
LIST_PAGE, LIST_JSON, LIST_CSV, LIST_RIS, LIST_BIB, LIST_OPML = (
    f"lists.list_{form}" for form in ("page", "json", "csv", "ris", "bib", "opml")
)
MOST_SEARCHES, MOST_ARTICLES, LONGEST_TITLE = 20, 500, 120

# Characters of a list's arguments. A cookie may have 4,096, a line of a request 4,094 by gunicorn's default, and both cookies
# come in one header of at most 8,190. It is room for 150 articles whose ids are as long as a day and a number.
LONGEST = 3_000
OF_ARGUMENTS = "?"  # begins a search that is not words alone: the arguments of its address follow

LAST, BEFORE = "telisik_list", "telisik_list_before"
COOKIE_SECONDS = 400 * 86_400  # the most that browsers keep one
CSV_COLUMNS = ("id", "title", "date", "section", "source", "authors", "url", "link", "status")
FILE_NAME = "telisik-daftar"

lists = Blueprint("lists", __name__)


@dataclass(frozen=True, slots=True)
class ReadingList:
    """What a list holds: searches without order and page, and ids of articles, each once, in the order they were added."""

    title: str = ""
    searches: tuple[Query, ...] = ()
    articles: tuple[str, ...] = ()

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> "ReadingList":
        """Return the list that the arguments of an address hold; raise QueryError for one that is too long."""
        title = " ".join(args.get(TITLE, "").split())[:LONGEST_TITLE]
        searches = tuple(dict.fromkeys(_search_from(value) for value in args.getlist(TEXT) if value.strip()))
        articles = tuple(dict.fromkeys(value for value in args.getlist(ARTICLE) if value))
        for parameter, most in ((TEXT, MOST_SEARCHES), (ARTICLE, MOST_ARTICLES)):
            if len(args.getlist(parameter)) > most:
                reason = _(
                    "a list has at most %(searches)d searches and %(articles)d articles",
                    searches=MOST_SEARCHES,
                    articles=MOST_ARTICLES,
                )
                raise QueryError(parameter, "too_many", reason)
        return cls(title, searches, articles)

    @classmethod
    def from_text(cls, text: str) -> "ReadingList":
        """Return the list of which `text` is the arguments, an empty one where it is no list."""
        try:
            return cls.from_args(MultiDict(parse_qsl(text, keep_blank_values=True)))
        except (QueryError, ValueError):
            return cls()

    def pairs(self) -> list[tuple[str, str]]:
        """Return the arguments, name and value, of which `from_args` makes this list."""
        titled = [(TITLE, self.title)] if self.title else []
        searches = [(TEXT, _value_of(query)) for query in self.searches]
        return [*titled, *searches, *((ARTICLE, article_id) for article_id in self.articles)]

    def text(self) -> str:
        """Return the arguments as an address has them."""
        return urlencode(self.pairs())

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in the list."""
        return not self.searches and not self.articles

    @property
    def things(self) -> frozenset[Query | str]:
        """All that is in the list, in no order."""
        return frozenset((*self.searches, *self.articles))

    def with_all(self, other: "ReadingList") -> "ReadingList":
        """Return the list with what another one holds at its end, under its own title if it has one."""
        return ReadingList(
            self.title or other.title,
            tuple(dict.fromkeys((*self.searches, *other.searches))),
            tuple(dict.fromkeys((*self.articles, *other.articles))),
        )

    def without(self, thing: Query | str) -> "ReadingList":
        """Return the list without a search or an article."""
        searches = tuple(query for query in self.searches if query != thing)
        return replace(self, searches=searches, articles=tuple(name for name in self.articles if name != thing))

    def follows(self, before: "ReadingList") -> bool:
        """Say whether this is a former list changed in one step: nothing of it is gone, or one thing."""
        return len(before.things - self.things) <= 1 and not (self.is_empty and len(before.things) > 1)

    def is_room_for(self, more: "ReadingList") -> bool:
        """Say whether the list can take what another one holds."""
        grown = self.with_all(more)
        is_few = len(grown.searches) <= MOST_SEARCHES and len(grown.articles) <= MOST_ARTICLES
        return is_few and len(grown.text()) <= LONGEST


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
    records: list[JSON] = [_article_record(readable(one.article)) for one in articles if one.article is not None]
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
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(CSV_COLUMNS)
    for article in _found_articles():
        cells = _article_record(article) | {"authors": "; ".join(article.authors)}
        writer.writerow([guarded(str(cells[column] or "")) for column in CSV_COLUMNS])
    return _download(lines.getvalue(), "text/csv; charset=utf-8; header=present", "csv")


@lists.get("/list.ris")
def list_ris() -> Response:
    """Answer the articles of a list as RIS, for reference managers."""
    return _cited(ris_lines, "application/x-research-info-systems; charset=utf-8", "ris")


@lists.get("/list.bib")
def list_bib() -> Response:
    """Answer the articles of a list as BibTeX."""
    return _cited(bibtex_lines, "application/x-bibtex; charset=utf-8", "bib")


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
    return _download(f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n', "text/x-opml; charset=utf-8", "opml")


def list_link(kept: ReadingList, endpoint: str = LIST_PAGE, *, absolute: bool = False) -> str:
    """Return the address of a list, or of another form of it."""
    text = kept.text() or (f"{NEW}=1" if endpoint == LIST_PAGE else "")
    address = url_for(endpoint, _external=absolute)
    return f"{address}?{text}" if text else address


def keep_article_link(article_id: str, endpoint: str = "lists.add") -> str:
    """Return the address that adds an article to the reader's list."""
    return url_for(endpoint, id=article_id)


def keep_search_link(query: Query, endpoint: str = "lists.add") -> str:
    """Return the address that adds a search to the reader's list."""
    return url_for(endpoint, q=_value_of(_kept(query)))


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
        forms=[(name, list_link(kept, form)) for name, form in _FORMS],
        opml_link=list_link(kept, LIST_OPML),
        form=SearchForm(""),
        most_title=LONGEST_TITLE,
    )
    response = Response(page, HTTPStatus.CONFLICT if is_full else HTTPStatus.OK)
    return _with_list(response, kept) if is_opened else response


_FORMS = (("CSV", LIST_CSV), ("JSON", LIST_JSON), ("RIS", LIST_RIS), ("BibTeX", LIST_BIB))


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
    """Yield the articles of the list that is asked for, as readers may see them."""
    kept, archive = ReadingList.from_args(request.args), archive_in_use()
    return (readable(one.article) for one in _articles(archive, kept) if one.article is not None)


def _cited(lines_of: Callable[[Iterable[Article]], Iterator[str]], content_type: str, suffix: str) -> Response:
    return _download("".join(lines_of(_found_articles())), content_type, suffix)


def _download(text: str, content_type: str, suffix: str) -> Response:
    response = Response(text, content_type=content_type)
    response.headers.set("Content-Disposition", "attachment", filename=f"{FILE_NAME}.{suffix}")
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


def _kept(query: Query) -> Query:
    """Return a search as a list holds it: what it asks for, whatever its order and its page."""
    return replace(query, text=query.text.strip(), sort=None, page=1, size=DEFAULT_SIZE)


def _value_of(query: Query) -> str:
    """Return a search as a value of the address: its words, or with limits the arguments of its own address behind a mark."""
    if query == Query(query.text) and query.text and not query.text.startswith(OF_ARGUMENTS):
        return query.text
    return OF_ARGUMENTS + urlencode(args_from_query(query), doseq=True)


def _search_from(value: str) -> Query:
    """Return the search that a value of the address is; what no search can be made of is left out of it."""
    is_words = not value.startswith(OF_ARGUMENTS)
    pairs = [(TEXT, value)] if is_words else parse_qsl(value.removeprefix(OF_ARGUMENTS), keep_blank_values=True)
    return _kept(mended_query(MultiDict(pairs)))
