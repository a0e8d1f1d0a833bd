"""Commands that write an archive: import, index, withdraw, restore, delete, doctor."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import click

from index import generations
from index.article import JSON
from index.controls import visible
from index.doctor import Fault, examine
from index.errors import ArchiveMissing
from index.importers.formats import IMPORTERS
from index.importing import ImportSummary, import_files, reject_line
from index.messages import gettext as _
from index.settings import ArchiveFolder
from index.store import ArticleStore, Outcome
from index.writer import IndexSummary, rebuild_index, update_index, writing
from web.options import (
    archive_option,
    count_text,
    done_text,
    echo,
    echo_json,
    is_terminal,
    json_option,
    warn_of_settings,
)

REJECTS_SHOWN = 20
PROCESSES = max(1, min(os.cpu_count() or 1, 8))  # that index a large batch side by side


@contextmanager
def _open_to_write(path: Path, *, create: bool = False) -> Iterator[tuple[ArchiveFolder, ArticleStore]]:
    """Hold the write lock and the store in the block; raise ArchiveMissing where there is none and none is to be made."""
    folder = ArchiveFolder(path)
    if not create and not (folder.store.exists() and folder.store.stat().st_size):
        raise ArchiveMissing(path)
    is_new, has_folder = not folder.store.exists(), path.exists()
    with writing(folder):
        try:
            with ArticleStore(folder.store) as store:
                yield folder, store
        finally:
            if is_new and not folder.generations.exists():
                _take_away(folder, with_folder=not has_folder)


def _take_away(folder: ArchiveFolder, *, with_folder: bool) -> None:
    """Delete an archive that was made just now, if it holds nothing. The caller holds the write lock."""
    with ArticleStore(folder.store) as store:
        if store.sequence():
            return
    for path in (folder.store, *folder.path.glob(f"{folder.store.name}-*"), folder.lock):
        path.unlink(missing_ok=True)
    if with_folder:
        with suppress(OSError):  # somebody else has begun to use it
            folder.path.rmdir()


def run_index(folder: ArchiveFolder, store: ArticleStore, *, rebuild: bool = False) -> IndexSummary:
    """Bring the index up to date, or make it again, with a progress bar where somebody watches."""
    settings = folder.read_settings()
    started = time.monotonic()

    def rate(done: int | None) -> str:
        return done_text(time.monotonic() - started, done or 0)

    with click.progressbar(
        length=max(1, store.count()),
        label=_("indexing"),
        file=sys.stderr,
        hidden=not is_terminal(),
        show_eta=True,
        show_pos=True,
        item_show_func=rate,
    ) as bar:

        def show(done: int, total: int) -> None:
            bar.length = max(1, total)
            bar.update(done - bar.pos, done)

        if rebuild:
            return rebuild_index(folder, store, settings, progress=show, processes=PROCESSES)
        return update_index(folder, store, settings, progress=show, processes=PROCESSES)


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format", "format_", type=click.Choice(sorted(IMPORTERS)), help="Format of all files; else it is found out."
)
@click.option("--dry-run", is_flag=True, help="Show what would happen and keep nothing.")
@click.option("--strict", is_flag=True, help="Stop at the first record that is wrong.")
@click.option("--no-index", is_flag=True, help="Do not bring the index up to date.")
@json_option
@archive_option
@click.pass_context
def import_command(
    ctx: click.Context,
    paths: tuple[Path, ...],
    format_: str | None,
    dry_run: bool,
    strict: bool,
    no_index: bool,
    as_json: bool,
) -> None:
    """Import files or folders, then bring the index up to date.

    Example: telisik import ekspor-wordpress.xml arsip-lama/
    """
    path: Path = ctx.obj
    with _scratch_for(path, dry_run) as target, _open_to_write(target, create=True) as (folder, store):
        zone = ArchiveFolder(path).read_settings().zone
        started = time.monotonic()
        summary = import_files(
            store, paths, zone, format=format_, strict=strict, dry_run=dry_run, progress=_import_progress(started)
        )
        seconds = time.monotonic() - started
        if is_terminal():
            echo(err=True)
        is_in_vain = summary.refused and not (summary.read or store.sequence())  # such an import leaves no new archive
        indexed = None if dry_run or no_index or is_in_vain else run_index(folder, store)
    if as_json:
        echo_json(_summary_record(summary, seconds, indexed, dry_run))
    else:
        _show_summary(summary, seconds, indexed, dry_run)
    if summary.refused or summary.stopped:
        ctx.exit(1)


@contextmanager
def _scratch_for(path: Path, dry_run: bool) -> Iterator[Path]:
    """Yield the archive's folder, for a dry run without archive a folder that goes away."""
    if not dry_run or ArchiveFolder(path).store.exists():
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="telisik-") as scratch:
        yield Path(scratch)


def _import_progress(started: float) -> "ImportProgress":
    return ImportProgress(started) if is_terminal() else ImportProgress(None)


class ImportProgress:
    """Shows the file being read, the records read and the rate, on one line of the terminal."""

    def __init__(self, started: float | None) -> None:
        self.started = started

    def __call__(self, path: Path, count: int) -> None:
        """Show that `count` records have been read, the last of them from `path`."""
        if self.started is not None:
            text = f"{path.name}: {count_text(count)}, {done_text(time.monotonic() - self.started, count)}"
            click.echo("\r" + visible(text)[: shutil.get_terminal_size().columns - 1].ljust(60), nl=False, err=True)


def _summary_record(
    summary: ImportSummary, seconds: float, indexed: IndexSummary | None, dry_run: bool
) -> dict[str, JSON]:
    return {
        "dry_run": dry_run,
        "files": summary.files,
        "read": summary.read,
        **{outcome.value: summary.outcomes[outcome] for outcome in Outcome},
        "left_out": dict(summary.left_out),
        "rejects": [{"file": str(r.path), "place": r.place, "reason": r.reason} for r in summary.rejects],
        "refused": [{"file": str(e.path), "line": e.line, "reason": e.reason} for e in summary.refused],
        "stopped": summary.stopped,
        "seconds": round(seconds, 3),
        "indexed": None if indexed is None else indexed.applied,
        "index_seconds": None if indexed is None else round(indexed.seconds, 3),
    }


def _show_summary(summary: ImportSummary, seconds: float, indexed: IndexSummary | None, dry_run: bool) -> None:
    if dry_run:
        echo(_("A dry run: nothing was kept. It would be:"))
    echo(
        _(
            "%(read)d records read from %(files)d files: %(added)d added, %(updated)d updated, %(unchanged)d unchanged "
            "(%(speed)s)",
            read=summary.read,
            files=summary.files,
            added=summary.outcomes[Outcome.ADDED],
            updated=summary.outcomes[Outcome.UPDATED],
            unchanged=summary.outcomes[Outcome.UNCHANGED],
            speed=done_text(seconds, summary.read),
        )
    )
    for reason, count in summary.left_out.most_common():
        echo(_("left out: %(count)d, %(reason)s", count=count, reason=reason))
    for reject in summary.rejects[:REJECTS_SHOWN]:
        echo(_("rejected: %(line)s", line=reject_line(reject)), err=True)
    if len(summary.rejects) > REJECTS_SHOWN:
        more = len(summary.rejects) - REJECTS_SHOWN
        echo(_("... and %(count)d more rejected records; --json lists all", count=more), err=True)
    for refused in summary.refused:
        echo(_("refused: %(line)s", line=refused), err=True)
    if summary.stopped:
        echo(_("The import stopped there, as --strict asks."), err=True)
    if indexed is not None:
        _show_indexed(indexed)


def _show_indexed(indexed: IndexSummary) -> None:
    echo(
        _(
            "indexed: %(articles)s, up to change %(sequence)d (%(speed)s)",
            articles=count_text(indexed.applied),
            sequence=indexed.sequence,
            speed=done_text(indexed.seconds, indexed.applied),
        )
    )


@click.command("index")
@click.option("--rebuild", is_flag=True, help="Make the index again beside the live one, then switch.")
@archive_option
@click.pass_obj
def index_command(path: Path, rebuild: bool) -> None:
    """Bring the index up to date with the store.

    Example: telisik index --rebuild
    """
    with _open_to_write(path) as (folder, store):
        _show_indexed(run_index(folder, store, rebuild=rebuild))


@click.command("withdraw")
@click.argument("article_id", metavar="ID")
@click.option("--reason", required=True, help="The reason, which readers are told.")
@archive_option
@click.pass_obj
def withdraw_command(path: Path, article_id: str, reason: str) -> None:
    """Withdraw an article: readers find its title and the reason, no longer its text.

    Example: telisik withdraw pelita-1998-05-02-1 --reason "Melanggar hak anak sebagai korban"
    """
    with _open_to_write(path) as (folder, store):
        with store.transaction():
            store.withdraw(article_id, reason, datetime.now(folder.read_settings().zone).replace(microsecond=0))
        run_index(folder, store)
    echo(_("withdrawn: %(id)s", id=article_id))


@click.command("restore")
@click.argument("article_id", metavar="ID")
@archive_option
@click.pass_obj
def restore_command(path: Path, article_id: str) -> None:
    """Publish a withdrawn article again.

    Example: telisik restore pelita-1998-05-02-1
    """
    with _open_to_write(path) as (folder, store):
        with store.transaction():
            store.restore(article_id)
        run_index(folder, store)
    echo(_("published again: %(id)s", id=article_id))


@click.command("delete")
@click.argument("article_id", metavar="ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
@archive_option
@click.pass_obj
def delete_command(path: Path, article_id: str, yes: bool) -> None:
    """Delete an article for good. What was printed is better withdrawn.

    Example: telisik delete uji-coba-1 --yes
    """
    with _open_to_write(path) as (folder, store):
        title = store.get(article_id).title
        if not yes:
            click.confirm(visible(_("Delete «%(title)s» for good?", title=title)), abort=True)
        with store.transaction():
            store.delete(article_id)
        run_index(folder, store)
    echo(_("deleted: %(id)s", id=article_id))


@click.command("doctor")
@click.option("--repair", is_flag=True, help="Mend what can be mended: the index is made again from the store.")
@json_option
@archive_option
@click.pass_context
def doctor_command(ctx: click.Context, repair: bool, as_json: bool) -> None:
    """Verify store and index: checksums, sequence numbers, counts; and the newsroom's files of persons, topics and words.

    Example: telisik doctor --repair
    """
    path: Path = ctx.obj
    with _open_to_write(path) as (folder, store):
        faults = examine(folder, store)
        of_archive = [fault for fault in faults if not fault.is_in_file]
        repaired = bool(of_archive) and repair and all(fault.repairable for fault in of_archive)
        if repaired:
            if generations.newer_generations(folder.generations, None):
                shutil.rmtree(folder.generations)
            run_index(folder, store)
            faults_left = examine(folder, store)
        else:
            faults_left = faults
    warn_of_settings(path)
    if as_json:
        echo_json(
            {"faults": [fault.text for fault in faults], "repaired": repaired, "left": [f.text for f in faults_left]}
        )
    else:
        for fault in faults:
            echo(fault.text, err=True)
        if not faults:
            echo(_("The archive is sound."))
        if repaired and all(fault.is_in_file for fault in faults_left):
            echo(_("Repaired: the index was made again from the store."))
        for advice in _advice(faults_left):
            echo(advice, err=True)
    if faults_left:
        ctx.exit(1)


def _advice(faults: Sequence[Fault]) -> Iterator[str]:
    """Yield what can be done about each kind of what is wrong."""
    of_archive = [fault for fault in faults if not fault.is_in_file]
    if any(not fault.repairable for fault in of_archive):
        yield _("The store itself is damaged; restore it from a backup, or import what is named again.")
    elif of_archive:
        yield _("telisik doctor --repair makes the index again from the store.")
    if len(of_archive) < len(faults):
        yield _("The rows named are left out of the newsroom's files; correct them there.")


COMMANDS: tuple[click.Command, ...] = (
    import_command,
    index_command,
    withdraw_command,
    restore_command,
    delete_command,
    doctor_command,
)
