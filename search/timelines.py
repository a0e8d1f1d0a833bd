"""How many articles each month had: of all, and of those that a query finds."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from search.archive import Archive
from search.facets import MONTH
from search.query import Query

Per: TypeAlias = Literal["month", "year"]
PERS: tuple[Per, ...] = ("year", "month")

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Series:
    """Articles by month, "2023-07", months without one left out; `undated` ones have no date and stand in no month."""

    label: str
    counts: Mapping[str, int] = field(default_factory=dict)
    undated: int = 0

    @property
    def total(self) -> int:
        """How many articles there are, those without a date included."""
        return sum(self.counts.values()) + self.undated


def series_of(archive: Archive, query: Query, label: str = "") -> Series:
    """Return the articles that have all that `query` asks for by month, whatever its window."""
    total, months = archive.counts(query, MONTH)
    return Series(label, months, total - sum(months.values()))


def counts_per(months: Mapping[str, int], per: Per) -> Mapping[str, int]:
    """Return counts by month as they are, or added up by year, "2023"."""
    if per == "month":
        return months
    years: Counter[str] = Counter()
    for month, count in months.items():
        years[month[:4]] += count
    return years


def periods_between(first: str, last: str, per: Per) -> Iterator[str]:
    """Yield every year or month from the one that holds month `first` to the one that holds month `last`.

    >>> list(periods_between("2019-11", "2020-01", "month")), list(periods_between("2019-11", "2020-01", "year"))
    (['2019-11', '2019-12', '2020-01'], ['2019', '2020'])
    """
    if per == "year":
        yield from (f"{year:04}" for year in range(int(first[:4]), int(last[:4]) + 1))
        return
    for number in range(_number(first), _number(last) + 1):
        yield f"{number // _MONTHS:04}-{number % _MONTHS + 1:02}"


def _number(month: str) -> int:
    return int(month[:4]) * _MONTHS + int(month[5:7]) - 1
