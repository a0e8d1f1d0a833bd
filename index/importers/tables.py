"""CSV and TSV as spreadsheets write them: any of their delimiters and encodings, a header row that names the columns."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.article import JSON, Article, Reject
from index.errors import FileRefused, system_reason
from index.importers import Record, SourceFile
from index.importers.fields import article_from_record, field_named, known_names
from index.messages import gettext as _
from index.sheets import REPLACED, UTF_8, BadRow, Row, Table, encoding_of, unguarded

_JSON_COLUMNS = ("corrections", "extra")
_LIST_COLUMNS = (
    "authors",
    "tags",
    "people",
    "topics",
)  # joined as people write them, or JSON where that would be read wrongly


def read_table(source: SourceFile) -> Iterator[Record]:
    """Yield the article of each row below the header; a row that makes none is rejected by the line where it begins."""
    path = source.path
    try:
        encoding = encoding_of(path)
        with path.open(encoding=encoding, errors="replace", newline="") as text:
            rows = Table(path, text, lambda cell: field_named(cell) is not None).rows()
            header = next(rows, None)
            if not isinstance(header, Row):
                raise FileRefused(path, _("the table has no header that can be read"))
            columns = _columns(path, header)
            for row in rows:
                if isinstance(row, BadRow):
                    yield Reject(path, _("line %(number)d", number=row.line), row.reason)
                elif any(cell.strip() for cell in row.cells):
                    yield _record_of(source, columns, row, checked=encoding == UTF_8)
    except OSError as error:
        raise FileRefused(path, system_reason(error)) from error


def _columns(path: Path, header: Row) -> list[str]:
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


def _record_of(source: SourceFile, columns: Sequence[str], row: Row, *, checked: bool) -> Record:
    """Return the article of a row, or the reject. In a file whose bytes are `checked` replacement characters are its own."""
    place = _("line %(number)d", number=row.line)
    surplus = [cell for cell in row.cells[len(columns) :] if cell.strip()]
    if surplus:
        reason = _("%(found)d cells for %(known)d columns", found=len(row.cells), known=len(columns))
        return Reject(source.path, place, reason)
    if not checked and any(REPLACED in cell for cell in row.cells):
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
