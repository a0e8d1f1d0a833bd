"""What the analysis knows of single words: names, which have no other forms, and the roots that Sastrawi gets wrong.

Shipped lists lie in `index/language/`; an archive adds the names that it learned and its newsroom's exceptions. Who wins: the
newsroom, then the shipped lists, then what was learned, then Sastrawi.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index.stemming import root_of

LANGUAGE_FOLDER = Path(__file__).parent / "language"


@dataclass(frozen=True)
class WordTable:
    """Names and overrides in front of Sastrawi; all words are folded."""

    names: frozenset[str]
    roots: Mapping[str, str]

    def is_name(self, surface: str) -> bool:
        """Say whether a word is a name."""
        return surface in self.names

    def root(self, surface: str) -> str:
        """Return the root of a folded word, a name's own form."""
        known = self.roots.get(surface)
        if known is not None:
            return known
        return surface if surface in self.names else root_of(surface)


@dataclass(frozen=True)
class Exceptions:
    """A newsroom's own words: names, words that are no names, and roots, as (word, root)."""

    names: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    roots: tuple[tuple[str, str], ...] = ()
    faults: tuple[str, ...] = field(default=(), compare=False)


SHIPPED = WordTable(frozenset(), {})


def read_exceptions(path: Path) -> Exceptions:
    """Return the exceptions in a file; one that is absent has none."""
    return Exceptions()


def with_exceptions(table: WordTable, exceptions: Exceptions) -> WordTable:
    """Return the table with a newsroom's exceptions."""
    names = (table.names | exceptions.names) - exceptions.common
    return WordTable(names, {**table.roots, **dict(exceptions.roots)})


def with_names(table: WordTable, learned: Iterable[str]) -> WordTable:
    """Return the table with learned names, those left out that have a shipped root."""
    return WordTable(table.names | frozenset(learned).difference(table.roots), table.roots)


def is_learned_name(surface: str, capitalised: int, lower: int) -> bool:
    """Say whether an archive that writes a word so often in capitals and in small letters writes it as a name."""
    return capitalised >= 5 and lower * 50 <= capitalised and root_of(surface) != surface
