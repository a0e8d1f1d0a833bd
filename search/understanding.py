"""From a `Query` to the request that an engine is asked: read, expanded, and relaxed where no article has all its words."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from index.analysis import Analyzer
from index.errors import IndexUnusable
from index.messages import gettext as _
from search.engine import Engine, Request
from search.expanding import Expander, Expansion
from search.language import Parsed, parse_query
from search.query import FilterField, Query
from search.relaxing import ENOUGH, FEW, LONG, lightened, needed, relaxed_tree, telling_words
from search.results import MatchKind
from search.tree import Field, Leaf, Named, Node, Or, Phrase, Term, Word, with_named
from search.vocabulary import Vocabulary, Words


@dataclass(frozen=True, slots=True)
class Understood:
    """A query as the engine is asked it. `complete` articles have all its words; `relaxed` tells that others are found, too."""

    parsed: Parsed
    request: Request
    relaxed: bool
    complete: int
    expansion: Expansion
    analyzer: Analyzer


class Understanding:
    """Understands queries with what one archive knows of words."""

    def __init__(self, engine: Engine, words: Words, *, recency: bool) -> None:
        self._engine, self._words, self._recency = engine, words, recency

    def of(self, query: Query, today: date) -> Understood:
        """Return what `query` asks for; `today` is the day that "kemarin" is counted from."""
        vocabulary = self._words.newest()
        parsed, expansion = self._parsed(query, vocabulary, today)
        request = replace(_request(query, lightened(expansion.tree)), recency=query.recency and self._recency)
        words = telling_words(expansion.tree)
        complete = self._count(request) if words else 0
        is_relaxed = bool(words) and complete < (FEW if words >= LONG else 1)
        if is_relaxed:
            request = self._relaxed(expansion.tree, request, needed(words))
        return Understood(parsed, request, is_relaxed, complete, expansion, vocabulary.analyzer)

    def _relaxed(self, tree: Node, request: Request, most: int) -> Request:
        """Return what finds articles with `most` of the words, or with as many as enough articles have."""
        relaxed = [replace(request, tree=relaxed_tree(tree, least) or tree) for least in range(most, 0, -1)]
        return relaxed[bisect_left(relaxed, True, hi=most - 1, key=lambda asked: self._count(asked) >= ENOUGH)]

    def count(self, query: Query, today: date) -> int:
        """Return how many articles have all that `query` asks for, without relaxing it."""
        return self._count(self.whole(query, today))

    def whole(self, query: Query, today: date) -> Request:
        """Return the request for the articles that have all that `query` asks for, without relaxing it."""
        _parsed, expansion = self._parsed(query, self._words.newest(), today)
        return _request(query, expansion.tree)

    def to_mark(self, query: Query, today: date) -> tuple[Node, Analyzer]:
        """Return the tree of what an article that `query` finds is marked with, without variants where there is no index."""
        vocabulary = self._words.newest()
        try:
            return self._parsed(query, vocabulary, today)[1].tree, vocabulary.analyzer
        except IndexUnusable:
            return parse_query(query.text, today, vocabulary.analyzer).tree, vocabulary.analyzer

    def vocabulary(self) -> Vocabulary:
        """Return what the archive knows of words now."""
        return self._words.newest()

    def read(self, text: str, today: date) -> Node:
        """Return the tree that `text` is read as."""
        return parse_query(text, today, self._words.newest().analyzer).tree

    def _parsed(self, query: Query, vocabulary: Vocabulary, today: date) -> tuple[Parsed, Expansion]:
        """Return the query as it is read, and expanded."""
        parsed = parse_query(query.text, today, vocabulary.analyzer)
        named = Naming(self._engine, parsed.typed)
        tree = named.tree(parsed.tree)
        if (
            parsed.has_dates
            and not self._count(_request(query, tree))
            and self._may_be_words(parsed, query, vocabulary)
        ):
            parsed = parse_query(query.text, today, vocabulary.analyzer, dates=False)
            named = Naming(self._engine, parsed.typed)
            tree = named.tree(parsed.tree)
        parsed = replace(parsed, repairs=(*parsed.repairs, *map(refused_text, named.refused)))
        if not query.expand:
            return parsed, Expansion(tree, (), named.typed, named.kinds)
        expander = Expander(vocabulary, self._engine.frequency, self._count_of)
        expansion = expander.expanded(tree, named.typed)
        return parsed, replace(expansion, kinds={**expansion.kinds, **named.kinds})

    def _may_be_words(self, parsed: Parsed, query: Query, vocabulary: Vocabulary) -> bool:
        """Say whether the days of a query that nothing answers may be words: of a whole date always, of "pekan lalu" in a
        question or another long query, and where a headline has the query. Else these days are a limit that holds."""
        if not parsed.is_dated:
            return True
        words = tuple(Word(token.surface, token.stem) for token in vocabulary.analyzer.words(query.text))
        if len(words) >= LONG:
            return True
        return len(words) > 1 and self._count(_request(query, Phrase(words, Field.TITLE))) > 0

    def _count(self, request: Request) -> int:
        return self._engine.search(replace(request, offset=0, size=0, facets=())).total

    def _count_of(self, tree: Node) -> int:
        return self._count(Request(tree))


class Naming:
    """Puts persons and topics in the place of their names in a tree, and notes what was typed for the words that tell of them."""

    def __init__(self, engine: Engine, typed: Mapping[Leaf, str]) -> None:
        self._engine = engine
        self.typed = dict(typed)
        self.kinds: dict[Leaf, MatchKind] = {}
        self.refused: dict[str, None] = {}  # names that are no person's, in their order

    def tree(self, node: Node) -> Node:
        """Return the tree with the names of persons and topics resolved where the archive knows them."""
        return with_named(node, KINDS, self._named)

    def _named(self, leaf: Term | Phrase, words: str) -> Node:
        field = FilterField(leaf.field.value)
        entry = self._engine.entry(field, words)
        refused = self._engine.refused(words) if entry is None and field is FilterField.PERSON else None
        if refused is not None:
            self.refused[refused] = None
            return Or(())
        if entry is None:
            return leaf
        names = self._engine.names(field, entry.slug)
        for name in names:
            if name not in self.typed:
                self.typed[name] = self.typed.get(leaf, entry.label)
                self.kinds[name] = KINDS[leaf.field]
        return Named(entry.slug, leaf, names)


def refused_text(name: str) -> str:
    """Return what is said of a name that the archivist refused: it finds nothing, like a limit to it."""
    return _("“%(name)s” is no person: the archivist has refused the name.", name=name)


KINDS = {Field.PERSON: MatchKind.PERSON, Field.TOPIC: MatchKind.TOPIC}


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
        entries=True,
    )
