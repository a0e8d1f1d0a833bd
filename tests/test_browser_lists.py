"""Adding to a list in a real browser: the page stays, says what was done, and leads to the list."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from conftest import fill, make_article, serving

from index.settings import ArchiveFolder
from web.lists import LONGEST

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SEARCH = "/search?q=beras"


@pytest.fixture
def page(archive_folder: ArchiveFolder, browser: "Browser") -> "Iterator[Page]":
    titles = ("Harga beras naik", "Beras impor tiba")
    fill(archive_folder, [make_article(id=f"uji-{n}", url=None, title=title) for n, title in enumerate(titles)])
    with serving(archive_folder) as address:
        context = browser.new_context(base_url=address)
        yield context.new_page()
        context.close()


def test_the_page_stays_and_the_link_leads_to_the_list(page: "Page") -> None:
    page.goto(SEARCH)
    title = page.locator(".hit h2").first.inner_text()
    link = page.locator(".hit a.keep").first
    link.focus()
    link.press("Enter")
    page.get_by_role("status").filter(has_text="In my list").wait_for(state="attached")
    assert page.url.endswith(SEARCH)
    assert link.inner_text().startswith("In my list")
    page.locator("a.keep", has_text="Add this search").click()
    page.locator("a.keep[data-keep]", has_text="Add this search").wait_for(state="detached")
    link.click()  # in the list already: to the list as it is now
    page.wait_for_url("**/list?*")
    assert page.locator("h3").all_inner_texts() == ["beras", title]


def test_a_full_list_is_told_by_its_page(page: "Page") -> None:
    page.goto("/list?id=" + "x" * (LONGEST - 10))
    page.goto(SEARCH)
    page.locator(".hit a.keep").first.click()
    page.get_by_role("alert").wait_for()
    assert "The list is full" in page.get_by_role("alert").inner_text()
