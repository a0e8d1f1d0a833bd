"""The analysis through a real archive: which spellings find each other, what they must not find, and what is marked."""

import re
from collections.abc import Callable

import pytest
from conftest import ArchiveMaker, make_article

from index.stemming import root_of
from search.archive import Archive
from search.query import Query
from search.results import Highlighted

LEAD = "Redaksi mencatat "  # before the text in a body, so that places there are others than in the title

Finder = Callable[[str], set[str]]


def bracketed(text: Highlighted) -> str:
    return "".join(f"[{part}]" if matched else part for part, matched in text.parts())


def seamless(marked: str) -> str:
    """Return a marked text as it is when it is cut at points, where a snippet may end, and put together again."""
    return marked.replace(" ", "").replace("][", "")


def plain(marked: str) -> str:
    return re.sub(r"[\[\]]", "", marked)


@pytest.fixture
def finder(archive_with: ArchiveMaker) -> Callable[..., Finder]:
    """Return a function that takes texts, each as the title and in the body of an article, and gives a search for them."""

    def archive_of(*texts: str) -> Finder:
        archive = archive_with(
            *(
                make_article(id=f"uji-{number}", url=None, title=text, body=f"{LEAD}{text}")
                for number, text in enumerate(texts)
            )
        )
        return lambda typed: found_in(archive, typed)

    return archive_of


def found_in(archive: Archive, typed: str) -> set[str]:
    """Return the titles that a query finds with what it matches between brackets; bodies must be marked like them."""
    found = set()
    for hit in archive.search(Query(typed, size=100)).hits:
        title = bracketed(hit.title)
        in_body = "".join(bracketed(snippet).removeprefix(LEAD) for snippet in hit.snippets)
        assert seamless(in_body) == seamless(title)
        found.add(title)
    return found


# Spellings of which each finds all, and texts that none of them may find. What is between brackets is marked where only a part is.
ALIKE: list[tuple[str, tuple[str, ...]]] = [
    ("kata-kata | kata | Kata-Kata", ("katak melompat", "kata2an")),
    ("isu-isu | isu", ("isyu liar", "isuzu")),
    ("sewenang-wenang | wenang | kesewenang-wenangan | sewenang", ("senang", "wayang")),
    ("berjalan-jalan | jalan | jalan-jalan | jalanan", ("jalinan", "hujan")),
    ("[OTT]-nya | OTT", ("OT", "nya", "otot")),
    ("[game]-nya | game", ("gamelan", "nya")),
    ("TNI-Polri | TNI Polri", ("Polri-TNA", "TNI saja", "Polri saja")),
    ("TNI-Polri | TNIPolri", ("TNI saja", "Polri saja", "TNI dan PolriX")),
    ("Ratna-Dewi | Ratna Dewi", ("Ratna", "Dewi")),
    ("Ratna-Dewi | RatnaDewi", ("Ratna", "Dewi")),
    ("anti-korupsi | antikorupsi | Antikorupsi | ANTI-KORUPSI | anti korupsi", ("korupsi", "anti", "antik")),
    ("pasca-bencana | pascabencana | pasca bencana", ("bencana", "pascal")),
    ("COVID-19 | Covid 19 | Covid19 | covid‑19", ("COVID-20", "Covid 1 dan 9", "19 pasien")),
    ("Kim Jong-un | Kim Jong Un | Kim Jong-Un", ("Kim Jong Il", "Jong Un", "Kim Un")),
    ("Kim Jong-un | Kim Jongun", ("Kim Jong Il", "Kim Jongin")),
    ("ke-70 | Ke-70 | ke70", ("70 orang", "ke-7", "ke-71", "ke mana")),
    ("ke-7 | KE-7", ("7 orang", "ke-70", "pukul 7")),
    ("Rp1,5 triliun | Rp 1,5 triliun | Rp. 1,5 triliun", ("Rp15 triliun", "Rp1 triliun lebih 5", "1,5 persen")),
    ("1.234,56", ("1.234", "1234", "234,56", "1.234,5", "56")),
    ("10.30", ("10 kali 30", "10.3", "10", "30", "1030")),
    ("Ma'ruf | Maruf | Ma’ruf | Ma‘ruf | Maʼruf | MA`RUF", ("Makruf", "Mar uf", "ruf")),
    ("Jum'at | Jumat | Jum’at", ("Jum", "umat", "Jumanto")),
    ("PT. Uji | PT Uji | P.T. Uji", ("P Uji", "CV Uji")),
    ("H.M. Uji | HM Uji | H.M Uji", ("H Uji", "M Uji", "HMI Uji")),
    ("S.H. | SH | S.H | s.h.", ("S dan H", "SHM", "syah")),
    ("@[akun] | akun | #[akun]", ("akur", "akuntan")),
    ("#[tagar] | tagar | @[tagar]", ("pagar", "tag")),
    ("R&D | r&d", ("R dan D", "RD", "D")),
    ("e-commerce | E-Commerce | e‑commerce | e commerce", ("commerce", "e-commercial", "email")),
    ("e-commerce | ecommerce", ("commerce", "e-commercial", "ecommers")),
    ("Müller | Muller | Mu\u0308ller | MÜLLER", ("Mueller", "Miller", "Mller")),
    ("ber\u00adjalan | berjalan | ber\u200bjalan | ber\u00adja\u00adlan", ("ber ja lan", "jalin")),
    ("ﬁlm | film | ＦＩＬＭ", ("fulm", "lm")),
    ("“kutipan” | kutipan | ‘kutipan’ | \"kutipan\" | «kutipan»", ("kupu-an", "kuitansi")),
]  # fmt: skip


@pytest.mark.parametrize(("spellings", "others"), ALIKE, ids=[spellings for spellings, _others in ALIKE])
def test_each_spelling_finds_all_and_marks_them_as_they_are_written(
    finder: Callable[..., Finder], spellings: str, others: tuple[str, ...]
) -> None:
    alike = spellings.split(" | ")
    marked = [re.search(r"\[(.+)\]", spelling) for spelling in alike]
    words = {match[1] if match else spelling.strip('“”‘’"«»') for match, spelling in zip(marked, alike, strict=True)}
    find = finder(*(f"begitu {plain(spelling)} tadi" for spelling in alike), *others)
    for spelling in alike:
        typed = plain(spelling).strip('"“”')
        spans = {re.search(r"\[(.*)\]", text) for text in find(typed)}
        assert {plain(span[1]) if span else None for span in spans} == words, typed


# What is typed, all that it finds with the words marked, and what it must not find.
FOUND: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    # a word of a compound finds it, by its own letters alone
    ("TNI", ("Rapat [TNI]-Polri", "Markas [TNI]"), ("Rapat TNIX-Polri", "Rapat Polri")),
    ("polri", ("Rapat TNI-[Polri]",), ("Rapat TNI",)),
    ("tnipolri", ("Rapat [TNI-Polri]", "Rapat [TNIPolri]"), ("Rapat TNI", "Rapat Polri-TNI")),
    ("tni-polri", ("Rapat [TNI-Polri]", "Rapat [TNI Polri]"), ("Rapat Polri-TNI", "TNI dan Polri")),
    ("korupsi", ("Gerakan anti-[korupsi]", "Gerakan anti[korupsi]", "Kasus [korupsi]"), ("Gerakan antik", "Kasus korup1")),
    ("anti", ("Gerakan [anti]korupsi", "Sikap [anti]-asing"), ("Barang antik", "Panti jompo", "Antigua")),
    ("commerce", ("Situs e-[commerce]",), ("Situs ecommerce",)),
    ("un", ("Kim Jong-[un]", "Kim Jong [Un]"), ("Kim Jongun",)),
    ("jongun", ("Kim [Jong-un]",), ("Kim Jong Un",)),
    ("covid", ("Wabah [COVID]-19", "Wabah [Covid]19"), ("Wabah kovid",)),
    ("19", ("Wabah COVID-[19]", "Wabah Covid[19]", "Ada [19] orang"), ("Ada 190 orang", "Ada 1.9 orang")),
    # ordinals: the number finds them, they do not find the number
    ("70", ("Ulang tahun ke-[70]", "Ada [70] orang"), ("Ulang tahun ke-7",)),
    ("7", ("Juara ke-[7]", "Ada [7] orang"), ("Juara ke-70", "Ada 7,5 liter")),
    ("ke-7", ("Juara [ke-7]",), ("Ada 7 orang", "Pergi ke pasar 7 kali")),
    ("ke", ("Pergi [ke] pasar",), ("Juara ke-7", "Juara ke7")),
    ('"juara 7"', ("[Juara ke-7]", "[Juara 7]"), ("Juara ke 7", "Juara ke-70")),
    # numbers stay whole
    ("1,5", ("Naik Rp[1,5] triliun", "Naik [1,5] persen"), ("Naik 1.5 persen", "Naik 1 atau 5 persen", "Naik 11,5 persen")),
    ("1", ("Naik [1] persen",), ("Naik 1,5 persen", "Naik Rp1,5 triliun")),
    ("rp", ("Naik [Rp]1,5 triliun", "Naik [Rp] 2"), ("Naik 3",)),
    # dates
    ('"28/7"', ("Jumat ([28/7])", "Jumat ([28/7]/2023)", "Jumat [28-7]"), ("Jumat (7/28)", "Jumat (28/8/7)", "28 orang, 27")),
    ('"28/7/2023"', ("Jumat ([28/7/2023])",), ("Jumat (28/7)", "Jumat (28/7/2022)")),
    ("28/7", ("Jumat ([28/7])", "Jumat ([28/7]/2023)"), ("Jumat (7/28)", "28 orang, 7 anak")),
    # what is one token has no parts
    ("r", ("Huruf [R] itu",), ("Divisi R&D", "R.A. Uji")),
    ("h", ("Huruf [h] itu",), ("Bapak H.M. Uji", "Bapak H.M Uji")),
    # any hyphen
    ("kata", ("[Kata-kata] bijak", "[Kata‐kata] bijak", "[Kata‑kata] bijak"), ("Kataloger",)),
    # exactly this form: the half of a doubled word counts, another form of it does not
    ("=kata", ("[Kata-kata] bijak", "Sepatah [kata]"), ("Perkataan orang", "Berkata-kata")),
    ('"kata bijak"', ("[Kata-kata bijak]", "[Kata bijak]"), ("Bijak kata", "Kata yang bijak")),
    ("=jalan", ("[Jalan] raya", "[Jalan-jalan] sore"), ("Berjalan-jalan sore",)),
    ('"ott kpk"', ("Soal [OTT-nya KPK]", "Soal [OTT KPK]"), ("Soal KPK OTT",)),
    # offsets past characters that folding drops, joins or lengthens
    ("berjalan", ("Straße, Mu\u0308ller [ber\u00adjalan] kaki", "ﬁlm “[berjalan]” terus"), ("Ber lari", "Jalinan")),
    ("strasse", ("Di [Straße] itu",), ("Di Strase itu",)),
    ("hm", ("Bapak [H.M.] Uji, [HM]",), ("Bapak H Uji",)),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "marked", "others"), FOUND, ids=[typed for typed, _marked, _others in FOUND])
def test_a_word_finds_these_alone_and_marks_exactly_what_was_written(
    finder: Callable[..., Finder], typed: str, marked: tuple[str, ...], others: tuple[str, ...]
) -> None:
    assert finder(*map(plain, marked), *others)(typed) == set(marked)


# A name, the root that Sastrawi takes for it, and common words of that root.
NAMES: list[tuple[str, str, str]] = [
    ("bali", "bal", "bal"), ("bekasi", "bekas", "bekas membekas"), ("maluku", "malu", "malu memalukan"),
    ("kediri", "diri", "diri berdiri mendirikan"), ("milan", "mil", "mil"), ("berlin", "lin", "lin"), ("oman", "om", "om"),
    ("persia", "sia", "sia sia-sia"), ("asian", "asi", "asi"), ("susi", "sus", "sus"), ("hadi", "had", "had"),
    ("dani", "dan", "dan"), ("diana", "ana", "ana"), ("deni", "den", "den"), ("rosan", "ros", "ros"), ("dimas", "mas", "mas"),
    ("kejagung", "jagung", "jagung jagungnya"), ("kejari", "kejar", "kejar mengejar kejaran"), ("ketum", "tum", "tum"),
    ("pekalongan", "kalong", "kalong"), ("merapi", "rapi", "rapi merapikan kerapian"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "wrong", "common"), NAMES, ids=[name for name, _wrong, _common in NAMES])
def test_a_name_is_found_in_any_case_and_neither_by_its_wrong_root_nor_with_it(
    finder: Callable[..., Finder], name: str, wrong: str, common: str
) -> None:
    assert root_of(name) == wrong
    spellings = (name, name.upper(), name.capitalize())
    others = {f"Kabar {word} lagi" for word in common.split()}
    find = finder(*(f"Kabar {spelling} pagi" for spelling in spellings), *others)
    for typed in (*spellings, *(f"={spelling}" for spelling in spellings), f"{name} pagi", f"kabar {name.upper()}"):
        assert {plain(text) for text in find(typed)} == {f"Kabar {spelling} pagi" for spelling in spellings}, typed
    assert find(name) == {f"Kabar [{spelling}] pagi" for spelling in spellings}
    assert find(f'"{name} pagi"') == {f"Kabar [{spelling} pagi]" for spelling in spellings}
    assert find(f'"kabar {name.capitalize()}"') == {f"[Kabar {spelling}] pagi" for spelling in spellings}
    for typed in (*common.split(), f'"kabar {wrong}"', f'"{wrong} pagi"~2'):
        assert {plain(text) for text in find(typed)} <= others, typed
    assert f"Kabar {wrong} lagi" in {plain(text) for text in find(wrong)}


@pytest.mark.parametrize(
    ("institution", "forms"),
    [
        ("Kementerian", "menteri kementrian menteri-menteri"),
        ("Perhubungan", "hubung hubungan berhubungan"),
        ("Perindustrian", "industri"),
    ],
)
def test_an_institution_is_found_by_its_root_and_finds_it(
    finder: Callable[..., Finder], institution: str, forms: str
) -> None:
    every = {f"Kabar [{form}] pagi" for form in (institution, institution.upper(), *forms.split())}
    find = finder(*map(plain, every), "Kabar mentega pagi", "Kabar hubbub pagi", "Kabar indus pagi")
    for typed in (institution, institution.lower(), *forms.split()):
        assert find(typed) == every, typed
    assert find(f'"kabar {institution}"') == {f"[Kabar {form}] pagi" for form in (institution, institution.upper())}
