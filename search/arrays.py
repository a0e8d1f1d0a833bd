"""The kinds of arrays that searching works on, by what their numbers mean."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Documents: TypeAlias = npt.NDArray[np.uint32]  # numbers of documents in a segment, ascending
Floats: TypeAlias = npt.NDArray[np.float64]
Mask: TypeAlias = npt.NDArray[np.bool_]
Leads: TypeAlias = npt.NDArray[np.uint8]  # words of the body before a first occurrence, at most 255
