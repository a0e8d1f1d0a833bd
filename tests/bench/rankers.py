"""The systems whose answers are judged beside plain BM25: Telisik as it comes, and SQLite FTS5."""

import json
import re
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from index.analysis import ANALYZER
from index.importing import import_files
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.writer import update_index, writing
from search.archive import Archive
from search.engine import Request
from search.language import parse_query
from search.listed import Catalogue
from search.measures import DEEPEST
from search.query import Query
from search.vocabulary import Words
from search.whoosh_engine import WhooshEngine
from tests.bench.judged import Record

_WORD = re.compile(r"\w+")

Rank = Callable[[str], Sequence[str]]  # a query's hits, best first, at most `DEEPEST`


class Telisik:
    """An archive of the records, asked with nothing but the text, as from a page."""

    def __init__(self, records: Sequence[Record], folder: Path) -> None:
        source = folder / "records.jsonl"
        source.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
        archive = ArchiveFolder(folder / "arsip")
        settings = archive.read_settings()
        with writing(archive), ArticleStore(archive.store) as store:
            import_files(store, [source], settings.zone)
            update_index(archive, store, settings)
        self._archive = Archive(archive.path)
        self._engine = WhooshEngine(archive.generations, Catalogue(archive, Words(archive)).newest)
        self.relaxed: list[int] = []  # articles found by each query that no article had all the words of

    def close(self) -> None:
        """Close the archive."""
        self._engine.close()
        self._archive.close()

    def rank(self, text: str) -> Sequence[str]:
        """Return what the product returns."""
        ranking = self._archive.ranking(Query(text), DEEPEST)
        if ranking.relaxed:
            self.relaxed.append(ranking.total)
        return ranking.article_ids

    def rank_any(self, text: str) -> Sequence[str]:
        """Return what the product would return for the words joined by ATAU; it asks its engine."""
        words = " ATAU ".join(token.surface for token in ANALYZER.words(text))
        tree = parse_query(words, self._archive.today()).tree
        return self._engine.search(Request(tree, size=DEEPEST, facets=())).article_ids


class Fts5:
    """SQLite FTS5 with its tokenizer unicode61: any of the words, a word of the title counted twice."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._db = sqlite3.connect(":memory:")
        self._db.execute("CREATE VIRTUAL TABLE article USING fts5 (id UNINDEXED, title, body, tokenize=unicode61)")
        rows = ((record["id"], record.get("title", ""), record["body"]) for record in records)
        self._db.executemany("INSERT INTO article VALUES (?, ?, ?)", rows)

    def rank(self, text: str) -> list[str]:
        """Return the best articles by bm25()."""
        match = " OR ".join(f'"{word}"' for word in _WORD.findall(text))
        statement = "SELECT id FROM article WHERE article MATCH ? ORDER BY bm25(article, 0, 2, 1) LIMIT ?"
        return [article_id for (article_id,) in self._db.execute(statement, (match, DEEPEST))]
