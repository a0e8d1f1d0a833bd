"""What is written about more than usual: persons, topics and sections of some days against those of the year before."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from index.analysis import fold_value
from search.arrays import Ints
from search.census import Census
from search.engine import Days, Engine, Tally
from search.evaluate import day_mask
from search.facets import ENTRY_FACETS, count_facet
from search.query import FilterField
from search.segments import SegmentView, seen

RECENT_DAYS, YEAR_DAYS = 30, 365
LEAST_ARTICLES = 5  # of the recent days; fewer are chance
LEAST_TIMES = 1.5  # as many as usual
# Log-likelihood ratio from which on more than usual is no chance: of 10,000 names that are as usual one passes, chi-square with
# one degree of freedom, https://aclanthology.org/J93-1003/ .
LEAST_RATIO = 15.13
SHOWN = 12  # of each kind


@dataclass(frozen=True, slots=True)
class Trend:
    """What is in more articles than usual; `usual` is how many as many articles of the year before would have had."""

    field: FilterField
    value: str
    label: str
    articles: int
    usual: float

    @property
    def times(self) -> float | None:
        """How many times as many as usual, None where the year before had none at all."""
        return self.articles / self.usual if self.usual else None


@dataclass(frozen=True, slots=True)
class Trends:
    """The days compared, their articles, and what of each kind is written about more than usual, most strikingly so first."""

    recent: Days
    before: Days
    recent_articles: int
    articles_before: int
    by_field: dict[FilterField, tuple[Trend, ...]]

    @property
    def is_comparable(self) -> bool:
        """Whether the year before has articles enough to say what is usual."""
        return _is_comparable((self.recent_articles, self.articles_before))


def trends_until(last: date, engine: Engine) -> Trends:
    """Return what the `RECENT_DAYS` up to `last` have more of than the year before them."""
    recent = _days_before(last, RECENT_DAYS - 1), last
    before = _days_before(recent[0], YEAR_DAYS), _days_before(recent[0], 1)
    totals: tuple[int, ...] = (0, 0)
    by_field = {}
    for field in (FilterField.PERSON, FilterField.TOPIC, FilterField.SECTION):
        totals, tallies = engine.tallies(field, (recent, before), LEAST_ARTICLES)
        by_field[field] = rising(field, tallies, (totals[0], totals[1]))
    return Trends(recent, before, totals[0], totals[1], by_field)


def _days_before(day: date, number: int) -> date:
    """Return the day so many days before another one, the first of the calendar where it does not reach so far."""
    return day - min(timedelta(days=number), day - date.min)


def rising(field: FilterField, tallies: Sequence[Tally], totals: tuple[int, int]) -> tuple[Trend, ...]:
    """Return what at least `LEAST_TIMES` as large a share of the first period's articles has as of the second's.

    `totals` are the articles of both periods. What chance explains is left out; the least likely come first.
    """
    if not _is_comparable(totals):
        return ()
    found = []
    for tally in tallies:
        trend = Trend(field, tally.value, tally.label, tally.counts[0], tally.counts[1] * totals[0] / totals[1])
        ratio = log_likelihood_ratio((tally.counts[0], tally.counts[1]), totals)
        if trend.articles >= LEAST_TIMES * trend.usual and ratio >= LEAST_RATIO:
            found.append((ratio, trend))
    found.sort(key=lambda pair: (-pair[0], pair[1].value))
    return tuple(trend for _ratio, trend in found[:SHOWN])


def _is_comparable(totals: tuple[int, int]) -> bool:
    """Say whether a year has at least as many articles as the month behind it; an archive that has just begun has not."""
    return totals[1] >= max(totals[0], 1)


def log_likelihood_ratio(counts: tuple[int, int], totals: tuple[int, int]) -> float:
    """Return Dunning's G² of two counts among two totals: 0 for the same share, more for what is less likely by chance."""
    whole, having = sum(totals), sum(counts)
    ratio = 0.0
    for count, total in zip(counts, totals, strict=True):
        for observed, all_of_kind in ((count, having), (total - count, whole - having)):
            if observed:
                ratio += observed * math.log(observed * whole / (total * all_of_kind))
    return 2 * ratio


def tallies_of(
    field: FilterField, views: Sequence[SegmentView], census: Census, periods: Sequence[Days], least: int, now: int
) -> tuple[tuple[int, ...], tuple[Tally, ...]]:
    """Return how many articles readers may see of each period, and the values that `least` of those of the first have."""
    documents = [[_documents(view, first, last, now) for view in views] for first, last in periods]
    totals = tuple(sum(map(len, several)) for several in documents)
    if field.value in ENTRY_FACETS:
        table = census.table(field)
        counted = np.stack([table.counts(several) for several in documents])
        numbers = np.flatnonzero(counted[0] >= least).tolist()
        return totals, tuple(Tally(table.slugs[n], table.labels[n], tuple(counted[:, n].tolist())) for n in numbers)
    counts = [count_facet(field.value, views, several, census, ()) for several in documents]
    others = [{fold_value(value): count for value, count in several.items()} for several in counts[1:]]
    return totals, tuple(
        Tally(value, value, (count, *(other.get(fold_value(value), 0) for other in others)))
        for value, count in counts[0].items()
        if count >= least
    )


def _documents(view: SegmentView, first: date, last: date, now: int) -> Ints:
    mask = day_mask(view, first, last)
    may_see = seen(view, now)
    return np.flatnonzero(mask if may_see is None else mask & may_see)
