"""The archive as a part of a newsroom's own Flask site: below a prefix, with its templates, language, sessions and settings."""

from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask_babel import Babel
from selectolax.lexbor import LexborHTMLParser as Page

from index.accounts import Accounts
from index.settings import ArchiveFolder, SettingsWrong
from tests.conftest import ArchiveMaker, make_article
from web.app import create_app, mount
from web.colours import DARK, LIGHT, contrast

STYLE = Path(__file__).parent.parent / "web" / "static" / "style.css"


@pytest.fixture
def folder(archive_with: ArchiveMaker, archive_folder: ArchiveFolder) -> ArchiveFolder:
    archive_with(make_article(id="a/1", title="Panen raya di Mandalasari", people=("Ratna Subroto",)))
    return archive_folder


def newsroom(tmp_path: Path) -> Flask:
    """Return a site of a newsroom with a page, templates and a 404 page of its own."""
    site = Flask("newsroom", root_path=str(tmp_path), template_folder=str(tmp_path / "site-templates"))
    site.secret_key = "secret of the site"
    site.get("/")(lambda: render_template_string("<title>Koran</title>{{ 3|string }}"))
    site.register_error_handler(404, lambda error: ("the site's own 404", 404))
    return site


def mounted(site: Flask, folder: ArchiveFolder) -> FlaskClient:
    mount(site, folder.path, url_prefix="/arsip", language="en")
    return site.test_client()


def test_every_link_of_a_page_stays_below_the_prefix(tmp_path: Path, folder: ArchiveFolder) -> None:
    client = mounted(newsroom(tmp_path), folder)
    for address in (
        "/arsip/",
        "/arsip/search?q=panen",
        "/arsip/articles/a/1",
        "/arsip/people/",
        "/arsip/people/ratna-subroto",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        links = [node.attributes["href"] or "" for node in Page(answer.text).css("a[href], link[href]")]
        own = [link for link in links if link.startswith("/")]
        assert len(own) > 5
        assert [link for link in own if not link.startswith("/arsip/")] == []
        for link in own:
            assert client.get(link, follow_redirects=True).status_code == 200, link


def test_programs_get_addresses_below_the_prefix(tmp_path: Path, folder: ArchiveFolder) -> None:
    client = mounted(newsroom(tmp_path), folder)
    assert (
        client.get("/arsip/search.json?q=panen").get_json()["hits"][0]["link"] == "http://localhost/arsip/articles/a/1"
    )
    assert client.get("/arsip/search.json?page=x").get_json()["error"]["parameter"] == "page"
    assert client.get("/arsip/healthz").get_json()["status"] == "ok"


def test_the_site_keeps_its_own_pages_errors_and_headers(tmp_path: Path, folder: ArchiveFolder) -> None:
    client = mounted(newsroom(tmp_path), folder)
    assert "Koran" in client.get("/").text
    assert "Content-Security-Policy" not in client.get("/").headers
    assert client.get("/nihil").text == "the site's own 404"
    assert "Content-Security-Policy" in client.get("/arsip/").headers
    assert "There is no page" in client.get("/arsip/articles/nihil").text


def test_the_site_has_templates_that_stand_before_ours_and_extend_them(tmp_path: Path, folder: ArchiveFolder) -> None:
    own = tmp_path / "site-templates" / "telisik"
    own.mkdir(parents=True)
    (own / "help.html").write_text('{% extends "telisik/help.html" %}{% block title %}Panduan Koran{% endblock %}')
    page = mounted(newsroom(tmp_path), folder).get("/arsip/help").text
    assert "<title>Panduan Koran</title>" in page
    assert "<h1>How to search</h1>" in page


def test_templates_in_the_folder_of_the_archive_stand_before_ours(folder: ArchiveFolder) -> None:
    folder.templates.mkdir()
    (folder.templates / "error.html").write_text('{% extends "base.html" %}{% block main %}Ralat Koran{% endblock %}')
    page = create_app(folder.path).test_client().get("/nihil").text
    assert "Ralat Koran" in page


def test_the_site_chooses_the_language_where_it_has_a_babel_of_its_own(tmp_path: Path, folder: ArchiveFolder) -> None:
    site = newsroom(tmp_path)
    Babel(site, locale_selector=lambda: "id")
    mount(site, folder.path, url_prefix="/arsip", language="en")
    assert 'lang="id"' in site.test_client().get("/arsip/?lang=en").text


def test_archivists_log_in_with_the_sessions_of_the_site(tmp_path: Path, folder: ArchiveFolder) -> None:
    Accounts(folder.accounts).add("sari", "kata sandi yang panjang")
    client = mounted(newsroom(tmp_path), folder)
    answer = client.get("/arsip/archivist/", follow_redirects=True)
    assert answer.request.path == "/arsip/archivist/login"
    token = Page(answer.text).css_first("input[name=csrf_token]").attributes["value"]
    sent = {"name": "sari", "password": "kata sandi yang panjang", "csrf_token": token}
    assert client.post("/arsip/archivist/login", data=sent).headers["Location"] == "/arsip/archivist/"
    desk = client.get("/arsip/archivist/")
    assert desk.status_code == 200
    assert desk.headers["Cache-Control"] == "no-store"


# --- what the settings say


def test_a_reader_chooses_the_language_and_keeps_it(folder: ArchiveFolder) -> None:
    client = create_app(folder.path, language="id").test_client()
    assert '<html lang="id">' in client.get("/").text
    links = {
        node.attributes["lang"]: node.attributes["href"]
        for node in Page(client.get("/search?q=panen").text).css(".languages a")
    }
    assert links["en"] == "?q=panen&lang=en"
    assert '<html lang="en">' in client.get(f"/search{links['en']}").text
    assert '<html lang="en">' in client.get("/help").text
    assert "Cookie" in client.get("/help").vary
    client.get(f"/search{links['id']}")
    assert '<html lang="id">' in client.get("/help").text


def test_links_to_languages_carry_on_whatever_the_address_asks_for(folder: ArchiveFolder) -> None:
    asked = "q=panen+raya&endpoint=x&_scheme=javascript&_external=1&section=A&section=B"
    page = create_app(folder.path).test_client().get(f"/search?{asked}").text
    links = [link.attributes["href"] for link in Page(page).css(".languages a")]
    assert links == [f"?{asked}&lang=id", f"?{asked}&lang=en"]


def test_an_unknown_language_is_not_remembered(folder: ArchiveFolder) -> None:
    answer = create_app(folder.path, language="id").test_client().get("/?lang=xx")
    assert '<html lang="id">' in answer.text
    assert "Set-Cookie" not in answer.headers


def test_title_colours_and_footer_are_set_in_the_archive(folder: ArchiveFolder) -> None:
    folder.settings_file.write_text(
        'title = "Arsip Koran"\naccent = "#0b5d3b"\nfooter = "Hubungi [redaksi](https://koran.example/kontak) <b>kami</b>"\n'
    )
    client = create_app(folder.path).test_client()
    page = Page(client.get("/").text)
    assert "Arsip Koran" in page.css_first("title").text()
    assert page.css_first(".colophon a[href='https://koran.example/kontak']").text() == "redaksi"
    assert page.css_first(".colophon-own b") is None
    style = next(
        href for node in page.css("link[rel=stylesheet]") if "colours" in (href := node.attributes["href"] or "")
    )
    answer = client.get(style)
    assert answer.content_type.startswith("text/css")
    assert "--accent: #0b5d3b" in answer.text
    assert "immutable" in answer.headers["Cache-Control"]


def test_colours_are_kept_only_under_the_address_that_changes_with_them(folder: ArchiveFolder) -> None:
    folder.settings_file.write_text('accent = "#0b5d3b"\n', encoding="utf-8")
    client = create_app(folder.path).test_client()
    address = next(
        link.attributes["href"] or ""
        for link in Page(client.get("/").text).css("link[rel=stylesheet]")
        if "colours.css" in (link.attributes["href"] or "")
    )
    assert client.get(address).cache_control.immutable
    for other in ("/colours.css", "/colours.css?v=old"):
        assert client.get(other).text == client.get(address).text
        assert client.get(other).headers["Cache-Control"] == "no-cache"


def test_without_colours_no_stylesheet_of_them_is_asked_for(folder: ArchiveFolder) -> None:
    assert "colours.css" not in create_app(folder.path).test_client().get("/").text


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('accent = "red"', "accent"),
        ("accent = 5", "accent"),
        ('accent = "#ffcc00"', "4.5:1"),
        ('accent_dark = "#8a1c1f"', "4.5:1"),
        ('footer = ""', "footer"),
        ("publisher = 7", "publisher"),
    ],
)
def test_wrong_settings_are_told_with_their_file(folder: ArchiveFolder, line: str, reason: str) -> None:
    folder.settings_file.write_text(line + "\n")
    with pytest.raises(SettingsWrong, match=reason) as caught:
        create_app(folder.path)
    assert str(folder.settings_file) in str(caught.value)


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_colours_are_checked_against_those_of_the_stylesheet() -> None:
    style = STYLE.read_text(encoding="utf-8")
    light, dark = style.split("@media (prefers-color-scheme: dark)")[:2]
    for names, papers, rules in (
        (("paper", "raised", "warn"), LIGHT, light),
        (("paper", "raised", "warn", "on-accent"), DARK, dark),
    ):
        for name, colour in zip(names, papers, strict=False):
            assert f"--{name}: {colour};" in rules


def test_settings_of_flask_are_read_from_the_environment(
    folder: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELISIK_TRUSTED_HOSTS", '["arsip.example"]')
    monkeypatch.setenv("TELISIK_PROXIES", "1")
    client = create_app(folder.path).test_client()
    assert client.get("/", headers={"Host": "jahat.example"}).status_code == 400
    sent = {"Host": "10.0.0.1", "X-Forwarded-Host": "arsip.example", "X-Forwarded-Proto": "https"}
    answer = client.get("/search.json?q=panen", headers=sent)
    assert answer.get_json()["hits"][0]["link"] == "https://arsip.example/articles/a/1"


def test_health_is_told_at_any_host(folder: ArchiveFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    for hosts in ('["arsip.example"]', '[".arsip.example", "lain.example"]'):
        monkeypatch.setenv("TELISIK_TRUSTED_HOSTS", hosts)
        client = create_app(folder.path).test_client()
        at = {"Host": "10.1.2.3:8080"}
        assert client.get("/healthz", headers=at).get_json()["status"] == "ok"
        assert [client.get(address, headers=at).status_code for address in ("/", "/healthz/", "/search.json")] == [
            400
        ] * 3


def test_the_icon_is_found_where_browsers_look_for_it(folder: ArchiveFolder) -> None:
    answer = create_app(folder.path).test_client().get("/favicon.ico", follow_redirects=True)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
