"""The pages of persons and topics, one for each with its stories over time; as JSON and CSV, too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from index.article import JSON, Article
from index.dates import day_of, iso
from index.messages import gettext as _
from search.archive import Archive
from search.profiles import Profile
from search.query import MAX_TEXT, FilterField, Query, Sort
from search.results import Entry, FacetValue, SearchPage
from search.timelines import Series, periods_between
from web.api import archive_in_use, csv_response, csv_text, json_response
from web.compare import MONTHS_AT_ONCE, within
from web.directories import entry_record
from web.formatting import day_text
from web.forms import entry_forms
from web.navigation import Choice
from web.pages import SearchForm
from web.site import render
from web.timeline import Timeline, timeline
from web.urls import (
    ENTRY_ATOM,
    ENTRY_CSV,
    ENTRY_JSON,
    ENTRY_PAGE,
    ENTRY_RSS,
    PATHS,
    SEARCH_JSON,
    SEARCH_PAGE,
    compare_link,
    entry_link,
    entry_query,
    permalink,
    search_link,
    with_values,
    year_from_args,
)

SPELLINGS_SHOWN = 12
NEWEST = 50  # stories in the feeds and the table of a person or a topic

entries = Blueprint("entries", __name__)


@dataclass(frozen=True, slots=True)
class Together:
    """What goes with an entry: how often, its own page, and the search for the stories of both."""

    label: str
    count: int
    both: str
    page: str | None = None


@entries.get("/<entry_field:field>/<name>")
def entry_page(field: FilterField, name: str) -> str | AnyResponse:
    """Show a person or a topic; a name or an alias leads to its address."""
    archive = archive_in_use()
    profile = archive.profile(field, name)
    if profile is None:
        return unknown_page(archive, field, name)
    entry = profile.entry
    if entry.slug != name:
        return moved(entry_link(field, entry.slug))
    year = year_from_args(request.args)
    stories = stories_of(entry)
    return render(
        "entry.html",
        profile=profile,
        entry=entry,
        spellings=_spellings(profile),
        wikidata=_wikidata_link(profile),
        stories=search_link(stories),
        kept_as=stories,
        query_link=search_link(Query(text=profile.topic.query)) if profile.topic else None,
        first=_dated_story(archive, profile.first),
        last=_dated_story(archive, profile.last),
        figure=figure_of(profile, year),
        years=_years(profile, year),
        year=year,
        whole_link=entry_link(field, entry.slug),
        people=_together(profile, FilterField.PERSON, profile.people),
        topics=_together(profile, FilterField.TOPIC, profile.topics),
        sections=_together(profile, FilterField.SECTION, profile.sections),
        newest_link=search_link(replace(stories, sort=Sort.NEWEST)),
        relevant_link=search_link(relevance_query(profile)),
        compare_link=compare_link([entry_query(field, entry.slug)]),
        forms=entry_forms(field, entry.slug),
        permalink=entry_link(field, entry.slug, absolute=True),
        form=SearchForm(""),
    )


@entries.get("/<entry_field:field>/<name>.json")
def entry_json(field: FilterField, name: str) -> AnyResponse:
    """Answer a person or a topic as JSON: all that its page tells."""
    archive = archive_in_use()
    profile = archive.profile(field, name)
    if profile is None:
        return unknown_record(archive, field, name)
    if profile.entry.slug != name:
        return moved(entry_link(field, profile.entry.slug, ENTRY_JSON))
    return json_response(profile_record(profile))


@entries.get("/<entry_field:field>/<name>.csv")
def entry_csv(field: FilterField, name: str) -> AnyResponse:
    """Answer the newest stories of a person or a topic as a table; how many there are is in the header X-Total-Count."""
    archive = archive_in_use()
    entry = entry_asked(archive, field, name, ENTRY_CSV)
    if isinstance(entry, AnyResponse):
        return entry
    page = newest_stories(archive, entry)
    return csv_response(csv_text(page), f"telisik-{entry.slug}.csv", page.total)


def entry_asked(archive: Archive, field: FilterField, name: str, endpoint: str) -> Entry | AnyResponse:
    """Return the entry at an address for programs, or what leads to its own address, or that there is none."""
    entry = archive.entry(field, name)
    if entry is None:
        return unknown_record(archive, field, name)
    return entry if entry.slug == name else moved(entry_link(field, entry.slug, endpoint))


def newest_stories(archive: Archive, entry: Entry) -> SearchPage:
    """Return the newest stories of an entry, the same in all forms for programs."""
    return archive.search(replace(stories_of(entry), sort=Sort.NEWEST, size=NEWEST))


def moved(address: str) -> AnyResponse:
    """Lead from a name to the address of its entry; browsers ask again, for the archivist may give the name to another one."""
    response = redirect(address, 301)
    response.cache_control.no_cache = True
    return response


def stories_of(entry: Entry) -> Query:
    """Return the query for all stories of an entry, newest first."""
    return with_values(Query(), entry.field, (entry.slug,))


def relevance_query(profile: Profile) -> Query:
    """Return the query for the stories of an entry, those of a person ranked by the names.

    A topic has more stories than its query finds: those of its sections, too. So all of them are in their own order.
    """
    entry = profile.entry
    if entry.field is not FilterField.PERSON:
        return stories_of(entry)
    names = dict.fromkeys((entry.label, *profile.aliases))
    text = " ATAU ".join(f'"{_unquoted(name)}"' for name in names)
    return replace(stories_of(entry), text=text[:MAX_TEXT], sort=Sort.RELEVANCE)


def figure_of(profile: Profile, year: str | None) -> Timeline:
    """Return the stories of an entry over time: by month where there are few months or a year is chosen, else by year."""
    entry = profile.entry
    months = {m: n for m, n in profile.months.items() if m.startswith(year)} if year else profile.months
    is_long = not year and _is_long(profile)
    return timeline(
        [Series(entry.label, months, 0 if year else profile.undated)],
        per="year" if is_long else "month",
        link=lambda _number, period: search_link(within(stories_of(entry), period)),
        months_link=(lambda told: entry_link(entry.field, entry.slug, year=told)) if is_long else None,
        first=f"{year}-01" if year else None,
        last=f"{year}-12" if year else None,
    )


def unknown_page(archive: Archive, field: FilterField, name: str) -> Response:
    """Answer that nobody is called so, with the names that are nearest."""
    nearest = archive.directory(field).nearest(name.replace("-", " "))
    page = render(
        "entry_unknown.html",
        field=field,
        name=name,
        nearest=nearest,
        words_link=search_link(Query(text=name.replace("-", " ")[:MAX_TEXT])),
        form=SearchForm(""),
    )
    return Response(page, 404)


def unknown_record(archive: Archive, field: FilterField, name: str) -> Response:
    """Answer the same to a program."""
    message = _("There is no person of this name.") if field is FilterField.PERSON else _("There is no such topic.")
    nearest = archive.directory(field).nearest(name.replace("-", " "))
    error = {"code": "not_found", "message": message, "parameter": None}
    return json_response({"error": error, "nearest": [entry_record(entry) for entry in nearest]}, 404)


def profile_record(profile: Profile) -> dict[str, JSON]:
    """Return the JSON form of all that the page of an entry tells."""
    entry, person, topic = profile.entry, profile.person, profile.topic
    own: dict[str, JSON] = (
        {
            "aliases": list(profile.aliases),
            "spellings": [{"name": name, "articles": count} for name, count in profile.spellings],
            "role": person.role if person else None,
            "wikidata": person.wikidata if person else None,
            "note": person.note if person else None,
        }
        if entry.field is FilterField.PERSON
        else {
            "code": topic.code if topic else None,
            "query": topic.query if topic else None,
            "sections_of_topic": list(topic.sections) if topic else [],
        }
    )
    return {
        "kind": entry.field.value,
        **entry_record(entry),
        **own,
        "first": _story_record(profile.first),
        "last": _story_record(profile.last),
        "months": dict(sorted(profile.months.items())),
        "undated": profile.undated,
        "people": _together_records(profile, FilterField.PERSON, profile.people),
        "topics": _together_records(profile, FilterField.TOPIC, profile.topics),
        "sections": _together_records(profile, FilterField.SECTION, profile.sections),
        "newest": [_story_record(article) for article in profile.newest],
        "relevant": [_story_record(article) for article in profile.relevant],
        "links": {
            "stories": search_link(stories_of(entry), SEARCH_JSON, absolute=True),
            "search": search_link(stories_of(entry), SEARCH_PAGE, absolute=True),
            "csv": entry_link(entry.field, entry.slug, ENTRY_CSV, absolute=True),
            "atom": entry_link(entry.field, entry.slug, ENTRY_ATOM, absolute=True),
            "rss": entry_link(entry.field, entry.slug, ENTRY_RSS, absolute=True),
        },
    }


def _is_long(profile: Profile) -> bool:
    months = profile.months
    return bool(months) and len(list(periods_between(min(months), max(months), "month"))) > MONTHS_AT_ONCE


def _years(profile: Profile, chosen: str | None) -> list[Choice]:
    """Return links to the months of each year that has stories, newest first; none where all months are shown anyway."""
    if not _is_long(profile):
        return []
    entry = profile.entry
    years = sorted({month[:4] for month in profile.months}, reverse=True)
    return [
        Choice(str(int(year)), entry_link(entry.field, entry.slug, year=year), selected=year == chosen)
        for year in years
    ]


def _both(profile: Profile, field: FilterField, value: FacetValue) -> Query:
    """Return the query for the stories that an entry has together with something else."""
    stories = stories_of(profile.entry)
    if field is not profile.entry.field:
        return with_values(stories, field, (value.value,))
    return replace(stories, text=entry_query(field, value.value))  # two limits of one field are "any of"


def _together(profile: Profile, field: FilterField, values: Sequence[FacetValue]) -> list[Together]:
    is_entry = field in PATHS
    return [
        Together(
            value.label,
            value.count,
            search_link(_both(profile, field, value)),
            entry_link(field, value.value) if is_entry else None,
        )
        for value in values
    ]


def _together_records(profile: Profile, field: FilterField, values: Sequence[FacetValue]) -> list[Mapping[str, JSON]]:
    is_entry = field in PATHS
    return [
        {
            "value": value.value,
            "label": value.label,
            "articles": value.count,
            "link": entry_link(field, value.value, ENTRY_PAGE, absolute=True) if is_entry else None,
            "together": search_link(_both(profile, field, value), absolute=True),
        }
        for value in values
    ]


def _story_record(article: Article | None) -> Mapping[str, JSON] | None:
    if article is None:
        return None
    return {
        "id": article.id,
        "title": article.title,
        "date": None if article.date is None else iso(article.date),
        "source": article.source,
        "section": article.section,
        "status": article.status.value,
        "link": permalink(article.id),
    }


def _dated_story(archive: Archive, article: Article | None) -> tuple[str, Article] | None:
    """Return the day of a story in words, and the story."""
    if article is None or article.date is None:
        return None
    return day_text(_day(article.date, archive)), article


def _day(moment: date | datetime, archive: Archive) -> date:
    return day_of(moment, archive.settings.zone)


def _spellings(profile: Profile) -> list[tuple[str, int]]:
    """Return the names that articles have for a person, unless the preferred one is all there is."""
    met = [(name, count) for name, count in profile.spellings if name != profile.entry.label]
    known = dict(met)
    aliases = [(alias, 0) for alias in profile.aliases if alias not in known and alias != profile.entry.label]
    return (met + aliases)[:SPELLINGS_SHOWN]


def _wikidata_link(profile: Profile) -> str | None:
    return (
        f"https://www.wikidata.org/wiki/{profile.person.wikidata}"
        if profile.person and profile.person.wikidata
        else None
    )


def _unquoted(name: str) -> str:
    return name.replace('"', " ")
