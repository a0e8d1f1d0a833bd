"""Entries of one kind, persons or topics, as arrays: which documents have which, numbered over all segments, most frequent first.

They are gathered in any order and numbered at the end, when it is known how frequent each is and what its label is.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TypeAlias

import numpy as np

from index.postingsfile import runs
from search.arrays import Ints, Mask
from search.query import FilterField
from search.results import Entry
from search.segment_words import NameColumn
from search.segments import SegmentView

NOWHERE = -1
Pairs: TypeAlias = tuple[Ints, Ints]  # documents and the entries that they have, side by side
NO_PAIRS: Pairs = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class EntryColumn:
    """Of one segment, which documents have which entries: `numbers[k]` is of document `documents[k]`; documents ascend, each
    has an entry once."""

    documents: Ints
    numbers: Ints
    starts: Ints  # of each document, and one more

    @classmethod
    def of(cls, size: int, documents: Ints, numbers: Ints, entries: int) -> "EntryColumn":
        """Return the column of a segment of `size` documents from pairs in any order, repeated or not."""
        pairs = np.unique(documents.astype(np.int64) * max(entries, 1) + numbers)
        having, what = np.divmod(pairs, max(entries, 1))
        starts = np.searchsorted(having, np.arange(size + 1))
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
    """The entries of one kind: their slugs, labels and columns, one a segment.

    `of_values` has for each segment the entry of each raw value, `NOWHERE` for one that is none.
    """

    def __init__(
        self, field: FilterField, names: "Names", columns: Sequence[EntryColumn], of_values: Sequence[Ints]
    ) -> None:
        self.field = field
        self.slugs, self.labels, self.recorded = names.slugs, names.labels, names.recorded
        self.columns, self.of_values = columns, of_values
        self.numbers = {slug: number for number, slug in enumerate(names.slugs)}

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


class Names:
    """Entries while they are gathered: numbered as they come, candidates by what their spellings have in common."""

    def __init__(self, slug_of: Callable[[str], str], reserved: frozenset[str] = frozenset()) -> None:
        """Take what makes slugs of names, and those that are `reserved`: of refused records, which are no candidate's."""
        self._slug_of, self._reserved = slug_of, reserved
        self.slugs: list[str] = []
        self.labels: list[str] = []
        self.recorded: list[bool] = []
        self.keys: dict[str, int] = {}
        self.by_slug: dict[str, int] = {}
        self._first: dict[int, tuple[str, int]] = {}  # of each candidate, slug and articles of its first spelling
        self._spellings: dict[int, Counter[str]] = {}  # of those that have several

    def add_recorded(self, slug: str, label: str) -> None:
        """Add an entry of the archivist's files."""
        self.by_slug[slug] = len(self.slugs)
        self.slugs.append(slug)
        self.labels.append(label)
        self.recorded.append(True)

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
            self.by_slug[self.slugs[number]] = number

    def _free(self, slug: str) -> str:
        return next(free for free in _numbered(slug) if free not in self.by_slug and free not in self._reserved)

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
    """Yield a slug, then the same with numbers."""
    yield slug
    yield from (f"{slug}-{number}" for number in count(2))


def _pairs(view: SegmentView, column: NameColumn, numbers: Ints, more: Pairs) -> Pairs:
    """Return the documents, but deleted ones, and the entries that they have, side by side.

    `numbers` are the entries of raw values, `more` pairs of the same kind, which may be of deleted documents.
    """
    documents, codes = column.codes_of_documents()
    found = numbers[codes]
    documents, found = np.concatenate([documents, more[0]]), np.concatenate([found, more[1]])
    kept = found != NOWHERE
    if view.live is not None:
        kept &= view.live[documents]
    return documents[kept], found[kept]


def table_of(
    field: FilterField,
    names: Names,
    views: Sequence[SegmentView],
    of_values: Sequence[Ints],
    more: Sequence[Pairs],
) -> EntryTable:
    """Return the table of the documents with these raw values, and of `more` pairs of documents and entries, both by segment.

    Entries are numbered anew, most frequent first.
    """
    pairs = [
        _pairs(view, view.arrays.names(field.value), numbers, others)
        for view, numbers, others in zip(views, of_values, more, strict=True)
    ]
    names.settle()
    entries = len(names.slugs)
    counts = np.zeros(entries, dtype=np.int64)
    for _documents, numbers in pairs:
        counts += np.bincount(numbers, minlength=entries)
    new = names.reorder(np.argsort(-counts, kind="stable").tolist())
    columns = [
        EntryColumn.of(view.arrays.count, documents, new[numbers], entries)
        for view, (documents, numbers) in zip(views, pairs, strict=True)
    ]
    renumbered = np.append(new, NOWHERE)  # whose last one `NOWHERE` leads to
    return EntryTable(field, names, columns, [renumbered[numbers] for numbers in of_values])
