"""Figures, days and limits in a real browser, without JavaScript, on a narrow screen and a wide one."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest
from conftest import fill, make_article, serving

from index.settings import ArchiveFolder

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve an archive of a dozen articles to real connections."""
    folder = ArchiveFolder(tmp_path_factory.mktemp("arsip"))
    fill(
        folder,
        [
            make_article(
                id=f"uji-{n}",
                url=None,
                title=f"Harga beras naik, laporan ke-{n}",
                section="Ekonomi" if n % 3 else "Hukum",
                date=date(2015 + n, 5, 1),
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
