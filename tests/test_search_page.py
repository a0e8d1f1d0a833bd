"""What stands beside the hits: time as bars that narrow, periods, and what helps where nothing is found."""

from datetime import date
from urllib.parse import quote

import pytest
from conftest import ClientMaker, make_article
from reading import link, page_at, text, texts
from selectolax.lexbor import LexborHTMLParser as Page

from index.article import Article, Status
from search.archive import Archive


def on(*days: date | None, **changes: object) -> list[Article]:
    return [
        make_article(**{"id": f"uji-{n}", "url": None, "title": f"Beras {n}", "date": day} | changes)
        for n, day in enumerate(days)
    ]


def bars(page: Page) -> dict[str, str]:
    """Return what each bar says, and where it leads."""
    return {a.css_first("title").text(): a.attributes["href"] or "" for a in page.css(".histogram svg a")}  # type: ignore[union-attr]


def test_years_open_months_and_months_days(client_of: ClientMaker) -> None:
    client = client_of(
        *on(date(1998, 5, 21), date(2022, 4, 1), date(2022, 5, 1), date(2022, 5, 3), date(2022, 5, 3), None)
    )
    page = page_at(client, "/search?q=beras&sort=oldest&page=2")
    assert text(page, ".histogram svg > title") == "Articles by year, 1998–2022"
    assert text(page, ".histogram .timeline-note") == "1 article without a date"
    years = bars(page)
    assert years == {
        "1998: 1 article": "/search?q=beras&from=1998&to=1998&sort=oldest",
        "2022: 4 articles": "/search?q=beras&from=2022&to=2022&sort=oldest",
    }
    page = page_at(client, years["2022: 4 articles"])
    assert text(page, ".histogram svg > title") == "Articles by month, 2022"
    months = bars(page)
    assert list(months) == ["April 2022: 1 article", "May 2022: 3 articles"]
    page = page_at(client, months["May 2022: 3 articles"])
    days = bars(page)
    assert list(days) == ["1 May 2022: 1 article", "3 May 2022: 2 articles"]
    assert link(page, ".facet .facts a", "All times") == "/search?q=beras&sort=oldest"
    assert link(page, ".facet .facts a:nth-child(2)", "2022") == "/search?q=beras&from=2022&to=2022&sort=oldest"
    page = page_at(client, days["3 May 2022: 2 articles"])
    assert text(page, "[role=status]") == "2 articles found that contain beras, 3 May 2022."
    assert bars(page) == {}
    assert texts(page, ".facet .facts > *") == ["All times", "2022", "May 2022", "3 May 2022", "← 1 May 2022"]


def test_every_bar_counts_what_it_leads_to(client_of: ClientMaker) -> None:
    client = client_of(*on(date(1998, 5, 21), date(2002, 4, 1), date(2002, 5, 1), date(2010, 5, 3)))
    page = page_at(client, "/search?from=1998-06-01")
    assert list(bars(page)) == ["2002: 2 articles", "2010: 1 article"]
    for said, address in bars(page).items():
        number = said.split(": ")[1].split()[0]
        assert text(page_at(client, address), "[role=status]").startswith(f"{number} article")


@pytest.mark.parametrize("address", ["/search?from=2002-05&to=2002-05", "/search?from=2002&to=2002", "/search"])
def test_the_numbers_of_the_bars_stand_in_a_table_or_a_facet_too(client_of: ClientMaker, address: str) -> None:
    page = page_at(client_of(*on(date(1998, 5, 21), date(2002, 4, 1), date(2002, 5, 1), date(2002, 5, 3))), address)
    others = {a.attributes["href"] for a in page.css(".histogram table a, .facet li a")}
    assert len(bars(page)) == 2
    assert set(bars(page).values()) <= others


def test_a_result_of_one_period_or_none_has_no_bars(client_of: ClientMaker) -> None:
    client = client_of(*on(date(2022, 5, 3), date(2022, 5, 3)))
    assert page_at(client, "/search?q=beras").css(".histogram") == []
    assert page_at(client, "/search?q=tiada").css(".histogram") == []


def test_periods_are_chosen_and_undone(client_of: ClientMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Archive, "today", lambda _archive: date(2023, 7, 28))
    client = client_of(*on(date(1999, 1, 1), date(2022, 12, 31), date(2023, 7, 27), date(2023, 7, 27)))
    page = page_at(client, "/search?q=beras")
    assert texts(page, "[aria-label=Periods] li") == [
        "Last 7 days 2", "Last 30 days 2", "Last 12 months 3", "This year 2", "Last year 1",
    ]  # fmt: skip
    assert texts(page, "[aria-labelledby=facet-time] .more li") == ["2020s 3", "1990s 1"]
    week = link(page, "[aria-label=Periods] a", "Last 7 days")
    assert week == "/search?q=beras&from=2023-07-22&to=2023-07-28"
    page = page_at(client, week)
    assert link(page, "[aria-label=Periods] a.chosen", "Last 7 days") == "/search?q=beras"
    assert texts(page, "[aria-labelledby=facet-time] .more li") == ["2020s 3", "1990s 1"]
    relaxed = page_at(client, "/search?q=beras+tiada")
    assert texts(relaxed, "[aria-label=Periods] li")[0] == "Last 7 days"  # what it finds hangs on the days


def test_the_days_months_and_years_beside_one_are_those_with_articles(client_of: ClientMaker) -> None:
    client = client_of(*on(date(1999, 1, 1), date(2022, 5, 1), date(2022, 5, 3), date(2023, 7, 27)))

    def beside(address: str) -> list[str]:
        return [words for words in texts(page_at(client, address), ".facet .facts a") if "←" in words or "→" in words]

    assert beside("/search?q=beras&from=2022&to=2022") == ["← 1999", "2023 →"]
    assert beside("/search?q=beras&from=2022-05&to=2022-05") == ["← January 1999", "July 2023 →"]
    assert beside("/search?q=beras&from=2022-05-03&to=2022-05-03") == ["← 1 May 2022", "27 July 2023 →"]
    assert beside("/search?q=beras&from=2022-05-03&to=2022-05-04") == []
    page = page_at(client, "/search?q=beras&from=2022&to=2022&sort=oldest")
    assert link(page, ".facet .facts a", "2023 →") == "/search?q=beras&from=2023&to=2023&sort=oldest"


def test_the_front_page_shows_all_years(client_of: ClientMaker) -> None:
    page = page_at(client_of(*on(date(1998, 5, 21), date(2022, 4, 1))), "/")
    assert bars(page) == {
        "1998: 1 article": "/search?from=1998&to=1998",
        "2022: 1 article": "/search?from=2022&to=2022",
    }
    assert link(page, ".hint a", "Advanced search") == "/search/advanced"


def test_nothing_found_tells_a_word_less_a_name_and_what_is_held(client_of: ClientMaker) -> None:
    named = on(date(2021, 3, 1), date(2021, 3, 2), date(2021, 3, 5), body="Siti Rahma Wijaya hadir di sidang.")
    client = client_of(*named)
    page = page_at(client, '/search?q="sidang+hadir"+judul:wijaja&from=2020&to=2020')
    found = dict(zip(texts(page, ".nothing h2"), page.css(".nothing h2 + *"), strict=True))
    assert "With fewer limits" not in found
    assert " ".join(found["Names like these"].text().split()) == "Siti Rahma Wijaya: 3 articles"
    assert " ".join(found["What the archive holds"].text().split()) == (
        "3 articles, 1 March 2021 – 5 March 2021; of these days (2020): none. Which days the archive has"
    )
    page = page_at(client, '/search?q="sidang+hadir"')
    assert texts(page, ".nothing h2 + ul li")[0] == 'sidang hadir instead of "sidang hadir": 3 articles'
    page = page_at(client, "/search?q=sidang+-hadir&from=2021&to=2022")
    assert link(page, ".nothing a", "without “-hadir”") == "/search?q=sidang&from=2021&to=2022"


def test_a_slip_that_only_the_limits_hide_is_mended_without_them(client_of: ClientMaker) -> None:
    client = client_of(*on(date(2021, 3, 1), date(2022, 4, 1)))
    page = page_at(client, "/search?q=pedagamg&from=2020&to=2020")
    assert page.css(".suggestion") == []
    assert link(page, ".nothing a", "pedagang, without any limit") == "/search?q=pedagang"
    assert "pedagang, without any limit: 2 articles" in texts(page, ".nothing li")


def test_a_relaxed_result_tells_which_word_is_in_the_way(client_of: ClientMaker) -> None:
    client = client_of(*on(date(2021, 3, 1), date(2022, 4, 1)))
    page = page_at(client, "/search?q=beras+pasar+tiada")
    assert texts(page, ".notice") == [
        "No article has all the words; these have some of them, the best first.",
        "With all the other words: without “tiada” (2 articles).",
    ]
    assert link(page, ".notice a", "without “tiada”") == "/search?q=beras+pasar"
    assert page_at(client, "/search?q=beras+pasar").css(".notice") == []


def test_a_hit_tells_its_persons_and_topics_and_is_a_reference(client_of: ClientMaker) -> None:
    page = page_at(client_of(make_article(people=("Siti Rahma",), topics=("agama",))), "/search?q=beras")
    assert "Siti Rahma" in texts(page, ".hit-people a")
    assert any((a.attributes["href"] or "").startswith("/topics/") for a in page.css(".hit-people a"))
    (reference,) = page.css(".hit .Z3988")
    assert "rft.type=newspaperArticle" in (reference.attributes["title"] or "")
    assert "uji-1" in (reference.attributes["title"] or "")


def test_help_offers_the_mended_word_shorter_phrases_and_the_search_without_its_days(client_of: ClientMaker) -> None:
    told: dict[str, object] = {"url": None, "date": date(2020, 1, 1), "body": "Warga mengungsi ke balai desa."}
    client = client_of(*(make_article(id=f"uji-{n}", title="Banjir bandang surut", **told) for n in range(3)))
    offers = {
        typed: texts(page_at(client, f"/search?q={quote(typed)}"), ".nothing li")
        for typed in ('"banjir bandang datang"', "banjir pekan lalu")
    }
    assert text(page_at(client, "/search?q=banjjir"), ".suggestion") == "Did you mean: banjir (3 articles)"
    assert '"banjir bandang" instead of "banjir bandang datang": 3 articles' in offers['"banjir bandang datang"']
    assert any("with some of the words" in offer for offer in offers['"banjir bandang datang"'])
    assert "banjir, without the days: 3 articles" in offers["banjir pekan lalu"]
    assert {typed for typed, told in offers.items() if any("Leave out quotes" in offer for offer in told)} == {
        '"banjir bandang datang"'
    }
    page = page_at(client, "/search?q=banjir+pekan+lalu")
    assert text(page, ".count") == "No article contains banjir pekan lalu."


def test_corrected_articles_are_listed_from_the_front_page_and_for_who_searches_corrections(
    client_of: ClientMaker,
) -> None:
    corrected = make_article(id="uji-2", url=None, title="Gudang kosong", status=Status.CORRECTED, body="Gudang.")
    client = client_of(make_article(), corrected)
    address = link(page_at(client, "/"), ".all a", "Corrected and withdrawn articles")
    assert texts(page_at(client, address), ".hit .headline a") == ["Gudang kosong"]
    assert "Corrected articles: 1 article" in texts(page_at(client, "/search?q=ralat"), ".nothing li")


def test_where_nothing_was_corrected_the_front_page_leads_to_no_corrections(client_of: ClientMaker) -> None:
    assert "Corrected" not in page_at(client_of(make_article()), "/").css_first("main").text()


@pytest.mark.parametrize("typed", ["judul:", "(", "tanggal:2019-02-31", "!!"])
def test_a_query_that_nothing_is_left_of_says_so(client_of: ClientMaker, typed: str) -> None:
    page = page_at(client_of(make_article()), f"/search?q={quote(typed)}")
    assert text(page, ".count") == "No word is left to search."
    assert "()" not in page.css_first("main").text()
