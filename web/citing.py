"""References to articles for whoever cites them, as RIS, BibTeX and CSL-JSON: how they are made, and those of a page of results."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

from flask import Blueprint, Response, request

from index.article import Article, Status
from index.dates import day_of
from index.schema import SOURCE, names_of
from search.archive import Archive
from search.citations import Writer, bibtex_lines, ris_lines
from search.references import csl_lines
from web.api import archive_in_use, file_name, readable
from web.formatting import web_address
from web.urls import permalink, query_from_args

citing = Blueprint("citing", __name__)


@dataclass(frozen=True, slots=True)
class Citing:
    """A form of a reference for programs: its name, media type and writer."""

    label: str
    media_type: str
    lines: Writer


CITING: Mapping[str, Citing] = MappingProxyType(
    {
        ".ris": Citing("RIS", "application/x-research-info-systems", ris_lines),
        ".bib": Citing("BibTeX", "application/x-bibtex", bibtex_lines),
        ".csl.json": Citing("CSL-JSON", "application/vnd.citationstyles.csl+json", csl_lines),
    }
)


def cited(archive: Archive, article: Article) -> Article:
    """Return an article as references tell it: what readers may see, its day here, and the newspaper and address that lead to it.

    That is where its source published it, else, and of a withdrawn one, its page here.
    """
    published = None if article.status is Status.WITHDRAWN else web_address(article.url)
    source = next(iter(names_of(article)[SOURCE]), archive.settings.publisher)
    day = article.date and day_of(article.date, archive.settings.zone)
    return replace(readable(article), date=day, source=source, url=published or permalink(article.id))


def references_text(archive: Archive, suffix: str, found: Iterable[Article]) -> str:
    """Return references to articles in one of the forms of `CITING`."""
    told = (cited(archive, article) for article in found)
    return "".join(CITING[suffix].lines(told, publisher=archive.settings.publisher))


def search_references(suffix: str) -> Response:
    """Answer a search with references to its hits, in their order; how many there are in all is in the header X-Total-Count."""
    archive, form = archive_in_use(), CITING[suffix]
    page = archive.search(query_from_args(request.args))
    found = [article for hit in page.hits if (article := archive.article(hit.article_id)) is not None]
    response = Response(references_text(archive, suffix, found), content_type=f"{form.media_type}; charset=utf-8")
    response.headers["X-Total-Count"] = str(page.total)
    response.headers.set("Content-Disposition", "attachment", filename=file_name(page.query, suffix))
    return response


def reference_endpoint(listed: str, suffix: str) -> str:
    """Return the endpoint, within its part of the site, of references to what is listed: "search_csl_json"."""
    return f"{listed}{suffix.replace('.', '_')}"


for _suffix in CITING:
    citing.add_url_rule(f"/search{_suffix}", reference_endpoint("search", _suffix), partial(search_references, _suffix))
