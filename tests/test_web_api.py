"""The forms for programs: JSON, CSV, errors and health."""

import csv
import io
from datetime import date, datetime

import pytest
from conftest import ClientMaker, make_article

from index.article import Article, Correction, CorrectionKind, Status
from index.dates import WIB
from index.settings import ArchiveFolder
from search.query import Query
from web.api import file_name
from web.app import create_app


def three() -> list[Article]:
    return [
        make_article(id=f"uji-{n}", title=f"Harga beras {n}", url=None, date=date(2020 + n, 5, 1)) for n in (1, 2, 3)
    ]


def test_a_search_answers_in_the_promised_shape(client_of: ClientMaker) -> None:
    client = client_of(make_article(people=("Siti Rahma",), topics=("ekonomi",)))
    answer = client.get("/search.json?q=beras&section=Ekonomi&from=2023&to=2023-12-31&utm_source=x")
    record = answer.get_json()
    assert answer.content_type == "application/json"
    assert record["query"] == {
        "q": "beras",
        "understood": "beras",
        "from": "2023-01-01",
        "to": "2023-12-31",
        "section": ["Ekonomi"],
        "source": [],
        "author": [],
        "person": [],
        "topic": [],
        "sort": "relevance",
        "expand": True,
        "recency": True,
        "also": [],
        "repairs": [],
    }
    assert (record["total"], record["relaxed"], record["page"], record["size"]) == (1, False, 1, 10)
    assert (record["did_you_mean"], record["next"]) == (None, None)
    assert record["took_ms"] > 0
    (hit,) = record["hits"]
    assert hit.pop("score") > 0
    assert hit == {
        "id": "uji-1",
        "title": "Harga beras naik di pasar induk",
        "url": "https://uji.example/2023/07/28/harga-beras",
        "link": "http://localhost/articles/uji-1",
        "date": "2023-07-28T10:30:00+07:00",
        "section": "Ekonomi",
        "source": "Harian Uji",
        "authors": ["Ratna Dewi"],
        "people": ["Siti Rahma"],
        "topics": ["Ekonomi, bisnis, dan keuangan"],
        "status": "published",
        "versions": 0,
        "versions_link": None,
        "snippets": ["Harga <mark>beras</mark> di pasar induk naik."],
        "why": [{"kind": "exact", "typed": "beras", "matched": "beras"}],
    }
    assert set(record["facets"]) == {"section", "source", "year", "month", "author", "person", "topic"}
    assert record["facets"]["section"] == [{"value": "Ekonomi", "label": "Ekonomi", "count": 1}]


def test_the_next_link_walks_through_the_whole_result_and_ends(client_of: ClientMaker) -> None:
    client = client_of(*three())
    link: str | None = "/search.json?q=beras&size=1&sort=oldest"
    found = []
    while link:
        record = client.get(link).get_json()
        found += [hit["id"] for hit in record["hits"]]
        link = record["next"]
    assert found == ["uji-1", "uji-2", "uji-3"]


def test_snippets_are_escaped_and_everything_else_is_plain(client_of: ClientMaker) -> None:
    client = client_of(make_article(title="Beras <b>& gula", body="Beras <script>alert(1)</script> & gula."))
    (hit,) = client.get("/search.json?q=gula").get_json()["hits"]
    assert hit["title"] == "Beras <b>& gula"
    assert "&lt;script&gt;" in hit["snippets"][0]
    assert "<script" not in hit["snippets"][0]
    assert "&amp; <mark>gula</mark>." in hit["snippets"][0]


def test_json_is_written_in_its_own_letters(client_of: ClientMaker) -> None:
    client = client_of(make_article(title="Café beras"))
    assert "Café" in client.get("/search.json?q=beras").text


def test_the_table_has_the_hits_of_the_json_in_the_same_order(client_of: ClientMaker) -> None:
    client = client_of(*three())
    answer = client.get("/search.csv?q=beras&size=2&sort=newest")
    header, *rows = csv.reader(io.StringIO(answer.text))
    hits = client.get("/search.json?q=beras&size=2&sort=newest").get_json()["hits"]
    assert header == [
        "id",
        "title",
        "date",
        "section",
        "source",
        "authors",
        "url",
        "link",
        "status",
        "score",
        "snippet",
    ]
    assert [row[0] for row in rows] == [hit["id"] for hit in hits] == ["uji-3", "uji-2"]
    assert rows[0][1:8] == [
        "Harga beras 3",
        "2023-05-01",
        "Ekonomi",
        "Harian Uji",
        "Ratna Dewi",
        "",
        "http://localhost/articles/uji-3",
    ]
    assert rows[0][10] == "Harga beras di pasar induk naik."
    assert answer.headers["X-Total-Count"] == "3"
    assert answer.content_type == "text/csv; charset=utf-8; header=present"
    assert answer.headers["Content-Disposition"] == "attachment; filename=telisik-beras.csv"
    assert not answer.data.startswith(b"\xef\xbb\xbf")


def test_no_cell_of_the_table_is_a_formula(client_of: ClientMaker) -> None:
    client = client_of(make_article(title="=HYPERLINK(beras)", authors=("@dewi",), section="+Ekonomi", source="-Uji"))
    _header, row = csv.reader(io.StringIO(client.get("/search.csv?q=beras").text))
    assert [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert row[1] == "'=HYPERLINK(beras)"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        (Query(), "telisik.csv"),
        (Query(text='"dana désa"~5 -partai'), "telisik-dana-desa-5-partai.csv"),
        (Query(sections=("Hukum",), published_from=date(2019, 1, 1), page=2), "telisik-hukum-2019-01-01-2.csv"),
        (Query(text="日本"), "telisik.csv"),
        (Query(text="x" * 500), f"telisik-{'x' * 60}.csv"),
    ],
)
def test_the_tables_file_name_says_what_was_asked(query: Query, name: str) -> None:
    assert file_name(query, ".csv") == name


def test_an_articles_record_is_its_export_with_its_address(client_of: ClientMaker) -> None:
    record = client_of(make_article()).get("/articles/uji-1.json").get_json()
    assert record["title"] == "Harga beras naik di pasar induk"
    assert record["body"] == "Harga beras di pasar induk naik.\nPedagang mengeluhkan pasokan."
    assert record["status"] == "published"
    assert record["link"] == "http://localhost/articles/uji-1"


def test_an_id_that_ends_in_json_comes_before_the_record_of_another_article(client_of: ClientMaker) -> None:
    client = client_of(make_article(id="tajuk", url=None), make_article(id="tajuk.json", title="Yang kedua", url=None))
    assert "Yang kedua" in client.get("/articles/tajuk.json").text
    assert client.get("/articles/tajuk.json").content_type == "text/html; charset=utf-8"
    assert client.get("/articles/tajuk.json.json").get_json()["title"] == "Yang kedua"


def test_the_record_of_a_withdrawn_article_has_its_reason_and_none_of_its_text(client_of: ClientMaker) -> None:
    reason = Correction(CorrectionKind.WITHDRAWAL, "Narasumber menarik keterangannya.", date(2023, 8, 1))
    withdrawn = make_article(
        status=Status.WITHDRAWN, corrections=(reason,), summary="Pasokan rahasia.", extra={"html": "Pasokan rahasia"}
    )
    answer = client_of(withdrawn).get("/articles/uji-1.json")
    assert answer.get_json()["status"] == "withdrawn"
    assert answer.get_json()["corrections"][0]["text"] == "Narasumber menarik keterangannya."
    assert "asokan" not in answer.text


def test_nothing_of_an_article_under_embargo_is_served(client_of: ClientMaker) -> None:
    embargoed = make_article(status=Status.EMBARGOED, date=datetime(2199, 1, 1, tzinfo=WIB))
    client = client_of(embargoed)
    assert client.get("/articles/uji-1.json").status_code == 404
    assert client.get("/articles/uji-1").status_code == 404
    assert client.get("/search.json?q=beras").get_json()["total"] == 0


@pytest.mark.parametrize(
    ("address", "code", "parameter"),
    [
        ("/search.json?page=abc", "not_a_number", "page"),
        ("/search.csv?from=besok", "not_a_date", "from"),
        ("/search.json?from=2021&to=2019", "before_from", "to"),
        ("/search.json?sort=terbaik", "unknown_order", "sort"),
        ("/search.json?size=0", "out_of_range", "size"),
    ],
)
def test_bad_input_is_an_error_that_names_the_parameter(
    client_of: ClientMaker, address: str, code: str, parameter: str
) -> None:
    answer = client_of().get(address)
    error = answer.get_json()["error"]
    assert (answer.status_code, error["code"], error["parameter"]) == (400, code, parameter)
    assert error["message"]


@pytest.mark.parametrize(
    "typed",
    ['"dana desa', "((", "beras DAN", "ATAU", "-", "tanggal:kapan-kapan", '"""', "~5", "judul:", "*", "\x00\ufffd"],
)
def test_malformed_words_are_no_error(client_of: ClientMaker, typed: str) -> None:
    client = client_of(make_article())
    for address in ("/search.json", "/search.csv", "/search"):
        assert client.get(address, query_string={"q": typed}).status_code == 200


@pytest.mark.parametrize(("method", "address", "status"), [("get", "/nihil.json", 404), ("post", "/search.json", 405)])
def test_errors_at_addresses_of_programs_are_json(
    client_of: ClientMaker, method: str, address: str, status: int
) -> None:
    answer = client_of().open(address, method=method.upper())
    assert answer.status_code == status
    assert set(answer.get_json()["error"]) == {"code", "message", "parameter"}


def test_health_tells_how_far_the_index_is(client_of: ClientMaker) -> None:
    assert client_of(*three()).get("/healthz").get_json() == {
        "status": "ok",
        "articles": 3,
        "sequence": 3,
        "indexed_sequence": 3,
    }


def test_an_archive_with_a_damaged_store_is_unavailable(client_of: ClientMaker, archive_folder: ArchiveFolder) -> None:
    client_of(*three())
    good = archive_folder.store.read_bytes()
    archive_folder.store.write_bytes(good[:4096] + b"\xaa" * (len(good) - 4096))
    client = create_app(archive_folder.path, language="en").test_client()
    for address in ("/search.json?q=beras", "/healthz", "/search?q=beras", "/articles/uji-1.json"):
        assert client.get(address).status_code == 503


def test_an_archive_without_an_index_is_unavailable_and_says_nothing_of_its_folder(
    client_of: ClientMaker, archive_folder: ArchiveFolder
) -> None:
    client_of(*three())
    for path in archive_folder.generations.rglob("*"):
        if path.is_file():
            path.unlink()
    client = create_app(archive_folder.path, language="en").test_client()
    for address in ("/search.json?q=beras", "/healthz", "/search?q=beras", "/"):
        answer = client.get(address)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert str(archive_folder.path) not in answer.text
    assert client.get("/healthz").get_json()["status"] == "error"
