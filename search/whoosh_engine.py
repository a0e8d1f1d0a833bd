"""The embedded engine: a genuine Whoosh index, whose segments are read as arrays and searched exactly.

The engine looks for a new commit at each search, which costs two look-ups in folders; segments that a commit keeps keep their
arrays.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index import generations, schema
from index.article import Status
from index.errors import IndexUnusable
from index.generations import OpenCommit
from search.engine import Found, Request
from search.evaluate import SURFACE_FIELDS, Collection, Matches, collection_of, day_mask, evaluate
from search.facets import count_facet, limit_mask
from search.query import Sort
from search.ranking import Floats
from search.segments import Ints, Mask, SegmentArrays, SegmentView, live_mask
from search.tree import Field

_EMBARGOED = schema.STATUSES.index(Status.EMBARGOED)
_OPEN_TRIES = 20
_SIMILAR_DISTANCES = (1, 2)
_SCORE_DIGITS = 9  # sums of floats differ in the last digits; ties must not hang on them


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """One commit, open for searching."""

    path: Path
    commit: int
    sequence: int
    views: tuple[SegmentView, ...]
    arrays: dict[str, SegmentArrays]  # by segment id
    collection: Collection


class WhooshEngine:
    """Searches the live generation below a folder `generations`; opens it at the first search."""

    name = "whoosh"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._snapshot: _Snapshot | None = None

    def close(self) -> None:
        """Close all segments."""
        with self._lock:
            if self._snapshot:
                for arrays in self._snapshot.arrays.values():
                    arrays.close()
            self._snapshot = None

    def search(self, request: Request) -> Found:
        """Return the window that `request` asks for; raise IndexUnusable where there is no index to search."""
        snapshot = self._newest()
        views = snapshot.views
        now = int(time.time())
        matches = [
            _narrowed(match, view, request, now)
            for match, view in zip(evaluate(request.tree, views, snapshot.collection), views, strict=True)
        ]
        documents = [match.documents for match in matches]
        ids, scores = _window(views, matches, request)
        return Found(
            article_ids=ids,
            scores=scores,
            total=sum(map(len, documents)),
            facets={facet: count_facet(facet, views, documents) for facet in request.facets},
        )

    def frequency(self, surface: str) -> int:
        """Return in how many articles' title or body this surface form stands."""
        found = 0
        for view in self._newest().views:
            lists = [view.arrays.postings(field, surface).documents for field in SURFACE_FIELDS[Field.TEXT]]
            found += int(np.count_nonzero(view.live[np.union1d(*lists)]))
        return found

    def similar_words(self, surface: str) -> str | None:
        """Return the surface form nearest to this one, the most frequent of the nearest; None where none is near.

        Words that stand in no article that readers may see are nobody's suggestion.
        """
        views, now = self._newest().views, int(time.time())
        for distance in _SIMILAR_DISTANCES:
            near: dict[str, int] = {}
            for view in views:
                for field in SURFACE_FIELDS[Field.TEXT]:
                    for word, documents in view.arrays.tokens_within(field, surface, distance):
                        near[word] = near.get(word, 0) + documents
            near.pop(surface, None)
            for word in sorted(near, key=lambda word: (-near[word], word)):
                if any(_is_seen(word, view, now) for view in views):
                    return word
        return None

    def sequence(self) -> int:
        """Return the store's sequence number up to which the index knows the articles."""
        return self._newest().sequence

    def count(self) -> int:
        """Return how many articles the index holds."""
        return self._newest().collection.documents

    def size_bytes(self) -> int:
        """Return how much disk the index takes."""
        return sum(path.stat().st_size for path in self._newest().path.iterdir() if path.is_file())

    def _newest(self) -> _Snapshot:
        """Return the newest commit, opened unless it is open; segments that stay are not opened again."""
        with self._lock:
            for _attempt in range(_OPEN_TRIES):
                live = generations.current_generation(self._folder)
                snapshot = self._snapshot
                try:
                    if snapshot and snapshot.path == live and generations.newest_commit(live) == snapshot.commit:
                        return snapshot
                    commit = generations.open_commit(self._folder)
                    self._snapshot = _opened(commit, snapshot.arrays if snapshot else {})
                except FileNotFoundError:  # the writer went on to the next commit meanwhile
                    continue
                return self._snapshot
        raise IndexUnusable(self._folder, "the index changes faster than it can be opened")


def _opened(commit: OpenCommit, known: dict[str, SegmentArrays]) -> _Snapshot:
    arrays = {}
    views = []
    for segment in commit.toc.segments:
        key = f"{commit.path.name}/{segment.segment_id()}"
        arrays[key] = known.get(key) or SegmentArrays(commit.storage, segment)
        views.append(SegmentView(arrays[key], live_mask(segment)))
    manifest = commit.manifest
    return _Snapshot(commit.path, manifest.commit, manifest.sequence, tuple(views), arrays, collection_of(views))


def _narrowed(matches: Matches, view: SegmentView, request: Request, now: int) -> Matches:
    """Return the matches that the request's limits leave, and that are not under embargo at `now` (Unix seconds)."""
    masks: list[Mask] = [limit_mask(field.value, values, view) for field, values in request.limits.items()]
    if request.published_from or request.published_to:
        masks.append(day_mask(view, request.published_from, request.published_to))
    past_embargo = _past_embargo(view, now)
    if past_embargo is not None:
        masks.append(past_embargo)
    documents, scores = matches.documents, matches.scores
    for mask in masks:
        stay = mask[documents]
        documents, scores = documents[stay], scores[stay]
    return Matches(documents, scores)


def _past_embargo(view: SegmentView, now: int) -> Mask | None:
    """Return a mask of the documents that are not under embargo, None where no document ever was; undated ones stay under it."""
    status = view.arrays.numbers(schema.STATUS)
    if not (status == _EMBARGOED).any():
        return None
    instants = view.arrays.numbers(schema.INSTANT)
    past: Mask = (status != _EMBARGOED) | ((instants <= now) & (instants != schema.NO_INSTANT))
    return past


def _is_seen(word: str, view: SegmentView, now: int) -> bool:
    past_embargo = _past_embargo(view, now)
    visible = view.live if past_embargo is None else view.live & past_embargo
    return any(visible[view.arrays.postings(field, word).documents].any() for field in SURFACE_FIELDS[Field.TEXT])


def _window(
    views: Sequence[SegmentView], matches: Sequence[Matches], request: Request
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Return ids and scores of the window: best first, ties by date, newest first, then by id."""
    if not matches or not request.size:
        return (), ()
    segments = np.repeat(np.arange(len(views)), [len(m.documents) for m in matches])
    documents = np.concatenate([m.documents for m in matches])
    scores = np.round(np.concatenate([m.scores for m in matches]), _SCORE_DIGITS)
    instants = np.concatenate(
        [v.arrays.numbers(schema.INSTANT)[m.documents] for v, m in zip(views, matches, strict=True)]
    )
    keys = _sort_keys(request.sort, scores, instants)
    end = request.offset + request.size
    order = _first(keys, end)

    def place(row: int) -> tuple[float, float, str]:
        return (keys[0][row], keys[1][row], views[segments[row]].arrays.article_ids[documents[row]])

    chosen = sorted(order.tolist(), key=place)[request.offset : end]
    return tuple(place(row)[2] for row in chosen), tuple(float(scores[row]) for row in chosen)


def _sort_keys(sort: Sort, scores: Floats, instants: Ints) -> tuple[Floats, Floats]:
    """Return the first and second key of each row, both ascending; undated articles come last among equals."""
    newest = -instants.astype(np.float64)
    if sort is Sort.RELEVANCE:
        return -scores, newest
    if sort is Sort.NEWEST:
        return newest, np.zeros(len(scores))
    dated = instants != schema.NO_INSTANT
    return np.where(dated, instants, np.inf).astype(np.float64), np.zeros(len(scores))


def _first(keys: tuple[Floats, Floats], count: int) -> Ints:
    """Return the rows that can be among the first `count`, all that tie with the last of them included, in no order."""
    first, second = keys
    if len(first) <= count:
        return np.arange(len(first))
    limit = np.partition(first, count - 1)[count - 1]
    sure = np.flatnonzero(first < limit)
    tied = np.flatnonzero(first == limit)
    missing = count - len(sure)
    if len(tied) > missing:
        second_limit = np.partition(second[tied], missing - 1)[missing - 1]
        tied = tied[second[tied] <= second_limit]
    return np.concatenate([sure, tied])
