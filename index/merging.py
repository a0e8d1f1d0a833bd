"""Segments merged into one: arrays copied from where they are to where they go, deleted documents left out.

Memory is bounded by the keys of the segments merged at once and by `POSTINGS_AT_ONCE`; the arrays themselves are mapped files.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
from whoosh.codec.base import Segment
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.filedb.filestore import FileStorage

from index import schema
from index.columns import Codes, Names, names_in, read_numbers, read_texts
from index.postings import ArrayCodec, segment_path
from index.postingsfile import (
    PLAIN,
    TERM_INFO,
    WIDE,
    Array,
    ArrayTermInfo,
    Ints,
    PostingsFile,
    Sections,
    TermPostings,
    create_postings,
    drop_anchors,
    runs,
    wide_blob,
)
from index.segments import FIELDMAP, Columns, write_columns
from index.termfile import TermFile, write_term_file

POSTINGS_AT_ONCE = 2_000_000


class _Source:
    """A segment to be merged: its terms, its postings, and the new numbers of its documents (-1: deleted)."""

    def __init__(self, storage: FileStorage, segment: Segment, base: int) -> None:
        count = int(segment.doc_count_all())
        self.live = np.ones(count, dtype=np.bool_)
        self.live[list(segment.deleted_docs())] = False
        self.kept = int(np.count_nonzero(self.live))
        self.numbers: Ints = np.where(self.live, np.cumsum(self.live) - 1 + base, -1)
        terms = TermFile(segment_path(storage, segment, W3Codec.TERMS_EXT))
        self.keys, records = terms.all_items()
        terms.close()
        self.infos = np.ascontiguousarray(records).view(TERM_INFO).ravel()
        self.file = PostingsFile(segment_path(storage, segment, W3Codec.POSTS_EXT))
        sections = self.file.sections
        first, place = self.infos["first"].astype(np.int64), self.infos["place"].astype(np.int64)
        self.documents_of: Ints = np.diff(np.append(first, len(sections.documents)))
        self.positions_of: Ints = np.diff(np.append(place, len(sections.positions)))
        self.ranks: Ints = np.empty(0, dtype=np.int64)

    @property
    def whole(self) -> bool:
        """Whether no document of it is deleted."""
        return self.kept == len(self.live)

    def pieces(self) -> Iterator["_Piece"]:
        """Yield the live postings, `POSTINGS_AT_ONCE` or so at a time, in the order of the terms."""
        ends = np.cumsum(self.documents_of)
        cuts = np.searchsorted(ends, np.arange(POSTINGS_AT_ONCE, int(ends[-1]) if len(ends) else 0, POSTINGS_AT_ONCE))
        for begin, end in zip([0, *cuts.tolist()], [*cuts.tolist(), len(ends)], strict=True):
            if begin < end:
                yield self._piece(begin, end)

    def _piece(self, begin: int, end: int) -> "_Piece":
        sections, infos = self.file.sections, self.infos
        ranks, documents_of, positions_of = (
            self.ranks[begin:end],
            self.documents_of[begin:end],
            self.positions_of[begin:end],
        )
        a, p = int(infos["first"][begin]), int(infos["place"][begin])
        b, q = a + int(documents_of.sum()), p + int(positions_of.sum())
        documents = sections.documents[a:b]
        heads, bodies, leads = sections.heads[a:b], sections.bodies[a:b], sections.leads[a:b]
        positions = sections.positions[p:q]
        if not self.whole:
            firsts = infos["first"][begin:end].astype(np.int64) - a
            kept = self.live[documents]
            widths = self._widths(begin, end, a, b)
            documents_of = np.add.reduceat(kept, firsts, dtype=np.int64)
            positions_of = np.add.reduceat(widths * kept, firsts)
            positions = positions[np.repeat(kept, widths)]
            documents, heads, bodies, leads = documents[kept], heads[kept], bodies[kept], leads[kept]
        return _Piece(ranks, documents_of, positions_of, self.numbers[documents], heads, bodies, leads, positions)

    def _widths(self, begin: int, end: int, a: int, b: int) -> Ints:
        """Return how many positions each posting of these terms has, the postings from `a` to `b`."""
        kinds = np.repeat(self.infos["kind"][begin:end], self.documents_of[begin:end])
        widths = self.file.sections.heads[a:b].astype(np.int64) + self.file.sections.bodies[a:b]
        widths[kinds & PLAIN != 0] = 0
        for term in np.flatnonzero(self.infos["kind"][begin:end] & WIDE).tolist():
            first = int(self.infos["first"][begin + term]) - a
            widths[first : first + int(self.documents_of[begin + term])] = self.postings(begin + term).occurrences
        return widths

    def postings(self, term: int) -> TermPostings:
        """Return the exact postings of one term, of deleted documents too."""
        return TermPostings(self.file, ArrayTermInfo(self.infos[term].tobytes()))


@dataclass(frozen=True, slots=True)
class _Piece:
    """Live postings of some terms of a source: of each term the merged rank and how many documents and positions it has."""

    ranks: Ints
    documents_of: Ints
    positions_of: Ints
    documents: Ints  # by their new numbers
    heads: Array
    bodies: Array
    leads: Array
    positions: Array


def merge_segments(storage: FileStorage, index_name: str, segments: Sequence[Segment]) -> Segment:
    """Write one segment with all documents of these that are not deleted, in their order, and return it."""
    sources: list[_Source] = []
    for segment in segments:
        sources.append(_Source(storage, segment, sum(source.kept for source in sources)))
    merged = W3Segment(ArrayCodec(), index_name)
    keys = sorted(set(chain.from_iterable(source.keys for source in sources)))
    rank = {key: number for number, key in enumerate(keys)}
    for source in sources:
        source.ranks = np.fromiter(map(rank.__getitem__, source.keys), dtype=np.int64, count=len(source.keys))
    del rank
    _merge_postings(storage, merged, keys, sources)
    write_columns(storage, merged, _merged_columns(storage, segments, sources))
    for source in sources:
        source.file.close()
    return merged


def _merge_postings(storage: FileStorage, merged: Segment, keys: list[bytes], sources: Sequence[_Source]) -> None:
    documents_of, positions_of = _sizes(len(keys), sources)
    infos = _merged_infos(len(keys), sources)
    infos["documents"] = documents_of
    infos["weight"] = np.where(infos["kind"] & PLAIN, documents_of, positions_of)
    infos["first"] = np.cumsum(documents_of) - documents_of
    infos["place"] = np.cumsum(positions_of) - positions_of
    blob = _merged_blob(infos, sources)
    path = segment_path(storage, merged, W3Codec.POSTS_EXT)
    sections = create_postings(path, int(documents_of.sum()), int(positions_of.sum()), blob)
    _copy(sections, infos, sources)
    drop_anchors(sections)
    kept = np.flatnonzero(documents_of)
    first = infos["first"][kept].astype(np.int64)
    infos["first_document"][kept] = sections.documents[first]
    infos["last_document"][kept] = sections.documents[first + documents_of[kept] - 1]
    sections.flush()
    write_term_file(
        segment_path(storage, merged, W3Codec.TERMS_EXT),
        keys if len(kept) == len(keys) else [keys[term] for term in kept.tolist()],
        infos[kept].tobytes(),
        {"fieldmap": FIELDMAP},
    )


def _sizes(terms: int, sources: Sequence[_Source]) -> tuple[Ints, Ints]:
    """Return how many postings and positions each merged term will have."""
    documents_of, positions_of = np.zeros(terms, dtype=np.int64), np.zeros(terms, dtype=np.int64)
    for source in sources:
        if source.whole:
            documents_of[source.ranks] += source.documents_of
            positions_of[source.ranks] += source.positions_of
            continue
        for piece in source.pieces():
            documents_of[piece.ranks] += piece.documents_of
            positions_of[piece.ranks] += piece.positions_of
    return documents_of, positions_of


def _merged_infos(terms: int, sources: Sequence[_Source]) -> npt.NDArray[np.void]:
    """Return entries with kinds and bounds; of what deletions took away the bounds may still tell."""
    infos = np.zeros(terms, dtype=TERM_INFO)
    infos["shortest"] = 255
    for source in sources:
        ranks, its = source.ranks, source.infos
        infos["kind"][ranks] |= its["kind"]
        infos["shortest"][ranks] = np.minimum(infos["shortest"][ranks], its["shortest"])
        infos["longest"][ranks] = np.maximum(infos["longest"][ranks], its["longest"])
        infos["most"][ranks] = np.maximum(infos["most"][ranks], its["most"])
    return infos


def _merged_blob(infos: npt.NDArray[np.void], sources: Sequence[_Source]) -> bytes:
    """Return the exact numbers of the WIDE terms, and note where each begins."""
    blob = bytearray()
    for rank in np.flatnonzero(infos["kind"] & WIDE).tolist():
        infos["wide"][rank] = len(blob)
        heads, bodies, positions = [], [], []
        for source in sources:
            term = int(np.searchsorted(source.ranks, rank))
            if term < len(source.ranks) and source.ranks[term] == rank:
                postings = source.postings(term)
                kept = source.live[postings.documents]
                heads.append(postings.heads[kept])
                bodies.append(postings.bodies[kept])
                positions.append(postings.positions[np.repeat(kept, postings.occurrences)])
        blob += wide_blob(*(np.concatenate(several).tolist() for several in (heads, bodies, positions)))
    return bytes(blob)


def _copy(sections: Sections, infos: npt.NDArray[np.void], sources: Sequence[_Source]) -> None:
    """Copy all live postings behind those that the sources before put there for the same term."""
    next_posting, next_place = infos["first"].astype(np.int64), infos["place"].astype(np.int64)
    for source in sources:
        for piece in source.pieces():
            goes = runs(next_posting[piece.ranks], piece.documents_of)
            sections.documents[goes] = piece.documents
            sections.heads[goes] = piece.heads
            sections.bodies[goes] = piece.bodies
            sections.leads[goes] = piece.leads
            sections.positions[runs(next_place[piece.ranks], piece.positions_of)] = piece.positions
            next_posting[piece.ranks] += piece.documents_of
            next_place[piece.ranks] += piece.positions_of


def _merged_columns(storage: FileStorage, segments: Sequence[Segment], sources: Sequence[_Source]) -> Columns:
    labels: list[bytes] = []
    numbers: dict[str, list[Ints]] = {name: [] for name in schema.NUMBERS}
    names: dict[str, list[Names]] = {field: [] for field in schema.NAME_FIELDS}
    for segment, source in zip(segments, sources, strict=True):
        columns = read_columns(storage, segment)
        kept = np.flatnonzero(source.live)
        labels += columns.labels if source.whole else [columns.labels[document] for document in kept.tolist()]
        for name, column in columns.numbers.items():
            numbers[name].append(column[kept])
        for field, values in columns.names.items():
            names[field].append(values if source.whole else _names_of(values, kept))
    return Columns(
        labels,
        {name: np.concatenate(several) for name, several in numbers.items()},
        {field: _joined_names(several) for field, several in names.items()},
    )


def read_columns(storage: FileStorage, segment: Segment) -> Columns:
    """Return all columns of a segment."""
    count = int(segment.doc_count_all())

    def path(name: str) -> str:
        return f".{name}{W3Codec.COLUMN_EXT}"

    return Columns(
        read_texts(segment_path(storage, segment, path(schema.LABEL)), count),
        {
            name: read_numbers(segment_path(storage, segment, path(name)), code, count, default)
            for name, (code, default) in schema.NUMBERS.items()
        },
        {
            field: names_in(segment_path(storage, segment, path(field + schema.VALUES_SUFFIX)).read_bytes())
            for field in schema.NAME_FIELDS
        },
    )


def _names_of(names: Names, documents: Ints) -> Names:
    """Return the names of some documents, values that none of them has left out."""
    starts = names.starts.astype(np.int64)
    widths = starts[documents + 1] - starts[documents]
    used, codes = np.unique(names.codes[runs(starts[documents], widths)], return_inverse=True)
    kept = tuple(names.values[code] for code in used.tolist())
    return Names(kept, codes.astype(np.uint32), np.concatenate([[0], np.cumsum(widths)]).astype(np.uint32))


def _joined_names(several: Sequence[Names]) -> Names:
    """Return the names of the documents of several segments, one after another."""
    known: dict[str, int] = {}
    codes: list[Codes] = []
    starts: list[Codes] = [np.zeros(1, dtype=np.uint32)]
    count = 0
    for names in several:
        new = np.asarray([known.setdefault(value, len(known)) for value in names.values], dtype=np.uint32)
        codes.append(new[names.codes] if len(new) else names.codes)
        starts.append((names.starts[1:] + count).astype(np.uint32))
        count += len(names.codes)
    return Names(tuple(known), np.concatenate(codes), np.concatenate(starts))
