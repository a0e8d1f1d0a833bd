"""The roll of all articles that readers may see, and the state by which answers are known to be unchanged."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from conftest import ArchiveMaker, fill, make_article

import search.whoosh_engine
from index.article import Article, Status
from index.settings import ArchiveFolder
from index.store import ArticleStore
from search.archive import Archive


def dated(key: str, day: date | datetime | None, **more: object) -> Article:
    return make_article(id=key, url=None, title=f"Harga {key}", date=day, **more)


def test_all_that_readers_may_read_stand_by_time_the_undated_first(archive_with: ArchiveMaker) -> None:
    archive = archive_with(
        dated("b", date(2024, 1, 2)),
        dated("a", date(1950, 3, 4)),
        dated("c", None),
        dated("withdrawn", date(2000, 1, 1), status=Status.WITHDRAWN),
        dated("embargoed", date(2199, 1, 1), status=Status.EMBARGOED),
        dated("past", date(2001, 1, 1), status=Status.EMBARGOED),
    )
    assert list(archive.roll()) == ["c", "a", "past", "b"]
    assert (len(archive.roll()), list(archive.roll()[1:3]), archive.roll()[3]) == (4, ["a", "past"], "b")


def test_the_roll_follows_what_later_commits_add_and_delete(archive_folder: ArchiveFolder) -> None:
    fill(archive_folder, [dated("a", date(2020, 1, 1)), dated("b", date(2022, 1, 1))])
    archive = Archive(archive_folder.path)
    assert list(archive.roll()) == ["a", "b"]
    with ArticleStore(archive_folder.store) as store:
        store.delete("a")
    fill(archive_folder, [dated("c", date(2021, 1, 1))])
    assert list(archive.roll()) == ["c", "b"]


def test_an_archive_without_articles_has_an_empty_roll(archive_with: ArchiveMaker) -> None:
    assert list(archive_with().roll()) == []


def test_the_store_tells_when_articles_were_last_written(archive_folder: ArchiveFolder) -> None:
    fill(archive_folder, [dated(key, date(2020, 1, 1)) for key in ("a", "b", "c")])
    with ArticleStore(archive_folder.store) as store:
        store.delete("c")
        changed = store.changed(["a", "b", "c", "nihil"])
    assert set(changed) == {"a", "b"}
    assert all(abs(datetime.now(UTC) - moment) < timedelta(minutes=5) for moment in changed.values())


def edit_people(folder: ArchiveFolder) -> None:
    folder.people.write_text("slug,name,aliases\nsiti-rahma,Siti Rahma,\n", encoding="utf-8")


def edit_topics(folder: ArchiveFolder) -> None:
    folder.topics.write_text("slug,label,query\npasar,Pasar,pasar\n", encoding="utf-8")


def edit_words(folder: ArchiveFolder) -> None:
    folder.exceptions.write_text("nama Beras\n", encoding="utf-8")


def add_article(folder: ArchiveFolder) -> None:
    fill(folder, [dated("b", date(2022, 1, 1))])


def change_article(folder: ArchiveFolder) -> None:
    with ArticleStore(folder.store) as store:  # the index does not know it yet, the article's page does
        store.put(replace(store.get("a"), title="Harga baru"))


def withdraw_article(folder: ArchiveFolder) -> None:
    with ArticleStore(folder.store) as store:
        store.withdraw("a", "Keliru.", datetime.now(UTC))


@pytest.mark.parametrize(
    "change", [edit_people, edit_topics, edit_words, add_article, change_article, withdraw_article]
)
def test_the_state_changes_with_all_that_answers_are_made_of(
    archive_folder: ArchiveFolder, change: Callable[[ArchiveFolder], None]
) -> None:
    fill(archive_folder, [dated("a", date(2020, 1, 1))])
    archive, other = Archive(archive_folder.path), Archive(archive_folder.path)
    before = archive.state()
    assert archive.state() == before
    assert other.state() == before  # of another worker
    change(archive_folder)
    assert archive.state() != before
    assert archive.state() == other.state()


def test_the_state_changes_when_an_embargo_ends(archive_folder: ArchiveFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    end = datetime.now(UTC) + timedelta(hours=1)
    fill(archive_folder, [dated("a", date(2020, 1, 1)), dated("b", end, status=Status.EMBARGOED)])
    archive = Archive(archive_folder.path)
    before = archive.state()
    for moment, is_same in ((end - timedelta(seconds=2), True), (end + timedelta(seconds=2), False)):
        monkeypatch.setattr(search.whoosh_engine.time, "time", moment.timestamp)
        assert (archive.state() == before) is is_same
    assert list(archive.roll()) == ["a", "b"]
