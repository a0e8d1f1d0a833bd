"""What an archive's dictionary tells of its words and names: in how many articles each stands, which ones a beginning or a
misspelling may mean. Articles count that readers may see."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from index import schema
from index.analysis import ANALYZER, fold_value
from search.engine import NearWord
from search.query import FilterField
from search.segments import SegmentView, Zone, seen
from search.slips import one_slip_away

LONG_WORD = 6  # letters; words two slips away from a shorter one are other words
RARE_PREFIX = 3  # letters; words that begin with fewer are too many to look for rare ones among them


def frequency(views: Sequence[SegmentView], surface: str) -> int:
    """Return in how many articles a surface form stands."""
    now = int(time.time())
    return sum(_seen_count(surface, view, now) for view in views)


def stem_frequencies(views: Sequence[SegmentView], stems: Sequence[str]) -> Mapping[str, int]:
    """Return in how many articles each of these stems stands, those that readers may not see included."""
    articles: Counter[str] = Counter()
    for view in views:
        articles.update(view.arrays.document_counts(schema.STEM, stems))
    return articles


def near_words(views: Sequence[SegmentView], surface: str, most: int) -> tuple[NearWord, ...]:
    """Return the near words: all that are one slip away are looked up, two slips away only frequent words are looked for."""
    made: dict[str, int] = {}
    articles: Counter[str] = Counter()
    one_away = one_slip_away(surface)
    for view in views:
        articles.update(view.arrays.document_counts(schema.SURFACE, one_away))
    made.update(dict.fromkeys(articles, 1))
    if len(surface) >= LONG_WORD and surface.isascii():
        for view in views:
            for word, documents, slips in view.arrays.plain_words().alike(surface, 2):
                if slips == 2:
                    made[word] = slips
                    articles[word] += documents
    found: list[NearWord] = []
    for distance in (1, 2):
        words = [word for word in articles if made[word] == distance]
        found += [NearWord(word, count, distance) for word, count in _most_seen(views, articles, words, most)]
    return tuple(found)


def words_from(views: Sequence[SegmentView], prefix: str, most: int) -> tuple[tuple[str, int], ...]:
    """Return the words: frequent ones, and where these are too few and the prefix is long, rare ones, too."""
    articles: Counter[str] = Counter()
    for view in views:
        articles.update(dict(view.arrays.frequent_words().beginning(prefix, 2 * most)))
    if len(articles) < most and len(prefix) >= RARE_PREFIX:
        articles.clear()
        for view in views:
            articles.update(dict(view.arrays.tokens_from(schema.SURFACE, prefix)[0]))
    best = [word for word, documents in articles.most_common(2 * most) if _stands_alone(views, word, documents)]
    return tuple(_most_seen(views, articles, best, most))


def _stands_alone(views: Sequence[SegmentView], word: str, documents: int) -> bool:
    """Say whether a word mostly stands by itself, with a stem: prabowogibran is the joined spelling of two."""
    stems = {word, ANALYZER.stem(word)}
    counts = (view.arrays.document_counts(schema.STEM, stems).values() for view in views)
    return 2 * sum(map(sum, counts)) >= documents


def _most_seen(
    views: Sequence[SegmentView], articles: Counter[str], words: list[str], most: int
) -> list[tuple[str, int]]:
    """Return the most frequent of the words that readers may see, with the articles in which they may."""
    words.sort(key=lambda word: (-articles[word], word))
    now = int(time.time())
    found: list[tuple[str, int]] = []
    for word in words:
        if len(found) == most:
            break
        if count := sum(_seen_count(word, view, now) for view in views):
            found.append((word, count))
    return sorted(found, key=lambda item: (-item[1], item[0]))


def values_from(
    views: Sequence[SegmentView], field: FilterField, words: Sequence[str], most: int, whole: bool
) -> tuple[tuple[str, int], ...]:
    """Return the most frequent values in which these words follow each other, the last one a beginning unless `whole`."""
    now = int(time.time())
    spelled: dict[str, str] = {}
    articles: Counter[str] = Counter()
    for view in views:
        names = view.arrays.names(field.value)
        codes = view.arrays.name_words(field.value).codes_with(words, whole)
        if not len(codes):
            continue
        mask = seen(view, now)
        counts = names.counts(None if mask is None else np.flatnonzero(mask))[codes]
        for place in np.argsort(-counts, kind="stable")[: 2 * most].tolist():
            if counts[place]:
                value = names.values[codes[place]]
                articles[fold_value(value)] += int(counts[place])
                spelled.setdefault(fold_value(value), value)
    best = sorted(articles, key=lambda key: (-articles[key], key))[:most]
    return tuple((spelled[key], articles[key]) for key in best)


def _seen_count(word: str, view: SegmentView, now: int) -> int:
    """Return how many of the documents that readers may see have this word as it is."""
    term = view.arrays.term(schema.SURFACE, word, Zone.ALL)
    if term is None:
        return 0
    mask = seen(view, now, term.documents)
    return len(term) if mask is None else int(np.count_nonzero(mask))
