"""What a query would find that asked for less."""

from datetime import date

import pytest

from search.language import parse_query
from search.query import Query
from search.tree import Node
from search.widening import MOST_TRIED, Less, Wider, fewer_limits, fewer_words

TODAY = date(2023, 7, 28)


def read(text: str) -> Node:
    return parse_query(text, TODAY).tree


def tried(query: Query) -> list[tuple[Less, str, str, str]]:
    """Return what is left out of a query, and the texts that are tried, as if all of them found something."""
    found = fewer_words(query, read, lambda _query: (1, False))
    return [(wider.less, wider.part, wider.instead, wider.query.text) for wider in found]


def test_each_limit_is_left_out_by_itself_and_then_all_of_them() -> None:
    query = Query("beras", published_from=date(2021, 1, 1), sections=("Hukum", "Ekonomi"), people=("siti",), page=3)
    found = fewer_limits(query, lambda _query: (1, False))
    assert [(w.less, w.part) for w in found] == [
        (Less.DAYS, ""), (Less.FIELD, "section"), (Less.FIELD, "person"), (Less.LIMITS, ""),
    ]  # fmt: skip
    days, section, person, none = (wider.query for wider in found)
    assert days == Query("beras", sections=("Hukum", "Ekonomi"), people=("siti",))
    assert section == Query("beras", published_from=date(2021, 1, 1), people=("siti",))
    assert person == Query("beras", published_from=date(2021, 1, 1), sections=("Hukum", "Ekonomi"))
    assert none == Query("beras")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("beras", []),
        ("", []),
        ("harga beras", [("word", "harga", "", "beras"), ("word", "beras", "", "harga")]),
        ('"dana desa"', [("precision", '"dana desa"', "dana desa", "dana desa")]),
        ('"dana desa cair"', [("precision", '"dana desa cair"', "dana desa cair", "dana desa cair"),
                              ("precision", '"dana desa cair"', '"dana desa"', '"dana desa"'),
                              ("precision", '"dana desa cair"', '"desa cair"', '"desa cair"')]),
        ("=dana", [("precision", "=dana", "dana", "dana")]),
        ("judul:banjir", [("precision", "judul:banjir", "banjir", "banjir")]),
        ('tokoh:"siti rahma"', [("precision", 'tokoh:"siti rahma"', '"siti rahma"', '"siti rahma"')]),
        ("banjir -jakarta", [("word", "-jakarta", "", "banjir")]),
        ("banjir tanggal:2019", [("word", "banjir", "", "tanggal:2019-01-01..2019-12-31"),
                                 ("days", "tanggal:2019-01-01..2019-12-31", "", "banjir")]),
        ("beras ATAU jagung", []),
    ],
)  # fmt: skip
def test_each_part_is_tried_less_exactly_and_then_left_out(text: str, expected: list[tuple[str, ...]]) -> None:
    assert tried(Query(text)) == expected


def test_what_finds_nothing_is_not_told_nor_a_part_less_that_lacks_other_words() -> None:
    def count(query: Query) -> tuple[int, bool]:
        return (0, False) if query.text == "beras" else (7, query.text == "harga")

    assert fewer_words(Query("harga beras"), read, count) == ()
    assert [w.relaxed for w in fewer_words(Query('"harga beras"'), read, lambda _query: (7, True))] == [True]
    assert fewer_limits(Query("harga", sections=("x",)), count) == (
        Wider(Query("harga"), Less.FIELD, "section", articles=7, relaxed=True),
    )
    assert fewer_limits(Query("beras", sections=("x",)), count) == ()


def test_a_long_query_is_not_taken_apart_and_a_bounded_number_of_queries_is_tried() -> None:
    asked = []

    def count(query: Query) -> tuple[int, bool]:
        asked.append(query)
        return 0, False

    fewer_words(Query(" ".join(f"kata{n}" for n in range(30))), read, count)
    assert asked == []
    fewer_words(Query(" ".join(f'"dana desa{n}"' for n in range(8))), read, count)
    assert len(asked) == MOST_TRIED
