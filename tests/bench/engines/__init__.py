"""The engines that are measured, an adapter each behind one protocol.

What all are asked: top ten with ids. What differs is said where the figures are printed. Standard library only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, cast

from tests.bench.corpus import Asked, Corpus

TOP = 10

Answer = Callable[[], Sequence[int | str]]  # runs a query that is ready to run; returns the ids of its first hits


@dataclass(frozen=True, slots=True)
class Built:
    """An index: the seconds of each step ("import", "index") that made it, its size, and who made it."""

    seconds: Mapping[str, float]
    index_bytes: int
    version: str


class Engine(Protocol):
    """What the benchmark asks of an engine. `kinds` are the kinds of queries it can answer."""

    kinds: Sequence[str]

    def build(self, corpus: Corpus, folder: Path) -> Built:
        """Index the corpus in an empty folder, merged as far as the engine merges by itself, flushed and closed."""
        ...

    def open(self, folder: Path) -> None:
        """Open the index to search it."""
        ...

    def prepared(self, query: Asked) -> Answer:
        """Return the query in the engine's own form, ready to run: reading it is not what is timed."""
        ...


@dataclass(frozen=True, slots=True)
class Listed:
    """Where an engine's adapter is.

    `most_articles`: above so many it is left out; `of_system`: its package may be that of the system's Python.
    """

    module: str
    adapter: str
    most_articles: int | None = None
    of_system: bool = False


ENGINES: Mapping[str, Listed] = MappingProxyType(
    {
        "telisik": Listed("telisik", "Telisik"),
        "tantivy": Listed("tantivy", "Tantivy"),
        "fts5": Listed("fts5", "Fts5"),
        "xapian": Listed("xapian", "Xapian", of_system=True),
        "bm25s": Listed("bm25s", "Bm25s"),
        "whoosh": Listed("whoosh", "StockWhoosh", most_articles=10_000),
    }
)


def load_engine(name: str) -> Engine:
    """Return an engine; raises ModuleNotFoundError where the package it needs is not installed."""
    listed = ENGINES[name]
    return cast(Engine, getattr(import_module(f"{__name__}.{listed.module}"), listed.adapter)())


def folder_bytes(folder: Path) -> int:
    """Return how much the files below a folder hold."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
