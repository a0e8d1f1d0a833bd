"""Suggestions under the search box, in a real browser: by keyboard, by mouse, aloud, and in the way of nobody."""

from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from axe import faults
from conftest import fill, make_article, serving

from index.settings import ArchiveFolder

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

TITLES = ("Harga beras naik", "Harga beras turun", "Harga bensin naik", "Harga bensin tetap", "Hujan di pasar")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = ArchiveFolder(tmp_path_factory.mktemp("arsip"))
    fill(
        folder,
        [
            make_article(id=f"uji-{n}", url=None, title=title, body=f"{title} hari ini.", date=date(2023, 5, 1 + n))
            for n, title in enumerate(TITLES)
        ]
        + [make_article(id=f"tokoh-{n}", url=None, title="Kabar", people=("Wulan Prameswari",)) for n in range(3)],
    )
    with serving(folder) as served:
        yield served


@pytest.fixture
def page(browser: "playwright_api.Browser", address: str) -> "Iterator[playwright_api.Page]":
    """Open a page whose script may not fail and that may not break the content security policy."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    opened.goto(f"{address}/search?q=pasar")
    yield opened
    context.close()
    assert wrong == []


def box_of(page: "playwright_api.Page") -> "playwright_api.Locator":
    return page.get_by_role("combobox", name="Search the archive")


def options_after(page: "playwright_api.Page", typed: str) -> list[str]:
    """Type into the empty box; return the options that come, without what is told beside them."""
    box = box_of(page)
    box.fill("")
    box.press_sequentially(typed)
    page.get_by_role("option").first.wait_for()
    return page.locator("[role=option] > span").all_inner_texts()


def asked(page: "playwright_api.Page") -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_arrows_choose_and_enter_searches(page: "playwright_api.Page") -> None:
    options = options_after(page, "harga b")
    box = box_of(page)
    assert {"harga beras", "harga bensin"} <= set(options)
    assert box.get_attribute("aria-expanded") == "true"
    assert box.get_attribute("aria-activedescendant") is None
    box.press("ArrowDown")
    box.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    assert chosen.locator("span").inner_text() == options[1]
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    assert box.input_value() == "harga b"  # selection is manual: what was typed stays
    box.press("Enter")
    page.wait_for_url("**/search?q=harga+be*")
    assert asked(page)["q"] == [options[1]]


def test_the_list_is_a_ring_that_the_box_is_part_of(page: "playwright_api.Page") -> None:
    options = options_after(page, "harga b")
    box, chosen = box_of(page), page.locator("[role=option][aria-selected=true] > span")
    box.press("ArrowUp")
    assert chosen.inner_text() == options[-1]
    box.press("ArrowDown")
    assert chosen.count() == 0
    box.press("ArrowDown")
    assert chosen.inner_text() == options[0]
    box.press("ArrowLeft")  # back in the text
    assert chosen.count() == 0
    assert box.get_attribute("aria-activedescendant") is None


def test_enter_without_a_choice_searches_what_was_typed(page: "playwright_api.Page") -> None:
    options_after(page, "harga b")
    box_of(page).press("Enter")
    page.wait_for_url("**/search?q=harga+b")
    assert box_of(page).input_value() == "harga b"


def test_escape_closes_the_list_and_keeps_the_text(page: "playwright_api.Page") -> None:
    options_after(page, "harga b")
    box = box_of(page)
    box.press("Escape")
    assert page.get_by_role("listbox").count() == 0
    assert (box.input_value(), box.get_attribute("aria-expanded")) == ("harga b", "false")
    box.press("ArrowDown")
    page.locator("[role=option][aria-selected=true]").wait_for()


def test_a_suggestion_is_searched_by_mouse_and_limits_stay(page: "playwright_api.Page", address: str) -> None:
    page.goto(f"{address}/search?q=pasar&section=Ekonomi")
    options_after(page, "harga b")
    page.get_by_role("option", name="harga bensin").first.click()
    page.wait_for_url("**/search?q=harga+bensin*")
    assert asked(page) == {"q": ["harga bensin"], "section": ["Ekonomi"]}


def test_a_person_is_shown_by_name_and_searched_as_a_person(page: "playwright_api.Page") -> None:
    assert options_after(page, "wulan p") == ["Wulan Prameswari"]
    option = page.get_by_role("option", name="Wulan Prameswari Person · 3")
    assert option.locator("b").inner_text() == "rameswari"
    box_of(page).press("ArrowDown")
    box_of(page).press("Enter")
    page.wait_for_url("**/search?q=tokoh*")
    assert asked(page)["q"] == ['tokoh:"Wulan Prameswari"']


def test_leaving_the_box_closes_the_list(page: "playwright_api.Page") -> None:
    options_after(page, "harga b")
    page.keyboard.press("Tab")
    assert page.get_by_role("listbox").count() == 0


def test_the_number_of_suggestions_is_said(page: "playwright_api.Page") -> None:
    options = options_after(page, "harga b")
    status = page.locator("form.search [aria-live]")
    playwright_api.expect(status).to_have_text(f"{len(options)} suggestions; arrow down leads to them")
    box_of(page).fill("qqxyzz")
    playwright_api.expect(status).to_have_text("No suggestions")
    assert page.get_by_role("listbox").count() == 0


def test_letters_typed_fast_are_asked_for_once(page: "playwright_api.Page") -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url) if "/suggest" in request.url else None)
    box_of(page).fill("")
    box_of(page).evaluate(
        "box => [...'harga b'].forEach(c => { box.value += c; box.dispatchEvent(new InputEvent('input')); })"
    )
    page.get_by_role("option").first.wait_for()
    assert len(requests) == 1


def test_keys_of_an_input_method_are_left_alone(page: "playwright_api.Page") -> None:
    options_after(page, "harga b")
    box = box_of(page)
    box.press("ArrowDown")
    box.evaluate(
        "box => box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    assert page.locator("[role=option][aria-selected=true]").count() == 1


def test_an_answer_that_fails_leaves_a_plain_box(browser: "playwright_api.Browser", address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route("**/suggest*", lambda route: route.abort())
    page.goto(address)
    with page.expect_event("requestfailed"):
        box_of(page).press_sequentially("harga")
    assert page.get_by_role("listbox").count() == 0
    box_of(page).press("Enter")
    page.wait_for_url("**/search?q=harga")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_with_the_list_open(browser: "playwright_api.Browser", address: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    options_after(page, "harga b")
    box_of(page).press("ArrowDown")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    context.close()
