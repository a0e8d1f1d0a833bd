"""What a query that asks for too much would find if it asked for less: a limit less, a word less, quotation marks less."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from search.query import FilterField, Query
from search.tree import STEMMED, And, DateRange, Everything, Field, Leaf, Node, Not, Phrase, Prefix, Term
from search.unparse import NOTHING, unparse

MOST_TRIED = 12  # queries with a part of the text less; each takes about a millisecond at 100,000 articles
MOST_WORDS = 8  # words of a query that are left out one at a time
SHORTEST_PHRASE = 2  # words

Reading = Callable[[str], Node]
Counting = Callable[[Query], tuple[int, bool]]


class Less(StrEnum):
    """What a wider query leaves out."""

    DAYS = "days"
    FIELD = "field"
    LIMITS = "limits"
    WORD = "word"
    PRECISION = "precision"


@dataclass(frozen=True, slots=True)
class Wider:
    """A query that asks for less than another one, and how many articles it finds; `relaxed`, if they lack some of its words.

    `part` is what it leaves out: the name of a field, or a part of the text, also where this is days; `instead` is what stands in
    the place of that part.
    """

    query: Query
    less: Less
    part: str = ""
    instead: str = ""
    articles: int = 0
    relaxed: bool = False


def unlimited(query: Query) -> Query:
    """Return the query for the words alone."""
    return _limited(replace(query, published_from=None, published_to=None), {})


def fewer_limits(query: Query, count: Counting) -> tuple[Wider, ...]:
    """Return what the query finds without its days, without the limits of each field, and without any where it has several.

    `count` tells what a query finds, and whether it had to be relaxed for that. What finds nothing is left out.
    """
    limits = query.limits()
    has_days = bool(query.published_from or query.published_to)
    anytime = replace(query, published_from=None, published_to=None)
    tried = [Wider(_limited(anytime, limits), Less.DAYS)] if has_days else []
    for field in limits:
        others = {other: values for other, values in limits.items() if other is not field}
        tried.append(Wider(_limited(query, others), Less.FIELD, field.value))
    if len(limits) + has_days > 1:
        tried.append(Wider(unlimited(query), Less.LIMITS))
    return tuple(wider for wider in _counted(tried, count) if wider.articles)


def fewer_words(query: Query, read: Reading, count: Counting) -> tuple[Wider, ...]:
    """Return what the query finds with one part of its text less exact, then with one part left out.

    `read` reads a text as a tree. What finds no article that has all the other words is left out, but for the words of a phrase
    that is the whole query.
    """
    tried = islice(_without_parts(query, read), MOST_TRIED)
    is_phrase = isinstance(read(query.text), Phrase)
    return tuple(wider for wider in _counted(tried, count) if wider.articles and (is_phrase or not wider.relaxed))


def _counted(tried: Iterable[Wider], count: Counting) -> Iterator[Wider]:
    for wider in tried:
        articles, relaxed = count(wider.query)
        yield replace(wider, articles=articles, relaxed=relaxed)


def _limited(query: Query, limits: Mapping[FilterField, tuple[str, ...]]) -> Query:
    """Return the first page of the query with these limits to fields in the place of its own."""
    return replace(
        query,
        sections=limits.get(FilterField.SECTION, ()),
        sources=limits.get(FilterField.SOURCE, ()),
        authors=limits.get(FilterField.AUTHOR, ()),
        people=limits.get(FilterField.PERSON, ()),
        topics=limits.get(FilterField.TOPIC, ()),
        page=1,
    )


def _without_parts(query: Query, read: Reading) -> Iterator[Wider]:
    """Yield the query with each part of its text looser, then without each part."""
    tree = read(query.text)
    parts = tree.children if isinstance(tree, And) else () if isinstance(tree, Everything) else (tree,)
    if len(parts) > MOST_WORDS:
        return
    for place, part in enumerate(parts):
        looser = _looser(part)
        if looser is not None:
            others = [*parts[:place], looser, *parts[place + 1 :]]
            yield from _changed(query, others, Less.PRECISION, part, read, unparse(looser))
    for place, part in enumerate(parts) if len(parts) > 1 else ():
        less = Less.DAYS if isinstance(part, DateRange) else Less.WORD
        yield from _changed(query, [*parts[:place], *parts[place + 1 :]], less, part, read)
    for place, part in enumerate(parts):
        for shorter in _shorter(part):
            others = [*parts[:place], shorter, *parts[place + 1 :]]
            yield from _changed(query, others, Less.PRECISION, part, read, unparse(shorter))


def _changed(
    query: Query, parts: list[Node], less: Less, part: Node, read: Reading, instead: str = ""
) -> Iterator[Wider]:
    """Yield the query with these parts as its text, unless that would be read as something else."""
    flat = [child for each in parts for child in (each.children if isinstance(each, And) else (each,))]
    children = tuple(dict.fromkeys(flat))
    if all(
        isinstance(child, Not) for child in children
    ):  # "without x" alone finds all the archive, and nothing of the subject
        return
    tree = children[0] if len(children) == 1 else And(children)
    text = unparse(tree)
    if text != NOTHING and read(text) == tree:
        yield Wider(replace(query, text=text, page=1), less, unparse(part), instead)


def _shorter(part: Node) -> Iterator[Phrase]:
    """Yield the shorter phrases within a phrase, the longest first."""
    if not isinstance(part, Phrase):
        return
    for length in range(len(part.words) - 1, SHORTEST_PHRASE - 1, -1):
        for begin in range(len(part.words) - length + 1):
            yield Phrase(part.words[begin : begin + length], part.field, part.slop)


def _looser(part: Node) -> Node | None:
    """Return what asks for the same words less exactly: anywhere, in any form, not next to each other; None where nothing does."""
    match part:
        case Term() | Phrase() | Prefix() if part.field is not Field.TEXT:
            return _anywhere(part)
        case Phrase(words, field):
            return And(tuple(dict.fromkeys(Term(word, field) for word in words)))
        case Term(word, field, exact=True) if field in STEMMED:
            return Term(word, field)
    return None


def _anywhere(leaf: Leaf) -> Node:
    match leaf:
        case Term(word, field, exact):
            return Term(word, exact=exact and field in STEMMED)
        case Phrase(words, _field, slop):
            return Phrase(words, slop=slop)
        case Prefix(prefix):
            return Prefix(prefix)
    return leaf
