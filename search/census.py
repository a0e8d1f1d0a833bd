"""Who and what the articles of an index name: the census of its persons and topics, made anew when the archivist's files change.

The index holds raw names. Here each becomes an entry, with an address and a preferred name: a person's record in the
authority file, else a candidate, whose spellings are one entry; a topic of the topics file, else what the import brought. What
is refused, or belongs to several persons, is no entry. Entries are numbered over all segments, most frequent first, and of
each segment is kept which documents have which, so that counts and limits look at arrays alone.
"""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from index import schema
from index.analysis import fold_value
from index.authority import Person
from index.namekeys import name_key, slug_of, slug_of_words, variant_key
from index.topics import topic_slug
from search.arrays import Ints, Mask
from search.entrytable import NO_PAIRS, NOWHERE, EntryTable, Names, Pairs, table_of
from search.highlights import leaves_of
from search.listed import Listed, TopicTree
from search.query import FilterField
from search.results import Entry
from search.segment_words import NameColumn, NameWords
from search.segments import SegmentView, embargoes_ended, seen
from search.tree import Field, Leaf, Named, Node, Or, Phrase, Term, Word, with_named

# Raw names with the words typed that are looked at for each entry that is told: some are refused, some are one person.
SPELLINGS_TRIED = 10
MATCHED = "topics matched"  # of a segment, which documents each topic's query matches

TopicSet = Callable[[TopicTree, int, "Census"], Ints]  # the documents of a segment that a topic's query matches
_INITIALS_APART = re.compile(r"\b(\w) (?=\w\b)")


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
        people = self.listed.authority.people
        names = Names(slug_of, frozenset(person.slug for person in people if person.is_refused))
        for person in people:
            if not person.is_refused:
                names.add_recorded(person.slug, person.name)
        resolved = [self._resolved_people(view, names) for view in self._views]
        table = table_of(FilterField.PERSON, names, self._views, resolved, [NO_PAIRS] * len(resolved))
        self._candidates = names.keys
        return table

    def _resolved_people(self, view: SegmentView, names: Names) -> Ints:
        """Return the entry of each of a segment's raw names."""
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
                numbers[code] = names.by_slug[found.slug]
        return numbers

    @cached_property
    def topics(self) -> EntryTable:
        """The topics: those of the file by query and section, and what the import brought."""
        names = Names(topic_slug)
        for topic in self.listed.topics:
            names.add_recorded(topic.slug, topic.label)
        matched = [self._matched_topics(place, view) for place, view in enumerate(self._views)]
        imported = [self._imported_topics(view, names) for view in self._views]
        return table_of(FilterField.TOPIC, names, self._views, imported, matched)

    def _matched_topics(self, place: int, view: SegmentView) -> Pairs:
        """Return the documents of a segment that the topics of the file have, and those topics, side by side."""
        matched = view.arrays.derived(MATCHED, dict[TopicTree, Ints])
        for gone in set(matched) - set(self.listed.topics):
            matched.pop(gone, None)  # another thread may have been faster
        documents = [self._documents_of(topic, place, matched) for topic in self.listed.topics]
        numbers = np.repeat(np.arange(len(documents)), np.fromiter(map(len, documents), dtype=np.int64))
        return np.concatenate([NO_PAIRS[0], *documents]), numbers

    def _imported_topics(self, view: SegmentView, names: Names) -> Ints:
        """Return the entry of each of a segment's raw topics."""
        column = view.arrays.names(schema.TOPIC)
        articles = _live_counts(view, column)
        numbers = np.full(len(column.values), NOWHERE, dtype=np.int64)
        for code, value in enumerate(column.values):
            slug = self.listed.topic_of(value) or topic_slug(value)
            if slug in names.by_slug:
                numbers[code] = names.by_slug[slug]
            elif slug and articles[code]:
                numbers[code] = names.candidate(slug, value, articles[code], slug)
        return numbers

    def _documents_of(self, topic: TopicTree, place: int, matched: dict[TopicTree, Ints]) -> Ints:
        """Return the documents of a segment that a topic's query matches; they stay the same unless it names persons."""
        tree = with_named(topic.tree, (Field.PERSON,), self._person_named)
        if tree != topic.tree:
            return self._topic_set(replace(topic, tree=tree), place, self)
        found = matched.get(topic)
        if found is None:
            found = matched[topic] = self._topic_set(topic, place, self).astype(np.int32)
        return found

    def _person_named(self, leaf: Term | Phrase, name: str) -> Node:
        number = self.find(FilterField.PERSON, name)
        if number is None:
            return leaf if self.refused(name) is None else Or(())
        return Named(self.people.slugs[number], leaf)

    def table(self, field: FilterField) -> EntryTable:
        """Return the entries of a kind."""
        return self.people if field is FilterField.PERSON else self.topics

    def find(self, field: FilterField, text: str) -> int | None:
        """Return the entry that a slug, a name or an alias means; initials may stand apart, as the words of a query do."""
        return next((number for one in _spelled(text) if (number := self._find(field, one)) is not None), None)

    def refused(self, text: str) -> str | None:
        """Return the name of the record that says that a slug or name is no person's, None where none does."""
        authority = self.listed.authority
        found = (record for one in _spelled(text) for record in (authority.record(one), authority.resolve(one)))
        return next((one.name for one in found if isinstance(one, Person) and one.is_refused), None)

    def _find(self, field: FilterField, text: str) -> int | None:
        table = self.table(field)
        number = table.numbers.get(text)
        if number is not None:
            return number
        if field is FilterField.TOPIC:
            return table.numbers.get(self.listed.topic_of(text) or topic_slug(text))
        found = self.listed.authority.resolve(text)
        if found is not None:
            return table.numbers.get(found.slug) if isinstance(found, Person) and not found.is_refused else None
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
        number = self.people.numbers.get(slug)
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
        for view, some, numbers in zip(self._views, self._seen(), self.people.of_values, strict=True):
            column = view.arrays.names(schema.PERSON)
            raw = column.counts(some)
            for code in np.flatnonzero((numbers == number) & (raw > 0)).tolist():
                counts[column.values[code]] += int(raw[code])
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def labels(self, field: FilterField, slugs: Iterable[str]) -> dict[str, str]:
        """Return the preferred names of entries that `entry` would tell; a slug that is none of theirs stays without."""
        table, counts = self.table(field), self._counts(field)
        numbers = ((slug, table.numbers.get(slug)) for slug in slugs)
        return {slug: table.labels[n] for slug, n in numbers if n is not None and (counts[n] or table.recorded[n])}

    def values_from(
        self, field: FilterField, words: Sequence[str], most: int, *, whole: bool
    ) -> tuple[tuple[str, int], ...]:
        """Return the most frequent entries of which a name has these surface forms side by side, and in how many articles.

        They are told by their preferred names, whatever name it was; the last word may be the beginning of one, unless `whole`.
        """
        counts = self._counts(field)
        table, (recorded, slugs) = self.table(field), self._recorded_names[field]
        numbers = {table.numbers[slugs[code]] for code in recorded.codes_with(words, whole).tolist()}
        for view, some, of_values in zip(self._views, self._seen(), table.of_values, strict=True):
            codes = view.arrays.name_words(field.value).codes_with(words, whole)
            articles = view.arrays.names(field.value).counts(some)[codes]
            frequent = np.argsort(-articles, kind="stable")[: SPELLINGS_TRIED * most]
            numbers.update(of_values[codes[frequent]].tolist())
        found = [(table.labels[n], int(counts[n])) for n in numbers if n != NOWHERE and counts[n]]
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

    def _counts(self, field: FilterField) -> Ints:
        """Return how many articles that readers may see each entry has, counted anew when an embargo has ended."""
        ended = embargoes_ended(self._views, int(time.time()))
        known = self._counted.get(field)
        if known is None or known[0] != ended:
            known = self._counted[field] = ended, self.table(field).counts(self._seen())
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


def _spelled(text: str) -> Iterable[str]:
    """Return a name as it was typed, and with initials joined that stand apart, as the words of a query do."""
    return dict.fromkeys((text, _INITIALS_APART.sub(r"\1", text)))


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
