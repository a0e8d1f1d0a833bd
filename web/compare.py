"""Comparing queries, persons and topics over time: as a page, as JSON, and as a table."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from index.analysis import fold_value
from index.article import JSON
from index.messages import gettext as _
from index.sheets import guarded
from search.archive import LEAST_OFFERED, Archive
from search.lexer import FIELD_NAMES
from search.query import FilterField, Query, QueryError
from search.results import Entry
from search.timelines import PERS, Per, Series, counts_per, periods_between, series_of
from search.tree import Field, Or
from web.api import archive_in_use, json_response
from web.arguments import TEXT
from web.formatting import month_end
from web.pages import SearchForm
from web.site import render
from web.timeline import MEASURES, Timeline, share_of, timeline
from web.urls import (
    COMPARE_CSV,
    COMPARE_JSON,
    MOST_COMPARED,
    SEARCH_JSON,
    CompareAsked,
    compare_from_args,
    compare_link,
    search_link,
    with_days,
    with_values,
)
from web.wording import limit_text

FILE_NAME = "telisik-compare.csv"
MONTHS_AT_ONCE = 36  # spans up to here are shown by month unless an address says otherwise
MOST_MONTHS = 600  # longer spans are always shown by year
SHARE_DIGITS = 3

NOTHING = Or(())  # as what a text without a word is read
_KINDS = {name: FilterField(field.value) for field in (Field.PERSON, Field.TOPIC) for name in FIELD_NAMES[field]}
_OPERATOR = re.compile(r'["=*~:]|(?:^|\s)-')  # what makes more of a text than a name
_PREFIXED = re.compile(rf'({"|".join(_KINDS)}):(?:"([^"]+)"|([^\s"]+))', re.IGNORECASE)

compare = Blueprint("compare", __name__)


@dataclass(frozen=True, slots=True)
class Compared:
    """One of the things compared: what was typed, the query that it was understood as, and its articles by month.

    `entry` is the person or topic that it names, None for any other query.
    """

    typed: str
    query: Query
    series: Series
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared over which periods; `published` counts all articles of these days by month.

    `wordless` are the texts without a word that can be searched: there is nothing to count of them.
    """

    asked: CompareAsked
    compared: tuple[Compared, ...]
    wordless: tuple[str, ...]
    published: Mapping[str, int]
    periods: tuple[str, ...]
    per: Per

    @property
    def is_shown_by_year_instead(self) -> bool:
        """Whether months were asked for and are too many."""
        return self.asked.per == "month" and self.per == "year"

    def link_of_period(self, number: int, period: str) -> str:
        """Return the address of the articles of one period that the thing with this number (from 0) has."""
        return search_link(within(self.compared[number].query, period))

    def link(self, endpoint: str) -> str:
        """Return the address of this comparison in another form."""
        return compare_link(
            self.asked.texts, days=self.asked.days, per=self.asked.per, measure=self.asked.measure, endpoint=endpoint
        )


def within(query: Query, period: str) -> Query:
    """Return the query limited to those of its days that lie in a year, "2023", or a month, "2023-07"."""
    first = date.fromisoformat(f"{period}-01-01" if len(period) == len("2023") else f"{period}-01")
    last = month_end(first.replace(month=12) if len(period) == len("2023") else first)
    return with_days(query, max(first, query.published_from or first), min(last, query.published_to or last))


@compare.get("/compare")
def compare_page() -> str | Response:
    """Show up to five queries, persons or topics over time, and the form to choose them with.

    What cannot be compared is told above the form, which keeps what was typed.
    """
    try:
        comparison = comparison_of(archive_in_use(), compare_from_args(request.args))
    except QueryError as error:
        typed = dict.fromkeys(filter(None, map(str.strip, request.args.getlist(TEXT))))
        return Response(_page(comparison_of(archive_in_use(), _without_wrong(request.args)), tuple(typed), error), 400)
    typed_first = (*(one.typed for one in comparison.compared), *comparison.wordless)
    return _page(comparison, typed_first)


def _without_wrong(args: MultiDict[str, str]) -> CompareAsked:
    """Return what is left of a comparison's address without what was typed to compare, and without what is wrong."""
    kept = MultiDict(args)
    kept.poplist(TEXT)
    while True:
        try:
            return compare_from_args(kept)
        except QueryError as error:
            kept.poplist(error.parameter)


def _page(comparison: Comparison, typed: Sequence[str], problem: QueryError | None = None) -> str:
    asked = comparison.asked
    return render(
        "compare.html",
        comparison=comparison,
        problem=problem,
        figure=figure_of(comparison),
        inputs=(*typed, *[""] * (MOST_COMPARED - len(typed))),
        pers=[("", _("automatic"), asked.per is None)]
        + [(per, {"year": _("year"), "month": _("month")}[per], per == asked.per) for per in PERS],
        measures=[
            (measure, {"count": _("number"), "share": _("per thousand articles")}[measure], measure == asked.measure)
            for measure in MEASURES
        ],
        wordless=wordless_text(comparison.wordless) if comparison.wordless else "",
        links=[search_link(one.query) for one in comparison.compared],
        json_link=comparison.link(COMPARE_JSON),
        csv_link=comparison.link(COMPARE_CSV),
        form=SearchForm(""),
    )


@compare.get("/compare.json")
def compare_json() -> Response:
    """Answer a comparison as JSON; counts and shares stand in the order of its periods."""
    comparison = _whole_comparison()
    totals = counts_per(comparison.published, comparison.per)
    days = comparison.asked.days
    return json_response(
        {
            "per": comparison.per,
            "from": None if days.published_from is None else days.published_from.isoformat(),
            "to": None if days.published_to is None else days.published_to.isoformat(),
            "periods": list(comparison.periods),
            "articles": [totals.get(period, 0) for period in comparison.periods],
            "series": [_series_record(one, comparison, totals) for one in comparison.compared],
        }
    )


@compare.get("/compare.csv")
def compare_csv() -> Response:
    """Answer a comparison as a table, a row a period: all articles, then those of each thing and their share per thousand."""
    comparison = _whole_comparison()
    response = Response(csv_text(comparison), content_type="text/csv; charset=utf-8; header=present")
    response.headers.set("Content-Disposition", "attachment", filename=FILE_NAME)
    return response


def _whole_comparison() -> Comparison:
    """Return the comparison that the address asks for; raise QueryError where it is not one of all that it names."""
    comparison = comparison_of(archive_in_use(), compare_from_args(request.args))
    if comparison.wordless:
        raise QueryError(TEXT, "no_words", wordless_text(comparison.wordless))
    return comparison


def wordless_text(texts: Sequence[str]) -> str:
    """Return what is said of texts that there is nothing to count of."""
    return _("no word that can be searched: %(texts)s", texts=", ".join(texts))


def comparison_of(archive: Archive, asked: CompareAsked) -> Comparison:
    """Return the comparison that is asked for: one search for each thing, and one for all articles."""
    published = series_of(archive, asked.days).counts
    months = list(periods_between(min(published), max(published), "month")) if published else []
    per = asked.per or ("month" if len(months) <= MONTHS_AT_ONCE else "year")
    if len(months) > MOST_MONTHS:
        per = "year"
    periods = periods_between(months[0], months[-1], per) if months else ()
    wordless = tuple(text for text in asked.texts if archive.read(Query(text).text) == NOTHING)
    compared = tuple(_compared(archive, text, asked.days) for text in asked.texts if text not in wordless)
    return Comparison(asked, compared, wordless, published, tuple(periods), per)


def figure_of(comparison: Comparison) -> Timeline | None:
    """Return the figure of a comparison, None where nothing is compared."""
    if not comparison.compared:
        return None
    months = comparison.published
    return timeline(
        [one.series for one in comparison.compared],
        per=comparison.per,
        published=months,
        link=comparison.link_of_period,
        measure=comparison.asked.measure,
        first=min(months, default=None),
        last=max(months, default=None),
    )


def csv_text(comparison: Comparison) -> str:
    """Return the table of a comparison with a header row, English as that of all tables; no cell begins like a formula."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    header = ["period", "all articles"]
    for one in comparison.compared:
        header += [one.typed, f"{one.typed}, per thousand"]
    writer.writerow(map(guarded, header))
    totals = counts_per(comparison.published, comparison.per)
    counts = [counts_per(one.series.counts, comparison.per) for one in comparison.compared]
    for period in comparison.periods:
        numbers: list[int | float | None] = []
        for several in counts:
            numbers += [several.get(period, 0), _share(several.get(period, 0), totals.get(period, 0))]
        writer.writerow([period, totals.get(period, 0), *numbers])
    return lines.getvalue()


def named_entry(archive: Archive, text: str) -> Entry | None:
    """Return the person or topic that a whole text names: by its name, or by slug or name after "tokoh:" or "topik:".

    A person without a record must have several articles, so that a word which is once taken for a name stays a word.
    """
    field, name = entry_name(text)
    if field is not None:
        return archive.entry(field, name)
    if _OPERATOR.search(text):
        return None
    person = archive.entry(FilterField.PERSON, text)
    if person is not None and (person.recorded or person.articles >= LEAST_OFFERED):
        return person
    topic = archive.entry(FilterField.TOPIC, text)
    return topic if topic is not None and fold_value(text) in (topic.slug, fold_value(topic.label)) else None


def entry_name(text: str) -> tuple[FilterField | None, str]:
    """Return which kind of entry a text says that it names, and the name.

    >>> entry_name('tokoh:"Ratna Dewi"'), entry_name("tokoh:ratna dewi")
    ((<FilterField.PERSON: 'person'>, 'Ratna Dewi'), (None, 'tokoh:ratna dewi'))
    """
    match = _PREFIXED.fullmatch(text)
    if match is None:
        return None, text
    kind, quoted, word = match.groups()
    return _KINDS[kind.casefold()], quoted or word


def _compared(archive: Archive, text: str, days: Query) -> Compared:
    entry = named_entry(archive, text)
    if entry is None:
        query = replace(days, text=text)
        return Compared(text, query, series_of(archive, query, text))
    query = with_values(days, entry.field, (entry.slug,))
    return Compared(text, query, series_of(archive, query, limit_text(entry.field, entry.label)), entry)


def _series_record(one: Compared, comparison: Comparison, totals: Mapping[str, int]) -> JSON:
    counts = counts_per(one.series.counts, comparison.per)
    return {
        "q": one.typed,
        "label": one.series.label,
        "kind": one.entry.field.value if one.entry else "query",
        "value": one.entry.slug if one.entry else None,
        "total": one.series.total,
        "undated": one.series.undated,
        "counts": [counts.get(period, 0) for period in comparison.periods],
        "per_thousand": [_share(counts.get(period, 0), totals.get(period, 0)) for period in comparison.periods],
        "link": search_link(one.query, SEARCH_JSON, absolute=True),
    }


def _share(count: int, published: int) -> float | None:
    """Return articles per thousand published ones, None where none was published."""
    return round(share_of(count, published), SHARE_DIGITS) if published else None
