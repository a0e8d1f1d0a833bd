"""What unlabelled articles say of words, for the tagger: clusters of words used alike, letter case, what a model takes them for.

Reads the articles of TELISIK_DATA; nothing of their text goes into the model but single words with numbers.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from index.crf import NO_WEIGHTS, PADDING, Floats, Ints, Weights
from index.tagstream import BREAK, Memo, tokenised
from index.tagwords import COLUMNS, EDGE, NO_LEXICON, Lexicon, classes_of, folded
from tests.bench.making import real_articles

LEAST = 5  # times a word occurs that gets clusters
LEAST_NAMED = 3  # times a capitalised word occurs of which the model's opinion is kept
CLUSTERS = (48, 192, 640)
_LOWER = COLUMNS.index("lower")
_OPINION = COLUMNS.index("person")
_CONTEXTS = 1_500  # most frequent words, whose places around a word tell how it is used
_DIMENSIONS = 64
_ROUNDS = 25
_AROUND = (-2, -1, 1, 2)
_SHARES = (0.02, 0.1, 0.3, 0.6, 0.85, 0.97)
_TOLD_SHARES = (1e-9, 0.05, 0.15, 0.3, 0.5)
_OFTEN = (4, 12)
_LOWER_SHARES = (0.001, 0.02, 0.1, 0.5, 0.9)
_SENTENCES = 30_000  # decoded at a time


@dataclass(frozen=True, slots=True)
class Corpus:
    """All articles as one stream: entries of `stream` are places in `words`, padding is 0."""

    words: Sequence[str]
    stream: Ints
    starts: Ints
    lengths: Ints


@cache
def corpus() -> Corpus:
    files = sorted((real_articles() / "news").glob("*.jsonl"))
    bodies = dict.fromkeys(json.loads(line)["body"] for file in files for line in file.open(encoding="utf-8"))
    memo = Memo(NO_WEIGHTS, NO_LEXICON)
    stream = tokenised(BREAK.join(bodies), memo).stream
    return Corpus(list(memo), stream.words, stream.starts, stream.lengths)


@cache
def clusters() -> tuple[Sequence[str], NDArray[np.int64]]:
    """Return frequent words and their cluster in each of CLUSTERS, counted from 1."""
    known = corpus()
    vocabulary: dict[str, int] = {}
    renamed = np.array([vocabulary.setdefault("0" if w[:1].isdigit() else w, len(vocabulary)) for w in known.words])
    stream = renamed[known.stream]
    counts = np.bincount(stream, minlength=len(vocabulary))
    counts[0] = 0
    order = np.argsort(-counts, kind="stable")
    kept = int((counts >= LEAST).sum())
    rank = np.empty(len(vocabulary), np.int64)
    rank[order] = np.arange(len(vocabulary))
    vectors = _vectors(rank[stream], stream == 0, kept)
    names = list(vocabulary)
    weights = np.sqrt(counts[order[:kept]])
    labels = np.stack([_grouped(vectors, weights / weights.sum(), count) for count in CLUSTERS], axis=1)
    return [names[place] for place in order[:kept]], labels + 1


def _vectors(ranks: NDArray[np.int64], padding: NDArray[np.bool_], kept: int) -> Floats:
    """Return how each of the `kept` most frequent words is used: positive pointwise mutual information, reduced by SVD."""
    contexts = np.where(padding, _CONTEXTS, np.where(ranks < _CONTEXTS, ranks, -1))
    targets = np.where(padding | (ranks >= kept), -1, ranks)
    width = _CONTEXTS + 1
    table = np.zeros((kept, width * len(_AROUND)), np.float32)
    inner = slice(PADDING, len(ranks) - PADDING)
    for number, offset in enumerate(_AROUND):
        near = contexts[PADDING + offset : len(ranks) - PADDING + offset]
        both = (targets[inner] >= 0) & (near >= 0)
        keys, counts = np.unique(targets[inner][both] * width + near[both], return_counts=True)
        table[keys // width, number * width + keys % width] = counts
    total = table.sum()
    expected = (table.sum(axis=1, keepdims=True) + 1) * (table.sum(axis=0, keepdims=True) + 1) ** 0.75 * total**0.25
    with np.errstate(divide="ignore"):
        table = np.maximum(np.log(table * total / expected), 0)
    rng = np.random.default_rng(1)
    basis = rng.standard_normal((table.shape[1], _DIMENSIONS + 16)).astype(np.float32)
    for _ in range(4):
        basis = np.linalg.qr(table.T @ np.linalg.qr(table @ basis)[0])[0]
    left, sizes, _right = np.linalg.svd(table @ basis, full_matrices=False)
    vectors = (left[:, :_DIMENSIONS] * np.sqrt(sizes[:_DIMENSIONS])).astype(np.float32)
    return vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)


def _grouped(vectors: Floats, chances: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Return the cluster of each vector, by k-means on the sphere."""
    rng = np.random.default_rng(count)
    centres = vectors[rng.choice(len(vectors), count, replace=False, p=chances)]
    for _ in range(_ROUNDS):
        labels = (vectors @ centres.T).argmax(axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, labels, vectors)
        sizes = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(sizes > 0, sums / (sizes + 1e-9), vectors[rng.choice(len(vectors), count)])
    return labels


@cache
def surroundings() -> NDArray[np.int64]:
    """Return of each word how many runs of capitalised words hold it, and how many of these stand beside words that tell of
    persons, of places, of organisations.
    """
    known = corpus()
    words = known.words
    stream = known.stream
    capital = np.array([word[:1].isupper() for word in words])[stream]
    firsts = np.flatnonzero(capital & ~np.roll(capital, 1))
    lasts = np.flatnonzero(capital & ~np.roll(capital, -1))
    before, after, second = stream[firsts - 1], stream[lasts + 1], stream[lasts + 2]

    def are(*classes: str) -> NDArray[np.bool_]:
        return np.array([not set(classes).isdisjoint(classes_of(folded(word))) for word in words])

    def is_word(text: str) -> NDArray[np.bool_]:
        return np.array([word == text for word in words])

    age = np.array([word.isdigit() and len(word) == 2 for word in words])
    roles = are("rank", "role")
    person = are("said", "title", "rank", "role", "person")[before] | are("says")[after]
    person |= (is_word("(")[after] & age[second]) | (is_word(",")[after] & roles[second])
    place = are("in")[before] | (are("place")[before] & ~are("organisation")[before])
    counts = np.zeros((len(words), 4), np.int64)
    run = np.cumsum(capital & ~np.roll(capital, 1)) - 1
    places = np.flatnonzero(capital)
    for column, told in enumerate((np.ones(len(firsts), bool), person, place, are("organisation")[before])):
        counts[:, column] = np.bincount(stream[places], weights=told[run[places]], minlength=len(words))
    return counts


def mined(weights: Weights | None = None, lexicon: Lexicon | None = None) -> Lexicon:
    """Return what is mined without a model, or, with one and the lexicon it knows, its opinion of words, too."""
    known = corpus()
    words, groups = clusters()
    counts = np.bincount(known.stream, minlength=len(known.words))
    lower = {word: int(count) for word, count in zip(known.words, counts, strict=True) if word[:1].islower()}
    rows: dict[str, list[int]] = {}
    for word, group in zip(words, groups.tolist(), strict=True):
        rows[word] = [*group] + [0] * (len(COLUMNS) - len(CLUSTERS))
    named = [n for n, word in enumerate(known.words) if word[:1].isupper() and counts[n] >= LEAST_NAMED]
    beside = surroundings()[named]
    told = _degrees(beside[:, 1:], beside[:, :1], _TOLD_SHARES)
    opinions = _opinions(weights, lexicon, named, counts) if weights and lexicon else None
    for place, number in enumerate(named):
        row = rows.setdefault(known.words[number], [0] * len(COLUMNS))
        small = lower.get(known.words[number].lower(), 0)
        row[_LOWER] = 1 + int(np.searchsorted(_LOWER_SHARES, small / (small + counts[number])))
        row[_LOWER + 1 : _OPINION] = told[place].tolist()
        if opinions is not None:
            row[_OPINION:] = opinions[place].tolist()
    kept = {word: row for word, row in rows.items() if word != EDGE and word[0].isalpha()}
    return Lexicon({word: n for n, word in enumerate(kept)}, np.array(list(kept.values()), np.uint16))


def _degrees(part: NDArray[np.int64], whole: NDArray[np.int64], shares: Sequence[float]) -> NDArray[np.int64]:
    """Return degrees from 1: the step of `shares` that part / whole reaches, in three kinds by how often the whole was seen."""
    often = np.searchsorted(_OFTEN, whole, side="right")
    return 1 + 3 * np.searchsorted(shares, part / np.maximum(whole, 1), side="right") + often


def _opinions(weights: Weights, lexicon: Lexicon, named: Sequence[int], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    known = corpus()
    chances = _chances(weights, lexicon)
    tallies = np.stack([np.bincount(known.stream, weights=c, minlength=len(known.words)) for c in chances.T], axis=1)[
        named
    ]
    total = counts[named][:, None]
    kinds = np.stack([tallies[:, first : first + 2].sum(axis=1) for first in (1, 3, 5)], axis=1)
    shares = _degrees(kinds, total, _SHARES)
    person = tallies[:, 1] + tallies[:, 2]
    begun = np.where(person > 1, 1 + (4 * tallies[:, 1] / (person + 0.01)).astype(np.int64), 0)
    return np.column_stack([shares, begun])


def _chances(weights: Weights, lexicon: Lexicon) -> Floats:
    """Return how likely a model takes each entry of the corpus for each label."""
    known = corpus()
    memo = Memo(weights, lexicon)
    rows = np.array([memo[word] for word in known.words], np.int32)
    found = np.zeros((len(known.stream), len(weights.labels)), np.float32)
    for first in range(0, len(known.starts), _SENTENCES):
        starts, lengths = (a[first : first + _SENTENCES] for a in (known.starts, known.lengths))
        begin, end = int(starts[0]) - PADDING, int(starts[-1] + lengths[-1]) + PADDING
        stream = rows[known.stream[begin:end]]
        emissions = weights.emissions(memo.rows, stream, memo.kinds[stream])
        found[begin:end] = chances_of(weights.transitions, emissions, starts - begin, lengths)
    return found


def chances_of(transitions: Floats, emissions: Floats, starts: Ints, lengths: Ints) -> Floats:
    """Return how likely each label of each entry of a stream is, by the forward-backward algorithm; of padding all are 0."""
    found = np.zeros_like(emissions)
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    active = np.searchsorted(-lengths, -np.arange(1, lengths[0] + 1), side="right")
    steps = np.exp(transitions)
    likely = np.exp(emissions - emissions.max(axis=1, keepdims=True))
    forward: list[Floats] = []
    for position, count in enumerate(active):
        here = likely[starts[:count] + position]
        if position:
            here = here * (forward[-1][:count] @ steps)
        forward.append(here / here.sum(axis=1, keepdims=True))
    after = np.ones((len(starts), emissions.shape[1]), np.float32)
    for position in range(len(active) - 1, -1, -1):
        places = starts[: active[position]] + position
        both = forward[position] * after[: len(places)]
        found[places] = both / both.sum(axis=1, keepdims=True)
        earlier = (after[: len(places)] * likely[places]) @ steps.T
        after[: len(places)] = earlier / earlier.sum(axis=1, keepdims=True)
    return found
