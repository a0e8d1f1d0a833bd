"""The articles right before and after one in its section, by time: what a reader turns to who reads on.

Nothing is sorted: of each segment the moments of the section's articles are compared with the one moment, and only those next
to it, which are few, are told apart by their ids.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from index import schema
from search.segments import SegmentView, seen


def neighbours(
    views: Sequence[SegmentView], section: str, instant: int, article_id: str, now: int
) -> tuple[str | None, str | None]:
    """Return the ids of the articles before and after a place in a section; None where there is none that readers may see.

    The place is that of an article with this instant (Unix seconds) and id. Articles follow each other by time, those of one
    moment by id, as in a search for the oldest first; undated ones have no place.
    """
    place = (instant, article_id)
    found = [key for view in views for key in _around(view, section, instant, now)]
    before = max((key for key in found if key < place), default=None)
    after = min((key for key in found if key > place), default=None)
    return before and before[1], after and after[1]


def _around(view: SegmentView, section: str, instant: int, now: int) -> Iterator[tuple[int, str]]:
    """Yield moment and id of a segment's articles of the moment itself, of the last one before and of the first one after."""
    documents = np.flatnonzero(view.arrays.limit_mask(schema.SECTION, (section,)))
    may_see = seen(view, now, documents.astype(np.uint32))
    documents = documents if may_see is None else documents[may_see]
    instants = view.arrays.numbers(schema.INSTANT)[documents]
    earlier = instants[(instants < instant) & (instants != schema.NO_INSTANT)]
    later = instants[instants > instant]
    moments = [instant, *([earlier.max()] if len(earlier) else []), *([later.min()] if len(later) else [])]
    for moment in moments:
        rows = documents[instants == moment].tolist()
        yield from ((int(moment), view.arrays.labels[document]) for document in rows)
