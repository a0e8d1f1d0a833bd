"""Decisions about persons: what they make of the authority file, what the log tells, and what undoing gives back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.authority import COLUMNS, AuthorityError, Person, read_authority
from index.decisions import Action, Decision, Decisions
from index.namekeys import slug_of
from index.registers import read_records, read_register
from index.settings import ArchiveFolder

BY = "ratna"
HEADER = "slug,name,aliases,role,wikidata,note,status\n"


@pytest.fixture
def folder(tmp_path: Path) -> ArchiveFolder:
    return ArchiveFolder(tmp_path)


@pytest.fixture
def decisions(folder: ArchiveFolder) -> Decisions:
    return Decisions(folder)


def people(folder: ArchiveFolder) -> dict[str, Person]:
    authority = read_authority(folder.people)
    assert authority.problems == ()
    return {person.slug: person for person in authority.people}


def text(folder: ArchiveFolder) -> str:
    return folder.people.read_text(encoding="utf-8") if folder.people.exists() else ""


def names(folder: ArchiveFolder, slug: str) -> list[str]:
    return list(people(folder)[slug].names)


# --- accepting


def test_an_accepted_name_has_a_record(folder: ArchiveFolder, decisions: Decisions) -> None:
    decision = decisions.accept(BY, "Siti  Rahma", aliases=["Bu Siti", "siti rahma", "Siti R."], role=" Menteri  Uji ")
    assert text(folder) == HEADER + "siti-rahma,Siti Rahma,Bu Siti|Siti R.,Menteri Uji,,,\n"
    assert (decision.number, decision.by, decision.action) == (1, BY, Action.ACCEPT)
    assert (decision.name, decision.names, decision.summary) == (
        "Siti Rahma",
        ("Bu Siti", "Siti R."),
        "accepted: Siti Rahma",
    )
    assert datetime.now(UTC) - decision.at < timedelta(minutes=1)


def test_a_name_can_be_accepted_under_another_one(folder: ArchiveFolder, decisions: Decisions) -> None:
    decisions.accept(BY, "St. Rahma", preferred="Siti Rahma")
    assert names(folder, "siti-rahma") == ["Siti Rahma", "St. Rahma"]


def test_two_persons_of_one_name_cannot_be_accepted_but_their_slugs_differ(
    folder: ArchiveFolder, decisions: Decisions
) -> None:
    decisions.accept(BY, "Siti Rahma")
    with pytest.raises(AuthorityError, match=r"Siti Rahma has a record already \(siti-rahma\)"):
        decisions.accept(BY, "Siti Rahma")
    with pytest.raises(AuthorityError, match=r'"Hj\. SITI RAHMA" is a name of Siti Rahma'):
        decisions.accept(BY, "Hj. SITI RAHMA")
    with pytest.raises(AuthorityError, match="has a record already"):
        decisions.accept(BY, "S. Rahma", preferred="Siti Rahma")
    decisions.edit(BY, "siti-rahma", name="Siti Rahma Uji", role=None, wikidata=None, note=None)
    decisions.remove_alias(BY, "siti-rahma", "Siti Rahma")
    decisions.accept(BY, "Siti Rahma")
    assert list(people(folder)) == ["siti-rahma", "siti-rahma-2"]


def test_a_refused_name_can_be_accepted_again(folder: ArchiveFolder, decisions: Decisions) -> None:
    folder.people.write_text(HEADER + "uji,Bank Uji,Uji|Bank U,,,catatan,refused\n")
    decisions.accept(BY, "Bank Uji", role="Bankir")
    assert text(folder) == HEADER + "uji,Bank Uji,Uji|Bank U,Bankir,,catatan,\n"


def test_a_name_that_is_accepted_leaves_a_refused_record_which_goes_with_its_last_one(
    folder: ArchiveFolder, decisions: Decisions
) -> None:
    folder.people.write_text(HEADER + "bank-uji,Bank Uji,Uji,,,,refused\n")
    decisions.accept(BY, "Uji")
    assert {slug: (p.names, p.is_refused) for slug, p in people(folder).items()} == {
        "bank-uji": (("Bank Uji",), True),
        "uji": (("Uji",), False),
    }
    decisions.add_alias(BY, "uji", "Bank Uji")
    assert names(folder, "uji") == ["Uji", "Bank Uji"]
    assert list(people(folder)) == ["uji"]


@pytest.mark.parametrize("name", ["", " ... ", "Siti|Budi", "x" * 201, "Siti\x07Rahma", "Siti\udcff"])
def test_what_is_no_name_is_not_written(folder: ArchiveFolder, decisions: Decisions, name: str) -> None:
    with pytest.raises(AuthorityError, match="is no name"):
        decisions.accept(BY, name)
    assert (text(folder), decisions.log()) == ("", [])


@pytest.mark.parametrize("name", ["عمر", "Budi Nya", "Siti\u200b Rahma"])
def test_names_of_any_script_and_with_what_cannot_be_seen_have_a_record(
    folder: ArchiveFolder, decisions: Decisions, name: str
) -> None:
    decisions.accept(BY, name)
    (person,) = people(folder).values()
    assert (person.name, person.slug) == (name.replace("\u200b", ""), slug_of(name))


def test_what_no_file_can_hold_is_left_out_of_a_role(folder: ArchiveFolder, decisions: Decisions) -> None:
    decisions.accept(BY, "Siti Rahma", role="Menteri\0\nUji\udcff")
    assert people(folder)["siti-rahma"].role == "Menteri Uji"


def test_what_two_refused_records_have_can_be_accepted(folder: ArchiveFolder, decisions: Decisions) -> None:
    folder.people.write_text(HEADER + "bank,Bank Uji,,,,,refused\nuji,Uji,Bank Uji,,,,refused\n")
    decisions.accept(BY, "Bank Uji")
    assert {slug: (p.names, p.is_refused) for slug, p in people(folder).items()} == {
        "bank": (("Bank Uji",), False),
        "uji": (("Uji",), True),
    }


def test_a_person_that_takes_a_refused_name_takes_it_from_the_refused(
    folder: ArchiveFolder, decisions: Decisions
) -> None:
    folder.people.write_text(HEADER + "a,A Uji,B Uji,,,,\nb,B Uji,,,,,refused\nc,C Uji,,,,,refused\n")
    decisions.split(BY, "a", "B Uji")
    decisions.edit(BY, "a", name="C Uji", role=None, wikidata=None, note=None)
    assert {slug: p.names for slug, p in people(folder).items()} == {"a": ("C Uji", "A Uji"), "b-uji": ("B Uji",)}


# --- merging and splitting


def test_merged_records_leave_their_names_and_what_the_other_does_not_say(
    folder: ArchiveFolder, decisions: Decisions
) -> None:
    folder.people.write_text(
        "slug,name,aliases,role,wikidata,note,status,Kota\n"
        "siti-rahma,Siti Rahma,Bu Siti,Menteri,,,,\n"
        "st-rahma,St. Rahma,Bu Siti|S. Rahma,Dosen,Q12,,,Uji\n"
        "budi,Budi,,,,,,\n"
        "s-r,Siti R.,,,Q13,pensiun,,\n"
    )
    decision = decisions.merge(BY, ["St. Rahma", "s-r", "Rahma Siti"], "siti-rahma")
    assert text(folder) == (
        "slug,name,aliases,role,wikidata,note,status,Kota\n"
        "siti-rahma,Siti Rahma,Bu Siti|St. Rahma|S. Rahma|Siti R.|Rahma Siti,Menteri,Q12,pensiun,,Uji\n"
        "budi,Budi,,,,,,\n"
    )
    assert decision.summary == "St. Rahma, Bu Siti, S. Rahma, Siti R., Rahma Siti merged into Siti Rahma"


def test_an_alias_is_moved_alone(folder: ArchiveFolder, decisions: Decisions) -> None:
    decisions.accept(BY, "Siti Rahma", aliases=["Bu Siti"], role="Menteri")
    decisions.accept(BY, "Siti Dewi")
    decisions.merge(BY, ["bu siti"], "Siti Dewi")
    assert {slug: p.names for slug, p in people(folder).items()} == {
        "siti-rahma": ("Siti Rahma",),
        "siti-dewi": ("Siti Dewi", "Bu Siti"),
    }


def test_an_alias_that_is_written_in_two_ways_leaves_in_both(folder: ArchiveFolder, decisions: Decisions) -> None:
    folder.people.write_text(HEADER + "a,A Uji,B.J. Uji|BJ Uji|Pak Uji,,,,\nb,Budi,,,,,\n")
    decisions.merge(BY, ["BJ Uji"], "b")
    assert {slug: p.names for slug, p in people(folder).items()} == {
        "a": ("A Uji", "Pak Uji"),
        "b": ("Budi", "B.J. Uji"),
    }


def test_a_record_that_is_named_twice_is_merged_once(folder: ArchiveFolder, decisions: Decisions) -> None:
    folder.people.write_text(HEADER + "a,A Uji,,,,,\nb,Budi,,,,,\n")
    decisions.merge(BY, ["a", "a"], "b")
    assert names(folder, "b") == ["Budi", "A Uji"]


def test_names_without_a_record_are_merged_into_a_new_one(folder: ArchiveFolder, decisions: Decisions) -> None:
    decisions.merge(BY, ["St. Rahma"], "Siti Rahma")
    assert names(folder, "siti-rahma") == ["Siti Rahma", "St. Rahma"]


def test_a_refused_name_can_be_merged(folder: ArchiveFolder, decisions: Decisions) -> None:
    decisions.refuse(BY, "Menteri Siti")
    decisions.merge(BY, ["Menteri Siti"], "Siti Rahma")
    assert list(people(folder)) == ["siti-rahma"]


@pytest.mark.parametrize(
    ("sources", "into", "reason"),
    [
        (["Bu Siti"], "siti-rahma", '"Bu Siti" is a name of Siti Rahma already'),
        (["siti-rahma"], "siti-rahma", '"siti-rahma" is a name of Siti Rahma already'),
        (["Budi"], "Bank Uji", '"Bank Uji" is refused; accept it first'),
        (["Pak Uji"], "siti-rahma", '"Pak Uji" can be several persons'),
        (["Budi"], "Pak Uji", '"Pak Uji" can be several persons'),
        (["..."], "siti-rahma", "is no name"),
    ],
)
def test_what_cannot_be_merged_is_said(
    folder: ArchiveFolder, decisions: Decisions, sources: list[str], into: str, reason: str
) -> None:
    before = HEADER + "siti-rahma,Siti Rahma,Bu Siti|Pak Uji,,,,\na,A Uji,Pak Uji,,,,\nbank-uji,Bank Uji,,,,,refused\n"
    folder.people.write_text(before)
    with pytest.raises(AuthorityError) as told:
        decisions.merge(BY, sources, into)
    assert reason in str(told.value)
    assert text(folder) == before


def test_a_name_is_split_off_an_alias_or_a_spelling(folder: ArchiveFolder, decisions: Decisions) -> None:
    decisions.accept(BY, "Muhammad Sudirjo", aliases=["Pak Dirjo"], role="Lurah")
    decisions.split(BY, "muhammad-sudirjo", "Pak Dirjo")
    decision = decisions.split(BY, "muhammad-sudirjo", "Moh. Soedirdjo")
    assert text(folder) == HEADER + (
        "muhammad-sudirjo,Muhammad Sudirjo,,Lurah,,,\ndirjo,Pak Dirjo,,,,,\nmoh-soedirdjo,Moh. Soedirdjo,,,,,\n"
    )
    assert decision.summary == "Moh. Soedirdjo split off from Muhammad Sudirjo"
    assert [warning.split(":")[0] for warning in decision.warnings] == [
        'other spellings of "Moh. Soedirdjo" could be of several persons and are taken for none of them'
    ]


@pytest.mark.parametrize(
    ("slug", "name", "reason"),
    [
        ("siti-rahma", "Siti Rahma", '"Siti Rahma" is the preferred name of this person'),
        ("siti-rahma", "Budi", '"Budi" is no alias of Siti Rahma; there are: Bu Siti'),
        ("siti-rahmah", "Budi", 'nobody is called "siti-rahmah"; nearest: siti-rahma, Siti Rahma'),
    ],
)
def test_only_a_persons_own_other_names_are_split_off(decisions: Decisions, slug: str, name: str, reason: str) -> None:
    decisions.accept(BY, "Siti Rahma", aliases=["Bu Siti"])
    with pytest.raises(AuthorityError) as told:
        decisions.split(BY, slug, name)
    assert str(told.value) == reason


# --- aliases, refusing, editing


def test_aliases_are_added_and_removed(folder: ArchiveFolder, decisions: Decisions) -> None:
    decisions.accept(BY, "Siti Rahma")
    assert decisions.add_alias(BY, "siti-rahma", "Bu  Siti").summary == "Siti Rahma: alias Bu Siti added"
    assert names(folder, "siti-rahma") == ["Siti Rahma", "Bu Siti"]
    with pytest.raises(AuthorityError, match='"SITI" is a name of Siti Rahma already'):
        decisions.add_alias(BY, "siti-rahma", "SITI")
    assert decisions.remove_alias(BY, "siti-rahma", "bu siti").summary == "Siti Rahma: alias bu siti removed"
    assert names(folder, "siti-rahma") == ["Siti Rahma"]
    with pytest.raises(AuthorityError, match='"Bu Siti" is no alias of Siti Rahma; there are: -'):
        decisions.remove_alias(BY, "siti-rahma", "Bu Siti")


def test_an_alias_that_two_persons_have_is_warned_of(folder: ArchiveFolder, decisions: Decisions) -> None:
    decisions.accept(BY, "Siti Rahma", aliases=["Bu Siti"])
    decision = decisions.accept(BY, "Siti Dewi", aliases=["Bu Siti"])
    assert decision.warnings == (
        '"Bu Siti" is a name of several persons and taken for none of them: '
        "Siti Rahma (siti-rahma), Siti Dewi (siti-dewi)",
    )
    assert read_authority(folder.people).find("Bu Siti") is None


def test_a_refused_name_stays_refused(folder: ArchiveFolder, decisions: Decisions) -> None:
    decision = decisions.refuse(BY, "Bank Uji", aliases=["Bank U", "BANK UJI"])
    assert decision.summary == "refused: Bank Uji"
    assert text(folder) == HEADER + "bank-uji,Bank Uji,Bank U,,,,refused\n"
    with pytest.raises(AuthorityError, match='"Bank Uji" is refused already'):
        decisions.refuse(BY, "bank uji")


def test_a_record_that_is_refused_keeps_what_it_says(folder: ArchiveFolder, decisions: Decisions) -> None:
    decisions.accept(BY, "Siti Rahma", aliases=["Bu Siti"], role="Menteri")
    with pytest.raises(AuthorityError, match='"Bu Siti" is a name of Siti Rahma'):
        decisions.refuse(BY, "Bu Siti")
    decisions.refuse(BY, "siti-rahma")
    assert text(folder) == HEADER + "siti-rahma,Siti Rahma,Bu Siti,Menteri,,,refused\n"


def test_names_of_persons_are_not_refused_along(folder: ArchiveFolder, decisions: Decisions) -> None:
    decisions.accept(BY, "Siti Rahma")
    decisions.refuse(BY, "Piala Uji", aliases=["Siti Rahma", "Piala U"])
    assert names(folder, "piala-uji") == ["Piala Uji", "Piala U"]


def test_an_edited_record_is_written_anew_and_keeps_its_slug_and_its_former_name(
    folder: ArchiveFolder, decisions: Decisions
) -> None:
    folder.people.write_text(
        "slug,name,aliases,role,wikidata,note,status,Kota\nsiti,Siti R,Bu Siti,Menteri,Q1,catatan,,Uji\n"
    )
    decision = decisions.edit(BY, "siti", name="Siti Rahma", role="Dosen", wikidata="Q12", note=None)
    assert text(folder).splitlines()[1] == "siti,Siti Rahma,Siti R|Bu Siti,Dosen,Q12,,,Uji"
    assert (decision.summary, decision.names) == ("Siti Rahma: record changed", ("Siti R",))
    with pytest.raises(AuthorityError, match="the file says that already; nothing is changed"):
        decisions.edit(BY, "siti", name="Siti Rahma", role="Dosen", wikidata="Q12", note="")
    with pytest.raises(AuthorityError, match='"Uji" is no Wikidata id'):
        decisions.edit(BY, "siti", name="Siti Rahma", role="Dosen", wikidata="Uji", note="")


def test_an_alias_can_become_the_preferred_name(folder: ArchiveFolder, decisions: Decisions) -> None:
    decisions.accept(BY, "Siti R", aliases=["Siti Rahma"])
    decisions.edit(BY, "siti-r", name="Siti Rahma", role=None, wikidata=None, note=None)
    assert names(folder, "siti-r") == ["Siti Rahma", "Siti R"]


# --- importing tables


def merged(decisions: Decisions, tmp_path: Path, content: str) -> tuple[list[str], list[str], list[str], list[str]]:
    path = tmp_path / "impor.csv"
    path.write_text(content, encoding="utf-8")
    done = decisions.merge_rows(BY, read_records(path, COLUMNS))
    return done.new, done.changed, done.unchanged, done.problems


def test_rows_are_merged_and_nothing_that_is_there_is_lost(
    folder: ArchiveFolder, decisions: Decisions, tmp_path: Path
) -> None:
    before = "nama;alias;jabatan;Kota\nSiti Rahma;Bu Siti;Menteri;Uji\nBudi;;;\nRatna; R | Bu Ratna;;\nBank Uji;;;\n"
    folder.people.write_text(before)
    decisions.refuse(BY, "bank-uji")
    new, changed, unchanged, problems = merged(
        decisions,
        tmp_path,
        "name,aliases,role,wikidata,Umur\n"
        "Hj. Siti Rahma,S. Rahma,,Q12,51\n"
        "Budi,,,,\nRatna,Bu Ratna,,,\n"
        "Dewi,,,,\n,,x,,\nBank Uji,,Bank,,\n",
    )
    assert (new, changed, unchanged) == (["Dewi"], ["Siti Rahma"], ["Budi", "Ratna"])
    assert problems == ["line 6: a record needs a name", 'line 7: "Bank Uji" is refused; accept it first']
    assert text(folder) == (
        "\ufeffnama;alias;jabatan;Kota;slug;wikidata;note;status;Umur\n"
        "Siti Rahma;Bu Siti|S. Rahma;Menteri;Uji;siti-rahma;Q12;;;51\n"
        "Budi;;;\nRatna; R | Bu Ratna;;\n"
        "Bank Uji;;;;bank-uji;;;refused\n"
        "Dewi;;;;dewi;;;;\n"
    )
    assert decisions.log(1)[0].summary == "2 records imported"


def test_a_row_with_a_slug_may_rename_and_one_with_a_status_may_refuse(
    folder: ArchiveFolder, decisions: Decisions, tmp_path: Path
) -> None:
    folder.people.write_text(HEADER + "siti,Siti R,,,,,\nbank,Bank Uji,,,,,refused\nuji,Uji,,,,,\n")
    found = merged(decisions, tmp_path, HEADER + "siti,Siti Rahma,,,,,\nbank,Bank Uji,,,,,\nuji,Uji,,,,,ditolak\n")
    assert found == ([], ["Siti Rahma", "Bank Uji", "Uji"], [], [])
    assert text(folder) == HEADER + "siti,Siti Rahma,Siti R,,,,\nbank,Bank Uji,,,,,\nuji,Uji,,,,,ditolak\n"


def test_a_row_that_would_give_a_name_a_second_record_is_left_out(decisions: Decisions, tmp_path: Path) -> None:
    decisions.accept(BY, "Siti Rahma")
    rows = HEADER + "siti-r,Siti Rahma,,,,,\nsama,Budi Uji,,,,,\nsama-2,Budi Uji,,,,,\n,Budi Uji,,,,,\n"
    new, changed, unchanged, problems = merged(decisions, tmp_path, rows)
    assert (new, changed, unchanged) == (["Budi Uji", "Budi Uji"], [], [])
    assert problems == [
        "line 2: Siti Rahma has a record already (siti-rahma)",
        'line 5: "Budi Uji" can be several persons: Budi Uji (sama), Budi Uji (sama-2)',
    ]


def test_the_same_table_again_changes_nothing_and_is_no_decision(
    folder: ArchiveFolder, decisions: Decisions, tmp_path: Path
) -> None:
    rows = HEADER + "siti,Siti Rahma,Bu Siti | S. R.,Menteri,Q1,=catatan,\nbank,Bank Uji,,,,,refused\n"
    merged(decisions, tmp_path, rows)
    before = text(folder)
    assert merged(decisions, tmp_path, rows) == ([], [], ["Siti Rahma", "Bank Uji"], [])
    assert (text(folder), len(decisions.log())) == (before, 1)


# --- the log and undoing


def test_the_log_tells_decisions_newest_first(folder: ArchiveFolder, decisions: Decisions) -> None:
    decisions.accept(BY, "Siti Rahma")
    decisions.refuse("budi", "Bank Uji")
    decisions.undo(BY, 1)
    told = [(d.number, d.by, d.summary, d.undoes, d.undone_by) for d in Decisions(folder).log()]
    assert told == [
        (3, BY, "decision 1 undone: accepted: Siti Rahma", 1, None),
        (2, "budi", "refused: Bank Uji", None, None),
        (1, BY, "accepted: Siti Rahma", None, 3),
    ]
    assert [decision.number for decision in decisions.log(2)] == [3, 2]
    assert decisions.log(1)[0] == decisions.log()[0]


START = "nama;Kota;alias;status\nSiti  Rahma;Uji;Bu Siti | S.R;\nBank Uji;;;refused\nRatna;;;\nMoh. Sudirjo;Uji;;\nAhmad;;;\n"
EVERY: dict[str, Callable[[Decisions], Decision]] = {
    "accept": lambda d: d.accept(BY, "Budi", aliases=["Pak Budi"]),
    "accept again": lambda d: d.accept(BY, "Bank Uji"),
    "merge": lambda d: d.merge(BY, ["ratna", "siti-rahma", "Bank Uji", "Budi"], "Moh. Sudirjo"),
    "merge into a new one": lambda d: d.merge(BY, ["ratna", "siti-rahma"], "Budi"),
    "split an alias": lambda d: d.split(BY, "siti-rahma", "Bu Siti"),
    "split a spelling": lambda d: d.split(BY, "moh-sudirjo", "Muhammad Soedirdjo"),
    "add an alias": lambda d: d.add_alias(BY, "ratna", "Bank Uji"),
    "remove an alias": lambda d: d.remove_alias(BY, "siti-rahma", "S.R"),
    "refuse": lambda d: d.refuse(BY, "Budi"),
    "refuse a record": lambda d: d.refuse(BY, "ratna"),
    "edit": lambda d: d.edit(BY, "ratna", name="Ratna Dewi", role="Dosen", wikidata="Q1", note="x"),
}


@pytest.mark.parametrize("decide", EVERY.values(), ids=EVERY.keys())
def test_undoing_gives_all_rows_back_and_can_be_undone(
    folder: ArchiveFolder, decisions: Decisions, decide: Callable[[Decisions], Decision]
) -> None:
    folder.people.write_text(START)

    def rows() -> list[dict[str, str]]:
        lines = read_register(folder.people, COLUMNS).lines
        return [{name: cell for name, cell in line.cells.items() if cell and name != "slug"} for line in lines]

    before = rows()
    number = decide(decisions).number
    after = rows()
    assert after != before
    decisions.undo(BY, number)
    assert rows() == before
    decisions.undo(BY, number + 1)
    assert rows() == after
    decisions.undo(BY, number + 2)
    assert rows() == before
    with pytest.raises(AuthorityError, match=f"decision {number} is undone already, by decision {number + 1}"):
        decisions.undo(BY, number)


def test_a_whole_import_is_undone(folder: ArchiveFolder, decisions: Decisions, tmp_path: Path) -> None:
    decisions.accept(BY, "Siti Rahma")
    before = text(folder)
    merged(decisions, tmp_path, "nama,jabatan\nSiti Rahma,Menteri\nBudi,\nDewi,\n")
    assert len(people(folder)) == 3
    decisions.undo(BY, 2)
    assert text(folder) == before


def test_a_later_decision_about_the_same_record_stands_in_the_way(folder: ArchiveFolder, decisions: Decisions) -> None:
    decisions.accept(BY, "Siti Rahma")  # 1
    decisions.add_alias(BY, "siti-rahma", "Bu Siti")  # 2
    decisions.add_alias(BY, "siti-rahma", "S. R.")  # 3
    decisions.accept(BY, "Budi")  # 4
    before = text(folder)
    with pytest.raises(AuthorityError) as told:
        decisions.undo(BY, 1)
    assert str(told.value) == (
        "decisions have changed siti-rahma since; undo them first, in this order: "
        "3 (Siti Rahma: alias S. R. added), 2 (Siti Rahma: alias Bu Siti added)"
    )
    assert text(folder) == before
    decisions.undo(BY, 3)  # 5
    with pytest.raises(AuthorityError) as told:
        decisions.undo(BY, 1)
    assert str(told.value) == (
        "decision 2 (Siti Rahma: alias Bu Siti added) has changed siti-rahma since; undo that first"
    )
    decisions.undo(BY, 2)
    decisions.undo(BY, 1)
    assert list(people(folder)) == ["budi"]


def test_what_two_decisions_did_and_undid_between_them_stands_in_nobodys_way(
    folder: ArchiveFolder, decisions: Decisions
) -> None:
    decisions.accept(BY, "Siti Rahma")  # 1
    decisions.accept(BY, "Budi")  # 2, which is in no way
    decisions.merge(BY, ["St. Rahma"], "siti-rahma")  # 3
    decisions.split(BY, "siti-rahma", "St. Rahma")  # 4
    decisions.add_alias(BY, "siti-rahma", "Bu Siti")  # 5
    decisions.remove_alias(BY, "siti-rahma", "Bu Siti")  # 6
    with pytest.raises(AuthorityError) as told:
        decisions.undo(BY, 3)
    assert (
        str(told.value)
        == "decision 4 (St. Rahma split off from Siti Rahma) has changed siti-rahma since; undo that first"
    )
    decisions.undo(BY, 4)
    decisions.undo(BY, 3)
    assert names(folder, "siti-rahma") == ["Siti Rahma"]


def test_a_long_chain_of_undoings_is_told_in_a_line(decisions: Decisions) -> None:
    number = decisions.accept(BY, "Siti Rahma").number
    for _again in range(6):
        number = decisions.undo(BY, number).number
    told = "decision 6 undone: decision 5 undone: decision 4 undone"
    assert [decision.summary for decision in decisions.log(1)] == [told]


def test_a_candidate_that_is_split_gets_a_record_which_keeps_its_other_spellings(
    folder: ArchiveFolder, decisions: Decisions
) -> None:
    spellings = ["Ratna Soebroto", "Ratna Subroto", "Ratna Soebrotto"]
    decision = decisions.split(BY, "Ratna Soebroto", "Ratna Subroto", spellings=spellings)
    assert decision.summary == "Ratna Subroto split off from Ratna Soebroto"
    assert decision.warnings[0] == "Ratna Soebroto had no record, and has one now: ratna-soebroto"
    assert names(folder, "ratna-soebroto") == ["Ratna Soebroto", "Ratna Soebrotto"]
    assert names(folder, "ratna-subroto") == ["Ratna Subroto"]
    decisions.undo(BY, decision.number)
    assert people(folder) == {}
    with pytest.raises(AuthorityError, match='"Budi" is no alias of Ratna Soebroto'):
        decisions.split(BY, "Ratna Soebroto", "Budi", spellings=spellings)
    assert people(folder) == {}


def test_a_change_by_hand_stands_in_the_way(folder: ArchiveFolder, decisions: Decisions) -> None:
    decisions.accept(BY, "Siti Rahma")
    decisions.accept(BY, "Budi")
    folder.people.write_text(text(folder).replace("Siti Rahma,,", "Siti Rahma,Bu Siti,"))
    with pytest.raises(AuthorityError, match="the record siti-rahma was changed by hand since; change it there"):
        decisions.undo(BY, 1)
    decisions.undo(BY, 2)
    assert text(folder) == HEADER + "siti-rahma,Siti Rahma,Bu Siti,,,,\n"


def test_what_is_undone_is_not_undone_again_though_the_same_was_decided_since(decisions: Decisions) -> None:
    decisions.accept(BY, "Siti Rahma")
    decisions.undo(BY, 1)
    decisions.accept(BY, "Siti Rahma")
    with pytest.raises(AuthorityError, match="decision 1 is undone already, by decision 2"):
        decisions.undo(BY, 1)
    decisions.undo(BY, 3)
    assert [d.undone_by for d in decisions.log()] == [None, 4, None, 2]


def test_a_number_without_a_decision_is_told(decisions: Decisions) -> None:
    with pytest.raises(AuthorityError, match="there is no decision 7"):
        decisions.undo(BY, 7)
