"""The help page: its examples are searches of this archive, with what they find."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import ArchiveMaker, ClientMaker, make_article
from selectolax.lexbor import LexborHTMLParser as Page

from index.article import Article
from index.messages import use_language
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
        "title:dana": 7,
        'section:"Hukum dan HAM"': 7,
        'author:"Wulan Prameswari"': 7,
        'person:"Bambang Suroso"': 7,
        "bambang~": 4,
        "date:2020..2021": 8,
        "date:2021-05-07": 1,
        'date:"7 May 2021"': 1,
        'date:"May 2021"': 7,
        "KPK": 4,
        "Suharto": 1,
    }.items() <= {typed: example.count for typed, example in examples.items()}.items()
    assert all(example.count for example in examples.values())
    assert "dana -desa" not in examples  # both words are in the same articles
    assert "Also searched: Komisi Pemberantasan Korupsi" in examples["KPK"].meaning
    assert "Soeharto" in examples["Suharto"].meaning


def test_examples_have_the_names_of_the_readers_language_and_words_of_this_archive(archive_with: ArchiveMaker) -> None:
    use_language("id")
    body = "Badan Urusan Pangan Kota (BUPK) memeriksa Soerjo Tjokro soal dana desa."
    named = {"people": ("Soerjo Tjokro",), "url": None, "title": "Sidang dana desa"}
    archive = archive_with(*(make_article(id=f"u-{n}", body=body, date=date(2021, 5, n), **named) for n in range(1, 6)))
    examples = examples_of(archive)
    assert {"judul:dana": 5, "BUPK": 5, 'tanggal:"Mei 2021"': 5}.items() <= {
        t: e.count for t, e in examples.items()
    }.items()
    (spelled,) = [example for example in examples.values() if "ejaan lain" in example.meaning]
    assert "Soerjo" in spelled.meaning
    assert spelled.count == 5
    assert not {"KPK", "Suharto"} & examples.keys()


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
