"""A linear-chain CRF whose features are of single words near a token, decoded with numpy.

What a word says of the labels around it does not depend on where it stands, so it is summed once a word and kept. What a
sentence costs then is to gather these rows, to add the weights of the kinds of neighbouring words, and Viterbi over many sentences
at a time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

OFFSETS = (-2, -1, 0, 1, 2)  # where words stand that speak of a token's label, from the token
PADDING = 2  # entries before the first sentence of a stream and after each

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Weights:
    """A trained model.

    `features` leads from a feature of a word to the row of `words`, whose other dimensions are the offset and the label. `windows`
    are the offsets whose kinds of words are looked at together; `kinds` has the weights of each window, a dimension an offset and
    the last one the label. `evidence` has the weights of what a document says of the words at `near` offsets: offset, class, label.
    `transitions` leads from label to label.
    """

    labels: tuple[str, ...]
    features: Mapping[str, int]
    words: Floats
    windows: tuple[tuple[int, ...], ...]
    kinds: tuple[Floats, ...]
    near: tuple[int, ...]
    evidence: Floats
    transitions: Floats

    def row(self, features: Sequence[str]) -> Floats:
        """Return the weights of a word with these features: offset, label. Features that the model lacks say nothing."""
        known = [row for feature in features if (row := self.features.get(feature)) is not None]
        found: Floats = self.words[known].sum(axis=0)
        return found

    def emissions(self, rows: Floats, words: Ints, kinds: Ints) -> Floats:
        """Return what speaks for each label of each entry of a stream, transitions aside.

        `rows` are what `row` gave for each word, `words` the row of each entry, `kinds` the kind of each entry.
        """
        length = len(words)
        found = np.zeros((length, len(self.labels)), np.float32)
        inner = slice(PADDING, length - PADDING)
        for number, offset in enumerate(OFFSETS):
            found[inner] += rows[words[PADDING + offset : length - PADDING + offset], number]
        for window, weights in zip(self.windows, self.kinds, strict=True):
            found[inner] += weights[tuple(kinds[PADDING + o : length - PADDING + o] for o in window)]
        return found

    def with_evidence(self, emissions: Floats, classes: NDArray[np.int8]) -> Floats:
        """Return emissions with what the class of each entry's evidence adds to them."""
        added = emissions.copy()
        length = len(classes)
        for offset, weights in zip(self.near, self.evidence, strict=True):
            added[PADDING : length - PADDING] += weights[classes[PADDING + offset : length - PADDING + offset]]
        return added

    def decode(self, emissions: Floats, starts: Ints, lengths: Ints) -> NDArray[np.int8]:
        """Return the best label of each entry of a stream; of padding the label 0. Sentences are given by start and length."""
        best = np.zeros(len(emissions), np.int8)
        if not len(starts):
            return best
        order = np.argsort(-lengths, kind="stable")
        starts, lengths = starts[order], lengths[order]
        active = np.searchsorted(
            -lengths, -np.arange(1, lengths[0] + 1), side="right"
        )  # sentences that have this many tokens
        scores: list[Floats] = []  # by position in the sentence: label, sentence
        for position, count in enumerate(active):
            here = emissions[starts[:count] + position].T
            if position:
                before = scores[-1][:, :count]
                here = here + np.maximum.reduce(before[:, None, :] + self.transitions[:, :, None])
            scores.append(here)
        self._trace(scores, active, starts, best)
        return best

    def _trace(
        self, scores: Sequence[Floats], active: NDArray[np.integer], starts: Ints, best: NDArray[np.int8]
    ) -> None:
        labels = np.zeros(len(starts), np.intp)
        after = 0  # sentences that have an entry after this one
        for position in range(len(scores) - 1, -1, -1):
            count = int(active[position])
            here = scores[position][:, :count].copy()
            here[:, :after] += self.transitions[:, labels[:after]]
            labels[:count] = here.argmax(axis=0)
            best[starts[:count] + position] = labels[:count]
            after = count

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the model as arrays for a file, in half precision; of the words' weights only those that are not zero."""
        flat = self.words.ravel()
        filled = np.flatnonzero(flat)
        arrays: dict[str, NDArray[np.generic]] = {
            "labels": packed(self.labels),
            "features": packed(self.features),
            "places": np.diff(filled, prepend=0).astype(np.uint32),
            "values": flat[filled].astype(np.float16),
            "windows": packed(",".join(map(str, window)) for window in self.windows),
            "near": np.array(self.near, np.int8),
            "evidence": self.evidence.astype(np.float16),
            "transitions": self.transitions,
        }
        return arrays | {f"kinds{number}": weights.astype(np.float16) for number, weights in enumerate(self.kinds)}

    @classmethod
    def from_arrays(cls, stored: Mapping[str, NDArray[np.generic]]) -> Self:
        """Return the model that `arrays` made these of."""
        labels, features = unpacked(stored["labels"]), unpacked(stored["features"])
        words = np.zeros((len(features), len(OFFSETS), len(labels)), np.float32)
        words.ravel()[np.cumsum(stored["places"], dtype=np.int64)] = stored["values"]
        windows = tuple(tuple(map(int, window.split(","))) for window in unpacked(stored["windows"]))
        return cls(
            labels=tuple(labels),
            features={feature: row for row, feature in enumerate(features)},
            words=words,
            windows=windows,
            kinds=tuple(stored[f"kinds{number}"].astype(np.float32) for number in range(len(windows))),
            near=tuple(stored["near"].tolist()),
            evidence=stored["evidence"].astype(np.float32),
            transitions=stored["transitions"].astype(np.float32),
        )


_NONE = np.zeros((0, len(OFFSETS), 1), np.float32)
NO_WEIGHTS = Weights(("O",), {}, _NONE, (), (), (), _NONE, np.zeros((1, 1), np.float32))
"""A model that knows one label."""


def packed(lines: Iterable[str]) -> NDArray[np.uint8]:
    """Return lines as bytes, which compress better than an array of texts."""
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def unpacked(stored: NDArray[np.generic]) -> list[str]:
    """Return the lines that `packed` was given."""
    return stored.tobytes().decode().split("\n")
