"""IPTC ninjs 1.x to 3.x: lower-case names (1.x, 2.x) and camelCase names (3.x) alike."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path

from index.article import JSON, Article, Correction, CorrectionKind, LeftOut, Reject, Status, article_from_fields
from index.dates import instant_of, parse_published
from index.importers import Record, SourceFile
from index.importers.fields import split_names
from index.importers.html import html_or_text, paragraphs_from_html
from index.importers.json_lines import begins_like_lines, items_of, loads, read_document, read_json_values
from index.importers.reasons import reason_for
from index.messages import gettext as _

_STATUSES = {
    "usable": Status.PUBLISHED,
    "published": Status.PUBLISHED,
    "withheld": Status.EMBARGOED,
    "canceled": Status.WITHDRAWN,
}
_TEXTS = frozenset(
    {"bodies", "body", "bodytext", "bodyhtml", "bodyxhtml", "headlines", "headline", "descriptions", "descriptiontext"}
)
_OWN_NAMES = _TEXTS - {"body", "headline"} | {"versioncreated", "pubstatus", "profile"}  # no other format has these
_TAKEN = frozenset({"uri", "type", "pubstatus", "title", "by", "byline", "language", "url", "weburl"})
_SEVERAL = frozenset({"headlines", "descriptions"})  # of which one is taken
_MEDIA_TOPIC = re.compile(
    r"\bmed(?:ia)?top", re.IGNORECASE
)  # "medtop:2000", "http://cv.iptc.org/newscodes/mediatopic/2000"


def read_ninjs(source: SourceFile) -> Iterator[Record]:
    """Yield the article of each item of type text; events, pictures and other types are left out.

    A file holds one item, a list of them, an object with such a list, or one of these a line.
    """
    if holds_lines(source.path):
        for number, value in read_json_values(source):
            place = _("line %(number)d", number=number)
            yield from [value] if isinstance(value, Reject) else _records_of(value, source, place)
    else:
        yield from _records_of(read_document(source.path), source, _("item %(number)d", number=1))


def looks_like_ninjs(value: JSON) -> bool:
    """Say whether a JSON object is a ninjs item: it has a uri and one of the names that only ninjs gives to texts."""
    return isinstance(value, Mapping) and "uri" in value and any(_plain(name) in _OWN_NAMES for name in value)


def ninjs_items(document: JSON) -> list[JSON]:
    """Return the items that a document holds; one with a uri is an item itself, whatever lists it has."""
    return [document] if isinstance(document, Mapping) and "uri" in document else items_of(document)


def holds_lines(path: Path) -> bool:
    """Say whether a file is JSON Lines: its first line is a record, not a document or the beginning of one."""
    if not begins_like_lines(path):
        return False
    with path.open("rb") as lines:
        first = next((line for line in lines if line.strip()), b"")
    try:
        value = loads(first)
    except json.JSONDecodeError as error:
        return error.pos < len(error.doc.rstrip())  # wrong in itself, not only unfinished
    except ValueError:
        return True
    return ninjs_items(value) == [value]


def _plain(name: str) -> str:
    """Return a member's name without what differs from version to version.

    >>> _plain("versionCreated") == _plain("versioncreated"), _plain("body_text")
    (True, 'bodytext')
    """
    return name.casefold().replace("_", "")


def _records_of(document: JSON, source: SourceFile, place: str) -> Iterator[Record]:
    items = ninjs_items(document)
    for number, value in enumerate(items, start=1):
        its_place = place if items == [document] else _("item %(number)d", number=number)
        yield _record_of(value, source, its_place)


def _record_of(value: JSON, source: SourceFile, place: str) -> Record:
    if not isinstance(value, Mapping):
        return Reject(source.path, place, _("not a JSON object"))
    item: dict[str, JSON] = {_plain(name): part for name, part in value.items()}
    kind = item.get("type") or "text"
    if kind != "text":
        return LeftOut(source.path, place, _("no article but of type '%(kind)s'", kind=kind))
    try:
        return _article_of(item, value, source.zone)
    except ValueError as error:
        return Reject(source.path, place, reason_for(_known_by(item), error))


def _known_by(item: Mapping[str, JSON]) -> str:
    names = (_value_of(item, "headlines"), item.get("headline"), item.get("uri"))
    return next((name for name in names if isinstance(name, str) and name), "")


def _article_of(item: Mapping[str, JSON], original: Mapping[str, JSON], zone: tzinfo) -> Article:
    title = html_or_text(_value_of(item, "headlines") or _text(item, "headline", "title"))
    body = _body_of(item)
    if not title.strip() and not body.strip():
        raise ValueError(_("an article needs a title or a body"))
    summary = html_or_text(_value_of(item, "descriptions") or _text(item, "descriptiontext"))
    status, published = _standing_of(item, zone)
    subjects = _objects(item.get("subjects") or item.get("subject"))
    return article_from_fields(
        id=_uri_of(item),
        title=title,
        body=body or summary,  # what an agency sends without body is found by its description
        summary=summary if body else None,
        date=published,
        section=_text(item, "section") or next(iter(_names(_objects(item.get("genres")))), None),
        source=_source_of(item),
        authors=_authors_of(item),
        url=_text(item, "url", "weburl"),
        tags=_names(subject for subject in subjects if not _is_media_topic(subject)),
        topics=_names(subject for subject in subjects if _is_media_topic(subject)),
        people=_names(_objects(item.get("people"))),
        language=_text(item, "language"),
        status=status,
        corrections=_withdrawal(item, status),
        extra={name: part for name, part in original.items() if _is_extra(name, part)},
    )


def _uri_of(item: Mapping[str, JSON]) -> str:
    uri = _text(item, "uri").strip()
    if not uri:
        raise ValueError(_("field '%(name)s' is missing", name="uri"))
    return uri


def _is_extra(name: str, value: JSON) -> bool:
    """Say whether a member holds more than the article's fields: addresses of people and places, a second headline."""
    plain = _plain(name)
    if plain in _SEVERAL:
        return isinstance(value, list) and len(value) > 1
    return plain not in _TAKEN | _TEXTS and value not in (None, "", [], {})


def _standing_of(item: Mapping[str, JSON], zone: tzinfo) -> tuple[Status, date | datetime | None]:
    """Return the status and when the item was, or will be, published; an embargo's end comes after all versions."""
    status = _status_of(item)
    published, end = _date_of(item, zone, "firstcreated", "versioncreated", "contentcreated"), _embargo_of(item, zone)
    if end is None:
        return status, published
    latest = _date_of(item, zone, "versioncreated") or published
    if status is Status.PUBLISHED and end > datetime.now(UTC):
        status = Status.EMBARGOED
    return status, end if latest is None or end > instant_of(latest, zone) else published


def _status_of(item: Mapping[str, JSON]) -> Status:
    text = _text(item, "pubstatus") or "usable"
    status = _STATUSES.get(text.casefold())
    if status is None:
        raise ValueError(_("pubStatus '%(text)s' is not one of: %(known)s", text=text[:40], known=", ".join(_STATUSES)))
    return status


def _date_of(item: Mapping[str, JSON], zone: tzinfo, *names: str) -> date | datetime | None:
    text = _text(item, *names)
    return parse_published(text, zone) if text else None


def _embargo_of(item: Mapping[str, JSON], zone: tzinfo) -> datetime | None:
    end = _date_of(item, zone, "embargoeduntil", "embargoed")
    return None if end is None else instant_of(end, zone).astimezone(zone)


def _withdrawal(item: Mapping[str, JSON], status: Status) -> list[Correction]:
    if status is not Status.WITHDRAWN:
        return []
    return [Correction(CorrectionKind.WITHDRAWAL, _text(item, "ednote") or _("Withdrawn by the agency."))]


def _source_of(item: Mapping[str, JSON]) -> str:
    named = _names(_objects(item.get("infosources")))
    return named[0] if named else _text(item, "copyrightholder")


def _authors_of(item: Mapping[str, JSON]) -> list[str]:
    told = _text(item, "by", "byline")
    bylines = [by.get("by") or by.get("byline") or by.get("name") for by in _objects(item.get("bylines"))]
    lines = [told] if told else [line for line in bylines if isinstance(line, str)]
    return [name for line in lines for name in split_names(line, authors=True)]


def _body_of(item: Mapping[str, JSON]) -> str:
    """Return the body's paragraphs: HTML before plain text, for only HTML says where a paragraph ends."""
    bodies = _with_value(item, "bodies")
    marked_up = [body for body in bodies if "html" in str(_member(body, "contenttype")).casefold()]
    if marked_up:
        return paragraphs_from_html(str(marked_up[0]["value"]))
    markup = _text(item, "bodyhtml", "bodyxhtml")
    if markup:
        return paragraphs_from_html(markup)
    return html_or_text(_value_of(item, "bodies") or _text(item, "bodytext", "body"))


def _value_of(item: Mapping[str, JSON], name: str) -> str:
    """Return the value among several of a kind whose role is main, else the first."""
    return next((str(part["value"]) for part in _with_value(item, name)), "")


def _with_value(item: Mapping[str, JSON], name: str) -> list[Mapping[str, JSON]]:
    """Return the objects that have a text as value, those whose role is main first."""
    values = [part for part in _objects(item.get(name)) if isinstance(part.get("value"), str) and part["value"]]
    return sorted(values, key=lambda part: part.get("role") != "main")


def _text(item: Mapping[str, JSON], *names: str) -> str:
    """Return the first of the named members that is there, empty where none is; raise ValueError for one of no text."""
    for name in names:
        value = item.get(name)
        if value in (None, ""):
            continue
        if not isinstance(value, str):
            raise ValueError(_("field '%(name)s' is no text", name=name))
        return value
    return ""


def _objects(value: JSON) -> list[Mapping[str, JSON]]:
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return [item for item in items if isinstance(item, Mapping)]


def _names(items: Iterable[Mapping[str, JSON]]) -> list[str]:
    named = (item.get("name") or item.get("literal") for item in items)
    return [name for name in named if isinstance(name, str)]


def _is_media_topic(subject: Mapping[str, JSON]) -> bool:
    return _MEDIA_TOPIC.search(str(subject.get("uri"))) is not None


def _member(item: Mapping[str, JSON], name: str) -> JSON:
    return next((value for key, value in item.items() if _plain(key) == name), None)
