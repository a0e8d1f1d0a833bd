"""From files to the store: every record becomes an article in it or is counted, with its reason, as something else."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import partial
from itertools import islice
from pathlib import Path

from index.article import Article, LeftOut, Reject
from index.errors import FileRefused
from index.importers.formats import files_in, records_in
from index.store import ArticleStore, Outcome

BATCH = 1_000  # records a transaction: what a crash makes the next import read again

Progress = Callable[[Path, int], None]  # the file being read, records read so far in all files


@dataclass(slots=True)
class ImportSummary:
    """What an import did, added up over its files.

    `outcomes` counts articles, `left_out` items that are no articles by reason; `refused` are files that could not be
    read (to the end) at all.
    """

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)
    refused: list[FileRefused] = field(default_factory=list)
    files: int = 0
    stopped: bool = False  # a strict import met something wrong; what came before it stays

    @property
    def read(self) -> int:
        """How many records were read, of whatever kind."""
        return self.outcomes.total() + self.left_out.total() + len(self.rejects)


def import_files(
    store: ArticleStore,
    paths: Iterable[Path],
    zone: tzinfo,
    *,
    format: str | None = None,
    strict: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda path, count: None,
) -> ImportSummary:
    """Import files and folders, in the order given; with `dry_run` nothing is kept.

    With `strict` the first reject or refused file is the last thing read. `format` is a name of `formats.IMPORTERS`, None to
    find it out file by file.
    """
    summary = ImportSummary()
    with _rolled_back(store) if dry_run else nullcontext():
        for root in paths:
            for path in _files_of(root, summary):
                if strict and (summary.rejects or summary.refused):
                    summary.stopped = True
                    return summary
                summary.files += 1
                records = _articles(path, root, zone, format, summary, strict)
                _import_file(store, records, summary, dry_run, partial(progress, path))
    summary.stopped = strict and bool(summary.rejects or summary.refused)
    return summary


def _files_of(root: Path, summary: ImportSummary) -> Iterator[Path]:
    try:
        yield from files_in(root)
    except FileRefused as error:
        summary.refused.append(error)


def _articles(
    path: Path, root: Path, zone: tzinfo, format: str | None, summary: ImportSummary, strict: bool
) -> Iterator[Article]:
    """Yield the articles of a file; count what else is in it."""
    try:
        for record in records_in(path, zone, format, root=root):
            match record:
                case Article():
                    yield record
                case LeftOut():
                    summary.left_out[record.reason] += 1
                case Reject():
                    summary.rejects.append(record)
                    if strict:
                        return
    except FileRefused as error:
        summary.refused.append(error)


def reject_line(reject: Reject) -> str:
    """Return file, place and reason of a reject in one line."""
    place = f", {reject.place}" if reject.place else ""
    return f"{reject.path}{place}: {reject.reason}"


def _import_file(
    store: ArticleStore,
    articles: Iterator[Article],
    summary: ImportSummary,
    within_transaction: bool,
    progress: Callable[[int], None],
) -> None:
    more = True
    while more:
        with nullcontext() if within_transaction else store.transaction():
            before = summary.outcomes.total()
            for article in islice(articles, BATCH):
                summary.outcomes[store.put(article)] += 1
            more = summary.outcomes.total() - before == BATCH
        progress(summary.read)


class _UndoneError(Exception):
    """Ends the transaction of a dry run."""


@contextmanager
def _rolled_back(store: ArticleStore) -> Iterator[None]:
    try:
        with store.transaction():
            yield
            raise _UndoneError
    except _UndoneError:
        return
