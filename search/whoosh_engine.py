"""The embedded engine: a genuine Whoosh index, whose segments are read as arrays and searched exactly.

The engine looks for a new commit at each search, which costs two look-ups in folders; segments that a commit keeps keep their
arrays and all that was derived from them.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

import numpy as np

from index import generations, schema
from index.errors import IndexUnusable
from index.generations import OpenCommit
from search import dictionary, ranking
from search.arrays import Documents, Floats, Ints, Mask
from search.census import Census, TopicSet
from search.coverage import Coverage, Held, coverage_of, held_on
from search.engine import GROUPED, Days, Found, NearWord, Request, Tally
from search.evaluate import SCORE_DIGITS, Evaluation, Matched, day_mask
from search.facets import ENTRY_FACETS, count_facet
from search.leaves import Collection, LeafReader
from search.likeness import Bodies, folded, grouped, story_in, version_counts
from search.listed import Listed, TopicTree
from search.neighbours import neighbours
from search.query import FilterField, Sort
from search.reordering import Reordering
from search.results import Entry, Extent
from search.roll import Roll
from search.segments import SegmentArrays, SegmentView, Zone, embargoes_ended, live_mask, past_embargo, seen
from search.tree import Leaf
from search.trends import tallies_of

_OPEN_TRIES = 20
PAGES_BYTES = (
    160 << 20
)  # of mapped files that a process may hold in memory; the system keeps them as its cache all the same

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """One commit, open for searching."""

    path: Path
    commit: int
    sequence: int
    views: tuple[SegmentView, ...]
    arrays: dict[str, SegmentArrays]  # by segment id
    collection: Collection


class _Memory:
    """Tells how much memory this process holds, where the system tells it without delay."""

    _STATE = Path("/proc/self/statm")
    _SHARED = 2  # place of the pages that belong to files

    def __init__(self) -> None:
        self._file = self._STATE.open("rb", buffering=0) if self._STATE.exists() else None
        self._page = os.sysconf("SC_PAGE_SIZE")

    def mapped_bytes(self) -> int:
        """Return how much of mapped files is in this process's memory, 0 where that is not known."""
        if self._file is None or self._file.closed:
            return 0
        return int(os.pread(self._file.fileno(), 100, 0).split()[self._SHARED]) * self._page

    def close(self) -> None:
        """Close the file that tells it."""
        if self._file is not None:
            self._file.close()


@dataclass(frozen=True, slots=True)
class _Rows:
    """Documents of all segments side by side, for ordering: a row has its segment, its number there, score and time."""

    segments: Ints
    documents: Ints
    scores: Floats
    instants: Ints


class WhooshEngine:
    """Searches the live generation below a folder `generations`; opens it at the first search."""

    name = "whoosh"

    def __init__(self, folder: Path, listed: Callable[[], Listed]) -> None:
        """Take the folder, and what tells the newest state of the archivist's files."""
        self._folder = folder
        self._listed = listed
        self._census: tuple[_Snapshot, Census] | None = None
        self._covered: tuple[tuple[Path, int, int], Coverage] | None = None
        self._lock = threading.Lock()
        self._snapshot: _Snapshot | None = None
        self._watch = generations.Watch()
        self._memory = _Memory()

    def close(self) -> None:
        """Let all segments go; their files close when the last search in them has ended."""
        with self._lock:
            self._snapshot = self._census = None
        self._memory.close()

    def search(self, request: Request) -> Found:
        """Return the window that `request` asks for; raise IndexUnusable where there is no index to search."""
        found = self._asked(lambda snapshot: _found(snapshot, self._census_of(snapshot), request))
        self._give_back_pages()
        return found

    def frequency(self, surface: str) -> int:
        """Return in how many articles that readers may see this surface form stands, in title or body."""
        return self._asked(lambda snapshot: dictionary.frequency(snapshot.views, surface))

    def near_words(self, surface: str, most: int) -> tuple[NearWord, ...]:
        """Return the surface forms one slip away from this one, then frequent ones two slips away where it is long.

        Those of each distance most frequent first, at most `most` of them; only such as stand in articles readers may see.
        """
        return self._asked(lambda snapshot: dictionary.near_words(snapshot.views, surface, most))

    def words_from(self, prefix: str, most: int) -> tuple[tuple[str, int], ...]:
        """Return the most frequent surface forms that begin with `prefix`, and in how many articles each stands."""
        return self._asked(lambda snapshot: dictionary.words_from(snapshot.views, prefix, most))

    def values_from(
        self, field: FilterField, words: Sequence[str], most: int, *, whole: bool = False
    ) -> tuple[tuple[str, int], ...]:
        """Return the most frequent values of a field in which these surface forms follow each other, with their articles."""
        if field.value in ENTRY_FACETS:
            return self._asked(lambda snapshot: self._census_of(snapshot).values_from(field, words, most, whole=whole))
        return self._asked(lambda snapshot: dictionary.values_from(snapshot.views, field, words, most, whole))

    def stem_frequencies(self, stems: Iterable[str]) -> Mapping[str, int]:
        """Return in how many articles each of these stems stands, in title or body; those readers may not see included."""
        return self._asked(lambda snapshot: dictionary.stem_frequencies(snapshot.views, list(stems)))

    def versions(self, article_id: str) -> tuple[str, ...]:
        """Return the ids of the other articles that are versions of this one's story and that readers may see, newest first."""
        return self._asked(lambda snapshot: _versions(snapshot, article_id))

    def entries(self, field: FilterField) -> tuple[Entry, ...]:
        """Return all persons, or topics, that readers may see articles of, and recorded ones without any, by label."""
        return self._asked(lambda snapshot: self._census_of(snapshot).entries(field))

    def entry(self, field: FilterField, text: str) -> Entry | None:
        """Return the person, or the topic, with this slug, name or alias; None where there is none."""
        return self._asked(lambda snapshot: self._census_of(snapshot).entry(field, text))

    def refused(self, name: str) -> str | None:
        """Return the name of the record that says that a slug or name is no person's, None where none does."""
        return self._asked(lambda snapshot: self._census_of(snapshot).refused(name))

    def entries_of(self, field: FilterField, article_id: str) -> tuple[Entry, ...]:
        """Return the persons, or the topics, of an article, the most frequent in the archive first."""
        return self._asked(lambda snapshot: _entries_of(snapshot, self._census_of(snapshot), field, article_id))

    def names(self, field: FilterField, slug: str) -> tuple[Leaf, ...]:
        """Return the words by which articles name a person, or what a topic's query looks for."""
        return self._asked(lambda snapshot: self._census_of(snapshot).leaves(field, slug))

    def spellings(self, slug: str) -> tuple[tuple[str, int], ...]:
        """Return how articles name a person, each name with the articles that have it, most frequent first."""
        return self._asked(lambda snapshot: self._census_of(snapshot).spellings(slug))

    def extent(self, request: Request) -> Extent:
        """Return how many articles `request` finds, whatever its window, and of which days."""
        return self._asked(lambda snapshot: _extent(snapshot, self._census_of(snapshot), request))

    def held(self, request: Request) -> Held:
        """Return by day what `request` finds, whatever its window."""
        return self._asked(lambda snapshot: held_on(_days(snapshot, self._census_of(snapshot), request)))

    def coverage(self) -> Coverage:
        """Return how many articles that readers may see there are of each day, in all and by section."""
        return self._asked(self._coverage_of)

    def _coverage_of(self, snapshot: _Snapshot) -> Coverage:
        """Return the coverage of a commit, counted anew when an embargo has ended."""
        now = int(time.time())
        state = snapshot.path, snapshot.commit, embargoes_ended(snapshot.views, now)
        known = self._covered
        if known is None or known[0] != state:
            known = self._covered = state, coverage_of(snapshot.views, now)
        return known[1]

    def tallies(
        self, field: FilterField, periods: Sequence[Days], least: int
    ) -> tuple[tuple[int, ...], tuple[Tally, ...]]:
        """Return the articles of each period, and the values of a field that at least `least` articles of the first have."""

        def told(snapshot: _Snapshot) -> tuple[tuple[int, ...], tuple[Tally, ...]]:
            return tallies_of(field, snapshot.views, self._census_of(snapshot), periods, least, int(time.time()))

        return self._asked(told)

    def neighbours(self, section: str, instant: int, article_id: str) -> tuple[str | None, str | None]:
        """Return the articles before and after the place of an article in a section, by instant (Unix seconds), then id."""
        return self._asked(lambda snapshot: neighbours(snapshot.views, section, instant, article_id, int(time.time())))

    def sequence(self) -> int:
        """Return the store's sequence number up to which the index knows the articles."""
        return self._newest().sequence

    def count(self) -> int:
        """Return how many articles the index holds."""
        return self._newest().collection.documents

    def size_bytes(self) -> int:
        """Return how much disk the index takes."""
        return self._asked(lambda snapshot: sum(p.stat().st_size for p in snapshot.path.iterdir() if p.is_file()))

    def state(self) -> tuple[str, ...]:
        """Return what changes with what the engine can find: with the index, and when an embargo ends."""
        snapshot = self._newest()
        return snapshot.path.name, str(snapshot.commit), str(embargoes_ended(snapshot.views, int(time.time())))

    def roll(self) -> Roll:
        """Return the ids of all articles that readers may see, withdrawn ones left out, by time of publication, undated first."""
        return self._asked(lambda snapshot: Roll.of(snapshot.views, int(time.time())))

    def _give_back_pages(self) -> None:
        snapshot = self._snapshot
        if snapshot is not None and self._memory.mapped_bytes() > PAGES_BYTES:
            for view in snapshot.views:
                view.arrays.forget_pages()

    def _asked(self, question: Callable[[_Snapshot], Answer]) -> Answer:
        """Return what the newest commit answers; ask the next one where a writer deleted files that were still to be read."""
        for _attempt in range(_OPEN_TRIES):
            try:
                return question(self._newest())
            except FileNotFoundError as error:
                reason = str(error)
        raise IndexUnusable(self._folder, reason)

    def _census_of(self, snapshot: _Snapshot) -> Census:
        """Return the census of a commit with what the archivist's files say now."""
        listed = self._listed()
        with self._lock:
            if self._census is None or self._census[0] is not snapshot or self._census[1].listed is not listed:
                self._census = snapshot, Census(snapshot.views, listed, _topic_sets(snapshot))
            return self._census[1]

    def _newest(self) -> _Snapshot:
        """Return the newest commit, opened unless it is open; segments that stay are not opened again."""
        with self._lock:
            snapshot = self._snapshot
            if snapshot is not None and self._watch.is_quiet():
                return snapshot
            for _attempt in range(_OPEN_TRIES):
                try:
                    watch = generations.Watch(self._folder)
                    if snapshot is None or watch.newest != (snapshot.path, snapshot.commit):
                        commit = generations.open_commit(self._folder)
                        snapshot = self._snapshot = _opened(commit, snapshot.arrays if snapshot else {})
                    self._watch = watch
                except FileNotFoundError as error:  # the writer went on to the next commit meanwhile
                    reason = str(error)
                    continue
                return snapshot
        raise IndexUnusable(self._folder, reason)


def _found(snapshot: _Snapshot, census: Census, request: Request) -> Found:
    views = snapshot.views
    leaves = LeafReader(views, snapshot.collection)
    now = int(time.time())
    evaluation = Evaluation(request.tree, views, leaves, _newest_time(snapshot, request, now), census)
    matched = _matched(views, census, evaluation, request, now)
    window, scores, bodies = _window(views, matched, evaluation, leaves, request)
    versions = version_counts(views, bodies, now) if bodies else np.zeros(0, dtype=np.int64)
    found = [several.documents().astype(np.intp) for several in matched] if request.facets else []
    facets = {facet: count_facet(facet, views, found, census, _limits_to(request, facet)) for facet in request.facets}
    return Found(
        article_ids=tuple(views[place].arrays.labels[document] for place, document in window),
        scores=scores,
        total=sum(several.count for several in matched),
        facets=facets,
        labels={
            facet: census.labels(FilterField(facet), (*facets[facet], *_limits_to(request, facet)))
            for facet in ENTRY_FACETS
            if facet in facets
        },
        cut=tuple(leaves.cut),
        versions=tuple(versions.tolist()),
        folded=folded(bodies) if bodies and versions.any() else (False,) * len(versions),
        people=_entries(census, FilterField.PERSON, window) if request.entries else (),
        topics=_entries(census, FilterField.TOPIC, window) if request.entries else (),
    )


def _matched(
    views: Sequence[SegmentView], census: Census, evaluation: Evaluation, request: Request, now: int
) -> list[Matched]:
    return [evaluation.matched(place, _limits(place, view, census, request, now)) for place, view in enumerate(views)]


def _limits_to(request: Request, facet: str) -> tuple[str, ...]:
    return request.limits.get(FilterField(facet), ()) if facet in ENTRY_FACETS else ()


def _entries(census: Census, field: FilterField, window: Sequence[tuple[int, int]]) -> tuple[tuple[Entry, ...], ...]:
    return tuple(census.entries_of(field, place, document) for place, document in window)


def _entries_of(snapshot: _Snapshot, census: Census, field: FilterField, article_id: str) -> tuple[Entry, ...]:
    for place, view in enumerate(snapshot.views):
        found = view.arrays.term(schema.ID, article_id, Zone.NAME)
        for document in found.documents.tolist() if found is not None else ():
            may_see = seen(view, int(time.time()), np.asarray([document]))
            if may_see is None or may_see[0]:
                return census.entries_of(field, place, document)
    return ()


def _days(snapshot: _Snapshot, census: Census, request: Request) -> list[Ints]:
    """Return for each segment the day of each document that matches, as an ordinal."""
    views = snapshot.views
    evaluation = Evaluation(request.tree, views, LeafReader(views, snapshot.collection), None, census)
    matched = _matched(views, census, evaluation, request, int(time.time()))
    return [view.arrays.numbers(schema.DAY)[several.documents()] for view, several in zip(views, matched, strict=True)]


def _extent(snapshot: _Snapshot, census: Census, request: Request) -> Extent:
    days = _days(snapshot, census, request)
    dated = np.concatenate([np.zeros(0, np.int64), *(some[some != schema.NO_DAY] for some in days)])
    first, last = (date.fromordinal(int(day)) for day in (dated.min(), dated.max())) if len(dated) else (None, None)
    return Extent(sum(map(len, days)), first, last)


def _topic_sets(snapshot: _Snapshot) -> TopicSet:
    """Return what tells the documents of a segment that a topic's query matches, or that have one of its sections.

    Deleted ones may be among them.
    """
    views = snapshot.views
    leaves = LeafReader(views, snapshot.collection)

    def documents(topic: TopicTree, place: int, census: Census) -> Ints:
        evaluation = Evaluation(topic.tree, views, leaves, None, census)
        mask = views[place].arrays.names(schema.SECTION).documents_with(topic.sections)
        mask[evaluation.matched(place, None).documents()] = True
        return np.flatnonzero(mask)

    return documents


def _newest_time(snapshot: _Snapshot, request: Request, now: int) -> int | None:
    """Return the time that articles are recent at: the newest's, but none to come, for a slip of a date would make all old."""
    newest = snapshot.collection.newest
    if newest is None or not request.recency or request.sort is not Sort.RELEVANCE:
        return None
    return min(newest, now)


def _versions(snapshot: _Snapshot, article_id: str) -> tuple[str, ...]:
    story = story_in(snapshot.views, article_id, int(time.time()))
    found = []
    for view, documents in zip(snapshot.views, story, strict=True):
        instants = view.arrays.numbers(schema.INSTANT)[documents].tolist()
        found += [
            (-instant, view.arrays.labels[row]) for instant, row in zip(instants, documents.tolist(), strict=True)
        ]
    return tuple(label for _instant, label in sorted(found) if label != article_id)


def _opened(commit: OpenCommit, known: dict[str, SegmentArrays]) -> _Snapshot:
    arrays: dict[str, SegmentArrays] = {}
    opened: list[tuple[SegmentArrays, Mask | None]] = []
    for segment in commit.toc.segments:
        key = f"{commit.path.name}/{segment.segment_id()}"
        arrays[key] = known.get(key) or SegmentArrays(commit.storage, segment)
        opened.append((arrays[key], live_mask(segment)))
    collection = _collection_of(opened)
    title, body = collection.averages[ranking.TITLE], collection.averages[ranking.BODY]
    views = tuple(SegmentView(a, live, a.norms(title, body)) for a, live in opened)
    manifest = commit.manifest
    return _Snapshot(commit.path, manifest.commit, manifest.sequence, views, arrays, collection)


def _collection_of(segments: Sequence[tuple[SegmentArrays, Mask | None]]) -> Collection:
    """Return the counts of these segments' live documents together."""
    documents = 0
    newest = schema.NO_INSTANT
    words = dict.fromkeys(ranking.B, 0)
    for arrays, live in segments:
        documents += arrays.count if live is None else int(np.count_nonzero(live))
        instants = arrays.numbers(schema.INSTANT)
        newest = max(newest, int((instants if live is None else instants[live]).max(initial=schema.NO_INSTANT)))
        for field, column in ((ranking.TITLE, schema.TITLE_LENGTH), (ranking.BODY, schema.BODY_LENGTH)):
            lengths = arrays.numbers(column)
            words[field] += int((lengths if live is None else lengths[live]).sum())
    averages = {field: ranking.rounded_average(count / max(documents, 1)) for field, count in words.items()}
    return Collection(documents, averages, None if newest == schema.NO_INSTANT else newest)


def _limits(place: int, view: SegmentView, census: Census, request: Request, now: int) -> Mask | None:
    """Return the documents that the request's limits leave and that are not under embargo at `now`; None where all are."""
    masks = [
        census.mask(field, values, place)
        if field.value in ENTRY_FACETS
        else view.arrays.limit_mask(field.value, tuple(values))
        for field, values in request.limits.items()
    ]
    if request.published_from or request.published_to:
        masks.append(day_mask(view, request.published_from, request.published_to))
    past = past_embargo(view, now)
    if past is not None:
        masks.append(past)
    if not masks:
        return None
    return masks[0] if len(masks) == 1 else np.logical_and.reduce(masks)


def _window(
    views: Sequence[SegmentView],
    matched: Sequence[Matched],
    evaluation: Evaluation,
    leaves: LeafReader,
    request: Request,
) -> tuple[list[tuple[int, int]], tuple[float, ...], Bodies | None]:
    """Return segments and documents, scores and, if versions are asked for, bodies of the window: best first, ties by date,
    newest first, then by id."""
    end = request.offset + request.size
    if not request.size or sum(several.count for several in matched) <= request.offset:
        return [], (), None
    by_score = request.sort is Sort.RELEVANCE
    reordering = Reordering(request.tree, leaves, evaluation)
    is_reordered = by_score and reordering.is_due and request.offset < ranking.REORDERED
    is_grouped = by_score and request.versions and request.offset < GROUPED
    from_first = max(
        is_reordered * ranking.REORDERED, is_grouped * GROUPED
    )  # how many are looked at whatever the window
    ordered = max(end, from_first)
    rows = _best_rows(views, matched, evaluation, ordered) if by_score else _all_rows(views, matched)
    keys = _sort_keys(request.sort, rows.scores, rows.instants)
    order = _first(keys, ordered)
    order = order[np.lexsort((keys[1][order], keys[0][order]))]

    def label(row: int) -> str:
        return views[int(rows.segments[row])].arrays.labels[int(rows.documents[row])]

    begin = 0 if from_first else request.offset - _ties_before(keys, order, request.offset)
    tied = _ties_by_label(order[begin:], keys, label)
    if is_reordered:
        best = np.asarray(tied[: ranking.REORDERED])
        added = reordering.worth(rows.segments[best], rows.documents[best])
        rows.scores[best] = np.round(rows.scores[best] + added, SCORE_DIGITS)
        keys[0][best] = -rows.scores[best]
        again = best[np.lexsort((keys[1][best], keys[0][best]))]
        tied[: ranking.REORDERED] = _ties_by_label(again, keys, label)
    if is_grouped:
        tied[:GROUPED] = [tied[place] for place in grouped(_bodies(views, rows, np.asarray(tied[:GROUPED])))]
    chosen = tied[request.offset - begin : end - begin]
    scores = rows.scores[chosen] if by_score else _scores(evaluation, rows, np.asarray(chosen))
    bodies = _bodies(views, rows, np.asarray(chosen)) if request.versions else None
    window = list(zip(rows.segments[chosen].tolist(), rows.documents[chosen].tolist(), strict=True))
    return window, tuple(scores.tolist()), bodies


def _ties_by_label(order: Ints, keys: tuple[Floats, Floats], label: Callable[[int], str]) -> list[int]:
    """Return an ascending order with rows that tie in the order of their labels."""
    first, second = keys[0][order], keys[1][order]
    rows: list[int] = order.tolist()
    if not ((first[1:] == first[:-1]) & (second[1:] == second[:-1])).any():
        return rows
    return sorted(rows, key=lambda row: (keys[0][row], keys[1][row], label(row)))


def _bodies(views: Sequence[SegmentView], rows: _Rows, chosen: Ints) -> Bodies:
    return Bodies.of(views, rows.segments[chosen], rows.documents[chosen])


def _best_rows(views: Sequence[SegmentView], matched: Sequence[Matched], evaluation: Evaluation, count: int) -> _Rows:
    """Return all documents that can be among the best `count`, with their exact scores."""
    threshold = 0.0
    parts = []
    best = np.zeros(0)
    for place, several in enumerate(matched):
        documents, scores = evaluation.candidates(place, several, count, threshold)
        parts.append((place, documents, np.round(scores, SCORE_DIGITS)))
        best = np.concatenate([best, scores])
        if len(best) >= count:
            best = np.partition(best, len(best) - count)[len(best) - count :]
            threshold = float(best[0])
    return _rows(views, parts)


def _all_rows(views: Sequence[SegmentView], matched: Sequence[Matched]) -> _Rows:
    """Return all documents that match, without scores."""
    found = [several.documents() for several in matched]
    return _rows(views, [(place, documents, np.zeros(len(documents))) for place, documents in enumerate(found)])


def _rows(views: Sequence[SegmentView], parts: Sequence[tuple[int, Documents, Floats]]) -> _Rows:
    return _Rows(
        segments=np.repeat([place for place, _d, _s in parts], [len(documents) for _p, documents, _s in parts]),
        documents=np.concatenate([documents for _p, documents, _s in parts]).astype(np.int64),
        scores=np.concatenate([scores for _p, _d, scores in parts]),
        instants=np.concatenate([views[p].arrays.numbers(schema.INSTANT)[documents] for p, documents, _s in parts]),
    )


def _scores(evaluation: Evaluation, rows: _Rows, chosen: Ints) -> Floats:
    """Return the scores of these rows, in their order."""
    scores = np.zeros(len(chosen))
    for place in np.unique(rows.segments[chosen]).tolist():
        of_segment = np.flatnonzero(rows.segments[chosen] == place)
        of_segment = of_segment[np.argsort(rows.documents[chosen[of_segment]])]
        scores[of_segment] = evaluation.scores(place, rows.documents[chosen[of_segment]].astype(np.uint32))
    return np.round(scores, SCORE_DIGITS)


def _sort_keys(sort: Sort, scores: Floats, instants: Ints) -> tuple[Floats, Floats]:
    """Return the first and second key of each row, both ascending; undated articles come last among equals."""
    newest = -instants.astype(np.float64)
    if sort is Sort.RELEVANCE:
        return -scores, newest
    if sort is Sort.NEWEST:
        return newest, np.zeros(len(scores))
    dated = instants != schema.NO_INSTANT
    return np.where(dated, instants, np.inf).astype(np.float64), np.zeros(len(scores))


def _ties_before(keys: tuple[Floats, Floats], order: Ints, place: int) -> int:
    """Return how many rows just before this place of an ascending order have the same keys as the one in it."""
    same = np.logical_and(*(key[order[: place + 1]] == key[order[place]] for key in keys))
    return int(np.count_nonzero(same)) - 1


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
