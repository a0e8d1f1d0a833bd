"""WordPress exports (WXR, "WordPress eXtended RSS", all versions 1.x)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from xml.etree.ElementTree import Element

from index.article import Article, LeftOut, Reject, Status, article_from_fields
from index.dates import parse_published
from index.errors import FileRefused
from index.importers import Record, SourceFile
from index.importers.html import html_or_text, paragraphs_from_html
from index.importers.reasons import reason_for
from index.importers.xml import feed_elements, local_name, namespace, text_of
from index.messages import gettext as _

_PREFIXES = {
    "": "",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
}
_WXR_NAMESPACE = re.compile(r"https?://wordpress\.org/export/[\d.]+/(excerpt/)?")
_VERSION = re.compile(r"\d+\.\d+")
_NO_SECTION = frozenset({"uncategorized", "tanpa kategori", "tak berkategori", "tidak berkategori"})
_NO_DATE = re.compile(r"0000-00-00|.*-0001\b")
_STATUSES = {"publish": Status.PUBLISHED, "future": Status.EMBARGOED}


@dataclass(slots=True)
class _Channel:
    """What a site says of itself before its items."""

    version: str | None = None
    title: str | None = None
    language: str | None = None
    display_names: dict[str, str] = field(default_factory=dict)  # by login


def read_wxr(source: SourceFile) -> Iterator[Record]:
    """Yield the posts of an export; pages, attachments, drafts and what has a password are left out.

    Comments and e-mail addresses are personal data and are not read. Raises FileRefused without a version N.N before
    the first item.
    """
    channel = _Channel()
    number = 0
    for _holder, element in feed_elements(source.path):
        if element.tag == "item":
            _check_version(source, channel)
            number += 1
            yield _record_of(element, channel, source, _("item %(number)d", number=number))
        else:
            _take(element, channel)
    _check_version(source, channel)


def _check_version(source: SourceFile, channel: _Channel) -> None:
    if channel.version is None:
        raise FileRefused(source.path, _("no wp:wxr_version before the first item: this is no WordPress export"))
    if not _VERSION.fullmatch(channel.version):
        reason = _("wp:wxr_version is '%(version)s', not a version such as 1.2", version=channel.version[:40])
        raise FileRefused(source.path, reason)


def _name_of(element: Element) -> str:
    """Return the name that WordPress writes, with the usual prefix whatever the version; other people's as it is."""
    space, name = namespace(element.tag), local_name(element.tag)
    own = _WXR_NAMESPACE.fullmatch(space)
    if own:
        return f"excerpt:{name}" if own[1] else f"wp:{name}"
    return _PREFIXES[space] + name if space in _PREFIXES else element.tag


def _take(element: Element, channel: _Channel) -> None:
    text = text_of(element)
    match _name_of(element):
        case "wp:wxr_version":
            channel.version = text
        case "wp:author":
            parts = {_name_of(part): text_of(part) for part in element}
            channel.display_names[parts.get("wp:author_login", "")] = parts.get("wp:author_display_name", "")
        case "title":
            channel.title = html_or_text(text)
        case "language":
            channel.language = text


class _Item:
    """One item's parts by name, the first where there are several, and its categories with their domain."""

    def __init__(self, element: Element) -> None:
        self._parts: dict[str, str] = {}
        self.categories: list[tuple[str, str]] = []
        for part in element:
            name = _name_of(part)
            if name == "category":
                self.categories.append((part.get("domain", "category"), html_or_text(text_of(part))))
            else:
                self._parts.setdefault(name, text_of(part))

    def get(self, name: str) -> str:
        return self._parts.get(name, "")


def _record_of(element: Element, channel: _Channel, source: SourceFile, place: str) -> Record:
    item = _Item(element)
    reason = _why_left_out(item)
    if reason:
        return LeftOut(source.path, place, reason)
    try:
        return _article_of(item, channel, source.zone)
    except ValueError as error:
        return Reject(source.path, place, reason_for(item.get("title") or item.get("link"), error))


def _why_left_out(item: _Item) -> str | None:
    kind, status = item.get("wp:post_type") or "post", item.get("wp:status") or "publish"
    if kind != "post":
        return _("no article but of type '%(kind)s'", kind=kind)
    if status not in _STATUSES:
        return _("not published but of status '%(status)s'", status=status)
    if item.get("wp:post_password"):
        return _("protected by a password")
    return None


def _article_of(item: _Item, channel: _Channel, zone: tzinfo) -> Article:
    sections = _named(item, "category")
    link = item.get("link")
    return article_from_fields(
        id=None if link else item.get("guid"),
        title=html_or_text(item.get("title")),
        body=paragraphs_from_html(item.get("content:encoded")),
        summary=paragraphs_from_html(item.get("excerpt:encoded")),
        date=_date_of(item, zone),
        section=sections[0] if sections else None,
        source=channel.title,
        authors=_authors_of(item, channel),
        url=link,
        tags=[tag for tag in (*sections[1:], *_named(item, "post_tag", "tag")) if tag not in sections[:1]],
        language=channel.language,
        status=_STATUSES[item.get("wp:status") or "publish"],
    )


def _named(item: _Item, *domains: str) -> list[str]:
    names = (name for domain, name in item.categories if domain in domains)
    return list(dict.fromkeys(name for name in names if name.casefold() not in _NO_SECTION))


def _authors_of(item: _Item, channel: _Channel) -> list[str]:
    """Return the author as the site shows it; a login that is an e-mail address names nobody."""
    login = item.get("dc:creator")
    author = channel.display_names.get(login) or login
    return [] if "@" in author else [author]


def _date_of(item: _Item, zone: tzinfo) -> date | datetime | None:
    """Return the moment of publication: WordPress's own in UTC, else in the site's time, else the feed's."""
    for name, its_zone in (("wp:post_date_gmt", UTC), ("wp:post_date", zone), ("pubDate", zone)):
        text = item.get(name)
        if text and not _NO_DATE.match(text):
            found = parse_published(text, its_zone)
            return found.astimezone(zone) if isinstance(found, datetime) else found
    return None
