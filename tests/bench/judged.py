"""Queries whose one right answer is known, made of the real articles that TELISIK_DATA names."""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from search.judgements import JudgedQuery, read_queries
from search.relaxing import FUNCTION_WORDS

SEED = 20_261_124
SUMMARIES = "ringkas_*.jsonl"  # titles with a summary for a body
WORDS_PICKED = 3
_LETTERS = re.compile(r"[^\W\d_]{3,}")

Record = dict[str, str]  # id, title, body, as an archive imports them


@dataclass(frozen=True, slots=True)
class Judged:
    """Articles, and queries with the articles that each should find; `asked_of` is how many queries there were."""

    name: str
    records: Sequence[Record]
    queries: Sequence[JudgedQuery]
    asked_of: int


def judged_sets(data: Path, articles: int | None, queries: int | None, sampled: int) -> Iterator[Judged]:
    """Yield the three sets, of the first so many articles and with at most so many queries.

    `queries` None asks all questions, and of the titles, which are many and long, a sample of `sampled`.
    """
    yield _questions(data / "retrieval", articles, queries)
    full = _full_articles(data / "news")[:articles]
    bodies = [{"id": record["id"], "body": record["body"]} for record in full]
    titles = [_query(record["title"], record) for record in full]
    yield _sampled("title -> its body (article without title)", bodies, titles, queries or sampled)
    yield _sampled("three title words -> article", full, _title_words(full), queries or sampled)


def _questions(folder: Path, articles: int | None, queries: int | None) -> Judged:
    passages = _records(folder / "passages.jsonl")[:articles]
    known = {passage["id"] for passage in passages}
    questions = read_queries([folder / "questions.train.jsonl"]).queries
    asked = [question for question in questions if known.issuperset(question.relevant())]
    return _sampled("question -> its passage", passages, asked, queries or len(asked))


def _sampled(name: str, records: Sequence[Record], queries: Sequence[JudgedQuery], most: int) -> Judged:
    chosen = random.Random(SEED).sample(queries, min(most, len(queries)))
    return Judged(name, records, chosen, len(queries))


def _full_articles(folder: Path) -> list[Record]:
    """Return the articles with a body of their own, each title and each body once."""
    summaries = set(folder.glob(SUMMARIES))
    seen: set[str] = set()
    full = []
    for path in sorted(set(folder.glob("*.jsonl")) - summaries):
        for record in _records(path):
            same = {_folded(record["title"]), _folded(record["body"])}
            if not same & seen:
                seen |= same
                full.append({name: record[name] for name in ("id", "title", "body")})
    return full


def _title_words(records: Sequence[Record]) -> list[JudgedQuery]:
    """Return for each title its three words that fewest articles hold, in the title's order, judged to find the article.

    Titles with fewer words of three letters or more that are no function words are left out.
    """
    frequencies = Counter(word for record in records for word in set(_words(f"{record['title']} {record['body']}")))
    queries = []
    for record in records:
        words = [word for word in dict.fromkeys(_words(record["title"])) if word not in FUNCTION_WORDS]
        rarest = sorted(words, key=lambda word: frequencies[word])[:WORDS_PICKED]
        if len(rarest) == WORDS_PICKED:
            queries.append(_query(" ".join(word for word in words if word in rarest), record))
    return queries


def _query(text: str, record: Record) -> JudgedQuery:
    return JudgedQuery(record["id"], text, {record["id"]: 1})


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _LETTERS.findall(text)]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
