"""The wordbook: what an archive's own articles tell of words, learned while they are indexed and growing with them.

One SQLite file in the archive's folder holds for each word that Sastrawi would change how often it stands capitalised inside
of sentences and how often in small letters, and for each article the acronyms that it explains. Like the index it reads the
store's changes in their order, and can be made again from them; it does not depend on any index. Counts of words are of
articles as they were first indexed: what is deleted later is not taken back.
"""

import sqlite3
from collections.abc import Mapping, Sequence, Set
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from index.acronyms import MIN_ARTICLES, AcronymPair, pair_key
from index.analysis import ANALYZER
from index.authority import read_authority
from index.settings import ArchiveFolder
from index.wordfile import read_exceptions
from index.words import (
    LEAST_CAPITALISED,
    MOST_LOWER,
    SHIPPED,
    Exceptions,
    WordTable,
    is_learned_name,
    with_exceptions,
    with_names,
)

VERSION = 2
BUSY_SECONDS = 10  # a reader waits so long for the writer, whose transactions take a fraction of it

_SCHEMA = """
CREATE TABLE state (sequence INTEGER NOT NULL, last_change TEXT NOT NULL);
INSERT INTO state VALUES (0, '');
CREATE TABLE word (
    surface TEXT PRIMARY KEY, capitalised INTEGER NOT NULL, lower INTEGER NOT NULL, is_name INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX word_name ON word (surface) WHERE is_name = 1;
CREATE TABLE explained (  -- which acronyms an article explains, so that they can be taken back
    article_id TEXT NOT NULL, short TEXT NOT NULL, long TEXT NOT NULL, PRIMARY KEY (article_id, short, long)
) WITHOUT ROWID;
CREATE TABLE acronym (
    key TEXT NOT NULL, short TEXT NOT NULL, long TEXT NOT NULL,  -- all spellings of one have the same key
    articles INTEGER NOT NULL, first_year INTEGER, last_year INTEGER, PRIMARY KEY (key, short, long)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Learned:
    """What some changes tell: (word, capitalised, lower) counts, and of each changed article its year and acronyms."""

    words: Sequence[tuple[str, int, int]] = ()
    acronyms: Mapping[str, tuple[int | None, Sequence[AcronymPair]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Acronym:
    """A short form and what it stands for, as most articles write them, and how many articles explain it.

    The years are those of the first and the last of them that ever did, None where none has a date.
    """

    short: str
    long: str
    articles: int
    first_year: int | None
    last_year: int | None


class Wordbook:
    """One archive's wordbook. A connection belongs to the thread that opened it; one process writes at a time."""

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        """Open the wordbook, an empty one where there is none; one of another version, or damaged, is begun anew.

        With `readonly` such a one, or one that cannot be read now, is as good as empty, and nothing is written.
        """
        if readonly:
            try:
                self._db = _opened(path) or _new(":memory:")
            except sqlite3.DatabaseError:
                self._db = _new(":memory:")
            return
        opened = _opened(path)
        if opened is None or not _is_sound(opened):
            path.unlink(missing_ok=True)
            opened = _new(str(path))
        self._db = opened

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def progress(self) -> tuple[int, str]:
        """Return the number of the last change that was learned from, and what tells it from any other."""
        sequence, last_change = self._db.execute("SELECT sequence, last_change FROM state").fetchone()
        return int(sequence), str(last_change)

    def forget(self) -> None:
        """Forget everything: the changes are those of another store."""
        with self._db:
            for table in ("word", "acronym", "explained"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608
            self._db.execute("UPDATE state SET sequence = 0, last_change = ''")

    def learn(self, learned: Learned, sequence: int, last_change: str) -> None:
        """Add what the changes up to `sequence` tell, in one transaction."""
        with self._db:
            self._db.executemany(
                "INSERT INTO word (surface, capitalised, lower) VALUES (?, ?, ?) ON CONFLICT (surface) DO UPDATE "
                "SET capitalised = capitalised + excluded.capitalised, lower = lower + excluded.lower",
                learned.words,
            )
            self._judge({surface for surface, capitalised, _lower in learned.words if capitalised})
            for article_id, (year, pairs) in learned.acronyms.items():
                self._explain(article_id, year, pairs)
            self._db.execute("UPDATE state SET sequence = ?, last_change = ?", (sequence, last_change))

    def _judge(self, changed: Set[str]) -> None:
        """Decide anew which words are names, where counts changed."""
        likely = self._db.execute(
            "SELECT surface, capitalised, lower FROM word "
            "WHERE is_name = 0 AND capitalised >= ? AND lower <= ? * (capitalised + lower)",
            (LEAST_CAPITALISED, MOST_LOWER),
        )
        found = [(surface,) for surface, *counts in likely if surface in changed and is_learned_name(surface, *counts)]
        self._db.executemany("UPDATE word SET is_name = 1 WHERE surface = ?", found)
        self._db.execute(
            "UPDATE word SET is_name = 0 WHERE is_name = 1 AND lower > ? * (capitalised + lower)", (MOST_LOWER,)
        )

    def names(self) -> frozenset[str]:
        """Return the words that the archive writes as names."""
        return frozenset(surface for (surface,) in self._read("SELECT surface FROM word WHERE is_name = 1"))

    def names_among(self, words: Set[str]) -> frozenset[str]:
        """Return those of the folded `words` of persons' names that the archive writes as names, however seldom.

        That a person is called so stands for the occurrences that a learned name needs; an alias such as Bapak Pembangunan
        makes no name of a word that is written in small letters, too.
        """
        rows = self._read("SELECT surface, capitalised, lower FROM word WHERE is_name = 0 AND capitalised > 0")
        return frozenset(
            surface for surface, *counts in rows if surface in words and is_learned_name(surface, *counts, least=1)
        )

    def casing(self, surface: str) -> tuple[int, int]:
        """Return how often a word that Sastrawi would change stands capitalised and in small letters; 0 where unknown."""
        found = self._read("SELECT capitalised, lower FROM word WHERE surface = ?", surface)
        return found[0] if found else (0, 0)

    def acronyms(self, least: int = MIN_ARTICLES) -> list[Acronym]:
        """Return the acronyms that at least so many articles explain, most frequent first."""
        rows = self._read(
            "SELECT key, short, long, articles, first_year, last_year FROM acronym WHERE key IN "
            "(SELECT key FROM acronym GROUP BY key HAVING sum(articles) >= ?) ORDER BY key, short, long",
            least,
        )
        found = [_together([Acronym(*row[1:]) for row in spelled]) for _key, spelled in groupby(rows, itemgetter(0))]
        return sorted(found, key=lambda acronym: (-acronym.articles, acronym.short, acronym.long))

    def _read(self, query: str, *values: str | int) -> list[Any]:
        """Return the rows of a query, none where the file is damaged there: the next run of the indexer begins it anew."""
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            return []

    def _explain(self, article_id: str, year: int | None, pairs: Sequence[AcronymPair]) -> None:
        """Count the acronyms of an article in place of those that it explained before."""
        before = self._db.execute("DELETE FROM explained WHERE article_id = ? RETURNING short, long", (article_id,))
        self._db.executemany(
            "UPDATE acronym SET articles = articles - 1 WHERE key = ? AND short = ? AND long = ?",
            [(_key_of(AcronymPair(*pair)), *pair) for pair in before.fetchall()],
        )
        self._db.executemany("INSERT INTO explained VALUES (?, ?, ?)", [(article_id, *pair) for pair in pairs])
        self._db.executemany(
            "INSERT INTO acronym VALUES (?, ?, ?, 1, ?, ?) ON CONFLICT (key, short, long) DO UPDATE SET articles = articles + 1, "
            "first_year = min(coalesce(first_year, excluded.first_year), coalesce(excluded.first_year, first_year)), "
            "last_year = max(coalesce(last_year, excluded.last_year), coalesce(excluded.last_year, last_year))",
            [(_key_of(pair), *pair, year, year) for pair in pairs],
        )


def _key_of(pair: AcronymPair) -> str:
    return "\n".join(pair_key(pair))


def _together(spellings: Sequence[Acronym]) -> Acronym:
    """Return one acronym for all its spellings, written as most articles do."""
    usual = max(spellings, key=lambda acronym: acronym.articles)
    first = [acronym.first_year for acronym in spellings if acronym.first_year is not None]
    last = [acronym.last_year for acronym in spellings if acronym.last_year is not None]
    articles = sum(acronym.articles for acronym in spellings)
    return Acronym(usual.short, usual.long, articles, min(first, default=None), max(last, default=None))


def word_table(folder: ArchiveFolder) -> WordTable:
    """Return what the analysis of an archive knows of single words: what is shipped, learned, and excepted by its newsroom."""
    with closing(Wordbook(folder.wordbook, readonly=True)) as book:
        return table_of(known_names(folder, book), read_exceptions(folder.exceptions))


def known_names(folder: ArchiveFolder, book: Wordbook) -> frozenset[str]:
    """Return the names that the archive has shown, and those of the persons whom its archivist has accepted."""
    people = (person for person in read_authority(folder.people).people if not person.is_refused)
    words = {word.surface for person in people for name in person.names for word in ANALYZER.words(name)}
    return book.names() | (book.names_among(words) if words else frozenset())


def table_of(learned: frozenset[str], exceptions: Exceptions) -> WordTable:
    """Return the shipped words with learned names and a newsroom's exceptions, which have the last word."""
    return with_exceptions(with_names(SHIPPED, learned), exceptions)


def _opened(path: Path) -> sqlite3.Connection | None:
    """Return the wordbook in this file, None where there is none of this version."""
    if not path.exists():
        return None
    db = sqlite3.connect(path, timeout=BUSY_SECONDS)
    try:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version == VERSION:
            db.execute("SELECT sequence FROM state").fetchone()
            return db
    except sqlite3.DatabaseError as error:
        if not _is_damage(error):
            db.close()
            raise
    db.close()
    return None


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """Say whether the file is at fault, which is then begun anew; one that is locked or cannot be read now is not."""
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _is_sound(db: sqlite3.Connection) -> bool:
    """Say whether all of a file can be read, which takes a tenth of a second for a million articles; close one that is not."""
    try:
        (said,) = db.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if not _is_damage(error):
            db.close()
            raise
        said = str(error)
    if said != "ok":
        db.close()
    return bool(said == "ok")


def _new(path: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=BUSY_SECONDS)
    with closing(db.cursor()) as cursor:
        cursor.executescript(f"{_SCHEMA} PRAGMA user_version = {VERSION};")
    return db
