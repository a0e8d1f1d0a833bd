"""The page of one article, and its other forms: its record, and references for whoever cites it."""

import re
from collections.abc import Sequence

from flask import Blueprint, Response, abort, request

from index.article import JSON, Article, Status
from index.messages import gettext as _
from index.messages import ngettext
from index.schema import PLACE, names_of
from search.archive import Archive
from search.query import FilterField, Query
from search.references import apa_reference
from search.results import Entry
from web.api import archive_in_use, article_record, json_response, readable
from web.citing import CITING, cited, references_text
from web.formatting import number_text
from web.newsarticle import Addresses, news_article
from web.pages import SearchForm
from web.reading import reading_of
from web.site import render
from web.urls import article_link, entry_link, permalink, query_from_args, search_link, with_values

NUMBERED = 100  # places that match which links lead to; the buttons go to all
DESCRIPTION_CHARACTERS = 160
FILE_NAME_LENGTH = 80
JSON_SUFFIX = ".json"

articles = Blueprint("articles", __name__)


@articles.get("/articles/<article_id:article_id>")
def article_page(article_id: str) -> str | Response:
    """Show an article; with ".json" after its id, its record, with ".ris", ".bib" or ".csl.json" a reference to it.

    An id that itself ends like that comes first.
    """
    archive = archive_in_use()
    article = archive.article(article_id)
    if article is not None:
        return _page(archive, article)
    ends = (suffix for suffix in (*CITING, JSON_SUFFIX) if article_id.endswith(suffix))
    named = ((archive.article(article_id.removesuffix(suffix)), suffix) for suffix in ends)
    article, suffix = next((found for found in named if found[0] is not None), (None, ""))
    if article is None:
        abort(404)
    return _record(archive, article) if suffix == JSON_SUFFIX else _reference(archive, article, suffix)


def _record(archive: Archive, article: Article) -> Response:
    people, topics = _entries_of(archive, article)
    record = article_record(article, archive.versions(article.id), archive.related(article.id))
    return json_response({**record, "people": _labels(people), "topics": _labels(topics)})


def _reference(archive: Archive, article: Article, suffix: str) -> Response:
    form = CITING[suffix]
    response = Response(references_text(archive, suffix, [article]), content_type=f"{form.media_type}; charset=utf-8")
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", article.id)[:FILE_NAME_LENGTH].strip("-.") or "artikel"
    response.headers.set("Content-Disposition", "attachment", filename=name + suffix)
    return response


def _page(archive: Archive, article: Article) -> str:
    people, topics = _entries_of(archive, article)
    query = query_from_args(request.args)
    shown = readable(article)
    reading = reading_of(*archive.highlighted(shown, query.text, expand=query.expand))
    reference = cited(archive, article)
    place = next(iter(names_of(article)[PLACE]), None)
    return render(
        "article.html",
        article=shown,
        withdrawn=article.status is Status.WITHDRAWN,
        reading=reading,
        places=_places_text(len(reading.matches)),
        numbered=NUMBERED,
        source=reference.source,
        place=place,
        place_link=search_link(Query(text=f'tempat:"{place}"')) if place else None,
        entries=[(FilterField.PERSON, people), (FilterField.TOPIC, topics)],
        neighbours=archive.neighbours(article),
        versions=archive.versions(article.id),
        related=archive.related(article.id),
        back=search_link(query) if query != Query() else None,
        permalink=permalink(article.id),
        json_link=article_link(article.id + JSON_SUFFIX),
        reference=apa_reference(reference),
        citing=[(form, article_link(article.id + suffix)) for suffix, form in CITING.items()],
        description=_description(shown),
        record=news_article(
            shown,
            people,
            topics,
            Addresses(permalink(article.id), _entry_address),
            publisher=archive.settings.publisher or reference.source or archive.settings.title,
            zone=archive.settings.zone,
            wikidata=archive.wikidata,
        ),
        limit_link=_limit_link,
        tag_link=_tag_link,
        form=SearchForm(query.text),
    )


def _entries_of(archive: Archive, article: Article) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Return the persons and the topics of an article, none of a withdrawn one."""
    if article.status is Status.WITHDRAWN:
        return (), ()
    return archive.people_of(article.id), archive.topics_of(article.id)


def _labels(entries: Sequence[Entry]) -> list[JSON]:
    return [entry.label for entry in entries]


def _entry_address(entry: Entry) -> str:
    return entry_link(entry.field, entry.slug, absolute=True)


def _places_text(number: int) -> str:
    return ngettext("%(count)s place matches", "%(count)s places match", number, count=number_text(number))


def _description(article: Article) -> str:
    """Return what a list of results says of the page: the summary, else how the text begins."""
    if article.status is Status.WITHDRAWN:
        return _("This article has been withdrawn.")
    text = " ".join((article.summary or article.body).split())
    return text if len(text) <= DESCRIPTION_CHARACTERS else text[:DESCRIPTION_CHARACTERS].rsplit(" ", 1)[0] + " …"


def _limit_link(field: str, value: str) -> str:
    return search_link(with_values(Query(), FilterField(field), (value,)))


def _tag_link(tag: str) -> str:
    words = tag.replace('"', " ")
    return search_link(Query(text=f'tag:"{words}"'))
