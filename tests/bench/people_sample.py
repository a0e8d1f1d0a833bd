"""The persons that are found in 200 real articles, against those that a reader noted.

    python -m tests.bench.people_sample --errors

`tests/people_sample.tsv` holds an article's id and the persons that it names, separated by "|", each as its fullest form in
the article; after "=" another form that is as good, after "?" one that counts neither way: a byline, a figure of fiction, a
horse, a misspelling. The articles were drawn from every file of real news by `drawn` and read before any tagger was run.
"""

import argparse
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from index.analysis import fold
from index.boilerplate import masked
from index.naming import name_key, people_in
from index.tagging import shipped_tagger
from tests.bench.making import real_articles

SAMPLE = Path(__file__).parents[1] / "people_sample.tsv"
SEED = "people 2026"
_WORD = re.compile(r"\w[\w'-]*")
DRAWN = {  # articles of each file
    "antara2023": 15,
    "detik2026": 40,
    "games2024": 12,
    "pemilu2023": 25,
    "politik2025": 33,
    "ringkas_detik": 25,
    "ringkas_kompas": 20,
    "tribun2018": 30,
}


@dataclass(frozen=True, slots=True)
class Noted:
    """What the reader noted of one article: of each person the keys of its forms, and keys that do not count."""

    article_id: str
    persons: tuple[tuple[str, ...], ...]
    uncounted: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the persons of one article were found: keys of those found and missed, names that are wrong."""

    article_id: str
    right: tuple[str, ...]
    missed: tuple[str, ...]
    wrong: tuple[str, ...]
    linked: int  # places of the body that name a person found, by any part of the name
    unlinked: int  # and one missed


@dataclass(frozen=True, slots=True)
class Figures:
    """Persons, counted once an article: found, noted but not found, found but not noted; places that name the first two."""

    right: int
    missed: int
    wrong: int
    linked: int
    unlinked: int

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    def __str__(self) -> str:
        return (
            f"{self.right + self.missed} persons in articles; "
            f"recall {self.recall:.3f} ({self.missed} missed), precision {self.precision:.3f} ({self.wrong} wrong); "
            f"{self.linked / (self.linked + self.unlinked):.3f} of the {self.linked + self.unlinked} places that name them"
        )


def drawn(data: Path) -> list[Mapping[str, str]]:
    """Return the articles of the sample."""
    articles = []
    for file, number in DRAWN.items():
        with (data / "news" / f"{file}.jsonl").open(encoding="utf-8") as lines:
            by_id = {article["id"]: article for article in map(json.loads, lines)}
        articles += [by_id[key] for key in random.Random(SEED).sample(sorted(by_id), number)]
    return articles


def read_sample() -> list[Noted]:
    """Return what the reader noted, in the order of `drawn`."""
    return [_noted(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]


def _noted(line: str) -> Noted:
    article_id, _, names = line.partition("\t")
    several = [name for name in names.split("|") if name]
    return Noted(
        article_id,
        tuple(tuple(map(name_key, name.split("="))) for name in several if not name.startswith("?")),
        frozenset(name_key(name[1:]) for name in several if name.startswith("?")),
    )


def outcomes(data: Path) -> Iterator[Outcome]:
    """Yield how the persons of each article of the sample are found, bodies as they are indexed."""
    articles = drawn(data)
    bodies = [masked(article["body"]) for article in articles]
    for article, body, mentions, noted in zip(
        articles, bodies, shipped_tagger().tag(bodies), read_sample(), strict=True
    ):
        found = {name_key(name): name for name in people_in(article["title"], body, mentions)}
        hits = [found.keys() & set(person) for person in noted.persons]
        wrong = found.keys() - set().union(*hits) - noted.uncounted
        right = tuple(person[0] for person, hit in zip(noted.persons, hits, strict=True) if hit)
        missed = tuple(person[0] for person, hit in zip(noted.persons, hits, strict=True) if not hit)
        yield Outcome(
            noted.article_id,
            right,
            missed,
            tuple(name for key, name in found.items() if key in wrong),
            linked=sum(_places(body, key) for key in right),
            unlinked=sum(_places(body, key) for key in missed),
        )


def _places(body: str, key: str) -> int:
    """Return in how many places a body has words of a name, neighbouring ones counted once."""
    parts = {part for part in key.split() if len(part) > 1}
    return sum(named for named, _run in groupby(_WORD.findall(fold(body)), parts.__contains__))


def figures(several: Sequence[Outcome]) -> Figures:
    """Return the sums over articles."""
    return Figures(
        sum(len(outcome.right) for outcome in several),
        sum(len(outcome.missed) for outcome in several),
        sum(len(outcome.wrong) for outcome in several),
        sum(outcome.linked for outcome in several),
        sum(outcome.unlinked for outcome in several),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="list what is missed and what is wrong, by article")
    options = parser.parse_args(arguments)
    several = list(outcomes(real_articles()))
    if options.errors:
        for outcome in several:
            if outcome.missed or outcome.wrong:
                print(
                    f"{outcome.article_id}\n  missed: {', '.join(outcome.missed)}\n  wrong: {', '.join(outcome.wrong)}"
                )
    print(figures(several))


if __name__ == "__main__":
    main()
