"""The forms for programs: results as JSON and CSV, articles as JSON, and the state of the service."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from flask import Blueprint, Response, current_app, request

from index.article import JSON, Article, Status
from index.article_json import record_from
from index.dates import iso
from index.sheets import guarded
from search.archive import Archive
from search.query import MAX_PAGE, Query
from search.results import Headline, Hit, SearchPage
from web.search_json import page_record
from web.urls import SEARCH_JSON, permalink, query_from_args, search_link, suggest_from_args, versions_link

CSV_COLUMNS = ("id", "title", "date", "section", "source", "authors", "url", "link", "status", "score", "snippet")
FILE_NAME_LENGTH = 60
SUGGESTIONS_TYPE = "application/x-suggestions+json"
MACHINE_SUFFIXES = (".json", ".csv", ".atom", ".rss", ".ris", ".bib", ".opml")

_FOR_PROGRAMS = re.compile(r"/(?:healthz|suggest|robots\.txt|opensearch\.xml|sitemap[^/]*\.xml)$")

api = Blueprint("api", __name__)


def archive_in_use() -> Archive:
    """Return the archive that this application serves."""
    archive: Archive = current_app.extensions["telisik"]
    return archive


@api.get("/search.json")
def search_json() -> Response:
    """Answer a search as JSON."""
    page = archive_in_use().search(query_from_args(request.args))
    return json_response({**page_record(page, permalink, _versions_link), "next": _next_link(page)})


@api.get("/search.csv")
def search_csv() -> Response:
    """Answer a search as a table: the same hits in the same order; the total is in the header X-Total-Count."""
    page = archive_in_use().search(query_from_args(request.args))
    return csv_response(csv_text(page), file_name(page.query, ".csv"), page.total)


@api.get("/suggest")
def suggest() -> Response:
    """Answer what was typed so far with queries, as JSON: a list of objects, or of texts in the form that browsers ask for.

    That form is of OpenSearch Suggestions 1.1: what was typed, then a list of the queries.
    """
    text, limit, is_asked = suggest_from_args(request.args)
    found = archive_in_use().suggest(text, limit)
    accepted = request.accept_mimetypes.best_match(("application/json", SUGGESTIONS_TYPE))
    if is_asked or accepted == SUGGESTIONS_TYPE:
        response = json_response([text, [suggestion.text for suggestion in found]])
        response.content_type = SUGGESTIONS_TYPE
    else:
        response = json_response([{"text": s.text, "kind": s.kind.value, "count": s.count} for s in found])
    response.vary.add("Accept")
    return response


@api.get("/healthz")
def healthz() -> Response:
    """Say whether the archive can be searched, and how far its index is behind its store."""
    archive = archive_in_use()
    archive.search(Query(size=1))
    articles, sequence, indexed = archive.progress()
    response = json_response({"status": "ok", "articles": articles, "sequence": sequence, "indexed_sequence": indexed})
    response.cache_control.no_store = True
    return response


def json_response(record: Mapping[str, JSON] | Sequence[JSON], status: int = 200) -> Response:
    """Return a response that carries one JSON object or list."""
    return Response(json.dumps(record, ensure_ascii=False) + "\n", status, content_type="application/json")


def table_text(columns: Sequence[str], rows: Iterable[Iterable[str | int | float]]) -> str:
    """Return a table as CSV with a header row; no text in it begins like a formula."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(columns)
    writer.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return lines.getvalue()


def csv_response(text: str, name: str, total: int | None = None) -> Response:
    """Return a response that carries a table to be saved; `total` is how many rows the whole of it has, if this may be a part."""
    response = Response(text, content_type="text/csv; charset=utf-8; header=present")
    if total is not None:
        response.headers["X-Total-Count"] = str(total)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def article_record(
    article: Article, versions: Sequence[Headline] = (), related: Sequence[Headline] = ()
) -> dict[str, JSON]:
    """Return the JSON form of an article with its address here and those of articles like it.

    A withdrawn article keeps its heading, not its text.
    """
    return {
        **record_from(readable(article)),
        "status": article.status.value,
        "link": permalink(article.id),
        "versions": list(map(_headline_record, versions)),
        "related": list(map(_headline_record, related)),
    }


def readable(article: Article) -> Article:
    """Return what readers may see of an article: of a withdrawn one no text, nor what its source said besides."""
    if article.status is not Status.WITHDRAWN:
        return article
    return replace(article, body="", summary=None, tags=(), people=(), topics=(), extra={})


def csv_text(page: SearchPage) -> str:
    """Return the hits as CSV."""
    return table_text(CSV_COLUMNS, map(_csv_cells, page.hits))


def file_name(query: Query, suffix: str) -> str:
    """Return a file name that says what was asked: "telisik-dana-desa-2019-2021.csv"."""
    days = [day.isoformat() for day in (query.published_from, query.published_to) if day]
    limits = [value for values in query.limits().values() for value in values]
    said = " ".join([query.text, *limits, *days])
    letters = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode().casefold()
    slug = re.sub(r"[^a-z0-9]+", "-", letters)[:FILE_NAME_LENGTH].strip("-")
    return "-".join(part for part in ("telisik", slug, str(query.page) if query.page > 1 else "") if part) + suffix


def is_machine_address(path: str) -> bool:
    """Say whether programs read what is at this address, so that errors there must be JSON too."""
    return path.endswith(MACHINE_SUFFIXES) or bool(_FOR_PROGRAMS.search(path))


def _versions_link(article_id: str) -> str:
    return versions_link(article_id, SEARCH_JSON, absolute=True)


def _headline_record(headline: Headline) -> Mapping[str, JSON]:
    return {
        "id": headline.article_id,
        "title": headline.title,
        "date": None if headline.date is None else iso(headline.date),
        "source": headline.source,
        "link": permalink(headline.article_id),
    }


def _next_link(page: SearchPage) -> str | None:
    number = page.query.page + 1
    if number > min(page.pages, MAX_PAGE):
        return None
    return search_link(replace(page.query, page=number), SEARCH_JSON, absolute=True)


def _csv_cells(hit: Hit) -> list[str]:
    return [
        hit.article_id,
        hit.title.text,
        "" if hit.date is None else iso(hit.date),
        hit.section or "",
        hit.source or "",
        "; ".join(hit.authors),
        hit.url or "",
        permalink(hit.article_id),
        hit.status.value,
        f"{hit.score:.4f}",
        " … ".join(snippet.text for snippet in hit.snippets),
    ]
