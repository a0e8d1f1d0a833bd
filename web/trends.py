"""What is written about more than usual: as a page, as JSON, and as a table."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from index.article import JSON
from index.messages import gettext as _
from index.messages import ngettext
from search.query import FilterField, Query
from search.trends import LEAST_ARTICLES, RECENT_DAYS, Trend, Trends
from web.api import archive_in_use, csv_response, json_response, table_text
from web.arguments import LAST
from web.days import day_from
from web.formatting import decimal_text, number_text, period_text
from web.navigation import Choice
from web.pages import SearchForm
from web.site import render, url_for
from web.urls import SEARCH_JSON, compare_link, entry_link, search_link, with_values
from web.wording import entries_label, field_label

TRENDS_PAGE, TRENDS_JSON, TRENDS_CSV = "trends.trends_page", "trends.trends_json", "trends.trends_csv"
CSV_COLUMNS = ("field", "value", "label", "articles", "usual", "times")
FILE_NAME = "telisik-trends.csv"
DIGITS = 2
MOST_TRIED = 24  # times that are looked through for one in which something rises; each counts all names of its articles

trends = Blueprint("trends", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is written about more than usual: its numbers in words, and where they lead."""

    label: str
    page: str
    articles: str
    stories: str
    usual: str
    times: str
    compare: str


def trends_link(last: date | None = None, endpoint: str = TRENDS_PAGE) -> str:
    """Return the address of what was written about more than usual up to a day, else up to the newest article."""
    return f"{url_for(endpoint)}?{urlencode({LAST: last.isoformat()})}" if last else url_for(endpoint)


@trends.get("/trends")
def trends_page() -> str:
    """Show persons, topics and sections that are in more articles than usual, and lead to those and to their course over time."""
    last, found = _asked(request.args)
    return render(
        "trends.html",
        trends=found,
        recent=period_text(*found.recent),
        before=period_text(*found.before),
        groups=[
            (field, _group_label(field), [_row(trend, found) for trend in several])
            for field, several in found.by_field.items()
            if several
        ],
        stories=search_link(_within(found)),
        reason="" if any(found.by_field.values()) else _reason(found),
        risen=None if any(found.by_field.values()) else _newest_risen(found),
        previous=_beside(found, -1),
        following=_beside(found, 1),
        last=found.recent[1],
        is_newest=last is None,
        newest_link=trends_link(),
        csv_link=trends_link(last, TRENDS_CSV),
        json_link=trends_link(last, TRENDS_JSON),
        form=SearchForm(""),
    )


@trends.get("/trends.json")
def trends_json() -> Response:
    """Answer the same as JSON; `usual` is how many as many articles of the year before would have had, `times` null for none."""
    _last, found = _asked(request.args)
    return json_response(
        {
            "from": found.recent[0].isoformat(),
            "to": found.recent[1].isoformat(),
            "articles": found.recent_articles,
            "before": {
                "from": found.before[0].isoformat(),
                "to": found.before[1].isoformat(),
                "articles": found.articles_before,
            },
            **{field.value: [_record(trend, found) for trend in several] for field, several in found.by_field.items()},
        }
    )


@trends.get("/trends.csv")
def trends_csv() -> Response:
    """Answer the same as a table, a row for each person, topic or section."""
    _last, found = _asked(request.args)
    rows = (_cells(trend) for several in found.by_field.values() for trend in several)
    return csv_response(table_text(CSV_COLUMNS, rows), FILE_NAME)


def _asked(args: MultiDict[str, str]) -> tuple[date | None, Trends]:
    """Return the last day that is asked for, None for the newest, and the trends up to it; raise QueryError for no date."""
    typed = args.get(LAST, "").strip()
    last = day_from(typed, last=True, parameter=LAST) if typed else None
    return last, archive_in_use().trends(last)


def _cells(trend: Trend) -> tuple[str | int | float, ...]:
    times = "" if trend.times is None else round(trend.times, DIGITS)
    return trend.field.value, trend.value, trend.label, trend.articles, round(trend.usual, DIGITS), times


def _within(found: Trends, trend: Trend | None = None) -> Query:
    """Return the query for the recent articles, or for those of them that have this."""
    query = Query(published_from=found.recent[0], published_to=found.recent[1])
    return query if trend is None else with_values(query, trend.field, (trend.value,))


def _row(trend: Trend, found: Trends) -> Row:
    times = trend.times
    return Row(
        label=trend.label,
        page=search_link(with_values(Query(), trend.field, (trend.value,)))
        if trend.field is FilterField.SECTION
        else entry_link(trend.field, trend.value),
        articles=number_text(trend.articles),
        stories=search_link(_within(found, trend)),
        usual=decimal_text(trend.usual) if times else "0",
        times=_("new") if times is None else f"{decimal_text(times)}×",
        compare=_compare_link(trend, found),
    )


def _compare_link(trend: Trend, found: Trends) -> str:
    """Return the address of the course over both times, month by month."""
    days = Query(published_from=found.before[0], published_to=found.recent[1])
    if trend.field is FilterField.SECTION:
        words = trend.value.replace('"', " ")
        return compare_link([f'rubrik:"{words}"'], days=days, per="month")
    prefix = {FilterField.PERSON: "tokoh", FilterField.TOPIC: "topik"}[trend.field]
    return compare_link([f"{prefix}:{trend.value}"], days=days, per="month")


def _record(trend: Trend, found: Trends) -> JSON:
    return {
        "value": trend.value,
        "label": trend.label,
        "articles": trend.articles,
        "usual": round(trend.usual, DIGITS),
        "times": None if trend.times is None else round(trend.times, DIGITS),
        "link": search_link(_within(found, trend), SEARCH_JSON, absolute=True),
    }


def _group_label(field: FilterField) -> str:
    return field_label(field.value) if field is FilterField.SECTION else entries_label(field)


def _reason(found: Trends) -> str:
    """Return why nothing rises."""
    if found.recent_articles < LEAST_ARTICLES:
        return ngettext(
            "These thirty days have %(articles)s article; what rises is in at least %(least)s.",
            "These thirty days have %(articles)s articles; what rises is in at least %(least)s.",
            found.recent_articles,
            articles=number_text(found.recent_articles),
            least=number_text(LEAST_ARTICLES),
        )
    if not found.is_comparable:
        return _("The archive has too few articles of the year before to compare these days with.")
    return _("Nothing is written about clearly more than usual.")


def _newest_risen(found: Trends) -> Choice | None:
    """Return a link to the newest thirty days in which something rises, None where the newest `MOST_TRIED` have nothing."""
    archive = archive_in_use()
    held = archive.coverage().whole
    if held.first is None or held.last is None:
        return None
    last, tried = min(held.last, archive.today()), 0
    while last > held.first and tried < MOST_TRIED:
        first = last - timedelta(days=RECENT_DAYS - 1)
        if held.stretch(first, last).articles >= LEAST_ARTICLES and last != found.recent[1]:
            tried += 1
            if any(archive.trends(last).by_field.values()):
                return Choice(period_text(first, last), trends_link(last))
        last = first - timedelta(days=1)
    return None


def _beside(found: Trends, step: int) -> Choice | None:
    """Return a link to the trends of the days before (-1) or after (1), None where the archive has no articles that far."""
    held = archive_in_use().coverage().whole
    if held.first is None or held.last is None:
        return None
    newest = min(held.last, archive_in_use().today())
    if found.recent[0] <= held.first if step < 0 else found.recent[1] >= newest:
        return None
    first, last = (day + step * timedelta(days=RECENT_DAYS) for day in found.recent)
    return None if last < held.first or first > newest else Choice(period_text(first, last), trends_link(last))
