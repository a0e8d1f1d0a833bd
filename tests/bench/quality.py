"""Quality of Telisik's answers beside plain BM25 and SQLite FTS5, on queries whose right answer is known.

    python -m tests.bench.quality --json quality.json

Measures and baselines are those of `telisik eval`, which measures any archive so.
"""

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from search.baselines import Bm25, Collection, plain, snowball
from search.measures import DEEPEST, RESAMPLES, Floats, measure_names, measured, summary_of
from tests.bench.judged import Judged, judged_sets
from tests.bench.machine import machine, machine_line
from tests.bench.making import real_articles
from tests.bench.rankers import Fts5, Rank, Telisik
from tests.bench.tables import table

SAMPLED = 1_000  # queries of a set that has more; questions are all asked
BASELINE = "BM25, Snowball stems"
MEASURES = measure_names()

NOTES = f"""\
In brackets: 95 % of the differences to "{BASELINE}" (one field, k1 {Bm25.K1}, b {Bm25.B})
in {RESAMPLES:,} resamples of the queries."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    options = _options(arguments)
    record: dict[str, object] = {}
    print(machine_line())
    for judged in judged_sets(real_articles(), options.articles, options.queries, SAMPLED):
        outcomes, relaxed = outcomes_of(judged)
        summary = summary_of(outcomes, BASELINE)
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


def outcomes_of(judged: Judged) -> tuple[dict[str, dict[str, Floats]], list[int]]:
    """Return for every system the measures of each query, and how many articles each of Telisik's relaxed answers found."""
    collection = Collection((r["id"], f"{r.get('title', '')}\n{r['body']}") for r in judged.records)
    grades = [query.grades for query in judged.queries]
    with tempfile.TemporaryDirectory(prefix="telisik-quality-") as folder:
        telisik = Telisik(judged.records, Path(folder))
        systems: dict[str, Rank] = {
            "Telisik": telisik.rank,
            "Telisik, words joined by ATAU": telisik.rank_any,
            "SQLite FTS5, unicode61": Fts5(judged.records).rank,
            BASELINE: _first(Bm25(collection, snowball)),
            "BM25, no stems": _first(Bm25(collection, plain)),
        }
        outcomes = {
            name: measured((rank(query.text) for query in judged.queries), grades) for name, rank in systems.items()
        }
        telisik.close()
    return outcomes, telisik.relaxed


def _first(bm25: Bm25) -> Rank:
    return lambda text: bm25.rank(text, DEEPEST)


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
