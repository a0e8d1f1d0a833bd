"""The `Article`, the record that everything in Telisik is about, and what an importer says of what is no article."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from index.messages import gettext as _

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"

TITLE_WORDS = 12  # an article without a title is headed by so many words of its body
ID_LENGTH = 500  # characters; longer ones are no ids but text in the wrong column
DERIVED_PREFIX = "t-"
DERIVED_ID = re.compile(r"t-[0-9a-f]{20}")
_SEPARATOR = re.compile(r"[\x0b\x0c\x1c-\x1f]")  # old systems' ends of lines, pages and fields
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPACES = re.compile(" {2,}")
TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|igshid|mc_[ce]id)")


class Status(StrEnum):
    """Where an article stands in press law; the value is what files and JSON say."""

    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    EMBARGOED = "embargoed"


class CorrectionKind(StrEnum):
    """The kinds of Dewan Pers regulation 1/2012: ralat, koreksi, hak jawab, and the reason of a withdrawal."""

    ERRATUM = "erratum"
    CORRECTION = "correction"
    REPLY = "reply"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction, right of reply or withdrawal that belongs to an article."""

    kind: CorrectionKind
    text: str
    date: date | datetime | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article as imported. Make it with `article_from_fields`, which trims, derives and checks.

    `body` holds plain text, a paragraph a line. `date` is a `datetime` with its zone where the time of publication
    is known, a `date` where only the day is, None where nothing is. `extra` holds what the source knew and Telisik
    has no field for: it is kept and exported, not searched.
    """

    id: str
    title: str
    body: str = ""
    date: date | datetime | None = None
    section: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    summary: str | None = None
    people: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    status: Status = Status.PUBLISHED
    corrections: tuple[Correction, ...] = ()
    extra: Mapping[str, JSON] = field(default_factory=lambda: MappingProxyType({}))

    def paragraphs(self) -> list[str]:
        """Return the body's paragraphs, empty ones left out."""
        return [paragraph for _begin, paragraph in self.placed_paragraphs()]

    def placed_paragraphs(self) -> Iterator[tuple[int, str]]:
        """Yield each paragraph that is not empty, after the place in the body where it begins."""
        begin = 0
        for line in self.body.split("\n"):
            if line.strip():
                yield begin, line
            begin += len(line) + 1


FIELD_NAMES = tuple(f.name for f in fields(Article) if f.name != "extra")


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that should have become an article and could not; `place` is "line 7", "item 3" or empty."""

    path: Path
    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An item that is no article and was not meant to be one: a picture, a page, a draft."""

    path: Path
    place: str
    reason: str


def article_from_fields(
    *,
    id: str | None = None,
    title: str | None = None,
    body: str | None = None,
    date: date | datetime | None = None,
    section: str | None = None,
    source: str | None = None,
    authors: Sequence[str] = (),
    url: str | None = None,
    tags: Sequence[str] = (),
    language: str | None = None,
    summary: str | None = None,
    people: Sequence[str] = (),
    topics: Sequence[str] = (),
    status: Status = Status.PUBLISHED,
    corrections: Sequence[Correction] = (),
    extra: Mapping[str, JSON] | None = None,
) -> Article:
    """Return the article that these fields make: trimmed, with a title and an id, or raise ValueError with the reason.

    A missing title is the body's first words. A missing id is derived: from the canonical URL where there is one,
    else from source, date and title (see `derived_id`).
    """
    text = _clean_body(body or "")
    heading = _one_line(title or "") or first_words(text)
    if not heading:
        raise ValueError(_("an article needs a title or a body"))
    given = (id or "").strip()
    if len(given) > ID_LENGTH or any(ord(c) < 32 for c in given):
        raise ValueError(_("the id is longer than %(most)d characters or has control characters", most=ID_LENGTH))
    if isinstance(date, datetime) and date.tzinfo is None:
        raise ValueError(_("the time of publication needs a time zone"))
    home = _line_or_none(source)
    address = _line_or_none(url)
    return Article(
        id=given or derived_id(url=address, source=home, date=date, title=heading, body=text),
        title=heading,
        body=text,
        date=date,
        section=_line_or_none(section),
        source=home,
        authors=_lines(authors),
        url=address,
        tags=_lines(tags),
        language=_line_or_none(language),
        summary=_printable(summary or "").strip() or None,
        people=_lines(people),
        topics=_lines(topics),
        status=status,
        corrections=tuple(corrections),
        extra=MappingProxyType(dict(extra or {})),
    )


def derived_id(*, url: str | None, source: str | None, date: date | datetime | None, title: str, body: str) -> str:
    """Return the id of an article whose source gave it none: "t-" and 20 hexadecimal digits.

    Two records with the same canonical URL, or without URL with the same source, date and title, get the same id.
    Without URL and date a title alone does not identify ("Lowongan"), so the body counts too: nothing is overwritten.
    """
    if url:
        identity = ["url", canonical_url(url)]
    elif date is not None:
        identity = ["title", source or "", date.isoformat(), title]
    else:
        identity = ["text", source or "", title, body]
    return DERIVED_PREFIX + hashlib.sha256("\x00".join(identity).encode()).hexdigest()[:20]


def is_derived(article_id: str) -> bool:
    """Say whether `derived_id` made this id, so that the article may be known to its source by another one."""
    return DERIVED_ID.fullmatch(article_id) is not None


def canonical_url(url: str) -> str:
    """Return `url` without what does not identify a page: scheme, www., default port, tracking, fragment, last slash.

    >>> canonical_url("HTTPS://www.Arsip.example:443/a/b/?utm_source=x&page=2#top")
    '//arsip.example/a/b?page=2'
    """
    try:
        parts = urlsplit(url.strip())
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:  # not a URL after all: it identifies by its letters
        return url.strip()
    host = (parts.hostname or "").removeprefix("www.")
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not TRACKING.fullmatch(k)]
    return urlunsplit(("", host + port, parts.path.rstrip("/"), urlencode(kept), ""))


def _clean_body(text: str) -> str:
    lines = (line.strip() for line in _printable(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n"))
    return "\n".join(line for line in lines if line)


def _printable(text: str) -> str:
    """Return a text without control characters, which no feed may hold; those that part words become a space."""
    if not _CONTROL.search(text):
        return text
    return _SPACES.sub(" ", _CONTROL.sub("", _SEPARATOR.sub(" ", text)))


def _one_line(text: str) -> str:
    return " ".join(_printable(text).split())


def _line_or_none(text: str | None) -> str | None:
    return _one_line(text or "") or None


def _lines(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for line in map(_one_line, texts) if line))


def first_words(text: str) -> str:
    """Return the title of an article that has none of its own: the body's first words."""
    words = text.split()
    return " ".join(words[:TITLE_WORDS]) + ("…" if len(words) > TITLE_WORDS else "")
