"""The description of all addresses for programs, in OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1); in English alone."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, Response

from index.article import JSON
from search.query import MAX_PAGE, MAX_SIZE, MAX_TEXT, FilterField, Sort
from search.timelines import PERS
from web.api import SUGGESTIONS_TYPE, archive_in_use, json_response
from web.atom import ATOM_TYPE
from web.citing import CITING
from web.discovery import OPENSEARCH_TYPE
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
NOUNS = {FilterField.PERSON: ("person", "persons"), FilterField.TOPIC: ("topic", "topics")}

_REFERENCES = {"ris": (RIS_TYPE, TEXT), "bib": (BIBTEX_TYPE, TEXT), "csl.json": (CSL_TYPE, list_of(schema("CslItem")))}
_LEAP = r"(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
_DAY = (  # what web.days takes: a day of the calendar, a month or a year; nothing is no limit
    rf"^$|^(?!0000)(?:\d{{4}}(?:-(?:0[1-9]|1[0-2]))?"
    r"|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
    rf"|{_LEAP}-02-29)$"
)
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
        "components": {"schemas": schemas(), "parameters": _parameters()},
    }


# --- shapes of which the document is made


def _parameter(name: str) -> Schema:
    return {"$ref": f"#/components/parameters/{name}"}


def _whole(least: int, most: int, usual: int) -> Schema:
    """Return the schema of a number in an address; empty means the usual one."""
    return {"anyOf": [{"type": "integer", "minimum": least, "maximum": most}, {"const": ""}], "default": usual}


def _asked(name: str, shape: Schema, description: str, **more: JSON) -> Schema:
    return {"name": name, "in": "query", "description": description, "schema": shape, **more}


def _get(
    name: str,
    summary: str,
    answers: Mapping[str, Schema | None],
    asked: Sequence[Schema] = (),
    *,
    errors: Sequence[int] = (),
    is_counted: bool = False,
) -> Schema:
    """Return a path that is read: `answers` are the schemas of what it gives by media type, `errors` its ways to fail."""
    content = {kind: {} if shape is None else {"schema": shape} for kind, shape in answers.items()}
    responses: dict[str, JSON] = {
        "200": {
            "description": summary,
            "content": content,
            "headers": _headers(is_counted=is_counted),
            "links": _links(name),
        },
        "304": {"description": "What the request's If-None-Match names has not changed."},
    }
    responses.update((str(status), _failure(status)) for status in (*errors, 414, 503))
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": [*asked, _parameter("lang")],
            "responses": responses,
        }
    }


def _headers(*, is_counted: bool) -> Schema:
    tag: Schema = {"description": "Changes with the answer; weak.", "schema": TEXT}
    total: Schema = {"description": "How many there are in all.", "schema": COUNT}
    return {"ETag": tag, "X-Total-Count": total} if is_counted else {"ETag": tag}


def _links(name: str) -> Schema:
    """Return which other addresses take a part of an answer, as those of the first article found take its id."""
    articles = {f"article_{form}": ("id", "/hits/0/id") for form in ("json", "ris", "bib", "csl_json")}
    known: dict[str, dict[str, tuple[str, str]]] = {"search_json": articles}
    for one, several in NOUNS.values():
        forms = ("json", "csv", "atom", "rss")
        known[f"{several}_json"] = {f"{one}_{form}": ("name", "/entries/0/slug") for form in forms}
    return {
        other: {"operationId": other, "parameters": {parameter: f"$response.body#{place}"}}
        for other, (parameter, place) in known.get(name, {}).items()
    }


def _failure(status: int) -> Schema:
    said = {
        301: "The name is another one of an entry; its own address follows.",
        400: "A parameter has a value that it cannot have.",
        404: "There is nothing at this address.",
        409: "There is no room for more.",
        413: "What was sent is too large.",
        414: "The address is longer than the server takes.",
        503: "The archive cannot be searched at the moment.",
    }
    if status == 301:
        return {"description": said[status], "headers": {"Location": {"schema": TEXT}}}
    if status == 414:  # of the server, before it knows what is asked for
        return {"description": said[status], "content": {"text/html": {}}}
    return {"description": said[status], "content": {"application/json": {"schema": schema("Failure")}}}


# --- addresses

_SEARCH = tuple(
    map(
        _parameter,
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
        f"{path}.{suffix}": _get(
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
        paths[f"/search.{suffix}"] = _get(
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
        "/articles/{id}.json": _get(
            "article_json", summary, {"application/json": schema("Article")}, [article], errors=(404,)
        )
    }
    for suffix, (kind, shape) in _REFERENCES.items():
        name = f"article_{suffix.replace('.', '_')}"
        paths[f"/articles/{{id}}.{suffix}"] = _get(
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
        _parameter("q"),
        _asked("letter", TEXT, "The letter that names begin with, # for those that begin with none."),
        _parameter("page"),
    ]
    for field, path in PATHS.items():
        one, several = NOUNS[field]
        summary = f"A page of the list of {several} from A to Z"
        paths[f"/{path}.json"] = _get(
            f"{several}_json", f"{summary}, as JSON", {"application/json": schema("EntryList")}, listed, errors=(400,)
        )
        paths[f"/{path}.csv"] = _get(
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
        _asked(
            "q",
            {"type": "array", "items": {"type": "string", "maxLength": MAX_TEXT}, "maxItems": MOST_COMPARED},
            "Queries, persons (`tokoh:slug`) or topics (`topik:slug`) to compare.",
        ),
        _parameter("from"),
        _parameter("to"),
        _asked("per", one_of(["", *PERS]), "What is counted together; without it the span decides."),
        _asked("measure", one_of(["", *MEASURES]), "What the figure of the page shows; the answer has both."),
    ]
    suggested = [
        _asked("q", {"type": "string", "maxLength": MAX_TEXT}, "What was typed so far."),
        _asked("limit", _whole(1, MOST_SUGGESTED, 10), "How many suggestions there are at most."),
        _asked("form", one_of(["", "opensearch"]), "`opensearch` asks for OpenSearch Suggestions 1.1."),
    ]
    part: Schema = {"name": "part", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
    xml: dict[str, Schema | None] = {"application/xml": None}
    return {
        "/compare.json": _get(
            "compare_json",
            "Queries, persons or topics over time",
            {"application/json": schema("Comparison")},
            compared,
            errors=(400,),
        ),
        "/compare.csv": _get(
            "compare_csv", "The same, as a table with a row a period", {"text/csv": TEXT}, compared, errors=(400,)
        ),
        "/batch.json": _post(
            "batch_json", "What the archive has of a list of names", "application/json", schema("Batch")
        ),
        "/batch.csv": _post("batch_csv", "The same, as a table with a row a name", CSV_TYPE, TEXT),
        **_coverage_paths(),
        **_trends_paths(),
        **_list_paths(),
        "/suggest": _get(
            "suggest",
            "Queries for what was typed so far",
            {"application/json": list_of(schema("Suggestion")), SUGGESTIONS_TYPE: schema("OpenSearchSuggestions")},
            suggested,
            errors=(400,),
        ),
        "/healthz": _get("healthz", "Whether the archive can be searched", {"application/json": schema("Health")}),
        "/opensearch.xml": _get("opensearch", "The OpenSearch description document", {OPENSEARCH_TYPE: None}),
        "/robots.txt": _get("robots", "What crawlers may read", {"text/plain": TEXT}),
        "/sitemap.xml": _get("sitemap", "The parts of the sitemap", xml),
        "/sitemap-pages.xml": _get("sitemap_pages", "Pages that are no articles", xml),
        "/sitemap-{part}.xml": _get("sitemap_part", "A part of the articles", xml, [part], errors=(404,)),
        "/openapi.json": _get("openapi", "This document", {"application/vnd.oai.openapi+json": {"type": "object"}}),
    }


def _coverage_paths() -> dict[str, Schema]:
    asked = [
        _asked(
            "period", {"type": "string", "pattern": _PERIOD}, "A year, 2023, or a month, 2023-07; by itself all times."
        ),
        _asked("section", TEXT, "A section, by name; by itself all."),
    ]
    summary = "What the archive holds by month, or of a year or month by day, and what it lacks"
    return {
        "/coverage.json": _get(
            "coverage_json", summary, {"application/json": schema("Coverage")}, asked, errors=(400, 404)
        ),
        "/coverage.csv": _get("coverage_csv", f"{summary}, as a table", {CSV_TYPE: TEXT}, asked, errors=(400, 404)),
    }


def _trends_paths() -> dict[str, Schema]:
    asked = [_parameter("to")]
    summary = "Persons, topics and sections in more articles than usual"
    return {
        "/trends.json": _get("trends_json", summary, {"application/json": schema("Trends")}, asked, errors=(400,)),
        "/trends.csv": _get("trends_csv", f"{summary}, as a table", {CSV_TYPE: TEXT}, asked, errors=(400,)),
    }


def _list_paths() -> dict[str, Schema]:
    asked = [
        _asked("title", TEXT, "The title of the list."),
        _asked(
            "q",
            {**list_of(TEXT), "maxItems": MOST_SEARCHES},
            "Searches: words, or ? and the arguments of an address.",
        ),
        _asked("id", {**list_of(TEXT), "maxItems": MOST_ARTICLES}, "Ids of articles."),
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
        f"/list.{suffix}": _get(f"list_{suffix.replace('.', '_')}", summary, {kind: shape}, asked, errors=(400,))
        for suffix, (summary, kind, shape) in forms.items()
    }
    added = {"application/json": object_of({"link": TEXT, "searches": COUNT, "articles": COUNT})}
    summary = "Add to the list that a cookie holds"
    return {**paths, "/list/add.json": _get("list_add", summary, added, asked, errors=(400, 404, 409))}


def _post(name: str, summary: str, kind: str, shape: Schema) -> Schema:
    names: Schema = {"type": "string", "pattern": r"\S", "description": "Names, one a line."}
    file: Schema = {
        "type": "string",
        "format": "binary",
        "description": "A table with a column of names, or a name a line.",
    }
    sent: Schema = {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {"schema": object_of({"names": names}, more=True)},
            "multipart/form-data": {
                "schema": {
                    **object_of({}, {"names": names, "file": file}, more=True),
                    "anyOf": [{"required": ["names"]}, {"required": ["file"]}],
                }
            },
        },
    }
    answer: Schema = {"description": summary, "content": {kind: {"schema": shape}}}
    responses = {"200": answer, **{str(status): _failure(status) for status in (400, 413, 503)}}
    return {
        "post": {
            "operationId": name,
            "summary": summary,
            "parameters": [_parameter("lang")],
            "requestBody": sent,
            "responses": responses,
        }
    }


# --- parameters that several addresses take


def _parameters() -> dict[str, Schema]:
    names = {
        FilterField.SECTION: "The section, by name.",
        FilterField.SOURCE: "The source, by name.",
        FilterField.AUTHOR: "The author, by name.",
        FilterField.PERSON: "The person, by slug, name or alias.",
        FilterField.TOPIC: "The topic, by slug, name or alias.",
    }
    day: Schema = {"type": "string", "pattern": _DAY}
    switch: Schema = {"enum": ["", "0", "1"], "default": "1"}
    return {
        "q": _asked("q", {"type": "string", "maxLength": MAX_TEXT}, "The query, in the language that /help explains."),
        "from": _asked("from", day, "The first day: 2023-07-28, or the first of a month, 2023-07, or of a year, 2023."),
        "to": _asked("to", day, "The last day; the last of a month or a year where only that is given."),
        **{
            field.value: _asked(field.value, list_of(TEXT), f"{text} Repeated: any of them.", explode=True)
            for field, text in names.items()
        },
        "sort": _asked(
            "sort", one_of(["", *Sort]), "The order; by itself relevance where there is a query, else newest."
        ),
        "expand": _asked("expand", switch, "0: search only what was typed, no acronyms, old spellings, joined words."),
        "recency": _asked("recency", switch, "0: rank new articles and old ones alike."),
        "page": _asked("page", _whole(1, MAX_PAGE, 1), "The page of the result."),
        "size": _asked("size", _whole(1, MAX_SIZE, 10), "How many hits there are on a page."),
        "lang": _asked(
            "lang", TEXT, "The language of messages and labels, `id` or `en`; anything else is passed over."
        ),
    }
