"""What tells other programs of the archive: the OpenSearch description, the sitemap and robots.txt."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest
from conftest import ClientMaker, fill, make_article
from defusedxml.ElementTree import fromstring
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as Page

import web.discovery
from index.article import Status
from index.settings import ArchiveFolder
from web.app import create_app, mount

NAMES = {"o": "http://a9.com/-/spec/opensearch/1.1/", "s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def read(client: FlaskClient, address: str, kind: str) -> ET.Element:
    answer = client.get(address)
    assert (answer.status_code, answer.content_type) == (200, f"{kind}; charset=utf-8")
    return fromstring(answer.data)


def listed(client: FlaskClient, address: str) -> list[str]:
    """Return the addresses that a part of the sitemap, or its list of parts, has."""
    return [place.text or "" for place in read(client, address, "application/xml").iterfind(".//s:loc", NAMES)]


def described(client: FlaskClient) -> ET.Element:
    return read(client, "/opensearch.xml", "application/opensearchdescription+xml")


# --- OpenSearch


def test_the_description_names_every_form_of_the_search(client_of: ClientMaker) -> None:
    client = client_of(make_article())
    for url in described(client).iterfind("o:Url", NAMES):
        template, kind = url.attrib["template"], url.attrib["type"]
        asked = template.replace("{searchTerms}", "beras").replace("{startPage?}", "").replace("{count?}", "")
        assert "{" not in asked
        assert urlsplit(asked).netloc == "localhost"
        answer = client.get(asked)
        assert (answer.status_code, answer.mimetype) == (200, kind)
        if url.attrib["rel"] in ("results", "suggestions"):
            assert "beras" in answer.text
    kinds = {url.attrib["type"] for url in described(client).iterfind("o:Url", NAMES)}
    assert kinds == {
        "text/html", "application/json", "application/atom+xml", "application/rss+xml", "application/x-suggestions+json",
        "application/opensearchdescription+xml",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Arsip Uji", "Arsip Uji"),
        ("Arsip Harian Umum Uji & Kawan", "Arsip Harian Um…"),
        ("Enam belas huruf", "Enam belas huruf"),
    ],
)
def test_the_description_has_the_archives_name_in_sixteen_characters(
    archive_folder: ArchiveFolder, title: str, short: str
) -> None:
    fill(archive_folder, [make_article()])
    archive_folder.settings_file.write_text(f'title = "{title}"', encoding="utf-8")
    root = described(create_app(archive_folder.path).test_client())
    assert root.findtext("o:ShortName", namespaces=NAMES) == short
    assert len(short) <= 16
    assert title in (root.findtext("o:Description", namespaces=NAMES) or "")


def test_every_page_leads_to_the_description(client_of: ClientMaker) -> None:
    client = client_of(make_article())
    for path in ("/", "/search?q=beras", "/articles/uji-1", "/nihil"):
        (link,) = Page(client.get(path).text).css("link[rel=search]")
        assert link.attributes["type"] == "application/opensearchdescription+xml"
        assert client.get(link.attributes["href"] or "").status_code == 200


# --- sitemap


def test_the_sitemap_has_every_article_once_and_none_that_readers_may_not_read(
    client_of: ClientMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web.discovery, "PART", 3)
    monkeypatch.setattr(web.discovery, "AT_ONCE", 2)
    client = client_of(
        *(make_article(id=f"uji/{n} &é", url=None, date=date(2000 + n, 1, 1)) for n in range(7)),
        make_article(id="dicabut", url=None, status=Status.WITHDRAWN),
        make_article(id="nanti", url=None, status=Status.EMBARGOED, date=date(2199, 1, 1)),
    )
    parts = listed(client, "/sitemap.xml")
    assert [urlsplit(part).path for part in parts] == ["/sitemap-pages.xml", *(f"/sitemap-{n}.xml" for n in (1, 2, 3))]
    found = [address for part in parts[1:] for address in listed(client, part)]
    assert found == [f"http://localhost/articles/uji/{n}%20&%C3%A9" for n in range(7)]
    for address in found:
        page = Page(client.get(address).text)
        assert page.css_first("link[rel=canonical]").attributes["href"] == address
    assert client.get("/sitemap-4.xml").status_code == client.get("/sitemap-0.xml").status_code == 404


def test_a_part_tells_when_the_pages_last_changed(client_of: ClientMaker) -> None:
    root = read(client_of(make_article()), "/sitemap-1.xml", "application/xml")
    (changed,) = (datetime.fromisoformat(place.text or "") for place in root.iterfind(".//s:lastmod", NAMES))
    assert abs(datetime.now(UTC) - changed) < timedelta(minutes=5)


def test_the_sitemap_has_the_pages_of_topics_and_of_persons_whom_the_archivist_knows(
    archive_folder: ArchiveFolder,
) -> None:
    archive_folder.path.mkdir()
    archive_folder.people.write_text("slug,name,aliases\nsiti-rahma,Siti Rahma,\nnihil,Tak Ada,\n", encoding="utf-8")
    fill(archive_folder, [make_article(people=("Siti Rahma", "Budi Hartono"), topics=("Pasar Malam",))])
    client = create_app(archive_folder.path).test_client()
    paths = [urlsplit(address).path for address in listed(client, "/sitemap-pages.xml")]
    assert {"/", "/help", "/coverage", "/people/", "/topics/", "/people/siti-rahma", "/topics/pasar-malam"} <= set(
        paths
    )
    assert not {"/people/budi-hartono", "/people/nihil"} & set(paths)
    assert len(paths) == len(set(paths))
    assert all(client.get(path).status_code == 200 for path in paths)


def test_an_archive_without_articles_has_a_sitemap_of_pages(client_of: ClientMaker) -> None:
    client = client_of()
    assert [urlsplit(part).path for part in listed(client, "/sitemap.xml")] == ["/sitemap-pages.xml"]


# --- robots.txt


def test_crawlers_read_articles_and_pages_and_no_endless_views(client_of: ClientMaker) -> None:
    client = client_of(make_article())
    rules = RobotFileParser()
    answer = client.get("/robots.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    rules.parse(answer.text.splitlines())
    assert rules.site_maps() == ["http://localhost/sitemap.xml"]
    for path in ("/", "/articles/uji-1", "/people/siti-rahma", "/topics/", "/help", "/coverage", "/search?q=beras"):
        assert rules.can_fetch("*", path), path
    for path in (
        "/search.json?q=beras",
        "/search/advanced",
        "/archivist/",
        "/suggest?q=b",
        "/list?id=uji-1",
        "/compare",
    ):
        assert not rules.can_fetch("*", path), path
    assert "Disallow: /search?*&\n" in answer.text  # Python's parser knows no "*"


def test_addresses_begin_where_the_archive_is_mounted(archive_folder: ArchiveFolder) -> None:
    fill(archive_folder, [make_article()])
    app = Flask("host")
    app.config["SECRET_KEY"] = "kunci"
    mount(app, archive_folder.path, url_prefix="/arsip")
    client = app.test_client()
    assert listed(client, "/arsip/sitemap-1.xml") == ["http://localhost/arsip/articles/uji-1"]
    assert "Disallow: /arsip/search?*&\n" in client.get("/arsip/robots.txt").text
    root = fromstring(client.get("/arsip/opensearch.xml").data)
    templates = [url.attrib["template"] for url in root.iterfind("o:Url", NAMES)]
    assert all(template.startswith("http://localhost/arsip/") for template in templates)


def test_results_and_lists_name_their_own_address_once(client_of: ClientMaker) -> None:
    client = client_of(make_article(people=("Siti Rahma",), topics=("Pangan",)))
    for path in ("/people/siti-rahma", "/topics/pangan", "/people/", "/articles/uji-1"):
        (link,) = Page(client.get(path).text).css("link[rel=canonical]")
        assert link.attributes["href"] == f"http://localhost{path}"


@pytest.mark.parametrize("path", ["/sitemap-9.xml", "/sitemap-x y.xml", "/sitemap-0.xml"])
def test_who_asks_for_a_part_that_is_none_is_told_as_a_program(client_of: ClientMaker, path: str) -> None:
    answer = client_of(make_article()).get(path)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (404, "not_found")


def test_an_article_whose_id_looks_like_a_file_has_a_page_all_the_same(client_of: ClientMaker) -> None:
    client = client_of(make_article(id="2023/harga.txt"), make_article(id="sitemap/peta.xml", url=None))
    for path in ("/articles/2023/harga.txt", "/articles/sitemap/peta.xml"):
        assert client.get(path).mimetype == "text/html"
        answer = client.get(f"{path}?page=x")
        assert (answer.status_code, answer.mimetype) == (400, "text/html")
