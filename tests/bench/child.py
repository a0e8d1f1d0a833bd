"""One engine in a process of its own, so that its memory is its own: `child NAME build|query CORPUS FOLDER`.

Prints one JSON object. Standard library only, besides what the engine itself needs.
"""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from tests.bench.corpus import Corpus
from tests.bench.engines import Answer, Engine, load_engine
from tests.bench.machine import peak_bytes, resident_bytes

WARM_UP = 20  # queries of each kind that are run before the clock starts


class BuildFigures(TypedDict):
    """What building an index took; see `engines.Built`."""

    seconds: dict[str, float]
    index_bytes: int
    version: str
    peak_bytes: int


class QueryFigures(TypedDict):
    """What searching took: latencies in ms by kind, in the order of the queries, and the memory after all of them."""

    latencies: dict[str, list[float]]
    resident_bytes: int


def build(engine: Engine, corpus: Corpus, folder: Path) -> BuildFigures:
    """Build the index and return what that took."""
    built = engine.build(corpus, folder)
    return BuildFigures(
        seconds=dict(built.seconds),
        index_bytes=built.index_bytes,
        version=built.version,
        peak_bytes=peak_bytes(),
    )


def ask(engine: Engine, corpus: Corpus, folder: Path) -> QueryFigures:
    """Run all queries that the engine can answer and return what that took."""
    engine.open(folder)
    latencies = {}
    for kind in engine.kinds:
        answers = [engine.prepared(query) for query in corpus.read_queries(kind)]
        for answer in answers[:WARM_UP]:
            answer()
        latencies[kind] = timed(answers)
    return QueryFigures(latencies=latencies, resident_bytes=resident_bytes())


def timed(answers: Sequence[Answer]) -> list[float]:
    """Run the answers one after the other and return what each took, in ms."""
    taken = []
    for answer in answers:
        begun = time.perf_counter()
        answer()
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


def main(name: str, task: str, corpus: str, folder: str) -> None:
    """Do one task with one engine; an engine that is not installed answers {"missing": package}."""
    try:
        engine = load_engine(name)
    except ModuleNotFoundError as error:
        print(json.dumps({"missing": error.name}))
        return
    done = build if task == "build" else ask
    print(json.dumps(done(engine, Corpus(Path(corpus)), Path(folder))))


if __name__ == "__main__":
    main(*sys.argv[1:])
