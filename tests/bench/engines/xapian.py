"""Xapian, which comes as a system package (Debian: python3-xapian) and so may run on the system's Python."""

import time
from pathlib import Path

import xapian

from tests.bench.corpus import FACETS, KINDS, Asked, Corpus, Stemmed
from tests.bench.engines import TOP, Answer, Built, folder_bytes

DAY, *FACET_SLOTS = range(1 + len(FACETS))
LONGEST_TERM = 200  # bytes; Xapian refuses terms above 245


class Xapian:
    """One glass database, compacted; ranked by Xapian's own BM25."""

    kinds = KINDS

    def build(self, corpus: Corpus, folder: Path) -> Built:
        """Index, then compact into one file."""
        begun = time.perf_counter()
        raw = folder / "raw"
        database = xapian.WritableDatabase(str(raw), xapian.DB_CREATE)
        for article in corpus.read_stemmed():
            database.add_document(_document(article))
        database.close()
        xapian.Database(str(raw)).compact(str(_file(folder)), xapian.DBCOMPACT_SINGLE_FILE)
        seconds = time.perf_counter() - begun
        return Built({"index": seconds}, folder_bytes(folder) - folder_bytes(raw), xapian.version_string())

    def open(self, folder: Path) -> None:
        """Open the index to search it."""
        self._database = xapian.Database(str(_file(folder)))

    def prepared(self, query: Asked) -> Answer:
        """Return the query as Xapian's query object."""
        asked = _query(query)
        if query.kind == "facet":
            return lambda: self._counted(asked)
        return lambda: self._top(asked)

    def _top(self, query: xapian.Query) -> list[int]:
        enquire = xapian.Enquire(self._database)
        enquire.set_query(query)
        return [match.docid - 1 for match in enquire.get_mset(0, TOP)]

    def _counted(self, query: xapian.Query) -> list[int]:
        enquire = xapian.Enquire(self._database)
        enquire.set_query(query)
        spies = [xapian.ValueCountMatchSpy(slot) for slot in FACET_SLOTS]
        for spy in spies:
            enquire.add_matchspy(spy)
        found = enquire.get_mset(0, TOP, self._database.get_doccount())  # all are checked, so that counts are exact
        for spy in spies:
            dict.fromkeys(value.term for value in spy.values())
        return [match.docid - 1 for match in found]


def _file(folder: Path) -> Path:
    return folder / "index.glass"


def _document(article: Stemmed) -> xapian.Document:
    document = xapian.Document()
    for position, stem in enumerate(article.stems.split(), start=1):
        document.add_posting(_term(stem), position)
    document.add_value(DAY, xapian.sortable_serialise(article.day))
    for slot, name in zip(FACET_SLOTS, FACETS, strict=True):
        document.add_value(slot, str(getattr(article, name)))
    return document


def _term(stem: str) -> bytes:
    return stem.encode()[:LONGEST_TERM]


def _query(query: Asked) -> xapian.Query:
    if query.kind == "phrase":
        return xapian.Query(xapian.Query.OP_PHRASE, [_term(stem) for stem in query.stems])
    joining = xapian.Query.OP_AND if query.kind == "and" else xapian.Query.OP_OR
    joined = xapian.Query(joining, [_term(stem) for stem in dict.fromkeys(query.stems)])
    if query.kind != "date":
        return joined
    first, last = (xapian.sortable_serialise(day.toordinal()) for day in (query.first, query.last))
    return xapian.Query(xapian.Query.OP_FILTER, joined, xapian.Query(xapian.Query.OP_VALUE_RANGE, DAY, first, last))
