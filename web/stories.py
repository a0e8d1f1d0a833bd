"""What feeds tell of a page of results, in Atom and in RSS alike: the feed itself and its stories."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import uuid5

from index.article import Status
from index.dates import instant_of
from index.messages import gettext as _
from search.archive import Archive
from search.results import Hit, SearchPage
from web.urls import permalink
from web.wording import correction_label, status_label

STATUS_SCHEME = "urn:telisik:status"
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)  # Atom wants a time of every entry; these have no `published`

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # https://www.w3.org/TR/xml/#charsets


@dataclass(frozen=True, slots=True)
class Story:
    """One hit as feeds tell it; `updated` is when readers must learn of it again, `terms` are its section and topics."""

    id: str
    address: str
    title: str
    published: datetime | None
    updated: datetime
    authors: tuple[str, ...]
    status: Status
    badge: str
    terms: tuple[str, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of results as a feed. `links` are the addresses of other pages of it by their relation.

    `site` is the archive's title; `counts` those of OpenSearch 1.1 by name.
    """

    id: str
    site: str
    title: str
    address: str
    page_address: str
    links: Mapping[str, str]
    counts: Mapping[str, int]
    stories: tuple[Story, ...]

    @property
    def updated(self) -> datetime:
        """When the newest of the stories was last changed."""
        return max((story.updated for story in self.stories), default=UNDATED)


def id_of(archive: Archive, *parts: str) -> str:
    """Return the id of a feed or a story of an archive: the same whatever the archive's address and title are.

    Feed readers know by it what they have read.
    """
    return uuid5(archive.id(), ":".join(parts)).urn


def stories_on(archive: Archive, page: SearchPage) -> tuple[Story, ...]:
    """Return the hits of a page as stories, in their order."""
    return tuple(_story(archive, hit) for hit in page.hits)


def counts_of(page: SearchPage) -> dict[str, int]:
    """Return the place of a page in its result, in the words of OpenSearch 1.1."""
    query = page.query
    return {"totalResults": page.total, "startIndex": query.offset + 1, "itemsPerPage": query.size}


def printable(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _NO_XML.sub("", text)


def _story(archive: Archive, hit: Hit) -> Story:
    badge = status_label(hit.status)
    topics = () if hit.status is Status.WITHDRAWN else hit.topics
    return Story(
        id=id_of(archive, "article", hit.article_id),
        address=permalink(hit.article_id),
        title=f"[{badge}] {hit.title.text}" if badge else hit.title.text,
        published=None if hit.date is None else _moment(archive, hit.date),
        updated=_updated(archive, hit),
        authors=hit.authors or ((hit.source,) if hit.source else ()),
        status=hit.status,
        badge=badge,
        terms=(*((hit.section,) if hit.section else ()), *(topic.label for topic in topics)),
        summary=_summary(hit),
    )


def _summary(hit: Hit) -> str:
    """Return what was corrected or why the story was withdrawn, then the sentences that show what matched."""
    notes = [f"{correction_label(correction)}: {correction.text}" for correction in hit.corrections]
    if hit.status is Status.WITHDRAWN:
        return "\n".join([_("This article has been withdrawn."), *notes])
    return "\n".join([*notes, " … ".join(snippet.text for snippet in hit.snippets)]).strip()


def _updated(archive: Archive, hit: Hit) -> datetime:
    """Return when a story last changed in a way that readers must learn of: its date, or that of its last correction."""
    now = datetime.now(archive.settings.zone)
    corrected = (_moment(archive, correction.date) for correction in hit.corrections if correction.date is not None)
    published = UNDATED if hit.date is None else _moment(archive, hit.date)
    return max([published, *(moment for moment in corrected if moment <= now)])


def _moment(archive: Archive, day: date | datetime) -> datetime:
    """Return the moment of a date in the archive's zone; in UTC where the zone was not whole minutes from it, as until 1924."""
    instant = instant_of(day, archive.settings.zone)
    moment = instant.astimezone(archive.settings.zone)
    offset = moment.utcoffset()
    return instant if offset is not None and offset.total_seconds() % 60 else moment
