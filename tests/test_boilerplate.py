"""Boilerplate is not searched, the article's own words all are, and offsets stay what they were."""

import json
import re
from pathlib import Path

import pytest
from conftest import ArchiveMaker, make_article
from hypothesis import example, given
from hypothesis import strategies as st

from index.boilerplate import Dateline, dateline, masked
from index.schema import PLACE, names_of
from search.query import Query

LEAD = "Harga beras di pasar induk naik sejak pekan lalu."
NEXT = "Menurut pedagang, pasokan dari sentra padi berkurang."


def searched(body: str) -> str:
    """Return the words of `body` that a search sees, after a check of what holds for any body."""
    text = masked(body)
    assert broken_rules(body, text) == []
    return " ".join(text.split())


def broken_rules(body: str, text: str) -> list[str]:
    """Return which of the rules that hold for any body its masked form breaks."""
    if len(text) != len(body):
        return ["length"]
    pairs = list(zip(text, body, strict=True))
    holds = {
        "what is not kept is blank": all(now == was or now in " \n" for now, was in pairs),
        "newlines stay": all(now == "\n" for now, was in pairs if was == "\n"),
        "done in one go": masked(text) == text,
    }
    return [rule for rule, held in holds.items() if not held]


STANDING_ALONE = [
    "Baca juga: Bulog Gelar Operasi Pasar di Tiga Kota",
    "Baca Juga : Bulog Gelar Operasi Pasar di Tiga Kota",
    "BACA JUGA: Mentan: Stok Aman hingga Lebaran, Warga Diminta Tenang",
    "Baca: Benarkah Stok Beras Menipis?",
    "Baca juga: Bulog gelar operasi pasar di tiga kota selama Ramadan",
    "Pilihan Editor: Cara Petani Bertahan di Musim Kering",
    "Simak juga 'Cara Petani Bertahan di Musim Kering':",
    "Simak Video 'Petani: Kami Menunggu 'Janji' Menteri':",
    "Lihat juga Video: Panen Raya di Karawang",
    'Tonton juga video "Panen Raya di Karawang" di sini:',
    "[Gambas:Video 20detik]",
    "Simak Video: Panen Raya di Karawang[Gambas:Video 20detik]",
    "ADVERTISEMENT\nSCROLL TO CONTINUE WITH CONTENT",
    "Saksikan Live DetikPagi:",
    "Ikuti berita pilihan kami di Google News.",
    "Dapatkan update berita pilihan setiap hari dari Uji.com. "
    'Mari bergabung di Grup Telegram "Uji News", caranya klik tautan ini.',
    "Simak berita dan artikel pilihan kami lewat WhatsApp Channel Uji.com.",
    "Baca selengkapnya di sini",
]  # fmt: skip


@pytest.mark.parametrize("boilerplate", STANDING_ALONE)
def test_a_paragraph_of_boilerplate_is_not_searched(boilerplate):
    assert searched(f"{LEAD}\n\n{boilerplate}\n\n{NEXT}") == f"{LEAD} {NEXT}"


@pytest.mark.parametrize("boilerplate", [text for text in STANDING_ALONE if "Pilihan" not in text])
def test_boilerplate_that_runs_into_the_text_is_not_searched(boilerplate):
    if boilerplate == "Lihat juga Video: Panen Raya di Karawang":
        boilerplate += "[Gambas:Video 20detik]"
    assert searched(f"{LEAD} {boilerplate} {NEXT}").replace(" .", "") == f"{LEAD} {NEXT}"


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("Bulog Gelar Operasi Pasar di Tiga Kota", "Selain itu, pemerintah menambah impor."),
        ("Bulog Gelar Operasi Pasar di Tiga Kota ", '"Kami menambah pasokan," kata dia.'),
        ("Bulog Gelar Operasi Pasar di Tiga Kota ", "“Kami menambah pasokan,” kata dia."),
        ("Bulog gelar operasi pasar di tiga kota ", "Sementara itu, pemerintah menambah impor."),
        ('Bulog gelar operasi "pasar murah" di tiga kota ', '"Kami menambah pasokan," kata dia.'),
        ("Stok Beras Menipis di Tiga Kota, Bulog Bilang Apa? ", "Pemerintah menambah impor."),
    ],
)
@pytest.mark.parametrize("glued", [True, False])
def test_a_link_ends_where_the_next_sentence_begins(link, sentence, glued):
    title = link.rstrip() if glued else f"{link.rstrip()} "
    if glued and link.islower():
        pytest.skip("a title in lower case gives no sign where it was joined")
    body = f"{LEAD}Baca juga: {title}{sentence} {NEXT}"
    assert searched(body).replace('"', "") == f"{LEAD} {sentence} {NEXT}".replace('"', "")


@pytest.mark.parametrize(
    "sentence",
    [
        "Direktur Utama PT Beras Sentosa Nusantara Ratna Dewi mengatakan stok aman.",
        "Sebelumnya, Deputi Bidang Usaha Pangan dan Industri, Fajar Santosa memaparkan rencana itu.",
        "Ratna Dewi juga meminta warga tenang.",
        "Kelompok Tani Sumber Makmur Jaya menolak rencana itu.",
        "Penyaluran Bulog dilakukan setiap hari.",
        "Cara warga desa menyimpan gabah dari panen pertama Dalam musim kering, gabah dijemur.",
    ],
)
@pytest.mark.parametrize("title", ["Bulog Gelar Operasi Pasar di Tiga Kota", "Bulog gelar operasi pasar di tiga kota"])
def test_no_word_of_the_sentence_behind_a_title_is_lost(title, sentence):
    body = f"Ratna Dewi memantau pasar; penyaluran berjalan. Baca: {title} {sentence} {NEXT}"
    assert searched(body).endswith(f"{sentence} {NEXT}")
    assert "Baca" not in searched(body)


def test_links_in_a_row_are_blanked_up_to_the_credits():
    body = (
        f"{LEAD} Baca juga: Panen raya di tiga kota Baca juga: Harga gabah turun Pewarta: Ratna Dewi Editor: B. Santosa"
    )
    assert searched(body) == LEAD


@pytest.mark.parametrize(
    "ending",
    [
        "(mir/dwi)",
        "(yoa/DAL)",
        "(mcr10/jpnn)",
        "(ant)",
        "[rnd]",
        "*/Red",
        "(Antara)",
        "(Tribunnews.com/Ratna Dewi)",
        "Halaman 2 dari 2 (mir/dwi)",
        "Halaman 1\n2\n3 Selanjutnya",
        "Editor: Ratna Dewi",
        "Penulis : Ratna Dewi Editor : Budi Santosa",
        "Pewarta: Ratna Dewi\nEditor: Budi Santosa\nCOPYRIGHT © ANTARA 2023",
        "Copyright © ANTARA 2025 Dilarang keras mengambil konten untuk apa pun tanpa izin tertulis dari Kantor Berita ANTARA.",
        "BACA SELENGKAPNYA DI SINI",
        "Artikel ini telah tayang di Uji.com dengan judul: Cara Petani Bertahan di Musim Kering",
        'Berita ini sudah tayang di uji.com dengan judul "Cara petani bertahan. Bagian dua"',
        "Video: Cara Petani Bertahan di Musim Kering (mir/dwi)",
        "Video: Panen Raya Karawang Video: Panen Raya Karawang",
        "Simak juga Video 'Panen Raya di Karawang':[Gambas:Video 20detik] (mir/dwi)",
    ],
)
@pytest.mark.parametrize("blank", [" ", "\n\n"])
def test_what_closes_an_article_is_not_searched(ending, blank):
    assert searched(f'{LEAD} {NEXT} "Semoga membaik," katanya.{blank}{ending}').endswith("katanya.")


def test_the_tags_behind_a_signature_are_searched():
    assert searched(f"{LEAD} (mir/dwi) harga beras bulog") == f"{LEAD} harga beras bulog"


def test_the_head_of_a_printed_page_is_not_searched():
    body = "Beras Naik Ratna Dewi - detikFinance Senin, 05 Mar 2018 11:16 WIB Jakarta - Harga naik."
    assert searched(body) == "Beras Naik Ratna Dewi Jakarta - Harga naik."


@pytest.mark.parametrize(
    "body",
    [
        f"{LEAD} Orang tua perlu baca juga petunjuk di kemasan, lalu simak juga penjelasan dokter.",
        f"{LEAD} Simak juga penjelasan ahli gizi berikut ini. {NEXT}",
        f"{LEAD} Lihat video di atas untuk caranya. {NEXT}",
        f"{LEAD} Warga diminta membaca: buku, koran, dan majalah. {NEXT}",
        f"{LEAD} Penyaluran ditangani PT Beras Sentosa (Persero)",
        f"{LEAD} Kasus itu ditangani Komisi Pemberantasan Korupsi (KPK).",
        f"{LEAD} Kasus itu ditangani lembaga antikorupsi (KPK)",
        f"{LEAD} Syarat berlaku untuk semua peserta (pria/wanita)",
        f"{LEAD} Syaratnya KTP (dan/atau) surat keterangan.",
        f"{LEAD} Pertemuan itu membahas harga (damai).",
        f"{LEAD} Ikuti langkah ini untuk membuat grup WhatsApp keluarga. {NEXT}",
        f"{LEAD} Polisi menyita ponsel berisi grup Telegram. {NEXT}",
        f"{LEAD} Halaman 2 laporan itu memuat rinciannya. {NEXT}",
        f"{LEAD} Ia menjabat Editor: majalah itu terbit tiap pekan. {NEXT}",
        f'{LEAD} "Baca buku itu sekali lagi," katanya. {NEXT}',
        f"{LEAD} Berita ini telah menyebar ke desa-desa. {NEXT}",
        LEAD.upper(),
        f"{LEAD} {NEXT}",
        "",
        " \n",
    ],
)
def test_real_text_is_searched_as_it_is(body):
    assert masked(body) == body


def test_text_all_in_capitals_loses_no_more_than_the_label():
    assert searched(f"{LEAD} BACA JUGA: HARGA GABAH TURUN PETANI MENGELUH. {NEXT.upper()}") == (
        f"{LEAD} HARGA GABAH TURUN PETANI MENGELUH. {NEXT.upper()}"
    )


@pytest.mark.parametrize(
    "body", ["[Gambas:Video 20detik]", "Baca juga: Bulog Gelar Operasi Pasar", "KOMPAS.com - [Gambas:Youtube]"]
)
def test_a_body_of_nothing_but_boilerplate_stays_searchable(body):
    assert masked(body) == body


def test_no_phrase_reaches_across_what_was_blanked():
    body = f"{LEAD} Baca juga: Panen Raya\ndi Karawang {NEXT}"
    text = masked(body)
    assert text[body.index("Baca")] == "\n"
    assert text[body.index("\n")] == "\n"


@pytest.mark.parametrize(
    ("head", "place", "source"),
    [
        ("Pyongyang, Purna Warta – ", "Pyongyang", "Purna Warta"),
        ("JAKARTA, KOMPAS.com - ", "Jakarta", "KOMPAS.com"),
        ("KOMPAS.com — ", None, "KOMPAS.com"),
        ("Jakarta (ANTARA) - ", "Jakarta", "ANTARA"),
        ("Kawasaki, Jepang --(ANTARA/Business Wire)-- ", "Kawasaki, Jepang", "ANTARA/Business Wire"),
        ("TRIBUNNEWS.COM, JAKARTA -- ", "Jakarta", "TRIBUNNEWS.COM"),
        ("TRIBUNNEWS.COM, LE MANS - ", "Le Mans", "TRIBUNNEWS.COM"),
        ("TRIBUNNEWS.COM, AS - ", "AS", "TRIBUNNEWS.COM"),
        ("Laporan Wartawan Tribunnews.com, Ratna Dewi TRIBUNNEWS.COM, JAKARTA – ", "Jakarta", "TRIBUNNEWS.COM"),
        ("Jakarta, CNN Indonesia -- ", "Jakarta", "CNN Indonesia"),
        ("Liputan6.com, Jakarta - ", "Jakarta", "Liputan6.com"),
        ("Liputan6.com, Banda Aceh ", "Banda Aceh", "Liputan6.com"),
        ("REPUBLIKA.CO.ID, JAKARTA -- ", "Jakarta", "REPUBLIKA.CO.ID"),
        ("TEMPO.CO, Jakarta - ", "Jakarta", "TEMPO.CO"),
        ("Merdeka.com - ", None, "Merdeka.com"),
        ("jpnn.com, JAKARTA - ", "Jakarta", "jpnn.com"),
        ("VIVA – ", None, "VIVA"),
        ("Jakarta, NU Online - ", "Jakarta", "NU Online"),
        ("\n  Jakarta - ", "Jakarta", None),
        ("Bandung, Jawa Barat - ", "Bandung, Jawa Barat", None),
        ("DKI JAKARTA, uji.id | ", "DKI Jakarta", "uji.id"),
    ],
)
def test_a_dateline_names_place_and_source(head, place, source):
    body = head + LEAD
    start = len(head) - len(head.lstrip())
    assert dateline(body) == Dateline(place, source, start, len(head))
    words = searched(body)
    assert words.endswith(LEAD)
    assert source is None or source.split()[-1] not in words
    assert place is None or place.split(", ")[0].casefold() in words.casefold()


@pytest.mark.parametrize(
    "body",
    [
        "",
        LEAD,
        f"{LEAD} Jakarta - Harga naik.",
        "Kereta Bandung-Jakarta terlambat.",
        "Harga beras - kebutuhan pokok - naik.",
        "Selain murah -- kata pedagang -- beras itu enak.",
        "Ratna Dewi, pedagang beras di pasar induk, mengeluh - harga naik.",
        "Menurut Kompas.com, harga naik - lagi.",
        "Video Kabar Daerah Siswi Buat Gim Tim Uji - Harga naik.",
    ],
)
def test_no_dateline_is_seen_where_there_is_none(body):
    assert dateline(body) is None
    assert masked(body) == body


PIECES = st.sampled_from(
    [
        *STANDING_ALONE,
        *(
            LEAD,
            NEXT,
            "Baca: ",
            "Simak juga ",
            "Video: ",
            "Laporan Wartawan ",
            "Editor: Ratna Dewi",
            "Halaman 2 dari 2",
            "Menteri Pangan",
        ),
        *(
            "KOMPAS.com",
            "TEMPO.CO",
            "VIVA",
            "JAKARTA",
            ", ",
            " - ",
            "(ANTARA)",
            "(mir/dwi)",
            "(ant)",
            "[rnd]",
            "*/Red",
            "© ",
        ),
        *(
            "Artikel ini telah tayang di ",
            "dengan judul: ",
            "Copyright © ANTARA 2023",
            "'",
            '"',
            "“",
            "”:",
            ".",
            "?",
            "nya",
            "Aa",
        ),
        *("\n", " ", "\u200b", "\u0130"),
    ]
)


@given(st.lists(PIECES, max_size=14).map("".join) | st.text())
@example("KOMPAS.com, VIVA - KOMPAS.com - Aa")
def test_masking_keeps_length_offsets_and_newlines_and_is_done_in_one_go(body):
    assert broken_rules(body, masked(body)) == []


@pytest.mark.parametrize(
    ("head", "newspaper", "place", "source"),
    [
        ("SURABAYA, Pelita Nusa - ", "Pelita Nusa", "Surabaya", "Pelita Nusa"),
        ("SURABAYA, PELITA NUSA - ", "Harian Umum Pelita Nusa", "Surabaya", "PELITA NUSA"),
        ("PELITA NUSA, SURABAYA - ", "Pelita Nusa", "Surabaya", "PELITA NUSA"),
        ("SURABAYA (Pelita Nusa) - ", "Pelita Nusa", "Surabaya", "Pelita Nusa"),
        ("DENPASAR, Bali - ", "Bali Raya", "Denpasar, Bali", None),
        ("SURABAYA, Jawa Timur - ", "Suara Jawa Timur", "Surabaya, Jawa Timur", None),
        ("SURABAYA - ", "Harian Surabaya", "Surabaya", None),
        ("SURABAYA, Pelita Nusa - ", None, "Surabaya, Pelita Nusa", None),
    ],
)
def test_the_newspaper_of_an_article_is_no_place(
    head: str, newspaper: str | None, place: str, source: str | None
) -> None:
    body = head + "Harga beras naik."
    assert dateline(body, newspaper) == Dateline(place, source, 0, len(head))
    shown = masked(body, newspaper)
    assert len(shown) == len(body)
    assert source not in shown if source else shown == body
    assert masked(shown, newspaper) == shown
    names = names_of(make_article(body=body, source=newspaper))
    assert names[PLACE] == (place,)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_a_dateline_lies_at_the_beginning(body):
    found = dateline(body)
    assert found is None or (not body[: found.start].strip() and found.start < found.end <= len(body))


def test_real_articles_keep_their_words_and_lose_their_links(data: Path):
    bodies = {
        path.stem: [json.loads(line)["body"] for line in path.read_text(encoding="utf-8").splitlines()[::7]]
        for path in sorted((data / "news").glob("*.jsonl"))
    }
    assert len(bodies) >= 8
    for source, texts in bodies.items():
        words = [searched(body) for body in texts]
        kept = sum(len(text) for text in words) / sum(len(" ".join(body.split())) for body in texts)
        assert kept > 0.85, source  # the most was blanked in antara2023: 11.8 % of the characters
        left = [text for text in words if re.search(r"Baca juga: |SCROLL TO CONTINUE|\[Gambas:Video", text)]
        assert len(left) <= len(words) // 100, source


def test_boilerplate_is_read_but_not_found(archive_with: ArchiveMaker) -> None:
    body = "JAKARTA, KABARUJI.COM - Harga beras naik.\nBaca juga: Jagung Turun di Pasar Induk\nPedagang mengeluh. (uji/abc)"
    archive = archive_with(make_article(id="a", url=None, source=None, title="Berita pasar", body=body))
    for found in ("beras", "jakarta", "pedagang mengeluh", "tempat:jakarta", "sumber:kabaruji.com"):
        assert archive.search(Query(found)).total == 1, found
    for hidden in ("jagung", '"baca juga"', "kabaruji", '"naik baca"', '"naik pedagang"', "abc"):
        page = archive.search(Query(hidden))
        assert page.total == 0, hidden
    (hit,) = archive.search(Query("beras")).hits
    assert hit.source == "KABARUJI.COM"
    assert archive.article("a").body == body
    facets = {
        facet.field: [(value.value, value.count) for value in facet.values] for facet in archive.search(Query()).facets
    }
    assert facets["source"] == [("KABARUJI.COM", 1)]
    _title, paragraphs = archive.highlighted(archive.article("a"), "jagung pedagang")
    assert [p.spans for p in paragraphs] == [(), (), ((0, 8),)]
