"""What an archive holds by day and section, and what it lacks: the days without an article between its first and its last."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from index import schema
from index.analysis import fold_value
from search.arrays import Ints
from search.segments import SegmentView, seen

MONDAY = 1  # the ordinal of one
DAYS = 1 << 22  # above the ordinal of every day; a pair of a section and a day is one number


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
    return _held(*_counted(parts))


def coverage_of(views: Sequence[SegmentView], now: int) -> Coverage:
    """Return what the segments hold that readers may see at a time, in Unix seconds.

    Spellings of a section that differ in case alone are one section, under the name that most articles have.
    """
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    numbers: dict[str, int] = {}
    days, pairs = [], []
    sectioned = articles = 0
    for view in views:
        day = view.arrays.numbers(schema.DAY).astype(np.int64)
        column = view.arrays.names(schema.SECTION)
        documents, codes = column.codes_of_documents()
        mask = seen(view, now)
        if mask is not None:
            kept = mask[documents]
            documents, codes = documents[kept], codes[kept]
        of_code = np.asarray([numbers.setdefault(key, len(numbers)) for key in column.keys], dtype=np.int64)
        days.append(day if mask is None else day[mask])
        pairs.append(of_code[codes] * DAYS + day[documents])
        articles += len(days[-1])
        sectioned += len(np.unique(documents))
        for code, count in enumerate(np.bincount(codes, minlength=len(column.values)).tolist()):
            spellings[column.keys[code]][column.values[code]] += count
    sections = _sections(pairs, [_usual(spellings[key]) for key in numbers])
    return Coverage(held_on(days), sections, articles - sectioned)


def _sections(pairs: Sequence[Ints], labels: Sequence[str]) -> dict[str, Held]:
    """Return what each section holds by its label, the largest first, those without articles left out."""
    values, counts = _counted(pairs)
    bounds = np.searchsorted(values, np.arange(len(labels) + 1) * DAYS).tolist()
    held = {
        label: _held(values[begin:end] - number * DAYS, counts[begin:end])
        for number, (label, begin, end) in enumerate(zip(labels, bounds, bounds[1:], strict=False))
        if begin < end
    }
    return dict(sorted(held.items(), key=lambda item: (-item[1].articles, item[0])))


def _counted(parts: Iterable[Ints]) -> tuple[Ints, Ints]:
    """Return the different numbers of all parts, ascending, and how often each occurs."""
    counted = [np.unique(part, return_counts=True) for part in parts]
    values, places = np.unique(np.concatenate([np.zeros(0, np.int64), *(v for v, _c in counted)]), return_inverse=True)
    counts = np.zeros(len(values), dtype=np.int64)
    np.add.at(counts, places, np.concatenate([np.zeros(0, np.int64), *(c for _v, c in counted)]))
    return values, counts


def _held(days: Ints, counts: Ints) -> Held:
    """Return what is held by these days, `NO_DAY` among them."""
    undated = int(counts[days == schema.NO_DAY].sum())
    dated = days != schema.NO_DAY
    return Held(days[dated], counts[dated], undated)


def _usual(spellings: Mapping[str, int]) -> str:
    return min(spellings, key=lambda spelling: (-spellings[spelling], spelling))
