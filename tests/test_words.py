"""What the analysis knows of single words: shipped roots and names, an archive's own names, and the newsroom's list."""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index.analysis import fold
from index.stemming import root_of
from index.wordbook import Learned, Wordbook
from index.wordfile import EntryWrong, add_exception, exceptions_from, read_exceptions, remove_exception
from index.words import (
    NAMES_FILE,
    ROOTS_FILE,
    SHIPPED,
    SPELLINGS_FILE,
    Exceptions,
    WordTable,
    is_learned_name,
    with_exceptions,
    with_names,
)
from tests.bench.lemmas import PROPER_NOUN, accuracy, errors, sastrawi, treebank_words

ERRORS_FILE = Path(__file__).parent / "lemma_errors.tsv"
JUDGED_FILE = Path(__file__).parent / "learned_names.tsv"
FREQUENT = 3  # an error of the treebank that is as frequent needs a reason

# Words that the treebank has as parts of names and that are common nouns: an institution is found by its root too.
INSTITUTIONS = frozenset(
    "kementerian perdagangan layanan perekonomian kepulauan perindustrian pemeringkat pembangunan kehutanan pembiayaan "
    "pengembangan keputusan pimpinan penjamin simpanan anggaran hubungan kerajaan ikatan kepabeanan pertanian kejaksaan "
    "perkebunan perumahan perbendaharaan kecamatan pelangsiran peraturan".split()
)


def entries(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_the_roots_are_sorted_folded_and_each_changes_something() -> None:
    pairs = [line.split("\t") for line in entries(ROOTS_FILE)]
    words = [word for word, _root in pairs]
    assert words == sorted(set(words))
    assert all(fold(text) == text and text.strip() == text for pair in pairs for text in pair)
    idle = []
    for word, root in SHIPPED.roots.items():
        others = {other: its for other, its in SHIPPED.roots.items() if other != word}
        if WordTable(SHIPPED.names, others).root(word) == root:
            idle.append(word)
    assert idle == []


def test_the_root_of_a_root_is_itself() -> None:
    assert [root for root in set(SHIPPED.roots.values()) if SHIPPED.root(root) != root] == []


def test_names_are_folded_listed_once_and_would_be_cut_otherwise() -> None:
    names = entries(NAMES_FILE)
    assert [name for name, times in Counter(names).items() if times > 1] == []
    assert [name for name in names if fold(name) != name] == []
    without = WordTable(frozenset(), SHIPPED.roots)
    assert [name for name in names if without.root(name) == name] == []
    assert SHIPPED.names.isdisjoint(SHIPPED.roots)


@pytest.mark.parametrize(
    "name",
    "bali bekasi maluku kediri milan berlin oman persia asian susi hadi dani diana deni rosan dimas kejagung kejari kejati "
    "ketum pekalongan merapi kadis mentan kementan".split(),
)
def test_a_name_has_no_root_but_itself(name: str) -> None:
    assert SHIPPED.is_name(name)
    assert SHIPPED.root(name) == name != root_of(name)


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("kementerian", "menteri"), ("kementrian", "menteri"), ("perhubungan", "hubung"), ("perindustrian", "industri"),
        ("kepolisian", "polisi"), ("kerusakan", "rusak"), ("perusakannya", "rusak"), ("penyelidikan", "selidik"),
        ("penyidikan", "sidik"), ("berikan", "beri"), ("ditandatangani", "tandatangan"), ("tarian", "tari"),
        ("penarikan", "tarik"), ("perusahaan", "usaha"), ("perseroan", "perseroan"), ("dikurangi", "kurang"),
        ("gerakan-gerakannya", "gerak"), ("seolah-olah", "seolah"), ("berjalan-jalan", "jalan"),
        ("tni-polri", "tni-polri"),
    ],
)  # fmt: skip
def test_a_word_has_this_root(word: str, root: str) -> None:
    assert SHIPPED.root(word) == root


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("ponselnya", "ponsel"), ("karyawannya", "karyawan"), ("membelinya", "beli"), ("penghuninya", "huni"),
        ("bekasinya", "bekasi"), ("perasaanku", "rasa"), ("pemilunya", "pemilu"),
        ("bertanya", "tanya"), ("mempunyai", "punya"), ("hanya", "hanya"), ("kenya", "kenya"), ("sonya", "sonya"),
        ("catalunya", "catalunya"), ("sekolah", "sekolah"), ("abdullah", "abdullah"),
        ("disinilah", "sini"), ("menilaiku", "nilai"), ("bermasalah", "masalah"), ("bertemu", "temu"), ("berlaku", "laku"),
    ],
)  # fmt: skip
def test_a_clitic_is_cut_where_one_stands(word: str, root: str) -> None:
    assert SHIPPED.root(word) == root


def test_a_word_is_a_name_by_an_archives_own_counts() -> None:
    assert is_learned_name("meranti", 40, 0) is False  # Sastrawi leaves it alone: nothing to spare
    assert is_learned_name("kediri", 5, 0)
    assert is_learned_name("kediri", 200, 4)
    assert not is_learned_name("kediri", 4, 0)
    assert not is_learned_name("kediri", 200, 5)
    for institution in ("kementerian", "perhubungan", "pertanian", "kepolisian", "perindustrian", "kejaksaan"):
        assert not is_learned_name(institution, 500, 0)


def test_who_wins_newsroom_then_shipped_then_learned_then_sastrawi() -> None:
    table = with_names(SHIPPED, ["bintang", "kerusakan", "terbitan"])
    assert table.is_name("bintang")
    assert table.root("terbitan") == "terbitan" != SHIPPED.root("terbitan")
    assert table.root("kerusakan") == "rusak"
    table = with_exceptions(table, exceptions_from("-Terbitan\n-Bali\nkerusakan\nbintang = matahari\nPembaca"))
    assert [table.is_name(word) for word in ("terbitan", "bali", "bintang", "kerusakan", "pembaca")] == [
        False, False, False, True, True,
    ]  # fmt: skip
    assert [table.root(word) for word in ("terbitan", "bali", "bintang", "kerusakan", "pembaca")] == [
        "terbit", "bal", "matahari", "kerusakan", "pembaca",
    ]  # fmt: skip
    assert SHIPPED.is_name("bali")


LIST = """\
# Kata redaksi
Kejagung  # jaksa agung
Ma'ruf
-bintang
pemekaran = mekar
dua kata
bintang
= mekar
-
mekar =
COVID-19
"""


def test_the_newsrooms_list_is_read_and_wrong_lines_are_told(tmp_path: Path) -> None:
    path = tmp_path / "kata.txt"
    path.write_bytes(b"\xef\xbb\xbf" + LIST.replace("\n", "\r\n").encode() + b"\xe9l\xe8ve\xff\n")
    found = read_exceptions(path)
    assert found.names == {"kejagung", "maruf"}
    assert found.common == {"bintang"}
    assert found.roots == (("pemekaran", "mekar"),)
    assert found.faults[:6] == (
        'line 6: "dua kata" is not one word of letters',
        'line 7: "bintang" stands in line 4 already',
        'line 8: "" is not one word of letters',
        'line 9: "" is not one word of letters',
        'line 10: "" is not one word of letters',
        'line 11: "COVID-19" is not one word of letters',
    )
    assert found.faults[6].startswith("line 12: ")


def test_a_list_that_is_absent_or_no_file_has_no_exceptions(tmp_path: Path) -> None:
    assert read_exceptions(tmp_path / "kata.txt") == exceptions_from("")
    assert read_exceptions(tmp_path).faults == ("Is a directory",)


def test_entries_are_added_replaced_and_removed_and_the_rest_of_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "kata.txt"
    add_exception(path, "Kejagung")
    assert path.read_text(encoding="utf-8") == "Kejagung\n"
    path.write_text(LIST, encoding="utf-8")
    add_exception(path, "-KEJAGUNG")
    add_exception(path, "penghulu = hulu")
    remove_exception(path, "Maruf")
    remove_exception(path, "Bintang")
    remove_exception(path, "entah")
    kept = LIST.replace("Kejagung  #", "-KEJAGUNG  #").replace("Ma'ruf\n", "").replace("-bintang\n", "")
    assert path.read_text(encoding="utf-8") == kept.replace("bintang\n", "") + "penghulu = hulu\n"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("line", ["", "dua kata", "a =", "= b", "# komentar", "-", "a = b = c", "x1"])
def test_a_wrong_entry_is_refused_and_changes_nothing(tmp_path: Path, line: str) -> None:
    path = tmp_path / "kata.txt"
    path.write_text(LIST, encoding="utf-8")
    with pytest.raises(EntryWrong, match="is not one word of letters"):
        add_exception(path, line)
    assert path.read_text(encoding="utf-8") == LIST


def test_a_list_that_is_no_utf_8_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "kata.txt"
    path.write_bytes(b"K\xe9diri\n")
    with pytest.raises(EntryWrong, match="not UTF-8"):
        add_exception(path, "Kejagung")
    assert path.read_bytes() == b"K\xe9diri\n"


def test_roots_are_the_lemmas_of_a_treebank_more_often_than_sastrawis(data: Path) -> None:
    words = treebank_words(data)
    assert accuracy(words, sastrawi()) == pytest.approx(0.943, abs=0.001)
    assert accuracy(words, SHIPPED) > 0.966


def test_each_frequent_error_of_the_treebank_has_a_reason(data: Path) -> None:
    lines = [line.split("\t") for line in ERRORS_FILE.read_text(encoding="utf-8").splitlines()[1:]]
    assert all(reason for _word, _lemma, _root, _count, reason in lines)
    explained = {(word, lemma, root, int(count)) for word, lemma, root, count, _reason in lines}
    assert explained == {error for error in errors(treebank_words(data), SHIPPED) if error.count >= FREQUENT}


def test_no_name_of_the_treebank_is_searched_by_a_stem(data: Path) -> None:
    names = {fold(word.word) for word in treebank_words(data) if word.part == PROPER_NOUN}
    cut = {name for name in names if SHIPPED.root(name) != name}
    assert cut == INSTITUTIONS


def test_no_person_or_place_of_tagged_news_is_searched_by_a_stem(data: Path) -> None:
    lines = (data / "ner" / "idner-news-2k.train.txt").read_text(encoding="utf-8").splitlines()
    columns = [line.split() for line in lines if line.strip()]
    names = {fold(token) for token, _part, tag in columns if tag.endswith("-PER") and token[0].isupper()}
    assert {name for name in names if SHIPPED.root(name) != name} <= {"salami"}  # the name is as rare as the sausage


def casings(data: Path, half: int) -> tuple[Counter[str], Counter[str]]:
    """Count the words of every second article that stand capitalised in mid-sentence, and all in small letters."""
    capitalised: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    for body in list(bodies(data))[half::2]:
        capitalised.update(re.findall(r"(?<=[\w,] )[A-Z][A-Za-z]+", body))
        lower.update(re.findall(r"\b[a-z]+", body))
    folded: Counter[str] = Counter()
    for word, count in capitalised.items():
        folded[word.lower()] += count
    return folded, lower


def bodies(data: Path) -> Iterator[str]:
    for path in sorted((data / "news").glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)["body"]


def test_names_learned_from_real_articles_are_names(data: Path) -> None:
    verdicts = dict(line.split("\t") for line in entries(JUDGED_FILE))
    for half in (0, 1):
        capitalised, lower = casings(data, half)
        learned = {word for word, count in capitalised.items() if is_learned_name(word, count, lower[word])}
        assert len(learned) > 50
        assert {word for word in learned if word not in verdicts} == set()
        right = [word for word in learned if verdicts[word] == "name"]
        assert len(right) / len(learned) > 0.93
        # What the other half writes as a name is covered by what is learned here and what is shipped.
        others, small = casings(data, 1 - half)
        names = {word: others[word] for word, verdict in verdicts.items() if verdict == "name"}
        covered = sum(count for word, count in names.items() if word in learned or word in SHIPPED.names)
        assert covered / sum(names.values()) > 0.97
        spared = {w for w in learned if verdicts[w] == "common" and others[w] > small[w]}
        assert spared <= {"himpunan", "jumenengan", "layani", "beberkan", "teradu", "dimnya"}


def test_spellings_that_are_not_standard_have_the_root_of_the_standard_word() -> None:
    pairs = [line.split("\t") for line in SPELLINGS_FILE.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    assert pairs == sorted(pairs)
    assert len(dict(pairs)) == len(pairs)
    without = replace(SHIPPED, spellings={})
    for word, standard in pairs:
        assert without.root(word) != without.root(standard), word
        assert SHIPPED.root(word) == SHIPPED.root(standard) == without.root(standard), word
        assert fold(word) == word
    for word, root in {
        "perijinannya": "izin",
        "resikonya": "risiko",
        "sekretaris": "sekretaris",
    }.items():
        assert SHIPPED.root(word) == root
    assert not set(SHIPPED.spellings) & SHIPPED.names


def test_a_newsroom_may_keep_a_spelling_apart() -> None:
    assert with_exceptions(SHIPPED, Exceptions(names=frozenset({"samudera"}))).root("samudera") == "samudera"
    assert with_exceptions(SHIPPED, Exceptions(roots=(("resiko", "resiko"),))).root("resiko") == "resiko"


def test_a_wordbook_that_another_program_holds_is_not_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.wordbook.BUSY_SECONDS", 0)
    path = tmp_path / "words.sqlite"
    with closing(Wordbook(path)) as book:
        book.learn(Learned([("dirani", 9, 0)]), 1, "satu")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            Wordbook(path)
        with closing(Wordbook(path, readonly=True)) as book:
            assert book.names() == frozenset()
    with closing(Wordbook(path, readonly=True)) as book:
        assert (book.names(), book.progress()) == ({"dirani"}, (1, "satu"))
