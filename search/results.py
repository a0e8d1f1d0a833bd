"""What was found: hits, facets and the page that holds them. Plain values, no markup."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from index.article import Correction, Status
from search.query import FilterField, Query
from search.tree import VariantKind


@dataclass(frozen=True, slots=True)
class Highlighted:
    """Text and the ranges of it that match: half-open, in order, not overlapping, in characters of `text`."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()

    def parts(self) -> Iterator[tuple[str, bool]]:
        """Yield (text, matched) pieces in order; joined, they give `self.text`."""
        end = 0
        for start, stop in self.spans:
            if start > end:
                yield self.text[end:start], False
            yield self.text[start:stop], True
            end = stop
        if end < len(self.text):
            yield self.text[end:], False


class MatchKind(StrEnum):
    """How a part of the query matched an article."""

    EXACT = "exact"
    FORM = "form"
    PHRASE = "phrase"
    NEAR = "near"
    PREFIX = "prefix"
    FUZZY = "fuzzy"
    FIELD = "field"
    PERSON = "person"
    TOPIC = "topic"
    ACRONYM = "acronym"
    SPELLING = "spelling"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Why:
    """One reason why an article is a hit: what the reader typed and what of the article it met."""

    kind: MatchKind
    typed: str
    matched: str


@dataclass(frozen=True, slots=True)
class Also:
    """What was searched beside something that was typed."""

    kind: VariantKind
    typed: str
    also: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A person or a topic: its address, its preferred name, and how many articles that readers may see have it.

    One that is `recorded` stands in the archivist's files; another is a candidate, or a topic that an import brought.
    """

    field: FilterField
    slug: str
    label: str
    articles: int
    recorded: bool


@dataclass(frozen=True, slots=True)
class Extent:
    """How many articles there are, and the days of the first and the last that has a date."""

    articles: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found. `url` is where its source published it; the front end knows its address in the archive.

    `versions` is the number of other articles that are versions of the same story; `folded` says that this one stands right
    behind such a version.
    """

    article_id: str
    title: Highlighted
    date: date | datetime | None
    section: str | None
    source: str | None
    authors: tuple[str, ...]
    people: tuple[Entry, ...]
    topics: tuple[Entry, ...]
    url: str | None
    language: str | None
    status: Status
    corrections: tuple[Correction, ...]
    score: float
    snippets: tuple[Highlighted, ...]
    why: tuple[Why, ...]
    versions: int = 0
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Headline:
    """An article that another one points to."""

    article_id: str
    title: str
    date: date | datetime | None
    source: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and how many matching articles carry it; `label` is what readers see."""

    value: str
    label: str
    count: int
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """The most frequent values of one field among all hits, most frequent first."""

    field: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The answer to a query: one window of hits, and counts over all of them.

    `understood` is the query as it was read, in the query language; `repairs` says, a sentence each, what of the typed
    text was mended or left out; `relaxed` that articles were found that lack some of the words, which only
    `complete` articles have all; `also` what was searched beside what was typed;
    `did_you_mean` is a whole query; `versions_of` the id of the article whose versions are all that was asked for; `entry` the
    person or the topic that the whole text names. Limits of `query` to persons and topics are by slug, where they are known.
    """

    query: Query
    understood: str
    repairs: tuple[str, ...]
    hits: tuple[Hit, ...]
    total: int
    relaxed: bool
    complete: int
    also: tuple[Also, ...]
    facets: tuple[Facet, ...]
    did_you_mean: str | None
    versions_of: str | None
    entry: Entry | None
    took_ms: float

    def label(self, field: FilterField, value: str) -> str:
        """Return what readers see of a value that the query is limited to."""
        found = (
            v.label for facet in self.facets if facet.field == field.value for v in facet.values if v.value == value
        )
        return next(found, value)

    @property
    def pages(self) -> int:
        """How many windows of this size hold all hits."""
        return -(-self.total // self.query.size)
