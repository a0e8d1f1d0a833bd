"""The lists of persons and of topics from A to Z, whole or in part: as a page, as JSON, and as a table."""

from dataclasses import dataclass, replace

from flask import Blueprint, Response, request

from index.article import JSON
from search.browse import Directory, letter_of
from search.query import FilterField
from search.results import Entry
from web.api import archive_in_use, csv_response, json_response, table_text
from web.navigation import Choice, Pager
from web.pages import SearchForm
from web.site import render
from web.urls import (
    ENTRIES_CSV,
    ENTRIES_JSON,
    ENTRIES_PAGE,
    PATHS,
    EntriesAsked,
    entries_from_args,
    entries_link,
    entry_link,
)

PER_PAGE = 150  # entries of a list
SHORT = 40  # entries of a list that needs no letters
MOST_FREQUENT = 24  # entries above the list from A to Z
CSV_COLUMNS = ("slug", "label", "articles", "recorded", "link")

directories = Blueprint("directories", __name__)


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list from A to Z: the entries that are `shown` of all `found`."""

    asked: EntriesAsked
    directory: Directory
    found: tuple[Entry, ...]
    pages: int

    @classmethod
    def of(cls, directory: Directory, asked: EntriesAsked) -> "Listing":
        """Return the part of a directory that is asked for; a page past the end is the last one."""
        found = directory.entries
        if asked.typed:
            found = directory.with_words(asked.typed)
        elif asked.letter:
            found = directory.under(asked.letter)
        pages = max(1, -(-len(found) // PER_PAGE))
        return cls(replace(asked, page=min(asked.page, pages)), directory, found, pages)

    @property
    def shown(self) -> tuple[Entry, ...]:
        """The entries on this page."""
        return self.found[(self.asked.page - 1) * PER_PAGE : self.asked.page * PER_PAGE]

    @property
    def is_short(self) -> bool:
        """Whether the entries can be looked over without letters between them."""
        return len(self.found) <= SHORT

    @property
    def is_whole(self) -> bool:
        """Whether neither a letter nor a name was asked for, and this is the first page."""
        return not self.asked.typed and not self.asked.letter and self.asked.page == 1

    def under_letters(self) -> list[tuple[str, list[Entry]]]:
        """Return the entries on this page under their letters."""
        groups: dict[str, list[Entry]] = {}
        for entry in self.shown:
            groups.setdefault(letter_of(entry), []).append(entry)
        return list(groups.items())

    def link(
        self, field: FilterField, page: int, endpoint: str = ENTRIES_PAGE, *, absolute: bool = False
    ) -> str | None:
        """Return the address of another page of this list, None where there is none."""
        if not 1 <= page <= self.pages:
            return None
        asked = self.asked
        return entries_link(field, endpoint, typed=asked.typed, letter=asked.letter, page=page, absolute=absolute)


@directories.get("/<entry_field:field>/")
def directory_page(field: FilterField) -> str:
    """Show persons or topics from A to Z, those under a letter, or those with what was typed in their names."""
    listing = Listing.of(archive_in_use().directory(field), entries_from_args(request.args))
    asked = listing.asked
    return render(
        "entries.html",
        field=field,
        listing=listing,
        letters=[
            Choice(letter, entries_link(field, letter=letter), selected=letter == asked.letter)
            for letter in (listing.directory.letters if len(listing.directory.entries) > SHORT else ())
        ],
        frequent=listing.directory.most_frequent(MOST_FREQUENT) if listing.is_whole and listing.pages > 1 else (),
        nearest=listing.directory.nearest(asked.typed) if asked.typed and not listing.found else (),
        pager=Pager(
            number=asked.page,
            pages=listing.pages,
            previous=listing.link(field, asked.page - 1),
            following=listing.link(field, asked.page + 1),
        ),
        csv_link=listing.link(field, asked.page, ENTRIES_CSV),
        json_link=listing.link(field, asked.page, ENTRIES_JSON),
        permalink=listing.link(field, asked.page, absolute=True),
        form=SearchForm(""),
    )


@directories.get("/<entry_field:field>.json")
def directory_json(field: FilterField) -> Response:
    """Answer a list of persons or topics as JSON, a page at a time."""
    listing = Listing.of(archive_in_use().directory(field), entries_from_args(request.args))
    asked = listing.asked
    return json_response(
        {
            "kind": field.value,
            "q": asked.typed,
            "letter": asked.letter or None,
            "letters": list(listing.directory.letters),
            "total": len(listing.found),
            "page": asked.page,
            "pages": listing.pages,
            "entries": [entry_record(entry) for entry in listing.shown],
            "next": listing.link(field, asked.page + 1, ENTRIES_JSON, absolute=True),
        }
    )


@directories.get("/<entry_field:field>.csv")
def directory_csv(field: FilterField) -> Response:
    """Answer a list of persons or topics as a table, a page at a time; how many there are is in the header X-Total-Count."""
    listing = Listing.of(archive_in_use().directory(field), entries_from_args(request.args))
    rows = (
        (entry.slug, entry.label, entry.articles, int(entry.recorded), entry_link(field, entry.slug, absolute=True))
        for entry in listing.shown
    )
    return csv_response(table_text(CSV_COLUMNS, rows), f"telisik-{PATHS[field]}.csv", len(listing.found))


def entry_record(entry: Entry) -> dict[str, JSON]:
    """Return the JSON form of an entry in a list."""
    return {
        "slug": entry.slug,
        "label": entry.label,
        "articles": entry.articles,
        "recorded": entry.recorded,
        "link": entry_link(entry.field, entry.slug, absolute=True),
    }
