"""Sastrawi, asked so that it tries only the rules that can apply: the same roots in a fifth of the time.

PySastrawi tries all of its forty prefix rules at each step, each a regular expression that names the letters a word must begin
with. Here a word meets only those whose letters it has; the rules themselves, their order and the dictionary are Sastrawi's.
`tests/test_stemming.py` compares the two over all words of an archive.
"""

import re
from collections.abc import Sequence
from functools import cache

from Sastrawi.Stemmer.Context.Context import Context
from Sastrawi.Stemmer.Context.Visitor.PrefixDisambiguator import PrefixDisambiguator
from Sastrawi.Stemmer.Stemmer import Stemmer
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

_RULE_NUMBER = re.compile(r"Rule(\d+)")
# The first two letters of the words that a rule can change, by its number; rules 37 to 40 look at the second and third letter.
_BEGINNINGS = {"be": range(1, 6), "te": (*range(6, 10), 35), "me": range(10, 20), "pe": (*range(20, 35), 36)}
_BEGINNINGS |= {"ku": (41,), "ka": (42,)}
_PLAIN_PREFIXES = frozenset({"di", "ke", "se"})
_INFIXES = frozenset({"er", "el", "em", "in"})
_INFIX_RULES = range(37, 41)
_ENDINGS = ("lah", "kah", "tah", "pun", "ku", "mu", "nya", "is", "isme", "isasi", "i", "kan", "an")
_SHORTEST_STEMMED = 4  # letters; Sastrawi leaves shorter words alone


@cache
def stemmer() -> Stemmer:
    """Return this process's stemmer; making it reads Sastrawi's dictionary of 29,932 roots."""
    dictionary = StemmerFactory().create_stemmer().delegatedStemmer.dictionary
    return _FasterStemmer(dictionary)


def root_of(word: str) -> str:
    """Return the root of one folded word; one that is short or not of letters only is its own root.

    >>> root_of("pembangunan"), root_of("berjalan-jalan"), root_of("beras")
    ('bangun', 'jalan', 'beras')
    """
    letters = word.replace("-", "")
    if len(letters) < _SHORTEST_STEMMED or not (letters.isascii() and letters.isalpha()):
        return word
    return str(stemmer().stem_word(word)) or word


def is_root(word: str) -> bool:
    """Say whether a folded word stands in Sastrawi's dictionary of roots."""
    return bool(stemmer().dictionary.contains(word))


class _FasterStemmer(Stemmer):  # type: ignore[misc]  # Sastrawi has no types
    def stem_singular_word(self, word: str) -> str:
        if not word.endswith(_ENDINGS) and not _can_have_prefix(word):
            return word  # no rule can change it
        context = _Context(word, self.dictionary, self.visitor_provider)
        context.execute()
        return str(context.result)


class _Context(Context):  # type: ignore[misc]
    def accept_prefix_visitors(self, visitors: Sequence[object]) -> None:
        super().accept_prefix_visitors(_applicable(self.current_word[:2], self.current_word[1:3], tuple(visitors)))


def _can_have_prefix(word: str) -> bool:
    return word[:2] in _PLAIN_PREFIXES or word[:2] in _BEGINNINGS or word[1:3] in _INFIXES


@cache
def _applicable(beginning: str, inside: str, visitors: tuple[object, ...]) -> tuple[object, ...]:
    """Return those of Sastrawi's prefix visitors that can change a word with these letters at its beginning."""
    rules = set(_BEGINNINGS.get(beginning, ()))
    if inside in _INFIXES:
        rules.update(_INFIX_RULES)
    return tuple(visitor for visitor in visitors if _applies(visitor, beginning, rules))


def _applies(visitor: object, beginning: str, rules: set[int]) -> bool:
    if not isinstance(visitor, PrefixDisambiguator):
        return beginning in _PLAIN_PREFIXES
    match = _RULE_NUMBER.search(type(visitor.disambiguators[0]).__name__)
    return match is None or int(match[1]) in rules
