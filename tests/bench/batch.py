"""How long a list of names takes to be looked up in a made corpus.

    python -m tests.bench.batch 100000 10000

Names are two or three capitalised words that follow each other inside of a sentence of the corpus; every tenth one is mixed of two
others, and mostly stands in no article.
"""

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.schema import SCHEMA_VERSION
from search.archive import Archive
from search.batch import FoundBy, look_up
from tests.bench.corpus import Corpus
from tests.bench.engines.telisik import Telisik
from tests.bench.machine import machine_line
from tests.bench.making import made_corpus
from tests.bench.tables import figure, table

SEED = 20261125
FOLDER = Path(".bench")
MIXED = 10  # every so many a name is mixed of two

_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,}){1,2}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.batch", description=__doc__.split("\n")[0])
    parser.add_argument("size", type=int, nargs="?", default=100_000, metavar="SIZE", help="articles")
    parser.add_argument("names", type=int, nargs="?", default=10_000, metavar="NAMES", help="names")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where corpora and indexes are kept")
    parser.add_argument("--seed", type=int, default=SEED, help="of the names that are drawn")
    options = parser.parse_args(arguments)
    print(machine_line())
    corpus = made_corpus(options.size, options.folder)
    folder = corpus.folder / f"batch-{SCHEMA_VERSION}"
    if not folder.exists():
        Telisik().build(corpus, folder)
    names = drawn_names(corpus, options.names, random.Random(options.seed))
    print(report(Archive(folder), names))
    return 0


def drawn_names(corpus: Corpus, count: int, draw: random.Random) -> list[str]:
    """Return so many different names, in no order."""
    found: dict[str, None] = {}
    for body in _bodies(corpus):
        found.update(dict.fromkeys(_NAME.findall(body)))
        if len(found) >= 2 * count:
            break
    names = draw.sample(list(found), min(count, len(found)))
    for place in range(0, len(names), MIXED):
        first, second = draw.choice(names).split()[0], draw.choice(names).split()[-1]
        names[place] = f"{first} {second}"
    return list(dict.fromkeys(names))


def report(archive: Archive, names: Sequence[str]) -> str:
    """Return how long the names took altogether, the first one alone, and what was found."""
    begun = time.perf_counter()
    looking = look_up(archive, names)
    found = [next(looking)]
    first = time.perf_counter() - begun
    found += looking
    took = time.perf_counter() - begun
    archive.close()
    people = sum(one.found_by is FoundBy.PERSON for one in found)
    missing = sum(not one.articles for one in found)
    cells = [
        str(len(found)),
        str(people),
        str(missing),
        figure(took),
        figure(1000 * first),
        figure(1000 * took / len(found)),
    ]
    return table(
        ["", "names", "as persons", "without articles", "seconds", "first ms", "ms a name"], [["batch", *cells]]
    )


def _bodies(corpus: Corpus) -> Iterator[str]:
    with corpus.articles.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["body"]


if __name__ == "__main__":
    sys.exit(main())
