"""The article store: one SQLite file that holds the whole truth of an archive.

Every insert, change, withdrawal and deletion gets the next number of one sequence; readers such as the indexer ask for what
changed after the number they know. A deleted article leaves its id and its number behind, so that every reader learns of it.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from index.article import JSON, Article, Correction, CorrectionKind, Status, canonical_url, is_derived
from index.dates import from_iso, iso
from index.errors import ArchiveMissing, ArchiveNewer, ArticleMissing, StoreUnusable
from index.messages import gettext as _

STORE_VERSION = 1
BUSY_SECONDS = 30.0

StoreFault = sqlite3.DatabaseError  # what any method here raises where the open file turns out damaged, locked or full

_TABLES = """
CREATE TABLE article (
    id TEXT NOT NULL PRIMARY KEY,
    sequence INTEGER NOT NULL UNIQUE,   -- of its last change
    deleted INTEGER NOT NULL DEFAULT 0, -- 1: only id and sequence are left
    held INTEGER NOT NULL DEFAULT 0,    -- 1: withdrawn by an archivist, which no import undoes
    title TEXT, body TEXT, date TEXT, section TEXT, source TEXT, authors TEXT, url TEXT, tags TEXT, language TEXT,
    summary TEXT, people TEXT, topics TEXT, status TEXT, corrections TEXT, extra TEXT,
    url_key TEXT, title_key TEXT, digest TEXT
);
CREATE INDEX article_by_url ON article (url_key) WHERE url_key IS NOT NULL;
CREATE INDEX article_by_title ON article (title_key) WHERE title_key IS NOT NULL;
-- What is counted is counted in an index: at a million articles the table is gigabytes.
CREATE INDEX article_deleted ON article (sequence) WHERE deleted = 1;
CREATE INDEX article_by_date ON article (date) WHERE deleted = 0;
CREATE INDEX article_by_section ON article (section) WHERE deleted = 0;
CREATE INDEX article_by_source ON article (source) WHERE deleted = 0;
CREATE TABLE change (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at TEXT NOT NULL
);
"""
# One row: what tells this archive from all others, whatever its title and its address. Stores of before have none at first.
_IDENTITY = "CREATE TABLE archive (id TEXT NOT NULL)"
_FIELDS = (
    "title body date section source authors url tags language summary people topics status corrections extra".split()
)
_COLUMNS = ", ".join(_FIELDS)


class Outcome(StrEnum):
    """What became of an article given to the store."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Change:
    """The newest state of an article that changed: `article` is None where it was deleted."""

    sequence: int
    article_id: str
    article: Article | None


class ArticleStore:
    """The store of one archive. One process writes at a time; a connection belongs to the thread that opened it."""

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        """Open the store, a new one where there is none; with `readonly` raise ArchiveMissing instead.

        Raises ArchiveNewer where a newer Telisik wrote it, StoreUnusable where the file is none that SQLite can open.
        """
        self.path = path
        self._archive_id: UUID | None = None  # as soon as it was asked for
        self._opened_as: _FileState | None = None  # where the connection takes the file as unchanging
        try:
            self._open(readonly)
        except StoreFault as error:
            raise StoreUnusable(path, str(error)) from error

    def _open(self, readonly: bool) -> None:
        path = self.path
        if readonly:
            if not path.exists():
                raise ArchiveMissing(path.parent)
            self._db, self._opened_as = _connect_readonly(path)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
        self._open_version(readonly)

    def _open_version(self, readonly: bool) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > STORE_VERSION:
            raise ArchiveNewer(self.path, version, STORE_VERSION)
        if version == 0 and not readonly:
            with self.transaction():
                for statement in _TABLES.split(";\n"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {STORE_VERSION}")
        elif version == 0:
            raise ArchiveMissing(self.path.parent)
        if not readonly and not self._has_identity():
            with self.transaction():
                self._db.execute(_IDENTITY)
                self._db.execute("INSERT INTO archive VALUES (?)", (str(self._derived_id() or uuid4()),))

    def _has_identity(self) -> bool:
        return self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'archive'").fetchone() is not None

    def _derived_id(self) -> UUID | None:
        """Return an id made of the first change, which stays; None where nothing has changed yet."""
        first = self.change_mark(1)
        return uuid5(NAMESPACE_URL, f"urn:telisik:{first}") if first else None

    def close(self) -> None:
        """Close the file; the store is not used again."""
        self._db.close()

    def is_outdated(self) -> bool:
        """Say whether the file has changed without this connection learning of it, so that the store must be opened again.

        That is so only where the reader may make no file beside the store, through which SQLite would tell it.
        """
        return self._opened_as is not None and self._opened_as != _file_state(self.path)

    def __enter__(self) -> "ArticleStore":
        """Return the store, which is closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the store."""
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all that happens in the block happen at once, or not at all."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all reads of the block see one state of the store."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("COMMIT")

    # --- writing

    def put(self, article: Article) -> Outcome:
        """Add the article, or update the one it is: same id, else same canonical URL, else same source, date and title.

        Two articles whose sources gave them different ids are never taken for the same. An updated article keeps the id
        it has, and its withdrawal where an archivist withdrew it. One whose text is not what was written is written again.
        """
        row = self._row_of(article)
        if row is None:
            self._write(article, "add")
            return Outcome.ADDED
        known_id, deleted, held, digest = row
        article = replace(article, id=known_id)
        if held:
            article = self._withdrawn_like(article)
        if not deleted and digest == _digest(article) and self._is_sound(known_id):
            return Outcome.UNCHANGED
        self._write(article, "add" if deleted else "update", held=held)
        return Outcome.ADDED if deleted else Outcome.UPDATED

    def withdraw(self, article_id: str, reason: str, at: datetime) -> None:
        """Withdraw an article for an announced reason; its text stays in the store. Raises ArticleMissing."""
        article = self.get(article_id)
        notice = Correction(CorrectionKind.WITHDRAWAL, reason, at)
        withdrawn = replace(article, status=Status.WITHDRAWN, corrections=(*article.corrections, notice))
        self._write(withdrawn, "withdraw", held=1)

    def restore(self, article_id: str) -> None:
        """Publish a withdrawn article again; what was said of its withdrawal stays. Raises ArticleMissing."""
        article = self.get(article_id)
        others = any(c.kind is not CorrectionKind.WITHDRAWAL for c in article.corrections)
        self._write(replace(article, status=Status.CORRECTED if others else Status.PUBLISHED), "restore")

    def delete(self, article_id: str) -> None:
        """Delete an article's text for good; its id stays, marked as deleted. Raises ArticleMissing."""
        self.get(article_id)
        sequence = self._next_sequence(article_id, "delete")
        empty = ", ".join(f"{name} = NULL" for name in (*_FIELDS, "url_key", "title_key", "digest"))
        self._db.execute(
            f"UPDATE article SET sequence = ?, deleted = 1, held = 0, {empty} WHERE id = ?",  # noqa: S608 (our names)
            (sequence, article_id),
        )

    def _row_of(self, article: Article) -> tuple[str, int, int, str | None] | None:
        found = self._db.execute("SELECT id, deleted, held, digest FROM article WHERE id = ?", (article.id,)).fetchone()
        if found:
            return _known_row(found)
        for column, key in (("url_key", _url_key(article)), ("title_key", _title_key(article))):
            if key is None:
                continue
            rows = self._db.execute(
                f"SELECT id, deleted, held, digest, url_key FROM article WHERE {column} = ? ORDER BY sequence",  # noqa: S608
                (key,),
            )
            for *row, url_key in rows:
                other_page = url_key and article.url and url_key != _url_key(article)
                if (is_derived(article.id) or is_derived(row[0])) and not other_page:
                    return _known_row(row)
        return None

    def _is_sound(self, article_id: str) -> bool:
        found = self._db.execute(f"SELECT digest, {_COLUMNS} FROM article WHERE id = ?", (article_id,))  # noqa: S608
        digest, *row = found.fetchone()
        return bool(digest == _row_digest(row))

    def _withdrawn_like(self, article: Article) -> Article:
        """Return the article as imported, withdrawn as the archivist withdrew it."""
        kept = [c for c in self.get(article.id).corrections if c.kind is CorrectionKind.WITHDRAWAL]
        new = [c for c in article.corrections if c not in kept]
        return replace(article, status=Status.WITHDRAWN, corrections=(*new, *kept))

    def _write(self, article: Article, kind: str, *, held: int = 0) -> None:
        sequence = self._next_sequence(article.id, kind)
        values = {
            "id": article.id,
            "sequence": sequence,
            "deleted": 0,
            "held": held,
            **_values_of(article),
            "url_key": _url_key(article),
            "title_key": _title_key(article),
            "digest": _digest(article),
        }
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        self._db.execute(f"INSERT OR REPLACE INTO article ({names}) VALUES ({marks})", tuple(values.values()))  # noqa: S608

    def _next_sequence(self, article_id: str, kind: str) -> int:
        cursor = self._db.execute(
            "INSERT INTO change (article_id, kind, at) VALUES (?, ?, ?)",
            (article_id, kind, datetime.now(UTC).isoformat(timespec="seconds")),
        )
        if cursor.lastrowid is None:
            raise RuntimeError("SQLite gave no row id")
        return cursor.lastrowid

    # --- reading

    def archive_id(self) -> UUID:
        """Return what tells this archive from all others: the same as long as the store is, and in copies of it."""
        if self._archive_id is None:
            known = self._db.execute("SELECT id FROM archive").fetchone() if self._has_identity() else None
            self._archive_id = UUID(known[0]) if known else self._derived_id() or UUID(int=0)
        return self._archive_id

    def get(self, article_id: str) -> Article:
        """Return the article with this id, whatever its status; raise ArticleMissing."""
        found = self.get_many([article_id])
        if not found:
            raise ArticleMissing(article_id)
        return found[article_id]

    def get_many(self, article_ids: Sequence[str]) -> dict[str, Article]:
        """Return the articles with these ids, by id; those that are not there are left out."""
        marks = ", ".join("?" * len(article_ids))
        rows = self._db.execute(
            f"SELECT id, {_COLUMNS} FROM article WHERE deleted = 0 AND id IN ({marks})",  # noqa: S608 (our names)
            tuple(article_ids),
        )
        return {row[0]: _article_from(row) for row in rows}

    def titles(self, article_ids: Sequence[str]) -> dict[str, str]:
        """Return the titles of these articles, by id in the order asked for; those that are not there are left out."""
        marks = ", ".join("?" * len(article_ids))
        found = dict(
            self._db.execute(f"SELECT id, title FROM article WHERE deleted = 0 AND id IN ({marks})", tuple(article_ids))  # noqa: S608
        )
        return {article_id: found[article_id] for article_id in article_ids if article_id in found}

    def articles(self) -> Iterator[Article]:
        """Yield all articles in the order of their last change."""
        rows = self._db.execute(f"SELECT id, {_COLUMNS} FROM article WHERE deleted = 0 ORDER BY sequence")  # noqa: S608
        return map(_article_from, rows)

    def changes_between(self, after: int, last: int) -> Iterator[Change]:
        """Yield the articles whose last change has a number after `after` up to `last`, oldest change first."""
        rows = self._db.execute(
            f"SELECT sequence, deleted, id, {_COLUMNS} FROM article WHERE sequence > ? AND sequence <= ? ORDER BY sequence",  # noqa: S608
            (after, last),
        )
        for number, deleted, *row in rows:
            yield Change(number, row[0], None if deleted else _article_from(row))

    def change_mark(self, sequence: int) -> str:
        """Return what tells the change with this number from any other: article, kind and time; empty where there is none."""
        row = self._db.execute("SELECT article_id, kind, at FROM change WHERE sequence = ?", (sequence,)).fetchone()
        return "" if row is None else " ".join(row)

    def sequence_after(self, sequence: int, count: int) -> int | None:
        """Return the number of the `count`-th article that changed after `sequence`, the last one's where there are
        fewer, None where there is none."""
        (last,) = self._db.execute(
            "SELECT max(sequence) FROM (SELECT sequence FROM article WHERE sequence > ? ORDER BY sequence LIMIT ?)",
            (sequence, count),
        ).fetchone()
        return None if last is None else int(last)

    def changes_count(self, sequence: int) -> int:
        """Return how many articles changed after `sequence`."""
        (count,) = self._db.execute("SELECT count(*) FROM article WHERE sequence > ?", (sequence,)).fetchone()
        return int(count)

    def sequence(self) -> int:
        """Return the number of the last change, 0 where there was none."""
        (number,) = self._db.execute("SELECT coalesce(max(sequence), 0) FROM change").fetchone()
        return int(number)

    def count(self) -> int:
        """Return how many articles the archive holds."""
        counts = "SELECT (SELECT count(*) FROM article) - (SELECT count(*) FROM article WHERE deleted = 1)"
        (count,) = self._db.execute(counts).fetchone()
        return int(count)

    def ids(self) -> Iterator[str]:
        """Yield the ids of all articles."""
        return (row[0] for row in self._db.execute("SELECT id FROM article WHERE deleted = 0 ORDER BY id"))

    def dates(self) -> tuple[date | datetime | None, date | datetime | None]:
        """Return the earliest and the latest date of publication, as printed; None where no article has one."""
        # Asked for both at once, SQLite would read the whole index.
        (first,) = self._db.execute("SELECT min(date) FROM article WHERE deleted = 0").fetchone()
        (last,) = self._db.execute("SELECT max(date) FROM article WHERE deleted = 0").fetchone()
        return (from_iso(first) if first else None, from_iso(last) if last else None)

    def changed(self, article_ids: Sequence[str]) -> dict[str, datetime]:
        """Return when these articles were last written, by id; those that are not there are left out."""
        marks = ", ".join("?" * len(article_ids))
        rows = self._db.execute(
            f"SELECT id, at FROM article JOIN change USING (sequence) WHERE deleted = 0 AND id IN ({marks})",  # noqa: S608
            tuple(article_ids),
        )
        return {article_id: datetime.fromisoformat(at) for article_id, at in rows}

    def counts_by(self, field: str) -> dict[str, int]:
        """Return how many articles have each section or source, most frequent first; those without one are left out."""
        if field not in ("section", "source"):
            raise ValueError(field)
        return dict(
            self._db.execute(
                f"SELECT {field}, count(*) AS n FROM article WHERE deleted = 0 AND {field} IS NOT NULL "  # noqa: S608
                f"GROUP BY {field} ORDER BY n DESC, {field}"
            )
        )

    # --- verifying

    def faults(self) -> Iterator[str]:
        """Yield what is wrong with the file: SQLite's own check, then every article whose text is not what was written."""
        for (message,) in self._db.execute("PRAGMA integrity_check"):
            if message != "ok":
                yield str(message)
        rows = self._db.execute(f"SELECT digest, id, {_COLUMNS} FROM article WHERE deleted = 0")  # noqa: S608
        for digest, article_id, *row in rows:
            if digest != _row_digest(row):
                yield _("article %(id)s: checksum", id=article_id)


_FileState = tuple[tuple[int, int, int] | None, ...]


def _file_state(path: Path) -> _FileState:
    """Return what changes with any change of the store: inode, size and time of its file and of its log."""
    found: list[tuple[int, int, int] | None] = []
    for file in (path, path.with_name(path.name + "-wal")):
        try:
            status = file.stat()
        except FileNotFoundError:
            found.append(None)
        else:
            found.append((status.st_ino, status.st_size, status.st_mtime_ns))
    return tuple(found)


def _connect_readonly(path: Path) -> tuple[sqlite3.Connection, _FileState | None]:
    """Open the file so that it cannot be written; where not even a shared-memory file may be made, as unchanging.

    Taken as unchanging, the state of the file is returned too.
    """
    uri = path.resolve().as_uri()
    state = _file_state(path)
    db = sqlite3.connect(f"{uri}?mode=ro", uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        db.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError:
        db.close()
        return sqlite3.connect(f"{uri}?mode=ro&immutable=1", uri=True, isolation_level=None), state
    return db, None


def _known_row(row: Sequence[str | int | None]) -> tuple[str, int, int, str | None]:
    article_id, deleted, held, digest = row
    return str(article_id), int(deleted or 0), int(held or 0), None if digest is None else str(digest)


def _url_key(article: Article) -> str | None:
    return canonical_url(article.url) if article.url else None


def _title_key(article: Article) -> str | None:
    if article.date is None:
        return None
    return "\x00".join((article.source or "", iso(article.date), article.title))


def _values_of(article: Article) -> dict[str, str | None]:
    return {
        "title": article.title,
        "body": article.body,
        "date": None if article.date is None else iso(article.date),
        "section": article.section,
        "source": article.source,
        "authors": _list_text(article.authors),
        "url": article.url,
        "tags": _list_text(article.tags),
        "language": article.language,
        "summary": article.summary,
        "people": _list_text(article.people),
        "topics": _list_text(article.topics),
        "status": article.status.value,
        "corrections": _corrections_text(article.corrections),
        "extra": _json_text(dict(article.extra)) if article.extra else None,
    }


def _digest(article: Article) -> str:
    return _digest_of(_values_of(article))


def _row_digest(row: Sequence[str | None]) -> str:
    """Return the digest of what a row holds, though it may be nothing that an article can be made of."""
    return _digest_of(dict(zip(_FIELDS, row, strict=True)))


def _digest_of(values: Mapping[str, str | None]) -> str:
    return hashlib.sha256(_json_text(values).encode()).hexdigest()


def _json_text(value: JSON) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _list_text(values: Sequence[str]) -> str | None:
    return _json_text(list(values)) if values else None


def _corrections_text(corrections: Iterable[Correction]) -> str | None:
    records: list[Mapping[str, JSON]] = [
        {"kind": c.kind.value, "text": c.text, "date": None if c.date is None else iso(c.date), "link": c.link}
        for c in corrections
    ]
    return _json_text(records) if records else None


def _list_from(text: str | None) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text else ()


def _correction_from(record: Mapping[str, str | None]) -> Correction:
    day = record["date"]
    return Correction(
        CorrectionKind(record["kind"] or ""), record["text"] or "", from_iso(day) if day else None, record["link"]
    )


def _article_from(row: Sequence[str | None]) -> Article:
    (article_id, title, body, day, section, source, authors, url, tags, language, summary, people, topics, status,
     corrections, extra) = row  # fmt: skip
    return Article(
        id=article_id or "",
        title=title or "",
        body=body or "",
        date=from_iso(day) if day else None,
        section=section,
        source=source,
        authors=_list_from(authors),
        url=url,
        tags=_list_from(tags),
        language=language,
        summary=summary,
        people=_list_from(people),
        topics=_list_from(topics),
        status=Status(status or ""),
        corrections=tuple(map(_correction_from, json.loads(corrections))) if corrections else (),
        extra=MappingProxyType(json.loads(extra) if extra else {}),
    )
