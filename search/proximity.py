"""Words near each other: phrases over position arrays, and windows that hold each of some words once."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from search.segments import Ints, PositionList, PostingList

_SHIFT = 32  # bits for positions; a document and a position make one key


def phrase_postings(words: Sequence[PositionList]) -> PostingList:
    """Return the documents in which the words stand one after the other, and how often they do."""
    keys = _keys(words[0], 0)
    for place, word in enumerate(words[1:], start=1):
        keys = np.intersect1d(keys, _keys(word, place), assume_unique=True)
    documents, counts = np.unique(keys >> _SHIFT, return_counts=True)
    return PostingList(documents, counts.astype(np.int64))


def near_postings(words: Sequence[PositionList], labels: Sequence[str], slop: int) -> PostingList:
    """Return the documents in which the words stand within `slop` words of each other, and how often they do.

    `labels[i]` names the token of `words[i]`: a label that comes twice needs two places.
    """
    documents = words[0].documents
    for word in words[1:]:
        documents = np.intersect1d(documents, word.documents, assume_unique=True)
    by_label = dict(zip(labels, words, strict=True))
    needed = Counter(labels)
    kept: list[int] = []
    counts: list[int] = []
    for document in documents.tolist():
        places = sorted(
            (position, label) for label, word in by_label.items() for position in _positions_in(word, document).tolist()
        )
        windows = near_windows(places, needed, slop)
        if windows:
            kept.append(document)
            counts.append(len(windows))
    return PostingList(np.asarray(kept, dtype=np.int64), np.asarray(counts, dtype=np.int64))


def near_windows(
    places: Sequence[tuple[int, str]], needed: Counter[str], slop: int
) -> list[tuple[tuple[int, str], ...]]:
    """Return the windows of `places` that hold each label as often as needed, none sharing a place with another.

    `places` are (position, label), ascending. Between the first and the last place of a window stand at most `slop` positions
    that are not among the needed ones. From left to right each window is the one that ends first, shortened from its left.
    """
    width = needed.total() + slop  # positions from the first to the last place, both included
    windows = []
    begin = 0
    have: Counter[str] = Counter()
    for end, (position, label) in enumerate(places):
        have[label] += 1
        while position - places[begin][0] >= width:
            have[places[begin][1]] -= 1
            begin += 1
        if have >= needed:
            while have[places[begin][1]] > needed[places[begin][1]]:
                have[places[begin][1]] -= 1
                begin += 1
            windows.append(tuple(places[begin : end + 1]))
            begin = end + 1
            have.clear()
    return windows


def _keys(word: PositionList, place: int) -> Ints:
    documents = np.repeat(word.documents, np.diff(word.starts))
    return (documents << _SHIFT) + word.positions - place


def _positions_in(word: PositionList, document: int) -> Ints:
    place = int(np.searchsorted(word.documents, document))
    return word.positions[word.starts[place] : word.starts[place + 1]]
