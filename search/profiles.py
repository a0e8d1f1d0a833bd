"""What the page of a person or a topic tells: who or what it is, its stories over time, and what goes with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from index.article import Article
from index.authority import Person
from index.topics import Topic
from search.engine import Engine, Found, Request
from search.facets import MONTH
from search.listed import Listed
from search.query import FilterField, Sort
from search.results import Entry, FacetValue
from search.tree import Everything, Node, Or

TOGETHER = 12  # persons, and topics, that go with one
SECTIONS = 8
NEWEST = 6  # stories
RELEVANT = 6

Reading = Callable[[Sequence[str]], Mapping[str, Article]]


@dataclass(frozen=True, slots=True)
class Profile:
    """A person or a topic with what its articles tell; counts are of articles that have this entry, too.

    `person` is the record of a person, `topic` the named query, None for a candidate and for what an import brought.
    `spellings` are the names that articles have for a person, with their counts. `months` counts by month, "2023-07";
    `undated` articles are in none. `first` and `last` are the articles of the first and the last day. `relevant` are those that
    name it early or often, best first, one version a story.
    """

    entry: Entry
    person: Person | None
    topic: Topic | None
    spellings: tuple[tuple[str, int], ...]
    months: Mapping[str, int]
    undated: int
    first: Article | None
    last: Article | None
    people: tuple[FacetValue, ...]
    topics: tuple[FacetValue, ...]
    sections: tuple[FacetValue, ...]
    newest: tuple[Article, ...]
    relevant: tuple[Article, ...]

    @property
    def aliases(self) -> tuple[str, ...]:
        """The other names that the archivist knows a person by."""
        return self.person.aliases if self.person else ()

    @property
    def has_relevant_others(self) -> bool:
        """Whether the most relevant stories are not all among the newest."""
        return not {article.id for article in self.relevant} <= {article.id for article in self.newest}


def profile_of(entry: Entry, engine: Engine, listed: Listed, read: Reading) -> Profile:
    """Return the profile of an entry: three searches, of which one counts.

    `read` gives articles by their ids, those that are gone left out.
    """
    limits = {entry.field: (entry.slug,)}
    counted = Request(
        Everything(),
        limits,
        sort=Sort.NEWEST,
        size=NEWEST,
        facets=(MONTH, *(field.value for field in (FilterField.SECTION, FilterField.PERSON, FilterField.TOPIC))),
    )
    found = engine.search(counted)
    oldest = engine.search(Request(Everything(), limits, sort=Sort.OLDEST, size=1, facets=())).article_ids
    best = _best(entry, engine, limits)
    articles = read([*dict.fromkeys((*found.article_ids, *oldest, *best))])
    newest = _known(found.article_ids, articles)
    months = found.facets[MONTH]
    is_person = entry.field is FilterField.PERSON
    return Profile(
        entry=entry,
        person=listed.authority.record(entry.slug) if is_person else None,
        topic=listed.register.by_slug.get(entry.slug) if not is_person else None,
        spellings=engine.spellings(entry.slug) if is_person else (),
        months=months,
        undated=found.total - sum(months.values()),
        first=_dated(_known(oldest, articles)),
        last=_dated(newest),
        people=_together(found, FilterField.PERSON, entry),
        topics=_together(found, FilterField.TOPIC, entry),
        sections=tuple(FacetValue(s, s, n) for s, n in _most(found.facets[FilterField.SECTION.value], SECTIONS)),
        newest=newest,
        relevant=_known(best, articles),
    )


def _best(entry: Entry, engine: Engine, limits: Mapping[FilterField, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the articles that score best for the names of a person, or for the words of a topic's query."""
    names: tuple[Node, ...] = engine.names(entry.field, entry.slug)
    if not names:
        return ()
    found = engine.search(Request(Or(names), limits, size=2 * RELEVANT, facets=(), versions=True))
    once = (id_ for id_, is_folded in zip(found.article_ids, found.folded, strict=True) if not is_folded)
    return tuple(once)[:RELEVANT]


def _known(article_ids: Sequence[str], articles: Mapping[str, Article]) -> tuple[Article, ...]:
    return tuple(articles[article_id] for article_id in article_ids if article_id in articles)


def _dated(articles: Sequence[Article]) -> Article | None:
    """Return the first article if it has a date; undated ones come last in either order."""
    return articles[0] if articles and articles[0].date is not None else None


def _together(found: Found, field: FilterField, entry: Entry) -> tuple[FacetValue, ...]:
    counts = {slug: n for slug, n in found.facets[field.value].items() if (field, slug) != (entry.field, entry.slug)}
    labels = found.labels[field.value]
    return tuple(FacetValue(slug, labels.get(slug, slug), count) for slug, count in _most(counts, TOGETHER))


def _most(counts: Mapping[str, int], most: int) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]
