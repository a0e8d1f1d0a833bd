"""The description of all addresses for programs, in OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1); in English alone."""

from collections.abc import Sequence

from flask import Blueprint, Response

from index.article import JSON
from search.query import MAX_TEXT, FilterField
from search.timelines import PERS
from web.api import SUGGESTIONS_TYPE, archive_in_use, json_response
from web.atom import ATOM_TYPE
from web.citing import CITING
from web.discovery import OPENSEARCH_TYPE
from web.operations import NOUNS, asked_for, parameter, parameters, read_path, sent_path, whole_number
from web.readinglist import MOST_ARTICLES, MOST_SEARCHES
from web.rss import RSS_TYPE
from web.schemas import COUNT, TEXT, Schema, list_of, object_of, one_of, schema, schemas
from web.site import url_for
from web.timeline import MEASURES
from web.urls import MOST_COMPARED, MOST_SUGGESTED, PATHS

VERSION = "1"  # of the addresses and their answers; rises when a program that uses them must change
OPENAPI_TYPE = "application/vnd.oai.openapi+json;version=3.1"
CSV_TYPE = "text/csv"
RIS_TYPE, BIBTEX_TYPE, CSL_TYPE = (CITING[suffix].media_type for suffix in (".ris", ".bib", ".csl.json"))

_REFERENCES = {"ris": (RIS_TYPE, TEXT), "bib": (BIBTEX_TYPE, TEXT), "csl.json": (CSL_TYPE, list_of(schema("CslItem")))}
_PERIOD = r"^$|^(?!0000)\d{4}(-(0[1-9]|1[0-2]))?$"

openapi = Blueprint("openapi", __name__)


@openapi.get("/openapi.json")
def openapi_json() -> Response:
    """Answer the description of the addresses for programs."""
    response = json_response(
        document(archive_in_use().settings.title, url_for("pages.home", _external=True).rstrip("/"))
    )
    response.content_type = OPENAPI_TYPE
    return response


def document(site: str, address: str) -> dict[str, JSON]:
    """Return the description of the addresses of an archive with this title that begin with `address`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": site,
            "version": VERSION,
            "summary": "Search a news archive.",
            "description": (
                "Every list of stories is there as a page and, under the same parameters and with the same hits, order and "
                "counts, as JSON, CSV, Atom and RSS. Times are of the archive's zone. An article under embargo is nowhere; of a "
                "withdrawn one there are the title and the reason. An empty parameter is an absent one, and spaces around a "
                "value do not count. Every answer has a weak ETag: ask again with "
                "If-None-Match. Messages are in the language that `lang` says, else in the archive's own."
            ),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": address}],
        "paths": {**_search_paths(), **_article_paths(), **_entry_paths(), **_other_paths()},
        "components": {"schemas": schemas(), "parameters": parameters()},
    }


# --- addresses

_SEARCH = tuple(
    map(
        parameter,
        ("q", "from", "to", *(field.value for field in FilterField), "sort", "expand", "recency", "page", "size"),
    )
)


def _forms(
    name: str, path: str, summary: str, record: Schema, asked: Sequence[Schema], errors: Sequence[int]
) -> dict[str, Schema]:
    """Return the addresses of one list of stories in all its forms for programs."""
    answers: dict[str, tuple[str, Schema | None]] = {
        "json": ("application/json", record),
        "csv": (CSV_TYPE, TEXT),
        "atom": (ATOM_TYPE, None),
        "rss": (RSS_TYPE, None),
    }
    return {
        f"{path}.{suffix}": read_path(
            f"{name}_{suffix}",
            f"{summary}, as {suffix.upper()}",
            {kind: shape},
            asked,
            errors=errors,
            is_counted=suffix == "csv",
        )
        for suffix, (kind, shape) in answers.items()
    }


def _search_paths() -> dict[str, Schema]:
    summary = "A page of the result of a search"
    paths = _forms("search", "/search", summary, schema("SearchPage"), _SEARCH, (400,))
    for suffix, (kind, shape) in _REFERENCES.items():
        name = f"search_{suffix.replace('.', '_')}"
        paths[f"/search.{suffix}"] = read_path(
            name, f"{summary}, as references", {kind: shape}, _SEARCH, errors=(400,), is_counted=True
        )
    return paths


def _article_paths() -> dict[str, Schema]:
    article: Schema = {
        "name": "id",
        "in": "path",
        "required": True,
        "description": "The id of an article; slashes in it may stand as they are.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 500},
    }
    summary = "An article with its versions and related stories"
    paths = {
        "/articles/{id}.json": read_path(
            "article_json", summary, {"application/json": schema("Article")}, [article], errors=(404,)
        )
    }
    for suffix, (kind, shape) in _REFERENCES.items():
        name = f"article_{suffix.replace('.', '_')}"
        paths[f"/articles/{{id}}.{suffix}"] = read_path(
            name, "A reference to an article", {kind: shape}, [article], errors=(404,)
        )
    return paths


def _entry_paths() -> dict[str, Schema]:
    paths: dict[str, Schema] = {}
    name: Schema = {
        "name": "name",
        "in": "path",
        "required": True,
        "description": "The slug; a name or an alias leads to it.",
        "schema": {"type": "string", "minLength": 1},
    }
    listed = [
        parameter("q"),
        asked_for("letter", TEXT, "The letter that names begin with, # for those that begin with none."),
        parameter("page"),
    ]
    for field, path in PATHS.items():
        one, several = NOUNS[field]
        summary = f"A page of the list of {several} from A to Z"
        paths[f"/{path}.json"] = read_path(
            f"{several}_json", f"{summary}, as JSON", {"application/json": schema("EntryList")}, listed, errors=(400,)
        )
        paths[f"/{path}.csv"] = read_path(
            f"{several}_csv", f"{summary}, as CSV", {CSV_TYPE: TEXT}, listed, errors=(400,), is_counted=True
        )
        stories = _forms(
            one,
            f"/{path}/{{name}}",
            f"Stories of a {one}, newest first",
            schema(one.capitalize()),
            [name],
            (301, 404),
        )
        paths.update(stories)
    return paths


def _other_paths() -> dict[str, Schema]:
    compared = [
        asked_for(
            "q",
            {"type": "array", "items": {"type": "string", "maxLength": MAX_TEXT}, "maxItems": MOST_COMPARED},
            "Queries, persons (`tokoh:slug`) or topics (`topik:slug`) to compare.",
        ),
        parameter("from"),
        parameter("to"),
        asked_for("per", one_of(["", *PERS]), "What is counted together; without it the span decides."),
        asked_for("measure", one_of(["", *MEASURES]), "What the figure of the page shows; the answer has both."),
    ]
    suggested = [
        asked_for("q", {"type": "string", "maxLength": MAX_TEXT}, "What was typed so far."),
        asked_for("limit", whole_number(1, MOST_SUGGESTED, 10), "How many suggestions there are at most."),
        asked_for("form", one_of(["", "opensearch"]), "`opensearch` asks for OpenSearch Suggestions 1.1."),
    ]
    part: Schema = {"name": "part", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
    xml: dict[str, Schema | None] = {"application/xml": None}
    return {
        "/compare.json": read_path(
            "compare_json",
            "Queries, persons or topics over time",
            {"application/json": schema("Comparison")},
            compared,
            errors=(400,),
        ),
        "/compare.csv": read_path(
            "compare_csv", "The same, as a table with a row a period", {"text/csv": TEXT}, compared, errors=(400,)
        ),
        "/batch.json": sent_path(
            "batch_json", "What the archive has of a list of names", "application/json", schema("Batch")
        ),
        "/batch.csv": sent_path("batch_csv", "The same, as a table with a row a name", CSV_TYPE, TEXT),
        **_coverage_paths(),
        **_trends_paths(),
        **_list_paths(),
        "/suggest": read_path(
            "suggest",
            "Queries for what was typed so far",
            {"application/json": list_of(schema("Suggestion")), SUGGESTIONS_TYPE: schema("OpenSearchSuggestions")},
            suggested,
            errors=(400,),
        ),
        "/healthz": read_path("healthz", "Whether the archive can be searched", {"application/json": schema("Health")}),
        "/opensearch.xml": read_path("opensearch", "The OpenSearch description document", {OPENSEARCH_TYPE: None}),
        "/robots.txt": read_path("robots", "What crawlers may read", {"text/plain": TEXT}),
        "/sitemap.xml": read_path("sitemap", "The parts of the sitemap", xml),
        "/sitemap-pages.xml": read_path("sitemap_pages", "Pages that are no articles", xml),
        "/sitemap-{part}.xml": read_path("sitemap_part", "A part of the articles", xml, [part], errors=(404,)),
        "/openapi.json": read_path(
            "openapi", "This document", {"application/vnd.oai.openapi+json": {"type": "object"}}
        ),
    }


def _coverage_paths() -> dict[str, Schema]:
    asked = [
        asked_for(
            "period", {"type": "string", "pattern": _PERIOD}, "A year, 2023, or a month, 2023-07; by itself all times."
        ),
        asked_for("section", TEXT, "A section, by name; by itself all."),
    ]
    summary = "What the archive holds by month, or of a year or month by day, and what it lacks"
    return {
        "/coverage.json": read_path(
            "coverage_json", summary, {"application/json": schema("Coverage")}, asked, errors=(400, 404)
        ),
        "/coverage.csv": read_path(
            "coverage_csv", f"{summary}, as a table", {CSV_TYPE: TEXT}, asked, errors=(400, 404)
        ),
    }


def _trends_paths() -> dict[str, Schema]:
    asked = [parameter("to")]
    summary = "Persons, topics and sections in more articles than usual"
    return {
        "/trends.json": read_path("trends_json", summary, {"application/json": schema("Trends")}, asked, errors=(400,)),
        "/trends.csv": read_path("trends_csv", f"{summary}, as a table", {CSV_TYPE: TEXT}, asked, errors=(400,)),
    }


def _list_paths() -> dict[str, Schema]:
    asked = [
        asked_for("title", TEXT, "The title of the list."),
        asked_for(
            "q",
            {**list_of(TEXT), "maxItems": MOST_SEARCHES},
            "Searches: words, or ? and the arguments of an address.",
        ),
        asked_for("id", {**list_of(TEXT), "maxItems": MOST_ARTICLES}, "Ids of articles."),
    ]
    forms: dict[str, tuple[str, str, Schema | None]] = {
        "json": ("A reader's list of searches and articles", "application/json", schema("ReadingList")),
        "csv": ("The articles of a reader's list, as a table", CSV_TYPE, TEXT),
        "ris": ("The articles of a reader's list, as RIS", RIS_TYPE, TEXT),
        "bib": ("The articles of a reader's list, as BibTeX", BIBTEX_TYPE, TEXT),
        "csl.json": ("The articles of a reader's list, as CSL-JSON", *_REFERENCES["csl.json"]),
        "opml": ("The feeds of a reader's searches, as OPML", "text/x-opml", None),
    }
    paths = {
        f"/list.{suffix}": read_path(f"list_{suffix.replace('.', '_')}", summary, {kind: shape}, asked, errors=(400,))
        for suffix, (summary, kind, shape) in forms.items()
    }
    added = {"application/json": object_of({"link": TEXT, "searches": COUNT, "articles": COUNT})}
    summary = "Add to the list that a cookie holds"
    return {**paths, "/list/add.json": read_path("list_add", summary, added, asked, errors=(400, 404, 409))}
