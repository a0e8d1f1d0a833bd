"""The versions of one story: articles whose bodies have most of their runs of words in common, by their signatures.

A signature (`index.likeness`) says how alike two bodies are; with their lengths that says how much of the shorter one is in
the longer one (Broder 1997), which is what stays high when a paper cuts an agency's text. Candidates are found in tables of
pairs of bytes, a table for each of the `BANDS` pairs of a signature (Indyk and Motwani 1998), made once for each segment.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from index import schema
from index.likeness import COLUMNS, SAMPLES
from index.postingsfile import runs
from search.arrays import Documents, Ints, Mask
from search.segments import SegmentArrays, SegmentView, Zone, seen

# tests/bench/likeness.py, on 9,300 real articles: of two bodies with less in common, most are the next day's report with the
# same background, or a form such as the price of gold filled in anew; rewritten versions have more.
LEAST_AGREEING = 11  # of the `SAMPLES` bytes, so that a short text inside of a long one is no version of it
LEAST_CONTAINED = 0.72  # of the shorter body's runs that the longer one has, too

_EACH_BYTE = np.uint64(0x0101010101010101)
BANDS = SAMPLES // 2  # of two bytes each; versions agree in both bytes of at least one

Places: TypeAlias = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Bodies:
    """The signatures of some articles, a row each, and the lengths of their bodies in words."""

    signatures: Ints
    lengths: Ints

    @classmethod
    def of(cls, views: Sequence[SegmentView], segments: Ints, documents: Ints) -> "Bodies":
        """Return the bodies of documents of several segments, in their order."""
        bodies = cls(np.zeros((len(documents), COLUMNS), dtype=np.int64), np.zeros(len(documents), dtype=np.int64))
        for place in np.unique(segments).tolist():
            rows = np.flatnonzero(segments == place)
            found = cls.in_segment(views[place].arrays, documents[rows])
            bodies.signatures[rows], bodies.lengths[rows] = found.signatures, found.lengths
        return bodies

    @classmethod
    def in_segment(cls, arrays: SegmentArrays, documents: Documents | Ints) -> "Bodies":
        """Return the bodies of documents of one segment."""
        signatures = np.stack([arrays.numbers(name)[documents] for name in schema.LIKENESS], axis=1)
        return cls(signatures, arrays.numbers(schema.BODY_LENGTH)[documents].astype(np.int64))

    def at(self, rows: Places) -> "Bodies":
        """Return the bodies at these rows."""
        return Bodies(self.signatures[rows], self.lengths[rows])

    def bands(self) -> npt.NDArray[np.uint16]:
        """Return the pairs of bytes of each signature, a row a body."""
        return self.signatures.view(np.uint16)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.lengths)


def are_versions(ones: Bodies, others: Bodies) -> Mask:
    """Say for each pair of bodies whether they are versions of one story; a body without signature is no version of any."""
    same = (ones.signatures.view(np.uint8) == others.signatures.view(np.uint8)).view(np.uint64)
    agreeing = (same.sum(axis=1) * _EACH_BYTE) >> np.uint64(
        56
    )  # the sum of eight bytes, each small, in the highest one
    found: Mask = agreeing >= LEAST_AGREEING
    rows = np.flatnonzero(found)  # few
    ones, others = ones.at(rows), others.at(rows)
    likeness = agreeing[rows] / SAMPLES
    both = ones.lengths + others.lengths
    contained = likeness / (1 + likeness) * both >= LEAST_CONTAINED * np.minimum(ones.lengths, others.lengths)
    found[rows] = contained & (ones.bands() == others.bands()).any(axis=1) & ones.signatures.any(axis=1)
    return found


def grouped(bodies: Bodies) -> list[int]:
    """Return the order in which versions of a story stand directly behind the first of them, and all else stays as it is."""
    later = _later_versions(bodies)
    order: dict[int, None] = {}
    for row in range(len(bodies)):
        if row not in order:
            order[row] = None
            order.update(dict.fromkeys(later.get(row, ())))
    return list(order)


def folded(bodies: Bodies) -> tuple[bool, ...]:
    """Say for each body whether it stands behind a version of the same story, with nothing but versions of that between."""
    later = _later_versions(bodies)
    first = 0
    found = []
    for row in range(len(bodies)):
        found.append(row in later.get(first, ()))
        if not found[-1]:
            first = row
    return tuple(found)


def _later_versions(bodies: Bodies) -> dict[int, list[int]]:
    """Return for each body that has any the later ones that are versions of it. Few have: most are in no band together."""
    keys = (bodies.bands().astype(np.uint32) + (np.arange(BANDS, dtype=np.uint32) << np.uint32(16))).ravel()
    order = np.argsort(keys)
    keys, rows = keys[order], order // BANDS
    pairs = []
    apart = 1
    while len(same := np.flatnonzero(keys[apart:] == keys[:-apart])):
        pairs.append(
            np.minimum(rows[same], rows[same + apart]) * len(bodies) + np.maximum(rows[same], rows[same + apart])
        )
        apart += 1
    if not pairs:
        return {}
    ones, others = np.divmod(np.unique(np.concatenate(pairs)), len(bodies))
    alike = are_versions(bodies.at(ones), bodies.at(others))
    later: dict[int, list[int]] = {}
    for one, other in zip(ones[alike].tolist(), others[alike].tolist(), strict=True):
        later.setdefault(one, []).append(other)
    return later


def version_counts(views: Sequence[SegmentView], bodies: Bodies, now: int) -> Ints:
    """Return how many articles that readers may see are versions of each body, the body's own article not counted."""
    counts = -bodies.signatures.any(axis=1).astype(np.int64)
    for rows, _documents in _seen_versions(views, bodies, now):
        counts += np.bincount(rows, minlength=len(bodies))
    return np.maximum(counts, 0)


def story_in(views: Sequence[SegmentView], article_id: str, now: int) -> list[Documents]:
    """Return for each segment the article and its versions that readers may see; nothing where they may not see itself."""
    for place, view in enumerate(views):
        term = view.arrays.term(schema.ID, article_id, Zone.NAME)
        found = np.zeros(0, dtype=np.uint32) if term is None else term.documents
        mask = seen(view, now, found)
        found = found if mask is None else found[mask]
        if len(found):
            bodies = Bodies.in_segment(view.arrays, found[:1])
            story = [documents for _rows, documents in _seen_versions(views, bodies, now)]
            story[place] = np.union1d(story[place], found)
            return story
    return [np.zeros(0, dtype=np.uint32) for _view in views]


def _seen_versions(views: Sequence[SegmentView], bodies: Bodies, now: int) -> Iterator[tuple[Places, Documents]]:
    """Yield of each segment the versions of these bodies that readers may see: rows of bodies, and the documents, ascending."""
    for view in views:
        rows, documents = _versions_in(view.arrays, bodies)
        mask = seen(view, now, documents)
        yield (rows, documents) if mask is None else (rows[mask], documents[mask])


@dataclass(frozen=True, slots=True)
class _Buckets:
    """The signed documents of a segment in the buckets of each band: bucket b has those from `starts[b]` to `starts[b + 1]`.

    The buckets of band n are the `2**bits` from `n << bits` on, in the order of the highest `bits` of the band's two bytes.
    """

    bits: int
    starts: npt.NDArray[np.int32]
    documents: Documents


def _versions_in(arrays: SegmentArrays, bodies: Bodies) -> tuple[Places, Documents]:
    buckets: _Buckets = arrays.derived("likeness", lambda: _buckets_of(arrays))
    slots = (bodies.bands() >> (16 - buckets.bits)) + (np.arange(BANDS) << buckets.bits)
    begins = buckets.starts[slots].ravel().astype(np.int64)
    counts = buckets.starts[slots + 1].ravel() - begins
    rows = np.repeat(np.repeat(np.arange(len(bodies)), BANDS), counts)
    documents = buckets.documents[runs(begins, counts)]
    kept = are_versions(bodies.at(rows), Bodies.in_segment(arrays, documents))
    pairs = np.unique(rows[kept] * arrays.count + documents[kept])
    return pairs // arrays.count, (pairs % arrays.count).astype(np.uint32)


def _buckets_of(arrays: SegmentArrays) -> _Buckets:
    columns = [arrays.numbers(name) for name in schema.LIKENESS]
    documents = np.flatnonzero(np.logical_or.reduce([column != 0 for column in columns])).astype(np.uint32)
    bits = min(max(len(documents).bit_length() - 2, 0), 16)  # two to four documents to a bucket, more in large segments
    starts, ordered = [np.zeros(1, dtype=np.int64)], []
    for column in columns:
        for band in column.view(np.uint16).reshape(-1, BANDS // COLUMNS).T:
            slots = band[documents].astype(np.uint32) >> (16 - bits)
            ordered.append(documents[np.argsort(slots.astype(np.uint16), kind="stable")])
            starts.append(np.cumsum(np.bincount(slots, minlength=1 << bits)) + starts[-1][-1])
    return _Buckets(bits, np.concatenate(starts).astype(np.int32), np.concatenate(ordered))
