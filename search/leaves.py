"""What the leaves of a query tree mean in the segments: clauses, each a pseudo-word with its documents and their worth.

A word in any form is two clauses, its stem and, lighter, its surface form. A phrase, a prefix or a misspelling is one, scored
like a word that stands where it matches. Statistics are counted over all segments and live documents, so that scores depend
neither on how the archive is cut into segments nor on what was deleted.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from index import schema
from index.analysis import PARAGRAPH_GAP
from index.inversion import LAST_LEAD
from search import ranking
from search.arrays import Documents, Floats, Ints, Leads, Mask
from search.engine import MAX_EXPANSIONS, MAX_NEAR_PLACES
from search.proximity import Places, common_documents, near_places, occurrences_in, phrase_places, worth
from search.segments import Norms, SegmentView, TermList, Zone, places_in
from search.tree import STEMMED, Field, Fuzzy, Leaf, Phrase, Prefix, Term

ZONES: Mapping[Field, tuple[str, Zone]] = {
    Field.TEXT: (schema.SURFACE, Zone.ALL),
    Field.TITLE: (schema.SURFACE, Zone.HEAD),
    Field.BODY: (schema.SURFACE, Zone.BODY),
    Field.AUTHOR: (schema.AUTHOR, Zone.NAME),
    Field.SECTION: (schema.SECTION, Zone.NAME),
    Field.SOURCE: (schema.SOURCE, Zone.NAME),
    Field.PLACE: (schema.PLACE, Zone.NAME),
    Field.PERSON: (schema.PERSON, Zone.NAME),
    Field.TOPIC: (schema.TOPIC, Zone.NAME),
    Field.TAG: (schema.TAG, Zone.NAME),
}


class Matching(Protocol):
    """The documents of one segment that match a clause, ascending, deleted ones perhaps too, and what it is worth there."""

    documents: Documents

    @property
    def is_dense(self) -> bool:
        """Whether there is a mask worth its memory."""
        ...

    @property
    def mask(self) -> Mask:
        """A mask of the documents."""
        ...

    def __len__(self) -> int: ...

    def has(self, documents: Documents) -> Mask:
        """Say for each of these documents whether it matches."""
        ...

    def beyond(self, other: "Matching") -> Documents:
        """Return the documents that match this clause but not the other."""
        ...

    def shares(self, norms: Norms) -> Floats:
        """Return what the clause is worth in each document, before idf."""
        ...

    def shares_at(self, norms: Norms, places: Ints) -> Floats:
        """Return the shares at these places of `documents`."""
        ...

    def bound(self, norms: Norms) -> float:
        """Return a number that no share is above."""
        ...


class Computed:
    """Documents and combined frequencies that were worked out for this query."""

    def __init__(self, documents: Documents, frequencies: Floats, leads: Leads | None = None) -> None:
        self.documents = documents
        self._frequencies, self._leads = frequencies, leads

    is_dense = False

    @property
    def mask(self) -> Mask:
        """There is none: it would be made for one query."""
        raise AttributeError

    def __len__(self) -> int:
        """Return how many documents match."""
        return len(self.documents)

    def has(self, documents: Documents) -> Mask:
        """Say for each of these documents whether it matches."""
        return places_in(self.documents, documents)[1]

    def beyond(self, other: Matching) -> Documents:
        """Return the documents that match this clause but not the other."""
        return self.documents[~other.has(self.documents)]

    def shares(self, norms: Norms) -> Floats:
        """Return what the clause is worth in each document, before idf."""
        return ranking.shares(self._frequencies, self._leads)

    def shares_at(self, norms: Norms, places: Ints) -> Floats:
        """Return the shares at these places of `documents`."""
        return ranking.shares(self._frequencies[places], None if self._leads is None else self._leads[places])

    def bound(self, norms: Norms) -> float:
        """Return a number that no share is above."""
        return float(self.shares(norms).max(initial=0.0))


NOTHING = Computed(np.zeros(0, dtype=np.uint32), np.zeros(0))


@dataclass(frozen=True, slots=True)
class Clause:
    """A pseudo-word: what matches it in each segment, and the factor of its share, which is idf and weight together."""

    matching: tuple[Matching, ...]
    factor: float

    def times(self, weight: float) -> "Clause":
        """Return the clause with so many times its factor."""
        return Clause(self.matching, weight * self.factor)


@dataclass(frozen=True, slots=True)
class Collection:
    """Over all live documents: how many there are, the rounded mean length of title and body in words, the newest's time."""

    documents: int
    averages: Mapping[str, float]
    newest: int | None


class LeafReader:
    """Makes the clauses of leaves; `cut` tells of what a limit left out."""

    def __init__(self, views: Sequence[SegmentView], collection: Collection) -> None:
        self._views, self._collection = views, collection
        self._known: dict[Leaf, tuple[Clause, ...]] = {}
        self._words: dict[tuple[str, str, Zone], Clause] = {}
        self.cut: list[Leaf] = []

    def clauses(self, leaf: Leaf) -> tuple[Clause, ...]:
        """Return the clauses of a leaf: the documents of any of them match it, and its score is the sum of theirs."""
        known = self._known.get(leaf)
        if known is None:
            known = self._known[leaf] = self._clauses(leaf)
        return known

    def _clauses(self, leaf: Leaf) -> tuple[Clause, ...]:
        field, zone = ZONES[leaf.field]
        match leaf:
            case Term(word, _field, exact):
                surfaces = self.word(field, word.surface, zone)
                if exact or leaf.field not in STEMMED:
                    return (surfaces,)
                if word.stem is None:  # as heavy as a word whose every form is the one typed
                    return (surfaces.times(1 + ranking.SURFACE_WEIGHT),)
                return self.word(schema.STEM, word.stem, zone), surfaces.times(ranking.SURFACE_WEIGHT)
            case Phrase(words, _field, None):
                tokens = [(field, word.surface) for word in words]
                return (self._clause([self._phrase(view, zone, tokens) for view in self._views]),)
            case Phrase(words, _field, int(slop)):
                any_form = leaf.field in STEMMED
                needed = Counter(
                    (schema.STEM, word.stem) if any_form and word.stem else (field, word.surface) for word in words
                )
                return (self._clause(self._near(leaf, zone, needed, slop)),)
            case Prefix() | Fuzzy():
                expanded = self._expansions(leaf, field)
                return (self._clause([_merged(view, field, zone, expanded) for view in self._views]),)
        raise AssertionError(leaf)

    def word(self, field: str, token: str, zone: Zone = Zone.ALL) -> Clause:
        """Return the clause of one term, whose factor is its inverse document frequency."""
        known = self._words.get((field, token, zone))
        if known is None:
            lists = [view.arrays.term(field, token, zone) or NOTHING for view in self._views]
            known = self._words[field, token, zone] = self._clause(lists)
        return known

    def _clause(self, matching: Sequence[Matching]) -> Clause:
        containing = sum(_live_count(view, found) for view, found in zip(self._views, matching, strict=True))
        return Clause(tuple(matching), ranking.idf(self._collection.documents, containing))

    def _phrase(self, view: SegmentView, zone: Zone, tokens: Sequence[tuple[str, str]]) -> Matching:
        lists = _all_lists(view, zone, tokens)
        if lists is None:
            return NOTHING
        documents = common_documents(lists)
        return _computed(view, zone, phrase_places(lists, documents), documents)

    def _near(self, leaf: Leaf, zone: Zone, needed: Counter[tuple[str, str]], slop: int) -> list[Matching]:
        """Return what matches in each segment, of the first documents alone where there are too many places to compare."""
        width = min(needed.total() + slop, PARAGRAPH_GAP)
        left = MAX_NEAR_PLACES
        found: list[Matching] = []
        for view in self._views:
            lists = _all_lists(view, zone, list(needed))
            if lists is None:
                found.append(NOTHING)
                continue
            documents = common_documents(lists)
            ends = np.cumsum(sum(occurrences_in(listing, documents) for listing in lists))
            within = int(np.searchsorted(ends, left, side="right"))
            if within < len(documents):
                self.cut.append(leaf)
                documents, ends = documents[:within], ends[:within]
            left -= int(ends[-1]) if len(ends) else 0
            places = near_places(lists, documents, list(needed.values()), width)
            found.append(_computed(view, zone, places, documents))
        return found

    def _expansions(self, leaf: Prefix | Fuzzy, field: str) -> list[str]:
        """Return the words that a prefix or a misspelling stands for, the most frequent ones where there are too many."""
        found: Counter[str] = Counter()
        whole = True
        for view in self._views:
            if isinstance(leaf, Prefix):
                words, all_of_them = view.arrays.tokens_from(field, leaf.prefix)
                whole = whole and all_of_them
            else:
                words = view.arrays.tokens_within(field, leaf.surface, leaf.distance)
            found.update(dict(words))
        if not whole or len(found) > MAX_EXPANSIONS:
            self.cut.append(leaf)
        return most_frequent(found.items())


def most_frequent(words: Iterable[tuple[str, int]]) -> list[str]:
    """Return the `MAX_EXPANSIONS` words that stand in most documents, from (word, documents), most frequent first."""
    return [word for word, _count in sorted(words, key=lambda item: (-item[1], item[0]))[:MAX_EXPANSIONS]]


def _live_count(view: SegmentView, matching: Matching) -> int:
    if view.live is None or not len(matching):
        return len(matching)
    return int(np.count_nonzero(view.live[matching.documents]))


def _all_lists(view: SegmentView, zone: Zone, tokens: Sequence[tuple[str, str]]) -> list[TermList] | None:
    """Return the lists of these tokens, each a field and a term of it, None where one of them is in no document."""
    lists = [view.arrays.term(field, token, zone) for field, token in tokens]
    found = [listing for listing in lists if listing is not None and len(listing)]
    return found if len(found) == len(tokens) else None


def _computed(view: SegmentView, zone: Zone, places: Places, documents: Documents) -> Matching:
    """Return what matches at these places; those outside of the zone do not."""
    widths = view.arrays.numbers(schema.TITLE_WIDTH)
    if zone in (Zone.HEAD, Zone.BODY):
        inside = (places.positions < widths[documents[places.documents]]) == (zone is Zone.HEAD)
        places = Places(places.documents[inside], places.positions[inside])
    found, frequencies, leads = worth(places, documents, widths, None if zone is Zone.NAME else view.norms)
    return Computed(found, frequencies, leads if zone is Zone.ALL else None)


def _merged(view: SegmentView, field: str, zone: Zone, tokens: Iterable[str]) -> Matching:
    """Return what matches any of the tokens, their frequencies added."""
    lists = [found for token in tokens if (found := view.arrays.term(field, token, zone)) is not None and len(found)]
    if not lists:
        return NOTHING
    total = np.zeros(view.arrays.count)
    first = np.full(view.arrays.count, LAST_LEAD, dtype=np.uint8)
    there = np.zeros(view.arrays.count, dtype=np.bool_)
    for listing in lists:
        total[listing.documents] += listing.frequencies(view.norms)
        leads = listing.leads()
        if leads is not None:
            first[listing.documents] = np.minimum(first[listing.documents], leads)
        there[listing.documents] = True
    documents = np.flatnonzero(there).astype(np.uint32)
    return Computed(documents, total[documents], first[documents] if zone is Zone.ALL else None)
