"""Counts of values over matching documents, added up over segments; spellings that differ in case alone are one value."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from index import schema
from index.analysis import fold_value
from search.query import FilterField
from search.segments import Ints, Mask, SegmentView

NAME_FACETS = {field.value: field.value for field in FilterField}  # facet -> field of the schema
DATE_FACETS = {"year": 4, "month": 7}  # facet -> how many characters of an ISO date name its value


def count_facet(facet: str, views: Sequence[SegmentView], documents: Sequence[Ints]) -> dict[str, int]:
    """Return how many of the documents (ascending, per segment) carry each value of a facet; absent values count nowhere."""
    if facet in DATE_FACETS:
        return _count_days(DATE_FACETS[facet], views, documents)
    return _count_names(NAME_FACETS[facet], views, documents)


def limit_mask(field: str, wanted: Sequence[str], view: SegmentView) -> Mask:
    """Return a mask of the documents that carry any of the wanted values, case and accents aside."""
    column = view.arrays.names(field)
    folded = {fold_value(value) for value in wanted}
    return column.documents_with([code for code, value in enumerate(column.values) if fold_value(value) in folded])


def _count_names(field: str, views: Sequence[SegmentView], documents: Sequence[Ints]) -> dict[str, int]:
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for view, found in zip(views, documents, strict=True):
        column = view.arrays.names(field)
        counts = column.counts(found)
        for code in np.flatnonzero(counts).tolist():
            value = column.values[code]
            spellings[fold_value(value)][value] += int(counts[code])
    return {_usual(several): several.total() for several in spellings.values()}


def _usual(spellings: Mapping[str, int]) -> str:
    return min(spellings, key=lambda spelling: (-spellings[spelling], spelling))


def _count_days(characters: int, views: Sequence[SegmentView], documents: Sequence[Ints]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for view, found in zip(views, documents, strict=True):
        days, times = np.unique(view.arrays.numbers(schema.DAY)[found], return_counts=True)
        for day, number in zip(days.tolist(), times.tolist(), strict=True):
            if day != schema.NO_DAY:
                counts[date.fromordinal(day).isoformat()[:characters]] += number
    return dict(counts)
