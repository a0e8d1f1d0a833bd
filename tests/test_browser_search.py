"""The search page in a real browser: bars that narrow by keyboard and without script, and the advanced form."""

from collections.abc import Iterator
from datetime import date

import pytest
from axe import faults
from conftest import fill, make_article, serving

from index.settings import ArchiveFolder

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

PAGES = [
    "/search?q=beras",
    "/search?q=beras&from=2020&to=2020",
]  # bars of four decades, which the pages' own test has not


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve an archive of four decades."""
    folder = ArchiveFolder(tmp_path_factory.mktemp("arsip"))
    days = [date(1985 + n, 1 + n % 12, 1 + n % 28) for n in range(40)] + [date(2020, 5, 1 + n) for n in range(9)]
    fill(
        folder,
        [
            make_article(
                id=f"uji-{n}", url=None, title=f"Harga beras ke-{n}", date=day, section="Ekonomi" if n % 3 else "Hukum"
            )
            for n, day in enumerate(days)
        ],
    )
    with serving(folder) as served:
        yield served


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(browser: "playwright_api.Browser", request: pytest.FixtureRequest) -> "Iterator[playwright_api.Page]":
    """Open a wide page, with JavaScript and without."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=request.param)
    opened = context.new_page()
    opened.set_default_timeout(5_000)
    yield opened
    context.close()


def test_bars_are_reached_and_followed_by_keyboard(page: "playwright_api.Page", address: str) -> None:
    page.goto(f"{address}/search?q=beras")
    for _step in range(80):
        page.keyboard.press("Tab")
        if page.locator(".histogram a:focus").count() and "2020" in page.locator(".histogram a:focus").inner_html():
            break
    page.keyboard.press("Enter")
    assert page.locator(".count[role=status]").inner_text() == "10 articles found that contain beras, 2020."
    page.locator(".histogram a", has_text="May 2020: 9 articles").press("Enter")
    assert page.locator(".count[role=status]").inner_text() == "9 articles found that contain beras, May 2020."
    page.get_by_role("link", name="All times").press("Enter")
    assert page.locator(".count[role=status]").inner_text() == "49 articles found that contain beras."


def test_bars_stand_in_their_figure_and_are_as_high_as_their_numbers(page: "playwright_api.Page", address: str) -> None:
    page.goto(f"{address}/search?q=beras")
    figure = page.locator(".histogram > svg").bounding_box()
    boxes = [bar.bounding_box() for bar in page.locator(".histogram .bar").all()]
    assert figure is not None
    assert len(boxes) == 40
    heights = {round(box["height"]) for box in boxes if box is not None}
    assert len(heights) == 2
    assert max(heights) / min(heights) == pytest.approx(10, abs=1)
    assert all(
        box["x"] >= figure["x"] and box["x"] + box["width"] <= figure["x"] + figure["width"] for box in boxes if box
    )


def test_the_advanced_form_is_filled_and_sent_by_keyboard(page: "playwright_api.Page", address: str) -> None:
    page.goto(f"{address}/search?q=beras")
    page.get_by_role("link", name="Advanced search").first.press("Enter")
    assert page.get_by_label("All of these words").input_value() == "beras"
    page.get_by_label("None of these words").fill("ke-42 ke-45")
    page.get_by_label("Hukum").press("Space")
    page.get_by_label("From").fill("2000-01-01")
    page.get_by_label("From").press("Enter")
    assert page.locator(".count[role=status]").inner_text().startswith("10 articles found that contain beras")
    chips = [chip.split("\n")[0] for chip in page.locator(".chip").all_inner_texts()]
    assert chips == ["since 2000", "section Hukum"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: "playwright_api.Browser", address: str, scheme: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    for path in PAGES:
        page.goto(address + path)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
    context.close()
