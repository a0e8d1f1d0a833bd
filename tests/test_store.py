"""The article store: what is the same article, the change sequence, withdrawal, deletion, damage."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from conftest import make_article

from index.article import Article, Correction, CorrectionKind, Status, article_from_fields
from index.dates import WIB
from index.errors import ArchiveMissing, ArchiveNewer, ArticleMissing, StoreUnusable
from index.store import STORE_VERSION, ArticleStore, Outcome


@pytest.fixture
def store(tmp_path: Path) -> ArticleStore:
    return ArticleStore(tmp_path / "arsip" / "articles.sqlite")


def put(store: ArticleStore, *articles: Article) -> list[Outcome]:
    with store.transaction():
        return [store.put(article) for article in articles]


def test_an_article_comes_back_as_it_was_put(store: ArticleStore) -> None:
    article = make_article(
        tags=("beras", "pasar"),
        language="id",
        summary="Ringkas.",
        people=("Sumarni",),
        topics=("ekonomi",),
        status=Status.CORRECTED,
        corrections=(
            Correction(CorrectionKind.ERRATUM, "Angka diperbaiki.", date(2023, 7, 29), "https://uji.example/ralat"),
        ),
        extra={"halaman": 3, "foto": [{"judul": "Pasar"}], "kosong": None},
    )
    put(store, article)
    assert store.get(article.id) == article


def test_every_change_gets_the_next_number_and_no_change_gets_none(store: ArticleStore) -> None:
    article = make_article()
    assert put(store, article, make_article(id="uji-2", url=None)) == [Outcome.ADDED, Outcome.ADDED]
    assert put(store, article) == [Outcome.UNCHANGED]
    assert store.sequence() == 2
    assert put(store, replace(article, title="Judul baru")) == [Outcome.UPDATED]
    assert store.sequence() == 3
    assert [(c.sequence, c.article_id) for c in store.changes_between(0, 10)] == [(2, "uji-2"), (3, "uji-1")]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({"id": "a"}, {"id": "a", "title": "Lain", "url": None}, True),
        ({"id": "a"}, {"id": "b"}, False),  # two ids of their sources: two articles, though the address is one
        ({"id": None}, {"id": "b"}, True),  # a source without ids, then one with
        ({"id": "a"}, {"id": None}, True),
        (
            {"id": None, "url": "http://www.uji.example/x/?utm_source=a"},
            {"id": None, "url": "https://uji.example/x"},
            True,
        ),
        ({"id": None, "url": "https://uji.example/x"}, {"id": None, "url": "https://uji.example/y"}, False),
        ({"id": None, "url": None}, {"id": None, "url": None, "body": "Lain."}, True),  # source, date and title
        ({"id": None, "url": None}, {"id": None, "url": None, "source": "Koran Lain"}, False),
        ({"id": None, "url": None}, {"id": None}, True),  # the address became known later
        ({"id": None, "url": None, "date": None}, {"id": None, "url": None, "date": None, "body": "Lain."}, False),
    ],
)
def test_what_is_the_same_article(
    store: ArticleStore, first: dict[str, object], second: dict[str, object], same: bool
) -> None:
    put(store, make_article(**first), make_article(**second))
    assert store.count() == (1 if same else 2)


def test_an_updated_article_keeps_its_id(store: ArticleStore) -> None:
    known = make_article(id=None)
    put(store, known)
    put(store, make_article(id="punya-sumber", title="Judul baru"))
    assert store.get(known.id).title == "Judul baru"


def test_a_withdrawal_is_announced_keeps_the_text_and_outlives_imports(store: ArticleStore) -> None:
    article = make_article()
    put(store, article)
    at = datetime(2024, 1, 2, 3, 4, tzinfo=WIB)
    with store.transaction():
        store.withdraw(article.id, "Melanggar hak anak.", at)
    withdrawn = store.get(article.id)
    assert (withdrawn.status, withdrawn.body) == (Status.WITHDRAWN, article.body)
    assert withdrawn.corrections == (Correction(CorrectionKind.WITHDRAWAL, "Melanggar hak anak.", at),)
    assert put(store, article) == [Outcome.UNCHANGED]
    assert put(store, replace(article, title="Judul baru")) == [Outcome.UPDATED]
    assert store.get(article.id).status is Status.WITHDRAWN
    assert store.get(article.id).corrections == withdrawn.corrections
    with store.transaction():
        store.restore(article.id)
    assert store.get(article.id).status is Status.PUBLISHED


def test_a_deleted_article_leaves_its_number_and_may_come_again(store: ArticleStore) -> None:
    article = make_article()
    put(store, article)
    with store.transaction():
        store.delete(article.id)
    assert store.count() == 0
    assert [(c.sequence, c.article) for c in store.changes_between(1, 10)] == [(2, None)]
    with pytest.raises(ArticleMissing):
        store.get(article.id)
    assert put(store, article) == [Outcome.ADDED]


def test_a_transaction_that_fails_keeps_nothing(store: ArticleStore) -> None:
    with pytest.raises(KeyError), store.transaction():  # noqa: PT012 (what fails is the block)
        store.put(make_article())
        raise KeyError
    assert (store.count(), store.sequence()) == (0, 0)


def test_a_store_of_a_newer_program_is_refused(store: ArticleStore) -> None:
    store.close()
    with sqlite3.connect(store.path) as db:
        db.execute(f"PRAGMA user_version = {STORE_VERSION + 1}")
    with pytest.raises(ArchiveNewer, match="update telisik"):
        ArticleStore(store.path)


def test_reading_makes_no_store(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissing, match="holds no archive"):
        ArticleStore(tmp_path / "articles.sqlite", readonly=True)
    assert list(tmp_path.iterdir()) == []


def test_a_reader_cannot_write(store: ArticleStore) -> None:
    put(store, make_article())
    with ArticleStore(store.path, readonly=True) as reader, pytest.raises(sqlite3.OperationalError, match="readonly"):
        put(reader, make_article(id="uji-2", url=None))
    assert store.count() == 1


def test_a_changed_text_fails_its_checksum(store: ArticleStore) -> None:
    put(store, make_article())
    assert list(store.faults()) == []
    with sqlite3.connect(store.path) as db:
        db.execute("UPDATE article SET body = 'Lain.'")
    assert list(store.faults()) == ["article uji-1: checksum"]


@pytest.mark.parametrize("damage", ["body = 'Lain.'", "date = 'kemarin'", "authors = '['", "digest = 'x'"])
def test_an_article_that_is_damaged_is_mended_by_importing_it_again(store: ArticleStore, damage: str) -> None:
    put(store, make_article())
    with sqlite3.connect(store.path) as db:
        db.execute(f"UPDATE article SET {damage}")
    assert list(store.faults()) == ["article uji-1: checksum"]
    assert put(store, make_article()) == [Outcome.UPDATED]
    assert list(store.faults()) == []
    assert store.get("uji-1") == make_article()
    assert put(store, make_article()) == [Outcome.UNCHANGED]


@pytest.mark.parametrize("readonly", [True, False])
def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path, readonly: bool) -> None:
    path = tmp_path / "articles.sqlite"
    path.write_bytes(b"no database" * 1_000)
    with pytest.raises(
        StoreUnusable, match=r"articles\.sqlite: the article store cannot be used \(file is not a database"
    ):
        ArticleStore(path, readonly=readonly)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": " ", "body": "\n"}, "needs a title or a body"),
        ({"id": "x" * 501, "title": "A"}, "longer than 500"),
        ({"title": "A", "date": datetime(2023, 1, 1)}, "time zone"),
    ],
)
def test_an_article_that_cannot_be_is_refused(fields: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        article_from_fields(**fields)  # type: ignore[arg-type]


def test_a_text_keeps_no_control_characters() -> None:
    article = article_from_fields(
        title="Harga\x00\x07 beras\x1fnaik", body="satu\x0cdua\n\x01\ntiga\x7f", summary="a\x0bb"
    )
    assert (article.title, article.body, article.summary) == ("Harga beras naik", "satu dua\ntiga", "a b")


def test_a_missing_title_is_the_first_words_of_the_body() -> None:
    assert article_from_fields(body="satu dua tiga").title == "satu dua tiga"
    assert article_from_fields(body="kata " * 20).title == "kata " * 11 + "kata…"


# --- what tells an archive from others


def test_an_archive_has_an_id_that_stays_and_is_its_own(tmp_path: Path) -> None:
    ids = []
    for name in ("satu.sqlite", "dua.sqlite"):
        with ArticleStore(tmp_path / name) as store:
            ids.append(store.archive_id())
            store.put(make_article())
            store.delete("uji-1")
        with ArticleStore(tmp_path / name, readonly=True) as store:
            assert store.archive_id() == ids[-1]
    assert len(set(ids)) == 2


def test_a_store_of_before_gets_the_id_that_its_readers_know_it_by(tmp_path: Path) -> None:
    path = tmp_path / "lama.sqlite"
    with ArticleStore(path) as store:
        made = store.archive_id()
        store.put(make_article())
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE archive")
    with ArticleStore(path, readonly=True) as store:
        known = store.archive_id()
    assert known != made
    with ArticleStore(path) as store:
        assert store.archive_id() == known
        store.put(make_article(id="uji-2", url=None))
    with ArticleStore(path, readonly=True) as store:
        assert store.archive_id() == known
