"""`telisik words` and `telisik acronyms`: what they print, keep and end with."""

import json
import shlex
from collections.abc import Callable
from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from conftest import fill, make_article

from index.settings import ArchiveFolder
from index.writer import writing
from web.app import create_app
from web.cli import main
from web.commands_words import words_group

Telisik = Callable[..., Result]

BODIES = (
    *4 * ["Rapat dihadiri Badan Uji Pangan (BUP) dan Tjokrodirdjo, memeriksa Kebanjir di kantornya."],
    *2 * ["Kata Balai Ukur Pertanian (BUP), warga memeriksa Kebanjir lagi."],
    "Banjir besar melanda, warga kebanjiran lagi menurut Dinas Air Nusantara (DAN).",
    "Warga membanjiri kantor Cokrodirjo karena banjir.",
)


@pytest.fixture
def telisik(archive_folder: ArchiveFolder, monkeypatch: pytest.MonkeyPatch) -> Telisik:
    """Return a function that runs a command line on an archive, in English; `code` is how it must end."""
    monkeypatch.setenv("TELISIK_ARCHIVE", str(archive_folder.path))
    articles = [
        make_article(id=f"uji-{n}", url=None, title="Kabar", body=body, date=date(2015 + n, 5, 1))
        for n, body in enumerate(BODIES, start=1)
    ]
    fill(archive_folder, articles)

    def run(*arguments: str | Path, code: int = 0) -> Result:
        result = CliRunner().invoke(main, ["--lang", "en", *map(str, arguments)])
        assert result.exit_code == code, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


def found_by(telisik: Telisik, text: str) -> list[str]:
    return sorted(hit["id"] for hit in json.loads(telisik("search", text, "--json").stdout)["hits"])


def listed(telisik: Telisik, *options: str) -> dict[str, object]:
    return json.loads(telisik("words", "list", "--json", *options).stdout)  # type: ignore[no-any-return]


def explained(telisik: Telisik, word: str) -> dict[str, object]:
    (found,) = json.loads(telisik("words", "explain", "--json", word).stdout)["words"]
    return found  # type: ignore[no-any-return]


# --- usage


@pytest.mark.parametrize("name", sorted(words_group.commands))
def test_every_part_of_words_has_help_with_one_example_that_is_read(telisik: Telisik, name: str) -> None:
    command = words_group.commands[name]
    shown = " ".join(telisik("words", name, "--help").stdout.split())
    assert shown.count("Example: telisik words ") == 1
    assert " --archive " in shown
    assert [p.name for p in command.params if isinstance(p, click.Option) and not p.help] == []
    words = shlex.split((command.help or "").split("Example: ")[1].strip())
    assert words[2] == name
    command.make_context(name, words[3:], parent=click.Context(main, obj=Path("arsip")))


@pytest.mark.parametrize(
    "arguments",
    [
        ["words", "add"],
        ["words", "add", "dua kata"],
        ["words", "add", "x1"],
        ["words", "add", "pemekaran", "--root", "dua kata"],
        ["words", "add", "pemekaran", "--root", ""],
        ["words", "add", "bintang", "--common", "--root", "bintang"],
        ["words", "remove", "dua kata"],
        ["words", "explain"],
        ["words", "explain", "x" * 2001],
        ["words", "frobnicate"],
        ["acronyms", "--least", "0"],
        ["acronyms", "--limit", "0"],
    ],
    ids=lambda arguments: " ".join(arguments)[:40],
)
def test_wrong_usage_ends_with_2_and_keeps_nothing(
    telisik: Telisik, archive_folder: ArchiveFolder, arguments: list[str]
) -> None:
    result = telisik(*arguments, code=2)
    assert "Error: " in result.stderr
    assert result.stdout == ""
    assert not archive_folder.exceptions.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["words", "list"],
        ["words", "add", "Sanggar"],
        ["words", "remove", "Sanggar"],
        ["words", "explain", "sanggar"],
        ["acronyms"],
    ],
    ids=lambda arguments: " ".join(arguments),
)
def test_without_an_archive_they_fail_and_make_none(telisik: Telisik, tmp_path: Path, arguments: list[str]) -> None:
    result = telisik(*arguments, "--archive", tmp_path / "lain", code=1)
    assert "holds no archive" in result.stderr
    assert result.stdout == ""
    assert not (tmp_path / "lain").exists()


# --- acronyms


def test_acronyms_are_listed_the_most_frequent_first(telisik: Telisik) -> None:
    assert telisik("acronyms").stdout == "BUP  Badan Uji Pangan (4 articles, 2016–2019)\n"
    assert telisik("acronyms", "--least", "1").stdout.splitlines() == [
        "BUP  Badan Uji Pangan (4 articles, 2016–2019)",
        "BUP  Balai Ukur Pertanian (2 articles, 2020–2021)",
        "DAN  Dinas Air Nusantara (1 article, 2022)",
    ]


@pytest.mark.parametrize(
    ("text", "longs"),
    [
        ("bup", ["Badan Uji Pangan", "Balai Ukur Pertanian"]),
        ("UKUR", ["Balai Ukur Pertanian"]),
        ("ba", ["Badan Uji Pangan", "Balai Ukur Pertanian"]),
        ("adan", []),
    ],
)
def test_acronyms_are_looked_up_by_either_form(telisik: Telisik, text: str, longs: list[str]) -> None:
    record = json.loads(telisik("acronyms", text, "--least", "1", "--json").stdout)
    assert [acronym["long"] for acronym in record["acronyms"]] == longs
    assert record["total"] == len(longs)


def test_acronyms_that_are_too_many_or_none_are_said_so(telisik: Telisik) -> None:
    assert telisik("acronyms", "--least", "1", "--limit", "1").stderr == "... and 2 more; --limit shows them\n"
    record = json.loads(telisik("acronyms", "--least", "1", "--limit", "1", "--json").stdout)
    assert record == {
        "total": 3,
        "acronyms": [
            {"short": "BUP", "long": "Badan Uji Pangan", "articles": 4, "first_year": 2016, "last_year": 2019}
        ],
    }
    none = telisik("acronyms", "antariksa")
    assert (none.stdout, none.stderr) == ("", "No acronym is explained by so many articles.\n")


# --- the newsroom's list


def test_words_are_added_listed_and_removed(telisik: Telisik, archive_folder: ArchiveFolder) -> None:
    added = telisik("words", "add", "Sanggar")
    assert added.stdout == "sanggar: a name, never stemmed\n"
    assert "telisik index --rebuild" in added.stderr
    assert telisik("words", "add", "pemekaran", "--root", "Mekar").stdout == "pemekaran: its root is mekar\n"
    assert telisik("words", "add", "bintang", "--common").stdout == "bintang: no name, always stemmed\n"
    assert archive_folder.exceptions.read_text() == "Sanggar\npemekaran = Mekar\n-bintang\n"
    record = listed(telisik)
    assert record["names"] == ["sanggar"]
    assert record["common"] == ["bintang"]
    assert record["roots"] == {"pemekaran": "mekar"}
    assert record["file"] == str(archive_folder.exceptions)
    assert telisik("words", "list").stdout.splitlines()[:3] == [
        "bintang: no name, always stemmed",
        "pemekaran: its root is mekar",
        "sanggar: a name, never stemmed",
    ]
    assert telisik("words", "remove", "SANGGAR").stdout == "removed: sanggar\n"
    assert archive_folder.exceptions.read_text() == "pemekaran = Mekar\n-bintang\n"
    again = telisik("words", "remove", "sanggar", code=1)
    assert "kata.txt says nothing of the word sanggar" in again.stderr


def test_a_word_added_again_is_what_was_said_last(telisik: Telisik) -> None:
    telisik("words", "add", "Sanggar")
    telisik("words", "add", "sanggar", "--common")
    assert (listed(telisik)["names"], listed(telisik)["common"]) == ([], ["sanggar"])


def test_searches_follow_the_list_at_once_and_the_index_after_a_rebuild(
    telisik: Telisik, archive_folder: ArchiveFolder
) -> None:
    client = create_app(archive_folder.path, language="en").test_client()

    def served() -> int:
        return int(client.get("/search.json?q=kebanjir").get_json()["total"])

    assert (served(), len(found_by(telisik, "kebanjir"))) == (6, 6)  # learned as a name
    telisik("words", "add", "kebanjir", "--common")
    assert (served(), len(found_by(telisik, "kebanjir"))) == (8, 8)
    assert len(found_by(telisik, "banjir")) == 2
    telisik("index", "--rebuild")
    assert len(found_by(telisik, "banjir")) == 8
    telisik("words", "remove", "kebanjir")
    assert served() == 6


def test_lines_of_the_list_that_are_wrong_are_reported_with_their_numbers(
    telisik: Telisik, archive_folder: ArchiveFolder
) -> None:
    archive_folder.exceptions.write_text("# daftar\nSanggar\ndua kata\n", encoding="utf-8")
    assert 'kata.txt: line 3: "dua kata" is not one word of letters' in telisik("words", "list").stderr
    assert listed(telisik)["faults"] == ['line 3: "dua kata" is not one word of letters']
    telisik("words", "add", "Purnama")
    assert archive_folder.exceptions.read_text(encoding="utf-8") == "# daftar\nSanggar\ndua kata\nPurnama\n"


def test_the_list_is_not_changed_while_another_process_writes(telisik: Telisik, archive_folder: ArchiveFolder) -> None:
    with writing(archive_folder):
        for command in ("add", "remove"):
            assert "another process is writing" in telisik("words", command, "Sanggar", code=1).stderr
    assert not archive_folder.exceptions.exists()


def test_learned_names_are_counted_and_listed(telisik: Telisik) -> None:
    record = listed(telisik, "--learned")
    assert record["learned_names"] == 1
    assert record["learned"] == [{"word": "kebanjir", "capitalised": 6, "lower": 0}]
    assert "learned" not in listed(telisik)
    assert all(int(str(record[name])) > 100 for name in ("shipped_names", "shipped_roots"))
    counted, *names = telisik("words", "list", "--learned").stdout.splitlines()
    assert counted.startswith("The newsroom's list: 0 words. Shipped: ")
    assert counted.endswith(" Learned: 1 names.")
    assert names == ["kebanjir: inside of sentences 6 times with a capital, 0 times without"]


# --- explain


@pytest.mark.parametrize(
    ("word", "is_name", "root", "decided_by"),
    [
        ("Kebanjir", True, "kebanjir", "learned"),
        ("Bekasi", True, "bekasi", "shipped"),
        ("kerusakan", False, "rusak", "shipped"),
        ("kebanjiran", False, "banjir", "stemmer"),
        ("banjir", False, "banjir", "stemmer"),
        ("ponselnya", False, "ponsel", "ending"),
        ("propinsinya", False, "provinsi", "spelling"),
        ("Sanggar", True, "sanggar", "newsroom"),
        ("membanjiri", False, "banjir", "newsroom"),
        ("melanda", False, "landa", "newsroom"),
    ],
)
def test_it_is_explained_who_says_that_a_word_is_a_name_or_what_its_root_is(
    telisik: Telisik, archive_folder: ArchiveFolder, word: str, is_name: bool, root: str, decided_by: str
) -> None:
    archive_folder.exceptions.write_text("Sanggar\n-membanjiri\nmelanda = landa\n", encoding="utf-8")
    (found,) = explained(telisik, word)["words"]  # type: ignore[misc]
    assert found["surface"] == word.lower()
    assert (found["is_name"], found["root"], found["decided_by"]) == (is_name, root, decided_by)


def test_a_word_is_explained_with_its_forms_spellings_and_meanings(telisik: Telisik) -> None:
    banjir = explained(telisik, "banjir")
    (word,) = banjir["words"]  # type: ignore[misc]
    assert (banjir["typed"], banjir["total"], banjir["also"]) == ("banjir", 2, [])
    assert word["articles"] == 2
    assert word["forms"] == {"kebanjiran": 1, "membanjiri": 1}
    name = explained(telisik, "Kebanjir")["words"][0]  # type: ignore[index]
    assert (name["articles"], name["forms"], name["capitalised"], name["lower"]) == (6, {}, 6, 0)
    old = explained(telisik, "cokrodirjo")
    assert old["words"][0]["spellings"] == {"tjokrodirdjo": 4}  # type: ignore[index]
    assert (old["also"], old["total"]) == (
        [{"kind": "spelling", "typed": "cokrodirjo", "also": "tjokrodirdjo"}],
        5,
    )
    short = explained(telisik, "BUP")
    assert [meaning["long"] for meaning in short["words"][0]["meanings"]] == ["Badan Uji Pangan"]  # type: ignore[index]
    assert (short["also"], short["total"]) == (
        [{"kind": "acronym", "typed": "BUP", "also": "Badan Uji Pangan"}],
        6,
    )


def test_what_is_typed_is_explained_word_by_word(telisik: Telisik) -> None:
    assert [word["surface"] for word in explained(telisik, "Rahma-Kebanjir")["words"]] == [  # type: ignore[attr-defined]
        "rahma",
        "kebanjir",
    ]
    assert explained(telisik, "???")["words"] == []
    assert telisik("words", "explain", "BUP", "???", "kebanjir").stdout.splitlines() == [
        "BUP",
        "  bup stands in 6 articles",
        "  searched in all its forms; it is its own root",
        "  short for: Badan Uji Pangan (4 articles, 2016–2019)",
        "  Also searched: Badan Uji Pangan (long form of BUP).",
        "  A search for it finds: 6 articles",
        "",
        "???",
        "  no word that can be searched",
        "  A search for it finds: 0 articles",
        "",
        "kebanjir",
        "  kebanjir stands in 6 articles",
        "  a name, searched as it is written: learned from the articles",
        "  inside of sentences 6 times with a capital, 0 times without",
        "  A search for it finds: 6 articles",
    ]


# --- search and export


def test_a_search_says_what_it_also_searched_and_can_be_kept_from_it(telisik: Telisik) -> None:
    said = telisik("search", "cokrodirjo")
    assert "Also searched: tjokrodirdjo (another spelling of cokrodirjo).\n" in said.stderr
    assert "5 articles for: cokrodirjo" in said.stdout
    plain = telisik("search", "cokrodirjo", "--no-expand")
    assert plain.stderr == ""
    assert "1 article for: cokrodirjo" in plain.stdout
    record = json.loads(telisik("search", "cokrodirjo", "--json").stdout)["query"]
    assert record["expand"] is True
    assert record["also"] == [{"kind": "spelling", "typed": "cokrodirjo", "also": "tjokrodirdjo"}]


def test_an_export_can_be_kept_to_what_was_typed(telisik: Telisik) -> None:
    asked = ["export", "--query", "cokrodirjo"]
    assert len(telisik(*asked).stdout.splitlines()) == 5
    assert len(telisik(*asked, "--no-expand").stdout.splitlines()) == 1
