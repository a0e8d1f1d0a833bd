"""Addresses: URLs made of a `Query`, and the `Query` that a URL asks for."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar
from urllib.parse import quote, urlencode

from flask import g
from werkzeug.datastructures import MultiDict
from werkzeug.routing import BaseConverter

from index.messages import gettext as _
from search.query import DEFAULT_SIZE, FilterField, Query, QueryError, Sort
from search.timelines import PERS, Per
from search.tree import Versions
from search.unparse import unparse
from web.arguments import (
    EXPAND,
    FIRST,
    LAST,
    MEASURE,
    PAGE,
    PER,
    RECENCY,
    SIZE,
    SORT,
    TEXT,
    QueryArguments,
    args_from_query,
)
from web.days import QUOTED, day_from
from web.site import url_for
from web.timeline import MEASURES, Measure

LIMIT, FORM = "limit", "form"  # of suggestions
LETTER, YEAR = "letter", "year"  # of lists from A to Z; of the timeline of a person or a topic
SEARCH_PAGE, SEARCH_JSON, SEARCH_CSV = "pages.search_page", "api.search_json", "api.search_csv"
ARTICLE_PAGE = "articles.article_page"
SEARCH_ATOM, SEARCH_RSS = "feeds.search_atom", "feeds.search_rss"
SEARCH_RIS, SEARCH_BIB, SEARCH_CSL = "citing.search_ris", "citing.search_bib", "citing.search_csl_json"
ENTRY_PAGE, ENTRY_JSON, ENTRY_CSV = "entries.entry_page", "entries.entry_json", "entries.entry_csv"
ENTRY_ATOM, ENTRY_RSS = "feeds.entry_atom", "feeds.entry_rss"
ENTRIES_PAGE, ENTRIES_JSON, ENTRIES_CSV = (f"directories.directory_{form}" for form in ("page", "json", "csv"))
ADVANCED_PAGE = "advanced.advanced_page"
COMPARE_PAGE, COMPARE_JSON, COMPARE_CSV = "compare.compare_page", "compare.compare_json", "compare.compare_csv"

MOST_SUGGESTED = 20
MOST_COMPARED = 5
MOST_VALUES = 50  # of one field; a page has a link for each of them, which names all the others
OPENSEARCH = "opensearch"

Choice = TypeVar("Choice", bound=str)

PATHS = {FilterField.PERSON: "people", FilterField.TOPIC: "topics"}  # beginnings of the addresses of entries
PREFIXES = {FilterField.PERSON: "tokoh", FilterField.TOPIC: "topik"}  # of queries for entries

_NUMBER = re.compile(r"-?\d{1,300}", re.ASCII)
_YEAR = re.compile(r"(?!0000)\d{4}", re.ASCII)
_SAFE_IN_PATH = "!$&'()*+,/:;=@"  # https://url.spec.whatwg.org/#url-path-segment-string


class EntryFieldConverter(BaseConverter):
    """The kind of an entry in a path: "people" or "topics"."""

    regex = "|".join(PATHS.values())
    weight = 50

    def to_python(self, value: str) -> FilterField:
        """Return the field that the word in the path stands for."""
        return next(field for field, path in PATHS.items() if path == value)

    def to_url(self, value: FilterField) -> str:
        """Return the word that stands for a field."""
        return PATHS[value]


class ArticleIdConverter(BaseConverter):
    """Any id in a path: it may hold slashes, also at its ends and several in a row."""

    regex = ".+"
    part_isolating = False
    weight = 200

    def to_url(self, value: str) -> str:
        """Return the quoted id."""
        return quoted_id(value)


def quoted_id(article_id: str) -> str:
    """Return an id as a path has it, with its slashes quoted where browsers would take what is between them for "." or ".."."""
    safe = _SAFE_IN_PATH.replace("/", "") if {".", ".."} & set(article_id.split("/")) else _SAFE_IN_PATH
    return quote(article_id, safe=safe)


def query_from_args(args: MultiDict[str, str]) -> Query:
    """Return the query that the arguments of a URL ask for; raise QueryError for a value no search can be made of.

    Empty values mean nothing, as forms send them; unknown arguments are for somebody else.
    """
    return Query(
        text=_value(args, TEXT),
        published_from=_day(args, FIRST, last=False),
        published_to=_day(args, LAST, last=True),
        sections=_limits(args, FilterField.SECTION),
        sources=_limits(args, FilterField.SOURCE),
        authors=_limits(args, FilterField.AUTHOR),
        people=_limits(args, FilterField.PERSON),
        topics=_limits(args, FilterField.TOPIC),
        sort=_sort(args),
        expand=_switch(args, EXPAND),
        recency=_switch(args, RECENCY),
        page=_number(args, PAGE, 1),
        size=_number(args, SIZE, DEFAULT_SIZE),
    )


def suggest_from_args(args: MultiDict[str, str]) -> tuple[str, int, bool]:
    """Return what was typed so far, how many suggestions are asked for, and whether in the form of OpenSearch.

    A space at the end of what was typed is kept: it ends a word. Raises QueryError for a value that says none of this.
    """
    limit = _number(args, LIMIT, DEFAULT_SIZE)
    if not 1 <= limit <= MOST_SUGGESTED:
        raise QueryError(LIMIT, "out_of_range", _("limit must be from 1 to %(most)d", most=MOST_SUGGESTED))
    form = _value(args, FORM)
    if form not in ("", OPENSEARCH):
        reason = _("'%(text)s' is no form of suggestions; there is: %(known)s", text=form[:QUOTED], known=OPENSEARCH)
        raise QueryError(FORM, "unknown_form", reason)
    return args.get(TEXT, ""), limit, form == OPENSEARCH


@dataclass(frozen=True, slots=True)
class EntriesAsked:
    """What the arguments of a list from A to Z ask for: a part of a name, or a letter, and the page."""

    typed: str
    letter: str
    page: int


def entries_from_args(args: MultiDict[str, str]) -> EntriesAsked:
    """Return what a list of persons or topics is asked for; raise QueryError for a page that is none."""
    query = Query(_value(args, TEXT), page=_number(args, PAGE, 1))
    return EntriesAsked(query.text, _value(args, LETTER).upper(), query.page)


def year_from_args(args: MultiDict[str, str]) -> str | None:
    """Return the year, "2023", whose months a timeline is asked for; raise QueryError for one that is none."""
    text = _value(args, YEAR)
    if text and not _YEAR.fullmatch(text):
        raise QueryError(YEAR, "not_a_year", _("'%(text)s' is no year", text=text[:QUOTED]))
    return text or None


@dataclass(frozen=True, slots=True)
class CompareAsked:
    """What the arguments of a comparison's address ask for. Without `per` the span decides."""

    texts: tuple[str, ...]
    days: Query
    per: Per | None
    measure: Measure


def compare_from_args(args: MultiDict[str, str]) -> CompareAsked:
    """Return what a comparison is asked for; raise QueryError for a value that says nothing of the kind.

    What is empty or repeated counts nowhere.
    """
    texts = _values(args, TEXT)
    if len(texts) > MOST_COMPARED:
        reason = _("at most %(most)d can be compared; these are %(number)d", most=MOST_COMPARED, number=len(texts))
        raise QueryError(TEXT, "too_many", reason)
    return CompareAsked(
        texts=texts,
        days=Query(published_from=_day(args, FIRST, last=False), published_to=_day(args, LAST, last=True)),
        per=_one_of(PERS, args, PER),
        measure=_one_of(MEASURES, args, MEASURE) or MEASURES[0],
    )


def mended_query(args: MultiDict[str, str]) -> Query:
    """Return the query that is left of a URL's arguments without those that no search can be made of."""
    kept = MultiDict(args)
    while True:
        try:
            return query_from_args(kept)
        except QueryError as error:
            kept.poplist(error.parameter)


def hidden_fields(query: Query, *typed: str) -> list[tuple[str, str]]:
    """Return the arguments, name and value, that a form carries on unseen beside those that are `typed` into it.

    The page is never carried on: another query has other pages.
    """
    arguments = args_from_query(replace(query, page=1))
    pairs = [(name, value if isinstance(value, list) else [value]) for name, value in arguments.items()]
    return [(name, value) for name, values in pairs if name not in typed for value in values]


def search_link(query: Query, endpoint: str = SEARCH_PAGE, *, absolute: bool = False) -> str:
    """Return the address of a query's result: the page, or with another endpoint another form of it."""
    path = url_for(endpoint, _external=True) if absolute else _path(endpoint)
    return _address(path, args_from_query(query))


def advanced_link(query: Query) -> str:
    """Return the address of the advanced form, filled with a query."""
    return _address(url_for(ADVANCED_PAGE), args_from_query(replace(query, page=1)))


def article_link(article_id: str, found_by: Query | None = None) -> str:
    """Return the address of an article's page; it marks the words of the query it was found by, and leads back."""
    address = url_for(ARTICLE_PAGE, article_id=article_id)
    return address if found_by is None else _address(address, args_from_query(found_by))


def versions_link(article_id: str, endpoint: str = SEARCH_PAGE, *, absolute: bool = False) -> str:
    """Return the address of the result that holds all versions of an article's story."""
    return search_link(Query(text=unparse(Versions(article_id))), endpoint, absolute=absolute)


def entry_link(
    field: FilterField, slug: str, endpoint: str = ENTRY_PAGE, *, year: str | None = None, absolute: bool = False
) -> str:
    """Return the address of a person's or topic's page, or with another endpoint of another form of it."""
    address = url_for(endpoint, field=field, name=slug, _external=absolute)
    return _address(address, {YEAR: year} if year else {})


def entry_query(field: FilterField, slug: str) -> str:
    """Return the query for a person or a topic: "tokoh:siti-rahma"."""
    return f"{PREFIXES[field]}:{slug}"


def entries_link(
    field: FilterField,
    endpoint: str = ENTRIES_PAGE,
    *,
    typed: str = "",
    letter: str = "",
    page: int = 1,
    absolute: bool = False,
) -> str:
    """Return the address of the list of persons or of topics, or of a part of it."""
    told = {TEXT: typed, LETTER: letter, PAGE: str(page) if page > 1 else ""}
    arguments: QueryArguments = {name: value for name, value in told.items() if value}
    return _address(url_for(endpoint, field=field, _external=absolute), arguments)


def compare_link(
    values: Iterable[str] = (),
    *,
    days: Query | None = None,
    per: Per | None = None,
    measure: Measure | None = None,
    endpoint: str = COMPARE_PAGE,
) -> str:
    """Return the address that compares queries over time, a person or topic among them as "tokoh:slug" or "topik:slug".

    `days` is a query whose days limit the comparison.
    """
    compared = list(values)
    arguments: QueryArguments = {TEXT: compared} if compared else {}
    if days is not None:
        limited = Query(published_from=days.published_from, published_to=days.published_to)
        arguments.update(args_from_query(limited))
    arguments.update({name: value for name, value in ((PER, per), (MEASURE, measure)) if value is not None})
    return _address(url_for(endpoint), arguments)


def comparison_of_result(query: Query) -> str | None:
    """Return the address that compares what a query asks for, in its days, None where it asks for nothing or for several things."""
    named = [entry_query(field, slug) for field in PREFIXES for slug in query.limits().get(field, ())]
    asked = [query.text] if query.text else named
    return compare_link(asked, days=query) if len(asked) == 1 else None


def permalink(article_id: str) -> str:
    """Return the absolute address of an article in this archive."""
    return url_for(ARTICLE_PAGE, article_id=article_id, _external=True)


def with_values(query: Query, field: FilterField, values: tuple[str, ...]) -> Query:
    """Return the query with other limits on one field, at its first page."""
    match field:
        case FilterField.SECTION:
            return replace(query, sections=values, page=1)
        case FilterField.SOURCE:
            return replace(query, sources=values, page=1)
        case FilterField.AUTHOR:
            return replace(query, authors=values, page=1)
        case FilterField.PERSON:
            return replace(query, people=values, page=1)
        case FilterField.TOPIC:
            return replace(query, topics=values, page=1)


def with_days(query: Query, first: date | None, last: date | None) -> Query:
    """Return the query limited to these days, at its first page."""
    return replace(query, published_from=first, published_to=last, page=1)


def _path(endpoint: str) -> str:
    """Return the address of an endpoint without values, made once a request: a result page has hundreds of links to one."""
    paths: dict[str, str] = g.setdefault("telisik_paths", {})
    return paths.get(endpoint) or paths.setdefault(endpoint, url_for(endpoint))


def _address(path: str, arguments: QueryArguments) -> str:
    return f"{path}?{urlencode(arguments, doseq=True)}" if arguments else path


def _values(args: MultiDict[str, str], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in map(str.strip, args.getlist(name)) if value))


def _limits(args: MultiDict[str, str], field: FilterField) -> tuple[str, ...]:
    values = _values(args, field)
    if len(values) > MOST_VALUES:
        reason = _("at most %(most)d can be chosen; these are %(number)d", most=MOST_VALUES, number=len(values))
        raise QueryError(field, "too_many", reason)
    return values


def _value(args: MultiDict[str, str], name: str) -> str:
    return next(iter(_values(args, name)), "")


def _day(args: MultiDict[str, str], name: str, *, last: bool) -> date | None:
    text = _value(args, name)
    return day_from(text, last=last, parameter=name) if text else None


def _number(args: MultiDict[str, str], name: str, default: int) -> int:
    text = _value(args, name)
    if not text:
        return default
    if not _NUMBER.fullmatch(text):
        raise QueryError(name, "not_a_number", _("'%(text)s' is no whole number", text=text[:QUOTED]))
    return int(text)


def _switch(args: MultiDict[str, str], name: str) -> bool:
    """Return whether what is on by itself stays on."""
    text = _value(args, name)
    if text not in ("", "0", "1"):
        raise QueryError(name, "not_a_switch", _("'%(text)s' is neither 0 nor 1", text=text[:QUOTED]))
    return text != "0"


def _one_of(known: Sequence[Choice], args: MultiDict[str, str], name: str) -> Choice | None:
    """Return the one of the known words that an argument is, None where it is absent."""
    text = _value(args, name)
    if not text:
        return None
    for word in known:
        if word == text:
            return word
    reason = _("'%(text)s' is unknown; there are: %(known)s", text=text[:QUOTED], known=", ".join(known))
    raise QueryError(name, "unknown", reason)


def _sort(args: MultiDict[str, str]) -> Sort | None:
    text = _value(args, SORT)
    if not text:
        return None
    try:
        return Sort(text)
    except ValueError as error:
        known = ", ".join(Sort)
        reason = _("'%(text)s' is no order; there are: %(known)s", text=text[:QUOTED], known=known)
        raise QueryError(SORT, "unknown_order", reason) from error
