"""The indexer: brings the Whoosh index up to the store's last change, in steps that each commit with their number.

Memory is bounded by the step: `STEP_ARTICLES` articles and `building.SEGMENT_CHARACTERS` characters of text are in work at
once in each process. Killed anywhere, the last commit serves, and the next run goes on from its number.
"""

import errno
import fcntl
import logging
import multiprocessing
import os
import shutil
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from whoosh.codec.base import Segment

from index import generations, schema
from index.analysis import Analyzer
from index.building import Built, Step, build
from index.errors import ArchiveLocked, DiskFull, IndexBroken, IndexUnusable
from index.generations import INDEX_NAME, CommitStorage
from index.learning import sampled_names
from index.merging import merge_segments
from index.postings import ArrayTermsReader
from index.settings import ArchiveFolder, Settings
from index.store import ArticleStore
from index.wordbook import Wordbook, known_names, table_of
from index.wordfile import read_exceptions
from index.words import Exceptions

log = logging.getLogger("telisik.writer")

STEP_ARTICLES = 12_500  # most that one step takes; about 500 MB in its process
LEAST_STEP = 2_500  # what is shared out among processes is not cut smaller
PARALLEL_FROM = 5_000  # changes; for fewer, starting processes takes longer than they save
ROOM_PER_BYTE = (
    4  # bytes of disk that a byte of the store may take in the index, its old and its merged segments together
)
ROOM_ALWAYS = 64 << 20  # bytes that stay free

LARGE = 100_000  # documents; segments of this size are merged with each other only when they are many
MERGED_AT_ONCE = 16  # small segments, while more are coming
MOST_LARGE = 8  # segments that are merged when there are so many
RATIO = 2  # a small segment is merged unless it is so many times larger than all smaller ones together

Progress = Callable[[int, int], None]  # articles done, articles in all


@dataclass(frozen=True, slots=True)
class IndexSummary:
    """What a run of the indexer did: articles applied, the sequence number reached, seconds taken."""

    applied: int
    sequence: int
    seconds: float


@contextmanager
def writing(folder: ArchiveFolder) -> Iterator[None]:
    """Hold the archive's write lock in the block; raise ArchiveLocked where another process holds it.

    The lock goes with the process that holds it: a killed writer leaves none.
    """
    folder.path.mkdir(parents=True, exist_ok=True)
    with folder.lock.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ArchiveLocked(folder.path) from error
        yield


def update_index(
    folder: ArchiveFolder,
    store: ArticleStore,
    settings: Settings,
    *,
    progress: Progress = lambda done, total: None,
    batch: int = STEP_ARTICLES,
    processes: int = 1,
) -> IndexSummary:
    """Apply the store's changes to the live index, a new one where there is none. The caller holds the write lock.

    `batch` is the number of articles of one step. With several `processes` the calling program must be importable
    without running again (`if __name__ == "__main__"`), as `multiprocessing` asks.
    """
    live = generations.current_generation(folder.generations)
    if live is None:
        storage = _started_generation(folder.generations, store, None, settings)
        generations.switch_to(storage.path)
    else:
        storage = generations.open_for_writing(live, str(settings.zone))
        if not _is_of(storage, store):
            log.warning(
                "%s: the index is not of this store, which may be an older one put back; it is made again", live
            )
            return rebuild_index(folder, store, settings, progress=progress, batch=batch, processes=processes)
    return _apply_changes(folder, storage, store, progress, batch, processes)


def rebuild_index(
    folder: ArchiveFolder,
    store: ArticleStore,
    settings: Settings,
    *,
    progress: Progress = lambda done, total: None,
    batch: int = STEP_ARTICLES,
    processes: int = 1,
) -> IndexSummary:
    """Make the index again beside the live one, then switch. A rebuild that was interrupted is taken up where it was."""
    try:
        live = generations.current_generation(folder.generations)
    except IndexUnusable:  # nobody knows which it is: the new one comes after all that are there
        live = max(generations.newer_generations(folder.generations, None), default=None)
    fresh = _started_generation(folder.generations, store, live, settings)
    summary = _apply_changes(folder, fresh, store, progress, batch, processes)
    generations.switch_to(fresh.path)
    return summary


def _is_of(storage: CommitStorage, store: ArticleStore) -> bool:
    """Say whether the last change in a generation is the store's own."""
    return storage.last_change == store.change_mark(storage.sequence)


def _started_generation(folder: Path, store: ArticleStore, live: Path | None, settings: Settings) -> CommitStorage:
    """Return the generation after the live one: the one a former run began where it can be gone on with, else a new one."""
    for begun in generations.newer_generations(folder, live):
        try:
            storage = generations.open_for_writing(begun, str(settings.zone))
            if _is_of(storage, store):
                return storage
        except IndexUnusable as error:
            log.info("%s cannot be gone on with: %s", begun, error)
        shutil.rmtree(begun)
    return generations.make_generation(generations.next_generation(folder, live), str(settings.zone))


def _apply_changes(
    folder: ArchiveFolder, storage: CommitStorage, store: ArticleStore, progress: Progress, batch: int, processes: int
) -> IndexSummary:
    with closing(Wordbook(folder.wordbook)) as book:
        if book.progress()[1] != store.change_mark(book.progress()[0]):
            book.forget()  # what it learned is of an older store that was put back, or of another one
        words = _known_words(folder, store, book)
        return _apply_with_words(storage, store, book, words, progress, batch, processes)


def _known_words(folder: ArchiveFolder, store: ArticleStore, book: Wordbook) -> tuple[frozenset[str], Exceptions]:
    """Return the names that the archive knows so far, or has in a sample where it has shown nothing, and its exceptions."""
    exceptions = read_exceptions(folder.exceptions)
    sequence, _last_change = book.progress()
    names = known_names(folder, book) if sequence else sampled_names(store, Analyzer(table_of(frozenset(), exceptions)))
    return names, exceptions


def _apply_with_words(
    storage: CommitStorage,
    store: ArticleStore,
    book: Wordbook,
    words: tuple[frozenset[str], Exceptions],
    progress: Progress,
    batch: int,
    processes: int,
) -> IndexSummary:
    started = time.monotonic()
    generation = storage.path
    index = _GrowingIndex(storage, generations.segments_of(generation))
    total = store.changes_count(storage.sequence)
    _check_room(generation, store, total)
    done = 0
    learned, _last_change = book.progress()
    if learned < storage.sequence:
        log.warning("%s: words are learned again from what is indexed already", generation)
    work = max(total, store.changes_count(learned))
    processes = processes if work >= PARALLEL_FROM else 1
    batch = min(batch, max(LEAST_STEP, -(-work // processes)))
    steps = _steps(store, storage, batch, learned, words)
    try:
        for built in _built(steps, processes):
            _check_room(generation, store, min(total - done, batch))
            if built.last > book.progress()[0]:  # before the commit: a step that is done again teaches nothing twice
                book.learn(built.learned, built.last, built.last_change)
            if built.last <= storage.sequence:
                continue
            index.add(built)
            done += len(built.article_ids)
            progress(done, total)
        if done:
            index.settle()
    except BrokenProcessPool as error:
        raise IndexBroken(generation, total, done) from error
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        generations.open_for_writing(generation, storage.zone)  # which deletes what is half written
        raise DiskFull(generation, _room_for(store, total - done), shutil.disk_usage(generation).free) from error
    if done != total or store.changes_count(storage.sequence):
        raise IndexBroken(generation, total, done)
    return IndexSummary(done, storage.sequence, time.monotonic() - started)


def _steps(
    store: ArticleStore, storage: CommitStorage, batch: int, learned: int, words: tuple[frozenset[str], Exceptions]
) -> Iterator[Step]:
    """Yield the steps from the last commit on, and from what was `learned` last where a wordbook was lost or put back.

    What was learned from already, or indexed, is in no step together with what was not.
    """
    indexed = storage.sequence
    after = min(indexed, learned)
    while (last := store.sequence_after(after, batch)) is not None:
        last = min(known for known in (learned, indexed, last) if known > after)
        learns, indexes = after >= learned, after >= indexed
        yield Step(store.path, storage.path, storage.zone, after, last, *words, learns=learns, indexes=indexes)
        after = last


def _built(steps: Iterable[Step], processes: int) -> Iterator[Built]:
    """Yield what becomes of the steps, in their order, while other processes work on the next ones."""
    if processes == 1:
        yield from map(build, steps)
        return
    context = multiprocessing.get_context("spawn")  # a forked process would keep the write lock when this one is killed
    pool = ProcessPoolExecutor(processes, context, initializer=_end_with_parent)
    waiting: deque[Future[Built]] = deque()
    try:
        for step in steps:
            with _interrupts_held_back():  # processes start here, and an interrupt is for this one to act on
                waiting.append(pool.submit(build, step))
            if len(waiting) > processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)  # waits for steps in work: nobody writes into the generation afterwards


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Let an interrupt from the keyboard wait for the end of the block; processes that are started in it never see one."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    """End this process when the one that started it ends, however it ends."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _check_room(generation: Path, store: ArticleStore, articles: int) -> None:
    """Raise DiskFull where so many articles might not fit: a half-written segment would keep the disk full."""
    needed, free = _room_for(store, articles), shutil.disk_usage(generation).free
    if free < needed:
        raise DiskFull(generation, needed, free)


def _room_for(store: ArticleStore, articles: int) -> int:
    """Return how many bytes of disk must be free for indexing so many articles."""
    size = store.path.stat().st_size
    return ROOM_ALWAYS + ROOM_PER_BYTE * size * articles // max(1, store.count(), articles)


class _GrowingIndex:
    """The segments of a generation while it is written; each `add` is a commit."""

    def __init__(self, storage: CommitStorage, segments: list[Segment]) -> None:
        self._storage, self._segments = storage, segments
        self._fresh = not segments  # then no document can be one that is replaced: an article changes once in a run

    def add(self, built: Built) -> None:
        """Commit the segments of a step in place of what its articles were before."""
        if built.articles != sum(segment.doc_count_all() for segment in built.segments):
            raise IndexBroken(self._storage.path, built.articles, sum(s.doc_count_all() for s in built.segments))
        if not self._fresh:
            for segment in self._segments:
                _delete(self._storage, segment, built.article_ids)
        self._storage.know(built.sums)
        self._segments = [s for s in self._segments if s.doc_count()] + built.segments
        self._storage.sequence, self._storage.last_change = built.last, built.last_change
        small = [segment for segment in self._segments if segment.doc_count() < LARGE]
        if len(small) >= MERGED_AT_ONCE:
            self._merge(small)
        self._commit()

    def settle(self) -> None:
        """Merge what is worth merging when nothing more comes, in a commit of its own."""
        sizes = [segment.doc_count() for segment in self._segments]
        chosen = [self._segments[place] for place in worth_merging(sizes)]
        if chosen:
            self._merge(chosen)
            self._commit()

    def _merge(self, segments: Sequence[Segment]) -> None:
        """Write these segments as one, unless the disk has no room for it beside them."""
        needed = ROOM_ALWAYS + self._storage.size_of(segments)
        if shutil.disk_usage(self._storage.path).free < needed:
            log.warning("%s: no room to merge segments, %d MB needed", self._storage.path, needed >> 20)
            return
        merged = merge_segments(self._storage, INDEX_NAME, segments)
        self._storage.know(generations.segment_sums(self._storage.path, merged.segment_id()))
        self._segments = [segment for segment in self._segments if segment not in segments] + [merged]

    def _commit(self) -> None:
        generations.commit(self._storage, self._segments)


def worth_merging(sizes: Sequence[int]) -> list[int]:
    """Return the places of the segments, by their number of documents, that had better be one; none where all may stay.

    Small ones form a ladder, each at least `RATIO` times as large as all below it together, so that there are few of
    them and each document is written again only a few times in its life. Large ones are merged when they are many.
    """
    order = sorted(range(len(sizes)), key=sizes.__getitem__)
    below = 0
    chosen = 0
    for count, place in enumerate(order):
        if sizes[place] >= LARGE:
            break
        if count and sizes[place] < RATIO * below:
            chosen = count + 1
        below += sizes[place]
    if chosen:
        return order[:chosen]
    large = [place for place in order if sizes[place] >= LARGE]
    return large[:MOST_LARGE] if len(large) >= MOST_LARGE else []


def _delete(storage: CommitStorage, segment: Segment, article_ids: Sequence[str]) -> None:
    """Mark the documents of these articles in a segment as deleted."""
    terms = ArrayTermsReader(segment.codec(), storage, segment)
    try:
        for article_id in article_ids:
            info = terms.info(schema.ID, article_id.encode())
            if info is not None:
                for document in terms.postings(info).documents.tolist():
                    segment.delete_document(document)
    finally:
        terms.close()
