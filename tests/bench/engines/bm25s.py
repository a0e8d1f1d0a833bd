"""bm25s: scores computed when indexing; any of the words, and nothing else."""

import time
from importlib.metadata import version
from pathlib import Path

import bm25s

from tests.bench.corpus import Asked, Corpus
from tests.bench.engines import TOP, Answer, Built, folder_bytes


class Bm25s:
    """One sparse matrix, mapped into memory."""

    kinds = ("or",)

    def build(self, corpus: Corpus, folder: Path) -> Built:
        """Score all, then save."""
        begun = time.perf_counter()
        retriever = bm25s.BM25()
        retriever.index([article.stems.split() for article in corpus.read_stemmed()], show_progress=False)
        retriever.save(folder)
        return Built({"index": time.perf_counter() - begun}, folder_bytes(folder), version("bm25s"))

    def open(self, folder: Path) -> None:
        """Open the index to search it."""
        self._retriever = bm25s.BM25.load(folder, mmap=True)
        self._top = min(TOP, int(self._retriever.scores["num_docs"]))

    def prepared(self, query: Asked) -> Answer:
        """Return the query as the list of its stems."""
        asked = [list(dict.fromkeys(query.stems))]
        return lambda: self._retriever.retrieve(asked, k=self._top, show_progress=False).documents[0].tolist()
