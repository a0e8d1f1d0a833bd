"""From a `Query` to the request that an engine is asked: read, expanded, and relaxed where no article has all its words."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from index.analysis import Analyzer
from search.engine import Engine, Request
from search.expanding import Expander, Expansion
from search.language import Parsed, parse_query
from search.query import Query
from search.relaxing import relaxed_tree
from search.tree import Node
from search.vocabulary import Vocabulary, Words


@dataclass(frozen=True, slots=True)
class Understood:
    """A query as the engine is asked it. `relaxed` tells that no article has all the words of what was parsed."""

    parsed: Parsed
    request: Request
    relaxed: bool
    expansion: Expansion
    analyzer: Analyzer


class Understanding:
    """Understands queries with what one archive knows of words."""

    def __init__(self, engine: Engine, words: Words) -> None:
        self._engine, self._words = engine, words

    def of(self, query: Query, today: date) -> Understood:
        """Return what `query` asks for; `today` is the day that "kemarin" is counted from."""
        vocabulary = self._words.newest()
        parsed, expanded = self._parsed(query, vocabulary, today)
        expansion = expanded(parsed.tree)
        request = _request(query, expansion.tree)
        relaxed = relaxed_tree(parsed.tree)
        is_relaxed = relaxed is not None and not self._count(request)
        if relaxed is not None and is_relaxed:
            expansion = expanded(relaxed)
            request = replace(request, tree=expansion.tree)
        return Understood(parsed, request, is_relaxed, expansion, vocabulary.analyzer)

    def count(self, query: Query, today: date) -> int:
        """Return how many articles have all that `query` asks for, without relaxing it."""
        parsed, expanded = self._parsed(query, self._words.newest(), today)
        return self._count(_request(query, expanded(parsed.tree).tree))

    def vocabulary(self) -> Vocabulary:
        """Return what the archive knows of words now."""
        return self._words.newest()

    def read(self, text: str, today: date) -> Node:
        """Return the tree that `text` is read as."""
        return parse_query(text, today, self._words.newest().analyzer).tree

    def _parsed(self, query: Query, vocabulary: Vocabulary, today: date) -> tuple[Parsed, Callable[[Node], Expansion]]:
        """Return the query as it is read, and what expands its tree or a relaxed one."""
        parsed = parse_query(query.text, today, vocabulary.analyzer)
        if parsed.has_dates and not self._count(_request(query, parsed.tree)):
            parsed = parse_query(query.text, today, vocabulary.analyzer, dates=False)
        expander = Expander(vocabulary, self._engine.frequency, self._count_of) if query.expand else None

        def expanded(tree: Node) -> Expansion:
            if expander is None:
                return Expansion(tree, (), parsed.typed, MappingProxyType({}))
            return expander.expanded(tree, parsed.typed)

        return parsed, expanded

    def _count(self, request: Request) -> int:
        return self._engine.search(replace(request, offset=0, size=0, facets=())).total

    def _count_of(self, tree: Node) -> int:
        return self._count(Request(tree))


def _request(query: Query, tree: Node) -> Request:
    return Request(
        tree=tree,
        limits=query.limits(),
        published_from=query.published_from,
        published_to=query.published_to,
        sort=query.order(),
        offset=query.offset,
        size=query.size,
        versions=True,
        recency=query.recency,
    )
