"""The port between a query and whatever finds its answer: what is asked, what comes back, what an engine must do.

Both sides speak in the nodes of `search.tree`, whose words are analysed already, so that two engines agree. Highlights,
reasons, labels, suggestions and exports are made above this port, once for all engines.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeAlias

from search.coverage import Coverage, Held
from search.query import FilterField, Sort
from search.results import Entry, Extent
from search.tree import Leaf, Node

MAX_EXPANSIONS = 200  # words that a prefix or a misspelling stands for, the most frequent ones
MAX_NEAR_PLACES = 3_000_000  # places that are compared for words near each other; so many take half a second
FACET_VALUES = 100  # of the most frequent; years and months are given in full
GROUPED = 100  # of the most relevant articles, those that are versions of one story stand together
FACET_FIELDS = ("section", "source", "year", "month", "author", "person", "topic")

Days: TypeAlias = tuple[date, date]  # the first and the last


@dataclass(frozen=True, slots=True)
class Request:
    """What an engine is asked: a tree, limits, an order and a window. Days are inclusive, None is open.

    With `versions` the best `GROUPED` by relevance are regrouped, versions of one story behind the best of them, and counted.
    With `recency` newer articles rank a little higher. With `entries` persons and topics of the window's articles are told.
    Limits to persons and topics are by slug, name or alias.
    """

    tree: Node
    limits: Mapping[FilterField, tuple[str, ...]] = field(default_factory=dict)
    published_from: date | None = None
    published_to: date | None = None
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    size: int = 10
    facets: Sequence[str] = FACET_FIELDS
    versions: bool = False
    recency: bool = False
    entries: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What an engine found: the window's ids and scores, and exact counts over all matching articles.

    `facets` holds for each field asked for its values with their counts, unordered; a year is "2023", a month "2023-07".
    `versions`, where asked for, says of how many other articles that readers may see each of the window's is a version of the
    same story; `folded`, where it stands right behind such a version of it.
    `labels` has the preferred names of those that the facets tell, and of those that are limits. `people` and `topics`, where asked
    for, are those of each of the window's. Of persons and topics the facets hold slugs, those
    that are limits and the `FACET_VALUES` most frequent.
    `cut` names the leaves that a limit cut short: more words, or more places, than are searched.
    """

    article_ids: tuple[str, ...]
    scores: tuple[float, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    cut: tuple[Leaf, ...] = ()
    versions: tuple[int, ...] = ()
    folded: tuple[bool, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    people: tuple[tuple[Entry, ...], ...] = ()
    topics: tuple[tuple[Entry, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class NearWord:
    """A surface form spelled like another one: in how many articles it stands, and how many slips lie between the two."""

    surface: str
    articles: int
    slips: int


@dataclass(frozen=True, slots=True)
class Tally:
    """A value of a field, its label, and how many articles of each of some periods have it."""

    value: str
    label: str
    counts: tuple[int, ...]


class Engine(Protocol):
    """What every engine does. Safe for threads."""

    name: str

    def search(self, request: Request) -> Found:
        """Return the window that `request` asks for; raise IndexUnusable where there is no index to search."""
        ...

    def frequency(self, surface: str) -> int:
        """Return in how many articles that readers may see this surface form stands, in title or body."""
        ...

    def near_words(self, surface: str, most: int) -> tuple[NearWord, ...]:
        """Return the surface forms one slip away from this one, then frequent ones two slips away where it is long.

        Those of each distance most frequent first, at most `most` of them; only such as stand in articles readers may see.
        """
        ...

    def words_from(self, prefix: str, most: int) -> tuple[tuple[str, int], ...]:
        """Return the most frequent surface forms that begin with `prefix`, and in how many articles each stands.

        Only such as stand in articles readers may see. The prefix itself is among them where it is a word; no prefix
        begins all words.
        """
        ...

    def values_from(
        self, field: FilterField, words: Sequence[str], most: int, *, whole: bool = False
    ) -> tuple[tuple[str, int], ...]:
        """Return the most frequent values of a field in which these surface forms follow each other, with their articles.

        The last word may be the beginning of one, unless `whole`. Only values of articles that readers may see; of persons and
        topics the preferred names of those of which any name has the words.
        """
        ...

    def stem_frequencies(self, stems: Iterable[str]) -> Mapping[str, int]:
        """Return in how many articles each of these stems stands, in title or body; those readers may not see included."""
        ...

    def versions(self, article_id: str) -> tuple[str, ...]:
        """Return the ids of the other articles that are versions of this one's story and that readers may see, newest first."""
        ...

    def entries(self, field: FilterField) -> tuple[Entry, ...]:
        """Return all persons, or topics, that readers may see articles of, and recorded ones without any, by label."""
        ...

    def entry(self, field: FilterField, text: str) -> Entry | None:
        """Return the person, or the topic, with this slug, name or alias; None where there is none."""
        ...

    def refused(self, name: str) -> str | None:
        """Return the name of the record that says that a slug or name is no person's, None where none does."""
        ...

    def entries_of(self, field: FilterField, article_id: str) -> tuple[Entry, ...]:
        """Return the persons, or the topics, of an article."""
        ...

    def names(self, field: FilterField, slug: str) -> tuple[Leaf, ...]:
        """Return the words by which articles name a person, or what a topic's query looks for."""
        ...

    def spellings(self, slug: str) -> tuple[tuple[str, int], ...]:
        """Return how articles name a person, each name with the articles that have it, most frequent first."""
        ...

    def extent(self, request: Request) -> Extent:
        """Return how many articles `request` finds, whatever its window, and of which days."""
        ...

    def held(self, request: Request) -> Held:
        """Return by day what `request` finds, whatever its window."""
        ...

    def coverage(self) -> Coverage:
        """Return how many articles that readers may see there are of each day, in all and by section."""
        ...

    def tallies(
        self, field: FilterField, periods: Sequence[Days], least: int
    ) -> tuple[tuple[int, ...], tuple[Tally, ...]]:
        """Return the articles of each period, and the values of a field that at least `least` articles of the first have."""
        ...

    def neighbours(self, section: str, instant: int, article_id: str) -> tuple[str | None, str | None]:
        """Return the articles before and after the place of an article in a section, by instant (Unix seconds), then id.

        None where there is none that readers may see.
        """
        ...

    def sequence(self) -> int:
        """Return the store's sequence number up to which the index knows the articles."""
        ...

    def size_bytes(self) -> int:
        """Return how much disk the index takes."""
        ...

    def state(self) -> tuple[str, ...]:
        """Return what changes with what the engine can find: with the index, and when an embargo ends."""
        ...

    def roll(self) -> Sequence[str]:
        """Return the ids of all articles that readers may see, withdrawn ones left out, by time of publication, undated first."""
        ...

    def close(self) -> None:
        """Close all files."""
        ...
