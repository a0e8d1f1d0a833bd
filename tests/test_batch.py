"""Lists of names: read from what people have, looked up, and given back as CSV, JSON and a page, in the order they came in."""

import csv
import json
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from conftest import ArchiveMaker, fill, make_article
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as Page

from index.article import Article
from index.errors import FileRefused
from index.settings import ArchiveFolder
from search.archive import Archive
from search.batch import MAX_NAME, FoundBy, NameFound, csv_lines, look_up, names_in, read_names
from search.query import Query
from web.app import create_app
from web.arguments import search_path
from web.batch import MOST_BYTES, MOST_NAMES
from web.commands_batch import batch_command
from web.urls import search_link


def story(number: int, body: str, day: date | datetime | None, **changes: object) -> Article:
    return make_article(id=f"uji-{number}", url=None, title="Kabar hari ini", body=body, date=day, **changes)


# In lower case no word is taken for the name of a person.
ARTICLES = (
    story(1, "lurah hadi sasongko membuka pasar.", date(2019, 5, 3)),
    story(2, "menurut hadi sasongko, pasar ramai.", datetime(2021, 2, 1, 20, tzinfo=UTC)),
    story(3, "hadi sasongko pulang. ia berterima kasih.", None),
    story(4, "sasongko, hadi, dan wulan menonton.", date(2022, 1, 1)),
    story(5, "wulan prameswari menari.", None),
)


@pytest.fixture
def archive(archive_with: ArchiveMaker) -> Archive:
    return archive_with(*ARTICLES)


def found_of(archive: Archive, name: str) -> NameFound:
    (found,) = look_up(archive, [name])
    return found


@pytest.mark.parametrize("name", ["Hadi Sasongko", "HADI SASONGKO", "hadi sasongko"])
def test_a_name_without_a_person_is_found_as_words_next_to_each_other_in_any_case(archive: Archive, name: str) -> None:
    found = found_of(archive, name)
    assert (found.found_by, found.person, found.label.casefold()) == (FoundBy.WORDS, None, "hadi sasongko")
    assert (found.articles, found.first, found.last) == (3, date(2019, 5, 3), date(2021, 2, 2))  # the archive's days
    assert archive.search(found.query).total == 3


@pytest.fixture
def named(archive_folder: ArchiveFolder, archive_with: ArchiveMaker) -> Archive:
    """Return an archive that knows a person with a record, one without, and two of one surname."""
    archive_folder.path.mkdir(parents=True)
    rows = ["slug,name,aliases", "ratna-dewi,Ratna Dewi,Bu Ratna", "dewi-ayu,Dewi Ayu,Dewi", "dewi-sri,Dewi Sri,Dewi"]
    archive_folder.people.write_text("\n".join([*rows, "tak-disebut,Tak Disebut,"]), encoding="utf-8")
    return archive_with(
        story(1, "Ia datang.", date(2019, 5, 3), people=("Bu Ratna",)),
        story(2, "Ia pulang.", date(2021, 1, 1), people=("Ratna Dewi", "Hadi Sasongko")),
        story(3, "dewi menari, tak disebut menonton.", date(2022, 1, 1)),
    )


@pytest.mark.parametrize(
    ("name", "person", "label", "articles", "first"),
    [
        ("RATNA DEWI", "ratna-dewi", "Ratna Dewi", 2, date(2019, 5, 3)),
        ("Bu Ratna", "ratna-dewi", "Ratna Dewi", 2, date(2019, 5, 3)),
        ("Prof. Ratna Dewi, Ph.D.", "ratna-dewi", "Ratna Dewi", 2, date(2019, 5, 3)),
        ("hadi sasongko", "hadi-sasongko", "Hadi Sasongko", 1, date(2021, 1, 1)),
        ("Dewi", None, "Dewi", 1, date(2022, 1, 1)),  # two persons: the words
        ("Tak Disebut", None, "Tak Disebut", 1, date(2022, 1, 1)),  # a record that no article has
    ],
)
def test_a_name_of_a_person_is_found_as_that_person(
    named: Archive, name: str, person: str | None, label: str, articles: int, first: date
) -> None:
    found = found_of(named, name)
    assert (found.person, found.label, found.articles, found.first) == (person, label, articles, first)
    assert found.found_by is (FoundBy.PERSON if person else FoundBy.WORDS)
    assert named.search(found.query).total == articles


def test_titles_and_degrees_are_no_part_of_the_words(archive: Archive) -> None:
    assert found_of(archive, "Dr. Hadi Sasongko, S.H.").articles == 3


def test_quotation_marks_are_no_part_of_the_words(archive: Archive) -> None:
    assert found_of(archive, '"Hadi" Sasongko').articles == 3


def test_a_name_with_undated_articles_alone_has_no_days(archive: Archive) -> None:
    found = found_of(archive, "Wulan Prameswari")
    assert (found.articles, found.first, found.last) == (1, None, None)


@pytest.mark.parametrize(
    "name", ["Tak Ada", "Wulan Sasongko", "***", '"', "Wul* Prameswari", "-Hadi OR", "tanggal:2019"]
)
def test_what_is_not_found_is_told_as_well_and_no_name_is_a_query(archive: Archive, name: str) -> None:
    found = found_of(archive, name)
    assert (found.name, found.articles, found.first, found.last) == (name, 0, None, None)


def written(folder: Path, content: str | bytes, name: str = "nama.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("nama\nHadi\nWulan\n", ("Hadi", "Wulan")),
        ("no;Nama;kota\r\n1;Hadi;Solo\r\n2;Wulan;Tegal\r\n", ("Hadi", "Wulan")),
        ("id\tname\n1\tHadi\n2\tWulan\n", ("Hadi", "Wulan")),
        ('NAMA,catatan\n"Hadi, S.H.",x\nWulan,\n', ("Hadi, S.H.", "Wulan")),
        ("Hadi,Solo\nWulan,Tegal\n", ("Hadi", "Wulan")),
        ("Hadi\nWulan", ("Hadi", "Wulan")),
        ("﻿nama\nHadi\nWulan\n", ("Hadi", "Wulan")),
        ("sep=;\nnama;kota\nHadi;Solo\nWulan;Tegal\n", ("Hadi", "Wulan")),
        ("nama;kota\nAndré;x\n".encode("cp1252"), ("André",)),
        ("nama\tkota\nHadi\tSolo\n".encode("utf-16"), ("Hadi",)),
        ("nama\n'=Hadi\n", ("=Hadi",)),
        ("nama;kota\nHadi\n;Solo\n\n", ("Hadi",)),
        (
            'nama\nH. Hadi Wulan, S.E.\nDewi, S.H., M.Si\n"Tegal, Ayu"\n',
            ("H. Hadi Wulan, S.E.", "Dewi, S.H., M.Si", "Tegal, Ayu"),
        ),
        ("Hadi, S.H.\nWulan\n", ("Hadi, S.H.", "Wulan")),
        ("Tegal, Ayu\nSolo, Hadi\n", ("Tegal, Ayu", "Solo, Hadi")),
        ("nama\n", ()),
        ("", ()),
    ],
)
def test_names_are_read_from_what_people_have(tmp_path: Path, content: str | bytes, names: tuple[str, ...]) -> None:
    assert read_names(written(tmp_path, content)).names == names


def test_a_row_that_is_wider_than_its_table_is_told(tmp_path: Path) -> None:
    read = read_names(written(tmp_path, "nama,kota\nHadi, S.H.,Solo\nWulan,Tegal\n"))
    assert read.names == ("Wulan",)
    assert read.problems == ("line 2: not a row of the table; a name with a comma needs quotation marks",)


@pytest.mark.parametrize(
    ("name", "person", "label"),
    [
        ("Rahma, Siti", "siti-rahma", "Siti Rahma"),
        ("Rahma, Hj. Siti", "siti-rahma", "Siti Rahma"),
        ("Siti Rahma, S.E.", "siti-rahma", "Siti Rahma"),
        ("Tiada, Begitu", None, "Begitu Tiada"),
        ("Begitu Tiada, S.E., M.Si", None, "Begitu Tiada"),
        ("Begitu Tiada, SH", None, "Begitu Tiada"),
    ],
)
def test_a_name_is_found_as_catalogues_write_it(
    archive_with: ArchiveMaker, name: str, person: str | None, label: str
) -> None:
    archive = archive_with(
        story(1, "Kabar.", None, people=("Siti Rahma",)), story(2, "Kabar.", None, people=("Rahma",))
    )
    found = found_of(archive, name)
    assert (found.person, found.label) == (person, label)


def test_lines_of_plain_text_are_names_with_all_their_commas(tmp_path: Path) -> None:
    names = read_names(written(tmp_path, 'Hadi, S.H.\n\n  "Wulan"  Ayu \n', "nama.txt")).names
    assert names == ("Hadi, S.H.", '"Wulan" Ayu')
    assert names_in(["Hadi\tSolo", "Wulan"]).names == ("Hadi", "Wulan")


def test_repeated_names_are_told_and_long_ones_named_by_their_line(tmp_path: Path) -> None:
    read = read_names(written(tmp_path, f"nama\nHadi\n\nHadi\n{'a' * (MAX_NAME + 1)}\n Hadi \nWulan\n"))
    assert read.names == ("Hadi", "Wulan")
    assert read.repeated == 2
    assert read.problems == ("line 5: longer than 200 characters",)


def test_a_quotation_mark_that_swallows_the_rest_is_refused_by_its_line(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        read_names(written(tmp_path, 'nama;kota\nHadi;Solo\n"Wulan;Tegal\nDewi;Solo\n'))
    assert refused.value.line == 3


def test_csv_has_a_row_for_each_name_and_no_formula() -> None:
    found = [
        NameFound("=Hadi", Query("x"), None, "=Hadi", 2, date(2019, 5, 3), date(2020, 1, 1)),
        NameFound("Wulan", Query("y"), "wulan-ayu", "Wulan Ayu", 0, None, None),
    ]
    assert list(csv.reader(csv_lines(found, search_path))) == [
        ["name", "person", "label", "articles", "first_date", "last_date", "link"],
        ["'=Hadi", "", "'=Hadi", "2", "2019-05-03", "2020-01-01", "/search?q=x"],
        ["Wulan", "wulan-ayu", "Wulan Ayu", "0", "", "", "/search?q=y"],
    ]


def run(archive: Archive, *arguments: str) -> tuple[str, str]:
    """Return what the command writes to standard output and to standard error."""
    result = CliRunner().invoke(batch_command, arguments, obj=archive.folder.path, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout, result.stderr


def test_the_command_gives_every_name_its_row_and_names_those_without_an_article(
    archive: Archive, tmp_path: Path
) -> None:
    names = written(tmp_path, "nama\nHadi Sasongko\nTak Ada\nHadi Sasongko\n")
    out, said = run(archive, str(names), "--base-url", "https://arsip.example/")
    rows = list(csv.DictReader(out.splitlines()))
    assert [(row["name"], row["articles"], row["first_date"]) for row in rows] == [
        ("Hadi Sasongko", "3", "2019-05-03"),
        ("Tak Ada", "0", ""),
    ]
    link = urlsplit(rows[0]["link"])
    assert (link.scheme, link.netloc, link.path) == ("https", "arsip.example", "/search")
    assert parse_qs(link.query)["q"] == ['"Hadi Sasongko"']
    assert "2 names looked up, 1 without an article: Tak Ada" in said
    assert "1 repeated name was looked up once." in said


def test_the_command_writes_to_a_file_and_json(archive: Archive, tmp_path: Path) -> None:
    names, output = written(tmp_path, "Hadi Sasongko\n"), tmp_path / "hasil.json"
    out, _said = run(archive, str(names), "--json", "--output", str(output))
    assert out == ""
    (record,) = json.loads(output.read_text(encoding="utf-8"))["names"]
    assert record["found_by"] == "words"
    assert (record["articles"], record["first_date"], record["last_date"]) == (3, "2019-05-03", "2021-02-02")
    assert run(archive, str(names), "--json")[0] == output.read_text(encoding="utf-8")


@pytest.fixture
def client(archive_folder: ArchiveFolder) -> FlaskClient:
    fill(archive_folder, ARTICLES)
    return create_app(archive_folder.path, language="en").test_client()


def test_links_of_command_and_page_are_the_same(client: FlaskClient) -> None:
    query = Query('"Hadi & Co"', expand=False, people=("hadi-sasongko",))
    with client.application.test_request_context():
        assert search_link(query) == search_path(query)


def test_the_page_lists_names_with_articles_then_those_without(client: FlaskClient) -> None:
    answer = client.post("/batch", data={"names": "Tak Ada\r\nHadi Sasongko\r\nTak Ada\r\n"})
    page = Page(answer.text)
    rows = [[" ".join(cell.text().split()) for cell in row.css("th, td")] for row in page.css("tbody tr")]
    assert rows == [["Hadi Sasongko", "words “Hadi Sasongko”", "3", "2019-05-03", "2021-02-02"]]
    assert [item.text() for item in page.css(".names-missing li")] == ["Tak Ada"]
    assert page.css_first("[role=status]").text() == "1 of 2 names have articles."
    assert page.css_first("textarea").text() == "Tak Ada\nHadi Sasongko"
    address = page.css_first("tbody a").attributes["href"] or ""
    assert "3 articles found" in client.get(address).text
    assert answer.headers["Content-Security-Policy"]


def test_a_person_found_leads_to_the_page_of_the_person(named: Archive) -> None:
    client = create_app(named.folder.path, language="en").test_client()
    page = Page(client.post("/batch", data={"names": "Bu Ratna"}).text)
    person, articles = page.css("tbody a")
    assert (person.text(), person.attributes["href"]) == ("person Ratna Dewi", "/people/ratna-dewi")
    assert articles.attributes["href"] == "/search?person=ratna-dewi"
    row = next(csv.DictReader(client.post("/batch", data={"names": "Bu Ratna", "form": "csv"}).text.splitlines()))
    assert (row["person"], row["label"], row["articles"]) == ("ratna-dewi", "Ratna Dewi", "2")


def test_a_file_is_looked_up_with_the_lines_and_given_back_as_csv(client: FlaskClient) -> None:
    file = (BytesIO("nama;kota\nWulan Prameswari;Solo\n".encode("utf-16")), "daftar.csv")
    answer = client.post("/batch", data={"names": "Tak Ada", "file": file, "form": "csv"})
    assert answer.content_type.startswith("text/csv")
    rows = list(csv.DictReader(answer.text.splitlines()))
    assert [(row["name"], row["articles"]) for row in rows] == [("Tak Ada", "0"), ("Wulan Prameswari", "1")]
    assert rows[0]["link"].startswith("http://localhost/search?q=")


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("daftar.TXT", ["Prameswari,Wulan"]),
        ("daftar", ["Prameswari"]),
        ("a.\0csv", ["Prameswari"]),
        ("../../x", ["Prameswari"]),
    ],
)
def test_of_the_name_of_a_file_only_its_ending_matters(client: FlaskClient, name: str, rows: list[str]) -> None:
    file = (BytesIO(b"Prameswari,Wulan\n"), name)
    answer = client.post("/batch", data={"file": file, "form": "csv"})
    assert [row["name"] for row in csv.DictReader(answer.text.splitlines())] == rows


def test_ten_thousand_names_are_taken_and_one_more_is_not(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    too_many = client.post("/batch", data={"names": "\n".join(f"Nama {n}" for n in range(MOST_NAMES + 1))})
    assert too_many.status_code == 400
    assert "10,001 names" in too_many.text
    monkeypatch.setattr("web.batch.look_up", lambda archive, names: [])
    taken = client.post(
        "/batch", data={"names": "\n".join(f"{n:0200}" for n in range(MOST_NAMES)), "file": (BytesIO(), "")}
    )
    assert taken.status_code == 200


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"names": " \n\n"}, "the list has no names"),
        ({}, "the list has no names"),
        ({"names": "a" * (MOST_BYTES + 1)}, "the list is larger than 4,096 kB"),
        ({"file": (BytesIO(b"a" * (MOST_BYTES + 1)), "a.csv")}, "the list is larger than 4,096 kB"),
        ({"file": (BytesIO(b'nama;kota\n"Hadi;Solo\nDewi;Solo\n'), "a.csv")}, "line 2: a quotation mark"),
    ],
)
def test_a_list_that_cannot_be_looked_up_is_refused_in_words(
    client: FlaskClient, data: dict[str, object], message: str
) -> None:
    answer = client.post("/batch", data=data, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert message in Page(answer.text).css_first("main").text()
