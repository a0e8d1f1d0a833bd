"""Whoosh as it comes: its own codec, matchers and facets, with an analyzer that asks Telisik's for the roots."""

import json
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import whoosh
from whoosh import fields, query
from whoosh.analysis import Filter, LowercaseFilter, RegexTokenizer, Token
from whoosh.index import create_in, open_dir
from whoosh.sorting import Count

from index.analysis import ANALYZER
from tests.bench.corpus import FACETS, KINDS, Asked, Corpus
from tests.bench.engines import TOP, Answer, Built, folder_bytes


class RootFilter(Filter):
    """Replaces each token by its root; holds no stemmer, which Whoosh would write into every commit."""

    def __call__(self, tokens: Iterator[Token]) -> Iterator[Token]:
        """Yield the tokens, each with its root as text."""
        for token in tokens:
            token.text = ANALYZER.stem(token.text)
            yield token


SCHEMA = fields.Schema(
    number=fields.NUMERIC(stored=True),
    text=fields.TEXT(RegexTokenizer() | LowercaseFilter() | RootFilter()),
    day=fields.NUMERIC(sortable=True),
    section=fields.ID(sortable=True),
    year=fields.ID(sortable=True),
    source=fields.ID(sortable=True),
)


class StockWhoosh:
    """One index; ranked by Whoosh's BM25F."""

    kinds = KINDS

    def build(self, corpus: Corpus, folder: Path) -> Built:
        """Index in one commit, analysis included."""
        begun = time.perf_counter()
        writer = create_in(str(folder), SCHEMA).writer()
        with corpus.articles.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                article = json.loads(line)
                writer.add_document(
                    number=number,
                    text=f"{article['title']}\n{article['body']}",
                    day=date.fromisoformat(article["date"][:10]).toordinal(),
                    section=article["section"],
                    year=article["date"][:4],
                    source=article["source"],
                )
        writer.commit()
        return Built({"index": time.perf_counter() - begun}, folder_bytes(folder), whoosh.versionstring())

    def open(self, folder: Path) -> None:
        """Open the index to search it."""
        self._searcher = open_dir(str(folder), schema=SCHEMA).searcher()

    def prepared(self, asked: Asked) -> Answer:
        """Return the query as Whoosh's query tree."""
        tree = _tree(asked)
        if asked.kind == "facet":
            return lambda: self._top(tree, groupedby=list(FACETS), maptype=Count)
        if asked.kind == "date":
            days = _days(asked)
            return lambda: self._top(tree, filter=days)
        return lambda: self._top(tree)

    def _top(self, tree: query.Query, **options: object) -> list[int]:
        return [hit["number"] for hit in self._searcher.search(tree, limit=TOP, **options)]


def _tree(asked: Asked) -> query.Query:
    if asked.kind == "phrase":
        return query.Phrase("text", list(asked.stems))
    terms = [query.Term("text", stem) for stem in dict.fromkeys(asked.stems)]
    return query.And(terms) if asked.kind == "and" else query.Or(terms)


def _days(asked: Asked) -> query.Query:
    return query.NumericRange("day", asked.first.toordinal(), asked.last.toordinal())
