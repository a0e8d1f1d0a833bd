"""What is written about more than usual."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from conftest import ArchiveMaker, make_article

from index.article import Article
from search.archive import Archive
from search.engine import Tally
from search.query import FilterField
from search.trends import log_likelihood_ratio, rising

LAST = date(2023, 7, 31)


def stories() -> Iterator[Article]:
    """Yield two articles a day for 13 months; in the last two weeks each second one names a person, who is rarely named before."""
    for number in range(2 * 395):
        day = LAST - timedelta(days=number // 2)
        is_named = number % 2 == 0 and (number < 28 or number % 120 == 0)
        yield make_article(
            id=f"uji-{number}",
            url=None,
            title="Kabar pagi",
            body="Pasar buka.",
            date=day,
            section="Hukum" if number % 2 and number < 60 else "Ekonomi",
            people=("Ratna Dewi",) if is_named else ("Hadi Sasongko",) if number % 2 else (),
        )


@pytest.fixture
def archive(archive_with: ArchiveMaker) -> Archive:
    return archive_with(*stories())


def test_who_is_named_more_than_usual_is_told_with_what_is_usual(archive: Archive) -> None:
    trends = archive.trends()
    assert trends.recent == (date(2023, 7, 2), LAST)
    assert trends.before == (date(2022, 7, 2), date(2023, 7, 1))
    assert (trends.recent_articles, trends.articles_before) == (60, 730)
    (person,) = trends.by_field[FilterField.PERSON]  # who is named as often as usual is none
    assert (person.value, person.label, person.articles) == ("ratna-dewi", "Ratna Dewi", 14)
    assert person.usual == pytest.approx(6 * 60 / 730)
    assert person.times == pytest.approx(14 * 730 / (6 * 60))
    (section,) = trends.by_field[FilterField.SECTION]
    assert (section.value, section.articles, section.usual, section.times) == ("Hukum", 30, 0, None)


def test_trends_can_be_asked_for_of_other_days(archive: Archive) -> None:
    trends = archive.trends(date(2023, 6, 30))
    assert trends.recent == (date(2023, 6, 1), date(2023, 6, 30))
    assert trends.by_field[FilterField.PERSON] == ()


def test_an_archive_without_a_year_before_has_no_trends(archive_with: ArchiveMaker) -> None:
    articles = [make_article(id=f"uji-{n}", url=None, people=("Ratna Dewi",)) for n in range(20)]
    trends = archive_with(*articles).trends()
    assert (trends.recent_articles, trends.articles_before) == (20, 0)
    assert set(trends.by_field.values()) == {()}


def test_an_archive_that_has_just_begun_has_no_trends(archive_with: ArchiveMaker) -> None:
    several = (make_article(id=f"uji-{n}", url=None, date=LAST, people=("Ratna Dewi",)) for n in range(20))
    trends = archive_with(*several, make_article(id="lama", url=None, date=LAST - timedelta(days=60))).trends()
    assert (trends.recent_articles, trends.articles_before) == (20, 1)
    assert not trends.is_comparable
    assert set(trends.by_field.values()) == {()}


def test_an_archive_without_dated_articles_has_no_trends(archive_with: ArchiveMaker) -> None:
    assert archive_with(make_article(date=None)).trends().recent_articles == 0


@pytest.mark.parametrize(
    ("counts", "is_rising"),
    [
        ((20, 20), True),  # twelve times the share
        ((20, 240), False),  # as usual
        ((20, 2_000), False),  # less than usual
        ((5, 0), True),
        ((5, 25), False),  # chance may double five
        ((400, 4_000), False),  # certain, but not much more
    ],
)
def test_what_chance_explains_and_what_is_hardly_more_is_left_out(counts: tuple[int, int], *, is_rising: bool) -> None:
    tallies = [Tally("hadi", "Hadi", counts)]
    assert bool(rising(FilterField.PERSON, tallies, (1_000, 12_000))) is is_rising


def test_the_ratio_is_that_of_a_two_by_two_table() -> None:
    assert log_likelihood_ratio((10, 100), (100, 1_000)) == pytest.approx(0)
    assert log_likelihood_ratio((10, 10), (100, 1_000)) == pytest.approx(22.9078, abs=1e-4)
