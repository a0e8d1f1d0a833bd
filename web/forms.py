"""The forms in which a list of stories can be had beside its page: the same hits in the same order, with the same counts."""

from collections.abc import Callable
from dataclasses import dataclass

from search.query import FilterField, Query
from web.atom import ATOM_TYPE
from web.citing import CITING
from web.rss import RSS_TYPE
from web.urls import (
    ENTRY_ATOM,
    ENTRY_CSV,
    ENTRY_JSON,
    ENTRY_RSS,
    SEARCH_ATOM,
    SEARCH_BIB,
    SEARCH_CSL,
    SEARCH_CSV,
    SEARCH_JSON,
    SEARCH_RIS,
    SEARCH_RSS,
    entry_link,
    search_link,
)

CSV_TYPE, JSON_TYPE = "text/csv", "application/json"
REFERENCES = dict(zip(CITING.values(), (SEARCH_RIS, SEARCH_BIB, SEARCH_CSL), strict=True))
NAMES = {CSV_TYPE: "CSV", JSON_TYPE: "JSON", ATOM_TYPE: "Atom", RSS_TYPE: "RSS"}
NAMES |= {form.media_type: form.label for form in REFERENCES}
OF_SEARCHES = {CSV_TYPE: SEARCH_CSV, JSON_TYPE: SEARCH_JSON, ATOM_TYPE: SEARCH_ATOM, RSS_TYPE: SEARCH_RSS}
OF_SEARCHES |= {form.media_type: endpoint for form, endpoint in REFERENCES.items()}
OF_ENTRIES = {CSV_TYPE: ENTRY_CSV, JSON_TYPE: ENTRY_JSON, ATOM_TYPE: ENTRY_ATOM, RSS_TYPE: ENTRY_RSS}


@dataclass(frozen=True, slots=True)
class Form:
    """Another form of a page: its media type, what readers call it, and its address."""

    kind: str
    name: str
    link: str

    @property
    def is_feed(self) -> bool:
        """Whether a feed reader can follow it."""
        return self.kind in (ATOM_TYPE, RSS_TYPE)


def search_forms(query: Query) -> tuple[Form, ...]:
    """Return the other forms of the result of a search."""
    return _forms(OF_SEARCHES, lambda endpoint: search_link(query, endpoint))


def entry_forms(field: FilterField, slug: str) -> tuple[Form, ...]:
    """Return the other forms of the page of a person or a topic."""
    return _forms(OF_ENTRIES, lambda endpoint: entry_link(field, slug, endpoint))


def _forms(endpoints: dict[str, str], link_of: Callable[[str], str]) -> tuple[Form, ...]:
    return tuple(Form(kind, NAMES[kind], link_of(endpoint)) for kind, endpoint in endpoints.items())
