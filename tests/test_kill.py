"""The indexer killed at random moments: the old index answers, the next run finishes, nothing stored is lost."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from conftest import fill, make_article

from index import generations
from index.doctor import examine
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.writer import writing
from search.archive import Archive
from search.query import Query

KILLS = 20
ARTICLES = 120
BATCH = 5
ROOT = Path(__file__).parent.parent
INDEXER = """
import pathlib, sys
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.writer import update_index, writing
folder = ArchiveFolder(pathlib.Path(sys.argv[1]))
with writing(folder), ArticleStore(folder.store) as store:
    print("begin", flush=True)
    update_index(folder, store, folder.read_settings(), batch=int(sys.argv[2]))
"""


def articles(round_number: int) -> list:
    return [
        make_article(
            id=f"uji-{n}", url=None, title=f"Berita {n} putaran{round_number}", body="Banjir merendam pasar. " * 20
        )
        for n in range(ARTICLES)
    ]


def test_a_killed_indexer_loses_nothing(archive_folder: ArchiveFolder) -> None:
    """Every round changes all articles, kills the run that indexes them, asks the index, and lets the next run finish."""
    rng = random.Random(20)
    fill(archive_folder, articles(0))
    archive = Archive(archive_folder.path)
    duration = _seconds_of_a_full_run(archive_folder)
    interrupted = 0
    for number in range(1, KILLS + 1):
        with writing(archive_folder), ArticleStore(archive_folder.store) as store, store.transaction():
            for article in articles(number):
                store.put(article)
        sequence = archive.stats().indexed_sequence
        interrupted += _kill_after(rng.uniform(0, duration), archive_folder)
        page = archive.search(Query("banjir"))
        assert page.total == ARTICLES
        assert archive.stats().indexed_sequence >= sequence
        subprocess.run(
            [sys.executable, "-c", INDEXER, str(archive_folder.path), str(ARTICLES)],
            check=True,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        assert archive.search(Query(f"putaran{number}")).total == ARTICLES
        with ArticleStore(archive_folder.store, readonly=True) as store:
            assert examine(archive_folder, store) == []
    assert interrupted >= KILLS // 2, "most kills must meet the indexer at work"
    generation = generations.current_generation(archive_folder.generations)
    assert generation is not None
    assert not list(generation.glob("*.tmp"))
    archive.close()


def _seconds_of_a_full_run(folder: ArchiveFolder) -> float:
    """Return how long the indexer works on all articles, so that kills fall all over its work."""
    with writing(folder), ArticleStore(folder.store) as store, store.transaction():
        for article in articles(-1):
            store.put(article)
    process = _start(folder)
    begun = time.monotonic()
    process.wait()
    return time.monotonic() - begun


def _start(folder: ArchiveFolder) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", INDEXER, str(folder.path), str(BATCH)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begin\n"
    return process


def _kill_after(seconds: float, folder: ArchiveFolder) -> bool:
    """Kill a running indexer after so many seconds; say whether it was still at work."""
    process = _start(folder)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL
