"""The pages of persons and topics, and the links to them on all other pages."""

from datetime import date
from string import ascii_uppercase

import pytest
from conftest import ClientMaker, fill, make_article
from flask.testing import FlaskClient
from reading import link, page_at, text, texts

from index.article import Article, Status
from index.settings import ArchiveFolder
from web.app import create_app
from web.directories import PER_PAGE

PEOPLE = (
    "slug,name,aliases,role,wikidata,note,status\n"
    "siti-rahma,Siti Rahma,Bu Rahma,Bupati Pantai Barat,Q42,Menjabat sejak 2012.,\n"
    "balai-kota,Balai Kota,,,,,refused\n"
)
TOPICS = "slug,label,code,query,sections\npasar,Pasar,medtop:20000000,pasar induk,niaga\n"


@pytest.fixture
def client_of(archive_folder: ArchiveFolder) -> ClientMaker:
    """Return a function that serves an archive of these articles, with a person and a topic in its files."""

    def make(*articles: Article, language: str = "en") -> FlaskClient:
        archive_folder.path.mkdir(exist_ok=True)
        archive_folder.people.write_text(PEOPLE, encoding="utf-8")
        archive_folder.topics.write_text(TOPICS, encoding="utf-8")
        fill(archive_folder, articles)
        return create_app(archive_folder.path, language=language).test_client()

    return make


def story(number: int, *people: str, **changes: object) -> Article:
    fields: dict[str, object] = {
        "id": f"uji-{number}",
        "url": None,
        "title": f"Rapat ke-{number}",
        "body": "Rapat di balai kota membahas anggaran.",
        "date": date(2010 + number, 3, 1),
        "people": people,
    }
    return make_article(**(fields | changes))


def several() -> list[Article]:
    """Return eight years of stories: one person in all, another one in each second, a third in one."""
    return [
        story(
            n,
            "Siti Rahma" if n < 8 else "Bu Rahma",
            *(["Budi Hartono"] if n % 2 else []),
            *(["Cici"] if n == 1 else []),
        )
        for n in range(1, 9)
    ]


def headlines(client: FlaskClient, address: str) -> list[str]:
    return texts(page_at(client, address), ".headline")


# --- the page


def test_a_persons_page_tells_who_it_is(client_of: ClientMaker) -> None:
    page = page_at(client_of(*several()), "/people/siti-rahma")
    assert text(page, "h1") == "Siti Rahma"
    assert text(page, ".role") == "Bupati Pantai Barat"
    assert text(page, ".standfirst") == "Menjabat sejak 2012."
    facts = dict(zip(texts(page, ".entry-facts dt"), texts(page, ".entry-facts dd"), strict=True))
    assert facts == {
        "Stories": "8 articles",
        "First": "1 March 2011 Rapat ke-1",
        "Last": "1 March 2018 Rapat ke-8",
        "Also written": "Bu Rahma 1",
        "Wikidata": "Q42",
    }
    assert link(page, ".entry-facts a", "Q42") == "https://www.wikidata.org/wiki/Q42"
    assert texts(page, ".unreviewed") == []
    assert text(page, "head title") == "Siti Rahma – People – Telisik"


def test_a_candidate_is_marked_as_not_reviewed(client_of: ClientMaker) -> None:
    page = page_at(client_of(*several()), "/people/budi-hartono")
    assert text(page, ".kicker .unreviewed") == "not reviewed yet"
    assert "has not reviewed this name" in text(page, ".notice")


def test_all_stories_are_a_search_that_finds_them(client_of: ClientMaker) -> None:
    client = client_of(*several())
    page = page_at(client, "/people/budi-hartono")
    assert headlines(client, link(page, ".entry-actions a", "All stories")) == [f"Rapat ke-{n}" for n in (7, 5, 3, 1)]
    assert headlines(client, link(page, ".all a", "All, newest first")) == [f"Rapat ke-{n}" for n in (7, 5, 3, 1)]


def test_stories_by_relevance_are_a_search_for_the_names(client_of: ClientMaker) -> None:
    client = client_of(*several(), story(9, "Siti Rahma", title="Bu Rahma membuka pasar", date=date(2000, 3, 1)))
    page = page_at(client, "/people/siti-rahma")
    address = link(page, ".all a", "All, most relevant first")
    assert headlines(client, address)[0] == "Bu Rahma membuka pasar"
    assert texts(page, "[aria-labelledby=relevant] .headline") == ["Bu Rahma membuka pasar"]


def test_stories_by_relevance_are_told_where_they_are_others_than_the_newest(client_of: ClientMaker) -> None:
    page = page_at(client_of(story(1, "Siti Rahma", title="Siti Rahma hadir")), "/people/siti-rahma")
    assert texts(page, "[aria-labelledby=newest] .headline") == ["Siti Rahma hadir"]
    assert page.css("[aria-labelledby=relevant]") == []


def test_all_stories_of_a_topic_are_those_of_its_sections_too(client_of: ClientMaker) -> None:
    by_query = story(1, title="Pasar induk", date=date(2001, 1, 1))
    client = client_of(by_query, *(story(n, section="Niaga") for n in range(2, 9)))
    page = page_at(client, "/topics/pasar")
    assert link(page, "[aria-labelledby=relevant] .all a", "All stories") == "/search?topic=pasar"
    assert len(headlines(client, "/search?topic=pasar")) == 8


def test_a_list_without_the_name_leads_to_the_words(client_of: ClientMaker) -> None:
    page = page_at(client_of(*several()), "/topics/?q=zzz")
    assert link(page, ".all a", "Search these words in all articles") == "/search?q=zzz"


def test_a_bar_of_the_years_is_a_search_for_its_stories(client_of: ClientMaker) -> None:
    client = client_of(*several())
    page = page_at(client, "/people/siti-rahma")
    bars = page.css(".timeline-plot a")
    assert len(bars) == 8
    assert headlines(client, bars[2].attributes["href"] or "") == ["Rapat ke-3"]
    assert texts(page, ".entry-years a") == ["All years", *map(str, range(2018, 2010, -1))]


def test_a_year_is_shown_by_month(client_of: ClientMaker) -> None:
    client = client_of(*several(), story(20, "Siti Rahma", date=date(2013, 11, 5)))
    page = page_at(client, "/people/siti-rahma")
    year = page_at(client, link(page, ".entry-years a", "2013"))
    bars = [node.attributes["href"] or "" for node in year.css(".timeline-plot a")]
    assert [headlines(client, bar) for bar in bars] == [["Rapat ke-3"], ["Rapat ke-20"]]
    assert len(year.css(".timeline-numbers tbody tr")) == 12
    assert [node.text() for node in year.css(".entry-years a[aria-current]")] == ["2013"]
    assert link(year, ".entry-years a", "All years") == "/people/siti-rahma"


def test_few_months_are_shown_by_month_at_once(client_of: ClientMaker) -> None:
    page = page_at(client_of(story(1, "Siti Rahma"), story(2, "Siti Rahma")), "/people/siti-rahma")
    assert page.css(".entry-years") == []
    assert len(page.css(".timeline-numbers tbody tr")) == 13


@pytest.mark.parametrize("year", ["2o13", "13", "x", "0000"])
def test_a_year_that_is_none_is_an_error(client_of: ClientMaker, year: str) -> None:
    page = page_at(client_of(*several()), f"/people/siti-rahma?year={year}", 400)
    assert f"'{year}' is no year" in text(page, "[role=alert]")


def test_who_is_named_together_leads_to_the_page_and_to_the_stories_of_both(client_of: ClientMaker) -> None:
    client = client_of(*several())
    page = page_at(client, "/people/siti-rahma")
    assert texts(page, "[aria-labelledby=people] li a:first-child") == ["Budi Hartono", "Cici"]
    assert link(page, "[aria-labelledby=people] a:first-child", "Cici") == "/people/cici"
    both = [a.attributes["href"] or "" for a in page.css("[aria-labelledby=people] .both")]
    assert [len(headlines(client, address)) for address in both] == [4, 1]
    assert texts(page, ".both .unseen")[0] == "4 articles with Siti Rahma and Budi Hartono"


def test_of_two_persons_of_one_name_each_leads_to_its_own_stories(
    client_of: ClientMaker, archive_folder: ArchiveFolder
) -> None:
    client = client_of(story(1, "Siti Rahma", "Wulan Ayu"), story(2, "Siti Rahma", "Wulan Sari"))
    archive_folder.people.write_text(
        "slug,name,aliases\nsiti-rahma,Siti Rahma,\na,Wulan,Wulan Ayu\nb,Wulan,Wulan Sari\n", encoding="utf-8"
    )
    both = [
        a.attributes["href"] or "" for a in page_at(client, "/people/siti-rahma").css("[aria-labelledby=people] .both")
    ]
    assert [headlines(client, address) for address in both] == [["Rapat ke-1"], ["Rapat ke-2"]]


def test_sections_and_topics_lead_to_the_stories_of_both(client_of: ClientMaker) -> None:
    client = client_of(story(1, "Siti Rahma", section="Niaga"), story(2, "Siti Rahma"), story(3, section="Niaga"))
    page = page_at(client, "/people/siti-rahma")
    assert headlines(client, link(page, "[aria-labelledby=in-sections] a", "Niaga")) == ["Rapat ke-1"]
    assert link(page, "[aria-labelledby=topics] a:first-child", "Pasar") == "/topics/pasar"
    addresses = [a.attributes["href"] or "" for a in page.css("[aria-labelledby=topics] .both")]
    assert ["Rapat ke-1"] in [headlines(client, address) for address in addresses]


def test_comparing_begins_with_the_person(client_of: ClientMaker) -> None:
    client = client_of(*several())
    compared = page_at(client, link(page_at(client, "/people/siti-rahma"), ".entry-actions a", "Compare"))
    assert "8 articles" in text(compared, ".compared-searches li")


def test_a_topics_page_shows_its_query_to_be_edited(client_of: ClientMaker) -> None:
    client = client_of(story(1, title="Pasar induk dibuka"), story(2, "Siti Rahma", section="Niaga"), story(3))
    page = page_at(client, "/topics/pasar")
    facts = dict(zip(texts(page, ".entry-facts dt"), texts(page, ".entry-facts dd"), strict=True))
    assert facts["Query"].startswith("pasar induk")
    assert (facts["Sections in it"], facts["Code"]) == ("niaga", "medtop:20000000")
    assert link(page, ".entry-facts a", "Open in the search box") == "/search?q=pasar+induk"
    assert headlines(client, link(page, ".entry-actions a", "All stories")) == ["Rapat ke-2", "Pasar induk dibuka"]
    assert texts(page, "[aria-labelledby=people] li a:first-child") == ["Siti Rahma"]


def test_a_recorded_person_without_stories_has_a_page(client_of: ClientMaker) -> None:
    page = page_at(client_of(story(1)), "/people/siti-rahma")
    assert text(page, ".entry-facts div:first-child dd") == "0 articles"
    assert page.css(".timeline") == []


def test_corrected_stories_show_it_and_withdrawn_ones_are_nobodys(client_of: ClientMaker) -> None:
    changed = [story(10, "Siti Rahma", status=Status.CORRECTED), story(11, "Siti Rahma", status=Status.WITHDRAWN)]
    page = page_at(client_of(*several(), *changed), "/people/siti-rahma")
    assert texts(page, "[aria-labelledby=newest] .badge") == ["Corrected"]


@pytest.mark.parametrize("form", ["", ".json", ".atom"])
@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("people/Siti%20Rahma", "/people/siti-rahma"),
        ("people/bu%20rahma", "/people/siti-rahma"),
        ("people/Budi%20Hartono", "/people/budi-hartono"),
        ("topics/Pasar", "/topics/pasar"),
        ("topics/medtop:20000000", "/topics/pasar"),
    ],
)
def test_a_name_or_an_alias_leads_to_the_address(client_of: ClientMaker, name: str, address: str, form: str) -> None:
    client = client_of(*several())
    answer = client.get(f"/{name}{form}")
    assert (answer.status_code, answer.location) == (301, address + form)
    assert answer.cache_control.no_cache
    assert client.get(answer.location).status_code == 200


def test_a_name_that_nobody_has_is_not_found_and_those_like_it_are_told(client_of: ClientMaker) -> None:
    client = client_of(*several())
    page = page_at(client, "/people/siti-rahmi", 404)
    assert [a.attributes["href"] for a in page.css(".entry-list a")] == ["/people/siti-rahma"]
    assert link(page, ".all a", "Search these words") == "/search?q=siti+rahmi"
    record = client.get("/people/siti-rahmi.json")
    assert record.status_code == 404
    assert record.get_json()["error"]["code"] == "not_found"
    assert [entry["slug"] for entry in record.get_json()["nearest"]] == ["siti-rahma"]


@pytest.mark.parametrize(
    "path", ["/people/balai-kota", "/people/Balai%20Kota", "/topics/nihil", "/people/%20", "/people/a/b"]
)
def test_what_is_nobody_is_not_found(client_of: ClientMaker, path: str) -> None:
    page = page_at(client_of(*several(), story(11, "Balai Kota")), path, 404)
    assert page.css(".entry-facts") == []


def test_the_record_tells_all_that_the_page_does(client_of: ClientMaker) -> None:
    client = client_of(*several())
    record = client.get("/people/siti-rahma.json").get_json()
    assert {
        key: record[key] for key in ("kind", "slug", "label", "articles", "recorded", "role", "wikidata", "note")
    } == {
        "kind": "person",
        "slug": "siti-rahma",
        "label": "Siti Rahma",
        "articles": 8,
        "recorded": True,
        "role": "Bupati Pantai Barat",
        "wikidata": "Q42",
        "note": "Menjabat sejak 2012.",
    }
    assert record["aliases"] == ["Bu Rahma"]
    assert record["spellings"] == [{"name": "Siti Rahma", "articles": 7}, {"name": "Bu Rahma", "articles": 1}]
    assert (record["first"]["id"], record["last"]["id"]) == ("uji-1", "uji-8")
    assert record["months"] == {f"{year}-03": 1 for year in range(2011, 2019)}
    assert [(p["value"], p["articles"]) for p in record["people"]] == [("budi-hartono", 4), ("cici", 1)]
    assert len(client.get(record["people"][0]["together"].replace("/search?", "/search.json?")).get_json()["hits"]) == 4
    assert [story["id"] for story in record["newest"]] == [f"uji-{n}" for n in range(8, 2, -1)]
    assert client.get(record["links"]["stories"]).get_json()["total"] == 8
    assert client.get(record["links"]["atom"]).status_code == 200


# --- lists


def many(count: int) -> list[Article]:
    """Return three articles that name as many persons, each letter as often: "Aobar Ujian", "Bobar Ujian" and so on."""
    ends = ("bar", "kur", "mir", "ror", "ser", "nar", "lur", "gor", "wir", "per", "tar", "dur", "fir")
    names = [f"{ascii_uppercase[n % 26]}o{ends[n // 26]} Ujian" for n in range(count)]
    return [story(n, *names) for n in (1, 2, 3)]


def test_a_long_list_has_letters_and_pages(client_of: ClientMaker) -> None:
    count = 2 * PER_PAGE + 10
    client = client_of(*many(count))
    page = page_at(client, "/people/")
    assert texts(page, ".letters a") == list(ascii_uppercase)
    assert len(page.css("[aria-labelledby^=letter] .entry-list a")) == PER_PAGE
    assert text(page, ".pager span:nth-child(2)") == "Page 1 of 3"
    found = []
    address: str | None = "/people/"
    while address:
        page = page_at(client, address)
        found += texts(page, "[aria-labelledby^=letter] .entry-list a")
        following = page.css("a[rel=next]")
        address = following[0].attributes["href"] if following else None
    assert len(found) == len(set(found)) == count + 1
    assert [name[0] for name in found] == sorted(name[0] for name in found)


def test_a_letter_shows_the_names_under_it(client_of: ClientMaker) -> None:
    client = client_of(*many(3 * 26))
    page = page_at(client, link(page_at(client, "/people/"), ".letters a", "S"))
    assert text(page, "[role=status]") == "4 names under S All"
    assert texts(page, ".entry-list a") == ["Siti Rahma", "Sobar Ujian", "Sokur Ujian", "Somir Ujian"]
    assert [a.text() for a in page.css(".letters a[aria-current=page]")] == ["S"]


def test_the_most_frequent_stand_above_a_long_list(client_of: ClientMaker) -> None:
    client = client_of(*many(PER_PAGE), *several()[3:])
    page = page_at(client, "/people/")
    assert texts(page, "[aria-labelledby=frequent] li")[0] == "Siti Rahma 5"
    assert page_at(client, "/people/?page=2").css("[aria-labelledby=frequent]") == []


def test_names_are_found_by_a_part_and_candidates_marked(client_of: ClientMaker) -> None:
    client = client_of(*several())
    page = page_at(client, "/people/?q=HARTO")
    assert text(page, "[role=status]") == "1 name with “HARTO” All"
    assert text(page, ".entry-list li") == "Budi Hartono° (not reviewed yet) 4"
    assert page.css_first("input#find").attributes["value"] == "HARTO"  # type: ignore[union-attr]
    assert texts(page_at(client, "/people/?q=bu+rahma"), ".entry-list a") == ["Siti Rahma"]


def test_a_part_that_nobody_has_shows_names_like_it(client_of: ClientMaker) -> None:
    page = page_at(client_of(*several()), "/people/?q=budi+hartini")
    assert text(page, "[role=status]") == "0 names with “budi hartini” All"
    assert texts(page, ".entry-list a") == ["Budi Hartono"]


def test_names_in_fewer_than_three_articles_are_not_listed(client_of: ClientMaker) -> None:
    assert texts(page_at(client_of(*several()), "/people/"), ".entry-list a") == ["Budi Hartono", "Siti Rahma"]


def test_the_list_as_json(client_of: ClientMaker) -> None:
    client = client_of(*many(PER_PAGE + 5))
    record = client.get("/people.json").get_json()
    assert (record["kind"], record["total"], record["page"], record["pages"]) == ("person", PER_PAGE + 6, 1, 2)
    assert record["entries"][0] == {
        "slug": "aobar-ujian",
        "label": "Aobar Ujian",
        "articles": 3,
        "recorded": False,
        "link": "http://localhost/people/aobar-ujian",
    }
    following = client.get(record["next"]).get_json()
    assert (len(following["entries"]), following["next"]) == (6, None)
    assert [e["slug"] for e in client.get("/people.json?q=rahma").get_json()["entries"]] == ["siti-rahma"]
    assert [e["slug"] for e in client.get("/topics.json?q=pasar").get_json()["entries"]] == ["pasar"]


@pytest.mark.parametrize("path", ["/people/?page=0", "/people/?page=x"])
def test_a_page_that_is_none_is_an_error(client_of: ClientMaker, path: str) -> None:
    assert text(page_at(client_of(*several()), path, 400), "[role=alert]")


def test_a_page_past_the_end_is_the_last(client_of: ClientMaker) -> None:
    assert len(page_at(client_of(*several()), "/people/?page=99").css(".entry-list a")) == 2


def test_an_empty_archive_says_that_there_is_nobody(archive_folder: ArchiveFolder) -> None:
    fill(archive_folder, [])
    client = create_app(archive_folder.path, language="en").test_client()
    assert texts(page_at(client, "/people/"), ".notice") == ["There are none yet."]


def test_a_list_without_a_slash_leads_to_the_list(client_of: ClientMaker) -> None:
    assert client_of(*several()).get("/people").location.endswith("/people/")


# --- links from everywhere


def test_a_search_for_a_name_offers_the_page(client_of: ClientMaker) -> None:
    client = client_of(*several())
    assert link(page_at(client, "/search?q=bu+rahma"), ".offered a", "Siti Rahma") == "/people/siti-rahma"
    assert link(page_at(client, "/search?q=pasar"), ".offered a", "Pasar") == "/topics/pasar"
    assert page_at(client, "/search?q=rapat").css(".offered") == []


def test_a_result_limited_to_a_person_offers_the_page_and_says_the_name(client_of: ClientMaker) -> None:
    page = page_at(client_of(*several()), "/search?person=bu+rahma&topic=pasar")
    assert link(page, ".offered a", "Siti Rahma") == "/people/siti-rahma"
    assert link(page, ".offered a", "Pasar") == "/topics/pasar"
    assert text(page, "[role=status]").endswith("person Siti Rahma, topic Pasar.")
    assert texts(page, ".chip > :not(.unseen):not(.cross)") == []
    assert [chip.split(" (")[0] for chip in texts(page, ".chip")] == ["person Siti Rahma", "topic Pasar"]


def test_facets_have_the_names_that_readers_know(client_of: ClientMaker) -> None:
    client = client_of(*several())
    page = page_at(client, "/search?q=rapat")
    assert "Siti Rahma 8" in texts(page, "[aria-labelledby=facet-person] li")
    assert link(page, "[aria-labelledby=facet-person] a", "Siti Rahma") == "/search?q=rapat&person=siti-rahma"


def test_a_hit_leads_to_its_persons(client_of: ClientMaker) -> None:
    page = page_at(client_of(story(1, "Siti Rahma", "Cici")), "/search?q=rapat")
    assert [ul.attributes["aria-label"] for ul in page.css(".hit-people ul")][:1] == ["People"]
    links = [(a.text(), a.attributes["href"]) for a in page.css(".hit-people a")]
    assert links[:2] == [("Siti Rahma", "/people/siti-rahma"), ("Cici", "/people/cici")]  # then topics


def test_an_article_leads_to_its_persons_and_topics(client_of: ClientMaker) -> None:
    client = client_of(story(1, "Bu Rahma", section="Niaga"))
    page = page_at(client, "/articles/uji-1")
    assert link(page, "dd a", "Siti Rahma") == "/people/siti-rahma"
    assert link(page, "dd a", "Pasar") == "/topics/pasar"
    record = client.get("/articles/uji-1.json").get_json()
    assert record["people"] == ["Siti Rahma"]
    assert "Pasar" in record["topics"]


def test_a_withdrawn_article_names_nobody(client_of: ClientMaker) -> None:
    client = client_of(story(1, "Siti Rahma", topics=("Rahasia",), status=Status.WITHDRAWN))
    assert "Siti" not in page_at(client, "/articles/uji-1").css_first("article").text()  # type: ignore[union-attr]
    assert client.get("/articles/uji-1.json").get_json()["people"] == []
    (hit,) = client.get("/search.json?q=rapat").get_json()["hits"]
    assert (hit["people"], hit["topics"]) == ([], [])
    assert "Rahasia" not in client.get("/search.atom?q=rapat").text


def test_the_front_page_leads_to_the_most_frequent(client_of: ClientMaker) -> None:
    page = page_at(client_of(*several()), "/")
    assert texts(page, "[aria-labelledby=frequent-person] li")[:2] == ["Siti Rahma 8", "Budi Hartono 4"]
    assert link(page, "[aria-labelledby=frequent-person] a", "Siti Rahma") == "/people/siti-rahma"
    assert link(page, "a", "All people, A to Z") == "/people/"


def test_every_page_leads_to_the_lists(client_of: ClientMaker) -> None:
    client = client_of(*several())
    for path in ("/search?q=rapat", "/articles/uji-1", "/people/", "/people/cici", "/help"):
        page = page_at(client, path)
        assert link(page, ".masthead-links a", "People") == "/people/"
        assert link(page, ".masthead-links a", "Topics") == "/topics/"


def test_in_indonesian(client_of: ClientMaker) -> None:
    client = client_of(*several(), language="id")
    page = page_at(client, "/people/siti-rahma")
    assert texts(page, ".entry-facts dt") == ["Jumlah berita", "Pertama", "Terakhir", "Juga ditulis", "Wikidata"]
    assert texts(page, "h2")[:3] == ["Pemberitaan dari waktu ke waktu", "Berita terbaru", "Disebut bersama"]
    assert text(page_at(client, "/people/"), "h1") == "Tokoh"
    assert text(page_at(client, "/topics/"), "h1") == "Topik"
