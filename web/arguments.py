"""A `Query` as the arguments of an address. Only this module knows their names; nothing here needs Flask."""

from typing import TypeAlias
from urllib.parse import urlencode

from search.query import DEFAULT_SIZE, Query
from web.days import short_day

TEXT, FIRST, LAST, SORT, PAGE, SIZE = "q", "from", "to", "sort", "page", "size"
PER, MEASURE = "per", "measure"  # of comparisons
EXPAND, RECENCY = "expand", "recency"  # switches, on by themselves

QueryArguments: TypeAlias = dict[str, str | list[str]]


def args_from_query(query: Query) -> QueryArguments:
    """Return the arguments of which `query_from_args` makes `query`, those that say nothing left out."""
    arguments: QueryArguments = {}
    if query.text:
        arguments[TEXT] = query.text
    if query.published_from:
        arguments[FIRST] = short_day(query.published_from, last=False)
    if query.published_to:
        arguments[LAST] = short_day(query.published_to, last=True)
    arguments.update((field.value, list(values)) for field, values in query.limits().items())
    if query.sort is not None:
        arguments[SORT] = query.sort.value
    if not query.expand:
        arguments[EXPAND] = "0"
    if not query.recency:
        arguments[RECENCY] = "0"
    if query.page != 1:
        arguments[PAGE] = str(query.page)
    if query.size != DEFAULT_SIZE:
        arguments[SIZE] = str(query.size)
    return arguments


def search_path(query: Query) -> str:
    """Return the address of a query's result within the front end: "/search?q=beras"."""
    return f"/search?{urlencode(args_from_query(query), doseq=True)}"
