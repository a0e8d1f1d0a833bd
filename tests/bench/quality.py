"""Quality of Telisik's answers beside plain BM25 and SQLite FTS5, on queries whose right answer is known.

    python -m tests.bench.quality --json quality.json

MRR@10: the mean of 1/rank of the right article, 0 below rank 10. Recall@100: how often it is among the first hundred.
"""

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import numpy.typing as npt

from tests.bench.judged import SEED, Judged, judged_sets
from tests.bench.machine import machine, machine_line
from tests.bench.making import real_articles
from tests.bench.rankers import DEEPEST, Bm25, Fts5, Rank, Telisik, snowball_stem
from tests.bench.tables import table

FIRST = 10  # hits that MRR looks at
SAMPLED = 1_000  # queries of a set that has more; questions are all asked
RESAMPLES = 1_000
BASELINE = "BM25, Snowball stems"
MEASURES = (f"MRR@{FIRST}", f"Recall@{DEEPEST}")

NOTES = f"""\
In brackets: 95 % of the differences to "{BASELINE}" (one field, k1 {Bm25.K1}, b {Bm25.B})
in {RESAMPLES:,} resamples of the queries."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One system on one set: for each measure a number a query."""

    name: str
    values: Mapping[str, Floats]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    options = _options(arguments)
    record: dict[str, object] = {}
    print(machine_line())
    for judged in judged_sets(real_articles(), options.articles, options.queries, SAMPLED):
        outcomes, relaxed = outcomes_of(judged)
        summary = summary_of(outcomes)
        record[judged.name] = {
            "articles": len(judged.records),
            "queries": len(judged.queries),
            "relaxed": len(relaxed),
            "relaxed_median_found": median(relaxed) if relaxed else None,
            "systems": summary,
        }
        print(report(judged, relaxed, summary), flush=True)
    print(f"\n{NOTES}")
    if options.json:
        options.json.write_text(json.dumps({"machine": machine(), "sets": record}, indent=2) + "\n", encoding="utf-8")


def outcomes_of(judged: Judged) -> tuple[list[Outcome], list[int]]:
    """Return the outcome of every system on a set, and how many articles each of Telisik's relaxed answers found."""
    with tempfile.TemporaryDirectory(prefix="telisik-quality-") as folder:
        telisik = Telisik(judged.records, Path(folder))
        systems: dict[str, Rank] = {
            "Telisik": telisik.rank,
            "Telisik, words joined by ATAU": telisik.rank_any,
            "SQLite FTS5, unicode61": Fts5(judged.records).rank,
            BASELINE: Bm25(judged.records, snowball_stem).rank,
            "BM25, no stems": Bm25(judged.records, str).rank,
        }
        outcomes = [Outcome(name, _measured(rank, judged.queries)) for name, rank in systems.items()]
        telisik.close()
    return outcomes, telisik.relaxed


def _measured(rank: Rank, queries: Sequence[tuple[str, str]]) -> dict[str, Floats]:
    places = [_place(rank(text), right) for text, right in queries]
    first = [1 / place if place <= FIRST else 0.0 for place in places]
    found = [float(place <= DEEPEST) for place in places]
    return dict(zip(MEASURES, map(np.array, (first, found)), strict=True))


def _place(hits: Sequence[str], right: str) -> int:
    """Return the rank of the right article, from 1; one beyond all that is looked at where it is absent."""
    return hits.index(right) + 1 if right in hits else DEEPEST + 1


def summary_of(outcomes: Sequence[Outcome]) -> dict[str, dict[str, dict[str, float]]]:
    """Return for each system and measure its mean and the bounds of its difference to the baseline."""
    baseline = next(outcome for outcome in outcomes if outcome.name == BASELINE)
    return {
        outcome.name: {
            measure: _summary(outcome.values[measure], baseline.values[measure], outcome is not baseline)
            for measure in MEASURES
        }
        for outcome in outcomes
    }


def _summary(values: Floats, baseline: Floats, compared: bool) -> dict[str, float]:
    mean = {"mean": float(values.mean())}
    if not compared:
        return mean
    low, high = difference_bounds(values - baseline)
    return mean | {"low": low, "high": high}


def difference_bounds(differences: Floats) -> tuple[float, float]:
    """Return between which bounds 95 % of the means of resamples of these differences lie; seeded."""
    drawn = np.random.default_rng(SEED).integers(len(differences), size=(RESAMPLES, len(differences)))
    low, high = np.percentile(differences[drawn].mean(axis=1), (2.5, 97.5))
    return float(low), float(high)


def report(judged: Judged, relaxed: Sequence[int], summary: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    """Return the figures of one set as a table."""
    asked = len(judged.queries)
    sample = f" (a sample of {judged.asked_of:,})" if asked < judged.asked_of else ""
    found = f" and found {median(relaxed):,.0f} articles then (median)" if relaxed else ""
    rows = [[name, *(_cell(measures[measure]) for measure in MEASURES)] for name, measures in summary.items()]
    return "\n".join(
        [
            f"\n## {judged.name}",
            f"{asked:,} queries{sample}, {len(judged.records):,} articles; Telisik relaxed {len(relaxed) / asked:.0%}{found}",
            "",
            table(["", *MEASURES], rows),
        ]
    )


def _cell(figures: Mapping[str, float]) -> str:
    mean = f"{figures['mean']:.3f}"
    return f"{mean} [{figures['low']:+.3f}, {figures['high']:+.3f}]" if "low" in figures else f"{mean} {'':16}"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.quality", description=__doc__.split("\n")[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here, too")
    parser.add_argument("--queries", type=int, metavar="N", help="ask at most so many of each set")
    parser.add_argument("--articles", type=int, metavar="N", help="index only the first so many of each set")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
