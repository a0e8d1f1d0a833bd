"""A reader's list in a link: what its address holds, its page, its other forms, and the cookie that knows the list opened last."""

import csv
from datetime import date
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit
from xml.etree import ElementTree as ET

import pytest
import rispy
from conftest import fill, make_article
from flask.testing import FlaskClient
from reading import texts
from selectolax.lexbor import LexborHTMLParser as Page
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from index.article import Correction, CorrectionKind, Status
from index.settings import ArchiveFolder
from search.query import Query, QueryError
from web.app import create_app
from web.lists import BEFORE, LAST
from web.readinglist import LONGEST, MOST_ARTICLES, MOST_SEARCHES, ReadingList

ARTICLES = (
    make_article(
        id="uji-1",
        url="https://uji.example/1",
        title="Harga beras naik",
        date=date(2023, 7, 28),
        people=("Hadi Wirja",),
    ),
    make_article(
        id="uji-2", url=None, title="=Beras & jagung", body="Jagung murah.", date=date(2024, 1, 2), section="Pasar"
    ),
    make_article(
        id="uji/3",
        url=None,
        title="Kabar dicabut",
        body="Rahasia.",
        date=None,
        status=Status.WITHDRAWN,
        corrections=(Correction(CorrectionKind.WITHDRAWAL, "Keliru."),),
    ),
)


@pytest.fixture
def client(archive_folder: ArchiveFolder) -> FlaskClient:
    fill(archive_folder, ARTICLES)
    return create_app(archive_folder.path, language="en").test_client()


def page_of(response: TestResponse) -> Page:
    assert response.status_code == 200
    return Page(response.text)


def location(response: TestResponse) -> str:
    assert response.status_code in (302, 303)
    return response.headers["Location"]


def cookies(response: TestResponse) -> dict[str, str]:
    found: SimpleCookie = SimpleCookie()
    for header in response.headers.getlist("Set-Cookie"):
        found.load(header)
    return {name: morsel.value for name, morsel in found.items()}


# --- the address


@pytest.mark.parametrize(
    "query",
    [
        Query("beras"),
        Query('"dana desa" -partai'),
        Query("?beras"),
        Query(""),
        Query("beras & jagung=1", sections=("Ekonomi & Bisnis", "Pasar"), published_from=date(2019, 1, 1)),
        Query(people=("hadi-wirja",), published_to=date(2020, 5, 3), expand=False, recency=False),
    ],
)
def test_a_search_comes_back_from_the_address_as_it_was(query: Query) -> None:
    kept = ReadingList("Judul", (query,), ("uji-1", "a&b=c/d e"))
    assert ReadingList.from_text(kept.text()) == kept


def test_words_alone_stand_in_the_address_as_they_are() -> None:
    assert ReadingList(searches=(Query("harga beras"),)).text() == "q=harga+beras"


def test_order_and_page_of_a_search_are_no_part_of_it_and_nothing_is_there_twice() -> None:
    args = MultiDict(
        [
            ("q", "beras"),
            ("q", " beras "),
            ("q", "?q=beras&sort=oldest&page=3&size=50"),
            ("q", " "),
            ("id", "a"),
            ("id", "a"),
        ]
    )
    assert ReadingList.from_args(args) == ReadingList("", (Query("beras"),), ("a",))


def test_what_no_search_can_be_made_of_is_left_out_of_it() -> None:
    args = MultiDict([("q", "?q=beras&from=kapan&section=Pasar"), ("title", " Uji  coba ")])
    assert ReadingList.from_args(args) == ReadingList("Uji coba", (Query("beras", sections=("Pasar",)),))
    assert ReadingList.from_text("%%%;;&=") == ReadingList()


@pytest.mark.parametrize(("name", "most"), [("q", MOST_SEARCHES), ("id", MOST_ARTICLES)])
def test_a_list_that_is_too_long_is_refused(name: str, most: int) -> None:
    fits = [(name, f"a{n}") for n in range(most)]
    ReadingList.from_args(MultiDict(fits))
    with pytest.raises(QueryError) as refused:
        ReadingList.from_args(MultiDict([*fits, (name, "b")]))
    assert refused.value.parameter == name


@pytest.mark.parametrize(
    ("after", "follows"),
    [(("a", "b", "c"), True), (("a",), True), (("a", "c"), True), ((), False), (("c",), False), (("b", "a"), True)],
)
def test_a_list_follows_another_when_one_step_leads_to_it(after: tuple[str, ...], follows: bool) -> None:
    before = ReadingList(articles=("a", "b"))
    assert ReadingList(articles=after).follows(before) is follows
    assert ReadingList().follows(ReadingList(articles=("a",)))


# --- the page


def test_the_page_shows_searches_with_count_and_newest_story_and_articles(client: FlaskClient) -> None:
    answer = client.get(
        "/list?title=Pangan&q=beras&q=%3Fq%3Dberas%26section%3DPasar&q=wirja&id=uji-1&id=uji/3&id=hilang"
    )
    page = page_of(answer)
    assert texts(page, "h1") == ["Pangan"]
    assert texts(page, "[aria-labelledby=searches] h3") == ["beras", "beras, section Pasar", "wirja"]
    counts = texts(page, "[aria-labelledby=searches] h3 + .facts > span:first-child")
    assert counts == ["2 articles", "1 article", "0 articles"]
    assert [text.split("Harian")[0] for text in texts(page, "[aria-labelledby=searches] .versions")] == [
        "Newest: =Beras & jagung "
    ] * 2
    assert texts(page, "[aria-labelledby=articles] h3") == ["Harga beras naik", "Kabar dicabut Withdrawn"]
    assert "There is no article hilang here any more." in texts(page, "[aria-labelledby=articles] li")[2]
    assert "Rahasia" not in answer.text
    addresses = [node.attributes["href"] or "" for node in page.css("[aria-labelledby=searches] h3 a")]
    for address, count in zip(addresses, counts, strict=True):
        assert (f"{count} found" if count != "0 articles" else "No article contains") in client.get(address).text
    feed = next(node.attributes["href"] or "" for node in page.css("a[href*='search.atom']"))
    assert parse_qs(urlsplit(feed).query) == {"q": ["beras"], "sort": ["newest"]}
    assert client.get(feed).status_code == 200


@pytest.mark.parametrize("person", ["hadi-wirja", "Hadi Wirja"])
def test_a_search_for_a_person_is_called_by_the_name(client: FlaskClient, person: str) -> None:
    page = page_of(client.get("/list", query_string={"q": f"?person={person}"}))
    assert texts(page, "h3") == ["person Hadi Wirja"]
    assert texts(page, "h3 + .facts > span:first-child") == ["1 article"]


def test_removing_opens_the_list_without_the_thing(client: FlaskClient) -> None:
    page = page_of(client.get("/list?title=Pangan&q=beras&q=wirja&id=uji-1&id=uji/3"))
    left = [parse_qsl(urlsplit(node.attributes["href"] or "").query) for node in page.css(".list-remove")]
    whole = [("title", "Pangan"), ("q", "beras"), ("q", "wirja"), ("id", "uji-1"), ("id", "uji/3")]
    assert left == [[pair for pair in whole if pair != gone] for gone in whole[1:]]


def test_forms_carry_the_rest_of_the_list_on(client: FlaskClient) -> None:
    renamed, more = page_of(client.get("/list?title=Pangan&q=beras&id=uji-1")).css("main form")
    hidden = [
        [(node.attributes["name"], node.attributes["value"]) for node in form.css("input[type=hidden]")]
        for form in (renamed, more)
    ]
    assert hidden == [[("q", "beras"), ("id", "uji-1")], [("title", "Pangan"), ("q", "beras"), ("id", "uji-1")]]
    assert {node.attributes["name"] for node in (*renamed.css("input[type=text]"), *more.css("input[type=text]"))} == {
        "title",
        "q",
    }


def test_an_empty_list_says_how_it_is_filled(client: FlaskClient) -> None:
    page = page_of(client.get("/list"))
    assert texts(page, "h1") == ["My list"]
    assert "This list is empty." in texts(page, ".lead")[0]


def test_a_list_that_cannot_be_is_refused_in_words(client: FlaskClient) -> None:
    address = "/list?" + "&".join(f"q=a{n}" for n in range(MOST_SEARCHES + 1))
    answer = client.get(address)
    assert answer.status_code == 400
    assert "a list has at most 20 searches and 500 articles" in answer.text
    assert client.get(address.replace("/list", "/list.json")).get_json()["error"]["code"] == "too_many"


# --- the list that was opened last


def test_what_is_added_goes_to_the_list_that_was_opened_last(client: FlaskClient) -> None:
    client.get("/list?title=Pangan&q=beras")
    assert location(client.get("/list/add?id=uji-1")) == "/list?title=Pangan&q=beras&id=uji-1"
    assert location(client.get("/list/add?id=uji/3")) == "/list?title=Pangan&q=beras&id=uji-1&id=uji%2F3"
    assert location(client.get("/list/add?q=wirja")).startswith("/list?title=Pangan&q=beras&q=wirja&id=")
    assert location(client.get("/list/add?q=wirja")).count("wirja") == 1
    assert location(client.get("/list")).startswith("/list?title=Pangan&q=beras&q=wirja&id=")
    assert client.get("/list?new=1").status_code == 200
    assert texts(page_of(client.get("/list")), ".lead")[0].startswith("This list is empty.")


def test_a_page_that_stays_is_told_what_is_in_the_list_now(client: FlaskClient) -> None:
    assert client.get("/list/add.json?id=uji-1").get_json() == {"link": "/list?id=uji-1", "searches": 0, "articles": 1}
    assert client.get("/list/add.json?q=beras").get_json()["link"] == "/list?q=beras&id=uji-1"


def test_an_unknown_article_is_not_added(client: FlaskClient) -> None:
    assert client.get("/list/add?id=hilang").status_code == 404
    assert client.get("/list/add.json?id=hilang").get_json()["error"]
    assert texts(page_of(client.get("/list")), ".lead")[0].startswith("This list is empty.")


def test_a_full_list_says_so_and_stays_as_it_is(client: FlaskClient) -> None:
    full = ReadingList(articles=tuple(f"berita-{n:05}-{'x' * 20}" for n in range(81)))
    assert len(full.text()) < LONGEST < len(full.text()) + 50
    client.get(f"/list?{full.text()}")
    answer = client.get("/list/add?q=" + quote("harga beras dan jagung di pasar induk"))
    assert answer.status_code == 409
    assert texts(Page(answer.text), "[role=alert]")[0].startswith("The list is full")
    assert client.get("/list/add.json?q=" + "a" * 60).status_code == 409
    assert location(client.get("/list")) == f"/list?{full.text()}"


def test_a_list_of_somebody_else_leaves_the_own_one_a_step_away(client: FlaskClient) -> None:
    own = "/list?title=Pangan&q=beras&id=uji-1"
    client.get(own)
    page = page_of(client.get("/list?title=Lain&q=wirja"))
    (back,) = (node.attributes["href"] for node in page.css(".notice a"))
    assert back == own
    assert texts(page, ".notice") == ["The list that was opened before: Pangan (2)"]
    client.get("/list/add?q=jagung")  # to the other one; the own one is still there
    assert texts(page_of(client.get("/list?title=Lain&q=wirja&q=jagung")), ".notice a") == ["Pangan"]
    assert texts(page_of(client.get(own)), ".notice a") == ["Lain"]


def test_changing_a_list_leaves_nothing_behind(client: FlaskClient) -> None:
    client.get("/list?q=beras&q=jagung")
    answer = client.get("/list?q=beras&q=jagung&q=wirja")
    assert set(cookies(answer)) == {LAST}
    assert set(cookies(client.get("/list?q=beras&q=jagung"))) == {LAST}
    assert cookies(client.get("/list?q=beras&q=jagung")) == {}
    assert texts(page_of(client.get("/list?q=beras&q=jagung")), ".notice") == []


def test_the_cookie_is_sent_to_lists_alone_and_nothing_shared_keeps_the_page(client: FlaskClient) -> None:
    answer = client.get("/list?q=beras", base_url="https://arsip.example")
    (header,) = answer.headers.getlist("Set-Cookie")
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/list"} <= {part.strip() for part in header.split(";")}
    assert "private" in answer.headers["Cache-Control"]
    assert "Secure" not in client.get("/list?q=jagung").headers["Set-Cookie"]


def test_a_page_fetched_before_anybody_asked_is_not_the_list_opened_last(client: FlaskClient) -> None:
    fetched = client.get("/list?q=beras", headers={"Sec-Purpose": "prefetch"})
    assert cookies(fetched) == {}
    assert fetched.cache_control.no_store
    assert "ETag" not in fetched.headers  # the list would not be opened by an answer that nothing has changed


def test_a_cookie_that_is_no_list_is_an_empty_list(client: FlaskClient) -> None:
    client.set_cookie(LAST, "&".join(f"q=a{n}" for n in range(99)), path="/list")
    client.set_cookie(BEFORE, "\x01%%%", path="/list")
    assert location(client.get("/list/add?id=uji-1")) == "/list?id=uji-1"


# --- other forms


LIST = "title=Pangan&q=beras&q=wirja&id=uji-1&id=uji-2&id=uji/3&id=hilang"


def test_json_has_searches_articles_and_what_is_missing(client: FlaskClient) -> None:
    record = client.get(f"/list.json?{LIST}").get_json()
    assert (record["title"], record["missing"]) == ("Pangan", ["hilang"])
    assert [(search["title"], search["total"]) for search in record["searches"]] == [("beras", 2), ("wirja", 0)]
    newest = record["searches"][0]["newest"]
    assert (newest["id"], newest["link"]) == ("uji-2", "http://localhost/articles/uji-2")
    assert record["searches"][1]["newest"] is None
    for search in record["searches"]:
        assert client.get(search["json"]).get_json()["total"] == search["total"]
        assert client.get(search["feed"]).status_code == 200
    assert [article["id"] for article in record["articles"]] == ["uji-1", "uji-2", "uji/3"]
    assert record["articles"][2] == {
        "id": "uji/3",
        "title": "Kabar dicabut",
        "date": None,
        "section": "Ekonomi",
        "source": "Harian Uji",
        "authors": ["Ratna Dewi"],
        "url": None,
        "link": "http://localhost/articles/uji/3",
        "status": "withdrawn",
    }
    assert client.get(record["link"]).status_code == 200


def test_csv_has_a_row_for_each_article_and_no_formula(client: FlaskClient) -> None:
    answer = client.get(f"/list.csv?{LIST}")
    assert answer.headers["Content-Disposition"] == "attachment; filename=telisik-daftar.csv"
    rows = list(csv.DictReader(answer.text.splitlines()))
    assert [(row["id"], row["title"], row["date"], row["status"]) for row in rows] == [
        ("uji-1", "Harga beras naik", "2023-07-28", "published"),
        ("uji-2", "'=Beras & jagung", "2024-01-02", "published"),
        ("uji/3", "Kabar dicabut", "", "withdrawn"),
    ]
    assert "Rahasia" not in answer.text


def test_reference_managers_read_the_articles(client: FlaskClient) -> None:
    answer = client.get(f"/list.ris?{LIST}")
    references = rispy.loads(answer.text)
    assert [(one["type_of_reference"], one["title"]) for one in references] == [
        ("NEWS", "Harga beras naik"),
        ("NEWS", "=Beras & jagung"),
        ("NEWS", "Kabar dicabut"),
    ]
    assert [one.get("urls") for one in references] == [
        client.get(f"/articles/{name}.csl.json").get_json(force=True)[0]["URL"].split("\n")
        for name in ("uji-1", "uji-2", "uji/3")
    ]
    assert [one["id"] for one in client.get(f"/list.csl.json?{LIST}").get_json(force=True)] == [
        "uji-1",
        "uji-2",
        "uji/3",
    ]
    bibtex = client.get(f"/list.bib?{LIST}").text
    assert bibtex.count("@article{") == 3
    assert r"=Beras \& jagung" in bibtex


def test_feed_readers_take_the_searches_from_opml(client: FlaskClient) -> None:
    answer = client.get("/list.opml?title=Pangan&q=%3Fq%3Dberas%26section%3DPasar&q=wirja&id=uji-1")
    root = ET.fromstring(answer.data)
    assert (root.tag, root.attrib["version"]) == ("opml", "2.0")
    assert (root.findtext("head/title") or "").startswith("Pangan – ")
    outlines = [outline.attrib for outline in root.iter("outline")]
    assert [outline["type"] for outline in outlines] == ["rss", "rss"]
    assert outlines[0]["text"].startswith("beras, section Pasar – ")
    assert parse_qs(urlsplit(outlines[0]["xmlUrl"]).query) == {"q": ["beras"], "section": ["Pasar"], "sort": ["newest"]}
    for outline in outlines:
        assert outline["xmlUrl"].startswith("http://localhost/")
        assert client.get(outline["xmlUrl"]).content_type.startswith("application/atom+xml")
        assert client.get(outline["htmlUrl"]).status_code == 200


# --- links that add to it


def test_every_hit_and_the_search_itself_have_a_link_that_adds_them(client: FlaskClient) -> None:
    page = page_of(client.get("/search?q=beras&section=Ekonomi"))
    added = [node.attributes["href"] or "" for node in page.css("a.keep")]
    assert added == ["/list/add?id=uji-1", "/list/add?q=?q%3Dberas%26section%3DEkonomi"]
    for address in added:
        client.get(address)
    shown = page_of(client.get(location(client.get("/list"))))
    assert texts(shown, "h3") == ["beras, section Ekonomi", "Harga beras naik"]
    stays = [address.replace("/add?", "/add.json?") for address in added]  # as keep.js does
    assert [client.get(address).get_json()["articles"] for address in stays] == [1, 1]


def test_an_article_has_a_link_that_adds_it(client: FlaskClient) -> None:
    (link,) = page_of(client.get("/articles/uji/3")).css("a.keep")
    assert location(client.get(link.attributes["href"] or "")) == "/list?id=uji%2F3"
    assert " ".join(link.text().split()) == "Add to my list: Kabar dicabut"


def test_the_stories_of_a_person_are_added_as_a_search(client: FlaskClient) -> None:
    (link,) = page_of(client.get("/people/hadi-wirja")).css("a.keep")
    shown = page_of(client.get(location(client.get(link.attributes["href"] or ""))))
    assert texts(shown, "h3") == ["person Hadi Wirja"]


def test_crawlers_are_kept_from_lists(client: FlaskClient) -> None:
    assert "Disallow: /list\n" in client.get("/robots.txt").text
