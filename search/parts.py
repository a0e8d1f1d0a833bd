"""A query as the fields of a form: all of these words, this phrase, any of these, none of these; to the query language and back."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from search.lexer import FIELD_NAMES, QUOTES
from search.tree import And, Field, Fuzzy, Node, Not, Or, Phrase, Prefix, Term
from search.unparse import unparse

Reading: TypeAlias = Callable[[str], Node]

_PIECE = re.compile(rf"[{QUOTES}]([^{QUOTES}]*)[{QUOTES}]?|([^\s{QUOTES}]+)")
_TITLE = f"{FIELD_NAMES[Field.TITLE][0]}:"


@dataclass(frozen=True, slots=True)
class Parts:
    """What each field holds. `words` may be anything in the query language; elsewhere words and quotations stand for themselves."""

    words: str = ""
    phrase: str = ""
    any_of: str = ""
    none_of: str = ""
    exact: str = ""
    title: str = ""

    def text(self, read: Reading) -> str:
        """Return the query that asks for all of this; `read` reads a query as a tree.

        What was typed among `words` is kept as it is where nothing else is asked for.
        """
        alternatives = list(_pieces(self.any_of, read))
        others = [f'"{quotation}"'] if (quotation := _unquoted(self.phrase)) else []
        others += [piece if piece.startswith('"') else f"={piece.lstrip('=')}" for piece in _pieces(self.exact, read)]
        others += [_TITLE + piece for piece in _pieces(self.title, read)]
        others += [f"-{piece}" for piece in _pieces(self.none_of, read)]
        if not others and not alternatives:
            return self.words.strip()
        words = [_grouped(read(self.words))] if self.words.strip() else []
        joined = " ATAU ".join(alternatives)
        if len(alternatives) > 1 and (words or others):
            joined = f"({joined})"
        return " ".join(part for part in (*words, joined, *others) if part)

    @classmethod
    def of(cls, text: str, read: Reading) -> "Parts":
        """Return the fields in which a query stands; what fits into none of them stays among the words.

        Words alone stay as they were typed, and so does a query that would not be read the same from its parts.

        >>> from datetime import date
        >>> from search.language import parse_query
        >>> Parts.of('beras "pasar induk" -impor', lambda text: parse_query(text, date(2023, 7, 28)).tree)
        Parts(words='beras', phrase='pasar induk', any_of='', none_of='impor', exact='', title='')
        """
        tree = read(text)
        held: dict[str, list[str]] = {}
        for child in _asked(tree):
            name, typed = _placed(child)
            if name in ("phrase", "any_of") and name in held:
                name, typed = "words", _grouped(child)
            held.setdefault(name, []).append(typed)
        parts = cls(**{name: " ".join(several) for name, several in held.items()})
        kept = held.keys() > {"words"} or "words" not in held
        return parts if kept and _asked(read(parts.text(read))) == _asked(tree) else cls(words=text.strip())


def _asked(tree: Node) -> dict[Node, None]:
    """Return the parts that articles must match, in their order, which says nothing when two are compared."""
    return dict.fromkeys(tree.children if isinstance(tree, And) else (tree,))


def _pieces(typed: str, read: Reading) -> Iterator[str]:
    """Yield each word and quotation of a field as the query language has it: what would mean something else is put in quotes."""
    for quotation, word in _PIECE.findall(typed):
        if word and _is_leaf(read(word)):
            yield word
        elif piece := _unquoted(quotation or word):
            yield f'"{piece}"'


def _unquoted(typed: str) -> str:
    """Return words without quotation marks; empty where there is no word."""
    plain = " ".join(re.sub(rf"[{QUOTES}]", " ", typed).split())
    return plain if any(letter.isalnum() for letter in plain) else ""


def _is_leaf(tree: Node) -> bool:
    return isinstance(tree, Term | Phrase | Prefix | Fuzzy) and tree.field is Field.TEXT


def _grouped(tree: Node) -> str:
    return f"({unparse(tree)})" if isinstance(tree, Or) and tree.children else unparse(tree)


def _placed(part: Node) -> tuple[str, str]:
    """Return the field in which a part of a query stands, and how it reads there."""
    match part:
        case Phrase(field=Field.TEXT, slop=None):
            return "phrase", unparse(part).strip('"')
        case Term(field=Field.TEXT, exact=True):
            return "exact", unparse(part).removeprefix("=")
        case Or(children) if children and all(map(_is_plain, children)):
            return "any_of", " ".join(map(unparse, children))
        case Not(child) if _is_plain(child):
            return "none_of", unparse(child)
        case Term(field=Field.TITLE, exact=False) | Phrase(field=Field.TITLE, slop=None):
            return "title", unparse(part).removeprefix(_TITLE)
    return "words", _grouped(part)


def _is_plain(tree: Node) -> bool:
    match tree:
        case Term(field=Field.TEXT, exact=False) | Phrase(field=Field.TEXT, slop=None):
            return True
    return False
