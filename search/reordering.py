"""The second look: the best articles of a search of plain words, reordered by how near the words stand to each other.

The first order is a sum over words and knows nothing of their neighbourhood. Neighbours in the query that are neighbours in the
text speak of the same thing, as in the sequential dependence model (Metzler and Croft, "A Markov random field model for term
dependencies", SIGIR 2005), here by the least distance instead of counts in windows. It costs some look-ups for each word, so
only the best `ranking.REORDERED` get it, all words and articles at once.
"""

import numpy as np

from index import schema
from index.postingsfile import places_at
from search import ranking
from search.arrays import Documents, Floats, Ints
from search.evaluate import Evaluation
from search.leaves import Clause, LeafReader
from search.segments import TermList
from search.tree import And, AtLeast, Expanded, Field, Leaf, Node, Phrase, Term, Word

# A key of an occurrence: the number of its word, its article's row, its position.
_ROW, _WORD = 32, 44
_NEXT = 1 << _WORD
_FAR = 1 << 31  # between the positions of two articles lies more


class Reordering:
    """What the best articles of one search get on top of their scores."""

    def __init__(self, tree: Node, leaves: LeafReader, evaluation: Evaluation) -> None:
        self._evaluation = evaluation
        self._words = [_clause(leaf, word, leaves) for leaf, word in _telling(tree)]
        self._counts = isinstance(tree, AtLeast)  # whether articles differ in how many of the words they have

    @property
    def is_due(self) -> bool:
        """Whether there are two words to be near each other."""
        return len(self._words) > 1

    def worth(self, segments: Ints, documents: Ints) -> Floats:
        """Return what these documents get, each named by its segment and its number there."""
        order = np.lexsort((documents, segments))
        segments, ascending = segments[order], documents[order].astype(np.uint32)
        places = sorted(set(segments.tolist()))
        keys = np.sort(np.concatenate([self._occurrences(place, segments, ascending) for place in places]))
        weights = np.array([word.factor for word in self._words])
        total = self._nearness(keys, weights, len(order))
        if self._counts:
            having = np.bincount(np.unique(keys >> _ROW) & (_NEXT >> _ROW) - 1, minlength=len(order))
            total[having == len(weights)] += ranking.COMPLETE * weights.sum()
        worth = np.empty(len(order))
        worth[order] = total
        return worth

    def _occurrences(self, place: int, segments: Ints, documents: Documents) -> Ints:
        """Return a key for each occurrence of a word in those of the documents, which ascend, that are of one segment."""
        begin, end = np.searchsorted(segments, (place, place + 1)).tolist()
        chosen, labels = [], []
        for number, word in enumerate(self._words):
            listing = word.matching[place]
            if isinstance(listing, TermList):
                rows, places = self._evaluation.those_in(place, listing, documents[begin:end])
                chosen.append((listing.postings, places))
                labels.append((number << _WORD) + ((begin + rows) << _ROW))
        if not chosen:
            return np.zeros(0, dtype=np.int64)
        widths, positions = places_at(chosen)
        return np.repeat(np.concatenate(labels), widths) + positions

    @staticmethod
    def _nearness(keys: Ints, weights: Floats, rows: int) -> Floats:
        """Return for each row what the least distances between neighbours are worth; `keys` ascend."""
        ones = keys[: np.searchsorted(keys, (len(weights) - 1) << _WORD)]
        nothing = np.zeros(rows)
        if not len(ones):
            return nothing
        sought = ones + _NEXT  # the same row and position, of the next word
        after = np.searchsorted(keys, sought)
        ahead = keys[np.minimum(after, len(keys) - 1)] - sought
        ahead[ahead < 0] = _FAR
        distances = np.minimum(ahead, sought - keys[after - 1])
        labels = ones >> _ROW
        firsts = np.flatnonzero(np.diff(labels, prepend=-1))
        least = np.minimum.reduceat(distances, firsts)
        near = least < _FAR
        labels, least = labels[firsts[near]], np.maximum(least[near], 1)
        words = labels >> _WORD - _ROW
        worth = ranking.NEARNESS / 2 * (weights[words] + weights[words + 1]) / np.sqrt(least)
        return nothing + np.bincount(labels & (_NEXT >> _ROW) - 1, weights=worth, minlength=rows)


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


def _clause(leaf: Leaf, word: Word, leaves: LeafReader) -> Clause:
    """Return the postings of a word, in any form or in its own, and how much it tells."""
    if word.stem is None or (isinstance(leaf, Term) and leaf.exact):
        return leaves.word(schema.SURFACE, word.surface)
    return leaves.word(schema.STEM, word.stem)
