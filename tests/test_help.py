"""The help page: its examples are searches of this archive, with what they find."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import ArchiveMaker, ClientMaker, make_article
from selectolax.lexbor import LexborHTMLParser as Page

from index.article import Article
from search.archive import Archive
from web.help import Example, help_chapters

LONG = "Komisi Pemberantasan Korupsi (KPK) memeriksa Bambang soal dana desa."


def articles() -> list[Article]:
    named = {"people": ("Bambang Suroso",), "authors": ("Wulan Prameswari",), "section": "Hukum dan HAM"}
    return [
        make_article(
            id=f"uji-{n}",
            url=None,
            title="Sidang dana desa",
            body=LONG if n < 5 else "Soal dana.",
            date=date(2021, 5, n),
            **named,
        )
        for n in range(1, 8)
    ] + [
        make_article(
            id="uji-9", url=None, title="Pasar", body="Soeharto datang, lalu Soeharto pergi.", date=date(2020, 1, 1)
        )
    ]


def examples_of(archive: Archive) -> dict[str, Example]:
    return {example.typed: example for chapter in help_chapters(archive) for example in chapter.examples}


def test_examples_are_of_what_the_archive_has(archive_with: ArchiveMaker) -> None:
    examples = examples_of(archive_with(*articles()))
    assert {
        '"dana desa"': 7,
        "dana -desa": 0,
        "judul:dana": 7,
        'rubrik:"Hukum dan HAM"': 7,
        'penulis:"Wulan Prameswari"': 7,
        'tokoh:"Bambang Suroso"': 7,
        "bambang~": 4,
        "tanggal:2020..2021": 8,
        "tanggal:2021-05-07": 1,
        'tanggal:"7 Mei 2021"': 1,
        "KPK": 4,
        "Suharto": 1,
    }.items() <= {typed: example.count for typed, example in examples.items()}.items()
    assert "Also searched: Komisi Pemberantasan Korupsi" in examples["KPK"].meaning
    assert "Soeharto" in examples["Suharto"].meaning


def test_each_example_leads_to_as_many_articles_as_it_tells(client_of: ClientMaker) -> None:
    client = client_of(*articles())
    rows = [row for row in Page(client.get("/help").text).css(".help dl > div") if row.css("code")]
    assert len(rows) > 20
    for row in rows:
        link = row.css_first("a").attributes["href"] or ""
        (typed,) = parse_qs(urlsplit(link).query)["q"]
        answer = client.get("/search.json", query_string={"q": typed}).json
        assert answer is not None
        assert row.css_first(".number").text().split()[0] == str(answer["total"]), typed
        assert row.css_first("code").text() == typed


def test_an_empty_archive_has_examples_that_find_nothing(client_of: ClientMaker) -> None:
    page = client_of().get("/help")
    assert page.status_code == 200
    assert {cell.text() for cell in Page(page.text).css("dd.number")} == {"0 articles"}


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_link_of_the_page_leads_somewhere(client_of: ClientMaker, language: str) -> None:
    client = client_of(*articles(), language=language)
    links = {link.attributes["href"] or "" for link in Page(client.get("/help").text).css(".help a")}
    assert {"/search/advanced", "/coverage", "/trends", "/compare", "/batch", "/people/", "/topics/"} <= links
    assert {client.get(link).status_code for link in links} == {200}
