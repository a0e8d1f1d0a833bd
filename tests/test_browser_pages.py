"""Every page in a real browser: both languages, light and dark, wide and narrow; usable by all, still, quiet, and of one host."""

from typing import TYPE_CHECKING

import pytest
from axe import faults
from browsing import double_ids, shifted, too_wide, unfold, watch
from conftest import serving_app
from flask import Flask
from paper import ARCHIVIST, LONG_WORD, PASSWORD
from werkzeug.exceptions import HTTPException

from index.messages import LANGUAGES
from index.settings import ArchiveFolder
from web.app import create_app
from web.site import SITE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

READERS = (
    "/",
    "/search",
    "/search?q=beras",
    "/search?q=beras&section=Hukum&section=Daerah&from=2018-01-01&to=2021-12-31&page=2&sort=newest",
    "/search?q=beras&from=2020-01-01&to=2020-12-31",
    "/search?q=beras&from=2020-02-01&to=2020-02-29",
    "/search?q=haraga+beraz",
    "/search?q=gamelan+hakim+beasiswa",
    "/search?q=kelangkaan&section=Hukum&from=2020-02-01&to=2020-02-29",
    "/search?q=versi:uji-sidang",
    "/search?q=beras&page=99",
    "/search?q=bu+rahma&person=budi-hartono",
    f"/search?q={LONG_WORD}",
    "/search?page=x",
    "/search/advanced",
    "/search/advanced?all=beras&phrase=stok+cukup&section=Hukum&person=siti-rahmawati&from=2018-01-01",
    "/search/advanced?go=1&from=2018-99-99",
    "/articles/uji/2018/3?q=beras&section=Daerah",
    "/articles/uji-ralat?q=beras",
    "/articles/uji-ditarik",
    "/articles/uji-sidang",
    "/articles/uji-panjang",
    "/articles/uji-inggris",
    "/articles/nihil",
    "/people/",
    "/people/?letter=S",
    "/people/?q=rahma",
    "/people/siti-rahmawati",
    "/people/siti-rahmawati?year=2018",
    "/people/hadi-wirjawan",
    "/people/nihil",
    "/topics/",
    "/topics/pangan",
    "/compare",
    "/compare?q=beras&q=rubrik:hukum&q=judul:harga&q=naik&q=pasokan&measure=share",
    f"/compare?q={LONG_WORD}&q=beras",
    "/coverage",
    "/coverage?period=2018",
    "/coverage?period=2018-04&section=Daerah",
    "/trends",
    "/trends?to=2018-05-01",
    "/batch",
    "/help",
    "/list",
    f"/list?title=Pangan&q=beras&q=kelangkaan&q={LONG_WORD}&id=uji-ralat&id=uji-panjang&id=hilang",
    "/archivist/login",
    "/nihil",
)
ARCHIVISTS = (
    "/archivist/",
    "/archivist/?q=adisastra",
    "/archivist/people/",
    "/archivist/people/siti-rahmawati",
    "/archivist/people/tjokro-adisastra",
    "/archivist/merge?slug=tjokro-adisastra&slug=hadi-wirjawan",
    "/archivist/merge?slug=tjokro-adisastra&q=adisastr",
    "/archivist/refused/",
    "/archivist/decisions",
    "/archivist/misses/",
    "/archivist/misses/mend?text=bung+wirjawan",
    "/people/tjokro-adisastra",
)
NO_PAGES = {
    "static",
    "api.healthz",
    "api.suggest",
    "lists.add",
}  # beside those whose addresses end with a form, like .json
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


def test_every_page_is_looked_at(paper: ArchiveFolder) -> None:
    """A page that is added has to be added to `READERS` or `ARCHIVISTS`, too."""
    app = create_app(paper.path)
    addresses = app.url_map.bind("arsip.example")
    looked_at = set()
    for address in READERS + ARCHIVISTS:
        try:
            endpoint, _arguments = addresses.match(address.partition("?")[0])
        except HTTPException:  # the page of an error
            continue
        looked_at.add(endpoint)
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    pages = {rule.endpoint for rule in rules if "." not in rule.rule.rsplit("/")[-1]}
    assert pages - looked_at == {f"{SITE}.{name}" for name in NO_PAGES}


class Contexts:
    """The windows of a reader and of an archivist who is logged in, in each language."""

    def __init__(self, browser: "Browser", address: str) -> None:
        self._browser, self._address = browser, address
        self._made: dict[tuple[str, bool], BrowserContext] = {}

    def get(self, language: str, *, archivist: bool) -> "BrowserContext":
        if (language, archivist) not in self._made:
            context = self._browser.new_context(base_url=self._address, viewport=WIDE)
            context.add_cookies([{"name": "lang", "value": language, "url": self._address}])
            if archivist:
                page = context.new_page()
                page.goto("/archivist/login")
                page.locator("#name").fill(ARCHIVIST)
                page.locator("#password").fill(PASSWORD)
                page.locator("#password").press("Enter")
                page.wait_for_url("**/archivist/")
                page.close()
            self._made[language, archivist] = context
        return self._made[language, archivist]


@pytest.fixture(scope="module")
def contexts(browser: "Browser", address: str) -> Contexts:
    return Contexts(browser, address)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", READERS + ARCHIVISTS)
def test_a_page_is_for_everybody(contexts: Contexts, path: str, language: str) -> None:
    context = contexts.get(language, archivist=path in ARCHIVISTS)
    seen = watch(context)
    page = context.new_page()
    page.goto(path)
    assert page.locator("html").get_attribute("lang") == language
    assert shifted(page) == []
    assert double_ids(page) == []
    unfold(page)
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(NARROW)
    assert too_wide(page) == []
    assert faults(page) == []
    assert seen.faults(page) == []
    page.close()


BAD_PAGE = """<!doctype html><html lang="id"><title>Buruk</title><main><h1>Buruk</h1><p id="a">satu</p><p id="a">dua</p>
<nav style="font-size:8px"><a href="/1">i</a> <a href="/2">j</a></nav><div style="width:900px">lebar</div>
<img alt="" src="http://127.0.0.2:9/x.png"></main>
<script>setTimeout(() => { document.querySelector("h1").style.height = "400px"; }, 50)</script>"""


def test_a_page_with_faults_is_noticed(browser: "Browser") -> None:
    site = Flask("bad")
    policy = {"Content-Security-Policy": "img-src 'self'"}
    site.get("/")(lambda: (BAD_PAGE, policy))
    with serving_app(site) as address:
        context = browser.new_context(viewport=NARROW)
        seen = watch(context)
        page = context.new_page()
        page.goto(address)
        page.wait_for_function("window.shifts.length > 0")
        assert shifted(page) != []
        assert double_ids(page) == ["a"]
        assert too_wide(page) != []
        assert {fault.split(":")[0] for fault in faults(page)} == {"target-size"}
        assert {"img-src http://127.0.0.2:9/x.png", "http://127.0.0.2:9/x.png"} <= set(seen.faults(page))
        context.close()
