"""Articles over time, as finely as their span allows: by day, month, year, decade or century, each a period to narrow to."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeAlias

from search.coverage import Held

MOST_DAYS = 62  # two months; longer spans are counted by month
MOST_MONTHS = 36
MOST_YEARS = 100
MOST_DECADES = 100


class Step(StrEnum):
    """How long a bar of a histogram lasts."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"


Period: TypeAlias = tuple[date, date]

_WHOLE = (Step.DAY, Step.MONTH, Step.YEAR)
_YEARS = {Step.YEAR: 1, Step.DECADE: 10, Step.CENTURY: 100}
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One period of a histogram, as much of it as the limits of the query leave, and its articles."""

    first: date
    last: date
    articles: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars of equal length without a gap between them, those without an article included; at least two."""

    step: Step
    bars: tuple[Bar, ...]

    @property
    def highest(self) -> int:
        """The most articles of one bar."""
        return max(bar.articles for bar in self.bars)


def histogram(held: Held, first: date | None = None, last: date | None = None) -> Histogram | None:
    """Return the bars of what is held, of the articles that a query finds; None where one bar holds them all.

    `first` and `last` are the limits of the query that found them. Where both are set and near each other the bars reach from one
    to the other, for a month without articles is an answer, too; else from the first article to the last.
    """
    if held.first is None or held.last is None:
        return None
    begin, end = held.first, held.last
    if first and last and _number(last, Step.MONTH) - _number(first, Step.MONTH) < MOST_MONTHS:
        begin, end = first, last
    step = _step(begin, end)
    numbers = range(_number(begin, step), _number(end, step) + 1)
    if len(numbers) < 2:
        return None
    periods = [
        (max(_first_day(number, step), first or date.min), min(_last_day(number, step), last or date.max))
        for number in numbers
    ]
    return Histogram(step, tuple(Bar(part.first, part.last, part.articles) for part in held.stretches(periods)))


def beside(held: Held, first: date, last: date) -> tuple[Period | None, Period | None]:
    """Return the nearest day, month or year that has articles before the one from `first` to `last`, and the nearest after it.

    None where there is none, and where these days are no whole day, month or year.
    """
    step = next(
        (s for s in _WHOLE if _first_day(_number(first, s), s) == first and _last_day(_number(first, s), s) == last),
        None,
    )
    if step is None:
        return None, None
    begin, end = bisect_left(held.days, first.toordinal()), bisect_right(held.days, last.toordinal())
    return (
        _period_of(held.days[begin - 1], step) if begin else None,
        _period_of(held.days[end], step) if end < len(held.days) else None,
    )


def _period_of(ordinal: int, step: Step) -> Period:
    number = _number(date.fromordinal(int(ordinal)), step)
    return _first_day(number, step), _last_day(number, step)


def _step(begin: date, end: date) -> Step:
    """Return the shortest step that does not make too many bars."""
    most = {Step.DAY: MOST_DAYS, Step.MONTH: MOST_MONTHS, Step.YEAR: MOST_YEARS, Step.DECADE: MOST_DECADES}
    fitting = (step for step, bars in most.items() if _number(end, step) - _number(begin, step) < bars)
    return next(fitting, Step.CENTURY)


def _number(day: date, step: Step) -> int:
    """Return which of all periods of this length a day is in."""
    if step is Step.DAY:
        return day.toordinal()
    return day.year * _MONTHS + day.month - 1 if step is Step.MONTH else day.year // _YEARS[step]


def _first_day(number: int, step: Step) -> date:
    if step is Step.DAY:
        return date.fromordinal(number)
    if step is Step.MONTH:
        return date(number // _MONTHS, number % _MONTHS + 1, 1)
    return date(max(1, number * _YEARS[step]), 1, 1)  # the first decade has no year 0


def _last_day(number: int, step: Step) -> date:
    try:
        return _first_day(number + 1, step) - timedelta(1)
    except ValueError:  # there is no year 10000
        return date.max
