"""What the analysis knows of single words: which are names, and which have another root than Sastrawi finds.

A name must not be stemmed: `bekasi` would become `bekas`, `kejagung` (the attorney general) `jagung` (maize). And Sastrawi
finds `rusa` (deer) in `kerusakan` (damage). Both lists are data files beside the code; words of an archive's own come on top.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.stemming import is_root, root_of

LANGUAGE_FOLDER = Path(__file__).parent / "language"
NAMES_FILE = LANGUAGE_FOLDER / "names.txt"
ROOTS_FILE = LANGUAGE_FOLDER / "roots.tsv"
SPELLINGS_FILE = LANGUAGE_FOLDER / "spellings.tsv"

_CLITICS = ("nya", "lah", "kah", "pun", "ku", "mu")
_SHORTEST_BASE = 4  # letters before a clitic; shorter ones are names: Kenya, Sonya

# By how a word stands in mid-sentence. Of 65 words that one half of 10,669 articles teaches by this, 62 are names, and of 62 of
# the other half 61; tests/learned_names.tsv has the verdicts.
LEAST_CAPITALISED = 5
MOST_LOWER = 0.02
_SHORTEST_COMMON_ROOT = 4  # letters; in names Sastrawi mostly finds shorter ones: ke-dir-i, mil-an
_CIRCUMFIXED = re.compile(r"(?:ke|pe).+an")
_ENDED = re.compile(r".+(?:kan|nya|ku|mu)")


@dataclass(frozen=True, slots=True)
class WordTable:
    """Names, and the roots of words that Sastrawi gets wrong; all words folded.

    `spellings` leads from words in spellings that are not the standard ones to the roots of the standard words.
    """

    names: frozenset[str]
    roots: Mapping[str, str]
    spellings: Mapping[str, str] = field(default_factory=dict)

    def is_name(self, surface: str) -> bool:
        """Tell whether a folded word is a name, which has no root but itself."""
        return surface in self.names

    def root(self, surface: str) -> str:
        """Return the root of one folded word: by this table, else by Sastrawi; a name is its own.

        >>> SHIPPED.root("kerusakan"), SHIPPED.root("bekasi"), SHIPPED.root("ponselnya"), SHIPPED.root("milyaran")
        ('rusak', 'bekasi', 'ponsel', 'miliar')
        """
        standard = self.spellings.get(surface)
        if standard is not None:
            return standard
        root = self._spelled_root(surface)
        return self.spellings.get(root, root)

    def _spelled_root(self, surface: str) -> str:
        listed = self._listed(surface)
        if listed is not None:
            return listed
        if "-" in surface:
            return self._root_of_halves(surface)
        base, clitic = _split_clitic(surface)
        listed = self._listed(base)
        if listed is not None:
            return listed
        root = root_of(surface)
        if not clitic or (root.endswith(clitic) and is_root(root)):  # tanya in bertanya
            return root
        # Sastrawi keeps -nya where it does not know the word before it, and cuts more than the clitic where that ends in -i:
        # membelinya. Of the others, which it would know, as many end a name: Abdullah.
        return self._spelled_root(base) if clitic == "nya" or root != surface else root

    def _listed(self, surface: str) -> str | None:
        return self.roots.get(surface) or (surface if surface in self.names else None)

    def _root_of_halves(self, surface: str) -> str:
        """Return the root that both halves of gerakan-gerakannya have, else what Sastrawi finds in the whole."""
        roots = {self.root(half) for half in surface.split("-") if half}
        return roots.pop() if len(roots) == 1 else root_of(surface)


@dataclass(frozen=True, slots=True)
class Exceptions:
    """A newsroom's own words, folded: names, words that are no names, and roots, as (word, root).

    `faults` says of each line of their file that is none of these what is wrong with it.
    """

    names: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    roots: tuple[tuple[str, str], ...] = ()
    faults: tuple[str, ...] = field(default=(), compare=False)


def with_exceptions(table: WordTable, exceptions: Exceptions) -> WordTable:
    """Return `table` with a newsroom's exceptions, which win over all that it holds: they are added last."""
    own = dict(exceptions.roots)
    roots = {word: root for word, root in table.roots.items() if word not in exceptions.names} | own
    kept = exceptions.names | own.keys() | set(own.values())
    spellings = {root: standard for root, standard in table.spellings.items() if root not in kept}
    return WordTable((table.names | exceptions.names) - exceptions.common - own.keys(), roots, spellings)


def with_names(table: WordTable, learned: Iterable[str]) -> WordTable:
    """Return `table` with more names; a word whose root it lists is none."""
    return replace(table, names=table.names.union(learned).difference(table.roots))


def is_learned_name(surface: str, capitalised: int, lower: int, *, least: int = LEAST_CAPITALISED) -> bool:
    """Tell whether an archive's own counts make a folded word a name that must not be stemmed.

    The counts are of the word in mid-sentence, outside headlines; `least` capitalised ones are asked for. Institutions are
    always capitalised too and want their root: a word in the shape of a common noun, Kementerian or Perhubungan, is no name.
    """
    if capitalised < least or lower > MOST_LOWER * (capitalised + lower):
        return False
    root = root_of(surface)
    return root != surface and not _has_common_shape(surface, root)


def _has_common_shape(surface: str, root: str) -> bool:
    if len(root) < _SHORTEST_COMMON_ROOT:
        return False
    return bool(_CIRCUMFIXED.fullmatch(surface) or _ENDED.fullmatch(surface))


def _split_clitic(surface: str) -> tuple[str, str]:
    """Return a word in two, before its clitic; the whole and nothing where there is none or too little before it."""
    for clitic in _CLITICS:
        if surface.endswith(clitic) and len(surface) - len(clitic) >= _SHORTEST_BASE:
            return surface[: -len(clitic)], clitic
    return surface, ""


def _shipped() -> WordTable:
    roots = [(word, root) for word, root in (line.split("\t") for line in _entries(ROOTS_FILE))]
    table = WordTable(frozenset(_entries(NAMES_FILE)), dict(roots))
    pairs = [line.split("\t") for line in _entries(SPELLINGS_FILE)]
    return replace(table, spellings={word: table.root(standard) for word, standard in pairs})


def _entries(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


SHIPPED = _shipped()
"""The words of the data files."""
