"""The second look: the best articles of a search of plain words, reordered by how near the words stand to each other.

The first order is a sum over words and knows nothing of their neighbourhood. Neighbours in the query that are neighbours in the
text speak of the same thing, as in the sequential dependence model (Metzler and Croft, "A Markov random field model for term
dependencies", SIGIR 2005), here by the least distance instead of counts in windows. It costs some look-ups for each word, so
only the best `ranking.REORDERED` get it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index import schema
from search import ranking
from search.leaves import LeafReader
from search.segments import Floats, Ints, SegmentView, Zone, places_in
from search.tree import And, AtLeast, Expanded, Field, Leaf, Node, Phrase, Term, Word

_SHIFT = 32  # bits for positions; a row and a position make one key
_FAR = 1 << 31  # positions; between two articles lie more


@dataclass(frozen=True, slots=True)
class _Neighbour:
    """One telling word of the query, where it is looked up, and how much it tells."""

    field: str
    token: str
    weight: float


class Reordering:
    """What the best articles of one search get on top of their scores."""

    def __init__(self, tree: Node, views: Sequence[SegmentView], leaves: LeafReader) -> None:
        self._views = views
        self._words = [_neighbour(word, leaves) for word in _telling(tree)]
        self._counts = isinstance(tree, AtLeast)  # whether articles differ in how many of the words they have

    @property
    def is_due(self) -> bool:
        """Whether there are two words to be near each other."""
        return len(self._words) > 1

    def worth(self, segments: Ints, documents: Ints) -> Floats:
        """Return what these documents get, each named by its segment and its number there."""
        order = np.lexsort((documents, segments))
        found = [self._occurrences(word, segments[order], documents[order]) for word in self._words]
        total = np.zeros(len(order))
        for one, other, left, right in zip(found, found[1:], self._words, self._words[1:], strict=False):
            rows, distances = _least_distances(one, other)
            total[rows] += ranking.NEARNESS * (left.weight + right.weight) / 2 / np.sqrt(distances)
        if self._counts:
            has = np.ones(len(order), dtype=np.bool_)
            for keys in found:
                has &= np.bincount(keys >> _SHIFT, minlength=len(order)) > 0
            total[has] += ranking.COMPLETE * sum(word.weight for word in self._words)
        worth = np.empty(len(order))
        worth[order] = total
        return worth

    def _occurrences(self, word: _Neighbour, segments: Ints, documents: Ints) -> Ints:
        """Return an ascending key for each occurrence of a word in these documents, which ascend: its row and position."""
        keys: list[Ints] = []
        begin = 0
        for place, view in enumerate(self._views):
            end = int(np.searchsorted(segments, place, side="right"))
            listing = view.arrays.term(word.field, word.token, Zone.ALL) if end > begin else None
            if listing is not None:
                places, there = places_in(listing.documents, documents[begin:end].astype(np.uint32))
                rows = begin + np.flatnonzero(there)
                begins, widths = listing.postings.spans(places[there])
                ends = np.cumsum(widths)
                taken = np.arange(int(widths.sum())) + np.repeat(begins - (ends - widths), widths)
                keys.append((np.repeat(rows, widths) << _SHIFT) + listing.postings.positions[taken])
            begin = end
        return np.concatenate(keys) if keys else np.zeros(0, dtype=np.int64)


def _least_distances(one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """Return the rows that have occurrences of both words, and how many positions lie between the two nearest, at least 1."""
    if len(one) > len(other):
        one, other = other, one
    if not len(one):
        return one, one
    after = np.searchsorted(other, one)
    ahead = other[np.minimum(after, len(other) - 1)] - one
    behind = one - other[np.maximum(after - 1, 0)]
    ahead[ahead < 0] = _FAR
    behind[behind < 0] = _FAR
    rows = one >> _SHIFT
    firsts = np.flatnonzero(np.diff(rows, prepend=-1))
    least = np.minimum.reduceat(np.minimum(ahead, behind), firsts)
    near = least < _FAR
    return rows[firsts[near]], np.maximum(least[near], 1)


def _telling(tree: Node) -> list[tuple[Leaf, Word]]:
    """Return the words of a conjunction that tell something, each with its leaf, in the order in which they were typed."""
    if not isinstance(tree, And | AtLeast):
        return []
    words: list[tuple[Leaf, Word]] = []
    for child in tree.children:
        leaves = child.leaves if isinstance(child, Expanded) else (child,)
        if isinstance(child, Expanded) and child.weight < 1:
            continue
        for leaf in leaves:
            if isinstance(leaf, Term) and leaf.field is Field.TEXT:
                words.append((leaf, leaf.word))
            elif isinstance(leaf, Phrase) and leaf.field is Field.TEXT:
                words += [(leaf, word) for word in leaf.words]
    return words


def _neighbour(found: tuple[Leaf, Word], leaves: LeafReader) -> _Neighbour:
    leaf, word = found
    exact = word.stem is None or (isinstance(leaf, Term) and leaf.exact)
    field, token = (schema.SURFACE, word.surface) if exact or word.stem is None else (schema.STEM, word.stem)
    return _Neighbour(field, token, leaves.idf(field, token))
