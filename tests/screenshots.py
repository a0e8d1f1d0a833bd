"""The pictures of the README, taken in a real browser of an archive of the sample articles (`make screenshots`)."""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from index.importing import import_files
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.writer import update_index, writing
from tests.bench.web_load import HOST, served

PICTURES = Path(__file__).parent / "pictures"
SAMPLES = Path(__file__).parent.parent / "index" / "samples"
ARTICLE = "/articles/pelita-nusa-2021-06-17-bupati-hadi-bersaksi-sidang-rengganis?q=bendung+rengganis"
SEARCH = "/search?q=harga+beras"
SHOTS = (  # name, address, width, height, colour scheme
    ("search", SEARCH, 1280, 860, "light"),
    ("article-dark", ARTICLE, 1280, 860, "dark"),
    ("phone", SEARCH, 360, 740, "light"),
    ("front", "/", 1280, 860, "light"),
    ("person", "/people/wiratno-gondokusumo", 1280, 860, "light"),
)


def main() -> int:
    """Take all pictures; return 1 where there is no browser to take them with."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("there is no chromium", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        folder = made_archive(Path(scratch) / "arsip")
        with served(folder.path, workers=1) as (port, _process), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            take(browser, f"http://{HOST}:{port}")
            browser.close()
    return 0


def made_archive(path: Path) -> ArchiveFolder:
    """Return an archive of the sample articles, made in a new folder."""
    folder = ArchiveFolder(path)
    with writing(folder), ArticleStore(folder.store) as store:
        settings = folder.read_settings()
        import_files(store, [SAMPLES], settings.zone)
        update_index(folder, store, settings)
    return folder


def take(browser: Browser, address: str) -> None:
    """Take each picture of the pages at an address."""
    PICTURES.mkdir(exist_ok=True)
    for name, path, width, height, scheme in SHOTS:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, locale="id-ID")
        page = context.new_page()
        page.goto(address + path)
        page.screenshot(path=PICTURES / f"{name}.png")
        context.close()


if __name__ == "__main__":
    sys.exit(main())
