"""The `Archive`: the one object through which the command line and the front end read an archive."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from babel.dates import format_date

from index.analysis import fold_value
from index.article import Article, Status
from index.authority import Authority
from index.dates import day_of, instant_of
from index.errors import IndexUnusable
from index.messages import gettext as _
from index.messages import language
from index.schema import SOURCE, Indexable, names_of
from index.settings import ArchiveFolder
from index.store import ArticleStore
from search.browse import Directory
from search.coverage import Coverage, Held
from search.engine import FACET_VALUES, MAX_EXPANSIONS, Engine, Found
from search.explaining import Explained, explained
from search.facets import ENTRY_FACETS, NAME_FACETS
from search.highlights import highlighted, leaves_of, marks_in, named_of, reasons, snippets_of
from search.listed import Catalogue
from search.nearest import nearest_entries
from search.profiles import Profile, profile_of
from search.query import FilterField, Query, Sort
from search.related import RELATED, related
from search.results import Also, Entry, Extent, Facet, FacetValue, Headline, Highlighted, Hit, SearchPage, Why
from search.spelling import did_you_mean
from search.suggestions import Suggestion, suggestions
from search.tree import And, Field, Leaf, Named, Node, Phrase, Term, Versions
from search.trends import Trends, trends_until
from search.understanding import KINDS, Understanding, Understood
from search.unparse import unparse
from search.vocabulary import Words, stamp_of
from search.whoosh_engine import WhooshEngine
from search.widening import Wider, fewer_limits, fewer_words

ENTRY_FIELDS = (FilterField.PERSON, FilterField.TOPIC)
LEAST_OFFERED = 3  # articles of a person without a record whose page is offered to who searches the name
EXPORT_WINDOW = 1_000  # articles that a walk through a whole result holds at once


@dataclass(frozen=True, slots=True)
class ArchiveStats:
    """What an archive holds. Dates are days in the archive's zone; sizes are bytes on the disk."""

    articles: int
    first_date: date | None
    last_date: date | None
    sections: Mapping[str, int]
    sources: Mapping[str, int]
    sequence: int
    indexed_sequence: int
    store_bytes: int
    index_bytes: int
    engine: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ids of the best articles, how many match in all, and whether the words had to be relaxed to find any."""

    article_ids: tuple[str, ...]
    total: int
    relaxed: bool


class Archive:
    """One archive, open for reading. Safe for threads; a commit by another process is seen at the next search."""

    def __init__(self, path: Path) -> None:
        """Open the archive in the folder `path`; raise ArchiveMissing where there is none."""
        self.folder = ArchiveFolder(path)
        self.settings = self.folder.read_settings()
        self._local = threading.local()
        self._words = Words(self.folder)
        self._catalogue = Catalogue(self.folder, self._words, self.today)
        self._engine: Engine = WhooshEngine(self.folder.generations, self._catalogue.newest)
        self._directories: dict[FilterField, tuple[tuple[Entry, ...], Authority, Directory]] = {}
        self._understanding = Understanding(self._engine, self._words, recency=self.settings.recency)
        self._store()

    def close(self) -> None:
        """Close the index and this thread's connection to the store."""
        self._engine.close()
        self._store().close()
        del self._local.store

    def search(self, query: Query) -> SearchPage:
        """Return the page of results that `query` asks for; raise IndexUnusable where there is no index."""
        started = time.perf_counter()
        query = self._by_slug(query)
        asked = self._understanding.of(query, self.today())
        parsed = asked.parsed
        found = self._engine.search(asked.request)
        leaves = leaves_of(asked.request.tree)
        named = named_of(asked.request.tree)
        versions_of = parsed.tree.article_id if isinstance(parsed.tree, Versions) else None
        articles = self._store().get_many(found.article_ids)
        hits = [
            replace(
                _with_entries(_hit(articles[article_id], score, leaves, asked), people, topics, named),
                versions=versions,
                folded=is_folded and not versions_of,
            )
            for article_id, score, people, topics, versions, is_folded in zip(
                found.article_ids,
                found.scores,
                found.people,
                found.topics,
                found.versions,
                found.folded,
                strict=True,
            )
            if article_id in articles  # deleted since the index was brought up to date
        ]
        return SearchPage(
            query=query,
            understood=parsed.understood,
            repairs=(
                *parsed.repairs,
                *dict.fromkeys(_cut_text(leaf, asked.expansion.typed.get(leaf, "")) for leaf in found.cut),
            ),
            hits=tuple(hits),
            total=found.total,
            relaxed=asked.relaxed and found.total > asked.complete,
            complete=asked.complete,
            also=asked.expansion.also,
            facets=tuple(
                _entry_facet(name, found, query) if name in ENTRY_FACETS else _facet(name, counts, query)
                for name, counts in found.facets.items()
            ),
            did_you_mean=did_you_mean(
                query.text,
                replace(asked.request, tree=parsed.tree),
                found.total,
                relaxed=asked.relaxed,
                complete=asked.complete,
                engine=self._engine,
                read=self.read,
            ),
            versions_of=versions_of,
            entry=self._entry_named(query.text) if _is_plain(parsed.tree) else None,
            took_ms=(time.perf_counter() - started) * 1000,
        )

    def entries(self, field: FilterField) -> tuple[Entry, ...]:
        """Return all persons, or topics, with articles that readers may see, and recorded ones without any, by label.

        Raises IndexUnusable where there is no index.
        """
        return self._engine.entries(field)

    def entry(self, field: FilterField, text: str) -> Entry | None:
        """Return the person, or the topic, with this slug, name or alias; None where there is none.

        Raises IndexUnusable where there is no index.
        """
        return self._engine.entry(field, text)

    def refused(self, name: str) -> str | None:
        """Return the name of the record that says that a slug or name is no person's, None where none does.

        Raises IndexUnusable where there is no index.
        """
        return self._engine.refused(name)

    def profile(self, field: FilterField, text: str) -> Profile | None:
        """Return what the archive tells of the person, or the topic, with this slug, name or alias; None where there is none.

        Raises IndexUnusable where there is no index.
        """
        entry = self._engine.entry(field, text)
        if entry is None:
            return None
        return profile_of(entry, self._engine, self._catalogue.newest(), self._store().get_many)

    def directory(self, field: FilterField) -> Directory:
        """Return the persons, or the topics, from A to Z; raise IndexUnusable where there is no index."""
        entries, authority = self._engine.entries(field), self._catalogue.newest().authority
        known = self._directories.get(field)
        if known is None or known[0] is not entries or known[1] is not authority:
            record = authority.record if field is FilterField.PERSON else lambda _slug: None
            directory = Directory.of(entries, lambda slug: found.names if (found := record(slug)) else (), field)
            known = self._directories[field] = entries, authority, directory
        return known[2]

    def spellings(self, slug: str) -> tuple[tuple[str, int], ...]:
        """Return how articles name a person, each name with the articles that have it, most frequent first.

        Raises IndexUnusable where there is no index.
        """
        return self._engine.spellings(slug)

    def wikidata(self, slug: str) -> str | None:
        """Return the Wikidata id that the archivist's file gives a person, None where it gives none."""
        person = self._catalogue.newest().authority.record(slug)
        return person.wikidata if person else None

    def people_of(self, article_id: str) -> tuple[Entry, ...]:
        """Return the persons that an article names, the most frequent in the archive first; none where there is no index."""
        return self._entries_of(FilterField.PERSON, article_id)

    def topics_of(self, article_id: str) -> tuple[Entry, ...]:
        """Return the topics that an article is in, the largest first; none where there is no index."""
        return self._entries_of(FilterField.TOPIC, article_id)

    def extent(self, query: Query) -> Extent:
        """Return how many articles have all that `query` asks for, and of which days.

        Raises IndexUnusable where there is no index.
        """
        return self._engine.extent(self._understanding.whole(query, self.today()))

    def held(self, query: Query) -> Held:
        """Return by day all articles that a search for `query` finds; raise IndexUnusable where there is no index."""
        return self._engine.held(self._understanding.of(query, self.today()).request)

    def fewer_limits(self, query: Query) -> tuple[Wider, ...]:
        """Return what `query` finds with a limit less, where that is something; raise IndexUnusable where there is no index."""
        return fewer_limits(query, self._told)

    def fewer_words(self, query: Query) -> tuple[Wider, ...]:
        """Return what `query` finds with a part of its text less, or less exact, where that is something.

        Raises IndexUnusable where there is no index.
        """
        return fewer_words(query, self.read, self._told)

    def nearest(self, text: str) -> tuple[Entry, ...]:
        """Return the persons and topics whose names are nearest to a query; raise IndexUnusable where there is no index."""
        return nearest_entries(self.read(text), self._engine)

    def also(self, query: Query) -> tuple[Also, ...]:
        """Return what is searched beside what was typed, without searching; raise IndexUnusable where there is no index."""
        return self._understanding.of(query, self.today()).expansion.also

    def acronyms(self) -> tuple[str, ...]:
        """Return the short forms that enough articles explain, the most frequent first."""
        meanings = self._understanding.vocabulary().acronyms.meanings
        return tuple(several[0].short for several in meanings.values())

    def coverage(self) -> Coverage:
        """Return how many articles that readers may see there are of each day, in all and by section.

        Raises IndexUnusable where there is no index.
        """
        return self._engine.coverage()

    def trends(self, last: date | None = None) -> Trends:
        """Return what is written about more than usual in the days up to `last`, else up to the newest article, none to come.

        Raises IndexUnusable where there is no index.
        """
        newest = self._engine.coverage().whole.last
        return trends_until(last or min(newest or self.today(), self.today()), self._engine)

    def _entries_of(self, field: FilterField, article_id: str) -> tuple[Entry, ...]:
        try:
            return self._engine.entries_of(field, article_id)
        except IndexUnusable:
            return ()

    def _entry_named(self, text: str) -> Entry | None:
        """Return the person, else the topic, that the whole of a text names: a recorded one, or one that several articles have."""
        name = text.strip().strip('"')
        for field in ENTRY_FIELDS if name else ():
            entry = self._engine.entry(field, name)
            if entry is not None and (entry.recorded or entry.articles >= LEAST_OFFERED):
                return entry
        return None

    def _by_slug(self, query: Query) -> Query:
        """Return the query with its limits to persons and topics by slug, where they are known."""
        people, topics = (
            tuple(
                dict.fromkeys(entry.slug if (entry := self._engine.entry(field, value)) else value for value in values)
            )
            for field, values in zip(ENTRY_FIELDS, (query.people, query.topics), strict=True)
        )
        return replace(query, people=people, topics=topics)

    def suggest(self, text: str, limit: int = 10) -> tuple[Suggestion, ...]:
        """Return at most `limit` queries for what a reader has typed so far; the last word is a beginning unless a space ends it.

        Raises QueryError where `text` is too long for a query, IndexUnusable where there is no index.
        """
        return suggestions(
            Query(text).text,
            limit,
            engine=self._engine,
            titles=lambda ids: self._store().titles(ids),
            count=self._count,
        )

    def results(self, query: Query) -> Iterator[Article]:
        """Yield all articles that match `query`, in its order, whatever its window."""
        request = replace(self._understanding.of(query, self.today()).request, offset=0, size=EXPORT_WINDOW, facets=())
        while (found := self._engine.search(request)).article_ids:
            articles = self._store().get_many(found.article_ids)
            yield from (articles[article_id] for article_id in found.article_ids if article_id in articles)
            request = replace(request, offset=request.offset + EXPORT_WINDOW)

    def ranking(self, query: Query, size: int) -> Ranking:
        """Return the first `size` articles that `query` finds, whatever its window, without reading them from the store."""
        asked = self._understanding.of(query, self.today())
        found = self._engine.search(replace(asked.request, offset=0, size=size, facets=()))
        return Ranking(found.article_ids, found.total, asked.relaxed and found.total > asked.complete)

    def counts(self, query: Query, facet: str) -> tuple[int, Mapping[str, int]]:
        """Return how many articles have all that `query` asks for, and how many of them carry each value of a facet.

        The query is never relaxed, and its window does not matter.
        """
        request = replace(self._understanding.whole(query, self.today()), offset=0, size=0, facets=(facet,))
        found = self._engine.search(replace(request, versions=False))
        return found.total, found.facets[facet]

    def matching(self, query: Query) -> tuple[str, ...]:
        """Return the ids of all articles that have all that `query` asks for, newest first.

        The query is never relaxed, and its order and window do not matter.
        """
        whole = self._understanding.whole(query, self.today())
        request = replace(whole, sort=Sort.NEWEST, offset=0, size=0, facets=(), versions=False)
        return self._engine.search(replace(request, size=self._engine.search(request).total)).article_ids

    def readable(self) -> Iterator[Article]:
        """Yield all articles that readers may see, in the order of their last change."""
        return (article for article in self._store().articles() if not self._under_embargo(article))

    def article(self, article_id: str) -> Article | None:
        """Return the article that readers may see under this id; None where there is none or it is under embargo."""
        article = self._store().get_many([article_id]).get(article_id)
        return None if article is None or self._under_embargo(article) else article

    def versions(self, article_id: str) -> tuple[Headline, ...]:
        """Return the other versions of an article's story, newest first; none where there is no index."""
        return self._headlines(self._versions(article_id))

    def related(self, article_id: str, size: int = RELATED) -> tuple[Headline, ...]:
        """Return the articles nearest to this one, versions of its own story left out, of any other the best; nearest first.

        There are none of a withdrawn article, of one that readers may not see, or where there is no index.
        """
        article = self.article(article_id)
        if article is None or article.status is Status.WITHDRAWN:
            return ()
        try:
            near = related(article, self._engine, self._words.newest().analyzer, size)
        except IndexUnusable:
            return ()
        return self._headlines(near)

    def neighbours(self, article: Article) -> tuple[Headline | None, Headline | None]:
        """Return the articles before and after this one in its section, by time.

        There are none where the article has no section or no date, or where there is no index.
        """
        if article.section is None or article.date is None:
            return None, None
        instant = int(instant_of(article.date, self.settings.zone).timestamp())
        try:
            ids = self._engine.neighbours(article.section, instant, article.id)
        except IndexUnusable:
            return None, None
        found = {headline.article_id: headline for headline in self._headlines([i for i in ids if i is not None])}
        before, after = (found.get(i) if i is not None else None for i in ids)
        return before, after

    def _versions(self, article_id: str) -> tuple[str, ...]:
        try:
            return self._engine.versions(article_id)
        except IndexUnusable:
            return ()

    def _headlines(self, article_ids: Sequence[str]) -> tuple[Headline, ...]:
        articles = self._store().get_many(article_ids)
        found = (articles[article_id] for article_id in article_ids if article_id in articles)
        return tuple(Headline(one.id, one.title, one.date, one.source, one.language) for one in found)

    def highlighted(
        self, article: Article, text: str, *, expand: bool = True
    ) -> tuple[Highlighted, tuple[Highlighted, ...]]:
        """Return the article's title and its paragraphs with what the query `text` matches marked."""
        tree, analyzer = self._understanding.to_mark(Query(text, expand=expand), self.today())
        leaves = leaves_of(tree)
        title = highlighted(article.title, marks_in(article.title, leaves, Field.TITLE, analyzer))
        searched = Indexable.of(article).body
        paragraphs = [
            highlighted(p, marks_in(searched[begin : begin + len(p)], leaves, Field.BODY, analyzer))
            for begin, p in article.placed_paragraphs()
        ]
        return title, tuple(paragraphs)

    def explain(self, typed: str) -> Explained:
        """Return what becomes of a word that is typed; raise IndexUnusable where there is no index."""
        return explained(
            typed,
            self.today(),
            folder=self.folder,
            engine=self._engine,
            understanding=self._understanding,
            read=self._store().get_many,
        )

    def stats(self) -> ArchiveStats:
        """Return what the archive holds; an archive without a usable index has an index of size and sequence 0."""
        store = self._store()
        first, last = (None if d is None else day_of(d, self.settings.zone) for d in store.dates())
        try:
            indexed, index_bytes = self._engine.sequence(), self._engine.size_bytes()
        except IndexUnusable:
            indexed, index_bytes = 0, 0
        return ArchiveStats(
            articles=store.count(),
            first_date=first,
            last_date=last,
            sections=store.counts_by("section"),
            sources=store.counts_by("source"),
            sequence=store.sequence(),
            indexed_sequence=indexed,
            store_bytes=self.folder.store.stat().st_size,
            index_bytes=index_bytes,
            engine=self._engine.name,
        )

    def progress(self) -> tuple[int, int, int]:
        """Return how many articles the store holds, the number of its last change, and of the last that the index knows."""
        store = self._store()
        return store.count(), store.sequence(), self._engine.sequence()

    def state(self) -> tuple[object, ...]:
        """Return what changes with anything that answers are made of: index, store, files of the archivist, and the day.

        Raises IndexUnusable where there is no index.
        """
        folder = self.folder
        files = (folder.wordbook, folder.exceptions, folder.people, folder.topics)
        return (*self._engine.state(), self._store().sequence(), *map(stamp_of, files), self.today())

    def roll(self) -> Sequence[str]:
        """Return the ids of all articles that readers may see, withdrawn ones left out, by time of publication, undated first.

        Raises IndexUnusable where there is no index.
        """
        return self._engine.roll()

    def changed(self, article_ids: Sequence[str]) -> Mapping[str, datetime]:
        """Return when these articles were last written, by id; those that are not there are left out."""
        return self._store().changed(article_ids)

    def id(self) -> UUID:
        """Return what tells this archive from all others, whatever its title and its address."""
        return self._store().archive_id()

    def today(self) -> date:
        """Return the day it is in the archive's zone."""
        return datetime.now(self.settings.zone).date()

    def _store(self) -> ArticleStore:
        """Return this thread's connection to the store."""
        store: ArticleStore | None = getattr(self._local, "store", None)
        if store is not None and store.is_outdated():
            store.close()
            store = None
        if store is None:
            store = self._local.store = ArticleStore(self.folder.store, readonly=True)
        return store

    def _under_embargo(self, article: Article) -> bool:
        if article.status is not Status.EMBARGOED:
            return False
        return article.date is None or instant_of(article.date, self.settings.zone) > datetime.now(UTC)

    def _told(self, query: Query) -> tuple[int, bool]:
        """Return how many articles a search finds, and whether it had to be relaxed for that."""
        found = self.ranking(query, 0)
        return found.total, found.relaxed

    def _count(self, text: str) -> int:
        """Return how many articles have all that `text` asks for."""
        return self._understanding.count(Query(text), self.today())

    def read(self, text: str) -> Node:
        """Return the tree that `text` is read as."""
        return self._understanding.read(text, self.today())


def _hit(article: Article, score: float, leaves: list[Leaf], asked: Understood) -> Hit:
    searched = Indexable.of(article).body  # as long as the body, or empty
    marks = {
        Field.TITLE: marks_in(article.title, leaves, Field.TITLE, asked.analyzer),
        Field.BODY: marks_in(searched, leaves, Field.BODY, asked.analyzer),
    }
    return Hit(
        article_id=article.id,
        title=highlighted(article.title, marks[Field.TITLE]),
        date=article.date,
        section=article.section,
        source=next(iter(names_of(article)[SOURCE]), None),
        authors=article.authors,
        people=(),
        topics=(),
        url=article.url,
        language=article.language,
        status=article.status,
        corrections=article.corrections,
        score=score,
        snippets=snippets_of(article.body if searched else "", marks[Field.BODY]),
        why=reasons(article, leaves, asked.expansion.typed, marks, asked.expansion.kinds),
    )


def _is_plain(tree: Node) -> bool:
    """Say whether a query is words and quotations alone, without operators and fields."""
    match tree:
        case And(children):
            return all(map(_is_plain, children))
        case Term(field=Field.TEXT, exact=False) | Phrase(field=Field.TEXT, slop=None):
            return True
    return False


def _with_entries(hit: Hit, people: tuple[Entry, ...], topics: tuple[Entry, ...], named: Sequence[Named]) -> Hit:
    """Return the hit with its persons and topics; that one was asked for is a reason even where the text has no word of it."""
    told = {why.kind for why in hit.why}
    labels = {(Field(entry.field.value), entry.slug): entry.label for entry in (*people, *topics)}
    unsaid = [
        Why(KINDS[node.typed.field], unparse(node.typed), labels[node.typed.field, node.slug])
        for node in named
        if KINDS[node.typed.field] not in told and (node.typed.field, node.slug) in labels
    ]
    return replace(hit, people=people, topics=topics, why=(*hit.why, *unsaid))


def _facet(name: str, counts: Mapping[str, int], query: Query) -> Facet:
    """Return the facet with the values that limit the query marked, spelled as the query has them, even where nothing has them."""
    limited = name in NAME_FACETS
    asked = {fold_value(value): value for value in query.limits().get(FilterField(name), ())} if limited else {}
    values: list[FacetValue] = []
    for place, (value, count) in enumerate(sorted(counts.items(), key=lambda item: (-item[1], item[0]))):
        typed = asked.pop(fold_value(value), None) if asked else None
        if typed is not None or place < FACET_VALUES or not limited:
            values.append(FacetValue(typed or value, _label(name, value), count, selected=typed is not None))
    values += [FacetValue(typed, typed, 0, selected=True) for typed in asked.values()]
    return Facet(name, tuple(values))


def _entry_facet(name: str, found: Found, query: Query) -> Facet:
    """Return the facet of persons or topics with those that limit the query marked, even where nothing has them."""
    counts, labels = found.facets[name], found.labels[name]
    asked = query.limits().get(FilterField(name), ())
    slugs = dict.fromkeys([*sorted(counts, key=lambda slug: (-counts[slug], slug)), *asked])
    values = (FacetValue(slug, labels.get(slug, slug), counts.get(slug, 0), selected=slug in asked) for slug in slugs)
    return Facet(name, tuple(values))


def _cut_text(leaf: Leaf, typed: str) -> str:
    """Return what readers are told of a leaf that a limit cut short."""
    if isinstance(leaf, Phrase):
        return _("the words of %(typed)s stand in too many places; only a part of them was compared", typed=typed)
    most = MAX_EXPANSIONS
    return _(
        "'%(typed)s' stands for too many words; only the %(most)d most frequent were searched", typed=typed, most=most
    )


def _label(facet: str, value: str) -> str:
    return _month_name(value, language()) if facet == "month" else value


@lru_cache(maxsize=4_096)  # an archive of a century has 1,200 months, and each answer names them
def _month_name(month: str, locale: str) -> str:
    return format_date(date.fromisoformat(f"{month}-01"), "MMMM yyyy", locale=locale)
