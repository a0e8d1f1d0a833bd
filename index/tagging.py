"""Which persons, organisations and places a text names.

A small CRF (`index.crf`) decides from words, their forms and what stands beside them; what it finds in one place of a text is then
looked for in the rest of it. It knows cased text only: it is for the bodies of articles. Trained by tests/bench/train_tagger.py.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis import fold
from index.crf import OFFSETS, PADDING, Floats, Ints, Weights, read_weights
from index.words import LANGUAGE_FOLDER

TAGGER_VERSION = 1  # rises with any change of what is found in a text

MODEL_FILE = LANGUAGE_FOLDER / "tagger.npz"
WORDS_FILE = LANGUAGE_FOLDER / "tagger_words.tsv"
MEMO_LIMIT = 100_000  # words, 20 MB

_LETTER = r"[^\W\d_]"
# Quotation marks are no tokens: what is said stands in them in some papers and without them in others.
_TOKEN = re.compile(
    rf"""((?:{_LETTER}\.)+(?:{_LETTER}\b)?(?=\W|{_LETTER}{_LETTER}|$)    # B.J. and S.H
    |{_LETTER}[\w]*(?:['’‘ʼ`´-]\w+)*                                     # Ma'ruf, Jokowi-JK, B50
    |\d+(?:[.,:/]\d+)*                                                   # 1.234,56 and 29/10/2013
    |\n|[^\s\w"“”„«»'’‘`´]|_+)""",
    re.VERBOSE,
)
_SHAPES = ((re.compile(r"[A-Z]+"), "X"), (re.compile(r"[a-z]+"), "x"), (re.compile(r"\d+"), "0"))
_SAME = str.maketrans("’‘ʼ`´", "'" * 5)


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


KIND_OF_LABEL = {"PER": MentionKind.PERSON, "LOC": MentionKind.PLACE, "ORG": MentionKind.ORGANISATION}


# --- what a word is -------------------------------------------------------------------------------------------------------------


@cache
def word_classes() -> dict[str, tuple[str, ...]]:
    """Return the classes of each folded word of the shipped list."""
    classes: dict[str, tuple[str, ...]] = {}
    for line in WORDS_FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, words = line.split("\t")
            for word in words.split():
                classes[word] = (*classes.get(word, ()), name)
    return classes


KINDS = (
    "edge comma stop open close dash mark number lower title rank role said says in person kin place side organisation party day money "
    "and that capital capitals initial title_end event common"
).split()
_KIND_NUMBERS = {kind: number for number, kind in enumerate(KINDS)}
_MARKS = {
    ",": "comma",
    ".": "stop",
    "!": "stop",
    "?": "stop",
    ":": "stop",
    "(": "open",
    ")": "close",
    "-": "dash",
    "–": "dash",
}
EDGE = ""  # the word of padding


def shape(word: str) -> str:
    """Return the form of a word: runs of capitals, small letters and digits.

    >>> shape("Jokowi-JK"), shape("B50"), shape("kata")
    ('Xx-X', 'X0', 'x')
    """
    runs = "".join("X" if c.isupper() else "x" if c.isalpha() else "0" if c.isdigit() else c for c in word)
    return re.sub(r"(.)\1+", r"\1\1", runs) if len(runs) < 4 else re.sub(r"(.)\1+", r"\1", runs)


def kind_number(word: str) -> int:
    """Return the kind of a word among KINDS, by which combinations of neighbours are looked at."""
    return _KIND_NUMBERS[_kind(word)]


def _kind(word: str) -> str:
    if not word:
        return "edge"
    if word in _MARKS:
        return _MARKS[word]
    if word[0].isdigit():
        return "number"
    if not word[0].isalpha():
        return "mark"
    folded = fold(word.translate(_SAME))
    classes = word_classes().get(folded, ())
    if classes:
        return classes[0]
    if folded in ("dan", "serta", "maupun", "atau", "&"):
        return "and"
    if folded in ("yang", "bahwa"):
        return "that"
    if not word[0].isupper():
        return "lower"
    if len(word) == 1 or word[1] == ".":
        return "initial"
    return "capitals" if word.isupper() else "capital"


def word_features(word: str) -> list[str]:
    """Return what the model may know of a word by itself."""
    if not word:
        return ["edge"]
    if not word[0].isalpha():
        return ["p=" + ("0" if word[0].isdigit() else word)]
    folded = fold(word.translate(_SAME))
    form = shape(word)
    features = ["b", f"w={folded}", f"f={form}"]
    features += (f"c={name}" for name in word_classes().get(folded, ()))
    if len(folded) > 3:
        features += (f"s{n}={folded[-n:]}" for n in (2, 3, 4) if len(folded) > n)
        features += (f"p{n}={folded[:n]}" for n in (2, 3) if len(folded) > n)
    if word[0].isupper():
        features.append(f"W={folded}")
    return features


# --- text to a stream of words ---------------------------------------------------------------------------------------------------


class Stream(NamedTuple):
    """Sentences of several texts, one after the other.

    Of entries, which are words and padding: `words` is the row of the word, `token` the number of its token in the text, -1 of
    padding. Sentences are `starts` and `lengths`.
    """

    words: Ints
    token: Ints
    starts: Ints
    lengths: Ints


class _Memo(dict[str, int]):
    """The words seen so far, each with its row."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self._weights = weights
        self._lock = Lock()
        self.rows: Floats = np.zeros((1024, len(OFFSETS), len(weights.labels)), np.float32)
        self.kinds: Ints = np.zeros(1024, np.int32)
        self.cuts: NDArray[np.int8] = np.zeros(1024, np.int8)
        self[EDGE]  # noqa: B018: padding is row 0

    def __missing__(self, word: str) -> int:
        row = self._weights.row(word_features(word))
        with self._lock:
            known = self.get(word)
            if known is not None:
                return known
            number = len(self)
            if number == len(self.kinds):
                self.rows, self.kinds, self.cuts = (
                    np.concatenate((a, np.zeros_like(a))) for a in (self.rows, self.kinds, self.cuts)
                )
            self.rows[number] = row
            self.kinds[number] = kind_number(word)
            self.cuts[number] = _cut(word)
            self[word] = number
            return number


# What a word says of sentences' ends: bits.
_ENDS = 1  # ends a sentence if the next begins one
_BEGINS = 2  # may begin one
_ABBREVIATES = 4  # a stop after it belongs to it
_BREAKS = 8  # a new paragraph


def _cut(word: str) -> int:
    if word == "\n":
        return _BREAKS
    if word in (".", "!", "?", "…"):
        return _ENDS
    begins = _BEGINS if word[:1].isupper() or word[:1].isdigit() else 0
    classes = word_classes().get(fold(word), ())
    short = (
        len(word) == 1 or ("title" in classes and len(word) < 5 and word[:1].isupper()) or word in ("No", "Jl", "St")
    )
    return begins | (_ABBREVIATES if short else 0)


class Tagger:
    """Finds mentions in texts. Safe for threads; what it has seen of words once it looks up."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._memo = _Memo(weights)

    def tag(self, texts: Sequence[str]) -> list[list[Mention]]:
        """Return the mentions of each text in order. A text may have several paragraphs, parted by line breaks."""
        if len(self._memo) > MEMO_LIMIT:
            self._memo = _Memo(self._weights)
        memo = self._memo
        joined = "\n".join(texts)
        pieces = _TOKEN.split(joined)
        tokens = pieces[1::2]
        if not tokens:
            return [[] for _ in texts]
        ids = np.fromiter(map(memo.__getitem__, tokens), np.int32, len(tokens))
        ends = np.cumsum(np.fromiter(map(len, pieces), np.int64, len(pieces)))[1::2]
        stream = _stream(ids, memo.cuts, ends)
        labels = self._labels(stream, memo)
        return list(_by_text(texts, joined, list(self._mentions(stream, labels, tokens, ends, joined))))

    def tag_document(self, paragraphs: Sequence[str]) -> list[list[Mention]]:
        """Return the mentions of each paragraph of one document; offsets are of the paragraph, which holds no line break."""
        return self.tag(paragraphs)

    def _labels(self, stream: Stream, memo: _Memo) -> NDArray[np.int8]:
        kinds = memo.kinds[stream.words]
        emissions = self._weights.emissions(memo.rows, stream.words, kinds)
        return self._weights.decode(emissions, stream.starts, stream.lengths)

    def _mentions(
        self, stream: Stream, labels: NDArray[np.int8], tokens: Sequence[str], ends: NDArray[np.int64], joined: str
    ) -> Iterator[Mention]:
        for first, last, kind in spans(labels, self._weights.labels):
            start_token, end_token = int(stream.token[first]), int(stream.token[last])
            start = int(ends[start_token]) - len(tokens[start_token])
            end = int(ends[end_token])
            yield Mention(start, end, joined[start:end], KIND_OF_LABEL[kind])


def spans(labels: NDArray[np.int8], names: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield the mentions among the labels of a stream: first and last entry and the kind's name."""
    first = -1
    kind = ""
    filled = np.flatnonzero(labels)
    previous = -2
    for place, label in zip(filled.tolist(), labels[filled].tolist(), strict=True):
        name = names[label]
        if place != previous + 1 or name[0] == "B" or name[2:] != kind:
            if first >= 0:
                yield first, previous, kind
            first, kind = place, name[2:]
        previous = place
    if first >= 0:
        yield first, previous, kind


def _stream(ids: Ints, cuts: NDArray[np.int8], ends: NDArray[np.int64]) -> Stream:
    """Cut words into sentences, with padding between them; line breaks are left out."""
    cut = cuts[ids]
    breaks = cut == _BREAKS
    begins = np.zeros(len(ids), bool)  # a sentence begins with this word
    begins[0] = True
    begins[1:] = breaks[:-1]
    ended = (cut[:-1] & _ENDS) != 0
    ended[1:] &= (cut[:-2] & _ABBREVIATES) == 0
    begins[1:] |= ended & ((cut[1:] & _BEGINS) != 0)
    kept = np.flatnonzero(~breaks)
    # A break at the beginning of a sentence gives its mark to the next word by the rule above.
    sentence = np.cumsum(begins)[kept]
    if not len(kept):
        return Stream(
            np.zeros(2 * PADDING, np.int32), np.full(2 * PADDING, -1, np.int32), *(np.zeros(0, np.int32),) * 2
        )
    _numbers, firsts, lengths = np.unique(sentence, return_index=True, return_counts=True)
    places = np.arange(len(kept)) + PADDING * (np.cumsum(np.isin(np.arange(len(kept)), firsts)))
    size = len(kept) + PADDING * (len(firsts) + 1)
    words = np.zeros(size, np.int32)
    token = np.full(size, -1, np.int32)
    words[places] = ids[kept]
    token[places] = kept
    return Stream(words, token, places[firsts].astype(np.int32), lengths.astype(np.int32))


def _by_text(texts: Sequence[str], joined: str, mentions: list[Mention]) -> Iterator[list[Mention]]:
    place = 0
    begin = 0
    for text in texts:
        end = begin + len(text)
        found = []
        while place < len(mentions) and mentions[place].end <= end:
            mention = mentions[place]
            found.append(Mention(mention.start - begin, mention.end - begin, mention.text, mention.kind))
            place += 1
        yield found
        begin = end + 1


@cache
def shipped_tagger() -> Tagger:
    """Return the tagger with the model that comes with the package."""
    return Tagger(read_weights(MODEL_FILE))
