"""The description of all addresses for programs, in OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1); in English alone.

Schemas are closed: an answer with a field that is not described here is a fault of this module.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from flask import Blueprint, Response, request

from index.article import JSON, CorrectionKind, Status
from search.batch import FoundBy
from search.query import MAX_PAGE, MAX_SIZE, MAX_TEXT, FilterField, Sort
from search.results import MatchKind
from search.suggestions import SuggestionKind
from search.timelines import PERS
from search.tree import VariantKind
from web.api import SUGGESTIONS_TYPE, archive_in_use, json_response
from web.atom import ATOM_TYPE
from web.discovery import OPENSEARCH_TYPE
from web.rss import RSS_TYPE
from web.timeline import MEASURES
from web.urls import MOST_COMPARED, MOST_SUGGESTED, PATHS

Schema: TypeAlias = Mapping[str, JSON]

VERSION = "1"  # of the addresses and their answers; rises when a program that uses them must change
OPENAPI_TYPE = "application/vnd.oai.openapi+json;version=3.1"
CSV_TYPE, RIS_TYPE, BIBTEX_TYPE = "text/csv", "application/x-research-info-systems", "application/x-bibtex"
CSL_TYPE = "application/vnd.citationstyles.csl+json"

_LEAP = r"(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
_DAY = (  # what web.days takes: a day of the calendar, a month or a year; nothing is no limit
    rf"^$|^(?!0000)(?:\d{{4}}(?:-(?:0[1-9]|1[0-2]))?"
    r"|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
    rf"|{_LEAP}-02-29)$"
)
_DATE = r"^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d.*)?$"

openapi = Blueprint("openapi", __name__)


@openapi.get("/openapi.json")
def openapi_json() -> Response:
    """Answer the description of the addresses for programs."""
    response = json_response(document(archive_in_use().settings.title, request.url_root.rstrip("/")))
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
                "withdrawn one there are the title and the reason. Every answer has a weak ETag: ask again with "
                "If-None-Match. Messages are in the language that `lang` says, else in the archive's own."
            ),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": address}],
        "paths": {**_search_paths(), **_article_paths(), **_entry_paths(), **_other_paths()},
        "components": {"schemas": _schemas(), "parameters": _parameters()},
    }


# --- shapes of which the document is made


def _object(
    required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None, *, more: bool = False
) -> Schema:
    """Return the schema of an object with these fields, and no others unless there may be `more`."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": more,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _one_of(words: Sequence[str]) -> Schema:
    return {"type": "string", "enum": list(words)}


def _schema(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _parameter(name: str) -> Schema:
    return {"$ref": f"#/components/parameters/{name}"}


TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
DATE: Schema = {"type": "string", "pattern": _DATE, "description": "A day, or a moment with its zone (ISO 8601)."}
DAY: Schema = {"type": "string", "format": "date"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
PERIOD: Schema = {"type": "string", "pattern": r"^\d{4}(-\d\d)?$", "description": "A year, or a month."}
MAYBE_TEXT, MAYBE_DATE, MAYBE_DAY, MAYBE_ADDRESS = map(_maybe, (TEXT, DATE, DAY, ADDRESS))


def _whole(least: int, most: int, usual: int) -> Schema:
    """Return the schema of a number in an address; empty means the usual one."""
    return {"anyOf": [{"type": "integer", "minimum": least, "maximum": most}, {"const": ""}], "default": usual}


def _asked(name: str, schema: Schema, description: str, **more: JSON) -> Schema:
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


def _get(
    name: str,
    summary: str,
    answers: Mapping[str, Schema | None],
    asked: Sequence[Schema] = (),
    *,
    errors: Sequence[int] = (),
) -> Schema:
    """Return a path that is read: `answers` are the schemas of what it gives by media type, `errors` its ways to fail."""
    content = {kind: {} if schema is None else {"schema": schema} for kind, schema in answers.items()}
    responses: dict[str, JSON] = {
        "200": {"description": summary, "content": content, "headers": _headers(answers)},
        "304": {"description": "What the request's If-None-Match names has not changed."},
    }
    responses.update((str(status), _failure(status)) for status in (*errors, 503))
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": [*asked, _parameter("lang")],
            "responses": responses,
        }
    }


def _headers(answers: Mapping[str, Schema | None]) -> Schema:
    tag: Schema = {"description": "Changes with the answer; weak.", "schema": TEXT}
    total: Schema = {"description": "How many there are in all.", "schema": COUNT}
    return {"ETag": tag, "X-Total-Count": total} if CSV_TYPE in answers else {"ETag": tag}


def _failure(status: int) -> Schema:
    said = {
        301: "The name is another one of an entry; its own address follows.",
        400: "A parameter has a value that it cannot have.",
        404: "There is nothing at this address.",
        413: "What was sent is too large.",
        415: "What was sent is not what this address takes.",
        503: "The archive cannot be searched at the moment.",
    }
    if status == 301:
        return {"description": said[status], "headers": {"Location": {"schema": TEXT}}}
    return {"description": said[status], "content": {"application/json": {"schema": _schema("Failure")}}}


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
            f"{name}_{suffix}", f"{summary}, as {suffix.upper()}", {kind: schema}, asked, errors=errors
        )
        for suffix, (kind, schema) in answers.items()
    }


def _search_paths() -> dict[str, Schema]:
    return _forms("search", "/search", "A page of the result of a search", _schema("SearchPage"), _SEARCH, (400,))


def _article_paths() -> dict[str, Schema]:
    article: Schema = {
        "name": "id",
        "in": "path",
        "required": True,
        "description": "The id of an article; slashes in it may stand as they are.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 500},
    }
    forms: dict[str, tuple[str, str, Schema | None]] = {
        "json": ("An article with its versions and related stories", "application/json", _schema("Article")),
        "ris": ("An article for reference managers, as RIS of type NEWS", RIS_TYPE, TEXT),
        "bib": ("An article as BibTeX", BIBTEX_TYPE, TEXT),
        "csl.json": ("An article as CSL-JSON of type article-newspaper", CSL_TYPE, _list(_schema("CslItem"))),
    }
    return {
        f"/articles/{{id}}.{suffix}": _get(
            f"article_{suffix.replace('.', '_')}", summary, {kind: schema}, [article], errors=(404,)
        )
        for suffix, (summary, kind, schema) in forms.items()
    }


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
        one, several = {FilterField.PERSON: ("person", "persons"), FilterField.TOPIC: ("topic", "topics")}[field]
        summary = f"A page of the list of {several} from A to Z"
        paths[f"/{path}.json"] = _get(
            f"{several}_json", f"{summary}, as JSON", {"application/json": _schema("EntryList")}, listed, errors=(400,)
        )
        paths[f"/{path}.csv"] = _get(f"{several}_csv", f"{summary}, as CSV", {CSV_TYPE: TEXT}, listed, errors=(400,))
        stories = _forms(
            one,
            f"/{path}/{{name}}",
            f"Stories of a {one}, newest first",
            _schema(one.capitalize()),
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
        _asked("per", _one_of(["", *PERS]), "What is counted together; without it the span decides."),
        _asked("measure", _one_of(["", *MEASURES]), "What the figure of the page shows; the answer has both."),
    ]
    suggested = [
        _asked("q", {"type": "string", "maxLength": MAX_TEXT}, "What was typed so far."),
        _asked("limit", _whole(1, MOST_SUGGESTED, 10), "How many suggestions there are at most."),
        _asked("form", _one_of(["", "opensearch"]), "`opensearch` asks for OpenSearch Suggestions 1.1."),
    ]
    part: Schema = {"name": "part", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
    xml: dict[str, Schema | None] = {"application/xml": None}
    return {
        "/compare.json": _get(
            "compare_json",
            "Queries, persons or topics over time",
            {"application/json": _schema("Comparison")},
            compared,
            errors=(400,),
        ),
        "/compare.csv": _get(
            "compare_csv", "The same, as a table with a row a period", {"text/csv": TEXT}, compared, errors=(400,)
        ),
        "/batch.json": _post(
            "batch_json", "What the archive has of a list of names", "application/json", _schema("Batch")
        ),
        "/batch.csv": _post("batch_csv", "The same, as a table with a row a name", CSV_TYPE, TEXT),
        "/suggest": _get(
            "suggest",
            "Queries for what was typed so far",
            {"application/json": _list(_schema("Suggestion")), SUGGESTIONS_TYPE: _schema("OpenSearchSuggestions")},
            suggested,
            errors=(400,),
        ),
        "/healthz": _get("healthz", "Whether the archive can be searched", {"application/json": _schema("Health")}),
        "/opensearch.xml": _get("opensearch", "The OpenSearch description document", {OPENSEARCH_TYPE: None}),
        "/robots.txt": _get("robots", "What crawlers may read", {"text/plain": TEXT}),
        "/sitemap.xml": _get("sitemap", "The parts of the sitemap", xml),
        "/sitemap-pages.xml": _get("sitemap_pages", "Pages that are no articles", xml),
        "/sitemap-{part}.xml": _get("sitemap_part", "A part of the articles", xml, [part], errors=(404,)),
        "/openapi.json": _get("openapi", "This document", {"application/vnd.oai.openapi+json": {"type": "object"}}),
    }


def _post(name: str, summary: str, kind: str, schema: Schema) -> Schema:
    names: Schema = {"type": "string", "minLength": 1, "description": "Names, one a line."}
    file: Schema = {"type": "string", "contentMediaType": "text/csv", "description": "A table with a column of names."}
    sent: Schema = {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {"schema": _object({"names": names})},
            "multipart/form-data": {"schema": _object({}, {"names": names, "file": file})},
        },
    }
    answer: Schema = {"description": summary, "content": {kind: {"schema": schema}}}
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
            field.value: _asked(field.value, _list(TEXT), f"{text} Repeated: any of them.", explode=True)
            for field, text in names.items()
        },
        "sort": _asked(
            "sort", _one_of(["", *Sort]), "The order; by itself relevance where there is a query, else newest."
        ),
        "expand": _asked("expand", switch, "0: search only what was typed, no acronyms, old spellings, joined words."),
        "recency": _asked("recency", switch, "0: rank new articles and old ones alike."),
        "page": _asked("page", _whole(1, MAX_PAGE, 1), "The page of the result."),
        "size": _asked("size", _whole(1, MAX_SIZE, 10), "How many hits there are on a page."),
        "lang": _asked(
            "lang", TEXT, "The language of messages and labels, `id` or `en`; anything else is passed over."
        ),
    }


# --- answers


def _schemas() -> dict[str, Schema]:
    facet = _list(_object({"value": TEXT, "label": TEXT, "count": COUNT}))
    facets = (*(field.value for field in FilterField), "year", "month")
    status = _one_of(list(Status))
    headline = _object(
        {"id": TEXT, "title": TEXT, "date": MAYBE_DATE, "source": MAYBE_TEXT, "link": ADDRESS},
    )
    correction = _object(
        {"kind": _one_of(list(CorrectionKind)), "text": TEXT},
        {"date": DATE, "link": TEXT},
    )
    query = _object(
        {
            "q": TEXT,
            "understood": TEXT,
            "from": MAYBE_DAY,
            "to": MAYBE_DAY,
            **{field.value: _list(TEXT) for field in FilterField},
            "sort": _one_of(list(Sort)),
            "expand": FLAG,
            "recency": FLAG,
            "also": _list(_object({"kind": _one_of(list(VariantKind)), "typed": TEXT, "also": TEXT})),
            "repairs": _list(TEXT),
        }
    )
    story = _object(
        {
            "id": TEXT,
            "title": TEXT,
            "date": MAYBE_DATE,
            "source": MAYBE_TEXT,
            "section": MAYBE_TEXT,
            "status": status,
            "link": ADDRESS,
        }
    )
    return {
        "Failure": _failure_schema(),
        "SearchPage": _object(
            {
                "query": query,
                "total": COUNT,
                "relaxed": FLAG,
                "took_ms": {"type": "number", "minimum": 0},
                "page": COUNT,
                "size": COUNT,
                "hits": _list(_schema("Hit")),
                "facets": _object(dict.fromkeys(facets, facet)),
                "did_you_mean": MAYBE_TEXT,
                "next": MAYBE_ADDRESS,
            }
        ),
        "Hit": _object(
            {
                "id": TEXT,
                "title": TEXT,
                "url": MAYBE_TEXT,
                "link": ADDRESS,
                "date": MAYBE_DATE,
                "section": MAYBE_TEXT,
                "source": MAYBE_TEXT,
                "authors": _list(TEXT),
                "people": _list(TEXT),
                "topics": _list(TEXT),
                "status": status,
                "versions": COUNT,
                "versions_link": MAYBE_ADDRESS,
                "score": {"type": "number"},
                "snippets": {**_list(TEXT), "description": "HTML; what matches is in <mark>."},
                "why": _list(_object({"kind": _one_of(list(MatchKind)), "typed": TEXT, "matched": TEXT})),
            }
        ),
        "Article": {
            **_object(
                {
                    "id": TEXT,
                    "title": TEXT,
                    "status": status,
                    "link": ADDRESS,
                    "people": _list(TEXT),
                    "topics": _list(TEXT),
                    "versions": _list(headline),
                    "related": _list(headline),
                },
                {
                    "body": TEXT,
                    "date": DATE,
                    "section": TEXT,
                    "source": TEXT,
                    "authors": _list(TEXT),
                    "url": TEXT,
                    "tags": _list(TEXT),
                    "language": TEXT,
                    "summary": TEXT,
                    "corrections": _list(correction),
                },
                more=True,
            ),
            "description": "What the source said besides stands beside these fields.",
        },
        "CslItem": {
            **_object({"id": TEXT, "type": {"const": "article-newspaper"}, "title": TEXT}, more=True),
            "description": "https://github.com/citation-style-language/schema",
        },
        "Entry": _entry_schema({}),
        "EntryList": _object(
            {
                "kind": _one_of([field.value for field in PATHS]),
                "q": TEXT,
                "letter": MAYBE_TEXT,
                "letters": _list(TEXT),
                "total": COUNT,
                "page": COUNT,
                "pages": COUNT,
                "entries": _list(_schema("Entry")),
                "next": MAYBE_ADDRESS,
            }
        ),
        "Story": story,
        "Together": _object(
            {"value": TEXT, "label": TEXT, "articles": COUNT, "link": MAYBE_ADDRESS, "together": ADDRESS},
        ),
        "Person": _profile_schema(
            {
                "aliases": _list(TEXT),
                "spellings": _list(_object({"name": TEXT, "articles": COUNT})),
                "role": MAYBE_TEXT,
                "wikidata": MAYBE_TEXT,
                "note": MAYBE_TEXT,
            }
        ),
        "Topic": _profile_schema({"code": MAYBE_TEXT, "query": MAYBE_TEXT, "sections_of_topic": _list(TEXT)}),
        "Comparison": _object(
            {
                "per": _one_of(PERS),
                "from": MAYBE_DAY,
                "to": MAYBE_DAY,
                "periods": _list(PERIOD),
                "articles": _list(COUNT),
                "series": _list(_schema("Series")),
            }
        ),
        "Series": _object(
            {
                "q": TEXT,
                "label": TEXT,
                "kind": _one_of(["query", *(field.value for field in PATHS)]),
                "value": MAYBE_TEXT,
                "total": COUNT,
                "undated": COUNT,
                "counts": _list(COUNT),
                "per_thousand": _list(_maybe({"type": "number", "minimum": 0})),
                "link": ADDRESS,
            }
        ),
        "Batch": _object(
            {
                "names": _list(_schema("NameFound")),
                "notes": {**_list(TEXT), "description": "What of the list was left out."},
            }
        ),
        "NameFound": _object(
            {
                "name": TEXT,
                "person": MAYBE_TEXT,
                "label": TEXT,
                "found_by": _one_of(list(FoundBy)),
                "articles": COUNT,
                "first_date": MAYBE_DAY,
                "last_date": MAYBE_DAY,
                "link": ADDRESS,
            }
        ),
        "Suggestion": _object(
            {"text": TEXT, "kind": _one_of(list(SuggestionKind)), "count": _maybe(COUNT)},
        ),
        "OpenSearchSuggestions": {
            "type": "array",
            "prefixItems": [TEXT, _list(TEXT)],
            "items": False,
            "minItems": 2,
        },
        "Health": _object(
            {"status": {"const": "ok"}, "articles": COUNT, "sequence": COUNT, "indexed_sequence": COUNT},
        ),
    }


def _failure_schema() -> Schema:
    error = _object({"code": TEXT, "message": TEXT, "parameter": MAYBE_TEXT})
    nearest: Schema = {**_list(_schema("Entry")), "description": "Entries whose names are most like the one asked for."}
    return _object({"error": error}, {"nearest": nearest, "status": {"const": "error"}})


def _entry_schema(more: Mapping[str, Schema]) -> Schema:
    return _object({"slug": TEXT, "label": TEXT, "articles": COUNT, "recorded": FLAG, "link": ADDRESS, **more})


def _profile_schema(own: Mapping[str, Schema]) -> Schema:
    together, stories = _list(_schema("Together")), _list(_schema("Story"))
    return _entry_schema(
        {
            "kind": _one_of([field.value for field in PATHS]),
            **own,
            "first": _maybe(_schema("Story")),
            "last": _maybe(_schema("Story")),
            "months": {"type": "object", "additionalProperties": COUNT, "propertyNames": PERIOD},
            "undated": COUNT,
            "people": together,
            "topics": together,
            "sections": together,
            "newest": stories,
            "relevant": stories,
            "links": _object(dict.fromkeys(("stories", "search", "csv", "atom", "rss"), ADDRESS)),
        }
    )
