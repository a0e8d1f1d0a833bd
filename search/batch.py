"""Long lists of names looked up in one go: how many articles each has, from when until when."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from index.analysis import fold_value
from index.article import JSON
from index.errors import FileRefused, system_reason
from index.messages import gettext as _
from index.naming import bare_name
from index.sheets import BadRow, Row, Table, encoding_of, guarded, unguarded
from search.archive import Archive
from search.query import FilterField, Query

MAX_NAME = 200  # characters; what is longer is no name
CSV_COLUMNS = ("name", "person", "label", "articles", "first_date", "last_date", "link")
PLAIN_SUFFIX = ".txt"  # a name a line, whatever commas it has
_DEGREE = re.compile(r".*\..*|[A-Z]+|.*[a-z][A-Z].*")  # a word that behind a comma is none of a name: S.E., SH, MSi
_NAME_COLUMNS = frozenset({"name", "nama", "nama lengkap", "full name", "person", "tokoh"})


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a list, each once, in its order; `repeated` counts those left out, `problems` says where what is no name."""

    names: tuple[str, ...]
    repeated: int = 0
    problems: tuple[str, ...] = ()


class FoundBy(StrEnum):
    """By what a name was looked up: as a person of the archive, or as words in the text."""

    PERSON = "person"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class NameFound:
    """What the archive has of a name. `person` is the slug of the person it was looked up as, None where it was looked up as words.

    `label` is that person's name, or the words; `first` and `last` are days, None without a dated article.
    """

    name: str
    query: Query
    person: str | None
    label: str
    articles: int
    first: date | None
    last: date | None

    @property
    def found_by(self) -> FoundBy:
        """By what the name was looked up."""
        return FoundBy.WORDS if self.person is None else FoundBy.PERSON


def read_names(path: Path) -> Names:
    """Return the names in a file: of a table's column "name" or "nama", else of its first column; of a list each line.

    A list is a .txt, and any file whose rows have only one column, whatever commas stand in the names. Raises FileRefused where
    it cannot be read.
    """
    try:
        with path.open(encoding=encoding_of(path), errors="replace", newline="") as text:
            if path.suffix.casefold() == PLAIN_SUFFIX:
                return names_in(text)
            table = Table(path, text, _is_name_column)
            return _names_of(list(_numbered_cells(list(table.rows()), table.delimiter)))
    except OSError as error:
        raise FileRefused(path, system_reason(error)) from error


def names_in(lines: Iterable[str]) -> Names:
    """Return the names of a list with one a line; what stands behind a tab, as cells are pasted, is no part of it."""
    return _names_of((number, line.strip().partition("\t")[0]) for number, line in enumerate(lines, start=1))


def look_up(archive: Archive, names: Iterable[str]) -> Iterator[NameFound]:
    """Yield what the archive has of each name, in their order; raise IndexUnusable where there is no index.

    A name of a person that articles name, with a record or without, is looked up as this person, any other one as its words
    next to each other in the text. A name may be as catalogues write it: "Batubara, Nurlaila" is Nurlaila Batubara.
    """
    for name in names:
        known = (archive.entry(FilterField.PERSON, one) for one in (*_turned(name), name))
        person = next((entry for entry in known if entry is not None and entry.articles), None)
        if person is not None:
            query, slug, label = Query(people=(person.slug,)), person.slug, person.label
        else:
            slug, label = None, _words_of(name)
            query = Query(f'"{label}"')
        extent = archive.extent(query)
        yield NameFound(name, query, slug, label, extent.articles, extent.first, extent.last)


def _turned(name: str) -> tuple[str, ...]:
    """Return a name that a catalogue begins with its last part as it is spoken; nothing for any other one.

    >>> _turned("Batubara, Nurlaila"), _turned("Nurlaila Batubara, S.E., M.Si"), _turned("Batubara")
    (('Nurlaila Batubara',), (), ())
    """
    last, _comma, first = (part.strip() for part in name.partition(","))
    return (f"{first} {last}",) if last and first and "," not in first else ()


def _words_of(name: str) -> str:
    """Return the words that a name is looked up by: without titles and degrees, in the order in which they are spoken."""
    behind = name.partition(",")[2].split()
    spoken = _turned(name) if not all(map(_DEGREE.fullmatch, behind)) else ()
    return bare_name(*spoken or (name,)) or name


def csv_lines(found: Iterable[NameFound], link_of: Callable[[Query], str]) -> Iterator[str]:
    """Yield the header and a row for each name; no cell begins like a formula."""
    yield _row(CSV_COLUMNS)
    for one in found:
        days = [day.isoformat() if day else "" for day in (one.first, one.last)]
        cells = [one.name, one.person or "", one.label, str(one.articles), *days, link_of(one.query)]
        yield _row(map(guarded, cells))


def record_of(found: NameFound, link: str) -> dict[str, JSON]:
    """Return the JSON form of what was found of a name."""
    return {
        "name": found.name,
        "person": found.person,
        "label": found.label,
        "found_by": found.found_by.value,
        "articles": found.articles,
        "first_date": found.first.isoformat() if found.first else None,
        "last_date": found.last.isoformat() if found.last else None,
        "link": link,
    }


def _numbered_cells(rows: Sequence[Row | BadRow], delimiter: str) -> Iterator[tuple[int, str | None]]:
    """Yield the cell of each row where the name stands, with its line; None for a row that cannot be read."""
    header = next((row.cells for row in rows if isinstance(row, Row)), [])
    known = [place for place, cell in enumerate(header) if _is_name_column(cell)]
    is_table = len(header) > 1 if known else _is_table(rows)
    column = known[0] if known else 0
    for row in rows:
        if isinstance(row, BadRow) or (is_table and any(map(str.strip, row.cells[len(header) :]))):
            yield row.line, None
        elif not (known and row.cells is header):
            name = "".join(row.cells[column : column + 1]) if is_table else delimiter.join(row.cells)
            yield row.line, unguarded(name)


def _is_table(rows: Iterable[Row | BadRow]) -> bool:
    """Say whether rows without a header are those of a table: all of one width, and no cell begins as behind a comma in a text."""
    cells = [row.cells for row in rows if isinstance(row, Row) and any(map(str.strip, row.cells))]
    widths = set(map(len, cells))
    return (
        widths.isdisjoint({0, 1}) and len(widths) == 1 and not any(c.startswith(" ") for row in cells for c in row[1:])
    )


def _is_name_column(cell: str) -> bool:
    return fold_value(cell) in _NAME_COLUMNS


def _names_of(cells: Iterable[tuple[int, str | None]]) -> Names:
    names: dict[str, None] = {}
    repeated = 0
    problems = []
    for line, cell in cells:
        name = " ".join(cell.split()) if cell is not None else ""
        if cell is None:
            problems.append(
                _("line %(number)d: not a row of the table; a name with a comma needs quotation marks", number=line)
            )
        elif len(name) > MAX_NAME:
            problems.append(_("line %(number)d: longer than %(most)d characters", number=line, most=MAX_NAME))
        elif name in names:
            repeated += 1
        elif name:
            names[name] = None
    return Names(tuple(names), repeated, tuple(problems))


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
