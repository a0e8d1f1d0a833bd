"""The JSON form of a result, the same in `/search.json` and in `telisik search --json`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from index.article import JSON, Status
from index.dates import iso
from search.query import FilterField
from search.results import Facet, Hit, SearchPage
from web.formatting import marked_html

LinkOf: TypeAlias = Callable[[str], str]


def page_record(page: SearchPage, link_of: LinkOf | None, versions_of: LinkOf | None = None) -> dict[str, JSON]:
    """Return a page of results as one JSON object.

    `link_of` gives an article's address in the archive by its id, `versions_of` that of its story's versions; without them,
    where no front end serves the archive, links are null. Snippets are HTML, escaped, with `<mark>`; everything else is plain text.
    """
    return {
        "query": _query_record(page),
        "total": page.total,
        "relaxed": page.relaxed,
        "took_ms": round(page.took_ms, 2),
        "page": page.query.page,
        "size": page.query.size,
        "hits": [_hit_record(hit, link_of, versions_of) for hit in page.hits],
        "facets": {facet.field: _facet_record(facet) for facet in page.facets},
        "did_you_mean": page.did_you_mean,
    }


def _query_record(page: SearchPage) -> Mapping[str, JSON]:
    query = page.query
    limits = query.limits()
    return {
        "q": query.text,
        "understood": page.understood,
        "from": _day(query.published_from),
        "to": _day(query.published_to),
        **{field.value: list(limits.get(field, ())) for field in FilterField},
        "sort": query.order().value,
        "expand": query.expand,
        "recency": query.recency,
        "also": [{"kind": also.kind.value, "typed": also.typed, "also": also.also} for also in page.also],
        "repairs": list(page.repairs),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _hit_record(hit: Hit, link_of: LinkOf | None, versions_of: LinkOf | None) -> Mapping[str, JSON]:
    people, topics = ((), ()) if hit.status is Status.WITHDRAWN else (hit.people, hit.topics)  # as on its page
    return {
        "id": hit.article_id,
        "title": hit.title.text,
        "url": hit.url,
        "link": None if link_of is None else link_of(hit.article_id),
        "date": None if hit.date is None else iso(hit.date),
        "section": hit.section,
        "source": hit.source,
        "authors": list(hit.authors),
        "people": [person.label for person in people],
        "topics": [topic.label for topic in topics],
        "status": hit.status.value,
        "versions": hit.versions,
        "versions_link": versions_of(hit.article_id) if versions_of and hit.versions else None,
        "score": round(hit.score, 4),
        "snippets": [str(marked_html(snippet)) for snippet in hit.snippets],
        "why": [{"kind": why.kind.value, "typed": why.typed, "matched": why.matched} for why in hit.why],
    }


def _facet_record(facet: Facet) -> Sequence[JSON]:
    return [{"value": value.value, "label": value.label, "count": value.count} for value in facet.values]
