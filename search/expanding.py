"""Other ways to write what was typed: acronyms, old and new spelling, words joined or split; where the archive has them.

A query is expanded, never the text of articles. What was typed always counts for more than a variant of it, and each variant says
what it is, so that readers see it on the page and on the hit, and can switch it off.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import NamedTuple

from index.analysis import Analyzer
from index.stemming import is_root
from index.wordbook import Acronym
from search.results import Also
from search.tree import (
    STEMMED,
    And,
    AtLeast,
    Expanded,
    Field,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Term,
    Variant,
    VariantKind,
    Word,
)
from search.vocabulary import Vocabulary, acronym_key

# Measured: an acronym's long form at .3 helps the queries that have one by .004 to .009 MRR@10. Spellings of one name mean the
# same, so what was typed need only come first.
WEIGHTS: Mapping[VariantKind, float] = {VariantKind.ACRONYM: 0.3, VariantKind.SPELLING: 0.7, VariantKind.JOINED: 0.5}

MOST_MEANINGS = 2  # of an ambiguous acronym: the most frequent ones
LEAST_SHARE = 0.2  # of the most frequent meaning's articles that another one must have
# Of the articles with an acronym, how many must explain a meaning that is not the most frequent. What everybody knows few explain:
# of 1,153 with RI, 8 as the country and 4 as a suspect with these initials. Of eleven other second meanings in 9,300 real articles
# the rarest is explained by 2.3 %.
LEAST_EXPLAINED = 0.01
LONGEST_FORM = 8  # words of a long form
SHORTEST_NAME = 5  # letters of a name whose old spelling is tried; shorter ones are other words (Joel, Goes)
SHORTEST_HALF = 4  # letters of each word that another may be split into
SHORTEST_COMPOUND = 4  # letters: e-KTP is also ektp, but K/L is no KL
SHORTEST_HALF_OF_UNKNOWN = 3  # of a word that no article has
LEAST_TOGETHER = 3  # articles that must write two words side by side, or one word where two were typed
# What the spelling reforms of 1947 and 1972 changed that is safe for names; nj-ny (Benjamin) and j-y (Juni, Yuni) are not.
SPELLINGS: Mapping[str, str] = {"c": "tj", "sy": "sj", "j": "dj", "u": "oe"}
MOST_SITES = 4  # places of a name that may be old or new each by itself: Soekarnoputri

Frequency = Callable[[str], int]  # articles that readers may see with a surface form
Count = Callable[[Node], int]  # the same that match a tree


@dataclass(frozen=True)
class Expansion:
    """A tree with variants, what they are in words, what was typed for each of their leaves, and why each is there."""

    tree: Node
    also: tuple[Also, ...]
    typed: Mapping[Leaf, str]
    kinds: Mapping[Leaf, StrEnum]  # values of `MatchKind`


class Expander:
    """Finds the variants that one archive has."""

    def __init__(self, vocabulary: Vocabulary, frequency: Frequency, count: Count) -> None:
        self._acronyms = vocabulary.acronyms
        self._analyzer: Analyzer = vocabulary.analyzer
        self._frequency, self._count = frequency, count

    def expanded(self, tree: Node, typed: Mapping[Leaf, str]) -> Expansion:
        """Return the tree with its words and runs of words expanded; what stands in quotation marks or after = stays as it is."""
        work = _Work(dict(typed))
        return Expansion(self._node(tree, work), tuple(work.also), work.typed, work.kinds)

    def _node(self, node: Node, work: "_Work") -> Node:
        match node:
            case And(children):
                return And(tuple(self._run(children, work)))
            case Or(children):
                return Or(tuple(self._node(child, work) for child in children))
            case AtLeast(children, count):
                return AtLeast(tuple(self._node(child, work) for child in children), count)
            case Term() | Phrase():
                return work.joined((node,), self._of_leaf(node, work.typed.get(node, "")))
        return node

    def _run(self, children: Sequence[Node], work: "_Work") -> Iterator[Node]:
        """Yield the children of a conjunction, those together that have a variant together."""
        place = 0
        while place < len(children):
            run = _words_from(children, place)
            variants: list[_Found] = []
            length = 1
            for end in range(min(len(run), LONGEST_FORM), 1, -1):
                variants = self._of_several(run[:end], work.typed)
                if variants:
                    length = end
                    break
            if variants:
                yield work.joined(run[:length], variants)
            else:
                yield self._node(children[place], work)
            place += length

    def _of_leaf(self, leaf: Term | Phrase, typed: str) -> list["_Found"]:
        if leaf.field not in STEMMED:
            return []
        if isinstance(leaf, Phrase):
            if leaf.slop is not None or '"' in typed:
                return []
            surfaces = tuple(word.surface for word in leaf.words)
            return [*self._long_forms(surfaces, leaf.field, typed), *self._joined_compound(surfaces, leaf.field)]
        if leaf.exact:
            return []
        long_forms = self._long_forms((leaf.word.surface,), leaf.field, typed)
        return [*long_forms, *self._spellings(leaf, typed), *self._halves(leaf)]

    def _of_several(self, run: Sequence[Term], typed: Mapping[Leaf, str]) -> list["_Found"]:
        """Return the short forms of words side by side, the long forms of several, as of Satpol PP, and two words as one."""
        field = run[0].field
        surfaces = tuple(term.word.surface for term in run)
        short_forms = self._acronyms.short_forms.get(acronym_key(surfaces), ())[:MOST_MEANINGS]
        found = [
            each
            for form in short_forms
            if self._is_meant(form)
            for each in self._found(form.short, field, VariantKind.ACRONYM)
        ]
        found += self._long_forms(surfaces, field, " ".join(typed.get(term, "") for term in run))
        if len(run) == 2 and min(map(len, surfaces)) >= SHORTEST_HALF and self._is_joined(surfaces, LEAST_TOGETHER):
            found += self._found("".join(surfaces), field, VariantKind.JOINED)
        return found

    def _long_forms(self, surfaces: tuple[str, ...], field: Field, typed: str) -> Iterator["_Found"]:
        if typed.islower() and all(map(is_root, surfaces)):
            return  # "pan" and "asi" are words, PAN and ASI are not
        meanings = self._acronyms.meanings.get(acronym_key(surfaces), [])[:MOST_MEANINGS]
        for meaning in meanings:
            if meaning.articles >= LEAST_SHARE * meanings[0].articles and self._is_meant(meaning):
                yield from self._found(meaning.long, field, VariantKind.ACRONYM)

    def _is_meant(self, acronym: Acronym) -> bool:
        """Return whether the short form may well stand for this long form where nothing explains it."""
        key = acronym_key(word.surface for word in self._analyzer.words(acronym.short))
        is_first = self._acronyms.meanings[key][0] == acronym
        return is_first or acronym.articles >= LEAST_EXPLAINED * self._frequency(key)

    def _spellings(self, term: Term, typed: str) -> Iterator["_Found"]:
        word = term.word
        is_name = word.stem is None or (word.stem == word.surface and not is_root(word.surface))
        if len(word.surface) < SHORTEST_NAME or not word.surface.isalpha() or not is_name:
            return
        for other in other_spellings(word.surface):
            if not is_root(other) and self._frequency(other):
                leaf = Term(Word(other, None), term.field, exact=True)
                yield _Found(_variant(leaf, VariantKind.SPELLING), other if typed.islower() else other.capitalize())

    def _halves(self, term: Term) -> Iterator["_Found"]:
        """Yield the two words that one is written as elsewhere, as kerjasama is."""
        surface = term.word.surface
        shortest, least = (SHORTEST_HALF, LEAST_TOGETHER) if self._frequency(surface) else (SHORTEST_HALF_OF_UNKNOWN, 1)
        for middle in range(shortest, len(surface) - shortest + 1):
            halves = surface[:middle], surface[middle:]
            if all(map(is_root, halves)) and self._count(_phrase(halves)) >= least:
                leaf = _phrase(halves, term.field)
                yield _Found(_variant(leaf, VariantKind.JOINED), " ".join(halves))

    def _joined_compound(self, surfaces: tuple[str, ...], field: Field) -> Iterator["_Found"]:
        """Yield the one word that a compound without a space, such as e-commerce, is written as elsewhere."""
        joined = "".join(surfaces)
        if len(joined) >= SHORTEST_COMPOUND and self._is_joined(surfaces, 1):
            yield from self._found(joined, field, VariantKind.JOINED)

    def _is_joined(self, surfaces: tuple[str, ...], least: int) -> bool:
        """Return whether so many articles write as one word alone what stands side by side in others.

        What has a hyphen there is indexed as one word, too, so that its frequency alone does not tell.
        """
        joined = "".join(surfaces)
        if self._frequency(joined) < least:
            return False
        one_word = Term(Word(joined, None), exact=True)
        return self._count(And((one_word, Not(_phrase(surfaces))))) >= least

    def _found(self, text: str, field: Field, kind: VariantKind) -> Iterator["_Found"]:
        """Yield the words of `text`, as they are, as a variant."""
        words = tuple(Word(token.surface, token.stem) for token in self._analyzer.words(text))
        if words:
            leaf = Term(words[0], field, exact=True) if len(words) == 1 else Phrase(words, field)
            yield _Found(_variant(leaf, kind), text)


class _Found(NamedTuple):
    """A variant, and how readers see it written."""

    variant: Variant
    text: str


class _Work:
    """What comes together while a tree is expanded."""

    def __init__(self, typed: dict[Leaf, str]) -> None:
        self.typed = typed
        self.also: list[Also] = []
        self.kinds: dict[Leaf, VariantKind] = {}

    def joined(self, leaves: Sequence[Leaf], found: Sequence[_Found]) -> Node:
        """Return leaves with their variants; leaves that are in the query themselves are no variants."""
        found = [each for each in found if each.variant.leaf not in leaves]
        if not found:
            return leaves[0]
        typed = " ".join(self.typed.get(leaf, "") for leaf in leaves)
        for variant, text in found:
            if variant.leaf in self.typed and variant.leaf not in self.kinds:
                continue  # it was typed, too
            also = Also(variant.kind, typed, text)
            if also not in self.also:
                self.also.append(also)
            self.typed.setdefault(variant.leaf, typed)
            self.kinds.setdefault(variant.leaf, variant.kind)
        return Expanded(tuple(leaves), tuple(each.variant for each in found))


def other_spellings(surface: str) -> Iterator[str]:
    """Yield a name in the other spellings that mix the older and the newer rules.

    >>> list(other_spellings("soekarno")), list(other_spellings("cokroaminoto"))
    (['sukarno'], ['tjokroaminoto'])
    """
    modern = surface
    for new, old in SPELLINGS.items():
        modern = modern.replace(old, new)
    parts = re.split("(sy|[cju])", modern)
    sites = range(1, len(parts), 2)
    choices = [(part, SPELLINGS[part]) if place in sites else (part,) for place, part in enumerate(parts)]
    if len(sites) > MOST_SITES:
        spellings = {modern, "".join(choice[-1] for choice in choices)}
    else:
        spellings = set(map("".join, product(*choices)))
    yield from sorted(spellings - {surface})


def _words_from(children: Sequence[Node], place: int) -> list[Term]:
    """Return the words in any form that follow each other from this place on, all in one field of text."""
    run: list[Term] = []
    for child in children[place:]:
        if not isinstance(child, Term) or child.exact or child.field not in STEMMED:
            break
        if run and child.field is not run[0].field:
            break
        run.append(child)
    return run


def _phrase(surfaces: tuple[str, ...], field: Field = Field.TEXT) -> Phrase:
    return Phrase(tuple(Word(surface, surface) for surface in surfaces), field)


def _variant(leaf: Term | Phrase, kind: VariantKind) -> Variant:
    return Variant(leaf, kind, WEIGHTS[kind])
