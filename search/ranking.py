"""The numbers that decide the order of hits, each with its evidence, and the formula they go into.

BM25F: Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted fields", CIKM 2004. The frequencies of a
word in title and body are normalised by the length of each, weighted and added before they saturate:

    tf = sum over fields f of  w_f * tf_f / (1 - b_f + b_f * length_f / average_f)
    score = idf * tf / (k1 + tf),   idf = ln(1 + (N - n + 0.5) / (n + 0.5))
"""

import numpy as np
import numpy.typing as npt

from index import schema

Floats = npt.NDArray[np.float64]

# MRR@10 by `make eval`, whose sets pull in opposite directions: with K1 .7, .9, 1.2 questions .806, .803, .796 and
# titles .862, .864, .864; with a title's weight 1, 2, 3 questions .807, .803, .798 and three title words .956, .972, .978.
K1 = 0.9
B = {schema.TITLE: 0.4, schema.BODY: 0.75}  # titles vary little in length
FIELD_WEIGHTS = {schema.TITLE: 2.0, schema.BODY: 1.0}  # a word of the title says what an article is about

# The surface forms are a second, lighter clause beside the stems: the form that was typed ranks above other forms, and a
# wrong stem never hides the right word. Measured flat from .3 to .7.
SURFACE_WEIGHT = 0.4


def idf(documents: int, containing: int) -> float:
    """Return the inverse document frequency of a word that `containing` of `documents` articles have; never negative."""
    return float(np.log1p((documents - containing + 0.5) / (containing + 0.5)))


def normalised(frequencies: Floats, lengths: Floats, average: float, field: str) -> Floats:
    """Return weighted, length-normalised frequencies of one field; a field without lengths (names) is taken as it is."""
    if field not in B:
        return frequencies
    b = B[field]
    return FIELD_WEIGHTS[field] * frequencies / (1 - b + b * lengths / max(average, 1.0))


def saturated(frequencies: Floats) -> Floats:
    """Return what the combined frequencies of a word are worth, from 0 to below 1, before idf."""
    return frequencies / (K1 + frequencies)
