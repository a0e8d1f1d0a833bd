"""Words spelled alike: how many slips lie between two words, and the automaton that finds all within so many.

A slip is a letter too many, missing or wrong, or two neighbours swapped (Damerau-Levenshtein, optimal string alignment). The first
letter is taken to be right: without it a dictionary is walked four times as long (`terms_within`, 52,000 words: 210 ms for 55).
"""

from collections.abc import Iterator
from functools import lru_cache

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
