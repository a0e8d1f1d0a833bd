"""Tables as spreadsheets read and write them: any of their delimiters and encodings, rows known by the lines where they begin."""

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from index.errors import FileRefused
from index.messages import gettext as _

CELL_BYTES = 64 << 20
REPLACED = "\ufffd"  # stands where bytes are no text
UTF_8 = "utf-8-sig"
_DELIMITERS = ",;\t|"
_SAMPLE_BYTES = 1 << 16
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_UNCLOSED = "unexpected end of data"  # what the csv module says of it


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row and the line, from 1, where it begins."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read, the line where it begins, and why."""

    line: int
    reason: str


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet runs as a formula: an apostrophe goes before what begins like one.

    `unguarded` takes one apostrophe away again, so a cell that has such a one gets another.

    >>> guarded("=1+1"), guarded("harga")
    ("'=1+1", 'harga')
    """
    return "'" + cell if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that keeps spreadsheets from running it as a formula."""
    return cell[1:] if _GUARDED.match(cell) else cell


def encoding_of(path: Path) -> str:
    """Return the encoding of a table: what its first bytes say, else UTF-8 where all of it is, else Windows-1252.

    Raises OSError where the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            sample = file.read(_SAMPLE_BYTES)
            if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return "utf-16"
            if b"\x00" in sample[:200]:
                return "utf-16-le" if sample[1:2] == b"\x00" else "utf-16-be"
            decoder = codecs.getincrementaldecoder("utf-8")()
            while sample:
                decoder.decode(sample)
                sample = file.read(_SAMPLE_BYTES)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return UTF_8


class Table:
    """The rows of a table's text, the header among them, read as they are asked for.

    `is_known` says of a cell of the header whether it names a column that is looked for: of several delimiters the one that
    gives most of those is taken.
    """

    def __init__(self, path: Path, text: Iterator[str], is_known: Callable[[str], bool]) -> None:
        csv.field_size_limit(CELL_BYTES)
        self._path = path
        self._lines = _Lines(text)
        first = self._lines.peek()
        named = first[4:5] if first[:4].lower() == "sep=" else ""
        if named:
            next(self._lines)
            first = self._lines.peek()
        self.delimiter = named or _delimiter_of(first, is_known)

    def rows(self) -> Iterator[Row | BadRow]:
        """Yield the rows; raise FileRefused at a quotation mark that swallows all the rest."""
        reader = csv.reader(self._lines, delimiter=self.delimiter, strict=True)
        while True:
            begin = self._lines.number + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if str(error) == _UNCLOSED:
                    reason = _("a quotation mark opened here is never closed")
                    raise FileRefused(self._path, reason, line=begin) from error
                yield BadRow(begin, _("not a row of this table (%(error)s)", error=error))
            else:
                yield Row(begin, cells)


def row_text(cells: list[str], delimiter: str = ",") -> str:
    """Return the line of a table that holds these cells, as they are."""
    text = StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerow(cells)
    return text.getvalue()


class _Lines:
    """The lines of a text, counted as a person would count them, NUL characters left out."""

    def __init__(self, text: Iterator[str]) -> None:
        self._text = text
        self._ahead: list[str] = []
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._ahead.pop() if self._ahead else next(self._text)
        self.number += 1
        return line.replace("\x00", "")

    def peek(self) -> str:
        """Return the next line without taking it, nothing at the end."""
        if not self._ahead:
            self._ahead.extend([next(self._text, "")])
            if not self._ahead[0]:
                self._ahead.clear()
                return ""
        return self._ahead[0]


def _delimiter_of(header: str, is_known: Callable[[str], bool]) -> str:
    """Return the delimiter that gives most known columns, then most columns."""

    def worth(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([header], delimiter=delimiter), [])
        return sum(map(is_known, cells)), len(cells)

    return max(_DELIMITERS, key=worth)
