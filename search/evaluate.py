"""A query tree over segments: which documents match, exactly, and what each is worth.

Leaves become clauses: pseudo-words with their frequencies per field and document, counted over all segments first, so that
scores depend neither on how the archive is cut into segments nor on what was deleted. A phrase, a prefix or a misspelling is
scored like one word that stands where it matches.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

import numpy as np

from index import schema
from search import ranking
from search.proximity import near_postings, phrase_postings
from search.ranking import Floats
from search.segments import NO_POSTINGS, Ints, Mask, PostingList, SegmentView
from search.tree import (
    STEMMED,
    And,
    AtLeast,
    DateRange,
    Everything,
    Field,
    Fuzzy,
    Id,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Word,
)

MAX_EXPANSIONS = 200  # words a prefix or a misspelling stands for, the most frequent ones

SURFACE_FIELDS: Mapping[Field, tuple[str, ...]] = {
    Field.TEXT: (schema.TITLE, schema.BODY),
    Field.TITLE: (schema.TITLE,),
    Field.BODY: (schema.BODY,),
    Field.AUTHOR: (schema.AUTHOR,),
    Field.SECTION: (schema.SECTION,),
    Field.SOURCE: (schema.SOURCE,),
    Field.PERSON: (schema.PERSON,),
    Field.TOPIC: (schema.TOPIC,),
    Field.TAG: (schema.TAG,),
}
STEM_OF = {schema.TITLE: schema.TITLE_STEM, schema.BODY: schema.BODY_STEM}
LENGTH_OF = {schema.TITLE: schema.TITLE_LENGTH, schema.BODY: schema.BODY_LENGTH}


@dataclass(frozen=True, slots=True)
class Matches:
    """The documents of one segment that match a node, ascending, and the score of each."""

    documents: Ints
    scores: Floats


@dataclass(frozen=True, slots=True)
class Collection:
    """Counts over all live documents: how many there are, and the mean length of title and body in words."""

    documents: int
    averages: Mapping[str, float]


def collection_of(views: Sequence[SegmentView]) -> Collection:
    """Return the counts of these segments together."""
    documents = sum(view.live_count for view in views)
    averages = {
        field: sum(int(view.arrays.numbers(column)[view.live].sum()) for view in views) / max(documents, 1)
        for field, column in LENGTH_OF.items()
    }
    return Collection(documents, averages)


def evaluate(tree: Node, views: Sequence[SegmentView], collection: Collection) -> list[Matches]:
    """Return what matches `tree` in each segment, deleted documents left out."""
    return _Evaluation(views, collection).matches(tree)


class _Evaluation:
    """One query's walk through a tree, all segments side by side."""

    def __init__(self, views: Sequence[SegmentView], collection: Collection) -> None:
        self.views = views
        self.collection = collection

    def matches(self, node: Node) -> list[Matches]:  # noqa: PLR0911 (one for each kind of node)
        match node:
            case Term() | Phrase() | Prefix() | Fuzzy():
                return self._leaf(node)
            case And(children):
                return self._and(children)
            case Or(children):
                return self._at_least(children, 1)
            case AtLeast(children, count):
                return self._at_least(children, count)
            case Not(child):
                return [
                    _without(everything, match)
                    for everything, match in zip(self._all(), self.matches(child), strict=True)
                ]
            case DateRange(first, last):
                return [_unscored(day_mask(view, first, last) & view.live) for view in self.views]
            case Id(article_id):
                return [self._with_id(view, article_id) for view in self.views]
            case Everything():
                return self._all()

    def _all(self) -> list[Matches]:
        return [_unscored(view.live) for view in self.views]

    @staticmethod
    def _with_id(view: SegmentView, article_id: str) -> Matches:
        documents = view.arrays.postings(schema.ID, article_id).documents
        return _scored_zero(documents[view.live[documents]])

    def _and(self, children: Sequence[Node]) -> list[Matches]:
        positive = [self.matches(child) for child in children if not isinstance(child, Not)] or [self._all()]
        negative = [self.matches(child.child) for child in children if isinstance(child, Not)]
        return [
            reduce(_without, [m[place] for m in negative], reduce(_intersection, [m[place] for m in positive]))
            for place in range(len(self.views))
        ]

    def _at_least(self, children: Sequence[Node], count: int) -> list[Matches]:
        every = [self.matches(child) for child in children]
        return [_union([m[place] for m in every], count, view) for place, view in enumerate(self.views)]

    def _leaf(self, leaf: Leaf) -> list[Matches]:
        """Return the sum of the leaf's clauses: its surface forms, and the stems where any form will do."""
        fields = SURFACE_FIELDS[leaf.field]
        match leaf:
            case Term(word, field, exact):
                surfaces = self._clause(fields, lambda view, name: view.arrays.postings(name, word.surface))
                if exact or field not in STEMMED:
                    return surfaces
                stems = self._clause(fields, lambda view, name: view.arrays.postings(STEM_OF[name], word.stem))
                return [_weighted_sum(a, b, view) for a, b, view in zip(stems, surfaces, self.views, strict=True)]
            case Phrase(words, field, None):
                return self._clause(fields, lambda view, name: _phrase(view, name, words))
            case Phrase(words, field, int(slop)):
                stemmed = field in STEMMED
                return self._clause(fields, lambda view, name: _near(view, name, words, slop, stemmed))
            case Prefix(prefix):
                return self._expanded(fields, self._prefix_words(fields, prefix))
            case Fuzzy(surface, _field, distance):
                return self._expanded(fields, self._fuzzy_words(fields, surface, distance))
        raise AssertionError(leaf)

    def _expanded(self, fields: Sequence[str], words: Sequence[str]) -> list[Matches]:
        return self._clause(fields, lambda view, name: _merged([view.arrays.postings(name, word) for word in words]))

    def _prefix_words(self, fields: Sequence[str], prefix: str) -> list[str]:
        return most_frequent(pair for v in self.views for f in fields for pair in v.arrays.tokens_from(f, prefix))

    def _fuzzy_words(self, fields: Sequence[str], surface: str, distance: int) -> list[str]:
        found = (p for v in self.views for f in fields for p in v.arrays.tokens_within(f, surface, distance))
        return most_frequent(found)

    def _clause(self, fields: Sequence[str], postings: Callable[[SegmentView, str], PostingList]) -> list[Matches]:
        """Return the BM25F scores of one pseudo-word, whose postings in a field the function gives."""
        combined = [self._combined(view, fields, postings) for view in self.views]
        weight = ranking.idf(self.collection.documents, sum(len(matches.documents) for matches in combined))
        return [Matches(m.documents, weight * ranking.saturated(m.scores)) for m in combined]

    def _combined(
        self, view: SegmentView, fields: Sequence[str], postings: Callable[[SegmentView, str], PostingList]
    ) -> Matches:
        """Return the live documents of a segment with the pseudo-word's combined frequency in each."""
        found = [(name, postings(view, name)) for name in fields]
        documents = reduce(np.union1d, [listing.documents for _name, listing in found])
        documents = documents[view.live[documents]]
        frequencies = np.zeros(len(documents))
        for name, listing in found:
            here = np.isin(listing.documents, documents, assume_unique=True)
            holders = listing.documents[here]
            lengths = view.arrays.numbers(LENGTH_OF[name])[holders] if name in LENGTH_OF else holders
            worth = ranking.normalised(
                listing.frequencies[here].astype(float),
                lengths.astype(float),
                self.collection.averages.get(name, 1.0),
                name,
            )
            frequencies[np.searchsorted(documents, holders)] += worth
        return Matches(documents, frequencies)


def most_frequent(words: Iterable[tuple[str, int]]) -> list[str]:
    """Return the `MAX_EXPANSIONS` words that stand in most documents, from (word, documents), most frequent first."""
    counts: Counter[str] = Counter()
    for word, documents in words:
        counts[word] += documents
    return [word for word, _documents in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAX_EXPANSIONS]]


def day_mask(view: SegmentView, first: date | None, last: date | None) -> Mask:
    """Return a mask of the dated documents from `first` to `last`, both inclusive, None open."""
    days = view.arrays.numbers(schema.DAY)
    mask: Mask = days != schema.NO_DAY
    if first is not None:
        mask &= days >= first.toordinal()
    if last is not None:
        mask &= days <= last.toordinal()
    return mask


def _phrase(view: SegmentView, name: str, words: Sequence[Word]) -> PostingList:
    lists = [view.arrays.positions(name, word.surface) for word in words]
    return phrase_postings(lists) if all(len(w.documents) for w in lists) else NO_POSTINGS


def _near(view: SegmentView, name: str, words: Sequence[Word], slop: int, stemmed: bool) -> PostingList:
    labels = [word.stem if stemmed else word.surface for word in words]
    lists = [view.arrays.positions(STEM_OF[name] if stemmed else name, label) for label in labels]
    return near_postings(lists, labels, slop) if all(len(w.documents) for w in lists) else NO_POSTINGS


def _merged(lists: Sequence[PostingList]) -> PostingList:
    """Return the postings of several words as those of one."""
    if not lists:
        return NO_POSTINGS
    documents, places = np.unique(np.concatenate([p.documents for p in lists]), return_inverse=True)
    frequencies = np.bincount(places, np.concatenate([p.frequencies for p in lists]), minlength=len(documents))
    return PostingList(documents, frequencies.astype(np.int64))


def _unscored(mask: Mask) -> Matches:
    return _scored_zero(np.flatnonzero(mask))


def _scored_zero(documents: Ints) -> Matches:
    return Matches(documents, np.zeros(len(documents)))


def _weighted_sum(stems: Matches, surfaces: Matches, view: SegmentView) -> Matches:
    lighter = Matches(surfaces.documents, ranking.SURFACE_WEIGHT * surfaces.scores)
    return _union([stems, lighter], 1, view)


def _intersection(one: Matches, other: Matches) -> Matches:
    documents, here, there = np.intersect1d(one.documents, other.documents, assume_unique=True, return_indices=True)
    return Matches(documents, one.scores[here] + other.scores[there])


def _without(kept: Matches, dropped: Matches) -> Matches:
    stay = np.isin(kept.documents, dropped.documents, assume_unique=True, invert=True)
    return Matches(kept.documents[stay], kept.scores[stay])


def _union(several: Sequence[Matches], count: int, view: SegmentView) -> Matches:
    """Return the documents that are in at least `count` of these, scores added."""
    scores = np.zeros(view.arrays.count)
    times = np.zeros(view.arrays.count, dtype=np.int64)
    for matches in several:
        scores[matches.documents] += matches.scores
        times[matches.documents] += 1
    documents = np.flatnonzero(times >= count)
    return Matches(documents, scores[documents])
