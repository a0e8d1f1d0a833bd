"""The calendar of what the archive holds and lacks, and what is in the news more than usual: pages, JSON and CSV."""

import csv
from datetime import date, timedelta

import pytest
from conftest import ClientMaker, make_article
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as Page
from selectolax.lexbor import LexborNode as Node

from index.article import Article
from web.coverage import SECTIONS_SHOWN


def story(number: int, day: date | None, section: str | None = "Ekonomi", **changes: object) -> Article:
    return make_article(id=f"uji-{number}", url=None, title=f"Kabar {number}", date=day, section=section, **changes)


# Three articles of May 2019, a year without any, two of July 2021, of which one in another section.
DAYS = (date(2019, 5, 3), date(2019, 5, 3), date(2019, 5, 6), date(2021, 7, 1), date(2021, 7, 4))


@pytest.fixture
def client(client_of: ClientMaker) -> FlaskClient:
    sections = ("Ekonomi", "Ekonomi", "Ekonomi", "Ekonomi", "=Hukum")
    several = [story(n, day, section) for n, (day, section) in enumerate(zip(DAYS, sections, strict=True))]
    return client_of(*several, story(8, None))


def page_of(client: FlaskClient, address: str) -> Page:
    answer = client.get(address)
    assert answer.status_code == 200
    return Page(answer.text)


def words(node: Node | None) -> str:
    assert node is not None
    return " ".join(node.text().split())


def found(client: FlaskClient, address: str | None) -> int:
    assert address is not None
    answer = client.get(address.replace("/search?", "/search.json?")).json
    assert answer is not None
    return int(answer["total"])


def test_the_years_show_their_months_and_what_they_lack(client: FlaskClient) -> None:
    page = page_of(client, "/coverage")
    assert [words(year) for year in page.css(".coverage-row h3")] == [
        "2021 2 articles, 183 days without articles",  # the first half, and two days of July
        "2020 no articles",
        "2019 3 articles, 241 days without articles",
    ]
    said = [words(month.css_first(".unseen")) for month in page.css(".coverage-year li")]
    assert "July 2021: 2 articles, 2 days without articles" in said
    assert "June 2019: no articles" in said
    assert "April 2019" in said  # before the first: it lacks nothing
    linked = [words(month.css_first(".unseen")) for month in page.css(".coverage-year a")]
    assert linked == [
        "July 2021: 2 articles, 2 days without articles",
        "May 2019: 3 articles, 27 days without articles",
    ]


def test_a_year_a_month_and_a_day_are_one_link_apart(client: FlaskClient) -> None:
    years = page_of(client, "/coverage")
    (year,) = [link.attributes["href"] for link in years.css(".coverage-row h3 a") if link.text() == "2019"]
    assert year == "/coverage?period=2019"
    months = page_of(client, year)
    (month,) = [link.attributes["href"] for link in months.css("caption a") if link.text() == "May 2019"]
    assert month == "/coverage?period=2019-05"
    days = page_of(client, month)
    day = {words(link.css_first(".unseen")): link.attributes["href"] for link in days.css(".coverage-months td a")}
    assert list(day) == ["3 May 2019: 2 articles", "6 May 2019: 1 article"]
    assert [found(client, address) for address in day.values()] == [2, 1]


def test_days_without_articles_are_told_apart_from_days_before_the_first(client: FlaskClient) -> None:
    cells = page_of(client, "/coverage?period=2019-05").css(".coverage-months td")
    marks = {words(cell.css_first(".unseen")).split()[0]: cell.attributes["class"] for cell in cells if words(cell)}
    assert (marks["2"], marks["3"], marks["4"], marks["6"]) == ("level-0", "level-3", "lacks", "level-2")


def test_the_longest_gap_comes_first_with_its_days(client: FlaskClient) -> None:
    gaps = [words(gap) for gap in page_of(client, "/coverage").css("section:has(#gaps) li")]
    assert [gap.rsplit(" ", 2)[1:] for gap in gaps] == [["786", "days"], ["2", "days"], ["2", "days"]]
    assert gaps[0].startswith("7 May 2019 – 30 June 2021")
    assert gaps[1].startswith("4–5 May 2019")


def test_sections_tell_their_span_and_lead_to_their_own_coverage(client: FlaskClient) -> None:
    page = page_of(client, "/coverage")
    rows = [[words(cell) for cell in row.css("th, td")] for row in page.css("section:has(#sections) tbody tr")]
    assert rows == [
        ["Ekonomi", "5", "3 May 2019", "1 July 2021", "3", "788", "786 days"],
        ["=Hukum", "1", "4 July 2021", "4 July 2021", "1", "0", ""],
    ]
    link = page.css("section:has(#sections) tbody th a")[1].attributes["href"] or ""
    assert words(page_of(client, link).css_first("h1")) == "Coverage of the archive: section =Hukum"
    assert found(client, page.css("section:has(#sections) tbody td a")[0].attributes["href"]) == 5


def test_the_month_shows_sections_by_day(client: FlaskClient) -> None:
    rows = page_of(client, "/coverage?period=2021-07").css(".coverage-days tbody tr")
    cells = [[words(cell) for cell in row.css("th, td")] for row in rows]
    assert cells[0][:4] == ["Ekonomi", "1", "1 1 July 2021: 1 article", ""]
    assert cells[1][:7] == ["=Hukum", "1", "", "", "", "1 4 July 2021: 1 article", ""]


def test_a_section_is_found_whatever_its_case_and_another_is_not(client: FlaskClient) -> None:
    assert "section Ekonomi" in words(page_of(client, "/coverage?section=EKONOMI").css_first("h1"))
    assert client.get("/coverage?section=Olahraga").status_code == 404
    assert client.get("/coverage.json?section=Olahraga").status_code == 404


@pytest.mark.parametrize("period", ["x", "2019-13", "0000", "2019-05-03", "20190"])
def test_what_is_no_year_and_no_month_is_told(client: FlaskClient, period: str) -> None:
    answer = client.get(f"/coverage.json?period={period}")
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["error"]["parameter"] == "period"
    assert client.get(f"/coverage?period={period}").status_code == 400


def test_json_has_months_then_days_and_all_gaps(client: FlaskClient) -> None:
    whole = client.get("/coverage.json").json
    assert whole is not None
    told = {name: whole[name] for name in ("articles", "undated", "unsectioned", "from", "to", "days", "days_without")}
    assert told == {
        "articles": 6,
        "undated": 1,
        "unsectioned": 0,
        "from": "2019-05-03",
        "to": "2021-07-04",
        "days": 4,
        "days_without": 790,
    }
    assert (whole["per"], len(whole["parts"])) == ("month", 27)
    assert {name: whole["parts"][0][name] for name in ("period", "articles", "days", "days_without")} == {
        "period": "2019-05",
        "articles": 3,
        "days": 2,
        "days_without": 27,
    }
    assert found(client, whole["parts"][0]["link"]) == 3
    assert whole["gaps"][0] == {"from": "2019-05-04", "to": "2019-05-05", "days": 2}
    month = client.get("/coverage.json?period=2019-05&section=Ekonomi").json
    assert month is not None
    assert (month["per"], len(month["parts"]), month["sections"]) == ("day", 29, [])
    assert [part["articles"] for part in month["parts"][:4]] == [2, 0, 0, 1]


def test_csv_has_the_same_numbers_and_no_formula(client: FlaskClient) -> None:
    answer = client.get("/coverage.csv?period=2021-07")
    assert answer.content_type.startswith("text/csv")
    assert list(csv.reader(answer.text.splitlines())) == [
        ["period", "section", "articles", "days", "days_without"],
        ["2021-07-01", "", "1", "1", "0"],
        ["2021-07-02", "", "0", "0", "1"],
        ["2021-07-03", "", "0", "0", "1"],
        ["2021-07-04", "", "1", "1", "0"],
        ["2021-07-01", "Ekonomi", "1", "1", "0"],
        ["2021-07-04", "'=Hukum", "1", "1", "0"],
    ]
    assert len(client.get("/coverage.csv").text.splitlines()) == 1 + 27 + 27 + 1


def test_beside_a_month_stand_those_before_and_after_as_far_as_there_are_articles(client: FlaskClient) -> None:
    links = {link.text() for link in page_of(client, "/coverage?period=2019-05").css(".pager a")}
    assert links == {"June 2019 →"}


@pytest.mark.parametrize("period", ["0001", "0001-01", "9999", "9999-12"])
def test_the_ends_of_the_calendar_have_nothing_beside_them(client: FlaskClient, period: str) -> None:
    assert page_of(client, f"/coverage?period={period}").css(".pager a") == []
    for address in ("/trends", "/trends.json", "/trends.csv"):
        assert client.get(f"{address}?to={period}").status_code == 200


def test_an_empty_archive_says_so(client_of: ClientMaker) -> None:
    client = client_of()
    for address in ("/coverage", "/coverage?period=2019", "/coverage?period=2019-05", "/trends"):
        assert client.get(address).status_code == 200
    assert "holds no articles yet" in client.get("/coverage").text
    assert client.get("/coverage.json").json["parts"] == []  # type: ignore[index]
    assert client.get("/coverage.csv").text.splitlines() == ["period,section,articles,days,days_without"]


def test_a_slip_of_a_date_and_very_many_sections_keep_the_page_short(client_of: ClientMaker) -> None:
    several = [story(n, date(2020, 1, 1) + timedelta(days=n), f"Rubrik {n}") for n in range(SECTIONS_SHOWN + 5)]
    client = client_of(*several, story(900, date(1620, 1, 1)), story(901, date(2199, 12, 31)))
    page = page_of(client, "/coverage")
    assert [words(year) for year in page.css(".coverage-row h3")][1::2] == [
        "2021–2198 no articles",
        "1621–2019 no articles",
    ]
    assert len(page.css("section:has(#sections) tbody tr")) == SECTIONS_SHOWN
    assert f"the {SECTIONS_SHOWN} largest of {SECTIONS_SHOWN + 6} sections" in page.text()
    table = client.get("/coverage.csv").text.splitlines()
    assert {f"2020-01,Rubrik {n},1,1,0" for n in range(31)} <= set(table)
    assert client.get("/trends").status_code == 200


LAST = date(2023, 7, 31)


@pytest.fixture
def rising(client_of: ClientMaker) -> FlaskClient:
    """Serve two articles a day for 13 months; those of the last ten days name a person and are in a section of their own."""
    return client_of(
        *(
            story(
                n,
                LAST - timedelta(days=n // 2),
                "Hukum & HAM" if n < 20 else "Ekonomi",
                people=("Wulan Prameswari",) if n < 20 or n == 200 else (),
            )
            for n in range(2 * 395)
        )
    )


def test_who_is_in_the_news_leads_to_the_articles_and_their_course_over_time(rising: FlaskClient) -> None:
    page = page_of(rising, "/trends")
    person, section = (row for row in page.css("tbody tr"))
    assert [words(cell) for cell in person.css("th, td")][:4] == [
        "Wulan Prameswari",
        "243.3×",
        "20 articles of Wulan Prameswari",
        "0.1",
    ]
    assert [words(cell) for cell in section.css("th, td")][1:4:2] == ["new", "0"]
    assert words(page.css_first(".lead a")) == "60 articles"
    for row, compared in ((person, "person Wulan Prameswari"), (section, 'rubrik:"Hukum & HAM"')):
        name, stories, course = (link.attributes["href"] for link in row.css("a"))
        assert rising.get(name or "").status_code == 200
        assert found(rising, stories) == 20
        answer = rising.get((course or "").replace("/compare?", "/compare.json?")).json
        assert answer is not None
        assert (answer["series"][0]["label"], answer["series"][0]["counts"][-1]) == (compared, 20)


def test_trends_of_other_days_are_asked_for_by_their_last(rising: FlaskClient) -> None:
    page = page_of(rising, "/trends?to=2023-06-30")
    assert page.css("tbody tr") == []
    assert words(page.css_first(".notice")) == (
        "Nothing is written about clearly more than usual. "
        "The newest thirty days that have something: 2 July 2023 – 31 July 2023."
    )
    assert page.css_first(".notice a").attributes["href"] == "/trends?to=2023-07-31"
    nothing = words(page_of(rising, "/trends?to=2001").css_first(".notice"))
    assert nothing.startswith("These thirty days have 0 articles; what rises is in at least 5.")
    (previous, following) = page.css(".pager a")
    assert previous.attributes["href"] == "/trends?to=2023-05-31"
    assert following.attributes["href"] == "/trends?to=2023-07-30"
    assert rising.get("/trends?to=kemarin").status_code == 400


def test_trends_have_the_same_numbers_as_json_and_csv(rising: FlaskClient) -> None:
    answer = rising.get("/trends.json").json
    assert answer is not None
    assert (answer["from"], answer["to"], answer["articles"]) == ("2023-07-02", "2023-07-31", 60)
    assert answer["before"] == {"from": "2022-07-02", "to": "2023-07-01", "articles": 730}
    (person,) = answer["person"]
    assert (person["value"], person["articles"], person["usual"], person["times"]) == (
        "wulan-prameswari",
        20,
        0.08,
        243.33,
    )
    assert found(rising, person["link"]) == 20
    assert list(csv.reader(rising.get("/trends.csv").text.splitlines()))[1:] == [
        ["person", "wulan-prameswari", "Wulan Prameswari", "20", "0.08", "243.33"],
        ["section", "Hukum & HAM", "Hukum & HAM", "20", "0.0", ""],
    ]
