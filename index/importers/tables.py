"""CSV and TSV as spreadsheets write them: any of their delimiters and encodings, a header row that names the columns."""

import codecs
import csv
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from index.article import JSON, Article, Reject
from index.errors import FileRefused, system_reason
from index.importers import Record, SourceFile
from index.importers.fields import article_from_record, field_named, known_names
from index.messages import gettext as _

CELL_BYTES = 64 << 20
_DELIMITERS = ",;\t|"
_SAMPLE_BYTES = 1 << 16
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_UNCLOSED = "unexpected end of data"  # what the csv module says of it
_JSON_COLUMNS = ("corrections", "extra")
_LIST_COLUMNS = (
    "authors",
    "tags",
    "people",
    "topics",
)  # joined as people write them, or JSON where that would be read wrongly
_UTF_8 = "utf-8-sig"
_REPLACED = "\ufffd"


class _Row(NamedTuple):
    line: int
    cells: list[str]


def read_table(source: SourceFile) -> Iterator[Record]:
    """Yield the article of each row below the header; a row that makes none is rejected by the line where it begins."""
    path = source.path
    encoding = _encoding_of(path)
    try:
        with path.open(encoding=encoding, errors="replace", newline="") as text:
            rows = _rows(path, text)
            header = next(rows, None)
            if not isinstance(header, _Row):
                raise FileRefused(path, _("the table has no header that can be read"))
            columns = _columns(path, header)
            for row in rows:
                if isinstance(row, Reject):
                    yield row
                elif any(cell.strip() for cell in row.cells):
                    yield _record_of(source, columns, row, checked=encoding == _UTF_8)
    except OSError as error:
        raise FileRefused(path, system_reason(error)) from error


def unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that keeps spreadsheets from running it as a formula."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _encoding_of(path: Path) -> str:
    """Return the encoding of a table: what its first bytes say, else UTF-8 where all of it is, else Windows-1252."""
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
    except OSError as error:
        raise FileRefused(path, system_reason(error)) from error
    return _UTF_8


def _rows(path: Path, text: Iterator[str]) -> Iterator[_Row | Reject]:
    """Yield the rows with the lines where they begin; raise FileRefused at a quotation mark that swallows all the rest."""
    csv.field_size_limit(CELL_BYTES)
    lines = _Lines(text)
    first = lines.peek()
    delimiter = first[4:5] if first[:4].lower() == "sep=" and first[4:5] else ""
    if delimiter:
        next(lines)
        first = lines.peek()
    reader = csv.reader(lines, delimiter=delimiter or _delimiter_of(first), strict=True)
    while True:
        begin = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if str(error) == _UNCLOSED:
                raise FileRefused(path, _("a quotation mark opened here is never closed"), line=begin) from error
            reason = _("not a row of this table (%(error)s)", error=error)
            yield Reject(path, _("line %(number)d", number=begin), reason)
        else:
            yield _Row(begin, cells)


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


def _delimiter_of(header: str) -> str:
    """Return the delimiter that gives most known columns, then most columns."""

    def worth(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([header], delimiter=delimiter), [])
        return sum(field_named(cell) is not None for cell in cells), len(cells)

    return max(_DELIMITERS, key=worth)


def _columns(path: Path, header: _Row) -> list[str]:
    """Return the names of the columns, each once; raise FileRefused where none can be a title or a body."""
    names: list[str] = []
    for number, cell in enumerate(header.cells, start=1):
        name = cell.strip() or _("column %(number)d", number=number)
        names.append(f"{name} {number}" if name in names else name)
    if not {"title", "body"} & {field_named(name) for name in names}:
        reason = _(
            "no column can be a title or a body; found: %(found)s; expected one of: %(expected)s",
            found=", ".join(names),
            expected=", ".join(known_names()),
        )
        raise FileRefused(path, reason, line=header.line)
    return names


def _record_of(source: SourceFile, columns: Sequence[str], row: _Row, *, checked: bool) -> Record:
    """Return the article of a row, or the reject. In a file whose bytes are `checked` replacement characters are its own."""
    place = _("line %(number)d", number=row.line)
    surplus = [cell for cell in row.cells[len(columns) :] if cell.strip()]
    if surplus:
        reason = _("%(found)d cells for %(known)d columns", found=len(row.cells), known=len(columns))
        return Reject(source.path, place, reason)
    if not checked and any(_REPLACED in cell for cell in row.cells):
        return Reject(source.path, place, _("holds bytes that are no text in the encoding of this file"))
    try:
        return _article_from(dict(zip(columns, row.cells, strict=False)), source)
    except ValueError as error:
        return Reject(source.path, place, str(error))


def _article_from(cells: dict[str, str], source: SourceFile) -> Article:
    record: dict[str, JSON] = {}
    for name, cell in cells.items():
        value = unguarded(cell)
        column = name.strip().casefold()
        holds_json = column in _JSON_COLUMNS and value[:1] in ("[", "{")
        record[name] = json.loads(value) if holds_json else value
        if column in _LIST_COLUMNS and value[:2] == '["':
            record[name] = _names_in_json(value) or value
    return article_from_record(record, source.zone)


def _names_in_json(cell: str) -> list[JSON]:
    """Return the texts of a JSON list, none where the cell is something else that begins like one."""
    try:
        value = json.loads(cell)
    except ValueError:
        return []
    return value if isinstance(value, list) and all(isinstance(name, str) for name in value) else []
