"""What the archive holds and what it lacks: a calendar of years, a year or a month, as a page, as JSON, and as a table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from babel.numbers import format_percent
from flask import Blueprint, Response, abort, request
from werkzeug.datastructures import MultiDict

from index.article import JSON
from index.messages import gettext as _
from index.messages import language
from search.coverage import Coverage, Gap, Held, Stretch
from search.query import Query, QueryError
from search.timelines import periods_between
from web.api import archive_in_use, csv_response, json_response, table_text
from web.calendars import Cell, Days, Month, days_of, days_text, month_of, months_in, weekday_names, years_of
from web.days import QUOTED, day_from
from web.formatting import day_text, month_end, number_text, period_text
from web.navigation import Choice
from web.pages import SearchForm
from web.site import render, url_for
from web.urls import SEARCH_JSON, search_link
from web.wording import limits_text

PERIOD, SECTION = "period", "section"  # arguments of the address
COVERAGE_PAGE, COVERAGE_JSON, COVERAGE_CSV = "coverage.coverage_page", "coverage.coverage_json", "coverage.coverage_csv"
CSV_COLUMNS = ("period", "section", "articles", "days", "days_without")
FILE_NAME = "telisik-coverage.csv"
SECTIONS_SHOWN = 60  # the largest; all are in the table to download
LEAST_SHARE = 0.005  # of days of a week; less is told as 0%
GAPS_SHOWN = 10  # the longest
MONTH = 31  # days

_PERIOD = re.compile(r"\d{4}(?:-\d{2})?", re.ASCII)

coverage = Blueprint("coverage", __name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A part of the archive: all times, or the year or month `period`, and all sections or one, by its usual name."""

    held: Held
    first: date
    last: date
    period: str = ""
    section: str = ""

    @property
    def query(self) -> Query:
        """The query for the articles of this part."""
        days = (self.first, self.last) if self.period else (None, None)
        return Query(published_from=days[0], published_to=days[1], sections=(self.section,) if self.section else ())

    @property
    def is_month(self) -> bool:
        """Whether it is one month."""
        return len(self.period) == len("2023-07")

    @property
    def stretch(self) -> Stretch:
        """What is held of its days."""
        return self.held.stretch(self.first, self.last)

    def days_link(self, first: date, last: date) -> str:
        """Return the address of the articles of some of its days."""
        return search_link(replace(self.query, published_from=first, published_to=last))

    def period_link(self, first: date, last: date) -> str:
        """Return the address of the coverage of a whole year or month."""
        return coverage_link(
            first.isoformat()[: len("2023" if (last - first).days > MONTH else "2023-07")], self.section
        )


def coverage_link(period: str = "", section: str = "", endpoint: str = COVERAGE_PAGE, *, absolute: bool = False) -> str:
    """Return the address of the coverage of a year, "2023", a month, "2023-07", or all times, of one section or all."""
    arguments = {name: value for name, value in ((PERIOD, period), (SECTION, section)) if value}
    path = url_for(endpoint, _external=absolute)
    return f"{path}?{urlencode(arguments)}" if arguments else path


@coverage.get("/coverage")
def coverage_page() -> str:
    """Show a calendar of what the archive holds, what it lacks, and the same by section."""
    whole, asked = _asked(request.args)
    return render(
        "coverage.html",
        asked=asked,
        section_names=list(whole.sections),
        part=limits_text(asked.query),
        stories=search_link(asked.query),
        facts=_facts(asked),
        years=years_of(asked.held, asked.period_link) if not asked.period else (),
        months=_months(asked),
        weekdays=weekday_names(),
        gaps=_gaps(asked),
        sections=_section_rows(whole, asked),
        sections_shown=SECTIONS_SHOWN,
        up=_up(asked),
        previous=_beside(asked, -1),
        following=_beside(asked, 1),
        csv_link=coverage_link(asked.period, asked.section, COVERAGE_CSV),
        json_link=coverage_link(asked.period, asked.section, COVERAGE_JSON),
        form=SearchForm(""),
    )


@coverage.get("/coverage.json")
def coverage_json() -> Response:
    """Answer the same as JSON: by month, of a year or month by day; all gaps; and what is held of each section."""
    whole, asked = _asked(request.args)
    stretch = asked.stretch
    return json_response(
        {
            "period": asked.period or None,
            "section": asked.section or None,
            **_held_record(asked, asked.held),
            "undated": 0 if asked.period else asked.held.undated,
            "unsectioned": None if asked.period or asked.section else whole.unsectioned,
            "articles": stretch.articles if asked.period else asked.held.articles,
            "per": "day" if asked.period else "month",
            "parts": [
                {**_stretch_record(part), "link": search_link(_within(asked, part), SEARCH_JSON, absolute=True)}
                for part in asked.held.stretches(list(_parts(asked, asked.held)))
            ],
            "gaps": [
                {"from": gap.first.isoformat(), "to": gap.last.isoformat(), "days": gap.days}
                for gap in asked.held.gaps(asked.first, asked.last)
            ],
            "sections": [
                {
                    "section": label,
                    **_held_record(asked, held),
                    "link": coverage_link(asked.period, label, COVERAGE_JSON, absolute=True),
                }
                for label, held in ({} if asked.section else whole.sections).items()
            ],
        }
    )


@coverage.get("/coverage.csv")
def coverage_csv() -> Response:
    """Answer the same as a table: a row for each month, of a year or month for each day, of all articles, then of each section.

    Rows of all articles name no section. Times before the first and after the last article of a section have no row.
    """
    whole, asked = _asked(request.args)
    rows = (
        (_period(part), asked.section or label, part.articles, part.held, part.lacking)
        for label, held in {"": asked.held, **({} if asked.section else whole.sections)}.items()
        for part in held.stretches(list(_parts(asked, held)))
    )
    return csv_response(table_text(CSV_COLUMNS, rows), FILE_NAME)


def _asked(args: MultiDict[str, str]) -> tuple[Coverage, Asked]:
    """Return the coverage of the archive and the part that is asked for.

    Raises QueryError for a period that is none; there is no page of a section that is none.
    """
    whole = archive_in_use().coverage()
    name, period = args.get(SECTION, "").strip(), args.get(PERIOD, "").strip()
    found = whole.section(name) if name else ("", whole.whole)
    if found is None:
        abort(404)
    label, held = found
    if not period:
        return whole, Asked(held, held.first or date.min, held.last or date.max, section=label)
    if not _PERIOD.fullmatch(period):
        reason = _("'%(text)s' is no year and no month; write 2023 or 2023-07", text=period[:QUOTED])
        raise QueryError(PERIOD, "not_a_period", reason)
    first, last = (day_from(period, last=is_last, parameter=PERIOD) for is_last in (False, True))
    return whole, Asked(held, first, last, period, label)


def _parts(asked: Asked, held: Held) -> Iterator[Days]:
    """Yield the months, or of a year or month the days, from the first article to the last."""
    if held.first is None or held.last is None:
        return
    first, last = max(held.first, asked.first), min(held.last, asked.last)
    if not asked.period:
        for month in periods_between(first.isoformat()[:7], last.isoformat()[:7], "month"):
            yield (
                day_from(month, last=False, parameter=PERIOD),
                day_from(month, last=True, parameter=PERIOD),
            )
        return
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        yield day, day


def _period(part: Stretch) -> str:
    return part.first.isoformat() if part.first == part.last else part.first.isoformat()[:7]


def _stretch_record(part: Stretch) -> dict[str, JSON]:
    return {
        "period": _period(part),
        "articles": part.articles,
        "days": part.held,
        "days_without": part.lacking,
    }


def _held_record(asked: Asked, held: Held) -> dict[str, JSON]:
    stretch = held.stretch(asked.first, asked.last)
    return {
        "from": held.first.isoformat() if held.first else None,
        "to": held.last.isoformat() if held.last else None,
        "articles": stretch.articles if asked.period else held.articles,
        "days": stretch.held,
        "days_without": stretch.lacking,
    }


def _within(asked: Asked, part: Stretch) -> Query:
    return replace(asked.query, published_from=part.first, published_to=part.last)


def _facts(asked: Asked) -> list[tuple[str, str]]:
    """Return what is held, in words and numbers."""
    held, stretch = asked.held, asked.stretch
    articles = stretch.articles if asked.period else held.articles
    facts = [(_("Articles"), number_text(articles))]
    if not asked.period and held.first and held.last:
        facts.append((_("From – to"), period_text(held.first, held.last)))
    facts += [(_("Days with articles"), number_text(stretch.held)), (_("Days without"), number_text(stretch.lacking))]
    weekdays = held.weekdays(asked.first, asked.last)
    if stretch.lacking and not asked.is_month and any(some / every >= LEAST_SHARE for some, every in weekdays if every):
        shares = [
            f"{full} {_percent(some / every)}"
            for (_short, full), (some, every) in zip(weekday_names(), weekdays, strict=True)
            if every
        ]
        facts.append((_("Days with articles, by day of the week"), ", ".join(shares)))
    if held.undated and not asked.period:
        facts.append((_("Without a date"), number_text(held.undated)))
    return facts


def _months(asked: Asked) -> tuple[Month, ...]:
    if not asked.period:
        return ()
    if asked.is_month:
        return (month_of(asked.held, asked.first, asked.days_link),)
    return months_in(asked.held, asked.first.year, asked.days_link, asked.period_link)


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section in the table: its own coverage, its stories, what is held of the days asked for, and of a month each day."""

    label: str
    link: str
    stories: str
    held: Held
    stretch: Stretch
    longest: str
    days: tuple[Cell, ...]

    @property
    def first(self) -> str:
        """The first day with an article, in words."""
        return day_text(self.held.first) if self.held.first else ""

    @property
    def last(self) -> str:
        """The last day with an article, in words."""
        return day_text(self.held.last) if self.held.last else ""


def _section_rows(whole: Coverage, asked: Asked) -> tuple[SectionRow, ...]:
    """Return the largest sections that have, or lack, articles in the days asked for."""
    rows = []
    for label, held in {} if asked.section else whole.sections.items():
        stretch = held.stretch(asked.first, asked.last)
        if not asked.period or stretch.held or stretch.lacking:
            part = replace(asked, held=held, section=label)
            longest = max((gap.days for gap in held.gaps(asked.first, asked.last)), default=0)
            rows.append(
                SectionRow(
                    label=label,
                    link=coverage_link(asked.period, label),
                    stories=search_link(part.query),
                    held=held,
                    stretch=stretch if asked.period else replace(stretch, articles=held.articles),
                    longest=days_text(longest) if longest else "",
                    days=days_of(held, asked.first, part.days_link) if asked.is_month else (),
                )
            )
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class GapList:
    """The longest gaps, each with its length in words and the coverage around it; `days` and `gaps` count all of them."""

    longest: tuple[tuple[str, str, str | None], ...]
    days: int
    gaps: int


def _gaps(asked: Asked) -> GapList:
    gaps = asked.held.gaps(asked.first, asked.last)
    longest = sorted(gaps, key=lambda gap: (-gap.days, gap.first))[:GAPS_SHOWN]
    return GapList(
        tuple((_gap_text(gap), days_text(gap.days), _gap_link(asked, gap)) for gap in longest),
        sum(gap.days for gap in gaps),
        len(gaps),
    )


def _gap_text(gap: Gap) -> str:
    """Return the days of a gap without what its first and last day have in common: "15–18 April 1999"."""
    first, last = gap.first, gap.last
    is_whole = first.day == 1 and last == month_end(last)
    if first == last or is_whole or (first.year, first.month) != (last.year, last.month):
        return period_text(first, last)
    return f"{first.day}–{day_text(last)}"


def _gap_link(asked: Asked, gap: Gap) -> str | None:
    """Return the address of the month in which a gap begins, None where that is what is shown."""
    return None if asked.is_month else coverage_link(gap.first.isoformat()[:7], asked.section)


def _up(asked: Asked) -> list[Choice]:
    """Return links to what this is a part of, the whole first."""
    links = [Choice(_("All times"), coverage_link("", asked.section))] if asked.period else []
    if asked.is_month:
        links.append(Choice(asked.period[:4], coverage_link(asked.period[:4], asked.section)))
    if asked.section:
        links.append(Choice(_("All sections"), coverage_link(asked.period)))
    return links


def _beside(asked: Asked, step: int) -> Choice | None:
    """Return a link to the year or month before (-1) or after (1) the one asked for, None where nothing is held that far."""
    held_first, held_last = asked.held.first, asked.held.last
    if not asked.period or held_first is None or held_last is None:
        return None
    if asked.first <= held_first if step < 0 else asked.last >= held_last:
        return None
    day = (asked.first if step < 0 else asked.last) + timedelta(days=step)
    period = day.isoformat()[: len(asked.period)]
    first, last = (day_from(period, last=is_last, parameter=PERIOD) for is_last in (False, True))
    if last < held_first or first > held_last:
        return None
    return Choice(period_text(first, last), coverage_link(period, asked.section))


def _percent(share: float) -> str:
    return format_percent(share, locale=language())
