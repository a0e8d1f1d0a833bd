"""Sastrawi's roots, and that asking only the rules that can apply changes none of them."""

import json
import re
from pathlib import Path

import pytest
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

from index.stemming import root_of, stemmer
from index.words import SHIPPED

# Words of Sastrawi's own tests that are given another root on purpose: they have a meaning of their own, the last is an institute.
OTHER_ROOTS = {"kinerja": "kinerja", "finalisasi": "finalisasi", "lemigas": "lemigas"}

SASTRAWI = StemmerFactory().create_stemmer().delegatedStemmer


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("pembangunan", "bangun"), ("mempengaruhi", "pengaruh"), ("pelajaran", "ajar"), ("beras", "beras"), ("dan", "dan"),
        ("b2b", "b2b"), ("gerigi", "gerigi"), ("kuberikan", "beri"), ("berbalas-balasan", "balas"), ("müller", "müller"),
        ("diselamatkannya", "selamat"), ("keberuntunganmu", "untung"), ("menyala", "nyala"), ("terpercaya", "percaya"),
    ],
)  # fmt: skip
def test_a_word_has_this_root(word: str, root: str) -> None:
    assert root_of(word) == root


AFFIXED = [
    f"{prefix}{root}{suffix}"
    for prefix in ("", "di", "ke", "se", "ber", "bel", "be", "ter", "te", "me", "mem", "men", "meny", "meng", "menge",
                   "mempe", "memper", "pe", "pem", "pen", "peny", "peng", "penge", "per", "pel", "ku", "kau", "diper", "keber")
    for root in ("ajar", "baca", "coba", "gemetar", "gerigi", "hitung", "kritik", "lapor", "nyanyi", "olah", "percaya",
                 "rawat", "sapu", "tunjuk", "telunjuk", "urus", "werda", "yakin", "zarktu", "xinema")
    for suffix in ("", "i", "an", "kan", "nya", "kannya", "lah", "isasi", "ku", "pun")
]  # fmt: skip


def test_every_root_of_made_words_is_sastrawis() -> None:
    differing = [word for word in AFFIXED if stemmer().stem_word(word) != SASTRAWI.stem_word(word)]
    assert len(AFFIXED) > 5_000
    assert differing == []


def test_every_root_of_an_archives_words_is_sastrawis(data: Path) -> None:
    words: set[str] = set()
    for path in sorted((data / "news").glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                words.update(re.findall(r"[a-z]{4,}(?:-[a-z]{2,})?", json.loads(line)["body"].casefold()))
    differing = [word for word in sorted(words)[::5] if stemmer().stem_word(word) != SASTRAWI.stem_word(word)]
    assert differing == []


def test_what_sastrawi_stems_rightly_the_shipped_words_leave_right(data: Path) -> None:
    lines = (data / "stem" / "sastrawi-php-pairs.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines]
    worse = {word for word, root in pairs if SHIPPED.root(word) != root and root_of(word) == root}
    assert worse == OTHER_ROOTS.keys()
    assert {word: SHIPPED.root(word) for word in worse} == OTHER_ROOTS
    right = [sum(root == stem(word) for word, root in pairs) for stem in (root_of, SHIPPED.root)]
    assert right[0] < right[1]
