"""Articles as other programs take them: RIS and BibTeX for reference managers, rows for spreadsheets, records for us."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import chain, count
from typing import Protocol

from index.article import Article
from index.article_json import importable_record
from index.dates import iso
from index.importers.fields import split_names
from index.sheets import guarded
from search.references import author_name, csl_lines, inverted, keywords, press_law_notes

CSV_COLUMNS = (
    "id", "title", "body", "date", "section", "source", "authors", "url", "tags", "language", "summary", "people",
    "topics", "status", "corrections", "extra",
)  # fmt: skip
_LIST_COLUMNS = ("authors", "tags", "people", "topics")
_BIBTEX_SPECIAL = str.maketrans(
    {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "$": r"\$", "#": r"\#", "_": r"\_",
     "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)  # fmt: skip


def jsonl_lines(articles: Iterable[Article]) -> Iterator[str]:
    """Yield a line of JSON for each article; imported again they make the same articles."""
    for article in articles:
        yield json.dumps(importable_record(article), ensure_ascii=False) + "\n"


def csv_lines(articles: Iterable[Article]) -> Iterator[str]:
    """Yield the header and a row for each article, all fields in it; lists are joined by "; ", what that would blur is JSON."""
    yield _row(CSV_COLUMNS)
    for article in articles:
        record = importable_record(article)
        cells = []
        for column in CSV_COLUMNS:
            value = record.get(column)
            if column == "extra":
                value = dict(article.extra) or None
            if value is None:
                cells.append("")
            elif column in _LIST_COLUMNS and isinstance(value, list):
                cells.append(guarded(_list_cell(column, [str(name) for name in value])))
            else:
                cells.append(guarded(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)))
        yield _row(cells)


def ris_lines(articles: Iterable[Article], *, publisher: str | None = None) -> Iterator[str]:
    """Yield a RIS record of type NEWS for each article (Research Information Systems, "RIS Format Specifications", 2011)."""
    for article in articles:
        pairs: list[tuple[str, str | None]] = [
            ("TY", "NEWS"),
            ("TI", article.title),
            *(("AU", inverted(name)) for name in article.authors),
        ]
        pairs += [
            ("T2", article.source),
            ("PB", publisher),
            ("SE", article.section),
            ("AB", article.summary),
            ("UR", article.url),
        ]
        pairs += [("DA", _ris_date(article.date)), ("PY", _year(article.date)), ("LA", article.language)]
        pairs += [("KW", word) for word in (*article.tags, *article.topics)]
        pairs += [("N1", note) for note in press_law_notes(article)]
        pairs += [("ID", article.id), ("ER", "")]
        yield "".join(f"{tag}  - {_one_line(value)}\r\n" for tag, value in pairs if value is not None) + "\r\n"


def bibtex_lines(articles: Iterable[Article], *, publisher: str | None = None) -> Iterator[str]:
    """Yield a BibTeX entry for each article; keys are the ids' letters and digits, made unique by a number."""
    used: set[str] = set()
    for article in articles:
        key = _unused(re.sub(r"[^A-Za-z0-9:_-]+", "-", _ascii(article.id)).strip("-") or "artikel", used)
        fields = {
            "title": f"{{{_bibtex(article.title)}}}",
            "author": " and ".join(map(_bibtex_author, article.authors)),
            "journal": _bibtex(article.source or ""),
            "publisher": _bibtex(publisher or ""),
            "year": _year(article.date) or "",
            "month": f"{article.date.month}" if article.date else "",
            "day": f"{article.date.day}" if article.date else "",
            "url": (article.url or "").replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C"),
            "keywords": _bibtex(keywords(article)),
            "language": _bibtex(article.language or ""),
            "note": _bibtex("; ".join(press_law_notes(article))),
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        yield f"@article{{{key},\n{lines}}}\n\n"


class Writer(Protocol):
    """Writes references; `publisher` is who publishes the newspapers that the articles stood in."""

    def __call__(self, articles: Iterable[Article], *, publisher: str | None = None) -> Iterator[str]:
        """Yield the lines."""


REFERENCES: dict[str, Writer] = {"ris": ris_lines, "bibtex": bibtex_lines, "csl": csl_lines}
EXPORTS: dict[str, Callable[[Iterable[Article]], Iterator[str]]] = {
    "jsonl": jsonl_lines,
    "csv": csv_lines,
    **REFERENCES,
}


def _list_cell(column: str, names: list[str]) -> str:
    """Return names as people write them, as JSON where the importer would take them apart in another way."""
    joined = "; ".join(names)
    plain = split_names(joined, authors=column == "authors") == names and not joined.startswith("[")
    return joined if plain else json.dumps(names, ensure_ascii=False)


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _ris_date(day: date | datetime | None) -> str | None:
    return None if day is None else f"{iso(day)[:10].replace('-', '/')}/"


def _year(day: date | datetime | None) -> str | None:
    return None if day is None else f"{day.year:04}"


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _unused(key: str, used: set[str]) -> str:
    """Return the key, with a number where it is among the `used`, to which it is added; BibTeX takes no notice of case."""
    numbered = (f"{key}-{number}" for number in count(2))
    free = next(candidate for candidate in chain([key], numbered) if candidate.casefold() not in used)
    used.add(free.casefold())
    return free


def _bibtex_author(author: str) -> str:
    name = author_name(author)
    family = f"{{{_bibtex(name.family)}}}"
    return f"{family}, {_bibtex(name.given)}" if name.given else family


def _bibtex(text: str) -> str:
    return _one_line(text).translate(_BIBTEX_SPECIAL)
