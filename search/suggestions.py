"""Suggestions for what a reader has typed so far: people, topics, phrases and titles of the archive, each a whole query.

Nothing is kept for them but the frequent words of each segment: what follows the words typed is counted in the newest titles
that have them. Every suggestion but a title, which is a phrase of its article, is run before it is made: it is told with the
articles that it finds, and one that finds none is none.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from index.analysis import ANALYZER, Token
from search.engine import Engine, Request
from search.lexer import FIELD_NAMES, QUOTES, Kind, Lexeme, read_lexemes
from search.query import MAX_TEXT, FilterField, Sort
from search.relaxing import FUNCTION_WORDS
from search.tree import STEMMED, And, Field, Node, Or, Phrase, Term, Word

SAMPLED = 80  # newest titles in which the next word is looked for
NEXT_TO = 3  # words before it, at most
COMPLETIONS = 20  # of a word, the most frequent, that stand for it in titles
COMPARED = {Field.TITLE: 12, Field.TEXT: 4}  # completions that are looked for behind the word before; bodies are long
TOLD = 8  # next words of titles that are run, the most frequent; a query of five words takes 3 ms at 100,000 articles
RUN = 6  # completions that are run where titles tell no more next words
LEAST_TAIL = 3  # letters of a name after other words
MOST_NAMES = 3
MOST_TITLES = 3
LONGEST_TITLE = 300  # characters; a longer one is no line of a list

Titles = Callable[[Sequence[str]], Mapping[str, str]]
Counting = Callable[[str], int]


class SuggestionKind(StrEnum):
    """What a suggestion is."""

    PERSON = "person"
    AUTHOR = "author"
    TOPIC = "topic"
    SECTION = "section"
    PHRASE = "phrase"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A query to run, what it is, and how many articles it finds; None for a title."""

    text: str
    kind: SuggestionKind
    count: int | None


_NAMED = {
    Field.PERSON: SuggestionKind.PERSON,
    Field.AUTHOR: SuggestionKind.AUTHOR,
    Field.TOPIC: SuggestionKind.TOPIC,
    Field.SECTION: SuggestionKind.SECTION,
}


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was typed: its last words, side by side, their offsets in `text`; the last one is a beginning unless `ended`.

    `field` is the one that the words are looked for in, with where its name begins; `quoted` says that they stand in a
    quotation that is still open, `plain` that nothing else was typed.
    """

    text: str
    words: tuple[Token, ...]
    ended: bool
    field: tuple[Field, int] | None
    quoted: bool
    plain: bool

    @property
    def before(self) -> tuple[str, ...]:
        """The words before the one that is being typed."""
        return tuple(word.surface for word in (self.words if self.ended else self.words[:-1]))

    @property
    def prefix(self) -> str:
        """The beginning of the one that is being typed."""
        return "" if self.ended else self.words[-1].surface

    @property
    def head(self) -> str:
        """All that was typed before it."""
        return self.text if self.ended else self.text[: self.words[-1].start]

    def completed(self, word: str) -> str:
        """Return the query with `word` for the one that is being typed."""
        return self.head + word + '"' * self.quoted

    @property
    def unquoted(self) -> "_Typed":
        """What was typed, its words not held next to each other."""
        begin = self.words[0].start
        opened = self.text[:begin].rstrip(QUOTES + "=") if self.quoted else self.text[:begin]
        moved = len(opened) - begin
        words = tuple(word._replace(start=word.start + moved, end=word.end + moved) for word in self.words)
        return replace(self, text=opened + self.text[begin:], words=words, quoted=False)


def suggestions(text: str, limit: int, *, engine: Engine, titles: Titles, count: Counting) -> tuple[Suggestion, ...]:
    """Return at most `limit` suggestions for `text`, whose last word is incomplete unless a space ends it.

    Names first, then phrases, then titles. `titles` gives the titles of articles by id, `count` how many articles have all
    that a query asks for.
    """
    typed = _typed(text)
    if typed is None:
        return ()
    names = _names(typed, engine, count)
    if typed.before and not count(typed.head):  # then no word after it finds anything either
        return tuple(names[:limit])
    completions = engine.words_from(typed.prefix, COMPLETIONS) if typed.prefix else ()
    headed = list(_titles(typed, [word for word, _count in completions], engine, titles)) if typed.plain else []
    most = limit - len(names) - len(headed)
    phrases = _phrases(typed, [word for word, _count in completions], most, engine, titles, count)
    unique = {suggestion.text: suggestion for suggestion in (*names, *phrases, *headed) if suggestion.text != text}
    return tuple(unique.values())[:limit]


def _typed(text: str) -> _Typed | None:
    """Return the last words of a text, None where what comes next is no word of an article."""
    placed = list(_placed(text))
    if not placed:
        return None
    last, start = placed[-1]
    rest = text[start + len(last.typed) :]
    quoted = last.kind is Kind.QUOTED
    ended = rest.isspace() if rest else text[-1].isspace()
    if rest.strip() or last.kind not in (Kind.WORD, Kind.QUOTED) or (quoted and _is_closed(last)):
        return None
    run = [(last, start)]
    while not quoted and len(run) < len(placed) and placed[-1 - len(run)][0].kind is Kind.WORD:
        run.insert(0, placed[-1 - len(run)])
    before = placed[-1 - len(run)] if len(run) < len(placed) else None
    governed = before is not None and len(run) == 1 and before[0].field is not None
    words = [
        token._replace(start=begin + token.start, end=begin + token.end)
        for lexeme, begin in run
        for token in ANALYZER.words(lexeme.typed)
    ]
    if not words or (not ended and words[-1].end != len(text)):
        return None
    field = (before[0].field, before[1]) if before is not None and governed and before[0].field else None
    return _Typed(text, tuple(words), ended, field, quoted, plain=len(run) == len(placed) and not quoted)


def _placed(text: str) -> Iterator[tuple[Lexeme, int]]:
    """Yield the lexemes of a text with their offsets; those that mending added are none of it."""
    place = 0
    for lexeme in read_lexemes(text)[0]:
        found = text.find(lexeme.typed, place)
        if lexeme.typed and found >= 0:
            yield lexeme, found
            place = found + len(lexeme.typed)


def _is_closed(lexeme: Lexeme) -> bool:
    return (len(lexeme.typed) > 1 and lexeme.typed[-1] in QUOTES) or lexeme.slop is not None


def _names(typed: _Typed, engine: Engine, count: Counting) -> list[Suggestion]:
    """Return the values of name fields that have the last words typed, as many words as one has; the most frequent ones."""
    if typed.field is None and typed.quoted:
        return []
    fields = [field for field in _NAMED if typed.field is None or typed.field[0] is field]
    for place in range(max(0, len(typed.words) - NEXT_TO), len(typed.words)):
        tail = [word.surface for word in typed.words[place:]]
        if place and typed.field is None and len(tail) == 1 and len(tail[0]) < LEAST_TAIL:
            break
        found = [
            (articles, field, value)
            for field in fields
            for value, articles in engine.values_from(FilterField(field.value), tail, MOST_NAMES, whole=typed.ended)
        ]
        if found:
            start = typed.words[place].start if typed.field is None else typed.field[1]
            found.sort(key=lambda item: (-item[0], item[2]))
            return list(
                _run(((typed.text[:start] + _clause(f, v), _NAMED[f]) for _n, f, v in found[:MOST_NAMES]), count)
            )
    return []


def _titles(typed: _Typed, completions: Sequence[str], engine: Engine, titles: Titles) -> Iterator[Suggestion]:
    """Yield the newest titles that have the words typed."""
    words: list[Node] = [_in_title(surface) for surface in typed.before]
    if typed.prefix:
        words.append(Or(tuple(map(_in_title, completions))))
    request = Request(And(tuple(words)), sort=Sort.NEWEST, size=MOST_TITLES, facets=())
    for title in titles(engine.search(request).article_ids).values():
        if len(title) <= LONGEST_TITLE:
            yield Suggestion(_quotation(title), SuggestionKind.TITLE, None)


def _phrases(
    typed: _Typed,
    completions: Sequence[str],
    most: int,
    engine: Engine,
    titles: Titles,
    count: Counting,
) -> list[Suggestion]:
    """Return the query with its last word completed, or a next one: first by what titles go on with, then by what is frequent."""
    if most < 1 or (typed.field is not None and typed.field[0] not in STEMMED):
        return []
    told = [word for word, _count in _next_words(typed, engine, titles).most_common(TOLD)]
    phrases = list(islice(_run_words(typed, told, count), most))
    if len(phrases) < most and (phrases or not told):
        known = {ANALYZER.stem(word) for word in told}
        others = [word for word in completions if ANALYZER.stem(word) not in known]
        more = _run_words(typed, _side_by_side(typed.before, others, engine)[:RUN], count)
        phrases += islice(more, most - len(phrases))
    if not phrases:  # then in articles that have the words apart
        phrases += islice(_run_words(typed.unquoted, completions[:RUN], count), most)
    return phrases


def _run_words(typed: _Typed, words: Sequence[str], count: Counting) -> Iterator[Suggestion]:
    """Yield the query completed with each word that tells something, of forms of one word, which find the same, the first."""
    forms = {ANALYZER.stem(word): word for word in reversed(words) if _is_worth_typing(word, typed.prefix)}
    forms.pop(ANALYZER.stem(typed.prefix), None)
    chosen = [word for word in words if word in forms.values()]
    return _run(((typed.completed(word), SuggestionKind.PHRASE) for word in chosen), count)


def _side_by_side(before: Sequence[str], words: Sequence[str], engine: Engine) -> list[str]:
    """Return the words that articles have right behind the last word before, most frequent first; all where that tells nothing."""
    if not before or before[-1] in FUNCTION_WORDS:
        return list(words)
    last = Word(before[-1], before[-1])
    found: dict[str, int] = {}
    for field, most in COMPARED.items():
        if not any(found.values()):
            pairs = ((word, Phrase((last, Word(word, word)), field)) for word in words[:most])
            found = {word: engine.search(Request(pair, size=0, facets=())).total for word, pair in pairs}
    return sorted(filter(found.get, found), key=lambda word: -found[word])


def _next_words(typed: _Typed, engine: Engine, titles: Titles) -> Counter[str]:
    """Return the words that follow the last words before, as many as any title has, in the newest titles with them."""
    for length in range(min(NEXT_TO, len(typed.before)), 0, -1):
        before = typed.before[-length:]
        if length < len(typed.before) and FUNCTION_WORDS.issuperset(before):
            break  # what follows "di" anywhere says nothing of a query about rice
        tree = _in_title(before[0]) if length == 1 else Phrase(tuple(Word(s, s) for s in before), Field.TITLE)
        ids = engine.search(Request(tree, sort=Sort.NEWEST, size=SAMPLED, facets=())).article_ids
        counts = Counter(_followers(titles(ids).values(), before))
        found = {word: count for word, count in counts.items() if _is_worth_typing(word, typed.prefix)}
        if found:
            return Counter(found)
    return Counter()


def _followers(titles: Iterable[str], before: Sequence[str]) -> Iterator[str]:
    width = len(before)
    for title in titles:
        begin = max(0, title.casefold().find(before[0]))  # what stands before it need not be analysed
        words = [token.surface for token in ANALYZER.words(title[begin:])]
        for place in range(width, len(words)):
            if tuple(words[place - width : place]) == tuple(before):
                yield words[place]


def _is_worth_typing(word: str, prefix: str) -> bool:
    """Say whether `word` completes a beginning to something that tells of a subject."""
    return word.startswith(prefix) and word != prefix and word not in FUNCTION_WORDS and not word[0].isdigit()


def _run(queries: Iterable[tuple[str, SuggestionKind]], count: Counting) -> Iterator[Suggestion]:
    for query, kind in queries:
        if len(query) <= MAX_TEXT and (total := count(query)):
            yield Suggestion(query, kind, total)


def _in_title(surface: str) -> Term:
    return Term(Word(surface, surface), Field.TITLE, exact=True)


def _clause(field: Field, value: str) -> str:
    name = FIELD_NAMES[field][0]
    return f"{name}:{value if value.isalnum() else _quotation(value)}"


def _quotation(text: str) -> str:
    """Return a text in quotation marks, without those within it."""
    return '"' + " ".join("".join(" " if letter in QUOTES else letter for letter in text).split()) + '"'
