"""One step of the indexer: the changes of a range of sequence numbers, read from the store and written as segments.

A step may run in a process of its own: it takes paths and numbers and gives back numbers, names and checksums, so that the
indexer can compare what came out with what went in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from whoosh.codec.base import Segment
from whoosh.filedb.filestore import FileStorage

from index.analysis import Analyzer
from index.generations import INDEX_NAME, FileSum, segment_sums
from index.inversion import Inverter
from index.learning import Lesson
from index.namekeys import key_words
from index.naming import people_in
from index.schema import NAME_FIELDS, PERSON, SOURCE, Document, document_from
from index.segments import write_segment
from index.store import ArticleStore, Change
from index.tagging import shipped_tagger
from index.wordbook import Learned, table_of
from index.words import Exceptions

SEGMENT_CHARACTERS = (
    40_000_000  # of text in one segment as it is first written; a process takes about 25 bytes for each
)
# Articles. Of 12,500 news articles at once the tagger takes 630 MB and a third more time, of 1,000 at a time 110 MB.
TAGGED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Step:
    """The changes with sequence numbers after `after` up to `last`, where their segments go, and the words known so far.

    With `learns` it is told what these changes teach of words; without `indexes` nothing else becomes of them.
    """

    store: Path
    generation: Path
    zone: str
    after: int
    last: int
    names: frozenset[str]
    exceptions: Exceptions
    learns: bool
    indexes: bool = True


@dataclass(frozen=True, slots=True)
class Built:
    """What became of a step: ids of all articles that changed, the segments with those that are not deleted, checksums,
    and what was learned of words."""

    last: int
    last_change: str
    article_ids: list[str]
    articles: int
    segments: list[Segment]
    sums: dict[str, FileSum]
    learned: Learned


def build(step: Step) -> Built:
    """Write the segments of a step; they are on the disk before this returns."""
    storage = FileStorage(str(step.generation))
    zone = ZoneInfo(step.zone)
    with ArticleStore(step.store, readonly=True) as store:
        built = Built(step.last, store.change_mark(step.last), [], 0, [], {}, Learned())
        analyzer, inverter = _analysis(step.names, step.exceptions)
        lesson = Lesson(analyzer, inverter)
        articles = 0
        for changes in _portions(store, step):
            built.article_ids.extend(change.article_id for change in changes)
            documents = [document_from(change.article, zone) for change in changes if change.article is not None]
            if step.indexes:
                documents = list(with_people(documents))
            articles += len(documents)
            if documents:
                inverter.forget()
                texts = inverter.texts([document.text for document in documents])
                if step.indexes:
                    segment = write_segment(storage, INDEX_NAME, documents, texts, inverter)
                    built.segments.append(segment)
                    built.sums.update(segment_sums(step.generation, segment.segment_id()))
                if step.learns:
                    lesson.take_words(texts)
            if step.learns:
                lesson.take_acronyms(changes, {document.article_id: document.text for document in documents})
    return replace(built, articles=articles, learned=lesson.learned())


@lru_cache(maxsize=1)
def _analysis(names: frozenset[str], exceptions: Exceptions) -> tuple[Analyzer, Inverter]:
    """Return this process's analyzer and inverter, which remember what they have analysed."""
    analyzer = Analyzer(table_of(names, exceptions))
    return analyzer, Inverter(analyzer)


def with_people(documents: Sequence[Document]) -> Iterator[Document]:
    """Yield the documents with the persons whom their bodies name beside those that were imported.

    A part of an imported name is the same person; a part of the source's name is the paper that datelines and quotes name.
    """
    parted = [document.text.partition("\n") for document in documents]
    mentions = (
        found
        for begin in range(0, len(parted), TAGGED_AT_ONCE)
        for found in shipped_tagger().tag([body for _title, _mark, body in parted[begin : begin + TAGGED_AT_ONCE]])
    )
    place, source = NAME_FIELDS.index(PERSON), NAME_FIELDS.index(SOURCE)
    for document, (title, _mark, body), found in zip(documents, parted, mentions, strict=True):
        names = list(document.names)
        known = [set(key_words(name)) for name in (*names[place], *names[source])]
        named = people_in(title, body, found)
        beside = (name for name in named if not any(whole.issuperset(key_words(name)) for whole in known))
        names[place] = (*names[place], *beside)
        yield replace(document, names=names)


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
