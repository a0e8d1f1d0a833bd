"""Which persons, organisations and places a text names.

A small CRF (`index.crf`) decides from words (`index.tagwords`) and what stands beside them; then it decides again, knowing what the
same words were taken for elsewhere in the document. It knows cased text only: it is for the bodies of articles. Trained by
tests/bench/train_tagger.py.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.crf import OFFSETS, PADDING, Floats, Ints, Weights
from index.tagwords import EDGE, Lexicon, folded, kind_number, word_classes
from index.words import LANGUAGE_FOLDER

TAGGER_VERSION = 1  # rises with any change of what is found in a text

MODEL_FILE = LANGUAGE_FOLDER / "tagger.npz"
MEMO_LIMIT = 100_000  # words, 20 MB

_LETTER = r"[^\W\d_]"
# Quotation marks are no tokens: what is said stands in them in some papers and without them in others.
TOKEN = re.compile(
    rf"""((?:{_LETTER}\.)+(?:{_LETTER}\b)?(?=\W|{_LETTER}{_LETTER}|$)    # B.J. and S.H
    |{_LETTER}[\w]*(?:['’‘ʼ`´-]\w+)*                                     # Ma'ruf, Jokowi-JK, B50
    |\d+(?:[.,:/]\d+)*                                                   # 1.234,56 and 29/10/2013
    |\n|[^\s\w"“”„«»'’‘`´]|_+)""",
    re.VERBOSE,
)
BREAK = "\n"


class MentionKind(StrEnum):
    """What is named."""

    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text; `start` and `end` are offsets in characters."""

    start: int
    end: int
    text: str
    kind: MentionKind


LABELS = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC")
_KINDS = (MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.PLACE)
_PERSON = 0


# --- text to a stream of words ---------------------------------------------------------------------------------------------------

# What a word says of the ends of sentences, and whether it may be looked for elsewhere: bits.
_ENDS = 1  # ends a sentence if the next word may begin one
_BEGINS = 2
_ABBREVIATES = 4  # a stop after it belongs to it
_BREAKS = 8
_CAPITAL = 16

_LONGEST_ABBREVIATION = 4
_ABBREVIATIONS = frozenset("no jl jln st tgl hlm gg kab kec kel prov telp".split())


def _bits(word: str) -> int:
    if word == BREAK:
        return _BREAKS
    if word in (".", "!", "?", "…"):
        return _ENDS
    if not word or not (word[0].isupper() or word[0].isdigit()):
        return 0
    if word[0].isdigit():
        return _BEGINS
    key = folded(word)
    titled = len(word) <= _LONGEST_ABBREVIATION and "title" in word_classes().get(key, ())
    abbreviates = len(word) == 1 or titled or key in _ABBREVIATIONS
    return _BEGINS | _CAPITAL | (_ABBREVIATES if abbreviates else 0)


class Memo(dict[str, int]):
    """The words seen so far, each with the number of its row: what it weighs, its kind and its bits. Row 0 is padding's."""

    def __init__(self, weights: Weights, lexicon: Lexicon) -> None:
        super().__init__()
        self._weights = weights
        self._lexicon = lexicon
        self._lock = Lock()
        self.rows: Floats = np.zeros((1024, len(OFFSETS), len(weights.labels)), np.float32)
        self.kinds: Ints = np.zeros(1024, np.int32)
        self.bits: NDArray[np.int8] = np.zeros(1024, np.int8)
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
            self.bits[number] = _bits(word)
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
    """The tokens of a text, where each ends in it, and its stream."""

    tokens: Sequence[str]
    ends: NDArray[np.int64]
    stream: Stream


def tokenised(text: str, memo: Memo) -> Tokenised:
    """Return the tokens of a text and its sentences, which end at line breaks, too."""
    pieces = TOKEN.split(text)
    tokens = pieces[1::2]
    words = np.fromiter(map(memo.__getitem__, tokens), np.int32, len(tokens))
    ends = np.cumsum(np.fromiter(map(len, pieces), np.int64, len(pieces)))[1::2]
    return Tokenised(tokens, ends, _stream(words, memo.bits[words]))


def _stream(words: Ints, bits: NDArray[np.int8]) -> Stream:
    breaks = bits == _BREAKS
    begins = np.zeros(len(words), bool)
    begins[1:] = breaks[:-1]
    ended = (bits[:-1] & _ENDS) != 0
    ended[1:] &= (bits[:-2] & _ABBREVIATES) == 0
    begins[1:] |= ended & ((bits[1:] & _BEGINS) != 0)
    kept = np.flatnonzero(~breaks)
    sentence = np.cumsum(begins)[kept]
    firsts = np.flatnonzero(np.diff(sentence, prepend=-1))
    lengths = np.diff(firsts, append=len(kept))
    starts = firsts + PADDING * np.arange(1, len(firsts) + 1)
    places = np.arange(len(kept)) + np.repeat(starts - firsts, lengths)
    size = len(kept) + PADDING * (len(firsts) + 1)
    found = np.zeros(size, np.int32)
    tokens = np.full(size, -1, np.int32)
    found[places] = words[kept]
    tokens[places] = kept
    return Stream(found, tokens, starts.astype(np.int32), lengths.astype(np.int32))


# --- what the rest of a document says ---------------------------------------------------------------------------------------------

_SEVERAL = 3
_AGREED = (0.6, 0.9)
EVIDENCE = 1 + (len(_KINDS) + 1) * (len(_AGREED) + 1) * 2  # classes


def evidence(words: Ints, documents: Ints, labels: NDArray[np.int8], capitals: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Return for each entry what the other entries of its word in its document were taken for.

    0 where there is no other or the word has no capital; else by what most were taken for, what share of them, and whether there
    are several.
    """
    found = np.zeros(len(words), np.int8)
    places = np.flatnonzero(capitals)
    if not len(places):
        return found
    kinds = len(_KINDS) + 1
    own = (labels[places] + 1) // 2
    keys = documents[places].astype(np.int64) * (int(words.max()) + 1) + words[places]
    _keys, groups = np.unique(keys, return_inverse=True)
    counts = np.bincount(groups * kinds + own, minlength=kinds * (int(groups.max()) + 1)).reshape(-1, kinds)[groups]
    counts[np.arange(len(places)), own] -= 1
    others = counts.sum(axis=1)
    agreed = np.searchsorted(_AGREED, counts.max(axis=1) / np.maximum(others, 1), side="right")
    classes = 1 + (counts.argmax(axis=1) * (len(_AGREED) + 1) + agreed) * 2 + (others >= _SEVERAL)
    found[places] = np.where(others > 0, classes, 0)
    return found


# --- the tagger -----------------------------------------------------------------------------------------------------------------


class Tagger:
    """Finds mentions in texts. Safe for threads; what it has seen of words once it looks up."""

    def __init__(self, weights: Weights, lexicon: Lexicon) -> None:
        self._weights = weights
        self._lexicon = lexicon
        self._memo = Memo(weights, lexicon)

    def tag(self, texts: Sequence[str]) -> list[list[Mention]]:
        """Return the mentions of each text in order. A text is a document, which may have several paragraphs."""
        joined = BREAK.join(texts)
        text_ends = np.cumsum([len(text) + 1 for text in texts])
        return list(_by_text(texts, self._mentions(joined, text_ends)))

    def tag_document(self, paragraphs: Sequence[str]) -> list[list[Mention]]:
        """Return the mentions of each paragraph of one document, which holds no line break."""
        joined = BREAK.join(paragraphs)
        return list(_by_text(paragraphs, self._mentions(joined, np.array([len(joined) + 1]))))

    def _mentions(self, text: str, document_ends: NDArray[np.int64]) -> list[Mention]:
        if len(self._memo) > MEMO_LIMIT:
            self._memo = Memo(self._weights, self._lexicon)
        memo = self._memo
        tokens, ends, stream = tokenised(text, memo)
        if not len(stream.starts):
            return []
        documents = np.searchsorted(document_ends, ends[stream.tokens], side="left").astype(np.int32)
        labels = self._labels(stream, documents, memo)
        found = []
        for first, last, kind in spans(labels):
            begin, end = _trimmed(tokens, int(stream.tokens[first]), int(stream.tokens[last]), kind)
            start, stop = int(ends[begin]) - len(tokens[begin]), int(ends[end])
            found.append(Mention(start, stop, text[start:stop], _KINDS[kind]))
        return found

    def _labels(self, stream: Stream, documents: Ints, memo: Memo) -> NDArray[np.int8]:
        weights = self._weights
        emissions = weights.emissions(memo.rows, stream.words, memo.kinds[stream.words])
        labels = weights.decode(emissions, stream.starts, stream.lengths)
        capitals = (memo.bits[stream.words] & _CAPITAL) != 0
        classes = evidence(stream.words, documents, labels, capitals)
        return weights.decode(weights.with_evidence(emissions, classes), stream.starts, stream.lengths)


def spans(labels: NDArray[np.int8]) -> Iterator[tuple[int, int, int]]:
    """Yield the mentions among the labels of a stream: first and last entry, and the place of its kind."""
    first = last = -1
    kind = -1
    filled = np.flatnonzero(labels)
    for place, label in zip(filled.tolist(), labels[filled].tolist(), strict=True):
        if place != last + 1 or label % 2 or (label - 1) // 2 != kind:
            if kind >= 0:
                yield first, last, kind
            first, kind = place, (label - 1) // 2
        last = place
    if kind >= 0:
        yield first, last, kind


# Words that the annotators leave out of names, but the model does not always.
_LEADING = frozenset(
    "prof profesor pak bapak bu ibu om tante ny tuan nyonya presiden wapres gubernur wagub bupati walikota menteri ketua sekjen "
    "direktur dirut kepala kapten mayor letkol kolonel brigjen mayjen letjen jenderal jendral laksamana marsekal komjen irjen "
    "kombes akbp akp kompol iptu ipda aiptu aipda bripka brigadir briptu bripda pol jaksa hakim raja brigade tersangka terdakwa "
    "saksi artis aktor aktris penyanyi pengacara pengamat politisi politikus dokter".split()
)


def _trimmed(tokens: Sequence[str], first: int, last: int, kind: int) -> tuple[int, int]:
    """Return the first and last token of a name as annotators see it: without titles before it, with the initial before it."""
    if kind != _PERSON:
        return first, last
    while first < last and (folded(tokens[first]) in _LEADING or not tokens[first][0].isalpha()):
        first += 1
    return first, last


def _by_text(texts: Sequence[str], mentions: Sequence[Mention]) -> Iterator[list[Mention]]:
    place = begin = 0
    for text in texts:
        found = []
        while place < len(mentions) and mentions[place].end <= begin + len(text):
            mention = mentions[place]
            found.append(Mention(mention.start - begin, mention.end - begin, mention.text, mention.kind))
            place += 1
        yield found
        begin += len(text) + 1


def read_model(path: Path) -> tuple[Weights, Lexicon]:
    """Return the model of a file that tests/bench/train_tagger.py wrote."""
    with np.load(path, allow_pickle=False) as stored:
        return Weights.from_arrays(stored), Lexicon.from_arrays(stored)


@cache
def shipped_tagger() -> Tagger:
    """Return the tagger with the model that comes with the package."""
    return Tagger(*read_model(MODEL_FILE))
