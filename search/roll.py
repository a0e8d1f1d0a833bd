"""All articles that readers may read, by the index's columns alone: for sitemaps."""

from collections.abc import Sequence
from typing import overload

import numpy as np

from index import schema
from index.article import Status
from search.arrays import Ints
from search.segments import SegmentView, seen

_WITHDRAWN = schema.STATUSES.index(Status.WITHDRAWN)


class Roll(Sequence[str]):
    """The ids of one commit's articles that readers may read, withdrawn ones left out, by time of publication, undated first.

    Old articles keep their places while newer ones come, so what is made of a part of the roll seldom changes.
    """

    def __init__(self, views: Sequence[SegmentView], segments: Ints, documents: Ints) -> None:
        self._views, self._segments, self._documents = views, segments, documents

    @classmethod
    def of(cls, views: Sequence[SegmentView], now: int) -> "Roll":
        """Return the roll of a commit at a time, in Unix seconds."""
        nothing: Ints = np.zeros(0, dtype=np.int64)
        found = [_readable(view, now) for view in views]
        instants = [view.arrays.numbers(schema.INSTANT)[rows] for view, rows in zip(views, found, strict=True)]
        order = np.argsort(np.concatenate([*instants, nothing]), kind="stable")
        segments = np.repeat(np.arange(len(views)), [len(rows) for rows in found])
        return cls(views, segments[order], np.concatenate([*found, nothing])[order])

    def __len__(self) -> int:
        """Return how many articles there are."""
        return len(self._documents)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> "Roll": ...
    def __getitem__(self, place: int | slice) -> "str | Roll":
        """Return the id at a place, or a part of the roll."""
        if isinstance(place, slice):
            return Roll(self._views, self._segments[place], self._documents[place])
        return self._views[int(self._segments[place])].arrays.labels[int(self._documents[place])]


def _readable(view: SegmentView, now: int) -> Ints:
    mask = view.arrays.numbers(schema.STATUS) != _WITHDRAWN
    may_see = seen(view, now)
    return np.flatnonzero(mask if may_see is None else mask & may_see)
