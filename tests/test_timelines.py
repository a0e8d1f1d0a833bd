"""Articles by month: counted over a whole archive, added up, and worked out as a figure with its table."""

from datetime import date

import pytest
from conftest import ArchiveMaker, make_article

from index.messages import use_language
from search.archive import Archive
from search.query import Query
from search.timelines import Series, counts_per, periods_between, series_of
from web.timeline import MARKED, Timeline, timeline

DAYS = (date(2019, 11, 3), date(2019, 11, 30), date(2020, 2, 1), None)


@pytest.fixture
def archive(archive_with: ArchiveMaker) -> Archive:
    return archive_with(
        *(make_article(id=f"beras-{n}", url=None, date=day) for n, day in enumerate(DAYS)),
        make_article(
            id="jagung",
            url=None,
            title="Panen jagung",
            body="Petani memanen jagung.",
            date=date(2020, 2, 9),
            people=("Ratna Dewi",),
        ),
    )


def test_articles_are_counted_by_month_and_those_without_a_date_apart(archive: Archive) -> None:
    assert series_of(archive, Query("beras"), "Beras") == Series("Beras", {"2019-11": 2, "2020-02": 1}, undated=1)
    assert series_of(archive, Query()).total == 5


def test_limits_hold_and_the_window_does_not_matter(archive: Archive) -> None:
    limited = Query("beras", published_from=date(2019, 11, 15), page=7, size=3)
    assert series_of(archive, limited) == Series("", {"2019-11": 1, "2020-02": 1})
    assert series_of(archive, Query(people=("Ratna Dewi",))).counts == {"2020-02": 1}


def test_a_query_is_not_relaxed(archive: Archive) -> None:
    assert archive.search(Query("beras jagung")).relaxed
    assert series_of(archive, Query("beras jagung")) == Series("")


def test_months_add_up_to_years() -> None:
    assert counts_per({"2019-11": 2, "2019-12": 1, "2020-02": 4}, "year") == {"2019": 3, "2020": 4}


@pytest.mark.parametrize(
    ("first", "last", "per", "periods"),
    [
        ("2019-11", "2020-02", "month", ["2019-11", "2019-12", "2020-01", "2020-02"]),
        ("2019-11", "2020-02", "year", ["2019", "2020"]),
        ("0987-12", "0988-01", "month", ["0987-12", "0988-01"]),
        ("2019-11", "2019-11", "year", ["2019"]),
    ],
)
def test_periods_have_no_gaps(first: str, last: str, per: str, periods: list[str]) -> None:
    assert list(periods_between(first, last, per)) == periods  # type: ignore[arg-type]


def bars(counts: dict[str, int], **options: object) -> Timeline:
    return timeline([Series("Beras", counts)], **({"per": "year"} | options))  # type: ignore[arg-type]


def test_gaps_are_zero_in_figure_and_table_alike() -> None:
    figure = bars({"2019-11": 2, "2022-01": 4})
    assert [row.label for row in figure.rows] == ["2019", "2020", "2021", "2022"]
    assert [row.cells[0].count for row in figure.rows] == [2, 0, 0, 4]
    heights = [figure.base - float(place.split(",")[1]) for place in figure.lines[0].path.split()]
    assert heights == [pytest.approx(heights[3] / 2), 0, 0, figure.base - figure.top]
    assert [point.text for point in figure.lines[0].points] == ["2019: 2 articles", "2022: 4 articles"]


def test_a_figure_reaches_as_far_as_it_is_told() -> None:
    figure = bars({"2019-11": 2}, per="month", first="2019-10", last="2020-01")
    assert [row.label for row in figure.rows] == ["October 2019", "November 2019", "December 2019", "January 2020"]


def test_a_series_without_articles_is_zero_from_the_first_month_to_the_last() -> None:
    figure = bars({}, first="2019-05", last="2021-01")
    assert [(row.label, row.cells[0].count) for row in figure.rows] == [("2019", 0), ("2020", 0), ("2021", 0)]
    assert figure.lines[0].points == ()


def test_only_what_has_articles_is_linked() -> None:
    asked: list[tuple[int, str]] = []

    def link(number: int, period: str) -> str:
        asked.append((number, period))
        return f"/{number}/{period}"

    figure = timeline([Series("A", {"2019-01": 1, "2021-01": 1}), Series("B", {"2020-05": 2})], per="year", link=link)
    assert [[point.link for point in line.points] for line in figure.lines] == [
        ["/0/2019", "/0/2021"],
        ["/1/2020"],
    ]
    assert [[cell.link for cell in row.cells] for row in figure.rows] == [
        ["/0/2019", None],
        [None, "/1/2020"],
        ["/0/2021", None],
    ]
    assert set(asked) == {(0, "2019"), (0, "2021"), (1, "2020")}


def test_a_year_with_articles_leads_to_its_months() -> None:
    figure = bars({"2019-01": 1, "2021-01": 1}, months_link=lambda year: f"?year={year}")
    assert [row.months for row in figure.rows] == ["?year=2019", None, "?year=2021"]


def test_shares_are_of_a_thousand_articles_of_the_same_period() -> None:
    published = {"2019-01": 400, "2019-02": 100, "2021-01": 10}
    figure = bars({"2019-01": 5, "2021-01": 10}, published=published, measure="share")
    assert [row.cells[0].share for row in figure.rows] == ["10.0", "–", "1,000.0"]
    assert [row.published for row in figure.rows] == [500, 0, 10]
    assert [tick.label for tick in figure.y_ticks] == ["0", "500", "1,000"]
    assert figure.lines[0].points[0].text == "2019: 5 articles, 10.0 per thousand"
    heights = [figure.base - point.y for point in figure.lines[0].points]
    assert heights[1] == figure.base - figure.top
    assert heights[0] == pytest.approx(heights[1] / 100, abs=0.1)


@pytest.mark.parametrize(
    ("highest", "labels"),
    [
        (1, ["0", "1"]),
        (3, ["0", "1", "2", "3"]),
        (7, ["0", "2", "4", "6", "8"]),
        (80, ["0", "20", "40", "60", "80"]),
        (1_234, ["0", "500", "1,000", "1,500"]),
        (900_000, ["0", "500K", "1M"]),
    ],
)
def test_the_axis_has_few_round_numbers(highest: int, labels: list[str]) -> None:
    assert [tick.label for tick in bars({"2019-01": highest}).y_ticks] == labels


@pytest.mark.parametrize(
    ("first", "last", "per", "labels", "on_a_phone"),
    [
        ("2019-01", "2022-12", "year", ["2019", "2020", "2021", "2022"], ["2019", "2020", "2021", "2022"]),
        ("2001-01", "2010-12", "year", [str(y) for y in range(2001, 2011)], ["2002", "2004", "2006", "2008", "2010"]),
        ("1900-01", "2023-12", "year", ["1900", "1925", "1950", "1975", "2000"], None),
        ("2019-01", "2019-12", "month", ["Jan 2019", "Apr 2019", "Jul 2019", "Oct 2019"], None),
        ("2019-03", "2019-03", "month", ["Mar 2019"], ["Mar 2019"]),
        ("2017-05", "2023-07", "month", ["2018", "2019", "2020", "2021", "2022", "2023"], ["2018", "2020", "2022"]),
    ],
)
def test_times_at_the_axis_are_few_and_fewer_on_a_phone(
    first: str, last: str, per: str, labels: list[str], on_a_phone: list[str] | None
) -> None:
    ticks = bars({first: 1, last: 1}, per=per).x_ticks
    assert [tick.label for tick in ticks] == labels
    if on_a_phone is not None:
        assert [tick.label for tick in ticks if tick.narrow] == on_a_phone
    assert len([tick for tick in ticks if tick.narrow]) <= 6


def test_of_many_points_some_are_marked_and_every_peak() -> None:
    months = list(periods_between("2000-01", "2019-12", "month"))
    counts = dict.fromkeys(months, 5) | {"2003-04": 9, "2005-01": 0}
    line = timeline([Series("A", counts), Series("B", {"2000-01": 1})], per="month").lines[0]
    marked = {point.text for point in line.points}
    assert "April 2003: 9 articles" in marked
    assert not any(text.startswith("January 2005") for text in marked)
    assert MARKED / 2 < len(marked) < 2 * MARKED
    assert len(line.path.split()) == len(months)


def test_what_the_figure_shows_is_also_said() -> None:
    use_language("id")
    figure = timeline([Series("Beras", {"2019-11": 2, "2020-02": 1}, undated=1)], per="month")
    assert figure.title == "Berita per bulan: Beras, November 2019–Februari 2020"
    assert figure.description == "Beras: 3 berita, terbanyak pada November 2019: 2."
    assert figure.notes == ("1 berita tanpa tanggal tidak ada dalam grafik.",)
    assert figure.lines[0].points[0].text == "November 2019: 2 berita"


def test_without_a_dated_article_there_is_nothing_to_draw() -> None:
    figure = timeline([Series("Beras", {}, undated=2)], per="year")
    assert (figure.lines, figure.rows, figure.x_ticks) == ((), (), ())
    assert figure.notes == ("2 articles without a date are not in the figure.", "There is no article with a date.")
