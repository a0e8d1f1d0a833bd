"""The engine at its edges: trees that no reader types, lists with hardly any score, and what happens around a search."""

import re
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from conftest import ArchiveMaker, make_article

from index.settings import ArchiveFolder
from search import whoosh_engine
from search.archive import Archive
from search.engine import Request
from search.query import Query
from search.tree import And, AtLeast, Everything, Node, Not, Or, Term, Word

article = partial(make_article, url=None)
BERAS = Term(Word("beras", "beras"))


def total(archive: Archive, tree: Node) -> int:
    return archive._engine.search(Request(tree)).total


def test_a_word_that_mostly_stands_without_its_stem_is_found_in_its_other_forms_too(archive_with: ArchiveMaker) -> None:
    spelled_out = [article(id=f"uji-{n}", title="Uji", body="Guru me-nga-jar.") for n in range(3)]
    archive = archive_with(*spelled_out, article(id="lain", title="Uji", body="Pelajaran usai."))
    assert archive.search(Query("mengajar")).total == 4


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (And(()), 2),
        (Or(()), 0),
        (AtLeast((), 0), 2),
        (AtLeast((BERAS,), 0), 2),
        (AtLeast((), 1), 0),
        (Not(And(())), 0),
        (Not(Or(())), 2),
        (And((And(()), BERAS)), 1),
        (Or((And(()), BERAS)), 2),
        (And((Everything(), Not(Not(BERAS)))), 1),
        (AtLeast((BERAS,) * 300, 300), 1),
        (AtLeast((BERAS,) * 300, 44), 1),
        (AtLeast((BERAS,) * 300, 301), 0),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_node_matches_what_its_children_say_however_many(
    archive_with: ArchiveMaker, tree: Node, expected: int
) -> None:
    archive = archive_with(article(id="a", title="Uji", body="Beras"), article(id="b", title="Uji", body="Jagung"))
    assert total(archive, tree) == expected


def test_scores_that_are_told_apart_by_no_digit_shown_are_ties(
    archive_with: ArchiveMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word of nearly all of a million articles is worth so little that most of its scores are the same when rounded."""
    monkeypatch.setattr("search.ranking.idf", lambda documents, containing: 5e-9)
    monkeypatch.setattr("search.evaluate.FEW", 1)
    archive = archive_with(
        *(
            article(
                id=f"uji-{n}", title="Uji", body="beras " * (20 - n) + "jagung", date=date(2023, 1, 1) + timedelta(n)
            )
            for n in range(20)
        )
    )
    exactly = Term(BERAS.word, exact=True)
    everything = archive._engine.search(Request(exactly, size=100))
    assert len(set(everything.scores)) < 4
    for size in (1, 3, 10):
        best = archive._engine.search(Request(exactly, size=size))
        assert best.article_ids == everything.article_ids[:size]


def test_an_engine_closed_in_the_middle_of_a_search_lets_it_end(
    archive_with: ArchiveMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archive_with(article(id="a", title="Uji", body="Beras"))
    limits = whoosh_engine._limits

    def closing(*arguments: object) -> object:
        archive._engine.close()
        return limits(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(whoosh_engine, "_limits", closing)
    found = archive._engine.search(Request(BERAS))
    assert (found.article_ids, found.total) == (("a",), 1)


def pages_held(generations: Path, ending: str) -> int:
    """Return how many kB of an index's files this process holds in memory."""
    smaps = Path("/proc/self/smaps").read_text()
    mapped = rf"{re.escape(str(generations))}/\S+\.{ending}\n(?:\w+: .*\n)*?Rss: +(\d+) kB"
    return sum(map(int, re.findall(mapped, smaps)))


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="the system does not tell what is in memory")
@pytest.mark.parametrize("ending", ["trm", "pst"])
def test_what_the_mapped_files_hold_is_given_back(
    archive_with: ArchiveMaker, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    archive = archive_with(article(id="a", title="Uji", body="Beras"))
    assert total(archive, BERAS) == 1
    assert pages_held(archive.folder.generations, ending)
    monkeypatch.setattr(whoosh_engine, "PAGES_BYTES", 0)
    assert total(archive, BERAS) == 1
    assert not pages_held(archive.folder.generations, ending)


def test_the_limits_asked_for_last_are_remembered(archive_with: ArchiveMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.segments.MASKS_KEPT", 2)
    archive = archive_with(article(id="a", section="Hukum"), article(id="b", section="Olahraga"))
    (view,) = archive._engine._newest().views
    law = view.arrays.limit_mask("section", ("hukum",))
    for section, remembered in (("Olahraga", True), ("Ekonomi", True), ("Politik", True), ("Gaya", False)):
        view.arrays.limit_mask("section", (section,))
        if remembered:
            assert view.arrays.limit_mask("section", ("hukum",)) is law
    view.arrays.limit_mask("section", ("Dunia",))
    again = view.arrays.limit_mask("section", ("hukum",))
    assert again is not law
    assert again.tolist() == law.tolist() == [True, False]


def test_newer_articles_rank_higher_unless_the_reader_or_the_newsroom_says_no(
    archive_with: ArchiveMaker, archive_folder: ArchiveFolder
) -> None:
    body = "Harga beras di pasar kota turun."
    archive = archive_with(
        article(id="lama", title="Beras beras", body=body, date=date(2001, 1, 1)),
        article(id="baru", title="Beras dan jagung", body=body, date=date(2023, 1, 1)),
    )

    def order(archive: Archive, **asked: bool) -> list[str]:
        return [hit.article_id for hit in archive.search(Query("beras", **asked)).hits]

    assert order(archive) == ["baru", "lama"]
    assert order(archive, recency=False) == ["lama", "baru"]
    archive_folder.settings_file.write_text("recency = false\n", encoding="utf-8")
    set_otherwise = Archive(archive_folder.path)
    assert order(set_otherwise) == ["lama", "baru"]
    set_otherwise.close()


def test_an_article_dated_in_the_future_by_a_slip_does_not_make_all_others_old(archive_with: ArchiveMaker) -> None:
    body = "Harga beras di pasar kota turun."
    archive = archive_with(
        article(id="lama", title="Beras beras", body=body, date=date(2001, 1, 1)),
        article(id="baru", title="Beras dan jagung", body=body, date=date.today()),
        article(id="salah", title="Kopi", body="Panen kopi.", date=date(2203, 1, 1)),
    )
    assert [hit.article_id for hit in archive.search(Query("beras")).hits] == ["baru", "lama"]
