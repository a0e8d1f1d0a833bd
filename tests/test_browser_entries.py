"""A reader's way over the pages of persons and topics in a real browser: wide and narrow, light and dark, without JavaScript."""

from collections.abc import Iterator
from datetime import date

import pytest
from axe import faults
from conftest import fill, make_article, serving

from index.settings import ArchiveFolder

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

PATHS = (
    "/people/",
    "/people/?letter=S",
    "/people/?q=rahmi",
    "/people/siti-rahma",
    "/people/siti-rahma?year=2013",
    "/people/budi-hartono",
    "/people/nihil",
    "/topics/",
    "/topics/pasar",
    "/search?q=siti+rahma",
    "/",
)
LONG_NAME = "Kusumawardhaningtyasprameswari" * 3
NAMES = [f"{letter}orang Ujian" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"] + [
    f"{letter}ani Ujian" for letter in "BCDFGJKLMNPRST"
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve an archive of fifteen years of stories about some forty persons."""
    folder = ArchiveFolder(tmp_path_factory.mktemp("arsip"))
    folder.people.write_text(
        "slug,name,aliases,role,wikidata,note,status\n"
        f"siti-rahma,Siti Rahma,Bu Rahma|{LONG_NAME},Bupati Pantai Barat,Q42,Menjabat sejak 2012.,\n",
        encoding="utf-8",
    )
    folder.topics.write_text("slug,label,code,query,sections\npasar,Pasar,,pasar induk,\n", encoding="utf-8")
    fill(
        folder,
        [
            make_article(
                id=f"uji-{n}",
                url=None,
                title=f"Siti Rahma di pasar induk, laporan ke-{n}",
                date=date(2010 + n, 5, 1 + n),
                people=("Siti Rahma", "Budi Hartono" if n % 2 else "Bu Rahma", *(NAMES if n < 4 else ())),
            )
            for n in range(1, 16)
        ],
    )
    with serving(folder) as served:
        yield served


def test_a_reader_finds_a_person_and_reads_of_two_at_once(browser: "playwright_api.Browser", address: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link", name="All persons, A to Z").click()
    page.get_by_label("Find a person by any part of a name").fill("rahma")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Siti Rahma").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Siti Rahma"

    page.get_by_role("navigation", name="Months of a year").get_by_role("link", name="2013").click()
    bars = page.locator(".timeline-plot a")
    assert bars.count() == 1
    assert bars.first.locator("title").text_content() == "May 2013: 1 article"
    bars.first.click()
    assert page.get_by_role("status").inner_text() == "1 article found, May 2013, person Siti Rahma."

    page.get_by_role("link", name="The page of this person").click()
    page.get_by_role("link", name="8 articles with Siti Rahma and Budi Hartono").click()
    assert page.get_by_role("status").inner_text().startswith("8 articles found")
    context.close()


def test_a_search_for_a_name_leads_to_the_person(browser: "playwright_api.Browser", address: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/search?q=bu+rahma")
    page.get_by_role("link", name="The page of this person").click()
    assert page.url == f"{address}/people/siti-rahma"
    assert page.get_by_role("navigation", name="More of Siti Rahma").get_by_role("link").count() == 7
    context.close()


@pytest.mark.parametrize("path", PATHS)
def test_nothing_scrolls_sideways_and_links_can_be_touched(
    browser: "playwright_api.Browser", address: str, path: str
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(address + path)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    small = page.evaluate(
        """() => [...document.querySelectorAll('a:not(.skip), button, summary, input:not([type=hidden])')]
            .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 24)
            .filter(e => !e.closest('p, .headline, svg, .timeline'))
            .map(e => e.outerHTML)"""
    )
    assert small == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_no_fault(browser: "playwright_api.Browser", address: str, path: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.goto(address + path)
    assert faults(page) == []
    context.close()
