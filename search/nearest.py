"""The persons and topics whose names are nearest to a query that found nothing: some of its words, misspelled ones mended."""

from collections.abc import Iterator, Sequence
from itertools import islice

from index.analysis import ANALYZER
from search.browse import LEAST_LISTED
from search.engine import Engine, Request
from search.highlights import leaves_of
from search.query import FilterField
from search.relaxing import FUNCTION_WORDS
from search.results import Entry
from search.tree import Field, Node, Phrase, Term, Word

MOST_WORDS = 4  # of the query, the first ones
MOST_TRIED = 12  # parts of names that are looked for
SHORTEST = 4  # letters of a word that is looked for by itself
NEAREST = 3  # persons and topics

_NAMING = (Field.TEXT, Field.TITLE, Field.BODY, Field.PERSON, Field.TOPIC)


def nearest_entries(tree: Node, engine: Engine) -> tuple[Entry, ...]:
    """Return the most frequent persons and topics whose names share most of the words of a query, side by side.

    A word that no article has counts as the most frequent of those spelled nearest to it. Raises IndexUnusable where there is
    no index.
    """
    words = [_mended(surface, engine) for surface in _surfaces(tree)[:MOST_WORDS]]
    for run in islice(_runs(words), MOST_TRIED):
        found = [entry for entry in (*_persons(run, engine), *_topics(run, engine)) if _is_worth_it(entry)]
        if found:
            found.sort(key=lambda entry: (-entry.articles, entry.label))
            return tuple(dict.fromkeys(found))[:NEAREST]
    return ()


def _persons(run: Sequence[str], engine: Engine) -> Iterator[Entry]:
    """Yield the persons with these words in their names: who has them as an alias, and the most frequent of their articles.

    To look through all names takes seconds the first time; this takes two ms at 100,000 articles.
    """
    words = tuple(Word(surface, None) for surface in run)
    leaf = Phrase(words, Field.PERSON) if len(words) > 1 else Term(words[0], Field.PERSON, exact=True)
    labels = engine.search(Request(leaf, size=0, facets=(FilterField.PERSON.value,))).labels[FilterField.PERSON.value]
    named = (slug for slug, label in labels.items() if _has(label, run))
    for text in (" ".join(run), *named):
        entry = engine.entry(FilterField.PERSON, text)
        if entry is not None:
            yield entry


def _topics(run: Sequence[str], engine: Engine) -> Iterator[Entry]:
    for label, _articles in engine.values_from(FilterField.TOPIC, run, NEAREST, whole=True):
        entry = engine.entry(FilterField.TOPIC, label)
        if entry is not None:
            yield entry


def _has(name: str, run: Sequence[str]) -> bool:
    """Say whether a name has these words side by side."""
    words = [token.surface for token in ANALYZER.words(name)]
    return any(words[place : place + len(run)] == list(run) for place in range(len(words) - len(run) + 1))


def _is_worth_it(entry: Entry) -> bool:
    return entry.recorded or entry.articles >= LEAST_LISTED


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
