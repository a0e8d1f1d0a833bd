"""The query language: from what a reader typed to the tree that engines are asked, repaired rather than refused."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from types import MappingProxyType

from babel.dates import format_date

from index.analysis import ANALYZER, Analyzer, Token
from index.messages import gettext as _
from index.messages import language
from index.periods import LONGEST_SPOKEN, parse_period, spoken_period
from search.lexer import STATUS_NAMES, Kind, Lexeme, read_lexemes
from search.tree import (
    STEMMED,
    And,
    DateRange,
    Everything,
    Field,
    Fuzzy,
    HasStatus,
    Id,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Versions,
    Word,
)
from search.unparse import default_distance, period_text, unparse

MOST_LEAVES = 64  # different words, phrases and limits of one query; each costs a look into every segment
MOST_EXPANDED = 8  # different prefixes and misspellings of one query; each is a walk through the dictionary
SHORTEST_PREFIX = 3  # letters; shorter ones begin a good part of all words
SHORTEST_FUZZY = 4  # letters; one slip turns any shorter word into dozens of others
MOST_SLIPS = 2
QUOTED_LETTERS = 60  # of what the reader typed, in a sentence about it

_PUNCTUATION = ".,;:?!…"
_FUZZY = re.compile(r"(.+?)~([0-9]*)", re.DOTALL)
_OPERANDS_END = frozenset({Kind.OR, Kind.CLOSE})


@dataclass(frozen=True)
class Parsed:
    """A query as it was read.

    `understood` is the query in canonical form, which reads as the same tree. `repairs` says, a sentence each, what was
    mended or left out. `typed` holds the reader's own spelling of each leaf of the tree. `has_dates` tells that words were read as
    days, `is_dated` that such as "pekan lalu" limit the query to these.
    """

    tree: Node
    understood: str
    repairs: tuple[str, ...]
    typed: Mapping[Leaf, str]
    has_dates: bool = False
    is_dated: bool = False


def parse_query(text: str, today: date, analyzer: Analyzer = ANALYZER, *, dates: bool = True) -> Parsed:
    """Return what `text` asks for; never fails. `today` is the day that "kemarin" is counted from.

    Days in words limit the query to articles of these days; a whole date is also looked for in the text. Without `dates` they
    are words like any other, and a repair says so of "pekan lalu".

    No text asks for everything, text without a searchable word for nothing.
    """
    if not text.strip():
        return Parsed(Everything(), "", (), MappingProxyType({}))
    lexemes, repairs = read_lexemes(text)
    parser = _Parser(lexemes, today, analyzer, dates=dates)
    tree = parser.tree()
    repairs += tuple(parser.repairs)
    if tree is None:
        tree = Or(())
        repairs += (_("the query has no word that can be searched"),)
    understood = unparse(tree, parser.spellings)
    repairs = tuple(dict.fromkeys(repairs))
    typed = MappingProxyType(parser.typed)
    return Parsed(tree, understood, repairs, typed, has_dates=parser.has_dates, is_dated=parser.is_dated)


class _Parser:
    """Reads mended lexemes, always a sentence of the grammar; None stands for an operand that was left out."""

    def __init__(self, lexemes: Sequence[Lexeme], today: date, analyzer: Analyzer, *, dates: bool) -> None:
        self.has_dates = self.is_dated = False
        self.repairs: list[str] = []
        self.typed: dict[Leaf, str] = {}
        self.spellings: dict[str, str] = {}
        self._lexemes = lexemes
        self._place = 0
        self._words_until = 0  # place of the lexeme behind days that are left as words
        self._today, self._analyzer, self._reads_dates = today, analyzer, dates
        self._leaves: set[Node] = set()

    def tree(self) -> Node | None:
        return self._disjunction(Field.TEXT) if self._lexemes else None

    def _disjunction(self, field: Field) -> Node | None:
        operands = [self._conjunction(field)]
        while self._taken(Kind.OR):
            operands.append(self._conjunction(field))
        return _joined(Or, operands)

    def _conjunction(self, field: Field) -> Node | None:
        operands = [self._spoken_date(field) or self._operand(field)]
        while self._place < len(self._lexemes) and self._lexemes[self._place].kind not in _OPERANDS_END:
            self._taken(Kind.AND)
            operands.append(self._spoken_date(field) or self._operand(field))
        return _joined(And, operands)

    def _spoken_date(self, field: Field) -> Node | None:
        """Return the days that the next plain words mean, with the words themselves where they are a whole date, if they do."""
        if field is not Field.TEXT or len(self._leaves) > MOST_LEAVES - 2 or self._place < self._words_until:
            return None
        begin = self._place
        words = list(takewhile(_is_plain, self._lexemes[begin : begin + LONGEST_SPOKEN]))
        for count in range(len(words), 0, -1):
            text = " ".join(lexeme.text for lexeme in words[:count]).rstrip(_PUNCTUATION)
            spoken = spoken_period(text, self._today)
            if spoken is None:
                continue
            period, is_relative = spoken
            if not self._reads_dates:
                self._words_until = begin + count
                if is_relative:
                    self._say_left_as_words(text, _days_text(*period))
                return None
            self.has_dates = True
            self._place = begin + count
            self._say_spoken(text, _days_text(*period), is_relative=is_relative)
            days = self._counted(DateRange(*period))
            if is_relative:
                self.is_dated = True
                return days
            return _joined(Or, [self._run(self._analysed(text), field, text, exact=False), days])
        return None

    def _say_spoken(self, typed: str, days: str, *, is_relative: bool) -> None:
        if is_relative:
            message = _(
                "'%(typed)s' was read as %(days)s; in quotation marks it is searched as words", typed=typed, days=days
            )
        else:
            message = _(
                "'%(typed)s' finds the articles of %(days)s, too; in quotation marks only its words",
                typed=typed,
                days=days,
            )
        self.repairs.append(message)

    def _say_left_as_words(self, typed: str, days: str) -> None:
        message = _("no article of %(days)s fits; '%(typed)s' was searched as words", typed=typed, days=days)
        self.repairs.append(message)

    def _operand(self, field: Field) -> Node | None:
        negated = False
        lexeme = self._next()
        while lexeme.kind in (Kind.NOT, Kind.FIELD):
            negated ^= lexeme.kind is Kind.NOT
            field = lexeme.field or field
            lexeme = self._next()
        if lexeme.kind is Kind.OPEN:
            node = self._disjunction(field)
            self._taken(Kind.CLOSE)
        else:
            node = self._single(lexeme, field)
        return _negated(node) if negated and node is not None else node

    def _next(self) -> Lexeme:
        self._place += 1
        return self._lexemes[self._place - 1]

    def _taken(self, kind: Kind) -> bool:
        found = self._place < len(self._lexemes) and self._lexemes[self._place].kind is kind
        self._place += found
        return found

    def _single(self, lexeme: Lexeme, field: Field) -> Node | None:
        match lexeme.kind:
            case Kind.DATE:
                return self._date_range(lexeme)
            case Kind.ID:
                return self._counted(Id(lexeme.text))
            case Kind.VERSION:
                return self._counted(Versions(lexeme.text))
            case Kind.STATUS:
                return self._counted(HasStatus(next(s for s, names in STATUS_NAMES.items() if lexeme.text in names)))
            case Kind.QUOTED:
                return self._quoted(lexeme, field)
        return self._word(lexeme, field)

    def _date_range(self, lexeme: Lexeme) -> Node | None:
        """Return the days that a date names, None where they cannot be read, or are of no year that can be typed."""
        try:
            period = parse_period(lexeme.text.rstrip(",;:?!"), self._today)
            readable = parse_period(period_text(*period), self._today) == period
        except ValueError:
            readable = False
        if readable:
            return self._counted(DateRange(*period))
        message = _(
            "the date '%(text)s' could not be read and was left out; an example: tanggal:2019..2021",
            text=lexeme.text[:QUOTED_LETTERS],
        )
        self.repairs.append(message)
        return None

    def _quoted(self, lexeme: Lexeme, field: Field) -> Node | None:
        tokens = self._analysed(lexeme.text)
        if len(tokens) == 1:
            exact = lexeme.slop is None or field not in STEMMED
            return self._run(tokens, field, _written(lexeme.text, tokens), exact=exact)
        return self._leaf(Phrase(tuple(map(self._word_of, tokens)), field, lexeme.slop), lexeme.typed)

    def _word(self, lexeme: Lexeme, field: Field) -> Node | None:
        text = lexeme.text.lstrip("=")
        ending = text.rstrip(_PUNCTUATION)  # only where * or ~ ends it: the points of S.H. belong to the word
        exact = lexeme.text.startswith("=") or field not in STEMMED
        if "*" in text:
            return self._starred(ending, field, exact=exact)
        fuzzy = _FUZZY.fullmatch(ending)
        if fuzzy and (near := self._analysed(fuzzy[1])):
            return self._fuzzy(near, fuzzy, field, exact=exact)
        tokens = self._analysed(text)
        return self._run(tokens, field, _written(text, tokens), exact=exact)

    def _run(self, tokens: Sequence[Token], field: Field, typed: str, *, exact: bool) -> Node | None:
        """Return the leaf for tokens without a space between: none, one word, or the phrase that TNI-Polri is."""
        words = tuple(map(self._word_of, tokens))
        if len(words) > 1:
            return self._leaf(Phrase(words, field), typed)
        return self._leaf(Term(words[0], field, exact), typed) if words else None

    def _starred(self, text: str, field: Field, *, exact: bool) -> Node | None:
        head, _star, tail = text.partition("*")
        tokens = self._analysed(head)
        last = tokens[-1] if tokens else None
        long_enough = last is not None and len(last.surface) >= SHORTEST_PREFIX
        plain = text.replace("*", "")
        if not head or tail.strip("*~" + _PUNCTUATION):
            self._say_misplaced(text, f"{head}*" if long_enough else plain)
        elif not long_enough:
            self._say_short_prefix(text)
        if last is not None and long_enough:
            before = self._run(tokens[:-1], field, _written(head, tokens[:-1]), exact=exact)
            return _joined(And, [before, self._leaf(Prefix(last.surface, field), text[last.start :])])
        return self._run(self._analysed(plain), field, text, exact=exact)

    def _say_misplaced(self, typed: str, read: str) -> None:
        message = _(
            "a star works only at the end of a word, as in korup*; '%(typed)s' was read as '%(read)s'",
            typed=typed[:QUOTED_LETTERS],
            read=read[:QUOTED_LETTERS],
        )
        self.repairs.append(message)

    def _say_short_prefix(self, typed: str) -> None:
        message = _(
            "at least %(least)d letters must stand before a star; '%(typed)s' was searched without it",
            least=SHORTEST_PREFIX,
            typed=typed[:QUOTED_LETTERS],
        )
        self.repairs.append(message)

    def _fuzzy(self, tokens: Sequence[Token], match: re.Match[str], field: Field, *, exact: bool) -> Node | None:
        word, digits = match.groups()
        last = tokens[-1]
        distance = self._distance(digits, last.surface)
        if len(last.surface) < SHORTEST_FUZZY:
            message = _(
                "'%(word)s' is too short for a search of similar words; it was searched as it is",
                word=word[:QUOTED_LETTERS],
            )
            self.repairs.append(message)
            return self._run(tokens, field, _written(word, tokens), exact=exact)
        if not distance:
            return self._run(tokens, field, _written(word, tokens), exact=True)
        before = self._run(tokens[:-1], field, _written(word, tokens[:-1]), exact=exact)
        return _joined(And, [before, self._leaf(Fuzzy(last.surface, field, distance), match[0][last.start :])])

    def _distance(self, digits: str, surface: str) -> int:
        if not digits:
            return default_distance(surface)
        given = digits.lstrip("0")
        if len(given) > 1 or int(given or "0") > MOST_SLIPS:
            self.repairs.append(
                _("at most %(most)d letters may differ; the number was lowered to that", most=MOST_SLIPS)
            )
            return MOST_SLIPS
        return int(given or "0")

    def _analysed(self, text: str) -> list[Token]:
        tokens = self._analyzer.words(text)
        for token in tokens:
            self.spellings.setdefault(token.surface, text[token.start : token.end])
        return tokens

    def _word_of(self, token: Token) -> Word:
        return Word(token.surface, None if self._analyzer.vocabulary.is_name(token.surface) else token.stem)

    def _leaf(self, leaf: Leaf, typed: str) -> Node | None:
        counted = self._counted(leaf)
        if counted is not None:
            self.typed.setdefault(leaf, typed)
        return counted

    def _counted(self, node: Node) -> Node | None:
        """Return `node`, or None where it is one too many."""
        if node in self._leaves:
            return node
        expanded = isinstance(node, Prefix | Fuzzy)
        if len(self._leaves) == MOST_LEAVES:
            most = MOST_LEAVES
            self.repairs.append(
                _("only the first %(most)d words and phrases were searched; the rest was left out", most=most)
            )
            return None
        if expanded and sum(isinstance(leaf, Prefix | Fuzzy) for leaf in self._leaves) == MOST_EXPANDED:
            self.repairs.append(_("only the first %(most)d words with * or ~ were searched", most=MOST_EXPANDED))
            return None
        self._leaves.add(node)
        return node


def _days_text(first: date | None, last: date | None) -> str:
    """Return a period in words: "16 November 2026 – 22 November 2026"."""
    days = dict.fromkeys(day for day in (first, last) if day is not None)
    return " – ".join(format_date(day, "d MMMM yyyy", locale=language()) for day in days)


def _is_plain(lexeme: Lexeme) -> bool:
    return lexeme.kind is Kind.WORD and not set(lexeme.text) & set("=*~")


def _written(text: str, tokens: Sequence[Token]) -> str:
    """Return what of `text` became these tokens."""
    return text[tokens[0].start : tokens[-1].end] if tokens else ""


def _joined(kind: type[And] | type[Or], nodes: Iterable[Node | None]) -> Node | None:
    """Return the nodes as one: nested ones of the same kind flattened, each child once, a single one by itself."""
    present = [node for node in nodes if node is not None]
    flat = [child for node in present for child in (node.children if isinstance(node, kind) else (node,))]
    children = tuple(dict.fromkeys(flat))
    if len(children) <= 1:
        return children[0] if children else None
    return kind(children)


def _negated(node: Node) -> Node:
    return node.child if isinstance(node, Not) else Not(node)
