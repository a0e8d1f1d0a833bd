"""The pages that readers see. A view reads the URL, asks the archive, renders."""

from dataclasses import dataclass, replace

from flask import Blueprint, Response, make_response, request

from search.archive import Archive
from search.query import FilterField, Query
from search.results import Entry, SearchPage
from web.anniversaries import anniversaries
from web.api import archive_in_use
from web.arguments import FIRST, LAST, TEXT
from web.forms import search_forms
from web.help import help_chapters
from web.navigation import facets_of, limits_of, pager_of, sorts_of, without_limits
from web.nothing import corrected_link, help_of
from web.noting import note_miss
from web.periods import Times, figure_of
from web.site import render
from web.turning import turned_query
from web.urls import (
    PATHS,
    advanced_link,
    comparison_of_result,
    entry_link,
    hidden_fields,
    search_link,
    with_values,
)
from web.wording import coverage_text

NEWEST_AT_HOME = 8
SECTIONS_AT_HOME = 16
ENTRIES_AT_HOME = 10  # persons, and topics
OFFERED = 3  # persons and topics whose pages a result limited to them offers

pages = Blueprint("pages", __name__)


@dataclass(frozen=True, slots=True)
class SearchForm:
    """What the search box holds, and what its form carries on unseen."""

    text: str
    hidden: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, query: Query, *, text: str | None = None) -> "SearchForm":
        """Return the form of a query: its text, or another one that was typed, and all its limits."""
        return cls(query.text if text is None else text, tuple(hidden_fields(query, TEXT)))


@pages.get("/")
def home() -> Response:
    """Show what the archive is, and the box to search it."""
    archive = archive_in_use()
    page = archive.search(Query(size=NEWEST_AT_HOME))
    values = {facet.field: facet.values for facet in page.facets}
    sections = [
        (value, search_link(with_values(Query(), FilterField.SECTION, (value.value,))))
        for value in values["section"][:SECTIONS_AT_HOME]
    ]
    response = make_response(
        render(
            "home.html",
            page=page,
            sections=sections,
            frequent=[
                (field, [(value, entry_link(field, value.value)) for value in values[field.value][:ENTRIES_AT_HOME]])
                for field in (FilterField.PERSON, FilterField.TOPIC)
                if values[field.value]
            ],
            anniversaries=anniversaries(archive),
            corrected=corrected_link(archive),
            figure=figure_of(Query(), archive.coverage().whole),
            covered=coverage_text([value.value for value in values["month"]]),
            form=SearchForm(""),
            autofocus="Mobi" not in request.user_agent.string,  # on a phone the keyboard would cover the page
        )
    )
    response.vary.add("User-Agent")
    return response


@pages.get("/search")
def search_page() -> str:
    """Show one page of the result of a search."""
    archive = archive_in_use()
    asked, repairs = turned_query(request.args)
    page = archive.search(asked)
    page = replace(page, repairs=(*repairs, *page.repairs))
    note_miss(archive, page)
    query = page.query  # persons and topics by slug, whatever the address calls them
    return render(
        "search.html",
        page=page,
        story=archive.article(page.versions_of) if page.versions_of else None,
        query=query,
        form=SearchForm.of(query),
        time=Times.of(archive, page) if page.total else None,
        hidden_beside_days=hidden_fields(query, FIRST, LAST),
        limits=limits_of(page),
        named=_named(archive, page),
        clear_link=without_limits(query),
        facets=facets_of(page),
        sorts=sorts_of(query),
        pager=pager_of(page),
        typed_only_link=search_link(replace(query, expand=False, page=1)),
        expanded_link=search_link(replace(query, expand=True, page=1)),
        help=help_of(archive, page),
        suggestion=search_link(replace(query, text=page.did_you_mean, page=1)) if page.did_you_mean else None,
        forms=search_forms(query),
        canonical=search_link(query, absolute=True) if _is_worth_finding(page) else None,
        compare_link=comparison_of_result(page.query),
        advanced_link=advanced_link(query),
    )


@pages.get("/help")
def help_page() -> str:
    """Show the query language, with examples that search."""
    return render("help.html", chapters=help_chapters(archive_in_use()), form=SearchForm(""))


def _is_worth_finding(page: SearchPage) -> bool:
    """Say whether search engines may list the page: the beginning of what is found by words alone, or by one limit alone.

    robots.txt keeps crawlers from all others, whose addresses have several arguments.
    """
    query = page.query
    asked = hidden_fields(query)
    plain = not asked or (len(asked) == 1 and asked[0][0] in (TEXT, *FilterField))
    return bool(page.hits) and not page.relaxed and plain and query.page == 1


def _named(archive: Archive, page: SearchPage) -> tuple[Entry, ...]:
    """Return the persons and topics whose pages a result offers: the one that the text names, and those it is limited to."""
    limits = [(field, value) for field, values in page.query.limits().items() if field in PATHS for value in values]
    found = [page.entry, *(archive.entry(field, value) for field, value in limits[:OFFERED])]
    return tuple(dict.fromkeys(entry for entry in found if entry is not None))
