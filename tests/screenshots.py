"""The pictures of the README, taken in a real browser of an archive of the sample articles (`make screenshots`)."""

import shutil
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from index.importing import import_files
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.writer import update_index, writing
from web.app import create_app

PICTURES = Path(__file__).parent / "pictures"
SAMPLES = Path(__file__).parent.parent / "index" / "samples"
ARTICLE = "/articles/pelita-nusa-2021-06-17-bupati-hadi-bersaksi-sidang-rengganis?q=bendung+rengganis"
SHOTS = (  # name, address, width, height, colour scheme
    ("search", "/search?q=harga+beras", 1280, 860, "light"),
    ("article-dark", ARTICLE, 1280, 860, "dark"),
    ("phone", "/search?q=harga+beras", 360, 740, "light"),
)


def main() -> int:
    """Take all pictures; return 1 where there is no browser to take them with."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("there is no chromium", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        folder = ArchiveFolder(Path(scratch) / "arsip")
        with writing(folder), ArticleStore(folder.store) as store:
            settings = folder.read_settings()
            import_files(store, [SAMPLES], settings.zone)
            update_index(folder, store, settings)
        server = make_server("127.0.0.1", 0, create_app(folder.path), threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
                take(browser, f"http://127.0.0.1:{server.server_port}")
                browser.close()
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
    return 0


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
