"""The errors that users meet; each says what is wrong, where, and what to do."""

import errno
import shlex
from pathlib import Path

from index.messages import gettext as _

GENERATIONS = "generations"  # the folder of the index in an archive's


class ArchiveError(Exception):
    """Base of all errors that Telisik explains to its users; the text is in the language of the interface."""


def system_reason(error: OSError) -> str:
    """Return why the operating system could not do what was asked; what is rare in the system's own words."""
    known = {
        errno.ENOENT: _("No such file or directory"),
        errno.ENOTDIR: _("Not a directory"),
        errno.EISDIR: _("Is a directory"),
        errno.EACCES: _("Permission denied"),
        errno.EIO: _("Input/output error"),
        errno.EADDRINUSE: _("Address already in use"),
    }
    return known.get(error.errno or 0, error.strerror or str(error))


def command_for(archive: Path, command: str) -> str:
    """Return a command line that does something with an archive, as a shell takes it."""
    return f"telisik {command} --archive {shlex.quote(str(archive))}"


def _index_command(path: Path, command: str) -> str:
    """Return a command line for the archive of whose index `path` is a part."""
    archive = next((part.parent for part in (path, *path.parents) if part.name == GENERATIONS), None)
    return f"telisik {command}" if archive is None else command_for(archive, command)


class FileRefused(ArchiveError):
    """A whole source file could not be imported: not readable, or not in its format.

    `line` is the number, from 1, of the line where reading failed; absent where the format has none.
    """

    def __init__(self, path: Path, reason: str, *, line: int | None = None) -> None:
        place = f"{path}:{line}" if line is not None else str(path)
        super().__init__(f"{place}: {reason}")
        self.path, self.reason, self.line = path, reason, line


class ArchiveMissing(ArchiveError):
    """The folder named as archive holds none."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("%(path)s holds no archive; make one with: telisik import FILE --archive %(path)s", path=path)
        )
        self.path = path


class ArchiveLocked(ArchiveError):
    """Another process is writing the archive."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("%(path)s: another process is writing this archive; try again when it has finished", path=path)
        )
        self.path = path


class ArchiveNewer(ArchiveError):
    """The article store was written by a newer Telisik than this one."""

    def __init__(self, path: Path, found: int, known: int) -> None:
        super().__init__(
            _(
                "%(path)s: store version %(found)d is newer than this program knows (%(known)d); update telisik",
                path=path,
                found=found,
                known=known,
            )
        )
        self.path, self.found, self.known = path, found, known


class StoreUnusable(ArchiveError):
    """SQLite cannot work with the article store: no database, damaged, no right, no room, locked for too long.

    `path` is the file, None where whoever says so does not know it.
    """

    def __init__(self, path: Path | None, reason: str) -> None:
        text = _(
            "the article store cannot be used (%(reason)s); one that is damaged is restored from a backup",
            reason=reason,
        )
        super().__init__(text if path is None else f"{path}: {text}")
        self.path, self.reason = path, reason


class IndexUnusable(ArchiveError):
    """There is no index that this program can open: none yet, another version, or damaged."""

    def __init__(self, path: Path, reason: str) -> None:
        command = _index_command(path, "index --rebuild")
        super().__init__(_("%(path)s: %(reason)s; run: %(command)s", path=path, reason=reason, command=command))
        self.path, self.reason = path, reason


class IndexBroken(ArchiveError):
    """A run of the indexer did not give back what it was given; nothing of the step in work was committed."""

    def __init__(self, path: Path, given: int, done: int) -> None:
        super().__init__(
            _(
                "%(path)s: %(done)d of %(given)d articles were indexed, a process that worked on them has ended early; "
                "run: %(command)s",
                path=path,
                given=given,
                done=done,
                command=_index_command(path, "index"),
            )
        )
        self.path, self.given, self.done = path, given, done


class DiskFull(ArchiveError):
    """There is not enough room for the next step, which was therefore not begun."""

    def __init__(self, path: Path, needed: int, free: int) -> None:
        super().__init__(
            _(
                "%(path)s: %(needed)d MB needed, %(free)d MB free; make room and run the command again, "
                "nothing stored is lost",
                path=path,
                needed=needed >> 20,
                free=free >> 20,
            )
        )
        self.path, self.needed, self.free = path, needed, free


class ArticleMissing(ArchiveError):
    """The archive holds no article with this id."""

    def __init__(self, article_id: str) -> None:
        super().__init__(_("the archive holds no article with the id %(id)s", id=article_id))
        self.article_id = article_id
