"""A search engine that is obviously right: plain Python over all articles, a line for each rule, no index.

Engines are compared with it. It shares with the product only the analyzer, the nodes of the tree and the weights of `ranking`.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cache
from math import log1p

from index.analysis import ANALYZER, PARAGRAPH_GAP, Token, fold_value
from index.article import Article, Status, article_from_fields, first_words
from index.boilerplate import masked
from index.building import with_people
from index.dates import WIB, day_of, instant_of
from index.namekeys import slug_of
from index.schema import NAME_FIELDS, PERSON, document_from, names_of
from search import ranking
from search.engine import Found, Request
from search.query import Sort
from search.tree import (
    And,
    AtLeast,
    DateRange,
    Everything,
    Expanded,
    Field,
    Fuzzy,
    Id,
    Leaf,
    Named,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Word,
)

Scores = dict[str, float]  # of the articles that match, by id
Label = tuple[str | None, str | None]  # a surface form or a stem
Placing = Callable[[list[Token]], list[int]]  # the positions where a pseudo-word stands in one field's tokens

ENTRIES = ("person", "topic")  # fields whose values are known by slug
SCORE_DIGITS = 9  # scores that agree in so many digits are a tie


@dataclass(frozen=True)
class Document:
    """An article with the tokens of each of its fields."""

    article: Article
    tokens: Mapping[str, list[Token]]

    def words(self, name: str) -> int:
        if name == "title" and self.article.title == first_words(self.article.body):
            return 0
        return sum(token.stem is not None for token in self.tokens[name])


class Reference:
    """Answers what an `Engine` answers, over articles as the store holds them."""

    def __init__(self, articles: Iterable[Article], zone: tzinfo) -> None:
        self.zone = zone
        self.documents = {article.id: document_of(article) for article in articles}
        count = max(1, len(self.documents))
        means = {name: sum(d.words(name) for d in self.documents.values()) / count for name in ranking.B}
        self.averages = {name: float(f"{max(mean, 1.0):.2g}") for name, mean in means.items()}  # to two digits

    def search(self, request: Request) -> Found:
        recency = request.recency and request.sort is Sort.RELEVANCE
        scores = {
            article_id: round(score + recency * self.recency(article_id), SCORE_DIGITS)
            for article_id, score in self.matches(request.tree).items()
            if self.is_within(self.documents[article_id].article, request)
        }
        ordered = sorted(scores, key=lambda article_id: self.place(article_id, scores[article_id], request.sort))
        if request.sort is Sort.RELEVANCE:
            best = ordered[: ranking.REORDERED]
            for article_id, more in self.second_look(request.tree, best).items():
                scores[article_id] = round(scores[article_id] + more, SCORE_DIGITS)
            best.sort(key=lambda article_id: self.place(article_id, scores[article_id], request.sort))
            ordered[: ranking.REORDERED] = best
        window = ordered[request.offset : request.offset + request.size]
        articles = [self.documents[article_id].article for article_id in ordered]
        return Found(
            article_ids=tuple(window),
            scores=tuple(scores[article_id] for article_id in window),
            total=len(ordered),
            facets={facet: self.counts(facet, articles) for facet in request.facets},
        )

    def recency(self, article_id: str) -> float:
        """What an article gets for being newer: half as much for each year before the newest."""
        dates = {
            a: int(instant_of(d.article.date, self.zone).timestamp())
            for a, d in self.documents.items()
            if d.article.date
        }
        if article_id not in dates:
            return 0.0
        newest = min(max(dates.values()), time.time())
        return ranking.RECENCY * 0.5 ** (max(newest - dates[article_id], 0) / (365 * 86400))

    def second_look(self, tree: Node, best: list[str]) -> Scores:
        """What the best articles get for words that stand near each other as they do in the query, and for having all of them."""
        words = telling_words(tree)
        more = dict.fromkeys(best, 0.0)
        if len(words) < 2:
            return more
        worth = []
        for word, exact in words:
            having = sum(bool(standing(word, exact, document)) for document in self.documents.values())
            worth.append(log1p((len(self.documents) - having + 0.5) / (having + 0.5)))
        for article_id in best:
            places = [standing(word, exact, self.documents[article_id]) for word, exact in words]
            for i in range(len(words) - 1):
                if places[i] and places[i + 1]:
                    least = max(1, min(abs(a - b) for a in places[i] for b in places[i + 1]))
                    more[article_id] += ranking.NEARNESS * (worth[i] + worth[i + 1]) / 2 / least**0.5
            if isinstance(tree, AtLeast) and all(places):
                more[article_id] += ranking.COMPLETE * sum(worth)
        return more

    # --- which articles match a node, and what they are worth

    def matches(self, node: Node) -> Scores:  # noqa: PLR0911 (one for each kind of node)
        match node:
            case And(children):
                return self.at_least(children, len(children), self.everything())
            case Or(children):
                return self.at_least(children, 1, {})
            case AtLeast(children, count):
                return self.at_least(children, count, {})
            case Not(child):
                without = self.matches(child)
                return {article_id: 0.0 for article_id in self.documents if article_id not in without}
            case Id(article_id):
                return {article_id: 0.0} if article_id in self.documents else {}
            case Named(slug, typed):
                held = ((document.article, typed.field.value) for document in self.documents.values())
                return {article.id: 0.0 for article, name in held if slug in map(slug_of, all_names(article)[name])}
            case DateRange(first, last):
                return {
                    document.article.id: 0.0
                    for document in self.documents.values()
                    if document.article.date is not None
                    and (first is None or first <= day_of(document.article.date, self.zone))
                    and (last is None or day_of(document.article.date, self.zone) <= last)
                }
            case Everything():
                return self.everything()
            case Expanded():
                scores = self.words_of(node)
                return {article_id: scores.get(article_id, 0.0) for article_id in self.of_expanded(node)}
            case Term() | Phrase() | Prefix() | Fuzzy():
                return self.leaf(node)
        raise AssertionError(node)

    def everything(self) -> Scores:
        return dict.fromkeys(self.documents, 0.0)

    def at_least(self, children: Sequence[Node], count: int, of_none: Scores) -> Scores:
        """Articles that match so many of the children; those of which only some words are there count with these."""
        if not children:
            return of_none
        several = [self.matches(child) for child in children]
        worth = [self.words_of(c) if isinstance(c, Expanded) else s for c, s in zip(children, several, strict=True)]
        times = Counter(article_id for scores in several for article_id in scores)
        return {
            article_id: sum(scores.get(article_id, 0.0) for scores in worth)
            for article_id, number in times.items()
            if number >= count
        }

    def of_expanded(self, node: Expanded) -> set[str]:
        typed = [set(self.leaf(leaf)) for leaf in node.leaves]
        return set.intersection(*typed).union(*(self.leaf(variant.leaf) for variant in node.variants))

    def words_of(self, node: Expanded) -> Scores:
        """What each article gets for the words of an expanded node, whether it matches or not."""
        parts = [(node.weight, self.leaf(leaf)) for leaf in node.leaves]
        parts += [(variant.weight, self.leaf(variant.leaf)) for variant in node.variants]
        total: defaultdict[str, float] = defaultdict(float)
        for weight, scores in parts:
            for article_id, score in scores.items():
                total[article_id] += weight * score
        return dict(total)

    def leaf(self, leaf: Leaf) -> Scores:
        total: defaultdict[str, float] = defaultdict(float)
        for weight, placing in clauses(leaf):
            for article_id, score in self.clause(leaf.field, placing).items():
                total[article_id] += weight * score
        return dict(total)

    def clause(self, field: Field, placing: Placing) -> Scores:
        """BM25F of one pseudo-word over the fields that `field` covers, and how early it stands in title and body together."""
        frequencies: Scores = {}
        early: Scores = {}
        for article_id, document in self.documents.items():
            for name in names_covered(field):
                places = placing(document.tokens[name])
                if places:
                    worth = self.worth(document, name, len(places))
                    frequencies[article_id] = frequencies.get(article_id, 0.0) + worth
                    early.setdefault(article_id, earliness(document, name, places[0]) if field is Field.TEXT else 0.0)
        rarity = log1p((len(self.documents) - len(frequencies) + 0.5) / (len(frequencies) + 0.5))
        return {a: rarity * (tf / (ranking.K1 + tf) + early[a]) for a, tf in frequencies.items()}

    def worth(self, document: Document, name: str, count: int) -> float:
        if name not in ranking.B:
            return float(count)
        if name == "title" and not document.words(name):
            return 0.0
        relative = document.words(name) / self.averages[name]
        return ranking.FIELD_WEIGHTS[name] * count / (1 - ranking.B[name] + ranking.B[name] * relative)

    # --- limits, order, facets

    def is_within(self, article: Article, request: Request) -> bool:
        if article.status is Status.EMBARGOED and (
            article.date is None or instant_of(article.date, self.zone) > datetime.now(UTC)
        ):
            return False
        names = all_names(article)
        for limit, wanted in request.limits.items():
            folded = slug_of if limit in ENTRIES else fold_value
            if not set(map(folded, wanted)) & set(map(folded, names[limit.value])):
                return False
        if request.published_from is None and request.published_to is None:
            return True
        if article.date is None:
            return False
        day = day_of(article.date, self.zone)
        first, last = request.published_from or day, request.published_to or day
        return first <= day <= last

    def place(self, article_id: str, score: float, sort: Sort) -> tuple[float, bool, float, str]:
        published = self.documents[article_id].article.date
        undated = published is None
        seconds = 0.0 if published is None else float(int(instant_of(published, self.zone).timestamp()))
        match sort:
            case Sort.RELEVANCE:
                return -score, undated, -seconds, article_id
            case Sort.NEWEST:
                return 0.0, undated, -seconds, article_id
            case Sort.OLDEST:
                return 0.0, undated, seconds, article_id

    def counts(self, facet: str, articles: Iterable[Article]) -> dict[str, int]:
        if facet in ("year", "month"):
            days = [day_of(article.date, self.zone).isoformat() for article in articles if article.date is not None]
            return dict(Counter(day[: 4 if facet == "year" else 7] for day in days))
        if facet in ENTRIES:
            return dict(Counter(slug for article in articles for slug in set(map(slug_of, all_names(article)[facet]))))
        spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for article in articles:
            once = {fold_value(value): value for value in reversed(all_names(article)[facet])}
            for folded, value in once.items():
                spellings[folded][value] += 1
        return {min(found, key=lambda value: (-found[value], value)): found.total() for found in spellings.values()}


def all_names(article: Article) -> dict[str, tuple[str, ...]]:
    """Return the article's names with the persons whom its body names, whom the product's own tagger tells."""
    return {
        **names_of(article),
        "person": people_of(article.title, article.body, article.people, article.source, article.status),
    }


@cache
def people_of(title: str, body: str, people: tuple[str, ...], source: str | None, status: Status) -> tuple[str, ...]:
    article = article_from_fields(id="x", title=title, body=body, people=people, source=source, status=status)
    (document,) = with_people([document_from(article, WIB)])
    return tuple(document.names[NAME_FIELDS.index(PERSON)])


def document_of(article: Article) -> Document:
    texts = {"title": article.title, "body": "" if article.status is Status.WITHDRAWN else masked(article.body)}
    texts |= {name: "\n".join(values) for name, values in all_names(article).items()}
    return Document(article, {name: list(ANALYZER.tokens(text)) for name, text in texts.items()})


def names_covered(field: Field) -> tuple[str, ...]:
    return ("title", "body") if field is Field.TEXT else (field.value,)


def has_stems(field: Field) -> bool:
    return field in (Field.TEXT, Field.TITLE, Field.BODY)


def clauses(leaf: Leaf) -> list[tuple[float, Placing]]:  # noqa: PLR0911 (one for each kind of leaf)
    """The pseudo-words that a leaf stands for, each with its weight."""
    match leaf:
        case Term(word, field, exact):
            surface = (1.0, lambda tokens: [token.position for token in tokens if token.surface == word.surface])
            if exact or not has_stems(field):
                return [surface]
            if word.stem is None:
                return [(1.0 + ranking.SURFACE_WEIGHT, surface[1])]
            stem = (1.0, lambda tokens: [token.position for token in tokens if token.stem == word.stem])
            return [stem, (ranking.SURFACE_WEIGHT, surface[1])]
        case Phrase(words, _field, None):
            return [(1.0, lambda tokens: phrase_places([word.surface for word in words], tokens))]
        case Phrase(words, field, int(slop)) if has_stems(field):
            labels = [(w.surface, None) if w.stem is None else (None, w.stem) for w in words]
            return [(1.0, lambda tokens: near_places(labels, slop, [place for t in tokens for place in forms(t)]))]
        case Phrase(words, _field, int(slop)):
            return [
                (
                    1.0,
                    lambda tokens: near_places(
                        [(w.surface, None) for w in words], slop, [place for t in tokens for place in forms(t)]
                    ),
                )
            ]
        case Prefix(prefix):
            return [(1.0, lambda tokens: [token.position for token in tokens if token.surface.startswith(prefix)])]
        case Fuzzy(surface, _field, most):
            return [
                (1.0, lambda tokens: [token.position for token in tokens if are_alike(surface, token.surface, most)])
            ]
    raise AssertionError(leaf)


def earliness(document: Document, name: str, place: int) -> float:
    """What the first occurrence of a word earns: most in a title, and where the body begins, which a title may repeat."""
    is_own_title = name == "title" and document.words("title")
    return ranking.LEAD / (1 + (0 if is_own_title else min(place, 255)) / ranking.LEAD_WORDS)


def telling_words(tree: Node) -> list[tuple[Word, bool]]:
    """The words of a conjunction that stand for something, in order, each with whether only its own form counts."""
    words: list[tuple[Word, bool]] = []
    for child in tree.children if isinstance(tree, And | AtLeast) else ():
        if isinstance(child, Expanded) and child.weight < 1:
            continue
        for leaf in child.leaves if isinstance(child, Expanded) else (child,):
            if isinstance(leaf, Term) and leaf.field is Field.TEXT:
                words.append((leaf.word, leaf.exact))
            if isinstance(leaf, Phrase) and leaf.field is Field.TEXT:
                words += [(word, False) for word in leaf.words]
    return words


def standing(word: Word, exact: bool, document: Document) -> list[int]:
    """Positions of a word in title and body, which stand one behind the other."""
    title, body = document.tokens["title"], document.tokens["body"]
    begin = max([t.position for t in title], default=-1) + 1 + PARAGRAPH_GAP
    of_surface = exact or word.stem is None
    tokens = [(t, t.position) for t in title] + [(t, begin + t.position) for t in body]
    return [at for t, at in tokens if (t.surface == word.surface if of_surface else t.stem == word.stem)]


def phrase_places(surfaces: list[str], tokens: list[Token]) -> list[int]:
    there = {(token.position, token.surface) for token in tokens}
    starts = sorted({token.position for token in tokens})
    return [start for start in starts if all((start + ahead, s) in there for ahead, s in enumerate(surfaces))]


def forms(token: Token) -> list[tuple[int, Label]]:
    return [(token.position, (token.surface, None)), (token.position, (None, token.stem))]


def near_places(labels: list[Label], slop: int, tokens: list[tuple[int, Label]]) -> list[int]:
    """Beginnings of stretches of text that hold the words and no shorter such stretch, with at most `slop` other words in them."""
    places = sorted({place for place in tokens if place[1] in labels}, key=lambda place: (place[0], repr(place[1])))
    needed = Counter(labels)

    def holds(begin: int, end: int) -> bool:
        return Counter(label for _position, label in places[begin : end + 1]) >= needed

    stretches = []
    for begin in range(len(places)):
        end = next((end for end in range(begin, len(places)) if holds(begin, end)), None)
        if (
            end is not None
            and not holds(begin + 1, end)
            and places[end][0] - places[begin][0] + 1 - len(labels) <= slop
        ):
            stretches.append(places[begin][0])
    return stretches


def are_alike(one: str, other: str, most: int) -> bool:
    return one[0] == other[0] and distance(one, other) <= most


@cache
def distance(one: str, other: str) -> int:
    """Slips (Damerau-Levenshtein, optimal string alignment) between two words."""
    rows = [[i + j if i * j == 0 else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            same = one[i - 1] == other[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (not same))
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]
