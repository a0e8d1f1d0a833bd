"""What an archive holds by day and section, and what it lacks: the days without an article between its first and its last."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np

from index import schema
from index.analysis import fold_value
from search.arrays import Ints, Mask
from search.segments import SegmentView, seen

MONDAY = 1  # the ordinal of one
DAYS = 1 << 22  # above the ordinal of every day
MOST_PLACES = 1 << 24  # of an array of counts; sections by days, more of them are sorted instead

Counts: TypeAlias = tuple[Ints, Ints]  # numbers, ascending, and how often each occurs


@dataclass(frozen=True, slots=True)
class Gap:
    """Days in a row without an article, from the first to the last of them."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row, `first` and `last` included: their articles, how many days have some, and how many lack them.

    A day lacks articles where what is held begins earlier and ends later; days before and behind all are neither.
    """

    first: date
    last: date
    articles: int
    held: int
    lacking: int


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """The articles of an archive, or of one section, by day.

    `days` are the ordinals of the days that have articles, ascending, `counts` how many each has; `undated` ones have no day.
    """

    days: Ints
    counts: Ints
    undated: int = 0

    @property
    def articles(self) -> int:
        """How many articles there are, those without a date included."""
        return int(self.counts.sum()) + self.undated

    @property
    def first(self) -> date | None:
        """The first day with an article, None where no article has a date."""
        return date.fromordinal(int(self.days[0])) if len(self.days) else None

    @property
    def last(self) -> date | None:
        """The last day with an article, None where no article has a date."""
        return date.fromordinal(int(self.days[-1])) if len(self.days) else None

    def stretches(self, parts: Sequence[tuple[date, date]]) -> tuple[Stretch, ...]:
        """Return what is held of each of these parts of the calendar, a first and a last day each."""
        firsts = np.asarray([first.toordinal() for first, _last in parts], dtype=np.int64)
        lasts = np.asarray([last.toordinal() for _first, last in parts], dtype=np.int64)
        begins, ends = np.searchsorted(self.days, firsts), np.searchsorted(self.days, lasts, side="right")
        before = np.concatenate([[0], np.cumsum(self.counts)])
        articles, held = before[ends] - before[begins], ends - begins
        lacking = np.zeros_like(held)
        if len(self.days):
            spanned = np.minimum(lasts, self.days[-1]) - np.maximum(firsts, self.days[0]) + 1
            lacking = np.maximum(spanned, 0) - held
        numbers = zip(articles.tolist(), held.tolist(), lacking.tolist(), strict=True)
        return tuple(Stretch(*part, *told) for part, told in zip(parts, numbers, strict=True))

    def stretch(self, first: date, last: date) -> Stretch:
        """Return what is held of the days from `first` to `last`."""
        return self.stretches([(first, last)])[0]

    def weekdays(self, first: date, last: date) -> tuple[tuple[int, int], ...]:
        """Return for each day of the week, from Monday on, how many of those from `first` to `last` have articles, and of how many.

        Days before and behind all that is held are not counted.
        """
        begin, end = np.searchsorted(self.days, [first.toordinal(), last.toordinal() + 1])
        held = np.bincount((self.days[begin:end] - MONDAY) % 7, minlength=7)
        if not len(self.days):
            return ((0, 0),) * 7
        spanned = np.arange(max(first.toordinal(), self.days[0]), min(last.toordinal(), self.days[-1]) + 1)
        of_all = np.bincount((spanned - MONDAY) % 7, minlength=7)
        return tuple(zip(held.tolist(), of_all.tolist(), strict=True))

    def gaps(self, first: date, last: date) -> tuple[Gap, ...]:
        """Return the days in a row that lack articles, cut to the days from `first` to `last`, in their order."""
        places = np.flatnonzero(np.diff(self.days) > 1)
        begins = np.maximum(self.days[places] + 1, first.toordinal())
        ends = np.minimum(self.days[places + 1] - 1, last.toordinal())
        kept = begins <= ends
        pairs = zip(begins[kept].tolist(), ends[kept].tolist(), strict=True)
        return tuple(Gap(date.fromordinal(begin), date.fromordinal(end)) for begin, end in pairs)


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """What readers may see of an archive, and of each of its sections, the largest first; `unsectioned` articles are in none."""

    whole: Held
    sections: Mapping[str, Held]
    unsectioned: int

    def section(self, name: str) -> tuple[str, Held] | None:
        """Return a section, case and accents aside, by its usual name; None where there is none of this name."""
        key = fold_value(name)
        return next(((label, held) for label, held in self.sections.items() if fold_value(label) == key), None)


def held_on(parts: Iterable[Ints]) -> Held:
    """Return articles by day, given by the day of each as an ordinal, `NO_DAY` among them, in any order and in several parts."""
    return _held(*_added(map(_counted, parts)))


def coverage_of(views: Sequence[SegmentView], now: int) -> Coverage:
    """Return what the segments hold that readers may see at a time, in Unix seconds.

    Spellings of a section that differ in case alone are one section, under the name that most articles have.
    """
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    numbers: dict[str, int] = {}
    counted = [_counted_in(view, now) for view in views]
    pairs = []
    for view, (_days, in_sections, _unsectioned) in zip(views, counted, strict=True):
        column = view.arrays.names(schema.SECTION)
        codes, days = np.divmod(in_sections[0], DAYS)
        of_code = np.asarray([numbers.setdefault(key, len(numbers)) for key in column.keys], dtype=np.int64)
        pairs.append((of_code[codes] * DAYS + days, in_sections[1]))
        articles = np.bincount(codes, weights=in_sections[1], minlength=len(column.values))
        for key, value, count in zip(column.keys, column.values, articles.tolist(), strict=True):
            spellings[key][value] += int(count)
    whole = _held(*_added(days for days, _pairs, _unsectioned in counted))
    sections = _sections(*_added(pairs), [_usual(spellings[key]) for key in numbers])
    return Coverage(whole, sections, sum(unsectioned for _days, _pairs, unsectioned in counted))


def _counted_in(view: SegmentView, now: int) -> tuple[Counts, Counts, int]:
    """Return how many articles of a segment are of each day, of each section and day, and how many are in no section.

    A section and a day are one number, the section's code times `DAYS` and the day. What all may see of a segment is counted once
    in its life.
    """
    mask = seen(view, now)
    if mask is None:
        return view.arrays.derived("coverage", lambda: _counted_among(view, None))
    return _counted_among(view, mask)


def _counted_among(view: SegmentView, mask: Mask | None) -> tuple[Counts, Counts, int]:
    days = view.arrays.numbers(schema.DAY).astype(np.int64)
    documents, codes = view.arrays.names(schema.SECTION).codes_of_documents()
    of_day = days if mask is None else days[mask]
    if mask is not None:
        kept = mask[documents]
        documents, codes = documents[kept], codes[kept]
    sectioned = int(
        np.count_nonzero(np.diff(documents, prepend=-1))
    )  # documents ascend, each once for each of its sections
    dated = of_day[of_day != schema.NO_DAY]
    base = int(dated.min(initial=DAYS)) - 1  # so that numbers are small enough to be places of an array
    stride = int(dated.max(initial=base)) - base + 1
    places, counts = _counted(codes * stride + np.maximum(days[documents] - base, 0))
    of_code, day = np.divmod(places, stride)
    pairs = of_code * DAYS + np.where(day > 0, day + base, schema.NO_DAY), counts
    return _counted(of_day), pairs, len(of_day) - sectioned


def _sections(values: Ints, counts: Ints, labels: Sequence[str]) -> dict[str, Held]:
    """Return what each section holds by its label, the largest first, those without articles left out."""
    bounds = np.searchsorted(values, np.arange(len(labels) + 1) * DAYS).tolist()
    held = {
        label: _held(values[begin:end] - number * DAYS, counts[begin:end])
        for number, (label, begin, end) in enumerate(zip(labels, bounds, bounds[1:], strict=False))
        if begin < end
    }
    return dict(sorted(held.items(), key=lambda item: (-item[1].articles, item[0])))


def _counted(numbers: Ints) -> Counts:
    """Return the different numbers, ascending, and how often each occurs."""
    if int(numbers.max(initial=0)) > MOST_PLACES:
        values, counts = np.unique(numbers, return_counts=True)
        return values, counts
    places = np.bincount(numbers)
    values = np.flatnonzero(places)
    return values, places[values]


def _added(parts: Iterable[Counts]) -> Counts:
    """Return the different numbers of all parts, ascending, and how often each occurs in all."""
    every = list(parts)
    numbers = np.concatenate([np.zeros(0, np.int64), *(values for values, _counts in every)])
    values, places = np.unique(numbers, return_inverse=True)
    counts = np.bincount(places, np.concatenate([np.zeros(0), *(c for _v, c in every)]), len(values))
    return values, counts.astype(np.int64)


def _held(days: Ints, counts: Ints) -> Held:
    """Return what is held by these days, `NO_DAY` among them."""
    undated = int(counts[days == schema.NO_DAY].sum())
    dated = days != schema.NO_DAY
    return Held(days[dated], counts[dated], undated)


def _usual(spellings: Mapping[str, int]) -> str:
    return min(spellings, key=lambda spelling: (-spellings[spelling], spelling))
