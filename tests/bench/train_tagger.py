"""Train the tagger of persons, organisations and places, and write its model.

    python -m tests.bench.train_tagger

From the annotated sentences of idner-news-2k (MIT) and, for what is known of single words, the articles, both in TELISIK_DATA.
The weights are learned by python-crfsuite; the product only reads them.

Two things are learned from what a model says itself, and would look better than they are if it said it of sentences that it was
trained on: what it takes a word for in unlabelled articles, and what it takes a word for elsewhere in the document. So the
sentences are dealt into PARTS; each part gets both from a model that was trained on the others.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from index.crf import OFFSETS, PADDING, Weights
from index.tagging import MODEL_FILE
from index.tagspans import EVIDENCE, LABELS, evidence
from index.tagstream import TOKEN, Memo
from index.tagwords import EDGE, KINDS, Lexicon, kind_number
from tests.bench.mine_words import mined

PARTS = 5
WINDOWS = ((-1, 0), (0, 1), (-1, 0, 1))
NEAR = (-1, 0, 1)  # offsets of words whose evidence is looked at
OPTIONS: Mapping[str, object] = {"c1": 0.05, "c2": 0.5, "max_iterations": 120, "feature.possible_transitions": True}
_IMPOSSIBLE = -1e4


class Gold(NamedTuple):
    """A sentence: its tokens, parted by spaces, and the label of each."""

    tokens: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.tokens)


class Labelled(NamedTuple):
    """A sentence as the tagger sees it: its words, their labels."""

    words: tuple[str, ...]
    labels: tuple[str, ...]


Example = tuple[list[list[str]], Sequence[str]]  # the attributes of each word for crfsuite, and the labels


def read_gold(path: Path) -> list[Gold]:
    """Return the sentences of a file of a token, its part of speech (which the tagger does not have) and its label a line."""
    blocks = path.read_text(encoding="utf-8").strip().split("\n\n")
    split = ([line.split() for line in block.split("\n") if line.strip()] for block in blocks)
    return [Gold(tuple(row[0] for row in rows), tuple(row[-1] for row in rows)) for rows in split if rows]


def gold_spans(labels: Sequence[str]) -> list[tuple[int, int, str]]:
    """Return first and last token and kind of each mention."""
    found: list[tuple[int, int, str]] = []
    for place, label in enumerate(labels):
        if label == "O":
            continue
        if label[0] == "I" and found and found[-1][1:] == (place - 1, label[2:]):
            found[-1] = (found[-1][0], place, label[2:])
        else:
            found.append((place, place, label[2:]))
    return found


def labelled(gold: Gold) -> Labelled:
    """Return a sentence as the tagger sees it; marks at the ends of a name are not of it."""
    text = gold.text
    starts = np.cumsum([0] + [len(token) + 1 for token in gold.tokens]).tolist()
    inside: list[tuple[int, int, str]] = []
    for first, last, kind in gold_spans(gold.labels):
        start, end = starts[first], starts[last] + len(gold.tokens[last])
        while start < end and not text[start].isalnum():
            start += 1
        while end > start and not text[end - 1].isalnum():
            end -= 1
        inside.append((start, end, kind))
    words, labels = [], []
    begun: set[int] = set()
    for match in TOKEN.finditer(text):
        label = "O"
        for number, (start, end, kind) in enumerate(inside):
            if match.start() < end and match.end() > start:
                label = ("I-" if number in begun else "B-") + kind
                begun.add(number)
        words.append(match[0])
        labels.append(label)
    return Labelled(tuple(words), tuple(labels))


class Attributes:
    """Makes the attributes of sentences for crfsuite: "offset:feature", "window|kinds", "e offset|evidence"."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._features = lru_cache(None)(lambda word, offset: [f"{offset}:{f}" for f in lexicon.features(word)])

    def __call__(self, words: Sequence[str], classes: Sequence[int] | None = None) -> list[list[str]]:
        padded = [EDGE] * PADDING + list(words) + [EDGE] * PADDING
        kinds = [kind_number(word) for word in padded]
        seen = None if classes is None else [0] * PADDING + list(classes) + [0] * PADDING
        found = []
        for place in range(PADDING, len(words) + PADDING):
            here = [attribute for offset in OFFSETS for attribute in self._features(padded[place + offset], offset)]
            for number, window in enumerate(WINDOWS):
                here.append(f"{number}|" + ",".join(str(kinds[place + offset]) for offset in window))
            if seen is not None:
                here += (f"e{number}|{seen[place + offset]}" for number, offset in enumerate(NEAR))
            found.append(here)
        return found


def train(examples: Iterable[Example]) -> Weights:
    """Return the weights that crfsuite learns."""
    import pycrfsuite  # is of the extra "bench", and the tests use the rest of this module without it

    with TemporaryDirectory() as folder:
        path = str(Path(folder) / "model")
        trainer = pycrfsuite.Trainer(verbose=False)
        for attributes, labels in examples:
            trainer.append(attributes, labels)
        trainer.set_params(OPTIONS)
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        info = tagger.info()
        return weights_from(info.state_features, info.transitions)


def weights_from(states: Mapping[tuple[str, str], float], steps: Mapping[tuple[str, str], float]) -> Weights:
    """Return crfsuite's weights as arrays."""
    numbers = {label: number for number, label in enumerate(LABELS)}
    features: dict[str, int] = {}
    filled: list[tuple[int, int, int, float]] = []
    kinds = [np.zeros((len(KINDS),) * len(window) + (len(LABELS),), np.float32) for window in WINDOWS]
    evidences = np.zeros((len(NEAR), EVIDENCE, len(LABELS)), np.float32)
    for (attribute, label), weight in states.items():
        head, mark, rest = attribute.partition("|")
        if mark and head.isdigit():
            kinds[int(head)][(*map(int, rest.split(",")), numbers[label])] = weight
        elif mark and head[0] == "e":
            evidences[int(head[1:]), int(rest), numbers[label]] = weight
        else:
            offset, _colon, feature = attribute.partition(":")
            row = features.setdefault(feature, len(features))
            filled.append((row, OFFSETS.index(int(offset)), numbers[label], weight))
    words = np.zeros((len(features), len(OFFSETS), len(LABELS)), np.float32)
    for row, place, number, weight in filled:
        words[row, place, number] = weight
    transitions = np.full((len(LABELS), len(LABELS)), _IMPOSSIBLE, np.float32)
    for before in LABELS:
        for after in LABELS:
            if after[0] != "I" or before[2:] == after[2:]:
                transitions[numbers[before], numbers[after]] = steps.get((before, after), 0.0)
    return Weights(LABELS, features, words, WINDOWS, tuple(kinds), NEAR, evidences, transitions)


def evidence_in(sentences: Sequence[Labelled], weights: Weights, lexicon: Lexicon) -> list[list[int]]:
    """Return the evidence of each word of sentences that are one document, as a model sees it."""
    memo = Memo(weights, lexicon)
    words = [0] * PADDING
    starts = []
    for sentence in sentences:
        starts.append(len(words))
        words += [memo[word] for word in sentence.words] + [0] * PADDING
    stream = np.array(words, np.int32)
    lengths = np.array([len(sentence.words) for sentence in sentences], np.int32)
    emissions = weights.emissions(memo.rows, stream, memo.kinds[stream])
    labels = weights.decode(emissions, np.array(starts, np.int32), lengths)
    classes = evidence(stream, np.zeros(len(stream), np.int32), labels, memo.bits[stream])
    return [classes[start : start + length].tolist() for start, length in zip(starts, lengths, strict=True)]


def corrected(golds: Sequence[Gold]) -> list[Gold]:
    """Return the sentences with each pair such as Prabowo-Hatta labelled as a name; the annotators did so with half of them."""
    named = {token for gold in golds for token, label in zip(*gold, strict=True) if label.endswith("PER")}

    def label_of(token: str, label: str) -> str:
        pair = token.strip("().,").split("-")
        return "B-PER" if label == "O" and len(pair) > 1 and token[:1] != "-" and named.issuperset(pair) else label

    return [Gold(gold.tokens, tuple(map(label_of, gold.tokens, gold.labels))) for gold in golds]


def trained(golds: Sequence[Gold]) -> tuple[Weights, Lexicon]:
    """Return a model of annotated sentences."""
    sentences = [labelled(gold) for gold in corrected(golds)]
    plain = mined()
    plain_attributes = Attributes(plain)
    examples: list[Example] = []
    for part in range(PARTS):
        others = [s for n, s in enumerate(sentences) if n % PARTS != part]
        held = sentences[part::PARTS]
        weights = train((plain_attributes(s.words), s.labels) for s in others)
        attributes = Attributes(mined(weights, plain))
        for sentence, classes in zip(held, evidence_in(held, weights, plain), strict=True):
            examples.append((attributes(sentence.words), sentence.labels))
            examples.append((attributes(sentence.words, classes), sentence.labels))
    lexicon = mined(train((plain_attributes(s.words), s.labels) for s in sentences), plain)
    return train(examples), lexicon


def main() -> None:
    folder = Path(os.environ["TELISIK_DATA"]) / "ner"
    golds = [gold for name in ("train", "dev") for gold in read_gold(folder / f"idner-news-2k.{name}.txt")]
    weights, lexicon = trained(golds)
    np.savez_compressed(MODEL_FILE, **weights.arrays(), **lexicon.arrays())  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
