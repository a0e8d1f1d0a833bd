"""The query language, row by row (DESIGN.md), through an archive: what each form finds, and what answers say of it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from conftest import ArchiveMaker, fill, make_article

from index.article import Status
from index.settings import ArchiveFolder
from search.archive import Archive
from search.query import Query

ROWS: dict[str, dict[str, object]] = {
    "dana": {"title": "Dana desa cair di tiga kabupaten", "body": "Bupati menyalurkannya kemarin."},
    "pendanaan": {"title": "Pendanaan pedesaan seret", "body": "Bank menunggu jaminan."},
    "jauh": {"title": "Anggaran", "body": "Desa itu menunggu tiga bulan lamanya sebelum dana turun."},
    "beda": {"title": "Laporan panjang", "body": "Warga menghitung dana.\nDesa tetangga menonton."},
    "judul": {"title": "Kabar dana", "body": "Desa sepi."},
    "partai": {"title": "Dana desa dan partai politik", "body": "Seorang kader ditanyai penyidik."},
    "korupsi": {"title": "Korupsi pengadaan kapal", "body": "Koruptornya buron.", "section": "Hukum"},
    "korup": {"title": "Pejabat korup dipecat", "body": "Mereka mengorupsi anggaran.", "section": "Hukum"},
    "tokoh": {
        "title": "Gubernur berpidato",
        "body": "Pidatonya singkat.",
        "authors": ("Sumarni Wulandari", "Budi"),
        "people": ("Bambang Subijanto",),
        "topics": ("politik dan pemerintahan",),
        "tags": ("pidato kenegaraan",),
        "source": "Kabar Lereng",
        "section": "Nusantara",
        "date": datetime(2021, 5, 31, 17, 30, tzinfo=UTC),
    },
    "ejaan": {"title": "Subianto hadir", "body": "Acara selesai pukul 10.30.", "date": date(2019, 12, 31)},
    "lama": {"title": "Pengakuan kedaulatan", "body": "Naskahnya disimpan.", "date": date(1998, 8, 17)},
    "cabut": {"title": "Berita yang dicabut", "status": Status.WITHDRAWN, "date": None},
    "tanpa": {"title": "Surat pembaca", "body": "Tanpa tanggal.", "date": None},
}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = ArchiveFolder(tmp_path_factory.mktemp("baris"))
    plain: dict[str, object] = {"url": None, "section": "Ekonomi", "source": "Harian Uji", "authors": ()}
    fill(folder, [make_article(**{**plain, "id": name, **fields}) for name, fields in ROWS.items()])
    archive = Archive(folder.path)
    yield archive
    archive.close()


def ids(archive: Archive, text: str, **limits: object) -> set[str]:
    page = archive.search(Query(text, size=100, **limits))  # type: ignore[arg-type]
    assert page.total == len(page.hits)
    return {hit.article_id for hit in page.hits}


TOGETHER = {"dana", "partai"}  # "dana desa" word beside word
ANY_FORM = {"dana", "pendanaan", "jauh", "beda", "judul", "partai"}  # dana and desa in any form

MEANINGS: dict[str, list[tuple[str, set[str]]]] = {
    "all words, any form of each": [
        ("dana desa", ANY_FORM),
        ("DESA mendanai", ANY_FORM),
        ("korupsi", {"korupsi", "korup"}),
        ("korupsi pengadaan kapal", {"korupsi"}),
    ],
    "exactly these words next to each other": [
        ('"dana desa"', TOGETHER),
        ('="dana desa"', TOGETHER),
        ('"DÁNA Desa"', TOGETHER),
        ('"desa dana"', set()),
        ('"pendanaan desa"', set()),
        ('"kader ditanyai"', {"partai"}),
    ],
    "phrases cross neither paragraphs nor fields": [
        ('"dana desa tetangga"', set()),
        ('"menghitung dana desa"', set()),
        ('"dana desa sepi"', set()),
        ('"dana desa"~50', ANY_FORM - {"beda", "judul"}),
    ],
    "these words in any form within so many words, in any order": [
        ('"dana desa"~0', {"dana", "partai", "pendanaan"}),
        ('"desa dana"~0', {"dana", "partai", "pendanaan"}),
        ('"dana desa"~5', {"dana", "partai", "pendanaan"}),
        ('"dana desa"~6', {"dana", "partai", "pendanaan", "jauh"}),
        ('"turun desa"~7', {"jauh"}),
        ('"turun desa"~6', set()),
    ],
    "exactly this word": [
        ("=dana", ANY_FORM - {"pendanaan"}),
        ("=pendanaan", {"pendanaan"}),
        ('"pedesaan"', {"pendanaan"}),
        ("=korupsi", {"korupsi"}),
    ],
    "without": [
        ("dana -partai", ANY_FORM - {"partai"}),
        ("dana BUKAN partai", ANY_FORM - {"partai"}),
        ("dana NOT partai", ANY_FORM - {"partai"}),
        ("dana -(partai ATAU kabar)", ANY_FORM - {"partai", "judul"}),
        ('dana -"dana desa"', ANY_FORM - TOGETHER),
        ("-dana", set(ROWS) - ANY_FORM),
    ],
    "operators": [
        ("partai ATAU kapal", {"partai", "korupsi"}),
        ("partai OR kapal", {"partai", "korupsi"}),
        ("partai DAN dana", {"partai"}),
        ("partai AND dana", {"partai"}),
        ("(kapal ATAU partai) dana", {"partai"}),
        ("kapal ATAU partai dana", {"partai", "korupsi"}),
    ],
    "prefix": [
        ("korup*", {"korupsi", "korup"}),
        ("koruptor*", {"korupsi"}),
        ("penyi*", {"partai"}),
    ],
    "spelled alike": [
        ("subijanto~", {"ejaan"}),  # the people of an article are names, not its text
        ("subiantoo~1", {"ejaan"}),
        ("suibanto~1", {"ejaan"}),  # two letters swapped are one slip
        ("subijantoo~1", set()),
        ("tokoh:subianto~", {"tokoh"}),
    ],
    "in a field": [
        ("judul:kabar", {"judul"}),
        ("title:kabar", {"judul"}),
        ("judul:pedesaan", {"dana", "pendanaan", "partai"}),
        ("isi:desa", {"jauh", "beda", "judul"}),
        ("body:desa", {"jauh", "beda", "judul"}),
        ("penulis:sumarni", {"tokoh"}),
        ('author:"sumarni wulandari"', {"tokoh"}),
        ('penulis:"wulandari budi"', set()),  # two names
        ("rubrik:hukum", {"korupsi", "korup"}),
        ("section:hukum", {"korupsi", "korup"}),
        ("sumber:lereng", {"tokoh"}),
        ("source:lereng", {"tokoh"}),
        ('tokoh:"bambang subijanto"', {"tokoh"}),
        ("person:subijanto", {"tokoh"}),
        ("topik:pemerintahan", {"tokoh", "partai"}),
        ("topic:pemerintahan", {"tokoh", "partai"}),
        ("topik:perintah", set()),  # names have no stems
        ("tag:kenegaraan", {"tokoh"}),
        ("id:tokoh", {"tokoh"}),
        ("id:Tokoh", set()),
    ],
    "dates": [
        ("tanggal:2019..2021", {"tokoh", "ejaan"}),
        ("date:2019..2021", {"tokoh", "ejaan"}),
        ("tanggal:2021-06-01", {"tokoh"}),  # half past midnight in Jakarta
        ("tanggal:2021-05-31", set()),
        ("tanggal:2021-06", {"tokoh"}),
        ("tanggal:..2000", {"lama"}),
        ('tanggal:"17 Agustus 1998"', {"lama"}),
        ("tanggal:<2020", {"lama", "ejaan"}),
        ('tanggal:"pekan lalu"', set()),
        ("-tanggal:1900..2100", {"tanpa", "cabut"}),
        ("dana tanggal:2023-07-28", ANY_FORM),
    ],
    "status": [
        ("status:dicabut", {"cabut"}),
        ("berita status:dicabut", {"cabut"}),
        ("status:withdrawn OR id:tanpa", {"cabut", "tanpa"}),
        ("status:dikoreksi", set()),
        ("surat -status:dicabut", {"tanpa"}),
    ],
    "most words where no article has all": [
        ("korupsi pengadaan kapal antariksa", {"korupsi", "korup"}),
        ("kapal antariksa", {"korupsi"}),
        ("kapal antariksa rubrik:ekonomi", set()),
        ("kapal antariksa -koruptornya", set()),
    ],
}


@pytest.mark.parametrize(
    ("typed", "found"),
    [pytest.param(*case, id=f"{row}: {case[0]}") for row, cases in MEANINGS.items() for case in cases],
)
def test_a_query_finds_what_the_language_promises(rows: Archive, typed: str, found: set[str]) -> None:
    assert ids(rows, typed) == found


@pytest.mark.parametrize(("typed", "relaxed"), [("kapal antariksa", True), ("kapal", False), ("antariksa", False)])
def test_a_relaxed_query_says_so(rows: Archive, typed: str, relaxed: bool) -> None:
    assert rows.search(Query(typed)).relaxed is relaxed


def test_a_date_relative_to_today_finds_what_was_published_then(
    archive_folder: ArchiveFolder, archive_with: ArchiveMaker
) -> None:
    today = datetime.now(archive_folder.read_settings().zone).date()
    archive = archive_with(
        *(make_article(id=f"uji-{back}", url=None, date=today - timedelta(back)) for back in (0, 1, 7, 400))
    )
    assert ids(archive, 'tanggal:"hari ini"') == {"uji-0"}
    assert ids(archive, "tanggal:kemarin") == {"uji-1"}
    assert ids(archive, 'tanggal:"8 hari terakhir"') == {"uji-0", "uji-1", "uji-7"}
    assert "uji-7" in ids(archive, 'tanggal:"pekan lalu"')


def test_no_query_with_a_limit_finds_everything_in_it_newest_first(rows: Archive) -> None:
    page = rows.search(Query(published_to=date(2021, 12, 31)))
    assert [hit.article_id for hit in page.hits] == ["tokoh", "ejaan", "lama"]
    everything = rows.search(Query(size=100))
    assert everything.total == len(ROWS)
    assert everything.hits[-1].article_id == "tanpa"
    assert [hit.article_id for hit in rows.search(Query(sections=("hukum",))).hits] == ["korup", "korupsi"]


def test_a_limit_in_another_spelling_is_the_marked_value_of_its_facet(rows: Archive) -> None:
    page = rows.search(Query(sections=("HUKUM", "Tidak Ada")))
    (sections,) = [facet.values for facet in page.facets if facet.field == "section"]
    assert [(v.value, v.label, v.count, v.selected) for v in sections] == [
        ("HUKUM", "Hukum", 2, True),
        ("Tidak Ada", "Tidak Ada", 0, True),
    ]


def test_a_beginning_of_too_many_words_is_searched_by_the_most_frequent_and_the_answer_says_so(
    archive_with: ArchiveMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("search.leaves", "search.archive"):
        monkeypatch.setattr(f"{module}.MAX_EXPANSIONS", 2)
    bodies = ("kabar", "kabar kabut", "kabut", "kabel")
    archive = archive_with(*(make_article(id=f"uji-{n}", url=None, title="Uji", body=b) for n, b in enumerate(bodies)))
    cut = archive.search(Query("kab*"))
    assert sorted(hit.article_id for hit in cut.hits) == ["uji-0", "uji-1", "uji-2"]
    assert cut.repairs == ("'kab*' stands for too many words; only the 2 most frequent were searched",)
    assert archive.search(Query("kabu*")).repairs == ()


def test_words_near_each_other_in_too_many_places_are_compared_in_part_and_the_answer_says_so(
    archive_with: ArchiveMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archive_with(
        *(make_article(id=f"uji-{n}", url=None, title="Uji", body="dana untuk desa") for n in range(9))
    )
    whole = archive.search(Query('"dana desa"~3'))
    assert (whole.total, whole.repairs) == (9, ())
    monkeypatch.setattr("search.leaves.MAX_NEAR_PLACES", 7)
    cut = archive.search(Query('"dana desa"~3'))
    assert cut.total == 3
    assert cut.repairs == ('the words of "dana desa"~3 stand in too many places; only a part of them was compared',)
