"""Words spelled alike: how many slips lie between two words, and the automaton that finds all within so many.

A slip is a letter too many, missing or wrong, or two neighbours swapped (Damerau-Levenshtein, optimal string alignment). The first
letter is taken to be right: without it a dictionary is walked four times as long (`terms_within`, 52,000 words: 210 ms for 55).
"""

from collections.abc import Iterator
from functools import lru_cache
from string import ascii_lowercase

import numpy as np
import numpy.typing as npt
from whoosh.automata.fsa import ANY, DFA, EPSILON, NFA
from whoosh.codec.base import Automata, FieldCursor

AUTOMATA_KEPT = 64  # a query asks for the same ones in every field of every segment


def are_alike(surface: str, other: str, most: int) -> bool:
    """Say whether at most `most` slips lie between two words that begin alike."""
    return surface[:1] == other[:1] and slips(surface, other, most) <= most


def slips(one: str, other: str, most: int) -> int:
    """Return how many slips lie between two words, `most` + 1 where there are more.

    >>> slips("subianto", "subijanto", 2), slips("beras", "bears", 2), slips("harga", "hargai", 0)
    (1, 1, 1)
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before_before, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before_before[j - 2] + 1)
            row.append(cost)
    return min(row[-1], most + 1)


def one_slip_away(surface: str) -> set[str]:
    """Return all that one slip makes of a word, in any of its letters, the first one too.

    >>> sorted(one_slip_away("ab") & {"a", "ba", "cb", "kab", "ac", "ab", "cd"})
    ['a', 'ac', 'ba', 'cb', 'kab']
    """
    cuts = [(surface[:place], surface[place:]) for place in range(len(surface) + 1)]
    made = {a + b[1:] for a, b in cuts if b} | {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    for letter in ascii_lowercase:
        made.update(a + letter + b for a, b in cuts)
        made.update(a + letter + b[1:] for a, b in cuts if b)
    return made - {surface, ""}


def slips_of_all(surface: str, words: npt.NDArray[np.bytes_], most: int) -> npt.NDArray[np.int8]:
    """Return for each of many ASCII words how many slips lie between it and an ASCII `surface`, `most` + 1 for more.

    The table of `slips`, each cell an array over all words; only cells at most `most` off the diagonal can count.
    """
    width = words.dtype.itemsize
    letters = np.ascontiguousarray(words).view(np.uint8).reshape(len(words), width).T
    lengths = np.char.str_len(words)
    far = np.full(len(words), most + 1, dtype=np.int8)
    result = far.copy()
    typed = surface.encode()
    rows: list[dict[int, npt.NDArray[np.int8]]] = [{j: np.full_like(far, j) for j in range(min(most, width) + 1)}]
    for i, letter in enumerate(typed, start=1):
        row: dict[int, npt.NDArray[np.int8]] = {}
        for j in range(max(0, i - most), min(width, i + most) + 1):
            if not j:
                row[j] = np.full_like(far, i)
                continue
            cost = rows[-1][j - 1] + (letters[j - 1] != letter)
            cost = np.minimum(cost, np.minimum(rows[-1].get(j, far), row.get(j - 1, far)) + np.int8(1))
            if i > 1 and j > 1 and (swapped := rows[-2].get(j - 2)) is not None:
                is_swap = (letters[j - 2] == letter) & (letters[j - 1] == typed[i - 2])
                cost = np.where(is_swap, np.minimum(cost, swapped + np.int8(1)), cost)
            row[j] = cost
        rows.append(row)
    for j, cell in rows[-1].items():
        result = np.where(lengths == j, np.minimum(cell, far), result)
    return result


def words_alike(cursor: FieldCursor, surface: str, most: int) -> Iterator[str]:
    """Yield the words below `cursor` that are alike; it moves on while they are taken."""
    found: Iterator[str] = Automata.find_matches(_automaton(surface, most), cursor)
    return found


@lru_cache(maxsize=AUTOMATA_KEPT)
def _automaton(surface: str, most: int) -> DFA:
    """Return the automaton of the words alike. A state is (letters read, slips made), a third member marks half a swap."""
    nfa = NFA((0, 0))
    nfa.add_transition((0, 0), surface[0], (1, 0))
    for place in range(1, len(surface) + 1):
        for made in range(most + 1):
            if place < len(surface):
                nfa.add_transition((place, made), surface[place], (place + 1, made))
            if made == most:
                continue
            nfa.add_transition((place, made), ANY, (place, made + 1))
            if place < len(surface):
                nfa.add_transition((place, made), EPSILON, (place + 1, made + 1))
                nfa.add_transition((place, made), ANY, (place + 1, made + 1))
            if place + 1 < len(surface):
                nfa.add_transition((place, made), surface[place + 1], (place, made, "swapped"))
                nfa.add_transition((place, made, "swapped"), surface[place], (place + 2, made + 1))
    for made in range(most + 1):
        nfa.add_final_state((len(surface), made))
    dfa: DFA = nfa.to_dfa()
    return dfa
