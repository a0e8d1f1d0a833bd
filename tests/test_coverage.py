"""What the archive holds by day and section, and what it lacks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from conftest import ArchiveMaker, fill, make_article

from index.article import Article, Status
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.writer import update_index, writing
from search.archive import Archive
from search.coverage import Coverage, Gap, Held, Stretch


def story(number: int, day: date | datetime | None, section: str | None = "Ekonomi", **changes: object) -> Article:
    return make_article(id=f"uji-{number}", url=None, title=f"Kabar {number}", date=day, section=section, **changes)


def july(day: int) -> date:
    return date(2023, 7, day)


def by_day(held: Held) -> dict[date, int]:
    return {date.fromordinal(day): n for day, n in zip(held.days.tolist(), held.counts.tolist(), strict=True)}


@pytest.fixture
def coverage(archive_with: ArchiveMaker) -> Coverage:
    archive = archive_with(
        story(1, july(3)),
        story(2, july(3), "EKONOMI"),
        story(3, july(3), "Hukum"),
        story(4, july(10)),
        story(5, july(12), None),
        story(6, None),
        story(7, datetime.now(UTC) + timedelta(days=9), status=Status.EMBARGOED),
    )
    return archive.coverage()


def test_days_and_sections_are_counted_as_readers_may_see_them(coverage: Coverage) -> None:
    assert by_day(coverage.whole) == {july(3): 3, july(10): 1, july(12): 1}
    assert (coverage.whole.articles, coverage.whole.undated, coverage.unsectioned) == (6, 1, 1)
    assert list(coverage.sections) == ["Ekonomi", "Hukum"]
    assert by_day(coverage.sections["Ekonomi"]) == {july(3): 2, july(10): 1}
    assert coverage.sections["Ekonomi"].undated == 1
    assert coverage.section("hukum") == ("Hukum", coverage.sections["Hukum"])
    assert coverage.section("Olahraga") is None


def test_days_between_the_first_and_the_last_article_are_lacking(coverage: Coverage) -> None:
    held = coverage.whole
    assert (held.first, held.last) == (july(3), july(12))
    assert held.stretch(july(1), july(31)) == Stretch(july(1), july(31), articles=5, held=3, lacking=7)
    assert held.stretch(july(5), july(6)) == Stretch(july(5), july(6), articles=0, held=0, lacking=2)
    assert held.stretch(july(13), july(31)).lacking == 0
    assert held.gaps(date.min, date.max) == (Gap(july(4), july(9)), Gap(july(11), july(11)))
    assert held.gaps(july(8), july(10)) == (Gap(july(8), july(9)),)
    assert coverage.sections["Ekonomi"].gaps(date.min, date.max) == (Gap(july(4), july(9)),)


def test_an_empty_archive_lacks_nothing(archive_with: ArchiveMaker) -> None:
    coverage = archive_with().coverage()
    assert (coverage.whole.articles, coverage.whole.first, coverage.whole.last) == (0, None, None)
    assert coverage.whole.stretch(july(1), july(31)) == Stretch(july(1), july(31), 0, 0, 0)
    assert coverage.whole.gaps(date.min, date.max) == ()
    assert dict(coverage.sections) == {}


def test_several_segments_are_counted_together_and_deleted_articles_are_not(archive_folder: ArchiveFolder) -> None:
    fill(archive_folder, [story(n, july(n), "Hukum" if n % 2 else "hukum") for n in range(1, 8)], batch=2)
    archive = Archive(archive_folder.path)
    assert archive.coverage().whole.articles == 7
    with writing(archive_folder), ArticleStore(archive_folder.store) as store:
        with store.transaction():
            store.delete("uji-4")
        update_index(archive_folder, store, archive_folder.read_settings())
    held = archive.coverage().sections["Hukum"]
    assert by_day(held) == {july(n): 1 for n in (1, 2, 3, 5, 6, 7)}
    assert held.gaps(date.min, date.max) == (Gap(july(4), july(4)),)
    archive.close()
