"""The pages that readers see, read as HTML: what stands on them and where their links lead."""

from datetime import UTC, date, datetime

import pytest
from conftest import ClientMaker, make_article
from reading import link, page_at, text, texts
from selectolax.lexbor import LexborHTMLParser as Page

from index.article import Article, Correction, CorrectionKind, Status
from index.dates import WIB, WITA
from index.settings import ArchiveFolder
from web.app import create_app


def several() -> list[Article]:
    """Return articles that differ in section, source, year, person and topic."""
    changes: list[dict[str, object]] = [
        {"section": "Ekonomi", "date": date(2021, 3, 1), "people": ("Siti Rahma",)},
        {"section": "Hukum", "date": date(2022, 4, 1), "source": "Kabar Uji"},
        {"section": "Hukum", "date": date(2022, 5, 1), "topics": ("agama",)},
    ]
    return [make_article(id=f"uji-{n}", url=None, title=f"Beras {n}", **c) for n, c in enumerate(changes, start=1)]


# --- the front page


def test_the_front_page_tells_what_the_archive_holds(client_of: ClientMaker) -> None:
    page = page_at(client_of(*several()), "/")
    assert text(page, "h1") == "Telisik"
    assert text(page, ".holdings") == "3 articles, March 2021 – May 2022"
    assert texts(page, "[aria-labelledby=sections] li") == ["Hukum 2", "Ekonomi 1"]
    assert link(page, "[aria-labelledby=sections] a", "Hukum") == "/search?section=Hukum"
    assert texts(page, ".newest .headline") == ["Beras 3", "Beras 2", "Beras 1"]


def test_an_empty_archive_has_a_front_page(client_of: ClientMaker) -> None:
    page = page_at(client_of(), "/")
    assert text(page, ".holdings") == "This archive holds no articles yet."
    assert page.css_first("form[role=search] input[name=q]") is not None


def test_the_archives_own_title_stands_on_every_page(client_of: ClientMaker, archive_folder: ArchiveFolder) -> None:
    client_of(*several())
    archive_folder.settings_file.write_text('title = "Arsip <Uji>"', encoding="utf-8")
    client = create_app(archive_folder.path, language="en").test_client()
    for address in ("/", "/search?q=beras", "/articles/uji-1", "/help"):
        assert text(page_at(client, address), "head title").endswith("Arsip <Uji>")


@pytest.mark.parametrize(
    ("agent", "focused"), [("Mozilla/5.0 (X11; Linux x86_64)", True), ("Mozilla/5.0 (Android 15; Mobile)", False)]
)
def test_the_box_has_the_focus_but_not_on_phones(client_of: ClientMaker, agent: str, focused: bool) -> None:
    answer = client_of().get("/", headers={"User-Agent": agent})
    box = Page(answer.text).css_first("input[name=q]")
    assert box is not None
    assert ("autofocus" in box.attributes) is focused
    assert "User-Agent" in answer.headers["Vary"]


# --- the result


@pytest.mark.parametrize(
    ("address", "count", "title"),
    [
        ("/search?q=beras", "3 articles found that contain beras.", "beras – Search results – Telisik"),
        (
            "/search?q=beras&section=Hukum&section=Ekonomi&from=2021&to=2022",
            "3 articles found that contain beras, 2021–2022, section Hukum or Ekonomi.",
            "beras, 2021–2022, section Hukum or Ekonomi – Search results – Telisik",
        ),
        ("/search?from=2022-04&to=2022-04", "1 article found, April 2022.", "April 2022 – Search results – Telisik"),
        ("/search", "3 articles found.", "Search results – Telisik"),
        (
            "/search?q=mentega&source=Uji",
            "No article contains mentega, source Uji.",
            "mentega, source Uji – Search results – Telisik",
        ),
    ],
)
def test_the_count_is_a_status_and_reads_the_query_back(
    client_of: ClientMaker, address: str, count: str, title: str
) -> None:
    page = page_at(client_of(*several()), address)
    assert text(page, "[role=status]") == count
    assert text(page, "head title") == title


def test_a_hit_shows_what_one_needs_to_choose_it(client_of: ClientMaker) -> None:
    page = page_at(client_of(make_article()), "/search?q=beras")
    assert text(page, ".headline mark") == "beras"
    assert link(page, ".headline a", "Harga beras naik") == "/articles/uji-1?q=beras"
    assert texts(page, ".facts > :not(.keep)") == [
        "Friday, 28 July 2023 at 10:30 WIB",
        "Ekonomi",
        "Harian Uji",
        "Ratna Dewi",
    ]
    assert text(page, ".snippet") == "Harga beras di pasar induk naik."
    assert text(page, ".why li") == "beras → beras (exact word)"


def test_every_limit_is_a_chip_that_removes_it_alone(client_of: ClientMaker) -> None:
    page = page_at(client_of(*several()), "/search?q=beras&from=2021&to=2022&section=Hukum&section=Ekonomi&page=2")
    assert link(page, ".chip", "2021–2022") == "/search?q=beras&section=Hukum&section=Ekonomi"
    assert link(page, ".chip", "section Hukum") == "/search?q=beras&from=2021&to=2022&section=Ekonomi"
    assert link(page, ".clear", "Remove all") == "/search?q=beras"


def test_facets_narrow_and_count_what_they_would_find(client_of: ClientMaker) -> None:
    client = client_of(*several())
    page = page_at(client, "/search?q=beras&page=2")
    assert texts(page, ".facet h3") == ["Date", "Section", "Year", "Source", "Author", "Person", "Topic"]
    assert texts(page, "[aria-labelledby=facet-section] li") == ["Hukum 2", "Ekonomi 1"]
    for choice in page.css(".facet li a"):
        narrowed = page_at(client, choice.attributes["href"] or "")
        number = (choice.css_first(".number, small") or choice).text()
        assert text(narrowed, "[role=status]").startswith(f"{number} article")


def test_a_chosen_facet_value_can_be_undone_where_it_was_chosen(client_of: ClientMaker) -> None:
    client = client_of(*several())
    page = page_at(client, "/search?q=beras&section=Hukum&from=2022&to=2022")
    assert link(page, ".facet a.chosen", "Hukum") == "/search?q=beras&from=2022&to=2022"
    assert link(page, ".facet a.chosen", "2022") == "/search?q=beras&section=Hukum"


def test_a_chosen_year_opens_its_months(client_of: ClientMaker) -> None:
    page = page_at(client_of(*several()), "/search?q=beras&from=2022&to=2022")
    assert texts(page, "section[aria-labelledby=facet-month] li") == ["May 2022 1", "April 2022 1"]
    assert link(page, ".facet li a", "April 2022") == "/search?q=beras&from=2022-04&to=2022-04"


def test_the_forms_keep_what_they_do_not_ask_for(client_of: ClientMaker) -> None:
    page = page_at(client_of(*several()), "/search?q=beras&section=Hukum&from=2022&sort=oldest&page=2")
    search = {(i.attributes["name"], i.attributes.get("value")) for i in page.css("form[role=search] input")}
    days = {(i.attributes["name"], i.attributes.get("value")) for i in page.css("form.days input")}
    assert search == {("q", "beras"), ("section", "Hukum"), ("from", "2022"), ("sort", "oldest")}
    assert days == {("from", "2022-01-01"), ("to", ""), ("q", "beras"), ("section", "Hukum"), ("sort", "oldest")}


def test_orders_are_links_and_the_one_in_force_is_marked(client_of: ClientMaker) -> None:
    page = page_at(client_of(*several()), "/search?q=beras&section=Hukum")
    assert text(page, ".sorts [aria-current]") == "Most relevant"
    assert link(page, ".sorts a", "Oldest") == "/search?q=beras&section=Hukum&sort=oldest"
    assert texts(page_at(client_of(), "/search?section=Hukum"), ".sorts a") == ["Newest", "Oldest"]


def test_the_pager_walks_and_a_page_past_the_end_leads_back(client_of: ClientMaker) -> None:
    client = client_of(*several())
    page = page_at(client, "/search?q=beras&size=1&page=2")
    assert text(page, ".pager > span") == "Page 2 of 3"
    assert link(page, ".pager a", "Previous") == "/search?q=beras&size=1"
    assert link(page, ".pager a", "Next") == "/search?q=beras&page=3&size=1"
    assert (page.css_first("ol.hits") or page).attributes["start"] == "2"
    past = page_at(client, "/search?q=beras&size=1&page=9")
    assert link(past, ".nothing a", "To the last page, 3") == "/search?q=beras&page=3&size=1"


def test_the_other_forms_of_the_result_are_linked(client_of: ClientMaker) -> None:
    page = page_at(client_of(*several()), "/search?q=beras&section=Hukum")
    assert link(page, ".forms a", "CSV") == "/search.csv?q=beras&section=Hukum"
    assert link(page, ".forms a[href^='/search.json']", "JSON") == "/search.json?q=beras&section=Hukum"


def test_nothing_found_tells_what_each_limit_less_would_find(client_of: ClientMaker) -> None:
    page = page_at(client_of(*several()), "/search?q=beras&section=Hukum&from=2021&to=2021&person=Tiada")
    assert text(page, "[role=status]").startswith("No article contains beras")
    assert texts(page, ".nothing ul:first-of-type li") == ["without any limit: 3 articles"]
    page = page_at(client_of(), "/search?q=beras&section=Hukum&from=2021&to=2021")
    assert [line.split(": ") for line in texts(page, ".nothing ul:first-of-type li")] == [
        ["without 2021", "2 articles"],
        ["without section Hukum", "1 article"],
        ["without any limit", "3 articles"],
    ]
    assert link(page, ".nothing a", "without 2021") == "/search?q=beras&section=Hukum"


def test_a_query_without_hits_that_is_misspelled_is_corrected_with_its_limits_kept(client_of: ClientMaker) -> None:
    page = page_at(client_of(*several()), "/search?q=berass&section=Hukum")
    assert link(page, ".suggestion a", "beras") == "/search?q=beras&section=Hukum"


def test_articles_with_most_of_the_words_are_shown_as_such(client_of: ClientMaker) -> None:
    page = page_at(client_of(*several()), "/search?q=beras+pasar+mentega")
    assert text(page, "[role=status]") == "3 articles found that contain some words of beras pasar mentega."
    assert "No article has all the words; these have some of them, the best first." in texts(page, ".notice")


# --- the article


def test_an_article_is_shown_whole_with_its_words_marked(client_of: ClientMaker) -> None:
    page = page_at(client_of(make_article(summary="Pasokan seret.", tags=("beras",))), "/articles/uji-1?q=pasokan")
    assert text(page, "h1") == "Harga beras naik di pasar induk"
    assert text(page, ".article time") == "Friday, 28 July 2023 at 10:30 WIB"
    assert text(page, ".byline") == "By Ratna Dewi"
    assert text(page, ".standfirst") == "Pasokan seret."
    assert texts(page, ".body p") == ["Harga beras di pasar induk naik.", "Pedagang mengeluhkan pasokan."]
    assert texts(page, ".body mark") == ["pasokan"]
    assert link(page, ".kicker a", "Ekonomi") == "/search?section=Ekonomi"
    assert (page.css_first(".article h1") or page).attributes["lang"] == "id"


def test_the_way_back_from_an_article_keeps_the_whole_search(client_of: ClientMaker) -> None:
    client = client_of(*several())
    address = "/search?q=beras&from=2022&to=2022&section=Hukum&sort=oldest&page=2&size=1"
    result = page_at(client, address)
    article = page_at(client, link(result, ".headline a", "Beras 3"))
    assert link(article, ".back a", "Back to the results") == address
    assert page_at(client, "/articles/uji-1").css(".back") == []


def test_what_an_article_names_leads_to_searches_that_find_it(client_of: ClientMaker) -> None:
    article = make_article(people=("Siti, Rahma",), topics=("ekonomi & bisnis",), tags=('harga "pokok"',))
    client = client_of(article)
    page = page_at(client, "/articles/uji-1")
    own = ("/search", "/people", "/topics")
    links = [a.attributes["href"] or "" for a in page.css(".article a") if (a.attributes["href"] or "").startswith(own)]
    assert len(links) == 6
    for address in links:
        assert set(texts(page_at(client, address), ".headline")) == {"Harga beras naik di pasar induk"}


@pytest.mark.parametrize("article_id", ["https://uji.example//a/?b=1#c", "/awal", "100% beras", "a/../b", "x.json"])
def test_an_article_is_found_under_whatever_id_it_has(client_of: ClientMaker, article_id: str) -> None:
    client = client_of(make_article(id=article_id))
    found = page_at(client, link(page_at(client, "/search?q=beras"), ".headline a", "Harga beras"))
    assert text(found, "h1") == "Harga beras naik di pasar induk"
    assert page_at(client, link(found, "dd a.address", "http://localhost")).css_first(".article") is not None
    assert client.get(link(found, ".address + a", "JSON")).get_json()["id"] == article_id


def test_only_addresses_of_the_web_become_links(client_of: ClientMaker) -> None:
    bad = Correction(CorrectionKind.ERRATUM, "Ralat.", None, "javascript:alert(1)")
    page = client_of(make_article(url="javascript:alert(1)", corrections=(bad,))).get("/articles/uji-1").text
    assert "javascript:" not in page
    page = client_of(make_article(url="http://[rusak", id="uji-2")).get("/articles/uji-2").text
    assert "[rusak" not in page


def test_corrections_stand_above_the_text_with_their_kind_and_date(client_of: ClientMaker) -> None:
    corrections = (
        Correction(
            CorrectionKind.ERRATUM, "Harga yang benar Rp12.000.", date(2023, 7, 30), "https://uji.example/ralat"
        ),
        Correction(CorrectionKind.REPLY, "Dinas membantah.", datetime(2023, 8, 1, 8, 0, tzinfo=WIB)),
    )
    client = client_of(make_article(status=Status.CORRECTED, corrections=corrections))
    page = page_at(client, "/articles/uji-1")
    assert texts(page, ".corrections p") == [
        "Erratum, Sunday, 30 July 2023. Harga yang benar Rp12.000. Read more",
        "Right of reply, Tuesday, 1 August 2023 at 08:00 WIB. Dinas membantah.",
    ]
    assert text(page, ".badge") == "Corrected"
    article = text(page, ".article")
    assert article.index("Rp12.000") < article.index("Pedagang mengeluhkan")
    assert texts(page_at(client, "/search?q=beras"), ".note")[0].startswith("Erratum, Sunday, 30 July 2023.")


def test_a_withdrawn_article_is_a_tombstone_with_its_reason(client_of: ClientMaker) -> None:
    reason = Correction(CorrectionKind.WITHDRAWAL, "Narasumber menarik keterangannya.", date(2023, 8, 1))
    withdrawn = make_article(status=Status.WITHDRAWN, corrections=(reason,), summary="Pasokan.", tags=("pasokan",))
    client = client_of(withdrawn)
    answer = client.get("/articles/uji-1?q=beras")
    page = Page(answer.text)
    assert text(page, "h1") == "Harga beras naik di pasar induk"
    assert text(page, ".withdrawn") == "This article has been withdrawn. Its text is no longer shown."
    assert "Narasumber menarik keterangannya." in texts(page, ".corrections p")[1]
    assert "pasokan" not in answer.text.casefold()
    assert "uji.example" not in answer.text
    hit = page_at(client, "/search?q=beras")
    assert (text(hit, ".badge"), texts(hit, ".snippet")) == ("Withdrawn", [])


@pytest.mark.parametrize(
    ("published", "day", "clock"),
    [
        (date(1998, 5, 2), "Sabtu, 2 Mei 1998", ""),
        (datetime(2026, 5, 22, 17, 51, tzinfo=WIB), "Jumat, 22 Mei 2026", "17.51 WIB"),
        (datetime(2026, 5, 22, 18, 51, tzinfo=WITA), "Jumat, 22 Mei 2026", "17.51 WIB"),
        (datetime(2026, 5, 22, 23, 30, tzinfo=UTC), "Sabtu, 23 Mei 2026", "06.30 WIB"),
    ],
)
def test_dates_are_written_out_in_indonesian_and_in_the_archives_zone(
    client_of: ClientMaker, published: date | datetime, day: str, clock: str
) -> None:
    page = page_at(client_of(make_article(date=published), language="id"), "/articles/uji-1")
    shown = text(page, ".article time")
    assert shown.startswith(day)
    assert shown.endswith(clock or day)


def test_an_article_without_a_date_says_so(client_of: ClientMaker) -> None:
    page = page_at(client_of(make_article(date=None)), "/articles/uji-1")
    assert texts(page, ".article header .facts > *") == ["undated", "Harian Uji"]


def test_the_language_of_the_text_is_that_of_its_source(client_of: ClientMaker) -> None:
    for number, (named, tag) in enumerate(
        [("en", "en"), ("zh-Hant", "zh-Hant"), ("Bahasa Indonesia", "id"), (None, "id")]
    ):
        client = client_of(make_article(id=f"uji-{number}", url=None, language=named))
        heading = page_at(client, f"/articles/uji-{number}").css_first("h1")
        assert heading is not None
        assert heading.attributes["lang"] == tag


# --- all pages


def test_nothing_in_an_article_or_a_query_becomes_markup(client_of: ClientMaker) -> None:
    evil = "<script>alert(1)</script>"
    names = dict.fromkeys(("authors", "people", "topics", "tags"), (evil,))
    article = make_article(
        title=f"Beras {evil}", body=f"Beras {evil}", summary=evil, section=evil, source=evil, **names
    )
    client = client_of(article)
    typed = {"q": f'beras {evil}" autofocus onfocus="', "section": evil}
    wrong = {**typed, "from": f'">{evil}'}
    for address, values in (
        ("/", typed),
        ("/articles/uji-1", typed),
        ("/search", typed),
        ("/search", wrong),
        ("/x", typed),
    ):
        answer = client.get(address, query_string=values)
        assert evil not in answer.text, address
        assert {script.attributes.get("src") is None for script in Page(answer.text).css("script:not([type])")} <= {
            False
        }
        assert Page(answer.text).css("[onfocus]") == []


def test_every_answer_forbids_scripts_and_framing(client_of: ClientMaker) -> None:
    client = client_of(make_article())
    for address in ("/", "/search?q=beras", "/search.json", "/nihil", "/search?page=x", "/static/style.css"):
        headers = client.get(address).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_a_wrong_address_is_explained_and_the_form_kept(client_of: ClientMaker) -> None:
    page = page_at(client_of(make_article()), "/search?q=beras&section=Ekonomi&from=besok", status=400)
    assert text(page, "[role=alert]") == "'besok' is no date; write 2023-07-28, 2023-07 or 2023"
    kept = {(i.attributes["name"], i.attributes.get("value")) for i in page.css("form[role=search] input")}
    assert kept == {("q", "beras"), ("section", "Ekonomi")}
    assert link(page, "main a", "Search without it") == "/search?q=beras&section=Ekonomi"


@pytest.mark.parametrize(
    ("method", "address", "status"), [("GET", "/nihil", 404), ("GET", "/articles/nihil", 404), ("POST", "/search", 405)]
)
def test_errors_are_pages_with_the_search_box(client_of: ClientMaker, method: str, address: str, status: int) -> None:
    answer = client_of().open(address, method=method)
    assert answer.status_code == status
    assert Page(answer.text).css_first("form[role=search]") is not None
    assert (status == 405) == ("Allow" in answer.headers)


def test_a_fault_of_ours_shows_no_details(client_of: ClientMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(make_article())
    monkeypatch.setattr("web.pages.pager_of", lambda _page: 1 / 0)
    answer = client.get("/search?q=beras")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "division" not in answer.text


def test_pages_link_only_to_what_is_there(client_of: ClientMaker) -> None:
    client = client_of(*several())
    seen: set[str] = set()
    for address in (
        "/",
        "/search?q=beras&section=Hukum&size=1",
        "/articles/uji-1?q=beras",
        "/help",
        "/search?q=xyz",
        "/people/siti-rahma",
    ):
        nodes = page_at(client, address).css("[href]")
        seen |= {href for node in nodes if (href := node.attributes["href"] or "").startswith("/")}
    assert len(seen) > 40
    assert {
        href: status for href in seen if (status := client.get(href, follow_redirects=True).status_code) != 200
    } == {}


def test_the_stylesheet_stays_small(client_of: ClientMaker) -> None:
    assert len(client_of().get("/static/style.css").data) < 30_000
