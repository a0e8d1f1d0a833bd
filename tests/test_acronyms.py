"""Acronyms and their long forms are found in text where a newspaper explains them, and nothing else is taken for one."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.acronyms import MIN_ARTICLES, AcronymPair, mined, pair_key

SAMPLE = Path(__file__).with_name("acronym_sample.tsv")


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        # initials
        ("Ketua Komisi Pemberantasan Korupsi (KPK) hadir", "KPK", "Komisi Pemberantasan Korupsi"),
        ("Kasus itu ditangani Badan Narkotika Nasional Kabupaten (BNNK).", "BNNK", "Badan Narkotika Nasional Kabupaten"),
        ("prajurit Tentara Nasional Indonesia Angkatan Darat (TNI AD)", "TNI AD", "Tentara Nasional Indonesia Angkatan Darat"),
        ("menaikkan upah minimum provinsi (UMP) tahun depan", "UMP", "upah minimum provinsi"),
        ("bagi aparatur sipil negara (ASN)", "ASN", "aparatur sipil negara"),
        ("data Badan  Uji   Nasional (BUN)", "BUN", "Badan Uji Nasional"),
        ("dekat Taman Kanak-kanak (TK)", "TK", "Taman Kanak-kanak"),
        ("pasal Undang-Undang (UU)", "UU", "Undang-Undang"),
        # words between that give no letter, or give one
        ("di Badan Pengawas Obat dan Makanan (BPOM)", "BPOM", "Badan Pengawas Obat dan Makanan"),
        ("seorang orang dengan gangguan jiwa (ODGJ)", "ODGJ", "orang dengan gangguan jiwa"),
        ("usaha mikro, kecil, dan menengah (UMKM)", "UMKM", "usaha mikro, kecil, dan menengah"),
        ("kata Kepala Badan Uji untuk Anak (BUA)", "BUA", "Badan Uji untuk Anak"),
        ("limbah bahan berbahaya dan beracun (B3)", "B3", "bahan berbahaya dan beracun"),
        # syllables
        ("Kantor Kementerian Keuangan (Kemenkeu)", "Kemenkeu", "Kementerian Keuangan"),
        ("Kepala Kejaksaan Agung (Kejagung)", "Kejagung", "Kejaksaan Agung"),
        ("menjelang pemilihan umum (pemilu)", "pemilu", "pemilihan umum"),
        ("Menteri Dalam Negeri (Mendagri)", "Mendagri", "Menteri Dalam Negeri"),
        ("Kepolisian Republik Indonesia (Polri)", "Polri", "Kepolisian Republik Indonesia"),
        ("Kepolisian Daerah (Polda)", "Polda", "Kepolisian Daerah"),
        ("Kepala Dinas Perhubungan (Kadishub)", "Kadishub", "Kepala Dinas Perhubungan"),
        ("rapat secara dalam jaringan (daring)", "daring", "dalam jaringan"),
        ("harga minyak bumi dan gas (migas)", "migas", "minyak bumi dan gas"),
        ("petugas pemadam kebakaran (damkar)", "damkar", "pemadam kebakaran"),
        ("balai pendidikan dan pelatihan (diklat)", "diklat", "pendidikan dan pelatihan"),
        ("Panitia Natal dan Tahun Baru (Nataru)", "Nataru", "Natal dan Tahun Baru"),
        ("Kementerian Pemberdayaan Perempuan dan Perlindungan Anak (KemenPPPA)", "KemenPPPA",
         "Kementerian Pemberdayaan Perempuan dan Perlindungan Anak"),
        ("Menteri Luar Negeri (Menlu)", "Menlu", "Menteri Luar Negeri"),
        ("Provinsi Jawa Barat (Jabar)", "Jabar", "Jawa Barat"),
        # English
        ("laporan World Health Organization (WHO)", "WHO", "World Health Organization"),
        ("harga minyak sawit (crude palm oil/CPO)", "CPO", "crude palm oil"),
        ("harga minyak sawit (CPO atau Crude Palm Oil)", "CPO", "Crude Palm Oil"),
        ("Badan Antariksa Eropa (European Space Agency, ESA)", "ESA", "European Space Agency"),
        # the short form first
        ("Penyidik KPK (Komisi Pemberantasan Korupsi) datang", "KPK", "Komisi Pemberantasan Korupsi"),
        ("prajurit TNI AD (Tentara Nasional Indonesia Angkatan Darat)", "TNI AD",
         "Tentara Nasional Indonesia Angkatan Darat"),
        # what stands behind a name
        ("saham PT Uji Coba Abadi Tbk (UCA)", "UCA", "Uji Coba Abadi"),
        ("PT Uji Coba Abadi (Persero) Tbk (UCA)", "UCA", "Uji Coba Abadi"),
        ("Menteri Keuangan RI (Menkeu)", "Menkeu", "Menteri Keuangan"),
        ("Kepolisian RI (Polri)", "Polri", "Kepolisian RI"),
        ("Kementerian Agama (Kemenag RI)", "Kemenag", "Kementerian Agama"),
        # quotation marks, sentences, lost spaces
        ('program "Makan Bergizi Gratis" (MBG)', "MBG", "Makan Bergizi Gratis"),
        ("Kata Badan. Komisi Uji (KU) menolak", "KU", "Komisi Uji"),
        ("ujarKetua Uji Negara (KUN)", "KUN", "Ketua Uji Negara"),
    ],
)  # fmt: skip
def test_the_long_form_begins_at_the_right_word(text: str, short: str, long: str) -> None:
    assert mined(text) == [AcronymPair(short, long)]


@pytest.mark.parametrize(
    "text",
    [
        "Selasa (28/7), warga (28 tahun) datang (foto) ke sana",
        "pandemi (COVID-19) mereda",
        "Pembalap Valentina Uji (Ducati) menang di Sirkuit Mandala (Lombok)",
        "Duta Besar (Jakarta) dan wali kota (Bandung)",
        "anak itu (sulung) dan adiknya (bungsu), katanya (dia)",
        "Bank Contoh Indonesia (Bank Contoh) untung",
        "KUN Uji Negara (KUN)",
        "Anton Tri (ANT) ditahan",
        "Jakarta Uji (Jakarta)",
        "plastik kemasan uji (masker)",
        "Kepala Urusan Kota Tol Negara (KUN)",
        "Organisasi Kesehatan Dunia (WHO)",  # the short form of another language's name
        "berita (abc/def) ( ) () (( )) (a) (",
        "Komisi Uji\nNegara (KUN)",
        "Komisi; Uji Negara (KUN)",
        "dan Uji Negara (DUN)",
        "tanpa kurung",
        "",
    ],
)  # fmt: skip
def test_what_is_no_acronym_is_not_taken_for_one(text: str) -> None:
    assert mined(text) == []


def test_a_pair_is_given_once_and_in_the_order_of_the_text() -> None:
    text = "Komisi Uji Negara (KUN) dan Bank Uji (BU); lagi Komisi Uji Negara (KUN), juga KUN (Komisi Uji Negara)."
    assert mined(text) == [AcronymPair("KUN", "Komisi Uji Negara"), AcronymPair("BU", "Bank Uji")]


def test_pairs_that_differ_in_case_hyphens_and_spaces_count_as_one() -> None:
    keys = {pair_key(AcronymPair("KUHP", "Kitab Undang-Undang  Hukum Pidana")),
            pair_key(AcronymPair("Kuhp", "kitab undang undang hukum pidana"))}  # fmt: skip
    assert keys == {("kuhp", "kitab undang undang hukum pidana")}


PIECES = st.sampled_from(
    [*"(((((((())))/., -'\n\"\u00ad\u0301İßﬁK", "KPK", "B3", "Polri", "RI", " RI", "Tbk", "(Persero)", "uji "]
)


@given(st.one_of(st.text(), st.lists(PIECES | st.text(max_size=6)).map("".join)))
def test_any_text_is_survived_and_long_forms_are_of_it(text: str) -> None:
    for pair in mined(text):
        assert pair.short in text
        assert pair.long in " ".join(text.split())
        assert all(pair_key(pair))


@pytest.fixture(scope="module")
def articles_of(data: Path) -> Counter[tuple[str, str]]:
    """Return in how many real articles each pair is explained."""
    counted: Counter[tuple[str, str]] = Counter()
    for path in sorted((data / "news").glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                article = json.loads(line)
                counted.update({pair_key(pair) for pair in mined(f"{article['title']}\n{article['body']}")})
    return counted


@pytest.mark.parametrize(
    ("chosen", "least", "precision"), [("all", 97, 0.98), ("frequent", 98, 0.98), ("rare", 111, 0.94)]
)
def test_real_articles_give_the_pairs_that_were_judged_right(
    articles_of: Counter[tuple[str, str]], chosen: str, least: int, precision: float
) -> None:
    """Random pairs of what was mined: 100 of all, 100 of those in three articles or more, 120 of those in fewer.

    A pair is right where the long form has no word too many or missing; where writers printed another word, it is wrong.
    """
    with SAMPLE.open(encoding="utf-8", newline="") as rows:
        sample = [row for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE) if row["set"] == chosen]
    found = [row for row in sample if pair_key(AcronymPair(row["short"], row["long"])) in articles_of]
    right = sum(row["verdict"] == "right" for row in found)
    assert right >= least
    assert right / len(found) >= precision


def test_real_articles_explain_many_acronyms(articles_of: Counter[tuple[str, str]]) -> None:
    assert len(articles_of) >= 2_600
    assert sum(count >= MIN_ARTICLES for count in articles_of.values()) >= 480
