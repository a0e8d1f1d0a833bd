"""Whoosh's ordered hash file, which holds the term dictionary: written all at once, read without a file position.

The bytes are those of `whoosh.filedb.filetables.OrderedHashWriter` (a CDB of 256 hash tables and an index of all keys in
order), so that Whoosh's own reader opens the file too. Writing a record at a time costs Whoosh ten microseconds; here the
tables are laid out with numpy.
"""

import pickle
import struct
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TypeAlias
from zlib import crc32

import numpy as np
import numpy.typing as npt

from index.errors import IndexUnusable
from index.mapped import forget_pages, map_file
from index.messages import gettext as _

Ints: TypeAlias = npt.NDArray[np.int64]

_MAGIC = b"HSH3"
_CRC = 1  # the number of CRC-32 among Whoosh's hash functions; its default, MD5, takes eight times as long
_HEADER = struct.pack("!4sBii", _MAGIC, _CRC, 0, 0)
_LENGTHS = struct.Struct("!ii")
_POINTER = np.dtype([("hash", ">u4"), ("position", ">i8")])
_POINTER_STRUCT = struct.Struct("!Iq")
_ENTRY = struct.Struct("!qi")
_TABLES = 256
_INDEX_TYPES = {"I": ">u4", "q": ">i8"}


def write_term_file(path: Path, keys: Sequence[bytes], values: bytes, extras: Mapping[str, object]) -> None:
    """Write a file of `keys`, which ascend, with equally long values, concatenated in `values`."""
    width = len(values) // len(keys) if keys else 0
    lengths = np.fromiter(map(len, keys), dtype=np.int64, count=len(keys))
    ends = len(_HEADER) + np.cumsum(lengths + _LENGTHS.size + width)
    positions = ends - lengths - _LENGTHS.size - width
    hashes = np.fromiter(map(crc32, keys), dtype=np.int64, count=len(keys))
    index_type = "I" if not len(ends) or ends[-1] < 2**32 else "q"
    with path.open("wb") as file:
        file.write(_HEADER)
        file.writelines(_records(keys, values, width))
        directory = _write_tables(file.tell(), hashes, positions)
        file.writelines(table for _place, table in directory)
        file.writelines(_ENTRY.pack(place, len(table) // _POINTER.itemsize) for place, table in directory)
        begin = file.tell()
        pickle.dump({**extras, "indextype": index_type, "indexlen": len(keys)}, file, 2)
        file.write(positions.astype(_INDEX_TYPES[index_type]).tobytes())
        file.write(struct.pack("!i", file.tell() - begin))


def _records(keys: Sequence[bytes], values: bytes, width: int) -> Iterator[bytes]:
    pack = _LENGTHS.pack
    place = 0
    for key in keys:
        yield pack(len(key), width) + key + values[place : place + width]
        place += width


def _write_tables(begin: int, hashes: Ints, positions: Ints) -> list[tuple[int, bytes]]:
    """Return place and bytes of each of the 256 hash tables, which stand one after another from `begin`."""
    tables = []
    order = np.argsort(hashes & 255, kind="stable")
    bounds = np.searchsorted(hashes[order] & 255, np.arange(_TABLES + 1))
    for number in range(_TABLES):
        members = order[bounds[number] : bounds[number + 1]]
        table = _table(hashes[members], positions[members]).tobytes()
        tables.append((begin, table))
        begin += len(table)
    return tables


def _table(hashes: Ints, positions: Ints) -> npt.NDArray[np.void]:
    """Return one hash table with linear probing, half of its slots empty.

    Entries in the order of their home slots take the next free slot at or after it: a running maximum. Those that run over
    the end go to the first free slots at the beginning, where probing finds them, since all slots between are taken.
    """
    slots = 2 * len(hashes)
    table = np.zeros(slots, dtype=_POINTER)
    if not slots:
        return table
    home = (hashes >> 8) % slots
    order = np.argsort(home, kind="stable")
    steps = np.arange(len(order))
    taken = np.maximum.accumulate(home[order] - steps) + steps
    over = np.flatnonzero(taken >= slots)
    if len(over):
        free = np.ones(slots, dtype=bool)
        free[taken[: over[0]]] = False
        taken[over] = np.flatnonzero(free)[: len(over)]
    table["hash"][taken] = hashes[order]
    table["position"][taken] = positions[order]
    return table


class _PlainUnpickler(pickle.Unpickler):
    """Reads texts, numbers and dictionaries alone: a pickle that names a class could run anything."""

    def find_class(self, module: str, name: str) -> object:
        raise pickle.UnpicklingError(f"{module}.{name}")


class TermFile:
    """A term file mapped into memory; look-ups are safe for threads, for no position is shared."""

    def __init__(self, path: Path) -> None:
        """Map the file; raise IndexUnusable where it is none of these."""
        self._map = map_file(path)
        if self._map[:4] != _MAGIC or self._map[4] != _CRC:
            raise IndexUnusable(path, _("the file is damaged"))
        end = len(self._map) - 4
        begin = end - struct.unpack_from("!i", self._map, end)[0]
        directory = begin - _TABLES * _ENTRY.size
        self._tables = [_ENTRY.unpack_from(self._map, directory + n * _ENTRY.size) for n in range(_TABLES)]
        self.extras: dict[str, object] = _PlainUnpickler(BytesIO(self._map[begin:end])).load()
        count = int(str(self.extras["indexlen"]))
        kind = np.dtype(_INDEX_TYPES[str(self.extras["indextype"])])
        self._positions = np.frombuffer(self._map, kind, count, end - count * kind.itemsize)

    def forget_pages(self) -> None:
        """Give back the memory that the mapping holds; the system keeps the pages as its cache."""
        forget_pages(self._map)

    def close(self) -> None:
        """Give the mapping back once nobody reads from it."""
        del self._positions
        self._map.close()

    def __len__(self) -> int:
        """Return the number of keys."""
        return len(self._positions)

    def get(self, key: bytes) -> bytes | None:
        """Return the value of `key`, None where there is none."""
        mapped = self._map
        digest = crc32(key)
        begin, slots = self._tables[digest & 255]
        slot = (digest >> 8) % slots if slots else 0
        for _probe in range(slots):
            found, position = _POINTER_STRUCT.unpack_from(mapped, begin + slot * _POINTER_STRUCT.size)
            if not position:
                return None
            if found == digest:
                length, width = _LENGTHS.unpack_from(mapped, position)
                start = position + _LENGTHS.size
                if mapped[start : start + length] == key:
                    return mapped[start + length : start + length + width]
            slot = (slot + 1) % slots
        return None

    def rank_from(self, key: bytes) -> int:
        """Return the rank of the first key that is not before `key`."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.item(middle)[0] < key:
                low = middle + 1
            else:
                high = middle
        return low

    def item(self, rank: int) -> tuple[bytes, bytes]:
        """Return key and value of a rank."""
        position = int(self._positions[rank])
        length, width = _LENGTHS.unpack_from(self._map, position)
        start = position + _LENGTHS.size
        return self._map[start : start + length], self._map[start + length : start + length + width]

    def all_items(self) -> tuple[list[bytes], npt.NDArray[np.uint8]]:
        """Return all keys in order, and their values, which must be equally long, as the rows of an array of bytes."""
        mapped = self._map
        begins = (self._positions.astype(np.int64) + _LENGTHS.size).tolist()
        if not begins:
            return [], np.zeros((0, 0), dtype=np.uint8)
        lengths = [_LENGTHS.unpack_from(mapped, begin - _LENGTHS.size) for begin in begins]
        keys = [mapped[begin : begin + length] for begin, (length, _width) in zip(begins, lengths, strict=True)]
        width = lengths[0][1]
        places = np.asarray(begins) + np.fromiter(map(len, keys), dtype=np.int64, count=len(keys))
        return keys, np.frombuffer(mapped, np.uint8)[places[:, None] + np.arange(width)]

    def values(self, begin: int, end: int) -> npt.NDArray[np.uint8]:
        """Return the values of the ranks from `begin` to before `end`, equally long ones, as the rows of an array of bytes."""
        if begin >= end:
            return np.zeros((0, 0), dtype=np.uint8)
        content = np.frombuffer(self._map, np.uint8)
        positions = self._positions[begin:end].astype(np.int64)
        lengths = content[positions[:, None] + np.arange(4)].view(">i4")[:, 0].astype(np.int64)
        width = len(self.item(begin)[1])
        found: npt.NDArray[np.uint8] = content[(positions + _LENGTHS.size + lengths)[:, None] + np.arange(width)]
        return found

    def items_from(self, key: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield keys and values in order from the first key that is not before `key`."""
        for rank in range(self.rank_from(key), len(self)):
            yield self.item(rank)
