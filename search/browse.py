"""Persons and topics from A to Z: by letter, by a part of a name, and those nearest to a name that nobody has."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from heapq import nlargest

from index.namekeys import key_words, spelling
from index.topics import topic_slug
from search.query import FilterField
from search.results import Entry

LEAST_LISTED = 3  # articles of an entry that the archivist has not reviewed
OTHER = "#"  # the letter of what begins with none
NEAREST = 5
LIKE = 0.6  # similarity, of 1, from which on a name is near to another one
BEGUN = 0.95  # similarity of a name whose words begin with all that was typed
SHORTEST = 3  # letters of a part that is looked for in any spelling: of "zzz" one letter is left

NamesOf = Callable[[str], Sequence[str]]  # all names of the entry with this slug


@dataclass(frozen=True)
class Directory:
    """All persons or topics worth listing, by name: recorded ones, and others of at least `LEAST_LISTED` articles."""

    entries: tuple[Entry, ...]
    names_of: NamesOf
    field: FilterField = FilterField.PERSON

    @classmethod
    def of(cls, entries: Sequence[Entry], names_of: NamesOf, field: FilterField = FilterField.PERSON) -> "Directory":
        """Return the directory of these entries, which come by label."""
        return cls(tuple(e for e in entries if e.recorded or e.articles >= LEAST_LISTED), names_of, field)

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters that names begin with, in order, `OTHER` last."""
        return tuple(sorted(self._letters, key=lambda letter: (letter == OTHER, letter)))

    def under(self, letter: str) -> tuple[Entry, ...]:
        """Return the entries under a letter."""
        return tuple(self._letters.get(letter, ()))

    def most_frequent(self, most: int) -> tuple[Entry, ...]:
        """Return the entries with the most articles, most first."""
        return tuple(nlargest(most, self.entries, key=lambda entry: entry.articles))

    def with_words(self, typed: str) -> tuple[Entry, ...]:
        """Return the entries of which one name has all parts that are typed, in any spelling and order."""
        parts = _words(typed, self.field)
        if not parts:
            return ()
        as_typed = [part for part in _typed_words(typed, self.field) if len(spelling(part)) < SHORTEST]
        return tuple(
            entry
            for entry, names in zip(self.entries, self._names, strict=True)
            if any(all(part in " ".join(words) for part in parts) for words in names)
            and (not as_typed or self._has_as_typed(entry, as_typed))
        )

    def nearest(self, typed: str) -> tuple[Entry, ...]:
        """Return the entries whose names are most like what was typed, the likest first, of equals the most frequent."""
        wanted = _words(typed, self.field)
        if not wanted:
            return ()
        begins = {word[0] for word in wanted}
        near: list[tuple[float, int, Entry]] = []
        for entry, names in zip(self.entries, self._names, strict=True):
            like = max(_likeness(wanted, begins, words) for words in names)
            if like >= LIKE:
                near.append((like, entry.articles, entry))
        return tuple(entry for _like, _n, entry in nlargest(NEAREST, near, key=lambda found: found[:2]))

    def _has_as_typed(self, entry: Entry, parts: Sequence[str]) -> bool:
        names = (entry.label, *self.names_of(entry.slug))
        return any(all(part in " ".join(_typed_words(name, self.field)) for part in parts) for name in names)

    @cached_property
    def _letters(self) -> dict[str, list[Entry]]:
        letters: dict[str, list[Entry]] = {}
        for entry in self.entries:
            letters.setdefault(letter_of(entry), []).append(entry)
        return letters

    @cached_property
    def _names(self) -> list[list[list[str]]]:
        """Of each entry, the words of its names as they are compared."""
        return [
            [_words(name, self.field) for name in (entry.label, *self.names_of(entry.slug))] for entry in self.entries
        ]


def letter_of(entry: Entry) -> str:
    """Return the letter that an entry stands under, accents aside: that of its first letter from A to Z, else `OTHER`."""
    first = "".join(_words(entry.label, entry.field))[:1].upper()
    return first if "A" <= first <= "Z" else OTHER


def _words(name: str, field: FilterField) -> list[str]:
    """Return the words of a name as they are compared, with all their spellings alike."""
    return list(map(spelling, _typed_words(name, field)))


def _typed_words(name: str, field: FilterField) -> list[str]:
    """Return the folded words of a name; honorifics are no part of a person's, but are words of a topic's."""
    return list(key_words(name) if field is FilterField.PERSON else filter(None, topic_slug(name).split("-")))


def _likeness(wanted: Sequence[str], begins: set[str], words: Sequence[str]) -> float:
    """Return how like two names are, from 0 to 1: a name with all the words counts most, the rest is compared by letters, too."""
    if begins.isdisjoint(word[0] for word in words):
        return 0.0
    common = len(set(wanted) & set(words)) / len(wanted)
    if common < 1 and all(len(part) >= SHORTEST and any(w.startswith(part) for w in words) for part in wanted):
        return BEGUN
    if common == 1:
        return 1.0
    matcher = SequenceMatcher(None, " ".join(wanted), " ".join(words))
    is_like = matcher.real_quick_ratio() >= LIKE and matcher.quick_ratio() >= LIKE
    return max(0.5 + common / 2 if common else 0.0, matcher.ratio() if is_like else 0.0)
