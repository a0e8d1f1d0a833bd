"""Segments of the index as arrays: terms, columns and masks, each derived once and kept while the segment lives.

The arrays are views of mapped files or are made once and never changed, so threads share them without locks; only the table
of what is kept has one.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt
from whoosh.codec.base import Segment
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage

from index import schema
from index.article import Status
from index.columns import TextColumn, names_in, read_numbers
from index.postings import ArrayTermsReader, segment_path
from index.postingsfile import TermPostings
from search import ranking
from search.arrays import Documents, Floats, Ints, Leads, Mask
from search.segment_words import FrequentWords, NameColumn, NameWords, PlainWords
from search.slips import words_alike

Kind = TypeVar("Kind")

DERIVED_BYTES = 120  # that what a segment's terms have derived may take for each of its documents: 120 MB at a million
LEAST_BYTES = 4 << 20  # in a small segment
WEIGHED_EVERY = 100  # terms that were not there; to weigh all that are takes milliseconds
LOOKED_UP = 5  # a look-up by binary search takes the time of putting so many documents into a table
_EMBARGOED = schema.STATUSES.index(Status.EMBARGOED)
TABLE = 64  # numbers of a table for each look-up; one for few look-ups costs more to make than they take
MASKS_KEPT = 32  # of limits, a segment; an archive is looked through one section, one year after another
PREFIX_READ = 5_000  # tokens read for one prefix; what a shorter one would add is left out
FREQUENT_SHARE = 20_000  # documents of which one has a frequent word: about 85,000 words, however large the segment
DENSE = 32  # a term that every 32nd document or more have is looked up in a mask, others by binary search


class Zone(IntEnum):
    """Which part of a document counts: `HEAD` the title, `BODY` the body, `ALL` both, `NAME` a field of names."""

    ALL = 0
    HEAD = 1
    BODY = 2
    NAME = 3


@dataclass(frozen=True, slots=True)
class Norms:
    """What an occurrence is worth in each document of a segment: weighted, and normalised by the length of title and body."""

    heads: Floats
    bodies: Floats


class _Having(Protocol):
    def has(self, documents: Documents) -> Mask: ...


class TermList:
    """The documents of one segment that have a term, deleted ones too, and what the term is worth in each."""

    def __init__(self, postings: TermPostings, documents: int, zone: Zone) -> None:
        self.postings = postings
        self._count = documents
        self._zone = zone
        self._kept: Ints | None = None  # the places of the postings that are of the zone
        if zone in (Zone.HEAD, Zone.BODY):
            of_zone = postings.heads if zone == Zone.HEAD else postings.bodies
            self._kept = np.flatnonzero(of_zone)
        self.documents: Documents = postings.documents if self._kept is None else postings.documents[self._kept]
        self._shares: tuple[Norms, Floats, float] | None = None
        self._beyond: tuple[_Having, Documents] | None = None
        self._bytes = 1_000 if self._kept is None else 1_000 + self._kept.nbytes + self.documents.nbytes

    def __len__(self) -> int:
        """Return how many documents have the term."""
        return len(self.documents)

    @property
    def bytes(self) -> int:
        """How much memory what has been derived takes."""
        return self._bytes + (4 * len(self.documents) if "starts" in self.postings.__dict__ else 0)

    @property
    def is_plain(self) -> bool:
        """Whether the term stands in the text and the file has its exact numbers side by side with those of others."""
        return self._zone is Zone.ALL and not self.postings.is_wide

    @property
    def is_dense(self) -> bool:
        """Whether so many documents have the term that a mask is worth its memory."""
        return len(self.documents) * DENSE >= self._count

    @cached_property
    def mask(self) -> Mask:
        """A mask of the documents that have the term."""
        mask: Mask = np.zeros(self._count, dtype=np.bool_)
        mask[self.documents.astype(np.intp)] = True
        self._bytes += mask.nbytes
        return mask

    def has(self, documents: Documents) -> Mask:
        """Say for each of these documents whether it has the term."""
        if self.is_dense and ("mask" in self.__dict__ or len(documents) * LOOKED_UP > len(self.documents)):
            found: Mask = self.mask[documents]
            return found
        return places_in(self.documents, documents)[1]

    def frequencies(self, norms: Norms, places: Ints | None = None) -> Floats:
        """Return the normalised frequencies at these places of the list, or at all."""
        if places is None:
            documents, kept = self.documents, self._kept
        else:
            documents, kept = self.documents[places], places if self._kept is None else self._kept[places]
        heads = self.postings.heads if kept is None else self.postings.heads[kept]
        bodies = self.postings.bodies if kept is None else self.postings.bodies[kept]
        if self._zone == Zone.NAME:
            return heads.astype(np.float64) + bodies
        rows = documents.astype(np.intp)
        found: Floats = np.zeros(len(rows)) if self._zone is Zone.HEAD else bodies * norms.bodies.take(rows)
        if self._zone is not Zone.BODY:
            titled = np.flatnonzero(heads)  # few: a word stands in more texts than titles
            found[titled] += heads[titled] * norms.heads.take(rows[titled])
        return found

    def beyond(self, other: "_Having") -> Documents:
        """Return the documents that have this term but do not match `other`, its stem.

        Those of a joined spelling, and those that were indexed when the word was held for a name or for a form of another root.
        """
        known = self._beyond
        if known is None or known[0] is not other:
            self._bytes -= 0 if known is None else known[1].nbytes
            known = self._beyond = (other, self.documents[~other.has(self.documents)])
            self._bytes += known[1].nbytes
        return known[1]

    def leads(self, places: Ints | None = None) -> Leads | None:
        """Return how early the term stands at these places of the list, or at all; None where that does not count."""
        if self._zone is not Zone.ALL:
            return None
        return self.postings.leads if places is None else self.postings.leads[places]

    def shares(self, norms: Norms) -> Floats:
        """Return what the term is worth in each document, before idf."""
        known = self._shares
        if known is None or known[0] is not norms:
            shares = ranking.shares(self.frequencies(norms), self.leads())
            self._bytes += shares.nbytes if known is None else 0
            known = self._shares = (norms, shares, float(shares.max(initial=0.0)))
        return known[1]

    def shares_at(self, norms: Norms, places: Ints) -> Floats:
        """Return the shares at these places of `documents`."""
        known = self._shares
        if known is not None and known[0] is norms:
            return known[1][places]
        return ranking.shares(self.frequencies(norms, places), self.leads(places))

    def bound(self, norms: Norms) -> float:
        """Return a number that no share is above: the greatest, once they are known."""
        known = self._shares
        return known[2] if known is not None and known[0] is norms else ranking.MOST_SHARE


def places_in(ascending: Documents, wanted: Documents) -> tuple[Ints, Mask]:
    """Return for each wanted number, which ascend too, its place in an ascending list, and whether it is there at all.

    Many documents are looked up in a table, which is made in the time of a few look-ups for each that it holds.
    """
    if not len(ascending) or not len(wanted):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=np.bool_)
    last = int(max(ascending[-1], wanted[-1]))
    if last < len(wanted) * TABLE and len(wanted) * LOOKED_UP > len(ascending) and ascending.dtype == np.uint32:
        table = np.zeros(last + 1, dtype=np.int32)
        table[ascending.astype(np.intp)] = np.arange(len(ascending), dtype=np.int32)
        places = table.take(wanted.astype(np.intp)).astype(np.int64)
    else:
        places = np.searchsorted(ascending, wanted)
        places[places == len(ascending)] = 0
    return places, ascending[places] == wanted


class SegmentArrays:
    """One segment, opened. Deletions are not its concern: its arrays may hold deleted documents."""

    def __init__(self, storage: FileStorage, segment: Segment) -> None:
        self.count = int(segment.doc_count_all())
        self._storage, self._segment = storage, segment
        self._reader = ArrayTermsReader(segment.codec(), storage, segment)
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str, Zone], TermList | None] = OrderedDict()
        self._misses = 0
        self._limits: dict[tuple[str, tuple[str, ...]], Mask] = {}  # the one asked for last at the end
        self._norms: tuple[tuple[float, float], Norms] | None = None
        self._derived: dict[object, object] = {}

    def term(self, field: str, token: str, zone: Zone) -> TermList | None:
        """Return the documents with `token` in a zone of `field`, None where there are none."""
        key = (field, token, zone)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                found = self._kept[key]
            else:
                self._make_room()
                found = self._kept[key] = self._list_of(field, token, zone)
            return found

    def shares(self, numbers: Ints, rows: npt.NDArray[np.intp], norms: Norms) -> Floats:
        """Return what postings of plain terms are worth, by their numbers in the file, each in the document of its row."""
        sections = self._reader.sections
        frequencies = sections.bodies[numbers] * norms.bodies.take(rows)
        frequencies += sections.heads[numbers] * norms.heads.take(rows)
        return ranking.shares(frequencies, sections.leads[numbers])

    def forget_pages(self) -> None:
        """Give back the memory of the pages that were read from the mapped files."""
        self._reader.forget_pages()

    def _list_of(self, field: str, token: str, zone: Zone) -> TermList | None:
        info = self._reader.info(field, token.encode())
        if info is None:
            return None
        return TermList(self._reader.postings(info), self.count, zone)

    def _make_room(self) -> None:
        """Now and then, forget the terms asked for longest ago where what terms have derived takes too much memory."""
        self._misses += 1
        if self._misses % WEIGHED_EVERY:
            return
        used = sum(found.bytes if found is not None else 200 for found in self._kept.values())
        while used > max(DERIVED_BYTES * self.count, LEAST_BYTES) and self._kept:
            _key, oldest = self._kept.popitem(last=False)
            used -= oldest.bytes if oldest is not None else 200

    def tokens_from(self, field: str, prefix: str) -> tuple[list[tuple[str, int]], bool]:
        """Return the tokens of `field` that begin with `prefix`, each with its number of documents, and whether these are all.

        At most `PREFIX_READ` are read.
        """
        begin = prefix.encode()
        found: list[tuple[str, int]] = []
        for token, info in islice(self._reader.infos_from(field, begin), PREFIX_READ + 1):
            if not token.startswith(begin):
                return found, True
            found.append((token.decode(), info.documents))
        return found[:PREFIX_READ], len(found) <= PREFIX_READ

    def document_counts(self, field: str, tokens: Iterable[str]) -> dict[str, int]:
        """Return those of the tokens that `field` has, each with its number of documents."""
        infos = ((token, self._reader.info(field, token.encode())) for token in tokens)
        return {token: info.documents for token, info in infos if info is not None}

    def frequent_words(self) -> FrequentWords:
        """Return the words of title and body that many documents have."""
        least = max(1, self.count // FREQUENT_SHARE)
        return self.derived("frequent words", lambda: FrequentWords(*self._reader.frequent(schema.SURFACE, least)))

    def plain_words(self) -> PlainWords:
        """Return the frequent words of ASCII letters, to compare with a misspelling."""
        return self.derived("plain words", lambda: PlainWords(self.frequent_words()))

    def tokens_within(self, field: str, surface: str, distance: int) -> list[tuple[str, int]]:
        """Return the tokens spelled like `surface` (at most `distance` slips), each with its number of documents."""
        near = list(words_alike(self._reader.cursor(field, schema.SCHEMA[field]), surface, distance))
        return [(token, self._reader.doc_frequency(field, token.encode())) for token in near]

    def numbers(self, name: str) -> Ints:
        """Return a numeric column, one number a document."""
        code, default = schema.NUMBERS[name]
        return self.derived(("numbers", name), lambda: read_numbers(self._column(name), code, self.count, default))

    def names(self, field: str) -> NameColumn:
        """Return the values of a name field."""
        column = field + schema.VALUES_SUFFIX
        return self.derived(("names", field), lambda: NameColumn(names_in(self._column(column).read_bytes())))

    def name_words(self, field: str) -> NameWords:
        """Return the words of the values of a name field."""
        return self.derived(("name words", field), lambda: NameWords(self.names(field).values))

    def limit_mask(self, field: str, values: tuple[str, ...]) -> Mask:
        """Return a mask of the documents with any of the values in a name field, remembered for the limits asked for last."""
        with self._lock:
            mask = self._limits.pop((field, values), None)
        if mask is None:
            mask = self.names(field).documents_with(values)
        with self._lock:
            self._limits[field, values] = mask
            while len(self._limits) > MASKS_KEPT:
                del self._limits[next(iter(self._limits))]
        return mask

    def norms(self, title_average: float, body_average: float) -> Norms:
        """Return what occurrences are worth where lengths are compared with these: the same object while they stay the same."""
        averages = (title_average, body_average)
        known = self._norms
        if known is None or known[0] != averages:
            titles, bodies = self.numbers(schema.TITLE_LENGTH), self.numbers(schema.BODY_LENGTH)
            known = self._norms = (
                averages,
                Norms(
                    ranking.norms(titles.astype(np.float64), title_average, ranking.TITLE) * (titles > 0),
                    ranking.norms(bodies.astype(np.float64), body_average, ranking.BODY),
                ),
            )
        return known[1]

    @cached_property
    def labels(self) -> TextColumn:
        """The article id of each document."""
        return TextColumn(self._column(schema.LABEL), self.count)

    def _column(self, name: str) -> Path:
        return segment_path(self._storage, self._segment, f".{name}{W3Codec.COLUMN_EXT}")

    def derived(self, key: object, make: Callable[[], Kind]) -> Kind:
        """Return what `make` returns, made once for each key in the life of the segment."""
        found = self._derived.get(key)
        if found is None:
            found = self._derived[key] = make()
        return found  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A segment as one commit sees it: its arrays, which documents are not deleted (None: all), and what words are worth."""

    arrays: SegmentArrays
    live: Mask | None
    norms: Norms


def seen(view: SegmentView, now: int, documents: Documents | None = None) -> Mask | None:
    """Return which of these documents, or of all, readers may see, None where they may see every one."""
    live = view.live if view.live is None or documents is None else view.live[documents]
    masks = [mask for mask in (live, past_embargo(view, now, documents)) if mask is not None]
    return np.logical_and.reduce(masks) if masks else None


def past_embargo(view: SegmentView, now: int, documents: Documents | None = None) -> Mask | None:
    """Return which of these documents, or of all, are not under embargo, None where none ever was; undated ones stay under it."""
    status = view.arrays.numbers(schema.STATUS)
    if not view.arrays.derived("embargoes", lambda: bool((status == _EMBARGOED).any())):
        return None
    instants = view.arrays.numbers(schema.INSTANT)
    if documents is not None:
        status, instants = status[documents], instants[documents]
    past: Mask = (status != _EMBARGOED) | ((instants <= now) & (instants != schema.NO_INSTANT))
    return past


def embargoes_ended(views: Sequence[SegmentView], now: int) -> int:
    """Return how many articles that once were under embargo no longer are, deleted ones included.

    The number rises at each moment at which an embargo ends, though nothing on the disk changes.
    """
    return sum(int(np.searchsorted(_embargo_ends(view.arrays), now, side="right")) for view in views)


def _embargo_ends(arrays: SegmentArrays) -> Ints:
    return arrays.derived("embargo ends", lambda: _ends(arrays))


def _ends(arrays: SegmentArrays) -> Ints:
    instants = arrays.numbers(schema.INSTANT)[arrays.numbers(schema.STATUS) == _EMBARGOED]
    return np.sort(instants[instants != schema.NO_INSTANT])


def live_mask(segment: Segment) -> Mask | None:
    """Return the mask of a segment's documents that are not deleted, None where none is."""
    if not segment.has_deletions():
        return None
    mask: Mask = np.ones(int(segment.doc_count_all()), dtype=np.bool_)
    mask[list(segment.deleted_docs())] = False
    return mask
