"""Other ways to write what was typed: acronyms, old and new spelling, words joined or split; where the archive has them.

A query is expanded, never the text of articles. What was typed always counts for more than a variant of it, and each variant says
what it is, so that readers see it on the page and on the hit, and can switch it off.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from index.acronyms import AcronymPair, pair_key
from index.analysis import Analyzer
from index.stemming import is_root
from search.results import Also
from search.tree import STEMMED, And, AtLeast, Expanded, Field, Leaf, Node, Or, Phrase, Term, Variant, VariantKind, Word
from search.vocabulary import Vocabulary

# Measured: an acronym's long form at .3 helps the queries that have one by .004 to .009 MRR@10. Spellings of one name mean the
# same, so what was typed need only come first.
WEIGHTS: Mapping[VariantKind, float] = {VariantKind.ACRONYM: 0.3, VariantKind.SPELLING: 0.7, VariantKind.JOINED: 0.5}

MOST_MEANINGS = 2  # of an ambiguous acronym: the most frequent ones
LEAST_SHARE = 0.2  # of the most frequent meaning's articles that another one must have
LONGEST_FORM = 8  # words of a long form
SHORTEST_NAME = 5  # letters of a name whose old spelling is tried; shorter ones are other words (Joel, Goes)
SHORTEST_HALF = 4  # letters of each word that another may be split into
LEAST_TOGETHER = 3  # articles in which the two words must stand side by side
# What the spelling reforms of 1947 and 1972 changed that is safe for names; nj-ny (Benjamin) and j-y (Juni, Yuni) are not.
SPELLINGS: Mapping[str, str] = {"c": "tj", "sy": "sj", "j": "dj", "u": "oe"}
MOST_SITES = 4  # places of a name that may be old or new each by itself: Soekarnoputri

Frequency = Callable[[str], int]  # articles that readers may see with a surface form
PhraseFrequency = Callable[[tuple[str, ...]], int]  # the same of words side by side


@dataclass(frozen=True)
class Expansion:
    """A tree with variants, what they are in words, what was typed for each of their leaves, and why each is there."""

    tree: Node
    also: tuple[Also, ...]
    typed: Mapping[Leaf, str]
    kinds: Mapping[Leaf, VariantKind]


class Expander:
    """Finds the variants that one archive has."""

    def __init__(self, vocabulary: Vocabulary, frequency: Frequency, phrase_frequency: PhraseFrequency) -> None:
        self._acronyms = vocabulary.acronyms
        self._analyzer: Analyzer = vocabulary.analyzer
        self._frequency, self._phrase_frequency = frequency, phrase_frequency

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
            variants: list[Variant] = []
            length = 1
            for end in range(min(len(run), LONGEST_FORM), 1, -1):
                variants = self._of_several(run[:end])
                if variants:
                    length = end
                    break
            if variants:
                yield work.joined(run[:length], variants)
            else:
                yield self._node(children[place], work)
            place += length

    def _of_leaf(self, leaf: Term | Phrase, typed: str) -> list[Variant]:
        if leaf.field not in STEMMED:
            return []
        if isinstance(leaf, Phrase):
            return self._joined_compound(leaf, typed)
        if leaf.exact:
            return []
        return [*self._long_forms(leaf, typed), *self._spellings(leaf), *self._halves(leaf)]

    def _of_several(self, run: Sequence[Term]) -> list[Variant]:
        """Return the short forms of words side by side, and two words as one."""
        field = run[0].field
        surfaces = [term.word.surface for term in run]
        _short, key = pair_key(AcronymPair("", " ".join(surfaces)))
        found = [
            self._term(variant.short, field, VariantKind.ACRONYM)
            for variant in self._acronyms.short_forms.get(key, ())[:MOST_MEANINGS]
        ]
        if len(run) == 2 and min(map(len, surfaces)) >= SHORTEST_HALF:
            joined = "".join(surfaces)
            if self._frequency(joined) >= LEAST_TOGETHER:
                found.append(self._term(joined, field, VariantKind.JOINED))
        return [variant for variant in found if variant is not None]

    def _long_forms(self, term: Term, typed: str) -> Iterator[Variant]:
        if typed.islower() and is_root(term.word.surface):
            return  # "pan" and "asi" are words, PAN and ASI are not
        meanings = self._acronyms.meanings.get(term.word.surface, [])[:MOST_MEANINGS]
        for meaning in meanings:
            if meaning.articles >= LEAST_SHARE * meanings[0].articles:
                variant = self._term(meaning.long, term.field, VariantKind.ACRONYM)
                if variant is not None:
                    yield variant

    def _spellings(self, term: Term) -> Iterator[Variant]:
        word = term.word
        is_name = word.stem is None or (word.stem == word.surface and not is_root(word.surface))
        if len(word.surface) < SHORTEST_NAME or not word.surface.isalpha() or not is_name:
            return
        for other in other_spellings(word.surface):
            if not is_root(other) and self._frequency(other):
                yield Variant(
                    Term(Word(other, None), term.field, exact=True), VariantKind.SPELLING, WEIGHTS[VariantKind.SPELLING]
                )

    def _halves(self, term: Term) -> Iterator[Variant]:
        """Yield the two words that one is written as elsewhere, as kerjasama is."""
        surface = term.word.surface
        for middle in range(SHORTEST_HALF, len(surface) - SHORTEST_HALF + 1):
            halves = surface[:middle], surface[middle:]
            if all(map(is_root, halves)) and self._phrase_frequency(halves) >= LEAST_TOGETHER:
                words = tuple(Word(half, half) for half in halves)
                yield Variant(Phrase(words, term.field), VariantKind.JOINED, WEIGHTS[VariantKind.JOINED])

    def _joined_compound(self, phrase: Phrase, typed: str) -> list[Variant]:
        """Return the one word that a compound without a space, such as e-commerce, is written as elsewhere."""
        joined = "".join(word.surface for word in phrase.words)
        if phrase.slop is not None or " " in typed.strip() or '"' in typed or not self._frequency(joined):
            return []
        variant = self._term(joined, phrase.field, VariantKind.JOINED)
        return [] if variant is None else [variant]

    def _term(self, text: str, field: Field, kind: VariantKind) -> Variant | None:
        """Return the words of `text`, as they are, as a variant."""
        words = tuple(Word(token.surface, token.stem) for token in self._analyzer.words(text))
        if not words:
            return None
        leaf = Term(words[0], field, exact=True) if len(words) == 1 else Phrase(words, field)
        return Variant(leaf, kind, WEIGHTS[kind])


class _Work:
    """What comes together while a tree is expanded."""

    def __init__(self, typed: dict[Leaf, str]) -> None:
        self.typed = typed
        self.also: list[Also] = []
        self.kinds: dict[Leaf, VariantKind] = {}

    def joined(self, leaves: Sequence[Leaf], variants: Sequence[Variant]) -> Node:
        """Return leaves with their variants; leaves that are in the query themselves are no variants."""
        variants = [variant for variant in variants if variant.leaf not in leaves]
        if not variants:
            return leaves[0]
        typed = " ".join(self.typed.get(leaf, "") for leaf in leaves)
        for variant in variants:
            also = Also(variant.kind, typed, _text_of(variant.leaf))
            if also not in self.also:
                self.also.append(also)
            if variant.leaf not in self.typed:
                self.typed[variant.leaf] = typed
                self.kinds[variant.leaf] = variant.kind
        return Expanded(tuple(leaves), tuple(variants))


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


def _text_of(leaf: Term | Phrase) -> str:
    return " ".join(word.surface for word in leaf.words) if isinstance(leaf, Phrase) else leaf.word.surface
