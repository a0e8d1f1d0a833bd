"""What was asked: the `Query` that URLs and command lines are turned into, its limits, and the error of a wrong one."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from index.errors import ArchiveError
from index.messages import gettext as _

DEFAULT_SIZE = 10
MAX_SIZE = 100
MAX_PAGE = 1_000_000
MAX_TEXT = 2_000  # characters; a pasted page is no query


class Sort(StrEnum):
    """Orders of hits; ties are broken by date, newest first, then by id."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


class FilterField(StrEnum):
    """Fields whose whole values limit a search and are counted as facets."""

    SECTION = "section"
    SOURCE = "source"
    AUTHOR = "author"
    PERSON = "person"
    TOPIC = "topic"


class QueryError(ArchiveError):
    """A parameter that no search can be made of; `parameter` is its name in URLs, `code` a stable word for programs."""

    def __init__(self, parameter: str, code: str, message: str) -> None:
        super().__init__(message)
        self.parameter, self.code, self.message = parameter, code, message


@dataclass(frozen=True, slots=True)
class Query:
    """One search: text in the query language, limits, order and window.

    Limits of one field are alternatives (any of), those of different fields all apply. Days are inclusive, in the
    archive's time zone. `sort` None means relevance where there is text and newest first where there is none. With
    `expand` acronyms, old spellings and joined words are searched, too; with `recency` newer articles rank a little higher.
    """

    text: str = ""
    published_from: date | None = None
    published_to: date | None = None
    sections: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    sort: Sort | None = None
    expand: bool = True
    recency: bool = True
    page: int = 1
    size: int = DEFAULT_SIZE

    def __post_init__(self) -> None:
        """Raise QueryError for what no search can be made of."""
        if len(self.text) > MAX_TEXT:
            raise QueryError("q", "too_long", _("the query is longer than %(most)d characters", most=MAX_TEXT))
        if not 1 <= self.page <= MAX_PAGE:
            raise QueryError("page", "out_of_range", _("page must be from 1 to %(most)d", most=MAX_PAGE))
        if not 1 <= self.size <= MAX_SIZE:
            raise QueryError("size", "out_of_range", _("size must be from 1 to %(most)d", most=MAX_SIZE))
        if self.published_from and self.published_to and self.published_from > self.published_to:
            raise QueryError("to", "before_from", _("the last day lies before the first"))

    def limits(self) -> dict[FilterField, tuple[str, ...]]:
        """Return the values asked for, by field, fields without a limit left out."""
        every = {
            FilterField.SECTION: self.sections,
            FilterField.SOURCE: self.sources,
            FilterField.AUTHOR: self.authors,
            FilterField.PERSON: self.people,
            FilterField.TOPIC: self.topics,
        }
        return {field: values for field, values in every.items() if values}

    def order(self) -> Sort:
        """Return the order in force."""
        if self.sort is not None:
            return self.sort
        return Sort.RELEVANCE if self.text.strip() else Sort.NEWEST

    @property
    def offset(self) -> int:
        """The number of hits before this window."""
        return (self.page - 1) * self.size
