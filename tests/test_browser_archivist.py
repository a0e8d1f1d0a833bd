"""The archivist's day in a real browser: a candidate is found, accepted, merged, seen by readers, and all of it undone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import fill, make_article, serving

from index.accounts import Accounts
from index.settings import ArchiveFolder

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

NAME, PASSWORD = "Ratna Dewi", "kopi tubruk pagi"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Serve an archive with an account to real connections."""
    folder = ArchiveFolder(tmp_path / "arsip")
    people = [
        *4 * [("Tjokro Adisastra",)],
        *2 * [("Cokro Adisastro", "Hadi Wirjawan")],
        ("Hadi Wirjawan",),
    ]
    fill(
        folder,
        [
            make_article(id=f"uji-{n}", url=None, title=f"Beras, kabar ke-{n}", body="Harga beras.", people=names)
            for n, names in enumerate(people, start=1)
        ],
    )
    Accounts(folder.accounts).add(NAME, PASSWORD)
    with serving(folder) as served:
        yield served


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def page(browser: "playwright_api.Browser", request: pytest.FixtureRequest) -> "Iterator[playwright_api.Page]":
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def log_in(page: "playwright_api.Page", address: str, path: str = "/archivist/") -> None:
    page.goto(address + path)
    page.get_by_label("Name", exact=True).fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def persons_beside_results(page: "playwright_api.Page", address: str) -> list[str]:
    page.goto(f"{address}/search?q=beras")
    group = page.locator(".facet", has=page.get_by_role("heading", name="Person", exact=True, include_hidden=True))
    return [" ".join(text.split()) for text in group.locator("li").all_text_contents()]


def test_the_archivists_day(page: "playwright_api.Page", address: str) -> None:
    assert persons_beside_results(page, address)[0] == "Tjokro Adisastra 4"
    log_in(page, address)

    # find a candidate, and accept it
    page.get_by_label("Find a name").fill("tjokro")
    page.get_by_role("button", name="Find").click()
    assert page.get_by_role("listitem").filter(has_text="Tjokro Adisastra").first.is_visible()
    page.get_by_role("button", name="Accept: Tjokro Adisastra").click()
    assert "Tjokro Adisastra" in page.locator(".desk-done").inner_text()

    # merge another spelling into it, from its page for readers
    page.goto(f"{address}/people/tjokro-adisastra")
    assert page.get_by_role("complementary", name="For archivists").is_visible()
    page.get_by_label("Merge with …").fill("adisastro")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name="Continue").click()
    assert page.get_by_label("Tjokro Adisastra").is_checked()
    page.get_by_role("button", name="Merge", exact=True).click()
    assert page.locator(".desk-done").is_visible()

    # readers see one person
    assert persons_beside_results(page, address)[0] == "Tjokro Adisastra 6"
    page.goto(f"{address}/people/tjokro-adisastra")
    assert "Cokro Adisastro" in page.locator("main").inner_text()
    page.goto(f"{address}/search?q=beras&person=cokro+adisastro")
    assert page.locator("p.count").inner_text().startswith("6 articles found")

    # undo the merge, then the record
    page.goto(f"{address}/archivist/decisions")
    page.locator(".desk-log button").first.click()
    assert page.locator(".desk-done").is_visible()
    assert persons_beside_results(page, address)[0] == "Tjokro Adisastra 4"
    assert "Cokro Adisastro 2" in persons_beside_results(page, address)
    page.goto(f"{address}/archivist/decisions")
    page.locator(".desk-log li").filter(has_text="1").last.get_by_role("button").click()
    page.goto(f"{address}/archivist/?q=tjokro")
    assert page.get_by_role("button", name="Accept: Tjokro Adisastra").is_visible()

    page.get_by_role("button", name="Log out").click()
    page.goto(f"{address}/archivist/")
    assert page.get_by_role("heading", name="Login for archivists").is_visible()


def test_readers_see_nothing_of_it(page: "playwright_api.Page", address: str) -> None:
    page.goto(f"{address}/people/tjokro-adisastra")
    assert page.get_by_role("complementary", name="For archivists").count() == 0
    assert page.context.cookies() == []


def test_keys_alone_check_two_candidates_and_merge_them(page: "playwright_api.Page", address: str) -> None:
    log_in(page, address)
    for name in ("Choose Tjokro Adisastra", "Choose Cokro Adisastro"):
        press_until(page, page.get_by_label(name), "Tab")
        page.keyboard.press("Space")
    press_until(page, page.get_by_role("button", name="Merge the chosen ones"), "Tab")
    page.keyboard.press("Enter")
    playwright_api.expect(page.get_by_role("heading", level=1)).to_have_text("Merge")
    press_until(page, page.get_by_label("Tjokro Adisastra"), "Tab")
    page.keyboard.press("ArrowDown")
    assert page.get_by_label("Cokro Adisastro").is_checked()
    page.keyboard.press("Enter")
    playwright_api.expect(page.get_by_role("heading", level=1)).to_have_text("Cokro Adisastro")
    press_until(page, page.get_by_role("button", name="Undo"), "Tab")
    page.keyboard.press("Enter")
    playwright_api.expect(page.locator(".desk-done")).to_contain_text("undone")
    assert "Tjokro Adisastra 4" in persons_beside_results(page, address)


def press_until(page: "playwright_api.Page", wanted: "playwright_api.Locator", key: str) -> None:
    """Press a key until the focus is where it is wanted."""
    for _ in range(80):
        if page.locator(":focus").count() and wanted.and_(page.locator(":focus")).count():
            return
        page.keyboard.press(key)
    raise AssertionError(f"{wanted} cannot be reached by {key}")


def test_a_search_that_misses_becomes_an_alias_and_leads_to_the_person(
    page: "playwright_api.Page", address: str
) -> None:
    page.goto(f"{address}/search?q=bung+tjokro")
    assert page.locator("p.count").inner_text() == "No article contains bung tjokro."
    log_in(page, address)
    page.get_by_role("link", name="Searches without hits").click()
    page.get_by_role("link", name="Mend … bung tjokro").click()
    page.get_by_label("Name of the person").fill("Tjokro Adisastra")
    page.get_by_role("button", name="Add this alias").click()
    playwright_api.expect(page.locator(".desk-done")).to_contain_text("Tjokro Adisastra")
    playwright_api.expect(page.locator(".desk-row .facts b")).to_have_text(
        "now: the page of Tjokro Adisastra, 4 articles"
    )
    page.goto(f"{address}/search?q=bung+tjokro")
    page.get_by_role("link", name="The page of this person").click()
    playwright_api.expect(page.get_by_role("heading", level=1)).to_have_text("Tjokro Adisastra")
