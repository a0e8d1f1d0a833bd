"""Texts as the tagger reads them: a stream of words in sentences, and what is known of each word, looked up once.

Quotation marks are no words of the stream: what is said stands in them in some papers and without them in others.
"""

import re
from collections.abc import Mapping, Sequence, Set
from enum import IntFlag
from functools import cache
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.crf import OFFSETS, PADDING, Floats, Ints, Weights
from index.tagwords import EDGE, NAME_CLASSES, Lexicon, classes_of, folded, kind_number
from index.titles import TERRITORIES
from index.words import LANGUAGE_FOLDER

_LETTER = r"[^\W\d_]"
_DEGREE = (
    r"\b(?:[SMAB]\.(?:Ag|Ak|Ap|Eng|Farm|Hum|IP|Kep|Kes|Kom|Ling|Par|Pd|Pol|Psi|Sc|Si|Sn|Sos|Th)\b(?:\.I\b)?"
    r"|Ph\.D\b|Sp\.[A-Z][A-Za-z]*|LL\.[MB]\b)"
)
TOKEN = re.compile(
    rf"""({_DEGREE}                                                          # S.Kom, Ph.D, Sp.OG
    |(?:{_LETTER}\.)+(?:{_LETTER}\b)?(?=\W|{_LETTER}{_LETTER}|$)    # B.J. and S.H
    |{_LETTER}[\w]*(?:['’‘ʼ`´-]\w+)*                                     # Ma'ruf, Jokowi-JK, B50
    |\d+(?:[.,:/]\d+)*                                                   # 1.234,56 and 29/10/2013
    |\n|[^\s\w"“”„«»'’‘`´]|_+)""",
    re.VERBOSE,
)
BREAK = "\n"
PLACES_FILE = LANGUAGE_FOLDER / "tagger_places.txt"
_A_GRADE = 3  # degrees of the lexicon: the words of places may be of persons that much oftener

Bits = NDArray[np.int32]


class Trait(IntFlag):
    """What a word by itself says of the ends of sentences and of names."""

    ENDS = 1  # a sentence, if the next word may begin one
    BEGINS = 2
    ABBREVIATES = 4  # a stop after it belongs to it
    BREAKS = 8
    CAPITAL = 16
    NAME_LIKE = 32  # may be part of a person's name for all that is known of it
    INITIAL = 64  # begins a name: M in M Nazaruddin, Wa in Wa Ode
    NUMERAL = 128  # ends a name: X in Hamengkubuwono X
    PARTICLE = 256  # stands inside a name
    LEADS = 512  # stands before a name and is no part of it
    NEVER = 1024  # is no part of a person's name
    TRAILS = 2048  # stands after a name and is no part of it
    TITLE = 4096  # an honorific: what is before it is of no name that is behind it
    TERRITORY = 8192  # an office or an institution that the name of its place follows, and then that of its holder
    LOCATED = 16384  # is oftener of the name of a place than of a person
    COMPASS = 32768  # ends the name of a place: Timur in Jakarta Timur
    ARTICLE = 65536  # begins a name of Bali: I, Ni
    BALINESE = 131072  # stands behind that: Wayan


_LONGEST_ABBREVIATION = 4
_ABBREVIATIONS = frozenset("no jl jln st tgl hlm gg kab kec kel prov telp".split())
_IS_DEGREE = re.compile(_DEGREE + r"|[SM]\.[HEMTP]\.?")
_NUMERAL = re.compile("X|[IVX]{2,}")
_PARTICLES = frozenset("de van von bin binti al el da dos del der ibn".split())
_NEVER_NAMES = Trait.LEADS | Trait.NEVER
_LISTED: Mapping[str, Trait] = {
    word: found
    for found, words in (
        # Annotators leave them out of names, the model does not always: without this F1 of persons is .893 instead of .905.
        (
            Trait.LEADS,
            """pak bapak bu ibu om tante opa oma ny tuan nyonya presiden wapres gubernur wagub bupati walikota menteri ketua sekjen
            direktur dirut kepala jendral komjen pol jaksa hakim raja brigade tersangka terdakwa saksi artis aktor aktris penyanyi
            pengacara pengamat politisi politikus dokter""",
        ),
        (_NEVER_NAMES, "h haji hajah"),  # H may be an initial inside of a name, Wisma Haji is a place
        (
            _NEVER_NAMES | Trait.TITLE,
            """prof profesor professor dr drs dra drg drh ir insinyur hj hjh hadji hadjah kh ust ustaz ustad ustadz pdt
            toean njonja""",
        ),
        (Trait.ARTICLE, "i ni"),
        # by birth and by rank
        (Trait.BALINESE, "wayan gede putu made kadek nengah nyoman komang ketut gusti dewa luh ayu kade iluh cokorda"),
    )
    for word in words.split()
}


def traits(word: str, lexicon: Lexicon) -> Trait:
    """Return what a word says by itself."""
    if word == BREAK:
        return Trait.BREAKS
    if word in (".", "!", "?", "…"):
        return Trait.ENDS
    if word in _PARTICLES:
        return Trait.PARTICLE
    if word[:1].isdigit():
        return Trait.BEGINS
    if not word[:1].isupper():
        return Trait(0)
    return Trait.BEGINS | Trait.CAPITAL | _abbreviates(word) | _traits_of_name(word, lexicon)


def _abbreviates(word: str) -> Trait:
    key = folded(word)
    titled = len(word) <= _LONGEST_ABBREVIATION and "title" in classes_of(key)
    return Trait.ABBREVIATES if len(word) == 1 or titled or key in _ABBREVIATIONS else Trait(0)


def _traits_of_name(word: str, lexicon: Lexicon) -> Trait:
    key = folded(word)
    classes = set(classes_of(key))
    found = _LISTED.get(key.replace(".", ""), Trait(0)) | (Trait.TERRITORY if key in TERRITORIES else Trait(0))
    if "rank" in classes or ("country" in classes and classes.isdisjoint(NAME_CLASSES)):
        found |= Trait.LEADS
    if _IS_DEGREE.fullmatch(word):
        found |= Trait.TRAILS
    if "credit" in classes:
        found |= Trait.TRAILS | Trait.LEADS
    if (classes & {"credit", "brand"} and classes.isdisjoint(NAME_CLASSES)) or len(word) == 1 or "." in word:
        found |= Trait.NEVER
    if _NUMERAL.fullmatch(word):
        found |= Trait.NUMERAL
    if "side" in classes:
        found |= Trait.COMPASS
    if "city" in classes or lexicon.is_oftener_place(word, least=-_A_GRADE if key in _places() else 1):
        found |= Trait.LOCATED
    return found | _traits_of_beginning(word, classes, lexicon, is_article=Trait.ARTICLE in found)


@cache
def _places() -> frozenset[str]:
    lines = PLACES_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _traits_of_beginning(word: str, classes: Set[str], lexicon: Lexicon, *, is_article: bool) -> Trait:
    if is_article:
        return Trait(0)
    if len(word) == 1 or word[1] == "." or "beginning" in classes or lexicon.are_initials(word):
        return Trait.INITIAL
    if not word.isupper() and len(word) > 2 and classes <= NAME_CLASSES and lexicon.may_name(word):
        return Trait.NAME_LIKE
    return Trait(0)


class Memo(dict[str, int]):
    """The words seen so far, each with the number of its row: what it weighs, its kind and its traits. Row 0 is padding's."""

    def __init__(self, weights: Weights, lexicon: Lexicon) -> None:
        super().__init__()
        self._weights = weights
        self._lexicon = lexicon
        self._lock = Lock()
        self.rows: Floats = np.zeros((1024, len(OFFSETS), len(weights.labels)), np.float32)
        self.kinds: Ints = np.zeros(1024, np.int32)
        self.bits: Bits = np.zeros(1024, np.int32)
        self.__missing__(EDGE)

    def __missing__(self, word: str) -> int:
        row = self._weights.row(self._lexicon.features(word))
        with self._lock:
            known = self.get(word)
            if known is not None:
                return known
            number = len(self)
            if number == len(self.kinds):
                self.rows = np.concatenate((self.rows, np.zeros_like(self.rows)))
                self.kinds = np.concatenate((self.kinds, np.zeros_like(self.kinds)))
                self.bits = np.concatenate((self.bits, np.zeros_like(self.bits)))
            self.rows[number] = row
            self.kinds[number] = kind_number(word)
            self.bits[number] = traits(word, self._lexicon)
            self[word] = number
            return number


class Stream(NamedTuple):
    """Sentences one after the other, with padding around each.

    Of each entry `words` is the row of its word and `tokens` the number of its token in the text, -1 of padding.
    """

    words: Ints
    tokens: Ints
    starts: Ints
    lengths: Ints


class Tokenised(NamedTuple):
    """The tokens of a text, where each ends in it, the traits of each, and the stream."""

    tokens: Sequence[str]
    ends: NDArray[np.int64]
    bits: Bits
    stream: Stream


def tokenised(text: str, memo: Memo) -> Tokenised:
    """Return the tokens of a text and its sentences, which end at line breaks, too."""
    pieces = TOKEN.split(text)
    tokens = pieces[1::2]
    words = np.fromiter(map(memo.__getitem__, tokens), np.int32, len(tokens))
    ends = np.cumsum(np.fromiter(map(len, pieces), np.int64, len(pieces)))[1::2]
    bits = memo.bits[words]
    return Tokenised(tokens, ends, bits, _stream(words, bits))


def _stream(words: Ints, bits: Bits) -> Stream:
    breaks = (bits & Trait.BREAKS) != 0
    begins = np.zeros(len(words), bool)
    begins[1:] = breaks[:-1]
    ended = (bits[:-1] & Trait.ENDS) != 0
    ended[1:] &= (bits[:-2] & Trait.ABBREVIATES) == 0
    begins[1:] |= ended & ((bits[1:] & Trait.BEGINS) != 0)
    kept = np.flatnonzero(~breaks)
    firsts = np.flatnonzero(np.diff(np.cumsum(begins)[kept], prepend=-1))
    lengths = np.diff(firsts, append=len(kept))
    starts = firsts + PADDING * np.arange(1, len(firsts) + 1)
    places = np.arange(len(kept)) + np.repeat(starts - firsts, lengths)
    size = len(kept) + PADDING * (len(firsts) + 1)
    found = np.zeros(size, np.int32)
    tokens = np.full(size, -1, np.int32)
    found[places] = words[kept]
    tokens[places] = kept
    return Stream(found, tokens, starts.astype(np.int32), lengths.astype(np.int32))
