"""From a query tree back to the query language: what readers see of how their query was read."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from index.analysis import ANALYZER
from search.lexer import DATE_NAMES, FIELD_NAMES, ID_NAMES, STATUS_NAMES, VERSION_NAMES, is_raw_value
from search.tree import (
    STEMMED,
    And,
    AtLeast,
    DateRange,
    Everything,
    Expanded,
    Field,
    Fuzzy,
    HasStatus,
    Id,
    Leaf,
    Named,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Versions,
)

NOTHING = "()"  # the query that no article matches
LONG_WORD = 6  # letters; from here on two slips are allowed where the reader gave no number

_NO_SPELLINGS: Mapping[str, str] = MappingProxyType({})


def default_distance(surface: str) -> int:
    """Return how many slips are allowed in a word for which the reader gave no number."""
    return 1 if len(surface) < LONG_WORD else 2


def unparse(tree: Node, spellings: Mapping[str, str] = _NO_SPELLINGS) -> str:
    """Return the query that reads as `tree`, in its shortest form and with Indonesian names.

    `spellings` gives a reader's spelling of a folded word; it is used for the few words, such as m², whose folded form
    would be read as something else. `AtLeast` and `Expanded`, which nobody can type, read as what was typed for them.
    """
    match tree:
        case Everything():
            return ""
        case And(children) | AtLeast(children) | Expanded(leaves=children):
            return " ".join(_grouped(child, spellings, (Or,)) for child in children) or NOTHING
        case Or(children):
            return " ATAU ".join(unparse(child, spellings) for child in children) or NOTHING
        case Not(child):
            return "-" + _grouped(child, spellings, (And, AtLeast, Or))
        case Id() | Versions() | HasStatus() | DateRange():
            return _limit_text(tree)
    leaf = tree.typed if isinstance(tree, Named) else tree
    return _field_prefix(leaf.field) + _leaf_text(leaf, spellings)


def period_text(first: date | None, last: date | None) -> str:
    """Return a period as the query language has it: one day, or two with ".." between; an end that is None is empty."""
    if first == last and first is not None:
        return first.isoformat()
    return f"{first or ''}..{last or ''}"


def _grouped(node: Node, spellings: Mapping[str, str], loose: tuple[type[Node], ...]) -> str:
    text = unparse(node, spellings)
    return f"({text})" if isinstance(node, loose) else text


def _limit_text(limit: Id | Versions | HasStatus | DateRange) -> str:
    if isinstance(limit, HasStatus):
        return f"status:{STATUS_NAMES[limit.status][0]}"
    if isinstance(limit, DateRange):
        return f"{DATE_NAMES[0]}:{period_text(limit.first, limit.last)}"
    name = (ID_NAMES if isinstance(limit, Id) else VERSION_NAMES)[0]
    article_id = limit.article_id
    return f"{name}:" + (article_id if is_raw_value(article_id) else f'"{article_id}"')


def _field_prefix(field: Field) -> str:
    return "" if field is Field.TEXT else f"{FIELD_NAMES[field][0]}:"


def _leaf_text(leaf: Leaf, spellings: Mapping[str, str]) -> str:
    match leaf:
        case Term(word, field, exact):
            return ("=" if exact and field in STEMMED else "") + _spelled(word.surface, spellings)
        case Phrase(words, _field, slop):
            text = " ".join(_spelled(word.surface, spellings) for word in words)
            return f'"{text}"' if slop is None else f'"{text}"~{slop}'
        case Prefix(prefix):
            return _spelled(prefix, spellings) + "*"
        case Fuzzy(surface, _field, distance):
            number = "" if distance == default_distance(surface) else str(distance)
            return f"{_spelled(surface, spellings)}~{number}"


def _spelled(surface: str, spellings: Mapping[str, str]) -> str:
    if [token.surface for token in ANALYZER.words(surface)] == [surface]:
        return surface
    return spellings.get(surface, surface)
