"""What tells other programs of the archive: the OpenSearch description for browsers, sitemap and robots.txt for crawlers."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from flask import Blueprint, Response, abort, redirect
from werkzeug.wrappers import Response as AnyResponse

from index.messages import LANGUAGES
from index.messages import gettext as _
from search.query import FilterField
from web.api import SUGGESTIONS_TYPE, archive_in_use
from web.arguments import PAGE, SIZE, TEXT
from web.atom import ATOM_TYPE, OPENSEARCH, document_text
from web.rss import RSS_TYPE
from web.site import asset, url_for
from web.stories import printable
from web.urls import (
    FORM,
    SEARCH_ATOM,
    SEARCH_JSON,
    SEARCH_PAGE,
    SEARCH_RSS,
    entries_link,
    entry_link,
    permalink,
    quoted_id,
)
from web.urls import (
    OPENSEARCH as OPENSEARCH_FORM,
)

OPENSEARCH_TYPE = "application/opensearchdescription+xml"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
PART = 50_000  # addresses of a part, the most that https://www.sitemaps.org/protocol.html allows
AT_ONCE = 1_000  # articles whose changes are looked up together
LONGEST_NAME, LONGEST_DESCRIPTION = 16, 1_024  # characters, by OpenSearch 1.1
PAGES = ("pages.home", "pages.help_page", "coverage.coverage_page", "trends.trends_page")
UNLISTED = ("api.suggest", "compare.compare_page", "batch.batch_form", "lists.list_page", "archivist.desk")
# What follows the path of the search: its forms for programs, the advanced form, and more than one argument. "*" is any text
# (RFC 9309, 2.2.3).
UNLISTED_SEARCHES = (".", "/", "?*&")

discovery = Blueprint("discovery", __name__)


@discovery.get("/opensearch.xml")
def opensearch_description() -> Response:
    """Describe the search, so that browsers can make it one of theirs (OpenSearch 1.1)."""
    site = archive_in_use().settings.title
    root = ET.Element("OpenSearchDescription", {"xmlns": OPENSEARCH})
    name = site if len(site) <= LONGEST_NAME else site[: LONGEST_NAME - 1].rstrip() + "…"
    texts = {
        "ShortName": name,
        "LongName": site[:48],
        "Description": _("Search the news archive %(site)s", site=site)[:LONGEST_DESCRIPTION],
        "InputEncoding": "UTF-8",
        "OutputEncoding": "UTF-8",
    }
    for tag, text in texts.items():
        ET.SubElement(root, tag).text = printable(text)
    for code in LANGUAGES:
        ET.SubElement(root, "Language").text = code
    icon = ET.SubElement(root, "Image", {"width": "16", "height": "16", "type": "image/svg+xml"})
    icon.text = url_for("static", filename="favicon.svg", _external=True)
    paged = f"{TEXT}={{searchTerms}}&{PAGE}={{startPage?}}"
    forms = ((SEARCH_JSON, "application/json"), (SEARCH_ATOM, ATOM_TYPE), (SEARCH_RSS, RSS_TYPE))
    addresses = [
        (SEARCH_PAGE, "text/html", "results", paged),
        *((endpoint, kind, "results", f"{paged}&{SIZE}={{count?}}") for endpoint, kind in forms),
        ("api.suggest", SUGGESTIONS_TYPE, "suggestions", f"{TEXT}={{searchTerms}}&{FORM}={OPENSEARCH_FORM}"),
        ("discovery.opensearch_description", OPENSEARCH_TYPE, "self", ""),
    ]
    for endpoint, kind, relation, asked in addresses:
        template = url_for(endpoint, _external=True) + (f"?{asked}" if asked else "")
        ET.SubElement(root, "Url", {"type": kind, "rel": relation, "template": template})
    ET.SubElement(root, "Query", {"role": "example", "searchTerms": "korupsi dana desa"})
    return Response(document_text(root), content_type=f"{OPENSEARCH_TYPE}; charset=utf-8")


@discovery.get("/favicon.ico")
def icon() -> AnyResponse:
    """Lead browsers that look for the icon where it always was to the one there is."""
    return redirect(asset("favicon.svg"))


@discovery.get("/robots.txt")
def robots() -> Response:
    """Keep crawlers from the endless views of one and the same articles, and tell them where all are listed.

    Searches for words alone, or by one limit alone, are theirs to read: those are pages that readers look for.
    """
    lines = ["User-agent: *"]
    lines += [f"Disallow: {url_for(endpoint)}" for endpoint in UNLISTED]
    lines += [f"Disallow: {url_for(SEARCH_PAGE)}{rest}" for rest in UNLISTED_SEARCHES]
    lines += ["", f"Sitemap: {url_for('discovery.sitemap', _external=True)}", ""]
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")


@discovery.get("/sitemap.xml")
def sitemap() -> Response:
    """List the parts of the sitemap: the pages, and the articles by time of publication."""
    parts = -(-len(archive_in_use().roll()) // PART)
    addresses = [
        url_for("discovery.sitemap_of_pages", _external=True),
        *(url_for("discovery.sitemap_part", part=part, _external=True) for part in range(1, parts + 1)),
    ]
    return _xml("sitemapindex", (f"<sitemap><loc>{escape(address)}</loc></sitemap>\n" for address in addresses))


@discovery.get("/sitemap-pages.xml")
def sitemap_of_pages() -> Response:
    """List the pages that are no articles: the front page, help, persons whom the archivist knows, and topics with articles."""
    archive = archive_in_use()
    addresses = [url_for(endpoint, _external=True) for endpoint in PAGES]
    for field in (FilterField.TOPIC, FilterField.PERSON):
        addresses.append(entries_link(field, absolute=True))
        addresses += [
            entry_link(field, entry.slug, absolute=True)
            for entry in archive.entries(field)
            if entry.articles and (entry.recorded or field is FilterField.TOPIC)
        ]
    return _xml("urlset", (_address(address) for address in addresses[:PART]))


@discovery.get("/sitemap-<int:part>.xml")
def sitemap_part(part: int) -> Response:
    """List a part of the articles, each with the day on which its page last changed; the first part has number 1."""
    archive = archive_in_use()
    roll = archive.roll()
    begin, end = (part - 1) * PART, min(part * PART, len(roll))
    if part < 1 or begin >= end:
        abort(404)

    parent = permalink("x").removesuffix("x")  # to make every address by Flask takes a second

    def addresses() -> Iterator[str]:
        for first in range(begin, end, AT_ONCE):
            ids = roll[first : min(first + AT_ONCE, end)]
            changed = archive.changed(ids)
            yield "".join(_address(parent + quoted_id(article_id), changed.get(article_id)) for article_id in ids)

    return _xml("urlset", addresses())


def _address(address: str, changed: date | datetime | None = None) -> str:
    told = f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""
    return f"<url><loc>{escape(address)}</loc>{told}</url>\n"


def _xml(root: str, blocks: Iterable[str]) -> Response:
    """Return a document of many blocks of lines, sent while it is made."""

    def parts() -> Iterator[str]:
        yield f'<?xml version="1.0" encoding="utf-8"?>\n<{root} xmlns="{SITEMAP}">\n'
        yield from blocks
        yield f"</{root}>\n"

    return Response(parts(), content_type="application/xml; charset=utf-8")
