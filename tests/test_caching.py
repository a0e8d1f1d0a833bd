"""What browsers and proxies may keep of answers, how they learn that it is still right, and how answers are packed."""

import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from conftest import ClientMaker, fill, make_article
from flask import Flask
from flask.testing import FlaskClient

import search.whoosh_engine
from index.article import Status
from index.settings import ArchiveFolder
from index.store import ArticleStore
from search.archive import Archive
from web.app import create_app, mount
from web.site import asset

ADDRESSES = [
    "/", "/search?q=beras", "/search.json?q=beras", "/search.csv?q=beras", "/search.atom", "/search.rss", "/articles/uji-1",
    "/articles/uji-1.json", "/articles/uji-1.ris", "/people/", "/people.csv", "/people/siti-rahma", "/people/siti-rahma.rss",
    "/topics/pangan.csv", "/compare?q=beras", "/compare.json?q=beras", "/suggest?q=ber", "/help", "/coverage", "/trends",
    "/opensearch.xml", "/sitemap.xml", "/sitemap-1.xml", "/robots.txt", "/openapi.json", "/batch",
]  # fmt: skip


@pytest.fixture
def reader(client_of: ClientMaker) -> FlaskClient:
    return client_of(make_article(people=("Siti Rahma",), topics=("Pangan",)))


def tag_of(client: FlaskClient, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.headers["ETag"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_answer_that_is_still_right_is_not_sent_again(reader: FlaskClient, address: str) -> None:
    first = reader.get(address)
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "no-cache")
    tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    for method in ("GET", "HEAD"):
        again = reader.open(address, method=method, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
        assert (again.headers["ETag"], again.headers["Cache-Control"]) == (tag, "no-cache")
        assert {"Cookie", "Accept-Encoding"} <= set(again.vary)
    assert reader.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    assert reader.get(address, headers={"If-None-Match": "*"}).status_code == 304


def test_nothing_is_searched_for_an_answer_that_is_still_right(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = tag_of(reader, "/search.json?q=beras")

    def search(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Archive, "search", search)
    assert reader.get("/search.json?q=beras", headers={"If-None-Match": tag}).status_code == 304


def test_all_workers_give_an_answer_the_same_tag(archive_folder: ArchiveFolder) -> None:
    fill(archive_folder, [make_article()])
    workers = [create_app(archive_folder.path).test_client() for _ in range(2)]
    one, other = (tag_of(worker, "/search?q=beras") for worker in workers)
    assert one == other


def add_article(folder: ArchiveFolder) -> None:
    fill(folder, [make_article(id="uji-2", url=None, title="Beras lain")])


def withdraw(folder: ArchiveFolder) -> None:
    with ArticleStore(folder.store) as store:  # the page tells it before the index knows
        store.withdraw("uji-1", "Keliru.", datetime.now(UTC))


def edit_people(folder: ArchiveFolder) -> None:
    folder.people.write_text("slug,name,aliases\nsiti-rahma,Siti Rahma,\n", encoding="utf-8")


@pytest.mark.parametrize("change", [add_article, withdraw, edit_people])
@pytest.mark.parametrize("address", ["/search.json?q=beras", "/articles/uji-1", "/people/siti-rahma"])
def test_a_change_of_the_archive_is_a_new_answer(
    reader: FlaskClient, archive_folder: ArchiveFolder, address: str, change: Callable[[ArchiveFolder], None]
) -> None:
    tag = tag_of(reader, address)
    change(archive_folder)
    again = reader.get(address, headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert again.headers["ETag"] != tag


def test_the_end_of_an_embargo_is_a_new_answer(client_of: ClientMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    end = datetime.now(UTC) + timedelta(hours=1)
    reader = client_of(make_article(), make_article(id="uji-9", url=None, date=end, status=Status.EMBARGOED))
    tag = tag_of(reader, "/search.json?q=beras")
    assert reader.get("/search.json?q=beras", headers={"If-None-Match": tag}).status_code == 304
    monkeypatch.setattr(search.whoosh_engine.time, "time", lambda: end.timestamp() + 1)
    again = reader.get("/search.json?q=beras", headers={"If-None-Match": tag})
    assert (again.status_code, again.get_json()["total"]) == (200, 2)


def test_what_a_new_tag_stands_for_is_counted_after_the_end_of_the_embargo(
    client_of: ClientMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = (datetime.now(UTC) + timedelta(hours=1)).replace(second=30, microsecond=0)
    embargoed = make_article(
        id="uji-9", url=None, date=end, status=Status.EMBARGOED, people=("Siti Rahma",), topics=("Pangan",)
    )
    reader = client_of(make_article(), embargoed)
    for seconds, articles in ((-1, 1), (0, 2)):  # within one minute
        moment = end.timestamp() + seconds
        monkeypatch.setattr(search.whoosh_engine.time, "time", lambda moment=moment: moment)
        assert reader.get("/coverage.json").get_json()["articles"] == articles
        for address in ("/people/siti-rahma.json", "/topics/pangan.json"):
            assert reader.get(address).get_json().get("articles", 0) == articles - 1


def test_other_settings_are_another_answer(archive_folder: ArchiveFolder) -> None:
    fill(archive_folder, [make_article()])
    tag = tag_of(create_app(archive_folder.path).test_client(), "/help")
    archive_folder.settings_file.write_text('title = "Arsip Uji"', encoding="utf-8")
    assert tag_of(create_app(archive_folder.path).test_client(), "/help") != tag


def test_another_template_is_another_answer(archive_folder: ArchiveFolder) -> None:
    fill(archive_folder, [make_article()])
    tag = tag_of(create_app(archive_folder.path).test_client(), "/help")
    archive_folder.templates.mkdir()
    archive_folder.templates.joinpath("help.html").write_text("Bantuan", encoding="utf-8")
    assert tag_of(create_app(archive_folder.path).test_client(), "/help") != tag


def test_a_template_that_is_edited_is_told_at_once(reader: FlaskClient, archive_folder: ArchiveFolder) -> None:
    tag = tag_of(reader, "/help")
    archive_folder.templates.mkdir()
    for words in ("Bantuan", "Panduan"):
        archive_folder.templates.joinpath("help.html").write_text(f"{words} baru", encoding="utf-8")
        answer = reader.get("/help", headers={"If-None-Match": tag})
        assert (answer.status_code, answer.text) == (200, f"{words} baru")
        tag = answer.headers["ETag"]


def test_a_template_of_the_site_that_holds_the_archive_is_another_answer(
    tmp_path: Path, archive_folder: ArchiveFolder
) -> None:
    fill(archive_folder, [make_article()])
    site = Flask("newsroom", root_path=str(tmp_path))
    mount(site, archive_folder.path)
    tag = tag_of(site.test_client(), "/help")
    own = tmp_path / "templates" / "telisik"
    own.mkdir(parents=True)
    (own / "help.html").write_text("Bantuan", encoding="utf-8")
    assert site.test_client().get("/help", headers={"If-None-Match": tag}).text == "Bantuan"


def test_who_asks_otherwise_gets_another_tag(reader: FlaskClient) -> None:
    usual = tag_of(reader, "/search?q=beras")
    without_jar = reader.application.test_client(use_cookies=False)
    others = [
        tag_of(reader, "/search?q=gula"),
        tag_of(reader, "/search?q=beras&lang=id"),  # and keeps a cookie from here on
        tag_of(reader, "/search?q=beras"),
        tag_of(reader, "/search?q=beras", Host="lain.example"),
        tag_of(without_jar, "/search?q=beras", Cookie="lang=id; telisik_list=id%3Duji-1"),
    ]
    assert len({usual, *others}) == 6


@pytest.mark.parametrize(
    "address",
    ["/search.json?page=x", "/articles/nihil", "/people/nihil.rss", "/nihil", "/static/nihil.css", "/healthz"],
)
def test_what_may_change_at_once_has_no_tag(reader: FlaskClient, address: str) -> None:
    answer = reader.get(address, headers={"Accept-Encoding": "gzip"})
    assert "ETag" not in answer.headers
    assert address == "/nihil" or answer.cache_control.no_cache or answer.cache_control.no_store
    assert reader.get(address, headers={"If-None-Match": "*"}).status_code == answer.status_code


def test_what_sets_a_cookie_is_done_again(reader: FlaskClient) -> None:
    answer = reader.get("/list/add.json?id=uji-1")
    assert answer.headers["Set-Cookie"]
    assert answer.cache_control.no_store
    assert "ETag" not in answer.headers


def test_an_archive_out_of_order_is_no_answer_to_keep(reader: FlaskClient, archive_folder: ArchiveFolder) -> None:
    tag = tag_of(reader, "/search.json?q=beras")
    for path in archive_folder.generations.rglob("*.toc"):
        path.write_bytes(b"")
    archive_folder.generations.rename(archive_folder.path / "elsewhere")
    answer = reader.get("/search.json?q=beras", headers={"If-None-Match": tag})
    assert (answer.status_code, "ETag" in answer.headers) == (503, False)


def test_static_files_are_kept_for_good_by_the_address_that_tells_their_content(reader: FlaskClient) -> None:
    with reader.application.test_request_context():
        address = asset("style.css")
    kept = reader.get(address, headers={"Accept-Encoding": "gzip"})
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert gzip.decompress(kept.data) == reader.get(address).data
    for other in ("/static/style.css", "/static/style.css?v=0123456789"):
        assert reader.get(other).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("address", [a for a in ADDRESSES if not a.endswith((".csv", ".txt", ".ris", "ber"))])
def test_texts_are_packed_for_who_can_unpack_them(reader: FlaskClient, address: str) -> None:
    plain = reader.get(address)
    assert "Content-Encoding" not in plain.headers
    sent = reader.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert "Accept-Encoding" in sent.vary
    if len(plain.data) < 512 and "sitemap" not in address:  # whose length is not known when it is begun
        assert sent.data == plain.data
        return
    assert sent.headers["Content-Encoding"] == "gzip"
    if "took_ms" not in plain.text:
        assert gzip.decompress(sent.data) == plain.data
    if "Content-Length" in sent.headers:
        assert int(sent.headers["Content-Length"]) == len(sent.data)
    refused = reader.get(address, headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


def test_what_archivists_see_is_neither_kept_nor_packed(desk: FlaskClient) -> None:
    for address in ("/people/hadi-wirjawan", "/archivist/people/"):
        answer = desk.get(address, headers={"Accept-Encoding": "gzip", "If-None-Match": "*"})
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        assert "ETag" not in answer.headers
        assert "Content-Encoding" not in answer.headers


def test_a_part_of_another_application_has_tags_and_the_rest_of_it_none(archive_folder: ArchiveFolder) -> None:
    fill(archive_folder, [make_article()])
    app = Flask("host")
    app.config["SECRET_KEY"] = "kunci"
    app.add_url_rule("/about", "about", lambda: "About us. " * 100)
    mount(app, archive_folder.path, url_prefix="/arsip", language="en")
    reader = app.test_client()
    tag = tag_of(reader, "/arsip/search?q=beras")
    assert reader.get("/arsip/search?q=beras", headers={"If-None-Match": tag}).status_code == 304
    answer = reader.get("/about", headers={"Accept-Encoding": "gzip"})
    assert not {"ETag", "Content-Encoding", "Vary"} & set(answer.headers.keys())
    assert tag_of(reader, "/arsip/search?q=beras&lang=id") != tag


def test_the_day_counts(reader: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = tag_of(reader, "/search?q=kemarin")
    monkeypatch.setattr(Archive, "today", lambda _self: date(2031, 1, 1))
    assert tag_of(reader, "/search?q=kemarin") != tag
