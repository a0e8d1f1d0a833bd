"""What an archive offers beside a result: its days, searches that ask for less, names near to what was typed."""

from datetime import date, datetime

from conftest import ArchiveMaker, make_article

from index.article import Article
from index.dates import WIB
from search.archive import Archive
from search.query import Query
from search.widening import Less


def several() -> list[Article]:
    changes: list[dict[str, object]] = [
        {"date": datetime(2021, 3, 1, 23, 30, tzinfo=WIB), "section": "Ekonomi", "people": ("Siti Rahma Wijaya",)},
        {"date": date(2021, 3, 1), "section": "Hukum", "people": ("Siti Rahma Wijaya",)},
        {"date": date(2022, 5, 1), "section": "Hukum", "people": ("Siti Rahma Wijaya",), "topics": ("agama",)},
        {"date": None, "section": "Hukum", "body": "Jagung impor."},
    ]
    return [make_article(id=f"uji-{n}", url=None, title=f"Beras {n}", **c) for n, c in enumerate(changes, start=1)]


def test_the_articles_of_a_search_are_counted_by_day(archive_with: ArchiveMaker) -> None:
    archive = archive_with(*several())
    held = archive.held(Query("beras"))
    assert (held.articles, held.undated) == (4, 1)
    assert (held.first, held.last) == (date(2021, 3, 1), date(2022, 5, 1))
    assert held.stretch(date(2021, 3, 1), date(2021, 3, 1)).articles == 2
    assert archive.held(Query("beras", sections=("Ekonomi",))).articles == 1
    assert archive.held(Query("beras mentega")).articles == 4  # relaxed, as the search is
    assert archive.held(Query("mentega")).articles == 0


def test_a_search_without_result_is_told_what_less_would_find(archive_with: ArchiveMaker) -> None:
    archive = archive_with(*several())
    query = Query("jagung", sections=("Ekonomi",), published_to=date(2021, 3, 1))
    assert not archive.search(query).total
    found = {(wider.less, wider.part): wider for wider in archive.fewer_limits(query)}
    assert found.keys() == {(Less.LIMITS, "")}
    assert found[Less.LIMITS, ""].articles == archive.search(found[Less.LIMITS, ""].query).total == 1


def test_each_count_is_that_of_the_search_it_leads_to(archive_with: ArchiveMaker) -> None:
    archive = archive_with(*several())
    for query in (
        Query("jagung impor", sections=("Ekonomi",)),
        Query('"pasar beras"', sections=("Hukum",)),
        Query("beras judul:pedagang", published_from=date(2022, 1, 1)),
        Query("beras -naik tanggal:2021"),
    ):
        wider = (*archive.fewer_limits(query), *archive.fewer_words(query))
        assert wider
        assert [w.articles for w in wider] == [archive.search(w.query).total for w in wider]


def labels(archive: Archive, text: str) -> list[str]:
    return [entry.label for entry in archive.nearest(text)]


def test_names_near_to_what_was_typed_are_found_with_slips_and_other_words(archive_with: ArchiveMaker) -> None:
    archive = archive_with(*several())
    assert labels(archive, "siti rahma") == ["Siti Rahma Wijaya"]
    assert (
        labels(archive, "sitti wijaia mentega") == []
    )  # no article has a word like these: names are words of articles
    named = [
        make_article(id=f"s-{n}", url=None, title="Sidang Wijaya", body="Siti Rahma Wijaya hadir.") for n in range(3)
    ]
    archive = archive_with(*several(), *named)
    assert labels(archive, "tokoh:wijaja mentega") == ["Siti Rahma Wijaya"]
    assert labels(archive, "mentega") == []
    assert labels(archive, "-wijaya") == []


def test_days_counted_from_today_are_a_limit_that_holds_but_in_questions_and_pasted_headlines(
    archive_with: ArchiveMaker,
) -> None:
    old = {"url": None, "date": date(2020, 1, 1)}
    archive = archive_with(
        make_article(id="uji-1", title="Banjir surut", body="Air surut pekan lalu.", **old),
        make_article(id="uji-2", title="Banjir pekan ini parah", body="Warga mengungsi.", **old),
        make_article(id="uji-3", title="Harga naik", body="Sejak pekan lalu.", **old),
    )
    page = archive.search(Query("banjir pekan lalu"))
    assert (page.total, page.relaxed, len(page.repairs)) == (0, False, 1)
    (wider,) = archive.fewer_words(page.query)
    assert (wider.less, wider.query.text, wider.articles) == (Less.DAYS, "banjir", 2)
    assert archive.search(Query('banjir "pekan lalu"')).total == 1
    assert archive.search(Query("kapan air banjir yang besar surut pekan lalu")).hits[0].article_id == "uji-1"
    assert [hit.article_id for hit in archive.search(Query("banjir pekan ini parah")).hits][:1] == ["uji-2"]
