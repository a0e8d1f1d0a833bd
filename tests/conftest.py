"""Fixtures of all tests: English messages, and no skipped test where CI says that everything is there."""

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from index.article import Article, article_from_fields
from index.dates import WIB
from index.messages import DEFAULT_LANGUAGE, use_language
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.writer import update_index, writing
from search.archive import Archive


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


@pytest.fixture(scope="session")
def data() -> Path:
    """Return the folder of real articles, or skip where TELISIK_DATA names none."""
    named = os.environ.get("TELISIK_DATA")
    if not named or not Path(named).is_dir():
        pytest.skip("TELISIK_DATA names no folder of real articles")
    return Path(named)
