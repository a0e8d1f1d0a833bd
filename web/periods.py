"""Time on a result page: its articles as bars to narrow by, periods to choose at once, and the way back to longer ones."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeAlias

from babel.dates import format_date

from index.messages import gettext as _
from index.messages import language
from index.periods import parse_period
from search.archive import Archive
from search.coverage import Held
from search.histogram import Bar, Histogram, Period, Step, beside, histogram
from search.query import Query
from search.results import SearchPage
from web.formatting import articles_text, month_end, month_text, number_text, period_text
from web.navigation import Choice
from web.urls import search_link, with_days

Named: TypeAlias = tuple[str, Period]

HEIGHT, TOP, BASE = 104, 18, 84  # pixels: of the figure, of its highest bar's top, and of the line that bars stand on
LOWEST = 2.0  # pixels of a bar that has any article
EDGE = 8  # percent at either end where a label would pass the figure's end
MOST_LABELS = 5
DECADES = 12  # most that are offered

_YEAR_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1_000, 2_000, 5_000)
_MONTH_STEPS = (1, 2, 3, 6, 12)
_LABELLED_DAYS = (1, 8, 15, 22, 29)


@dataclass(frozen=True, slots=True)
class Column:
    """A bar as it is drawn: how many places stand before it, and its height in pixels; and what it says and leads to.

    `link` is None where it has no article.
    """

    place: int
    height: int
    label: str
    articles: int
    link: str | None

    @property
    def text(self) -> str:
        """What the bar says: "Juli 2023: 12 berita"."""
        return f"{self.label}: {articles_text(self.articles)}"


@dataclass(frozen=True, slots=True)
class Tick:
    """A label below the bars, its place in percent, and which end of it stands there: "start", "middle" or "end"."""

    x: float
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A histogram as the macro `histogram_figure` draws it, and as the table behind it; `note` tells what is not in it."""

    title: str
    heading: str
    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]
    highest: str
    note: str

    height, top, base = HEIGHT, TOP, BASE


@dataclass(frozen=True, slots=True)
class Times:
    """What a result says of time: its bars; periods to choose at once, counted from today, and decades; and other periods.

    `broader` are those that hold the days it is limited to, `before` and `after` those of the same length beside them.
    """

    figure: Figure | None
    presets: tuple[Choice, ...]
    decades: tuple[Choice, ...]
    broader: tuple[Choice, ...]
    before: Choice | None
    after: Choice | None

    @classmethod
    def of(cls, archive: Archive, page: SearchPage) -> "Times":
        """Return the times of a result, for one more search of the archive, or for two where it is limited to days."""
        query = page.query
        held = archive.held(query)
        is_limited = query.published_from or query.published_to
        anytime = archive.held(with_days(query, None, None)) if is_limited else held
        chosen = partial(_choices, query, anytime, exact=not page.relaxed)
        before, after = _beside(query, anytime)
        return cls(
            figure_of(query, held),
            chosen(_counted_from(archive.today())),
            chosen(_decades(anytime)),
            broader_of(query),
            before,
            after,
        )


def figure_of(query: Query, held: Held) -> Figure | None:
    """Return the bars of what a query finds, each a link that narrows it; None where there is nothing to choose between."""
    found = histogram(held, query.published_from, query.published_to)
    if found is None:
        return None
    return Figure(
        title=f"{_title(found.step)}, {period_text(found.bars[0].first, found.bars[-1].last)}",
        heading=_heading(found.step),
        columns=tuple(_columns(query, found)),
        ticks=tuple(_ticks(found)),
        highest=number_text(found.highest),
        note=_("%(articles)s without a date", articles=articles_text(held.undated)) if held.undated else "",
    )


def broader_of(query: Query) -> tuple[Choice, ...]:
    """Return longer periods that hold the days of a query: all times, its year, its month; none where it is not limited."""
    first, last = query.published_from, query.published_to
    if first is None and last is None:
        return ()
    longer = [Choice(_("All times"), search_link(with_days(query, None, None)))]
    if first is None or last is None:
        return tuple(longer)
    year = first.replace(month=1, day=1), first.replace(month=12, day=31)
    month = first.replace(day=1), month_end(first)
    for label, period in ((str(first.year), year), (month_text(first), month)):
        if period[0] <= first and last <= period[1] and (first, last) != period:
            longer.append(Choice(label, search_link(with_days(query, *period))))
    return tuple(longer)


def _choices(query: Query, anytime: Held, periods: Iterable[Named], *, exact: bool) -> tuple[Choice, ...]:
    """Return periods that can be chosen, those without articles left out.

    `anytime` is what the query finds without its days. The counts are told where they are `exact`: those of the search that
    the period leads to.
    """
    choices = []
    for label, (first, last) in periods:
        selected = (query.published_from, query.published_to) == (first, last)
        articles = anytime.stretch(first, last).articles
        if articles or selected:
            link = search_link(with_days(query, None, None) if selected else with_days(query, first, last))
            choices.append(Choice(label, link, selected, articles if exact else None))
    return tuple(choices)


def _beside(query: Query, anytime: Held) -> tuple[Choice | None, Choice | None]:
    """Return the periods with articles before and after the day, month or year that a query is limited to."""
    if query.published_from is None or query.published_to is None:
        return None, None
    before, after = beside(anytime, query.published_from, query.published_to)
    return _choice(query, before), _choice(query, after)


def _choice(query: Query, period: Period | None) -> Choice | None:
    return None if period is None else Choice(period_text(*period), search_link(with_days(query, *period)))


def _title(step: Step) -> str:
    return {
        Step.DAY: _("Articles by day"),
        Step.MONTH: _("Articles by month"),
        Step.YEAR: _("Articles by year"),
        Step.DECADE: _("Articles by decade"),
        Step.CENTURY: _("Articles by century"),
    }[step]


def _heading(step: Step) -> str:
    return {Step.DAY: _("Day"), Step.MONTH: _("Month"), Step.YEAR: _("Year")}.get(step, _("Years"))


def _columns(query: Query, found: Histogram) -> Iterator[Column]:
    high = BASE - TOP
    for place, bar in enumerate(found.bars):
        share = bar.articles / max(found.highest, 1)
        yield Column(
            place=place,
            height=round(max(LOWEST, high * share)) if bar.articles else 0,
            label=period_text(bar.first, bar.last),
            articles=bar.articles,
            link=search_link(with_days(query, bar.first, bar.last)) if bar.articles else None,
        )


def _ticks(found: Histogram) -> Iterator[Tick]:
    labelled = _labels(found)
    for place, bar in enumerate(found.bars):
        label = labelled(bar)
        if label:
            x = round(100 * (place + 0.5) / len(found.bars), 3)
            yield Tick(x, label, "start" if x < EDGE else "end" if x > 100 - EDGE else "middle")


def _labels(found: Histogram) -> Callable[[Bar], str]:
    """Return what gives the label below a bar; empty for most, so that labels do not touch."""
    first, last = found.bars[0].first, found.bars[-1].first
    match found.step:
        case Step.DAY if (first.year, first.month) == (last.year, last.month):
            return lambda bar: str(bar.first.day) if bar.first.day in _LABELLED_DAYS else ""
        case Step.DAY:
            return lambda bar: _written(bar.first, "d MMM") if bar.first.day in (1, 15) else ""
        case Step.MONTH:
            months = _every(_month_number(first), _month_number(last), _MONTH_STEPS)
            pattern = "yyyy" if months % 12 == 0 else "MMM" if first.year == last.year else "MMM yyyy"
            return lambda bar: "" if _month_number(bar.first) % months else _written(bar.first, pattern)
    years = _every(first.year, last.year, _YEAR_STEPS)
    return lambda bar: "" if bar.first.year % years else str(bar.first.year)


def _every(first: int, last: int, steps: tuple[int, ...]) -> int:
    """Return the smallest step of which not too many multiples lie between two numbers."""
    return next((step for step in steps if last // step - (first - 1) // step <= MOST_LABELS), steps[-1])


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _written(day: date, pattern: str) -> str:
    return format_date(day, pattern, locale=language())


def _counted_from(today: date) -> Iterator[Named]:
    told = (
        (_("Last 7 days"), "last 7 days"),
        (_("Last 30 days"), "last 30 days"),
        (_("Last 12 months"), "last 12 months"),
        (_("This year"), "this year"),
        (_("Last year"), "last year"),
    )
    for label, typed in told:
        first, last = parse_period(typed, today)
        if first and last:
            yield label, (first, last)


def _decades(held: Held) -> Iterator[Named]:
    """Yield the decades of what is held, the newest first, where there are several."""
    if held.first is None or held.last is None:
        return
    decades = range(held.last.year // 10, held.first.year // 10 - 1, -1)
    for decade in decades[:DECADES] if len(decades) > 1 else ():
        if decade:
            period = date(decade * 10, 1, 1), date(decade * 10 + 9, 12, 31)
            yield _("%(year)ds", year=decade * 10), period
