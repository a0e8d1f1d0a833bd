"""Plain BM25 over what different analyses make of the same words: what Telisik's answers are measured beside.

All words are those of Telisik's analyzer, so that analyses differ in nothing but the terms that a word becomes. The usual
words, runs of letters and digits, do a little better on one set: MRR@10 of Snowball's stems on 2,495 questions and 1,369
passages is .803 with the analyzer's words and .809 with those (95 % of the difference: -.009 to -.002).
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import snowballstemmer

from index.analysis import ANALYZER
from index.article import Article, first_words
from index.schema import Indexable
from index.stemming import stemmer

BATCH = 5_000  # articles whose words are counted at once; about 60 MB

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Word = tuple[str, str]  # surface form and stem, as the analyzer gives them
Analysis = Callable[[Word], Sequence[str]]  # the terms that a word becomes


def searched_text(article: Article) -> str:
    """Return the text of an article that Telisik searches, without a title that is only the beginning of the body."""
    text = Indexable.of(article)
    return text.body if article.title == first_words(article.body) else f"{text.title}\n{text.body}"


class Collection:
    """Which article has which word how often: about 12 bytes for each word of each article."""

    def __init__(self, articles: Iterable[tuple[str, str]]) -> None:
        """Take articles, each an id and its text."""
        self.ids: list[str] = []
        chunks = _Chunks()
        parts = [self._counted(batch, chunks) for batch in _batches(articles)]
        words, articles, counts = map(np.concatenate, zip(*parts, strict=True)) if parts else _NONE
        self.words = list(chunks.words)
        parts.clear()  # what follows takes as much again
        del chunks
        order = np.argsort(words, kind="stable")  # each batch is sorted already, which this kind of sort makes use of
        self._articles: Array = articles[order]
        self._counts: Array = counts[order]
        self._starts = np.append(0, np.cumsum(np.bincount(words, minlength=len(self.words))))

    def _counted(self, batch: Sequence[tuple[str, str]], chunks: "_Chunks") -> tuple[Array, Array, Array]:
        """Return word, article and count of all words of each article, in the articles' order within a word."""
        first = len(self.ids)
        self.ids += [article_id for article_id, _text in batch]
        numbers = [list(map(chunks.__getitem__, text.split())) for _article_id, text in batch]
        flat = np.fromiter(chain.from_iterable(numbers), dtype=np.int64)
        starts = np.array(chunks.starts)
        widths = (starts[1:] - starts[:-1])[flat]
        taken = np.arange(widths.sum()) + np.repeat(starts[flat] - (np.cumsum(widths) - widths), widths)
        articles = np.repeat(np.repeat(np.arange(len(batch)), [len(n) for n in numbers]), widths)
        pairs, counts = np.unique(np.array(chunks.tokens)[taken] * len(batch) + articles, return_counts=True)
        words, articles = np.divmod(pairs, max(1, len(batch)))
        return words.astype(np.int32), (articles + first).astype(np.int32), counts.astype(np.int32)

    def lengths(self, widths: Array) -> Floats:
        """Return each article's length where each word, by its number, is as long as `widths` says."""
        weights = np.repeat(widths, np.diff(self._starts)) * self._counts
        return np.bincount(self._articles, weights, minlength=len(self.ids)).astype(np.float64)

    def postings(self, words: Sequence[int]) -> tuple[Array, Array]:
        """Return the articles that have any of the words, and how often in all; a word named twice counts twice."""
        slices = [slice(self._starts[word], self._starts[word + 1]) for word in words]
        if len(slices) == 1:
            return self._articles[slices[0]], self._counts[slices[0]]
        articles = np.concatenate([self._articles[place] for place in slices])
        sums = np.bincount(articles, np.concatenate([self._counts[place] for place in slices]))
        found = np.flatnonzero(sums)
        return found, sums[found]


class Bm25:
    """BM25 over articles as one field each, any of the words; idf as in Lucene, never negative."""

    K1, B = 1.2, 0.75

    def __init__(
        self,
        collection: Collection,
        analysis: Analysis,
        watched: Callable[[Sequence[Word]], Iterable[Word]] = lambda words: words,
    ) -> None:
        """Analyse the words of a collection; `watched` gives them back one by one and may show how far that is."""
        self._collection, self._analysis = collection, analysis
        self._words: dict[str, list[int]] = defaultdict(list)  # of each term
        widths = array("q")
        for number, word in enumerate(watched(collection.words)):
            terms = analysis(word)
            widths.append(len(terms))
            for term in terms:
                self._words[term].append(number)
        lengths = collection.lengths(np.array(widths))
        mean = lengths.sum() / max(1, len(lengths)) or 1.0
        self._norms = self.K1 * (1 - self.B + self.B * lengths / mean)

    def rank(self, text: str, size: int) -> list[str]:
        """Return the ids of the best articles, at most `size`; among equals the earlier article of the collection first."""
        scores = np.zeros(len(self._norms))
        for token in ANALYZER.words(text):
            for term in self._analysis((token.surface, token.stem or token.surface)):
                if term in self._words:
                    articles, counts = self._collection.postings(self._words[term])
                    scores[articles] += self._weights(articles, counts)
        return [self._collection.ids[number] for number in _best(scores, size).tolist()]

    def _weights(self, articles: Array, counts: Array) -> Floats:
        idf = np.log1p((len(self._norms) - len(articles) + 0.5) / (len(articles) + 0.5))
        weights: Floats = idf * counts * (self.K1 + 1) / (counts + self._norms[articles])
        return weights


def _best(scores: Floats, size: int) -> Array:
    """Return the places of the highest scores above 0, the highest first, equal ones in their order."""
    found = np.flatnonzero(scores)
    if len(found) > size:
        least = np.partition(scores[found], -size)[-size]
        found = found[scores[found] >= least]
    order: Array = found[np.argsort(-scores[found], kind="stable")][:size]
    return order


class _Chunks(dict[str, int]):
    """What texts are made of between white space, by number: the words of chunk n are `tokens[starts[n]:starts[n + 1]]`."""

    def __init__(self) -> None:
        super().__init__()
        self.words: dict[Word, int] = {}
        self.tokens = array("q")
        self.starts = array("q", [0])

    def __missing__(self, chunk: str) -> int:
        for token in ANALYZER.words(chunk):
            word = (token.surface, token.stem or token.surface)
            self.tokens.append(self.words.setdefault(word, len(self.words)))
        self.starts.append(len(self.tokens))
        number = self[chunk] = len(self)
        return number


_NONE = (np.zeros(0, dtype=np.int32),) * 3


def _batches(articles: Iterable[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    remaining = iter(articles)
    while batch := list(islice(remaining, BATCH)):
        yield batch


# --- the analyses


def plain(word: Word) -> Sequence[str]:
    """Return a word as it is compared, both halves of a doubled one: no stems."""
    return word[0].split("-")


def snowball(word: Word) -> Sequence[str]:
    """Return Snowball's Indonesian stem of a word, of both halves of a doubled one, which Snowball does not know.

    >>> snowball(("pembangunan", "bangun")), snowball(("kata-kata", "kata"))
    (['bangun'], ['kata', 'kata'])
    """
    return [_snowball_stem(part) for part in plain(word)]


def sastrawi(word: Word) -> Sequence[str]:
    """Return Sastrawi's root of a word, doubled ones included, without anything that Telisik adds to Sastrawi.

    >>> sastrawi(("buah-buahan", "buah")), sastrawi(("kediri", "kediri"))
    (('buah',), ('diri',))
    """
    surface = word[0]
    is_word = surface.replace("-", "").isalpha() and surface.isascii()
    return ((str(stemmer().stem_word(surface)) or surface) if is_word else surface,)


def telisik(word: Word) -> Sequence[str]:
    """Return the stem that Telisik indexes."""
    return (word[1],)


@cache
def _snowball_stem(word: str) -> str:
    return str(_SNOWBALL.stemWord(word))


_SNOWBALL = snowballstemmer.stemmer("indonesian")

ANALYSES: Mapping[str, Analysis] = MappingProxyType(
    {"none": plain, "snowball": snowball, "sastrawi": sastrawi, "analysis": telisik}
)
