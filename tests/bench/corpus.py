"""A made corpus on the disk, as every engine is given it. Standard library only: one peer runs on the system's Python."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

KINDS = ("or", "and", "phrase", "date", "facet")
FACETS = ("section", "year", "source")


class Stemmed(NamedTuple):
    """An article as peers index it: the stems of title and body joined by spaces, and what limits and facets need.

    `day` is the ordinal of its day in the archive's zone.
    """

    stems: str
    day: int
    section: str
    year: int
    source: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One query: its words as typed and their stems; the days limit only queries of kind "date"."""

    kind: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Corpus:
    """The files of one corpus: articles as an archive imports them, the same stemmed, and queries."""

    folder: Path

    @property
    def articles(self) -> Path:
        """The articles, JSON Lines."""
        return self.folder / "articles.jsonl"

    @property
    def stemmed(self) -> Path:
        """The articles again, a `Stemmed` a line, in the same order."""
        return self.folder / "stemmed.jsonl"

    @property
    def queries(self) -> Path:
        """The queries, with their stems."""
        return self.folder / "asked.jsonl"

    def read_stemmed(self) -> Iterator[Stemmed]:
        """Yield the stemmed articles; the number of an article, from 0, is its id in every peer."""
        with self.stemmed.open(encoding="utf-8") as lines:
            for line in lines:
                yield Stemmed(*json.loads(line))

    def read_queries(self, kind: str) -> list[Asked]:
        """Return the queries of one kind."""
        with self.queries.open(encoding="utf-8") as lines:
            records = [json.loads(line) for line in lines]
        return [_asked(record) for record in records if record["kind"] == kind]


def _asked(record: dict[str, str]) -> Asked:
    return Asked(
        kind=record["kind"],
        words=tuple(record["q"].split()),
        stems=tuple(record["stems"].split()),
        first=date.fromisoformat(record["from"]),
        last=date.fromisoformat(record["to"]),
    )
