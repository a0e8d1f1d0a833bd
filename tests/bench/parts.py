"""What each part of the ranking is worth, and whether its parameters hold on queries that had no part in their choice.

    python -m tests.bench.parts --json parts.json

All figures are MRR@10 of the product's own search. A part is taken out by changing the constants it reads, in an archive opened
for that alone, since segments keep what they derive from them. The parameters were chosen on the three judged sets. The other two
are of other articles; sets like them were looked at when the last parameters were settled, so they are a check and no proof. No
set has dates, so that recency decides nothing here. Cross-validation tells what the choice of numbers gained by chance, not what
the choice of the formula did.
"""

import argparse
import json
import multiprocessing
import os
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from math import isnan
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import numpy as np

from index.analysis import Analyzer, Token
from index.inversion import Inverter
from index.stemming import root_of
from index.words import Exceptions, WordTable
from search import ranking
from search.archive import Archive
from search.baselines import Bm25, Collection, snowball
from search.judgements import JudgedQuery
from search.measures import FIRST, RESAMPLES, Floats, difference_bounds, reciprocal_rank
from search.query import Query
from tests.bench.crossing import FOLDS, Choice, Outcomes, chosen_by_fold, chosen_by_set, chosen_on_all
from tests.bench.judged import SEED, Judged, Record, judged_sets
from tests.bench.machine import machine, machine_line
from tests.bench.making import real_articles
from tests.bench.others import other_sets
from tests.bench.rankers import Rank, Telisik
from tests.bench.tables import table

JUDGED, OTHERS = ("questions", "titles", "three words"), ("summaries", "sentences")
QUERIES = 1_000  # of each set
SETTINGS = 40  # of the grid's 108; all take ten minutes more on two cores


class Setting(NamedTuple):
    """The parameters of the ranking that are varied together."""

    lead: float
    nearness: float
    complete: float
    k1: float
    title: float

    def changes(self) -> dict[str, object]:
        """Return the constants that make the product rank by this setting, by their dotted names."""
        return {
            "search.ranking.LEAD": self.lead,
            "search.ranking._EARLINESS": ranking._EARLINESS * (self.lead / ranking.LEAD),
            "search.ranking.MOST_SHARE": 1 + self.lead,
            "search.ranking.NEARNESS": self.nearness,
            "search.ranking.COMPLETE": self.complete,
            "search.ranking.K1": self.k1,
            "search.ranking.FIELD_WEIGHTS": ranking.FIELD_WEIGHTS | {ranking.TITLE: self.title},
        }


SHIPPED = Setting(ranking.LEAD, ranking.NEARNESS, ranking.COMPLETE, ranking.K1, ranking.FIELD_WEIGHTS[ranking.TITLE])
GRID = tuple(
    Setting(*values) for values in product((0.3, 0.5, 0.7), (0.2, 0.3, 0.5), (0.0, 0.1, 0.2), (0.9, 1.2), (2.0, 3.0))
)


# --- systems


@contextmanager
def telisik(folder: Path, *, expand: bool = True, recency: bool = True) -> Iterator[Rank]:
    """Open the archive of a set and ask it with nothing but the text, as from a page, and with these options."""
    archive = Archive(folder / "arsip")
    try:
        yield lambda text: archive.ranking(Query(text, expand=expand, recency=recency), FIRST).article_ids
    finally:
        archive.close()


@contextmanager
def indexed_again(folder: Path) -> Iterator[Rank]:
    """Index the set once more, with the constants of now."""
    with tempfile.TemporaryDirectory(prefix="telisik-parts-") as other:
        Telisik(_records(folder), Path(other)).close()
        with telisik(Path(other)) as rank:
            yield rank


@contextmanager
def bm25(folder: Path) -> Iterator[Rank]:
    """Count the words of a set for BM25 over Snowball's stems."""
    ranker = Bm25(Collection((r["id"], f"{r.get('title', '')}\n{r['body']}") for r in _records(folder)), snowball)
    yield partial(ranker.rank, size=FIRST)


class PlainSastrawi(WordTable):
    """Sastrawi's roots alone: no names, no roots, spellings and rules of our own."""

    def is_name(self, surface: str) -> bool:
        return False

    def root(self, surface: str) -> str:
        return root_of(surface)


def plain_table(learned: frozenset[str], exceptions: Exceptions) -> WordTable:
    """Return Sastrawi's roots whatever was learned."""
    return PlainSastrawi(frozenset(), {})


def plain_analysis(names: frozenset[str], exceptions: Exceptions) -> tuple[Analyzer, Inverter]:
    """Return what an indexing process analyses articles with."""
    analyzer = Analyzer(plain_table(names, exceptions))
    return analyzer, Inverter(analyzer)


class WordRuns:
    """Stands for the analyzer of the baselines: words are runs of letters and digits."""

    def words(self, text: str) -> list[Token]:
        runs = re.finditer(r"\w+", text.casefold())
        return [Token(run[0], run[0], place, *run.span()) for place, run in enumerate(runs)]


@dataclass(frozen=True, slots=True)
class System:
    """What answers queries: how it is opened in the folder of a set, and the constants changed meanwhile, by dotted names."""

    name: str
    changes: Mapping[str, object] = field(default_factory=dict)
    opened: Callable[[Path], AbstractContextManager[Rank]] = telisik


def without_each_part() -> list[System]:
    """Return the product with each part of its ranking taken out alone."""
    plain = {
        "index.wordbook.table_of": plain_table,
        "index.writer.table_of": plain_table,
        "index.building._analysis": plain_analysis,  # which would remember the analyzer of another index
    }
    return [
        System("surface clause", {"search.ranking.SURFACE_WEIGHT": 0.0}),
        System("earliness", SHIPPED._replace(lead=0.0).changes()),
        System("nearness", SHIPPED._replace(nearness=0.0).changes()),
        System("completeness", SHIPPED._replace(complete=0.0).changes()),
        System("light function words", {"search.relaxing.FUNCTION_WEIGHT": 1.0}),
        System("function words told apart", {"search.relaxing.FUNCTION_WORDS": frozenset()}),
        System("title weight", SHIPPED._replace(title=1.0).changes()),
        System("relaxing of long queries", {"search.understanding.FEW": 1}),
        System("expansions", opened=partial(telisik, expand=False)),
        System("recency", opened=partial(telisik, recency=False)),
        System("our roots and names (plain Sastrawi)", plain, indexed_again),
    ]


PRODUCT = System("Telisik")
STRONGER = System(r"BM25, Snowball stems, words \w+", {"search.baselines.ANALYZER": WordRuns()}, bm25)
BASELINES = (System("BM25, Snowball stems, our words", opened=bm25), STRONGER)


# --- measuring


@dataclass(frozen=True, slots=True)
class Asked:
    """The queries of a set, and the folder with its records and its archive."""

    folder: Path
    queries: Sequence[JudgedQuery]


def reciprocal_ranks(asked: Asked, system: System) -> Floats:
    """Return a number for each query."""
    with ExitStack() as stack:
        for name, value in system.changes.items():
            stack.enter_context(patch(name, value))
        rank = stack.enter_context(system.opened(asked.folder))
        return np.array([reciprocal_rank(rank(query.text), query.grades) for query in asked.queries])


class Bench:
    """The sets with their archives, and processes that ask them."""

    def __init__(self, sets: Mapping[str, Judged], folder: Path, pool: ProcessPoolExecutor) -> None:
        self._pool = pool
        self._asked = {name: Asked(folder / name, judged.queries) for name, judged in sets.items()}
        for name, judged in sets.items():
            (folder / name).mkdir()
            Telisik(judged.records, folder / name).close()

    def ask(self, systems: Sequence[System], names: Sequence[str]) -> dict[str, list[Floats]]:
        """Return for each of these sets the reciprocal ranks of each system, in the systems' order."""
        due = {name: [self._pool.submit(reciprocal_ranks, self._asked[name], s) for s in systems] for name in names}
        return {name: [future.result() for future in futures] for name, futures in due.items()}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    options = _options(arguments)
    started = time.monotonic()
    sets = _sets(real_articles(), options.articles, options.queries)
    print(machine_line())
    print(f"\nMRR@{FIRST}; in brackets 95 % of the differences in {RESAMPLES:,} resamples of the queries.\n")
    print(_legend(sets), flush=True)
    context = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory(prefix="telisik-parts-") as folder,
        ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool,
    ):
        bench = Bench(sets, Path(folder), pool)
        record = {"parts": parts(bench), "settings": validation(bench, options.settings)}
    minutes = (time.monotonic() - started) / 60
    print(f"\n{minutes:.1f} minutes")
    if options.json:
        sizes = {
            name: {"set": judged.name, "articles": len(judged.records), "queries": len(judged.queries)}
            for name, judged in sets.items()
        }
        written = {"machine": machine(), "minutes": minutes, "sets": sizes} | record
        options.json.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")


def parts(bench: Bench) -> dict[str, dict[str, dict[str, float]]]:
    """Measure the product with each part taken out, print the table, return its figures by system and set."""
    without = without_each_part()
    answered = bench.ask([PRODUCT, *without, *BASELINES], (*JUDGED, *OTHERS))
    names = [PRODUCT.name, *(f"without {system.name}" for system in without), *(system.name for system in BASELINES)]
    figures = {
        name: {each: _compared(found[place], found[0]) for each, found in answered.items()}
        for place, name in enumerate(names)
    }
    figures[PRODUCT.name] = {each: {"mean": of["mean"]} for each, of in figures[PRODUCT.name].items()}
    rows = [[name, *map(_cell, by_set.values())] for name, by_set in figures.items()]
    print("\n## Part by part: each taken out alone, differences to the product\n")
    print(table(["", *answered], rows), flush=True)
    return figures


def validation(bench: Bench, count: int) -> dict[str, object]:
    """Choose settings on some queries, measure them on others, print the tables, return their figures."""
    settings = [SHIPPED, *random.Random(SEED).sample(GRID, min(count, len(GRID)))]
    systems = [System(str(setting), setting.changes()) for setting in settings]
    answered = bench.ask([STRONGER, *systems], JUDGED)
    sets = {name: Outcomes(np.array(found[1:]), found[0]) for name, found in answered.items()}
    by_fold, held_out = chosen_by_fold(sets)
    by_set = chosen_by_set(sets)
    overall = chosen_on_all(sets)
    rows = {
        name: _set_row(of.baseline, of.settings[0], held_out[name], of.settings[by_set[name].setting])
        | {"best of all": {"mean": float(of.settings.mean(axis=1).max())}}
        for name, of in sets.items()
    }
    checked = bench.ask([STRONGER, PRODUCT, systems[overall.setting]], OTHERS)
    rows |= {name: _set_row(base, shipped, None, best) for name, (base, shipped, best) in checked.items()}
    print(f"\n## Settings chosen without the queries they are measured on: {len(settings)} settings, {FOLDS} folds")
    print("Differences to the baseline; the best of all is what one would believe without holding out.\n")
    columns = list(rows[JUDGED[0]])
    print(table(["", *columns], [[name, *(_cell(row.get(c)) for c in columns)] for name, row in rows.items()]))
    choices = {f"without fold {number}": choice for number, choice in enumerate(by_fold, start=1)}
    choices |= {f"without {name}": choice for name, choice in by_set.items()} | {"on all three sets": overall}
    print(f"\nMRR@{FIRST} over that of {STRONGER.name}, mean of the sets:\n")
    print(_choices_table(choices, settings), flush=True)
    return {
        "tried": [setting._asdict() for setting in settings],
        "sets": rows,
        "choices": {name: settings[choice.setting]._asdict() for name, choice in choices.items()},
    }


def _sets(data: Path, articles: int | None, queries: int) -> dict[str, Judged]:
    judged = zip(JUDGED, judged_sets(data, articles, queries, queries), strict=True)
    return dict(judged) | dict(zip(OTHERS, other_sets(data / "news", articles, queries), strict=True))


def _records(folder: Path) -> list[Record]:
    with (folder / "records.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


# --- figures


def _compared(figures: Floats, others: Floats) -> dict[str, float]:
    low, high = difference_bounds(figures - others)
    return {"mean": float(figures.mean()), "low": low, "high": high}


def _set_row(baseline: Floats, shipped: Floats, by_fold: Floats | None, by_set: Floats) -> dict[str, dict[str, float]]:
    row = {STRONGER.name: {"mean": float(baseline.mean())}, "shipped": _compared(shipped, baseline)}
    if by_fold is not None:
        row["chosen on other folds"] = _compared(by_fold, baseline)
    return row | {"chosen on other sets": _compared(by_set, baseline)}


def _choices_table(choices: Mapping[str, Choice], settings: Sequence[Setting]) -> str:
    header = ["chosen", *Setting._fields, "on these queries", "on those left out", "shipped on those"]
    rows = [["shipped", *map(str, SHIPPED), "", "", ""]]
    for name, choice in choices.items():
        ratios = (choice.seen, choice.held_out, choice.first_held_out)
        rows.append(
            [name, *map(str, settings[choice.setting]), *("-" if isnan(ratio) else f"{ratio:.4f}" for ratio in ratios)]
        )
    return table(header, rows)


def _legend(sets: Mapping[str, Judged]) -> str:
    lines = []
    for name, judged in sets.items():
        asked = f"{len(judged.queries):,} of {judged.asked_of:,} queries, {len(judged.records):,} articles"
        others = "" if name in JUDGED else "; other articles than those the parameters were chosen on"
        lines.append(f"- {name}: {judged.name}; {asked}{others}")
    return "\n".join(lines)


def _cell(figures: Mapping[str, float] | None) -> str:
    if figures is None:
        return "-"
    mean = f"{figures['mean']:.3f}"
    return f"{mean} [{figures['low']:+.3f}, {figures['high']:+.3f}]" if "low" in figures else f"{mean} {'':16}"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.parts", description=__doc__.split("\n")[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here, too")
    parser.add_argument("--queries", type=int, metavar="N", default=QUERIES, help="ask at most so many of each set")
    parser.add_argument("--articles", type=int, metavar="N", help="index only the first so many of each set")
    parser.add_argument(
        "--settings", type=int, metavar="N", default=SETTINGS, help="try so many of the grid's settings"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
