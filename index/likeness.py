"""Signatures by which the versions of one story are known: newspapers print an agency's text with another beginning or end.

A signature is a sample of a body's runs of `RUN` words: of each thirty-second of all possible runs, told apart by their hash,
the one with the least hash that the body has, a byte each (one-permutation hashing: Li, Owen and Zhang, NIPS 2012, with empty
parts filled from the next as in Shrivastava and Li, UAI 2014; a byte is enough, Li and König, WWW 2010). Two bodies agree in
as large a share of the bytes as of the runs of both are runs of each (Broder, "On the resemblance and containment of
documents", 1997). Hashes hang on the words alone, so that signatures of all segments and archives compare.
"""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Hashes: TypeAlias = npt.NDArray[np.uint32]

RUN = 5  # words; of the gold price of two days, filled into one form, runs of 3 agree in .60, of 5 in .47, of one story in .9
SAMPLES = 32  # bytes of a signature
COLUMNS = SAMPLES // 8  # whole numbers of 64 bits that hold it
LEAST_WORDS = 30  # shorter bodies are captions and teasers, and have no signature

_MULTIPLIERS = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1)  # of the words of a run: xxHash's, odd
_EMPTY = np.uint32(0xFFFFFFFF)
_PART_BITS = 5  # the highest of a hash say which part of the runs it is of
_AWAY = np.uint32(101)  # added for each part that lies between an empty one and the one it is filled from


def signatures(words: Hashes, starts: npt.NDArray[Any]) -> Ints:
    """Return the signature of each body, a row of `COLUMNS`; one without a signature has zeros.

    The words of body i, as hashes, are `words[starts[i]:starts[i + 1]]`.
    """
    lengths = np.diff(starts)
    least = np.full(len(lengths) * SAMPLES, _EMPTY, dtype=np.uint32)
    if len(words) >= RUN:
        body = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        runs = _runs(words)
        within = body[: len(runs)] == body[RUN - 1 :]
        runs = runs[within]
        part = body[: len(within)][within] * SAMPLES
        part += (runs >> np.uint32(32 - _PART_BITS)).astype(np.int32)
        np.minimum.at(least, part, runs)
    found = _filled(least.reshape(len(lengths), SAMPLES)).astype(np.uint8).view(np.int64)
    found[lengths < LEAST_WORDS] = 0
    return found


def _runs(words: Hashes) -> Hashes:
    """Return a hash of each word with the `RUN` - 1 behind it: a weighted sum, mixed as MurmurHash3 ends."""
    count = len(words) - RUN + 1
    mixed = words[:count] * np.uint32(_MULTIPLIERS[0])
    for ahead, multiplier in enumerate(_MULTIPLIERS[1:], start=1):
        mixed += words[ahead : ahead + count] * np.uint32(multiplier)
    for shift, multiplier in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        mixed ^= mixed >> np.uint32(shift)
        mixed *= np.uint32(multiplier)
    mixed ^= mixed >> np.uint32(16)
    return mixed


def _filled(least: Hashes) -> Hashes:
    """Return a body's parts with those that are empty filled from the next that is not, around the end if need be."""
    places = np.arange(2 * SAMPLES)
    twice = np.concatenate([least, least], axis=1)
    known = np.where(twice != _EMPTY, places, 2 * SAMPLES)
    nearest = np.minimum.accumulate(known[:, ::-1], axis=1)[:, ::-1][:, :SAMPLES]
    away = (nearest - places[:SAMPLES]).astype(np.uint32)
    filled: Hashes = np.take_along_axis(twice, np.minimum(nearest, 2 * SAMPLES - 1), axis=1) + away * _AWAY
    return filled
