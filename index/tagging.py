"""Which persons, organisations and places a text names.

A small CRF (`index.crf`) decides from words (`index.tagwords`) and what stands beside them; then it decides again, knowing what the
same words were taken for elsewhere in the document. It knows cased text only: it is for the bodies of articles. Trained by
tests/bench/train_tagger.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.crf import Ints, Weights
from index.tagspans import evidence, spans, with_whole_names
from index.tagstream import BREAK, Memo, Stream, tokenised
from index.tagwords import Lexicon
from index.words import LANGUAGE_FOLDER

TAGGER_VERSION = 3  # rises with any change of what is found in a text: indexes of other versions ask for a rebuild

MODEL_FILE = LANGUAGE_FOLDER / "tagger.npz"
MEMO_LIMIT = 100_000  # words, 20 MB


class MentionKind(StrEnum):
    """What is named."""

    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"


_KINDS = (MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.PLACE)  # in the order of the labels


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text; `start` and `end` are offsets in characters."""

    start: int
    end: int
    text: str
    kind: MentionKind


class Tagger:
    """Finds mentions in texts. Safe for threads; what it has seen of words once it looks up."""

    def __init__(self, weights: Weights, lexicon: Lexicon) -> None:
        self._weights = weights
        self._lexicon = lexicon
        self._memo = Memo(weights, lexicon)

    def tag(self, texts: Sequence[str]) -> list[list[Mention]]:
        """Return the mentions of each text in order. A text is a document, which may have several paragraphs."""
        text_ends = np.cumsum([len(text) + 1 for text in texts])
        return list(_by_text(texts, self._mentions(BREAK.join(texts), text_ends)))

    def tag_document(self, paragraphs: Sequence[str]) -> list[list[Mention]]:
        """Return the mentions of each paragraph of one document; a paragraph holds no line break."""
        document = BREAK.join(paragraphs)
        return list(_by_text(paragraphs, self._mentions(document, np.array([len(document) + 1]))))

    def _mentions(self, text: str, document_ends: NDArray[np.int64]) -> list[Mention]:
        if len(self._memo) > MEMO_LIMIT:
            self._memo = Memo(self._weights, self._lexicon)
        memo = self._memo
        tokens, ends, bits, stream = tokenised(text, memo)
        if not len(stream.starts):
            return []
        documents = np.searchsorted(document_ends, ends[stream.tokens]).astype(np.int32)
        labels = self._labels(stream, documents, memo)
        found = []
        for first, last, kind in with_whole_names(spans(labels, stream.tokens), bits.tolist()):
            start, end = int(ends[first]) - len(tokens[first]), int(ends[last])
            found.append(Mention(start, end, text[start:end], _KINDS[kind]))
        return found

    def _labels(self, stream: Stream, documents: Ints, memo: Memo) -> NDArray[np.int8]:
        weights = self._weights
        emissions = weights.emissions(memo.rows, stream.words, memo.kinds[stream.words])
        labels = weights.decode(emissions, stream.starts, stream.lengths)
        classes = evidence(stream.words, documents, labels, memo.bits[stream.words])
        return weights.decode(weights.with_evidence(emissions, classes), stream.starts, stream.lengths)


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
