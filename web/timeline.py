"""Articles over time as a figure: bars for one series, lines with markers for several, and the table of the same numbers.

What is worked out here is drawn by the macro `timeline_figure` in `_timeline.html` as SVG, without script or inline style.
Places along the time are percentages of the plot's width, heights are pixels, so that the figure is as wide as the page
and its letters keep their size.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from babel.dates import format_date
from babel.numbers import format_compact_decimal, format_decimal

from index.messages import gettext as _
from index.messages import language, ngettext
from search.timelines import Per, Series, counts_per, periods_between
from web.formatting import articles_text, month_text, number_text

Measure: TypeAlias = Literal["count", "share"]
MEASURES: tuple[Measure, ...] = ("count", "share")
PER_THOUSAND = 1_000  # a share is told in articles per so many that were published

HEIGHT, TOP, BOTTOM = 232, 16, 24  # pixels: of the figure, and above and below the plot
MARKED = (
    48  # points of a line that all have a marker, unless they are 0; of more, every second, third, ... and each peak
)
MOST_Y_TICKS = 4
COMPACT = 100_000  # numbers from here on are short on the axis: "1,2 jt"
BAR = 0.8  # of the width that a period has

_PLOT = HEIGHT - TOP - BOTTOM
_YEAR_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1_000)
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
_WIDE_TICKS = {"year": 12, "month": 8}  # most labels along the time
_NARROW_TICKS = {"year": 6, "month": 4}  # the same on a phone


@dataclass(frozen=True, slots=True)
class Tick:
    """A label at an axis, `place` in percent of the width or in pixels from the top; a phone leaves out those not `narrow`."""

    place: float
    label: str
    narrow: bool = True


@dataclass(frozen=True, slots=True)
class Point:
    """A bar or a marker: middle of its period in percent, height in pixels from the top, and the words that say its number.

    `link` is None where nothing is linked.
    """

    x: float
    y: float
    text: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One series as it is drawn; `number`, from 1, chooses colour, marker and dashes.

    `points` are those with a bar or a marker: none of them is 0. `path` goes through all, in a box 100 wide.
    """

    number: int
    label: str
    total: int
    points: tuple[Point, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Cell:
    """The numbers of one series in one period: articles, their share as text where it is known, and the link to them."""

    count: int
    share: str | None
    link: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One period of the table. `published` counts all articles of the period, `months` leads to its months; None: not known."""

    label: str
    cells: tuple[Cell, ...]
    published: int | None
    months: str | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """A figure of articles over time; without lines there is nothing to draw, and only `notes` says why."""

    name: str
    title: str
    description: str
    unit: str
    lines: tuple[Line, ...]
    rows: tuple[Row, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    bar_width: float
    notes: tuple[str, ...]
    has_shares: bool
    has_months: bool

    height, top, bottom, base = HEIGHT, TOP, BOTTOM, HEIGHT - BOTTOM

    @property
    def is_bars(self) -> bool:
        """Whether a single series is drawn as bars."""
        return len(self.lines) == 1


def timeline(
    series: Sequence[Series],
    *,
    per: Per,
    published: Mapping[str, int] | None = None,
    link: Callable[[int, str], str] | None = None,
    measure: Measure = "count",
    first: str | None = None,
    last: str | None = None,
    months_link: Callable[[str], str] | None = None,
    name: str = "timeline",
) -> Timeline:
    """Return the figure of these series.

    `published` counts all articles by month, for shares per thousand. `link` gives the address of the articles of the series
    with this number (from 0) in a period, "2023" or "2023-07"; `months_link` that of a page with the months of a year.
    `first` and `last` are months that the figure reaches to, whether or not there are articles; left out, it reaches
    from the first article to the last. `name` is the beginning of the ids in the page, one for each figure.
    """
    periods = _periods(series, per, first, last)
    counts = [counts_per(one.counts, per) for one in series]
    totals = None if published is None else counts_per(published, per)
    shown: Measure = "count" if totals is None else measure
    rows = [_row(period, counts, totals, link, months_link if per == "year" else None) for period in periods]
    values = [_values(one, periods, totals if shown == "share" else None) for one in counts]
    steps = _y_steps(max((value for several in values for value in several), default=0), whole=shown == "count")
    drawn = series if periods else ()
    return Timeline(
        name=name,
        title=_title(series, per, periods),
        description=" ".join(map(_described, series, counts)),
        unit=_("articles") if shown == "count" else _("per thousand articles published"),
        lines=tuple(_line(number, one, rows, values[number], steps[-1], shown) for number, one in enumerate(drawn)),
        rows=tuple(rows),
        x_ticks=_x_ticks(periods, per),
        y_ticks=tuple(Tick(_height(step, steps[-1]), _axis_number(step)) for step in steps),
        bar_width=round(100 * BAR / max(len(periods), 1), 3),
        notes=tuple(_notes(series, periods)),
        has_shares=totals is not None,
        has_months=months_link is not None and per == "year",
    )


def period_label(period: str) -> str:
    """Return a year as it is, a month in words: "Juli 2023"."""
    return str(int(period)) if len(period) == 4 else month_text(date.fromisoformat(f"{period}-01"))


def share_of(count: int, published: int) -> float:
    """Return how many of a thousand published articles these are; 0 where none was published."""
    return PER_THOUSAND * count / published if published else 0.0


def share_text(count: int, published: int) -> str:
    """Return the share per thousand, "12,5"; a dash where no article was published."""
    return _share_text(share_of(count, published)) if published else "–"


def _share_text(share: float) -> str:
    return format_decimal(share, format="#,##0.0", locale=language())


def _periods(series: Sequence[Series], per: Per, first: str | None, last: str | None) -> list[str]:
    months = [month for one in series for month in one.counts]
    months += [month for month in (first, last) if month is not None]
    return list(periods_between(first or min(months), last or max(months), per)) if months else []


def _row(
    period: str,
    counts: Sequence[Mapping[str, int]],
    totals: Mapping[str, int] | None,
    link: Callable[[int, str], str] | None,
    months_link: Callable[[str], str] | None,
) -> Row:
    published = None if totals is None else totals.get(period, 0)
    cells = []
    for number, one in enumerate(counts):
        count = one.get(period, 0)
        share = None if published is None else share_text(count, published)
        cells.append(Cell(count, share, link(number, period) if count and link else None))
    months = months_link(period) if months_link and any(cell.count for cell in cells) else None
    return Row(period_label(period), tuple(cells), published, months)


def _values(counts: Mapping[str, int], periods: Sequence[str], totals: Mapping[str, int] | None) -> list[float]:
    """Return what is drawn: counts, or where there are totals shares of these."""
    if totals is None:
        return [counts.get(period, 0) for period in periods]
    return [share_of(counts.get(period, 0), totals.get(period, 0)) for period in periods]


def _line(
    number: int, series: Series, rows: Sequence[Row], values: Sequence[float], top: float, measure: Measure
) -> Line:
    width = 100 / len(rows)
    places = [(round((place + 0.5) * width, 3), _height(value, top)) for place, value in enumerate(values)]
    points = tuple(
        Point(*places[place], _point_text(rows[place], number, measure), rows[place].cells[number].link)
        for place, value in enumerate(values)
        if value > 0 and _is_marked(values, place, number)
    )
    return Line(number + 1, series.label, series.total, points, " ".join(f"{x:g},{y:g}" for x, y in places))


def _is_marked(values: Sequence[float], place: int, number: int) -> bool:
    """Say whether a point of a line has a marker: of many points some, others in each line, and each that stands out."""
    every = -(-len(values) // MARKED)
    return place % every == number % every or _is_peak(values, place)


def _is_peak(values: Sequence[float], place: int) -> bool:
    """Say whether no neighbour is as high; such a point stands out and has its marker however many points there are."""
    return all(
        values[place] > neighbour for neighbour in (*values[max(place - 1, 0) : place], *values[place + 1 : place + 2])
    )


def _height(value: float, top: float) -> float:
    """Return the place of a value in pixels from the top of the figure."""
    return round(TOP + _PLOT * (1 - value / top), 1)


def _point_text(row: Row, number: int, measure: Measure) -> str:
    cell = row.cells[number]
    said = articles_text(cell.count)
    if measure == "share":
        said = _("%(articles)s, %(share)s per thousand", articles=said, share=cell.share)
    return f"{row.label}: {said}"


def _y_steps(highest: float, *, whole: bool) -> list[float]:
    """Return the values at the axis, from 0 to one not below the highest, in steps of 1, 2 or 5 and their tens."""
    if highest <= 0:
        return [0, 1]
    rough = highest / MOST_Y_TICKS
    ten = 10 ** math.floor(math.log10(rough))
    step = next(size * ten for size in (1, 2, 5, 10) if size * ten >= rough * (1 - 1e-9))
    if whole:
        step = max(1, round(step))
    return [round(step * place, 6) for place in range(math.ceil(highest / step - 1e-9) + 1)]


def _axis_number(number: float) -> str:
    if number >= COMPACT:
        return format_compact_decimal(number, locale=language(), fraction_digits=1)
    return format_decimal(number, locale=language())


def _x_ticks(periods: Sequence[str], per: Per) -> tuple[Tick, ...]:
    numbers = [_calendar_number(period) for period in periods]
    if not numbers:
        return ()
    steps = _YEAR_STEPS if per == "year" else _MONTH_STEPS
    wide, narrow = (
        next(step for step in steps if numbers[-1] // step - numbers[0] // step < most or step == steps[-1])
        for most in (_WIDE_TICKS[per], _NARROW_TICKS[per])
    )
    if narrow % wide:
        wide = narrow
    width = 100 / len(periods)
    at = [place for place, number in enumerate(numbers) if number % wide == 0] or [0]
    return tuple(
        Tick(
            round((place + 0.5) * width, 3),
            _axis_period(periods[place], short=wide >= 12),
            narrow=numbers[place] % narrow == 0 or len(at) == 1,
        )
        for place in at
    )


def _calendar_number(period: str) -> int:
    return int(period) if len(period) == 4 else int(period[:4]) * 12 + int(period[5:7]) - 1


def _axis_period(period: str, *, short: bool) -> str:
    if len(period) == 4 or short:
        return str(int(period[:4]))
    return format_date(date.fromisoformat(f"{period}-01"), "MMM yyyy", locale=language())


def _title(series: Sequence[Series], per: Per, periods: Sequence[str]) -> str:
    labels = ", ".join(one.label for one in series if one.label)
    span = "–".join(dict.fromkeys(map(period_label, (*periods[:1], *periods[-1:]))))
    said = _("Articles by year") if per == "year" else _("Articles by month")
    return ", ".join(part for part in (f"{said}: {labels}" if labels else said, span) if part)


def _described(series: Series, counts: Mapping[str, int]) -> str:
    """Return a series in a sentence, for those who do not see the figure."""
    dated = sum(counts.values())
    label = f"{series.label}: " if series.label else ""
    if not dated:
        return label + _("no article with a date.")
    most = max(sorted(counts), key=lambda period: counts[period])
    return label + _(
        "%(articles)s, most in %(period)s: %(most)s.",
        articles=articles_text(dated),
        period=period_label(most),
        most=number_text(counts[most]),
    )


def _notes(series: Sequence[Series], periods: Sequence[str]) -> Iterator[str]:
    """Yield what is not in the figure."""
    for one in series:
        if one.undated:
            text = ngettext(
                "%(count)s article without a date is not in the figure.",
                "%(count)s articles without a date are not in the figure.",
                one.undated,
                count=number_text(one.undated),
            )
            yield f"{one.label}: {text}" if len(series) > 1 else text
    if not periods:
        yield _("There is no article with a date.")
