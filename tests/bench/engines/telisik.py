"""Telisik, through its engine: stems and surface forms of title and body, exact totals, no relaxing."""

import os
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path

from index.importing import import_files
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.writer import update_index, writing
from search.engine import Request
from search.language import parse_query
from search.listed import Catalogue
from search.vocabulary import Words
from search.whoosh_engine import WhooshEngine
from tests.bench.corpus import FACETS, KINDS, Asked, Corpus
from tests.bench.engines import TOP, Answer, Built


class Telisik:
    """The archive's own search, without highlights and pages."""

    kinds = KINDS

    def build(self, corpus: Corpus, folder: Path) -> Built:
        """Import the articles into a store, then index them, Sastrawi included."""
        archive = ArchiveFolder(folder)
        settings = archive.read_settings()
        begun = time.perf_counter()
        with writing(archive), ArticleStore(archive.store) as store:
            import_files(store, [corpus.articles], settings.zone)
            imported = time.perf_counter()
            update_index(archive, store, settings, processes=os.cpu_count() or 1)
            indexed = time.perf_counter()
        engine = _engine_of(archive)
        size = engine.size_bytes()
        engine.close()
        return Built({"import": imported - begun, "index": indexed - imported}, size, version("telisik"))

    def open(self, folder: Path) -> None:
        """Open the index to search it."""
        self._engine = _engine_of(ArchiveFolder(folder))

    def prepared(self, query: Asked) -> Answer:
        """Return the request with its query tree."""
        dated = query.kind == "date"
        request = Request(
            tree=parse_query(_typed(query), date.today()).tree,
            published_from=query.first if dated else None,
            published_to=query.last if dated else None,
            size=TOP,
            facets=FACETS if query.kind == "facet" else (),
        )
        return lambda: self._engine.search(request).article_ids


def _engine_of(folder: ArchiveFolder) -> WhooshEngine:
    return WhooshEngine(folder.generations, Catalogue(folder, Words(folder)).newest)


def _typed(query: Asked) -> str:
    """Return the query as a reader would type it."""
    if query.kind == "and":
        return " ".join(query.words)
    if query.kind == "phrase":
        return f'"{" ".join(query.words)}"'
    return " ATAU ".join(query.words)
