"""The page of an article in a real browser: from one matched word to the next, and its reference copied."""

from collections.abc import Iterator
from typing import Literal

import pytest
from axe import faults
from conftest import fill, make_article, serving

from index.settings import ArchiveFolder

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

PATH = "/articles/uji-1?q=beras"
PARAGRAPHS = "\n".join(f"Beras datang pada hari ke-{number}. " + "Pedagang menunggu. " * 40 for number in range(3))


@pytest.fixture
def address(archive_folder: ArchiveFolder) -> Iterator[str]:
    fill(archive_folder, [make_article(title="Pasar menunggu", body=PARAGRAPHS)])
    with serving(archive_folder) as root:
        yield root


@pytest.fixture
def page(browser: "playwright_api.Browser") -> "Iterator[playwright_api.Page]":
    """Give a phone's page that fails the test where the browser reports anything."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    opened = context.new_page()
    reported: list[str] = []
    opened.on("console", lambda message: reported.append(message.text))
    opened.on("pageerror", lambda error: reported.append(str(error)))
    yield opened
    context.close()
    assert reported == []  # a script in the page that is data is no script to the policy


def here(page: "playwright_api.Page") -> tuple[str, str, bool]:
    """Return which place is marked as the one in view, what the bar says, and whether the place is seen."""
    mark = page.locator("mark.here")
    box = mark.bounding_box()
    assert box is not None
    seen = 0 < box["y"] < 740 - 60  # above the bar
    return mark.get_attribute("id") or "", page.locator(".match-bar output").inner_text(), seen


def test_buttons_go_from_one_match_to_the_next_and_round(page: "playwright_api.Page", address: str) -> None:
    page.goto(address + PATH)
    onward, back = page.get_by_role("button", name="Next"), page.get_by_role("button", name="Previous")
    for place in (1, 2, 3, 1):
        onward.click()
        assert here(page) == (f"match-{place}", f"{place} / 3", True)
    back.click()
    assert here(page) == ("match-3", "3 / 3", True)
    assert page.evaluate("document.activeElement.textContent") == "Previous"  # the keyboard stays where it is


def test_buttons_go_on_from_the_match_that_a_link_led_to(page: "playwright_api.Page", address: str) -> None:
    page.goto(address + PATH + "#match-2")
    assert here(page) == ("match-2", "2 / 3", True)
    page.get_by_text("3 places match").click()
    page.locator(".matches li a").last.click()
    assert here(page) == ("match-3", "3 / 3", True)


def test_on_a_narrow_screen_signs_stand_for_the_words_and_on_a_low_one_the_bar_is_in_the_text(
    page: "playwright_api.Page", address: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 740})
    page.goto(address + PATH)
    onward = page.get_by_role("button", name="Next")
    box = onward.bounding_box()
    assert box is not None
    assert 24 <= box["height"] <= 44  # one line
    assert page.locator("div.match-bar").evaluate("bar => getComputedStyle(bar).position") == "fixed"
    page.set_viewport_size({"width": 320, "height": 256})
    assert page.locator("div.match-bar").evaluate("bar => getComputedStyle(bar).position") == "static"
    onward.click()
    assert here(page)[:2] == ("match-1", "1 / 3")


def test_without_script_links_lead_to_each_match(browser: "playwright_api.Browser", address: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    plain = context.new_page()
    plain.goto(address + PATH)
    assert plain.get_by_role("button", name="Next").count() == 0
    assert plain.get_by_role("button", name="Copy").count() == 0
    plain.get_by_text("3 places match").click()
    plain.locator(".matches li a").last.click()
    box = plain.locator("mark:target").bounding_box()
    assert box is not None
    assert 0 < box["y"] < 740
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_bar_and_the_open_list_of_matches_are_accessible(
    page: "playwright_api.Page", address: str, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(address + PATH)
    page.get_by_text("3 places match").click()
    page.get_by_role("button", name="Next").click()
    assert faults(page) == []


def test_the_reference_is_copied_as_plain_text(page: "playwright_api.Page", address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address + "/articles/uji-1")
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("status").get_by_text("Copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == (
        "Dewi, R. (2023, July 28). Pasar menunggu. Harian Uji. https://uji.example/2023/07/28/harga-beras"
    )


def test_paper_says_nothing_of_forms_for_programs(page: "playwright_api.Page", address: str) -> None:
    page.goto(address + PATH)
    page.emulate_media(media="print")
    assert not page.get_by_text("JSON", exact=True).is_visible()


def test_paper_has_the_article_and_its_reference_and_nothing_to_press(
    page: "playwright_api.Page", address: str
) -> None:
    page.goto(address + PATH)
    page.emulate_media(media="print")
    for shown in ("h1", ".body", ".byline", "#reference", "a.address"):
        assert page.locator(shown).first.is_visible(), shown
    for hidden in (".matches", "div.match-bar", ".cite-forms", ".back", ".colophon", "form[role=search]"):
        assert not page.locator(hidden).first.is_visible(), hidden
