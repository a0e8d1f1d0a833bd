"""The `telisik` command: what each sub-command does, prints and ends with, and the server as it is really started."""

import csv
import io
import json
import logging
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from command_line import Telisik, found_by, record, stats_of, write_jsonl

from index.controls import has_controls
from web.app import create_app
from web.cli import VisibleFormatter, main

COMMANDS = "delete demo doctor export import index restore search serve show stats withdraw".split()


# --- help, usage, and which archive


def test_the_commands_are_those_of_the_design(telisik: Telisik) -> None:
    assert set(COMMANDS) <= set(main.commands)
    shown = telisik("--help").stdout
    assert all(re.search(rf"^  {name} +\S", shown, re.MULTILINE) for name in main.commands)


@pytest.mark.parametrize("name", [None, *sorted(main.commands)])
def test_every_command_has_help_with_one_example_that_is_read(telisik: Telisik, name: str | None) -> None:
    command = main.commands[name] if name else main
    shown = " ".join(telisik(*([name] if name else []), "--help").stdout.split())
    assert shown.count("Example: telisik ") == 1
    assert " --archive " in shown
    assert command.help
    example = command.help.split("Example: ")[1].strip()
    for line in example.split(" && "):
        words = shlex.split(line.split(" > ")[0])
        assert words[0] == "telisik"
        chosen = main.commands[words[1]]
        assert name in (None, words[1])
        chosen.make_context(words[1], words[2:], parent=click.Context(main, obj=Path("arsip")))


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_option_is_explained(name: str) -> None:
    assert [p.name for p in main.commands[name].params if isinstance(p, click.Option) and not p.help] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["search", "beras", "--sort", "harga"],
        ["search", "beras", "--limit", "0"],
        ["search", "beras", "--page", "1000001"],
        ["search", "beras", "--from", "besok"],
        ["search", "beras", "--from", "2020", "--to", "2019"],
        ["search", "x" * 2001],
        ["show"],
        ["import"],
        ["import", "x.jsonl", "--format", "docx"],
        ["export", "--format", "docx"],
        ["withdraw", "uji-1"],
        ["serve", "--port", "70000"],
    ],
    ids=lambda arguments: " ".join(arguments)[:40],
)
def test_wrong_usage_ends_with_2(stocked: Telisik, arguments: list[str]) -> None:
    result = stocked(*arguments, code=2)
    assert "Error: " in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "beras"],
        ["show", "uji-1"],
        ["export"],
        ["stats"],
        ["index"],
        ["doctor"],
        ["withdraw", "uji-1", "--reason", "Salah."],
        ["restore", "uji-1"],
        ["delete", "uji-1", "--yes"],
        ["serve"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_without_an_archive_a_command_fails_says_what_to_do_and_makes_none(
    telisik: Telisik, tmp_path: Path, arguments: list[str]
) -> None:
    result = telisik(*arguments, code=1)
    assert "arsip holds no archive; make one with: telisik import" in result.stderr
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_the_archive_is_named_before_or_after_the_command_or_by_the_environment(
    telisik: Telisik, tmp_path: Path
) -> None:
    source = write_jsonl(tmp_path / "berita.jsonl", record(1))
    telisik("--archive", tmp_path / "satu", "import", source)
    telisik("import", source, "--archive", tmp_path / "dua")
    telisik("import", source, env={"TELISIK_ARCHIVE": str(tmp_path / "tiga")})
    for name in ("satu", "dua", "tiga"):
        assert stats_of(telisik, "--archive", tmp_path / name)["articles"] == 1
    assert not (tmp_path / "arsip").exists()
    telisik(
        "--archive", tmp_path / "satu", "delete", "uji-1", "--yes", "--archive", tmp_path / "dua"
    )  # the nearer counts
    assert stats_of(telisik, "--archive", tmp_path / "satu")["articles"] == 1
    assert stats_of(telisik, "--archive", tmp_path / "dua")["articles"] == 0
    named = {"TELISIK_ARCHIVE": str(tmp_path / "dua")}
    assert json.loads(telisik("--archive", "satu", "stats", "--json", env=named).stdout)["articles"] == 1


def test_messages_are_indonesian_unless_another_language_is_asked_for(tmp_path: Path) -> None:
    missing = ["show", "uji-1", "--archive", str(tmp_path / "tidak-ada")]
    assert "tidak memuat arsip" in CliRunner().invoke(main, missing).stderr
    assert "holds no archive" in CliRunner().invoke(main, missing, env={"TELISIK_LANG": "en"}).stderr


# --- import


def test_an_import_indexes_and_says_what_it_did(telisik: Telisik, tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "berita.jsonl", record(1), record(2), "bukan objek", record(3))
    result = telisik("import", source)
    assert "4 records read from 1 files: 3 added, 0 updated, 0 unchanged" in result.stdout
    assert f"rejected: {source}, line 3: not a JSON object" in result.stderr
    assert "indexed: 3 articles, up to change 3" in result.stdout
    assert found_by(telisik, "beras") == ["uji-3", "uji-2", "uji-1"]
    write_jsonl(source, record(1), record(2, title="Judul baru"))
    again = json.loads(telisik("import", source, "--json").stdout)
    assert (again["added"], again["updated"], again["unchanged"], again["indexed"]) == (0, 1, 1, 1)
    assert found_by(telisik, "judul baru") == ["uji-2"]


def test_rejected_and_left_out_records_alone_are_no_failure(telisik: Telisik, tmp_path: Path) -> None:
    (tmp_path / "masuk").mkdir()
    write_jsonl(tmp_path / "masuk" / "berita.jsonl", {"section": "Hukum"}, record(1))
    (tmp_path / "masuk" / "foto.jpg").write_bytes(b"\xff\xd8")
    report = json.loads(telisik("import", "masuk", "--json").stdout)
    assert (report["files"], report["read"], report["added"], report["stopped"]) == (2, 3, 1, False)
    assert report["left_out"] == {"a file of an unknown kind (.jpg)": 1}
    assert report["rejects"] == [
        {"file": "masuk/berita.jsonl", "place": "line 1", "reason": "an article needs a title or a body"}
    ]


def test_a_refused_file_fails_the_import_and_the_others_are_kept(telisik: Telisik, tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "berita.jsonl", record(1))
    (tmp_path / "rusak.json").write_text('{"id": ')
    result = telisik("import", "tidak-ada.jsonl", "rusak.json", source, code=1)
    assert "refused: tidak-ada.jsonl: there is no such file or folder" in result.stderr
    assert "refused: rusak.json:1: not JSON" in result.stderr
    assert found_by(telisik, "beras") == ["uji-1"]


@pytest.mark.parametrize("options", [[], ["--no-index"], ["--strict"], ["--json"], ["--dry-run"]])
def test_an_import_that_could_read_nothing_makes_no_archive(
    telisik: Telisik, tmp_path: Path, options: list[str]
) -> None:
    (tmp_path / "foto.png").write_bytes(b"\x89PNG\r\n")
    before = set(tmp_path.iterdir())
    for source in ("tiada", "foto.png"):
        telisik("import", source, *options, code=1)
        assert set(tmp_path.iterdir()) == before
    assert "holds no archive" in telisik("stats", code=1).stderr


def test_an_import_in_vain_leaves_what_was_there(stocked: Telisik, tmp_path: Path) -> None:
    stocked("import", "tiada", code=1)
    assert stats_of(stocked)["articles"] == 12
    (tmp_path / "baru").mkdir()
    settings = tmp_path / "baru" / "telisik.toml"
    settings.write_text('title = "Baru"')
    stocked("import", "tiada", "--archive", "baru", code=1)
    assert list((tmp_path / "baru").iterdir()) == [settings]


def test_a_strict_import_stops_at_the_first_wrong_record(telisik: Telisik, tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "berita.jsonl", record(1), {"section": "Hukum"}, record(2))
    result = telisik("import", source, "--strict", "--json", code=1)
    assert json.loads(result.stdout)["stopped"] is True
    assert found_by(telisik, "beras") == ["uji-1"]
    assert "stopped there" in telisik("import", source, "--strict", code=1).stderr
    telisik("import", write_jsonl(source, record(1), record(2)), "--strict")
    assert sorted(found_by(telisik, "beras")) == ["uji-1", "uji-2"]


def test_a_dry_run_keeps_nothing(telisik: Telisik, tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "berita.jsonl", record(1), {"section": "Hukum"})
    report = json.loads(telisik("import", source, "--dry-run", "--json").stdout)
    assert (report["dry_run"], report["added"], report["indexed"]) == (True, 1, None)
    assert len(report["rejects"]) == 1
    assert not (tmp_path / "arsip").exists()
    telisik("import", source)
    before = stats_of(telisik)
    assert "A dry run" in telisik("import", write_jsonl(source, record(1, title="Lain"), record(2)), "--dry-run").stdout
    assert stats_of(telisik) == before


def test_an_import_without_index_waits_for_the_indexer(telisik: Telisik, tmp_path: Path) -> None:
    telisik("import", write_jsonl(tmp_path / "berita.jsonl", record(1), record(2)), "--no-index")
    stats = stats_of(telisik)
    assert (stats["articles"], stats["sequence"], stats["indexed_sequence"]) == (2, 2, 0)
    assert "telisik index" in telisik("search", "beras", code=1).stderr
    assert "indexed: 2 articles, up to change 2" in telisik("index").stdout
    assert len(found_by(telisik, "beras")) == 2


def test_a_format_is_found_out_or_named(telisik: Telisik, tmp_path: Path) -> None:
    table = tmp_path / "tabel.dat"
    table.write_text("judul,isi\nHarga beras,Naik.\n")
    assert "its format is not known" in telisik("import", table, code=1).stderr
    telisik("import", table, "--format", "csv")
    assert len(found_by(telisik, "beras")) == 1
    telisik("import", "--format", "json", table, code=1)


# --- search


@pytest.mark.parametrize(
    ("arguments", "address"),
    [
        (["beras"], "q=beras"),
        (["beras", "--limit", "3", "--page", "2"], "q=beras&size=3&page=2"),
        (["beras", "--sort", "oldest", "--limit", "100"], "q=beras&sort=oldest&size=100"),
        (["beras -hukum", "--from", "2023-07-03", "--to", "2023-07"], "q=beras+-hukum&from=2023-07-03&to=2023-07"),
        (["", "--section", "Hukum"], "section=Hukum"),
        (["beras", "--section", "hukum", "--section", "Ekonomi"], "q=beras&section=hukum&section=Ekonomi"),
        (["beras", "--source", "harian uji", "--author", "Ratna Dewi"], "q=beras&source=harian+uji&author=Ratna+Dewi"),
        (["beras", "--person", "Siti", "--topic", "pangan"], "q=beras&person=Siti&topic=pangan"),
        (['"harga beras" ATAU kapal'], "q=%22harga+beras%22+ATAU+kapal"),
        (["bears"], "q=bears"),
        (["beras", "--page", "99"], "q=beras&page=99"),
        (["beras", "--no-expand"], "q=beras&expand=0"),
        (["beras", "--no-recency"], "q=beras&recency=0"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_command_and_the_page_for_programs_answer_alike(
    stocked: Telisik, tmp_path: Path, arguments: list[str], address: str
) -> None:
    client = create_app(tmp_path / "arsip", language="en").test_client()
    served = client.get(f"/search.json?{address}").get_json()
    printed = json.loads(stocked("search", *arguments, "--json").stdout)
    assert [hit.pop("link") for hit in printed["hits"]] == [None] * len(printed["hits"])
    for hit in served["hits"]:
        assert hit.pop("link") == f"http://localhost/articles/{hit['id']}"
    assert served.pop("next", None) is None or served["total"] > served["page"] * served["size"]
    printed.pop("took_ms")
    served.pop("took_ms")
    assert printed == served


def test_a_search_without_words_finds_all_that_the_options_leave(stocked: Telisik) -> None:
    assert found_by(stocked, "--section", "Hukum", "--limit", "3") == ["uji-12", "uji-10", "uji-8"]
    assert len(found_by(stocked, "--limit", "100")) == 12


def test_words_that_the_shell_parts_are_one_query(stocked: Telisik) -> None:
    assert found_by(stocked, "beras", "7", "--limit", "3") == found_by(stocked, "beras 7", "--limit", "3") != []


def test_a_search_is_printed_for_people(stocked: Telisik) -> None:
    result = stocked("search", "beras 7", "--limit", "1")
    assert "1 article for: beras 7" in result.stdout
    assert "1. Harga beras 7" in result.stdout
    assert "Friday, 7 July 2023 at 08:00 WIB · Ekonomi · Harian Uji · Ratna Dewi · uji-7" in result.stdout
    assert "   Harga beras naik 7 persen." in result.stdout
    assert "5. Harga beras" in stocked("search", "beras", "--limit", "4", "--page", "2").stdout
    assert "closed at the end" in stocked("search", '"harga beras').stderr
    assert "some of them" in stocked("search", "beras kapal").stderr
    assert "Did you mean: beras" in stocked("search", "berass").stderr


# --- show, export, stats


def test_an_article_is_shown_with_all_that_was_said_of_it(stocked: Telisik) -> None:
    assert json.loads(stocked("show", "uji-3", "--json").stdout) == record(3)
    stocked("withdraw", "uji-3", "--reason", "Melanggar hak anak.")
    shown = stocked("show", "uji-3").stdout
    assert "Harga beras 3 [withdrawn]" in shown
    assert "Melanggar hak anak." in shown
    assert "\nPedagang mengeluh." in shown  # its keeper still reads what readers do not
    assert "no article with the id uji-99" in stocked("show", "uji-99", code=1).stderr


def test_what_is_printed_cannot_order_the_terminal_about(telisik: Telisik, tmp_path: Path) -> None:
    title = "Harga \x9b31mberas\u202e turun"
    telisik("import", write_jsonl(tmp_path / "berita.jsonl", record(1, title=title, authors=["\x9bRatna"])))
    for arguments in (
        ["search", "beras"],
        ["show", "uji-1"],
        ["search", "--json", "beras"],
        ["show", "--json", "uji-1"],
    ):
        shown = telisik(*arguments)
        assert has_controls(title)
        assert not has_controls(shown.output), arguments
        assert "31mberas" in shown.output
    assert json.loads(telisik("show", "--json", "uji-1").stdout)["title"] == title
    asked = telisik("search", "kata\x1b]0;judul")
    assert not has_controls(asked.output)
    assert not has_controls(telisik("search", '"\x1b[2m', "tanggal:\x1b[2m").output)
    assert not has_controls(telisik("show", "tak\x1b[2mada", code=1).output)


def test_the_log_cannot_order_the_terminal_about() -> None:
    record = logging.LogRecord("telisik.web", logging.ERROR, "", 0, "%s: rusak", ("/\x1b[2mhijau",), None)
    assert VisibleFormatter("%(name)s: %(message)s").format(record) == "telisik.web: /\ufffd[2mhijau: rusak"


def test_hits_are_bold_on_a_terminal(stocked: Telisik) -> None:
    assert "\n1. Harga \x1b[1mberas\x1b[0m " in stocked("search", "beras", color=True).stdout


def test_references_tell_the_day_in_the_zone_of_the_archive(telisik: Telisik, tmp_path: Path) -> None:
    late = {"id": "a", "title": "Malam", "body": "Panen raya.", "date": "2023-07-28T20:00:00+00:00"}
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(late), encoding="utf-8")
    telisik("import", file)
    assert "DA  - 2023/07/29" in telisik("export", "--format", "ris").stdout


def test_an_export_is_the_whole_archive_or_what_a_query_finds(stocked: Telisik) -> None:
    lines = stocked("export").stdout.splitlines()
    assert [json.loads(line) for line in lines] == [record(n) for n in range(1, 13)]
    some = stocked("export", "--query", "beras", "--section", "Hukum", "--from", "2023-07-09").stdout.splitlines()
    assert [json.loads(line)["id"] for line in some] == ["uji-12", "uji-10"]
    rows = list(csv.DictReader(io.StringIO(stocked("export", "--format", "csv", "--query", "id:uji-5").stdout)))
    assert [(row["id"], row["title"]) for row in rows] == [("uji-5", "Harga beras 5")]
    assert stocked("export", "--format", "ris").stdout.count("TY  - NEWS") == 12
    assert stocked("export", "--format", "bibtex").stdout.count("@article{") == 12
    assert stocked("export", "--query", "antariksa").stdout == ""
    assert stocked("export", "--section", "Hukum").stdout.count("\n") == 6


def test_references_name_the_publisher_that_is_set(stocked: Telisik) -> None:
    Path("arsip", "telisik.toml").write_text('publisher = "PT Uji & Kawan"')
    assert stocked("export", "--format", "ris").stdout.count("PB  - PT Uji & Kawan") == 12
    assert (
        stocked("export", "--format", "bibtex", "--query", '"beras 3"').stdout.count("publisher = {PT Uji \\& Kawan}")
        == 1
    )
    assert "PT Uji" not in stocked("export", "--format", "csv").stdout


def test_stats_have_what_programs_are_promised(stocked: Telisik) -> None:
    stats = stats_of(stocked)
    promised = {"articles", "first_date", "last_date", "sections", "sequence", "indexed_sequence", "store_bytes"}
    assert promised | {"index_bytes", "engine"} <= set(stats)
    assert (stats["articles"], stats["sequence"], stats["indexed_sequence"]) == (12, 12, 12)
    assert (stats["first_date"], stats["last_date"]) == ("2023-07-01", "2023-07-12")
    assert stats["sections"] == {"Ekonomi": 6, "Hukum": 6}
    assert int(str(stats["store_bytes"])) > 0
    assert int(str(stats["index_bytes"])) > 0
    printed = stocked("stats").stdout
    assert "12" in printed
    assert "2023" in printed
