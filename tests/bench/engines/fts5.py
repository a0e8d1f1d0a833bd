"""SQLite FTS5: one column of stems with positions, its text not kept; days and facets in a table beside it."""

import sqlite3
import time
from pathlib import Path

from tests.bench.corpus import KINDS, Asked, Corpus
from tests.bench.engines import TOP, Answer, Built

_TABLES = """
CREATE VIRTUAL TABLE text USING fts5 (stems, content='', detail=full, tokenize="ascii tokenchars '-&.,:'");
CREATE TABLE article (number INTEGER PRIMARY KEY, day INTEGER, section TEXT, year INTEGER, source TEXT);
"""
_TOP = f"SELECT rowid FROM text WHERE text MATCH ? ORDER BY rank LIMIT {TOP}"
_DATED = f"""
SELECT text.rowid FROM text JOIN article ON number = text.rowid
WHERE text MATCH ? AND day BETWEEN ? AND ? ORDER BY rank LIMIT {TOP}
"""
_COUNTS = """
WITH found AS MATERIALIZED (
    SELECT section, year, source FROM text JOIN article ON number = text.rowid WHERE text MATCH ?
)
SELECT 'section', section, count(*) FROM found GROUP BY section
UNION ALL SELECT 'year', year, count(*) FROM found GROUP BY year
UNION ALL SELECT 'source', source, count(*) FROM found GROUP BY source
"""


class Fts5:
    """One database file; ranked by FTS5's own bm25()."""

    kinds = KINDS

    def build(self, corpus: Corpus, folder: Path) -> Built:
        """Index in one transaction, then merge all into one b-tree."""
        path = _file(folder)
        begun = time.perf_counter()
        db = sqlite3.connect(path)
        db.executescript(_TABLES)
        for number, (stems, *values) in enumerate(corpus.read_stemmed()):
            db.execute("INSERT INTO text (rowid, stems) VALUES (?, ?)", (number, stems))
            db.execute("INSERT INTO article VALUES (?, ?, ?, ?, ?)", (number, *values))
        db.execute("INSERT INTO text (text) VALUES ('optimize')")
        db.commit()
        db.close()
        return Built({"index": time.perf_counter() - begun}, path.stat().st_size, sqlite3.sqlite_version)

    def open(self, folder: Path) -> None:
        """Open the index to search it."""
        self._db = sqlite3.connect(_file(folder))

    def prepared(self, query: Asked) -> Answer:
        """Return the query in FTS5's own language."""
        match = _match(query)
        if query.kind == "date":
            days = query.first.toordinal(), query.last.toordinal()
            return lambda: self._numbers(_DATED, match, *days)
        if query.kind == "facet":
            return lambda: self._counted(match)
        return lambda: self._numbers(_TOP, match)

    def _numbers(self, statement: str, *values: str | int) -> list[int]:
        return [number for (number,) in self._db.execute(statement, values)]

    def _counted(self, match: str) -> list[int]:
        self._db.execute(_COUNTS, (match,)).fetchall()
        return self._numbers(_TOP, match)


def _file(folder: Path) -> Path:
    return folder / "index.sqlite"


def _match(query: Asked) -> str:
    if query.kind == "phrase":
        return f'"{" ".join(query.stems)}"'
    joined = " AND " if query.kind == "and" else " OR "
    return joined.join(f'"{stem}"' for stem in dict.fromkeys(query.stems))
