"""A linear-chain CRF whose features are of single words near a token, decoded with numpy.

What a word says of the labels around it does not depend on where it stands, so it is summed once a word and kept. What a sentence
costs then is to gather these rows, to add the weights of the kinds of neighbouring words, and Viterbi over many sentences at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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
    are the offsets whose kinds of words are looked at together; `kinds` has the weights of each window, a dimension an offset and the
    last one the label. `transitions` leads from label to label.
    """

    labels: tuple[str, ...]
    features: dict[str, int]
    words: Floats
    windows: tuple[tuple[int, ...], ...]
    kinds: tuple[Floats, ...]
    transitions: Floats

    def row(self, features: Sequence[str]) -> Floats:
        """Return the weights of a word with these features: offset, label. Features that the model lacks say nothing."""
        known = [row for feature in features if (row := self.features.get(feature)) is not None]
        return self.words[known].sum(axis=0)

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

    def _trace(self, scores: Sequence[Floats], active: Ints, starts: Ints, best: NDArray[np.int8]) -> None:
        labels = np.zeros(len(starts), np.intp)
        after = 0  # sentences that have an entry after this one
        for position in range(len(scores) - 1, -1, -1):
            count = int(active[position])
            here = scores[position][:, :count].copy()
            here[:, :after] += self.transitions[:, labels[:after]]
            labels[:count] = here.argmax(axis=0)
            best[starts[:count] + position] = labels[:count]
            after = count

    def save(self, path: Path) -> None:
        """Write the model, weights in half precision, most of which are zero and not written."""
        flat = self.words.ravel()
        filled = np.flatnonzero(flat)
        arrays = {f"kinds{number}": weights.astype(np.float16) for number, weights in enumerate(self.kinds)}
        windows = ";".join(",".join(map(str, window)) for window in self.windows)
        np.savez_compressed(
            path,
            labels=_packed(self.labels),
            features=_packed(self.features),
            places=np.diff(filled, prepend=0).astype(np.uint32),
            values=flat[filled].astype(np.float16),
            windows=_packed([windows]),
            transitions=self.transitions,
            **arrays,
        )


def read_weights(path: Path) -> Weights:
    """Return the model of a file that `Weights.save` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        labels, features = _unpacked(stored["labels"]), _unpacked(stored["features"])
        words = np.zeros((len(features), len(OFFSETS), len(labels)), np.float32)
        words.ravel()[np.cumsum(stored["places"], dtype=np.int64)] = stored["values"]
        windows = tuple(tuple(map(int, window.split(","))) for window in _unpacked(stored["windows"])[0].split(";"))
        kinds = tuple(stored[f"kinds{number}"].astype(np.float32) for number in range(len(windows)))
        return Weights(
            labels=tuple(labels),
            features={feature: row for row, feature in enumerate(features)},
            words=words,
            windows=windows,
            kinds=kinds,
            transitions=stored["transitions"],
        )


def _packed(lines: Sequence[str] | dict[str, int] | tuple[str, ...]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def _unpacked(packed: NDArray[np.uint8]) -> list[str]:
    return packed.tobytes().decode().split("\n")
