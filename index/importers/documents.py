"""Files that are one article each: plain text, HTML pages, Markdown."""

import codecs
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

import yaml
from markdown_it import MarkdownIt

from index.article import JSON, LeftOut, Reject
from index.errors import FileRefused, system_reason
from index.importers import Record, SourceFile
from index.importers.fields import article_from_record, field_named
from index.importers.html import article_fields_from_page, html_from_text, paragraphs_from_html
from index.messages import gettext as _

FILE_BYTES = 64 << 20
TITLE_CHARACTERS = 200  # a longer first line is a paragraph
WRAPPED_CHARACTERS = 120  # a longer second line is a paragraph, a shorter one may be the same paragraph's next line
FRONT_MATTER_DEPTH = 20  # lists within lists
_HEADER = re.compile(r"([A-Za-z][A-Za-z ]{1,20}):[ \t]+(\S.*)")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?\s*([\w-]+)", re.IGNORECASE)
_HEADING = re.compile(r"\A\s*<h1>(.*?)</h1>", re.DOTALL)
_BYTE_ORDER_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8-sig"}
_LATIN = re.compile(r"(?:iso[-_]?8859[-_]?1|latin[-_]?1|(?:us[-_]?)?ascii)", re.IGNORECASE)


class _DraftError(Exception):
    """The file is no article yet."""


def read_text(source: SourceFile) -> Iterator[Record]:
    """Yield the article of a plain text file: a headline, lines such as "Tanggal: ...", then the text."""
    yield _record_of(source, lambda content: _fields_of_text(_decoded(content)))


def read_html_page(source: SourceFile) -> Iterator[Record]:
    """Yield the article of an HTML page."""
    yield _record_of(source, _fields_of_page)


def read_markdown(source: SourceFile) -> Iterator[Record]:
    """Yield the article of a Markdown file, whose fields may stand before it as YAML front matter."""
    yield _record_of(source, lambda content: _fields_of_markdown(_decoded(content)))


def _record_of(source: SourceFile, fields: Callable[[bytes], dict[str, JSON]]) -> Record:
    """Return the article that the file's content makes; its id is the file's place below the folder imported."""
    try:
        content = _content_of(source.path)
        return article_from_record({"id": article_id(source.path, source.root), **fields(content)}, source.zone)
    except OSError as error:
        raise FileRefused(source.path, system_reason(error)) from error
    except _DraftError:
        return LeftOut(source.path, "", _("not published but of status '%(status)s'", status="draft"))
    except ValueError as error:
        return Reject(source.path, "", str(error))


def _content_of(path: Path) -> bytes:
    if path.stat().st_size > FILE_BYTES:
        raise ValueError(_("larger than %(most)d MB", most=FILE_BYTES >> 20))
    content = path.read_bytes()
    if not content.strip():
        raise ValueError(_("the file is empty"))
    return content


def article_id(path: Path, root: Path) -> str:
    """Return the id of a file's article: its path from the folder imported, that folder included, without suffix."""
    inner = path.with_suffix("")
    if root == path:
        return inner.name
    return (Path(root.resolve().name) / inner.relative_to(root)).as_posix()


def _decoded(content: bytes, charset: str | None = None) -> str:
    """Return text in the encoding that its first bytes say, else UTF-8, else `charset`, else Windows-1252."""
    mark = next((encoding for mark, encoding in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), None)
    if mark is None and b"\x00" in content:
        raise ValueError(_("its bytes are no text"))
    for encoding in [mark] if mark else filter(None, ("utf-8", charset, "cp1252")):
        try:
            return content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except (UnicodeError, LookupError):
            continue
    raise ValueError(_("its bytes are no text"))


def _html_charset(content: bytes) -> str | None:
    """Return the encoding that a page declares; Latin 1 is read as Windows-1252, as browsers do."""
    match = _CHARSET.search(content[:4096])
    name = match[1].decode("ascii", "ignore") if match else ""
    return "cp1252" if _LATIN.fullmatch(name) else name or None


def _fields_of_page(content: bytes) -> dict[str, JSON]:
    found = article_fields_from_page(_decoded(content, _html_charset(content)))
    return _with_body(found, str(found.get("body", "")))


def _with_body(fields: dict[str, JSON], text: str) -> dict[str, JSON]:
    """Return the fields with a body that is plain text already, whatever tags an article about HTML may print."""
    return {**fields, "body": html_from_text(text)} if text else fields


def _fields_of_text(text: str) -> dict[str, JSON]:
    lines = [line.strip() for line in text.strip().split("\n")]
    found: dict[str, JSON] = {}
    if _is_title(lines[0], lines[1] if len(lines) > 1 else None):
        found["title"] = lines.pop(0)
    place = 0
    while place < len(lines) and (not lines[place] or _take_header(lines[place], found)):
        place += 1
    found["body"] = "\n".join(lines[place:])
    return found


def _is_title(line: str, following: str | None) -> bool:
    """Say whether a first line is a headline rather than the beginning of wrapped text; None means no line follows."""
    if following is None or len(line) > TITLE_CHARACTERS or _HEADER.fullmatch(line):
        return False
    if not following or _HEADER.fullmatch(following):
        return True
    return len(following) > WRAPPED_CHARACTERS and not line.endswith((".", ",", ";", ":"))


def _take_header(line: str, found: dict[str, JSON]) -> bool:
    """Put a line such as "Penulis: ..." among the fields; say whether it was one."""
    match = _HEADER.fullmatch(line)
    field = field_named(match[1]) if match else None
    if match is None or field is None or field in found or field == "body":
        return False
    found[field] = match[2]
    return True


def _fields_of_markdown(text: str) -> dict[str, JSON]:
    match = _FRONT_MATTER.match(text)
    found = _front_matter(match[1]) if match else {}
    markup = MarkdownIt("commonmark").enable("table").render(text[match.end() :] if match else text)
    heading = _HEADING.match(markup)
    if heading and not any(field_named(name) == "title" for name in found):
        found["title"] = html_from_text(paragraphs_from_html(heading[1]))
        markup = markup[heading.end() :]
    return _with_body(found, paragraphs_from_html(markup))


def _front_matter(text: str) -> dict[str, JSON]:
    """Return the fields in front matter; raise _DraftError where it says that the article is none yet."""
    value = _yaml(text)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(_("the front matter names no fields"))
    if value.get("draft") is True or value.get("published") is False:
        raise _DraftError
    said = {name for name in ("draft", "published") if isinstance(value.get(name), bool)}  # may be a date elsewhere
    return {str(name): _plain(part) for name, part in value.items() if name not in said}


def _yaml(text: str) -> object:
    try:
        _check_front_matter(yaml.parse(text, Loader=yaml.SafeLoader))
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1  # after the line with the dashes
        reason = _("line %(line)d: the front matter is not YAML: %(error)s", line=line, error=error.problem)
        raise ValueError(reason) from error
    except yaml.YAMLError as error:
        raise ValueError(_("the front matter is not YAML: %(error)s", error=error)) from error


def _check_front_matter(events: Iterator[yaml.Event]) -> None:
    """Raise ValueError for what would take gigabytes, or hours, to read: aliases of aliases, lists in lists."""
    depth = 0
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            raise ValueError(_("the front matter has an alias (*), which is not accepted"))
        if depth > FRONT_MATTER_DEPTH:
            raise ValueError(_("nested too deeply"))


def _plain(value: object) -> JSON:
    """Return a YAML value as JSON would hold it."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(part) for part in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)
