"""The pages that readers see. A view reads the URL, asks the archive, renders."""

from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, make_response, render_template, request

from index.article import Article, Status
from index.messages import gettext as _
from search.archive import Archive
from search.query import FilterField, Query
from search.results import SearchPage
from web.api import archive_in_use, article_record, json_response, readable
from web.arguments import FIRST, LAST, TEXT
from web.help import help_chapters
from web.navigation import Choice, facets_of, limits_of, pager_of, sorts_of, without_limits
from web.urls import (
    SEARCH_CSV,
    SEARCH_JSON,
    article_link,
    comparison_of_result,
    hidden_fields,
    permalink,
    query_from_args,
    search_link,
    with_values,
)
from web.wording import coverage_text

NEWEST_AT_HOME = 6
SECTIONS_AT_HOME = 16
DROPPED_LIMITS = 8  # how many limits of a search that found nothing are tried without
JSON_SUFFIX = ".json"

pages = Blueprint("pages", __name__)


@dataclass(frozen=True, slots=True)
class SearchForm:
    """What the search box holds, and what its form carries on unseen."""

    text: str
    hidden: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, query: Query, *, text: str | None = None) -> "SearchForm":
        """Return the form of a query: its text, or another one that was typed, and all its limits."""
        return cls(query.text if text is None else text, tuple(hidden_fields(query, TEXT)))


@pages.get("/")
def home() -> Response:
    """Show what the archive is, and the box to search it."""
    page = archive_in_use().search(Query(size=NEWEST_AT_HOME))
    values = {facet.field: facet.values for facet in page.facets}
    sections = [
        Choice(value.label, search_link(with_values(Query(), FilterField.SECTION, (value.value,))), count=value.count)
        for value in values["section"][:SECTIONS_AT_HOME]
    ]
    response = make_response(
        render_template(
            "home.html",
            page=page,
            sections=sections,
            covered=coverage_text([value.value for value in values["month"]]),
            form=SearchForm(""),
            autofocus="Mobi" not in request.user_agent.string,  # on a phone the keyboard would cover the page
        )
    )
    response.vary.add("User-Agent")
    return response


@pages.get("/search")
def search_page() -> str:
    """Show one page of the result of a search."""
    query = query_from_args(request.args)
    archive = archive_in_use()
    page = archive.search(query)
    return render_template(
        "search.html",
        page=page,
        story=archive.article(page.versions_of) if page.versions_of else None,
        query=query,
        form=SearchForm.of(query),
        hidden_beside_days=hidden_fields(query, FIRST, LAST),
        limits=limits_of(query),
        clear_link=without_limits(query),
        facets=facets_of(page),
        sorts=sorts_of(query),
        pager=pager_of(page),
        typed_only_link=search_link(replace(query, expand=False, page=1)),
        expanded_link=search_link(replace(query, expand=True, page=1)),
        drops=_wider_searches(archive, page),
        suggestion=search_link(replace(query, text=page.did_you_mean, page=1)) if page.did_you_mean else None,
        json_link=search_link(query, SEARCH_JSON),
        csv_link=search_link(query, SEARCH_CSV),
        compare_link=comparison_of_result(page.query),
    )


@pages.get("/articles/<article_id:article_id>")
def article_page(article_id: str) -> str | Response:
    """Show an article; with ".json" after its id, its record. An id that itself ends in ".json" comes first."""
    archive = archive_in_use()
    article = archive.article(article_id)
    if article is not None:
        return _article_html(archive, article)
    named = archive.article(article_id.removesuffix(JSON_SUFFIX)) if article_id.endswith(JSON_SUFFIX) else None
    if named is None:
        abort(404)
    return json_response(article_record(named, archive.versions(named.id), archive.related(named.id)))


@pages.get("/help")
def help_page() -> str:
    """Show the query language, with examples that search."""
    return render_template("help.html", chapters=help_chapters(), form=SearchForm(""))


def _article_html(archive: Archive, article: Article) -> str:
    query = query_from_args(request.args)
    title, paragraphs = archive.highlighted(readable(article), query.text, expand=query.expand)
    return render_template(
        "article.html",
        article=readable(article),
        withdrawn=article.status is Status.WITHDRAWN,
        title=title,
        paragraphs=paragraphs,
        versions=archive.versions(article.id),
        related=archive.related(article.id),
        back=search_link(query) if query != Query() else None,
        permalink=permalink(article.id),
        json_link=article_link(article.id + JSON_SUFFIX),
        limit_link=_limit_link,
        tag_link=_tag_link,
        form=SearchForm(query.text),
    )


def _limit_link(field: str, value: str) -> str:
    return search_link(with_values(Query(), FilterField(field), (value,)))


def _tag_link(tag: str) -> str:
    words = tag.replace('"', " ")
    return search_link(Query(text=f'tag:"{words}"'))


def _wider_searches(archive: Archive, page: SearchPage) -> list[Choice]:
    """Return, for a search that found nothing, what each limit less would find where that is something."""
    if page.total:
        return []
    limits = limits_of(page.query)
    wider = [(_("without %(limit)s", limit=limit.label), limit.without) for limit in limits[:DROPPED_LIMITS]]
    if len(limits) > 1:
        wider.append(
            (_("without any limit"), Query(text=page.query.text, expand=page.query.expand, recency=page.query.recency))
        )
    choices = [
        Choice(label, search_link(query), count=archive.search(replace(query, size=1)).total) for label, query in wider
    ]
    return [choice for choice in choices if choice.count]
