"""Comparing over time: the page, its form and links, and the same numbers as JSON and CSV."""

import csv
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import fill, make_article
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as Page

from index.article import Article
from index.settings import ArchiveFolder
from search.query import Query
from web.app import create_app
from web.compare import MONTHS_AT_ONCE
from web.urls import compare_link

WORDS = ("beras", "jagung", "kedelai")


def story(word: str, number: int, day: date | None) -> Article:
    return make_article(
        id=f"{word}-{number}", url=None, title=f"Panen {word}", body=f"Petani memanen {word} pagi ini.", date=day
    )


ARTICLES = [
    story("beras", 1, date(2019, 11, 3)),
    story("beras", 2, date(2019, 11, 30)),
    story("beras", 3, date(2021, 2, 1)),
    story("beras", 4, None),
    story("jagung", 1, date(2021, 2, 9)),
    story("kedelai", 1, date(2019, 3, 1)),
]


def client_of(folder: ArchiveFolder, *articles: Article, language: str = "en") -> FlaskClient:
    fill(folder, articles)
    return create_app(folder.path, language=language).test_client()


@pytest.fixture
def client(archive_folder: ArchiveFolder) -> FlaskClient:
    return client_of(archive_folder, *ARTICLES)


def test_json_has_counts_and_shares_in_the_order_of_the_periods(client: FlaskClient) -> None:
    answer = client.get("/compare.json?q=beras&q=jagung&per=year").json
    assert answer is not None
    assert answer["periods"] == ["2019", "2020", "2021"]
    assert answer["articles"] == [3, 0, 2]
    beras, jagung = answer["series"]
    assert beras["counts"] == [2, 0, 1]
    assert beras["per_thousand"] == [666.667, None, 500.0]
    assert (beras["q"], beras["label"], beras["kind"], beras["value"]) == ("beras", "beras", "query", None)
    assert (beras["total"], beras["undated"]) == (4, 1)
    assert jagung["counts"] == [0, 0, 1]
    assert client.get(beras["link"]).json["total"] == 4  # type: ignore[index]


def test_csv_has_the_same_numbers(client: FlaskClient) -> None:
    answer = client.get("/compare.csv?q=beras&q==jagung&per=year")
    assert answer.content_type.startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert list(csv.reader(answer.text.splitlines())) == [
        ["period", "all articles", "beras", "beras, per thousand", "'=jagung", "'=jagung, per thousand"],
        ["2019", "3", "2", "666.667", "0", "0.0"],
        ["2020", "0", "0", "", "0", ""],
        ["2021", "2", "1", "500.0", "1", "500.0"],
    ]


def test_the_table_has_english_headers_in_any_language(archive_folder: ArchiveFolder) -> None:
    answer = client_of(archive_folder, *ARTICLES, language="id").get("/compare.csv?q=beras&q=tokoh:x")
    assert (
        answer.text.splitlines()[0] == 'period,all articles,beras,"beras, per thousand",tokoh:x,"tokoh:x, per thousand"'
    )


def test_the_page_shows_the_same_numbers_in_its_table(client: FlaskClient) -> None:
    page = Page(client.get("/compare?q=beras&q=jagung&per=year").text)
    rows = [[" ".join(cell.text().split()) for cell in row.css("th, td")] for row in page.css("tbody tr")]
    assert rows == [
        ["2019", "2", "666.7", "0", "0.0", "3"],
        ["2020", "0", "–", "0", "–", "0"],
        ["2021", "1", "500.0", "1", "500.0", "2"],
    ]


def test_each_point_leads_to_the_articles_it_counts(client: FlaskClient) -> None:
    page = Page(client.get("/compare?q=beras&q=jagung&per=month&from=2019-11-10").text)
    links = {link.css_first("title").text(): link.attributes["href"] or "" for link in page.css("svg a")}
    assert list(links) == [
        "beras, November 2019: 1 article",
        "beras, February 2021: 1 article",
        "jagung, February 2021: 1 article",
    ]
    asked = parse_qs(urlsplit(links["beras, November 2019: 1 article"]).query)
    assert asked == {"q": ["beras"], "from": ["2019-11-10"], "to": ["2019-11"]}
    for address in links.values():
        assert "1 article found" in client.get(address).text


@pytest.fixture
def people(archive_folder: ArchiveFolder) -> FlaskClient:
    """Serve an archive that knows a person with a record, one without, and a topic of its own."""
    archive_folder.path.mkdir(parents=True)
    archive_folder.people.write_text("slug,name,aliases\nratna-dewi,Ratna Dewi,Bu Ratna\n", encoding="utf-8")
    archive_folder.topics.write_text(
        "slug,label,query,sections\npanen,Hasil panen,memanen,pertanian\n", encoding="utf-8"
    )
    named = [("Ratna Dewi",), ("Bu Ratna", "Wulan Prameswari"), ("Wulan Prameswari",), ("Hadi Sasongko",)]
    several = [
        make_article(
            id=f"uji-{n}", url=None, title="Kabar", body="Ratna Dewi memanen.", date=date(2020 + n, 1, 1), people=people
        )
        for n, people in enumerate(named)
    ]
    other = {"title": "Kabar", "body": "Wulan datang.", "people": ("Wulan Prameswari",)}
    return client_of(archive_folder, *several, make_article(id="uji-9", url=None, date=date(2024, 1, 1), **other))


@pytest.mark.parametrize(
    ("typed", "kind", "value", "label", "counts"),
    [
        ("Ratna Dewi", "person", "ratna-dewi", "person Ratna Dewi", [1, 1, 1, 1, 0]),
        ("bu ratna", "person", "ratna-dewi", "person Ratna Dewi", [1, 1, 1, 1, 0]),
        ("tokoh:ratna-dewi", "person", "ratna-dewi", "person Ratna Dewi", [1, 1, 1, 1, 0]),
        ('person:"Bu Ratna"', "person", "ratna-dewi", "person Ratna Dewi", [1, 1, 1, 1, 0]),
        ("Wulan Prameswari", "person", "wulan-prameswari", "person Wulan Prameswari", [0, 1, 1, 0, 1]),
        ("tokoh:hadi-sasongko", "person", "hadi-sasongko", "person Hadi Sasongko", [0, 0, 0, 1, 0]),
        ("hasil panen", "topic", "panen", "topic Hasil panen", [1, 1, 1, 1, 0]),
        ("topik:panen", "topic", "panen", "topic Hasil panen", [1, 1, 1, 1, 0]),
        ('"Ratna Dewi"', "query", None, '"Ratna Dewi"', [1, 1, 1, 1, 0]),  # the words
        ("-Ratna Dewi", "query", None, "-Ratna Dewi", [0, 0, 0, 0, 0]),
        ("Hadi Sasongko", "query", None, "Hadi Sasongko", [0, 0, 0, 0, 0]),  # too rare to be meant
        ("pertanian", "query", None, "pertanian", [0, 0, 0, 0, 0]),  # a section of the topic, not its name
        ("tokoh:ratna wulan", "query", None, "tokoh:ratna wulan", [0, 0, 0, 0, 0]),
        ("tokoh:tak-ada", "query", None, "tokoh:tak-ada", [0, 0, 0, 0, 0]),
    ],
)
def test_what_names_a_person_or_a_topic_is_compared_as_that(
    people: FlaskClient, typed: str, kind: str, value: str | None, label: str, counts: list[int]
) -> None:
    answer = people.get("/compare.json", query_string={"q": typed, "per": "year"}).json
    assert answer is not None
    (series,) = answer["series"]
    assert (series["kind"], series["value"], series["label"], series["q"]) == (kind, value, label, typed)
    assert series["counts"] == counts


def test_the_points_of_a_person_lead_to_the_articles_that_name_the_person(people: FlaskClient) -> None:
    page = Page(people.get("/compare?q=bu+ratna&q=hasil+panen&per=year").text)
    links = {link.css_first("title").text(): link.attributes["href"] or "" for link in page.css("svg a")}
    address = links["person Ratna Dewi, 2021: 1 article"]
    assert parse_qs(urlsplit(address).query) == {"person": ["ratna-dewi"], "from": ["2021"], "to": ["2021"]}
    assert "1 article found" in people.get(address).text
    pages = [a.attributes["href"] or "" for a in page.css(".compared-searches a:nth-of-type(2)")]
    assert pages == ["/people/ratna-dewi", "/topics/panen"]
    assert [people.get(address).status_code for address in pages] == [200, 200]


@pytest.mark.parametrize(
    ("search", "compared"),
    [
        ("person=Bu+Ratna&to=2021", "/compare?q=tokoh%3Aratna-dewi&to=2021"),
        ("topic=panen", "/compare?q=topik%3Apanen"),
        ("q=memanen&person=ratna-dewi", "/compare?q=memanen"),
        ("", None),
        ("person=ratna-dewi&topic=panen", None),
    ],
)
def test_a_result_is_compared_as_what_it_asks_for(people: FlaskClient, search: str, compared: str | None) -> None:
    links = [
        a.attributes["href"] for a in Page(people.get(f"/search?{search}").text).css(".to-compare a[href^='/compare']")
    ]
    assert links == ([compared] if compared else [])


def test_a_single_query_is_drawn_as_bars(client: FlaskClient) -> None:
    page = Page(client.get("/compare?q=beras&per=year").text)
    assert len(page.css("rect.bar")) == 2
    assert page.css("polyline") == []
    several = Page(client.get("/compare?q=beras&q=jagung&per=year").text)
    assert several.css("rect.bar") == []
    assert len(several.css("polyline")) == 2


def test_several_series_differ_in_the_shape_of_their_markers(client: FlaskClient) -> None:
    page = Page(client.get("/compare?q=beras&q=jagung&q=kedelai").text)
    shapes = {marker.html for marker in page.css(".timeline-legend .marker")}
    assert len(shapes) == 3


def test_shares_are_drawn_where_they_are_asked_for(client: FlaskClient) -> None:
    page = Page(client.get("/compare?q=beras&per=year&measure=share").text)
    assert page.css_first("svg a title").text() == "2019: 2 articles, 666.7 per thousand"
    assert page.css_first(".timeline-unit").text() == "per thousand articles published"


def test_a_short_time_is_shown_by_month_and_a_long_one_by_year(archive_folder: ArchiveFolder) -> None:
    first = date(2019, 1, 5)
    last = date(2019 + MONTHS_AT_ONCE // 12, 1, 5)
    client = client_of(archive_folder, story("beras", 1, first), story("beras", 2, last))
    assert client.get("/compare.json?q=beras").json["per"] == "year"  # type: ignore[index]
    within = client.get(f"/compare.json?q=beras&to={last.year - 1}").json
    assert within is not None
    assert within["per"] == "month"
    assert within["to"] == f"{last.year - 1}-12-31"


def test_centuries_are_never_shown_by_month(archive_folder: ArchiveFolder) -> None:
    client = client_of(archive_folder, story("beras", 1, date(1900, 1, 5)), story("beras", 2, date(2019, 1, 5)))
    assert client.get("/compare.json?q=beras&per=month").json["per"] == "year"  # type: ignore[index]
    assert "So long a time is shown by year." in client.get("/compare?q=beras&per=month").text


@pytest.mark.parametrize(
    ("arguments", "code", "parameter"),
    [
        ("&".join(f"q=kata{n}" for n in range(6)), "too_many", "q"),
        ("q=beras&q=" + "a" * 2001, "too_long", "q"),
        ("q=beras&per=day", "unknown", "per"),
        ("q=beras&measure=x", "unknown", "measure"),
        ("q=beras&from=besok", "not_a_date", "from"),
        ("q=beras&from=2021&to=2019", "before_from", "to"),
    ],
)
def test_what_cannot_be_compared_is_refused_by_name(
    client: FlaskClient, arguments: str, code: str, parameter: str
) -> None:
    answer = client.get(f"/compare.json?{arguments}")
    assert answer.status_code == 400
    assert (answer.json["error"]["code"], answer.json["error"]["parameter"]) == (code, parameter)  # type: ignore[index]
    assert client.get(f"/compare?{arguments}").status_code == 400


def test_five_fields_hold_what_is_compared_and_empty_ones_mean_nothing(client: FlaskClient) -> None:
    page = Page(client.get("/compare?q=&q=beras&q=+&q=jagung&q=beras&from=2019-01-01&to=").text)
    values = [field.attributes["value"] for field in page.css("input[name=q]") if field.attributes["type"] == "text"]
    assert values == ["beras", "jagung", "", "", ""]
    assert page.css_first("input[name=from]").attributes["value"] == "2019-01-01"


def test_what_is_empty_or_repeated_counts_nowhere_and_one_too_many_keeps_the_form(client: FlaskClient) -> None:
    assert client.get("/compare?q=beras&q=&q=beras&q=+&q=jagung&q=&q=padi").status_code == 200
    answer = client.get("/compare?from=2019-01-01&measure=x&" + "&".join(f"q=kata{n}" for n in range(6)))
    page = Page(answer.text)
    assert answer.status_code == 400
    assert page.css_first("[role=alert]").text() == "at most 5 can be compared; these are 6"
    assert [box.attributes["value"] for box in page.css(".compared input[name=q]")] == [f"kata{n}" for n in range(6)]
    assert page.css_first("input[name=from]").attributes["value"] == "2019-01-01"


def test_what_has_no_word_is_told_and_not_drawn(client: FlaskClient) -> None:
    page = Page(client.get("/compare?q=((&q=beras").text)
    assert page.css_first("[role=alert]").text() == "no word that can be searched: (("
    assert [box.attributes["value"] for box in page.css(".compared input[name=q]")] == ["beras", "((", "", "", ""]
    assert [item.text(strip=True).partition(":")[0] for item in page.css(".compared-searches li")] == ["beras"]
    refused = client.get("/compare.json?q=((&q=beras")
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (400, "no_words")
    assert Page(client.get("/compare?q=((").text).css_first("figure") is None


def test_a_year_out_of_all_reason_stretches_no_timeline(archive_folder: ArchiveFolder) -> None:
    days = [date(1, 1, 1), date(2020, 5, 1), date(2021, 5, 1), date(9999, 12, 31)]
    client = client_of(archive_folder, *(story("beras", n, day) for n, day in enumerate(days)))
    answer = client.get("/compare.json?q=beras&per=year").get_json()
    assert answer["periods"] == ["2020", "2021"]
    assert (answer["series"][0]["total"], answer["series"][0]["undated"]) == (4, 2)


def test_without_anything_to_compare_there_is_only_the_form(client: FlaskClient) -> None:
    page = Page(client.get("/compare").text)
    assert page.css_first("form.compared") is not None
    assert page.css_first("figure") is None
    assert client.get("/compare.json").json["series"] == []  # type: ignore[index]


def test_what_no_article_has_is_a_line_of_zeros(client: FlaskClient) -> None:
    (series,) = client.get("/compare.json?q=beras+jagung&per=year").json["series"]  # type: ignore[index]
    assert series["counts"] == [0, 0, 0]
    assert client.get("/compare?q=tiada&q=beras").status_code == 200


def test_an_archive_without_articles_has_nothing_to_compare(archive_folder: ArchiveFolder) -> None:
    client = client_of(archive_folder)
    assert "There is no article with a date." in client.get("/compare?q=beras").text


def test_a_result_leads_to_the_comparison_of_its_query_in_its_days(client: FlaskClient) -> None:
    page = Page(client.get("/search?q=beras&from=2019").text)
    (address,) = [a.attributes["href"] or "" for a in page.css(".to-compare a[href^='/compare']")]
    assert address == "/compare?q=beras&from=2019"
    assert client.get(address).status_code == 200


def test_an_address_names_what_is_compared(client: FlaskClient) -> None:
    with client.application.test_request_context():
        assert compare_link(["tokoh:ratna-dewi", "dana desa"]) == "/compare?q=tokoh%3Aratna-dewi&q=dana+desa"
        assert compare_link(["a"], days=Query("b", published_to=date(2020, 12, 31))) == "/compare?q=a&to=2020"
        assert compare_link([]) == "/compare"
