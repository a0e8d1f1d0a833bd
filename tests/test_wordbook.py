"""The wordbook: counts that hold whatever happens while they are learned, and a file that harms nobody when it is damaged."""

import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ArchiveMaker, fill, make_article
from hypothesis import given, settings
from hypothesis import strategies as st

from index.acronyms import AcronymPair
from index.article import Article
from index.decisions import Decisions
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.wordbook import Acronym, Learned, Wordbook, word_table
from index.words import is_learned_name
from index.writer import rebuild_index, update_index, writing
from search.archive import Archive
from search.query import Query

ROOT = Path(__file__).parent.parent
BUP = ("BUP", "Badan Uji Pangan")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "words.sqlite"


@pytest.fixture
def book(path: Path) -> Iterator[Wordbook]:
    with closing(Wordbook(path)) as opened:
        yield opened


@contextmanager
def reading(path: Path) -> Iterator[Wordbook]:
    with closing(Wordbook(path, readonly=True)) as opened:
        yield opened


def explaining(
    *pairs: tuple[str, str], article_id: str = "uji-1", year: int | None = 2020
) -> dict[str, tuple[int | None, list[AcronymPair]]]:
    return {article_id: (year, [AcronymPair(*pair) for pair in pairs])}


# --- counts and names


def test_counts_add_up_and_stay(path: Path, book: Wordbook) -> None:
    book.learn(Learned([("dirani", 2, 1), ("membangun", 0, 7)]), 4, "satu")
    book.learn(Learned([("dirani", 3, 0), ("terani", 1, 0)]), 9, "dua")
    with reading(path) as other:
        assert [other.casing(word) for word in ("dirani", "membangun", "terani", "entah")] == [
            (5, 1), (0, 7), (1, 0), (0, 0),
        ]  # fmt: skip
        assert other.progress() == book.progress() == (9, "dua")


def test_what_was_learned_can_be_forgotten(path: Path, book: Wordbook) -> None:
    book.learn(Learned([("dirani", 5, 0)], explaining(BUP)), 4, "satu")
    book.forget()
    with reading(path) as other:
        assert (other.casing("dirani"), other.progress(), other.names()) == ((0, 0), (0, ""), frozenset())
        assert other.acronyms(1) == []
    book.learn(Learned(acronyms=explaining(BUP)), 1, "lain")
    assert [acronym.articles for acronym in book.acronyms(1)] == [1]


def test_a_word_becomes_a_name_over_runs_and_is_none_once_it_is_used_in_small_letters(book: Wordbook) -> None:
    book.learn(Learned([("dirani", 4, 0)]), 1, "a")
    assert book.names() == frozenset()
    book.learn(Learned([("dirani", 1, 0)]), 2, "b")
    assert book.names() == {"dirani"}
    book.learn(Learned([("dirani", 0, 1)]), 3, "c")
    assert book.names() == frozenset()
    book.learn(Learned([("dirani", 95, 0)]), 4, "d")
    assert book.names() == {"dirani"}


counts = st.one_of(st.integers(0, 60), st.just(0))
lessons = st.lists(
    st.lists(st.tuples(st.sampled_from(["dirani", "terani", "kementerian"]), counts, counts), max_size=3)
)


@settings(deadline=None, max_examples=25)  # each run is on the disk before the next
@given(lessons)
def test_after_every_run_the_names_are_those_whose_counts_make_them_names(
    runs: list[list[tuple[str, int, int]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(Wordbook(Path(folder) / "words.sqlite")) as book:
        capitalised: Counter[str] = Counter()
        lower: Counter[str] = Counter()
        for number, words in enumerate(runs):
            book.learn(Learned(words), number, "")
            for word, upper_count, lower_count in words:
                capitalised[word] += upper_count
                lower[word] += lower_count
            assert book.names() == {word for word in lower if is_learned_name(word, capitalised[word], lower[word])}
            assert all(book.casing(word) == (capitalised[word], lower[word]) for word in lower)


def test_a_run_is_learned_whole_or_not_at_all(path: Path, book: Wordbook) -> None:
    book.learn(Learned([("dirani", 1, 0)], explaining(("BUP", "Badan Uji Pangan"))), 1, "satu")
    twice = explaining(("BUK", "Badan Uji Kopi"), ("BUK", "Badan Uji Kopi"))
    with pytest.raises(sqlite3.IntegrityError):
        book.learn(Learned([("dirani", 8, 0)], twice), 2, "dua")
    with reading(path) as other:
        assert (other.casing("dirani"), other.names(), other.progress()) == ((1, 0), frozenset(), (1, "satu"))
        assert [acronym.short for acronym in other.acronyms(1)] == ["BUP"]


# --- acronyms


def test_acronyms_of_changed_and_deleted_articles_are_taken_back(book: Wordbook) -> None:
    for number in range(4):
        book.learn(Learned(acronyms=explaining(BUP, article_id=f"uji-{number}")), number, "")
    assert [(acronym.long, acronym.articles) for acronym in book.acronyms()] == [("Badan Uji Pangan", 4)]
    book.learn(Learned(acronyms=explaining(("BUK", "Badan Uji Kopi"), BUP, article_id="uji-0")), 5, "")
    book.learn(Learned(acronyms=explaining(("BUK", "Badan Uji Kopi"), article_id="uji-1")), 6, "")
    assert [(acronym.short, acronym.articles) for acronym in book.acronyms(1)] == [("BUP", 3), ("BUK", 2)]
    book.learn(Learned(acronyms=explaining(article_id="uji-0")), 7, "")
    assert [(acronym.short, acronym.articles) for acronym in book.acronyms(1)] == [("BUP", 2), ("BUK", 1)]
    assert book.acronyms() == []
    book.learn(Learned(acronyms=explaining(article_id="uji-1")), 8, "")
    assert [acronym.short for acronym in book.acronyms(1)] == ["BUP"]


def test_an_acronym_is_written_as_most_articles_write_it_and_counts_them_all(book: Wordbook) -> None:
    spellings = ["badan uji-pangan", "Badan Uji Pangan", "Badan Uji Pangan", "BADAN UJI PANGAN"]
    years = [2011, 1999, None, 2024]
    for number, (long, year) in enumerate(zip(spellings, years, strict=True)):
        book.learn(Learned(acronyms=explaining(("BUP", long), article_id=f"uji-{number}", year=year)), number, "")
    assert book.acronyms() == [Acronym("BUP", "Badan Uji Pangan", 4, 1999, 2024)]
    book.learn(Learned(acronyms=explaining(article_id="uji-3")), 5, "")
    assert book.acronyms() == [Acronym("BUP", "Badan Uji Pangan", 3, 1999, 2024)]  # the years of all that ever did


@pytest.mark.parametrize(
    ("years", "first", "last"),
    [([None], None, None), ([None, 2001], 2001, 2001), ([2001, None], 2001, 2001), ([2005, 2001, 2003], 2001, 2005)],
)
def test_the_years_are_those_of_the_first_and_last_article(
    book: Wordbook, years: list[int | None], first: int | None, last: int | None
) -> None:
    for number, year in enumerate(years):
        book.learn(Learned(acronyms=explaining(BUP, article_id=f"uji-{number}", year=year)), number, "")
    assert book.acronyms(1) == [Acronym(*BUP, len(years), first, last)]


ids = st.sampled_from(["uji-1", "uji-2", "uji-3", "uji-4"])
explained = st.lists(
    st.sampled_from([BUP, ("BUP", "Bantuan Umum Petani"), ("BUK", "Badan Uji Kopi")]), max_size=3, unique=True
)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.dictionaries(ids, explained), max_size=8))
def test_acronyms_are_counted_as_the_articles_stand_now(runs: list[dict[str, list[tuple[str, str]]]]) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(Wordbook(Path(folder) / "words.sqlite")) as book:
        now: dict[str, list[tuple[str, str]]] = {}
        for number, run in enumerate(runs):
            found = {article_id: (None, [AcronymPair(*pair) for pair in pairs]) for article_id, pairs in run.items()}
            book.learn(Learned(acronyms=found), number, "")
            now |= run
        articles = Counter(pair for pairs in now.values() for pair in pairs)
        assert {(acronym.short, acronym.long): acronym.articles for acronym in book.acronyms(1)} == articles


# --- the file


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:4096])


def scramble(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\xff" * (len(content) - 8192))


def make_older(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 0")


def lose_state(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE state")


@pytest.mark.parametrize(
    "damage",
    [
        truncate, scramble, make_older, lose_state,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"bukan basis data" * 400),
    ],
    ids=["truncated", "scrambled", "older", "without its state", "empty", "no database"],
)  # fmt: skip
def test_a_damaged_or_older_file_reads_as_empty_and_is_begun_anew(path: Path, damage: object) -> None:
    with closing(Wordbook(path)) as book:
        acronyms = {f"uji-{n}": (2020, [AcronymPair("BUP", f"Badan Uji Pangan {n}")]) for n in range(900)}
        book.learn(Learned([(f"kata{n}", 9, 0) for n in range(900)] + [("dirani", 9, 0)], acronyms), 900, "akhir")
        assert book.names() == {"dirani"}
    damage(path)  # type: ignore[operator]
    content = path.read_bytes()
    with reading(path) as other:
        assert (other.names(), other.acronyms(1), other.casing("dirani")) == (frozenset(), [], (0, 0))
    assert path.read_bytes() == content
    with closing(Wordbook(path)) as book:
        assert book.progress() == (0, "")
        book.learn(Learned([("terani", 5, 0)], explaining(BUP)), 1, "satu")
    with reading(path) as other:
        assert (other.names(), other.progress()) == ({"terani"}, (1, "satu"))
        assert other.acronyms(1) == [Acronym(*BUP, 1, 2020, 2020)]


def test_reading_where_there_is_none_makes_none(path: Path) -> None:
    with reading(path) as book:
        assert (book.progress(), book.names(), book.acronyms(1), book.casing("dirani")) == ((0, ""), set(), [], (0, 0))
    assert not path.exists()


def test_readers_see_whole_runs_while_a_writer_writes(path: Path, book: Wordbook) -> None:
    runs = 150
    done = threading.Event()
    wrong: list[object] = []
    seen: set[int] = set()

    def read() -> None:
        last = 0
        while not done.is_set():
            with reading(path) as other:
                before, (capitalised, lower), after = other.progress()[0], other.casing("dirani"), other.progress()[0]
                if not last <= before <= capitalised == lower <= after:
                    wrong.append((last, before, capitalised, lower, after))
                last = after
                seen.add(after)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(1, runs + 1):
        book.learn(Learned([("dirani", 1, 1)]), number, "")
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(seen) > 1, "readers must have read while it was written"
    assert book.casing("dirani") == (runs, runs)


# --- while an archive is indexed


def dirani(number: int, *, times: int = 1, lower: int = 0) -> Article:
    """Return an article with a word that Sastrawi would cut to "rani", capitalised and in small letters so many times."""
    body = "Warga " + "kota Dirani dan " * times + "rumah dirani lalu " * lower + "sungai."
    return make_article(id=f"uji-{number}", url=None, title=f"Berita nomor {number}", body=body)


def casing(folder: ArchiveFolder, word: str = "dirani") -> tuple[int, int]:
    with reading(folder.wordbook) as book:
        return book.casing(word)


def found(archive: Archive, text: str) -> list[str]:
    return sorted(hit.article_id for hit in archive.search(Query(text, size=100)).hits)


@contextmanager
def writable(folder: ArchiveFolder) -> Iterator[ArticleStore]:
    with writing(folder), ArticleStore(folder.store) as store:
        yield store


@pytest.mark.parametrize("batch", [1, 3, 1_000])
def test_each_change_is_counted_once_however_it_is_cut_into_steps(archive_folder: ArchiveFolder, batch: int) -> None:
    fill(archive_folder, (dirani(number) for number in range(7)), batch=batch)
    assert casing(archive_folder) == (7, 0)
    fill(archive_folder, (dirani(number) for number in range(9)), batch=batch)  # two new ones
    assert casing(archive_folder) == (9, 0)
    fill(archive_folder, [dirani(0, times=3, lower=2)], batch=batch)
    assert casing(archive_folder) == (12, 2)
    fill(archive_folder, [], batch=batch)
    assert casing(archive_folder) == (12, 2)
    with reading(archive_folder.wordbook) as book, ArticleStore(archive_folder.store, readonly=True) as store:
        assert book.progress() == (store.sequence(), store.change_mark(store.sequence()))


def test_a_rebuild_counts_nothing_twice(archive_folder: ArchiveFolder) -> None:
    fill(archive_folder, (dirani(number) for number in range(5)))
    settings = archive_folder.read_settings()
    with writable(archive_folder) as store:
        rebuild_index(archive_folder, store, settings, batch=2)
        assert casing(archive_folder) == (5, 0)
        with store.transaction():
            store.put(dirani(9))
        rebuild_index(archive_folder, store, settings, batch=2)  # of what it knows and what it does not
        assert casing(archive_folder) == (6, 0)
        archive_folder.wordbook.unlink()
        rebuild_index(archive_folder, store, settings, batch=2)  # which makes the wordbook again
        assert casing(archive_folder) == (6, 0)


def test_a_rebuild_that_was_interrupted_counts_nothing_twice(archive_folder: ArchiveFolder) -> None:
    fill(archive_folder, (dirani(number) for number in range(6)))
    settings = archive_folder.read_settings()

    def interrupted(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with writable(archive_folder) as store:
        with pytest.raises(KeyboardInterrupt):
            rebuild_index(archive_folder, store, settings, batch=2, progress=interrupted)
        with store.transaction():
            store.put(dirani(6))
        update_index(archive_folder, store, settings)
        assert casing(archive_folder) == (7, 0)
        rebuild_index(archive_folder, store, settings, batch=2)
        assert casing(archive_folder) == (7, 0)


KILLED = """
import os, pathlib, sys
import index.writer
from index.settings import ArchiveFolder
from index.store import ArticleStore

add, steps = index.writer._GrowingIndex.add, []
def end_before_the_second(growing, built):
    steps.append(built)
    if len(steps) == 2:
        os._exit(9)
    add(growing, built)

index.writer._GrowingIndex.add = end_before_the_second
folder = ArchiveFolder(pathlib.Path(sys.argv[1]))
with index.writer.writing(folder), ArticleStore(folder.store) as store:
    index.writer.update_index(folder, store, folder.read_settings(), batch=3)
"""


@pytest.mark.parametrize("batch", [2, 1_000])
@pytest.mark.parametrize("changed", [(), (1, 4), (3, 4, 5, 8)], ids=str)
def test_what_was_learned_before_a_kill_and_not_indexed_is_not_learned_again(
    archive_folder: ArchiveFolder, batch: int, changed: tuple[int, ...]
) -> None:
    with writable(archive_folder) as store, store.transaction():
        for number in range(10):
            store.put(dirani(number))
    code = subprocess.run([sys.executable, "-c", KILLED, str(archive_folder.path)], cwd=ROOT).returncode
    assert code == 9
    assert casing(archive_folder) == (6, 0)  # two steps are learned,
    with closing(Archive(archive_folder.path)) as archive:
        assert len(found(archive, "berita")) == 3  # one is indexed
        fill(archive_folder, (dirani(number, times=2) for number in changed), batch=batch)
        late = [number for number in changed if number > 5]  # was not learned in its first form
        assert casing(archive_folder) == (10 - len(late) + 2 * len(changed), 0)
        assert len(found(archive, "dirani")) == 10
        assert found(archive, "rani") == []


def test_a_store_put_back_is_learned_from_anew(archive_folder: ArchiveFolder) -> None:
    fill(archive_folder, [dirani(0)])
    backup = archive_folder.store.read_bytes()
    fill(archive_folder, [dirani(number, times=2) for number in (1, 2)])
    assert casing(archive_folder) == (5, 0)
    for path in archive_folder.path.glob("articles.sqlite*"):
        path.unlink()
    archive_folder.store.write_bytes(backup)
    fill(archive_folder, [dirani(number, lower=1) for number in (3, 4, 5)])
    assert casing(archive_folder) == (4, 3)


@pytest.mark.parametrize("fresh", [0, 1], ids=["nothing new", "one new article"])
def test_a_wordbook_that_was_lost_is_learned_again_by_a_rebuild(archive_folder: ArchiveFolder, fresh: int) -> None:
    fill(archive_folder, [dirani(number) for number in range(6)])
    archive_folder.wordbook.write_bytes(b"bukan basis data")
    fill(archive_folder, [dirani(6 + number) for number in range(fresh)])
    with writable(archive_folder) as store:
        rebuild_index(archive_folder, store, archive_folder.read_settings())
    assert casing(archive_folder) == (6 + fresh, 0)


def test_an_archives_acronyms_are_those_of_its_articles_as_they_are(
    archive_folder: ArchiveFolder, archive_with: ArchiveMaker
) -> None:
    text = "Rapat dihadiri Badan Uji Pangan (BUP) sejak pagi."
    articles = [make_article(id=f"uji-{n}", url=None, title=f"Berita nomor {n}", body=text) for n in range(5)]
    archive = archive_with(*articles)
    assert [also.also for also in archive.search(Query("BUP")).also] == ["Badan Uji Pangan"]
    fill(archive_folder, [replace(articles[0], body="Rapat dihadiri warga.")])
    with writable(archive_folder) as store:
        with store.transaction():
            store.delete("uji-1")
            store.withdraw("uji-2", "Salah.", articles[2].date)
        update_index(archive_folder, store, archive.settings)
        with reading(archive_folder.wordbook) as book:
            assert book.acronyms(1) == [Acronym("BUP", "Badan Uji Pangan", 2, 2023, 2023)]
        assert archive.search(Query("BUP")).also == ()
        with store.transaction():
            store.restore("uji-2")
        update_index(archive_folder, store, archive.settings)
    assert [also.also for also in archive.search(Query("BUP")).also] == ["Badan Uji Pangan"]


def test_a_learned_name_is_searched_as_it_is_until_it_is_used_as_a_word(
    archive_folder: ArchiveFolder, archive_with: ArchiveMaker
) -> None:
    archive = archive_with(*(dirani(number) for number in range(4)), make_article(id="rani", body="Sang rani datang."))
    assert found(archive, "dirani") == ["rani", *(f"uji-{number}" for number in range(4))]
    fill(archive_folder, [dirani(4)])
    assert word_table(archive_folder).is_name("dirani")
    assert found(archive, "dirani") == [f"uji-{number}" for number in range(5)]
    fill(archive_folder, [dirani(5)])
    assert "uji-5" not in found(archive, "rani")
    fill(archive_folder, [dirani(6, times=0, lower=1)])
    assert not word_table(archive_folder).is_name("dirani")
    assert "rani" in found(archive, "dirani")


# --- names of accepted persons


def test_a_name_of_an_accepted_person_is_a_name_however_seldom_it_stands(
    archive_folder: ArchiveFolder, archive_with: ArchiveMaker
) -> None:
    archive = archive_with(dirani(0), make_article(id="rani", body="Sang rani datang."))
    decisions = Decisions(archive_folder)
    decisions.refuse("ratna", "Dirani Uji")
    assert found(archive, "dirani") == ["rani", "uji-0"]
    decisions.accept("ratna", "Dirani Uji")
    assert found(archive, "dirani") == ["uji-0"]  # at once
    with writing(archive_folder), ArticleStore(archive_folder.store) as store:
        rebuild_index(archive_folder, store, archive.settings)
    assert found(archive, "rani") == ["rani"]  # once indexed anew
    fill(archive_folder, [dirani(1, times=1, lower=1)])
    assert "rani" in found(archive, "dirani")


def test_a_word_in_the_shape_of_a_common_one_is_no_name_in_an_alias_either(
    archive_folder: ArchiveFolder, archive_with: ArchiveMaker
) -> None:
    archive = archive_with(make_article(id="uji-1", body="Warga mengenal Bapak Pembangunan lama."))
    Decisions(archive_folder).accept("ratna", "Siti Rahma", aliases=["Bapak Pembangunan"])
    assert not word_table(archive_folder).is_name("pembangunan")
    assert found(archive, "membangun") == ["uji-1"]
