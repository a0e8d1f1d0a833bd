"""From a typed query to lexemes: words, phrases, operators, parentheses, fields; mended so that no parser can fail."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import chain
from types import MappingProxyType

from index.analysis import ANALYZER
from index.article import Status
from index.messages import gettext as _
from search.tree import Field

DEEPEST = 20  # parentheses within each other; each level costs the parser three calls
WIDEST = 50  # words of a proximity; must stay below the gap that the analyzer leaves between paragraphs

# The first name of a field is the one that the query is shown with as it was understood.
FIELD_NAMES: Mapping[Field, tuple[str, ...]] = MappingProxyType(
    {
        Field.TITLE: ("judul", "title"),
        Field.BODY: ("isi", "body"),
        Field.AUTHOR: ("penulis", "author"),
        Field.SECTION: ("rubrik", "kategori", "kanal", "section"),
        Field.SOURCE: ("sumber", "source"),
        Field.PLACE: ("tempat", "place"),
        Field.PERSON: ("tokoh", "person"),
        Field.TOPIC: ("topik", "topic"),
        Field.TAG: ("tag",),
    }
)
DATE_NAMES = ("tanggal", "date")
ID_NAMES = ("id",)
VERSION_NAMES = ("versi", "version")
# What follows "status:"; the first name of a status is the one that the query is shown with. Other words after it are words.
STATUS_NAMES: Mapping[Status, tuple[str, ...]] = MappingProxyType(
    {
        Status.CORRECTED: ("dikoreksi", "diralat", "ralat", "koreksi", "corrected"),
        Status.WITHDRAWN: ("dicabut", "ditarik", "withdrawn"),
    }
)


class Kind(Enum):
    """What a lexeme is; DATE, ID, VERSION and STATUS hold the field's value, FIELD stands before an operand."""

    WORD = auto()
    QUOTED = auto()
    DATE = auto()
    ID = auto()
    VERSION = auto()
    STATUS = auto()
    FIELD = auto()
    NOT = auto()
    AND = auto()
    OR = auto()
    OPEN = auto()
    CLOSE = auto()


OPERATORS: Mapping[str, Kind] = MappingProxyType(
    {
        "DAN": Kind.AND, "AND": Kind.AND, "&&": Kind.AND,
        "ATAU": Kind.OR, "OR": Kind.OR, "||": Kind.OR,
        "BUKAN": Kind.NOT, "TANPA": Kind.NOT, "NOT": Kind.NOT,
    }
)  # fmt: skip

_JOINING = frozenset({Kind.AND, Kind.OR})
_AWAITING = frozenset({Kind.AND, Kind.OR, Kind.NOT, Kind.FIELD})  # an operand must follow
_BEGINNING = frozenset(
    {Kind.WORD, Kind.QUOTED, Kind.DATE, Kind.ID, Kind.VERSION, Kind.STATUS, Kind.FIELD, Kind.NOT, Kind.OPEN}
)  # an operand begins
_ENDING = _BEGINNING - {Kind.FIELD, Kind.NOT, Kind.OPEN} | {Kind.CLOSE}  # an operand ends

_FIELDS = {name: field for field, names in FIELD_NAMES.items() for name in names}
_VALUE_KINDS = dict.fromkeys(DATE_NAMES, Kind.DATE) | dict.fromkeys(ID_NAMES, Kind.ID)
_VALUE_KINDS |= dict.fromkeys(VERSION_NAMES, Kind.VERSION)

QUOTES = '"“”„‟«»″＂'
_SIGNS = ("-", "!")
_SPACE = re.compile(r"\s*")
_OPENING = re.compile(rf"=*[{QUOTES}]")
_QUOTE = re.compile(rf"[{QUOTES}]")
_SLOP = re.compile(r"~([0-9]*)")
_NAME = re.compile(r"([a-z]+):", re.IGNORECASE | re.ASCII)
_STATUS = re.compile(rf"status:({'|'.join(chain.from_iterable(STATUS_NAMES.values()))})(?=[\s)]|$)", re.IGNORECASE)
_PREFIX = re.compile(r"[-!+](?=[^\s)])")
_WORD = re.compile(rf"(?:(?!&&|\|\|)[^\s(){QUOTES}])+")
_RAW_VALUE = re.compile(rf"(?![{QUOTES}])(?:[^\s()]|\([^\s()]*\))+")


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One part of a query. `text` is what counts of it, `typed` all that the reader wrote for it."""

    kind: Kind
    text: str
    typed: str
    field: Field | None = None
    slop: int | None = None


def read_lexemes(text: str) -> tuple[tuple[Lexeme, ...], tuple[str, ...]]:
    """Return the lexemes of `text` and a sentence for each repair.

    The lexemes are a sentence of the grammar: parentheses are balanced and not empty, every operator has its operands,
    every field its value, and every word and phrase holds at least one searchable word.
    """
    lexer = _Lexer(text)
    lexer.read()
    mended, repairs = _without_dangling(lexer.lexemes)
    return mended, (*lexer.repairs, *repairs)


def is_raw_value(text: str) -> bool:
    """Say whether `text` after id: reads back as itself without quotation marks."""
    return _RAW_VALUE.fullmatch(text) is not None


class _Lexer:
    """Reads one query from left to right; `_place` is where it stands."""

    def __init__(self, text: str) -> None:
        self.lexemes: list[Lexeme] = []
        self.repairs: list[str] = []
        self._text = text
        self._place = 0
        self._at_start = True  # of a word, where - and judul: have their meaning
        self._depth = 0

    def read(self) -> None:
        """Read all of the text."""
        while self._place < len(self._text):
            self._read_next()
        closable = min(self._depth, DEEPEST)
        if self._depth:
            self.repairs.append(_("a parenthesis was not closed; it was closed at the end"))
        self.lexemes += [Lexeme(Kind.CLOSE, ")", "")] * closable

    def _read_next(self) -> None:
        if space := self._taken(_SPACE):
            self._at_start = bool(space)
        elif self._text[self._place] in "()":
            self._read_parenthesis()
        elif self._text.startswith(("&&", "||"), self._place):
            self._read_symbol()
        elif self._taken(_OPENING):
            self._read_quoted()
        elif self._at_start and (prefix := self._taken(_PREFIX)):
            if prefix != "+":
                self._add(Kind.NOT, prefix, prefix)
        elif not (self._at_start and self._read_field()):
            self._read_word()

    def _read_parenthesis(self) -> None:
        sign = self._text[self._place]
        self._place += 1
        self._at_start = sign == "("
        if sign == "(":
            self._depth += 1
            if self._depth <= DEEPEST:
                self._add(Kind.OPEN, sign, sign)
            else:
                self.repairs.append(
                    _("parentheses deeper than %(most)d levels were left out", most=DEEPEST),
                )
        elif self._depth:
            self._depth -= 1
            if self._depth < DEEPEST:
                self._add(Kind.CLOSE, sign, sign)
        else:
            self.repairs.append(_("a closing parenthesis without an opening one was left out"))

    def _read_symbol(self) -> None:
        symbol = self._text[self._place : self._place + 2]
        self._place += 2
        self._add(OPERATORS[symbol], symbol, symbol)
        self._at_start = True

    def _read_word(self) -> None:
        begin = self._place
        free = begin == 0 or self._text[begin - 1].isspace() or self._text[begin - 1] in f"()&|{QUOTES}"
        word = self._taken(_WORD)
        self._at_start = False
        if free and word in OPERATORS:
            self._add(OPERATORS[word], word, word)
            self._at_start = True
        elif ANALYZER.words(word):
            self._add(Kind.WORD, word, word)
        else:
            self._forget_prefixes()

    def _read_quoted(self) -> None:
        """Read a phrase whose opening quotation mark was just taken."""
        opening = self._place - 1
        content, closed = self._quotation()
        self._at_start = False
        slop = self._slop() if closed else None
        if not ANALYZER.words(content):
            self.repairs.append(_("quotation marks without a word between them were left out"))
            self._forget_prefixes()
            return
        if not closed:
            self._say_unclosed()
        self._add(Kind.QUOTED, content, self._text[opening : self._place], slop=slop)

    def _quotation(self) -> tuple[str, bool]:
        """Return the text up to the next quotation mark, which is taken too, and whether there was one."""
        begin = self._place
        closing = _QUOTE.search(self._text, begin)
        self._place = closing.end() if closing else len(self._text)
        return self._text[begin : closing.start() if closing else None], closing is not None

    def _say_unclosed(self) -> None:
        self.repairs.append(_("the quotation mark was not closed; it was closed at the end"))

    def _slop(self) -> int | None:
        match = _SLOP.match(self._text, self._place)
        if match is None:
            return None
        self._place = match.end()
        digits = match[1].lstrip("0")
        if not match[1]:
            self.repairs.append(
                _('the ~ after a quotation mark needs a number, as in "dana desa"~5; it was left out'),
            )
            return None
        if len(digits) > len(str(WIDEST)) or int(digits or "0") > WIDEST:
            self.repairs.append(
                _("words can be searched at most %(most)d words apart; the number was lowered to that", most=WIDEST),
            )
            return WIDEST
        return int(digits or "0")

    def _read_field(self) -> bool:
        """Read the name of a field, with its value where that is no operand, and say whether there is one here."""
        if status := self._taken(_STATUS):
            self._add(Kind.STATUS, status.partition(":")[2].casefold(), status)
            self._at_start = False
            return True
        match = _NAME.match(self._text, self._place)
        name = match[1].casefold() if match else ""
        if match is None or not (name in _FIELDS or name in _VALUE_KINDS):
            return False
        self._place = match.end()
        if name in _FIELDS:
            self._add(Kind.FIELD, match[1], match[0], field=_FIELDS[name])
        else:
            self._read_value(_VALUE_KINDS[name], match)
        return True

    def _read_value(self, kind: Kind, name: re.Match[str]) -> None:
        begin = self._place
        self._taken(_SPACE)
        if self._taken(_QUOTE):
            value, closed = self._quotation()
            if not closed:
                self._say_unclosed()
        else:
            value = self._taken(_RAW_VALUE)
            if self._place - len(value) > begin and value in OPERATORS:  # "id: DAN harga": no value but an operator
                self._place, value = begin, ""
        self._at_start = False
        if value.strip():
            self._add(kind, value.strip(), self._text[name.start() : self._place])
        else:
            self.repairs.append(_without_value(name[1]))
            self._forget_prefixes()

    def _taken(self, pattern: re.Pattern[str]) -> str:
        """Return what `pattern` matches here and go on behind it; empty where it matches nothing."""
        match = pattern.match(self._text, self._place)
        if match is None:
            return ""
        self._place = match.end()
        return match[0]

    def _add(self, kind: Kind, text: str, typed: str, *, field: Field | None = None, slop: int | None = None) -> None:
        self.lexemes.append(Lexeme(kind, text, typed, field, slop))

    def _forget_prefixes(self) -> None:
        """Drop the signs and fields right before something that is left out: they must not govern what comes next."""
        while self.lexemes and (self.lexemes[-1].kind is Kind.FIELD or self.lexemes[-1].typed in _SIGNS):
            dropped = self.lexemes.pop()
            if dropped.kind is Kind.FIELD:
                self.repairs.append(_without_value(dropped.text))


def _without_value(name: str) -> str:
    return _("the field %(name)s: had no value and was left out", name=name)


def _without_dangling(lexemes: Sequence[Lexeme]) -> tuple[tuple[Lexeme, ...], list[str]]:
    """Return the lexemes without empty parentheses, operators that lack an operand and fields that lack a value."""
    kept: list[Lexeme] = []
    dropped: list[Lexeme] = []
    before_gap = False  # what stands before empty parentheses must not govern what comes after them
    for lexeme in reversed(lexemes):
        following = kept[-1].kind if kept else None
        if lexeme.kind is Kind.OPEN and following is Kind.CLOSE:
            kept.pop()
            before_gap = True
        elif lexeme.kind in _AWAITING and (before_gap or following not in _BEGINNING):
            dropped.append(lexeme)
        else:
            kept.append(lexeme)
            before_gap = False
    complete, unled = _without_unled(reversed(kept))
    return tuple(complete), [_left_out(lexeme) for lexeme in (*unled, *reversed(dropped))]


def _without_unled(lexemes: Iterable[Lexeme]) -> tuple[list[Lexeme], list[Lexeme]]:
    """Return the lexemes without the joining operators that nothing stands before, and those."""
    kept: list[Lexeme] = []
    dropped: list[Lexeme] = []
    for lexeme in lexemes:
        led = bool(kept) and kept[-1].kind in _ENDING
        (dropped if lexeme.kind in _JOINING and not led else kept).append(lexeme)
    return kept, dropped


def _left_out(lexeme: Lexeme) -> str:
    if lexeme.kind is Kind.FIELD:
        return _without_value(lexeme.text)
    return _("the operator %(operator)s had nothing to join or exclude and was left out", operator=lexeme.text)
