"""Did you mean: which words are doubted, what they are taken for, and what of a query stays as it was typed."""

import string
from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest
from conftest import ArchiveMaker, fill, make_article
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article, Status
from index.settings import ArchiveFolder
from search.archive import Archive
from search.engine import NearWord
from search.query import Query
from search.slips import one_slip_away, slips, slips_of_all

article = partial(make_article, url=None, section=None, source=None, authors=())


def articles(*titles: str, body: str = "Uji.") -> list[Article]:
    return [article(id=f"uji-{number}", title=title, body=body) for number, title in enumerate(titles)]


NEWS = articles(
    "Prabowo bertemu Jokowi di Jakarta",
    "Megawati dan Prabowo di rumah sakit",
    "Pembangunan rumah sakit di Jakarta",
    "Rumah sakit dan pembangunan jalan tol",
    "Harga beras naik",
    "Harga cabai naik, harga beras turun",
    "Beras dan pembangunan",
    "Korupsi dana desa",
)


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = ArchiveFolder(tmp_path_factory.mktemp("ejaan") / "arsip")
    fill(folder, NEWS)
    archive = Archive(folder.path)
    yield archive
    archive.close()


def suggested(archive: Archive, text: str) -> str | None:
    return archive.search(Query(text, expand=False)).did_you_mean


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("Prabwo", "Prabowo"),
        ("jokwoi", "jokowi"),
        ("MEGAWTI", "MEGAWATI"),
        ("hakarta", "jakarta"),  # the first letter too
        ("ajkarta", "jakarta"),
        ("akarta", "jakarta"),
        ("jjakarta", "jakarta"),
        ("pembangnaun", "pembangunan"),  # two slips in a long word
        ("bears", "beras"),
        ("rumahsakit", "rumah sakit"),
        ("Rumahsakit jakarta", "Rumah sakit jakarta"),
        ("pem bangunan", "pembangunan"),
        ("prabwo jokwoi", "prabowo jokowi"),
        ("hrga beas naik", "harga beras naik"),
        ("beras", None),
        ("qxqxqxqx", None),
        ("kp", None),  # too short to say
        ("2027", None),
        ("", None),
        ("-prabwo", None),
    ],
)
def test_misspelled_words_are_taken_for_words_of_the_archive(news: Archive, typed: str, suggestion: str | None) -> None:
    assert suggested(news, typed) == suggestion


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("judul:prabwo -jalan", "judul:prabowo -jalan"),
        ('"rumah sakti" jakarta', '"rumah sakit" jakarta'),
        ("=prabwo", "=prabowo"),
        ("(prabwo ATAU cabai)  tanggal:2023", "(prabowo ATAU cabai)  tanggal:2023"),
        ("prabwo -penulis:prabwo", "prabowo -penulis:prabwo"),
        ("prabwo ATAU megwati", "prabowo ATAU megawati"),
        ("prabwo id:prabwo ATAU prabwo", "prabowo id:prabwo ATAU prabowo"),
        ("jakarta ATAU jakrta -prabwo", None),  # finds no more, and what is left out is nobody's misspelling
        ('judul:rumahsakit "dana desa"', None),  # the second word would leave the field
    ],
)
def test_nothing_but_the_word_changes(news: Archive, typed: str, suggestion: str | None) -> None:
    assert suggested(news, typed) == suggestion


def test_the_word_that_stands_with_the_others_is_meant(archive_with: ArchiveMaker) -> None:
    archive = archive_with(*articles(*["Berat badan bayi"] * 9, "Harga beras", "Harga beras naik"))
    assert suggested(archive, "bera") == "berat"
    assert suggested(archive, "harga bera") == "harga beras"


def test_no_suggestion_finds_nothing_or_no_more_than_the_query(news: Archive) -> None:
    assert suggested(news, "cabai prabwo ATAU naik") is None
    limited = news.search(Query("prabwo", sections=("Olahraga",)))
    assert (limited.total, limited.did_you_mean) == (0, None)


def test_where_no_article_has_all_words_more_of_them_must_be_found(news: Archive) -> None:
    page = news.search(Query("korupsi cabai berss", expand=False))
    assert page.relaxed
    assert page.did_you_mean == "korupsi cabai beras"


def test_a_rare_word_is_doubted_where_a_near_one_is_far_more_frequent(archive_with: ArchiveMaker) -> None:
    archive = archive_with(
        *articles(
            *["Pemerintah bekerja"] * 100, *["Pemerintah rapat"], "Pemerintha bekerja", *["Menteri"] * 40, "Mentari"
        )
    )
    assert suggested(archive, "pemerintha") == "pemerintah"
    assert suggested(archive, "Mentari") is None  # 40 times as many are not enough
    assert suggested(archive, "=pemerintha") is None  # exactly this word was asked for
    assert suggested(archive, '"pemerintha bekerja"') is None


def test_a_word_that_the_archive_has_often_is_never_doubted(archive_with: ArchiveMaker) -> None:
    archive = archive_with(*articles(*["Kata"] * 200, *["Kota"] * 3))
    assert suggested(archive, "kota") is None


ROSES = articles(
    *["Melati Anggraeni menanam mawar"] * 3,
    *["Melati Anggraeni akan berkebun"] * 20,
    "Melatih pemain muda",
    *["Melata di tanah"] * 3,
    "Mawas diri",
    *["Makan bubur"] * 3,
)


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("melata anggraeni", "melati anggraeni"),
        ("Melata Anggraeni mawar", "Melati Anggraeni mawar"),
        ("melata anggreani", "melati anggraeni"),  # an unknown word beside a known one
        ("melata tanah", None),  # complete
        ("melata", None),
        ("=melata anggraeni", None),  # exactly this word was asked for
        ('"melata di" anggraeni', None),
        ("mawas anggraeni", None),  # mawar is only three times as frequent
        ("melati diri", None),  # no article has all words of any other spelling
        ("makan anggraeni", None),  # akan is too frequent to be meant
        ("melata anggraeni -mawar", "melati anggraeni -mawar"),
        ("melata anggraeni -berkebun -mawar", None),
    ],
)
def test_where_no_article_has_all_words_known_ones_are_doubted_too(
    archive_with: ArchiveMaker, typed: str, suggestion: str | None
) -> None:
    assert suggested(archive_with(*ROSES), typed) == suggestion


def test_where_few_articles_have_all_words_no_known_one_is_doubted(archive_with: ArchiveMaker) -> None:
    archive = archive_with(
        *ROSES, article(id="pagi", title="Melata pagi bersama Melati Anggraeni menanam mawar", body="Uji.")
    )
    page = archive.search(Query("melata pagi bersama menanam mawar anggraeni", expand=False))
    assert (page.relaxed, page.complete, page.did_you_mean) == (True, 1, None)


def test_another_form_of_a_word_is_not_misspelled(archive_with: ArchiveMaker) -> None:
    archive = archive_with(*articles("Membangun jalan", "Pembangun jalan", "Terbangun malam"))
    assert suggested(archive, "dibangun") is None


def test_no_word_of_an_article_under_embargo_is_suggested(archive_with: ArchiveMaker) -> None:
    secret = article(id="rahasia", title="Penangkapan", body="Rahasiawan", status=Status.EMBARGOED, date=None)
    archive = archive_with(*NEWS, secret)
    for typed in ("penangkapann", "rahasiawn", "enangkapan", "penangkpaan", "penang kapan"):
        assert suggested(archive, typed) is None


def test_a_pasted_page_of_unknown_words_costs_a_few_look_ups(
    archive_with: ArchiveMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archive_with(*NEWS)
    looked_up: list[str] = []

    def near_words(surface: str, most: int) -> tuple[NearWord, ...]:
        looked_up.append(surface)
        return ()

    monkeypatch.setattr(archive._engine, "near_words", near_words)
    suggested(archive, " ".join(f"tak{letter}kenal" for letter in string.ascii_lowercase))
    assert len(looked_up) == 4


words = st.text(alphabet="abcde", max_size=8)


@given(words, words)
def test_one_slip_makes_exactly_the_words_one_slip_away(one: str, other: str) -> None:
    assert (other in one_slip_away(one)) == (slips(one, other, 2) == 1 and other != "")


@given(words.filter(bool), st.lists(words.filter(bool), min_size=1), st.integers(1, 2))
def test_many_words_are_compared_as_one_is(one: str, others: list[str], most: int) -> None:
    found = slips_of_all(one, np.array(others, dtype="S8"), most)
    assert found.tolist() == [slips(one, other, most) for other in others]


@settings(deadline=None)
@given(st.data())
def test_no_query_fails_and_a_suggestion_always_finds_more(news: Archive, data: st.DataObject) -> None:
    pieces = [
        "prabwo",
        "Rumahsakit",
        "beras",
        "jokwoi",
        " ",
        " ",
        '"',
        "-",
        "judul:",
        "penulis:",
        "(",
        ")",
        "ATAU",
        "~2",
        "*",
        "=",
    ]
    text = "".join(data.draw(st.lists(st.sampled_from(pieces) | st.text(max_size=3), max_size=9)))
    page = news.search(Query(text))
    if page.did_you_mean is not None:
        assert page.did_you_mean != text
        better = news.search(Query(page.did_you_mean))
        assert better.total > (page.total if page.relaxed == better.relaxed else 0)


def test_a_word_that_the_archive_has_often_is_never_another_one(
    archive_with: ArchiveMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However little it fits the other words: with fewer articles it would be taken for a slip."""
    often = [make_article(id=f"a{n}", url=None, title="Uji", body="Sakti mandraguna.") for n in range(6)]
    others = [make_article(id=f"b{n}", url=None, title="Uji", body="Rumah sakit penuh.") for n in range(40)]
    archive = archive_with(*often, *others)
    assert archive.search(Query("rumah sakti")).did_you_mean == "rumah sakit"
    monkeypatch.setattr("search.spelling.OFTEN", 5)
    assert archive.search(Query("rumah sakti")).did_you_mean is None


def test_words_that_ask_or_join_are_never_doubted(archive_with: ArchiveMaker) -> None:
    archive = archive_with(make_article(id="a", url=None, title="Uji", body="Regu itu siap menang."))
    assert archive.search(Query("siapa regu pemenang")).did_you_mean is None
    assert archive.search(Query("siapp regu pemenang")).did_you_mean == "siap regu pemenang"
