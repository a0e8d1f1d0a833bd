"""The words and names of one segment, read whole: for completions, misspellings, facets and limits."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from index.analysis import ANALYZER, fold_value
from index.columns import Names
from index.postingsfile import runs
from search.arrays import Ints, Mask
from search.slips import slips_of_all

LAST_LETTER = "\U0010ffff"  # no word holds it
LONGEST_PLAIN = 24  # letters of a word that a misspelling is compared with


@dataclass(frozen=True, slots=True)
class FrequentWords:
    """The words of a segment that many of its documents have, in order, and how many have each."""

    words: Sequence[str]
    documents: npt.NDArray[np.uint32]

    def beginning(self, prefix: str, most: int) -> list[tuple[str, int]]:
        """Return the `most` frequent words that begin with `prefix`, each with its number of documents, in no order."""
        begin = bisect_left(self.words, prefix)
        end = bisect_left(self.words, prefix + LAST_LETTER, begin)
        counts = self.documents[begin:end]
        best = np.argpartition(counts, -most)[-most:] if len(counts) > most else np.arange(len(counts))
        return [(self.words[begin + place], int(counts[place])) for place in best.tolist()]


class PlainWords:
    """Those of some words that are of ASCII letters alone, as one array, sorted by first letter and length."""

    def __init__(self, words: FrequentWords) -> None:
        kept = [place for place, word in enumerate(words.words) if len(word) <= LONGEST_PLAIN and _is_plain(word)]
        plain = np.array([words.words[place] for place in kept], dtype=f"S{LONGEST_PLAIN}")
        self._groups = plain.view(np.uint8).reshape(-1, LONGEST_PLAIN)[:, 0].astype(np.int32) << 8
        self._groups |= np.char.str_len(plain).astype(np.int32)
        order = np.argsort(self._groups, kind="stable")
        self._words, self._documents, self._groups = plain[order], words.documents[kept][order], self._groups[order]

    def alike(self, surface: str, most: int) -> list[tuple[str, int, int]]:
        """Return the words at most `most` slips away that begin with the first or second letter of `surface`.

        Each with its number of documents and its slips.
        """
        rows = []
        for letter in set(surface[:2].encode()):
            shortest, longest = ((letter << 8) + max(1, len(surface) + d) for d in (-most, most))
            begin, end = np.searchsorted(self._groups, (shortest, longest + 1))
            rows.append(np.arange(begin, end))
        near = np.concatenate(rows)
        made = slips_of_all(surface, self._words[near], most)
        found = np.flatnonzero(made <= most).tolist()
        return [(self._words[near[p]].decode(), int(self._documents[near[p]]), int(made[p])) for p in found]


def _is_plain(word: str) -> bool:
    return word.isascii() and word.isalpha()


class NameColumn:
    """The values of one field of names in a segment, for counting and limiting."""

    def __init__(self, names: Names) -> None:
        self.values = names.values
        self._codes, self._starts = names.codes, names.starts
        widths = np.diff(names.starts.astype(np.int64))
        self._single: npt.NDArray[np.unsignedinteger] | None = None  # of each document its code + 1, 0 for none
        if not len(widths) or widths.max() <= 1:
            self._single = np.zeros(len(widths), dtype=np.min_scalar_type(len(names.values)))
            self._single[widths == 1] = names.codes + 1

    @cached_property
    def keys(self) -> list[str]:
        """The values as they are compared."""
        return list(map(fold_value, self.values))

    @cached_property
    def _codes_by_key(self) -> dict[str, list[int]]:
        codes: dict[str, list[int]] = {}
        for code, key in enumerate(self.keys):
            codes.setdefault(key, []).append(code)
        return codes

    def codes_of_documents(self) -> tuple[Ints, Ints]:
        """Return all pairs of a document and the code of a value that it has, side by side, documents ascending."""
        starts: Ints = self._starts.astype(np.int64)
        widths = starts[1:] - starts[:-1]
        return np.repeat(np.arange(len(widths)), widths), self._codes.astype(np.int64)

    def documents_with(self, values: Sequence[str]) -> Mask:
        """Return a mask of the documents that have any of these values, case and accents aside."""
        codes = [code for value in values for code in self._codes_by_key.get(fold_value(value), ())]
        wanted: Mask = np.zeros(len(self.values) + 1, dtype=np.bool_)
        wanted[[code + 1 for code in codes]] = True
        if self._single is not None:
            found: Mask = wanted[self._single]
            return found
        wanted = wanted[1:]
        mask: Mask = np.zeros(len(self._starts) - 1, dtype=np.bool_)
        hits = np.flatnonzero(wanted[self._codes])
        mask[np.searchsorted(self._starts, hits, side="right") - 1] = True
        return mask

    def counts(self, documents: Ints | None) -> Ints:
        """Return for each value how many of these documents, or of all, have it."""
        if self._single is not None:
            codes = self._single if documents is None else self._single.take(documents)
            return np.bincount(codes, minlength=len(self.values) + 1)[1:]
        if documents is None:
            return np.bincount(self._codes, minlength=len(self.values))
        begins = self._starts[documents].astype(np.int64)
        widths = self._starts[documents + 1] - begins
        return np.bincount(self._codes[runs(begins, widths)], minlength=len(self.values))


class NameWords:
    """Which values of a field of names have which words."""

    def __init__(self, values: Sequence[str]) -> None:
        self._words = [tuple(token.surface for token in ANALYZER.words(value)) for value in values]
        places = sorted((word, code) for code, words in enumerate(self._words) for word in set(words))
        self._sorted = [word for word, _code in places]
        self._codes = np.fromiter((code for _word, code in places), dtype=np.int64, count=len(places))

    def codes_with(self, words: Sequence[str], whole: bool) -> Ints:
        """Return the codes of the values in which these words follow each other, the last one a beginning unless `whole`."""
        last = len(words) - 1
        first_whole = whole or last > 0
        begin = bisect_left(self._sorted, words[0])
        end = bisect_left(self._sorted, words[0] + ("\0" if first_whole else LAST_LETTER), begin)
        codes = np.unique(self._codes[begin:end])
        if not last:
            return codes
        return np.asarray([code for code in codes.tolist() if self._has(code, words, whole)], dtype=np.int64)

    def _has(self, code: int, words: Sequence[str], whole: bool) -> bool:
        value, ahead = self._words[code], len(words) - 1
        return any(
            value[place : place + ahead] == tuple(words[:-1])
            and (value[place + ahead] == words[-1] if whole else value[place + ahead].startswith(words[-1]))
            for place in range(len(value) - ahead)
        )
