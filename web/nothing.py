"""What a result offers that has no article, or none with all the words: a limit less, a word less, a name, what is held at all."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from index.article import Status
from index.messages import gettext as _
from search.archive import Archive
from search.query import FilterField, Query, Sort
from search.results import Entry, SearchPage
from search.tree import HasStatus, Or
from search.unparse import unparse
from search.widening import Less, Wider, unlimited
from web.formatting import articles_text, period_text
from web.urls import search_link, with_days
from web.wording import limit_text

CORRECTION_WORDS = frozenset({"ralat", "koreksi", "correction", "corrections", "erratum", "errata"})


@dataclass(frozen=True, slots=True)
class Offer:
    """A search that asks for less: what is less about it, its address, and what it finds in words."""

    label: str
    link: str
    found: str


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the archive holds: its articles and their period; and of the days that were asked for, with the link to all of these."""

    articles: int
    period: str
    asked: str
    of_asked: int
    link: str


@dataclass(frozen=True, slots=True)
class Help:
    """All that is offered. Without hits everything may be; beside hits that lack some of the words only `words`."""

    mended: tuple[Offer, ...] = ()
    limits: tuple[Offer, ...] = ()
    words: tuple[Offer, ...] = ()
    nearest: tuple[Entry, ...] = ()
    holdings: Holdings | None = None


def help_of(archive: Archive, page: SearchPage) -> Help:
    """Return what is offered beside a result; nothing beside one that has articles with all the words."""
    query = page.query
    if page.total:
        is_partial = page.relaxed and not page.complete
        return Help(words=_offers(archive.fewer_words(query), page) if is_partial else ())
    fewer = archive.fewer_words(query)
    days = [wider for wider in fewer if wider.less is Less.DAYS]
    words = [wider for wider in fewer if wider.less is not Less.DAYS]
    return Help(
        mended=_mended(archive, page),
        limits=_offers((*archive.fewer_limits(query), *days), page),
        words=(*_corrected(archive, query), *_offers(words, page)),
        nearest=tuple(entry for entry in archive.nearest(query.text) if entry != page.entry),
        holdings=_holdings(archive, query),
    )


def corrected_link(archive: Archive) -> str | None:
    """Return the address of the articles that were corrected or withdrawn, the newest first; None where none was."""
    query = Query(unparse(Or((HasStatus(Status.CORRECTED), HasStatus(Status.WITHDRAWN)))), sort=Sort.NEWEST)
    return search_link(query) if archive.extent(query).articles else None


def _corrected(archive: Archive, query: Query) -> tuple[Offer, ...]:
    """Return the search for articles that were corrected, where a word of the query asks for corrections."""
    if not CORRECTION_WORDS.intersection(query.text.casefold().split()):
        return ()
    better = Query(unparse(HasStatus(Status.CORRECTED)))
    articles = archive.extent(better).articles
    return (Offer(_("Corrected articles"), search_link(better), articles_text(articles)),) if articles else ()


def _mended(archive: Archive, page: SearchPage) -> tuple[Offer, ...]:
    """Return the search with its spelling mended; without any limit where only there a better spelling finds something."""
    query = page.query
    if page.did_you_mean:
        better = replace(query, text=page.did_you_mean, page=1)
        articles = archive.search(replace(better, size=1)).total
        return (Offer(page.did_you_mean, search_link(better), articles_text(articles)),) if articles else ()
    if unlimited(query) == query:
        return ()
    meant = archive.search(replace(unlimited(query), size=1)).did_you_mean
    if meant is None:
        return ()
    better = replace(unlimited(query), text=meant)
    label = _("%(query)s, without any limit", query=meant)
    return (Offer(label, search_link(better), articles_text(archive.search(replace(better, size=1)).total)),)


def _offers(wider: Iterable[Wider], page: SearchPage) -> tuple[Offer, ...]:
    return tuple(Offer(_less_text(one, page), search_link(one.query), _found_text(one)) for one in wider)


def _less_text(wider: Wider, page: SearchPage) -> str:
    """Return what a search does without, in words."""
    query = page.query
    match wider.less:
        case Less.DAYS if wider.part:
            return _("%(query)s, without the days", query=wider.query.text)
        case Less.DAYS:
            return _("without %(limit)s", limit=period_text(query.published_from, query.published_to))
        case Less.FIELD:
            field = FilterField(wider.part)
            values = _(" or ").join(page.label(field, value) for value in query.limits()[field])
            return _("without %(limit)s", limit=limit_text(field, values))
        case Less.LIMITS:
            return _("without any limit")
        case Less.WORD:
            return _("without “%(part)s”", part=wider.part)
        case Less.PRECISION:
            return _("%(instead)s instead of %(part)s", instead=wider.instead, part=wider.part)


def _found_text(wider: Wider) -> str:
    articles = articles_text(wider.articles)
    return _("%(articles)s with some of the words", articles=articles) if wider.relaxed else articles


def _holdings(archive: Archive, query: Query) -> Holdings | None:
    """Return what the archive holds; None where it holds nothing."""
    held = archive.coverage().whole
    if not held.articles:
        return None
    first, last = query.published_from, query.published_to
    days = with_days(Query(), first, last)
    asked = held.stretch(first or date.min, last or date.max) if first or last else None
    return Holdings(
        articles=held.articles,
        period=period_text(held.first, held.last),
        asked=period_text(first, last),
        of_asked=asked.articles if asked else 0,
        link=search_link(days),
    )
