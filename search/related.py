"""The articles nearest to one: a search for its most telling words, as "more like this" of search engines does it.

A word tells as much as it is frequent in the article and rare in the archive (tf-idf: Salton and Buckley 1988). Tree and scores
are those of any search, so that the engine's bounds let it read no more than it must.
"""

from collections import Counter
from collections.abc import Mapping
from math import log

from index.analysis import Analyzer
from index.article import Article
from index.schema import Indexable
from search.engine import Engine, Request
from search.tree import Node, Or, Term, Word

RELATED = 5  # articles shown beside one

# tests/bench/likeness.py
WORDS = 20
LOOKED_UP = 40  # words of which the archive is asked in how many articles they stand: the most frequent of the article
IN_TITLE = 3.0  # occurrences in the body that one in the title is worth
NAME = 1.5  # a word that the article never writes in small letters
SHORTEST = 3  # letters


def related(article: Article, engine: Engine, analyzer: Analyzer, size: int) -> tuple[str, ...]:
    """Return the ids of the `size` nearest articles that readers may see: no version of this one's story, one of any other."""
    tree = telling_words(article, engine, analyzer)
    if tree is None:
        return ()
    known = {article.id, *engine.versions(article.id)}
    found = engine.search(Request(tree, size=2 * size + len(known), facets=(), versions=True))
    near = [
        article_id
        for article_id, is_folded in zip(found.article_ids, found.folded, strict=True)
        if article_id not in known and not is_folded
    ]
    return tuple(near[:size])


def telling_words(article: Article, engine: Engine, analyzer: Analyzer) -> Node | None:
    """Return a search for any of an article's most telling words; None where it has none."""
    weights = _weights(article, analyzer)
    asked = sorted(weights, key=lambda word: -weights[word])[:LOOKED_UP]
    frequencies = engine.stem_frequencies(word.stem or word.surface for word in asked)
    most = max(frequencies.values(), default=0)
    telling = {
        word: weights[word] * log(1 + most / count)
        for word in asked
        if (count := frequencies.get(word.stem or word.surface, 0)) > 1  # one stands in this article alone
    }
    best = sorted(telling, key=lambda word: -telling[word])[:WORDS]
    return Or(tuple(map(Term, best))) if best else None


def _weights(article: Article, analyzer: Analyzer) -> Mapping[Word, float]:
    """Return the words of an article, a stem each in its most frequent form, by how often they stand there."""
    text = Indexable.of(article)
    counts: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = {}
    small: set[str] = set()
    for part, worth in ((text.title, IN_TITLE), (text.body, 1.0)):
        for token in analyzer.words(part):
            stem = token.stem or token.surface
            if len(stem) < SHORTEST or not stem.isalpha():
                continue
            counts[stem] += worth  # type: ignore[assignment]  # a Counter of floats
            forms.setdefault(stem, Counter())[token.surface] += 1
            if part is text.body and part[token.start].islower():
                small.add(stem)
    return {
        Word(forms[stem].most_common(1)[0][0], stem): (1 + log(count)) * (1.0 if stem in small else NAME)
        for stem, count in counts.items()
    }
