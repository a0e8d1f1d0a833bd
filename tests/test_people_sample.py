"""The persons of 200 real articles, read by eye, are found and linked to their full names."""

from pathlib import Path

from tests.bench.people_sample import drawn, figures, outcomes, read_sample

LEAST_RECALL = 0.87  # measured 0.893
LEAST_PRECISION = 0.82  # measured 0.843
LEAST_LINKED = 0.89  # measured 0.911


def test_the_sample_is_the_one_that_was_drawn(data: Path) -> None:
    assert [noted.article_id for noted in read_sample()] == [article["id"] for article in drawn(data)]


def test_persons_of_real_articles_are_found(data: Path) -> None:
    found = figures(list(outcomes(data)))
    print(found)
    assert found.recall >= LEAST_RECALL, found
    assert found.precision >= LEAST_PRECISION, found
    assert found.linked >= LEAST_LINKED * (found.linked + found.unlinked), found
