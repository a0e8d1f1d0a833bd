"""The systems whose answers are judged: Telisik as it comes, SQLite FTS5, and plain BM25 with and without stems."""

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import snowballstemmer

from index.analysis import ANALYZER
from index.importing import import_files
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.writer import update_index, writing
from search.archive import Archive
from search.engine import Request
from search.language import parse_query
from search.query import Query
from search.whoosh_engine import WhooshEngine
from tests.bench.judged import Record

DEEPEST = 100  # hits that are looked at

_WORD = re.compile(r"\w+")

Rank = Callable[[str], Sequence[str]]  # a query's hits, best first, at most `DEEPEST`


class Telisik:
    """An archive of the records, asked through `Archive.search` with nothing but the text, as from a page."""

    def __init__(self, records: Sequence[Record], folder: Path) -> None:
        source = folder / "records.jsonl"
        source.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
        archive = ArchiveFolder(folder / "arsip")
        settings = archive.read_settings()
        with writing(archive), ArticleStore(archive.store) as store:
            import_files(store, [source], settings.zone)
            update_index(archive, store, settings)
        self._archive = Archive(archive.path)
        self._engine = WhooshEngine(archive.generations)
        self.relaxed: list[int] = []  # articles found by each query that no article had all the words of

    def close(self) -> None:
        """Close the archive."""
        self._engine.close()
        self._archive.close()

    def rank(self, text: str) -> list[str]:
        """Return what the product returns."""
        page = self._archive.search(Query(text, size=DEEPEST))
        if page.relaxed:
            self.relaxed.append(page.total)
        return [hit.article_id for hit in page.hits]

    def rank_any(self, text: str) -> Sequence[str]:
        """Return what the product would return for the words joined by ATAU; its engine alone, for highlights cost most."""
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


class Bm25:
    """Plain BM25 over title and body as one text, any of the words."""

    K1, B = 1.2, 0.75

    def __init__(self, records: Sequence[Record], form: Callable[[str], str]) -> None:
        self._form = form
        self._ids = [record["id"] for record in records]
        texts = [self._tokens(f"{record.get('title', '')} {record['body']}") for record in records]
        lengths = np.array([len(tokens) for tokens in texts])
        self._norms = self.K1 * (1 - self.B + self.B * lengths / lengths.mean())
        self._postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, tokens in enumerate(texts):
            for token, frequency in Counter(tokens).items():
                self._postings[token].append((number, frequency))

    def rank(self, text: str) -> list[str]:
        """Return the best articles, earlier ones first among equals."""
        scores = np.zeros(len(self._ids))
        for token in filter(self._postings.__contains__, self._tokens(text)):
            numbers, frequencies = np.array(self._postings[token]).T
            idf = np.log1p((len(self._ids) - len(numbers) + 0.5) / (len(numbers) + 0.5))
            scores[numbers] += idf * frequencies * (self.K1 + 1) / (frequencies + self._norms[numbers])
        best = np.argsort(-scores, kind="stable")[:DEEPEST]
        return [self._ids[number] for number in best if scores[number] > 0]

    def _tokens(self, text: str) -> list[str]:
        return [self._form(word.casefold()) for word in _WORD.findall(text)]


@cache
def snowball_stem(word: str) -> str:
    """Return Snowball's Indonesian stem of a word in small letters."""
    return str(_SNOWBALL.stemWord(word))


_SNOWBALL = snowballstemmer.stemmer("indonesian")
