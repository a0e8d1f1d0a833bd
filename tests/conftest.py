"""Fixtures of all tests: English messages, and no skipped test where CI says that everything is there."""

import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from index.article import Article, article_from_fields
from index.dates import WIB
from index.messages import DEFAULT_LANGUAGE, use_language
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.writer import update_index, writing
from search.archive import Archive

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytest_plugins = ("command_line", "desk", "paper")


@pytest.fixture(autouse=True)
def english_messages() -> Iterator[None]:
    use_language("en")
    yield
    use_language(DEFAULT_LANGUAGE)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a run in CI that skipped anything: there a missing browser or data set is a fault of the set-up."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        reporter.write_line("CI: no test may be skipped", red=True)
        session.exitstatus = 1


def make_article(**changes: object) -> Article:
    """Return an article with plausible fields, those named replaced."""
    fields: dict[str, object] = {
        "id": "uji-1",
        "title": "Harga beras naik di pasar induk",
        "body": "Harga beras di pasar induk naik.\nPedagang mengeluhkan pasokan.",
        "date": datetime(2023, 7, 28, 10, 30, tzinfo=WIB),
        "section": "Ekonomi",
        "source": "Harian Uji",
        "authors": ("Ratna Dewi",),
        "url": "https://uji.example/2023/07/28/harga-beras",
    }
    return article_from_fields(**(fields | changes))  # type: ignore[arg-type]


ArchiveMaker = Callable[..., Archive]


@pytest.fixture
def archive_folder(tmp_path: Path) -> ArchiveFolder:
    return ArchiveFolder(tmp_path / "arsip")


@pytest.fixture
def archive_with(archive_folder: ArchiveFolder) -> Iterator[ArchiveMaker]:
    """Return a function that puts articles into a real store, indexes them and opens the archive."""
    opened: list[Archive] = []

    def make(*articles: Article) -> Archive:
        fill(archive_folder, articles)
        opened.append(Archive(archive_folder.path))
        return opened[-1]

    yield make
    for archive in opened:
        archive.close()


def fill(folder: ArchiveFolder, articles: Iterable[Article], *, batch: int = 1_000) -> None:
    """Put articles into the archive's store and bring its index up to date, `batch` articles a commit."""
    with writing(folder), ArticleStore(folder.store) as store:
        with store.transaction():
            for article in articles:
                store.put(article)
        update_index(folder, store, folder.read_settings(), batch=batch)


ClientMaker = Callable[..., FlaskClient]


@pytest.fixture
def client_of(archive_folder: ArchiveFolder) -> ClientMaker:
    """Return a function that serves an archive of these articles."""

    def make(*articles: Article, language: str = "en") -> FlaskClient:
        from web.app import create_app  # here, for most tests need no front end

        fill(archive_folder, articles)
        return create_app(archive_folder.path, language=language).test_client()

    return make


@contextmanager
def serving(folder: ArchiveFolder) -> Iterator[str]:
    """Serve an archive in English to real connections in the block; give the address."""
    from web.app import create_app

    with serving_app(create_app(folder.path, language="en")) as address:
        yield address


@contextmanager
def serving_app(app: Flask) -> Iterator[str]:
    """Serve an application to real connections in the block; give the address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Start a browser, or skip where there is none."""
    playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("there is no chromium")
    with playwright_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def data() -> Path:
    """Return the folder of real articles, or skip where TELISIK_DATA names none."""
    named = os.environ.get("TELISIK_DATA")
    if not named or not Path(named).is_dir():
        pytest.skip("TELISIK_DATA names no folder of real articles")
    return Path(named)
