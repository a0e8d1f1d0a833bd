"""What is learned of words from articles: which words count, where in a text, and from what on a word is a name."""

from collections import Counter
from contextlib import closing

import pytest
from conftest import ArchiveMaker, fill, make_article
from hypothesis import example, given
from hypothesis import strategies as st

from index.analysis import ANALYZER, Analyzer
from index.article import Article
from index.inversion import Inverter
from index.learning import Lesson, sampled_names
from index.settings import ArchiveFolder
from index.store import ArticleStore
from index.wordbook import Wordbook, table_of
from index.words import LEAST_CAPITALISED, Exceptions
from index.writer import writing
from search.archive import Archive
from search.query import Query

INVERTER = Inverter()


def casings(*texts: str) -> dict[str, tuple[int, int]]:
    """Return the words of texts, each a title and a body, and how often they stand capitalised and in small letters."""
    return {surface: (capitalised, lower) for surface, capitalised, lower in INVERTER.casings(INVERTER.texts(texts))}


def casing_in(body: str, word: str = "dirani") -> tuple[int, int]:
    return casings(f"Judul\n{body}").get(word, (0, 0))


# --- where a word stands


@pytest.mark.parametrize(
    ("body", "counted"),
    [
        ("Warga Dirani pulang.", (1, 0)),
        ("Warga dirani pulang.", (0, 1)),
        ("Warga Dirani, dirani dan (dua) Dirani.", (2, 1)),
        ("Dirani pulang.", (0, 0)),  # a sentence begins
        ("dirani pulang.", (0, 0)),
        ("Warga pulang.\nDirani sepi.", (0, 0)),
        ("Warga DIRANI pulang.", (0, 0)),  # capitals and mixed letters tell nothing
        ("Warga DiRani dan diranI pulang.", (0, 0)),
        ("Warga Dirani-Terani pulang.", (0, 0)),  # nor do compounds
        ("Warga Dirani-nya pulang.", (1, 0)),
        ("Warga Dirani1 pulang.", (0, 0)),
        ("Warga Dira\u00adni pulang.", (1, 0)),
        ("Kota 2 Dirani.", (1, 0)),
        *((f"Warga pulang{end} Dirani sepi.", (0, 0)) for end in '.!?…:;"”»*•-–—'),
        *((f"Warga pulang {mark} Dirani sepi.", (0, 0)) for mark in (*'-–—•*/=|"“(', "...", "/*")),
        *((f"Warga {opening}Dirani sepi.", (0, 0)) for opening in "\"“‘'«(["),
        ('"Pulang," kata warga Dirani.', (1, 0)),
        ('"Pulang!" Dirani sepi.', (0, 0)),
        ("Bapak S.H. Dirani pulang.", (0, 0)),
        ("Warga, Dirani pulang.", (1, 0)),
        ("Warga (lama) Dirani pulang.", (1, 0)),
    ],
)
def test_a_word_counts_inside_of_a_sentence_alone(body: str, counted: tuple[int, int]) -> None:
    assert casing_in(body) == counted


def test_titles_tell_nothing() -> None:
    assert casings("Warga Dirani pulang dari dirani") == {}
    assert casings("Warga Dirani pulang\nHari ini", "Warga Terani") == {"ini": (0, 1)}
    assert casings("\nWarga Dirani", "Dirani dan Terani\nHari cerah")["dirani"] == (1, 0)


def test_a_text_does_not_go_on_in_the_next() -> None:
    assert casings("A\nwarga pulang", "Judul Dirani\nDirani sepi", "\nDirani ramai") == {
        "pulang": (0, 1), "sepi": (0, 1), "ramai": (0, 1),
    }  # fmt: skip


ENDING = frozenset('.!?…:;"”»*•-–—')
OPENING = frozenset("\"“‘'«([")


def expected_casings(texts: list[str]) -> dict[str, tuple[int, int]]:
    """Return what `casings` returns, word by word in plain Python."""
    capitalised: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    for text in texts:
        for paragraph in text.split("\n")[1:]:
            inside = False
            for chunk in paragraph.split():
                tokens = list(ANALYZER.tokens(chunk))
                letters = [c for c in chunk if c.isalpha()]
                if inside and chunk[0] not in OPENING and len(tokens) == 1:
                    if letters and all(c.islower() for c in letters):
                        lower[tokens[0].surface] += 1
                    elif len(letters) > 1 and all(c.islower() for c in letters[1:]):
                        capitalised[tokens[0].surface] += 1
                inside = chunk[-1] not in ENDING and bool(tokens)
    return {word: (capitalised[word], lower[word]) for word in {*capitalised, *lower}}


words = st.sampled_from(
    ["kota", "Kota", "KOTA", "kOta", "Dirani", "dirani", "é", "É", "di", "Ke-7", "kata-kata", "OTT-nya", "x1"]
)
marks = st.sampled_from(["", "", "", *".!?:;,\"“”‘’'»«()[]–—-*", "...", '."'])
chunks = st.one_of(st.tuples(marks, words, marks).map("".join), marks)
paragraphs = st.lists(chunks, max_size=8).map(" ".join)


@given(st.lists(st.lists(paragraphs, max_size=4).map("\n".join), max_size=5))
@example(["Judul", "", "\nwarga Dirani", "Kota\n\n \nkota Kota. Kota kota"])
@example(["a\nb", "c\nd e"])
def test_casings_are_those_of_a_plain_count(texts: list[str]) -> None:
    assert casings(*texts) == expected_casings(texts)


@given(st.lists(st.text(alphabet=st.sampled_from("aBéß1.,-'’\"“(&/\n \u00ad\u2009"), max_size=60), max_size=4))
def test_casings_of_any_text_are_those_of_a_plain_count(texts: list[str]) -> None:
    assert casings(*texts) == expected_casings(texts)


# --- which words


def taught(body: str, analyzer: Analyzer = ANALYZER) -> dict[str, tuple[int, int]]:
    inverter = Inverter(analyzer)
    lesson = Lesson(analyzer, inverter)
    for _batch in range(2):
        lesson.take_words(inverter.texts([f"Judul\n{body}"]))
    return {word: (capitalised, lower) for word, capitalised, lower in lesson.learned().words}


def test_words_that_a_stemmer_would_change_and_names_are_counted_and_no_others() -> None:
    body = "Lalu Dirani, Bekasi, Kementerian, membangun kota di Semarang."
    assert taught(body) == {"dirani": (2, 0), "bekasi": (2, 0), "kementerian": (2, 0), "membangun": (0, 2)}
    knowing = Analyzer(table_of(frozenset({"dirani"}), Exceptions()))
    assert taught("Lalu dirani lagi.", knowing) == {"dirani": (0, 2)}  # what was learned can be unlearned


# --- names of a first import


def article(number: int, body: str) -> Article:
    return make_article(id=f"uji-{number}", url=None, title=f"Berita nomor {number}", body=body)


def stored(folder: ArchiveFolder, *bodies: str) -> frozenset[str]:
    """Put articles into a store and return the names that a sample of them shows."""
    with writing(folder), ArticleStore(folder.store) as store:
        with store.transaction():
            for number, body in enumerate(bodies):
                store.put(article(number, body))
        return sampled_names(store, ANALYZER)


CAPITALISED = "Warga kota Dirani pulang."
LOWER = "Warga kota dirani pulang."


@pytest.mark.parametrize(
    ("capitalised", "lower", "is_name"),
    [
        (LEAST_CAPITALISED - 1, 0, False),
        (LEAST_CAPITALISED, 0, True),
        (LEAST_CAPITALISED, 1, False),
        (50, 1, True),
        (49, 1, True),  # one in fifty
        (48, 1, False),
    ],
)
def test_a_sample_shows_a_name_from_the_same_counts_on_as_the_wordbook(
    archive_folder: ArchiveFolder, capitalised: int, lower: int, is_name: bool
) -> None:
    names = stored(archive_folder, *capitalised * [CAPITALISED], *lower * [LOWER])
    assert names == ({"dirani"} if is_name else frozenset())
    fill(archive_folder, [])
    with closing(Wordbook(archive_folder.wordbook, readonly=True)) as book:
        assert book.casing("dirani") == (capitalised, lower)
        assert book.names() == names


def test_institutions_words_of_titles_and_of_deleted_articles_are_no_names(archive_folder: ArchiveFolder) -> None:
    bodies = ["Warga ke Kementerian. Dirani.", "Warga kota Terani pulang."]
    assert stored(archive_folder, *9 * bodies) == {"terani"}
    with writing(archive_folder), ArticleStore(archive_folder.store) as store:
        with store.transaction():
            for number in range(1, 16, 2):
                store.delete(f"uji-{number}")
        assert sampled_names(store, ANALYZER) == frozenset()


def test_a_sample_is_taken_from_all_parts_of_a_store(
    archive_folder: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.learning.SAMPLED", 20)
    monkeypatch.setattr("index.learning.SAMPLED_TOGETHER", 2)
    places = {0: "dirani", 50: "terani", 90: "sukani"}
    bodies = {number: f"Warga {name.capitalize()} pulang. " * 5 for number, name in places.items()}
    assert stored(archive_folder, *(bodies.get(number, "Warga pulang.") for number in range(100))) == set(
        places.values()
    )
    with ArticleStore(archive_folder.store, readonly=True) as store:
        monkeypatch.setattr("index.learning.SAMPLED", 2)
        assert sampled_names(store, ANALYZER) == {"dirani"}


def test_an_empty_store_shows_no_names(archive_folder: ArchiveFolder) -> None:
    assert stored(archive_folder) == frozenset()


def test_the_very_first_index_spares_the_names_of_its_articles(
    archive_folder: ArchiveFolder, archive_with: ArchiveMaker
) -> None:
    rani = make_article(id="rani", url=None, title="Sang ratu", body="Seorang rani datang.")
    archive = archive_with(*(article(number, CAPITALISED) for number in range(LEAST_CAPITALISED)), rani)
    assert found(archive, "rani") == ["rani"]
    assert found(archive, "dirani") == [f"uji-{number}" for number in range(LEAST_CAPITALISED)]


def test_a_word_that_is_too_rare_for_a_name_keeps_its_root(archive_with: ArchiveMaker) -> None:
    archive = archive_with(*(article(number, CAPITALISED) for number in range(LEAST_CAPITALISED - 1)))
    assert len(found(archive, "rani")) == LEAST_CAPITALISED - 1


def found(archive: Archive, text: str) -> list[str]:
    return sorted(hit.article_id for hit in archive.search(Query(text, size=100)).hits)
