"""The query tree: what every engine is asked, in the field's standard nodes.

Words in a tree are analysed already: an engine compares tokens and never splits or stems text itself.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from index.article import Status


class Field(StrEnum):
    """Where a leaf looks; TEXT is title and body together."""

    TEXT = "text"
    TITLE = "title"
    BODY = "body"
    AUTHOR = "author"
    SECTION = "section"
    SOURCE = "source"
    PLACE = "place"
    PERSON = "person"
    TOPIC = "topic"
    TAG = "tag"


STEMMED = frozenset({Field.TEXT, Field.TITLE, Field.BODY})  # the other fields hold names and have no stems


@dataclass(frozen=True, slots=True)
class Word:
    """One analysed word: its folded surface form and its root, None for a name, which has no other forms."""

    surface: str
    stem: str | None


@dataclass(frozen=True, slots=True)
class Term:
    """Articles with this word: in any form, or with `exact` in this form alone."""

    word: Word
    field: Field = Field.TEXT
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two or more words: adjacent, in this order and form where `slop` is None, else any forms within `slop` words.

    With a slop the words may come in any order, each by a token of its own, and at most `slop` other words may stand
    between the first and the last of them. Never across paragraphs or fields.
    """

    words: tuple[Word, ...]
    field: Field = Field.TEXT
    slop: int | None = None


@dataclass(frozen=True, slots=True)
class Prefix:
    """Articles with a surface form that begins so."""

    prefix: str
    field: Field = Field.TEXT


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Articles with a surface form that begins with the same letter and is at most `distance` slips (Damerau-Levenshtein) away."""

    surface: str
    field: Field = Field.TEXT
    distance: int = 1


class VariantKind(StrEnum):
    """How a variant differs from what was typed."""

    ACRONYM = "acronym"
    SPELLING = "spelling"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Variant:
    """Another way to write what was typed: the words of the archive for it, and what their score is multiplied by."""

    leaf: Term | Phrase
    kind: VariantKind
    weight: float


@dataclass(frozen=True, slots=True)
class Expanded:
    """Articles that match all of `leaves`, which is what was typed, or any of the variants.

    The score is the sum of what each leaf and each variant scores by itself, that of the leaves times `weight`; beside
    alternatives even where not all leaves match.
    """

    leaves: tuple["Leaf", ...]
    variants: tuple[Variant, ...] = ()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Id:
    """The article with this id."""

    article_id: str


@dataclass(frozen=True, slots=True)
class Versions:
    """The article with this id and all that are versions of the same story, see `search.likeness`."""

    article_id: str


@dataclass(frozen=True, slots=True)
class HasStatus:
    """Articles that were corrected, or withdrawn."""

    status: Status


@dataclass(frozen=True, slots=True)
class Named:
    """Articles with a person or a topic, by slug: what `typed`, a name in that field, turned out to mean.

    `names` are the words by which articles name it, for marking them; scores are none.
    """

    slug: str
    typed: "Leaf"
    names: tuple["Leaf", ...] = ()


@dataclass(frozen=True, slots=True)
class DateRange:
    """Articles of these days, both inclusive; an end that is None is open. Undated articles are in no range."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class And:
    """Articles that match every child."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Articles that match at least one child."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Articles that match at least `count` of the children: what a conjunction that found nothing is relaxed to."""

    children: tuple["Node", ...]
    count: int


@dataclass(frozen=True, slots=True)
class Not:
    """Articles that do not match the child."""

    child: "Node"


@dataclass(frozen=True, slots=True)
class Everything:
    """All articles."""


Node: TypeAlias = (
    Term
    | Phrase
    | Prefix
    | Fuzzy
    | Expanded
    | Named
    | Id
    | Versions
    | HasStatus
    | DateRange
    | And
    | Or
    | AtLeast
    | Not
    | Everything
)
Leaf: TypeAlias = Term | Phrase | Prefix | Fuzzy


def with_named(tree: Node, fields: Container[Field], named: Callable[[Term | Phrase, str], Node]) -> Node:
    """Return the tree with what `named` returns in the place of each name in one of these fields, told its words side by side."""
    match tree:
        case And(children):
            return And(tuple(with_named(child, fields, named) for child in children))
        case Or(children):
            return Or(tuple(with_named(child, fields, named) for child in children))
        case Not(child):
            return Not(with_named(child, fields, named))
        case Term() | Phrase(slop=None) if tree.field in fields:
            words = tree.words if isinstance(tree, Phrase) else (tree.word,)
            return named(tree, " ".join(word.surface for word in words))
    return tree
