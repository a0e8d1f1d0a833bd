"""The indexer: brings the Whoosh index up to the store's last change, in batches that each commit with their number.

Memory is bounded by the batch: `BATCH_ARTICLES` articles or `BATCH_CHARACTERS` characters of text are staged at once, and Whoosh's
pool of postings spills to disk at `POOL_MB`. Killed anywhere, the last commit serves, and the next run goes on from its number.
"""

import fcntl
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from whoosh.codec.base import Segment
from whoosh.index import FileIndex
from whoosh.reading import IndexReader
from whoosh.writing import MERGE_SMALL, SegmentWriter

from index import generations
from index.errors import ArchiveLocked, DiskFull, IndexUnusable
from index.generations import CommitStorage
from index.schema import ID, SCHEMA, Document, fields_from
from index.settings import ArchiveFolder, Settings
from index.store import ArticleStore, Change

BATCH_ARTICLES = 5_000
BATCH_CHARACTERS = 16_000_000
POOL_MB = 128
ROOM_PER_CHARACTER = 8  # bytes of disk a character may take while its batch is written, pool and segment together
ROOM_ALWAYS = 64 << 20  # bytes that stay free

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
    batch: int = BATCH_ARTICLES,
) -> IndexSummary:
    """Apply the store's changes to the live index, a new one where there is none. The caller holds the write lock."""
    live = generations.current_generation(folder.generations)
    if live is None:
        live = _started_generation(folder.generations, None, settings)
        generations.switch_to(live)
    return _apply_changes(live, store, settings, progress, batch)


def rebuild_index(
    folder: ArchiveFolder,
    store: ArticleStore,
    settings: Settings,
    *,
    progress: Progress = lambda done, total: None,
    batch: int = BATCH_ARTICLES,
) -> IndexSummary:
    """Make the index again beside the live one, then switch. A rebuild that was interrupted is taken up where it was."""
    live = generations.current_generation(folder.generations)
    fresh = _started_generation(folder.generations, live, settings)
    summary = _apply_changes(fresh, store, settings, progress, batch)
    generations.switch_to(fresh)
    return summary


def _started_generation(folder: Path, live: Path | None, settings: Settings) -> Path:
    """Return the generation after the live one: the one a former run began where it can be gone on with, else a new one."""
    for begun in generations.newer_generations(folder, live):
        try:
            generations.open_for_writing(begun, str(settings.zone))
        except (IndexUnusable, FileNotFoundError):
            shutil.rmtree(begun)
        else:
            return begun
    fresh = generations.next_generation(folder, live)
    generations.make_generation(fresh, str(settings.zone))
    return fresh


def _apply_changes(
    generation: Path, store: ArticleStore, settings: Settings, progress: Progress, batch: int
) -> IndexSummary:
    started = time.monotonic()
    storage = generations.open_for_writing(generation, str(settings.zone))
    total = store.changes_count(storage.sequence)
    done = 0
    while changes := _next_batch(store, storage.sequence, batch):
        _check_room(generation, changes)
        documents = [fields_from(c.article, settings.zone) for c in changes if c.article is not None]
        _commit(storage, {c.article_id for c in changes}, documents, changes[-1].sequence)
        generations.delete_old_manifests(generation, generations.newest_commit(generation))
        done += len(changes)
        progress(done, total)
    return IndexSummary(done, storage.sequence, time.monotonic() - started)


def _next_batch(store: ArticleStore, sequence: int, batch: int) -> list[Change]:
    """Return the next changes, as many as the bounds of a batch allow and at least one where there is one."""
    changes = store.changes_after(sequence, batch)
    characters = 0
    for place, change in enumerate(changes):
        characters += _characters(change)
        if characters > BATCH_CHARACTERS and place:
            return changes[:place]
    return changes


def _characters(change: Change) -> int:
    return len(change.article.title) + len(change.article.body) if change.article else 0


def _check_room(generation: Path, changes: Sequence[Change]) -> None:
    """Raise DiskFull where the batch might not fit: a half-written segment would keep the disk full."""
    needed = ROOM_ALWAYS + ROOM_PER_CHARACTER * sum(map(_characters, changes))
    free = shutil.disk_usage(generation).free
    if free < needed:
        raise DiskFull(generation, needed, free)


def _commit(storage: CommitStorage, article_ids: set[str], documents: Sequence[Document], sequence: int) -> None:
    """Replace the documents of `article_ids` by `documents`, one each at most, in one commit that carries `sequence`."""
    ix = FileIndex(storage, SCHEMA, generations.INDEX_NAME)
    with ix.reader() as reader:
        replaced = _document_numbers(reader, article_ids)
    writer = SegmentWriter(ix, limitmb=POOL_MB, compound=False)
    try:
        for number in replaced:
            writer.delete_document(number)
        for document in documents:
            writer.add_document(**document)
        storage.sequence = sequence
        writer.commit(mergetype=_noting_segments(storage, MERGE_SMALL, bool(documents)))
    finally:
        if not writer.is_closed:
            writer.cancel()


def _document_numbers(reader: IndexReader, article_ids: set[str]) -> list[int]:
    """Return the numbers of the documents with these ids; updating by Whoosh's own key would miss doubles of one batch."""
    numbers: list[int] = []
    for article_id in article_ids:
        if reader.doc_frequency(ID, article_id):
            numbers.extend(reader.postings(ID, article_id).all_ids())
    return numbers


MergePolicy = Callable[[SegmentWriter, list[Segment]], list[Segment]]


def _noting_segments(storage: CommitStorage, policy: MergePolicy, adds: bool) -> MergePolicy:
    """Return `policy`, which besides tells the storage which segments the commit will consist of."""

    def merge(writer: SegmentWriter, segments: list[Segment]) -> list[Segment]:
        kept = policy(writer, segments)
        storage.segment_ids = {segment.segment_id() for segment in kept}
        if adds or len(kept) < len(segments):
            storage.segment_ids.add(writer.newsegment.segment_id())
        return kept

    return merge
