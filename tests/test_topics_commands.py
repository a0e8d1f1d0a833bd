"""`telisik topics`: what it prints, keeps and ends with."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from conftest import fill, make_article

from index.registers import read_register
from index.settings import ArchiveFolder
from index.topics import COLUMNS, shipped_topics
from index.writer import writing
from web.cli import main
from web.commands_topics import topics_group

Telisik = Callable[..., Result]

ARTICLES = (
    # id, title, section, topics that the import brings
    ("a1", "Lomba perahu dibuka", "Gelanggang", ()),
    ("a2", "Lomba layang-layang ditutup", "Gelanggang", ()),
    ("a3", "Perahu tua dipugar", "Gelanggang", ()),
    ("b1", "Lomba inovasi pasar", "Ekbis", ("Kampung nelayan",)),
    ("b2", "Pasar ikan ramai", "Ekbis", ()),
    ("c1", "Lomba cerita Cokrodirjo", "Nasional", ()),
    ("c2", "Rapat Tjokrodirdjo", None, ()),
)


@pytest.fixture
def telisik(archive_folder: ArchiveFolder, monkeypatch: pytest.MonkeyPatch) -> Telisik:
    """Return a function that runs a command line on an archive, in English; `code` is how it must end."""
    monkeypatch.setenv("TELISIK_ARCHIVE", str(archive_folder.path))
    fill(
        archive_folder,
        [
            make_article(
                id=article_id,
                url=None,
                title=title,
                body="Kabar.",
                section=section,
                topics=topics,
                date=date(2020, 5, day),
            )
            for day, (article_id, title, section, topics) in enumerate(ARTICLES, start=1)
        ],
    )

    def run(*arguments: str | Path, code: int = 0) -> Result:
        result = CliRunner().invoke(main, ["--lang", "en", "topics", *map(str, arguments)])
        assert result.exit_code == code, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


def record_of(result: Result) -> Any:
    return json.loads(result.stdout)


def listed(telisik: Telisik) -> dict[str, int]:
    return {topic["slug"]: topic["articles"] for topic in record_of(telisik("list", "--json"))["topics"]}


def ids(examples: dict[str, Any]) -> list[str]:
    return [example["id"] for example in examples["examples"]]


def add_lomba(telisik: Telisik) -> None:
    telisik("add", "lomba", "--label", "Lomba", "--query", "judul:lomba", "--section", "Gelanggang")


def test_a_topic_that_is_added_is_listed_with_its_articles_and_found_by_search(telisik: Telisik) -> None:
    assert "lomba" not in listed(telisik)
    add_lomba(telisik)
    assert listed(telisik)["lomba"] == 5, "four by the query, one by its section"
    found = CliRunner().invoke(main, ["search", "topik:lomba", "--json"])
    assert json.loads(found.stdout)["total"] == 5


def test_the_list_tells_where_topics_come_from(telisik: Telisik) -> None:
    add_lomba(telisik)
    lines = telisik("list").stdout.splitlines()
    assert any(line.split()[:3] == ["lomba", "5", "Lomba"] and "the archive's own" in line for line in lines)
    assert any(line.startswith("ekonomi ") and line.endswith("Ekonomi, bisnis, dan keuangan") for line in lines)
    assert any("kampung-nelayan" in line and "imported" in line for line in lines)
    record = record_of(telisik("list", "--json"))
    assert record["imported"] == [{"slug": "kampung-nelayan", "label": "Kampung nelayan", "articles": 1}]
    assert [t["origin"] for t in record["topics"]].count("shipped") == len(shipped_topics().topics)


def test_a_topic_is_shown_by_slug_label_code_or_section(telisik: Telisik) -> None:
    for name in ("ekonomi", "Ekonomi, bisnis, dan keuangan", "medtop:04000000", "ekbis"):
        record = record_of(telisik("show", name, "--json"))
        assert (record["slug"], record["code"], record["repairs"]) == ("ekonomi", "medtop:04000000", [])
        assert record["articles"] == 2
    shown = telisik("show", "ekonomi").stdout
    assert shipped_topics().by_slug["ekonomi"].query in shown
    assert "ekbis" in shown


def test_there_is_no_topic_of_a_name_that_none_has(telisik: Telisik) -> None:
    for command in ("show", "remove"):
        assert 'there is no topic "tiada"' in telisik(command, "tiada", code=1).stderr
    assert "tiada" in telisik("test", "kata", "--topic", "tiada", code=1).stderr
    assert "tiada" in telisik("restore", "tiada", code=1).stderr


def test_a_query_that_is_tried_tells_what_it_catches(telisik: Telisik) -> None:
    record = record_of(telisik("test", "judul:lomba", "--json", "--examples", "2"))
    assert (record["articles"], record["archive_articles"], record["share"]) == (4, 7, round(4 / 7, 4))
    assert ids(record) == ["c1", "b1"], "the newest first"
    assert {s["section"]: (s["caught"], s["articles"]) for s in record["sections"]} == {
        "Gelanggang": (2, 3), "Ekbis": (1, 2), "Nasional": (1, 1),
    }  # fmt: skip
    assert (record["topic"], record["agreement"], record["added"], record["lost"]) == (None, None, None, None)


def test_the_agreement_counts_articles_of_sections_that_some_topic_has(telisik: Telisik) -> None:
    add_lomba(telisik)
    record = record_of(telisik("test", "lomba", "--json"))
    assert record["topic"] == "lomba"
    assert record["agreement"] == {
        "precision": 0.6667, "recall": 0.6667, "f1": 0.6667, "caught": 3, "expected": 3, "both": 2,
    }, "of Nasional, which no topic has, nothing is told"  # fmt: skip
    assert [s["section"] for s in record["sections"] if s["of_topic"]] == ["Gelanggang"]
    assert record["added"] is None


def test_another_query_is_compared_with_the_one_that_a_topic_has(telisik: Telisik) -> None:
    add_lomba(telisik)
    record = record_of(telisik("test", "judul:perahu", "--topic", "Lomba", "--json"))
    assert (record["added"]["articles"], ids(record["added"])) == (1, ["a3"])
    assert (record["lost"]["articles"], ids(record["lost"])) == (3, ["c1", "b1", "a2"])
    assert record["agreement"]["precision"] == 1.0
    shown = telisik("test", "judul:perahu", "--topic", "lomba").stdout
    assert "2 articles of 7, 29 %" in shown
    assert "* Gelanggang: 2 / 3 (67 %)" in shown
    assert "precision 100 % (2 of 2), recall 67 % (2 of 3), F1 80 %" in shown
    assert "would be added: 1 article\n   Perahu tua dipugar (Gelanggang, 3 May 2020)" in shown
    assert "would be lost: 3 articles" in shown


def test_a_query_can_be_compared_with_sections_of_no_topic(telisik: Telisik) -> None:
    record = record_of(telisik("test", "judul:lomba", "--section", "GELANGGANG", "--json"))
    assert (record["agreement"]["both"], record["agreement"]["expected"]) == (2, 3)


def test_a_query_is_tried_as_it_is_never_relaxed_nor_expanded(telisik: Telisik) -> None:
    assert record_of(telisik("test", "lomba perahu dibuka pasar tua rapat", "--json"))["articles"] == 0
    assert ids(record_of(telisik("test", "Cokrodirjo", "--json"))) == ["c1"], "a search finds Tjokrodirdjo, too"


def test_what_is_mended_of_a_query_is_said(telisik: Telisik) -> None:
    assert "parenthesis" in telisik("test", "judul:(lomba").stderr
    added = telisik("add", "lomba", "--label", "Lomba", "--query", "judul:(lomba")
    assert "parenthesis" in added.stderr
    assert "lomba: a parenthesis" in telisik("list").stderr


def test_a_query_that_is_too_long_is_refused(telisik: Telisik) -> None:
    telisik("test", "a" * 2001, code=2)
    assert "2000" in telisik("add", "lomba", "--label", "Lomba", "--query", "a" * 2001, code=1).stderr


def test_adding_again_changes_what_is_named_and_nothing_else(telisik: Telisik, archive_folder: ArchiveFolder) -> None:
    add_lomba(telisik)
    record = record_of(telisik("add", "lomba", "--code", "x:7", "--json"))
    assert (record["label"], record["query"], record["code"], record["sections"]) == (
        "Lomba", "judul:lomba", "x:7", ["gelanggang"],
    )  # fmt: skip
    telisik("add", "olahraga", "--query", "judul:lomba")
    assert listed(telisik)["olahraga"] == 4
    assert len(read_register(archive_folder.topics, COLUMNS).lines) == 2


def test_a_slug_and_a_label_are_needed(telisik: Telisik, archive_folder: ArchiveFolder) -> None:
    assert 'write "dana-desa"' in telisik("add", "Dana Desa", "--label", "D", "--query", "d", code=1).stderr
    assert "needs a label" in telisik("add", "desa", "--query", "desa", code=1).stderr
    assert "needs a query" in telisik("add", "desa", "--label", "Desa", code=1).stderr
    assert not archive_folder.topics.exists()


def test_a_topic_that_asks_for_itself_is_refused(telisik: Telisik, archive_folder: ArchiveFolder) -> None:
    told = telisik("add", "uji", "--label", "Uji", "--query", "perahu -topik:uji", code=1).stderr
    assert told == "telisik: the query asks for the topic itself: uji → uji\n"
    assert not archive_folder.topics.exists()
    telisik("add", "dua-uji", "--label", "Dua uji", "--query", "perahu ATAU topik:uji")
    told = telisik("add", "uji", "--label", "Uji", "--query", 'topik:"Dua uji"', code=1).stderr
    assert told == "telisik: the query asks for the topic itself: uji → dua-uji → uji\n"
    telisik("add", "uji", "--label", "Uji", "--query", "topik:olahraga")
    with archive_folder.topics.open("a") as file:
        file.write("tiga,Tiga,,topik:tiga,\n")
    assert "tiga: the query asks for the topic itself: tiga → tiga\n" in telisik("list").stderr


def test_topics_are_removed_switched_off_and_restored(telisik: Telisik) -> None:
    add_lomba(telisik)
    assert "removed: lomba" in telisik("remove", "lomba").stdout
    assert "switched off: ekonomi" in telisik("remove", "ekonomi").stdout
    assert not {"lomba", "ekonomi"} & listed(telisik).keys()
    assert "Switched off: ekonomi" in telisik("list").stderr
    telisik("restore", "ekonomi")
    assert listed(telisik)["ekonomi"] == 2


def test_topics_are_imported_and_exported(telisik: Telisik, tmp_path: Path) -> None:
    table = tmp_path / "redaksi.csv"
    table.write_text("judul;kueri;rubrik\nLomba;judul:lomba;Gelanggang\nTanpa;;\n", encoding="cp1252")
    result = telisik("import", table)
    assert result.stdout == "1 new, 0 changed, 0 unchanged, 1 rows left out\n"
    assert "redaksi.csv: line 3: a topic needs a query" in result.stderr
    assert listed(telisik)["lomba"] == 5
    telisik("remove", "cuaca")
    for form in ("csv", "json"):
        copy = tmp_path / f"salinan.{form}"
        copy.write_text(telisik("export", "--format", form).stdout, encoding="utf-8")
        assert record_of(telisik("import", copy, "--json")) == {
            "new": [], "changed": [], "unchanged": 18, "problems": []
        }  # fmt: skip
    assert "cuaca" not in listed(telisik)


def test_a_wrong_row_is_named_and_stops_writing_but_not_reading(
    telisik: Telisik, archive_folder: ArchiveFolder
) -> None:
    archive_folder.topics.write_text("slug,label,query\nlomba,Lomba,judul:lomba,lebih\n", encoding="utf-8")
    assert "topik.csv: line 2: 4 cells for 3 columns" in telisik("list").stderr
    assert "line 2" in telisik("add", "desa", "--label", "Desa", "--query", "desa", code=1).stderr
    assert "lebih" in archive_folder.topics.read_text(encoding="utf-8")


def test_topics_are_listed_where_there_is_no_index(telisik: Telisik, archive_folder: ArchiveFolder) -> None:
    for path in sorted(archive_folder.generations.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert set(listed(telisik).values()) == {None}
    assert "There is no index" in telisik("list").stderr
    telisik("test", "kata", code=1)


def test_nothing_is_written_while_another_process_writes(telisik: Telisik, archive_folder: ArchiveFolder) -> None:
    with writing(archive_folder):
        telisik("add", "desa", "--label", "Desa", "--query", "desa", code=1)
    assert not archive_folder.topics.exists()


@pytest.mark.parametrize("command", topics_group.commands.values(), ids=lambda command: command.name)
def test_every_command_explains_itself_with_an_example(command: click.Command) -> None:
    assert f"Example: telisik topics {command.name}" in (command.help or "")
