"""JSON Lines and JSON: a record an object, with the names that `fields` knows."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from index.article import JSON, Reject
from index.errors import FileRefused, system_reason
from index.importers import Record, SourceFile
from index.importers.fields import article_from_record
from index.messages import gettext as _

LINE_BYTES = 64 << 20  # a longer line is no article
FILE_BYTES = 1 << 30  # JSON that is one document is read whole; larger archives come as JSON Lines
_HOLDERS = ("articles", "items", "data", "docs", "hits", "posts", "berita", "artikel", "results")
_SPACE = re.compile(rb"[\s\xef\xbb\xbf]*")


class _TwiceError(ValueError):
    """An object names a member twice, so that one of the two values would be lost."""


def read_jsonl(source: SourceFile) -> Iterator[Record]:
    """Yield the record of each line; a line that holds none is rejected by its number, and the rest goes on."""
    for number, value in read_json_values(source):
        place = _("line %(number)d", number=number)
        yield value if isinstance(value, Reject) else record_of(value, source, place)


def read_json_values(source: SourceFile) -> Iterator[tuple[int, "JSON | Reject"]]:
    """Yield number and value of each line that is not empty, a reject for a line that is no JSON."""
    for number, line in _lines(source.path):
        place = _("line %(number)d", number=number)
        if line is None:
            yield number, Reject(source.path, place, _("longer than %(most)d MB", most=LINE_BYTES >> 20))
            continue
        try:
            yield number, loads(line)
        except json.JSONDecodeError as error:
            reason = _("not JSON in column %(column)d (%(error)s)", column=error.colno, error=error.msg)
            yield number, Reject(source.path, place, reason)
        except ValueError as error:
            yield number, Reject(source.path, place, _("not JSON: %(error)s", error=error))


def read_json(source: SourceFile) -> Iterator[Record]:
    """Yield the records of a document that is one object, a list of them, or an object that holds such a list."""
    for number, value in enumerate(items_of(read_document(source.path)), start=1):
        yield record_of(value, source, _("item %(number)d", number=number))


def read_document(path: Path) -> JSON:
    """Return the JSON document in a file; raise FileRefused, with the line, where it is none."""
    try:
        if path.stat().st_size > FILE_BYTES:
            raise FileRefused(path, _("larger than %(most)d MB; write it as JSON Lines", most=FILE_BYTES >> 20))
        return loads(path.read_bytes())
    except json.JSONDecodeError as error:
        raise FileRefused(path, _("not JSON: %(error)s", error=error.msg), line=error.lineno) from error
    except (OSError, ValueError) as error:
        raise FileRefused(path, _("not JSON: %(error)s", error=error)) from error


def items_of(document: JSON) -> list[JSON]:
    """Return the records that a document holds."""
    if isinstance(document, list):
        return document
    if isinstance(document, dict):
        for name in _HOLDERS:
            held = document.get(name)
            if isinstance(held, list) and all(isinstance(item, dict) for item in held):
                return held
    return [document]


def loads(text: bytes) -> JSON:
    """Return the JSON value in UTF-8 text; raise ValueError for what is none, and for what would lose or mean nothing."""
    try:
        value: JSON = json.loads(text.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise ValueError(_("byte %(place)d is not UTF-8", place=error.start)) from error
    except RecursionError as error:
        raise ValueError(_("nested too deeply")) from error
    return value


def record_of(value: JSON, source: SourceFile, place: str) -> Record:
    """Return the article that a JSON value makes, or the reject that says why it makes none."""
    if not isinstance(value, Mapping):
        return Reject(source.path, place, _("not a JSON object"))
    try:
        return article_from_record(value, source.zone)
    except ValueError as error:
        return Reject(source.path, place, str(error))


def begins_like_lines(path: Path) -> bool:
    """Say whether a file's first line is a whole JSON object, so that it is JSON Lines rather than one document."""
    first = next((line for _number, line in _lines(path)), None)
    if first is None or _SPACE.sub(b"", first[:64], count=1)[:1] != b"{":
        return False
    try:
        loads(first)
    except ValueError:
        return b"}" in first  # a broken line, not the beginning of a document laid out over many
    return True


def _lines(path: Path) -> Iterator[tuple[int, bytes | None]]:
    """Yield number and content of each line that is not empty; None stands for one over the limit, which is not held."""
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(LINE_BYTES + 1):
                number += 1
                if len(line) > LINE_BYTES:
                    while line and not line.endswith(b"\n"):
                        line = file.readline(LINE_BYTES)
                    yield number, None
                elif line.strip(b"\xef\xbb\xbf \t\r\n"):
                    yield number, line
    except OSError as error:
        raise FileRefused(path, system_reason(error)) from error


def _object(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _TwiceError(_("an object names a member twice: %(names)s", names=_twice(pairs)))
    return found


def _twice(pairs: list[tuple[str, JSON]]) -> str:
    names = [name for name, _value in pairs]
    return ", ".join(sorted({name for name in names if names.count(name) > 1}))


def _refuse_constant(name: str) -> JSON:
    raise ValueError(_("%(name)s is not JSON", name=name))
