"""tantivy, through its Python binding: one field of stems, ids and days as fast fields."""

import time
from importlib.metadata import version
from pathlib import Path

import tantivy

from tests.bench.corpus import FACETS, KINDS, Asked, Corpus
from tests.bench.engines import TOP, Answer, Built, folder_bytes

HEAP = 512 << 20  # bytes for the writer: few segments to merge
BUCKETS = 1_000  # more than any facet has values: counts are exact


class Tantivy:
    """One index; the search may skip what cannot be among the first ten, for it is not asked for totals."""

    kinds = KINDS

    def build(self, corpus: Corpus, folder: Path) -> Built:
        """Index with as many threads as tantivy chooses, commit, and wait for its merges."""
        begun = time.perf_counter()
        writer = tantivy.Index(_schema(), str(folder)).writer(HEAP)
        for number, article in enumerate(corpus.read_stemmed()):
            document = tantivy.Document()
            document.add_unsigned("number", number)
            document.add_text("text", article.stems)
            document.add_unsigned("day", article.day)
            document.add_text("section", article.section)
            document.add_unsigned("year", article.year)
            document.add_text("source", article.source)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        return Built({"index": time.perf_counter() - begun}, folder_bytes(folder), version("tantivy"))

    def open(self, folder: Path) -> None:
        """Open the index to search it."""
        self._schema = _schema()
        self._searcher = tantivy.Index(self._schema, str(folder)).searcher()

    def prepared(self, query: Asked) -> Answer:
        """Return the query as tantivy's query objects."""
        asked = self._query(query)
        if query.kind == "facet":
            return lambda: self._counted(asked)
        return lambda: self._top(asked)

    def _top(self, query: tantivy.Query) -> list[int]:
        hits = self._searcher.search(query, TOP, count=False).hits
        numbers = self._searcher.fast_field_values("number", [address for _score, address in hits])
        return [number for number in numbers if isinstance(number, int)]

    def _counted(self, query: tantivy.Query) -> list[int]:
        self._searcher.aggregate(query, {name: {"terms": {"field": name, "size": BUCKETS}} for name in FACETS})
        return self._top(query)

    def _query(self, query: Asked) -> tantivy.Query:
        if query.kind == "phrase":
            return self._phrase(query.stems)
        occur = tantivy.Occur.Must if query.kind == "and" else tantivy.Occur.Should
        terms = [(occur, self._term(stem)) for stem in dict.fromkeys(query.stems)]
        joined = tantivy.Query.boolean_query(terms)
        if query.kind != "date":
            return joined
        first, last = query.first.toordinal(), query.last.toordinal()
        days = tantivy.Query.range_query(self._schema, "day", tantivy.FieldType.Unsigned, first, last)
        limited = tantivy.Query.const_score_query(days, 0.0)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, joined), (tantivy.Occur.Must, limited)])

    def _phrase(self, stems: tuple[str, ...]) -> tantivy.Query:
        if len(stems) == 1:
            return self._term(stems[0])
        return tantivy.Query.phrase_query(self._schema, "text", list(stems))

    def _term(self, stem: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, "text", stem, "freq")


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", fast=True)
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="position")
    builder.add_unsigned_field("day", fast=True)
    builder.add_text_field("section", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("year", fast=True)
    builder.add_text_field("source", fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()
