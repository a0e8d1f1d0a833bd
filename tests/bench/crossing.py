"""Cross-validation of the ranking: settings chosen on some queries, measured on queries that had no part in the choice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.measures import SEED, Floats

FOLDS = 5

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What one set of queries says: of each setting, a row, and of the baseline the reciprocal rank for each query."""

    settings: Floats
    baseline: Floats

    def folds(self) -> npt.NDArray[np.int64]:
        """Return the fold of each query, by chance; seeded."""
        return np.random.default_rng(SEED).permutation(len(self.baseline)) % FOLDS

    def relative(self, kept: Mask | None = None) -> Floats:
        """Return the mean of each setting over that of the baseline, on the kept queries or on all."""
        rows = slice(None) if kept is None else kept
        ratios: Floats = self.settings[:, rows].mean(axis=1) / max(self.baseline[rows].mean(), 1e-9)
        return ratios


@dataclass(frozen=True, slots=True)
class Choice:
    """A setting chosen, by its number, and how good it and the first setting are, relative to the baseline.

    `seen` on the queries it was chosen on; `held_out` and `first_held_out` on the others.
    """

    setting: int
    seen: float
    held_out: float
    first_held_out: float


def chosen_by_fold(sets: Mapping[str, Outcomes]) -> tuple[list[Choice], dict[str, Floats]]:
    """Choose for each fold on the queries of all others, of all sets jointly.

    Returns the choices, and for each set the reciprocal rank of each query under the setting chosen without it.
    """
    folds = {name: outcomes.folds() for name, outcomes in sets.items()}
    held_out = {name: np.zeros(len(outcomes.baseline)) for name, outcomes in sets.items()}
    choices = []
    for fold in range(FOLDS):
        seen = _mean(outcomes.relative(folds[name] != fold) for name, outcomes in sets.items())
        unseen = _mean(outcomes.relative(folds[name] == fold) for name, outcomes in sets.items())
        choices.append(_choice(seen, unseen))
        for name, outcomes in sets.items():
            tested = folds[name] == fold
            held_out[name][tested] = outcomes.settings[choices[-1].setting, tested]
    return choices, held_out


def chosen_by_set(sets: Mapping[str, Outcomes]) -> dict[str, Choice]:
    """Choose for each set on the queries of all other sets."""
    relative = {name: outcomes.relative() for name, outcomes in sets.items()}
    return {
        left_out: _choice(_mean(relative[name] for name in sets if name != left_out), relative[left_out])
        for left_out in sets
    }


def chosen_on_all(sets: Mapping[str, Outcomes]) -> Choice:
    """Choose on all queries; nothing is held out."""
    relative = _mean(outcomes.relative() for outcomes in sets.values())
    return _choice(relative, np.full(len(relative), np.nan))


def _choice(seen: Floats, unseen: Floats) -> Choice:
    best = int(np.argmax(seen))
    return Choice(best, float(seen[best]), float(unseen[best]), float(unseen[0]))


def _mean(several: Iterable[Floats]) -> Floats:
    mean: Floats = np.mean(list(several), axis=0)
    return mean
