"""Counts of values over matching documents, added up over segments; spellings that differ in case alone are one value."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from index import schema
from index.dates import FIRST_YEAR, LAST_YEAR
from search.arrays import Ints
from search.census import Census
from search.engine import FACET_VALUES
from search.query import FilterField
from search.segments import SegmentView

NAME_FACETS = {field.value: field.value for field in FilterField}  # facet -> field of the schema
ENTRY_FACETS = (FilterField.PERSON.value, FilterField.TOPIC.value)
YEAR, MONTH = "year", "month"


def count_facet(
    facet: str, views: Sequence[SegmentView], documents: Sequence[Ints], census: Census, limits: Sequence[str]
) -> dict[str, int]:
    """Return how many of the documents (ascending, per segment) carry each value of a facet; absent values count nowhere.

    Of persons and topics only the most frequent are told, and those that are `limits`.
    """
    if facet in ENTRY_FACETS:
        table = census.table(FilterField(facet))
        some = [found if len(found) < view.arrays.count else None for view, found in zip(views, documents, strict=True)]
        asked = (census.find(table.field, text) for text in limits)
        return table.most(table.counts(some), FACET_VALUES, [number for number in asked if number is not None])
    if facet in NAME_FACETS:
        return _count_names(NAME_FACETS[facet], views, documents)
    months = _count_months(views, documents)
    return months if facet == MONTH else _by_year(months)


def _count_names(field: str, views: Sequence[SegmentView], documents: Sequence[Ints]) -> dict[str, int]:
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for view, found in zip(views, documents, strict=True):
        column = view.arrays.names(field)
        counts = column.counts(found if len(found) < view.arrays.count else None)
        for code in np.flatnonzero(counts).tolist():
            value = column.values[code]
            spellings[column.keys[code]][value] += int(counts[code])
    return {_usual(several): several.total() for several in spellings.values()}


def _usual(spellings: Mapping[str, int]) -> str:
    if len(spellings) == 1:
        return next(iter(spellings))
    return min(spellings, key=lambda spelling: (-spellings[spelling], spelling))


def _count_months(views: Sequence[SegmentView], documents: Sequence[Ints]) -> dict[str, int]:
    """Return counts by month, "2023-07", of years that an archive can have: what else is stored would stretch every timeline."""
    counts: Counter[str] = Counter()
    for view, found in zip(views, documents, strict=True):
        months = months_of(view)
        numbers = np.bincount(months.take(found) if len(found) < len(months) else months)
        for month in np.flatnonzero(numbers).tolist():
            if FIRST_YEAR <= month // 12 <= LAST_YEAR:
                counts[f"{month // 12:04}-{month % 12 + 1:02}"] += int(numbers[month])
    return dict(counts)


def _by_year(months: Mapping[str, int]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for month, number in months.items():
        counts[month[:4]] += number
    return dict(counts)


def months_of(view: SegmentView) -> Ints:
    """Return the month of each document, counted from the year 0, 0 for one without a date."""

    def months() -> Ints:
        days, places = np.unique(view.arrays.numbers(schema.DAY), return_inverse=True)
        dates = [date.fromordinal(day) if day != schema.NO_DAY else None for day in days.tolist()]
        return np.asarray([d.year * 12 + d.month - 1 if d else 0 for d in dates], dtype=np.int64)[places]

    return view.arrays.derived("months", months)
