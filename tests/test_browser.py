"""A reader's way through the pages in a real browser, without JavaScript, on a narrow screen."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest
from conftest import fill, make_article, serving

from index.settings import ArchiveFolder

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

LONG_WORD = "pertanggungjawabankeuanganpemerintahdaerah" * 3
COMPARED = "/compare?q=beras&q=rubrik:hukum&q=judul:harga&q=naik&q=pasokan&measure=share"
PAGES = [
    "/",
    "/search?q=beras&section=Hukum",
    "/articles/uji-1?q=beras",
    "/help",
    COMPARED,
    "/compare?q=beras",
    "/batch",
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve an archive of a dozen articles to real connections."""
    folder = ArchiveFolder(tmp_path_factory.mktemp("arsip"))
    fill(
        folder,
        [
            make_article(
                id=f"uji-{n}",
                url=f"https://uji.example/{LONG_WORD}/{n}",
                title=f"Harga beras naik, laporan ke-{n} {LONG_WORD if n == 1 else ''}",
                section="Ekonomi" if n % 3 else "Hukum",
                date=date(2015 + n, 5, 1),
                tags=(LONG_WORD,),
            )
            for n in range(1, 13)
        ],
    )
    with serving(folder) as served:
        yield served


@pytest.fixture
def phone(browser: "playwright_api.Browser") -> "Iterator[playwright_api.Page]":
    """Open a page as wide as a phone, with JavaScript switched off."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_a_reader_searches_narrows_reads_and_comes_back_without_javascript(
    phone: "playwright_api.Page", address: str
) -> None:
    phone.goto(address)
    phone.get_by_label("Search the archive").fill("beras")
    phone.get_by_role("button", name="Search").click()
    assert phone.get_by_role("status").inner_text() == "12 articles found that contain beras."

    assert not phone.get_by_role("link", name="Hukum 4").is_visible()
    phone.locator(".narrow > details > summary").click()
    phone.get_by_role("link", name="Hukum 4").click()
    assert phone.get_by_role("status").inner_text() == "4 articles found that contain beras, section Hukum."

    phone.get_by_role("link", name="Harga beras naik, laporan ke-6", exact=True).click()
    assert phone.get_by_role("heading", level=1).inner_text().startswith("Harga beras naik, laporan ke-6")
    assert phone.locator(".body mark").first.inner_text() == "beras"

    phone.get_by_role("link", name="Back to the results").click()
    assert phone.get_by_role("status").inner_text() == "4 articles found that contain beras, section Hukum."


def test_days_are_chosen_in_the_browsers_own_date_fields(phone: "playwright_api.Page", address: str) -> None:
    phone.goto(f"{address}/search?q=beras")
    phone.locator(".narrow > details > summary").click()
    phone.get_by_label("From", exact=True).fill("2020-01-01")
    phone.get_by_label("To", exact=True).fill("2021-12-31")
    phone.get_by_role("button", name="Apply").click()
    assert phone.get_by_role("status").inner_text() == "2 articles found that contain beras, 2020–2021."


def test_beside_a_wide_result_the_limits_stand_open(browser: "playwright_api.Browser", address: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/search?q=beras")
    assert page.get_by_role("link", name="Hukum 4").is_visible()
    context.close()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search?q=beras",
        "/search?q=" + LONG_WORD,
        "/articles/uji-1?q=beras",
        "/help",
        "/nihil",
        COMPARED,
        f"/compare?q={LONG_WORD}&q=beras",
        "/batch",
    ],
)
def test_no_page_scrolls_sideways_at_320_pixels(browser: "playwright_api.Browser", address: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(address + path)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_every_link_outside_of_text_is_24_pixels_high(
    browser: "playwright_api.Browser", address: str, path: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(address + path)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    small = page.evaluate(
        """() => [...document.querySelectorAll('a:not(.skip), button, summary, input:not([type=hidden])')]
            .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 24 && !e.closest('p, .headline'))
            .map(e => e.outerHTML)"""
    )
    assert small == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_all_text_has_the_contrast_of_wcag_aa(
    browser: "playwright_api.Browser", address: str, path: str, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.goto(address + path)
    weak = page.evaluate(
        """() => {
            const rgb = text => text.match(/[\\d.]+/g).map(Number);
            const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
                .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
                .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
            const behind = e => {
                for (; e; e = e.parentElement) {
                    const colour = rgb(getComputedStyle(e).backgroundColor);
                    if (colour.length === 3 || colour[3] === 1) return colour;
                }
                return [255, 255, 255];
            };
            return [...document.querySelectorAll('body *')]
                .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
                .map(e => {
                    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
                    return [(a + .05) / (b + .05), e.outerHTML.slice(0, 80)];
                })
                .filter(([contrast]) => contrast < 4.5);
        }"""
    )
    assert weak == []
    context.close()


def test_a_figure_is_read_and_followed_by_keyboard(phone: "playwright_api.Page", address: str) -> None:
    phone.goto(f"{address}/compare?q=beras&q=rubrik:hukum&per=year")
    assert phone.get_by_role("group", name="Articles by year: beras, rubrik:hukum, 2016–2027").is_visible()
    phone.get_by_role("link", name="rubrik:hukum, 2018: 1 article").focus()
    phone.keyboard.press("Tab")
    phone.keyboard.press("Shift+Tab")
    phone.keyboard.press("Enter")
    assert phone.get_by_role("status").inner_text() == "1 article found that contain rubrik:hukum, 2018."


def test_the_letters_of_a_figure_keep_their_size_on_a_phone(browser: "playwright_api.Browser", address: str) -> None:
    heights = []
    for width in (320, 1280):
        context = browser.new_context(viewport={"width": width, "height": 800})
        page = context.new_page()
        page.goto(f"{address}/compare?q=beras&per=year")
        labels = page.locator(".ticks text:visible")
        boxes = [box for box in (label.bounding_box() for label in labels.all()) if box]
        heights.append(min(box["height"] for box in boxes))
        assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
        times = sorted(box["x"] for box in boxes if box["y"] == max(b["y"] for b in boxes))
        assert min(b - a for a, b in pairwise(times)) > 30
        context.close()
    assert heights[0] == heights[1] >= 12


def test_a_list_of_names_is_looked_up_without_javascript(phone: "playwright_api.Page", address: str) -> None:
    phone.goto(f"{address}/batch")
    phone.get_by_label("Names, one a line").fill("Harga Beras\nTak Ada")
    phone.get_by_role("button", name="Look up", exact=True).click()
    assert phone.get_by_role("status").inner_text() == "1 of 2 names have articles."
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Look up and download as CSV").click()
    assert download.value.suggested_filename == "telisik-nama.csv"
