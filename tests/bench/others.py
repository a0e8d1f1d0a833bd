"""Queries made of other articles than those of the judged sets: the summaries that TELISIK_DATA has beside them."""

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from search.judgements import JudgedQuery
from search.relaxing import FUNCTION_WORDS
from tests.bench.judged import SEED, SUMMARIES, Judged, Record

LEAST_WORDS = 6  # of a sentence that tell something; half of them are asked
MOST_WORDS = 30
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def other_sets(news: Path, articles: int | None, queries: int) -> Iterator[Judged]:
    """Yield titles that should find their summary, and half sentences that should find their article; at most so many."""
    records = _summaries(news)[:articles]
    bodies = [{"id": record["id"], "body": record["body"]} for record in records]
    yield _sampled("title -> its summary (summary without title)", bodies, _titles(records), queries)
    yield _sampled("half the telling words of a later sentence -> article", records, _half_sentences(records), queries)


def _summaries(news: Path) -> list[Record]:
    """Return the summaries, each title and each body once, of articles that are not among those with a body of their own."""
    summaries = set(news.glob(SUMMARIES))
    seen: set[str] = set()
    for record in _records(set(news.glob("*.jsonl")) - summaries):
        seen |= _told(record)
    kept = []
    for record in _records(summaries):
        if not _told(record) & seen:
            seen |= _told(record)
            kept.append({name: record[name] for name in ("id", "title", "body")})
    return kept


def _titles(records: Iterable[Record]) -> list[JudgedQuery]:
    return [_query(record["title"], record) for record in records]


def _half_sentences(records: Iterable[Record]) -> list[JudgedQuery]:
    """Return for each article half of the words that tell something in one of its sentences after the first, in their order."""
    chance = random.Random(SEED)
    queries = []
    for record in records:
        sentences = [_telling(sentence) for sentence in _SENTENCE_END.split(record["body"])[1:]]
        sentences = [words for words in sentences if LEAST_WORDS <= len(words) <= MOST_WORDS]
        if sentences:
            words = chance.choice(sentences)
            places = sorted(chance.sample(range(len(words)), len(words) // 2))
            queries.append(_query(" ".join(words[place] for place in places), record))
    return queries


def _telling(sentence: str) -> list[str]:
    words = [word.casefold() for word in _WORD.findall(sentence)]
    return [word for word in words if word not in FUNCTION_WORDS]


def _sampled(name: str, records: Sequence[Record], queries: Sequence[JudgedQuery], most: int) -> Judged:
    chosen = random.Random(SEED).sample(queries, min(most, len(queries)))
    return Judged(name, records, chosen, len(queries))


def _query(text: str, record: Record) -> JudgedQuery:
    return JudgedQuery(record["id"], text, {record["id"]: 1})


def _told(record: Record) -> set[str]:
    return {" ".join(record[name].casefold().split()) for name in ("title", "body")}


def _records(paths: Iterable[Path]) -> Iterator[Record]:
    for path in sorted(paths):
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)
