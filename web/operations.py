"""What the description of the addresses is made of: operations with their parameters, answers and ways to fail."""

from collections.abc import Mapping, Sequence

from index.article import JSON
from search.query import MAX_PAGE, MAX_SIZE, MAX_TEXT, FilterField, Sort
from web.schemas import COUNT, TEXT, Schema, list_of, object_of, one_of, schema
from web.urls import MOST_VALUES

NOUNS = {FilterField.PERSON: ("person", "persons"), FilterField.TOPIC: ("topic", "topics")}

_LEAP = r"(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
_DAY = (  # what web.days takes: a day of the calendar, a month or a year; nothing is no limit
    rf"^$|^(?!0000)(?:\d{{4}}(?:-(?:0[1-9]|1[0-2]))?"
    r"|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
    rf"|{_LEAP}-02-29)$"
)


def parameter(name: str) -> Schema:
    """Return a reference to a parameter that several addresses take."""
    return {"$ref": f"#/components/parameters/{name}"}


def whole_number(least: int, most: int, usual: int) -> Schema:
    """Return the schema of a number in an address; empty means the usual one."""
    return {"anyOf": [{"type": "integer", "minimum": least, "maximum": most}, {"const": ""}], "default": usual}


def asked_for(name: str, shape: Schema, description: str, **more: JSON) -> Schema:
    """Return a parameter of this shape behind the question mark of an address."""
    return {"name": name, "in": "query", "description": description, "schema": shape, **more}


def read_path(
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
            "parameters": [*asked, parameter("lang")],
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


def sent_path(name: str, summary: str, kind: str, shape: Schema) -> Schema:
    """Return a path that takes names, as a form or a file: `kind` and `shape` are those of what it answers."""
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
            "parameters": [parameter("lang")],
            "requestBody": sent,
            "responses": responses,
        }
    }


def parameters() -> dict[str, Schema]:
    """Return the parameters that several addresses take, by name."""
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
        "q": asked_for(
            "q", {"type": "string", "maxLength": MAX_TEXT}, "The query, in the language that /help explains."
        ),
        "from": asked_for(
            "from", day, "The first day: 2023-07-28, or the first of a month, 2023-07, or of a year, 2023."
        ),
        "to": asked_for("to", day, "The last day; the last of a month or a year where only that is given."),
        **{
            field.value: asked_for(
                field.value,
                {**list_of(TEXT), "maxItems": MOST_VALUES},
                f"{text} Repeated: any of them.",
                explode=True,
            )
            for field, text in names.items()
        },
        "sort": asked_for(
            "sort", one_of(["", *Sort]), "The order; by itself relevance where there is a query, else newest."
        ),
        "expand": asked_for(
            "expand", switch, "0: search only what was typed, no acronyms, old spellings, joined words."
        ),
        "recency": asked_for("recency", switch, "0: rank new articles and old ones alike."),
        "page": asked_for("page", whole_number(1, MAX_PAGE, 1), "The page of the result."),
        "size": asked_for("size", whole_number(1, MAX_SIZE, 10), "How many hits there are on a page."),
        "lang": asked_for(
            "lang", TEXT, "The language of messages and labels, `id` or `en`; anything else is passed over."
        ),
    }
