"""Long lists of names looked up in one go: how many articles each has, from when until when."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from index.analysis import fold_value
from index.article import JSON
from index.errors import FileRefused, system_reason
from index.messages import gettext as _
from index.naming import bare_name
from index.sheets import BadRow, Table, encoding_of, guarded, unguarded
from search.archive import Archive
from search.query import FilterField, Query

MAX_NAME = 200  # characters; what is longer is no name
CSV_COLUMNS = ("name", "person", "label", "articles", "first_date", "last_date", "link")
PLAIN_SUFFIX = ".txt"  # a name a line, whatever commas it has
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
    """Return the names in a file: of a table's column "name" or "nama", else of its first column; of a .txt each line.

    Raises FileRefused where it cannot be read.
    """
    try:
        with path.open(encoding=encoding_of(path), errors="replace", newline="") as text:
            if path.suffix.casefold() == PLAIN_SUFFIX:
                return names_in(text)
            return _names_of(list(_numbered_cells(path, text)))
    except OSError as error:
        raise FileRefused(path, system_reason(error)) from error


def names_in(lines: Iterable[str]) -> Names:
    """Return the names of a list with one a line; what stands behind a tab, as cells are pasted, is no part of it."""
    return _names_of((number, line.strip().partition("\t")[0]) for number, line in enumerate(lines, start=1))


def look_up(archive: Archive, names: Iterable[str]) -> Iterator[NameFound]:
    """Yield what the archive has of each name, in their order; raise IndexUnusable where there is no index.

    A name of a person that articles name, with a record or without, is looked up as this person, any other one as its words
    next to each other in the text.
    """
    for name in names:
        person = archive.entry(FilterField.PERSON, name)
        if person is not None and person.articles:
            query, slug, label = Query(people=(person.slug,)), person.slug, person.label
        else:
            slug, label = None, bare_name(name) or name
            query = Query(f'"{label}"')
        extent = archive.extent(query)
        yield NameFound(name, query, slug, label, extent.articles, extent.first, extent.last)


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


def _numbered_cells(path: Path, text: Iterator[str]) -> Iterator[tuple[int, str | None]]:
    """Yield the cell of each row where the name stands, with its line; None for a row that cannot be read."""
    column: int | None = None
    for row in Table(path, text, _is_name_column).rows():
        if isinstance(row, BadRow):
            yield row.line, None
        elif column is None:
            known = [place for place, cell in enumerate(row.cells) if _is_name_column(cell)]
            column = known[0] if known else 0
            if not known:
                yield row.line, unguarded("".join(row.cells[:1]))
        else:
            yield row.line, unguarded("".join(row.cells[column : column + 1]))


def _is_name_column(cell: str) -> bool:
    return fold_value(cell) in _NAME_COLUMNS


def _names_of(cells: Iterable[tuple[int, str | None]]) -> Names:
    names: dict[str, None] = {}
    repeated = 0
    problems = []
    for line, cell in cells:
        name = " ".join(cell.split()) if cell is not None else ""
        if cell is None:
            problems.append(_("line %(number)d: not a row of a table", number=line))
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
