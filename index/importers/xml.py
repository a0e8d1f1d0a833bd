"""XML read as a stream and safely: no document types, so no entities; bounded depth and size; errors with a line."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ErrorString

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from index.errors import FileRefused, system_reason
from index.messages import gettext as _

DEPTH = 100  # elements within elements
ITEM_BYTES = 64 << 20  # of XML between the ends of two items
BLANK_LINES = 100
CONTAINERS = frozenset({"channel", "feed", "RDF"})
_OPENING = b"<![CDATA["
_MARK = re.compile(rb"<!\[CDATA\[|\]\]>")
_UNFINISHED_MARK = re.compile(rb"(?:<|<!|<!\[|<!\[C|<!\[CD|<!\[CDA|<!\[CDAT|<!\[CDATA|\]|\]\])\Z")


def feed_elements(path: Path) -> Iterator[tuple[Element, Element]]:
    """Yield each child of a feed's channel (RSS, RDF) or feed (Atom) element when it is complete, then free it.

    Each comes with the element that holds it, for the attributes that it inherits. Raises FileRefused, after all that
    came before, for what is not well-formed, nested too deeply or too large, and for any document type or entity.
    """
    blank = 0
    try:
        with path.open("rb") as file:
            blank = _blank_lines(file)
            yield from _children(path, _Lines(path, file, blank))
    except ParseError as error:
        line, column = error.position
        reason = _(
            "not well-formed XML in column %(column)d (%(error)s)", column=column + 1, error=ErrorString(error.code)
        )
        raise FileRefused(path, reason, line=blank + line) from error
    except OSError as error:
        raise FileRefused(path, system_reason(error)) from error


def _blank_lines(file: BinaryIO) -> int:
    """Pass over blank lines at the beginning, which XML forbids and many a WordPress plugin prints; return how many."""
    for number in range(BLANK_LINES):
        begin = file.tell()
        line = file.readline(ITEM_BYTES)
        if not line or line.strip():
            file.seek(begin + len(line) - len(line.lstrip()))
            return number
    return BLANK_LINES


class _Lines:
    """A file that is read a line at a time, so that what the parser finds can be told the line where it stands."""

    def __init__(self, path: Path, file: BinaryIO, number: int = 0) -> None:
        self._path, self._file = path, file
        self._sections = _Sections()
        self._ended = True
        self.number = number
        self.since_item = 0

    def read(self, size: int = -1) -> bytes:
        while content := self._file.readline(size):
            self._count(content)
            repaired = self._sections.repaired(content)
            if repaired:
                return repaired
        return self._sections.rest()

    def _count(self, content: bytes) -> None:
        self.number += self._ended
        self._ended = content.endswith(b"\n")
        self.since_item += len(content)
        if self.since_item > ITEM_BYTES:
            raise self.refused(_("an item is larger than %(most)d MB", most=ITEM_BYTES >> 20))

    def refused(self, reason: str) -> FileRefused:
        return FileRefused(self._path, reason, line=self.number)


class _Sections:
    """Mends the one fault that old WordPress exports have: "]]>" printed within CDATA, which ends it too early.

    What is left of the text stands outside CDATA, where a second "]]>" is an error; it becomes "]]&gt;".
    """

    def __init__(self) -> None:
        self._within = False
        self._held = b""  # the beginning of a mark whose rest comes with the next piece

    def repaired(self, piece: bytes) -> bytes:
        piece = self._held + piece
        unfinished = _UNFINISHED_MARK.search(piece)
        self._held = unfinished[0] if unfinished else b""
        return _MARK.sub(self._mended, piece[: len(piece) - len(self._held)])

    def rest(self) -> bytes:
        held, self._held = self._held, b""
        return held

    def _mended(self, mark: re.Match[bytes]) -> bytes:
        if mark[0] == _OPENING:
            self._within = True
        elif self._within:
            self._within = False
        else:
            return b"]]&gt;"
        return mark[0]


def _children(path: Path, lines: _Lines) -> Iterator[tuple[Element, Element]]:
    ancestors: list[Element] = []
    for event, element in _events(lines):
        if event == "start":
            ancestors.append(element)
            if len(ancestors) > DEPTH:
                raise lines.refused(_("more than %(most)d elements within each other", most=DEPTH))
            continue
        ancestors.pop()
        holder = ancestors[-1] if ancestors else element
        if local_name(holder.tag) in CONTAINERS and local_name(element.tag) not in CONTAINERS:
            yield holder, element
            del holder[:]
            lines.since_item = 0


def _events(lines: _Lines) -> Iterator[tuple[str, Element]]:
    try:
        yield from iterparse(lines, events=("start", "end"), forbid_dtd=True)
    except DefusedXmlException as error:
        raise lines.refused(_("a document type (DOCTYPE) or entity is not accepted; remove it")) from error
    except (LookupError, ValueError) as error:  # an encoding that nobody knows, or that takes several bytes a letter
        raise lines.refused(_("the XML cannot be read: %(error)s", error=error)) from error


def local_name(tag: str) -> str:
    """Return an element's name without its namespace.

    >>> local_name("{http://www.w3.org/2005/Atom}entry")
    'entry'
    """
    return tag.rpartition("}")[2]


def namespace(tag: str) -> str:
    """Return the namespace of an element's name, empty where it has none."""
    return tag.rpartition("}")[0].removeprefix("{")


def text_of(element: Element | None) -> str:
    """Return the text in an element and all below it, trimmed; empty where there is no element."""
    return "".join(element.itertext()).strip() if element is not None else ""
