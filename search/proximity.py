"""Words near each other: phrases over position arrays, and the smallest stretches of text that hold some words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.inversion import leads_of
from search.arrays import Documents, Floats, Ints, Leads
from search.segments import Norms, TermList, places_in

_SHIFT = 32  # bits for positions; a document and a position make one key


@dataclass(frozen=True, slots=True)
class Places:
    """Occurrences: the document, by its place among those compared, and the position of each, both ascending."""

    documents: Ints
    positions: Ints


def common_documents(lists: Sequence[TermList]) -> Documents:
    """Return the documents that are in all lists, the shortest of which is gone through."""
    ordered = sorted(lists, key=len)
    documents = ordered[0].documents
    for other in ordered[1:]:
        documents = documents[other.has(documents)]
    return documents


def occurrences_in(words: TermList, documents: Documents) -> Ints:
    """Return how often a term stands in each of these documents, which all have it."""
    rows = places_in(words.postings.documents, documents)[0]
    return words.postings.heads[rows].astype(np.int64) + words.postings.bodies[rows]


def places_of(words: TermList, documents: Documents) -> Places:
    """Return the occurrences of a term in these documents, which all have it."""
    rows = places_in(words.postings.documents, documents)[0]
    widths, positions = words.postings.places_at(rows)
    return Places(np.repeat(np.arange(len(documents)), widths), positions.astype(np.int64))


def phrase_places(words: Sequence[TermList], documents: Documents) -> Places:
    """Return where, in these documents, the words stand one after the other: the positions of the first word."""
    order = sorted(range(len(words)), key=lambda place: len(words[place]))
    keys = _keys(words[order[0]], documents, order[0])
    for place in order[1:]:
        kept = _runs(keys >> _SHIFT)[0]  # what is left is looked for in few documents
        others = _keys(words[place], documents[kept], place, kept)
        keys = keys[places_in(others, keys)[1]]  # type: ignore[arg-type]  # any ascending integers will do
    return Places(keys >> _SHIFT, keys & ((1 << _SHIFT) - 1))


def _keys(word: TermList, documents: Documents, offset: int, rows: Ints | None = None) -> Ints:
    """Return one ascending integer for each occurrence: the document's row and where the phrase would begin."""
    places = places_of(word, documents)
    rows = places.documents if rows is None else rows[places.documents]
    keys: Ints = (rows << _SHIFT) + places.positions - offset
    return keys[places.positions >= offset]


def near_places(words: Sequence[TermList], documents: Documents, needed: Sequence[int], width: int) -> Places:
    """Return where, in these documents, stretches begin that hold each word as often as needed within `width` positions.

    A stretch counts once, by its beginning: it holds no shorter one that ends later or begins earlier (the minimal intervals
    of Clarke, Cormack and Burkowski, "Shortest substring ranking", TREC-4, 1995).
    """
    places = [places_of(word, documents) for word in words]
    labels = np.concatenate([np.full(len(p.documents), label) for label, p in enumerate(places)])
    keys = np.concatenate([(p.documents << _SHIFT) + p.positions for p in places])
    order = np.argsort(keys, kind="stable")
    keys, labels = keys[order], labels[order]
    begins = keys
    for label, count in enumerate(needed):
        mine = np.flatnonzero(labels == label)
        seen = np.searchsorted(mine, np.arange(len(keys)), side="right") - count  # its count-th last occurrence so far
        last = np.where(seen >= 0, keys[mine[np.maximum(seen, 0)]], -1)
        begins = np.minimum(begins, last)
    found = _runs(begins[(keys >> _SHIFT == begins >> _SHIFT) & (keys - begins < width)])[0]
    return Places(found >> _SHIFT, found & ((1 << _SHIFT) - 1))


def worth(
    places: Places, documents: Documents, widths: Ints, norms: Norms | None
) -> tuple[Documents, Floats, Leads | None]:
    """Return the documents that have places, and of each the combined frequency and the lead: places before `widths` are in
    the title.

    `norms` None is for fields of names, where each place counts 1 and none is early.
    """
    rows, counts = _runs(places.documents)
    found = documents[rows]
    if norms is None:
        return found, counts.astype(np.float64), None
    in_head = places.positions < widths[documents[places.documents]]
    heads = np.bincount(places.documents, weights=in_head, minlength=len(documents))[rows]
    weights = norms.heads[found]
    leads = leads_of(places.positions[np.cumsum(counts) - counts], widths[found], weights > 0)
    return found, heads * weights + (counts - heads) * norms.bodies[found], leads


def _runs(ascending: Ints) -> tuple[Ints, Ints]:
    """Return the different numbers of an ascending list, and how often each is there."""
    firsts = np.flatnonzero(np.diff(ascending, prepend=-1))
    return ascending[firsts], np.diff(np.append(firsts, len(ascending)))


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
