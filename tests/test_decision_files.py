"""The files that decisions write: none is lost to a table that is wrong, to others who decide at the same time, or to a crash."""

import json
import multiprocessing
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from test_decisions import BY, HEADER, people, text

from index.authority import AuthorityError
from index.decisions import Decisions
from index.settings import ArchiveFolder


@pytest.fixture
def folder(tmp_path: Path) -> ArchiveFolder:
    return ArchiveFolder(tmp_path)


@pytest.fixture
def decisions(folder: ArchiveFolder) -> Decisions:
    return Decisions(folder)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (HEADER + "a,A Uji,,,,,\na,B Uji,,,,,\n", "line 3: the slug"),
        (HEADER + "a,A Uji,,,,,\nb,,,,,,\n", "line 3: a record needs a name"),
        ("judul\nA\n", "the first line must name the columns"),
        ('name\n"A\nB\n', "a quotation mark opened here is never closed"),
    ],
)
def test_a_file_with_rows_that_would_be_lost_is_never_written(
    folder: ArchiveFolder, decisions: Decisions, content: str, reason: str
) -> None:
    folder.people.write_text(content)
    with pytest.raises(AuthorityError) as told:
        decisions.accept(BY, "Siti Rahma")
    assert str(folder.people) in str(told.value)
    assert reason in str(told.value)
    assert "mend the file first" in str(told.value)
    assert (text(folder), decisions.log()) == (content, [])


def test_where_nothing_can_be_written_the_error_says_so(tmp_path: Path) -> None:
    with pytest.raises(AuthorityError, match="No such file or directory"):
        Decisions(ArchiveFolder(tmp_path / "nihil")).accept(BY, "Siti")


def test_the_file_keeps_its_mode(folder: ArchiveFolder, decisions: Decisions) -> None:
    folder.people.write_text(HEADER)
    folder.people.chmod(0o664)
    decisions.accept(BY, "Siti")
    assert stat.S_IMODE(folder.people.stat().st_mode) == 0o664


def _accept_many(path: Path, names: list[str]) -> None:
    decisions = Decisions(ArchiveFolder(path))
    for name in names:
        decisions.accept(BY, name)


def test_decisions_at_the_same_time_lose_none(folder: ArchiveFolder) -> None:
    letters = "ABCD"
    runs = [
        multiprocessing.get_context("spawn").Process(
            target=_accept_many, args=(folder.path, [f"{letter}{n} Uji" for n in range(8)])
        )
        for letter in letters
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert [run.exitcode for run in runs] == [0] * len(runs)
    assert sorted(person.name for person in people(folder).values()) == [
        f"{c}{n} Uji" for c in letters for n in range(8)
    ]
    assert [decision.number for decision in Decisions(folder).log()] == list(range(32, 0, -1))


class _Crash(BaseException):
    pass


@pytest.fixture
def crash_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[Decisions, str, int], None]:
    """Return a function that decides while the n-th call of an `os` or `Path` function ends the process."""

    def crash(decisions: Decisions, where: str, count: int) -> None:
        calls = [0]
        target = os if where == "fsync" else Path
        real = getattr(target, where)

        def ending(*arguments: object) -> object:
            calls[0] += 1
            if calls[0] == count:
                raise _Crash
            return real(*arguments)

        with monkeypatch.context() as patched:
            patched.setattr(target, where, ending)
            with pytest.raises(_Crash):
                decisions.accept(BY, "Budi")

    return crash


@pytest.mark.parametrize(
    ("where", "count", "done"), [("fsync", 1, False), ("fsync", 2, False), ("fsync", 3, True), ("replace", 1, True)]
)
def test_after_a_crash_the_file_is_an_old_one_and_the_next_decision_finishes_what_the_log_tells(
    folder: ArchiveFolder,
    decisions: Decisions,
    crash_at: Callable[[Decisions, str, int], None],
    where: str,
    count: int,
    done: bool,
) -> None:
    decisions.accept(BY, "Siti Rahma")
    before = text(folder)
    crash_at(decisions, where, count)
    assert text(folder) == before
    decisions.accept(BY, "Ratna")
    assert list(people(folder)) == ["siti-rahma", *["budi"] * done, "ratna"]
    assert [decision.name for decision in decisions.log()] == ["Ratna", *["Budi"] * done, "Siti Rahma"]
    assert sorted(path.name for path in folder.path.iterdir()) == ["keputusan.jsonl", "tokoh.csv"]


def test_after_a_crash_a_change_by_hand_is_not_overwritten(
    folder: ArchiveFolder, decisions: Decisions, crash_at: Callable[[Decisions, str, int], None]
) -> None:
    decisions.accept(BY, "Siti Rahma")
    crash_at(decisions, "replace", 1)
    folder.people.write_text(HEADER + "dewi,Dewi,,,,,\n")
    decisions.accept(BY, "Ratna")
    assert list(people(folder)) == ["dewi", "ratna"]


def test_a_line_of_the_log_that_a_crash_cut_short_is_no_decision(folder: ArchiveFolder, decisions: Decisions) -> None:
    decisions.accept(BY, "Siti Rahma")
    log = folder.path / "keputusan.jsonl"
    with log.open("a") as file:
        file.write('{"number": 2, "at"')
    assert [decision.number for decision in decisions.log()] == [1]
    decisions.accept(BY, "Budi")
    assert [decision.number for decision in decisions.log()] == [2, 1]
    assert [json.loads(line)["number"] for line in log.read_text().splitlines()] == [1, 2]


@pytest.mark.parametrize("line", ["{", '{"number": 1}', "[]"])
def test_a_damaged_log_is_told_and_nothing_is_decided(folder: ArchiveFolder, decisions: Decisions, line: str) -> None:
    (folder.path / "keputusan.jsonl").write_text(line + "\n")
    with pytest.raises(AuthorityError, match="is damaged; restore it from a backup"):
        decisions.log()
    with pytest.raises(AuthorityError, match="is damaged"):
        decisions.accept(BY, "Siti")
    assert text(folder) == ""
