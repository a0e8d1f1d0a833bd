"""Articles counted over time by periods that fit their span."""

from datetime import date

import numpy as np
import pytest

from search.coverage import Held
from search.histogram import Step, beside, histogram


def held_on(*days: date, undated: int = 0) -> Held:
    numbers, counts = np.unique(np.asarray([day.toordinal() for day in days], dtype=np.int64), return_counts=True)
    return Held(numbers, counts, undated)


def test_without_a_dated_article_there_is_nothing_to_draw() -> None:
    assert histogram(held_on(undated=3)) is None


@pytest.mark.parametrize(
    ("first", "last", "step", "bars"),
    [
        (date(2023, 7, 1), date(2023, 8, 31), Step.DAY, 62),
        (date(2023, 7, 1), date(2023, 9, 1), Step.MONTH, 3),
        (date(2021, 1, 31), date(2023, 12, 1), Step.MONTH, 36),
        (date(2021, 1, 31), date(2024, 1, 1), Step.YEAR, 4),
        (date(1924, 6, 1), date(2023, 6, 1), Step.YEAR, 100),
        (date(1923, 6, 1), date(2023, 6, 1), Step.DECADE, 11),
        (date(1, 6, 1), date(2023, 6, 1), Step.CENTURY, 21),
        (date(1, 1, 1), date(9999, 12, 31), Step.CENTURY, 100),
    ],
)
def test_bars_are_as_short_as_the_span_of_the_articles_allows(first: date, last: date, step: Step, bars: int) -> None:
    found = histogram(held_on(first, last, last))
    assert found is not None
    assert (found.step, len(found.bars)) == (step, bars)
    assert sum(bar.articles for bar in found.bars) == 3
    assert found.highest == 2


def test_bars_follow_each_other_without_a_gap() -> None:
    for last in (date(2023, 2, 1), date(2024, 6, 5), date(2060, 1, 1), date(2500, 1, 1), date(9999, 12, 31)):
        found = histogram(held_on(date(2023, 1, 15), last))
        assert found is not None
        for bar, following in zip(found.bars, found.bars[1:], strict=False):
            assert following.first.toordinal() == bar.last.toordinal() + 1


def test_one_period_is_no_histogram() -> None:
    assert histogram(held_on(date(2023, 7, 28), date(2023, 7, 28))) is None


def test_a_month_that_is_asked_for_is_shown_whole_and_no_bar_passes_the_limits() -> None:
    only = held_on(date(2023, 7, 28))
    month = histogram(only, date(2023, 7, 1), date(2023, 7, 31))
    assert month is not None
    assert [bar.articles for bar in month.bars] == [0] * 27 + [1] + [0] * 3
    half_years = histogram(only, date(2022, 6, 15), date(2023, 8, 15))
    assert half_years is not None
    assert (half_years.bars[0].first, half_years.bars[0].last) == (date(2022, 6, 15), date(2022, 6, 30))
    assert half_years.bars[-1].last == date(2023, 8, 15)


def test_of_a_long_period_only_the_part_with_articles_is_shown() -> None:
    found = histogram(held_on(date(1998, 5, 21), date(2004, 12, 26)), date(1900, 1, 1), date(2026, 11, 25))
    assert found is not None
    assert (found.bars[0].first, found.bars[-1].last) == (date(1998, 1, 1), date(2004, 12, 31))


def test_beside_a_month_are_the_nearest_months_with_articles() -> None:
    held = held_on(date(1998, 5, 21), date(2004, 12, 26), date(2005, 2, 28))
    december = date(2004, 12, 1), date(2004, 12, 31)
    assert beside(held, *december) == ((date(1998, 5, 1), date(1998, 5, 31)), (date(2005, 2, 1), date(2005, 2, 28)))
    assert beside(held, date(1998, 1, 1), date(1998, 12, 31)) == (None, (date(2004, 1, 1), date(2004, 12, 31)))
    assert beside(held, date(2005, 2, 28), date(2005, 2, 28)) == ((date(2004, 12, 26), date(2004, 12, 26)), None)
    assert beside(held, date(2004, 12, 1), date(2004, 12, 30)) == (None, None)
    assert beside(held_on(), *december) == (None, None)
