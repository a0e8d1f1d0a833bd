"""The log of searches without hits: the words, how often on which day, and nothing of who searched.

It is a small SQLite file of the archive's own, best effort: a search never waits for it and never fails by it, and losing it loses
no article. Words that may name a private person by a number or an address are not kept, nor what nobody types: control characters.
"""

import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from index.analysis import fold_value
from index.controls import has_controls
from index.errors import ArchiveError
from index.messages import gettext as _
from index.settings import ArchiveFolder

log = logging.getLogger("telisik.index")

FILE_NAME = "misses.sqlite"
LONGEST_TEXT = 120  # characters; longer ones are pasted sentences, which nobody makes an alias of
KEPT_DAYS = 365
MOST_ROWS = 10_000  # pairs of words and a day, about a megabyte; beyond it the rarest and oldest go
_KEPT_OF_FULL = 0.9

# An e-mail address, or a number as long as those of telephones, bank accounts and identity cards.
_PRIVATE = re.compile(r"\S@\S+\.\S|(?:\d[ .-]?){8,}\d")
_READ_SECONDS = 5.0
_TABLE = """
CREATE TABLE IF NOT EXISTS miss (
    text TEXT NOT NULL, day TEXT NOT NULL, times INTEGER NOT NULL, PRIMARY KEY (text, day)
) WITHOUT ROWID
"""


class MissesUnusable(ArchiveError):
    """The log of searches without hits cannot be read or written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            _("%(path)s: the log of searches without hits cannot be used: %(reason)s", path=path, reason=reason)
        )
        self.path, self.reason = path, reason


@dataclass(frozen=True, slots=True)
class Miss:
    """Words that found nothing: folded, how many times, and the day of the last time."""

    text: str
    times: int
    last: date


class Misses:
    """The log of one archive. Safe for threads and processes: nothing is kept open or in memory."""

    def __init__(self, folder: ArchiveFolder) -> None:
        self.path = folder.path / FILE_NAME

    def note(self, text: str, day: date) -> None:
        """Count a search for `text` that found nothing; what cannot be written at once is left out, without an error."""
        folded = fold_value(text)
        if not folded or len(folded) > LONGEST_TEXT or _PRIVATE.search(folded) or has_controls(folded):
            return
        try:
            with closing(sqlite3.connect(self.path, timeout=0)) as db:
                # What the last second of a crashed machine wrote may be lost, even the file: it is a log.
                db.execute("PRAGMA synchronous = OFF")
                with db:
                    _count(db, folded, day)
        except sqlite3.OperationalError:  # somebody else is writing, or there is no right or no room to
            pass
        except sqlite3.DatabaseError as error:  # no database any more: the next search begins a new one
            log.warning("%s is begun anew: %s", self.path, error)
            self.path.unlink(missing_ok=True)

    def listed(self, since: date | None = None) -> tuple[Miss, ...]:
        """Return what found nothing since a day, the most frequent first; raise MissesUnusable."""
        query = "SELECT text, sum(times), max(day) FROM miss WHERE day >= ? GROUP BY text ORDER BY 2 DESC, 3 DESC, 1"
        with self._opened() as db:
            rows = db.execute(query, ((since or date.min).isoformat(),)).fetchall() if db else ()
        return tuple(Miss(text, times, date.fromisoformat(day)) for text, times, day in rows)

    def forget(self, text: str) -> bool:
        """Take words out of the log; say whether they stood there. Raises MissesUnusable."""
        with self._opened(to_write=True) as db:
            return bool(db and db.execute("DELETE FROM miss WHERE text = ?", (fold_value(text),)).rowcount)

    def clear(self) -> None:
        """Take everything out of the log; raise MissesUnusable."""
        with self._opened(to_write=True) as db:
            if db:
                db.execute("DELETE FROM miss")

    @contextmanager
    def _opened(self, *, to_write: bool = False) -> Iterator[sqlite3.Connection | None]:
        """Give a connection in one transaction, None where nothing was ever noted."""
        if not (self.path.exists() and self.path.stat().st_size):
            yield None
            return
        mode = "rw" if to_write else "ro"
        try:
            address = f"{self.path.absolute().as_uri()}?mode={mode}"
            with closing(sqlite3.connect(address, uri=True, timeout=_READ_SECONDS)) as db, db:
                yield db
        except sqlite3.DatabaseError as error:
            raise MissesUnusable(self.path, str(error)) from error


def _count(db: sqlite3.Connection, text: str, day: date) -> None:
    db.execute(_TABLE)
    known = "UPDATE miss SET times = times + 1 WHERE text = ? AND day = ?"
    if db.execute(known, (text, day.isoformat())).rowcount:
        return
    db.execute("INSERT INTO miss VALUES (?, ?, 1)", (text, day.isoformat()))
    db.execute("DELETE FROM miss WHERE day < ?", ((day - timedelta(days=KEPT_DAYS)).isoformat(),))
    rows = db.execute("SELECT count(*) FROM miss").fetchone()[0]
    if rows > MOST_ROWS:
        rare = "DELETE FROM miss WHERE (text, day) IN (SELECT text, day FROM miss ORDER BY times, day LIMIT ?)"
        db.execute(rare, (rows - int(MOST_ROWS * _KEPT_OF_FULL),))
