"""From text to tokens: the one analyzer that indexing, queries and highlights share.

A token has a surface form (folded, for exact words and phrases) and a stem (by Sastrawi, for all forms of a word). Offsets
point into the original text. Paragraphs lie `PARAGRAPH_GAP` positions apart, so that no phrase crosses from one to the next.
"""

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence, Set
from enum import IntFlag
from typing import NamedTuple

from index.stemming import is_root
from index.words import SHIPPED, WordTable

ANALYZER_VERSION = 2  # rises with any change of what tokens a text gives: indexes of other versions ask for a rebuild

PARAGRAPH_GAP = 100  # positions; more than the widest proximity a query may ask for
MEMO_LIMIT = 400_000  # entries, about 120 MB; a million articles hold twice as many distinct words, most of them once
GAP = "\x00"  # the chunk that stands between two paragraphs; no text of an article holds it
LONGEST_WORD = 100  # characters; a longer run of letters is no word and keeps its beginning only

_GAP_BETWEEN = f" {GAP} "
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # soft hyphen, zero-width characters
_LETTER = rf"(?:[^\W\d_][\u0300-\u036f{INVISIBLE}]*)"
_LETTERS = rf"{_LETTER}+(?:['’‘ʼ`´]{_LETTER}+)*"  # Ma'ruf, Jum'at
_ABBREVIATION = rf"(?:{_LETTER}\.){{2,}}(?:{_LETTER}(?!{_LETTER}))?|{_LETTER}\.{_LETTER}(?!{_LETTER})"  # H.M., S.H
_AMPERSAND = rf"{_LETTER}{{1,3}}&{_LETTER}{{1,3}}(?!{_LETTER})"  # R&D
_NUMBER = r"\d+(?:[.,:]\d+)*"  # 1.234,56 and 10.30
_ATOM = rf"(?:{_ABBREVIATION}|{_AMPERSAND}|{_LETTERS}|{_NUMBER})"
_HYPHEN = "[-‐‑]"
_RUN = rf"{_ATOM}+(?:{_HYPHEN}{_ATOM}+)*"
# Most runs are plain words before a space or a mark that joins nothing; for them the first branch says the same in a third of
# the time.
_TOKEN = re.compile(rf'[A-Za-z]{{2,}}+(?![^\s,.;:!?"()…“”])|{_RUN}')
_ATOMS = re.compile(_ATOM)
_HYPHENS = re.compile(_HYPHEN)
_DROPPED = re.compile(rf"['’‘ʼ`´.{INVISIBLE}]")
_CLITICS = frozenset({"nya", "ku", "mu", "lah", "kah", "pun"})
_ENDING = '.!?…:;"”»*•-–—'  # after these a capital letter says nothing of its word
_OPENING = "\"“‘'«(["
_ORDINAL = "ke"  # ke-70, ke70
_BOUND = ("anti", "antar", "multi", "non", "pasca")  # written together with any word: antikorupsi, pascabencana
_LEAST_BOUND = 4  # letters of that word


class Token(NamedTuple):
    """One token of a text.

    `position` counts words from 0; `start` and `end` are character offsets into the original text. `stem` is None for a
    secondary token, which stands on the position of a primary one and offers another surface form of it.
    """

    surface: str
    stem: str | None
    position: int
    start: int
    end: int


def fold(text: str) -> str:
    """Return `text` as it is compared: NFKC, case-folded, without diacritics and invisible characters.

    >>> fold("MÜLLER"), fold("Jum’at")
    ('muller', 'jum’at')
    """
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c for c in decomposed if not unicodedata.combining(c) and c not in INVISIBLE)
    return unicodedata.normalize("NFKC", kept)


def fold_value(text: str) -> str:
    """Return a whole field value, such as a section's name, as it is compared.

    >>> fold_value("  Ekonomi  &  Bisnis ")
    'ekonomi & bisnis'
    """
    return " ".join(fold(text).split())


class Analyzer:
    """Turns text into tokens; what it has seen once it looks up. Safe for threads: what a memo has lost is analysed again.

    `words` tells which words are names, whose stem is the word itself, and the roots that Sastrawi gets wrong.
    """

    def __init__(self, words: WordTable = SHIPPED) -> None:
        self.vocabulary = words
        self._tokens: dict[str, tuple[tuple[Token, ...], int]] = {}
        self._stems: dict[str, str] = {}

    def tokens(self, text: str, among: Set[str] | None = None) -> Iterator[Token]:
        """Yield the tokens of `text` in order, secondary ones after the primary one of their position.

        With `among`, only those whose surface form or stem is among these words, which takes a third of the time.
        """
        position = 0
        begin = 0
        for paragraph in text.split("\n"):
            for match in _TOKEN.finditer(paragraph):
                offset = begin + match.start()
                shapes, width = self.shapes(match[0])
                for surface, stem, ahead, start, end in shapes:
                    if among is None or surface in among or stem in among:
                        yield Token(surface, stem, position + ahead, offset + start, offset + end)
                position += width
            begin += len(paragraph) + 1
            position += PARAGRAPH_GAP

    def words(self, text: str) -> list[Token]:
        """Return the primary tokens of `text`, one a position: what a query is made of."""
        return [token for token in self.tokens(text) if token.stem is not None]

    def stem(self, surface: str) -> str:
        """Return the root of one folded word; a name, and what is short or not of letters only, is its own root.

        >>> Analyzer().stem("pembangunan")
        'bangun'
        """
        root = self._stems.get(surface)
        if root is None:
            root = self.vocabulary.root(surface)
            if len(self._stems) >= MEMO_LIMIT:
                self._stems.clear()
            self._stems[surface] = root
        return root

    def shapes(self, raw: str) -> tuple[tuple[Token, ...], int]:
        """Return the tokens of one hyphenated run, positions and offsets from its start, and how many positions it takes."""
        known = self._tokens.get(raw)
        if known is None:
            known = self._analyse(raw)
            if len(self._tokens) >= MEMO_LIMIT:
                self._tokens.clear()
            self._tokens[raw] = known
        return known

    def _analyse(self, raw: str) -> tuple[tuple[Token, ...], int]:
        parts = _hyphenated_parts(raw)
        if len(parts) > 1 and len(parts[-1]) == 1 and parts[-1][0].surface in _CLITICS:
            parts.pop()  # OTT-nya is OTT
        whole = _ordinal(parts) or self._reduplication(parts)
        if whole:
            return whole, 1
        atoms = [atom for part in parts for several in part for atom in self._unbound(several)]
        if not atoms:
            return (), 0
        tokens = [
            Token(atom.surface, self.stem(atom.surface), place, atom.start, atom.end)
            for place, atom in enumerate(atoms)
        ]
        joined = "".join(atom.surface for atom in atoms)
        if len(atoms) > 1 and not joined.isdigit():
            tokens.insert(1, Token(joined, None, 0, atoms[0].start, atoms[-1].end))
        return tuple(tokens), len(atoms)

    def _unbound(self, atom: "_Atom") -> tuple["_Atom", ...]:
        """Return antikorupsi as anti and korupsi, any other word as it is."""
        surface = atom.surface
        prefix = next(filter(surface.startswith, _BOUND), "")
        rest = surface[len(prefix) :]
        if not prefix or len(rest) < _LEAST_BOUND or len(surface) != atom.end - atom.start:
            return (atom,)
        if is_root(surface) or self.stem(surface) != surface or not is_root(self.stem(rest)):
            return (atom,)
        middle = atom.start + len(prefix)
        return _Atom(prefix, atom.start, middle), _Atom(rest, middle, atom.end)

    def _reduplication(self, parts: list[list["_Atom"]]) -> tuple[Token, ...]:
        """Return the one position that kata-kata or berjalan-jalan stands on, nothing for any other compound."""
        if len(parts) != 2 or any(len(part) != 1 or not part[0].surface.isalpha() for part in parts):
            return ()
        first, second = parts[0][0], parts[1][0]
        whole = f"{first.surface}-{second.surface}"
        same = first.surface == second.surface
        root = self.stem(first.surface) if same else self.stem(whole)
        if "-" in root:  # Sastrawi found no common root: TNI-Polri
            return ()
        token = Token(whole, root, 0, first.start, second.end)
        return (token, token._replace(surface=first.surface, stem=None)) if same else (token,)


class Casing(IntFlag):
    """What a chunk tells of how its word is written: words are counted by it inside of sentences alone."""

    LOWER = 1
    CAPITALISED = 2
    ENDS_SENTENCE = 4
    OPENS = 8  # a quotation or a bracket, whose first word says nothing


class Chunks(dict[str, int]):
    """What texts are made of between white space, each chunk analysed once and known by a number.

    `chunks[text]` is the number of a chunk, a new one where it was never met; the attributes say, by that number, what it
    holds. This is how a batch of articles becomes tokens without a step of Python for each.
    """

    def __init__(self, analyzer: Analyzer) -> None:
        super().__init__()
        self._analyzer = analyzer
        self.widths = array("q")  # positions that a chunk takes
        self.lengths = array("q")  # primary tokens in it
        self.casings = array("b")  # flags of `Casing`
        self.surfaces = ChunkTokens()
        self.stems = ChunkTokens()
        self._add(GAP, [], PARAGRAPH_GAP, Casing.ENDS_SENTENCE)

    def numbers(self, text: str) -> list[int]:
        """Return the numbers of the chunks of `text`, the gap's own between paragraphs."""
        return list(map(self.__getitem__, text.replace("\n", _GAP_BETWEEN).split()))

    def __missing__(self, chunk: str) -> int:
        tokens = []
        width = 0
        for match in _TOKEN.finditer(chunk):
            shapes, taken = self._analyzer.shapes(match[0])
            tokens += [(token, width + token.position) for token in shapes]
            width += taken
        return self._add(chunk, tokens, width, _casing_of(chunk, tokens))

    def _add(self, chunk: str, tokens: Sequence[tuple[Token, int]], width: int, casing: int) -> int:
        primary = [(token.stem, position) for token, position in tokens if token.stem is not None]
        self.surfaces.add((token.surface, position) for token, position in tokens)
        self.stems.add(primary)
        self.widths.append(width)
        self.lengths.append(len(primary))
        self.casings.append(casing)
        number = self[chunk] = len(self)
        return number


def _casing_of(chunk: str, tokens: Sequence[tuple[Token, int]]) -> int:
    """Return the flags of a chunk; words in capitals only, and compounds, tell nothing."""
    casing = Casing.ENDS_SENTENCE if chunk[-1] in _ENDING or not tokens else Casing(0)
    if chunk[0] in _OPENING:
        casing |= Casing.OPENS
    if len(tokens) == 1:
        written = "".join(filter(str.isalpha, chunk))
        if written.islower():
            casing |= Casing.LOWER
        elif written[1:].islower():
            casing |= Casing.CAPITALISED
    return int(casing)


class ChunkTokens:
    """The tokens of all chunks in one form: those of chunk n are numbered `starts[n]` to `starts[n + 1]`."""

    def __init__(self) -> None:
        self.names: list[str] = []  # of each term
        self.terms = array("q")  # of each token: its term
        self.positions = array("q")  # of each token: its place in its chunk
        self.starts = array("q", [0])
        self._known: dict[str, int] = {}

    def add(self, tokens: Iterable[tuple[str, int]]) -> None:
        """Take the tokens, names and positions, of the next chunk."""
        for name, position in tokens:
            term = self._known.get(name)
            if term is None:
                term = self._known[name] = len(self.names)
                self.names.append(name)
            self.terms.append(term)
            self.positions.append(position)
        self.starts.append(len(self.terms))


class _Atom(NamedTuple):
    surface: str
    start: int
    end: int


def _ordinal(parts: list[list[_Atom]]) -> tuple[Token, ...]:
    """Return the one position that ke-70 stands on, which is found by 70, too, nothing for any other compound."""
    atoms = [atom for part in parts for atom in part]
    if len(atoms) != 2:
        return ()
    first, number = atoms
    if first.surface != _ORDINAL or not number.surface[0].isdigit():
        return ()
    joined = first.surface + number.surface
    whole = Token(joined, joined, 0, first.start, number.end)
    return whole, Token(number.surface, None, 0, number.start, number.end)


def _hyphenated_parts(raw: str) -> list[list[_Atom]]:
    """Return the folded atoms of each part between hyphens, with their offsets in `raw`."""
    parts: list[list[_Atom]] = []
    begin = 0
    for piece in _HYPHENS.split(raw):
        atoms = []
        for match in _ATOMS.finditer(piece):
            text = match[0] if match[0][0].isdigit() else _DROPPED.sub("", match[0])
            surface = fold(text).replace(" ", "")[:LONGEST_WORD]
            if surface:
                atoms.append(_Atom(surface, begin + match.start(), begin + match.end()))
        if atoms:
            parts.append(atoms)
        begin += len(piece) + 1
    return parts


ANALYZER = Analyzer()
