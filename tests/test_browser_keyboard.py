"""The keyboard alone, in a real browser: it gets everywhere, it is seen where it is, and it does all that a mouse does."""

from collections.abc import Iterator

import pytest
from browsing import tab_faults, watch

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright_api.expect

PATHS = (
    "/",
    "/search?q=beras&section=Hukum&section=Daerah",
    "/search?q=kelangkaan&section=Hukum",
    "/search/advanced?all=beras",
    "/articles/uji-ralat?q=beras",
    "/people/",
    "/people/siti-rahmawati?year=2018",
    "/compare?q=beras&q=rubrik:hukum",
    "/coverage?period=2018",
    "/trends",
    "/list?q=beras&id=uji-ralat",
    "/batch",
    "/help",
    "/archivist/login",
)
MOST_STOPS = 150  # until something is reached


@pytest.fixture
def page(browser: "playwright_api.Browser", address: str) -> "Iterator[playwright_api.Page]":
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 800})
    context.add_cookies([{"name": "lang", "value": "en", "url": address}])
    seen = watch(context)
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    yield opened
    assert seen.faults(opened) == []
    context.close()


@pytest.mark.parametrize(
    ("width", "path"), [*((1280, path) for path in PATHS), *((320, path) for path in PATHS if "q=beras" in path)]
)
def test_tab_reaches_all_and_is_seen(page: "playwright_api.Page", width: int, path: str) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(path)
    assert tab_faults(page) == []


def test_a_page_that_hides_its_focus_or_leaves_something_out_is_noticed(page: "playwright_api.Page") -> None:
    page.goto("/help")
    page.evaluate("""() => {
        const [one, other] = document.querySelectorAll("main a");
        one.animate([{ outlineStyle: "none" }, { outlineStyle: "none" }], { duration: 1e6 });
        other.tabIndex = -1;
    }""")
    assert [fault.split(":")[0] for fault in tab_faults(page)] == ["not marked", "not reached"]


def reach(page: "playwright_api.Page", wanted: "playwright_api.Locator", key: str = "Tab") -> None:
    """Press a key until the focus is on what is wanted."""
    wanted.wait_for(state="attached")
    for _stop in range(MOST_STOPS):
        page.keyboard.press(key)
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{wanted} is not reached by {key}")


def test_a_reader_finds_narrows_turns_pages_and_reads(page: "playwright_api.Page") -> None:
    keys, count = page.keyboard, page.locator(".count[role=status]")
    page.goto("/help")
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    keys.press("Enter")
    expect(page.locator("main")).to_be_focused()
    keys.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")

    # a suggestion
    reach(page, page.get_by_role("combobox"), "Shift+Tab")
    keys.type("harga be", delay=20)
    expect(page.get_by_role("option").first).to_be_visible()
    keys.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    keys.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    keys.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    keys.press("Enter")
    expect(count).to_contain_text("found that contain harga beras")

    # past the limits to the results, to the next page and back
    reach(page, page.get_by_role("link", name="Skip to the results"))
    keys.press("Enter")
    reach(page, page.locator(".hit .headline a").first)
    reach(page, page.get_by_role("link", name="Next →"))
    keys.press("Enter")
    expect(page.locator(".pager")).to_contain_text("Page 2 of")
    reach(page, page.get_by_role("link", name="← Previous"))
    keys.press("Enter")
    expect(page.locator(".pager")).to_contain_text("Page 1 of")

    # a bar, then a value of a facet that is folded away, then a chip
    reach(page, page.locator(".histogram a", has_text="2019: "))
    keys.press("Enter")
    expect(count).to_contain_text("harga beras, 2019.")
    folded = page.locator(".facet[aria-labelledby=facet-section] details.more")
    reach(page, folded.locator("summary"))
    keys.press("Space")
    expect(folded).to_have_attribute("open", "")
    reach(page, folded.get_by_role("link").last)
    keys.press("Enter")
    expect(count).to_contain_text("1 article found that contain harga beras, 2019, section ")
    reach(page, page.locator(".chip").first)
    keys.press("Enter")
    expect(page.locator(".chip")).to_have_count(1)

    # why it matched, the article, its matches and its reference
    reach(page, page.locator(".hit .headline a").first)
    keys.press("Enter")
    reach(page, page.get_by_text("places match"))
    keys.press("Enter")
    reach(page, page.locator(".matches li a").nth(1))
    keys.press("Enter")
    expect(page.locator("mark:target")).to_be_in_viewport()
    reach(page, page.get_by_role("button", name="Next"))
    keys.press("Enter")
    expect(page.locator("#match-3")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Next")).to_be_focused()
    reach(page, page.locator(".cite-forms").get_by_role("link", name="BibTeX"))
    reach(page, page.get_by_role("link", name="Back to the results"), "Shift+Tab")
    keys.press("Enter")
    expect(count).to_contain_text("found that contain harga beras, section ")
