"""A query and its address: each makes the other, and what makes no query says which argument is wrong."""

from datetime import date

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from search.query import Query, QueryError, Sort
from web.arguments import args_from_query
from web.days import day_from
from web.urls import (
    ArticleIdConverter,
    hidden_fields,
    mended_query,
    query_from_args,
)

EVERYTHING_SET = Query(
    text='"dana desa" -partai',
    published_from=date(2019, 5, 3),
    published_to=date(2021, 12, 31),
    sections=("Hukum", "Ekonomi & Bisnis"),
    sources=("Harian Uji",),
    authors=("Ratna Dewi",),
    people=("Siti, Rahma",),
    topics=("agama",),
    sort=Sort.OLDEST,
    expand=False,
    recency=False,
    page=3,
    size=50,
)


@pytest.mark.parametrize(
    "query", [Query(), Query(text="beras"), EVERYTHING_SET], ids=["nothing", "words", "everything"]
)
def test_a_query_survives_its_address(query: Query) -> None:
    assert query_from_args(MultiDict(args_from_query(query))) == query


def test_what_says_nothing_is_left_out_of_an_address() -> None:
    assert args_from_query(Query(text="beras", size=10, page=1)) == {"q": "beras"}


@pytest.mark.parametrize(
    ("first", "last", "arguments"),
    [
        (date(2019, 1, 1), date(2019, 12, 31), {"from": "2019", "to": "2019"}),
        (date(2019, 5, 1), date(2020, 2, 29), {"from": "2019-05", "to": "2020-02"}),
        (date(2019, 12, 31), date(2020, 1, 1), {"from": "2019-12-31", "to": "2020-01-01"}),
    ],
)
def test_whole_years_and_months_are_short_in_an_address(first: date, last: date, arguments: dict[str, str]) -> None:
    query = Query(published_from=first, published_to=last)
    assert args_from_query(query) == arguments
    assert query_from_args(MultiDict(arguments)) == query


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("2019-02", date(2019, 2, 1), date(2019, 2, 28)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        (" 2023-07-28 ", date(2023, 7, 28), date(2023, 7, 28)),
        ("9999", date(9999, 1, 1), date(9999, 12, 31)),
    ],
)
def test_a_year_or_month_means_its_first_or_last_day(text: str, first: date, last: date) -> None:
    assert day_from(text, last=False, parameter="from") == first
    assert day_from(text, last=True, parameter="to") == last


@pytest.mark.parametrize(
    "text", ["besok", "28-07-2023", "2023-02-30", "2023-13", "2023-00", "2023-05-00", "0000", "٢٠١٩", "20230728"]
)
def test_what_is_no_day_is_refused_by_the_name_of_its_argument(text: str) -> None:
    with pytest.raises(QueryError) as refused:
        day_from(text, last=True, parameter="to")
    assert (refused.value.parameter, refused.value.code) == ("to", "not_a_date")
    assert refused.value.message == f"'{text}' is no date; write 2023-07-28, 2023-07 or 2023"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("page", "abc", "not_a_number"),
        ("page", "1.5", "not_a_number"),
        ("page", "²", "not_a_number"),
        ("page", "9" * 5000, "not_a_number"),
        ("page", "9" * 18, "out_of_range"),
        ("page", "0", "out_of_range"),
        ("size", "0", "out_of_range"),
        ("size", "101", "out_of_range"),
        ("size", "-1", "out_of_range"),
        ("sort", "terbaik", "unknown_order"),
        ("expand", "ya", "not_a_switch"),
        ("expand", "00", "not_a_switch"),
        ("recency", "off", "not_a_switch"),
        ("from", "besok", "not_a_date"),
        ("q", "a" * 2001, "too_long"),
    ],
)
def test_a_wrong_value_names_its_argument(name: str, value: str, code: str) -> None:
    with pytest.raises(QueryError) as refused:
        query_from_args(MultiDict({name: value}))
    assert (refused.value.parameter, refused.value.code) == (name, code)


def test_a_field_takes_fifty_values() -> None:
    fifty = [("section", f"{number}") for number in range(50)]
    assert len(query_from_args(MultiDict(fifty)).sections) == 50
    with pytest.raises(QueryError, match="at most 50") as refused:
        query_from_args(MultiDict([*fifty, ("section", "x")]))
    assert (refused.value.parameter, refused.value.code) == ("section", "too_many")
    assert mended_query(MultiDict([*fifty, ("section", "x"), ("q", "beras")])) == Query(text="beras")


def test_empty_and_unknown_arguments_mean_nothing() -> None:
    arguments = [("q", " "), ("from", ""), ("section", ""), ("section", " "), ("page", ""), ("utm_source", "surat")]
    assert query_from_args(MultiDict(arguments)) == Query()


def test_a_repeated_argument_gives_several_values_each_once() -> None:
    arguments = [("section", "Hukum"), ("section", " Ekonomi "), ("section", "Hukum"), ("q", "beras"), ("q", "jagung")]
    assert query_from_args(MultiDict(arguments)) == Query(text="beras", sections=("Hukum", "Ekonomi"))


def test_a_wrong_address_keeps_what_is_right_in_it() -> None:
    arguments = [("q", "beras"), ("from", "2021"), ("to", "2019"), ("page", "abc"), ("sort", "x"), ("section", "Hukum")]
    kept = mended_query(MultiDict(arguments))
    assert kept == Query(text="beras", published_from=date(2021, 1, 1), sections=("Hukum",))


def test_a_form_carries_on_what_is_not_typed_into_it_but_never_the_page() -> None:
    query = Query(text="beras", sections=("Hukum", "Ekonomi"), published_from=date(2019, 1, 1), expand=False, page=4)
    carried = [("from", "2019"), ("section", "Hukum"), ("section", "Ekonomi"), ("expand", "0")]
    assert hidden_fields(query, "q") == carried


@pytest.mark.parametrize(("value", "expand"), [("", True), ("1", True), ("0", False)])
def test_expanding_is_on_unless_an_address_says_no(value: str, expand: bool) -> None:
    query = query_from_args(MultiDict({"q": "beras", "expand": value}))
    assert query.expand is expand
    assert args_from_query(query) == {"q": "beras"} | ({} if expand else {"expand": "0"})


@pytest.mark.parametrize(
    ("article_id", "path"),
    [
        ("uji-1", "/articles/uji-1"),
        ("https://uji.example/a/?b=1#c", "/articles/https://uji.example/a/%3Fb=1%23c"),
        ("a//b/", "/articles/a//b/"),
        ("/awal", "/articles//awal"),
        ("seratus%20persen %", "/articles/seratus%2520persen%20%25"),
        ("a/../b", "/articles/a%2F..%2Fb"),
        ("tajuk.json", "/articles/tajuk.json"),
        ("berita é", "/articles/berita%20%C3%A9"),
        ("a\\b", "/articles/a%5Cb"),
    ],
)
def test_every_id_has_an_address_that_leads_back_to_it(article_id: str, path: str) -> None:
    app = Flask(__name__)
    app.url_map.converters["article_id"] = ArticleIdConverter
    app.add_url_rule("/articles/<article_id:article_id>", "article", lambda article_id: f"[{article_id}]")
    with app.test_request_context():
        assert app.url_for("article", article_id=article_id) == path
    assert app.test_client().get(path).text == f"[{article_id}]"
