"""The page of an article and its other forms: what reference managers, search engines and readers take from it."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl
from warnings import catch_warnings

import rispy
from citeproc.source.bibtex import BibTeX
from citeproc.source.json import CiteProcJSON
from conftest import ArchiveMaker, ClientMaker, make_article
from flask.testing import FlaskClient
from pyld import jsonld
from selectolax.lexbor import LexborHTMLParser as Page

from index.article import Article, Correction, CorrectionKind, Status
from index.dates import WIB
from index.settings import ArchiveFolder
from web.app import create_app

DATELINE = "Bekasi, Kabar Uji - Harga beras naik.\nPedagang mengeluhkan beras."


def page_at(client: FlaskClient, address: str) -> Page:
    answer = client.get(address)
    assert answer.status_code == 200
    return Page(answer.text)


def text(page: Page, selector: str) -> str:
    (only,) = page.css(selector)
    return " ".join(only.text().split())


def meta(page: Page) -> dict[str, list[str]]:
    """Return what the page says of itself in its head, by name."""
    found: dict[str, list[str]] = {}
    for node in page.css("head meta[content]"):
        name = node.attributes.get("name") or node.attributes.get("property") or ""
        found.setdefault(name, []).append(node.attributes["content"] or "")
    return found


def linked_data(page: Page) -> dict[str, object]:
    """Return the record of schema.org in a page, its names told apart by a JSON-LD processor."""
    (script,) = page.css('script[type="application/ld+json"]')
    record = json.loads(script.text())
    assert record.pop("@context") == "https://schema.org"  # which would be fetched
    context = {"@vocab": "https://schema.org/"}
    (expanded,) = jsonld.expand({"@context": context, **record})
    assert expanded["@type"] == ["https://schema.org/NewsArticle"]
    return jsonld.compact(expanded, context)  # type: ignore[no-any-return]


# --- references


def test_each_form_of_a_reference_is_read_by_another_program(client_of: ClientMaker, tmp_path: Path) -> None:
    client = client_of(make_article(authors=("Ratna Dewi", "Tim Redaksi"), tags=("beras",)))
    answers = {suffix: client.get(f"/articles/uji-1{suffix}") for suffix in (".ris", ".bib", ".csl.json")}
    assert {suffix: answer.content_type for suffix, answer in answers.items()} == {
        ".ris": "application/x-research-info-systems; charset=utf-8",
        ".bib": "application/x-bibtex; charset=utf-8",
        ".csl.json": "application/vnd.citationstyles.csl+json; charset=utf-8",
    }
    (ris,) = rispy.loads(answers[".ris"].text)
    assert (ris["type_of_reference"], ris["title"], ris["authors"]) == (
        "NEWS",
        "Harga beras naik di pasar induk",
        ["Dewi, Ratna", "Tim Redaksi"],
    )
    assert (ris["secondary_title"], ris["date"], ris["urls"]) == (
        "Harian Uji",
        "2023/07/28/",
        ["https://uji.example/2023/07/28/harga-beras"],
    )
    (csl,) = CiteProcJSON(answers[".csl.json"].get_json(force=True)).values()
    assert (csl.type, str(csl.container_title), csl.issued.year) == ("article-newspaper", "Harian Uji", 2023)
    with catch_warnings(action="ignore"):  # it does not know all fields
        (tmp_path / "uji.bib").write_text(answers[".bib"].text, encoding="utf-8")
        (bib,) = BibTeX(str(tmp_path / "uji.bib")).values()
    assert [str(text) for text in bib.title] == ["Harga beras naik di pasar induk"]
    assert [(name.get("family"), name.get("given")) for name in bib.author] == [
        ("Dewi", "Ratna"),
        ("Tim Redaksi", None),
    ]


def test_a_reference_tells_the_day_in_the_archives_zone(client_of: ClientMaker) -> None:
    client = client_of(make_article(date=datetime(2023, 12, 31, 20, tzinfo=UTC)))
    assert "DA  - 2024/01/01/" in client.get("/articles/uji-1.ris").text
    assert "DA  - 2024/01/01/" in client.get("/search.ris?q=beras").text
    assert client.get("/list.csl.json?id=uji-1").get_json(force=True)[0]["issued"] == {"date-parts": [[2024, 1, 1]]}
    page = page_at(client, "/articles/uji-1")
    assert "(2024, January 1)" in text(page, "#reference")
    assert "rft.date=2024-01-01" in client.get("/search?q=beras").text


def test_text_in_another_language_says_so_wherever_it_stands(client_of: ClientMaker) -> None:
    others = {"language": "en", "body": "Harga beras.", "corrections": (Correction(CorrectionKind.ERRATUM, "Sic."),)}
    client = client_of(make_article(), make_article(id="uji-2", url=None, title="Rice prices: beras", **others))
    hits = page_at(client, "/search?q=beras").css(".hit")
    said = {text(hit, ".headline a"): {node.attributes["lang"] for node in hit.css("[lang]")} for hit in hits}
    assert said == {"Harga beras naik di pasar induk": {"id"}, "Rice prices: beras": {"en"}}
    for address, places in (
        ("/articles/uji-1", ".neighbours a"),
        ("/articles/uji-2", "h1, .body, .corrections [lang]"),
    ):
        assert {node.attributes["lang"] for node in page_at(client, address).css(places)} == {"en"}


def test_a_reference_is_saved_under_the_articles_id(client_of: ClientMaker) -> None:
    client = client_of(make_article(id="https://uji.example/a?b=1"))
    answer = client.get("/articles/https://uji.example/a%3Fb=1.ris")
    assert answer.headers["Content-Disposition"] == "attachment; filename=https-uji.example-a-b-1.ris"


def test_an_id_that_ends_like_a_form_comes_before_that_form(client_of: ClientMaker) -> None:
    others = [make_article(id=name, url=None, title=name) for name in ("a", "a.ris", "a.csl", "b", "b.csl")]
    client = client_of(*others)
    assert text(page_at(client, "/articles/a.ris"), "h1") == "a.ris"
    assert client.get("/articles/a.ris.ris").text.splitlines()[1] == "TI  - a.ris"
    assert client.get("/articles/b.csl.json").get_json(force=True)[0]["title"] == "b"
    assert client.get("/articles/b.csl.json.json").status_code == 404


def test_what_has_no_address_of_its_own_is_cited_by_its_page_here(
    client_of: ClientMaker, archive_folder: ArchiveFolder
) -> None:
    client_of(make_article(url=None, source=None))
    archive_folder.settings_file.write_text('publisher = "Penerbit Uji"', encoding="utf-8")
    client = create_app(archive_folder.path, language="en").test_client()
    (csl,) = client.get("/articles/uji-1.csl.json").get_json(force=True)
    assert (csl["URL"], csl["container-title"]) == ("http://localhost/articles/uji-1", "Penerbit Uji")
    assert text(page_at(client, "/articles/uji-1"), "#reference") == (
        "Dewi, R. (2023, July 28). Harga beras naik di pasar induk. Penerbit Uji. http://localhost/articles/uji-1"
    )


def test_the_publisher_stands_beside_the_newspaper(client_of: ClientMaker, archive_folder: ArchiveFolder) -> None:
    client_of(make_article())
    archive_folder.settings_file.write_text('publisher = "Penerbit Uji"', encoding="utf-8")
    client = create_app(archive_folder.path, language="en").test_client()
    for address in ("/articles/uji-1", "/search", "/list"):
        asked = "?q=beras&id=uji-1"
        ris = client.get(f"{address}.ris{asked}").text
        assert ("T2  - Harian Uji" in ris, "PB  - Penerbit Uji" in ris) == (True, True), address
        bibtex = client.get(f"{address}.bib{asked}").text
        assert ("journal = {Harian Uji}" in bibtex, "publisher = {Penerbit Uji}" in bibtex) == (True, True), address
        (csl,) = client.get(f"{address}.csl.json{asked}").get_json(force=True)
        assert (csl["container-title"], csl["publisher"]) == ("Harian Uji", "Penerbit Uji"), address
    record = linked_data(page_at(client, "/articles/uji-1"))
    assert record["publisher"]["name"] == "Penerbit Uji"
    assert record["isPartOf"] == {"@type": "Periodical", "name": "Harian Uji"}


def test_a_reference_to_a_withdrawn_article_tells_so_and_leads_to_its_tombstone(client_of: ClientMaker) -> None:
    reason = Correction(CorrectionKind.WITHDRAWAL, "Narasumber menarik keterangannya.", date(2023, 8, 1))
    withdrawn = make_article(status=Status.WITHDRAWN, corrections=(reason,), summary="Pasokan.", tags=("pasokan",))
    client = client_of(withdrawn)
    for suffix in (".ris", ".bib", ".csl.json"):
        told = client.get(f"/articles/uji-1{suffix}").text
        assert "Dicabut: Narasumber menarik keterangannya." in told
        assert "http://localhost/articles/uji-1" in told
        assert "asokan" not in told
    page = page_at(client, "/articles/uji-1")
    assert "Harga beras naik di pasar induk [Withdrawn]." in text(page, "#reference")
    assert meta(page)["robots"] == ["noindex"]
    assert meta(page)["description"] == ["This article has been withdrawn."]


def test_nothing_of_an_article_under_embargo_can_be_cited(client_of: ClientMaker) -> None:
    tomorrow = datetime.now(WIB) + timedelta(days=1)
    client = client_of(make_article(status=Status.EMBARGOED, date=tomorrow))
    for suffix in ("", ".json", ".ris", ".bib", ".csl.json"):
        assert client.get(f"/articles/uji-1{suffix}").status_code == 404


# --- what the page says of itself


def test_zotero_takes_the_page_for_a_newspaper_article(client_of: ClientMaker) -> None:
    page = page_at(client_of(make_article(authors=("Ratna Dewi", "Darmo"))), "/articles/uji-1?q=beras")
    told = meta(page)
    assert told["DC.type"] == ["newspaperArticle"]
    assert told["DC.title"] == ["Harga beras naik di pasar induk"]
    assert told["DC.creator"] == ["Ratna Dewi", "Darmo"]
    assert (told["DC.date"], told["DC.source"]) == (["2023-07-28T10:30:00+07:00"], ["Harian Uji"])
    assert (told["article:section"], told["og:url"]) == (["Ekonomi"], ["http://localhost/articles/uji-1"])
    assert not [name for name in told if name.startswith("citation_")]  # of which Zotero makes a journal article
    alternates = {node.attributes["type"]: node.attributes["href"] for node in page.css("link[rel=alternate][type]")}
    assert alternates["application/x-research-info-systems"] == "/articles/uji-1.ris"


def test_a_page_is_described_by_its_summary_or_by_how_its_text_begins(client_of: ClientMaker) -> None:
    client = client_of(
        make_article(id="a", url=None, summary="Pedagang  mengeluh."),
        make_article(id="b", url=None, body="Beras " * 90),
    )
    assert meta(page_at(client, "/articles/a"))["description"] == ["Pedagang mengeluh."]
    (begin,) = meta(page_at(client, "/articles/b"))["description"]
    assert begin.endswith("Beras …")
    assert len(begin) <= 165


def test_search_engines_read_a_news_article_with_its_corrections(client_of: ClientMaker) -> None:
    corrections = (
        Correction(CorrectionKind.ERRATUM, "Yang benar Rp12.000.", date(2023, 7, 30), "https://uji.example/ralat"),
    )
    article = make_article(
        body=DATELINE,
        people=("Siti Rahma",),
        topics=("Pasar Uji",),
        authors=("Ratna Dewi", "Tim Redaksi"),
        status=Status.CORRECTED,
        corrections=corrections,
    )
    record = linked_data(page_at(client_of(article), "/articles/uji-1"))
    assert record["headline"] == "Harga beras naik di pasar induk"
    assert (record["datePublished"], record["dateModified"]) == ("2023-07-28T10:30:00+07:00", "2023-07-30")
    assert (record["articleSection"], record["dateline"], record["inLanguage"]) == ("Ekonomi", "Bekasi", "id")
    assert record["@id"] == record["url"] == record["mainEntityOfPage"] == "http://localhost/articles/uji-1"
    assert record["sameAs"] == "https://uji.example/2023/07/28/harga-beras"
    assert record["author"] == [
        {"@type": "Person", "name": "Ratna Dewi"},
        {"@type": "Organization", "name": "Tim Redaksi"},
    ]
    assert record["publisher"] == {"@type": "NewsMediaOrganization", "name": "Harian Uji"}
    assert record["isPartOf"] == {"@type": "Periodical", "name": "Harian Uji"}
    assert record["mentions"] == {
        "@type": "Person",
        "name": "Siti Rahma",
        "url": "http://localhost/people/siti-rahma",
    }
    assert record["correction"] == {
        "@type": "CorrectionComment",
        "name": "Erratum",
        "text": "Yang benar Rp12.000.",
        "datePublished": "2023-07-30",
        "url": "https://uji.example/ralat",
    }


def test_a_person_is_the_one_that_the_archivists_file_says(
    archive_folder: ArchiveFolder, client_of: ClientMaker
) -> None:
    client = client_of(make_article(people=("Siti Rahma",)))
    archive_folder.people.write_text("slug,name,wikidata\nsiti-rahma,Siti Rahma,Q42\n", encoding="utf-8")
    record = linked_data(page_at(client, "/articles/uji-1"))
    assert record["mentions"] == {
        "@type": "Person",
        "name": "Siti Rahma",
        "url": "http://localhost/people/siti-rahma",
        "sameAs": "https://www.wikidata.org/entity/Q42",
    }


def test_a_correction_to_come_has_not_changed_the_article(client_of: ClientMaker) -> None:
    tomorrow = (datetime.now(WIB) + timedelta(days=2)).date()
    planned = make_article(corrections=(Correction(CorrectionKind.REPLY, "Menyusul.", tomorrow),))
    record = linked_data(page_at(client_of(planned), "/articles/uji-1"))
    assert record["dateModified"] == "2023-07-28T10:30:00+07:00"


def test_no_text_ends_the_record_in_the_page(client_of: ClientMaker) -> None:
    title = "</script><script>alert(1)</script> <!-- & 'x' \u2028"
    page = page_at(client_of(make_article(title=title)), "/articles/uji-1")
    assert linked_data(page)["headline"] == make_article(title=title).title
    assert len(page.css("script:not([src])")) == 1


# --- reading


def test_one_match_needs_no_bar(client_of: ClientMaker) -> None:
    client = client_of(make_article(title="Beras", body="Beras habis. Gudang kosong."))
    assert len(page_at(client, "/articles/uji-1?q=beras").css("template.match-bar")) == 1
    one = page_at(client, "/articles/uji-1?q=gudang")
    assert (len(one.css("mark")), len(one.css("template.match-bar"))) == (1, 0)


def test_every_place_that_matches_has_a_number_and_a_link(client_of: ClientMaker) -> None:
    client = client_of(make_article())
    page = page_at(client, "/articles/uji-1?q=beras+pasar")
    marks = {node.attributes["id"]: node.text() for node in page.css("mark")}
    links = {(node.attributes["href"] or "")[1:]: node.text() for node in page.css(".matches li a")}
    assert list(marks) == list(links) == [f"match-{n}" for n in range(1, 5)]
    assert [words.split()[1] for words in links.values()] == list(marks.values()) == ["beras", "pasar"] * 2
    assert text(page, ".matches summary") == "4 places match"
    plain = page_at(client, "/articles/uji-1")
    assert plain.css("mark, .matches, template.match-bar") == []


def test_of_very_many_places_the_first_hundred_have_links(client_of: ClientMaker) -> None:
    page = page_at(client_of(make_article(body="beras " * 150)), "/articles/uji-1?q=beras")
    assert len(page.css("mark")) == 151
    assert len(page.css(".matches li")) == 100
    assert "151 places match" in text(page, ".matches summary")


def test_the_dateline_tells_place_and_source_of_what_names_none(client_of: ClientMaker) -> None:
    client = client_of(make_article(source=None, body=DATELINE))
    page = page_at(client, "/articles/uji-1")
    facts = page.css(".article header .facts a[href^='/search']")
    assert [node.text() for node in facts] == ["Bekasi", "Kabar Uji"]
    for node in facts:
        assert "Harga beras naik" in text(page_at(client, node.attributes["href"] or ""), ".headline")


def test_the_place_of_a_dateline_is_told_without_the_newspaper_beside_it(client_of: ClientMaker) -> None:
    client = client_of(make_article(source="Pelita Contoh", body="BEKASI, Pelita Contoh – Harga beras naik."))
    (place, source) = page_at(client, "/articles/uji-1").css(".article header .facts a[href^='/search']")
    assert (place.text(), source.text()) == ("Bekasi", "Pelita Contoh")
    assert "Harga beras naik" in text(page_at(client, place.attributes["href"] or ""), ".headline")


def test_corrections_have_their_time_for_programs_too(client_of: ClientMaker) -> None:
    reply = Correction(CorrectionKind.REPLY, "Dinas membantah.", datetime(2023, 8, 1, 8, 0, tzinfo=WIB))
    page = page_at(client_of(make_article(corrections=(reply,))), "/articles/uji-1")
    (told,) = page.css(".corrections time")
    assert told.attributes["datetime"] == "2023-08-01T08:00:00+07:00"


# --- neighbours in the section


def in_sections() -> list[Article]:
    """Return articles of two sections; three of one have the same day, one has no day, one no section."""
    made: list[tuple[str, str | None, date | None]] = [
        ("h1", "Hukum", date(2023, 1, 1)),
        ("h3", "hukum", date(2023, 1, 2)),
        ("h2", "Hukum", date(2023, 1, 2)),
        ("h4", "Hukum", date(2023, 1, 2)),
        ("e1", "Ekonomi", date(2023, 1, 2)),
        ("h5", "Hukum", datetime(2023, 1, 2, 9, 0, tzinfo=WIB)),
        ("h0", "Hukum", None),
        ("n1", None, date(2023, 1, 2)),
        ("h6", "Hukum", date(2024, 1, 1)),
    ]
    return [make_article(id=name, url=None, title=name, section=section, date=day) for name, section, day in made]


def test_readers_go_through_a_section_by_time_and_every_article_comes_once(archive_with: ArchiveMaker) -> None:
    archive = archive_with(*in_sections())
    order = ["h1", "h2", "h3", "h4", "h5", "h6"]
    for before, here, after in zip([None, *order[:-1]], order, [*order[1:], None], strict=True):
        article = archive.article(here)
        assert article is not None
        found = [headline and headline.article_id for headline in archive.neighbours(article)]
        assert found == [before, after]
    for alone in ("e1", "h0", "n1"):
        article = archive.article(alone)
        assert article is not None
        assert archive.neighbours(article) == (None, None)


def test_neighbours_are_found_across_segments_and_none_that_readers_may_not_see(
    archive_folder: ArchiveFolder, client_of: ClientMaker
) -> None:
    tomorrow = datetime.now(WIB) + timedelta(days=1)
    client_of(
        *in_sections()[:1], make_article(id="x", url=None, section="Hukum", date=tomorrow, status=Status.EMBARGOED)
    )
    page = page_at(client_of(*in_sections()[1:]), "/articles/h6")
    links = {node.attributes["rel"]: node.attributes["href"] for node in page.css(".neighbours a")}
    assert links == {"prev": "/articles/h5"}
    assert text(page, ".neighbours .prev span") == "Previous in the section Hukum"


# --- lists of hits


def test_a_hit_is_a_newspaper_article_for_reference_managers() -> None:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from index.dates import DEFAULT_ZONE, day_of, iso

    env = Environment(loader=PackageLoader("web"), undefined=StrictUndefined, autoescape=True, trim_blocks=True)
    env.filters.update(iso=iso, day=lambda moment: day_of(moment, DEFAULT_ZONE))
    late = datetime(2023, 7, 27, 20, tzinfo=UTC)  # and the day after in Jakarta
    article = make_article(date=late, title='Beras & "gula" = mahal+', authors=("Ratna Dewi", "Darmo"))
    span = Page(str(env.get_template("_coins.html").module.coins(article, article.title, "https://uji.example/a?b=1")))
    told = parse_qsl(span.css_first("span.Z3988").attributes["title"] or "")
    assert [value for name, value in told if name == "rft.au"] == ["Ratna Dewi", "Darmo"]
    assert (
        dict(told).items()
        >= {
            "rft_val_fmt": "info:ofi/fmt:kev:mtx:dc",
            "rft.type": "newspaperArticle",
            "rft.title": 'Beras & "gula" = mahal+',
            "rft.source": "Harian Uji",
            "rft.date": "2023-07-28",
            "rft.identifier": "https://uji.example/a?b=1",
        }.items()
    )
