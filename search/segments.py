"""Whoosh segments as numpy arrays: posting lists, positions and columns, each decoded once and kept while the segment lives.

Whoosh's readers share file positions between threads, so every read of one happens under the segment's lock; the arrays
are never changed and need none.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from whoosh.codec.base import Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader, TermNotFound

from index import schema
from search.slips import words_alike

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

POSTINGS_KEPT = 4_000_000  # postings, 16 bytes each, that one segment keeps decoded
POSITIONS_KEPT = 4_000_000  # positions, 8 bytes each
PREFIX_READ = 5_000  # tokens read for one prefix; what a shorter one would add is left out


@dataclass(frozen=True, slots=True)
class PostingList:
    """The documents that hold a token, ascending, and how often each does."""

    documents: Ints
    frequencies: Ints


@dataclass(frozen=True, slots=True)
class PositionList:
    """The positions of a token: those of `documents[i]` are `positions[starts[i]:starts[i + 1]]`, ascending."""

    documents: Ints
    starts: Ints
    positions: Ints


@dataclass(frozen=True, slots=True)
class NameColumn:
    """The values of a name field: those of document d are `values[c]` for c in `codes[starts[d]:starts[d + 1]]`."""

    values: tuple[str, ...]
    codes: Ints
    starts: Ints

    def documents_with(self, wanted: Sequence[int]) -> Mask:
        """Return a mask of the documents that have any of the values with these codes."""
        mask: Mask = np.zeros(len(self.starts) - 1, dtype=np.bool_)
        hits = np.flatnonzero(np.isin(self.codes, np.asarray(wanted, dtype=np.int64)))
        mask[np.searchsorted(self.starts, hits, side="right") - 1] = True
        return mask

    def counts(self, documents: Ints) -> Ints:
        """Return for each value how many of these documents have it."""
        if len(documents) == len(self.starts) - 1:
            return np.bincount(self.codes, minlength=len(self.values))
        widths = self.starts[documents + 1] - self.starts[documents]
        ends = np.cumsum(widths)
        places = np.arange(int(widths.sum())) + np.repeat(self.starts[documents] - (ends - widths), widths)
        return np.bincount(self.codes[places], minlength=len(self.values))


_EMPTY = np.empty(0, dtype=np.int64)
NO_POSTINGS = PostingList(_EMPTY, _EMPTY)
NO_POSITIONS = PositionList(_EMPTY, np.zeros(1, dtype=np.int64), _EMPTY)


class SegmentArrays:
    """One segment, opened. Deletions are not its concern: its arrays may hold deleted documents."""

    def __init__(self, storage: FileStorage, segment: Segment) -> None:
        self.count: int = segment.doc_count_all()
        self._lock = threading.Lock()
        self._reader = SegmentReader(storage, schema.SCHEMA, segment)
        self._postings: OrderedDict[tuple[str, str], PostingList] = OrderedDict()
        self._postings_kept = 0
        self._positions: OrderedDict[tuple[str, str], PositionList] = OrderedDict()
        self._positions_kept = 0

    def close(self) -> None:
        """Close the segment's files."""
        with self._lock:
            self._reader.close()

    def postings(self, field: str, token: str) -> PostingList:
        """Return the documents with `token` in `field`."""
        key = (field, token)
        with self._lock:
            known = self._postings.get(key)
            if known is None:
                known = self._read_postings(field, token)
                self._postings[key] = known
                self._postings_kept += len(known.documents)
                while self._postings_kept > POSTINGS_KEPT and len(self._postings) > 1:
                    _key, oldest = self._postings.popitem(last=False)
                    self._postings_kept -= len(oldest.documents)
            else:
                self._postings.move_to_end(key)
            return known

    def positions(self, field: str, token: str) -> PositionList:
        """Return where `token` stands in `field`."""
        key = (field, token)
        with self._lock:
            known = self._positions.get(key)
            if known is None:
                known = self._read_positions(field, token)
                self._positions[key] = known
                self._positions_kept += len(known.positions)
                while self._positions_kept > POSITIONS_KEPT and len(self._positions) > 1:
                    _key, oldest = self._positions.popitem(last=False)
                    self._positions_kept -= len(oldest.positions)
            else:
                self._positions.move_to_end(key)
            return known

    def tokens_from(self, field: str, prefix: str) -> Iterator[tuple[str, int]]:
        """Yield the tokens of `field` that begin with `prefix`, in order, with the number of documents of each.

        What is yielded was read at once under the lock, at most `PREFIX_READ` tokens.
        """
        with self._lock:
            found = []
            for token in self._reader.expand_prefix(field, prefix):
                found.append((token.decode(), int(self._reader.doc_frequency(field, token))))
                if len(found) == PREFIX_READ:
                    break
        yield from found

    def tokens_within(self, field: str, surface: str, distance: int) -> list[tuple[str, int]]:
        """Return the tokens of `field` spelled like `surface` (at most `distance` slips), with the number of documents of each."""
        with self._lock:
            near = list(words_alike(self._reader.cursor(field), surface, distance))
            return [(token, int(self._reader.doc_frequency(field, token))) for token in near]

    def numbers(self, name: str) -> Ints:
        """Return a numeric column, one number a document."""
        return self._numbers[name]

    def names(self, field: str) -> NameColumn:
        """Return the values of a name field."""
        return self._names[field]

    @cached_property
    def article_ids(self) -> list[str]:
        """The article id of each document."""
        with self._lock:
            column = self._reader.column_reader(schema.LABEL)
            return [bytes(column[number]).decode() for number in range(self.count)]

    @cached_property
    def _numbers(self) -> dict[str, Ints]:
        wanted = (schema.TITLE_LENGTH, schema.BODY_LENGTH, schema.DAY, schema.INSTANT, schema.STATUS)
        with self._lock:
            return {name: self._read_numbers(name) for name in wanted}

    @cached_property
    def _names(self) -> dict[str, NameColumn]:
        with self._lock:
            return {field: self._read_names(field) for field in schema.NAME_FIELDS}

    def _read_numbers(self, name: str) -> Ints:
        column = self._reader.column_reader(name)
        return np.fromiter((column[number] for number in range(self.count)), dtype=np.int64, count=self.count)

    def _read_names(self, field: str) -> NameColumn:
        column = self._reader.column_reader(field + schema.VALUES_SUFFIX)
        codes: dict[str, int] = {}
        flat: list[int] = []
        starts = [0]
        for number in range(self.count):
            joined = bytes(column[number]).decode()
            if joined:
                flat.extend(codes.setdefault(value, len(codes)) for value in joined.split(schema.VALUE_SEPARATOR))
            starts.append(len(flat))
        return NameColumn(tuple(codes), np.asarray(flat, dtype=np.int64), np.asarray(starts, dtype=np.int64))

    def _read_postings(self, field: str, token: str) -> PostingList:
        try:
            matcher = self._reader.postings(field, token)
        except TermNotFound:
            return NO_POSTINGS
        documents, frequencies = [], []
        while matcher.is_active():
            documents.append(matcher.id())
            frequencies.append(matcher.weight())
            matcher.next()
        return PostingList(np.asarray(documents, dtype=np.int64), np.asarray(frequencies, dtype=np.int64))

    def _read_positions(self, field: str, token: str) -> PositionList:
        try:
            matcher = self._reader.postings(field, token)
        except TermNotFound:
            return NO_POSITIONS
        documents: list[int] = []
        flat: list[int] = []
        starts = [0]
        while matcher.is_active():
            documents.append(matcher.id())
            flat.extend(matcher.value_as("positions"))
            starts.append(len(flat))
            matcher.next()
        return PositionList(*(np.asarray(column, dtype=np.int64) for column in (documents, starts, flat)))


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A segment as one commit sees it: its arrays, and which of its documents are not deleted."""

    arrays: SegmentArrays
    live: Mask

    @property
    def live_count(self) -> int:
        """How many documents are not deleted."""
        return int(np.count_nonzero(self.live))


def live_mask(segment: Segment) -> Mask:
    """Return the mask of a segment's documents that are not deleted."""
    mask: Mask = np.ones(int(segment.doc_count_all()), dtype=np.bool_)
    if segment.has_deletions():
        mask[list(segment.deleted_docs())] = False
    return mask
