"""What is held as a calendar: years of months, a year of days, or one month, each a cell that leads to its articles.

A cell is shaded by how its articles compare with the usual number, so that thin times show beside empty ones; the number itself
is in its words, and where there is room on it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import TypeAlias

from babel.dates import format_date
from babel.numbers import format_compact_decimal

from index.messages import gettext as _
from index.messages import language, ngettext
from search.coverage import Held, Stretch
from web.formatting import articles_text, day_text, month_end, month_text, number_text

LEVELS = (0.5, 1, 1.5)  # of the usual number: bounds between few and many
COMPACT = 10_000  # numbers from here on are short in a cell: "12 rb"

Days: TypeAlias = tuple[date, date]  # the first and the last
Linking: TypeAlias = Callable[[date, date], str]


@dataclass(frozen=True, slots=True)
class Cell:
    """A month or a day: its `label` and number, shown short, `said` in full.

    `level` is 0 without articles, else from 1, far fewer than usual, to 4, far more. `lacking` days have none though there are
    articles before and after them. `link` is None where there is nothing to lead to.
    """

    label: str
    number: str
    said: str
    level: int
    lacking: int
    link: str | None

    @property
    def is_empty(self) -> bool:
        """Whether all of it lacks articles."""
        return not self.level and self.lacking > 0


@dataclass(frozen=True, slots=True)
class Year:
    """A year of months; without them, years in a row that have no articles at all. `lacking` says how many days have none."""

    label: str
    said: str
    lacking: int
    lacking_said: str
    link: str | None
    months: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month of weeks that begin on Monday; None stands for days of the months beside it."""

    label: str
    said: str
    link: str | None
    weeks: tuple[tuple[Cell | None, ...], ...]


def years_of(held: Held, link: Linking) -> tuple[Year, ...]:
    """Return all years from the first article to the last, newest first; each month links to itself, and so does each year."""
    if held.first is None or held.last is None:
        return ()
    numbers = range(held.first.year, held.last.year + 1)
    parts = held.stretches([_month(year, month) for year in numbers for month in range(1, 13)])
    usual = _usual(parts)
    years: list[Year] = []
    empty: list[int] = []
    for place, year in enumerate(numbers):
        months = parts[12 * place : 12 * place + 12]
        if any(month.articles for month in months):
            years += _empty_years(empty)
            empty = []
            cells = tuple(
                _cell(_short_month(month.first), month_text(month.first), month, usual, link) for month in months
            )
            articles, lacking = _sums(months)
            said = articles_text(articles), lacking, lacking_text(lacking)
            years.append(Year(str(year), *said, link(months[0].first, months[-1].last), cells))
        else:
            empty.append(year)
    return tuple(reversed(years))


def months_in(held: Held, year: int, link: Linking, month_link: Linking) -> tuple[Month, ...]:
    """Return the twelve months of a year with their days."""
    months = [_month(year, month) for month in range(1, 13)]
    usual = _usual(held.stretches(_each(date(year, 1, 1), date(year, 12, 31))))
    return tuple(_weeks(held, first, link, usual, month_link(first, last)) for first, last in months)


def month_of(held: Held, first: date, link: Linking) -> Month:
    """Return one month with its days."""
    usual = _usual(held.stretches(_each(first, month_end(first))))
    return _weeks(held, first, link, usual, None)


def days_of(held: Held, first: date, link: Linking) -> tuple[Cell, ...]:
    """Return the days of one month."""
    return _day_cells(held, first, link, _usual(held.stretches(_each(first, month_end(first)))))


def weekday_names() -> list[tuple[str, str]]:
    """Return the days of the week from Monday on, short and in full."""
    monday = date(2024, 1, 1)
    days = [monday + timedelta(days=number) for number in range(7)]
    return [(format_date(d, "EEEEEE", locale=language()), format_date(d, "EEEE", locale=language())) for d in days]


def lacking_text(days: int) -> str:
    """Return how many days lack articles, in words."""
    return ngettext("%(count)s day without articles", "%(count)s days without articles", days, count=number_text(days))


def days_text(days: int) -> str:
    """Return a number of days: "12 hari"."""
    return ngettext("%(count)s day", "%(count)s days", days, count=number_text(days))


def _weeks(held: Held, first: date, link: Linking, usual: float, month_link: str | None) -> Month:
    cells: list[Cell | None] = [None] * first.weekday()
    cells += _day_cells(held, first, link, usual)
    cells += [None] * (-len(cells) % 7)
    weeks = tuple(tuple(cells[place : place + 7]) for place in range(0, len(cells), 7))
    whole = held.stretch(first, month_end(first))
    said = articles_text(whole.articles)
    if whole.lacking:
        said = f"{said}, {lacking_text(whole.lacking)}"
    return Month(month_text(first), said, month_link, weeks)


def _day_cells(held: Held, first: date, link: Linking, usual: float) -> tuple[Cell, ...]:
    parts = held.stretches(_each(first, month_end(first)))
    return tuple(_cell(str(part.first.day), day_text(part.first), part, usual, link) for part in parts)


def _cell(label: str, name: str, part: Stretch, usual: float, link: Linking) -> Cell:
    lacks = part.lacking > 0
    is_day = part.first == part.last
    if not part.articles:
        said = _("%(period)s: no articles", period=name) if lacks else name
    elif lacks and not is_day:
        said = _(
            "%(period)s: %(articles)s, %(lacking)s",
            period=name,
            articles=articles_text(part.articles),
            lacking=lacking_text(part.lacking),
        )
    else:
        said = f"{name}: {articles_text(part.articles)}"
    level = 1 + sum(part.articles > bound * usual for bound in LEVELS) if part.articles else 0
    number = _short_number(part.articles) if part.articles else "–" if lacks else ""
    return Cell(label, number, said, level, part.lacking, link(part.first, part.last) if part.articles else None)


def _usual(parts: Iterable[Stretch]) -> float:
    """Return the number of articles that is in the middle of those parts that have any."""
    return median([part.articles for part in parts if part.articles] or [0])


def _sums(parts: Sequence[Stretch]) -> tuple[int, int]:
    return sum(part.articles for part in parts), sum(part.lacking for part in parts)


def _empty_years(years: Sequence[int]) -> Iterator[Year]:
    """Yield one row for years in a row without articles; they stand in the span, so their days are all lacking."""
    if years:
        label = "–".join(dict.fromkeys((str(years[0]), str(years[-1]))))
        yield Year(label, _("no articles"), 0, "", None, ())


def _short_number(number: int) -> str:
    if number >= COMPACT:
        return format_compact_decimal(number, locale=language())
    return number_text(number)


def _short_month(day: date) -> str:
    return format_date(day, "LLL", locale=language())


def _month(year: int, month: int) -> Days:
    first = date(year, month, 1)
    return first, month_end(first)


def _each(first: date, last: date) -> list[Days]:
    """Return each day from the first to the last, as a part of the calendar."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [(day, day) for day in days]
