"""What the archive has of this day in earlier years, for the front page."""

from calendar import isleap
from dataclasses import dataclass
from datetime import date

from index.article import Article
from search.archive import Archive
from search.query import Query
from web.urls import search_link

MOST = 3
ROUND = 5  # years; anniversaries of so many go before others

_LEAP_DAY = (2, 29)


@dataclass(frozen=True, slots=True)
class Anniversary:
    """A day so many `years` ago, an article of it, and the address of the search for all of them."""

    years: int
    article: Article
    link: str


def anniversaries(archive: Archive) -> tuple[Anniversary, ...]:
    """Return days of the archive that are whole years ago today, the nearest first; raise IndexUnusable where there is no index."""
    held = archive.coverage().whole
    if held.first is None:
        return ()
    today = archive.today()
    days = {today.year - year: _day_in(today, year) for year in range(held.first.year, today.year)}
    asked = {years: day for years, day in days.items() if day is not None}
    stretches = held.stretches([(day, day) for day in asked.values()])
    found = [years for years, stretch in zip(asked, stretches, strict=True) if stretch.articles]
    chosen = sorted(found, key=lambda years: (years % ROUND != 0, years))[:MOST]
    told = (_told(archive, years, asked[years]) for years in sorted(chosen))
    return tuple(one for one in told if one is not None)


def _day_in(day: date, year: int) -> date | None:
    """Return the day of this name in another year, None for 29 February in years that have none."""
    if (day.month, day.day) == _LEAP_DAY and not isleap(year):
        return None
    return day.replace(year=year)


def _told(archive: Archive, years: int, day: date) -> Anniversary | None:
    query = Query(published_from=day, published_to=day)
    ids = archive.ranking(query, 1).article_ids
    article = archive.article(ids[0]) if ids else None
    return Anniversary(years, article, search_link(query)) if article else None
