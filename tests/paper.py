"""The archive of an invented newspaper, with everything that pages show: for tests in a browser. All of it is made up."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from conftest import fill, make_article

from index.accounts import Accounts
from index.article import Article, Correction, CorrectionKind, Status
from index.dates import WIB
from index.decisions import Decisions
from index.misses import Misses
from index.settings import ArchiveFolder
from search.archive import Archive
from tests.bench.web_load import HOST, served

ARCHIVIST, PASSWORD = "Ratna Dewi", "kopi tubruk pagi"
LONG_NAME = "Raden Mas Panji Sastrawidagdaningratkusumahadiprawiramangkunegara"
LONG_WORD = "pertanggungjawabankeuanganpemerintahdaerah" * 3
SOURCES = ("Harian Uji", "Kabar Selat", "Suara Lembah")
AUTHORS = ("Wulan Kirana", "Joko Prasaja", "Mira Lestari")
SECTIONS = {
    "Ekonomi": "pedagang pasokan gudang pasar induk harga tawar eceran karung kios pembeli untung",
    "Hukum": "saksi sidang jaksa hakim berkas tuduhan bukti penyidik vonis banding pasal",
    "Politik": "rapat dewan suara calon koalisi partai pleno kampanye kursi mandat",
    "Daerah": "camat desa jembatan jalan rusak perbaikan dana warga balai dusun",
    "Olahraga": "gol wasit pelatih babak lawan pertandingan stadion tendangan skor liga",
    "Kesehatan": "puskesmas perawat obat vaksin pasien gizi ibu anak dokter klinik",
    "Pendidikan": "guru murid sekolah kelas buku ujian atap gedung pelajaran beasiswa",
    "Budaya": "wayang dalang gamelan panggung tari batik festival sanggar naskah pentas",
    "Lingkungan": "hutan sungai banjir sampah satwa bibit lahan udara hujan muara",
    "Bahari": "nelayan kapal ombak pelabuhan ikan jaring dermaga pantai solar layar",
}
PEOPLE = (
    ("Siti Rahmawati",),
    ("Bu Rahma", "Budi Hartono"),
    ("Budi Hartono",),
    ("Tjokro Adisastra",),
    ("Cokro Adisastro",),
)
NAMES = tuple(f"{letter}{rest} Ujian" for rest in ("orang", "ani") for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
PEOPLE_FILE = (
    "slug,name,aliases,role,wikidata,note,status\n"
    f"siti-rahmawati,Siti Rahmawati,Bu Rahma|{LONG_WORD},Bupati Pantai Barat,Q42,Menjabat sejak 2016.,\n"
)
TOPICS_FILE = "slug,label,code,query,sections\npangan,Pangan,04000000,beras,\npantai,Pantai,,nelayan,Bahari\n"
SETTINGS = (
    'title = "Arsip Harian Uji"\npublisher = "Harian Uji"\naccent = "#0b5d3b"\naccent_dark = "#7fd1a8"\n'
    'footer = "Hubungi [redaksi](https://uji.example/kontak)."\n'
)
YEARS = range(2016, 2024)
LATE = 14  # articles of the last month, all of one section and about one person: more than usual


def paragraphs(seed: int, section: str, number: int = 4) -> str:
    """Return sentences of the words of a section, the same ones for a seed."""
    rng = random.Random(seed)
    words = SECTIONS[section].split()
    return "\n".join(f"{' '.join(rng.choices(words, k=14)).capitalize()}." for _ in range(number))


def articles() -> Iterator[Article]:
    """Yield the articles of eight years: `beras` is in nearly all of them, a person in most."""
    places = [(year, place) for year in YEARS for place in range(len(SECTIONS))]
    for number, (year, place) in enumerate(places):
        section = tuple(SECTIONS)[place]
        yield make_article(
            id=f"uji/{year}/{place}",
            url=f"https://uji.example/{year}/{place}",
            title=f"Harga beras dan {section.casefold()}, laporan ke-{number}",
            body=f"Mandalasari – Harga beras naik lagi.\n{paragraphs(number, section)}\nStok beras cukup, beras tiba.",
            date=datetime(year, 1 + place, 3 + year % 20, 9, 15, tzinfo=WIB),
            section=section,
            source=SOURCES[number % 3],
            authors=(AUTHORS[number % 3],),
            tags=("pangan",),
            people=PEOPLE[number % 5],
        )
    for number in range(LATE):
        yield make_article(
            id=f"uji/akhir/{number}",
            url=None,
            title=f"Dewi Anggraini mencetak gol ke-{number}",
            body=paragraphs(500 + number, "Olahraga"),
            date=date(2023, 12, 1 + number),
            section="Olahraga",
            people=("Dewi Anggraini", *(NAMES if number == 0 else ())),
        )
    yield from special_articles()


def special_articles() -> Iterator[Article]:
    """Yield one article of each kind that has something of its own on its page."""
    reply = "Dinas Pangan menyatakan bahwa stok tidak pernah kosong."
    yield make_article(
        id="uji-ralat",
        title="Gudang beras Mandalasari kosong",
        body=f"MANDALASARI, Harian Uji – Beras habis.\n{paragraphs(901, 'Ekonomi')}\nBeras dinanti.",
        date=datetime(2022, 3, 4, 16, 5, tzinfo=WIB),
        status=Status.CORRECTED,
        summary="Warga menunggu kiriman.",
        people=("Siti Rahmawati", "Hadi Wirjawan", LONG_NAME),
        corrections=(
            Correction(CorrectionKind.ERRATUM, "Gudang itu di Mandalawangi.", datetime(2022, 3, 5, 8, tzinfo=WIB)),
            Correction(CorrectionKind.REPLY, reply, date(2022, 3, 9), "https://uji.example/hak-jawab"),
        ),
    )
    yield make_article(
        id="uji-ditarik",
        title="Beras palsu beredar di pasar",
        date=date(2021, 6, 1),
        status=Status.WITHDRAWN,
        corrections=(Correction(CorrectionKind.WITHDRAWAL, "Sumbernya tidak dapat diperiksa.", date(2021, 6, 3)),),
    )
    story = paragraphs(902, "Hukum", 20)
    yield make_article(
        id="uji-sidang", url=None, title="Sidang gudang beras", body=story, section="Hukum", date=date(2020, 2, 2)
    )
    yield make_article(
        id="uji-sidang-2", url=None, title="Sidang perkara gudang beras", body=f"{story}\nHakim pulang.", section="Hukum",
        date=date(2020, 2, 3), source="Kabar Selat",
    )  # fmt: skip
    yield make_article(
        id="uji-panjang",
        url=f"https://uji.example/{LONG_WORD}",
        title=f"Harga beras dan {LONG_WORD}",
        tags=(LONG_WORD,),
        section=None,
        date=None,
    )
    yield make_article(
        id="uji-inggris", url=None, title="Rice price up again", body="The price of beras.", language="en"
    )
    later = datetime.now(WIB) + timedelta(days=30)
    yield make_article(id="uji-nanti", url=None, title="Beras esok", date=later, status=Status.EMBARGOED)


def print_paper(folder: ArchiveFolder) -> None:
    """Make the archive: settings, persons and topics, articles, an account, searches that missed."""
    folder.path.mkdir()
    folder.settings_file.write_text(SETTINGS, encoding="utf-8")
    folder.people.write_text(PEOPLE_FILE, encoding="utf-8")
    folder.topics.write_text(TOPICS_FILE, encoding="utf-8")
    fill(folder, articles())
    with pytest.MonkeyPatch.context() as patch:  # a password that costs little to check
        patch.setattr("index.accounts._hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        Accounts(folder.accounts).add(ARCHIVIST, PASSWORD)
    Decisions(folder).accept(ARCHIVIST, "Budi Hartono")
    Decisions(folder).refuse(ARCHIVIST, "Kota Lama")
    archive = Archive(folder.path)
    for text in ("bung wirjawan", "kelangkaan padi", "bung wirjawan"):
        Misses(folder).note(text, archive.today())
    archive.close()


@pytest.fixture(scope="session")
def paper(tmp_path_factory: pytest.TempPathFactory) -> ArchiveFolder:
    """The folder of the archive; nothing of it but the log of misses may be changed."""
    folder = ArchiveFolder(tmp_path_factory.mktemp("koran") / "arsip")
    print_paper(folder)
    return folder


@pytest.fixture(scope="session")
def address(paper: ArchiveFolder) -> Iterator[str]:
    """Serve the archive with `telisik serve`, in Indonesian as it comes; give the address."""
    with served(paper.path, workers=1) as (port, _process):
        yield f"http://{HOST}:{port}"
