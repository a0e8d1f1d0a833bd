"""An article as search engines and programs read it in its page: a `NewsArticle` of schema.org in JSON-LD."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import TypeAlias

from index.article import JSON, Article, Correction, Status
from index.dates import instant_of, iso
from index.schema import PLACE, SOURCE, names_of
from search.references import is_person
from search.results import Entry
from web.formatting import language_tag, web_address
from web.wording import correction_label, status_label

Wikidata: TypeAlias = Callable[[str], str | None]  # the id of a person, by slug


@dataclass(frozen=True, slots=True)
class Addresses:
    """Absolute addresses: of the article's page in this archive, and of the pages of persons and topics."""

    article: str
    of_entry: Callable[[Entry], str]


def news_article(
    article: Article,
    people: Sequence[Entry],
    topics: Sequence[Entry],
    addresses: Addresses,
    *,
    publisher: str,
    zone: tzinfo,
    wikidata: Wikidata,
) -> dict[str, JSON]:
    """Return what readers may see of an article as a NewsArticle (https://schema.org/NewsArticle), absent values left out.

    The text itself stands in the page alone.
    """
    modified = _modified(article, zone)
    source = next(iter(names_of(article)[SOURCE]), None)
    record: dict[str, JSON] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": addresses.article,
        "url": addresses.article,
        "mainEntityOfPage": addresses.article,
        "sameAs": None if article.status is Status.WITHDRAWN else web_address(article.url),
        "headline": article.title,
        "description": article.summary,
        "datePublished": None if article.date is None else iso(article.date),
        "dateModified": None if modified is None else iso(modified),
        "inLanguage": language_tag(article.language),
        "articleSection": article.section,
        "dateline": next(iter(names_of(article)[PLACE]), None),
        "author": [_author(author) for author in article.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": publisher},
        "isPartOf": {"@type": "Periodical", "name": source} if source else None,
        "keywords": list(article.tags),
        "about": [_named("Thing", topic, addresses, None) for topic in topics],
        "mentions": [_named("Person", person, addresses, wikidata(person.slug)) for person in people],
        "correction": [_correction(correction) for correction in article.corrections],
        "creativeWorkStatus": status_label(article.status),
    }
    return {name: value for name, value in record.items() if value}


def _author(author: str) -> Mapping[str, JSON]:
    return {"@type": "Person" if is_person(author) else "Organization", "name": author}


def _named(kind: str, entry: Entry, addresses: Addresses, item: str | None) -> Mapping[str, JSON]:
    named = {"@type": kind, "name": entry.label, "url": addresses.of_entry(entry)}
    return {**named, "sameAs": f"https://www.wikidata.org/entity/{item}"} if item else named


def _correction(correction: Correction) -> Mapping[str, JSON]:
    parts: dict[str, JSON] = {
        "@type": "CorrectionComment",
        "name": correction_label(correction),
        "text": correction.text,
        "datePublished": None if correction.date is None else iso(correction.date),
        "url": web_address(correction.link),
    }
    return {name: value for name, value in parts.items() if value}


def _modified(article: Article, zone: tzinfo) -> date | datetime | None:
    """Return when an article last changed in a way that readers must learn of: its date, or that of its last correction."""
    now = datetime.now(UTC)
    days = [day for day in (article.date, *(c.date for c in article.corrections)) if day is not None]
    return max(
        (day for day in days if instant_of(day, zone) <= now), key=lambda day: instant_of(day, zone), default=None
    )
