"""The persons and topics whose names are nearest to a query that found nothing: some of its words, misspelled ones mended."""

from collections.abc import Iterator, Sequence
from itertools import islice

from search.browse import LEAST_LISTED
from search.engine import Engine
from search.highlights import leaves_of
from search.query import FilterField
from search.relaxing import FUNCTION_WORDS
from search.results import Entry
from search.tree import Field, Node, Phrase, Term

MOST_WORDS = 4  # of the query, the first ones
MOST_TRIED = 12  # parts of names that are looked for; each takes one to three ms at 100,000 articles
SHORTEST = 4  # letters of a word that is looked for by itself
NEAREST = 3  # persons and topics

FIELDS = (FilterField.PERSON, FilterField.TOPIC)
_NAMING = (Field.TEXT, Field.TITLE, Field.BODY, Field.PERSON, Field.TOPIC)


def nearest_entries(tree: Node, engine: Engine) -> tuple[Entry, ...]:
    """Return the most frequent persons and topics whose names share most of the words of a query, side by side.

    A word that no article has counts as the most frequent of those spelled nearest to it. Raises IndexUnusable where there is
    no index.
    """
    words = [_mended(surface, engine) for surface in _surfaces(tree)[:MOST_WORDS]]
    for run in islice(_runs(words), MOST_TRIED):
        found = [
            (articles, field, name)
            for field in FIELDS
            for name, articles in engine.values_from(field, run, NEAREST, whole=True)
        ]
        found.sort(key=lambda item: (-item[0], item[2]))
        entries = [engine.entry(field, name) for _articles, field, name in found]
        worth = [e for e in entries if e is not None and (e.recorded or e.articles >= LEAST_LISTED)]
        if worth:
            return tuple(dict.fromkeys(worth))[:NEAREST]
    return ()


def _surfaces(tree: Node) -> list[str]:
    """Return the words that a query asks for, as they are spelled, each once."""
    surfaces = []
    for leaf in leaves_of(tree):
        if isinstance(leaf, Term | Phrase) and leaf.field in _NAMING:
            words = leaf.words if isinstance(leaf, Phrase) else (leaf.word,)
            surfaces += [word.surface for word in words]
    return list(dict.fromkeys(surfaces))


def _mended(surface: str, engine: Engine) -> str:
    if engine.frequency(surface):
        return surface
    near = engine.near_words(surface, 1)
    return near[0].surface if near else surface


def _runs(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the words side by side, the longest runs first; single ones only where they may be a name by themselves."""
    for length in range(len(words), 0, -1):
        for begin in range(len(words) - length + 1):
            run = words[begin : begin + length]
            if length > 1 or (len(run[0]) >= SHORTEST and run[0] not in FUNCTION_WORDS):
                yield run
