"""What the tagger knows of single words: their form, the classes of a hand-made list, and what unlabelled articles say of them.

The mined part comes from tests/bench/mine_words.py: of each frequent word the clusters of words used alike, how often it stands in
lower case, and how often a first model took it for (part of) a person, an organisation or a place.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.analysis import fold
from index.crf import packed, unpacked
from index.words import LANGUAGE_FOLDER

WORDS_FILE = LANGUAGE_FOLDER / "tagger_words.tsv"
EDGE = ""  # the word that stands before and after a sentence

COLUMNS = tuple("use48 use192 use640 lower speaks located instituted person organisation place first".split())
"""What is mined of a word: its cluster among so many of words used alike, and degrees; 0 is unknown.

Degrees: how often it stands in lower case; how often a run of capitalised words that holds it stands beside words that tell of
persons, places or organisations; how often a model took it for part of one; how often it was the first word of a person's name.
"""

_ABSENT = 0
_RARELY_LOWER = 2  # a degree: in less than 2 % of cases
_SOMETIMES_FIRST = 2  # a degree
_OFTEN_PERSON = 10  # a degree: in 30 % of cases or more
_OPINIONS = frozenset(("speaks", "person", "organisation", "place", "unseen", "common"))
KINDS = tuple(
    (
        "edge comma stop open close dash mark number lower capital capitals initial and that title rank role said says in person "
        "kin place side organisation party day money title_end event beginning credit brand figure given foreign_given surname "
        "country city adjective"
    ).split()
)
"""The kinds of words, of which combinations of neighbours are looked at: marks, forms, and the first class of a listed word."""

NAME_CLASSES = frozenset(("beginning", "figure", "given", "foreign_given", "surname"))

_KIND_NUMBERS = {kind: number for number, kind in enumerate(KINDS)}
_MARKS = {",": "comma", "(": "open", ")": "close"} | dict.fromkeys(".!?:", "stop") | dict.fromkeys("-–—", "dash")
_SMALL = dict.fromkeys(("dan", "serta", "maupun", "atau"), "and") | dict.fromkeys(("yang", "bahwa"), "that")
_AFFIXES = ((2, 3, 4), (2, 3))  # letters of endings and beginnings
_SAME = str.maketrans("’‘ʼ`´", "'" * 5)
_REPEATED = re.compile(r"(.)\1+")


def classes_of(key: str) -> tuple[str, ...]:
    """Return the classes of a folded word in the shipped list, in the order of the list."""
    return _classes().get(key, ())


@cache
def _classes() -> Mapping[str, tuple[str, ...]]:
    classes: dict[str, tuple[str, ...]] = {}
    for line in WORDS_FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, words = line.split("\t")
            for word in words.split():
                classes[word] = (*classes.get(word, ()), name)
    return classes


def folded(word: str) -> str:
    """Return a word as the tagger compares it: folded, apostrophes alike."""
    return fold(word.translate(_SAME))


def shape(word: str) -> str:
    """Return the form of a word: runs of capitals, small letters and digits, a single letter apart from several.

    >>> shape("Jokowi-JK"), shape("B"), shape("B.J."), shape("B50"), shape("kata")
    ('Xx-XX', 'X', 'X.X.', 'X0', 'xx')
    """
    forms = "".join("X" if c.isupper() else "x" if c.isalpha() else "0" if c.isdigit() else c for c in word)
    runs = _REPEATED.sub(r"\1\1", forms)
    return runs.replace("Xxx", "Xx")


def kind_number(word: str) -> int:
    """Return the place of a word's kind in KINDS."""
    return _KIND_NUMBERS[_kind(word)]


def _kind(word: str) -> str:
    if not word:
        return "edge"
    if not word[0].isalpha():
        return "number" if word[0].isdigit() else _MARKS.get(word, "mark")
    key = folded(word)
    known = classes_of(key)
    return known[0] if known else _SMALL.get(key) or _form(word)


def _form(word: str) -> str:
    if not word[0].isupper():
        return "lower"
    if len(word) == 1 or word[1] == ".":
        return "initial"
    return "capitals" if word.isupper() else "capital"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What was mined: the row of each word in `degrees`, whose columns are COLUMNS."""

    rows: Mapping[str, int]
    degrees: NDArray[np.uint16]

    def features(self, word: str) -> list[str]:
        """Return what the model may know of a word by itself."""
        if not word:
            return ["edge"]
        if not word[0].isalpha():
            return ["mark=0" if word[0].isdigit() else f"mark={word}"]
        key = folded(word)
        features = ["any", f"word={key}", f"shape={shape(word)}"]
        features += (f"class={name}" for name in classes_of(key))
        endings, beginnings = _AFFIXES
        features += (f"-{key[-n:]}" for n in endings if len(key) > max(n, 3))
        features += (f"{key[:n]}-" for n in beginnings if len(key) > max(n, 3))
        if word[0].isupper():
            features.append(f"Word={key}")
        features += self._mined(word)
        if "-" in word:
            features += (f"half {feature}" for half in word.split("-") for feature in self._half(half))
        return features

    def _half(self, half: str) -> list[str]:
        """Return what speaks for a name in a half of a word such as Prabowo-Gibran."""
        found = [f"class={name}" for name in classes_of(folded(half))]
        return found + [feature for feature in self._mined(half) if feature.partition("=")[0] in _OPINIONS]

    def _mined(self, word: str) -> list[str]:
        row = self.rows.get(word)
        if row is None and word.isupper():
            row = self.rows.get(word.capitalize())
        if row is None:
            return ["common" if word.lower() in self.rows else "unseen"]
        found = []
        for column, degree in zip(COLUMNS, self.degrees[row].tolist(), strict=True):
            if degree != _ABSENT:
                found.append(f"{column}={degree}")
        return found

    def may_name(self, word: str) -> bool:
        """Tell whether nothing that was mined speaks against a capitalised word being part of a person's name."""
        row = self.rows.get(word)
        if row is None:
            return word.lower() not in self.rows
        lower, person = (int(self.degrees[row, COLUMNS.index(column)]) for column in ("lower", "person"))
        return lower <= _RARELY_LOWER and (person == _ABSENT or person >= _OFTEN_PERSON)

    def is_oftener_place(self, word: str, *, least: int) -> bool:
        """Tell whether a word was taken for part of a place by `least` degrees oftener than for part of a person."""
        return self._degree(word, "place") - self._degree(word, "person") >= least

    def are_initials(self, word: str) -> bool:
        """Tell whether a word is of two capitals that begin names of persons, and are an institution's not oftener: BJ, WS."""
        return (
            len(word) == len("BJ")
            and word.isalpha()
            and word.isupper()
            and self._degree(word, "first") >= _SOMETIMES_FIRST
            and self._degree(word, "person") >= self._degree(word, "organisation")
        )

    def _degree(self, word: str, column: str) -> int:
        row = self.rows.get(word)
        return _ABSENT if row is None else int(self.degrees[row, COLUMNS.index(column)])

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return what was mined as arrays for a file."""
        order = sorted(self.rows, key=lambda word: word)
        return {"mined": packed(order), "degrees": np.ascontiguousarray(self.degrees[[self.rows[w] for w in order]].T)}

    @classmethod
    def from_arrays(cls, stored: Mapping[str, NDArray[np.generic]]) -> Self:
        """Return what `arrays` made these of."""
        rows = {word: row for row, word in enumerate(unpacked(stored["mined"]))}
        return cls(rows, np.ascontiguousarray(stored["degrees"].T.astype(np.uint16)))


NO_LEXICON = Lexicon({}, np.zeros((0, len(COLUMNS)), np.uint16))
