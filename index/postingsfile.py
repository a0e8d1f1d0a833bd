"""The postings of a segment: arrays in one mapped file.

For all terms in the order of the dictionary and little-endian it holds:

    documents   uint32  document numbers, ascending within a term
    heads       uint8   occurrences before the document's boundary: in the title, for the fields that hold title and body
    bodies      uint8   occurrences after it
    leads       uint8   words of the body before the first occurrence, at most 255; 0 for one in the title
    positions   uint16  those of each posting, ascending; a posting has as many as it has occurrences
    anchors     uint32  the occurrences, as the bytes above have them, before each `ANCHORED`-th posting of the file (modulo 2^32)

A term with a posting of more than 255 occurrences or a position over 65,535 is WIDE: its exact numbers stand in a blob at the
end of the file, its bytes above are cut off. A term of a field without positions is PLAIN: documents alone. A term that has
other weights or values than these (of any format that Whoosh knows) is FOREIGN: weights and values stand in the blob.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from whoosh.reading import TermInfo
from whoosh.util.numeric import byte_to_length

from index.errors import IndexUnusable
from index.mapped import forget_pages, map_file, reserve
from index.messages import gettext as _

Array: TypeAlias = npt.NDArray[Any]  # of unsigned integers
Ints: TypeAlias = npt.NDArray[np.int64]

MAGIC = b"TLSKPOST"
VERSION = 3
_HEADER = struct.Struct("<8sIIQQQ")  # magic, version, unused, postings, positions, bytes of the blob
_ALIGNED = 8

PLAIN, WIDE, FOREIGN = 1, 2, 4
MOST_OCCURRENCES = 255
ANCHORED = 32  # postings: where the positions of one begin is told by an anchor and the occurrences of at most so many
_WITHIN = np.arange(ANCHORED)
_AT_ONCE = 1 << 20  # postings that are added up at once; a multiple of `ANCHORED`
LAST_POSITION = 65_535

# A term's entry in the dictionary. Lengths are bytes as Whoosh rounds them; `first` counts postings, `place` positions, `wide`
# bytes of the blob.
TERM_INFO = np.dtype(
    [
        ("kind", "u1"), ("weight", ">f4"), ("documents", ">u4"), ("shortest", "u1"), ("longest", "u1"),
        ("most", ">f4"), ("first_document", ">u4"), ("last_document", ">u4"),
        ("first", ">u8"), ("place", ">u8"), ("wide", ">u8"),
    ]
)  # fmt: skip
INFO = struct.Struct("!BfIBBfIIQQQ")


@dataclass(frozen=True, slots=True)
class Sections:
    """The arrays of one postings file, each over all terms."""

    documents: Array
    heads: Array
    bodies: Array
    leads: Array
    positions: Array
    anchors: Array

    def flush(self) -> None:
        """Write what was put into mapped arrays to the file."""
        for array in (self.documents, self.heads, self.bodies, self.leads, self.positions, self.anchors):
            if isinstance(array, np.memmap):
                array.flush()


def create_postings(path: Path, postings: int, positions: int, blob: bytes) -> Sections:
    """Make a postings file of this size with its blob, and return its arrays for writing."""
    places = _places(postings, positions)
    with path.open("wb") as file:
        file.write(_HEADER.pack(MAGIC, VERSION, 0, postings, positions, len(blob)))
        file.seek(places[-1])
        file.write(blob)
        reserve(file.fileno(), places[-1] + len(blob))
    counts = (postings, postings, postings, postings, positions, -(-postings // ANCHORED))
    kinds = ("<u4", "u1", "u1", "u1", "<u2", "<u4")
    arrays = [
        np.memmap(path, kind, "r+", place, (count,)) if count else np.empty(0, kind)
        for place, count, kind in zip(places[:-1], counts, kinds, strict=True)
    ]
    return Sections(*arrays)


def _places(postings: int, positions: int) -> list[int]:
    """Return where the six arrays and the blob begin."""
    places = [_HEADER.size]
    for size in (4 * postings, postings, postings, postings, 2 * positions, 4 * -(-postings // ANCHORED)):
        places.append(-(-(places[-1] + size) // _ALIGNED) * _ALIGNED)
    return places


class PostingsFile:
    """A postings file mapped into memory; its arrays are views of the mapping, never copies."""

    def __init__(self, path: Path) -> None:
        """Map the file; raise IndexUnusable where it is none of this version."""
        self._map = map_file(path)
        magic, version, _unused, postings, positions, blob = _HEADER.unpack_from(self._map)
        places = _places(postings, positions)
        if (magic, version) != (MAGIC, VERSION) or len(self._map) != places[-1] + blob:
            raise IndexUnusable(path, _("the file is damaged"))
        self.sections = Sections(
            np.frombuffer(self._map, "<u4", postings, places[0]),
            np.frombuffer(self._map, "u1", postings, places[1]),
            np.frombuffer(self._map, "u1", postings, places[2]),
            np.frombuffer(self._map, "u1", postings, places[3]),
            np.frombuffer(self._map, "<u2", positions, places[4]),
            np.frombuffer(self._map, "<u4", -(-postings // ANCHORED), places[5]),
        )
        self._blob = places[-1]

    def blob_array(self, offset: int, kind: str, count: int) -> npt.NDArray[np.generic]:
        """Return `count` items of the blob from byte `offset`."""
        return np.frombuffer(self._map, kind, count, self._blob + offset)

    def blob_bytes(self, offset: int, length: int) -> bytes:
        """Return bytes of the blob."""
        return self._map[self._blob + offset : self._blob + offset + length]

    def close(self) -> None:
        """Let the mapping go when the last array that shows it has gone."""
        del self.sections

    def forget_pages(self) -> None:
        """Give back the memory that the mapping holds; the system keeps the pages as its cache."""
        forget_pages(self._map)


class ArrayTermInfo(TermInfo):
    """Whoosh's statistics of a term, and where its postings are."""

    def __init__(self, record: bytes) -> None:
        """Read an entry of the dictionary."""
        (
            self.kind, weight, documents, shortest, longest, most, first_document, last_document,
            self.first, self.place, self.wide,
        ) = INFO.unpack(record)  # fmt: skip
        super().__init__(
            weight, documents, byte_to_length(shortest), byte_to_length(longest), most, first_document, last_document
        )

    @property
    def documents(self) -> int:
        """The number of documents that have the term."""
        return int(self._df)


class TermPostings:
    """The postings of one term: views of the file, and what is derived from them when it is first asked for."""

    def __init__(self, file: PostingsFile, info: ArrayTermInfo) -> None:
        count, first = info.documents, info.first
        sections = file.sections
        self.documents: Array = sections.documents[first : first + count]
        self.leads: Array = sections.leads[first : first + count]
        self.heads: Array
        self.bodies: Array
        if info.kind & WIDE:
            self.heads = file.blob_array(info.wide, "<u4", count)
            self.bodies = file.blob_array(info.wide + 4 * count, "<u4", count)
        else:
            self.heads = sections.heads[first : first + count]
            self.bodies = sections.bodies[first : first + count]
        self.file, self.first, self.place = file, first, info.place
        self.is_wide = bool(info.kind & WIDE)
        self._info = info

    @property
    def occurrences(self) -> Ints:
        """How often the term stands in each document."""
        return self.heads.astype(np.int64) + self.bodies

    @cached_property
    def starts(self) -> npt.NDArray[np.uint32]:
        """The positions of document i are `positions[starts[i]:starts[i + 1]]`."""
        starts = np.zeros(len(self.documents) + 1, dtype=np.uint32)
        np.cumsum(self.occurrences, out=starts[1:])
        return starts

    def places_at(self, rows: Ints) -> tuple[Ints, Array]:
        """Return for these postings, by their places in the term's list, how many positions each has, and all of them."""
        few = len(rows) * ANCHORED < len(self.documents) and "starts" not in self.__dict__
        if few and not self.is_wide:
            return places_at([(self, rows)])
        widths = self.heads[rows].astype(np.int64) + self.bodies[rows]
        return widths, self.positions[runs(self.starts[rows].astype(np.int64), widths)]

    @property
    def positions(self) -> Array:
        """All positions, ascending within a document; empty for a term without."""
        if self._info.kind & PLAIN:
            return self.file.sections.positions[:0]
        count = int(self.starts[-1])
        if self.is_wide:
            at = self._info.wide + 8 * self._info.documents
            return self.file.blob_array(at, "<u4", count)
        return self.file.sections.positions[self._info.place : self._info.place + count]

    def foreign(self) -> tuple[list[float], list[bytes]]:
        """Return weights and values of a FOREIGN term."""
        count, at = self._info.documents, self._info.wide
        weights = self.file.blob_array(at, "<f4", count).tolist()
        sizes = self.file.blob_array(at + 4 * count, "<u4", count).tolist()
        at += 8 * count
        values = []
        for size in sizes:
            values.append(self.file.blob_bytes(at, size))
            at += size
        return weights, values


def places_at(chosen: Sequence[tuple[TermPostings, Ints]]) -> tuple[Ints, Array]:
    """Return how many positions some postings of several terms of one file have, and all of them, in the order given.

    Each term comes with places in its list. What all terms have in common is done once: a look at few postings costs the
    calls, not the postings.
    """
    if any(postings.is_wide for postings, _rows in chosen):
        several = [postings.places_at(rows) for postings, rows in chosen]
        return np.concatenate([widths for widths, _p in several]), np.concatenate([p for _w, p in several])
    sections = chosen[0][0].file.sections
    counts = [len(rows) for _postings, rows in chosen]
    firsts = np.array([postings.first for postings, _rows in chosen])
    numbers = np.concatenate([rows for _postings, rows in chosen]) + np.repeat(firsts, counts)
    asked = np.concatenate([firsts, numbers])
    anchors = asked // ANCHORED
    near = anchors[:, None] * ANCHORED + _WITHIN
    occurrences = sections.heads.take(near, mode="clip").astype(np.uint32)
    occurrences += sections.bodies.take(near, mode="clip")
    occurrences *= near < asked[:, None]
    before = sections.anchors[anchors] + occurrences.sum(axis=1, dtype=np.uint32)
    begins = np.array([postings.place for postings, _rows in chosen])
    begins = np.repeat(begins, counts) + (before[len(chosen) :] - np.repeat(before[: len(chosen)], counts)).astype(
        np.int64
    )
    widths = sections.heads[numbers].astype(np.int64) + sections.bodies[numbers]
    return widths, sections.positions[runs(begins, widths)]


def runs(begins: Ints, widths: Ints) -> Ints:
    """Return the numbers from each beginning on, as many as its width, one run after another."""
    ends = np.cumsum(widths)
    found: Ints = np.repeat(begins - (ends - widths), widths)
    found += np.arange(len(found))
    return found


def drop_anchors(sections: Sections) -> None:
    """Fill in the anchors of arrays that hold all else."""
    before = np.uint32(0)
    for begin in range(0, len(sections.heads), _AT_ONCE):
        heads, bodies = (array[begin : begin + _AT_ONCE] for array in (sections.heads, sections.bodies))
        occurrences = np.add(heads, bodies, dtype=np.uint32)
        ends = np.cumsum(np.add.reduceat(occurrences, np.arange(0, len(occurrences), ANCHORED)), dtype=np.uint32)
        sections.anchors[begin // ANCHORED :][: len(ends)] = before + np.concatenate([[0], ends[:-1]]).astype(np.uint32)
        before = before + ends[-1]


def wide_blob(heads: Iterable[int], bodies: Iterable[int], positions: Iterable[int]) -> bytes:
    """Return the exact numbers of a WIDE term as they stand in the blob."""
    return b"".join(np.fromiter(numbers, "<u4").tobytes() for numbers in (heads, bodies, positions))
