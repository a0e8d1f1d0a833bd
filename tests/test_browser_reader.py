"""A reader's whole way in a real browser: wide, by touch on a phone, without JavaScript, and below a prefix of another site."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from browsing import Watch, watch
from conftest import serving_app
from flask import Flask

from index.settings import ArchiveFolder
from search.archive import Archive
from search.query import Query
from web.app import mount

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright_api.expect

PREFIX = "/arsip"
ASKED = "harga beras"
WIDE = {"viewport": {"width": 1280, "height": 900}}
KINDS = {
    "wide": WIDE,
    "phone": {
        "viewport": {"width": 360, "height": 740},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
    },
    "no script": {**WIDE, "java_script_enabled": False},
    "mounted": WIDE,
}


@dataclass(frozen=True)
class Reader:
    """A reader with a window of one kind, who presses things with what there is: a mouse or a finger."""

    page: "playwright_api.Page"
    kind: str

    @property
    def has_script(self) -> bool:
        return self.kind != "no script"

    def press(self, wanted: "playwright_api.Locator") -> None:
        if self.kind == "phone":
            wanted.tap()
        else:
            wanted.click()

    def link(self, name: str) -> "playwright_api.Locator":
        return self.page.get_by_role("link", name=name)

    def unfold_limits(self) -> None:
        """Open what narrows a result; on a wide page it stands open."""
        if self.kind == "phone":
            self.press(self.page.locator(".narrow > details > summary"))

    def sees_count(self, count: int, rest: str) -> None:
        expect(self.page.locator(".count[role=status]")).to_have_text(f"{count} articles found that contain {rest}.")


@pytest.fixture(scope="module")
def newsroom(paper: ArchiveFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve another site that holds the archive below a prefix; give the address of the archive."""
    site = Flask("newsroom", root_path=str(tmp_path_factory.mktemp("situs")))
    site.secret_key = "secret of the site"
    site.get("/")(lambda: "<!doctype html><title>Koran</title>")
    mount(site, paper.path, url_prefix=PREFIX, language="id")
    with serving_app(site) as served:
        yield served + PREFIX


@pytest.fixture(scope="module")
def archive(paper: ArchiveFolder) -> Iterator[Archive]:
    opened = Archive(paper.path)
    yield opened
    opened.close()


def root_of(kind: str, request: pytest.FixtureRequest) -> str:
    """Return the address of the archive for readers of a kind, with a slash at its end."""
    return str(request.getfixturevalue("newsroom" if kind == "mounted" else "address")) + "/"


@pytest.fixture(params=KINDS)
def reader(browser: "playwright_api.Browser", request: pytest.FixtureRequest) -> Iterator[Reader]:
    """Give a reader whose pages may report nothing, nor load anything from elsewhere."""
    root = root_of(request.param, request)
    context = browser.new_context(base_url=root, **KINDS[request.param])
    seen = watch(context)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto("./?lang=en")
    yield Reader(page, request.param)
    check(seen, page, root)
    context.close()


def check(seen: Watch, page: "playwright_api.Page", root: str) -> None:
    assert seen.faults(page) == []
    assert [url for url in seen.requests if not url.startswith(root)] == []


def test_from_the_front_page_to_an_article_its_reference_and_back(
    reader: Reader, archive: Archive, tmp_path: Path
) -> None:
    page, press = reader.page, reader.press
    box = page.get_by_label("Search the archive")
    if reader.has_script:
        box.press_sequentially("harga be")
        press(page.get_by_role("option", name=ASKED, exact=False).first)
    else:
        box.fill(ASKED)
        press(page.get_by_role("button", name="Search"))
    reader.sees_count(archive.search(Query(ASKED)).total, ASKED)

    # narrow by a bar, by a section, and remove a chip
    reader.unfold_limits()
    press(page.locator(".histogram a", has_text="2020: "))
    days = {"published_from": date(2020, 1, 1), "published_to": date(2020, 12, 31)}
    reader.sees_count(archive.search(Query(ASKED, **days)).total, f"{ASKED}, 2020")
    reader.unfold_limits()
    press(page.locator(".facet").get_by_role("link", name="Daerah 1"))
    expect(page.locator(".count")).to_have_text(f"1 article found that contain {ASKED}, 2020, section Daerah.")
    press(page.get_by_role("list", name="Limits in force").get_by_role("link", name="2020"))
    reader.sees_count(archive.search(Query(ASKED, sections=("Daerah",))).total, f"{ASKED}, section Daerah")

    # read: from one match to the next
    first = page.locator(".hit .headline a").first
    title = first.inner_text()
    press(first)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    if reader.has_script:
        for place in (1, 2):
            press(page.get_by_role("button", name="Next"))
            expect(page.locator("mark.here")).to_have_attribute("id", f"match-{place}")
            expect(page.locator("mark.here")).to_be_in_viewport()
    else:
        press(page.get_by_text("places match"))
        press(page.locator(".matches li a").nth(1))
        expect(page.locator("mark:target")).to_be_in_viewport()

    # the reference, a related story, and back
    with page.expect_download() as download:
        press(page.locator(".cite-forms").get_by_role("link", name="RIS"))
    download.value.save_as(tmp_path / "reference.ris")
    assert f"TI  - {title}" in (tmp_path / "reference.ris").read_text(encoding="utf-8")
    press(page.get_by_role("region", name="Related articles").get_by_role("link").first)
    expect(page.get_by_role("heading", level=1)).not_to_have_text(title)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    press(reader.link("Back to the results"))
    reader.sees_count(archive.search(Query(ASKED, sections=("Daerah",))).total, f"{ASKED}, section Daerah")


def test_from_a_person_through_months_to_what_was_written_with_another(reader: Reader) -> None:
    page, press = reader.page, reader.press
    press(page.get_by_role("link", name="All people, A to Z"))
    page.get_by_label("Find people by a part of the name").fill("rahma")
    press(page.get_by_role("button", name="Find"))
    press(page.get_by_role("link", name="Siti Rahmawati").first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Siti Rahmawati")
    press(page.get_by_role("navigation", name="Months of a year").get_by_role("link", name="2018"))
    press(page.locator(".timeline-plot a").first)
    expect(page.locator(".count[role=status]")).to_contain_text("person Siti Rahmawati")
    press(reader.link("The page of this person"))
    both = page.get_by_role("link", name="articles with Siti Rahmawati and Budi Hartono")
    number = both.inner_text().split()[0]
    press(both)
    expect(page.locator(".count[role=status]")).to_contain_text(f"{number} articles found")


def test_a_search_for_a_name_leads_to_the_person(reader: Reader) -> None:
    reader.page.goto("search?q=bu+rahma")
    reader.press(reader.link("The page of this person"))
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Siti Rahmawati")
    assert reader.page.url.endswith("/people/siti-rahmawati")


def test_a_search_that_misses_leads_to_one_that_does_not(reader: Reader) -> None:
    page = reader.page
    page.goto("search?q=kelangkaan+beras&section=Hukum&from=1999-01-01&to=1999-12-31")
    expect(page.locator(".count[role=status]")).to_contain_text("No article contains kelangkaan beras")
    reader.press(page.locator(".nothing a").first)
    expect(page.locator(".hit").first).to_be_visible()


def test_a_list_of_names_is_looked_up(reader: Reader) -> None:
    page = reader.page
    page.goto("batch")
    page.get_by_label("Names, one a line").fill("Harga Beras\nTak Ada")
    reader.press(page.get_by_role("button", name="Look up", exact=True))
    expect(page.locator(".count[role=status]")).to_have_text("1 of 2 names have articles.")
    with page.expect_download() as download:
        reader.press(page.get_by_role("button", name="Look up and download as CSV"))
    assert download.value.suggested_filename == "telisik-nama.csv"


@pytest.mark.parametrize("kind", ["wide", "no script"])
def test_a_list_is_made_named_and_sent_to_somebody_else(
    browser: "playwright_api.Browser", address: str, kind: str
) -> None:
    context = browser.new_context(base_url=address, **KINDS[kind])
    mine = context.new_page()
    mine.goto("/search?q=gamelan&lang=en")
    titles = [mine.locator(".hit .headline").nth(place).inner_text() for place in (0, 1)]
    keep = mine.locator(".hit a.keep").first
    keep.click()
    if kind == "wide":
        mine.get_by_role("status").filter(has_text="In my list").wait_for(state="attached")
    mine.goto("/search?q=gamelan")
    mine.locator(".hit .headline a").nth(1).click()
    mine.locator("article a.keep").click()
    if kind == "wide":
        mine.get_by_role("status").filter(has_text="In my list").wait_for(state="attached")
    mine.goto("/search?q=gamelan")
    mine.locator("a.keep", has_text="Add this search").click()
    if kind == "wide":
        mine.get_by_role("status").filter(has_text="In my list").wait_for(state="attached")
    mine.get_by_role("link", name="My list").last.click()
    mine.get_by_label("Title of the list").fill("Gamelan di kampung")
    mine.get_by_role("button", name="Rename").click()
    expect(mine.get_by_role("heading", level=1)).to_have_text("Gamelan di kampung")
    expect(mine.locator("h3")).to_have_text(["gamelan", *titles])
    sent = mine.url
    mine.locator(".list-remove", has_text=titles[0]).click()
    expect(mine.locator("h3")).to_have_text(["gamelan", titles[1]])
    context.close()

    other = browser.new_context(**KINDS[kind])
    theirs = other.new_page()
    theirs.goto(sent)
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Gamelan di kampung")
    expect(theirs.locator("h3")).to_have_text(["gamelan", *titles])
    theirs.locator("h3 a").first.click()
    expect(theirs.locator(".count[role=status]")).to_contain_text("gamelan")
    other.close()


@pytest.mark.parametrize("kind", ["wide", "mounted"])
def test_a_language_is_chosen_anywhere_and_kept(
    browser: "playwright_api.Browser", kind: str, request: pytest.FixtureRequest
) -> None:
    root = root_of(kind, request)
    context = browser.new_context(base_url=root, **KINDS[kind])
    page = context.new_page()
    said = {"id": ("Ditemukan 10 berita", "Rubrik", "Maret 2022"), "en": ("10 articles found", "Section", "March 2022")}
    page.goto("search?q=beras&section=Hukum&sort=newest")
    for language in ("id", "en", "id"):
        if page.locator("html").get_attribute("lang") != language:
            page.locator(f".languages a[hreflang={language}]").click()
            assert f"section=Hukum&sort=newest&lang={language}" in page.url
        count, section, month = said[language]
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator(".count[role=status]")).to_contain_text(count)
        expect(page.locator(f".languages a[hreflang={language}]")).to_have_attribute("aria-current", "true")
        expect(page.get_by_role("heading", name=section, exact=True)).to_be_visible()
        at = page.url
        page.goto("articles/uji-ralat")  # by a link that says nothing of a language
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("article time").first).to_contain_text(month)
        expect(page.locator("h1")).to_have_attribute("lang", "id")  # the article is as it is
        page.goto(at)
    context.close()


def test_links_out_of_a_mounted_archive_stay_in_it(browser: "playwright_api.Browser", newsroom: str) -> None:
    context = browser.new_context(**WIDE)
    page = context.new_page()
    for path in (
        "/",
        "/search?q=beras",
        "/articles/uji-ralat?q=beras",
        "/coverage",
        "/trends",
        "/list",
        "/articles/nihil",
    ):
        page.goto(newsroom + path)
        here = newsroom.removesuffix(PREFIX)
        links: list[str] = page.evaluate("[...document.querySelectorAll('[href], [src], [action]')]"
            ".map(one => one.href?.baseVal ?? one.href ?? one.src ?? one.action)")  # fmt: skip
        own = [link for link in links if link.startswith((here, "/"))]
        assert len(own) > 15
        assert [link for link in own if not link.removeprefix(here).startswith(f"{PREFIX}/")] == []
    context.close()
