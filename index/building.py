"""One step of the indexer: the changes of a range of sequence numbers, read from the store and written as segments.

A step may run in a process of its own: it takes paths and numbers and gives back numbers, names and checksums, so that the
indexer can compare what came out with what went in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from whoosh.codec.base import Segment
from whoosh.filedb.filestore import FileStorage

from index.generations import INDEX_NAME, FileSum, segment_sums
from index.inversion import Inverter
from index.schema import document_from
from index.segments import write_segment
from index.store import ArticleStore, Change

SEGMENT_CHARACTERS = (
    40_000_000  # of text in one segment as it is first written; a process takes about 25 bytes for each
)
READ_AT_ONCE = 1_000  # articles


@dataclass(frozen=True, slots=True)
class Step:
    """The changes with sequence numbers after `after` up to `last`, and where their segments go."""

    store: Path
    generation: Path
    zone: str
    after: int
    last: int


@dataclass(frozen=True, slots=True)
class Built:
    """What became of a step: ids of all articles that changed, the segments with those that are not deleted, checksums."""

    last: int
    last_change: str
    article_ids: list[str]
    articles: int
    segments: list[Segment]
    sums: dict[str, FileSum]


def build(step: Step) -> Built:
    """Write the segments of a step; they are on the disk before this returns."""
    storage = FileStorage(str(step.generation))
    zone = ZoneInfo(step.zone)
    with ArticleStore(step.store, readonly=True) as store:
        built = Built(step.last, store.change_mark(step.last), [], 0, [], {})
        articles = 0
        for changes in _portions(store, step):
            built.article_ids.extend(change.article_id for change in changes)
            documents = [document_from(change.article, zone) for change in changes if change.article is not None]
            articles += len(documents)
            if documents:
                inverter().forget()
                texts = inverter().texts([document.text for document in documents])
                segment = write_segment(storage, INDEX_NAME, documents, texts, inverter())
                built.segments.append(segment)
                built.sums.update(segment_sums(step.generation, segment.segment_id()))
    return replace(built, articles=articles)


@cache
def inverter() -> Inverter:
    """Return this process's inverter, which remembers what it has analysed."""
    return Inverter()


def _portions(store: ArticleStore, step: Step) -> Iterator[Sequence[Change]]:
    """Yield the changes, as many at a time as one segment may have text."""
    portion: list[Change] = []
    characters = 0
    for change in store.changes_between(step.after, step.last):
        size = len(change.article.body) if change.article else 0
        if portion and characters + size > SEGMENT_CHARACTERS:
            yield portion
            portion, characters = [], 0
        portion.append(change)
        characters += size
    if portion:
        yield portion
