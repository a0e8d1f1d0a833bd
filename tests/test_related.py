"""The articles nearest to one, and how pages and JSON show them and the versions of a story."""

import json
import re
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import ArchiveMaker, fill, make_article
from flask.testing import FlaskClient
from test_likeness import CHANGES, lines, story

from index.article import Status
from index.dates import WIB
from index.messages import use_language
from index.settings import ArchiveFolder
from index.store import ArticleStore
from search.archive import Archive
from search.related import RELATED
from web.app import create_app
from web.cli import main

article = partial(make_article, url=None, section=None)

BRIDGE = "Jembatan gantung Kalimati putus diterjang arus. Bupati meninjau jembatan Kalimati dan berjanji membangunnya kembali."
BRIDGE_AGAIN = "Pembangunan jembatan Kalimati dimulai pekan depan, kata bupati; arus sungai sudah surut."
MATCH = "Kesebelasan Uji menang dua gol. Pelatih memuji penjaga gawang Kesebelasan Uji setelah pertandingan."


def related_ids(archive: Archive, article_id: str, size: int = RELATED) -> list[str]:
    return [headline.article_id for headline in archive.related(article_id, size)]


def test_the_nearest_article_is_about_the_same_whatever_its_words_are_bent_to(archive_with: ArchiveMaker) -> None:
    archive = archive_with(
        article(id="jembatan", title="Jembatan Kalimati putus", body=BRIDGE),
        article(id="lagi", title="Bupati bangun jembatan", body=BRIDGE_AGAIN),
        article(id="bola", title="Kesebelasan Uji menang", body=MATCH),
        article(id="bola2", title="Latihan Kesebelasan Uji", body="Pelatih Kesebelasan Uji menyiapkan pertandingan."),
    )
    assert related_ids(archive, "jembatan", 1) == ["lagi"]
    assert related_ids(archive, "bola", 1) == ["bola2"]
    headline = archive.related("jembatan", 1)[0]
    assert (headline.title, headline.source) == ("Bupati bangun jembatan", "Harian Uji")


def test_neither_itself_nor_versions_nor_what_is_hidden_are_related(
    archive_with: ArchiveMaker, archive_folder: ArchiveFolder
) -> None:
    later = datetime.now(WIB) + timedelta(days=9)
    text = story(1)
    other = "\n".join([*lines(story(2)), *lines(text)[:4]])
    archive = archive_with(
        article(id="a", title="Kabar", body=text),
        article(id="b", title="Kabar", body=CHANGES["the last third cut"](text)),
        article(id="dekat", title="Kabar", body=other, date=date(2023, 1, 2)),
        article(id="dekat juga", title="Kabar", body=other, date=date(2023, 1, 1)),
        article(id="rahasia", title="Kabar", body=other, status=Status.EMBARGOED, date=later),
        article(id="jauh", title="Lain", body=story(3, 2)),
    )
    assert [headline.article_id for headline in archive.versions("a")] == ["b"]
    assert related_ids(archive, "a")[0] == "dekat", "of two versions of another story the better one"
    assert set(related_ids(archive, "a")) == {"dekat", "jauh"}
    assert related_ids(archive, "rahasia") == []
    with ArticleStore(archive_folder.store) as store:
        store.delete("dekat")
    assert set(related_ids(archive, "a")) == {"jauh"}, "deleted since it was indexed"


def test_an_article_without_words_of_its_own_has_none_related(archive_with: ArchiveMaker) -> None:
    archive = archive_with(
        article(id="a", title="2023", body=""),
        article(id="tarik", title="Jembatan putus", body=BRIDGE, status=Status.WITHDRAWN),
        article(id="jembatan", title="Jembatan putus", body=BRIDGE),
    )
    assert related_ids(archive, "a") == related_ids(archive, "tarik") == related_ids(archive, "tidak ada") == []


def test_an_archive_without_an_index_still_shows_its_articles(archive_folder: ArchiveFolder) -> None:
    with ArticleStore(archive_folder.store) as store:
        store.put(article(id="a", title="Jembatan putus", body=BRIDGE))
    client = create_app(archive_folder.path, language="en").test_client()
    assert client.get("/articles/a").status_code == 200
    assert ">Jembatan</mark>" in client.get("/articles/a?q=jembatan").text
    record = client.get("/articles/a.json").get_json()
    assert record["related"] == record["versions"] == []


# --- pages


@pytest.fixture
def client(archive_folder: ArchiveFolder) -> FlaskClient:
    text = story(1)
    shorter = CHANGES["the last third cut"](text)
    follows = "\n".join([story(2), *lines(text)[:3]])
    articles = [
        article(id="a", title="Pasar kebakaran", body=text, date=date(2023, 1, 5)),
        article(id="b/2", title="Pasar terbakar", body=shorter, date=date(2023, 1, 6), source="Kabar Uji"),
        article(id="c", title="Pedagang pasar mengungsi", body=follows, date=date(2023, 1, 7)),
    ]
    fill(archive_folder, articles)
    return create_app(archive_folder.path, language="en").test_client()


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_a_result_shows_a_version_in_one_line_below_the_first_and_links_to_all(client: FlaskClient) -> None:
    page = client.get("/search?q=judul:pasar").get_data(as_text=True)
    items = re.findall(r'<li class="hit[^"]*">.*?</li>\s*(?=<li class="hit|</ol>)', page, re.DOTALL)
    assert [("folded" in item.split(">")[0], "<h2" in item) for item in items] == [
        (False, True),
        (True, False),
        (False, True),
    ]
    assert "Another version: Pasar" in text_of(items[1])
    assert "snippet" not in items[1]
    (link,) = re.findall(r'<a href="([^"]+)">1 other version', items[0])
    assert "other version" not in items[2]
    assert "versi%3A" in link


def test_the_versions_of_a_story_are_told_by_its_title_and_shown_as_hits(client: FlaskClient) -> None:
    page = client.get("/search?q=versi:b/2").get_data(as_text=True)
    assert "2 versions of the story Pasar terbakar found." in text_of(page)
    assert page.count('<h2 class="headline">') == 2
    assert "folded" not in page
    assert "other version" not in page
    assert "2 articles found that contain" in text_of(client.get("/search?q=versi:a+terbakar").get_data(as_text=True))
    assert "No article contains" in text_of(client.get("/search?q=versi:tidak-ada").get_data(as_text=True))


def test_a_page_in_indonesian_says_versi_lain(archive_folder: ArchiveFolder, client: FlaskClient) -> None:
    indonesian = create_app(archive_folder.path, language="id").test_client()
    assert "1 versi lain" in text_of(indonesian.get("/search?q=judul:pasar").get_data(as_text=True))
    page = text_of(indonesian.get("/articles/a").get_data(as_text=True))
    assert "Versi lain berita ini Pasar terbakar Kabar Uji" in page
    assert "Berita terkait Pedagang pasar mengungsi" in page
    listed = text_of(indonesian.get("/search?q=versi:a").get_data(as_text=True))
    assert "Ditemukan 2 versi berita Pasar kebakaran ." in listed
    use_language("en")


def test_the_json_of_a_result_counts_versions_and_links_to_them(
    client: FlaskClient, archive_folder: ArchiveFolder
) -> None:
    hits = {hit["id"]: hit for hit in client.get("/search.json?q=judul:pasar").get_json()["hits"]}
    assert {name: hit["versions"] for name, hit in hits.items()} == {"a": 1, "b/2": 1, "c": 0}
    assert hits["c"]["versions_link"] is None
    linked = client.get(hits["b/2"]["versions_link"]).get_json()
    assert {hit["id"] for hit in linked["hits"]} == {"a", "b/2"}
    said = CliRunner().invoke(main, ["--archive", str(archive_folder.path), "search", "versi:a", "--json"])
    assert [(hit["versions"], hit["versions_link"]) for hit in json.loads(said.stdout)["hits"]] == [(1, None)] * 2


def test_an_article_lists_its_versions_and_what_is_related(client: FlaskClient) -> None:
    page = client.get("/articles/a").get_data(as_text=True)
    headings = re.findall(r"<h([1-6])[^>]*>(.*?)</h", page)
    assert headings == [("1", "Pasar kebakaran"), ("2", "Other versions of this story"), ("2", "Related articles")]
    lists = re.findall(
        r'<section class="like" aria-labelledby="(\w+)">\s*<h2 id="\1">.*?<ul>(.*?)</ul>', page, re.DOTALL
    )
    assert [(name, re.findall(r'href="([^"]+)"', items)) for name, items in lists] == [
        ("versions", ["/articles/b/2"]),
        ("related", ["/articles/c"]),
    ]
    record = client.get("/articles/a.json").get_json()
    assert [(v["id"], v["title"], v["date"]) for v in record["versions"]] == [("b/2", "Pasar terbakar", "2023-01-06")]
    assert [(r["id"], r["link"]) for r in record["related"]] == [("c", "http://localhost/articles/c")]


def test_an_article_by_itself_has_no_empty_headings(archive_with: ArchiveMaker, archive_folder: ArchiveFolder) -> None:
    archive_with(article(id="a", title="Jembatan putus", body=BRIDGE))
    page = create_app(archive_folder.path, language="en").test_client().get("/articles/a").get_data(as_text=True)
    assert "<h2" not in page


def test_related_articles_are_mostly_of_the_same_section(data: Path, archive_folder: ArchiveFolder) -> None:
    """Real articles of three sections: what is nearest to one is nearly always of its own."""
    sections: dict[str, str] = {}
    articles = []
    with (data / "news" / "tribun2018.jsonl").open(encoding="utf-8") as records:
        for record in map(json.loads, records):
            sections[record["id"]] = record["section"]
            articles.append(article(id=record["id"], title=record["title"], body=record["body"]))
    fill(archive_folder, articles, batch=2_000)
    archive = Archive(archive_folder.path)
    pairs = [(asked, near) for asked in list(sections)[::50] for near in related_ids(archive, asked)]
    archive.close()
    assert len(pairs) > 140
    assert sum(sections[asked] == sections[near] for asked, near in pairs) / len(pairs) > 0.9  # a third by chance
