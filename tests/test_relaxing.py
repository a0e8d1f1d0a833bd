"""What a query asks for where no article has all its words."""

from datetime import date

import pytest

from search.language import parse_query
from search.relaxing import needed, relaxed_tree
from search.tree import And, AtLeast, Node, Not

TODAY = date(2023, 7, 28)


def relaxed(text: str) -> Node | None:
    return relaxed_tree(parse_query(text, TODAY).tree)


@pytest.mark.parametrize(
    ("words", "required"),
    [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2), (9, 4), (30, 15)],
)
def test_a_share_of_the_words_is_required(words: int, required: int) -> None:
    assert needed(words) == required


def test_a_longer_query_never_requires_fewer_words() -> None:
    required = [needed(words) for words in range(1, 65)]
    assert required == sorted(required)


def test_words_that_tell_nothing_are_the_first_to_go() -> None:
    assert relaxed("siapakah yang menanam padi di sawah") == relaxed("menanam padi sawah")


def test_words_that_tell_nothing_stay_where_there_are_no_others() -> None:
    tree = relaxed("apa itu")
    assert isinstance(tree, AtLeast)
    assert len(tree.children) == 2


def test_what_limits_stays_required() -> None:
    tree = relaxed("panen padi raya -banjir tanggal:2023 sumber:antara")
    assert isinstance(tree, And)
    most, *limits = tree.children
    assert isinstance(most, AtLeast)
    assert len(most.children) == 3
    assert len(limits) == 3
    assert any(isinstance(limit, Not) for limit in limits)


@pytest.mark.parametrize("text", ["", "padi", '"panen raya"', "padi ATAU sawah", "padi -banjir"])
def test_one_word_or_alternatives_cannot_be_relaxed(text: str) -> None:
    assert relaxed(text) is None
