"""Columns of a segment as arrays: Whoosh's files, written all at once and read without a step of Python for each document."""

import struct
from collections.abc import Sequence, Sized
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from whoosh import columns
from whoosh.filedb.structfile import StructFile

from index.mapped import map_file

Ints: TypeAlias = npt.NDArray[np.int64]
Codes: TypeAlias = npt.NDArray[np.uint32]

VALUE_SEPARATOR = "\x1f"
_OFFSETS_FROM = 2**15  # documents from which on Whoosh's own column of texts holds where each begins
_VALUES_HEADER = struct.Struct("<III")  # documents, codes, values


def write_numbers(path: Path, numbers: Ints, typecode: str) -> None:
    """Write a `whoosh.columns.NumericColumn`."""
    path.write_bytes(numbers.astype(np.dtype(typecode).newbyteorder(">")).tobytes())


def read_numbers(path: Path, typecode: str, count: int, default: int) -> Ints:
    """Return a `NumericColumn`; documents at its end that it leaves out have the default."""
    numbers = np.full(count, default, dtype=np.dtype(typecode))
    found = np.fromfile(path, np.dtype(typecode).newbyteorder(">"))
    numbers[: len(found)] = found
    return numbers


def write_texts(path: Path, texts: Sequence[bytes]) -> None:
    """Write a `whoosh.columns.VarBytesColumn`."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    with path.open("wb") as file:
        file.write(b"".join(texts))
        file.write(lengths.astype(">u4").tobytes())
        if len(texts) > _OFFSETS_FROM:
            file.write((np.cumsum(lengths) - lengths).astype(">u4").tobytes())
            file.write(b"IIX")
        else:
            file.write(b"I")


def read_texts(path: Path, count: int) -> list[bytes]:
    """Return the texts of a column that `write_texts` wrote."""
    content = path.read_bytes()
    lengths = np.frombuffer(content, ">u4", count, _lengths_place(content, count))
    ends = np.cumsum(lengths.astype(np.int64)).tolist()
    return [content[begin:end] for begin, end in zip([0, *ends[:-1]], ends, strict=True)]


def _lengths_place(content: Sized, count: int) -> int:
    """Return where the lengths of the texts begin."""
    if count > _OFFSETS_FROM:
        return len(content) - 3 - 8 * count
    return len(content) - 1 - 4 * count


class TextColumn:
    """A mapped column of texts, of which a few are read at a time; safe for threads."""

    def __init__(self, path: Path, count: int) -> None:
        self._content = map_file(path)
        lengths = np.frombuffer(self._content, ">u4", count, _lengths_place(self._content, count))
        self._ends = np.cumsum(lengths, dtype=np.int64)

    def __getitem__(self, document: int) -> str:
        """Return the text of a document."""
        begin = int(self._ends[document - 1]) if document else 0
        return self._content[begin : int(self._ends[document])].decode()


@dataclass(frozen=True, slots=True)
class Names:
    """The values of one field of names: those of document d are `values[c]` for c in `codes[starts[d]:starts[d + 1]]`."""

    values: tuple[str, ...]
    codes: Codes
    starts: Codes


def names_from(documents: Sequence[Sequence[str]]) -> Names:
    """Return the names of documents, each with its values."""
    known: dict[str, int] = {}
    flat: list[int] = []
    starts = [0]
    for values in documents:
        for value in values:
            flat.append(known.setdefault(value, len(known)))
        starts.append(len(flat))
    return Names(tuple(known), np.asarray(flat, dtype=np.uint32), np.asarray(starts, dtype=np.uint32))


def names_bytes(names: Names) -> bytes:
    """Return the file of a `NamesColumn`."""
    values = [value.encode() for value in names.values]
    lengths = np.fromiter(map(len, values), dtype="<u4", count=len(values))
    header = _VALUES_HEADER.pack(len(names.starts) - 1, len(names.codes), len(values))
    arrays = (names.starts.astype("<u4"), names.codes.astype("<u4"), lengths)
    return b"".join([header, *(array.tobytes() for array in arrays), *values])


def names_in(content: bytes) -> Names:
    """Return what `names_bytes` wrote."""
    documents, codes, count = _VALUES_HEADER.unpack_from(content)
    place = _VALUES_HEADER.size
    starts = np.frombuffer(content, "<u4", documents + 1, place)
    place += starts.nbytes
    flat = np.frombuffer(content, "<u4", codes, place)
    place += flat.nbytes
    lengths = np.frombuffer(content, "<u4", count, place)
    place += lengths.nbytes
    values = []
    for length in lengths.tolist():
        values.append(content[place : place + length].decode())
        place += length
    return Names(tuple(values), flat, starts)


class NamesColumn(columns.Column):  # type: ignore[misc, unused-ignore]  # Whoosh 2.7.4 has no types
    """A Whoosh column of several names a document, each name held once; a value is the names joined."""

    _default = b""

    class Writer(columns.ColumnWriter):  # type: ignore[misc, unused-ignore]
        """Collects the values and writes them at the end."""

        def __init__(self, dbfile: StructFile) -> None:
            super().__init__(dbfile)
            self._values: list[list[str]] = []

        def add(self, docnum: int, value: bytes) -> None:
            """Take a document's value."""
            self.fill(docnum)
            self._values.append(value.decode().split(VALUE_SEPARATOR) if value else [])

        def fill(self, docnum: int) -> None:
            """Give the documents before this one, if they have none, no value."""
            self._values.extend([] for _ in range(docnum - len(self._values)))

        def finish(self, docnum: int) -> None:
            """Write the column of `docnum` documents."""
            self.fill(docnum)
            self._dbfile.write(names_bytes(names_from(self._values)))

    class Reader(columns.ColumnReader):  # type: ignore[misc, unused-ignore]
        """Reads a document's value."""

        def __init__(self, dbfile: StructFile, basepos: int, length: int, doccount: int) -> None:
            super().__init__(dbfile, basepos, length, doccount)
            self._names = names_in(bytes(dbfile.get(basepos, length)))

        def __getitem__(self, docnum: int) -> bytes:
            names = self._names
            codes = names.codes[names.starts[docnum] : names.starts[docnum + 1]].tolist()
            return VALUE_SEPARATOR.join(names.values[code] for code in codes).encode()
