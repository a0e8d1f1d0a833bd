"""The `telisik` command: what each sub-command does, prints and ends with, and the server as it is really started."""

import csv
import ctypes
import hashlib
import io
import json
import logging
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import click
import pytest
from click.testing import CliRunner, Result
from conftest import fill, make_article

from index import generations
from index.article import Article
from index.article_json import record_from
from index.controls import has_controls
from index.settings import ArchiveFolder
from web.app import create_app
from web.cli import VisibleFormatter, main

ROOT = Path(__file__).parent.parent
COMMANDS = "delete demo doctor export import index restore search serve show stats withdraw".split()

Telisik = Callable[..., Result]


@pytest.fixture
def telisik(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Telisik:
    """Return a function that runs a command line, in English and in an empty folder; `code` is how it must end."""
    monkeypatch.delenv("TELISIK_ARCHIVE", raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path, code: int = 0, **options: object) -> Result:
        result = CliRunner().invoke(main, ["--lang", "en", *map(str, arguments)], **options)  # type: ignore[arg-type]
        assert result.exit_code == code, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


def record(number: int, **changes: object) -> dict[str, object]:
    """Return the record of an article as a file holds it."""
    return {
        "id": f"uji-{number}",
        "title": f"Harga beras {number}",
        "body": f"Harga beras naik {number} persen.\nPedagang mengeluh.",
        "date": f"2023-07-{number:02}T08:00:00+07:00",
        "section": "Ekonomi" if number % 2 else "Hukum",
        "source": "Harian Uji",
        "authors": ["Ratna Dewi"],
        **changes,
    }


def write_jsonl(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return path


@pytest.fixture
def filled(telisik: Telisik, tmp_path: Path) -> Telisik:
    """Return the command in a folder whose default archive holds twelve articles."""
    telisik("import", write_jsonl(tmp_path / "berita.jsonl", *(record(n) for n in range(1, 13))))
    return telisik


def found_by(telisik: Telisik, *arguments: str) -> list[str]:
    return [hit["id"] for hit in json.loads(telisik("search", "--json", *arguments).stdout)["hits"]]


def stats_of(telisik: Telisik, *arguments: str | Path) -> dict[str, object]:
    return json.loads(telisik("stats", "--json", *arguments).stdout)


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
def test_wrong_usage_ends_with_2(filled: Telisik, arguments: list[str]) -> None:
    result = filled(*arguments, code=2)
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


def test_an_import_in_vain_leaves_what_was_there(filled: Telisik, tmp_path: Path) -> None:
    filled("import", "tiada", code=1)
    assert stats_of(filled)["articles"] == 12
    (tmp_path / "baru").mkdir()
    settings = tmp_path / "baru" / "telisik.toml"
    settings.write_text('title = "Baru"')
    filled("import", "tiada", "--archive", "baru", code=1)
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
    filled: Telisik, tmp_path: Path, arguments: list[str], address: str
) -> None:
    client = create_app(tmp_path / "arsip", language="en").test_client()
    served = client.get(f"/search.json?{address}").get_json()
    printed = json.loads(filled("search", *arguments, "--json").stdout)
    assert [hit.pop("link") for hit in printed["hits"]] == [None] * len(printed["hits"])
    for hit in served["hits"]:
        assert hit.pop("link") == f"http://localhost/articles/{hit['id']}"
    assert served.pop("next", None) is None or served["total"] > served["page"] * served["size"]
    printed.pop("took_ms")
    served.pop("took_ms")
    assert printed == served


def test_a_search_without_words_finds_all_that_the_options_leave(filled: Telisik) -> None:
    assert found_by(filled, "--section", "Hukum", "--limit", "3") == ["uji-12", "uji-10", "uji-8"]
    assert len(found_by(filled, "--limit", "100")) == 12


def test_words_that_the_shell_parts_are_one_query(filled: Telisik) -> None:
    assert found_by(filled, "beras", "7", "--limit", "3") == found_by(filled, "beras 7", "--limit", "3") != []


def test_a_search_is_printed_for_people(filled: Telisik) -> None:
    result = filled("search", "beras 7", "--limit", "1")
    assert "1 article for: beras 7" in result.stdout
    assert "1. Harga beras 7" in result.stdout
    assert "Friday, 7 July 2023 at 08:00 WIB · Ekonomi · Harian Uji · Ratna Dewi · uji-7" in result.stdout
    assert "   Harga beras naik 7 persen." in result.stdout
    assert "5. Harga beras" in filled("search", "beras", "--limit", "4", "--page", "2").stdout
    assert "closed at the end" in filled("search", '"harga beras').stderr
    assert "some of them" in filled("search", "beras kapal").stderr
    assert "Did you mean: beras" in filled("search", "berass").stderr


# --- show, export, stats


def test_an_article_is_shown_with_all_that_was_said_of_it(filled: Telisik) -> None:
    assert json.loads(filled("show", "uji-3", "--json").stdout) == record(3)
    filled("withdraw", "uji-3", "--reason", "Melanggar hak anak.")
    shown = filled("show", "uji-3").stdout
    assert "Harga beras 3 [withdrawn]" in shown
    assert "Melanggar hak anak." in shown
    assert "\nPedagang mengeluh." in shown  # its keeper still reads what readers do not
    assert "no article with the id uji-99" in filled("show", "uji-99", code=1).stderr


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


def test_hits_are_bold_on_a_terminal(filled: Telisik) -> None:
    assert "\n1. Harga \x1b[1mberas\x1b[0m " in filled("search", "beras", color=True).stdout


def test_references_tell_the_day_in_the_zone_of_the_archive(telisik: Telisik, tmp_path: Path) -> None:
    late = {"id": "a", "title": "Malam", "body": "Panen raya.", "date": "2023-07-28T20:00:00+00:00"}
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(late), encoding="utf-8")
    telisik("import", file)
    assert "DA  - 2023/07/29" in telisik("export", "--format", "ris").stdout


def test_an_export_is_the_whole_archive_or_what_a_query_finds(filled: Telisik) -> None:
    lines = filled("export").stdout.splitlines()
    assert [json.loads(line) for line in lines] == [record(n) for n in range(1, 13)]
    some = filled("export", "--query", "beras", "--section", "Hukum", "--from", "2023-07-09").stdout.splitlines()
    assert [json.loads(line)["id"] for line in some] == ["uji-12", "uji-10"]
    rows = list(csv.DictReader(io.StringIO(filled("export", "--format", "csv", "--query", "id:uji-5").stdout)))
    assert [(row["id"], row["title"]) for row in rows] == [("uji-5", "Harga beras 5")]
    assert filled("export", "--format", "ris").stdout.count("TY  - NEWS") == 12
    assert filled("export", "--format", "bibtex").stdout.count("@article{") == 12
    assert filled("export", "--query", "antariksa").stdout == ""
    assert filled("export", "--section", "Hukum").stdout.count("\n") == 6


def test_references_name_the_publisher_that_is_set(filled: Telisik) -> None:
    Path("arsip", "telisik.toml").write_text('publisher = "PT Uji & Kawan"')
    assert filled("export", "--format", "ris").stdout.count("PB  - PT Uji & Kawan") == 12
    assert (
        filled("export", "--format", "bibtex", "--query", '"beras 3"').stdout.count("publisher = {PT Uji \\& Kawan}")
        == 1
    )
    assert "PT Uji" not in filled("export", "--format", "csv").stdout


def test_stats_have_what_programs_are_promised(filled: Telisik) -> None:
    stats = stats_of(filled)
    promised = {"articles", "first_date", "last_date", "sections", "sequence", "indexed_sequence", "store_bytes"}
    assert promised | {"index_bytes", "engine"} <= set(stats)
    assert (stats["articles"], stats["sequence"], stats["indexed_sequence"]) == (12, 12, 12)
    assert (stats["first_date"], stats["last_date"]) == ("2023-07-01", "2023-07-12")
    assert stats["sections"] == {"Ekonomi": 6, "Hukum": 6}
    assert int(str(stats["store_bytes"])) > 0
    assert int(str(stats["index_bytes"])) > 0
    printed = filled("stats").stdout
    assert "12" in printed
    assert "2023" in printed


# --- withdraw, restore, delete, index, doctor, demo


def test_a_withdrawn_article_is_found_by_its_title_and_a_restored_one_by_its_text(filled: Telisik) -> None:
    filled("withdraw", "uji-4", "--reason", "Salah.")
    assert found_by(filled, "id:uji-4") == ["uji-4"]
    assert found_by(filled, "judul:4") == ["uji-4"]
    assert found_by(filled, "isi:4") == []
    assert json.loads(filled("show", "uji-4", "--json").stdout)["status"] == "withdrawn"
    filled("restore", "uji-4")
    assert found_by(filled, "isi:4") == ["uji-4"]
    for arguments in (["withdraw", "uji-99", "--reason", "x"], ["restore", "uji-99"], ["delete", "uji-99", "--yes"]):
        assert "no article with the id uji-99" in filled(*arguments, code=1).stderr


def test_a_deletion_asks_first(filled: Telisik) -> None:
    assert "Harga beras 2" in filled("delete", "uji-2", input="n\n", code=1).output
    assert stats_of(filled)["articles"] == 12
    filled("delete", "uji-2", input="y\n")
    filled("delete", "uji-3", "--yes")
    assert stats_of(filled)["articles"] == 10
    assert found_by(filled, "id:uji-2 ATAU id:uji-3") == []
    filled("show", "uji-2", code=1)


def test_a_rebuild_makes_the_index_again_and_answers_stay(filled: Telisik, tmp_path: Path) -> None:
    before = filled("search", "beras", "--json").stdout
    assert "indexed: 12 articles, up to change 12" in filled("index", "--rebuild").stdout
    live = generations.current_generation(tmp_path / "arsip" / "generations")
    assert live is not None
    assert live.name == "000002"
    after = filled("search", "beras", "--json").stdout
    assert json.loads(before) | {"took_ms": 0} == json.loads(after) | {"took_ms": 0}


def test_the_doctor_finds_what_is_wrong_and_mends_the_index(filled: Telisik, tmp_path: Path) -> None:
    assert filled("doctor").stdout == "The archive is sound.\n"
    assert json.loads(filled("doctor", "--json").stdout) == {"faults": [], "repaired": False, "left": []}
    (toc,) = (tmp_path / "arsip" / "generations" / "000001").glob("*.toc")
    toc.write_bytes(b"")
    sick = filled("doctor", code=1)
    assert "table of contents" in sick.stderr
    assert "telisik doctor --repair" in sick.stderr
    assert len(json.loads(filled("doctor", "--json", code=1).stdout)["left"]) == 1
    mended = json.loads(filled("doctor", "--repair", "--json").stdout)
    assert (len(mended["faults"]), mended["repaired"], mended["left"]) == (1, True, [])
    assert filled("doctor").stdout == "The archive is sound.\n"
    assert len(found_by(filled, "beras")) == 10


def test_the_doctor_tells_what_is_wrong_with_the_newsrooms_files(filled: Telisik, tmp_path: Path) -> None:
    folder = tmp_path / "arsip"
    header = "slug,name,aliases,role,wikidata,note,status\n"
    (folder / "tokoh.csv").write_text(f"{header}siti,Siti,,,,,\n{header}siti,Siti Lain,,,,,\n")
    (folder / "topik.csv").write_text("slug,label,query\nuji,Uji,\n")
    (folder / "kata.txt").write_text("dua kata\n")
    (folder / "keputusan.jsonl").write_text("bukan json\n")
    sick = filled("doctor", "--repair", code=1)
    assert sick.stdout == ""
    assert sick.stderr.splitlines() == [
        "tokoh.csv: line 3: the header once more, and no record",
        'tokoh.csv: line 4: the slug "siti" is another row\'s already',
        "topik.csv: line 2: a topic needs a query; that of a section is rubrik:NAME",
        'kata.txt: line 1: "dua kata" is not one word of letters',
        "arsip/keputusan.jsonl is damaged; restore it from a backup",
        "The rows named are left out of the newsroom's files; correct them there.",
    ]


def test_the_doctor_sees_that_the_store_is_older_than_the_index(filled: Telisik, tmp_path: Path) -> None:
    store = tmp_path / "arsip" / "articles.sqlite"
    backup = store.read_bytes()
    (tmp_path / "lagi.jsonl").write_text(json.dumps(record(1, body="Isi yang diperbarui.")))
    filled("import", "lagi.jsonl")
    store.write_bytes(backup)
    assert "an older store?" in filled("doctor", code=1).stderr
    filled("doctor", "--repair")
    assert found_by(filled, "diperbarui") == []
    assert filled("doctor").stdout == "The archive is sound.\n"


COMMANDS_ON_A_STORE = [
    ["search", "beras"],
    ["show", "uji-1"],
    ["export"],
    ["stats"],
    ["import", "berita.jsonl"],
    ["withdraw", "uji-1", "--reason", "Salah."],
    ["doctor"],
    ["doctor", "--json"],
    ["doctor", "--repair"],
]


@pytest.mark.parametrize("arguments", COMMANDS_ON_A_STORE, ids=" ".join)
@pytest.mark.parametrize("begin", [0, 4096], ids=["no database", "damaged"])
def test_a_store_that_is_damaged_fails_every_command_with_words(
    filled: Telisik, tmp_path: Path, arguments: list[str], begin: int
) -> None:
    (tmp_path / "berita.jsonl").write_text(json.dumps(record(1)))
    store = tmp_path / "arsip" / "articles.sqlite"
    good = store.read_bytes()
    store.write_bytes(good[:begin] + b"\xaa" * (len(good) - begin))
    result = filled(*arguments, code=1)
    assert "file is not a database" in result.output or "malformed" in result.output or "invalid page" in result.output


def test_a_doctor_makes_no_store_of_an_empty_file_and_keeps_the_index(filled: Telisik, tmp_path: Path) -> None:
    store = tmp_path / "arsip" / "articles.sqlite"
    store.write_bytes(b"")
    assert "holds no archive" in filled("doctor", "--repair", code=1).stderr
    assert store.read_bytes() == b""


@pytest.mark.parametrize("arguments", COMMANDS_ON_A_STORE, ids=" ".join)
def test_an_archive_cannot_lie_below_a_file(telisik: Telisik, tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "berita.jsonl").write_text(json.dumps(record(1)))
    result = telisik("--archive", "berita.jsonl/arsip", *arguments, code=1)
    assert result.stderr.startswith("telisik: berita.jsonl/arsip")
    assert "Not a directory" in result.stderr or "holds no archive" in result.stderr


def test_the_demo_is_an_archive_of_the_samples(telisik: Telisik, tmp_path: Path) -> None:
    assert "arsip-demo holds" in telisik("demo", "--no-serve").stdout
    demo = stats_of(telisik, "--archive", "arsip-demo")
    assert int(str(demo["articles"])) >= 60
    telisik("--archive", tmp_path / "lain", "demo", "--no-serve")
    telisik("demo", "--no-serve", "--archive", tmp_path / "lagi")
    assert {p.name for p in tmp_path.iterdir()} == {"arsip-demo", "lain", "lagi"}
    telisik(
        "demo", "--no-serve", env={"TELISIK_ARCHIVE": str(tmp_path / "sungguhan")}
    )  # not into somebody's real archive
    assert not (tmp_path / "sungguhan").exists()
    assert stats_of(telisik, "--archive", "arsip-demo") == demo
    assert telisik("doctor", "--archive", "arsip-demo").stdout == "The archive is sound.\n"


def test_the_demo_makes_an_index_of_another_version_again(telisik: Telisik, tmp_path: Path) -> None:
    telisik("demo", "--no-serve")
    change_version(tmp_path / "arsip-demo")
    again = telisik("demo", "--no-serve")
    assert "the index has version older, this program needs" in again.stderr
    assert "is made again" in again.stderr
    assert "is made again" not in telisik("demo", "--no-serve").stderr
    assert telisik("doctor", "--archive", "arsip-demo").exit_code == 0


def test_who_must_make_the_index_again_is_told_the_command(filled: Telisik, tmp_path: Path) -> None:
    folder = tmp_path / "arsip lama"
    (tmp_path / "arsip").rename(folder)
    change_version(folder)
    told = filled("search", "beras", "--archive", "arsip lama", code=1).stderr
    command = told.strip().split("run: telisik ")[1]
    assert command == "index --rebuild --archive 'arsip lama'"
    filled(*shlex.split(command))
    filled("search", "beras", "--archive", "arsip lama")


def change_version(folder: Path) -> None:
    """Make the index one of an earlier version of the program."""
    for manifest in ArchiveFolder(folder).generations.glob("*/manifest-*.json"):
        manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "schema_version": "older"}))


def test_a_second_writer_is_told_to_wait(filled: Telisik, tmp_path: Path) -> None:
    code = (
        "import pathlib, sys; from index.settings import ArchiveFolder; from index.writer import writing\n"
        "with writing(ArchiveFolder(pathlib.Path(sys.argv[1]))): print('ready', flush=True); input()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "arsip")], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"ready\n"
    assert "another process is writing" in filled("import", "berita.jsonl", code=1).stderr
    assert len(found_by(filled, "beras")) == 10  # readers do not wait
    holder.communicate(b"\n")
    filled("import", "berita.jsonl")


# --- serve


SERVE = "import sys; from web.cli import main; main(sys.argv[1:])"
STARTED_WITHIN = 30.0  # seconds
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1  # <linux/prctl.h>, <linux/capability.h>


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@contextmanager
def served(folder: Path, **options: object) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve an archive in a process of its own, and yield its address once it answers."""
    port = free_port()
    command = [sys.executable, "-c", SERVE, "--lang", "en", "serve", "--archive", str(folder), "--port", str(port)]
    server = subprocess.Popen([*command, "--workers", "1"], cwd=ROOT, stderr=subprocess.PIPE, **options)  # type: ignore[call-overload]
    try:
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + STARTED_WITHIN
        while True:
            try:
                fetched(f"{address}/healthz")
                break
            except URLError:
                assert server.poll() is None, server.stderr.read().decode()
                assert time.monotonic() < deadline
                time.sleep(0.05)
        yield address, server
    finally:
        server.kill()
        server.communicate()


def fetched(address: str) -> str:
    with urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


def found_at(address: str, text: str) -> tuple[int, list[str]]:
    answer = json.loads(fetched(f"{address}/search.json?q={text}"))
    return answer["total"], [hit["id"] for hit in answer["hits"]]


def in_another_process(folder: Path, *articles: Article) -> None:
    """Import articles the way a newsroom's nightly job does, beside the running server."""
    source = folder.parent / "susulan.jsonl"
    write_jsonl(source, *map(record_from, articles))
    command = [sys.executable, "-c", SERVE, "import", str(source), "--archive", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def contents(folder: Path) -> dict[str, tuple[int, str]]:
    """Time of change and checksum of all files; SQLite's own shared memory, through which readers announce themselves, aside."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


def test_the_server_answers_sees_commits_writes_nothing_and_ends_when_told(tmp_path: Path) -> None:
    folder = ArchiveFolder(tmp_path / "arsip")
    fill(folder, [make_article()])
    before = contents(folder.path)
    with served(folder.path) as (address, server):
        assert json.loads(fetched(f"{address}/healthz"))["status"] == "ok"
        assert "<mark>beras</mark>" in fetched(f"{address}/search?q=beras")
        assert "Harga beras naik" in fetched(f"{address}/articles/uji-1")
        assert contents(folder.path) == before
        in_another_process(folder.path, make_article(id="uji-2", url=None, title="Beras susulan"))
        assert found_at(address, "susulan") == (1, ["uji-2"])
        assert found_at(address, "beras")[0] == 2
        assert json.loads(fetched(f"{address}/healthz"))["articles"] == 2
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=15) == 0
    assert CliRunner().invoke(main, ["doctor", "--archive", str(folder.path)]).exit_code == 0


@pytest.fixture
def locked_folder(tmp_path: Path) -> Iterator[ArchiveFolder]:
    """An archive that the server can only read."""
    folder = ArchiveFolder(tmp_path / "arsip")
    fill(folder, [make_article()])
    set_rights(folder.path, writable=False)
    yield folder
    set_rights(folder.path, writable=True)


def set_rights(folder: Path, *, writable: bool) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod((0o755 if path.is_dir() else 0o644) if writable else (0o555 if path.is_dir() else 0o444))


def obey_rights() -> None:
    """Make the process that is started here obey the rights of files, which root otherwise passes over."""
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE)


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_server_says_that_its_port_is_taken(filled: Telisik, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = filled(command, "--archive", "arsip", "--port", str(port), code=1)
    assert f"cannot listen on 127.0.0.1, port {port}: Address already in use; name another one" in result.stderr
    assert "answers at" not in result.stderr


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('accent = "#f0c8c8"', "accent: #f0c8c8 sulit dibaca (kontras 1,3:1, perlu sedikitnya 4,5:1)"),
        ('accent = "merah"', "accent harus berupa warna"),
        ('timezone = "Asia/Bandung"', "Asia/Bandung"),
        ("title = ", "tidak dapat dibaca"),
    ],
)
def test_a_server_whose_settings_cannot_be_followed_says_so_and_does_not_start(
    filled: Telisik, settings: str, told: str
) -> None:
    Path("arsip", "telisik.toml").write_text(settings)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = filled("--lang", "id", "serve", "--port", str(taken.getsockname()[1]), code=1)
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "http://" not in result.stderr


def test_settings_that_are_none_are_named_with_the_nearest(filled: Telisik) -> None:
    file = Path("arsip", "telisik.toml")
    file.write_text('titel = "Arsip Uji"\n[warna]\nutama = "#8a1c1f"\n')
    told = f'{file}: there is no setting "titel"; nearest: title\n{file}: there is no setting "warna"; nearest: title, timezone,'
    for arguments in (["stats"], ["stats", "--json"], ["doctor"]):
        assert filled(*arguments).stderr.startswith(told)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert filled("serve", "--port", str(taken.getsockname()[1]), code=1).stderr.startswith(told)
    file.write_text("".join(f"{name} = {value}\n" for name, value in SETTINGS_OF_A_NEWSROOM.items()))
    assert filled("stats").stderr == ""


SETTINGS_OF_A_NEWSROOM = {
    "title": '"Arsip Uji"', "timezone": '"Asia/Jayapura"', "recency": "false", "misses": "false", "publisher": '"PT Uji"',
    "footer": '"Uji."', "accent": '"#8a1c1f"', "accent_dark": '"#f0a8a8"',
}  # fmt: skip


def test_the_server_needs_no_right_to_write(locked_folder: ArchiveFolder) -> None:
    before = contents(locked_folder.path)
    names = sorted(path.name for path in locked_folder.path.iterdir())
    with served(locked_folder.path, preexec_fn=obey_rights) as (address, _server):
        assert found_at(address, "beras") == (1, ["uji-1"])
        assert "Harga beras naik" in fetched(f"{address}/articles/uji-1")
    assert contents(locked_folder.path) == before
    assert sorted(path.name for path in locked_folder.path.iterdir()) == names


def test_a_server_without_rights_sees_commits_too(locked_folder: ArchiveFolder) -> None:
    folder = locked_folder.path
    with served(folder, preexec_fn=obey_rights) as (address, _server):
        assert found_at(address, "beras") == (1, ["uji-1"])
        for number in (2, 3, 2):
            set_rights(folder, writable=True)
            title = f"Susulan {number} {time.monotonic_ns()}"
            in_another_process(folder, make_article(id=f"uji-{number}", url=None, title=title))
            set_rights(folder, writable=False)
            assert found_at(address, f"judul:susulan+{number}") == (1, [f"uji-{number}"])
            assert title in fetched(f"{address}/articles/uji-{number}")
