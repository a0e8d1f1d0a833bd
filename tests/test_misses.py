"""The log of searches without hits: what is kept of a search, what never is, and what becomes of it."""

import json
import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import ArchiveMaker, make_article

from index.misses import KEPT_DAYS, LONGEST_TEXT, Miss, Misses, MissesUnusable
from index.settings import ArchiveFolder
from search.archive import Archive
from search.missed import missed_text
from search.query import Query
from web.commands_misses import MissUnknown, misses_command

DAY = date(2026, 3, 14)


@pytest.fixture
def misses(archive_folder: ArchiveFolder) -> Misses:
    archive_folder.path.mkdir()
    return Misses(archive_folder)


# --- the log


def test_words_are_counted_folded_the_most_frequent_first(misses: Misses) -> None:
    assert misses.listed() == ()
    for text in ("Bung  Wirja", "bung wirja", "BUNG WIRJÁ", "kelangkaan"):
        misses.note(text, DAY)
    misses.note("bung wirja", DAY - timedelta(days=2))
    assert misses.listed() == (Miss("bung wirja", 4, DAY), Miss("kelangkaan", 1, DAY))
    assert misses.listed(DAY) == (Miss("bung wirja", 3, DAY), Miss("kelangkaan", 1, DAY))
    assert misses.listed(DAY + timedelta(days=1)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "x" * (LONGEST_TEXT + 1),
        "ratna.dewi@uji.example",
        "0812-3456-7890",
        "3201 2345 6789 0123",
        "+62812345678",
    ],
)
def test_what_may_be_a_private_persons_or_is_no_search_is_not_kept(misses: Misses, text: str) -> None:
    misses.note(text, DAY)
    assert misses.listed() == ()


@pytest.mark.parametrize(
    "text", ["tanggal:2019-01-01..2021-12-31 wirja", "17 agustus 1945", "rp1.250.000", "uu 11/2020"]
)
def test_dates_and_amounts_are_no_private_numbers(misses: Misses, text: str) -> None:
    misses.note(text, DAY)
    assert [miss.text for miss in misses.listed()] == [text]


def test_words_and_all_words_are_taken_out(misses: Misses) -> None:
    assert not misses.forget("wirja")
    misses.clear()
    for text in ("wirja", "wirja", "kelangkaan"):
        misses.note(text, DAY)
    assert misses.forget("Wirja")
    assert not misses.forget("wirja")
    assert [miss.text for miss in misses.listed()] == ["kelangkaan"]
    misses.clear()
    assert misses.listed() == ()


def test_the_log_is_bounded_in_days_and_in_rows(misses: Misses, monkeypatch: pytest.MonkeyPatch) -> None:
    misses.note("lama", DAY - timedelta(days=KEPT_DAYS + 1))
    misses.note("sering", DAY)
    misses.note("sering", DAY)
    assert [miss.text for miss in misses.listed()] == ["sering"]
    monkeypatch.setattr("index.misses.MOST_ROWS", 10)
    for number in range(25):
        misses.note(f"banjir {number}", DAY + timedelta(days=1))
        assert len(misses.listed()) <= 10
    assert misses.listed()[0] == Miss("sering", 2, DAY)


def test_a_search_neither_waits_nor_fails_where_the_log_cannot_be_written(misses: Misses) -> None:
    misses.note("wirja", DAY)
    with sqlite3.connect(misses.path) as other:
        other.execute("BEGIN EXCLUSIVE")
        misses.note("kelangkaan", DAY)
        other.rollback()
    assert [miss.text for miss in misses.listed()] == ["wirja"]


def test_where_no_file_can_be_made_nothing_is_noted(misses: Misses) -> None:
    misses.path.parent.rmdir()
    misses.note("wirja", DAY)
    assert misses.listed() == ()


def test_a_damaged_log_is_told_to_who_reads_it_and_begun_anew_by_the_next_search(misses: Misses) -> None:
    misses.path.write_bytes(b"no database " * 100)
    with pytest.raises(MissesUnusable, match=r"misses\.sqlite"):
        misses.listed()
    misses.note("wirja", DAY)
    misses.note("wirja", DAY)
    assert misses.listed() == (Miss("wirja", 1, DAY),)


# --- which searches miss


ARTICLES = (
    make_article(
        id="uji-1", url=None, title="Pasar induk ramai", body="Bung Karta membuka pasar induk.", people=("Hadi",)
    ),
    make_article(
        id="uji-2", url=None, title="Harga beras turun", body="Harga beras turun, kata Wirja.", people=("Hadi",)
    ),
    make_article(id="uji-3", url=None, title="Kabar Hadi", body="Tak ada kabar.", people=("Hadi",)),
)


@pytest.fixture
def archive(archive_with: ArchiveMaker) -> Archive:
    return archive_with(*ARTICLES)


@pytest.mark.parametrize(
    ("query", "missed"),
    [
        (Query("kelangkaan"), True),
        (Query("bung wirja"), True),  # no article has both
        (Query("harga beras"), False),
        (Query("beras", sections=("Olahraga",)), False),  # the words are known
        (Query("kelangkaan", sections=("Ekonomi",)), False),
        (Query("kelangkaan", published_from=DAY), False),
        (Query("kelangkaan", page=2), False),
        (Query(""), False),
        (Query("hadi"), False),  # its page is offered
    ],
)
def test_a_miss_is_words_alone_that_no_article_has_together(archive: Archive, query: Query, missed: bool) -> None:
    assert missed_text(archive.search(query)) == (query.text if missed else None)


# --- the command


def run(folder: ArchiveFolder, *arguments: str) -> tuple[str, str]:
    result = CliRunner().invoke(misses_command, arguments, obj=folder.path, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout, result.stderr


def test_the_command_lists_what_missed_and_what_it_finds_now(archive: Archive) -> None:
    misses, today = Misses(archive.folder), archive.today()
    assert "No search of these days was without a hit." in run(archive.folder)[1]
    for text, times in (("kelangkaan", 11), ("turun", 2), ("hadi", 1)):
        for _time in range(times):
            misses.note(text, today)
    misses.note("dahulu", today - timedelta(days=100))
    out, _said = run(archive.folder)
    lines = [line.split(" (")[0] for line in out.splitlines()]
    assert lines == ["11  kelangkaan", " 2  turun", " 1  hadi"]
    assert "now" not in out.splitlines()[0]
    assert "now: 1 article)" in out.splitlines()[1]
    assert "now: 1 article)" in out.splitlines()[2]  # has the word, though the person's page has three
    record = json.loads(run(archive.folder, "--json", "--limit", "1", "--days", "365")[0])
    assert record == {
        "days": 365,
        "total": 4,
        "misses": [{"text": "kelangkaan", "times": 11, "last": today.isoformat(), "articles_now": 0, "page_now": None}],
    }
    assert "... and 2 more" in run(archive.folder, "--limit", "1")[1]


def test_words_that_became_a_name_lead_to_its_page(archive: Archive) -> None:
    misses, today = Misses(archive.folder), archive.today()
    misses.note("bung uji", today)
    archive.folder.people.write_text("slug,name,aliases\nhadi,Hadi,Bung Uji\n", encoding="utf-8")
    assert "now: the page of Hadi, 3 articles)" in run(archive.folder)[0]
    (record,) = json.loads(run(archive.folder, "--json")[0])["misses"]
    assert record["articles_now"] == 0
    assert record["page_now"] == {"kind": "person", "slug": "hadi", "articles": 3}


def test_the_command_takes_words_out(archive: Archive) -> None:
    misses = Misses(archive.folder)
    for text in ("kelangkaan", "bung wirja"):
        misses.note(text, archive.today())
    run(archive.folder, "--forget", "Kelangkaan")
    assert [miss.text for miss in misses.listed()] == ["bung wirja"]
    with pytest.raises(MissUnknown):
        run(archive.folder, "--forget", "kelangkaan")
    run(archive.folder, "--clear")
    assert misses.listed() == ()
    result = CliRunner().invoke(misses_command, ["--clear", "--forget", "x"], obj=archive.folder.path)
    assert result.exit_code == 2


def test_without_an_index_the_log_is_listed_all_the_same(archive: Archive, tmp_path: Path) -> None:
    Misses(archive.folder).note("kelangkaan", archive.today())
    archive.folder.generations.rename(tmp_path / "generations")
    out, said = run(archive.folder)
    assert "kelangkaan" in out
    assert "There is no index" in said


@pytest.mark.parametrize("text", ["\x1b[2mhijau", "hijau\0", "hijau \u202ebiru", "\x9b2mhijau", "\u2067hijau"])
def test_what_orders_a_terminal_about_is_not_noted(misses: Misses, text: str) -> None:
    misses.note(text, DAY)
    misses.note("hijau\tmuda", DAY)
    assert [miss.text for miss in misses.listed()] == ["hijau muda"]
