"""Train the tagger of persons, organisations and places, and write its model.

    python -m tests.bench.train_tagger

From idner-news-2k (MIT) in TELISIK_DATA. The weights are learned by python-crfsuite; what is shipped is only read by `index.crf`.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.crf import OFFSETS, Weights
from index.tagging import _TOKEN, EDGE, KINDS, MODEL_FILE, kind_number, word_features

LABELS = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC")
WINDOWS = ((-1, 0), (0, 1), (-1, 0, 1), (-2, -1, 0), (0, 1, 2))


class Gold(NamedTuple):
    """A sentence: its tokens, parted by spaces, and the label of each."""

    tokens: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.tokens)


def read_gold(path: Path) -> list[Gold]:
    blocks = path.read_text(encoding="utf-8").replace("\r", "").strip().split("\n\n")
    sentences = []
    for block in blocks:
        rows = [line.split() for line in block.split("\n") if line.strip()]
        if rows:
            sentences.append(Gold(tuple(row[0] for row in rows), tuple(row[-1] for row in rows)))
    return sentences


def gold_spans(labels: Sequence[str]) -> list[tuple[int, int, str]]:
    """Return first and last token and kind of each mention."""
    found: list[tuple[int, int, str]] = []
    for place, label in enumerate(labels):
        if label == "O":
            continue
        inside = label[0] == "I" and found and found[-1][1] == place - 1 and found[-1][2] == label[2:]
        if inside:
            found[-1] = (found[-1][0], place, label[2:])
        else:
            found.append((place, place, label[2:]))
    return found


def labelled_words(gold: Gold) -> tuple[list[str], list[str]]:
    """Return the words of a sentence as the tagger sees them, with labels; marks at the ends of a name are not of it."""
    starts = np.cumsum([0] + [len(token) + 1 for token in gold.tokens])
    text = gold.text
    inside: list[tuple[int, int, str]] = []
    for first, last, kind in gold_spans(gold.labels):
        start, end = int(starts[first]), int(starts[last]) + len(gold.tokens[last])
        while start < end and not text[start].isalnum():
            start += 1
        while end > start and not text[end - 1].isalnum():
            end -= 1
        inside.append((start, end, kind))
    words, labels = [], []
    begun: set[int] = set()
    for match in _TOKEN.finditer(text):
        words.append(match[0])
        label = "O"
        for number, (start, end, kind) in enumerate(inside):
            if match.start() < end and match.end() > start:
                label = ("I-" if number in begun else "B-") + kind
                begun.add(number)
        labels.append(label)
    return words, labels


def attributes(words: Sequence[str]) -> list[list[str]]:
    """Return the attributes of each word of a sentence for crfsuite: "offset:feature" and "window|kinds"."""
    size = len(words)
    padded = [EDGE, EDGE, *words, EDGE, EDGE]
    features = [word_features(word) for word in padded]
    kinds = [kind_number(word) for word in padded]
    found = []
    for place in range(2, size + 2):
        here = [f"{offset}:{feature}" for offset in OFFSETS for feature in features[place + offset]]
        for number, window in enumerate(WINDOWS):
            here.append(f"{number}|" + ",".join(str(kinds[place + offset]) for offset in window))
        found.append(here)
    return found


def train(sentences: Iterable[tuple[Sequence[str], Sequence[str]]], path: str, **options: object) -> Weights:
    """Train on words and labels of sentences; `path` is where crfsuite puts its own model."""
    import pycrfsuite

    trainer = pycrfsuite.Trainer(verbose=False)
    for words, labels in sentences:
        trainer.append(attributes(words), labels)
    trainer.set_params({"c1": 0.1, "c2": 0.05, "max_iterations": 120, "feature.possible_transitions": True} | options)
    trainer.train(path)
    tagger = pycrfsuite.Tagger()
    tagger.open(path)
    info = tagger.info()
    return weights_from(info.state_features, info.transitions)


def weights_from(states: dict[tuple[str, str], float], transitions: dict[tuple[str, str], float]) -> Weights:
    numbers = {label: number for number, label in enumerate(LABELS)}
    features: dict[str, int] = {}
    filled: list[tuple[int, int, int, float]] = []
    kinds = [np.zeros((len(KINDS),) * len(window) + (len(LABELS),), np.float32) for window in WINDOWS]
    for (attribute, label), weight in states.items():
        head, mark, rest = attribute.partition("|")
        if mark and head.isdigit():
            kinds[int(head)][(*map(int, rest.split(",")), numbers[label])] = weight
            continue
        offset, _colon, feature = attribute.partition(":")
        row = features.setdefault(feature, len(features))
        filled.append((row, OFFSETS.index(int(offset)), numbers[label], weight))
    words = np.zeros((len(features), len(OFFSETS), len(LABELS)), np.float32)
    for row, offset_number, number, weight in filled:
        words[row, offset_number, number] = weight
    steps = np.full((len(LABELS),) * 2, -1e4, np.float32)
    for before in LABELS:
        for after in LABELS:
            if after[0] != "I" or before[2:] == after[2:]:
                steps[numbers[before], numbers[after]] = transitions.get((before, after), 0.0)
    return Weights(LABELS, features, words, WINDOWS, tuple(kinds), steps)


def main() -> None:
    folder = Path(os.environ["TELISIK_DATA"]) / "ner"
    sentences = [
        labelled_words(gold) for name in ("train", "dev") for gold in read_gold(folder / f"idner-news-2k.{name}.txt")
    ]
    train(sentences, "/tmp/tg/crf.model").save(MODEL_FILE)


if __name__ == "__main__":
    main()
