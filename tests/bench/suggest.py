"""Suggestions of Telisik on made corpora: how fast they come while one types, and how many misspellings are mended.

    python -m tests.bench.suggest 10000 100000

Words are drawn from the corpus's articles, evenly among all that at least `LEAST` of them have; a name is a word that mostly
stands capitalised inside of sentences. Misspellings that are words of the archive themselves are drawn again.
"""

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from index.analysis import fold
from index.schema import SCHEMA_VERSION
from search.archive import Archive
from search.query import Query
from search.spelling import RARE, ROWS
from tests.bench.corpus import Corpus
from tests.bench.engines.telisik import Telisik
from tests.bench.machine import machine_line
from tests.bench.making import made_corpus
from tests.bench.tables import figure, table

SEED = 20261125
FOLDER = Path(".bench")
READ = 20_000  # articles that words are drawn from
LEAST = 5  # of them that have a word, to be misspelled
LEAST_RIGHT = 3
MISSPELLED, RIGHT = 500, 1_000
TYPED = 300  # beginnings of titles, as typed
MOST_WORDS = 4  # of a title, the last one cut anywhere
WARMED = 50  # beginnings typed before those that are timed
SHORTEST = 4  # letters of a drawn word

Answer = TypeVar("Answer")

_WORD = re.compile(r"(?<=[a-z,] )[A-Za-z][a-z]{3,}(?= |[.,])")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.suggest", description=__doc__.split("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000], metavar="SIZE", help="articles")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where corpora and indexes are kept")
    parser.add_argument("--seed", type=int, default=SEED, help="of the words that are drawn, and their misspellings")
    options = parser.parse_args(arguments)
    print(machine_line())
    for size in options.sizes:
        corpus = made_corpus(size, options.folder)
        folder = corpus.folder / f"suggest-{SCHEMA_VERSION}"
        if not folder.exists():
            Telisik().build(corpus, folder)
        archive = Archive(folder)
        words = Words.of(corpus)
        print(f"\n## {size:,} articles\n")
        print(spelling_report(archive, words, random.Random(options.seed)), flush=True)
        print(suggestion_report(archive, words, random.Random(options.seed)), flush=True)
        archive.close()
    return 0


@dataclass(frozen=True, slots=True)
class Words:
    """What is drawn from: words and names that `LEAST` articles have, all that `LEAST_RIGHT` have, and titles."""

    words: Sequence[str]
    names: Sequence[str]
    right: Sequence[str]
    titles: Sequence[str]

    @classmethod
    def of(cls, corpus: Corpus) -> "Words":
        """Return the words of the corpus's first articles."""
        lower: Counter[str] = Counter()
        capitalised: Counter[str] = Counter()
        titles = []
        for title, body in islice(_texts(corpus), READ):
            titles.append(title)
            for word in set(_WORD.findall(body)):
                (lower if word.islower() else capitalised)[fold(word)] += 1
        counts = lower + capitalised
        often = sorted(word for word, count in counts.items() if count >= LEAST)
        names = [word for word in often if capitalised[word] > 4 * lower[word]]
        words = [word for word in often if lower[word] > 4 * capitalised[word]]
        return cls(words, names, sorted(w for w, count in counts.items() if count >= LEAST_RIGHT), titles)


def _texts(corpus: Corpus) -> Iterator[tuple[str, str]]:
    with corpus.articles.open(encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            yield article["title"], article["body"]


def suggestion_report(archive: Archive, words: Words, draw: random.Random) -> str:
    """Return how long suggestions take: with the segments just opened, and warm."""
    fresh = Archive(archive.folder.path)
    _found, first = timed(lambda: fresh.suggest("har"))
    fresh.close()
    drawn = [_beginning(draw.choice(words.titles), draw) for _ in range(WARMED + TYPED)]
    told = [timed(lambda typed=typed: archive.suggest(typed)) for typed in drawn][WARMED:]
    none = sum(not found for found, _took in told)
    rows = [["suggest", str(len(told)), str(none), *_percentiles([took for _found, took in told]), figure(first)]]
    return "\n" + table(["", "typed", "without any", "p50 ms", "p95 ms", "first ms"], rows)


def _beginning(title: str, draw: random.Random) -> str:
    """Return what of a title has been typed at some moment."""
    words = title.split()[: draw.randint(1, MOST_WORDS)]
    words[-1] = words[-1][: draw.randint(1, len(words[-1]))]
    return " ".join(words) + " " * (draw.random() < 1 / 6)


def spelling_report(archive: Archive, words: Words, draw: random.Random) -> str:
    """Return how many misspellings are mended and how long a search takes, did-you-mean included, with them and without."""
    rows = []
    for kind, drawn in (("words", words.words), ("names", words.names)):
        found: dict[str, list[bool]] = {}
        times = []
        for word, slip, wrong in misspellings(archive, drawn, draw):
            suggested, took = timed(lambda typed=wrong: archive.search(Query(typed, size=1)).did_you_mean)
            found.setdefault(slip, []).append(suggested == word)
            times.append(took)
        every = [right for several in found.values() for right in several]
        parts = [f"{100 * sum(f) / len(f):.0f}" for f in (every, *(found[slip] for slip in SLIPS))]
        rows.append([f"misspelled {kind}", str(len(every)), *parts, *_percentiles(times)])
    known = [word for word in words.right if archive._engine.frequency(word) >= LEAST_RIGHT]  # no boilerplate
    right = draw.sample(known, RIGHT)
    wrongly, times = [], []
    for word in right:
        suggested, took = timed(lambda typed=word: archive.search(Query(typed, size=1)).did_you_mean)
        times.append(took)
        if suggested:
            wrongly.append(f"{word} -> {suggested}")
    rows.append(["right words", str(len(right)), *["-"] * 5, *_percentiles(times)])
    header = ["search with did-you-mean", "typed", "% mended", *SLIPS, "p50 ms", "p95 ms"]
    return "\n".join([table(header, rows), "", f"right words mended: {len(wrongly)} {', '.join(wrongly[:20])}"])


def misspellings(archive: Archive, words: Sequence[str], draw: random.Random) -> Iterator[tuple[str, str, str]]:
    """Yield words, the name of a slip, and the word with it."""
    frequency = archive._engine.frequency
    for number in range(MISSPELLED):
        slip = tuple(SLIPS)[number % len(SLIPS)]
        while True:
            word = draw.choice(words)
            wrong = SLIPS[slip](word, draw)
            if wrong != word and frequency(wrong) <= RARE and frequency(word) >= LEAST:
                break
        yield word, slip, wrong


def _swapped(word: str, draw: random.Random) -> str:
    place = draw.randrange(len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _dropped(word: str, draw: random.Random) -> str:
    place = draw.randrange(len(word))
    return word[:place] + word[place + 1 :]


def _doubled(word: str, draw: random.Random) -> str:
    place = draw.randrange(len(word))
    return word[: place + 1] + word[place:]


def _neighboured(word: str, draw: random.Random) -> str:
    """Return the word with a letter replaced by one beside it on the keyboard."""
    place = draw.randrange(len(word))
    (row,) = [row for row in ROWS if word[place] in row]
    at = row.index(word[place])
    return word[:place] + draw.choice(row[max(0, at - 1) : at] + row[at + 1 : at + 2]) + word[place + 1 :]


SLIPS: dict[str, Callable[[str, random.Random], str]] = {
    "swapped": _swapped,
    "dropped": _dropped,
    "doubled": _doubled,
    "neighbour": _neighboured,
}


def timed(ask: Callable[[], Answer]) -> tuple[Answer, float]:
    """Return the answer and the milliseconds it took."""
    begun = time.perf_counter()
    answer = ask()
    return answer, (time.perf_counter() - begun) * 1000


def _percentiles(times: Sequence[float]) -> list[str]:
    ordered = sorted(times)
    return [figure(ordered[-(-part * len(ordered) // 100) - 1]) for part in (50, 95)]


if __name__ == "__main__":
    sys.exit(main())
