"""The shapes of answers for programs, as JSON Schema (draft 2020-12) in the words of OpenAPI 3.1; in English alone.

Objects are closed: an answer with a field that is not described here is a fault of this module.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from index.article import JSON, CorrectionKind, Status
from search.batch import FoundBy
from search.query import FilterField, Sort
from search.results import MatchKind
from search.suggestions import SuggestionKind
from search.timelines import PERS
from search.tree import VariantKind
from web.urls import PATHS

Schema: TypeAlias = Mapping[str, JSON]

_DATE = r"^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d.*)?$"


def object_of(
    required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None, *, more: bool = False
) -> Schema:
    """Return the schema of an object with these fields, and no others unless there may be `more`."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": more,
    }


def list_of(items: Schema) -> Schema:
    """Return the schema of a list of these."""
    return {"type": "array", "items": items}


def maybe(shape: Schema) -> Schema:
    """Return the schema of a value that may be null."""
    return {"anyOf": [shape, {"type": "null"}]}


def one_of(words: Sequence[str]) -> Schema:
    """Return the schema of one of these words."""
    return {"type": "string", "enum": list(words)}


def schema(name: str) -> Schema:
    """Return a reference to the shape of this name."""
    return {"$ref": f"#/components/schemas/{name}"}


TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
DATE: Schema = {"type": "string", "pattern": _DATE, "description": "A day, or a moment with its zone (ISO 8601)."}
DAY: Schema = {"type": "string", "format": "date"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
PERIOD: Schema = {"type": "string", "pattern": r"^\d{4}(-\d\d)?$", "description": "A year, or a month."}
MAYBE_TEXT, MAYBE_DATE, MAYBE_DAY, MAYBE_ADDRESS = map(maybe, (TEXT, DATE, DAY, ADDRESS))


def schemas() -> dict[str, Schema]:
    """Return the shapes of all answers that have one, by name."""
    facet = list_of(object_of({"value": TEXT, "label": TEXT, "count": COUNT}))
    facets = (*(field.value for field in FilterField), "year", "month")
    status = one_of(list(Status))
    days: Mapping[str, Schema] = {"from": DAY, "to": DAY, "articles": COUNT}
    number: Schema = {"type": "number", "minimum": 0}
    trend = list_of(
        object_of(
            {"value": TEXT, "label": TEXT, "articles": COUNT, "usual": number, "times": maybe(number), "link": ADDRESS}
        )
    )
    held: Mapping[str, Schema] = {
        "from": MAYBE_DAY,
        "to": MAYBE_DAY,
        "articles": COUNT,
        "days": COUNT,
        "days_without": COUNT,
    }
    headline = object_of(
        {"id": TEXT, "title": TEXT, "date": MAYBE_DATE, "source": MAYBE_TEXT, "link": ADDRESS},
    )
    correction = object_of(
        {"kind": one_of(list(CorrectionKind)), "text": TEXT},
        {"date": DATE, "link": TEXT},
    )
    query = object_of(
        {
            "q": TEXT,
            "understood": TEXT,
            "from": MAYBE_DAY,
            "to": MAYBE_DAY,
            **{field.value: list_of(TEXT) for field in FilterField},
            "sort": one_of(list(Sort)),
            "expand": FLAG,
            "recency": FLAG,
            "also": list_of(object_of({"kind": one_of(list(VariantKind)), "typed": TEXT, "also": TEXT})),
            "repairs": list_of(TEXT),
        }
    )
    story = object_of(
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
        "SearchPage": object_of(
            {
                "query": query,
                "total": COUNT,
                "relaxed": FLAG,
                "took_ms": {"type": "number", "minimum": 0},
                "page": COUNT,
                "size": COUNT,
                "hits": list_of(schema("Hit")),
                "facets": object_of(dict.fromkeys(facets, facet)),
                "did_you_mean": MAYBE_TEXT,
                "next": MAYBE_ADDRESS,
            }
        ),
        "Hit": object_of(
            {
                "id": TEXT,
                "title": TEXT,
                "url": MAYBE_TEXT,
                "link": ADDRESS,
                "date": MAYBE_DATE,
                "section": MAYBE_TEXT,
                "source": MAYBE_TEXT,
                "authors": list_of(TEXT),
                "people": list_of(TEXT),
                "topics": list_of(TEXT),
                "status": status,
                "versions": COUNT,
                "versions_link": MAYBE_ADDRESS,
                "score": {"type": "number"},
                "snippets": {**list_of(TEXT), "description": "HTML; what matches is in <mark>."},
                "why": list_of(object_of({"kind": one_of(list(MatchKind)), "typed": TEXT, "matched": TEXT})),
            }
        ),
        "Article": {
            **object_of(
                {
                    "id": TEXT,
                    "title": TEXT,
                    "status": status,
                    "link": ADDRESS,
                    "people": list_of(TEXT),
                    "topics": list_of(TEXT),
                    "versions": list_of(headline),
                    "related": list_of(headline),
                },
                {
                    "body": TEXT,
                    "date": DATE,
                    "section": TEXT,
                    "source": TEXT,
                    "authors": list_of(TEXT),
                    "url": TEXT,
                    "tags": list_of(TEXT),
                    "language": TEXT,
                    "summary": TEXT,
                    "corrections": list_of(correction),
                },
                more=True,
            ),
            "description": "What the source said besides stands beside these fields.",
        },
        "CslItem": {
            **object_of({"id": TEXT, "type": {"const": "article-newspaper"}, "title": TEXT}, more=True),
            "description": "https://github.com/citation-style-language/schema",
        },
        "Entry": _entry_schema({}),
        "EntryList": object_of(
            {
                "kind": one_of([field.value for field in PATHS]),
                "q": TEXT,
                "letter": MAYBE_TEXT,
                "letters": list_of(TEXT),
                "total": COUNT,
                "page": COUNT,
                "pages": COUNT,
                "entries": list_of(schema("Entry")),
                "next": MAYBE_ADDRESS,
            }
        ),
        "Story": story,
        "Together": object_of(
            {"value": TEXT, "label": TEXT, "articles": COUNT, "link": MAYBE_ADDRESS, "together": ADDRESS},
        ),
        "Person": _profile_schema(
            {
                "aliases": list_of(TEXT),
                "spellings": list_of(object_of({"name": TEXT, "articles": COUNT})),
                "role": MAYBE_TEXT,
                "wikidata": MAYBE_TEXT,
                "note": MAYBE_TEXT,
            }
        ),
        "Topic": _profile_schema({"code": MAYBE_TEXT, "query": MAYBE_TEXT, "sections_of_topic": list_of(TEXT)}),
        "Comparison": object_of(
            {
                "per": one_of(PERS),
                "from": MAYBE_DAY,
                "to": MAYBE_DAY,
                "periods": list_of(PERIOD),
                "articles": list_of(COUNT),
                "series": list_of(schema("Series")),
            }
        ),
        "Series": object_of(
            {
                "q": TEXT,
                "label": TEXT,
                "kind": one_of(["query", *(field.value for field in PATHS)]),
                "value": MAYBE_TEXT,
                "total": COUNT,
                "undated": COUNT,
                "counts": list_of(COUNT),
                "per_thousand": list_of(maybe({"type": "number", "minimum": 0})),
                "link": ADDRESS,
            }
        ),
        "Batch": object_of(
            {
                "names": list_of(schema("NameFound")),
                "notes": {**list_of(TEXT), "description": "What of the list was left out."},
            }
        ),
        "NameFound": object_of(
            {
                "name": TEXT,
                "person": MAYBE_TEXT,
                "label": TEXT,
                "found_by": one_of(list(FoundBy)),
                "articles": COUNT,
                "first_date": MAYBE_DAY,
                "last_date": MAYBE_DAY,
                "link": ADDRESS,
            }
        ),
        "Coverage": object_of(
            {
                "period": MAYBE_TEXT,
                "section": MAYBE_TEXT,
                **held,
                "undated": COUNT,
                "unsectioned": maybe(COUNT),
                "per": one_of(["day", "month"]),
                "parts": list_of(
                    object_of(
                        {"period": TEXT, "articles": COUNT, "days": COUNT, "days_without": COUNT, "link": ADDRESS}
                    )
                ),
                "gaps": list_of(object_of({"from": DAY, "to": DAY, "days": COUNT})),
                "sections": list_of(object_of({"section": TEXT, **held, "link": ADDRESS})),
            }
        ),
        "Trends": object_of(
            {
                **days,
                "before": object_of(days),
                **dict.fromkeys((FilterField.PERSON, FilterField.TOPIC, FilterField.SECTION), trend),
            }
        ),
        "ReadingList": object_of(
            {
                "title": MAYBE_TEXT,
                "link": ADDRESS,
                "searches": list_of(schema("KeptSearch")),
                "articles": list_of(schema("KeptArticle")),
                "missing": {
                    **list_of(TEXT),
                    "description": "Ids of articles that readers may not see, or not any more.",
                },
            }
        ),
        "KeptSearch": object_of(
            {
                "title": TEXT,
                "total": COUNT,
                "relaxed": FLAG,
                "newest": maybe(object_of({"id": TEXT, "title": TEXT, "date": MAYBE_DATE, "link": ADDRESS})),
                "link": ADDRESS,
                "json": ADDRESS,
                "feed": ADDRESS,
            }
        ),
        "KeptArticle": object_of(
            {
                "id": TEXT,
                "title": TEXT,
                "date": MAYBE_DATE,
                "section": MAYBE_TEXT,
                "source": MAYBE_TEXT,
                "authors": list_of(TEXT),
                "url": MAYBE_TEXT,
                "link": ADDRESS,
                "status": status,
            }
        ),
        "Suggestion": object_of(
            {"text": TEXT, "kind": one_of(list(SuggestionKind)), "count": maybe(COUNT)},
        ),
        "OpenSearchSuggestions": {
            "type": "array",
            "items": {"anyOf": [TEXT, list_of(TEXT)]},
            "minItems": 2,
            "maxItems": 2,
            "description": "What was typed, then the queries (OpenSearch Suggestions 1.1).",
        },
        "Health": object_of(
            {"status": {"const": "ok"}, "articles": COUNT, "sequence": COUNT, "indexed_sequence": COUNT},
        ),
    }


def _failure_schema() -> Schema:
    error = object_of({"code": TEXT, "message": TEXT, "parameter": MAYBE_TEXT})
    nearest: Schema = {
        **list_of(schema("Entry")),
        "description": "Entries whose names are most like the one asked for.",
    }
    return object_of({"error": error}, {"nearest": nearest, "status": {"const": "error"}})


def _entry_schema(more: Mapping[str, Schema]) -> Schema:
    return object_of({"slug": TEXT, "label": TEXT, "articles": COUNT, "recorded": FLAG, "link": ADDRESS, **more})


def _profile_schema(own: Mapping[str, Schema]) -> Schema:
    together, stories = list_of(schema("Together")), list_of(schema("Story"))
    return _entry_schema(
        {
            "kind": one_of([field.value for field in PATHS]),
            **own,
            "first": maybe(schema("Story")),
            "last": maybe(schema("Story")),
            "months": {"type": "object", "additionalProperties": COUNT, "propertyNames": PERIOD},
            "undated": COUNT,
            "people": together,
            "topics": together,
            "sections": together,
            "newest": stories,
            "relevant": stories,
            "links": object_of(dict.fromkeys(("stories", "search", "csv", "atom", "rss"), ADDRESS)),
        }
    )
