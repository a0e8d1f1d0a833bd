"""Tables that archivists edit, by hand or by command: columns known by several names, rows known by their lines.

A row that cannot be read is told with its line and does no harm to the others; whoever writes the table again refuses to
while there is such a row, so that nothing is lost. Columns that Telisik does not know stay as they are.
"""

import codecs
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.analysis import fold_value
from index.article import JSON
from index.errors import ArchiveError, FileRefused, system_reason
from index.generations import write_durably
from index.messages import gettext as _
from index.sheets import REPLACED, UTF_8, BadRow, Row, Table, encoding_of, guarded, row_text, unguarded

_BEGINNING = 1_000  # bytes of a file in which its first character is looked for
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
SEPARATOR = "|"  # between several values of one cell


class RegisterUnusable(ArchiveError):
    """A table cannot be read, or has rows that writing it again would lose."""

    def __init__(self, path: Path, problems: Sequence[str]) -> None:
        reason = "; ".join(problems)
        super().__init__(_("%(path)s: %(reason)s; mend the file first", path=path, reason=reason))
        self.path, self.problems = path, tuple(problems)


@dataclass(frozen=True, slots=True)
class Line:
    """A row: the line where it begins, 0 for a new one, and its cells by the names of the header, spaces as one.

    `written` are its cells as they stand in the file, which a row keeps that is not changed.
    """

    number: int
    cells: Mapping[str, str]
    written: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """A table as it was read: its header, known columns by our names, and its rows in order; `problems` says what was left out.

    `titles` is the header as people wrote it, `is_marked` says that the file begins with a byte order mark: spreadsheets that
    wrote either so want it again.
    """

    header: tuple[str, ...]
    lines: tuple[Line, ...] = ()
    problems: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    delimiter: str = ","
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a kind of table: our names in their order, and other names that people write."""

    names: tuple[str, ...]
    others: Mapping[str, str] = field(default_factory=dict)

    def known(self, cell: str) -> str | None:
        """Return our name of a column, None for one that is not known."""
        folded = fold_value(cell)
        return folded if folded in self.names else self.others.get(folded)


def read_register(path: Path, columns: Columns) -> Register:
    """Return the table in a file, an empty one where there is none; a file that cannot be read is a problem, too."""
    empty = Register(columns.names)
    try:
        encoding = encoding_of(path)
        with path.open(encoding=encoding, errors="replace", newline="") as text:
            table = Table(path, text, lambda cell: columns.known(cell) is not None)
            rows = list(table.rows())
        # Semicolons are what spreadsheets write where commas are decimal points, and those know UTF-8 by its mark alone.
        is_marked = encoding != UTF_8 or table.delimiter == ";" or _begins_with_mark(path)
    except FileNotFoundError:
        return empty
    except (OSError, FileRefused) as error:
        reason = system_reason(error) if isinstance(error, OSError) else error.reason
        return Register(columns.names, problems=(reason,))
    if not rows:
        return empty
    header, *below = rows
    if not isinstance(header, Row) or not any(map(columns.known, header.cells)):
        wanted = ", ".join(columns.names)
        return Register(columns.names, problems=(_("the first line must name the columns: %(wanted)s", wanted=wanted),))
    names = _names_of(header.cells, columns)
    lines, problems = [], []
    for row in below:
        fault = _fault(row, len(names), checked=encoding == UTF_8) or _header_fault(row, names, columns)
        if fault:
            problems.append(line_problem(row.line, fault))
        elif isinstance(row, Row) and any(map(str.strip, row.cells)):
            cells = [unguarded(" ".join(cell.split())) for cell in row.cells]
            lines.append(Line(row.line, dict(zip(names, cells, strict=False)), tuple(row.cells)))
    return Register(names, tuple(lines), tuple(problems), tuple(header.cells), table.delimiter, is_marked)


def _begins_with_mark(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8


def read_records(path: Path, columns: Columns) -> Register:
    """Return the table in a file that may also hold JSON, a record a line or a list of records; names lead to texts or lists.

    Raises FileRefused where the whole of it cannot be read.
    """
    try:
        with path.open("rb") as file:
            begin = file.read(_BEGINNING).removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    except OSError as error:
        raise FileRefused(path, system_reason(error)) from error
    register = _register_in_json(path, columns) if begin in (b"{", b"[") else read_register(path, columns)
    if register.problems and not register.lines and not register.titles:
        raise FileRefused(path, "; ".join(register.problems))
    return register


def _register_in_json(path: Path, columns: Columns) -> Register:
    try:
        text = path.read_text(encoding=UTF_8)
        if text.lstrip().startswith("["):
            numbered = list(enumerate(json.loads(text), start=1))
            records: list[tuple[int, JSON | ValueError]] = numbered
        else:
            records = [(n, _json_or_error(line)) for n, line in enumerate(text.split("\n"), start=1) if line.strip()]
    except (OSError, ValueError) as error:
        reason = system_reason(error) if isinstance(error, OSError) else str(error)
        raise FileRefused(path, reason) from error
    lines, problems = [], []
    for number, record in records:
        if isinstance(record, Mapping):
            cells = {columns.known(name) or one_line(name): _cell(value) for name, value in record.items()}
            lines.append(Line(number, cells))
        else:
            reason = str(record) if isinstance(record, ValueError) else _("no record with names and values")
            problems.append(line_problem(number, reason))
    names = tuple(dict.fromkeys(name for line in lines for name in line.cells))
    return Register(names, tuple(lines), tuple(problems), names)


def _json_or_error(line: str) -> "JSON | ValueError":
    try:
        value: JSON = json.loads(line)
    except ValueError as error:
        return error
    return value


def _cell(value: JSON) -> str:
    """Return what a JSON value is in a table: several values joined, spaces as one."""
    match value:
        case None:
            return ""
        case str():
            return one_line(value)
        case list():
            return SEPARATOR.join(map(_cell, value))
        case _:
            return one_line(json.dumps(value, ensure_ascii=False))


def write_register(path: Path, register: Register, columns: Columns) -> None:
    """Write a table in the place of what the file held, at once or not at all."""
    write_durably(path, register_text(register, columns))


def register_text(register: Register, columns: Columns) -> str:
    """Return the file of a table; columns that it lacks and a row has are added at its end."""
    known = set(register.header)
    more = dict.fromkeys(
        name
        for names in (columns.names, *(line.cells for line in register.lines if line.written is None))
        for name in names
        if name not in known
    )
    header = (*register.header, *more)
    rows = [[*(register.titles or register.header), *more]]
    for line in register.lines:
        rows.append(list(line.written or (guarded(line.cells.get(name, "")) for name in header)))
    mark = "\ufeff" if register.is_marked else ""
    return mark + "".join(row_text(row, register.delimiter) for row in rows)


def line_problem(number: int, reason: str) -> str:
    """Return what is said of a line that is wrong."""
    return _("line %(number)d: %(reason)s", number=number, reason=reason)


def one_line(text: str) -> str:
    """Return a text as a cell can hold it: spaces as one, and also in the place of what cannot be written.

    A NUL would make the file look like UTF-16, and half of a surrogate pair has no bytes.

    >>> one_line(" Menteri\\x00Luar  Negeri ")
    'Menteri Luar Negeri'
    """
    return " ".join(_UNWRITABLE.sub(" ", text).split())


def values_in(cell: str) -> tuple[str, ...]:
    """Return the several values of a cell, each once.

    >>> values_in("Jokowi | Joko W. |")
    ('Jokowi', 'Joko W.')
    """
    return tuple(dict.fromkeys(value for value in map(str.strip, cell.split(SEPARATOR)) if value))


def _names_of(titles: Sequence[str], columns: Columns) -> tuple[str, ...]:
    """Return a name for each column, no two the same: of two for one thing the first has ours."""
    names: list[str] = []
    for number, title in enumerate(titles, start=1):
        name = columns.known(title) or title.strip()
        names.append(name if name and name not in names else f"{title.strip()}#{number}")
    return tuple(names)


def _fault(row: Row | BadRow, width: int, *, checked: bool) -> str | None:
    if isinstance(row, BadRow):
        return row.reason
    if any(map(str.strip, row.cells[width:])):
        return _("%(found)d cells for %(known)d columns", found=len(row.cells), known=width)
    if not checked and any(REPLACED in cell for cell in row.cells):
        return _("holds bytes that are no text in the encoding of this file")
    return None


def _header_fault(row: Row | BadRow, names: Sequence[str], columns: Columns) -> str | None:
    """Return what is wrong with a row that is the header once more, as it is where tables were copied below each other."""
    if isinstance(row, BadRow):
        return None
    said = [columns.known(cell) == name for cell, name in zip(row.cells, names, strict=False) if cell.strip()]
    return _("the header once more, and no record") if len(said) > 1 and all(said) else None
