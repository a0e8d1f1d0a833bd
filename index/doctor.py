"""Verifying an archive: store and index against their checksums, the index against the store, the newsroom's own files."""

from collections.abc import Iterator
from dataclasses import dataclass

from whoosh.codec.whoosh3 import W3Codec

from index import generations, schema
from index.authority import AuthorityError, read_authority
from index.columns import read_texts
from index.errors import IndexUnusable
from index.ledger import Ledger
from index.messages import gettext as _
from index.postings import segment_path
from index.settings import ArchiveFolder
from index.store import ArticleStore, StoreFault
from index.topics import read_topics
from index.wordfile import read_exceptions

IDS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong; what is wrong with the index alone can be repaired from the store.

    What `is_in_file` is wrong with a file that people edit, who alone can mend it.
    """

    text: str
    repairable: bool
    is_in_file: bool = False


def examine(folder: ArchiveFolder, store: ArticleStore) -> list[Fault]:
    """Return what is wrong with an archive, nothing where it is sound."""
    faults: list[Fault] = []
    try:
        faults.extend(Fault(_("store: %(fault)s", fault=fault), repairable=False) for fault in store.faults())
        faults.extend(Fault(text, repairable=True) for text in _index_faults(folder, store))
    except StoreFault as error:
        faults.append(Fault(_("store: %(fault)s", fault=error), repairable=False))
    faults.extend(Fault(text, repairable=False, is_in_file=True) for text in _file_faults(folder))
    return faults


def _file_faults(folder: ArchiveFolder) -> Iterator[str]:
    """Yield what is wrong with the newsroom's own files: rows that are left out, and a log that cannot be read."""
    problems = (
        (folder.people, read_authority(folder.people).problems),
        (folder.topics, read_topics(folder.topics).problems),
        (folder.exceptions, read_exceptions(folder.exceptions).faults),
    )
    for path, several in problems:
        yield from (f"{path.name}: {problem}" for problem in several)
    try:
        Ledger(folder).decisions()
    except AuthorityError as error:
        yield str(error)


def _index_faults(folder: ArchiveFolder, store: ArticleStore) -> list[str]:
    try:
        commit = generations.open_commit(folder.generations)
    except IndexUnusable as error:
        return [str(error)]
    texts: list[str] = []
    if generations.faults(commit.path, texts.append):
        return texts
    known = commit.manifest.sequence
    if commit.manifest.last_change != store.change_mark(known):
        texts.append(_("index: the store has another change %(known)d than it knows: an older store?", known=known))
        return texts
    behind = store.changes_count(commit.manifest.sequence)
    if behind:
        texts.append(_("index: %(count)d changes are not in it yet; run: telisik index", count=behind))
        return texts
    stored, all_indexed = set(store.ids()), _indexed_ids(commit)
    indexed = set(all_indexed)
    twice = len(all_indexed) - len(indexed)
    if twice:
        texts.append(_("index: %(count)d articles are in it twice", count=twice))
    for missing, text in (
        (stored - indexed, _("index: %(count)d articles of the store are missing: %(ids)s")),
        (indexed - stored, _("index: %(count)d articles are in it that the store does not have: %(ids)s")),
    ):
        if missing:
            texts.append(text % {"count": len(missing), "ids": ", ".join(sorted(missing)[:IDS_SHOWN])})
    return texts


def _indexed_ids(commit: generations.OpenCommit) -> list[str]:
    ids: list[str] = []
    for segment in commit.toc.segments:
        path = segment_path(commit.storage, segment, f".{schema.LABEL}{W3Codec.COLUMN_EXT}")
        labels = read_texts(path, segment.doc_count_all())
        ids.extend(label.decode() for number, label in enumerate(labels) if not segment.is_deleted(number))
    return ids
