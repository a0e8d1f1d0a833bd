"""A query tree over segments: which documents match, exactly, and the best of them.

Matching and scoring are two passes. The first tells for each segment the set of documents that match, from which totals and
facets are counted. The second scores those that can be among the best. For words side by side it is MaxScore (Turtle and
Flood, "Query evaluation: strategies and optimizations", 1995): once the words still to come cannot lift a new document among
the best, only the documents found so far are looked up in their lists.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from index import schema
from search import ranking
from search.arrays import Documents, Floats, Ints, Mask
from search.census import Census
from search.leaves import Clause, LeafReader, Matching
from search.likeness import story_in
from search.query import FilterField
from search.segments import DENSE, SegmentView, TermList, Zone, places_in
from search.tree import (
    And,
    AtLeast,
    DateRange,
    Everything,
    Expanded,
    Fuzzy,
    HasStatus,
    Id,
    Leaf,
    Named,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Versions,
)

WORDS = (Term, Phrase, Prefix, Fuzzy, Expanded)  # nodes whose score is a sum over leaves
FEW = 1_500  # documents that are scored all, in less time than it takes to find the best of them
SAMPLE = 4_096  # documents of a list that are looked at for a first idea of what the best have
SCORE_DIGITS = 9  # sums of floats differ in the last digits; ties must not hang on them
SLACK = 10**-SCORE_DIGITS  # more than the order of additions can make of a score, relative to the best there can be


@dataclass(frozen=True, slots=True)
class Matched:
    """The documents of one segment that match, as a mask, as ascending numbers, or as both, which then mean the same."""

    mask: Mask | None
    numbers: Documents | None
    count: int

    @classmethod
    def of_mask(cls, mask: Mask) -> "Matched":
        """Return the documents where the mask is true."""
        return cls(mask, None, int(np.count_nonzero(mask)))

    @classmethod
    def of_numbers(cls, numbers: Documents) -> "Matched":
        """Return these documents."""
        return cls(None, numbers, len(numbers))

    def documents(self) -> Documents:
        """Return the documents as ascending numbers."""
        if self.numbers is not None:
            return self.numbers
        return np.flatnonzero(self.mask).astype(np.uint32) if self.mask is not None else np.zeros(0, dtype=np.uint32)

    def has(self, documents: Documents) -> Mask:
        """Say for each of these documents whether it matches."""
        if self.mask is not None:
            found: Mask = self.mask[documents]
            return found
        return places_in(self.documents(), documents)[1]

    def within(self, mask: Mask | None) -> "Matched":
        """Return those that are in a mask too; None means all."""
        if mask is None:
            return self
        if self.mask is not None:
            return Matched.of_mask(self.mask & mask)
        documents = self.documents()
        return Matched.of_numbers(documents[mask[documents]])


class Evaluation:
    """One query's tree over all segments; `newest` is the time that articles are recent at, None where none is.

    Without a census the tree names no person and no topic.
    """

    def __init__(
        self,
        tree: Node,
        views: Sequence[SegmentView],
        leaves: LeafReader,
        newest: int | None,
        census: Census | None = None,
    ) -> None:
        self._tree, self._views, self._leaves, self._newest, self._census = tree, views, leaves, newest, census
        self._looked_up_before: dict[tuple[int, Matching], tuple[Documents, Ints, Ints]] = {}
        self._stories: dict[str, list[Documents]] = {}

    def matched(self, place: int, limits: Mask | None) -> Matched:
        """Return what matches in one segment within the limits, deleted documents left out."""
        view = self._views[place]
        found = self._match(self._tree, place)
        if view.live is not None:
            found = found.within(view.live)
        return found.within(limits)

    def _match(self, node: Node, place: int) -> Matched:  # noqa: C901, PLR0911, PLR0912 (one for each kind of node)
        view = self._views[place]
        match node:
            case Term() | Phrase() | Prefix() | Fuzzy():
                return self._leaf(node, place)
            case And(children):
                return self._all_of(children, place)
            case Or(children):
                return self._at_least(children, 1, place)
            case AtLeast(children, count):
                return self._at_least(children, count, place)
            case Expanded(leaves=leaves, variants=variants):
                typed = self._all_of(leaves, place)
                others = [self._leaf(variant.leaf, place) for variant in variants]
                return _any_of([typed, *others], view)
            case Not(child):
                return Matched.of_mask(~_mask_of(self._match(child, place), view))
            case DateRange(first, last):
                return Matched.of_mask(day_mask(view, first, last))
            case Id(article_id):
                found = view.arrays.term(schema.ID, article_id, Zone.NAME)
                return Matched.of_numbers(np.zeros(0, np.uint32) if found is None else found.documents)
            case Versions(article_id):
                return Matched.of_numbers(self._story(article_id)[place])
            case Named(slug, typed):
                if self._census is None:
                    return self._leaf(typed, place)
                return Matched.of_mask(self._census.mask(FilterField(typed.field.value), (slug,), place))
            case HasStatus(status):
                return Matched.of_mask(view.arrays.numbers(schema.STATUS) == schema.STATUSES.index(status))
            case Everything():
                return Matched.of_mask(np.ones(view.arrays.count, dtype=np.bool_))

    def _story(self, article_id: str) -> list[Documents]:
        found = self._stories.get(article_id)
        if found is None:
            found = self._stories[article_id] = story_in(self._views, article_id, int(time.time()))
        return found

    def _leaf(self, leaf: Leaf, place: int) -> Matched:
        first, *others = [clause.matching[place] for clause in self._leaves.clauses(leaf)]
        extra = [other.beyond(first) for other in others if len(other)]
        extra = [documents for documents in extra if len(documents)]
        if not extra:
            return Matched(first.mask if first.is_dense else None, first.documents, len(first))
        return Matched.of_numbers(np.sort(np.concatenate([first.documents, *extra])))

    def _all_of(self, children: Sequence[Node], place: int) -> Matched:
        """Go through the documents of the rarest child, look them up in the others, ranges and negations last."""
        if not children:
            return self._match(Everything(), place)
        words = [child for child in children if isinstance(child, WORDS)]
        words.sort(key=lambda child: self._most(child, place))
        others = [child for child in children if not isinstance(child, WORDS)]
        found = self._match(words[0] if words else others.pop(0), place)
        for word in words[1:]:
            documents = found.documents()
            found = Matched.of_numbers(documents[self._has(word, place, documents)])
        for child in others:
            documents = found.documents()
            found = Matched.of_numbers(documents[self._match(child, place).has(documents)])
        return found

    def _most(self, node: Leaf | Expanded, place: int) -> int:
        """Return a number of documents that a node does not match more than."""
        if isinstance(node, Expanded):
            typed = min(self._most(leaf, place) for leaf in node.leaves)
            return typed + sum(self._most(variant.leaf, place) for variant in node.variants)
        return sum(len(clause.matching[place]) for clause in self._leaves.clauses(node))

    def _has(self, node: Leaf | Expanded, place: int, documents: Documents) -> Mask:
        """Say for each of these documents whether it matches a node."""
        if isinstance(node, Expanded):
            every = np.logical_and.reduce([self._has(leaf, place, documents) for leaf in node.leaves])
            any_of: Mask = np.logical_or.reduce([every, *(self._has(v.leaf, place, documents) for v in node.variants)])
            return any_of
        first, *others = [clause.matching[place] for clause in self._leaves.clauses(node)]
        found: Mask = first.has(documents)
        for other in others:
            if not found.all():
                found = found | other.has(documents)
        return found

    def _at_least(self, children: Sequence[Node], count: int, place: int) -> Matched:
        if count < 1:
            return self._match(Everything(), place)
        view = self._views[place]
        found = [self._match(child, place) for child in children]
        found = [several for several in found if several.count]
        if len(found) < count:
            return Matched.of_numbers(np.zeros(0, dtype=np.uint32))
        if count == 1:
            return _any_of(found, view)
        times = np.zeros(view.arrays.count, dtype=np.min_scalar_type(len(found)))
        for several in found:
            times[several.documents()] += 1
        return Matched.of_mask(times >= count)

    # --- scores

    def scores(self, place: int, documents: Documents) -> Floats:
        """Return the exact scores of these documents, which match, of one segment."""
        clauses = self._flat_clauses
        if clauses is None:
            return self._score(self._tree, place, documents)[1] + self._recency(place, documents)
        return self._sum(clauses, place, documents) + self._recency(place, documents)

    def _sum(self, clauses: Sequence[Clause], place: int, documents: Documents) -> Floats:
        """Return the sum of what the clauses are worth in these documents; words of the text all at once."""
        view = self._views[place]
        total = np.zeros(len(documents))
        rows, numbers, factors = [], [], []
        for clause in clauses:
            matching = clause.matching[place]
            if not len(matching):
                continue
            having, places = _those_in(matching, documents)
            if isinstance(matching, TermList) and matching.is_plain:
                self._looked_up_before[place, matching] = (documents, having, places)
                rows.append(having)
                numbers.append(matching.postings.first + places)
                factors.append(clause.factor)
            else:
                total[having] += clause.factor * matching.shares_at(view.norms, places)
        if rows:
            weights = np.repeat(factors, [len(having) for having in rows])
            every = np.concatenate(rows)
            shares = view.arrays.shares(np.concatenate(numbers), documents[every].astype(np.intp), view.norms)
            total += np.bincount(every, weights=weights * shares, minlength=len(documents))
        return total

    def those_in(self, place: int, matching: Matching, documents: Documents) -> tuple[Ints, Ints]:
        """Return which of these documents, by their rows, match a clause, and their places in its list.

        The documents, ascending, are some of those that were scored: what was looked up for these is not looked up again.
        """
        known = self._looked_up_before.get((place, matching))
        if known is None:
            return _those_in(matching, documents)
        scored, having, places = known
        if len(scored) == len(documents):
            return having, places
        place_of = np.full(len(scored), -1)
        place_of[having] = places
        found = place_of[np.searchsorted(scored, documents)]
        rows = np.flatnonzero(found >= 0)
        return rows, found[rows]

    def _recency(self, place: int, documents: Documents) -> Floats | float:
        """Return what these documents get for being recent."""
        if self._newest is None:
            return 0.0
        instants = self._views[place].arrays.numbers(schema.INSTANT)[documents]
        return ranking.recency(np.maximum(self._newest - instants, 0).astype(np.float64))

    def _score(self, node: Node, place: int, documents: Documents) -> tuple[Mask, Floats]:
        """Return which of the documents match a node, and what it is worth in each: nothing where it does not match, but
        for expanded words, each of which counts by itself."""
        match node:
            case Term() | Phrase() | Prefix() | Fuzzy():
                return self._score_leaf(node, place, documents)
            case Expanded():
                total = np.zeros(len(documents))
                for leaf, weight in _weighted(node):
                    total += weight * self._score_leaf(leaf, place, documents)[1]
                return self._match(node, place).has(documents), total
            case And(children):
                return self._score_several(children, len(children), place, documents)
            case Or(children):
                return self._score_several(children, 1, place, documents)
            case AtLeast(children, count):
                return self._score_several(children, count, place, documents)
        return self._match(node, place).has(documents), np.zeros(len(documents))

    def _score_several(
        self, children: Sequence[Node], count: int, place: int, documents: Documents
    ) -> tuple[Mask, Floats]:
        times = np.zeros(len(documents), dtype=np.int64)
        total = np.zeros(len(documents))
        for child in children:
            mask, scores = self._score(child, place, documents)
            times += mask
            total += scores
        mask = times >= count
        return mask, np.where(mask, total, 0.0)

    def _score_leaf(self, leaf: Leaf, place: int, documents: Documents) -> tuple[Mask, Floats]:
        norms = self._views[place].norms
        found = np.zeros(len(documents), dtype=np.bool_)
        total = np.zeros(len(documents))
        for clause in self._leaves.clauses(leaf):
            matching = clause.matching[place]
            places, there = places_in(matching.documents, documents)
            total[there] += clause.factor * matching.shares_at(norms, places[there])
            found |= there
        return found, total

    def candidates(self, place: int, matched: Matched, count: int, threshold: float) -> tuple[Documents, Floats]:
        """Return, with exact scores, all documents that can be among the best `count`, and perhaps some more.

        Documents that cannot reach `threshold`, what the worst of the best of other segments has, may be left out.
        """
        clauses = self._flat_clauses
        if clauses is None or matched.count <= max(count, FEW):
            documents = matched.documents()
            return documents, self.scores(place, documents)
        return self._promising(clauses, place, matched, count, threshold)

    @cached_property
    def _flat_clauses(self) -> list[Clause] | None:
        """All clauses of a tree whose score is the sum of theirs whatever matches: leaves, side by side or alone."""
        match self._tree:
            case And(children) | Or(children) | AtLeast(children):
                nodes: Sequence[Node] = [child for child in children if _is_scored(child)]
            case _:
                nodes = [self._tree]
        clauses: list[Clause] = []
        for node in nodes:
            if not isinstance(node, WORDS):
                return None
            for leaf, weight in _weighted(node):
                found = self._leaves.clauses(leaf)
                clauses += found if weight == 1 else [clause.times(weight) for clause in found]
        return clauses

    def _promising(
        self, clauses: Sequence[Clause], place: int, matched: Matched, count: int, threshold: float
    ) -> tuple[Documents, Floats]:
        norms = self._views[place].norms
        lists = [(clause.matching[place], clause.factor) for clause in clauses if len(clause.matching[place])]
        lists.sort(key=lambda item: len(item[0]))
        bounds = [factor * matching.bound(norms) for matching, factor in lists]
        slack = SLACK * (1 + sum(bounds))  # scores that are the same when rounded are a tie, which the date decides
        slack += 0.0 if self._newest is None else ranking.RECENCY
        total = np.zeros(self._views[place].arrays.count, dtype=np.float64)
        rest = sum(bounds)
        for number, (matching, factor) in enumerate(lists):
            if rest + slack < threshold and number:
                found, scores = self._looked_up(
                    lists[number:], bounds[number:], place, matched, total, threshold - slack
                )
                return found, scores + self._recency(place, found)
            np.add.at(total, matching.documents.astype(np.intp), factor * matching.shares(norms))
            rest -= bounds[number]
            threshold = max(threshold, _threshold(total, matching.documents[:SAMPLE], matched, count))
        documents = _reaching(total, matched, threshold - slack)
        return documents, total[documents] + self._recency(place, documents)

    def _looked_up(
        self,
        lists: Sequence[tuple[Matching, float]],
        bounds: Sequence[float],
        place: int,
        matched: Matched,
        total: Floats,
        threshold: float,
    ) -> tuple[Documents, Floats]:
        """Return the promising among the documents that have a score so far, looked up in the lists still to come."""
        norms = self._views[place].norms
        documents = _reaching(total, matched, max(threshold - sum(bounds), float(np.finfo(np.float64).tiny)))
        scores = total[documents]
        rest = sum(bounds)
        for (matching, factor), bound in zip(lists, bounds, strict=True):
            kept = scores + rest >= threshold
            documents, scores = documents[kept], scores[kept]
            places, there = places_in(matching.documents, documents)
            scores[there] += factor * matching.shares_at(norms, places[there])
            rest -= bound
        kept = scores >= threshold
        return documents[kept], scores[kept]


def _weighted(node: Leaf | Expanded) -> list[tuple[Leaf, float]]:
    """Return the leaves that make up the score of a node, and what each one's is multiplied by."""
    if not isinstance(node, Expanded):
        return [(node, 1.0)]
    return [(leaf, node.weight) for leaf in node.leaves] + [(variant.leaf, variant.weight) for variant in node.variants]


def _any_of(found: Sequence[Matched], view: SegmentView) -> Matched:
    """Return the documents that are in any of these."""
    found = [several for several in found if several.count]
    if len(found) == 1:
        return found[0]
    mask: Mask = np.zeros(view.arrays.count, dtype=np.bool_)
    for several in found:
        if several.mask is not None:
            mask |= several.mask
        else:
            mask[several.documents().astype(np.intp)] = True
    return Matched.of_mask(mask)


def _those_in(matching: Matching, documents: Documents) -> tuple[Ints, Ints]:
    """Return which of these documents, by their rows, match a clause, and their places in its list."""
    places, there = places_in(matching.documents, documents)
    rows = np.flatnonzero(there)
    return rows, places[rows]


def _threshold(total: Floats, documents: Documents, matched: Matched, count: int) -> float:
    """Return what the `count`-th best of these documents has so far, a score that the best must reach; 0 for too few."""
    return _kth(total[documents[matched.has(documents)]], count)


def _reaching(total: Floats, matched: Matched, limit: float) -> Documents:
    """Return the documents that match and have a score of `limit` or more."""
    if matched.numbers is not None and len(matched.numbers) * DENSE < len(total):
        return matched.numbers[total[matched.numbers] >= limit]
    documents = np.flatnonzero(total >= limit).astype(np.uint32)
    return documents[matched.has(documents)]


def _kth(scores: Floats, count: int) -> float:
    """Return the `count`-th greatest score, 0 where there are fewer."""
    if len(scores) < count:
        return 0.0
    return float(np.partition(scores, len(scores) - count)[len(scores) - count])


def _is_scored(node: Node) -> bool:
    return not isinstance(node, Not | DateRange | Named | Id | Versions | HasStatus | Everything)


def _mask_of(matched: Matched, view: SegmentView) -> Mask:
    if matched.mask is not None:
        return matched.mask
    mask: Mask = np.zeros(view.arrays.count, dtype=np.bool_)
    mask[matched.documents()] = True
    return mask


def day_mask(view: SegmentView, first: date | None, last: date | None) -> Mask:
    """Return a mask of the dated documents from `first` to `last`, both inclusive, None open."""
    days = view.arrays.numbers(schema.DAY)
    mask: Mask = days != schema.NO_DAY
    if first is not None:
        mask &= days >= first.toordinal()
    if last is not None:
        mask &= days <= last.toordinal()
    return mask
