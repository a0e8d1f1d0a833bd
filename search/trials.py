"""What a topic's query would catch, how it agrees with the sections of a newsroom, and what a change of it adds and loses."""

from collections.abc import Collection
from dataclasses import dataclass

from index.analysis import fold_value
from index.topics import Topic, Topics, topic_slug
from search.archive import Archive
from search.language import parse_query
from search.query import Query
from search.tree import Field, Node, Phrase, Term, with_named

SECTION = "section"


@dataclass(frozen=True, slots=True)
class SectionCaught:
    """How many articles of a section a query catches; `is_topics` says that the section is one of the topic's."""

    section: str
    articles: int
    caught: int
    is_topics: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a query agrees with the topic's sections, among the articles whose section is one of any topic.

    `caught` are those that it catches, `expected` those of the topic's sections, `both` what they share.
    """

    caught: int
    expected: int
    both: int

    @property
    def precision(self) -> float | None:
        """The share of the caught that are expected, None where none is caught."""
        return self.both / self.caught if self.caught else None

    @property
    def recall(self) -> float | None:
        """The share of the expected that are caught, None where none is expected."""
        return self.both / self.expected if self.expected else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall, None where neither can be told."""
        return 2 * self.both / (self.caught + self.expected) if self.caught + self.expected else None


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a query that was tried. Ids are newest first; all articles are such as readers may see.

    `repairs` says what of the query was mended or left out. `added` and `lost` compare with the query that the topic has now,
    None where there is none to compare with, or it is the one that was tried.
    """

    query: str
    repairs: tuple[str, ...]
    articles: int
    caught: tuple[str, ...]
    sections: tuple[SectionCaught, ...]
    agreement: Agreement | None
    added: tuple[str, ...] | None
    lost: tuple[str, ...] | None

    @property
    def share(self) -> float:
        """The share of all articles that the query catches."""
        return len(self.caught) / self.articles if self.articles else 0.0


def tried(archive: Archive, text: str, topics: Topics, topic: Topic | None) -> Trial:
    """Return what the query `text` would catch, alone, without sections, as that of `topic` if one is given.

    Raises QueryError for a text that is too long, IndexUnusable where there is no index.
    """
    query = Query(text, expand=False)
    caught = archive.matching(query)
    articles, every = archive.counts(Query(), SECTION)
    _total, found = archive.counts(query, SECTION)
    own = set(topic.sections) if topic else set()
    sections = [
        SectionCaught(section, count, found.get(section, 0), fold_value(section) in own)
        for section, count in every.items()
    ]
    before = archive.matching(Query(topic.query, expand=False)) if topic and topic.query != text else None
    return Trial(
        query=text,
        repairs=repairs_of(archive, text),
        articles=articles,
        caught=caught,
        sections=tuple(sorted(sections, key=lambda one: (-one.caught, -one.articles, fold_value(one.section)))),
        agreement=_agreement(sections, own.union(*(one.sections for one in topics.topics))),
        added=None if before is None else _without(caught, before),
        lost=None if before is None else _without(before, caught),
    )


def repairs_of(archive: Archive, text: str) -> tuple[str, ...]:
    """Return what of a topic's query is mended or left out when it is read."""
    return parse_query(text, archive.today()).repairs


def circle_of(archive: Archive, topics: Topics, slug: str, text: str) -> tuple[str, ...]:
    """Return the topics by which the query `text` of the topic `slug` asks for itself, from it to it; empty if it does not.

    Between topics nothing is asked for: `topik:` in a topic's query means what imports brought, so a circle finds nothing that
    whoever wrote it meant.
    """
    waiting: list[tuple[tuple[str, ...], str]] = [((slug,), text)]
    seen: set[str] = set()
    while waiting:
        way, query = waiting.pop()
        for asked in _topics_in(archive, topics, query, slug):
            if asked == slug:
                return (*way, slug)
            if asked not in seen and asked in topics.by_slug:
                seen.add(asked)
                waiting.append(((*way, asked), topics.by_slug[asked].query))
    return ()


def _topics_in(archive: Archive, topics: Topics, text: str, slug: str) -> list[str]:
    """Return the slugs of the topics that a query names; `slug` may be one that is not there yet."""
    named: list[str] = []

    def note(leaf: Term | Phrase, name: str) -> Node:
        found = topics.find(name) or topics.by_slug.get(topic_slug(name))
        named.append(found.slug if found else topic_slug(name))
        return leaf

    with_named(archive.read(text), (Field.TOPIC,), note)
    return [name for name in named if name == slug or name in topics.by_slug]


def _agreement(sections: Collection[SectionCaught], telling: Collection[str]) -> Agreement | None:
    """Return the agreement among sections that are some topic's; None where the archive has none of the topic's own."""
    told = [one for one in sections if fold_value(one.section) in telling]
    own = [one for one in told if one.is_topics]
    if not own:
        return None
    return Agreement(
        caught=sum(one.caught for one in told),
        expected=sum(one.articles for one in own),
        both=sum(one.caught for one in own),
    )


def _without(ids: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    known = set(others)
    return tuple(article_id for article_id in ids if article_id not in known)
