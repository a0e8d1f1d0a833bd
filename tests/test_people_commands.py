"""`telisik people`: what an archivist sees of persons, decides about them, and gets back."""

import json
import os
import shlex
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from conftest import fill, make_article

from index.settings import ArchiveFolder
from web.cli import main
from web.commands_people import people_group

Telisik = Callable[..., Result]

HEADER = "slug,name,aliases,role,wikidata,note,status\n"
PEOPLE = (
    *3 * [("Siti Rahma", "Muhammad Sudirjo")],
    ("Siti Rahma", "Moh. Soedirdjo"),
    ("St. Rahma", "Bank Uji"),
    ("Bank Uji",),
)
NICKNAMED = "Sutarno Wiguna alias Notar datang ke pasar. Kata Sutarno Wiguna, pasar itu ramai."


@pytest.fixture
def telisik(archive_folder: ArchiveFolder, monkeypatch: pytest.MonkeyPatch) -> Telisik:
    """Return a function that runs a command line on an archive, in English; `code` is how it must end."""
    monkeypatch.setenv("TELISIK_ARCHIVE", str(archive_folder.path))
    monkeypatch.setenv("LOGNAME", "ratna")
    articles = [
        make_article(
            id=f"uji-{n}", url=None, title=f"Kabar {n}", body="Harga naik.", date=date(2015 + n, 5, 1), people=names
        )
        for n, names in enumerate(PEOPLE, start=1)
    ]
    fill(archive_folder, [*articles, make_article(id="notar", url=None, title="Pasar", body=NICKNAMED, date=None)])

    def run(*arguments: str | Path, code: int = 0) -> Result:
        result = CliRunner().invoke(main, ["--lang", "en", *map(str, arguments)])
        assert result.exit_code == code, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


def read(telisik: Telisik, *arguments: str | Path) -> dict[str, object]:
    return json.loads(telisik("people", *arguments, "--json").stdout)  # type: ignore[no-any-return]


def listed(telisik: Telisik, *arguments: str) -> list[tuple[str, int]]:
    people = read(telisik, "list", *arguments)["people"]
    assert isinstance(people, list)
    return [(person["name"], person["articles"]) for person in people]


def file_of(folder: ArchiveFolder) -> str:
    return folder.people.read_text(encoding="utf-8")


def without_index(folder: ArchiveFolder) -> None:
    shutil.rmtree(folder.generations)


# --- usage


def test_the_commands_are_all_there(telisik: Telisik) -> None:
    told = "accept alias batch export import list log merge refuse show split tag undo".split()
    assert sorted(people_group.commands) == told


@pytest.mark.parametrize("name", sorted(people_group.commands))
def test_every_part_of_people_has_help_with_one_example_that_is_read(
    telisik: Telisik, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for file in ("tokoh-redaksi.csv", "nama.csv"):
        (tmp_path / file).touch()
    command = people_group.commands[name]
    shown = " ".join(telisik("people", name, "--help").stdout.split())
    assert shown.count("Example: telisik people ") == 1
    assert [p.name for p in command.params if isinstance(p, click.Option) and not p.help] == []
    words = shlex.split((command.help or "").split("Example: ")[1].strip().split(" < ")[0].split(" > ")[0])
    assert words[2] == name
    command.make_context(name, words[3:], parent=click.Context(main, obj=Path("arsip")))


@pytest.mark.parametrize(
    "arguments",
    [
        ["list"],
        ["show", "siti"],
        ["accept", "siti"],
        ["log"],
        ["undo", "1"],
        ["export"],
        ["refuse", "siti"],
        ["merge", "a", "--into", "b"],
    ],
    ids=" ".join,
)
def test_an_archive_that_is_none_is_told(telisik: Telisik, tmp_path: Path, arguments: list[str]) -> None:
    result = telisik("people", *arguments, "--archive", tmp_path / "nihil", code=1)
    assert "holds no archive" in result.stderr
    assert not (tmp_path / "nihil").exists()


@pytest.mark.parametrize(
    "arguments", [["accept"], ["undo", "0"], ["undo", "x"], ["merge", "siti"], ["split", "siti"]], ids=" ".join
)
def test_wrong_usage_ends_with_two(telisik: Telisik, arguments: list[str]) -> None:
    assert "Usage: " in telisik("people", *arguments, code=2).stderr


# --- list


def test_candidates_are_listed_by_how_often_articles_name_them(telisik: Telisik) -> None:
    assert listed(telisik) == []
    found = listed(telisik, "--candidates")
    assert found[:4] == [("Muhammad Sudirjo", 4), ("Siti Rahma", 4), ("Bank Uji", 2), ("St. Rahma", 1)]
    shown = telisik("people", "list", "--candidates", "--limit", "2")
    assert shown.stdout.splitlines() == [
        "muhammad-sudirjo: Muhammad Sudirjo (4 articles); Moh. Soedirdjo",
        "siti-rahma: Siti Rahma (4 articles)",
    ]
    assert shown.stderr == f"... and {len(found) - 2} more; --limit shows them\n"


def test_what_is_decided_about_is_no_candidate(telisik: Telisik) -> None:
    telisik("people", "accept", "siti-rahma", "--role", "Menteri Uji", "--alias", "Bu Siti")
    telisik("people", "refuse", "Bank Uji")
    assert listed(telisik) == [("Siti Rahma", 4)]
    assert [name for name, _count in listed(telisik, "--refused")] == ["Bank Uji"]
    assert [name for name, _count in listed(telisik, "--candidates")[:2]] == ["Muhammad Sudirjo", "St. Rahma"]
    assert len(listed(telisik, "--all")) == len(listed(telisik, "--candidates")) + 2
    assert telisik("people", "list").stdout == "siti-rahma: Siti Rahma (4 articles, Menteri Uji); Bu Siti\n"
    assert "bank-uji: Bank Uji (refused)\n" in telisik("people", "list", "--all").stdout


@pytest.mark.parametrize(
    ("text", "names"), [("rahm sit", ["Siti Rahma"]), ("bu", ["Siti Rahma"]), ("RAHMÁ", ["Siti Rahma"]), ("x", [])]
)
def test_a_part_of_any_name_limits_the_list(telisik: Telisik, text: str, names: list[str]) -> None:
    telisik("people", "accept", "Siti Rahma", "--alias", "Bu Siti")
    telisik("people", "accept", "Muhammad Sudirjo")
    assert [name for name, _count in listed(telisik, text)] == names


def test_the_json_of_a_list_has_all_that_is_known(telisik: Telisik) -> None:
    telisik("people", "accept", "Siti Rahma", "--role", "Menteri", "--alias", "Bu Siti")
    assert read(telisik, "list") == {
        "total": 1,
        "people": [
            {
                "slug": "siti-rahma",
                "name": "Siti Rahma",
                "status": "accepted",
                "articles": 4,
                "aliases": ["Bu Siti"],
                "role": "Menteri",
            }
        ],
        "problems": [],
    }
    candidates = read(telisik, "list", "sudirjo", "--candidates")["people"]
    assert isinstance(candidates, list)
    assert candidates[0]["spellings"] == [
        {"name": "Muhammad Sudirjo", "articles": 3},
        {"name": "Moh. Soedirdjo", "articles": 1},
    ]


def test_rows_that_are_left_out_are_told(telisik: Telisik, archive_folder: ArchiveFolder) -> None:
    archive_folder.people.write_text(HEADER + "siti-rahma,Siti Rahma,,,,,\nx,,,,,,\n")
    result = telisik("people", "list")
    assert result.stderr == f"{archive_folder.people}: line 3: a record needs a name\n"
    assert result.stdout == "siti-rahma: Siti Rahma (4 articles)\n"
    refused = telisik("people", "accept", "St. Rahma", code=1)
    assert "line 3: a record needs a name; mend the file first" in refused.stderr


# --- show


@pytest.mark.parametrize("name", ["siti-rahma", "Siti Rahma", "hj. siti rahma", "Bu Siti"])
def test_a_person_is_shown_by_any_name(telisik: Telisik, name: str) -> None:
    telisik("people", "accept", "Siti Rahma", "--alias", "Bu Siti", "--role", "Menteri")
    shown = read(telisik, "show", name)
    assert (shown["slug"], shown["status"], shown["articles"]) == ("siti-rahma", "accepted", 4)
    assert (shown["first"], shown["last"]) == ("2016-05-01", "2019-05-01")
    assert shown["spellings"] == [{"name": "Siti Rahma", "articles": 4}]
    assert shown["with"] == [{"slug": "muhammad-sudirjo", "name": "Muhammad Sudirjo", "articles": 4}]
    stories = shown["stories"]
    assert isinstance(stories, list)
    assert stories[0] == {"id": "uji-4", "title": "Kabar 4", "date": "2019-05-01"}
    text = telisik("people", "show", name).stdout
    assert "Siti Rahma (siti-rahma, accepted)" in text
    assert "aliases: Bu Siti\n" in text
    assert "role: Menteri\n" in text
    assert "4 articles, Sunday, 1 May 2016 – Wednesday, 1 May 2019\n" in text
    assert "together with: Muhammad Sudirjo (4)\n" in text
    assert "  Wednesday, 1 May 2019  Kabar 4 (uji-4)\n" in text


def test_nicknames_that_articles_tell_are_offered_until_they_are_aliases(telisik: Telisik) -> None:
    assert read(telisik, "show", "Sutarno Wiguna")["nicknames"] == [{"name": "Notar", "articles": 1}]
    assert "nicknames that articles tell: Notar (1)\n" in telisik("people", "show", "Sutarno Wiguna").stdout
    telisik("people", "accept", "Sutarno Wiguna", "--alias", "Notar")
    assert read(telisik, "show", "Sutarno Wiguna")["nicknames"] == []


def test_a_refused_record_and_one_without_articles_are_shown(telisik: Telisik) -> None:
    telisik("people", "refuse", "Bank Uji")
    assert read(telisik, "show", "Bank Uji")["status"] == "refused"
    telisik("people", "accept", "Dewi Anggun", "--new")
    shown = read(telisik, "show", "dewi-anggun")
    assert (shown["articles"], shown["first"], shown["stories"]) == (0, None, [])


def test_a_name_that_is_nobodys_or_several_persons_is_told(telisik: Telisik) -> None:
    assert (
        'nobody is called "Siti Rohma"; nearest: Siti Rahma' in telisik("people", "show", "Siti Rohma", code=1).stderr
    )
    telisik("people", "accept", "Siti Rahma", "--alias", "Bu Guru")
    telisik("people", "accept", "St. Rahma", "--alias", "Bu Guru")
    told = telisik("people", "show", "Bu Guru", code=1).stderr
    assert '"Bu Guru" can be several persons: Siti Rahma (siti-rahma), St. Rahma (st-rahma)' in told


def test_a_part_of_a_name_offers_who_has_it_the_most_frequent_first(telisik: Telisik) -> None:
    told = telisik("people", "show", "Rahma", code=1).stderr
    assert told == 'telisik: nobody is called "Rahma"; nearest: Siti Rahma, St. Rahma\n'
    assert "nearest: Muhammad Sudirjo" in telisik("people", "show", "Soedirdjo", code=1).stderr
    assert "nearest: Sutarno Wiguna" in telisik("people", "accept", "Wigun", code=1).stderr
    assert "nearest" not in telisik("people", "show", "Zzz", code=1).stderr


def test_a_nickname_that_articles_explain_leads_to_the_person(telisik: Telisik) -> None:
    shown = telisik("people", "show", "Notar")
    assert shown.stdout.startswith("Sutarno Wiguna (sutarno-wiguna, candidate)\n")
    assert shown.stderr == "Articles tell that “Notar” is a nickname of: Sutarno Wiguna (sutarno-wiguna)\n"


# --- deciding


def test_a_candidate_is_accepted_by_its_slug_or_name_as_articles_write_it(
    telisik: Telisik, archive_folder: ArchiveFolder
) -> None:
    result = telisik("people", "accept", "muhammad-sudirjo", "siti rahma")
    assert result.stdout == "1: accepted: Muhammad Sudirjo\n2: accepted: Siti Rahma\n"
    assert file_of(archive_folder) == HEADER + "muhammad-sudirjo,Muhammad Sudirjo,,,,,\nsiti-rahma,Siti Rahma,,,,,\n"


def test_several_names_are_accepted_as_one_person(telisik: Telisik, archive_folder: ArchiveFolder) -> None:
    telisik("people", "accept", "st-rahma", "siti-rahma", "--as", "Siti Rahma Uji", "--alias", "Bu Siti")
    assert file_of(archive_folder) == HEADER + "siti-rahma-uji,Siti Rahma Uji,St. Rahma|Siti Rahma|Bu Siti,,,,\n"
    assert listed(telisik) == [("Siti Rahma Uji", 5)]
    telisik("people", "accept", "Bank Uji", "muhammad-sudirjo", "--alias", "X", code=2)


def test_a_name_that_no_article_has_is_accepted_only_on_purpose(
    telisik: Telisik, archive_folder: ArchiveFolder
) -> None:
    told = telisik("people", "accept", "Siti Rahma", "Siti Rohma", code=1)
    assert (
        told.stderr == 'telisik: nobody is called "Siti Rohma"; nearest: Siti Rahma, St. Rahma; nothing was decided\n'
    )
    assert not archive_folder.people.exists()  # not half of it
    telisik("people", "accept", "Siti Rohma", "--new")
    assert listed(telisik) == [("Siti Rohma", 0)]


def test_candidates_are_merged_into_a_person_and_a_decision_is_undone(telisik: Telisik) -> None:
    telisik("people", "accept", "Siti Rahma")
    result = telisik("people", "merge", "st-rahma", "--into", "Siti Rahma")
    assert result.stdout == "2: St. Rahma merged into Siti Rahma\n"
    assert listed(telisik) == [("Siti Rahma", 5)]
    hits = json.loads(telisik("search", 'tokoh:"St. Rahma"', "--json").stdout)["hits"]
    assert len(hits) == 5
    assert telisik("people", "undo", "2").stdout == "3: decision 2 undone: St. Rahma merged into Siti Rahma\n"
    assert listed(telisik) == [("Siti Rahma", 4)]
    telisik("people", "undo", "3")
    assert listed(telisik) == [("Siti Rahma", 5)]
    told = telisik("people", "undo", "1", code=1).stderr
    assert "decision 2 (St. Rahma merged into Siti Rahma) has changed siti-rahma since; undo that first" in told


def test_names_are_split_off_aliased_and_taken_away(telisik: Telisik, archive_folder: ArchiveFolder) -> None:
    telisik("people", "accept", "Siti Rahma", "--alias", "St. Rahma")
    telisik("people", "alias", "Siti Rahma", "Bu Siti")
    assert telisik("people", "split", "siti-rahma", "St. Rahma").stdout == "3: St. Rahma split off from Siti Rahma\n"
    telisik("people", "alias", "siti-rahma", "Bu Siti", "--remove")
    assert file_of(archive_folder) == HEADER + "siti-rahma,Siti Rahma,,,,,\nst-rahma,St. Rahma,,,,,\n"
    assert sorted(listed(telisik)) == [("Siti Rahma", 4), ("St. Rahma", 1)]


def test_a_candidate_is_split_by_its_slug_and_gets_a_record(telisik: Telisik, archive_folder: ArchiveFolder) -> None:
    done = telisik("people", "split", "muhammad-sudirjo", "Moh. Soedirdjo")
    assert done.stdout == "1: Moh. Soedirdjo split off from Muhammad Sudirjo\n"
    assert "Muhammad Sudirjo had no record, and has one now: muhammad-sudirjo\n" in done.stderr
    assert listed(telisik) == [("Muhammad Sudirjo", 3), ("Moh. Soedirdjo", 1)]
    told = telisik("people", "split", "siti-rahma", "Budi", code=1).stderr
    assert '"Budi" is no alias of Siti Rahma' in told


@pytest.mark.parametrize(
    "arguments",
    [
        ("refuse", "Bank Uji", "Siti Rahma", "Tiada Begitu"),
        ("accept", "Bank Uji", "Siti Rahma", "Tiada Begitu"),
        ("merge", "Bank Uji", "Tiada Begitu", "--into", "Siti Rahma"),
        ("merge", "Bank Uji", "--into", "Tiada Begitu"),
    ],
    ids=" ".join,
)
def test_where_one_name_is_nobodys_nothing_is_decided_and_that_is_said(
    telisik: Telisik, archive_folder: ArchiveFolder, arguments: tuple[str, ...]
) -> None:
    told = telisik("people", *arguments, code=1)
    assert told.stderr == 'telisik: nobody is called "Tiada Begitu"; nothing was decided\n'
    assert not archive_folder.people.exists()


def test_the_slug_of_no_record_is_no_name(telisik: Telisik, archive_folder: ArchiveFolder) -> None:
    telisik("people", "accept", "Siti Rahma")
    before = file_of(archive_folder)
    assert "nobody is called" in telisik("people", "merge", "siti-rahma-2", "--into", "siti-rahma", code=1).stderr
    without_index(archive_folder)
    assert "nobody is called" in telisik("people", "merge", "siti-rahma-2", "--into", "siti-rahma", code=1).stderr
    assert file_of(archive_folder) == before


def test_a_user_whose_name_is_no_text_can_decide(telisik: Telisik, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ratna\udcff")
    telisik("people", "accept", "Siti Rahma")
    assert "  ratna\ufffd  " in telisik("people", "log").stdout


def test_an_empty_list_says_where_the_names_are(telisik: Telisik) -> None:
    assert "telisik people list --candidates shows" in telisik("people", "list").stderr
    assert telisik("people", "list", "xyz").stderr == "No person there has “xyz” in a name.\n"


@pytest.mark.parametrize("asked", [('tokoh:"Bank Uji"',), ("--person", "Bank Uji"), ("tokoh:bank-uji",)], ids=" ".join)
def test_a_refused_name_finds_nothing_and_the_reason_is_told(telisik: Telisik, asked: tuple[str, ...]) -> None:
    assert "2 articles for: " in telisik("search", *asked).stdout
    telisik("people", "refuse", "Bank Uji")
    found = telisik("search", *asked)
    assert found.stdout.startswith("No articles for: ")
    assert found.stderr.startswith("“Bank Uji” is no person: the archivist has refused the name.\n")


def test_a_search_tells_its_limits_and_who_is_unknown(telisik: Telisik) -> None:
    limits = ("--person", "siti rahma", "--from", "2017", "--topic", "olahraga")
    assert "for: kabar, since 2017, person Siti Rahma, topic Olahraga" in telisik("search", "Kabar", *limits).stdout
    found = telisik("search", "--person", "Siti Rohma")
    assert found.stdout == "No articles for: person Siti Rohma\n"
    assert found.stderr.startswith('nobody is called "Siti Rohma"; nearest: Siti Rahma, ')
    told = telisik("search", "--topic", "olah raga").stderr
    assert 'there is no topic "olah raga"' in told
    assert "nearest: Olahraga" in told


def test_warnings_go_to_standard_error_and_into_the_json(telisik: Telisik) -> None:
    telisik("people", "accept", "Siti Rahma", "--alias", "Bu Guru")
    result = telisik("people", "alias", "Siti Rahma", "Bu Dosen")
    assert result.stderr == ""
    result = telisik("people", "accept", "St. Rahma", "--alias", "Bu Guru", "--json")
    (decision,) = json.loads(result.stdout)["decisions"]
    assert decision["warnings"] == result.stderr.splitlines()
    assert "taken for none of them" in result.stderr
    assert (decision["number"], decision["by"], decision["action"]) == (3, "ratna", "accept")
    assert (decision["name"], decision["slugs"]) == ("St. Rahma", ["st-rahma"])


def test_a_refused_name_is_found_no_more_and_stays_so_after_another_import(
    telisik: Telisik, archive_folder: ArchiveFolder
) -> None:
    telisik("people", "refuse", "bank-uji")
    fill(archive_folder, [make_article(id="uji-9", url=None, title="Baru", body="Naik.", people=("Bank Uji",))])
    assert "Bank Uji" not in [name for name, _count in listed(telisik, "--candidates")]
    assert 'nobody is called "' not in telisik("people", "refuse", "Bank Uji", code=1).stderr
    telisik("people", "accept", "Bank Uji")
    assert listed(telisik) == [("Bank Uji", 3)]


@pytest.mark.parametrize("error", [KeyError("uid not found"), OSError("no username")], ids=str)
def test_who_has_no_name_on_this_machine_decides_by_number(
    telisik: Telisik, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def unknown() -> str:
        raise error

    monkeypatch.setattr("getpass.getuser", unknown)
    telisik("people", "accept", "Siti Rahma")
    assert f"  {os.getuid()}  accepted: Siti Rahma" in telisik("people", "log").stdout


def test_the_log_is_listed_newest_first(telisik: Telisik) -> None:
    assert telisik("people", "log").stderr == "Nothing has been decided yet.\n"
    telisik("people", "accept", "Siti Rahma", "St. Rahma")
    telisik("people", "undo", "1")
    lines = telisik("people", "log").stdout.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["3", "2", "1"]
    assert lines[2].endswith("  ratna  accepted: Siti Rahma (undone by 3)")
    decisions = read(telisik, "log", "--limit", "1")["decisions"]
    assert isinstance(decisions, list)
    assert [(decision["number"], decision["undoes"]) for decision in decisions] == [(3, 1)]


# --- import and export


def test_what_is_exported_is_imported_by_another_archive(
    telisik: Telisik, archive_folder: ArchiveFolder, tmp_path: Path
) -> None:
    archive_folder.people.write_text("Kota;nama;alias\nUji;Siti Rahma;Bu Siti|S. R.\n;=Budi;\n;;x\n")
    telisik("people", "refuse", "Bank Uji", code=1)
    archive_folder.people.write_text("Kota;nama;alias\nUji;Siti Rahma;Bu Siti|S. R.\n;'=Budi;\n")
    telisik("people", "refuse", "Bank Uji")
    table, lines = (telisik("people", "export", "--format", form).stdout for form in ("csv", "json"))
    assert table == (
        "slug,name,aliases,role,wikidata,note,status,Kota\n"
        "siti-rahma,Siti Rahma,Bu Siti|S. R.,,,,,Uji\nbudi,'=Budi,,,,,,\nbank-uji,Bank Uji,,,,,refused,\n"
    )
    assert json.loads(lines.splitlines()[0])["aliases"] == ["Bu Siti", "S. R."]
    for name, text in (("tokoh.csv", table), ("tokoh.jsonl", lines)):
        archive_folder.people.unlink()
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert telisik("people", "import", tmp_path / name).stdout.startswith(
            "3 new, 0 changed, 0 unchanged, 0 rows left out\n"
        )
        assert telisik("people", "export").stdout == table
        again = telisik("people", "import", tmp_path / name).stdout
        assert again == "0 new, 0 changed, 3 unchanged, 0 rows left out\n"


def test_an_import_tells_the_rows_that_it_leaves_out(telisik: Telisik, tmp_path: Path) -> None:
    path = tmp_path / "tokoh.csv"
    path.write_text("nama,jabatan\nSiti Rahma,Menteri\n,Dosen\n", encoding="utf-8")
    result = telisik("people", "import", path)
    assert result.stdout == "1 new, 0 changed, 0 unchanged, 1 rows left out\n1: 1 record imported\n"
    assert result.stderr == f"{path}: line 3: a record needs a name\n"
    told = read(telisik, "import", path)
    assert told == {
        "new": [],
        "changed": [],
        "unchanged": 1,
        "problems": ["line 3: a record needs a name"],
        "decision": None,
    }


def test_a_file_that_is_no_table_of_persons_ends_with_one(telisik: Telisik, tmp_path: Path) -> None:
    path = tmp_path / "tokoh.csv"
    path.write_text("judul\nKabar\n", encoding="utf-8")
    assert "the first line must name the columns" in telisik("people", "import", path, code=1).stderr
    telisik("people", "import", tmp_path / "nihil.csv", code=2)


# --- without an index


def test_decisions_can_be_taken_without_an_index(telisik: Telisik, archive_folder: ArchiveFolder) -> None:
    without_index(archive_folder)
    result = telisik("people", "accept", "Siti Rahma", "--alias", "St. Rahma")
    assert result.stdout == "1: accepted: Siti Rahma\n"
    telisik("people", "merge", "Bu Siti", "--into", "siti-rahma")
    telisik("people", "refuse", "Bank Uji")
    shown = telisik("people", "list", "--all")
    assert shown.stdout == "bank-uji: Bank Uji (refused)\nsiti-rahma: Siti Rahma (accepted); St. Rahma, Bu Siti\n"
    assert "There is no index" in shown.stderr
    assert read(telisik, "show", "Bu Siti")["articles"] is None
    telisik("people", "undo", "3")
    telisik("people", "show", "Bank Uji", code=1)
