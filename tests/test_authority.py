"""The authority file: rows that archivists write by hand or spreadsheet, and whose name a name is."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.authority import (
    COLUMNS,
    Ambiguous,
    Authority,
    AuthorityError,
    Person,
    nobody,
    person_from,
    read_authority,
)
from index.errors import FileRefused
from index.registers import Line, read_records, read_register, register_text
from index.settings import ArchiveFolder

HEADER = "slug,name,aliases,role,wikidata,note,status\n"
SITI = Person("siti-rahma", "Siti Rahma", ("Bu Siti",), "Menteri Uji", "Q12", "dari Uji")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tokoh.csv"


def people_in(file: Path, text: str | bytes) -> Authority:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_authority(file)


def slug_of_found(found: Person | Ambiguous | None) -> str | list[str] | None:
    if isinstance(found, Ambiguous):
        return [person.slug for person in found.people]
    return found.slug if found else None


# --- the file


def test_an_archive_without_the_file_has_no_people(tmp_path: Path) -> None:
    path = ArchiveFolder(tmp_path).people
    assert path == tmp_path / "tokoh.csv"
    authority = read_authority(path)
    assert (authority.people, authority.problems) == ((), ())


def test_a_row_is_a_record(file: Path) -> None:
    text = HEADER + "siti-rahma,Siti Rahma,Bu Siti,Menteri Uji,Q12,dari Uji,\nbank-uji,Bank Uji,,,,,refused\n"
    authority = people_in(file, text)
    assert authority.people == (SITI, Person("bank-uji", "Bank Uji", is_refused=True))
    assert authority.problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "nama;alias;jabatan;wikidata;catatan\r\nSiti Rahma;Bu Siti;Menteri Uji;Q12;dari Uji\r\n",
        "\ufeffName\tNama lain\tPeran\tWikidata\tKeterangan\nSiti Rahma\tBu Siti | \tMenteri Uji\tQ12\tdari Uji\n",
        'sep=;\nnama;alias;peran;wikidata;note\nSiti  Rahma;"Bu Siti|Siti Rahma";Menteri Uji;'
        "https://www.wikidata.org/wiki/Q12;dari Uji\n",
        "note,wikidata,role,aliases,name,Foto\ndari Uji,Q12,Menteri Uji,Bu Siti,Siti Rahma,siti.jpg\n,,,,,\n",
    ],
    ids=["indonesian", "tabs and mark", "sep and address", "other order"],
)
def test_what_spreadsheets_write_is_read(file: Path, text: str) -> None:
    authority = people_in(file, text)
    assert (authority.people, authority.problems) == ((SITI,), ())


def test_a_file_in_the_encoding_of_old_spreadsheets_is_read(file: Path) -> None:
    authority = people_in(file, "nama;catatan\nRené Uji;café\n".encode("cp1252"))
    assert authority.people == (Person("rene-uji", "René Uji", note="café"),)


@pytest.mark.parametrize("status", ["", "accepted", "Diterima"])
def test_a_record_is_accepted_by_default(file: Path, status: str) -> None:
    assert not people_in(file, f"name,status\nSiti,{status}\n").people[0].is_refused


@pytest.mark.parametrize("status", ["refused", "Ditolak"])
def test_a_record_is_refused_in_both_languages(file: Path, status: str) -> None:
    assert people_in(file, f"name,status\nSiti,{status}\n").people[0].is_refused


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("x,,,,,,", "line 3: a record needs a name"),
        ("x,...,,,,,", "line 3: a record needs a name"),
        ("Siti R,Siti R,,,,,", 'line 3: the slug "Siti R" is none; write "siti-r"'),
        ("satu,Siti R,,,,,", 'line 3: the slug "satu" is another row\'s already'),
        (",Satu,,,,,", 'line 3: the slug "satu" is another row\'s already'),
        ("x,Siti,,,,,maybe", 'line 3: the status "maybe" is neither empty nor "refused"'),
        ("x,Siti,,,Uji,,", 'line 3: "Uji" is no Wikidata id such as Q3318231'),
        ("x,Siti,,,,,,more", "line 3: 8 cells for 7 columns"),
    ],
)
def test_a_row_that_is_wrong_is_left_out_and_named_with_its_line(file: Path, row: str, reason: str) -> None:
    authority = people_in(file, f"{HEADER}satu,Satu Orang,,,,,\n{row}\ndua,Dua Orang,,,,,\n")
    assert [person.slug for person in authority.people] == ["satu", "dua"]
    assert authority.problems == (reason,)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            b"judul,isi\nSiti,Rahma\n",
            "the first line must name the columns: slug, name, aliases, role, wikidata, note, status",
        ),
        (HEADER.encode() + b'x,"Siti,,,,,\ny,Rahma,,,,,\n', "a quotation mark opened here is never closed"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_problem_not_an_error(file: Path, content: bytes, reason: str) -> None:
    authority = people_in(file, content)
    assert authority.people == ()
    assert authority.problems == (reason,)


def test_a_folder_in_its_place_is_a_problem_too(file: Path) -> None:
    file.mkdir()
    assert read_authority(file).problems == ("Is a directory",)


# --- whose name


PEOPLE = (
    Person("bank", "Bank Uji", ("Ratna Dewi",), is_refused=True),
    Person("sudirjo", "Moh. Sudirjo", ("Pak Dirjo", "Dirjo Uji")),
    Person("ratna", "Ratna Dewi", ("Dirjo Uji", "Bu Ratna Dewi Lestari")),
    Person("ahmad-dani", "Ahmad Dani Uji"),
    Person("ahmad-dhani", "Ahmad Dhani Uji"),
)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Moh. Sudirjo", "sudirjo"),
        ("MOH SUDIRJO, S.H.", "sudirjo"),  # exactly: case, dots, degrees aside
        ("Muhammad Soedirdjo", "sudirjo"),  # another spelling
        ("Sudirjo", None),  # a surname alone is nobody's
        ("dirjo", "sudirjo"),  # an alias, its honorific aside
        ("Dirjo Uji", ["sudirjo", "ratna"]),  # two persons have it
        ("Dirdjo Oedji", None),
        ("Ahmad Dani Uji", "ahmad-dani"),  # exact comes before alike
        ("Ahmad Dhani Uji", "ahmad-dhani"),
        ("Achmad Dhani Uji", ["ahmad-dani", "ahmad-dhani"]),
        ("Ahmad Ddani Uji", ["ahmad-dani", "ahmad-dhani"]),  # a spelling that two share
        ("Ratna Dewi", "ratna"),  # what is refused is nobody else's
        ("Bank Uji", "bank"),
        ("Siti", None),
        ("", None),
    ],
)
def test_a_name_is_found_exactly_first_then_by_its_spelling(name: str, found: str | list[str] | None) -> None:
    assert slug_of_found(Authority(PEOPLE).resolve(name)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ratna", "ratna"),
        ("Bu Ratna Dewi Lestari", "ratna"),
        ("Dirjo Uji", None),
        ("bank", None),
        ("Bank Uji", None),
        ("Siti", None),
    ],
)
def test_a_person_is_found_by_slug_or_name_never_a_refused_or_an_ambiguous_one(text: str, found: str | None) -> None:
    assert slug_of_found(Authority(PEOPLE).find(text)) == found


def test_a_record_is_found_by_its_slug_whatever_it_is() -> None:
    authority = Authority(PEOPLE)
    assert slug_of_found(authority.record("bank")) == "bank"
    assert authority.record("Bank Uji") is None


def test_the_error_for_a_name_that_nobody_has_tells_the_nearest() -> None:
    names = [name for person in PEOPLE for name in person.names]
    assert str(nobody("Ratna Dewy", names)) == 'nobody is called "Ratna Dewy"; nearest: Ratna Dewi'
    assert str(nobody("Xyz", names)) == 'nobody is called "Xyz"'


def test_a_row_says_why_it_is_none() -> None:
    with pytest.raises(AuthorityError, match="a record needs a name"):
        person_from({"slug": "siti"})


# --- writing


@pytest.mark.parametrize(
    "content",
    [
        HEADER + "siti-rahma,Siti Rahma,Bu Siti | Bu S.,,,,\n",
        "nama\tFoto\nRené\t\n",
        '\ufeffnama;Foto;alias;;;catatan;Foto\nSiti Rahma;"a;b";Bu Siti;;;"satu\ndua";c\nBudi\n',
        "Catatan\tNama\n'=1\t  Siti  \n\t'-Budi\n",
    ],
)
def test_rows_that_are_not_changed_stay_as_they_were_written(file: Path, content: str) -> None:
    file.write_bytes(content.encode())
    header, *below = register_text(read_register(file, COLUMNS), COLUMNS).splitlines(keepends=True)
    before, *rows = content.splitlines(keepends=True)
    assert header.startswith(before.rstrip("\n"))  # missing columns are added
    assert below == rows


def test_new_rows_are_written_under_the_columns_that_are_there(file: Path) -> None:
    file.write_bytes(b"nama;Foto;alias\nSiti;siti.jpg;\n")
    register = read_register(file, COLUMNS)
    new = Line(0, {"slug": "budi", "name": "=Budi", "Kota": "Uji", "aliases": "B|C"})
    changed = register_text(replace(register, lines=(*register.lines, new)), COLUMNS)
    assert changed == (
        "\ufeffnama;Foto;alias;slug;role;wikidata;note;status;Kota\nSiti;siti.jpg;\n'=Budi;;B|C;budi;;;;;Uji\n"
    )


# --- tables to import


def test_records_in_json_lines_are_rows_of_the_same_columns(tmp_path: Path) -> None:
    path = tmp_path / "tokoh.jsonl"
    path.write_text(
        '{"nama": "Siti  Rahma", "alias": ["Bu Siti", "S. R."], "umur": 51}\n\n[1]\n{"na\n', encoding="utf-8"
    )
    register = read_records(path, COLUMNS)
    assert register.lines == (Line(1, {"name": "Siti Rahma", "aliases": "Bu Siti|S. R.", "umur": "51"}),)
    assert [problem.split(":")[0] for problem in register.problems] == ["line 3", "line 4"]


def test_a_list_of_records_and_a_table_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "tokoh.txt"
    path.write_text('\ufeff\n[{"name": "Siti", "role": null}, {"name": "Budi"}]', encoding="utf-8")
    assert [line.cells["name"] for line in read_records(path, COLUMNS).lines] == ["Siti", "Budi"]
    path.write_text("nama\nSiti\n", encoding="utf-8")
    assert [line.cells["name"] for line in read_records(path, COLUMNS).lines] == ["Siti"]


@pytest.mark.parametrize("content", ["[1, 2", "judul\nSiti\n"])
def test_a_file_without_records_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "tokoh.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FileRefused):
        read_records(path, COLUMNS)


def test_a_record_in_json_may_hold_any_character_but_none_that_no_file_can(tmp_path: Path) -> None:
    path = tmp_path / "tokoh.jsonl"
    path.write_text('{"nama": "Siti\u2028Rahma", "jabatan": "Men\\u0000teri\\ud800"}\n', encoding="utf-8")
    register = read_records(path, COLUMNS)
    assert register.problems == ()
    assert [dict(line.cells) for line in register.lines] == [{"name": "Siti Rahma", "role": "Men teri"}]
    register_text(register, COLUMNS).encode()


def test_the_slug_of_a_refused_record_is_no_persons_whose_name_it_is(tmp_path: Path) -> None:
    authority = Authority([Person("uji", "Bank Uji", is_refused=True), Person("siti", "Siti", aliases=("Uji",))])
    assert authority.find("uji") == authority.people[1]
