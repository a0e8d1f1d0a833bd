"""Where Whoosh breaks and this project must not: a test for each trap that its use of Whoosh comes near.

Some traps are tested beside what they belong to. Twice the same article in one batch (2), leftovers of a killed writer and a full
disk (19), damaged indexes (12): `test_writer.py`. Kills inside a commit: `test_kill.py`. Exactness of every top N, order,
total and facet (3, 5, 7, 8, 9): `test_search_exact.py`, of which one plain case each stands here. Malformed queries (16):
`test_language.py`, here only that pages say so. Whoosh's own grouping (10) and its writing by several processes (11) are not used.
"""

import os
import pickle
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from conftest import ArchiveMaker, fill, make_article

from index import generations
from index.analysis import Chunks
from index.article import Article, Status
from index.dates import WIB, WIT
from index.doctor import examine
from index.errors import IndexUnusable
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.writer import rebuild_index, update_index, writing
from search.archive import Archive
from search.query import Query, Sort
from search.results import SearchPage

ROOT = Path(__file__).parent.parent


def ids(archive: Archive, text: str = "", **limits: object) -> list[str]:
    return [hit.article_id for hit in archive.search(Query(text, size=100, **limits)).hits]  # type: ignore[arg-type]


def counts(page: SearchPage, facet: str) -> dict[str, int]:
    return {v.value: v.count for found in page.facets if found.field == facet for v in found.values}


def plain(number: int, **changes: object) -> Article:
    return make_article(**({"id": f"uji-{number}", "url": None, "title": f"Berita {number}"} | changes))


# --- 1: a document that fails halfway


def test_an_article_that_cannot_be_analysed_leaves_nothing_behind(
    archive_folder: ArchiveFolder, archive_with: ArchiveMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archive_with(plain(1))
    whole = Chunks.numbers

    def failing(self: Chunks, text: str) -> list[int]:
        if "meledak" in text:
            raise MemoryError
        return whole(self, text)

    monkeypatch.setattr(Chunks, "numbers", failing)
    articles = [plain(2), plain(3, body="Gudang petasan meledak."), plain(4, body="Warga mengungsi.")]
    with pytest.raises(MemoryError):
        fill(archive_folder, articles)
    assert ids(archive) == ["uji-1"]
    monkeypatch.undo()
    fill(archive_folder, [])
    assert sorted(ids(archive)) == ["uji-1", "uji-2", "uji-3", "uji-4"]
    assert ids(archive, "petasan") == ["uji-3"]
    assert ids(archive, "warga") == ["uji-4"]
    with ArticleStore(archive_folder.store) as store:
        assert examine(archive_folder, store) == []


# --- 2: one article several times in one batch


def test_adding_and_deleting_in_one_batch_ends_as_the_store_does(
    archive_folder: ArchiveFolder, archive_with: ArchiveMaker
) -> None:
    archive = archive_with(plain(1), plain(2))
    with writing(archive_folder), ArticleStore(archive_folder.store) as store:
        with store.transaction():
            store.put(plain(3))
            store.delete("uji-3")
            store.delete("uji-1")
            store.put(plain(1, title="Berita pengganti"))
            store.put(plain(2, title="Berita diubah"))
            store.delete("uji-2")
        update_index(archive_folder, store, archive.settings)
        assert examine(archive_folder, store) == []
    assert ids(archive, "berita") == ids(archive) == ["uji-1"]
    assert ids(archive, "pengganti") == ["uji-1"]


# --- 3: the best ten of two words in two fields


def test_the_best_ten_are_the_first_ten_of_all(archive_with: ArchiveMaker) -> None:
    rng = random.Random(3)
    words = ["harga", "beras", "pasar", "naik", "panen"]
    archive = archive_with(
        *(
            plain(n, title=" ".join(rng.choices(words, k=3)), body=" ".join(rng.choices(words, k=rng.randint(1, 60))))
            for n in range(90)
        )
    )
    for first in words:
        for second in words:
            everything = archive.search(Query(f"{first} {second}", size=100)).hits
            pages = [hit for page in range(1, 11) for hit in archive.search(Query(f"{first} {second}", page=page)).hits]
            assert [(h.article_id, h.score) for h in pages] == [(h.article_id, h.score) for h in everything]
            assert [h.score for h in everything] == sorted((h.score for h in everything), reverse=True)


# --- 4: time zones


def test_an_article_belongs_to_its_day_in_the_zone_of_the_archive(archive_with: ArchiveMaker) -> None:
    archive = archive_with(
        plain(1, date=datetime(2023, 1, 1, 0, 30, tzinfo=WIB)),  # 2022 in UTC
        plain(2, date=datetime(2022, 12, 31, 17, 15, tzinfo=UTC)),  # fifteen minutes earlier, the same day in Jakarta
        plain(3, date=datetime(2023, 1, 1, 1, 45, tzinfo=WIT)),  # half an hour before that, still the year before
        plain(4, date=date(2023, 1, 1)),  # begins at midnight
    )
    assert ids(archive, published_from=date(2023, 1, 1)) == ["uji-1", "uji-2", "uji-4"]
    assert ids(archive, "tanggal:2022-12-31") == ["uji-3"]
    assert ids(archive, sort=Sort.OLDEST) == ["uji-3", "uji-4", "uji-2", "uji-1"]
    page = archive.search(Query())
    assert counts(page, "year") == {"2023": 3, "2022": 1}
    assert counts(page, "month") == {"2023-01": 3, "2022-12": 1}


# --- 5: no date


def test_an_article_without_a_date_is_last_in_both_orders_and_in_no_year(archive_with: ArchiveMaker) -> None:
    archive = archive_with(
        plain(1, date=None), plain(2, date=date(1950, 8, 17)), plain(3, date=date(2021, 1, 1)), plain(4, date=None)
    )
    assert ids(archive, sort=Sort.NEWEST) == ["uji-3", "uji-2", "uji-1", "uji-4"]
    assert ids(archive, sort=Sort.OLDEST) == ["uji-2", "uji-3", "uji-1", "uji-4"]
    page = archive.search(Query())
    assert page.total == 4
    assert counts(page, "year") == {"1950": 1, "2021": 1}
    assert ids(archive, published_from=date(1700, 1, 1)) == ["uji-3", "uji-2"]
    assert ids(archive, published_to=date(2100, 1, 1)) == ["uji-3", "uji-2"]


# --- 6: suggestions


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("kenaiakn", "kenaikan"),
        ("kenaika", "kenaikan"),
        ("pembangunna jalan", "pembangunan jalan"),
        ("naaik", None),  # the root stands in no article, so it is not suggested
        ("kenaikan", None),
    ],
)
def test_suggestions_are_words_that_stand_in_articles(
    archive_with: ArchiveMaker, typed: str, suggestion: str | None
) -> None:
    archive = archive_with(plain(1, title="Kenaikan tarif", body="Pembangunan jalan tertunda."))
    assert archive.search(Query(typed)).did_you_mean == suggestion


def test_no_suggestion_comes_from_what_readers_may_not_see(
    archive_folder: ArchiveFolder, archive_with: ArchiveMaker
) -> None:
    archive = archive_with(
        plain(1, title="Kenaikan tarif"),
        plain(2, title="Penangkapan", status=Status.EMBARGOED, date=datetime.now(UTC) + timedelta(9)),
        plain(3, title="Penggusuran"),
    )
    assert archive.search(Query("penggusurann")).did_you_mean == "penggusuran"
    with writing(archive_folder), ArticleStore(archive_folder.store) as store:
        with store.transaction():
            store.delete("uji-3")
        update_index(archive_folder, store, archive.settings)
    assert archive.search(Query("penangkapann")).did_you_mean is None
    assert archive.search(Query("penggusurann")).did_you_mean is None
    assert archive.search(Query("kenaikann")).did_you_mean == "kenaikan"


# --- 7: averages and deleted articles


def test_scores_do_not_remember_deleted_articles(tmp_path: Path) -> None:
    kept = [plain(n, title="Harga beras", body="harga naik " * n) for n in range(1, 6)]
    long = [plain(n, title="Laporan", body="harga pasar beras " * 400) for n in range(50, 60)]
    lived, fresh = ArchiveFolder(tmp_path / "lama"), ArchiveFolder(tmp_path / "baru")
    fill(lived, [*long, *kept])
    fill(fresh, kept)
    with writing(lived), ArticleStore(lived.store) as store:
        with store.transaction():
            for article in long:
                store.delete(article.id)
        update_index(lived, store, lived.read_settings())
    one, other = Archive(lived.path), Archive(fresh.path)
    for text in ("harga", "beras naik", '"harga beras"'):
        scores = [[(hit.article_id, hit.score) for hit in a.search(Query(text)).hits] for a in (one, other)]
        assert scores[0] == scores[1] != []
    one.close()
    other.close()


def test_an_open_archive_scores_by_the_averages_of_the_newest_commit(
    archive_folder: ArchiveFolder, archive_with: ArchiveMaker
) -> None:
    archive = archive_with(*(plain(n, title="Harga beras", body="harga naik " * n) for n in range(1, 6)))
    few = Query("harga beras", size=2)  # the best of many are found in another way than all of few
    before = [hit.score for hit in archive.search(few).hits]
    fill(archive_folder, [plain(n, title="Laporan", body="pasar sepi " * 900) for n in range(50, 60)])
    fresh = Archive(archive_folder.path)
    after = [[(hit.article_id, hit.score) for hit in a.search(few).hits] for a in (archive, fresh)]
    assert after[0] == after[1]
    assert [score for _id, score in after[0]] != before
    fresh.close()


# --- 8: how often a phrase stands there


def test_a_phrase_that_stands_there_twice_ranks_above_its_words_apart(archive_with: ArchiveMaker) -> None:
    archive = archive_with(
        plain(1, body="dana desa kemarin dana lalu desa"),
        plain(2, body="dana desa kemarin lalu dana desa"),
        plain(3, body="desa dana kemarin lalu desa dana"),
    )
    twice, once = archive.search(Query('"dana desa"')).hits
    assert (twice.article_id, once.article_id) == ("uji-2", "uji-1")
    assert twice.score > once.score


# --- 9: words near each other


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ('"harga naik"~2', ["uji-1", "uji-2"]),
        ('"naik harga"~2', ["uji-1", "uji-2"]),
        ('"harga harga"~9', ["uji-2"]),  # one word does not serve twice
        ('"harga harga harga"~9', []),
        ('"menaikkan harga"~2', ["uji-1", "uji-2"]),
        ('"harga naik"~0', ["uji-2"]),
    ],
)
def test_nearness_has_two_directions_and_each_word_serves_once(
    archive_with: ArchiveMaker, typed: str, found: list[str]
) -> None:
    archive = archive_with(
        plain(1, title="Naik lagi harga", body="Pasar."), plain(2, title="Harga beras dan naik harga", body="Pasar.")
    )
    assert sorted(ids(archive, typed)) == found


# --- 12: the table of contents is a pickle


class Payload:
    """Runs code where it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.trace,))


def test_a_table_of_contents_that_is_not_ours_is_never_unpickled(archive_folder: ArchiveFolder, tmp_path: Path) -> None:
    trace = tmp_path / "dijalankan"
    pickle.loads(pickle.dumps(Payload(trace)))
    assert trace.exists()
    trace.unlink()
    fill(archive_folder, [plain(1)])
    settings = archive_folder.read_settings()
    (toc,) = (archive_folder.generations / "000001").glob("*.toc")
    toc.write_bytes(pickle.dumps(Payload(trace)))
    archive = Archive(archive_folder.path)
    with pytest.raises(IndexUnusable):
        archive.search(Query("berita"))
    with writing(archive_folder), ArticleStore(archive_folder.store) as store:
        with pytest.raises(IndexUnusable):
            update_index(archive_folder, store, settings)
        assert examine(archive_folder, store)
        rebuild_index(archive_folder, store, settings)
    assert ids(archive) == ["uji-1"]
    assert not trace.exists()
    archive.close()


# --- 13: what is on the disk before a commit becomes visible


def test_everything_is_flushed_before_a_commit_becomes_visible(
    archive_folder: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[tuple[str, str]] = []
    fsync, rename, replacing = os.fsync, os.rename, os.replace

    def seen_fsync(handle: int) -> None:
        events.append(("flush", Path(f"/proc/self/fd/{handle}").readlink().name))
        fsync(handle)

    def seen(move: object) -> object:
        def moved(source: str, target: str) -> None:
            events.append((f"from {Path(source).name}", Path(target).name))
            move(source, target)  # type: ignore[operator]

        return moved

    monkeypatch.setattr(os, "fsync", seen_fsync)
    monkeypatch.setattr(os, "rename", seen(rename))
    monkeypatch.setattr(os, "replace", seen(replacing))
    for first in (1, 3, 5):
        fill(archive_folder, [plain(first), plain(first + 1)])
    generation = archive_folder.generations / "000001"
    manifest = generations.read_manifest(generation, generations.newest_commit(generation))
    made = [place for place, event in enumerate(events) if event[1].endswith(".toc") and event[0] != "flush"]
    assert len(made) == 5  # the empty index, three commits, and one that merges their segments
    for place in made:
        (temporary, toc) = events[place][0].removeprefix("from "), events[place][1]
        flushed = [name for kind, name in events[:place] if kind == "flush"]
        number = toc.removeprefix("_MAIN_").removesuffix(".toc")
        assert temporary in flushed
        assert f"manifest-{number}.json.new" in flushed
        assert flushed[-1] == generation.name  # the folder itself, after the manifest got its name
        assert events[place + 1] == ("flush", generation.name)
    before = {name for kind, name in events[: made[-1]] if kind == "flush"}
    assert set(manifest.files) <= before
    assert len(manifest.files) > 3


# --- 14: threads, and a writer at work


WRITER = """
import pathlib, sys
sys.path.insert(0, "tests")
from conftest import fill, make_article
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.writer import rebuild_index, writing
folder = ArchiveFolder(pathlib.Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    fill(folder, [make_article(id=f"susulan-{number}", url=None, title="Susulan", body="Menyusul.", date=None)])
    if number % 3 == 2:
        with writing(folder), ArticleStore(folder.store) as store:
            rebuild_index(folder, store, folder.read_settings())
print("done")
"""
COMMITS = 12
WORDS = "harga beras naik pasar dana desa partai korupsi banjir jalan guru sekolah hutan laut kapal panen".split()


def two_hundred_articles() -> list[Article]:
    rng = random.Random(14)

    def words(count: int) -> str:
        return " ".join(rng.choices(WORDS, k=count))

    return [plain(n, title=words(4), body=words(40), date=date(2020, 1, 1) + timedelta(n)) for n in range(200)]


def questions() -> list[Query]:
    texts = [f"{a} {b}" for a in WORDS[::3] for b in WORDS[1::3]] + [
        f'"{a} {b}"' for a in WORDS[::4] for b in WORDS[2::4]
    ]
    texts += [f'"{a} {b}"~3' for a in WORDS[::5] for b in WORDS[1::4]] + ["har*", "judul:pasar", "kapaal~", "-harga"]
    return [Query(text, sort=Sort.NEWEST) for text in texts]


Answer = tuple[int, tuple[str, ...], dict[str, int]]


def answers(archive: Archive, queries: Sequence[Query]) -> dict[Query, Answer]:
    pages = {query: archive.search(query) for query in queries}
    return {q: (p.total, tuple(h.article_id for h in p.hits), counts(p, "month")) for q, p in pages.items()}


@pytest.fixture
def restless_threads() -> Iterator[None]:
    """Let threads take turns as often as the interpreter can: what is not guarded then meets itself."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def in_four_threads(archive: Archive, queries: Sequence[Query]) -> list[dict[Query, Answer]]:
    barrier = threading.Barrier(4)

    def work(seed: int) -> dict[Query, Answer]:
        shuffled = random.Random(seed).sample(queries, len(queries))
        barrier.wait()
        return answers(archive, shuffled)

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(work, range(4)))


@pytest.mark.usefixtures("restless_threads")
def test_four_threads_get_the_answers_of_one(archive_folder: ArchiveFolder) -> None:
    fill(archive_folder, two_hundred_articles(), batch=70)
    alone = Archive(archive_folder.path)
    expected = answers(alone, questions())
    assert sum(total > 0 for total, _ids, _months in expected.values()) > len(expected) // 2
    shared = Archive(archive_folder.path)  # nothing read yet: all threads read the same files at once
    assert in_four_threads(shared, questions()) == [expected] * 4
    alone.close()
    shared.close()


@pytest.mark.usefixtures("restless_threads")
def test_four_threads_get_right_answers_while_another_process_commits_and_rebuilds(
    archive_folder: ArchiveFolder,
) -> None:
    fill(archive_folder, two_hundred_articles(), batch=70)
    archive = Archive(archive_folder.path)
    asked = [query for query in questions() if not query.text.startswith("-")]  # none of them finds the newcomers
    expected = answers(archive, asked)
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(archive_folder.path), str(COMMITS)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    seen: list[int] = []
    while writer.poll() is None or not seen:
        assert in_four_threads(archive, asked) == [expected] * 4
        seen.append(archive.search(Query("susulan")).total)
    output, _ = writer.communicate()
    assert (writer.returncode, output) == (0, "done\n")
    assert archive.search(Query("susulan")).total == COMMITS
    assert seen == sorted(seen)
    archive.close()


@pytest.mark.parametrize("looked_up", ["newest_commit", "current_generation"])
@pytest.mark.parametrize("opened_before", [False, True])
def test_a_commit_or_a_rebuild_between_two_looks_at_the_disk_is_followed(
    archive_folder: ArchiveFolder, monkeypatch: pytest.MonkeyPatch, looked_up: str, opened_before: bool
) -> None:
    fill(archive_folder, [plain(1)])
    archive = Archive(archive_folder.path)
    if opened_before:
        assert ids(archive) == ["uji-1"]
    look = getattr(generations, looked_up)
    moved_on: list[bool] = []

    def overtaken(folder: Path) -> object:
        seen = look(folder)
        if not moved_on:
            moved_on.append(True)
            fill(archive_folder, [plain(2)])
            with writing(archive_folder), ArticleStore(archive_folder.store) as store:
                rebuild_index(archive_folder, store, archive.settings)
        return seen

    monkeypatch.setattr(generations, looked_up, overtaken)
    assert sorted(ids(archive)) in (["uji-1"], ["uji-1", "uji-2"])  # the state before or the one after
    assert moved_on
    assert sorted(ids(archive)) == ["uji-1", "uji-2"]
    archive.close()


def test_a_rebuild_in_the_middle_of_a_search_does_not_break_it(
    archive_folder: ArchiveFolder, archive_with: ArchiveMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files of the commit that is searched are deleted before all that the search needs of them has been read."""
    archive = archive_with(plain(1, topics=("pangan",)))
    newest = archive._engine._newest
    opened: list[object] = []

    def overtaken() -> object:
        opened.append(newest())
        if len(opened) == 1:
            fill(archive_folder, [plain(2, topics=("pangan",))])
            with writing(archive_folder), ArticleStore(archive_folder.store) as store:
                rebuild_index(archive_folder, store, archive.settings)
        return opened[-1]

    monkeypatch.setattr(archive._engine, "_newest", overtaken)
    page = archive.search(Query("berita", topics=("pangan",), published_from=date(2000, 1, 1)))
    assert page.total in (1, 2)
    assert len(page.hits) == page.total == counts(page, "topic")["pangan"]
    assert sorted(ids(archive)) == ["uji-1", "uji-2"]


# --- 15: what a commit writes


def test_a_small_commit_is_small_and_pickles_no_stemmer(archive_folder: ArchiveFolder) -> None:
    fill(archive_folder, [plain(1, body="membangun " * 500)])
    generation = archive_folder.generations / "000001"
    (toc,) = generation.glob("*.toc")
    content = toc.read_bytes()
    assert len(content) < 8_000
    assert b"astrawi" not in content
    assert b"index.analysis" not in content
    before = {path.name for path in generation.iterdir()}
    fill(archive_folder, [plain(2, body="Pendek saja.")])
    assert sum(path.stat().st_size for path in generation.iterdir() if path.name not in before) < 32_000


# --- 16: malformed queries


@pytest.mark.parametrize("typed", ["tanggal:besok", "harga AND", "((", "harga)", '"harga', "judul:", "*harga", "ha*"])
def test_a_malformed_query_is_answered_and_the_page_says_what_was_mended(
    archive_with: ArchiveMaker, typed: str
) -> None:
    page = archive_with(plain(1, body="Besok harga and harapan.")).search(Query(typed))
    assert page.repairs
    assert page.understood != typed


def test_a_date_that_cannot_be_read_is_no_word(archive_with: ArchiveMaker) -> None:
    assert ids(archive_with(plain(1, body="Besok libur.")), "tanggal:besok") == []


# --- 17: prefixes


def test_a_prefix_of_very_many_words_stands_for_the_most_frequent(archive_with: ArchiveMaker) -> None:
    words = [f"pem{chr(97 + n // 676)}{chr(97 + n // 26 % 26)}{chr(97 + n % 26)}" for n in range(1000)]
    rare = [plain(n, body=" ".join(words[n * 10 : n * 10 + 10])) for n in range(100)]
    often = [plain(100 + n, body=words[-1]) for n in range(5)]
    archive = archive_with(*rare, *often)
    started = time.perf_counter()
    found = ids(archive, "pem*")
    assert time.perf_counter() - started < 5
    assert {article.id for article in often} <= set(found)
    assert len(found) < 100  # a thousand words would have found them all


# --- 18: past the end


def test_a_page_past_the_end_is_empty_and_has_the_right_total(archive_with: ArchiveMaker) -> None:
    archive = archive_with(*(plain(n) for n in range(12)))
    for text in ("berita", ""):
        assert [len(archive.search(Query(text, page=page, size=5)).hits) for page in (1, 2, 3, 4, 999)] == [
            5,
            5,
            2,
            0,
            0,
        ]
        page = archive.search(Query(text, page=999, size=5))
        assert (page.total, page.pages, counts(page, "section")) == (12, 3, {"Ekonomi": 12})


# --- 20: very many different values


def test_no_value_is_lost_among_seventy_thousand(archive_with: ArchiveMaker) -> None:
    archive = archive_with(*(plain(n, topics=tuple(f"topik {n:02}{m:03}" for m in range(1000))) for n in range(70)))
    for number, topic in ((0, "topik 00000"), (65, "topik 65535"), (65, "topik 65536"), (69, "topik 69999")):
        page = archive.search(Query(topics=(topic,)))
        assert [hit.article_id for hit in page.hits] == [f"uji-{number}"]
        assert counts(page, "topic")[topic.replace(" ", "-")] == 1
