"""How good rankings are: MRR@10, nDCG@10 and recall for each query, and how sure the difference of two systems is.

`grades` are the judgements of one query: article id -> grade, 0 or less for "judged not relevant"; what was not judged counts
as not relevant. The measures are those of ir-measures 0.4 named `RR@10`, `nDCG(dcg='exp-log2')@10` and `R@100`, and of
trec_eval, whose `ndcg_cut_10` takes the grade itself for gain and so differs where grades other than 0 and 1 are given.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import log2

import numpy as np
import numpy.typing as npt

FIRST = 10  # hits that MRR and nDCG look at
DEEPEST = 100  # hits that recall looks at, unless another depth is asked for
SEED = 20_261_124
RESAMPLES = 1_000

Grades = Mapping[str, int]
Floats = npt.NDArray[np.float64]


def measure_names(depth: int = DEEPEST) -> tuple[str, str, str]:
    """Return the names of the three measures, in the order in which `measured` gives them."""
    return f"MRR@{FIRST}", f"nDCG@{FIRST}", f"Recall@{depth}"


def measured(
    rankings: Iterable[Sequence[str]], judgements: Iterable[Grades], depth: int = DEEPEST
) -> dict[str, Floats]:
    """Return for each measure a number a query; each query must have an article judged relevant."""
    figures = [
        (reciprocal_rank(hits, grades), ndcg(hits, grades), recall(hits[:depth], grades))
        for hits, grades in zip(rankings, judgements, strict=True)
    ]
    return dict(zip(measure_names(depth), np.array(figures, dtype=np.float64).T, strict=True))


def reciprocal_rank(hits: Sequence[str], grades: Grades) -> float:
    """Return 1 / rank of the first relevant hit, 0 where none is among the first ten.

    >>> reciprocal_rank(["a", "b"], {"b": 1})
    0.5
    """
    return next((1 / rank for rank, hit in enumerate(hits[:FIRST], start=1) if grades.get(hit, 0) > 0), 0.0)


def ndcg(hits: Sequence[str], grades: Grades) -> float:
    """Return the discounted gain of the first ten hits over that of the best order of what was judged.

    A gain is 2^grade - 1, its discount log2(rank + 1): cumulated gain of Järvelin and Kekäläinen (2002), with the gain of
    Burges et al. (2005).

    >>> ndcg(["a", "b"], {"b": 1, "a": 2}), ndcg(["b"], {"b": 0, "a": 2})
    (1.0, 0.0)
    """
    ideal = _discounted(sorted(grades.values(), reverse=True))
    return _discounted([grades.get(hit, 0) for hit in hits]) / ideal if ideal else 0.0


def recall(hits: Sequence[str], grades: Grades) -> float:
    """Return which part of the relevant articles is among the hits.

    >>> recall(["a", "b"], {"b": 1, "c": 2, "a": 0})
    0.5
    """
    relevant = {article_id for article_id, grade in grades.items() if grade > 0}
    return len(relevant.intersection(hits)) / len(relevant) if relevant else 0.0


def _discounted(grades: Sequence[int]) -> float:
    return sum((2.0 ** max(0, grade) - 1) / log2(rank + 1) for rank, grade in enumerate(grades[:FIRST], start=1))


def summary_of(systems: Mapping[str, Mapping[str, Floats]], baseline: str) -> dict[str, dict[str, dict[str, float]]]:
    """Return for each system and measure its `mean` and, but for the baseline, `low` and `high`: the difference's bounds."""
    return {
        name: {
            measure: {"mean": float(numbers.mean())}
            | ({} if name == baseline else _bounds(numbers - systems[baseline][measure]))
            for measure, numbers in values.items()
        }
        for name, values in systems.items()
    }


def _bounds(differences: Floats) -> dict[str, float]:
    low, high = difference_bounds(differences)
    return {"low": low, "high": high}


def difference_bounds(differences: Floats) -> tuple[float, float]:
    """Return between which bounds 95 % of the means of resamples of these differences, one a query, lie; seeded."""
    random = np.random.default_rng(SEED)
    count = len(differences)
    means = [differences[random.integers(count, size=count)].mean() for _ in range(RESAMPLES)]
    low, high = np.percentile(means, (2.5, 97.5))
    return float(low), float(high)
