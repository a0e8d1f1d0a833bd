"""The numbers that decide the order of hits, each with its evidence, and the formula they go into.

BM25F: Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted fields", CIKM 2004. The frequencies of a
word in title and body are normalised by the length of each, weighted and added before they saturate:

    tf = sum over fields f of  w_f * tf_f / (1 - b_f + b_f * length_f / average_f)
    score = idf * (tf / (k1 + tf) + LEAD / (1 + words before the first occurrence / LEAD_WORDS))
    idf = ln(1 + (N - n + 0.5) / (n + 0.5))

A title that was made of the body's first words weighs nothing beside them.
"""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Number = TypeVar("Number", float, Floats)

TITLE, BODY = "title", "body"

# What each part is worth, on sets that it was and was not chosen on: `make eval-parts` (tests/bench/parts.py). All values are round
# ones on flat optima; where sets pull in opposite directions, the one that serves all of them.
K1 = 1.0
B = {TITLE: 0.4, BODY: 0.75}  # titles vary little in length
FIELD_WEIGHTS = {
    TITLE: 2.0,
    BODY: 1.0,
}  # a word of the title says what an article is about; three times gains nothing more

# The surface forms are a second, lighter clause beside the stems: the form that was typed ranks above other forms, and a
# wrong stem never hides the right word. Measured flat from .3 to .7.
SURFACE_WEIGHT = 0.4

# News says first what it is about: a word is worth more the earlier it stands in the body, and most in the title. More of it serves
# queries made of titles, and harms those made of the middle of an article.
LEAD = 0.5  # of a share, at the very beginning
LEAD_WORDS = 50  # after so many words half of it is left
_EARLINESS = LEAD / (1 + np.arange(256) / LEAD_WORDS)  # by the words before it, as postings have them
MOST_SHARE = 1 + LEAD

# What the best articles get on top, by where the query's words stand in them (`search.reordering`): what the middle of an article
# needs, and what makes up for earliness there.
REORDERED = 30  # articles; to look at more changes no figure
# Of the mean idf of two neighbours in the query that stand side by side; less by the root of their distance.
NEARNESS = 0.3
# Of the idf of all words that tell something, for an article that has them all where not all were required.
COMPLETE = 0.1
FUNCTION_WEIGHT = (
    0.3  # of words that ask or join, beside others; from .1 to 1 all the same since few are left in long queries
)

# Of two articles that fit a query alike readers want the newer one; a word that tells something is worth ten times as much. No
# judged set has dates to tune this on: it is as small as it can be and still be seen.
RECENCY = 0.2  # of a score point, for the archive's newest article
RECENCY_DAYS = 365.0  # after which half of it is left

AVERAGE_DIGITS = 2  # what is derived from an average outlives the commits that hardly change it


def idf(documents: int, containing: int) -> float:
    """Return the inverse document frequency of a word that `containing` of `documents` articles have; never negative."""
    return float(np.log1p((documents - containing + 0.5) / (containing + 0.5)))


def recency(age: Floats) -> Floats:
    """Return what articles of this age, in seconds before the archive's newest, get on top of what their words are worth."""
    prior: Floats = RECENCY * np.exp2(-age / (RECENCY_DAYS * 86_400))
    return prior


def rounded_average(average: float) -> float:
    """Return the average length that lengths are compared with: rounded to `AVERAGE_DIGITS`, at least 1.

    >>> rounded_average(213.7), rounded_average(9.26), rounded_average(0.2)
    (210.0, 9.3, 1.0)
    """
    return float(f"{max(average, 1.0):.{AVERAGE_DIGITS}g}")


def norms(lengths: Number, average: float, field: str) -> Number:
    """Return what one occurrence in title or body is worth where the field is so long; `average` is rounded."""
    b = B[field]
    return FIELD_WEIGHTS[field] / (1 - b + b * lengths / average)


def shares(frequencies: Floats, leads: npt.NDArray[np.uint8] | None) -> Floats:
    """Return what a word is worth, from 0 to below `MOST_SHARE`, before idf: saturated frequency and earliness.

    `leads` are the words of the body before the first occurrence, at most 255, 0 for one in a title; None counts no earliness.
    """
    saturated: Floats = frequencies / (K1 + frequencies)
    return saturated if leads is None else saturated + _EARLINESS.take(leads)
