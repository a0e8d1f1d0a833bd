"""Did you mean: the query with its misspelled words replaced by words of the archive, where that finds more.

A word is doubted that no article has in any form, or that hardly any has while a word one slip away stands in far more; one that
the archive has often only where no article has all words of the query and, with it mended, some has: `anis baswedan` is Anies
Baswedan, though the archive knows an Anis. Each doubted word has a few candidates; whole queries are made of them and tried, and
the one that finds most, slips counted against it, is suggested. Nothing but the words changes in what was typed.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import islice, pairwise, product
from math import log2

from index.analysis import ANALYZER, Token
from search.engine import Engine, NearWord, Request
from search.highlights import leaves_of
from search.lexer import OPERATORS
from search.relaxing import FUNCTION_WORDS, relaxed_tree
from search.tree import STEMMED, And, AtLeast, Node, Not, Or, Phrase, Term, Word

RARE = 2  # articles that a word may stand in and still be doubted
# Letters of a rare word that is doubted. Of 500 words in one or two of 10,000 articles, four of five suggestions for words of
# six letters or more mended a misspelling (kontruksi), hardly any for shorter ones did (tekor is no rekor).
RARE_LETTERS = 6
FAR_MORE = 50  # times as many articles must have the word that a rare one is taken for
OFTEN = 50  # articles: a word that more of them have is never taken for another one
KNOWN_LETTERS = 4  # of a word that is doubted where no article has all words, though up to `OFTEN` have it
# Times as many articles must have the word that such a one is taken for. Of 300 queries of 2 or 3 words beside each other in titles
# of 9,300 articles, one with a slip that made a word of the archive, 1, 2, 5 mend 89, 87, 83 %; of 150 of two words of different
# titles, 38, 32, 22 % are taken for other ones.
MORE = 5
SHORTEST = 3  # letters; one slip turns any shorter word into any other
MOST_DOUBTED = 4  # words of one query, the first ones; each is looked for in the dictionary
CANDIDATES = 5  # for each of them
MOST_TRIED = 8  # queries made of them
MOST_RELAXED = 3  # of these, tried with most of their words where no article has all
# What is unlikely, in bits: the log2 of how many times as frequent a word must be to be meant all the same. Of 1,000 misspelled
# words and names at 100,000 articles (tests/bench/suggest.py, whose slips are what `ODD` takes for likely) a slip of 5, 8 and
# 12 bits mends 76, 82 and 83 %, and with 10 bits an odd letter of 0, 3 and 4 bits 82, 88 and 88 %.
SLIP = 10.0
ODD = 3.0  # a letter that is neither typed twice nor beside the right one on the keyboard
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")

_NO_WORD = "qzx"
_SPACES = re.compile(r"\s+")
_BEFORE_SPLIT = '("'  # besides white space: elsewhere the second word would leave the field, or the sign, of the first


@dataclass(frozen=True, slots=True)
class _Edit:
    """Characters `start` to `end` of what was typed, and what to put there."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Option:
    """One way to mend a word wherever it was typed: log2 of the articles that have the new one, and its slips' cost."""

    edits: tuple[_Edit, ...]
    articles: float = 0.0
    cost: float = 0.0


def did_you_mean(
    text: str,
    request: Request,
    found: int,
    *,
    relaxed: bool,
    complete: int,
    engine: Engine,
    read: Callable[[str], Node],
) -> str | None:
    """Return the query `text` with misspelled words mended, None where nothing is doubted or no other spelling finds more.

    `request` is what the text was read as, before it was relaxed, and `found` how many articles it found, `relaxed` or
    not; `complete` of them have all its words. `read` reads a text as a tree.
    """
    doubted = dict(islice(_doubted(request.tree, engine), MOST_DOUBTED))
    tried = _queries(text, request, doubted, FAR_MORE, engine, read)
    best = _best(tried, 0 if relaxed else found, engine)
    if best is None and relaxed and not complete:
        known = dict(islice(_known(request.tree, doubted.keys(), engine), MOST_DOUBTED - len(doubted)))
        others = _queries(text, request, doubted | known, MORE, engine, read) if known else {}
        untried = islice(((b, query) for b, query in others.items() if b not in tried), MOST_TRIED - len(tried))
        best = _best(dict(untried), 0, engine)
    return best or (_best(_relaxed(tried), found, engine) if relaxed or not found else None)


def _queries(
    text: str, request: Request, doubted: Mapping[str, int], times: int, engine: Engine, read: Callable[[str], Node]
) -> dict[str, tuple[Request, float]]:
    """Return the most promising queries with doubted words mended, and what their slips cost.

    `doubted` says how many articles have each word; where any has, `times` as many must have the word it is taken for.
    """
    if not doubted:
        return {}
    tokens = _mendable(text, request.tree, doubted.keys(), read)
    options = [
        [_as_typed(articles), *_options(text, tokens, surface, articles, times, engine)]
        for surface, articles in doubted.items()
    ]
    queries: dict[str, tuple[Request, float]] = {}
    for chosen in sorted(product(*options), key=_promise, reverse=True):
        better = _edited(text, [edit for option in chosen for edit in option.edits])
        if better is not None and better != text and better not in queries:
            queries[better] = (replace(request, tree=read(better), offset=0, size=0, facets=()), _cost(chosen))
        if len(queries) == MOST_TRIED:
            break
    return queries


def _as_typed(articles: int) -> _Option:
    """Return a word left as it is: where no article has it, that is no better than mending one slip."""
    return _Option((), articles=log2(articles)) if articles else _Option((), cost=SLIP + ODD)


def _doubted(tree: Node, engine: Engine) -> Iterator[tuple[str, int]]:
    """Yield the words that may be misspelled, each once, and how many articles have them in any form.

    Words that ask or join are spelled as they are, whether the archive has them or not.
    """
    seen: set[str] = set(FUNCTION_WORDS)
    for leaf in leaves_of(tree):
        if not isinstance(leaf, Term | Phrase) or leaf.field not in STEMMED:
            continue
        literal = isinstance(leaf, Phrase) or leaf.exact
        for word in (leaf.word,) if isinstance(leaf, Term) else leaf.words:
            if word.surface in seen or len(word.surface) < SHORTEST or not word.surface.isalpha():
                continue
            seen.add(word.surface)
            articles = _articles_with(word, engine)
            if articles <= (0 if literal or len(word.surface) < RARE_LETTERS else RARE):
                yield word.surface, articles


def _known(tree: Node, doubted: Set[str], engine: Engine) -> Iterator[tuple[str, int]]:
    """Yield the other words, in any form asked for, that may be another one misspelled, and their articles; rarest first."""
    terms = [leaf for leaf in leaves_of(tree) if isinstance(leaf, Term) and leaf.field in STEMMED and not leaf.exact]
    words = {term.word.surface for term in terms} - doubted - FUNCTION_WORDS
    telling = [word for word in words if len(word) >= KNOWN_LETTERS and word.isalpha()]
    for articles, word in sorted((engine.frequency(word), word) for word in telling):
        if 0 < articles <= OFTEN:
            yield word, articles


def _articles_with(word: Word, engine: Engine) -> int:
    """Return how many articles have the word in any form; as typed is the quickest to see, and enough where they are many."""
    articles = engine.frequency(word.surface)
    return articles if articles > RARE else engine.search(Request(Term(word), size=0, facets=())).total


def _mendable(text: str, tree: Node, doubted: Set[str], read: Callable[[str], Node]) -> list[tuple[Token, bool]]:
    """Return the tokens of a text, each with whether it is a doubted word where that is asked for, not in penulis: or after -.

    That is seen by reading the text with another word there: nothing else of it may change.
    """
    others = _others(tree, doubted)
    found = []
    for token in ANALYZER.words(text):
        other = f"{text[: token.start]}{_NO_WORD}{text[token.end :]}"
        found.append((token, token.surface in doubted and others <= _others(read(other), doubted)))
    return found


def _options(
    text: str, tokens: Sequence[tuple[Token, bool]], surface: str, articles: int, times: int, engine: Engine
) -> list[_Option]:
    """Return the best ways to mend a word, which `articles` have, in what was typed; a known one by one `times` as frequent."""
    places = [place for place, (token, mendable) in enumerate(tokens) if mendable and token.surface == surface]
    mine = [tokens[place][0] for place in places]
    options = [
        _Option(
            tuple(_replacement(text, token, near.surface) for token in mine),
            log2(near.articles),
            _unlikelihood(surface, near),
        )
        for near in engine.near_words(surface, CANDIDATES)
        if not articles
        or (near.slips == 1 and near.articles >= times * articles and _may_be_meant(near.surface, articles))
    ]
    if not articles:
        options += _split(text, mine, surface, engine)
    for place in places:
        options += _joined(text, [token for token, _mendable in tokens[max(0, place - 1) : place + 2]], engine)
    return sorted((option for option in options if option.edits), key=_worth, reverse=True)[:CANDIDATES]


def _may_be_meant(near: str, articles: int) -> bool:
    """Say whether a word that so many articles have may be this one: makan is no slip of akan, which stands in every article."""
    return articles <= RARE or near not in FUNCTION_WORDS


def _replacement(text: str, token: Token, better: str) -> _Edit:
    return _Edit(token.start, token.end, _written_like(text[token.start : token.end], better))


def _unlikelihood(typed: str, near: NearWord) -> float:
    """Return the cost of the slips that make what was typed of a near word.

    >>> [_unlikelihood("hargga", NearWord(word, 9, 1)) - SLIP for word in ("harga", "hargia", "harggp", "jargga", "hagrga")]
    [0.0, 3.0, 3.0, 0.0, 0.0]
    """
    word = near.surface
    cost = SLIP * near.slips
    if near.slips > 1:
        return cost
    place = next((p for p, (a, b) in enumerate(zip(typed, word, strict=False)) if a != b), min(len(typed), len(word)))
    if len(typed) > len(word):
        odd = typed[place] not in typed[max(0, place - 1) : place]
    elif len(typed) == len(word) and typed[place + 1 :] == word[place + 1 :]:
        odd = not _beside(typed[place], word[place])
    else:
        odd = False
    return cost + ODD * odd


def _beside(one: str, other: str) -> bool:
    return any(abs(row.find(one) - row.find(other)) == 1 for row in ROWS if one in row and other in row)


def _split(text: str, tokens: Sequence[Token], surface: str, engine: Engine) -> list[_Option]:
    """Return the word as two that stand side by side in the archive."""
    free = [t for t in tokens if not t.start or text[t.start - 1].isspace() or text[t.start - 1] in _BEFORE_SPLIT]
    halves = [(surface[:place], surface[place:]) for place in range(2, len(surface) - 1)]
    known = [(rarer, pair) for pair in halves if (rarer := min(map(engine.frequency, pair))) > RARE]
    options = []
    for _rarer, pair in sorted(known, reverse=True)[:CANDIDATES]:
        side_by_side = Phrase(tuple(Word(half, ANALYZER.stem(half)) for half in pair))
        articles = engine.search(Request(side_by_side, size=0, facets=())).total
        if articles > RARE:
            edits = tuple(_replacement(text, token, " ".join(pair)) for token in free)
            options.append(_Option(edits, log2(articles), SLIP))
    return options


def _joined(text: str, tokens: Sequence[Token], engine: Engine) -> list[_Option]:
    """Return each two tokens with nothing but a space between as the one word that the archive has."""
    options = []
    for left, right in pairwise(tokens):
        if _SPACES.fullmatch(text, left.end, right.start):
            articles = engine.frequency(left.surface + right.surface)
            if articles > RARE:
                joined = _written_like(text[left.start : left.end], left.surface + right.surface)
                options.append(_Option((_Edit(left.start, right.end, joined),), log2(articles), SLIP))
    return options


def _written_like(typed: str, word: str) -> str:
    """Return a folded word in the typed one's capitals, unless it would be an operator.

    >>> _written_like("Prabwo", "prabowo"), _written_like("KORUSPI", "korupsi"), _written_like("DANN", "dan")
    ('Prabowo', 'KORUPSI', 'dan')
    """
    if typed.isupper() and len(typed) > 1:
        return word if word.upper() in OPERATORS else word.upper()
    return word[:1].upper() + word[1:] if typed[:1].isupper() else word


def _worth(option: _Option) -> float:
    return option.articles - option.cost


def _promise(options: Sequence[_Option]) -> float:
    return sum(map(_worth, options))


def _cost(options: Sequence[_Option]) -> float:
    return sum(option.cost for option in options)


def _edited(text: str, edits: Sequence[_Edit]) -> str | None:
    """Return the text with all edits made, None where two of them meet."""
    ordered = sorted(set(edits), key=lambda edit: edit.start, reverse=True)
    if any(later.start < earlier.end for later, earlier in pairwise(ordered)):
        return None
    for edit in ordered:
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _others(tree: Node, doubted: Set[str], *, negated: bool = False) -> set[tuple[Node, bool]]:
    """Return what a query asks for besides the doubted words, which mending must leave: each leaf or limit, and whether negated."""
    match tree:
        case And(children) | Or(children) | AtLeast(children):
            return {other for child in children for other in _others(child, doubted, negated=negated)}
        case Not(child):
            return _others(child, doubted, negated=not negated)
        case Term(word, field):
            words: tuple[Word, ...] = (word,)
        case Phrase(words, field):
            pass
        case _:
            return {(tree, negated)}
    mended = field in STEMMED and not negated and any(word.surface in doubted for word in words)
    return set() if mended else {(tree, negated)}


def _relaxed(tried: dict[str, tuple[Request, float]]) -> dict[str, tuple[Request, float]]:
    """Return the first queries for articles with most of their words, those that cannot be relaxed left out."""
    relaxed = {better: (relaxed_tree(request.tree), request, cost) for better, (request, cost) in tried.items()}
    found = {b: (replace(request, tree=tree), cost) for b, (tree, request, cost) in relaxed.items() if tree is not None}
    return dict(islice(found.items(), MOST_RELAXED))


def _best(tried: dict[str, tuple[Request, float]], least: int, engine: Engine) -> str | None:
    """Return the query that is worth most of those that find more than `least` articles, None where none does."""
    best, most = None, 0.0
    for better, (request, cost) in tried.items():
        total = engine.search(request).total
        if total > least and (best is None or log2(total) - cost > most):
            best, most = better, log2(total) - cost
    return best
