"""Pairs of an acronym and what it stands for, mined from the text of articles.

Newspapers explain a short form beside it: "Komisi Pemberantasan Korupsi (KPK)", "KPK (Komisi Pemberantasan Korupsi)", "(crude
palm oil/CPO)". Where the long form begins is found by spelling the short form with the words beside it at the least cost:
initials of words cost nothing, other letters of them something, words that give no letter much. That is the idea of Schwartz and
Hearst (A simple algorithm for identifying abbreviation definitions in biomedical text, 2003) with costs for Indonesian, whose
acronyms are often made of syllables, also from inside of a word ("Kejaksaan Agung (Kejagung)").
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from index.analysis import fold, fold_value

MIN_ARTICLES = (
    3  # pairs that fewer articles explain are not used: a slip of a writer or of this module seldom comes thrice
)

_BRACKET = re.compile(r"\(([^()\n]{2,100})\)")
_SHORT = re.compile(r"(?=.{2,20}$)[A-Za-z]+[2-4]?[A-Za-z]*(?:[-/. ][A-Za-z]+){0,2}")
_PART = re.compile(r"[A-Za-z2-4]+")
# A capital within a word begins another one: PlayStation, and what lost its space: ujarKetua.
_WORD = re.compile(r"[A-Z](?:['’]?[a-z])+|[a-z]+(?=[A-Z])|[^\W_]+(?:['’&][^\W_]+)*")
_END = re.compile(r"[!?;:…\n()\"“”«»|=]|\.\s|(?<=[a-z]{2})\.(?=[A-Z])|\s[-–—]+\s")  # no long form goes over these
_AFTER_COMPANY = ("(Persero)", " Tbk", " Tbk.")  # what stands behind a name and is none of it
_AFTER_OFFICE = (" RI", " Republik Indonesia")  # likewise, unless the short form needs it: Kepolisian RI (Polri)
_MARKS = " ,\"“”'‘’"
_FUNCTION = frozenset(
    "dan di ke untuk yang atau dari pada dalam atas serta bagi dengan tentang of for the and in on to a an".split()
)
_BEGINS_NONE = _FUNCTION - {"dalam"}  # dalam jaringan (daring)
_CONTRACTED = {
    ("direktorat", "dit"), ("negeri", "gri"), ("kepala", "ka"), ("kreatif", "kraf"), ("pemilihan", "pil"),
    ("kepolisian", "pol"), ("sekretaris", "ses"), ("sekretariat", "ses"),
}  # fmt: skip

# What it costs to spell a short form with a long one, chosen by looking at pairs; tests/acronym_sample.tsv judges others.
_SKIPPED = 3.0  # a word within the long form that gives no letter
_SKIPPED_FUNCTION = 0.1  # dan, untuk, of; the second half of Undang-Undang
_TRAILING = 1.5  # the last word of a syllabic acronym gives none: Menteri Luar Negeri (Menlu)
_IMPOSSIBLE = 99.0


class AcronymPair(NamedTuple):
    """A short form and what it stands for, as written, with single spaces."""

    short: str
    long: str


def pair_key(pair: AcronymPair) -> tuple[str, str]:
    """Return the short and the long form as pairs are counted by them: folded, hyphens as spaces.

    >>> pair_key(AcronymPair("UU", "Undang-Undang"))
    ('uu', 'undang undang')
    """
    return fold_value(pair.short.replace("-", " ")), fold_value(pair.long.replace("-", " "))


def mined(text: str) -> list[AcronymPair]:
    """Return the pairs that a text explains in brackets, in their order, each once. Any text will do; a line ends a name.

    >>> mined("Pegawai Kementerian Keuangan (Kemenkeu) melapor ke KPK (Komisi Pemberantasan Korupsi).")
    [AcronymPair(short='Kemenkeu', long='Kementerian Keuangan'), AcronymPair(short='KPK', long='Komisi Pemberantasan Korupsi')]
    """
    at = text.find("(")
    if at < 0:
        return []
    found: dict[AcronymPair, None] = {}
    for bracket in _BRACKET.finditer(text, at):
        inner = bracket[1].strip()
        pair = None
        if _SHORT.fullmatch(inner):
            pair = _explained_before(inner, text[max(0, bracket.start() - _reach(inner)) : bracket.start()])
        if pair is None and " " in inner:
            pair = _explained_inside(inner, text[max(0, bracket.start() - _reach("")) : bracket.start()])
        if pair:
            found[pair] = None
    return list(found)


def _reach(short: str) -> int:
    """Return in how many characters before its bracket the long form of `short` is looked for."""
    return min(40 + 11 * len(short), 180)


def _explained_before(short: str, before: str) -> AcronymPair | None:
    """Return the pair of "Komisi Pemberantasan Korupsi (KPK)"."""
    before = before.rstrip(_MARKS)
    while before.endswith(_AFTER_COMPANY):
        before = before[: max(map(before.rfind, _AFTER_COMPANY))].rstrip(_MARKS)
    before = _END.split(before)[-1]
    pair = None
    if before.endswith(_AFTER_OFFICE):
        pair = _pair_ending(short, before[: max(map(before.rfind, _AFTER_OFFICE))])
    pair = pair or _pair_ending(short, before)
    if pair is None and short.endswith(" RI"):
        return _explained_before(short[:-3], before)
    return pair


def _pair_ending(short: str, before: str) -> AcronymPair | None:
    """Return the pair whose long form ends where `before` does, None where its last words do not spell the short form."""
    words = list(_WORD.finditer(before))
    begin = _begin(short, tuple([word[0] for word in words]))
    return None if begin is None else AcronymPair(short, " ".join(before[words[begin].start() :].split()))


def _explained_inside(inner: str, before: str) -> AcronymPair | None:
    """Return the pair of "KPK (Komisi Pemberantasan Korupsi)" or "(Komisi Pemberantasan Korupsi/KPK)"."""
    for short, long in _halves(inner, before):
        if _SHORT.fullmatch(short) and not _END.search(long):
            words = tuple(_WORD.findall(long))
            if len(words) > 1 and long.startswith(words[0]) and _begin(short, words, whole=True) == 0:
                return AcronymPair(short, " ".join(long.split()))
    return None


def _halves(inner: str, before: str) -> Iterator[tuple[str, str]]:
    """Yield what may be a short and a long form within a bracket, or one before it and one within."""
    for joint in ("/", " atau ", ", "):
        first, found, second = inner.rpartition(joint)
        if found:
            yield second.strip(_MARKS), first.strip(_MARKS)
            yield first.strip(_MARKS), second.strip(_MARKS)
    words = before.split()[-2:]
    if words:
        yield words[-1].strip(_MARKS), inner
        yield " ".join(words).strip(_MARKS), inner


class _Short(NamedTuple):
    """A short form taken apart."""

    letters: str  # in small, digits spelled out
    starts: frozenset[int]  # places of letters that another word must give than the letter before: of AD in TNI AD
    capitals: bool  # it has no small letters
    parts: tuple[str, ...]  # as written, between spaces and marks

    def limit(self, whole: bool) -> float:
        """Return what spelling this short form may cost; less where the long form begins and ends by itself."""
        length = len(self.letters)
        if self.capitals:
            limit = 1.2 if length == 2 else 3.3 if length < 5 else 5.2
        elif self.parts[0].islower():
            limit = min(0.52 * length, 3.2)
        else:
            limit = min(0.62 * length, 5.8)
        return min(limit, 3.3) if whole else limit


@lru_cache(4_096)
def _short(written: str) -> _Short:
    """Return the short form taken apart. A digit repeats the letter before it: B3 is bahan berbahaya dan beracun."""
    letters = ""
    starts: set[int] = set()
    parts = _PART.findall(written)
    for part in parts:
        for place, letter in enumerate(part):
            if letter.isdigit():
                starts.update(range(len(letters), len(letters) + int(letter) - 1))
                letters += letters[-1] * (int(letter) - 1)
                continue
            if place == 0:
                starts.add(len(letters))
            letters += letter.lower()
    return _Short(letters, frozenset(starts), written.isupper(), tuple(parts))


@lru_cache(4_096)
def _begin(short: str, words: tuple[str, ...], whole: bool = False) -> int | None:
    """Return at which of the words the long form of `short` begins that ends with them, None where none does.

    With `whole` they are all that a bracket holds, and it begins with the first of them or not at all.
    """
    form = _short(short)
    if form.parts[0].islower() and (" " in short or len(form.letters) < 4):
        return None
    begin = _begin_of_initials(form, words) if form.capitals else None
    if begin is not None and not (whole and begin):
        return None if short in words[begin:] else begin
    begin = _Spelling(form, words).begin(whole)
    if begin is None or len(words) - begin < 2 or _is_abridged(form, words[begin:]):
        return None
    return begin


def _begin_of_initials(form: _Short, words: tuple[str, ...]) -> int | None:
    """Return where the words begin whose initials are the letters, as of most short forms, without weighing others."""
    left = form.letters
    for place in range(len(words) - 1, -1, -1):
        word = words[place]
        if word[0].lower() == left[-1]:
            left = left[:-1]
            if not left:
                return None if word in _BEGINS_NONE else place
        elif word not in _FUNCTION:
            return None
    return None


def _is_abridged(form: _Short, words: tuple[str, ...]) -> bool:
    """Return whether the short form only leaves out words or ends: Bank Contoh Indonesia (Bank Contoh), Anton Uji (ANT)."""
    folded = [fold(word) for word in words]
    parts = [part.lower() for part in form.parts]
    return len(form.letters) > 2 and all(
        any(word.startswith(part) if len(part) > 2 else word == part for word in folded) for part in parts
    )


class _Spelling:
    """The ways to spell a short form with words that stand beside it, each letter by a word, in their order."""

    def __init__(self, form: _Short, words: tuple[str, ...]) -> None:
        self.form = form
        self.written = words
        self.words = [fold(word) or " " for word in words]  # a word of invisible characters folds to nothing
        self._costs: dict[tuple[int, int], float] = {}

    def begin(self, whole: bool) -> int | None:
        """Return at which word the cheapest way begins, the latest of equal ones, None where all cost too much."""
        cheapest, begin = self.form.limit(whole), None
        for place in range(0 if whole else len(self.words) - 1, -1, -1):
            cost = self._cost_from(place)
            if cost < cheapest:
                cheapest, begin = cost, place
        return begin

    def _cost_from(self, place: int) -> float:
        """Return the least cost of spelling the short form with a long form that begins with the word at `place`."""
        word, letters = self.words[place], self.form.letters
        if word in _BEGINS_NONE:
            return _IMPOSSIBLE
        if word[0] != letters[0] and (self.form.capitals or len(letters) < 4 or letters[:3] not in word):
            return _IMPOSSIBLE  # Kepolisian Daerah (Polda) begins inside of a word, but with a syllable of it
        return self._taking(place, 0)

    def _cost(self, place: int, done: int) -> float:
        """Return the least cost of spelling the letters from `done` on with the words from `place` on."""
        known = self._costs.get((place, done))
        if known is None:
            if done == len(self.form.letters):
                known = self._cost_of_trailing(place)
            elif place == len(self.words):
                known = _IMPOSSIBLE
            else:
                skipped = _SKIPPED_FUNCTION if self._is_light(place) else _SKIPPED
                known = min(skipped + self._cost(place + 1, done), self._taking(place, done))
            self._costs[place, done] = known
        return known

    def _is_light(self, place: int) -> bool:
        """Return whether the word may give no letter at almost no cost."""
        word = self.words[place]
        return word in _FUNCTION or (place > 0 and word == self.words[place - 1])

    def _cost_of_trailing(self, place: int) -> float:
        """Return what it costs that all letters are given and the words from `place` on are left."""
        left = len(self.words) - place
        if left == 0 or (left == 1 and self.words[place] == self.words[place - 1]):
            return 0.0
        heavy = sum(not self._is_light(place) for place in range(place, len(self.words)))
        if heavy != 1:
            return _IMPOSSIBLE
        return _SKIPPED if self.form.capitals else _TRAILING

    def _taking(self, place: int, done: int) -> float:
        """Return the least cost where the word at `place` gives one or more of the next letters."""
        form = self.form
        cheapest = _IMPOSSIBLE
        for end in range(done + 1, len(form.letters) + 1):
            if end - 1 > done and end - 1 in form.starts:
                break
            own = self._cost_of_share(form.letters[done:end], place)
            if own < _IMPOSSIBLE:
                cheapest = min(cheapest, own + self._cost(place + 1, end))
            elif end > done + 2:
                break
        return cheapest

    def _cost_of_share(self, share: str, place: int) -> float:
        """Return what it costs that a word gives these letters."""
        word, capitals = self.words[place], self.form.capitals
        if word.startswith(share):
            return 0.0 if len(share) == 1 or not capitals or (share == word and self.written[place].isupper()) else 1.0
        if (word, share) in _CONTRACTED:
            return 0.0
        if word[0] == share[0]:
            if share[1:] in word[1:]:
                return 2.0 if capitals else 1.0
            rest = iter(word)
            return (3.0 if capitals else 2.5) if all(letter in rest for letter in share) else _IMPOSSIBLE
        if share in word:
            return 3.0 if capitals else 1.0 if len(share) > 1 else 1.5
        return _IMPOSSIBLE
