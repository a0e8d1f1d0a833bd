"""The links of a result page, each a changed `Query`: chips, facets, orders, pages."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from search.query import FilterField, Query, Sort
from search.results import Facet, FacetValue, SearchPage
from search.widening import unlimited
from web.formatting import month_end, period_text
from web.urls import search_link, with_days, with_values
from web.wording import field_label, limit_text, sort_label

SHOWN_VALUES = 8  # of a facet at once; the others unfold
# Values of a facet in all, the most frequent, and those in force: more of them would be most of what a page weighs.
LISTED_VALUES = 10


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of a query in words, and the query without it."""

    label: str
    without: Query

    @property
    def link(self) -> str:
        """The address of the result without this limit."""
        return search_link(self.without)


@dataclass(frozen=True, slots=True)
class Choice:
    """A link to another view of the result; `selected` where it is in force, and then the link undoes it."""

    label: str
    link: str
    selected: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """A facet as a list of links: those `shown` at once and those `folded` away."""

    name: str
    label: str
    shown: tuple[Choice, ...]
    folded: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Pager:
    """Where the reader is in a result or a list. Links are None where there is no such page, or none is needed."""

    number: int
    pages: int
    previous: str | None
    following: str | None
    last: str | None = None


def limits_of(page: SearchPage) -> tuple[Limit, ...]:
    """Return every limit of a query, the period first."""
    query = page.query
    limits: list[Limit] = []
    if query.published_from or query.published_to:
        limits.append(Limit(period_text(query.published_from, query.published_to), with_days(query, None, None)))
    for field, values in query.limits().items():
        limits += [
            Limit(limit_text(field, page.label(field, value)), _toggled(query, field, value)) for value in values
        ]
    return tuple(limits)


def without_limits(query: Query) -> str:
    """Return the address of the result of the words alone."""
    return search_link(unlimited(query))


def sorts_of(query: Query) -> tuple[Choice, ...]:
    """Return the orders of hits that make sense: relevance only where there are words."""
    sorts = [sort for sort in Sort if sort is not Sort.RELEVANCE or query.text]
    return tuple(
        Choice(sort_label(sort), search_link(replace(query, sort=sort, page=1)), selected=sort is query.order())
        for sort in sorts
    )


def pager_of(page: SearchPage) -> Pager:
    """Return where this page stands among the pages of its result; one past the end leads back to the last."""
    query, pages = page.query, max(1, page.pages)

    def at(number: int) -> str:
        return search_link(replace(query, page=number))

    return Pager(
        number=query.page,
        pages=pages,
        previous=at(query.page - 1) if 1 < query.page <= pages else None,
        following=at(query.page + 1) if query.page < pages else None,
        last=at(pages),
    )


def facets_of(page: SearchPage) -> tuple[FacetGroup, ...]:
    """Return the facets that can narrow this result, in the order in which they help."""
    found = {facet.field: facet for facet in page.facets}
    groups = [
        _values_group(found, FilterField.SECTION, page.query),
        _group("year", _years(found["year"], page.query)) if "year" in found else None,
        _group("month", _months(found["month"], page.query)) if "month" in found else None,
        *(
            _values_group(found, field, page.query)
            for field in (FilterField.SOURCE, FilterField.AUTHOR, FilterField.PERSON, FilterField.TOPIC)
        ),
    ]
    return tuple(group for group in groups if group is not None)


def _values_group(found: dict[str, Facet], field: FilterField, query: Query) -> FacetGroup | None:
    values = found[field.value].values if field.value in found else ()
    listed = [value for place, value in enumerate(values) if place < LISTED_VALUES or value.selected]
    return _group(field.value, [_value_choice(value, field, query) for value in listed])


def _group(name: str, choices: list[Choice]) -> FacetGroup | None:
    """Return the choices as a group, those in force among the shown; None where there is nothing to choose."""
    if not choices:
        return None
    folded = tuple(choice for choice in choices[SHOWN_VALUES:] if not choice.selected)
    if len(folded) == 1:  # unfolding one line is more work than reading it
        folded = ()
    shown = tuple(choice for choice in choices if choice not in folded)
    return FacetGroup(name, field_label(name), shown, folded)


def _value_choice(value: FacetValue, field: FilterField, query: Query) -> Choice:
    link = search_link(_toggled(query, field, value.value))
    return Choice(value.label, link, selected=value.selected, count=value.count)


def _toggled(query: Query, field: FilterField, value: str) -> Query:
    values = query.limits().get(field, ())
    changed = tuple(v for v in values if v != value) if value in values else (*values, value)
    return with_values(query, field, changed)


def _years(facet: Facet, query: Query) -> list[Choice]:
    """Return the years, newest first: a reader looks for a year by its place, not by its count."""
    return _periods(facet, query, lambda year: (date(int(year), 1, 1), date(int(year), 12, 31)))


def _months(facet: Facet, query: Query) -> list[Choice]:
    """Return the months of the one year that the query is limited to; there are none where it spans several."""
    first, last = query.published_from, query.published_to
    if first is None or last is None or first.year != last.year:
        return []
    return _periods(facet, query, _month_days)


def _month_days(month: str) -> tuple[date, date]:
    first = date.fromisoformat(f"{month}-01")
    return first, month_end(first)


def _periods(facet: Facet, query: Query, days_of: Callable[[str], tuple[date, date]]) -> list[Choice]:
    choices = []
    for value in sorted(facet.values, key=lambda value: value.value, reverse=True):
        first, last = days_of(value.value)
        selected = (query.published_from, query.published_to) == (first, last)
        other = with_days(query, None, None) if selected else with_days(query, first, last)
        choices.append(Choice(value.label, search_link(other), selected=selected, count=value.count))
    return choices
