"""How long pages take at 100,000 articles, asked without HTTP: results, and persons and topics, the most frequent and random ones.

    python -m tests.bench.pages 100000

The archive is made of the corpus with the tagger that is shipped, unless it is there. Each page is asked once: nothing of it was
read before but what other pages read.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlencode

from flask.testing import FlaskClient

from index.schema import SCHEMA_VERSION
from search.query import FilterField
from search.results import Entry
from tests.bench.corpus import Corpus
from tests.bench.engines.telisik import Telisik
from tests.bench.machine import machine_line
from tests.bench.making import made_corpus
from tests.bench.tables import figure, table
from web.app import create_app

SEED = 20261125
FOLDER = Path(".bench")
ASKED = 200  # of the most frequent, and of all others
WARM = 5  # pages asked before: templates are compiled, the census is made
PATHS = {FilterField.PERSON: "people", FilterField.TOPIC: "topics"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return 1 where a page is an error."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pages", description=__doc__.split("\n")[0])
    parser.add_argument("size", type=int, nargs="?", default=100_000, metavar="SIZE", help="articles")
    parser.add_argument("--archive", type=Path, help="an archive that is there, instead of one that is made")
    options = parser.parse_args(arguments)
    folder = options.archive or made_archive(options.size)
    app = create_app(folder)
    archive = app.extensions["telisik"]
    print(machine_line())
    rows = []
    client = app.test_client()
    for field in PATHS:
        begun = time.perf_counter()
        entries = archive.entries(field)
        census = time.perf_counter() - begun
        for label, several in drawn(entries, random.Random(SEED)):
            if several:
                rows.append([f"{PATHS[field]}, {label}", str(len(several)), *latencies(client, several)])
        rows.append([f"/{PATHS[field]}/", "3", *timed(client, [f"/{PATHS[field]}/"] * 3)])
        print(f"{PATHS[field]}: {len(entries)} entries, first counted in {census:.1f} s")
    rows += [[label, str(len(several)), *timed(client, several)] for label, several in results(Corpus(folder.parent))]
    print(table(["", "pages", "p50 ms", "p95 ms", "max ms"], rows))
    return 0


def made_archive(size: int) -> Path:
    """Return the folder of the archive of a made corpus, that of `tests.bench.batch`, made unless it is there."""
    corpus = made_corpus(size, FOLDER)
    folder = corpus.folder / f"batch-{SCHEMA_VERSION}"
    if not folder.exists():
        Telisik().build(corpus, folder)
    return folder


def drawn(entries: Sequence[Entry], draw: random.Random) -> list[tuple[str, list[Entry]]]:
    """Return the most frequent entries, and as many of the others by chance."""
    ordered = sorted(entries, key=lambda entry: -entry.articles)
    others = ordered[ASKED:]
    return [("most frequent", ordered[:ASKED]), ("random", draw.sample(others, min(ASKED, len(others))))]


def results(corpus: Corpus) -> Iterator[tuple[str, list[str]]]:
    """Yield the addresses of results for the queries of a corpus, where there are any: with facets and bars, and of nothing."""
    if not corpus.queries.exists():
        return
    asked = corpus.read_queries("and")[:ASKED]
    texts = [" ".join(query.words) for query in asked]
    yield "all words", [f"/search?{urlencode({'q': text})}" for text in texts]
    years = [query.first.year for query in asked]
    yield (
        "in one year",
        [f"/search?{urlencode({'q': t, 'from': y, 'to': y})}" for t, y in zip(texts, years, strict=True)],
    )
    yield "in one year, no words", [f"/search?{urlencode({'from': year, 'to': year})}" for year in sorted(set(years))]
    nothing = {"section": "tiada", "from": "2020"}
    yield "nothing found", [f"/search?{urlencode({'q': text, **nothing})}" for text in texts]
    yield "front page", ["/"] * WARM


def latencies(client: FlaskClient, entries: Sequence[Entry]) -> list[str]:
    """Return p50, p95 and the most of the pages' times."""
    addresses = [f"/{PATHS[entry.field]}/{entry.slug}" for entry in entries]
    for address in addresses[:WARM]:
        client.get(address)
    return timed(client, addresses)


def timed(client: FlaskClient, addresses: Sequence[str]) -> list[str]:
    """Return p50, p95 and the most in ms; end the program where an answer is an error."""
    times = []
    for address in addresses:
        begun = time.perf_counter()
        answer = client.get(address)
        times.append(1000 * (time.perf_counter() - begun))
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status}")
    percentiles = statistics.quantiles(times, n=20, method="inclusive")
    return [figure(percentiles[9]), figure(percentiles[18]), figure(max(times))]


if __name__ == "__main__":
    sys.exit(main())
