"""Who and what the articles of an index name: the census of its persons and topics, made anew when the archivist's files change.

The index holds raw names. Here each becomes an entry, with an address and a preferred name: a person's record in the
authority file, else a candidate, whose spellings are one entry; a topic of the topics file, else what the import brought. What
is refused, or belongs to several persons, is no entry. Entries are numbered over all segments, most frequent first, and of
each segment is kept which documents have which, so that counts and limits look at arrays alone.
"""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from index import schema
from index.analysis import fold_value
from index.authority import Person
from index.namekeys import name_key, slug_of, slug_of_words, variant_key
from index.postingsfile import runs
from index.topics import topic_slug
from search.arrays import Ints, Mask
from search.highlights import leaves_of
from search.listed import Listed, TopicTree
from search.query import FilterField
from search.results import Entry
from search.segment_words import NameColumn, NameWords
from search.segments import SegmentView, seen
from search.tree import And, Field, Leaf, Named, Node, Not, Or, Phrase, Term, Word

NOWHERE = -1
SPELLINGS_TRIED = (
    10  # of raw names with the words typed, for each entry that is told: some are refused, some are one person
)
MATCHED = "topics matched"  # of a segment, which documents each topic's query matches

TopicSet = Callable[[TopicTree, int, "Census"], Ints]  # the documents of a segment that a topic's query matches
_INITIALS_APART = re.compile(r"\b(\w) (?=\w\b)")


@dataclass(frozen=True, slots=True)
class EntryColumn:
    """Of one segment, which documents have which entries: `numbers[k]` is of document `documents[k]`; documents ascend, each
    has an entry once."""

    documents: Ints
    numbers: Ints
    starts: Ints  # of each document, and one more

    @classmethod
    def of(cls, count: int, documents: Ints, numbers: Ints, entries: int) -> "EntryColumn":
        """Return the column of a segment of `count` documents from pairs in any order, repeated or not."""
        pairs = np.unique(documents.astype(np.int64) * max(entries, 1) + numbers)
        having, what = np.divmod(pairs, max(entries, 1))
        starts = np.searchsorted(having, np.arange(count + 1))
        return cls(having.astype(np.int32), what.astype(np.int32), starts)

    def of_document(self, document: int) -> list[int]:
        """Return the entries of a document, the most frequent first."""
        numbers: list[int] = self.numbers[self.starts[document] : self.starts[document + 1]].tolist()
        return numbers

    def counts(self, documents: Ints | None, entries: int) -> Ints:
        """Return for each entry how many of these documents, or of all, have it."""
        if documents is None:
            return np.bincount(self.numbers, minlength=entries)
        begins = self.starts[documents]
        return np.bincount(self.numbers[runs(begins, self.starts[documents + 1] - begins)], minlength=entries)

    def mask(self, wanted: Sequence[int]) -> Mask:
        """Return which documents have any of these entries."""
        mask: Mask = np.zeros(len(self.starts) - 1, dtype=np.bool_)
        for number in wanted:
            mask[self.documents[self.numbers == number]] = True
        return mask


class EntryTable:
    """The entries of one kind: their slugs, labels and columns, one a segment."""

    def __init__(self, field: FilterField, names: "_Names", columns: Sequence[EntryColumn]) -> None:
        self.field = field
        self.slugs, self.labels, self.recorded = names.slugs, names.labels, names.recorded
        self.columns = columns
        self._by_slug = {slug: number for number, slug in enumerate(names.slugs)}

    def number(self, slug: str) -> int | None:
        """Return the number of the entry with this slug."""
        return self._by_slug.get(slug)

    def entry(self, number: int, articles: int) -> Entry:
        """Return an entry that so many articles have."""
        return Entry(self.field, self.slugs[number], self.labels[number], articles, self.recorded[number])

    def counts(self, documents: Sequence[Ints | None]) -> Ints:
        """Return for each entry how many of these documents of the segments, or of all, have it."""
        entries = len(self.slugs)
        counts = np.zeros(entries, dtype=np.int64)
        for column, some in zip(self.columns, documents, strict=True):
            counts += column.counts(some, entries)
        return counts

    def most(self, counts: Ints, most: int, always: Iterable[int]) -> dict[str, int]:
        """Return the slugs of the most frequent entries, ties by slug, and of those `always` told, with their counts."""
        found = np.flatnonzero(counts)
        if len(found) > most:
            limit = np.partition(counts[found], len(found) - most)[len(found) - most]
            sure, tied = found[counts[found] > limit], found[counts[found] == limit]
            first = sorted(tied.tolist(), key=self.slugs.__getitem__)[: most - len(sure)]
            found = np.concatenate([sure, np.asarray(first, dtype=np.int64)])
        told = {self.slugs[number]: int(counts[number]) for number in found.tolist()}
        told |= {self.slugs[number]: int(counts[number]) for number in always if counts[number]}
        return told


class Census:
    """The persons and topics of one state of the index and of the archivist's files."""

    def __init__(self, views: Sequence[SegmentView], listed: Listed, topic_set: TopicSet) -> None:
        self.listed = listed
        self._views, self._topic_set = views, topic_set
        self._counted: dict[FilterField, tuple[int, Ints]] = {}
        self._listed_entries: dict[FilterField, tuple[Ints, tuple[Entry, ...]]] = {}
        self._candidates: dict[str, int] = {}  # of the persons without a record, by what their spellings have in common

    @cached_property
    def people(self) -> EntryTable:
        """The persons."""
        names = _Names(slug_of)
        for person in self.listed.authority.people:
            if not person.is_refused:
                names.add(person.slug, person.name, recorded=True)
        resolved = [self._resolved_people(view, names) for view in self._views]
        table = _table(FilterField.PERSON, names, self._views, resolved)
        self._candidates = names.keys
        return table

    def _resolved_people(self, view: SegmentView, names: "_Names") -> tuple[Ints, Ints]:
        """Return the documents and the entries of a segment's raw names, side by side."""
        column = view.arrays.names(schema.PERSON)
        keys = _keys_of(view)
        articles = _live_counts(view, column)
        numbers = np.full(len(column.values), NOWHERE, dtype=np.int64)
        for code, (key, variant) in enumerate(keys):
            found = self.listed.authority.resolve_keys(key, variant)
            if found is None:
                if key and articles[code]:
                    numbers[code] = names.candidate(
                        variant or key, column.values[code], articles[code], _slug_of_key(key)
                    )
            elif isinstance(found, Person) and not found.is_refused:
                numbers[code] = names.number_of(found.slug)
        return _pairs(view, column, numbers)

    @cached_property
    def topics(self) -> EntryTable:
        """The topics: those of the file by query and section, and what the import brought."""
        names = _Names(topic_slug)
        for topic in self.listed.topics:
            names.add(topic.slug, topic.label, recorded=True)
        pairs = [self._resolved_topics(place, view, names) for place, view in enumerate(self._views)]
        return _table(FilterField.TOPIC, names, self._views, pairs)

    def _resolved_topics(self, place: int, view: SegmentView, names: "_Names") -> tuple[Ints, Ints]:
        matched = view.arrays.derived(MATCHED, dict[TopicTree, Ints])
        for gone in set(matched) - set(self.listed.topics):
            del matched[gone]
        documents, numbers = [], []
        for number, topic in enumerate(self.listed.topics):
            found = self._documents_of(topic, place, matched)
            documents.append(found if view.live is None else found[view.live[found]])
            numbers.append(np.full(len(documents[-1]), number, dtype=np.int64))
        column = view.arrays.names(schema.TOPIC)
        articles = _live_counts(view, column)
        imported = np.full(len(column.values), NOWHERE, dtype=np.int64)
        for code, value in enumerate(column.values):
            slug = self.listed.topic_of(value) or topic_slug(value)
            if slug and names.has(slug):
                imported[code] = names.number_of(slug)
            elif slug and articles[code]:
                imported[code] = names.candidate(slug, value, articles[code], slug)
        own = _pairs(view, column, imported)
        return np.concatenate([*documents, own[0]]), np.concatenate([*numbers, own[1]])

    def _documents_of(self, topic: TopicTree, place: int, matched: dict[TopicTree, Ints]) -> Ints:
        """Return the documents of a segment that a topic's query matches; they stay the same unless it names persons."""
        tree = self._with_persons(topic.tree)
        if tree != topic.tree:
            return self._topic_set(replace(topic, tree=tree), place, self)
        if topic not in matched:
            matched[topic] = self._topic_set(topic, place, self).astype(np.int32)
        return matched[topic]

    def _with_persons(self, node: Node) -> Node:
        """Return the tree with persons in the place of their names."""
        match node:
            case And(children):
                return And(tuple(map(self._with_persons, children)))
            case Or(children):
                return Or(tuple(map(self._with_persons, children)))
            case Not(child):
                return Not(self._with_persons(child))
            case Term(field=Field.PERSON) | Phrase(field=Field.PERSON, slop=None):
                words = node.words if isinstance(node, Phrase) else (node.word,)
                number = self.find(FilterField.PERSON, " ".join(word.surface for word in words))
                return node if number is None else Named(self.people.slugs[number], node)
        return node

    def table(self, field: FilterField) -> EntryTable:
        """Return the entries of a kind."""
        return self.people if field is FilterField.PERSON else self.topics

    def find(self, field: FilterField, text: str) -> int | None:
        """Return the entry that a slug, a name or an alias means; initials may stand apart, as the words of a query do."""
        spelled = dict.fromkeys((text, _INITIALS_APART.sub(r"\1", text)))
        return next((number for one in spelled if (number := self._find(field, one)) is not None), None)

    def _find(self, field: FilterField, text: str) -> int | None:
        table = self.table(field)
        number = table.number(text)
        if number is not None:
            return number
        if field is FilterField.TOPIC:
            return table.number(self.listed.topic_of(text) or topic_slug(text))
        found = self.listed.authority.resolve(text)
        if found is not None:
            return table.number(found.slug) if isinstance(found, Person) and not found.is_refused else None
        return self._candidates.get(variant_key(text) or name_key(text))

    def mask(self, field: FilterField, texts: Iterable[str], place: int) -> Mask:
        """Return which documents of a segment have any of the entries that these slugs, names or aliases mean."""
        found = (self.find(field, text) for text in texts)
        return self.table(field).columns[place].mask([number for number in found if number is not None])

    def entries_of(self, field: FilterField, place: int, document: int) -> tuple[Entry, ...]:
        """Return the entries of one document, the most frequent in the archive first."""
        table, counts = self.table(field), self._counts(field)
        return tuple(table.entry(number, int(counts[number])) for number in table.columns[place].of_document(document))

    def leaves(self, field: FilterField, slug: str) -> tuple[Leaf, ...]:
        """Return the words by which articles name a person, or what a topic's query looks for."""
        analyzer = self.listed.analyzer
        if field is FilterField.TOPIC:
            trees = [topic.tree for topic in self.listed.topics if topic.slug == slug]
            return tuple(leaf for tree in trees for leaf in leaves_of(tree))
        record = self.listed.authority.record(slug)
        number = self.people.number(slug)
        names = record.names if record else (self.people.labels[number],) if number is not None else ()
        words = [tuple(Word(token.surface, None) for token in analyzer.words(name)) for name in names]
        return tuple(
            Term(several[0], exact=True) if len(several) == 1 else Phrase(several) for several in words if several
        )

    def entries(self, field: FilterField) -> tuple[Entry, ...]:
        """Return all entries of a kind that readers may see articles of, and recorded ones without any, by label."""
        return self._told(field)[1]

    def entry(self, field: FilterField, text: str) -> Entry | None:
        """Return the entry that a slug, a name or an alias means, None where there is none or no article readers may see."""
        number = self.find(field, text)
        if number is None:
            return None
        table = self.table(field)
        articles = int(self._counts(field)[number])
        return table.entry(number, articles) if articles or table.recorded[number] else None

    def spellings(self, slug: str) -> tuple[tuple[str, int], ...]:
        """Return the raw names of a person, each with the articles that have it, most frequent first."""
        number = self.find(FilterField.PERSON, slug)
        if number is None:
            return ()
        counts: Counter[str] = Counter()
        for view, some, numbers in zip(self._views, self._seen(), self._numbers_of_names, strict=True):
            column = view.arrays.names(schema.PERSON)
            raw = column.counts(some)
            for code in np.flatnonzero((numbers == number) & (raw > 0)).tolist():
                counts[column.values[code]] += int(raw[code])
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    @cached_property
    def _numbers_of_names(self) -> tuple[Ints, ...]:
        """Of each segment, the entry of every raw name of a person, `NOWHERE` of those that are none."""
        return tuple(
            np.fromiter((self._number_of(key, variant) for key, variant in _keys_of(view)), dtype=np.int64)
            for view in self._views
        )

    def _number_of(self, key: str, variant: str | None) -> int:
        found = self.listed.authority.resolve_keys(key, variant)
        if found is None:
            return self._candidates.get(variant or key, NOWHERE)
        number = self.people.number(found.slug) if isinstance(found, Person) and not found.is_refused else None
        return NOWHERE if number is None else number

    def labels(self, field: FilterField, slugs: Iterable[str]) -> dict[str, str]:
        """Return the preferred names of entries; a slug that is none of an entry stays without."""
        table = self.table(field)
        numbers = ((slug, table.number(slug)) for slug in slugs)
        return {slug: table.labels[number] for slug, number in numbers if number is not None}

    def values_from(
        self, field: FilterField, words: Sequence[str], most: int, *, whole: bool
    ) -> tuple[tuple[str, int], ...]:
        """Return the most frequent entries of which a name has these surface forms side by side, and in how many articles.

        They are told by their preferred names, whatever name it was; the last word may be the beginning of one, unless `whole`.
        """
        counts = self._counts(field)
        table, (recorded, slugs) = self.table(field), self._recorded_names[field]
        numbers = {table.number(slugs[code]) for code in recorded.codes_with(words, whole).tolist()}
        for view, some in zip(self._views, self._seen(), strict=True):
            codes = view.arrays.name_words(field.value).codes_with(words, whole)
            articles = view.arrays.names(field.value).counts(some)[codes]
            frequent = np.argsort(-articles, kind="stable")[: SPELLINGS_TRIED * most]
            numbers.update(self._number_of_value(field, view, code) for code in codes[frequent].tolist())
        found = [
            (table.labels[number], int(counts[number])) for number in numbers if number is not None and counts[number]
        ]
        return tuple(sorted(found, key=lambda item: (-item[1], item[0]))[:most])

    @cached_property
    def _recorded_names(self) -> dict[FilterField, tuple[NameWords, list[str]]]:
        """The words of the names that the archivist's files have, and the slug of whom or what each is a name of."""
        persons = (person for person in self.listed.authority.people if not person.is_refused)
        named = {
            FilterField.PERSON: [(name, person.slug) for person in persons for name in person.names],
            FilterField.TOPIC: [(topic.label, topic.slug) for topic in self.listed.topics],
        }
        return {
            field: (NameWords([name for name, _slug in pairs]), [slug for _name, slug in pairs])
            for field, pairs in named.items()
        }

    def _number_of_value(self, field: FilterField, view: SegmentView, code: int) -> int | None:
        if field is FilterField.PERSON:
            number = self._number_of(*_keys_of(view)[code])
            return None if number == NOWHERE else number
        return self.find(field, view.arrays.names(field.value).values[code])

    def _counts(self, field: FilterField) -> Ints:
        """Return how many articles that readers may see each entry has; what comes out of embargo counts within a minute."""
        minute = int(time.time()) // 60
        known = self._counted.get(field)
        if known is None or known[0] != minute:
            known = self._counted[field] = minute, self.table(field).counts(self._seen())
        return known[1]

    def _told(self, field: FilterField) -> tuple[Ints, tuple[Entry, ...]]:
        """Return the counts of the entries, and those that are told, by label."""
        counts = self._counts(field)
        known = self._listed_entries.get(field)
        if known is None or not np.array_equal(known[0], counts):
            table = self.table(field)
            numbers = np.flatnonzero((counts > 0) | np.asarray(table.recorded, dtype=np.bool_))
            found = [table.entry(number, int(counts[number])) for number in numbers.tolist()]
            entries = tuple(sorted(found, key=lambda entry: (fold_value(entry.label), entry.slug)))
            known = self._listed_entries[field] = counts, entries
        return known

    def _seen(self) -> list[Ints | None]:
        now = int(time.time())
        masks = [seen(view, now) for view in self._views]
        return [None if mask is None else np.flatnonzero(mask) for mask in masks]


class _Names:
    """Entries while they are gathered: numbered as they come, candidates by what their spellings have in common."""

    def __init__(self, slug_of: Callable[[str], str]) -> None:
        self._slug_of = slug_of
        self.slugs: list[str] = []
        self.labels: list[str] = []
        self.recorded: list[bool] = []
        self.keys: dict[str, int] = {}
        self._by_slug: dict[str, int] = {}
        self._first: dict[
            int, tuple[str, int]
        ] = {}  # of each candidate, the slug and the articles of its first spelling
        self._spellings: dict[int, Counter[str]] = {}  # of those that have several

    def has(self, slug: str) -> bool:
        """Say whether there is an entry with this slug."""
        return slug in self._by_slug

    def number_of(self, slug: str) -> int:
        """Return the number of the entry with this slug."""
        return self._by_slug[slug]

    def add(self, slug: str, label: str, *, recorded: bool = False) -> int:
        """Add an entry and return its number."""
        number = self._by_slug[slug] = len(self.slugs)
        self.slugs.append(slug)
        self.labels.append(label)
        self.recorded.append(recorded)
        return number

    def candidate(self, key: str, spelling: str, articles: int, slug: str) -> int:
        """Return the number of the candidate with this key, which so many articles spell so; the spelling has this slug."""
        number = self.keys.get(key)
        if number is None:
            number = self.keys[key] = len(self.slugs)
            self.slugs.append("")
            self.labels.append(spelling)
            self.recorded.append(False)
            self._first[number] = slug, articles
            return number
        spellings = self._spellings.get(number)
        if spellings is None:
            spellings = self._spellings[number] = Counter({self.labels[number]: self._first[number][1]})
        spellings[spelling] += articles
        return number

    def settle(self) -> None:
        """Give candidates the label that most articles have, and a slug that no other entry has."""
        for number, (first, _articles) in self._first.items():
            slug = first
            if spellings := self._spellings.get(number):
                self.labels[number] = min(spellings, key=lambda spelling: (-spellings[spelling], spelling))
                slug = self._slug_of(self.labels[number])
            self.slugs[number] = self._free(slug)
            self._by_slug[self.slugs[number]] = number

    def _free(self, slug: str) -> str:
        return (
            slug if slug and slug not in self._by_slug else next(s for s in _numbered(slug) if s not in self._by_slug)
        )

    def reorder(self, order: Sequence[int]) -> Ints:
        """Number the entries in this order instead; return the new number of each."""
        self.slugs, self.labels, self.recorded = (
            [self.slugs[old] for old in order],
            [self.labels[old] for old in order],
            [self.recorded[old] for old in order],
        )
        new = np.empty(len(order), dtype=np.int64)
        new[np.asarray(order, dtype=np.int64)] = np.arange(len(order))
        self.keys = {key: int(new[old]) for key, old in self.keys.items()}
        return new


def _numbered(slug: str) -> Iterator[str]:
    number = 2
    while True:
        yield f"{slug}-{number}" if slug else f"tokoh-{number}"
        number += 1


def _keys_of(view: SegmentView) -> Sequence[tuple[str, str | None]]:
    """Return what each of a segment's raw names of persons is compared by."""
    values = view.arrays.names(schema.PERSON).values
    return view.arrays.derived("person keys", lambda: [(name_key(value), variant_key(value)) for value in values])


def _slug_of_key(key: str) -> str:
    """Return `slug_of` of a name with this `name_key`."""
    return key.replace(" ", "-") if key.isascii() else slug_of_words(key.split())


def _live_counts(view: SegmentView, column: NameColumn) -> list[int]:
    """Return how many articles that are not deleted have each value: an entry is labelled by those that there are."""
    counts: list[int] = column.counts(None if view.live is None else np.flatnonzero(view.live)).tolist()
    return counts


def _pairs(view: SegmentView, column: NameColumn, numbers: Ints) -> tuple[Ints, Ints]:
    """Return the documents, but deleted ones, and the entries that they have, side by side."""
    documents, codes = column.codes_of_documents()
    found = numbers[codes] if len(codes) else np.zeros(0, dtype=np.int64)
    kept = found != NOWHERE
    if view.live is not None:
        kept &= view.live[documents]
    return documents[kept], found[kept]


def _table(
    field: FilterField, names: _Names, views: Sequence[SegmentView], pairs: Sequence[tuple[Ints, Ints]]
) -> EntryTable:
    """Return the table of these pairs of documents and entries, one list a segment; entries most frequent first."""
    names.settle()
    entries = len(names.slugs)
    counts = np.zeros(entries, dtype=np.int64)
    for _documents, numbers in pairs:
        counts += np.bincount(numbers, minlength=entries)
    new = names.reorder(np.argsort(-counts, kind="stable").tolist())
    columns = [
        EntryColumn.of(view.arrays.count, documents, new[numbers] if entries else numbers, entries)
        for view, (documents, numbers) in zip(views, pairs, strict=True)
    ]
    return EntryTable(field, names, columns)
