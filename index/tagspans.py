"""From labels to mentions: what a document says of a word elsewhere, and where names begin and end."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.crf import Ints
from index.tagstream import Bits, Trait

LABELS = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC")
PERSON, ORGANISATION, PLACE = range(3)  # the kinds of labels, in their order

_CAPITAL, _NAME_LIKE, _INITIAL, _NUMERAL, _PARTICLE, _LEADS, _NEVER, _TRAILS = map(
    int,  # members of an IntFlag are slow to reach and to combine
    (
        Trait.CAPITAL,
        Trait.NAME_LIKE,
        Trait.INITIAL,
        Trait.NUMERAL,
        Trait.PARTICLE,
        Trait.LEADS,
        Trait.NEVER,
        Trait.TRAILS,
    ),
)
_TITLE, _TERRITORY, _LOCATED, _COMPASS, _ARTICLE, _BALINESE = map(
    int, (Trait.TITLE, Trait.TERRITORY, Trait.LOCATED, Trait.COMPASS, Trait.ARTICLE, Trait.BALINESE)
)
_KINDS = 3
_SEVERAL = 3
_SHARES = (0.3, 0.6, 0.9)
_STEPS = len(_SHARES) + 1
EVIDENCE = 1 + (1 + _KINDS * _STEPS) * 2
"""How many classes of evidence there are."""


def evidence(words: Ints, documents: Ints, labels: NDArray[np.int8], bits: Bits) -> NDArray[np.int8]:
    """Return for each entry of a stream what the other entries of its word in its document were taken for.

    0 where there is no other or the word has no capital; else by the kind of name that most were taken for, if any was, by the
    share of the others that were taken for it, and by whether there are several.
    """
    found = np.zeros(len(words), np.int8)
    places = np.flatnonzero(bits & Trait.CAPITAL)
    if not len(places):
        return found
    width = _KINDS + 1
    own = (labels[places] + 1) // 2
    keys = documents[places].astype(np.int64) * (int(words.max()) + 1) + words[places]
    _keys, groups = np.unique(keys, return_inverse=True)
    counts = np.bincount(groups * width + own, minlength=width * (int(groups.max()) + 1)).reshape(-1, width)[groups]
    counts[np.arange(len(places)), own] -= 1
    others = counts.sum(axis=1)
    named = counts[:, 1:]
    share = np.searchsorted(_SHARES, named.max(axis=1) / np.maximum(others, 1), side="right")
    kinds = np.where(named.any(axis=1), 1 + named.argmax(axis=1) * _STEPS + share, 0)
    found[places] = np.where(others > 0, 1 + 2 * kinds + (others >= _SEVERAL), 0)
    return found


class Span(NamedTuple):
    """A mention: its first and last token, and its kind."""

    first: int
    last: int
    kind: int


def spans(labels: NDArray[np.int8], tokens: Ints) -> Iterator[Span]:
    """Yield the mentions among the labels of a stream whose entries are of these tokens."""
    filled = np.flatnonzero(labels)
    first = last = kind = -1
    for place, token, label in zip(filled.tolist(), tokens[filled].tolist(), labels[filled].tolist(), strict=True):
        begins = label % 2 == 1 or (label - 1) // 2 != kind or tokens[place - 1] != last
        if begins:
            if kind >= 0:
                yield Span(first, last, kind)
            first, kind = token, (label - 1) // 2
        last = token
    if kind >= 0:
        yield Span(first, last, kind)


def with_whole_names(found: Iterator[Span], bits: Sequence[int]) -> list[Span]:
    """Return mentions whose persons begin and end where annotators let them: without titles and lands before them, with initials,
    particles and numerals, and with their first words where an institution before them swallowed these. Nothing is called by
    titles and degrees alone.
    """
    whole: list[Span] = []
    for span in found:
        if whole and span.first <= whole[-1].last:  # taken by the name before, whose end it tells better
            span = Span(whole.pop().first, span.last, PERSON)
        if span.kind == PERSON and bits[span.last] & _TITLE:
            continue  # Ir; Sukamaju Dr, behind which is a name
        if span.kind == PERSON:
            whole.append(_bounded(span, bits))
            _take_from_before(whole, bits)
            first, last, _kind = whole[-1]
            if all(trait & _NEVER for trait in bits[first : last + 1]):
                whole.pop()
        else:
            first, last, kind = span
            while last >= first and bits[last] & (_TITLE | _TRAILS):
                last -= 1
            if last >= first:
                whole.append(Span(first, last, kind))
    return whole


def _bounded(span: Span, bits: Sequence[int]) -> Span:
    first, last, _kind = span
    first = _behind_place(first, last, bits)
    while first < last and (bits[first] & _LEADS or not bits[first] & (_CAPITAL | _PARTICLE)):
        first += 1
    while first < last and bits[last] & _TRAILS:
        last -= 1
    while last + 2 < len(bits) and _binds(bits[last + 1]) and bits[last + 2] & _NAME_LIKE:
        last += 2
    while last + 1 < len(bits) and bits[last + 1] & _NUMERAL:
        last += 1
    return Span(first, last, PERSON)


def _binds(trait: int) -> bool:
    """Return whether a word stands between others of one name: bin, the M of Dikdik M Arief."""
    return bool(trait & _PARTICLE or (trait & _INITIAL and not trait & _LEADS))


def _behind_place(first: int, last: int, bits: Sequence[int]) -> int:
    """Return where a name begins behind the last title in it, and behind the name of the place of its bearer's office."""
    if first == last:
        return first
    offices = [place for place in range(max(first - 1, 0), last) if bits[place] & _TERRITORY]
    begin = max(first, offices[-1] + 1) if offices else first
    ending = _LEADS | _COMPASS if offices else _TITLE
    begin = next((place + 1 for place in range(last - 1, begin - 1, -1) if bits[place] & ending), begin)
    while offices and begin < last and bits[begin] & _LOCATED:
        begin += 1
    return begin


def _take_from_before(whole: list[Span], bits: Sequence[int]) -> None:
    """Let the last mention, a person, begin earlier as long as the word before it begins its name."""
    while True:
        first, last, _kind = whole[-1]
        before = whole[-2] if len(whole) > 1 else Span(-1, -1, -1)
        gap = first - 1 - before.last  # tokens between the two
        swallowed = gap == 0 and before.kind == ORGANISATION and before.first < before.last
        if swallowed and bits[before.last] & (_NAME_LIKE | _INITIAL) and not bits[before.last] & _NUMERAL:
            whole[-2:] = [before._replace(last=before.last - 1), Span(before.last, last, PERSON)]
        elif gap == 0 and before.kind == ORGANISATION and before.first == before.last and bits[before.last] & _INITIAL:
            whole[-2:] = [Span(before.first, last, PERSON)]
        elif gap == 1 and before.kind == PERSON and _binds(bits[first - 1]):
            whole[-2:] = [before._replace(last=last)]
        elif gap == 1 and before.kind == PERSON and bits[first - 1] & _LEADS and _is_place_of_office(before, bits):
            del whole[-2]
        elif gap >= 1 and _begins(first - 1, bits, abuts=gap == 1 and before.kind in (ORGANISATION, PLACE)):
            whole[-1] = Span(first - 1, last, PERSON)
        elif gap > 1 and _binds(bits[first - 1]) and bits[first - 2] & _NAME_LIKE:
            whole[-1] = Span(first - 2, last, PERSON)
        else:
            return


def _is_place_of_office(span: Span, bits: Sequence[int]) -> bool:
    return span.first > 0 and bool(bits[span.first - 1] & _TERRITORY)


def _begins(place: int, bits: Sequence[int], *, abuts: bool) -> bool:
    """Return whether a word that no mention has begins the name behind it; `abuts` says that another mention ends before it."""
    if bits[place] & _ARTICLE:
        return bool(bits[place + 1] & _BALINESE)
    if not bits[place] & _INITIAL or bits[place] & _LEADS:
        return False
    before = bits[place - 1] if place else 0
    located = before & _COMPASS or (before & _LOCATED and place > 1 and bits[place - 2] & _TERRITORY)
    return bool(abuts or located or not before & _CAPITAL or before & _INITIAL)
